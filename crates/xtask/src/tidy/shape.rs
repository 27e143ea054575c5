//! The shape of files: lengths, opening words, and what no file may hold.
//!
//! Never judges style that rustfmt or clippy judge. Start at [`check`].

use super::Fault;
use super::lexer::{body_or_end, closing, is_word, line_of, words};
use super::source::RustFile;

/// A function fits a screen.
const FUNCTION_LINES_MAX: usize = 70;
/// A file has one subject.
const FILE_LINES_MAX: usize = 800;

/// Code that never stands in the house: as written, in tests too or not, and what to do instead.
const BANNED: [(&str, bool, &str); 5] = [
    ("#[allow", true, "say `#[expect(lint, reason = \"…\")]`, which fails when the reason goes"),
    ("#![allow", true, "say `#[expect(lint, reason = \"…\")]` at the one place that needs it"),
    ("todo!", true, "finish it or leave it out"),
    ("unimplemented!", true, "finish it or leave it out"),
    (".unwrap()", false, "return the error, or give the value that is right without one"),
];

/// Folders of one machine, which mean nothing on another.
const MACHINE_FOLDERS: [&str; 3] = ["home", "root", "work"];

/// Every fault in the shape of one file.
pub fn check(file: &RustFile) -> Vec<Fault> {
    let mut faults = long_functions(file);
    faults.extend(long_file(file));
    faults.extend(missing_opening(file));
    for (code, in_tests_too, remedy) in BANNED {
        let text = if in_tests_too { &file.code } else { &file.production };
        for (at, _) in text.match_indices(code).filter(|(at, _)| starts_a_word(text, *at)) {
            faults.push(Fault::new(&file.path, file.line(at), format!("`{code}`"), remedy));
        }
    }
    faults
}

/// `my_todo!` is another macro.
fn starts_a_word(code: &str, at: usize) -> bool {
    let first = code.get(at..).and_then(|text| text.chars().next());
    let before = code.get(..at).and_then(|text| text.chars().next_back());
    !(first.is_some_and(is_word) && before.is_some_and(is_word))
}

fn long_file(file: &RustFile) -> Option<Fault> {
    let lines = file.text.lines().count();
    let what = format!("{lines} lines, {FILE_LINES_MAX} at most");
    let remedy = "split it by subject into modules that each say what they are";
    (lines > FILE_LINES_MAX).then(|| Fault::new(&file.path, lines, what, remedy))
}

fn missing_opening(file: &RustFile) -> Option<Fault> {
    let is_module = file.path.starts_with("crates/") && file.path.contains("/src/") && !file.is_test;
    let remedy = "open with `//!`: what it is, what it never does, where to start";
    (is_module && !file.text.starts_with("//!"))
        .then(|| Fault::new(&file.path, 1, "no word of what this is", remedy))
}

fn long_functions(file: &RustFile) -> Vec<Fault> {
    let remedy = "keep the branches here and move the leaves into functions of their own";
    let long = functions(&file.code).into_iter().filter(|function| function.lines > FUNCTION_LINES_MAX);
    long.map(|function| {
        let what = format!(
            "function `{}` has {} lines, {FUNCTION_LINES_MAX} at most",
            function.name, function.lines
        );
        Fault::new(&file.path, function.line, what, remedy)
    })
    .collect()
}

/// A function with a body: its lines count from `fn` to the closing brace.
#[derive(Debug, PartialEq, Eq)]
struct Function {
    name: String,
    line: usize,
    lines: usize,
}

fn functions(code: &str) -> Vec<Function> {
    words(code, "fn").filter_map(|at| function(code, at)).collect()
}

/// None for a function type and for a declaration without body.
fn function(code: &str, at: usize) -> Option<Function> {
    let name: String = code.get(at + 2..)?.trim_start().chars().take_while(|c| is_word(*c)).collect();
    let (open, byte) = body_or_end(code, at)?;
    if name.is_empty() || byte != b'{' {
        return None;
    }
    let line = line_of(code, at);
    let last = line_of(code, closing(code, open, b'{', b'}').saturating_sub(1));
    Some(Function { name, line, lines: last - line + 1 })
}

/// Paths of a machine in any text.
pub fn check_paths(path: &str, text: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (number, line) in text.lines().enumerate() {
        if let Some(folder) = MACHINE_FOLDERS.iter().find(|folder| names_folder(line, folder)) {
            let what = format!("a path of one machine (/{folder}/…)");
            faults.push(Fault::new(
                path,
                number + 1,
                what,
                "say it relative to the project or name it as FOLDER",
            ));
        }
    }
    faults
}

/// `/folder/` at the start of a path; `docs/folder/` and an address with it are something else.
fn names_folder(line: &str, folder: &str) -> bool {
    line.match_indices(&format!("/{folder}/")).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        !before.is_some_and(|c| is_word(c) || ".-}/*".contains(c))
    })
}

#[cfg(test)]
mod tests {
    use super::super::source::tests::file;
    use super::*;

    #[track_caller]
    fn check_all(text: &str, expect: &[&str]) {
        let faults = check(&file("crates/a/src/b.rs", text));
        let whats: Vec<&str> = faults.iter().map(|fault| fault.what.as_str()).collect();
        assert_eq!(whats, expect);
    }

    fn function_of(lines: usize) -> String {
        format!("//! x\nfn f() {{\n{}}}\n", "    a();\n".repeat(lines - 2))
    }

    #[test]
    fn lengths_just_below_and_just_above() {
        check_all(&function_of(FUNCTION_LINES_MAX), &[]);
        check_all(&function_of(FUNCTION_LINES_MAX + 1), &["function `f` has 71 lines, 70 at most"]);
        check_all(&format!("//! x\n{}", "// a\n".repeat(FILE_LINES_MAX - 1)), &[]);
        check_all(&format!("//! x\n{}", "// a\n".repeat(FILE_LINES_MAX)), &["801 lines, 800 at most"]);
    }

    #[test]
    fn functions_are_told_from_types_and_declarations() {
        let code = "trait T { fn a(&self) -> [u8; 2]; fn b() {\n} }\nstruct S { f: fn(u8) -> u8 }";
        assert_eq!(functions(code), [Function { name: "b".into(), line: 1, lines: 2 }]);
    }

    #[test]
    fn what_never_stands_in_the_house() {
        check_all("//! x\n#[allow(dead_code)]\nfn f() {}", &["`#[allow`"]);
        check_all("//! x\nfn f() { todo!() }", &["`todo!`"]);
        check_all("//! x\nfn f() { my_todo!() }", &[]);
        check_all("//! x\nfn f() { a.unwrap() }", &["`.unwrap()`"]);
        check_all("//! x\nfn f() { a.unwrap_or(1); \".unwrap()\" } // todo!", &[]);
        check_all("//! x\n#[cfg(test)] mod tests { fn f() { a.unwrap() } }", &[]);
        check_all("//! x\n#[cfg(test)] mod tests { fn f() { unimplemented!() } }", &["`unimplemented!`"]);
    }

    #[test]
    fn a_module_says_what_it_is() {
        check_all("fn f() {}", &["no word of what this is"]);
        assert!(check(&file("crates/a/tests/b.rs", "fn f() {}")).is_empty());
    }

    #[test]
    fn paths_of_a_machine() {
        let path = |folder: &str| format!("see /{folder}/x");
        assert_eq!(check_paths("a.md", &format!("one\n{}", path("home"))).first().unwrap().line, 2);
        assert_eq!(check_paths("a.md", &path("work")).len(), 1);
        for fine in ["docs/work/x", "https://example.org/home/", "homework", "{base}/work/x"] {
            assert!(check_paths("a.md", fine).is_empty(), "{fine}");
        }
    }
}
