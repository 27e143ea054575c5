//! What values must keep between themselves and the day: days that have come, amounts not above others.
//!
//! Never normalises: it looks at canonical values, and at nothing of another record. Start at [`bounds`].

use base::day::Day;
use base::money::Money;
use jiff::civil::Date;
use serde_json::Value;

use super::{Fault, Fields};
use crate::kind::{Field, Kind, Shape};

/// Every fault of canonical fields written on a day.
pub fn bounds(kind: &Kind, type_path: &str, fields: &Fields, today: Date) -> Vec<Fault> {
    let stated = kind.fields_of(type_path).filter_map(|field| Some((field, fields.get(&field.name)?)));
    stated
        .flat_map(|(field, value)| {
            let mut found = rows_to_come(field, value, today);
            found.extend(to_come(field, value, today).into_iter().chain(above(field, value, fields)));
            found
        })
        .collect()
}

/// Days in the rows of a group that have not come.
fn rows_to_come(field: &Field, value: &Value, today: Date) -> Vec<Fault> {
    let (Shape::Group(parts), Some(rows)) = (&field.shape, value.as_array()) else { return Vec::new() };
    let faults = rows.iter().enumerate().flat_map(|(row, value)| {
        let found = parts.iter().filter_map(move |part| to_come(part, value.get(&part.name)?, today));
        found.map(move |mut fault| {
            fault.field = format!("{}.{row}.{}", field.name, fault.field);
            fault
        })
    });
    faults.collect()
}

/// A day that has come begins today at the latest; one known by its month or year may be the present one.
fn to_come(field: &Field, value: &Value, today: Date) -> Option<Fault> {
    let day = Day::parse(value.as_str()?).ok().filter(|_| field.past)?;
    let later = day.first() > today;
    later.then(|| Fault::new(field.name.as_str(), "in-future").with("today", today))
}

fn above(field: &Field, value: &Value, fields: &Fields) -> Option<Fault> {
    let other = fields.get(field.not_above.as_ref()?)?;
    let ((mine, _), (most, shown)) = (number(value)?, number(other)?);
    (mine > most).then(|| Fault::new(field.name.as_str(), "above").with("most", shown))
}

/// A whole number or an amount in fen, and how it is shown.
fn number(value: &Value) -> Option<(i64, String)> {
    if let Some(whole) = value.as_i64() {
        return Some((whole, whole.to_string()));
    }
    let money: Money = serde_json::from_value(value.clone()).ok()?;
    Some((money.fen, money.to_string()))
}
