//! What is computed beside a record: a few figures, tables, ways on.

use super::{DeskTable, Link};

/// A panel of a record's page.
#[derive(Clone, Default)]
pub struct PanelView {
    /// Element id.
    pub name: &'static str,
    /// Heading.
    pub heading: String,
    /// One line under it: what is counted, who sees it.
    pub note: String,
    /// Figures: label with an address or none, value in words.
    pub figures: Vec<(Link, String)>,
    /// Tables; those without rows are not drawn.
    pub tables: Vec<DeskTable>,
    /// Ways on.
    pub actions: Vec<Link>,
}
