//! What is alive in the demonstration beside its records: a campaign answered to different degrees, demands combined,
//! promises missed and renewed, details opened to someone; made by the same doors as in any house. Start at [`fill`].

use anyhow::{Context as _, anyhow};
use base::id::RecordId;
use catalogue::{Asker, Fields};
use jiff::Timestamp;
use register::{Key, New, Record, Rung, Writer};
use serde_json::{Value as Json, json};
use toml::{Table, Value};

use super::world::{World, text};
use crate::app::App;
use crate::campaigns::call_on;
use crate::collect::firm;
use crate::fields::{UNTIL, demand, report, tie};
use crate::records::draft::Draft;
use crate::{combining, embedded, signin};

/// Days after which a published demand expires, and one more.
const YEAR_AND_A_DAY: i64 = 367;

/// Makes the demonstration live; what was filed stands in the world.
pub fn fill(app: &App, world: World) -> anyhow::Result<()> {
    let told: Table = embedded::text("demo/calls.toml").parse().context("demo/calls.toml")?;
    let past = tables(&told, "past");
    let secrets: Vec<[u8; 32]> =
        tables(&told, "call").iter().map(|_| crate::secret::digest(&app.secret())).collect();
    let living = Living { world, told };
    let living = write(app, app.now(), move |writer| {
        living.campaign(writer, &secrets)?;
        living.common(writer)?;
        living.openings(writer)?;
        living.brief(writer)?;
        Ok(living)
    })?;
    let mut living = living;
    for table in past {
        living = living.past(app, &table).with_context(|| text(&table, "title"))?;
    }
    Ok(())
}

struct Living {
    world: World,
    told: Table,
}

fn write<T: Send + 'static>(
    app: &App,
    moment: Timestamp,
    f: impl FnOnce(&mut Writer<'_>) -> anyhow::Result<T> + Send + 'static,
) -> anyhow::Result<T> {
    let told = |error: anyhow::Error| register::Fault::Storage(format!("{error:#}"));
    Ok(app.register().write_now(moment, move |writer| f(writer).map_err(told))?.value)
}

fn tables(of: &Table, name: &str) -> Vec<Table> {
    let list = of.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    list.iter().filter_map(Value::as_table).cloned().collect()
}

fn days(now: Timestamp, ago: i64) -> anyhow::Result<Timestamp> {
    Ok(now.checked_sub(jiff::SignedDuration::from_hours(24 * ago))?)
}

/// One of a firm, who does what its contact would.
fn of_firm(firm: RecordId) -> Asker {
    Asker { organizations: vec![firm], ..Asker::default() }
}

impl Living {
    fn id(&self, key: &str) -> anyhow::Result<RecordId> {
        self.world.id(key).ok_or_else(|| anyhow!("{key} is not filed"))
    }

    /// The fields of a table as a form would read them.
    fn fields(
        &self,
        writer: &Writer<'_>,
        type_path: &str,
        table: &Table,
        leave: &[&str],
    ) -> anyhow::Result<Fields> {
        let kind = writer.catalogue().kind(demand::KIND).ok_or_else(|| anyhow!("no demands"))?;
        let mut draft = Draft::default();
        for (name, value) in table.iter().filter(|(name, _)| !leave.contains(&name.as_str())) {
            match value {
                Value::Array(items) => {
                    items.iter().filter_map(Value::as_str).for_each(|item| draft.add(name, item.to_owned()));
                }
                Value::String(text) => draft.add(name, text.clone()),
                other => draft.add(name, other.to_string()),
            }
        }
        let (fields, faults) = draft.read(kind.fields_of(type_path), &writer.catalogue().terms());
        if faults.is_empty() { Ok(fields) } else { Err(anyhow!("{faults:?}")) }
    }

    /// A county reports once; the level above asks back on the same record.
    fn brief(&self, writer: &mut Writer<'_>) -> anyhow::Result<()> {
        let told = self.told.get("brief").and_then(Value::as_table).context("brief")?;
        let (place, above) = (text(told, "place").parse()?, text(told, "asks").parse()?);
        let (county, province) = (self.world.officer(Some(&place)), self.world.officer(Some(&above)));
        let mut fields = Fields::new();
        for name in ["title", "place", "since", "until", "text"] {
            fields.insert(name.to_owned(), json!(text(told, name)));
        }
        let new =
            New { kind: report::KIND.into(), type_path: report::BRIEF.into(), fields, ..New::default() };
        let key = Key::Row(writer.create(&county, new)?.item.row);
        writer.make(&county, &key, None, report::FILE, &Fields::new(), 0)?;
        let asked = Fields::from_iter([(report::QUESTION.to_owned(), json!(text(told, report::QUESTION)))]);
        writer.make(&province, &key, None, report::ASK_BACK, &asked, 0)?;
        Ok(())
    }

    fn campaign(&self, writer: &mut Writer<'_>, secrets: &[[u8; 32]]) -> anyhow::Result<()> {
        let of =
            self.told.get("campaign").and_then(Value::as_table).map(|of| text(of, "of")).unwrap_or_default();
        let programme = writer.find(&signin::house(), &Key::Id(self.id(&of)?))?;
        for (table, secret) in tables(&self.told, "call").iter().zip(secrets) {
            self.call(writer, &programme, table, *secret).with_context(|| text(table, "firm"))?;
        }
        Ok(())
    }

    /// A firm is called on and goes as far as the table says.
    fn call(
        &self,
        writer: &mut Writer<'_>,
        programme: &Record,
        table: &Table,
        secret: [u8; 32],
    ) -> anyhow::Result<()> {
        let firm = self.id(&text(table, "firm"))?;
        let place = writer.find(&signin::house(), &Key::Id(firm))?.item.place;
        let officer = self.world.officer(place.as_ref());
        let called = call_on(writer, &officer, programme, firm)?;
        let (me, key, state) = (of_firm(firm), Key::Row(called.item.row), text(table, "state"));
        if state != "invited" {
            let filler = called.fields.get(demand::FILLED_BY).and_then(Json::as_str).unwrap_or_default();
            let person = firm::filler(writer, firm, filler)?;
            signin::make_link(writer, secret, person, Some(called.item.id), signin::LINK_DAYS)?;
            writer.use_link(&secret)?;
        }
        if matches!(state.as_str(), "drafted" | "submitted") {
            let mut fields = called.fields.clone();
            fields.extend(self.fields(writer, &called.item.type_path, table, &["firm", "state"])?);
            writer.revise(&me, &key, called.item.version, fields)?;
        }
        match state.as_str() {
            "submitted" => drop(writer.make(&me, &key, None, demand::SUBMIT, &Fields::new(), 0)?),
            "none" => drop(writer.make(&me, &key, None, demand::NONE, &Fields::new(), 0)?),
            _ => {}
        }
        Ok(())
    }

    /// Three demands become a common one, which goes on to the public.
    fn common(&self, writer: &mut Writer<'_>) -> anyhow::Result<()> {
        let Some(table) = self.told.get("common").and_then(Value::as_table) else { return Ok(()) };
        let mut fields = self.fields(writer, demand::COMMON_TYPE, table, &["of"])?;
        let of = table.get("of").and_then(Value::as_array).cloned().unwrap_or_default();
        let members: Vec<String> = of
            .iter()
            .filter_map(Value::as_str)
            .map(|key| self.id(key).map(|id| id.to_string()))
            .collect::<anyhow::Result<_>>()?;
        fields.insert(demand::DRAWN_FROM.into(), json!(members));
        let place = base::place::Place::parse(&text(table, "place"))?;
        let officer = self.world.officer(Some(&place));
        let made = combining::file(writer, &officer, fields, None)?;
        self.publish(writer, &officer, &made)
    }

    fn publish(&self, writer: &mut Writer<'_>, officer: &Asker, record: &Record) -> anyhow::Result<()> {
        let key = Key::Row(record.item.row);
        writer.make(officer, &key, None, "check", &Fields::new(), 0)?;
        let mut given = Fields::new();
        given.insert("secrecy_cleared_by".into(), json!(officer.person.map(|id| id.to_string())));
        given.insert("secrecy_cleared_on".into(), json!(writer.today().to_string()));
        writer.make(officer, &key, None, demand::PUBLISH, &given, 0)?;
        Ok(())
    }

    fn openings(&self, writer: &mut Writer<'_>) -> anyhow::Result<()> {
        for table in tables(&self.told, "opening") {
            let house = signin::house();
            let record = writer.find(&house, &Key::Id(self.id(&text(&table, "of"))?))?;
            let owner = record.item.owner.ok_or_else(|| anyhow!("nobody owns it"))?;
            let to = self.id(&text(&table, "to"))?;
            let last = table.get("days").and_then(Value::as_integer).unwrap_or_default();
            let last = writer.today().checked_add(jiff::Span::new().days(last))?;
            let mut fields = Fields::new();
            fields.insert(tie::TITLE.into(), json!(record.item.title));
            fields.insert(tie::FROM.into(), json!(record.item.id.to_string()));
            fields.insert(tie::TO.into(), json!(to.to_string()));
            fields.insert(tie::SINCE.into(), json!(writer.today().to_string()));
            fields.insert(UNTIL.into(), json!(last.to_string()));
            fields.insert(tie::PURPOSE.into(), json!(text(&table, "purpose")));
            let (kind, type_path) = (tie::KIND.to_owned(), tie::OPENING.to_owned());
            let place = record.item.place.clone();
            let new = New { kind, type_path, fields, place, owner: Some(owner), id: None };
            writer.create(&of_firm(owner), new)?;
            if table.get("looked").and_then(Value::as_bool).unwrap_or_default() {
                let expert = Asker { person: Some(to), ..Asker::default() };
                writer.open(&expert, &Key::Row(record.item.row))?;
            }
        }
        Ok(())
    }

    /// A demand published some time ago, and what became of it since.
    fn past(self, app: &App, table: &Table) -> anyhow::Result<Living> {
        let ago = table.get("days_ago").and_then(Value::as_integer).unwrap_or_default();
        let (then, filing) = (text(table, "then"), table.clone());
        let (living, record, firm) = write(app, days(app.now(), ago)?, move |writer| {
            let firm = self.id(&text(&filing, "firm"))?;
            let (record, officer) = self.submitted(writer, firm, &filing)?;
            self.publish(writer, &officer, &record)?;
            Ok((self, record, firm))
        })?;
        if then != "late" {
            let rung = Rung { row: record.item.row, clock: "expiry".to_owned() };
            write(app, days(app.now(), ago - YEAR_AND_A_DAY)?, move |writer| Ok(writer.ring(&rung)?))?;
        }
        if then == "renewed" {
            let key = Key::Row(record.item.row);
            let mut given = Fields::new();
            given.insert(demand::DUE.into(), json!("2027-12"));
            write(app, app.now(), move |writer| {
                Ok(writer.make(&of_firm(firm), &key, None, "revive", &given, 0).map(drop)?)
            })?;
        }
        Ok(living)
    }

    fn submitted(
        &self,
        writer: &mut Writer<'_>,
        firm: RecordId,
        table: &Table,
    ) -> anyhow::Result<(Record, Asker)> {
        let place = writer.find(&signin::house(), &Key::Id(firm))?.item.place;
        let officer = self.world.officer(place.as_ref());
        let mut fields = self.fields(writer, "technical", table, &["firm", "days_ago", "then"])?;
        fields.insert(demand::ORGANIZATION.into(), json!(firm.to_string()));
        if let Some(place) = place {
            fields.insert(demand::PLACE.into(), json!(place.to_string()));
        }
        let me = of_firm(firm);
        let (kind, type_path) = (demand::KIND.to_owned(), "technical".to_owned());
        let made =
            writer.create(&me, New { kind, type_path, fields, owner: Some(firm), ..New::default() })?;
        let record = writer.make(&me, &Key::Row(made.item.row), None, demand::SUBMIT, &Fields::new(), 0)?;
        Ok((record, officer))
    }
}
