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
            ..self.desk_view()
        }
    }
}
