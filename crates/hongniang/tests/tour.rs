//! The three-minute tour of the demonstration, walked in a real browser: at each step the thing it promises is there.

#[cfg(test)]
#[expect(dead_code, reason = "each test program uses the part of the harness it needs")]
mod harness;

#[cfg(test)]
mod tour {
    use serde_json::Value;

    use crate::harness::browser::{Browser, Window};
    use crate::harness::client::Client;
    use crate::harness::keys::{keys_shown, sections};
    use crate::harness::world::{ANSWERS, NEED};
    use crate::harness::{Server, Site, Store, cells, link_in};

    /// The demonstration, served.
    struct Demonstration {
        server: Server,
        _site: Site,
    }

    impl Demonstration {
        fn open() -> Demonstration {
            let site = Site::new(Store::Sqlite);
            Demonstration { server: site.demonstrate(), _site: site }
        }

        fn visitor(&self) -> Client {
            self.server.visitor()
        }

        async fn browser(&self, window: Window) -> Browser {
            Browser::start(window, &format!("http://{}", self.server.address())).await
        }

        /// The link of the county's officer, as the bar of identities shows it.
        fn officer_link(&self) -> String {
            let home = self.visitor().get("/").is(200).text();
            let bar = home.split("class=\"identities\"").nth(1).unwrap_or_default();
            let link = bar.split("<li>").find(|who| who.contains("施小满")).and_then(link_in);
            link.unwrap_or_else(|| panic!("no link for the officer in {bar}"))
        }

        fn officer(&self) -> Client {
            let officer = self.visitor();
            officer.enter(&self.officer_link());
            officer
        }
    }

    /// Opens a step from the page of the tour.
    async fn step(browser: &Browser, name: &str) {
        browser.open("/tour").await;
        browser.go(name).await;
    }

    /// The address of the first link the selector names whose text has these words.
    async fn address(browser: &Browser, css: &str, words: &str) -> String {
        let found = format!(
            "([...document.querySelectorAll({css:?})].find(a => a.textContent.includes({words:?}))\
             ?? document.createElement('a')).getAttribute('href')"
        );
        let address = browser.evaluate(&found).await;
        let address = address.as_str().map(str::to_owned);
        address.unwrap_or_else(|| panic!("no {css} says {words}"))
    }

    /// Clicks the first link the selector names whose text has these words.
    async fn follow(browser: &Browser, css: &str, words: &str) {
        let address = address(browser, css, words).await;
        browser.press(&format!("{css}[href='{address}']")).await;
    }

    /// The number a list says it has.
    async fn counted(browser: &Browser) -> usize {
        let text = browser.text_of(".page-head .count").await;
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        digits.parse().unwrap_or_else(|_| panic!("{text} is a count"))
    }

    /// How many records a list shows on all its pages.
    async fn records(browser: &Browser) -> usize {
        let mut found = browser.count(".list .row-title").await;
        while browser.count("a[rel=next]").await > 0 {
            browser.press("a[rel=next]").await;
            found += browser.count(".list .row-title").await;
        }
        found
    }

    async fn home_leads_to_the_tour(browser: &Browser) {
        browser.open("/").await;
        for (css, least) in [
            (".hero a.button", 2),
            (".levels a", 4),
            (".five a .figure", 5),
            (".targets .bar", 5),
            (".pilots .card", 5),
            (".funnel a.figure", 5),
            ("section[aria-labelledby=demands-title] .row", 1),
            ("section[aria-labelledby=events-title] .row", 1),
        ] {
            let found = browser.count(css).await;
            assert!(found >= least, "{found} of {css} on the home page");
        }
        browser.press(".tour-panel a[href='/tour']").await;
        assert_eq!(browser.count("main ol > li").await, 16, "each step is told");
        browser.go("首页").await;
        assert_eq!(browser.path().await, "/");
    }

    async fn ningbo_tells_41_stations_and_opens_them(browser: &Browser) {
        step(browser, "宁波").await;
        assert_eq!(browser.text_of("h1").await, "宁波市");
        browser.click(".told-more summary").await;
        let stations = ".fig:has(a[href^='/figures/society_stations?'])";
        let told = browser.texts(&format!("{stations} .told .figure")).await;
        assert_eq!(told, ["41", "41"], "what the sources tell, and the records made from them");
        browser.press(&format!("{stations} .told a.figure[href^='/stations?']")).await;
        assert_eq!(counted(browser).await, 41);
        assert_eq!(records(browser).await, 41);
    }

    async fn the_graph_and_its_list_open_records(browser: &Browser, visitor: &Client) {
        step(browser, "五连图").await;
        let dots = browser.count("svg.graph circle.dot").await;
        let listed = browser.count(".sectors .parties > li > a").await;
        assert!(dots > 10 && listed >= dots, "{dots} are drawn, {listed} are listed");
        let nodes = browser
            .evaluate(
                "[...document.querySelectorAll('svg.graph a:has(> title)')].map(a => a.getAttribute('href'))",
            )
            .await;
        let nodes: Vec<String> = serde_json::from_value(nodes).expect("addresses");
        assert_eq!(nodes.len(), dots + 1, "each dot, and who stands in the middle");
        for node in nodes {
            let page = visitor.get(&node).is(200).text();
            assert!(page.contains("class=\"record-head\""), "{node} is a record");
        }
        follow(browser, "svg.graph a", "中国水利学会").await;
        browser.go("中国水利学会宁波（余姚）服务站").await;
        let station = browser.text_of("main").await;
        for words in ["合作单位", "中国水利学会", "依托单位", "活动", "出处", "宁波温州报道 B2"]
        {
            assert!(station.contains(words), "{words}: {station}");
        }
    }

    async fn two_lines_are_asked_back_until_grade_a(browser: &Browser) {
        step(browser, "提需求").await;
        browser.fill("title", NEED.0).await;
        browser.fill("problem", NEED.1).await;
        browser.fill("place", "德清县").await;
        browser.submit().await;
        assert_eq!(browser.text_of(".grade").await, "C");
        let asked = browser.texts(".asks .ask-label").await.join(" ");
        for what in ["现值", "目标值", "用量", "预算", "时间"] {
            assert!(asked.contains(what), "{what} is asked for: {asked}");
        }
        browser.press(".posted .actions a.button").await;
        for (name, answer) in ANSWERS {
            browser.fill(name, answer).await;
        }
        browser.submit().await;
        assert_eq!(browser.text_of(".grade").await, "A");
        browser.forget().await;
    }

    async fn the_officer_finds_work_and_whom_a_demand_meets(browser: &Browser) {
        step(browser, "我的事项").await;
        browser.press("main form button[type=submit]").await;
        assert_eq!(browser.path().await, "/work");
        assert!(browser.text_of(".account summary").await.contains("施小满（虚构）"));
        assert!(browser.count(".work a[href$='/moves/check']").await > 0, "something waits to be checked");
        step(browser, "对接").await;
        assert!(browser.text_of(".chosen").await.contains("已发布"));
        browser.press(".list .row-title").await;
        browser.press("a.to-match").await;
        experts_before_achievements(browser).await;
        browser.forget().await;
    }

    /// The page of a match: experts first, then societies, achievements after them, each with up to three reasons.
    async fn experts_before_achievements(browser: &Browser) {
        let groups = browser.texts(".match-group > h2").await;
        let place = |what: &str| groups.iter().position(|heading| heading.contains(what));
        assert_eq!(place("专家"), Some(0), "{groups:?}");
        assert!(place("学会") < place("成果") && place("学会") > place("专家"), "{groups:?}");
        assert!(browser.count(".match-group:first-child .hit").await > 0, "an expert is put forward");
        for hit in 1..=browser.count(".match-group:first-child .hit").await {
            let reasons =
                browser.count(&format!(".match-group:first-child .hit:nth-child({hit}) .reasons li")).await;
            assert!((1..=3).contains(&reasons), "expert {hit} has {reasons} reasons");
        }
    }

    /// Takes the link of the identity a step is for, and comes back to the step as that person.
    async fn step_as(browser: &Browser, name: &str) {
        browser.forget().await;
        step(browser, name).await;
        browser.press("main form button[type=submit]").await;
        step(browser, name).await;
    }

    async fn an_expert_answers_by_link(browser: &Browser) {
        step_as(browser, "专家答复").await;
        assert!(browser.text_of(".account summary").await.contains("沈砚秋（虚构）"));
        follow(browser, ".work .row-title", "儿童床板件异味").await;
        assert!(!browser.text_of("main").await.contains("0572-"), "how the firm is reached is not told yet");
        browser.press(".offers a[href$='/moves/accept']").await;
        browser.submit().await;
        assert_eq!(stage(browser).await, "双方同意");
        assert!(browser.text_of("main").await.contains("0572-"), "now it is");
    }

    async fn a_case_has_its_team_its_visit_and_its_intent(browser: &Browser) {
        step_as(browser, "对接事项").await;
        follow(browser, ".list .row-title", "梅雨天板坯返潮停线").await;
        let case = browser.text_of("main").await;
        for words in
            ["服务专班", "无醛板材服务专班（演示）", "施小满（虚构）", "沈砚秋（虚构）", "看梅雨天的冷压段"]
        {
            assert!(case.contains(words), "{words}: {case}");
        }
        browser.go("板坯防返潮工艺合作意向（演示）").await;
        let intent = browser.text_of("main").await;
        assert!(intent.contains("60万元") && intent.contains("合作意向"), "{intent}");
    }

    async fn the_firm_confirms_and_d_becomes_b(browser: &Browser) {
        step_as(browser, "企业确认").await;
        follow(browser, ".list .row-title", "梅雨天停线").await;
        assert_eq!(browser.text_of(".evidence .grade").await, "D");
        assert!(browser.text_of(".evidence").await.contains("意向不是合同"));
        browser.press(".offers a[href$='/moves/confirm']").await;
        browser.submit().await;
        assert_eq!(browser.text_of(".evidence .grade").await, "B");
    }

    async fn shenyang_assesses_52_platforms(browser: &Browser) {
        step_as(browser, "平台评估").await;
        browser.go("2026年平台评估（演示）").await;
        assert_eq!(browser.count(".desk-table tbody tr").await, 52);
        let tally = browser.text_of(".lead").await;
        for words in ["滚动支持", "合格", "整改中", "已退出"] {
            assert!(tally.contains(words), "{words}: {tally}");
        }
        prints_on_a4(browser).await;
        browser.press(".desk-table tbody tr a").await;
        assert!(browser.path().await.starts_with("/evaluations/"));
    }

    /// Every column stands on the paper, and the paper is A4.
    async fn prints_on_a4(browser: &Browser) {
        let table = "document.querySelector('.desk-table table').style.minWidth";
        browser.evaluate(&format!("({table} = '900px')")).await;
        assert!(!browser.cut_on_paper().await.is_empty(), "what is cut would be seen");
        browser.evaluate(&format!("({table} = '')")).await;
        assert_eq!(browser.cut_on_paper().await, Vec::<String>::new(), "nothing is cut");
        let paper = String::from_utf8_lossy(&browser.printed().await).into_owned();
        let pages = paper.matches("/MediaBox").count();
        assert!((2..=6).contains(&pages), "{pages} pages");
        assert_eq!(paper.matches("/MediaBox [0 0 594.95996 841.91998]").count(), pages, "A4");
    }

    async fn a_county_reports_once_and_is_asked_back(browser: &Browser) {
        step_as(browser, "报送一次").await;
        assert!(browser.text_of(".account summary").await.contains("简修远（虚构）"));
        browser.press(".list .row-title").await;
        let brief = browser.text_of("main").await;
        for words in ["德清县三季度科技经济融合工作报送", "退回补充", "有几条是多家共有的"]
        {
            assert!(brief.contains(words), "{words}: {brief}");
        }
        browser.forget().await;
    }

    async fn yuhang_shows_told_beside_recorded(browser: &Browser) {
        step(browser, "成效").await;
        let row = |name: &str| format!(".figures tr:has(a[href^='/figures/{name}?'])");
        let values = async |name: &str| {
            let told = browser.texts(&format!("{} .told .figure", row(name))).await;
            let recorded = browser.text_of(&format!("{} td:nth-child(4)", row(name))).await;
            (told.join(" "), recorded)
        };
        let pair = |text: &str| (text.to_owned(), text.to_owned());
        assert_eq!(values("firms_served").await, pair("168"));
        assert_eq!(values("problems_solved").await, pair("114"));
        assert_eq!(values("problems_per_firm").await, pair("0.68"));
        browser.press(&format!("{} td:nth-child(4) a", row("problems_solved"))).await;
        assert_eq!(counted(browser).await, 114);
        browser.press(".list .row-title").await;
        assert_eq!(browser.count(".record-head").await, 1, "a figure ends at a record");
    }

    async fn the_five_targets_keep_their_scope(browser: &Browser) {
        step(browser, "目标").await;
        let board = "section.targets:has(h3 a[href^='/programmes/']):has(h3 .chip)";
        let values = browser.texts(&format!("{board} .target-value")).await;
        assert_eq!(values, ["约3个", "约5个", "约10个", "约20个", "约30个"]);
        assert_eq!(browser.count(&format!("{board} .bar")).await, 5);
        for foot in browser.texts(&format!("{board} .target-foot")).await {
            assert!(foot.contains("试点期内新建"), "{foot}");
        }
        let centers = format!("{board} li:nth-child(4)");
        assert!(browser.text_of(&centers).await.contains("产业创新服务中心"));
        assert_eq!(browser.texts(&format!("{centers} .target-foot .figure")).await, ["0"]);
        assert_eq!(
            browser.count(&format!("{centers} .bar-share[width='0%']")).await,
            1,
            "41 stations stood before and are not poured into 20"
        );
    }

    async fn four_stations_are_a_view_of_the_register(browser: &Browser) {
        step(browser, "平台").await;
        assert!(browser.text_of(".chosen").await.contains("四站联作"));
        assert!(counted(browser).await > 0);
        browser.press(".list .row-title").await;
        assert!(browser.path().await.starts_with("/stations/"));
    }

    async fn the_list_of_demands_leaves_as_a_spreadsheet(browser: &Browser, visitor: &Client) {
        browser.open("/demands").await;
        let shown = counted(browser).await;
        browser.open("/tour").await;
        let sheet = visitor.get(&address(browser, "main a", "导出").await).is(200);
        assert_eq!(cells(&sheet.body).len(), shown + 1, "a heading, and a row for each demand of the list");
    }

    async fn every_row_of_the_sources_is_done_or_open(browser: &Browser, visitor: &Client) {
        step(browser, "对照").await;
        let tally = browser.texts(".tally .figure").await;
        let tally: Vec<usize> = tally.iter().filter_map(|figure| figure.parse().ok()).collect();
        let [all, done, open] = tally[..] else { panic!("three figures, not {tally:?}") };
        assert_eq!((all, done + open), (430, 430));
        assert_eq!(browser.count("table.compare tbody tr").await, all);
        let undone = "table.compare td:last-child > span";
        assert_eq!(browser.count(undone).await, open);
        assert_eq!(browser.text_of(undone).await, "尚未实现");
        let page = address(browser, "table.compare td:last-child a", "").await;
        visitor.get(&page).is(200);
        browser.press("table.compare td:last-child a").await;
        assert!(page.starts_with(&browser.path().await) && browser.count("h1").await == 1);
    }

    #[tokio::test]
    async fn a_visitor_walks_every_step_and_finds_what_it_promises() {
        let house = Demonstration::open();
        let visitor = house.visitor();
        let browser = house.browser(Window::DESK).await;
        home_leads_to_the_tour(&browser).await;
        ningbo_tells_41_stations_and_opens_them(&browser).await;
        the_graph_and_its_list_open_records(&browser, &visitor).await;
        two_lines_are_asked_back_until_grade_a(&browser).await;
        the_officer_finds_work_and_whom_a_demand_meets(&browser).await;
        an_expert_answers_by_link(&browser).await;
        a_case_has_its_team_its_visit_and_its_intent(&browser).await;
        the_firm_confirms_and_d_becomes_b(&browser).await;
        yuhang_shows_told_beside_recorded(&browser).await;
        the_five_targets_keep_their_scope(&browser).await;
        four_stations_are_a_view_of_the_register(&browser).await;
        shenyang_assesses_52_platforms(&browser).await;
        a_county_reports_once_and_is_asked_back(&browser).await;
        the_list_of_demands_leaves_as_a_spreadsheet(&browser, &visitor).await;
        every_row_of_the_sources_is_done_or_open(&browser, &visitor).await;
        browser.close().await;
    }

    async fn stage(browser: &Browser) -> String {
        browser.text_of(".record-head .badge").await
    }

    /// Opens the demands that wait to be checked until one is clear enough to be published; tells its address.
    async fn clear_enough(browser: &Browser) -> String {
        let waiting = browser
            .evaluate(
                "[...document.querySelectorAll(\".work .row:has(a[href$='/moves/check']) .row-title\")]\
                 .map(a => a.getAttribute('href'))",
            )
            .await;
        let waiting: Vec<String> = serde_json::from_value(waiting).expect("addresses");
        for demand in &waiting {
            browser.open("/work").await;
            browser.press(&format!(".work .row-title[href='{demand}']")).await;
            if browser.text_of(".grade").await != "C" {
                return demand.clone();
            }
            assert_eq!(
                browser.count(".offers a[href$='/moves/ask-back']").await,
                1,
                "what is not is asked back"
            );
        }
        panic!("none of {waiting:?} may be published")
    }

    #[tokio::test]
    async fn an_officer_of_the_bar_publishes_what_waited_and_sees_whom_it_meets() {
        let house = Demonstration::open();
        let browser = house.browser(Window::DESK).await;
        browser.open("/").await;
        follow(&browser, ".identities a", "施小满").await;
        browser.press("main form button[type=submit]").await;
        assert_eq!(browser.path().await, "/work");
        let demand = clear_enough(&browser).await;
        assert_eq!(stage(&browser).await, "待审核");
        house.visitor().get(&demand).is(404);
        for name in ["check", "clear", "publish"] {
            browser.open(&demand).await;
            browser.press(&format!(".offers a[href$='/moves/{name}']")).await;
            browser.submit().await;
        }
        assert_eq!(stage(&browser).await, "已发布");
        house.visitor().get(&demand).is(200);
        browser.press("a.to-match").await;
        experts_before_achievements(&browser).await;
        browser.open("/work").await;
        assert_eq!(browser.count(&format!(".work a[href='{demand}/moves/check']")).await, 0, "it is done");
        browser.close().await;
    }

    /// The addresses of a page that begin so.
    fn addresses(page: &str, start: &str) -> Vec<String> {
        let found = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        let found = found.filter(|address| address.starts_with(start));
        found.map(|address| address.replace("&#38;", "&").replace("&amp;", "&")).collect()
    }

    /// Every page the steps lead to, in Chinese, for whoever asks; files are none.
    fn steps(who: &Client) -> Vec<String> {
        let page = who.get("/tour").is(200).text();
        let main = page.split("<main").nth(1).and_then(|rest| rest.split("</main>").next());
        let pages = addresses(main.unwrap_or_default(), "/").into_iter();
        pages.filter(|address| !address.ends_with(".xlsx") && !address.starts_with("/l/")).collect()
    }

    /// The first record of a list.
    fn first(who: &Client, list: &str, start: &str) -> String {
        let page = who.get(list).is(200).text();
        let rows: String = page.split("class=\"row-title\"").skip(1).collect();
        let found = addresses(&rows, start).into_iter().next();
        found.unwrap_or_else(|| panic!("no record in {list}"))
    }

    /// What a visitor opens on the tour: the steps, and the pages behind their figures.
    fn open_pages(visitor: &Client) -> Vec<String> {
        let behind = [
            "/tour".to_owned(),
            "/regions/330281".to_owned(),
            "/figures/problems_solved?place=330110".to_owned(),
            "/stations?type=center.society_station&place=330200&stage=sourced".to_owned(),
            first(visitor, "/stations?place=330281&stage=sourced", "/stations/"),
            first(visitor, "/organizations?type=society", "/organizations/"),
            first(visitor, "/reports?place=330110", "/reports/"),
            first(visitor, "/demands?stage=published&place=330521", "/demands/"),
            format!("{}/plan", first(visitor, "/programmes?type=pilot", "/programmes/")),
        ];
        steps(visitor).into_iter().chain(behind).collect()
    }

    /// What the county's officer opens on the tour.
    fn officer_pages(officer: &Client) -> Vec<String> {
        let work = officer.get("/work").is(200).text();
        let check =
            addresses(&work, "/demands/").into_iter().find(|address| address.ends_with("/moves/check"));
        let check = check.unwrap_or_else(|| panic!("nothing waits in {work}"));
        let waiting = check.trim_end_matches("/moves/check");
        let published = first(officer, "/demands?stage=published&place=330521", "/demands/");
        let pages = ["/work", waiting, &check, &format!("{waiting}/moves/clear")];
        pages.iter().map(|page| (*page).to_owned()).chain([format!("{published}/match")]).collect()
    }

    /// What sticks out of a window of this width, if anything does. A phone widens its window to what sticks out.
    async fn sticks_out(browser: &Browser, width: u64) -> Option<String> {
        let widths = browser.evaluate("[document.documentElement.scrollWidth, innerWidth]").await;
        let [wide, window] = [0, 1].map(|at| widths.get(at).and_then(Value::as_u64).unwrap_or_default());
        assert!(window >= width && wide > width / 2, "a page that was drawn, {widths}");
        if wide <= width {
            return None;
        }
        let out = format!(
            "[...document.querySelectorAll('body :not(nav *, .graph-frame *)')]\
             .filter(e => e.getBoundingClientRect().right > {width} + 1)\
             .slice(0, 3).map(e => e.tagName + '.' + e.className + ' ' + e.textContent.slice(0, 30)).join(', ')",
        );
        Some(format!("{wide} wide in {width}: {}", browser.evaluate(&out).await))
    }

    /// What is wrong with a page as it is drawn, in both languages.
    async fn faults(browser: &Browser, path: &str, width: u64, sections: &[String]) -> Vec<String> {
        let mut faults = Vec::new();
        for address in [path.to_owned(), format!("/en{path}")] {
            browser.open(&address).await;
            assert_eq!(browser.count(".narrow-page.problem").await, 0, "{address} is shown");
            faults.extend(sticks_out(browser, width).await.map(|out| format!("{address}: {out}")));
            let keys = keys_shown(&browser.source().await, sections);
            faults.extend(keys.into_iter().map(|key| format!("{address}: shows {key}")));
        }
        faults
    }

    #[tokio::test]
    async fn no_page_of_the_tour_scrolls_sideways_or_shows_a_key_with_and_without_scripts() {
        let house = Demonstration::open();
        let (open, inside) = (open_pages(&house.visitor()), officer_pages(&house.officer()));
        let (link, sections) = (house.officer_link(), sections());
        let mut wrong = Vec::new();
        for (window, width, scripts) in [
            (Window::DESK, 1280, true),
            (Window::PHONE, 390, true),
            (Window::WITHOUT_SCRIPTS, 1280, false),
            (Window::PHONE_WITHOUT_SCRIPTS, 390, false),
        ] {
            let browser = house.browser(window).await;
            browser.open("/demands/post").await;
            assert_eq!(browser.count(".counter").await > 0, scripts, "scripts run in {window:?}, or not");
            browser.evaluate("document.querySelector('main').style.minWidth = '1300px'").await;
            assert!(sticks_out(&browser, width).await.is_some(), "what sticks out would be seen");
            for page in &open {
                wrong.extend(faults(&browser, page, width, &sections).await);
            }
            browser.enter(&link).await;
            for page in &inside {
                wrong.extend(faults(&browser, page, width, &sections).await);
            }
            browser.close().await;
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    /// What a page of the tour may weigh on its way, with its style and script.
    const PAGE_BYTES_MAX: usize = 60 * 1024;

    /// Bytes of an answer as they travel, and its text.
    fn sent(who: &Client, path: &str) -> (usize, String) {
        let sent = who.send("GET", path, &[("accept-encoding", "gzip")], &[]).is(200);
        assert_eq!(sent.header("content-encoding"), Some("gzip"), "{path}");
        (sent.body.len(), who.get(path).is(200).text())
    }

    #[test]
    fn every_page_of_the_tour_weighs_at_most_60_kb_with_style_and_script() {
        let house = Demonstration::open();
        let (visitor, officer) = (house.visitor(), house.officer());
        let open = open_pages(&visitor).into_iter().map(|page| (&visitor, page));
        let inside = officer_pages(&officer).into_iter().map(|page| (&officer, page));
        for (who, path) in open.chain(inside) {
            for address in [path.clone(), format!("/en{path}")] {
                let address = address.split('#').next().unwrap_or_default();
                let (mut bytes, page) = sent(who, address);
                let style = addresses(&page, "/static/hongniang.css");
                let script = addresses(&page.replace("src=\"", "href=\""), "/static/hongniang.js");
                assert_eq!((style.len(), script.len()), (1, 1), "{address} has one style and one script");
                for asset in style.iter().chain(&script) {
                    bytes += sent(who, asset).0;
                }
                assert!(bytes <= PAGE_BYTES_MAX, "{address}: {bytes} bytes");
            }
        }
    }
}
