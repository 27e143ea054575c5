//! The access rule in three forms: a naive predicate over grants, `may_read`, and the arms.

use crate::shared::{apiary, id, shipped};
use base::id::RecordId;
use base::place::Place;
use catalogue::access::{Only, Reach, arms, level_above, may, may_read, opposed};
use catalogue::kind::{By, Grant, Verb};
use catalogue::{Arm, Asker, Audience, Kind, Over, Role, RoleGrant, Standing, Subject};
use proptest::prelude::*;

/// The sentence of the design, word by word: a grant holds whose stages include the record's, its
/// standing holds, and the audience admits that standing.
fn naive(kind: &Kind, asker: &Asker, record: &Subject) -> bool {
    kind.grants.iter().any(|grant| {
        grant.verb == Verb::Read
            && (grant.stages.is_empty() || grant.stages.contains(&record.stage))
            && stands(grant.by, asker, record)
            && admits(record.audience, grant.by.standing)
            && ((grant.by.standing == Standing::Anyone && grant.by.role.is_none()) || kept(asker, record))
    })
}

/// Whoever came by a link about some records stands to no others.
fn kept(asker: &Asker, record: &Subject) -> bool {
    asker.only.as_ref().is_none_or(|only| only.records.contains(&record.id))
}

fn admits(audience: Audience, standing: Standing) -> bool {
    match standing {
        Standing::Own | Standing::Assigned => true,
        Standing::Region | Standing::Node => audience != Audience::Private,
        Standing::Anyone => audience == Audience::Public,
    }
}

fn stands(by: By, asker: &Asker, record: &Subject) -> bool {
    let held: Vec<&Over> =
        asker.roles.iter().filter(|of| Some(of.role) == by.role).map(|of| &of.over).collect();
    let party = |who: RecordId| match by.role {
        None => asker.person == Some(who) || asker.organizations.contains(&who),
        Some(_) => held.contains(&&Over::Organization(who)),
    };
    match by.standing {
        Standing::Own => record.owner.is_some_and(party),
        Standing::Assigned => record.assigned.iter().any(|who| party(*who)),
        Standing::Region => held.iter().any(|over| match over {
            Over::Node => true,
            Over::Place(place) => record.place.as_ref().is_some_and(|own| own.within(place)),
            Over::Organization(_) => false,
        }),
        Standing::Node => held.contains(&&Over::Node),
        Standing::Anyone => by.role.is_none() || !held.is_empty(),
    }
}

const PLACES: [&str; 4] = ["330000", "330500", "330521", "330200"];
const ROLES: [Role; 4] = [Role::Member, Role::Liaison, Role::Officer, Role::Steward];
const STAGES: [&str; 3] = ["noted", "humming", "resting"];

fn a_place() -> impl Strategy<Value = Place> {
    prop::sample::select(PLACES.to_vec()).prop_map(|code| Place::parse(code).unwrap())
}

fn an_id() -> impl Strategy<Value = RecordId> {
    (1u64..5).prop_map(id)
}

fn an_over() -> impl Strategy<Value = Over> {
    prop_oneof![a_place().prop_map(Over::Place), an_id().prop_map(Over::Organization), Just(Over::Node)]
}

fn an_asker() -> impl Strategy<Value = Asker> {
    let role =
        (prop::sample::select(ROLES.to_vec()), an_over()).prop_map(|(role, over)| RoleGrant { role, over });
    let only = (prop::collection::vec(8u64..11, 0..3), any::<bool>(), any::<bool>()).prop_map(
        |(records, answered, handed)| {
            let records = records.into_iter().map(id).collect();
            Only { records, answered, handed }
        },
    );
    let parties = (prop::option::of(an_id()), prop::collection::vec(an_id(), 0..3));
    (parties, prop::collection::vec(role, 0..4), prop::option::of(only)).prop_map(
        |((person, organizations), roles, only)| Asker { person, organizations, roles, behalf: None, only },
    )
}

fn an_audience() -> impl Strategy<Value = Audience> {
    prop::sample::select(Audience::NAMES.map(|(_, audience)| audience).to_vec())
}

fn a_record() -> impl Strategy<Value = Subject> {
    let stage = prop::sample::select(STAGES.to_vec());
    let parties = (prop::option::of(an_id()), prop::collection::vec(an_id(), 0..3));
    (stage, parties, prop::option::of(a_place()), an_audience()).prop_map(
        |(stage, (owner, assigned), place, audience)| {
            let (kind, type_path, stage) = ("apiary".into(), "fixed".into(), stage.into());
            Subject { id: id(9), kind, type_path, stage, owner, place, audience, assigned }
        },
    )
}

fn grants() -> impl Strategy<Value = Vec<Grant>> {
    let standing = prop::sample::select(Standing::NAMES.map(|(_, standing)| standing).to_vec());
    let role = prop::option::of(prop::sample::select(ROLES.to_vec()));
    let stages = prop::sample::subsequence(STAGES.map(String::from).to_vec(), 0..3);
    let grant = (role, standing, stages).prop_filter_map(
        "region and node need a role",
        |(role, standing, stages)| {
            let bare = role.is_none() && matches!(standing, Standing::Region | Standing::Node);
            (!bare).then_some(Grant { verb: Verb::Read, by: By { role, standing }, stages, open: false })
        },
    );
    prop::collection::vec(grant, 0..6)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn three_forms_of_one_rule(grants in grants(), asker in an_asker(), record in a_record()) {
        let kind = Kind { grants, ..apiary_kind() };
        let expect = naive(&kind, &asker, &record);
        prop_assert_eq!(may_read(&kind, &asker, &record).is_some(), expect);
        let arms = arms(&kind, &asker, &Verb::Read);
        prop_assert_eq!(arms.iter().any(|arm| arm.admits(&record)), expect);
        let standings: Vec<Standing> = arms.iter().map(|arm| arm.reach.standing()).collect();
        prop_assert!(standings.is_sorted());
    }

    #[test]
    fn the_shipped_kinds_keep_the_rule(asker in an_asker(), record in a_record(), at in 0usize..100) {
        for kind in shipped_kinds() {
            let stage = kind.stages[at % kind.stages.len()].name.clone();
            let record = Subject { stage, kind: kind.name.clone(), ..record.clone() };
            prop_assert_eq!(may_read(kind, &asker, &record).is_some(), naive(kind, &asker, &record));
        }
    }
}

fn apiary_kind() -> Kind {
    static KIND: std::sync::OnceLock<Kind> = std::sync::OnceLock::new();
    KIND.get_or_init(|| apiary().1).clone()
}

fn shipped_kinds() -> &'static [Kind] {
    static KINDS: std::sync::OnceLock<Vec<Kind>> = std::sync::OnceLock::new();
    KINDS.get_or_init(|| shipped().0.kinds().cloned().collect())
}

fn holding(role: Role, over: Over) -> Asker {
    Asker {
        person: Some(id(1)),
        organizations: vec![id(2)],
        roles: vec![RoleGrant { role, over }],
        behalf: None,
        only: None,
    }
}

#[test]
fn covered_arms_are_left_out() {
    let kind = apiary_kind();
    let huzhou = Place::parse("330500").unwrap();
    let mut asker = holding(Role::Officer, Over::Place(Place::parse("330521").unwrap()));
    asker.roles.push(RoleGrant { role: Role::Officer, over: Over::Place(huzhou.clone()) });
    let reaches: Vec<Reach> = arms(&kind, &asker, &Verb::Read).into_iter().map(|arm| arm.reach).collect();
    let expect = [
        Reach::Own(id(1)),
        Reach::Own(id(2)),
        Reach::Assigned(id(1)),
        Reach::Assigned(id(2)),
        Reach::Region(huzhou),
        Reach::Anyone,
    ];
    assert_eq!(reaches, expect);
    let steward = holding(Role::Steward, Over::Node);
    let last = arms(&kind, &steward, &Verb::Read).pop();
    assert_eq!(
        last,
        Some(Arm { reach: Reach::Node, role: Some(Role::Steward), stages: vec![], only: None, open: false })
    );
    let visitor = arms(&kind, &Asker::default(), &Verb::Read);
    assert_eq!(
        visitor,
        [Arm { reach: Reach::Anyone, role: None, stages: vec!["humming".into()], only: None, open: false }]
    );
}

#[test]
fn a_link_keeps_to_its_records_and_once_answered_only_reads() {
    let (catalogue, _) = shipped();
    let kind = catalogue.kind("demand").unwrap();
    let record = |n| Subject {
        id: id(n),
        kind: "demand".into(),
        type_path: "technical".into(),
        stage: "draft".into(),
        owner: Some(id(1)),
        place: None,
        audience: Audience::Private,
        assigned: vec![],
    };
    let by_link = |answered| Asker {
        person: Some(id(1)),
        only: Some(Only { records: vec![id(5)], answered, handed: false }),
        ..Asker::default()
    };
    let own = Asker { person: Some(id(1)), ..Asker::default() };
    let does = |asker: &Asker, n, verb: Verb| may(kind, asker, &record(n), &verb).is_some();
    let submit = || Verb::Move("submit".into());
    for verb in [Verb::Read, Verb::Revise, submit()] {
        assert!(does(&own, 6, verb.clone()) && does(&by_link(false), 5, verb.clone()), "{verb:?}");
        assert!(!does(&by_link(false), 6, verb.clone()), "{verb:?} of another record");
    }
    assert!(does(&by_link(true), 5, Verb::Read));
    assert!(!does(&by_link(true), 5, Verb::Revise) && !does(&by_link(true), 5, submit()));
}

#[test]
fn a_role_at_own_is_the_role_over_the_owning_unit() {
    let (catalogue, _) = shipped();
    let kind = catalogue.kind("achievement").unwrap();
    let record = Subject {
        id: id(9),
        kind: "achievement".into(),
        type_path: "product".into(),
        stage: "draft".into(),
        owner: Some(id(7)),
        place: None,
        audience: Audience::Private,
        assigned: vec![],
    };
    let creates = |asker: &Asker| may(kind, asker, &record, &Verb::Create).is_some();
    assert!(creates(&holding(Role::Member, Over::Organization(id(7)))));
    assert!(!creates(&holding(Role::Member, Over::Organization(id(8)))));
    assert!(!creates(&Asker { organizations: vec![id(7)], ..Asker::default() }));
}

#[test]
fn who_asks_and_offers_stands_on_both_sides_unless_they_are_one() {
    let of = |organizations: &[u64]| Asker {
        person: Some(id(1)),
        organizations: organizations.iter().map(|n| id(*n)).collect(),
        ..Asker::default()
    };
    for (mine, asking, offering, expect) in [
        (&[2, 3][..], &[2][..], &[3][..], true),
        (&[2], &[2], &[3], false),
        (&[2], &[2], &[1], true),
        (&[2], &[2], &[2], false),
        (&[2, 3], &[2], &[2, 3], false),
        (&[4], &[2], &[3], false),
    ] {
        let ids = |side: &[u64]| side.iter().map(|n| id(*n)).collect::<Vec<_>>();
        let found = opposed(&of(mine), &ids(asking), &ids(offering));
        assert_eq!(found, expect, "{mine:?} {asking:?} {offering:?}");
    }
}

#[test]
fn an_office_lies_above_what_is_strictly_within_it() {
    let over = |code: &str| Over::Place(Place::parse(code).unwrap());
    let county = Place::parse("330521").ok();
    for (role, over, place, expect) in [
        (Role::Officer, over("330500"), county.clone(), true),
        (Role::Officer, over("330000"), county.clone(), true),
        (Role::Officer, over("330521"), county.clone(), false),
        (Role::Officer, over("330200"), county.clone(), false),
        (Role::Officer, over("330500"), None, false),
        (Role::Officer, Over::Node, None, true),
        (Role::Officer, Over::Organization(id(3)), county.clone(), false),
        (Role::Steward, Over::Node, county.clone(), true),
        (Role::Steward, over("330500"), county.clone(), false),
        (Role::Liaison, over("330500"), county.clone(), false),
        (Role::Member, Over::Node, county.clone(), false),
    ] {
        let record = Subject {
            id: id(9),
            kind: "apiary".into(),
            type_path: "fixed".into(),
            stage: "noted".into(),
            owner: None,
            place,
            audience: Audience::Node,
            assigned: vec![],
        };
        let asker = Asker { roles: vec![RoleGrant { role, over: over.clone() }], ..Asker::default() };
        assert_eq!(level_above(&asker, &record), expect, "{role:?} {over:?} {:?}", record.place);
    }
    let record = Subject {
        id: id(9),
        kind: String::new(),
        type_path: String::new(),
        stage: String::new(),
        owner: None,
        place: county,
        audience: Audience::Public,
        assigned: vec![],
    };
    assert!(!level_above(&Asker { person: Some(id(1)), ..Asker::default() }, &record));
}
