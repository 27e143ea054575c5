//! Five people as far as the demand reaches, each in a real browser and in Chinese: the county officer and the R&D manager
//! at a desk and on a phone, the professor, the broker and the society's secretary on a phone.
//!
//! Each sees what is said to them, finds no page wider than the screen, and is refused what is not theirs. Nothing waits for
//! time to pass. Start at [`Person::comes`].

#[cfg(test)]
#[expect(dead_code, reason = "each test program uses the part of the harness it needs")]
mod harness;

#[cfg(test)]
mod five_journeys {
    use serde_json::{Value, json};

    use crate::harness::browser::{Browser, Window};
    use crate::harness::client::{Client, encode};
    use crate::harness::screen::Person;
    use crate::harness::world::{self, ANSWERS, CONTACT, Filed, NEED, file, make, text};
    use crate::harness::{Holder, House, Store, link_in};

    const COUNTY: Holder = ("shi", "officer", "330521", "施小满（虚构）");
    const PROVINCE: Holder = ("li", "officer", "330000", "李望舒（虚构）");
    const STEWARD: Holder = ("steward", "steward", "", "章一苇（虚构）");
    const BROKER: Holder = ("qian", "broker", "330500", "钱巧云（虚构）");
    const COLLEAGUE: Holder = ("sun", "broker", "330500", "孙远（虚构）");
    /// What the page of a record one may not read says.
    const NOWHERE: &str = "没有这一页";
    const DESK: (Window, u64) = (Window::DESK, 1280);
    const PHONE: (Window, u64) = (Window::PHONE, 390);

    impl Person {
        async fn comes(town: &Town, screen: (Window, u64)) -> Person {
            Person::at(&town.house, screen).await
        }

        /// None of these pages is there for this person.
        async fn finds_nothing(&self, paths: &[String]) {
            for path in paths {
                self.opens(path, &[NOWHERE]).await;
            }
        }

        /// Ticks an option, or takes it from a list.
        async fn takes(&self, name: &str, value: &str) {
            let css = format!(
                "main input[name={name}][value='{value}'], main [name={name}] option[value='{value}']"
            );
            self.browser.click(&css).await;
        }

        async fn leaves(self) {
            self.browser.close().await;
        }
    }

    /// A house, and the officer of the province who prepares what the people of the journeys come to.
    struct Town {
        house: House,
        province: Client,
    }

    impl Town {
        fn open(others: &[Holder]) -> Town {
            let house = House::open(Store::Sqlite, &[&[PROVINCE], others].concat());
            Town { province: house.person(PROVINCE.0), house }
        }

        fn visitor(&self) -> Client {
            self.house.visitor()
        }
    }

    fn firm(officer: &Client, title: &str, place: &str) -> Filed {
        let fields = json!({ "title": title, "place": place, "industry": ["C202"],
            "contact_name": format!("{title}联系人（虚构）"), "contact_phone": "0572-0000201" });
        let filed = file(officer, "organizations", "firm", fields);
        make(officer, &filed, "list", json!({}));
        filed
    }

    /// Firms of two counties, and the page of a campaign that calls on them.
    fn campaign(town: &Town) -> String {
        let province = &town.province;
        for (title, place) in
            [("云岫木业（演示）", "330521"), ("莫干机械（演示）", "330521"), ("翠筠竹业（演示）", "330523")]
        {
            firm(province, title, place);
        }
        let fields = json!({ "title": "2026 年技术需求征集（演示）", "place": "330500", "until": "2099-12-31",
            "contact_name": "胡令仪（虚构）", "contact_phone": "0572-0000105" });
        let programme = file(province, "programmes", "campaign", fields);
        make(province, &programme, "list", json!({}));
        world::settle(province);
        format!("{}/campaign", programme.page())
    }

    /// The links of the firms that were called on, as the officer downloads them: firm, link.
    fn letters(officer: &Client, page: &str) -> Vec<(String, String)> {
        let answer = officer.post(&format!("{page}/links"), &[]).is(200);
        let rows = crate::harness::cells(&answer.body);
        rows.into_iter().skip(1).map(|row| (row[0].clone(), link_in(&row[4]).unwrap_or_default())).collect()
    }

    fn link_of(letters: &[(String, String)], firm: &str) -> String {
        letters.iter().find(|(name, _)| name == firm).map(|(_, link)| link.clone()).expect("a letter")
    }

    fn at(path: &str) -> Filed {
        let mut parts = path.trim_start_matches('/').split('/').map(str::to_owned);
        Filed {
            kind: parts.next().unwrap_or_default(),
            number: parts.next().unwrap_or_default(),
            id: String::new(),
        }
    }

    /// Answers as the API takes them.
    fn answers() -> Value {
        Value::Object(ANSWERS.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect())
    }

    /// A demand a firm submitted and nobody has looked at.
    fn submitted(town: &Town, title: &str, place: &str) -> Filed {
        let visitor = town.visitor();
        let demand = world::post_need(&visitor, title, NEED.1);
        let contact = CONTACT.iter().map(|(name, value)| (*name, json!(value)));
        let contact: Vec<_> = contact.chain([("place", json!(place))]).collect();
        world::revise(&visitor, &demand, &contact).is(200);
        make(&visitor, &demand, "submit", json!({}));
        demand
    }

    /// What is told on the telephone, typed as it is heard.
    const CALL: [(&str, &str); 6] = [
        ("firm_name", "青岚竹业（演示）"),
        ("contact_name", "郑知远（虚构）"),
        ("contact_phone", "0572-0000101"),
        ("title", NEED.0),
        ("problem", NEED.1),
        ("place", "330521"),
    ];

    /// Enters the demand after a call; its page and the link for the firm's contact.
    async fn enters_a_call(person: &Person) -> (String, String) {
        person.opens("/demands/behalf", &["代企业登记需求", "记录写明由谁代为登"]).await;
        person.takes("told_by", "phone").await;
        person.fills(&CALL).await;
        person.browser.submit().await;
        person.sees(&["已代为登记", "给企业联系人的专用链接", "此链接只显示这一次"]).await;
        let link = link_in(&person.browser.text_of(".secret-link").await).unwrap_or_default();
        (at(&person.browser.path().await).page(), link)
    }

    /// Calls on firms by pasted lines and sees who has answered.
    async fn calls_on_firms(officer: &Person, town: &Town, campaign: &str) {
        officer.opens(campaign, &["征集进度", "还没有邀请企业"]).await;
        let lines = "云岫木业（演示）\n莫干机械（演示）\n没有这家\n翠筠竹业（演示）";
        officer.fills(&[("firms", lines)]).await;
        officer.browser.submit().await;
        officer.sees(&["新邀请 2 家", "不在您的地区 1 家", "有 1 行没有找到对应单位", "0/2 完成"]).await;
        assert_eq!(
            officer.browser.evaluate("document.querySelector('#firms').value.trim()").await,
            "没有这家"
        );
        let links = letters(&town.province, campaign);
        let answering = town.visitor();
        answering.enter(&link_of(&links, "莫干机械（演示）"));
        let mine = answering.get("/api/v1/demands").is(200).value();
        let none =
            Filed { kind: "demands".into(), number: text(&mine["items"][0], "number"), id: String::new() };
        make(&answering, &none, "none", json!({}));
        officer.opens(campaign, &["1/2 完成", "还有 1 家没有答复", "提醒这 1 家"]).await;
        officer.browser.press("table.campaign tfoot a[aria-label='合计 无需求 1']").await;
        officer.sees(&["名单（1 家）", "莫干机械（演示）"]).await;
    }

    /// Asks back, approves, clears and publishes what the call brought.
    async fn brings_it_to_the_public(officer: &Person, town: &Town, demand: &str, link: &str) {
        officer.opens(demand, &["待审核", "代 青岚竹业（演示）"]).await;
        officer.begins(demand, "ask-back").await;
        assert_eq!(officer.browser.count("[data-group=questions] .group-row").await, ANSWERS.len());
        let first = "document.querySelector('[data-group=questions] .group-row [name$=text]').value";
        assert_eq!(
            officer.browser.evaluate(first).await,
            "现在能做到多少？",
            "the question is there already"
        );
        officer.browser.submit().await;
        officer.sees(&["退回补充"]).await;
        let contact = town.visitor();
        contact.enter(link);
        make(&contact, &at(demand), "answer", answers());
        for (name, stage) in [("check", "审核通过"), ("clear", "审核通过"), ("publish", "已发布")]
        {
            officer.makes(demand, name, stage).await;
        }
        let seen = town.visitor().get(demand).is(200).text();
        assert!(seen.contains("某企业（德清县）") && !seen.contains("青岚竹业"), "{seen}");
    }

    /// Sees what waits by how near it is, and goes through it by keys.
    async fn walks_the_work(officer: &Person, titles: [&str; 2]) {
        officer.opens("/work", &["我的事项", "七天内到期", "审核时限"]).await;
        let near = officer.browser.texts(".work-near li").await;
        let order = ["已逾期", "今天到期", "七天内到期", "以后到期", "无时限"];
        let place = |label: &String| order.iter().position(|name| label.starts_with(name));
        assert!(near.iter().all(|label| place(label).is_some()) && near.is_sorted_by_key(place), "{near:?}");
        let rows = officer.browser.texts(".work .row-title").await;
        assert!(
            rows.len() >= 2 && titles.iter().all(|title| rows.iter().any(|row| row == title)),
            "{rows:?}"
        );
        for (key, row) in [('j', 0), ('j', 1), ('k', 0), ('j', 1)] {
            officer.browser.keys([key]).await;
            let focus = officer.browser.evaluate("document.activeElement.textContent").await;
            assert_eq!(focus, json!(rows[row]), "after {key}");
        }
        officer.browser.press(".row.walked a.row-title").await;
        assert_eq!(officer.browser.text_of(".record-head h1").await, rows[1]);
    }

    async fn an_officer_comes(screen: (Window, u64)) {
        let town = Town::open(&[COUNTY]);
        let page = campaign(&town);
        let away = submitted(&town, "竹材重组地板户外霉变", "330523");
        let officer = Person::comes(&town, screen).await;
        officer.browser.enter(town.house.link("shi")).await;
        calls_on_firms(&officer, &town, &page).await;
        let (demand, link) = enters_a_call(&officer).await;
        brings_it_to_the_public(&officer, &town, &demand, &link).await;
        let titles = ["胶合板冷压后边角开裂", "豆粕胶板坯冷压分层"];
        for title in titles {
            submitted(&town, title, "330521");
        }
        walks_the_work(&officer, titles).await;
        officer.finds_nothing(&[away.page(), "/notices/dead".to_owned()]).await;
        officer.leaves().await;
    }

    #[tokio::test]
    async fn a_county_officer_runs_a_campaign_and_brings_a_demand_to_the_public_at_a_desk() {
        an_officer_comes(DESK).await;
    }

    #[tokio::test]
    async fn a_county_officer_runs_a_campaign_and_brings_a_demand_to_the_public_on_a_phone() {
        an_officer_comes(PHONE).await;
    }

    /// Opens the personal link, fills in what was prepared and submits; the demand's page.
    async fn fills_in_what_was_prepared(manager: &Person, link: &str) -> String {
        manager.opens(link, &["持有人", "用途", "有效期至"]).await;
        manager.browser.enter(link).await;
        manager.sees(&["2026 年技术需求征集（演示）", "联系人：胡令仪（虚构）", "本年无需求"]).await;
        let demand = manager.browser.path().await;
        manager.browser.go("填写需求").await;
        manager.sees(&["需求体检"]).await;
        assert_eq!(manager.browser.text_of("[data-grade]").await, "C");
        let place = manager.browser.evaluate("document.querySelector('main [name=place]').value").await;
        assert!(place.as_str().is_some_and(|place| place.contains("德清县")), "filled in already: {place}");
        manager.fills(&[("title", NEED.0), ("problem", NEED.1), ("wanted_value", "≥ 1.0 MPa")]).await;
        manager.browser.submit().await;
        manager.begins(&demand, "submit").await;
        manager.fills(&CONTACT).await;
        manager.browser.submit().await;
        manager.sees(&["待审核", "谁在办，何时答复", "德清县科协工作人员", "审核时限"]).await;
        demand
    }

    /// Answers what the officer asked, beside the fields it is about.
    async fn answers_what_is_asked(manager: &Person, town: &Town, demand: &str) {
        let officer = &town.province;
        let questions = json!([{ "code": "present-value", "text": "冷压后强度现在是多少？" },
            { "code": "budget", "text": "愿意投入多少？" }]);
        make(officer, &at(demand), "ask-back", json!({ "questions": questions }));
        manager.begins(demand, "answer").await;
        for (field, question) in [("present_value", "冷压后强度现在是多少？"), ("budget", "愿意投入多少？")]
        {
            let beside = format!("document.getElementById('{field}').closest('.field').textContent");
            let beside = manager.browser.evaluate(&beside).await.to_string();
            assert!(beside.contains(question), "{field}: {beside}");
        }
        manager.fills(&[("present_value", "0.7 MPa"), ("budget", "60万元")]).await;
        manager.browser.submit().await;
        manager.sees(&["待审核", "0.7 MPa", "谁在办，何时答复"]).await;
        let rest = ANSWERS.map(|(name, value)| (name, json!(value)));
        world::revise(officer, &at(demand), &rest).is(200);
        make(officer, &at(demand), "check", json!({}));
        make(officer, &at(demand), "publish", world::cleared_by(officer));
    }

    /// Says what fits and what does not, by the same link.
    async fn judges_who_is_put_forward(manager: &Person, demand: &str) {
        manager.opens(demand, &["已发布"]).await;
        manager.browser.press("a.to-match").await;
        manager.sees(&["对接推荐", "沈砚秋（虚构）", "陆闻笛（虚构）"]).await;
        let first = ".match-group:first-child .hit:first-child";
        let title = manager.browser.text_of(&format!("{first} .row-title")).await;
        manager.browser.click(&format!("{first} .unfit summary")).await;
        manager.browser.click(&format!("{first} .unfit input[value=too-early]")).await;
        manager.browser.press(&format!("{first} .unfit button[type=submit]")).await;
        let judged = "document.querySelector('.judged').textContent";
        manager.browser.find(".judged").await;
        let told = manager.browser.evaluate(judged).await.to_string();
        assert!(told.contains(&title) && told.contains("时机尚早"), "{told}");
        manager.browser.press(&format!("{first} button[value=fit]")).await;
        assert_eq!(manager.browser.count(".hit.fit").await, 1);
        manager.sees(&["合适", "已作判断"]).await;
    }

    async fn a_manager_comes(screen: (Window, u64)) {
        let town = Town::open(&[COUNTY]);
        let (page, county) = (campaign(&town), &town.province);
        world::World::file_all(county);
        let lines = [("firms", "云岫木业（演示）\n莫干机械（演示）"), ("do", "save")];
        county.post(&format!("{page}/invite"), &lines).is(200);
        let link = link_of(&letters(county, &page), "云岫木业（演示）");
        let other = submitted(&town, "别家的需求：安全阀漏气", "330521");
        let manager = Person::comes(&town, screen).await;
        let demand = fills_in_what_was_prepared(&manager, &link).await;
        answers_what_is_asked(&manager, &town, &demand).await;
        world::settle(county);
        manager.browser.forget().await;
        manager.browser.enter(&link).await;
        judges_who_is_put_forward(&manager, &demand).await;
        manager.finds_nothing(&[other.page(), page]).await;
        for closed in ["/accounts", "/demands/behalf", "/demands/common"] {
            manager.opens(closed, &["不能办理"]).await;
        }
        manager.leaves().await;
    }

    #[tokio::test]
    async fn a_manager_fills_in_answers_and_judges_by_one_link_at_a_desk() {
        a_manager_comes(DESK).await;
    }

    #[tokio::test]
    async fn a_manager_fills_in_answers_and_judges_by_one_link_on_a_phone() {
        a_manager_comes(PHONE).await;
    }

    const EXPERT: (&str, &str) = ("沈砚秋（虚构）", "0571-0000301");
    const CONTACT_OF_FIRM: [&str; 2] = ["郑知远", "0572-0000101"];

    /// A published demand with its firm, and people and units to put forward.
    fn published(town: &Town) -> (Client, Filed, world::World) {
        let (firm, province) = (town.visitor(), &town.province);
        let world = world::World::file_all(province);
        let demand = world::publish_need(&firm, province, &[("details", json!("鲲鹏密语甲"))]);
        world::settle(province);
        (firm, demand, world)
    }

    /// A candidate the firm found fitting and the officer invites; the match and the link.
    fn invited(
        town: &Town,
        firm: &Client,
        demand: &Filed,
        candidate: &Filed,
        field: &str,
    ) -> (Filed, String) {
        let officer = &town.province;
        let fields =
            json!({ "title": "推荐", "demand": demand.id, "candidate": candidate.id, "place": "330521" });
        let of = file(officer, "matches", "", fields);
        make(firm, &of, "fit", json!({}));
        let said = [
            (field, candidate.id.as_str()),
            ("message", "您做过豆粕胶冷压"),
            ("firm_type", "德清县 · 木材加工"),
            ("effort", "半天"),
            ("reward", "paid"),
            ("do", "make"),
        ];
        let sent = officer.post(&format!("{}/invite", of.page()), &said).is(303);
        let fresh = sent.headers.iter().find_map(|(_, value)| value.strip_prefix("fresh="));
        let secret = fresh.and_then(|rest| rest.split(';').next()).unwrap_or_default();
        (of, format!("/l/{secret}"))
    }

    /// No page of these tells how the firm is reached.
    async fn reads_no_contact(person: &Person, pages: &[String]) {
        for page in pages {
            person.opens(page, &[]).await;
            let source = person.browser.source().await;
            assert!(!CONTACT_OF_FIRM.iter().any(|word| source.contains(word)), "{page} tells who asks");
        }
    }

    #[tokio::test]
    async fn a_professor_declines_one_refers_one_and_accepts_one_and_only_then_reads_the_contact() {
        let town = Town::open(&[]);
        let (firm, demand, world) = published(&town);
        let asked = [world.experts[0].clone(), world.experts[1].clone(), world.experts[2].clone()];
        let [(accepted, yes), (declined, no), (referred, other)] =
            asked.each_ref().map(|expert| invited(&town, &firm, &demand, expert, "expert"));
        let professor = Person::comes(&town, PHONE).await;
        professor.browser.enter(&no).await;
        professor.begins(&declined.page(), "decline").await;
        professor.browser.submit().await;
        professor.sees(&["不合适原因"]).await;
        assert!(
            professor.browser.count(".faults a[href='#reason']").await == 1,
            "no refusal without a reason"
        );
        professor.takes("reason", "capacity").await;
        professor.browser.submit().await;
        professor.sees(&["已婉拒"]).await;
        assert!(firm.get(&declined.page()).is(200).text().contains("暂无时间精力"), "the firm reads why");
        professor.opens(&no, &["已经答复", "婉拒"]).await;

        professor.browser.forget().await;
        professor.browser.enter(&other).await;
        professor.begins(&referred.page(), "refer").await;
        professor.fills(&[("refers_to", "许知微，云栖农林大学")]).await;
        professor.browser.submit().await;
        professor.sees(&["已转荐"]).await;

        professor.browser.forget().await;
        professor.opens(&yes, &["持有人", EXPERT.0]).await;
        professor.browser.enter(&yes).await;
        assert_eq!(professor.browser.path().await, accepted.page());
        let said = [
            "已邀请",
            "您做过豆粕胶冷压",
            "德清县 · 木材加工",
            "半天",
            "有酬",
            "接受邀请",
            "婉拒",
            "另荐他人",
        ];
        professor.sees(&said).await;
        reads_no_contact(&professor, &[accepted.page(), demand.page(), "/cases".to_owned()]).await;
        assert!(!firm.get(&accepted.page()).is(200).text().contains(EXPERT.1), "nor the firm the expert's");
        professor.finds_nothing(&[declined.page(), referred.page()]).await;
        professor.makes(&accepted.page(), "accept", "双方同意").await;
        professor.sees(&CONTACT_OF_FIRM).await;
        assert!(firm.get(&accepted.page()).is(200).text().contains(EXPERT.1), "now both sides read it");
        professor.browser.open(&demand.page()).await;
        assert!(!professor.browser.source().await.contains("鲲鹏密语甲"), "what is sealed stays sealed");
        professor.leaves().await;
    }

    /// Three public demands of one city that read alike.
    fn alike(town: &Town) -> Vec<Filed> {
        let province = &town.province;
        let titles = ["无醛胶合板冷压强度不足", "胶合板冷压后边角开裂", "豆粕胶板坯冷压分层"];
        let demands = titles.map(|title| {
            let demand = submitted(town, title, "330521");
            let more: Vec<_> = ANSWERS.iter().map(|(name, value)| (*name, json!(value))).collect();
            world::revise(province, &demand, &more).is(200);
            make(province, &demand, "check", json!({ "not_duplicate": true }));
            let mut given = world::cleared_by(province);
            given["not_duplicate"] = json!(true);
            make(province, &demand, "publish", given);
            demand
        });
        world::settle(province);
        demands.to_vec()
    }

    /// Ticks every demand of the list and files what they have in common.
    async fn combines(broker: &Person, town: &Town, demands: &[Filed]) {
        broker.opens("/demands", &["勾选两条以上"]).await;
        for demand in demands {
            broker
                .browser
                .click(&format!("input[name=of][value='{}']", tick(&broker.browser, demand).await))
                .await;
        }
        broker.browser.press("form[action$='/demands/common'] p.actions button").await;
        broker.sees(&["归并为共性需求", "各条需求保留原来的单位和页面"]).await;
        let present =
            broker.browser.evaluate("document.querySelector('main [name=present_value]').value").await;
        assert_eq!(present, "1. 0.7 MPa；2. 0.7 MPa；3. 0.7 MPa", "side by side");
        let typed = [
            ("title", "胶合板冷压成型共性需求"),
            ("problem", "多家企业冷压强度不足。"),
            ("contact_name", "钱巧云（虚构）"),
            ("contact_phone", "0572-0000107"),
        ];
        broker.fills(&typed).await;
        broker.browser.submit().await;
        broker.sees(&["胶合板冷压成型共性需求", "待审核", "产业共性需求", "胶合板冷压后边角开裂"]).await;
        for demand in demands {
            let page = town.province.get(&demand.page()).is(200).text();
            assert!(page.contains("已归并到") && page.contains("胶合板冷压成型共性需求"), "{page}");
        }
    }

    /// The value of the tick of a demand: its number as it is written.
    async fn tick(browser: &Browser, demand: &Filed) -> String {
        let row = format!("document.querySelector(\"a.row-title[href$='{}']\")", demand.page());
        let tick = browser.evaluate(&format!("{row}.closest('td').querySelector('input').value")).await;
        tick.as_str().unwrap_or_default().to_owned()
    }

    #[tokio::test]
    async fn a_broker_enters_combines_and_takes_the_list_along() {
        let town = Town::open(&[BROKER, COLLEAGUE]);
        let (_, demand, _) = published(&town);
        let demands = alike(&town);
        let waiting = submitted(&town, "还没有人看过的需求：安全阀漏气", "330521");
        let broker = Person::comes(&town, PHONE).await;
        broker.browser.enter(town.house.link("qian")).await;
        broker.opens("/demands", &[NEED.0, "胶合板冷压后边角开裂"]).await;
        assert!(!broker.browser.text().await.contains("安全阀漏气"), "what is not public is not listed");
        broker.finds_nothing(&[waiting.page()]).await;
        let (mine, _) = enters_a_call(&broker).await;
        let entered = town.province.get(&mine).is(200).text();
        assert!(entered.contains("钱巧云（虚构）（代 青岚竹业（演示）"), "{entered}");
        combines(&broker, &town, &demands).await;
        broker.opens(&format!("{}/match", demand.page()), &["对接推荐", EXPERT.0]).await;
        takes_the_list(&broker, &town).await;
        broker.opens("/accounts", &["不能办理"]).await;
        broker.leaves().await;
    }

    /// The list says where the spreadsheet is; the same file, taken by a broker whose program needs no browser.
    async fn takes_the_list(broker: &Person, town: &Town) {
        broker.opens("/demands", &["导出", "电子表格"]).await;
        assert_eq!(broker.browser.count("main a[href*='/demands.xlsx']").await, 1);
        let rows = crate::harness::cells(&town.house.person(COLLEAGUE.0).get("/demands.xlsx").is(200).body);
        let holds = |word: &str| rows.iter().flatten().any(|cell| cell.contains(word));
        assert!(holds(NEED.0) && holds("胶合板冷压后边角开裂"), "{rows:?}");
        assert!(!holds("安全阀漏气") && !holds("郑知远"), "{rows:?}");
    }

    const PASSWORD: &str = "竹林深处有一台冷压机2026";

    /// Comes by the link that works once, sets a password and signs in by it.
    async fn sets_a_password(secretary: &Person, link: &str, login: &str) {
        secretary.opens(link, &["持有人", "登录本平台并设置密码"]).await;
        secretary.browser.enter(link).await;
        secretary.opens("/account", &["单位管理员", "还没有密码"]).await;
        secretary.fills(&[("password", "short"), ("again", "short")]).await;
        secretary.browser.submit().await;
        secretary.sees(&["密码太短"]).await;
        secretary.fills(&[("password", PASSWORD), ("again", PASSWORD)]).await;
        secretary.browser.submit().await;
        secretary.browser.forget().await;
        secretary.opens(link, &["链接已经用过"]).await;
        secretary.opens("/signin", &["登录名", "密码"]).await;
        secretary.fills(&[("name", login), ("password", PASSWORD)]).await;
        secretary.browser.submit().await;
        secretary.opens("/account", &["单位管理员", login]).await;
    }

    /// Lets one in who asked, and turns one away with a reason.
    async fn admits_members(secretary: &Person, town: &Town, society: &Filed) {
        let join = format!("{}/join", society.page());
        let [zhou, an] = ["zhou", "an"].map(|login| town.house.person(login));
        zhou.post(&join, &[("note", "秘书处")]).is(303);
        an.post(&join, &[("note", "走错了")]).is(303);
        secretary.opens(&society.page(), &["单位成员（2 份申请待办）"]).await;
        secretary.browser.go("单位成员").await;
        secretary.sees(&["申请加入", "周行（虚构）", "秘书处", "安知夏（虚构）"]).await;
        let row = "[...document.querySelectorAll('main tbody tr')].findIndex(row => row.textContent.includes('周行')) + 1";
        let row = secretary.browser.evaluate(row).await;
        secretary.browser.press(&format!("main tbody tr:nth-child({row}) form:nth-of-type(1) button")).await;
        secretary.sees(&["单位成员", "安知夏（虚构）"]).await;
        secretary.browser.fill("reason", "请向本单位申请").await;
        secretary.browser.press("main tbody tr:nth-child(1) form:nth-of-type(2) button").await;
        secretary.sees(&["没有待办的申请", "周行（虚构）"]).await;
        assert!(an.get(&join).is(200).text().contains("请向本单位申请"));
        assert!(zhou.get(&join).is(200).text().contains("已同意"));
    }

    #[tokio::test]
    async fn a_society_secretary_sets_a_password_admits_members_and_answers_for_the_society() {
        let others =
            [("zhou", "liaison", "330521", "周行（虚构）"), ("an", "liaison", "330523", "安知夏（虚构）")];
        let town = Town::open(&[STEWARD, others[0], others[1]]);
        let (firm, demand, world) = published(&town);
        let typed = [
            ("name", "lin-mu"),
            ("person", "林沐（虚构）"),
            ("role", "admin"),
            ("organization", &world.society.number),
        ];
        let handed = town.house.person("steward").post("/accounts/invite", &typed).is(200).text();
        let secretary = Person::comes(&town, PHONE).await;
        sets_a_password(&secretary, &link_in(&handed).unwrap_or_default(), "lin-mu").await;
        secretary.opens(&format!("/search?q={}", encode("胶合板 冷压")), &[NEED.0]).await;
        secretary.opens("/demands?stage=published&industry=C202", &[NEED.0, "已发布"]).await;
        admits_members(&secretary, &town, &world.society).await;
        let (of, _) = invited(&town, &firm, &demand, &world.society, "unit");
        secretary.opens("/notices", &["我的消息", "推荐", "已邀请"]).await;
        secretary.opens("/work", &["我的事项", "答复时限"]).await;
        secretary.opens(&of.page(), &["已邀请", "您做过豆粕胶冷压", "有酬"]).await;
        reads_no_contact(&secretary, &[of.page(), demand.page()]).await;
        secretary.makes(&of.page(), "accept", "双方同意").await;
        secretary.sees(&CONTACT_OF_FIRM).await;
        secretary.opens("/notices/channels", &["接收方式", "还没有设置接收方式"]).await;
        secretary.takes("means", "wecom").await;
        secretary.takes("rhythm", "daily").await;
        secretary
            .fills(&[("address", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=secretkey")])
            .await;
        secretary.browser.press("main form.sheet .buttons button").await;
        secretary.sees(&["企业微信群机器人", "qyapi.weixin.qq.com/…tkey"]).await;
        let university = town.visitor().get("/api/v1/organizations?type=university").is(200).value();
        let members = format!("/organizations/{}/members", text(&university["items"][0], "number"));
        for closed in [members.as_str(), "/accounts/1", "/demands/behalf"] {
            secretary.opens(closed, &[]).await;
            let page = secretary.browser.text().await;
            assert!(page.contains("不能办理") || page.contains(NOWHERE), "{closed}: {page}");
        }
        secretary.leaves().await;
    }
}
