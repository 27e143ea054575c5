//! Live ties of a record and what stands at their other ends; records of a kind that name a record.
//!
//! Asks nobody who may read: for rules and effects alone. Start at `Reader::tied` and `Reader::namers`.

use base::id::RecordId;

use crate::db::{Row, Sql};
use crate::fault::Result;
use crate::fields::{LIVE, TIE};
use crate::reader::Reader;

/// Ties and namers looked at, at most.
const LOOKED_AT_MAX: usize = 1_000;

const TIED: Sql = "select r.id, r.kind, r.type_path, r.stage, t.id, t.type_path
     from edge p cross join record t cross join edge u cross join record r
     where p.to_row = $1 and p.from_kind = $2 and t.row = p.from_row and (t.stage || '') = $3
     and u.from_row = t.row and u.to_row <> $1 and r.row = u.to_row order by (t.row + 0) desc, r.row limit $4";
const NAMERS: Sql = "select r.row, r.id, r.stage from edge e cross join record r
     where e.to_row = $1 and e.field = $2 and e.from_kind = $3 and r.row = e.from_row and r.merged is null
     order by r.row limit $4";

/// Statements of this room, for the proof of plans.
pub(crate) const STATEMENTS: &[Sql] = &[TIED, NAMERS];

/// What stands at the other end of a live tie.
pub(crate) struct TiedTo {
    pub(crate) id: RecordId,
    pub(crate) kind: String,
    pub(crate) type_path: String,
    pub(crate) stage: String,
    /// The tie.
    pub(crate) tie: RecordId,
    pub(crate) tie_type: String,
}

/// A record that names another.
pub(crate) struct Namer {
    pub(crate) row: i64,
    pub(crate) id: RecordId,
    pub(crate) stage: String,
}

impl Reader<'_> {
    /// The other ends of the live ties of a record, newest tie first.
    pub(crate) fn tied(&self, row: i64) -> Result<Vec<TiedTo>> {
        let read = |row: &Row| {
            let (id, kind, type_path) = (row.id(0)?, row.text(1)?, row.text(2)?);
            let (stage, tie, tie_type) = (row.text(3)?, row.id(4)?, row.text(5)?);
            Ok(TiedTo { id, kind, type_path, stage, tie, tie_type })
        };
        let asked = [row.into(), TIE.into(), LIVE.into(), LOOKED_AT_MAX.into()];
        self.conn.query(TIED, &asked)?.iter().map(read).collect()
    }

    /// Records of a kind that name a record in a field, oldest first.
    pub(crate) fn namers(&self, row: i64, field: &str, kind: &str) -> Result<Vec<Namer>> {
        let read = |row: &Row| Ok(Namer { row: row.int(0)?, id: row.id(1)?, stage: row.text(2)? });
        let asked = [row.into(), field.into(), kind.into(), LOOKED_AT_MAX.into()];
        self.conn.query(NAMERS, &asked)?.iter().map(read).collect()
    }
}
