//! A value as the text of a cell, and such a text as a value again: what is written reads back to the same value.
//!
//! A list stands one item a line. A group stands one row a line, `名称：胶合强度；数值：1.08 MPa`. What would not read back
//! from such a text stands as its JSON. Never looks a record up: who calls names references and finds them. Start at
//! [`Pen::write`] and [`Lens::read`].

use std::collections::HashMap;

use base::id::RecordId;
use catalogue::value::{self, Fault, Lang, Terms};
use catalogue::{Field, Shape};
use serde_json::{Map, Value};

use super::draft::is_long;

/// Marks between codes that share a line.
const BETWEEN_CODES: [char; 6] = ['、', '，', ',', ';', '；', '\n'];
/// Marks between the parts of a group's row, and between references that share a line.
const BETWEEN_PARTS: [char; 3] = ['；', ';', '\n'];

/// Writes cells.
#[derive(Clone, Copy)]
pub struct Pen<'a> {
    /// The vocabularies.
    pub terms: Terms<'a>,
    /// Language of terms.
    pub lang: Lang,
    /// How the references the reader may see are written; the others stand as their ids.
    pub named: &'a HashMap<RecordId, String>,
}

/// Reads cells.
#[derive(Clone, Copy)]
pub struct Lens<'a> {
    /// The vocabularies.
    pub terms: Terms<'a>,
    /// The record of one of some kinds (of any, if none is named) that a text names.
    pub find: &'a dyn Fn(&[String], &str) -> Option<RecordId>,
}

impl Pen<'_> {
    /// The cell of a field's value.
    pub fn write(&self, field: &Field, value: &Value) -> String {
        let text = self.compose(field, value);
        let by_text = !field.many && matches!(field.shape, Shape::Line | Shape::Text);
        if by_text || field.shape == Shape::File || self.reads_back(field, &text, value) {
            text
        } else {
            value.to_string()
        }
    }

    fn compose(&self, field: &Field, value: &Value) -> String {
        match value {
            Value::Array(items) => {
                items.iter().map(|item| self.item(&field.shape, item)).collect::<Vec<_>>().join("\n")
            }
            single => self.item(&field.shape, single),
        }
    }

    fn reads_back(&self, field: &Field, text: &str, value: &Value) -> bool {
        let find =
            |_: &[String], text: &str| self.named.iter().find(|(_, name)| *name == text).map(|(id, _)| *id);
        Lens { terms: self.terms, find: &find }.read(field, text).as_ref() == Ok(value)
    }

    fn item(&self, shape: &Shape, value: &Value) -> String {
        match (shape, value) {
            (Shape::Reference(_), Value::String(id)) => {
                let name = id.parse().ok().and_then(|id: RecordId| self.named.get(&id).cloned());
                name.unwrap_or_else(|| id.clone())
            }
            (Shape::Group(sub), Value::Object(row)) => self.row(sub, row),
            (Shape::Code(_), Value::String(code)) => self.code(shape, code),
            (Shape::Place, Value::String(code)) => format!("{code} {}", self.show(shape, value, Lang::Zh)),
            (Shape::Boolean | Shape::File, _) => self.show(shape, value, self.lang),
            (Shape::Money | Shape::Quantity, _) => self.show(shape, value, Lang::Zh),
            (_, Value::String(text)) => text.clone(),
            (_, other) => other.to_string(),
        }
    }

    fn show(&self, shape: &Shape, value: &Value, lang: Lang) -> String {
        value::show(shape, value, &self.terms, lang, &|_| None)
    }

    /// The label, where it means this code and no other; long classifications keep the code before it.
    fn code(&self, shape: &Shape, code: &str) -> String {
        let label = self.show(shape, &Value::String(code.to_owned()), Lang::Zh);
        if is_long(shape) {
            return if label == code { label } else { format!("{code} {label}") };
        }
        let label = self.show(shape, &Value::String(code.to_owned()), self.lang);
        let means = one(shape, &self.terms, &label);
        if means == Ok(Value::String(code.to_owned())) { label } else { code.to_owned() }
    }

    fn row(&self, sub: &[Field], row: &Map<String, Value>) -> String {
        let part = |field: &Field| {
            let text = self.item(&field.shape, row.get(&field.name)?);
            Some(format!("{}：{text}", field.label.text(self.lang)))
        };
        sub.iter().filter_map(part).collect::<Vec<_>>().join("；")
    }
}

impl Lens<'_> {
    /// The value a cell holds; nothing typed is null. Every fault at once.
    pub fn read(&self, field: &Field, text: &str) -> Result<Value, Vec<Fault>> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(Value::Null);
        }
        if let Some(json) = json_of(field, text) {
            return self.take(field, json);
        }
        let items = match (&field.shape, field.many) {
            (Shape::File, _) => return Err(vec![Fault::new(field.name.as_str(), "file-by-form")]),
            (Shape::Group(sub), false) => return self.row(sub, text).map_err(|faults| below(field, faults)),
            (Shape::Group(_), true) => text.lines().collect(),
            (_, false) => vec![text],
            (Shape::Line | Shape::Text, true) => text.lines().collect(),
            (shape, true) => self.pieces(shape, text),
        };
        let items: Vec<&str> = items.into_iter().map(str::trim).filter(|item| !item.is_empty()).collect();
        let read = |item: &&str| match &field.shape {
            Shape::Group(sub) => self.row(sub, item),
            shape => self.item(shape, item).map_err(|fault| vec![fault]),
        };
        if !field.many {
            return items.first().map_or(Ok(Value::Null), read).map_err(|faults| below(field, faults));
        }
        let (mut values, mut faults) = (Vec::with_capacity(items.len()), Vec::new());
        for (at, item) in items.iter().enumerate() {
            match read(item) {
                Ok(value) if values.contains(&value) => {}
                Ok(value) => values.push(value),
                Err(found) => faults.extend(found.into_iter().map(|fault| within(&at.to_string(), fault))),
            }
        }
        if faults.is_empty() { Ok(Value::Array(values)) } else { Err(below(field, faults)) }
    }

    /// The value of a JSON document of values, canonical or as people type them.
    pub fn take(&self, field: &Field, given: Value) -> Result<Value, Vec<Fault>> {
        let mut faults = Vec::new();
        let named = self.named(&field.shape, given, &mut faults);
        if !faults.is_empty() {
            return Err(below(field, faults));
        }
        let value = value::normalize(field, &self.terms, named)?;
        Ok(if value::is_empty(&value) { Value::Null } else { value })
    }

    /// References written as people write them become ids.
    fn named(&self, shape: &Shape, given: Value, faults: &mut Vec<Fault>) -> Value {
        match (shape, given) {
            (_, Value::Array(items)) => {
                items.into_iter().map(|item| self.named(shape, item, faults)).collect()
            }
            (Shape::Group(sub), Value::Object(row)) => {
                let part = |(name, value): (String, Value)| match sub.iter().find(|field| field.name == name)
                {
                    Some(field) => (name, self.named(&field.shape, value, faults)),
                    None => (name, value),
                };
                Value::Object(row.into_iter().map(part).collect())
            }
            (Shape::Reference(_), Value::String(text)) if !text.trim().is_empty() => {
                self.item(shape, &text).unwrap_or_else(|fault| {
                    faults.push(fault);
                    Value::Null
                })
            }
            (_, other) => other,
        }
    }

    /// Lines; a line that is no value by itself is taken apart at the marks people put between values.
    fn pieces<'t>(&self, shape: &Shape, text: &'t str) -> Vec<&'t str> {
        let marks: &[char] =
            if matches!(shape, Shape::Reference(_)) { &BETWEEN_PARTS } else { &BETWEEN_CODES };
        let apart = |line: &'t str| match self.is_whole(shape, line.trim()) {
            true => vec![line],
            false => line.split(marks).collect(),
        };
        text.lines().flat_map(apart).collect()
    }

    /// Whether a line is one value to its end: `C20` with the name of C20, not with two names.
    fn is_whole(&self, shape: &Shape, line: &str) -> bool {
        match (shape, self.item(shape, line)) {
            (_, Err(_)) => false,
            (Shape::Code(_) | Shape::Place, Ok(value)) => {
                let code = value.as_str().unwrap_or_default();
                let is_name = |lang| {
                    let name = value::show(shape, &value, &self.terms, lang, &|_| None);
                    line == name || line.strip_prefix(code).is_some_and(|rest| rest.trim_start() == name)
                };
                line == code || is_name(Lang::Zh) || is_name(Lang::En)
            }
            _ => true,
        }
    }

    fn item(&self, shape: &Shape, text: &str) -> Result<Value, Fault> {
        let Shape::Reference(kinds) = shape else { return one(shape, &self.terms, text) };
        let text = text.trim();
        let found = text.parse::<RecordId>().ok().or_else(|| (self.find)(kinds, text));
        let id = found.ok_or_else(|| Fault::new("", "no-such-record").with("name", text))?;
        Ok(Value::String(id.to_string()))
    }

    /// A row of a group: `label：value` between semicolons.
    fn row(&self, sub: &[Field], text: &str) -> Result<Value, Vec<Fault>> {
        if let Ok(row @ Value::Object(_)) = serde_json::from_str(text) {
            let whole = Field { shape: Shape::Group(sub.to_vec()), ..Field::default() };
            return self.take(&whole, row);
        }
        let (mut row, mut faults) = (Map::new(), Vec::new());
        for part in text.split(BETWEEN_PARTS).map(str::trim).filter(|part| !part.is_empty()) {
            let (label, text) = part.split_once(['：', ':']).unwrap_or_default();
            let Some(field) = sub.iter().find(|field| is_called(field, label)) else {
                faults.push(Fault::new("", "group-cell").with("text", part));
                continue;
            };
            match self.read(field, text) {
                Ok(Value::Null) => {}
                Ok(value) => drop(row.insert(field.name.clone(), value)),
                Err(found) => faults.extend(found),
            }
        }
        let ordered = sub.iter().filter_map(|field| Some((field.name.clone(), row.remove(&field.name)?)));
        let row: Map<String, Value> = ordered.collect();
        if faults.is_empty() { Ok(Value::Object(row)) } else { Err(faults) }
    }
}

/// Whether a heading or the label before a colon is this field's name in some form.
pub fn is_called(field: &Field, text: &str) -> bool {
    let folded = base::text::fold(text.trim());
    let same = |name: &str| base::text::fold(name) == folded;
    same(&field.name) || same(&field.label.zh) || same(&field.label.en)
}

/// One value of a shape; the name beside a long code may be left standing.
fn one(shape: &Shape, terms: &Terms<'_>, text: &str) -> Result<Value, Fault> {
    let field = Field { shape: shape.clone(), ..Field::default() };
    let plain = |mut fault: Fault| {
        fault.field = fault.field.trim_matches('.').to_owned();
        fault
    };
    let whole = value::parse(&field, terms, text).map_err(plain);
    match (whole, text.trim().split_once(char::is_whitespace)) {
        (Err(fault), Some((code, _))) if is_long(shape) => {
            value::parse(&field, terms, code).map_err(|_| fault)
        }
        (whole, _) => whole,
    }
}

/// The JSON a cell falls back to where no plainer text reads back; a single text is never taken for it.
fn json_of(field: &Field, text: &str) -> Option<Value> {
    let plain = matches!(field.shape, Shape::Line | Shape::Text) && !field.many;
    if plain || !text.starts_with(['[', '{']) {
        return None;
    }
    serde_json::from_str(text).ok()
}

fn within(outer: &str, mut fault: Fault) -> Fault {
    let dot = if fault.field.is_empty() { "" } else { "." };
    fault.field = format!("{outer}{dot}{}", fault.field);
    fault
}

fn below(field: &Field, faults: Vec<Fault>) -> Vec<Fault> {
    faults.into_iter().map(|fault| within(&field.name, fault)).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn field(shape: Shape, many: bool) -> Field {
        Field { name: "x".to_owned(), shape, many, ..Field::default() }
    }

    fn group() -> Shape {
        let labelled = |name: &str, zh: &str, shape| Field {
            label: catalogue::Label { zh: zh.to_owned(), en: name.to_owned() },
            ..Field { name: name.to_owned(), shape, ..Field::default() }
        };
        Shape::Group(vec![
            labelled("name", "名称", Shape::Line),
            labelled("note", "说明", Shape::Text),
            labelled("trade", "行业", Shape::Code("industry".into())),
            labelled("to", "去向", Shape::Reference(Vec::new())),
        ])
    }

    #[test]
    fn every_shape_reads_back_from_what_was_written() {
        let vocabularies = std::collections::BTreeMap::new();
        let id: RecordId = "01890a5d-ac96-774b-bcce-b302099a8057".parse().expect("an id");
        let named = HashMap::from([(id, "浙企2026-000001-1 甲厂；乙厂（演示）".to_owned())]);
        let pen = Pen { terms: Terms(&vocabularies), lang: Lang::Zh, named: &named };
        let find = |_: &[String], text: &str| (text == "浙企2026-000001-1 甲厂；乙厂（演示）").then_some(id);
        let lens = Lens { terms: Terms(&vocabularies), find: &find };
        let check = |shape: Shape, value: Value, text: &str| {
            let field = field(shape, value.is_array());
            let written = pen.write(&field, &value);
            assert_eq!(written, text);
            assert_eq!(lens.read(&field, &written), Ok(value), "{text}");
        };
        let quantity = |min: &str, max: &str| json!({"min": min, "max": max, "unit": "MPa", "about": false});
        check(Shape::Text, json!("[1]\n二"), "[1]\n二");
        check(Shape::Line, json!(["甲；乙", "丙、丁"]), "甲；乙\n丙、丁");
        check(Shape::Line, json!(["[1]"]), r#"["[1]"]"#);
        check(Shape::Text, json!(["一\n二", "三"]), r#"["一\n二","三"]"#);
        check(Shape::Boolean, json!(false), "否");
        check(Shape::Integer, json!(-3), "-3");
        check(Shape::Day, json!("2026-03"), "2026-03");
        check(Shape::Money, json!({"fen": 60_000_000, "about": true}), "约60万元");
        check(Shape::Quantity, quantity("1.0", "1.0"), "1.0 MPa");
        check(Shape::Quantity, quantity("1.0", "1.00"), &quantity("1.0", "1.00").to_string());
        check(
            Shape::Place,
            json!(["330521", "330281"]),
            "330521 浙江省湖州市德清县\n330281 浙江省宁波市余姚市",
        );
        check(
            Shape::Code("industry".into()),
            json!(["I", "C2021"]),
            "I 信息传输、软件和信息技术服务业\nC2021 胶合板制造",
        );
        check(Shape::Reference(Vec::new()), json!([id.to_string()]), "浙企2026-000001-1 甲厂；乙厂（演示）");
        let rows = json!([{"name": "胶合强度：冷压", "trade": "C2021"}, {"name": "乙"}]);
        check(group(), rows, "名称：胶合强度：冷压；行业：C2021 胶合板制造\n名称：乙");
        for awkward in
            [json!([{"note": "一\n二"}]), json!([{"name": "甲；乙"}]), json!([{"to": id.to_string()}])]
        {
            check(group(), awkward.clone(), &awkward.to_string());
        }
    }

    #[test]
    fn what_people_type_is_read_and_what_is_wrong_has_a_place() {
        let vocabularies = std::collections::BTreeMap::new();
        let lens = Lens { terms: Terms(&vocabularies), find: &|_, _| None };
        let trades = field(Shape::Code("industry".into()), true);
        for typed in ["C2021、C202", "C2021 胶合板制造、C202 人造板制造", "C2021\n人造板制造"]
        {
            assert_eq!(lens.read(&trades, typed), Ok(json!(["C2021", "C202"])), "{typed}");
        }
        let faults = |field: &Field, text: &str| -> Vec<(String, &str)> {
            lens.read(field, text)
                .expect_err(text)
                .into_iter()
                .map(|fault| (fault.field, fault.code))
                .collect()
        };
        assert_eq!(faults(&trades, "C2021\n火星业"), [("x.1".to_owned(), "industry-unknown")]);
        let rows = field(group(), true);
        assert_eq!(faults(&rows, "名称：甲\n颜色：红"), [("x.1".to_owned(), "group-cell")]);
        assert_eq!(
            faults(&field(Shape::Reference(Vec::new()), false), "没有"),
            [("x".to_owned(), "no-such-record")]
        );
        assert_eq!(faults(&field(Shape::File, true), "a.pdf"), [("x".to_owned(), "file-by-form")]);
    }
}
