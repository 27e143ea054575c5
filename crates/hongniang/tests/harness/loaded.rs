//! The demonstration as it is once loaded, kept for all tests of one build: loading takes longer than most of them.
//!
//! Each test gets a copy of its own. Start at [`copy_to`].

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::{Site, Store};

/// What kept demonstrations are called, before the mark of their build.
const PREFIX: &str = "demonstration-";

/// Fills a folder with the loaded demonstration; the first test of a build loads it while the others wait.
pub fn copy_to(folder: &Path) {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR"));
    fs::create_dir_all(home).expect("a folder");
    let lock = File::create(home.join("demonstration.lock")).expect("a lock");
    lock.lock().expect("a lock");
    let kept = home.join(format!("{PREFIX}{}", build()));
    if !kept.is_dir() {
        others(home).for_each(|old| fs::remove_dir_all(old).expect("an old demonstration removed"));
        let site = Site::new(Store::Sqlite);
        drop(site.demonstrate_here());
        let making = home.join("demonstration.part");
        let _ = fs::remove_dir_all(&making);
        copy(site.folder(), &making);
        fs::rename(&making, &kept).expect("a name");
    }
    copy(&kept, folder);
}

/// The mark of the program under test: when it was built, and the day, since what is loaded counts back from today.
fn build() -> String {
    let program = fs::metadata(env!("CARGO_BIN_EXE_hongniang")).expect("the program");
    let built = program.modified().expect("a time").duration_since(UNIX_EPOCH).expect("a time");
    format!("{}-{}", super::now().strftime("%Y%m%d"), built.as_nanos())
}

fn others(home: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = fs::read_dir(home).expect("a folder").map(|entry| entry.expect("an entry"));
    entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(PREFIX)).map(|entry| entry.path())
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        match entry.file_type().expect("a type").is_dir() {
            true => copy(&entry.path(), &target),
            false => {
                fs::copy(entry.path(), target).expect("a copy");
            }
        }
    }
}
