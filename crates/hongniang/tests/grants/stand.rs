//! Records at every stage, and people who stand to them in every way: put into the store before anyone serves it.
//!
//! Judges nothing: it says for each cell who asks and what the sheet expects. Start at [`prepare`].

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use base::id::RecordId;
use base::place::Place;
use catalogue::access::{Role, Standing};
use catalogue::kind::Verb;
use catalogue::step::Guard;
use catalogue::{Asker, Catalogue, Field, Fields, Kind, Move, Over, RoleGrant, Shape};
use register::{Fault, Key, New, Record, Register, StoreAt, Who, Writer};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::sheet::{Column, Line, Sheet};
use crate::harness::seeded::filled;

/// Where all records lie, and where the twin officers serve who have no business with them.
const HERE: &str = "330521";
/// Where officers of the region serve: the level above the records, so that what asks for that is met too.
const ABOVE: &str = "330500";
const ELSEWHERE: &str = "330281";
const DAY: &str = "2026-11-20";
const MORNING: &str = "2026-11-20T02:00:00Z";
const LATE: &str = "2099-01-01T00:00:00Z";
const SEEN: &str = "2098-12-31T00:00:00Z";
/// The type of tie whose owner must own what it opens.
const OPENING: &str = "opening";

/// One cell, ready to be tried.
#[derive(Clone, Debug)]
pub struct Trial {
    pub line: usize,
    pub column: Column,
    /// Somebody stands exactly so; otherwise the nearest who can exist asks, and must be refused.
    pub exact: bool,
    pub cookie: Option<String>,
    pub reads: bool,
    pub allowed: bool,
    /// Number of the record, and of the duplicate for merging.
    pub number: String,
    pub lose: String,
    /// Type and fields given with it.
    pub type_path: String,
    pub given: Fields,
}

#[derive(Clone, Copy, Debug)]
enum Party {
    Unit(RecordId),
    Person(RecordId),
}

/// A record that stands at a stage, and who stands to it.
#[derive(Clone, Debug)]
struct Base {
    number: String,
    owner: Option<Party>,
    assigned: Option<Party>,
}

/// Someone who comes with a session, or without one, and how they stand to a record.
struct Comer {
    cookie: Option<String>,
    stands: Vec<Column>,
}

struct Hands<'h, 'w> {
    writer: &'h mut Writer<'w>,
    catalogue: Arc<Catalogue>,
    /// One record of each kind that others refer to; the organisation owns, the person is assigned.
    known: BTreeMap<String, RecordId>,
    /// The organisation that is assigned, and one that has to do with nothing.
    assigned: Option<RecordId>,
    aside: Option<RecordId>,
    sessions: BTreeMap<(Column, Option<RecordId>), String>,
    drawn: usize,
    /// Records that stand where only the house brings them.
    rings: Vec<Rings>,
}

/// A record that goes on when clocks ring: after how many moves of the house, and by which moves of people then.
struct Rings {
    row: i64,
    times: i64,
    then: Vec<(String, Fields)>,
}

/// The last day of what is to last: longer than any test, and long past once the clocks have rung.
const LASTING: &str = "2098-12-31";
const ENDING: &str = "2026-12-31";
/// Days after which every clock of a record has run out.
const ROUND_DAYS: i64 = 400;

fn secret_of(session: usize) -> String {
    format!("a-session-of-the-test-{session}")
}

fn digest_of(session: usize) -> [u8; 32] {
    Sha256::digest(secret_of(session).as_bytes()).into()
}

/// Everything to be tried, in the order of the sheet. Writes it all in one transaction.
pub fn prepare(at: &StoreAt, catalogue: Catalogue) -> Vec<Trial> {
    let counter = AtomicU64::new(0);
    let chance = move |bytes: &mut [u8]| {
        for part in bytes.chunks_mut(32) {
            let drawn = Sha256::digest(counter.fetch_add(1, Ordering::Relaxed).to_be_bytes());
            part.copy_from_slice(&drawn[..part.len()]);
        }
    };
    let (catalogue, now) = (Arc::new(catalogue), MORNING.parse().expect("a moment"));
    let register =
        Register::open(at, catalogue.clone(), base::calendar::Calendar::bundled(), now, Arc::new(chance))
            .expect("a register");
    let all = move |writer: &mut Writer<'_>| {
        let mut hands = Hands {
            writer,
            catalogue,
            known: BTreeMap::new(),
            assigned: None,
            aside: None,
            sessions: BTreeMap::new(),
            drawn: 0,
            rings: Vec::new(),
        };
        hands.furnish();
        Ok((hands.trials(&Sheet::committed()), hands.rings, hands.sessions.len()))
    };
    let (trials, rings, sessions) = register.write_now(now, all).expect("records and people").value;
    // The records are of a day that has passed; whoever comes has been seen just now.
    let seen = move |writer: &mut Writer<'_>| {
        (0..sessions).try_for_each(|n| writer.note_seen(&digest_of(n), "", ""))
    };
    register.write_now(SEEN.parse().expect("a moment"), seen).expect("sessions");
    for round in 1..=rings.iter().map(|of| of.times).max().unwrap_or_default() {
        let later: jiff::Timestamp = now + jiff::SignedDuration::from_hours(24 * ROUND_DAYS * round);
        let today = later.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8))).date();
        let waits = |row: i64| rings.iter().any(|of| of.row == row && of.times >= round);
        for rung in register.read(|reader| reader.rung(today, 100_000)).expect("clocks") {
            if waits(rung.row) {
                register.write_now(later, move |writer| writer.ring(&rung)).expect("a move of the house");
            }
        }
    }
    let gone_on = now + jiff::SignedDuration::from_hours(24 * ROUND_DAYS * 2);
    for Rings { row, then, .. } in rings {
        for (name, given) in then {
            let made = move |writer: &mut Writer<'_>| {
                writer.make(&offices(), &Key::Row(row), None, &name, &given, 0)
            };
            register.write_now(gone_on, made).expect("a move after those of the house");
        }
    }
    trials
}

impl Hands<'_, '_> {
    fn furnish(&mut self) {
        let unit = |hands: &mut Self| hands.stand("organization", "listed").1;
        self.aside = Some(unit(self));
        self.assigned = Some(unit(self));
        let owner = unit(self);
        self.known.insert("organization".to_owned(), owner);
        for (kind, stage) in [("person", "listed"), ("achievement", "published"), ("demand", "published")] {
            let (_, id) = self.stand(kind, stage);
            self.known.insert(kind.to_owned(), id);
        }
        // What rests on a verified outcome names one its unit has confirmed.
        let (_, outcome) = self.stand("outcome", "listed");
        let confirmed = self.by_whom_it_is_granted(None, |writer, who| {
            writer.make(who, &Key::Id(outcome), None, "confirm", &Fields::new(), 0)
        });
        confirmed.unwrap_or_else(|fault| panic!("the outcome: {fault}"));
        self.known.insert("outcome".to_owned(), outcome);
    }

    fn trials(&mut self, sheet: &Sheet) -> Vec<Trial> {
        let mut shared: BTreeMap<(String, String), (Base, Base)> = BTreeMap::new();
        let mut trials = Vec::new();
        for (at, line) in sheet.lines.iter().enumerate() {
            let place = (line.kind.clone(), line.stage.clone());
            if !shared.contains_key(&place) {
                let pair = (self.stand(&line.kind, &line.stage).0, self.stand(&line.kind, &line.stage).0);
                shared.insert(place.clone(), pair);
            }
            let (base, lose) = shared[&place].clone();
            for column in &sheet.columns {
                trials.push(match line.verb.as_str() {
                    "create" => self.creation(sheet, at, *column),
                    _ => self.trial(sheet, at, *column, &base, &lose),
                });
            }
        }
        trials
    }

    /// A trial on a record that stands there; on a fresh one if it will not stand there afterwards.
    fn trial(&mut self, sheet: &Sheet, at: usize, column: Column, base: &Base, lose: &Base) -> Trial {
        let line = &sheet.lines[at];
        let catalogue = self.catalogue.clone();
        let kind = catalogue.kind(&line.kind).expect("a kind");
        let reach = kind.stage(&line.stage).expect("a stage").reach;
        let mut comer = self.comer(column, base);
        let (mut number, mut lose) = (base.number.clone(), lose.number.clone());
        let reads = sheet.reads(line, &comer.stands, reach);
        let allowed = sheet.allows(line, &comer.stands, reach);
        let mv = kind.move_of(&line.verb);
        match line.verb.as_str() {
            "merge" if allowed => lose = self.stand(&line.kind, &line.stage).0.number,
            // A guard may let a move be made once, though the record stands where it stood.
            verb if allowed
                && (verb == "erase" || mv.is_some_and(|mv| mv.to.is_some() || !mv.when.is_empty())) =>
            {
                let fresh = self.stand(&line.kind, &line.stage).0;
                comer = self.comer(column, &fresh);
                number = fresh.number;
            }
            _ => {}
        }
        let given = mv.map(|mv| self.given(kind, mv, "")).unwrap_or_default();
        if let Some(mv) = mv.filter(|_| allowed) {
            let key = Key::Number(line.kind.clone(), number.parse().expect("a number"));
            let id = self.writer.find(&offices(), &key).map(|found| found.item.id);
            id.into_iter().for_each(|id| self.wanted(mv, id));
        }
        let exact = comer.stands.contains(&column);
        let (cookie, type_path) = (comer.cookie, String::new());
        Trial { line: at, column, exact, cookie, reads, allowed, number, lose, type_path, given }
    }

    /// A trial of filing: whoever files a record of a kind without an owner field owns it; nobody owns what owns
    /// itself before it is there; an opening is owned with what it opens.
    fn creation(&mut self, sheet: &Sheet, at: usize, column: Column) -> Trial {
        let line = &sheet.lines[at];
        let catalogue = self.catalogue.clone();
        let kind = catalogue.kind(&line.kind).expect("a kind");
        let types = types_of(kind);
        let type_path =
            types.into_iter().find(|of| kind.start_of(of) == line.stage).expect("a type that starts there");
        let mut given = self.fields(kind, &type_path);
        given.retain(|name, _| kind.field(name).is_some_and(|field| !field.by_moves));
        let named = assigning(kind, &type_path).filter(|field| given.contains_key(&field.name));
        let owned = match kind.owner.as_deref() {
            None => type_path == OPENING,
            Some(owner) => owner != catalogue::kind::OWNER_SELF,
        };
        let base = Base {
            number: String::new(),
            owner: owned.then(|| Party::Unit(self.known["organization"])),
            assigned: named.and_then(|field| self.party(field)),
        };
        let mut comer = self.comer(column, &base);
        if kind.owner.is_none() {
            comer.stands.retain(|of| of.standing != Standing::Own || of.role.is_none());
            if comer.cookie.is_some() && type_path != OPENING {
                comer.stands.push(Column::bare(Standing::Own));
            }
        }
        let reach = kind.stage(&line.stage).expect("a stage").reach;
        let allowed = sheet.allows(line, &comer.stands, reach);
        let exact = comer.stands.contains(&column);
        let (number, lose) = (String::new(), String::new());
        Trial {
            line: at,
            column,
            exact,
            cookie: comer.cookie,
            reads: true,
            allowed,
            number,
            lose,
            type_path,
            given,
        }
    }

    /// A new record brought to a stage by the fewest moves, each made by someone it is granted to.
    fn stand(&mut self, kind: &str, stage: &str) -> (Base, RecordId) {
        self.stand_with((kind, None), stage, Fields::new())
    }

    /// What a move waits for: so many records that name this one, each with someone of its own.
    fn wanted(&mut self, mv: &Move, id: RecordId) {
        for want in mv.wants.clone() {
            for _ in 0..want.least {
                let catalogue = self.catalogue.clone();
                let kind = catalogue.kind(&want.kind).expect("a kind");
                let mut more = Fields::new();
                more.insert(want.field.clone(), json!(id.to_string()));
                let names = |field: &&Field| field.assigns && !field.by_moves && accepts(field, "person");
                for field in kind.fields.iter().filter(names) {
                    let who = self.stand("person", "listed").1;
                    more.insert(field.name.clone(), one_or_many(field, json!(who.to_string())));
                }
                let stage = want.stages.first().cloned().unwrap_or_else(|| kind.start.clone());
                self.stand_with((&want.kind, want.type_path.as_deref()), &stage, more);
            }
        }
    }

    /// As [`Hands::stand`], of a type, with further fields.
    fn stand_with(
        &mut self,
        (kind, of_type): (&str, Option<&str>),
        stage: &str,
        more: Fields,
    ) -> (Base, RecordId) {
        let catalogue = self.catalogue.clone();
        let kind = catalogue.kind(kind).expect("a kind");
        let (type_path, moves) = match of_type {
            Some(path) => (path.to_owned(), moves_to(kind, path, stage).expect("a way there")),
            None => way(kind, stage),
        };
        let mut fields = self.fields(kind, &type_path);
        fields.extend(more);
        let mut made = self.filed(kind, &type_path, fields);
        let granted = |mv: &&&Move| kind.grants_of(&Verb::Move(mv.name.clone())).next().is_some();
        let by_people = moves.iter().take_while(granted).count();
        let by_house = moves.iter().skip(by_people).take_while(|mv| !granted(mv)).count();
        let then: Vec<(String, Fields)> = moves[by_people + by_house..]
            .iter()
            .map(|mv| (mv.name.clone(), self.given(kind, mv, stage)))
            .collect();
        for mv in moves.into_iter().take(by_people) {
            self.wanted(mv, made.item.id);
            let given = self.given(kind, mv, stage);
            let key = Key::Id(made.item.id);
            let moved = self.by_whom_it_is_granted(Some(made.item.id), |writer, who| {
                writer.make(who, &key, None, &mv.name, &given, 0)
            });
            made = moved.unwrap_or_else(|fault| panic!("{} {}: {fault}", kind.name, mv.name));
        }
        match i64::try_from(by_house) {
            Ok(times) if times > 0 => self.rings.push(Rings { row: made.item.row, times, then }),
            _ => assert_eq!(made.item.stage, stage, "{}", kind.name),
        }
        (self.base(kind, &made), made.item.id)
    }

    /// Files a record; what a rule of its kind asks for beside is filled in as well.
    fn filed(&mut self, kind: &Kind, type_path: &str, mut fields: Fields) -> Record {
        let owner = self.known.get("organization").copied();
        loop {
            let new = New {
                kind: kind.name.clone(),
                type_path: type_path.to_owned(),
                fields: fields.clone(),
                owner,
                place: Place::parse(HERE).ok(),
                id: None,
            };
            match self.by_whom_it_is_granted(None, |writer, who| writer.create(who, new.clone())) {
                Ok(made) => return made,
                Err(Fault::Invalid(faults))
                    if faults.iter().all(|fault| !fields.contains_key(&fault.field)) =>
                {
                    for field in faults.iter().filter_map(|fault| kind.field(&fault.field)) {
                        fields.insert(field.name.clone(), self.sample(field));
                    }
                }
                Err(fault) => panic!("{}: {fault}", kind.name),
            }
        }
    }

    fn base(&self, kind: &Kind, made: &Record) -> Base {
        let id = made.item.id;
        let owner = match made.subject.owner {
            Some(owner) if owner == id && kind.name == "person" => Some(Party::Person(id)),
            owner => owner.map(Party::Unit),
        };
        let assigned = assigning(kind, &made.item.type_path).and_then(|field| self.party(field));
        Base { number: made.item.number.path(), owner, assigned }
    }

    /// The first of owner, handling offices, assigned and the record itself who is not refused.
    fn by_whom_it_is_granted(
        &mut self,
        own: Option<RecordId>,
        mut write: impl FnMut(&mut Writer<'_>, &Asker) -> Result<Record, Fault>,
    ) -> Result<Record, Fault> {
        let owner = Asker {
            organizations: self.known.get("organization").copied().into_iter().collect(),
            ..Asker::default()
        };
        let assigned = Asker {
            person: self.known.get("person").copied(),
            organizations: self.assigned.into_iter().collect(),
            ..Asker::default()
        };
        let own = Asker { person: own, ..Asker::default() };
        let mut last = Err(Fault::NotAllowed);
        for who in [owner, offices(), assigned, own] {
            last = write(self.writer, &who);
            match &last {
                Err(Fault::NotFound | Fault::NotAllowed | Fault::Refused(catalogue::Refusal::NotAllowed)) => {
                }
                _ => return last,
            }
        }
        last
    }

    /// Someone who stands in one way to the record, and everything that follows from it. Where nobody can stand
    /// so, the nearest who exists: signed in, or with the role over something else.
    fn comer(&mut self, column: Column, base: &Base) -> Comer {
        let anyone = Column::bare(Standing::Anyone);
        let with = |standing| Column { role: column.role, standing };
        let party = match column.standing {
            Standing::Own => base.owner,
            Standing::Assigned => base.assigned,
            Standing::Region | Standing::Node | Standing::Anyone => None,
        };
        let stands = match (column.role, column.standing, party) {
            (None, Standing::Anyone, _) => return Comer { cookie: None, stands: vec![anyone] },
            // Who belongs to a unit does so by a role over it; the least is that of a member.
            (None, standing, Some(Party::Unit(_))) => {
                let member = |standing| Column { role: Some(Role::Member), standing };
                vec![column, member(standing), member(Standing::Anyone), anyone]
            }
            (None, _, Some(_)) => vec![column, anyone],
            (None, _, None) => vec![anyone],
            (Some(_), Standing::Region, _) => vec![column, with(Standing::Anyone), anyone],
            (Some(_), Standing::Node, _) => {
                vec![column, with(Standing::Region), with(Standing::Anyone), anyone]
            }
            (Some(_), standing, Some(Party::Unit(_))) => {
                vec![column, Column::bare(standing), with(Standing::Anyone), anyone]
            }
            (Some(_), ..) => vec![with(Standing::Anyone), anyone],
        };
        let by = party.filter(|_| stands.contains(&column));
        Comer { cookie: Some(self.session(column, by)), stands }
    }

    fn session(&mut self, column: Column, party: Option<Party>) -> String {
        let of = party.map(|(Party::Unit(id) | Party::Person(id))| id);
        if let Some(cookie) = self.sessions.get(&(column, of)) {
            return cookie.clone();
        }
        let who = match (column.role, party) {
            (None, Some(Party::Person(id))) => Who::Person(id),
            (None, Some(Party::Unit(id))) => Who::Account(self.account(Role::Member, Over::Organization(id))),
            (None, None) => Who::Person(self.person()),
            (Some(role), _) => Who::Account(self.account(role, self.over(column.standing, of))),
        };
        let (secret, digest) = (secret_of(self.sessions.len()), digest_of(self.sessions.len()));
        self.writer.start_session(who, &digest, LATE.parse().expect("a moment")).expect("a session");
        let cookie = format!("__Host-hongniang={secret}");
        self.sessions.insert((column, of), cookie.clone());
        cookie
    }

    fn over(&self, standing: Standing, of: Option<RecordId>) -> Over {
        let place = |code| Over::Place(Place::parse(code).expect("a place"));
        match (standing, of) {
            (Standing::Region, _) => place(ABOVE),
            (Standing::Node, _) => Over::Node,
            (Standing::Anyone, _) => place(ELSEWHERE),
            (_, Some(unit)) => Over::Organization(unit),
            (_, None) => Over::Organization(self.aside.expect("an organisation aside")),
        }
    }

    /// A member of staff whose own record has nothing to do with any trial.
    fn person(&mut self) -> RecordId {
        let steward =
            Asker { roles: vec![RoleGrant { role: Role::Steward, over: Over::Node }], ..Asker::default() };
        let mut fields = Map::new();
        fields.insert("title".to_owned(), json!(format!("来人{}（虚构）", self.sessions.len())));
        let new = New { kind: "person".into(), type_path: "officer".into(), fields, ..New::default() };
        self.writer.create(&steward, new).expect("a person").item.id
    }

    fn account(&mut self, role: Role, over: Over) -> i64 {
        let person = self.person();
        let name = format!("account-{}", self.sessions.len());
        let account = self.writer.create_account(&name, None, person).expect("an account");
        self.writer.give(account.row, role, &over).expect("a role");
        account.row
    }

    fn party(&self, field: &Field) -> Option<Party> {
        match accepts(field, "organization") {
            true => self.assigned.map(Party::Unit),
            false => self.known.get("person").copied().map(Party::Person),
        }
    }

    /// What a record needs: required fields, what 体检 asks, place, owner and whom it assigns.
    fn fields(&mut self, kind: &Kind, type_path: &str) -> Fields {
        let asked = kind.checkup.as_ref().map(|rule| rule.asks.clone()).unwrap_or_default();
        let assigns = assigning(kind, type_path).map(|field| field.name.clone());
        let named = [kind.place.clone(), kind.owner.clone(), assigns.clone()];
        let wanted = |field: &&Field| {
            field.required || asked.contains(&field.name) || named.contains(&Some(field.name.clone()))
        };
        let fields: Vec<&Field> = kind.fields_of(type_path).filter(wanted).collect();
        fields
            .into_iter()
            .map(|field| match (assigns.as_ref() == Some(&field.name), self.party(field)) {
                (true, Some(Party::Unit(id) | Party::Person(id))) => {
                    (field.name.clone(), one_or_many(field, json!(id.to_string())))
                }
                _ => (field.name.clone(), self.sample(field)),
            })
            .collect()
    }

    /// What a move needs, and what its guards look at; `stage` is where the record is to stay.
    fn given(&mut self, kind: &Kind, mv: &Move, stage: &str) -> Fields {
        let looked_at = mv.when.iter().flat_map(Guard::fields).map(|name| (*name).to_owned());
        let looked_at = looked_at.filter(|name| mv.takes.contains(name));
        // What a rule looks at beside a needed field, it may ask for too.
        let ruled = kind.rules.iter().map(|rule| rule.fields());
        let ruled = ruled.filter(|fields| mv.needs.iter().any(|need| fields.contains(&need.as_str())));
        let ruled = ruled.flatten().map(|name| (*name).to_owned()).filter(|name| mv.takes.contains(name));
        let names: BTreeSet<String> = mv.needs.iter().cloned().chain(looked_at).chain(ruled).collect();
        names
            .into_iter()
            .filter_map(|name| kind.field(&name))
            .map(|field| {
                let invited = mv.when.contains(&Guard::WithinLimit) && accepts(field, "person");
                // Nobody is invited over and over.
                let fresh = invited.then(|| json!(self.stand("person", "listed").1.to_string()));
                let filled = mv.when.iter().find_map(|guard| filled(&self.catalogue, *guard, &field.name));
                let lasts = mv.to.as_deref() == Some(stage) || stage.is_empty();
                let until = mv.when.contains(&Guard::PublicityDays) && field.shape == Shape::Day;
                let until = until.then(|| json!(if lasts { LASTING } else { ENDING }));
                let value = fresh.or(filled).or(until);
                (field.name.clone(), value.unwrap_or_else(|| self.sample(field)))
            })
            .collect()
    }

    /// A value a field accepts.
    fn sample(&mut self, field: &Field) -> Value {
        self.drawn += 1;
        let one = match &field.shape {
            Shape::Line | Shape::Text => json!(format!("样例记录{:05}", self.drawn)),
            Shape::Integer => json!(1),
            Shape::Boolean => json!(true),
            Shape::Day => json!(DAY),
            Shape::Place => json!(HERE),
            Shape::Code(vocabulary) if vocabulary == "industry" => json!("C202"),
            Shape::Code(vocabulary) if vocabulary == "discipline" => json!("220"),
            Shape::Code(vocabulary) => {
                json!(self.catalogue.vocabularies()[vocabulary].terms.last().expect("a term").code)
            }
            Shape::CreditCode => json!("91990000HN00000167"),
            Shape::Orcid => json!("0000-0002-1825-0097"),
            Shape::Money => json!("60万元"),
            Shape::Quantity => json!("1.8 t"),
            // Nobody reviews an application twice.
            Shape::Reference(_) if accepts(field, "application") && !accepts(field, "person") => {
                json!(self.stand("application", "submitted").1.to_string())
            }
            // What belongs to a case belongs to one of its own, still before its contract, which the assigned may read.
            Shape::Reference(_) if accepts(field, "case") && !accepts(field, "person") => {
                let expert = self.known.get("person").map(|person| json!(person.to_string()));
                let more = expert.map(|expert| ("expert".to_owned(), expert)).into_iter().collect();
                json!(self.stand_with(("case", None), "open", more).1.to_string())
            }
            Shape::Reference(_) => json!(self.referred(field)),
            Shape::File => Value::Null,
            Shape::Group(fields) => {
                let needed = fields.iter().filter(|field| field.required);
                needed.map(|field| (field.name.clone(), self.sample(field))).collect::<Map<_, _>>().into()
            }
        };
        one_or_many(field, one)
    }

    fn referred(&self, field: &Field) -> Option<String> {
        let kinds = ["organization", "demand", "achievement", "person", "outcome"];
        // Where any kind will do, something the owner owns: only that may be opened to others.
        let found = match &field.shape {
            Shape::Reference(of) if of.is_empty() => self.known.get("achievement"),
            // Whom one invites is not of those who ask: the organisation owns everything here.
            _ if accepts(field, "service") && accepts(field, "person") => self.known.get("person"),
            _ => kinds.iter().filter(|kind| accepts(field, kind)).find_map(|kind| self.known.get(*kind)),
        };
        found.map(ToString::to_string)
    }
}

/// Officers, liaison officers and stewards over everything.
fn offices() -> Asker {
    let held = |role| RoleGrant { role, over: Over::Node };
    Asker { roles: [Role::Officer, Role::Liaison, Role::Steward].map(held).to_vec(), ..Asker::default() }
}

fn one_or_many(field: &Field, one: Value) -> Value {
    if field.many { Value::Array(vec![one]) } else { one }
}

fn accepts(field: &Field, kind: &str) -> bool {
    match &field.shape {
        Shape::Reference(kinds) => kinds.is_empty() || kinds.iter().any(|of| of == kind),
        _ => false,
    }
}

/// The field by which someone is assigned: one that may name an organisation, else the last there is.
fn assigning<'k>(kind: &'k Kind, type_path: &'k str) -> Option<&'k Field> {
    let fields: Vec<&Field> = kind.fields_of(type_path).filter(|field| field.assigns).collect();
    let unit = fields.iter().rev().find(|field| accepts(field, "organization"));
    unit.or(fields.last()).copied()
}

fn types_of(kind: &Kind) -> Vec<String> {
    match kind.types.is_empty() {
        true => vec![String::new()],
        false => kind.types.iter().map(|of| of.path.clone()).collect(),
    }
}

/// The type from which a stage is reached by the fewest moves, and those moves.
fn way<'k>(kind: &'k Kind, stage: &str) -> (String, Vec<&'k Move>) {
    let ways = types_of(kind).into_iter().filter_map(|of| Some((moves_to(kind, &of, stage)?, of)));
    let (moves, of) = ways.min_by_key(|(moves, _)| moves.len()).expect("every stage can be reached");
    (of, moves)
}

fn moves_to<'k>(kind: &'k Kind, type_path: &str, stage: &str) -> Option<Vec<&'k Move>> {
    let mut seen = vec![kind.start_of(type_path).to_owned()];
    let mut ahead = VecDeque::from([(seen[0].clone(), Vec::new())]);
    while let Some((at, moves)) = ahead.pop_front() {
        if at == stage {
            return Some(moves);
        }
        for mv in kind.moves.iter().filter(|mv| mv.from.contains(&at)) {
            let to = mv.to.clone().unwrap_or_else(|| at.clone());
            if !seen.contains(&to) {
                seen.push(to.clone());
                ahead.push_back((to, moves.iter().copied().chain([mv]).collect()));
            }
        }
    }
    None
}

/// What a line means for a record, for the messages of failures.
pub fn told(line: &Line, trial: &Trial) -> String {
    format!("{} at {}: {} as {}", line.kind, line.stage, line.verb, trial.column.text())
}
