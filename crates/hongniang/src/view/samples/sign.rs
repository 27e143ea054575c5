//! Samples of receipts, search steps, imports, sign-in and problems.

use super::*;

impl Sample {
    pub(super) fn posted(&self) -> PostedView {
        PostedView {
            page: self.page(&self.t("posted.title"), "/demands"),
            number: "德需2026-000123-7".to_owned(),
            title: self.demand().title,
            link: "https://kj.example.org.cn/l/Q7mV2xKp9sTzB4nWcE8rHd".to_owned(),
            link_words: (self.t("posted.link"), self.t("posted.link-note")),
            after: self.t("posted.after-note"),
            next: vec![link("#", &self.t("posted.complete")), link("#", &self.t("posted.see"))],
            checkup: Some(self.checkup()),
        }
    }

    pub(super) fn pick(&self) -> PickView {
        let row = |row: Row| PickRow {
            id: row.href.clone(),
            title: row.title,
            note: format!("{} · {}", row.owner, row.place),
        };
        PickView {
            page: self.desk(&self.say("选择专家", "Choose an expert"), "/demands/new"),
            action: "/demands".to_owned(),
            choose: "pick-experts".to_owned(),
            find: ("find".to_owned(), "experts".to_owned()),
            query: ("q-experts".to_owned(), self.say("沈", "Shen")),
            rows: self.experts().into_iter().map(row).collect(),
            hidden: vec![("title".to_owned(), self.demand().title)],
        }
    }

    pub(super) fn import(&self) -> ImportView {
        ImportView {
            page: self.desk(&self.t("list.import"), "/demands/import"),
            kind: self.say("技术需求", "Demands"),
            action: "/demands/import".to_owned(),
            columns: Vec::new(),
            counts: [0; 3],
            faulty: 0,
            faults: Vec::new(),
            failed: false,
            token: String::new(),
            blank: "/demands/blank.xlsx".to_owned(),
            done: None,
            progress: None,
        }
    }

    pub(super) fn import_checked(&self) -> ImportView {
        let sound = self.import_faulty();
        ImportView {
            counts: [203, 5, 41],
            faulty: 0,
            faults: Vec::new(),
            failed: false,
            token: "x".to_owned(),
            ..sound
        }
    }

    pub(super) fn import_faulty(&self) -> ImportView {
        let column = |heading: &str, zh: &str, en: &str| (heading.to_owned(), self.say(zh, en));
        let fault = |row: usize, zh: &str, en: &str, key: &str| {
            (
                row,
                FaultLine {
                    id: String::new(),
                    label: self.say(zh, en),
                    text: self.texts.fill(key, &[("text", "60"), ("found", "17")]),
                },
            )
        };
        ImportView {
            columns: vec![
                column("难题名称", "需求名称", "Name of the demand"),
                column("企业", "单位", "Organisation"),
                column("经办备注", "", ""),
            ],
            faulty: 2,
            faults: vec![
                fault(57, "D 统一社会信用代码", "D Credit code", "fault.credit-length"),
                fault(88, "F 预算", "F Budget", "fault.money-form"),
            ],
            failed: true,
            ..self.import()
        }
    }

    pub(super) fn import_done(&self) -> ImportView {
        ImportView {
            counts: [203, 5, 41],
            done: Some(link("/demands", &self.t("import.see"))),
            ..self.import()
        }
    }

    pub(super) fn signin(&self) -> SigninView {
        SigninView {
            page: self.page(&self.t("sign.title"), "/signin"),
            name: "deqing".to_owned(),
            fault: Some(self.t("sign.wrong")),
            provider: Some(self.link("/signin/oidc", "用浙里办登录", "Sign in with Zheliban")),
            next: "/work".to_owned(),
            blocked: None,
        }
    }

    pub(super) fn code(&self) -> CodeView {
        let fault = Some(self.t("second.wrong"));
        CodeView { page: self.page(&self.t("second.title"), "/signin/code"), fault }
    }

    pub(super) fn bind(&self) -> BindView {
        let words = [
            ("provider", self.say("浙里办", "Zheliban")),
            ("name", self.say("郑知远（虚构）", "Zheng Zhiyuan (invented)")),
        ];
        let words = words.each_ref().map(|(name, value)| (*name, value.as_str()));
        BindView {
            page: self.page(&self.t("sign.bind-title"), "/signin/bind"),
            unknown: self.texts.fill("sign.bind-unknown", &words),
            name: "deqing".to_owned(),
            fault: Some(self.t("sign.wrong")),
        }
    }

    pub(super) fn link_page(&self) -> LinkView {
        LinkView {
            page: self.page(&self.t("link.title"), "/l/x"),
            action: "/l/x".to_owned(),
            name: self.say("郑知远（虚构）", "Zheng Zhiyuan (invented)"),
            purpose: self.t("link.purpose-account"),
            until: self.say("2027年2月18日", "18 February 2027"),
            other: Some(self.texts.fill("link.other", &[("me", "deqing"), ("name", "zheng")])),
            blocked: None,
        }
    }

    fn password(&self, faults: Vec<String>) -> PasswordForm {
        let name = "deqing".to_owned();
        PasswordForm { name, current: true, help: self.t("sign.password-help-strict"), faults }
    }

    pub(super) fn account(&self) -> AccountView {
        let since = self.say("2026年11月20日 09:30", "20 Nov 2026, 09:30");
        let session = |this, agent: &str, network: &str| SessionLine {
            this,
            token: "x".to_owned(),
            way: self.t("account.way-password"),
            agent: agent.to_owned(),
            network: network.to_owned(),
            times: self.texts.fill("account.session-times", &[("started", &since), ("seen", &since)]),
        };
        let event =
            |key: &str| EventLine { at: since.clone(), what: self.t(key), network: "192.0.2.7".to_owned() };
        let identity = IdentityLine {
            name: self.say("施小满（虚构）", "Shi Xiaoman (invented)"),
            since: self.texts.fill("account.identity-since", &[("since", &since)]),
            issuer: "https://id.example".to_owned(),
            subject: "7".to_owned(),
            may_end: true,
        };
        AccountView {
            person: self.say("施小满（虚构）", "Shi Xiaoman (invented)"),
            role: self.say("湖州市德清县 · 科协工作人员", "Deqing, Huzhou · association officer"),
            password_since: Some(
                self.texts.fill("account.password-since", &[("name", "deqing"), ("since", &since)]),
            ),
            password: Some(self.password(Vec::new())),
            second: Some(self.texts.fill("account.second-on", &[("since", &since), ("left", "10")])),
            provider: Some(self.say("浙里办", "Zheliban")),
            identities: vec![identity],
            sessions: vec![
                session(true, "Edge · Windows", "192.0.2.7"),
                session(false, "WeChat · Android", "198.51.100.23"),
            ],
            events: ["trail.entered-password", "trail.failed", "trail.second-on"].map(event).into(),
            manages: true,
            runs: true,
            ..AccountView::of_link(self.desk(&self.t("account.title"), "/account"))
        }
    }

    pub(super) fn account_new(&self) -> AccountView {
        let first = PasswordForm { current: false, ..self.password(Vec::new()) };
        AccountView {
            password_since: None,
            password: Some(first),
            second: None,
            second_needed: true,
            identities: Vec::new(),
            manages: false,
            runs: false,
            events: Vec::new(),
            ..self.account()
        }
    }

    pub(super) fn account_of_link(&self) -> AccountView {
        AccountView {
            person: self.say("郑知远（虚构）", "Zheng Zhiyuan (invented)"),
            ..AccountView::of_link(self.account().page)
        }
    }

    pub(super) fn password_page(&self) -> PasswordView {
        PasswordView {
            page: self.desk(&self.t("account.password"), "/account/password"),
            why: Some(self.texts.fill("sign.password-old", &[("days", "90")])),
            password: self.password(vec![self.t("sign.password-classes"), self.t("sign.password-differs")]),
        }
    }

    pub(super) fn second(&self) -> SecondView {
        SecondView {
            page: self.desk(&self.t("second.set-up"), "/account/second"),
            why: Some(self.t("second.needed")),
            secret: "MZXW 6YTB OI2G 4ZLT MZXW 6YTB OI2G 4ZLT".to_owned(),
            address: "otpauth://totp/x:deqing?secret=MZXW6YTB&issuer=x".to_owned(),
            path: "M4,4h1v1h-1zM6,6h1v1h-1z".to_owned(),
            side: 12,
            fault: Some(self.t("second.wrong")),
        }
    }

    pub(super) fn second_off(&self) -> SecondOffView {
        SecondOffView {
            page: self.desk(&self.t("second.take-off"), "/account/second"),
            name: "deqing".to_owned(),
            password: true,
            faults: vec![self.t("sign.password-current")],
        }
    }

    pub(super) fn recovery(&self) -> RecoveryView {
        let codes = vec!["MZXW 6YTB OI2G 4ZLT MZXW 6YTB".to_owned(); 10];
        RecoveryView { page: self.desk(&self.t("second.recovery"), "/account/second"), codes }
    }

    pub(super) fn api(&self) -> ApiView {
        let operation = |method: &str, address: &str, zh: &str, en: &str| {
            (method.to_owned(), address.to_owned(), self.say(zh, en))
        };
        let kind = ApiKind {
            name: self.say("技术需求", "Demands"),
            operations: vec![
                operation("GET", "/api/v1/demands", "列表", "List"),
                operation("POST", "/api/v1/demands", "新建", "Create"),
            ],
            moves: vec!["submit".to_owned(), "publish".to_owned()],
        };
        ApiView { page: self.page(&self.t("api.title"), "/api"), kinds: vec![kind] }
    }

    pub(super) fn problem(&self) -> ProblemView {
        ProblemView {
            page: Page { public: false, ..self.page(&self.t("problem.not-found.title"), "/demands/x") },
            status: 404,
            code: "not-found".to_owned(),
            detail: self.t("problem.not-found.detail"),
            faults: vec![FaultLine {
                id: String::new(),
                label: self.say("统一社会信用代码", "Credit code"),
                text: self.texts.fill("fault.credit-length", &[("found", "17")]),
            }],
            next: vec![link("/", &self.t("nav.home"))],
        }
    }
}
