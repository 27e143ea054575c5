//! Samples of forms.

use super::*;

impl Sample {
    pub(super) fn field(&self, name: &str, zh: &str, en: &str, widget: Widget) -> FieldView {
        FieldView {
            name: name.to_owned(),
            label: self.say(zh, en),
            help: String::new(),
            ask: String::new(),
            question: String::new(),
            required: false,
            max: None,
            faults: Vec::new(),
            widget,
        }
    }

    pub(super) fn line(&self, name: &str, zh: &str, en: &str, value: &str) -> FieldView {
        self.field(name, zh, en, Widget::Line { value: value.to_owned(), kind: "text", list: Vec::new() })
    }

    pub(super) fn open_fields(&self) -> Vec<FieldView> {
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

    pub(super) fn form(&self) -> FormView {
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

    pub(super) fn form_faults(&self) -> FormView {
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

    pub(super) fn group_rows(&self) -> Vec<Vec<FieldView>> {
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

    pub(super) fn form_widgets(&self) -> FormView {
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
}
