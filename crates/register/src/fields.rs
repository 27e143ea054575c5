//! The few names of the catalogue that the register itself acts on. Every other field is data to it.

/// The field every kind's heading is keyed under, in pinyin order.
pub(crate) const TITLE: &str = "title";
/// The field every place is keyed under, with the places above.
pub(crate) const PLACE: &str = "place";
/// The field every type path is keyed under, with its ancestors.
pub(crate) const TYPE: &str = "type";
/// Reference to what stands above; never a circle.
pub(crate) const PARENT: &str = "parent";
/// Dates of a tie, carried by its edges.
pub(crate) const SINCE: &str = "since";
/// As above.
pub(crate) const UNTIL: &str = "until";
/// The kind of dated relations.
pub(crate) const TIE: &str = "tie";
/// The type of ties that open a sealed layer.
pub(crate) const OPENING: &str = "opening";
/// What an opening opens.
pub(crate) const FROM: &str = "from";
/// Whom it opens it to.
pub(crate) const TO: &str = "to";
/// The kind of organisations, whose members read what it owns.
pub(crate) const ORGANIZATION: &str = "organization";
/// The kind of people.
pub(crate) const PERSON: &str = "person";
/// The kind of matches.
pub(crate) const MATCH: &str = "match";
/// The kind of cases, and the type of those that follow a match.
pub(crate) const CASE: &str = "case";
/// As above.
pub(crate) const DOCKING: &str = "docking";
/// The move by which someone is invited, the stage of who declined, and of what did not fit.
pub(crate) const INVITE: &str = "invite";
/// As above.
pub(crate) const DECLINED: &str = "declined";
/// As above.
pub(crate) const UNFITTING: &str = "unfitting";
/// The move by which a demand goes on once both sides have said yes.
pub(crate) const TAKE_UP: &str = "take-up";
/// Who asks: the owner of a match.
pub(crate) const PARTY: &str = "party";
/// Who or what is put beside a demand, the unit that answers for it, and whom that refers to.
pub(crate) const CANDIDATE: &str = "candidate";
/// As above.
pub(crate) const UNIT: &str = "unit";
/// As above.
pub(crate) const REFERS_PERSON: &str = "refers_person";
/// As above.
pub(crate) const REFERRED_BY: &str = "referred_by";
/// Why it did not fit.
pub(crate) const REASON: &str = "reason";
/// What an outcome rests on, and an amount of money.
pub(crate) const AGREEMENT: &str = "agreement";
/// As above.
pub(crate) const AMOUNT: &str = "amount";
/// How to reach either side, kept in the match once both have said yes.
pub(crate) const ASKING_CONTACT: &str = "asking_contact";
/// As above.
pub(crate) const CANDIDATE_CONTACT: &str = "candidate_contact";
/// How a record says whom to reach.
pub(crate) const CONTACTS: [&str; 3] = ["contact_name", "contact_phone", "contact_email"];
/// The firm of a demand, as recorded and as typed.
pub(crate) const FIRM_NAME: &str = "firm_name";
/// Where a person works.
pub(crate) const EMPLOYER: &str = "employer";
/// Fields by which something says whose it is.
pub(crate) const HOLDERS: [&str; 3] = ["holder", "provider", "host"];
/// What a person says of invitations: none for now; so many a month.
pub(crate) const PAUSED: &str = "paused";
/// As above.
pub(crate) const INVITATIONS_MAX: &str = "invitations_max";
/// The unit that takes part in a case.
pub(crate) const PROVIDER: &str = "provider";
/// The liaison officer of a demand, and of its case.
pub(crate) const LIAISON: &str = "liaison";
/// What `join-demand` follows, whom it brings, and where they join.
pub(crate) const DEMAND: &str = "demand";
/// As above.
pub(crate) const EXPERT: &str = "expert";
/// As above.
pub(crate) const EXPERTS: &str = "experts";
/// How a firm told what is filed for it, who fills it in there and which broker was told: whoever stands in for a firm
/// says so.
pub(crate) const STOOD_IN: [&str; 3] = ["told_by", "filled_by", "broker"];
/// What serves a case: the form of service with its two terms, and whom each asks for.
pub(crate) const SERVICE_FORM: &str = "service_form";
/// As above.
pub(crate) const FORMS: [(&str, &[&str]); 2] =
    [("pair", &["liaison", "adviser"]), ("task_force", &["task_force", "officer", "expert"])];
/// The types of agreements that are contracts, those that are intents, and what a contract came from.
pub(crate) const CONTRACT: &str = "contract";
/// As above.
pub(crate) const INTENT: &str = "intent";
/// As above.
pub(crate) const FROM_INTENT: &str = "from_intent";
/// What an agreement says of itself.
pub(crate) const SUMMARY: &str = "summary";
/// As above.
pub(crate) const SIGNED_ON: &str = "signed_on";
/// The number a contract is registered under.
pub(crate) const REGISTRATION: &str = "registration";
/// The milestones of an agreement, the day of each, when it was reached, and the day of the nearest open one.
pub(crate) const MILESTONES: &str = "milestones";
/// As above.
pub(crate) const DUE: &str = "due";
/// As above.
pub(crate) const DONE_ON: &str = "done_on";
/// As above.
pub(crate) const NEXT_MILESTONE_ON: &str = "next_milestone_on";
/// Who signed, and who of them confirmed it.
pub(crate) const PARTIES: &str = "parties";
/// As above.
pub(crate) const CONFIRMED_BY: &str = "confirmed_by";
/// Who goes on with what was signed, and when.
pub(crate) const FOLLOWER: &str = "follower";
/// As above.
pub(crate) const FOLLOW_UP_ON: &str = "follow_up_on";
/// The day a case is looked at next.
pub(crate) const NEXT_ON: &str = "next_on";
