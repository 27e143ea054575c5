//! Vocabularies: what they offer on a day, what they map to, and every fault of it with its place.

use crate::shared::listed;
use base::day::Day;
use catalogue::Catalogue;
use jiff::civil::{Date, date};

const CHAINS: &str = r#"label = { zh = "蜂业链", en = "Bee chains" }
note = { zh = "本县的清单", en = "The county's list" }
source = "县发〔2024〕3号"
draft = true
maps = "industry"
valid_from = "2024"
valid_until = "2027-06"
terms = [
  { code = "honey", zh = "蜂蜜", en = "Honey" },
  { code = "honey.raw", zh = "原蜜", en = "Raw honey", parent = "honey", maps = ["A039", "C14"] },
  { code = "honey.drink", zh = "蜜酒", en = "Mead", parent = "honey", maps = ["C15", "C14"], valid_from = "2025-03-02" },
  { code = "wax", zh = "蜂蜡", en = "Wax", maps = ["C26"], valid_until = "2025" },
]
"#;

fn load(text: &str) -> (Catalogue, String) {
    let plain =
        "label = { zh = \"色\", en = \"Colour\" }\nterms = [{ code = \"a\", zh = \"甲\", en = \"A\" }]";
    let (catalogue, found) = Catalogue::load([
        ("catalogue/vocabularies/chain.toml".to_owned(), text.to_owned()),
        ("catalogue/vocabularies/colour.toml".to_owned(), plain.to_owned()),
    ]);
    let found = listed(&found);
    (catalogue, found)
}

#[test]
fn what_a_list_says_of_itself_is_read() {
    let (catalogue, found) = load(CHAINS);
    assert_eq!(found, "");
    let chains = &catalogue.vocabularies()["chain"];
    assert_eq!((chains.note.zh.as_str(), chains.source.as_deref()), ("本县的清单", Some("县发〔2024〕3号")));
    assert_eq!((chains.draft, chains.maps.as_deref()), (true, Some("industry")));
    assert_eq!(chains.valid_until, Day::parse("2027-06").ok());
    let colours = &catalogue.vocabularies()["colour"];
    assert_eq!((colours.draft, colours.maps.as_deref(), colours.valid_from), (false, None, None));
    let lists: Vec<&str> = catalogue.lists().map(|list| list.name.as_str()).collect();
    assert_eq!(lists, ["chain"]);
}

#[test]
fn a_term_is_offered_within_its_days_and_readable_for_ever() {
    let (catalogue, _) = load(CHAINS);
    let check = |today: Date, expect: &[&str]| {
        let found: Vec<&str> =
            catalogue.vocabularies()["chain"].offered(today).map(|term| term.code.as_str()).collect();
        assert_eq!(found, expect, "{today}");
    };
    check(date(2023, 12, 31), &[]);
    check(date(2024, 1, 1), &["honey", "honey.raw", "wax"]);
    check(date(2025, 3, 1), &["honey", "honey.raw", "wax"]);
    check(date(2025, 3, 2), &["honey", "honey.raw", "honey.drink", "wax"]);
    check(date(2025, 12, 31), &["honey", "honey.raw", "honey.drink", "wax"]);
    check(date(2026, 1, 1), &["honey", "honey.raw", "honey.drink"]);
    check(date(2027, 6, 30), &["honey", "honey.raw", "honey.drink"]);
    check(date(2027, 7, 1), &[]);
    assert_eq!(catalogue.terms().label("chain", "wax", catalogue::Lang::Zh), "蜂蜡");
}

#[test]
fn a_term_stands_for_its_codes_and_those_below_it() {
    let (catalogue, _) = load(CHAINS);
    for (vocabulary, term, expect) in [
        ("chain", "honey.raw", vec!["A039", "C14"]),
        ("chain", "honey", vec!["A039", "C14", "C15"]),
        ("chain", "wax", vec!["C26"]),
        ("chain", "pollen", vec![]),
        ("colour", "a", vec![]),
        ("chains", "wax", vec![]),
    ] {
        assert_eq!(catalogue.mapped(vocabulary, term), expect, "{vocabulary} {term}");
    }
}

#[test]
fn every_fault_of_it_is_told_with_its_place() {
    for (from, to, expect) in [
        ("\"2027-06\"", "\"2023\"", "chain.toml:7:1: `valid_until` lies before `valid_from`"),
        ("\"2027-06\"", "\"soon\"", "chain.toml:7:15: `soon` is no day"),
        ("\"2027-06\"", "2027-06-30", "chain.toml:7:1: `valid_until` should be a text, not datetime"),
        ("draft = true", "draft = \"yes\"", "chain.toml:4:1: `draft` should be true or false, not string"),
        (
            "maps = \"industry\"",
            "maps = \"industries\"",
            "chain.toml:5:8: unknown vocabulary `industries` — did you mean `industry`?",
        ),
        ("maps = \"industry\"\n", "", "the vocabulary does not say what it maps to"),
        ("\"C26\"", "\"C99\"", "chain.toml:12:50: `C99` is no code of `industry`"),
        ("\"C26\"", "\"c26\"", "`c26` is no code of `industry`"),
        ("maps = \"industry\"", "maps = \"colour\"", "`A039` is no code of `colour`"),
        (
            "valid_until = \"2025\" }",
            "valid_untill = \"2025\" }",
            "unknown key `valid_untill` — did you mean `valid_until`?",
        ),
        (
            "valid_from = \"2025-03-02\"",
            "valid_from = \"2025-03-02\", valid_until = \"2024\"",
            "`valid_until` lies before `valid_from`",
        ),
        (
            "note = { zh = \"本县的清单\", en",
            "note = { zh = \"本县的清单\", eng",
            "chain.toml:2:8: `note` has no `en`",
        ),
    ] {
        assert!(CHAINS.contains(from), "{from}");
        let (catalogue, found) = load(&CHAINS.replacen(from, to, 1));
        assert!(found.contains(expect), "{expect}: {found}");
        assert!(!catalogue.vocabularies().contains_key("chain"), "{expect}");
    }
}
