//! The naive register: records in a list, one plain predicate, and filters that walk the list.
//!
//! Written from the words of the design and sharing no code with the house: the grants are read from the table people
//! review (`grants.csv`), stages and moves from the kinds' own files. Start at [`Model::may_read`].

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::{Map, Value, json};

use super::kinds::{KINDS, Kind, NODE, PUBLIC};

pub type Fields = Map<String, Value>;

const GRANTS: &str = include_str!("../../../../catalogue/grants.csv");
/// Who asks. A role without a place holds on the whole installation.
#[derive(Clone, Debug, Default)]
pub struct Asker {
    pub name: &'static str,
    pub person: Option<String>,
    pub roles: Vec<(&'static str, Option<&'static str>)>,
    /// The record a personal link keeps them to.
    pub only: Option<String>,
    /// That link is for one answer, and whether it was given.
    pub once: bool,
    pub answered: bool,
}

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fate {
    Kept,
    Erased,
    MergedInto(usize),
}

#[derive(Clone, Debug)]
pub struct Record {
    pub kind: String,
    pub of_type: String,
    pub id: String,
    pub number: String,
    pub printed: String,
    pub stage: String,
    pub owner: Option<String>,
    pub place: Option<String>,
    pub fields: Fields,
    pub version: u64,
    pub fate: Fate,
    /// Every text it ever told.
    pub told: BTreeSet<String>,
}

pub struct Model {
    pub kinds: BTreeMap<String, Kind>,
    grants: HashSet<(String, String, String, String)>,
    /// Kind, stage and standing of those who read the open layer alone.
    open: HashSet<(String, String, String)>,
    pub records: Vec<Record>,
}

/// The values of a field, one or many.
pub fn values<'v>(fields: &'v Fields, name: &str) -> Vec<&'v str> {
    match fields.get(name) {
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
        value => value.and_then(Value::as_str).into_iter().collect(),
    }
}

/// Divisions nest by their leading digits.
fn within(place: &str, region: &str) -> bool {
    let stem = match region {
        "000000" => "",
        _ if region.ends_with("0000") => &region[..2],
        _ if region.len() == 6 && region.ends_with("00") => &region[..4],
        _ => region,
    };
    place.starts_with(stem)
}

/// Every text of the fields.
fn texts(fields: &Fields) -> BTreeSet<String> {
    fields.keys().flat_map(|name| values(fields, name)).map(str::to_owned).collect()
}

impl Record {
    /// The words are blanked in every text, and a text that was nothing else goes, but for the heading.
    fn forget(&mut self, words: &[&str]) {
        let without =
            |text: &str| words.iter().fold(text.to_owned(), |text, word| text.replace(word, "＊＊"));
        for (_, value) in self.fields.iter_mut() {
            match value {
                Value::String(text) => *text = without(text),
                Value::Array(list) => list.iter_mut().for_each(|one| {
                    if let Value::String(text) = one {
                        *text = without(text);
                    }
                }),
                _ => {}
            }
        }
        self.fields.retain(|name, value| name == "title" || value.as_str() != Some("＊＊"));
        self.version += 1;
        self.told = texts(&self.fields);
    }

    pub fn kept(&self) -> bool {
        self.fate == Fate::Kept
    }

    /// Whether it meets every condition of an address: `type`, `stage`, `place`, or a listed code with all below it.
    pub fn meets(&self, conditions: &[(String, String)]) -> bool {
        conditions.iter().all(|(name, wanted)| match name.as_str() {
            "type" => self.of_type == *wanted || self.of_type.starts_with(&format!("{wanted}.")),
            "stage" => self.stage == *wanted,
            "place" => self.place.as_ref().is_some_and(|place| within(place, wanted)),
            "industry" => values(&self.fields, name).iter().any(|code| code.starts_with(wanted.as_str())),
            _ => values(&self.fields, name).contains(&wanted.as_str()),
        })
    }
}

impl Model {
    pub fn new() -> Model {
        let mut lines = GRANTS.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
        let heads = lines.next().expect("headings");
        let (mut grants, mut open) = (HashSet::new(), HashSet::new());
        for line in lines {
            for (head, _) in heads.iter().zip(&line).skip(3).filter(|(_, cell)| !cell.is_empty()) {
                grants.insert((line[0].clone(), line[1].clone(), line[2].clone(), head.clone()));
            }
            for (head, _) in heads.iter().zip(&line).skip(3).filter(|(_, cell)| *cell == "o") {
                open.insert((line[0].clone(), line[1].clone(), head.clone()));
            }
        }
        let kinds = KINDS.map(Kind::read).into_iter().map(|kind| (kind.name.clone(), kind)).collect();
        Model { kinds, grants, open, records: Vec::new() }
    }

    pub fn kind(&self, record: &Record) -> &Kind {
        &self.kinds[&record.kind]
    }

    /// The record of an id; one that was merged leads to the one that was kept.
    pub fn find(&self, id: &str) -> Option<&Record> {
        let mut found = self.records.iter().find(|record| record.id == id)?;
        while let Fate::MergedInto(kept) = found.fate {
            found = &self.records[kept];
        }
        Some(found)
    }

    /// The record of the person who asks.
    pub fn person(&self, me: &Asker) -> Option<&Record> {
        me.person.as_ref().and_then(|id| self.find(id))
    }

    /// The person. What a person's record says of employers counts for nothing: its owner may write it; organisations
    /// come with roles over them, which the grants test exercises.
    pub fn parties(&self, me: &Asker) -> BTreeSet<String> {
        self.person(me).map(|person| person.id.clone()).into_iter().collect()
    }

    /// Whether a record is the one a link is about, or hangs on it; people and organisations hang on nothing.
    pub fn reaches(&self, only: &str, record: &Record) -> bool {
        let Some(about) = self.find(only) else { return false };
        let refers = |from: &Record, to: &str| {
            self.kind(from).references().into_iter().any(|name| values(&from.fields, name).contains(&to))
        };
        let party = ["person", "organization"].contains(&record.kind.as_str());
        record.id == about.id || !party && (refers(record, &about.id) || refers(about, &record.id))
    }

    /// How the asker stands to a record that travels this far: the names of all standings that hold, by role.
    fn standings(&self, me: &Asker, record: &Record, audience: usize) -> Vec<String> {
        let parties = self.parties(me);
        let assigning = self.kind(record).fields_with(|field| field.contains_key("gives"));
        let mut named = assigning.iter().flat_map(|name| values(&record.fields, name));
        let mut held = Vec::new();
        let mut hold = |role: &str, standing: &str, holds: bool| {
            let mark = if role.is_empty() { "" } else { "@" };
            held.extend(holds.then(|| format!("{role}{mark}{standing}")));
        };
        // Nobody here holds a role over an organisation, so no role stands as owner or assigned.
        let kept = me.only.as_ref().is_none_or(|only| self.reaches(only, record));
        hold("", "own", kept && record.owner.as_ref().is_some_and(|owner| parties.contains(owner)));
        hold("", "assigned", kept && named.any(|id| parties.contains(id)));
        hold("", "anyone", audience == PUBLIC);
        for (role, over) in &me.roles {
            let here = |region: &&str| record.place.as_ref().is_some_and(|place| within(place, region));
            hold(role, "region", audience >= NODE && over.as_ref().is_none_or(here));
            hold(role, "node", audience >= NODE && over.is_none());
            hold(role, "anyone", audience == PUBLIC);
        }
        held
    }

    /// A grant holds whose stages include the record's, its standing holds, the audience admits that standing.
    fn granted(&self, me: &Asker, record: &Record, verb: &str, audience: usize) -> Vec<String> {
        let mut standings = self.standings(me, record, audience);
        let cell = |standing: &String| {
            (record.kind.clone(), record.stage.clone(), verb.to_owned(), standing.clone())
        };
        standings.retain(|standing| record.kept() && self.grants.contains(&cell(standing)));
        standings.retain(|standing| verb == "read" || !me.answered || standing.ends_with("anyone"));
        standings
    }

    pub fn may(&self, me: &Asker, record: &Record, verb: &str) -> bool {
        // What is not filed yet has not travelled, and the law's claim reaches private records too.
        let free = matches!(verb, "create" | "erase");
        let audience = if free { PUBLIC } else { self.kind(record).audience(record) };
        !self.granted(me, record, verb, audience).is_empty()
    }

    pub fn may_read(&self, me: &Asker, record: &Record) -> bool {
        self.may(me, record, "read")
    }

    /// `inside`: own, assigned and handling roles; not those who read as anyone may.
    pub fn may_read_inside(&self, me: &Asker, record: &Record) -> bool {
        let by = self.granted(me, record, "read", self.kind(record).audience(record));
        let open = |standing: &String| {
            self.open.contains(&(record.kind.clone(), record.stage.clone(), standing.clone()))
        };
        by.iter().any(|standing| !standing.ends_with("anyone") && !open(standing))
    }

    /// Whose it is, is told with the field that says so; where none does, inside.
    pub fn may_know_owner(&self, me: &Asker, record: &Record) -> bool {
        let file = &self.kind(record).file;
        let open = match file.get("owner").and_then(|name| name.as_str()) {
            None => false,
            Some("self") => true,
            Some(name) => file["fields"][name].get("layer").and_then(|layer| layer.as_str()) == Some("open"),
        };
        open || self.may_read_inside(me, record)
    }

    /// “Filter the model”.
    pub fn list(&self, me: &Asker, kind: &str, conditions: &[(String, String)]) -> Vec<&Record> {
        let wanted = |record: &&Record| record.kind == kind && record.meets(conditions);
        self.records.iter().filter(wanted).filter(|record| self.may_read(me, record)).collect()
    }

    /// A reference that is new must lead to a record the asker may read.
    pub fn may_refer(&self, me: &Asker, before: Option<&Record>, after: &Record) -> bool {
        let parties = self.parties(me);
        let old = |name: &str| before.map(|record| values(&record.fields, name)).unwrap_or_default();
        let seen = |id: &str| self.records.iter().any(|record| record.id == id && self.may_read(me, record));
        self.kind(after).references().into_iter().all(|name| {
            let mut named = values(&after.fields, name).into_iter().filter(|id| !old(name).contains(id));
            named.all(|id| id == after.id || parties.contains(id) || seen(id))
        })
    }

    /// A record as it would be filed: it belongs to itself, to whom its kind's field names, or to who files it.
    pub fn draft(&self, me: &Asker, kind: &str, of_type: &str, fields: Fields) -> Record {
        let by_field = self.kinds[kind].file.get("owner").and_then(|name| name.as_str());
        let named = by_field.and_then(|name| values(&fields, name).first().map(|id| (*id).to_owned()));
        let asked = values(&fields, "demand").first().and_then(|id| self.find(id)?.owner.clone());
        let owner = named
            .or_else(|| asked.filter(|_| kind == "match"))
            .or_else(|| self.person(me).map(|person| person.id.clone()))
            .filter(|_| by_field != Some("self"));
        let home = owner.as_ref().and_then(|id| self.find(id)?.place.clone());
        let place = values(&fields, "place").first().map(|place| (*place).to_owned()).or(home);
        let stage = self.kinds[kind].start(of_type);
        let (id, number, printed) = Default::default();
        let (kind, of_type) = (kind.to_owned(), of_type.to_owned());
        Record {
            kind,
            of_type,
            id,
            number,
            printed,
            stage,
            owner,
            place,
            told: texts(&fields),
            fields,
            version: 1,
            fate: Fate::Kept,
        }
    }

    /// The record with other fields, and what follows from them.
    pub fn with_fields(&self, record: &Record, fields: Fields) -> Record {
        let by_field = self.kind(record).file.get("owner").and_then(|name| name.as_str());
        let named = by_field.and_then(|name| values(&fields, name).first().map(|id| (*id).to_owned()));
        let place = values(&fields, "place").first().map(|place| (*place).to_owned());
        Record {
            owner: named.or_else(|| record.owner.clone()),
            place: place.or_else(|| record.place.clone()),
            version: record.version + 1,
            told: record.told.iter().cloned().chain(texts(&fields)).collect(),
            fields,
            ..record.clone()
        }
    }

    /// The texts go and nobody stands to the record any more; what it told of people goes from those that name it or are
    /// its own.
    pub fn erase(&mut self, at: usize) {
        let lost = self.records[at].clone();
        let record = &mut self.records[at];
        (record.fate, record.fields, record.owner, record.place) = (Fate::Erased, Fields::new(), None, None);
        let heading = (lost.kind == "person").then_some("title");
        let named = ["contact_name", "contact_phone", "contact_email"].into_iter().chain(heading);
        let words: Vec<&str> = named.flat_map(|name| values(&lost.fields, name)).collect();
        for other in self.records.iter_mut().filter(|other| other.kept()) {
            let names = other.owner.as_ref() == Some(&lost.id)
                || other.fields.keys().any(|name| values(&other.fields, name).contains(&lost.id.as_str()));
            if names && other.told.iter().any(|text| words.iter().any(|word| text.contains(word))) {
                other.forget(&words);
            }
        }
    }

    /// The kept takes what it lacks; whatever named the other names the kept.
    pub fn merge(&mut self, keep: usize, lose: usize) {
        let (kept, lost) = (self.records[keep].clone(), self.records[lose].clone());
        self.records[lose].fate = Fate::MergedInto(keep);
        let mut fields = lost.fields;
        fields.extend(kept.fields.clone());
        self.records[keep] = self.with_fields(&kept, renamed(&fields, &lost.id, &kept.id));
        for at in (0..self.records.len()).filter(|at| *at != keep) {
            let record = &self.records[at];
            let fields = renamed(&record.fields, &lost.id, &kept.id);
            let is_owned = record.owner.as_ref() == Some(&lost.id);
            if record.kept() && (is_owned || fields != record.fields) {
                let mut after = self.with_fields(record, fields);
                after.owner = if is_owned { Some(kept.id.clone()) } else { after.owner };
                self.records[at] = after;
            }
        }
    }
}

/// The fields with another id for one; a list names nobody twice.
fn renamed(fields: &Fields, from: &str, to: &str) -> Fields {
    let rename = |value: &Value| if value == from { json!(to) } else { value.clone() };
    let each = |value: &Value| match value {
        Value::Array(list) => {
            let mut named: Vec<Value> = Vec::new();
            for value in list.iter().map(rename) {
                if value != to || !named.contains(&value) {
                    named.push(value);
                }
            }
            Value::Array(named)
        }
        one => rename(one),
    };
    fields.iter().map(|(name, value)| (name.clone(), each(value))).collect()
}
