//! Reading one vocabulary file: a label and its terms in order.

use std::collections::BTreeSet;

use super::source::{Section, Source};
use crate::kind::{Label, Term, Vocabulary};

/// Reads a vocabulary; its name is that of its file.
pub(super) fn read_vocabulary(s: &mut Source<'_>, mut section: Section<'_>, name: &str) -> Vocabulary {
    let label = section.label_needed(s, "label");
    let tables = section.list(s, "terms");
    if tables.is_empty() {
        s.fault(&section.mark_of("terms"), "empty-vocabulary", "a vocabulary needs terms", "");
    }
    let mut seen = BTreeSet::new();
    let mut terms = Vec::new();
    for table in tables {
        if let Some(term) = read_term(s, table, &mut seen) {
            terms.push(term);
        }
    }
    section.finish(s);
    Vocabulary { name: name.to_owned(), label, terms }
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
    table.finish(s);
    if !seen.insert(code.text.clone()) {
        s.fault(&code.mark, "duplicate-term", format!("term `{}` stands here already", code.text), "");
        return None;
    }
    Some(Term { code: code.text, label, parent: parent.map(|word| word.text) })
}
