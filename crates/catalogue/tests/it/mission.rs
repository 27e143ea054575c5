//! The table of the source documents: what it says carries a row is in the catalogue, and local names lead to one type.

use std::collections::BTreeSet;

use crate::shared::shipped;
use catalogue::{Catalogue, Kind, Shape};

/// Rows of each group, in the order of the table.
const GROUPS: [(&str, usize); 21] = [
    ("A", 38),
    ("B", 54),
    ("C", 16),
    ("D", 23),
    ("E", 18),
    ("F", 19),
    ("G", 21),
    ("H", 18),
    ("I", 25),
    ("J", 16),
    ("K", 27),
    ("L", 22),
    ("M", 13),
    ("N", 15),
    ("O", 8),
    ("P", 16),
    ("Q", 12),
    ("R", 14),
    ("S", 26),
    ("T", 17),
    ("U", 12),
];

/// First parts of addresses that are no kind's.
const DESKS: [&str; 7] = ["figures", "regions", "lists", "search", "compare", "check", "pairs"];

struct Row {
    number: String,
    by: Vec<String>,
    page: String,
}

fn rows() -> Vec<Row> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalogue/mission.csv");
    let text = std::fs::read_to_string(path).unwrap();
    assert_eq!(text.lines().next(), Some("row,source,zh,en,figure,by,page"));
    text.lines().skip(1).map(row).collect()
}

fn row(line: &str) -> Row {
    let cells = cells(line);
    assert_eq!(cells.len(), 7, "{line}");
    let by = cells[5].split_whitespace().map(str::to_owned).collect();
    Row { number: cells[0].clone(), by, page: cells[6].clone() }
}

/// The cells of a line; one in quotes may hold commas.
fn cells(line: &str) -> Vec<String> {
    let (mut cells, mut quoted) = (vec![String::new()], false);
    for letter in line.chars() {
        match letter {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            _ => cells.last_mut().unwrap().push(letter),
        }
    }
    cells
}

#[test]
fn every_row_stands_in_its_place() {
    let numbers: Vec<String> = rows().into_iter().map(|row| row.number).collect();
    let group = |(letter, count): (&'static str, usize)| (1..=count).map(move |at| format!("{letter}{at}"));
    let expect: Vec<String> = GROUPS.into_iter().flat_map(group).collect();
    assert_eq!(expect.len(), 430);
    assert_eq!(numbers, expect);
}

/// Whether the catalogue has what a reference names.
fn resolves(catalogue: &Catalogue, reference: &str) -> bool {
    let Some((what, name)) = reference.split_once(':') else { return false };
    let of_kind = |has: &dyn Fn(&Kind, &str) -> bool| {
        let Some((kind, name)) = name.split_once('/') else { return false };
        catalogue.kind(kind).is_some_and(|kind| has(kind, name))
    };
    match what {
        "kind" => catalogue.kind(name).is_some(),
        "type" => of_kind(&|kind, path| kind.type_of(path).is_some()),
        "field" => of_kind(&|kind, field| kind.field(field).is_some()),
        "stage" => of_kind(&|kind, stage| kind.stage(stage).is_some()),
        "move" => of_kind(&|kind, of| kind.move_of(of).is_some()),
        "view" => catalogue.view(name).is_some(),
        "indicator" => catalogue.indicator(name).is_some(),
        "vocabulary" => catalogue.vocabularies().contains_key(name),
        "term" => name
            .split_once('/')
            .is_some_and(|(vocabulary, code)| catalogue.terms().term(vocabulary, code).is_some()),
        _ => false,
    }
}

#[test]
fn what_carries_a_row_is_in_the_catalogue() {
    let (catalogue, _) = shipped();
    let unknown = rows().into_iter().flat_map(|row| {
        let lost: Vec<String> = row.by.iter().filter(|by| !resolves(&catalogue, by)).cloned().collect();
        lost.into_iter().map(move |by| format!("{} {by}", row.number))
    });
    assert_eq!(unknown.collect::<Vec<_>>(), Vec::<String>::new());
    for nonsense in ["station", "type:station/nowhere", "type:center", "term:landing/moon", "page:/stations"]
    {
        assert!(!resolves(&catalogue, nonsense), "{nonsense}");
    }
}

/// Parties, carriers, demands, supply, local lists, docking and staff have a place in the catalogue, row by row.
#[test]
fn the_words_of_the_mission_have_a_place() {
    let asked = |row: &Row| {
        row.number.starts_with(['A', 'B', 'E', 'F', 'U']) || ["G1", "H5"].contains(&row.number.as_str())
    };
    let without = rows().into_iter().filter(|row| asked(row) && row.by.is_empty()).map(|row| row.number);
    assert_eq!(without.collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn a_row_that_a_page_does_is_carried_by_something() {
    let without = rows().into_iter().filter(|row| !row.page.is_empty() && row.by.is_empty());
    assert_eq!(without.map(|row| row.number).collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn no_type_of_station_is_without_a_row() {
    let (catalogue, _) = shipped();
    let named: BTreeSet<String> = rows().into_iter().flat_map(|row| row.by).collect();
    let types = &catalogue.kind("station").unwrap().types;
    let idle = types.iter().filter(|of| !named.contains(&format!("type:station/{}", of.path)));
    assert_eq!(idle.map(|of| of.path.as_str()).collect::<Vec<_>>(), Vec::<&str>::new());
}

/// A pair of a list's address: a set of records the kind has, or a listed field with a value it may take.
fn pair_holds(catalogue: &Catalogue, kind: &Kind, name: &str, value: &str) -> bool {
    let listed = |name: &str| kind.listed().find(|field| field.name == name);
    match name {
        "type" => kind.type_of(value).is_some(),
        "stage" => kind.stage(value).is_some(),
        "view" => catalogue.view(value).is_some_and(|view| view.kind == kind.name),
        "list" => value.split_once('.').is_some_and(|(vocabulary, term)| {
            listed("industry").is_some() && !catalogue.mapped(vocabulary, term).is_empty()
        }),
        "order" => listed(value.trim_start_matches('-')).is_some(),
        _ => listed(name).is_some_and(|field| match &field.shape {
            Shape::Code(vocabulary) => catalogue.terms().term(vocabulary, value).is_some(),
            Shape::Boolean => value == "true",
            _ => false,
        }),
    }
}

/// Why an address cannot be one of this house's; none where it can.
fn page_fault(catalogue: &Catalogue, page: &str) -> Option<&'static str> {
    let (path, query) = page.split_once('?').unwrap_or((page, ""));
    let parts: Vec<&str> = path.split('/').collect();
    let ["", first, rest @ ..] = parts.as_slice() else { return Some("begins with no slash") };
    let pairs: Vec<(&str, &str)> = query.split('&').filter_map(|pair| pair.split_once('=')).collect();
    if let Some(kind) = catalogue.by_path(first) {
        let posts = rest == ["post"] && !kind.quick.is_empty();
        let holds = |(name, value): &(&str, &str)| pair_holds(catalogue, kind, name, value);
        return match (rest.is_empty() || posts, pairs.iter().all(holds)) {
            (false, _) => Some("is no page of a kind"),
            (true, false) => Some("asks what the list does not know"),
            (true, true) => None,
        };
    }
    let indicator = rest.first().filter(|_| *first == "figures");
    match DESKS.contains(first) && indicator.is_none_or(|name| catalogue.indicator(name).is_some()) {
        true => None,
        false => Some("is no desk"),
    }
}

#[test]
fn pages_are_addresses_of_this_house() {
    let (catalogue, _) = shipped();
    let faulty = rows().into_iter().filter(|row| !row.page.is_empty()).filter_map(|row| {
        page_fault(&catalogue, &row.page).map(|fault| format!("{} {} {fault}", row.number, row.page))
    });
    assert_eq!(faulty.collect::<Vec<_>>(), Vec::<String>::new());
    for nonsense in [
        "stations",
        "/moon",
        "/figures/moon",
        "/stations?type=moon",
        "/stations?view=grassroots",
        "/stations?mode=council",
        "/stations/post",
        "/demands?list=ningbo_246.moon",
        "/demands?purpose=moon",
    ] {
        assert!(page_fault(&catalogue, nonsense).is_some(), "{nonsense}");
    }
}

/// What places call a carrier or a person who serves, and the one type it is.
const LOCAL_NAMES: [(&str, &str, &str); 24] = [
    ("station", "学会服务站", "center.society_station"),
    ("station", "学会工作站", "center.society_station"),
    ("station", "科技服务机构", "center.society_station"),
    ("station", "学会协同创新服务站", "center.society_station.synergy"),
    ("station", "协同创新德清服务站", "center.society_station.synergy"),
    ("station", "产业服务站", "center.society_station.industry"),
    ("station", "联合体", "consortium"),
    ("station", "创新联合体", "consortium"),
    ("station", "科技经济融合联合体", "consortium"),
    ("station", "产业创新联合体", "consortium.industrial"),
    ("station", "学会企业联合体", "consortium.enterprise"),
    ("station", "区域创新联盟", "consortium.regional"),
    ("station", "产业技术联盟", "center.alliance"),
    ("station", "产业创新服务中心", "center"),
    ("station", "产业创新服务综合体", "center.complex"),
    ("station", "综合服务体", "center.complex"),
    ("station", "协同创新中心", "center.engineers"),
    ("station", "协同创新基地", "innovation_base.synergy"),
    ("person", "科技特派员", "liaison.envoy"),
    ("person", "科技联络员", "liaison.contact"),
    ("person", "助企服务员", "liaison.helper"),
    ("person", "科技顾问", "liaison.adviser"),
    ("person", "专员", "liaison.contact"),
    // Not a name of a station: the unit that gives services.
    ("organization", "科技服务机构", "intermediary"),
];

#[test]
fn each_local_name_leads_to_one_type() {
    let (catalogue, _) = shipped();
    for (kind, name, path) in LOCAL_NAMES {
        let kind = catalogue.kind(kind).unwrap();
        let called: Vec<&str> =
            kind.types.iter().filter(|of| of.is_called(name)).map(|of| of.path.as_str()).collect();
        assert_eq!(called, [path], "{name}");
        assert_eq!(kind.type_called(name).map(|of| of.path.as_str()), Some(path), "{name}");
    }
}

/// Sets are views and no type; the three sources of experts are terms; local lists stand for national classes.
#[test]
fn what_is_no_type_is_a_view_a_term_or_a_list() {
    let (catalogue, _) = shipped();
    for (view, name) in
        [("three_stations", "三站"), ("house_and_stations", "一家三站"), ("four_stations", "四站联作")]
    {
        assert!(catalogue.view(view).unwrap().label.zh.contains(name), "{name}");
        assert!(catalogue.kinds().all(|kind| kind.type_called(name).is_none()), "{name}");
    }
    for code in ["society", "academician", "overseas", "summit"] {
        assert!(catalogue.terms().term("expert_source", code).is_some(), "{code}");
    }
    for (list, name) in [
        ("ningbo_246", "246"),
        ("wenzhou_55", "5+5"),
        ("shenzhen_20_8", "20+8"),
        ("ningbo_chains", "十大标志性产业链"),
    ] {
        let list = &catalogue.vocabularies()[list];
        assert!(list.label.zh.contains(name) && list.maps.as_deref() == Some("industry"), "{name}");
    }
}
