//! Views and indicators: what they take, and every fault of them with its place.

use crate::shared::{files, listed};
use catalogue::{Basis, Catalogue, Indicator, Measure};

const VIEWS: &str = r#"[views.mountain]
kind = "apiary"
label = { zh = "高山蜂场", en = "Mountain apiaries" }
note = { zh = "海拔一千米以上", en = "Above a thousand metres" }
where = "all(type=fixed.mountain,stage=humming,public)"

[views.many]
kind = "apiary"
label = { zh = "大蜂场", en = "Large apiaries" }
where = "all(hives>100,flowers=洋槐,opened_on<2026年3月)"
"#;

const INDICATORS: &str = r#"[indicators.share]
label = { zh = "采蜜率", en = "Share humming" }
unit = { zh = "%", en = "%" }
note = { zh = "采蜜中的占全部", en = "Humming of all" }
measure = "ratio"
over = "humming"
under = "all"
percent = true

[indicators.humming]
label = { zh = "采蜜蜂场", en = "Humming" }
unit = { zh = "家", en = "apiaries" }
note = { zh = "采蜜中", en = "Humming now" }
measure = "count"
kind = "apiary"
where = "stage=humming"
basis = "stock"

[indicators.all]
label = { zh = "蜂场", en = "Apiaries" }
unit = { zh = "家", en = "apiaries" }
note = { zh = "全部", en = "All" }
measure = "count"
kind = "apiary"
basis = "cumulative"

[indicators.hives]
label = { zh = "蜂箱", en = "Hives" }
unit = { zh = "个", en = "hives" }
note = { zh = "全部", en = "All" }
measure = "sum"
kind = "apiary"
of = "hives"
basis = "stock"

[indicators.keepers]
label = { zh = "场长", en = "Keepers" }
unit = { zh = "人", en = "people" }
note = { zh = "全部", en = "All" }
measure = "distinct"
kind = "apiary"
of = "keeper"
basis = "period"

[indicators.honey]
label = { zh = "产蜜", en = "Honey" }
unit = { zh = "吨", en = "t" }
note = { zh = "统计报表", en = "As reported" }
measure = "reported"
basis = "period"
"#;

const VIEW_FILE: &str = "catalogue/views/some.toml";
const FIGURE_FILE: &str = "catalogue/indicators/bees.toml";

fn load(changes: &[(&str, &str)]) -> (Catalogue, String) {
    let mut all = files("tests/fixtures/apiary", "catalogue");
    all.push((VIEW_FILE.to_owned(), VIEWS.to_owned()));
    all.push((FIGURE_FILE.to_owned(), INDICATORS.to_owned()));
    for (path, text) in changes {
        all.retain(|(known, _)| known != path);
        all.push(((*path).to_owned(), (*text).to_owned()));
    }
    let (catalogue, found) = Catalogue::load(all);
    let found = listed(&found);
    (catalogue, found)
}

#[test]
fn views_come_in_order_with_values_as_lists_compare_them() {
    let (catalogue, found) = load(&[]);
    assert_eq!(found, "");
    let names: Vec<&str> = catalogue.views().map(|view| view.name.as_str()).collect();
    assert_eq!(names, ["mountain", "many"]);
    let view = catalogue.view("mountain").unwrap();
    assert_eq!((view.kind.as_str(), view.note.en.as_str()), ("apiary", "Above a thousand metres"));
    assert_eq!(view.filter.to_string(), "all(type=fixed.mountain,stage=humming,public)");
    let filter = catalogue.view("many").unwrap().filter.to_string();
    assert_eq!(filter, "all(hives>09223372036854775908,flowers=tree.robinia,opened_on<2026-03)");
    assert!(catalogue.view("few").is_none());
}

fn indicator<'c>(catalogue: &'c Catalogue, name: &str) -> &'c Indicator {
    catalogue.indicator(name).unwrap()
}

#[test]
fn indicators_come_in_order_and_are_terms() {
    let (catalogue, found) = load(&[]);
    assert_eq!(found, "");
    let names: Vec<&str> = catalogue.indicators().map(|found| found.name.as_str()).collect();
    assert_eq!(names, ["share", "humming", "all", "hives", "keepers", "honey"]);
    let apiary = || "apiary".to_owned();
    for (name, basis, measure) in [
        (
            "share",
            Basis::Stock,
            Measure::Ratio { over: "humming".into(), under: "all".into(), percent: true },
        ),
        ("humming", Basis::Stock, Measure::Count { kind: apiary(), filter: "stage=humming".parse().ok() }),
        ("all", Basis::Cumulative, Measure::Count { kind: apiary(), filter: None }),
        ("hives", Basis::Stock, Measure::Sum { kind: apiary(), filter: None, of: "hives".into() }),
        ("keepers", Basis::Period, Measure::Distinct { kind: apiary(), filter: None, of: "keeper".into() }),
        ("honey", Basis::Period, Measure::Reported),
    ] {
        let found = indicator(&catalogue, name);
        assert_eq!((&found.measure, found.basis), (&measure, basis), "{name}");
    }
    assert_eq!(indicator(&catalogue, "honey").unit.zh, "吨");
    let terms: Vec<&str> =
        catalogue.vocabularies()["indicator"].terms.iter().map(|term| term.code.as_str()).collect();
    assert_eq!(terms, names);
    assert_eq!(catalogue.terms().label("indicator", "honey", catalogue::Lang::Zh), "产蜜");
}

#[test]
fn a_field_may_name_an_indicator_where_there_are_any() {
    let kind = "catalogue/apiary/kind.toml";
    let all = files("tests/fixtures/apiary", "catalogue");
    let (_, text) = all.iter().find(|(path, _)| path == kind).unwrap();
    let text = text.replace(
        "[fields.hives]",
        "[fields.figure]\nvocabulary = \"indicator\"\nlist = true\nlabel = { zh = \"指标\", en = \"Figure\" }\n[fields.hives]",
    );
    let counted = INDICATORS.replace("where = \"stage=humming\"", "where = \"figure=honey\"");
    let (catalogue, found) = load(&[(kind, &text), (FIGURE_FILE, &counted)]);
    assert_eq!(found, "");
    let schema = catalogue.schema("apiary", "fixed").unwrap();
    assert_eq!(schema["properties"]["figure"]["enum"].as_array().map(Vec::len), Some(6), "{schema}");
    let (_, found) = load(&[(kind, &text), (FIGURE_FILE, &counted.replace("figure=honey", "figure=hony"))]);
    assert!(found.contains("`hony` is no value of the field `figure` — did you mean `honey`?"), "{found}");
    let (_, found) = load(&[(kind, &text), (FIGURE_FILE, "")]);
    assert!(found.contains("unknown vocabulary `indicator`"), "{found}");
    let (_, found) = load(&[(
        "catalogue/vocabularies/indicator.toml",
        "label = { zh = \"一\", en = \"One\" }\nterms = [{ code = \"a\", zh = \"甲\", en = \"A\" }]",
    )]);
    assert!(found.contains("`indicator` is the name of a vocabulary that is no file"), "{found}");
}

fn told(file: &str, text: &str, from: &str, to: &str) -> (Catalogue, String) {
    assert!(text.contains(from), "{from}");
    load(&[(file, &text.replacen(from, to, 1))])
}

#[test]
fn every_fault_of_a_view_is_told_with_its_place() {
    for (from, to, expect) in [
        (
            "kind = \"apiary\"",
            "kind = \"apiery\"",
            "some.toml:2:8: unknown kind `apiery` — did you mean `apiary`?",
        ),
        ("kind = \"apiary\"\n", "", "some.toml:1:8: `kind` is missing"),
        ("where = \"all(type", "were = \"all(type", "some.toml:1:8: `where` is missing"),
        (
            "label = { zh = \"高山蜂场\", en",
            "label = { zh = \"高山蜂场\", eng",
            "some.toml:3:9: `label` has no `en`",
        ),
        ("public)", "public", "some.toml:5:9: `all(type=fixed.mountain,stage=humming,public` is no filter"),
        (
            "type=fixed.mountain",
            "type=loose",
            "some.toml:5:9: the filter names a type that `apiary` lacks — known: fixed, fixed.mountain",
        ),
        (
            "stage=humming",
            "stage=hummin",
            "some.toml:5:9: the filter names a stage that `apiary` lacks — known: noted, humming, resting",
        ),
        (
            "public",
            "keeper=x",
            "some.toml:5:9: `apiary` cannot be filtered by `keeper` in this way — known: place, opened_on, flowers, hives",
        ),
        (
            "public",
            "flowers=木本s",
            "some.toml:5:9: `木本s` is no value of the field `flowers` — did you mean `木本`?",
        ),
        ("public", "hives>many", "some.toml:5:9: `many` is no value of the field `hives`"),
        ("[views.mountain]", "[views.Mountain]", "some.toml:1:8: `Mountain` is no name for a view"),
        ("note = ", "nota = ", "some.toml:4:1: unknown key `nota` — did you mean `note`?"),
    ] {
        let (catalogue, found) = told(VIEW_FILE, VIEWS, from, to);
        assert!(found.contains(expect), "{expect}: {found}");
        let left: Vec<&str> = catalogue.views().map(|view| view.name.as_str()).collect();
        assert_eq!(left, ["many"], "{expect}: {found}");
    }
    let (catalogue, found) = told(VIEW_FILE, VIEWS, "[views.many]", "[views.other.many]");
    assert!(found.contains("some.toml:7:14: unknown key `many`"), "{found}");
    let again = VIEWS.replace("[views.many]", "[views.more]");
    let (twice, told) = load(&[("catalogue/views/zz.toml", &again)]);
    assert_eq!(
        told,
        "catalogue/views/zz.toml:1:8: view `mountain` is declared already — choose another name\n"
    );
    assert_eq!((catalogue.views().count(), twice.views().count()), (1, 3));
}

#[test]
fn every_fault_of_an_indicator_is_told_with_its_place() {
    for (from, to, expect) in [
        (
            "measure = \"ratio\"",
            "measure = \"ration\"",
            "bees.toml:5:11: unknown measure `ration` — did you mean `ratio`?",
        ),
        ("measure = \"ratio\"\n", "", "bees.toml:1:13: `measure` is missing"),
        (
            "over = \"humming\"",
            "over = \"hummin\"",
            "bees.toml:6:8: unknown indicator `hummin` — did you mean `humming`?",
        ),
        ("under = \"all\"", "under = \"share\"", "bees.toml:7:9: `share` is a ratio itself"),
        ("percent = true", "basis = \"stock\"", "bees.toml:8:1: unknown key `basis`"),
        (
            "kind = \"apiary\"\nwhere = \"stage=humming\"",
            "kind = \"apiery\"",
            "bees.toml:15:8: unknown kind `apiery`",
        ),
        ("where = \"stage=humming\"", "where = \"stage\"", "bees.toml:16:9: `stage` is no filter"),
        ("where = \"stage=humming\"", "of = \"hives\"", "bees.toml:16:1: unknown key `of`"),
        (
            "basis = \"stock\"\n\n[indicators.all]",
            "\n[indicators.all]",
            "bees.toml:10:13: `basis` is missing",
        ),
        (
            "basis = \"cumulative\"",
            "basis = \"cumulativ\"",
            "bees.toml:25:9: unknown basis `cumulativ` — did you mean `cumulative`?",
        ),
        (
            "of = \"hives\"",
            "of = \"title\"",
            "bees.toml:33:6: `of` is the field `title`, which is not an integer, money or quantity",
        ),
        ("of = \"hives\"", "of = \"hive\"", "bees.toml:33:6: unknown field `hive` — did you mean `hives`?"),
        ("of = \"hives\"\n", "", "bees.toml:27:13: `of` is missing"),
        (
            "of = \"keeper\"",
            "of = \"hives\"",
            "bees.toml:42:6: `of` is the field `hives`, which is not a reference",
        ),
        ("unit = { zh = \"吨\", en = \"t\" }\n", "", "bees.toml:45:13: `unit` is missing"),
        ("[indicators.honey]", "[indicators.hives]", "bees.toml:45:13: duplicate key"),
    ] {
        let (catalogue, found) = told(FIGURE_FILE, INDICATORS, from, to);
        assert!(found.contains(expect), "{expect}: {found}");
        assert!(catalogue.indicators().count() < 6, "{expect}");
    }
    let (_, found) = load(&[("catalogue/indicators/more.toml", INDICATORS)]);
    assert!(found.contains("more.toml:1:13: indicator `share` is declared already"), "{found}");
}

#[test]
fn a_ratio_goes_with_the_indicator_that_is_at_fault() {
    let (catalogue, found) = told(FIGURE_FILE, INDICATORS, "stage=humming", "stage=buzzing");
    assert_eq!(found.matches('\n').count(), 1, "{found}");
    assert!(catalogue.indicator("humming").is_none() && catalogue.indicator("share").is_none());
    assert!(catalogue.terms().term("indicator", "humming").is_none());
}

#[test]
fn a_sum_over_what_not_everyone_may_read_is_refused() {
    let counted = INDICATORS.replace("of = \"hives\"", "of = \"cost\"");
    let (_, found) = load(&[(FIGURE_FILE, &counted)]);
    let told = "bees.toml:33:6: `of` is the field `cost`, which not everyone may read";
    assert!(found.contains(told), "{found}");
}

#[test]
fn what_speaks_of_a_faulty_kind_is_left_out_without_a_word() {
    let (catalogue, found) =
        load(&[("catalogue/apiary/kind.toml", "name = \"apiary\"\npath = \"apiaries\"")]);
    assert!(!found.contains("some.toml") && !found.contains("bees.toml"), "{found}");
    assert_eq!((catalogue.views().count(), catalogue.indicators().count()), (0, 1));
}

#[test]
fn an_overlay_adds_views_and_indicators_under_names_of_its_own() {
    let views = VIEWS.replace("views.", "views.local_");
    let figures = INDICATORS
        .replace("indicators.", "indicators.local_")
        .replace("\"humming\"\nunder = \"all\"", "\"local_humming\"\nunder = \"all\"");
    let (catalogue, found) =
        load(&[("data/local/views/some.toml", &views), ("data/local/indicators/bees.toml", &figures)]);
    assert_eq!(found, "");
    assert!(catalogue.view("local_many").is_some());
    assert_eq!(catalogue.indicators().nth(6).map(|found| found.name.as_str()), Some("local_share"));
    let (_, found) = load(&[("data/local/views/more.toml", &VIEWS.replace("views.many", "views.most"))]);
    assert!(
        found.contains("local/views/more.toml:7:8: `most` is local and must begin with `local_`"),
        "{found}"
    );
    let (_, found) =
        load(&[("data/local/indicators/more.toml", &INDICATORS.replace("indicators.", "indicators.my_"))]);
    assert!(found.contains("more.toml:1:13: `my_share` is local and must begin with `local_`"), "{found}");
}
