//! 走访速记 on a phone: without signal, with the server killed, in two tabs, refused, signed out. No note is lost or doubled, and
//! nothing of a person stays on the device after signing out.

#[cfg(test)]
#[expect(dead_code, reason = "each test program uses the part of the harness it needs")]
mod harness;

#[cfg(test)]
mod phone {
    use serde_json::json;

    use crate::harness::browser::{Browser, Window};
    use crate::harness::client::Client;
    use crate::harness::world::{file, make, titles};
    use crate::harness::{Holder, House, Store};

    const SHI: Holder = ("shi", "officer", "330521", "施小满（虚构）");
    const HU: Holder = ("hu", "officer", "330521", "胡令仪（虚构）");
    /// Looks at what was filed, by its own client.
    const LI: Holder = ("li", "officer", "330500", "李望舒（虚构）");
    const QUICK: &str = "/visits/quick";
    const MINUTES: &str = "冷压机导轨磨损，约下周带样";

    /// The form, once its script has taken it over.
    async fn ready(browser: &Browser) {
        browser.open(QUICK).await;
        browser.find("form[data-quick][data-ready]").await;
    }

    /// The form and its parts are kept on the device.
    async fn keeps_the_form(browser: &Browser) {
        browser
            .becomes("(await navigator.serviceWorker.ready) && (await (await caches.open('quick')).keys()).length >= 5")
            .await;
    }

    /// Types a note and sends it off; what a note asks is four answers, two of which stand there already.
    async fn note(browser: &Browser, firm: &str) {
        browser.fill("firm_name", firm).await;
        browser.fill("minutes", MINUTES).await;
        browser.click("form[data-quick] .buttons button").await;
    }

    async fn holds(browser: &Browser, count: usize) {
        browser
            .becomes(&format!("document.querySelector('[data-kept-list]').children.length === {count}"))
            .await;
    }

    async fn says(browser: &Browser, word: &str) {
        browser.becomes(&format!("document.querySelector('[data-kept]').innerText.includes('{word}')")).await;
    }

    /// The firms the notes are about stand in the register.
    fn firms(who: &Client, names: &[&str]) {
        for name in names {
            let fields = json!({ "title": name, "place": "330521" });
            let filed = file(who, "organizations", "firm", fields);
            make(who, &filed, "list", json!({}));
        }
    }

    fn visits(who: &Client) -> Vec<String> {
        let mut found = titles(&who.get("/api/v1/visits?first=100").is(200));
        found.sort();
        found
    }

    #[tokio::test]
    async fn what_is_noted_without_signal_or_server_is_sent_later_and_filed_once() {
        let house = House::open(Store::Sqlite, &[SHI, LI]);
        let browser = Browser::start(Window::PHONE, &house.url("")).await;
        let viewer = house.person("li");
        firms(&viewer, &["甲一木业（演示）", "乙二木业（演示）"]);
        browser.enter(house.link("shi")).await;
        ready(&browser).await;
        keeps_the_form(&browser).await;

        browser.cut(true).await;
        note(&browser, "甲一木业（演示）").await;
        says(&browser, "没有网络").await;
        holds(&browser, 1).await;
        assert!(visits(&viewer).is_empty());

        let (_house, ()) = house
            .dark(async || {
                // The page itself is asked for anew, and nobody answers but the device.
                browser.cut(false).await;
                ready(&browser).await;
                assert!(browser.text_of("main h1").await.contains("走访"));
                assert_eq!(browser.count(".account").await, 0, "the kept form knows nobody");
                holds(&browser, 1).await;
                note(&browser, "乙二木业（演示）").await;
                holds(&browser, 2).await;
                says(&browser, "待发送 2 条").await;
            })
            .await;

        let first = browser.second_tab().await;
        browser.open("/").await;
        browser.evaluate("(window.open('/visits/quick', '_self'), true)").await;
        browser.find("form[data-quick][data-ready]").await;
        browser.look_at(first).await;
        browser.evaluate("(document.querySelector('[data-kept-send]').click(), true)").await;
        holds(&browser, 0).await;
        let filed = visits(&viewer);
        assert_eq!(filed.len(), 2, "{filed:?}");
        assert!(filed[0].contains("乙二木业") || filed[1].contains("乙二木业"), "{filed:?}");
        browser.close().await;
    }

    #[tokio::test]
    async fn what_is_refused_stays_with_its_reason_and_a_photo_too_large_is_left_out_alone() {
        let house = House::open(Store::Sqlite, &[SHI, LI]);
        let browser = Browser::start(Window::PHONE, &house.url("")).await;
        let viewer = house.person("li");
        firms(&viewer, &["丙三木业（演示）"]);
        browser.enter(house.link("shi")).await;
        ready(&browser).await;
        browser.fill("firm_name", "丙三木业（演示）").await;
        let large = "(() => { const files = new DataTransfer(); \
             files.items.add(new File([new Uint8Array(40 * 1024 * 1024)], '厂房.jpg', { type: 'image/jpeg' })); \
             const input = document.querySelector('form[data-quick] input[type=file]'); input.files = files.files; \
             input.dispatchEvent(new Event('change', { bubbles: true })); return input.files.length; })()";
        assert_eq!(browser.evaluate(large).await, 0);
        says(&browser, "“厂房.jpg”超过 20 MB").await;
        assert_eq!(
            browser.evaluate("document.querySelector('[name=firm_name]').value").await,
            "丙三木业（演示）"
        );
        browser.fill("minutes", MINUTES).await;
        browser.evaluate("(document.querySelector('[name=visited_on]').value = '2099-01-01', true)").await;
        browser.click("form[data-quick] .buttons button").await;
        says(&browser, "平台未接收").await;
        holds(&browser, 1).await;
        assert!(visits(&viewer).is_empty());
        // The form shows what to mend, and everything that was typed.
        browser.find("form[data-quick] .field.bad [name=visited_on]").await;
        assert_eq!(browser.evaluate("document.querySelector('[name=minutes]').value.trim()").await, MINUTES);
        browser.evaluate("(document.querySelector('[name=visited_on]').value = '2026-01-05', true)").await;
        browser.click("form[data-quick] .buttons button").await;
        says(&browser, "已送达").await;
        holds(&browser, 0).await;
        let filed = visits(&viewer);
        assert!(filed.len() == 1 && filed[0].contains("丙三木业"), "{filed:?}");
        browser.close().await;
    }

    /// Of the notes that wait one sees how many there are, and may neither read, change nor drop them.
    async fn shows_nothing(browser: &Browser) {
        says(browser, "本人登录后可见").await;
        let kept = "document.querySelector('[data-kept]')";
        browser.becomes(&format!("!{kept}.innerText.includes('丁四')")).await;
        browser.becomes(&format!("[...{kept}.querySelectorAll('li button')].every(of => of.hidden)")).await;
    }

    /// Everything the device keeps: answers kept whole, and the names of stores.
    const CACHED: &str = "(async () => { let all = ''; for (const name of await caches.keys()) { const room = await caches.open(name); \
         for (const key of await room.keys()) all += key.url + await (await room.match(key)).text(); } return all; })()";

    #[tokio::test]
    async fn who_is_signed_out_loses_nothing_and_who_signs_out_leaves_nothing() {
        let house = House::open(Store::Sqlite, &[SHI, HU, LI]);
        let browser = Browser::start(Window::PHONE, &house.url("")).await;
        let viewer = house.person("li");
        firms(&viewer, &["丁四木业（演示）", "戊五木业（演示）"]);
        browser.enter(house.link("shi")).await;
        let shi = browser.signed_in().await;
        ready(&browser).await;
        keeps_the_form(&browser).await;
        // The session ended meanwhile, and the page does not know.
        browser.forget().await;
        note(&browser, "丁四木业（演示）").await;
        says(&browser, "需要重新登录").await;
        holds(&browser, 1).await;
        // A session that ran out wipes nothing and shows nothing, with and without signal.
        shows_nothing(&browser).await;
        let (house, ()) = house
            .dark(async || {
                ready(&browser).await;
                holds(&browser, 1).await;
                shows_nothing(&browser).await;
            })
            .await;
        // A colleague on the same phone does not send it as their own.
        browser.enter(house.link("hu")).await;
        ready(&browser).await;
        says(&browser, "另一位同事").await;
        shows_nothing(&browser).await;
        browser.click("[data-kept-send]").await;
        holds(&browser, 1).await;
        browser.come_back(&shi).await;
        ready(&browser).await;
        holds(&browser, 0).await;
        let filed = visits(&viewer);
        assert!(filed.len() == 1 && filed[0].contains("丁四木业"), "{filed:?}");

        // What is kept of the page tells nobody's name and nothing noted; the firms it suggests are those of the public list.
        for word in ["施小满", "胡令仪", MINUTES] {
            browser.becomes(&format!("!(await {CACHED}).includes('{word}')")).await;
        }
        browser.becomes(&format!("(await {CACHED}).includes('/visits/quick/offline')")).await;
        browser.forget().await;
        note(&browser, "戊五木业（演示）").await;
        says(&browser, "需要重新登录").await;
        browser.evaluate("(document.querySelector('.account').open = true)").await;
        browser.click(".account button").await;
        browser.agree().await;
        browser.find("a[href='/signin']").await;
        browser
            .becomes(
                "(await indexedDB.databases()).length === 0 && (await caches.keys()).length === 0 \
                 && (await navigator.serviceWorker.getRegistrations()).length === 0 && localStorage.length === 0",
            )
            .await;
        browser.close().await;
    }
}
