//! Filters: what they hold for, their text form, and what a kind cannot answer.

use crate::shared::{apiary, id};
use base::place::Place;
use catalogue::{Filter, FilterRow};
use proptest::prelude::*;

fn row<'r>(
    public: bool,
    place: &'r Place,
    keys: &'r [(String, String)],
    refers: &'r [(String, base::id::RecordId)],
) -> FilterRow<'r> {
    FilterRow {
        type_path: "fixed.mountain",
        stage: "humming",
        place: Some(place),
        public,
        owner: Some(id(1)),
        keys,
        refers,
    }
}

#[test]
fn each_condition_holds_where_it_should() {
    let place = Place::parse("330521").unwrap();
    let keys: Vec<(String, String)> =
        [("flowers", "tree.robinia"), ("flowers", "tree"), ("opened_on", "2026-03")]
            .map(|(a, b)| (a.into(), b.into()))
            .into();
    let refers = [("keeper".to_owned(), id(3))];
    let keeper = format!("keeper@{}", id(3));
    for (text, expect) in [
        ("flowers=tree", true),
        ("flowers=rape", false),
        ("opened_on>2026", true),
        ("opened_on<2026", false),
        ("opened_on<2026-04", true),
        ("hives>0", false),
        ("type=fixed", true),
        ("type=mountain", false),
        ("stage=humming", true),
        ("place=330500", true),
        ("place=330200", false),
        (&format!("owner={}", id(1)), true),
        (&keeper, true),
        (&keeper.replace("keeper", "maker"), false),
        ("all()", true),
        ("any()", false),
        ("not(all(stage=humming,flowers=rape))", true),
        ("any(stage=noted,flowers=tree.robinia)", true),
    ] {
        let filter: Filter = text.parse().unwrap();
        assert_eq!(filter.holds(&row(false, &place, &keys, &refers)), expect, "{text}");
        assert_eq!(filter.to_string(), text);
    }
    for (text, expect) in [("public", true), ("not(public)", false), ("public=true", false)] {
        let filter: Filter = text.parse().unwrap();
        assert_eq!(filter.holds(&row(true, &place, &keys, &refers)), expect, "{text}");
        let shut = filter.holds(&row(false, &place, &keys, &refers));
        assert_eq!(shut, text == "not(public)", "{text}");
        assert_eq!(filter.to_string(), text);
    }
}

#[test]
fn what_is_no_filter_or_fits_no_kind_is_refused() {
    let (_, kind) = apiary();
    for text in [
        "",
        "stage",
        "all(stage=a",
        "all(stage=a,)",
        "stage=a)",
        "owner=me",
        "=x",
        "a=%4",
        "place=nowhere",
        "not(a=b,c=d)",
    ] {
        assert_eq!(text.parse::<Filter>().unwrap_err().code, "filter-form", "{text}");
    }
    let deep = format!("{}stage=a{}", "not(".repeat(70), ")".repeat(70));
    assert_eq!(deep.parse::<Filter>().unwrap_err().code, "filter-large");
    assert_eq!("all(".repeat(100_000).parse::<Filter>().unwrap_err().code, "filter-large");
    for (text, field) in [
        ("title=x", "title"),
        ("nothing=x", "nothing"),
        ("flowers>a", "flowers"),
        ("hives@00000000-0001-7000-8000-000000000000", "hives"),
        ("type=loose", "type"),
        ("not(stage=gone)", "stage"),
    ] {
        let fault = text.parse::<Filter>().unwrap().validate(&kind).unwrap_err();
        assert_eq!((fault.code, fault.field.as_str()), ("filter-field", field), "{text}");
    }
    let sound: Filter =
        "all(hives>1,flowers=tree,type=fixed,public,not(stage=noted),place=330000)".parse().unwrap();
    assert_eq!(sound.validate(&kind), Ok(()));
}

fn a_filter() -> impl Strategy<Value = Filter> {
    let word = "[a-z_%(),=<>@中文 ]{1,6}";
    let leaf = prop_oneof![
        (word, any::<String>()).prop_map(|(field, value)| Filter::Is(field, value)),
        (word, word).prop_map(|(field, value)| Filter::AtLeast(field, value)),
        (word, word).prop_map(|(field, value)| Filter::AtMost(field, value)),
        word.prop_map(Filter::Type),
        word.prop_map(Filter::Stage),
        (word, 1u64..9).prop_map(|(field, n)| Filter::Refers(field, id(n))),
        (1u64..9).prop_map(|n| Filter::Owner(id(n))),
        Just(Filter::Public),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Filter::All),
            prop::collection::vec(inner.clone(), 0..4).prop_map(Filter::Any),
            inner.prop_map(|part| Filter::Not(Box::new(part))),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_text_form_reads_back(filter in a_filter()) {
        prop_assert_eq!(filter.to_string().parse::<Filter>(), Ok(filter));
    }

    #[test]
    fn any_text_is_read_or_refused(text in "[a-z=<>@%(),中]{0,40}") {
        if let Ok(filter) = text.parse::<Filter>() {
            prop_assert!(filter.nodes() <= base::limits::FILTER_NODES_MAX);
        }
    }
}
