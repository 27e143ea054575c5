//! Clocks that ring, clocks that are wound, and moves made for another, on both stores.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

mod common;

use base::id::RecordId;
use catalogue::Refusal;
use common::*;
use jiff::civil::{Date, date};
use register::{Fault, Key, Rung};
use serde_json::json;

/// A firm, a member of it, and a demand of it that is public since 20 November 2026.
fn published(store: &TestStore) -> (RecordId, catalogue::Asker, i64) {
    let firm = new("organization", "firm", json!({"title": "云岫木业（演示）", "place": "330521"}));
    let firm = store.create(&steward(), firm).unwrap().item.id;
    let who = new("person", "", json!({"title": "郑知远（虚构）", "place": "330521"}));
    let me = member(store.create(&steward(), who).unwrap().item.id, firm);
    let demand = json!({"title": "竹材胶合", "organization": firm.to_string(), "place": "330521"});
    let made = store.create(&me, new("demand", "", demand)).unwrap();
    let (id, owner) = (made.item.id, me.clone());
    store
        .write(move |w| {
            w.make(&owner, &Key::Id(id), None, "submit", &fields(json!({})), 0)?;
            w.make(&officer("330521"), &Key::Id(id), None, "publish", &fields(json!({})), 0)
        })
        .unwrap();
    (id, me, made.item.row)
}

fn rung(store: &TestStore, today: Date) -> Vec<Rung> {
    store.register.read(|reader| reader.rung(today, 10)).unwrap()
}

/// The write of a ring happens at this moment.
fn ring_at(store: &TestStore, rung: &Rung, moment: &str) {
    let rung = rung.clone();
    store.register.write_now(moment.parse().unwrap(), move |writer| writer.ring(&rung)).unwrap();
}

#[test]
fn the_house_makes_the_move_of_a_clock_on_the_day_after_its_last() {
    on_both(|store| {
        let (id, me, row) = published(store);
        assert_eq!(rung(store, date(2027, 1, 20)), [], "the last day still counts");
        let due = rung(store, date(2027, 1, 21));
        assert_eq!(due, [Rung { row, clock: "freshness".into() }]);
        ring_at(store, &due[0], "2027-01-19T01:00:00Z");
        assert_eq!(store.find(&me, id).unwrap().item.stage, "published", "not before its time");
        ring_at(store, &due[0], "2027-01-21T01:00:00Z");
        ring_at(store, &due[0], "2027-01-21T01:00:00Z");
        let closed = store.find(&me, id).unwrap().item;
        assert_eq!((closed.stage.as_str(), closed.due), ("closed", None));
        let history = store.register.read(|reader| reader.history(&me, row)).unwrap();
        let moves: Vec<_> =
            history.iter().map(|change| (change.move_name.as_str(), change.actor.is_some())).collect();
        assert_eq!(moves[moves.len() - 2..], [("publish", false), ("lapse", false)], "once, and by nobody");
        assert_eq!(rung(store, date(2028, 1, 1)), []);
        assert!(store.register.verify().unwrap().breaks.is_empty());
    });
}

#[test]
fn a_wound_clock_starts_anew_and_the_others_run_on() {
    on_both(|store| {
        let (id, me, row) = published(store);
        let later = "2027-01-10T01:00:00Z".parse().unwrap();
        let owner = me.clone();
        let renew = move |w: &mut register::Writer<'_>| {
            w.make(&owner, &Key::Id(id), None, "renew", &fields(json!({})), 0)
        };
        store.register.write_now(later, renew).unwrap();
        assert_eq!(rung(store, date(2027, 3, 10)), []);
        assert_eq!(rung(store, date(2027, 3, 11)), [Rung { row, clock: "freshness".into() }]);
        assert_eq!(
            store.find(&me, id).unwrap().item.due,
            Some(date(2026, 12, 4)),
            "the answer was promised before"
        );
    });
}

#[test]
fn a_move_made_for_another_says_for_whom() {
    on_both(|store| {
        let (id, me, row) = published(store);
        let desk = new("person", "", json!({"title": "施小满（虚构）", "place": "330521"}));
        let desk = store.create(&steward(), desk).unwrap().item.id;
        let far = officer("330281");
        let refused = store.write(move |w| w.make(&far, &Key::Id(id), None, "renew", &fields(json!({})), 0));
        assert!(matches!(refused, Err(Fault::Refused(Refusal::NotAllowed))), "{refused:?}");
        let near = catalogue::Asker { person: Some(desk), ..officer("330521") };
        let told = register::Told { by: "phone".into(), note: "上午来电，继续有效".into() };
        let renew = move |w: &mut register::Writer<'_>| {
            w.make_told(&near, &Key::Id(id), None, ("renew", &fields(json!({}))), 0, Some(&told))
        };
        store.write(renew).unwrap();
        let history = store.register.read(|reader| reader.history(&me, row)).unwrap();
        let last = history.last().unwrap();
        let firm = store.find(&me, id).unwrap().item.owner;
        assert_eq!((last.move_name.as_str(), last.actor, last.behalf), ("renew", Some(desk), firm));
        assert_eq!(last.behalf_title.as_deref(), Some("云岫木业（演示）"));
        assert_eq!(last.told_by.as_deref(), Some("phone"));
        assert_eq!(last.told_note.as_deref(), Some("上午来电，继续有效"));
        assert!(store.register.verify().unwrap().breaks.is_empty(), "the chain covers it");
        store.tamper("update change set told_by = 'writing' where told_by = 'phone'");
        assert!(!store.register.verify().unwrap().breaks.is_empty(), "and how it was told");
    });
}

#[test]
fn a_promise_nobody_kept_climbs_on_the_day_after() {
    on_both(|store| {
        let (id, _, _) = published(store);
        let work = |who: &catalogue::Asker, today| {
            store.register.read(|reader| reader.work(who, today, 20)).unwrap()
        };
        let near = officer("330521");
        assert!(work(&near, date(2026, 12, 4)).is_empty(), "the last day is still kept");
        let late = work(&near, date(2026, 12, 5));
        let told: Vec<_> =
            late.iter().map(|w| (w.item.id, w.climbed, w.promise.as_deref(), w.moves.len())).collect();
        assert_eq!(told, [(id, true, Some("answer"), 0)]);
        assert!(work(&officer("330281"), date(2026, 12, 5)).is_empty(), "it climbs to those of its place");
    });
}
