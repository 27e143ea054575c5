//! Many records at once: each checked by itself, all that stand written set-wise.

use std::collections::{BTreeMap, HashMap, HashSet};

use base::id::RecordId;
use base::limits::IMPORT_ROWS_MAX;
use catalogue::Asker;
use catalogue::kind::reference;
use serde_json::Value;

use crate::create::CREATE;
use crate::derive::Derived;
use crate::fault::{Fault, Result};
use crate::reckon::Named;
use crate::record::{Key, New, Record};
use crate::whole::Rows;
use crate::writer::Writer;

/// Records written together at most.
const TOGETHER: usize = 500;

/// What records of one group share while they are gathered.
#[derive(Default)]
struct Group {
    rows: Rows,
    /// Ids that came with records which are gathered and not yet written.
    unwritten: HashSet<RecordId>,
    claimed: HashMap<(String, String), i64>,
    series: BTreeMap<String, Serials>,
    owners: Places,
    /// What cases and demands the records name: what rests on them is worked out once all are written.
    naming: Vec<(String, i64, Named)>,
}

impl Writer<'_> {
    /// Files many records of a kind in their order; a faulty one leaves the others be.
    ///
    /// A record may refer to any before it in the batch by the id it came with; a reference to one that comes later
    /// is faulty (`reference-unknown`), as is one to a record that was itself faulty.
    ///
    /// Errors: `too-large`, `storage`. Each record's own faults stand in its place of the answer.
    pub fn import(&mut self, me: &Asker, kind: &str, batch: Vec<New>) -> Result<Vec<Result<Record>>> {
        let keys = self.import_keys(me, kind, batch)?;
        Ok(keys.into_iter().map(|key| key.and_then(|key| self.find_own(me, &key))).collect())
    }

    /// As [`Writer::import`], without reading the records back.
    pub fn import_keys(&mut self, me: &Asker, kind: &str, batch: Vec<New>) -> Result<Vec<Result<Key>>> {
        if batch.len() > IMPORT_ROWS_MAX {
            return Err(Fault::TooLarge { what: "import", most: IMPORT_ROWS_MAX as u64 });
        }
        let mut answers = Vec::with_capacity(batch.len());
        let mut batch = batch.into_iter().map(|new| New { kind: kind.to_owned(), ..new }).peekable();
        while batch.peek().is_some() {
            let group: Vec<New> = batch.by_ref().take(TOGETHER).collect();
            answers.extend(self.import_group(me, group)?);
        }
        Ok(answers)
    }

    fn import_group(&mut self, me: &Asker, group: Vec<New>) -> Result<Vec<Result<Key>>> {
        let mut shared = Group::default();
        let mut answers = Vec::with_capacity(group.len());
        for new in group {
            // Checks look into the tables, so what this record refers to is written before it.
            if refers(&new, &shared.unwritten) {
                self.flush(std::mem::take(&mut shared.rows))?;
                shared.unwritten.clear();
            }
            let id = new.id;
            match self.import_one(me, new, &mut shared) {
                Err(fault @ Fault::Storage(_)) => return Err(fault),
                answer => {
                    shared.unwritten.extend(id.filter(|_| answer.is_ok()));
                    answers.push(answer.map(Key::Row));
                }
            }
        }
        self.flush(shared.rows)?;
        for (kind, row, named) in shared.naming {
            self.regrade_around(&kind, row, &named)?;
        }
        Ok(answers)
    }

    fn import_one(&mut self, me: &Asker, new: New, group: &mut Group) -> Result<i64> {
        let series = &mut group.series;
        let whole = self.prepare(me, new, &mut group.owners, |writer, name| {
            let held = series.entry(name.to_owned()).or_default();
            held.take(|count| writer.serials(name, count))
        })?;
        let derived = self.derived(&whole)?;
        self.check_batch(&derived, &group.claimed)?;
        self.check_claims(Some(me), &whole, &derived, None)?;
        let known = self.check_references(Some(me), &whole, &derived, None)?;
        group.claimed.extend(derived.claims.iter().map(|claim| (claim.clone(), whole.row)));
        self.gather(&mut group.rows, me.into(), CREATE, (None, None), (&whole, &derived), &known)?;
        let named = Named::of(None, &whole);
        group.naming.extend((!named.is_empty()).then(|| (whole.kind.clone(), whole.row, named)));
        Ok(whole.row)
    }

    /// A unique value that an earlier record of the same group has.
    fn check_batch(&self, derived: &Derived, claimed: &HashMap<(String, String), i64>) -> Result<()> {
        match derived.claims.iter().find(|claim| claimed.contains_key(claim)) {
            Some((field, value)) => {
                Err(Fault::Claimed { field: field.clone(), value: value.clone(), by: None })
            }
            None => Ok(()),
        }
    }
}

/// Whether the owner or any text of a record is one of these ids.
fn refers(new: &New, ids: &HashSet<RecordId>) -> bool {
    !ids.is_empty()
        && (new.owner.is_some_and(|id| ids.contains(&id))
            || new.fields.values().any(|value| names(value, ids)))
}

fn names(value: &Value, ids: &HashSet<RecordId>) -> bool {
    match value {
        Value::Array(list) => list.iter().any(|item| names(item, ids)),
        Value::Object(map) => map.values().any(|item| names(item, ids)),
        one => reference(one).is_some_and(|id| ids.contains(&id)),
    }
}

/// Serials taken ahead, so that a group asks the store once per series and not once per record.
#[derive(Default)]
struct Serials {
    next: u32,
    left: u32,
}

/// Serials taken at a time in an import.
const AHEAD: u32 = 100;

impl Serials {
    fn take(&mut self, more: impl FnOnce(u32) -> Result<u32>) -> Result<u32> {
        if self.left == 0 {
            (self.next, self.left) = (more(AHEAD)?, AHEAD);
        }
        self.left -= 1;
        self.next += 1;
        Ok(self.next - 1)
    }
}

/// Places of owners already looked up.
pub(crate) type Places = HashMap<RecordId, Option<base::place::Place>>;
