//! 平台站点一生的各个台面: applying with what the register knows, reviewers, scoring, objections, certificates, dossiers,
//! stations without activity, evaluation rounds.
//!
//! Stages, clocks and who may do what stand in the catalogue. Start at [`apply::form`].

pub mod apply;
pub mod check;
pub mod dossier;
pub mod objecting;
pub mod panel;
pub mod quiet;
pub mod rounds;
pub mod scoring;

use catalogue::{Kind, Over, Role};
use register::Record;

use crate::fields::{application, organization, station};
use crate::records::address;
use crate::view::{DeskView, Link};
use crate::visit::Visit;

/// Where the page of a record leads to.
pub fn offered(visit: &Visit, kind: &Kind, record: &Record) -> Vec<Link> {
    let here = address(kind, &record.item.number);
    let link = |end: &str, key: &str| visit.link(&format!("{here}/{end}"), visit.t(key));
    match kind.name.as_str() {
        organization::KIND if apply::may_apply(visit, record) => vec![link("apply", "apply.action")],
        application::KIND => {
            let objected = record.item.stage == application::PUBLICITY;
            let object = objected.then(|| link("object", "object.action"));
            panel::presides(visit, record)
                .then(|| link("panel", "panel.title"))
                .into_iter()
                .chain(object)
                .collect()
        }
        station::KIND => vec![link("dossier", "dossier.title")],
        _ => Vec::new(),
    }
}

/// Desks for those who look after stations, from the list of them.
pub fn desks(visit: &Visit, kind: &Kind) -> Vec<Link> {
    let looks = |role: Role| {
        matches!(role, Role::Officer | Role::Liaison | Role::Leader | Role::Evaluator | Role::Steward)
    };
    let me = visit.asker();
    let works = me.only.is_none() && me.roles.iter().any(|held| looks(held.role));
    match kind.name.as_str() {
        station::KIND if works => {
            let quiet = visit.link("/stations/quiet", visit.t("quiet.title"));
            vec![quiet, visit.link("/stations/rounds", visit.t("round.title"))]
        }
        _ => Vec::new(),
    }
}

/// Whether the visitor holds an office over a place, or over the whole installation.
fn holds(visit: &Visit, roles: &[Role], place: Option<&base::place::Place>) -> bool {
    visit.asker().only.is_none()
        && visit.asker().roles.iter().any(|held| {
            let over = match &held.over {
                Over::Node => true,
                Over::Place(over) => place.is_some_and(|place| place.within(over)),
                Over::Organization(_) => false,
            };
            roles.contains(&held.role) && over
        })
}

/// A desk with nothing on it yet.
fn desk(visit: &Visit, title: &str, crumb: Option<Link>) -> DeskView {
    DeskView { crumb, ..DeskView::bare(visit.page(title)) }
}
