//! The nearest open milestone of an agreement, kept as a day of its own so that a clock can go by it.
//!
//! A pure function of the fields: whoever writes milestones writes the day too. Start at [`settle`].

use base::day::Day;
use catalogue::Fields;
use serde_json::{Value, json};

use crate::fields::{DONE_ON, DUE, MILESTONES, NEXT_MILESTONE_ON};

/// Writes the day of the nearest milestone not yet reached, or takes it away.
pub(crate) fn settle(fields: &mut Fields) {
    let rows = fields.get(MILESTONES).and_then(Value::as_array).into_iter().flatten();
    let open = rows.filter(|row| row.get(DONE_ON).is_none_or(Value::is_null));
    let days = open.filter_map(|row| Day::parse(row.get(DUE)?.as_str()?).ok());
    match days.min_by_key(Day::last) {
        Some(day) => drop(fields.insert(NEXT_MILESTONE_ON.to_owned(), json!(day.to_string()))),
        None => drop(fields.remove(NEXT_MILESTONE_ON)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_open_milestone_counts_and_none_when_all_are_reached() {
        for (rows, next) in [
            (
                json!([{ "due": "2027-03", "name": "二" }, { "due": "2027-01-05", "name": "一" }]),
                Some("2027-01-05"),
            ),
            (
                json!([{ "due": "2027-03" }, { "due": "2027-01-05", "done_on": "2027-01-04" }]),
                Some("2027-03"),
            ),
            (json!([{ "due": "2027-03", "done_on": "2027-02-28" }]), None),
        ] {
            let mut fields = Fields::new();
            fields.insert(MILESTONES.to_owned(), rows);
            fields.insert(NEXT_MILESTONE_ON.to_owned(), json!("2020-01-01"));
            settle(&mut fields);
            assert_eq!(fields.get(NEXT_MILESTONE_ON).and_then(Value::as_str), next);
        }
    }
}
