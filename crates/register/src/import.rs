//! Many records at once: each checked by itself, all that stand written set-wise.

use std::collections::{BTreeMap, HashMap};

use base::id::RecordId;
use base::limits::IMPORT_ROWS_MAX;
use catalogue::Asker;

use crate::create::CREATE;
use crate::derive::Derived;
use crate::fault::{Fault, Result};
use crate::record::{Key, New, Record};
use crate::whole::Rows;
use crate::writer::Writer;

/// Records written together; the next ones may refer to them.
const TOGETHER: usize = 500;

impl Writer<'_> {
    /// Files many records of a kind; a faulty one leaves the others be. References inside the batch must lead back
    /// to earlier groups of 500 or to the record itself; others are filed one by one.
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
        let mut rows = Rows::default();
        let mut claimed: HashMap<(String, String), i64> = HashMap::new();
        let mut series: BTreeMap<String, Serials> = BTreeMap::new();
        let mut owners = Places::new();
        let mut answers = Vec::with_capacity(group.len());
        for new in group {
            let answer = self.import_one(me, new, &mut rows, &mut claimed, &mut series, &mut owners);
            match answer {
                Err(fault @ Fault::Storage(_)) => return Err(fault),
                answer => answers.push(answer.map(Key::Row)),
            }
        }
        self.flush(rows)?;
        Ok(answers)
    }

    fn import_one(
        &mut self,
        me: &Asker,
        new: New,
        rows: &mut Rows,
        claimed: &mut HashMap<(String, String), i64>,
        series: &mut BTreeMap<String, Serials>,
        owners: &mut Places,
    ) -> Result<i64> {
        let whole = self.prepare(me, new, owners, |writer, name| {
            let held = series.entry(name.to_owned()).or_default();
            held.take(|count| writer.serials(name, count))
        })?;
        let derived = self.derived(&whole)?;
        self.check_batch(&derived, claimed)?;
        self.check_claims(Some(me), &whole, &derived, None)?;
        let known = self.check_references(Some(me), &whole, &derived, None)?;
        claimed.extend(derived.claims.iter().map(|claim| (claim.clone(), whole.row)));
        self.gather(rows, me.person, CREATE, (None, None), (&whole, &derived), &known)?;
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
