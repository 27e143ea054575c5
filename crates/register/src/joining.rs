//! Asking to join an organisation, and the answer. Who may answer is for the caller to say.
//!
//! Start at [`Writer::ask_to_join`].

use base::id::RecordId;
use catalogue::{Asker, Over, Role};
use jiff::Timestamp;

use crate::db::{Row, Sql};
use crate::fault::{Fault, Result};
use crate::reader::Reader;
use crate::writer::Writer;

/// Someone asks to join an organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joining {
    /// Local number.
    pub row: i64,
    /// The organisation.
    pub organization: RecordId,
    /// Who asks.
    pub account: i64,
    /// What they said of themselves.
    pub note: String,
    /// When they asked.
    pub at: Timestamp,
    /// When it was answered.
    pub decided: Option<Timestamp>,
    /// They were admitted.
    pub accepted: bool,
    /// Why not.
    pub reason: Option<String>,
}

/// Requests shown at most.
const SHOWN_MAX: usize = 100;

/// The columns of a request, as text for [`concat!`].
macro_rules! columns {
    () => {
        "row, organization, account, note, at_us, decided_us, accepted, reason"
    };
}

const BY_ROW: Sql = concat!("select ", columns!(), " from joining where row = $1");
const OF_ORGANIZATION: Sql =
    concat!("select ", columns!(), " from joining where organization = $1 order by row desc limit $2");
const OF_ACCOUNT: Sql =
    concat!("select ", columns!(), " from joining where account = $1 order by row desc limit $2");
const NEXT: Sql = "select coalesce(max(row), 0) + 1 from joining";
const ASK: Sql = "insert into joining (row, organization, account, note, at_us) values ($1, $2, $3, $4, $5)";
const DECIDE: Sql = "update joining set decided_us = $2, decided_by = $3, accepted = $4, reason = $5
     where row = $1 and decided_us is null";

/// Statements of this room, for the proof of plans.
pub(crate) const STATEMENTS: &[Sql] = &[BY_ROW, OF_ORGANIZATION, OF_ACCOUNT, NEXT, ASK, DECIDE];

impl Reader<'_> {
    /// Requests to join an organisation, newest first.
    pub fn joinings(&self, organization: RecordId) -> Result<Vec<Joining>> {
        self.conn.query(OF_ORGANIZATION, &[organization.into(), SHOWN_MAX.into()])?.iter().map(read).collect()
    }

    /// What an account asked to join, newest first.
    pub fn joinings_of(&self, account: i64) -> Result<Vec<Joining>> {
        self.conn.query(OF_ACCOUNT, &[account.into(), SHOWN_MAX.into()])?.iter().map(read).collect()
    }
}

impl Writer<'_> {
    /// Asks to join an organisation; while a request waits, asking again changes nothing.
    pub fn ask_to_join(&mut self, account: i64, organization: RecordId, note: &str) -> Result<()> {
        let waits = |of: &Joining| of.organization == organization && of.decided.is_none();
        if self.joinings_of(account)?.iter().any(waits) {
            return Ok(());
        }
        let row = self.conn.one(NEXT, &[])?.map_or(Ok(1), |row| row.int(0))?;
        let values = [row.into(), organization.into(), account.into(), note.into(), self.now.into()];
        self.conn.execute(ASK, &values).map(drop)
    }

    /// Admits who asked, or refuses with a reason. Errors: `not-found` where nothing waits under this number for this
    /// organisation, `invalid` for a refusal without a reason.
    pub fn decide_joining(
        &mut self,
        me: &Asker,
        organization: RecordId,
        row: i64,
        refusal: Option<&str>,
    ) -> Result<()> {
        let found = self.conn.one(BY_ROW, &[row.into()])?.as_ref().map(read).transpose()?;
        let of = found.filter(|of| of.organization == organization && of.decided.is_none());
        let of = of.ok_or(Fault::NotFound)?;
        if refusal.is_some_and(|reason| reason.trim().is_empty()) {
            return Err(Fault::field("reason", "required"));
        }
        let values =
            [row.into(), self.now.into(), me.person.into(), refusal.is_none().into(), refusal.into()];
        self.conn.execute(DECIDE, &values)?;
        match refusal {
            None => self.grant(me, of.account, Role::Member, &Over::Organization(organization)),
            Some(_) => Ok(()),
        }
    }
}

fn read(row: &Row) -> Result<Joining> {
    Ok(Joining {
        row: row.int(0)?,
        organization: row.id(1)?,
        account: row.int(2)?,
        note: row.text(3)?,
        at: row.time(4)?,
        decided: row.int_or_null(5)?.map(|_| row.time(5)).transpose()?,
        accepted: row.int(6)? == 1,
        reason: row.text_or_null(7)?,
    })
}
