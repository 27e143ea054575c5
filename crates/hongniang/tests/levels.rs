//! Levels in one installation: a county reports once, the level above asks back and adopts, nobody does both.

#[cfg(test)]
#[expect(dead_code, reason = "each test program uses the part of the harness it needs")]
mod harness;

#[cfg(test)]
mod levels {
    use serde_json::json;

    use crate::harness::client::Client;
    use crate::harness::world::{self, Filed};
    use crate::harness::{Holder, House, Store};

    const OFFICERS: [Holder; 4] = [
        ("deqing", "officer", "330521", "施小满（虚构）"),
        ("anji", "officer", "330523", "王越（虚构）"),
        ("huzhou", "officer", "330500", "胡令仪（虚构）"),
        ("province", "officer", "330000", "简修远（虚构）"),
    ];

    fn brief(county: &Client) -> Filed {
        let fields = json!({
            "title": "德清县三季度科技经济融合工作报送", "place": "330521", "since": "2026-07", "until": "2026-09",
            "text": "走访企业四十一家，收需求十九条。",
        });
        let brief = world::file(county, "reports", "brief", fields);
        world::make(county, &brief, "file", json!({}));
        brief
    }

    fn reported_once(store: Store) {
        let house = House::open(store, &OFFICERS);
        let [county, neighbour, city, province] = OFFICERS.map(|(login, ..)| house.person(login));
        let brief = brief(&county);

        // The county may not adopt what it filed; its neighbour does not even see it.
        world::try_make(&county, &brief, "adopt", json!({})).is(409);
        world::try_make(&county, &brief, "ask-back", json!({ "question": "问谁？" })).is(409);
        neighbour.get(&brief.api()).is(404);
        house.visitor().get(&brief.api()).is(404);

        // City and province read the same record; either asks back on its page, and the county answers there.
        province.get(&brief.page()).is(200);
        world::make(&city, &brief, "ask-back", json!({ "question": "十九条需求分布在哪些行业？" }));
        let page = county.get(&brief.page()).is(200).text();
        assert!(page.contains("十九条需求分布在哪些行业？"), "the question stands on the page");
        world::make(&county, &brief, "answer", json!({ "reply": "木业九条，生物医药六条，地理信息四条。" }));
        let page = province.get(&brief.page()).is(200).text();
        assert!(page.contains("木业九条"), "the answer stands beside it");
        world::make(&province, &brief, "adopt", json!({}));
        house.visitor().get(&brief.api()).is(404);
    }

    #[test]
    fn a_county_reports_once_and_the_level_above_asks_back_on_sqlite() {
        reported_once(Store::Sqlite);
    }

    #[test]
    fn a_county_reports_once_and_the_level_above_asks_back_on_postgres() {
        reported_once(Store::Postgres);
    }
}
