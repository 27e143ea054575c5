//! Samples of the pages that carry the mission: row by row, the plan, the tour, local lists.

use super::*;

impl Sample {
    pub(super) fn sources(&self) -> Vec<SourceChip> {
        vec![
            SourceChip {
                label: self.say("试点方案 L4", "Pilot plan L4"),
                href: "/compare#L4".to_owned(),
                note: self.say("试点期内新建", "newly built in the pilot period"),
            },
            SourceChip {
                label: self.say("宁波温州报道", "Ningbo–Wenzhou report"),
                href: String::new(),
                note: String::new(),
            },
        ]
    }

    fn compare_row(&self, row: &str, text: (&str, &str), page: Option<Link>) -> CompareRow {
        CompareRow {
            row: row.to_owned(),
            text: self.say(text.0, text.1),
            source: self.t("source.plan_2020_10"),
            figure: "3 / 5".to_owned(),
            page,
        }
    }

    pub(super) fn compare(&self) -> CompareView {
        let see = self.link("/ties", "连接", "Links");
        let rows = vec![
            self.compare_row("A1", ("按五类对象登记连接关系", "Register five kinds of links"), Some(see)),
            self.compare_row("A2", ("登记学会引荐关系", "Record which society introduced which"), None),
        ];
        let group = |letter: &str, key: &str, rows: Vec<CompareRow>, tally: Tally| CompareGroup {
            letter: letter.to_owned(),
            label: self.t(key),
            tally,
            rows,
        };
        CompareView {
            page: self.page(&self.t("compare.title"), "/compare"),
            total: Tally { rows: 4, done: 1 },
            groups: vec![
                group("A", "compare.group-a", rows, Tally { rows: 2, done: 1 }),
                group("B", "compare.group-b", Vec::new(), Tally { rows: 2, done: 0 }),
            ],
            sources: vec![
                here("/compare", &self.t("compare.all")),
                link("/compare?source=plan_2020_10", &self.t("source.plan_2020_10")),
            ],
            states: vec![
                here("/compare", &self.t("compare.all")),
                link("/compare?state=done", &self.t("compare.done")),
                link("/compare?state=open", &self.t("compare.open")),
            ],
            exports: self.exports(),
        }
    }

    pub(super) fn compare_empty(&self) -> CompareView {
        let view = self.compare();
        let bare = |group: CompareGroup| CompareGroup { rows: Vec::new(), ..group };
        CompareView { groups: view.groups.into_iter().map(bare).collect(), ..view }
    }

    fn work_line(&self, name: (&str, &str), work: (&str, &str)) -> WorkLine {
        WorkLine { name: self.say(name.0, name.1), work: self.say(work.0, work.1) }
    }

    pub(super) fn plan(&self) -> PlanView {
        let phase = |name: (&str, &str), span: (&str, &str), now: bool| PhaseView {
            name: self.say(name.0, name.1),
            work: self.say("议定目标，列出重点。", "Targets are agreed and focus is set."),
            span: self.say(span.0, span.1),
            now,
        };
        let pilot = |zh: &str, en: &str, code: &str| PilotView {
            link: self.link(&format!("/regions/{code}"), zh, en),
            above: self.say("浙江省", "Zhejiang"),
        };
        let task = self.work_line(
            ("建设产业创新服务中心", "Industrial innovation service centres"),
            ("先有标准再挂牌。", "First the standard, then the plaque."),
        );
        PlanView {
            page: self.page(
                &self.say("科技经济融合试点（演示）", "Integration pilot (demonstration)"),
                "/programmes/330000-2020-000001-3/plan",
            ),
            kind: self.link("/programmes", "专项", "Programmes"),
            type_label: self.say("试点", "Pilot"),
            record: link("/programmes/330000-2020-000001-3", &self.t("plan.record")),
            title: self.say("科技经济融合试点（演示）", "Integration pilot (demonstration)"),
            document_number: self.say("演科协发〔2026〕1号", "1 (2026), demonstration"),
            lead: Some(self.link(
                "/organizations/a",
                "省科协（演示）",
                "Provincial association (demonstration)",
            )),
            evaluator: None,
            place: self.say("浙江省", "Zhejiang"),
            span: self.say("2026年3月至2026年12月", "Mar 2026 to Dec 2026"),
            summary: self.say(
                "五类平台按口径新建，逐月可查。",
                "Five kinds of platforms are built and counted month by month.",
            ),
            focus: vec![self.say("智能制造", "Smart manufacturing"), self.say("生物医药", "Biomedicine")],
            phases: vec![
                phase(("部署", "Setting out"), ("2026年3月至4月", "Mar to Apr 2026"), false),
                phase(("实施", "Doing"), ("2026年5月至11月", "May to Nov 2026"), true),
                phase(("总结", "Summing up"), ("2026年12月", "Dec 2026"), false),
            ],
            tasks: vec![task.clone(), task.clone(), task.clone()],
            boards: self.boards(),
            pilots: vec![pilot("宁波", "Ningbo", "330200"), pilot("余杭", "Yuhang", "330110")],
            safeguards: vec![task],
            documents: vec![Row {
                href: "/policies/p1".to_owned(),
                title: self.say("试点实施方案（演示）", "Plan of the pilot (demonstration)"),
                ..Row::default()
            }],
            sources: self.sources(),
        }
    }

    pub(super) fn plan_bare(&self) -> PlanView {
        PlanView {
            document_number: String::new(),
            lead: None,
            summary: String::new(),
            focus: Vec::new(),
            phases: Vec::new(),
            tasks: Vec::new(),
            boards: Vec::new(),
            pilots: Vec::new(),
            safeguards: Vec::new(),
            documents: Vec::new(),
            sources: Vec::new(),
            ..self.plan()
        }
    }

    pub(super) fn tour_panel(&self) -> TourPanel {
        TourPanel {
            next: link("/demands/post", &self.t("tour.ask")),
            all: link("/tour", &self.texts.fill("tour.all", &[("n", "8")])),
        }
    }

    pub(super) fn tour(&self) -> TourView {
        let step = |name: &str, href: &str| StepView {
            link: link(href, &self.t(&format!("tour.{name}"))),
            note: self.t(&format!("tour.{name}-note")),
        };
        let steps = [
            ("home", "/"),
            ("unit", "/regions/330200"),
            ("graph", "/regions/330200/links"),
            ("ask", "/demands/post"),
            ("work", "/work"),
            ("match", "/demands?stage=published"),
            ("figures", "/figures"),
            ("targets", "/targets"),
            ("stations", "/stations?view=four_stations"),
            ("export", "/demands.xlsx"),
            ("compare", "/compare"),
        ];
        TourView {
            page: self.desk(&self.t("tour.title"), "/tour"),
            steps: steps.into_iter().map(|(name, href)| step(name, href)).collect(),
        }
    }

    pub(super) fn lists(&self) -> ListsView {
        let term = |zh: &str, en: &str, codes: &[&str]| ListTerm {
            label: self.say(zh, en),
            codes: codes
                .iter()
                .map(|code| ((*code).to_owned(), self.say("石油加工业", "Petroleum")))
                .collect(),
            links: vec![
                self.link("/demands?list=ningbo_246.petrochemical", "需求", "Demands"),
                self.link("/stations?list=ningbo_246.petrochemical", "平台", "Stations"),
            ],
        };
        let list = LocalList {
            name: "ningbo_246".to_owned(),
            label: self.say("宁波“246”产业集群", "Ningbo “246” clusters"),
            note: self.say("对应国家行业分类是初步对应。", "The mapping is a first one."),
            draft: true,
            terms: vec![
                term("绿色石化", "Green petrochemicals", &["C25", "C26"]),
                term("软件", "Software", &[]),
            ],
        };
        let other = LocalList { name: "sea".to_owned(), draft: false, note: String::new(), ..list.clone() };
        ListsView {
            page: self.page(&self.t("lists.title"), "/lists"),
            lists: vec![list, other],
            exports: self.exports(),
        }
    }
}
