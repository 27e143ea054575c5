//! The demonstration loads as one command, keeps what it holds, and its story comes out as it is told.

#[cfg(test)]
#[expect(dead_code, reason = "each test program uses the part of the harness it needs")]
mod harness;

#[cfg(test)]
mod demonstration {
    use serde_json::{Value, json};
    use toml::Table;

    use crate::harness::client::{Client, encode};
    use crate::harness::keys::{keys_shown, sections};
    use crate::harness::world::{self, Filed};
    use crate::harness::{Server, Site, Store, link_in};

    /// The link of the county's officer, as the start prints it.
    fn officer_of(server: &Server) -> Client {
        identity(server, "施小满")
    }

    fn identity(server: &Server, name: &str) -> Client {
        let home = server.visitor().get("/").is(200).text();
        let bar = home.split("class=\"identities\"").nth(1).unwrap_or_default().to_owned();
        let link = bar.split("<li>").find(|who| who.contains(name)).and_then(link_in);
        let officer = server.visitor();
        officer.enter(&link.unwrap_or_else(|| panic!("no link for {name} in {bar}")));
        officer
    }

    fn read(text: &str) -> Table {
        text.parse().unwrap_or_else(|error| panic!("{error}"))
    }

    fn string(table: &Table, name: &str) -> String {
        table.get(name).and_then(toml::Value::as_str).unwrap_or_default().to_owned()
    }

    /// The title of `@key`, from the files of the demonstration.
    fn title_of(key: &str) -> String {
        let files = [
            include_str!("../../../demo/organizations.toml"),
            include_str!("../../../demo/persons.toml"),
            include_str!("../../../demo/achievements.toml"),
        ];
        let records = files.iter().flat_map(|text| match read(text).remove("record") {
            Some(toml::Value::Array(records)) => records,
            _ => Vec::new(),
        });
        let mut tables = records.filter_map(|record| record.as_table().cloned());
        let found = tables.find(|table| format!("@{}", string(table, "key")) == key);
        string(&found.unwrap_or_else(|| panic!("nothing is called {key}")), "title")
    }

    fn titles(story: &Table, name: &str) -> Vec<String> {
        let expected = story.get("expected").and_then(toml::Value::as_table).cloned().unwrap_or_default();
        match expected.get(name) {
            Some(toml::Value::Array(keys)) => {
                keys.iter().filter_map(toml::Value::as_str).map(title_of).collect()
            }
            Some(toml::Value::String(key)) => vec![title_of(key)],
            _ => panic!("the story expects no {name}"),
        }
    }

    /// Types the story's demand, answers 体检, submits, clears and publishes it.
    fn tell(server: &Server, officer: &Client, story: &Table) -> Filed {
        let firm = server.visitor();
        let head = story.get("story").and_then(toml::Value::as_table).cloned().unwrap_or_default();
        let layers = story.get("layers").and_then(toml::Value::as_table).cloned().unwrap_or_default();
        let demand = world::post_need(&firm, &string(&head, "title"), string(&head, "start").trim());
        let mut more: Vec<(String, Value)> = Vec::new();
        for answer in story.get("answer").and_then(toml::Value::as_array).into_iter().flatten() {
            let answer = answer.as_table().cloned().unwrap_or_default();
            more.push((string(&answer, "field"), json!(string(&answer, "text"))));
        }
        for name in ["contact_name", "contact_phone", "contact_email", "place"] {
            more.push((name.to_owned(), json!(string(&head, name))));
        }
        for name in ["industry", "discipline"] {
            let codes = head.get(name).and_then(toml::Value::as_array).cloned().unwrap_or_default();
            more.push((name.to_owned(), codes.iter().filter_map(toml::Value::as_str).collect()));
        }
        for name in ["problem", "details"] {
            more.push((name.to_owned(), json!(string(&layers, name))));
        }
        let more: Vec<(&str, Value)> =
            more.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
        world::revise(&firm, &demand, &more).is(200);
        assert!(firm.get(&demand.page()).text().contains("grade-A"), "all answers make it grade A");
        world::make(&firm, &demand, "submit", json!({}));
        world::make(officer, &demand, "check", json!({}));
        world::make(officer, &demand, "publish", world::cleared_by(officer));
        world::settle(officer);
        demand
    }

    /// The candidates of each group of the match page, best first.
    fn candidates(officer: &Client, demand: &Filed) -> Vec<(String, Vec<String>)> {
        let page = officer.get(&format!("{}/match", demand.page())).is(200).text();
        let between = |text: &str, from: &str, to: &str| {
            text.split(from).nth(1).and_then(|rest| rest.split(to).next()).unwrap_or_default().to_owned()
        };
        page.split("class=\"match-group\"")
            .skip(1)
            .map(|group| {
                let group = group.split("</section>").next().unwrap_or_default();
                let hits = group
                    .split("<li class=\"hit")
                    .skip(1)
                    .map(|hit| between(hit, "class=\"row-title\"", "</a>"));
                let titles =
                    hits.map(|title| title.split('>').nth(1).unwrap_or_default().to_owned()).collect();
                (between(group, "aria-label=\"", "\""), titles)
            })
            .collect()
    }

    /// Achievements nobody confirmed, matches answered and not, orders at each of their steps.
    fn supply_stands_at_every_stage(server: &Server) {
        let province = identity(server, "简修远");
        let at = |path: &str, stage: &str| {
            let page = province.get(&format!("/api/v1/{path}?stage={stage}")).is(200).value();
            page.pointer("/count/n").and_then(Value::as_u64).unwrap_or_default()
        };
        for (path, stages) in [
            ("achievements", &[("faded", 2), ("hidden", 1)][..]),
            ("matches", &[("accepted", 1), ("expired", 1), ("invited", 3)]),
            (
                "cases",
                &[("open", 1), ("placed", 1), ("accepted", 1), ("under_way", 2), ("working", 1), ("done", 1)],
            ),
            ("cases", &[("declined", 1), ("cancelled", 1)]),
        ] {
            for (stage, n) in stages {
                assert!(at(path, stage) >= *n, "{path} at {stage}");
            }
        }
    }

    #[test]
    fn the_demonstration_loads_once_and_a_second_start_keeps_what_was_added() {
        let site = Site::new(Store::Sqlite);
        let first = site.demonstrate();
        let count = |server: &Server| {
            let page = server.visitor().get("/api/v1/demands?first=1").is(200).value();
            page.pointer("/count/n").and_then(Value::as_u64).unwrap_or_default()
        };
        let loaded = count(&first);
        assert!(loaded > 40, "{loaded} public demands");
        for path in [
            "/",
            "/en/",
            "/demands",
            "/people?type=expert",
            "/organizations?type=society",
            "/achievements",
            "/ties",
        ] {
            first.visitor().get(path).is(200);
        }
        supply_stands_at_every_stage(&first);
        let posted = world::post_need(&first.visitor(), world::NEED.0, world::NEED.1);
        drop(first);
        let second = site.demonstrate();
        assert_eq!(count(&second), loaded);
        assert_eq!(second.visitor().get(&posted.page()).status, 404, "a draft is still only its owner's");
        assert!(
            officer_of(&second).get("/work").is(200).text().contains("class=\"work\""),
            "something waits"
        );
    }

    #[test]
    fn the_story_brings_up_whom_it_should_and_a_judgement_ranks_the_rest_anew() {
        let site = Site::new(Store::Sqlite);
        let server = site.demonstrate();
        let officer = officer_of(&server);
        let story = read(include_str!("../../../demo/story.toml"));
        let demand = tell(&server, &officer, &story);
        let groups = candidates(&officer, &demand);
        let of = |n: usize| groups.get(n).map(|(_, titles)| titles.clone()).unwrap_or_default();
        let shown: Vec<String> = groups.iter().flat_map(|(_, titles)| titles.clone()).collect();
        for (n, name, least) in [(0, "experts", 3), (1, "societies", 2)] {
            let wanted = titles(&story, name);
            let first: Vec<String> = of(n).into_iter().take(least).collect();
            assert!(wanted.iter().all(|title| first.contains(title)), "{name}: {wanted:?} lead {groups:#?}");
        }
        let place = |title: &String| shown.iter().position(|other| other == title);
        for wanted in titles(&story, "achievements") {
            let at = place(&wanted).unwrap_or_else(|| panic!("{wanted} in {groups:#?}"));
            let nearer = titles(&story, "near_misses").into_iter().filter(|miss| {
                let same = groups.iter().any(|(_, all)| all.contains(miss) && all.contains(&wanted));
                same && place(miss).is_some_and(|miss| miss < at)
            });
            assert_eq!(nearer.collect::<Vec<_>>(), Vec::<String>::new(), "near misses above {wanted}");
        }
        let early = titles(&story, "too_early");
        assert_eq!(early.len(), 1);
        judge(&officer, &demand, &early[0]);
        let after = candidates(&officer, &demand);
        assert!(!after.iter().any(|(_, all)| all.contains(&early[0])), "{early:?} is judged: {after:#?}");
        assert_eq!(after.first(), groups.first(), "the experts stay");
    }

    /// Says of a candidate that it is too early.
    fn judge(officer: &Client, demand: &Filed, title: &str) {
        let found = officer.get(&format!("/api/v1/search?q={}", encode(title))).is(200).value();
        let items = found.get("items").and_then(Value::as_array).cloned().unwrap_or_default();
        let id =
            items.iter().find(|item| world::text(item, "title") == title).map(|item| world::text(item, "id"));
        let id = id.unwrap_or_else(|| panic!("{title} in {found}"));
        let said = [("candidate", id.as_str()), ("verdict", "unfit"), ("reason", "too-early")];
        officer.post(&format!("{}/match", demand.page()), &said).is(303);
    }

    /// Pages followed from the home page; lists and searches have no end.
    const PAGES_MAX: usize = 300;

    /// Paths of this house a page links to, without fragments.
    fn links(page: &str) -> impl Iterator<Item = String> {
        let targets = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        let paths = targets.map(|target| target.split('#').next().unwrap_or_default().replace("&#38;", "&"));
        let ours = paths.map(|path| path.replace("&amp;", "&")).filter(|path| path.starts_with('/'));
        ours.filter(|path| !path.starts_with("/l/") && !path.starts_with("/en/l/"))
            .collect::<Vec<_>>()
            .into_iter()
    }

    /// Follows links breadth first and tells what is wrong on the way.
    fn walk(who: &Client, start: &str) -> (usize, Vec<String>) {
        let sections = sections();
        let (mut waiting, mut seen, mut wrong) = (vec![start.to_owned()], vec![start.to_owned()], Vec::new());
        let mut at = 0;
        while let Some(path) = waiting.get(at).cloned().filter(|_| at < PAGES_MAX) {
            at += 1;
            let answer = who.get(&path);
            if answer.status != 200 {
                wrong.push(format!("{path}: {}", answer.status));
            }
            if !answer.header("content-type").is_some_and(|media| media.starts_with("text/html")) {
                continue;
            }
            let page = answer.text();
            wrong.extend(keys_shown(&page, &sections).into_iter().map(|key| format!("{path}: shows {key}")));
            for link in links(&page).filter(|link| !seen.contains(link)).collect::<Vec<_>>() {
                seen.push(link.clone());
                waiting.push(link);
            }
        }
        wrong.sort();
        wrong.dedup();
        (at, wrong)
    }

    #[test]
    fn every_link_leads_somewhere_and_no_page_shows_a_key_for_a_text() {
        let site = Site::new(Store::Sqlite);
        let server = site.demonstrate();
        let officer = officer_of(&server);
        for (who, start) in [
            (&server.visitor(), "/"),
            (&server.visitor(), "/en/"),
            (&officer, "/work"),
            (&officer, "/en/work"),
        ] {
            let (walked, wrong) = walk(who, start);
            assert!(walked > 100, "{walked} pages from {start}");
            assert!(wrong.is_empty(), "from {start}: {wrong:#?}");
        }
    }

    /// Pages no link leads to: answers to what people send, and troubles.
    fn answers(server: &Server, officer: &Client, prefix: &str) -> Vec<(String, String)> {
        let (visitor, firm) = (server.visitor(), server.visitor());
        let post =
            |who: &Client, path: &str, pairs: &[(&str, &str)]| who.post(&format!("{prefix}{path}"), pairs);
        let kept = post(
            &firm,
            "/demands/post",
            &[("title", world::NEED.0), ("problem", world::NEED.1), ("place", "330521"), ("do", "save")],
        );
        let posted = kept.location().to_owned();
        let demand = posted.trim_end_matches("/posted").trim_start_matches("/en").to_owned();
        let sheet = format!("名称,所在地,胡写\n{},德清县,x\n,火星,x\n", world::NEED.0);
        let upload =
            officer.post_file(&format!("{prefix}/organizations/import"), "file", "表.csv", sheet.as_bytes());
        let found = [
            ("kept", firm.follow(kept)),
            ("edit", firm.get(&format!("{prefix}{demand}/edit"))),
            ("submit", firm.get(&format!("{prefix}{demand}/moves/submit"))),
            ("unfilled", post(&firm, &format!("{demand}/moves/submit"), &[("do", "save")])),
            (
                "saved",
                firm.follow(post(
                    &firm,
                    &format!("{demand}/edit"),
                    &[("version", "1"), ("title", "改过的需求名称")],
                )),
            ),
            (
                "stale",
                post(&firm, &format!("{demand}/edit"), &[("version", "1"), ("title", "又改的需求名称")]),
            ),
            ("faults", post(&visitor, "/demands/post", &[("title", "短"), ("do", "save")])),
            ("hidden", visitor.get(&format!("{prefix}{demand}"))),
            ("wrong", post(&visitor, "/signin", &[("name", "nobody"), ("password", "x")])),
            ("signin needed", visitor.get(&format!("{prefix}/work"))),
            ("link", visitor.get(&format!("{prefix}/l/nobody"))),
            ("method", visitor.send("DELETE", &format!("{prefix}/"), &[], &[])),
            ("cursor", visitor.get(&format!("{prefix}/demands?after=x"))),
            ("encoding", visitor.get(&format!("{prefix}/search?q=%FF"))),
            ("media", visitor.send("POST", &format!("{prefix}/signin"), &[("content-type", "x/y")], b"x")),
            ("account", officer.get(&format!("{prefix}/account"))),
            ("short", post(officer, "/account/password", &[("password", "short"), ("again", "shorter")])),
            ("import", upload),
            ("not allowed", visitor.get(&format!("{prefix}/organizations/import"))),
            ("pick", post(officer, "/people/new", &[("type", "expert"), ("find", "employer")])),
        ];
        found
            .into_iter()
            .map(|(name, answer)| (format!("{prefix} {name} {}", answer.status), answer.text()))
            .collect()
    }

    #[test]
    fn no_answer_to_what_people_send_shows_a_key_for_a_text() {
        let site = Site::new(Store::Sqlite);
        let server = site.demonstrate();
        let officer = officer_of(&server);
        let sections = sections();
        assert_eq!(keys_shown("<p>sign.wrong</p>", &sections), ["sign.wrong"], "a key would be seen");
        let pages = answers(&server, &officer, "").into_iter().chain(answers(&server, &officer, "/en"));
        let shown = pages.flat_map(|(name, page)| {
            assert!(page.contains("</html>") && !name.ends_with("500"), "{name}: {page}");
            let keys = keys_shown(&page, &sections);
            keys.into_iter().map(move |key| format!("{name}: {key}"))
        });
        assert_eq!(shown.collect::<Vec<_>>(), Vec::<String>::new());
    }
}
