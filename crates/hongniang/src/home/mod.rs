//! The home page: what this is, what may be done, and how much there is; every figure opens to its records.

use askama::Template as _;
use axum::response::Html;
use base::place::Place;
use catalogue::{Asker, Filter};
use register::{Find, Order, Reader};

use crate::fields::event;
use crate::figures::pages::chain;
use crate::figures::targets::boards;
use crate::figures::{Figures, Span};
use crate::records::faces::{place_name, row};
use crate::trouble::Trouble;
use crate::view::{Counted, FiveView, HomeView, Link, Row};
use crate::visit::Visit;

/// Newest records of each kind.
const NEWEST: usize = 6;

/// What the home page counts: key of the label, indicator.
const COUNTS: [(&str, &str); 4] = [
    ("home.count-demands", "demands"),
    ("home.experts", "experts"),
    ("home.societies", "societies"),
    ("home.count-achievements", "achievements_listed"),
];

/// Target boards on the home page.
const BOARDS: usize = 2;

/// The five links (五连), by the terms of the vocabulary `link_kind`.
pub const FIVE: [&str; 5] = ["society", "city", "department", "township", "enterprise"];

/// The installation's places in the level bar until an installation sets its own.
const LEVELS: [&str; 11] = [
    "000000", "330000", "330200", "330300", "330400", "330100", "330500", "330281", "330212", "330110",
    "330521",
];

/// `GET /`.
pub async fn show(visit: Visit) -> Result<Html<String>, Trouble> {
    let looking = visit.clone();
    let view = visit.app.read(move |reader| view(&looking, reader)).await?;
    Ok(Html(view.render()?))
}

fn view(visit: &Visit, reader: &Reader<'_>) -> Result<HomeView, Trouble> {
    let state = visit.app.index().ask();
    let (figures, nation) = (&state.figures, Place::nation());
    Ok(HomeView {
        page: visit.public_page(visit.t("site.title"), visit.t("site.slogan")),
        site: visit.t("site.title").to_owned(),
        subtitle: visit.t("site.subtitle").to_owned(),
        slogan: visit.t("site.slogan").to_owned(),
        tour: crate::tour::panel(visit),
        levels: LEVELS.iter().filter_map(|code| level(visit, code)).collect(),
        five: five(visit, figures, &nation),
        chain: chain(visit, figures, &Span::of(nation.clone())),
        boards: boards(visit, reader, figures, None)?.into_iter().take(BOARDS).collect(),
        pilots: crate::regions::cards(visit, reader, figures)?,
        counts: counts(visit, figures),
        demands: newest(visit, reader, "demand")?,
        achievements: newest(visit, reader, "achievement")?,
        events: upcoming(visit, reader)?,
    })
}

/// The places of the installation, the nation first.
pub fn levels() -> Vec<Place> {
    LEVELS.iter().filter_map(|code| Place::parse(code).ok()).collect()
}

fn level(visit: &Visit, code: &str) -> Option<Link> {
    let place = Place::parse(code).ok()?;
    Some(visit.link(&crate::regions::address(&place), place_name(&place, visit.lang)))
}

/// The five links of a place: how many ties, and how many of those to be linked are.
pub fn five(visit: &Visit, figures: &Figures, place: &Place) -> Vec<FiveView> {
    let span = Span::of(place.clone());
    let shown = |link: &&str| {
        let ties = figures.shown(visit, &format!("links_{link}"), &span)?;
        let coverage = figures.shown(visit, &format!("coverage_{link}"), &span)?;
        Some(FiveView {
            label: visit.t(&format!("home.link-{link}")).to_owned(),
            count: ties.recorded.unwrap_or_default(),
            href: ties.recorded_href.unwrap_or_default(),
            sourced: ties.sourced.unwrap_or_default(),
            coverage: coverage.recorded.map(|share| format!("{share}%")).unwrap_or_default(),
            coverage_href: coverage.href,
        })
    };
    FIVE.iter().filter_map(shown).collect()
}

/// What is held from today on, the nearest first.
fn upcoming(visit: &Visit, reader: &Reader<'_>) -> Result<Vec<Row>, Trouble> {
    let from = Filter::AtLeast(event::HELD.to_owned(), visit.app.today().to_string());
    let order = Order::By(event::HELD.to_owned());
    let find = Find { filter: Some(from), order, ..Find::kind(event::KIND).first(NEWEST) };
    Ok(reader.list(&Asker::default(), &find)?.items.iter().map(|item| row(visit, item, &[])).collect())
}

/// What there is, each opening to its records; what sources tell is not among it.
fn counts(visit: &Visit, figures: &Figures) -> Vec<Counted> {
    let span = Span::of(Place::nation());
    let counted = |(label, name): &(&str, &str)| {
        let shown = figures.shown(visit, name, &span)?;
        Some(Counted {
            label: visit.t(label).to_owned(),
            figure: shown.recorded.unwrap_or_default(),
            href: shown.recorded_href.unwrap_or(shown.href),
        })
    };
    COUNTS.iter().filter_map(counted).collect()
}

fn newest(visit: &Visit, reader: &Reader<'_>, kind: &str) -> Result<Vec<Row>, Trouble> {
    let find = Find::kind(kind).first(NEWEST);
    Ok(reader.list(&Asker::default(), &find)?.items.iter().map(|item| row(visit, item, &[])).collect())
}
