//! What a record gives to the claims: the catalogue's fields in, the engine's entries out. Never decides anything.
//!
//! What sources tell, and what has left the lists, claims nothing. Start at [`entry`].

use assessment::claims::{Entry, Outcome, Visit};
use base::day::Day;
use base::id::RecordId;
use base::money::Money;
use catalogue::Fields;
use catalogue::kind::{reference, type_within};
use jiff::civil::Date;
use register::Doc;
use serde_json::Value;

use crate::clock::day_of;
use crate::fields::{SOURCED, agreement, case, outcome, visit};

/// Digits of a file's digest that tell it from every other.
const DIGITS: usize = 32;

/// What a record claims, if anything.
pub fn entry(doc: &Doc) -> Option<Entry> {
    if [SOURCED, outcome::RETIRED].contains(&doc.item.stage.as_str()) {
        return None;
    }
    let mut fields = doc.inside.clone();
    fields.extend(doc.open.clone());
    let id = number(doc.item.id);
    match doc.item.kind.as_str() {
        outcome::KIND => Some(Entry::Outcome(Box::new(outcome_of(doc, id, &fields)))),
        visit::KIND => Some(Entry::Visit(Visit {
            day: date(&fields, visit::DAY),
            written: Some(day_of(doc.item.created_at)),
            place: doc.item.place.clone(),
            experts: many(&fields, visit::EXPERTS),
            case: one(&fields, visit::CASE),
            files: files(&fields),
        })),
        agreement::KIND => Some(Entry::Agreement { id, fen: money(fields.get(agreement::AMOUNT)) }),
        case::KIND => Some(Entry::Case { id, began: began(doc, &fields) }),
        _ => None,
    }
}

/// The day a case began: as told, else the day the house opened it for a match or an order. One that was entered by hand may be
/// older than its record, and begins on no day that visits could be held against.
fn began(doc: &Doc, fields: &Fields) -> Option<Date> {
    let opened = fields.contains_key(case::MATCH) || doc.item.type_path == case::ORDER;
    date(fields, case::OPENED_ON).or_else(|| opened.then(|| day_of(doc.item.created_at)))
}

fn outcome_of(doc: &Doc, id: u128, fields: &Fields) -> Outcome {
    let text = |name: &str| fields.get(name).and_then(Value::as_str).map(str::to_owned);
    let told = [outcome::QUANTITY, outcome::ACHIEVED_ON];
    Outcome {
        id,
        firm: one(fields, outcome::FIRM),
        by: one(fields, outcome::REPORTED_BY),
        sort: doc.item.type_path.clone(),
        number: text(outcome::PAPER_NUMBER),
        title: doc.item.title.clone(),
        fen: money(fields.get(outcome::AMOUNT).or_else(|| fields.get(outcome::CLOSED_AMOUNT))),
        told: told.iter().map(|name| fields.get(*name).map(Value::to_string).unwrap_or_default()).collect(),
        agreement: one(fields, outcome::AGREEMENT),
        paid: outcome::PAID.iter().any(|of| type_within(&doc.item.type_path, of)),
        case: one(fields, outcome::CASE),
        files: files(fields),
        distinct: many(fields, outcome::DISTINCT_FROM),
    }
}

fn number(id: RecordId) -> u128 {
    u128::from_be_bytes(*id.as_bytes())
}

fn one(fields: &Fields, name: &str) -> Option<u128> {
    fields.get(name).and_then(reference).map(number)
}

fn many(fields: &Fields, name: &str) -> Vec<u128> {
    let listed = fields.get(name).and_then(Value::as_array);
    listed.into_iter().flatten().filter_map(reference).map(number).collect()
}

fn money(value: Option<&Value>) -> Option<i64> {
    serde_json::from_value::<Money>(value?.clone()).ok().map(|money| money.fen)
}

/// A day that is known to the day.
fn date(fields: &Fields, name: &str) -> Option<Date> {
    let day: Day = fields.get(name)?.as_str()?.parse().ok()?;
    (day.first() == day.last()).then(|| day.first())
}

/// The beginnings of the digests of all files.
fn files(fields: &Fields) -> Vec<u128> {
    fn gather(found: &mut Vec<u128>, value: &Value) {
        match value {
            Value::Array(list) => list.iter().for_each(|item| gather(found, item)),
            Value::Object(map) => {
                let hash = map.get("hash").and_then(Value::as_str).and_then(|hash| hash.get(..DIGITS));
                found.extend(hash.and_then(|hash| u128::from_str_radix(hash, 16).ok()));
                map.values().for_each(|item| gather(found, item));
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    fields.values().for_each(|value| gather(&mut found, value));
    found.sort_unstable();
    found.dedup();
    found
}
