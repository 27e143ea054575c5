//! Folders of catalogue files for the tests.

use std::path::Path;

use catalogue::{Catalogue, Diagnostic, Kind};

/// The files of a folder below this crate, paths beginning with `prefix`.
pub fn files(folder: &str, prefix: &str) -> Vec<(String, String)> {
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), prefix)
}

fn collect(folder: &Path, prefix: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}/{}", entry.file_name().to_string_lossy());
        if entry.file_type().unwrap().is_dir() {
            found.extend(collect(&entry.path(), &name));
        } else if name.ends_with(".toml") {
            found.push((name, std::fs::read_to_string(entry.path()).unwrap()));
        }
    }
    found
}

/// The catalogue that is shipped.
pub fn shipped() -> (Catalogue, Vec<Diagnostic>) {
    Catalogue::load(files("../../catalogue", "catalogue"))
}

/// A kind nobody knows: 养蜂场.
pub fn apiary() -> (Catalogue, Kind) {
    let (catalogue, found) = Catalogue::load(files("tests/fixtures/apiary", "catalogue"));
    assert_eq!(listed(&found), "");
    let kind = catalogue.kind("apiary").unwrap().clone();
    (catalogue, kind)
}

pub fn listed(found: &[Diagnostic]) -> String {
    found.iter().map(|fault| format!("{fault}\n")).collect()
}

/// An id for tests: the same number, the same id.
pub fn id(number: u64) -> base::id::RecordId {
    base::id::RecordId::new(number, [0; 10])
}
