//! Who may know whom: arrows between crates point down, drivers and SQL stay in the register.
//!
//! A crate's manifest decides whom it can name, so manifests are checked, not every `use`. Start at
//! [`check_manifests`] and [`check_source`].

use toml::de::DeTable;

use super::Fault;
use super::lexer::{line_of, words};
use super::source::{RustFile, Tree};

/// Each crate and those it may know. Engines do not know one another, nor the register: a desk joins them.
const ROOMS: [(&str, &[&str]); 7] = [
    ("base", &[]),
    ("catalogue", &["base"]),
    ("register", &["base", "catalogue"]),
    ("matching", &["base", "catalogue"]),
    ("assessment", &["base"]),
    ("hongniang", &["base", "catalogue", "register", "matching", "assessment"]),
    ("xtask", &[]),
];

/// Clocks nobody may read but the wiring; each must be named in clippy.toml.
const CLOCKS: [&str; 3] = ["std::time::SystemTime::now", "jiff::Timestamp::now", "jiff::Zoned::now"];

/// The crates that speak to a database.
const DRIVERS: [&str; 2] = ["rusqlite", "postgres"];

/// Where they may be named.
const DRIVER_ROOM: &str = "crates/register/src/db";

/// Beginnings of SQL statements, and what must follow somewhere for it to be one and not a sentence.
const STATEMENTS: [(&str, &str); 11] = [
    ("select ", " from "),
    ("insert ", "into "),
    ("update ", " set "),
    ("delete ", "from "),
    ("with ", " as ("),
    ("create ", "table "),
    ("create ", "index "),
    ("create ", "database "),
    ("alter ", "table "),
    ("drop ", "table "),
    ("drop ", "database "),
];

/// Faults in whom the crates of the workspace may know.
pub fn check_manifests(tree: &Tree) -> Vec<Fault> {
    let manifests = tree.texts.iter().filter_map(|(path, text)| {
        let name = path.strip_prefix("crates/")?.strip_suffix("/Cargo.toml")?;
        Some((path, name, text))
    });
    manifests.flat_map(|(path, name, text)| check_manifest(path, name, text)).collect()
}

fn check_manifest(path: &str, name: &str, text: &str) -> Vec<Fault> {
    let Some((_, may_know)) = ROOMS.iter().find(|(room, _)| *room == name) else {
        let remedy = "give it a line in ROOMS of xtask's tidy/rooms.rs, if it is really needed";
        return vec![Fault::new(path, 1, format!("crate `{name}` has no place in the house"), remedy)];
    };
    let Ok(manifest) = DeTable::parse(text) else {
        return vec![Fault::new(path, 1, "not TOML", "mend its syntax")];
    };
    let tables = ["dependencies", "dev-dependencies", "build-dependencies"];
    let known =
        tables.iter().filter_map(|table| manifest.get_ref().get(*table)?.get_ref().as_table()).flatten();
    let room = |word: &str| ROOMS.iter().any(|(room, _)| *room == word);
    known
        .map(|(key, _)| (key.get_ref().as_ref(), key.span().start))
        .filter(|(word, _)| room(word) && !may_know.contains(word))
        .map(|(word, at)| {
            let what = format!("`{name}` may not know `{word}`");
            Fault::new(path, line_of(text, at), what, "join the two in a desk of `hongniang`")
        })
        .collect()
}

/// Faults in what one file names.
pub fn check_source(file: &RustFile) -> Vec<Fault> {
    if file.crate_name() == Some("register") {
        return if file.path.starts_with(DRIVER_ROOM) || file.is_test {
            Vec::new()
        } else {
            named_drivers(file)
        };
    }
    let mut faults = named_drivers(file);
    faults.extend(statements(file));
    faults
}

fn named_drivers(file: &RustFile) -> Vec<Fault> {
    let remedy = "drivers are named under crates/register/src/db alone; say it through `register`";
    let named = DRIVERS.iter().flat_map(|name| words(&file.code, name).map(move |at| (at, name)));
    named
        .filter(|(at, name)| is_crate(&file.code, *at, name))
        .map(|(at, name)| Fault::new(&file.path, file.line(at), format!("names `{name}`"), remedy))
        .collect()
}

/// `postgres::…` or `use postgres`; a variable or function of that name is no driver.
fn is_crate(code: &str, at: usize, name: &str) -> bool {
    let after = code.get(at + name.len()..).unwrap_or_default();
    let before = code.get(..at).unwrap_or_default();
    after.starts_with("::") || before.trim_end().ends_with("use")
}

fn statements(file: &RustFile) -> Vec<Fault> {
    let remedy = "SQL stands in `register` only; add or call a verb there";
    let found = file.strings.iter().filter(|(_, text)| is_statement(text));
    found.map(|(at, _)| Fault::new(&file.path, file.line(*at), "an SQL statement", remedy)).collect()
}

/// Keywords of a statement are all small or all capital; “Select a file from …” is a sentence.
fn is_statement(text: &str) -> bool {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let begins = |start: &str, then: &str| {
        text.strip_prefix(start).is_some_and(|rest| format!(" {rest}").contains(then))
    };
    STATEMENTS
        .iter()
        .any(|(start, then)| begins(start, then) || begins(&start.to_uppercase(), &then.to_uppercase()))
}

/// The ban on clocks is only as good as its list.
pub fn check_clock_ban(clippy: &str) -> Vec<Fault> {
    let missing = CLOCKS.iter().filter(|clock| !clippy.contains(&format!("\"{clock}\"")));
    let remedy = "add it to `disallowed-methods`, so that time comes in as an argument";
    missing.map(|clock| Fault::new("clippy.toml", 1, format!("`{clock}` is not banned"), remedy)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::source::tests::file;
    use super::*;

    fn whats(faults: &[Fault]) -> Vec<String> {
        faults.iter().map(|fault| format!("{}: {}", fault.line, fault.what)).collect()
    }

    #[track_caller]
    fn check_named(path: &str, text: &str, expect: &[&str]) {
        assert_eq!(whats(&check_source(&file(path, text))), expect, "{path}: {text}");
    }

    #[test]
    fn arrows_point_down() {
        let check = |name: &str, text: &str| whats(&check_manifest("Cargo.toml", name, text));
        assert_eq!(
            check("register", "[dependencies]\nbase.workspace = true\ncatalogue = { path = \"x\" }"),
            [""; 0]
        );
        assert_eq!(
            check("matching", "[dependencies]\nbase.workspace = true\nregister.workspace = true"),
            ["3: `matching` may not know `register`"]
        );
        assert_eq!(
            check("base", "[dev-dependencies]\ncatalogue.workspace = true"),
            ["2: `base` may not know `catalogue`"]
        );
        assert_eq!(check("helpers", ""), ["1: crate `helpers` has no place in the house"]);
        assert_eq!(check("base", "[dependencies"), ["1: not TOML"]);
    }

    #[test]
    fn drivers_stay_in_their_room() {
        check_named("crates/register/src/db/sqlite.rs", "use rusqlite::Connection;", &[]);
        check_named("crates/register/src/write.rs", "use rusqlite::Connection;", &["1: names `rusqlite`"]);
        check_named("crates/hongniang/src/a.rs", "use postgres::Client;", &["1: names `postgres`"]);
        check_named(
            "crates/hongniang/src/a.rs",
            "let x = postgres::Config::new();",
            &["1: names `postgres`"],
        );
        check_named("crates/hongniang/src/a.rs", "let postgres = need::postgres(); // rusqlite", &[]);
        check_named("crates/register/tests/a.rs", "use rusqlite::Connection;", &[]);
    }

    #[test]
    fn statements_stay_in_the_register() {
        let sql = "const A: &str = \"select row\n from record where id = $1\";";
        check_named("crates/hongniang/src/a.rs", sql, &["1: an SQL statement"]);
        check_named("crates/register/src/a.rs", sql, &[]);
        for text in
            ["insert into a values (1)", "UPDATE a SET b = 1", "with x as (select 1)", "create index i on a"]
        {
            assert!(is_statement(text), "{text}");
        }
        for text in
            ["Select a file from the list", "select", "update available", "drop it on the table", "with care"]
        {
            assert!(!is_statement(text), "{text}");
        }
    }

    #[test]
    fn every_clock_is_banned() {
        let all = CLOCKS.map(|clock| format!("{{ path = \"{clock}\" }}")).join("\n");
        assert!(check_clock_ban(&all).is_empty());
        assert_eq!(check_clock_ban("").len(), CLOCKS.len());
    }
}
