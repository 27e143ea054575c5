//! Who is on the list of an event, counted: people, experts, firms, those who came.
//!
//! A person is counted by what is typed of them, a firm by its record or, where there is none, by its name. Start at [`of`].

use std::collections::BTreeSet;

use catalogue::{Asker, Fields, Filter};
use register::{Find, Item, Key, Order, Reader, Record};
use serde_json::Value;

use crate::fields::attendance as a;
use crate::sides::{all_of, text};
use crate::trouble::Trouble;
use crate::visit::Visit;

/// Rows of a list read at most.
pub const LISTED_MAX: usize = 2_000;

/// What a list comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// On the list.
    pub listed: usize,
    /// Signed in, on paper or otherwise.
    pub came: usize,
    /// Experts among those counted.
    pub experts: usize,
    /// Firms they come from, each once.
    pub firms: usize,
}

/// One line of a list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The record.
    pub item: Item,
    /// What the visitor may read of it.
    pub fields: Fields,
}

/// The list of an event, as far as the asker may read it, in the order it was written.
pub fn listed(reader: &Reader<'_>, me: &Asker, event: &Record) -> Result<Vec<Listed>, Trouble> {
    let filter = Filter::Refers(a::EVENT.to_owned(), event.item.id);
    let find = Find::kind(a::KIND).filter(filter).order(Order::Oldest);
    let mut found = Vec::new();
    for item in all_of(reader, me, find, LISTED_MAX)? {
        let fields = reader.find(me, &Key::Row(item.row))?.fields;
        found.push(Listed { item, fields });
    }
    Ok(found)
}

/// The counts of an event.
pub fn of(visit: &Visit, reader: &Reader<'_>, event: &Record) -> Result<Counts, Trouble> {
    Ok(count(&listed(reader, &visit.asker(), event)?))
}

/// The counts of a list: of those who came, or, while nobody is signed in, of all.
pub fn count(all: &[Listed]) -> Counts {
    let came = all.iter().filter(|one| one.item.stage == a::CAME).count();
    let counted = || all.iter().filter(move |one| came == 0 || one.item.stage == a::CAME);
    let part = |one: &&Listed| text(&one.fields, a::PART);
    let firm = |one: &Listed| match one.fields.get(a::UNIT) {
        Some(unit) => unit.as_str().unwrap_or_default().to_owned(),
        None => one.fields.get(a::UNIT_NAME).and_then(Value::as_str).unwrap_or_default().to_owned(),
    };
    let firms: BTreeSet<String> = counted().filter(|one| part(one) == a::OF_FIRM).map(firm).collect();
    Counts {
        listed: all.len(),
        came,
        experts: counted().filter(|one| a::EXPERTS.contains(&part(one).as_str())).count(),
        firms: firms.iter().filter(|firm| !firm.is_empty()).count(),
    }
}
