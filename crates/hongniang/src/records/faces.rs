//! Records as people see them in lists: an [`Item`] of the register becomes a [`Row`] of a page.

use catalogue::kind::Audience;
use catalogue::{Catalogue, Kind, Stage};
use register::Item;
use serde_json::Value;

use super::address;
use crate::clock;
use crate::fields::{SOURCED, achievement};
use crate::locale::Lang;
use crate::view::{Badge, Row};
use crate::visit::Visit;

/// The row of an item; `cells` are the listed fields wanted as columns.
pub fn row(visit: &Visit, item: &Item, cells: &[&str]) -> Row {
    let catalogue = visit.app.register().catalogue();
    let Some(kind) = catalogue.kind(&item.kind) else { return Row::default() };
    let (kind_label, type_label) =
        (kind.label.text(visit.lang).to_owned(), type_label(kind, &item.type_path, visit.lang));
    Row {
        href: visit.href(&address(kind, &item.number)),
        number: item.number.printed(&kind.sign),
        title: item.title.clone(),
        // 技术需求 of the kind 技术需求 is said once.
        kind: if kind_label == type_label { String::new() } else { kind_label },
        type_label,
        stage: badge(kind, &item.stage, visit.lang),
        place: item.place.as_ref().map(|place| place_name(place, visit.lang)).unwrap_or_default(),
        day: item
            .day
            .as_ref()
            .and_then(|day| day.parse().ok())
            .map(|day| clock::day(&day, visit.lang))
            .unwrap_or_default(),
        owner: item.owner_title.clone().filter(|_| item.owner != Some(item.id)).unwrap_or_default(),
        cells: cells.iter().map(|name| cell(catalogue, kind, item, name, visit.lang)).collect(),
        snippet: Vec::new(),
        due: item.due.map(|due| (clock::date(due, visit.lang), due < visit.app.today())),
        chip: demonstrated(visit, item),
    }
}

/// 演示, on what the demonstration invented and does not say of itself; what sources tell has a stage of its own.
pub fn demonstrated(visit: &Visit, item: &Item) -> Option<String> {
    let says = ["（演示）", "（虚构）"].iter().any(|mark| item.title.contains(mark));
    let invented = visit.app.site().demonstration && item.stage != SOURCED && !says;
    invented.then(|| visit.t("list.demonstration").to_owned())
}

/// A place in a language.
pub fn place_name(place: &base::place::Place, lang: Lang) -> String {
    match lang {
        Lang::Zh => place.name().to_string(),
        Lang::En => place.name_en().to_string(),
    }
}

fn cell(catalogue: &Catalogue, kind: &Kind, item: &Item, name: &str, lang: Lang) -> String {
    let Some(field) = kind.field(name) else { return String::new() };
    let values = item.keys.iter().filter(|(found, _)| found == name);
    let shown = |key: &String| {
        let value = catalogue::value::of_key(&field.shape, key).unwrap_or_default();
        match (&field.shape, &value) {
            // A quantity's key has lost its unit: the number alone is true.
            (catalogue::Shape::Quantity, Value::String(number)) => number.clone(),
            _ => catalogue::value::show(&field.shape, &value, &catalogue.terms(), lang, &|_| None),
        }
    };
    values.map(|(_, value)| shown(value)).collect::<Vec<_>>().join("、")
}

/// The name of a type.
pub fn type_label(kind: &Kind, path: &str, lang: Lang) -> String {
    let found = kind.types.iter().find(|t| t.path == path);
    found.map_or_else(|| path.to_owned(), |t| t.label.text(lang).to_owned())
}

/// A stage as a badge.
pub fn badge(kind: &Kind, stage: &str, lang: Lang) -> Badge {
    let Some(stage) = kind.stages.iter().find(|s| s.name == stage) else { return Badge::default() };
    Badge { label: stage.label.text(lang).to_owned(), tone: tone(stage) }
}

fn tone(stage: &Stage) -> &'static str {
    match stage {
        _ if stage.closed || stage.name == achievement::FADED => "quiet",
        _ if stage.reach == Audience::Public => "open",
        _ if !stage.clocks.is_empty() => "wait",
        _ => "quiet",
    }
}
