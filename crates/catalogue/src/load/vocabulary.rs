//! Reading one vocabulary file: a label, when it holds, what it maps to, and its terms in order.

use std::collections::BTreeSet;

use base::day::Day;

use super::diagnostic::Diagnostic;
use super::source::{Section, Source, Word};
use crate::kind::Label;
use crate::value::{BUILT_IN, Terms};
use crate::vocabulary::{Term, Vocabulary};

/// A vocabulary that maps to another, and the words it does so with.
pub(super) struct Mapping {
    pub name: String,
    to: Word,
    codes: Vec<Word>,
}

/// Reads a vocabulary; its name is that of its file.
pub(super) fn read_vocabulary(
    s: &mut Source<'_>,
    mut section: Section<'_>,
    name: &str,
) -> (Vocabulary, Option<Mapping>) {
    let t = &mut section;
    if BUILT_IN.contains(&name) || name == crate::indicator::VOCABULARY {
        let message = format!("`{name}` is the name of a vocabulary that is no file");
        s.fault(&t.mark, "reserved-name", message, "choose another name");
    }
    let mut vocabulary = Vocabulary::new(name, t.label_needed(s, "label"));
    vocabulary.note = t.label(s, "note");
    vocabulary.source = t.text(s, "source").map(|word| word.text);
    vocabulary.draft = t.flag(s, "draft");
    (vocabulary.valid_from, vocabulary.valid_until) = read_days(s, t);
    let to = t.text(s, "maps");
    vocabulary.maps = to.as_ref().map(|word| word.text.clone());
    let mut codes = Vec::new();
    vocabulary.terms = read_terms(s, t, to.is_some(), &mut codes);
    section.finish(s);
    let mapping = to.map(|to| Mapping { name: name.to_owned(), to, codes });
    (vocabulary, mapping)
}

fn read_terms(s: &mut Source<'_>, t: &mut Section<'_>, maps: bool, codes: &mut Vec<Word>) -> Vec<Term> {
    let tables = t.list(s, "terms");
    if tables.is_empty() {
        s.fault(&t.mark_of("terms"), "empty-vocabulary", "a vocabulary needs terms", "");
    }
    let mut seen = BTreeSet::new();
    let mut terms = Vec::new();
    for mut table in tables {
        let mapped = table.texts(s, "maps");
        if !mapped.is_empty() && !maps {
            let message = "the vocabulary does not say what it maps to";
            s.fault(&table.mark_of("maps"), "meaningless", message, "write maps = \"industry\" above, say");
        }
        if let Some(term) = read_term(s, table, &mut seen) {
            terms.push(Term { maps: mapped.iter().map(|word| word.text.clone()).collect(), ..term });
        }
        codes.extend(mapped);
    }
    terms
}

fn read_term(s: &mut Source<'_>, mut table: Section<'_>, seen: &mut BTreeSet<String>) -> Option<Term> {
    let code = table.text_needed(s, "code")?;
    let mut word =
        |s: &mut Source<'_>, key| table.text_needed(s, key).map(|word| word.text).unwrap_or_default();
    let label = Label { zh: word(s, "zh"), en: word(s, "en") };
    let parent = table.text(s, "parent");
    if let Some(parent) = parent.as_ref().filter(|parent| !seen.contains(&parent.text)) {
        let known: Vec<&str> = seen.iter().map(String::as_str).collect();
        s.found.push(parent.mark.unknown("unknown-term", "broader term", &parent.text, &known));
    }
    let (valid_from, valid_until) = read_days(s, &mut table);
    table.finish(s);
    if !seen.insert(code.text.clone()) {
        s.fault(&code.mark, "duplicate-term", format!("term `{}` stands here already", code.text), "");
        return None;
    }
    let parent = parent.map(|word| word.text);
    Some(Term { parent, valid_from, valid_until, ..Term::new(&code.text, label) })
}

/// `valid_from` and `valid_until`, in this order of time.
fn read_days(s: &mut Source<'_>, t: &mut Section<'_>) -> (Option<Day>, Option<Day>) {
    let (from, until) = (t.day(s, "valid_from"), t.day(s, "valid_until"));
    if from.zip(until).is_some_and(|(from, until)| from.first() > until.last()) {
        s.fault(&t.mark_of("valid_until"), "bounds", "`valid_until` lies before `valid_from`", "");
    }
    (from, until)
}

impl Mapping {
    /// The vocabulary it maps to and every code of it must exist.
    pub fn faults(&self, terms: &Terms<'_>, names: &[&str]) -> Vec<Diagnostic> {
        let to = self.to.text.as_str();
        if !BUILT_IN.contains(&to) && terms.vocabulary(to).is_none() {
            let faulty = names.contains(&to);
            let known: Vec<&str> = BUILT_IN.into_iter().chain(names.iter().copied()).collect();
            let fault = || self.to.mark.unknown("unknown-vocabulary", "vocabulary", to, &known);
            return (!faulty).then(fault).into_iter().collect();
        }
        let unknown = self.codes.iter().filter(|code| !terms.has(to, &code.text));
        let remedy = format!("write it as `{to}` has it");
        let fault = |code: &Word| {
            let message = format!("`{}` is no code of `{to}`", code.text);
            code.mark.fault("unknown-code", message, remedy.clone())
        };
        unknown.map(fault).collect()
    }
}
