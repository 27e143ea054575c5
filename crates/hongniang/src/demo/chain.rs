//! From demand to outcome: how far the demands of a year have come, tied to the visits, intents, contracts and outcomes the
//! year has anyway.
//!
//! No figure of a year is changed: a firm of the year gives way to the firm that has the demand, one for one. Which demands
//! go how far is drawn from the one seed. Start at [`tie`].

use std::collections::HashSet;

use base::place::Place;
use toml::{Table, Value};

use super::names::Chance;
use super::seeds::put;
use super::world::{LATER, text};
use super::years::{CONTRACT, days_of, number};

/// Of a hundred demands that are public, how many come at least so far: an answer, talks, an intent, a contract, an outcome.
const SHARES: [(Step, usize); 5] =
    [(Step::Outcome, 7), (Step::Contract, 13), (Step::Intent, 27), (Step::Met, 52), (Step::Answered, 80)];
/// What a demand is asked, and how much of it may be missing where it is published.
const ASKED: [&str; 7] =
    ["problem", "present_value", "wanted_value", "conditions", "volume", "budget", "due_on_in_days"];
const GAPS: usize = 2;
/// A demand that led to a signature came in so many days ago, at least.
const SIGNED_DAYS: usize = 90;
/// A contract follows every intent, those signed at the session of the year too.
const CONTRACT_DAYS: usize = 40;
/// Characters of a demand's title in that of its case.
const TITLE_CHARS: usize = 60;

/// How far a demand has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Answered,
    Met,
    Intent,
    Contract,
    Outcome,
}

/// All tables of the demonstration, by kind.
type All = Vec<(&'static str, Vec<Table>)>;

/// Ties grown demands to the years of some places; `year` says of each whether its visits are kept for other firms.
pub fn tie(all: &mut All, chance: &mut Chance, grown: &HashSet<String>, years: &[(Place, bool)]) {
    let mut pools: Vec<Vec<(String, Place)>> = vec![Vec::new(); years.len() + 1];
    for table in
        of(all, "demand").iter().filter(|table| grown.contains(&text(table, "key")) && is_public(table))
    {
        let Some(place) = of(all, "organization").iter().find(|unit| is_of(table, unit)).and_then(place_of)
        else {
            continue;
        };
        let year = years.iter().position(|(over, _)| place.within(over)).unwrap_or(years.len());
        if let Some(pool) = pools.get_mut(year) {
            pool.push((text(table, "key"), place));
        }
    }
    for (at, mut pool) in pools.into_iter().enumerate() {
        for n in (1..pool.len()).rev() {
            pool.swap(n, chance.below(n + 1));
        }
        // Where no year is told, demands come as far as talks.
        let (most, year) = match years.get(at) {
            Some((place, others)) => (Step::Outcome, Some(Year::of(all, place, *others))),
            None => (Step::Met, None),
        };
        let mut year = year.unwrap_or_default();
        for (n, (key, place)) in pool.iter().enumerate() {
            let come = SHARES.iter().find(|(_, share)| n * 100 < share * pool.len());
            if let Some((step, _)) = come {
                go(all, (key, place), (*step).min(most), &mut year);
            }
        }
    }
}

/// Keys of what a year has and no demand is tied to yet.
#[derive(Default)]
struct Year {
    visits: Vec<String>,
    intents: Vec<String>,
    contracts: Vec<String>,
    outcomes: Vec<String>,
    firms: HashSet<String>,
}

impl Year {
    fn of(all: &All, place: &Place, others: bool) -> Year {
        let keys = |kind: &str, start: String, end: &str| -> Vec<String> {
            let keys = of(all, kind).iter().map(|table| text(table, "key"));
            keys.filter(|key| key.starts_with(&start) && key.ends_with(end)).rev().collect()
        };
        let visits = if others { Vec::new() } else { keys("visit", format!("y-v-{place}-"), "") };
        Year {
            visits,
            intents: keys("agreement", format!("y-a-{place}-intent-"), if others { "-s" } else { "" }),
            contracts: keys("agreement", format!("y-a-{place}-{CONTRACT}-"), ""),
            outcomes: keys("outcome", format!("y-o-{place}-transfer-"), ""),
            firms: HashSet::new(),
        }
    }
}

/// Takes one demand as far as a step; where the year has nothing left to sign, it stays in talks.
fn go(all: &mut All, (key, place): (&str, &Place), step: Step, year: &mut Year) {
    let Some(demand) = of(all, "demand").iter().find(|table| text(table, "key") == key).cloned() else {
        return;
    };
    let (firm, title) = (text(&demand, "organization"), text(&demand, "title"));
    let reference = format!("@{key}");
    let mut step = step;
    let intent = (step >= Step::Intent).then(|| year.intents.pop()).flatten();
    let contract = (step >= Step::Contract).then(|| year.contracts.pop()).flatten();
    let outcome = (step >= Step::Outcome).then(|| year.outcomes.pop()).flatten();
    if intent.is_none() || (step >= Step::Contract && contract.is_none()) {
        step = step.min(if intent.is_some() { Step::Intent } else { Step::Met });
    }
    let received = days_of(&demand, "received_days_ago");
    let received = if step >= Step::Intent { received.max(SIGNED_DAYS) } else { received };
    edit(all, "demand", key, |demand| {
        put(demand, "stage", "docking");
        demand.insert("received_days_ago".into(), number(received));
        if step == Step::Outcome {
            put(demand, LATER, "solved");
        }
    });
    if step < Step::Met {
        return;
    }
    let case = case(all, &demand, (&firm, place), step, contract.as_deref());
    if let Some(visit) = (!year.firms.contains(&firm)).then(|| year.visits.pop()).flatten() {
        year.firms.insert(firm.clone());
        edit(all, "visit", &visit, |visit| {
            put(visit, "firm", firm.clone());
            put(visit, "demand", reference.clone());
            put(visit, "title", format!("入企服务：{title}"));
            visit.insert("visited_on_days_ago".into(), number(received * 3 / 4));
        });
    }
    let sign = |table: &mut Table, days: usize| {
        put(table, "demand", reference.clone());
        put(table, "case", case.clone());
        if let Some(Value::Array(parties)) = table.get_mut("parties")
            && let Some(first) = parties.first_mut()
        {
            *first = Value::from(firm.clone());
        }
        if !table.contains_key("event") {
            table.insert("signed_on_days_ago".into(), number(days));
        }
    };
    if let Some(intent) = &intent {
        edit(all, "agreement", intent, |table| sign(table, received / 2));
    }
    if let Some(contract) = contract.as_ref().filter(|_| step >= Step::Contract) {
        edit(all, "agreement", contract, |table| {
            sign(table, (received / 3).min(CONTRACT_DAYS));
            put(table, "from_intent", format!("@{}", intent.clone().unwrap_or_default()));
        });
        if let Some(outcome) = outcome {
            edit(all, "outcome", &outcome, |table| {
                put(table, "firm", firm.clone());
                put(table, "demand", reference.clone());
                put(table, "agreement", format!("@{contract}"));
                put(table, "stage", "confirmed");
                table.insert("achieved_on_days_ago".into(), number((received / 6).min(CONTRACT_DAYS)));
            });
        }
    }
}

/// The case of a demand, with whoever signs the contract.
fn case(
    all: &mut All,
    demand: &Table,
    (firm, place): (&str, &Place),
    step: Step,
    contract: Option<&str>,
) -> String {
    let key = format!("c-{}", text(demand, "key"));
    let mut table = Table::new();
    put(&mut table, "key", key.clone());
    put(&mut table, "type", "docking");
    let title: String = text(demand, "title").chars().take(TITLE_CHARS).collect();
    put(&mut table, "title", format!("对接：{title}（演示）"));
    put(&mut table, "party", firm);
    put(&mut table, "demand", format!("@{}", text(demand, "key")));
    put(&mut table, "place", place.to_string());
    put(&mut table, "stage", "under_way");
    let signed = contract.and_then(|key| of(all, "agreement").iter().find(|table| text(table, "key") == key));
    let provider =
        signed.and_then(|table| table.get("parties")?.as_array()?.get(1)?.as_str().map(str::to_owned));
    if let Some(provider) = provider {
        put(&mut table, "provider", provider.clone());
        put(&mut table, "candidate", provider);
    }
    match step {
        Step::Contract => put(&mut table, LATER, "agreed"),
        Step::Outcome => put(&mut table, LATER, "done"),
        Step::Answered | Step::Met | Step::Intent => {}
    }
    if let Some((_, cases)) = all.iter_mut().find(|(kind, _)| *kind == "case") {
        cases.push(table);
    }
    format!("@{key}")
}

fn of<'a>(all: &'a All, kind: &str) -> &'a [Table] {
    all.iter().find(|(known, _)| *known == kind).map(|(_, tables)| tables.as_slice()).unwrap_or_default()
}

fn edit(all: &mut All, kind: &str, key: &str, change: impl FnOnce(&mut Table)) {
    let tables = all.iter_mut().find(|(known, _)| *known == kind).map(|(_, tables)| tables);
    if let Some(table) = tables.and_then(|tables| tables.iter_mut().find(|table| text(table, "key") == key)) {
        change(table);
    }
}

/// Whether it will be published: meant to be, and clear enough.
fn is_public(demand: &Table) -> bool {
    let missing = ASKED.iter().filter(|name| !demand.contains_key(**name)).count();
    text(demand, "stage") == "published" && missing <= GAPS
}

fn is_of(demand: &Table, unit: &Table) -> bool {
    text(demand, "organization").strip_prefix('@') == Some(text(unit, "key").as_str())
}

fn place_of(unit: &Table) -> Option<Place> {
    Place::parse(&text(unit, "place")).ok()
}
