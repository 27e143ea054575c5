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

use crate::fields::{agreement, call, case, event, outcome};
use crate::problem::encode_query;
use crate::records::may_create;
use crate::view::Link;
use crate::visit::Visit;

/// Ways on from a record that lead to a page of this desk.
pub fn ways(visit: &Visit, kind: &Kind, record: &Record) -> Vec<Link> {
    let number = record.item.number.path();
    let closed = kind.stage(&record.item.stage).is_none_or(|stage| stage.closed);
    match kind.name.as_str() {
        case::KIND => {
            let noted = (!closed && notes(visit))
                .then(|| visit.link(&format!("/visits/quick?case={number}"), visit.t("quick.action")));
            noted.into_iter().chain(come_of_case(visit, record, closed)).collect()
        }
        agreement::KIND => {
            let signed = signed(visit, record).filter(|_| !closed);
            let came = come_of_contract(visit, record);
            signed.into_iter().chain(came).chain(registration::offered(visit, kind, record)).collect()
        }
        event::KIND => slips::offered(visit, kind, record).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// What comes of a case: an intent while it runs, and an outcome at any time, even after it has ended.
fn come_of_case(visit: &Visit, record: &Record, closed: bool) -> Vec<Link> {
    if !oversees(&visit.asker(), record.item.place.as_ref()) {
        return Vec::new();
    }
    let carried = [(case::DEMAND, agreement::DEMAND)];
    let intent = Begun { kind: agreement::KIND, of: agreement::INTENT, names: agreement::CASE };
    let outcome = Begun { kind: outcome::KIND, of: outcome::PROBLEM, names: outcome::CASE };
    let intent =
        Some(intent).filter(|_| !closed).and_then(|of| of.link(visit, record, &carried, "case.intent"));
    intent.into_iter().chain(outcome.link(visit, record, &carried, "case.outcome")).collect()
}

/// An outcome rests on the contract it came of.
fn come_of_contract(visit: &Visit, record: &Record) -> Option<Link> {
    let is_contract = type_within(&record.item.type_path, agreement::CONTRACT);
    if !is_contract || !oversees(&visit.asker(), record.item.place.as_ref()) {
        return None;
    }
    let outcome = Begun { kind: outcome::KIND, of: outcome::PROBLEM, names: outcome::AGREEMENT };
    let carried = [(agreement::DEMAND, outcome::DEMAND), (agreement::CASE, outcome::CASE)];
    outcome.link(visit, record, &carried, "case.outcome")
}

/// What is signed after an intent is a record of its own, filled in from it.
fn signed(visit: &Visit, record: &Record) -> Option<Link> {
    let is_intent = type_within(&record.item.type_path, agreement::INTENT);
    let contract = Begun { kind: agreement::KIND, of: agreement::DEVELOPMENT, names: agreement::FROM_INTENT };
    let carried = [agreement::PARTIES, agreement::CASE, agreement::DEMAND, agreement::EVENT];
    let carried = carried.map(|name| (name, name));
    Some(contract).filter(|_| is_intent).and_then(|of| of.link(visit, record, &carried, "agreement.sign"))
}

/// A record that is begun from another.
struct Begun {
    kind: &'static str,
    of: &'static str,
    /// The field that names the other.
    names: &'static str,
}

impl Begun {
    /// The form of the new record, with what the other says already; none for who may file none.
    fn link(
        &self,
        visit: &Visit,
        from: &Record,
        carried: &[(&'static str, &'static str)],
        label: &'static str,
    ) -> Option<Link> {
        let asker = visit.asker();
        let kind = visit.app.register().catalogue().kind(self.kind)?;
        if asker.only.is_some() || !may_create(kind, &asker) {
            return None;
        }
        let mut pairs = vec![("type", self.of.to_owned()), (self.names, from.item.id.to_string())];
        for (name, here) in carried {
            let value = from.fields.get(*name).cloned().unwrap_or_default();
            let values = value.as_array().cloned().unwrap_or_else(|| vec![value]);
            pairs.extend(values.iter().filter_map(|value| Some((*here, value.as_str()?.to_owned()))));
        }
        pairs.extend(from.item.place.as_ref().map(|place| (agreement::PLACE, place.to_string())));
        let query: Vec<String> =
            pairs.iter().map(|(name, text)| format!("{name}={}", encode_query(text))).collect();
        Some(visit.link(&format!("/{}/new?{}", kind.path, query.join("&")), visit.t(label)))
    }
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
