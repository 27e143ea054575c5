//! Records of every kind of the catalogue at every stage, written into a store before anyone serves it.
//!
//! Each value says in whose layer it lies: a mark of its layer, then the serial of its record. Knows no kind by name but
//! those that own and are assigned. Judges nothing. Start at [`Sampler::stand`].

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use base::calendar::Calendar;
use base::id::RecordId;
use base::place::Place;
use catalogue::access::Role;
use catalogue::kind::Layer;
use catalogue::step::Guard;
use catalogue::{Asker, Catalogue, Field, Fields, Kind, Move, Over, RoleGrant, Shape};
use register::{Chance, Fault, FileRef, Key, New, Record, Register, StoreAt, Writer};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

/// The day of all samples, and the moment they are written.
pub const DAY: &str = "2026-11-20";
pub const MORNING: &str = "2026-11-20T02:00:00Z";
/// A session that ends then outlives every test.
pub const LATE: &str = "2099-01-01T00:00:00Z";
/// The last day of what is published longer than any test lasts.
const LASTING: &str = "2098-12-31";
/// Values the register refuses are left out, so many times.
const TRIES_MAX: usize = 4;

/// What the texts of each layer begin with.
#[derive(Clone, Copy, Debug)]
pub struct Marks {
    pub open: &'static str,
    pub inside: &'static str,
    pub sealed: &'static str,
}

impl Marks {
    fn of(&self, layer: Layer) -> &'static str {
        match layer {
            Layer::Open => self.open,
            Layer::Inside => self.inside,
            Layer::Sealed => self.sealed,
        }
    }
}

/// A record that stands somewhere.
#[derive(Clone, Debug)]
pub struct Standing {
    pub kind: String,
    pub path: String,
    pub type_path: String,
    pub number: String,
    pub id: RecordId,
    pub stage: String,
    pub version: u64,
    /// What stands behind the marks of its texts.
    pub serial: usize,
    /// Fields it was filed with, as an API would take them.
    pub fields: Fields,
    /// The hash of the file in its sealed layer, if its kind has one.
    pub file: Option<String>,
}

/// Makes the values of records that lie in one place and belong to one organisation.
pub struct Sampler {
    pub catalogue: Arc<Catalogue>,
    pub place: &'static str,
    pub marks: Marks,
    /// Records others refer to, by kind: the organisation owns, the person is assigned.
    pub known: BTreeMap<String, RecordId>,
    /// The stored file that sealed layers name.
    pub file: FileRef,
    serial: usize,
}

/// The register of a store nobody serves just now; what it draws follows from the word.
pub fn opened(at: &StoreAt, catalogue: Arc<Catalogue>, word: &'static str) -> Register {
    let drawn = AtomicU64::new(0);
    let chance: Chance = Arc::new(move |bytes: &mut [u8]| {
        for part in bytes.chunks_mut(32) {
            let next = drawn.fetch_add(1, Ordering::Relaxed);
            let digest = Sha256::digest(format!("{word}{next}"));
            part.copy_from_slice(&digest[..part.len()]);
        }
    });
    let now = MORNING.parse().expect("a moment");
    Register::open(at, catalogue, Calendar::bundled(), now, chance).expect("a register")
}

/// Someone with one role over the whole installation.
pub fn office(role: Role) -> Asker {
    Asker { roles: vec![RoleGrant { role, over: Over::Node }], ..Asker::default() }
}

impl Sampler {
    pub fn new(catalogue: Arc<Catalogue>, place: &'static str, marks: Marks, file: FileRef) -> Sampler {
        Sampler { catalogue, place, marks, known: BTreeMap::new(), file, serial: 0 }
    }

    /// A new record brought to a stage by the fewest moves, each made by someone it is granted to; none where a stage
    /// is entered by no move that anyone is granted.
    pub fn stand(
        &mut self,
        writer: &mut Writer<'_>,
        kind: &str,
        stage: &str,
        more: &Value,
    ) -> Option<Standing> {
        self.stand_as(writer, (kind, None), stage, more)
    }

    /// As [`Sampler::stand`], of a type.
    fn stand_as(
        &mut self,
        writer: &mut Writer<'_>,
        (kind, of_type): (&str, Option<&str>),
        stage: &str,
        more: &Value,
    ) -> Option<Standing> {
        let catalogue = self.catalogue.clone();
        let kind = catalogue.kind(kind).expect("a kind");
        let (type_path, moves) = match of_type {
            Some(path) => (path.to_owned(), moves_to(kind, path, stage)?),
            None => way(kind, stage)?,
        };
        self.serial += 1;
        let serial = self.serial;
        let mut fields = self.fields(kind, &type_path);
        let is_review = kind.moves.iter().any(|mv| mv.when.contains(&Guard::ReviewerFree));
        if is_review && more.get("application").is_none() {
            // Nobody reviews an application twice.
            let one = self.stand(writer, "application", "submitted", &json!({})).expect("an application");
            fields.insert("application".to_owned(), json!(one.id.to_string()));
        }
        let needs_case = kind.field("case").is_some_and(|field| field.required);
        if needs_case && more.get("case").is_none() {
            // Shares of one case come to no more than the whole.
            let one = self.stand(writer, "case", "open", &json!({})).expect("a case");
            fields.insert("case".to_owned(), json!(one.id.to_string()));
        }
        fields.extend(more.as_object().cloned().unwrap_or_default());
        fields.retain(|name, _| kind.field(name).is_some());
        let mut made = self.create(writer, kind, &type_path, &mut fields);
        for mv in moves {
            self.wanted(writer, mv, made.item.id);
            let mut given = self.given(kind, mv);
            if mv.when.contains(&Guard::WithinLimit) {
                // Nobody is invited over and over.
                let guest = self.stand(writer, "person", "listed", &json!({})).expect("a guest");
                given.insert("expert".to_owned(), json!(guest.id.to_string()));
            }
            for want in mv.wants.iter().filter(|want| want.least > 0) {
                let (of, naming) =
                    ((want.kind.as_str(), want.type_path.as_deref()), made.item.id.to_string());
                let stage = want.stages.first().expect("the stage a move waits for");
                self.stand_as(writer, of, stage, &json!({ want.field.clone(): naming }))
                    .expect("what it waits for");
            }
            let key = Key::Id(made.item.id);
            let moved = self.by_whom_it_is_granted(Some(made.item.id), |who| {
                writer.make(who, &key, None, &mv.name, &given, 0)
            });
            made = moved.unwrap_or_else(|fault| panic!("{} {}: {fault}", kind.name, mv.name));
        }
        assert_eq!(made.item.stage, stage, "{}", kind.name);
        let file = fields.values().any(|value| value.to_string().contains(&self.file.hash));
        Some(Standing {
            kind: kind.name.clone(),
            path: kind.path.clone(),
            type_path,
            number: made.item.number.path(),
            id: made.item.id,
            stage: stage.to_owned(),
            version: made.item.version,
            serial,
            fields,
            file: file.then(|| self.file.hash.clone()),
        })
    }

    /// What a move waits for: so many records that name this one, each with a reviewer of its own.
    fn wanted(&mut self, writer: &mut Writer<'_>, mv: &Move, id: RecordId) {
        for want in &mv.wants {
            for _ in 0..want.least {
                let guest = self.stand(writer, "person", "listed", &json!({})).expect("a guest");
                let more = json!({ &want.field: id.to_string(), "reviewer": guest.id.to_string() });
                let stage = want.stages.first().expect("a stage that counts").clone();
                self.stand(writer, &want.kind, &stage, &more).expect("one that is waited for");
            }
        }
    }

    /// Files a record; what the catalogue faults is left out.
    fn create(&self, writer: &mut Writer<'_>, kind: &Kind, type_path: &str, fields: &mut Fields) -> Record {
        let owner = self.known.get("organization").copied();
        for _ in 0..TRIES_MAX {
            let new = New {
                kind: kind.name.clone(),
                type_path: type_path.to_owned(),
                fields: fields.clone(),
                owner,
                place: Place::parse(self.place).ok(),
                id: None,
            };
            match self.by_whom_it_is_granted(None, |who| writer.create(who, new.clone())) {
                Ok(made) => return made,
                Err(Fault::Invalid(faults)) => {
                    let at = |fault: &catalogue::Fault| fault.field.split('.').next().map(str::to_owned);
                    let heads: Vec<String> = faults.iter().filter_map(at).collect();
                    let before = fields.len();
                    fields.retain(|name, _| !heads.contains(name));
                    assert!(fields.len() < before, "{}: {faults:?}", kind.name);
                }
                Err(fault) => panic!("{} {type_path}: {fault}", kind.name),
            }
        }
        panic!("{} {type_path} is never sound", kind.name)
    }

    /// The first of owner, handling offices, assigned and the record itself who is not refused.
    fn by_whom_it_is_granted(
        &self,
        own: Option<RecordId>,
        mut write: impl FnMut(&Asker) -> Result<Record, Fault>,
    ) -> Result<Record, Fault> {
        let unit = self.known.get("organization").copied();
        let over = unit.map_or(Over::Node, Over::Organization);
        let held = |role: Role, over: &Over| RoleGrant { role, over: over.clone() };
        let of_unit = [Role::Member, Role::Admin].map(|role| held(role, &over)).to_vec();
        let owner = Asker { organizations: unit.into_iter().collect(), roles: of_unit, ..Asker::default() };
        let offices = Role::NAMES.iter().filter(|(_, role)| !role.is_of_organizations());
        let offices =
            Asker { roles: offices.map(|(_, role)| held(*role, &Over::Node)).collect(), ..Asker::default() };
        let assigned = Asker { person: self.known.get("person").copied(), ..Asker::default() };
        let own = Asker { person: own, ..Asker::default() };
        let mut last = Err(Fault::NotAllowed);
        for who in [owner, offices, assigned, own] {
            last = write(&who);
            let refused = matches!(
                &last,
                Err(Fault::NotFound | Fault::NotAllowed | Fault::Refused(catalogue::Refusal::NotAllowed))
            );
            if !refused {
                return last;
            }
        }
        last
    }

    /// An outcome its unit has confirmed, for what rests on a verified one.
    pub fn prove(&mut self, writer: &mut Writer<'_>, outcome: RecordId) {
        let confirmed = self.by_whom_it_is_granted(None, |who| {
            writer.make(who, &Key::Id(outcome), None, "confirm", &Fields::new(), 0)
        });
        confirmed.unwrap_or_else(|fault| panic!("the outcome: {fault}"));
        self.known.insert("outcome".to_owned(), outcome);
    }

    /// Every field of a type that moves do not fill.
    pub fn fields(&self, kind: &Kind, type_path: &str) -> Fields {
        // Whom the firm employs or is to have as academician is of its side, and could not be invited by it.
        let asked = kind.fields_of(type_path).filter(|field| !field.by_moves && field.name != "employer");
        let asked = asked.filter(|field| field.name != "academicians" || field.required);
        let told = asked.map(|field| (field.name.clone(), self.sample(field, field.layer)));
        told.filter(|(_, value)| !catalogue::value::is_empty(value)).collect()
    }

    /// What a move needs, and what its guards look at.
    pub fn given(&self, kind: &Kind, mv: &Move) -> Fields {
        let looked_at = mv.when.iter().flat_map(Guard::fields).map(|name| (*name).to_owned());
        let looked_at = looked_at.filter(|name| mv.takes.contains(name));
        let names = mv.needs.iter().cloned().chain(looked_at);
        names
            .filter_map(|name| kind.field(&name))
            .map(|field| {
                let filled = mv.when.iter().find_map(|guard| filled(&self.catalogue, *guard, &field.name));
                let until = mv.when.contains(&Guard::PublicityDays) && field.shape == Shape::Day;
                let filled = filled.or_else(|| until.then(|| json!(LASTING)));
                (field.name.clone(), filled.unwrap_or_else(|| self.sample(field, field.layer)))
            })
            .collect()
    }

    /// A value a field accepts; null where there is none to give.
    pub fn sample(&self, field: &Field, layer: Layer) -> Value {
        let one = match &field.shape {
            Shape::Line | Shape::Text => json!(self.text(field, layer)),
            Shape::Integer => json!(field.max.unwrap_or(3).min(3)),
            // A yes that nobody is asked for by a move only holds things back.
            Shape::Boolean => json!(field.by_moves),
            Shape::Day => json!(DAY),
            Shape::Place => json!(self.place),
            Shape::Code(vocabulary) => json!(self.code(vocabulary)),
            // Claimed: one for each record would have to be made up.
            Shape::CreditCode | Shape::Orcid => Value::Null,
            Shape::Money => json!("60万元"),
            Shape::Quantity => json!("1.8 t"),
            Shape::Reference(kinds) => json!(self.referred(kinds).map(|id| id.to_string())),
            Shape::File if layer == Layer::Sealed => self.file.value(),
            Shape::File => Value::Null,
            Shape::Group(fields) => {
                let parts = fields.iter().map(|field| (field.name.clone(), self.sample(field, layer)));
                parts.filter(|(_, value)| !value.is_null()).collect::<Map<_, _>>().into()
            }
        };
        match one {
            Value::Null => Value::Null,
            one if field.many => Value::Array(vec![one]),
            one => one,
        }
    }

    fn text(&self, field: &Field, layer: Layer) -> String {
        let text = format!("{}{:05}", self.marks.of(layer), self.serial);
        let most = field.max.filter(|_| !field.many).map_or(usize::MAX, |most| most as usize);
        if text.chars().count() <= most { text } else { "1".to_owned() }
    }

    fn code(&self, vocabulary: &str) -> String {
        match vocabulary {
            "industry" => "C202".to_owned(),
            "discipline" => "220".to_owned(),
            // What would hold a record back is asked for by whoever wants it.
            "audience" => "public".to_owned(),
            "indicator" => "firms_served".to_owned(),
            _ => self.catalogue.vocabularies()[vocabulary].terms.last().expect("a term").code.clone(),
        }
    }

    fn referred(&self, kinds: &[String]) -> Option<RecordId> {
        let fits = |of: &&str| kinds.is_empty() || kinds.iter().any(|kind| kind == of);
        // Whom one invites is no one of those who ask: the organisation owns everything here.
        let is_candidate = !kinds.is_empty() && fits(&"service") && fits(&"person");
        let order = match is_candidate {
            true => ["person", "achievement", "organization", "demand"],
            false => ["achievement", "organization", "demand", "person"],
        };
        let first = order.into_iter().filter(fits);
        let others = kinds.iter().map(String::as_str);
        first.chain(others).find_map(|kind| self.known.get(kind)).copied()
    }
}

/// What fills a field so that a guard holds: every document any type of application asks for, on paper; points for every
/// item of every sheet.
pub fn filled(catalogue: &Catalogue, guard: Guard, field: &str) -> Option<Value> {
    let rows = |list: &str, row: fn(&str) -> Value| {
        let terms = catalogue.vocabularies().get(list).map(|list| list.terms.as_slice()).unwrap_or_default();
        Value::Array(terms.iter().map(|term| row(&term.code)).collect())
    };
    match (guard, field) {
        (Guard::DocumentsComplete, "documents") => {
            Some(rows("application_document", |code| json!({ "document": code, "paper": true })))
        }
        (Guard::ScoreComplete, "scores") => {
            Some(rows("score_item", |code| json!({ "item": code, "points": 1 })))
        }
        _ => None,
    }
}

/// The type from which a stage is reached by the fewest moves that someone is granted, and those moves.
pub fn way<'k>(kind: &'k Kind, stage: &str) -> Option<(String, Vec<&'k Move>)> {
    let types: Vec<String> = match kind.types.is_empty() {
        true => vec![String::new()],
        false => kind.types.iter().map(|of| of.path.clone()).collect(),
    };
    let ways = types.into_iter().filter_map(|of| Some((of.clone(), moves_to(kind, &of, stage)?)));
    ways.min_by_key(|(_, moves)| moves.len())
}

fn moves_to<'k>(kind: &'k Kind, type_path: &str, stage: &str) -> Option<Vec<&'k Move>> {
    let granted = |mv: &&Move| {
        let verb = catalogue::kind::Verb::Move(mv.name.clone());
        kind.grants_of(&verb).next().is_some()
    };
    let mut seen = vec![kind.start_of(type_path).to_owned()];
    let mut ahead = VecDeque::from([(seen[0].clone(), Vec::new())]);
    while let Some((at, moves)) = ahead.pop_front() {
        if at == stage {
            return Some(moves);
        }
        for mv in kind.moves.iter().filter(|mv| mv.from.contains(&at)).filter(granted) {
            let to = mv.to.clone().unwrap_or_else(|| at.clone());
            if !seen.contains(&to) {
                seen.push(to.clone());
                ahead.push_back((to, moves.iter().copied().chain([mv]).collect()));
            }
        }
    }
    None
}
