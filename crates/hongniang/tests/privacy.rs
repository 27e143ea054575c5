//! A person and their data: told why it is kept, agreeing and taking back, carrying all of it off, and being erased with
//! every copy.

#[cfg(test)]
#[expect(dead_code, reason = "each test program uses the part of the harness it needs")]
mod harness;

#[cfg(test)]
mod privacy {
    use catalogue::Role;
    use register::{New, Who};
    use serde_json::{Value, json};
    use sha2::{Digest as _, Sha256};

    use crate::harness::client::{Answer, Client};
    use crate::harness::seeded::{office, opened};
    use crate::harness::world::{self, Filed, file, make, text, try_make};
    use crate::harness::{Holder, House, Site, Store, cells, shipped};

    const OFFICERS: [Holder; 2] =
        [("hu", "officer", "330000", "胡令仪（虚构）"), ("steward", "steward", "", "章一苇（虚构）")];
    const NAME: &str = "沈砚秋（虚构）";
    const PHONE: &str = "0571-7770301";
    const COOKIE: &str = "__Host-hongniang=a-session-of-the-expert";

    /// A person who is signed in without any office.
    struct Person(Client);

    impl Person {
        fn ask(&self, method: &str, path: &str, body: &str) -> Answer {
            let headers = [
                ("cookie", COOKIE),
                ("content-type", "application/x-www-form-urlencoded"),
                ("sec-fetch-site", "same-origin"),
            ];
            self.0.send(method, path, &headers, body.as_bytes())
        }

        fn page(&self) -> String {
            self.ask("GET", "/account/data", "").is(200).text()
        }
    }

    struct Scene {
        house: House,
        officer: Client,
        steward: Client,
        expert: Filed,
        person: Person,
    }

    /// An expert who stands in the list and is signed in.
    fn scene(store: Store) -> Scene {
        let mut site = Site::new(store);
        site.admit(&OFFICERS);
        let register = opened(&site.store(), shipped().into(), "privacy");
        let id = register
            .write_now(crate::harness::now(), |writer| {
                let fields = json!({ "title": NAME, "place": "330100", "contact_phone": PHONE,
                    "expertise": "豆粕胶冷压", "industry": ["C202"] });
                let Value::Object(fields) = fields else { panic!("fields") };
                let new = New { kind: "person".into(), type_path: "expert".into(), fields, ..New::default() };
                let person = writer.create(&office(Role::Steward), new)?.item.id;
                let secret = COOKIE.split_once('=').expect("a secret").1;
                let digest: [u8; 32] = Sha256::digest(secret.as_bytes()).into();
                let late = "2099-01-01T00:00:00Z".parse().expect("a moment");
                writer.start_session(Who::Person(person), &digest, late)?;
                Ok(person)
            })
            .expect("an expert")
            .value;
        drop(register);
        let house = House::on(site);
        let (officer, steward) = (house.person("hu"), house.person("steward"));
        let people = officer.get("/api/v1/people?type=expert").is(200).value();
        let item = people["items"].as_array().and_then(|items| items.first()).cloned().expect("the expert");
        assert_eq!(text(&item, "id"), id.to_string());
        let expert = Filed { kind: "people".into(), number: text(&item, "number"), id: id.to_string() };
        make(&officer, &expert, "list", json!({}));
        let person = Person(house.visitor());
        Scene { house, officer, steward, expert, person }
    }

    /// Both sides said yes: the match holds how to reach the expert.
    fn matched(scene: &Scene) -> Filed {
        let firm = scene.house.visitor();
        let demand = world::publish_need(&firm, &scene.officer, &[("firm_name", json!("云岫木业（演示）"))]);
        let pair = json!({ "title": format!("{NAME} · 冷压强度不足"), "demand": demand.id,
            "candidate": scene.expert.id, "place": "330521" });
        let pair = file(&scene.officer, "matches", "", pair);
        make(&firm, &pair, "fit", json!({}));
        let words = json!({ "expert": scene.expert.id, "message": "您做过豆粕胶冷压", "effort": "半天", "reward": "paid" });
        make(&scene.officer, &pair, "invite", words);
        let path = format!("/api/v1/matches/{}/moves/accept", pair.number);
        let headers = [("cookie", COOKIE), ("content-type", "application/json")];
        scene.person.0.send("POST", &path, &headers, b"{\"fields\":{}}").is(200);
        pair
    }

    /// What stands over a form that asks someone without an account who they are.
    const LINE: &str = "您的姓名和联系方式只用来办理这件事";

    #[test]
    fn who_asks_without_an_account_is_told_what_it_is_for_and_what_was_told_is_kept_with_them() {
        let house = House::open(Store::Sqlite, &OFFICERS);
        let (firm, steward, officer) = (house.visitor(), house.person("steward"), house.person("hu"));
        assert!(firm.get("/demands/post").is(200).text().contains(LINE), "before anything is typed");
        let demand = world::post_need(&firm, world::NEED.0, world::NEED.1);
        let form = firm.get(&format!("{}/moves/submit", demand.page())).is(200).text();
        let asks = form.find("name=\"contact_phone\"").expect("the telephone is asked for");
        assert!(form.contains(LINE) && form[..asks].contains("用途："), "where it is asked for: {form}");
        assert!(
            !steward.get("/people/new?type=expert").is(200).text().contains(LINE),
            "who works here knows"
        );
        let mine = firm.get("/account/data").is(200).text();
        assert!(mine.contains("办事时留下的联系方式") && mine.contains("已告知（"), "{mine}");
        let carried = firm.get("/account/data.json").is(200).value();
        assert_eq!(carried["consents"][0]["scope"], json!("asked"), "{carried}");
        assert_eq!(text(&carried["consents"][0], "text").len(), 64, "the digest of what was read");
        // The same form sent twice tells once.
        let again = world::post_need(&firm, "另一项需求", world::NEED.1);
        assert_ne!(again.number, demand.number);

        // A request to be erased stands with who decides it, until it is decided.
        assert!(!steward.get("/work").is(200).text().contains("/erasures"), "nothing waits");
        firm.post("/account/data", &[("ask", "erasure"), ("note", "请删除")]).is(303);
        for page in ["/work", "/notices"] {
            let told = steward.get(page).is(200).text();
            assert!(told.contains("删除个人信息的请求（1）") && told.contains("/erasures"), "{page}: {told}");
            assert!(!officer.get(page).is(200).text().contains("/erasures"), "{page}");
        }
        let desk = steward.get("/erasures").is(200).text();
        let row = desk.split("name=\"row\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        steward.post("/erasures", &[("row", row.expect("a request")), ("do", "erase")]).is(303);
        assert!(!steward.get("/work").is(200).text().contains("/erasures"));
    }

    #[test]
    fn whoever_is_asked_is_told_what_it_is_for_and_agrees_or_takes_back_at_once() {
        let scene = scene(Store::Sqlite);
        let notice = scene.house.visitor().get("/privacy").is(200).text();
        for told in ["联系电话", "由经手人员联系本人", "本人、被指定的人和经办人员"]
        {
            assert!(notice.contains(told), "{told}");
        }
        let form = scene.officer.get("/people/new?type=expert").is(200).text();
        assert!(form.contains("用途：由经手人员联系本人"), "the form says it where it asks");

        let card = format!("/api/v1/people/{}", scene.expert.number);
        let seen = || scene.house.visitor().get(&card).status;
        assert_eq!(seen(), 200);
        assert!(scene.person.page().contains("尚未表示"));
        scene.person.ask("POST", "/account/data", "withdraw=publish").is(303);
        assert_eq!(seen(), 404, "at once");
        let page = scene.person.page();
        assert!(page.contains("已撤回（"), "{page}");
        scene.person.ask("POST", "/account/data", "agree=publish").is(303);
        assert_eq!(seen(), 200);
        scene.person.ask("POST", "/account/data", "withdraw=invite").is(303);
        let own = scene.person.ask("GET", &card, "").is(200).value();
        assert_eq!((&own["fields"]["paused"], &own["fields"]["no_ranking"]), (&json!(true), &json!(true)));
        let told = scene.person.ask("GET", "/account/data.json", "").is(200).value();
        let said: Vec<(String, Value)> = told["consents"]
            .as_array()
            .expect("consents")
            .iter()
            .map(|one| (text(one, "scope"), one["given"].clone()))
            .collect();
        let expected = [("publish", false), ("publish", true), ("invite", false)];
        assert_eq!(said, expected.map(|(scope, given)| (scope.to_owned(), json!(given))));
        assert_eq!(scene.house.visitor().get("/account/data").status, 401);
        scene.person.ask("POST", "/account/data", "withdraw=nonsense").is(400);
    }

    #[test]
    fn everything_about_me_can_be_carried_off_and_nothing_of_a_secret() {
        let scene = scene(Store::Sqlite);
        let pair = matched(&scene);
        let told = scene.person.ask("GET", "/account/data.json", "").is(200);
        let body = told.value();
        let records = body["records"].as_array().expect("records");
        let kinds: Vec<String> = records.iter().map(|record| text(record, "kind")).collect();
        assert_eq!(kinds[0], "person");
        for kind in ["match", "case", "demand"] {
            assert!(kinds.iter().any(|of| of == kind), "{kind} in {kinds:?}");
        }
        assert_eq!(records[0]["fields"]["contact_phone"], json!(PHONE));
        let page = scene.person.page();
        assert!(
            page.contains(&pair.number) && page.contains("本人档案") && page.contains("提到我"),
            "{page}"
        );
        let digest = Sha256::digest(b"a-session-of-the-expert");
        let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(!told.text().contains("a-session-of") && !told.text().contains(&hex));
        let sheet = scene.person.ask("GET", "/account/data.xlsx", "").is(200);
        let rows = cells(&sheet.body);
        assert!(rows.iter().any(|row| row.iter().any(|cell| cell == PHONE)), "{rows:?}");
        scene.person.ask("GET", "/account/data.csv", "").is(404);
    }

    fn erased_with_every_copy(store: Store) {
        let scene = scene(store);
        let pair = matched(&scene);
        let before = scene.officer.get(&pair.api()).is(200).text();
        assert!(before.contains(PHONE), "{before}");
        let long = format!("ask=erasure&note={}", "x".repeat(501));
        let refused = scene.person.ask("POST", "/account/data", &long).is(422).text();
        assert!(
            refused.contains(&"x".repeat(501)) && refused.contains("500"),
            "what was typed is still there"
        );
        scene.person.ask("POST", "/account/data", "ask=erasure&note=%E8%AF%B7%E5%88%A0%E9%99%A4").is(303);
        assert!(scene.person.page().contains("等待平台管理员办理"));

        scene.officer.get("/erasures").is(404);
        let desk = scene.steward.get("/erasures").is(200).text();
        assert!(desk.contains(NAME) && desk.contains("请删除"), "{desk}");
        let row = desk.split("name=\"row\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        let row = row.expect("a row").to_owned();
        let decide = |what: &str, reason: &str| {
            scene.steward.post("/erasures", &[("row", &row), ("do", what), ("reason", reason)]).is(303)
        };
        decide("refuse", " ");
        assert!(scene.person.page().contains("等待平台管理员办理"), "a refusal needs a reason");
        decide("refuse", "有正在履行的合同");
        assert!(scene.person.page().contains("有正在履行的合同"));
        scene.person.ask("POST", "/account/data", "ask=erasure").is(303);
        let desk = scene.steward.get("/erasures").is(200).text();
        let row = desk.split("name=\"row\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        let row = row.expect("another row").to_owned();
        scene.steward.post("/erasures", &[("row", &row), ("do", "erase")]).is(303);

        assert_eq!(scene.person.ask("GET", "/account/data", "").status, 401, "the session is gone");
        for path in ["/people", "/matches", "/cases", "/demands", "/erasures", "/accounts", "/notices"] {
            for who in [&scene.officer, &scene.steward] {
                let told = who.get(path).text();
                assert!(!told.contains(NAME) && !told.contains(PHONE), "{path}");
            }
        }
        let after = scene.officer.get(&pair.page()).is(200).text();
        assert!(!after.contains(NAME) && !after.contains(PHONE), "{after}");
        assert!(after.contains("抹去他人的个人信息"), "the history says what was done");
        let found = scene.officer.get("/api/v1/search?q=%E6%B2%88%E7%A0%9A%E7%A7%8B").is(200).text();
        assert!(!found.contains(NAME), "{found}");
        assert!(try_make(&scene.officer, &scene.expert, "list", json!({})).status >= 400);
        let site = scene.house.close();
        let sound = site.run(&["verify"]);
        assert!(sound.status.success(), "{sound:?}");
    }

    #[test]
    fn who_asks_is_erased_with_every_copy_and_the_store_stays_sound() {
        erased_with_every_copy(Store::Sqlite);
    }

    #[test]
    fn who_asks_is_erased_on_postgres_too() {
        erased_with_every_copy(Store::Postgres);
    }
}
