//! Samples of the desks where people are looked after.

use super::*;

impl Sample {
    /// A desk with a table that acts, a form with a fault, and the band of a substitute.
    pub(super) fn desk_view(&self) -> DeskView {
        let cell = |text: String| link("", &text);
        let button = DeskButton {
            action: "#".to_owned(),
            hidden: vec![("row".to_owned(), "1".to_owned())],
            asks: Some(("reason".to_owned(), self.t("members.reason"))),
            label: self.t("members.refuse"),
        };
        let row = DeskRow {
            cells: vec![
                self.link("/accounts/1", "郑知远（虚构）", "Zheng Zhiyuan (invented)"),
                cell("zheng".to_owned()),
            ],
            buttons: vec![button],
        };
        let name = FieldView {
            name: "name".to_owned(),
            label: self.t("people.name"),
            help: self.t("people.name-help"),
            ask: String::new(),
            question: String::new(),
            required: true,
            max: None,
            faults: vec![self.t("fault.sign-name")],
            widget: Widget::Line { value: "x".to_owned(), kind: "text", list: Vec::new() },
        };
        let band = self.texts.fill("leave.band", &[("name", "deqing"), ("until", "2026-11-20")]);
        DeskView {
            page: Page { seat: Some(band), ..self.desk(&self.t("members.title"), "/accounts") },
            crumb: Some(link("/accounts", &self.t("people.title"))),
            lead: vec![self.t("members.lead")],
            faults: vec![FaultLine {
                id: "name".to_owned(),
                label: self.t("people.name"),
                text: self.t("fault.sign-name"),
            }],
            secret: None,
            links: vec![link("/accounts/invite", &self.t("people.invite"))],
            search: Some(String::new()),
            places: Vec::new(),
            tables: vec![DeskTable {
                heading: self.t("members.waiting"),
                note: String::new(),
                columns: vec![self.t("people.person"), self.t("people.name")],
                rows: vec![row],
                empty: String::new(),
            }],
            forms: vec![DeskForm {
                heading: self.t("members.invite"),
                note: self.t("members.invite-note"),
                action: "#".to_owned(),
                hidden: Vec::new(),
                fields: vec![name],
                submit: self.t("members.invite"),
            }],
            exports: Vec::new(),
        }
    }

    /// What is computed beside a record.
    pub(super) fn panel(&self) -> PanelView {
        let cell = |text: String| link("", &text);
        let memo = DeskRow {
            cells: vec![
                cell("2026-11-20".to_owned()),
                self.link("/memos/1", "问下半年的安排", "Asked about the autumn"),
                cell("2026-12-01".to_owned()),
            ],
            buttons: Vec::new(),
        };
        PanelView {
            name: "expert",
            heading: self.t("expert.load"),
            note: self.t("expert.load-note"),
            figures: vec![
                (link("/cases", &self.t("expert.cases")), "2".to_owned()),
                (cell(self.t("expert.invitations")), "1 / 4".to_owned()),
            ],
            tables: vec![DeskTable {
                heading: self.t("expert.memos"),
                note: self.t("expert.memos-note"),
                columns: vec![self.t("expert.on"), self.t("expert.subject"), self.t("expert.follow-up")],
                rows: vec![memo],
                empty: String::new(),
            }],
            actions: vec![link("/memos/new", &self.t("expert.new-memo"))],
        }
    }

    /// A link shown once.
    pub(super) fn desk_secret(&self) -> DeskView {
        let address = "https://kj.example.org.cn/l/Q7mV2xKp9sTzB4nWcE8rHd";
        let said = [("person", "zheng"), ("about", "zheng"), ("link", address)];
        DeskView {
            secret: Some((address.to_owned(), self.texts.fill("people.sentence", &said))),
            tables: Vec::new(),
            forms: Vec::new(),
            faults: Vec::new(),
            search: None,
            places: Vec::new(),
            ..self.desk_view()
        }
    }
}
