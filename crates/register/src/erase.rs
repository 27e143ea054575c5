//! Erasing, as the law grants it: texts, salts, keys, edges, claims and heading go, and with them what other records
//! copied of a person (see `forget`); the chain stays whole.

use base::id::RecordId;
use catalogue::access::may;
use catalogue::kind::Verb;
use catalogue::{Asker, Audience, Fields};

use crate::db::Sql;
use crate::fault::{Fault, Result};
use crate::find::NO_DUE;
use crate::reckon::Named;
use crate::record::{Item, Key};
use crate::whole::{Rows, Whole};
use crate::writer::Writer;

/// The name of the change; the reason's code stands behind a colon.
pub(crate) const ERASE: &str = "erase";

const ERASED: Sql = "select erased from record where row = $1";
const MERGED: Sql = "select row from record where merged = $1 order by row";
const EMPTY_LAYERS: Sql = "update layer set salt = null, body = null where record = $1";
const EMPTY_RECORD: Sql =
    "update record set title = '', day = null, owner = null, place = null, audience = 0,
     due = $2, version = $3, erased = 1, changed_us = $4 where row = $1";
const DELETE_KEYS: Sql = "delete from key where record = $1";
const DELETE_CLAIMS: Sql = "delete from claim where record = $1";
const DELETE_EDGES: Sql = "delete from edge where from_row = $1";
const DELETE_DEADLINES: Sql = "delete from deadline where record = $1";

/// Statements of this room, for the proof of plans.
pub(crate) const STATEMENTS: &[Sql] = &[ERASED, MERGED, EMPTY_LAYERS, EMPTY_RECORD];

impl Writer<'_> {
    /// Erases a record and what was merged into it: every version of every text, what was derived from them, and the bytes of files that no other
    /// record names. Erasing what is erased changes nothing.
    ///
    /// The law's claim reaches private records too, so the asker need not be able to read it. `reason` is a short code
    /// without spaces (`withdrawn-consent`), never a text about a person.
    /// Errors: `not-found`, `not-allowed`, `invalid` for a reason that is no code.
    pub fn erase(&mut self, me: &Asker, key: &Key, reason: &str) -> Result<()> {
        if reason.is_empty()
            || reason.len() > 40
            || !reason.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        {
            return Err(Fault::field("reason", "reason-code"));
        }
        let item = self.item(key)?.ok_or(Fault::NotFound)?;
        // An erased record has no owner, place or audience left, so only who may erase anything is told it is done.
        let subject = self.subject_of(&item)?;
        if may(self.kind(&item.kind)?, me, &subject, &Verb::Erase).is_none() {
            self.admits(me, &item)?.ok_or(Fault::NotFound)?;
            return Err(Fault::NotAllowed);
        }
        // Duplicates that were merged into it hold the same person's texts.
        let merged: Vec<i64> = self
            .conn
            .query(MERGED, &[item.row.into()])?
            .iter()
            .map(|row| row.int(0))
            .collect::<Result<_>>()?;
        self.erase_one(me, &item, reason)?;
        for row in merged {
            if let Some(item) = self.unmerged(&Key::Row(row))? {
                self.erase_one(me, &item, reason)?;
            }
        }
        Ok(())
    }

    /// Erases a person with all that belongs to them alone; where somebody else has a part in a record of theirs, that
    /// stays without the person's words. Gives how many records went. Errors: as [`Writer::erase`].
    pub fn erase_person(&mut self, me: &Asker, person: RecordId, reason: &str) -> Result<usize> {
        let (go, _) = self.owned_by(person)?;
        for item in &go {
            self.erase(me, &Key::Row(item.row), reason)?;
        }
        // Last, so that what stays is cleaned of the words the own record still tells.
        self.erase(me, &Key::Id(person), reason)?;
        Ok(go.len() + 1)
    }

    fn erase_one(&mut self, me: &Asker, item: &Item, reason: &str) -> Result<()> {
        if self.conn.one(ERASED, &[item.row.into()])?.map_or(Ok(0), |row| row.int(0))? == 1 {
            return Ok(());
        }
        let before = self.whole(item)?;
        let (kind, row, named) = (before.kind.clone(), before.row, Named::of(None, &before));
        let after = Whole {
            version: before.version + 1,
            audience: Audience::Private,
            owner: None,
            place: None,
            fields: Fields::new(),
            clocks: Vec::new(),
            ..before.clone()
        };
        self.empty(&after)?;
        let mut rows = Rows::default();
        self.gather_change(&mut rows, me.into(), &format!("{ERASE}:{reason}"), &after, "");
        self.flush(rows)?;
        self.regrade_around(&kind, row, &named)?;
        self.forget_copies(me, &before)?;
        if self.kind(&before.kind)?.personal {
            self.forget_person(before.id)?;
        }
        Ok(())
    }

    fn empty(&mut self, after: &Whole) -> Result<()> {
        self.conn.execute(EMPTY_LAYERS, &[after.row.into()])?;
        self.unlist(after.row)?;
        self.drop_files(after.row)?;
        self.forget_told(after.row)?;
        let values = [after.row.into(), NO_DUE.into(), after.version.into(), self.now.into()];
        self.conn.execute(EMPTY_RECORD, &values).map(drop)
    }

    /// Takes a record out of every list, link and claim.
    pub(crate) fn unlist(&mut self, row: i64) -> Result<()> {
        for sql in [DELETE_KEYS, DELETE_CLAIMS, DELETE_EDGES, DELETE_DEADLINES] {
            self.conn.execute(sql, &[row.into()])?;
        }
        Ok(())
    }
}
