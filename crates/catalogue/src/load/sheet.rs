//! Reading a score sheet, and what the file of a type of application asks.
//!
//! Never decides whether a name of another file exists: `Loading::recognising` looks them up.

use super::source::{Section, Source, Word};
use crate::sheet::{Item, Limit, Recognition, Requirement, Sheet};

/// Of a hundred.
const FULL: u32 = 100;

/// Reads the file of a sheet; none where it is at fault.
pub(super) fn read_sheet(s: &mut Source<'_>, mut section: Section<'_>, name: &str) -> Option<Sheet> {
    let t = &mut section;
    let label = t.label_needed(s, "label");
    let (pass, good) = (t.number(s, "pass").unwrap_or(0), t.number(s, "good").unwrap_or(FULL));
    if pass == 0 || pass > good || good > FULL {
        s.fault(&t.mark_of("pass"), "marks", "`pass` and `good` lie within 100, `pass` first", "");
    }
    let mut items = Vec::new();
    for (item, mut table) in t.named(s, "items") {
        let (label, most) = (table.label_needed(s, "label"), table.number(s, "most").unwrap_or(0));
        if most == 0 || most > FULL {
            s.fault(&table.mark_of("most"), "marks", "`most` is 1 to 100", "");
        }
        table.finish(s);
        items.push(Item { name: item.text, label, most });
    }
    let requires =
        t.list(s, "requires").into_iter().map(|table| read_requirement(s, table, &items)).collect();
    if items.is_empty() {
        s.fault(&t.mark, "missing-key", "a sheet has items", "write them as [items.NAME]");
    }
    section.finish(s);
    s.found.is_empty().then(|| Sheet { name: name.to_owned(), label, pass, good, items, requires })
}

fn read_requirement(s: &mut Source<'_>, mut table: Section<'_>, items: &[Item]) -> Requirement {
    let known: Vec<&str> = items.iter().map(|item| item.name.as_str()).collect();
    let names = |s: &mut Source<'_>, table: &mut Section<'_>, key| {
        let words = table.texts(s, key);
        for word in words.iter().filter(|word| !known.contains(&word.text.as_str())) {
            s.found.push(word.mark.unknown("unknown-item", "item", &word.text, &known));
        }
        words.into_iter().map(|word| word.text).collect::<Vec<_>>()
    };
    let (all_of, any_of) = (names(s, &mut table, "all_of"), names(s, &mut table, "any_of"));
    let (percent, label) = (table.number(s, "percent").unwrap_or(FULL), table.label_needed(s, "label"));
    if all_of.is_empty() && any_of.is_empty() {
        s.fault(&table.mark, "missing-key", "`requires` names no item", "say `all_of` or `any_of`");
    }
    table.finish(s);
    Requirement { label, all_of, any_of, percent }
}

/// Reads `[recognition]` of a type's file, if it has one.
pub(super) fn read_recognition(s: &mut Source<'_>, t: &mut Section<'_>) -> Option<Recognition> {
    let mut table = t.section(s, "recognition")?;
    let text = |word: Option<Word>| word.map(|word| word.text).unwrap_or_default();
    let station = text(table.text_needed(s, "station"));
    let sheet = text(table.text_needed(s, "sheet"));
    let publicity = table.number(s, "publicity").and_then(|days| u16::try_from(days).ok());
    let publicity = publicity.filter(|days| *days >= 1).unwrap_or_else(|| {
        s.fault(&table.mark, "missing-key", "`publicity` says for how many working days", "");
        1
    });
    let documents = table.texts(s, "documents").into_iter().map(|word| word.text).collect();
    let limit = table.section(s, "limit").map(|mut limit| {
        let (serving, retired) = (limit.number(s, "serving"), limit.number(s, "retired"));
        limit.finish(s);
        Limit { serving: serving.unwrap_or_default(), retired: retired.unwrap_or_default() }
    });
    table.finish(s);
    Some(Recognition { station, sheet, publicity, documents, limit })
}
