//! What is left of a person once erased: nothing in any table, and a store that is still sound.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

mod common;

use common::*;

use base::id::RecordId;
use catalogue::kind::reference;
use catalogue::{Asker, Over, Role, RoleGrant};
use register::{Direction, Entry, Key, New, Store, StoreAt, Way};
use serde_json::{Value, json};

const NAME: &str = "林一（虚构）";
const PHONE: &str = "13900001234";
const MAIL: &str = "linyi@example.test";

struct World {
    firm: RecordId,
    member: Asker,
    expert: RecordId,
    demand: RecordId,
    pair: RecordId,
}

fn make(store: &TestStore, me: &Asker, id: RecordId, name: &'static str, given: Value) {
    let (me, given) = (me.clone(), fields(given));
    store.write(move |w| w.make(&me, &Key::Id(id), None, name, &given, 0)).unwrap();
}

fn id_of(store: &TestStore, me: &Asker, new: New) -> RecordId {
    store.create(me, new).unwrap().item.id
}

/// An expert who was invited and said yes: the match holds how to reach both sides, and a case was opened.
fn world(store: &TestStore) -> World {
    let house = steward();
    let firm = id_of(
        store,
        &house,
        new("organization", "firm", json!({ "title": "云岫木业（演示）", "place": "330521" })),
    );
    let contact = id_of(store, &house, new("person", "contact", json!({ "title": "郑知远（虚构）" })));
    let member = Asker {
        roles: vec![RoleGrant { role: Role::Member, over: Over::Organization(firm) }],
        ..member(contact, firm)
    };
    let expert = json!({ "title": NAME, "place": "330521", "contact_phone": PHONE, "contact_email": MAIL });
    let expert = id_of(store, &house, new("person", "expert", expert));
    let demand = json!({ "title": "冷压强度不足", "place": "330521", "organization": firm.to_string(),
        "problem": "胶合板冷压强度不足", "contact_name": "郑知远（虚构）", "contact_phone": "13700005678" });
    let demand = id_of(store, &member, new("demand", "technical", demand));
    make(store, &member, demand, "submit", json!({}));
    let officer = officer("330500");
    let pair = json!({ "title": format!("{NAME} · 冷压强度不足"), "demand": demand.to_string(),
        "candidate": expert.to_string(), "party": firm.to_string(), "place": "330521",
        "note": format!("先打{PHONE}找{NAME}") });
    let pair = id_of(store, &officer, new("match", "", pair));
    make(store, &member, pair, "fit", json!({}));
    let invite = json!({ "expert": expert.to_string(), "message": format!("{NAME}做过同类胶"),
        "effort": "半天", "reward": "volunteer" });
    make(store, &officer, pair, "invite", invite);
    make(store, &person(expert), pair, "accept", json!({}));
    World { firm, member, expert, demand, pair }
}

/// The account, a session and a letter box of the expert.
fn comes_by(store: &TestStore, expert: RecordId) {
    store
        .write(move |w| {
            let account = w.create_account("linyi-expert", Some("hash".into()), expert)?;
            w.give(account.row, Role::Expert, &Over::Node)?;
            let entry = Entry {
                account: account.row,
                way: Way::Password,
                proven: false,
                network: "192.0.2.1".into(),
                agent: "Firefox".into(),
            };
            w.enter(&entry, b"session-of-linyi", now() + jiff::SignedDuration::from_hours(8))?;
            w.note_consent(expert, "publish", true, "公开说明第一版")?;
            w.ask_erasure(expert, &format!("请删去{NAME}的资料"))
        })
        .unwrap();
}

/// Every text of every table.
fn texts(store: &TestStore) -> String {
    let StoreAt::Folder(folder) = &store.at else { return String::new() };
    let conn = rusqlite::Connection::open(folder.join("register.sqlite")).unwrap();
    let mut names = conn.prepare("select name from sqlite_master where type = 'table'").unwrap();
    let names: Vec<String> = names.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let mut found = String::new();
    for name in names {
        let mut rows = conn.prepare(&format!("select * from {name}")).unwrap();
        let width = rows.column_count();
        let mut rows = rows.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for at in 0..width {
                let value: rusqlite::types::Value = row.get(at).unwrap();
                if let rusqlite::types::Value::Text(text) = value {
                    found.push_str(&format!("{name}: {text}\n"));
                }
            }
        }
    }
    found
}

fn erase(store: &TestStore, id: RecordId) {
    store.write(move |w| w.erase(&steward(), &Key::Id(id), "asked")).unwrap();
}

#[test]
fn nothing_of_an_erased_person_is_left_in_any_record_remark_or_account() {
    on_both(|store| {
        let store = &TestStore::with(store.register.store(), shipped());
        let world = world(store);
        comes_by(store, world.expert);
        let house = officer("330500");
        let before = store.find(&house, world.pair).unwrap();
        assert_eq!(before.fields["candidate_contact"], json!(format!("{NAME} · {PHONE} · {MAIL}")));
        if store.register.store() == Store::Sqlite {
            let told = texts(store);
            assert!(told.matches(NAME).count() > 5 && told.contains(PHONE) && told.contains("linyi-expert"));
        }

        erase(store, world.expert);

        let after = store.find(&house, world.pair).unwrap();
        assert_eq!(after.item.title, "＊＊ · 冷压强度不足");
        assert!(!after.fields.contains_key("candidate_contact"), "{:?}", after.fields);
        assert_eq!(after.fields["note"], json!("先打＊＊找＊＊"));
        let asking = after.fields["asking_contact"].as_str().unwrap();
        assert!(asking.contains("13700005678"), "the other side stays: {asking}");
        assert_eq!(after.fields.get("candidate").and_then(reference), Some(world.expert));
        let told = texts(store);
        for word in [NAME, PHONE, MAIL, "linyi", "请删去"] {
            let left: Vec<&str> = told.lines().filter(|line| line.contains(word)).collect();
            assert!(left.is_empty(), "{word}: {left:?}");
        }
        let session = store.register.read(|r| r.session_asker(b"session-of-linyi", now())).unwrap();
        assert!(session.is_none());
        let agreed = store.register.read(|r| r.consents(world.expert)).unwrap();
        assert_eq!(agreed.len(), 1, "that they agreed stays provable");
        let verdict = store.register.verify().unwrap();
        assert!(verdict.sound() && verdict.erased == 1, "{verdict:?}");
    });
}

#[test]
fn the_contact_of_an_erased_demand_is_gone_from_the_other_side_too() {
    on_both(|store| {
        let store = &TestStore::with(store.register.store(), shipped());
        let world = world(store);
        erase(store, world.demand);
        let after = store.find(&officer("330500"), world.pair).unwrap();
        let asking = after.fields.get("asking_contact").map(ToString::to_string).unwrap_or_default();
        assert!(!asking.contains("13700005678") && asking.contains("云岫木业"), "{asking}");
        assert!(!texts(store).contains("13700005678"));
        let firm = store.find(&world.member, world.firm).unwrap();
        assert_eq!((firm.item.title.as_str(), firm.item.version), ("云岫木业（演示）", 1));
        assert!(store.register.verify().unwrap().sound());
    });
}

/// What may be gone is what stood before somebody was forgotten; whoever takes more away is found.
#[test]
fn a_text_taken_away_without_a_change_that_says_so_is_found() {
    on_both(|store| {
        let store = &TestStore::with(store.register.store(), shipped());
        let world = world(store);
        erase(store, world.expert);
        let item = store.find(&officer("330500"), world.pair).unwrap().item;
        store.tamper(&format!(
            "update layer set salt = null, body = null where record = {} and live = 1",
            item.row
        ));
        let breaks = store.register.verify().unwrap().breaks;
        assert!(breaks.iter().any(|found| found.row == item.row), "{breaks:?}");
        let case = store
            .register
            .read(|r| r.edges(&officer("330500"), item.row, Direction::To, Some("match"), 9))
            .unwrap();
        assert_eq!(case.len(), 1);
    });
}
