//! A random life of a register with the shipped catalogue, and what must hold after each of its steps.
//!
//! Start at [`Life::begin`], then [`Life::step`].

use std::collections::BTreeMap;
use std::sync::Arc;

use base::calendar::Calendar;
use base::day::Day;
use base::id::RecordId;
use base::place::Place;
use catalogue::access::Role;
use catalogue::kind::{Clock, Span};
use catalogue::{Asker, Audience, Catalogue, Fields, Kind, Move, Over, RoleGrant};
use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan as _};
use register::{Fault, Find, Item, Key, New, Record, Register, Rung, Why};
use serde_json::{Value, json};

use super::table::Table;
use crate::harness::seeded::{Marks, Sampler, opened};
use crate::harness::{Site, Store, shipped};

const HERE: &str = "330521";
/// A province, a city, the county itself, and one next door.
const REGIONS: [&str; 4] = ["330000", "330500", HERE, "330281"];
/// Records of each kind when a life begins.
const OF_EACH_KIND: usize = 3;
/// The calendar tells the working days of 2026; later than this no promise could be counted.
const LAST_DAY: Date = date(2026, 8, 31);

/// A record as this test follows it.
struct Followed {
    row: i64,
    id: RecordId,
    /// Clocks that run, and the last day of each.
    clocks: BTreeMap<String, Date>,
}

pub struct Life {
    register: Register,
    catalogue: Arc<Catalogue>,
    calendar: Calendar,
    table: Table,
    sampler: Sampler,
    people: Vec<(String, Asker)>,
    records: Vec<Followed>,
    today: Date,
    chance: u64,
    told: Vec<String>,
    seed: u64,
    counts: BTreeMap<&'static str, usize>,
    /// Kinds and stages that were stood at.
    been: BTreeMap<String, usize>,
    _site: Site,
}

impl Drop for Life {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let last = self.told.len().saturating_sub(20);
            eprintln!("{}\nHONGNIANG_SEED={} repeats this", self.told[last..].join("\n"), self.seed);
        }
    }
}

impl Life {
    pub fn begin(store: Store, seed: u64) -> Life {
        let (site, catalogue) = (Site::new(store), Arc::new(shipped()));
        let register = opened(&site.store(), catalogue.clone(), "moves");
        let marks = Marks { open: "明文样例", inside: "内文样例", sealed: "密文样例" };
        let today = date(2026, 1, 5);
        let file = register
            .store_file(moment(today), &mut "密文".as_bytes(), "a.txt", "text/plain")
            .expect("a file");
        let mut life = Life {
            sampler: Sampler::new(catalogue.clone(), HERE, marks, file),
            register,
            catalogue,
            calendar: Calendar::bundled(),
            table: Table::committed(),
            people: Vec::new(),
            records: Vec::new(),
            today,
            chance: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1,
            told: Vec::new(),
            seed,
            counts: BTreeMap::new(),
            been: BTreeMap::new(),
            _site: site,
        };
        life.furnish();
        life
    }

    fn below(&mut self, n: usize) -> usize {
        self.chance ^= self.chance << 13;
        self.chance ^= self.chance >> 7;
        self.chance ^= self.chance << 17;
        usize::try_from((self.chance >> 11) % n.max(1) as u64).unwrap_or_default()
    }

    fn is_one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// A firm that owns, one aside, a person who is assigned, some records of each kind, and everybody who asks.
    fn furnish(&mut self) {
        let aside = self.file("organization", "").expect("a firm");
        for kind in ["organization", "person", "achievement", "demand"] {
            let id = self.file(kind, "").expect("one that others refer to");
            self.sampler.known.insert(kind.to_owned(), id);
        }
        let kinds: Vec<String> = self.catalogue.kinds().map(|kind| kind.name.clone()).collect();
        for kind in &kinds {
            for at in 0..OF_EACH_KIND {
                let ceiling = ["", "node", "private"][at % 3];
                let id = self.file(kind, ceiling);
                self.sampler.known.entry(kind.clone()).or_insert(id.expect("a record of each kind"));
            }
        }
        let (owner, person) = (self.sampler.known["organization"], self.sampler.known["person"]);
        self.people.push(("a visitor".to_owned(), Asker::default()));
        let of_firm = Asker { organizations: vec![owner], ..Asker::default() };
        self.people.push(("someone of the owner".to_owned(), of_firm));
        self.people.push(("the assigned".to_owned(), Asker { person: Some(person), ..Asker::default() }));
        for (name, role) in Role::NAMES {
            let overs = match role.is_of_organizations() {
                true => [owner, aside].map(Over::Organization).to_vec(),
                false => {
                    let places = REGIONS.iter().map(|code| Over::Place(Place::parse(code).expect("a place")));
                    places.chain([Over::Node]).collect()
                }
            };
            for over in overs {
                let organizations = if over == Over::Organization(owner) { vec![owner] } else { Vec::new() };
                let told = format!("{name} over {over:?}");
                let roles = vec![RoleGrant { role, over }];
                self.people.push((told, Asker { organizations, roles, ..Asker::default() }));
            }
        }
    }

    /// Files a record of a kind at its first stage, by who may do everything.
    fn file(&mut self, kind: &str, ceiling: &str) -> Option<RecordId> {
        let catalogue = self.catalogue.clone();
        let kind = catalogue.kind(kind).expect("a kind");
        let types: Vec<&str> = kind.types.iter().map(|of| of.path.as_str()).collect();
        let at = self.below(types.len());
        let type_path = types.get(at).copied().unwrap_or_default().to_owned();
        let mut fields = self.sampler.fields(kind, &type_path);
        if let Some(name) = &kind.ceiling {
            fields.insert(name.clone(), json!(ceiling));
        }
        for field in kind.fields.iter().filter(|field| field.lowers.is_some() && self.is_one_in(2)) {
            fields.insert(field.name.clone(), json!(true));
        }
        // No two are told alike: one outcome is told once.
        if let Some(Value::String(title)) = fields.get_mut("title") {
            title.push_str(&self.records.len().to_string());
        }
        let owner = self.sampler.known.get("organization").copied();
        let (me, mut tries) = (self.anybody(), 0);
        loop {
            fields.retain(|_, value| !catalogue::value::is_empty(value));
            let new = New {
                kind: kind.name.clone(),
                type_path: type_path.clone(),
                fields: fields.clone(),
                owner,
                place: Place::parse(HERE).ok(),
                id: None,
            };
            let asker = me.clone();
            match self.register.write_now(moment(self.today), move |writer| writer.create(&asker, new)) {
                Ok(made) => return Some(self.follow(kind, &made.value.item)),
                Err(Fault::Invalid(faults)) if tries < 4 => {
                    tries += 1;
                    let heads: Vec<&str> =
                        faults.iter().filter_map(|fault| fault.field.split('.').next()).collect();
                    fields.retain(|name, _| !heads.contains(&name.as_str()));
                }
                Err(fault) => panic!("{} {type_path}: {fault}", kind.name),
            }
        }
    }

    fn follow(&mut self, kind: &Kind, item: &Item) -> RecordId {
        let clocks = self.entered(kind, &item.stage).expect("the calendar knows the day");
        self.records.push(Followed { row: item.row, id: item.id, clocks });
        self.dated(self.records.len() - 1, kind, &item.stage);
        item.id
    }

    /// Clocks that go by a day of the record go by it as it now stands.
    fn dated(&mut self, at: usize, kind: &Kind, stage: &str) {
        let (anybody, id) = (self.anybody(), self.records[at].id);
        let Ok(record) = self.register.read(|reader| reader.find(&anybody, &Key::Id(id))) else { return };
        for clock in &kind.stage(stage).expect("a stage of the kind").clocks {
            let Span::To { field, days_before } = &clock.span else { continue };
            let day = record
                .fields
                .get(field)
                .and_then(Value::as_str)
                .map(|day| day.parse::<Day>().expect("a day"));
            let due = day.map(|day| day.last().checked_sub(i64::from(*days_before).days()).expect("a date"));
            match due {
                Some(due) => self.records[at].clocks.insert(clock.name.clone(), due),
                None => self.records[at].clocks.remove(&clock.name),
            };
        }
    }

    /// Someone in every role everywhere, who owns everything and is assigned: to look with, never to judge by.
    fn anybody(&self) -> Asker {
        let unit = self.sampler.known.get("organization").copied();
        let over = |role: Role| match (role.is_of_organizations(), unit) {
            (true, Some(unit)) => Over::Organization(unit),
            _ => Over::Node,
        };
        let roles =
            Role::NAMES.iter().map(|(_, role)| RoleGrant { role: *role, over: over(*role) }).collect();
        let organizations = unit.into_iter().collect();
        Asker { person: self.sampler.known.get("person").copied(), organizations, roles, ..Asker::default() }
    }

    /// The clocks of a stage entered today, counted day by day; none where the calendar ends before.
    fn entered(&self, kind: &Kind, stage: &str) -> Option<BTreeMap<String, Date>> {
        let clocks = &kind.stage(stage).expect("a stage of the kind").clocks;
        let counted = clocks.iter().filter(|clock| !matches!(clock.span, Span::To { .. }));
        counted.map(|clock| Some((clock.name.clone(), self.last_day(clock)?))).collect()
    }

    fn last_day(&self, clock: &Clock) -> Option<Date> {
        let mut day = self.today;
        match clock.span {
            Span::Days(days) => day.checked_add(i64::from(days).days()).ok(),
            Span::Months(months) => day.checked_add(i64::from(months).months()).ok(),
            Span::WorkingDays(days) => {
                let mut left = days;
                while left > 0 {
                    day = day.tomorrow().ok()?;
                    left -= u16::from(self.calendar.is_working(day).ok()?);
                }
                Some(day)
            }
            Span::To { .. } => None,
        }
    }

    /// The record as the rule sees it, whoever may read it.
    fn whole(&self, at: usize) -> Why {
        let (row, today) = (self.records[at].row, self.today);
        self.register.read(|reader| reader.why(&Asker::default(), &Key::Row(row), today)).expect("a record")
    }

    /// One move by someone, or some days that pass.
    pub fn step(&mut self) {
        if self.is_one_in(25) {
            return self.pass_days();
        }
        let (at, who) = (self.below(self.records.len()), self.below(self.people.len()));
        let before = self.whole(at);
        let catalogue = self.catalogue.clone();
        let kind = catalogue.kind(&before.item.kind).expect("a kind");
        let leaving: Vec<&Move> =
            kind.moves.iter().filter(|mv| mv.from.contains(&before.item.stage)).collect();
        let from =
            if leaving.is_empty() || self.is_one_in(6) { kind.moves.iter().collect() } else { leaving };
        if from.is_empty() {
            return;
        }
        let mv: &Move = from[self.below(from.len())];
        // Two of three times someone the table lets, if there is anyone: lives then get somewhere.
        let able: Vec<usize> = (0..self.people.len())
            .filter(|who| self.table.lets_move(&self.people[*who].1, &before.subject, &mv.name))
            .collect();
        let who = if able.is_empty() || self.is_one_in(3) { who } else { able[self.below(able.len())] };
        let given = self.given(kind, mv);
        self.make(at, &before, kind, mv, who, given);
    }

    /// What is filled in: nearly always what the move needs, sometimes more, sometimes nonsense.
    fn given(&mut self, kind: &Kind, mv: &Move) -> Fields {
        let mut given = self.sampler.given(kind, mv);
        for name in &mv.takes {
            let Some(field) = kind.field(name).filter(|_| self.is_one_in(3)) else { continue };
            given.insert(name.clone(), self.sampler.sample(field, field.layer));
        }
        if let Some(name) = kind.ceiling.as_ref().filter(|name| mv.takes.contains(name)) {
            let stated = ["private", "node", "line", "network", "public", ""][self.below(6)];
            given.insert(name.clone(), json!(stated));
        }
        if self.is_one_in(12) {
            let names: Vec<String> = given.keys().cloned().collect();
            if !names.is_empty() {
                let name = names[self.below(names.len())].clone();
                given.insert(name, if self.is_one_in(2) { Value::Null } else { json!({ "no": "sense" }) });
            }
        }
        if self.is_one_in(20) {
            given.insert(kind.title.clone(), json!("不该由此改写"));
        }
        given
    }

    fn make(&mut self, at: usize, before: &Why, kind: &Kind, mv: &Move, who: usize, given: Fields) {
        let (name, me) = self.people[who].clone();
        let (key, mv_name, filled) = (Key::Row(self.records[at].row), mv.name.clone(), given.clone());
        let duplicates = self.below(4) / 3;
        let position = self.register.position();
        let made = self.register.write_now(moment(self.today), move |writer| {
            writer.make(&me, &key, None, &mv_name, &filled, duplicates)
        });
        let told = made.as_ref().map(|made| made.value.item.stage.clone()).map_err(ToString::to_string);
        self.told.push(format!(
            "{} {} {} at {}: {} by {name} with {}: {told:?}",
            self.today,
            kind.name,
            before.item.number.path(),
            before.item.stage,
            mv.name,
            json!(given)
        ));
        let after = self.whole(at);
        let lets = self.table.lets_move(&self.people[who].1, &before.subject, &mv.name);
        match made {
            Ok(_) => {
                assert!(lets, "the table lets nobody who stands so");
                self.moved(at, before, &after, kind, mv);
                self.count("made");
            }
            Err(fault) => {
                assert_eq!(self.register.position(), position, "a refused move wrote something");
                assert_eq!(
                    (&after.item, &after.subject),
                    (&before.item, &before.subject),
                    "a refusal changed it"
                );
                let hidden = matches!(fault, Fault::NotFound);
                let reads = self.table.lets(&self.people[who].1, &before.subject, "read");
                assert_eq!(hidden, !reads, "what one may not read is not there, and only that: {fault}");
                self.count(if lets { "refused by a rule" } else { "refused by the table" });
            }
        }
        self.stands(at, &after, kind);
    }

    /// The move led where its file says, one version further.
    fn moved(&mut self, at: usize, before: &Why, after: &Why, kind: &Kind, mv: &Move) {
        assert!(mv.from.contains(&before.item.stage), "{} does not leave {}", mv.name, before.item.stage);
        let to = mv.to.as_ref().unwrap_or(&before.item.stage);
        assert_eq!(&after.item.stage, to);
        // What follows a move may write the record once more.
        let further = after.item.version - before.item.version;
        assert!(further == 1 || (further > 1 && !mv.then.is_empty()), "{}: {further} versions", mv.name);
        self.clocks_follow(at, &before.item.stage, to, kind, mv);
        *self.been.entry(format!("{} {to}", kind.name)).or_default() += 1;
    }

    /// Another stage starts its own clocks; the same keeps those that run, but for what the move winds.
    fn clocks_follow(&mut self, at: usize, from: &str, to: &str, kind: &Kind, mv: &Move) {
        let fresh = self.entered(kind, to).expect("no promise was made that the calendar cannot count");
        let clocks = &mut self.records[at].clocks;
        match from == to {
            true => clocks.extend(fresh.into_iter().filter(|(name, _)| mv.winds.contains(name))),
            false => *clocks = fresh,
        }
    }

    /// What holds of a record wherever it stands.
    fn stands(&mut self, at: usize, now: &Why, kind: &Kind) {
        let stage = kind.stage(&now.item.stage).expect("a stage the kind knows");
        assert!(now.item.audience <= stage.reach, "{} reaches further than its stage", kind.name);
        let anybody = self.anybody();
        let (row, id) = (self.records[at].row, self.records[at].id);
        if let Ok(record) = self.register.read(|reader| reader.find(&anybody, &Key::Id(id))) {
            self.travels(kind, stage.reach, &record);
            let history = self.register.read(|reader| reader.history(&anybody, row)).expect("a history");
            assert_eq!(history.len() as u64, record.item.version, "each version has its change");
            assert_eq!(history.last().map(|change| change.stage.clone()), Some(record.item.stage));
        }
        self.dated(at, kind, &now.item.stage);
        assert_eq!(now.item.due, self.records[at].clocks.values().min().copied(), "its earliest promise");
    }

    /// How far it travels is the smaller of what its stage reaches and what is stated, or what a yes holds back.
    fn travels(&self, kind: &Kind, reach: Audience, record: &Record) {
        let stated = kind.ceiling.as_ref().and_then(|name| record.fields.get(name)).and_then(Value::as_str);
        let lowered = || {
            let yes = kind.fields.iter().filter(|field| record.fields.get(&field.name) == Some(&json!(true)));
            yes.filter_map(|field| field.lowers).min().unwrap_or(Audience::Public)
        };
        let ceiling = stated.map_or_else(lowered, |name| Audience::named(name).expect("an audience"));
        assert_eq!(record.item.audience, reach.min(ceiling), "{} {stated:?}", record.item.stage);
    }

    /// Days pass; every clock that ran out and names a move of the house is rung, and no other.
    fn pass_days(&mut self) {
        let days = 1 + self.below(9);
        self.today = self.today.saturating_add(i64::try_from(days).unwrap_or(1).days()).min(LAST_DAY);
        let today = self.today;
        let rung = self.register.read(|reader| reader.rung(today, 10_000)).expect("clocks");
        let followed = |rung: &Rung| self.records.iter().any(|record| record.row == rung.row);
        let rung: Vec<Rung> = rung.into_iter().filter(followed).collect();
        let mut expected: Vec<(i64, String)> = Vec::new();
        for at in 0..self.records.len() {
            let now = self.whole(at);
            let kind = self.catalogue.kind(&now.item.kind).expect("a kind");
            let stage = kind.stage(&now.item.stage).expect("a stage");
            let does =
                |name: &String| stage.clocks.iter().any(|clock| clock.name == *name && clock.does.is_some());
            let out = self.records[at].clocks.iter().filter(|(name, due)| **due < today && does(name));
            expected.extend(out.map(|(name, _)| (now.item.row, name.clone())));
        }
        let mut found: Vec<(i64, String)> = rung.iter().map(|rung| (rung.row, rung.clock.clone())).collect();
        expected.sort();
        found.sort();
        assert_eq!(found, expected, "the clocks that ran out by {today}");
        for one in rung {
            self.ring(one);
        }
    }

    fn ring(&mut self, rung: Rung) {
        let at = self.records.iter().position(|record| record.row == rung.row).expect("a record");
        let before = self.whole(at);
        if self.records[at].clocks.get(&rung.clock).is_none_or(|due| *due >= self.today) {
            return;
        }
        let catalogue = self.catalogue.clone();
        let kind = catalogue.kind(&before.item.kind).expect("a kind");
        let clocks = &kind.stage(&before.item.stage).expect("a stage").clocks;
        let clock = clocks.iter().find(|clock| clock.name == rung.clock).expect("a clock of the stage");
        let mv = kind.move_of(clock.does.as_deref().expect("a move")).expect("a move of the kind");
        self.told
            .push(format!("{} {} at {}: {} rings", self.today, kind.name, before.item.stage, clock.name));
        self.register.write_now(moment(self.today), move |writer| writer.ring(&rung)).expect("it rings");
        let after = self.whole(at);
        self.moved(at, &before, &after, kind, mv);
        self.stands(at, &after, kind);
        self.count("rung");
    }

    fn count(&mut self, what: &'static str) {
        *self.counts.entry(what).or_default() += 1;
    }

    /// At the end everyone looks for everything: what they find and what they are listed is what the table says.
    pub fn end(self) {
        let wholes: Vec<Why> = (0..self.records.len()).map(|at| self.whole(at)).collect();
        let mut looked = 0;
        for (name, me) in &self.people {
            for kind in self.catalogue.kinds() {
                let find = Find::kind(&kind.name).first(100);
                let listed = self.register.read(|reader| reader.list(me, &find)).expect("a list");
                assert!(listed.next.is_none(), "few enough for one page");
                let mut listed: Vec<RecordId> = listed.items.iter().map(|item| item.id).collect();
                let readable = wholes.iter().filter(|now| now.item.kind == kind.name);
                let readable = readable.filter(|now| self.table.lets(me, &now.subject, "read"));
                let mut readable: Vec<RecordId> = readable.map(|now| now.item.id).collect();
                // What follows a move may file further records, which are not followed here.
                listed.retain(|id| wholes.iter().any(|now| now.item.id == *id));
                listed.sort();
                readable.sort();
                assert_eq!(listed, readable, "{name} is listed of {}", kind.name);
            }
            for now in &wholes {
                let found = self.register.read(|reader| reader.find(me, &Key::Id(now.item.id))).is_ok();
                assert_eq!(
                    found,
                    self.table.lets(me, &now.subject, "read"),
                    "{name} finds {:?}",
                    now.subject
                );
                looked += 1;
            }
        }
        assert!(self.register.verify().expect("a verdict").sound());
        let made = self.counts.get("made").copied().unwrap_or_default();
        assert!(made * 10 > self.told.len(), "hardly anything was done: {:?}", self.counts);
        let stages: usize = self.catalogue.kinds().map(|kind| kind.stages.len()).sum();
        println!(
            "seed {}: {:?}, {} of {stages} stages of {} kinds moved to, by {}; looked {looked} times at {} records",
            self.seed,
            self.counts,
            self.been.len(),
            self.catalogue.kinds().count(),
            self.today,
            wholes.len()
        );
    }
}

/// Nine in the morning of a day.
fn moment(day: Date) -> Timestamp {
    format!("{day}T01:00:00Z").parse().expect("a moment")
}
