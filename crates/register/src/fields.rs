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
/// Where a person works: tells which side they are on, and opens nothing.
pub(crate) const EMPLOYER: &str = "employer";
/// Who or what is put beside a demand.
pub(crate) const CANDIDATE: &str = "candidate";
/// What `join-demand` follows, whom it brings, and where they join.
pub(crate) const DEMAND: &str = "demand";
/// As above.
pub(crate) const EXPERT: &str = "expert";
/// As above.
pub(crate) const EXPERTS: &str = "experts";
