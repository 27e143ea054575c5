//! A real Chromium, driven through ChromeDriver, that dies with its value whatever happens to the test.
//!
//! Waits only for elements to be there, never for time to pass. Start at [`Browser::start`].

use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use axum::http::Method;
use base64::Engine as _;
use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use fantoccini::cookies::Cookie;
use fantoccini::elements::Element;
use fantoccini::key::Key;
use fantoccini::wd::{WebDriverCompatibleCommand, WindowHandle};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use url::{ParseError, Url};

use super::line_with;

const CHROMEDRIVER_VARIABLE: &str = "HONGNIANG_TEST_CHROMEDRIVER";
const CHROMIUM_VARIABLE: &str = "HONGNIANG_TEST_CHROMIUM";
/// An element that is not there by then will not come.
const ELEMENT_MAX: Duration = Duration::from_secs(20);
/// ChromeDriver answers by then.
const DRIVER_MAX: Duration = Duration::from_secs(30);

/// How wide A4 is between its margins of 18 mm, at 96 to the inch.
const PAPER_PX: u64 = 657;

/// Stops of the tab key before a form must have been reached.
const TABS_MAX: usize = 60;

const FLAGS: [&str; 12] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--disable-breakpad",
    "--no-proxy-server",
    "--lang=zh-CN",
];

/// How the window looks and behaves.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    width: u32,
    height: u32,
    phone: bool,
    scripts: bool,
}

impl Window {
    /// A desk: 1280 by 900.
    pub const DESK: Window = Window { width: 1280, height: 900, phone: false, scripts: true };
    /// A phone of 390 by 844.
    pub const PHONE: Window = Window { width: 390, height: 844, phone: true, scripts: true };
    /// A desk where no page may run scripts.
    pub const WITHOUT_SCRIPTS: Window = Window { scripts: false, ..Window::DESK };
    /// A phone where no page may run scripts.
    pub const PHONE_WITHOUT_SCRIPTS: Window = Window { scripts: false, ..Window::PHONE };

    fn capabilities(self, profile: &str) -> Value {
        let mut flags: Vec<String> = FLAGS.iter().map(|flag| (*flag).to_owned()).collect();
        flags.push(format!("--window-size={},{}", self.width, self.height));
        flags.push(format!("--user-data-dir={profile}"));
        let mut options = json!({ "args": flags, "binary": named(CHROMIUM_VARIABLE) });
        if self.phone {
            // ChromeDriver never ends a touch on a page that may not run scripts; a click it does.
            let metrics = json!({ "width": self.width, "height": self.height, "pixelRatio": 1.0, "touch": self.scripts });
            options["mobileEmulation"] = json!({ "deviceMetrics": metrics });
        }
        if !self.scripts {
            options["prefs"] = json!({ "profile.managed_default_content_settings.javascript": 2 });
        }
        json!({ "goog:chromeOptions": options })
    }
}

/// A command of the browser's developer protocol.
#[derive(Debug)]
struct Protocol {
    cmd: &'static str,
    params: Value,
}

impl WebDriverCompatibleCommand for Protocol {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(json!({ "cmd": self.cmd, "params": self.params }).to_string()))
    }
}

/// A browser on one page.
pub struct Browser {
    client: Client,
    origin: String,
    driver: Driver,
}

/// ChromeDriver and the browsers it starts: one group of processes.
struct Driver {
    child: Child,
    _profile: TempDir,
}

impl Drop for Driver {
    fn drop(&mut self) {
        let group = format!("-{}", self.child.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status();
        let _ = self.child.wait();
    }
}

fn named(variable: &str) -> String {
    std::env::var(variable).unwrap_or_else(|_| {
        panic!("no {variable}: run `cargo xtask test`, or `cargo xtask pg -- cargo test -p hongniang --test journeys`")
    })
}

impl Browser {
    /// A fresh browser that will look at the house of this origin (`http://127.0.0.1:PORT`).
    pub async fn start(window: Window, origin: &str) -> Browser {
        let profile = TempDir::with_prefix("hongniang-browser-").expect("a folder");
        let capabilities = window.capabilities(&profile.path().to_string_lossy());
        let mut child = Command::new(named(CHROMEDRIVER_VARIABLE))
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .expect("chromedriver starts");
        let said = line_with(child.stdout.take().expect("its output"), "successfully on port ");
        let driver = Driver { child, _profile: profile };
        let said = said.recv_timeout(DRIVER_MAX).expect("chromedriver says its port");
        let port: String =
            said.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
        let capabilities = capabilities.as_object().expect("an object").clone();
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let client = builder
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .expect("a session");
        Browser { client, origin: origin.to_owned(), driver }
    }

    /// Ends the browser in peace.
    pub async fn close(self) {
        let _ = self.client.close().await;
        drop(self.driver);
    }

    /// Opens a path of the house.
    pub async fn open(&self, path: &str) {
        let url = format!("{}{path}", self.origin);
        self.client.goto(&url).await.unwrap_or_else(|error| panic!("{url}: {error}"));
    }

    /// The path it stands on now.
    pub async fn path(&self) -> String {
        self.client.current_url().await.expect("an address").path().to_owned()
    }

    /// The element, as soon as it is there.
    pub async fn find(&self, css: &str) -> Element {
        match self.client.wait().at_most(ELEMENT_MAX).for_element(Locator::Css(css)).await {
            Ok(element) => element,
            Err(error) => panic!("no {css} on {}: {error}\n{}", self.path().await, self.text().await),
        }
    }

    /// How many elements there are now.
    pub async fn count(&self, css: &str) -> usize {
        self.client.find_all(Locator::Css(css)).await.expect("an answer").len()
    }

    /// The texts of all elements there are now, as shown.
    pub async fn texts(&self, css: &str) -> Vec<String> {
        let mut texts = Vec::new();
        for element in self.client.find_all(Locator::Css(css)).await.expect("an answer") {
            texts.push(element.text().await.expect("a text"));
        }
        texts
    }

    /// The text of the first element.
    pub async fn text_of(&self, css: &str) -> String {
        self.find(css).await.text().await.expect("a text")
    }

    /// The text of the page as shown.
    pub async fn text(&self) -> String {
        match self.client.find(Locator::Css("body")).await {
            Ok(body) => body.text().await.unwrap_or_default(),
            Err(_) => String::new(),
        }
    }

    /// The page as it was sent, with what scripts made of it.
    pub async fn source(&self) -> String {
        self.client.source().await.expect("a page")
    }

    /// Types into the input of a name, replacing what it holds.
    pub async fn fill(&self, name: &str, text: &str) {
        let field = self.find(&format!("main [name='{name}']")).await;
        field.clear().await.unwrap_or_else(|error| panic!("{name}: {error}"));
        field.send_keys(text).await.unwrap_or_else(|error| panic!("{name}: {error}"));
    }

    /// Clicks what changes only this page.
    pub async fn click(&self, css: &str) {
        let element = self.find(css).await;
        if let Err(error) = element.click().await {
            panic!("{css} on {}: {error}", self.path().await);
        }
    }

    /// Clicks, and waits for the page that follows.
    pub async fn press(&self, css: &str) {
        let element = self.find(css).await;
        self.leave_by(&element, css).await;
    }

    async fn leave_by(&self, element: &Element, name: &str) {
        let before = self.find("html").await;
        if let Err(error) = element.click().await {
            panic!("{name} on {}: {error}", self.path().await);
        }
        let begun = Instant::now();
        while before.tag_name().await.is_ok() {
            assert!(begun.elapsed() < ELEMENT_MAX, "{name} leads nowhere from {}", self.path().await);
        }
    }

    /// Presses the main button of the form on the page.
    pub async fn submit(&self) {
        self.press("main form .buttons button[type=submit]").await;
    }

    /// Clicks the link of the main part whose text this is.
    pub async fn go(&self, text: &str) {
        let path = format!("//main//a[contains(normalize-space(.), '{text}')]");
        let link = self.client.wait().at_most(ELEMENT_MAX).for_element(Locator::XPath(&path)).await;
        let Ok(link) = link else { panic!("no link {text} on {}\n{}", self.path().await, self.text().await) };
        self.leave_by(&link, text).await;
    }

    /// Presses keys where the focus is, one after another.
    pub async fn keys(&self, keys: impl IntoIterator<Item = char>) {
        let mut actions = KeyActions::new("keyboard".to_owned());
        for value in keys {
            actions = actions.then(KeyAction::Down { value }).then(KeyAction::Up { value });
        }
        self.client.perform_actions(actions).await.expect("keys");
    }

    /// Presses Tab until the focus is on what the selector names.
    pub async fn tab_to(&self, css: &str) {
        for _ in 0..TABS_MAX {
            self.keys([char::from(Key::Tab)]).await;
            if self.evaluate(&format!("document.activeElement.matches({css:?})")).await == true {
                return;
            }
        }
        panic!("{css} is not reached by {TABS_MAX} tabs on {}", self.path().await);
    }

    /// What an expression is worth on the page.
    pub async fn evaluate(&self, expression: &str) -> Value {
        self.client.execute(&format!("return {expression}"), Vec::new()).await.expect("a value")
    }

    /// Cuts the network of the page, or gives it back, by the browser's developer protocol.
    pub async fn cut(&self, offline: bool) {
        let conditions =
            json!({ "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        for (cmd, params) in [("Network.enable", json!({})), ("Network.emulateNetworkConditions", conditions)]
        {
            self.client.issue_cmd(Protocol { cmd, params }).await.expect("the network is cut");
        }
    }

    /// The page as it is printed on A4, as a PDF.
    pub async fn printed(&self) -> Vec<u8> {
        let params = json!({ "preferCSSPageSize": true, "printBackground": false });
        let told = self.client.issue_cmd(Protocol { cmd: "Page.printToPDF", params }).await.expect("paper");
        let data = told.get("data").and_then(Value::as_str).unwrap_or_default();
        base64::engine::general_purpose::STANDARD.decode(data).expect("a PDF")
    }

    /// What is wider than the paper: the page is laid out as for A4 less its margins, and what sticks out of it is told.
    pub async fn cut_on_paper(&self) -> Vec<String> {
        let media =
            |media: &str| Protocol { cmd: "Emulation.setEmulatedMedia", params: json!({ "media": media }) };
        let width = |params: Value| Protocol { cmd: "Emulation.setDeviceMetricsOverride", params };
        self.client.issue_cmd(media("print")).await.expect("as printed");
        let paper = json!({ "width": PAPER_PX, "height": 1000, "deviceScaleFactor": 1, "mobile": false });
        self.client.issue_cmd(width(paper)).await.expect("as wide as paper");
        let cut = format!(
            "[...document.querySelectorAll('body *')].filter(e => {{ const box = e.getBoundingClientRect(); \
             return box.width > 0 && (box.right > {PAPER_PX} + 1 || (e.scrollWidth > e.clientWidth + 1 && \
             ['auto', 'scroll', 'hidden'].includes(getComputedStyle(e).overflowX) && !e.matches('.unseen'))); }})\
             .slice(0, 5).map(e => e.tagName + '.' + e.className + ' ' + e.textContent.slice(0, 30))"
        );
        let cut: Vec<String> = serde_json::from_value(self.evaluate(&cut).await).expect("texts");
        let clear = Protocol { cmd: "Emulation.clearDeviceMetricsOverride", params: json!({}) };
        self.client.issue_cmd(clear).await.expect("as before");
        self.client.issue_cmd(media("")).await.expect("as before");
        cut
    }

    /// A second tab of the same browser, which is looked at from now on; gives the handle of the one before.
    pub async fn second_tab(&self) -> WindowHandle {
        let before = self.client.window().await.expect("a window");
        let tab = self.client.new_window(true).await.expect("a tab");
        self.client.switch_to_window(tab.handle).await.expect("the tab");
        before
    }

    /// Looks at a tab again.
    pub async fn look_at(&self, tab: WindowHandle) {
        self.client.switch_to_window(tab).await.expect("the tab");
    }

    /// Says yes to a question of the page.
    pub async fn agree(&self) {
        let begun = Instant::now();
        while self.client.accept_alert().await.is_err() {
            assert!(begun.elapsed() < ELEMENT_MAX, "no question on the page");
        }
    }

    /// Waits until an expression on the page is true; what it awaits is waited for.
    pub async fn becomes(&self, expression: &str) {
        let asked =
            format!("const yes = arguments[0]; (async () => ({expression}))().then(yes, () => yes(false));");
        let begun = Instant::now();
        while self.client.execute_async(&asked, Vec::new()).await.expect("an answer") != true {
            assert!(
                begun.elapsed() < ELEMENT_MAX,
                "{expression} on {}\n{}",
                self.path().await,
                self.text().await
            );
        }
    }

    /// The cookies of who is signed in, to come back with.
    pub async fn signed_in(&self) -> Vec<Cookie<'static>> {
        self.client.get_all_cookies().await.expect("cookies")
    }

    /// Comes back as who was signed in before.
    pub async fn come_back(&self, as_whom: &[Cookie<'static>]) {
        self.forget().await;
        for cookie in as_whom {
            self.client.add_cookie(cookie.clone()).await.expect("a cookie");
        }
    }

    /// Becomes a visitor again.
    pub async fn forget(&self) {
        self.client.delete_all_cookies().await.expect("cookies go");
    }

    /// Says who one is by a personal link.
    pub async fn enter(&self, link: &str) {
        self.open(link).await;
        self.press("main form button[type=submit]").await;
        self.find(".account").await;
    }
}
