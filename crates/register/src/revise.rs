//! Changing the fields of a record without moving it.

use catalogue::access::{layers, may};
use catalogue::kind::Verb;
use catalogue::step::{audience, clocks_kept};
use catalogue::{Access, Asker, Fields, Kind, Layer};
use serde_json::Value;

use crate::create::owner_of;
use crate::derive::place_of;
use crate::fault::{Fault, Result};
use crate::milestones::settle;
use crate::record::{Item, Key, Record};
use crate::whole::Whole;
use crate::writer::Writer;

/// The name of the change.
const REVISE: &str = "revise";

impl Writer<'_> {
    /// Replaces the open and, where the access admits it, inside fields; what the asker may not read stays.
    ///
    /// Sealed fields are replaced where given (null removes them) and kept where not, because nobody has them in a
    /// form unopened. Errors: `not-found`, `not-allowed`, `stale` with the record as it stands, `invalid`, `claimed`,
    /// `cycle`.
    pub fn revise(&mut self, me: &Asker, key: &Key, version: u64, fields: Fields) -> Result<Record> {
        let (item, _) = self.readable_item(me, key)?;
        let kind = self.kind(&item.kind)?;
        let subject = self.subject_of(&item)?;
        let access = may(kind, me, &subject, &Verb::Revise).ok_or(Fault::NotAllowed)?;
        self.fresh(me, &item, Some(version))?;
        let before = self.whole(&item)?;
        let fields = merged(kind, &access, &before.fields, fields)?;
        let fields = self.checked(kind, &before.type_path, &fields)?;
        self.obeys(kind, &before.type_path, &fields)?;
        let after = self.revised(kind, &before, fields)?;
        self.put(Some(me), me.into(), REVISE, Some(&before), &after)?;
        self.find_own(me, &Key::Row(item.row))
    }

    /// The record with other fields, and what follows from them.
    pub(crate) fn revised(&self, kind: &Kind, before: &Whole, mut fields: Fields) -> Result<Whole> {
        settle(kind, &mut fields);
        Ok(Whole {
            version: before.version + 1,
            audience: audience(kind, &before.stage, &fields),
            place: place_of(kind, &fields).or_else(|| before.place.clone()),
            owner: owner_of(kind, &fields, before.id).or(before.owner),
            clocks: clocks_kept(kind, &before.stage, &before.clocks, &fields),
            fields,
            ..before.clone()
        })
    }

    /// The item, if the asker may read it, and how.
    pub(crate) fn readable_item(&self, me: &Asker, key: &Key) -> Result<(Item, Access)> {
        let item = self.item(key)?.ok_or(Fault::NotFound)?;
        let access = self.admits(me, &item)?.ok_or(Fault::NotFound)?;
        Ok((item, access))
    }

    /// Refuses a change made against an older version, with the record as it stands.
    pub(crate) fn fresh(&self, me: &Asker, item: &Item, version: Option<u64>) -> Result<()> {
        match version {
            Some(yours) if yours != item.version => {
                Err(Fault::Stale { yours, theirs: Box::new(self.find(me, &Key::Row(item.row))?) })
            }
            _ => Ok(()),
        }
    }
}

/// The fields after a revision: those the asker may read replaced, the others kept.
fn merged(kind: &Kind, access: &Access, before: &Fields, given: Fields) -> Result<Fields> {
    let admitted = layers(access);
    let layer = |name: &str| kind.field(name).map_or(Layer::Open, |field| field.layer);
    let by_moves = |name: &str| kind.field(name).is_some_and(|field| field.by_moves);
    let changed = |name: &str| given.get(name) != before.get(name);
    let forbidden = |name: &&String| !admitted.contains(&layer(name)) || by_moves(name) && changed(name);
    not_writable(given.keys().filter(forbidden))?;
    let kept =
        |name: &str| !admitted.contains(&layer(name)) || layer(name) == Layer::Sealed || by_moves(name);
    let mut fields: Fields = before
        .iter()
        .filter(|(name, _)| kept(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    fields.extend(given);
    fields.retain(|_, value| *value != Value::Null);
    Ok(fields)
}

/// All fields that may not be written here, in one answer.
pub(crate) fn not_writable<'f>(fields: impl Iterator<Item = &'f String>) -> Result<()> {
    let faults: Vec<_> = fields.map(|name| catalogue::Fault::new(name.as_str(), "not-writable")).collect();
    if faults.is_empty() { Ok(()) } else { Err(Fault::Invalid(faults)) }
}
