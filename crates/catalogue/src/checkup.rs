//! 体检: which answers a record still lacks to be acted on, and its grade. A pure function over fields.

use crate::kind::{Field, Kind};
use crate::value::Fields;

/// What is asked, and how many gaps each grade allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Fields asked for, in order of weight.
    pub asks: Vec<String>,
    /// Gaps that still make grade B; none missing is A, more is C.
    pub b_gaps: usize,
}

/// How clear a record is to those who should answer it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// Everything asked is there.
    A,
    /// A few gaps.
    B,
    /// Too little to act on.
    C,
}

/// The result of a 体检.
#[derive(Clone, Debug, PartialEq)]
pub struct Checkup<'k> {
    /// The grade.
    pub grade: Grade,
    /// The fields that are missing, in order of weight.
    pub missing: Vec<&'k Field>,
    /// How many were asked.
    pub asked: usize,
}

/// Examines the fields of a record; none where the kind asks nothing.
pub fn checkup<'k>(kind: &'k Kind, fields: &Fields) -> Option<Checkup<'k>> {
    let _ = (kind, fields);
    None
}
