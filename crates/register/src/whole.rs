//! A record with all its layers, as the writer holds it, and the one way it is put into the tables.
//!
//! Every verb that changes a record — create, revise, move, merge, effects — makes a [`Whole`] and calls
//! [`Writer::put`], which writes texts, keys, edges, claims, clocks and the change. Nothing else writes these tables
//! but erasure.

use std::collections::{BTreeMap, HashMap};

use base::id::RecordId;
use base::number::Number;
use base::place::Place;
use catalogue::step::Started;
use catalogue::{Asker, Audience, Fields, Kind, Layer, Standing, Subject};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::chain::{Header, audience_number, layer_hash, layer_number};
use crate::db::{Sql, Value};
use crate::derive::{Derived, layer_texts};
use crate::fault::{Fault, Result};
use crate::fields::{FROM, OPENING, PARENT, TIE};
use crate::file::hashes;
use crate::find::NO_DUE;
use crate::reader::{Reader, among, ids};
use crate::reckon::Named;
use crate::record::{Item, Key};
use crate::writer::Writer;

/// Whose hand writes a change, and for whom.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hand {
    /// The person; none is the house itself.
    pub(crate) person: Option<RecordId>,
    /// The party whose move it was, or the person stood in for.
    pub(crate) behalf: Option<RecordId>,
    /// How the party told of it: a term of `told_by`.
    pub(crate) told_by: Option<String>,
}

impl From<&Asker> for Hand {
    fn from(me: &Asker) -> Hand {
        Hand { person: me.person, behalf: me.behalf, told_by: None }
    }
}

/// A record with all its layers.
#[derive(Clone, Debug)]
pub(crate) struct Whole {
    pub(crate) row: i64,
    pub(crate) id: RecordId,
    pub(crate) kind: String,
    pub(crate) number: Number,
    pub(crate) type_path: String,
    pub(crate) place: Option<Place>,
    pub(crate) owner: Option<RecordId>,
    pub(crate) stage: String,
    pub(crate) version: u64,
    pub(crate) audience: Audience,
    /// Its running clocks, in order of names.
    pub(crate) clocks: Vec<Started>,
    pub(crate) merged: Option<i64>,
    pub(crate) fields: Fields,
    pub(crate) created_at: Timestamp,
}

const DEADLINES: Sql = "select name, due, move, rings from deadline where record = $1 order by name";
const INSERT_RECORD: Sql = "insert into record (row, id, kind, number, type_path, home, place, owner, stage, version, \
     day, audience, title, due, merged, erased, created_us, changed_us)";
const UPDATE_RECORD: Sql = "update record set type_path = $2, place = $3, owner = $4, stage = $5, version = $6, \
     day = $7, audience = $8, title = $9, due = $10, merged = $11, changed_us = $12 where row = $1";
const RETIRE_LAYER: Sql = "update layer set live = 0 where record = $1 and layer = $2 and live = 1";
const INSERT_LAYER: Sql = "insert into layer (record, version, layer, live, salt, body)";
const DELETE_KEYS: Sql = "delete from key where record = $1";
const INSERT_KEY: Sql = "insert into key (kind, field, value, record, own)";
const DELETE_CLAIMS: Sql = "delete from claim where record = $1";
const INSERT_CLAIM: Sql = "insert into claim (kind, field, value, record)";
const DELETE_EDGES: Sql = "delete from edge where from_row = $1";
const INSERT_EDGE: Sql = "insert into edge (from_row, field, to_row, from_kind, assigns, since, until)";
const INSERT_MENTION: Sql = "insert into mention (hash, record)";
const MENTIONED: Sql = "select hash from mention where record = $1";
const DELETE_DEADLINES: Sql = "delete from deadline where record = $1";
const INSERT_DEADLINE: Sql = "insert into deadline (record, name, due, move, rings)";
const INSERT_CHANGE: Sql = "insert into change (position, epoch, record, version, move, actor, at_us, stage, audience, \
     type_path, owner, place, layers, digest, behalf, told_by)";
const CLAIMED: Sql =
    "select record from claim where kind = $1 and field = $2 and value = $3 and record <> $4";
const ROWS: Sql = "select id, row, kind from record where id ";
const PARENTS: Sql = "with recursive above (row, depth) as (
       select to_row, 1 from edge where from_row = $1 and field = $2
       union select e.to_row, a.depth + 1 from above a join edge e on e.from_row = a.row and (e.field || '') = $2
       where a.depth < $3)
     select row from above where row = $4 limit 1";

/// Statements of this room, for the proof of plans.
pub(crate) const STATEMENTS: &[Sql] = &[
    DEADLINES,
    UPDATE_RECORD,
    RETIRE_LAYER,
    DELETE_KEYS,
    DELETE_CLAIMS,
    DELETE_EDGES,
    DELETE_DEADLINES,
    CLAIMED,
    PARENTS,
    MENTIONED,
];
/// Beginnings that a list of values completes.
pub(crate) const OPEN_STATEMENTS: &[Sql] = &[ROWS];
/// Beginnings of inserts, with their width.
pub(crate) const INSERTS: &[(Sql, usize)] = &[
    (INSERT_RECORD, 18),
    (INSERT_LAYER, 6),
    (INSERT_KEY, 5),
    (INSERT_CLAIM, 4),
    (INSERT_EDGE, 7),
    (INSERT_MENTION, 2),
    (INSERT_DEADLINE, 5),
    (INSERT_CHANGE, 16),
];

impl Whole {
    /// What the access rule looks at.
    pub(crate) fn subject(&self, assigned: Vec<RecordId>) -> Subject {
        Subject {
            id: self.id,
            kind: self.kind.clone(),
            type_path: self.type_path.clone(),
            stage: self.stage.clone(),
            owner: self.owner,
            place: self.place.clone(),
            audience: self.audience,
            assigned,
        }
    }

    /// The record as it stands in a list, with the own listed values of every layer and no owner's heading.
    pub(crate) fn item(&self, derived: &Derived, changed_at: Timestamp) -> Item {
        let own = derived.keys.iter().filter(|(_, own)| *own >= 1);
        Item {
            row: self.row,
            id: self.id,
            number: self.number.clone(),
            kind: self.kind.clone(),
            type_path: self.type_path.clone(),
            stage: self.stage.clone(),
            title: derived.title.clone(),
            place: self.place.clone(),
            owner: self.owner,
            owner_title: None,
            day: derived.day.clone(),
            due: self.due(),
            audience: self.audience,
            version: self.version,
            keys: own.map(|(key, _)| key.clone()).collect(),
            created_at: self.created_at,
            changed_at,
        }
    }

    pub(crate) fn due(&self) -> Option<Date> {
        self.clocks.iter().map(|clock| clock.due).min()
    }
}

/// The records a change refers to, its owner among them, as they stand.
pub(crate) type Known = HashMap<RecordId, Item>;

/// What one change does to the tables, gathered so that many changes are written set-wise.
#[derive(Default)]
pub(crate) struct Rows {
    records: Vec<Vec<Value>>,
    layers: Vec<Vec<Value>>,
    keys: Vec<Vec<Value>>,
    claims: Vec<Vec<Value>>,
    edges: Vec<Vec<Value>>,
    mentions: Vec<Vec<Value>>,
    deadlines: Vec<Vec<Value>>,
    changes: Vec<Vec<Value>>,
}

impl Reader<'_> {
    /// The record of an item with all its layers.
    pub(crate) fn whole(&self, item: &Item) -> Result<Whole> {
        let mut fields = Fields::new();
        for (_, mut texts) in self.layers(item.row)? {
            fields.append(&mut texts);
        }
        Ok(Whole {
            row: item.row,
            id: item.id,
            kind: item.kind.clone(),
            number: item.number.clone(),
            type_path: item.type_path.clone(),
            place: item.place.clone(),
            owner: item.owner,
            stage: item.stage.clone(),
            version: item.version,
            audience: item.audience,
            clocks: self.clocks(item.row)?,
            merged: None,
            fields,
            created_at: item.created_at,
        })
    }

    fn clocks(&self, row: i64) -> Result<Vec<Started>> {
        let read = |row: &crate::db::Row| {
            let due = row.text(1)?.parse().map_err(|e| Fault::storage("damaged due day", e))?;
            Ok(Started { name: row.text(0)?, due, due_move: row.text_or_null(2)?, rings: row.int(3)? == 1 })
        };
        self.conn.query(DEADLINES, &[row.into()])?.iter().map(read).collect()
    }

    pub(crate) fn derived(&self, whole: &Whole) -> Result<Derived> {
        let kind = self.kind(&whole.kind)?;
        Ok(self.shared.derived(kind, &whole.type_path, &whole.fields, whole.place.as_ref()))
    }

    /// Local rows and kinds of these ids; absent ones are missing.
    pub(crate) fn rows(&self, wanted: &[RecordId]) -> Result<HashMap<RecordId, (i64, String)>> {
        let mut found = HashMap::with_capacity(wanted.len());
        for part in wanted.chunks(256) {
            let (list, values) = among(0, &ids(part));
            for row in self.conn.query(&format!("{ROWS}{list}"), &values)? {
                found.insert(row.id(0)?, (row.int(1)?, row.text(2)?));
            }
        }
        Ok(found)
    }
}

impl Writer<'_> {
    /// Puts a record as it is after a change into the tables, with the change.
    ///
    /// `me` none is the register itself (effects, merges): references it moves are not checked for readability. Gives
    /// what the record refers to.
    pub(crate) fn put(
        &mut self,
        me: Option<&Asker>,
        hand: Hand,
        name: &str,
        before: Option<&Whole>,
        after: &Whole,
    ) -> Result<Known> {
        let derived = self.derived(after)?;
        let earlier = before.map(|whole| self.derived(whole)).transpose()?;
        self.check_claims(me, after, &derived, earlier.as_ref())?;
        let known = self.check_references(me, after, &derived, earlier.as_ref())?;
        let mut rows = Rows::default();
        self.gather(&mut rows, hand, name, (before, earlier.as_ref()), (after, &derived), &known)?;
        self.flush(rows)?;
        self.regrade_around(&after.kind, after.row, &Named::of(before, after))?;
        Ok(known)
    }

    /// Gathers the rows of one change; what has to be updated or removed is done at once.
    pub(crate) fn gather(
        &mut self,
        rows: &mut Rows,
        hand: Hand,
        name: &str,
        (before, earlier): (Option<&Whole>, Option<&Derived>),
        (after, derived): (&Whole, &Derived),
        known: &Known,
    ) -> Result<()> {
        let owner = after.owner.map(|id| row_of(known, after, id)).transpose()?;
        match before {
            None => rows.records.push(record_row(after, derived, owner, self.now)),
            Some(_) => self.update(after, derived, owner)?,
        }
        let layers = self.gather_layers(rows, before, after)?;
        self.gather_derived(rows, earlier, after, derived, known)?;
        self.gather_mentions(rows, before, after)?;
        self.gather_clocks(rows, before, after)?;
        self.gather_change(rows, hand, name, after, &layers);
        Ok(())
    }

    fn update(&mut self, after: &Whole, derived: &Derived, owner: Option<i64>) -> Result<()> {
        let values = [
            after.row.into(),
            after.type_path.as_str().into(),
            after.place.as_ref().map(Place::code).into(),
            owner.into(),
            after.stage.as_str().into(),
            after.version.into(),
            derived.day.clone().into(),
            audience_number(after.audience).into(),
            derived.title.as_str().into(),
            due_text(after).into(),
            after.merged.into(),
            self.now.into(),
        ];
        self.conn.execute(UPDATE_RECORD, &values).map(drop)
    }

    /// Writes the layers whose text changed; gives what the chain says of them.
    fn gather_layers(&mut self, rows: &mut Rows, before: Option<&Whole>, after: &Whole) -> Result<String> {
        let kind = self.kind(&after.kind)?;
        let texts = layer_texts(kind, &after.fields);
        let earlier = before.map(|whole| layer_texts(kind, &whole.fields)).unwrap_or_default();
        let mut hashes = Vec::new();
        for layer in [Layer::Open, Layer::Inside, Layer::Sealed] {
            let (old, new) = (earlier.get(&layer), texts.get(&layer));
            if old == new {
                continue;
            }
            if old.is_some() {
                self.conn.execute(RETIRE_LAYER, &[after.row.into(), layer_number(layer).into()])?;
            }
            // A layer that lost its last field is written as an empty object, so that the chain says so.
            let text = new.map_or("{}", String::as_str);
            let salt: [u8; 16] = self.shared.draw();
            hashes.push(format!("{}:{}", layer_number(layer), layer_hash(&salt, text)));
            rows.layers.push(vec![
                after.row.into(),
                after.version.into(),
                layer_number(layer).into(),
                true.into(),
                salt.to_vec().into(),
                text.into(),
            ]);
        }
        Ok(hashes.join(" "))
    }

    fn gather_derived(
        &mut self,
        rows: &mut Rows,
        earlier: Option<&Derived>,
        after: &Whole,
        derived: &Derived,
        known: &Known,
    ) -> Result<()> {
        let changed = |same: fn(&Derived, &Derived) -> bool| earlier.is_none_or(|old| !same(old, derived));
        let row: Value = after.row.into();
        if changed(|a, b| a.keys == b.keys) {
            self.clear(earlier, DELETE_KEYS, &row)?;
            rows.keys.extend(derived.keys.iter().map(|((field, value), own)| {
                vec![
                    after.kind.as_str().into(),
                    field.as_str().into(),
                    value.as_str().into(),
                    row.clone(),
                    (*own).into(),
                ]
            }));
        }
        if changed(|a, b| a.claims == b.claims) {
            self.clear(earlier, DELETE_CLAIMS, &row)?;
            rows.claims.extend(derived.claims.iter().map(|(field, value)| {
                vec![after.kind.as_str().into(), field.as_str().into(), value.as_str().into(), row.clone()]
            }));
        }
        if changed(|a, b| a.edges == b.edges && a.since == b.since && a.until == b.until) {
            self.clear(earlier, DELETE_EDGES, &row)?;
            let edges: Result<Vec<_>> = edge_rows(after, derived, known).collect();
            rows.edges.extend(edges?);
        }
        Ok(())
    }

    fn clear(&mut self, earlier: Option<&Derived>, sql: Sql, row: &Value) -> Result<()> {
        if earlier.is_some() {
            self.conn.execute(sql, std::slice::from_ref(row))?;
        }
        Ok(())
    }

    /// Notes the files the record has not named before.
    fn gather_mentions(&self, rows: &mut Rows, before: Option<&Whole>, after: &Whole) -> Result<()> {
        let mut named = hashes(&after.fields);
        if !named.is_empty() && before.is_some() {
            let known = self.conn.query(MENTIONED, &[after.row.into()])?;
            let known: Vec<String> = known.iter().map(|row| row.text(0)).collect::<Result<_>>()?;
            named.retain(|hash| !known.contains(hash));
        }
        rows.mentions.extend(named.into_iter().map(|hash| vec![hash.into(), after.row.into()]));
        Ok(())
    }

    fn gather_clocks(&mut self, rows: &mut Rows, before: Option<&Whole>, after: &Whole) -> Result<()> {
        if before.is_some_and(|whole| whole.clocks == after.clocks) {
            return Ok(());
        }
        if before.is_some_and(|whole| !whole.clocks.is_empty()) {
            self.conn.execute(DELETE_DEADLINES, &[after.row.into()])?;
        }
        rows.deadlines.extend(after.clocks.iter().map(|clock| {
            let due = clock.due.to_string();
            let waits = clock.due_move.clone();
            vec![after.row.into(), clock.name.as_str().into(), due.into(), waits.into(), clock.rings.into()]
        }));
        Ok(())
    }

    pub(crate) fn gather_change(
        &mut self,
        rows: &mut Rows,
        hand: Hand,
        name: &str,
        after: &Whole,
        layers: &str,
    ) {
        let at_us = self.now.as_microsecond();
        self.head.position.number += 1;
        let position = self.head.position;
        let header = Header {
            position,
            id: after.id.to_string(),
            version: after.version,
            name,
            actor: hand.person.map(|id| id.to_string()).unwrap_or_default(),
            behalf: hand.behalf.map(|id| id.to_string()),
            told_by: hand.told_by.clone(),
            at_us,
            stage: &after.stage,
            audience: audience_number(after.audience),
            type_path: &after.type_path,
            owner: after.owner.map(|id| id.to_string()).unwrap_or_default(),
            place: after.place.as_ref().map_or("", Place::code),
            layers,
        };
        self.head.digest = header.digest(&self.head.digest);
        rows.changes.push(vec![
            position.number.into(),
            i64::from(position.epoch).into(),
            after.row.into(),
            after.version.into(),
            name.into(),
            hand.person.into(),
            at_us.into(),
            after.stage.as_str().into(),
            audience_number(after.audience).into(),
            after.type_path.as_str().into(),
            after.owner.into(),
            after.place.as_ref().map(Place::code).into(),
            layers.into(),
            self.head.digest.clone().into(),
            hand.behalf.into(),
            hand.told_by.into(),
        ]);
    }

    /// Writes gathered rows, some hundred to a statement.
    pub(crate) fn flush(&mut self, rows: Rows) -> Result<()> {
        self.conn.insert(vec![
            (INSERT_RECORD, rows.records),
            (INSERT_LAYER, rows.layers),
            (INSERT_KEY, rows.keys),
            (INSERT_CLAIM, rows.claims),
            (INSERT_EDGE, rows.edges),
            (INSERT_MENTION, rows.mentions),
            (INSERT_DEADLINE, rows.deadlines),
            (INSERT_CHANGE, rows.changes),
        ])
    }

    /// Unique values no other record of the kind may have.
    pub(crate) fn check_claims(
        &self,
        me: Option<&Asker>,
        after: &Whole,
        derived: &Derived,
        earlier: Option<&Derived>,
    ) -> Result<()> {
        for (field, value) in &derived.claims {
            if earlier.is_some_and(|old| old.claims.contains(&(field.clone(), value.clone()))) {
                continue;
            }
            let asked =
                [after.kind.as_str().into(), field.as_str().into(), value.as_str().into(), after.row.into()];
            if let Some(row) = self.conn.one(CLAIMED, &asked)? {
                let by = self.shown(me, row.int(0)?)?.map(Box::new);
                return Err(Fault::Claimed { field: field.clone(), value: value.clone(), by });
            }
        }
        Ok(())
    }

    fn shown(&self, me: Option<&Asker>, row: i64) -> Result<Option<Item>> {
        let (Some(me), Some(item)) = (me, self.item(&Key::Row(row))?) else { return Ok(None) };
        Ok(self.admits(me, &item)?.map(|_| item))
    }

    /// Every reference leads to a record of a fitting kind; new ones to a record the asker may read; none in a circle.
    pub(crate) fn check_references(
        &self,
        me: Option<&Asker>,
        after: &Whole,
        derived: &Derived,
        earlier: Option<&Derived>,
    ) -> Result<Known> {
        let mut wanted: Vec<RecordId> = derived.edges.iter().map(|edge| edge.to).chain(after.owner).collect();
        wanted.sort();
        wanted.dedup();
        wanted.retain(|id| *id != after.id);
        let known: Known = self.items(&wanted)?.into_iter().map(|item| (item.id, item)).collect();
        let old = earlier.map(|derived| derived.edges.as_slice()).unwrap_or_default();
        let fresh: Vec<_> = derived.edges.iter().filter(|edge| !old.contains(edge)).collect();
        let kind = self.kind(&after.kind)?;
        let mut faults = Vec::new();
        for edge in &fresh {
            match known.get(&edge.to) {
                Some(to) if !fits(kind, &edge.field, &to.kind) => faults.push((edge, "reference-kind")),
                Some(_) => {}
                None if edge.to == after.id && edge.field != PARENT => {}
                None if edge.to == after.id => return Err(Fault::Cycle { field: edge.field.clone() }),
                None => faults.push((edge, "reference-unknown")),
            }
        }
        if let (Some(me), true) = (me, faults.is_empty()) {
            let readable =
                self.readable(me, &fresh.iter().map(|edge| edge.to).collect::<Vec<_>>(), after, &known)?;
            faults
                .extend(fresh.iter().filter(|e| !readable.contains(&e.to)).map(|e| (e, "reference-unknown")));
            self.check_opening(me, after, &known)?;
        }
        if !faults.is_empty() {
            return Err(Fault::Invalid(
                faults.into_iter().map(|(edge, code)| fault(&edge.field, code)).collect(),
            ));
        }
        self.check_circle(
            after,
            &fresh.iter().map(|edge| (edge.field.as_str(), edge.to)).collect::<Vec<_>>(),
            &known,
        )?;
        Ok(known)
    }

    fn readable(
        &self,
        me: &Asker,
        wanted: &[RecordId],
        after: &Whole,
        known: &Known,
    ) -> Result<Vec<RecordId>> {
        let mut found = vec![after.id];
        found.extend(me.person.iter().chain(&me.organizations));
        let others = wanted.iter().filter(|id| !found.contains(id)).filter_map(|id| known.get(id).cloned());
        let others = self.readable_of(me, others.collect())?;
        found.extend(others.into_iter().map(|(item, _)| item.id));
        Ok(found)
    }

    /// Only who owns a record may open its sealed layer to others.
    fn check_opening(&self, me: &Asker, after: &Whole, known: &Known) -> Result<()> {
        if after.kind != TIE || after.type_path != OPENING {
            return Ok(());
        }
        let from = crate::derive::text_of(&after.fields, FROM).and_then(|text| text.parse().ok());
        let Some(item) = from.and_then(|id: RecordId| known.get(&id)) else { return Ok(()) };
        match self.admits(me, item)?.map(|access| access.standing) {
            Some(Standing::Own) => Ok(()),
            _ => Err(Fault::NotAllowed),
        }
    }

    fn check_circle(&self, after: &Whole, fresh: &[(&str, RecordId)], known: &Known) -> Result<()> {
        let depth: Value = base::limits::PARENT_DEPTH_MAX.into();
        for (field, to) in fresh.iter().filter(|(field, _)| *field == PARENT) {
            let Some(above) = known.get(to) else { continue };
            let asked = [above.row.into(), (*field).into(), depth.clone(), after.row.into()];
            if above.row == after.row || self.conn.one(PARENTS, &asked)?.is_some() {
                return Err(Fault::Cycle { field: (*field).to_owned() });
            }
        }
        Ok(())
    }
}

/// Whether a reference field takes records of this kind.
fn fits(kind: &Kind, path: &str, of: &str) -> bool {
    let mut fields = &kind.fields;
    let mut shape = None;
    for name in path.split('.') {
        shape = fields.iter().find(|field| field.name == name).map(|field| &field.shape);
        if let Some(catalogue::Shape::Group(parts)) = shape {
            fields = parts;
        }
    }
    match shape {
        Some(catalogue::Shape::Reference(kinds)) => kinds.is_empty() || kinds.iter().any(|kind| kind == of),
        _ => false,
    }
}

fn fault(field: &str, code: &'static str) -> catalogue::Fault {
    catalogue::Fault { field: field.to_owned(), code, args: Vec::new() }
}

fn row_of(known: &Known, after: &Whole, id: RecordId) -> Result<i64> {
    match known.get(&id) {
        Some(item) => Ok(item.row),
        None if id == after.id => Ok(after.row),
        None => Err(Fault::field("owner", "reference-unknown")),
    }
}

fn due_text(whole: &Whole) -> String {
    whole.due().map_or_else(|| NO_DUE.to_owned(), |due| due.to_string())
}

fn record_row(after: &Whole, derived: &Derived, owner: Option<i64>, now: Timestamp) -> Vec<Value> {
    vec![
        after.row.into(),
        after.id.into(),
        after.kind.as_str().into(),
        after.number.path().into(),
        after.type_path.as_str().into(),
        "".into(),
        after.place.as_ref().map(Place::code).into(),
        owner.into(),
        after.stage.as_str().into(),
        after.version.into(),
        derived.day.clone().into(),
        audience_number(after.audience).into(),
        derived.title.as_str().into(),
        due_text(after).into(),
        Value::Null,
        false.into(),
        after.created_at.into(),
        now.into(),
    ]
}

fn edge_rows<'a>(
    after: &'a Whole,
    derived: &'a Derived,
    known: &'a Known,
) -> impl Iterator<Item = Result<Vec<Value>>> + 'a {
    derived.edges.iter().map(move |edge| {
        Ok(vec![
            after.row.into(),
            edge.field.as_str().into(),
            row_of(known, after, edge.to)?.into(),
            after.kind.as_str().into(),
            edge.assigns.into(),
            derived.since.clone().into(),
            derived.until.clone().into(),
        ])
    })
}

/// What the chain says of the layers of one change: number and hash of each.
pub(crate) fn layer_hashes(text: &str) -> BTreeMap<i64, String> {
    let pairs = text.split_whitespace().filter_map(|pair| pair.split_once(':'));
    pairs.filter_map(|(layer, hash)| Some((layer.parse().ok()?, hash.to_owned()))).collect()
}
