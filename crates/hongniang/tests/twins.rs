//! Two tenants of one house that mirror each other: everything one of them ever asks is asked again by the other.
//!
//! What the recorder meets is every route of the router, every link and every form; a route that it cannot record and
//! that stands on no list here fails the test. Start at `replay_on`.

#[cfg(test)]
#[expect(dead_code, reason = "each test program uses the part of the harness it needs")]
mod harness;

#[cfg(test)]
mod twins {
    mod page;
    mod record;
    mod replay;
    mod routes;

    use std::collections::{BTreeMap, BTreeSet};
    use std::net::SocketAddr;
    use std::sync::Arc;

    use catalogue::{Asker, Catalogue};
    use register::{Position, StoreAt};

    use self::record::{Asked, Recorder, ask};
    use self::replay::{Met, Replay, first_difference};
    use self::routes::Route;
    use crate::harness::client::{Client, encode};
    use crate::harness::seeded::{Marks, opened};
    use crate::harness::tenant::{self, Comer, Plan, Tenant};
    use crate::harness::{Server, Site, Store, shipped};

    const FIRST: Plan = Plan {
        place: "330521",
        word: "jia",
        marks: Marks { open: "璧甲明文", inside: "璧甲内文", sealed: "璧甲密文" },
    };
    const SECOND: Plan = Plan {
        place: "330281",
        word: "yi",
        marks: Marks { open: "琅乙明文", inside: "琅乙内文", sealed: "琅乙密文" },
    };

    /// Requests that would end the session they come with are made last.
    const LAST: [&str; 2] = ["/signout", "/account"];
    /// Writes that no one of a tenant is granted, or that need what a tenant has not; the tests that make them.
    const NEVER_ACCEPTED: [(&str, &str, &str); 9] = [
        ("POST", "/demands/{number}/suggest", "by a broker; tests/credits.rs"),
        ("DELETE", "/api/v1/{path}/{number}", "the steward's alone; tests/grants.rs"),
        ("POST", "/notices/dead", "the steward's alone; tests/notices.rs"),
        ("POST", "/signin", "needs a password; tests/http.rs"),
        ("POST", "/signout", "asked last, by a session of its own; tests/http.rs"),
        ("POST", "/account", "needs the password one has; tests/http.rs"),
        ("POST", "/l/{secret}", "who holds a link is whom it was made for; tests/http.rs"),
        (
            "POST",
            "/{path}/import",
            "needs a sheet, which is sent before the record begins; tests/round_trip.rs",
        ),
        ("POST", "/{path}/post", "for visitors, who belong to no tenant; tests/forms.rs"),
    ];
    /// Writes whose forms are recorded as they are shown, without what people type into them, so that nobody's is taken;
    /// the tests that fill them in.
    const NOT_FILLED_IN: [(&str, &str, &str); 34] = [
        ("POST", "/erasures", "tests/privacy.rs"),
        ("POST", "/visits/quick", "tests/cases.rs"),
        ("POST", "/events/{number}/slips", "tests/cases.rs"),
        ("POST", "/events/{number}/decisions", "tests/service.rs"),
        ("POST", "/people/{number}/record", "tests/service.rs"),
        ("POST", "/outcomes/{number}/confirmation", "tests/effects.rs"),
        ("POST", "/claims/settle", "tests/effects.rs"),
        ("POST", "/claims/distinct", "tests/effects.rs"),
        ("POST", "/programmes/{number}/campaign/invite", "tests/campaigns.rs"),
        ("POST", "/programmes/{number}/campaign/links", "tests/campaigns.rs"),
        ("POST", "/programmes/{number}/campaign/remind", "tests/campaigns.rs"),
        ("POST", "/matches/{number}/invite", "tests/matches.rs"),
        ("POST", "/services/{number}/order", "tests/supply.rs"),
        ("POST", "/demands/behalf", "tests/demand_life.rs"),
        ("POST", "/demands/common", "tests/demand_life.rs"),
        ("POST", "/notices", "tests/notices.rs"),
        ("POST", "/notices/channels", "tests/notices.rs"),
        ("POST", "/signin/code", "tests/signin.rs"),
        ("POST", "/signin/bind", "tests/signin.rs"),
        ("POST", "/account/password", "tests/signin.rs"),
        ("POST", "/account/second", "tests/signin.rs"),
        ("POST", "/account/leave", "tests/people.rs"),
        ("POST", "/accounts/invite", "tests/people.rs"),
        ("POST", "/accounts/leave/{row}", "tests/people.rs"),
        ("POST", "/accounts/{row}/roles", "tests/people.rs"),
        ("POST", "/{path}/new", "tests/forms.rs"),
        ("POST", "/{path}/{number}/openings/new", "tests/demand_life.rs"),
        ("POST", "/{path}/{number}/merge", "tests/http.rs"),
        ("POST", "/applications/{number}/panel", "tests/stations.rs"),
        ("POST", "/applications/{number}/object", "tests/stations.rs"),
        ("POST", "/reviews/{number}/moves/submit", "tests/stations.rs"),
        ("POST", "/evaluations/{number}/moves/score", "tests/stations.rs"),
        ("POST", "/stations/rounds", "tests/stations.rs"),
        ("POST", "/check", "tests/stations.rs"),
    ];
    /// Reads that answer no tenant with a page.
    const NEVER_ANSWERED: [(&str, &str, &str); 19] = [
        ("GET", "/demands/{number}/suggest", "of a broker; tests/credits.rs"),
        ("GET", "/claims/check", "of records that do not fit together; tests/effects.rs"),
        ("GET", "/erasures", "of a steward; tests/privacy.rs"),
        ("GET", "/agreements/{number}/registration", "of a contract; tests/cases.rs"),
        ("GET", "/agreements/{number}/registration.{ending}", "of a contract; tests/cases.rs"),
        ("GET", "/programmes/{number}/campaign", "of a programme that calls for demands; tests/campaign.rs"),
        (
            "GET",
            "/programmes/{number}/campaign.{ending}",
            "of a programme that calls for demands; tests/campaign.rs",
        ),
        ("GET", "/services/{number}/order", "of a service at another's door; tests/supply.rs"),
        ("GET", "/demands/common", "of demands chosen before; tests/demand_life.rs"),
        ("GET", "/l/{secret}", "who holds a link is whom it was made for; tests/people.rs"),
        ("GET", "/signin/code", "between password and code; tests/signin.rs"),
        ("GET", "/signin/oidc", "of a house with a provider; tests/signin.rs"),
        ("GET", "/signin/oidc/back", "of a house with a provider; tests/signin.rs"),
        ("GET", "/signin/bind", "of a house with a provider; tests/signin.rs"),
        ("GET", "/notices/dead", "the steward's alone; tests/notices.rs"),
        ("GET", "/notices/dead.{ending}", "the steward's alone; tests/notices.rs"),
        ("GET", "/check/{code}", "of a certificate whose code nobody here holds; tests/stations.rs"),
        ("GET", "/stations/rounds/{round}", "of a round by its name; tests/stations.rs"),
        ("GET", "/tour", "of the demonstration alone; tests/tour.rs"),
    ];

    /// A house with two tenants in it, served.
    struct Street {
        site: Site,
        at: StoreAt,
        catalogue: Arc<Catalogue>,
        first: Tenant,
        second: Tenant,
        before: Position,
        server: Server,
    }

    impl Street {
        fn open(store: Store) -> Street {
            let (site, catalogue) = (Site::new(store), Arc::new(shipped()));
            let at = site.store();
            let register = opened(&at, catalogue.clone(), "twins");
            let first = Tenant::settle(&register, &catalogue, &FIRST);
            let second = Tenant::settle(&register, &catalogue, &SECOND);
            drop(register);
            let server = site.serve_with(&Street::words());
            Street { site, at, catalogue, first, second, before: Position::default(), server }
        }

        /// An address may be written to, at which nobody listens.
        fn words() -> Vec<String> {
            ["--webhook-host", "127.0.0.1:9"].map(str::to_owned).to_vec()
        }

        fn address(&self) -> SocketAddr {
            self.server.address()
        }

        /// What the first tenant has beside records: a channel, a running import, a link somebody was sent.
        fn furnish(&self) -> BTreeMap<&'static str, String> {
            let officer = self.first.comers.iter().find(|comer| comer.name == "officer").expect("an officer");
            let cookie = [("cookie", officer.cookie.as_str())];
            let send = |path: &str, content: &str, body: &[u8]| {
                let headers = [cookie[0], ("content-type", content)];
                Client::new(self.address()).send("POST", path, &headers, body)
            };
            let form = "application/x-www-form-urlencoded";
            let typed = b"means=webhook&address=http%3A%2F%2F127.0.0.1%3A9%2Fjia&rhythm=daily&secret=";
            let channels = send("/notices/channels", form, typed).is(200).text();
            let channel = channels.rsplit("id=\"channel-").next().and_then(|rest| rest.split('"').next());
            let mark = "a-mark-no-file-holds";
            let sheet = format!(
                "--{mark}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\
                 content-type: text/csv\r\n\r\n需求名称,所在地\n{}00000,330521\n\r\n--{mark}--\r\n",
                FIRST.marks.open
            );
            let multipart = format!("multipart/form-data; boundary={mark}");
            let read = send("/demands/import", &multipart, sheet.as_bytes()).is(200).text();
            let token = read.split("name=\"token\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
            let ordered = format!("token={}", encode(token.unwrap_or_else(|| panic!("no token: {read}"))));
            let ordered = send("/demands/import", form, ordered.as_bytes()).is(303);
            let job = ordered.location().rsplit('/').next().unwrap_or_default().to_owned();
            let suggested = self.first.held.iter().find(|held| held.record.stage == "suggested");
            let suggested = suggested.expect("a match to be invited by");
            let expert =
                self.first.comers.iter().find(|comer| comer.name == "invited").and_then(|c| c.person);
            let body = format!("expert={}&do=make", expert.expect("an expert"));
            let path = format!("/matches/{}/invite", suggested.record.number);
            let invited = send(&path, form, body.as_bytes());
            let fresh = invited.headers.iter().find_map(|(_, value)| value.strip_prefix("fresh="));
            let secret = fresh.and_then(|rest| rest.split(';').next()).unwrap_or("no-link").to_owned();
            let member = self.first.comers.iter().find(|comer| comer.name == "member");
            let row = member.and_then(|comer| comer.account).expect("an account");
            let tie = self.first.held.iter().find(|held| held.record.kind == "tie").expect("a tie");
            BTreeMap::from([
                ("row", row.to_string()),
                ("account", row.to_string()),
                ("tie", tie.record.number.clone()),
                ("channel", channel.expect("a channel").to_owned()),
                ("job", job),
                ("secret", secret),
                ("name", "hongniang.css".to_owned()),
                ("code", FIRST.place.to_owned()),
                ("indicator", "firms_served".to_owned()),
                ("ending", "csv".to_owned()),
                ("round", "no-such-round".to_owned()),
            ])
        }

        /// What the first tenant's people see of their own: what a stranger's write might have changed.
        fn private(&self) -> Vec<String> {
            let paths = ["/notices", "/notices/channels", "/account"];
            let each = self.first.comers.iter().flat_map(|comer| paths.map(|path| (comer, path)));
            each.map(|(comer, path)| {
                let cookie = [("cookie", comer.cookie.as_str())];
                let text = Client::new(self.address()).send("GET", path, &cookie, &[]).text();
                // Sessions tell when they were last used: they are counted.
                let text = if path == "/account" { text.matches("<li").count().to_string() } else { text };
                format!("{} {path}: {text}", comer.name)
            })
            .collect()
        }

        /// Stops serving, and tells what was written since: changes of the first tenant's records, and new records.
        fn written(self) -> (Street, Vec<String>, usize) {
            let Street { site, at, catalogue, first, second, before, server } = self;
            drop(server);
            let register = opened(&at, catalogue.clone(), "looking");
            let ids = first.ids();
            let (touched, new) = register
                .read(|reader| {
                    let (mut touched, mut new) = (Vec::new(), BTreeSet::new());
                    for row in reader.feed(before, 100_000)? {
                        let subject = reader.subject(row.row)?;
                        if ids.contains(&subject.id) {
                            touched.push(format!("{row:?} {subject:?}"));
                        } else if subject.owner.is_some_and(|owner| ids.contains(&owner)) {
                            let owner = Asker {
                                organizations: subject.owner.into_iter().collect(),
                                ..Asker::default()
                            };
                            let by = reader.history(&owner, row.row)?.first().and_then(|change| change.actor);
                            let by =
                                second.comers.iter().find(|comer| comer.person == by).map(|comer| comer.name);
                            // Whom the table lets file it for anyone has only proposed it to those it belongs to.
                            let column = format!("{}@anyone", by.unwrap_or_default());
                            if !tenant::is_granted(&subject.kind, &subject.stage, "create", &column) {
                                touched.push(format!("filed in the name of another by {by:?}: {subject:?}"));
                            }
                        }
                        new.insert(row.row);
                    }
                    Ok((touched, new.len()))
                })
                .expect("the feed");
            assert!(register.verify().expect("a verdict").sound());
            drop(register);
            let server = site.serve_with(&Street::words());
            (Street { site, at, catalogue, first, second, before, server }, touched, new)
        }

        fn position(&self) -> Position {
            let health = Client::new(self.address()).get("/health").is(200).value();
            health["position"].as_str().and_then(|text| text.parse().ok()).expect("a position")
        }
    }

    /// Every request by every one of the second tenant and by a visitor, side by side.
    fn replayed(street: &Street, asked: &[Asked], stride: usize) -> Vec<(&'static str, Met)> {
        let visitor = Comer { name: "visitor", person: None, account: None, cookie: String::new() };
        let (first, address) = (&street.first, street.address());
        let replay = Replay { address, theirs: first, asked, closed: first.closed() };
        let comers: Vec<&Comer> = street.second.comers.iter().chain([&visitor]).collect();
        std::thread::scope(|scope| {
            let by = |comer: &'_ Comer| {
                // Those the kinds grant least come less often: they differ from a visitor by little.
                let often = ["officer", "member", "visitor"];
                replay.by(comer, if often.contains(&comer.name) { stride } else { stride * 7 })
            };
            let running: Vec<_> =
                comers.iter().map(|comer| (comer.name, scope.spawn(move || by(comer)))).collect();
            running.into_iter().map(|(name, met)| (name, met.join().expect("a replay"))).collect()
        })
    }

    /// The first tenant makes its own writes at last: those recorded were no empty threats.
    fn accepted(street: &Street, asked: &[Asked]) -> BTreeSet<Route> {
        const ENOUGH: usize = 2;
        let mut done: BTreeMap<Route, usize> = BTreeMap::new();
        let writes = asked.iter().filter(|asked| asked.route.method != "GET");
        for asked in writes.filter(|asked| !LAST.contains(&asked.route.template.as_str())) {
            let times = done.entry(asked.route.clone()).or_default();
            for comer in street.first.comers.iter().filter(|_| *times < ENOUGH) {
                let known = ["officer", "member", "invited", "leader"].contains(&comer.name);
                if !known || (asked.about.is_none() && comer.name != asked.by) {
                    continue;
                }
                let answer = ask(street.address(), comer, asked, &asked.path);
                if answer.status < 400 && *times < ENOUGH {
                    *times += 1;
                    break;
                }
            }
        }
        done.into_iter().filter(|(_, times)| *times > 0).map(|(route, _)| route).collect()
    }

    fn missing(
        routes: &[Route],
        found: &BTreeSet<Route>,
        listed: &[(&str, &str, &str)],
        reads: bool,
    ) -> Vec<Route> {
        let is_listed = |route: &Route| {
            listed.iter().any(|(method, template, _)| *method == route.method && *template == route.template)
        };
        let asked = routes.iter().filter(|route| (route.method == "GET") == reads);
        asked.filter(|route| !found.contains(route) && !is_listed(route)).cloned().collect()
    }

    fn replay_on(store: Store, stride: usize) {
        let mut street = Street::open(store);
        let values = street.furnish();
        let mut recorder = Recorder::new(street.address(), &street.first, &street.catalogue, values);
        recorder.record();
        let (routes, answered, seen) = (recorder.routes, recorder.answered, recorder.seen);
        let mut asked = recorder.asked;
        asked.sort_by_key(|asked| LAST.contains(&asked.route.template.as_str()));
        assert!(seen.contains(FIRST.marks.open) && seen.contains(FIRST.marks.inside), "one reads one's own");
        let unread = missing(&routes, &answered, &NEVER_ANSWERED, true);
        assert!(unread.is_empty(), "reads nobody was answered: {unread:#?}");
        let before = street.private();
        street.before = street.position();
        let met = replayed(&street, &asked, stride);
        let after = street.private();
        let sum = |of: fn(&Met) -> usize| met.iter().map(|(_, met)| of(met)).sum::<usize>();
        let wrong: Vec<&String> = met.iter().flat_map(|(_, met)| &met.wrong).collect();
        println!(
            "{} records of one tenant ({} for everyone), {} requests recorded of {} routes; replayed {}: {} as of \
             nothing, {} writes refused, {} reads answered; unreached: {:?}",
            street.first.held.len(),
            street.first.held.iter().filter(|held| held.public).count(),
            asked.len(),
            routes.len(),
            sum(|met| met.requests),
            sum(|met| met.missing),
            sum(|met| met.refused),
            sum(|met| met.read),
            street.first.unreached,
        );
        assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), first_of_each(&wrong).join("\n"));
        for (one, other) in before.iter().zip(&after) {
            assert!(one == other, "something private changed: {}", first_difference(one, other));
        }
        let (street, touched, new) = street.written();
        println!("{new} records were written by the other tenant and visitors, none of the first's");
        assert!(touched.is_empty(), "{touched:#?}");
        let accepted = accepted(&street, &asked);
        let unmade = missing(&routes, &accepted, &[&NEVER_ACCEPTED[..], &NOT_FILLED_IN[..]].concat(), false);
        assert!(unmade.is_empty(), "writes nobody was allowed: {unmade:#?}");
    }

    /// Thirty of many faults are enough to read.
    fn first_of_each(wrong: &[&String]) -> Vec<String> {
        wrong.iter().take(30).map(|said| (*said).clone()).collect()
    }

    #[test]
    fn nothing_of_one_tenant_is_read_or_written_by_the_other_on_sqlite() {
        replay_on(Store::Sqlite, 1);
    }

    #[test]
    fn nothing_of_one_tenant_is_read_or_written_by_the_other_on_postgres() {
        replay_on(Store::Postgres, 23);
    }
}
