//! Lists, search results and the work list.

use super::{Badge, Link, Page};

/// A list of one kind.
#[derive(askama::Template)]
#[template(path = "list.html")]
pub struct ListView {
    /// Shared parts.
    pub page: Page,
    /// Name of the kind.
    pub kind: String,
    /// Where a new record is made, if the reader may.
    pub create: Option<Link>,
    /// Where a spreadsheet comes in, if the reader may.
    pub import: Option<Link>,
    /// Where ticked rows are combined, for who may.
    pub combine: Option<Link>,
    /// Other ways in: entering for a firm, noting a visit.
    pub ways: Vec<Link>,
    /// This list as a spreadsheet: xlsx, csv.
    pub exports: Vec<Link>,
    /// Narrowing: one group per listed field.
    pub facets: Vec<Facet>,
    /// Filters in force, each link removes one.
    pub chosen: Vec<Link>,
    /// Orders offered.
    pub orders: Vec<Link>,
    /// Headings of the listed fields' cells.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<Row>,
    /// “23 项” or “1,000+ 项”.
    pub count: String,
    /// The next page.
    pub next: Option<String>,
    /// What an empty list says.
    pub empty: String,
}

/// One record in a list.
#[derive(Clone, Default)]
pub struct Row {
    /// Its page.
    pub href: String,
    /// Printed number.
    pub number: String,
    /// Heading.
    pub title: String,
    /// Kind, where a list mixes kinds.
    pub kind: String,
    /// Type.
    pub type_label: String,
    /// Stage.
    pub stage: Badge,
    /// Place in words.
    pub place: String,
    /// The day it counts on.
    pub day: String,
    /// Who owns it, if shown.
    pub owner: String,
    /// Cells of the listed fields, by the list's columns.
    pub cells: Vec<String>,
    /// A passage of the text with hits marked.
    pub snippet: Vec<Mark>,
    /// When the running clock ends, and whether that day has passed.
    pub due: Option<(String, bool)>,
    /// Machine-made demonstration or source record; the chip's text.
    pub chip: Option<String>,
}

/// A piece of a snippet.
#[derive(Clone, Debug)]
pub struct Mark {
    /// Text.
    pub text: String,
    /// It is a hit.
    pub hit: bool,
}

/// One way to narrow a list.
#[derive(Clone)]
pub struct Facet {
    /// Name of the field.
    pub label: String,
    /// Its values; `label` holds the count too.
    pub options: Vec<Link>,
}

/// Search over all kinds.
#[derive(askama::Template)]
#[template(path = "search.html")]
pub struct SearchView {
    /// Shared parts.
    pub page: Page,
    /// What was asked.
    pub query: String,
    /// Kinds with counts.
    pub groups: Vec<Link>,
    /// Narrowing by codes.
    pub facets: Vec<Facet>,
    /// Filters in force.
    pub chosen: Vec<Link>,
    /// The hits.
    pub rows: Vec<Row>,
    /// How many in words.
    pub count: String,
    /// The next page.
    pub next: Option<String>,
    /// These hits as a spreadsheet.
    pub exports: Vec<Link>,
    /// The index is still being built: how much of it stands, in percent.
    pub building: Option<u8>,
}

/// 我的事项.
#[derive(askama::Template)]
#[template(path = "work.html")]
pub struct WorkView {
    /// Shared parts.
    pub page: Page,
    /// What waits by how near its promise is, oldest first.
    pub groups: Vec<WorkGroup>,
    /// How many there are.
    pub count: usize,
    /// There are more than a page shows.
    pub more: bool,
    /// This list as a spreadsheet.
    pub exports: Vec<Link>,
}

/// What waits and is equally near.
#[derive(Clone)]
pub struct WorkGroup {
    /// Its anchor.
    pub name: &'static str,
    /// Its heading.
    pub label: String,
    /// What waits.
    pub rows: Vec<WorkRow>,
}

/// One thing that waits.
#[derive(Clone)]
pub struct WorkRow {
    /// The record.
    pub row: Row,
    /// What is waited for: moves as links to their forms.
    pub moves: Vec<Link>,
    /// Why it waits for me.
    pub why: String,
}

/// Candidates for a reference field; the half-filled form travels in hidden fields.
#[derive(askama::Template)]
#[template(path = "pick.html")]
pub struct PickView {
    /// Shared parts.
    pub page: Page,
    /// Where the form goes back to.
    pub action: String,
    /// Name of the button that names the choice (`pick-field`), value is the record id.
    pub choose: String,
    /// Name of the button that searches again (`find`), and its value.
    pub find: (String, String),
    /// Name of the query input, and what was asked.
    pub query: (String, String),
    /// Candidates.
    pub rows: Vec<PickRow>,
    /// Everything typed so far.
    pub hidden: Vec<(String, String)>,
}

/// One candidate.
#[derive(Clone)]
pub struct PickRow {
    /// Record id.
    pub id: String,
    /// Heading.
    pub title: String,
    /// What tells it from others: number, place, employer.
    pub note: String,
}
