//! 长期无活动清单: listed stations of which no record tells that anything happened for a while, with the last thing that did,
//! what is to come, and one press that asks the host.
//!
//! For those who look after them alone; it never stands on a public page. Start at [`show`].

use askama::Template as _;
use axum::extract::{Path, RawQuery};
use axum::response::{Html, IntoResponse, Response};
use catalogue::{Asker, Filter, Over, Role};
use jiff::ToSpan as _;
use jiff::civil::Date;
use register::{Find, Item, Reader};

use super::desk;
use super::dossier::{Activity, last_words, next_words};
use crate::accounts::cell;
use crate::clock;
use crate::fields::station;
use crate::records::address;
use crate::records::draft::Draft;
use crate::records::export::{Sheet, send};
use crate::records::faces::row;
use crate::records::posted::read_pairs;
use crate::trouble::Trouble;
use crate::view::{DeskButton, DeskRow, DeskTable, Link};
use crate::visit::Visit;

/// Months without anything after which a station stands here, unless the address says otherwise.
const MONTHS: i64 = 12;
const MONTHS_OFFERED: [i64; 3] = [6, 12, 24];
/// Stations looked at.
pub const STATIONS_MAX: usize = 1_000;
/// Labels of the columns.
const COLUMNS: [&str; 5] = ["quiet.station", "quiet.host", "list.place", "quiet.last", "quiet.next"];

/// A station of which nothing was told for a while.
struct Quiet {
    item: Item,
    activity: Activity,
}

/// Who looks after stations somewhere.
fn looks(visit: &Visit) -> Result<Asker, Trouble> {
    let me = visit.must_sign_in()?;
    let roles = [Role::Officer, Role::Liaison, Role::Leader, Role::Evaluator, Role::Steward];
    let holds = me.only.is_none() && me.roles.iter().any(|held| roles.contains(&held.role));
    if holds { Ok(me) } else { Err(Trouble::NotFound) }
}

/// Listed stations of the places an asker looks after.
pub fn stations(reader: &Reader<'_>, me: &Asker) -> Result<Vec<Item>, Trouble> {
    let over = |item: &Item| {
        me.roles.iter().any(|held| match &held.over {
            Over::Node => true,
            Over::Place(over) => item.place.as_ref().is_some_and(|place| place.within(over)),
            Over::Organization(_) => false,
        })
    };
    let mut find = Find::kind(station::KIND)
        .filter(Filter::Stage(station::LISTED.to_owned()))
        .first(base::limits::PAGE_ROWS_MAX);
    let mut found = Vec::new();
    loop {
        let page = reader.list(me, &find)?;
        found.extend(page.items.into_iter().filter(|item| over(item)));
        match page.next {
            Some(next) if found.len() < STATIONS_MAX => find = find.after(Some(next)),
            _ => return Ok(found),
        }
    }
}

fn quiet(reader: &Reader<'_>, me: &Asker, before: Date, today: Date) -> Result<Vec<Quiet>, Trouble> {
    let mut found = Vec::new();
    for item in stations(reader, me)? {
        let activity = Activity::of(reader, me, item.row, today)?;
        // What was listed only lately has had no time yet.
        let since = clock::day_of(item.created_at);
        let last = activity.past.first().map_or(since, |(day, _)| *day);
        if last < before {
            found.push(Quiet { item, activity });
        }
    }
    found.sort_by_key(|quiet| quiet.activity.past.first().map(|(day, _)| *day));
    Ok(found)
}

fn months(query: Option<String>) -> Result<i64, Trouble> {
    let draft = Draft::new(read_pairs(query.unwrap_or_default().as_bytes())?);
    let asked = draft.one("months").parse().ok();
    Ok(asked.filter(|months| MONTHS_OFFERED.contains(months)).unwrap_or(MONTHS))
}

/// `GET /stations/quiet`; `?months=`.
pub async fn show(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, Trouble> {
    let (me, months, today) = (looks(&visit)?, months(query)?, visit.app.today());
    let before = today.saturating_sub(months.months());
    let looking = visit.clone();
    let rows = move |reader: &Reader<'_>| {
        let all = quiet(reader, &me, before, today)?;
        Ok(all.iter().map(|quiet| desk_row(&looking, quiet)).collect::<Vec<_>>())
    };
    let rows = visit.app.read(rows).await?;
    let all = visit.link("/stations", visit.t("nav.stations"));
    let mut view = desk(&visit, visit.t("quiet.title"), Some(all));
    view.lead = vec![visit.texts().fill("quiet.lead", &[("n", &months.to_string())])];
    view.links = MONTHS_OFFERED
        .into_iter()
        .map(|n| {
            let words = visit.texts().fill("quiet.months", &[("n", &n.to_string())]);
            visit.link(&format!("/stations/quiet?months={n}"), words)
        })
        .collect();
    view.tables = vec![DeskTable {
        heading: visit.t("quiet.title").to_owned(),
        note: visit.t("quiet.note").to_owned(),
        columns: COLUMNS.map(|key| visit.t(key).to_owned()).into(),
        rows,
        empty: visit.t("quiet.none").to_owned(),
    }];
    view.exports = visit.exports(&format!("/stations/quiet?months={months}"));
    Ok(Html(view.render()?).into_response())
}

/// `GET /stations/quiet.{ending}`.
pub async fn export(
    visit: Visit,
    Path(ending): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Trouble> {
    let (me, months, today) = (looks(&visit)?, months(query)?, visit.app.today());
    let before = today.saturating_sub(months.months());
    let looking = visit.clone();
    let rows = move |reader: &Reader<'_>| {
        let all = quiet(reader, &me, before, today)?;
        let texts = |quiet: &Quiet| cells(&looking, quiet).into_iter().map(|cell| cell.label).collect();
        Ok(all.iter().map(texts).collect::<Vec<Vec<String>>>())
    };
    let rows = visit.app.read(rows).await?;
    send(&Sheet::of(&visit, visit.t("quiet.title"), &COLUMNS, rows), &ending)
}

fn cells(visit: &Visit, quiet: &Quiet) -> Vec<Link> {
    let shown = row(visit, &quiet.item, &[]);
    vec![
        Link { href: shown.href, label: shown.title, current: false },
        cell(shown.owner),
        cell(shown.place),
        cell(last_words(visit, &quiet.activity)),
        cell(next_words(visit, &quiet.activity)),
    ]
}

fn desk_row(visit: &Visit, quiet: &Quiet) -> DeskRow {
    let kind = visit.app.register().catalogue().kind(station::KIND);
    let here = kind.map(|kind| address(kind, &quiet.item.number)).unwrap_or_default();
    // One press: the move asks nothing, and its host is told.
    let ask = DeskButton {
        action: visit.href(&format!("{here}/moves/{}", station::INQUIRE)),
        hidden: vec![("do".to_owned(), "save".to_owned())],
        asks: None,
        label: visit.t("quiet.ask").to_owned(),
    };
    let office = |role: Role| matches!(role, Role::Officer | Role::Liaison);
    let may = visit.asker().roles.iter().any(|held| office(held.role));
    DeskRow { cells: cells(visit, quiet), buttons: if may { vec![ask] } else { Vec::new() } }
}
