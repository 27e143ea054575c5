//! Words that must not leave the house are looked for in what does: letters through a real mail server, posts to a program
//! and a robot, and the log at its most talkative, while records with all of them are worked on.
//!
//! `tests/canaries.rs` looks at what the house shows to who works in it. Start at [`Scene::open`].

#[cfg(test)]
#[expect(dead_code, reason = "each test program uses the part of the harness it needs")]
mod harness;

#[cfg(test)]
mod canaries_outside {
    use serde_json::{Value, json};

    use crate::harness::client::{Client, encode};
    use crate::harness::post::{Letter, Listener, Office};
    use crate::harness::world::{self, Filed, World, file, make, text, try_make};
    use crate::harness::{Holder, House, Site, Store, cells, link_in};

    const COUNTY: Holder = ("shi", "officer", "330521", "施小满（虚构）");
    const CITY: Holder = ("hu", "officer", "330500", "胡令仪（虚构）");
    const PROVINCE: Holder = ("li", "officer", "330000", "李望舒（虚构）");
    const ELSEWHERE: Holder = ("an", "officer", "330281", "安知夏（虚构）");
    const STEWARD: Holder = ("steward", "steward", "", "章一苇（虚构）");

    const DETAILS: &str = "雀密添加环氧交联";
    const PHONE: &str = "0572-0008888";
    const NAME: &str = "雀联系人";
    const MEMO: &str = "雀备忘不愿公开的顾虑";
    const MINUTES: &str = "雀纪要导轨磨损";
    const OPINION: &str = "雀评语中试未落实";
    const PASSWORD: &str = "雀口令竹林深处的冷压机2026";
    /// What somebody types into the search.
    const ASKED: &str = "雀查询词";
    const SAID: [&str; 8] = [DETAILS, PHONE, NAME, MEMO, MINUTES, OPINION, PASSWORD, ASKED];

    /// A house with its ways out, and every secret that was handed to someone.
    struct Scene {
        house: House,
        office: Office,
        listener: Listener,
        county: Client,
        city: Client,
        province: Client,
        steward: Client,
        /// One of the firm, and the firm.
        firm: Client,
        host: Filed,
        secrets: Vec<String>,
    }

    impl Scene {
        fn open() -> Scene {
            let (office, listener) = (Office::open(), Listener::open());
            let mut site = Site::new(Store::Sqlite);
            let people = [COUNTY, CITY, PROVINCE, STEWARD];
            site.admit(&people);
            let mut secrets = people.map(|who| site.link(who.0).to_owned()).to_vec();
            let house = House::on(site);
            let province = house.person(PROVINCE.0);
            let host = json!({ "title": "云岫木业（演示）", "place": "330521", "industry": ["C202"] });
            let host = listed(&province, "organizations", "firm", host);
            let site = house.close();
            let words = [
                "account",
                "firm",
                "--role",
                "member",
                "--organization",
                &host.id,
                "--person",
                "郑知远（虚构）",
            ];
            secrets.push(link_in(&String::from_utf8_lossy(&site.run(&words).stdout)).expect("a link"));
            let words: Vec<String> = office.words().into_iter().chain(listener.words()).collect();
            let house = House::with(site, &words.iter().map(String::as_str).collect::<Vec<_>>());
            let [county, city, steward] = [COUNTY, CITY, STEWARD].map(|who| house.person(who.0));
            let (province, firm) = (house.again(&province), house.visitor());
            firm.enter(secrets.last().expect("the firm's link"));
            Scene { county, city, province, steward, firm, host, secrets, house, office, listener }
        }

        /// Each officer is told at once: the county by letters, the city by a program and a group's robot.
        fn told_at_once(&self) {
            let add = |who: &Client, means: &str, address: &str| {
                let typed = [("means", means), ("address", address), ("rhythm", "at-once"), ("secret", "")];
                let answer = who.post("/notices/channels", &typed);
                assert!([200, 303].contains(&answer.status), "{}", answer.text());
            };
            add(&self.county, "mail", "shi@deqing.example.cn");
            let code = self.office.letter();
            let digits = |line: &&str| line.len() == 6 && line.chars().all(|c| c.is_ascii_digit());
            let code = code.text.lines().find(digits).expect("a code").to_owned();
            let page = self.county.get("/notices/channels").is(200).text();
            let row = page.rsplit("id=\"channel-").next().and_then(|rest| rest.split('"').next());
            let row = format!("/notices/channels/{}", row.expect("a channel"));
            assert_eq!(self.county.post(&row, &[("do", "prove"), ("code", &code)]).status, 303);
            add(&self.city, "webhook", &self.listener.url("/hook"));
            add(&self.city, "wecom", &self.listener.url("/wecom?key=k"));
        }
    }

    fn listed(who: &Client, kind: &str, of: &str, fields: Value) -> Filed {
        let filed = file(who, kind, of, fields);
        make(who, &filed, "list", json!({}));
        filed
    }

    /// A demand with what is sealed and how the firm is reached, from two lines to its publication.
    fn a_demand(scene: &Scene) -> Filed {
        let more = [
            ("details", json!(DETAILS)),
            ("contact_name", json!(format!("{NAME}（虚构）"))),
            ("contact_phone", json!(PHONE)),
        ];
        world::publish_need(&scene.house.visitor(), &scene.county, &more)
    }

    /// A memo, and minutes that go round; both tell people.
    fn what_is_noted(scene: &Scene, world: &World) {
        let expert = &world.experts[0];
        let memo = json!({ "title": MEMO, "expert": expert.id, "place": "330521", "content": MEMO,
            "next_on": "2020-01-05", "next_step": MEMO });
        file(&scene.county, "memos", "follow", memo);
        let there = world::person_of(&scene.county);
        let visit = json!({ "title": "现场诊断（演示）", "visited_on": "2026-01-05", "place": "330521", "experts": [there] });
        let visit = file(&scene.city, "visits", "diagnosis", visit);
        make(&scene.city, &visit, "send-minutes", json!({ "minutes": MINUTES }));
        make(&scene.county, &visit, "confirm", json!({ "correction": MINUTES }));
    }

    /// An application whose reviewers say what the applicant may not read yet; the links they came by.
    fn what_is_judged(scene: &Scene, world: &World) -> Vec<String> {
        let papers: Value = ["agreement", "host_letter", "work_plan"]
            .iter()
            .map(|code| json!({ "document": code, "paper": true }))
            .collect();
        let fields = json!({ "title": "云岫木业学会服务站（演示）", "host": scene.host.id, "place": "330521",
            "partners": [world.society.id], "goal": "冷压初强度", "plan": "每季度驻站一周",
            "targets": [{ "name": "冷压强度", "value": "1.0 MPa" }], "documents": papers });
        let of = file(&scene.firm, "applications", "society_station", fields);
        make(&scene.firm, &of, "submit", json!({}));
        make(&scene.county, &of, "check", json!({}));
        make(&scene.city, &of, "begin-review", json!({}));
        let review = |person: &Filed| {
            let said =
                scene.city.post(&format!("{}/panel", of.page()), &[("person", &person.id)]).is(200).text();
            let link = link_in(&said).unwrap_or_else(|| panic!("no link: {said}"));
            let reviewer = scene.house.visitor();
            reviewer.enter(&link);
            let newest = scene.city.get("/api/v1/reviews").is(200).value()["items"][0].clone();
            let points =
                ["need", "team", "plan", "means", "basis", "effect"].map(|item| format!("points.{item}"));
            let mut typed: Vec<(&str, &str)> = points.iter().map(|name| (name.as_str(), "7")).collect();
            typed.extend([("verdict", "recommend"), ("opinion", OPINION), ("do", "save")]);
            reviewer.post(&format!("/reviews/{}/moves/submit", text(&newest, "number")), &typed).is(303);
            link
        };
        world.experts.iter().skip(1).map(review).collect()
    }

    /// A password that is set, mistyped and used; a search; links that are no links.
    fn what_is_typed(scene: &Scene) {
        let typed = [("password", PASSWORD), ("again", PASSWORD)];
        scene.steward.post("/account/password", &typed).is(303);
        let visitor = scene.house.visitor();
        for name in ["steward", PASSWORD] {
            for word in [PASSWORD, "雀口令错的"] {
                visitor.post("/signin", &[("name", name), ("password", word)]);
            }
        }
        visitor.get(&format!("/search?q={}", encode(ASKED))).is(200);
        visitor.get(&format!("/demands?where={}", encode(ASKED)));
        visitor.get(&format!("/l/{}", encode(ASKED)));
    }

    /// Letters until the one about this.
    fn letters_until(office: &Office, word: &str) -> Vec<Letter> {
        let mut letters = vec![office.letter()];
        while !letters.last().is_some_and(|last| last.text.contains(word)) {
            letters.push(office.letter());
        }
        letters
    }

    #[test]
    fn no_letter_no_post_and_no_line_of_the_log_tells_what_stays_in_the_house() {
        let scene = Scene::open();
        scene.told_at_once();
        let world = World::file_all(&scene.province);
        let demand = a_demand(&scene);
        what_is_noted(&scene, &world);
        let mut secrets = what_is_judged(&scene, &world);
        what_is_typed(&scene);
        // The words are there for those who may read them, so that looking for them can fail.
        let page = scene.county.get(&demand.page()).is(200).text();
        assert!(page.contains(NAME) && page.contains(PHONE));
        assert!(scene.county.get("/memos").is(200).text().contains(MEMO));
        assert!(scene.city.get("/reviews").is(200).status == 200);
        // The last thing to be told of, by each way.
        for (word, place, whom) in [("收尾县", "330521", &scene.county), ("收尾市", "330500", &scene.city)]
        {
            let fields = json!({ "title": format!("{word}（演示）"), "visited_on": "2026-01-05", "place": place,
                "experts": [world::person_of(whom)] });
            let visit = file(&scene.province, "visits", "diagnosis", fields);
            make(&scene.province, &visit, "send-minutes", json!({ "minutes": MINUTES }));
        }
        secrets.extend(scene.secrets.iter().cloned());
        let letters = letters_until(&scene.office, "收尾县");
        let mut posts = vec![scene.listener.next()];
        let ended = |path: &str, posts: &[crate::harness::post::Posted]| {
            posts.iter().any(|post| post.path.starts_with(path) && post.body.contains("收尾市"))
        };
        while !(ended("/hook", &posts) && ended("/wecom", &posts)) {
            posts.push(scene.listener.next());
        }
        assert!(letters.len() > 3 && posts.len() > 3, "{} letters, {} posts", letters.len(), posts.len());
        let log = scene.house.log();
        let tokens = secrets.iter().map(|link| link.trim_start_matches("/l/"));
        for word in SAID.into_iter().chain(tokens) {
            for letter in &letters {
                assert!(
                    !letter.text.contains(word) && !letter.subject.contains(word),
                    "{word} in {letter:?}"
                );
            }
            for post in &posts {
                assert!(!post.body.contains(word) && !post.path.contains(word), "{word} in {post:?}");
            }
            assert!(!log.contains(word) && !log.contains(&encode(word)), "{word} in {log}");
        }
        let out = scene.house.close().run(&["verify"]);
        let told = String::from_utf8_lossy(&[out.stdout, out.stderr].concat()).into_owned();
        assert!(SAID.iter().all(|word| !told.contains(word)), "{told}");
    }

    #[test]
    fn a_store_that_is_lost_is_told_to_the_log_without_what_was_asked() {
        let house = House::open(Store::Postgres, &[COUNTY]);
        let visitor = house.visitor();
        house.site().lose_database();
        for path in [
            format!("/l/{}", "雀链接".repeat(3)),
            house.link(COUNTY.0).to_owned(),
            format!("/demands?q={}", encode(ASKED)),
            format!("/demands?contact_phone={}", encode(PHONE)),
        ] {
            let answer = visitor.get(&encode_path(&path));
            assert!(answer.status >= 500, "{path}: {}", answer.status);
            assert!(
                !answer.text().contains("postgres") && !answer.text().contains("database \""),
                "{}",
                answer.text()
            );
        }
        let log = house.log();
        assert!(log.contains("/l/") && log.contains("/demands"), "what failed is told: {log}");
        let secret = house.link(COUNTY.0).trim_start_matches("/l/").to_owned();
        for word in [ASKED, PHONE, "雀链接", secret.as_str()] {
            assert!(!log.contains(word) && !log.contains(&encode(word)), "{word} in {log}");
        }
    }

    /// Chinese of a path as it travels; what is written as a path stays.
    fn encode_path(path: &str) -> String {
        path.chars().map(|c| if c.is_ascii() { c.to_string() } else { encode(&c.to_string()) }).collect()
    }

    /// An amount nobody else has, as people write it and as it is kept.
    const AMOUNT: [&str; 3] = ["91.8273", "918273", "91827300"];

    /// Every address at which an amount, or anything that follows from it, could stand.
    fn places(outcome: &Filed) -> Vec<String> {
        [outcome.page(), format!("/en{}", outcome.page()), outcome.api()]
            .into_iter()
            .chain(["html", "csv", "jsonl", "xlsx"].map(|end| match end {
                "html" => "/outcomes".to_owned(),
                end => format!("/outcomes.{end}"),
            }))
            .chain(
                [
                    "/outcomes?where=amount%3E90%E4%B8%87%E5%85%83",
                    "/outcomes?order=amount",
                    "/api/v1/outcomes",
                ]
                .map(str::to_owned),
            )
            .chain(
                ["/figures", "/figures.csv", "/figures?place=330521", "/regions/330521", "/"]
                    .map(str::to_owned),
            )
            .chain(
                AMOUNT
                    .iter()
                    .flat_map(|word| [format!("/search?q={word}"), format!("/api/v1/search?q={word}")]),
            )
            .chain(
                ["?version=1", "?version=2", "/1", "/versions", "/history", "?after=0"]
                    .map(|end| format!("{}{end}", outcome.api())),
            )
            .collect()
    }

    /// The addresses that tell someone the amount, or that the outcome is above a smaller one.
    fn telling(who: &Client, paths: &[String]) -> Vec<String> {
        let told = |path: &&String| {
            let answer = who.get(path);
            assert!(answer.status < 500, "{path}: {}", answer.text());
            let words = match path.ends_with(".xlsx") {
                true => cells(&answer.body).into_iter().flatten().collect::<Vec<_>>().join(" "),
                false => answer.text(),
            };
            // A page says again what it was asked.
            let words = if path.contains("q=") { words.split("with-side").skip(1).collect() } else { words };
            AMOUNT.iter().any(|amount| words.contains(amount))
                || (path.contains("amount%3E") && words.contains("冷压开裂解决"))
        };
        paths.iter().filter(told).cloned().collect()
    }

    fn closes(store: Store) {
        let house = House::open(store, &[COUNTY, ELSEWHERE]);
        let officer = house.person(COUNTY.0);
        let firm = listed(
            &officer,
            "organizations",
            "firm",
            json!({ "title": "云岫木业（演示）", "place": "330521" }),
        );
        let fields = json!({ "title": "冷压开裂解决（演示）", "place": "330521", "firm": firm.id, "achieved_on": "2026-08-01",
            "amount": "91.8273 万元" });
        let outcome = listed(&officer, "outcomes", "problem", fields);
        let (visitor, elsewhere) = (house.visitor(), house.person(ELSEWHERE.0));
        world::settle(&officer);
        let paths = places(&outcome);
        let tells = |who: &Client| telling(who, &paths);
        assert!(tells(&visitor).len() >= 6, "an amount that is public is told: {:?}", tells(&visitor));
        // The unit confirms and keeps the amount to itself and those in charge.
        let ask = format!("{}/confirmation", outcome.page());
        let said = officer.post(&ask, &[("who", "郑知远（虚构）")]).is(200).text();
        let clerk = house.visitor();
        clerk.enter(&link_in(&said).expect("a link"));
        make(&clerk, &outcome, "confirm", json!({ "amount_closed": true }));
        world::settle(&officer);
        for (name, who) in [("a visitor", &visitor), ("an officer of elsewhere", &elsewhere)] {
            assert_eq!(tells(who), Vec::<String>::new(), "{name} reads what was closed");
        }
        assert!(officer.get(&outcome.page()).is(200).text().contains("91.8273"), "who is in charge reads it");
        // What stood before is not brought back by who may not read it.
        for name in ["restore", "settle", "confirm"] {
            let said = try_make(&elsewhere, &outcome, name, json!({}));
            assert!(
                said.status >= 400 && AMOUNT.iter().all(|amount| !said.text().contains(amount)),
                "{name}"
            );
        }
        let mine = text(&officer.get(&outcome.api()).is(200).value()["fields"], "evidence");
        assert_eq!(mine, "b", "closing the amount takes nothing from the proof");
    }

    #[test]
    fn an_amount_that_was_closed_is_read_nowhere_by_those_who_may_not_on_sqlite() {
        closes(Store::Sqlite);
    }

    #[test]
    fn an_amount_that_was_closed_is_read_nowhere_by_those_who_may_not_on_postgres() {
        closes(Store::Postgres);
    }
}
