//! The texts people read: Chinese and English hold the same keys, and each key is looked up somewhere.
//!
//! A key is used when it stands, whole, in a file of the project that is not a locale; keys put together at run
//! time are declared by prefix in `locales/dynamic.txt`, each with its reason. Never judges wording. Start at
//! [`check`].

use std::collections::{BTreeMap, BTreeSet};

use toml::de::{DeTable, DeValue};

use super::Fault;
use super::lexer::line_of;
use super::source::Tree;

const CHINESE: &str = "locales/zh.toml";
const ENGLISH: &str = "locales/en.toml";
const DYNAMIC: &str = "locales/dynamic.txt";

/// Dotted key to the line it stands on.
type Keys = BTreeMap<String, usize>;

/// Faults of the two locales; none while there are none yet.
pub fn check(tree: &Tree) -> Vec<Fault> {
    if !tree.texts.contains_key(CHINESE) && !tree.texts.contains_key(ENGLISH) {
        return Vec::new();
    }
    let mut faults = Vec::new();
    let chinese = keys(CHINESE, tree.text(CHINESE), &mut faults);
    let english = keys(ENGLISH, tree.text(ENGLISH), &mut faults);
    faults.extend(absent(CHINESE, &chinese, ENGLISH, &english));
    faults.extend(absent(ENGLISH, &english, CHINESE, &chinese));
    let prefixes = prefixes(tree.text(DYNAMIC), &chinese, &mut faults);
    let used = used(tree);
    let unused = chinese.iter().filter(|(key, _)| {
        !used.contains(key.as_str()) && !prefixes.iter().any(|prefix| key.starts_with(prefix))
    });
    let remedy = "delete it in both, or declare its prefix in locales/dynamic.txt with the reason";
    faults.extend(
        unused.map(|(key, line)| Fault::new(CHINESE, *line, format!("nobody looks up `{key}`"), remedy)),
    );
    faults
}

fn absent(here: &str, keys: &Keys, there: &str, others: &Keys) -> Vec<Fault> {
    let only = keys.iter().filter(|(key, _)| !others.contains_key(*key));
    only.map(|(key, line)| {
        Fault::new(here, *line, format!("`{key}` is not in {there}"), "say it in both languages")
    })
    .collect()
}

/// The keys of a locale; a text that is not TOML is a fault of its own.
fn keys(path: &str, text: &str, faults: &mut Vec<Fault>) -> Keys {
    let mut keys = Keys::new();
    match DeTable::parse(text) {
        Ok(table) => flatten("", table.get_ref(), text, &mut keys),
        Err(error) => {
            let line = error.span().map_or(1, |span| line_of(text, span.start));
            faults.push(Fault::new(path, line, error.message(), "mend its syntax"));
        }
    }
    keys
}

fn flatten(prefix: &str, table: &DeTable, text: &str, keys: &mut Keys) {
    for (key, value) in table {
        let name = format!("{prefix}{}", key.get_ref());
        match value.get_ref() {
            DeValue::Table(inner) => flatten(&format!("{name}."), inner, text, keys),
            _ => drop(keys.insert(name, line_of(text, key.span().start))),
        }
    }
}

/// The prefixes declared as looked up at run time. Each needs a reason and must still be needed.
fn prefixes<'a>(text: &'a str, keys: &Keys, faults: &mut Vec<Fault>) -> Vec<&'a str> {
    let mut prefixes = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let (prefix, reason) = line.split_once('#').unwrap_or((line, ""));
        let prefix = prefix.trim();
        if prefix.is_empty() {
            continue;
        }
        if reason.trim().is_empty() {
            faults.push(Fault::new(
                DYNAMIC,
                number + 1,
                format!("`{prefix}` without a reason"),
                "write `prefix # reason`",
            ));
        }
        if !keys.keys().any(|key| key.starts_with(prefix)) {
            faults.push(Fault::new(
                DYNAMIC,
                number + 1,
                format!("no key starts with `{prefix}`"),
                "delete the line",
            ));
        }
        prefixes.push(prefix);
    }
    prefixes
}

/// Every dotted word of the files that may look a key up.
fn used(tree: &Tree) -> BTreeSet<&str> {
    let looks_up = |path: &str| {
        ["crates/", "templates/", "catalogue/"].iter().any(|folder| path.starts_with(folder))
            && [".rs", ".html", ".toml"].iter().any(|ending| path.ends_with(ending))
    };
    let texts = tree.texts.iter().filter(|(path, _)| looks_up(path));
    texts.flat_map(|(_, text)| dotted_words(text)).collect()
}

fn dotted_words(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !(c.is_alphanumeric() || "._-".contains(c)));
    words.map(|word| word.trim_matches('.')).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_texts(zh: &str, en: &str, dynamic: &str, page: &str, expect: &[&str]) {
        let files = [(CHINESE, zh), (ENGLISH, en), (DYNAMIC, dynamic), ("templates/a.html", page)];
        let tree = Tree::of(files.map(|(path, text)| (path.to_owned(), text.to_owned())).into());
        let faults: Vec<String> =
            check(&tree).iter().map(|f| format!("{}:{}: {}", f.file, f.line, f.what)).collect();
        assert_eq!(faults, expect);
    }

    #[test]
    fn both_languages_and_somebody_who_asks() {
        let zh = "home.title = \"首页\"\n[form]\nsave = \"保存\"\n";
        let en = "[home]\ntitle = \"Home\"\n[form]\nsave = \"Save\"\n";
        check_texts(zh, en, "", "{{ t(\"home.title\") }} {{ t(\"form.save\") }}", &[]);
        check_texts(
            zh,
            en,
            "",
            "form.save.more home.title",
            &["locales/zh.toml:3: nobody looks up `form.save`"],
        );
        check_texts(
            zh,
            "home.title = \"\"",
            "",
            "home.title form.save",
            &["locales/zh.toml:3: `form.save` is not in locales/en.toml"],
        );
        check_texts(
            "a = \"\"",
            "a = \"\"\nb = \"\"",
            "",
            "a b",
            &["locales/en.toml:2: `b` is not in locales/zh.toml"],
        );
    }

    #[test]
    fn prefixes_need_a_reason_and_a_key() {
        let text = "error.a = \"x\"\n";
        check_texts(text, text, "# codes\nerror. # the code of a refusal\n", "", &[]);
        check_texts(text, text, "error.\n", "", &["locales/dynamic.txt:1: `error.` without a reason"]);
        check_texts(
            text,
            text,
            "error. # r\nold. # r\n",
            "",
            &["locales/dynamic.txt:2: no key starts with `old.`"],
        );
    }

    #[test]
    fn broken_toml_is_named_with_its_line() {
        let mut faults = Vec::new();
        keys(ENGLISH, "a = \"x\"\nb = \n", &mut faults);
        assert_eq!(faults.first().map(|fault| fault.line), Some(2));
    }
}
