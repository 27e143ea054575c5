//! The rules of the house that the compiler does not know, as a ratchet: they only tighten.
//!
//! Reads files and prints `file:line: what; remedy`. Never changes a file, never parses Rust fully: a lexer that
//! knows comments, strings and braces is enough for these rules. Each rule stands with others of its subject;
//! start at [`check`].

mod lexer;
mod locales;
mod lock;
mod rooms;
mod shape;
mod source;

use std::fmt;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, bail};

use source::Tree;

/// A broken rule: where, what, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Fault {
    /// Path from the root of the workspace.
    file: String,
    /// From 1.
    line: usize,
    what: String,
    remedy: &'static str,
}

impl Fault {
    fn new(file: &str, line: usize, what: impl Into<String>, remedy: &'static str) -> Fault {
        Fault { file: file.to_owned(), line, what: what.into(), remedy }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}: {}; {}", self.file, self.line, self.what, self.remedy)
    }
}

/// The command: says when all is well.
pub fn run(root: &Path) -> Result<ExitCode> {
    check(root)?;
    println!("tidy");
    Ok(ExitCode::SUCCESS)
}

/// Prints every fault of the workspace.
///
/// # Errors
/// When there is any, and when a file cannot be read.
pub fn check(root: &Path) -> Result<()> {
    let tree = Tree::read(root)?;
    let mut faults = faults(&tree);
    faults.sort();
    for fault in &faults {
        println!("{fault}");
    }
    if faults.is_empty() { Ok(()) } else { bail!("{} broken rules of the house", faults.len()) }
}

fn faults(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for file in &tree.rust {
        faults.extend(shape::check(file));
        faults.extend(rooms::check_source(file));
    }
    for (path, text) in &tree.texts {
        faults.extend(shape::check_paths(path, text));
    }
    faults.extend(rooms::check_manifests(tree));
    faults.extend(rooms::check_clock_ban(tree.text("clippy.toml")));
    faults.extend(lock::check(tree.text("Cargo.lock")));
    faults.extend(locales::check(tree));
    faults
}
