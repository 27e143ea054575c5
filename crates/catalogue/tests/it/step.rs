//! Moves: every guard, every effect, clocks, audiences, and what is offered.

use crate::shared::{apiary, id, shipped};
use base::calendar::Calendar;
use catalogue::checkup::{Grade, checkup};
use catalogue::kind::Kind;
use catalogue::step::{Effect, Guard, REFUSAL_CODES, Started, audience, clocks_of};
use catalogue::{Asker, Audience, Facts, Fields, Refusal, Step, Subject, offers, step};
use jiff::civil::{Date, date};
use serde_json::{Value, json};

const TODAY: Date = date(2026, 3, 6);

fn fields(value: Value) -> Fields {
    match value {
        Value::Object(fields) => fields,
        _ => panic!("fields are an object"),
    }
}

fn record(stage: &str) -> Subject {
    Subject {
        id: id(9),
        kind: "apiary".into(),
        type_path: "fixed".into(),
        stage: stage.into(),
        owner: Some(id(1)),
        place: None,
        audience: Audience::Private,
        assigned: vec![],
    }
}

fn owner() -> Asker {
    Asker { person: Some(id(1)), ..Asker::default() }
}

struct Case {
    before: Value,
    given: Value,
    duplicates: usize,
    level_above: bool,
    both_sides: bool,
    today: Date,
    asker: Asker,
}

impl Default for Case {
    fn default() -> Case {
        let before = json!({ "title": "云岭蜂场", "secrecy_cleared_by": id(2).to_string() });
        let given = json!({ "hives": 12, "secrecy_cleared_on": "2026-03-06" });
        Case {
            before,
            given,
            duplicates: 0,
            level_above: false,
            both_sides: false,
            today: TODAY,
            asker: owner(),
        }
    }
}

fn make(kind: &Kind, stage: &str, name: &str, case: Case) -> Result<Step, Refusal> {
    let (before, given) = (fields(case.before), fields(case.given));
    let calendar = Calendar::bundled();
    let facts = Facts {
        asker: &case.asker,
        today: case.today,
        calendar: &calendar,
        fields: &before,
        given: &given,
        duplicates: case.duplicates,
        level_above: case.level_above,
        both_sides: case.both_sides,
        within_limit: true,
        conflict: false,
    };
    step(kind, &record(stage), name, &facts)
}

#[test]
fn a_move_writes_moves_starts_its_clock_and_names_its_effects() {
    let (_, kind) = apiary();
    let made = make(&kind, "noted", "open-up", Case::default()).unwrap();
    assert_eq!((made.to.as_str(), made.audience), ("humming", Audience::Public));
    assert_eq!(made.fields["hives"], json!(12));
    // Friday, 6 March 2026 and three working days: Wednesday.
    let winter = Started {
        name: "winter".into(),
        due: date(2026, 3, 11),
        due_move: Some("rest".into()),
        rings: false,
    };
    assert_eq!(made.clocks, [winter]);
    assert_eq!(made.effects, [Effect::JoinDemand]);
}

#[test]
fn a_move_that_keeps_its_stage_keeps_the_clock() {
    let (_, kind) = apiary();
    let made =
        make(&kind, "humming", "count", Case { given: json!({ "hives": 5 }), ..Case::default() }).unwrap();
    assert_eq!((made.to.as_str(), made.clocks), ("humming", vec![]));
}

#[test]
fn every_refusal_is_told() {
    let (_, kind) = apiary();
    let open = |case| make(&kind, "noted", "open-up", case).unwrap_err();
    assert_eq!(make(&kind, "noted", "fly", Case::default()), Err(Refusal::NoSuchMove));
    assert_eq!(
        make(&kind, "resting", "open-up", Case::default()),
        Err(Refusal::WrongStage { stage: "resting".into() })
    );
    assert_eq!(open(Case { asker: Asker::default(), ..Case::default() }), Refusal::NotAllowed);
    let Refusal::Faults(faults) = open(Case { given: json!({ "recipe": "糖" }), ..Case::default() }) else {
        panic!("faults")
    };
    let told: Vec<(&str, &str)> = faults.iter().map(|fault| (fault.field.as_str(), fault.code)).collect();
    assert_eq!(told, [("recipe", "not-taken"), ("hives", "required")]);
    let year = open(Case { today: date(2190, 3, 6), ..Case::default() });
    assert!(matches!(year, Refusal::MissingYear(2190)));
    let codes = [Refusal::NoSuchMove, Refusal::NotAllowed, year].map(|refusal| refusal.code());
    assert!(codes.iter().all(|code| REFUSAL_CODES.contains(code)));
}

#[test]
fn every_guard_holds_and_fails() {
    let (_, kind) = apiary();
    let cleared = json!({ "title": "云岭", "secrecy_cleared_by": id(2).to_string(), "secrecy_cleared_on": "2026-03-05" });
    let looked = json!({ "title": "云岭", "secrecy_cleared_by": id(2).to_string(), "secrecy_cleared_on": "2026", "not_duplicate": true });
    for (before, duplicates, expect) in [
        (cleared.clone(), 0, vec![]),
        (cleared.clone(), 2, vec![Guard::NotDuplicate]),
        (looked, 2, vec![]),
        (json!({ "title": "云岭" }), 0, vec![Guard::SecrecyCleared]),
        (json!({ "title": "云岭", "secrecy_cleared_on": "2026" }), 0, vec![Guard::SecrecyCleared]),
        (json!({}), 1, vec![Guard::Complete, Guard::SecrecyCleared, Guard::NotDuplicate]),
    ] {
        let case =
            Case { before: before.clone(), given: json!({ "hives": 3 }), duplicates, ..Case::default() };
        let told = match make(&kind, "noted", "open-up", case) {
            Err(Refusal::Guards(guards)) => guards,
            other => other.map(|_| vec![]).unwrap(),
        };
        assert_eq!(told, expect, "{before}");
    }
}

#[test]
fn what_only_the_level_above_may_do_is_refused_to_all_others() {
    let (_, mut kind) = apiary();
    kind.moves.iter_mut().filter(|mv| mv.name == "rest").for_each(|mv| mv.when = vec![Guard::ByLevelAbove]);
    let rest = |level_above| {
        let case = Case { given: json!({}), level_above, ..Case::default() };
        make(&kind, "humming", "rest", case)
    };
    assert_eq!(rest(false), Err(Refusal::Guards(vec![Guard::ByLevelAbove])));
    assert_eq!(rest(true).map(|step| step.to), Ok("resting".to_owned()));
    // Nothing the move asks for can make it hold, so the button says so beforehand.
    let (calendar, empty, me) = (Calendar::bundled(), Fields::new(), owner());
    let facts = Facts {
        asker: &me,
        today: TODAY,
        calendar: &calendar,
        fields: &empty,
        given: &empty,
        duplicates: 0,
        level_above: false,
        both_sides: false,
        within_limit: true,
        conflict: false,
    };
    let offered = offers(&kind, &record("humming"), &facts);
    let rest = offered.iter().find(|offer| offer.mv.name == "rest").unwrap();
    assert_eq!(rest.refusal, Some(Refusal::Guards(vec![Guard::ByLevelAbove])));
}

#[test]
fn who_belongs_to_both_sides_makes_no_move_that_asks_for_one() {
    let (_, mut kind) = apiary();
    kind.moves.iter_mut().filter(|mv| mv.name == "rest").for_each(|mv| mv.when = vec![Guard::OneSide]);
    let rest = |both_sides| {
        let case = Case { given: json!({}), both_sides, ..Case::default() };
        make(&kind, "humming", "rest", case)
    };
    assert_eq!(rest(true), Err(Refusal::Guards(vec![Guard::OneSide])));
    assert_eq!(rest(false).map(|step| step.to), Ok("resting".to_owned()));
}

#[test]
fn an_empty_value_clears_a_field() {
    let (_, kind) = apiary();
    let before = json!({ "title": "云岭", "hives": 4 });
    let made =
        make(&kind, "humming", "count", Case { before, given: json!({ "hives": null }), ..Case::default() })
            .unwrap();
    assert!(!made.fields.contains_key("hives"));
}

#[test]
fn the_audience_is_the_smaller_of_ceiling_and_reach() {
    let (_, kind) = apiary();
    for (stage, body, expect) in [
        ("humming", json!({}), Audience::Public),
        ("humming", json!({ "ceiling": "node" }), Audience::Node),
        ("noted", json!({ "ceiling": "public" }), Audience::Private),
        ("humming", json!({ "wild": true }), Audience::Node),
        ("humming", json!({ "wild": true, "ceiling": "public" }), Audience::Public),
        ("humming", json!({ "ceiling": "moon" }), Audience::Private),
        ("gone", json!({}), Audience::Private),
    ] {
        assert_eq!(audience(&kind, stage, &fields(body.clone())), expect, "{stage} {body}");
    }
}

#[test]
fn clocks_skip_holidays() {
    let (catalogue, _) = shipped();
    let demand = catalogue.kind("demand").unwrap();
    let due = clocks_of(demand, "submitted", date(2026, 9, 30), &Calendar::bundled()).unwrap();
    let [Started { name, due: day, due_move, rings: false }] = &due[..] else { panic!("one clock: {due:?}") };
    assert_eq!((name.as_str(), due_move.as_deref()), ("review", Some("check")));
    assert!(*day > date(2026, 10, 7), "three working days after 30 September lie behind National Day: {day}");
    assert_eq!(clocks_of(demand, "draft", TODAY, &Calendar::bundled()), Ok(vec![]));
}

#[test]
fn what_is_offered_says_what_stands_against_it() {
    let (_, kind) = apiary();
    let calendar = Calendar::bundled();
    let (empty, me, visitor) = (Fields::new(), owner(), Asker::default());
    let told = |asker: &Asker, body: Value, duplicates| {
        let before = fields(body);
        let facts = Facts {
            asker,
            today: TODAY,
            calendar: &calendar,
            fields: &before,
            given: &empty,
            duplicates,
            level_above: false,
            both_sides: false,
            within_limit: true,
            conflict: false,
        };
        let found: Vec<_> = offers(&kind, &record("noted"), &facts)
            .into_iter()
            .map(|o| (o.mv.name.clone(), o.refusal))
            .collect();
        found
    };
    // The clearance is asked by the move's own form, so its absence is no reason; a likely duplicate is.
    assert_eq!(told(&me, json!({ "title": "云岭" }), 0), [("open-up".to_owned(), None)]);
    let guards = Refusal::Guards(vec![Guard::Complete, Guard::NotDuplicate]);
    assert_eq!(told(&me, json!({}), 3), [("open-up".to_owned(), Some(guards))]);
    assert_eq!(told(&visitor, json!({}), 0), [("open-up".to_owned(), Some(Refusal::NotAllowed))]);
}

#[test]
fn the_grade_climbs_from_c_to_a() {
    let (catalogue, _) = shipped();
    let demand = catalogue.kind("demand").unwrap();
    let mut body = fields(json!({ "problem": "冷压强度不足" }));
    let mut grades = vec![];
    for (field, value) in [
        ("present_value", json!("0.7 MPa")),
        ("wanted_value", json!("≥ 1.0 MPa")),
        ("conditions", json!("45 min")),
        ("volume", json!("6 万 m³")),
        ("budget", json!({ "fen": 60_000_000, "about": false })),
        ("due_on", json!("2027-06")),
    ] {
        body.insert(field.into(), value);
        let found = checkup(demand, "technical", &body).unwrap();
        grades.push((found.grade, found.missing.len()));
    }
    assert_eq!(
        grades,
        [(Grade::C, 5), (Grade::C, 4), (Grade::C, 3), (Grade::B, 2), (Grade::B, 1), (Grade::A, 0)]
    );
    assert!(checkup(catalogue.kind("tie").unwrap(), "pairing", &body).is_none());
}
