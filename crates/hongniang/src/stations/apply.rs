//! 申报平台载体: the types of station one may apply for, and the form filled in from what the register knows of the unit.
//!
//! Nothing that is recorded is asked again. Start at [`form`].

use askama::Template as _;
use axum::extract::{Path, RawQuery};
use axum::response::{Html, IntoResponse, Response};
use base::id::RecordId;
use catalogue::{Fields, Recognition, Role, Type};
use register::{Direction, Edge, Reader, Record};
use serde_json::{Value, json};

use super::{desk, holds};
use crate::accounts::cell;
use crate::fields::{application, organization};
use crate::records::draft::Draft;
use crate::records::edit::{Said, form_of_new, found};
use crate::records::posted::read_pairs;
use crate::records::{address, once};
use crate::trouble::Trouble;
use crate::view::{DeskRow, DeskTable};
use crate::visit::Visit;

/// Records of one kind that are looked at.
const LOOKED_AT: usize = 20;
/// Lines of what was done together.
const LINES: usize = 12;
/// Kinds that tell what was done, in the order they are told.
const DONE: [&str; 4] = ["visit", "event", "agreement", "outcome"];

/// Whether the visitor may apply for a unit: as one of it, or for it.
pub fn may_apply(visit: &Visit, record: &Record) -> bool {
    let me = visit.asker();
    let own = me.only.is_none() && me.organizations.contains(&record.item.id);
    let retired = record.item.stage != organization::LISTED;
    !retired
        && (own
            || holds(visit, &[Role::Officer, Role::Liaison, Role::Steward], record.subject.place.as_ref()))
}

/// `GET /organizations/{number}/apply`; `?type=` opens the form.
pub async fn form(
    visit: Visit,
    Path(number): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Trouble> {
    visit.must_sign_in()?;
    let catalogue = visit.app.register().catalogue();
    let kind = catalogue.kind(organization::KIND).ok_or(Trouble::NotFound)?;
    let unit = found(&visit, kind, &number).await?;
    if !may_apply(&visit, &unit) {
        return Err(Trouble::NotFound);
    }
    let draft = Draft::new(read_pairs(query.unwrap_or_default().as_bytes())?);
    let kind = catalogue.kind(application::KIND).ok_or(Trouble::NotFound)?;
    let of = kind.types.iter().find(|of| of.path == draft.one("type"));
    let Some((of, asked)) = of.and_then(|of| Some((of, of.recognition.as_ref()?))) else {
        return types(&visit, &unit);
    };
    let (looking, about, asked) = (visit.clone(), unit.clone(), asked.clone());
    let fields = visit.app.read(move |reader: &Reader<'_>| filled(&looking, reader, &about, &asked)).await?;
    let form = form_of_new(&visit, kind, &of.path)?;
    let mut draft = Draft::of_fields(form.sheet.fields.iter().copied(), &fields, &form.sheet.terms());
    draft.set("type", of.path.clone());
    once::mark(&visit, &mut draft);
    let said = Said { intro: vec![visit.t("apply.filled").to_owned()], ..Said::default() };
    form.page(&visit, &draft, said).await
}

/// The types one may apply for, and what each asks.
fn types(visit: &Visit, unit: &Record) -> Result<Response, Trouble> {
    let catalogue = visit.app.register().catalogue();
    let (kind, terms) = (catalogue.kind(application::KIND).ok_or(Trouble::NotFound)?, catalogue.terms());
    let of = catalogue.kind(organization::KIND).ok_or(Trouble::NotFound)?;
    let here = address(of, &unit.item.number);
    let row = |of: &Type| {
        let asked = of.recognition.as_ref()?;
        let documents: Vec<String> = asked
            .documents
            .iter()
            .map(|code| terms.label(application::DOCUMENT_TERMS, code, visit.lang).to_string())
            .collect();
        let limit = asked.limit.map(|limit| {
            let (serving, retired) = (limit.serving.to_string(), limit.retired.to_string());
            visit.texts().fill("apply.limit", &[("serving", &serving), ("retired", &retired)])
        });
        let days = visit.texts().fill("apply.days", &[("n", &asked.publicity.to_string())]);
        let link = visit.link(&format!("{here}/apply?type={}", of.path), of.label.text(visit.lang));
        let cells = vec![
            link,
            cell(documents.join(visit.t("list.comma"))),
            cell(days),
            cell(limit.unwrap_or_default()),
        ];
        Some(DeskRow { cells, buttons: Vec::new() })
    };
    let columns = ["apply.type", "apply.documents", "apply.publicity", "apply.limits"];
    let mut view = desk(visit, visit.t("apply.title"), Some(visit.link(&here, unit.item.title.clone())));
    view.lead = vec![visit.t("apply.lead").to_owned()];
    view.tables = vec![DeskTable {
        heading: visit.t("apply.types").to_owned(),
        columns: columns.map(|key| visit.t(key).to_owned()).into(),
        rows: kind.types.iter().filter_map(row).collect(),
        ..DeskTable::default()
    }];
    Ok(Html(view.render()?).into_response())
}

/// What the register knows that the form asks.
fn filled(visit: &Visit, reader: &Reader<'_>, unit: &Record, asked: &Recognition) -> Result<Fields, Trouble> {
    let catalogue = reader.catalogue();
    let station = catalogue.kind(crate::fields::station::KIND).and_then(|kind| kind.type_of(&asked.station));
    let label = station.map(|of| of.label.text(visit.lang)).unwrap_or_default();
    let mut fields = Fields::new();
    fields.insert(application::TITLE.into(), json!(format!("{}{label}", unit.item.title)));
    fields.insert(application::HOST.into(), json!(unit.item.id.to_string()));
    let place = unit.item.place.as_ref().map(|place| json!(place.code()));
    fields.extend(place.map(|place| (application::PLACE.to_owned(), place)));
    for name in [application::INDUSTRY].iter().chain(&application::CONTACTS) {
        fields.extend(unit.fields.get(*name).map(|value| ((*name).to_owned(), value.clone())));
    }
    let edges = reader.edges(&visit.asker(), unit.item.row, Direction::To, None, LOOKED_AT)?;
    let history = history(visit, &edges);
    if !history.is_empty() {
        fields.insert(application::HISTORY.into(), json!(history));
    }
    let agreement = edges.iter().find(|edge| edge.item.kind == "agreement" && edge.item.stage == "listed");
    fields.extend(agreement.map(|edge| (application::AGREEMENT.to_owned(), json!(edge.item.id.to_string()))));
    let partners = partners(visit, reader, unit, &edges)?;
    if !partners.is_empty() {
        fields.insert(application::PARTNERS.into(), json!(partners));
    }
    let rows: Vec<Value> =
        asked.documents.iter().map(|code| json!({ application::DOCUMENT: code })).collect();
    fields.insert(application::DOCUMENTS.into(), json!(rows));
    Ok(fields)
}

/// What was done with others, a line each: day, kind, heading.
fn history(visit: &Visit, edges: &[Edge]) -> String {
    let catalogue = visit.app.register().catalogue();
    let mut lines = Vec::new();
    for kind in DONE.into_iter().filter_map(|name| catalogue.kind(name)) {
        let of_kind = edges.iter().filter(|edge| edge.item.kind == kind.name);
        lines.extend(of_kind.map(|edge| {
            let day = edge.item.day.clone().unwrap_or_default();
            format!("{day} {}：{}", kind.label.text(visit.lang), edge.item.title).trim().to_owned()
        }));
    }
    lines.truncate(LINES);
    lines.join("\n")
}

/// Societies, universities and institutes that a live tie joins to the unit.
fn partners(
    visit: &Visit,
    reader: &Reader<'_>,
    unit: &Record,
    edges: &[Edge],
) -> Result<Vec<String>, Trouble> {
    const BESIDE: [&str; 3] = ["society", "university", "institute"];
    let mut found: Vec<RecordId> = Vec::new();
    for tie in edges.iter().filter(|edge| edge.item.kind == "tie" && edge.item.stage == "live") {
        for edge in reader.edges(&visit.asker(), tie.item.row, Direction::From, None, LOOKED_AT)? {
            let beside = BESIDE.iter().any(|of| catalogue::kind::type_within(&edge.item.type_path, of));
            let is_unit = edge.item.kind == organization::KIND && edge.item.id != unit.item.id;
            if is_unit && beside && !found.contains(&edge.item.id) {
                found.push(edge.item.id);
            }
        }
    }
    Ok(found.into_iter().map(|id| id.to_string()).collect())
}
