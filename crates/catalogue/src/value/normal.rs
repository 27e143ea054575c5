//! From typed text and API input to canonical JSON.

use base::credit::CreditCode;
use base::day::Day;
use base::id::RecordId;
use base::money::Money;
use base::orcid::Orcid;
use base::place::Place;
use base::quantity::Quantity;
use base::text::{clean, narrow};
use serde_json::{Map, Value, json};

use super::{Fault, Terms, is_empty, quoted};
use crate::kind::{Field, Shape};

/// Reads what a person typed into one field (one item of a list) as its canonical value; nothing typed is null.
pub fn parse(field: &Field, terms: &Terms<'_>, typed: &str) -> Result<Value, Fault> {
    parse_shape(&field.shape, terms, typed).map_err(|fault| fault.below(&field.name))
}

fn parse_shape(shape: &Shape, terms: &Terms<'_>, typed: &str) -> Result<Value, Fault> {
    let text = clean(typed)?;
    if text.is_empty() {
        return Ok(Value::Null);
    }
    match shape {
        Shape::Line => Ok(Value::String(one_line(&text))),
        Shape::Text => Ok(Value::String(text)),
        Shape::Integer => parse_integer(&text),
        Shape::Boolean => parse_boolean(&text),
        Shape::Day => Ok(Value::String(Day::parse(&text)?.to_string())),
        Shape::Place => Ok(Value::String(Place::parse(&text)?.to_string())),
        Shape::Code(vocabulary) => Ok(Value::String(terms.find(vocabulary, &text)?)),
        Shape::CreditCode => Ok(Value::String(CreditCode::parse(&text)?.to_string())),
        Shape::Orcid => Ok(Value::String(Orcid::parse(&text)?.to_string())),
        Shape::Money => Ok(canonical(Money::parse(&text)?)),
        Shape::Quantity => Ok(canonical(Quantity::parse(&text)?)),
        Shape::Reference(_) => parse_reference(&text),
        Shape::File => parse_file(&text),
        Shape::Group(_) => Err(Fault::new("", "group-form")),
    }
}

/// A stored file travels through a form as the text it is told by.
fn parse_file(text: &str) -> Result<Value, Fault> {
    let told = serde_json::from_str::<Map<String, Value>>(text).map_err(|_| Fault::new("", "file-form"))?;
    file(&told)
}

fn one_line(text: &str) -> String {
    text.split(['\n', '\t']).map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

fn canonical(value: impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

fn parse_integer(text: &str) -> Result<Value, Fault> {
    let plain = narrow(text).replace([',', ' '], "");
    let number = plain.parse::<i64>();
    number.map(Value::from).map_err(|_| Fault::new("", "integer-form").with("text", quoted(text)))
}

fn parse_boolean(text: &str) -> Result<Value, Fault> {
    match base::text::fold(text).as_str() {
        "是" | "有" | "对" | "√" | "true" | "yes" | "y" | "on" | "1" => Ok(Value::Bool(true)),
        "否" | "无" | "不是" | "×" | "false" | "no" | "n" | "off" | "0" => Ok(Value::Bool(false)),
        _ => Err(Fault::new("", "boolean-form").with("text", quoted(text))),
    }
}

fn parse_reference(text: &str) -> Result<Value, Fault> {
    let id = text.parse::<RecordId>();
    id.map(|id| Value::String(id.to_string()))
        .map_err(|_| Fault::new("", "reference-form").with("text", quoted(text)))
}

/// A whole field as the API or an import gives it, canonical or as typed text; every fault at once.
/// A single value is taken as a list of one where the field is a list; equal items are kept once.
pub fn normalize(field: &Field, terms: &Terms<'_>, value: Value) -> Result<Value, Vec<Fault>> {
    let made = if field.many { list(field, terms, value) } else { item(&field.shape, terms, value) };
    made.map_err(|faults| faults.into_iter().map(|fault| fault.below(&field.name)).collect())
}

fn list(field: &Field, terms: &Terms<'_>, value: Value) -> Result<Value, Vec<Fault>> {
    let items = match value {
        Value::Array(items) => items,
        Value::Null => return Ok(Value::Null),
        single => vec![single],
    };
    if items.len() > base::limits::ITEMS_MAX {
        let fault =
            Fault::new("", "too-many").with("max", base::limits::ITEMS_MAX).with("found", items.len());
        return Err(vec![fault]);
    }
    let (mut kept, mut faults): (Vec<Value>, Vec<Fault>) = (Vec::with_capacity(items.len()), Vec::new());
    for (at, given) in items.into_iter().enumerate() {
        match item(&field.shape, terms, given) {
            Ok(value) if is_empty(&value) || kept.contains(&value) => {}
            Ok(value) => kept.push(value),
            Err(found) => faults.extend(found.into_iter().map(|fault| fault.below(&at.to_string()))),
        }
    }
    if faults.is_empty() { Ok(Value::Array(kept)) } else { Err(faults) }
}

fn item(shape: &Shape, terms: &Terms<'_>, value: Value) -> Result<Value, Vec<Fault>> {
    match (shape, value) {
        (_, Value::Null) => Ok(Value::Null),
        (Shape::Group(fields), Value::Object(given)) => group(fields, terms, given),
        (_, Value::String(text)) => parse_shape(shape, terms, &text).map_err(|fault| vec![fault]),
        (Shape::Boolean, value @ Value::Bool(_)) => Ok(value),
        (Shape::Integer | Shape::Money | Shape::Quantity | Shape::Day, Value::Number(number)) => {
            parse_shape(shape, terms, &number.to_string()).map_err(|fault| vec![fault])
        }
        (Shape::Money, value @ Value::Object(_)) => read_as::<Money>(value, "money-form"),
        (Shape::Quantity, value @ Value::Object(_)) => read_as::<Quantity>(value, "quantity-form"),
        (Shape::File, Value::Object(given)) => file(&given).map_err(|fault| vec![fault]),
        (shape, _) => Err(vec![Fault::new("", "wrong-type").with("wanted", shape.name())]),
    }
}

fn read_as<T: serde::Serialize + serde::de::DeserializeOwned>(
    value: Value,
    code: &'static str,
) -> Result<Value, Vec<Fault>> {
    let text = quoted(&value.to_string());
    serde_json::from_value::<T>(value)
        .map(canonical)
        .map_err(|_| vec![Fault::new("", code).with("text", text)])
}

fn group(fields: &[Field], terms: &Terms<'_>, given: Map<String, Value>) -> Result<Value, Vec<Fault>> {
    let mut faults = super::check::unknown(given.keys(), fields.iter());
    let mut made = Map::new();
    let mut given = given;
    for field in fields {
        let value = given.remove(&field.name).unwrap_or_default();
        match normalize(field, terms, value) {
            Ok(value) if is_empty(&value) => {}
            Ok(value) => drop(made.insert(field.name.clone(), value)),
            Err(found) => faults.extend(found),
        }
    }
    if faults.is_empty() { Ok(Value::Object(made)) } else { Err(faults) }
}

/// A stored file as other records may name it: content is found by hash, the rest is for people.
fn file(given: &Map<String, Value>) -> Result<Value, Fault> {
    let form = || Fault::new("", "file-form");
    let text = |name: &str| given.get(name).and_then(Value::as_str);
    let hash = text("hash")
        .filter(|hash| hash.len() == 64 && hash.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')));
    let bytes = given.get("bytes").and_then(Value::as_u64).ok_or_else(form)?;
    let name = base::text::clean_within(text("name").ok_or_else(form)?, base::limits::LINE_CHARS_MAX)?;
    let media = base::text::clean_within(text("media").ok_or_else(form)?, base::limits::LINE_CHARS_MAX)?;
    if given.len() != 4 || name.is_empty() {
        return Err(form());
    }
    Ok(json!({ "hash": hash.ok_or_else(form)?, "name": name, "bytes": bytes, "media": media }))
}
