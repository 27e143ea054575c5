//! A writing process killed at any moment loses nothing it acknowledged.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

mod common;

use common::*;

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use register::{Find, Register, StoreAt};
use serde_json::json;

/// Set in the child only: the folder to write in.
const FOLDER: &str = "HONGNIANG_TEST_KILL_FOLDER";
/// Writes over all rounds at least.
const WRITES: usize = 10_000;
/// Writes acknowledged before a round's child is killed: a different moment each time.
const ROUNDS: [usize; 6] = [1, 37, 900, 2_300, 3_100, 3_700];

#[test]
fn kill_9_loses_no_acknowledged_write() {
    if let Ok(folder) = std::env::var(FOLDER) {
        return write_for_ever(Path::new(&folder));
    }
    let folder = tempfile::tempdir().unwrap();
    let acknowledged: Vec<String> = ROUNDS.iter().flat_map(|n| killed_after(folder.path(), *n)).collect();
    assert!(acknowledged.len() >= WRITES, "{}", acknowledged.len());
    let at = StoreAt::Folder(folder.path().to_owned());
    let register =
        Register::open(&at, catalogue(), base::calendar::Calendar::bundled(), now(), chance()).unwrap();
    for id in &acknowledged {
        let found = register.read(|r| r.find(&visitor(), &register::Key::Id(id.parse().unwrap())));
        assert!(found.is_ok(), "{id} was acknowledged and is lost");
    }
    let verdict = register.verify().unwrap();
    assert!(verdict.sound() && verdict.records >= acknowledged.len() as u64, "{verdict:?}");
    assert!(register.read(|r| r.list(&visitor(), &Find::kind("organization"))).unwrap().count.capped);
}

/// Starts a child, reads so many acknowledgements, kills it, and gives all it printed.
fn killed_after(folder: &Path, n: usize) -> Vec<String> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "kill_9_loses_no_acknowledged_write", "--nocapture"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let of = |line: String| line.strip_prefix("wrote ").map(str::to_owned);
    let mut seen: Vec<String> = lines.by_ref().filter_map(of).take(n).collect();
    assert_eq!(seen.len(), n, "the child stopped early");
    child.kill().unwrap();
    child.wait().unwrap();
    // What was printed before the kill was acknowledged too; a line cut short has no full id.
    seen.extend(lines.filter_map(of).filter(|id| id.len() == 36));
    seen
}

fn write_for_ever(folder: &Path) {
    // Ids must not repeat from child to child, so this one draws from the system.
    let chance: register::Chance = std::sync::Arc::new(|bytes: &mut [u8]| {
        std::io::Read::read_exact(&mut std::fs::File::open("/dev/urandom").unwrap(), bytes).unwrap();
    });
    let register = Register::open(
        &StoreAt::Folder(folder.to_owned()),
        catalogue(),
        base::calendar::Calendar::bundled(),
        now(),
        chance,
    )
    .unwrap();
    std::thread::scope(|scope| {
        for _ in 0..32 {
            scope.spawn(|| {
                loop {
                    let new =
                        new("organization", "firm", json!({"title": "会死的（演示）", "place": "330521"}));
                    let made = register.write_now(now(), move |w| w.create(&steward(), new)).unwrap();
                    let line = format!("wrote {}\n", made.value.item.id);
                    std::io::stdout().lock().write_all(line.as_bytes()).unwrap();
                }
            });
        }
    });
}
