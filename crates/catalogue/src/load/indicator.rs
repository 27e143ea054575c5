//! Indicators from their files: what each counts, and whether the kinds can be counted so.
//!
//! Never counts: records are the engine's.

use std::collections::BTreeMap;

use super::diagnostic::Diagnostic;
use super::kind::check_name;
use super::source::{Section, Source, Word};
use super::view::{World, filter_of};
use crate::filter::Filter;
use crate::indicator::{Basis, Indicator, Measure};
use crate::kind::{Field, Kind, Label, Layer, Shape};

/// An indicator as its file says it.
pub(super) struct Draft {
    pub name: Word,
    pub label: Label,
    unit: Label,
    note: Label,
    basis: Option<Basis>,
    told: Told,
}

/// Where the number comes from, with names not yet looked up.
enum Told {
    /// Over records of a kind; `of` is none for a plain count.
    Records { how: How, kind: Word, filter: Option<Word>, of: Option<Word> },
    /// One indicator over another.
    Ratio { over: Word, under: Word, percent: bool },
    /// By sources.
    Reported,
}

/// How records make a number.
#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    Count,
    Sum,
    Distinct,
}

#[derive(Clone, Copy)]
enum Form {
    Records(How),
    Ratio,
    Reported,
}

/// Measures by name.
const FORMS: [(&str, Form); 5] = [
    ("count", Form::Records(How::Count)),
    ("sum", Form::Records(How::Sum)),
    ("distinct", Form::Records(How::Distinct)),
    ("ratio", Form::Ratio),
    ("reported", Form::Reported),
];

/// Reads a file of indicators; one with a fault is left out.
pub(super) fn read_indicators(s: &mut Source<'_>, mut section: Section<'_>) -> Vec<(Word, Option<Draft>)> {
    let mut drafts = Vec::new();
    for (name, table) in section.named(s, "indicators") {
        let before = s.found.len();
        check_name(s, &name, "indicator", '_');
        let draft = read_indicator(s, &name, table);
        let sound = s.found.len() == before;
        drafts.push((name, draft.filter(|_| sound)));
    }
    section.finish(s);
    drafts
}

fn read_indicator(s: &mut Source<'_>, name: &Word, mut table: Section<'_>) -> Option<Draft> {
    let t = &mut table;
    let (label, unit, note) = (t.label_needed(s, "label"), t.label_needed(s, "unit"), t.label(s, "note"));
    t.text_needed(s, "measure")?;
    let form = t.one_of(s, "measure", &FORMS)?;
    let told = read_told(s, t, form);
    let basis = match form {
        Form::Ratio => None,
        Form::Records(_) | Form::Reported => {
            if !t.has("basis") {
                s.fault(&name.mark, "missing-key", "`basis` is missing", "period, cumulative or stock");
            }
            t.one_of(s, "basis", &Basis::NAMES)
        }
    };
    table.finish(s);
    Some(Draft { name: name.clone(), label, unit, note, basis, told: told? })
}

fn read_told(s: &mut Source<'_>, t: &mut Section<'_>, form: Form) -> Option<Told> {
    match form {
        Form::Records(how) => {
            let (kind, filter) = (t.text_needed(s, "kind"), t.text(s, "where"));
            let of = if how == How::Count { None } else { t.text_needed(s, "of") };
            Some(Told::Records { how, kind: kind?, filter, of })
        }
        Form::Ratio => {
            let (over, under) = (t.text_needed(s, "over"), t.text_needed(s, "under"));
            let percent = t.flag(s, "percent");
            Some(Told::Ratio { over: over?, under: under?, percent })
        }
        Form::Reported => Some(Told::Reported),
    }
}

/// The indicators that can be counted, in order, and what is wrong with the others. A ratio over an indicator
/// that is at fault is left out with it.
pub(super) fn resolve(
    drafts: &[Draft],
    names: &[&str],
    world: &World<'_>,
) -> (Vec<Indicator>, Vec<Diagnostic>) {
    let (mut sound, mut found) = (BTreeMap::new(), Vec::new());
    let (ratios, plain): (Vec<_>, Vec<_>) =
        drafts.iter().partition(|draft| matches!(draft.told, Told::Ratio { .. }));
    for draft in plain {
        match draft.plain(world) {
            Ok(indicator) => drop(sound.insert(indicator.name.clone(), indicator)),
            Err(faults) => found.extend(faults),
        }
    }
    let ratio_names: Vec<&str> = ratios.iter().map(|draft| draft.name.text.as_str()).collect();
    let plain_names: Vec<&str> = names.iter().copied().filter(|name| !ratio_names.contains(name)).collect();
    for draft in ratios {
        let faults = draft.side_faults(&ratio_names, &plain_names);
        if faults.is_empty() {
            let ratio = draft.ratio(&sound);
            ratio.into_iter().for_each(|ratio| drop(sound.insert(ratio.name.clone(), ratio)));
        }
        found.extend(faults);
    }
    (drafts.iter().filter_map(|draft| sound.remove(&draft.name.text)).collect(), found)
}

impl Draft {
    /// An indicator that is no ratio, or every fault of it.
    fn plain(&self, world: &World<'_>) -> Result<Indicator, Vec<Diagnostic>> {
        let Told::Records { how, kind, filter, of } = &self.told else {
            return Ok(self.made(Measure::Reported, Basis::Period));
        };
        let kind = world.kind(kind).map_err(|fault| fault.into_iter().collect::<Vec<_>>())?;
        let filter = filter.as_ref().map(|text| filter_of(text, kind, &world.terms)).transpose();
        let of = of.as_ref().map(|word| check_field(word, kind, *how)).transpose();
        match (filter, of) {
            (Ok(filter), Ok(of)) => Ok(self.made(measure(kind, *how, filter, of), Basis::Period)),
            (filter, of) => Err(filter.err().into_iter().chain(of.err()).collect()),
        }
    }

    /// What is wrong with the two sides of a ratio.
    fn side_faults(&self, ratios: &[&str], plain: &[&str]) -> Vec<Diagnostic> {
        let Told::Ratio { over, under, .. } = &self.told else { return Vec::new() };
        let fault = |side: &Word| {
            let name = side.text.as_str();
            if ratios.contains(&name) {
                let message = format!("`{name}` is a ratio itself");
                return Some(side.mark.fault("nested-ratio", message, "name what is counted".to_owned()));
            }
            (!plain.contains(&name)).then(|| side.mark.unknown("unknown-indicator", "indicator", name, plain))
        };
        [over, under].into_iter().filter_map(fault).collect()
    }

    /// The ratio, if both its sides are sound.
    fn ratio(&self, sound: &BTreeMap<String, Indicator>) -> Option<Indicator> {
        let Told::Ratio { over, under, percent } = &self.told else { return None };
        let (above, below) = (sound.get(&over.text)?, sound.get(&under.text)?);
        let (over, under) = (above.name.clone(), below.name.clone());
        Some(self.made(Measure::Ratio { over, under, percent: *percent }, above.basis))
    }

    /// The indicator with its measure looked up; `basis` where it states none.
    fn made(&self, measure: Measure, basis: Basis) -> Indicator {
        Indicator {
            name: self.name.text.clone(),
            label: self.label.clone(),
            unit: self.unit.clone(),
            note: self.note.clone(),
            measure,
            basis: self.basis.unwrap_or(basis),
        }
    }
}

fn measure(kind: &Kind, how: How, filter: Option<Filter>, of: Option<String>) -> Measure {
    let kind = kind.name.clone();
    match (how, of) {
        (How::Sum, Some(of)) => Measure::Sum { kind, filter, of },
        (How::Distinct, Some(of)) => Measure::Distinct { kind, filter, of },
        _ => Measure::Count { kind, filter },
    }
}

/// The field a sum or distinct count goes over.
fn check_field(word: &Word, kind: &Kind, how: How) -> Result<String, Diagnostic> {
    let Some(field) = kind.field(&word.text) else {
        let known: Vec<&str> =
            kind.fields.iter().filter(|field| fits(field, how)).map(|field| field.name.as_str()).collect();
        return Err(word.mark.unknown("unknown-field", "field", &word.text, &known));
    };
    let wrong = |message: String| Err(word.mark.fault("wrong-shape", message, String::new()));
    if !fits(field, how) {
        let wanted = if how == How::Sum { "an integer, money or quantity" } else { "a reference" };
        return wrong(format!("`of` is the field `{}`, which is not {wanted}", field.name));
    }
    if field.layer != Layer::Open {
        return wrong(format!(
            "`of` is the field `{}`, which not everyone may read: the figure would tell it",
            field.name
        ));
    }
    Ok(field.name.clone())
}

fn fits(field: &Field, how: How) -> bool {
    match how {
        How::Count => false,
        How::Sum => matches!(field.shape, Shape::Integer | Shape::Money | Shape::Quantity),
        How::Distinct => matches!(field.shape, Shape::Reference(_)),
    }
}
