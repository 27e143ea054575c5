//! Figures people are asked for: what is counted, in which unit, and what a date means to it.
//!
//! Definitions alone: nothing is counted here. Every indicator is also a term of the vocabulary
//! [`VOCABULARY`], so that reports and targets may name it. Start at [`Indicator`].

use crate::filter::Filter;
use crate::kind::Label;
use crate::vocabulary::{Term, Vocabulary};

/// The vocabulary whose terms are the indicators.
pub const VOCABULARY: &str = "indicator";

/// One figure, defined once for every place and every report.
#[derive(Clone, Debug, PartialEq)]
pub struct Indicator {
    /// Identifier, unique in the catalogue.
    pub name: String,
    /// Name on screen.
    pub label: Label,
    /// What its number counts: 个, 家, 万元, %.
    pub unit: Label,
    /// The scope of the definition (口径).
    pub note: Label,
    /// Where its number comes from.
    pub measure: Measure,
    /// What a date means to it; a ratio has that of the indicator above its line.
    pub basis: Basis,
}

/// Where the number of an indicator comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum Measure {
    /// How many records.
    Count {
        /// Their kind.
        kind: String,
        /// Which of them; none: all.
        filter: Option<Filter>,
    },
    /// The sum of a field over records.
    Sum {
        /// Their kind.
        kind: String,
        /// Which of them; none: all.
        filter: Option<Filter>,
        /// An integer, money or quantity field.
        of: String,
    },
    /// How many different records a field of records names.
    Distinct {
        /// Their kind.
        kind: String,
        /// Which of them; none: all.
        filter: Option<Filter>,
        /// A reference field, many or not.
        of: String,
    },
    /// One indicator divided by another; neither is a ratio.
    Ratio {
        /// The indicator above the line.
        over: String,
        /// The indicator below it.
        under: String,
        /// Told in hundredths.
        percent: bool,
    },
    /// No records lie behind it: only sources tell it.
    Reported,
}

/// What a date means to a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Basis {
    /// Counted within a period.
    Period,
    /// Counted from the beginning up to a date.
    Cumulative,
    /// What stands at a date.
    Stock,
}

impl Basis {
    /// Names as files write them.
    pub const NAMES: [(&'static str, Basis); 3] =
        [("period", Basis::Period), ("cumulative", Basis::Cumulative), ("stock", Basis::Stock)];

    /// Its name.
    pub fn name(&self) -> &'static str {
        Basis::NAMES.iter().find(|(_, basis)| basis == self).map_or("", |(name, _)| name)
    }
}

/// The vocabulary of names and labels, in order.
pub(crate) fn vocabulary<'i>(indicators: impl Iterator<Item = (&'i str, &'i Label)>) -> Vocabulary {
    let label = Label { zh: "指标".to_owned(), en: "Indicator".to_owned() };
    let terms = indicators.map(|(name, label)| Term::new(name, label.clone())).collect();
    Vocabulary { terms, ..Vocabulary::new(VOCABULARY, label) }
}
