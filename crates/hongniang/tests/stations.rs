//! The life of a station: applied for with what is recorded, checked, reviewed by two who are bound to no side, published,
//! recognised with a certificate anyone may check, assessed in rounds, asked after when nothing is heard, and left.

#[cfg(test)]
#[expect(dead_code, reason = "each test program uses the part of the harness it needs")]
mod harness;

#[cfg(test)]
mod stations {
    use jiff::ToSpan as _;
    use jiff::civil::Date;
    use serde_json::{Value, json};

    use crate::harness::client::Client;
    use crate::harness::world::{self, Filed, file, make, text, try_file, try_make};
    use crate::harness::{Holder, House, Site, Store, link_in, now, shipped};

    const OFFICERS: [Holder; 3] = [
        ("city", "officer", "330500", "胡令仪（虚构）"),
        ("county", "officer", "330521", "罗清和（虚构）"),
        ("elsewhere", "officer", "330281", "王越（虚构）"),
    ];
    /// Words only reviewers and officers may read.
    const SECRET: &str = "冷压段的中试条件还不落实";

    fn today() -> Date {
        now().to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8))).date()
    }

    fn day(ahead: i64) -> String {
        today().saturating_add(ahead.days()).to_string()
    }

    /// A firm and who belongs to it, a society beside it, and experts who might review.
    struct Town {
        house: House,
        city: Client,
        county: Client,
        firm: Client,
        unit: Filed,
        society: Filed,
        experts: Vec<Filed>,
    }

    fn unit(officer: &Client, of: &str, title: &str) -> Filed {
        let fields = json!({ "title": title, "place": "330521", "industry": ["C202"],
            "contact_name": "郑知远（虚构）", "contact_phone": "0572-0000101" });
        let unit = file(officer, "organizations", of, fields);
        make(officer, &unit, "list", json!({}));
        unit
    }

    fn expert(officer: &Client, name: &str, employer: &Filed, more: &Value) -> Filed {
        let mut fields = json!({ "title": name, "place": "330521", "employer": employer.id,
            "expertise": "学会服务站 胶合板 冷压工艺" });
        more.as_object().into_iter().flatten().for_each(|(name, value)| fields[name] = value.clone());
        let filed = file(officer, "people", "expert", fields);
        make(officer, &filed, "list", json!({}));
        filed
    }

    fn member(site: &Site, unit: &Filed) -> String {
        let words =
            ["account", "firm", "--role", "member", "--organization", &unit.id, "--person", "郑知远（虚构）"];
        link_in(&String::from_utf8_lossy(&site.run(&words).stdout)).expect("a link")
    }

    fn town(store: Store) -> Town {
        let house = House::open(store, &OFFICERS);
        let city = house.person("city");
        let unit_of = |of: &str, title: &str| unit(&city, of, title);
        let (firm, society) = (unit_of("firm", "云岫木业（演示）"), unit_of("society", "省木业学会（演示）"));
        let university = unit_of("university", "云栖农林大学（演示）");
        let experts = ["沈砚秋（虚构）", "陆闻笛（虚构）", "江予白（虚构）"];
        let mut experts: Vec<Filed> =
            experts.iter().map(|name| expert(&city, name, &university, &json!({}))).collect();
        experts.push(expert(&city, "许知微（虚构）", &society, &json!({})));
        let visit = json!({ "title": "走访冷压车间", "place": "330521", "firm": firm.id,
            "societies": [society.id], "visited_on": day(-40) });
        let visit = file(&city, "visits", "service", visit);
        make(&city, &visit, "list", json!({}));
        let site = house.close();
        let link = member(&site, &firm);
        let house = House::on(site);
        let client = house.visitor();
        client.enter(&link);
        world::settle(&client);
        let (city, county) = (house.person("county"), house.again(&city));
        Town { city: county, county: city, firm: client, unit: firm, society, experts, house }
    }

    fn stage(who: &Client, record: &Filed) -> String {
        text(&who.get(&record.api()).is(200).value(), "stage")
    }

    const DOCUMENTS: [&str; 3] = ["agreement", "host_letter", "work_plan"];

    fn on_paper() -> Value {
        DOCUMENTS.iter().map(|code| json!({ "document": code, "paper": true })).collect()
    }

    fn applied(town: &Town) -> Filed {
        let fields = json!({
            "title": "云岫木业学会服务站（演示）", "host": town.unit.id, "partners": [town.society.id],
            "place": "330521", "goal": "解决豆粕胶冷压初强度不足", "plan": "每季度驻站一周",
            "targets": [{ "name": "冷压强度", "value": "1.0 MPa" }],
        });
        file(&town.firm, "applications", "society_station", fields)
    }

    /// Handed in, checked by the county and put to review by the city.
    fn under_review(town: &Town) -> Filed {
        let filed = applied(town);
        make(&town.firm, &filed, "submit", json!({ "documents": on_paper() }));
        make(&town.county, &filed, "check", json!({}));
        make(&town.city, &filed, "begin-review", json!({}));
        filed
    }

    /// Names a reviewer on the page, and gives the review with a client that came by its link.
    fn named(town: &Town, of: &Filed, person: &Filed) -> (Filed, Client) {
        let page = town.city.post(&format!("{}/panel", of.page()), &[("person", &person.id)]).is(200).text();
        let client = town.house.visitor();
        client.enter(&link_in(&page).unwrap_or_else(|| panic!("no link in {page}")));
        let listed = town.city.get("/api/v1/reviews").is(200).value();
        let newest = listed["items"][0].clone();
        let (number, id) = (text(&newest, "number"), text(&newest, "id"));
        (Filed { kind: "reviews".into(), number, id }, client)
    }

    fn scored<'p>(points: &[(&'p str, &'p str)], opinion: &'p str) -> Vec<(&'p str, &'p str)> {
        let mut typed = points.to_vec();
        typed.extend([("verdict", "recommend"), ("opinion", opinion), ("do", "save")]);
        typed
    }

    const POINTS: [(&str, &str); 6] = [
        ("points.need", "18"),
        ("points.team", "16"),
        ("points.plan", "15"),
        ("points.means", "10"),
        ("points.basis", "12"),
        ("points.effect", "7"),
    ];

    fn reviewed(town: &Town, of: &Filed, person: &Filed) {
        let (review, reviewer) = named(town, of, person);
        let typed = scored(&POINTS, "针对性强，建议认定。");
        reviewer.post(&format!("{}/moves/submit", review.page()), &typed).is(303);
    }

    /// Published, and past its last day, with the house closed meanwhile.
    fn past_publicity(town: Town, of: &Filed) -> Town {
        make(&town.city, of, "publicise", json!({ "publicity_until": day(30) }));
        let site = town.house.close();
        let after = today().saturating_add(31.days());
        assert!(site.ring(shipped(), &format!("{after}T01:00:00Z")) >= 1, "its last day has passed");
        let house = House::on(site);
        let again = |client: &Client| house.again(client);
        let (city, county, firm) = (again(&town.city), again(&town.county), again(&town.firm));
        Town { city, county, firm, house, ..town }
    }

    fn code_of(town: &Town, application: &Filed) -> String {
        let told = town.city.get(&application.api()).is(200).value();
        let certificate = text(&told["fields"], "certificate");
        let certificate = town.city.get(&format!("/api/v1/certificates/{certificate}")).is(200).value();
        text(&certificate["fields"], "code")
    }

    fn station_of(town: &Town, application: &Filed) -> Filed {
        let id = text(&town.city.get(&application.api()).is(200).value()["fields"], "station");
        world::filed("stations", &town.city.get(&format!("/api/v1/stations/{id}")).is(200))
    }

    fn recognised(town: &Town, of: &Filed) -> Filed {
        make(
            &town.city,
            of,
            "recognise",
            json!({ "level": "municipal", "recognised_by": "湖州市科协（演示）" }),
        );
        station_of(town, of)
    }

    fn lives(store: Store) {
        let town = town(store);
        let of = under_review(&town);
        reviewed(&town, &of, &town.experts[0]);
        let early =
            try_make(&town.city, &of, "publicise", json!({ "publicity_until": day(30) })).is(409).text();
        assert!(early.contains("两位评审专家的意见"), "{early}");
        reviewed(&town, &of, &town.experts[1]);
        let town = past_publicity(town, &of);
        assert_eq!(stage(&town.city, &of), "closing");
        let station = recognised(&town, &of);
        let page = town.house.visitor().get(&station.page()).is(200).text();
        assert!(page.contains("云岫木业学会服务站（演示）") && page.contains("湖州市科协（演示）"), "{page}");
        let code = code_of(&town, &of);
        assert_eq!(code.len(), 14, "{code}");
        let typed = code.to_lowercase().replace('-', "");
        for address in [code.clone(), typed] {
            let said = town.house.visitor().get(&format!("/check/{address}")).is(200).text();
            assert!(said.contains("有效") && said.contains("云岫木业（演示）"), "{said}");
        }
        assert!(town.house.visitor().get("/check/0000-0000-0000").is(404).text().contains("没有这个查验码"));
        // What the reviewers said is told now, and not who they were.
        let told = town.firm.get(&of.page()).is(200).text();
        assert!(told.contains("针对性强") && told.contains("78") && !told.contains("沈砚秋"), "{told}");
        let why = json!({ "until": day(0), "reason": "协议到期不再续签" });
        make(&town.city, &station, "exit", why);
        let said = town.house.visitor().get(&format!("/check/{code}")).is(200).text();
        assert!(said.contains("已撤销") && said.contains("协议到期不再续签"), "{said}");
        town.house.visitor().get(&station.page()).is(404);
    }

    #[test]
    fn a_station_is_recognised_with_a_certificate_and_leaves_with_it_on_sqlite() {
        lives(Store::Sqlite);
    }

    #[test]
    fn a_station_is_recognised_with_a_certificate_and_leaves_with_it_on_postgres() {
        lives(Store::Postgres);
    }

    #[test]
    fn what_is_recorded_is_not_asked_again() {
        let town = town(Store::Sqlite);
        let here = format!("{}/apply", town.unit.page());
        let types = town.firm.get(&here).is(200).text();
        for of in ["学会服务站申报", "院士工作站申报", "科技小院申报", "三年工作计划", "退休 3 家"]
        {
            assert!(types.contains(of), "{of} in {types}");
        }
        let form = town.firm.get(&format!("{here}?type=society_station")).is(200).text();
        for known in ["云岫木业（演示）学会服务站", "走访冷压车间", "0572-0000101", "德清县", "建站协议"]
        {
            assert!(form.contains(known), "{known} in {form}");
        }
        town.house.visitor().get(&here).is(401);
        town.house.person("elsewhere").get(&here).is(404);
    }

    #[test]
    fn an_application_goes_up_by_levels_and_comes_back_with_questions() {
        let town = town(Store::Sqlite);
        let of = applied(&town);
        let early = try_make(&town.firm, &of, "submit", json!({})).is(409).text();
        assert!(early.contains("申报材料还不齐"), "{early}");
        make(&town.firm, &of, "submit", json!({ "documents": on_paper() }));
        make(&town.county, &of, "ask-back", json!({ "questions": "补上协议的期限" }));
        assert!(town.firm.get(&of.page()).is(200).text().contains("补上协议的期限"));
        make(&town.firm, &of, "submit", json!({}));
        make(&town.county, &of, "check", json!({ "check_note": "属实" }));
        let below = try_make(&town.county, &of, "begin-review", json!({})).is(409).text();
        assert!(below.contains("只有上级单位能办理"), "{below}");
        make(&town.city, &of, "begin-review", json!({}));
        town.house.person("elsewhere").get(&of.page()).is(404);
        town.house.visitor().get(&of.page()).is(404);
    }

    #[test]
    fn who_is_bound_to_a_side_does_not_review_and_who_becomes_so_withdraws() {
        let town = town(Store::Sqlite);
        let of = under_review(&town);
        let panel = format!("{}/panel", of.page());
        let page = town.city.get(&panel).is(200).text();
        assert!(page.contains("回避：是申报方的人，或在申报方工作"), "the society’s own expert: {page}");
        let bound = town.city.post(&panel, &[("person", &town.experts[3].id)]).is(200).text();
        assert!(bound.contains("需要回避"), "{bound}");
        assert_eq!(town.city.get("/api/v1/reviews").value()["items"], json!([]), "nothing was filed");
        let (review, reviewer) = named(&town, &of, &town.experts[0]);
        let twice = town.city.post(&panel, &[("person", &town.experts[0].id)]).is(200).text();
        assert!(twice.contains("已在评这一项"), "{twice}");
        let tie =
            json!({ "title": "合作研发", "from": town.experts[0].id, "to": town.unit.id, "place": "330521" });
        file(&town.city, "ties", "cooperation", tie);
        let submit = format!("{}/moves/submit", review.page());
        let refused = reviewer.post(&submit, &scored(&POINTS, SECRET)).is(409).text();
        assert!(refused.contains("需要回避") && refused.contains(SECRET), "nothing typed is lost: {refused}");
        let withdraw = [("reason", "与申报单位有合作"), ("do", "save")];
        reviewer.post(&format!("{}/moves/withdraw", review.page()), &withdraw).is(303);
        assert_eq!(stage(&town.city, &review), "withdrawn");
        reviewed(&town, &of, &town.experts[1]);
        reviewed(&town, &of, &town.experts[2]);
        make(&town.city, &of, "publicise", json!({ "publicity_until": day(30) }));
    }

    #[test]
    fn scores_and_opinions_are_read_by_no_applicant_and_no_other_reviewer() {
        let town = town(Store::Sqlite);
        let of = under_review(&town);
        let (first, one) = named(&town, &of, &town.experts[0]);
        let (second, other) = named(&town, &of, &town.experts[1]);
        let form = one.get(&format!("{}/moves/submit", first.page())).is(200).text();
        for seen in ["解决豆粕胶冷压初强度不足", "需求真实", "满分 20", "不低于一半"] {
            assert!(form.contains(seen), "{seen} in {form}");
        }
        let submit = format!("{}/moves/submit", first.page());
        let mut half = scored(&POINTS[..5], SECRET);
        half.push(("points.effect", "11"));
        let again = one.post(&submit, &half).is(422).text();
        assert!(again.contains("请填 0 到 10 的整数") && again.contains(SECRET), "{again}");
        one.post(&submit, &scored(&POINTS, SECRET)).is(303);
        assert!(one.get(&first.page()).is(200).text().contains(SECRET), "one reads what one wrote");
        assert!(town.city.get(&first.page()).is(200).text().contains(SECRET));
        // A county officer sits beside the applicant: reviews lie with the level that named the reviewers.
        for who in [&town.firm, &other, &town.county, &town.house.visitor(), &town.house.person("elsewhere")]
        {
            for path in [first.page(), first.api(), format!("{}/moves/submit", first.page())] {
                let answer = who.get(&path);
                assert!(matches!(answer.status, 401 | 404), "{path}: {}", answer.status);
            }
            for path in [of.page(), of.api(), "/reviews".into(), "/api/v1/reviews".into(), second.page()] {
                let said = who.get(&path).text();
                assert!(!said.contains(SECRET) && !said.contains("沈砚秋"), "{path}: {said}");
            }
        }
    }

    #[test]
    fn anyone_objects_while_it_is_published_and_every_objection_is_answered() {
        let town = town(Store::Sqlite);
        let of = under_review(&town);
        reviewed(&town, &of, &town.experts[0]);
        reviewed(&town, &of, &town.experts[1]);
        let brief =
            try_make(&town.city, &of, "publicise", json!({ "publicity_until": day(1) })).is(409).text();
        assert!(brief.contains("公示天数不够"), "{brief}");
        let object = format!("{}/object", of.page());
        town.house.visitor().get(&object).is(404);
        make(&town.city, &of, "publicise", json!({ "publicity_until": day(30) }));
        let page = town.house.visitor().get(&of.page()).is(200).text();
        assert!(page.contains("解决豆粕胶冷压初强度不足") && page.contains("提出异议"), "{page}");
        for closed in ["每季度驻站一周", "0572-0000101", "针对性强"] {
            assert!(!page.contains(closed), "{closed} in {page}");
        }
        let typed = [
            ("content", "目标和已认定的另一个站点相同，请核对。"),
            ("contact_name", "顾明（虚构）"),
            ("contact_phone", "0572-0000999"),
            ("do", "save"),
        ];
        let missing = town.house.visitor().post(&object, &[typed[0], typed[3]]).is(422).text();
        assert!(missing.contains("目标和已认定的另一个站点相同"), "{missing}");
        let receipt = town.house.visitor().post(&object, &typed).is(200).text();
        assert!(receipt.contains("异议已收到") && receipt.contains("湖异"), "{receipt}");
        assert_eq!(town.firm.get("/api/v1/objections").value()["items"], json!([]), "not even the applicant");
        let site = town.house.close();
        let after = today().saturating_add(31.days());
        site.ring(shipped(), &format!("{after}T01:00:00Z"));
        let house = House::on(site);
        let city = house.again(&town.city);
        let late = house.visitor().post(&object, &typed).is(422).text();
        assert!(late.contains("不再受理异议") && late.contains("目标和已认定"), "{late}");
        let fields = json!({ "level": "municipal", "recognised_by": "湖州市科协（演示）" });
        let open = try_make(&city, &of, "recognise", fields.clone()).is(409).text();
        assert!(open.contains("异议的答复"), "{open}");
        let raised = city.get("/api/v1/objections").is(200).value()["items"][0].clone();
        let raised =
            Filed { kind: "objections".into(), number: text(&raised, "number"), id: text(&raised, "id") };
        make(&city, &raised, "answer", json!({ "answer": "两站任务不同，附对照表。" }));
        make(&city, &of, "recognise", fields);
        assert_eq!(stage(&city, &of), "recognised");
    }

    #[test]
    fn an_academician_has_no_more_stations_than_the_file_allows() {
        let town = town(Store::Sqlite);
        let university = unit(&town.city, "university", "清溪大学（演示）");
        let person = |name, standing| {
            let more = json!({ "source": "academician", "academician": standing });
            expert(&town.city, name, &university, &more)
        };
        let (serving, retired) = (person("贺长川（虚构）", "serving"), person("苏望亭（虚构）", "retired"));
        let station = |n: usize, of: &str| {
            let fields = json!({ "title": format!("第{n}工作站（演示）"), "place": "330521" });
            let filed = file(&town.city, "stations", of, fields);
            make(&town.city, &filed, "list", json!({}));
            filed
        };
        let tie = |who: &Filed, to: &Filed| {
            let fields = json!({ "title": "院士进站", "from": who.id, "to": to.id, "place": "330521" });
            try_file(&town.city, "ties", "stationed", fields)
        };
        let stations: Vec<Filed> = (1..=4).map(|n| station(n, "academician_station")).collect();
        tie(&serving, &stations[0]).is(201);
        let above = tie(&serving, &stations[1]).is(422).value();
        assert_eq!(text(&above["errors"][0], "pointer"), "/fields/from", "{above}");
        for station in &stations[..3] {
            tie(&retired, station).is(201);
        }
        tie(&retired, &stations[3]).is(422);
        // The limit concerns academician stations alone.
        tie(&serving, &station(5, "academician_house")).is(201);
        let apply = |who: &Filed| {
            let fields = json!({ "title": "又一家院士工作站（演示）", "host": town.unit.id, "place": "330521",
                "academicians": [who.id] });
            try_file(&town.firm, "applications", "workstation", fields)
        };
        let above = apply(&serving).is(422).text();
        assert!(above.contains("最多 1 家"), "{above}");
        let free = person("沈拙（虚构）", "serving");
        let filed = world::filed("applications", &apply(&free).is(201));
        let fields = json!({ "goal": "共建", "targets": [{ "name": "课题", "value": "2 项" }],
            "documents": [{ "document": "agreement", "paper": true }, { "document": "host_letter", "paper": true },
                { "document": "academician_letter", "paper": true }, { "document": "work_plan", "paper": true }] });
        make(&town.firm, &filed, "submit", fields);
        tie(&free, &stations[3]).is(422);
    }

    /// A station of the firm, listed, with a visit so many days ago.
    fn running(town: &Town, title: &str, days_ago: i64) -> Filed {
        let fields =
            json!({ "title": title, "host": town.unit.id, "place": "330521", "since": "2023-05-01" });
        let station = file(&town.city, "stations", "center.society_station", fields);
        make(&town.city, &station, "list", json!({}));
        let visit = json!({ "title": format!("到{title}现场"), "place": "330521", "station": station.id,
            "visited_on": day(-days_ago) });
        let visit = file(&town.city, "visits", "inspection", visit);
        make(&town.city, &visit, "list", json!({}));
        station
    }

    #[test]
    fn stations_of_which_nothing_is_heard_are_asked_after() {
        let town = town(Store::Sqlite);
        let (busy, quiet) = (running(&town, "常来站（演示）", 20), running(&town, "久未走访站（演示）", 500));
        let page = town.city.get("/stations/quiet").is(200).text();
        assert!(page.contains("久未走访站（演示）") && !page.contains("常来站（演示）"), "{page}");
        assert!(page.contains("到久未走访站（演示）现场"), "the last that happened: {page}");
        assert!(town.city.get("/stations/quiet.csv").is(200).text().contains("久未走访站"));
        assert!(!town.house.person("elsewhere").get("/stations/quiet").is(200).text().contains("久未走访站"));
        town.firm.get("/stations/quiet").is(404);
        town.house.visitor().get("/stations/quiet").is(401);
        town.city.post(&format!("{}/moves/inquire", quiet.page()), &[("do", "save")]).is(303);
        world::settle(&town.firm);
        make(&town.firm, &quiet, "report", json!({ "latest": "设备检修，年内恢复驻站。" }));
        assert!(town.city.get(&quiet.page()).is(200).text().contains("设备检修"));
        let dossier = town.city.get(&format!("{}/dossier", busy.page())).is(200).text();
        assert!(dossier.contains("到常来站（演示）现场") && dossier.contains("最近一次"), "{dossier}");
    }

    #[test]
    fn the_dossier_says_until_when_the_agreement_runs_and_leads_to_its_renewal() {
        let town = town(Store::Sqlite);
        let station = running(&town, "常来站（演示）", 20);
        let agreed = json!({ "title": "服务站共建协议（演示）", "place": "330521", "parties": [town.unit.id],
            "signed_on": "2024-12-01", "until": "2026-12-31" });
        let agreed = file(&town.city, "agreements", "strategic", agreed);
        make(&town.city, &agreed, "list", json!({}));
        make(&town.city, &agreed, "perform", json!({}));
        let applied = json!({ "title": "常来站申报（演示）", "place": "330521", "host": town.unit.id,
            "station": station.id, "agreement": agreed.id, "partners": [town.society.id], "goal": "共建",
            "plan": "每季度驻站一周", "targets": [{ "name": "冷压强度", "value": "1.0 MPa" }] });
        let applied = file(&town.city, "applications", "society_station", applied);
        make(&town.firm, &applied, "submit", json!({ "documents": on_paper() }));
        let dossier = format!("{}/dossier", station.page());
        let page = town.city.get(&dossier).is(200).text();
        let renewal = format!("{}/moves/renew", agreed.page());
        for words in
            ["协议“服务站共建协议（演示）”有效期至2026年12月31日", "续签：服务站共建协议（演示）", &renewal]
        {
            assert!(page.contains(words), "{words} in {page}");
        }
        town.city.post(&renewal, &[("until", "2028-12-31"), ("do", "save")]).is(303);
        assert!(town.city.get(&dossier).is(200).text().contains("有效期至2028年12月31日"));
        // Who may read it and not renew it is offered nothing.
        let page = town.house.person("elsewhere").get(&dossier).is(200).text();
        assert!(!page.contains("续签：") && !page.contains(&renewal), "{page}");
    }

    #[test]
    fn a_round_freezes_its_figures_and_its_decision_follows_the_score() {
        let town = town(Store::Sqlite);
        let station = running(&town, "山脚站（演示）", 20);
        let typed = [("round", "2026年度"), ("place", "330500"), ("since", &day(-365)), ("until", &day(0))];
        let half = town.city.post("/stations/rounds", &typed[..2]).is(422).text();
        assert!(half.contains("2026年度"), "{half}");
        let begun = town.city.post("/stations/rounds", &typed).is(303);
        let round = begun.location().to_owned();
        let table = town.city.get(&round).is(200).text();
        assert!(table.contains("山脚站（演示）") && table.contains("走访 1"), "{table}");
        let listed = town.city.get("/api/v1/evaluations").is(200).value()["items"][0].clone();
        let of =
            Filed { kind: "evaluations".into(), number: text(&listed, "number"), id: text(&listed, "id") };
        let digest = text(&town.city.get(&of.api()).is(200).value()["fields"], "digest");
        let visit = json!({ "title": "开评以后的走访", "place": "330521", "station": station.id,
            "visited_on": day(0) });
        make(&town.city, &file(&town.city, "visits", "inspection", visit), "list", json!({}));
        town.city.post("/stations/rounds", &typed).is(303);
        let again = town.city.get(&of.api()).is(200).value();
        assert_eq!(text(&again["fields"], "digest"), digest);
        assert!(again["fields"]["snapshot"].to_string().contains("\"1\""), "{again}");
        assert_eq!(town.city.get("/api/v1/evaluations").value()["items"].as_array().map(Vec::len), Some(1));
        make(&town.firm, &of, "hand-in", json!({ "statement": "记录齐全" }));
        let low = [("points.need", "9"), ("points.team", "9"), ("points.plan", "10")];
        let rest = [("points.means", "9"), ("points.basis", "9"), ("points.effect", "6"), ("do", "save")];
        let typed: Vec<(&str, &str)> = low.into_iter().chain(rest).chain([("opinion", SECRET)]).collect();
        town.city.post(&format!("{}/moves/score", of.page()), &typed).is(303);
        assert_eq!(town.city.get(&of.api()).value()["fields"]["score"], json!(52));
        town.firm.get(&of.page()).is(404);
        make(&town.city, &of, "tell", json!({}));
        assert!(town.firm.get(&of.page()).is(200).text().contains(SECRET), "the station is heard");
        make(&town.firm, &of, "reply", json!({ "answer": "接受" }));
        make(&town.city, &of, "exit", json!({ "reason": "评估未达标" }));
        assert_eq!(stage(&town.city, &station), "retired");
        assert!(town.city.get(&format!("{round}.csv")).is(200).text().contains("已退出"));
    }
}
