//! People and what they hold: links that keep to a record, roles given and taken, requests to join, substitutes.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

mod common;

use common::*;

use base::id::RecordId;
use catalogue::{Asker, Fields, Over, Role};
use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use register::{Find, Key, LinkState, Result, SignedIn};
use serde_json::json;

fn later() -> Timestamp {
    now() + SignedDuration::from_hours(8)
}

fn a_person(store: &TestStore, name: &str) -> RecordId {
    store.create(&steward(), new("person", "", json!({ "title": name }))).unwrap().item.id
}

fn need(store: &TestStore, me: &Asker, title: &str) -> RecordId {
    let fields = json!({ "title": title, "details": format!("{title}的工艺细节") });
    store.create(me, new("demand", "", fields)).unwrap().item.id
}

/// Someone comes by a link about a record.
fn come(store: &TestStore, token: &'static [u8], who: RecordId, about: RecordId, by: &Asker, once: bool) {
    let by = by.clone();
    store.write(move |w| w.hand_out(&by, token, (who, Some(about)), once, later())).unwrap();
    let link = store.write(move |w| w.use_link(token)).unwrap().unwrap();
    store.write(move |w| w.start_by_link(&link, token, later())).unwrap();
}

fn signed(store: &TestStore, token: &[u8]) -> Option<SignedIn> {
    store.register.read(|r| r.session_asker(token, now())).unwrap()
}

fn state(store: &TestStore, token: &[u8], at: Timestamp) -> LinkState {
    store.register.read(|r| r.link(token)).unwrap().unwrap().state(at)
}

fn make(store: &TestStore, me: &Asker, id: RecordId, name: &'static str) -> Result<register::Record> {
    let me = me.clone();
    store.write(move |w| w.make(&me, &Key::Id(id), None, name, &Fields::new(), 0))
}

#[test]
fn a_link_keeps_to_its_record_and_what_hangs_on_it() {
    on_both(|store| {
        let who = a_person(store, "郑知远（虚构）");
        let own = person(who);
        let (named, other) = (need(store, &own, "所指"), need(store, &own, "另一条"));
        let expert = json!({ "title": "推荐", "demand": named.to_string(), "expert": who.to_string() });
        let hung = store.create(&own, new("match", "", expert)).unwrap().item.id;
        come(store, b"link", who, named, &Asker::default(), false);
        let me = signed(store, b"link").unwrap().asker;
        let reads = |id| store.find(&me, id).is_ok();
        assert!(reads(named) && reads(hung) && !reads(other));
        let listed = store.register.read(|r| r.list(&me, &Find::kind("demand"))).unwrap();
        assert_eq!((listed.items.len(), listed.count.n), (1, 1));
        let sealed = |id| {
            let me = me.clone();
            store.write(move |w| w.open(&me, &Key::Id(id)))
        };
        assert!(sealed(named).unwrap().is_some() && sealed(other).is_err());
        let revise = |id| {
            let (me, new) = (me.clone(), fields(json!({ "title": "改过的" })));
            store.write(move |w| w.revise(&me, &Key::Id(id), 1, new))
        };
        assert!(revise(named).is_ok());
        assert_eq!(revise(other).unwrap_err().code(), "not-found");
        assert_eq!(revise(who).unwrap_err().code(), "not-allowed", "not even their own card");
        let begun = store.create(&me, new("demand", "", json!({ "title": "第三条" })));
        assert_eq!(begun.unwrap_err().code(), "not-allowed");
        let more = json!({ "title": "再荐", "demand": named.to_string(), "expert": who.to_string() });
        let more = store.create(&me, new("match", "", more)).unwrap().item.id;
        let wider = store.register.read(|r| r.kept(&me)).unwrap();
        assert!(store.find(&wider, more).is_ok(), "what was just hung on it");
        assert!(make(store, &me, named, "submit").is_ok());
        assert_eq!(state(store, b"link", now()), LinkState::Good, "it was not to be used once");
        store.write(|w| w.revoke_link(b"link")).unwrap();
        assert!(signed(store, b"link").is_none(), "ends with the next request");
        assert_eq!(state(store, b"link", later()), LinkState::Revoked);
    });
}

#[test]
fn a_link_is_answered_once_ends_and_opens_nothing_sealed_for_who_hands_it_out() {
    on_both(|store| {
        let (who, desk) = (a_person(store, "郑知远（虚构）"), a_person(store, "施小满（虚构）"));
        let named = need(store, &person(who), "所指");
        come(store, b"once", who, named, &person(desk), true);
        let me = signed(store, b"once").unwrap().asker;
        assert!(!store.find(&me, named).unwrap().may_open);
        assert!(make(store, &me, named, "submit").is_ok());
        assert_eq!(state(store, b"once", later()), LinkState::Answered);
        let answered = store.register.read(|r| r.link(b"once")).unwrap().unwrap().answered;
        assert_eq!(answered, Some((now(), "submit".to_owned())));
        let me = signed(store, b"once").unwrap().asker;
        assert!(store.find(&me, named).is_ok(), "what they did may still be read");
        let again = {
            let (me, new) = (me.clone(), fields(json!({ "title": "改过的" })));
            store.write(move |w| w.revise(&me, &Key::Id(named), 2, new))
        };
        assert_eq!(again.unwrap_err().code(), "not-allowed");
        assert!(store.write(|w| w.use_link(b"once")).unwrap().is_none());

        let past = now() - SignedDuration::from_hours(1);
        store.write(move |w| w.make_link(b"old", who, Some(named), false, past)).unwrap();
        assert_eq!(state(store, b"old", now()), LinkState::Expired);
        assert!(store.write(|w| w.use_link(b"old")).unwrap().is_none());
        store.write(|w| w.sweep(now())).unwrap();
        assert_eq!(state(store, b"old", now()), LinkState::Expired, "it still says why");
    });
}

#[test]
fn roles_are_given_within_ones_own_recorded_and_the_last_steward_stays() {
    on_both(|store| {
        let (boss, desk, new) =
            (a_person(store, "一（虚构）"), a_person(store, "二（虚构）"), a_person(store, "三（虚构）"));
        let accounts = store
            .write(move |w| {
                let rows = [("boss", boss), ("desk", desk), ("new", new)]
                    .map(|(name, person)| w.create_account(name, None, person).map(|account| account.row));
                let [boss, desk, new] = rows;
                let (boss, desk, new) = (boss?, desk?, new?);
                w.give(boss, Role::Steward, &Over::Node)?;
                w.give(desk, Role::Officer, &Over::Place("330521".parse().unwrap()))?;
                Ok((boss, desk, new))
            })
            .unwrap();
        let of = |row, person| store.register.read(|r| r.asker(Some(row), person)).unwrap();
        let (steward, officer) = (of(accounts.0, boss), of(accounts.1, desk));
        let county = || Over::Place("330521".parse().unwrap());
        let grant = |me: &Asker, account, role, over: Over| {
            let me = me.clone();
            store.write(move |w| w.grant(&me, account, role, &over)).map_err(|fault| fault.code())
        };
        let withdraw = |me: &Asker, account, role, over: Over| {
            let me = me.clone();
            store.write(move |w| w.withdraw(&me, account, role, &over)).map_err(|fault| fault.code())
        };
        assert_eq!(grant(&officer, accounts.2, Role::Liaison, county()), Ok(()));
        assert_eq!(grant(&officer, accounts.2, Role::Officer, Over::Node), Err("not-allowed"));
        assert_eq!(grant(&officer, accounts.1, Role::Leader, county()), Err("not-allowed"), "one's own");
        assert_eq!(grant(&steward, accounts.0, Role::Officer, county()), Err("not-allowed"), "one's own");
        assert_eq!(withdraw(&officer, accounts.0, Role::Steward, Over::Node), Err("not-allowed"));
        assert_eq!(withdraw(&steward, accounts.0, Role::Steward, Over::Node), Err("invalid"));
        assert_eq!(grant(&steward, accounts.2, Role::Steward, Over::Node), Ok(()));
        assert_eq!(withdraw(&steward, accounts.0, Role::Steward, Over::Node), Ok(()), "laid down");
        let changes = store.register.read(|r| r.role_changes(accounts.2)).unwrap();
        let told: Vec<_> = changes.iter().map(|c| (c.grant.role, c.given, c.by)).collect();
        assert_eq!(told, [(Role::Steward, true, Some(boss)), (Role::Liaison, true, Some(desk))]);
        assert_eq!(store.register.read(|r| r.holders(Role::Steward)).unwrap(), [accounts.2]);
    });
}

#[test]
fn who_asks_to_join_is_admitted_or_refused_with_a_reason() {
    on_both(|store| {
        let unit = store.create(&steward(), new("organization", "firm", json!({ "title": "甲（演示）" })));
        let (unit, one) = (unit.unwrap().item.id, a_person(store, "一（虚构）"));
        let row = store.write(move |w| w.create_account("one", None, one)).unwrap().row;
        let ask = || store.write(move |w| w.ask_to_join(row, unit, "研发部")).unwrap();
        let waiting = || store.register.read(|r| r.joinings(unit)).unwrap();
        let decide = |at: i64, refusal: Option<&'static str>| {
            store.write(move |w| w.decide_joining(&steward(), unit, at, refusal)).map_err(|f| f.code())
        };
        ask();
        ask();
        assert_eq!(waiting().len(), 1, "asking twice is asking once");
        assert_eq!(decide(1, Some(" ")), Err("invalid"));
        assert_eq!(decide(1, Some("请用单位邮箱登记")), Ok(()));
        assert_eq!(decide(1, None), Err("not-found"), "it is answered");
        let refused = waiting().remove(0);
        assert_eq!((refused.accepted, refused.reason.as_deref()), (false, Some("请用单位邮箱登记")));
        ask();
        assert_eq!(decide(2, None), Ok(()));
        let me = store.register.read(|r| r.asker(Some(row), one)).unwrap();
        assert_eq!(me.organizations, [unit]);
    });
}

#[test]
fn a_substitute_has_the_roles_for_the_days_and_nothing_of_the_person() {
    on_both(|store| {
        let (away, by) = (a_person(store, "施小满（虚构）"), a_person(store, "周行（虚构）"));
        let private = need(store, &person(away), "私下的");
        let rows = store
            .write(move |w| {
                let (one, two) =
                    (w.create_account("away", None, away)?.row, w.create_account("by", None, by)?.row);
                w.give(one, Role::Officer, &Over::Place("330521".parse().unwrap()))?;
                w.start_session(register::Who::Account(two), b"seat", later())?;
                Ok((one, two))
            })
            .unwrap();
        let (first, last) = (date(2026, 11, 18), date(2026, 11, 20));
        let arrange = |account, by_account, since, until| {
            store.write(move |w| w.arrange(&person(away), (account, by_account), (since, until)))
        };
        assert_eq!(arrange(rows.0, rows.1, last, first).unwrap_err().code(), "invalid");
        assert_eq!(arrange(rows.0, rows.0, first, last).unwrap_err().code(), "invalid");
        let today = store.write(|w| Ok(w.today())).unwrap();
        let seat = arrange(rows.0, rows.1, today, today).unwrap().row;
        assert!(store.write(move |w| w.sit(b"seat", rows.0, Some(seat))).is_err(), "not their seat");
        store.write(move |w| w.sit(b"seat", rows.1, Some(seat))).unwrap();
        let found = signed(store, b"seat").unwrap();
        let me = found.asker;
        assert_eq!((me.person, me.behalf, me.roles.len()), (Some(by), Some(away), 1));
        assert_eq!(found.seat.unwrap().name, "施小满（虚构）");
        assert!(store.find(&me, private).is_err(), "what is the person's own stays theirs");
        let place = json!({ "title": "县里的", "place": "330521" });
        let filed = store.create(&me, new("demand", "", place)).unwrap().item;
        let history = store.register.read(|r| r.history(&me, filed.row)).unwrap();
        assert_eq!((history[0].actor, history[0].behalf), (Some(by), Some(away)));
        let substitute = store.register.read(|r| r.substitute(seat)).unwrap().unwrap();
        let stood = store.register.read(|r| r.stood(&person(away), &substitute)).unwrap();
        assert_eq!(stood.len(), 1, "both can see what was done");
        let tomorrow = now() + SignedDuration::from_hours(24);
        store
            .write(move |w| {
                w.start_session(
                    register::Who::Account(rows.1),
                    b"long",
                    tomorrow + SignedDuration::from_hours(1),
                )
            })
            .unwrap();
        store.write(move |w| w.sit(b"long", rows.1, Some(seat))).unwrap();
        let after = store.register.read(|r| r.session_asker(b"long", tomorrow)).unwrap().unwrap();
        assert_eq!(
            (after.asker.roles.len(), after.asker.behalf, after.seat),
            (0, None, None),
            "over by itself"
        );
        store.write(move |w| w.call_off(seat)).unwrap();
        assert!(signed(store, b"seat").unwrap().seat.is_none(), "called off");
    });
}
