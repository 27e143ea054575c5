//! A broker puts someone forward and is named for it; who has which part in a case is settled before its contract, comes to no
//! more than a hundred, and is not touched afterwards.

#[cfg(test)]
#[expect(dead_code, reason = "each test program uses the part of the harness it needs")]
mod harness;

#[cfg(test)]
mod credits {
    use serde_json::{Value, json};

    use crate::harness::client::{Answer, Client};
    use crate::harness::world::{self, Filed, file, filed, make, text, try_file, try_make};
    use crate::harness::{Holder, House, Site, Store, link_in};

    const PEOPLE: [Holder; 5] = [
        ("hu", "officer", "330000", "胡令仪（虚构）"),
        ("qian", "broker", "330500", "钱巧云（虚构）"),
        ("sun", "broker", "330500", "孙远（虚构）"),
        ("far", "officer", "340000", "王越（虚构）"),
        ("luo", "liaison", "330521", "罗清和（虚构）"),
    ];

    fn expert(officer: &Client, title: &str) -> Filed {
        let fields = json!({ "title": title, "place": "330100", "industry": ["C202"],
                             "keywords": ["豆粕胶", "冷压", "胶合板"],
                             "expertise": "豆粕胶冷压初黏低、胶合板板坯分层的诊断" });
        let filed = file(officer, "people", "expert", fields);
        make(officer, &filed, "list", json!({}));
        filed
    }

    /// The one record of a list that the client reads.
    #[track_caller]
    fn only(who: &Client, list: &str) -> Filed {
        let items = who.get(&format!("/api/v1/{list}?first=100")).is(200).value()["items"].clone();
        let items = items.as_array().cloned().unwrap_or_default();
        assert_eq!(items.len(), 1, "{items:?}");
        Filed { kind: list.to_owned(), number: text(&items[0], "number"), id: text(&items[0], "id") }
    }

    /// The id of somebody of the house.
    #[track_caller]
    fn person(officer: &Client, name: &str) -> String {
        let found = officer.get("/api/v1/people?first=100").is(200).value();
        let items = found["items"].as_array().cloned().unwrap_or_default();
        let one = items.iter().find(|item| text(item, "title") == name);
        text(one.unwrap_or_else(|| panic!("{name} in {found}")), "id")
    }

    fn fields_of(who: &Client, record: &Filed) -> Value {
        who.get(&record.api()).is(200).value()["fields"].clone()
    }

    /// Codes of the faults of a refused write, with their fields.
    fn faults(told: &Value) -> Vec<String> {
        let errors = told["errors"].as_array().cloned().unwrap_or_default();
        errors.iter().map(|error| format!("{} {}", text(error, "pointer"), text(error, "code"))).collect()
    }

    /// What a form carries beside its lines.
    fn token(page: &str) -> String {
        let rest = page.split("name=\"token\" value=\"").nth(1).expect("a token");
        rest.split('"').next().unwrap_or_default().to_owned()
    }

    fn a_broker_is_named(store: Store) {
        let house = House::open(store, &PEOPLE);
        let (officer, broker, other) = (house.person("hu"), house.person("qian"), house.person("sun"));
        let firm = house.visitor();
        let candidate = expert(&officer, "沈砚秋（虚构）");
        let more = [("firm_name", json!("云岫木业（演示）")), ("not_duplicate", json!(true))];
        let demand = world::publish_need(&firm, &officer, &more[..1]);
        world::settle(&officer);

        let page = broker.get(&demand.page()).is(200).text();
        assert!(page.contains(&format!("{}/match", demand.page())), "the way there stands on the demand");
        let offer = format!("{}/suggest?candidate={}", demand.page(), candidate.id);
        assert!(broker.get(&format!("{}/match", demand.page())).is(200).text().contains(&offer));
        let form = broker.get(&offer).is(200).text();
        assert!(form.contains("沈砚秋（虚构）"), "{form}");
        let there = format!("{}/suggest", demand.page());
        let empty = broker.post(&there, &[("candidate", &candidate.id), ("do", "save")]).is(422).text();
        assert!(empty.contains("推荐理由"), "why is asked");
        let said = [
            ("candidate", candidate.id.as_str()),
            ("reasons", "去年在同一条冷压线上调过豆粕胶"),
            ("token", &token(&form)),
            ("do", "save"),
        ];
        let told = broker.follow(broker.post(&there, &said).is(303)).is(200).text();
        assert!(told.contains("您的姓名和时间已记入这条推荐"), "{told}");
        broker.post(&there, &said).is(303);

        let of = only(&officer, "matches");
        let me = person(&officer, "钱巧云（虚构）");
        assert_eq!(text(&fields_of(&officer, &of), "broker"), me, "who put forward is named");
        broker.get(&of.page()).is(404);
        let judging = firm.get(&format!("{}/match", demand.page())).is(200).text();
        for words in ["有人推荐，等待判断", "去年在同一条冷压线上调过豆粕胶", "提出"]
        {
            assert!(judging.contains(words), "{words} in {judging}");
        }
        let history = officer.get(&of.page()).is(200).text();
        assert!(history.contains("钱巧云（虚构）"), "{history}");
        // Nobody puts anyone forward by an office they do not hold, nor in another's name.
        house.person("luo").get(&offer).is(403);
        let forged = json!({ "title": "冒名", "demand": demand.id, "candidate": candidate.id, "broker": me });
        assert_eq!(
            faults(&try_file(&other, "matches", "", forged).is(422).value()),
            ["/fields/broker not-writable"]
        );
        let plain = broker.get(&format!("/matches/new?demand={}", demand.id)).is(200).text();
        let again = [
            ("title", "另一位"),
            ("demand", &demand.id),
            ("candidate", &candidate.id),
            ("token", &token(&plain)),
            ("do", "save"),
        ];
        let away = broker.post("/matches/new", &again).is(303);
        assert_eq!(broker.follow(away).status, 200, "no page of another's record");

        the_case_goes_on(&house, (&officer, &broker, &other), &firm, (&of, &candidate));
    }

    /// Both sides say yes; the case knows its broker, and its ledger what the broker did.
    fn the_case_goes_on(
        house: &House,
        (officer, broker, other): (&Client, &Client, &Client),
        firm: &Client,
        (of, candidate): (&Filed, &Filed),
    ) {
        make(firm, of, "fit", json!({}));
        let words =
            json!({ "message": "您做过", "effort": "半天", "reward": "paid", "expert": candidate.id });
        make(officer, of, "invite", words);
        make(officer, of, "accept", json!({}));
        let (me, case) = (person(officer, "钱巧云（虚构）"), only(broker, "cases"));
        assert_eq!(fields_of(officer, &case)["brokers"], json!([me]));
        let credit = only(broker, "credits");
        let found = fields_of(officer, &credit);
        assert_eq!((text(&found, "contribution"), text(&found, "credited")), ("found_supply".into(), me));
        let page = broker.get(&case.page()).is(200).text();
        for words in ["贡献登记", "找到供给", "还剩", "100%", "登记一份贡献"] {
            assert!(page.contains(words), "{words} in {page}");
        }
        for stranger in [other, &house.person("far"), &house.visitor()] {
            stranger.get(&credit.page()).is(404);
            stranger.get(&case.page()).is(404);
        }
        assert!(
            try_make(broker, &credit, "agree", json!({ "share": 40 })).status >= 400,
            "not by the broker"
        );
        make(officer, &credit, "agree", json!({ "share": 40 }));
        let found = fields_of(broker, &credit);
        assert_eq!(found["agreed_on"], found["proposed_on"], "{found}");
    }

    #[test]
    fn a_broker_who_puts_someone_forward_is_named_and_goes_with_the_case_on_sqlite() {
        a_broker_is_named(Store::Sqlite);
    }

    #[test]
    fn a_broker_who_puts_someone_forward_is_named_and_goes_with_the_case_on_postgres() {
        a_broker_is_named(Store::Postgres);
    }

    /// A firm, its member, a case in talks, and those who had a part in it.
    struct Talks {
        house: House,
        officer: Client,
        firm: Client,
        case: Filed,
        unit: Filed,
        brokers: [Filed; 2],
    }

    fn member(site: &Site, unit: &Filed) -> String {
        let words = [
            "account",
            "zheng",
            "--role",
            "member",
            "--organization",
            &unit.id,
            "--person",
            "郑知远（虚构）",
        ];
        link_in(&String::from_utf8_lossy(&site.run(&words).stdout)).expect("a link")
    }

    fn talks(store: Store) -> Talks {
        let house = House::open(store, &PEOPLE);
        let officer = house.person("hu");
        let unit = json!({ "title": "翠云木业（演示）", "place": "330521" });
        let unit = file(&officer, "organizations", "firm", unit);
        make(&officer, &unit, "list", json!({}));
        let brokers = ["孟牵云（虚构）", "詹通海（虚构）"].map(|name| {
            let one = file(&officer, "people", "broker", json!({ "title": name, "place": "330521" }));
            make(&officer, &one, "list", json!({}));
            one
        });
        let site = house.close();
        let link = member(&site, &unit);
        let house = House::on(site);
        let (officer, firm) = (house.again(&officer), house.visitor());
        firm.enter(&link);
        let fields = json!({ "title": "冷压强度对接（演示）", "party": unit.id, "place": "330521" });
        let case = file(&officer, "cases", "docking", fields);
        make(&officer, &case, "begin", json!({ "brokers": [brokers[0].id] }));
        Talks { house, officer, firm, case, unit, brokers }
    }

    impl Talks {
        fn credit(&self, who: &Client, broker: usize, part: &str, share: u32) -> Answer {
            let fields = json!({ "title": "冷压强度对接（演示）", "case": self.case.id, "share": share,
                                 "credited": self.brokers[broker].id, "contribution": part });
            try_file(who, "credits", "", fields)
        }

        fn sign(&self) {
            let contract = json!({ "title": "冷压工艺开发（演示）", "case": self.case.id, "place": "330521",
                                   "parties": [self.unit.id], "signed_on": "2026-11-20", "amount": "60万元" });
            let contract = file(&self.officer, "agreements", "contract.development", contract);
            make(&self.officer, &contract, "list", json!({}));
            make(&self.officer, &self.case, "agree", json!({}));
        }
    }

    fn shares_are_settled(store: Store) {
        let at = talks(store);
        let (officer, firm) = (&at.officer, &at.firm);
        try_file(&at.house.person("qian"), "credits", "", json!({
            "title": "替别人登记", "case": at.case.id, "credited": at.brokers[0].id, "contribution": "closed",
        }))
        .is(422);
        let first = filed("credits", &at.credit(officer, 0, "found_demand", 60).is(201));
        let told = at.credit(officer, 1, "found_supply", 50).is(422).value();
        assert_eq!(faults(&told), ["/fields/share above-whole"]);
        assert!(told.to_string().contains("最多还能填 40"), "{told}");
        let second = filed("credits", &at.credit(firm, 1, "found_supply", 40).is(201));
        assert_eq!(
            text(&officer.get(&second.api()).value(), "stage"),
            "proposed",
            "what is proposed counts too"
        );
        assert_eq!(
            faults(&at.credit(officer, 1, "closed", 1).is(422).value()),
            ["/fields/share above-whole"]
        );
        let grown = world::revise(officer, &first, &[("share", json!(61))]).is(422).value();
        assert_eq!(faults(&grown), ["/fields/share above-whole"]);
        make(firm, &first, "agree", json!({}));
        make(firm, &second, "withdraw", json!({}));
        let third = filed("credits", &at.credit(officer, 1, "closed", 30).is(201));
        let page = firm.get(&at.case.page()).is(200).text();
        for words in ["90%", "10%", "孟牵云（虚构）", "促成签约", "已约定 · 20"] {
            assert!(page.contains(words), "{words} in {page}");
        }
        assert_eq!(world::revise(officer, &first, &[("share", json!(50))]).status, 403, "agreed is agreed");

        let mine = json!({ "title": "冷压强度对接（演示）", "case": at.case.id, "share": 5,
                           "credited": world::person_of(officer), "contribution": "found_supply" });
        let mine = file(officer, "credits", "", mine);
        let told = try_make(officer, &mine, "agree", json!({})).is(409).text();
        assert!(told.contains("不能认可本人的份额"), "{told}");
        make(officer, &mine, "withdraw", json!({}));

        contracts_freeze(&at, &first, &third);
    }

    /// Signed: nothing is entered, agreed, withdrawn or changed any more, and what came of it stands with each who had a part.
    fn contracts_freeze(at: &Talks, first: &Filed, third: &Filed) {
        let (officer, firm) = (&at.officer, &at.firm);
        at.sign();
        let today = text(&fields_of(officer, third), "proposed_on");
        for told in [
            at.credit(officer, 1, "found_supply", 5),
            try_make(officer, third, "agree", json!({})),
            try_make(firm, first, "withdraw", json!({})),
            world::revise(officer, third, &[("share", json!(5))]),
        ] {
            let told = told.is(422).value();
            assert_eq!(faults(&told), ["/fields/case after-contract"], "{told}");
            assert!(
                told.to_string().contains("已签约、履约中") && told.to_string().contains(&today),
                "{told}"
            );
        }
        let typed = [("share", "30"), ("do", "save")];
        let form =
            |lang: &str| officer.post(&format!("{lang}{}/moves/agree", third.page()), &typed).is(422).text();
        assert!(form("").contains("已是“已签约、履约中”"), "{}", form(""));
        assert!(form("/en").contains("at “Agreed, in performance”"), "{}", form("/en"));
        // Of a case one may not read nothing is told, not even that.
        let mine = json!({ "title": "猜的", "case": at.case.id, "credited": person(officer, "孙远（虚构）"),
                           "contribution": "closed", "share": 1 });
        let guessed = try_file(&at.house.person("sun"), "credits", "", mine).is(422).value();
        assert_eq!(faults(&guessed), ["/fields/case reference-unknown"]);

        let page = officer.get(&at.case.page()).is(200).text();
        assert!(page.contains("起不再改动") && !page.contains("登记一份贡献"), "{page}");
        let outcome = json!({ "title": "冷压合同（演示）", "firm": at.unit.id, "case": at.case.id, "place": "330521",
                              "achieved_on": "2026-11-20" });
        let outcome = file(officer, "outcomes", "landing", outcome);
        make(officer, &outcome, "list", json!({}));
        let page = officer.get(&at.brokers[0].page()).is(200).text();
        for words in ["发现需求", "60%", "60万元", "成效等级", ">D<"] {
            assert!(page.contains(words), "{words} in {page}");
        }
        assert!(!at.house.visitor().get(&at.brokers[0].page()).is(200).text().contains("贡献登记"));
        let sheet = officer.get(&format!("/credits.csv?where=credited@{}", at.brokers[0].id)).is(200).text();
        assert!(
            sheet.contains("约定份额") && sheet.contains("发现需求") && !sheet.contains("促成签约"),
            "{sheet}"
        );
    }

    #[test]
    fn shares_of_a_case_come_to_a_hundred_and_are_frozen_by_its_contract_on_sqlite() {
        shares_are_settled(Store::Sqlite);
    }

    #[test]
    fn shares_of_a_case_come_to_a_hundred_and_are_frozen_by_its_contract_on_postgres() {
        shares_are_settled(Store::Postgres);
    }
}
