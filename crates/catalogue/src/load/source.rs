//! Reading TOML with places: each question about a table reports its own faults and goes on.
//!
//! Never knows what a kind is. A [`Section`] remembers what was asked of it; what was not asked for
//! is an unknown key, so no list of known keys can go stale. Start at [`read`].

use std::rc::Rc;

use base::day::Day;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::diagnostic::{Diagnostic, Mark};
use crate::kind::Label;

/// One file under reading, and the faults found so far.
pub(super) struct Source<'t> {
    pub file: Rc<str>,
    text: &'t str,
    pub found: Vec<Diagnostic>,
}

/// A text of a file and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Word {
    pub text: String,
    pub mark: Mark,
}

/// A table under reading.
pub(super) struct Section<'a> {
    pub mark: Mark,
    entries: Vec<Entry<'a>>,
    asked: Vec<&'static str>,
}

struct Entry<'a> {
    key: &'a str,
    mark: Mark,
    value: &'a Spanned<DeValue<'a>>,
}

/// Reads a file with `then`, and returns what it made with the faults of the file.
pub(super) fn read<T>(
    path: &str,
    text: &str,
    then: impl FnOnce(&mut Source<'_>, Section<'_>) -> T,
) -> (T, Vec<Diagnostic>) {
    let mut source = Source { file: path.into(), text, found: Vec::new() };
    let (table, faults) = DeTable::parse_recoverable(text);
    for fault in faults {
        let mark = source.mark(fault.span().map_or(0, |span| span.start));
        source.found.push(mark.fault("syntax", fault.message().trim().to_owned(), String::new()));
    }
    let section = source.section_of(0, table.get_ref());
    let broken = !source.found.is_empty();
    let made = then(&mut source, section);
    if broken {
        // What the parser lost is not missing: the file says it where the syntax broke.
        source.found.retain(|fault| !matches!(fault.code, "missing-key" | "missing-label" | "no-grant"));
    }
    (made, source.found)
}

impl<'t> Source<'t> {
    fn mark(&self, offset: usize) -> Mark {
        Mark::of(&self.file, self.text, offset)
    }

    /// Entries in the order of writing: the order of fields, stages and moves is that of forms and pages.
    fn section_of<'a>(&self, offset: usize, table: &'a DeTable<'a>) -> Section<'a> {
        let mut entries: Vec<(usize, Entry<'a>)> = table
            .iter()
            .map(|(key, value)| {
                let start = key.span().start;
                (start, Entry { key: key.get_ref(), mark: self.mark(start), value })
            })
            .collect();
        entries.sort_by_key(|(start, _)| *start);
        let entries = entries.into_iter().map(|(_, entry)| entry).collect();
        Section { mark: self.mark(offset), entries, asked: Vec::new() }
    }

    /// Reports a fault at a place.
    pub fn fault(
        &mut self,
        mark: &Mark,
        code: &'static str,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.found.push(mark.fault(code, message.into(), remedy.into()));
    }

    fn wrong_type(&mut self, entry: &Entry<'_>, wanted: &str) {
        let found = entry.value.get_ref().type_str();
        self.fault(
            &entry.mark,
            "wrong-type",
            format!("`{}` should be {wanted}, not {found}", entry.key),
            String::new(),
        );
    }

    fn word(&self, value: &Spanned<DeValue<'_>>) -> Option<Word> {
        let text = value.get_ref().as_str()?.to_owned();
        Some(Word { text, mark: self.mark(value.span().start) })
    }
}

impl<'a> Section<'a> {
    fn entry(&mut self, key: &'static str) -> Option<&Entry<'a>> {
        self.asked.push(key);
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// Where a key stands, or the section if it is absent.
    pub fn mark_of(&self, key: &str) -> Mark {
        self.entries.iter().find(|entry| entry.key == key).map_or(&self.mark, |entry| &entry.mark).clone()
    }

    pub fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|entry| entry.key == key)
    }

    /// One text.
    pub fn text(&mut self, s: &mut Source<'_>, key: &'static str) -> Option<Word> {
        let entry = self.entry(key)?;
        let word = s.word(entry.value);
        if word.is_none() {
            s.wrong_type(entry, "a text");
        }
        word
    }

    /// One text that must be there.
    pub fn text_needed(&mut self, s: &mut Source<'_>, key: &'static str) -> Option<Word> {
        if !self.has(key) {
            self.asked.push(key);
            s.fault(&self.mark, "missing-key", format!("`{key}` is missing"), "");
        }
        self.text(s, key)
    }

    /// Yes or no; absent is no.
    pub fn flag(&mut self, s: &mut Source<'_>, key: &'static str) -> bool {
        let Some(entry) = self.entry(key) else { return false };
        let flag = entry.value.get_ref().as_bool();
        if flag.is_none() {
            s.wrong_type(entry, "true or false");
        }
        flag.unwrap_or_default()
    }

    /// A whole number, not negative.
    pub fn number(&mut self, s: &mut Source<'_>, key: &'static str) -> Option<u32> {
        let entry = self.entry(key)?;
        let number = entry.value.get_ref().as_integer();
        let number = number.and_then(|n| u32::from_str_radix(&n.as_str().replace('_', ""), n.radix()).ok());
        if number.is_none() {
            s.wrong_type(entry, "a whole number of at least 0");
        }
        number
    }

    /// A day, month or year, written as a text.
    pub fn day(&mut self, s: &mut Source<'_>, key: &'static str) -> Option<Day> {
        let word = self.text(s, key)?;
        let day = Day::parse(&word.text);
        if day.is_err() {
            let message = format!("`{}` is no day", word.text);
            s.fault(&word.mark, "day-form", message, "write it as \"2026\", \"2026-03\" or \"2026-03-15\"");
        }
        day.ok()
    }

    /// A list of texts; absent is empty.
    pub fn texts(&mut self, s: &mut Source<'_>, key: &'static str) -> Vec<Word> {
        let Some(entry) = self.entry(key) else { return Vec::new() };
        let items = entry.value.get_ref().as_array();
        let words: Option<Vec<Word>> =
            items.and_then(|items| items.iter().map(|item| s.word(item)).collect());
        if words.is_none() {
            s.wrong_type(entry, "a list of texts");
        }
        words.unwrap_or_default()
    }

    /// One word of a closed list.
    pub fn one_of<T: Copy>(
        &mut self,
        s: &mut Source<'_>,
        key: &'static str,
        list: &[(&str, T)],
    ) -> Option<T> {
        let word = self.text(s, key)?;
        one_of(s, &word, key, list)
    }

    /// Words of a closed list.
    pub fn all_of<T: Copy>(
        &mut self,
        s: &mut Source<'_>,
        key: &'static str,
        what: &str,
        list: &[(&str, T)],
    ) -> Vec<T> {
        let words = self.texts(s, key);
        words.iter().filter_map(|word| one_of(s, word, what, list)).collect()
    }

    /// A label in both languages; absent is empty, half a label is a fault.
    pub fn label(&mut self, s: &mut Source<'_>, key: &'static str) -> Label {
        match self.section(s, key) {
            Some(section) => label_in(s, section, key),
            None => Label::default(),
        }
    }

    /// A label that must be there.
    pub fn label_needed(&mut self, s: &mut Source<'_>, key: &'static str) -> Label {
        if !self.has(key) {
            s.fault(
                &self.mark,
                "missing-label",
                format!("`{key}` is missing"),
                "write it as { zh = \"…\", en = \"…\" }",
            );
        }
        self.label(s, key)
    }

    /// A table.
    pub fn section(&mut self, s: &mut Source<'_>, key: &'static str) -> Option<Section<'a>> {
        let entry = self.entry(key)?;
        match entry.value.get_ref().as_table() {
            Some(table) => Some(s.section_of(entry.value.span().start, table)),
            None => {
                s.wrong_type(entry, "a table");
                None
            }
        }
    }

    /// The named tables of a table, in order of writing.
    pub fn named(&mut self, s: &mut Source<'_>, key: &'static str) -> Vec<(Word, Section<'a>)> {
        let Some(section) = self.section(s, key) else { return Vec::new() };
        let mut tables = Vec::new();
        for entry in &section.entries {
            match entry.value.get_ref().as_table() {
                Some(table) => {
                    let mut inner = s.section_of(entry.value.span().start, table);
                    inner.mark = entry.mark.clone();
                    tables.push((Word { text: entry.key.to_owned(), mark: entry.mark.clone() }, inner));
                }
                None => s.wrong_type(entry, "a table"),
            }
        }
        tables
    }

    /// The tables of a list, in order of writing.
    pub fn list(&mut self, s: &mut Source<'_>, key: &'static str) -> Vec<Section<'a>> {
        let Some(entry) = self.entry(key) else { return Vec::new() };
        let Some(items) = entry.value.get_ref().as_array() else {
            s.wrong_type(entry, "a list of tables");
            return Vec::new();
        };
        let tables = items.iter().filter_map(|item| item.get_ref().as_table().map(|table| (item, table)));
        let sections: Vec<_> = tables.map(|(item, table)| s.section_of(item.span().start, table)).collect();
        if sections.len() != items.len() {
            s.wrong_type(entry, "a list of tables");
        }
        sections
    }

    /// Ends the reading: every key nobody asked for is unknown.
    pub fn finish(self, s: &mut Source<'_>) {
        for entry in &self.entries {
            if !self.asked.contains(&entry.key) {
                s.found.push(entry.mark.unknown("unknown-key", "key", entry.key, &self.asked));
            }
        }
    }
}

fn one_of<T: Copy>(s: &mut Source<'_>, word: &Word, what: &str, list: &[(&str, T)]) -> Option<T> {
    let found = list.iter().find(|(name, _)| *name == word.text).map(|(_, value)| *value);
    if found.is_none() {
        let known: Vec<&str> = list.iter().map(|(name, _)| *name).collect();
        s.found.push(word.mark.unknown("unknown-word", what, &word.text, &known));
    }
    found
}

fn label_in(s: &mut Source<'_>, mut section: Section<'_>, key: &str) -> Label {
    let mut language = |section: &mut Section<'_>, name: &'static str| match section.text(s, name) {
        Some(word) if !word.text.trim().is_empty() => word.text,
        _ => {
            s.fault(
                &section.mark,
                "missing-label",
                format!("`{key}` has no `{name}`"),
                "every label stands in Chinese and English",
            );
            String::new()
        }
    };
    let label = Label { zh: language(&mut section, "zh"), en: language(&mut section, "en") };
    section.finish(s);
    label
}
