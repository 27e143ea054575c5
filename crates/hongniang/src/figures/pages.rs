//! 目标成效: the chain from demand to outcome, the target boards, every indicator of a place, and each by itself.
//!
//! The public figures are the same for whoever looks. Start at [`overview`].

use askama::Template as _;
use assessment::{Lane, Period};
use axum::extract::{Path, RawQuery};
use axum::response::{Html, IntoResponse as _, Response};
use base::place::Place;
use catalogue::indicator::{Basis, Measure};
use register::Reader;
use rust_decimal::Decimal;

use super::targets::{boards, share};
use super::{Figures, Span, address, figure_text};
use crate::records::export::{Sheet, send};
use crate::records::faces::place_name;
use crate::records::posted::read_pairs;
use crate::trouble::Trouble;
use crate::view::{BarView, ChainStep, FigureView, FiguresView, IndicatorView, Link, PlaceChain};
use crate::visit::Visit;

/// The chain 需求 → 响应 → 对接 → 意向 → 合同 → 成效, counted in demands alone, so that each step is a part of the one before.
pub const CHAIN: [&str; 6] =
    ["demands", "demands_answered", "demands_met", "demands_intent", "demands_contract", "demands_outcome"];
/// Years offered, back from this one.
const YEARS: i16 = 7;

/// What the address asks for.
struct Asked {
    span: Span,
    year: Option<i16>,
}

impl Asked {
    fn read(query: Option<&str>) -> Result<Asked, Trouble> {
        let pairs = read_pairs(query.unwrap_or_default().as_bytes())?;
        let one = |name: &str| pairs.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
        let place = match one("place").filter(|code| !code.is_empty()) {
            Some(code) => Place::parse(code).map_err(|_| Trouble::NotFound)?,
            None => Place::nation(),
        };
        let year = one("year").and_then(|year| year.parse::<i16>().ok());
        let period = year.and_then(Period::year).unwrap_or_else(Period::all);
        Ok(Asked { span: Span { place, period }, year })
    }

    /// The query that asks the same.
    fn here(&self) -> String {
        Asked::query(&self.span.place, self.year)
    }

    fn years(&self, visit: &Visit, path: &str) -> Vec<Link> {
        years(visit, self.year, |year| format!("{path}?{}", Asked::query(&self.span.place, year)))
    }

    fn query(place: &Place, year: Option<i16>) -> String {
        let year = year.map(|year| format!("&year={year}")).unwrap_or_default();
        format!("place={place}{year}")
    }
}

/// `GET /figures`.
pub async fn overview(visit: Visit, RawQuery(query): RawQuery) -> Result<Html<String>, Trouble> {
    let asked = Asked::read(query.as_deref())?;
    let looking = visit.clone();
    let view = visit.app.read(move |reader| overview_view(&looking, reader, &asked)).await?;
    Ok(Html(view.render()?))
}

fn overview_view(visit: &Visit, reader: &Reader<'_>, asked: &Asked) -> Result<FiguresView, Trouble> {
    let state = visit.app.index().ask();
    let figures = &state.figures;
    Ok(FiguresView {
        page: visit.public_page(visit.t("figures.title"), visit.t("figures.description")),
        place: place_name(&asked.span.place, visit.lang),
        places: places(visit, asked, "/figures"),
        years: asked.years(visit, "/figures"),
        chain: chain(visit, figures, &asked.span),
        below: chains_below(visit, figures, &asked.span),
        boards: boards(visit, reader, figures, None)?,
        figures: shown(visit, figures, &asked.span),
        exports: visit.exports(&format!("/figures?{}", asked.here())),
    })
}

/// The steps of the chain, each as wide as its share of the widest, with how much of the step before came so far, and
/// the step where least did.
pub fn chain(visit: &Visit, figures: &Figures, span: &Span) -> Vec<ChainStep> {
    let amounts = amounts(figures, span);
    let widest = amounts.iter().max().copied().unwrap_or_default();
    let breaks = break_of(&amounts);
    let steps = CHAIN.iter().zip(&amounts).enumerate();
    steps
        .filter_map(|(at, (name, amount))| {
            Some(ChainStep {
                figure: figures.shown(visit, name, span)?,
                share: share(*amount, widest),
                rate: rate(&amounts, at).map(figure_text),
                breaks: breaks == Some(at),
            })
        })
        .collect()
}

fn amounts(figures: &Figures, span: &Span) -> Vec<Decimal> {
    CHAIN.iter().map(|name| figures.amount(name, Lane::Recorded, span).unwrap_or_default()).collect()
}

/// How many of a hundred of the step before came to this one; none for the first, after an empty one, and where there is
/// more than before, which is then no part of it.
fn rate(amounts: &[Decimal], at: usize) -> Option<Decimal> {
    let before = amounts.get(at.checked_sub(1)?).filter(|amount| !amount.is_zero())?;
    let amount = amounts.get(at).filter(|amount| *amount <= before)?;
    Some(amount.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(*before)?.round_dp(0))
}

/// The step to which the smallest part of the one before came, where any step lost some; the first of them.
fn break_of(amounts: &[Decimal]) -> Option<usize> {
    let rates = (1..amounts.len()).filter_map(|at| Some((rate(amounts, at)?, at)));
    rates.filter(|(rate, _)| *rate < Decimal::ONE_HUNDRED).min().map(|(_, at)| at)
}

/// The same chain in each place below, beside the step where it breaks.
fn chains_below(visit: &Visit, figures: &Figures, span: &Span) -> Vec<PlaceChain> {
    let row = |place: Place| {
        let here = Span { place: place.clone(), period: span.period };
        let amounts = amounts(figures, &here);
        let breaks = break_of(&amounts);
        let label = |at: usize| {
            let name = CHAIN.get(at)?;
            let indicator = figures.indicators().iter().find(|of| of.name == **name)?;
            Some(indicator.label.text(visit.lang).to_owned())
        };
        let cells = CHAIN.iter().zip(&amounts).map(|(name, amount)| Link {
            href: visit.href(&address(name, &place)),
            label: figure_text(*amount),
            current: false,
        });
        amounts.iter().any(|amount| !amount.is_zero()).then(|| PlaceChain {
            place: place_name(&place, visit.lang),
            cells: cells.collect(),
            breaks: breaks.and_then(label).unwrap_or_default(),
        })
    };
    below(&span.place).into_iter().filter_map(row).collect()
}

/// Every indicator of which something is told or counted.
fn shown(visit: &Visit, figures: &Figures, span: &Span) -> Vec<FigureView> {
    let all = figures.indicators().iter().filter_map(|of| figures.shown(visit, &of.name, span));
    all.filter(says_something).collect()
}

/// Whether anything is told or counted.
pub fn says_something(figure: &FigureView) -> bool {
    !figure.told.is_empty()
        || figure.sourced.is_some()
        || figure.recorded.as_ref().is_some_and(|amount| amount != "0")
}

/// `GET /live`: how far the figures have followed, so that a page that is open knows when to look again.
pub async fn live(visit: Visit) -> Response {
    let body = serde_json::json!({ "at": visit.app.index().at().to_string() });
    ([(axum::http::header::CACHE_CONTROL, "no-store")], axum::Json(body)).into_response()
}

/// `GET /figures.xlsx` and the like: the table of [`overview`].
pub async fn export(
    visit: Visit,
    Path(ending): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Trouble> {
    let asked = Asked::read(query.as_deref())?;
    let rows = {
        let state = visit.app.index().ask();
        shown(&visit, &state.figures, &asked.span)
    };
    send(&sheet(&visit, &rows), &ending)
}

fn sheet(visit: &Visit, rows: &[FigureView]) -> Sheet {
    const HEADS: [&str; 6] = [
        "figures.indicator",
        "figures.unit",
        "figures.told",
        "figures.sourced",
        "figures.recorded",
        "figures.note",
    ];
    let told = |figure: &FigureView| {
        let told = figure.told.iter().map(|told| format!("{}（{}）", told.text, told.when));
        told.collect::<Vec<_>>().join("；")
    };
    let row = |figure: &FigureView| {
        vec![
            figure.label.clone(),
            figure.unit.clone(),
            told(figure),
            figure.sourced.clone().unwrap_or_default(),
            figure.recorded.clone().unwrap_or_default(),
            figure.note.clone(),
        ]
    };
    Sheet::of(visit, visit.t("figures.title"), &HEADS, rows.iter().map(row).collect())
}

/// `GET /figures/{indicator}`, and with an ending its regions and months as a spreadsheet.
pub async fn indicator(
    visit: Visit,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Trouble> {
    let asked = Asked::read(query.as_deref())?;
    let (name, ending) = name.split_once('.').map_or((name.as_str(), None), |(name, e)| (name, Some(e)));
    let state = visit.app.index().ask();
    let view = indicator_view(&visit, &state.figures, name, &asked).ok_or(Trouble::NotFound)?;
    drop(state);
    match ending {
        Some(ending) => send(&bars_sheet(&visit, &view), ending),
        None => Ok(Html(view.render()?).into_response()),
    }
}

fn bars_sheet(visit: &Visit, view: &IndicatorView) -> Sheet {
    const HEADS: [&str; 3] = ["figures.of", "figures.recorded", "figures.sourced"];
    let bars = view.by_place.iter().chain(&view.by_month);
    let rows = bars.map(|bar| vec![bar.label.clone(), bar.recorded.clone(), bar.sourced.clone()]);
    Sheet::of(visit, &view.figure.label, &HEADS, rows.collect())
}

fn indicator_view(visit: &Visit, figures: &Figures, name: &str, asked: &Asked) -> Option<IndicatorView> {
    let figure = figures.shown(visit, name, &asked.span)?;
    let indicator = figures.indicators().iter().find(|of| of.name == name)?;
    let parts: Vec<&String> = match &indicator.measure {
        Measure::Ratio { over, under, .. } => vec![over, under],
        _ => Vec::new(),
    };
    let path = format!("/figures/{name}");
    let year = asked.year.unwrap_or(visit.app.today().year());
    Some(IndicatorView {
        page: visit.public_page(figure.label.clone(), figure.note.clone()),
        place: place_name(&asked.span.place, visit.lang),
        places: places(visit, asked, &path),
        years: asked.years(visit, &path),
        how: how(visit, indicator),
        by_place: by_place(visit, figures, name, &asked.span),
        by_month: by_month(visit, figures, name, &asked.span.place, year),
        exports: visit.exports(&format!("{path}?{}", asked.here())),
        parts: parts.iter().filter_map(|part| figures.shown(visit, part, &asked.span)).collect(),
        figure,
    })
}

/// How it is counted, in words.
fn how(visit: &Visit, indicator: &catalogue::Indicator) -> Vec<String> {
    let catalogue = visit.app.register().catalogue();
    let label = |kind: &str| {
        catalogue.kind(kind).map(|kind| kind.label.text(visit.lang).to_owned()).unwrap_or_default()
    };
    let field = |kind: &str, of: &str| {
        let found = catalogue.kind(kind).and_then(|kind| kind.field(of));
        found.map(|field| field.label.text(visit.lang).to_owned()).unwrap_or_default()
    };
    let first = match &indicator.measure {
        Measure::Count { kind, .. } => visit.texts().fill("figures.how-count", &[("kind", &label(kind))]),
        Measure::Sum { kind, of, .. } => {
            visit.texts().fill("figures.how-sum", &[("kind", &label(kind)), ("field", &field(kind, of))])
        }
        Measure::Distinct { kind, of, .. } => {
            visit.texts().fill("figures.how-distinct", &[("kind", &label(kind)), ("field", &field(kind, of))])
        }
        Measure::Ratio { .. } => visit.t("figures.how-ratio").to_owned(),
        Measure::Reported => visit.t("figures.how-told").to_owned(),
    };
    let basis = match indicator.basis {
        Basis::Period => "figures.basis-period",
        Basis::Cumulative => "figures.basis-cumulative",
        Basis::Stock => "figures.basis-stock",
    };
    vec![first, visit.t(basis).to_owned(), visit.t("figures.public-only").to_owned()]
}

fn below(place: &Place) -> Vec<Place> {
    if *place == Place::nation() { Place::all_provinces() } else { place.children() }
}

/// The places just below, each beside the others.
fn by_place(visit: &Visit, figures: &Figures, name: &str, span: &Span) -> Vec<BarView> {
    let below = below(&span.place);
    let lanes =
        [Lane::Recorded, Lane::Sourced].map(|lane| figures.by_place(name, lane, &below, &span.period));
    let links = below.iter().map(|place| (place_name(place, visit.lang), visit.href(&address(name, place))));
    bars(links.collect(), lanes)
}

fn by_month(visit: &Visit, figures: &Figures, name: &str, place: &Place, year: i16) -> Vec<BarView> {
    let lanes =
        [Lane::Recorded, Lane::Sourced].map(|lane| figures.by_month(name, lane, place, year).to_vec());
    let labels = (1..=12).map(|month| {
        (
            visit
                .texts()
                .fill("figures.month", &[("year", &year.to_string()), ("month", &month.to_string())]),
            String::new(),
        )
    });
    bars(labels.collect(), lanes)
}

/// Bars with anything in them; none if there is nothing at all.
fn bars(labels: Vec<(String, String)>, [recorded, sourced]: [Vec<Option<Decimal>>; 2]) -> Vec<BarView> {
    let amount = |of: &Option<Decimal>| of.unwrap_or_default();
    let widest = recorded.iter().chain(&sourced).map(amount).max().unwrap_or_default();
    let rows = labels.into_iter().zip(recorded.iter().zip(&sourced));
    rows.filter(|(_, (recorded, sourced))| !amount(recorded).is_zero() || !amount(sourced).is_zero())
        .map(|((label, href), (recorded, sourced))| BarView {
            label,
            href,
            recorded: figure_text(amount(recorded)),
            sourced: figure_text(amount(sourced)),
            share: share(amount(recorded), widest),
            sourced_share: share(amount(sourced), widest),
        })
        .collect()
}

/// The places above, and those of the installation's level bar.
fn places(visit: &Visit, asked: &Asked, path: &str) -> Vec<Link> {
    let here = &asked.span.place;
    let mut all: Vec<Place> = here.ancestors();
    all.reverse();
    let offered = crate::home::levels();
    all.extend(offered.into_iter().filter(|place| !here.ancestors().contains(place)));
    all.iter()
        .map(|place| Link {
            href: visit.href(&format!("{path}?{}", Asked::query(place, asked.year))),
            label: place_name(place, visit.lang),
            current: place == here,
        })
        .collect()
}

/// All years, then this one and those before it; `to` says where a choice leads.
pub fn years(visit: &Visit, chosen: Option<i16>, to: impl Fn(Option<i16>) -> String) -> Vec<Link> {
    let this = visit.app.today().year();
    let link = |year: Option<i16>| Link {
        href: visit.href(&to(year)),
        label: match year {
            Some(year) => visit.texts().fill("figures.year", &[("year", &year.to_string())]),
            None => visit.t("figures.all-years").to_owned(),
        },
        current: year == chosen,
    };
    std::iter::once(None).chain((0..YEARS).map(|back| Some(this - back))).map(link).collect()
}
