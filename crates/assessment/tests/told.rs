//! What sources tell: shown as told, of exactly the place and the days they tell of, never added up.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

use assessment::{Basis, Board, Definition, Measure, Period, Reported};
use base::day::Day;
use base::place::Place;
use base::quantity::Quantity;
use rust_decimal::Decimal;

fn day(text: &str) -> Option<Day> {
    (!text.is_empty()).then(|| Day::parse(text).unwrap())
}

/// A figure of indicator 0 for 湖州 from one day to another.
fn told(basis: Basis, since: &str, until: &str, value: &str) -> Reported {
    let (place, value) = (Place::parse("330500").ok(), Quantity::parse(value).unwrap());
    Reported { row: 0, indicator: 0, place, since: day(since), until: day(until), value, basis }
}

fn board(told: impl IntoIterator<Item = Reported>) -> Board {
    let plain = Definition::Plain { measure: Measure::Count, basis: Basis::Period };
    let mut board = Board::new(vec![
        plain.clone(),
        plain,
        Definition::Ratio { over: 0, under: 1, percent: true },
        Definition::Ratio { over: 0, under: 1, percent: false },
    ]);
    for (row, told) in (1..).zip(told) {
        board.put(row, vec![], Some(told));
    }
    board
}

fn period(text: &str) -> Period {
    let (from, until) = text.split_once("..").unwrap();
    Period { from: day(from).map(|d| d.first()), until: day(until).map(|d| d.last()) }
}

fn rows(board: &Board, place: &str, asked: &str) -> Vec<u64> {
    let found = board.reported(0, &Place::parse(place).unwrap(), &period(asked));
    found.iter().map(|told| told.row).collect()
}

#[test]
fn a_told_figure_is_of_the_days_it_tells() {
    for (basis, since, until, asked, shown) in [
        (Basis::Period, "2025", "2025", "2025-12-31..2026-12-31", true),
        (Basis::Period, "2025", "2025", "2026-01-01..2026-12-31", false),
        (Basis::Period, "2020", "", "2026-01-01..2026-12-31", true),
        (Basis::Period, "", "2020", "2026-01-01..", false),
        (Basis::Period, "", "2020", "..1990-01-01", true),
        (Basis::Stock, "", "2025-12", "2025-01-01..2025-12-31", true),
        (Basis::Stock, "", "2025-12", "2024-01-01..2024-12-31", false),
        (Basis::Stock, "", "2025-12", "2026-01-01..", false),
        (Basis::Cumulative, "2020", "2025", "2023-01-01..2023-12-31", true),
        (Basis::Cumulative, "", "2025", "2023-01-01..2023-12-31", false),
        (Basis::Stock, "", "", "..", true),
        (Basis::Stock, "", "", "2025-01-01..", false),
        (Basis::Period, "2020", "2026", "2025-01-01..2024-01-01", false),
    ] {
        let board = board([told(basis, since, until, "30家")]);
        let case = format!("{basis:?} {since}–{until} in {asked}");
        assert_eq!(rows(&board, "330500", asked), Vec::from_iter(shown.then_some(1)), "{case}");
    }
}

#[test]
fn newest_first_for_exactly_the_place() {
    let of = |place: Option<&str>, until: &str| Reported {
        place: place.map(|code| Place::parse(code).unwrap()),
        ..told(Basis::Stock, "", until, "30家")
    };
    let mut board = board([
        of(Some("330500"), "2024"),
        of(Some("330500"), "2025"),
        of(Some("330500"), ""),
        of(Some("330500"), "2025-06"),
        of(Some("330500"), "2025-12-31"),
        of(Some("330521"), "2025"),
        of(None, "2025"),
    ]);
    assert_eq!(rows(&board, "330500", ".."), [5, 2, 4, 1, 3]);
    assert_eq!((rows(&board, "330521", ".."), rows(&board, "330000", "..")), (vec![6], vec![]));
    assert_eq!(rows(&board, "000000", ".."), [7], "told of no place is told of the nation");
    board.put(5, vec![], Some(of(Some("330521"), "2026")));
    board.remove(2);
    assert_eq!((rows(&board, "330500", ".."), rows(&board, "330521", "..")), (vec![4, 1, 3], vec![5, 6]));
}

#[test]
fn a_told_ratio_needs_two_numbers_of_the_same_days() {
    let over = |until: &str, value: &str| told(Basis::Stock, "", until, value);
    let under = |until: &str, value: &str| Reported { indicator: 1, ..over(until, value) };
    for (figures, percent, plain) in [
        (vec![over("2025", "30家"), under("2025", "40家")], Some(("75", 1, 2)), Some(("0.75", 1, 2))),
        (vec![over("2025", "30家"), under("2024", "40家")], None, None),
        (vec![over("2025", "30家"), under("2025", "0家")], None, None),
        (vec![over("2025", "30~40家"), under("2025", "40家")], None, None),
        (vec![over("2025", "30家"), under("2025", "40家以上")], None, None),
        (vec![over("2025", "30亿元"), under("2025", "40家")], None, Some(("0.75", 1, 2))),
        (
            vec![over("2024", "1家"), under("2024", "4家"), over("2025", "2家"), under("2026", "4家")],
            Some(("25", 1, 2)),
            Some(("0.25", 1, 2)),
        ),
        (
            vec![over("2024", "1家"), under("2024", "4家"), over("2025", "2家"), under("2025", "4家")],
            Some(("50", 3, 4)),
            Some(("0.5", 3, 4)),
        ),
    ] {
        let shown = format!("{figures:?}");
        let board = board(figures);
        for (indicator, expected) in [(2, percent), (3, plain)] {
            let place = Place::parse("330500").unwrap();
            let found = board.reported_ratio(indicator, &place, &Period::all());
            let found = found.map(|(value, over, under)| (value, over.row, under.row));
            let expected =
                expected.map(|(value, over, under)| (Decimal::from_str_exact(value).unwrap(), over, under));
            assert_eq!(found, expected, "{indicator} of {shown}");
            assert_eq!(board.reported_ratio(indicator, &Place::nation(), &Period::all()), None);
        }
    }
}

#[test]
fn what_is_about_stays_about() {
    let under = Reported { indicator: 1, ..told(Basis::Stock, "", "2025", "40余家") };
    let board = board([told(Basis::Stock, "", "2025", "约30家"), under]);
    let place = Place::parse("330500").unwrap();
    let (value, over, under) = board.reported_ratio(2, &place, &Period::all()).unwrap();
    assert_eq!(value, Decimal::from(75));
    assert_eq!((over.value.to_string(), under.value.to_string()), ("约30家".into(), "约40家".into()));
    assert!(over.value.about && under.value.about);
}
