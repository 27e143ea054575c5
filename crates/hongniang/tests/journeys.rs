//! What people come to do, done in a real browser: a firm posts a need, officers clear it, an expert answers.

#[cfg(test)]
#[expect(dead_code, reason = "each test program uses the part of the harness it needs")]
mod harness;

#[cfg(test)]
mod journeys {
    use fantoccini::key::Key;
    use serde_json::json;

    use crate::harness::browser::{Browser, Window};
    use crate::harness::client::Client;
    use crate::harness::world::{self, ANSWERS, CONTACT, NEED, World};
    use crate::harness::{Holder, House, Store, link_in};

    /// Files the small world; never in a browser.
    const PROVINCE: Holder = ("li", "officer", "330000", "李望舒（虚构）");
    /// The officer of the county, in the browser.
    const COUNTY: Holder = ("shi", "officer", "330521", "施小满（虚构）");

    async fn browser(window: Window, house: &House) -> Browser {
        Browser::start(window, &house.url("")).await
    }

    /// From the home page to a submitted demand of grade A; tells its address and the firm's link.
    async fn post_and_raise(browser: &Browser, scripts: bool) -> (String, String) {
        browser.open("/").await;
        browser.go("提需求").await;
        browser.fill("title", NEED.0).await;
        browser.fill("problem", NEED.1).await;
        browser.fill("place", "德清县").await;
        browser.submit().await;
        let link = browser.text_of(".secret-link").await;
        assert_eq!(browser.text_of(".grade").await, "C", "two lines are a start");
        browser.press(".posted .actions a.button").await;
        for (name, answer) in ANSWERS {
            browser.fill(name, answer).await;
        }
        if scripts {
            assert_eq!(browser.text_of("[data-grade]").await, "A", "the page counts along");
        }
        browser.submit().await;
        assert_eq!(browser.text_of(".grade").await, "A");
        let demand = browser.path().await;
        browser.press(".offers a[href$='/moves/submit']").await;
        for (name, answer) in CONTACT {
            browser.fill(name, answer).await;
        }
        browser.submit().await;
        assert_eq!(browser.text_of(".record-head .badge").await, "待审核");
        (demand, link_in(&link).unwrap_or_default())
    }

    #[tokio::test]
    async fn a_firm_without_an_account_posts_a_demand_and_raises_it_to_grade_a() {
        let house = House::open(Store::Sqlite, &[]);
        let browser = browser(Window::DESK, &house).await;
        let (demand, link) = post_and_raise(&browser, true).await;
        browser.forget().await;
        browser.open(&demand).await;
        assert!(browser.text_of("main").await.contains("没有这一页"), "it is nobody else's yet");
        browser.enter(&link).await;
        assert_eq!(browser.path().await, demand, "the link leads back to the demand");
        assert!(browser.text().await.contains("0.7 MPa"));
        browser.close().await;
    }

    #[tokio::test]
    async fn the_same_need_is_posted_and_raised_where_no_script_may_run() {
        let house = House::open(Store::Sqlite, &[]);
        let browser = browser(Window::WITHOUT_SCRIPTS, &house).await;
        post_and_raise(&browser, false).await;
        browser.open("/demands/post").await;
        assert_eq!(browser.count(".counter").await, 0, "no script ran, or this journey proves nothing");
        browser.close().await;
    }

    /// A submitted demand of two lines and its contact, by the API; tells the firm's client.
    fn two_lines(house: &House) -> (Client, world::Filed) {
        let firm = house.visitor();
        let demand = world::post_need(&firm, NEED.0, NEED.1);
        let contact: Vec<_> = CONTACT.iter().map(|(name, value)| (*name, json!(value))).collect();
        world::revise(&firm, &demand, &contact).is(200);
        world::make(&firm, &demand, "submit", json!({}));
        (firm, demand)
    }

    /// Presses a move's button on a record's page and the main button of its form.
    async fn make(browser: &Browser, demand: &str, name: &str) {
        browser.open(demand).await;
        browser.press(&format!(".offers a[href$='/moves/{name}']")).await;
        browser.submit().await;
    }

    async fn stage(browser: &Browser) -> String {
        browser.text_of(".record-head .badge").await
    }

    /// What the firm does when it is asked back, in a browser of its own session.
    fn answer(firm: &Client, demand: &world::Filed) {
        let form = firm.get(&format!("{}/moves/answer", demand.page())).is(200).text();
        assert!(form.contains("现在能做到多少？"), "the question stands over the form: {form}");
        let answers: Vec<_> = ANSWERS.iter().map(|(name, value)| (*name, json!(value))).collect();
        world::make(
            firm,
            demand,
            "answer",
            json!(serde_json::Map::from_iter(answers.into_iter().map(|(n, v)| (n.to_owned(), v)))),
        );
    }

    #[tokio::test]
    async fn an_officer_finds_the_need_asks_back_for_each_gap_clears_and_publishes() {
        let house = House::open(Store::Sqlite, &[COUNTY]);
        let (firm, demand) = two_lines(&house);
        let browser = browser(Window::DESK, &house).await;
        browser.enter(house.link("shi")).await;
        browser.open("/work").await;
        assert_eq!(browser.texts(".work .row-title").await, [NEED.0]);
        browser.press(".work .row-title").await;
        browser.press(".offers a[href$='/moves/ask-back']").await;
        assert_eq!(
            browser.count("[data-group=questions] .group-row").await,
            ANSWERS.len(),
            "one message per gap"
        );
        browser.submit().await;
        assert_eq!(stage(&browser).await, "退回补充");
        answer(&firm, &demand);
        make(&browser, &demand.page(), "check").await;
        assert_eq!(stage(&browser).await, "审核通过");
        make(&browser, &demand.page(), "clear").await;
        assert!(browser.text().await.contains("施小满（虚构）"), "who cleared it is named");
        make(&browser, &demand.page(), "publish").await;
        assert_eq!(stage(&browser).await, "已发布");
        house.visitor().get(&demand.page()).is(200);
        browser.open("/work").await;
        assert!(!browser.texts(".work a.button").await.iter().any(|label| label.starts_with("发布")));
        browser.close().await;
    }

    /// A published demand in the small world, with the officer of the county not yet used.
    fn published() -> (House, world::Filed, World) {
        let house = House::open(Store::Sqlite, &[PROVINCE, COUNTY]);
        let province = house.person("li");
        let world = World::file_all(&province);
        let demand = world::publish_need(&house.visitor(), &province, &[("details", json!("鲲鹏密语甲"))]);
        world::settle(&province);
        (house, demand, world)
    }

    async fn experts(browser: &Browser) -> Vec<String> {
        browser.texts(".match-group:first-child .hit .row-title").await
    }

    #[tokio::test]
    async fn the_match_page_ranks_experts_first_with_reasons_and_a_judgement_ranks_the_rest_anew() {
        let (house, demand, _) = published();
        let browser = browser(Window::DESK, &house).await;
        browser.enter(house.link("shi")).await;
        browser.open(&demand.page()).await;
        browser.press("a.to-match").await;
        let groups = browser.texts(".match-group > h2").await;
        assert!(groups[0].contains("专家") && groups[1].contains("学会"), "{groups:?}");
        assert_eq!(
            browser.count(".hit .why").await,
            browser.count(".hit").await,
            "each hit shows how it was counted"
        );
        let before = experts(&browser).await;
        assert_eq!(before.first().map(String::as_str), Some("沈砚秋（虚构）"), "{before:?}");
        assert!(
            !before.iter().any(|name| name.contains("许知微")),
            "a stranger to the subject is not put forward: {before:?}"
        );
        assert!(
            browser.texts(".match-group .row-title").await.iter().any(|title| title.contains("大豆蛋白胶"))
        );
        for (hits, reasons) in [
            (".match-group:first-child .hit:first-child", 3),
            (".match-group:nth-child(2) .hit:first-child", 1),
        ] {
            let found = browser.count(&format!("{hits} .reasons li")).await;
            assert!((reasons..=3).contains(&found), "{hits} has {found} reasons");
        }
        browser.click(".match-group:first-child .hit:first-child .unfit summary").await;
        browser.click(".match-group:first-child .hit:first-child .unfit input[value=too-early]").await;
        browser.press(".match-group:first-child .hit:first-child .unfit button[type=submit]").await;
        browser.find(".judged").await;
        let after = experts(&browser).await;
        assert!(!after.contains(&before[0]) && after.first() == before.get(1), "{before:?} became {after:?}");
        let judged = browser.evaluate("document.querySelector('.judged').textContent").await.to_string();
        assert!(judged.contains("沈砚秋") && judged.contains("时机尚早"), "{judged}");
        browser.close().await;
    }

    #[tokio::test]
    async fn a_fitting_expert_is_invited_answers_by_link_and_only_then_reads_the_contact() {
        let (house, demand, _) = published();
        let browser = browser(Window::DESK, &house).await;
        browser.enter(house.link("shi")).await;
        browser.open(&format!("{}/match", demand.page())).await;
        browser.press(".match-group:first-child .hit:first-child button[value=fit]").await;
        browser.press(".match-group:first-child .hit.fit a.button").await;
        assert!(browser.text_of("main form").await.contains("沈砚秋"), "the expert is filled in already");
        browser.click("input[name=reward][value=paid]").await;
        browser.submit().await;
        let link = link_in(&browser.text_of(".secret-link").await).unwrap_or_default();
        browser.forget().await;
        browser.enter(&link).await;
        let invitation = browser.path().await;
        assert!(invitation.starts_with("/matches/"), "{invitation}");
        browser.open(&demand.page()).await;
        assert!(!browser.source().await.contains("0572-0000101"), "an invitation opens no contact");
        browser.open(&invitation).await;
        browser.press(".offers a[href$='/moves/accept']").await;
        browser.submit().await;
        assert_eq!(stage(&browser).await, "双方同意");
        browser.open(&demand.page()).await;
        let page = browser.source().await;
        assert!(page.contains("0572-0000101"), "now the contact is open");
        assert!(!page.contains("鲲鹏密语甲"), "what is sealed stays sealed");
        browser.close().await;
    }

    #[tokio::test]
    async fn a_visitor_sees_no_sealed_or_inside_line_on_any_page() {
        let (house, demand, _) = published();
        let browser = browser(Window::DESK, &house).await;
        let home = ["/", "/demands", "/search?q=%E8%83%B6%E5%90%88%E6%9D%BF", "/people", "/organizations"]
            .map(str::to_owned);
        let english = home.iter().map(|path| format!("/en{path}")).collect::<Vec<_>>();
        let records = [demand.page(), format!("/en{}", demand.page()), format!("{}/match", demand.page())];
        for path in home.into_iter().chain(english).chain(records) {
            browser.open(&path).await;
            let page = browser.source().await;
            for secret in ["鲲鹏密语甲", "郑知远", "0572-0000101", "0571-0000301"] {
                assert!(!page.contains(secret), "{path} tells {secret}");
            }
        }
        browser.open(&demand.page()).await;
        assert!(browser.text_of(".sealed").await.contains("保密详情"), "that there is something is said");
        assert_eq!(browser.count(".sealed form").await, 0);
        browser.close().await;
    }

    #[tokio::test]
    async fn no_page_is_wider_than_a_phone_in_either_language() {
        let (house, demand, _) = published();
        let (firm, other) = two_lines(&house);
        drop((firm, other));
        let browser = browser(Window::PHONE, &house).await;
        let public = [
            "/",
            "/demands",
            "/demands/post",
            "/search?q=%E8%83%B6%E5%90%88%E6%9D%BF",
            "/signin",
            "/nowhere",
        ];
        let staff = [
            "/work".to_owned(),
            demand.page(),
            format!("{}/match", demand.page()),
            format!("{}/edit", demand.page()),
        ];
        let mut wide = Vec::new();
        for path in public.iter().map(|path| (*path).to_owned()).chain([demand.page()]) {
            wide.extend(too_wide(&browser, &path).await);
        }
        browser.enter(house.link("shi")).await;
        for path in staff {
            wide.extend(too_wide(&browser, &path).await);
        }
        assert!(wide.is_empty(), "wider than 390 px: {wide:#?}");
        browser.close().await;
    }

    /// The addresses of both languages that are wider than the window, with what sticks out.
    async fn too_wide(browser: &Browser, path: &str) -> Vec<String> {
        let mut wide = Vec::new();
        for address in [path.to_owned(), format!("/en{path}")] {
            browser.open(&address).await;
            let width =
                browser.evaluate("document.documentElement.scrollWidth").await.as_u64().unwrap_or_default();
            assert_eq!(
                browser.count(".narrow-page.problem").await,
                usize::from(path == "/nowhere"),
                "{address} is shown"
            );
            assert!(width > 300, "{address}: a page that was drawn");
            if width > 390 {
                let out = browser
                    .evaluate(
                        "[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > 391)\
                         .slice(0, 3).map(e => e.tagName + '.' + e.className).join(' ')",
                    )
                    .await;
                wide.push(format!("{address}: {width} {out}"));
            }
        }
        wide
    }

    #[tokio::test]
    async fn the_keyboard_alone_reaches_the_text_and_sends_the_form() {
        let house = House::open(Store::Sqlite, &[]);
        let browser = browser(Window::DESK, &house).await;
        browser.open("/demands/post").await;
        browser.keys([char::from(Key::Tab)]).await;
        assert_eq!(
            browser.evaluate("document.activeElement.className").await,
            "skip",
            "the skip link comes first"
        );
        assert_eq!(
            browser.evaluate("document.activeElement.getBoundingClientRect().top >= 0").await,
            true,
            "and shows"
        );
        browser.keys([char::from(Key::Enter)]).await;
        browser.tab_to("main [name=title]").await;
        browser.keys(NEED.0.chars()).await;
        browser.tab_to("main [name=problem]").await;
        browser.keys(NEED.0.chars()).await;
        browser.tab_to("main [name=place]").await;
        browser.keys("330521".chars()).await;
        browser.tab_to("main .buttons button").await;
        browser.keys([char::from(Key::Enter)]).await;
        browser.find(".secret-link").await;
        browser.close().await;
    }
}
