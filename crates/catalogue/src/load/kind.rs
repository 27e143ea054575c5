//! Reading one kind: its own file, then the files of its types.
//!
//! Never decides whether a name exists: names are collected as uses and looked up by `resolve`.

use super::diagnostic::Mark;
use super::field::read_fields;
use super::source::{Section, Source, Word};
use crate::access::{Role, Standing};
use crate::checkup::Rule;
use crate::kind::{Audience, By, Clock, Grant, Kind, Move, Stage, Type, Verb};
use crate::step::{Effect, Guard};

/// A kind under reading, and the names it uses.
#[derive(Clone)]
pub(super) struct Draft {
    pub kind: Kind,
    /// Place in the order of kinds.
    pub order: u32,
    pub mark: Mark,
    pub used: Vec<Use>,
    /// Where each stage, move and type is declared, by its name.
    pub declared: Vec<(Names, Word)>,
    /// Found while reading; a kind with a fault is left out.
    pub faulty: bool,
}

/// A name used by a kind.
#[derive(Clone)]
pub(super) struct Use {
    pub what: Names,
    pub word: Word,
}

/// What a name names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Names {
    Field,
    Stage,
    Move,
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
            Names::Type => "type",
            Names::Vocabulary => "vocabulary",
            Names::Kind => "kind",
        }
    }

    pub fn code(self) -> &'static str {
        match self {
            Names::Field => "unknown-field",
            Names::Stage => "unknown-stage",
            Names::Move => "unknown-move",
            Names::Type => "unknown-type",
            Names::Vocabulary => "unknown-vocabulary",
            Names::Kind => "unknown-kind",
        }
    }
}

impl Draft {
    /// Notes names that must exist when every file is read.
    pub fn uses(&mut self, what: Names, words: impl IntoIterator<Item = Word>) {
        self.used.extend(words.into_iter().map(|word| Use { what, word }));
    }

    fn declare(&mut self, s: &mut Source<'_>, what: Names, name: &Word) {
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

/// Reads a kind's own file.
pub(super) fn read_kind(s: &mut Source<'_>, mut section: Section<'_>, folder: &str) -> Draft {
    let t = &mut section;
    let mut draft = empty(s, t);
    read_head(s, t, &mut draft, folder);
    read_types(s, t, &mut draft);
    read_fields(s, t, &mut draft, None);
    read_stages(s, t, &mut draft);
    read_moves(s, t, &mut draft);
    read_grants(s, t, &mut draft);
    draft.kind.checkup = read_checkup(s, t, &mut draft);
    draft.kind.quick = field_names(s, t, &mut draft, "quick");
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
        add_type(s, draft, &name, Type { path: path.to_owned(), label, start });
    }
    read_fields(s, t, draft, Some(path));
    section.finish(s);
    draft.faulty |= !s.found.is_empty();
}

fn empty(s: &mut Source<'_>, t: &mut Section<'_>) -> Draft {
    let kind = Kind {
        name: String::new(),
        path: String::new(),
        sign: String::new(),
        label: t.label_needed(s, "label"),
        empty: t.label(s, "empty"),
        title: String::new(),
        day: None,
        place: None,
        owner: None,
        ceiling: None,
        fields: Vec::new(),
        types: Vec::new(),
        stages: Vec::new(),
        start: String::new(),
        moves: Vec::new(),
        grants: Vec::new(),
        checkup: None,
        quick: Vec::new(),
    };
    let mark = t.mark.clone();
    Draft { kind, order: 0, mark, used: Vec::new(), declared: Vec::new(), faulty: false }
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
fn name_of(
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

fn names(
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

fn field_names(s: &mut Source<'_>, t: &mut Section<'_>, draft: &mut Draft, key: &'static str) -> Vec<String> {
    names(s, t, draft, key, Names::Field)
}

fn read_types(s: &mut Source<'_>, t: &mut Section<'_>, draft: &mut Draft) {
    for (name, mut table) in t.named(s, "types") {
        let label = table.label_needed(s, "label");
        let start = name_of(s, &mut table, draft, "start", Names::Stage);
        table.finish(s);
        let path = name.text.clone();
        add_type(s, draft, &name, Type { path, label, start });
    }
}

fn add_type(s: &mut Source<'_>, draft: &mut Draft, name: &Word, of: Type) {
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
    draft.kind.types.push(of);
}

fn read_stages(s: &mut Source<'_>, t: &mut Section<'_>, draft: &mut Draft) {
    for (name, mut table) in t.named(s, "stages") {
        check_name(s, &name, "stage", '_');
        draft.declare(s, Names::Stage, &name);
        if !table.has("reach") {
            s.fault(
                &name.mark,
                "missing-key",
                "`reach` is missing",
                "private, node, line, network or public",
            );
        }
        let reach = table.one_of(s, "reach", &Audience::NAMES).unwrap_or(Audience::Private);
        let clock = table.section(s, "clock").and_then(|clock| read_clock(s, clock, draft));
        let label = table.label_needed(s, "label");
        let closed = table.flag(s, "closed");
        table.finish(s);
        draft.kind.stages.push(Stage { name: name.text, label, reach, clock, closed });
    }
    if draft.kind.stages.is_empty() {
        s.fault(
            &t.mark_of("stages"),
            "missing-key",
            "a kind needs at least one stage",
            "write it as [stages.NAME]",
        );
    }
    let first = draft.kind.stages.first().map(|stage| stage.name.clone()).unwrap_or_default();
    draft.kind.start = name_of(s, t, draft, "start", Names::Stage).unwrap_or(first);
}

fn read_clock(s: &mut Source<'_>, mut table: Section<'_>, draft: &mut Draft) -> Option<Clock> {
    let name = table.text_needed(s, "name");
    let after = table.text_needed(s, "after");
    let due_move = table.text(s, "move");
    let label = table.label_needed(s, "label");
    table.finish(s);
    let (name, after) = (name?, after?);
    let days = after.text.strip_suffix(" working days").or_else(|| after.text.strip_suffix(" working day"));
    let days = days.and_then(|days| days.trim().parse::<u16>().ok());
    let Some(working_days) =
        days.filter(|days| (1..=base::limits::WORKING_DAYS_MAX).contains(&u32::from(*days)))
    else {
        s.fault(
            &after.mark,
            "clock",
            format!("`{}` is no span", after.text),
            "write it as \"10 working days\"",
        );
        return None;
    };
    let due = due_move.as_ref().map(|word| word.text.clone());
    draft.uses(Names::Move, due_move);
    Some(Clock { name: name.text, label, working_days, due_move: due })
}

fn read_moves(s: &mut Source<'_>, t: &mut Section<'_>, draft: &mut Draft) {
    for mut table in t.list(s, "moves") {
        let Some(name) = table.text_needed(s, "name") else {
            table.finish(s);
            continue;
        };
        check_name(s, &name, "move", '-');
        draft.declare(s, Names::Move, &name);
        let by = read_by(s, &mut table, "by");
        if by.is_empty() {
            s.fault(&name.mark, "no-grant", format!("nobody may make the move `{}`", name.text), "say `by`");
        }
        let of = read_move(s, &mut table, draft, &name);
        let verb = Verb::Move(of.name.clone());
        draft.kind.grants.extend(by.into_iter().map(|by| Grant {
            verb: verb.clone(),
            by,
            stages: of.from.clone(),
        }));
        draft.kind.moves.push(of);
        table.finish(s);
    }
}

fn read_move(s: &mut Source<'_>, t: &mut Section<'_>, draft: &mut Draft, name: &Word) -> Move {
    let from = names(s, t, draft, "from", Names::Stage);
    if from.is_empty() {
        s.fault(&name.mark, "missing-key", format!("the move `{}` leaves no stage", name.text), "say `from`");
    }
    let mut of = Move {
        name: name.text.clone(),
        label: t.label_needed(s, "label"),
        from,
        to: name_of(s, t, draft, "to", Names::Stage),
        takes: field_names(s, t, draft, "takes"),
        needs: field_names(s, t, draft, "needs"),
        when: t.all_of(s, "when", "guard", &Guard::NAMES),
        then: t.all_of(s, "then", "effect", &Effect::NAMES),
        primary: t.flag(s, "primary"),
    };
    let untaken = of.needs.iter().filter(|need| !of.takes.contains(need)).cloned().collect::<Vec<_>>();
    of.takes.extend(untaken);
    check_guards(t, draft, &of);
    of
}

/// A guard or effect that looks at fields needs the kind to have them.
fn check_guards(t: &Section<'_>, draft: &mut Draft, of: &Move) {
    let fields = of.when.iter().flat_map(|guard| guard.fields().iter().map(|field| ("when", *field)));
    let fields =
        fields.chain(of.then.iter().flat_map(|effect| effect.fields().iter().map(|field| ("then", *field))));
    for (key, field) in fields {
        draft.uses(Names::Field, Some(Word { text: field.to_owned(), mark: t.mark_of(key) }));
    }
}

/// The verbs of a `[[grants]]` entry.
const VERBS: [(&str, Verb); 5] = [
    ("read", Verb::Read),
    ("create", Verb::Create),
    ("revise", Verb::Revise),
    ("merge", Verb::Merge),
    ("erase", Verb::Erase),
];

fn read_grants(s: &mut Source<'_>, t: &mut Section<'_>, draft: &mut Draft) {
    for mut table in t.list(s, "grants") {
        let stages = names(s, &mut table, draft, "stages", Names::Stage);
        let before = draft.kind.grants.len();
        for (key, verb) in &VERBS {
            let by = read_by(s, &mut table, key);
            let grants = by.into_iter().map(|by| Grant { verb: verb.clone(), by, stages: stages.clone() });
            draft.kind.grants.extend(grants);
        }
        if draft.kind.grants.len() == before {
            s.fault(
                &table.mark,
                "no-grant",
                "this entry grants nothing",
                "say read, create, revise, merge or erase",
            );
        }
        table.finish(s);
    }
    for (key, verb) in &VERBS {
        let needed = matches!(verb, Verb::Read | Verb::Create);
        if needed && draft.kind.grants_of(verb).next().is_none() {
            s.fault(
                &t.mark_of("grants"),
                "no-grant",
                format!("nobody may {key} this kind"),
                "add a [[grants]] entry",
            );
        }
    }
}

fn read_by(s: &mut Source<'_>, t: &mut Section<'_>, key: &'static str) -> Vec<By> {
    let words = t.texts(s, key);
    words.iter().filter_map(|word| by_of(s, word)).collect()
}

fn by_of(s: &mut Source<'_>, word: &Word) -> Option<By> {
    let (role, standing) = match word.text.split_once('@') {
        Some((role, standing)) => (Some(role), standing),
        None => (None, word.text.as_str()),
    };
    let look = |s: &mut Source<'_>, code, what: &str, name: &str, known: Vec<&str>| {
        s.found.push(word.mark.unknown(code, what, name, &known));
    };
    let role_found =
        role.map(|name| Role::NAMES.iter().find(|(known, _)| *known == name).map(|(_, role)| *role));
    if let (Some(None), Some(name)) = (role_found, role) {
        look(s, "unknown-role", "role", name, Role::NAMES.iter().map(|(name, _)| *name).collect());
    }
    let Some((_, found)) = Standing::NAMES.iter().find(|(known, _)| *known == standing) else {
        look(
            s,
            "unknown-standing",
            "standing",
            standing,
            Standing::NAMES.iter().map(|(name, _)| *name).collect(),
        );
        return None;
    };
    if role.is_none() && matches!(found, Standing::Region | Standing::Node) {
        let remedy = format!("write officer@{standing}, say");
        s.fault(&word.mark, "no-role", format!("`{standing}` means nothing without a role"), remedy);
        return None;
    }
    match role_found {
        Some(None) => None,
        role => Some(By { role: role.flatten(), standing: *found }),
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
