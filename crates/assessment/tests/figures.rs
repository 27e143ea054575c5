//! What counts where and when, case by case.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

use assessment::{Basis, Board, Bounds, Contribution, Definition, End, Lane, Measure, Period};
use base::day::Day;
use base::place::Place;
use jiff::civil::date;
use rust_decimal::Decimal;

/// 德清县, in 湖州市, in 浙江省.
const DEQING: &str = "330521";

fn day(text: &str) -> Option<Day> {
    (!text.is_empty()).then(|| Day::parse(text).unwrap())
}

fn place(text: &str) -> Place {
    Place::parse(text).unwrap()
}

fn plain(measure: Measure, basis: Basis) -> Definition {
    Definition::Plain { measure, basis }
}

/// One entry of indicator 0 in 德清; empty texts are absent days.
fn entry(begin: &str, end: &str) -> Contribution {
    Contribution {
        indicator: 0,
        lane: Lane::Recorded,
        place: Some(place(DEQING)),
        day: day(begin),
        until: day(end),
        amount: Decimal::ONE,
        subjects: vec![],
    }
}

fn board(definitions: Vec<Definition>, rows: impl IntoIterator<Item = Vec<Contribution>>) -> Board {
    let mut board = Board::new(definitions);
    for (row, contributions) in (1..).zip(rows) {
        board.put(row, contributions, None);
    }
    board
}

/// `2026-03-01..2026-06-30`, each side may be empty.
fn period(text: &str) -> Period {
    let (from, until) = text.split_once("..").unwrap();
    Period { from: day(from).map(|d| d.first()), until: day(until).map(|d| d.last()) }
}

fn decimal(text: &str) -> Decimal {
    Decimal::from_str_exact(text).unwrap()
}

#[test]
fn a_day_counts_where_its_basis_admits_it() {
    use Basis::{Cumulative, Period as Flow, Stock};
    for (basis, begin, end, asked, counts) in [
        // What happened: the day lies wholly in the period.
        (Flow, "2026-03-15", "", "2026-03-15..2026-03-15", true),
        (Flow, "2026-03-15", "", "2026-03-16..2026-12-31", false),
        (Flow, "2026-03-15", "", "2026-01-01..2026-03-14", false),
        (Flow, "2026-03", "", "2026-03-01..2026-03-31", true),
        (Flow, "2026-03", "", "2026-03-02..2026-12-31", false),
        (Flow, "2026-03", "", "2026-01-01..2026-03-30", false),
        (Flow, "2026", "", "2026-01-01..2026-12-31", true),
        (Flow, "2026", "", "2026-01-01..2026-12-30", false),
        (Flow, "2026", "", "2026-01-01..", true),
        (Flow, "2026", "", "..2026-06-30", false),
        (Flow, "2026", "", "2025-06-01..2027-06-30", true),
        (Flow, "2026-03-15", "", "2026-12-31..2026-01-01", false),
        (Flow, "", "", "..", true),
        (Flow, "", "", "..2026-12-31", false),
        (Flow, "", "", "2026-01-01..", false),
        (Flow, "2026-03-15", "2026-04-01", "2026-03-01..2026-03-31", true),
        // All up to a day, whatever the beginning of the period and the end of the thing.
        (Cumulative, "2025-03-15", "2025-04-01", "2026-01-01..2026-12-31", true),
        (Cumulative, "2026-03-15", "", "..2026-03-14", false),
        (Cumulative, "2026-03", "", "..2026-03-30", false),
        (Cumulative, "2026-03", "", "..2026-03-31", true),
        (Cumulative, "2026", "", "..2026-11-30", false),
        (Cumulative, "", "", "..1990-01-01", true),
        (Cumulative, "2026", "", "..", true),
        // What stands: begun, and not over before the day.
        (Stock, "2026-03-15", "", "..2026-03-15", true),
        (Stock, "2026-03-15", "", "..2026-03-14", false),
        (Stock, "2026", "", "..2026-06-30", false),
        (Stock, "2025", "2026-03-15", "..2026-03-15", true),
        (Stock, "2025", "2026-03-15", "..2026-03-16", false),
        (Stock, "2025", "2026-03", "..2026-03-20", true),
        (Stock, "2025", "2026", "..2026-12-31", true),
        (Stock, "2025", "2026", "..2027-01-01", false),
        (Stock, "", "2026", "..1990-01-01", true),
        (Stock, "", "2026", "..2027-01-01", false),
        (Stock, "", "", "2030-01-01..", true),
        (Stock, "2025", "2026", "..", false),
        (Stock, "2025", "9999-12-31", "..9999-12-31", true),
        (Stock, "2026-05-01", "2026-03-01", "..2026-04-01", false),
        (Stock, "2026-05-01", "2026-03-01", "..2026-06-01", false),
    ] {
        for measure in [Measure::Count, Measure::Sum, Measure::Distinct] {
            let given = Contribution { subjects: vec![7], ..entry(begin, end) };
            let board = board(vec![plain(measure, basis)], [vec![given]]);
            let figure = board.figure(0, Lane::Recorded, &Place::nation(), &period(asked));
            let case = format!("{basis:?} {measure:?} {begin}–{end} in {asked}");
            assert_eq!(figure, Some(Decimal::from(u8::from(counts))), "{case}");
        }
        let listed = Bounds::of(basis, &period(asked)).holds(day(begin), day(end));
        assert_eq!(listed, counts, "list of {basis:?} {begin}–{end} in {asked}");
    }
}

#[test]
fn bounds_are_said_in_days_a_store_can_compare() {
    let days = |texts: &[&str]| texts.iter().filter_map(|text| day(text)).collect::<Vec<_>>();
    let bounds = Bounds::of(Basis::Period, &period("2026-01-01..2026-03-15"));
    assert_eq!((bounds.from, bounds.until), (day("2026"), day("2026-03-15")));
    assert_eq!((bounds.except, bounds.undated), (days(&["2026-03", "2026"]), false));
    let bounds = Bounds::of(Basis::Stock, &period("2026-03-01..2026-12-31"));
    assert_eq!((bounds.from, bounds.except, bounds.undated), (None, vec![], true));
    let or = [Day::parse("2026-12").unwrap(), Day::parse("2026").unwrap()];
    assert_eq!(bounds.end, End::Standing { from: Day::parse("2026-12-31").unwrap(), or });
}

#[test]
fn a_place_holds_all_places_below_it() {
    let with = |code: &str| Contribution { place: Some(place(code)), ..entry("2026", "") };
    let board = board(
        vec![plain(Measure::Count, Basis::Period)],
        [
            vec![with("330521")],
            vec![with("330521100")],
            vec![with("330110~future-sci-tech-city")],
            vec![with("429004")],
            vec![with("110108")],
            vec![Contribution { place: None, ..entry("2026", "") }],
        ],
    );
    for (asked, count) in [
        ("000000", 6),
        ("330000", 3),
        ("330500", 2),
        ("330521", 2),
        ("330521100", 1),
        ("330110", 1),
        ("330110~future-sci-tech-city", 1),
        // 仙桃市 is directly administered: its province stands right above it.
        ("420000", 1),
        ("429004", 1),
        ("110000", 1),
        ("340000", 0),
    ] {
        let figure = board.figure(0, Lane::Recorded, &place(asked), &Period::all());
        assert_eq!(figure, Some(Decimal::from(count)), "{asked}");
    }
    let places = [place("429004"), place("330000")];
    let told = board.by_place(0, Lane::Recorded, &places, &Period::all());
    assert_eq!(told, places.into_iter().zip([1, 3].map(|n| Some(Decimal::from(n)))).collect::<Vec<_>>());
}

#[test]
fn lanes_are_never_added() {
    let sourced = Contribution { lane: Lane::Sourced, amount: decimal("2.5"), ..entry("2026", "") };
    let board = board(vec![plain(Measure::Sum, Basis::Period)], [vec![entry("2026", "")], vec![sourced]]);
    let figure = |lane| board.figure(0, lane, &place(DEQING), &Period::all());
    assert_eq!((figure(Lane::Recorded), figure(Lane::Sourced)), (Some(decimal("1")), Some(decimal("2.5"))));
}

#[test]
fn amounts_are_kept_to_six_decimals_and_come_out_without_a_trace() {
    let with = |amount: Decimal| vec![Contribution { amount, ..entry("2026", "") }];
    let mut board = Board::new(vec![plain(Measure::Sum, Basis::Period)]);
    let mut check = |row: u64, given: Option<&str>, total: Option<&str>| {
        board.put(row, given.map(|text| with(decimal(text))).unwrap_or_default(), None);
        let figure = board.figure(0, Lane::Recorded, &Place::nation(), &Period::all());
        assert_eq!(figure, total.map(decimal), "{given:?}");
    };
    check(1, Some("0.000001"), Some("0.000001"));
    check(2, Some("123456789012.345678"), Some("123456789012.345679"));
    check(3, Some("0.0000004"), Some("123456789012.345679"));
    check(4, Some("-0.000001"), Some("123456789012.345678"));
    check(5, Some("79228162514264337593543950335"), None);
    check(5, None, Some("123456789012.345678"));
    check(2, None, Some("0"));
}

#[test]
fn different_subjects_count_once_however_often_and_wherever_named() {
    let with = |code: &str, subjects: &[u128], begin: &str, end: &str| {
        vec![Contribution { place: Some(place(code)), subjects: subjects.to_vec(), ..entry(begin, end) }]
    };
    for (basis, asked, [nation, deqing, anji]) in [
        (Basis::Period, "2026-01-01..2026-12-31", [3, 2, 2]),
        (Basis::Period, "..", [4, 3, 2]),
        (Basis::Cumulative, "..2025-12-31", [2, 2, 0]),
        (Basis::Stock, "..2026-06-30", [4, 3, 2]),
        (Basis::Stock, "..2027-06-30", [2, 1, 2]),
    ] {
        let rows = [
            with("330521", &[1, 2, 2], "2026-02", "2026-12"),
            with("330521", &[1], "2026-03", ""),
            with("330523", &[1, 3], "2026-04", ""),
            with("330521", &[4, 2], "2025", "2026-11"),
            with("330521", &[], "2026-05", ""),
        ];
        let mut board = board(vec![plain(Measure::Distinct, basis)], rows);
        let figure = |board: &Board, code| board.figure(0, Lane::Recorded, &place(code), &period(asked));
        for (code, count) in [("000000", nation), ("330521", deqing), ("330523", anji)] {
            assert_eq!(figure(&board, code), Some(Decimal::from(count)), "{basis:?} {asked} {code}");
        }
        (1..=5).for_each(|row| board.remove(row));
        assert!(board.is_empty());
        assert_eq!(figure(&board, "000000"), Some(Decimal::ZERO));
    }
}

#[test]
fn a_ratio_over_zero_is_none() {
    let definitions = vec![
        plain(Measure::Count, Basis::Period),
        plain(Measure::Sum, Basis::Period),
        Definition::Ratio { over: 0, under: 1, percent: true },
        Definition::Ratio { over: 0, under: 1, percent: false },
        Definition::Ratio { over: 2, under: 0, percent: false },
        Definition::Ratio { over: 5, under: 5, percent: false },
        Definition::Ratio { over: 0, under: 99, percent: false },
        Definition::Reported { basis: Basis::Period },
    ];
    let given = |under: &str| {
        let sum = Contribution { indicator: 1, amount: decimal(under), ..entry("2026-03", "") };
        vec![entry("2026-03", ""), sum]
    };
    let mut board = Board::new(definitions);
    for (under, percent, plain) in
        [("8", Some("12.5"), Some("0.125")), ("0", None, None), ("-0.5", Some("-200"), Some("-2"))]
    {
        board.put(1, given(under), None);
        let figure = |indicator| board.figure(indicator, Lane::Recorded, &place(DEQING), &Period::all());
        assert_eq!((figure(2), figure(3)), (percent.map(decimal), plain.map(decimal)), "1 over {under}");
        assert_eq!([4, 5, 6, 7, 99].map(figure), [None; 5], "no figure, and no end of asking");
    }
}

#[test]
fn an_entry_of_an_indicator_without_entries_counts_nowhere() {
    let definitions = vec![Definition::Reported { basis: Basis::Stock }, plain(Measure::Count, Basis::Stock)];
    let board = board(definitions, [vec![entry("", ""), Contribution { indicator: 9, ..entry("", "") }]]);
    let figure = |indicator| board.figure(indicator, Lane::Recorded, &Place::nation(), &Period::all());
    assert_eq!([0, 1, 9].map(figure), [None, Some(Decimal::ZERO), None]);
}

#[test]
fn months_of_a_year_are_of_the_month_or_at_its_end() {
    for (basis, counts) in [
        (Basis::Period, [0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]),
        (Basis::Cumulative, [1, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3, 4]),
        (Basis::Stock, [1, 2, 2, 3, 2, 2, 2, 2, 2, 2, 2, 3]),
    ] {
        let rows = [("2025", ""), ("2026-02", "2026-04"), ("2026-04-30", ""), ("2026", "")];
        let rows = rows.map(|(begin, end)| vec![entry(begin, end)]);
        let board = board(vec![plain(Measure::Count, basis)], rows);
        let months = board.by_month(0, Lane::Recorded, &place("330000"), 2026);
        assert_eq!(months, counts.map(|count| Some(Decimal::from(count))), "{basis:?}");
        assert_eq!(board.by_month(0, Lane::Recorded, &place("330000"), i16::MAX), [None; 12]);
    }
}

#[test]
fn periods_are_years_months_and_days() {
    let february = Period::between(date(2024, 2, 1), date(2024, 2, 29));
    assert_eq!(Period::month(2024, 2), Some(february));
    assert_eq!(Period::of(Day::parse("2024-02").unwrap()), february);
    assert_eq!(Period::year(2026), Some(period("2026-01-01..2026-12-31")));
    assert_eq!((Period::month(2024, 13), Period::year(i16::MIN)), (None, None));
    assert_eq!(Period::up_to(date(2026, 3, 1)), period("..2026-03-01"));
}
