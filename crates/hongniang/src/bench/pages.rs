//! A list of 20 rows with session and scope, beside a bare page of the same server library in the same run.

use axum::response::Html;
use axum::routing::get;
use serde_json::json;

use super::load::{self, CONNECTIONS};
use super::{Bench, listen, print, serve};

/// Organisations in the store the list is read from.
const ORGANIZATIONS: usize = 2_000;

/// Measures both sides and prints one line.
pub fn run(seconds: u64) -> anyhow::Result<()> {
    let bench = Bench::open("pages", None)?;
    super::scale::file_organizations(&bench.app, ORGANIZATIONS)?;
    let cookie = bench.officer()?;
    let ours = serve(&bench.app, true)?;
    let list = {
        let cookie = cookie.clone();
        load::put(ours, CONNECTIONS, seconds, move |_, _| load::get("/organizations", &cookie))?
    };
    let bare = listen(
        axum::Router::new().route("/", get(|| async { Html("<!doctype html><title>bare</title><p>bare") })),
    )?;
    let peer = load::put(bare, CONNECTIONS, seconds, move |_, _| load::get("/", &cookie))?;
    print(
        &json!({
            "bench": "pages",
            "list": list.json(),
            "bare": peer.json(),
            "ratio": (list.per_second() / peer.per_second() * 1000.0).round() / 1000.0,
            "connections": CONNECTIONS,
            "worker_threads": 1,
        })
        .to_string(),
    )
}
