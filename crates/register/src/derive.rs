//! What the tables hold beside the texts, computed from the fields: heading, place, day, keys, edges, claims.
//!
//! A pure function of kind and fields, so that `verify` can compute it again and compare. Start at [`derive`].

use std::collections::BTreeMap;

use base::id::RecordId;
use base::place::Place;
use catalogue::kind::reference;
use catalogue::value::{Terms, keys};
use catalogue::{Field, Fields, Kind, Layer, Shape};
use icu_collator::options::CollatorOptions;
use icu_collator::{CollatorBorrowed, CollatorPreferences};
use serde_json::Value;

use crate::fault::{Fault, Result};
use crate::fields::{PLACE, SINCE, TITLE, TYPE, UNTIL};

/// Bytes of a pinyin sort key that are kept: some sixteen characters; equal beginnings order by row.
const ORDER_BYTES: usize = 48;
/// Characters of a key text; longer values are listed by their beginning.
const KEY_CHARS: usize = 120;

/// Pinyin order of headings.
pub(crate) struct TitleOrder(CollatorBorrowed<'static>);

impl TitleOrder {
    pub(crate) fn new() -> Result<TitleOrder> {
        let chinese = CollatorPreferences::from(&icu_locale_core::locale!("zh"));
        CollatorBorrowed::try_new(chinese, CollatorOptions::default())
            .map(TitleOrder)
            .map_err(|e| Fault::storage("loading the order of headings", e))
    }

    /// Text whose byte order is the order of headings.
    pub(crate) fn key(&self, title: &str) -> String {
        let mut bytes: Vec<u8> = Vec::new();
        let Ok(()) = self.0.write_sort_key_to(title, &mut bytes);
        bytes.truncate(ORDER_BYTES);
        crate::chain::hex(&bytes)
    }
}

/// A row of `key`.
pub(crate) type KeyRow = ((String, String), i64);

/// A reference found in the fields.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Tied {
    pub(crate) field: String,
    pub(crate) to: RecordId,
    pub(crate) assigns: bool,
}

/// Everything the tables hold beside the texts.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Derived {
    pub(crate) title: String,
    pub(crate) day: Option<String>,
    pub(crate) keys: Vec<KeyRow>,
    pub(crate) edges: Vec<Tied>,
    pub(crate) claims: Vec<(String, String)>,
    pub(crate) since: Option<String>,
    pub(crate) until: Option<String>,
}

/// Computes what the tables hold beside the texts.
pub(crate) fn derive(
    kind: &Kind,
    type_path: &str,
    fields: &Fields,
    place: Option<&Place>,
    terms: &Terms<'_>,
    order: &TitleOrder,
) -> Derived {
    let title = text_of(fields, &kind.title).unwrap_or_default();
    Derived {
        day: kind.day.as_ref().and_then(|name| text_of(fields, name)),
        keys: all_keys(kind, type_path, fields, place, (terms, order.key(&title))),
        edges: edges(kind, fields),
        claims: claims(kind, fields),
        since: text_of(fields, SINCE),
        until: text_of(fields, UNTIL),
        title,
    }
}

/// The text of a one-valued field.
pub(crate) fn text_of(fields: &Fields, name: &str) -> Option<String> {
    fields.get(name)?.as_str().map(str::to_owned)
}

/// The place a field names, if the kind has such a field and it is filled.
pub(crate) fn place_of(kind: &Kind, fields: &Fields) -> Option<Place> {
    text_of(fields, kind.place.as_ref()?)?.parse().ok()
}

/// A listed value as it stands in `key`.
pub(crate) fn capped(value: &str) -> String {
    value.chars().take(KEY_CHARS).collect()
}

fn all_keys(
    kind: &Kind,
    type_path: &str,
    fields: &Fields,
    place: Option<&Place>,
    (terms, title): (&Terms<'_>, String),
) -> Vec<KeyRow> {
    let mut found = BTreeMap::new();
    keep(&mut found, TYPE, &type_ancestors(type_path));
    keep(&mut found, PLACE, &place.map(place_ancestors).unwrap_or_default());
    for field in kind.fields.iter().filter(|field| field.list && field.name != kind.title) {
        field_keys(&mut found, field, fields.get(&field.name), terms);
    }
    found.insert((TITLE.to_owned(), title), 2);
    found.into_iter().collect()
}

/// Keeps one value's texts: the first its own and the one to sort by, the others ancestors.
fn keep(found: &mut BTreeMap<(String, String), i64>, field: &str, texts: &[String]) {
    for (own, text) in std::iter::once(2).chain(std::iter::repeat(0)).zip(texts) {
        let kept = found.entry((field.to_owned(), capped(text))).or_insert(own);
        *kept = own.max(*kept);
    }
}

/// Keeps all values of a listed field; the smallest is sorted by, and an absent one sorts as the empty text.
fn field_keys(
    found: &mut BTreeMap<(String, String), i64>,
    field: &Field,
    value: Option<&Value>,
    terms: &Terms<'_>,
) {
    let mut own: Vec<String> = Vec::new();
    for item in items(value) {
        let texts: Vec<String> = keys(field, item, terms).iter().map(|text| capped(text)).collect();
        own.extend(texts.first().cloned());
        for text in texts {
            found.entry((field.name.clone(), text)).or_insert(0);
        }
    }
    own.sort();
    let first = own.first().cloned().unwrap_or_default();
    for text in own {
        found.insert((field.name.clone(), text), 1);
    }
    found.insert((field.name.clone(), first), 2);
}

/// The values of a field, one or many.
fn items(value: Option<&Value>) -> Vec<&Value> {
    match value {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(list)) => list.iter().collect(),
        Some(one) => vec![one],
    }
}

fn type_ancestors(path: &str) -> Vec<String> {
    let cuts = path.match_indices('.').map(|(at, _)| at).rev();
    std::iter::once(path.len()).chain(cuts).filter_map(|end| path.get(..end)).map(str::to_owned).collect()
}

/// The keys of a place: itself first, then the places above.
pub(crate) fn place_ancestors(place: &Place) -> Vec<String> {
    place.ancestors().iter().map(|place| place.code().to_owned()).collect()
}

/// The references of a record, each pair of field and target once, sorted.
fn edges(kind: &Kind, fields: &Fields) -> Vec<Tied> {
    let mut found = Vec::new();
    for field in &kind.fields {
        collect_edges(&mut found, field, &field.name, fields.get(&field.name));
    }
    found.sort();
    found.dedup_by(|a, b| a.field == b.field && a.to == b.to);
    first_assignments(found)
}

fn collect_edges(found: &mut Vec<Tied>, field: &Field, path: &str, value: Option<&Value>) {
    match &field.shape {
        Shape::Reference(_) => found.extend(items(value).into_iter().filter_map(reference).map(|to| Tied {
            field: path.to_owned(),
            to,
            assigns: field.assigns,
        })),
        Shape::Group(parts) => {
            for item in items(value) {
                for part in parts {
                    collect_edges(found, part, &format!("{path}.{}", part.name), item.get(&part.name));
                }
            }
        }
        _ => {}
    }
}

/// One who is named by several assigning fields is assigned once, so that lists need not remove doubles.
fn first_assignments(mut edges: Vec<Tied>) -> Vec<Tied> {
    let mut seen = Vec::new();
    for edge in edges.iter_mut().filter(|edge| edge.assigns) {
        edge.assigns = !seen.contains(&edge.to);
        seen.push(edge.to);
    }
    edges
}

fn claims(kind: &Kind, fields: &Fields) -> Vec<(String, String)> {
    let claiming = kind.fields.iter().filter(|field| field.claim);
    claiming.filter_map(|field| Some((field.name.clone(), text_of(fields, &field.name)?))).collect()
}

/// The fields of each layer that has any, as canonical text.
pub(crate) fn layer_texts(kind: &Kind, fields: &Fields) -> BTreeMap<Layer, String> {
    let mut layers: BTreeMap<Layer, Fields> = BTreeMap::new();
    for (name, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
        let layer = kind.fields.iter().find(|f| f.name == *name).map_or(Layer::Inside, |f| f.layer);
        layers.entry(layer).or_default().insert(name.clone(), value.clone());
    }
    layers.into_iter().map(|(layer, fields)| (layer, canonical(&Value::Object(fields)))).collect()
}

/// JSON with the members of objects in order of name.
pub(crate) fn canonical(value: &Value) -> String {
    let mut sorted = value.clone();
    sorted.sort_all_objects();
    sorted.to_string()
}
