//! A whole record against its type: every fault in one answer.

use serde_json::Value;

use super::{Fault, Fields, Terms, is_empty, normalize};
use crate::kind::{Field, Kind};
use crate::schema::Schema;

/// The fields in canonical form and in form order, and every fault at once. What is empty is left out;
/// what is faulty is left out of the canonical form and named in a fault.
pub fn check(
    kind: &Kind,
    type_path: &str,
    given: &Fields,
    terms: &Terms<'_>,
    schema: &Schema,
) -> (Fields, Vec<Fault>) {
    if given.values().any(|value| depth(value) > base::limits::JSON_DEPTH_MAX) {
        return (Fields::new(), vec![Fault::new("", "too-deep").with("max", base::limits::JSON_DEPTH_MAX)]);
    }
    let mut faults = foreign(kind, type_path, given);
    let mut made = Fields::new();
    for field in kind.fields_of(type_path) {
        let value = given.get(&field.name).cloned().unwrap_or_default();
        match normalize(field, terms, value) {
            Ok(value) if is_empty(&value) => {}
            Ok(value) => drop(made.insert(field.name.clone(), value)),
            Err(found) => faults.extend(found),
        }
    }
    let told: Vec<String> = faults.iter().map(|fault| top(&fault.field).to_owned()).collect();
    let body = Value::Object(made);
    let of_schema = schema.faults(&body);
    faults.extend(of_schema.into_iter().filter(|fault| !told.iter().any(|name| name == top(&fault.field))));
    let Value::Object(made) = body else { return (Fields::new(), faults) };
    (made, faults)
}

fn top(path: &str) -> &str {
    path.split('.').next().unwrap_or(path)
}

/// Names that are no field of the type: of another type, or of none.
fn foreign(kind: &Kind, type_path: &str, given: &Fields) -> Vec<Fault> {
    let (elsewhere, rest): (Vec<&String>, Vec<&String>) = given
        .iter()
        .filter(|(name, value)| {
            !value.is_null() && !kind.fields_of(type_path).any(|field| field.name == **name)
        })
        .map(|(name, _)| name)
        .partition(|name| kind.field(name).is_some());
    let mut faults = unknown(rest.into_iter(), kind.fields_of(type_path));
    faults.extend(
        elsewhere.into_iter().map(|name| Fault::new(name.as_str(), "field-of-other-type").with("name", name)),
    );
    faults
}

/// Names no field has, each with the nearest one that exists.
pub(super) fn unknown<'n, 'f>(
    names: impl Iterator<Item = &'n String>,
    fields: impl Iterator<Item = &'f Field>,
) -> Vec<Fault> {
    let known: Vec<&str> = fields.map(|field| field.name.as_str()).collect();
    let unknown = names.filter(|name| !known.contains(&name.as_str()));
    unknown
        .map(|name| {
            let nearest = crate::near::nearest(name, known.iter().copied()).unwrap_or_default();
            let short = super::quoted(name);
            Fault::new(short.clone(), "unknown-field").with("name", short).with("nearest", nearest)
        })
        .collect()
}

/// Levels of nesting; stops counting past the limit so that it cannot exhaust the stack.
fn depth(value: &Value) -> usize {
    fn below(value: &Value, left: usize) -> usize {
        if left == 0 {
            return 1;
        }
        let deepest = match value {
            Value::Array(items) => items.iter().map(|item| below(item, left - 1)).max(),
            Value::Object(map) => map.values().map(|item| below(item, left - 1)).max(),
            _ => None,
        };
        1 + deepest.unwrap_or_default()
    }
    below(value, base::limits::JSON_DEPTH_MAX + 1)
}
