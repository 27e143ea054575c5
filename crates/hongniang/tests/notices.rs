//! People are told: in the product, by letters through a real SMTP server, and by signed posts to a real listener.

#[cfg(test)]
#[expect(dead_code, reason = "each test program uses the part of the harness it needs")]
mod harness;

#[cfg(test)]
mod notices {
    use std::collections::BTreeMap;
    use std::time::{Duration, Instant};

    use base64::Engine as _;
    use hmac::{Hmac, KeyInit as _, Mac as _};
    use serde_json::json;
    use sha2::Sha256;

    use crate::harness::client::Client;
    use crate::harness::post::{Letter, Listener, Office, Posted};
    use crate::harness::world::{Filed, file, make};
    use crate::harness::{Server, Site, Store, cells};

    const QUERY: &str = include_str!("given/query.toml");
    /// A text of the inside layer, and one of the sealed layer: no message may hold them.
    const INSIDE: &str = "内部便条雀舌";
    const SEALED: &str = "密封配方鹤唳";
    /// What a page shows soon, it shows by then.
    const SOON_MAX: Duration = Duration::from_secs(60);

    /// A server with people: an officer of the province, who asks; of the county, who answers; of another; a steward.
    struct Town {
        server: Server,
        site: Site,
        links: BTreeMap<&'static str, Client>,
    }

    const PEOPLE: [&str; 4] = ["wang", "shi", "lu", "steward"];

    impl Town {
        fn open(store: Store, words: &[String]) -> Town {
            let mut site = Site::new(store);
            site.put("catalogue/local_query/kind.toml", QUERY);
            site.admit(&[
                ("wang", "officer", "330000", "王越（虚构）"),
                ("shi", "officer", "330521", "施小满（虚构）"),
                ("lu", "officer", "330281", "陆远（虚构）"),
                ("steward", "steward", "", "章一苇（虚构）"),
            ]);
            let server = site.serve_with(words);
            let enter = |login: &'static str| {
                let client = server.visitor();
                client.enter(site.link(login));
                (login, client)
            };
            let links = PEOPLE.map(enter).into_iter().collect();
            Town { server, site, links }
        }

        /// Someone at the server that runs now.
        fn who(&self, login: &str) -> Client {
            self.links[login].at(self.server.address())
        }

        /// Kills the server and starts another with these words.
        fn restart(self, words: &[String]) -> Town {
            let Town { server, site, links } = self;
            drop(server);
            let server = site.serve_with(words);
            Town { server, site, links }
        }

        /// Files a query and raises it: the county is told.
        fn raise(&self, title: &str) -> Filed {
            let fields = json!({ "title": title, "place": "330521", "remark": INSIDE, "recipe": SEALED });
            let query = file(&self.who("wang"), "queries", "local_plain", fields);
            make(&self.who("wang"), &query, "raise", json!({}));
            query
        }

        /// Adds a channel by the page.
        fn add(&self, login: &str, means: &str, address: &str, rhythm: &str, secret: &str) -> String {
            let typed = [("means", means), ("address", address), ("rhythm", rhythm), ("secret", secret)];
            let answer = self.who(login).post("/notices/channels", &typed);
            assert!(answer.status == 303 || answer.status == 200, "{}", answer.text());
            answer.text()
        }

        /// Presses a button of someone's newest channel.
        fn press(&self, login: &str, pairs: &[(&str, &str)]) -> u16 {
            let page = self.who(login).get("/notices/channels").is(200).text();
            let row = page
                .rsplit("id=\"channel-")
                .next()
                .and_then(|rest| rest.split('"').next())
                .expect("a channel");
            self.who(login).post(&format!("/notices/channels/{row}"), pairs).status
        }

        /// Sets up mail for someone and proves it by the code that arrives.
        fn mail(&self, office: &Office, login: &str, address: &str) {
            self.add(login, "mail", address, "at-once", "");
            assert_eq!(self.press(login, &[("do", "prove"), ("code", &code(&office.letter()))]), 303);
        }

        /// The page once it holds some words.
        fn page_with(&self, login: &str, path: &str, words: &str) -> String {
            let until = Instant::now() + SOON_MAX;
            loop {
                let page = self.who(login).get(path).is(200).text();
                if page.contains(words) {
                    return page;
                }
                assert!(Instant::now() < until, "{words} in {path}: {page}");
                std::thread::yield_now();
            }
        }

        /// Lets who runs the house decide about the one message that failed.
        fn decide(&self, what: &str, words: &str) {
            let page = self.page_with("steward", "/notices/dead", words);
            let row = page.split("name=\"row\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
            let posted =
                self.who("steward").post("/notices/dead", &[("row", row.expect("a row")), ("do", what)]);
            assert_eq!(posted.status, 303, "{}", posted.text());
        }
    }

    fn code(letter: &Letter) -> String {
        let digits = |line: &str| line.len() == 6 && line.chars().all(|c| c.is_ascii_digit());
        letter
            .text
            .lines()
            .find(|line| digits(line))
            .unwrap_or_else(|| panic!("no code: {letter:?}"))
            .to_owned()
    }

    fn mac(key: &str, text: &str) -> Vec<u8> {
        let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("a key");
        mac.update(text.as_bytes());
        mac.finalize().into_bytes().to_vec()
    }

    #[test]
    fn a_move_tells_the_right_people_and_nobody_else() {
        for store in Store::ALL {
            let town = Town::open(store, &[]);
            let query = town.raise("豆粕胶冷压强度（演示）");
            town.page_with("shi", "/notices", "豆粕胶冷压强度");
            // The bell is read before the list: the page after the one that first showed it.
            let page = town.who("shi").get("/notices").is(200).text();
            assert!(
                page.contains("已办理“提出询问”，现为“已提出”") && page.contains(&query.page()),
                "{page}"
            );
            assert!(page.contains("class=\"unread\">1<"), "the bell: {page}");
            make(&town.who("shi"), &query, "answer", json!({}));
            let told = town.page_with("wang", "/notices", "答复询问");
            assert!(!told.contains("提出询问"), "nobody is told of their own act: {told}");
            assert!(!town.who("shi").get("/notices").is(200).text().contains("答复询问"));
            for other in ["lu", "steward"] {
                let page = town.who(other).get("/notices").is(200).text();
                assert!(page.contains("还没有消息") && !page.contains("豆粕胶"), "{other}: {page}");
            }
            assert_eq!(town.server.visitor().get("/notices").status, 401);
            let english = town.who("wang").get("/en/notices").is(200).text();
            assert!(english.contains("Answer; now Answered"), "{english}");
            let sheet = cells(&town.who("wang").get("/notices.xlsx").is(200).body);
            assert_eq!((sheet.len(), sheet[1][2].as_str()), (2, "答复询问"));
            town.who("wang").post("/notices", &[("to", "999999")]).is(303);
            let page = town.who("wang").get("/notices").is(200).text();
            assert!(
                page.contains("已读消息") && page.contains("答复询问") && !page.contains("class=\"unread\""),
                "{page}"
            );
            // What may no longer be read is not told any more.
            make(&town.who("wang"), &query, "take-back", json!({}));
            let gone = town.who("shi").get("/notices").is(200).text();
            assert!(gone.contains("现在不能查看") && !gone.contains("豆粕胶"), "{gone}");
        }
    }

    #[test]
    fn letters_come_to_a_proven_address_and_hold_no_inner_text() {
        let office = Office::open();
        let town = Town::open(Store::Sqlite, &office.words());
        town.add("shi", "mail", "shi@deqing.example.cn", "at-once", "");
        let first = office.letter();
        assert_eq!(
            (first.to.as_str(), first.subject.as_str()),
            ("shi@deqing.example.cn", "【科技红娘】邮箱验证码")
        );
        // Before it is proven nothing is sent there.
        town.raise("未验证时的询问（演示）");
        town.page_with("shi", "/notices", "未验证时的询问");
        assert_eq!(town.press("shi", &[("do", "prove"), ("code", "00000x")]), 422);
        assert_eq!(town.press("shi", &[("do", "prove"), ("code", &code(&first))]), 303);
        assert_eq!(town.press("shi", &[("do", "trial")]), 303);
        let trial = office.letter();
        assert!(trial.subject.contains("试发消息"), "{trial:?}");
        let query = town.raise("豆粕胶冷压强度（演示）");
        let letter = office.letter();
        let link = format!("http://{}{}", town.server.address(), query.page());
        for words in ["豆粕胶冷压强度", "提出询问", "已提出", "施小满（虚构）", &link] {
            assert!(letter.text.contains(words), "{words} in {letter:?}");
        }
        assert!(letter.id.ends_with("@kexie.example.cn>") && letter.id != trial.id, "{letter:?}");
        for letter in [&first, &trial, &letter] {
            let all = format!("{}{}", letter.subject, letter.text);
            assert!(!all.contains(INSIDE) && !all.contains(SEALED), "{letter:?}");
        }
        // Off, and bundled in the morning: nothing leaves now. The next letter is another's.
        for rhythm in ["off", "daily"] {
            assert_eq!(town.press("shi", &[("do", "rhythm"), ("rhythm", rhythm)]), 303);
            town.raise(&format!("{rhythm}时的询问（演示）"));
            town.page_with("shi", "/notices", &format!("{rhythm}时的询问"));
        }
        town.add("wang", "mail", "wang@example.cn", "at-once", "");
        assert_eq!(office.letter().to, "wang@example.cn");
    }

    #[test]
    fn a_refused_letter_is_seen_by_the_steward_and_tried_again() {
        let office = Office::open();
        let town = Town::open(Store::Sqlite, &office.words());
        town.mail(&office, "shi", "refused@deqing.example.cn");
        office.refuse(true);
        town.raise("退信的询问（演示）");
        let page = town.page_with("steward", "/notices/dead", "no such user");
        assert!(page.contains("施小满（虚构）") && !page.contains("退信的询问"), "{page}");
        assert!(town.page_with("steward", "/notices", "未送达的消息（1）").contains("/notices/dead"));
        assert_eq!(town.who("shi").get("/notices/dead").status, 404);
        assert_eq!(town.who("shi").post("/notices/dead", &[("row", "1"), ("do", "drop")]).status, 404);
        office.refuse(false);
        town.decide("retry", "no such user");
        assert!(office.letter().text.contains("退信的询问"));
        town.page_with("steward", "/notices", "未送达的消息（0）");
    }

    #[test]
    fn programs_and_robots_get_what_they_can_check() {
        let listener = Listener::open();
        let town = Town::open(Store::Sqlite, &listener.words());
        let told = town.add("shi", "webhook", &listener.url("/hook"), "at-once", "");
        let secret = told.split("<code>").nth(1).and_then(|rest| rest.split('<').next()).expect("a secret");
        let again = town.who("shi").get("/notices/channels").is(200).text();
        assert!(!again.contains(secret), "it is told once");
        town.add("shi", "wecom", &listener.url("/wecom?key=k"), "at-once", "");
        town.add("shi", "dingtalk", &listener.url("/dingtalk?access_token=t"), "at-once", "SECding");
        town.add("shi", "feishu", &listener.url("/feishu/x"), "at-once", "fei");
        town.raise("豆粕胶冷压强度（演示）");
        let mut got: BTreeMap<String, Posted> = BTreeMap::new();
        while got.len() < 4 {
            let posted = listener.next();
            assert!(!posted.body.contains(INSIDE) && !posted.body.contains(SEALED), "{posted:?}");
            assert!(posted.body.contains("豆粕胶冷压强度"), "{posted:?}");
            let name =
                posted.path.trim_start_matches('/').split(['?', '/']).next().unwrap_or_default().to_owned();
            assert!(got.insert(name, posted).is_none(), "twice");
        }
        check_webhook(&got["hook"], secret);
        check_robots(&got);
    }

    fn check_webhook(posted: &Posted, secret: &str) {
        let signed = posted.header("hongniang-signature");
        let (at, v1) = signed.trim_start_matches("t=").split_once(",v1=").expect("time and signature");
        let right: String =
            mac(secret, &format!("{at}.{}", posted.body)).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(v1, right);
        let body = posted.value();
        assert_eq!(posted.header("idempotency-key"), body["id"].as_str().unwrap_or_default());
        assert_eq!(body["notices"][0]["stage"], "已提出");
    }

    fn check_robots(got: &BTreeMap<String, Posted>) {
        assert!(got["wecom"].value()["text"]["content"].as_str().is_some_and(|text| text.contains("已提出")));
        let query: BTreeMap<&str, &str> = got["dingtalk"]
            .path
            .split_once('?')
            .map(|(_, query)| query.split('&').filter_map(|pair| pair.split_once('=')).collect())
            .unwrap_or_default();
        let base64 = |bytes: Vec<u8>| base64::engine::general_purpose::STANDARD.encode(bytes);
        let sign = base64(mac("SECding", &format!("{}\nSECding", query["timestamp"])));
        let escaped = sign.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
        assert_eq!((query["access_token"], query["sign"]), ("t", escaped.as_str()));
        let body = got["feishu"].value();
        let at = body["timestamp"].as_str().unwrap_or_default();
        assert_eq!(body["sign"], base64(mac(&format!("{at}\nfei"), "")));
    }

    #[test]
    fn a_program_that_fails_is_asked_again_by_the_same_key_and_told_once() {
        let listener = Listener::open();
        let town = Town::open(Store::Sqlite, &listener.words());
        town.add("shi", "webhook", &listener.url("/hook"), "at-once", "");
        listener.answer(&[(500, "no"), (410, "gone")]);
        town.raise("豆粕胶冷压强度（演示）");
        let first = listener.next();
        let waits = town.page_with("steward", "/notices/dead", "HTTP 500");
        assert!(waits.contains("下次重发"), "{waits}");
        town.decide("retry", "HTTP 500");
        let second = listener.next();
        let dead = town.page_with("steward", "/notices/dead", "HTTP 410");
        assert!(!dead.contains("下次重发"), "{dead}");
        town.decide("retry", "HTTP 410");
        let third = listener.next();
        let keys = [&first, &second, &third].map(|posted| posted.header("idempotency-key").to_owned());
        assert!(!keys[0].is_empty() && keys.iter().all(|key| *key == keys[0]), "{keys:?}");
        // Nothing of it comes again: the next post is another notice.
        town.raise("下一件（演示）");
        let next = listener.next();
        assert!(next.body.contains("下一件") && next.header("idempotency-key") != keys[0], "{next:?}");
    }

    #[test]
    fn a_robot_of_few_bytes_gets_what_fits_and_a_robot_that_says_no_is_asked_again() {
        let listener = Listener::open();
        let town = Town::open(Store::Sqlite, &listener.words());
        town.add("shi", "wecom", &listener.url("/wecom?key=k"), "at-once", "");
        listener.answer(&[(200, "{\"errcode\":45009,\"errmsg\":\"freq\"}")]);
        town.raise(&"冷".repeat(70));
        let posted = listener.next();
        let text = posted.value()["text"]["content"].as_str().map(str::len);
        assert!(text.is_some_and(|bytes| bytes <= 2_048), "{posted:?}");
        town.decide("drop", "45009");
        assert!(!town.page_with("steward", "/notices/dead", "没有").contains("45009"));
    }

    #[test]
    fn what_is_typed_wrong_is_told_at_once_and_kept() {
        let town = Town::open(Store::Sqlite, &[]);
        let shi = town.who("shi");
        let page = shi.get("/notices/channels").is(200).text();
        assert!(page.contains("还没有设置发信服务器") && !page.contains("value=\"mail\""), "{page}");
        for (means, address, words) in [
            ("webhook", "https://hooks.example.cn/a", "没有登记这个网址的主机"),
            ("webhook", "http://127.0.0.1:1/a", "https 开头"),
            ("webhook", "https://169.254.169.254/latest", "没有登记这个网址的主机"),
            ("wecom", "https://oapi.dingtalk.com/robot/send", "不是所选机器人的网址"),
            ("feishu", "open.feishu.cn/hook", "不是"),
            ("mail", "shi@example.cn", "请选择用什么接收"),
            ("", "", "请选择用什么接收"),
        ] {
            let typed = [("means", means), ("address", address), ("rhythm", "often"), ("secret", "")];
            let told = shi.post("/notices/channels", &typed).is(422).text();
            assert!(told.contains(words) && told.contains("请选择多久一次"), "{address}: {told}");
            assert!(told.contains(&format!("value=\"{address}\"")), "what was typed is kept: {told}");
        }
        let typed = [
            ("means", "wecom"),
            ("address", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=secretkey"),
            ("rhythm", "daily"),
            ("secret", ""),
        ];
        shi.post("/notices/channels", &typed).is(303);
        let page = shi.get("/notices/channels").is(200).text();
        assert!(page.contains("qyapi.weixin.qq.com/…tkey") && !page.contains("secretkey"), "{page}");
        assert!(shi.post("/notices/channels", &typed).is(422).text().contains("已经设置过"));
        // Another's channel does not exist.
        let row =
            page.rsplit("id=\"channel-").next().and_then(|rest| rest.split('"').next()).expect("a channel");
        let stolen = town.who("lu").post(&format!("/notices/channels/{row}"), &[("do", "remove")]);
        assert_eq!(stolen.status, 404, "{}", stolen.text());
        assert_eq!(town.press("shi", &[("do", "remove")]), 303);
        assert!(shi.get("/notices/channels").text().contains("只在平台内显示"));
    }

    /// Letters queued, and after how many that arrived the sending server is killed.
    const QUEUED: usize = 300;
    const KILLED_AFTER: [usize; 3] = [40, 90, 70];

    #[test]
    fn a_server_killed_while_it_sends_loses_no_letter() {
        let office = Office::open();
        let town = Town::open(Store::Sqlite, &office.words());
        town.mail(&office, "shi", "shi@deqing.example.cn");
        // Without a mail server letters wait.
        let mut town = town.restart(&[]);
        for number in 0..QUEUED {
            town.raise(&format!("第{number}件询问（演示）"));
        }
        town.page_with("shi", "/notices", "99+");
        town.page_with("shi", "/notices", &format!("第{}件", QUEUED - 1));
        let mut arrived: BTreeMap<String, (usize, String)> = BTreeMap::new();
        let mut take = || {
            let letter = office.letter();
            let told = arrived.entry(letter.id).or_insert((0, letter.subject.clone()));
            told.0 += 1;
            assert_eq!(told.1, letter.subject, "one id, one letter");
            arrived.len()
        };
        for count in KILLED_AFTER {
            town = town.restart(&office.words());
            for _ in 0..count {
                take();
            }
        }
        // The last of these servers is killed in the middle too.
        let town = town.restart(&office.words());
        while take() < QUEUED {}
        // A trial is the last in line: when it is here, nothing else is left.
        assert_eq!(town.press("shi", &[("do", "trial")]), 303);
        while take() <= QUEUED {}
        let doubled: usize = arrived.values().map(|(copies, _)| copies - 1).sum();
        // One letter is in the air at a time: each kill may leave that one in doubt, and it comes by the same id.
        assert!(doubled <= KILLED_AFTER.len(), "{doubled} doubled");
        let subjects: std::collections::BTreeSet<_> = arrived.values().map(|(_, subject)| subject).collect();
        assert_eq!(subjects.len(), QUEUED + 1, "each notice by a letter of its own");
    }
}
