//! What a record keeps whoever writes it, and what the register works out on every write: two closed lists of names.
//!
//! Names and fields only; the register holds records to the one and works out the other.

/// What a record must keep beyond itself, whoever writes it; each breach is a fault of a field (`rule.<name>`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rule {
    /// What was paid under an agreement, by all records that name it, is not more than its amount (`within-agreement`).
    WithinAgreement,
    /// The form of service names its people (`service-form`).
    ServiceForm,
    /// A contract is signed on a day, has an amount, and is no letter of intent by its own words (`contract-is-no-intent`).
    ContractIsNoIntent,
    /// A registration number has sixteen digits (`registration-number`).
    RegistrationNumber,
    /// No other record tells the same outcome of the same unit, unless `distinct_from` names it (`claimed-once`).
    ClaimedOnce,
    /// Shares of units come to a hundred, each unit once (`whole-shares`).
    WholeShares,
    /// What was used of a benefit is together not more than was granted (`within-benefit`).
    WithinBenefit,
    /// An academician has no more stations of a type than its file allows (`academician-limit`).
    AcademicianLimit,
    /// An objection is raised while its application is published (`within-publicity`).
    WithinPublicity,
    /// Who has which part in a case is settled before its contract, and not touched afterwards (`before-contract`).
    BeforeContract,
    /// Shares of one case come to no more than a hundred (`shares-of-case`).
    SharesOfCase,
}

impl Rule {
    /// Names as files write them.
    pub const NAMES: [(&'static str, Rule); 11] = [
        ("within-agreement", Rule::WithinAgreement),
        ("service-form", Rule::ServiceForm),
        ("contract-is-no-intent", Rule::ContractIsNoIntent),
        ("registration-number", Rule::RegistrationNumber),
        ("claimed-once", Rule::ClaimedOnce),
        ("whole-shares", Rule::WholeShares),
        ("within-benefit", Rule::WithinBenefit),
        ("academician-limit", Rule::AcademicianLimit),
        ("within-publicity", Rule::WithinPublicity),
        ("before-contract", Rule::BeforeContract),
        ("shares-of-case", Rule::SharesOfCase),
    ];

    /// Fields it looks at; a kind that keeps it must have them.
    pub fn fields(&self) -> &'static [&'static str] {
        match self {
            Rule::WithinAgreement => &["agreement", "amount"],
            Rule::ServiceForm => &["service_form", "liaison", "adviser", "task_force", "officer", "expert"],
            Rule::ContractIsNoIntent => &["title", "summary", "signed_on", "amount", "from_intent"],
            Rule::RegistrationNumber => &["registration"],
            Rule::ClaimedOnce => {
                &["firm", "title", "paper_number", "amount", "quantity", "achieved_on", "distinct_from"]
            }
            Rule::WholeShares => &["shares"],
            Rule::WithinBenefit => &["amount", "used"],
            // Applications name academicians, ties a station and a person; what is settled bears no change at all.
            Rule::AcademicianLimit | Rule::BeforeContract => &[],
            Rule::SharesOfCase => &["case", "share"],
            Rule::WithinPublicity => &["application", "raised_on"],
        }
    }
}

/// A field the register works out on every write, and which nobody types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reckoned {
    /// The grade of evidence, see [`weigh`](crate::evidence::weigh) (`evidence-grade`).
    EvidenceGrade,
    /// The day of the nearest milestone not yet reached (`next-milestone`).
    NextMilestone,
    /// How far a demand has come, by what names it (`demand-step`).
    DemandStep,
}

impl Reckoned {
    /// Names as files write them.
    pub const NAMES: [(&'static str, Reckoned); 3] = [
        ("evidence-grade", Reckoned::EvidenceGrade),
        ("next-milestone", Reckoned::NextMilestone),
        ("demand-step", Reckoned::DemandStep),
    ];

    /// Fields it looks at or writes; a kind that has it reckoned must have them.
    pub fn fields(&self) -> &'static [&'static str] {
        match self {
            Reckoned::EvidenceGrade => {
                &["evidence", "agreement", "firm", "case", "papers", "confirmed_by", "confirmed_on"]
            }
            Reckoned::NextMilestone => &["milestones", "next_milestone_on"],
            Reckoned::DemandStep => &["reached"],
        }
    }
}
