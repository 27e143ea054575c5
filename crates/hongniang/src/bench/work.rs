//! 我的事项 over many open records: a county's officer, a province's, and a firm's own page.

use base::id::RecordId;
use base::place::Place;
use catalogue::{Asker, Fields, Over, Role, RoleGrant};
use register::{Key, New, Writer};
use serde_json::{Value, json};

use super::{Bench, load, print, serve};
use crate::app::App;
use crate::fields::demand;
use crate::signin;

/// Records filed in one write.
const BATCH: usize = 2_000;
/// Divisions the demands come from, in turn; an officer of one has a sixth of all.
const PLACES: [&str; 6] = ["330521", "330281", "330212", "330110", "330206", "330302"];
/// People who each filed as many as the others, all from one division: a multiple of those.
const OWNERS: usize = 996;

/// Fills the store with open demands at four stages, then times the page.
pub fn run(records: usize) -> anyhow::Result<()> {
    let bench = Bench::open("work", None)?;
    let owners = file_owners(&bench.app)?;
    for start in (0..records).step_by(BATCH) {
        file(&bench.app, &owners, start, BATCH.min(records - start))?;
    }
    let place = |code: &str| Place::parse(code).map(Over::Place).map_err(|error| anyhow::anyhow!("{error}"));
    let first = owners.first().copied().ok_or_else(|| anyhow::anyhow!("no owner was filed"))?;
    let cookies = [
        (
            "county officer",
            signin::bench_session(&bench.app, "county", Role::Officer, vec![place("330521")?])?,
        ),
        (
            "province officer",
            signin::bench_session(&bench.app, "province", Role::Officer, vec![place("330000")?])?,
        ),
        (
            "county liaison",
            signin::bench_session(&bench.app, "liaison", Role::Liaison, vec![place("330521")?])?,
        ),
        ("owner", signin::bench_visit(&bench.app, first)?),
    ];
    let address = serve(&bench.app, true)?;
    while bench.app.index().building().is_some() {
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    for (who, cookie) in cookies {
        let measured = load::put(address, 1, 3, move |_, _| load::get("/work", &cookie))?;
        let line = json!({ "bench": "work", "records": records, "who": who, "measured": measured.json() });
        print(&line.to_string())?;
    }
    Ok(())
}

fn file_owners(app: &App) -> anyhow::Result<Vec<RecordId>> {
    let filed = app.register().write_now(app.now(), |writer| {
        let name = |n: usize| format!("第{n}位联系人（虚构）");
        let place = |n: usize| PLACES.get(n % PLACES.len()).and_then(|code| Place::parse(code).ok());
        (0..OWNERS).map(|n| signin::file_person(writer, &name(n), "contact", place(n))).collect()
    });
    Ok(filed?.value)
}

/// Files demands and moves them on: of five, two wait to be checked, one to be answered, one is checked, one public.
fn file(app: &App, owners: &[RecordId], start: usize, count: usize) -> anyhow::Result<()> {
    let owners = owners.to_vec();
    let filed = move |writer: &mut Writer<'_>| {
        for n in start..start + count {
            let me = person(owners.get(n % OWNERS).copied());
            let new = New { kind: demand::KIND.to_owned(), fields: fields(n), ..New::default() };
            let key = Key::Id(writer.create(&me, New { type_path: "technical".to_owned(), ..new })?.item.id);
            let mut make = |who: &Asker, name: &str, given: Value| {
                writer.make(who, &key, None, name, &object(given), 0).map(drop)
            };
            make(&me, "submit", json!({}))?;
            let officer = officer(PLACES.get(n % PLACES.len()).copied().unwrap_or_default(), me.person);
            let cleared = json!({ "secrecy_cleared_by": me.person.map(|id| id.to_string()), "secrecy_cleared_on": "2026-11-20" });
            match n % 5 {
                0 => make(
                    &officer,
                    "ask-back",
                    json!({ "questions": [{ "code": "present-value", "text": "现值是多少？" }] }),
                )?,
                1 => make(&officer, "check", json!({}))?,
                2 => {
                    make(&officer, "check", json!({}))?;
                    make(&officer, "publish", cleared)?;
                }
                _ => {}
            }
        }
        Ok(())
    };
    app.register().write_now(app.now(), filed)?;
    Ok(())
}

fn fields(n: usize) -> Fields {
    object(json!({
        "title": format!("第{n}号工序的温度漂移"),
        "problem": "连续生产四小时后尺寸超差，停机冷却后恢复。",
        "present_value": "±0.05 mm", "wanted_value": "±0.01 mm", "conditions": "室温 10–35 ℃",
        "volume": "月产 2 万件", "due_on": "2027-06-30",
        "place": PLACES.get(n % PLACES.len()), "contact_name": "联系人（虚构）", "contact_phone": "057200000000",
    }))
}

fn object(value: Value) -> Fields {
    value.as_object().cloned().unwrap_or_default()
}

fn person(id: Option<RecordId>) -> Asker {
    Asker { person: id, ..Asker::default() }
}

/// An officer of a place, who may name the person as who cleared it.
fn officer(place: &str, person: Option<RecordId>) -> Asker {
    let over = Place::parse(place).map_or(Over::Node, Over::Place);
    Asker { person, roles: vec![RoleGrant { role: Role::Officer, over }], ..Asker::default() }
}
