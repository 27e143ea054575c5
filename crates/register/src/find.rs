//! Single records: found by key, shown as far as the asker may read, never told apart from absent ones otherwise.

use std::collections::HashMap;

use base::day::Day;
use base::id::RecordId;
use base::limits::PAGE_ROWS_MAX;
use base::number::Number;
use base::place::Place;
use catalogue::access::{layers, may};
use catalogue::kind::Verb;
use catalogue::{Access, Asker, Fields, Kind, Layer, Standing, Subject};
use jiff::civil::Date;

use crate::chain::{audience_of, layer_of};
use crate::db::{Row, Sql, Value};
use crate::fault::{Fault, Result};
use crate::fields::{FROM, OPENING, TIE, TO};
use crate::reader::{Reader, among, ids};
use crate::record::{Direction, Doc, Edge, Item, Key, Record};

/// The columns of an [`Item`], from `record r` and its owner `o`.
macro_rules! item_columns {
    () => {
        "r.row, r.id, r.number, r.kind, r.type_path, r.stage, r.title, r.place, o.id, r.day, r.due, \
         r.audience, r.version, r.created_us, r.changed_us, r.merged"
    };
}
pub(crate) use item_columns;

/// How many columns an [`Item`] takes.
pub(crate) const ITEM_WIDTH: usize = 16;
/// The due text of a record without a running clock: it sorts last.
pub(crate) const NO_DUE: &str = "9999-12-31";
/// Steps from a merged record to the one kept; merging into a merged record is refused, so one is usual.
const MERGES_MAX: usize = 8;
/// Edges of one field read at most: who may read none of so many sees none.
const EDGES_MAX: usize = 1_000;

const BY_ID: Sql = concat!(
    "select ",
    item_columns!(),
    " from record r left join record o on o.row = r.owner where r.id = $1"
);
const BY_ROW: Sql = concat!(
    "select ",
    item_columns!(),
    " from record r left join record o on o.row = r.owner where r.row = $1"
);
const BY_NUMBER: Sql = concat!(
    "select ",
    item_columns!(),
    " from record r left join record o on o.row = r.owner where r.kind = $1 and r.number = $2"
);
const BY_IDS: Sql =
    concat!("select ", item_columns!(), " from record r left join record o on o.row = r.owner where r.id ");
// The fields by which a record is linked, one step along the index to each: ten thousand ties of one field cost one.
const FIELDS_FROM: Sql = "with recursive f (name) as (
       select min(e.field) from edge e where e.from_row = $1
       union all select (select min(e.field) from edge e where e.from_row = $1 and e.field > f.name)
       from f where f.name is not null)
     select name from f where name is not null";
const FIELDS_TO: Sql = "with recursive f (name) as (
       select min(e.field) from edge e where e.to_row = $1
       union all select (select min(e.field) from edge e where e.to_row = $1 and e.field > f.name)
       from f where f.name is not null)
     select name from f where name is not null";
const EDGES_FROM: Sql = concat!(
    "select ",
    item_columns!(),
    ", e.since, e.until from edge e cross join record r left join record o on o.row = r.owner ",
    "where e.from_row = $1 and e.field = $2 and r.row = e.to_row order by e.to_row desc limit $3"
);
const EDGES_TO: Sql = concat!(
    "select ",
    item_columns!(),
    ", e.since, e.until from edge e cross join record r left join record o on o.row = r.owner ",
    "where e.to_row = $1 and e.field = $2 and r.row = e.from_row order by e.from_row desc limit $3"
);
const LAYERS: Sql = "select layer, body from layer where record = $1 and live = 1 order by layer";
const KEYS: Sql = "select record, field, value from key where own >= 1 and record ";
const ASSIGNED: Sql = "select r.id from edge e cross join record r
     where e.from_row = $1 and (e.assigns + 0) = 1 and r.row = e.to_row order by e.field, e.to_row";
const OPENINGS: Sql =
    "select r.stage, e.until from edge e cross join record r cross join edge t cross join record w
     where e.to_row = $1 and e.field = $2 and r.row = e.from_row and (r.kind || '') = $3 and r.type_path = $4
     and t.from_row = r.row and t.field = $5 and w.row = t.to_row and w.id ";

/// Statements of this room, for the proof of plans.
pub(crate) const STATEMENTS: &[Sql] =
    &[BY_ID, BY_ROW, BY_NUMBER, FIELDS_FROM, FIELDS_TO, EDGES_FROM, EDGES_TO, LAYERS, ASSIGNED];
/// Beginnings that a list of values completes.
pub(crate) const OPEN_STATEMENTS: &[Sql] = &[BY_IDS, KEYS];

/// Whether a reader by this access is told what a field says; the parts of a group are told with it.
fn tells(kind: Option<&Kind>, field: &str, access: &Access) -> bool {
    let head = field.split('.').next().unwrap_or_default();
    let layer = kind.and_then(|kind| kind.field(head)).map(|field| field.layer);
    layer.is_none_or(|layer| layers(access).contains(&layer))
}

impl Reader<'_> {
    /// The record, as far as the asker may read it; a merged one leads to the one that was kept.
    ///
    /// Errors: `not-found`, whether absent or unreadable.
    pub fn find(&self, me: &Asker, key: &Key) -> Result<Record> {
        let item = self.item(key)?.ok_or(Fault::NotFound)?;
        let subject = self.subject_of(&item)?;
        let kind = self.kind(&item.kind)?;
        let access = may(kind, me, &subject, &Verb::Read).ok_or(Fault::NotFound)?;
        self.record(me, item, subject, access)
    }

    /// What the access rule looks at in a record.
    pub fn subject(&self, row: i64) -> Result<Subject> {
        let item = self.item(&Key::Row(row))?.ok_or(Fault::NotFound)?;
        self.subject_of(&item)
    }

    /// Records at the other ends of edges, those the asker may read; `field` none is every field.
    ///
    /// Of each field at most `first`, newest first, so that many links of one do not crowd out the others.
    pub fn edges(
        &self,
        me: &Asker,
        row: i64,
        direction: Direction,
        field: Option<&str>,
        first: usize,
    ) -> Result<Vec<Edge>> {
        let (names, ends) = match direction {
            Direction::From => (FIELDS_FROM, EDGES_FROM),
            Direction::To => (FIELDS_TO, EDGES_TO),
        };
        let fields = match field {
            Some(name) => vec![name.to_owned()],
            None => {
                self.conn.query(names, &[row.into()])?.iter().map(|r| r.text(0)).collect::<Result<_>>()?
            }
        };
        let (first, mut found) = (first.min(EDGES_MAX), Vec::new());
        for field in fields {
            // Mostly all may be read; only where some may not is more looked at than shown.
            let (edges, all) = self.edges_of(me, (ends, row, &field), first)?;
            let edges = if all { edges } else { self.edges_of(me, (ends, row, &field), EDGES_MAX)?.0 };
            found.extend(edges.into_iter().take(first));
        }
        self.owners(
            me,
            &mut found.iter_mut().map(|(edge, access)| (&mut edge.item, &*access)).collect::<Vec<_>>(),
        )?;
        Ok(found.into_iter().map(|(edge, _)| edge).collect())
    }

    /// The readable among the newest so many edges of a field, and whether these were all there are or all readable.
    fn edges_of(
        &self,
        me: &Asker,
        (sql, row, field): (Sql, i64, &str),
        most: usize,
    ) -> Result<(Vec<(Edge, Access)>, bool)> {
        let rows = self.conn.query(sql, &[row.into(), field.into(), most.into()])?;
        let items: Vec<Item> = rows.iter().map(read_item).collect::<Result<_>>()?;
        let admitted = self.admitted(me, &items)?;
        let mut found = Vec::with_capacity(items.len());
        for ((row, item), access) in rows.iter().zip(items).zip(admitted) {
            // Where the link is told in a layer this asker does not read, there is none.
            let tells = |access: &Access| sql != EDGES_TO || tells(self.kind(&item.kind).ok(), field, access);
            let Some(access) = access.filter(tells) else { continue };
            let (since, until) = (row.text_or_null(ITEM_WIDTH)?, row.text_or_null(ITEM_WIDTH + 1)?);
            found.push((Edge { field: field.to_owned(), item, since, until }, access));
        }
        let all = rows.len() < most || found.len() == rows.len();
        Ok((found, all))
    }

    /// The headings of these records, where the asker may read them.
    pub fn titles(&self, me: &Asker, wanted: &[RecordId]) -> Result<HashMap<RecordId, String>> {
        let found = self.readable_of(me, self.items(wanted)?)?;
        Ok(found.into_iter().map(|(item, _)| (item.id, item.title)).collect())
    }

    /// A record as the search index takes it in; none when it is erased or merged.
    pub fn document(&self, row: i64) -> Result<Option<Doc>> {
        let Some(found) = self.conn.one(BY_ROW, &[row.into()])? else { return Ok(None) };
        let mut item = read_item(&found)?;
        let mut layers = self.layers(row)?;
        if found.int_or_null(ITEM_WIDTH - 1)?.is_some() || layers.is_empty() {
            return Ok(None);
        }
        let subject = self.subject_of(&item)?;
        self.with_keys(std::slice::from_mut(&mut item), |_| &[Layer::Open, Layer::Inside])?;
        let mut take = |layer| layers.remove(&layer).unwrap_or_default();
        Ok(Some(Doc { subject, item, open: take(Layer::Open), inside: take(Layer::Inside) }))
    }

    fn found(&self, key: &Key) -> Result<Option<Row>> {
        match key {
            Key::Id(id) => self.conn.one(BY_ID, &[(*id).into()]),
            Key::Number(kind, number) => {
                self.conn.one(BY_NUMBER, &[kind.as_str().into(), number.path().into()])
            }
            Key::Row(row) => self.conn.one(BY_ROW, &[(*row).into()]),
        }
    }

    /// The item under a key, merges followed; whoever asks.
    pub(crate) fn item(&self, key: &Key) -> Result<Option<Item>> {
        let mut found = self.found(key)?;
        for _ in 0..MERGES_MAX {
            match found.as_ref().map(|row| row.int_or_null(ITEM_WIDTH - 1)).transpose()?.flatten() {
                Some(kept) => found = self.conn.one(BY_ROW, &[kept.into()])?,
                None => break,
            }
        }
        found.as_ref().map(read_item).transpose()
    }

    /// The item of this very key: merges are not followed.
    pub(crate) fn unmerged(&self, key: &Key) -> Result<Option<Item>> {
        self.found(key)?.as_ref().map(read_item).transpose()
    }

    /// The items of these ids that exist.
    pub(crate) fn items(&self, wanted: &[RecordId]) -> Result<Vec<Item>> {
        let mut found = Vec::with_capacity(wanted.len());
        for part in wanted.chunks(PAGE_ROWS_MAX) {
            let (list, values) = among(0, &ids(part));
            for row in self.conn.query(&format!("{BY_IDS}{list}"), &values)? {
                found.push(read_item(&row)?);
            }
        }
        Ok(found)
    }

    pub(crate) fn subject_of(&self, item: &Item) -> Result<Subject> {
        let assigned = self.conn.query(ASSIGNED, &[item.row.into()])?;
        let assigned = assigned.iter().map(|row| row.id(0)).collect::<Result<_>>()?;
        Ok(Subject { assigned, ..unassigned(item) })
    }

    /// What someone is shown who filed a record they may not read: its open layer, as anyone's.
    pub(crate) fn receipt(&self, me: &Asker, key: &Key) -> Result<Record> {
        let item = self.item(key)?.ok_or(Fault::NotFound)?;
        let subject = self.subject_of(&item)?;
        self.record(me, item, subject, Access { standing: Standing::Anyone, role: None, open: true })
    }

    /// What was filed under an id that its filer alone can have drawn, as its filer may see it. Never for an id that others
    /// could name.
    pub fn filed_before(&self, me: &Asker, id: RecordId) -> Result<Option<Record>> {
        match self.receipt(me, &Key::Id(id)) {
            Ok(record) => Ok(Some(record)),
            Err(Fault::NotFound) => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    fn record(&self, me: &Asker, mut item: Item, subject: Subject, access: Access) -> Result<Record> {
        let admitted = layers(&access);
        self.with_keys(std::slice::from_mut(&mut item), |_| admitted)?;
        self.owners(me, &mut [(&mut item, &access)])?;
        let mut fields = Fields::new();
        let mut sealed = false;
        for (layer, mut texts) in self.layers(item.row)? {
            match layer {
                Layer::Sealed => sealed = true,
                _ if admitted.contains(&layer) => fields.append(&mut texts),
                _ => {}
            }
        }
        let opens = if sealed { self.opens(me, &item, &access)? } else { None };
        let moves: Vec<_> = self.kind(&item.kind)?.moves_from(&item.stage).collect();
        let shown = (item.row, item.id, subject.owner, &fields);
        let around = self.around_shown(me, &moves, shown)?;
        Ok(Record {
            item,
            subject,
            access,
            fields,
            sealed,
            may_open: opens.is_some(),
            opens_until: opens.flatten(),
            around,
        })
    }

    /// Until when the asker may open the sealed layer: as owner for ever, or named by a live `opening` tie to its last day.
    /// None: not at all; the longest, where there are several. A link opens nothing beyond its record, and nothing as the
    /// owner's where somebody else handed it out.
    pub(crate) fn opens(&self, me: &Asker, item: &Item, access: &Access) -> Result<Option<Option<Date>>> {
        if me.is_kept_from(item.id) {
            return Ok(None);
        }
        if access.standing == Standing::Own {
            return Ok(me.only.as_ref().is_none_or(|only| !only.handed).then_some(None));
        }
        let mine: Vec<RecordId> = me.person.iter().chain(&me.organizations).copied().collect();
        let Some(tie) = self.shared.catalogue.kind(TIE).filter(|_| !mine.is_empty()) else {
            return Ok(None);
        };
        let (list, asking) = among(5, &ids(&mine));
        let mut values: Vec<Value> = vec![item.row.into()];
        values.extend([FROM, TIE, OPENING, TO].map(Value::from));
        values.extend(asking);
        let mut longest: Option<Option<Date>> = None;
        for row in self.conn.query(&format!("{OPENINGS}{list}"), &values)? {
            if !is_live(tie, &row.text(0)?) {
                continue;
            }
            let until = row.text_or_null(1)?.and_then(|text| Day::parse(&text).ok()).map(|day| day.last());
            longest = match (longest, until) {
                (Some(None), _) | (_, None) => Some(None),
                (Some(Some(before)), Some(day)) => Some(Some(before.max(day))),
                (None, Some(day)) => Some(Some(day)),
            };
        }
        Ok(longest)
    }

    /// The live layers of a record.
    pub(crate) fn layers(&self, row: i64) -> Result<std::collections::BTreeMap<Layer, Fields>> {
        let mut found = std::collections::BTreeMap::new();
        for row in self.conn.query(LAYERS, &[row.into()])? {
            if let Some(body) = row.text_or_null(1)? {
                let fields = serde_json::from_str(&body).map_err(|e| Fault::storage("damaged layer", e))?;
                found.insert(layer_of(row.int(0)?)?, fields);
            }
        }
        Ok(found)
    }

    /// Fills in the own listed values of items, of the layers that `of` admits for each.
    pub(crate) fn with_keys<'l>(&self, items: &mut [Item], of: impl Fn(i64) -> &'l [Layer]) -> Result<()> {
        let rows: Vec<Value> = items.iter().map(|item| item.row.into()).collect();
        let (list, values) = among(0, &rows);
        let mut found: HashMap<i64, Vec<(String, String)>> = HashMap::new();
        for row in self.conn.query(&format!("{KEYS}{list}"), &values)? {
            found.entry(row.int(0)?).or_default().push((row.text(1)?, row.text(2)?));
        }
        for item in items {
            let (kind, admitted) = (self.kind(&item.kind)?, of(item.row));
            item.keys = found.remove(&item.row).unwrap_or_default();
            item.keys.retain(|(field, value)| !value.is_empty() && shows(kind, field, admitted));
            item.keys.sort();
        }
        Ok(())
    }
}

/// Whether a listed field shows in items whose layers these are.
pub(crate) fn shows(kind: &Kind, field: &str, admitted: &[Layer]) -> bool {
    kind.fields
        .iter()
        .any(|f| f.name == field && f.list && f.name != kind.title && admitted.contains(&f.layer))
}

/// Whether a tie at this stage is in force. Only the owner of a record can make an opening of it (see `whole`).
fn is_live(tie: &Kind, stage: &str) -> bool {
    tie.stages.iter().any(|s| s.name == stage && !s.closed)
}

/// The subject of an item, as if nobody were assigned.
pub(crate) fn unassigned(item: &Item) -> Subject {
    Subject {
        id: item.id,
        kind: item.kind.clone(),
        type_path: item.type_path.clone(),
        stage: item.stage.clone(),
        owner: item.owner,
        place: item.place.clone(),
        audience: item.audience,
        assigned: Vec::new(),
    }
}

pub(crate) fn read_item(row: &Row) -> Result<Item> {
    Ok(Item {
        row: row.int(0)?,
        id: row.id(1)?,
        number: read_number(&row.text(2)?)?,
        kind: row.text(3)?,
        type_path: row.text(4)?,
        stage: row.text(5)?,
        title: row.text(6)?,
        place: read_place(row.text_or_null(7)?)?,
        owner: row.id_or_null(8)?,
        owner_title: None,
        day: row.text_or_null(9)?,
        due: read_due(&row.text(10)?)?,
        audience: audience_of(row.int(11)?)?,
        version: read_version(row.int(12)?)?,
        keys: Vec::new(),
        created_at: row.time(13)?,
        changed_at: row.time(14)?,
    })
}

fn read_number(text: &str) -> Result<Number> {
    Number::parse(text).map(|(number, _)| number).map_err(|_| Fault::damaged("number"))
}

pub(crate) fn read_place(text: Option<String>) -> Result<Option<Place>> {
    text.map(|text| text.parse().map_err(|_| Fault::damaged("place"))).transpose()
}

pub(crate) fn read_due(text: &str) -> Result<Option<Date>> {
    if text == NO_DUE {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|e| Fault::storage("damaged due day", e))
}

pub(crate) fn read_version(number: i64) -> Result<u64> {
    u64::try_from(number).map_err(|e| Fault::storage("damaged version", e))
}
