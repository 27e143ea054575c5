//! The shapes of definitions and entries. Holds no rule but when a told figure is of.

use base::day::Day;
use base::place::Place;
use base::quantity::Quantity;
use jiff::civil::Date;
use rust_decimal::Decimal;

/// Decimals of an amount that are kept, so that what was added can be taken out again without a trace: 万元 down
/// to the fen. Finer ones are rounded, half to even.
pub const AMOUNT_SCALE: u32 = 6;

/// How the entries of an indicator are put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// How many entries there are; amounts and subjects say nothing.
    Count,
    /// Their amounts added. Exact as long as no total reaches 7.9 × 10²², beyond which there is no figure.
    Sum,
    /// How many different subjects they name.
    Distinct,
}

/// Which entries count towards the figure of a period; the crate's head states the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// What happened in the period.
    Period,
    /// All up to the period's end.
    Cumulative,
    /// What stands at the period's end.
    Stock,
}

/// What an indicator says. Its number is its position among those given to [`crate::Board::new`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Definition {
    /// Put together from entries.
    Plain {
        /// How.
        measure: Measure,
        /// Which of them.
        basis: Basis,
    },
    /// One indicator by another; both are [`Definition::Plain`], else it has no figure.
    Ratio {
        /// The number of the indicator divided.
        over: usize,
        /// The number of the indicator it is divided by.
        under: usize,
        /// Whether the figure is in hundredths.
        percent: bool,
    },
    /// Only sources tell it; it has no entries.
    Reported {
        /// Of what its figures are.
        basis: Basis,
    },
}

/// Who vouches for an entry; entries of different lanes are never added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lane {
    /// The record of somebody who answers for it.
    Recorded,
    /// A record made from what a source tells.
    Sourced,
}

/// What one record gives to one indicator. Those to an indicator that is not [`Definition::Plain`] count nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contribution {
    /// The indicator's number.
    pub indicator: usize,
    /// Who vouches for it.
    pub lane: Lane,
    /// Where it is; none counts for the nation only.
    pub place: Option<Place>,
    /// When it happened or began.
    pub day: Option<Day>,
    /// The last day it stands, for [`Basis::Stock`].
    pub until: Option<Day>,
    /// What it adds to a [`Measure::Sum`], in the indicator's unit.
    pub amount: Decimal,
    /// Whom it names, for [`Measure::Distinct`].
    pub subjects: Vec<u128>,
}

/// A figure as a source tells it: shown beside what is counted, never added to anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reported {
    /// The row of the record that holds it, which names the source; [`crate::Board::put`] sets it.
    pub row: u64,
    /// The number of the indicator, however it is defined.
    pub indicator: usize,
    /// The place it is told of; none is the nation.
    pub place: Option<Place>,
    /// The first day it is of.
    pub since: Option<Day>,
    /// The last day it is of.
    pub until: Option<Day>,
    /// As told, ranges and 约 included, in the unit told.
    pub value: Quantity,
    /// Of what it is.
    pub basis: Basis,
}

impl Reported {
    /// The first and last date it is of; none is open.
    ///
    /// Where only one day is told, a figure of [`Basis::Period`] runs on to the open side, any other is of that day.
    pub fn span(&self) -> (Option<Date>, Option<Date>) {
        let (since, until) = match self.basis {
            Basis::Period => (self.since, self.until),
            Basis::Cumulative | Basis::Stock => (self.since.or(self.until), self.until.or(self.since)),
        };
        (since.map(|day| day.first()), until.map(|day| day.last()))
    }

    /// The latest date told, by which newer figures stand first.
    pub(crate) fn latest(&self) -> Option<Date> {
        self.until.or(self.since).map(|day| day.last())
    }
}
