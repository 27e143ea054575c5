//! Making a move: the catalogue says what it does, the register writes it and what follows.

use catalogue::step::{Step, clocks_kept, step};
use catalogue::{Asker, Facts, Fields, Kind};

use crate::behalf::Told;
use crate::create::owner_of;
use crate::derive::place_of;
use crate::fault::{Fault, Result};
use crate::fields::LIST;
use crate::reader::Reader;
use crate::reckon::Came;
use crate::record::{Key, Record};
use crate::rules::Draft;
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
        let draft = Draft {
            id: before.id,
            type_path: &before.type_path,
            before: Some(&before.fields),
            fields: &step.fields,
        };
        self.obeys(me, kind, &draft)?;
        let effects = step.effects.clone();
        let told = told.filter(|_| step.behalf.is_some());
        let told_by = told.map(|told| told.by.clone());
        let hand = Hand { person: me.person, behalf: step.behalf.or(me.behalf), told_by };
        let after = self.stepped(kind, &before, step)?;
        self.put(Some(me), hand, name, Some(&before), &after)?;
        if let Some(told) = told {
            self.note_told(item.row, told.note.trim())?;
        }
        self.answer_links(me, item.id, name)?;
        for effect in effects {
            self.follow(me, effect, &after)?;
        }
        if name == LIST {
            self.case_of_signing(me, &after)?;
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

impl Reader<'_> {
    /// The record after a step.
    pub(crate) fn stepped(&self, kind: &Kind, before: &Whole, step: Step) -> Result<Whole> {
        let mut clocks = step.clocks;
        if step.to == before.stage {
            let wound = |name: &String| clocks.iter().any(|clock| clock.name == *name);
            let mut running = clocks_kept(kind, &before.stage, &before.clocks, &step.fields);
            running.retain(|clock| !wound(&clock.name));
            clocks.extend(running);
        }
        clocks.sort_by(|a, b| a.name.cmp(&b.name));
        let after = Whole {
            version: before.version + 1,
            stage: step.to,
            audience: step.audience,
            clocks,
            place: place_of(kind, &step.fields).or_else(|| before.place.clone()),
            owner: owner_of(kind, &step.fields, before.id).or(before.owner),
            fields: step.fields,
            ..before.clone()
        };
        self.reckoned(kind, Came::Moved(before), after)
    }
}
