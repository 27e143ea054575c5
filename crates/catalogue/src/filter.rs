//! The one closed filter: lists, saved searches, eligibility and indicators all speak it.
//!
//! [`Filter::holds`] is the pure evaluator; `register` writes the same filter as SQL and a property
//! test holds the two equal. Never looks into unlisted fields.

use base::id::RecordId;

/// A condition on a record.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// The listed field has this value, or a descendant of this code.
    Is(String, String),
    /// The listed field's key text is at least this.
    AtLeast(String, String),
    /// The listed field's key text is at most this.
    AtMost(String, String),
    /// The type is this one or below it.
    Type(String),
    /// The stage is this one.
    Stage(String),
    /// The place is this one or below it.
    Place(base::place::Place),
    /// The owner is this record.
    Owner(RecordId),
    /// The field refers to this record.
    Refers(String, RecordId),
    /// All hold.
    All(Vec<Filter>),
    /// One holds.
    Any(Vec<Filter>),
    /// It does not hold.
    Not(Box<Filter>),
}
