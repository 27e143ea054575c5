//! The nearest open milestone of an agreement, kept as a day of its own so that a clock can go by it.
//!
//! A pure function of the fields: whoever writes milestones writes the day too. Start at [`settle`].

use base::day::Day;
use catalogue::{Fields, Kind};
use serde_json::{Value, json};

use crate::fields::{DONE_ON, DUE, MILESTONES, NEXT_MILESTONE_ON};

/// Writes the day of the nearest milestone not yet reached, or takes it away.
pub(crate) fn settle(kind: &Kind, fields: &mut Fields) {
    if kind.field(NEXT_MILESTONE_ON).is_none() {
        return;
    }
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

    /// As little of a kind as has milestones.
    const DEAL: &str = r#"
name = "deal"
path = "deals"
sign = "易"
order = 1
label = { zh = "交易", en = "Deal" }
title = "title"
[types.deal]
label = { zh = "交易", en = "Deal" }
[fields.title]
label = { zh = "名称", en = "Title" }
type = "line"
required = true
[fields.next_milestone_on]
label = { zh = "下一节点", en = "Next" }
type = "day"
[stages.live]
label = { zh = "有效", en = "Live" }
reach = "node"
[[grants]]
read = ["anyone"]
"#;

    #[test]
    fn the_nearest_open_milestone_counts_and_none_when_all_are_reached() {
        let (catalogue, _) =
            catalogue::Catalogue::load([("catalogue/deal/kind.toml".to_owned(), DEAL.to_owned())]);
        let kind = catalogue.kind("deal").expect("a kind with milestones");
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
            settle(kind, &mut fields);
            assert_eq!(fields.get(NEXT_MILESTONE_ON).and_then(Value::as_str), next);
        }
    }
}
