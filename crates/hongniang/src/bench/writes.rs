//! Durable creates over HTTP at 64 connections, on either store, beside the store's own time for one flush to disk.

use std::io::Write as _;

use anyhow::bail;
use serde_json::json;

use super::load::{self, CONNECTIONS};
use super::{Bench, instant, print, serve};

/// Flushes measured.
const FLUSHES: usize = 200;

/// Measures and prints one line.
pub fn run(store: &str, url: Option<String>, seconds: u64) -> anyhow::Result<()> {
    let postgres = match (store, url) {
        ("sqlite", _) => None,
        ("postgres", Some(url)) => Some(url),
        ("postgres", None) => bail!("--store postgres needs --url"),
        (other, _) => bail!("no store {other}: sqlite or postgres"),
    };
    let bench = Bench::open("writes", postgres)?;
    let cookie = bench.officer()?;
    let address = serve(&bench.app, false)?;
    let before = bench.app.position().number;
    let run = std::process::id();
    let created = load::put(address, CONNECTIONS, seconds, move |connection, number| {
        let title = format!("第{connection}号连接第{number}家单位（演示）");
        let fields = json!({
            "title": title, "place": "330521", "industry": ["C202"],
            "strengths": "无醛胶黏剂与胶合板成型", "contact_name": "演示", "summary": format!("批次 {run}"),
        });
        load::post("/api/v1/organizations", &cookie, &json!({ "type": "firm", "fields": fields }))
    })?;
    let changes = bench.app.position().number - before;
    let flush = flush_us(&bench.folder)?;
    print(
        &json!({
            "bench": "writes",
            "store": store,
            "creates": created.json(),
            "changes": changes,
            "fsync_us": flush,
            "creates_per_fsync": (created.per_second() * flush / 1e6 * 10.0).round() / 10.0,
            "connections": CONNECTIONS,
        })
        .to_string(),
    )
}

/// The median time of writing 4 KiB and flushing it, in microseconds.
fn flush_us(folder: &std::path::Path) -> anyhow::Result<f64> {
    let mut file = std::fs::File::create(folder.join("flush"))?;
    let mut times = Vec::with_capacity(FLUSHES);
    for _ in 0..FLUSHES {
        let start = instant();
        file.write_all(&[7u8; 4096])?;
        file.sync_data()?;
        times.push(start.elapsed());
    }
    times.sort_unstable();
    Ok(times.get(FLUSHES / 2).map_or(0.0, |time| time.as_secs_f64() * 1e6).round())
}
