//! A kind nobody knows, 养蜂场, written as two files in the data folder and driven through the whole house on both
//! stores without a line of Rust about bees.

#[cfg(test)]
#[expect(dead_code, reason = "each test program uses the part of the harness it needs")]
mod harness;

#[cfg(test)]
mod invented {
    use std::time::{Duration, Instant};

    use serde_json::{Value, json};

    use crate::harness::client::{Answer, Client, encode};
    use crate::harness::world::{self, Filed, text, titles};
    use crate::harness::{House, Site, Store, cells};

    const KIND: &str = include_str!("given/apiary.toml");
    const FLOWERS: &str = include_str!("given/flowers.toml");
    /// An import of one row is done by then.
    const IMPORT_MAX: Duration = Duration::from_secs(60);

    /// A house that knows apiaries, with an officer of the county, one of another and a steward.
    fn house(store: Store) -> House {
        let mut site = Site::new(store);
        site.put("catalogue/local_apiary/kind.toml", KIND);
        site.put("catalogue/vocabularies/local_flower.toml", FLOWERS);
        site.admit(&[
            ("shi", "officer", "330521", "施小满（虚构）"),
            ("wang", "officer", "330281", "王越（虚构）"),
            ("steward", "steward", "", "章一苇（虚构）"),
        ]);
        House::on(site)
    }

    /// What an officer types into the form.
    const TYPED: [(&str, &str); 8] = [
        ("title", "莫干山中华蜜蜂场（演示）"),
        ("flowers", "camellia"),
        ("hives", "120"),
        ("place", "德清县"),
        ("yearly_honey", "1.8 t"),
        ("opened_on", "2019年4月"),
        ("keeper_phone", "0572-0000909"),
        ("recipe", "越冬糖饲料配方甲"),
    ];

    /// Files one through the form: first with faults, then right.
    fn create(officer: &Client) -> Filed {
        let form = officer.get("/apiaries/new?type=local_resting").is(200).text();
        for label in ["养蜂场名称", "蜜源植物", "蜂箱数", "年产蜜量", "保密详情"] {
            assert!(form.contains(label), "{label} in {form}");
        }
        let mut wrong = vec![("type", "local_resting"), ("do", "save")];
        wrong.extend([
            ("title", "莫干山"),
            ("hives", "很多"),
            ("opened_on", "春天"),
            ("place", "月球"),
            ("flowers", "plastic"),
        ]);
        let told = officer.post("/apiaries/new", &wrong).is(422).text();
        for name in ["hives", "opened_on", "place", "flowers"] {
            assert!(told.contains(&format!("href=\"#{name}\"")), "the fault of {name} in {told}");
        }
        assert!(told.contains("很多") && told.contains("春天"), "what was typed is kept");
        let mut right = vec![("type", "local_resting"), ("do", "save")];
        right.extend(TYPED);
        let made = officer.post("/apiaries/new", &right).is(303);
        let number = made.location().split('/').next_back().unwrap_or_default().to_owned();
        world::filed("apiaries", &officer.get(&format!("/api/v1/apiaries/{number}")).is(200))
    }

    /// Lists it through the form of the move.
    fn list(officer: &Client, apiary: &Filed) {
        let path = format!("{}/moves/list", apiary.page());
        let form = officer.get(&path).is(200).text();
        assert!(form.contains("列入名录") && form.contains("检查日期"), "{form}");
        let refused = officer.post(&path, &[("version", "1"), ("do", "save")]);
        assert_eq!(refused.status, 422, "a move asks for what it needs: {}", refused.text());
        officer.post(&path, &[("version", "1"), ("inspected_on", "2026-11-01"), ("do", "save")]).is(303);
        let page = officer.get(&apiary.page()).is(200).text();
        assert!(
            page.contains("在册") && page.contains("0572-0000909") && !page.contains("越冬糖饲料配方甲"),
            "{page}"
        );
    }

    /// Lists, filters, search and API show to a visitor what is open, and nothing else.
    fn show(house: &House, officer: &Client, apiary: &Filed) {
        let visitor = house.visitor();
        world::settle(officer);
        for path in [
            "/apiaries",
            "/apiaries?flowers=camellia",
            "/apiaries?place=330500&order=-hives",
            "/en/apiaries?stage=listed",
        ] {
            let page = visitor.get(path).is(200).text();
            assert!(page.contains(TYPED[0].1) && !page.contains("0572-0000909"), "{path}: {page}");
        }
        assert!(visitor.get("/apiaries").text().contains(">120<"), "a number in a list is a number");
        assert!(!visitor.get("/apiaries?flowers=acacia").is(200).text().contains(TYPED[0].1));
        for query in ["q=中华蜜蜂", "q=莫干山&kind=local_apiary", "q=蜜蜂&key=local_flower:camellia"]
        {
            let query = query
                .replace("中华蜜蜂", &encode("中华蜜蜂"))
                .replace("莫干山", &encode("莫干山"))
                .replace("蜜蜂", &encode("蜜蜂"));
            assert_eq!(
                titles(&visitor.get(&format!("/api/v1/search?{query}")).is(200)),
                [TYPED[0].1],
                "{query}"
            );
        }
        let secret = visitor.get(&format!("/api/v1/search?q={}", encode("越冬糖饲料"))).is(200);
        assert!(titles(&secret).is_empty(), "{}", secret.text());
        let open = visitor.get(&apiary.api()).is(200).value();
        assert_eq!(open.pointer("/fields/place"), Some(&json!("330521")));
        assert_eq!(open.pointer("/fields/keeper_phone"), None);
        assert_eq!(open.get("sealed"), Some(&json!(true)));
        assert_eq!(visitor.get("/apiaries/new").status, 401, "nobody granted visitors to start one");
        let described = visitor.get("/api/v1/openapi.json").is(200).text();
        assert!(described.contains("/api/v1/apiaries/{number}") && described.contains("yearly_honey"));
        assert!(visitor.get("/api").is(200).text().contains("/api/v1/apiaries"));
    }

    /// A version is revised through the API, a stale one refused.
    fn revise(officer: &Client, apiary: &Filed) {
        world::revise(officer, apiary, &[("hives", json!(130))]).is(200);
        let stale = officer.json(
            "PUT",
            &apiary.api(),
            &json!({ "fields": { "title": "旧" } }),
            &[("if-match", "\"1\"")],
        );
        assert_eq!((stale.status, stale.code().as_str()), (412, "stale"));
    }

    /// The list leaves as a spreadsheet and comes back as one.
    fn leave_and_return(officer: &Client) {
        let csv = officer.get("/apiaries.csv").is(200);
        let book = officer.get("/apiaries.xlsx").is(200);
        let rows = cells(&book.body);
        assert_eq!(rows.len(), 2, "{rows:?}");
        assert!(rows[0].contains(&"蜂箱数".to_owned()) && rows[1].contains(&"130".to_owned()), "{rows:?}");
        assert!(csv.text().contains("蜂箱数") && csv.text().contains("1.8 t"), "{}", csv.text());
        for (name, bytes) in [("蜂场.csv", &csv.body), ("蜂场.xlsx", &book.body)] {
            let read = officer.post_file("/apiaries/import", "file", name, bytes).is(200).text();
            assert!(read.contains("与现有记录一致") && !read.contains("name=\"token\""), "{name}: {read}");
        }
        // Without its number a row is a new record.
        let line = |row: &Vec<String>| format!("{}\n", row[3..row.len() - 1].join(","));
        let anew: String = rows.iter().map(line).collect();
        for name in ["一.csv", "二.csv"] {
            let read = officer.post_file("/apiaries/import", "file", name, anew.as_bytes()).is(200).text();
            let token = read.split("name=\"token\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
            let token = token.unwrap_or_else(|| panic!("{name} is not understood: {read}")).to_owned();
            let filed = officer.post("/apiaries/import", &[("token", &token)]).is(303);
            wait_for_import(officer, &filed);
        }
        let all = officer.get("/api/v1/apiaries?order=oldest").is(200).value();
        let items = all.get("items").and_then(Value::as_array).cloned().unwrap_or_default();
        assert_eq!(items.len(), 3, "{all}");
        let fields = |item: &Value| {
            officer.get(&format!("/api/v1/apiaries/{}", text(item, "number"))).is(200).value()["fields"]
                .clone()
        };
        let (first, returned) = (fields(&items[0]), fields(&items[2]));
        for name in ["title", "flowers", "hives", "place", "yearly_honey", "opened_on", "keeper_phone"] {
            assert_eq!(returned.get(name), first.get(name), "{name} came back as it went");
        }
    }

    fn wait_for_import(officer: &Client, filed: &Answer) {
        let begun = Instant::now();
        loop {
            let page = officer.get(filed.location()).is(200).text();
            if page.contains("导入完成") {
                return;
            }
            assert!(begun.elapsed() < IMPORT_MAX && page.contains("<progress"), "{page}");
        }
    }

    /// Nobody of another county reads what is not public; a steward erases it as the law grants.
    fn grant_and_erase(house: &House, officer: &Client, apiary: &Filed) {
        let (other, steward) = (house.person("wang"), house.person("steward"));
        let all = other.get("/api/v1/apiaries").is(200);
        assert_eq!(titles(&all).len(), 1, "only the listed one: {}", all.text());
        assert_eq!(officer.json("DELETE", &apiary.api(), &json!({ "reason": "x" }), &[]).status, 403);
        let gone =
            steward.json("DELETE", &apiary.api(), &json!({ "reason": "withdrawn-consent" }), &[]).is(204);
        let position = gone.header("position").unwrap_or_default().to_owned();
        for path in [apiary.api(), apiary.page()] {
            assert_eq!(house.visitor().get(&path).status, 404, "{path}");
        }
        let found =
            house.visitor().get(&format!("/api/v1/search?q={}&after={position}", encode("中华蜜蜂"))).is(200);
        assert!(titles(&found).is_empty(), "{}", found.text());
    }

    fn drive(store: Store) {
        let house = house(store);
        let officer = house.person("shi");
        let apiary = create(&officer);
        list(&officer, &apiary);
        show(&house, &officer, &apiary);
        revise(&officer, &apiary);
        leave_and_return(&officer);
        let kept = text(&officer.get("/api/v1/apiaries").is(200).value()["items"][0], "id");
        grant_and_erase(&house, &officer, &apiary);
        let site = house.close();
        let verdict = site.run(&["verify"]);
        let said = String::from_utf8_lossy(&verdict.stdout).into_owned();
        assert!(
            verdict.status.success() && said.contains('1'),
            "{said}{}",
            String::from_utf8_lossy(&verdict.stderr)
        );
        for (who, word) in [("shi", "officer"), ("visitor", "anyone")] {
            let why = site.run(&["why", &kept, "--as", who]);
            let said = String::from_utf8_lossy(&why.stdout).to_lowercase();
            assert!(
                why.status.success() && said.contains(word),
                "{who}: {said}{}",
                String::from_utf8_lossy(&why.stderr)
            );
        }
    }

    #[test]
    fn a_kind_nobody_knows_passes_the_check_of_catalogues() {
        let site = Site::new(Store::Sqlite);
        site.put("catalogue/local_apiary/kind.toml", KIND);
        site.put("catalogue/vocabularies/local_flower.toml", FLOWERS);
        let folder = site.folder().join("catalogue");
        let mut check = std::process::Command::new(env!("CARGO_BIN_EXE_hongniang"));
        let checked = check.args(["catalogue", "check"]).arg(folder).output().unwrap();
        let said = String::from_utf8_lossy(&checked.stdout).into_owned();
        assert!(checked.status.success() && said.contains("no faults"), "{said}");
    }

    #[test]
    fn a_kind_nobody_knows_lives_its_whole_life_on_sqlite() {
        drive(Store::Sqlite);
    }

    #[test]
    fn a_kind_nobody_knows_lives_its_whole_life_on_postgres() {
        drive(Store::Postgres);
    }
}
