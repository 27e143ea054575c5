//! Moves: every guard, every effect, clocks, audiences, and what is offered.

use crate::shared::{apiary, id, shipped};
use base::calendar::Calendar;
use catalogue::checkup::{Grade, checkup};
use catalogue::kind::{Clock, Kind, Label, Move, Span, Want};
use catalogue::step::{Around, Effect, Guard, REFUSAL_CODES, Started, audience, clocks_kept, clocks_of};
use catalogue::{
    Asker, Audience, Facts, Fields, Over, Refusal, Role, RoleGrant, Step, Subject, offers, step,
};
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
    around: Around,
    today: Date,
    asker: Asker,
}

impl Default for Case {
    fn default() -> Case {
        let before = json!({ "title": "云岭蜂场", "secrecy_cleared_by": id(2).to_string() });
        let given = json!({ "hives": 12, "secrecy_cleared_on": "2026-03-06" });
        Case { before, given, duplicates: 0, around: Around::default(), today: TODAY, asker: owner() }
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
        around: &case.around,
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
    let rest = |above: bool| {
        let office = RoleGrant { role: Role::Officer, over: Over::Node };
        let roles = above.then_some(office).into_iter().collect();
        let case = Case { given: json!({}), asker: Asker { roles, ..owner() }, ..Case::default() };
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
        around: Around::CLEAR,
    };
    let offered = offers(&kind, &record("humming"), &facts);
    let rest = offered.iter().find(|offer| offer.mv.name == "rest").unwrap();
    assert_eq!(rest.refusal, Some(Refusal::Guards(vec![Guard::ByLevelAbove])));
}

#[test]
fn who_belongs_to_both_sides_makes_no_move_that_asks_for_one() {
    let (_, mut kind) = apiary();
    kind.moves.iter_mut().filter(|mv| mv.name == "rest").for_each(|mv| mv.when = vec![Guard::OneSide]);
    let rest = |both_sides: bool| {
        let failing = both_sides.then_some(Guard::OneSide).into_iter().collect();
        let around = Around { failing, ..Around::default() };
        let case = Case { given: json!({}), around, ..Case::default() };
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
    let due =
        clocks_of(demand, "submitted", &Fields::new(), date(2026, 9, 30), &Calendar::bundled()).unwrap();
    let [Started { name, due: day, due_move, rings: false }] = &due[..] else { panic!("one clock: {due:?}") };
    assert_eq!((name.as_str(), due_move.as_deref()), ("review", Some("check")));
    assert!(*day > date(2026, 10, 7), "three working days after 30 September lie behind National Day: {day}");
    assert_eq!(clocks_of(demand, "draft", &Fields::new(), TODAY, &Calendar::bundled()), Ok(vec![]));
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
            around: Around::CLEAR,
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

#[test]
fn a_clock_may_go_by_a_day_of_the_record() {
    let (_, mut kind) = apiary();
    let span = Span::To { field: "opened_on".into(), days_before: 30 };
    let clock = Clock {
        name: "count".into(),
        label: Label::default(),
        span,
        due_move: None,
        does: None,
        climbs: vec![],
        rests: false,
    };
    kind.stages
        .iter_mut()
        .filter(|stage| stage.name == "resting")
        .for_each(|stage| stage.clocks = vec![clock.clone()]);
    let due = |body: Value| clocks_of(&kind, "resting", &fields(body), TODAY, &Calendar::bundled()).unwrap();
    assert_eq!(due(json!({})), []);
    let first = due(json!({ "opened_on": "2026-08" }));
    assert_eq!(
        first.iter().map(|of| of.due).collect::<Vec<_>>(),
        [date(2026, 8, 1)],
        "the last of August less thirty days"
    );
    let moved = clocks_kept(&kind, "resting", &first, &fields(json!({ "opened_on": "2026-10-31" })));
    assert_eq!(moved.iter().map(|of| of.due).collect::<Vec<_>>(), [date(2026, 10, 1)]);
    assert_eq!(clocks_kept(&kind, "resting", &first, &fields(json!({}))), []);
}

#[test]
fn a_move_has_its_days() {
    let (_, mut kind) = apiary();
    let rest = |kind: &Kind, body: Value| {
        let case = Case { before: body, given: json!({}), ..Case::default() };
        make(kind, "humming", "rest", case).map(|step| step.to)
    };
    let of = |kind: &mut Kind, change: fn(&mut Move)| {
        kind.moves.iter_mut().filter(|mv| mv.name == "rest").for_each(change)
    };
    of(&mut kind, |mv| mv.opens = Some("opened_on".into()));
    assert_eq!(rest(&kind, json!({})), Err(Refusal::NotYet(None)));
    assert_eq!(rest(&kind, json!({ "opened_on": TODAY.to_string() })), Err(Refusal::NotYet(Some(TODAY))));
    assert_eq!(rest(&kind, json!({ "opened_on": "2026-03-05" })), Ok("resting".to_owned()));
    of(&mut kind, |mv| (mv.opens, mv.closes) = (None, Some("opened_on".into())));
    assert_eq!(rest(&kind, json!({})), Ok("resting".to_owned()));
    assert_eq!(rest(&kind, json!({ "opened_on": TODAY.to_string() })), Ok("resting".to_owned()));
    assert_eq!(rest(&kind, json!({ "opened_on": "2026-03-05" })), Err(Refusal::Over(date(2026, 3, 5))));
}

#[test]
fn a_move_waits_for_the_records_it_wants() {
    let (_, kind) = apiary();
    let label = Label { zh: "两份评审意见".into(), en: "two reviews".into() };
    let want = Want {
        kind: "visit".into(),
        field: "station".into(),
        stages: vec![],
        type_path: None,
        least: 2,
        most: None,
        label: label.clone(),
    };
    let rest = |name: &str| {
        let around = Around { lacking: vec![(name.to_owned(), want.clone())], ..Around::default() };
        make(&kind, "humming", "rest", Case { given: json!({}), around, ..Case::default() })
    };
    assert_eq!(rest("rest"), Err(Refusal::Lacking(vec![label.clone()])));
    assert!(rest("count").is_ok(), "what another move waits for stands in no way");
}
