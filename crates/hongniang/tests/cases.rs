//! A case from its first call to a contract and the word that it is done; visits noted on a phone; what was signed at an
//! event; the ledger of visits; the sheet by which a contract is registered.

#[cfg(test)]
#[expect(dead_code, reason = "each test program uses the part of the harness it needs")]
mod harness;

#[cfg(test)]
mod cases {
    use serde_json::{Value, json};

    use crate::harness::client::Client;
    use crate::harness::world::{self, Filed, file, make, text, try_file, try_make};
    use crate::harness::{Holder, House, Store, cells};

    const PEOPLE: [Holder; 3] = [
        ("hu", "officer", "330000", "胡令仪（虚构）"),
        ("luo", "liaison", "330521", "罗清和（虚构）"),
        ("far", "officer", "340000", "王越（虚构）"),
    ];

    fn unit(officer: &Client, type_path: &str, title: &str) -> Filed {
        let filed = file(officer, "organizations", type_path, json!({ "title": title, "place": "330521" }));
        make(officer, &filed, "list", json!({}));
        filed
    }

    fn expert(officer: &Client, title: &str) -> Filed {
        let fields = json!({ "title": title, "place": "330521", "expertise": "冷压工艺" });
        let filed = file(officer, "people", "expert", fields);
        make(officer, &filed, "list", json!({}));
        filed
    }

    fn case(officer: &Client, firm: &Filed) -> Filed {
        let fields = json!({ "title": "冷压强度对接（演示）", "party": firm.id, "place": "330521" });
        file(officer, "cases", "docking", fields)
    }

    fn fields_of(who: &Client, record: &Filed) -> Value {
        who.get(&record.api()).is(200).value()["fields"].clone()
    }

    fn stage(who: &Client, record: &Filed) -> String {
        text(&who.get(&record.api()).is(200).value(), "stage")
    }

    fn listed(officer: &Client, type_path: &str, more: Value) -> Filed {
        let mut fields = json!({ "title": "冷压工艺合作（演示）", "place": "330521" });
        fields.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        let filed = file(officer, "agreements", type_path, fields);
        make(officer, &filed, "list", json!({}));
        filed
    }

    /// Codes of the faults of a refused write, with their fields.
    fn faults(told: &Value) -> Vec<(String, String)> {
        let errors = told["errors"].as_array().cloned().unwrap_or_default();
        errors.iter().map(|error| (text(error, "pointer"), text(error, "code"))).collect()
    }

    fn has(told: &Value, field: &str, code: &str) -> bool {
        faults(told).contains(&(format!("/fields/{field}"), code.to_owned()))
    }

    fn from_talks_to_done(store: Store) {
        let house = House::open(store, &PEOPLE);
        let (officer, far) = (house.person("hu"), house.person("far"));
        let firm = unit(&officer, "firm", "翠云木业（演示）");
        let (adviser, me) = (expert(&officer, "沈砚秋（虚构）"), world::person_of(&officer));
        let about = case(&officer, &firm);
        let told =
            try_make(&officer, &about, "begin", json!({ "service_form": "pair", "liaison": me })).is(422);
        assert!(has(&told.value(), "adviser", "service-form"), "{:?}", told.value());
        let pair = json!({ "service_form": "pair", "liaison": me, "adviser": adviser.id,
                           "next_on": "2026-12-01", "next_step": "看样板" });
        make(&officer, &about, "begin", pair);
        let due = text(&officer.get(&about.api()).value(), "due");
        assert_eq!(due, "2026-12-01", "the next step is a promise with a day");
        let force = json!({ "service_form": "task_force", "task_force": "木业专班", "officer": me });
        let told = try_make(&officer, &about, "staff", force).is(422).value();
        assert!(has(&told, "expert", "service-form"), "{told}");
        far.get(&about.api()).is(404);

        // An intent is no contract, and a contract that is not listed is none yet.
        listed(&officer, "intent", json!({ "case": about.id, "parties": [firm.id] }));
        let told = try_make(&officer, &about, "agree", json!({})).is(409).value();
        assert!(told.to_string().contains("意向不算合同"), "{told}");
        let contract = json!({ "title": "冷压工艺开发（演示）", "case": about.id, "place": "330521",
                               "signed_on": "2026-11-20", "amount": "60万元" });
        let contract = file(&officer, "agreements", "contract.development", contract);
        try_make(&officer, &about, "agree", json!({})).is(409);
        make(&officer, &contract, "list", json!({}));
        make(&officer, &about, "agree", json!({}));
        try_make(&officer, &about, "deliver", json!({})).is(422);
        make(&officer, &about, "deliver", json!({ "result": "冷压强度 1.06 MPa" }));
        make(&officer, &about, "rework", json!({ "note": "再测一批" }));
        make(&officer, &about, "deliver", json!({}));
        make(&officer, &about, "finish", json!({}));
        assert_eq!(stage(&officer, &about), "done");
    }

    #[test]
    fn a_case_goes_from_talks_by_a_contract_and_delivery_to_done_on_sqlite() {
        from_talks_to_done(Store::Sqlite);
    }

    #[test]
    fn a_case_goes_from_talks_by_a_contract_and_delivery_to_done_on_postgres() {
        from_talks_to_done(Store::Postgres);
    }

    #[test]
    fn an_intent_is_no_contract_and_becomes_one_only_as_a_record_of_its_own() {
        let house = House::open(Store::Sqlite, &PEOPLE);
        let officer = house.person("hu");
        let wrong = json!({ "title": "冷压工艺合作意向（演示）", "place": "330521", "registration": "2026-12",
                            "amount": "60万元", "technology_amount": "70万元" });
        let told = try_file(&officer, "agreements", "contract.development", wrong).is(422).value();
        // What the record says of itself is told before what it must keep beyond itself.
        assert!(has(&told, "technology_amount", "above"), "{told}");
        let wrong =
            json!({ "title": "冷压工艺合作意向（演示）", "place": "330521", "registration": "2026-12" });
        let told = try_file(&officer, "agreements", "contract.development", wrong).is(422).value();
        for (field, code) in [
            ("title", "intent-no-contract"),
            ("signed_on", "contract-needs"),
            ("amount", "contract-needs"),
            ("registration", "registration-number"),
        ] {
            assert!(has(&told, field, code), "{field} {code}: {told}");
        }
        assert!(told.to_string().contains("意向不是合同，请改选合作意向"), "{told}");
        let firm = unit(&officer, "firm", "翠云木业（演示）");
        let intent = listed(&officer, "intent", json!({ "parties": [firm.id], "amount": "60万元" }));
        let page = officer.get(&intent.page()).is(200).text();
        let link = page.split("href=\"").find(|rest| rest.starts_with("/agreements/new?")).expect("a way on");
        let link = link.split('"').next().unwrap_or_default().replace("&amp;", "&").replace("&#38;", "&");
        let form = officer.get(&link).is(200).text();
        assert!(form.contains(&intent.id) && form.contains(&firm.id), "filled in from the intent: {form}");
        let other = listed(&officer, "memorandum", json!({}));
        let signed = |from: &Filed| {
            let fields = json!({ "title": "冷压工艺开发（演示）", "place": "330521", "signed_on": "2026-11-20",
                                 "amount": "60万元", "from_intent": from.id });
            try_file(&officer, "agreements", "contract.development", fields)
        };
        assert!(has(&signed(&other).is(422).value(), "from_intent", "no-intent"));
        signed(&intent).is(201);
        assert_eq!(stage(&officer, &intent), "listed", "the intent stays as it is");
    }

    #[test]
    fn a_contract_is_confirmed_by_its_parties_performed_by_milestones_and_renewed() {
        let house = House::open(Store::Sqlite, &PEOPLE);
        let officer = house.person("hu");
        let firm = unit(&officer, "firm", "翠云木业（演示）");
        let contract = listed(
            &officer,
            "contract.development",
            json!({ "parties": [firm.id], "signed_on": "2026-11-01", "amount": "60万元" }),
        );
        let refused = try_make(&officer, &contract, "confirm", json!({}));
        assert!(refused.status >= 400, "an officer is no party");
        let milestones = json!([
            { "name": "样机", "due": "2027-03-31", "amount": "20万元" },
            { "name": "验收", "due": "2027-09-30", "amount": "40万元" },
        ]);
        let due = |who: &Client| text(&who.get(&contract.api()).is(200).value(), "due");
        make(&officer, &contract, "perform", json!({ "until": "2027-12-31", "milestones": milestones }));
        assert_eq!(due(&officer), "2027-03-31", "the nearest open milestone");
        let reached = json!([
            { "name": "样机", "due": "2027-03-31", "amount": "20万元", "done_on": "2026-11-20" },
            { "name": "验收", "due": "2027-09-30", "amount": "40万元" },
        ]);
        let ahead = json!([{ "name": "样机", "due": "2027-03-31", "done_on": "2099-01-01" }]);
        let told = try_make(&officer, &contract, "reach-milestone", json!({ "milestones": ahead })).is(422);
        assert!(has(&told.value(), "milestones/0/done_on", "in-future"), "{}", told.text());
        make(&officer, &contract, "reach-milestone", json!({ "milestones": reached }));
        assert_eq!(due(&officer), "2027-09-30", "the next one");
        let all = json!([{ "name": "样机", "due": "2027-03-31", "done_on": "2026-11-20" }]);
        make(&officer, &contract, "reach-milestone", json!({ "milestones": all }));
        assert_eq!(due(&officer), "2027-11-01", "sixty days before it ends");
        make(&officer, &contract, "renew", json!({ "until": "2028-12-31" }));
        assert_eq!(due(&officer), "2028-11-01");
        make(&officer, &contract, "let-end", json!({}));
        house.visitor().get(&contract.page()).is(200);
    }

    #[test]
    fn a_visit_is_noted_on_one_screen_and_once_however_often_it_is_sent() {
        let house = House::open(Store::Sqlite, &PEOPLE);
        let (officer, liaison) = (house.person("hu"), house.person("luo"));
        let firm = unit(&officer, "firm", "翠云木业（演示）");
        let known = expert(&officer, "沈砚秋（虚构）");
        let about = case(&officer, &firm);
        house.visitor().get("/visits/quick").is(401);
        let page = liaison.get(&format!("/visits/quick?case={}", about.number)).is(200).text();
        assert!(page.contains("翠云木业") && page.contains("name=\"once\""), "{page}");
        const ONCE: &str = "6fa459ea-ee8a-4ca4-894e-db77e160355e";
        let note = |who: &Client, more: &[(&str, &str)]| {
            let base = [
                ("once", ONCE),
                ("firm_name", "翠云木业（演示）"),
                ("visited_on", "2026-11-20"),
                ("people", "2"),
                ("expert_names", "沈砚秋（虚构）、罗生门（虚构）"),
                ("minutes", "看了冷压车间。\n涂胶不匀。"),
                ("next_step", "寄样板"),
                ("next_on", "2026-12-01"),
                ("case", about.id.as_str()),
                ("do", "save"),
            ];
            let rest = base.iter().filter(|(name, _)| !more.iter().any(|(other, _)| other == name));
            who.post("/visits/quick", &rest.chain(more).copied().collect::<Vec<_>>())
        };
        let wrong = [("visited_on", "2027-11-20"), ("firm_name", "翠云"), ("people", "许多")];
        let again = note(&liaison, &wrong).is(422).text();
        for said in ["这一天还没到", "名录里没有正好叫", "看了冷压车间", "寄样板", "许多", ONCE]
        {
            assert!(again.contains(said), "{said} on {again}");
        }
        let first = note(&liaison, &[]).is(303).location().to_owned();
        let second = note(&liaison, &[]).is(303).location().to_owned();
        assert_eq!(first, second, "one note, one visit");
        let saved = liaison.get(&first).is(200).text();
        assert!(saved.contains("再记一条") && saved.contains("已记下"), "{saved}");
        let number = first.rsplit('=').next().unwrap_or_default();
        let filed = world::filed("visits", &liaison.get(&format!("/api/v1/visits/{number}")).is(200));
        let told = fields_of(&liaison, &filed);
        assert_eq!(told["experts"], json!([known.id]));
        assert!(
            text(&told, "minutes").contains("同去：罗生门（虚构）"),
            "who is not known stands in the minutes"
        );
        assert_eq!(
            text(&fields_of(&officer, &about), "next_on"),
            "2026-12-01",
            "the case goes on from there"
        );
        // Another's note with the same UUID is another note.
        let other = note(&officer, &[]).is(303).location().to_owned();
        assert_ne!(first, other);
        let list: Value = officer.get("/api/v1/visits").is(200).value();
        assert_eq!(list.pointer("/count/n").and_then(Value::as_u64), Some(2));
        // A firm nobody knows is filed when one says so.
        let new = [("firm_name", "新安竹业（演示）"), ("once", "6fa459ea-ee8a-4ca4-894e-db77e160355f")];
        note(&liaison, &new).is(422);
        let chosen: Vec<(&str, &str)> = new.iter().chain(&[("firm", "new")]).copied().collect();
        note(&liaison, &chosen).is(303);
    }

    #[test]
    fn the_minutes_go_round_and_each_who_was_there_confirms_them_once() {
        let house = House::open(Store::Sqlite, &PEOPLE);
        let (officer, liaison) = (house.person("hu"), house.person("luo"));
        let there = world::person_of(&liaison);
        let fields = json!({ "title": "现场诊断（演示）", "visited_on": "2026-11-18", "place": "330521",
                             "experts": [there] });
        let visit = file(&officer, "visits", "diagnosis", fields);
        try_make(&officer, &visit, "send-minutes", json!({})).is(422);
        make(&officer, &visit, "send-minutes", json!({ "minutes": "先降涂胶量。" }));
        let refused = try_make(&officer, &visit, "confirm", json!({}));
        assert!(refused.status >= 400, "who was not there confirms nothing");
        make(&liaison, &visit, "confirm", json!({ "correction": "还要测含水率。" }));
        let told = fields_of(&officer, &visit);
        assert_eq!(
            (&told["confirmed_by"], text(&told, "correction").as_str()),
            (&json!([there]), "还要测含水率。")
        );
        try_make(&liaison, &visit, "confirm", json!({})).is(409);
    }

    #[test]
    fn the_ledger_counts_person_times_and_each_firm_once_and_shows_clashes() {
        let house = House::open(Store::Sqlite, &PEOPLE);
        let (officer, far) = (house.person("hu"), house.person("far"));
        let firms = ["翠云木业（演示）", "禾木家居（演示）"].map(|title| unit(&officer, "firm", title));
        let known = expert(&officer, "沈砚秋（虚构）");
        for (firm, people) in [(&firms[0], 3), (&firms[0], 2), (&firms[1], 1)] {
            let fields = json!({ "title": "入企服务（演示）", "visited_on": "2026-11-18", "place": "330521",
                                 "firm": firm.id, "people": people, "experts": [known.id] });
            file(&officer, "visits", "service", fields);
        }
        let page =
            officer.get("/visits/ledger?since=2026-01-01&until=2026-12-31&place=330521").is(200).text();
        let tally = page.split("sums-tally\"").nth(1).and_then(|rest| rest.split("</div>").next());
        let numbers: Vec<&str> = tally
            .unwrap_or_default()
            .split("class=\"figure\">")
            .skip(1)
            .filter_map(|rest| rest.split('<').next())
            .collect();
        assert_eq!(numbers, ["3", "6", "2", "0"], "visits, person-times, firms, societies");
        assert!(page.contains("1 处日期冲突") && page.contains("沈砚秋（虚构）"), "{page}");
        let sheet = officer.get("/visits/ledger.xlsx?since=2026-01-01&until=2026-12-31&place=330521").is(200);
        let rows = cells(&sheet.body);
        assert_eq!(rows.len(), 4, "{rows:?}");
        assert!(rows[1].contains(&"2026-11-18".to_owned()), "{rows:?}");
        let none = far.get("/visits/ledger?place=").is(200).text();
        assert!(!none.contains("翠云木业"), "what one may not read is not counted: {none}");
    }

    #[test]
    fn what_is_signed_at_an_event_opens_its_case_when_it_is_listed() {
        let house = House::open(Store::Sqlite, &PEOPLE);
        let officer = house.person("hu");
        let firm = unit(&officer, "firm", "翠云木业（演示）");
        let event = json!({ "title": "双向对接会（演示）", "place": "330521", "held_on": "2026-11-19" });
        let event = file(&officer, "events", "docking", event);
        let signed = |more: Value| {
            let mut fields = json!({ "parties": [firm.id] });
            fields.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
            fields_of(&officer, &listed(&officer, "intent", fields))
        };
        let cases = || {
            let found = officer.get("/api/v1/cases").is(200).value()["items"].clone();
            found.as_array().cloned().unwrap_or_default()
        };
        assert!(signed(json!({})).get("case").is_none(), "signed at no event");
        assert!(
            signed(json!({ "event": event.id, "signed_on": "2020-05" })).get("case").is_none(),
            "long ago"
        );
        assert!(cases().is_empty());
        let fresh = signed(json!({ "event": event.id }));
        let case = world::filed("cases", &officer.get(&format!("/api/v1/cases/{}", text(&fresh, "case"))));
        let found = fields_of(&officer, &case);
        assert_eq!(text(&found, "liaison"), world::person_of(&officer), "whoever listed it goes on with it");
        assert_eq!(text(&found, "party"), firm.id);
        assert!(!text(&found, "next_on").is_empty() && cases().len() == 1, "{found}");
        let again = signed(json!({ "event": event.id, "case": case.id }));
        assert_eq!((text(&again, "case"), cases().len()), (case.id, 1), "one that has a case keeps it");
    }

    #[test]
    fn slips_of_an_event_become_intents_with_a_case_each_all_faults_at_once() {
        let house = House::open(Store::Sqlite, &PEOPLE);
        let (officer, far) = (house.person("hu"), house.person("far"));
        let firm = unit(&officer, "firm", "翠云木业（演示）");
        let fields = json!({ "title": "双向对接会（演示）", "place": "330521", "held_on": "2026-11-19" });
        let event = file(&officer, "events", "docking", fields);
        make(&officer, &event, "list", json!({}));
        let address = format!("{}/slips", event.page());
        far.get(&address).is(404);
        let form = officer.get(&address).is(200).text();
        let token = form.split("name=\"token\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        let token = token.expect("a token").to_owned();
        let slips = |more: &[(&'static str, &'static str)]| -> Vec<(String, String)> {
            let typed = [
                ("slip.0.firm", "翠云木业（演示）"),
                ("slip.0.partner", "云栖农林大学（演示）"),
                ("slip.0.title", "冷压工艺合作（演示）"),
                ("slip.0.amount", "60万元"),
                ("slip.0.follower", "胡令仪（虚构）"),
                ("slip.0.follow_up_on", "2026-12-05"),
                ("slip.1.firm", "新安竹业（演示）"),
                ("slip.1.title", "竹板干燥（演示）"),
                ("slip.1.amount", "不知道"),
                ("slip.1.follower", "没有这个人"),
                ("slip.1.follow_up_on", "2026-12-06"),
                ("do", "save"),
            ];
            let rest = typed.iter().filter(|(name, _)| !more.iter().any(|(other, _)| other == name));
            let all = rest.chain(more).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            all.chain([("token".to_owned(), token.clone())]).collect()
        };
        let post = |who: &Client, typed: Vec<(String, String)>| {
            let typed: Vec<(&str, &str)> = typed.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
            who.post(&address, &typed)
        };
        let again = post(&officer, slips(&[])).is(422).text();
        for said in ["没有“云栖农林大学", "没有“新安竹业", "没有正好叫“没有这个人”", "不知道", "竹板干燥"]
        {
            assert!(again.contains(said), "{said} on {again}");
        }
        let mended = [("slip.1.amount", ""), ("slip.1.follower", "胡令仪（虚构）"), ("new_units", "1")];
        post(&officer, slips(&mended)).is(303);
        post(&officer, slips(&mended)).is(303);
        let intents = officer.get("/api/v1/agreements?type=intent").is(200);
        assert_eq!(world::titles(&intents).len(), 2, "a table sent twice files each slip once");
        let open = officer.get("/api/v1/cases?stage=open").is(200);
        assert_eq!(world::titles(&open).len(), 2, "each slip has its case");
        let items = open.value()["items"].as_array().cloned().unwrap_or_default();
        assert!(items.iter().all(|item| !text(item, "due").is_empty()), "and a day: {items:?}");
        let filed = officer.get(&address).is(200).text();
        assert!(filed.contains("已登记 2 份") && filed.contains("60万元"), "{filed}");
        let firm_now = officer.get(&firm.page()).is(200).text();
        assert!(firm_now.contains("冷压工艺合作"), "it hangs on the firm");
    }

    #[test]
    fn the_registration_sheet_is_filled_in_as_far_as_the_register_goes() {
        let house = House::open(Store::Sqlite, &PEOPLE);
        let officer = house.person("hu");
        let buyer = unit(&officer, "firm", "翠云木业（演示）");
        let seller = unit(&officer, "university", "云栖农林大学（演示）");
        let more = json!({ "parties": [buyer.id, seller.id], "signed_on": "2026-11-01", "amount": "60万元",
                           "technology_amount": "50万元", "registration": "2026330521000123" });
        let contract = listed(&officer, "contract.development", more);
        assert!(officer.get(&contract.page()).text().contains("/registration"), "the page leads there");
        let address = format!("{}/registration", contract.page());
        let page = officer.get(&address).is(200).text();
        for said in ["2026330521000123", "60万元", "50万元", "022 高等院校", "330521", "草稿", "待填"]
        {
            assert!(page.contains(said), "{said} on {page}");
        }
        let rows = cells(&officer.get(&format!("{address}.xlsx")).is(200).body);
        assert!(rows.iter().any(|row| row.contains(&"技术开发合同".to_owned())), "{rows:?}");
        house.visitor().get(&address).is(401);
        house.person("far").get(&address).is(404);
        let intent = listed(&officer, "intent", json!({}));
        officer.get(&format!("{}/registration", intent.page())).is(404);
    }
}
