//! The board: what every indicator comes to in every place, kept up to date record by record.
//!
//! `put` and `remove` leave exactly what putting in the remaining records afresh would give. Start at [`Board::put`].

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use base::place::Place;
use rust_decimal::Decimal;

use crate::model::{Basis, Contribution, Definition, Lane, Measure, Reported};
use crate::period::Period;
use crate::tally::Tally;

/// Months of a year.
const MONTHS: usize = 12;

/// Figures of indicators by place and time.
pub struct Board {
    definitions: Vec<Definition>,
    tallies: HashMap<(usize, Lane), HashMap<Place, Tally>>,
    told: HashMap<(usize, Place), BTreeSet<u64>>,
    rows: HashMap<u64, Row>,
}

/// What a record gave, kept to take it out again.
struct Row {
    contributions: Vec<Contribution>,
    reported: Option<Reported>,
}

impl Board {
    /// A board without records. An indicator's number is its position in the definitions.
    pub fn new(definitions: Vec<Definition>) -> Board {
        Board { definitions, tallies: HashMap::new(), told: HashMap::new(), rows: HashMap::new() }
    }

    /// How many records give something.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether no record gives anything.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Takes in what a record gives, in place of all it gave before.
    pub fn put(&mut self, row: u64, contributions: Vec<Contribution>, reported: Option<Reported>) {
        self.remove(row);
        if contributions.is_empty() && reported.is_none() {
            return;
        }
        for given in &contributions {
            self.shift(given, 1);
        }
        let reported = reported.map(|told| Reported { row, ..told });
        if let Some(told) = &reported {
            self.told.entry(told_of(told)).or_default().insert(row);
        }
        self.rows.insert(row, Row { contributions, reported });
    }

    /// Takes out all that a record gave; nothing happens if it gave nothing.
    pub fn remove(&mut self, row: u64) {
        let Some(gone) = self.rows.remove(&row) else { return };
        for given in &gone.contributions {
            self.shift(given, -1);
        }
        let Some(key) = gone.reported.as_ref().map(told_of) else { return };
        if let Some(rows) = self.told.get_mut(&key) {
            rows.remove(&row);
            if rows.is_empty() {
                self.told.remove(&key);
            }
        }
    }

    /// Adds a contribution `times` over to its place and to each above it.
    fn shift(&mut self, given: &Contribution, times: i128) {
        let Some((measure, basis)) = self.plain(given.indicator) else { return };
        let places = self.tallies.entry((given.indicator, given.lane)).or_default();
        let own = given.place.clone().unwrap_or_else(Place::nation);
        for place in std::iter::successors(Some(own), Place::parent).take(base::limits::PARENT_DEPTH_MAX) {
            let tally = places.entry(place.clone()).or_insert_with(|| Tally::new(measure, basis));
            tally.shift(measure, basis, given, times);
            if tally.is_empty() {
                places.remove(&place);
            }
        }
    }

    fn plain(&self, indicator: usize) -> Option<(Measure, Basis)> {
        match self.definitions.get(indicator)? {
            Definition::Plain { measure, basis } => Some((*measure, *basis)),
            Definition::Ratio { .. } | Definition::Reported { .. } => None,
        }
    }

    /// What an indicator comes to in a place (the nation holds all) in a period, from entries of one lane.
    ///
    /// 0 where nothing counts. None where there is no figure: a ratio over zero, an indicator only sources tell, one
    /// that does not exist, a total too large for a number. Ratios are as exact as [`Decimal`] and not rounded.
    pub fn figure(&self, indicator: usize, lane: Lane, place: &Place, period: &Period) -> Option<Decimal> {
        match self.definitions.get(indicator)? {
            Definition::Plain { .. } => self.total(indicator, lane, place, period),
            Definition::Ratio { over, under, percent } => {
                let (over, under) = (*over, *under);
                let over = self.total(over, lane, place, period)?;
                ratio(over, self.total(under, lane, place, period)?, *percent)
            }
            Definition::Reported { .. } => None,
        }
    }

    fn total(&self, indicator: usize, lane: Lane, place: &Place, period: &Period) -> Option<Decimal> {
        let (measure, basis) = self.plain(indicator)?;
        let tally = self.tallies.get(&(indicator, lane)).and_then(|places| places.get(place));
        tally.map_or(Some(Decimal::ZERO), |tally| tally.figure(measure, basis, period))
    }

    /// The figure of each place, in the order of the places.
    pub fn by_place(
        &self,
        indicator: usize,
        lane: Lane,
        places: &[Place],
        period: &Period,
    ) -> Vec<(Place, Option<Decimal>)> {
        let figure = |place: &Place| (place.clone(), self.figure(indicator, lane, place, period));
        places.iter().map(figure).collect()
    }

    /// The figure of each month of a year, January first: of the month, or at its end, as the basis says.
    pub fn by_month(
        &self,
        indicator: usize,
        lane: Lane,
        place: &Place,
        year: i16,
    ) -> [Option<Decimal>; MONTHS] {
        std::array::from_fn(|at| {
            let month = i8::try_from(at + 1).ok()?;
            self.figure(indicator, lane, place, &Period::month(year, month)?)
        })
    }

    /// What sources tell of exactly this place and of days in the period, newest first. Never added up, neither over
    /// places nor over days.
    pub fn reported(&self, indicator: usize, place: &Place, period: &Period) -> Vec<&Reported> {
        let rows = self.told.get(&(indicator, place.clone()));
        let told = rows.into_iter().flatten().filter_map(|row| self.rows.get(row)?.reported.as_ref());
        let mut told: Vec<_> = told.filter(|told| period.meets(told)).collect();
        told.sort_by_key(|told| Reverse((told.latest(), told.row)));
        told
    }

    /// A ratio of two told figures of the same place and the same days, and the two; the newest pair there is.
    ///
    /// Only of numbers, not of ranges and bounds; whether they are 约 the two figures say. In hundredths only where
    /// both are told in one unit, since 亿元 by 万元 is no share; for others the caller sees to the units.
    pub fn reported_ratio(
        &self,
        indicator: usize,
        place: &Place,
        period: &Period,
    ) -> Option<(Decimal, &Reported, &Reported)> {
        let Definition::Ratio { over, under, percent } = self.definitions.get(indicator)? else {
            return None;
        };
        let unders = self.reported(*under, place, period);
        let pair = |over: &Reported, under: &Reported| {
            let together = (over.since, over.until) == (under.since, under.until)
                && (!percent || over.value.unit == under.value.unit);
            let value = ratio(over.value.exact()?, under.value.exact()?, *percent)?;
            together.then_some(value)
        };
        let overs = self.reported(*over, place, period);
        overs.into_iter().find_map(|over| {
            unders.iter().find_map(|under| pair(over, under).map(|value| (value, over, *under)))
        })
    }
}

/// None over zero and beyond the largest number.
fn ratio(over: Decimal, under: Decimal, percent: bool) -> Option<Decimal> {
    let scale = if percent { Decimal::ONE_HUNDRED } else { Decimal::ONE };
    Some(over.checked_mul(scale)?.checked_div(under)?.normalize())
}

fn told_of(told: &Reported) -> (usize, Place) {
    (told.indicator, told.place.clone().unwrap_or_else(Place::nation))
}
