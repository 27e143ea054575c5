//! Every statement is taken by both stores, none reads the whole of `record`, and the stores have one schema.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

mod common;

use common::*;

use catalogue::{Asker, Filter, Over, Role, RoleGrant};
use register::proof::{FORKS, explain_all, plans_of, schema_of};
use register::{Find, Order, Store};

/// Steps of a plan that read all of `record` or of `key`.
fn scans(plan: &[String]) -> Vec<&String> {
    let whole = |line: &&String| {
        let line = line.trim_start_matches(['-', '>', ' ']);
        let sqlite = ["SCAN r", "SCAN record", "SCAN d", "SCAN s", "SCAN key", "SCAN edge"];
        let postgres = ["Seq Scan on record", "Seq Scan on key", "Seq Scan on edge"];
        sqlite.iter().any(|start| line == *start || line.starts_with(&format!("{start} ")))
            || postgres.iter().any(|start| line.starts_with(start))
    };
    plan.iter().filter(whole).collect()
}

#[test]
fn every_fixed_statement_is_taken_and_reads_by_an_index() {
    on_both(|store| {
        let plans = store.register.read(explain_all).unwrap();
        assert!(plans.len() > 80, "{} statements", plans.len());
        for (sql, plan) in plans {
            assert!(scans(&plan).is_empty(), "{sql}\n{}", plan.join("\n"));
        }
    });
}

#[test]
fn every_shape_of_list_reads_by_an_index() {
    let id = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f".parse().unwrap();
    let grant = |role, over| RoleGrant { role, over };
    let asker = Asker {
        person: Some(id),
        organizations: vec![id],
        roles: vec![
            grant(Role::Officer, Over::Place("330500".parse().unwrap())),
            grant(Role::Steward, Over::Node),
        ],
    };
    let is = |value: &str| Filter::Is("industry".into(), value.into());
    let filters = [
        None,
        Some(is("C20")),
        Some(Filter::Stage("published".into())),
        Some(Filter::All(vec![
            is("C20"),
            Filter::Place("330500".parse().unwrap()),
            Filter::Type("x".into()),
        ])),
        Some(Filter::Refers("liaison".into(), id)),
        Some(Filter::Owner(id)),
        Some(Filter::Any(vec![
            is("C20"),
            Filter::Not(Box::new(Filter::AtLeast("weight".into(), "3".into()))),
        ])),
    ];
    let orders =
        [Order::Newest, Order::Oldest, Order::Due, Order::By("title".into()), Order::ByDesc("weight".into())];
    on_both(|store| {
        let mut seen = 0;
        for (filter, order) in filters.iter().flat_map(|f| orders.iter().map(move |o| (f.clone(), o.clone())))
        {
            for me in [&asker, &Asker::default()] {
                let find = Find { filter: filter.clone(), order: order.clone(), ..Find::kind("demand") };
                for (sql, plan) in store.register.read(|r| plans_of(r, me, &find)).unwrap() {
                    assert!(scans(&plan).is_empty(), "{sql}\n{}", plan.join("\n"));
                    seen += 1;
                }
            }
        }
        assert!(seen > 500, "{seen}");
    });
}

#[test]
fn both_stores_have_one_schema() {
    let of = |store: Store| TestStore::new(store).register.read(schema_of).unwrap();
    let same = |type_name: &str| match type_name {
        "bigint" | "integer" => "number",
        "bytea" | "blob" => "bytes",
        "text" => "text",
        other => panic!("{other}"),
    };
    let plain = |columns: Vec<(String, String, i64)>| -> std::collections::BTreeSet<String> {
        columns.into_iter().map(|(name, of, filled)| format!("{name} {} {filled}", same(&of))).collect()
    };
    assert_eq!(plain(of(Store::Sqlite)), plain(of(Store::Postgres)));
}

#[test]
fn every_fork_gives_its_reason() {
    assert!(FORKS.len() <= 10, "a new fork needs a better reason than the old ones");
    assert!(FORKS.iter().all(|fork| !fork.reason.is_empty() && fork.sqlite != fork.postgres));
}
