//! Every statement is taken by both stores, none reads the whole of `record`, and the stores have one schema.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

mod common;

use common::*;

use catalogue::{Asker, Filter, Only, Over, Role, RoleGrant};
use register::proof::{FORKS, explain_all, plan_of, plans_of, schema_of};
use register::{Find, Order, Store};

/// Tables that stay small however long a store is used: read whole where that is plainest.
const SMALL: [&str; 6] = ["account", "role_grant", "attempt", "job", "setting", "setting_schema"];

/// The schema, a file a step.
const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/0001.sql"),
    include_str!("../migrations/0002_clocks.sql"),
    include_str!("../migrations/0003_notices.sql"),
    include_str!("../migrations/0004_signin.sql"),
    include_str!("../migrations/0005_people.sql"),
    include_str!("../migrations/0010_privacy.sql"),
    include_str!("../migrations/0010_privacy.sql"),
];

/// The table a plan's name stands for, by the `from` and `join` of the statement.
fn table<'a>(sql: &'a str, name: &'a str) -> &'a str {
    let words: Vec<&str> =
        sql.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|w| !w.is_empty()).collect();
    let named =
        words.windows(3).find(|w| ["from", "join"].contains(&w[0]) && w[1] != "select" && w[2] == name);
    named.map_or(name, |w| w[1])
}

/// Whether a plan's name is that of a table that grows; others are small or made by the statement itself.
fn grows(store: &TestStore, sql: &str, name: &str) -> bool {
    let name = table(sql, name);
    let tables = store.register.read(schema_of).unwrap();
    let mut tables = tables.iter().filter_map(|(column, _, _)| column.split('.').next());
    !SMALL.contains(&name) && tables.any(|table| table == name)
}

/// Steps of a plan that read all of a table or all of an index.
fn scans(store: &TestStore, sql: &str, plan: &[String]) -> Vec<String> {
    let bad = |at: usize| match store.register.store() {
        Store::Sqlite => sqlite_scans(&plan[at]),
        Store::Postgres => postgres_scans(plan, at),
    };
    let named = (0..plan.len()).filter_map(|at| bad(at).map(|name| (at, name)));
    named.filter(|(_, name)| grows(store, sql, name)).map(|(at, _)| plan[at].clone()).collect()
}

/// `SCAN r`, whether or not `USING INDEX`: a search says which columns it has.
fn sqlite_scans(line: &str) -> Option<&str> {
    line.strip_prefix("SCAN ")?.split(' ').next()
}

/// The column an index begins with, by the migrations.
fn leading(index: &str) -> Option<&'static str> {
    MIGRATIONS.iter().find_map(|text| leading_in(text, index))
}

/// As [`leading`], by one migration.
fn leading_in(text: &'static str, index: &str) -> Option<&'static str> {
    let word = |text: &'static str| text.split([',', ')', ' ']).next();
    let Some(table) = index.strip_suffix("_pkey") else {
        return word(text.split_once(&format!("index {index} on "))?.1.split_once('(')?.1);
    };
    let (before, after) = text.split_once(&format!("create table {table} ("))?.1.split_once("primary key")?;
    match after.strip_prefix(" (") {
        Some(columns) => word(columns),
        None => word(before.lines().last()?.trim_start()),
    }
}

/// A sequential scan, or a walk of an index that begins at no condition on its first column (PostgreSQL takes one on
/// a later column for an index condition too, and reads all); only the first entry may be taken so.
fn postgres_scans(plan: &[String], at: usize) -> Option<&str> {
    let step = plan[at].trim_start_matches(['-', '>', ' ']);
    let (what, of) = step.split_once(" on ")?;
    let own = || {
        let next = |line: &&String| !["->", "InitPlan", "SubPlan", "CTE "].iter().any(|w| line.contains(w));
        plan[at + 1..].iter().take_while(next).map(|line| line.trim_start())
    };
    let first = at > 0 && plan[at - 1].trim_start_matches(['-', '>', ' ']) == "Limit";
    let index = what.split_once(" using ").map(|(_, index)| index);
    let begins = |line: &str, column: &str| {
        line.starts_with("Index Cond")
            && line.split(|c: char| !c.is_alphanumeric() && c != '_').any(|w| w == column)
    };
    let open = index.is_some_and(|index| !own().any(|line| leading(index).is_some_and(|c| begins(line, c))));
    let bounded = first && !own().any(|line| line.starts_with("Filter"));
    let whole = what.starts_with("Seq Scan") || (open && !bounded);
    // The table's name is followed by its alias in the statement, if it has one.
    whole.then(|| of.split(' ').next().unwrap_or(of))
}

/// Steps that sort.
fn sorts(plan: &[String]) -> bool {
    plan.iter().any(|line| line.contains("TEMP B-TREE FOR") || line.contains("Sort Key"))
}

#[test]
fn the_proof_knows_a_scan_when_it_sees_one() {
    let bad = [
        "select title from record",
        "select title from record order by row",
        "select number from record order by kind, number",
        "select r.title from record r where (r.kind || '') = $1",
        "select r.row from record r where (r.stage || '') = $1 order by r.kind, r.stage, r.row limit 20",
        "select k.record from key k where k.value = $1",
        "select z.row from (select e.from_row as row from edge e where e.since = $1) z",
        "select r.title from edge e cross join record r where e.to_row = $1 and (r.row + 0) = e.from_row",
        "update record set title = '' where audience = 3",
        "delete from layer where version = $1",
    ];
    let good = [
        "select title from record where row = $1",
        "select max(row) from record",
        "select r.row from record r where r.kind = $1 and r.audience = 4 order by r.row desc limit 20",
        "select name from setting",
        "select 1 from (select 1 from key k where k.kind = $1 and k.field = $2 limit 9) as n",
    ];
    on_both(|store| {
        let found = |sql: &str| {
            let plan = store.register.read(|r| plan_of(r, sql)).unwrap();
            (scans(store, sql, &plan), plan.join("\n"))
        };
        for sql in bad {
            let (scans, plan) = found(sql);
            assert!(!scans.is_empty(), "{sql}\n{plan}");
        }
        for sql in good {
            let (scans, plan) = found(sql);
            assert!(scans.is_empty(), "{sql}\n{plan}");
        }
    });
}

#[test]
fn every_fixed_statement_is_taken_and_reads_by_an_index() {
    on_both(|store| {
        let plans = store.register.read(explain_all).unwrap();
        assert!(plans.len() > 80, "{} statements", plans.len());
        let bad = plans.iter().filter(|(sql, plan)| !scans(store, sql, plan).is_empty());
        let bad: Vec<String> = bad.map(|(sql, plan)| format!("{sql}\n{}", plan.join("\n"))).collect();
        assert!(bad.is_empty(), "{}", bad.join("\n\n"));
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
        behalf: None,
        only: None,
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
        Some(Filter::Public),
        Some(Filter::Not(Box::new(Filter::Public))),
        Some(Filter::Any(vec![
            is("C20"),
            Filter::Not(Box::new(Filter::AtLeast("weight".into(), "3".into()))),
        ])),
    ];
    let orders =
        [Order::Newest, Order::Oldest, Order::Due, Order::By("title".into()), Order::ByDesc("weight".into())];
    let kept = Only { records: vec![id; 3], ..Only::default() };
    let by_link = Asker { only: Some(kept), ..asker.clone() };
    on_both(|store| {
        let mut seen = 0;
        for (filter, order) in filters.iter().flat_map(|f| orders.iter().map(move |o| (f.clone(), o.clone())))
        {
            for me in [&asker, &by_link, &Asker::default()] {
                let find = Find { filter: filter.clone(), order: order.clone(), ..Find::kind("demand") };
                for plan in store.register.read(|r| plans_of(r, me, &find)).unwrap() {
                    let (sql, steps) = (&plan.sql, plan.steps.join("\n"));
                    assert!(scans(store, sql, &plan.steps).is_empty(), "{sql}\n{steps}");
                    assert!(
                        plan.sorts || !sorts(&plan.steps),
                        "{order:?} is walked, not sorted: {sql}\n{steps}"
                    );
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
