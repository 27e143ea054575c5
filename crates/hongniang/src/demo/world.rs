//! Filing the demonstration's tables through the register's own doors, as the people who would have done it.
//!
//! Each record is typed into a draft, read like a form, created by whoever would own it and moved by the officers of its
//! region; nothing is written past a rule. Start at [`World::file_all`].

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::{Context as _, anyhow, bail};
use base::credit::{CreditCode, organisation_check_ok};
use base::id::RecordId;
use base::place::Place;
use catalogue::{Asker, Catalogue, Fields, Kind, Over, Role, RoleGrant};
use jiff::civil::Date;
use register::{Key, New, Record, Writer};
use serde_json::json;
use toml::{Table, Value};

use crate::fields::{demand, person, story};
use crate::records::draft::Draft;
use crate::signin;

/// The steps of a record's life that lead to a stage; a kind of its own before what holds for any.
const LIVES: [(&str, &str, &[&str]); 34] = [
    ("demand", "submitted", &["submit"]),
    ("demand", "asked", &["submit", "ask-back"]),
    ("demand", "checked", &["submit", "check"]),
    ("demand", "published", &["submit", "check", "publish"]),
    ("demand", "docking", &["submit", "check", "publish", "take-up"]),
    ("achievement", "published", &["submit", "publish"]),
    // The house goes on from here when the clocks ring.
    ("achievement", "faded", &["submit", "publish"]),
    ("achievement", "hidden", &["submit", "publish"]),
    ("match", "fitting", &["fit"]),
    ("match", "invited", &["fit", "invite"]),
    ("match", "expired", &["fit", "invite"]),
    ("match", "accepted", &["fit", "invite", "accept"]),
    ("case", "accepted", &["accept"]),
    ("case", "under_way", &["begin"]),
    ("case", "working", &["accept", "work"]),
    ("case", "done", &["accept", "work", "deliver", "finish"]),
    ("case", "declined", &["decline"]),
    ("case", "cancelled", &["cancel"]),
    ("credit", "agreed", &["agree"]),
    ("outcome", "confirmed", &["list", "confirm"]),
    ("story", "submitted", &["submit"]),
    ("story", "agreed", &["submit", "agree-to-tell"]),
    ("story", "published", &["submit", "agree-to-tell", "publish"]),
    ("story", "selected", &["submit", "agree-to-tell", "publish", "select"]),
    ("task", "open", &["assign"]),
    ("attendance", "came", &["sign-in"]),
    ("trip", "agreed", &["agree"]),
    ("evaluation", "supported", &["score", "tell", "support"]),
    ("evaluation", "passed", &["score", "tell", "pass"]),
    ("evaluation", "improving", &["score", "tell", "improve"]),
    ("evaluation", "left", &["score", "tell", "exit"]),
    ("", "listed", &["list"]),
    ("", "preparing", &["prepare"]),
    ("", "sourced", &["cite"]),
];
/// Where a record goes on to once those are filed that name it: `later` of its table.
const ON: [(&str, &str, &[&str]); 3] = [
    ("case", "agreed", &["agree"]),
    ("case", "done", &["agree", "deliver", "finish"]),
    ("demand", "solved", &["solve"]),
];
/// What the house itself does: it keeps the lists.
const OF_THE_HOUSE: [&str; 3] = ["list", "prepare", "cite"];

/// How many days before the others a table was written; nothing says when but the clocks that have rung since.
pub(super) const WRITTEN: &str = "written_days_ago";

/// Where a record goes on to once everything is filed.
pub(super) const LATER: &str = "later";

/// What has been filed so far.
pub struct World {
    ids: HashMap<String, RecordId>,
    /// Where the filed organisations stand.
    places: HashMap<String, Place>,
    /// Officers and the places they serve.
    officers: Vec<(RecordId, Place)>,
    /// Rows that go on, and to which stage.
    later: Vec<(i64, String)>,
    today: Date,
    catalogue: Arc<Catalogue>,
}

impl World {
    /// Nothing filed yet.
    pub fn new(catalogue: Arc<Catalogue>, today: Date) -> World {
        World {
            ids: HashMap::new(),
            places: HashMap::new(),
            officers: Vec::new(),
            later: Vec::new(),
            today,
            catalogue,
        }
    }

    /// Files tables of a kind; what came in last is filed last, so that the newest stands first in lists.
    pub fn file_all(
        &mut self,
        writer: &mut Writer<'_>,
        kind: &str,
        mut records: Vec<Table>,
    ) -> anyhow::Result<()> {
        // What sources tell lies further back; units stand as the files have them, since they refer to one another.
        if kind != "organization" {
            records.sort_by_key(|record| {
                (text(record, "stage") != "sourced", std::cmp::Reverse(days_ago(record)))
            });
        }
        for record in &records {
            let key = text(record, "key");
            self.file(writer, kind, record).with_context(|| format!("{kind} {key}"))?;
        }
        Ok(())
    }

    fn file(&mut self, writer: &mut Writer<'_>, kind: &str, table: &Table) -> anyhow::Result<()> {
        let catalogue = self.catalogue.clone();
        let kind = catalogue.kind(kind).ok_or_else(|| anyhow!("no kind {kind}"))?;
        let type_path = text(table, "type");
        let mut draft = self.draft(kind, table)?;
        if kind.name == "tie" {
            self.name_tie(writer, &mut draft, table)?;
        }
        let (fields, faults) = draft.read(kind.fields_of(&type_path), &catalogue.terms());
        if !faults.is_empty() {
            bail!("{faults:?}");
        }
        let owner = ["organization", "holder"].iter().find_map(|name| self.id(&text(table, name)));
        // Demands came in before there was a house, with the unit and the day on paper: the house files those.
        let me = match owner.filter(|_| kind.name != demand::KIND) {
            Some(owner) => Asker {
                organizations: vec![owner],
                roles: vec![RoleGrant { role: Role::Member, over: Over::Organization(owner) }],
                ..Asker::default()
            },
            None => signin::house(),
        };
        let new = New { kind: kind.name.clone(), type_path, fields, owner, ..New::default() };
        let made = writer.create(&me, new)?;
        self.remember(writer, table, &made)?;
        if table.contains_key(LATER) {
            self.later.push((made.item.row, text(table, LATER)));
        }
        let me = owner.map_or(me, |owner| Asker { organizations: vec![owner], ..Asker::default() });
        self.live(writer, kind, &me, made, &text(table, "stage"))
    }

    /// A tie that is not told by a name is headed by both its ends and stands where its second end stands.
    fn name_tie(&self, writer: &Writer<'_>, draft: &mut Draft, table: &Table) -> anyhow::Result<()> {
        if !draft.one("title").is_empty() {
            return Ok(());
        }
        let ends = [text(table, "from"), text(table, "to")];
        let ids: Vec<RecordId> = ends.iter().filter_map(|end| self.id(end)).collect();
        let titles = writer.titles(&signin::house(), &ids)?;
        let named: Vec<&str> = ids.iter().filter_map(|id| titles.get(id)).map(String::as_str).collect();
        draft.add("title", named.join(" — "));
        if let Some(place) = self.places.get(ends[1].trim_start_matches('@')) {
            draft.add("place", place.to_string());
        }
        Ok(())
    }

    /// Keeps what later records refer to; who works in the house gets an account.
    fn remember(&mut self, writer: &mut Writer<'_>, table: &Table, made: &Record) -> anyhow::Result<()> {
        let key = text(table, "key");
        if let Some(place) = &made.item.place {
            self.places.insert(key.clone(), place.clone());
        }
        if made.item.kind == person::KIND {
            self.admit(writer, &key, &text(table, "employer"), made)?;
        }
        self.ids.insert(key, made.item.id);
        Ok(())
    }

    /// An officer holds office over the place of the employer, and so does a broker; a contact is a member of the employer.
    fn admit(
        &mut self,
        writer: &mut Writer<'_>,
        key: &str,
        employer: &str,
        made: &Record,
    ) -> anyhow::Result<()> {
        let (role, over) = match made.item.type_path.as_str() {
            person::OFFICER => {
                let place = self.places.get(employer.trim_start_matches('@')).cloned();
                let place = place.unwrap_or_else(Place::nation);
                self.officers.push((made.item.id, place.clone()));
                (Role::Officer, Over::Place(place))
            }
            person::BROKER => {
                let place = self.places.get(employer.trim_start_matches('@')).cloned();
                (Role::Broker, Over::Place(place.unwrap_or_else(Place::nation)))
            }
            person::CONTACT => match self.id(employer) {
                Some(unit) => (Role::Member, Over::Organization(unit)),
                None => return Ok(()),
            },
            _ => return Ok(()),
        };
        let account = writer.create_account(key, None, made.item.id)?;
        Ok(writer.give(account.row, role, &over)?)
    }

    /// Walks a record to its stage by the moves of the people who would make them.
    fn live(
        &self,
        writer: &mut Writer<'_>,
        kind: &Kind,
        owner: &Asker,
        made: Record,
        stage: &str,
    ) -> anyhow::Result<()> {
        let stage = match (stage, made.item.stage.as_str()) {
            ("", "proposed") => "listed",
            (stage, _) => stage,
        };
        let life = LIVES.iter().find(|(of, s, _)| (of.is_empty() || *of == kind.name) && *s == stage);
        let key = Key::Row(made.item.row);
        let officer = self.officer(made.item.place.as_ref());
        for name in life.map(|(_, _, moves)| *moves).unwrap_or_default() {
            let me = match *name {
                "confirm" | "agree-to-tell" => belonging(&made),
                "submit" if kind.name == story::KIND => belonging(&made),
                "submit" => owner.clone(),
                "select" => self.officer(made.item.place.as_ref().and_then(Place::parent).as_ref()),
                name if OF_THE_HOUSE.contains(&name) => signin::house(),
                _ => officer.clone(),
            };
            match writer.make(&me, &key, None, name, &self.given(&kind.name, name, &officer), 0) {
                Ok(_) => {}
                // What does not pass a guard, or waits for a calendar, stays where it is.
                Err(register::Fault::Refused(
                    catalogue::Refusal::Guards(_) | catalogue::Refusal::MissingYear(_),
                )) => return Ok(()),
                Err(fault) => return Err(anyhow!("{name}: {fault}")),
            }
        }
        Ok(())
    }

    /// What waited for others to be filed goes on.
    pub fn go_on(&mut self, writer: &mut Writer<'_>) -> anyhow::Result<()> {
        for (row, stage) in std::mem::take(&mut self.later) {
            let record = writer.find(&signin::house(), &Key::Row(row))?;
            let moves = ON.iter().find(|(kind, to, _)| *kind == record.item.kind && *to == stage);
            let (officer, party) = (self.officer(record.item.place.as_ref()), belonging(&record));
            for name in moves.map(|(_, _, moves)| *moves).unwrap_or_default() {
                let me = if *name == "finish" { &party } else { &officer };
                let mut given = Fields::new();
                if *name == "deliver" {
                    given.insert("result".into(), json!("合同约定的指标已经达到，办法在产线上用了起来。"));
                }
                let made = writer.make(me, &Key::Row(row), None, name, &given, 0);
                made.map_err(|fault| anyhow!("{} {name}: {fault}", record.item.title))?;
            }
        }
        Ok(())
    }

    /// What an officer gives with a move.
    fn given(&self, kind: &str, name: &str, officer: &Asker) -> Fields {
        let mut given = Fields::new();
        let person = officer.person.map(|id| id.to_string());
        match (name, person) {
            ("publish", Some(person)) if kind != story::KIND => {
                given.insert("secrecy_cleared_by".into(), json!(person));
                given.insert("secrecy_cleared_on".into(), json!(self.today.to_string()));
            }
            ("deliver", _) => {
                given.insert(
                    "result".into(),
                    json!("三块样板胶合强度 1.06～1.11 MPa，甲醛释放量 0.014 mg/m³。"),
                );
                given.insert(
                    "advice".into(),
                    json!("强度够了，离散偏大：建议先把单板含水率控到 12% 以下，再看涂胶量。"),
                );
            }
            ("select", _) => {
                given.insert("selection".into(), json!("全省科技经济融合典型案例（演示）"));
            }
            ("decline", _) => {
                given.insert("reason".into(), json!("no-capacity"));
            }
            ("ask-back", _) => {
                let question = json!([{ "code": "wanted-value", "text": "希望达到的指标是多少？请写明数值和检测方法。" }]);
                given.insert("questions".into(), question);
            }
            _ => {}
        }
        given
    }

    /// The officer who serves a place, or the province's.
    pub fn officer(&self, place: Option<&Place>) -> Asker {
        let place = place.cloned().unwrap_or_else(Place::nation);
        let near =
            place.ancestors().into_iter().find_map(|up| self.officers.iter().find(|(_, over)| *over == up));
        let (officer, over) = match near {
            Some((officer, over)) => (Some(*officer), over.clone()),
            None => (None, place),
        };
        Asker {
            person: officer,
            organizations: Vec::new(),
            roles: vec![RoleGrant { role: Role::Officer, over: Over::Place(over) }],
            ..Asker::default()
        }
    }

    /// What a reference `@key` means.
    pub fn id(&self, reference: &str) -> Option<RecordId> {
        self.ids.get(reference.strip_prefix('@')?).copied()
    }

    /// A table of the file as a form would post it.
    fn draft(&self, kind: &Kind, table: &Table) -> anyhow::Result<Draft> {
        let mut draft = Draft::default();
        for (name, value) in table {
            match name.as_str() {
                "key" | "type" | "stage" | WRITTEN | LATER => {}
                "credit_serial" => draft.add("credit_code", credit_code(value.as_integer().unwrap_or(0))?),
                _ if kind.field(name).is_some() => self.put(&mut draft, name, value)?,
                _ => match relative(kind, name, value) {
                    Some((field, days)) => draft.add(&field, self.day_in(days)),
                    None => bail!("{} has no field {name}", kind.name),
                },
            }
        }
        let unit = ["organization", "holder", "employer"].iter().find_map(|name| table.get(*name)?.as_str());
        let unit_place = unit.and_then(|unit| self.places.get(unit.trim_start_matches('@')));
        if let (true, Some(place)) =
            (draft.one("place").is_empty() && kind.field("place").is_some(), unit_place)
        {
            draft.add("place", place.to_string());
        }
        Ok(draft)
    }

    fn day_in(&self, days: i64) -> String {
        self.today.saturating_add(jiff::Span::new().days(days)).to_string()
    }

    fn put(&self, draft: &mut Draft, name: &str, value: &Value) -> anyhow::Result<()> {
        match value {
            Value::Array(items) if items.iter().any(Value::is_table) => {
                for (row, item) in items.iter().enumerate() {
                    self.put_group(draft, &format!("{name}.{row}"), item)?;
                }
            }
            Value::Array(items) => {
                for item in items {
                    self.put(draft, name, item)?;
                }
            }
            Value::Table(_) => self.put_group(draft, &format!("{name}.0"), value)?,
            Value::String(text) if text.starts_with('@') => {
                let id = self.id(text).ok_or_else(|| anyhow!("{text} is not filed yet"))?;
                draft.add(name, id.to_string());
            }
            Value::String(text) => draft.add(name, text.clone()),
            Value::Boolean(yes) => draft.add(name, if *yes { "1" } else { "" }.to_owned()),
            other => draft.add(name, other.to_string()),
        }
        Ok(())
    }

    fn put_group(&self, draft: &mut Draft, prefix: &str, value: &Value) -> anyhow::Result<()> {
        for (name, value) in value.as_table().into_iter().flatten() {
            self.put(draft, &format!("{prefix}.{name}"), value)?;
        }
        Ok(())
    }
}

/// Someone of whoever owns a record.
fn belonging(record: &Record) -> Asker {
    Asker { organizations: record.subject.owner.into_iter().collect(), ..Asker::default() }
}

/// A day told relative to today: `received_days_ago` and `held_on_in_days` name the fields `received_on` and `held_on`.
fn relative(kind: &Kind, name: &str, value: &Value) -> Option<(String, i64)> {
    let (stem, sign) = match (name.strip_suffix("_days_ago"), name.strip_suffix("_in_days")) {
        (Some(stem), _) => (stem, -1),
        (_, Some(stem)) => (stem, 1),
        _ => return None,
    };
    let field =
        [stem.to_owned(), format!("{stem}_on")].into_iter().find(|name| kind.field(name).is_some())?;
    Some((field, sign * value.as_integer()?))
}

fn days_ago(record: &Table) -> i64 {
    let told = |name: &String| name.ends_with("_days_ago") && name != WRITTEN;
    record.iter().find(|(name, _)| told(name)).and_then(|(_, days)| days.as_integer()).unwrap_or_default()
}

pub(super) fn text(table: &Table, name: &str) -> String {
    table.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// A credit code no real unit can have: division 990000, both check characters right.
pub fn credit_code(serial: i64) -> anyhow::Result<String> {
    const LETTERS: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let body = format!("HN{serial:06}");
    let organisation = "0123456789X"
        .chars()
        .map(|check| format!("{body}{check}"))
        .find(|code| organisation_check_ok(code))
        .ok_or_else(|| anyhow!("no check character for {body}"))?;
    LETTERS
        .chars()
        .map(|check| format!("91990000{organisation}{check}"))
        .find(|code| CreditCode::parse(code).is_ok_and(|code| code.check_ok()))
        .ok_or_else(|| anyhow!("no check character for {organisation}"))
}
