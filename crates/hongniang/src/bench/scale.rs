//! Lists and pages over a million organisations, one of them with ten thousand ties.

use base::id::RecordId;
use catalogue::Fields;
use register::{Key, New, Writer};
use serde_json::json;

use super::{Bench, instant, load, print, serve};
use crate::app::App;
use crate::signin;

/// Records filed in one write.
const BATCH: usize = 5_000;
/// Divisions the organisations stand in, in turn.
const PLACES: [&str; 6] = ["330521", "330281", "330212", "330110", "330206", "330302"];
/// Divisions of industry, in turn.
const INDUSTRIES: [&str; 5] = ["C20", "C34", "C38", "C17", "C26"];

/// Changes whose way into the figures is timed.
const CHANGES: usize = 200;

/// Fills the store, lists every organisation, lets the index and the figures follow, then times changes and pages.
pub fn run(organizations: usize, ties: usize) -> anyhow::Result<()> {
    let bench = Bench::open("scale", None)?;
    let start = instant();
    let ids = file_organizations(&bench.app, organizations)?;
    let filed = start.elapsed().as_secs_f64();
    let start = instant();
    list(&bench.app, &ids)?;
    let listed = start.elapsed().as_secs_f64();
    file_ties(&bench.app, &ids, ties)?;
    let per_second = |seconds: f64| (organizations as f64 / seconds).round();
    print(
        &json!({
            "bench": "scale", "organizations": organizations, "ties": ties,
            "import_seconds": filed.round(), "import_per_second": per_second(filed),
            "list_per_second": per_second(listed),
        })
        .to_string(),
    )?;
    let cookie = bench.officer()?;
    let address = serve(&bench.app, true)?;
    let start = instant();
    while bench.app.index().building().is_some() {
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let followed = start.elapsed().as_secs_f64();
    print(&json!({ "bench": "scale", "follow_seconds": followed.round() }).to_string())?;
    print(&json!({ "bench": "scale", "figures": changes(&bench.app, &ids)? }).to_string())?;
    for path in pages(&bench.app, &ids)? {
        let (asked, cookie) = (path.clone(), cookie.clone());
        let measured = load::put(address, 1, 2, move |_, _| load::get(&asked, &cookie))?;
        print(&json!({ "bench": "scale", "page": path, "measured": measured.json() }).to_string())?;
    }
    Ok(())
}

/// Lists every organisation, as an officer would after looking at the import.
fn list(app: &App, ids: &[RecordId]) -> anyhow::Result<()> {
    for batch in ids.chunks(BATCH) {
        let batch = batch.to_vec();
        app.register().write_now(app.now(), move |writer| {
            for id in &batch {
                writer.make(&signin::house(), &Key::Id(*id), None, "list", &Fields::new(), 0)?;
            }
            Ok(())
        })?;
    }
    Ok(())
}

/// Milliseconds from a durable change to figures that hold it: half of them, and all but one in a hundred.
fn changes(app: &App, ids: &[RecordId]) -> anyhow::Result<serde_json::Value> {
    let mut took = Vec::with_capacity(CHANGES);
    for id in ids.iter().rev().take(CHANGES) {
        let key = Key::Id(*id);
        let retire = move |writer: &mut Writer<'_>| {
            writer.make(&signin::house(), &key, None, "retire", &Fields::new(), 0)
        };
        let made = app.register().write_now(app.now(), retire)?;
        let start = instant();
        app.index().wait(made.position);
        took.push(start.elapsed().as_secs_f64() * 1_000.0);
    }
    took.sort_by(f64::total_cmp);
    let at = |share: usize| took.get((took.len() * share / 100).min(took.len().saturating_sub(1))).copied();
    Ok(json!({ "changes": took.len(), "p50_ms": at(50), "p99_ms": at(99) }))
}

fn pages(app: &App, ids: &[RecordId]) -> anyhow::Result<Vec<String>> {
    let busiest = ids.first().copied().ok_or_else(|| anyhow::anyhow!("no organisation was filed"))?;
    let number =
        app.register().read(|reader| Ok(reader.find(&signin::house(), &Key::Id(busiest))?.item.number))?;
    let public = [
        "/",
        "/figures",
        "/figures?place=330521",
        "/figures/firms",
        "/regions",
        "/regions/330521",
        "/compare",
    ];
    let mut pages: Vec<String> = [
        "",
        "?place=330521",
        "?industry=C34",
        "?type=firm&industry=C20",
        "?order=title",
        "?place=330521&industry=C20",
    ]
    .iter()
    .map(|query| format!("/organizations{query}"))
    .collect();
    pages.push(format!("/organizations/{}", number.path()));
    pages.extend(public.map(str::to_owned));
    Ok(pages)
}

/// Files this many organisations set-wise, as the import of a spreadsheet does; their ids.
pub fn file_organizations(app: &App, count: usize) -> anyhow::Result<Vec<RecordId>> {
    let mut ids = Vec::with_capacity(count);
    for start in (0..count).step_by(BATCH) {
        let batch: Vec<New> =
            (start..count.min(start + BATCH)).map(organization).collect::<anyhow::Result<_>>()?;
        ids.extend(batch.iter().filter_map(|new| new.id));
        let filed = app.register().write_now(app.now(), move |writer| {
            writer.import_keys(&signin::house(), "organization", batch)
        })?;
        for key in filed.value {
            key?;
        }
    }
    Ok(ids)
}

fn organization(n: usize) -> anyhow::Result<New> {
    let mut fields = Fields::new();
    fields.insert("title".into(), json!(format!("第{n}号企业（演示）")));
    fields.insert("place".into(), json!(PLACES.get(n % PLACES.len())));
    fields.insert("industry".into(), json!([INDUSTRIES.get(n % INDUSTRIES.len())]));
    fields.insert("strengths".into(), json!(format!("工艺编号 {n} 的成型、检测与维护")));
    fields.insert("credit_code".into(), json!(crate::demo::credit_code(i64::try_from(n)?)?));
    let id = RecordId::new(u64::try_from(n)?, [0; 10]);
    Ok(New {
        kind: "organization".to_owned(),
        type_path: "firm".to_owned(),
        fields,
        id: Some(id),
        ..New::default()
    })
}

fn file_ties(app: &App, ids: &[RecordId], count: usize) -> anyhow::Result<()> {
    let Some((busiest, others)) = ids.split_first() else { return Ok(()) };
    for chunk in others.iter().cycle().take(count).collect::<Vec<_>>().chunks(BATCH) {
        let batch: Vec<New> = chunk.iter().map(|other| tie(*busiest, **other)).collect();
        let made = app
            .register()
            .write_now(app.now(), move |writer| writer.import(&signin::house(), "tie", batch))?;
        for record in made.value {
            record?;
        }
    }
    Ok(())
}

fn tie(from: RecordId, to: RecordId) -> New {
    let mut fields = Fields::new();
    fields.insert("title".into(), json!("协作配套（演示）"));
    fields.insert("from".into(), json!(from.to_string()));
    fields.insert("to".into(), json!(to.to_string()));
    New { kind: "tie".to_owned(), type_path: "cooperation".to_owned(), fields, ..New::default() }
}
