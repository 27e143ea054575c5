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
/// Where an agreement was signed.
pub(crate) const EVENT: &str = "event";
/// What an outcome rests on, and an amount of money.
pub(crate) const AGREEMENT: &str = "agreement";
/// As above.
pub(crate) const AMOUNT: &str = "amount";
/// What was used of a benefit, each use with an amount of its own.
pub(crate) const USED: &str = "used";
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
/// The broker who entered a demand or put someone forward, and those a case is opened with.
pub(crate) const BROKER: &str = "broker";
/// As above.
pub(crate) const BROKERS: &str = "brokers";
/// The kind of credits: whose it is, what for, how much, and its parts that brokers' work says by itself.
pub(crate) const CREDIT: &str = "credit";
/// As above.
pub(crate) const CREDITED: &str = "credited";
/// As above.
pub(crate) const CONTRIBUTION: &str = "contribution";
/// As above.
pub(crate) const SHARE: &str = "share";
/// As above.
pub(crate) const FOUND_DEMAND: &str = "found_demand";
/// As above.
pub(crate) const FOUND_SUPPLY: &str = "found_supply";
/// Stages of a case before its contract, or before an order is worked on.
pub(crate) const TALKS: [&str; 4] = ["open", "under_way", "placed", "accepted"];
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
/// The kind of outcomes; those a grade is reckoned of.
pub(crate) const OUTCOME: &str = "outcome";
/// The unit an outcome benefits.
pub(crate) const FIRM: &str = "firm";
/// The grade of evidence, which the register works out.
pub(crate) const EVIDENCE: &str = "evidence";
/// As above.
pub(crate) const CONFIRMED_ON: &str = "confirmed_on";
/// The stage of an outcome the unit objects to.
pub(crate) const DISPUTED: &str = "disputed";
/// What is attached to an outcome.
pub(crate) const PAPERS: &str = "papers";
/// The amount of an outcome that is kept from the public, and that it is.
pub(crate) const CLOSED_AMOUNT: &str = "closed_amount";
/// As above.
pub(crate) const AMOUNT_CLOSED: &str = "amount_closed";
/// When an outcome came about, how many, and under which number it is registered elsewhere.
pub(crate) const ACHIEVED_ON: &str = "achieved_on";
/// As above.
pub(crate) const QUANTITY: &str = "quantity";
/// As above.
pub(crate) const NUMBER: &str = "paper_number";
/// The days its figure is counted from and to.
pub(crate) const COUNTED: [&str; 2] = ["counted_from", "counted_to"];
/// Outcomes that read the same and are not.
pub(crate) const DISTINCT_FROM: &str = "distinct_from";
/// How an outcome is shared, and the part of a unit.
pub(crate) const SHARES: &str = "shares";
/// As above.
pub(crate) const PERCENT: &str = "percent";
/// Types of outcomes whose amount was paid under their agreement.
pub(crate) const PAID_UNDER: [&str; 4] = ["problem", "technology", "transfer", "topic"];
/// The kind of visits, and where its minutes stand.
pub(crate) const VISIT: &str = "visit";
/// As above.
pub(crate) const MINUTES: [&str; 2] = ["minutes", "findings"];
/// Stages of the shared life of records that are listed.
pub(crate) const LISTED: &str = "listed";
/// As above.
pub(crate) const RETIRED: &str = "retired";
/// The stage of ties that stand, and of stations that do not any more.
pub(crate) const LIVE: &str = "live";
/// The type of ties by which thousands belong to one society.
pub(crate) const MEMBERSHIP: &str = "membership";
/// The type of ties by which someone works at a station, and what an academician is there.
pub(crate) const STATIONED: &str = "stationed";
/// As above.
pub(crate) const LEADING: &str = "leading_academician";
/// What someone is in a tie.
pub(crate) const ROLE: &str = "role";
/// The kinds around recognition; an application is named by a field of its kind's name.
pub(crate) const STATION: &str = "station";
/// As above.
pub(crate) const APPLICATION: &str = "application";
/// As above.
pub(crate) const REVIEW: &str = "review";
/// As above.
pub(crate) const CERTIFICATE: &str = "certificate";
/// Who applies, with whom, and which academicians are to come.
pub(crate) const HOST: &str = "host";
/// As above.
pub(crate) const PARTNERS: &str = "partners";
/// As above.
pub(crate) const ACADEMICIANS: &str = "academicians";
/// A person's standing as academician, also a term of where experts come from.
pub(crate) const ACADEMICIAN: &str = "academician";
/// Where an expert comes from.
pub(crate) const SOURCE: &str = "source";
/// Stages of an application that may still end in a station.
pub(crate) const UNDER_WAY: [&str; 6] = ["submitted", "asked", "checked", "review", "publicity", "closing"];
/// The stage at which an application is published.
pub(crate) const PUBLICITY: &str = "publicity";
/// The last day on which an application is published, and the day an objection is raised.
pub(crate) const PUBLICITY_UNTIL: &str = "publicity_until";
/// As above.
pub(crate) const RAISED_ON: &str = "raised_on";
/// What an application hands in, and the file of one line of it.
pub(crate) const DOCUMENTS: &str = "documents";
/// As above.
pub(crate) const FILE: &str = "file";
/// Who reviews, what is put before them, what they say.
pub(crate) const REVIEWER: &str = "reviewer";
/// As above.
pub(crate) const MATERIAL: &str = "material";
/// As above.
pub(crate) const OPINION: &str = "opinion";
/// What the applicant is told of all opinions.
pub(crate) const OPINIONS: &str = "opinions";
/// Points by item, what they come to, and on which sheet.
pub(crate) const SCORES: &str = "scores";
/// As above.
pub(crate) const SCORE: &str = "score";
/// As above.
pub(crate) const SHEET: &str = "sheet";
/// Stages of a review.
pub(crate) const SUBMITTED: &str = "submitted";
/// As above.
pub(crate) const WITHDRAWN: &str = "withdrawn";
/// What a station takes from its application under another name, and what that is.
pub(crate) const FROM_APPLICATION: [(&str, &str); 2] = [("goal", "summary"), ("residents", "team")];
/// Since when a station is recognised, and by whom.
pub(crate) const RECOGNISED_ON: &str = "recognised_on";
/// As above.
pub(crate) const RECOGNISED_BY: &str = "recognised_by";
/// The level at which a station is recognised.
pub(crate) const LEVEL: &str = "level";
/// Moves the house makes on a station and on its certificates.
pub(crate) const LIST: &str = "list";
/// As above.
pub(crate) const EXIT: &str = "exit";
/// As above.
pub(crate) const REVOKE: &str = "revoke";
/// The type of certificates that say a station is recognised, and the stage of those that hold.
pub(crate) const RECOGNITION: &str = "recognition";
/// As above.
pub(crate) const ISSUED: &str = "issued";
/// A certificate: of whom, its code, when and by whom it was issued, what it says, and when it ceased to hold.
pub(crate) const HOLDER: &str = "holder";
/// As above.
pub(crate) const CODE: &str = "code";
/// As above.
pub(crate) const ISSUED_ON: &str = "issued_on";
/// As above.
pub(crate) const ISSUER: &str = "issuer";
/// As above.
pub(crate) const TEXT: &str = "text";
/// As above.
pub(crate) const DIGEST: &str = "digest";
/// How far a demand has come, and its steps.
pub(crate) const REACHED: &str = "reached";
/// As above; the others are named as the kinds and types they come from.
pub(crate) const ANSWERED: &str = "answered";
/// As above.
pub(crate) const MET: &str = "met";
/// The stage of a match both sides agreed to.
pub(crate) const ACCEPTED: &str = "accepted";
/// Stages of a demand that someone has taken up.
pub(crate) const DEMAND_AT_WORK: [&str; 2] = ["docking", "solved"];
/// Stages of a case at which both sides have met.
pub(crate) const TALKING: [&str; 5] = ["under_way", "agreed", "working", "delivered", "done"];
/// Stages of an agreement that was signed.
pub(crate) const AGREEMENT_HOLDS: [&str; 3] = ["listed", "in_force", "ended"];
/// Grades of evidence by which an outcome counts as verified, and the field that names outcomes.
pub(crate) const PROVEN: [&str; 2] = ["a", "b"];
/// As above.
pub(crate) const OUTCOMES: &str = "outcomes";
/// As above.
pub(crate) const REVOKED_ON: &str = "revoked_on";
