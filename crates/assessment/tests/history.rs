//! Whatever the history of puts, replacements and removals, the board says what a list that filters and adds says.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

use std::collections::{BTreeMap, BTreeSet};

use assessment::{Basis, Board, Bounds, Contribution, Definition, Lane, Measure, Period};
use base::day::Day;
use base::place::Place;
use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use rust_decimal::Decimal;

const MEASURES: [Measure; 3] = [Measure::Count, Measure::Sum, Measure::Distinct];
const BASES: [Basis; 3] = [Basis::Period, Basis::Cumulative, Basis::Stock];
const PLACES: [&str; 9] = [
    "000000",
    "330000",
    "330500",
    "330521",
    "330521100",
    "330110~future-sci-tech-city",
    "420000",
    "429004",
    "110108",
];

/// Every measure on every basis, then two ratios.
fn definitions() -> Vec<Definition> {
    let plain = MEASURES
        .into_iter()
        .flat_map(|measure| BASES.into_iter().map(move |basis| Definition::Plain { measure, basis }));
    let ratios = [(1, 3), (4, 8)].map(|(over, under)| Definition::Ratio { over, under, percent: false });
    plain.chain(ratios).collect()
}

/// Dates of two years, ends of months and years among them more often than by chance.
fn dates() -> impl Strategy<Value = Date> {
    prop_oneof![
        (0..730_i64).prop_map(|days| date(2025, 1, 1).checked_add(days.days()).unwrap()),
        (1..=12_i8).prop_map(|month| date(2025, month, 1)),
        (1..=12_i8).prop_map(|month| date(2025, month, 1).last_of_month()),
    ]
}

fn days() -> impl Strategy<Value = Option<Day>> {
    prop::option::weighted(0.85, (dates(), 0..3_u8)).prop_map(|found| {
        found.map(|(date, precision)| match precision {
            0 => Day::of(date),
            1 => Day::month_of(date),
            _ => Day::year_of(date),
        })
    })
}

fn places() -> impl Strategy<Value = Place> {
    prop::sample::select(&PLACES[..]).prop_map(|code| Place::parse(code).unwrap())
}

fn contribution() -> impl Strategy<Value = Contribution> {
    let lane = prop::sample::select(vec![Lane::Recorded, Lane::Sourced]);
    let subjects = prop::collection::vec(1..5_u128, 0..4);
    let amount = (-500..500_i64, 0..4_u32).prop_map(|(number, scale)| Decimal::new(number, scale));
    (0..9_usize, lane, prop::option::weighted(0.9, places()), days(), days(), amount, subjects).prop_map(
        |(indicator, lane, place, day, until, amount, subjects)| Contribution {
            indicator,
            lane,
            place,
            day,
            until,
            amount,
            subjects,
        },
    )
}

/// A put of a row, or a removal where nothing is given.
fn history() -> impl Strategy<Value = Vec<(u64, Vec<Contribution>)>> {
    prop::collection::vec((0..12_u64, prop::collection::vec(contribution(), 0..12)), 0..40)
}

fn periods() -> impl Strategy<Value = Period> {
    (prop::option::of(dates()), prop::option::of(dates())).prop_map(|(from, until)| Period { from, until })
}

/// The rules as they are said, on one entry.
fn counts(basis: Basis, given: &Contribution, period: &Period) -> bool {
    let over = |day: Day| period.until.is_none_or(|until| day.last() <= until);
    let begun = given.day.is_none_or(over);
    match basis {
        Basis::Period => match given.day {
            None => period.from.is_none() && period.until.is_none(),
            Some(day) => over(day) && period.from.is_none_or(|from| from <= day.first()),
        },
        Basis::Cumulative => begun,
        Basis::Stock => {
            let ended = given.until.is_some_and(|end| period.until.is_none_or(|until| end.last() < until));
            begun && !ended
        }
    }
}

fn naive(indicator: usize, entries: &[&Contribution]) -> Decimal {
    match MEASURES[indicator / BASES.len()] {
        Measure::Count => entries.len().into(),
        Measure::Sum => entries.iter().map(|given| given.amount).sum(),
        Measure::Distinct => {
            entries.iter().flat_map(|given| &given.subjects).collect::<BTreeSet<_>>().len().into()
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_board_says_what_the_list_says(
        history in history(),
        questions in prop::collection::vec((places(), periods()), 12),
    ) {
        let mut board = Board::new(definitions());
        let mut rows: BTreeMap<u64, Vec<Contribution>> = BTreeMap::new();
        for (row, given) in history {
            rows.insert(row, given.clone());
            match given.is_empty() {
                true => board.remove(row),
                false => board.put(row, given, None),
            }
        }
        let nation = Place::nation();
        for (place, period) in questions {
            for lane in [Lane::Recorded, Lane::Sourced] {
                let figure = |indicator: usize| {
                    let basis = BASES[indicator % BASES.len()];
                    let bounds = Bounds::of(basis, &period);
                    let mut entries: Vec<_> = rows.values().flatten().collect();
                    entries.retain(|given| (given.indicator, given.lane) == (indicator, lane));
                    entries.retain(|given| given.place.as_ref().unwrap_or(&nation).within(&place));
                    let listed = entries.iter().filter(|given| bounds.holds(given.day, given.until)).count();
                    entries.retain(|given| counts(basis, given, &period));
                    (naive(indicator, &entries), entries.len(), listed)
                };
                for indicator in 0..9 {
                    let (expected, counted, listed) = figure(indicator);
                    let found = board.figure(indicator, lane, &place, &period);
                    prop_assert_eq!(found, Some(expected), "{} {:?} {:?}", indicator, place, period);
                    prop_assert_eq!(listed, counted, "list of {} {:?}", indicator, period);
                }
                for (indicator, over, under) in [(9, 1, 3), (10, 4, 8)] {
                    let expected = figure(over).0.checked_div(figure(under).0);
                    prop_assert_eq!(board.figure(indicator, lane, &place, &period), expected);
                }
            }
        }
        let all: Vec<u64> = rows.keys().copied().collect();
        all.into_iter().for_each(|row| board.remove(row));
        prop_assert!(board.is_empty());
        for indicator in 0..9 {
            let figure = board.figure(indicator, Lane::Recorded, &nation, &Period::all());
            prop_assert_eq!(figure, Some(Decimal::ZERO));
        }
    }
}
