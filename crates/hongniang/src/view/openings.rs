//! 保密开放: who may see what is sealed, and who saw it.

use super::{Link, Page};

/// The openings of a record, for its owner.
#[derive(askama::Template)]
#[template(path = "openings.html")]
pub struct OpeningsView {
    /// Shared parts.
    pub page: Page,
    /// The record.
    pub record: Link,
    /// Open it to someone more.
    pub add: Link,
    /// Newest first.
    pub rows: Vec<OpeningRow>,
    /// Who saw it or was refused: time, name.
    pub log: Vec<(String, String)>,
}

/// One opening.
#[derive(Clone)]
pub struct OpeningRow {
    /// To whom.
    pub who: Link,
    /// From when.
    pub since: String,
    /// Until when.
    pub until: String,
    /// What for.
    pub purpose: String,
    /// Open, ended, or past its last day.
    pub state: String,
    /// Where ending it is posted; none where it has ended.
    pub end: Option<String>,
}
