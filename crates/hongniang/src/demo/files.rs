//! What there is to file, kind by kind in the order of reference: the source layer, the hand-written records, and the
//! years grown from the seeds.
//!
//! Files nothing itself. Start at [`all`].

use std::collections::HashSet;

use anyhow::Context as _;
use toml::{Table, Value};

use super::chain;
use super::names::Names;
use super::seeds::{self, Employers, put};
use super::world::text;
use super::years;
use crate::embedded;

/// Kinds in the order in which they refer to one another, and the name of their files.
const KINDS: [(&str, &str); 25] = [
    ("organization", "organizations"),
    ("person", "persons"),
    ("achievement", "achievements"),
    ("demand", "demands"),
    ("policy", "policies"),
    ("programme", "programmes"),
    ("station", "stations"),
    ("service", "services"),
    ("event", "events"),
    ("attendance", "attendances"),
    ("task", "tasks"),
    ("match", "matches"),
    ("case", "cases"),
    ("credit", "credits"),
    ("agreement", "agreements"),
    ("visit", "visits"),
    ("outcome", "outcomes"),
    ("story", "stories"),
    ("target", "targets"),
    ("tie", "ties"),
    ("report", "reports"),
    ("trip", "trips"),
    ("memo", "memos"),
    ("benefit", "benefits"),
    ("evaluation", "evaluations"),
];

/// Every table of the demonstration by kind.
pub fn all(seed: u64) -> anyhow::Result<Vec<(&'static str, Vec<Table>)>> {
    let mut all = Vec::new();
    for (kind, file) in KINDS {
        let mut told: Vec<Table> = read(&format!("demo/source/{file}.toml"))?;
        told.iter_mut().for_each(|table| put(table, "stage", "sourced"));
        let mut tables = read(&format!("demo/{file}.toml"))?;
        tables.extend(told);
        all.push((kind, tables));
    }
    let mut names = Names::new(seed, taken(&all));
    let keys = |all: &[(&str, Vec<Table>)], types: &[&str]| -> Vec<String> {
        let of_types = |table: &&Table| types.contains(&text(table, "type").as_str()) && told(table);
        all.iter().flat_map(|(_, tables)| tables.iter().filter(of_types)).map(|t| text(t, "key")).collect()
    };
    let employers = keys(&all, &["university", "institute"]);
    let mut grown = seeds::tables(&mut names, &Employers { keys: &employers })?;
    add(&mut all, "organization", std::mem::take(&mut grown.societies));
    let years = years::tables(&mut names, &grown, &invented(&all, "society"))?;
    let demands: HashSet<String> = grown.demands.iter().map(|table| text(table, "key")).collect();
    let grown = [
        ("organization", grown.organizations),
        ("person", grown.persons),
        ("achievement", grown.achievements),
        ("demand", grown.demands),
    ];
    for (kind, tables) in grown.into_iter().chain(years) {
        add(&mut all, kind, tables);
    }
    chain::tie(&mut all, names.chance(), &demands, &years::places()?);
    Ok(all)
}

/// Keys of units of a type that are invented: no real body is given a year it did not have.
fn invented(all: &[(&'static str, Vec<Table>)], of: &str) -> Vec<String> {
    let tables = all.iter().flat_map(|(_, tables)| tables);
    let ours = tables.filter(|table| text(table, "type") == of && text(table, "title").contains("（演示）"));
    ours.map(|table| text(table, "key")).collect()
}

/// Not from the source layer.
fn told(table: &Table) -> bool {
    text(table, "stage") != "sourced"
}

fn add(all: &mut [(&'static str, Vec<Table>)], kind: &str, tables: Vec<Table>) {
    if let Some((_, of)) = all.iter_mut().find(|(known, _)| *known == kind) {
        of.extend(tables);
    }
}

/// The records of a file that may be absent; one with `times = n` stands for n alike, `{n}` counting them.
fn read(path: &str) -> anyhow::Result<Vec<Table>> {
    let table: Table = embedded::text(path).parse().with_context(|| path.to_owned())?;
    let records = table.get("record").and_then(Value::as_array).cloned().unwrap_or_default();
    Ok(records.iter().filter_map(Value::as_table).flat_map(repeated).collect())
}

fn repeated(table: &Table) -> Vec<Table> {
    let Some(times) = table.get("times").and_then(Value::as_integer) else { return vec![table.clone()] };
    let mut one = table.clone();
    one.remove("times");
    let one = Value::Table(one);
    let copies = (1..=times).map(|n| counted(&one, &format!("{n:02}")));
    copies.filter_map(|copy| copy.as_table().cloned()).collect()
}

fn counted(value: &Value, n: &str) -> Value {
    match value {
        Value::String(text) => Value::String(text.replace("{n}", n)),
        Value::Array(items) => Value::Array(items.iter().map(|item| counted(item, n)).collect()),
        Value::Table(table) => {
            Value::Table(table.iter().map(|(name, value)| (name.clone(), counted(value, n))).collect())
        }
        other => other.clone(),
    }
}

/// Names that stand in the files and may not be drawn again.
fn taken(all: &[(&'static str, Vec<Table>)]) -> Vec<String> {
    let names = |table: &Table| [text(table, "title"), text(table, "contact_name")];
    all.iter().flat_map(|(_, tables)| tables.iter().flat_map(names)).filter(|name| !name.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_demonstration_and_another_other_people() {
        let (first, again, other) = (all(7).unwrap(), all(7).unwrap(), all(8).unwrap());
        assert_eq!(first, again);
        assert_ne!(first, other);
        // Which demands come as far as talks is drawn.
        let count = |all: &[(&str, Vec<Table>)]| {
            all.iter().filter(|(kind, _)| *kind != "case").map(|(_, tables)| tables.len()).sum::<usize>()
        };
        assert_eq!(count(&first), count(&other));
    }
}
