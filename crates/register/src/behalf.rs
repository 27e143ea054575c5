//! How a party told of a move that somebody else entered for them: a code in the chain, a remark beside it.
//!
//! The remark is a person's words and goes when the record is erased; the code stays. Start at [`Told`].

use std::collections::HashMap;

use crate::db::Sql;
use crate::fault::Result;
use crate::reader::Reader;
use crate::writer::Writer;

/// How the party told of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// A term of the vocabulary `told_by`.
    pub by: String,
    /// What was said, in a line.
    pub note: String,
}

const NOTE: Sql = "insert into told (position, record, note) values ($1, $2, $3)";
const NOTES: Sql = "select position, note from told where record = $1 order by record, position";
const FORGET: Sql = "delete from told where record = $1";

/// Statements of this room, for the proof of plans.
pub(crate) const STATEMENTS: &[Sql] = &[NOTE, NOTES, FORGET];

impl Reader<'_> {
    /// What was said at changes of a record, by their numbers.
    pub(crate) fn told_notes(&self, row: i64) -> Result<HashMap<u64, String>> {
        let rows = self.conn.query(NOTES, &[row.into()])?;
        let read = |row: &crate::db::Row| Ok((u64::try_from(row.int(0)?).unwrap_or_default(), row.text(1)?));
        rows.iter().map(read).collect()
    }
}

impl Writer<'_> {
    /// Keeps what was said at the change just written.
    pub(crate) fn note_told(&mut self, row: i64, note: &str) -> Result<()> {
        if note.is_empty() {
            return Ok(());
        }
        let position = self.head.position.number;
        self.conn.execute(NOTE, &[position.into(), row.into(), note.into()]).map(drop)
    }

    /// Forgets what was said at changes of a record.
    pub(crate) fn forget_told(&mut self, row: i64) -> Result<()> {
        self.conn.execute(FORGET, &[row.into()]).map(drop)
    }
}
