//! What a reading closure holds: one connection, one snapshot. Its verbs stand in the rooms of their subject:
//! `find`, `list`, `history`, `session`, `job`, `why`.

use base::id::RecordId;
use catalogue::Kind;

use crate::db::{Conn, Value};
use crate::fault::{Fault, Result};
use crate::open::Shared;

/// A view of the register at one moment.
pub struct Reader<'a> {
    pub(crate) shared: &'a Shared,
    pub(crate) conn: &'a Conn,
}

impl<'a> Reader<'a> {
    pub(crate) fn kind(&self, name: &str) -> Result<&'a Kind> {
        self.shared.catalogue.kind(name).ok_or_else(|| Fault::NoSuchKind(name.to_owned()))
    }
}

/// `in ($3, $3+1, …)` for these values after `at` others: widths are powers of two, so that few texts are prepared.
pub(crate) fn among(at: usize, values: &[Value]) -> (String, Vec<Value>) {
    let width = values.len().max(1).next_power_of_two();
    let names: Vec<String> = (1..=width).map(|n| format!("${}", at + n)).collect();
    let last = values.last().cloned().unwrap_or(Value::Null);
    let filled = values.iter().cloned().chain(std::iter::repeat(last)).take(width).collect();
    (format!("in ({})", names.join(", ")), filled)
}

pub(crate) fn ids(values: &[RecordId]) -> Vec<Value> {
    values.iter().map(|id| (*id).into()).collect()
}
