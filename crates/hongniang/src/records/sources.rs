//! 出处: the rows of the source documents a record was taken from, as chips that lead to their place in 对照.
//!
//! Reads the one field every kind of the source layer shares. Never quotes a document. Start at [`sources`].

use catalogue::{Field, Fields, Shape};
use serde_json::Value;

use crate::compare::table;
use crate::fields::source;
use crate::view::SourceChip;
use crate::visit::Visit;

/// Whether a field holds where a record was taken from.
pub fn is_source(field: &Field) -> bool {
    field.name == source::FIELD && matches!(field.shape, Shape::Group(_))
}

/// The chips of a record, in its order.
pub fn sources(visit: &Visit, fields: &Fields) -> Vec<SourceChip> {
    let rows = fields.get(source::FIELD).and_then(Value::as_array);
    rows.into_iter().flatten().filter_map(|row| chip(visit, row)).collect()
}

fn chip(visit: &Visit, row: &Value) -> Option<SourceChip> {
    let text = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default();
    let (document, number) = (row.get(source::DOCUMENT)?.as_str()?, text(source::ROW));
    Some(SourceChip {
        label: format!("{} {number}", document_name(visit, document)).trim_end().to_owned(),
        href: if table::has(number) { visit.href(&format!("/compare#{number}")) } else { String::new() },
        note: text(source::NOTE).to_owned(),
    })
}

/// The short name of a document: our own word for those the product is made from, the vocabulary's for others.
pub fn document_name(visit: &Visit, document: &str) -> String {
    let key = format!("source.{document}");
    match visit.texts().has(&key) {
        true => visit.t(&key).to_owned(),
        false => visit.app.register().catalogue().terms().label(source::DOCUMENTS, document, visit.lang),
    }
}
