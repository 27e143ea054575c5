//! One filled view of every page in both languages, for tests and for looking at.
//!
//! All units and persons are invented. Start at [`all`].

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;

use super::*;

mod casework;
mod figures;
mod forms;
mod mission;
mod notices;
mod people;
mod records;
mod regions;
mod sign;
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
        ("figures", s.figures().render()),
        ("figure", s.indicator().render()),
        ("search", s.search().render()),
        ("search-empty", s.search_empty().render()),
        ("work", s.work().render()),
        ("work-empty", WorkView { groups: Vec::new(), count: 0, ..s.work() }.render()),
        ("notices", s.notices().render()),
        ("notices-empty", s.notices_empty().render()),
        ("channels", s.channels().render()),
        ("channels-faults", s.channels_faults().render()),
        ("dead", s.dead().render()),
        ("record", s.record().render()),
        ("record-public", s.record_public().render()),
        ("match", s.pairing().render()),
        ("match-empty", s.pairing_empty().render()),
        ("form", s.form().render()),
        ("form-faults", s.form_faults().render()),
        ("form-widgets", s.form_widgets().render()),
        ("posted", s.posted().render()),
        ("desk", s.desk_view().render()),
        ("desk-secret", s.desk_secret().render()),
        ("pick", s.pick().render()),
        ("import", s.import().render()),
        ("import-checked", s.import_checked().render()),
        ("import-faulty", s.import_faulty().render()),
        ("import-progress", ImportView { progress: Some(46), ..s.import() }.render()),
        ("import-done", s.import_done().render()),
        ("signin", s.signin().render()),
        ("link", s.link_page().render()),
        ("signin-code", s.code().render()),
        ("signin-bind", s.bind().render()),
        ("account", s.account().render()),
        ("account-new", s.account_new().render()),
        ("account-link", s.account_of_link().render()),
        ("account-password", s.password_page().render()),
        ("account-second", s.second().render()),
        ("account-second-off", s.second_off().render()),
        ("account-recovery", s.recovery().render()),
        ("problem", s.problem().render()),
        ("api", s.api().render()),
        ("openings", s.openings().render()),
        ("openings-empty", OpeningsView { rows: Vec::new(), log: Vec::new(), ..s.openings() }.render()),
        ("campaign", s.campaign().render()),
        ("plan", s.plan().render()),
        ("plan-bare", s.plan_bare().render()),
        ("tour", s.tour().render()),
        ("lists", s.lists().render()),
        ("lists-empty", ListsView { lists: Vec::new(), ..s.lists() }.render()),
        ("compare", s.compare().render()),
        ("regions", s.regions().render()),
        ("unit", s.unit().render()),
        ("unit-bare", s.unit_bare().render()),
        ("links", s.links(14).render()),
        ("links-empty", s.links(0).render()),
        ("compare-empty", s.compare_empty().render()),
    ];
    let drawn = drawn.into_iter().chain(of_cases(s));
    drawn.map(|(name, html)| (format!("{name}-{tag}"), html.unwrap())).collect()
}

/// Pages about cases as they are worked.
fn of_cases(s: &Sample) -> [(&'static str, askama::Result<String>); 6] {
    [
        ("quick", s.quick().render()),
        ("quick-faults", s.quick_faults().render()),
        ("slips", s.slips().render()),
        ("ledger", s.ledger().render()),
        ("ledger-empty", LedgerView { rows: Vec::new(), ..s.ledger() }.render()),
        ("registration", s.registration().render()),
    ]
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
            seat: None,
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
            unread: "3".to_owned(),
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
            tour: Some(self.tour_panel()),
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
            five: self.five(),
            chain: self.chain(),
            boards: self.boards(),
            pilots: self.pilots(),
            counts: vec![
                counted("需求", "Demands", "318"),
                counted("专家", "Experts", "426"),
                counted("学会", "Societies", "64"),
                counted("成果", "Achievements", "1,000+"),
            ],
            demands: self.demands(),
            achievements: self.achievements(),
            events: self.achievements(),
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
            tour: None,
            levels: Vec::new(),
            five: Vec::new(),
            pilots: Vec::new(),
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
        vec![
            link("/demands.xlsx", &self.t("list.xlsx")),
            link("/demands.csv", &self.t("list.csv")),
            link("/demands.jsonl", &self.t("list.jsonl")),
        ]
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
            combine: Some(link("/demands/common", &self.t("combine.do"))),
            ways: vec![link("/demands/behalf", &self.t("behalf.action"))],
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
        let mut rows: Vec<WorkRow> =
            self.demands().into_iter().zip(dues).map(|(row, due)| item(row, due)).collect();
        let count = rows.len();
        let later = rows.split_off(1);
        let group = |name, label: &str, rows| WorkGroup { name, label: self.t(label), rows };
        WorkView {
            page: self.desk(&self.t("work.title"), "/work"),
            groups: vec![group("late", "work.late", rows), group("later", "work.later", later)],
            count,
            more: false,
            desks: vec![self.link("/claims", "成效核对", "Claims to check")],
            exports: self.exports(),
        }
    }
}

const START_ZH: &str = "无醛添加胶合板冷压强度不足，板坯出压机后搬运时边角开裂、分层。\n想找懂豆粕胶或木质素胶的专家，把冷压这一段做稳。";
const START_EN: &str =
    "Boards crack at the corners after the cold press.\nWe look for an expert in soy or lignin adhesives.";
const PROBLEM_ZH: &str = "公司生产无醛添加胶合板，使用植物蛋白类胶黏剂。板坯冷压成型后强度约 0.7 MPa，转到热压机的途中边角容易开裂、分层，夏季返修率明显高于冬季。\n希望在不更换冷压设备、不引入醛类交联剂的前提下，把冷压强度提高到 1.0 MPa 以上，并且梅雨季也能稳定。";
const PROBLEM_EN: &str = "We make plywood without added formaldehyde, using plant-protein adhesive. After cold pressing the strength is about 0.7 MPa; on the way to the hot press corners crack and layers part, more in summer than in winter.\nWe want at least 1.0 MPa with the present press and without aldehyde cross-linkers, in the rainy season too.";
