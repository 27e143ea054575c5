//! What signing in keeps, on both stores: sessions and where they were seen, second factors, identities, tickets, old
//! passwords and the trail.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

mod common;

use common::*;

use jiff::{SignedDuration, Timestamp};
use register::{Entry, StoreAt, Ticket, Way};

fn later(minutes: i64) -> Timestamp {
    now() + SignedDuration::from_mins(minutes)
}

fn person(store: &TestStore) -> base::id::RecordId {
    let fields = serde_json::json!({ "title": "李望舒（虚构）" });
    store.create(&steward(), new("person", "", fields)).unwrap().item.id
}

fn account(store: &TestStore, name: &'static str) -> i64 {
    let who = person(store);
    store.write(move |w| w.create_account(name, Some("$one".into()), who)).unwrap().row
}

#[test]
fn a_session_tells_how_it_was_come_by_and_where_it_was_seen() {
    on_both(|store| {
        let row = account(store, "li");
        let entry = |way, proven| Entry {
            account: row,
            way,
            proven,
            network: "192.0.2.7".to_owned(),
            agent: "Edge · Windows".to_owned(),
        };
        let (one, two) = (entry(Way::Password, true), entry(Way::Provider, false));
        store.write(move |w| w.enter(&one, b"one", later(60))).unwrap();
        store.write(move |w| w.enter(&two, b"two", later(60))).unwrap();
        store.write(move |w| w.start_session(register::Who::Account(row), b"three", later(60))).unwrap();
        let signed = |token: &'static [u8]| {
            store
                .register
                .read(move |r| r.session_asker(token, now()))
                .unwrap()
                .map(|s| (s.way, s.proven, s.network))
        };
        let from = "192.0.2.7".to_owned();
        assert_eq!(signed(b"one"), Some((Way::Password, true, from.clone())));
        assert_eq!(signed(b"two"), Some((Way::Provider, false, from)));
        assert_eq!(signed(b"three"), Some((Way::Link, false, String::new())));
        store.write(|w| w.note_seen(b"three", "198.51.100.23", "curl")).unwrap();
        let listed = store.register.read(|r| r.sessions(row, now())).unwrap();
        let third = listed.iter().find(|session| session.token == b"three").unwrap();
        assert_eq!(
            (listed.len(), third.network.as_str(), third.agent.as_str()),
            (3, "198.51.100.23", "curl")
        );
        assert!(!store.write(move |w| w.end_session_of(row + 1, b"two")).unwrap(), "not another's");
        assert_eq!(store.write(move |w| w.end_others(row, b"one")).unwrap(), 2);
        assert_eq!((signed(b"one").is_some(), signed(b"two"), signed(b"three")), (true, None, None));
        assert!(store.register.read(|r| r.sessions(row, later(60))).unwrap().is_empty());
    });
}

#[test]
fn a_second_factor_lies_sealed_and_takes_each_step_and_code_once() {
    on_both(|store| {
        let row = account(store, "li");
        let secret = [7u8; 20];
        store.write(move |w| w.propose_second_factor(row, &secret)).unwrap();
        let found = |row| store.register.read(move |r| r.second_factor(row)).unwrap();
        let proposed = found(row).unwrap();
        assert_eq!((proposed.secret.as_slice(), proposed.confirmed), (secret.as_slice(), false));
        let steps = [(10, true), (10, false), (9, false), (11, true)];
        for (step, taken) in steps {
            assert_eq!(store.write(move |w| w.use_step(row, step)).unwrap(), taken, "{step}");
        }
        assert!(found(row).unwrap().confirmed);
        store.write(move |w| w.set_recovery_codes(row, &[[1; 32], [2; 32]])).unwrap();
        for (digest, taken) in [([1; 32], true), ([1; 32], false), ([3; 32], false)] {
            assert_eq!(store.write(move |w| w.use_recovery_code(row, &digest)).unwrap(), taken);
        }
        assert!(!store.write(move |w| w.use_recovery_code(row + 1, &[2; 32])).unwrap(), "not another's");
        assert_eq!(store.register.read(move |r| r.recovery_codes_left(row)).unwrap(), 1);
        store.write(move |w| w.end_second_factor(row)).unwrap();
        assert_eq!(
            (found(row), store.register.read(move |r| r.recovery_codes_left(row)).unwrap()),
            (None, 0)
        );
    });
}

#[test]
fn the_secret_is_not_in_the_file_and_a_moved_seal_does_not_open() {
    let store = TestStore::new(register::Store::Sqlite);
    let StoreAt::Folder(folder) = &store.at else {
        return assert_eq!(store.register.store(), register::Store::Sqlite);
    };
    let (row, secret) = (account(&store, "li"), *b"a secret of 20 bytes");
    store.write(move |w| w.propose_second_factor(row, &secret)).unwrap();
    let file = rusqlite::Connection::open(folder.join("register.sqlite")).unwrap();
    let sealed: Vec<u8> = file.query_row("select sealed from second_factor", [], |row| row.get(0)).unwrap();
    assert!(!sealed.windows(secret.len()).any(|part| part == secret));
    file.execute("insert into second_factor values (?1, ?2, 1, 0, 0)", (row + 1, &sealed)).unwrap();
    assert!(store.register.read(|r| r.second_factor(row + 1)).is_err(), "another's seal");
    assert!(store.register.read(|r| r.second_factor(row)).unwrap().is_some());
}

#[test]
fn a_subject_is_one_account_and_a_ticket_works_once() {
    on_both(|store| {
        let row = account(store, "li");
        let who = person(store);
        let other = store.write(move |w| w.create_account("wang", None, who)).unwrap().row;
        let bind = |account, subject: &'static str| {
            store.write(move |w| w.bind_identity(account, "https://id", subject, "李（虚构）"))
        };
        bind(row, "7").unwrap();
        bind(row, "7").unwrap();
        assert_eq!(bind(other, "7").unwrap_err().code(), "claimed");
        assert_eq!(bind(99, "8").unwrap_err().code(), "not-found");
        let whose = |subject: &'static str| {
            let found = store.register.read(move |r| r.identity("https://id", subject)).unwrap();
            found.map(|identity| identity.account)
        };
        assert_eq!((whose("7"), whose("8")), (Some(row), None));
        store.write(move |w| w.unbind_identity(other, "https://id", "7")).unwrap();
        assert_eq!(store.register.read(move |r| r.identities_of(row)).unwrap().len(), 1, "not another's");
        store.write(move |w| w.unbind_identity(row, "https://id", "7")).unwrap();
        assert_eq!(whose("7"), None);

        let ticket = move || Ticket { account: Some(row), payload: "{}".to_owned() };
        store.write(move |w| w.make_ticket(b"t", "code", ticket(), later(10))).unwrap();
        assert!(store.register.read(|r| r.ticket(b"t", "other", now())).unwrap().is_none());
        assert!(store.register.read(|r| r.ticket(b"t", "code", later(10))).unwrap().is_none());
        assert_eq!(store.write(|w| w.take_ticket(b"t", "code")).unwrap(), Some(ticket()));
        assert_eq!(store.write(|w| w.take_ticket(b"t", "code")).unwrap(), None);
    });
}

#[test]
fn the_newest_passwords_are_kept_and_attempts_forgiven_one_by_one() {
    on_both(|store| {
        let row = account(store, "li");
        for n in 0..7i64 {
            let keep = move |w: &mut register::Writer<'_>| w.keep_password(row, &format!("${n}"), 5);
            store.register.write_now(later(n), keep).unwrap();
        }
        let kept = store.register.read(move |r| r.past_passwords(row, 9)).unwrap();
        assert_eq!(kept, ["$6", "$5", "$4", "$3", "$2"]);
        let left = || store.register.read(|r| r.attempts("a", later(-1))).unwrap().n;
        store.write(|w| w.note_attempt("a").and_then(|()| w.note_attempt("a"))).unwrap();
        store.write(|w| w.forgive_attempt("a")).unwrap();
        assert_eq!(left(), 1);
        store.write(|w| w.forgive_attempt("a")).unwrap();
        assert_eq!(left(), 0);
    });
}
