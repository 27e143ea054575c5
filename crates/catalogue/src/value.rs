//! Values of fields: from what people type to canonical JSON, and back to what people read.
//!
//! Shared by forms, spreadsheets and the API, so that `60万元` means one thing everywhere. Start at [`parse`].

use base::id::RecordId;
use serde_json::{Map, Value};

use crate::kind::{Field, Shape};

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

/// Language of what people read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Lang {
    /// Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

/// Reads what a person typed into one field (one item of a list) as its canonical value.
pub fn parse(field: &Field, vocabularies: &Terms<'_>, typed: &str) -> Result<Value, Fault> {
    let _ = (field, vocabularies, typed);
    Ok(Value::Null)
}

/// Shows a canonical value as people read it; references are named by `title_of`.
pub fn show(shape: &Shape, value: &Value, terms: &Terms<'_>, lang: Lang, title_of: &dyn Fn(RecordId) -> Option<String>) -> String {
    let _ = (shape, value, terms, lang, title_of);
    String::new()
}

/// The key texts of a listed value: itself first, then ancestors of codes; order-preserving.
pub fn keys(field: &Field, value: &Value) -> Vec<String> {
    let _ = (field, value);
    Vec::new()
}

/// Look-up of vocabulary terms.
pub struct Terms<'a>(pub &'a std::collections::BTreeMap<String, crate::kind::Vocabulary>);
