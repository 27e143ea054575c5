//! What one indicator comes to in one place and one lane.
//!
//! Holds totals by day, never entries: a figure costs as much as there are days, not entries. Start at [`Tally::figure`].

use std::collections::BTreeMap;

use base::day::Day;
use rust_decimal::Decimal;

use crate::crowd::{Attended, Standing};
use crate::curve::{Curve, Spell, shift, sum};
use crate::model::{AMOUNT_SCALE, Basis, Contribution, Measure};
use crate::period::{Bounds, Period};

/// Totals of an indicator, kept as its measure and basis ask.
pub(crate) enum Tally {
    /// Amounts by day.
    Flow(BTreeMap<Option<Day>, i128>),
    /// Amounts that stand.
    Level(Curve),
    /// Subjects by day.
    Attended(Attended),
    /// Subjects that stand.
    Standing(Standing),
}

impl Tally {
    pub fn new(measure: Measure, basis: Basis) -> Tally {
        match (measure, basis) {
            (Measure::Distinct, Basis::Period) => Tally::Attended(Attended::default()),
            (Measure::Distinct, _) => Tally::Standing(Standing::default()),
            (_, Basis::Period) => Tally::Flow(BTreeMap::new()),
            _ => Tally::Level(Curve::default()),
        }
    }

    /// Puts a contribution in (`times` 1) or takes one out (−1).
    pub fn shift(&mut self, measure: Measure, basis: Basis, given: &Contribution, times: i128) {
        let by = times * weight(measure, given);
        let subjects = given.subjects.iter().copied();
        match (self, spell(basis, given)) {
            (Tally::Flow(days), _) => shift(days, given.day, by),
            (Tally::Attended(named), _) => {
                subjects.for_each(|subject| named.shift(subject, given.day, times))
            }
            (Tally::Level(curve), Some(spell)) => curve.during(spell, by),
            (Tally::Standing(held), Some(spell)) => {
                subjects.for_each(|subject| held.shift(subject, spell, times));
            }
            (_, None) => {}
        }
    }

    /// What it comes to; none where it is too large for a number.
    pub fn figure(&self, measure: Measure, basis: Basis, period: &Period) -> Option<Decimal> {
        let bounds = Bounds::of(basis, period);
        let total = match self {
            Tally::Flow(days) => flow(days, &bounds),
            Tally::Level(curve) => curve.at(period.until),
            Tally::Attended(named) => i128::try_from(named.within(&bounds)).ok()?,
            Tally::Standing(held) => held.at(period.until),
        };
        let scale = if measure == Measure::Sum { AMOUNT_SCALE } else { 0 };
        Some(Decimal::try_from_i128_with_scale(total, scale).ok()?.normalize())
    }

    pub fn is_empty(&self) -> bool {
        match self {
            Tally::Flow(days) => days.is_empty(),
            Tally::Level(curve) => curve.is_empty(),
            Tally::Attended(named) => named.is_empty(),
            Tally::Standing(held) => held.is_empty(),
        }
    }
}

fn flow(days: &BTreeMap<Option<Day>, i128>, bounds: &Bounds) -> i128 {
    let Some(stretch) = bounds.stretch() else { return 0 };
    sum(days.range(stretch).filter(|(day, _)| bounds.holds(**day, None)).map(|(_, total)| total))
}

/// When an entry stands: from its day on, in a stock until its end.
fn spell(basis: Basis, given: &Contribution) -> Option<Spell> {
    Spell::between(given.day, given.until.filter(|_| basis == Basis::Stock))
}

/// What an entry adds: 1, or its amount in units of the last decimal kept.
fn weight(measure: Measure, given: &Contribution) -> i128 {
    if measure != Measure::Sum {
        return 1;
    }
    let amount = given.amount.round_dp(AMOUNT_SCALE);
    // At most 2⁹⁶ × 10⁶, far within 128 bits.
    amount.mantissa() * 10_i128.pow(AMOUNT_SCALE.saturating_sub(amount.scale()))
}
