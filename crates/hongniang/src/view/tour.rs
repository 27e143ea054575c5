//! 三分钟导览, and the lists of local industries.

use super::{Link, Page};

/// The steps of the demonstration.
#[derive(askama::Template)]
#[template(path = "tour.html")]
pub struct TourView {
    /// Shared parts.
    pub page: Page,
    /// In order.
    pub steps: Vec<StepView>,
}

/// A step.
#[derive(Clone)]
pub struct StepView {
    /// What it is, and where.
    pub link: Link,
    /// What to see there.
    pub note: String,
}

/// The panel of the home page.
#[derive(Clone)]
pub struct TourPanel {
    /// The next step.
    pub next: Link,
    /// All steps.
    pub all: Link,
}

/// 产业目录.
#[derive(askama::Template)]
#[template(path = "lists.html")]
pub struct ListsView {
    /// Shared parts.
    pub page: Page,
    /// By name.
    pub lists: Vec<LocalList>,
    /// The same as spreadsheets.
    pub exports: Vec<Link>,
}

/// A local list.
#[derive(Clone)]
pub struct LocalList {
    /// Identifier, and its anchor.
    pub name: String,
    /// Name.
    pub label: String,
    /// What it is; may be empty.
    pub note: String,
    /// The mapping is ours and waits to be confirmed.
    pub draft: bool,
    /// Its terms.
    pub terms: Vec<ListTerm>,
}

/// A term of a local list.
#[derive(Clone)]
pub struct ListTerm {
    /// Name.
    pub label: String,
    /// The national classes it stands for: code, Chinese name.
    pub codes: Vec<(String, String)>,
    /// The records that fall under it, by kind.
    pub links: Vec<Link>,
}
