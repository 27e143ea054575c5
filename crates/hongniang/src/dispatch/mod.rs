//! 派出看板: who goes where when, week by week, and where an expert is wanted twice; and the pairs of universities and
//! townships.
//!
//! A trip is a record like any other; the board only sets trips beside one another. Start at [`show`].

pub mod clash;
pub mod pairs;

use std::collections::HashMap;

use askama::Template as _;
use axum::extract::{Path, RawQuery};
use axum::response::{Html, Response};
use catalogue::Kind;
use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};
use register::Reader;

use crate::accounts::cell;
use crate::fields::{tie, trip};
use crate::records::draft::Draft;
use crate::records::export::{Sheet, send};
use crate::records::faces::place_name;
use crate::records::posted::read_pairs;
use crate::sides::{first, link_to, referred, stage};
use crate::trouble::Trouble;
use crate::view::{DeskRow, DeskTable, DeskView, Link};
use crate::visit::Visit;
use clash::{Clash, Going, span};

/// Weeks shown: the one before the chosen day's week is left out.
const WEEKS: i64 = 8;
/// Columns of the board.
const COLUMNS: [&str; 8] = [
    "dispatch.days",
    "dispatch.what",
    "dispatch.to",
    "list.place",
    "dispatch.experts",
    "dispatch.team",
    "list.stage",
    "dispatch.clashes",
];

/// The board of a list: of trips, of ties.
pub fn offered(visit: &Visit, kind: &Kind) -> Option<Link> {
    match kind.name.as_str() {
        trip::KIND if visit.signed.is_some() => Some(visit.link("/dispatch", visit.t("dispatch.title"))),
        tie::KIND => Some(visit.link("/pairs", visit.t("pairs.title"))),
        _ => None,
    }
}

/// A trip as the board tells it.
struct Line {
    since: Date,
    cells: Vec<Link>,
}

/// The Monday the board starts with: of the week of `?from=`, else of today.
fn monday(visit: &Visit, query: Option<String>) -> Result<Date, Trouble> {
    let draft = Draft::new(read_pairs(query.unwrap_or_default().as_bytes())?);
    let asked: Option<Date> = draft.one("from").parse().ok();
    let day = asked.unwrap_or_else(|| visit.app.today());
    let back = i64::from(day.weekday().since(Weekday::Monday));
    Ok(day.saturating_sub(back.days()))
}

/// The board is for those who send people out, and for who goes: a visitor signs in.
async fn lines(visit: &Visit, from: Date) -> Result<Vec<Line>, Trouble> {
    visit.must_sign_in()?;
    let (looking, until) = (visit.clone(), from.saturating_add((WEEKS * 7 - 1).days()));
    let gather = move |reader: &Reader<'_>| {
        let trips = clash::going(&looking, reader, from, until)?;
        let clashes = clash::clashes(&looking, reader, &trips)?;
        trips.iter().map(|going| line(&looking, reader, going, &clashes)).collect()
    };
    visit.app.read(gather).await
}

fn line(
    visit: &Visit,
    reader: &Reader<'_>,
    going: &Going,
    clashes: &HashMap<i64, Vec<Clash>>,
) -> Result<Line, Trouble> {
    let names = |links: Vec<Link>| links.into_iter().map(|link| link.label).collect::<Vec<_>>().join("、");
    let clash = |clash: &Clash| {
        let with =
            clash.with.as_ref().map_or_else(|| visit.t("dispatch.away").to_owned(), |of| of.title.clone());
        let words = [("who", clash.expert.title.clone()), ("with", with), ("days", clash.words(visit))];
        let words = words.each_ref().map(|(name, text)| (*name, text.as_str()));
        visit.texts().fill("dispatch.clash", &words)
    };
    let found: Vec<String> = clashes.get(&going.item.row).into_iter().flatten().map(clash).collect();
    let place = going.item.place.as_ref().map(|place| place_name(place, visit.lang)).unwrap_or_default();
    Ok(Line {
        since: going.since,
        cells: vec![
            cell(span(visit, going.since, going.until)),
            link_to(visit, &going.item, going.item.title.clone()),
            first(referred(visit, reader, &going.fields, trip::FIRM)?),
            cell(place),
            cell(names(referred(visit, reader, &going.fields, trip::EXPERTS)?)),
            first(referred(visit, reader, &going.fields, trip::TEAM)?),
            cell(stage(visit, &going.item)),
            cell(found.join("；")),
        ],
    })
}

/// `GET /dispatch`; `?from=DAY` shows the weeks from that day on.
pub async fn show(visit: Visit, RawQuery(query): RawQuery) -> Result<Html<String>, Trouble> {
    let from = monday(&visit, query)?;
    let lines = lines(&visit, from).await?;
    let clashing = lines.iter().filter(|line| line.cells.last().is_some_and(|cell| !cell.label.is_empty()));
    let counts = [("n", lines.len().to_string()), ("clashes", clashing.count().to_string())];
    let counts = counts.each_ref().map(|(name, text)| (*name, text.as_str()));
    let step = |weeks: i64, key: &str| {
        let day = from.saturating_add((weeks * 7).days());
        visit.link(&format!("/dispatch?from={day}"), visit.t(key))
    };
    let mut links = vec![step(-WEEKS, "dispatch.before"), step(WEEKS, "dispatch.after")];
    links.push(visit.link("/pairs", visit.t("pairs.title")));
    let kind = visit.app.register().catalogue().kind(trip::KIND).ok_or(Trouble::NotFound)?;
    if crate::records::may_create(kind, &visit.asker()) {
        links.insert(0, visit.link("/trips/new", visit.t("dispatch.new")));
    }
    let view = DeskView {
        crumb: Some(visit.link("/trips", kind.label.text(visit.lang))),
        lead: vec![visit.t("dispatch.lead").to_owned(), visit.texts().fill("dispatch.count", &counts)],
        links,
        tables: weeks(&visit, from, lines),
        exports: visit.exports(&format!("/dispatch?from={from}")),
        ..DeskView::bare(visit.page(visit.t("dispatch.title")))
    };
    Ok(Html(view.render()?))
}

/// A table for each week in which somebody goes; one that says so where nobody does.
fn weeks(visit: &Visit, from: Date, lines: Vec<Line>) -> Vec<DeskTable> {
    let columns: Vec<String> = COLUMNS.map(|key| visit.t(key).to_owned()).into();
    let mut tables: Vec<(Date, DeskTable)> = Vec::new();
    for line in lines {
        let back = i64::from(line.since.weekday().since(Weekday::Monday));
        // What began before stands in the first week.
        let week = line.since.saturating_sub(back.days()).max(from);
        let row = DeskRow { cells: line.cells, buttons: Vec::new() };
        match tables.last_mut().filter(|(of, _)| *of == week) {
            Some((_, table)) => table.rows.push(row),
            None => {
                let heading = span(visit, week, week.saturating_add(6.days()));
                let columns = columns.clone();
                tables.push((week, DeskTable { heading, columns, rows: vec![row], ..DeskTable::default() }));
            }
        }
    }
    if tables.is_empty() {
        let empty = visit.t("dispatch.empty").to_owned();
        return vec![DeskTable { empty, ..DeskTable::default() }];
    }
    tables.into_iter().map(|(_, table)| table).collect()
}

/// `GET /dispatch.{ending}`.
pub async fn export(
    visit: Visit,
    Path(ending): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Trouble> {
    let from = monday(&visit, query)?;
    let lines = lines(&visit, from).await?;
    let texts = |line: Line| line.cells.into_iter().map(|cell| cell.label).collect();
    let rows = lines.into_iter().map(texts).collect();
    send(&Sheet::of(&visit, visit.t("dispatch.title"), &COLUMNS, rows), &ending)
}
