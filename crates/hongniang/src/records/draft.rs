//! What was typed into a form, exactly as typed, and its reading as fields.
//!
//! A draft is the only thing a form is rendered from, so nothing typed is ever lost; an existing record becomes a
//! draft first. Never touches the register. Start at [`Draft::read`].

use catalogue::value::{self, Fault, Fields, Lang, Terms};
use catalogue::{Field, Shape};
use serde_json::Value;

/// Input names and texts, in the order they were posted.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    pairs: Vec<(String, String)>,
}

impl Draft {
    /// From what was posted.
    pub fn new(pairs: Vec<(String, String)>) -> Draft {
        Draft { pairs }
    }

    /// From a record's fields, as people would type them.
    pub fn of_fields<'f>(
        fields: impl IntoIterator<Item = &'f Field>,
        values: &Fields,
        terms: &Terms<'_>,
    ) -> Draft {
        let mut draft = Draft::default();
        for field in fields {
            if let Some(value) = values.get(&field.name) {
                draft.put_value(&field.name, field, value, terms);
            }
        }
        draft
    }

    fn put_value(&mut self, name: &str, field: &Field, value: &Value, terms: &Terms<'_>) {
        match (&field.shape, value) {
            (Shape::Group(sub), Value::Array(rows)) => {
                for (place, row) in rows.iter().enumerate() {
                    self.put_group(&format!("{name}.{place}"), sub, row, terms);
                }
            }
            (Shape::Group(sub), row) => self.put_group(&format!("{name}.0"), sub, row, terms),
            (_, Value::Array(items)) => {
                for item in items {
                    self.pairs.push((name.to_owned(), typed(&field.shape, item, terms)));
                }
            }
            _ => self.pairs.push((name.to_owned(), typed(&field.shape, value, terms))),
        }
    }

    fn put_group(&mut self, prefix: &str, sub: &[Field], row: &Value, terms: &Terms<'_>) {
        for field in sub {
            if let Some(value) = row.get(&field.name) {
                self.put_value(&format!("{prefix}.{}", field.name), field, value, terms);
            }
        }
    }

    /// The first text of an input; empty if there is none.
    pub fn one(&self, name: &str) -> &str {
        self.pairs.iter().find(|(found, _)| found == name).map_or("", |(_, text)| text)
    }

    /// All texts of an input that are not blank.
    pub fn all<'d>(&'d self, name: &'d str) -> impl Iterator<Item = &'d str> {
        self.pairs
            .iter()
            .filter(move |(found, text)| found == name && !text.trim().is_empty())
            .map(|(_, text)| text.as_str())
    }

    /// Everything, for hidden inputs.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    /// Adds a text.
    pub fn add(&mut self, name: &str, text: String) {
        self.pairs.push((name.to_owned(), text));
    }

    /// Sets the only text of an input.
    pub fn set(&mut self, name: &str, text: String) {
        self.pairs.retain(|(found, _)| found != name);
        self.add(name, text);
    }

    /// Removes one text of an input.
    pub fn drop_one(&mut self, name: &str, text: &str) {
        if let Some(at) = self.pairs.iter().position(|(found, value)| found == name && value == text) {
            self.pairs.remove(at);
        }
    }

    /// How many rows of a group were posted.
    pub fn rows_of(&self, name: &str) -> usize {
        let row = |input: &str| {
            input.strip_prefix(name)?.strip_prefix('.')?.split('.').next()?.parse::<usize>().ok()
        };
        let last = self.pairs.iter().filter_map(|(input, _)| row(input)).max();
        last.map_or(0, |last| (last + 1).min(base::limits::ITEMS_MAX))
    }

    /// Reads the fields: canonical values of what is sound, and every fault of what is not.
    pub fn read<'f>(
        &self,
        fields: impl IntoIterator<Item = &'f Field>,
        terms: &Terms<'_>,
    ) -> (Fields, Vec<Fault>) {
        let (mut read, mut faults) = (Fields::new(), Vec::new());
        for field in fields {
            if let Some(value) = self.read_field(&field.name, field, terms, &mut faults) {
                read.insert(field.name.clone(), value);
            }
        }
        (read, faults)
    }

    fn read_field(
        &self,
        name: &str,
        field: &Field,
        terms: &Terms<'_>,
        faults: &mut Vec<Fault>,
    ) -> Option<Value> {
        if let Shape::Group(sub) = &field.shape {
            let rows: Vec<Value> = (0..self.rows_of(name))
                .filter_map(|row| self.read_row(&format!("{name}.{row}"), sub, terms, faults))
                .collect();
            return if field.many {
                (!rows.is_empty()).then_some(Value::Array(rows))
            } else {
                rows.into_iter().next()
            };
        }
        let mut read_one = |text: &str| match value::parse(field, terms, untangle(&field.shape, text)) {
            Ok(value) => Some(value),
            Err(fault) => {
                faults.push(Fault { field: name.to_owned(), ..fault });
                None
            }
        };
        if !field.many {
            return self.all(name).next().and_then(read_one);
        }
        let items: Vec<Value> = self
            .all(name)
            .flat_map(|text| split_items(&field.shape, text))
            .filter_map(&mut read_one)
            .collect();
        (!items.is_empty()).then_some(Value::Array(items))
    }

    fn read_row(
        &self,
        prefix: &str,
        sub: &[Field],
        terms: &Terms<'_>,
        faults: &mut Vec<Fault>,
    ) -> Option<Value> {
        let mut row = Fields::new();
        for field in sub {
            if let Some(value) = self.read_field(&format!("{prefix}.{}", field.name), field, terms, faults) {
                row.insert(field.name.clone(), value);
            }
        }
        (!row.is_empty()).then_some(Value::Object(row))
    }
}

/// A value as it stands in an input: codes keep their name beside them, references and files stay what they are.
fn typed(shape: &Shape, value: &Value, terms: &Terms<'_>) -> String {
    match (shape, value) {
        (Shape::Reference(_), Value::String(id)) => id.clone(),
        (Shape::File, file) => file.to_string(),
        (Shape::Code(_) | Shape::Place, Value::String(code)) if is_long(shape) => {
            let name = value::show(shape, value, terms, Lang::Zh, &|_| None);
            if name == *code { name } else { format!("{code} {name}") }
        }
        (_, Value::String(text)) => text.clone(),
        (_, Value::Bool(true)) => "1".to_owned(),
        (_, Value::Bool(false)) => String::new(),
        _ => value::show(shape, value, terms, Lang::Zh, &|_| None),
    }
}

/// Vocabularies too long for a list of choices are typed, with suggestions.
pub fn is_long(shape: &Shape) -> bool {
    match shape {
        Shape::Place => true,
        Shape::Code(vocabulary) => matches!(vocabulary.as_str(), "industry" | "discipline"),
        _ => false,
    }
}

/// Takes the name off a suggested `C2021 胶合板制造`.
fn untangle<'t>(shape: &Shape, text: &'t str) -> &'t str {
    match text.trim().split_once(char::is_whitespace) {
        Some((code, _)) if is_long(shape) => code,
        _ => text.trim(),
    }
}

/// Short values of a list may share one line: `木业、胶粘剂`.
fn split_items<'t>(shape: &Shape, text: &'t str) -> Vec<&'t str> {
    let mark: &[char] = match shape {
        Shape::Line => &['\n'],
        Shape::Code(_) | Shape::Place => &['\n', '、', '，', ',', ';', '；'],
        _ => return vec![text],
    };
    text.split(mark).map(str::trim).filter(|item| !item.is_empty()).collect()
}
