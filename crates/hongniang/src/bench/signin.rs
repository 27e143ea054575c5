//! What signing in costs: a password checked and hashed (Argon2id), and a page for a session that holds every role it can,
//! beside the same page for a visitor in the same run.

use base::place::Place;
use catalogue::{Over, Role};
use serde_json::json;

use super::load::{self, CONNECTIONS};
use super::{Bench, instant, print, serve};
use crate::signin::{bench_passwords, bench_session};

/// Organisations in the store the list is read from.
const ORGANIZATIONS: usize = 2_000;
/// Places over which the fullest session holds a role: a province and its cities.
const PLACES: [&str; 12] = [
    "330000", "330100", "330200", "330300", "330400", "330500", "330600", "330700", "330800", "330900",
    "331000", "331100",
];

/// Measures and prints two lines.
pub fn run(passwords: usize, seconds: u64) -> anyhow::Result<()> {
    let times = bench_passwords(passwords, instant)?;
    print(&json!({ "bench": "signin", "argon2id_ms": times, "passwords": passwords, "kib": 19 * 1024, "passes": 2 }).to_string())?;
    let bench = Bench::open("signin", None)?;
    super::scale::file_organizations(&bench.app, ORGANIZATIONS)?;
    let places = PLACES.iter().filter_map(|code| Place::parse(code).ok()).map(Over::Place).collect();
    let full = bench_session(&bench.app, "bench", Role::Officer, places)?;
    let ours = serve(&bench.app, true)?;
    let page = |cookie: String| {
        load::put(ours, CONNECTIONS, seconds, move |_, _| load::get("/organizations", &cookie))
    };
    let (visitor, full) = (page(String::new())?, page(full)?);
    print(
        &json!({
            "bench": "signin",
            "page_with_roles": full.json(),
            "page_without": visitor.json(),
            "ratio": (full.per_second() / visitor.per_second() * 1000.0).round() / 1000.0,
            "roles": PLACES.len(),
            "connections": CONNECTIONS,
            "worker_threads": 1,
        })
        .to_string(),
    )
}
