//! The life of a station in real browsers: the firm applies where no script runs, the county and the city work at desks, two
//! reviewers and whoever objects hold a phone, and anyone checks the certificate.
//!
//! Days pass by the clocks of the records, never by waiting. Start at [`Town::open`].

#[cfg(test)]
#[expect(dead_code, reason = "each test program uses the part of the harness it needs")]
mod harness;

#[cfg(test)]
mod station_journey {
    use jiff::ToSpan as _;
    use jiff::civil::Date;
    use serde_json::{Value, json};

    use crate::harness::client::Client;
    use crate::harness::screen::Person;
    use crate::harness::world::{self, Filed, file, make};
    use crate::harness::{Holder, House, Store, link_in, now, shipped};

    const CITY: Holder = ("city", "officer", "330500", "胡令仪（虚构）");
    const COUNTY: Holder = ("county", "officer", "330521", "罗清和（虚构）");
    /// Files what stands in the register before it begins; never in a browser.
    const PROVINCE: Holder = ("li", "officer", "330000", "李望舒（虚构）");
    const STATION: &str = "云岫木业（演示）学会服务站";
    const PLAN: &str = "每季度驻站一周，先做冷压段";
    const OPINION: &str = "针对性强，建议认定。";
    const OBJECTION: &str = "目标和已认定的另一个站点相同，请核对。";

    fn today() -> Date {
        now().to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8))).date()
    }

    fn day(ahead: i64) -> String {
        today().saturating_add(ahead.days()).to_string()
    }

    /// The house, the firm with its page and link, experts by name, and a station nobody has heard of for long.
    struct Town {
        house: House,
        province: Client,
        firm: Filed,
        link: String,
        experts: Vec<Filed>,
    }

    fn listed(officer: &Client, kind: &str, of: &str, fields: Value) -> Filed {
        let filed = file(officer, kind, of, fields);
        make(officer, &filed, "list", json!({}));
        filed
    }

    impl Town {
        fn open() -> Town {
            let house = House::open(Store::Sqlite, &[CITY, COUNTY, PROVINCE]);
            let province = house.person(PROVINCE.0);
            let unit = |of: &str, title: &str| {
                let fields = json!({ "title": title, "place": "330521", "industry": ["C202"],
                    "contact_name": "郑知远（虚构）", "contact_phone": "0572-0000101" });
                listed(&province, "organizations", of, fields)
            };
            let (firm, society) = (unit("firm", "云岫木业（演示）"), unit("society", "省木业学会（演示）"));
            let university = unit("university", "云栖农林大学（演示）");
            let expert = |name: &str| {
                let fields = json!({ "title": name, "place": "330521", "employer": university.id,
                    "expertise": "学会服务站 胶合板 冷压工艺" });
                listed(&province, "people", "expert", fields)
            };
            let experts = ["沈砚秋（虚构）", "陆闻笛（虚构）", "江予白（虚构）"].map(expert).into();
            let visit = |title: &str, ago: i64, more: (&str, Value)| {
                let fields = json!({ "title": title, "place": "330521", "visited_on": day(-ago),
                    "firm": firm.id, "societies": [society.id], more.0: more.1 });
                listed(&province, "visits", "service", fields)
            };
            visit("走访冷压车间", 40, ("people", json!(2)));
            let old = json!({ "title": "久未走访站（演示）", "host": university.id, "place": "330521", "since": "2023-05-01" });
            let old = listed(&province, "stations", "center.society_station", old);
            visit("到久未走访站现场", 500, ("station", json!(old.id)));
            let site = house.close();
            let words = [
                "account",
                "firm",
                "--role",
                "member",
                "--organization",
                &firm.id,
                "--person",
                "郑知远（虚构）",
            ];
            let link = link_in(&String::from_utf8_lossy(&site.run(&words).stdout)).expect("a link");
            let house = House::on(site);
            let province = house.again(&province);
            world::settle(&province);
            Town { house, province, firm, link, experts }
        }
    }

    /// Where no script may run: what is recorded stands in the form, the rest is typed; the address of the application.
    async fn a_firm_applies(firm: &Person, town: &Town) -> String {
        firm.becomes_someone(&town.link).await;
        firm.goes(&town.firm.page(), "申报平台载体").await;
        firm.sees(&["学会服务站申报", "三年工作计划", "退休 3 家"]).await;
        firm.browser.go("学会服务站申报").await;
        firm.sees(&["云岫木业（演示）", "建站协议"]).await;
        assert_eq!(firm.stands("title").await, STATION, "filled in from the register");
        assert!(firm.stands("history").await.contains("走访冷压车间"));
        assert_eq!(firm.stands("contact_phone").await, "0572-0000101");
        let typed = [("goal", "解决豆粕胶冷压初强度不足"), ("plan", PLAN)];
        firm.fills(&typed).await;
        firm.picks("partners", "省木业学会（演示）").await;
        assert_eq!(firm.stands("plan").await, PLAN, "looking a partner up loses nothing");
        firm.fills(&[("targets.0.name", "冷压强度"), ("targets.0.value", "1.0 MPa")]).await;
        firm.ends("草稿").await;
        let application = firm.browser.path().await;
        firm.begins(&application, "submit").await;
        firm.browser.submit().await;
        firm.sees(&["申报材料还不齐"]).await;
        for row in 0..3 {
            firm.browser.click(&format!("main [name='documents.{row}.paper']")).await;
        }
        firm.ends("待初审").await;
        assert_eq!(firm.browser.count(".counter").await, 0, "no script ran, or this proves nothing");
        application
    }

    /// Names a reviewer on the page of the panel; the link.
    async fn names(city: &Person, application: &str, name: &str) -> String {
        city.browser.open(&format!("{application}/panel")).await;
        let row = format!(
            "[...document.querySelectorAll('main tbody tr')].find(row => row.textContent.includes('{name}') && row.querySelector('form'))"
        );
        city.browser.evaluate(&format!("({row}.querySelector('button').id = 'of-them', true)")).await;
        city.browser.press("#of-them").await;
        link_in(&city.browser.text_of(".secret-link").await).expect("a link")
    }

    const POINTS: [(&str, &str); 6] = [
        ("points.need", "18"),
        ("points.team", "16"),
        ("points.plan", "15"),
        ("points.means", "10"),
        ("points.basis", "12"),
        ("points.effect", "7"),
    ];

    /// Opens the sheet by the link and fills it in; the address of the review.
    async fn scores(phone: &Person, link: &str) -> String {
        phone.becomes_someone(link).await;
        let review = phone.browser.path().await;
        phone.begins(&review, "submit").await;
        phone.sees(&["解决豆粕胶冷压初强度不足", "满分 20"]).await;
        phone.fills(&POINTS).await;
        phone.browser.click("main [name=verdict][value=recommend]").await;
        phone.fills(&[("opinion", OPINION)]).await;
        review
    }

    /// Two score; a third, bound to the firm meanwhile, loses nothing typed and withdraws.
    async fn it_is_reviewed(city: &Person, phone: &Person, town: &Town, application: &str) {
        let link = names(city, application, "沈砚秋").await;
        let review = scores(phone, &link).await;
        let tie =
            json!({ "title": "合作研发", "from": town.experts[0].id, "to": town.firm.id, "place": "330521" });
        file(&town.province, "ties", "cooperation", tie);
        phone.browser.submit().await;
        phone.sees(&["需要回避"]).await;
        assert_eq!(phone.stands("opinion").await, OPINION, "nothing typed is lost");
        phone.begins(&review, "withdraw").await;
        phone.fills(&[("reason", "与申报单位有合作")]).await;
        phone.ends("已回避").await;
        for name in ["陆闻笛", "江予白"] {
            let link = names(city, application, name).await;
            scores(phone, &link).await;
            phone.ends("已提交").await;
        }
        city.browser.open(application).await;
        assert!(!city.browser.source().await.contains("没有这一页"));
    }

    /// Anyone objects while it is published, and nobody afterwards: the form that was open says so, and keeps what was typed.
    async fn anyone_objects(phone: &Person, application: &str) {
        phone.browser.forget().await;
        phone.opens(application, &["解决豆粕胶冷压初强度不足", "提出异议"]).await;
        let page = phone.browser.source().await;
        for closed in [PLAN, OPINION, "0572-0000101"] {
            assert!(!page.contains(closed), "{closed} is published");
        }
        phone.browser.go("提出异议").await;
        let typed =
            [("content", OBJECTION), ("contact_name", "顾明（虚构）"), ("contact_phone", "0572-0000999")];
        phone.fills(&typed).await;
        phone.browser.submit().await;
        phone.sees(&["异议已收到", "湖异"]).await;
        phone.goes(application, "提出异议").await;
        phone.fills(&typed).await;
    }

    /// Answers the objection and recognises the station; its page.
    async fn it_is_recognised(city: &Person, application: &str) -> String {
        city.opens(application, &["还缺：异议的答复", "不予认定"]).await;
        assert_eq!(
            city.browser.count(".offers a[href$='/moves/recognise']").await,
            0,
            "not before it is answered"
        );
        city.goes("/objections", STATION).await;
        let objection = city.browser.path().await;
        city.sees(&[OBJECTION, "顾明（虚构）"]).await;
        city.begins(&objection, "answer").await;
        city.fills(&[("answer", "两站任务不同，附对照表。")]).await;
        city.ends("已答复").await;
        city.begins(application, "recognise").await;
        city.browser
            .click("main [name=level] option[value=municipal], main [name=level][value=municipal]")
            .await;
        city.fills(&[("recognised_by", "湖州市科协（演示）")]).await;
        city.ends("已认定").await;
        city.browser.press("main a[href^='/stations/']").await;
        city.sees(&[STATION, "湖州市科协（演示）"]).await;
        city.browser.path().await
    }

    /// The code as it is printed on the certificate.
    async fn code(city: &Person, station: &str) -> String {
        city.browser.open(station).await;
        city.browser.press("main a[href^='/certificates/']").await;
        let shown = city.browser.text().await;
        let of = |word: &&str| word.len() == 14 && word.matches('-').count() == 2;
        shown.split_whitespace().find(of).unwrap_or_else(|| panic!("no code: {shown}")).to_owned()
    }

    async fn checks(phone: &Person, code: &str, words: &[&str]) {
        phone.browser.forget().await;
        phone.opens("/check", &["证书查验"]).await;
        phone.fills(&[("code", &code.to_lowercase())]).await;
        phone.browser.submit().await;
        phone.sees(words).await;
    }

    /// What is done there stands in its dossier without being reported; the one of which nothing is heard is asked after.
    async fn its_dossier_counts(city: &Person, town: &Town, station: &str) {
        let id = station.rsplit('/').next().unwrap_or_default();
        let id = town.province.get(&format!("/api/v1/stations/{id}")).is(200).value()["id"].clone();
        let visit =
            json!({ "title": "驻站看冷压段", "place": "330521", "station": id, "visited_on": day(0) });
        listed(&town.province, "visits", "inspection", visit);
        world::settle(&town.province);
        city.opens(&format!("{station}/dossier"), &["站点档案", "最近一次", "驻站看冷压段"]).await;
        city.opens("/stations/quiet", &["久未走访站（演示）", "到久未走访站现场"]).await;
        assert!(!city.browser.text().await.contains(STATION), "it is heard of");
    }

    /// A round with its score sheet, told to the station, which ends in leaving.
    async fn it_is_assessed_and_leaves(city: &Person, town: &Town, firm: &Person) {
        city.browser.open("/stations/rounds").await;
        city.fills(&[("round", "2026年度"), ("place", "330500")]).await;
        for (name, value) in [("since", day(-365)), ("until", day(0))] {
            city.browser
                .evaluate(&format!("(document.querySelector('[name={name}]').value = '{value}', true)"))
                .await;
        }
        city.browser.submit().await;
        city.sees(&[STATION, "久未走访站（演示）", "走访 1"]).await;
        city.browser.go(STATION).await;
        let evaluation = city.browser.path().await;
        firm.begins(&evaluation, "hand-in").await;
        firm.fills(&[("statement", "记录齐全")]).await;
        firm.ends("待评分").await;
        city.begins(&evaluation, "score").await;
        let low = POINTS.map(|(name, _)| (name, if name == "points.effect" { "5" } else { "8" }));
        city.fills(&low).await;
        city.fills(&[("opinion", "驻站次数不够")]).await;
        city.browser.submit().await;
        city.makes(&evaluation, "tell", "征求站点意见").await;
        firm.opens(&evaluation, &["驻站次数不够"]).await;
        firm.begins(&evaluation, "reply").await;
        firm.fills(&[("answer", "接受")]).await;
        firm.browser.submit().await;
        city.begins(&evaluation, "exit").await;
        city.fills(&[("reason", "评估未达标")]).await;
        city.ends("已退出").await;
        assert!(town.province.get("/stations/quiet").is(200).text().contains("久未走访站"));
    }

    #[tokio::test]
    async fn a_station_is_applied_for_reviewed_objected_to_recognised_assessed_and_left() {
        let town = Town::open();
        let firm = Person::without_scripts(&town.house).await;
        let application = a_firm_applies(&firm, &town).await;
        let county = Person::at_a_desk(&town.house).await;
        county.browser.enter(town.house.link(COUNTY.0)).await;
        county.opens("/work", &[STATION]).await;
        county.makes(&application, "check", "待评审").await;
        let (city, phone) = (county, Person::on_a_phone(&town.house).await);
        city.becomes_someone(town.house.link(CITY.0)).await;
        city.makes(&application, "begin-review", "评审中").await;
        it_is_reviewed(&city, &phone, &town, &application).await;
        city.begins(&application, "publicise").await;
        city.browser
            .evaluate(&format!(
                "(document.querySelector('[name=publicity_until]').value = '{}', true)",
                day(30)
            ))
            .await;
        city.ends("公示中").await;
        anyone_objects(&phone, &application).await;
        let after = format!("{}T01:00:00Z", day(31));
        let (house, rung) = town.house.at_the_day(shipped(), &after);
        assert!(rung >= 1, "its last day has passed");
        phone.browser.submit().await;
        phone.sees(&["不再受理异议"]).await;
        assert_eq!(phone.stands("content").await, OBJECTION, "nothing typed is lost");
        let town = Town { house, ..town };
        let station = it_is_recognised(&city, &application).await;
        let code = code(&city, &station).await;
        checks(&phone, &code, &["有效", STATION]).await;
        // What the reviewers said is told now, and not who they were.
        firm.opens(&application, &["针对性强", "已认定"]).await;
        assert!(!firm.browser.source().await.contains("陆闻笛"));
        its_dossier_counts(&city, &town, &station).await;
        it_is_assessed_and_leaves(&city, &town, &firm).await;
        checks(&phone, &code, &["已撤销"]).await;
        phone.opens(&station, &["没有这一页"]).await;
        for one in [firm.browser, city.browser, phone.browser] {
            one.close().await;
        }
    }
}
