//! Merging duplicates: one record is kept, the other leads to it for ever. Nothing is deleted.

use std::collections::BTreeSet;

use base::id::RecordId;
use catalogue::access::may;
use catalogue::kind::Verb;
use catalogue::{Asker, Audience};
use serde_json::Value;

use crate::db::Sql;
use crate::fault::{Fault, Result};
use crate::record::{Item, Key, Record};
use crate::whole::Whole;
use crate::writer::Writer;

/// The name of the change on the record that is given up.
const MERGED: &str = "merged";
/// The name of the change on records whose references now lead to the record that was kept.
const RELINK: &str = "relink";

const REFERRERS: Sql = "select from_row from edge where to_row = $1 order by field, from_row";
const OWNED: Sql = "select row from record where owner = $1 order by kind, row";

/// Statements of this room, for the proof of plans.
pub(crate) const STATEMENTS: &[Sql] = &[REFERRERS, OWNED];

impl Writer<'_> {
    /// Merges `lose` into `keep`: empty fields of the kept are filled, references and ownership follow.
    ///
    /// Errors: `not-found`, `not-allowed` (both records must grant `merge`), `invalid` when they are of two kinds or
    /// one and the same.
    pub fn merge(&mut self, me: &Asker, keep: &Key, lose: &Key) -> Result<Record> {
        let (keep, lose) = (self.mergeable(me, keep)?, self.mergeable(me, lose)?);
        if keep.row == lose.row || keep.kind != lose.kind {
            return Err(Fault::field("merge", "merge-pair"));
        }
        let lost = self.whole(&lose)?;
        let affected = self.affected(lose.row)?;
        self.give_up(me, &lost, keep.row)?;
        self.fill(me, &keep, &lost)?;
        self.carry_links(lost.id, keep.id)?;
        for row in affected.into_iter().filter(|row| *row != lose.row) {
            self.relink(me, row, lost.id, keep.id)?;
        }
        self.find_own(me, &Key::Row(keep.row))
    }

    fn mergeable(&self, me: &Asker, key: &Key) -> Result<Item> {
        let (item, _) = self.readable_item(me, key)?;
        let subject = self.subject_of(&item)?;
        may(self.kind(&item.kind)?, me, &subject, &Verb::Merge).ok_or(Fault::NotAllowed)?;
        Ok(item)
    }

    /// Records that refer to this one or are owned by it.
    fn affected(&self, row: i64) -> Result<BTreeSet<i64>> {
        let mut found = BTreeSet::new();
        for sql in [REFERRERS, OWNED] {
            for row in self.conn.query(sql, &[row.into()])? {
                found.insert(row.int(0)?);
            }
        }
        Ok(found)
    }

    /// The record that is given up keeps its texts and leaves every list.
    fn give_up(&mut self, me: &Asker, lost: &Whole, keep: i64) -> Result<()> {
        let after = Whole {
            version: lost.version + 1,
            audience: Audience::Private,
            owner: None,
            merged: Some(keep),
            clocks: Vec::new(),
            ..lost.clone()
        };
        self.put(None, me.into(), MERGED, Some(lost), &after)?;
        self.unlist(lost.row)
    }

    /// What the kept record lacks it takes from the other.
    fn fill(&mut self, me: &Asker, keep: &Item, lost: &Whole) -> Result<()> {
        let before = self.whole(keep)?;
        let mut fields = before.fields.clone();
        for (name, value) in &lost.fields {
            fields.entry(name.clone()).or_insert_with(|| value.clone());
        }
        replace_all(&mut fields, lost.id, keep.id);
        let after = self.revised(self.kind(&keep.kind)?, &before, fields)?;
        self.put(None, me.into(), "merge", Some(&before), &after).map(drop)
    }

    fn relink(&mut self, me: &Asker, row: i64, from: RecordId, to: RecordId) -> Result<()> {
        let Some(item) = self.item(&Key::Row(row))?.filter(|item| item.row == row) else { return Ok(()) };
        let before = self.whole(&item)?;
        let mut fields = before.fields.clone();
        replace_all(&mut fields, from, to);
        let mut after = self.revised(self.kind(&item.kind)?, &before, fields)?;
        if after.owner == Some(from) {
            after.owner = Some(to);
        }
        if after.fields == before.fields && after.owner == before.owner {
            return Ok(());
        }
        self.put(None, me.into(), RELINK, Some(&before), &after).map(drop)
    }
}

fn replace_all(fields: &mut catalogue::Fields, from: RecordId, to: RecordId) {
    let (from, to) = (from.to_string(), to.to_string());
    fields.values_mut().for_each(|value| replace(value, &from, &to));
}

/// Replaces an id wherever it stands; a list that then names one twice names it once.
fn replace(value: &mut Value, from: &str, to: &str) {
    match value {
        Value::String(text) if text == from => *text = to.to_owned(),
        Value::Array(list) => {
            list.iter_mut().for_each(|item| replace(item, from, to));
            let mut seen = BTreeSet::new();
            list.retain(|item| item.as_str() != Some(to) || seen.insert(to.to_owned()));
        }
        Value::Object(map) => map.values_mut().for_each(|item| replace(item, from, to)),
        _ => {}
    }
}
