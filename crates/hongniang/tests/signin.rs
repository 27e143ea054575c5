//! Signing in through a real, certified OpenID Connect provider that the test starts beside the house, and what happens
//! when it is down, talks nonsense or is played with. The rest of signing in is tested in the program itself, where the
//! test moves the clock.

#[cfg(test)]
#[expect(dead_code, reason = "each test program uses the part of the harness it needs")]
mod harness;

#[cfg(test)]
mod signin {
    use std::io::{Read as _, Write as _};
    use std::net::{SocketAddr, TcpListener};
    use std::process::{Child, Command, Stdio};
    use std::time::Duration;

    use crate::harness::client::{Answer, Client};
    use crate::harness::{House, Site, Store, free_address, line_with};

    /// Where `cargo xtask` installed the provider's modules.
    const PROVIDER_VARIABLE: &str = "HONGNIANG_TEST_OIDC";
    const PROVIDER_MAX: Duration = Duration::from_secs(60);
    const CLIENT: &str = "hongniang";
    const SECRET: &str = "a secret: with signs/+%";
    const GOOD: &str = "竹林里的灯还亮着 nine";

    /// A provider; it goes with the value.
    struct Provider {
        child: Child,
        address: SocketAddr,
    }

    impl Drop for Provider {
        fn drop(&mut self) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }

    impl Provider {
        fn start(address: SocketAddr, house: &House) -> Provider {
            let modules = std::env::var(PROVIDER_VARIABLE).unwrap_or_else(|_| {
                panic!(
                    "no {PROVIDER_VARIABLE}: run `cargo xtask test --install`, or `cargo xtask pg -- COMMAND`"
                )
            });
            let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/given/oidc/provider.mjs");
            let back = house.url("/signin/oidc/back");
            let mut child = Command::new("node")
                .args([script, &modules, &address.port().to_string(), &back, CLIENT, SECRET])
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .expect("node starts");
            let said = line_with(child.stdout.take().expect("its output"), "READY");
            let provider = Provider { child, address };
            said.recv_timeout(PROVIDER_MAX).expect("the provider answers");
            provider
        }

        /// Goes through its pages as someone, from its door; the address it sends back to.
        fn pass(&self, door: &str, login: &str) -> String {
            self.walk(door, |page, form, browser| {
                let prompt = between(page, "name=\"prompt\" value=\"", "\"");
                browser.post(form, &[("prompt", prompt), ("login", login), ("password", "any")])
            })
        }

        /// Says no at its first page.
        fn refuse(&self, door: &str) -> String {
            self.walk(door, |_, form, browser| browser.get(&format!("{form}/abort")))
        }

        fn walk(&self, door: &str, answer: impl Fn(&str, &str, &Client) -> Answer) -> String {
            let browser = Client::new(self.address);
            let own = format!("http://{}", self.address);
            let mut at = door.to_owned();
            for _ in 0..12 {
                let path = at.strip_prefix(&own).unwrap_or(&at).to_owned();
                if !path.starts_with('/') {
                    return at;
                }
                let shown = browser.get(&path);
                let next = match shown.status {
                    200 => {
                        let page = shown.text();
                        let form = between(&page, "action=\"", "\"").to_owned();
                        let form = form.strip_prefix(&own).unwrap_or(&form);
                        answer(&page, form, &browser)
                    }
                    _ => shown,
                };
                at = next.location().to_owned();
            }
            panic!("the provider never sends back")
        }
    }

    fn between<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
        let found = text.split_once(from).and_then(|(_, rest)| rest.split_once(to)).map(|(found, _)| found);
        found.unwrap_or_else(|| panic!("no {from} in {text}"))
    }

    /// A house that lets people in through a provider at this address.
    fn house(store: Store, provider: SocketAddr) -> House {
        let mut site = Site::new(store);
        site.admit(&[
            ("li", "officer", "330000", "李望舒（虚构）"),
            ("wang", "officer", "330000", "王一苇（虚构）"),
        ]);
        let issuer = format!("http://{provider}");
        let words = ["--oidc-issuer", &issuer, "--oidc-client-id", CLIENT, "--oidc-client-secret", SECRET];
        let house = House::with(site, &[words.as_slice(), &["--oidc-name", "浙里办（演示）"]].concat());
        for login in ["li", "wang"] {
            let setting = house.person(login);
            setting.post("/account/password", &[("password", GOOD), ("again", GOOD)]).is(303);
        }
        house
    }

    fn pair(store: Store) -> (House, Provider) {
        let address = free_address();
        let house = house(store, address);
        let provider = Provider::start(address, &house);
        (house, provider)
    }

    /// What a path of the house is, given its address.
    fn path<'u>(house: &House, url: &'u str) -> &'u str {
        url.strip_prefix(&house.url("")).unwrap_or_else(|| panic!("{url} is elsewhere"))
    }

    #[track_caller]
    fn nobody(who: &Client) {
        assert_eq!(who.get("/account").status, 401, "nobody is signed in");
    }

    #[test]
    fn someone_known_to_the_provider_binds_once_and_comes_in_by_it_ever_after() {
        for store in Store::ALL {
            let (house, provider) = pair(store);
            let first = house.visitor();
            assert!(first.get("/signin").text().contains("用浙里办（演示）登录"));
            let door = first.get("/signin/oidc?next=/figures").is(303).location().to_owned();
            for part in ["code_challenge_method=S256", "state=", "nonce=", "scope=openid"] {
                assert!(door.contains(part), "{part} in {door}");
            }
            let back = provider.pass(&door, "zhang-7");
            let told = first.get(path(&house, &back)).is(303);
            assert_eq!(told.location(), "/signin/bind");
            nobody(&first);
            let page = first.get("/signin/bind").is(200).text();
            assert!(page.contains("zhang-7（虚构）") && page.contains("还没有与之绑定的账号"), "{page}");
            first.post("/signin/bind", &[("name", "li"), ("password", "wrong")]).is(401);
            nobody(&first);
            let bound = first.post("/signin/bind", &[("name", "li"), ("password", GOOD)]).is(303);
            assert_eq!(bound.location(), "/figures");
            assert!(first.get("/account").is(200).text().contains("zhang-7（虚构）"));

            let second = house.visitor();
            let door = second.get("/en/signin/oidc?next=/demands").is(303).location().to_owned();
            let english = second.get(path(&house, &provider.pass(&door, "zhang-7"))).is(303);
            let entered = second.get(english.location()).is(303);
            assert_eq!(entered.location(), "/en/demands", "{}", entered.text());
            let page = second.get("/en/account").is(200).text();
            assert!(
                page.contains("Signed in by identity provider") && page.contains("Identity bound"),
                "{page}"
            );

            let other = house.visitor();
            other.post("/signin", &[("name", "wang"), ("password", GOOD)]).is(303);
            let door = other.get("/signin/oidc?bind=1").is(303).location().to_owned();
            other.get(path(&house, &provider.pass(&door, "zhang-7"))).is(303);
            assert!(other.get("/account").text().contains("它已绑定另一个账号"));

            let (issuer, page) = (format!("http://{}", provider.address), second.get("/account").text());
            assert!(page.contains(&issuer));
            second.post("/account/identities", &[("issuer", &issuer), ("subject", "zhang-7")]).is(303);
            let door = other.get("/signin/oidc?bind=1").is(303).location().to_owned();
            let back = provider.pass(&door, "zhang-7");
            assert_eq!(other.get(path(&house, &back)).is(303).location(), "/account");
            assert!(other.get("/account").text().contains("zhang-7（虚构）"));
            second.post("/signout", &[]).is(303);
            nobody(&second);
        }
    }

    #[test]
    fn what_comes_back_wrongly_lets_nobody_in() {
        let (house, provider) = pair(Store::Sqlite);
        let li = house.visitor();
        li.post("/signin", &[("name", "li"), ("password", GOOD)]).is(303);
        let door = li.get("/signin/oidc?bind=1").is(303).location().to_owned();
        li.get(path(&house, &provider.pass(&door, "known"))).is(303);

        let go = |who: &Client| who.get("/signin/oidc").is(303).location().to_owned();
        let tried = |change: &dyn Fn(&str) -> String, status: u16, words: &str| {
            let who = house.visitor();
            let back = provider.pass(&change(&go(&who)), "known");
            let told = who.get(path(&house, &back)).is(status).text();
            assert!(told.contains(words) && told.contains("回到登录页"), "{told}");
            nobody(&who);
            // A second try with the same address never helps.
            who.get(path(&house, &back)).is(400);
        };
        let other = |name: &str, value: &str| {
            let (name, value) = (format!("{name}="), value.to_owned());
            move |door: &str| {
                door.replace(&format!("{name}{}", between(door, &name, "&")), &format!("{name}{value}"))
            }
        };
        tried(&other("state", "another"), 400, "signin-gone");
        tried(&other("nonce", "another"), 502, "provider-wrong");
        let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        tried(&other("code_challenge", challenge), 502, "provider-wrong");

        let (who, thief) = (house.visitor(), house.visitor());
        let back = provider.pass(&go(&who), "known");
        go(&thief);
        for stranger in [&thief, &house.visitor()] {
            stranger.get(path(&house, &back)).is(400);
            nobody(stranger);
        }
        let entered = who.get(path(&house, &back)).is(303);
        assert_eq!(entered.location(), "/work");
        who.get("/account").is(200);
        who.get(path(&house, &back)).is(400);

        let who = house.visitor();
        let back = provider.refuse(&go(&who));
        let told = who.get(path(&house, &back)).is(403).text();
        assert!(told.contains("没有授权登录"), "{told}");
        let who = house.visitor();
        go(&who);
        who.get("/signin/oidc/back?code=x&state=").is(400);
        assert!(house.log().contains("an answer to another question"), "{}", house.log());
    }

    #[test]
    fn a_provider_that_is_down_or_talks_nonsense_is_told_and_passwords_still_work() {
        let (house, provider) = pair(Store::Sqlite);
        let who = house.visitor();
        let door = who.get("/signin/oidc").is(303).location().to_owned();
        let (back, address) = (provider.pass(&door, "known"), provider.address);
        drop(provider);
        let told = who.get(path(&house, &back)).is(502).text();
        assert!(told.contains("provider-down") && told.contains("暂时连不上"), "{told}");
        let told = who.get("/en/signin/oidc").is(502).text();
        assert!(told.contains("does not answer"), "{told}");
        for nonsense in [
            "HTTP/1.1 200 OK\r\ncontent-length: 5\r\nconnection: close\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\ncontent-length: 36\r\nconnection: close\r\n\r\n{\"issuer\": \"https://another.example\"}",
            "HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
            "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
        ] {
            let saying = say(address, nonsense);
            let told = who.get("/signin/oidc").is(502).text();
            assert!(told.contains("provider-wrong"), "{nonsense}: {told}");
            saying.join().expect("it was asked");
        }
        nobody(&who);
        who.post("/signin", &[("name", "li"), ("password", GOOD)]).is(303);
        who.get("/work").is(200);
    }

    /// Answers one request with these bytes.
    fn say(address: SocketAddr, bytes: &'static str) -> std::thread::JoinHandle<()> {
        let listener = TcpListener::bind(address).expect("the port is free again");
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a request");
            let mut read = [0; 4096];
            let _ = stream.read(&mut read);
            let _ = stream.write_all(bytes.as_bytes());
        })
    }

    #[test]
    fn options_are_checked_when_the_house_starts() {
        let site = Site::new(Store::Sqlite);
        for (words, why) in [
            (vec!["--oidc-issuer", "http://id.example", "--oidc-client-id", "x"], "must begin with https://"),
            (vec!["--oidc-issuer", "https://id.example"], "--oidc-client-id"),
            (vec!["--password-policy", "none"], "dengbao3"),
        ] {
            let told = site.run(&[vec!["serve", "--listen", "127.0.0.1:0"], words].concat());
            let said = String::from_utf8_lossy(&told.stderr).into_owned();
            assert!(!told.status.success() && said.contains(why), "{why}: {said}");
        }
    }

    #[test]
    fn the_strict_book_is_chosen_by_an_option() {
        let mut site = Site::new(Store::Postgres);
        site.admit(&[("li", "officer", "330000", "李望舒（虚构）")]);
        let house = House::with(site, &["--password-policy", "dengbao3"]);
        let officer = house.person("li");
        let told = officer.get("/work").is(403).text();
        assert!(told.contains("second-owed") && told.contains("href=\"/account/second\""), "{told}");
        let page = officer.get("/account/second").is(200).text();
        assert!(page.contains("otpauth://totp/") && page.contains("您的账号必须开启两步验证"), "{page}");
        let first = house.visitor().get("/signin/oidc").status;
        assert_eq!(first, 404, "no provider, no way to one");
    }
}
