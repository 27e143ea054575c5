//! Values of fields: from what people type to canonical JSON, and back to what people read.
//!
//! Shared by forms, spreadsheets and the API, so that `60万元` means one thing everywhere. Never looks
//! a reference up: whether the record exists is the register's to say. Start at [`parse`] (one typed
//! text), [`normalize`] (one field of the API) and [`check`] (a whole record).

mod bounds;
mod check;
mod normal;
mod show;
mod terms;

use base::fault::CodeError;
use base::text::TextFault;
use serde_json::{Map, Value};

pub use bounds::bounds;
pub use check::check;
pub use normal::{normalize, parse};
pub use show::{keys, of_key, show};
pub use terms::{BUILT_IN, Terms};

/// The fields of a record: name to canonical value.
pub type Fields = Map<String, Value>;

/// One thing wrong with one field, in words the locale has (`fault.<code>`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Path of the field, `figures.0.value`.
    pub field: String,
    /// Stable code.
    pub code: &'static str,
    /// Values for the message, by name.
    pub args: Vec<(&'static str, String)>,
}

/// Every code of a [`Fault`] made here, so that a test can ask the locales for them. The codes of
/// [`CodeError::CODES`] and [`TextFault::CODES`] come too.
pub const FAULT_CODES: &[&str] = &[
    // The record has no such field; args `name`, `nearest` (may be empty).
    "unknown-field",
    // A day that must have come lies ahead; args `today`.
    "in-future",
    // The amount is above that of the field it must not exceed; args `most`.
    "above",
    // The field is one of another type; args `name`.
    "field-of-other-type",
    // Must be filled.
    "required",
    // Another kind of JSON value is wanted; args `wanted` (a shape name).
    "wrong-type",
    // A value in a form that is not allowed here.
    "wrong-form",
    // Characters: args `min` or `max`, `found`.
    "too-short",
    "too-long",
    // Items: args `min` or `max`, `found`.
    "too-few",
    "too-many",
    // Whole numbers: args `min` or `max`, `found`.
    "too-small",
    "too-large",
    // No such term; args `text`, `nearest` (may be empty).
    "code-unknown",
    // Neither yes nor no; args `text`.
    "boolean-form",
    // No whole number; args `text`.
    "integer-form",
    // No id of a record; args `text`.
    "reference-form",
    // Not `{hash, name, bytes, media}`.
    "file-form",
    // Not a group of sub-fields.
    "group-form",
    // Nested deeper than forms ever are; args `max`.
    "too-deep",
    // The move does not write this field; args `name`.
    "not-taken",
    // Filters: not a filter's text, a field that cannot be filtered by, or too many conditions.
    "filter-form",
    "filter-field",
    "filter-large",
];

impl Fault {
    /// A fault without arguments.
    pub fn new(field: impl Into<String>, code: &'static str) -> Fault {
        Fault { field: field.into(), code, args: Vec::new() }
    }

    /// The same with one more argument.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Fault {
        self.args.push((name, value.to_string()));
        self
    }

    /// The same one level further out: `value` becomes `figures.0.value`.
    #[must_use]
    fn below(mut self, outer: &str) -> Fault {
        self.field = if self.field.is_empty() { outer.to_owned() } else { format!("{outer}.{}", self.field) };
        self
    }
}

impl From<CodeError> for Fault {
    fn from(fault: CodeError) -> Fault {
        Fault { field: String::new(), code: fault.code(), args: fault.fields() }
    }
}

impl From<TextFault> for Fault {
    fn from(fault: TextFault) -> Fault {
        Fault { field: String::new(), code: fault.code(), args: fault.fields() }
    }
}

/// Language of what people read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Lang {
    /// Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

/// Whether a value says nothing: absent, an empty text, an empty list.
pub fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.iter().all(is_empty),
        Value::Object(map) => map.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Whether a field of a record says something.
pub fn is_filled(fields: &Fields, name: &str) -> bool {
    fields.get(name).is_some_and(|value| !is_empty(value))
}

/// The beginning of foreign text, for messages.
fn quoted(text: &str) -> String {
    text.chars().take(base::limits::CODE_CHARS_MAX).collect()
}
