//! Working a case: visits noted on a phone, what was signed at an event, the ledger of visits, the sheet by which a contract
//! is registered, the story of what was done.
//!
//! The kinds and what may be done with them stand in the catalogue. Start at [`ways`].

pub mod ledger;
mod named;
pub mod quick;
pub mod registration;
pub mod slips;
pub mod story;

use base::place::Place;
use catalogue::kind::type_within;
use catalogue::{Asker, Kind, Over, Role};
use register::Record;

use crate::fields::{agreement, call, case, event};
use crate::problem::encode_query;
use crate::records::may_create;
use crate::view::Link;
use crate::visit::Visit;

/// Ways on from a record that lead to a page of this desk.
pub fn ways(visit: &Visit, kind: &Kind, record: &Record) -> Vec<Link> {
    let number = record.item.number.path();
    let closed = kind.stage(&record.item.stage).is_none_or(|stage| stage.closed);
    match kind.name.as_str() {
        case::KIND if !closed && notes(visit) => {
            vec![visit.link(&format!("/visits/quick?case={number}"), visit.t("quick.action"))]
        }
        agreement::KIND => {
            let signed = signed(visit, kind, record).filter(|_| !closed);
            signed.into_iter().chain(registration::offered(visit, kind, record)).collect()
        }
        event::KIND => slips::offered(visit, kind, record).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// What is signed after an intent is a record of its own, filled in from it.
fn signed(visit: &Visit, kind: &Kind, record: &Record) -> Option<Link> {
    let asker = visit.asker();
    let is_intent = type_within(&record.item.type_path, agreement::INTENT);
    if !is_intent || asker.only.is_some() || !may_create(kind, &asker) {
        return None;
    }
    let mut pairs = vec![
        ("type".to_owned(), agreement::DEVELOPMENT.to_owned()),
        (agreement::FROM_INTENT.to_owned(), record.item.id.to_string()),
    ];
    let carried = [agreement::PARTIES, agreement::CASE, agreement::DEMAND, agreement::EVENT];
    for name in carried {
        let value = record.fields.get(name).cloned().unwrap_or_default();
        let values = value.as_array().cloned().unwrap_or_else(|| vec![value]);
        let texts = values.iter().filter_map(|value| value.as_str());
        pairs.extend(texts.map(|text| (name.to_owned(), text.to_owned())));
    }
    pairs.extend(record.item.place.as_ref().map(|place| (agreement::PLACE.to_owned(), place.to_string())));
    let query: Vec<String> =
        pairs.iter().map(|(name, text)| format!("{name}={}", encode_query(text))).collect();
    Some(visit.link(&format!("/{}/new?{}", kind.path, query.join("&")), visit.t("agreement.sign")))
}

/// Ways on from the list of a kind.
pub fn ways_of_list(visit: &Visit, kind: &Kind) -> Vec<Link> {
    if kind.name != call::KIND || !notes(visit) {
        return Vec::new();
    }
    vec![
        visit.link("/visits/ledger", visit.t("ledger.action")),
        visit.link("/visits/quick", visit.t("quick.action")),
    ]
}

/// Whether the visitor handles agreements and cases at a place.
fn oversees(asker: &Asker, place: Option<&Place>) -> bool {
    let office = |role: Role| matches!(role, Role::Officer | Role::Liaison);
    asker.only.is_none()
        && asker.roles.iter().filter(|held| office(held.role)).any(|held| match &held.over {
            Over::Node => true,
            Over::Place(over) => place.is_some_and(|place| place.within(over)),
            Over::Organization(_) => false,
        })
}

/// Whether the visitor notes visits: by an office, not as a guest of one record.
fn notes(visit: &Visit) -> bool {
    let asker = visit.asker();
    let kind = visit.app.register().catalogue().kind(call::KIND);
    let office = asker.roles.iter().any(|held| held.role != Role::Reviewer);
    asker.only.is_none() && office && kind.is_some_and(|kind| may_create(kind, &asker))
}
