//! What can be checked only when every file is read: names that must exist, stages that must be
//! reachable, fields that must have the shape their use asks for.
//!
//! Never changes a kind.

use std::collections::{BTreeMap, BTreeSet};

use super::diagnostic::{Diagnostic, Mark};
use super::kind::{Draft, Names, Use};
use crate::kind::{Audience, Field, Kind, Layer, PURPOSES, Shape, Span, Verb};
use crate::step::Guard;
use crate::value::BUILT_IN;
use crate::vocabulary::Vocabulary;

/// What the other files declare.
pub(super) struct Known<'k> {
    pub kinds: Vec<&'k str>,
    pub vocabularies: &'k BTreeMap<String, Vocabulary>,
    /// Vocabularies declared, the faulty ones included: a fault there is told once.
    pub vocabulary_names: Vec<&'k str>,
}

/// Every fault of a draft that needs the whole catalogue.
pub(super) fn faults(draft: &Draft, known: &Known<'_>) -> Vec<Diagnostic> {
    let mut found = unknown_names(draft, known);
    found.extend(wrong_shapes(draft, known));
    found.extend(unreachable_stages(draft));
    found.extend(idle_clocks(draft));
    found.extend(idle_moves(draft));
    found.extend(too_many_lists(draft));
    found.extend(shared_columns(draft));
    found.extend(unasked_questions(draft));
    found.extend(purposes(draft, known));
    found
}

impl Draft {
    fn mark_of(&self, what: Names, name: &str) -> &Mark {
        let declared = self.declared.iter().find(|(of, word)| *of == what && word.text == name);
        declared.map_or(&self.mark, |(_, word)| &word.mark)
    }

    fn names<'n>(&'n self, what: Names, known: &'n Known<'_>) -> Vec<&'n str> {
        let kind = &self.kind;
        match what {
            Names::Field => kind.fields.iter().map(|field| field.name.as_str()).collect(),
            Names::Stage => kind.stages.iter().map(|stage| stage.name.as_str()).collect(),
            Names::Clock => kind.clocks().map(|clock| clock.name.as_str()).collect(),
            Names::Move => kind.moves.iter().map(|of| of.name.as_str()).collect(),
            Names::Type => kind.types.iter().map(|of| of.path.as_str()).collect(),
            Names::Kind => known.kinds.clone(),
            Names::Vocabulary => BUILT_IN.into_iter().chain(known.vocabulary_names.iter().copied()).collect(),
        }
    }
}

fn unknown_names(draft: &Draft, known: &Known<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for used in &draft.used {
        let names = draft.names(used.what, known);
        if !names.contains(&used.word.text.as_str()) {
            found.push(unknown_name(used, &names));
        }
    }
    found
}

fn unknown_name(used: &Use, names: &[&str]) -> Diagnostic {
    let (code, what, name) = (used.what.code(), used.what.word(), &used.word.text);
    match &used.through {
        None => used.word.mark.unknown(code, what, name, names),
        Some(through) => {
            let message = format!("the {through} needs the {what} `{name}`, which this kind lacks");
            used.word.mark.fault(code, message, format!("add the {what} to the kind"))
        }
    }
}

/// What of a life or part does not depend on the kind that has it.
pub(super) fn shared_faults(draft: &Draft, known: &Known<'_>) -> Vec<Diagnostic> {
    let apart = |what: Names| !matches!(what, Names::Field | Names::Type);
    let used = draft.used.iter().filter(|used| apart(used.what)).cloned().collect();
    let mut found = unknown_names(&Draft { used, ..draft.clone() }, known);
    found.extend(idle_clocks(draft));
    found.extend(idle_moves(draft));
    found
}

/// A purpose, the field named for it, what fits, and what is wanted in words.
type Purpose<'p> = (&'p str, Option<&'p str>, &'p dyn Fn(&Field) -> bool, &'p str);

/// Where a field was used for a purpose, its shape must fit.
fn wrong_shapes(draft: &Draft, known: &Known<'_>) -> Vec<Diagnostic> {
    let kind = &draft.kind;
    let single = |field: &Field| !field.many;
    let owner = kind.owner.as_deref().filter(|owner| *owner != crate::kind::OWNER_SELF);
    let purposes: [Purpose<'_>; 5] = [
        ("title", Some(&kind.title), &|f| f.shape == Shape::Line && single(f), "one line of text"),
        ("day", kind.day.as_deref(), &|f| f.shape == Shape::Day && single(f), "one day"),
        ("place", kind.place.as_deref(), &|f| f.shape == Shape::Place && single(f), "one place"),
        ("owner", owner, &|f| matches!(f.shape, Shape::Reference(_)) && single(f), "one reference"),
        ("ceiling", kind.ceiling.as_deref(), &|f| is_ceiling(f, known), "a code whose terms are audiences"),
    ];
    let mut found = Vec::new();
    for (purpose, name, fits, wanted) in purposes {
        let Some(field) = name.and_then(|name| kind.field(name)) else { continue };
        if !fits(field) {
            let message = format!("`{purpose}` is the field `{}`, which is not {wanted}", field.name);
            found.push(draft.mark.fault("wrong-shape", message, String::new()));
        }
    }
    found
}

fn is_ceiling(field: &Field, known: &Known<'_>) -> bool {
    let Shape::Code(name) = &field.shape else { return false };
    let terms = known.vocabularies.get(name).map(|vocabulary| &vocabulary.terms);
    !field.many && terms.is_none_or(|terms| terms.iter().all(|term| Audience::named(&term.code).is_some()))
}

fn starts(kind: &Kind) -> BTreeSet<&str> {
    let of_types = kind.types.iter().filter_map(|of| of.start.as_deref());
    of_types.chain([kind.start.as_str()]).collect()
}

fn unreachable_stages(draft: &Draft) -> Vec<Diagnostic> {
    let kind = &draft.kind;
    let mut reached = starts(kind);
    loop {
        let before = reached.len();
        let leaving =
            kind.moves.iter().filter(|of| of.from.iter().any(|from| reached.contains(from.as_str())));
        let entered: Vec<&str> = leaving.filter_map(|of| of.to.as_deref()).collect();
        reached.extend(entered);
        if reached.len() == before {
            break;
        }
    }
    let lost = kind.stages.iter().filter(|stage| !reached.contains(stage.name.as_str()));
    lost.map(|stage| {
        let message = format!("no move leads to the stage `{}`", stage.name);
        let remedy = "add a move that enters it, or leave it out".to_owned();
        draft.mark_of(Names::Stage, &stage.name).fault("unreachable-stage", message, remedy)
    })
    .collect()
}

/// A clock's move must leave the stage where the clock runs.
fn idle_clocks(draft: &Draft) -> Vec<Diagnostic> {
    let kind = &draft.kind;
    let mut found = Vec::new();
    for (stage, clock) in kind.stages.iter().flat_map(|stage| stage.clocks.iter().map(move |c| (stage, c))) {
        let mark = draft.mark_of(Names::Stage, &stage.name);
        let named = [&clock.due_move, &clock.does].into_iter().flatten();
        let mut moves = named.filter_map(|name| kind.move_of(name));
        if moves.any(|of| !of.from.contains(&stage.name)) {
            let message = format!("the clock of `{}` names a move that does not leave it", stage.name);
            found.push(mark.fault("clock", message, String::new()));
        }
        // The day would still have passed afterwards, and the house would make the move again and again.
        let does = clock.does.as_deref().and_then(|name| kind.move_of(name));
        let stays = does.is_some_and(|of| of.to.as_ref().is_none_or(|to| *to == stage.name));
        if stays && matches!(clock.span, Span::To { .. }) {
            let message =
                format!("the clock `{}` goes by a field, and what it does keeps the stage", clock.name);
            found.push(mark.fault("clock", message, "name a move that leaves the stage".to_owned()));
        }
    }
    found
}

/// A move nobody is granted, and that no clock makes, is never made.
fn idle_moves(draft: &Draft) -> Vec<Diagnostic> {
    let kind = &draft.kind;
    let done: BTreeSet<&str> = kind.clocks().filter_map(|clock| clock.does.as_deref()).collect();
    let idle = kind.moves.iter().filter(|of| {
        !done.contains(of.name.as_str()) && kind.grants_of(&Verb::Move(of.name.clone())).next().is_none()
    });
    idle.map(|of| {
        let message = format!("nobody may make the move `{}`", of.name);
        draft.mark_of(Names::Move, &of.name).fault("no-grant", message, "say `by`".to_owned())
    })
    .collect()
}

fn too_many_lists(draft: &Draft) -> Vec<Diagnostic> {
    let listed: Vec<&str> = draft.kind.listed().map(|field| field.name.as_str()).collect();
    if listed.len() <= base::limits::LIST_FIELDS_MAX {
        return Vec::new();
    }
    let message = format!(
        "{} list fields ({}), at most {}",
        listed.len(),
        listed.join(", "),
        base::limits::LIST_FIELDS_MAX
    );
    vec![draft.mark.fault(
        "too-many-lists",
        message,
        "each costs an index row per record: drop `list` from some".to_owned(),
    )]
}

/// A heading must lead to one field of a type.
fn shared_columns(draft: &Draft) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for field in draft.kind.fields.iter().filter(|field| field.of_types.is_empty()) {
        for column in &field.columns {
            if let Some(other) = seen.insert(base::text::fold(column), &field.name) {
                let message = format!("the heading “{column}” leads to both `{other}` and `{}`", field.name);
                found.push(draft.mark.fault("shared-column", message, "leave it at one of them".to_owned()));
            }
        }
    }
    found
}

/// What 体检 asks must have a question, and a guard on 体检 must have something to ask.
fn unasked_questions(draft: &Draft) -> Vec<Diagnostic> {
    let kind = &draft.kind;
    let mut found = Vec::new();
    let asks = kind.checkup.iter().flat_map(|rule| &rule.asks).filter_map(|name| kind.field(name));
    for field in asks {
        if field.ask.zh.is_empty() {
            let message = format!("体检 asks for `{}`, which has no `ask`", field.name);
            found.push(draft.mark.fault(
                "missing-label",
                message,
                "write the question in both languages".to_owned(),
            ));
        }
        if field.layer == Layer::Sealed {
            let message = format!("体检 asks for `{}`, which is sealed", field.name);
            found.push(draft.mark.fault(
                "meaningless",
                message,
                "the grade would tell what is hidden".to_owned(),
            ));
        }
    }
    let complete =
        kind.moves.iter().filter(|of| of.when.contains(&Guard::Complete) && kind.checkup.is_none());
    for of in complete {
        let message = format!("the guard `complete` of `{}` needs a [checkup]", of.name);
        found.push(draft.mark_of(Names::Move, &of.name).fault("no-checkup", message, String::new()));
    }
    found
}

/// Personal data says what it is for, in words the house knows.
fn purposes(draft: &Draft, known: &Known<'_>) -> Vec<Diagnostic> {
    let terms = known.vocabularies.get(PURPOSES).map(|vocabulary| vocabulary.terms.as_slice());
    let codes: Vec<&str> = terms.unwrap_or_default().iter().map(|term| term.code.as_str()).collect();
    let fault = |field: &Field| match field.purpose.as_deref() {
        None if draft.kind.is_personal(field) => {
            let message = format!("`{}` holds personal data and says no `purpose`", field.name);
            let remedy = format!("name a term of the vocabulary `{PURPOSES}`, or leave the field out");
            Some(draft.mark.fault("missing-purpose", message, remedy))
        }
        Some(named) if !codes.contains(&named) => {
            let message = format!("`purpose` of `{}`: there is no `{named}`", field.name);
            let remedy = format!("terms of `{PURPOSES}`: {}", codes.join(", "));
            Some(draft.mark.fault("unknown-purpose", message, remedy))
        }
        _ => None,
    };
    draft.kind.fields.iter().filter_map(fault).collect()
}
