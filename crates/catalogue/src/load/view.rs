//! Views from their files, and the filters that views and indicators write down.
//!
//! Never asks a record: whether a kind can answer a filter is looked up when every file is read.

use std::collections::BTreeMap;

use super::diagnostic::Diagnostic;
use super::kind::check_name;
use super::source::{Section, Source, Word};
use crate::filter::Filter;
use crate::kind::{Kind, Label, Shape};
use crate::value::{BUILT_IN, Fault, Terms};
use crate::view::View;

/// A view as its file says it.
pub(super) struct Draft {
    name: Word,
    kind: Word,
    label: Label,
    note: Label,
    filter: Word,
}

/// The sound kinds and the words their filters speak, for what speaks of kinds from outside.
pub(super) struct World<'w> {
    pub kinds: &'w BTreeMap<String, super::kind::Draft>,
    /// Kinds declared, the faulty ones included: a fault there is told once.
    pub kind_names: Vec<&'w str>,
    pub terms: Terms<'w>,
}

impl World<'_> {
    /// The kind of a name; none where it is declared and faulty.
    pub fn kind(&self, word: &Word) -> Result<&Kind, Option<Diagnostic>> {
        match self.kinds.get(&word.text) {
            Some(draft) => Ok(&draft.kind),
            None if self.kind_names.contains(&word.text.as_str()) => Err(None),
            None => Err(Some(word.mark.unknown("unknown-kind", "kind", &word.text, &self.kind_names))),
        }
    }
}

/// Reads a file of views; a view with a fault is left out.
pub(super) fn read_views(s: &mut Source<'_>, mut section: Section<'_>) -> Vec<(Word, Option<Draft>)> {
    let mut drafts = Vec::new();
    for (name, mut table) in section.named(s, "views") {
        let before = s.found.len();
        check_name(s, &name, "view", '_');
        let t = &mut table;
        let (kind, filter) = (t.text_needed(s, "kind"), t.text_needed(s, "where"));
        let (label, note) = (t.label_needed(s, "label"), t.label(s, "note"));
        table.finish(s);
        let sound = s.found.len() == before;
        let draft = kind.zip(filter).filter(|_| sound);
        let draft = draft.map(|(kind, filter)| Draft { name: name.clone(), kind, label, note, filter });
        drafts.push((name, draft));
    }
    section.finish(s);
    drafts
}

/// The views their kinds can answer, in order, and what is wrong with the others.
pub(super) fn resolve(drafts: &[Draft], world: &World<'_>) -> (Vec<View>, Vec<Diagnostic>) {
    let (mut views, mut found) = (Vec::new(), Vec::new());
    for draft in drafts {
        match draft.view(world) {
            Ok(view) => views.push(view),
            Err(fault) => found.extend(fault),
        }
    }
    (views, found)
}

impl Draft {
    fn view(&self, world: &World<'_>) -> Result<View, Option<Diagnostic>> {
        let kind = world.kind(&self.kind)?;
        Ok(View {
            name: self.name.text.clone(),
            kind: kind.name.clone(),
            label: self.label.clone(),
            note: self.note.clone(),
            filter: filter_of(&self.filter, kind, &world.terms)?,
        })
    }
}

/// The filter a file writes in its text form, with values as people type them.
pub(super) fn filter_of(text: &Word, kind: &Kind, terms: &Terms<'_>) -> Result<Filter, Diagnostic> {
    let read = text.text.parse::<Filter>();
    let read = read.and_then(|filter| filter.validate(kind).map(|()| filter));
    let lost = |name: &str| is_lost(kind, name, terms);
    read.and_then(|filter| filter.keyed(kind, terms, &lost)).map_err(|fault| told(text, kind, &fault))
}

/// Whether a field speaks a vocabulary that is left out for a fault of its own, which is told there.
fn is_lost(kind: &Kind, field: &str, terms: &Terms<'_>) -> bool {
    let shape = kind.field(field).map(|field| &field.shape);
    matches!(shape, Some(Shape::Code(name)) if !BUILT_IN.contains(&name.as_str()) && terms.vocabulary(name).is_none())
}

fn told(text: &Word, kind: &Kind, fault: &Fault) -> Diagnostic {
    let arg =
        |wanted: &str| fault.args.iter().find(|(name, _)| *name == wanted).map_or("", |(_, value)| value);
    let (message, remedy) = match (fault.code, fault.field.as_str()) {
        ("filter-form", _) => {
            (format!("`{}` is no filter", text.text), "write it as all(stage=NAME,FIELD=VALUE)".to_owned())
        }
        ("filter-large", _) => {
            ("the filter has too many conditions".to_owned(), format!("at most {}", arg("max")))
        }
        ("filter-field", "type") => (
            format!("the filter names a type that `{}` lacks", kind.name),
            known(kind.types.iter().map(|of| of.path.as_str())),
        ),
        ("filter-field", "stage") => (
            format!("the filter names a stage that `{}` lacks", kind.name),
            known(kind.stages.iter().map(|stage| stage.name.as_str())),
        ),
        ("filter-field", name) => (
            format!("`{}` cannot be filtered by `{name}` in this way", kind.name),
            known(kind.listed().map(|field| field.name.as_str())),
        ),
        (_, name) => {
            let near = arg("nearest");
            let remedy = if near.is_empty() { String::new() } else { format!("did you mean `{near}`?") };
            (format!("`{}` is no value of the field `{name}`", arg("text")), remedy)
        }
    };
    text.mark.fault("filter", message, remedy)
}

fn known<'n>(names: impl Iterator<Item = &'n str>) -> String {
    format!("known: {}", names.collect::<Vec<_>>().join(", "))
}
