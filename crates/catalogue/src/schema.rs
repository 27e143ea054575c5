//! JSON Schema (2020-12) of each type, from the same fields that make forms and sheets.
//!
//! The document is for people and programs outside; the compiled [`Schema`] checks canonical bodies
//! and speaks in our fault codes. Never reads anything from outside the document.

use std::collections::BTreeMap;
use std::sync::Arc;

use jsonschema::error::ValidationErrorKind;
use jsonschema::{Draft, ValidationError};
use serde_json::{Map, Value, json};

use crate::kind::{Field, Kind, Label, Layer, Shape};
use crate::value::{Fault, Terms};

/// A schema with its compiled form.
#[derive(Clone, Debug)]
pub struct Schema {
    /// The document as it is published.
    pub document: Value,
    compiled: Option<Arc<jsonschema::Validator>>,
}

/// The schemas of all (kind, type); a kind without types has one under the empty path.
pub(crate) fn all<'k>(
    kinds: impl Iterator<Item = &'k Kind>,
    terms: &Terms<'_>,
) -> BTreeMap<(String, String), Schema> {
    let mut schemas = BTreeMap::new();
    for kind in kinds {
        let paths: Vec<&str> = kind.types.iter().map(|of| of.path.as_str()).collect();
        let paths = if paths.is_empty() { vec![""] } else { paths };
        for path in paths {
            let document = document(kind, path, terms);
            let compiled =
                jsonschema::options().with_draft(Draft::Draft202012).build(&document).ok().map(Arc::new);
            schemas.insert((kind.name.clone(), path.to_owned()), Schema { document, compiled });
        }
    }
    schemas
}

/// The JSON Schema of a type of a kind.
pub fn document(kind: &Kind, type_path: &str, terms: &Terms<'_>) -> Value {
    let fields: Vec<&Field> = kind.fields_of(type_path).collect();
    let properties: Map<String, Value> =
        fields.iter().map(|field| (field.name.clone(), property(field, terms))).collect();
    let required: Vec<&str> =
        fields.iter().filter(|field| field.required).map(|field| field.name.as_str()).collect();
    let label = kind.type_of(type_path).map_or(&kind.label, |of| &of.label);
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": label.zh,
        "description": label.en,
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
        "$defs": definitions(),
    })
}

/// One field: its value, the list around it, and what people and access need to know of it.
fn property(field: &Field, terms: &Terms<'_>) -> Value {
    let mut one = shape_schema(&field.shape, terms);
    if !field.many {
        bound(&mut one, field);
    }
    let mut made = if field.many {
        json!({ "type": "array", "items": one, "minItems": field.min.unwrap_or(0), "maxItems": field.max.unwrap_or(ITEMS_MAX) })
    } else {
        one
    };
    if let Some(map) = made.as_object_mut() {
        map.insert("title".to_owned(), json!(field.label.zh));
        if field.help != Label::default() {
            map.insert("description".to_owned(), json!(field.help.zh));
        }
        map.insert("x-label-en".to_owned(), json!(field.label.en));
        map.insert("x-layer".to_owned(), json!(layer_name(field.layer)));
        if field.list {
            map.insert("x-list".to_owned(), json!(true));
        }
    }
    made
}

#[expect(clippy::cast_possible_truncation, reason = "a limit of a hundred")]
const ITEMS_MAX: u32 = base::limits::ITEMS_MAX as u32;

fn bound(schema: &mut Value, field: &Field) {
    let keys = match field.shape {
        Shape::Line | Shape::Text => ("minLength", "maxLength"),
        Shape::Integer => ("minimum", "maximum"),
        _ => return,
    };
    let Some(map) = schema.as_object_mut() else { return };
    for (key, limit) in [(keys.0, field.min), (keys.1, field.max)] {
        if let Some(limit) = limit {
            map.insert(key.to_owned(), json!(limit));
        }
    }
}

fn shape_schema(shape: &Shape, terms: &Terms<'_>) -> Value {
    match shape {
        Shape::Line => json!({ "type": "string", "maxLength": base::limits::LINE_CHARS_MAX }),
        Shape::Text => json!({ "type": "string", "maxLength": base::limits::TEXT_CHARS_MAX }),
        Shape::Integer => json!({ "type": "integer" }),
        Shape::Boolean => json!({ "type": "boolean" }),
        Shape::Day => json!({ "$ref": "#/$defs/day" }),
        Shape::Place => json!({ "type": "string", "x-vocabulary": "place" }),
        Shape::Code(name) => code_schema(name, terms),
        Shape::CreditCode => json!({ "type": "string", "pattern": "^[0-9A-HJ-NPQRTUWXY]{18}$" }),
        Shape::Orcid => json!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X]$" }),
        Shape::Money => json!({ "$ref": "#/$defs/money" }),
        Shape::Quantity => json!({ "$ref": "#/$defs/quantity" }),
        Shape::Reference(kinds) => json!({ "$ref": "#/$defs/reference", "x-kinds": kinds }),
        Shape::File => json!({ "$ref": "#/$defs/file" }),
        Shape::Group(fields) => group_schema(fields, terms),
    }
}

/// Terms of a file stand in the schema; the two classifications are too long and are named only.
fn code_schema(name: &str, terms: &Terms<'_>) -> Value {
    match terms.vocabulary(name) {
        Some(vocabulary) => {
            let codes: Vec<&str> = vocabulary.terms.iter().map(|term| term.code.as_str()).collect();
            json!({ "type": "string", "enum": codes, "x-vocabulary": name })
        }
        None => json!({ "type": "string", "x-vocabulary": name }),
    }
}

fn group_schema(fields: &[Field], terms: &Terms<'_>) -> Value {
    let properties: Map<String, Value> =
        fields.iter().map(|field| (field.name.clone(), property(field, terms))).collect();
    let required: Vec<&str> =
        fields.iter().filter(|field| field.required).map(|field| field.name.as_str()).collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

fn definitions() -> Value {
    json!({
        "day": { "type": "string", "pattern": "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$" },
        "reference": { "type": "string", "pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$" },
        "money": {
            "type": "object",
            "properties": { "fen": { "type": "integer", "minimum": 0 }, "about": { "type": "boolean" } },
            "required": ["fen"],
            "additionalProperties": false
        },
        "quantity": {
            "type": "object",
            "properties": {
                "min": { "type": ["string", "null"] },
                "max": { "type": ["string", "null"] },
                "unit": { "type": "string", "maxLength": base::limits::UNIT_CHARS_MAX },
                "about": { "type": "boolean" }
            },
            "additionalProperties": false
        },
        "file": {
            "type": "object",
            "properties": {
                "hash": { "type": "string", "pattern": "^[0-9a-f]{64}$" },
                "name": { "type": "string", "minLength": 1, "maxLength": base::limits::LINE_CHARS_MAX },
                "bytes": { "type": "integer", "minimum": 0, "maximum": base::limits::UPLOAD_BYTES_MAX },
                "media": { "type": "string", "maxLength": base::limits::LINE_CHARS_MAX }
            },
            "required": ["hash", "name", "bytes", "media"],
            "additionalProperties": false
        }
    })
}

/// The name of a layer, as files write it.
pub fn layer_name(layer: Layer) -> &'static str {
    match layer {
        Layer::Open => "open",
        Layer::Inside => "inside",
        Layer::Sealed => "sealed",
    }
}

impl Schema {
    /// Every fault of a canonical body, in our codes. A schema that did not compile refuses everything:
    /// a test compiles the schema of every kind that is shipped.
    pub fn faults(&self, body: &Value) -> Vec<Fault> {
        match &self.compiled {
            Some(compiled) => compiled.iter_errors(body).flat_map(|fault| faults_of(&fault)).collect(),
            None => vec![Fault::new("", "wrong-form")],
        }
    }

    /// Whether the document compiled.
    pub fn is_sound(&self) -> bool {
        self.compiled.is_some()
    }
}

/// Our words for a fault of the schema. Codes are those of [`crate::value::FAULT_CODES`].
fn faults_of(fault: &ValidationError<'_>) -> Vec<Fault> {
    use ValidationErrorKind as Kind;
    let path = fault.instance_path().to_string();
    let path = path.trim_start_matches('/').replace('/', ".");
    let text = fault.instance().as_str();
    let characters = text.map(base::text::chars).unwrap_or_default();
    let items = fault.instance().as_array().map(Vec::len).unwrap_or_default();
    let at = |code| Fault::new(path.clone(), code);
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match fault.kind() {
        Kind::Required { property } => {
            vec![Fault::new(below(property.as_str().unwrap_or_default()), "required")]
        }
        Kind::AdditionalProperties { unexpected } => unexpected
            .iter()
            .map(|name| Fault::new(below(name), "unknown-field").with("name", name).with("nearest", ""))
            .collect(),
        Kind::MinLength { limit } => vec![at("too-short").with("min", limit).with("found", characters)],
        Kind::MaxLength { limit } => vec![at("too-long").with("max", limit).with("found", characters)],
        Kind::MinItems { limit } => vec![at("too-few").with("min", limit).with("found", items)],
        Kind::MaxItems { limit } => vec![at("too-many").with("max", limit).with("found", items)],
        Kind::Minimum { limit } => vec![at("too-small").with("min", limit).with("found", fault.instance())],
        Kind::Maximum { limit } => vec![at("too-large").with("max", limit).with("found", fault.instance())],
        Kind::Enum { .. } => {
            vec![at("code-unknown").with("text", text.unwrap_or_default()).with("nearest", "")]
        }
        Kind::Type { .. } => vec![at("wrong-type").with("wanted", "")],
        _ => vec![at("wrong-form")],
    }
}
