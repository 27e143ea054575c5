//! From canonical JSON to what people read, and to the keys lists are filtered and sorted by.

use base::day::Day;
use base::id::RecordId;
use base::money::Money;
use base::place::Place;
use base::quantity::Quantity;
use rust_decimal::Decimal;
use serde_json::Value;

use super::{Lang, Terms};
use crate::kind::{Field, Shape, reference};

/// Shows a canonical value as people read it; references are named by `title_of`. A value of another
/// shape, left by an older catalogue, shows as its JSON text.
pub fn show(
    shape: &Shape,
    value: &Value,
    terms: &Terms<'_>,
    lang: Lang,
    title_of: &dyn Fn(RecordId) -> Option<String>,
) -> String {
    if let Value::Array(items) = value {
        let shown: Vec<String> = items.iter().map(|item| show(shape, item, terms, lang, title_of)).collect();
        return shown.join(joiner(shape, lang));
    }
    match (shape, value) {
        (_, Value::Null) => String::new(),
        (Shape::Code(vocabulary), Value::String(code)) => terms.label(vocabulary, code, lang),
        (Shape::Day, Value::String(text)) => show_day(text, lang),
        (Shape::Place, Value::String(text)) => show_place(text, lang),
        (Shape::Boolean, Value::Bool(yes)) => show_boolean(*yes, lang).to_owned(),
        (Shape::Money, value) => show_money(value, lang).unwrap_or_else(|| value.to_string()),
        (Shape::Quantity, value) => serde_json::from_value::<Quantity>(value.clone())
            .map_or_else(|_| value.to_string(), |q| q.to_string()),
        (Shape::Reference(_), value) => reference(value).and_then(title_of).unwrap_or_default(),
        (Shape::File, value) => value.get("name").and_then(Value::as_str).unwrap_or_default().to_owned(),
        (Shape::Group(fields), value) => show_group(fields, value, terms, lang, title_of),
        (_, Value::String(text)) => text.clone(),
        (_, value) => value.to_string(),
    }
}

fn joiner(shape: &Shape, lang: Lang) -> &'static str {
    match (shape, lang) {
        (Shape::Text | Shape::Line | Shape::Group(_), Lang::Zh) => "；",
        (Shape::Text | Shape::Line | Shape::Group(_), Lang::En) => "; ",
        (_, Lang::Zh) => "、",
        (_, Lang::En) => ", ",
    }
}

fn show_day(text: &str, lang: Lang) -> String {
    match (Day::parse(text), lang) {
        (Ok(day), Lang::Zh) => day.zh(),
        (Ok(day), Lang::En) => day.en(),
        (Err(_), _) => text.to_owned(),
    }
}

fn show_place(text: &str, lang: Lang) -> String {
    match (Place::parse(text), lang) {
        (Ok(place), Lang::Zh) => place.full_name(),
        (Ok(place), Lang::En) => place.name_en().into_owned(),
        (Err(_), _) => text.to_owned(),
    }
}

fn show_boolean(yes: bool, lang: Lang) -> &'static str {
    match (yes, lang) {
        (true, Lang::Zh) => "是",
        (false, Lang::Zh) => "否",
        (true, Lang::En) => "Yes",
        (false, Lang::En) => "No",
    }
}

fn show_money(value: &Value, lang: Lang) -> Option<String> {
    let money: Money = serde_json::from_value(value.clone()).ok()?;
    Some(match lang {
        Lang::Zh => money.to_string(),
        Lang::En => {
            let about = if money.about { "about " } else { "" };
            format!("{about}CNY {}", grouped(&money.exact()))
        }
    })
}

/// `600000.00` as `600,000`, `1234.50` as `1,234.50`.
fn grouped(exact: &str) -> String {
    let (yuan, fen) = exact.split_once('.').unwrap_or((exact, "00"));
    let (sign, digits) = yuan.strip_prefix('-').map_or(("", yuan), |digits| ("-", digits));
    let mut shown = String::from(sign);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    if fen == "00" { shown } else { format!("{shown}.{fen}") }
}

fn show_group(
    fields: &[Field],
    value: &Value,
    terms: &Terms<'_>,
    lang: Lang,
    title_of: &dyn Fn(RecordId) -> Option<String>,
) -> String {
    let (colon, comma) = if lang == Lang::Zh { ("：", "，") } else { (": ", ", ") };
    let parts: Vec<String> = fields
        .iter()
        .filter_map(|field| {
            let part = show(&field.shape, value.get(&field.name)?, terms, lang, title_of);
            Some(format!("{}{colon}{part}", field.label.text(lang)))
        })
        .collect();
    parts.join(comma)
}

/// The key texts of a listed value: itself first, then ancestors of codes and places; their order as
/// text is the order of the values. A list gives the keys of every item, each once.
pub fn keys(field: &Field, value: &Value, terms: &Terms<'_>) -> Vec<String> {
    let mut keys = Vec::new();
    let items = match value {
        Value::Array(items) => items.as_slice(),
        single => std::slice::from_ref(single),
    };
    for key in items.iter().flat_map(|item| item_keys(&field.shape, item, terms)) {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys
}

fn item_keys(shape: &Shape, value: &Value, terms: &Terms<'_>) -> Vec<String> {
    let text = value.as_str();
    match shape {
        Shape::Code(vocabulary) => text.map(|code| terms.line(vocabulary, code)).unwrap_or_default(),
        Shape::Place => text
            .and_then(|text| Place::parse(text).ok())
            .map(|place| place.ancestors().iter().map(Place::to_string).collect())
            .unwrap_or_default(),
        Shape::Integer => value.as_i64().map(ordered_integer).into_iter().collect(),
        Shape::Money => {
            let money = serde_json::from_value::<Money>(value.clone()).ok();
            money.map(|money| ordered_integer(money.fen)).into_iter().collect()
        }
        Shape::Quantity => {
            let quantity = serde_json::from_value::<Quantity>(value.clone()).ok();
            quantity.and_then(|q| ordered_decimal(q.min.or(q.max)?)).into_iter().collect()
        }
        Shape::Boolean => value.as_bool().map(|yes| yes.to_string()).into_iter().collect(),
        Shape::Line => text.map(ordered_line).into_iter().collect(),
        Shape::Day | Shape::CreditCode | Shape::Orcid | Shape::Reference(_) => {
            text.map(str::to_owned).into_iter().collect()
        }
        Shape::Text | Shape::File | Shape::Group(_) => Vec::new(),
    }
}

/// The value a key text was made of, for lists that never read texts; what was folded and cut on the way (a line)
/// comes back so. None where the text is no key of the shape.
pub fn of_key(shape: &Shape, key: &str) -> Option<Value> {
    let whole = || Some(i64::try_from(key.parse::<i128>().ok()? + i128::from(i64::MIN)).ok());
    match shape {
        Shape::Integer => whole()?.map(Value::from),
        Shape::Money => serde_json::to_value(Money { fen: whole()??, about: false }).ok(),
        Shape::Quantity => {
            let scaled = key.parse::<i128>().ok()?.checked_sub(ZERO_OF_DECIMALS)?;
            let number = Decimal::try_from_i128_with_scale(scaled, 9).ok()?.normalize();
            Some(Value::String(number.to_string()))
        }
        Shape::Boolean => key.parse().ok().map(Value::Bool),
        _ => Some(Value::String(key.to_owned())),
    }
}

/// Folded and cut: an index row is no place for a long text.
fn ordered_line(text: &str) -> String {
    base::text::fold(text).chars().take(base::limits::CODE_CHARS_MAX).collect()
}

/// Twenty digits from the smallest whole number up.
fn ordered_integer(number: i64) -> String {
    format!("{:020}", i128::from(number) - i128::from(i64::MIN))
}

/// Twenty digits of the whole part from the smallest up, and nine after the point.
fn ordered_decimal(number: Decimal) -> Option<String> {
    let scaled = number.trunc_with_scale(9).checked_mul(Decimal::from(1_000_000_000_i64))?;
    let shifted = i128::try_from(scaled.trunc()).ok()?.checked_add(ZERO_OF_DECIMALS)?;
    (shifted >= 0).then(|| format!("{shifted:030}"))
}

/// Above any [`Decimal`] (28 digits), so that shifted numbers are never negative.
const ZERO_OF_DECIMALS: i128 = 100_000_000_000_000_000_000_000_000_000;
