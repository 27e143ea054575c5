//! 站点档案: what lies in the file of a station, and what happened there: counted from visits, events, cases, agreements
//! and outcomes that name it, never typed.
//!
//! Shows what the reader may read, and nothing else. Start at [`show`] and [`Activity::of`].

use askama::Template as _;
use axum::extract::Path;
use axum::response::{Html, IntoResponse, Response};
use base::day::Day;
use catalogue::kind::reference;
use catalogue::{Asker, Fields};
use jiff::civil::Date;
use register::{Direction, Edge, Item, Key, Reader, Record};
use serde_json::Value;

use super::desk;
use crate::accounts::cell;
use crate::clock;
use crate::fields::{RENEW, UNTIL, application, certificate, station};
use crate::records::address;
use crate::records::edit::found;
use crate::records::faces::{badge, row};
use crate::trouble::Trouble;
use crate::view::{DeskRow, DeskTable, Link};
use crate::visit::Visit;

/// Records of one kind that are looked at, newest first.
const LOOKED_AT: usize = 200;
/// Lines of what happened.
const LINES: usize = 20;
/// Kinds by which something happens at a station, with the label of their count.
const HAPPENS: [&str; 5] = ["visit", "event", "case", "agreement", "outcome"];

/// What happened at a station and what is to come.
#[derive(Clone, Debug, Default)]
pub struct Activity {
    /// What happened, newest first: the last day on which it did.
    pub past: Vec<(Date, Item)>,
    /// What is to come, nearest first.
    pub ahead: Vec<(Date, Item)>,
}

impl Activity {
    /// What the records an asker may read say of a station.
    pub fn of(reader: &Reader<'_>, me: &Asker, station: i64, today: Date) -> Result<Activity, Trouble> {
        let mut found = Activity::default();
        for edge in reader.edges(me, station, Direction::To, None, LOOKED_AT)? {
            if !HAPPENS.contains(&edge.item.kind.as_str()) || edge.item.stage == "proposed" {
                continue;
            }
            let day = day_of(&edge.item);
            if day <= today {
                found.past.push((day, edge.item));
            } else {
                found.ahead.push((day, edge.item));
            }
        }
        found.past.sort_by_key(|(day, item)| (std::cmp::Reverse(*day), std::cmp::Reverse(item.row)));
        found.ahead.sort_by_key(|(day, item)| (*day, item.row));
        Ok(found)
    }

    /// How many of a kind happened between two days, both counted.
    pub fn count(&self, kind: &str, since: Date, until: Date) -> usize {
        let within = |day: &Date| (since..=until).contains(day);
        self.past.iter().filter(|(day, item)| item.kind == kind && within(day)).count()
    }
}

/// The day something counts on; where its kind has none, the day it was filed.
fn day_of(item: &Item) -> Date {
    let day = item.day.as_deref().and_then(|text| Day::parse(text).ok()).map(|day| day.last());
    day.unwrap_or_else(|| clock::day_of(item.created_at))
}

/// Kinds that happen, for who counts them.
pub fn kinds() -> [&'static str; 5] {
    HAPPENS
}

/// `GET /stations/{number}/dossier`.
pub async fn show(visit: Visit, Path(number): Path<String>) -> Result<Response, Trouble> {
    let kind = visit.app.register().catalogue().kind(station::KIND).ok_or(Trouble::NotFound)?;
    let record = found(&visit, kind, &number).await?;
    let here = address(kind, &record.item.number);
    let looking = visit.clone();
    let drawn = move |reader: &Reader<'_>| {
        let today = looking.app.today();
        let activity = Activity::of(reader, &looking.asker(), record.item.row, today)?;
        let title = format!("{} · {}", looking.t("dossier.title"), record.item.title);
        let mut view = desk(&looking, &title, Some(looking.link(&here, record.item.title.clone())));
        view.lead = vec![last_words(&looking, &activity), next_words(&looking, &activity)];
        let agreed = agreements(&looking, reader, record.item.row)?;
        for agreement in &agreed {
            view.lead.extend(valid_until(&looking, agreement));
            view.links.extend(renewal(&looking, agreement));
        }
        view.tables = vec![happened(&looking, &activity), papers(&looking, reader, &record, &agreed)?];
        Ok(view)
    };
    Ok(Html(visit.app.read(drawn).await?.render()?).into_response())
}

/// “最近一次活动：2026年3月9日，…”.
pub fn last_words(visit: &Visit, activity: &Activity) -> String {
    let last = activity.past.first();
    last.map_or_else(|| visit.t("dossier.none").to_owned(), |last| words(visit, "dossier.last", last))
}

/// “下一步：…”.
pub fn next_words(visit: &Visit, activity: &Activity) -> String {
    let next = activity.ahead.first();
    next.map_or_else(
        || visit.t("dossier.nothing-ahead").to_owned(),
        |next| words(visit, "dossier.next", next),
    )
}

fn words(visit: &Visit, key: &str, (day, item): &(Date, Item)) -> String {
    visit.texts().fill(key, &[("day", &clock::date(*day, visit.lang)), ("title", &item.title)])
}

fn happened(visit: &Visit, activity: &Activity) -> DeskTable {
    let rows = activity.ahead.iter().rev().chain(&activity.past).take(LINES);
    let line = |(day, item): &(Date, Item)| {
        let shown = row(visit, item, &[]);
        let there = Link { href: shown.href, label: shown.title, current: false };
        let kind = visit.app.register().catalogue().kind(&item.kind);
        let kind = kind.map(|kind| kind.label.text(visit.lang)).unwrap_or_default();
        let cells = vec![cell(clock::date(*day, visit.lang)), cell(kind), there];
        DeskRow { cells, buttons: Vec::new() }
    };
    DeskTable {
        heading: visit.t("dossier.activity").to_owned(),
        note: visit.t("dossier.activity-note").to_owned(),
        columns: ["dossier.day", "list.type", "list.title"].map(|key| visit.t(key).to_owned()).into(),
        rows: rows.map(line).collect(),
        empty: visit.t("dossier.none").to_owned(),
    }
}

/// The agreements a station rests on: those its applications name.
fn agreements(visit: &Visit, reader: &Reader<'_>, station: i64) -> Result<Vec<Record>, Trouble> {
    let me = visit.asker();
    let mut found: Vec<Record> = Vec::new();
    for edge in reader.edges(&me, station, Direction::To, None, LOOKED_AT)? {
        if edge.item.kind != application::KIND {
            continue;
        }
        let fields = reader.find(&me, &Key::Row(edge.item.row))?.fields;
        let Some(id) = fields.get(application::AGREEMENT).and_then(reference) else { continue };
        match reader.find(&me, &Key::Id(id)) {
            Ok(record) if found.iter().all(|known| known.item.id != id) => found.push(record),
            Ok(_) | Err(register::Fault::NotFound) => {}
            Err(fault) => return Err(fault.into()),
        }
    }
    Ok(found)
}

/// “协议……有效期至2027年3月1日”.
fn valid_until(visit: &Visit, agreement: &Record) -> Option<String> {
    let until = Day::parse(agreement.fields.get(UNTIL)?.as_str()?).ok()?;
    let words = [("title", agreement.item.title.as_str()), ("day", &clock::day(&until, visit.lang))];
    Some(visit.texts().fill("dossier.until", &words))
}

/// The form that renews an agreement, for who may.
fn renewal(visit: &Visit, agreement: &Record) -> Option<Link> {
    let kind = visit.app.register().catalogue().kind(&agreement.item.kind)?;
    let offers = crate::records::offered(visit, kind, agreement);
    offers
        .iter()
        .find(|offer| offer.mv.name == RENEW && offer.access.is_some() && offer.refusal.is_none())?;
    let label = visit.texts().fill("dossier.renew", &[("title", &agreement.item.title)]);
    Some(visit.link(&format!("{}/moves/{RENEW}", address(kind, &agreement.item.number)), label))
}

/// The papers of a station: its application, agreements, certificates and evaluations, and until when each holds.
fn papers(
    visit: &Visit,
    reader: &Reader<'_>,
    record: &Record,
    agreed: &[Record],
) -> Result<DeskTable, Trouble> {
    const PAPERS: [&str; 3] = [application::KIND, certificate::KIND, crate::fields::evaluation::KIND];
    let me = visit.asker();
    let mut edges = reader.edges(&me, record.item.row, Direction::To, None, LOOKED_AT)?;
    edges.retain(|edge| PAPERS.contains(&edge.item.kind.as_str()));
    edges.sort_by_key(|edge| PAPERS.iter().position(|kind| *kind == edge.item.kind));
    let mut rows = Vec::new();
    let agreed = agreed.iter().map(|agreement| &agreement.item);
    for item in edges.iter().map(|Edge { item, .. }| item).chain(agreed) {
        let fields = reader.find(&me, &Key::Row(item.row))?.fields;
        let Some(kind) = reader.catalogue().kind(&item.kind) else { continue };
        let there = visit.link(&address(kind, &item.number), item.title.clone());
        let stage = badge(kind, &item.stage, visit.lang).label;
        rows.push(DeskRow {
            cells: vec![cell(kind.label.text(visit.lang)), there, cell(stage), cell(term(visit, &fields))],
            buttons: Vec::new(),
        });
    }
    let columns = ["list.type", "list.title", "list.stage", "dossier.term"];
    Ok(DeskTable {
        heading: visit.t("dossier.papers").to_owned(),
        columns: columns.map(|key| visit.t(key).to_owned()).into(),
        rows,
        empty: visit.t("dossier.no-papers").to_owned(),
        ..DeskTable::default()
    })
}

/// The code of a certificate, or until when an agreement runs.
fn term(visit: &Visit, fields: &Fields) -> String {
    let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
    match (text(certificate::CODE), Day::parse(text(UNTIL))) {
        ("", Ok(until)) => clock::day(&until, visit.lang),
        (code, _) => code.to_owned(),
    }
}
