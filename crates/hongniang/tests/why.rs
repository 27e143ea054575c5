//! `hongniang why` tells what the server does: for records at many stages and people who stand to them in many ways,
//! each line of the command is held against the answer to the request it speaks of.

#[cfg(test)]
#[expect(dead_code, reason = "each test program uses the part of the harness it needs")]
mod harness;

#[cfg(test)]
mod why {
    use std::collections::BTreeSet;

    use serde_json::{Value, json};

    use crate::harness::client::{Answer, Client};
    use crate::harness::world::{self, Filed, cleared_by, file, make, person_of, try_make};
    use crate::harness::{Holder, Server, Site, Store};

    /// Owner of the demands, invited expert, officers of two counties, liaison and steward.
    const PEOPLE: [Holder; 6] = [
        ("zheng", "member", "330521", "郑知远（虚构）"),
        ("shen", "member", "330521", "沈砚秋（虚构）"),
        ("shi", "officer", "330521", "施小满（虚构）"),
        ("wang", "officer", "330281", "王越（虚构）"),
        ("li", "liaison", "330521", "李望舒（虚构）"),
        ("steward", "steward", "", "章一苇（虚构）"),
    ];
    const VISITOR: &str = "visitor";

    /// Those who ask.
    struct Cast(Vec<(&'static str, Client)>);

    impl Cast {
        fn enter(site: &Site, server: &Server) -> Cast {
            let mut clients = vec![(VISITOR, server.visitor())];
            for (login, ..) in PEOPLE {
                let client = server.visitor();
                client.enter(site.link(login));
                clients.push((login, client));
            }
            Cast(clients)
        }

        fn of(&self, login: &str) -> &Client {
            &self.0.iter().find(|(name, _)| *name == login).expect("one of the cast").1
        }

        fn at(&self, server: &Server) -> Cast {
            Cast(self.0.iter().map(|(name, client)| (*name, client.at(server.address()))).collect())
        }
    }

    /// A record to ask about: how it is filed, and a field of it that lies inside.
    struct Scene {
        name: &'static str,
        file: fn(&Cast) -> Filed,
        inside: &'static str,
    }

    const SCENES: [Scene; 9] = [
        Scene { name: "a draft", file: draft, inside: "contact_phone" },
        Scene { name: "a submitted demand", file: submitted, inside: "contact_phone" },
        Scene { name: "a demand cleared for publication", file: cleared, inside: "contact_phone" },
        Scene { name: "a published demand", file: published, inside: "contact_phone" },
        Scene { name: "a proposed expert", file: proposed, inside: "contact_phone" },
        Scene { name: "a listed expert", file: listed, inside: "contact_phone" },
        Scene { name: "a published achievement", file: achievement, inside: "contact_phone" },
        Scene { name: "an invitation", file: invited, inside: "reason" },
        Scene { name: "an opening", file: opening, inside: "document" },
    ];

    fn draft(cast: &Cast) -> Filed {
        let answers = world::ANSWERS.iter().chain(&world::CONTACT);
        let mut fields: serde_json::Map<String, Value> =
            answers.map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
        fields.extend([
            ("title".to_owned(), json!(world::NEED.0)),
            ("problem".to_owned(), json!(world::NEED.1)),
        ]);
        file(cast.of("zheng"), "demands", "technical", fields.into())
    }

    fn submitted(cast: &Cast) -> Filed {
        let demand = draft(cast);
        make(cast.of("zheng"), &demand, "submit", json!({}));
        demand
    }

    fn cleared(cast: &Cast) -> Filed {
        let (demand, officer) = (submitted(cast), cast.of("shi"));
        make(officer, &demand, "check", json!({ "not_duplicate": true }));
        make(officer, &demand, "clear", cleared_by(officer));
        demand
    }

    fn published(cast: &Cast) -> Filed {
        let demand = cleared(cast);
        make(cast.of("shi"), &demand, "publish", json!({}));
        demand
    }

    fn proposed(cast: &Cast) -> Filed {
        let fields = json!({ "title": "陆闻笛（虚构）", "place": "330521", "contact_phone": "0572-0000301" });
        file(cast.of("shi"), "people", "expert", fields)
    }

    fn listed(cast: &Cast) -> Filed {
        let expert = proposed(cast);
        make(cast.of("li"), &expert, "list", json!({}));
        expert
    }

    fn achievement(cast: &Cast) -> Filed {
        let officer = cast.of("shi");
        let fields = json!({
            "title": "高预压性大豆蛋白胶黏剂", "summary": "以脱脂豆粕为主料，不含醛类。", "place": "330521",
            "contact_phone": "0572-0000302",
        });
        let filed = file(officer, "achievements", "technology", fields);
        make(officer, &filed, "submit", json!({}));
        make(officer, &filed, "publish", cleared_by(officer));
        filed
    }

    fn invited(cast: &Cast) -> Filed {
        let (demand, candidate, officer) = (published(cast), listed(cast), cast.of("shi"));
        let fields = json!({
            "title": "无醛胶合板 × 沈砚秋", "demand": demand.id, "candidate": candidate.id, "place": "330521",
            "party": person_of(cast.of("zheng")), "reason": "too-far",
        });
        let filed = file(officer, "matches", "", fields);
        make(officer, &filed, "fit", json!({}));
        let given = json!({
            "expert": person_of(cast.of("shen")), "message": "请看一看", "effort": "半天", "reward": "paid",
        });
        make(officer, &filed, "invite", given);
        filed
    }

    fn opening(cast: &Cast) -> Filed {
        let (demand, expert) = (published(cast), listed(cast));
        let fields = json!({
            "title": "保密详情开放", "from": demand.id, "to": expert.id, "place": "330521", "document": "保密协议一",
        });
        file(cast.of("zheng"), "ties", "opening", fields)
    }

    /// What the command said of one asker and one record.
    struct Said {
        reads: bool,
        inside: bool,
        /// Name, and the refusal if it would be refused.
        moves: Vec<(String, Option<String>)>,
    }

    fn said(site: &Site, record: &Filed, who: &str) -> Said {
        let output = site.run(&["why", &record.id, "--as", who]);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
        let verdict = text.lines().find(|line| line.starts_with("= ")).expect("a verdict on reading");
        let admitted = text.lines().any(|line| line.starts_with("+ read by "));
        let reads = verdict.starts_with("= may read");
        assert_eq!(reads, admitted, "an arm admits exactly who may read:\n{text}");
        let read_move = |line: &str| {
            let (mark, rest) = line.split_once(" move ")?;
            match rest.split_once(": ") {
                Some((name, refusal)) => {
                    assert_eq!(mark, "-", "{line}");
                    Some((name.to_owned(), Some(refusal.to_owned())))
                }
                None => {
                    assert_eq!(mark, "+", "{line}");
                    Some((rest.to_owned(), None))
                }
            }
        };
        Said {
            reads,
            inside: verdict.contains("Inside"),
            moves: text.lines().filter_map(read_move).collect(),
        }
    }

    /// The answer a request must get whose refusal the command tells.
    fn answer_to(refusal: Option<&str>, reads: bool) -> (u16, &'static str) {
        const ANSWERS: [(&str, u16, &str); 4] = [
            ("NotAllowed", 403, "not-allowed"),
            ("WrongStage", 409, "wrong-stage"),
            ("Faults", 422, "invalid"),
            ("Guards", 409, "guards"),
        ];
        match refusal {
            None => (200, ""),
            Some(_) if !reads => (404, "not-found"),
            Some(refusal) => {
                let known = ANSWERS.iter().find(|(word, ..)| refusal.starts_with(word));
                let (_, status, code) = known.unwrap_or_else(|| panic!("an unknown refusal: {refusal}"));
                (*status, code)
            }
        }
    }

    fn told(answer: &Answer) -> (u16, String) {
        (answer.status, if answer.status == 200 { String::new() } else { answer.code() })
    }

    /// Holds what was said of one asker against the answers that asker gets; counts the requests.
    fn hold(scene: &Scene, cast: &Cast, (login, who): (&str, &Client), record: &Filed, said: &Said) -> usize {
        let about = format!("{} as {login}", scene.name);
        let read = who.get(&record.api());
        assert_eq!(read.status, if said.reads { 200 } else { 404 }, "{about}: {}", read.text());
        if said.reads {
            let body = read.value();
            assert_eq!(body["fields"].get(scene.inside).is_some(), said.inside, "{about}: {body}");
            let offered: BTreeSet<&str> =
                body["moves"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            let refused =
                |refusal: &str| refusal.starts_with("NotAllowed") || refusal.starts_with("WrongStage");
            let granted = said.moves.iter().filter(|(_, why)| !why.as_deref().is_some_and(refused));
            assert_eq!(offered, granted.map(|(name, _)| name.as_str()).collect(), "{about}");
        }
        for (name, refusal) in &said.moves {
            assert!(said.reads || refusal.is_some(), "{about}: {name} of a record out of sight");
            // A move that is made would change what is asked about next: it is made on another of the same.
            let fresh = refusal.is_none().then(|| (scene.file)(cast));
            let answer = try_make(who, fresh.as_ref().unwrap_or(record), name, json!({}));
            let (status, code) = answer_to(refusal.as_deref(), said.reads);
            assert_eq!(told(&answer), (status, code.to_owned()), "{about}: {name}: {}", answer.text());
            // An expert is invited so often a month: what was made to be tried goes again.
            if let Some(fresh) = fresh {
                cast.of("steward").json("DELETE", &fresh.api(), &json!({ "reason": "tried" }), &[]);
            }
        }
        1 + said.moves.len()
    }

    fn tell_the_same(store: Store) {
        let mut site = Site::new(store);
        site.admit(&PEOPLE);
        let server = site.serve();
        let cast = Cast::enter(&site, &server);
        let records: Vec<Filed> = SCENES.iter().map(|scene| (scene.file)(&cast)).collect();
        // One process at a time may open the embedded store.
        drop(server);
        let heard: Vec<Vec<Said>> = records
            .iter()
            .map(|record| cast.0.iter().map(|(login, _)| said(&site, record, login)).collect())
            .collect();
        let server = site.serve();
        let cast = cast.at(&server);
        let (mut asked, mut made) = (0, 0);
        for ((scene, record), of_record) in SCENES.iter().zip(&records).zip(&heard) {
            assert!(of_record.iter().any(|said| said.reads), "{}: somebody reads it", scene.name);
            for ((login, who), said) in cast.0.iter().zip(of_record) {
                asked += hold(scene, &cast, (*login, who), record, said);
                made += said.moves.iter().filter(|(_, refusal)| refusal.is_none()).count();
            }
        }
        println!("{asked} answers held against the command, {made} of them moves that were made");
        assert!(made > 0, "some moves need nothing to be given");
    }

    #[test]
    fn the_command_tells_what_the_server_does_on_sqlite() {
        tell_the_same(Store::Sqlite);
    }

    #[test]
    fn the_command_tells_what_the_server_does_on_postgres() {
        tell_the_same(Store::Postgres);
    }
}
