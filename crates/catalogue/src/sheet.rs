//! Score sheets, and what a type of application asks before a station of some type is recognised.
//!
//! Both are files: marks, thresholds, documents, days and limits are changed there, never here. Never looks at a record
//! that is not handed to it. Start at [`Sheet::score`].

use base::calendar::{Calendar, MissingYear};
use base::day::Day;
use jiff::civil::Date;
use serde_json::Value;

use crate::kind::Label;
use crate::value::Fields;
use crate::vocabulary::{Term, Vocabulary};

/// The vocabulary of all sheets and their items; the code of an item is `SHEET.ITEM`.
pub const VOCABULARY: &str = "score_item";
/// The sheet of stations whose type has none of its own.
pub const GENERAL: &str = "platform";

/// A score sheet.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// Identifier: the file's name.
    pub name: String,
    /// Name on screen.
    pub label: Label,
    /// The least score, of a hundred, that passes.
    pub pass: u32,
    /// The least score that is outstanding.
    pub good: u32,
    /// Its items, in order.
    pub items: Vec<Item>,
    /// What must hold beside the score.
    pub requires: Vec<Requirement>,
}

/// An item of a sheet. Its full marks are its weight among all.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Identifier within the sheet.
    pub name: String,
    /// Name on screen.
    pub label: Label,
    /// Full marks.
    pub most: u32,
}

/// Items of which all, or any, must reach a share of their full marks.
#[derive(Clone, Debug, PartialEq)]
pub struct Requirement {
    /// In words.
    pub label: Label,
    /// Each of these must reach it.
    pub all_of: Vec<String>,
    /// One of these must; empty asks nothing.
    pub any_of: Vec<String>,
    /// The share, in hundredths.
    pub percent: u32,
}

/// What points come to.
#[derive(Clone, Debug, PartialEq)]
pub struct Scored<'s> {
    /// Of a hundred, rounded.
    pub total: u32,
    /// What that means.
    pub grade: Grade,
    /// Requirements that are not met.
    pub unmet: Vec<&'s Requirement>,
}

/// What a score means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grade {
    /// Outstanding.
    Good,
    /// Passed.
    Pass,
    /// Below the mark, or something required is lacking.
    Below,
}

impl Sheet {
    /// The code of an item in records.
    pub fn code(&self, item: &Item) -> String {
        format!("{}.{}", self.name, item.name)
    }

    /// What the points of a record's group `scores` come to; none unless every item has points within its marks.
    pub fn score(&self, scores: &Value) -> Option<Scored<'_>> {
        let given: Option<Vec<(&Item, u32)>> =
            self.items.iter().map(|item| Some((item, self.points(item, scores)?))).collect();
        let given = given.filter(|given| !given.is_empty())?;
        let most: u32 = given.iter().map(|(item, _)| item.most).sum();
        let reached: u32 = given.iter().map(|(_, points)| points).sum();
        let total = (reached * 200 + most) / (most * 2).max(1);
        let reaches = |name: &String, percent: u32| {
            given.iter().any(|(item, points)| item.name == *name && points * 100 >= item.most * percent)
        };
        let meets = |of: &Requirement| {
            of.all_of.iter().all(|name| reaches(name, of.percent))
                && (of.any_of.is_empty() || of.any_of.iter().any(|name| reaches(name, of.percent)))
        };
        let unmet: Vec<&Requirement> = self.requires.iter().filter(|of| !meets(of)).collect();
        let grade = match (unmet.is_empty(), total) {
            (true, total) if total >= self.good => Grade::Good,
            (true, total) if total >= self.pass => Grade::Pass,
            _ => Grade::Below,
        };
        Some(Scored { total, grade, unmet })
    }

    /// The points an item has, if it has any within its marks; the last line counts where there are several.
    pub fn points(&self, item: &Item, scores: &Value) -> Option<u32> {
        let code = self.code(item);
        let of_item = |row: &&Value| row.get("item").and_then(Value::as_str) == Some(code.as_str());
        let row = scores.as_array()?.iter().rfind(of_item)?;
        let points = u32::try_from(row.get("points")?.as_u64()?).ok()?;
        (points <= item.most).then_some(points)
    }
}

/// What a type of application asks: `[recognition]` of its file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recognition {
    /// The type of station that is recognised.
    pub station: String,
    /// The sheet it is scored by.
    pub sheet: String,
    /// Working days for which it is published, at least.
    pub publicity: u16,
    /// Documents asked: terms of `application_document`.
    pub documents: Vec<String>,
    /// How many stations of the type an academician may have.
    pub limit: Option<Limit>,
}

/// Stations of one type that an academician may have at most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limit {
    /// While serving.
    pub serving: u32,
    /// Once retired.
    pub retired: u32,
}

impl Recognition {
    /// Documents asked that are neither there as a file nor said to be handed in on paper.
    pub fn lacking(&self, fields: &Fields) -> Vec<&str> {
        let rows = fields.get("documents").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let is_there = |code: &str| {
            rows.iter().any(|row| {
                let paper = row.get("paper").and_then(Value::as_bool).unwrap_or_default();
                let file = row.get("file").is_some_and(|file| !file.is_null());
                row.get("document").and_then(Value::as_str) == Some(code) && (paper || file)
            })
        };
        self.documents.iter().map(String::as_str).filter(|code| !is_there(code)).collect()
    }

    /// The first day on which its publication may end, if it begins today.
    pub fn earliest_end(&self, today: Date, calendar: &Calendar) -> Result<Date, MissingYear> {
        calendar.add_working_days(today, u32::from(self.publicity))
    }

    /// Whether the fields say a last day that is late enough; a calendar that cannot tell refuses nothing here.
    pub fn is_long_enough(&self, fields: &Fields, today: Date, calendar: &Calendar) -> bool {
        let until = fields.get("publicity_until").and_then(Value::as_str);
        let until = until.and_then(|text| Day::parse(text).ok()).map(|day| day.last());
        until.is_none_or(|until| self.earliest_end(today, calendar).is_ok_and(|least| until >= least))
    }
}

/// The vocabulary with a sheet and its items added.
pub(crate) fn spoken(before: Option<Vocabulary>, sheet: &Sheet) -> Vocabulary {
    let label = Label { zh: "评分项目".to_owned(), en: "Item of a score sheet".to_owned() };
    let mut all = before.unwrap_or_else(|| Vocabulary::new(VOCABULARY, label));
    all.terms.push(Term::new(&sheet.name, sheet.label.clone()));
    all.terms.extend(sheet.items.iter().map(|item| Term {
        parent: Some(sheet.name.clone()),
        ..Term::new(&sheet.code(item), item.label.clone())
    }));
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn sheet() -> Sheet {
        let item = |name: &str, most| Item { name: name.to_owned(), label: Label::default(), most };
        let of = |all: &[&str], any: &[&str], percent| Requirement {
            label: Label::default(),
            all_of: all.iter().map(|name| (*name).to_owned()).collect(),
            any_of: any.iter().map(|name| (*name).to_owned()).collect(),
            percent,
        };
        Sheet {
            name: "s".to_owned(),
            pass: 60,
            good: 85,
            items: vec![item("a", 20), item("b", 20), item("c", 10)],
            requires: vec![of(&["a"], &[], 50), of(&[], &["b", "c"], 60)],
            ..Sheet::default()
        }
    }

    #[test]
    fn points_come_to_a_score_and_what_is_required_outweighs_it() {
        // Points of a, b, c; the score, what it means, and how many requirements are not met.
        for (points, total, grade, unmet) in [
            ([20, 20, 10], 100, Grade::Good, 0),
            ([15, 12, 6], 66, Grade::Pass, 0),
            ([9, 20, 10], 78, Grade::Below, 1),
            ([20, 11, 5], 72, Grade::Below, 1),
            ([20, 11, 6], 74, Grade::Pass, 0),
            ([10, 12, 5], 54, Grade::Below, 0),
            ([0, 0, 0], 0, Grade::Below, 2),
        ] {
            let rows: Vec<Value> = ["s.a", "s.b", "s.c"]
                .iter()
                .zip(points)
                .map(|(item, points)| json!({ "item": item, "points": points }))
                .collect();
            let sheet = sheet();
            let scored = sheet.score(&json!(rows)).expect("all items have points");
            assert_eq!((scored.total, scored.grade, scored.unmet.len()), (total, grade, unmet), "{points:?}");
        }
    }

    #[test]
    fn a_sheet_that_is_not_filled_in_or_goes_beyond_its_marks_has_no_score() {
        for rows in [
            json!([]),
            json!([{ "item": "s.a", "points": 5 }, { "item": "s.b", "points": 5 }]),
            json!([{ "item": "s.a", "points": 21 }, { "item": "s.b", "points": 5 }, { "item": "s.c", "points": 5 }]),
            json!([{ "item": "t.a", "points": 2 }, { "item": "s.b", "points": 5 }, { "item": "s.c", "points": 5 }]),
        ] {
            assert_eq!(sheet().score(&rows), None, "{rows}");
        }
    }

    #[test]
    fn paper_counts_as_a_file_does() {
        let documents = ["x", "y"].map(str::to_owned).to_vec();
        let asked = Recognition { documents, ..Recognition::default() };
        let told = |rows: Value| {
            let mut fields = Fields::new();
            fields.insert("documents".to_owned(), rows);
            asked.lacking(&fields).len()
        };
        assert_eq!(told(json!([])), 2);
        assert_eq!(told(json!([{ "document": "x" }])), 2, "a line alone is no document");
        assert_eq!(told(json!([{ "document": "x", "paper": true }, { "document": "y", "file": {} }])), 0);
    }
}
