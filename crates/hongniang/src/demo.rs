//! The demonstration: the files under `demo/` filed through the register's own doors, as if people had done it.
//!
//! Records are typed into drafts, read like forms, created by those who would own them and moved by the officers of
//! their regions; nothing is written past a rule. Days are counted back from today. Start at [`run`].

use std::collections::HashMap;
use std::io::Write as _;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context as _, anyhow, bail};
use base::credit::{CreditCode, organisation_check_ok};
use base::id::RecordId;
use base::place::Place;
use catalogue::{Asker, Fields, Kind, Over, Role, RoleGrant};
use jiff::civil::Date;
use register::{Key, New, Record, Writer};
use serde_json::json;
use toml::{Table, Value};

use crate::app::App;
use crate::fields::{demand, person};
use crate::records::draft::Draft;
use crate::wiring::Options;
use crate::{embedded, serve, signin};

/// Files in the order in which they refer to one another.
const FILES: [(&str, &str); 5] = [
    ("organization", "demo/organizations.toml"),
    ("person", "demo/persons.toml"),
    ("achievement", "demo/achievements.toml"),
    ("demand", "demo/demands.toml"),
    ("tie", "demo/ties.toml"),
];

/// Who the identity bar offers: the person, what they are here for.
const IDENTITIES: [(&str, &str); 3] =
    [("施小满（虚构）", "县科协干部"), ("沈砚秋（虚构）", "专家"), ("演示管理员", "管理员")];

/// The steps of a record's life that lead to a stage.
const LIVES: [(&str, &str, &[&str]); 7] = [
    ("demand", "submitted", &["submit"]),
    ("demand", "asked", &["submit", "ask-back"]),
    ("demand", "checked", &["submit", "check"]),
    ("demand", "published", &["submit", "check", "publish"]),
    ("achievement", "published", &["submit", "publish"]),
    ("organization", "listed", &["list"]),
    ("person", "listed", &["list"]),
];

/// Loads the demonstration if the folder is empty, and serves it.
pub fn run(data: PathBuf, listen: String, postgres: Option<String>, fresh: bool) -> anyhow::Result<()> {
    if fresh && data.exists() {
        forget(&data)?;
    }
    let options = Options { data: data.clone(), postgres, public_url: None, listen, demonstration: true };
    serve::run(&options, |app, origin| {
        let start = Instant::now();
        let loaded = load(app)?;
        let identities = identities(app)?;
        let mut out = std::io::stdout().lock();
        writeln!(out, "科技红娘 · 演示 Hongniang demonstration\n  {origin}    (English: {origin}/en/)")?;
        match loaded {
            Some(counts) => {
                let words: Vec<String> = counts.iter().map(|(kind, n)| format!("{n} {kind}")).collect();
                writeln!(out, "  loaded {} in {:.1} s", words.join(", "), start.elapsed().as_secs_f32())?;
            }
            None => writeln!(out, "  kept what {} holds (--fresh loads anew)", data.display())?,
        }
        writeln!(out, "\n演示身份 (personal links, made anew at each start):")?;
        for (name, path) in &identities {
            writeln!(out, "  {name}\n    {origin}{path}")?;
        }
        writeln!(out, "\n试一试 What to try:\n{}", TRY.replace("{origin}", origin))?;
        app.show_identities(identities);
        Ok(())
    })
}

const TRY: &str = "  1. {origin}/demands/post     提需求：两行起步，体检追问 (post a need, no account)
  2. 施小满：我的事项 → 审核、保密审查、发布 → 对接页 (officer's work list, publish, match)
  3. 沈砚秋：个人链接接受邀请 (an expert answers by link)
  4. {origin}/demands.xlsx     导出表格 (everything leaves as a spreadsheet)";

/// Removes a demonstration's folder; anything else is left alone.
fn forget(data: &std::path::Path) -> anyhow::Result<()> {
    let is_ours = data.join("register.sqlite").exists();
    let is_empty = std::fs::read_dir(data)?.next().is_none();
    if !is_ours && !is_empty {
        bail!("{} does not look like a demonstration's folder: remove it yourself", data.display());
    }
    std::fs::remove_dir_all(data).with_context(|| format!("cannot remove {}", data.display()))
}

/// How many of each kind were filed; none if there was something already.
fn load(app: &App) -> anyhow::Result<Option<Vec<(&'static str, usize)>>> {
    if app.position().number > 0 {
        return Ok(None);
    }
    let today = app.today();
    let filed = app.register().write_now(app.now(), move |writer| {
        let mut world = World { ids: HashMap::new(), places: HashMap::new(), officers: Vec::new(), today };
        let mut counts = Vec::new();
        for (kind, path) in FILES {
            match world.file_all(writer, kind, path) {
                Ok(count) => counts.push((kind, count)),
                Err(error) => return Err(register::Fault::Storage(format!("{path}: {error:#}"))),
            }
        }
        Ok(counts)
    })?;
    signin::new_account(app, "steward", "演示管理员", Role::Steward, Over::Node)?;
    Ok(Some(filed.value))
}

/// What has been filed so far.
struct World {
    ids: HashMap<String, RecordId>,
    /// Where the filed organisations stand.
    places: HashMap<String, Place>,
    /// Officers and the places they serve.
    officers: Vec<(RecordId, Place)>,
    today: Date,
}

impl World {
    fn file_all(&mut self, writer: &mut Writer<'_>, kind: &str, path: &str) -> anyhow::Result<usize> {
        let table: Table = embedded::text(path).parse()?;
        let mut records = table.get("record").and_then(Value::as_array).cloned().unwrap_or_default();
        // What came in last is filed last, so that the newest stands first in lists.
        records.sort_by_key(|record| std::cmp::Reverse(days_ago(record)));
        for record in &records {
            let record = record.as_table().ok_or_else(|| anyhow!("a record is a table"))?;
            let key = text(record, "key");
            self.file(writer, kind, record).with_context(|| format!("record {key}"))?;
        }
        Ok(records.len())
    }

    fn file(&mut self, writer: &mut Writer<'_>, kind: &str, table: &Table) -> anyhow::Result<()> {
        let catalogue = writer.catalogue().clone();
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
        let me = owner.map_or(me, |owner| Asker { organizations: vec![owner], ..Asker::default() });
        self.live(writer, kind, &me, made, &text(table, "stage"))
    }

    /// A tie is headed by both its ends and stands where its second end stands.
    fn name_tie(&self, writer: &Writer<'_>, draft: &mut Draft, table: &Table) -> anyhow::Result<()> {
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

    /// Keeps what later records refer to; an officer gets an account with the place of the employer.
    fn remember(&mut self, writer: &mut Writer<'_>, table: &Table, made: &Record) -> anyhow::Result<()> {
        let key = text(table, "key");
        if let Some(place) = &made.item.place {
            self.places.insert(key.clone(), place.clone());
        }
        if made.item.kind == person::KIND && made.item.type_path == person::OFFICER {
            let employer = text(table, "employer");
            let place =
                self.places.get(employer.trim_start_matches('@')).cloned().unwrap_or_else(Place::nation);
            let account = writer.create_account(&key, None, made.item.id)?;
            writer.give(account.row, Role::Officer, &Over::Place(place.clone()))?;
            self.officers.push((made.item.id, place));
        }
        self.ids.insert(key, made.item.id);
        Ok(())
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
        let stage = if stage.is_empty() && made.item.stage == "proposed" { "listed" } else { stage };
        let life = LIVES.iter().find(|(k, s, _)| *k == kind.name && *s == stage);
        let key = Key::Row(made.item.row);
        let officer = self.officer(made.item.place.as_ref());
        for name in life.map(|(_, _, moves)| *moves).unwrap_or_default() {
            let me = match *name {
                "submit" => owner.clone(),
                "list" => signin::house(),
                _ => officer.clone(),
            };
            match writer.make(&me, &key, None, name, &self.given(name, &officer), 0) {
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

    /// What an officer gives with a move.
    fn given(&self, name: &str, officer: &Asker) -> Fields {
        let mut given = Fields::new();
        let person = officer.person.map(|id| id.to_string());
        match (name, person) {
            ("publish", Some(person)) => {
                given.insert("secrecy_cleared_by".into(), json!(person));
                given.insert("secrecy_cleared_on".into(), json!(self.today.to_string()));
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
    fn officer(&self, place: Option<&Place>) -> Asker {
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
        }
    }

    fn id(&self, reference: &str) -> Option<RecordId> {
        self.ids.get(reference.strip_prefix('@')?).copied()
    }

    /// A table of the file as a form would post it.
    fn draft(&self, kind: &Kind, table: &Table) -> anyhow::Result<Draft> {
        let mut draft = Draft::default();
        for (name, value) in table {
            match name.as_str() {
                "key" | "type" | "stage" => {}
                "credit_serial" => draft.add("credit_code", credit_code(value.as_integer().unwrap_or(0))?),
                "received_days_ago" => draft.add("received_on", self.days_ago(value)),
                "confirmed_days_ago" => draft.add("confirmed_on", self.days_ago(value)),
                _ if kind.field(name).is_some() => self.put(&mut draft, name, value)?,
                _ => bail!("{} has no field {name}", kind.name),
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

    fn days_ago(&self, days: &Value) -> String {
        let days = jiff::Span::new().days(days.as_integer().unwrap_or(0));
        self.today.saturating_sub(days).to_string()
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

fn days_ago(record: &Value) -> i64 {
    let days =
        ["received_days_ago", "confirmed_days_ago"].iter().find_map(|name| record.get(*name)?.as_integer());
    days.unwrap_or(0)
}

fn text(table: &Table, name: &str) -> String {
    table.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// A credit code no real unit can have: division 990000, both check characters right.
fn credit_code(serial: i64) -> anyhow::Result<String> {
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

/// One-time links of this start: name and address.
fn identities(app: &App) -> anyhow::Result<Vec<(String, String)>> {
    let mut links = Vec::new();
    for (name, role) in IDENTITIES {
        let found = app.register().read(|reader| reader.titled(&signin::house(), person::KIND, name))?;
        if let Some(person) = found {
            links.push((format!("{role} {name}"), signin::demonstration_link(app, person.id)?));
        }
    }
    Ok(links)
}
