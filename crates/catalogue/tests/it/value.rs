//! Values: typed text to canonical JSON and back, keys in order, every fault of a record at once.

use crate::shared::{apiary, id, shipped};
use catalogue::value::{FAULT_CODES, keys, normalize, parse, show};
use catalogue::{Fields, Lang};
use proptest::prelude::*;
use serde_json::{Value, json};

#[test]
fn what_people_type_becomes_canonical_and_is_shown_again() {
    let (catalogue, _) = shipped();
    let terms = catalogue.terms();
    let demand = catalogue.kind("demand").unwrap();
    for (field, typed, canonical, zh, en) in [
        ("budget", "６０万元", json!({"fen": 60_000_000, "about": false}), "60万元", "CNY 600,000"),
        (
            "budget",
            "约1.7亿元",
            json!({"fen": 17_000_000_000_i64, "about": true}),
            "约1.7亿元",
            "about CNY 170,000,000",
        ),
        ("due_on", "2027年6月", json!("2027-06"), "2027年6月", "June 2027"),
        ("place", "德清县", json!("330521"), "浙江省湖州市德清县", "Deqing"),
        ("industry", "C202 人造板制造", json!("C202"), "人造板制造", "C202 人造板制造"),
        ("industry", "人造板制造", json!("C202"), "人造板制造", "C202 人造板制造"),
        ("purpose", "乡村振兴", json!("rural"), "乡村振兴", "Rural revitalisation"),
        ("purpose", "Rural Revitalisation", json!("rural"), "乡村振兴", "Rural revitalisation"),
        ("choke_point", "是", json!(true), "是", "Yes"),
        (
            "credit_code",
            "91350100m000100y43",
            json!("91350100M000100Y43"),
            "91350100M000100Y43",
            "91350100M000100Y43",
        ),
        ("title", " 冷压\n强度不足 ", json!("冷压 强度不足"), "冷压 强度不足", "冷压 强度不足"),
        ("title", "  ", Value::Null, "", ""),
    ] {
        let field = demand.field(field).unwrap();
        let value = parse(field, &terms, typed).unwrap();
        assert_eq!(value, canonical, "{typed}");
        let shown = |lang| show(&field.shape, &value, &terms, lang, &|_| None);
        assert_eq!((shown(Lang::Zh).as_str(), shown(Lang::En).as_str()), (zh, en), "{typed}");
    }
}

#[test]
fn what_cannot_be_read_is_named() {
    let (catalogue, _) = shipped();
    let demand = catalogue.kind("demand").unwrap();
    for (field, typed, code) in [
        ("budget", "很多", "money-form"),
        ("due_on", "明年春天", "day-form"),
        ("place", "蓬莱仙岛", "place-unknown"),
        ("industry", "C999", "industry-unknown"),
        ("purpose", "乡村振新", "code-unknown"),
        ("choke_point", "也许", "boolean-form"),
        ("liaison", "王老师", "reference-form"),
        ("credit_code", "913501", "credit-length"),
        ("title", "冷压\u{0}强度", "text-control"),
        ("attachments", "a.pdf", "file-form"),
        ("questions", "现值？", "group-form"),
    ] {
        let fault = parse(demand.field(field).unwrap(), &catalogue.terms(), typed).unwrap_err();
        assert_eq!((fault.code, fault.field.as_str()), (code, field), "{typed}");
    }
    let fault = parse(demand.field("purpose").unwrap(), &catalogue.terms(), "乡村振新").unwrap_err();
    assert!(fault.args.contains(&("nearest", "乡村振兴".to_owned())));
}

fn check(fields: Value) -> (Fields, Vec<(String, &'static str)>) {
    let (catalogue, _) = apiary();
    let Value::Object(fields) = fields else { panic!("fields are an object") };
    let (made, faults) = catalogue.check("apiary", "fixed", &fields).unwrap();
    (made, faults.into_iter().map(|fault| (fault.field, fault.code)).collect())
}

#[test]
fn a_record_is_made_canonical_in_form_order() {
    let (made, faults) = check(json!({
        "harvests": [{ "weight": "约 300 kg", "year": "2025年" }],
        "flowers": ["洋槐", "tree.robinia", ""],
        "title": " 云岭蜂场 ", "hives": "1,200", "cost": 30, "keeper": id(4).to_string(), "recipe": null, "wild": ""
    }));
    assert_eq!(faults, []);
    let expect = json!({
        "title": "云岭蜂场", "flowers": ["tree.robinia"], "hives": 1200,
        "harvests": [{ "year": "2025", "weight": { "min": "300", "max": "300", "unit": "kg", "about": true } }],
        "keeper": id(4).to_string(), "cost": { "fen": 3000, "about": false }
    });
    assert_eq!(Value::Object(made.clone()).to_string(), expect.to_string());
    assert_eq!(check(Value::Object(made.clone())), (made, vec![]));
}

#[test]
fn every_fault_is_told_at_once() {
    let (made, faults) = check(json!({
        "titel": "云岭", "altitude": "900 m", "hives": 0, "flowers": ["rape", "油菜花", 7], "cost": "许多",
        "harvests": [{ "weight": "1 kg", "colour": "gold" }], "keeper": 5, "opened_on": "2026-02-30"
    }));
    let expect = [
        ("titel", "unknown-field"),
        ("altitude", "field-of-other-type"),
        ("opened_on", "day-absent"),
        ("flowers.1", "code-unknown"),
        ("flowers.2", "wrong-type"),
        ("harvests.0.colour", "unknown-field"),
        ("keeper", "wrong-type"),
        ("cost", "money-form"),
        ("hives", "too-small"),
        ("title", "required"),
    ];
    let mut told: Vec<(&str, &str)> = faults.iter().map(|(field, code)| (field.as_str(), *code)).collect();
    let mut expect = expect.to_vec();
    told.sort_unstable();
    expect.sort_unstable();
    assert_eq!(told, expect);
    assert_eq!(made.keys().collect::<Vec<_>>(), ["hives"]);
}

#[test]
fn lengths_are_counted_in_characters_and_limits_hold_at_both_sides() {
    let items = |count: usize| json!(vec![json!({ "year": "2025", "weight": "1 kg" }); count]);
    for (fields, expect) in [
        (json!({ "title": "蜂" }), vec![("title", "too-short")]),
        (json!({ "title": "蜂场" }), vec![]),
        (json!({ "title": "蜂".repeat(20) }), vec![]),
        (json!({ "title": "蜂".repeat(21) }), vec![("title", "too-long")]),
        (json!({ "title": "蜂场", "flowers": ["tree", "rape", "洋槐"] }), vec![("flowers", "too-many")]),
        (json!({ "title": "蜂场", "hives": 5001 }), vec![("hives", "too-large")]),
        (json!({ "title": "蜂场", "harvests": items(100) }), vec![]),
        (json!({ "title": "蜂场", "harvests": items(101) }), vec![("harvests", "too-many")]),
        (
            json!({ "title": "蜂场", "harvests": [{ "weight": "1 kg" }] }),
            vec![("harvests.0.year", "required")],
        ),
        (json!({ "title": "蜂场", "recipe": "糖".repeat(20_001) }), vec![("recipe", "too-long")]),
        (json!({ "title": "\u{0}蜂场" }), vec![("title", "text-control")]),
        (json!({ "title": deep(40) }), vec![("", "too-deep")]),
    ] {
        let (_, told) = check(fields.clone());
        let told: Vec<(&str, &str)> = told.iter().map(|(field, code)| (field.as_str(), *code)).collect();
        assert_eq!(told, expect, "{}", fields.to_string().chars().take(60).collect::<String>());
    }
}

fn deep(levels: usize) -> Value {
    (0..levels).fold(json!("x"), |inner, _| json!([inner]))
}

#[test]
fn files_are_named_by_hash() {
    let (catalogue, _) = shipped();
    let field = catalogue.kind("demand").unwrap().field("attachments").unwrap();
    let file =
        json!({ "hash": "a".repeat(64), "name": "检测报告.pdf", "bytes": 12, "media": "application/pdf" });
    assert_eq!(normalize(field, &catalogue.terms(), file.clone()), Ok(json!([file])));
    for (key, value) in
        [("hash", json!("A")), ("bytes", json!(-1)), ("name", json!("")), ("path", json!("/etc"))]
    {
        let mut wrong = file.clone();
        wrong[key] = value;
        let faults = normalize(field, &catalogue.terms(), json!([wrong])).unwrap_err();
        assert_eq!((faults[0].code, faults[0].field.as_str()), ("file-form", "attachments.0"), "{key}");
    }
}

#[test]
fn keys_hold_the_value_and_what_is_above_it() {
    let (catalogue, kind) = apiary();
    let made = |field: &str, value: Value| keys(kind.field(field).unwrap(), &value, &catalogue.terms());
    assert_eq!(made("flowers", json!(["tree.robinia", "tree"])), ["tree.robinia", "tree"]);
    assert_eq!(made("place", json!("330521"))[..3], ["330521", "330500", "330000"]);
    assert_eq!(made("opened_on", json!("2026-03")), ["2026-03"]);
    assert_eq!(made("wild", json!(true)), ["true"]);
    assert_eq!(made("recipe", json!("糖")), [""; 0]);
}

#[test]
fn codes_are_unique() {
    let mut codes = FAULT_CODES.to_vec();
    codes.extend(base::fault::CodeError::CODES);
    codes.extend(base::text::TextFault::CODES);
    let all = codes.len();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), all);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn keys_are_in_the_order_of_the_values(a in any::<i64>(), b in any::<i64>(), x in -1e12f64..1e12, y in -1e12f64..1e12) {
        let (catalogue, kind) = apiary_once();
        let key = |field: &str, value: Value| keys(kind.field(field).unwrap(), &value, &catalogue.terms()).remove(0);
        prop_assert_eq!(key("hives", json!(a)).cmp(&key("hives", json!(b))), a.cmp(&b));
        let weight = kind.field("harvests").map(|field| match &field.shape {
            catalogue::Shape::Group(fields) => fields[1].clone(),
            _ => panic!("harvests is a group"),
        }).unwrap();
        let (x, y) = ((x * 1000.0).round() / 1000.0, (y * 1000.0).round() / 1000.0);
        let key = |n: f64| keys(&weight, &json!({ "min": format!("{n:.3}"), "unit": "kg" }), &catalogue.terms()).remove(0);
        prop_assert_eq!(Some(key(x).cmp(&key(y))), x.partial_cmp(&y));
    }

    #[test]
    fn what_is_canonical_stays_as_it_is(text in any::<String>(), number in any::<i64>()) {
        let (catalogue, kind) = apiary_once();
        for field in &kind.fields {
            for value in [json!(text.clone()), json!(number), json!([text.clone()]), json!({ "fen": number })] {
                if let Ok(once) = normalize(field, &catalogue.terms(), value) {
                    prop_assert_eq!(normalize(field, &catalogue.terms(), once.clone()), Ok(once));
                }
            }
        }
    }
}

fn apiary_once() -> &'static (catalogue::Catalogue, catalogue::Kind) {
    static ONCE: std::sync::OnceLock<(catalogue::Catalogue, catalogue::Kind)> = std::sync::OnceLock::new();
    ONCE.get_or_init(apiary)
}

#[test]
fn a_day_that_has_come_and_an_amount_that_is_not_above_another() {
    let (_, mut kind) = crate::shared::apiary();
    for field in &mut kind.fields {
        field.past = field.name == "opened_on";
        field.not_above = (field.name == "cost").then(|| "cost_most".to_owned());
    }
    let mut most = kind.field("cost").expect("a field of money").clone();
    (most.name, most.not_above) = ("cost_most".to_owned(), None);
    kind.fields.push(most);
    let money = |fen: i64| serde_json::json!({ "fen": fen });
    for (fields, expect) in [
        (serde_json::json!({ "opened_on": "2026-03-06" }), vec![]),
        (serde_json::json!({ "opened_on": "2026" }), vec![]),
        (serde_json::json!({ "opened_on": "2027-03" }), vec![("opened_on", "in-future")]),
        (serde_json::json!({ "cost": money(500), "cost_most": money(500) }), vec![]),
        (serde_json::json!({ "cost": money(501), "cost_most": money(500) }), vec![("cost", "above")]),
        (serde_json::json!({ "cost": money(501) }), vec![]),
    ] {
        let serde_json::Value::Object(given) = fields.clone() else { panic!("fields are an object") };
        let found = catalogue::value::bounds(&kind, "fixed", &given, jiff::civil::date(2026, 3, 6));
        let found: Vec<_> = found.iter().map(|fault| (fault.field.as_str(), fault.code)).collect();
        assert_eq!(found, expect, "{fields}");
    }
}
