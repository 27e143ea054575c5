//! Reading one kind: its own file with the life it leads and the parts it has, then the files of its types.
//!
//! Never decides whether a name exists: names are collected as uses and looked up by `resolve`.

use super::diagnostic::Mark;
use super::field::{read_fields, take_parts};
use super::life::{lead_life, read_life};
use super::shared::Shared;
use super::sheet::read_recognition;
use super::source::{Section, Source, Word};
use crate::checkup::Rule;
use crate::kind::{Kind, Type, Verb};

/// A kind under reading, or a life or parts that kinds share, and the names it uses.
#[derive(Clone)]
pub(super) struct Draft {
    pub kind: Kind,
    /// Place in the order of kinds.
    pub order: u32,
    pub mark: Mark,
    pub used: Vec<Use>,
    /// Where each stage, move and type is declared, by its name; what comes with a life, where the kind says so.
    pub declared: Vec<(Names, Word)>,
    /// The parts it has.
    pub parts: Vec<String>,
    /// Fields that come with parts: they stand after all others.
    pub of_parts: Vec<String>,
    /// The life it leads, where it says so.
    pub life: Option<Word>,
    /// Found while reading; a kind with a fault is left out.
    pub faulty: bool,
}

/// A name used by a kind.
#[derive(Clone)]
pub(super) struct Use {
    pub what: Names,
    pub word: Word,
    /// The life or part that speaks of it in the kind's name, as people call it (`life `listing``).
    pub through: Option<String>,
}

/// What a name names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Names {
    Field,
    Stage,
    Move,
    Clock,
    Type,
    Vocabulary,
    Kind,
}

impl Names {
    pub fn word(self) -> &'static str {
        match self {
            Names::Field => "field",
            Names::Stage => "stage",
            Names::Move => "move",
            Names::Clock => "clock",
            Names::Type => "type",
            Names::Vocabulary => "vocabulary",
            Names::Kind => "kind",
        }
    }

    pub fn code(self) -> &'static str {
        match self {
            Names::Field => "unknown-field",
            Names::Stage => "unknown-stage",
            Names::Clock => "unknown-clock",
            Names::Move => "unknown-move",
            Names::Type => "unknown-type",
            Names::Vocabulary => "unknown-vocabulary",
            Names::Kind => "unknown-kind",
        }
    }
}

impl Draft {
    /// Nothing yet, of a file that begins there.
    pub fn new(mark: Mark) -> Draft {
        Draft {
            kind: Kind::default(),
            order: 0,
            mark,
            used: Vec::new(),
            declared: Vec::new(),
            parts: Vec::new(),
            of_parts: Vec::new(),
            life: None,
            faulty: false,
        }
    }

    /// Notes names that must exist when every file is read.
    pub fn uses(&mut self, what: Names, words: impl IntoIterator<Item = Word>) {
        self.used.extend(words.into_iter().map(|word| Use { what, word, through: None }));
    }

    pub fn declare(&mut self, s: &mut Source<'_>, what: Names, name: &Word) {
        let known = self.declared.iter().any(|(of, word)| *of == what && word.text == name.text);
        if known {
            s.fault(
                &name.mark,
                "duplicate-name",
                format!("{} `{}` is declared twice", what.word(), name.text),
                "",
            );
        }
        self.declared.push((what, name.clone()));
    }
}

/// Reads a kind's own file; `shared` are the lives and parts it may name.
pub(super) fn read_kind(
    s: &mut Source<'_>,
    mut section: Section<'_>,
    folder: &str,
    shared: &Shared,
) -> Draft {
    let t = &mut section;
    let mut draft = Draft::new(t.mark.clone());
    draft.kind.label = t.label_needed(s, "label");
    draft.kind.empty = t.label(s, "empty");
    read_head(s, t, &mut draft, folder);
    read_types(s, t, &mut draft);
    read_fields(s, t, &mut draft, None);
    take_parts(s, t, &mut draft, shared);
    lead_life(s, t, &mut draft, shared);
    read_life(s, t, &mut draft);
    if !shared.life_is_lost(&draft) {
        check_life(s, t, &draft);
    }
    let first = draft.kind.stages.first().map(|stage| stage.name.clone()).unwrap_or_default();
    draft.kind.start = name_of(s, t, &mut draft, "start", Names::Stage).unwrap_or(first);
    draft.kind.checkup = read_checkup(s, t, &mut draft);
    draft.kind.quick = field_names(s, t, &mut draft, "quick");
    draft.kind.rules = t.all_of(s, "rules", "rule", &crate::step::Rule::NAMES);
    draft.kind.reckons = t.all_of(s, "reckons", "reckoned field", &crate::step::Reckoned::NAMES);
    let word = |field: &&'static str, key| Word { text: (*field).to_owned(), mark: t.mark_of(key) };
    let rules = draft.kind.rules.iter().flat_map(|rule| rule.fields()).map(|field| word(field, "rules"));
    let reckoned = draft.kind.reckons.iter().flat_map(|of| of.fields()).map(|field| word(field, "reckons"));
    let looked: Vec<Word> = rules.chain(reckoned).collect();
    draft.uses(Names::Field, looked);
    section.finish(s);
    draft.faulty = !s.found.is_empty();
    draft
}

/// Reads the file of a type into its kind; `path` is the name of the file.
pub(super) fn read_type_file(s: &mut Source<'_>, mut section: Section<'_>, draft: &mut Draft, path: &str) {
    let t = &mut section;
    let name = Word { text: path.to_owned(), mark: t.mark.clone() };
    if draft.kind.type_of(path).is_none() {
        let label = t.label_needed(s, "label");
        let start = name_of(s, t, draft, "start", Names::Stage);
        let also = t.texts(s, "also");
        let recognition = read_recognition(s, t);
        let of = Type { path: path.to_owned(), label, also: Vec::new(), start, recognition };
        add_type(s, draft, &name, of, also);
    }
    read_fields(s, t, draft, Some(path));
    section.finish(s);
    draft.faulty |= !s.found.is_empty();
}

/// What a kind needs, whether a life brings it or it says so itself; not asked where the life itself is at fault.
fn check_life(s: &mut Source<'_>, t: &Section<'_>, draft: &Draft) {
    if draft.kind.stages.is_empty() {
        let remedy = "write it as [stages.NAME]";
        s.fault(&t.mark_of("stages"), "missing-key", "a kind needs at least one stage", remedy);
    }
    for (name, verb) in [("read", Verb::Read), ("create", Verb::Create)] {
        if draft.kind.grants_of(&verb).next().is_none() {
            let message = format!("nobody may {name} this kind");
            s.fault(&t.mark_of("grants"), "no-grant", message, "add a [[grants]] entry");
        }
    }
}

fn read_head(s: &mut Source<'_>, t: &mut Section<'_>, draft: &mut Draft, folder: &str) {
    let text = |word: Option<Word>| word.map(|word| word.text).unwrap_or_default();
    if let Some(name) = t.text_needed(s, "name") {
        check_name(s, &name, "kind", '_');
        if name.text != folder {
            let remedy = format!("write `{folder}`, or rename the folder");
            s.fault(
                &name.mark,
                "name-of-folder",
                format!("kind `{}` stands in the folder `{folder}`", name.text),
                remedy,
            );
        }
    }
    draft.kind.name = folder.to_owned();
    draft.kind.path = t
        .text_needed(s, "path")
        .inspect(|word| check_name(s, word, "path", '-'))
        .map(|w| w.text)
        .unwrap_or_default();
    draft.kind.sign = text(t.text_needed(s, "sign"));
    draft.order = t.number(s, "order").unwrap_or(u32::MAX);
    draft.kind.title = name_of(s, t, draft, "title", Names::Field).unwrap_or_else(|| "title".to_owned());
    draft.kind.day = name_of(s, t, draft, "day", Names::Field);
    draft.kind.place = name_of(s, t, draft, "place", Names::Field);
    draft.kind.ceiling = name_of(s, t, draft, "ceiling", Names::Field);
    draft.kind.owner = read_owner(s, t, draft);
    draft.kind.personal = t.flag(s, "personal");
}

fn read_owner(s: &mut Source<'_>, t: &mut Section<'_>, draft: &mut Draft) -> Option<String> {
    let word = t.text(s, "owner")?;
    let name = word.text.clone();
    if name != crate::kind::OWNER_SELF {
        draft.uses(Names::Field, Some(word));
    }
    Some(name)
}

/// One name of something declared elsewhere.
pub(super) fn name_of(
    s: &mut Source<'_>,
    t: &mut Section<'_>,
    draft: &mut Draft,
    key: &'static str,
    what: Names,
) -> Option<String> {
    let word = t.text(s, key)?;
    let name = word.text.clone();
    draft.uses(what, Some(word));
    Some(name)
}

/// Names of things declared elsewhere.
pub(super) fn names(
    s: &mut Source<'_>,
    t: &mut Section<'_>,
    draft: &mut Draft,
    key: &'static str,
    what: Names,
) -> Vec<String> {
    let words = t.texts(s, key);
    let names = words.iter().map(|word| word.text.clone()).collect();
    draft.uses(what, words);
    names
}

/// Names of fields.
pub(super) fn field_names(
    s: &mut Source<'_>,
    t: &mut Section<'_>,
    draft: &mut Draft,
    key: &'static str,
) -> Vec<String> {
    names(s, t, draft, key, Names::Field)
}

fn read_types(s: &mut Source<'_>, t: &mut Section<'_>, draft: &mut Draft) {
    for (name, mut table) in t.named(s, "types") {
        let label = table.label_needed(s, "label");
        let start = name_of(s, &mut table, draft, "start", Names::Stage);
        let also = table.texts(s, "also");
        table.finish(s);
        let path = name.text.clone();
        let of = Type { path, label, also: Vec::new(), start, recognition: None };
        add_type(s, draft, &name, of, also);
    }
}

fn add_type(s: &mut Source<'_>, draft: &mut Draft, name: &Word, mut of: Type, also: Vec<Word>) {
    for part in name.text.split('.') {
        check_name(s, &Word { text: part.to_owned(), mark: name.mark.clone() }, "type", '_');
    }
    draft.declare(s, Names::Type, name);
    if let Some((up, _)) = name.text.rsplit_once('.') {
        draft.uses(Names::Type, Some(Word { text: up.to_owned(), mark: name.mark.clone() }));
    }
    if name.text.split('.').count() > base::limits::PARENT_DEPTH_MAX {
        s.fault(&name.mark, "too-deep", format!("type `{}` is nested too deep", name.text), "");
    }
    let labels =
        [&of.label.zh, &of.label.en].map(|text| Word { text: text.clone(), mark: name.mark.clone() });
    // Two types may be labelled alike: a spreadsheet then writes their paths.
    labels
        .iter()
        .for_each(|word| one_type_of(s, &draft.kind, word, |of, text| of.also.iter().any(|n| n == text)));
    also.iter().for_each(|word| one_type_of(s, &draft.kind, word, Type::is_called));
    for word in also {
        if word.text.trim().is_empty() {
            let message = format!("a name of the type `{}` is empty", of.path);
            s.fault(&word.mark, "missing-label", message, "");
        }
        if of.is_called(&word.text) {
            let message = format!("the type `{}` is called “{}” twice", of.path, word.text);
            s.fault(&word.mark, "duplicate-name", message, "write each name once");
        }
        of.also.push(word.text);
    }
    draft.kind.types.push(of);
}

/// What people call a type must lead to it alone, or a cell that says so could mean either.
fn one_type_of(s: &mut Source<'_>, kind: &Kind, word: &Word, takes: fn(&Type, &str) -> bool) {
    if let Some(other) = kind.types.iter().find(|of| takes(of, &word.text)) {
        let message = format!("“{}” is a name of the type `{}` already", word.text, other.path);
        s.fault(&word.mark, "duplicate-name", message, "leave it at one of them");
    }
}

fn read_checkup(s: &mut Source<'_>, t: &mut Section<'_>, draft: &mut Draft) -> Option<Rule> {
    let mut table = t.section(s, "checkup")?;
    let asks = field_names(s, &mut table, draft, "asks");
    let b_gaps = table.number(s, "b_gaps").unwrap_or_default();
    if asks.is_empty() {
        s.fault(&table.mark, "missing-key", "`asks` names no field", "");
    }
    table.finish(s);
    Some(Rule { asks, b_gaps: usize::try_from(b_gaps).unwrap_or_default() })
}

/// Identifiers are lower-case letters, digits and one joiner: they become columns, addresses and keys.
pub(super) fn check_name(s: &mut Source<'_>, name: &Word, what: &str, joiner: char) {
    let starts = name.text.starts_with(|c: char| c.is_ascii_lowercase());
    let fits = name.text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == joiner);
    if !starts || !fits || name.text.len() > 40 {
        let remedy = format!("up to 40 of a–z, 0–9 and `{joiner}`, a letter first");
        s.fault(&name.mark, "bad-name", format!("`{}` is no name for a {what}", name.text), remedy);
    }
}
