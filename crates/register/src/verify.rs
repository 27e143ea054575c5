//! Whether the store still says what was written: the chain, the texts under their hashes, and the tables, which must
//! be what the changes and texts make of them.

use std::collections::BTreeMap;

use base::id::RecordId;

use crate::chain::{Header, audience_number, layer_hash};
use crate::db::{Row, Sql};
use crate::derive::{Derived, KeyRow};
use crate::fault::{Fault, Result};
use crate::forget::FORGET;
use crate::open::Register;
use crate::reader::Reader;
use crate::record::{Item, Key, Position};
use crate::whole::layer_hashes;

/// What is wrong in one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Break {
    /// The change, where the chain or a text is wrong.
    pub position: Option<Position>,
    /// The record.
    pub row: i64,
    /// What: `digest`, `gap`, `order`, `text-lost`, `text-changed`, `state`, `derived`, `layer`, `erased-remains`.
    pub what: &'static str,
}

/// The outcome.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Changes read.
    pub changes: u64,
    /// Records read.
    pub records: u64,
    /// Records whose texts have been erased.
    pub erased: u64,
    /// What is wrong, in order of finding, at most [`BREAKS_MAX`].
    pub breaks: Vec<Break>,
}

impl Verdict {
    /// Nothing is wrong.
    pub fn sound(&self) -> bool {
        self.breaks.is_empty()
    }

    fn found(&mut self, position: Option<Position>, row: i64, what: &'static str) {
        if self.breaks.len() < BREAKS_MAX {
            self.breaks.push(Break { position, row, what });
        }
    }
}

/// Breaks named; a store with more is past naming them.
pub const BREAKS_MAX: usize = 100;
/// Rows read at a time.
const STEP: usize = 1_000;

const CHANGES: Sql =
    "select c.position, c.epoch, c.record, c.version, c.move, c.actor, c.at_us, c.stage, c.audience,
       c.type_path, c.owner, c.place, c.layers, c.digest, r.id, r.erased, c.behalf, c.told_by
     from change c left join record r on r.row = c.record where c.position > $1 order by c.position limit $2";
const TEXTS: Sql = "select layer, salt, body from layer where record = $1 and version = $2";
const RECORDS: Sql = "select row, erased, merged from record where row > $1 order by row limit $2";
const LAST: Sql = "select version, stage, audience, type_path, owner, place from change
     where record = $1 order by position desc limit 1";
const KEYS: Sql = "select field, value, own from key where record = $1 order by field, value";
const EDGES: Sql = "select e.field, r.id, e.assigns from edge e cross join record r
     where e.from_row = $1 and r.row = e.to_row order by e.field, r.id";
const CLAIMS: Sql = "select field, value from claim where record = $1 order by field, value";
const NEWEST: Sql = "select layer, max(version) from layer where record = $1 group by layer order by layer";
const LIVE: Sql = "select layer, version from layer where record = $1 and live = 1 order by layer";
const FORGOTTEN: Sql = "select coalesce(max(version), 0) from change where record = $1 and (move || '') = $2";
const REMAINS: Sql =
    "select count(*) from layer where record = $1 and (salt is not null or body is not null)";

/// Statements of this room, for the proof of plans.
pub(crate) const STATEMENTS: &[Sql] =
    &[CHANGES, TEXTS, RECORDS, LAST, KEYS, EDGES, CLAIMS, NEWEST, LIVE, FORGOTTEN, REMAINS];

impl Register {
    /// Reads the whole store and says what is wrong with it, if anything.
    pub fn verify(&self) -> Result<Verdict> {
        self.read(|reader| {
            let mut verdict = Verdict::default();
            reader.verify_chain(&mut verdict)?;
            reader.verify_records(&mut verdict)?;
            Ok(verdict)
        })
    }
}

impl Reader<'_> {
    fn verify_chain(&self, verdict: &mut Verdict) -> Result<()> {
        let (mut digest, mut last) = (Vec::new(), 0);
        loop {
            let rows = self.conn.query(CHANGES, &[last.into(), STEP.into()])?;
            for row in &rows {
                let position = position(row)?;
                if row.int(0)? != last + 1 {
                    verdict.found(Some(position), row.int(2)?, "gap");
                }
                last = row.int(0)?;
                digest = self.verify_change(verdict, row, position, &digest)?;
                verdict.changes += 1;
            }
            if rows.len() < STEP {
                return Ok(());
            }
        }
    }

    /// One change against the digest before; gives its own as stored, so that one break is named once.
    fn verify_change(
        &self,
        verdict: &mut Verdict,
        row: &Row,
        position: Position,
        before: &[u8],
    ) -> Result<Vec<u8>> {
        let (record, layers, stored) = (row.int(2)?, row.text(12)?, row.bytes(13)?);
        let text = |id: Option<RecordId>| id.map(|id| id.to_string()).unwrap_or_default();
        let header = Header {
            position,
            id: text(row.id_or_null(14)?),
            version: u64::try_from(row.int(3)?).unwrap_or_default(),
            name: &row.text(4)?,
            actor: text(row.id_or_null(5)?),
            at_us: row.int(6)?,
            stage: &row.text(7)?,
            audience: row.int(8)?,
            type_path: &row.text(9)?,
            owner: text(row.id_or_null(10)?),
            place: &row.text_or_null(11)?.unwrap_or_default(),
            layers: &layers,
            behalf: row.id_or_null(16)?.map(|id| id.to_string()),
            told_by: row.text_or_null(17)?,
        };
        if header.digest(before) != stored {
            verdict.found(Some(position), record, "digest");
        }
        let erased = row.int_or_null(15)? == Some(1);
        self.verify_texts(verdict, position, (record, row.int(3)?), &layers, erased)?;
        Ok(stored)
    }

    /// Every text a change names is there under its hash, unless the record was erased.
    fn verify_texts(
        &self,
        verdict: &mut Verdict,
        position: Position,
        (record, version): (i64, i64),
        layers: &str,
        erased: bool,
    ) -> Result<()> {
        let mut named = layer_hashes(layers);
        if named.is_empty() || erased {
            return Ok(());
        }
        for row in self.conn.query(TEXTS, &[record.into(), version.into()])? {
            let (salt, body) = (row.bytes_or_null(1)?, row.text_or_null(2)?);
            match (named.remove(&row.int(0)?), salt.zip(body)) {
                (Some(hash), Some((salt, body))) if layer_hash(&salt, &body) == hash => {}
                // Words of somebody erased were taken out of it, which a later change says.
                (Some(_), None) if self.forgotten(record)? > version => {}
                (Some(_), None) => verdict.found(Some(position), record, "text-lost"),
                _ => verdict.found(Some(position), record, "text-changed"),
            }
        }
        if !named.is_empty() {
            verdict.found(Some(position), record, "text-lost");
        }
        Ok(())
    }

    /// The version by which a record last lost older texts; 0 for never.
    fn forgotten(&self, record: i64) -> Result<i64> {
        let last = self.conn.one(FORGOTTEN, &[record.into(), FORGET.into()])?;
        last.map_or(Ok(0), |row| row.int(0))
    }

    fn verify_records(&self, verdict: &mut Verdict) -> Result<()> {
        let mut last = 0;
        loop {
            let rows = self.conn.query(RECORDS, &[last.into(), STEP.into()])?;
            for row in &rows {
                last = row.int(0)?;
                verdict.records += 1;
                let (erased, merged) = (row.int(1)? == 1, row.int_or_null(2)?.is_some());
                self.verify_record(verdict, last, erased, merged)?;
            }
            if rows.len() < STEP {
                return Ok(());
            }
        }
    }

    fn verify_record(&self, verdict: &mut Verdict, row: i64, erased: bool, merged: bool) -> Result<()> {
        let Some(item) = self.item_itself(row)? else { return Ok(()) };
        if !self.state_stands(&item)? {
            verdict.found(None, row, "state");
        }
        if erased {
            verdict.erased += 1;
            let remains = self.conn.one(REMAINS, &[row.into()])?.map_or(Ok(0), |row| row.int(0))?;
            if remains > 0 || !item.title.is_empty() || !self.stored(row)?.is_empty() {
                verdict.found(None, row, "erased-remains");
            }
            return Ok(());
        }
        if self.pairs(NEWEST, row)? != self.pairs(LIVE, row)? {
            verdict.found(None, row, "layer");
        }
        if !self.derived_stands(&item, merged)? {
            verdict.found(None, row, "derived");
        }
        Ok(())
    }

    /// The record's row is what its last change says.
    fn state_stands(&self, item: &Item) -> Result<bool> {
        let Some(last) = self.conn.one(LAST, &[item.row.into()])? else { return Ok(false) };
        Ok(last.int(0)? == i64::try_from(item.version).unwrap_or_default()
            && last.text(1)? == item.stage
            && last.int(2)? == audience_number(item.audience)
            && last.text(3)? == item.type_path
            && last.id_or_null(4)? == item.owner
            && last.text_or_null(5)?.as_deref() == item.place.as_ref().map(|place| place.code()))
    }

    /// Heading, day, keys, edges and claims are what the texts make of them.
    fn derived_stands(&self, item: &Item, merged: bool) -> Result<bool> {
        let Some(kind) = self.shared.catalogue.kind(&item.kind) else { return Ok(true) };
        let mut fields = catalogue::Fields::new();
        for (layer, mut texts) in self.layers(item.row)? {
            let known = |name: &String| kind.fields.iter().find(|f| f.name == *name).map(|f| f.layer);
            if texts.keys().any(|name| known(name).is_some_and(|of| of != layer)) {
                return Ok(false);
            }
            fields.append(&mut texts);
        }
        if kind.stage(&item.stage).is_none() {
            return Ok(false);
        }
        let mut expected = self.shared.derived(kind, &item.type_path, &fields, item.place.as_ref());
        if expected.title != item.title || expected.day != item.day {
            return Ok(false);
        }
        if merged {
            (expected.keys, expected.edges, expected.claims) = Default::default();
        }
        Ok(self.stored(item.row)? == Stored::of(expected))
    }

    fn stored(&self, row: i64) -> Result<Stored> {
        let keys = self.conn.query(KEYS, &[row.into()])?;
        let edges = self.conn.query(EDGES, &[row.into()])?;
        let claims = self.conn.query(CLAIMS, &[row.into()])?;
        let mut stored = Stored {
            keys: keys.iter().map(|r| Ok(((r.text(0)?, r.text(1)?), r.int(2)?))).collect::<Result<_>>()?,
            edges: edges.iter().map(|r| Ok((r.text(0)?, r.id(1)?, r.int(2)? == 1))).collect::<Result<_>>()?,
            claims: claims.iter().map(|r| Ok((r.text(0)?, r.text(1)?))).collect::<Result<_>>()?,
        };
        stored.sort();
        Ok(stored)
    }

    fn pairs(&self, sql: Sql, row: i64) -> Result<BTreeMap<i64, i64>> {
        self.conn.query(sql, &[row.into()])?.iter().map(|row| Ok((row.int(0)?, row.int(1)?))).collect()
    }

    /// The item of this very row: merges are not followed.
    fn item_itself(&self, row: i64) -> Result<Option<Item>> {
        self.unmerged(&Key::Row(row))
    }
}

/// What the tables hold beside the texts, in one order.
#[derive(Debug, PartialEq, Eq)]
struct Stored {
    keys: Vec<KeyRow>,
    edges: Vec<(String, RecordId, bool)>,
    claims: Vec<(String, String)>,
}

impl Stored {
    fn of(derived: Derived) -> Stored {
        let edges = derived.edges.into_iter().map(|edge| (edge.field, edge.to, edge.assigns)).collect();
        let mut stored = Stored { keys: derived.keys, edges, claims: derived.claims };
        stored.sort();
        stored
    }

    fn sort(&mut self) {
        self.keys.sort();
        self.edges.sort();
        self.claims.sort();
    }

    fn is_empty(&self) -> bool {
        self.keys.is_empty() && self.edges.is_empty() && self.claims.is_empty()
    }
}

fn position(row: &Row) -> Result<Position> {
    let number = u64::try_from(row.int(0)?).map_err(|e| Fault::storage("damaged position", e))?;
    let epoch = u32::try_from(row.int(1)?).map_err(|e| Fault::storage("damaged epoch", e))?;
    Ok(Position { epoch, number })
}
