//! Pages by which cases are worked: a visit noted on a phone, and what follows it.

use super::{Badge, FaultLine, FieldView, Link, Page, Widget};

/// A visit on one small screen.
#[derive(askama::Template)]
#[template(path = "quick.html")]
pub struct QuickView {
    /// Shared parts.
    pub page: Page,
    /// Where it posts to.
    pub action: String,
    /// Carried along: the note's own UUID, the case.
    pub hidden: Vec<(String, String)>,
    /// The case it is about.
    pub about: Option<Link>,
    /// The visit just filed.
    pub saved: Option<Link>,
    /// Whose notes may leave from this page, in a word that names nobody; empty where nobody is known.
    pub who: String,
    /// Bytes of one file at most.
    pub most: usize,
    /// One more.
    pub again: Link,
    /// All faults, at the top and linked.
    pub faults: Vec<FaultLine>,
    /// The firm.
    pub firm: FieldView,
    /// Those that come near what was typed.
    pub near: Option<FieldView>,
    /// Who came along.
    pub experts: FieldView,
    /// The other fields.
    pub fields: Vec<FieldView>,
}

/// What was signed at an event, from paper.
#[derive(askama::Template)]
#[template(path = "slips.html")]
pub struct SlipsView {
    /// Shared parts.
    pub page: Page,
    /// The event.
    pub record: Link,
    /// Where it posts to.
    pub action: String,
    /// Carried along.
    pub hidden: Vec<(String, String)>,
    /// All faults, at the top and linked.
    pub faults: Vec<FaultLine>,
    /// Names of the columns.
    pub headings: Vec<String>,
    /// The slips.
    pub rows: Vec<Vec<SlipCell>>,
    /// Units that stand in no list are to be filed.
    pub new_units: bool,
    /// What was filed before.
    pub filed: Vec<SlipFiled>,
}

/// One cell of a slip.
#[derive(Clone)]
pub struct SlipCell {
    /// Name of the input; also its element id.
    pub name: String,
    /// Row and column, for who hears the page.
    pub label: String,
    /// Name of the column, for a narrow screen.
    pub heading: String,
    /// What stands there.
    pub value: String,
    /// What is wrong with it.
    pub faults: Vec<String>,
}

/// A slip that was filed.
#[derive(Clone)]
pub struct SlipFiled {
    /// The intent.
    pub agreement: Link,
    /// Who signed.
    pub parties: String,
    /// Its amount.
    pub amount: String,
    /// The case that follows it.
    pub about: Option<Link>,
    /// Who goes on with it.
    pub follower: String,
    /// When.
    pub follow_up: String,
}

/// 进企台账.
#[derive(askama::Template)]
#[template(path = "ledger.html")]
pub struct LedgerView {
    /// Shared parts.
    pub page: Page,
    /// The list of visits.
    pub visits: Link,
    /// First day.
    pub since: String,
    /// Last day.
    pub until: String,
    /// Code of the place; empty for all.
    pub place: String,
    /// Its name.
    pub place_name: String,
    /// All of it.
    pub total: LedgerSum,
    /// Place by place.
    pub places: Vec<LedgerSum>,
    /// Month by month.
    pub months: Vec<LedgerSum>,
    /// Experts at two places on one day.
    pub clashes: Vec<ClashView>,
    /// The visits, the last first.
    pub rows: Vec<LedgerRow>,
    /// There are more than are shown.
    pub more: bool,
    /// This page as a spreadsheet.
    pub exports: Vec<Link>,
}

/// What some visits come to.
#[derive(Clone)]
pub struct LedgerSum {
    /// Of what.
    pub label: String,
    /// Visits.
    pub visits: usize,
    /// Person-times.
    pub people: u64,
    /// Firms, each once.
    pub firms: usize,
    /// Societies, each once.
    pub societies: usize,
    /// Experts named, each once.
    pub experts: usize,
}

/// One visit of the ledger.
#[derive(Clone)]
pub struct LedgerRow {
    /// Day.
    pub day: String,
    /// The visit.
    pub visit: Link,
    /// Place.
    pub place: String,
    /// Firm.
    pub firm: String,
    /// Experts.
    pub experts: String,
    /// Person-times.
    pub people: u64,
    /// Stage.
    pub stage: Badge,
}

/// An expert who is said to have been at two places on one day.
#[derive(Clone)]
pub struct ClashView {
    /// The day.
    pub day: String,
    /// Who.
    pub expert: String,
    /// The visits.
    pub visits: Vec<Link>,
}

/// The draft of the sheet by which a contract is registered.
#[derive(askama::Template)]
#[template(path = "registration.html")]
pub struct RegistrationView {
    /// Shared parts.
    pub page: Page,
    /// The contract.
    pub record: Link,
    /// What to know of the form.
    pub notes: Vec<String>,
    /// Its lines in groups: heading, lines.
    pub groups: Vec<(String, Vec<RegistrationLine>)>,
    /// Lines that nothing answers yet.
    pub open: usize,
    /// The same as a spreadsheet.
    pub exports: Vec<Link>,
}

/// A line of that sheet.
#[derive(Clone)]
pub struct RegistrationLine {
    /// What is asked.
    pub label: String,
    /// What the register knows; empty where it knows nothing.
    pub value: String,
    /// How it is filled in.
    pub note: String,
}
