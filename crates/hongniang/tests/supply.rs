//! The life of what is offered: achievements are confirmed each year or fade and are hidden, figures name their source,
//! services are ordered and the order is answered.

#[cfg(test)]
#[expect(dead_code, reason = "each test program uses the part of the harness it needs")]
mod harness;

#[cfg(test)]
mod supply {
    use serde_json::{Value, json};

    use crate::harness::client::Client;
    use crate::harness::world::{self, Filed, cleared_by, file, make, text, try_file, try_make};
    use crate::harness::{Holder, House, Site, Store, link_in, shipped};

    const OFFICERS: [Holder; 3] = [
        ("hu", "officer", "330000", "胡令仪（虚构）"),
        ("luo", "liaison", "330000", "罗清和（虚构）"),
        ("far", "officer", "340000", "王越（虚构）"),
    ];

    fn stage(who: &Client, record: &Filed) -> String {
        text(&who.get(&record.api()).is(200).value(), "stage")
    }

    fn published(officer: &Client) -> Filed {
        let fields = json!({
            "title": "高预压性大豆蛋白胶黏剂及胶合板冷压工艺", "place": "330521", "industry": ["C202"],
            "summary": "以脱脂豆粕为主料，冷压初强度高，不含醛类。", "modes": ["use-first", "auction"],
            "rights": "joint", "approval": "approved", "auction_platform": "浙江拍（演示）",
            "figures": [{ "name": "胶合强度", "value": "1.08 MPa", "source": "中试线记录" }],
        });
        let filed = file(officer, "achievements", "technology", fields);
        make(officer, &filed, "submit", json!({}));
        make(officer, &filed, "publish", cleared_by(officer));
        filed
    }

    fn due(who: &Client, record: &Filed) -> jiff::civil::Date {
        text(&who.get(&record.api()).is(200).value(), "due").parse().expect("a last day")
    }

    /// Rings what ran out by the day after a last day, with the house closed meanwhile.
    fn after(house: House, day: jiff::civil::Date) -> House {
        let site = house.close();
        let next = day.tomorrow().expect("a day");
        assert!(site.ring(shipped(), &format!("{next}T01:00:00Z")) >= 1, "a clock rang");
        House::on(site)
    }

    fn fades(store: Store) {
        let house = House::open(store, &OFFICERS);
        let (officer, far) = (house.person("hu"), house.person("far"));
        let filed = published(&officer);
        let first = due(&officer, &filed);
        let house = after(house, first);
        let (officer, far) = (house.again(&officer), house.again(&far));
        assert_eq!(stage(&officer, &filed), "faded");
        let page = house.visitor().get(&filed.page()).is(200).text();
        assert!(page.contains("badge quiet\">待确认 · 已一年未确认"), "public, and drawn quietly: {page}");
        let second = due(&officer, &filed);
        let house = after(house, second);
        let (officer, far) = (house.again(&officer), house.again(&far));
        assert_eq!(stage(&officer, &filed), "hidden");
        house.visitor().get(&filed.page()).is(404);
        assert!(!house.visitor().get("/achievements").text().contains("大豆蛋白胶黏剂"));
        try_make(&far, &filed, "confirm", json!({ "confirmed_on": "2028-03-01" })).is(404);
        // One press: the day stands there already, and what is to be corrected beside it.
        let form = officer.get(&format!("{}/moves/confirm", filed.page())).is(200).text();
        for asked in ["confirmed_on", "price", "modes", "readiness"] {
            assert!(form.contains(&format!("name=\"{asked}")), "{asked} on {form}");
        }
        make(&officer, &filed, "confirm", json!({ "confirmed_on": "2028-03-01" }));
        assert_eq!(stage(&house.visitor(), &filed), "published");
    }

    #[test]
    fn what_nobody_confirms_fades_and_is_hidden_and_one_press_brings_it_back_on_sqlite() {
        fades(Store::Sqlite);
    }

    #[test]
    fn what_nobody_confirms_fades_and_is_hidden_and_one_press_brings_it_back_on_postgres() {
        fades(Store::Postgres);
    }

    #[test]
    fn a_confirmation_starts_the_year_anew() {
        let house = House::open(Store::Sqlite, &OFFICERS);
        let officer = house.person("hu");
        let filed = published(&officer);
        let first = due(&officer, &filed);
        make(&officer, &filed, "confirm", json!({ "confirmed_on": "2026-11-21", "price": "30万元" }));
        assert_eq!((stage(&officer, &filed).as_str(), due(&officer, &filed) >= first), ("published", true));
        let liaison = house.person("luo");
        make(&liaison, &filed, "confirm", json!({ "confirmed_on": "2026-11-21" }));
        assert!(liaison.get(&filed.page()).text().contains("（代 "), "told for whom");
    }

    #[test]
    fn a_figure_without_its_source_is_refused_on_the_form_the_api_and_in_a_sheet() {
        let house = House::open(Store::Sqlite, &OFFICERS);
        let officer = house.person("hu");
        let figures = json!([{ "name": "胶合强度", "value": "1.08 MPa" }]);
        let fields = json!({ "title": "没有出处的数据", "place": "330521", "figures": figures });
        let told = try_file(&officer, "achievements", "technology", fields).is(422).value();
        let error = &told["errors"][0];
        assert_eq!(
            (text(error, "pointer"), text(error, "code")),
            ("/fields/figures/0/source".into(), "required".into()),
            "{told}"
        );
        let typed = [
            ("type", "technology"),
            ("title", "没有出处的数据"),
            ("place", "330521"),
            ("figures.0.name", "胶合强度"),
            ("figures.0.value", "1.08 MPa"),
            ("do", "save"),
        ];
        let form = officer.post("/achievements/new", &typed).is(422).text();
        assert!(
            form.contains("来源") && form.contains("没有填。请补上这一项。") && form.contains("1.08 MPa"),
            "{form}"
        );
        let sheet = r#"{"type":"technology","title":"没有出处的数据","place":"330521","figures":[{"name":"强度","value":"1"}]}"#;
        let sent = officer.post_file("/achievements/import", "file", "achievements.jsonl", sheet.as_bytes());
        assert!(sent.text().contains("没有填。请补上这一项。"), "{}", sent.text());
        assert!(!house.visitor().get("/achievements").text().contains("没有出处的数据"));
    }

    #[test]
    fn deals_are_of_seven_kinds_and_older_words_stay_readable() {
        let house = House::open(Store::Sqlite, &OFFICERS);
        let officer = house.person("hu");
        let form = officer.get("/achievements/new?type=technology").is(200).text();
        let modes = form.split("name=\"modes\"").count();
        assert_eq!(modes - 1, 7, "{form}");
        for kind in ["转让", "许可", "先用后转", "作价入股", "委托开发", "合作开发", "拍卖"]
        {
            assert!(form.contains(&format!(">{kind}<")), "{kind}");
        }
        let old = json!({ "title": "早先登记的成果", "place": "330521", "modes": ["consulting"] });
        let old = file(&officer, "achievements", "technology", old);
        assert!(officer.get(&old.page()).text().contains("技术咨询"));
    }

    #[test]
    fn refusals_come_back_sorted_to_the_owner_alone() {
        let house = House::open(Store::Sqlite, &OFFICERS);
        let (officer, other) = (house.person("hu"), house.person("luo"));
        let filed = published(&officer);
        for title in ["胶合板冷压强度不足", "豆粕胶湿强不够"] {
            let demand = json!({ "title": title, "place": "330521", "problem": "板坯分层" });
            let demand = file(&other, "demands", "technical", demand);
            let of = json!({ "title": "推荐一项成果", "demand": demand.id, "candidate": filed.id, "place": "330521" });
            let of = file(&other, "matches", "", of);
            make(&other, &of, "unfit", json!({ "reason": "too-early" }));
        }
        let page = officer.get(&filed.page()).is(200).text();
        assert!(page.contains("<td>时机尚早</td><td class=\"figure\">2</td>"), "{page}");
        for stranger in [house.visitor(), other] {
            assert!(!stranger.get(&filed.page()).is(200).text().contains("时机尚早"));
        }
    }

    /// A laboratory with a service that can be ordered, a firm, and a member of each.
    struct Lab {
        house: House,
        officer: Client,
        provider: Client,
        firm: Client,
        service: Filed,
    }

    fn member(site: &Site, login: &str, unit: &Filed, name: &str) -> String {
        let words = ["account", login, "--role", "member", "--organization", &unit.id, "--person", name];
        let said = site.run(&words);
        link_in(&String::from_utf8_lossy(&said.stdout)).expect("a link")
    }

    fn lab(store: Store) -> Lab {
        let house = House::open(store, &OFFICERS);
        let officer = house.person("hu");
        let unit = |of: &str, title: &str| {
            let unit = file(&officer, "organizations", of, json!({ "title": title, "place": "330521" }));
            make(&officer, &unit, "list", json!({}));
            unit
        };
        let (lab, firm) = (unit("institute", "竹木检测所（演示）"), unit("firm", "云岫木业（演示）"));
        let fields = json!({
            "title": "人造板全项检测（演示）", "provider": lab.id, "place": "330521", "orderable": true,
            "price": "900元", "times": "工作日上午",
        });
        let service = file(&officer, "services", "testing", fields);
        make(&officer, &service, "list", json!({}));
        let site = house.close();
        let links =
            [member(&site, "lab", &lab, "石映川（虚构）"), member(&site, "firm", &firm, "郑知远（虚构）")];
        let house = House::on(site);
        let [provider, firm] = links.map(|link| {
            let client = house.visitor();
            client.enter(&link);
            client
        });
        let officer = house.again(&officer);
        Lab { house, officer, provider, firm, service }
    }

    const WISH: [(&str, &str); 5] = [
        ("wish", "三块胶合板，测胶合强度和甲醛"),
        ("wanted_on", "2026-12-10"),
        ("contact_name", "郑知远（虚构）"),
        ("contact_phone", "0572-0000101"),
        ("do", "save"),
    ];

    fn placed(lab: &Lab, who: &Client, more: &[(&str, &str)]) -> Filed {
        let all: Vec<(&str, &str)> = more.iter().chain(&WISH).copied().collect();
        let sent = who.post(&format!("{}/order", lab.service.page()), &all).is(303);
        let number = sent.location().rsplit('/').next().unwrap_or_default().to_owned();
        world::filed("cases", &lab.officer.get(&format!("/api/v1/cases/{number}")).is(200))
    }

    fn ordered(store: Store) {
        let lab = lab(store);
        assert!(lab.house.visitor().get(&lab.service.page()).text().contains("预约下单"));
        assert_eq!(lab.house.visitor().get(&format!("{}/order", lab.service.page())).status, 401);
        let missing = lab.firm.post(&format!("{}/order", lab.service.page()), &WISH[1..]).is(422).text();
        assert!(missing.contains("0572-0000101"), "nothing typed is lost: {missing}");
        let order = placed(&lab, &lab.firm, &[]);
        assert!(
            lab.provider.get("/work").is(200).text().contains("人造板全项检测"),
            "it waits for the provider"
        );
        assert!(
            lab.provider.get(&order.page()).text().contains("0572-0000101"),
            "an order says whom to call"
        );
        let stranger = lab.house.visitor();
        stranger.get(&order.api()).is(404);
        try_make(&lab.firm, &order, "accept", json!({})).is(403);
        make(&lab.provider, &order, "accept", json!({ "agreed_on": "2026-12-11" }));
        make(&lab.provider, &order, "work", json!({}));
        try_make(&lab.provider, &order, "deliver", json!({})).is(422);
        let done = json!({ "result": "胶合强度 1.08 MPa", "advice": "先把单板含水率压到 12% 以下" });
        make(&lab.provider, &order, "deliver", done);
        try_make(&lab.provider, &order, "finish", json!({})).is(403);
        make(&lab.firm, &order, "finish", json!({}));
        let page = lab.firm.get(&order.page()).is(200).text();
        assert!(
            page.contains("1.08 MPa") && page.contains("研发建议") && page.contains("含水率压到"),
            "{page}"
        );
    }

    #[test]
    fn an_order_is_placed_answered_and_done_with_advice_on_sqlite() {
        ordered(Store::Sqlite);
    }

    #[test]
    fn an_order_is_placed_answered_and_done_with_advice_on_postgres() {
        ordered(Store::Postgres);
    }

    #[test]
    fn an_order_may_be_declined_with_a_reason_cancelled_or_placed_by_an_officer() {
        let lab = lab(Store::Sqlite);
        let declined = placed(&lab, &lab.firm, &[]);
        try_make(&lab.provider, &declined, "decline", json!({})).is(422);
        make(&lab.provider, &declined, "decline", json!({ "reason": "no-capacity" }));
        assert!(lab.firm.get(&declined.page()).text().contains("暂时排不开"));
        let cancelled = placed(&lab, &lab.firm, &[]);
        try_make(&lab.provider, &cancelled, "cancel", json!({})).is(403);
        make(&lab.firm, &cancelled, "cancel", json!({}));
        let party = text(&lab.firm.get(&cancelled.api()).is(200).value()["fields"], "party");
        let nobody = lab.officer.post(&format!("{}/order", lab.service.page()), &WISH).is(422).text();
        assert!(nobody.contains("需求方"), "an officer says for whom: {nobody}");
        let ordered = placed(&lab, &lab.officer, &[("party", &party)]);
        assert_eq!(stage(&lab.firm, &ordered), "placed", "it is the firm's");
        // Who came by a link about something else keeps to that, and is offered no order.
        let visitor = lab.house.visitor();
        world::post_need(&visitor, world::NEED.0, world::NEED.1);
        assert!(!visitor.get(&lab.service.page()).is(200).text().contains("/order"));
        visitor.post(&format!("{}/order", lab.service.page()), &WISH).is(403);
        // What cannot be ordered has no form.
        let fields = json!({ "title": "只供展示（演示）", "place": "330521" });
        let shown = file(&lab.officer, "services", "display", fields);
        make(&lab.officer, &shown, "list", json!({}));
        lab.firm.get(&format!("{}/order", shown.page())).is(404);
    }

    #[test]
    fn samples_lie_sealed_and_open_to_the_provider_alone() {
        let lab = lab(Store::Sqlite);
        const SECRET: &str = "鲲鹏密语样品三";
        let mut body: String = WISH
            .iter()
            .map(|(name, value)| {
                format!("--m\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
            })
            .collect();
        body.push_str("--m\r\ncontent-disposition: form-data; name=\"samples\"; filename=\"list.txt\"\r\n");
        body.push_str(&format!("content-type: text/plain\r\n\r\n{SECRET}\r\n--m--\r\n"));
        let headers = [("content-type", "multipart/form-data; boundary=m")];
        let sent = lab
            .firm
            .send("POST", &format!("{}/order", lab.service.page()), &headers, body.as_bytes())
            .is(303);
        let number = sent.location().rsplit('/').next().unwrap_or_default().to_owned();
        let order = world::filed("cases", &lab.officer.get(&format!("/api/v1/cases/{number}")).is(200));
        let opened = |who: &Client| who.json("POST", &format!("{}/open", order.api()), &json!({}), &[]);
        let told: Value = opened(&lab.provider).is(200).value();
        assert!(told.to_string().contains("list.txt"), "{told}");
        assert!(opened(&lab.officer).status >= 400, "an officer handles the order and opens nothing");
        assert!(!lab.officer.get(&order.page()).text().contains("list.txt"));
        let form = lab.firm.get(&format!("{}/order", lab.service.page())).is(200).text();
        assert!(form.contains("name=\"samples\""), "{form}");
        let form = lab.officer.get(&format!("{}/order", lab.service.page())).is(200).text();
        assert!(!form.contains("name=\"samples\""), "only who owns what is sealed may open it");
    }
}
