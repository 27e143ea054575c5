//! In ten thousand random worlds, whatever the order in which records came, changed and went: what does not fit together is
//! found, and nothing else is. The naive list beside it compares every record with every other.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

use std::collections::{BTreeMap, BTreeSet};

use assessment::claims::{Claims, Clash, Entry, Finding, Outcome, Visit};
use base::place::Place;
use jiff::civil::{Date, date};
use proptest::prelude::*;

/// Worlds tried.
const WORLDS: u32 = 10_000;
/// Records of a world.
const ROWS: u64 = 14;
const PLACES: [&str; 5] = ["330521", "330523", "330110", "330000", "000000"];
const TITLES: [&str; 3] = ["冷压工艺转化", "冷压 工艺转化。", "豆粕胶攻关"];
const NUMBERS: [&str; 3] = ["ZL 2026 1 0000001.2", "zl2026100000012", "T/ZJ 001"];

fn one_of(most: u128) -> impl Strategy<Value = Option<u128>> {
    prop::option::weighted(0.8, 1..=most)
}

fn days() -> impl Strategy<Value = Date> {
    (1..=4_i8).prop_map(|day| date(2026, 5, day))
}

fn some(most: u128, up_to: usize) -> impl Strategy<Value = Vec<u128>> {
    prop::collection::btree_set(1..=most, 0..=up_to).prop_map(|set| set.into_iter().collect())
}

fn outcomes() -> impl Strategy<Value = Entry> {
    let told = (0..3_usize, prop::option::weighted(0.4, 0..3_usize), prop::option::of(1..4_i64), 0..2_u8);
    let whose = (one_of(2), one_of(3), 0..2_u8, some(u128::from(ROWS), 2));
    let rests = (one_of(2), any::<bool>(), one_of(2), some(3, 2));
    (told, whose, rests).prop_map(
        |((title, number, fen, day), (firm, by, sort, distinct), (agreement, paid, case, files))| {
            Entry::Outcome(Box::new(Outcome {
                id: 0,
                firm,
                by,
                sort: format!("sort {sort}"),
                number: number.map(|at| NUMBERS[at].to_owned()),
                title: TITLES[title].to_owned(),
                fen,
                told: vec![format!("day {day}")],
                agreement,
                paid,
                case,
                files,
                distinct,
            }))
        },
    )
}

fn visits() -> impl Strategy<Value = Entry> {
    let when = (prop::option::weighted(0.9, days()), prop::option::weighted(0.9, days()));
    (when, prop::option::of(0..PLACES.len()), some(2, 2), one_of(2), some(3, 1)).prop_map(
        |((day, written), place, experts, case, files)| {
            let place = place.map(|at| Place::parse(PLACES[at]).unwrap());
            Entry::Visit(Visit { day, written, place, experts, case, files })
        },
    )
}

fn entries() -> impl Strategy<Value = Entry> {
    prop_oneof![
        5 => outcomes(),
        4 => visits(),
        1 => (1..=2_u128, prop::option::of(1..6_i64)).prop_map(|(id, fen)| Entry::Agreement { id, fen }),
        1 => (1..=2_u128, prop::option::of(days())).prop_map(|(id, began)| Entry::Case { id, began }),
    ]
}

/// A history: rows put, put again otherwise, and taken out.
fn histories() -> impl Strategy<Value = Vec<(u64, Option<Entry>)>> {
    let step = (0..ROWS, prop::option::weighted(0.85, entries()));
    prop::collection::vec(step, 1..40)
}

/// Letters and figures, by hand.
fn plain(text: &str) -> String {
    text.to_lowercase().replace([' ', '。', '.', '/'], "")
}

fn same(a: &Outcome, b: &Outcome) -> bool {
    let by_number = match (&a.number, &b.number) {
        (Some(a), Some(b)) => plain(a) == plain(b),
        (None, None) => plain(&a.title) == plain(&b.title) && a.fen == b.fen && a.told == b.told,
        _ => false,
    };
    a.firm.is_some() && a.firm == b.firm && a.sort == b.sort && by_number
}

fn naive(world: &BTreeMap<u64, Entry>) -> BTreeSet<Finding> {
    let outcomes: Vec<(u64, &Outcome)> = world
        .iter()
        .filter_map(|(row, e)| if let Entry::Outcome(o) = e { Some((*row, o.as_ref())) } else { None })
        .collect();
    let visits: Vec<(u64, &Visit)> = world
        .iter()
        .filter_map(|(row, e)| if let Entry::Visit(v) = e { Some((*row, v)) } else { None })
        .collect();
    let mut found = BTreeSet::new();
    let mut add = |clash, rows: BTreeSet<u64>| {
        if !rows.is_empty() {
            found.insert(Finding { clash, rows: rows.into_iter().collect() });
        }
    };
    for (_, one) in &outcomes {
        let alike: Vec<_> = outcomes.iter().filter(|(_, other)| same(one, other)).collect();
        let mut rows = BTreeSet::new();
        for (row, a) in &alike {
            for (other, b) in &alike {
                let apart = a.distinct.contains(&b.id) || b.distinct.contains(&a.id);
                if row != other && a.by != b.by && !apart {
                    rows.insert(*row);
                }
            }
        }
        add(Clash::Twice, rows);
    }
    for file in 1..=3_u128 {
        let mut with: Vec<(u64, Option<u128>, Option<u128>)> = Vec::new();
        with.extend(
            outcomes.iter().filter(|(_, o)| o.files.contains(&file)).map(|(r, o)| (*r, o.agreement, o.case)),
        );
        with.extend(visits.iter().filter(|(_, v)| v.files.contains(&file)).map(|(r, v)| (*r, None, v.case)));
        let agreements: BTreeSet<_> = with.iter().map(|w| w.1).collect();
        let cases: BTreeSet<_> = with.iter().map(|w| w.2).collect();
        let tied = |of: &BTreeSet<Option<u128>>| of.len() == 1 && !of.contains(&None);
        if with.len() > 1 && !tied(&agreements) && !tied(&cases) {
            add(Clash::File, with.iter().map(|w| w.0).collect());
        }
    }
    for (id, most) in agreed(world) {
        let paid = outcomes.iter().filter(|(_, o)| o.agreement == Some(id) && o.paid && o.fen.is_some());
        let paid: Vec<_> = paid.collect();
        if most.is_some_and(|most| paid.iter().map(|(_, o)| o.fen.unwrap()).sum::<i64>() > most) {
            add(Clash::Above, paid.iter().map(|(row, _)| *row).collect());
        }
    }
    for (clash, rows) in of_visits(world, &visits) {
        add(clash, rows);
    }
    found
}

/// What is wrong with visits alone: before their case, after they were written, one expert in two cities on a day.
fn of_visits(world: &BTreeMap<u64, Entry>, visits: &[(u64, &Visit)]) -> Vec<(Clash, BTreeSet<u64>)> {
    let mut found = Vec::new();
    let mut add = |clash, rows: BTreeSet<u64>| found.push((clash, rows));
    for (id, began) in began(world) {
        let early =
            |v: &Visit| v.case == Some(id) && v.day.zip(began).is_some_and(|(day, began)| day < began);
        add(Clash::Early, visits.iter().filter(|(_, v)| early(v)).map(|(row, _)| *row).collect());
    }
    for (row, visit) in visits {
        if visit.day.zip(visit.written).is_some_and(|(day, written)| day > written) {
            add(Clash::Future, BTreeSet::from([*row]));
        }
    }
    for expert in 1..=2_u128 {
        for day in 1..=4 {
            let day = date(2026, 5, day);
            let there = visits.iter().filter(|(_, v)| v.day == Some(day) && v.experts.contains(&expert));
            let placed = there.filter_map(|(row, v)| {
                let code = v.place.as_ref()?.code().to_owned();
                (!matches!(code.as_str(), "330000" | "000000")).then(|| (*row, code[..4].to_owned()))
            });
            let placed: Vec<(u64, String)> = placed.collect();
            if placed.iter().any(|(_, city)| *city != placed[0].1) {
                add(Clash::Far, placed.iter().map(|(row, _)| *row).collect());
            }
        }
    }
    found
}

fn agreed(world: &BTreeMap<u64, Entry>) -> BTreeMap<u128, Option<i64>> {
    world
        .values()
        .filter_map(|e| if let Entry::Agreement { id, fen } = e { Some((*id, *fen)) } else { None })
        .collect()
}

fn began(world: &BTreeMap<u64, Entry>) -> BTreeMap<u128, Option<Date>> {
    world
        .values()
        .filter_map(|e| if let Entry::Case { id, began } = e { Some((*id, *began)) } else { None })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: WORLDS, ..ProptestConfig::default() })]

    #[test]
    fn what_does_not_fit_is_found_and_nothing_is_invented(history in histories()) {
        let mut world: BTreeMap<u64, Entry> = BTreeMap::new();
        let mut claims = Claims::new();
        for (row, entry) in history {
            // An id belongs to one record, as in a register.
            let entry = entry.map(|entry| match entry {
                Entry::Outcome(of) => Entry::Outcome(Box::new(Outcome { id: u128::from(row), ..*of })),
                Entry::Agreement { fen, .. } => Entry::Agreement { id: u128::from(row % 2 + 1), fen },
                other => other,
            });
            let taken = |of: &Entry| match (entry.as_ref(), of) {
                (Some(Entry::Agreement { id, .. }), Entry::Agreement { id: other, .. })
                | (Some(Entry::Case { id, .. }), Entry::Case { id: other, .. }) => id == other,
                _ => false,
            };
            if world.iter().any(|(of, known)| *of != row && taken(known)) {
                continue;
            }
            match entry {
                Some(entry) => {
                    claims.put(row, entry.clone());
                    world.insert(row, entry);
                }
                None => {
                    claims.remove(row);
                    world.remove(&row);
                }
            }
        }
        let found = claims.findings();
        prop_assert_eq!(found.iter().cloned().collect::<BTreeSet<_>>(), naive(&world));
        prop_assert!(found.windows(2).all(|two| two[0] < two[1]), "in order, each once");
        let mut afresh = Claims::new();
        world.into_iter().rev().for_each(|(row, entry)| afresh.put(row, entry));
        prop_assert_eq!(afresh.findings(), found, "whatever the order of coming");
    }
}

/// Each sort of clash planted once in a world where nothing else clashes.
#[test]
fn each_sort_of_clash_is_told_with_its_records() {
    let mut claims = Claims::new();
    let outcome = |id: u128, by: u128, title: &str| Outcome {
        id,
        firm: Some(1),
        by: Some(by),
        sort: "transfer".into(),
        title: title.into(),
        ..Outcome::default()
    };
    claims.put(1, Entry::Outcome(Box::new(outcome(1, 1, "冷压工艺转化"))));
    claims.put(2, Entry::Outcome(Box::new(outcome(2, 2, "冷压工艺　转化"))));
    claims.put(3, Entry::Outcome(Box::new(Outcome { files: vec![7], ..outcome(3, 1, "甲") })));
    claims.put(4, Entry::Outcome(Box::new(Outcome { files: vec![7], ..outcome(4, 1, "乙") })));
    let under = |id, fen| Outcome { agreement: Some(9), paid: true, fen: Some(fen), ..outcome(id, 1, "丙") };
    claims.put(5, Entry::Agreement { id: 9, fen: Some(100) });
    claims.put(6, Entry::Outcome(Box::new(under(6, 60))));
    claims.put(7, Entry::Outcome(Box::new(under(7, 50))));
    let visit = |day: i8, place: &str| Visit {
        day: Some(date(2026, 5, day)),
        written: Some(date(2026, 5, 20)),
        place: Some(Place::parse(place).unwrap()),
        experts: vec![3],
        ..Visit::default()
    };
    claims.put(8, Entry::Visit(visit(21, "330521")));
    claims.put(9, Entry::Visit(visit(5, "330521")));
    claims.put(10, Entry::Visit(visit(5, "330110")));
    claims.put(11, Entry::Case { id: 4, began: Some(date(2026, 5, 10)) });
    claims.put(12, Entry::Visit(Visit { case: Some(4), ..visit(6, "330521") }));
    let found: Vec<(Clash, Vec<u64>)> =
        claims.findings().into_iter().map(|finding| (finding.clash, finding.rows)).collect();
    let planted = [
        (Clash::Twice, vec![1, 2]),
        (Clash::File, vec![3, 4]),
        (Clash::Above, vec![6, 7]),
        (Clash::Future, vec![8]),
        (Clash::Early, vec![12]),
        (Clash::Far, vec![9, 10]),
    ];
    assert_eq!(found, planted);
    claims.put(2, Entry::Outcome(Box::new(Outcome { distinct: vec![1], ..outcome(2, 2, "冷压工艺转化") })));
    claims.remove(4);
    claims.put(5, Entry::Agreement { id: 9, fen: Some(110) });
    let left: BTreeSet<Clash> = claims.findings().into_iter().map(|finding| finding.clash).collect();
    assert_eq!(left, BTreeSet::from([Clash::Future, Clash::Early, Clash::Far]), "what was put right is gone");
}
