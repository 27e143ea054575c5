//! Case stories, from a case that is done to one that others may copy; and how far a demand has come, worked out from what
//! names it.

#[cfg(test)]
#[expect(dead_code, reason = "each test program uses the part of the harness it needs")]
mod harness;

#[cfg(test)]
mod stories {
    use serde_json::{Value, json};

    use crate::harness::client::Client;
    use crate::harness::world::{self, Filed, file, make, text, try_make};
    use crate::harness::{Holder, House, Store, link_in};

    const PEOPLE: [Holder; 2] =
        [("shi", "officer", "330521", "施小满（虚构）"), ("jian", "officer", "330000", "简修远（虚构）")];

    fn listed(who: &Client, kind: &str, of: &str, fields: Value) -> Filed {
        let filed = file(who, kind, of, fields);
        make(who, &filed, "list", json!({}));
        filed
    }

    fn fields_of(who: &Client, record: &Filed) -> Value {
        who.get(&record.api()).is(200).value()["fields"].clone()
    }

    fn stage(who: &Client, record: &Filed) -> String {
        text(&who.get(&record.api()).is(200).value(), "stage")
    }

    /// A demand of a firm with a case in talks about it.
    struct Chain {
        house: House,
        officer: Client,
        firm: Filed,
        demand: Filed,
        case: Filed,
    }

    impl Chain {
        fn open(store: Store) -> Chain {
            let house = House::open(store, &PEOPLE);
            let officer = house.person("shi");
            let fields = json!({ "title": "云岫木业（演示）", "place": "330521" });
            let firm = listed(&officer, "organizations", "firm", fields);
            let demand = world::publish_need(&house.visitor(), &officer, &[("industry", json!(["C202"]))]);
            let fields = json!({ "title": "冷压强度对接（演示）", "party": firm.id, "demand": demand.id, "place": "330521" });
            let case = file(&officer, "cases", "docking", fields);
            Chain { house, officer, firm, demand, case }
        }

        fn step(&self) -> String {
            text(&fields_of(&self.officer, &self.demand), "reached")
        }

        fn signed(&self, of: &str) -> Filed {
            let fields = json!({ "title": "冷压工艺合作（演示）", "place": "330521", "signed_on": "2026-11-01",
                "parties": [self.firm.id], "amount": "60 万元", "case": self.case.id });
            listed(&self.officer, "agreements", of, fields)
        }

        fn outcome(&self) -> Filed {
            let fields = json!({ "title": "冷压强度到 1.06 MPa", "place": "330521", "firm": self.firm.id,
                "achieved_on": "2026-11-10", "demand": self.demand.id });
            listed(&self.officer, "outcomes", "problem", fields)
        }

        /// Somebody of the firm, by the link an officer hands out about one record.
        fn of_firm(&self, outcome: &Filed) -> Client {
            let page = format!("{}/confirmation", outcome.page());
            let answer = self.officer.post(&page, &[("who", "郑知远（虚构）")]).is(200).text();
            let client = self.house.visitor();
            client.enter(&link_in(&answer).expect("a link"));
            client
        }
    }

    #[test]
    fn how_far_a_demand_has_come_follows_from_what_names_it_and_nobody_types_it() {
        for store in Store::ALL {
            let chain = Chain::open(store);
            let officer = &chain.officer;
            assert_eq!(chain.step(), "answered", "a case is an answer");
            let typed = json!({ "title": "自己说走到了合同", "problem": "冷压", "reached": "contract" });
            world::try_file(officer, "demands", "technical", typed).is(422);
            make(officer, &chain.case, "begin", json!({}));
            assert_eq!(chain.step(), "met");
            let contract = chain.signed("contract.development");
            assert_eq!(chain.step(), "contract", "signed under its case");
            chain.signed("intent");
            assert_eq!(chain.step(), "contract", "an intent takes nothing back");
            make(officer, &contract, "retire", json!({}));
            assert_eq!(chain.step(), "intent", "what is off the list counts no more");
            let outcome = chain.outcome();
            assert_eq!(chain.step(), "intent", "one nobody confirmed is no verified outcome");
            let refused = try_make(officer, &chain.demand, "solve", json!({}));
            assert_eq!(refused.status, 409, "only what is being docked is solved: {}", refused.text());
            make(&chain.of_firm(&outcome), &outcome, "confirm", json!({}));
            assert_eq!(chain.step(), "outcome", "graded and looked at anew in one transaction");
            make(officer, &chain.demand, "take-up", json!({}));
            make(officer, &chain.demand, "solve", json!({}));
            // It stays in the public list, under every step it has come by.
            for step in ["answered", "met", "intent", "contract", "outcome"] {
                let page =
                    chain.house.visitor().get(&format!("/api/v1/demands?reached={step}")).is(200).value();
                assert_eq!(page["items"].as_array().map(Vec::len), Some(1), "{step}: {page}");
            }
        }
    }

    #[test]
    fn a_story_needs_a_verified_outcome_and_the_units_word_and_is_selected_from_above() {
        let chain = Chain::open(Store::Sqlite);
        let (officer, above, visitor) = (&chain.officer, chain.house.person("jian"), chain.house.visitor());
        make(officer, &chain.case, "begin", json!({}));
        chain.signed("contract.development");
        make(officer, &chain.case, "agree", json!({}));
        make(officer, &chain.case, "deliver", json!({ "result": "冷压强度 1.06 MPa" }));
        make(officer, &chain.case, "finish", json!({}));
        let outcome = chain.outcome();
        assert!(!officer.get(&chain.case.page()).text().contains("写成典型案例"), "nothing is proven yet");

        let told = json!({ "title": "一步一步把冷压做稳（演示）", "party": chain.firm.id, "cases": [chain.case.id],
            "outcomes": [outcome.id], "place": "330521" });
        let story = file(officer, "stories", "", told);
        try_make(officer, &story, "submit", json!({})).is(422);
        let rest = json!({ "industry": ["C202"], "methods": ["society-station"], "problem": "冷压散边",
            "measures": "专家蹲点三天", "results": "强度到 1.06 MPa", "lessons": "先量再改" });
        make(officer, &story, "submit", rest);
        try_make(officer, &story, "publish", json!({})).is(409);
        make(officer, &story, "agree-to-tell", json!({}));
        let refused = try_make(officer, &story, "publish", json!({})).is(409).text();
        assert!(refused.contains("甲级或乙级的成效"), "{refused}");
        visitor.get(&story.page()).is(404);

        make(&chain.of_firm(&outcome), &outcome, "confirm", json!({}));
        let page = officer.get(&chain.case.page()).is(200).text();
        let link =
            page.split("href=\"").find(|rest| rest.starts_with("/stories/new?")).expect("a way to write it");
        let link = link.split('"').next().unwrap_or_default().replace("&amp;", "&").replace("&#38;", "&");
        let form = officer.get(&link).is(200).text();
        for known in [&chain.firm.id, &chain.case.id, &outcome.id, "冷压强度到 1.06 MPa", world::NEED.1]
        {
            assert!(form.contains(known), "{known} is known already: {form}");
        }
        make(officer, &story, "publish", json!({}));
        let page = visitor.get(&story.page()).is(200).text();
        assert!(
            page.contains("乙级") && page.contains("先量再改") && !page.contains("冷压强度对接"),
            "{page}"
        );
        for facet in ["methods=society-station", "place=330000", "industry=C202"] {
            assert!(
                visitor.get(&format!("/stories?{facet}")).is(200).text().contains("把冷压做稳"),
                "{facet}"
            );
        }

        let named = json!({ "selection": "全省典型案例（演示）" });
        let refused = try_make(officer, &story, "select", named.clone());
        assert!(refused.status == 409 && refused.text().contains("上级"), "{}", refused.text());
        make(&above, &story, "select", named);
        assert_eq!(stage(&visitor, &story), "selected");
        assert!(visitor.get("/stories?view=selected_stories").is(200).text().contains("把冷压做稳"));
        try_make(&above, &story, "unselect", json!({})).is(422);
        make(&above, &story, "unselect", json!({ "unselected_reason": "另有更合适的" }));
        assert_eq!(stage(&visitor, &story), "published");
        make(officer, &story, "withdraw", json!({ "note": "企业改了主意" }));
        visitor.get(&story.page()).is(404);
        make(officer, &story, "reopen", json!({}));
        try_make(officer, &story, "publish", json!({})).is(409);
    }
}
