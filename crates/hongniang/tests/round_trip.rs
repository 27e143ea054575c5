//! A list that leaves comes back as it went: every kind, as xlsx, csv and jsonl, by page and by command, on both
//! stores, and nothing is written for it. What is faulty is told by row and column, and then nothing is filed.

#[cfg(test)]
#[expect(dead_code, reason = "each test program uses the part of the harness it needs")]
mod harness;

#[cfg(test)]
mod round_trip {
    use std::time::{Duration, Instant};

    use serde_json::{Value, json};

    use crate::harness::client::{Answer, Client};
    use crate::harness::world::{self, Filed, text};
    use crate::harness::{House, Site, Store, cells, link_in};

    const LEDGER: &str = include_str!("given/ledger.toml");
    const FLOWERS: &str = include_str!("given/flowers.toml");
    const FORMATS: [&str; 3] = ["xlsx", "csv", "jsonl"];
    /// An import of a few rows is done by then.
    const IMPORT_MAX: Duration = Duration::from_secs(60);

    /// The addresses of every kind of the catalogue, those added later included.
    fn kinds(who: &Client) -> Vec<String> {
        let described = who.get("/api/v1/openapi.json").is(200).value();
        let paths = described.get("paths").and_then(Value::as_object).cloned().unwrap_or_default();
        let kind =
            |path: &String| path.strip_prefix("/api/v1/")?.strip_suffix("/{number}").map(str::to_owned);
        paths.keys().filter_map(kind).collect()
    }

    /// Where the feed stands.
    fn position(who: &Client) -> String {
        text(&who.get("/health").is(200).value(), "position")
    }

    fn upload(who: &Client, kind: &str, ending: &str, bytes: &[u8]) -> String {
        who.post_file(&format!("/{kind}/import"), "file", &format!("表.{ending}"), bytes).is(200).text()
    }

    /// What a check counted: to create, to revise, unchanged; none where something is faulty.
    fn tally(page: &str) -> Option<[usize; 3]> {
        let list = page.split("class=\"tally\"").nth(1)?.split("</ul>").next()?;
        let figures = list.split("class=\"figure\">").skip(1);
        let figures: Vec<usize> = figures.filter_map(|rest| rest.split('<').next()?.parse().ok()).collect();
        figures.try_into().ok()
    }

    fn token(page: &str) -> Option<String> {
        let token = page.split("name=\"token\" value=\"").nth(1)?.split('"').next()?;
        Some(token.to_owned())
    }

    /// Row, column and sentence of every fault a check shows.
    fn faults(page: &str) -> Vec<(String, String)> {
        let table = page.split("<caption>").nth(1).unwrap_or_default();
        let rows = table.split("<tr><td class=\"figure\">").skip(1);
        let part = |row: &str, mark: &str| {
            row.split(mark).nth(1).and_then(|rest| rest.split('<').next()).unwrap_or_default().to_owned()
        };
        rows.map(|row| {
            let number = row.split('<').next().unwrap_or_default();
            (format!("{number} {}", part(row, "<th scope=\"row\">")), part(row, "<td>"))
        })
        .collect()
    }

    /// Presses the button of a check, and waits for the page that says how it went.
    fn go_on(who: &Client, kind: &str, page: &str) -> String {
        let token = token(page).unwrap_or_else(|| panic!("no way on: {page}"));
        let ordered: Answer = who.post(&format!("/{kind}/import"), &[("token", &token)]).is(303);
        let begun = Instant::now();
        loop {
            let page = who.get(ordered.location()).is(200).text();
            if !page.contains("<progress") {
                return page;
            }
            assert!(begun.elapsed() < IMPORT_MAX, "{page}");
        }
    }

    /// The records a file of JSON lines holds.
    fn objects(who: &Client, path: &str) -> Vec<Value> {
        let lines = who.get(path).is(200).text();
        lines
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{line}: {e}")))
            .collect()
    }

    fn demonstration(store: Store) -> Site {
        let site = Site::new(store);
        let server = site.demonstrate();
        let home = server.visitor().get("/").is(200).text();
        let bar = home.split("class=\"identities\"").nth(1).unwrap_or_default().to_owned();
        let client = |name: &str| {
            let client = server.visitor();
            let link = bar.split("<li>").find(|who| who.contains(name)).and_then(link_in);
            client.enter(&link.unwrap_or_else(|| panic!("no link for {name} in {bar}")));
            client
        };
        let officer = client("施小满");
        judge(&officer);
        by_page(&officer, false);
        by_page(&client("演示管理员"), store == Store::Sqlite);
        drop(server);
        site
    }

    /// One suggestion is judged, so that there is a record of that kind too.
    fn judge(officer: &Client) {
        let first = |path: &str| {
            let items = officer.get(path).is(200).value();
            let item = items.pointer("/items/0").cloned().unwrap_or_else(|| panic!("{path}: {items}"));
            (text(&item, "number"), text(&item, "id"))
        };
        let (demand, _) = first("/api/v1/demands?stage=published&place=330521");
        let (_, expert) = first("/api/v1/people?type=expert");
        let said = [("candidate", expert.as_str()), ("verdict", "fit")];
        officer.post(&format!("/demands/{demand}/match"), &said).is(303);
    }

    /// The formats a kind is tried in: all of them, or one, so that the kinds take turns.
    fn formats(at: usize, all: bool) -> Vec<&'static str> {
        if all { FORMATS.to_vec() } else { vec![FORMATS[at % FORMATS.len()]] }
    }

    /// Every list this person may bring in leaves and comes back through the pages.
    fn by_page(who: &Client, in_all: bool) {
        let before = position(who);
        let mut tried = 0;
        for (at, kind) in kinds(who).into_iter().enumerate() {
            let all = objects(who, &format!("/{kind}.jsonl")).len();
            if who.get(&format!("/{kind}/import")).status != 200 || all == 0 {
                continue;
            }
            for ending in formats(at, in_all) {
                let file = who.get(&format!("/{kind}.{ending}")).is(200);
                let page = upload(who, &kind, ending, &file.body);
                assert_eq!(tally(&page), Some([0, 0, all]), "{kind}.{ending}: {:?}", faults(&page));
                assert_eq!(token(&page), None, "{kind}.{ending}: nothing is offered to be written");
                tried += 1;
            }
        }
        assert!(tried >= 8, "only {tried}");
        assert_eq!(position(who), before, "the feed has not moved");
    }

    fn said(site: &Site, words: &[&str]) -> String {
        let answer = site.run(words);
        let told = String::from_utf8_lossy(&answer.stdout).into_owned();
        let failed = String::from_utf8_lossy(&answer.stderr);
        assert!(answer.status.success(), "{words:?}: {told}{failed}");
        told
    }

    /// The same through the command line, as the house itself.
    fn by_command(site: &Site, kinds: &[String]) {
        let before = said(site, &["verify"]);
        for (at, kind) in kinds.iter().enumerate() {
            for ending in formats(at + 1, false) {
                let file = site.folder().join(format!("{kind}.{ending}"));
                let path = file.to_string_lossy();
                let left = said(site, &["export", kind, &path]);
                let n = left.split(' ').next().unwrap_or_default();
                if n == "0" && ending == "jsonl" {
                    continue;
                }
                let back = said(site, &["import", kind, &path]);
                assert_eq!(back.trim(), format!("0 created, 0 revised, {n} unchanged"), "{kind}.{ending}");
            }
        }
        assert_eq!(said(site, &["verify"]), before, "no change was written");
    }

    fn every_list_comes_back(store: Store) {
        let site = demonstration(store);
        let server = site.serve();
        let kinds = kinds(&server.visitor());
        drop(server);
        by_command(&site, &kinds);
    }

    #[test]
    fn every_list_of_the_demonstration_comes_back_as_it_went_on_sqlite() {
        every_list_comes_back(Store::Sqlite);
    }

    #[test]
    fn every_list_of_the_demonstration_comes_back_as_it_went_on_postgres() {
        every_list_comes_back(Store::Postgres);
    }

    fn house(store: Store) -> House {
        let mut site = Site::new(store);
        site.put("catalogue/local_ledger/kind.toml", LEDGER);
        site.put("catalogue/vocabularies/local_flower.toml", FLOWERS);
        site.admit(&[
            ("shi", "officer", "330521", "施小满（虚构）"),
            ("wang", "officer", "330281", "王越（虚构）"),
        ]);
        House::on(site)
    }

    fn unit(officer: &Client, title: &str) -> Filed {
        world::file(officer, "organizations", "firm", json!({ "title": title, "place": "330521" }))
    }

    /// A record with a value of every shape, awkward ones among them.
    fn awkward(officer: &Client, title: &str, units: [&Filed; 2]) -> Filed {
        let [one, two] = units;
        let fields = json!({
            "title": title,
            "shelf": "'=A1",
            "note": "-先减一行\n\n“逗号,引号\"”；分号",
            "tags": ["甲；乙", "[丙]", "丁、戊"],
            "remarks": ["第一段\n第二段", "=1+1"],
            "amount": "约1.7亿元",
            "weight": { "min": "1.0", "max": "1.00", "unit": "t", "about": false },
            "weights": ["≥1.0 MPa", "50~60 ℃"],
            "checked": false,
            "pages": -3,
            "seen_on": "2026-03",
            "place": "330521",
            "places": ["330521", "330281", "330000"],
            "trades": ["I", "C2021"],
            "flowers": ["rape", "camellia"],
            "partners": [two.id, one.id],
            "rows": [
                { "name": "强度", "value": "0.7 MPa", "trade": "C2021", "by": one.id, "sound": false },
                { "text": "一行\n又一行" },
            ],
            "grade": { "name": "甲；乙：丙", "on": "2026" },
        });
        world::file(officer, "ledgers", "local_second", fields)
    }

    fn fields(who: &Client, record: &Filed) -> Value {
        who.get(&record.api()).is(200).value().get("fields").cloned().unwrap_or_default()
    }

    /// The same sheet without the columns that say which records it was about.
    fn as_new(bytes: &[u8], ending: &str) -> Vec<u8> {
        let strip = |row: &mut Vec<String>| {
            row.pop();
            row.remove(2);
            row.remove(0);
        };
        match ending {
            "jsonl" => {
                let lines = String::from_utf8_lossy(bytes);
                let line = |line: &str| {
                    let mut object: Value = serde_json::from_str(line).expect("an object");
                    for name in ["number", "stage", "version"] {
                        object.as_object_mut().expect("an object").remove(name);
                    }
                    format!("{object}\n")
                };
                lines.lines().map(line).collect::<String>().into_bytes()
            }
            _ => {
                let mut rows = cells(bytes);
                rows.iter_mut().for_each(strip);
                csv(&rows)
            }
        }
    }

    fn csv(rows: &[Vec<String>]) -> Vec<u8> {
        let tame = |cell: &String| if cell.starts_with(['=', '-', '\'']) { "'" } else { "" };
        let cell = |cell: &String| format!("\"{}{}\"", tame(cell), cell.replace('"', "\"\""));
        let line = |row: &Vec<String>| row.iter().map(cell).collect::<Vec<_>>().join(",");
        rows.iter().map(line).collect::<Vec<_>>().join("\n").into_bytes()
    }

    #[test]
    fn every_shape_comes_back_and_makes_the_same_record_anew() {
        for store in Store::ALL {
            let house = house(store);
            let officer = house.person("shi");
            let units = [unit(&officer, "甲厂；乙厂（演示）"), unit(&officer, "丙厂（演示）")];
            let record = awkward(&officer, "样册", [&units[0], &units[1]]);
            world::make(&officer, &record, "show", json!({ "decided": "通过" }));
            for prefix in ["", "/en"] {
                for ending in FORMATS {
                    let file = officer.get(&format!("{prefix}/ledgers.{ending}")).is(200);
                    let page = upload(&officer, "ledgers", ending, &file.body);
                    assert_eq!(tally(&page), Some([0, 0, 1]), "{prefix} {ending}: {:?}", faults(&page));
                }
            }
            let original = fields(&officer, &record);
            for ending in ["xlsx", "jsonl"] {
                let file = officer.get(&format!("/ledgers.{ending}?stage=shown")).is(200);
                let page = upload(&officer, "ledgers", ending, &as_new(&file.body, ending));
                assert_eq!(tally(&page), Some([1, 0, 0]), "{ending}: {:?}", faults(&page));
                assert!(go_on(&officer, "ledgers", &page).contains("导入完成"));
                let newest = officer.get("/api/v1/ledgers").is(200);
                let made = Filed { number: text(&newest.value()["items"][0], "number"), ..record.clone() };
                assert_ne!(made.number, record.number);
                assert_eq!(fields(&officer, &made), original, "{ending}");
                let item = officer.get(&made.api()).is(200).value();
                assert_eq!(
                    (text(&item, "type").as_str(), text(&item, "stage").as_str()),
                    ("local_second", "kept")
                );
            }
            let visitor = objects(&house.visitor(), "/ledgers.jsonl");
            assert_eq!(visitor.len(), 1);
            assert_eq!(visitor[0].get("decided"), None, "what is inside does not leave to visitors");
            let book = cells(&house.visitor().get("/ledgers.xlsx").is(200).body);
            assert!(
                !book[0].contains(&"结论".to_owned()) && !book[0].contains(&"密封内容".to_owned()),
                "{book:?}"
            );
            assert_eq!(
                (book[0][0].as_str(), book[0][1].as_str(), book[0][2].as_str()),
                ("编号", "类型", "状态")
            );
        }
    }

    #[test]
    fn what_differs_is_revised_what_is_new_created_and_the_rest_left() {
        for store in Store::ALL {
            let house = house(store);
            let officer = house.person("shi");
            let units = [unit(&officer, "甲厂（演示）"), unit(&officer, "乙厂（演示）")];
            let first = awkward(&officer, "第一册", [&units[0], &units[1]]);
            let second = awkward(&officer, "第二册", [&units[0], &units[1]]);
            let mut rows = cells(&officer.get("/ledgers.xlsx?order=oldest").is(200).body);
            let at = |name: &str, rows: &[Vec<String>]| {
                rows[0].iter().rposition(|heading| heading == name).unwrap_or_else(|| panic!("no {name}"))
            };
            let (amount, tags) = (at("金额", &rows), at("关键词", &rows));
            rows[1][amount] = "200万元".to_owned();
            rows[1][tags] = String::new();
            let mut new = vec![String::new(); rows[0].len()];
            (new[1], new[3], new[amount]) = ("装订".to_owned(), "第三册".to_owned(), "3万元".to_owned());
            rows.push(new);
            let page = upload(&officer, "ledgers", "csv", &csv(&rows));
            assert_eq!(tally(&page), Some([1, 1, 1]), "{:?}", faults(&page));
            let before = position(&officer);
            let done = go_on(&officer, "ledgers", &page);
            assert_eq!((tally(&done), done.contains("导入完成")), (Some([1, 1, 1]), true), "{done}");
            assert_ne!(position(&officer), before);
            let revised = fields(&officer, &first);
            assert_eq!(revised.pointer("/amount/fen"), Some(&json!(200_000_000)));
            assert_eq!(revised.get("tags"), None, "a blank takes the value away");
            assert_eq!(revised.get("rows"), fields(&officer, &second).get("rows"), "the others stay");
            assert_eq!(world::titles(&officer.get("/api/v1/ledgers?order=oldest").is(200))[2], "第三册");
            rows.pop();
            let again = upload(&officer, "ledgers", "csv", &csv(&rows));
            assert_eq!(tally(&again), Some([0, 0, 2]), "once more changes nothing: {:?}", faults(&again));
            rows[1][tags] = "新词".to_owned();
            let late = faults(&upload(&officer, "ledgers", "csv", &csv(&rows)));
            let [(place, sentence)] = &late[..] else { panic!("{late:?}") };
            assert!(
                place.starts_with("2 ") && place.ends_with("版本") && sentence.contains("又有改动"),
                "{late:?}"
            );
        }
    }

    #[test]
    fn what_changes_between_check_and_filing_is_not_written_over() {
        let house = house(Store::Sqlite);
        let officer = house.person("shi");
        let units = [unit(&officer, "甲厂（演示）"), unit(&officer, "乙厂（演示）")];
        let record = awkward(&officer, "第一册", [&units[0], &units[1]]);
        let line = json!({ "number": record.number, "pages": 12 }).to_string();
        let page = upload(&officer, "ledgers", "jsonl", line.as_bytes());
        assert_eq!(tally(&page), Some([0, 1, 0]), "{:?}", faults(&page));
        world::revise(&officer, &record, &[("pages", json!(7))]).is(200);
        let after = go_on(&officer, "ledgers", &page);
        assert!(after.contains("这次没有写入任何记录") && token(&after).is_some(), "{after}");
        assert_eq!(fields(&officer, &record).get("pages"), Some(&json!(7)));
        assert!(go_on(&officer, "ledgers", &after).contains("导入完成"), "after another look it may be");
        assert_eq!(fields(&officer, &record).get("pages"), Some(&json!(12)));
    }

    /// Rows with one fault or many, one right among them.
    fn faulty_sheet(number: &str) -> Vec<Vec<String>> {
        let rows = [
            [
                "编号",
                "类型",
                "状态",
                "名称",
                "金额",
                "日期",
                "行业",
                "单位",
                "指标",
                "结论",
                "所在地",
                "编号",
            ],
            [
                "",
                "",
                "",
                "好的一行",
                "3万元",
                "2026-01",
                "C2021",
                "甲厂（演示）",
                "名称：甲",
                "",
                "330521",
                "",
            ],
            ["", "木头", "", "乙", "很多", "春天", "C2021、火星业", "无此厂", "颜色：红", "", "330521", ""],
            ["", "", "公开", "丙", "", "", "", "", "数值：很重", "", "月球", ""],
            ["", "", "", "", "5元", "", "", "", "", "", "330521", ""],
            ["无此编号", "", "", "丁", "", "", "", "", "", "", "", ""],
            [number, "装订", "在册", "第一册", "", "", "", "", "", "不通过", "330521", ""],
            [number, "", "", "第一册", "", "", "", "", "", "通过", "330521", ""],
            ["", "", "", "外地的", "", "", "", "", "", "", "110000", ""],
        ];
        rows.iter().map(|row| row.map(str::to_owned).to_vec()).collect()
    }

    /// Where the faults of that sheet stand.
    const FAULTY_PLACES: [&str; 16] = [
        "3 B 类型",
        "3 E 金额",
        "3 F 日期",
        "3 G 行业（行业 2）",
        "3 H 单位（单位 1）",
        "3 I 指标（指标 1）",
        "4 C 状态",
        "4 I 指标（指标 1 · 数值）",
        "4 K 所在地",
        "5 D 名称",
        "6 A 编号",
        "7 B 类型",
        "7 C 状态",
        "7 J 结论",
        "8 A 编号",
        "9 整行",
    ];

    #[test]
    fn every_fault_has_its_row_and_column_and_nothing_is_filed() {
        for store in Store::ALL {
            let house = house(store);
            let (officer, other) = (house.person("shi"), house.person("wang"));
            let units = [unit(&officer, "甲厂（演示）"), unit(&officer, "乙厂（演示）")];
            let record = awkward(&officer, "第一册", [&units[0], &units[1]]);
            world::make(&officer, &record, "show", json!({ "decided": "通过" }));
            let number = &record.number;
            let rows = faulty_sheet(number);
            let before = position(&officer);
            let page = upload(&officer, "ledgers", "csv", &csv(&rows));
            let found = faults(&page);
            let places: Vec<&str> = found.iter().map(|(place, _)| place.as_str()).collect();
            assert_eq!(places, FAULTY_PLACES, "{found:?}");
            assert!(page.contains("有 16 处要改") && token(&page).is_none(), "{page}");
            assert!(found.iter().all(|(_, sentence)| sentence.contains('。')), "{found:?}");
            assert_eq!(position(&officer), before, "nothing was filed");
            let theirs = json!({ "number": number, "title": "别处的人改的" }).to_string();
            let page = upload(&other, "ledgers", "jsonl", theirs.as_bytes());
            assert_eq!(faults(&page).first().map(|(place, _)| place.as_str()), Some("1 整行"), "{page}");
        }
    }

    #[test]
    fn the_command_line_files_or_says_what_is_wrong() {
        let house = house(Store::Sqlite);
        let officer = house.person("shi");
        let units = [unit(&officer, "甲厂（演示）"), unit(&officer, "乙厂（演示）")];
        awkward(&officer, "第一册", [&units[0], &units[1]]);
        let site = house.close();
        let file = site.folder().join("表.csv");
        let path = file.to_string_lossy().into_owned();
        std::fs::write(&file, "名称,金额,所在地\n甲,3万元,330521\n乙,很多,330521\n").expect("a file");
        let wrong = site.run(&["import", "local_ledger", &path, "--as", "shi"]);
        let told = String::from_utf8_lossy(&wrong.stdout).into_owned();
        assert!(!wrong.status.success() && told.starts_with("3\tB 金额\t"), "{told}");
        std::fs::write(&file, "名称,金额,所在地\n甲,3万元,330521\n乙,4万元,330521\n").expect("a file");
        let words = ["import", "local_ledger", &path, "--as", "shi"];
        assert_eq!(
            said(&site, &[&words[..], &["--dry-run"]].concat()).trim(),
            "would be 2 created, 0 revised, 0 unchanged"
        );
        assert_eq!(said(&site, &words).trim(), "2 created, 0 revised, 0 unchanged");
        let list = site.folder().join("出.jsonl");
        let list = list.to_string_lossy();
        let left = said(&site, &["export", "ledgers", &list, "--where", "type=local_second", "--as", "shi"]);
        assert!(left.starts_with("1 of local_ledger"), "{left}");
        let nobody = site.run(&["export", "ledgers", &list, "--as", "nobody"]);
        assert!(!nobody.status.success());
    }
}
