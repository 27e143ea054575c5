//! The catalogue that is shipped: sound, complete, and as people reviewed it.

use std::path::{Path, PathBuf};

use catalogue::{Catalogue, Diagnostic};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalogue")
}

fn files(folder: &Path, prefix: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}/{}", entry.file_name().to_string_lossy());
        if entry.file_type().unwrap().is_dir() {
            found.extend(files(&entry.path(), &name));
        } else if name.ends_with(".toml") {
            found.push((name, std::fs::read_to_string(entry.path()).unwrap()));
        }
    }
    found
}

fn shipped() -> (Catalogue, Vec<Diagnostic>) {
    Catalogue::load(files(&root(), "catalogue"))
}

fn listed(found: &[Diagnostic]) -> String {
    found.iter().map(|fault| format!("{fault}\n")).collect()
}

#[test]
fn it_loads_without_a_fault() {
    let (catalogue, found) = shipped();
    assert_eq!(listed(&found), "");
    let names: Vec<&str> = catalogue.kinds().map(|kind| kind.name.as_str()).collect();
    assert_eq!(names, ["demand", "person", "organization", "achievement", "match", "tie"]);
}
