//! What goes in and comes out: records, rows of lists, edges, positions. Plain values; nothing here touches a store.

use std::fmt;
use std::str::FromStr;

use base::id::RecordId;
use base::number::Number;
use base::place::Place;
use catalogue::step::Around;
use catalogue::{Access, Audience, Fields, Subject};
use jiff::Timestamp;
use jiff::civil::Date;

/// A point in the feed of changes: dense, in commit order. Written `epoch-number`, as `1-1041`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    /// Raised when a store is restored from a backup.
    pub epoch: u32,
    /// Number of the change within the epochs, from 1; 0 is before the first.
    pub number: u64,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.epoch, self.number)
    }
}

impl FromStr for Position {
    type Err = BadPosition;

    fn from_str(text: &str) -> Result<Position, BadPosition> {
        let (epoch, number) = text.split_once('-').ok_or(BadPosition)?;
        Ok(Position {
            epoch: epoch.parse().map_err(|_| BadPosition)?,
            number: number.parse().map_err(|_| BadPosition)?,
        })
    }
}

/// A text that is no position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadPosition;

impl fmt::Display for BadPosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a position; positions look like 1-1041")
    }
}

impl std::error::Error for BadPosition {}

/// What a write gave, and where its last change stands in the feed.
#[derive(Clone, Debug)]
pub struct Written<T> {
    /// The closure's value.
    pub value: T,
    /// The newest position after the commit that holds the write.
    pub position: Position,
}

/// How a record is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// By its id, which travels.
    Id(RecordId),
    /// By its kind and printed number.
    Number(String, Number),
    /// By its row, which is local to this store.
    Row(i64),
}

/// A record as it stands in a list: everything but its texts.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Local number, the order of filing.
    pub row: i64,
    /// Id, which travels.
    pub id: RecordId,
    /// Printed number.
    pub number: Number,
    /// Kind.
    pub kind: String,
    /// Dotted type path.
    pub type_path: String,
    /// Stage.
    pub stage: String,
    /// Heading; empty when erased.
    pub title: String,
    /// Where it belongs.
    pub place: Option<Place>,
    /// The organisation or person that owns it.
    pub owner: Option<RecordId>,
    /// The owner's heading, if the asker may read the owner.
    pub owner_title: Option<String>,
    /// The day it counts on, as the catalogue's day field has it (`2026-03`, `2026-03-09`).
    pub day: Option<String>,
    /// The earliest running clock.
    pub due: Option<Date>,
    /// How far it travels.
    pub audience: Audience,
    /// Version, from 1.
    pub version: u64,
    /// Its own listed values, field and key text, without ancestors; of the layers the asker may read.
    pub keys: Vec<(String, String)>,
    /// When it was filed.
    pub created_at: Timestamp,
    /// When it last changed.
    pub changed_at: Timestamp,
}

/// A record with the texts the asker may read.
#[derive(Clone, Debug)]
pub struct Record {
    /// Everything but the texts.
    pub item: Item,
    /// What the access rule looks at.
    pub subject: Subject,
    /// How the asker came to read it.
    pub access: Access,
    /// Fields of the `open` and, where the access admits, the `inside` layer. Never the sealed one.
    pub fields: Fields,
    /// Something lies in the sealed layer.
    pub sealed: bool,
    /// The asker may open the sealed layer, or might until a day that has passed.
    pub may_open: bool,
    /// What other records say of the moves from its stage.
    pub around: Around,
    /// The last day on which the asker may open it; none where it has no end.
    pub opens_until: Option<Date>,
}

/// A record about to be made.
#[derive(Clone, Debug, Default)]
pub struct New {
    /// Kind.
    pub kind: String,
    /// Dotted type path.
    pub type_path: String,
    /// Canonical fields, all layers.
    pub fields: Fields,
    /// Where it belongs, if no field says so.
    pub place: Option<Place>,
    /// Who owns it, if no field says so; none is whoever creates it. May be the record itself.
    pub owner: Option<RecordId>,
    /// An id drawn before (imports); none draws one.
    pub id: Option<RecordId>,
}

/// Which end of an edge the record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// What the record refers to.
    From,
    /// What refers to the record.
    To,
}

/// A link to another readable record.
#[derive(Clone, Debug, PartialEq)]
pub struct Edge {
    /// The reference field, of the record at the `from` end.
    pub field: String,
    /// The record at the other end.
    pub item: Item,
    /// From when, if known.
    pub since: Option<String>,
    /// Until when, if ended.
    pub until: Option<String>,
}

/// A record as the search index takes it in; internal to the node, with no asker.
#[derive(Clone, Debug)]
pub struct Doc {
    /// What the access rule looks at.
    pub subject: Subject,
    /// Everything but the texts; `keys` of all layers but sealed.
    pub item: Item,
    /// The open layer.
    pub open: Fields,
    /// The inside layer.
    pub inside: Fields,
}

/// Something that waits for the asker.
#[derive(Clone, Debug, PartialEq)]
pub struct Waiting {
    /// The record.
    pub item: Item,
    /// The moves it waits for; none where it only climbed.
    pub moves: Vec<String>,
    /// A promise ran out and climbed to the asker.
    pub climbed: bool,
    /// The clock that runs out first.
    pub promise: Option<String>,
}
