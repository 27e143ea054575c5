//! A desk where people are looked after: tables with buttons, forms, and a link that is shown once.

use super::{FaultLine, FieldView, Link, Page, Widget};

/// Accounts, members, substitutes, links: one shape of page.
#[derive(askama::Template)]
#[template(path = "desk.html")]
pub struct DeskView {
    /// Shared parts.
    pub page: Page,
    /// Where it belongs.
    pub crumb: Option<Link>,
    /// Sentences over it.
    pub lead: Vec<String>,
    /// All faults, at the top.
    pub faults: Vec<FaultLine>,
    /// A link just made, shown once, and the sentence it is passed on with.
    pub secret: Option<(String, String)>,
    /// Where to go on.
    pub links: Vec<Link>,
    /// What was searched for; none where nothing is searched.
    pub search: Option<String>,
    /// Places it can be narrowed to: code, name, chosen; none where there is nothing to choose.
    pub places: Vec<(String, String, bool)>,
    /// What there is.
    pub tables: Vec<DeskTable>,
    /// What can be entered.
    pub forms: Vec<DeskForm>,
    /// The same as a spreadsheet.
    pub exports: Vec<Link>,
}

impl DeskView {
    /// A desk with nothing on it yet.
    pub fn bare(page: Page) -> DeskView {
        DeskView {
            page,
            crumb: None,
            lead: Vec::new(),
            faults: Vec::new(),
            secret: None,
            links: Vec::new(),
            search: None,
            places: Vec::new(),
            tables: Vec::new(),
            forms: Vec::new(),
            exports: Vec::new(),
        }
    }
}

/// A table of a desk.
#[derive(Clone, Default)]
pub struct DeskTable {
    /// Heading.
    pub heading: String,
    /// One line under it.
    pub note: String,
    /// Column headings.
    pub columns: Vec<String>,
    /// Rows.
    pub rows: Vec<DeskRow>,
    /// Said where there are none.
    pub empty: String,
}

impl DeskTable {
    /// Too many columns for a phone: rows are then set one below the other.
    pub fn is_wide(&self) -> bool {
        self.columns.len() > 3
    }

    /// Whether something can be done with a row.
    pub fn acts(&self) -> bool {
        self.rows.iter().any(|row| !row.buttons.is_empty())
    }
}

/// A row of a desk's table.
#[derive(Clone, Default)]
pub struct DeskRow {
    /// Cells; an empty `href` is plain text.
    pub cells: Vec<Link>,
    /// What can be done with it.
    pub buttons: Vec<DeskButton>,
}

/// A button of a row: a form of its own.
#[derive(Clone, Default)]
pub struct DeskButton {
    /// Where it posts to.
    pub action: String,
    /// What it posts.
    pub hidden: Vec<(String, String)>,
    /// A line it asks: name and label.
    pub asks: Option<(String, String)>,
    /// Verb.
    pub label: String,
}

/// A form of a desk.
#[derive(Clone, Default)]
pub struct DeskForm {
    /// Heading.
    pub heading: String,
    /// One line under it.
    pub note: String,
    /// Where it posts to.
    pub action: String,
    /// What it carries along.
    pub hidden: Vec<(String, String)>,
    /// What it asks.
    pub fields: Vec<FieldView>,
    /// Verb.
    pub submit: String,
}
