//! The trail of signing in: who came, who failed, what was changed about it. Rows are kept 400 days and never altered.

use jiff::Timestamp;

use crate::db::Sql;
use crate::fault::Result;
use crate::reader::Reader;
use crate::writer::Writer;

/// One line of the trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigninEvent {
    /// What happened, a stable word of the caller's.
    pub what: String,
    /// The network address; empty where none was known.
    pub network: String,
    /// When.
    pub at: Timestamp,
}

/// Days the trail is kept; the law asks for six months, auditors ask for a year and the month after.
const TRAIL_DAYS: i64 = 400;

const NEXT: Sql = "select coalesce(max(row), 0) + 1 from signin_event";
const NOTE: Sql = "insert into signin_event (row, account, what, network, at_us) values ($1, $2, $3, $4, $5)";
const NEWEST: Sql =
    "select what, network, at_us from signin_event where account = $1 order by row desc limit $2";
const SWEEP: Sql = "delete from signin_event where at_us <= $1";

/// Statements of this room, for the proof of plans.
pub(crate) const STATEMENTS: &[Sql] = &[NEXT, NOTE, NEWEST, SWEEP];

impl Reader<'_> {
    /// The newest lines of an account's trail.
    pub fn signin_events(&self, account: i64, first: usize) -> Result<Vec<SigninEvent>> {
        let rows = self.conn.query(NEWEST, &[account.into(), first.into()])?;
        rows.iter()
            .map(|row| Ok(SigninEvent { what: row.text(0)?, network: row.text(1)?, at: row.time(2)? }))
            .collect()
    }
}

impl Writer<'_> {
    /// Adds a line; without an account it is of a name nobody bears, which is not kept.
    pub fn note_signin(&mut self, account: Option<i64>, what: &str, network: &str) -> Result<()> {
        let row = self.conn.one(NEXT, &[])?.map_or(Ok(1), |row| row.int(0))?;
        let values = [row.into(), account.into(), what.into(), network.into(), self.now.into()];
        self.conn.execute(NOTE, &values).map(drop)
    }

    /// Forgets lines older than they are kept.
    pub(crate) fn sweep_trail(&mut self) -> Result<()> {
        let before = self.now.as_microsecond() - TRAIL_DAYS * 86_400_000_000;
        self.conn.execute(SWEEP, &[before.into()]).map(drop)
    }
}
