//! Forms without a script: a search step for references, rows that grow, files, and one's own write seen at once.

#[cfg(test)]
#[expect(dead_code, reason = "each test program uses the part of the harness it needs")]
mod harness;

#[cfg(test)]
mod forms {
    use serde_json::{Value, json};

    use crate::harness::client::encode;
    use crate::harness::world::{self, NEED, file, make, post_need, publish_need};
    use crate::harness::{House, Store};

    fn house() -> House {
        House::open(Store::Sqlite, &[("li", "officer", "330000", "李望舒（虚构）")])
    }

    #[test]
    fn the_search_for_a_reference_keeps_the_half_filled_form() {
        let house = house();
        let officer = house.person("li");
        let unit = file(
            &officer,
            "organizations",
            "university",
            json!({ "title": "云栖农林大学（演示）", "place": "330100" }),
        );
        world::settle(&officer);
        let typed = [
            ("type", "expert"),
            ("title", "沈砚秋（虚构）"),
            ("expertise", "豆粕胶\n冷压"),
            ("industry", "写错的行业"),
        ];
        let mut find = typed.to_vec();
        find.push(("find", "employer"));
        let step = officer.post("/people/new", &find).is(200).text();
        assert!(step.contains("云栖农林大学") && step.contains("value=\"写错的行业\""), "{step}");
        let mut again = typed.to_vec();
        again.extend([("find", "employer"), ("query-employer", "农林")]);
        assert!(officer.post("/people/new", &again).is(200).text().contains(&unit.id), "a search narrows");
        let mut pick = typed.to_vec();
        pick.push(("pick-employer", &unit.id));
        let form = officer.post("/people/new", &pick).is(200).text();
        let chosen = format!("name=\"employer\" value=\"{}\"", unit.id);
        assert!(form.contains(&chosen) && form.contains("云栖农林大学"), "{form}");
        for kept in ["沈砚秋（虚构）", "豆粕胶\n冷压", "写错的行业"] {
            assert!(form.contains(kept), "{kept} in {form}");
        }
        let drop = format!("employer:{}", unit.id);
        let mut dropped = typed.to_vec();
        dropped.extend([("employer", unit.id.as_str()), ("drop", &drop)]);
        assert!(!officer.post("/people/new", &dropped).is(200).text().contains(&chosen));
    }

    #[test]
    fn a_group_grows_by_a_row_and_keeps_the_others() {
        let house = house();
        let officer = house.person("li");
        let typed = [
            ("type", "technology"),
            ("title", "豆粕胶冷压工艺"),
            ("figures.0.name", "胶合强度"),
            ("figures.0.value", "1.08 MPa"),
            ("figures.0.source", "检测报告"),
            ("more", "figures"),
        ];
        let form = officer.post("/achievements/new", &typed).is(200).text();
        assert!(form.contains("value=\"1.08 MPa\"") && form.contains("name=\"figures.1.name\""), "{form}");
        let mut done = typed[..5].to_vec();
        done.extend([
            ("figures.1.name", "甲醛释放量"),
            ("figures.1.value", "0.012 mg/m³"),
            ("figures.1.source", "气候箱报告"),
            ("do", "save"),
        ]);
        let made = officer.post("/achievements/new", &done).is(303);
        let page = officer.follow(made).is(200).text();
        assert!(page.contains("1.08 MPa") && page.contains("0.012 mg/m³"), "{page}");
    }

    #[test]
    fn ones_own_write_is_seen_after_the_redirect_and_in_search() {
        let house = house();
        let officer = house.person("li");
        let typed = [("type", "firm"), ("title", "云岫木业（演示）"), ("place", "德清县"), ("do", "save")];
        let made = officer.post("/organizations/new", &typed).is(303);
        let page = officer.follow(made).is(200).text();
        assert!(page.contains("云岫木业（演示）") && page.contains("已新建"), "{page}");
        assert!(!officer.get("/organizations").is(200).text().contains("已新建"), "it is said once");
        world::settle(&officer);
        let found = officer.get(&format!("/search?q={}", encode("云岫木业"))).is(200).text();
        assert!(found.contains("云岫木业（演示）"), "one's own write is found: {found}");
    }

    #[test]
    fn an_attachment_is_for_those_who_may_read_its_layer() {
        let house = house();
        let (firm, officer) = (house.visitor(), house.person("li"));
        let demand = publish_need(&firm, &officer, &[]);
        let other = post_need(&firm, "另一条需求的名称", NEED.1);
        let edit = format!("{}/edit", other.page());
        let stored = firm.post_file(&edit, "attachments", "工艺单.pdf", b"%PDF-1.7 secret").is(422).text();
        assert!(stored.contains("工艺单.pdf"), "an upload survives the faults of its form: {stored}");
        let hash =
            stored.split("&#34;hash&#34;:&#34;").nth(1).and_then(|rest| rest.get(..64)).unwrap_or_default();
        let hash = if hash.is_empty() {
            stored.split("&quot;hash&quot;:&quot;").nth(1).and_then(|r| r.get(..64)).unwrap_or_default()
        } else {
            hash
        };
        assert_eq!(hash.len(), 64, "{stored}");
        let upload = json!([{ "hash": hash, "name": "工艺单.pdf", "bytes": 15, "media": "application/pdf" }]);
        world::revise(&firm, &other, &[("attachments", upload)]).is(200);
        let path = format!("/files/{}/{hash}", other.id);
        let sent = firm.get(&path).is(200);
        assert_eq!(sent.body, b"%PDF-1.7 secret");
        assert!(sent.header("content-disposition").is_some_and(|how| how.starts_with("attachment")));
        for who in [&house.visitor(), &officer] {
            assert_eq!(who.get(&path).status, 404);
            assert_eq!(
                who.get(&format!("/files/{}/{hash}", demand.id)).status,
                404,
                "a hash alone opens nothing"
            );
        }
    }

    #[test]
    fn a_duplicate_merges_into_the_record_that_is_kept_and_its_address_leads_there() {
        let house = house();
        let officer = house.person("li");
        let unit = |title: &str| {
            file(&officer, "organizations", "firm", json!({ "title": title, "place": "330521" }))
        };
        let (keep, lose) = (unit("云岫木业有限公司（演示）"), unit("云岫木业（演示）"));
        let expert = file(
            &officer,
            "people",
            "expert",
            json!({ "title": "郑知远（虚构）", "place": "330521", "employer": lose.id }),
        );
        make(&officer, &keep, "list", json!({}));
        officer.json("POST", &format!("{}/merge", keep.api()), &json!({ "lose": lose.number }), &[]).is(200);
        let led = officer.follow(officer.get(&lose.page())).is(200).text();
        assert!(led.contains("云岫木业有限公司（演示）"), "{led}");
        let listed = officer.get("/api/v1/organizations").is(200);
        assert_eq!(world::titles(&listed), ["云岫木业有限公司（演示）"]);
        let page = officer.get(&expert.page()).is(200).text();
        assert!(
            page.contains("云岫木业有限公司（演示）"),
            "what referred to the duplicate names the one that is kept: {page}"
        );
        let again =
            officer.json("POST", &format!("{}/merge", keep.api()), &json!({ "lose": keep.number }), &[]);
        assert!((400..500).contains(&again.status), "nothing merges into itself: {}", again.text());
    }

    #[test]
    fn a_list_shows_amounts_and_days_as_the_record_does() {
        let house = house();
        let officer = house.person("li");
        let demand = publish_need(&house.visitor(), &officer, &[]);
        let visitor = house.visitor();
        let record = visitor.get(&demand.page()).is(200).text();
        let list = visitor.get("/demands").is(200).text();
        for label in ["预算", "希望完成时间"] {
            let cell = list
                .split(&format!("data-label=\"{label}\">"))
                .nth(1)
                .and_then(|rest| rest.split('<').next());
            let cell = cell.unwrap_or_default();
            assert!(
                !cell.is_empty() && record.contains(&format!("<dd>{cell}</dd>")),
                "{label} is {cell:?} in the list"
            );
        }
        let values = visitor.get("/api/v1/demands").is(200).value();
        let fields = visitor.get(&demand.api()).is(200).value();
        for name in ["budget", "due_on"] {
            let listed = values.pointer(&format!("/items/0/values/{name}/0"));
            assert_eq!(listed, fields.pointer(&format!("/fields/{name}")), "{name}");
        }
    }

    #[test]
    fn a_filtered_list_leaves_with_the_same_rows_in_both_formats() {
        let house = house();
        let officer = house.person("li");
        for (title, place) in
            [("甲厂（演示）", "330521"), ("乙厂（演示）", "330281"), ("丙厂（演示）", "330521")]
        {
            make(
                &officer,
                &file(&officer, "organizations", "firm", json!({ "title": title, "place": place })),
                "list",
                json!({}),
            );
        }
        let visitor = house.visitor();
        let shown = visitor.get("/api/v1/organizations?place=330521&order=title").is(200);
        let book =
            crate::harness::cells(&visitor.get("/organizations.xlsx?place=330521&order=title").is(200).body);
        let at = book[0].iter().position(|heading| heading == "单位名称").unwrap_or_default();
        let rows: Vec<&str> = book.iter().skip(1).map(|row| row[at].as_str()).collect();
        assert_eq!(rows, world::titles(&shown));
        let csv = visitor.get("/organizations.csv?place=330521").is(200).text();
        assert!(csv.contains("甲厂") && csv.contains("丙厂") && !csv.contains("乙厂"), "{csv}");
        assert_eq!(shown.value().pointer("/count/n"), Some(&Value::from(2)));
    }
}
