//! Figures: what is counted from records, beside what sources report; never added to one another.
//!
//! The board follows the feed with the search index; a page asks it by indicator, place and period, and every figure it
//! shows opens to the records behind it. Start at [`Figures::shown`].

mod entry;
pub mod pages;
pub mod targets;

use std::collections::HashMap;

use assessment::{Board, Bounds, End, Lane, Period};
use base::place::Place;
use catalogue::indicator::Measure;
use catalogue::{Catalogue, Filter, Indicator};
use register::Doc;
use rust_decimal::Decimal;

use crate::fields::{SOURCED, UNTIL, report};
use crate::locale::Lang;
use crate::problem::encode_query;
use crate::records;
use crate::view::{FigureView, ToldView};
use crate::visit::Visit;
use entry::Indicators;

/// All figures of the installation, in memory.
pub struct Figures {
    indicators: Indicators,
    board: Board,
    /// Where the records that tell figures stand, by row.
    told_at: HashMap<u64, String>,
}

/// What a figure is asked for.
#[derive(Clone, Debug)]
pub struct Span {
    /// The place and all below it.
    pub place: Place,
    /// The days.
    pub period: Period,
}

impl Span {
    /// Everything of a place, whenever it was.
    pub fn of(place: Place) -> Span {
        Span { place, period: Period::all() }
    }
}

impl Figures {
    /// No figure yet, by the indicators of a catalogue.
    pub fn of(catalogue: &Catalogue) -> Figures {
        let indicators = Indicators::of(catalogue);
        let board = Board::new(indicators.definitions());
        Figures { indicators, board, told_at: HashMap::new() }
    }

    /// What a record gives, or that it gives nothing any more.
    pub fn take(&mut self, catalogue: &Catalogue, row: i64, doc: Option<&Doc>) {
        let Ok(row) = u64::try_from(row) else { return };
        let (given, told) = doc.map(|doc| self.indicators.entry(catalogue, doc)).unwrap_or_default();
        match (doc, catalogue.kind(report::KIND)) {
            (Some(doc), Some(kind)) if told.is_some() => {
                self.told_at.insert(row, records::address(kind, &doc.item.number));
            }
            _ => drop(self.told_at.remove(&row)),
        }
        match given.is_empty() && told.is_none() {
            true => self.board.remove(row),
            false => self.board.put(row, given, told),
        }
    }

    /// The indicators, in the order of the catalogue.
    pub fn indicators(&self) -> &[Indicator] {
        self.indicators.all()
    }

    /// What is counted; none where nothing can be divided, or nobody knows the indicator.
    pub fn amount(&self, name: &str, lane: Lane, span: &Span) -> Option<Decimal> {
        self.board.figure(self.indicators.at(name)?, lane, &span.place, &span.period)
    }

    /// Recorded and sourced amounts of places.
    pub fn by_place(
        &self,
        name: &str,
        lane: Lane,
        places: &[Place],
        period: &Period,
    ) -> Vec<Option<Decimal>> {
        let Some(at) = self.indicators.at(name) else { return vec![None; places.len()] };
        self.board.by_place(at, lane, places, period).into_iter().map(|(_, amount)| amount).collect()
    }

    /// Twelve months of a year.
    pub fn by_month(&self, name: &str, lane: Lane, place: &Place, year: i16) -> [Option<Decimal>; 12] {
        let at = self.indicators.at(name);
        at.map_or([None; 12], |at| self.board.by_month(at, lane, place, year))
    }

    /// A figure as a page shows it.
    pub fn shown(&self, visit: &Visit, name: &str, span: &Span) -> Option<FigureView> {
        let at = self.indicators.at(name)?;
        let indicator = self.indicators.all().get(at)?;
        let counts = !matches!(indicator.measure, Measure::Reported);
        let amount = |lane| self.board.figure(at, lane, &span.place, &span.period);
        // Records made from sources are as many as the source names, so dividing them says nothing.
        let divides = matches!(indicator.measure, Measure::Ratio { .. });
        let sourced = amount(Lane::Sourced).filter(|amount| !amount.is_zero() && !divides);
        Some(FigureView {
            label: indicator.label.text(visit.lang).to_owned(),
            unit: indicator.unit.text(visit.lang).to_owned(),
            note: indicator.note.text(visit.lang).to_owned(),
            href: visit.href(&address(name, &span.place)),
            told: self.told(visit, at, span),
            recorded: amount(Lane::Recorded).filter(|_| counts).map(figure_text),
            recorded_href: records(visit, indicator, Lane::Recorded, span),
            sourced: sourced.map(figure_text),
            sourced_href: records(visit, indicator, Lane::Sourced, span),
        })
    }

    /// The record that names the source.
    fn told_href(&self, visit: &Visit, told: &assessment::Reported) -> String {
        visit.href(self.told_at.get(&told.row).map_or("/reports", String::as_str))
    }

    fn told(&self, visit: &Visit, at: usize, span: &Span) -> Vec<ToldView> {
        let mut told: Vec<ToldView> = self
            .board
            .reported(at, &span.place, &span.period)
            .into_iter()
            .map(|told| ToldView {
                text: told_text(told, visit.lang),
                when: when(told, visit.lang),
                href: self.told_href(visit, told),
            })
            .collect();
        if let Some((ratio, over, _)) = self.board.reported_ratio(at, &span.place, &span.period) {
            told.push(ToldView {
                text: figure_text(ratio),
                when: when(over, visit.lang),
                href: self.told_href(visit, over),
            });
        }
        told
    }
}

/// The page of an indicator at a place.
pub fn address(name: &str, place: &Place) -> String {
    format!("/figures/{name}?place={place}")
}

/// At most two decimals: figures are read, not computed with.
pub fn figure_text(amount: Decimal) -> String {
    amount.round_dp(2).normalize().to_string()
}

/// As told, with what “about” and bounds mean, without the unit the page says anyway.
fn told_text(told: &assessment::Reported, lang: Lang) -> String {
    let value = &told.value;
    let number = value.min.or(value.max).unwrap_or_default().normalize();
    match (lang, value.about, value.min == value.max) {
        (_, false, true) => number.to_string(),
        (Lang::Zh, true, _) => format!("约 {number}"),
        (Lang::En, true, _) => format!("about {number}"),
        (_, _, false) if value.max.is_none() => format!("≥ {number}"),
        (_, _, false) => format!("≤ {number}"),
    }
}

fn when(told: &assessment::Reported, lang: Lang) -> String {
    let day = |day: &base::day::Day| if lang == Lang::En { day.en() } else { day.zh() };
    match (&told.since, &told.until) {
        (Some(since), Some(until)) if since.first().year() == until.last().year() => {
            let year = since.first().year();
            if lang == Lang::En { year.to_string() } else { format!("{year}年") }
        }
        (Some(since), Some(until)) => format!("{}—{}", day(since), day(until)),
        (None, Some(one)) | (Some(one), None) => day(one),
        (None, None) => String::new(),
    }
}

/// The list of exactly the records an amount counts; none for what is divided or only told.
fn records(visit: &Visit, indicator: &Indicator, lane: Lane, span: &Span) -> Option<String> {
    let (kind, filter) = match &indicator.measure {
        Measure::Count { kind, filter } | Measure::Sum { kind, filter, .. } => (kind, filter),
        Measure::Distinct { kind, filter, .. } => (kind, filter),
        Measure::Ratio { .. } | Measure::Reported => return None,
    };
    let kind = visit.app.register().catalogue().kind(kind)?;
    let sourced = Filter::Stage(SOURCED.to_owned());
    let mut all = vec![Filter::Public];
    if kind.stage(SOURCED).is_some() {
        all.push(if lane == Lane::Sourced { sourced } else { Filter::Not(Box::new(sourced)) });
    }
    all.extend(filter.clone());
    if span.place != Place::nation() {
        all.push(Filter::Place(span.place.clone()));
    }
    let bounds = Bounds::of(entry::basis_of(indicator.basis), &span.period);
    let ends = kind.field(UNTIL).is_some_and(|field| field.list);
    all.extend(kind.day.as_deref().into_iter().flat_map(|day| days(day, &bounds)));
    all.extend(ends.then(|| standing(&bounds)).into_iter().flatten());
    let text = Filter::All(all).to_string();
    Some(visit.href(&format!("/{}?where={}", kind.path, encode_query(&text))))
}

/// The bounds on the day a record counts on.
fn days(day: &str, bounds: &Bounds) -> Vec<Filter> {
    let mut all = Vec::new();
    let at_least = |key: String| Filter::AtLeast(day.to_owned(), key);
    let at_most = |key: String| Filter::AtMost(day.to_owned(), key);
    all.extend(bounds.from.as_ref().map(|from| at_least(from.to_string())));
    if let Some(until) = &bounds.until {
        let in_time = at_most(until.to_string());
        let undated = Filter::Not(Box::new(at_least("0".to_owned())));
        all.push(if bounds.undated { Filter::Any(vec![in_time, undated]) } else { in_time });
    }
    let except = bounds.except.iter();
    all.extend(except.map(|not| Filter::Not(Box::new(Filter::Is(day.to_owned(), not.to_string())))));
    all
}

/// That a record has not ended.
fn standing(bounds: &Bounds) -> Option<Filter> {
    let ended = |key: String| Filter::AtLeast(UNTIL.to_owned(), key);
    match &bounds.end {
        End::Any => None,
        End::None => Some(Filter::Not(Box::new(ended("0".to_owned())))),
        End::Standing { from, or } => {
            let mut any = vec![Filter::Not(Box::new(ended("0".to_owned()))), ended(from.to_string())];
            any.extend(or.iter().map(|day| Filter::Is(UNTIL.to_owned(), day.to_string())));
            Some(Filter::Any(any))
        }
    }
}
