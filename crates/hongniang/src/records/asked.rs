//! What an officer asks back: one question a gap, filled in before the officer edits it, and later shown beside the field
//! that answers it.
//!
//! A question knows its field by the topic's code, `present-value` being `present_value`. Start at [`questions`].

use catalogue::{Catalogue, Kind};
use register::Record;
use serde_json::Value;

use super::draft::Draft;
use super::edit::Form;
use super::sheet::{Question, checkup_view};
use crate::fields::demand;
use crate::visit::Visit;

/// Vocabulary of the topics.
const TOPICS: &str = "question_topic";
/// Topics whose field is called otherwise.
const OTHERWISE: [(&str, &str); 3] =
    [("contact", "contact_phone"), ("secrecy", demand::PROBLEM), ("other", demand::PROBLEM)];

/// The questions put to the owner of a record, in the order they were asked.
pub fn questions(catalogue: &Catalogue, kind: &Kind, record: &Record) -> Vec<Question> {
    let asked = record.fields.get(demand::QUESTIONS).and_then(Value::as_array).cloned().unwrap_or_default();
    asked.iter().filter_map(|question| read(catalogue, kind, record, question)).collect()
}

fn read(catalogue: &Catalogue, kind: &Kind, record: &Record, question: &Value) -> Option<Question> {
    let code = question.get("code")?.as_str()?;
    let field = field_of(kind, code)?;
    let words = question.get("text").and_then(Value::as_str).unwrap_or_default();
    let topic = || catalogue.terms().label(TOPICS, code, catalogue::value::Lang::Zh);
    let text = if words.is_empty() { topic() } else { words.to_owned() };
    let stood = Draft::of_fields(kind.field(&field), &record.fields, &catalogue.terms());
    Some(Question { stood: stood.all(&field).collect::<Vec<_>>().join("、"), field, text })
}

/// The field a topic is about.
fn field_of(kind: &Kind, code: &str) -> Option<String> {
    let plain = code.replace('-', "_");
    let known = OTHERWISE.iter().find(|(topic, _)| *topic == code).map(|(_, field)| (*field).to_owned());
    let named = [plain.clone(), format!("{plain}_on")].into_iter().find(|name| kind.field(name).is_some());
    named.or(known)
}

/// Starts the form that asks back with one row a gap 体检 found: its topic and its question.
pub fn prefill(visit: &Visit, form: &Form<'_>, record: &Record, draft: &mut Draft) {
    let found = checkup_view(form.sheet.kind, &record.item.type_path, &record.fields, visit.lang);
    for (row, (field, label, ask)) in found.into_iter().flat_map(|found| found.missing).enumerate() {
        draft.set(&format!("questions.{row}.code"), topic(form, &field));
        draft.set(&format!("questions.{row}.text"), if ask.is_empty() { label } else { ask });
    }
}

/// The topic of a question about a field: the vocabulary's own term for it, or its last, “other”.
fn topic(form: &Form<'_>, field: &str) -> String {
    let terms =
        form.sheet.catalogue.vocabularies().get(TOPICS).map(|v| v.terms.as_slice()).unwrap_or_default();
    let wanted = field.trim_end_matches("_on").replace('_', "-");
    let found = terms.iter().find(|term| term.code == wanted).or(terms.last());
    found.map(|term| term.code.clone()).unwrap_or_default()
}
