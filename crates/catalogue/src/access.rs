//! Who may read and do what: askers, standings, and the arms a scope is made of.
//!
//! [`may_read`] and the arms are the same rule in two forms: a record may be read exactly when one
//! arm of [`arms`] admits it. SQL is written from the arms in `register`, the search filters by
//! [`Arm::admits`]; a property test holds the three equal. Never reads a body.

mod table;

use std::borrow::Cow;

use base::id::RecordId;
use base::place::Place;

use crate::kind::{Audience, By, Grant, Kind, Layer, Verb};

pub use table::{Cell, grants_csv, grants_table};

/// What a person is here for. Visitors have no role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Belongs to an organisation.
    Member,
    /// Admits the members of an organisation (单位管理员).
    Admin,
    /// Expert who has an account.
    Expert,
    /// Liaison officer (科技联络员).
    Liaison,
    /// Technology broker (技术经理人).
    Broker,
    /// Reviews what is put before them.
    Reviewer,
    /// Evaluates for a third party.
    Evaluator,
    /// Officer of an association or bureau.
    Officer,
    /// Leads an association: reads, and moves nothing.
    Leader,
    /// Runs the installation.
    Steward,
}

/// How an asker stands to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Standing {
    /// Owns it, in person or through an organisation.
    Own,
    /// Is named by a field that assigns.
    Assigned,
    /// Holds the role over a region that contains its place.
    Region,
    /// Holds the role on this installation, wherever.
    Node,
    /// Anyone, signed in or not.
    Anyone,
}

impl Role {
    /// Names as files and the grants table write them.
    pub const NAMES: [(&'static str, Role); 10] = [
        ("member", Role::Member),
        ("admin", Role::Admin),
        ("expert", Role::Expert),
        ("liaison", Role::Liaison),
        ("broker", Role::Broker),
        ("reviewer", Role::Reviewer),
        ("evaluator", Role::Evaluator),
        ("officer", Role::Officer),
        ("leader", Role::Leader),
        ("steward", Role::Steward),
    ];

    /// Whether it is held over an organisation; any other is held over a place or the installation.
    pub fn is_of_organizations(self) -> bool {
        matches!(self, Role::Member | Role::Admin)
    }

    /// Whether its holders handle records for others: officers, liaison officers and who runs the installation.
    pub fn handles(self) -> bool {
        matches!(self, Role::Liaison | Role::Officer | Role::Steward)
    }

    /// How its holders may stand to a record by it.
    pub fn standings(self) -> &'static [Standing] {
        match self.is_of_organizations() {
            true => &[Standing::Own, Standing::Assigned, Standing::Anyone],
            false => &[Standing::Region, Standing::Node, Standing::Anyone],
        }
    }

    /// Its name.
    pub fn name(&self) -> &'static str {
        Role::NAMES.iter().find(|(_, role)| role == self).map_or("", |(name, _)| name)
    }
}

impl Standing {
    /// Names as files and the grants table write them.
    pub const NAMES: [(&'static str, Standing); 5] = [
        ("own", Standing::Own),
        ("assigned", Standing::Assigned),
        ("region", Standing::Region),
        ("node", Standing::Node),
        ("anyone", Standing::Anyone),
    ];

    /// Its name.
    pub fn name(&self) -> &'static str {
        Standing::NAMES.iter().find(|(_, standing)| standing == self).map_or("", |(name, _)| name)
    }
}

/// What a role extends over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Over {
    /// A place and all below it.
    Place(Place),
    /// An organisation and its descendants.
    Organization(RecordId),
    /// The whole installation.
    Node,
}

/// One role someone holds. A role over an organisation holds over its descendants too: whoever builds the
/// asker lists one for each of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleGrant {
    /// The role.
    pub role: Role,
    /// Where it holds.
    pub over: Over,
}

/// Who asks, built once per request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asker {
    /// The person record, if signed in or come by link.
    pub person: Option<RecordId>,
    /// Organisations the person belongs to, descendants included.
    pub organizations: Vec<RecordId>,
    /// Roles held.
    pub roles: Vec<RoleGrant>,
    /// The person whose roles these are, where someone stands in for them.
    pub behalf: Option<RecordId>,
    /// What a personal link keeps the asker to; none is kept to nothing.
    pub only: Option<Only>,
}

/// What someone who came by a personal link about one record is kept to: of all they might stand to, these alone. What is
/// public stays public.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Only {
    /// The record first, then those that hang on it.
    pub records: Vec<RecordId>,
    /// The link was to be answered once and has been: reading is left.
    pub answered: bool,
    /// Somebody else made the link, so it opens nothing sealed as the owner's: whoever made it holds it too.
    pub handed: bool,
}

impl Asker {
    /// Whether a personal link keeps the asker from this record.
    pub fn is_kept_from(&self, record: RecordId) -> bool {
        self.only.as_ref().is_some_and(|only| !only.records.contains(&record))
    }
}

/// What the access rule looks at in a record: never its texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Its id.
    pub id: RecordId,
    /// Its kind.
    pub kind: String,
    /// Its type path.
    pub type_path: String,
    /// Its stage.
    pub stage: String,
    /// The organisation or person that owns it.
    pub owner: Option<RecordId>,
    /// Where it belongs.
    pub place: Option<Place>,
    /// How far it travels now.
    pub audience: Audience,
    /// Those its assigning fields name.
    pub assigned: Vec<RecordId>,
}

/// How an asker came to read a record: shown by “为什么”.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// The standing that admitted.
    pub standing: Standing,
    /// The role that admitted, if the grant asked for one.
    pub role: Option<Role>,
    /// The grant shows the open layer alone.
    pub open: bool,
}

/// One way to a set of records: a conjunction that stands on one index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arm {
    /// How the asker stands to what this arm admits.
    pub reach: Reach,
    /// The role the grant asked for.
    pub role: Option<Role>,
    /// Stages it admits; empty means every stage.
    pub stages: Vec<String>,
    /// The records it admits at most; none is every record.
    pub only: Option<Vec<RecordId>>,
    /// It shows the open layer alone.
    pub open: bool,
}

/// The index an arm walks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Records owned by this organisation or person.
    Own(RecordId),
    /// Records that name this person or organisation in an assigning field.
    Assigned(RecordId),
    /// Records at or below this place, audience `node` or wider.
    Region(Place),
    /// Records of audience `node` or wider.
    Node,
    /// Public records.
    Anyone,
}

impl Arm {
    /// The access it gives to what it admits.
    pub fn access(&self) -> Access {
        Access { standing: self.reach.standing(), role: self.role, open: self.open }
    }

    /// Whether this arm admits the record.
    pub fn admits(&self, record: &Subject) -> bool {
        let kept = self.only.as_ref().is_none_or(|only| only.contains(&record.id));
        kept && (self.stages.is_empty() || self.stages.contains(&record.stage)) && self.reach.holds(record)
    }
}

impl Reach {
    fn holds(&self, record: &Subject) -> bool {
        match self {
            Reach::Own(who) => record.owner == Some(*who),
            Reach::Assigned(who) => record.assigned.contains(who),
            Reach::Region(place) => {
                record.audience >= Audience::Node && record.place.as_ref().is_some_and(|p| p.within(place))
            }
            Reach::Node => record.audience >= Audience::Node,
            Reach::Anyone => record.audience == Audience::Public,
        }
    }

    /// The standing this reach proves.
    pub fn standing(&self) -> Standing {
        match self {
            Reach::Own(_) => Standing::Own,
            Reach::Assigned(_) => Standing::Assigned,
            Reach::Region(_) => Standing::Region,
            Reach::Node => Standing::Node,
            Reach::Anyone => Standing::Anyone,
        }
    }
}

/// The arms by which the asker reaches records of a kind for a verb, strongest standing first; an arm
/// covered by another is left out.
pub fn arms(kind: &Kind, asker: &Asker, verb: &Verb) -> Vec<Arm> {
    let mut arms: Vec<Arm> = kind.grants_of(verb).flat_map(|grant| arms_of(grant, asker)).collect();
    arms.sort_by_key(|arm| (arm.open, arm.reach.standing()));
    let mut kept: Vec<Arm> = Vec::new();
    for arm in join_stages(arms) {
        if !kept.iter().any(|other| other.covers(&arm)) {
            kept.retain(|other| !arm.covers(other));
            kept.push(arm);
        }
    }
    kept
}

/// Arms of one reach and role as one arm over all their stages.
fn join_stages(arms: Vec<Arm>) -> Vec<Arm> {
    let mut joined: Vec<Arm> = Vec::new();
    for arm in arms {
        let alike =
            |other: &&mut Arm| other.reach == arm.reach && other.role == arm.role && other.open == arm.open;
        match joined.iter_mut().find(alike) {
            Some(other) if other.stages.is_empty() || arm.stages.is_empty() => other.stages.clear(),
            Some(other) => {
                let new =
                    arm.stages.into_iter().filter(|stage| !other.stages.contains(stage)).collect::<Vec<_>>();
                other.stages.extend(new);
            }
            None => joined.push(arm),
        }
    }
    joined
}

/// What one grant opens to the asker.
fn arms_of(grant: &Grant, asker: &Asker) -> Vec<Arm> {
    // What anyone may, whoever came by a link may too; what a role lets them do anywhere, only there.
    let anyones = grant.by.standing == Standing::Anyone && grant.by.role.is_none();
    let kept = asker.only.as_ref().filter(|_| !anyones);
    // Once a link is answered nothing more is done by it.
    if kept.is_some_and(|only| only.answered && grant.verb != Verb::Read) {
        return Vec::new();
    }
    let only = kept.map(|only| only.records.clone());
    let arm = |reach| Arm {
        reach,
        role: grant.by.role,
        stages: grant.stages.clone(),
        only: only.clone(),
        open: grant.open,
    };
    reaches_of(grant.by, asker).into_iter().map(arm).collect()
}

/// The records to which the asker stands as `role@standing` says, whatever may be done with them.
pub fn reaches(by: By, asker: &Asker) -> Vec<Arm> {
    arms_of(&Grant { verb: Verb::Read, by, stages: Vec::new(), open: false }, asker)
}

fn reaches_of(by: By, asker: &Asker) -> Vec<Reach> {
    let overs: Vec<&Over> =
        asker.roles.iter().filter(|held| Some(held.role) == by.role).map(|held| &held.over).collect();
    match by.standing {
        Standing::Own => parties(by, asker, &overs).map(Reach::Own).collect(),
        Standing::Assigned => parties(by, asker, &overs).map(Reach::Assigned).collect(),
        Standing::Region => overs.iter().filter_map(|over| region_of(over)).collect(),
        Standing::Node => {
            overs.iter().filter(|over| ***over == Over::Node).map(|_| Reach::Node).take(1).collect()
        }
        Standing::Anyone => {
            (by.role.is_none() || !overs.is_empty()).then_some(Reach::Anyone).into_iter().collect()
        }
    }
}

/// Without a role: the person and every organisation of the person. With a role: the organisations over
/// which it is held, so that not every member of an owner acts for it.
fn parties(by: By, asker: &Asker, overs: &[&Over]) -> impl Iterator<Item = RecordId> {
    let held = overs.iter().filter_map(|over| match over {
        Over::Organization(id) => Some(*id),
        Over::Place(_) | Over::Node => None,
    });
    let bare = asker.person.into_iter().chain(asker.organizations.iter().copied());
    let parties: Vec<RecordId> = if by.role.is_none() { bare.collect() } else { held.collect() };
    parties.into_iter()
}

/// A role over the whole installation holds over every region of it, and over records without a place.
fn region_of(over: &Over) -> Option<Reach> {
    match over {
        Over::Place(place) => Some(Reach::Region(place.clone())),
        Over::Node => Some(Reach::Node),
        Over::Organization(_) => None,
    }
}

impl Arm {
    /// Whether everything the other admits is admitted here, with as many layers.
    fn covers(&self, other: &Arm) -> bool {
        let stages = self.stages.is_empty()
            || (!other.stages.is_empty() && other.stages.iter().all(|stage| self.stages.contains(stage)));
        let only = self.only.is_none() || self.only == other.only;
        only && stages && self.open <= other.open && self.reach.covers(&other.reach)
    }
}

impl Reach {
    fn covers(&self, other: &Reach) -> bool {
        match (self, other) {
            (Reach::Region(wide), Reach::Region(narrow)) => narrow.within(wide),
            (Reach::Node, Reach::Region(_) | Reach::Anyone) => true,
            (one, other) => one == other,
        }
    }
}

/// The first access that lets the asker do this to the record, strongest standing first.
///
/// Two verbs are not limited by how far the record travels: `create`, since it does not travel yet, and
/// `erase`, since the law's claim to it reaches private records too. Neither shows anything.
pub fn may(kind: &Kind, asker: &Asker, record: &Subject, verb: &Verb) -> Option<Access> {
    let record = match verb {
        Verb::Create | Verb::Erase => Cow::Owned(Subject { audience: Audience::Public, ..record.clone() }),
        Verb::Read | Verb::Revise | Verb::Merge | Verb::Move(_) | Verb::Behalf(_) => Cow::Borrowed(record),
    };
    arms(kind, asker, verb).iter().find(|arm| arm.admits(&record)).map(Arm::access)
}

/// Whether, and how, the asker may read the record.
pub fn may_read(kind: &Kind, asker: &Asker, record: &Subject) -> Option<Access> {
    may(kind, asker, record, &Verb::Read)
}

/// Whether the asker stands above the record: an officer over a place that holds the record's and is not the same, or
/// an officer or steward of the whole installation.
pub fn level_above(asker: &Asker, record: &Subject) -> bool {
    asker.roles.iter().any(|held| match (&held.over, held.role) {
        (Over::Place(over), Role::Officer) => {
            record.place.as_ref().is_some_and(|place| place != over && place.within(over))
        }
        (Over::Node, Role::Officer | Role::Steward) => true,
        _ => false,
    })
}

/// Whether the asker belongs to the side that asks and to the side that offers: who does judges for neither.
pub fn opposed(asker: &Asker, asking: &[RecordId], offering: &[RecordId]) -> bool {
    let mine = |side: &[RecordId]| {
        side.iter().any(|id| asker.person == Some(*id) || asker.organizations.contains(id))
    };
    // Who asks and offers at once stands on no second side.
    let alone = |side: &[RecordId], other: &[RecordId]| {
        side.iter().copied().filter(|id| !other.contains(id)).collect::<Vec<_>>()
    };
    mine(&alone(asking, offering)) && mine(&alone(offering, asking))
}

/// The layers that come with an access without further asking; `sealed` needs an opening and is never here
/// but for the owner.
pub fn layers(access: &Access) -> &'static [Layer] {
    match access.standing {
        _ if access.open => &[Layer::Open],
        Standing::Own => &[Layer::Open, Layer::Inside, Layer::Sealed],
        Standing::Assigned | Standing::Region | Standing::Node => &[Layer::Open, Layer::Inside],
        Standing::Anyone => &[Layer::Open],
    }
}
