//! Signing in over HTTP, through the whole shell, with a clock that the test moves.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, header};
use base::calendar::Calendar;
use catalogue::{Over, Role};
use jiff::Timestamp;
use register::{Register, StoreAt};
use tempfile::TempDir;
use tower::ServiceExt as _;

use super::policy::PolicyName;
use super::{end_everywhere, new_account, reset_link, totp};
use crate::app::{App, Parts, Site};
use crate::locale::Locales;
use crate::outside::Outside;
use crate::{embedded, router, shell, wiring};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const START: i64 = 1_795_000_000;
/// Long, of three classes, on no list.
const GOOD: &str = "竹林里 The lamp 7 burns";
const SESSION: &str = "__Host-hongniang";

struct House {
    app: App,
    routes: Router,
    clock: Arc<AtomicI64>,
    runtime: tokio::runtime::Runtime,
    _folder: TempDir,
}

struct Person<'h> {
    house: &'h House,
    cookies: RefCell<BTreeMap<String, String>>,
}

struct Answer {
    status: u16,
    location: String,
    text: String,
}

impl House {
    fn open(policy: PolicyName) -> House {
        let folder = TempDir::with_prefix("hongniang-signin-").expect("a folder");
        let clock = Arc::new(AtomicI64::new(START));
        let catalogue = Arc::new(wiring::catalogue(folder.path()).expect("a catalogue"));
        let at = StoreAt::Folder(folder.path().to_owned());
        let first = Timestamp::from_second(START).expect("a moment");
        let chance = Arc::new(wiring::chance);
        let register =
            Register::open(&at, catalogue, Calendar::bundled(), first, chance.clone()).expect("a store");
        let locales = Locales::load(embedded::text("locales/zh.toml"), embedded::text("locales/en.toml"));
        let ticking = clock.clone();
        let app = App::new(Parts {
            register,
            locales: locales.expect("texts"),
            site: Site::new(None, "127.0.0.1:1", false),
            now: Arc::new(move || Timestamp::from_second(ticking.load(Ordering::SeqCst)).expect("a moment")),
            chance,
            mail: None,
            outside: Outside::new(&[]).expect("no hosts"),
            policy,
            provider: None,
        });
        let routes = shell::wrap(router::routes(), app.clone());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        House { app, routes, clock, runtime, _folder: folder }
    }

    fn visitor(&self) -> Person<'_> {
        Person { house: self, cookies: RefCell::default() }
    }

    fn pass(&self, seconds: i64) {
        self.clock.fetch_add(seconds, Ordering::SeqCst);
    }

    fn account(&self, name: &str, role: Role) -> String {
        let over = Over::Place("330521".parse().expect("a place"));
        new_account(&self.app, name, "李望舒（虚构）", role, over).expect("an account")
    }

    fn row(&self, name: &str) -> i64 {
        let found = self.app.register().read(|reader| reader.account_by_name(name)).expect("a store");
        found.expect("an account").row
    }

    /// Someone with an account and a good password, signed in by it.
    fn holder(&self, name: &str, role: Role) -> Person<'_> {
        let setting = self.visitor();
        setting.enter(&self.account(name, role));
        setting.set_password("", GOOD).goes_to("/account");
        let person = self.visitor();
        person.sign_in(name, GOOD);
        person
    }

    fn send(&self, request: Request<Body>) -> axum::response::Response {
        self.runtime.block_on(self.routes.clone().oneshot(request)).expect("an answer")
    }
}

impl Person<'_> {
    fn get(&self, path: &str) -> Answer {
        self.send("GET", path, String::new())
    }

    fn post(&self, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let pair = |(name, value): &(&str, &str)| format!("{name}={}", crate::problem::encode_query(value));
        self.send("POST", path, pairs.iter().map(pair).collect::<Vec<_>>().join("&"))
    }

    fn send(&self, method: &str, path: &str, body: String) -> Answer {
        let cookies: Vec<String> = self.cookies.borrow().iter().map(|(n, v)| format!("{n}={v}")).collect();
        let from: SocketAddr = "192.0.2.7:4000".parse().expect("an address");
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "127.0.0.1:1")
            .header("sec-fetch-site", "same-origin")
            .header(header::USER_AGENT, "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::COOKIE, cookies.join("; "))
            .extension(ConnectInfo(from))
            .body(Body::from(body));
        let answer = self.house.send(request.expect("a request"));
        for line in answer.headers().get_all(header::SET_COOKIE) {
            let line = line.to_str().expect("a cookie");
            let (name, value) =
                line.split(';').next().and_then(|pair| pair.split_once('=')).expect("a cookie");
            match line.contains("Max-Age=0") {
                true => drop(self.cookies.borrow_mut().remove(name)),
                false => drop(self.cookies.borrow_mut().insert(name.to_owned(), value.to_owned())),
            }
        }
        let status = answer.status().as_u16();
        let location = answer.headers().get(header::LOCATION).map(|to| to.to_str().expect("text").to_owned());
        let bytes = self.house.runtime.block_on(axum::body::to_bytes(answer.into_body(), 1 << 22));
        let text = String::from_utf8(bytes.expect("a body").to_vec()).expect("text");
        Answer { status, location: location.unwrap_or_default(), text }
    }

    fn enter(&self, link: &str) {
        let path = link.strip_prefix("http://127.0.0.1:1").expect("a link of this house");
        assert_eq!(self.post(path, &[]).status, 303, "{link}");
    }

    fn set_password(&self, current: &str, word: &str) -> Answer {
        self.post("/account/password", &[("current", current), ("password", word), ("again", word)])
    }

    fn try_in(&self, name: &str, word: &str) -> Answer {
        self.post("/signin", &[("name", name), ("password", word)])
    }

    #[track_caller]
    fn sign_in(&self, name: &str, word: &str) {
        assert_eq!(self.try_in(name, word).status, 303);
        assert!(self.token().is_some());
    }

    fn token(&self) -> Option<String> {
        self.cookies.borrow().get(SESSION).cloned()
    }

    /// Sets the second factor up: its secret and the recovery codes.
    fn set_second(&self) -> (Vec<u8>, Vec<String>) {
        let page = self.get("/account/second").is(200).text;
        let letters = between(&page, "<p class=\"secret\"><code>", "</code>").replace(' ', "");
        let secret = bytes_of(&letters);
        assert!(page.contains("<svg class=\"scan\"") && page.contains("otpauth://totp/"));
        assert_eq!(self.post("/account/second", &[("code", "000000")]).status, 422);
        let shown = self.post("/account/second", &[("code", &self.code(&secret, 0))]).is(200).text;
        let list = between(&shown, "<ul class=\"codes\">", "</ul>");
        let codes = list.split("<code>").skip(1).filter_map(|rest| rest.split('<').next());
        (secret, codes.map(str::to_owned).collect())
    }

    /// The code of now, or of so many steps later.
    fn code(&self, secret: &[u8], later: i64) -> String {
        totp::code(secret, totp::step_at(self.house.app.now()) + later)
    }
}

impl Answer {
    #[track_caller]
    fn is(self, status: u16) -> Answer {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }

    #[track_caller]
    fn goes_to(self, path: &str) {
        assert_eq!((self.status, self.location.as_str()), (303, path), "{}", self.text);
    }

    #[track_caller]
    fn says(self, keys: &[&str]) {
        let locales = Locales::load(embedded::text("locales/zh.toml"), embedded::text("locales/en.toml"));
        let texts = locales.expect("texts").of(crate::locale::Lang::Zh).clone();
        for key in keys {
            let start = texts.get(key).split('{').next().unwrap_or_default().to_owned();
            assert!(self.text.contains(&start), "{key}: {start} in {}", self.text);
        }
    }
}

fn between<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
    text.split_once(from).and_then(|(_, rest)| rest.split_once(to)).map(|(found, _)| found).expect("the part")
}

fn bytes_of(letters: &str) -> Vec<u8> {
    let bits: String = letters
        .chars()
        .map(|c| format!("{:05b}", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".find(c).expect("a letter")))
        .collect();
    bits.as_bytes()
        .chunks_exact(8)
        .map(|byte| u8::from_str_radix(std::str::from_utf8(byte).expect("bits"), 2).expect("a byte"))
        .collect()
}

#[test]
fn a_new_password_gets_every_fault_at_once_and_a_new_token() {
    let house = House::open(PolicyName::Default);
    let person = house.visitor();
    person.enter(&house.account("li", Role::Officer));
    let by_link = person.token();
    let page = person.get("/account").is(200);
    assert!(page.text.contains("还没有密码") && !page.text.contains("name=\"current\""), "{}", page.text);
    let refused =
        person.post("/account/password", &[("password", "kexie2026"), ("again", "kexie2027")]).is(422);
    refused.says(&["sign.password-short", "sign.password-weak", "sign.password-differs"]);
    person.set_password("", "李望舒李望舒德清县2026").is(422).says(&["sign.password-weak"]);
    person.set_password("", "nine months of rain").goes_to("/account");
    assert_ne!(person.token(), by_link, "a new token after the change");
    let old = house.visitor();
    old.cookies.borrow_mut().insert(SESSION.to_owned(), by_link.expect("a token"));
    old.get("/account").is(401);
    let wrong = person.set_password("nine months of rein", GOOD).is(422);
    wrong.says(&["sign.password-current"]);
    person.set_password("nine months of rain", GOOD).goes_to("/account");
    house.visitor().try_in("li", "nine months of rain").is(401);
    let english = house.visitor().post("/en/signin", &[("name", "li"), ("password", "x")]).is(401);
    assert!(english.text.contains("Name or password is not right"));
}

#[test]
fn a_token_from_before_signing_in_is_worth_nothing_after() {
    let house = House::open(PolicyName::Default);
    house.holder("li", Role::Officer);
    let person = house.visitor();
    person.cookies.borrow_mut().insert(SESSION.to_owned(), "fixed-by-someone-else".to_owned());
    person.sign_in("li", GOOD);
    let first = person.token();
    assert_ne!(first.as_deref(), Some("fixed-by-someone-else"));
    person.sign_in("li", GOOD);
    let thief = house.visitor();
    thief.cookies.borrow_mut().insert(SESSION.to_owned(), first.expect("a token"));
    thief.get("/account").is(401);
    person.get("/account").is(200);
}

#[test]
fn sessions_are_listed_and_end_one_by_one_or_all_others_at_once() {
    let house = House::open(PolicyName::Default);
    let here = house.holder("li", Role::Officer);
    let stranger = house.holder("wang", Role::Officer);
    let [there, elsewhere] = [house.visitor(), house.visitor()];
    there.sign_in("li", GOOD);
    elsewhere.sign_in("li", GOOD);
    let page = here.get("/account").is(200).text;
    assert!(
        page.contains("Firefox · Windows") && page.contains("192.0.2.7") && page.contains("本机"),
        "{page}"
    );
    let named = |page: &str| -> Vec<String> {
        let parts = page.split("name=\"session\" value=\"").skip(1);
        parts.filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
    };
    let others = named(&page);
    assert_eq!(others.len(), 3, "the one that set the password and two more; this one cannot be ended here");
    stranger.post("/account/sessions", &[("session", &others[0])]).is(303);
    assert_eq!(named(&here.get("/account").text).len(), 3, "nobody ends another's session");
    let digest = crate::secret::encode(&crate::secret::digest(&there.token().expect("a token")));
    here.post("/account/sessions", &[("session", &digest)]).goes_to("/account");
    there.get("/account").is(401);
    elsewhere.get("/account").is(200);
    here.post("/account/sessions", &[]).goes_to("/account");
    elsewhere.get("/account").is(401);
    assert_eq!(named(&here.get("/account").is(200).text).len(), 0);
    let row = house.row("li");
    house.app.register().write_now(house.app.now(), move |w| end_everywhere(w, row)).expect("ended");
    here.get("/account").is(401);
    stranger.get("/account").is(200);
}

#[test]
fn five_wrong_passwords_lock_a_name_for_half_an_hour() {
    let house = House::open(PolicyName::Dengbao3);
    house.holder("lian", Role::Liaison);
    for name in ["lian", "nobody"] {
        house.pass(HOUR + 1);
        for _ in 0..4 {
            house.visitor().try_in(name, "wrong").is(401).says(&["sign.wrong"]);
        }
        house.visitor().try_in(name, "wrong").is(401).says(&["sign.locked"]);
        house.visitor().try_in(name, GOOD).is(401).says(&["sign.locked"]);
    }
    house.pass(30 * MINUTE + HOUR);
    let person = house.visitor();
    person.sign_in("lian", GOOD);
    let page = person.get("/account").is(200).text;
    assert!(page.contains("输错太多，暂停核对") && page.contains("密码或验证码不对"), "{page}");
}

#[test]
fn ten_wrong_tries_shut_a_network_out_and_right_ones_do_not_count() {
    let house = House::open(PolicyName::Default);
    house.holder("li", Role::Officer);
    for _ in 0..12 {
        house.visitor().sign_in("li", GOOD);
    }
    for _ in 0..10 {
        house.visitor().try_in("li", "wrong").is(401);
    }
    house.visitor().try_in("li", GOOD).is(429);
    house.pass(HOUR + 1);
    house.visitor().sign_in("li", GOOD);
}

#[test]
fn an_old_password_must_be_changed_and_none_of_the_last_five_comes_back() {
    let house = House::open(PolicyName::Dengbao3);
    house.holder("lian", Role::Liaison);
    let words: Vec<String> = (0..5).map(|n| format!("{GOOD} 竹{}", "叶".repeat(n + 1))).collect();
    let mut last = GOOD.to_owned();
    for (turn, word) in words.iter().enumerate() {
        house.pass(90 * DAY);
        let person = house.visitor();
        person.try_in("lian", &last).goes_to("/account/password");
        for closed in ["/", "/work", "/account", "/account/second", "/api/v1/demands", "/en/demands"] {
            let told = person.get(closed);
            assert_eq!(told.status, 403, "{closed}");
            assert!(told.text.contains("password-owed"), "{closed} {}", told.text);
        }
        person.get("/account/password").is(200).says(&["sign.password-old"]);
        person.set_password(&last, &last).is(422).says(&["sign.password-used"]);
        if turn > 0 {
            person.set_password(&last, GOOD).is(422).says(&["sign.password-used"]);
        }
        person.set_password(&last, "nine months of rain").is(422).says(&["sign.password-classes"]);
        person.set_password(&last, word).goes_to("/account");
        person.get("/account").is(200);
        last = word.clone();
        house.pass(HOUR + 1);
    }
    let person = house.visitor();
    person.sign_in("lian", &last);
    person.set_password(&last, GOOD).goes_to("/account");
}

#[test]
fn who_works_for_the_house_sets_a_second_factor_up_before_anything_opens() {
    let house = House::open(PolicyName::Dengbao3);
    house.holder("lian", Role::Liaison).get("/work").is(200);
    let officer = house.visitor();
    officer.enter(&house.account("li", Role::Officer));
    officer.get("/work").is(403).says(&["problem.second-owed.title"]);
    officer.get("/account/second").is(200).says(&["second.needed"]);
    let (_, codes) = officer.set_second();
    assert_eq!(codes.len(), totp::RECOVERY_CODES);
    officer.get("/work").is(200);
    house.holder("old", Role::Member).get("/work").is(200);
}

#[test]
fn a_second_factor_is_asked_for_each_code_once() {
    let house = House::open(PolicyName::Default);
    let setting = house.holder("li", Role::Officer);
    let other = house.visitor();
    other.sign_in("li", GOOD);
    let before = setting.token();
    let (secret, recovery) = setting.set_second();
    assert_ne!(setting.token(), before, "a new token");
    other.get("/account").is(401);
    setting.get("/account").is(200).says(&["account.second-on"]);

    house.visitor().get("/signin/code").is(400).says(&["problem.signin-gone.title"]);
    let person = house.visitor();
    person.try_in("li", GOOD).goes_to("/signin/code");
    assert_eq!(person.token(), None, "no session before the code");
    person.get("/work").is(401);
    person.get("/signin/code").is(200);
    let used = person.code(&secret, 0);
    person.post("/signin/code", &[("code", &used)]).is(401).says(&["second.wrong"]);
    let next = person.code(&secret, 1);
    person.post("/signin/code", &[("code", &format!("{} {}", &next[..3], &next[3..]))]).goes_to("/work");
    person.get("/work").is(200);

    let replayed = house.visitor();
    replayed.try_in("li", GOOD).goes_to("/signin/code");
    replayed.post("/signin/code", &[("code", &next)]).is(401);
    replayed.post("/signin/code", &[("code", &recovery[0].to_lowercase())]).goes_to("/work");
    replayed.post("/signin/code", &[("code", &recovery[0])]).is(400);
    let again = house.visitor();
    again.try_in("li", GOOD).goes_to("/signin/code");
    again.post("/signin/code", &[("code", &recovery[0])]).is(401);
    house.pass(11 * MINUTE);
    again
        .post("/signin/code", &[("code", &again.code(&secret, 0))])
        .is(400)
        .says(&["problem.signin-gone.title"]);
    assert!(person.get("/account").text.contains("恢复码还剩 9 个"));
}

#[test]
fn a_link_does_not_pass_a_second_factor_by() {
    let house = House::open(PolicyName::Default);
    let (secret, _) = house.holder("li", Role::Officer).set_second();
    house.pass(MINUTE);
    let person = house.visitor();
    person.enter(&reset_link(&house.app, "li", false).expect("a link"));
    person.get("/work").is(403).says(&["problem.code-owed.title"]);
    person.set_password("", "another good sentence 9").is(403);
    person.post("/signin/code", &[("code", &person.code(&secret, 0))]).goes_to("/account");
    person.set_password("", "another good sentence 9").goes_to("/account");
    house.pass(MINUTE);
    let freed = house.visitor();
    freed.enter(&reset_link(&house.app, "li", true).expect("a link"));
    freed.get("/work").is(200);
    person.get("/work").is(401);
}

#[test]
fn taking_the_second_factor_off_needs_password_and_code() {
    let house = House::open(PolicyName::Default);
    let person = house.holder("li", Role::Officer);
    let (secret, _) = person.set_second();
    house.pass(MINUTE);
    let code = person.code(&secret, 0);
    person.post("/account/second", &[("password", "wrong"), ("code", &code)]).is(422);
    person.post("/account/second", &[("password", GOOD), ("code", "000000")]).is(422);
    person.post("/account/second", &[("password", GOOD), ("code", &code)]).goes_to("/account");
    house.visitor().try_in("li", GOOD).goes_to("/work");
}

#[test]
fn wrong_codes_lock_the_account_by_either_book() {
    for (policy, most) in [(PolicyName::Default, 10), (PolicyName::Dengbao3, 5)] {
        let house = House::open(policy);
        let (secret, _) = house.holder("lian", Role::Liaison).set_second();
        house.pass(MINUTE);
        let person = house.visitor();
        person.try_in("lian", GOOD).goes_to("/signin/code");
        for _ in 1..most {
            person.post("/signin/code", &[("code", "000000")]).is(401).says(&["second.wrong"]);
        }
        person.post("/signin/code", &[("code", "000000")]).is(401).says(&["sign.locked"]);
        person.post("/signin/code", &[("code", &person.code(&secret, 0))]).is(401).says(&["sign.locked"]);
    }
}

#[test]
fn a_session_ends_when_nobody_comes_and_after_its_hours() {
    for (policy, idle, hours) in [(PolicyName::Default, 4 * HOUR, 12), (PolicyName::Dengbao3, 30 * MINUTE, 8)]
    {
        let house = House::open(policy);
        let person = house.holder("lian", Role::Liaison);
        house.pass(idle);
        person.get("/work").is(401);
        let busy = house.visitor();
        busy.sign_in("lian", GOOD);
        let steps = hours * HOUR / (20 * MINUTE);
        for _ in 1..steps {
            house.pass(20 * MINUTE);
            busy.get("/work").is(200);
            // What was seen is written without waiting; a write after it is done when it is.
            house.app.register().write_now(house.app.now(), |_| Ok(())).expect("a write");
        }
        house.pass(20 * MINUTE);
        busy.get("/work").is(401);
    }
}

#[test]
fn the_trail_tells_what_happened_and_is_kept_400_days() {
    let house = House::open(PolicyName::Default);
    let person = house.holder("li", Role::Officer);
    house.visitor().try_in("li", "wrong").is(401);
    let page = person.get("/account").is(200).text;
    for line in ["用专用链接登录", "设置了新密码", "用密码登录", "密码或验证码不对"]
    {
        assert!(page.contains(line), "{line}: {page}");
    }
    person.post("/signout", &[]).goes_to("/");
    let row = house.row("li");
    let left = || house.app.register().read(|reader| reader.signin_events(row, 100)).expect("a store").len();
    let sweep = || house.app.register().write_now(house.app.now(), |w| w.sweep(w.now())).expect("swept");
    assert_eq!(left(), 5);
    house.pass(400 * DAY - 1);
    sweep();
    assert_eq!(left(), 5);
    house.pass(2);
    sweep();
    assert_eq!(left(), 0);
}
