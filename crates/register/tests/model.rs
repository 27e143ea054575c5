//! One sentence, the same answer: random histories on a naive register in memory, on SQLite and on PostgreSQL.
//!
//! The model knows nothing of arms, keys or edges: it keeps records in a list and asks the plain predicates
//! `may_read` and `Filter::holds` of each. Lists, counts, single records and the feed must equal it on both stores.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

mod common;

use common::*;

use base::id::RecordId;
use base::place::Place;
use catalogue::access::{may, may_read};
use catalogue::filter::FilterRow;
use catalogue::kind::Verb;
use catalogue::step::audience;
use catalogue::{Asker, Catalogue, Fields, Filter, Only, Subject};
use register::{Find, Key, New, Order, Position, Store};
use serde_json::{Value, json};

/// Histories tried; each prints its seed when it fails.
const SEEDS: std::ops::Range<u64> = 1..9;
/// Steps of a history.
const STEPS: usize = 90;

/// A record as the model keeps it.
#[derive(Clone, Debug)]
struct Kept {
    id: RecordId,
    stage: String,
    version: u64,
    fields: Fields,
    gone: bool,
}

struct Model {
    catalogue: std::sync::Arc<Catalogue>,
    demands: Vec<Kept>,
    firms: Vec<RecordId>,
    people: Vec<RecordId>,
}

struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n as u64) as usize
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

const PLACES: [&str; 4] = ["330521", "330500", "330205", "320000"];
const TRADES: [&str; 4] = ["C202", "C26", "C", "A"];
const TITLES: [&str; 5] = ["冷压强度", "安全阀", "涂胶", "甲醛释放", "板材开裂"];

fn id_of(fields: &Fields, name: &str) -> Option<RecordId> {
    fields.get(name)?.as_str()?.parse().ok()
}

impl Model {
    fn subject(&self, kept: &Kept) -> Subject {
        let kind = self.catalogue.kind("demand").unwrap();
        let assigned = id_of(&kept.fields, "liaison").into_iter().collect();
        Subject {
            id: kept.id,
            kind: "demand".into(),
            type_path: String::new(),
            stage: kept.stage.clone(),
            owner: id_of(&kept.fields, "organization"),
            place: kept.fields.get("place").and_then(|p| p.as_str()?.parse().ok()),
            audience: audience(kind, &kept.stage, &kept.fields),
            assigned,
        }
    }

    fn may(&self, me: &Asker, kept: &Kept, verb: &Verb) -> bool {
        may(self.catalogue.kind("demand").unwrap(), me, &self.subject(kept), verb).is_some()
    }

    fn reads(&self, me: &Asker, kept: &Kept) -> bool {
        !kept.gone && may_read(self.catalogue.kind("demand").unwrap(), me, &self.subject(kept)).is_some()
    }

    fn holds(&self, kept: &Kept, filter: &Filter) -> bool {
        let kind = self.catalogue.kind("demand").unwrap();
        let terms = self.catalogue.terms();
        let keys: Vec<(String, String)> = kind
            .listed()
            .filter_map(|field| Some((field, kept.fields.get(&field.name)?)))
            .flat_map(|(field, value)| {
                catalogue::value::keys(field, value, &terms).into_iter().map(|key| (field.name.clone(), key))
            })
            .collect();
        let refers: Vec<(String, RecordId)> = ["organization", "liaison"]
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), id_of(&kept.fields, name)?)))
            .collect();
        let subject = self.subject(kept);
        filter.holds(&FilterRow {
            type_path: "",
            stage: &kept.stage,
            place: subject.place.as_ref(),
            public: subject.audience == catalogue::Audience::Public,
            owner: subject.owner,
            keys: &keys,
            refers: &refers,
        })
    }

    /// “Filter the model”: newest first.
    fn list(&self, me: &Asker, filter: &Filter) -> Vec<RecordId> {
        let found = self.demands.iter().rev().filter(|kept| self.reads(me, kept) && self.holds(kept, filter));
        found.map(|kept| kept.id).collect()
    }
}

fn history(seed: u64, stores: &[TestStore; 2]) {
    let mut chance = Chance(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    let mut model =
        Model { catalogue: catalogue(), demands: Vec::new(), firms: Vec::new(), people: Vec::new() };
    for n in 0..6_u8 {
        let id = RecordId::new(u64::from(n) + 1, [n; 10]);
        let person = n >= 3;
        let kind = if person { "person" } else { "organization" };
        let value = json!({"title": format!("甲{n}（演示）"), "place": PLACES[usize::from(n % 3)]});
        for store in stores {
            let made = New { id: Some(id), ..new(kind, if person { "" } else { "firm" }, value.clone()) };
            store.create(&steward(), made).unwrap();
        }
        if person { model.people.push(id) } else { model.firms.push(id) }
    }
    for step in 0..STEPS {
        one_step(&mut chance, &mut model, stores, step);
    }
    for store in stores {
        compare(&mut chance, &model, store, seed);
    }
}

fn askers(model: &Model) -> Vec<Asker> {
    let mut found = vec![visitor(), steward(), officer("330500"), officer("330000"), officer("320000")];
    found.extend(model.firms.iter().map(|firm| member(model.people[0], *firm)));
    found.extend(model.people.iter().map(|id| person(*id)));
    found.push(Asker {
        roles: [officer("330521").roles, steward().roles].concat(),
        ..member(model.people[1], model.firms[0])
    });
    // Those who came by a link: as an assigned person, and as an owner, answered and not.
    let some = |skip: usize| model.demands.iter().skip(skip).step_by(3).map(|kept| kept.id).take(9).collect();
    for (skip, answered, who) in [
        (0, false, person(model.people[2])),
        (1, false, member(model.people[1], model.firms[1])),
        (2, true, member(model.people[1], model.firms[2])),
    ] {
        found.push(Asker { only: Some(Only { records: some(skip), answered, handed: false }), ..who });
    }
    found
}

fn random_fields(chance: &mut Chance, model: &Model) -> Fields {
    let mut value = json!({
        "title": format!("{}{}", chance.one(&TITLES), chance.below(100)),
        "organization": chance.one(&model.firms).to_string(),
        "place": chance.one(&PLACES),
    });
    let mut maybe = |name: &str, with: Value| {
        if chance.below(3) > 0 {
            value[name] = with;
        }
    };
    maybe("weight", json!(7));
    maybe("liaison", json!(model.people[2].to_string()));
    maybe("note", json!("备注"));
    if chance.below(4) > 0 {
        value["industry"] = json!([chance.one(&TRADES)]);
        value["weight"] = json!(chance.below(40));
    }
    fields(value)
}

/// One verb by a random asker; model and stores must agree on whether it is allowed.
fn one_step(chance: &mut Chance, model: &mut Model, stores: &[TestStore; 2], step: usize) {
    let me = chance.one(&askers(model)).clone();
    let at = chance.below(model.demands.len().max(1));
    match (chance.below(10), model.demands.get(at).cloned()) {
        (0..=3, _) | (_, None) => {
            let kept = Kept {
                id: RecordId::new(1_000 + step as u64, [9; 10]),
                stage: "draft".into(),
                version: 1,
                fields: random_fields(chance, model),
                gone: false,
            };
            let allowed = model.may(&me, &kept, &Verb::Create);
            for store in stores {
                let new = New {
                    kind: "demand".into(),
                    fields: kept.fields.clone(),
                    id: Some(kept.id),
                    ..New::default()
                };
                assert_eq!(store.create(&me, new).is_ok(), allowed, "create {step}");
            }
            if allowed {
                model.demands.push(kept);
            }
        }
        (4..=5, Some(kept)) => revise(chance, model, stores, &me, at, &kept),
        (6..=8, Some(kept)) => make(chance, model, stores, &me, at, &kept),
        (_, Some(kept)) => {
            let allowed = !kept.gone && model.may(&me, &kept, &Verb::Erase);
            for store in stores {
                let (me, id) = (me.clone(), kept.id);
                let erased = store.write(move |w| w.erase(&me, &Key::Id(id), "law"));
                assert_eq!(erased.is_ok(), allowed || (kept.gone && erased.is_ok()), "erase {step}");
            }
            model.demands[at].gone |= allowed;
        }
    }
}

fn revise(
    chance: &mut Chance,
    model: &mut Model,
    stores: &[TestStore; 2],
    me: &Asker,
    at: usize,
    kept: &Kept,
) {
    let fields = random_fields(chance, model);
    let allowed = model.reads(me, kept) && model.may(me, kept, &Verb::Revise);
    for store in stores {
        let (me, id, version, fields) = (me.clone(), kept.id, kept.version, fields.clone());
        let revised = store.write(move |w| w.revise(&me, &Key::Id(id), version, fields));
        assert_eq!(revised.is_ok(), allowed, "{revised:?}");
    }
    if allowed {
        model.demands[at] = Kept { fields, version: kept.version + 1, ..kept.clone() };
    }
}

fn make(chance: &mut Chance, model: &mut Model, stores: &[TestStore; 2], me: &Asker, at: usize, kept: &Kept) {
    let (name, from, to) = *chance.one(&[
        ("submit", "draft", "submitted"),
        ("publish", "submitted", "published"),
        ("close", "published", "closed"),
    ]);
    let allowed =
        model.reads(me, kept) && kept.stage == from && model.may(me, kept, &Verb::Move(name.into()));
    for store in stores {
        let (me, id) = (me.clone(), kept.id);
        let made = store.write(move |w| w.make(&me, &Key::Id(id), None, name, &Fields::new(), 0));
        assert_eq!(made.is_ok(), allowed, "{name} {made:?}");
    }
    if allowed {
        model.demands[at] = Kept { stage: to.into(), version: kept.version + 1, ..kept.clone() };
    }
}

fn filters(chance: &mut Chance, model: &Model) -> Vec<Filter> {
    let is = |value: &str| Filter::Is("industry".into(), value.into());
    let place = |code: &str| Filter::Place(code.parse::<Place>().unwrap());
    let weight = model.catalogue.kind("demand").unwrap().field("weight").unwrap();
    let key = catalogue::value::keys(weight, &json!(chance.below(40)), &model.catalogue.terms())[0].clone();
    vec![
        Filter::All(Vec::new()),
        is("C"),
        Filter::All(vec![is("C20"), place("330500")]),
        Filter::Stage("published".into()),
        Filter::Any(vec![is("A"), Filter::Stage("draft".into())]),
        Filter::Not(Box::new(is("C26"))),
        Filter::AtLeast("weight".into(), key.clone()),
        Filter::Not(Box::new(Filter::AtMost("weight".into(), key))),
        Filter::Public,
        Filter::All(vec![Filter::Public, is("C")]),
        Filter::Not(Box::new(Filter::Public)),
        Filter::Any(vec![Filter::Public, Filter::Owner(model.firms[1])]),
        Filter::Owner(model.firms[1]),
        Filter::Not(Box::new(Filter::Owner(model.firms[1]))),
        Filter::Refers("liaison".into(), model.people[2]),
        Filter::All(vec![
            place("330000"),
            Filter::Not(Box::new(Filter::Refers("liaison".into(), model.people[2]))),
        ]),
    ]
}

fn compare(chance: &mut Chance, model: &Model, store: &TestStore, seed: u64) {
    for me in askers(model) {
        for filter in filters(chance, model) {
            let expected = model.list(&me, &filter);
            let case = format!("seed {seed} {:?} {me:?} {filter:?}", store.register.store());
            assert_eq!(paged(store, &me, &filter, Order::Newest), expected, "{case}");
            let other = chance
                .one(&[Order::Due, Order::By("title".into()), Order::ByDesc("weight".into()), Order::Oldest])
                .clone();
            let mut found = paged(store, &me, &filter, other.clone());
            found.sort();
            let mut sorted = expected;
            sorted.sort();
            assert_eq!(found, sorted, "{case} {other:?}");
        }
        for kept in &model.demands {
            assert_eq!(
                store.find(&me, kept.id).is_ok(),
                model.reads(&me, kept),
                "seed {seed} {me:?} {kept:?}"
            );
        }
    }
    let feed = store.register.read(|r| r.feed(Position::default(), 10_000)).unwrap();
    let numbers: Vec<u64> = feed.iter().map(|row| row.position.number).collect();
    assert_eq!(numbers, (1..=numbers.len() as u64).collect::<Vec<_>>(), "dense and in order");
    let verdict = store.register.verify().unwrap();
    let gone = model.demands.iter().filter(|kept| kept.gone).count() as u64;
    assert!(verdict.sound() && verdict.erased == gone, "seed {seed}: {verdict:?}");
}

/// The whole list, page by page; the count must be right on every page.
fn paged(store: &TestStore, me: &Asker, filter: &Filter, order: Order) -> Vec<RecordId> {
    let mut find = Find::kind("demand").filter(filter.clone()).order(order).first(7);
    let (mut found, mut counts) = (Vec::new(), Vec::new());
    loop {
        let page = store.register.read(|r| r.list(me, &find)).unwrap();
        found.extend(page.items.iter().map(|item| item.id));
        counts.push(page.count.n);
        match page.next {
            Some(next) => find = find.after(Some(next)),
            None => break,
        }
    }
    assert!(counts.iter().all(|n| *n == found.len()), "{counts:?} {}", found.len());
    found
}

#[test]
fn random_histories_read_the_same_on_the_model_and_both_stores() {
    for seed in SEEDS {
        history(seed, &[TestStore::new(Store::Sqlite), TestStore::new(Store::Postgres)]);
    }
}
