//! What follows a move in the same transaction: a closed list, each with a name and the fields it looks at.
//!
//! Names only; the register does them. A new effect is code with tests there.

/// What follows a move in the same transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Effect {
    /// The `expert` of this record joins the `experts` of the record its `demand` field names (`join-demand`).
    JoinDemand,
    /// Both sides of a match have said yes: each gets how to reach the other, a case is opened for them, and the demand
    /// goes on (`open-case`).
    OpenCase,
    /// Whom a match was referred to is suggested in their own right, with the credit of the referral (`suggest-referred`).
    SuggestReferred,
    /// What was agreed gets a case with whoever goes on with it and the day they do (`case-of-agreement`).
    CaseOfAgreement,
    /// The parties of the asker join those that confirmed (`confirm-party`).
    ConfirmParty,
    /// The person who asks joins those that confirmed (`confirm-self`).
    ConfirmSelf,
    /// What a reviewer is to look at is written into the review as it stands (`freeze-application`).
    FreezeApplication,
    /// The points are counted by the score sheet (`score`).
    Score,
    /// The applicant is told score and opinions, without names (`tell-opinions`).
    TellOpinions,
    /// The station is listed and gets its certificate (`recognise-station`).
    RecogniseStation,
    /// The station an evaluation is about leaves the list (`exit-station`).
    ExitStation,
    /// Certificates of the record are revoked (`revoke-certificates`).
    RevokeCertificates,
}

impl Effect {
    /// Names as files write them.
    pub const NAMES: [(&'static str, Effect); 12] = [
        ("join-demand", Effect::JoinDemand),
        ("open-case", Effect::OpenCase),
        ("suggest-referred", Effect::SuggestReferred),
        ("case-of-agreement", Effect::CaseOfAgreement),
        ("confirm-party", Effect::ConfirmParty),
        ("confirm-self", Effect::ConfirmSelf),
        ("freeze-application", Effect::FreezeApplication),
        ("score", Effect::Score),
        ("tell-opinions", Effect::TellOpinions),
        ("recognise-station", Effect::RecogniseStation),
        ("exit-station", Effect::ExitStation),
        ("revoke-certificates", Effect::RevokeCertificates),
    ];

    /// Its name.
    pub fn name(&self) -> &'static str {
        Effect::NAMES.iter().find(|(_, effect)| effect == self).map_or("", |(name, _)| name)
    }

    /// Fields it looks at; a kind that uses it must have them.
    pub fn fields(&self) -> &'static [&'static str] {
        match self {
            Effect::JoinDemand => &["demand", "expert"],
            Effect::OpenCase => {
                &["demand", "candidate", "expert", "unit", "asking_contact", "candidate_contact"]
            }
            Effect::SuggestReferred => &["demand", "refers_person", "referred_by"],
            Effect::CaseOfAgreement => &["parties", "case", "follower", "follow_up_on"],
            Effect::ConfirmParty => &["parties", "confirmed_by"],
            Effect::ConfirmSelf => &["confirmed_by"],
            Effect::FreezeApplication => &["application", "material", "papers"],
            Effect::Score => &["scores", "score", "sheet"],
            Effect::TellOpinions => &["score", "opinions"],
            Effect::RecogniseStation => &["station", "certificate", "score", "opinions"],
            Effect::ExitStation => &["station", "reason"],
            Effect::RevokeCertificates => &["reason"],
        }
    }
}
