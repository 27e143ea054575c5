//! What people agreed to and took back, what they asked to have erased, and which records are about them.
//!
//! Never erases by itself: `erase` does, when a steward decides. Start at [`Reader::consents`] and
//! [`Writer::ask_erasure`].

use base::id::RecordId;
use catalogue::Asker;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::chain::hex;
use crate::db::{Row, Sql};
use crate::fault::{Fault, Result};
use crate::reader::Reader;
use crate::record::{Item, Key};
use crate::writer::Writer;

/// One time someone agreed to something, or took it back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// To what, a stable word of the caller's.
    pub scope: String,
    /// Agreed; otherwise taken back.
    pub given: bool,
    /// Digest of the text they were told.
    pub text: String,
    /// When.
    pub at: Timestamp,
}

/// A request to have everything about a person erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erasure {
    /// Local number.
    pub row: i64,
    /// The person.
    pub person: RecordId,
    /// Their words; empty once erased.
    pub note: String,
    /// When they asked.
    pub at: Timestamp,
    /// When it was decided.
    pub decided: Option<Timestamp>,
    /// It was done; otherwise, if decided, it was refused.
    pub done: bool,
    /// Why it was refused, in words.
    pub reason: Option<String>,
}

/// Records of one person named at most.
const ABOUT_MAX: usize = 1_000;

const CONSENTS: Sql = "select scope, given, text, at_us from consent where person = $1 order by row";
const NEXT_CONSENT: Sql = "select coalesce(max(row), 0) + 1 from consent";
const NOTE_CONSENT: Sql =
    "insert into consent (row, person, scope, given, text, at_us) values ($1, $2, $3, $4, $5, $6)";
const PIN: Sql = "insert into definition (digest, text) values ($1, $2) on conflict (digest) do nothing";
const PINNED: Sql = "select text from definition where digest = $1";
const OF_PERSON: Sql = "select row, person, note, at_us, decided_us, done, reason from erasure
     where person = $1 order by row desc limit 1";
const BY_ROW: Sql = "select row, person, note, at_us, decided_us, done, reason from erasure where row = $1";
const OPEN: Sql = "select row, person, note, at_us, decided_us, done, reason from erasure
     where decided_us is null and row > $1 order by row limit $2";
const NEXT_ERASURE: Sql = "select coalesce(max(row), 0) + 1 from erasure";
const ASK: Sql = "insert into erasure (row, person, note, at_us) values ($1, $2, $3, $4)";
const DECIDE: Sql = "update erasure set decided_us = $2, decided_by = $3, done = $4, reason = $5
     where row = $1 and decided_us is null";
const UNASK: Sql = "delete from erasure where person = $1 and (decided_us + 0) is null";
const OWNED: Sql = "select row from record where owner = $1 order by owner, kind, row limit $2";
const NAMING: Sql = "select from_row from edge where to_row = $1 order by to_row, field, from_row limit $2";

/// Statements of this room, for the proof of plans.
pub(crate) const STATEMENTS: &[Sql] = &[
    CONSENTS,
    NEXT_CONSENT,
    NOTE_CONSENT,
    PIN,
    PINNED,
    OF_PERSON,
    BY_ROW,
    OPEN,
    NEXT_ERASURE,
    ASK,
    DECIDE,
    UNASK,
    OWNED,
    NAMING,
];

impl Reader<'_> {
    /// What a person agreed to and took back, oldest first.
    pub fn consents(&self, person: RecordId) -> Result<Vec<Consent>> {
        let rows = self.conn.query(CONSENTS, &[person.into()])?;
        let read = |row: &Row| {
            Ok(Consent { scope: row.text(0)?, given: row.int(1)? == 1, text: row.text(2)?, at: row.time(3)? })
        };
        rows.iter().map(read).collect()
    }

    /// The text somebody was told, by its digest.
    pub fn pinned(&self, digest: &str) -> Result<Option<String>> {
        self.conn.one(PINNED, &[digest.into()])?.map(|row| row.text(0)).transpose()
    }

    /// The newest request of a person.
    pub fn erasure_of(&self, person: RecordId) -> Result<Option<Erasure>> {
        self.conn.one(OF_PERSON, &[person.into()])?.as_ref().map(read_erasure).transpose()
    }

    /// Requests that wait, oldest first.
    pub fn erasures(&self, first: usize) -> Result<Vec<Erasure>> {
        self.conn.query(OPEN, &[0_i64.into(), first.into()])?.iter().map(read_erasure).collect()
    }

    /// One request.
    pub fn erasure(&self, row: i64) -> Result<Option<Erasure>> {
        self.conn.one(BY_ROW, &[row.into()])?.as_ref().map(read_erasure).transpose()
    }

    /// The person's own record first, then those that belong to the person, then those that name them, each once, as far
    /// as the asker may read them.
    pub fn about(&self, me: &Asker, person: RecordId) -> Result<Vec<Item>> {
        let Some(own) = self.item(&Key::Id(person))? else { return Ok(Vec::new()) };
        let mut rows = vec![own.row];
        for sql in [OWNED, NAMING] {
            for row in self.conn.query(sql, &[own.row.into(), ABOUT_MAX.into()])? {
                let row = row.int(0)?;
                if !rows.contains(&row) {
                    rows.push(row);
                }
            }
        }
        let mut found = Vec::with_capacity(rows.len());
        for row in rows {
            let Some(item) = self.unmerged(&Key::Row(row))? else { continue };
            if self.admits(me, &item)?.is_some() {
                found.push(item);
            }
        }
        Ok(found)
    }
}

impl Reader<'_> {
    /// How many records go with a person who is erased, the own among them, and how many stay without their words.
    pub fn goes_with(&self, person: RecordId) -> Result<(usize, usize)> {
        let (go, stay) = self.owned_by(person)?;
        Ok((go.len() + 1, stay.len()))
    }

    /// Records that belong to a person, apart: those nobody else has a part in, and the others.
    pub(crate) fn owned_by(&self, person: RecordId) -> Result<(Vec<Item>, Vec<Item>)> {
        let Some(own) = self.item(&Key::Id(person))? else { return Ok(Default::default()) };
        let (mut go, mut stay) = (Vec::new(), Vec::new());
        for row in self.conn.query(OWNED, &[own.row.into(), ABOUT_MAX.into()])? {
            let Some(item) = self.unmerged(&Key::Row(row.int(0)?))?.filter(|item| item.id != person) else {
                continue;
            };
            let others = self.subject_of(&item)?.assigned.iter().any(|who| *who != person);
            if others { stay.push(item) } else { go.push(item) }
        }
        Ok((go, stay))
    }
}

impl Writer<'_> {
    /// Notes that a person agreed to something or took it back, and keeps the text they were told.
    pub fn note_consent(&mut self, person: RecordId, scope: &str, given: bool, text: &str) -> Result<()> {
        let digest = hex(&Sha256::digest(text.as_bytes()));
        self.conn.execute(PIN, &[digest.as_str().into(), text.into()])?;
        let row = self.conn.one(NEXT_CONSENT, &[])?.map_or(Ok(1), |row| row.int(0))?;
        let values = [row.into(), person.into(), scope.into(), given.into(), digest.into(), self.now.into()];
        self.conn.execute(NOTE_CONSENT, &values).map(drop)
    }

    /// Files a request; one that waits already stays as it is.
    pub fn ask_erasure(&mut self, person: RecordId, note: &str) -> Result<()> {
        if self.erasure_of(person)?.is_some_and(|last| last.decided.is_none()) {
            return Ok(());
        }
        let row = self.conn.one(NEXT_ERASURE, &[])?.map_or(Ok(1), |row| row.int(0))?;
        self.conn.execute(ASK, &[row.into(), person.into(), note.into(), self.now.into()]).map(drop)
    }

    /// Takes a request back that nobody has decided.
    pub fn unask_erasure(&mut self, person: RecordId) -> Result<()> {
        self.conn.execute(UNASK, &[person.into()]).map(drop)
    }

    /// Decides a request: done, or refused for a reason. Errors: `not-found` where none waits under the number.
    pub fn decide_erasure(&mut self, me: &Asker, row: i64, refused: Option<&str>) -> Result<()> {
        let values = [
            row.into(),
            self.now.into(),
            me.person.into(),
            refused.is_none().into(),
            refused.map(str::to_owned).into(),
        ];
        if self.conn.execute(DECIDE, &values)? == 0 { Err(Fault::NotFound) } else { Ok(()) }
    }
}

fn read_erasure(row: &Row) -> Result<Erasure> {
    Ok(Erasure {
        row: row.int(0)?,
        person: row.id(1)?,
        note: row.text(2)?,
        at: row.time(3)?,
        decided: row.int_or_null(4)?.map(|_| row.time(4)).transpose()?,
        done: row.int(5)? == 1,
        reason: row.text_or_null(6)?,
    })
}
