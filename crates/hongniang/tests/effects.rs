//! Outcomes as people prove them: a grade nobody types, a unit that confirms or objects by link, one outcome told once.

#[cfg(test)]
#[expect(dead_code, reason = "each test program uses the part of the harness it needs")]
mod harness;

#[cfg(test)]
mod effects {
    use serde_json::{Value, json};

    use crate::harness::client::Client;
    use crate::harness::world::{self, Filed, file, make, try_file, try_make};
    use crate::harness::{Holder, House, Store, link_in};

    const COUNTY: Holder = ("shi", "officer", "330521", "施小满（虚构）");
    const OTHER: Holder = ("an", "officer", "330523", "安知夏（虚构）");
    const STEWARD: Holder = ("li", "steward", "", "李望舒（虚构）");

    struct Place {
        house: House,
        officer: Client,
        firm: Filed,
        society: Filed,
        unit: Filed,
    }

    fn listed(who: &Client, kind: &str, of: &str, fields: Value) -> Filed {
        let filed = file(who, kind, of, fields);
        make(who, &filed, "list", json!({}));
        filed
    }

    impl Place {
        fn open(store: Store) -> Place {
            let house = House::open(store, &[COUNTY, OTHER, STEWARD]);
            let officer = house.person("shi");
            let unit = |of, title| {
                listed(&officer, "organizations", of, json!({ "title": title, "place": "330521" }))
            };
            let firm = unit("firm", "云岫木业（演示）");
            let society = unit("society", "县林学会（演示）");
            let other = unit("firm", "莫干机械（演示）");
            Place { firm, society, unit: other, officer, house }
        }

        fn outcome(&self, title: &str, more: Value) -> Filed {
            let mut fields = json!({ "title": title, "place": "330521", "firm": self.firm.id,
                "achieved_on": "2026-08-01", "reported_by": self.society.id });
            merge(&mut fields, more);
            listed(&self.officer, "outcomes", "transfer", fields)
        }

        fn agreement(&self, of: &str, more: Value) -> Filed {
            let mut fields = json!({ "title": "冷压工艺合作（演示）", "place": "330521", "signed_on": "2026-06-01",
                "parties": [self.firm.id, self.society.id], "amount": "60 万元" });
            merge(&mut fields, more);
            listed(&self.officer, "agreements", of, fields)
        }

        /// The link an officer gets for somebody of the unit.
        fn asked(&self, outcome: &Filed, name: &str) -> String {
            let page = format!("{}/confirmation", outcome.page());
            self.officer.get(&page).is(200);
            let answer = self.officer.post(&page, &[("who", name)]).is(200).text();
            link_in(&answer).unwrap_or_else(|| panic!("no link: {answer}"))
        }
    }

    fn merge(fields: &mut Value, more: Value) {
        let into = fields.as_object_mut().expect("an object");
        into.extend(more.as_object().cloned().unwrap_or_default());
    }

    fn field(who: &Client, record: &Filed, name: &str) -> Value {
        who.get(&record.api()).is(200).value()["fields"][name].clone()
    }

    fn grade(who: &Client, record: &Filed) -> String {
        field(who, record, "evidence").as_str().unwrap_or_default().to_owned()
    }

    #[test]
    fn nobody_types_a_grade_and_it_follows_from_what_there_is() {
        for store in Store::ALL {
            let place = Place::open(store);
            let officer = &place.officer;
            let typed =
                json!({ "title": "自评甲级", "place": "330521", "firm": place.firm.id, "evidence": "a" });
            let said = try_file(officer, "outcomes", "transfer", typed).is(422).text();
            assert!(said.contains("由系统按材料判定"), "{said}");
            let typed = json!({ "title": "自写确认", "place": "330521", "firm": place.firm.id, "confirmed_on": "2026-08-02" });
            try_file(officer, "outcomes", "transfer", typed).is(422);

            let intent = place.agreement("intent", json!({}));
            let outcome =
                place.outcome("冷压工艺转化", json!({ "agreement": intent.id, "amount": "50 万元" }));
            assert_eq!(
                grade(officer, &outcome),
                "d",
                "an intent is no evidence, whatever number is written on it"
            );
            let page = officer.get(&outcome.page()).is(200).text();
            assert!(page.contains("为什么是丁级") && page.contains("意向不是合同"), "{page}");

            // The unit confirms by link: B, told by whom and when; once.
            let link = place.asked(&outcome, "郑知远（虚构）");
            let clerk = place.house.visitor();
            clerk.enter(&link);
            make(&clerk, &outcome, "confirm", json!({}));
            assert_eq!(grade(officer, &outcome), "b");
            assert!(field(officer, &outcome, "confirmed_by").is_string(), "who of the unit did");
            assert!(
                try_make(
                    &clerk,
                    &outcome,
                    "dispute",
                    json!({ "dispute_reason": "figure", "dispute": "不对" })
                )
                .status
                    >= 400
            );

            // A contract makes it A once it is registered, and D … B again when the number goes.
            let contract = place.agreement("contract.development", json!({}));
            world::revise(officer, &outcome, &[("agreement", json!(contract.id))]).is(200);
            assert_eq!(grade(officer, &outcome), "b", "a contract without a number is none yet");
            world::revise(officer, &contract, &[("registration", json!("2026330521000002"))]).is(200);
            assert_eq!(grade(officer, &outcome), "a", "graded anew in the same transaction");
            let history = officer.get(&outcome.page()).is(200).text();
            assert!(history.contains("依据有变，重新判定") && history.contains("为什么是甲级"));
            make(officer, &contract, "retire", json!({}));
            assert_eq!(grade(officer, &outcome), "b");
            make(officer, &contract, "restore", json!({}));
            assert_eq!(grade(officer, &outcome), "a");

            // A contract of others is no evidence for this unit.
            world::revise(officer, &contract, &[("parties", json!([place.unit.id, place.society.id]))])
                .is(200);
            assert_eq!(grade(officer, &outcome), "b");
            // The word of the unit was given for the figure as it stood.
            world::revise(officer, &outcome, &[("amount", json!("55 万元"))]).is(200);
            assert_eq!(grade(officer, &outcome), "d");
        }
    }

    #[test]
    fn a_visit_with_minutes_and_a_paper_make_grade_c() {
        let place = Place::open(Store::Sqlite);
        let officer = &place.officer;
        let steward = place.house.person("li");
        let case = file(
            &steward,
            "cases",
            "docking",
            json!({ "title": "冷压对接", "place": "330521", "party": place.firm.id }),
        );
        let outcome = place.outcome("冷压开裂解决", json!({ "case": case.id }));
        assert_eq!(grade(officer, &outcome), "d");
        let visit = json!({ "title": "现场诊断", "place": "330521", "visited_on": "2026-07-01", "firm": place.firm.id,
            "case": case.id, "findings": "含水率偏高。" });
        let visit = file(officer, "visits", "diagnosis", visit);
        assert_eq!(grade(officer, &outcome), "d", "a visit nobody has listed shows nothing");
        make(officer, &visit, "list", json!({}));
        assert_eq!(grade(officer, &outcome), "c");
        assert!(officer.get(&outcome.page()).is(200).text().contains("在册的走访记录"));
    }

    #[test]
    fn the_wrong_firm_gets_a_clear_answer_and_sees_nothing() {
        let place = Place::open(Store::Sqlite);
        let officer = &place.officer;
        let secret = json!({ "title": "尚未公开的攻关", "place": "330521", "firm": place.firm.id });
        let outcome = file(officer, "outcomes", "technology", secret);
        let link = place.asked(&outcome, "郑知远（虚构）");
        world::revise(officer, &outcome, &[("firm", json!(place.unit.id))]).is(200);
        let clerk = place.house.visitor();
        let page = clerk.get(&link).text();
        assert!(page.contains("不是给贵单位的") && !page.contains("尚未公开的攻关"), "{page}");
        let entered = clerk.post(&link, &[]);
        assert_eq!(entered.status, 410, "{}", entered.text());
        clerk.get(&outcome.page()).is(404);
        // Neither does an officer of elsewhere ask for it, nor a unit that does not benefit.
        place.house.person("an").get(&format!("{}/confirmation", outcome.page())).is(404);
        assert!(
            officer
                .post(&format!("{}/confirmation", outcome.page()), &[("who", " ")])
                .is(422)
                .text()
                .contains("没有填")
        );
        try_make(officer, &outcome, "confirm", json!({})).is(403);
    }

    #[test]
    fn a_unit_objects_and_what_it_objects_to_is_not_public_until_it_is_settled() {
        let place = Place::open(Store::Sqlite);
        let officer = &place.officer;
        let outcome = place.outcome("冷压工艺转化", json!({ "amount": "50 万元" }));
        let clerk = place.house.visitor();
        clerk.enter(&place.asked(&outcome, "郑知远（虚构）"));
        try_make(&clerk, &outcome, "dispute", json!({})).is(422);
        make(
            &clerk,
            &outcome,
            "dispute",
            json!({ "dispute_reason": "figure", "dispute": "实际是 30 万元。" }),
        );
        place.house.visitor().get(&outcome.page()).is(404);
        let page = officer.get(&outcome.page()).is(200).text();
        assert!(page.contains("实际是 30 万元") && page.contains("受益单位有异议"), "{page}");
        world::revise(officer, &outcome, &[("amount", json!("30 万元"))]).is(200);
        make(officer, &outcome, "settle", json!({ "dispute_answer": "已按合同付款记录改为 30 万元。" }));
        place.house.visitor().get(&outcome.page()).is(200);

        // Confirming, the unit keeps the amount from the public.
        let clerk = place.house.visitor();
        clerk.enter(&place.asked(&outcome, "郑知远（虚构）"));
        make(&clerk, &outcome, "confirm", json!({ "amount_closed": true }));
        assert_eq!(grade(officer, &outcome), "b", "hiding the amount takes nothing from what was confirmed");
        assert!(field(officer, &outcome, "closed_amount").to_string().contains("3000000"));
        let public = place.house.visitor().get(&outcome.api()).is(200).text();
        assert!(!public.contains("3000000") && !public.contains("closed_amount\""), "{public}");
    }

    #[test]
    fn one_outcome_is_told_once_and_not_above_its_contract() {
        let place = Place::open(Store::Sqlite);
        let officer = &place.officer;
        let contract = place.agreement("contract.transfer", json!({}));
        place.outcome("一期转化", json!({ "agreement": contract.id, "amount": "40 万元" }));
        let more = json!({ "title": "二期转化", "place": "330521", "firm": place.firm.id, "agreement": contract.id,
            "amount": "30 万元" });
        let said = try_file(officer, "outcomes", "transfer", more.clone()).is(422).text();
        assert!(said.contains("40万元") && said.contains("60万元"), "both sums are told: {said}");
        // What was earned with it may well be more.
        try_file(officer, "outcomes", "product", more).is(201);

        let patent = |by: &Filed, title: &str| {
            json!({ "title": title, "place": "330521", "firm": place.firm.id, "reported_by": by.id,
                "paper_number": "ZL 2026 1 0000001.2" })
        };
        let first = listed(officer, "outcomes", "patent", patent(&place.society, "一种冷压方法"));
        let again = try_file(officer, "outcomes", "patent", patent(&place.unit, "冷压新方法")).is(422).text();
        assert!(again.contains("同一件成效") && again.contains("效"), "the other record is named: {again}");
        let mut other = patent(&place.unit, "冷压新方法");
        merge(&mut other, json!({ "distinct_from": [first.id], "distinction": "同号的分案。" }));
        try_file(officer, "outcomes", "patent", other).is(201);
        // To a unit that cannot read it, nothing of it is told.
        let hidden = json!({ "title": "内部成效", "place": "330521", "firm": place.firm.id });
        file(officer, "outcomes", "topic", hidden.clone());
        let mut elsewhere = hidden;
        merge(&mut elsewhere, json!({ "place": "330523" }));
        let said = try_file(&place.house.person("an"), "outcomes", "topic", elsewhere).is(422).text();
        assert!(said.contains("别的单位已报过") && !said.contains("效-"), "{said}");

        let uneven =
            json!([{ "unit": place.society.id, "percent": 60 }, { "unit": place.unit.id, "percent": 30 }]);
        let said = world::revise(officer, &first, &[("shares", uneven)]).is(422).text();
        assert!(said.contains("90%"), "{said}");
    }

    #[test]
    fn an_officer_settles_the_shares_of_what_two_units_reported_or_says_they_are_two() {
        let place = Place::open(Store::Sqlite);
        let officer = &place.officer;
        // The firm stands twice in the register; each unit told the outcome of its own record of it.
        let again = json!({ "title": "云岫木业有限公司（演示）", "place": "330521" });
        let twin = listed(officer, "organizations", "firm", again);
        let told = |by: &Filed, firm: &Filed, title: &str| {
            let fields = json!({ "title": title, "place": "330521", "firm": firm.id, "reported_by": by.id,
                "achieved_on": "2026-08-01" });
            listed(officer, "outcomes", "problem", fields)
        };
        let first = told(&place.society, &place.firm, "冷压开裂解决");
        let second = told(&place.unit, &twin, "冷压 开裂解决");
        let (third, fourth) =
            (told(&place.society, &place.firm, "豆粕胶攻关"), told(&place.unit, &twin, "豆粕胶攻关"));
        assert!(officer.get("/claims").is(200).text().contains("没有对不上的记录"));
        let steward = place.house.person("li");
        let lose = json!({ "lose": twin.number });
        steward.json("POST", &format!("{}/merge", place.firm.api()), &lose, &[]).is(200);
        let page = officer.get("/claims").is(200).text();
        let check = address_of(&page, "冷压开裂解决");
        let beside = officer.get(&check).is(200).text();
        assert!(beside.contains("县林学会（演示）") && beside.contains("莫干机械（演示）"), "{beside}");
        let (mine, theirs) = (format!("share-{}", place.society.id), format!("share-{}", place.unit.id));
        let post = |path: &str, one: &Filed, other: &Filed, more: &[(&str, &str)]| {
            let base = [("clash", "twice"), ("of", one.id.as_str()), ("of", other.id.as_str())];
            officer.post(path, &[&base, more].concat())
        };
        let uneven = [(mine.as_str(), "60"), (theirs.as_str(), "30")];
        let uneven = post("/claims/settle", &first, &second, &uneven).is(422).text();
        assert!(uneven.contains("90%") && uneven.contains("value=\"60\""), "nothing typed is lost: {uneven}");
        post("/claims/settle", &first, &second, &[(&mine, "60"), (&theirs, "40")]).is(303);
        assert_eq!(field(officer, &first, "shares")[1]["percent"], json!(40));
        assert_eq!(officer.get(&second.api()).is(200).value()["stage"], json!("retired"));
        post("/claims/distinct", &third, &fourth, &[("reason", "")]).is(422);
        post("/claims/distinct", &third, &fourth, &[("reason", "两条生产线，各攻一项。")]).is(303);
        assert!(officer.get("/claims").is(200).text().contains("没有对不上的记录"));
        officer.get(&check).is(404);

        let contract = place.agreement("contract.transfer", json!({}));
        let under = |title: &str, amount: &str| json!({ "title": title, "place": "330521", "firm": place.firm.id, "agreement": contract.id, "amount": amount });
        listed(officer, "outcomes", "transfer", under("一期", "40 万元"));
        world::revise(officer, &contract, &[("amount", json!("30 万元"))]).is(200);
        let page = officer.get("/claims").is(200).text();
        let check = address_of(&page, "一期");
        let beside = officer.get(&check).is(200).text();
        assert!(beside.contains("一期") && beside.contains("40万元"), "{beside}");
        assert!(
            !place.house.person("an").get("/claims").is(200).text().contains("金额合计超过协议"),
            "of another county"
        );
        place.house.visitor().get("/claims").is(401);
        world::revise(officer, &contract, &[("amount", json!("80 万元"))]).is(200);
        let clear = officer.get("/claims").is(200).text();
        assert!(!clear.contains("金额合计超过协议"), "what was put right is gone: {clear}");
        officer.get(&check).is(404);
    }

    /// Where the finding leads that names a record.
    #[test]
    fn a_visit_is_early_by_the_day_a_case_began_and_not_by_the_day_it_was_entered() {
        let at = Place::open(Store::Sqlite);
        let case = json!({ "title": "冷压强度对接（演示）", "party": at.firm.id, "place": "330521" });
        let case = file(&at.officer, "cases", "docking", case);
        let visit = json!({ "title": "冷压线诊断（演示）", "place": "330521", "visited_on": "2026-03-05",
            "case": case.id });
        listed(&at.officer, "visits", "service", visit.clone());
        listed(&at.officer, "visits", "service", visit);
        let early = |query: &str| {
            let page = at.officer.get(&format!("/claims{query}")).is(200).text();
            page.contains("走访早于对接事项")
        };
        assert!(!early(""), "a case that was entered later is no younger than its visits");
        world::revise(&at.officer, &case, &[("opened_on", json!("2026-03-05"))]).is(200);
        assert!(!early(""));
        world::revise(&at.officer, &case, &[("opened_on", json!("2026-03-06"))]).is(200);
        assert!(early("") && early("?place=330000") && early("?place=330521"));
        let page = at.officer.get("/claims?place=330521").text();
        assert!(
            page.contains("<option value=\"330521\" selected>") && page.contains("?place=330521"),
            "{page}"
        );
        assert!(!early("?place=330100"), "another city");
        assert!(!at.officer.get("/claims.csv?place=330100").is(200).text().contains("冷压线诊断"));
        assert!(at.officer.get("/claims.csv?place=330521").is(200).text().contains("冷压线诊断"));
        let later = world::revise(&at.officer, &case, &[("opened_on", json!("2099-01-01"))]);
        assert_eq!(later.status, 422, "no case begins in days to come");
    }

    fn address_of(page: &str, title: &str) -> String {
        let links = page.split("<a href=\"").filter(|rest| rest.starts_with("/claims/check"));
        let mut of = links.filter(|rest| rest.split("</a>").next().is_some_and(|text| text.contains(title)));
        let found = of.next().unwrap_or_else(|| panic!("no {title}: {page}"));
        found.split('"').next().unwrap_or_default().replace("&amp;", "&").replace("&#38;", "&")
    }
}
