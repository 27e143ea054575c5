//! Named sets of records: 三站, 四站联作 — what people call a handful of records, as a filter everyone may use.
//!
//! Never holds records: a view is read anew whenever it is asked. Start at [`View`].

use crate::filter::Filter;
use crate::kind::Label;

/// A named set over the records of a kind.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// Identifier, unique in the catalogue.
    pub name: String,
    /// The kind whose records it takes.
    pub kind: String,
    /// Name on screen.
    pub label: Label,
    /// What belongs to it, in words; may be empty.
    pub note: Label,
    /// Which records it takes; values as keys of lists have them.
    pub filter: Filter,
}
