//! The pages that carry the mission: the source documents row by row, a programme as a plan, the tour, local lists.

#[cfg(test)]
#[expect(dead_code, reason = "each test program uses the part of the harness it needs")]
mod harness;

#[cfg(test)]
mod mission_pages {
    use std::collections::BTreeSet;

    use serde_json::{Value, json};

    use crate::harness::client::Client;
    use crate::harness::world::{Filed, file, make, text};
    use crate::harness::{House, Site, Store};

    fn house() -> House {
        House::open(Store::Sqlite, &[("steward", "steward", "", "章一苇（虚构）")])
    }

    /// The rows a page of 对照 shows.
    fn rows(page: &str) -> Vec<String> {
        let anchors = page.split("<tr role=\"row\" id=\"").skip(1);
        anchors.filter_map(|rest| Some(rest.split('"').next()?.to_owned())).collect()
    }

    /// The three figures over the page: rows, done, open.
    fn totals(page: &str) -> Vec<usize> {
        let tally = page.split("<ul class=\"tally\">").nth(1).and_then(|rest| rest.split("</ul>").next());
        let figures = tally.unwrap_or_default().split("<span class=\"figure\">").skip(1);
        figures.filter_map(|rest| rest.split('<').next()?.parse().ok()).collect()
    }

    /// What a page may weigh on its way, compressed, its style not counted.
    const PAGE_BYTES_MAX: usize = 48 * 1024;

    /// Every address of this page's main part.
    fn links(page: &str) -> Vec<String> {
        let main = page.split("<main").nth(1).and_then(|rest| rest.split("</main>").next());
        let links = main.unwrap_or_default().split("href=\"").skip(1);
        links.filter_map(|rest| Some(rest.split('"').next()?.replace("&#38;", "&"))).collect()
    }

    fn sources() -> Value {
        json!([{ "document": "plan_2020_10", "row": "L4", "note": "试点期内新建" }])
    }

    fn programme(who: &Client, phases: Value) -> Filed {
        let fields = json!({
            "title": "科技经济融合试点（演示）", "document_number": "演科协发〔2026〕1号", "place": "330000",
            "since": "2026-03", "until": "2026-12", "summary": "五类平台按口径新建，逐月可查。",
            "pilots": ["330200", "330521"], "phases": phases, "tasks": [{ "name": "平台新建" }],
            "safeguards": [{ "name": "第三方评估" }], "sources": sources(),
        });
        file(who, "programmes", "pilot", fields)
    }

    #[test]
    fn every_row_is_shown_and_the_totals_are_those_of_the_rows() {
        let house = house();
        let all = house.visitor().get("/compare").is(200).text();
        assert_eq!(rows(&all).len(), 430);
        let figures = totals(&all);
        assert_eq!(figures.first(), Some(&430));
        for (query, figure) in [("state=done", 1), ("state=open", 2)] {
            let page = house.visitor().get(&format!("/compare?{query}")).is(200).text();
            assert_eq!(Some(&rows(&page).len()), figures.get(figure), "{query}");
            assert_eq!(totals(&page), figures, "a state narrows the rows, not the totals");
        }
        let plan = house.visitor().get("/compare?source=plan_2020_10").is(200).text();
        assert_eq!(totals(&plan).first(), Some(&rows(&plan).len()));
        assert!(rows(&plan).len() < 430);
        house.visitor().get("/compare?source=nobody").is(404);
    }

    #[test]
    fn all_rows_fit_the_budget_of_a_page() {
        let house = house();
        for path in ["/compare", "/en/compare", "/lists"] {
            let sent = house.visitor().send("GET", path, &[("accept-encoding", "gzip")], &[]).is(200);
            assert_eq!(sent.header("content-encoding"), Some("gzip"));
            assert!(sent.body.len() < PAGE_BYTES_MAX, "{path}: {} bytes", sent.body.len());
        }
    }

    #[test]
    fn the_rows_leave_as_a_file_with_the_same_filters() {
        let house = house();
        let visitor = house.visitor();
        let shown = rows(&visitor.get("/compare?source=four_cities").is(200).text());
        let lines = visitor.get("/compare.jsonl?source=four_cities").is(200).text();
        let left: Vec<String> = lines
            .lines()
            .map(|line| text(&serde_json::from_str(line).expect("a JSON object a line"), "row"))
            .collect();
        assert_eq!(left, shown);
        let csv = visitor.get("/compare.csv?source=four_cities").is(200).text();
        assert_eq!(csv.lines().count(), shown.len() + 1);
        assert!(visitor.get("/compare.xlsx").is(200).body.starts_with(b"PK"));
        visitor.get("/compare.pdf").is(404);
    }

    #[test]
    fn every_page_the_table_names_is_there_for_a_visitor() {
        let site = Site::new(Store::Sqlite);
        let server = site.demonstrate();
        let visitor = server.visitor();
        let all = visitor.get("/compare.jsonl").is(200).text();
        let pages: BTreeSet<String> = all
            .lines()
            .map(|line| text(&serde_json::from_str(line).expect("a JSON object a line"), "page"))
            .filter(|page| !page.is_empty())
            .collect();
        for page in pages {
            let status = visitor.get(page.split('#').next().unwrap_or_default()).status;
            assert!(matches!(status, 200 | 401), "{page} answers {status}");
        }
    }

    #[test]
    fn a_plan_shows_the_programme_and_its_targets_to_whoever_may_read_it() {
        let house = house();
        let steward = house.person("steward");
        let phases =
            json!([{ "name": "组织实施", "since": "2026-05", "until": "2026-11", "work": "平台新建" }]);
        let programme = programme(&steward, phases);
        let plan = format!("{}/plan", programme.page());
        let target = json!({
            "title": "产业创新服务中心", "indicator": "centers", "value": "约 20 个", "programme": programme.id,
            "place": "330000", "scope": "试点期内新建",
        });
        let target = file(&steward, "targets", "", target);
        house.visitor().get(&plan).is(404);
        make(&steward, &programme, "list", json!({}));
        let open = house.visitor().get(&plan).is(200).text();
        let told = ["演科协发〔2026〕1号", "组织实施", "2026年5月至2026年11月", "平台新建", "第三方评估"];
        for words in told {
            assert!(open.contains(words), "{words}");
        }
        assert!(!open.contains("产业创新服务中心"), "a target not listed yet is not told");
        for link in ["/regions/330200", "/regions/330521", "/compare#L4"] {
            assert!(links(&open).iter().any(|found| found == link), "{link}");
        }
        make(&steward, &target, "list", json!({}));
        let board = house.visitor().get(&plan).is(200).text();
        for words in ["产业创新服务中心", "试点期内新建", &target.page()] {
            assert!(board.contains(words), "{words}");
        }
        assert!(house.visitor().get(&format!("/en{plan}")).is(200).text().contains("Pilot units"));
    }

    #[test]
    fn a_record_tells_its_sources_as_chips_and_leads_to_its_plan_if_it_has_phases() {
        let house = house();
        let steward = house.person("steward");
        let with = programme(&steward, json!([{ "name": "部署" }]));
        let without = programme(&steward, json!([]));
        let page = steward.get(&with.page()).is(200).text();
        assert!(page.contains("<a class=\"chip\" href=\"/compare#L4\">试点方案 L4</a>"), "{page}");
        assert!(!page.contains("<dt>出处</dt>"), "told once");
        assert!(links(&page).contains(&format!("{}/plan", with.page())));
        let page = steward.get(&without.page()).is(200).text();
        assert!(!links(&page).contains(&format!("{}/plan", without.page())));
    }

    #[test]
    fn every_step_of_the_tour_opens_for_a_visitor() {
        let site = Site::new(Store::Sqlite);
        let server = site.demonstrate();
        let visitor = server.visitor();
        let home = visitor.get("/").is(200).text();
        assert!(links(&home).iter().any(|link| link == "/tour"), "the panel leads to the tour");
        for lang in ["", "/en"] {
            let steps = links(&visitor.get(&format!("{lang}/tour")).is(200).text());
            assert!(steps.len() >= 8, "{steps:?}");
            for step in steps {
                visitor.get(&step).is(200);
            }
        }
    }

    #[test]
    fn only_the_demonstration_has_a_tour() {
        let house = house();
        house.visitor().get("/tour").is(404);
        assert!(!house.visitor().get("/").is(200).text().contains("tour-panel"));
    }

    #[test]
    fn local_lists_say_what_is_a_draft_and_lead_to_the_records_of_each_term() {
        let house = house();
        let page = house.visitor().get("/lists").is(200).text();
        assert!(page.contains("id=\"ningbo_246\"") && page.contains("草拟对应，待当地确认"));
        assert!(page.contains("石油、煤炭及其他燃料加工业"), "the national class behind a term");
        let term = "list=ningbo_246.petrochemical";
        for kind in ["demands", "achievements", "stations"] {
            let address = format!("/{kind}?{term}");
            assert!(links(&page).contains(&address), "{address}");
            house.visitor().get(&address).is(200);
        }
    }
}
