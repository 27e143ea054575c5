//! Claims among many outcomes: how long the index takes from nothing, how long one change, and whether each planted double is
//! found and nothing else.

use assessment::claims::{Claims, Clash, Entry, Outcome};
use serde_json::json;

use super::{instant, print};

/// Firms the outcomes benefit.
const FIRMS: usize = 20_000;
/// Outcomes of an agreement.
const UNDER: usize = 4;
/// Changes that are timed.
const CHANGES: usize = 10_000;

fn outcome(at: usize, by: u128) -> Outcome {
    Outcome {
        id: u128::try_from(at).unwrap_or_default(),
        firm: u128::try_from(at % FIRMS).ok(),
        by: Some(by),
        sort: "transfer".to_owned(),
        title: format!("无醛胶合板冷压工艺的转化与推广（第 {at} 项）"),
        fen: i64::try_from(at % 997).ok().map(|wan| wan * 1_000_000),
        told: vec!["2026-08-01".to_owned()],
        agreement: u128::try_from(at / UNDER).ok(),
        paid: false,
        files: vec![u128::try_from(at).unwrap_or_default()],
        ..Outcome::default()
    }
}

/// Takes in `outcomes`, of which `doubles` tell again what others tell, then changes some and takes them out again.
pub fn run(outcomes: usize, doubles: usize) -> anyhow::Result<()> {
    let firsts = outcomes.saturating_sub(doubles);
    let row = |at: usize| u64::try_from(at).unwrap_or_default();
    let start = instant();
    let mut claims = Claims::new();
    (0..firsts).for_each(|at| claims.put(row(at), Entry::Outcome(Box::new(outcome(at, 1)))));
    for at in 0..doubles {
        let again = Outcome { id: u128::MAX, files: Vec::new(), ..outcome(at, 2) };
        claims.put(row(firsts + at), Entry::Outcome(Box::new(again)));
    }
    let found = claims.findings();
    let full = start.elapsed();
    let right = found.iter().filter(|of| of.clash == Clash::Twice && of.rows.len() == 2).count();
    let mut times = Vec::with_capacity(CHANGES);
    for at in 0..CHANGES.min(firsts) {
        let start = instant();
        claims.put(row(at), Entry::Outcome(Box::new(outcome(at, 3))));
        times.push(start.elapsed());
    }
    times.sort();
    let micros = |share: usize| times.get(times.len() * share / 100).map_or(0.0, |t| t.as_secs_f64() * 1e6);
    let line = json!({
        "bench": "claims", "outcomes": outcomes, "planted": doubles, "found": right, "invented": found.len() - right,
        "full_seconds": full.as_secs_f64(), "change_p50_us": micros(50), "change_p99_us": micros(99),
        "change_max_us": times.last().map_or(0.0, |t| t.as_secs_f64() * 1e6),
    });
    print(&line.to_string())
}
