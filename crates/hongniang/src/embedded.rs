//! The data folders beside the code, carried inside the program.
//!
//! Never reads the disk. Start at [`under`].

mod table {
    include!(concat!(env!("OUT_DIR"), "/embedded.rs"));
}

/// All files below a folder: path from the repository root, and bytes.
pub fn under(folder: &str) -> impl Iterator<Item = (&'static str, &'static [u8])> {
    table::FILES
        .iter()
        .copied()
        .filter(move |(path, _)| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')))
}

/// One file as text; empty if it is not there or is not UTF-8.
pub fn text(path: &str) -> &'static str {
    let found = table::FILES.iter().find(|(name, _)| *name == path);
    found.and_then(|(_, bytes)| std::str::from_utf8(bytes).ok()).unwrap_or_default()
}

/// The files of a folder as text.
pub fn texts(folder: &str) -> Vec<(String, String)> {
    under(folder)
        .map(|(path, bytes)| (path.to_owned(), String::from_utf8_lossy(bytes).into_owned()))
        .collect()
}
