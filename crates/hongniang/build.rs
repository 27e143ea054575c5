//! Embeds the data folders beside the code, so that the program is one file.
//!
//! Writes one table `FILES` of (path, bytes) for every file of the folders below; a new file is seen because
//! cargo watches the folders.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

const FOLDERS: [&str; 4] = ["catalogue", "locales", "demo", "static"];

fn main() -> std::io::Result<()> {
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("../..");
    let mut files = Vec::new();
    for folder in FOLDERS {
        println!("cargo::rerun-if-changed={}", root.join(folder).display());
        collect(&root.join(folder), &mut files)?;
    }
    files.sort();
    let mut table = String::from("pub static FILES: &[(&str, &[u8])] = &[\n");
    for file in files {
        let name = file.strip_prefix(&root).unwrap_or(&file).to_string_lossy().replace('\\', "/");
        let _ = writeln!(table, "    ({name:?}, include_bytes!({:?})),", file.canonicalize()?);
    }
    table.push_str("];\n");
    std::fs::write(Path::new(&std::env::var_os("OUT_DIR").unwrap_or_default()).join("embedded.rs"), table)
}

fn collect(folder: &Path, into: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, into)?;
        } else {
            into.push(path);
        }
    }
    Ok(())
}
