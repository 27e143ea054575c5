//! 体检: which answers a record still lacks to be acted on, and its grade. A pure function over fields.
//!
//! Never judges what an answer says, only whether there is one. Start at [`checkup`].

use crate::kind::{Field, Kind, type_within};
use crate::value::{Fields, is_filled};

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

/// Examines the fields of a record of a type; none where the kind asks nothing. A question that the type
/// has no field for is not asked.
pub fn checkup<'k>(kind: &'k Kind, type_path: &str, fields: &Fields) -> Option<Checkup<'k>> {
    let rule = kind.checkup.as_ref()?;
    let asks: Vec<&Field> = rule
        .asks
        .iter()
        .filter_map(|name| kind.field(name))
        .filter(|field| {
            field.of_types.is_empty() || field.of_types.iter().any(|of| type_within(type_path, of))
        })
        .collect();
    let asked = asks.len();
    let missing: Vec<&Field> = asks.into_iter().filter(|field| !is_filled(fields, &field.name)).collect();
    let grade = match missing.len() {
        0 => Grade::A,
        gaps if gaps <= rule.b_gaps => Grade::B,
        _ => Grade::C,
    };
    Some(Checkup { grade, missing, asked })
}
