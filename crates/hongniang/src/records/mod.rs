//! Records of every kind: the lists, pages, forms and moves that need no thought of their own.
//!
//! Everything here is drawn from the catalogue and the register; a desk with verbs of its own (matching, collecting)
//! stands in its own folder and calls these. No rule about access or stages stands here. Start at [`pages`].

pub mod api;
pub mod asked;
pub mod cells;
pub mod draft;
pub mod edit;
pub mod export;
pub mod faces;
pub mod files;
pub mod import;
pub mod links;
pub mod list;
pub mod merge;
pub mod moves;
pub mod once;
pub mod pages;
pub mod posted;
pub mod sheet;
pub mod sources;

use base::number::Number;
use catalogue::kind::Verb;
use catalogue::step::Offer;
use catalogue::{Asker, Facts, Fields, Kind};
use register::{Key, Record};

use crate::app::App;
use crate::trouble::Trouble;
use crate::visit::Visit;

/// The kind an address names.
pub fn kind_at<'a>(app: &'a App, path: &str) -> Result<&'a Kind, Trouble> {
    app.register().catalogue().by_path(path).ok_or(Trouble::NotFound)
}

/// The record an address names: its number in either form, or its id.
pub fn key_at(kind: &Kind, text: &str) -> Result<Key, Trouble> {
    if let Ok(id) = text.parse() {
        return Ok(Key::Id(id));
    }
    let (number, sign) = Number::parse(text).map_err(|_| Trouble::NotFound)?;
    match sign {
        Some(sign) if sign != kind.sign => Err(Trouble::NotFound),
        _ => Ok(Key::Number(kind.name.clone(), number)),
    }
}

/// Whether the asker may start a record of the kind somewhere.
pub fn may_create(kind: &Kind, asker: &Asker) -> bool {
    asker.only.is_none() && !catalogue::access::arms(kind, asker, &Verb::Create).is_empty()
}

/// Whether the visitor may merge duplicates into the record.
pub fn may_merge(visit: &Visit, kind: &Kind, record: &Record) -> bool {
    catalogue::access::may(kind, &visit.asker(), &record.subject, &Verb::Merge).is_some()
}

/// The moves that leave a record's stage, with what stands against each for this visitor.
pub fn offered<'k>(visit: &Visit, kind: &'k Kind, record: &Record) -> Vec<Offer<'k>> {
    let (asker, nothing) = (visit.asker(), Fields::new());
    let facts = Facts {
        asker: &asker,
        today: visit.app.today(),
        calendar: visit.app.register().calendar(),
        fields: &record.fields,
        given: &nothing,
        duplicates: 0,
        around: &record.around,
    };
    catalogue::step::offers(kind, &record.subject, &facts)
}

/// The address of a record.
pub fn address(kind: &Kind, number: &Number) -> String {
    format!("/{}/{}", kind.path, number.path())
}
