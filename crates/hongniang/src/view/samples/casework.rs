//! Samples of the pages by which cases are worked.

use super::*;

impl Sample {
    pub(super) fn quick(&self) -> QuickView {
        let date = |value: &str| Widget::Line { value: value.to_owned(), kind: "date", list: Vec::new() };
        QuickView {
            page: self.page(&self.t("quick.title"), "/visits/quick"),
            action: "/visits/quick".to_owned(),
            hidden: vec![("once".to_owned(), "017f22e2-79b0-7cc3-98c4-dc0c0c07398f".to_owned())],
            about: Some(link("#", &self.say("无醛胶合板冷压", "Cold pressing"))),
            saved: Some(link("#", &self.say("走访翠云木业（演示）", "Visit to Cuiyun Timber"))),
            who: "0a1b2c3d4e5f6071".to_owned(),
            most: base::limits::UPLOAD_BYTES_MAX,
            again: link("/visits/quick", &self.t("quick.again")),
            faults: Vec::new(),
            firm: FieldView { required: true, ..self.line("firm_name", "走访单位", "Unit visited", "") },
            near: None,
            experts: self.line("expert_names", "同去的专家", "Experts who came along", ""),
            fields: vec![
                self.field("visited_on", "走访日期", "Visited on", date("2026-11-21")),
                self.line("people", "专家人次", "Person-times", "1"),
                self.field("minutes", "纪要", "Minutes", Widget::Text { value: String::new(), rows: 4 }),
                self.line("next_step", "下一步", "Next step", ""),
                self.field("next_on", "跟进日期", "Follow-up", date("")),
            ],
        }
    }

    pub(super) fn quick_faults(&self) -> QuickView {
        let name = self.say("翠云", "Cuiyun");
        let fault = self.texts.fill("fault.which-unit", &[("name", &name)]);
        let new = self.texts.fill("quick.as-new", &[("name", &name)]);
        let options = vec![
            ("1".to_owned(), self.say("翠云木业（演示） · 安吉县", "Cuiyun Timber · Anji"), false),
            ("new".to_owned(), new, false),
        ];
        let quick = self.quick();
        QuickView {
            saved: None,
            faults: vec![FaultLine {
                id: "firm_name".to_owned(),
                label: self.t("quick.firm"),
                text: fault.clone(),
            }],
            firm: FieldView { faults: vec![fault], ..quick.firm.clone() },
            near: Some(self.field("firm", "是哪一家", "Which one", Widget::Choice { options, many: false })),
            ..quick
        }
    }

    pub(super) fn slips(&self) -> SlipsView {
        let headings: Vec<String> = ["firm", "partner", "content", "amount", "follower", "follow-up"]
            .map(|key| self.t(&format!("slips.{key}")))
            .into();
        let row = |at: usize, values: [&str; 6]| -> Vec<SlipCell> {
            let cell = |(of, (heading, value)): (usize, (&String, &str))| SlipCell {
                name: format!("slip.{at}.{of}"),
                label: heading.clone(),
                heading: heading.clone(),
                value: value.to_owned(),
                faults: if (at, of) == (1, 0) { vec![self.t("fault.required")] } else { Vec::new() },
            };
            headings.iter().zip(values).enumerate().map(cell).collect()
        };
        SlipsView {
            page: self.page(&self.t("slips.action"), "/events/1/slips"),
            record: link("#", &self.say("双向对接会（演示）", "Docking session")),
            action: "#".to_owned(),
            hidden: vec![("token".to_owned(), "x".to_owned())],
            faults: vec![FaultLine {
                id: "slip.1.0".to_owned(),
                label: self.t("slips.firm"),
                text: self.t("fault.required"),
            }],
            rows: vec![
                row(0, ["A", "B", "C", "60", "D", "2026-12-05"]),
                row(1, ["", "", "E", "", "D", "2026-12-05"]),
            ],
            new_units: true,
            filed: vec![SlipFiled {
                agreement: link("#", &self.say("冷压工艺合作", "Cold pressing together")),
                parties: self.say("翠云木业（演示）", "Cuiyun Timber"),
                amount: self.say("60 万元", "600,000 yuan"),
                about: Some(link("#", "330523-2026-000001-4")),
                follower: self.say("徐宛（虚构）", "Xu Wan"),
                follow_up: "2026-12-05".to_owned(),
            }],
            headings,
        }
    }

    pub(super) fn ledger(&self) -> LedgerView {
        let sum =
            |label: String| LedgerSum { label, visits: 12, people: 31, firms: 9, societies: 4, experts: 7 };
        let visit = link("#", &self.say("走访翠云木业（演示）", "Visit to Cuiyun Timber"));
        LedgerView {
            page: self.page(&self.t("ledger.title"), "/visits/ledger"),
            visits: link("/visits", &self.say("走访", "Visits")),
            since: "2026-01-01".to_owned(),
            until: "2026-11-21".to_owned(),
            place: "330523".to_owned(),
            place_name: self.say("安吉县", "Anji"),
            total: sum(self.t("ledger.total")),
            places: vec![sum(self.say("安吉县", "Anji"))],
            months: vec![sum("2026-11".to_owned())],
            clashes: vec![ClashView {
                day: self.say("2026年11月20日", "20 Nov 2026"),
                expert: self.say("沈砚秋（虚构）", "Shen Yanqiu"),
                visits: vec![visit.clone(), visit.clone()],
            }],
            rows: vec![LedgerRow {
                day: self.say("2026年11月20日", "20 Nov 2026"),
                visit,
                place: self.say("安吉县", "Anji"),
                firm: self.say("翠云木业（演示）", "Cuiyun Timber"),
                experts: self.say("沈砚秋（虚构）", "Shen Yanqiu"),
                people: 3,
                stage: Badge { label: self.say("待核", "Proposed"), tone: "quiet" },
            }],
            more: true,
            exports: vec![link("#", &self.t("list.xlsx"))],
        }
    }

    pub(super) fn registration(&self) -> RegistrationView {
        let line = |zh: &str, en: &str, value: &str| RegistrationLine {
            label: self.say(zh, en),
            value: value.to_owned(),
            note: self.say("16 位。", "16 digits."),
        };
        RegistrationView {
            page: self.page(
                &self.say("技术合同登记表（草稿）", "Registration sheet (draft)"),
                "/agreements/1/registration",
            ),
            record: link("#", &self.say("冷压工艺开发合同", "Cold pressing contract")),
            notes: vec![self.say("草稿。", "A draft.")],
            groups: vec![(
                self.say("合同", "Contract"),
                vec![line("登记号", "Registration number", ""), line("签订日期", "Signed on", "2026-12-01")],
            )],
            open: 1,
            exports: vec![link("#", &self.t("list.xlsx"))],
        }
    }
}
