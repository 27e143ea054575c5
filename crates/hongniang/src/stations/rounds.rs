//! 评估轮次: a round opens one evaluation for each listed station of a place, its figures counted and frozen there and then;
//! the table of a round says where each stands.
//!
//! Scores and decisions are moves of the evaluations. Start at [`list`] and [`begin`].

use std::collections::BTreeMap;

use askama::Template as _;
use axum::extract::Path;
use axum::response::{Html, IntoResponse, Response};
use base::day::Day;
use base::place::Place;
use catalogue::kind::{Verb, reference};
use catalogue::{Asker, Fault, Fields, Role};
use jiff::civil::Date;
use register::{Find, Item, Key, New, Reader, Record, Writer};
use serde_json::{Value, json};

use super::dossier::{Activity, kinds};
use super::quiet::{STATIONS_MAX, stations};
use super::{desk, holds};
use crate::accounts::{cell, line};
use crate::fields::{evaluation, station};
use crate::records::address;
use crate::records::draft::Draft;
use crate::records::edit::redirect;
use crate::records::export::{Sheet, send};
use crate::records::faces::{badge, place_name};
use crate::records::posted::Posted;
use crate::trouble::Trouble;
use crate::view::{DeskForm, DeskRow, DeskTable, FaultLine, FieldView, Widget};
use crate::visit::Visit;

/// Labels of the table of a round.
const COLUMNS: [&str; 6] =
    ["round.station", "list.place", "round.figures", "round.score", "round.decision", "work.due"];
/// Inputs of the form that opens a round.
const ROUND: &str = "round";
const SINCE: &str = "since";
const UNTIL: &str = "until";
const PLACE: &str = "place";
/// Characters of a round's name, and of a heading.
const ROUND_CHARS: usize = 60;
const TITLE_CHARS: usize = 110;

/// Who reads rounds.
fn looks(visit: &Visit) -> Result<Asker, Trouble> {
    let me = visit.must_sign_in()?;
    let kind = visit.app.register().catalogue().kind(evaluation::KIND).ok_or(Trouble::NotFound)?;
    let office = me.roles.iter().any(|held| !held.role.is_of_organizations());
    match me.only.is_none() && office && !catalogue::access::arms(kind, &me, &Verb::Read).is_empty() {
        true => Ok(me),
        false => Err(Trouble::NotFound),
    }
}

/// Evaluations the asker may read, newest first.
fn evaluations(reader: &Reader<'_>, me: &Asker, round: Option<&str>) -> Result<Vec<Record>, Trouble> {
    let mut find = Find::kind(evaluation::KIND).first(base::limits::PAGE_ROWS_MAX);
    let mut found = Vec::new();
    loop {
        let page = reader.list(me, &find)?;
        for item in &page.items {
            let record = reader.find(me, &Key::Row(item.row))?;
            if round.is_none_or(|round| text(&record.fields, evaluation::ROUND) == round) {
                found.push(record);
            }
        }
        match page.next {
            Some(next) if found.len() < STATIONS_MAX => find = find.after(Some(next)),
            _ => return Ok(found),
        }
    }
}

/// `GET /stations/rounds`.
pub async fn list(visit: Visit) -> Result<Response, Trouble> {
    looks(&visit)?;
    page(&visit, &Draft::default(), &[]).await
}

async fn page(visit: &Visit, draft: &Draft, faults: &[Fault]) -> Result<Response, Trouble> {
    let me = visit.asker();
    let all = visit.app.read(move |reader| evaluations(reader, &me, None)).await?;
    let mut rounds: BTreeMap<String, [usize; 2]> = BTreeMap::new();
    let kind = visit.app.register().catalogue().kind(evaluation::KIND).ok_or(Trouble::NotFound)?;
    for record in &all {
        let counts = rounds.entry(text(&record.fields, evaluation::ROUND)).or_default();
        counts[0] += 1;
        counts[1] += usize::from(kind.stage(&record.item.stage).is_some_and(|stage| stage.closed));
    }
    let row = |(name, [all, done]): (&String, &[usize; 2])| {
        let there =
            visit.link(&format!("/stations/rounds/{}", crate::problem::encode_query(name)), name.clone());
        DeskRow { cells: vec![there, cell(all.to_string()), cell(done.to_string())], buttons: Vec::new() }
    };
    let all = visit.link("/stations", visit.t("nav.stations"));
    let mut view = desk(visit, visit.t("round.title"), Some(all));
    view.lead = vec![visit.t("round.lead").to_owned()];
    view.tables = vec![DeskTable {
        heading: visit.t("round.rounds").to_owned(),
        columns: ["round.name", "round.stations", "round.decided"].map(|key| visit.t(key).to_owned()).into(),
        rows: rounds.iter().rev().map(row).collect(),
        empty: visit.t("round.none").to_owned(),
        ..DeskTable::default()
    }];
    if visit.asker().roles.iter().any(|held| matches!(held.role, Role::Officer | Role::Steward)) {
        view.forms = vec![opening(visit, draft, faults)];
    }
    view.faults = faults.iter().map(|fault| fault_line(visit, fault)).collect();
    let status = if faults.is_empty() { 200 } else { 422 };
    let status = axum::http::StatusCode::from_u16(status).unwrap_or_default();
    Ok((status, Html(view.render()?)).into_response())
}

fn fault_line(visit: &Visit, fault: &Fault) -> FaultLine {
    FaultLine {
        id: fault.field.clone(),
        label: visit.t(label_of(&fault.field)).to_owned(),
        text: crate::problem::sentence(visit.texts(), fault),
    }
}

fn label_of(name: &str) -> &'static str {
    match name {
        ROUND => "round.name",
        SINCE => "round.since",
        UNTIL => "round.until",
        _ => "round.place",
    }
}

/// The form that opens a round.
fn opening(visit: &Visit, draft: &Draft, faults: &[Fault]) -> DeskForm {
    let field = |name: &'static str, kind: &'static str| {
        let told = faults.iter().filter(|fault| fault.field == name);
        FieldView {
            faults: told.map(|fault| crate::problem::sentence(visit.texts(), fault)).collect(),
            widget: Widget::Line { value: draft.one(name).to_owned(), kind, list: Vec::new() },
            ..line(visit, draft, name, label_of(name), true)
        }
    };
    DeskForm {
        heading: visit.t("round.begin").to_owned(),
        note: visit.t("round.begin-note").to_owned(),
        action: visit.href("/stations/rounds"),
        fields: vec![field(ROUND, "text"), field(PLACE, "text"), field(SINCE, "date"), field(UNTIL, "date")],
        submit: visit.t("round.begin").to_owned(),
        ..DeskForm::default()
    }
}

/// A round about to be opened.
#[derive(Clone)]
struct Opened {
    name: String,
    place: Place,
    since: Date,
    until: Date,
}

fn asked(visit: &Visit, draft: &Draft) -> Result<Opened, Vec<Fault>> {
    let mut faults = Vec::new();
    let name: String = draft.one(ROUND).trim().chars().take(ROUND_CHARS).collect();
    if name.is_empty() {
        faults.push(Fault::new(ROUND, "required"));
    }
    let mut day = |field: &'static str| match Day::parse(draft.one(field).trim()) {
        Ok(day) => Some(day),
        Err(_) => {
            faults.push(Fault::new(field, "required"));
            None
        }
    };
    let (since, until) = (day(SINCE).map(|day| day.first()), day(UNTIL).map(|day| day.last()));
    if since.zip(until).is_some_and(|(since, until)| since > until) {
        faults.push(Fault::new(UNTIL, "until-before-since"));
    }
    let place = Place::parse(draft.one(PLACE).trim()).ok();
    let place = place.filter(|place| holds(visit, &[Role::Officer, Role::Steward], Some(place)));
    if place.is_none() {
        faults.push(Fault::new(PLACE, "place-beyond"));
    }
    match (place, since, until) {
        (Some(place), Some(since), Some(until)) if faults.is_empty() => {
            Ok(Opened { name, place, since, until })
        }
        _ => Err(faults),
    }
}

/// `POST /stations/rounds`: opens an evaluation for each station that has none in the round.
pub async fn begin(visit: Visit, posted: Posted) -> Result<Response, Trouble> {
    let me = looks(&visit)?;
    let round = match asked(&visit, &posted.draft) {
        Ok(round) => round,
        Err(faults) => return page(&visit, &posted.draft, &faults).await,
    };
    let there = format!("/stations/rounds/{}", crate::problem::encode_query(&round.name));
    let looking = visit.clone();
    let opened = visit.app.write(move |writer| Ok(open_all(&looking, writer, &me, &round))).await?;
    opened.value?;
    Ok(redirect(&visit, &there, "notice.created"))
}

fn open_all(visit: &Visit, writer: &mut Writer<'_>, me: &Asker, round: &Opened) -> Result<(), Trouble> {
    let mut before = Vec::new();
    for record in evaluations(writer, me, Some(&round.name))? {
        before.extend(record.fields.get(evaluation::STATION).and_then(reference));
    }
    let within = |item: &Item| item.place.as_ref().is_some_and(|place| place.within(&round.place));
    for item in stations(writer, me)?.into_iter().filter(within) {
        if !before.contains(&item.id) {
            let fields = evaluation_of(visit, writer, me, &item, round)?;
            writer.create(me, New { kind: evaluation::KIND.to_owned(), fields, ..New::default() })?;
        }
    }
    Ok(())
}

/// One evaluation with its figures as they stand now.
fn evaluation_of(
    visit: &Visit,
    reader: &Reader<'_>,
    me: &Asker,
    item: &Item,
    round: &Opened,
) -> Result<Fields, Trouble> {
    let activity = Activity::of(reader, me, item.row, round.until)?;
    let rows: Vec<Value> = kinds()
        .into_iter()
        .filter_map(|name| reader.catalogue().kind(name))
        .map(|kind| {
            let n = activity.count(&kind.name, round.since, round.until);
            json!({ "name": kind.label.text(visit.lang), "value": n.to_string() })
        })
        .collect();
    let mut rows = rows;
    let last = activity.past.first().map(|(day, item)| format!("{day} {}", item.title));
    let last: String =
        last.unwrap_or_else(|| visit.t("dossier.none").to_owned()).chars().take(ROUND_CHARS).collect();
    rows.push(json!({ "name": visit.t("quiet.last"), "value": last }));
    let snapshot = Value::Array(rows);
    let digest: String =
        crate::secret::digest(&snapshot.to_string()).iter().map(|byte| format!("{byte:02x}")).collect();
    let title: String = format!("{} · {}", item.title, round.name).chars().take(TITLE_CHARS).collect();
    let mut fields = Fields::new();
    let mut put = |name: &str, value: Value| drop(fields.insert(name.to_owned(), value));
    put(evaluation::TITLE, json!(title));
    put(evaluation::STATION, json!(item.id.to_string()));
    put(evaluation::ROUND, json!(round.name));
    put(evaluation::SINCE, json!(round.since.to_string()));
    put(evaluation::UNTIL, json!(round.until.to_string()));
    put(evaluation::SNAPSHOT, snapshot);
    put(evaluation::FROZEN, json!(visit.app.today().to_string()));
    put(evaluation::DIGEST, json!(digest));
    let sheet = reader.catalogue().sheet_of(&item.type_path).map(|sheet| sheet.name.clone());
    sheet.into_iter().for_each(|sheet| put(evaluation::SHEET, json!(sheet)));
    item.place.iter().for_each(|place| put(evaluation::PLACE, json!(place.code())));
    let host = reader.find(me, &Key::Row(item.row))?.fields.get(station::HOST).cloned();
    host.into_iter().for_each(|host| put(evaluation::HOST, host));
    Ok(fields)
}

/// `GET /stations/rounds/{round}`, and as a file where it ends like one.
pub async fn show(visit: Visit, Path(round): Path<String>) -> Result<Response, Trouble> {
    let me = looks(&visit)?;
    let (round, ending) = match round.rsplit_once('.') {
        Some((round, ending)) if ["xlsx", "csv", "jsonl"].contains(&ending) => {
            (round.to_owned(), Some(ending.to_owned()))
        }
        _ => (round, None),
    };
    let name = round.clone();
    let mut all = visit.app.read(move |reader| evaluations(reader, &me, Some(&name))).await?;
    if all.is_empty() {
        return Err(Trouble::NotFound);
    }
    all.sort_by_key(|record| std::cmp::Reverse(score(record)));
    let rows: Vec<DeskRow> = all.iter().map(|record| round_row(&visit, record)).collect();
    if let Some(ending) = ending {
        let rows =
            rows.into_iter().map(|row| row.cells.into_iter().map(|cell| cell.label).collect()).collect();
        return send(&Sheet::of(&visit, &round, &COLUMNS, rows), &ending);
    }
    let back = visit.link("/stations/rounds", visit.t("round.title"));
    let mut view = desk(&visit, &round, Some(back));
    view.lead = vec![tally(&visit, &all)];
    view.tables = vec![DeskTable {
        heading: visit.t("round.table").to_owned(),
        note: visit.t("round.table-note").to_owned(),
        columns: COLUMNS.map(|key| visit.t(key).to_owned()).into(),
        rows,
        ..DeskTable::default()
    }];
    view.exports = visit.exports(&format!("/stations/rounds/{}", crate::problem::encode_query(&round)));
    Ok(Html(view.render()?).into_response())
}

/// “滚动支持 12 · 合格 30 · …”: how many stand where, in the order of the stages.
fn tally(visit: &Visit, all: &[Record]) -> String {
    let kind = visit.app.register().catalogue().kind(evaluation::KIND);
    let stages = kind.map(|kind| kind.stages.as_slice()).unwrap_or_default();
    let counted = stages.iter().filter_map(|stage| {
        let n = all.iter().filter(|record| record.item.stage == stage.name).count();
        (n > 0).then(|| format!("{} {n}", stage.label.text(visit.lang)))
    });
    counted.collect::<Vec<_>>().join(" · ")
}

fn round_row(visit: &Visit, record: &Record) -> DeskRow {
    let kind = visit.app.register().catalogue().kind(evaluation::KIND);
    let here = kind.map(|kind| address(kind, &record.item.number)).unwrap_or_default();
    let stage = kind.map(|kind| badge(kind, &record.item.stage, visit.lang).label).unwrap_or_default();
    let title = record.item.title.split(" · ").next().unwrap_or_default().to_owned();
    let rows = record.fields.get(evaluation::SNAPSHOT).and_then(Value::as_array);
    let part = |row: &Value, name| row.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let figures: Vec<String> = rows
        .into_iter()
        .flatten()
        .filter(|row| part(row, "value").parse::<u32>().is_ok_and(|n| n > 0))
        .map(|row| format!("{} {}", part(row, "name"), part(row, "value")))
        .collect();
    let due = record.item.due.map(|due| crate::clock::date(due, visit.lang)).unwrap_or_default();
    let score = score(record).map(|score| score.to_string()).unwrap_or_default();
    let place = record.item.place.as_ref().map(|place| place_name(place, visit.lang)).unwrap_or_default();
    DeskRow {
        cells: vec![
            visit.link(&here, title),
            cell(place),
            cell(figures.join(visit.t("list.comma"))),
            cell(score),
            cell(stage),
            cell(due),
        ],
        buttons: Vec::new(),
    }
}

fn score(record: &Record) -> Option<u64> {
    record.fields.get(evaluation::SCORE)?.as_u64()
}

fn text(fields: &Fields, name: &str) -> String {
    fields.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}
