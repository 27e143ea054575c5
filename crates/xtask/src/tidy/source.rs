//! The workspace as tidy sees it: every text file, and Rust files with their tests told apart.
//!
//! Never looks into build output, hidden folders or a node's data. Start at [`Tree::read`].

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::Path;

use anyhow::{Context, Result};

use super::lexer::{blank, body_or_end, closing, is_word, lex, line_of};

/// Folders that hold nothing written by hand.
const NOT_OURS: [&str; 3] = ["target", "data", "node_modules"];
/// Hidden folders that are part of the project all the same.
const HIDDEN_OURS: [&str; 4] = [".ci", ".cargo", ".config", ".github"];

/// All text of the workspace.
pub struct Tree {
    /// Path from the root to text, Rust included.
    pub texts: BTreeMap<String, String>,
    /// The Rust files among them.
    pub rust: Vec<RustFile>,
}

/// A Rust file and what is test in it.
pub struct RustFile {
    /// Path from the root of the workspace.
    pub path: String,
    /// As written.
    pub text: String,
    /// Comments and insides of literals blanked.
    pub code: String,
    /// The same with tests blanked; all blank where the whole file is test.
    pub production: String,
    /// String literals outside tests: offset and content.
    pub strings: Vec<(usize, String)>,
    /// Whether nothing of the file is in the product.
    pub is_test: bool,
}

impl Tree {
    /// Reads the workspace at `root`.
    ///
    /// # Errors
    /// When a folder or file cannot be read.
    pub fn read(root: &Path) -> Result<Tree> {
        let mut texts = BTreeMap::new();
        gather(root, "", &mut texts)?;
        Ok(Tree::of(texts))
    }

    /// A tree of given texts.
    pub fn of(texts: BTreeMap<String, String>) -> Tree {
        let sources = || texts.iter().filter(|(path, _)| path.ends_with(".rs"));
        let test_modules: BTreeSet<String> =
            sources().flat_map(|(path, text)| declared_test_modules(path, &lex(text).code)).collect();
        let rust = sources().map(|(path, text)| RustFile::new(path, text, &test_modules)).collect();
        Tree { texts, rust }
    }

    /// The text at `path`, empty when there is none.
    pub fn text(&self, path: &str) -> &str {
        self.texts.get(path).map_or("", String::as_str)
    }
}

fn gather(root: &Path, under: &str, texts: &mut BTreeMap<String, String>) -> Result<()> {
    let folder = root.join(under);
    let entries = std::fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if under.is_empty() { name.clone() } else { format!("{under}/{name}") };
        let kind = entry.file_type()?;
        if kind.is_dir() && is_ours(&name, under) {
            gather(root, &path, texts)?;
        } else if kind.is_file() {
            let bytes = std::fs::read(entry.path()).with_context(|| format!("cannot read {path}"))?;
            if let Ok(text) = String::from_utf8(bytes) {
                texts.insert(path, text);
            }
        }
    }
    Ok(())
}

fn is_ours(name: &str, under: &str) -> bool {
    if name.starts_with('.') {
        HIDDEN_OURS.contains(&name)
    } else {
        !under.is_empty() || !NOT_OURS.contains(&name)
    }
}

impl RustFile {
    fn new(path: &str, text: &str, test_modules: &BTreeSet<String>) -> RustFile {
        let lexed = lex(text);
        let is_test = is_test_path(path) || test_modules.iter().any(|module| belongs(path, module));
        let whole = 0..text.len();
        let tests = if is_test { vec![whole] } else { test_items(&lexed.code) };
        let mut production = lexed.code.clone().into_bytes();
        for range in &tests {
            blank(&mut production, range.start, range.end);
        }
        let strings =
            lexed.strings.into_iter().filter(|(at, _)| !tests.iter().any(|range| range.contains(at)));
        RustFile {
            path: path.to_owned(),
            text: text.to_owned(),
            production: String::from_utf8_lossy(&production).into_owned(),
            strings: strings.collect(),
            code: lexed.code,
            is_test,
        }
    }

    /// The line, from 1, of a byte offset.
    pub fn line(&self, offset: usize) -> usize {
        line_of(&self.text, offset)
    }

    /// The crate's folder name, for files under `crates/`.
    pub fn crate_name(&self) -> Option<&str> {
        self.path.strip_prefix("crates/")?.split('/').next()
    }
}

fn is_test_path(path: &str) -> bool {
    path.split('/').any(|part| part == "tests" || part == "tests.rs")
}

/// Whether `path` is the module (`a/b`) itself or lies inside it.
fn belongs(path: &str, module: &str) -> bool {
    path.strip_prefix(module).is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
}

/// Modules declared as `#[cfg(test)] mod name;`, as paths without extension.
fn declared_test_modules(path: &str, code: &str) -> Vec<String> {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let home = match file {
        "lib.rs" | "main.rs" | "mod.rs" => folder.to_owned(),
        _ => path.trim_end_matches(".rs").to_owned(),
    };
    let items = test_items(code).into_iter().filter_map(|range| code.get(range));
    let names =
        items.filter_map(|item| item.strip_suffix(';')?.rsplit_once("mod ").map(|(_, name)| name.trim()));
    names.filter(|name| name.chars().all(is_word)).map(|name| format!("{home}/{name}")).collect()
}

/// The items marked as tests, attribute to closing brace or semicolon.
fn test_items(code: &str) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for mark in ["#[cfg(test)]", "#[test]"] {
        for (at, _) in code.match_indices(mark) {
            if ranges.iter().any(|range| range.contains(&at)) {
                continue;
            }
            let end = match body_or_end(code, at + mark.len()) {
                Some((open, b'{')) => closing(code, open, b'{', b'}'),
                Some((semicolon, _)) => semicolon + 1,
                None => code.len(),
            };
            ranges.push(at..end);
        }
    }
    ranges
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A file of production code for the tests of the rules.
    pub fn file(path: &str, text: &str) -> RustFile {
        RustFile::new(path, text, &BTreeSet::new())
    }

    #[track_caller]
    fn check(text: &str, production: &str) {
        let file = file("crates/a/src/b.rs", text);
        assert_eq!(file.production.split_whitespace().collect::<Vec<_>>().join(" "), production);
    }

    #[test]
    fn tests_are_told_from_the_product() {
        check("fn a() {} #[cfg(test)] mod tests { fn b() {} } fn c() {}", "fn a() {} fn c() {}");
        check("#[cfg(test)] use x::{y}; fn a() {}", "; fn a() {}");
        check("#[cfg(test)] mod model; fn a() {}", "fn a() {}");
        check("#[test] fn t() { x.unwrap() } fn a() {}", "fn a() {}");
        check("// #[cfg(test)]\nfn a() {}", "fn a() {}");
        check("#[cfg(not(test))] fn a() {}", "#[cfg(not(test))] fn a() {}");
    }

    #[test]
    fn a_file_declared_as_test_is_test() {
        let texts = [
            ("crates/a/src/lib.rs", "#[cfg(test)] mod model; mod real;"),
            ("crates/a/src/model.rs", "mod deep;"),
            ("crates/a/src/model/deep.rs", ""),
            ("crates/a/src/real.rs", ""),
            ("crates/a/tests/story.rs", ""),
        ];
        let tree = Tree::of(texts.map(|(path, text)| (path.to_owned(), text.to_owned())).into());
        let tests: Vec<bool> = tree.rust.iter().map(|file| file.is_test).collect();
        assert_eq!(tests, [false, true, true, false, true]);
    }

    #[test]
    fn strings_of_tests_are_left_out() {
        let file = file(
            "crates/a/src/b.rs",
            "const A: &str = \"a\"; #[cfg(test)] mod tests { const B: &str = \"b\"; }",
        );
        assert_eq!(file.strings.len(), 1);
    }

    #[test]
    fn build_output_is_not_ours() {
        assert!(is_ours("crates", "") && is_ours(".ci", "") && is_ours("data", "crates/x"));
        assert!(!is_ours("target", "") && !is_ours(".git", ""));
    }
}
