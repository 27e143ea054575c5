//! Making a move: the catalogue says what it does, the register writes it and what follows.

use catalogue::step::{Step, clocks_kept, step};
use catalogue::{Asker, Facts, Fields, Kind};

use crate::behalf::Told;
use crate::create::owner_of;
use crate::derive::place_of;
use crate::fault::{Fault, Result};
use crate::milestones::settle;
use crate::record::{Key, Record};
use crate::whole::{Hand, Whole};
use crate::writer::Writer;

impl Writer<'_> {
    /// Makes a move of the catalogue.
    ///
    /// `duplicates` is how many near-duplicates were found against `version`. Errors: `not-found`, `stale`,
    /// `refused` with every reason, `invalid`, `claimed`, `cycle`.
    pub fn make(
        &mut self,
        me: &Asker,
        key: &Key,
        version: Option<u64>,
        name: &str,
        given: &Fields,
        duplicates: usize,
    ) -> Result<Record> {
        self.make_told(me, key, version, (name, given), duplicates, None)
    }

    /// As [`Writer::make`], with how the party told of it where the move is made for them. What was told beside a move of
    /// one's own is dropped.
    pub fn make_told(
        &mut self,
        me: &Asker,
        key: &Key,
        version: Option<u64>,
        (name, given): (&str, &Fields),
        duplicates: usize,
        told: Option<&Told>,
    ) -> Result<Record> {
        let (item, _) = self.readable_item(me, key)?;
        self.fresh(me, &item, version)?;
        let kind = self.kind(&item.kind)?;
        let before = self.whole(&item)?;
        let subject = self.subject_of(&item)?;
        let given = &self.canonical_given(kind, &before, given)?;
        let around = self.around(me, kind, &before, (Some(name), given), self.today())?;
        let facts = Facts {
            asker: me,
            today: self.today(),
            calendar: &self.shared.calendar,
            fields: &before.fields,
            given,
            duplicates,
            around: &around,
        };
        let step = step(kind, &subject, name, &facts).map_err(Fault::Refused)?;
        self.obeys(kind, &before.type_path, &step.fields)?;
        let effects = step.effects.clone();
        let told = told.filter(|_| step.behalf.is_some());
        let told_by = told.map(|told| told.by.clone());
        let hand = Hand { person: me.person, behalf: step.behalf.or(me.behalf), told_by };
        let after = stepped(kind, &before, step);
        self.put(Some(me), hand, name, Some(&before), &after)?;
        if let Some(told) = told {
            self.note_told(item.row, told.note.trim())?;
        }
        self.answer_links(me, item.id, name)?;
        for effect in effects {
            self.follow(me, effect, &after)?;
        }
        self.find_own(me, &Key::Row(item.row))
    }

    /// What was given in canonical form. Old texts that the catalogue would no longer take stand in no move's way.
    fn canonical_given(&self, kind: &Kind, before: &Whole, given: &Fields) -> Result<Fields> {
        let mut fields = before.fields.clone();
        fields.extend(given.clone());
        let checked = self.shared.catalogue.check(&kind.name, &before.type_path, &fields);
        let (checked, mut faults) = checked.ok_or_else(|| Fault::field("type", "unknown-type"))?;
        faults.extend(catalogue::value::bounds(kind, &before.type_path, &checked, self.today()));
        faults.retain(|fault| given.contains_key(fault.field.split('.').next().unwrap_or_default()));
        if !faults.is_empty() {
            return Err(Fault::Invalid(faults));
        }
        let canonical = |name: &String| checked.get(name).cloned().unwrap_or(serde_json::Value::Null);
        Ok(given.keys().map(|name| (name.clone(), canonical(name))).collect())
    }
}

/// The record after a step.
pub(crate) fn stepped(kind: &Kind, before: &Whole, mut step: Step) -> Whole {
    settle(kind, &mut step.fields);
    let mut clocks = step.clocks;
    if step.to == before.stage {
        let wound = |name: &String| clocks.iter().any(|clock| clock.name == *name);
        let kept: Vec<_> = before.clocks.iter().filter(|clock| !wound(&clock.name)).cloned().collect();
        clocks.extend(kept);
    }
    // What was settled after the step may move the clocks that go by it.
    let clocks = clocks_kept(kind, &step.to, &clocks, &step.fields);
    Whole {
        version: before.version + 1,
        stage: step.to,
        audience: step.audience,
        clocks,
        place: place_of(kind, &step.fields).or_else(|| before.place.clone()),
        owner: owner_of(kind, &step.fields, before.id).or(before.owner),
        fields: step.fields,
        ..before.clone()
    }
}
