//! Fields the register works out by itself: the grade of evidence of an outcome, what a confirmation still stands for, how
//! far a demand has come.
//!
//! Nobody types them. What an outcome rests on may change without it: then it is graded anew in the same transaction, as a
//! change of its own by the house. Start at `Reader::reckoned` and `Writer::regrade_around`.

use base::id::RecordId;
use catalogue::evidence::{Grounds, Rests, weigh};
use catalogue::kind::{Kind, reference, type_within};
use catalogue::step::{Reckoned, clocks_kept};
use catalogue::value::is_filled;
use catalogue::{Asker, Fault as FieldFault, Fields};
use serde_json::json;

use crate::db::Sql;
use crate::fault::{Fault, Result};
use crate::fields::{
    ACHIEVED_ON, AGREEMENT, AMOUNT, AMOUNT_CLOSED, CASE, CLOSED_AMOUNT, CONFIRMED_BY, CONFIRMED_ON, CONTRACT,
    COUNTED, DEMAND, DISPUTED, EVIDENCE, FIRM, INTENT, LISTED, MINUTES, NUMBER, OUTCOME, PAPERS, PARTIES,
    QUANTITY, REGISTRATION, TITLE, VISIT,
};
use crate::milestones::settle;
use crate::reader::Reader;
use crate::record::Key;
use crate::whole::{Hand, Whole};
use crate::writer::Writer;

/// The name of the change by which the house grades an outcome anew.
const REGRADE: &str = "regrade";
/// What a unit confirms beside the amount: where one of these changes, its word no longer stands for the outcome.
const CONFIRMED: [&str; 7] = [TITLE, FIRM, ACHIEVED_ON, QUANTITY, NUMBER, COUNTED[0], COUNTED[1]];

const NAMING: Sql = "select e.from_row from edge e where e.to_row = $1 and e.field = $2 and e.from_kind = $3 order by e.from_row";

/// Statements of this room, for the proof of plans.
pub(crate) const STATEMENTS: &[Sql] = &[NAMING];

/// How a record came to be as it is now.
#[derive(Clone, Copy)]
pub(crate) enum Came<'a> {
    /// It was filed.
    Filed,
    /// Its fields were changed.
    Revised(&'a Whole),
    /// It was moved.
    Moved(&'a Whole),
}

impl Reader<'_> {
    /// What the grade of a record goes by, for a page that explains it. Errors: `not-found`.
    pub fn grounds(&self, me: &Asker, key: &Key) -> Result<Grounds> {
        let item = self.item(key)?.ok_or(Fault::NotFound)?;
        self.admits(me, &item)?.ok_or(Fault::NotFound)?;
        let whole = self.whole(&item)?;
        self.grounds_of(&whole)
    }

    /// The record with what the register works out. Errors: `invalid` where someone typed it.
    pub(crate) fn reckoned(&self, kind: &Kind, came: Came<'_>, mut after: Whole) -> Result<Whole> {
        for of in &kind.reckons {
            match of {
                Reckoned::EvidenceGrade => self.grade(came, &mut after)?,
                Reckoned::NextMilestone => settle(&mut after.fields),
                Reckoned::DemandStep => self.reach(came, &mut after)?,
            }
        }
        // What was worked out may move the clocks that go by it.
        after.clocks = clocks_kept(kind, &after.stage, &after.clocks, &after.fields);
        Ok(after)
    }

    fn grade(&self, came: Came<'_>, after: &mut Whole) -> Result<()> {
        match came {
            Came::Filed => untyped(&after.fields)?,
            Came::Revised(before) => {
                for name in [CONFIRMED_BY, CONFIRMED_ON] {
                    put(&mut after.fields, name, before.fields.get(name));
                }
                still_confirmed(before, after);
            }
            Came::Moved(before) => still_confirmed(before, after),
        }
        keep_amount(&mut after.fields);
        let found = weigh(&self.grounds_of(after)?).code();
        let typed = after.fields.insert(EVIDENCE.to_owned(), json!(found));
        match (came, typed) {
            (Came::Filed, Some(typed)) if typed != found => Err(Fault::field(EVIDENCE, "reckoned")),
            _ => Ok(()),
        }
    }

    fn grounds_of(&self, whole: &Whole) -> Result<Grounds> {
        let fields = &whole.fields;
        let firm = fields.get(FIRM).and_then(reference);
        Ok(Grounds {
            rests: self.rests(fields, firm)?,
            confirmed: firm.is_some() && is_filled(fields, CONFIRMED_ON),
            papers: is_filled(fields, PAPERS),
            minutes: self.minutes(fields)?,
            disputed: whole.stage == DISPUTED,
        })
    }

    /// What is said by the agreement an outcome rests on.
    fn rests(&self, fields: &Fields, firm: Option<RecordId>) -> Result<Rests> {
        let Some(id) = fields.get(AGREEMENT).and_then(reference) else { return Ok(Rests::Nowhere) };
        let Some(item) = self.item(&Key::Id(id))? else { return Ok(Rests::Nowhere) };
        if type_within(&item.type_path, INTENT) {
            return Ok(Rests::Intent);
        }
        if !type_within(&item.type_path, CONTRACT) {
            return Ok(Rests::NoContract);
        }
        if item.stage != LISTED {
            return Ok(Rests::Unlisted);
        }
        let terms = self.whole(&item)?.fields;
        if !is_filled(&terms, REGISTRATION) {
            return Ok(Rests::Unregistered);
        }
        let parties: Vec<RecordId> = terms
            .get(PARTIES)
            .and_then(|list| list.as_array())
            .into_iter()
            .flatten()
            .filter_map(reference)
            .collect();
        let party = firm.is_none_or(|firm| parties.is_empty() || parties.contains(&firm));
        Ok(if party { Rests::Registered } else { Rests::NotParty })
    }

    /// Whether a listed visit of the same case has minutes.
    fn minutes(&self, fields: &Fields) -> Result<bool> {
        let Some(case) = fields.get(CASE).and_then(reference) else { return Ok(false) };
        let Some(case) = self.item(&Key::Id(case))? else { return Ok(false) };
        for row in self.naming(case.row, CASE, VISIT)? {
            let Some(visit) = self.item(&Key::Row(row))?.filter(|visit| visit.stage == LISTED) else {
                continue;
            };
            let said = self.whole(&visit)?.fields;
            if MINUTES.iter().any(|name| is_filled(&said, name)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The rows of a kind that name a record in a field.
    pub(crate) fn naming(&self, row: i64, field: &str, kind: &str) -> Result<Vec<i64>> {
        let asked = [row.into(), field.into(), kind.into()];
        self.conn.query(NAMING, &asked)?.iter().map(|row| row.int(0)).collect()
    }
}

impl Writer<'_> {
    /// Works out anew what rests on a record that has just been written.
    pub(crate) fn regrade_around(&mut self, kind: &str, row: i64, named: &Named) -> Result<()> {
        let cases = &named.cases;
        self.reach_around(kind, (&named.demands, cases))?;
        let mut outcomes = if kind == AGREEMENT { self.naming(row, AGREEMENT, OUTCOME)? } else { Vec::new() };
        for case in cases.iter().filter(|_| kind == VISIT) {
            let Some(case) = self.item(&Key::Id(*case))? else { continue };
            outcomes.extend(self.naming(case.row, CASE, OUTCOME)?);
        }
        outcomes.into_iter().try_for_each(|row| self.regrade(row))
    }

    pub(crate) fn regrade(&mut self, row: i64) -> Result<()> {
        let Some(item) = self.item(&Key::Row(row))?.filter(|item| item.row == row) else { return Ok(()) };
        let before = self.whole(&item)?;
        // One that was erased stays empty.
        if before.fields.is_empty() {
            return Ok(());
        }
        let after = self.revised(self.kind(&item.kind)?, &before, before.fields.clone())?;
        if after.fields == before.fields {
            return Ok(());
        }
        self.put(None, Hand::default(), REGRADE, Some(&before), &after).map(drop)
    }
}

/// The cases and demands a record named before or names now.
pub(crate) struct Named {
    cases: Vec<RecordId>,
    demands: Vec<RecordId>,
}

impl Named {
    pub(crate) fn of(before: Option<&Whole>, after: &Whole) -> Named {
        let all = |field: &str| {
            let named = |whole: &Whole| whole.fields.get(field).and_then(reference);
            let mut all: Vec<RecordId> = before.and_then(named).into_iter().chain(named(after)).collect();
            all.dedup();
            all
        };
        Named { cases: all(CASE), demands: all(DEMAND) }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.cases.is_empty() && self.demands.is_empty()
    }
}

/// A confirmation is not filed: the unit gives it.
fn untyped(fields: &Fields) -> Result<()> {
    let typed = [CONFIRMED_BY, CONFIRMED_ON].into_iter().filter(|name| is_filled(fields, name));
    let faults: Vec<_> = typed.map(|name| FieldFault::new(name, "reckoned")).collect();
    if faults.is_empty() { Ok(()) } else { Err(Fault::Invalid(faults)) }
}

/// Takes a confirmation away that was given for something else, or that the unit has since taken back.
fn still_confirmed(before: &Whole, after: &mut Whole) {
    let amount = |fields: &Fields| fields.get(AMOUNT).or_else(|| fields.get(CLOSED_AMOUNT)).cloned();
    let same = CONFIRMED.iter().all(|name| before.fields.get(*name) == after.fields.get(*name));
    if !same || amount(&before.fields) != amount(&after.fields) || after.stage == DISPUTED {
        after.fields.remove(CONFIRMED_BY);
        after.fields.remove(CONFIRMED_ON);
    }
}

/// An amount kept from the public stands in the inside layer, where no figure counts it.
fn keep_amount(fields: &mut Fields) {
    let closed = fields.get(AMOUNT_CLOSED).and_then(serde_json::Value::as_bool).unwrap_or_default();
    let (from, to) = if closed { (AMOUNT, CLOSED_AMOUNT) } else { (CLOSED_AMOUNT, AMOUNT) };
    match fields.remove(from) {
        Some(amount) if closed => drop(fields.insert(to.to_owned(), amount)),
        Some(amount) => drop(fields.entry(to).or_insert(amount)),
        None => {}
    }
}

fn put(fields: &mut Fields, name: &str, value: Option<&serde_json::Value>) {
    match value {
        Some(value) => drop(fields.insert(name.to_owned(), value.clone())),
        None => drop(fields.remove(name)),
    }
}
