//! What is left of a person elsewhere when a record is erased: names and contacts copied into other records, remarks,
//! messages, the way in.
//!
//! Never takes a text away without a change that says so: each record that is cleaned gets the change `forget`, after
//! which `verify` knows that its older texts may be gone. Start at `Writer::forget_copies`.

use base::id::RecordId;
use catalogue::kind::Shape;
use catalogue::{Asker, Field, Fields, Kind};
use serde_json::Value;

use crate::db::Sql;
use crate::fault::Result;
use crate::fields::CONTACTS;
use crate::record::{Item, Key};
use crate::whole::Whole;
use crate::writer::Writer;

/// The name of the change by which a record loses words of somebody erased.
pub(crate) const FORGET: &str = "forget";
/// What stands in place of a word. No word is shorter, so that no text grows past its bound.
const BLANK: &str = "＊＊";
/// Characters a word has at least: a shorter one stands in too many others.
const WORD_CHARS: usize = 2;

const NAMING: Sql = "select from_row from edge where to_row = $1 order by to_row, field, from_row";
const OWNED: Sql = "select row from record where owner = $1 order by owner, kind, row";
const MERGED_INTO: Sql = "select merged from record where row = $1";
const OLD_TEXTS: Sql =
    "select version, layer, body from layer where record = $1 and live = 0 and body is not null
     order by version, layer";
const EMPTY_TEXT: Sql =
    "update layer set salt = null, body = null where record = $1 and version = $2 and layer = $3";
const DROP_NOTE: Sql = "delete from told where position = $1";

const DROP_PARCELS: Sql =
    "delete from parcel where delivery in (select d.row from channel c cross join delivery d
     where c.person = $1 and d.channel = c.row)";
const DROP_DELIVERIES: Sql =
    "delete from delivery where channel in (select c.row from channel c where c.person = $1)";
const DROP_CHANNELS: Sql = "delete from channel where person = $1";
const DROP_NOTICES: Sql = "delete from notice where person = $1";
const DROP_SESSIONS: Sql = "delete from session where person = $1";
const DROP_LINKS: Sql = "delete from link where person = $1";
const BLANK_REQUESTS: Sql = "update erasure set note = '' where person = $1";
const CLOSE_ACCOUNT: Sql = "update account set name = $2, hash = null, hash_us = null where row = $1";
const DROP_ROLES: Sql = "delete from role_grant where account = $1";
const DROP_FACTOR: Sql = "delete from second_factor where account = $1";
const DROP_CODES: Sql = "delete from recovery_code where account = $1";
const DROP_PAST: Sql = "delete from past_password where account = $1";
const DROP_IDENTITIES: Sql = "delete from identity where account = $1";
const BLANK_JOININGS: Sql = "update joining set note = '' where account = $1";

/// Statements of this room, for the proof of plans.
pub(crate) const STATEMENTS: &[Sql] = &[
    NAMING,
    OWNED,
    MERGED_INTO,
    OLD_TEXTS,
    EMPTY_TEXT,
    DROP_NOTE,
    DROP_PARCELS,
    DROP_DELIVERIES,
    DROP_CHANNELS,
    DROP_NOTICES,
    DROP_SESSIONS,
    DROP_LINKS,
    BLANK_REQUESTS,
    CLOSE_ACCOUNT,
    DROP_ROLES,
    DROP_FACTOR,
    DROP_CODES,
    DROP_PAST,
    DROP_IDENTITIES,
    BLANK_JOININGS,
];

impl Writer<'_> {
    /// Takes the words of somebody out of every record that names the erased one or belongs to it, as they stand and as
    /// they were, and out of the remarks beside them.
    pub(crate) fn forget_copies(&mut self, me: &Asker, erased: &Whole) -> Result<()> {
        let words = words(self.kind(&erased.kind)?, &erased.fields);
        if words.is_empty() {
            return Ok(());
        }
        let mut rows: Vec<i64> = Vec::new();
        for sql in [NAMING, OWNED] {
            let found = self.conn.query(sql, &[erased.row.into()])?;
            rows.extend(found.iter().map(|row| row.int(0)).collect::<Result<Vec<_>>>()?);
        }
        rows.sort_unstable();
        rows.dedup();
        for row in rows.into_iter().filter(|row| *row != erased.row) {
            if let Some(item) = self.unmerged(&Key::Row(row))? {
                self.forget_in(me, &item, &words)?;
            }
        }
        Ok(())
    }

    fn forget_in(&mut self, me: &Asker, item: &Item, words: &[String]) -> Result<()> {
        let before = self.whole(item)?;
        let kind = self.kind(&item.kind)?;
        let fields = without(kind, &before.fields, words);
        let old = self.old_texts(item.row, words)?;
        for (position, note) in self.told_notes(item.row)? {
            if tells(&note, words) {
                self.conn.execute(DROP_NOTE, &[position.into()])?;
            }
        }
        if fields == before.fields && old.is_empty() {
            return Ok(());
        }
        let merged = self.conn.one(MERGED_INTO, &[item.row.into()])?.map(|row| row.int_or_null(0));
        let after = Whole { merged: merged.transpose()?.flatten(), ..self.revised(kind, &before, fields)? };
        self.put(None, me.into(), FORGET, Some(&before), &after)?;
        // What was merged stands in no list.
        if after.merged.is_some() {
            self.unlist(item.row)?;
        }
        // What stood until now is old by this change.
        for (version, layer) in self.old_texts(item.row, words)? {
            self.conn.execute(EMPTY_TEXT, &[item.row.into(), version.into(), layer.into()])?;
        }
        Ok(())
    }

    /// Texts of a record that no longer stand and tell one of the words: version and layer.
    fn old_texts(&self, row: i64, words: &[String]) -> Result<Vec<(i64, i64)>> {
        let mut found = Vec::new();
        for row in self.conn.query(OLD_TEXTS, &[row.into()])? {
            if tells(&row.text(2)?, words) {
                found.push((row.int(0)?, row.int(1)?));
            }
        }
        Ok(found)
    }

    /// What a person had here beside records: messages, links, sessions, and the account, which nobody signs in to again.
    pub(crate) fn forget_person(&mut self, person: RecordId) -> Result<()> {
        for sql in [
            DROP_PARCELS,
            DROP_DELIVERIES,
            DROP_CHANNELS,
            DROP_NOTICES,
            DROP_SESSIONS,
            DROP_LINKS,
            BLANK_REQUESTS,
        ] {
            self.conn.execute(sql, &[person.into()])?;
        }
        for account in self.accounts_of(person)? {
            let name = format!("erased-{}", account.row);
            self.conn.execute(CLOSE_ACCOUNT, &[account.row.into(), name.into()])?;
            let last = [DROP_ROLES, DROP_FACTOR, DROP_CODES, DROP_PAST, DROP_IDENTITIES, BLANK_JOININGS];
            for sql in last {
                self.conn.execute(sql, &[account.row.into()])?;
            }
        }
        Ok(())
    }
}

/// The words that name somebody in a record: contacts of any kind, and the heading where the record is a person.
fn words(kind: &Kind, fields: &Fields) -> Vec<String> {
    let heading = kind.personal.then_some(kind.title.as_str());
    let named = CONTACTS.into_iter().chain(heading);
    let mut found: Vec<String> = named
        .filter_map(|name| fields.get(name)?.as_str())
        .map(|text| text.trim().to_owned())
        .filter(|text| text.chars().count() >= WORD_CHARS)
        .collect();
    // The longer first: a name may stand within another.
    found.sort_by_key(|word| std::cmp::Reverse(word.len()));
    found.dedup();
    found
}

fn tells(text: &str, words: &[String]) -> bool {
    words.iter().any(|word| text.contains(word.as_str()))
}

/// The fields with the words blanked in every text; what then says nothing is left out where it may be.
fn without(kind: &Kind, fields: &Fields, words: &[String]) -> Fields {
    let mut left = Fields::new();
    for (name, value) in fields {
        let field = kind.field(name);
        let cleaned = match field {
            Some(field) => cleaned(field, value, words),
            None => value.clone(),
        };
        let says = cleaned == *value || !is_blank(&cleaned) || field.is_some_and(|field| field.required);
        if says {
            left.insert(name.clone(), cleaned);
        }
    }
    left
}

fn cleaned(field: &Field, value: &Value, words: &[String]) -> Value {
    match (&field.shape, value) {
        (_, Value::Array(list)) => list.iter().map(|one| cleaned(field, one, words)).collect(),
        (Shape::Line | Shape::Text, Value::String(text)) => {
            Value::String(words.iter().fold(text.clone(), |text, word| text.replace(word.as_str(), BLANK)))
        }
        (Shape::Group(parts), Value::Object(group)) => {
            let part = |(name, value): (&String, &Value)| {
                let of = parts.iter().find(|part| part.name == *name);
                (name.clone(), of.map_or_else(|| value.clone(), |of| cleaned(of, value, words)))
            };
            Value::Object(group.iter().map(part).collect())
        }
        _ => value.clone(),
    }
}

/// A text of nothing but blanks and what stands between them.
fn is_blank(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.chars().all(|c| "＊ ·、，".contains(c)))
}
