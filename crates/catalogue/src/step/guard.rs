//! What must hold before a move: a closed list, each with a name, the fields it looks at, and the test.
//!
//! A new guard is code with tests, here and nowhere else; one that looks beyond the record is answered by the register
//! in [`Around`](super::Around). Never touches a record that is not handed to it.

use base::id::RecordId;

use super::{Facts, is_yes};
use crate::access::{Asker, Subject, level_above};
use crate::checkup::{Grade, checkup};
use crate::kind::{Kind, reference};
use crate::value::{Fields, is_filled};

/// What must hold before a move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Guard {
    /// 体检 grade B or better (`complete`).
    Complete,
    /// A named person has cleared it for publication (`secrecy-cleared`): fields `secrecy_cleared_by` and `secrecy_cleared_on`.
    SecrecyCleared,
    /// No other readable record of the kind reads nearly the same (`not-duplicate`), or the field `not_duplicate` says a person looked.
    NotDuplicate,
    /// Whoever moves it stands above it (`by-level-above`): see [`level_above`](crate::access::level_above).
    ByLevelAbove,
    /// Whoever moves it belongs to one side only (`one-side`): see [`opposed`](crate::access::opposed).
    OneSide,
    /// Whoever is invited takes invitations and has not had their number of the month (`within-limit`).
    WithinLimit,
    /// Whoever is invited is not of the asking side and has not declined the same before (`no-conflict`).
    NoConflict,
    /// No case follows it yet (`no-case-yet`).
    NoCaseYet,
    /// Whoever moves it belongs to one of its parties that has not confirmed it (`as-party`).
    AsParty,
    /// Whoever moves it has not confirmed it before (`not-confirmed-yet`).
    NotConfirmedYet,
    /// Whoever moves it belongs to the unit that benefits, which `firm` names (`by-beneficiary`).
    ByBeneficiary,
    /// Every document the type of application asks for is there, as a file or on paper (`documents-complete`).
    DocumentsComplete,
    /// It is published for as many working days as its type asks, at least (`publicity-days`).
    PublicityDays,
    /// The reviewer is bound to no side of the application and reviews it once (`reviewer-free`).
    ReviewerFree,
    /// Every item of the score sheet has points within its marks (`score-complete`).
    ScoreComplete,
    /// Whoever moves it is not the one whom `credited` names (`not-for-oneself`).
    NotForOneself,
    /// One of the `outcomes` it names is listed with evidence of grade A or B (`proven`).
    Proven,
}

impl Guard {
    /// Names as files write them; a refusal's locale key is `guard.<name>`.
    pub const NAMES: [(&'static str, Guard); 17] = [
        ("complete", Guard::Complete),
        ("secrecy-cleared", Guard::SecrecyCleared),
        ("not-duplicate", Guard::NotDuplicate),
        ("by-level-above", Guard::ByLevelAbove),
        ("one-side", Guard::OneSide),
        ("within-limit", Guard::WithinLimit),
        ("no-conflict", Guard::NoConflict),
        ("no-case-yet", Guard::NoCaseYet),
        ("as-party", Guard::AsParty),
        ("not-confirmed-yet", Guard::NotConfirmedYet),
        ("by-beneficiary", Guard::ByBeneficiary),
        ("documents-complete", Guard::DocumentsComplete),
        ("publicity-days", Guard::PublicityDays),
        ("reviewer-free", Guard::ReviewerFree),
        ("score-complete", Guard::ScoreComplete),
        ("not-for-oneself", Guard::NotForOneself),
        ("proven", Guard::Proven),
    ];

    /// Its name.
    pub fn name(&self) -> &'static str {
        Guard::NAMES.iter().find(|(_, guard)| guard == self).map_or("", |(name, _)| name)
    }

    /// Fields it looks at; a kind that uses it must have them.
    pub fn fields(&self) -> &'static [&'static str] {
        match self {
            Guard::Complete | Guard::ByLevelAbove | Guard::OneSide => &[],
            Guard::SecrecyCleared => &["secrecy_cleared_by", "secrecy_cleared_on"],
            Guard::NotDuplicate => &["not_duplicate"],
            Guard::WithinLimit | Guard::NoConflict => &["expert"],
            Guard::NoCaseYet => &["case"],
            Guard::AsParty => &["parties", "confirmed_by"],
            Guard::NotConfirmedYet => &["confirmed_by"],
            Guard::ByBeneficiary => &["firm"],
            Guard::DocumentsComplete => &["documents"],
            Guard::PublicityDays => &["publicity_until"],
            Guard::ReviewerFree => &["application", "reviewer"],
            Guard::ScoreComplete => &["scores"],
            Guard::NotForOneself => &["credited"],
            Guard::Proven => &["outcomes"],
        }
    }

    pub(super) fn holds(self, kind: &Kind, record: &Subject, fields: &Fields, facts: &Facts<'_>) -> bool {
        match self {
            Guard::Complete => checkup(kind, &record.type_path, fields)
                .is_none_or(|found| matches!(found.grade, Grade::A | Grade::B)),
            Guard::SecrecyCleared => self.fields().iter().all(|name| is_filled(fields, name)),
            Guard::NotDuplicate => facts.duplicates == 0 || is_yes(fields, "not_duplicate"),
            Guard::ByLevelAbove => level_above(facts.asker, record),
            Guard::ByBeneficiary => {
                let firm = fields.get("firm").and_then(reference);
                firm.is_some_and(|firm| facts.asker.organizations.contains(&firm))
            }
            Guard::NoCaseYet => !is_filled(fields, "case"),
            Guard::AsParty => !unconfirmed(facts.asker, fields).is_empty(),
            Guard::NotConfirmedYet => {
                let all = confirmed(fields);
                facts.asker.person.is_some_and(|person| !all.contains(&person))
            }
            Guard::NotForOneself => {
                let credited = fields.get("credited").and_then(reference);
                credited.is_none_or(|credited| facts.asker.person != Some(credited))
            }
            Guard::DocumentsComplete => {
                asked_of(kind, record).is_none_or(|asked| asked.lacking(fields).is_empty())
            }
            Guard::PublicityDays => asked_of(kind, record)
                .is_none_or(|asked| asked.is_long_enough(fields, facts.today, facts.calendar)),
            Guard::OneSide
            | Guard::WithinLimit
            | Guard::NoConflict
            | Guard::ReviewerFree
            | Guard::ScoreComplete
            | Guard::Proven => !facts.around.failing.contains(&self),
        }
    }
}

/// What the record's type asks before a station is recognised.
fn asked_of<'k>(kind: &'k Kind, record: &Subject) -> Option<&'k crate::sheet::Recognition> {
    kind.type_of(&record.type_path)?.recognition.as_ref()
}

/// The parties of an agreement the asker belongs to that have not confirmed it.
pub fn unconfirmed(asker: &Asker, fields: &Fields) -> Vec<RecordId> {
    let known = confirmed(fields);
    let mine = |id: &RecordId| asker.organizations.contains(id) && !known.contains(id);
    references(fields, "parties").filter(mine).collect()
}

/// Those that confirmed.
fn confirmed(fields: &Fields) -> Vec<RecordId> {
    references(fields, "confirmed_by").collect()
}

fn references(fields: &Fields, name: &str) -> impl Iterator<Item = RecordId> {
    let all = fields.get(name).and_then(|value| value.as_array()).cloned().unwrap_or_default();
    all.into_iter().filter_map(|value| reference(&value))
}
