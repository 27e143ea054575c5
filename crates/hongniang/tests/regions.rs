//! Regions as people read them: the map of 34 units, the page of a unit, who a region is tied to, and the pilot cards.

#[cfg(test)]
#[expect(dead_code, reason = "each test program uses the part of the harness it needs")]
mod harness;

#[cfg(test)]
mod regions {
    use serde_json::json;

    use crate::harness::client::Client;
    use crate::harness::world::{Filed, file, make, settle};
    use crate::harness::{House, Store, cells};

    fn house() -> House {
        House::open(Store::Sqlite, &[("steward", "steward", "", "章一苇（虚构）")])
    }

    fn listed(steward: &Client, kind: &str, type_path: &str, fields: serde_json::Value) -> Filed {
        let filed = file(steward, kind, type_path, fields);
        make(steward, &filed, "list", json!({}));
        filed
    }

    fn organization(steward: &Client, type_path: &str, title: &str, place: &str) -> Filed {
        listed(steward, "organizations", type_path, json!({ "title": title, "place": place }))
    }

    fn tie(steward: &Client, (from, to): (&Filed, &Filed), link: &str, title: &str) -> Filed {
        let fields = json!({
            "title": title, "from": from.id, "to": to.id, "link": link, "place": "330200", "since": "2025-03",
        });
        file(steward, "ties", "cooperation", fields)
    }

    /// 宁波 with its association, two societies and a firm tied to it, a station and a programme.
    fn ningbo(steward: &Client) -> Filed {
        let fields = json!({ "title": "宁波市科协（演示）", "place": "330200", "level": "municipal" });
        let own = listed(steward, "organizations", "association", fields);
        for name in ["光电学会（演示）", "泵阀学会（演示）"] {
            let society = organization(steward, "society", name, "330200");
            tie(steward, (&own, &society), "society", &format!("宁波市科协—{name}"));
        }
        let firm = organization(steward, "firm", "宁波云锻机械有限公司（演示）", "330212");
        tie(steward, (&firm, &own), "enterprise", "云锻机械—宁波市科协");
        listed(
            steward,
            "stations",
            "center.society_station",
            json!({ "title": "光电学会服务站（演示）", "place": "330281" }),
        );
        let pilots = ["330200", "330110"];
        let fields =
            json!({ "title": "融合试点（演示）", "place": "330000", "since": "2025", "pilots": pilots });
        listed(steward, "programmes", "pilot", fields);
        settle(steward);
        own
    }

    #[test]
    fn the_map_has_a_square_for_each_of_the_34_units_and_a_table_that_says_the_same() {
        let house = house();
        ningbo(&house.person("steward"));
        let page = house.visitor().get("/regions").is(200).text();
        assert_eq!(page.matches("<li class=\"tile ").count(), 34);
        assert!(page.contains("示意图"), "it says that it is a diagram");
        for code in ["330000", "710000", "810000", "820000"] {
            assert_eq!(
                page.matches(&format!("href=\"/regions/{code}\"")).count(),
                2,
                "{code} on map and in table"
            );
        }
        let bytes = house.visitor().get("/regions.xlsx?of=stations").is(200).body;
        let table = cells(&bytes);
        assert_eq!(table.len(), 35);
        let zhejiang =
            table.iter().find(|row| row.first().is_some_and(|cell| cell == "浙江省")).expect("浙江省");
        assert_eq!(zhejiang.last().map(String::as_str), Some("1"), "the station of 余姚 counts in 浙江");
        house.visitor().get("/regions?of=demands").is(200);
        house.visitor().get("/regions?of=nothing").is(404);
        let english = house.visitor().get("/en/regions").is(200).text();
        assert!(english.contains("Zhejiang") && english.contains("href=\"/en/regions/330000\""));
    }

    #[test]
    fn a_unit_shows_its_links_stations_programmes_and_the_places_around_it() {
        let house = house();
        ningbo(&house.person("steward"));
        let page = house.visitor().get("/regions/330200").is(200).text();
        for link in [
            "href=\"/regions\"",
            "href=\"/regions/330000\"",
            "href=\"/regions/330281\"",
            "href=\"/regions/330200/links\"",
            "type=center&amp;where=not%28stage%3Dsourced%29&amp;place=330200",
        ] {
            assert!(page.contains(link) || page.contains(&link.replace("&amp;", "&#38;")), "{link}");
        }
        for text in ["宁波市", "试点单位", "融合试点（演示）", "光电学会服务站（演示）", "应连尽连"]
        {
            assert!(page.contains(text), "{text}");
        }
        let english = house.visitor().get("/en/regions/330200").is(200).text();
        assert!(english.contains("<h1>Ningbo</h1>") && english.contains("Pilot unit"));
    }

    #[test]
    fn a_place_nobody_knows_has_no_page_and_every_other_has_one() {
        let house = house();
        for path in ["/regions/999999", "/regions/330201", "/regions/x", "/regions/999999/links"] {
            house.visitor().get(path).is(404);
        }
        for path in ["/regions/000000", "/regions/540000", "/regions/330110001", "/regions/810000/links"] {
            house.visitor().get(path).is(200);
        }
    }

    #[test]
    fn a_place_whose_ground_changed_says_so() {
        let house = house();
        let page = house.visitor().get("/regions/330110").is(200).text();
        assert!(page.contains("2021年4月") && page.contains("余杭区、临平区"), "{page}");
        assert!(!house.visitor().get("/regions/330521").is(200).text().contains("原辖区"));
    }

    #[test]
    fn the_graph_and_the_list_name_the_same_parties() {
        let house = house();
        let own = ningbo(&house.person("steward"));
        let page = house.visitor().get("/regions/330200/links").is(200).text();
        let (graph, list) = page.split_once("</svg></div>").expect("a graph, then a list");
        for party in ["光电学会（演示）", "泵阀学会（演示）", "宁波云锻机械有限公司（演示）"]
        {
            assert_eq!(graph.matches(&format!("<title>{party}</title>")).count(), 1, "{party} is drawn once");
            assert_eq!(list.matches(&format!(">{party}</a>")).count(), 1, "{party} is listed once");
        }
        assert!(graph.contains(&format!("href=\"{}\"", own.page())), "the association stands in the middle");
        assert_eq!(graph.matches("class=\"dot\"").count(), 3);
        assert!(!graph.contains("dot hollow"), "nothing here is told by sources alone");
        assert!(list.contains("/ties.xlsx?place=330200") && list.contains("/ties?link=society"));
        house.visitor().get("/ties.xlsx?place=330200").is(200);
        let english = house.visitor().get("/en/regions/330200/links").is(200).text();
        assert!(english.contains("Ningbo · five links"));
    }

    #[test]
    fn a_region_without_ties_is_told_so_and_a_long_sector_leads_on() {
        let house = house();
        let steward = house.person("steward");
        let own = ningbo(&steward);
        for at in 0..14 {
            let name = format!("第{at}研究会（演示）");
            let society = organization(&steward, "society", &name, "330200");
            tie(&steward, (&own, &society), "society", &format!("宁波市科协—{name}"));
        }
        let page = house.visitor().get("/regions/330200/links").is(200).text();
        let graph = page.split_once("</svg></div>").expect("a graph").0;
        assert_eq!(
            graph.matches("研究会（演示）</title>").count() + graph.matches("学会（演示）</title>").count(),
            12
        );
        assert!(graph.contains("还有 4 家"), "16 societies, 12 drawn");
        let empty = house.visitor().get("/regions/540000/links").is(200).text();
        assert!(empty.contains("还没有连接") && !empty.contains("class=\"thread thin"));
    }

    #[test]
    fn what_not_everyone_may_read_stays_out() {
        let house = house();
        let steward = house.person("steward");
        let own = ningbo(&steward);
        let hidden = file(
            &steward,
            "organizations",
            "society",
            json!({ "title": "未列学会（演示）", "place": "330200" }),
        );
        tie(&steward, (&own, &hidden), "society", "宁波市科协—又一家");
        for who in [house.visitor(), steward] {
            let page = who.get("/regions/330200/links").is(200).text();
            assert!(!page.contains("未列学会（演示）"), "a society that is not listed is not named");
            assert!(page.contains("宁波市科协—又一家"), "the public tie stands by its own name");
        }
    }

    #[test]
    fn the_home_page_leads_to_regions_and_shows_the_pilots() {
        let house = house();
        ningbo(&house.person("steward"));
        let home = house.visitor().get("/").is(200).text();
        let pilots = home.split_once("id=\"pilots-title\"").expect("pilots").1;
        let pilots = pilots.split_once("</section>").expect("an end").0;
        assert_eq!(pilots.matches("<li class=\"card\">").count(), 2);
        assert!(pilots.contains("href=\"/regions/330110\"") && pilots.contains("融合试点（演示）"));
        assert!(home.contains("<li><a href=\"/regions/330521\""), "the level bar leads to regions");
    }
}
