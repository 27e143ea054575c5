//! 对照: the source documents row by row; and the chips that lead there.

use super::{Link, Page};

/// The source documents row by row.
#[derive(askama::Template)]
#[template(path = "compare.html")]
pub struct CompareView {
    /// Shared parts.
    pub page: Page,
    /// All rows of the chosen document.
    pub total: Tally,
    /// The groups, in order.
    pub groups: Vec<CompareGroup>,
    /// Narrowing by document.
    pub sources: Vec<Link>,
    /// Narrowing by what is done.
    pub states: Vec<Link>,
    /// These rows as a file.
    pub exports: Vec<Link>,
}

impl CompareView {
    /// Whether the filters leave no row.
    fn is_empty(&self) -> bool {
        self.groups.iter().all(|group| group.rows.is_empty())
    }
}

/// How many rows there are, and how many of them have a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// All.
    pub rows: usize,
    /// With a page.
    pub done: usize,
}

impl Tally {
    /// Without a page yet.
    pub fn open(&self) -> usize {
        self.rows.saturating_sub(self.done)
    }
}

/// Rows of one subject.
#[derive(Clone)]
pub struct CompareGroup {
    /// `A` to `U`.
    pub letter: String,
    /// Name.
    pub label: String,
    /// Of the chosen document, done or not.
    pub tally: Tally,
    /// What the filters leave.
    pub rows: Vec<CompareRow>,
}

/// One row.
#[derive(Clone)]
pub struct CompareRow {
    /// Number, and its anchor.
    pub row: String,
    /// What one gets.
    pub text: String,
    /// The document's short name.
    pub source: String,
    /// The figure it gives; may be empty.
    pub figure: String,
    /// The page that does it; none yet.
    pub page: Option<Link>,
}

/// Where a record was taken from.
#[derive(Clone)]
pub struct SourceChip {
    /// Document and row.
    pub label: String,
    /// Its row in 对照; empty where the record names none.
    pub href: String,
    /// What was taken, in our own words; may be empty.
    pub note: String,
}
