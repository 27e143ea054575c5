//! One filled view of every page in both languages, for tests and for looking at.
//!
//! All units and persons are invented. Start at [`all`].

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;

use super::*;
use crate::locale::{Lang, Locales};

/// Every page by name (`home-zh`), rendered.
pub(crate) fn all() -> Vec<(String, String)> {
    let locales = Locales::load(
        include_str!("../../../../locales/zh.toml"),
        include_str!("../../../../locales/en.toml"),
    )
    .unwrap();
    let both = [(Lang::Zh, "zh"), (Lang::En, "en")];
    both.into_iter()
        .flat_map(|(lang, tag)| pages(&Sample { lang, texts: locales.of(lang).clone() }, tag))
        .collect()
}

fn pages(s: &Sample, tag: &str) -> Vec<(String, String)> {
    let drawn = [
        ("home", s.home().render()),
        ("home-bare", s.home_bare().render()),
        ("list", s.list().render()),
        ("list-empty", s.list_empty().render()),
        ("search", s.search().render()),
        ("search-empty", s.search_empty().render()),
        ("work", s.work().render()),
        ("work-empty", WorkView { rows: Vec::new(), ..s.work() }.render()),
        ("record", s.record().render()),
        ("record-public", s.record_public().render()),
        ("match", s.pairing().render()),
        ("match-empty", s.pairing_empty().render()),
        ("form", s.form().render()),
        ("form-faults", s.form_faults().render()),
        ("form-widgets", s.form_widgets().render()),
        ("posted", s.posted().render()),
        ("pick", s.pick().render()),
        ("import", s.import().render()),
        ("import-checked", s.import_checked().render()),
        ("import-progress", ImportView { progress: Some(46), ..s.import() }.render()),
        ("import-done", s.import_done().render()),
        ("signin", s.signin().render()),
        ("link", s.link_page().render()),
        ("account", s.account().render()),
        ("problem", s.problem().render()),
        ("api", s.api().render()),
    ];
    drawn.into_iter().map(|(name, html)| (format!("{name}-{tag}"), html.unwrap())).collect()
}

struct Sample {
    lang: Lang,
    texts: Arc<crate::locale::Texts>,
}

fn link(href: &str, label: &str) -> Link {
    Link { href: href.to_owned(), label: label.to_owned(), current: false }
}

fn here(href: &str, label: &str) -> Link {
    Link { current: true, ..link(href, label) }
}

impl Sample {
    fn say(&self, zh: &str, en: &str) -> String {
        match self.lang {
            Lang::Zh => zh.to_owned(),
            Lang::En => en.to_owned(),
        }
    }

    fn t(&self, key: &str) -> String {
        self.texts.get(key).to_owned()
    }

    fn link(&self, href: &str, zh: &str, en: &str) -> Link {
        link(href, &self.say(zh, en))
    }

    fn page(&self, title: &str, path: &str) -> Page {
        let nav = ["nav.demands", "nav.experts", "nav.organizations", "nav.achievements"];
        let nav = nav.into_iter().zip(["/demands", "/people", "/organizations", "/achievements"]);
        Page {
            lang: self.lang,
            texts: self.texts.clone(),
            title: title.to_owned(),
            description: self.t("site.slogan"),
            path: path.to_owned(),
            origin: "https://kj.example.org.cn".to_owned(),
            me: None,
            nav: nav
                .map(|(key, to)| Link { href: to.into(), label: self.t(key), current: path == to })
                .collect(),
            large: false,
            notice: None,
            identities: Vec::new(),
            public: true,
            assets: Arc::new(BTreeMap::from([(
                "hongniang.css".to_owned(),
                "/static/hongniang.css?v=0f3a".to_owned(),
            )])),
        }
    }

    /// A page as an officer of the demonstration sees it.
    fn desk(&self, title: &str, path: &str) -> Page {
        let identities = vec![
            link("/as/visitor", &self.say("访客", "Visitor")),
            link("/as/firm", &self.say("郑知远（虚构）· 企业", "Zheng Zhiyuan (invented) · firm")),
            here("/as/officer", &self.say("施小满（虚构）· 德清县科协", "Shi Xiaoman (invented) · Deqing")),
            link("/as/expert", &self.say("沈砚秋（虚构）· 专家", "Shen Yanqiu (invented) · expert")),
        ];
        let me = Me {
            name: self.say("施小满（虚构）", "Shi Xiaoman (invented)"),
            role: self.say("湖州市德清县 · 科协工作人员", "Deqing, Huzhou · association officer"),
        };
        Page { me: Some(me), identities, public: false, ..self.page(title, path) }
    }

    fn badge(&self, tone: &'static str, zh: &str, en: &str) -> Badge {
        Badge { label: self.say(zh, en), tone }
    }

    fn demo_chip(&self) -> Option<String> {
        Some(self.say("演示", "Demonstration"))
    }

    fn demand(&self) -> Row {
        Row {
            href: "/demands/330521-2026-000123-7".to_owned(),
            number: "德需2026-000123-7".to_owned(),
            title: self.say(
                "无醛添加胶合板冷压强度不足",
                "Cold-press strength of plywood without added formaldehyde",
            ),
            type_label: self.say("技术难题", "Technical problem"),
            stage: self.badge("open", "已发布", "Published"),
            place: self.say("湖州市德清县", "Deqing, Huzhou"),
            day: self.say("2026年11月18日", "18 November 2026"),
            owner: self.say("德清云岫木业有限公司（演示）", "Deqing Yunxiu Wood Co. (demonstration)"),
            chip: self.demo_chip(),
            ..Row::default()
        }
    }

    fn demands(&self) -> Vec<Row> {
        let row =
            |zh: &str, en: &str, place: (&str, &str), day: (&str, &str), number: &str, stage: Badge| Row {
                title: self.say(zh, en),
                place: self.say(place.0, place.1),
                day: self.say(day.0, day.1),
                number: number.to_owned(),
                owner: String::new(),
                stage,
                ..self.demand()
            };
        vec![
            self.demand(),
            row(
                "伺服电机编码器在油雾环境下信号漂移",
                "Servo encoder drifts in oil mist",
                ("宁波市北仑区", "Beilun, Ningbo"),
                ("2026年11月16日", "16 November 2026"),
                "甬需2026-000419-2",
                self.badge("open", "已发布", "Published"),
            ),
            row(
                "蜜梨采后褐变与冷链贮藏工艺",
                "Browning of honey pears after harvest, and cold storage",
                ("杭州市余杭区", "Yuhang, Hangzhou"),
                ("2026年11月12日", "12 November 2026"),
                "余需2026-000077-5",
                self.badge("wait", "对接中", "In contact"),
            ),
            row(
                "针织面料数码印花色牢度提升",
                "Colour fastness of digital prints on knitwear",
                ("嘉兴市", "Jiaxing"),
                ("2026年11月9日", "9 November 2026"),
                "嘉需2026-000208-1",
                self.badge("done", "已见成效", "With outcome"),
            ),
        ]
    }

    fn experts(&self) -> Vec<Row> {
        let row = |zh: &str, en: &str, owner: (&str, &str), number: &str| Row {
            href: format!("/people/{number}"),
            title: self.say(zh, en),
            type_label: self.say("专家", "Expert"),
            owner: self.say(owner.0, owner.1),
            place: self.say("浙江省杭州市", "Hangzhou, Zhejiang"),
            chip: self.demo_chip(),
            ..Row::default()
        };
        vec![
            row(
                "沈砚秋（虚构）· 研究员",
                "Shen Yanqiu (invented) · research fellow",
                ("浙江林木材料研究所（演示）", "Zhejiang Wood Materials Institute (demonstration)"),
                "e1",
            ),
            row(
                "陆闻笛（虚构）· 教授",
                "Lu Wendi (invented) · professor",
                ("钱江大学化工学院（演示）", "Qianjiang University (demonstration)"),
                "e2",
            ),
            row(
                "江予白（虚构）· 高级工程师",
                "Jiang Yubai (invented) · senior engineer",
                ("湖州人造板检测中心（演示）", "Huzhou Panel Testing Centre (demonstration)"),
                "e3",
            ),
        ]
    }

    fn home(&self) -> HomeView {
        let counted = |zh: &str, en: &str, figure: &str| Counted {
            label: self.say(zh, en),
            figure: figure.to_owned(),
            href: "/organizations".to_owned(),
        };
        HomeView {
            page: self.page(&self.t("site.title"), "/"),
            site: self.t("site.title"),
            subtitle: self.t("site.subtitle"),
            slogan: self.t("site.slogan"),
            levels: vec![
                self.link("/?place=100000", "国家平台接口", "National interface"),
                here("/?place=330000", &self.say("浙江省", "Zhejiang")),
                self.link("/?place=330200", "宁波市", "Ningbo"),
                self.link("/?place=330300", "温州市", "Wenzhou"),
                self.link("/?place=330400", "嘉兴市", "Jiaxing"),
                self.link("/?place=330500", "湖州市", "Huzhou"),
                self.link("/?place=330110", "余杭区", "Yuhang"),
                self.link("/?place=330521", "德清县", "Deqing"),
            ],
            five: vec![
                counted("连学会", "Societies", "86"),
                counted("连城市", "Cities", "412"),
                counted("连部门", "Departments", "37"),
                counted("连乡镇", "Townships", "41"),
                counted("连企业", "Enterprises", "18"),
            ],
            counts: vec![
                counted("需求", "Demands", "318"),
                counted("专家", "Experts", "426"),
                counted("学会", "Societies", "64"),
                counted("成果", "Achievements", "1,000+"),
            ],
            demands: self.demands(),
            achievements: self.achievements(),
        }
    }

    fn achievements(&self) -> Vec<Row> {
        let row = |zh: &str, en: &str| Row {
            href: "/achievements/a1".to_owned(),
            title: self.say(zh, en),
            type_label: self.say("专利", "Patent"),
            number: "浙果2026-000045-6".to_owned(),
            place: self.say("杭州市", "Hangzhou"),
            day: self.say("2026年11月", "November 2026"),
            chip: self.demo_chip(),
            ..Row::default()
        };
        vec![
            row("改性豆粕胶的低温交联方法", "Cross-linking of soy-meal adhesive at low temperature"),
            row("高油雾环境磁编码器密封结构", "Sealing of magnetic encoders against oil mist"),
            row("果品气调贮藏的乙烯在线监测", "Ethylene monitoring in controlled-atmosphere storage"),
        ]
    }

    fn home_bare(&self) -> HomeView {
        HomeView {
            levels: Vec::new(),
            five: Vec::new(),
            counts: Vec::new(),
            demands: Vec::new(),
            achievements: Vec::new(),
            ..self.home()
        }
    }

    fn facets(&self) -> Vec<Facet> {
        vec![
            Facet {
                label: self.say("类型", "Type"),
                options: vec![
                    here("#", &self.say("技术难题 214", "Technical problem 214")),
                    self.link("#", "合作意向 71", "Cooperation 71"),
                    self.link("#", "人才需求 33", "Talent 33"),
                ],
            },
            Facet {
                label: self.say("行业", "Industry"),
                options: vec![
                    self.link("#", "木材加工 26", "Wood products 26"),
                    self.link("#", "通用设备制造 58", "Machinery 58"),
                    self.link("#", "纺织 41", "Textiles 41"),
                    self.link("#", "农业 19", "Agriculture 19"),
                ],
            },
        ]
    }

    fn exports(&self) -> Vec<Link> {
        vec![link("/demands.xlsx", &self.t("list.xlsx")), link("/demands.csv", &self.t("list.csv"))]
    }

    fn list(&self) -> ListView {
        let cells =
            |row: Row| Row { cells: vec![self.say("木材加工", "Wood products"), "60".to_owned()], ..row };
        ListView {
            page: self.page(&self.say("技术需求", "Demands"), "/demands"),
            kind: self.say("技术需求", "Demands"),
            create: Some(link("/demands/new", &self.t("home.ask"))),
            import: Some(link("/demands/import", &self.t("list.import"))),
            exports: self.exports(),
            facets: self.facets(),
            chosen: vec![self.link("#", "类型：技术难题", "Type: technical problem")],
            orders: vec![
                here("#", &self.t("list.order-newest")),
                link("#", &self.t("list.order-oldest")),
                link("#", &self.t("list.order-title")),
            ],
            columns: vec![self.say("行业", "Industry"), self.say("预算（万元）", "Budget (10,000 yuan)")],
            rows: self.demands().into_iter().map(cells).collect(),
            count: self.texts.fill("list.count", &[("n", "214")]),
            next: Some("/demands?after=x".to_owned()),
            empty: String::new(),
        }
    }

    fn list_empty(&self) -> ListView {
        ListView {
            rows: Vec::new(),
            facets: Vec::new(),
            chosen: Vec::new(),
            exports: Vec::new(),
            orders: Vec::new(),
            next: None,
            count: self.texts.fill("list.count", &[("n", "0")]),
            empty: self.say(
                "企业的技术需求会列在这里。可以先导入已有台账，或把提需求的链接发给企业。",
                "Demands of firms will be listed here. Import an existing ledger, or send firms the link to the form.",
            ),
            ..self.list()
        }
    }

    fn search(&self) -> SearchView {
        let query = self.say("豆粕胶 冷压", "soy adhesive cold press");
        let mark = |text: String, hit: bool| Mark { text, hit };
        let snippet = vec![
            mark(self.say("使用植物蛋白类胶黏剂，板坯", "Uses plant-protein adhesive; after "), false),
            mark(self.say("冷压", "cold pressing"), true),
            mark(
                self.say("成型后强度约 0.7 MPa，希望提高到 1.0 MPa 以上。", " strength is about 0.7 MPa."),
                false,
            ),
        ];
        let kind =
            |row: Row, zh: &str, en: &str| Row { kind: self.say(zh, en), snippet: snippet.clone(), ..row };
        let mut rows: Vec<Row> = self
            .experts()
            .into_iter()
            .map(|row| kind(Row { type_label: String::new(), ..row }, "专家", "Expert"))
            .collect();
        rows.push(kind(self.demand(), "需求", "Demand"));
        SearchView {
            page: self.page(&query, "/search?q=x"),
            query,
            groups: vec![
                here("#", &self.say("全部 23", "All 23")),
                self.link("#", "专家 8", "Experts 8"),
                self.link("#", "学会 2", "Societies 2"),
                self.link("#", "成果 7", "Achievements 7"),
                self.link("#", "需求 6", "Demands 6"),
            ],
            facets: self.facets(),
            chosen: Vec::new(),
            rows,
            count: self.texts.fill("list.count", &[("n", "23")]),
            next: Some("/search?q=x&after=y".to_owned()),
            exports: self.exports(),
            building: Some(72),
        }
    }

    fn search_empty(&self) -> SearchView {
        SearchView {
            rows: Vec::new(),
            groups: Vec::new(),
            facets: Vec::new(),
            building: None,
            next: None,
            ..self.search()
        }
    }

    fn work(&self) -> WorkView {
        let why = self.say(
            "请审核并做保密审查：记录在您负责的地区内",
            "Check and clear: the record lies in your region",
        );
        let item = |row: Row, due: Option<(String, bool)>| WorkRow {
            row: Row { due, ..row },
            moves: vec![self.link("#", "审核通过", "Accept"), self.link("#", "退回补充", "Ask back")],
            why: why.clone(),
        };
        let dues = [
            Some((self.say("11月18日", "18 November"), true)),
            Some((self.say("11月23日", "23 November"), false)),
            Some((self.say("12月2日", "2 December"), false)),
            None,
        ];
        WorkView {
            page: self.desk(&self.t("work.title"), "/work"),
            rows: self.demands().into_iter().zip(dues).map(|(row, due)| item(row, due)).collect(),
            exports: self.exports(),
        }
    }

    fn fact(&self, label: (&str, &str), value: (&str, &str)) -> Fact {
        Fact {
            label: self.say(label.0, label.1),
            values: vec![self.link("", value.0, value.1)],
            layer: String::new(),
            long: false,
        }
    }

    fn facts(&self) -> Vec<Fact> {
        let problem = Fact { long: true, ..self.fact(("问题", "Problem"), (PROBLEM_ZH, PROBLEM_EN)) };
        let industries = Fact {
            values: vec![
                self.link("/demands?industry=C202", "人造板制造", "Wood-based panels"),
                self.link("/demands?industry=C266", "专用化学产品制造", "Special chemicals"),
            ],
            ..self.fact(("行业", "Industry"), ("", ""))
        };
        let contact = Fact {
            layer: self.t("layer.inside"),
            ..self.fact(
                ("联系人", "Contact"),
                ("郑知远（虚构） 0572-0000101", "Zheng Zhiyuan (invented) 0572-0000101"),
            )
        };
        vec![
            problem,
            self.fact(("现值", "Present"), ("冷压强度 0.7 MPa", "0.7 MPa")),
            self.fact(
                ("目标", "Wanted"),
                ("冷压强度 ≥ 1.0 MPa，甲醛释放量保持 ENF 级", "≥ 1.0 MPa, formaldehyde class ENF"),
            ),
            industries,
            self.fact(("预算", "Budget"), ("60 万元", "600,000 yuan")),
            self.fact(("期限", "Needed by"), ("2027年6月", "June 2027")),
            contact,
        ]
    }

    fn why(&self) -> Vec<WhyLine> {
        vec![
            WhyLine {
                yes: true,
                text: self.say(
                    "凭“科协工作人员”身份，记录在您负责的地区内",
                    "As association officer: the record lies in your region",
                ),
            },
            WhyLine { yes: false, text: self.t("guard.secrecy-cleared") },
        ]
    }

    fn checkup(&self) -> CheckupView {
        CheckupView {
            grade: "C".to_owned(),
            answered: 2,
            asked: 5,
            missing: vec![
                (
                    "present_value".into(),
                    self.say("现值", "Present value"),
                    self.say("现在能做到多少？", "What is reached now?"),
                ),
                (
                    "budget".into(),
                    self.say("预算", "Budget"),
                    self.say("打算投入多少？", "How much will you spend?"),
                ),
                (
                    "due_on".into(),
                    self.say("期限", "Needed by"),
                    self.say("什么时候要用上？", "When is it needed?"),
                ),
            ],
            b_gaps: 1,
        }
    }

    fn history(&self) -> Vec<HistoryRow> {
        let event = |when: (&str, &str), who: (&str, &str), what: (&str, &str)| HistoryRow {
            when: self.say(when.0, when.1),
            who: self.say(who.0, who.1),
            what: self.say(what.0, what.1),
        };
        vec![
            event(
                ("2026年11月18日 15:02", "18 November 2026, 15:02"),
                ("施小满（虚构）", "Shi Xiaoman (invented)"),
                ("发布", "Published"),
            ),
            event(
                ("2026年11月18日 14:47", "18 November 2026, 14:47"),
                ("施小满（虚构）", "Shi Xiaoman (invented)"),
                ("审核通过，保密审查通过", "Accepted and cleared"),
            ),
            event(
                ("2026年11月17日 09:12", "17 November 2026, 09:12"),
                ("郑知远（虚构）", "Zheng Zhiyuan (invented)"),
                ("提交", "Submitted"),
            ),
        ]
    }

    fn record(&self) -> RecordView {
        let life = [
            ("已提交", "Submitted", "past"),
            ("已审核", "Checked", "past"),
            ("已发布", "Published", "now"),
            ("对接中", "In contact", "ahead"),
            ("已见成效", "With outcome", "ahead"),
        ];
        let offer = |zh: &str, en: &str, primary: bool, against: String| OfferView {
            label: self.say(zh, en),
            href: "#".to_owned(),
            primary,
            against,
            why: self.why(),
        };
        RecordView {
            page: Page {
                notice: Some(self.t("notice.saved")),
                ..self.desk(&self.demand().title, "/demands/330521-2026-000123-7")
            },
            kind: self.link("/demands", "技术需求", "Demands"),
            type_label: self.say("技术难题", "Technical problem"),
            number: "德需2026-000123-7".to_owned(),
            title: self.demand().title,
            stage: self.badge("open", "已发布", "Published"),
            life: life.into_iter().map(|(zh, en, state)| (self.say(zh, en), state)).collect(),
            due: Some((self.say("12月2日前答复", "answer by 2 December"), false)),
            chip: self.demo_chip(),
            facts: self.facts(),
            sealed: Some(SealedView {
                facts: Vec::new(),
                open: Some("#".to_owned()),
                log: vec![(
                    self.say("2026年11月19日 10:24", "19 November 2026, 10:24"),
                    self.say("陆闻笛（虚构）", "Lu Wendi (invented)"),
                )],
            }),
            offers: vec![
                offer("建立对接单", "Open a case", true, String::new()),
                offer("退回补充", "Ask back", false, String::new()),
                offer("关闭", "Close", false, self.t("guard.secrecy-cleared")),
            ],
            edit: Some(link("#", &self.t("record.edit"))),
            merge: None,
            matches: Some(link("#", &self.t("record.match"))),
            checkup: Some(self.checkup()),
            linked: vec![LinkedGroup {
                label: self.say("推荐专家", "Recommended experts"),
                rows: self.experts(),
            }],
            history: self.history(),
            why: self.why(),
            json: "/api/v1/demands/330521-2026-000123-7".to_owned(),
            json_ld: String::new(),
        }
    }

    fn record_public(&self) -> RecordView {
        RecordView {
            page: self.page(&self.demand().title, "/demands/330521-2026-000123-7"),
            offers: Vec::new(),
            edit: None,
            merge: None,
            matches: None,
            checkup: None,
            sealed: Some(SealedView { facts: Vec::new(), open: None, log: Vec::new() }),
            due: Some((self.say("12月2日前答复", "answer by 2 December"), true)),
            history: Vec::new(),
            json_ld: r#"{"@context":"https://schema.org","@type":"Demand","name":"\u003c/script>"}"#
                .to_owned(),
            ..self.record()
        }
    }

    fn hit(&self, row: Row, score: u8, fits: bool) -> HitView {
        HitView {
            id: format!("01-{score}"),
            row,
            score,
            reasons: vec![
                self.say(
                    "正文都提到 豆粕胶、冷压、交联",
                    "Both texts speak of soy-meal adhesive, cold press, cross-linking",
                ),
                self.say("同属 人造板制造", "Both belong to wood-based panels"),
                self.say("同在 湖州市", "Both in Huzhou"),
            ],
            signals: vec![
                (self.t("signal.words"), score, "0.62".to_owned()),
                (self.t("signal.industry"), 80, "0.20".to_owned()),
                (self.t("signal.place"), 40, "0.06".to_owned()),
            ],
            fits: fits.then(|| OfferView {
                label: self.t("match.invite"),
                href: "#".to_owned(),
                primary: true,
                against: String::new(),
                why: Vec::new(),
            }),
        }
    }

    fn pairing(&self) -> MatchView {
        let scores = [97, 81, 46];
        let experts =
            self.experts().into_iter().zip(scores).map(|(row, score)| self.hit(row, score, score == 97));
        let society = Row {
            title: self
                .say("浙江省林产化学学会（演示）", "Zhejiang Society of Forest Chemistry (demonstration)"),
            type_label: self.say("省级学会", "Provincial society"),
            place: self.say("浙江省", "Zhejiang"),
            ..Row::default()
        };
        let achievements = self
            .achievements()
            .into_iter()
            .take(2)
            .zip([74, 22])
            .map(|(row, score)| self.hit(row, score, false));
        MatchView {
            page: self.desk(
                &self.texts.fill("match.title", &[("title", &self.demand().title)]),
                "/demands/330521-2026-000123-7/match",
            ),
            demand: Row {
                due: Some((self.say("12月2日前答复", "answer by 2 December"), false)),
                ..self.demand()
            },
            problem: self.say(PROBLEM_ZH, PROBLEM_EN),
            figures: vec![
                (self.say("现值", "Present"), "0.7 MPa".to_owned()),
                (self.say("目标", "Wanted"), "≥ 1.0 MPa".to_owned()),
                (self.say("预算", "Budget"), self.say("60 万元", "600,000 yuan")),
                (self.say("期限", "Needed by"), self.say("2027年6月", "June 2027")),
            ],
            groups: vec![
                MatchGroup { label: self.say("专家", "Experts"), hits: experts.collect() },
                MatchGroup {
                    label: self.say("学会", "Societies"), hits: vec![self.hit(society, 63, false)]
                },
                MatchGroup { label: self.say("平台站点", "Stations"), hits: Vec::new() },
                MatchGroup { label: self.say("成果", "Achievements"), hits: achievements.collect() },
            ],
            may_judge: true,
            action: "#".to_owned(),
            reasons: vec![
                ("field".to_owned(), self.say("领域不符", "Different field")),
                ("early".to_owned(), self.say("时机尚早", "Too early")),
                ("level".to_owned(), self.say("成熟度不够", "Not mature enough")),
                ("price".to_owned(), self.say("费用不合", "Cost does not suit")),
            ],
            judged: vec![(self.say("不合适：时机尚早", "Does not fit: too early"), self.experts().remove(2))],
            exports: self.exports(),
        }
    }

    fn pairing_empty(&self) -> MatchView {
        MatchView {
            groups: Vec::new(),
            judged: Vec::new(),
            figures: Vec::new(),
            exports: Vec::new(),
            ..self.pairing()
        }
    }

    fn field(&self, name: &str, zh: &str, en: &str, widget: Widget) -> FieldView {
        FieldView {
            name: name.to_owned(),
            label: self.say(zh, en),
            help: String::new(),
            ask: String::new(),
            required: false,
            max: None,
            faults: Vec::new(),
            widget,
        }
    }

    fn line(&self, name: &str, zh: &str, en: &str, value: &str) -> FieldView {
        self.field(name, zh, en, Widget::Line { value: value.to_owned(), kind: "text", list: Vec::new() })
    }

    fn open_fields(&self) -> Vec<FieldView> {
        let text = Widget::Text { value: self.say(START_ZH, START_EN), rows: 5 };
        let asked = |field: FieldView, zh: &str, en: &str| FieldView { ask: self.say(zh, en), ..field };
        vec![
            FieldView {
                required: true,
                max: Some(80),
                ..self.line("title", "需求名称", "Name of the demand", &self.demand().title)
            },
            FieldView {
                required: true,
                max: Some(2000),
                help: self.say(
                    "写清遇到什么问题、想达到什么效果。",
                    "What the problem is, and what you want to reach.",
                ),
                ..self.field("problem", "问题", "Problem", text)
            },
            asked(
                self.line("present_value", "现值", "Present value", ""),
                "现在能做到多少？",
                "What is reached now?",
            ),
            asked(
                self.line("wanted_value", "目标", "Wanted value", "≥ 1.0 MPa"),
                "希望做到多少？",
                "What should be reached?",
            ),
            asked(self.line("budget", "预算", "Budget", ""), "打算投入多少？", "How much will you spend?"),
            asked(self.line("due_on", "期限", "Needed by", ""), "什么时候要用上？", "When is it needed?"),
        ]
    }

    fn form(&self) -> FormView {
        let open = self.open_fields();
        let inside = vec![
            FieldView { required: true, ..self.line("contact_name", "联系人", "Contact", "") },
            self.field(
                "contact_phone",
                "电话",
                "Telephone",
                Widget::Line { value: String::new(), kind: "tel", list: Vec::new() },
            ),
        ];
        let section = |key: &str, fields: Vec<FieldView>, folded: bool| Section {
            heading: self.t(&format!("form.{key}")),
            note: self.t(&format!("form.{key}-note")),
            fields,
            folded,
        };
        let sealed = vec![self.field(
            "details",
            "工艺与参数",
            "Process and figures",
            Widget::Text { value: String::new(), rows: 4 },
        )];
        FormView {
            page: self.page(&self.t("home.ask"), "/demands/new"),
            intro: vec![self.t("home.need-note")],
            action: "/demands".to_owned(),
            hidden: vec![("token".to_owned(), "x".to_owned())],
            sections: vec![
                section("open", open, false),
                section("inside", inside, false),
                section("sealed", sealed, true),
            ],
            faults: Vec::new(),
            stale: Vec::new(),
            checkup: Some(self.checkup()),
            offers: Vec::new(),
            buttons: vec![
                ("do".into(), "submit".into(), self.t("collect.go-on")),
                ("do".into(), "check".into(), self.say("保存草稿", "Save a draft")),
            ],
            back: self.link("/demands", "技术需求", "Demands"),
            multipart: false,
        }
    }

    fn form_faults(&self) -> FormView {
        let mut form = self.form();
        let fault = self.texts.fill("fault.too-short", &[("min", "4")]);
        form.sections[0].fields[0].faults = vec![fault.clone()];
        form.sections[0].fields[4].faults = vec![self.texts.fill("fault.money-form", &[("text", "60")])];
        form.faults = vec![
            FaultLine {
                id: "title".into(), label: self.say("需求名称", "Name of the demand"), text: fault
            },
            FaultLine {
                id: "budget".into(),
                label: self.say("预算", "Budget"),
                text: self.texts.fill("fault.money-form", &[("text", "60")]),
            },
        ];
        form.stale = vec![StaleRow {
            label: self.say("预算", "Budget"),
            theirs: self.say("60 万元", "600,000 yuan"),
            yours: self.say("六十来万", "about sixty"),
        }];
        form
    }

    fn group_rows(&self) -> Vec<Vec<FieldView>> {
        let figure = |row: usize, name: &str, value: &str| {
            vec![
                FieldView {
                    required: true,
                    ..self.line(&format!("figures.{row}.name"), "指标", "Figure", name)
                },
                self.line(&format!("figures.{row}.present"), "现值", "Present", value),
                self.line(&format!("figures.{row}.wanted"), "目标", "Wanted", ""),
            ]
        };
        vec![figure(0, &self.say("冷压强度", "Cold-press strength"), "0.7 MPa"), figure(1, "", "")]
    }

    fn form_widgets(&self) -> FormView {
        let option = |code: &str, zh: &str, en: &str, on: bool| (code.to_owned(), self.say(zh, en), on);
        let kinds = vec![
            option("a", "技术难题", "Technical problem", true),
            option("b", "合作意向", "Cooperation", false),
        ];
        let ways = vec![
            option("a", "技术开发", "Development", true),
            option("b", "技术转让", "Transfer", false),
            option("c", "技术许可", "Licence", true),
        ];
        let many = (0..9)
            .map(|n| option(&n.to_string(), &format!("第 {n} 类"), &format!("Class {n}"), n == 2))
            .collect();
        let rows = self.group_rows();
        let expert = (String::from("0190"), self.say("沈砚秋（虚构）· 研究员", "Shen Yanqiu (invented)"));
        let file = (self.say("检测报告.pdf", "test-report.pdf"), r#"{"name":"a.pdf"}"#.to_owned());
        let industry = Widget::Line {
            value: String::new(),
            kind: "text",
            list: vec![("C202 人造板制造".into(), String::new())],
        };
        let fields = vec![
            FieldView {
                required: true,
                ..self.field("type", "类型", "Type", Widget::Choice { options: kinds, many: false })
            },
            self.field(
                "ways",
                "合作方式",
                "Ways to work together",
                Widget::Choice { options: ways, many: true },
            ),
            self.field("class", "分类", "Class", Widget::Choice { options: many, many: false }),
            FieldView {
                help: self.say("可输入名称或代码。", "By name or code."),
                ..self.field("industry", "行业", "Industry", industry)
            },
            self.field(
                "choke",
                "属于关键核心技术攻关",
                "Concerns a key technology",
                Widget::Check { on: true },
            ),
            self.field(
                "experts",
                "意向专家",
                "Experts in mind",
                Widget::Reference { chosen: vec![expert], many: true },
            ),
            self.field(
                "society",
                "意向学会",
                "Society in mind",
                Widget::Reference { chosen: Vec::new(), many: false },
            ),
            self.field("papers", "附件", "Attachments", Widget::File { present: vec![file], many: true }),
            self.field("figures", "性能指标", "Figures", Widget::Group { rows }),
        ];
        let section =
            Section { heading: self.t("form.open"), note: self.t("form.open-note"), fields, folded: false };
        FormView { sections: vec![section], multipart: true, checkup: None, ..self.form() }
    }

    fn posted(&self) -> PostedView {
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

    fn pick(&self) -> PickView {
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

    fn import(&self) -> ImportView {
        ImportView {
            page: self.desk(&self.t("list.import"), "/demands/import"),
            kind: self.say("技术需求", "Demands"),
            action: "/demands/import".to_owned(),
            columns: Vec::new(),
            sound: 0,
            faults: Vec::new(),
            token: String::new(),
            blank: "/demands/blank.xlsx".to_owned(),
            done: None,
            progress: None,
        }
    }

    fn import_checked(&self) -> ImportView {
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
            sound: 203,
            faults: vec![
                fault(57, "统一社会信用代码", "Credit code", "fault.credit-length"),
                fault(88, "预算", "Budget", "fault.money-form"),
            ],
            token: "x".to_owned(),
            ..self.import()
        }
    }

    fn import_done(&self) -> ImportView {
        ImportView { done: Some((203, link("/demands", &self.t("import.see")))), ..self.import() }
    }

    fn signin(&self) -> SigninView {
        SigninView {
            page: self.page(&self.t("sign.title"), "/signin"),
            name: "deqing".to_owned(),
            fault: Some(self.t("sign.wrong")),
            next: "/work".to_owned(),
            blocked: None,
        }
    }

    fn link_page(&self) -> LinkView {
        LinkView {
            page: self.page(&self.t("link.title"), "/l/x"),
            action: "/l/x".to_owned(),
            name: self.say("郑知远（虚构）", "Zheng Zhiyuan (invented)"),
            purpose: self.t("link.purpose-account"),
            until: self.say("2027年2月18日", "18 February 2027"),
            blocked: None,
        }
    }

    fn account(&self) -> AccountView {
        AccountView {
            page: self.desk(&self.t("account.title"), "/account"),
            name: "deqing".to_owned(),
            choose_name: true,
            faults: vec![self.t("sign.password-differs")],
            links: vec![self.link("#", "本机登录，2026年11月20日", "This device, 20 November 2026")],
        }
    }

    fn api(&self) -> ApiView {
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

    fn problem(&self) -> ProblemView {
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

const START_ZH: &str = "无醛添加胶合板冷压强度不足，板坯出压机后搬运时边角开裂、分层。\n想找懂豆粕胶或木质素胶的专家，把冷压这一段做稳。";
const START_EN: &str =
    "Boards crack at the corners after the cold press.\nWe look for an expert in soy or lignin adhesives.";
const PROBLEM_ZH: &str = "公司生产无醛添加胶合板，使用植物蛋白类胶黏剂。板坯冷压成型后强度约 0.7 MPa，转到热压机的途中边角容易开裂、分层，夏季返修率明显高于冬季。\n希望在不更换冷压设备、不引入醛类交联剂的前提下，把冷压强度提高到 1.0 MPa 以上，并且梅雨季也能稳定。";
const PROBLEM_EN: &str = "We make plywood without added formaldehyde, using plant-protein adhesive. After cold pressing the strength is about 0.7 MPa; on the way to the hot press corners crack and layers part, more in summer than in winter.\nWe want at least 1.0 MPa with the present press and without aldehyde cross-linkers, in the rainy season too.";
