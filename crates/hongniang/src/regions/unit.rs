//! The page of a unit: its five links, what was done, stations, demands, events and documents.
//!
//! Reads a few rows of each kind and counts; never walks the records of a place. Start at [`show`].

use askama::Template as _;
use assessment::{Lane, Period};
use axum::extract::{Path, RawQuery};
use axum::response::Html;
use base::day::Day;
use base::place::Place;
use catalogue::Filter;
use register::{Find, Order, Reader};

use super::{address, cards, count, listing, of, place_of, rows};
use crate::clock;
use crate::fields::{SOURCED, demand, event, policy, programme, station};
use crate::figures::pages::{says_something, years};
use crate::figures::{Figures, Span, figure_text};
use crate::home::FIVE;
use crate::records::faces::place_name;
use crate::records::posted::read_pairs;
use crate::trouble::Trouble;
use crate::view::{BelowView, FigureView, Link, LinkedView, ShelfView, StationsView, UnitView};
use crate::visit::Visit;

/// Rows of a shelf.
const SHELF: usize = 5;
/// What is shown of the places below.
const BELOW: &str = "stations";

/// What is shown of a year's work, in this order, where something is told or counted.
const WORK: [&str; 35] = [
    "societies_docked",
    "person_times",
    "firms_served",
    "problems_solved",
    "problems_per_firm",
    "person_times_per_firm",
    "choke_points",
    "technologies",
    "transfers",
    "awards",
    "patents",
    "projects",
    "topics",
    "standards",
    "intents",
    "intent_amount",
    "contracts",
    "contract_amount",
    "champion_firms",
    "champion_intents",
    "champion_problems",
    "institutes_docked",
    "docking_sessions",
    "talents",
    "talent_projects",
    "landing_rate",
    "brokers",
    "profit_added",
    "product_revenue",
    "strategic_agreements",
    "platforms_landed",
    "house_experts",
    "house_academicians",
    "advisers",
    "tours",
];

/// `GET /regions/{code}`.
pub async fn show(
    visit: Visit,
    Path(code): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Html<String>, Trouble> {
    let place = place_of(&code)?;
    let pairs = read_pairs(query.unwrap_or_default().as_bytes())?;
    let year = pairs.iter().find(|(name, _)| name == "year").and_then(|(_, year)| year.parse().ok());
    let looking = visit.clone();
    let view = visit.app.read(move |reader| view(&looking, reader, &place, year)).await?;
    Ok(Html(view.render()?))
}

fn view(visit: &Visit, reader: &Reader<'_>, place: &Place, year: Option<i16>) -> Result<UnitView, Trouble> {
    let name = place_name(place, visit.lang);
    let state = visit.app.index().ask();
    let figures = &state.figures;
    let description = visit.texts().fill("regions.unit-description", &[("place", &name)]);
    let period = year.and_then(Period::year).unwrap_or_else(Period::all);
    let span = Span { place: place.clone(), period };
    Ok(UnitView {
        page: visit.public_page(name, description),
        above: above(visit, place),
        pilot: cards::pilot_of(visit, reader, place)?,
        dated: dated(visit, place),
        five: five(visit, figures, place),
        graph: visit.href(&format!("{}/links", address(place))),
        years: years(visit, year, |year| match year {
            Some(year) => format!("{}?year={year}#work", address(place)),
            None => address(place),
        }),
        work: work(visit, figures, &span),
        told: told(visit, figures, &span),
        all_figures: visit.href(&format!("/figures?place={place}")),
        stations: stations(visit, reader, place)?,
        shelves: shelves(visit, reader, place)?,
        below: below(visit, figures, place),
    })
}

/// The map, then the places above, the largest first.
fn above(visit: &Visit, place: &Place) -> Vec<Link> {
    let above = place
        .ancestors()
        .into_iter()
        .skip(1)
        .map(|place| visit.link(&address(&place), place_name(&place, visit.lang)));
    let mut links: Vec<Link> = above.collect();
    links.push(visit.link("/regions", visit.t("regions.title")));
    links.reverse();
    links
}

/// What a reader of older figures must know of the place's ground.
fn dated(visit: &Visit, place: &Place) -> Vec<String> {
    let names = |places: Vec<Place>| {
        let names: Vec<String> = places.iter().map(|place| place_name(place, visit.lang)).collect();
        names.join(visit.t("list.comma"))
    };
    let line = |key: &str, day: Day, from: Vec<Place>| {
        let (day, from, to) = (clock::day(&day, visit.lang), names(from), names(place.successors()));
        visit.texts().fill(key, &[("day", &day), ("from", &from), ("to", &to)])
    };
    let ended = place.valid_to().map(|day| line("regions.ended", day, Vec::new()));
    let split = place.successors().len() > 1;
    let key = if split { "regions.split" } else { "regions.redrawn" };
    let redrawn = place.extent_since().filter(|_| ended.is_none());
    ended.into_iter().chain(redrawn.map(|day| line(key, day, place.predecessors()))).collect()
}

/// The five links with their coverage (应连尽连).
pub(super) fn five(visit: &Visit, figures: &Figures, place: &Place) -> Vec<LinkedView> {
    let span = Span::of(place.clone());
    let shown =
        |of: &str, link: &str| figures.shown(visit, &format!("{of}_{link}"), &span).unwrap_or_default();
    let five = |link: &&str| LinkedView {
        label: visit.t(&format!("home.link-{link}")).to_owned(),
        links: shown("links", link),
        linked: shown("linked", link),
        coverage: shown("coverage", link),
    };
    FIVE.iter().map(five).collect()
}

fn work(visit: &Visit, figures: &Figures, span: &Span) -> Vec<FigureView> {
    WORK.iter().filter_map(|name| figures.shown(visit, name, span)).filter(says_something).collect()
}

/// What sources tell of the place beside that.
fn told(visit: &Visit, figures: &Figures, span: &Span) -> Vec<FigureView> {
    let others = figures.indicators().iter().filter(|indicator| !WORK.contains(&indicator.name.as_str()));
    let shown = others.filter_map(|indicator| figures.shown(visit, &indicator.name, span));
    shown.filter(|figure| !figure.told.is_empty()).collect()
}

/// How many of each top type, recorded and from sources apart.
fn stations(visit: &Visit, reader: &Reader<'_>, place: &Place) -> Result<Vec<StationsView>, Trouble> {
    let Some(kind) = visit.app.register().catalogue().kind(station::KIND) else { return Ok(Vec::new()) };
    let sourced = Filter::Stage(SOURCED.to_owned());
    let recorded = Filter::Not(Box::new(sourced.clone()));
    let mut found = Vec::new();
    for top in kind.types.iter().filter(|top| !top.path.contains('.')) {
        let of_type = Filter::Type(top.path.clone());
        let of_lane =
            |lane: &Filter| count(reader, of(station::KIND, place, [of_type.clone(), lane.clone()]));
        let (recorded_count, sourced_count) = (of_lane(&recorded)?, of_lane(&sourced)?);
        if recorded_count.is_none() && sourced_count.is_none() {
            continue;
        }
        let path = format!("/{}", kind.path);
        let link = |pairs: &[(&str, &str)], label| visit.link(&listing(&path, place, pairs), label);
        found.push(StationsView {
            label: top.label.text(visit.lang).to_owned(),
            sourced: sourced_count.map(|n| link(&[("type", &top.path), ("stage", SOURCED)], n)),
            recorded: recorded_count
                .map(|n| link(&[("type", &top.path), ("where", &format!("{recorded}"))], n)),
        });
    }
    Ok(found)
}

/// The newest of each kind; what is empty stays out.
fn shelves(visit: &Visit, reader: &Reader<'_>, place: &Place) -> Result<Vec<ShelfView>, Trouble> {
    let today = visit.app.today().to_string();
    let yesterday =
        visit.app.today().yesterday().map(|day| day.to_string()).unwrap_or_else(|_| today.clone());
    let held = event::HELD.to_owned();
    let coming = Filter::AtLeast(held.clone(), today);
    let past = Filter::AtMost(held.clone(), yesterday);
    let newest = |kind: &str| of(kind, place, []);
    let finds = [
        ("regions.stations-newest", newest(station::KIND)),
        ("regions.demands", newest(demand::KIND)),
        ("regions.events-next", of(event::KIND, place, [coming]).order(Order::By(held.clone()))),
        ("regions.events-last", of(event::KIND, place, [past]).order(Order::ByDesc(held))),
        ("regions.programmes", newest(programme::KIND)),
        ("regions.policies", newest(policy::KIND)),
    ];
    let shelves = finds.into_iter().map(|(key, find)| shelf(visit, reader, place, key, find));
    Ok(shelves.collect::<Result<Vec<_>, _>>()?.into_iter().filter(|shelf| !shelf.rows.is_empty()).collect())
}

fn shelf(
    visit: &Visit,
    reader: &Reader<'_>,
    place: &Place,
    key: &str,
    find: Find,
) -> Result<ShelfView, Trouble> {
    let (rows, more) = rows(visit, reader, &find.clone().first(SHELF))?;
    let kind = visit.app.register().catalogue().kind(&find.kind).ok_or(Trouble::NotFound)?;
    let all = visit.link(&listing(&format!("/{}", kind.path), place, &[]), visit.t("regions.see-all"));
    Ok(ShelfView { heading: visit.t(key).to_owned(), rows, all: more.then_some(all) })
}

/// The places just below, each with a figure.
fn below(visit: &Visit, figures: &Figures, place: &Place) -> Vec<BelowView> {
    let places = place.children();
    let lane = |lane| figures.by_place(BELOW, lane, &places, &Period::all());
    let rows = places.iter().zip(lane(Lane::Recorded).into_iter().zip(lane(Lane::Sourced)));
    let text = |amount: Option<rust_decimal::Decimal>| amount.filter(|a| !a.is_zero()).map(figure_text);
    rows.map(|(place, (recorded, sourced))| BelowView {
        link: visit.link(&address(place), place_name(place, visit.lang)),
        recorded: text(recorded),
        sourced: text(sourced),
    })
    .collect()
}
