//! What a move does to a record: one pure function, [`step`].
//!
//! Guards and effects are closed enums: a new one is code with tests, here and nowhere else.
//! Never touches a record that is not handed to it.

use base::calendar::Calendar;
use jiff::civil::Date;

use crate::access::{Access, Asker, Subject};
use crate::kind::{Audience, Kind};
use crate::value::{Fault, Fields};

/// What must hold before a move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Guard {
    /// 体检 grade B or better (`complete`).
    Complete,
    /// A named person has cleared it for publication (`secrecy-cleared`): fields `secrecy_cleared_by` and `secrecy_cleared_on`.
    SecrecyCleared,
    /// No other readable record of the kind reads nearly the same (`not-duplicate`), or the field `not_duplicate` says a person looked.
    NotDuplicate,
}

/// What follows a move in the same transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Effect {
    /// A task for the owner's list (`notify-owner`).
    NotifyOwner,
    /// A task for those just assigned (`notify-assigned`).
    NotifyAssigned,
    /// The person of this record joins the `experts` of the record its `demand` field names (`join-demand`).
    JoinDemand,
}

/// What the step may know beside the record.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// Who moves.
    pub asker: &'a Asker,
    /// The day it happens.
    pub today: Date,
    /// Working days.
    pub calendar: &'a Calendar,
    /// The record's fields before the move, all layers.
    pub fields: &'a Fields,
    /// What was given with the move, canonical.
    pub given: &'a Fields,
    /// How many near-duplicates were found against this version.
    pub duplicates: usize,
}

/// What a move does.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The stage entered (or kept).
    pub to: String,
    /// Audience there.
    pub audience: Audience,
    /// All fields after the move.
    pub fields: Fields,
    /// The clock that starts, and its day; a clock of the left stage stops.
    pub clock: Option<(String, Date, Option<String>)>,
    /// What follows.
    pub effects: Vec<Effect>,
    /// By which access.
    pub access: Access,
}

/// Why a move is refused; every reason has a remedy in the locale (`refusal.<code>`).
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// The kind has no such move.
    NoSuchMove,
    /// The record is not at a stage the move leaves.
    WrongStage {
        /// Where it stands.
        stage: String,
    },
    /// No grant admits the asker.
    NotAllowed,
    /// Faults in what was given, or gaps in what is needed: all at once.
    Faults(Vec<Fault>),
    /// Guards that do not hold: all at once.
    Guards(Vec<Guard>),
    /// The working-day calendar lacks this year.
    MissingYear(i16),
}

/// What the move would do, or why not. Faults, then guards, are each reported all at once.
pub fn step(kind: &Kind, record: &Subject, name: &str, facts: &Facts<'_>) -> Result<Step, Refusal> {
    let _ = (kind, record, name, facts);
    Err(Refusal::NoSuchMove)
}
