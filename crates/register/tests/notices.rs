//! Who is told what, once each, on both stores; and what becomes of the messages that leave.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

mod common;

use common::*;

use base::id::RecordId;
use catalogue::{Asker, Over, Role};
use jiff::Timestamp;
use register::{
    Cause, Channel, Delivery, Fault, Key, Lane, Means, Outcome, Proof, Register, Rhythm, Settled, UNREAD_CAP,
};
use serde_json::json;

/// A county with an officer, a firm with a member and an administrator, a liaison, and others who are not concerned.
struct Town<'a> {
    store: &'a TestStore,
    firm: RecordId,
    member: RecordId,
    admin: RecordId,
    liaison: RecordId,
    county: RecordId,
    city: RecordId,
    elsewhere: RecordId,
    steward: RecordId,
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn person_with(store: &TestStore, name: &str, held: Option<(Role, Over)>) -> RecordId {
    let fields = json!({ "title": format!("{name}（虚构）") });
    let person = store.create(&steward(), new("person", "", fields)).unwrap().item.id;
    let name = name.to_owned();
    store
        .write(move |w| {
            let account = w.create_account(&name, None, person)?;
            held.map_or(Ok(()), |(role, over)| w.give(account.row, role, &over))
        })
        .unwrap();
    person
}

impl<'a> Town<'a> {
    fn new(store: &'a TestStore) -> Town<'a> {
        let fields = json!({ "title": "德清胶合板厂（演示）" });
        let firm = store.create(&steward(), new("organization", "firm", fields)).unwrap().item.id;
        let office = |name: &str, place: &str| {
            person_with(store, name, Some((Role::Officer, Over::Place(place.parse().unwrap()))))
        };
        let of_firm = |name: &str, role| person_with(store, name, Some((role, Over::Organization(firm))));
        let town = Town {
            store,
            firm,
            member: of_firm("member", Role::Member),
            admin: of_firm("admin", Role::Admin),
            liaison: person_with(store, "liaison", None),
            county: office("county", "330521"),
            city: office("city", "330500"),
            elsewhere: office("elsewhere", "330281"),
            steward: person_with(store, "steward", Some((Role::Steward, Over::Node))),
        };
        store.write(|w| w.begin_telling()).unwrap();
        town
    }

    fn asker(&self, person: RecordId) -> Asker {
        self.store.register.read(|r| r.person_asker(person)).unwrap()
    }

    fn demand(&self, place: &str) -> RecordId {
        let fields = json!({ "title": "冷压强度不足", "organization": self.firm.to_string(), "place": place,
            "note": "内部便条", "details": "密封工艺" });
        let made = self.store.create(&self.asker(self.member), new("demand", "", fields));
        made.unwrap().item.id
    }

    fn make(
        &self,
        who: RecordId,
        record: RecordId,
        name: &'static str,
        given: serde_json::Value,
        when: Timestamp,
    ) {
        let (me, given) = (self.asker(who), fields(given));
        let made = self
            .store
            .register
            .write_now(when, move |w| w.make(&me, &Key::Id(record), None, name, &given, 0).map(drop));
        made.unwrap();
    }

    /// Tells everything there is to tell; how many changes there were.
    fn tell(&self, when: Timestamp) -> usize {
        tell_all(&self.store.register, when)
    }

    /// What each of them was told, oldest first.
    fn told(&self, person: RecordId) -> Vec<String> {
        let me = self.asker(person);
        let notices = self.store.register.read(|r| r.unread_notices(&me, UNREAD_CAP)).unwrap();
        let words = |cause: &Cause| match cause {
            Cause::Moved(name) => name.clone(),
            Cause::Overdue(clock, due) => format!("{clock} {due}"),
        };
        notices.iter().rev().map(|notice| words(&notice.cause)).collect()
    }

    fn channel(&self, person: RecordId, means: Means, rhythm: Rhythm, address: &str) -> Channel {
        let address = address.to_owned();
        let channel =
            Channel { row: 0, person, means, address, secret: None, rhythm, english: false, proven: false };
        self.store.write(move |w| w.add_channel(channel)).unwrap()
    }

    fn next(&self, lane: Lane, settled: Vec<Settled>, when: Timestamp) -> Vec<Delivery> {
        let next = move |w: &mut register::Writer<'_>| w.next_deliveries(lane, "worker", &settled, 8);
        self.store.register.write_now(when, next).unwrap().value
    }

    fn parcel(&self, delivery: &Delivery) -> Vec<String> {
        let me = self.asker(delivery.channel.person);
        let parcel = self.store.register.read(|r| r.parcel(&me, delivery.row)).unwrap();
        parcel.notices.into_iter().map(|notice| notice.item.unwrap().title).collect()
    }
}

fn tell_all(register: &Register, when: Timestamp) -> usize {
    let once = || register.write_now(when, |w| w.tell()).unwrap().value;
    std::iter::repeat_with(once).take_while(|told| *told > 0).sum()
}

fn settled(delivery: &Delivery, outcome: Outcome) -> Vec<Settled> {
    vec![Settled { row: delivery.row, channel: delivery.channel.row, outcome }]
}

#[test]
fn those_concerned_are_told_once_and_nobody_else() {
    on_both(|store| {
        let town = Town::new(store);
        let demand = town.demand("330521");
        town.make(town.member, demand, "submit", json!({}), now());
        assert_eq!(town.tell(now()), 2, "filed and submitted");
        town.make(town.county, demand, "publish", json!({ "liaison": town.liaison.to_string() }), now());
        assert_eq!(town.tell(now()), 1);
        assert_eq!(town.tell(now()), 0, "nothing is told twice");
        // Nobody is told of their own act; the county's officer is there, so the city is not asked.
        for (who, told) in [
            (town.member, vec!["publish"]),
            (town.admin, vec!["submit", "publish"]),
            (town.liaison, vec!["publish"]),
            (town.county, vec!["submit"]),
            (town.city, vec![]),
            (town.elsewhere, vec![]),
            (town.steward, vec!["publish"]),
        ] {
            assert_eq!(town.told(who), told, "{who}");
            assert_eq!(store.register.read(|r| r.unread(who)).unwrap(), told.len());
        }
        // Where the county has no officer, the city is told.
        let other = town.demand("330522");
        town.make(town.member, other, "submit", json!({}), now());
        town.tell(now());
        assert_eq!(
            (town.told(town.city), town.told(town.county)),
            (vec!["submit".to_owned()], vec!["submit".to_owned()])
        );
    });
}

#[test]
fn nobody_is_told_of_what_they_may_not_read_now_or_later() {
    on_both(|store| {
        let town = Town::new(store);
        let demand = town.demand("330521");
        town.make(town.member, demand, "submit", json!({}), now());
        town.tell(now());
        assert_eq!(town.told(town.county), ["submit"]);
        town.channel(town.county, Means::Webhook, Rhythm::AtOnce, "https://hooks.example.cn/a");
        let other = town.demand("330521");
        town.make(town.member, other, "submit", json!({}), now());
        town.make(town.county, demand, "publish", json!({}), now());
        town.tell(now());
        let sent = town.next(Lane::Hook, Vec::new(), now()).remove(0);
        assert_eq!(town.parcel(&sent).len(), 1);
        let county = town.county;
        store
            .write(move |w| {
                let account = w.accounts_of(county)?.remove(0).row;
                w.revoke(account, Role::Officer, &Over::Place("330521".parse().unwrap()))
            })
            .unwrap();
        // Published, it may still be read by anyone; withdrawn, by no stranger.
        town.make(town.member, demand, "close", json!({}), now());
        let me = town.asker(town.county);
        let notices = store.register.read(|r| r.unread_notices(&me, 9)).unwrap();
        assert!(notices.iter().all(|notice| notice.item.is_none()), "{notices:?}");
        assert!(store.register.read(|r| r.parcel(&me, sent.row)).unwrap().notices.is_empty());
    });
}

#[test]
fn an_overdue_promise_climbs_once() {
    on_both(|store| {
        let town = Town::new(store);
        let demand = town.demand("330521");
        town.make(town.member, demand, "submit", json!({}), now());
        town.make(town.county, demand, "publish", json!({}), now());
        town.tell(now());
        let sweep = |when: Timestamp| {
            while store.register.write_now(when, |w| w.tell_overdue()).unwrap().value {}
        };
        // Published on Friday 20 November; ten working days are over on Friday 4 December.
        for (when, told) in [
            ("2026-12-04T23:59:00+08:00", vec!["submit"]),
            ("2026-12-05T00:00:00+08:00", vec!["submit", "answer 2026-12-04"]),
            ("2026-12-09T12:00:00+08:00", vec!["submit", "answer 2026-12-04"]),
        ] {
            sweep(at(when));
            sweep(at(when));
            assert_eq!(town.told(town.county), told, "{when}");
        }
        assert!(town.told(town.elsewhere).is_empty() && town.told(town.member) == ["publish"]);
    });
}

#[test]
fn what_is_read_is_read_and_what_came_since_is_not() {
    on_both(|store| {
        let town = Town::new(store);
        for _ in 0..3 {
            let demand = town.demand("330521");
            town.make(town.member, demand, "submit", json!({}), now());
        }
        town.tell(now());
        let me = town.asker(town.county);
        let rows: Vec<i64> =
            store.register.read(|r| r.unread_notices(&me, 9)).unwrap().iter().map(|n| n.row).collect();
        let (county, member, middle, newest) = (town.county, town.member, rows[1], rows[0]);
        store.write(move |w| w.read_notice(member, newest)).unwrap();
        assert_eq!(town.told(town.county).len(), 3, "nobody reads for another");
        store.write(move |w| w.read_notices_to(county, middle)).unwrap();
        assert_eq!(town.told(town.county).len(), 1);
        let old = |before| store.register.read(|r| r.read_notices(&me, before, 9)).unwrap();
        assert_eq!(old(None).iter().map(|n| n.row).collect::<Vec<_>>(), rows[1..]);
        assert_eq!(old(Some(middle)).len(), 1);
    });
}

#[test]
fn a_channel_gets_what_its_rhythm_says_and_an_unproven_address_nothing() {
    on_both(|store| {
        let town = Town::new(store);
        town.channel(town.county, Means::Webhook, Rhythm::AtOnce, "https://hooks.example.cn/now");
        town.channel(town.county, Means::Feishu, Rhythm::Daily, "https://hooks.example.cn/daily");
        town.channel(town.county, Means::Wecom, Rhythm::Off, "https://hooks.example.cn/off");
        let mail = town.channel(town.county, Means::Mail, Rhythm::AtOnce, "county@example.cn");
        for _ in 0..3 {
            let demand = town.demand("330521");
            town.make(town.member, demand, "submit", json!({}), now());
        }
        town.tell(now());
        // One message a channel at a time, so that an address that fails rests as a whole.
        let first = town.next(Lane::Hook, Vec::new(), now());
        assert_eq!(first.len(), 1, "{first:?}");
        assert!(town.next(Lane::Mail, Vec::new(), now()).is_empty());
        let mut last = first[0].clone();
        for _ in 0..2 {
            let next = town.next(Lane::Hook, settled(&last, Outcome::Sent), now());
            assert_eq!((next.len(), town.parcel(&next[0]).len()), (1, 1));
            assert_ne!(next[0].message, last.message);
            last = next[0].clone();
        }
        assert!(town.next(Lane::Hook, settled(&last, Outcome::Sent), now()).is_empty());
        // It is Friday, nine in the morning: the bundle leaves on Monday.
        assert!(town.next(Lane::Hook, Vec::new(), at("2026-11-23T08:29:59+08:00")).is_empty());
        let bundle = town.next(Lane::Hook, Vec::new(), at("2026-11-23T08:30:00+08:00"));
        assert_eq!((bundle.len(), town.parcel(&bundle[0]).len()), (1, 3));
        prove(&town, &mail);
    });
}

fn prove(town: &Town<'_>, mail: &Channel) {
    let (person, row) = (town.county, mail.row);
    let prove = |code: &'static [u8], when| {
        town.store.register.write_now(when, move |w| w.prove(person, row, code)).unwrap().value
    };
    assert_eq!(prove(b"123456", now()), Proof::Spent, "none was sent");
    let send = || town.store.write(move |w| w.set_code(person, row, b"123456")).unwrap();
    send();
    assert_eq!(prove(b"123456", at("2026-11-20T01:31:00Z")), Proof::Spent, "half an hour is over");
    for _ in 0..5 {
        assert_eq!(prove(b"000000", now()), Proof::Wrong);
    }
    assert_eq!(prove(b"123456", now()), Proof::Spent, "five guesses are enough");
    send();
    assert_eq!(prove(b"123456", now()), Proof::Proven);
    assert_eq!(prove(b"123456", now()), Proof::Spent, "a code works once");
    let other = town.member;
    let stolen = town.store.write(move |w| w.prove(other, row, b"123456"));
    assert!(matches!(stolen, Err(Fault::NotFound)), "{stolen:?}");
    assert!(town.store.register.read(|r| r.channels(person)).unwrap().iter().all(|channel| channel.proven));
}

#[test]
fn a_failed_message_rests_with_its_channel_and_keeps_its_id() {
    on_both(|store| {
        let town = Town::new(store);
        town.channel(town.county, Means::Webhook, Rhythm::AtOnce, "https://hooks.example.cn/a");
        for _ in 0..2 {
            let demand = town.demand("330521");
            town.make(town.member, demand, "submit", json!({}), now());
        }
        town.tell(now());
        let first = town.next(Lane::Hook, Vec::new(), now()).remove(0);
        let later = at("2026-11-20T01:05:00Z");
        let failed = Outcome::Failed("HTTP 500".to_owned(), Some(later));
        assert!(town.next(Lane::Hook, settled(&first, failed), now()).is_empty(), "all of the channel rests");
        let stuck = store.register.read(|r| r.stuck()).unwrap();
        let found = stuck.iter().find(|stuck| stuck.row == first.row).unwrap();
        assert_eq!((found.error.as_str(), found.tries, found.again), ("HTTP 500", 1, Some(later)));
        let mut seen = Vec::new();
        let mut next = town.next(Lane::Hook, Vec::new(), later);
        while let Some(delivery) = next.pop() {
            seen.push((delivery.message.clone(), delivery.tries));
            next = town.next(Lane::Hook, settled(&delivery, Outcome::Sent), later);
        }
        seen.sort_by_key(|(_, tries)| *tries);
        assert_eq!(seen.iter().map(|(_, tries)| *tries).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(seen[1].0, first.message, "the same message, tried again");
    });
}

#[test]
fn what_is_laid_aside_is_seen_and_tried_again_or_given_up() {
    on_both(|store| {
        let town = Town::new(store);
        let channel = town.channel(town.county, Means::Webhook, Rhythm::AtOnce, "https://hooks.example.cn/a");
        let (person, row) = (town.county, channel.row);
        store.write(move |w| w.file_trial(person, row)).unwrap();
        let first = town.next(Lane::Hook, Vec::new(), now()).remove(0);
        let me = town.asker(town.county);
        assert!(store.register.read(|r| r.parcel(&me, first.row)).unwrap().trial);
        assert!(
            town.next(Lane::Hook, settled(&first, Outcome::Failed("HTTP 410".to_owned(), None)), now())
                .is_empty()
        );
        assert_eq!(store.register.read(|r| r.dead_deliveries()).unwrap(), 1);
        let row = first.row;
        store.write(move |w| w.retry_delivery(row)).unwrap();
        assert_eq!(store.register.read(|r| r.dead_deliveries()).unwrap(), 0);
        let again = town.next(Lane::Hook, Vec::new(), now()).remove(0);
        assert_eq!((again.row, &again.message, again.tries), (row, &first.message, 1));
        town.next(Lane::Hook, settled(&again, Outcome::Failed("HTTP 410".to_owned(), None)), now());
        store.write(move |w| w.drop_delivery(row)).unwrap();
        assert!(store.register.read(|r| r.stuck()).unwrap().is_empty());
        let over = store.write(move |w| w.retry_delivery(row));
        assert!(matches!(over, Err(Fault::NotFound)), "{over:?}");
    });
}

#[test]
fn an_outage_counts_as_no_try_and_a_lost_worker_gives_back_by_the_same_id() {
    on_both(|store| {
        let town = Town::new(store);
        town.channel(town.county, Means::Webhook, Rhythm::AtOnce, "https://hooks.example.cn/a");
        let demand = town.demand("330521");
        town.make(town.member, demand, "submit", json!({}), now());
        town.tell(now());
        let first = town.next(Lane::Hook, Vec::new(), now()).remove(0);
        let later = at("2026-11-20T01:05:00Z");
        town.next(Lane::Hook, settled(&first, Outcome::Outage("no connection".to_owned(), later)), now());
        let again = town.next(Lane::Hook, Vec::new(), later).remove(0);
        assert_eq!((again.tries, &again.message), (1, &first.message));
        // The worker is gone. Its lease ends; nobody else gets the message before.
        assert!(town.next(Lane::Hook, Vec::new(), at("2026-11-20T01:09:59Z")).is_empty());
        let taken = town.next(Lane::Hook, Vec::new(), at("2026-11-20T01:10:00Z")).remove(0);
        assert_eq!((taken.tries, &taken.message), (2, &first.message));
        // What the lost worker says now is heard no more.
        let late = settled(&again, Outcome::Failed("too late".to_owned(), None));
        store.register.write_now(later, move |w| w.next_deliveries(Lane::Hook, "lost", &late, 8)).unwrap();
        assert_eq!(store.register.read(|r| r.dead_deliveries()).unwrap(), 0);
        town.next(Lane::Hook, settled(&taken, Outcome::Sent), later);
        assert!(store.register.read(|r| r.stuck()).unwrap().is_empty());
    });
}

#[test]
fn two_processes_that_follow_one_feed_tell_each_thing_once() {
    let store = TestStore::new(register::Store::Postgres);
    let town = Town::new(&store);
    let other = Register::open(
        &store.at,
        store.register.catalogue().clone(),
        base::calendar::Calendar::bundled(),
        now(),
        chance(),
    )
    .unwrap();
    for _ in 0..40 {
        let demand = town.demand("330521");
        town.make(town.member, demand, "submit", json!({}), now());
    }
    let counts: usize = std::thread::scope(|scope| {
        let both = [&store.register, &other].map(|register| scope.spawn(move || tell_all(register, now())));
        both.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(counts, 80, "each change was read by one of them");
    assert_eq!(town.told(town.county).len(), 40);
}

#[test]
fn nobody_is_told_of_the_time_before_telling_began() {
    on_both(|store| {
        let town = Town::new(store);
        let demand = town.demand("330521");
        town.make(town.member, demand, "submit", json!({}), now());
        store.write(|w| w.begin_telling()).unwrap();
        assert_eq!(town.tell(now()), 2, "beginning again changes nothing");
        let fresh = TestStore::new(store.register.store());
        assert_eq!(tell_all(&fresh.register, now()), 0);
    });
}
