//! What someone may not read shows nowhere: canary words are looked for in every page, export and answer.

#[cfg(test)]
#[expect(dead_code, reason = "each test program uses the part of the harness it needs")]
mod harness;

#[cfg(test)]
mod secrets {
    use serde_json::{Value, json};

    use crate::harness::client::{Client, encode};
    use crate::harness::world::{self, Filed, NEED, post_need, publish_need, text};
    use crate::harness::{House, Store};

    const SEALED: &str = "鲲鹏密语甲";
    const INSIDE: &str = "鸿鹄内语乙";
    const PHONE: &str = "0572-0007777";

    /// A published demand whose sealed and inside lines hold words that stand nowhere else.
    fn published(store: Store) -> (House, Filed, Client, Client) {
        let house = House::open(store, &[("shi", "officer", "330521", "施小满（虚构）")]);
        let (firm, officer) = (house.visitor(), house.person("shi"));
        let more = [
            ("details", json!(format!("{SEALED}：交联剂为外购环氧类，添加 6.5%"))),
            ("contact_name", json!(format!("{INSIDE}（虚构）"))),
            ("contact_phone", json!(PHONE)),
        ];
        let demand = publish_need(&firm, &officer, &more);
        world::settle(&officer);
        (house, demand, firm, officer)
    }

    fn hold_no_secret(store: Store) {
        let (house, demand, ..) = published(store);
        let visitor = house.visitor();
        let words = [SEALED, INSIDE, PHONE].map(encode);
        let mut paths = vec![
            "/".to_owned(),
            "/demands".to_owned(),
            demand.page(),
            format!("/en{}", demand.page()),
            demand.api(),
            "/demands.csv".to_owned(),
            "/demands.jsonl".to_owned(),
            "/demands.xlsx".to_owned(),
            "/api/v1/demands".to_owned(),
            "/people".to_owned(),
            "/people.csv".to_owned(),
            "/people.jsonl".to_owned(),
            "/api/v1/people".to_owned(),
            "/api/v1/openapi.json".to_owned(),
            format!("{}/match", demand.page()),
            format!("{}/edit", demand.page()),
            format!("{}/posted", demand.page()),
            format!("{}/moves/publish", demand.page()),
            "/work".to_owned(),
            "/work.csv".to_owned(),
            "/work.jsonl".to_owned(),
            format!("{}/match.csv", demand.page()),
        ];
        for word in &words {
            paths.extend([
                format!("/search?q={word}"),
                format!("/api/v1/search?q={word}"),
                format!("/demands?contact_name={word}"),
            ]);
        }
        for path in &paths {
            let answer = visitor.get(path);
            assert!(answer.status < 500, "{path}: {}", answer.text());
            // What a question itself says is shown again around its answer.
            let asks = words.iter().any(|word| path.contains(word));
            let told = if asks { main_part(&answer.text()) } else { told(path, &answer.body) };
            for secret in [SEALED, INSIDE, PHONE] {
                assert!(!told.contains(secret), "{path} tells {secret}");
            }
        }
        for word in &words {
            let found = visitor.get(&format!("/api/v1/search?q={word}")).is(200).value();
            assert!(
                found
                    .get("items")
                    .and_then(Value::as_array)
                    .is_some_and(|items| items.iter().all(|item| text(item, "id") != demand.id)),
                "{word}: {found}"
            );
        }
        assert_eq!(visitor.get(&demand.page()).status, 200, "the public summary is public");
        for path in [format!("{}/open", demand.page()), format!("{}/open", demand.api())] {
            let answer = visitor.send("POST", &path, &[("content-type", "application/json")], b"{}");
            assert!(
                (400..500).contains(&answer.status) && !answer.text().contains(SEALED),
                "{path}: {}",
                answer.status
            );
        }
    }

    /// The hits of a search page, without the words asked for.
    fn main_part(page: &str) -> String {
        page.split("class=\"with-side\"").nth(1).unwrap_or_default().to_owned()
    }

    /// The words of an answer; a workbook's from its cells.
    fn told(path: &str, body: &[u8]) -> String {
        if !path.ends_with(".xlsx") {
            return String::from_utf8_lossy(body).into_owned();
        }
        crate::harness::cells(body).into_iter().flatten().collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_visitor_sees_no_sealed_or_inside_line_anywhere_on_sqlite() {
        hold_no_secret(Store::Sqlite);
    }

    #[test]
    fn a_visitor_sees_no_sealed_or_inside_line_anywhere_on_postgres() {
        hold_no_secret(Store::Postgres);
    }

    #[test]
    fn an_officer_reads_what_is_inside_but_not_what_is_sealed() {
        let (house, demand, firm, officer) = published(Store::Sqlite);
        let opened = firm.json("POST", &format!("{}/open", demand.api()), &json!({}), &[]).is(200);
        assert!(opened.text().contains(SEALED), "the owner opens it");
        let page = officer.get(&demand.page()).is(200).text();
        assert!(
            page.contains(INSIDE)
                && page.contains(PHONE)
                && page.contains("sealed-title")
                && !page.contains(SEALED)
        );
        let denied = officer.json("POST", &format!("{}/open", demand.api()), &json!({}), &[]).is(403);
        assert_eq!(denied.code(), "not-allowed");
        let found = officer.get(&format!("/api/v1/search?q={}", encode(SEALED))).is(200).value();
        assert_eq!(found.pointer("/items/0"), None, "no hit by a sealed word: {found}");
        let log = firm.get(&demand.page()).is(200).text();
        assert_eq!(log.matches("sealed-log").count(), 0, "the log has words, not keys");
        drop(house);
    }

    #[test]
    fn a_draft_and_a_submitted_demand_are_nobody_elses() {
        let house = House::open(
            Store::Sqlite,
            &[("shi", "officer", "330521", "施小满（虚构）"), ("wang", "officer", "330281", "王越（虚构）")],
        );
        let (firm, visitor, other) = (house.visitor(), house.visitor(), house.person("wang"));
        let demand = post_need(&firm, NEED.0, NEED.1);
        let is_hidden = |who: &Client| {
            for path in [
                demand.page(),
                demand.api(),
                format!("{}/edit", demand.page()),
                format!("{}/moves/submit", demand.page()),
            ] {
                let status = who.get(&path).status;
                assert!(matches!(status, 401 | 404), "{path}: {status}");
            }
            assert!(!who.get("/demands").is(200).text().contains(NEED.0));
        };
        is_hidden(&visitor);
        is_hidden(&other);
        let contact: Vec<_> = world::CONTACT.iter().map(|(name, value)| (*name, json!(value))).collect();
        world::revise(&firm, &demand, &contact).is(200);
        world::make(&firm, &demand, "submit", json!({}));
        is_hidden(&visitor);
        is_hidden(&other);
        house.person("shi").get(&demand.page()).is(200);
    }
}
