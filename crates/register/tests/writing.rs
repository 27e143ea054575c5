//! The one writer under strain: too much waiting, commits that fail, two processes on one store, batches that refer
//! to themselves. Nothing acknowledged is lost, nothing lost is acknowledged.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

mod common;

use common::*;

use std::sync::mpsc::channel;

use base::id::RecordId;
use base::limits::WAITING_WRITES_MAX;
use register::{Fault, Find, Key, New, Register, Store, StoreAt};
use serde_json::json;

fn firm(title: &str) -> New {
    new("organization", "firm", json!({"title": title, "place": "330521"}))
}

fn listed(register: &Register) -> usize {
    register.read(|r| r.list(&visitor(), &Find::kind("organization"))).unwrap().count.n
}

/// Keeps the writer busy until the sender is dropped, so that what follows waits and goes into one commit.
fn hold(register: &Register) -> std::sync::mpsc::Sender<()> {
    let (release, held) = channel::<()>();
    let (tell, begun) = channel();
    let body = move |_: &mut register::Writer<'_>| {
        tell.send(()).unwrap();
        let _ = held.recv();
        Ok(())
    };
    register.write(now(), body, |_| ());
    begun.recv().unwrap();
    release
}

#[test]
fn past_the_limit_of_waiting_writes_the_answer_comes_at_once_and_nothing_is_lost() {
    on_both(|store| {
        let release = hold(&store.register);
        let (tell, told) = channel();
        // The one that holds the writer waits too.
        for n in 1..WAITING_WRITES_MAX {
            let tell = tell.clone();
            let body = move |w: &mut register::Writer<'_>| w.set(&format!("waited {n}"), "yes");
            store.register.write(now(), body, move |result| tell.send(result.is_ok()).unwrap());
        }
        assert!(told.try_recv().is_err(), "nobody is told before the commit");
        let (late, refused) = channel();
        store.register.write(now(), |w| w.set("late", "yes"), move |result| late.send(result).unwrap());
        assert!(matches!(refused.try_recv(), Ok(Err(Fault::Busy { retry_after_s: 1.. }))));
        drop((release, tell));
        assert_eq!(told.iter().filter(|ok| *ok).count(), WAITING_WRITES_MAX - 1);
        let kept = |name: String| store.register.read(|r| r.setting(&name)).unwrap().is_some();
        assert!((1..WAITING_WRITES_MAX).all(|n| kept(format!("waited {n}"))));
        assert!(!kept("late".to_owned()));
        store.write(|w| w.set("late", "yes")).unwrap();
    });
}

/// Makes every commit fail that adds a setting; each store has its own kind of promise that is kept at commit only.
const POISON: [(Store, &str, &str); 2] = [
    (
        Store::Sqlite,
        "create table never (x integer primary key) strict;
         create table owed (x integer references never (x) deferrable initially deferred) strict;
         create trigger poison after insert on setting begin insert into owed values (1); end",
        "drop trigger poison",
    ),
    (
        Store::Postgres,
        "create function poison() returns trigger language plpgsql as 'begin raise exception ''full''; end';
         create constraint trigger poison after insert on setting deferrable initially deferred
         for each row execute function poison()",
        "drop trigger poison on setting",
    ),
];

#[test]
fn a_commit_that_fails_acknowledges_nothing_of_its_group() {
    on_both(|store| {
        store.create(&steward(), firm("先在册（演示）")).unwrap();
        let before = store.register.position();
        let (_, poison, cure) = POISON.iter().find(|(of, ..)| *of == store.register.store()).unwrap();
        store.tamper(poison);
        let release = hold(&store.register);
        let (tell, told) = channel();
        for n in 0..9 {
            let tell = tell.clone();
            let body = move |w: &mut register::Writer<'_>| match n {
                4 => w.set("poison", "yes").map(|()| None),
                _ => w.create(&steward(), firm(&format!("同批 {n}（演示）"))).map(|made| Some(made.item.id)),
            };
            store.register.write(now(), body, move |result| tell.send(result.map(|w| w.value)).unwrap());
        }
        drop((release, tell));
        let results: Vec<_> = told.iter().collect();
        assert_eq!(results.len(), 9);
        for result in results {
            assert!(matches!(result, Err(Fault::Storage(_))), "{result:?}");
        }
        assert_eq!((listed(&store.register), store.register.position()), (1, before));
        store.tamper(cure);
        store.create(&steward(), firm("后在册（演示）")).unwrap();
        assert_eq!(listed(&store.register), 2);
        let verdict = store.register.verify().unwrap();
        assert!(verdict.sound() && verdict.changes == 2, "{verdict:?}");
    });
}

#[test]
fn two_writers_on_one_postgres_lose_no_update_and_leave_no_gap() {
    let store = TestStore::new(Store::Postgres);
    let other =
        Register::open(&store.at, catalogue(), base::calendar::Calendar::bundled(), now(), chance()).unwrap();
    let shared = store.create(&steward(), firm("两家同改（演示）")).unwrap().item.id;
    let rounds = 40_usize;
    let revised = std::thread::scope(|scope| {
        let hands = [&store.register, &other].map(|register| {
            scope.spawn(move || (0..rounds).map(|n| one_round(register, shared, n)).sum::<usize>())
        });
        hands.map(|hand| hand.join().unwrap()).iter().sum::<usize>()
    });
    assert_eq!(revised, 2 * rounds);
    let phone = store.find(&steward(), shared).unwrap();
    assert_eq!(phone.item.version as usize, 1 + revised);
    assert_eq!(phone.fields["phone"], json!(format!("{revised}")), "each read what the one before wrote");
    let verdict = other.verify().unwrap();
    // The shared record, a record and a revision a round and hand.
    assert!(verdict.sound() && verdict.changes as usize == 1 + 4 * rounds, "{verdict:?}");
    assert_eq!(other.read(|r| r.newest()).unwrap().number, verdict.changes);
}

/// Files a record and adds one to the shared record's number; a stale version is read again.
fn one_round(register: &Register, shared: RecordId, n: usize) -> usize {
    register.write_now(now(), move |w| w.create(&steward(), firm(&format!("第 {n} 家（演示）")))).unwrap();
    loop {
        let seen = register.read(|r| r.find(&steward(), &Key::Id(shared))).unwrap();
        let count = seen.fields.get("phone").map_or(0, |p| p.as_str().unwrap().parse::<usize>().unwrap());
        let mut fields = seen.fields.clone();
        fields.insert("phone".to_owned(), json!(format!("{}", count + 1)));
        let version = seen.item.version;
        match register.write_now(now(), move |w| w.revise(&steward(), &Key::Id(shared), version, fields)) {
            Ok(_) => return 1,
            Err(Fault::Stale { .. }) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_folder_written_by_a_newer_program_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let at = StoreAt::Folder(folder.path().to_owned());
    let open = || Register::open(&at, catalogue(), base::calendar::Calendar::bundled(), now(), chance());
    drop(open().unwrap());
    let file = rusqlite::Connection::open(folder.path().join("register.sqlite")).unwrap();
    file.execute_batch("insert into setting_schema (version) values (99)").unwrap();
    assert!(matches!(open().map(drop), Err(Fault::NewerStore { found: 99, known: 1..99 })));
    file.execute_batch("delete from setting_schema where version = 99").unwrap();
    open().unwrap();
}

#[test]
fn a_batch_may_refer_to_what_stands_before_in_it() {
    on_both(|store| {
        let id = |n: u8| RecordId::new(1_700_000_000_000, [n; 10]);
        let row = |n: u8, parent: Option<u8>| {
            let mut made = firm(&format!("第 {n} 级（演示）"));
            if let Some(parent) = parent {
                made.fields.insert("parent".to_owned(), json!(id(parent).to_string()));
            }
            New { id: Some(id(n)), ..made }
        };
        // 2 → 1 and 3 → 2 lead back; 4 → 5 leads on; 6 → 4 leads to a faulty one; 7 is its own parent.
        let batch = vec![
            row(1, None),
            row(2, Some(1)),
            row(3, Some(2)),
            row(4, Some(5)),
            row(5, None),
            row(6, Some(4)),
            row(7, Some(7)),
        ];
        let made = store.write(move |w| w.import(&steward(), "organization", batch)).unwrap();
        let codes: Vec<&str> = made.iter().map(|r| r.as_ref().map_or_else(Fault::code, |_| "ok")).collect();
        assert_eq!(codes, ["ok", "ok", "ok", "invalid", "ok", "invalid", "cycle"]);
        let above = store.find(&visitor(), id(3)).unwrap().fields["parent"].clone();
        assert_eq!(above, json!(id(2).to_string()));
        let verdict = store.register.verify().unwrap();
        assert!(verdict.sound() && verdict.records == 4, "{verdict:?}");
    });
}
