//! From the first visit to a proof somebody can check, in real browsers: the firm, the expert and the visitor on a phone, the
//! officer at a desk, and a window beside them that nobody reloads and whose figures move.
//!
//! Every step is made where its person makes it. Nothing waits for time to pass. Start at [`Window`].

#[cfg(test)]
#[expect(dead_code, reason = "each test program uses the part of the harness it needs")]
mod harness;

#[cfg(test)]
mod first_visit_to_proof {
    use serde_json::json;

    use crate::harness::browser::{Browser, Window};
    use crate::harness::client::{Client, encode};
    use crate::harness::screen::Person;
    use crate::harness::world::{ANSWERS, CONTACT, NEED, World, file, make, titles};
    use crate::harness::{Holder, House, Store, link_in};

    /// Files what stands in the register before it begins; never in a browser.
    const PROVINCE: Holder = ("li", "officer", "330000", "李望舒（虚构）");
    const COUNTY: Holder = ("shi", "officer", "330521", "施小满（虚构）");
    /// The liaison officer, who visits with a phone.
    const VISITOR: Holder = ("luo", "liaison", "330521", "罗清和（虚构）");
    const FIRM: &str = "云岫木业（演示）";
    const OTHER: &str = "莫干机械（演示）";
    const MINUTES: &str = "冷压机导轨磨损，约下周带样";
    /// The last days of work, long past for whoever runs this.
    const SIGNED: &str = "2026-11-18";

    /// The window beside: the chain and the targets of the county, opened once.
    struct Watch {
        browser: Browser,
    }

    impl Watch {
        async fn opens(house: &House) -> Watch {
            let browser = Browser::start(Window::DESK, &house.url("")).await;
            browser.open("/figures?place=330521").await;
            browser.evaluate("(window.untouched = true)").await;
            Watch { browser }
        }

        /// Steps of the chain from demand to outcome, by their place in it, and how far the target is; on the very page that
        /// was opened.
        async fn shows(&self, steps: &[(usize, u8)], target: u8) {
            let steps =
                steps.iter().map(|(at, figure)| format!("figures('#chain .funnel')[{at}] === '{figure}'"));
            let all: Vec<String> = steps.collect();
            let figures = "const figures = css => [...document.querySelectorAll(css + ' .figure')].map(of => of.textContent)";
            let reached = format!("figures('#targets .target-foot')[0] === '{target}'");
            let asked = format!("(() => {{ {figures}; return {} && {reached}; }})()", all.join(" && "));
            self.browser.becomes(&asked).await;
            assert_eq!(self.browser.evaluate("window.untouched").await, true, "nobody reloaded it");
        }
    }

    /// Two units, people who might answer, and a target of the county.
    fn prepared(house: &House) -> Client {
        let officer = house.person(PROVINCE.0);
        World::file_all(&officer);
        for title in [FIRM, OTHER] {
            let fields = json!({ "title": title, "place": "330521", "industry": ["C202"] });
            make(&officer, &file(&officer, "organizations", "firm", fields), "list", json!({}));
        }
        let fields = json!({ "title": "核实的成效（演示）", "indicator": "outcomes_verified", "value": "2 项",
            "place": "330521", "since": "2026-01-01", "until": "2099-12-31" });
        make(&officer, &file(&officer, "targets", "", fields), "list", json!({}));
        officer
    }

    /// The firm posts two lines on a phone, answers what is asked, and submits; the address of the demand.
    async fn a_firm_posts(phone: &Person) -> String {
        phone.browser.open("/").await;
        phone.browser.go("提需求").await;
        phone.fills(&[("title", NEED.0), ("problem", NEED.1), ("place", "德清县")]).await;
        phone.browser.submit().await;
        phone.browser.press(".posted .actions a.button").await;
        phone.fills(&ANSWERS).await;
        phone.browser.submit().await;
        assert_eq!(phone.browser.text_of(".checkup .grade").await, "A");
        let demand = phone.browser.path().await;
        phone.begins(&demand, "submit").await;
        phone.fills(&CONTACT).await;
        phone.browser.submit().await;
        phone.sees(&["待审核"]).await;
        demand
    }

    /// The officer publishes it and invites the first expert, who answers on a phone; the address of the case.
    async fn both_sides_say_yes(desk: &Person, phone: &Person, demand: &str) -> String {
        for (name, stage) in [("check", "审核通过"), ("clear", "审核通过"), ("publish", "已发布")]
        {
            desk.makes(demand, name, stage).await;
        }
        desk.browser.press("a.to-match").await;
        desk.browser.press(".match-group:first-child .hit:first-child button[value=fit]").await;
        desk.browser.press(".match-group:first-child .hit.fit a.button").await;
        desk.browser.click("input[name=reward][value=paid]").await;
        desk.browser.submit().await;
        let link = link_in(&desk.browser.text_of(".secret-link").await).unwrap_or_default();
        phone.becomes_someone(&link).await;
        let invitation = phone.browser.path().await;
        phone.makes(&invitation, "accept", "双方同意").await;
        desk.browser.open("/cases").await;
        desk.browser.press(".list .row-title").await;
        desk.browser.path().await
    }

    /// 专班、专员和专家 are named in one form.
    async fn a_team_begins(desk: &Person, case: &str) {
        desk.begins(case, "begin").await;
        desk.browser.click("main [name=service_form][value=task_force]").await;
        desk.fills(&[("task_force", "木业服务专班（演示）"), ("next_step", "到厂看冷压段")]).await;
        desk.picks("officer", COUNTY.3).await;
        desk.sees(&["沈砚秋（虚构）", "施小满（虚构）"]).await;
        assert_eq!(
            desk.browser.evaluate("document.querySelector('main [name=next_step]').value").await,
            "到厂看冷压段",
            "looking somebody up loses nothing"
        );
        desk.browser.submit().await;
        desk.sees(&["洽谈中", "木业服务专班（演示）", "沈砚秋（虚构）", "施小满（虚构）"]).await;
    }

    async fn holds(phone: &Person, count: usize) {
        let kept = format!("document.querySelector('[data-kept-list]').children.length === {count}");
        phone.browser.becomes(&kept).await;
    }

    /// The visit is noted where there is no signal, and sent by itself when there is.
    async fn a_visit_is_noted(phone: &Person, viewer: &Client, case: &str) {
        phone.goes(case, "记一次走访").await;
        phone.browser.find("form[data-quick][data-ready]").await;
        phone.browser.becomes("(await navigator.serviceWorker.ready) && (await (await caches.open('quick')).keys()).length >= 5").await;
        phone.browser.cut(true).await;
        phone.fills(&[("firm_name", FIRM), ("minutes", MINUTES)]).await;
        phone.browser.click("form[data-quick] .buttons button").await;
        holds(phone, 1).await;
        phone.sees(&["没有网络", "待发送 1 条"]).await;
        let filed = || titles(&viewer.get("/api/v1/visits?first=100").is(200));
        assert!(filed().is_empty());
        phone.browser.cut(false).await;
        holds(phone, 0).await;
        phone.sees(&["已送达"]).await;
        assert_eq!(filed().len(), 1, "{:?}", filed());
        phone.goes(case, FIRM).await;
        phone.sees(&[MINUTES, "待核"]).await;
    }

    /// A paper is entered: the title, the day, the amount, the firm.
    async fn enters(desk: &Person, title: &str, amount: &str, day: &str) {
        desk.fills(&[("title", title), (day, SIGNED), ("amount", amount)]).await;
    }

    /// What is an intent is refused as a contract, with the reason, and filed as what it is; its address.
    async fn an_intent_is_no_contract(desk: &Person, case: &str) -> String {
        const TITLE: &str = "冷压工艺合作意向（演示）";
        desk.browser.open("/agreements/new?type=contract.development").await;
        enters(desk, TITLE, "60万元", "signed_on").await;
        desk.browser.submit().await;
        desk.sees(&["意向不是合同，请改选合作意向"]).await;
        for (name, typed) in [("title", TITLE), ("amount", "60万元")] {
            let kept = format!("document.querySelector('main [name={name}]').value");
            assert_eq!(desk.browser.evaluate(&kept).await, typed, "nothing typed is lost");
        }
        desk.goes(case, "登记意向").await;
        enters(desk, TITLE, "60万元", "signed_on").await;
        desk.picks("parties", FIRM).await;
        desk.browser.submit().await;
        let intent = desk.browser.path().await;
        desk.makes(&intent, "list", "在册").await;
        desk.sees(&["60万元", FIRM, NEED.0]).await;
        intent
    }

    /// Asks somebody of the unit to confirm; the link.
    async fn asks(desk: &Person, outcome: &str, who: &str) -> String {
        desk.goes(outcome, "请受益单位确认").await;
        desk.fills(&[("who", who)]).await;
        desk.browser.submit().await;
        link_in(&desk.browser.text_of(".secret-link").await).expect("a link")
    }

    /// An outcome of the case, which nobody but the officer has told of; its address.
    async fn an_outcome_is_told(desk: &Person, case: &str) -> String {
        desk.goes(case, "登记成效").await;
        enters(desk, "冷压开裂解决（演示）", "60万元", "achieved_on").await;
        desk.picks("firm", OTHER).await;
        desk.browser.submit().await;
        let outcome = desk.browser.path().await;
        desk.makes(&outcome, "list", "在册").await;
        assert_eq!(desk.grade(&outcome).await, "D");
        outcome
    }

    /// The link of a firm that was named by mistake tells nothing; the right one's raises the grade.
    async fn the_firm_confirms(desk: &Person, phone: &Person, outcome: &str) {
        let wrong = asks(desk, outcome, "莫小机（虚构）").await;
        desk.browser.open(outcome).await;
        desk.browser.press(".offers a[href$='/edit']").await;
        desk.picks("firm", FIRM).await;
        desk.browser.submit().await;
        let right = asks(desk, outcome, "郑知远（虚构）").await;
        phone.browser.forget().await;
        phone.browser.open(&wrong).await;
        phone.sees(&["不是给贵单位的"]).await;
        assert!(!phone.browser.source().await.contains("冷压开裂解决"), "nothing of the outcome is told");
        phone.becomes_someone(&right).await;
        assert_eq!(phone.browser.path().await, outcome);
        phone.sees(&["冷压开裂解决（演示）", FIRM, "60万元"]).await;
        phone.begins(outcome, "confirm").await;
        phone.browser.submit().await;
        assert_eq!(desk.grade(outcome).await, "B");
        desk.sees(&["为什么是乙级"]).await;
        phone.browser.open(&right).await;
        phone.sees(&["已经答复"]).await;
    }

    /// The intent becomes a contract with its number; what is told above it is pointed out, what is not is grade A.
    async fn a_contract_makes_it_a_proof(desk: &Person, intent: &str, outcome: &str) {
        const TITLE: &str = "冷压工艺开发合同（演示）";
        desk.goes(intent, "签成合同").await;
        desk.sees(&[FIRM, "冷压工艺合作意向（演示）"]).await;
        enters(desk, TITLE, "60万元", "signed_on").await;
        desk.fills(&[("registration", "2026330521000001")]).await;
        desk.browser.submit().await;
        let contract = desk.browser.path().await;
        desk.makes(&contract, "list", "在册").await;
        desk.browser.open(outcome).await;
        desk.browser.press(".offers a[href$='/edit']").await;
        desk.picks("agreement", TITLE).await;
        desk.fills(&[("amount", "70万元")]).await;
        desk.browser.submit().await;
        desk.sees(&["高于所依据协议的金额 60万元", TITLE]).await;
        let typed = desk.browser.evaluate("document.querySelector('main [name=amount]').value").await;
        assert_eq!(typed, "70万元", "nothing typed is lost");
        assert!(desk.browser.count(".faults a[href='#amount']").await == 1, "what to mend is named");
        desk.fills(&[("amount", "60万元")]).await;
        desk.browser.submit().await;
        assert_eq!(desk.grade(outcome).await, "A");
        desk.sees(&["为什么是甲级", TITLE]).await;
    }

    #[tokio::test]
    async fn a_demand_becomes_a_proof_while_a_window_beside_it_moves_by_itself() {
        let house = House::open(Store::Sqlite, &[PROVINCE, COUNTY, VISITOR]);
        let viewer = prepared(&house);
        let watch = Watch::opens(&house).await;
        let (desk, phone) = (Person::at_a_desk(&house).await, Person::on_a_phone(&house).await);
        desk.browser.enter(house.link(COUNTY.0)).await;
        watch.shows(&[0, 1, 2, 3, 4, 5].map(|at| (at, 0)), 0).await;
        let demand = a_firm_posts(&phone).await;
        let case = both_sides_say_yes(&desk, &phone, &demand).await;
        watch.shows(&[(0, 1), (1, 1), (3, 0), (5, 0)], 0).await;
        a_team_begins(&desk, &case).await;
        phone.becomes_someone(house.link(VISITOR.0)).await;
        a_visit_is_noted(&phone, &viewer, &case).await;
        let visit = phone.browser.path().await;
        let intent = an_intent_is_no_contract(&desk, &case).await;
        watch.shows(&[(3, 1), (5, 0)], 0).await;
        let outcome = an_outcome_is_told(&desk, &case).await;
        watch.shows(&[(3, 1), (5, 0)], 0).await;
        the_firm_confirms(&desk, &phone, &outcome).await;
        watch.shows(&[(3, 1), (5, 1)], 1).await;
        a_contract_makes_it_a_proof(&desk, &intent, &outcome).await;
        desk.makes(&visit, "list", "在册").await;
        watch.shows(&[0, 1, 2, 3, 4, 5].map(|at| (at, 1)), 1).await;
        // What a stranger reads of it all: the proof, and none of what was noted or who is to be called.
        let told = house.visitor().get(&outcome).is(200).text();
        assert!(told.contains("冷压开裂解决（演示）") && told.contains("甲级"), "{told}");
        for closed in [MINUTES, "0572-0000101", "郑知远"] {
            for page in [&outcome, &visit, &demand, &intent] {
                let told = house.visitor().get(page).text();
                assert!(!told.contains(closed), "{page} tells {closed}");
            }
        }
        let found = house.visitor().get(&format!("/search?q={}", encode("冷压开裂解决"))).is(200).text();
        assert!(found.contains(&outcome), "{found}");
        for one in [desk.browser, phone.browser, watch.browser] {
            one.close().await;
        }
    }
}
