//! The clocks of the shipped demand, and openings with an end, on both stores.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

mod common;

use catalogue::Asker;
use catalogue::kind::Audience;
use common::*;
use jiff::civil::date;
use register::{Key, Record, Rung, Store, Writer};
use serde_json::json;

/// A firm and one of its people, an officer, and a published demand of the firm with something sealed.
struct Town {
    store: TestStore,
    me: Asker,
    officer: Asker,
    demand: Record,
}

fn at(
    store: &TestStore,
    moment: &str,
    f: impl FnOnce(&mut Writer<'_>) -> register::Result<Record> + Send + 'static,
) -> register::Result<Record> {
    store.register.write_now(moment.parse().unwrap(), f).map(|written| written.value)
}

fn town(of: Store) -> Town {
    let store = TestStore::with(of, shipped());
    let firm = json!({"title": "云岫木业（演示）", "place": "330521"});
    let firm = store.create(&steward(), new("organization", "firm", firm)).unwrap().item.id;
    let person = |name: &str| new("person", "expert", json!({"title": name, "place": "330521"}));
    let me = member(store.create(&steward(), person("郑知远（虚构）")).unwrap().item.id, firm);
    let desk = store.create(&steward(), person("施小满（虚构）")).unwrap().item.id;
    let officer = Asker { person: Some(desk), ..officer("330521") };
    let demand = json!({
        "title": "胶合板冷压强度不足", "problem": "板坯开裂", "place": "330521", "organization": firm.to_string(),
        "present_value": "0.7 MPa", "wanted_value": "1.0 MPa", "conditions": "不换设备", "volume": "6 万 m³",
        "budget": { "amount": "600000", "currency": "CNY" }, "due_on": "2027-06",
        "contact_name": "郑知远（虚构）", "contact_phone": "0572-0000101", "details": "豆粕胶 38%",
    });
    let mut new = new("demand", "technical", demand);
    new.fields.remove("budget");
    new.owner = Some(firm);
    let made = store.create(&me, new).unwrap();
    let (key, firm_side, desk_side) = (Key::Row(made.item.row), me.clone(), officer.clone());
    let published = store
        .write(move |w| {
            w.make(&firm_side, &key, None, "submit", &fields(json!({})), 0)?;
            w.make(&desk_side, &key, None, "check", &fields(json!({})), 0)?;
            let cleared = json!({"secrecy_cleared_by": desk.to_string(), "secrecy_cleared_on": "2026-11-20"});
            w.make(&desk_side, &key, None, "publish", &fields(cleared), 0)
        })
        .unwrap();
    assert_eq!(published.subject.audience, Audience::Public);
    Town { store, me, officer, demand: published }
}

fn on_both_towns(test: impl Fn(Town)) {
    for store in [Store::Sqlite, Store::Postgres] {
        test(town(store));
    }
}

impl Town {
    fn key(&self) -> Key {
        Key::Row(self.demand.item.row)
    }

    fn make(
        &self,
        moment: &str,
        who: &Asker,
        name: &'static str,
        given: serde_json::Value,
    ) -> register::Result<Record> {
        let (key, who) = (self.key(), who.clone());
        at(&self.store, moment, move |w| w.make(&who, &key, None, name, &fields(given), 0))
    }

    fn rung(&self, today: jiff::civil::Date) -> Vec<Rung> {
        self.store.register.read(|reader| reader.rung(today, 10)).unwrap()
    }

    fn ring(&self, moment: &str, rung: &Rung) {
        let rung = rung.clone();
        self.store.register.write_now(moment.parse().unwrap(), move |w| w.ring(&rung)).unwrap();
    }

    fn stage(&self) -> String {
        self.store.find(&self.me, self.demand.item.id).unwrap().item.stage
    }
}

#[test]
fn a_demand_expires_after_a_year_and_comes_back_under_the_same_clearance() {
    on_both_towns(|town| {
        assert_eq!(town.rung(date(2027, 11, 20)), [], "the last day still counts");
        let due = town.rung(date(2027, 11, 21));
        assert_eq!(due, [Rung { row: town.demand.item.row, clock: "expiry".into() }]);
        town.ring("2027-11-21T01:00:00Z", &due[0]);
        assert_eq!(town.stage(), "expired");
        let gone = town.store.find(&visitor(), town.demand.item.id);
        assert!(gone.is_err(), "what has expired is public no longer");
        let stranger = town.make("2026-11-22T01:00:00Z", &officer("330281"), "revive", json!({}));
        assert!(stranger.is_err());
        let back =
            town.make("2026-11-22T01:00:00Z", &town.me, "revive", json!({"due_on": "2028-06"})).unwrap();
        assert_eq!((back.item.stage.as_str(), back.subject.audience), ("published", Audience::Public));
        assert!(back.fields.contains_key("secrecy_cleared_by"), "{:?}", back.fields);
        assert!(town.store.register.verify().unwrap().breaks.is_empty());
    });
}

#[test]
fn a_renewal_winds_the_year_and_not_the_promised_answer() {
    on_both_towns(|town| {
        let promised = town.demand.item.due;
        let renewed = town.make("2026-11-25T01:00:00Z", &town.officer, "renew", json!({})).unwrap();
        assert_eq!(renewed.item.due, promised, "the answer was promised before");
        assert_eq!(town.rung(date(2027, 11, 25)), []);
        assert_eq!(town.rung(date(2027, 11, 26)).len(), 1);
        let history =
            town.store.register.read(|reader| reader.history(&town.me, town.demand.item.row)).unwrap();
        let last = history.last().unwrap();
        assert_eq!(
            (last.move_name.as_str(), last.behalf),
            ("renew", town.demand.item.owner),
            "the firm's, on the telephone"
        );
    });
}

#[test]
fn an_opening_opens_until_its_last_day_and_not_when_it_was_ended() {
    on_both_towns(|town| {
        let expert = new("person", "expert", json!({"title": "沈砚秋（虚构）", "place": "330100"}));
        let expert = town.store.create(&steward(), expert).unwrap().item.id;
        let list = move |w: &mut Writer<'_>| {
            w.make(&steward(), &Key::Id(expert), None, "list", &fields(json!({})), 0)
        };
        town.store.write(list).unwrap();
        let them = person(expert);
        let open_at = |moment: &str| {
            let (key, them) = (town.key(), them.clone());
            let opened = town.store.register.write_now(moment.parse().unwrap(), move |w| w.open(&them, &key));
            opened.unwrap().value.is_some()
        };
        assert!(!open_at("2026-11-20T02:00:00Z"), "nobody opened it to them");
        let opening = json!({
            "title": "开放", "from": town.demand.item.id.to_string(), "to": expert.to_string(),
            "since": "2026-11-20", "until": "2026-12-01", "purpose": "诊断", "place": "330521",
        });
        let mut tie = new("tie", "opening", opening.clone());
        let refused = town.store.create(&town.officer, tie.clone());
        assert!(refused.is_err(), "only who owns it opens it");
        tie.owner = town.demand.item.owner;
        let tie = town.store.create(&town.me, tie).unwrap();
        assert!(open_at("2026-12-01T02:00:00Z"), "the last day counts");
        assert!(!open_at("2026-12-02T02:00:00Z"), "after it nothing opens");
        let (me, row) = (town.me.clone(), tie.item.row);
        at(&town.store, "2026-11-21T02:00:00Z", move |w| {
            w.make(&me, &Key::Row(row), None, "end", &fields(json!({"until": "2026-11-21"})), 0)
        })
        .unwrap();
        assert!(!open_at("2026-11-21T03:00:00Z"), "ended at once");
        let log =
            town.store.register.read(|reader| reader.access_log(&town.me, town.demand.item.row)).unwrap();
        let seen: Vec<bool> = log.iter().map(|line| line.opened).collect();
        assert_eq!(seen.iter().filter(|opened| **opened).count(), 1, "{seen:?}");
        assert_eq!(seen.len(), 4, "refusals stand there too");
    });
}
