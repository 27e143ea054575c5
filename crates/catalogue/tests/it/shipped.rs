//! The catalogue that is shipped: sound, complete, and as people reviewed it.

use crate::shared::{id, listed, shipped};
use base::limits::LIST_FIELDS_MAX;
use catalogue::access::grants_csv;
use catalogue::{Asker, Layer, Subject};

#[test]
fn it_loads_without_a_fault() {
    let (catalogue, found) = shipped();
    assert_eq!(listed(&found), "");
    let names: Vec<&str> = catalogue.kinds().map(|kind| kind.name.as_str()).collect();
    let expected = [
        "demand",
        "person",
        "organization",
        "station",
        "achievement",
        "service",
        "policy",
        "programme",
        "match",
        "case",
        "event",
        "credit",
        "attendance",
        "tie",
        "trip",
        "visit",
        "agreement",
        "outcome",
        "story",
        "target",
        "memo",
        "report",
        "benefit",
        "task",
        "application",
        "review",
        "certificate",
        "objection",
        "evaluation",
    ];
    assert_eq!(names, expected);
    assert!(catalogue.kinds().all(|kind| kind.listed().count() <= LIST_FIELDS_MAX));
    assert_eq!(catalogue.by_path("demands").map(|kind| kind.sign.as_str()), Some("需"));
}

#[test]
fn every_type_has_a_schema_that_compiles() {
    let (catalogue, _) = shipped();
    for kind in catalogue.kinds() {
        let paths: Vec<&str> = kind.types.iter().map(|of| of.path.as_str()).collect();
        for path in if paths.is_empty() { vec![""] } else { paths } {
            let schema = catalogue.schema(&kind.name, path).unwrap();
            assert_eq!(
                schema["properties"].as_object().unwrap().len(),
                kind.fields_of(path).count(),
                "{path}"
            );
            let (_, faults) = catalogue.check(&kind.name, path, &catalogue::Fields::new()).unwrap();
            let needed: Vec<&str> =
                kind.fields_of(path).filter(|f| f.required).map(|f| f.name.as_str()).collect();
            let told: Vec<&str> = faults.iter().map(|fault| fault.field.as_str()).collect();
            assert_eq!(told, needed, "{} {path}", kind.name);
            assert!(faults.iter().all(|fault| fault.code == "required"));
        }
    }
}

#[test]
fn the_committed_grants_table_is_current() {
    let (catalogue, _) = shipped();
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalogue/grants.csv");
    let made = grants_csv(&catalogue);
    if std::env::var_os("GRANTS_UPDATE").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == made,
        "catalogue/grants.csv is not current: review the change, then run with GRANTS_UPDATE=1"
    );
}

/// Words a visitor must never read are not in the open layer, and nothing sealed is listed or searched.
#[test]
fn contacts_and_details_are_not_open() {
    let (catalogue, _) = shipped();
    for kind in catalogue.kinds() {
        for field in &kind.fields {
            let contact = field.name.starts_with("contact_") || field.name.starts_with("secrecy_");
            assert!(!(contact && field.layer == Layer::Open), "{}.{}", kind.name, field.name);
            let hidden = matches!(field.name.as_str(), "details" | "attachments");
            assert!(!hidden || field.layer == Layer::Sealed, "{}.{}", kind.name, field.name);
        }
    }
}

/// Whoever is asked about a person is told why; what the law wants to know of a field stands with the field.
#[test]
fn personal_data_says_what_it_is_for() {
    let (catalogue, _) = shipped();
    let told: Vec<String> = catalogue
        .kinds()
        .flat_map(|kind| kind.fields.iter().map(move |field| (kind, field)))
        .filter(|(_, field)| field.purpose.is_some())
        .map(|(kind, field)| format!("{}.{}", kind.name, field.name))
        .collect();
    for field in [
        "person.title",
        "person.contact_phone",
        "demand.contact_name",
        "demand.filled_by",
        "case.contact_phone",
        "match.candidate_contact",
        "match.refers_to",
        "achievement.contact_email",
        "organization.contact_phone",
    ] {
        assert!(told.iter().any(|of| of == field), "{field} says no purpose");
    }
    // What the check knows by sight is all there: a kind of persons in full, contacts and closed names of any kind.
    let silent = catalogue.kinds().flat_map(|kind| {
        kind.fields.iter().filter(|field| kind.is_personal(field) && field.purpose.is_none()).map(|f| &f.name)
    });
    assert_eq!(silent.count(), 0);
    let person = catalogue.kind("person").unwrap();
    assert!(person.personal && person.fields.iter().all(|field| person.is_personal(field)));
}

/// The clearance of a named person stands before every way to the public but the lists of people and units.
#[test]
fn nothing_technical_becomes_public_uncleared() {
    use catalogue::Audience;
    use catalogue::step::Guard;
    let (catalogue, _) = shipped();
    for kind in ["demand", "achievement"].map(|name| catalogue.kind(name).unwrap()) {
        let reach = |stage: &str| kind.stage(stage).unwrap().reach;
        for mv in &kind.moves {
            let Some(to) = &mv.to else { continue };
            let opens =
                reach(to) == Audience::Public && mv.from.iter().any(|from| reach(from) < Audience::Public);
            assert!(!opens || mv.when.contains(&Guard::SecrecyCleared), "{} {}", kind.name, mv.name);
        }
        assert!(reach(&kind.start) == Audience::Private);
    }
}

#[test]
fn a_contact_person_is_private_and_their_own() {
    let (catalogue, _) = shipped();
    let kind = catalogue.kind("person").unwrap();
    assert_eq!((kind.start_of("contact"), kind.start_of("expert")), ("kept", "proposed"));
    let contact = Subject {
        id: id(1),
        kind: "person".into(),
        type_path: "contact".into(),
        stage: "kept".into(),
        owner: Some(id(1)),
        place: None,
        audience: catalogue::step::audience(kind, "kept", &catalogue::Fields::new()),
        assigned: vec![],
    };
    let me = Asker { person: Some(id(1)), ..Asker::default() };
    let steward = Asker {
        person: Some(id(2)),
        roles: vec![catalogue::RoleGrant { role: catalogue::Role::Steward, over: catalogue::Over::Node }],
        ..Asker::default()
    };
    let verb = catalogue::kind::Verb::Erase;
    assert!(catalogue::access::may_read(kind, &me, &contact).is_some());
    assert!(catalogue::access::may_read(kind, &steward, &contact).is_none());
    assert!(catalogue::access::may(kind, &steward, &contact, &verb).is_some());
    // Posters' contacts are filed by the house, never by visitors themselves.
    let create = catalogue::kind::Verb::Create;
    assert!(catalogue::access::may(kind, &Asker::default(), &contact, &create).is_none());
    assert!(catalogue::access::may(kind, &steward, &contact, &create).is_some());
}
