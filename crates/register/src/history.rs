//! What happened: the changes of a record, the feed of all changes, who opened a sealed layer.

use std::collections::HashMap;

use base::id::RecordId;
use catalogue::access::layers;
use catalogue::{Access, Asker, Fields, Layer, Standing};
use jiff::Timestamp;

use crate::chain::layer_of;
use crate::db::{Row, Sql, Value};
use crate::fault::{Fault, Result};
use crate::find::read_version;
use crate::reader::Reader;
use crate::record::{Key, Position};
use crate::whole::layer_hashes;
use crate::writer::Writer;

/// A change of a record.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Where it stands in the feed.
    pub position: Position,
    /// When.
    pub at: Timestamp,
    /// The person who made it.
    pub actor: Option<RecordId>,
    /// That person's heading, if the asker may read the person.
    pub actor_title: Option<String>,
    /// For whom it was made, where it was not the actor's own.
    pub behalf: Option<RecordId>,
    /// The heading of whom it was made for, if the asker may read it.
    pub behalf_title: Option<String>,
    /// How the party told of it: a term of the vocabulary `told_by`.
    pub told_by: Option<String>,
    /// What was said, if a remark was kept.
    pub told_note: Option<String>,
    /// `create`, `revise`, `merge`, `merged`, `relink`, `join`, `erase:<reason>` or a move of the catalogue.
    pub move_name: String,
    /// The record's version after it.
    pub version: u64,
    /// The stage after it.
    pub stage: String,
    /// Layers it wrote that the asker may read.
    pub layers: Vec<Layer>,
}

/// One change as a follower reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeedRow {
    /// Where it stands in the feed.
    pub position: Position,
    /// The record.
    pub row: i64,
    /// The record has been erased since.
    pub erased: bool,
    /// The record has been merged into another since.
    pub merged: bool,
}

/// One opening of a sealed layer, or a refusal.
#[derive(Clone, Debug, PartialEq)]
pub struct AccessRow {
    /// When.
    pub at: Timestamp,
    /// Who asked.
    pub reader: Option<RecordId>,
    /// That person's heading, if the asker may read the person.
    pub reader_title: Option<String>,
    /// It was opened; otherwise it was refused.
    pub opened: bool,
}

/// Changes and openings shown of one record at most.
const SHOWN_MAX: usize = 1_000;
/// Days for which openings are kept.
const ACCESS_DAYS: i64 = 400;

const CHANGES: Sql =
    "select position, epoch, at_us, actor, move, version, stage, layers, behalf, told_by from change
     where record = $1 order by position limit $2";
const FEED: Sql = "select c.position, c.epoch, c.record, r.erased, r.merged from change c cross join record r
     where c.position > $1 and r.row = c.record order by c.position limit $2";
const VERSION: Sql = "select layer, body from layer where record = $1 and version = $2 order by layer";
const LOG: Sql = "select at_us, reader, result from access where record = $1 order by row desc limit $2";
const NEXT_ACCESS: Sql = "select coalesce(max(row), 0) + 1 from access";
const NOTE_ACCESS: Sql =
    "insert into access (row, record, reader, at_us, result) values ($1, $2, $3, $4, $5)";
const FORGET_ACCESS: Sql = "delete from access where at_us < $1";

/// Statements of this room, for the proof of plans.
pub(crate) const STATEMENTS: &[Sql] = &[CHANGES, FEED, VERSION, LOG, NEXT_ACCESS, NOTE_ACCESS, FORGET_ACCESS];

const OPENED: &str = "opened";
const REFUSED: &str = "refused";

impl Reader<'_> {
    /// The changes of a record, oldest first, for who reads more than its open layer; others get none.
    pub fn history(&self, me: &Asker, row: i64) -> Result<Vec<Change>> {
        let access = self.access_to(me, row)?;
        if access.open || access.standing == Standing::Anyone {
            return Ok(Vec::new());
        }
        let rows = self.conn.query(CHANGES, &[row.into(), SHOWN_MAX.into()])?;
        let mut changes: Vec<Change> =
            rows.iter().map(|row| read_change(row, &access)).collect::<Result<_>>()?;
        let actors: Vec<RecordId> =
            changes.iter().flat_map(|change| change.actor.into_iter().chain(change.behalf)).collect();
        let titles = self.titles(me, &unique(actors))?;
        let mut notes = self.told_notes(row)?;
        for change in &mut changes {
            change.told_note = notes.remove(&change.position.number);
            change.actor_title = change.actor.and_then(|actor| titles.get(&actor).cloned());
            change.behalf_title = change.behalf.and_then(|party| titles.get(&party).cloned());
        }
        Ok(changes)
    }

    /// The texts a version wrote, of the layers the asker may read without opening.
    pub fn version(&self, me: &Asker, row: i64, version: u64) -> Result<Fields> {
        let access = self.access_to(me, row)?;
        let mut fields = Fields::new();
        for row in self.conn.query(VERSION, &[row.into(), version.into()])? {
            let layer = layer_of(row.int(0)?)?;
            let body =
                row.text_or_null(1)?.filter(|_| layer != Layer::Sealed && layers(&access).contains(&layer));
            let texts = body.map(|body| serde_json::from_str::<Fields>(&body)).transpose();
            fields.append(&mut texts.map_err(|e| Fault::storage("damaged layer", e))?.unwrap_or_default());
        }
        Ok(fields)
    }

    /// Changes after a position, oldest first; internal to the node, with no asker.
    pub fn feed(&self, after: Position, first: usize) -> Result<Vec<FeedRow>> {
        let rows = self.conn.query(FEED, &[after.number.into(), first.into()])?;
        let read = |row: &Row| {
            let (erased, merged) = (row.int(3)? == 1, row.int_or_null(4)?.is_some());
            Ok(FeedRow { position: position(row)?, row: row.int(2)?, erased, merged })
        };
        rows.iter().map(read).collect()
    }

    /// Who opened the sealed layer or was refused, newest first; for the owner only.
    pub fn access_log(&self, me: &Asker, row: i64) -> Result<Vec<AccessRow>> {
        if self.access_to(me, row)?.standing != Standing::Own {
            return Err(Fault::NotAllowed);
        }
        let rows = self.conn.query(LOG, &[row.into(), SHOWN_MAX.into()])?;
        let readers: Vec<RecordId> = rows.iter().filter_map(|row| row.id_or_null(1).ok().flatten()).collect();
        // Who read what is sealed is named to its owner, whoever may read the reader's own record.
        let titles: HashMap<RecordId, String> =
            self.items(&unique(readers))?.into_iter().map(|item| (item.id, item.title)).collect();
        let read = |row: &Row| {
            let reader = row.id_or_null(1)?;
            let reader_title = reader.and_then(|id| titles.get(&id).cloned());
            Ok(AccessRow { at: row.time(0)?, reader, reader_title, opened: row.text(2)? == OPENED })
        };
        rows.iter().map(read).collect()
    }

    pub(crate) fn access_to(&self, me: &Asker, row: i64) -> Result<Access> {
        let item = self.item(&Key::Row(row))?.ok_or(Fault::NotFound)?;
        self.admits(me, &item)?.ok_or(Fault::NotFound)
    }
}

impl Writer<'_> {
    /// Opens the sealed layer and notes who did; a refusal is noted too.
    ///
    /// Gives none when the asker may read the record but not open it: the refusal is part of the write and must be
    /// committed with it. Errors: `not-found`.
    pub fn open(&mut self, me: &Asker, key: &Key) -> Result<Option<Fields>> {
        let item = self.item(key)?.ok_or(Fault::NotFound)?;
        let access = self.admits(me, &item)?.ok_or(Fault::NotFound)?;
        let today = self.today();
        let may = self.opens(me, &item, &access)?.is_some_and(|until| until.is_none_or(|day| day >= today));
        let row = self.conn.one(NEXT_ACCESS, &[])?.map_or(Ok(1), |row| row.int(0))?;
        let result = if may { OPENED } else { REFUSED };
        let noted: [Value; 5] =
            [row.into(), item.row.into(), me.person.into(), self.now.into(), result.into()];
        self.conn.execute(NOTE_ACCESS, &noted)?;
        if !may {
            return Ok(None);
        }
        Ok(Some(self.layers(item.row)?.remove(&Layer::Sealed).unwrap_or_default()))
    }

    /// Forgets openings older than they are kept.
    pub fn forget_access(&mut self) -> Result<u64> {
        let before = self.now.as_microsecond() - ACCESS_DAYS * 86_400_000_000;
        self.conn.execute(FORGET_ACCESS, &[before.into()])
    }
}

fn unique(mut ids: Vec<RecordId>) -> Vec<RecordId> {
    ids.sort();
    ids.dedup();
    ids
}

fn position(row: &Row) -> Result<Position> {
    let number = u64::try_from(row.int(0)?).map_err(|e| Fault::storage("damaged position", e))?;
    let epoch = u32::try_from(row.int(1)?).map_err(|e| Fault::storage("damaged epoch", e))?;
    Ok(Position { epoch, number })
}

fn read_change(row: &Row, access: &Access) -> Result<Change> {
    let written: Vec<Layer> = layer_hashes(&row.text(7)?).into_keys().map(layer_of).collect::<Result<_>>()?;
    Ok(Change {
        position: position(row)?,
        at: row.time(2)?,
        actor: row.id_or_null(3)?,
        actor_title: None,
        behalf: row.id_or_null(8)?,
        behalf_title: None,
        told_by: row.text_or_null(9)?,
        told_note: None,
        move_name: row.text(4)?,
        version: read_version(row.int(5)?)?,
        stage: row.text(6)?,
        layers: written.into_iter().filter(|layer| layers(access).contains(layer)).collect(),
    })
}
