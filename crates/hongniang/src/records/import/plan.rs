//! What a table would do to the register, found without doing it: what is new, what differs, what is as it was, and
//! every fault by row. Then the same thing done, all of it or nothing.
//!
//! A row with a number is compared with the record that has it; a row without one is a new record. The register's own
//! checks are asked by a write that is taken back. Shared by the pages and the command line. Start at [`Import::plan`],
//! then [`Import::file`].

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::mpsc::channel;

use base::id::RecordId;
use base::number::Number;
use catalogue::value::{Fault, Fields};
use catalogue::{Asker, Field, Kind, Layer};
use jiff::Timestamp;
use register::{Key, New, Reader, Record, Writer};
use serde_json::Value;

use super::table::{Cell, Row, Table};
use crate::app::App;
use crate::locale::Lang;
use crate::records::cells::{Lens, Pen};
use crate::records::{export, key_at};
use crate::trouble::Trouble;

use super::columns::{Column, recognise};
use super::{stage_named, type_named};

/// Rows read, or tried, at a time: other readers and writers come in between.
const TOGETHER: usize = 500;
/// The fault of a column that only moves, forms or the house itself write.
const NOT_WRITABLE: &str = "not-writable";

/// How many records a table makes, changes and leaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// New ones.
    pub created: usize,
    /// Those that differ.
    pub revised: usize,
    /// Those that are as the table says.
    pub unchanged: usize,
}

/// What a table would do.
#[derive(Debug, Default)]
pub struct Plan {
    /// Headings and what each was recognised as.
    pub columns: Vec<(String, Option<Column>)>,
    /// Its columns have letters.
    pub lettered: bool,
    /// Faults by row number, in the order of the rows.
    pub faults: Vec<(usize, Fault)>,
    creates: Vec<(usize, New)>,
    changes: Vec<(usize, Change)>,
    unchanged: usize,
}

/// New fields of a record that is there.
#[derive(Clone, Debug)]
struct Change {
    row: i64,
    version: u64,
    fields: Fields,
}

/// A table coming in.
#[derive(Clone, Copy)]
pub struct Import<'a> {
    /// The application.
    pub app: &'a App,
    /// Who brings it.
    pub asker: &'a Asker,
    /// Kind of its rows.
    pub kind: &'a Kind,
    /// Language a cell is compared in before it is read.
    pub lang: Lang,
    /// When the table was looked at before: what changed since and differs is stale.
    pub since: Option<Timestamp>,
}

impl Plan {
    /// What it would do.
    pub fn counts(&self) -> Counts {
        Counts { created: self.creates.len(), revised: self.changes.len(), unchanged: self.unchanged }
    }

    /// A column as the file calls it: “D 所在地”; the heading alone where columns have no letters.
    pub fn heading(&self, name: &str) -> Option<String> {
        let is_it =
            |(_, column): &(String, Option<Column>)| column.as_ref().is_some_and(|c| c.name() == name);
        let at = self.columns.iter().position(is_it)?;
        let (heading, _) = self.columns.get(at)?;
        Some(if self.lettered { format!("{} {heading}", letters(at)) } else { heading.clone() })
    }
}

/// A column's letters: A, B, … Z, AA.
fn letters(at: usize) -> String {
    let last = char::from(b'A' + u8::try_from(at % 26).unwrap_or_default());
    if at < 26 { last.to_string() } else { format!("{}{last}", letters(at / 26 - 1)) }
}

impl Import<'_> {
    /// Reads a whole table and tries what it asks for; `step` hears how many rows of how many were read.
    pub fn plan(&self, table: &Table, mut step: impl FnMut(usize, usize)) -> Result<Plan, Trouble> {
        let (columns, doubled) = recognise(self.app, self.kind, table);
        let mut plan = Plan { columns, lettered: table.lettered, ..Plan::default() };
        plan.faults.extend(doubled.into_iter().map(|fault| (1, fault)));
        let mut seen = Seen::default();
        for (at, rows) in table.rows.chunks(TOGETHER).enumerate() {
            step(at * TOGETHER, table.rows.len());
            self.app.register().read(|reader| Ok(self.read(reader, rows, &mut plan, &mut seen)))??;
        }
        self.rehearse(&mut plan)?;
        plan.faults.sort_by_key(|(row, _)| *row);
        Ok(plan)
    }

    fn read(
        &self,
        reader: &Reader<'_>,
        rows: &[Row],
        plan: &mut Plan,
        seen: &mut Seen,
    ) -> Result<(), Trouble> {
        let known = RefCell::new(std::mem::take(&mut seen.names));
        let names = Names { reader, asker: self.asker, known, trouble: RefCell::default() };
        for row in rows {
            let mut reading = Reading { import: *self, reader, names: &names, faults: Vec::new() };
            let found = reading.row(&plan.columns, row)?;
            reading.once(&found, row.number, seen);
            plan.faults.extend(reading.faults.into_iter().map(|fault| (row.number, fault)));
            match found {
                Found::Nothing => {}
                Found::Same(_) => plan.unchanged += 1,
                Found::New(new) => plan.creates.push((row.number, new)),
                Found::Differs(change) => plan.changes.push((row.number, change)),
            }
        }
        seen.names = names.known.into_inner();
        names.trouble.into_inner().map_or(Ok(()), Err)
    }

    /// Asks the register what it would say to the rows that read well, in writes that are taken back.
    fn rehearse(&self, plan: &mut Plan) -> Result<(), Trouble> {
        let faulty: std::collections::HashSet<usize> = plan.faults.iter().map(|(row, _)| *row).collect();
        let sound = |row: &usize| !faulty.contains(row);
        let creates: Vec<_> = plan.creates.iter().filter(|(row, _)| sound(row)).cloned().collect();
        let changes: Vec<_> = plan.changes.iter().filter(|(row, _)| sound(row)).cloned().collect();
        let parts = creates.chunks(TOGETHER).map(|part| (part.to_vec(), Vec::new()));
        for (creates, changes) in
            parts.chain(changes.chunks(TOGETHER).map(|part| (Vec::new(), part.to_vec())))
        {
            plan.faults.extend(self.write(creates, changes, |_| Ok(false))?);
        }
        Ok(())
    }

    /// Does what a plan says in one write, or nothing of it; whether it stands. If not, the plan's faults say why.
    /// `last` runs in the same write and may still take it back.
    pub fn file(
        &self,
        plan: &mut Plan,
        last: impl FnOnce(&mut Writer<'_>) -> register::Result<bool> + Send + 'static,
    ) -> Result<bool, Trouble> {
        if plan.faults.is_empty() {
            plan.faults = self.write(plan.creates.clone(), plan.changes.clone(), last)?;
        }
        Ok(plan.faults.is_empty())
    }

    /// One write: kept if nothing is faulty and `keep` says so, taken back otherwise.
    fn write(
        &self,
        creates: Vec<(usize, New)>,
        changes: Vec<(usize, Change)>,
        keep: impl FnOnce(&mut Writer<'_>) -> register::Result<bool> + Send + 'static,
    ) -> Result<Vec<(usize, Fault)>, Trouble> {
        let (me, kind, (tell, told)) = (self.asker.clone(), self.kind.name.clone(), channel());
        let written = self.app.register().write_now(self.app.now(), move |writer| {
            let faults = apply(writer, &me, &kind, creates, changes)?;
            let stands = faults.is_empty() && keep(writer)?;
            let _ = tell.send(faults);
            if stands { Ok(()) } else { Err(register::Fault::Invalid(Vec::new())) }
        });
        match (written, told.try_recv()) {
            (Ok(_), _) => Ok(Vec::new()),
            (Err(register::Fault::Invalid(_)), Ok(faults)) => Ok(faults),
            (Err(fault), _) => Err(fault.into()),
        }
    }
}

/// Files and revises; every fault by row number.
fn apply(
    writer: &mut Writer<'_>,
    me: &Asker,
    kind: &str,
    creates: Vec<(usize, New)>,
    changes: Vec<(usize, Change)>,
) -> register::Result<Vec<(usize, Fault)>> {
    let (rows, batch): (Vec<usize>, Vec<New>) = creates.into_iter().unzip();
    let mut faults = Vec::new();
    if !batch.is_empty() {
        let answers = writer.import_keys(me, kind, batch)?;
        for (row, answer) in rows.into_iter().zip(answers) {
            if let Err(fault) = answer {
                faults.extend(of_row(fault)?.into_iter().map(|fault| (row, fault)));
            }
        }
    }
    for (row, change) in changes {
        if let Err(fault) = writer.revise(me, &Key::Row(change.row), change.version, change.fields) {
            faults.extend(of_row(fault)?.into_iter().map(|fault| (row, fault)));
        }
    }
    Ok(faults)
}

/// The faults of a row in a refusal; what is no row's fault is the whole write's.
fn of_row(fault: register::Fault) -> register::Result<Vec<Fault>> {
    Ok(match fault {
        register::Fault::Invalid(faults) => faults,
        register::Fault::Claimed { field, value, by } => {
            let by = by.map_or(value, |by| by.title);
            vec![Fault::new(field, "claimed").with("by", by)]
        }
        register::Fault::Cycle { field } => vec![Fault::new(field, "cycle")],
        register::Fault::NotAllowed => vec![Fault::new("", "not-allowed")],
        register::Fault::NotFound => vec![Fault::new("number", "no-such-number").with("name", "")],
        register::Fault::Stale { .. } => vec![Fault::new("version", "stale")],
        other => return Err(other),
    })
}

/// What earlier rows said, so that no two say the same thing of one record.
#[derive(Default)]
struct Seen {
    /// Records by row of the store, and the row of the table.
    records: HashMap<i64, usize>,
    /// Unique values, and the row of the table.
    claims: HashMap<(String, String), usize>,
    names: Known,
}

/// What a row is.
enum Found {
    /// Empty, or too faulty to say.
    Nothing,
    Same(i64),
    New(New),
    Differs(Change),
}

/// One row being read.
struct Reading<'a> {
    import: Import<'a>,
    reader: &'a Reader<'a>,
    names: &'a Names<'a>,
    faults: Vec<Fault>,
}

/// The recognised cells of a row.
type Given<'r> = Vec<(&'r Column, &'r Cell)>;

/// The text under a column, if there is one.
fn text(given: &Given<'_>, column: &Column) -> Option<String> {
    given.iter().find(|(found, _)| *found == column).and_then(|(_, cell)| cell.text())
}

impl<'a> Reading<'a> {
    fn row(&mut self, columns: &[(String, Option<Column>)], row: &Row) -> Result<Found, Trouble> {
        let known = columns.iter().zip(&row.cells).filter(|(_, cell)| **cell != Cell::Absent);
        let given: Given<'_> =
            known.filter_map(|((_, column), cell)| Some((column.as_ref()?, cell))).collect();
        match text(&given, &Column::Number) {
            None => Ok(self.fresh(&given)),
            Some(number) => match self.existing(&number)? {
                Some(record) => self.compared(&given, &record),
                None => Ok(Found::Nothing),
            },
        }
    }

    fn fault(&mut self, column: &Column, code: &'static str, name: &str) {
        self.faults.push(Fault::new(column.name(), code).with("name", name));
    }

    fn existing(&mut self, number: &str) -> Result<Option<Record>, Trouble> {
        if let Ok(key) = key_at(self.import.kind, number) {
            match self.reader.find(self.import.asker, &key) {
                Ok(record) if is_numbered(&record, &key) => return Ok(Some(record)),
                Ok(_) | Err(register::Fault::NotFound) => {}
                Err(fault) => return Err(fault.into()),
            }
        }
        self.fault(&Column::Number, "no-such-number", number);
        Ok(None)
    }

    /// A row without a number: a new record.
    fn fresh(&mut self, given: &Given<'_>) -> Found {
        let kind = self.import.kind;
        let type_path =
            self.type_of(given).or(kind.types.first().map(|t| t.path.as_str())).unwrap_or_default();
        if let Some(stage) = text(given, &Column::Stage)
            && stage_named(kind, &stage) != Some(kind.start_of(type_path))
        {
            self.fault(&Column::Stage, NOT_WRITABLE, &stage);
        }
        let mut fields = Fields::new();
        for (field, cell) in self.fields(given) {
            if let Some(value) = self.value(field, cell)
                && value != Value::Null
            {
                fields.insert(field.name.clone(), value);
            }
        }
        if fields.is_empty() && self.faults.is_empty() {
            return Found::Nothing;
        }
        if !self.faults.is_empty() {
            self.check(type_path, &fields);
        }
        Found::New(New { kind: kind.name.clone(), type_path: type_path.to_owned(), fields, ..New::default() })
    }

    /// What the type asks for beside what could not be read: every fault in one answer.
    fn check(&mut self, type_path: &str, fields: &Fields) {
        let head = |path: &str| path.split('.').next().unwrap_or_default().to_owned();
        let told: Vec<String> = self.faults.iter().map(|fault| head(&fault.field)).collect();
        let checked = self.reader.catalogue().check(&self.import.kind.name, type_path, fields);
        let found = checked.map(|(_, faults)| faults).unwrap_or_default();
        self.faults.extend(found.into_iter().filter(|fault| !told.contains(&head(&fault.field))));
    }

    /// A row with a number: the record as the row would have it.
    fn compared(&mut self, given: &Given<'_>, record: &Record) -> Result<Found, Trouble> {
        let kind = self.import.kind;
        if self.type_of(given).is_some_and(|path| path != record.item.type_path) {
            self.fault(&Column::Type, NOT_WRITABLE, "");
        }
        if text(given, &Column::Stage).is_some_and(|s| stage_named(kind, &s) != Some(&record.item.stage)) {
            self.fault(&Column::Stage, NOT_WRITABLE, "");
        }
        let (mut fields, mut sealed) = (record.fields.clone(), false);
        for (field, cell) in self.fields(given) {
            if self.stands(field, cell, record)? {
                continue;
            }
            let Some(value) = self.value(field, cell) else { continue };
            if fields.get(&field.name).unwrap_or(&Value::Null) == &value {
                continue;
            }
            let of_type = kind.fields_of(&record.item.type_path).any(|known| known.name == field.name);
            let readable = catalogue::access::layers(&record.access).contains(&field.layer);
            match () {
                () if !of_type => self
                    .faults
                    .push(Fault::new(field.name.as_str(), "field-of-other-type").with("name", &field.name)),
                () if field.by_moves || !readable => {
                    self.fault(&Column::Field(field.name.clone()), NOT_WRITABLE, "")
                }
                () if value == Value::Null => drop(fields.remove(&field.name)),
                () => drop(fields.insert(field.name.clone(), value)),
            }
            sealed |= field.layer == Layer::Sealed;
        }
        if fields == record.fields && !sealed {
            return Ok(if self.faults.is_empty() { Found::Same(record.item.row) } else { Found::Nothing });
        }
        let version = self.version(given, record);
        Ok(Found::Differs(Change { row: record.item.row, version, fields }))
    }

    /// Whether a cell is what an export would write now: nothing needs reading then. A blank says nothing of what is
    /// sealed, or what the asker does not read.
    fn stands(&self, field: &Field, cell: &Cell, record: &Record) -> Result<bool, Trouble> {
        let Cell::Text(text) = cell else { return Ok(false) };
        let Some(value) = record.fields.get(&field.name) else { return Ok(text.trim().is_empty()) };
        if text.trim().is_empty() {
            return Ok(false);
        }
        let names = export::names(self.reader, self.import.asker, &[field], std::slice::from_ref(record))?;
        let terms = self.reader.catalogue().terms();
        let pen = Pen { terms, lang: self.import.lang, named: &names };
        Ok(pen.write(field, value).trim() == text.trim())
    }

    /// The version the row was made from, refused if the record has gone on since.
    fn version(&mut self, given: &Given<'_>, record: &Record) -> u64 {
        let now = record.item.version;
        let said = text(given, &Column::Version);
        let read = said.as_ref().map(|text| text.parse::<u64>());
        let moved = self.import.since.is_some_and(|since| record.item.changed_at > since);
        match read {
            Some(Err(_)) => {
                let fault = Fault::new("version", "integer-form").with("text", said.unwrap_or_default());
                self.faults.push(fault);
            }
            Some(Ok(version)) if version != now => self.faults.push(Fault::new("version", "stale")),
            _ if moved => self.faults.push(Fault::new("version", "stale")),
            _ => {}
        }
        now
    }

    /// The type a row names.
    fn type_of(&mut self, given: &Given<'_>) -> Option<&'a str> {
        let said = text(given, &Column::Type)?;
        let found = type_named(self.import.kind, &said);
        if found.is_none() {
            self.faults.push(Fault::new("type", "unknown-type"));
        }
        found
    }

    fn fields<'r>(&self, given: &Given<'r>) -> Vec<(&'a Field, &'r Cell)> {
        let field = |(column, cell): &(&'r Column, &'r Cell)| match column {
            Column::Field(name) => Some((self.import.kind.field(name)?, *cell)),
            _ => None,
        };
        given.iter().filter_map(field).collect()
    }

    fn value(&mut self, field: &Field, cell: &Cell) -> Option<Value> {
        let find = |kinds: &[String], name: &str| self.names.find(kinds, name);
        let lens = Lens { terms: self.reader.catalogue().terms(), find: &find };
        let read = match cell {
            Cell::Text(text) => lens.read(field, text),
            Cell::Json(value) => lens.take(field, value.clone()),
            Cell::Absent => Ok(Value::Null),
        };
        match read {
            Ok(value) => Some(value),
            Err(faults) => {
                self.faults.extend(faults);
                None
            }
        }
    }

    /// No record and no unique value stands in a table twice.
    fn once(&mut self, found: &Found, number: usize, seen: &mut Seen) {
        let (record, fields) = match found {
            Found::Nothing => return,
            Found::Same(row) => (Some(*row), None),
            Found::Differs(change) => (Some(change.row), Some(&change.fields)),
            Found::New(new) => (None, Some(&new.fields)),
        };
        if let Some(row) = record
            && let Some(before) = seen.records.insert(row, number)
        {
            self.faults.push(Fault::new("number", "number-twice").with("row", before));
        }
        let claims = self.import.kind.fields.iter().filter(|field| field.claim);
        for (field, value) in claims.filter_map(|field| Some((field, fields?.get(&field.name)?.as_str()?))) {
            if let Some(before) = seen.claims.insert((field.name.clone(), value.to_owned()), number) {
                self.faults.push(Fault::new(field.name.as_str(), "value-twice").with("row", before));
            }
        }
    }
}

/// Whether a record was found under this very number or id, not as the one that another was merged into.
fn is_numbered(record: &Record, key: &Key) -> bool {
    match key {
        Key::Id(id) => record.item.id == *id,
        Key::Number(_, number) => record.item.number == *number,
        Key::Row(row) => record.item.row == *row,
    }
}

/// Kinds and a name, and the record they mean, if there is one.
type Known = HashMap<(Vec<String>, String), Option<RecordId>>;

/// Records as cells name them: by number, or by a title that no other has.
struct Names<'a> {
    reader: &'a Reader<'a>,
    asker: &'a Asker,
    known: RefCell<Known>,
    /// What went wrong with the store meanwhile.
    trouble: RefCell<Option<Trouble>>,
}

impl Names<'_> {
    fn find(&self, kinds: &[String], name: &str) -> Option<RecordId> {
        let asked = (kinds.to_vec(), name.to_owned());
        if let Some(known) = self.known.borrow().get(&asked) {
            return *known;
        }
        let found = self.look_up(kinds, name).unwrap_or_else(|trouble| {
            self.trouble.replace(Some(trouble));
            None
        });
        self.known.borrow_mut().insert(asked, found);
        found
    }

    fn look_up(&self, kinds: &[String], name: &str) -> Result<Option<RecordId>, Trouble> {
        let number = name.split_whitespace().next().unwrap_or(name);
        let catalogue = self.reader.catalogue();
        let fits = |kind: &&Kind| kinds.is_empty() || kinds.contains(&kind.name);
        for kind in catalogue.kinds().filter(fits) {
            let key = Number::parse(number).ok().filter(|(_, sign)| sign.as_ref() == Some(&kind.sign));
            if let Some((number, _)) = key
                && let Ok(item) = self.reader.seen(self.asker, &Key::Number(kind.name.clone(), number))
            {
                return Ok(Some(item.id));
            }
            if let Some(item) = self.reader.titled(self.asker, &kind.name, name)? {
                return Ok(Some(item.id));
            }
        }
        Ok(None)
    }
}
