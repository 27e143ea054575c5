//! Who may give a role, or take it away: never more than they hold themselves, and nothing of their own.
//!
//! Pure, like the rest of the catalogue: where an organisation lies is handed in. Start at [`may_give`].

use base::id::RecordId;
use base::place::Place;

use crate::access::{Asker, Over, Role};

/// Roles an office over a place hands on within it.
const BY_OFFICER: [Role; 7] =
    [Role::Liaison, Role::Broker, Role::Expert, Role::Reviewer, Role::Evaluator, Role::Leader, Role::Officer];

/// Whether the asker may give this role over this extent to someone else, or take it. `place` is where the organisation of
/// the extent lies, if it is one.
pub fn may_give(asker: &Asker, role: Role, over: &Over, place: Option<&Place>) -> bool {
    if role.is_of_organizations() != matches!(over, Over::Organization(_)) {
        return false;
    }
    asker.roles.iter().any(|held| match (held.role, &held.over) {
        (Role::Steward, Over::Node) => true,
        (Role::Officer, reach) => by_officer(reach, role, over, place),
        (Role::Admin, Over::Organization(mine)) => matches!(over, Over::Organization(of) if of == mine),
        _ => false,
    })
}

fn by_officer(reach: &Over, role: Role, over: &Over, place: Option<&Place>) -> bool {
    let within = |place: &Place| match reach {
        Over::Node => true,
        Over::Place(mine) => place.within(mine),
        Over::Organization(_) => false,
    };
    match over {
        Over::Organization(_) => place.is_some_and(within),
        Over::Place(place) => BY_OFFICER.contains(&role) && within(place),
        Over::Node => BY_OFFICER.contains(&role) && *reach == Over::Node,
    }
}

/// Whether an account of this person is the asker's own, or that of whom the asker stands in for: nobody raises either.
pub fn is_own(asker: &Asker, person: RecordId) -> bool {
    asker.person == Some(person) || asker.behalf == Some(person)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::RoleGrant;

    fn id(n: u64) -> RecordId {
        RecordId::new(n, [0; 10])
    }

    fn over(code: &str) -> Over {
        Over::Place(Place::parse(code).unwrap())
    }

    fn holding(role: Role, over: Over) -> Asker {
        Asker { roles: vec![RoleGrant { role, over }], ..Asker::default() }
    }

    #[test]
    fn nobody_gives_more_than_they_hold() {
        let unit = || Over::Organization(id(3));
        let county = Place::parse("330521").ok();
        let city = || holding(Role::Officer, over("330500"));
        for (who, role, of, expect) in [
            (holding(Role::Steward, Over::Node), Role::Steward, Over::Node, true),
            (holding(Role::Steward, Over::Node), Role::Admin, unit(), true),
            (holding(Role::Steward, Over::Node), Role::Admin, Over::Node, false),
            (city(), Role::Officer, over("330521"), true),
            (city(), Role::Officer, over("330500"), true),
            (city(), Role::Officer, over("330000"), false),
            (city(), Role::Officer, Over::Node, false),
            (city(), Role::Steward, over("330521"), false),
            (city(), Role::Admin, unit(), true),
            (city(), Role::Member, over("330521"), false),
            (holding(Role::Officer, over("330200")), Role::Admin, unit(), false),
            (holding(Role::Liaison, over("330500")), Role::Expert, over("330521"), false),
            (holding(Role::Leader, over("330500")), Role::Member, unit(), false),
            (holding(Role::Admin, unit()), Role::Member, unit(), true),
            (holding(Role::Admin, unit()), Role::Admin, unit(), true),
            (holding(Role::Admin, unit()), Role::Member, Over::Organization(id(4)), false),
            (holding(Role::Admin, unit()), Role::Officer, over("330521"), false),
            (holding(Role::Member, unit()), Role::Member, unit(), false),
        ] {
            assert_eq!(may_give(&who, role, &of, county.as_ref()), expect, "{who:?} {role:?} {of:?}");
        }
        assert!(!may_give(&city(), Role::Admin, &unit(), None), "an organisation that lies nowhere");
    }
}
