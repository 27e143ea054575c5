//! What can go wrong, each with a stable code; the texts people read stand in the locales (`fault.<code>`).

use std::path::PathBuf;

use crate::record::{Item, Record};
use base::id::RecordId;

/// Result of the register.
pub type Result<T> = std::result::Result<T, Fault>;

/// Characters of a statement that a storage fault repeats.
const WHAT_CHARS: usize = 100;

/// Why the register did not do what was asked.
#[derive(Clone, Debug)]
pub enum Fault {
    /// No such record, or none the asker may read: the two are never told apart.
    NotFound,
    /// The asker may read the record but not do this.
    NotAllowed,
    /// The catalogue refuses the move.
    Refused(catalogue::Refusal),
    /// Faults in the fields, all at once.
    Invalid(Vec<catalogue::Fault>),
    /// Another record already has this unique value.
    Claimed {
        /// The field.
        field: String,
        /// The value.
        value: String,
        /// The record that has it; none if the asker may not read it.
        by: Option<Box<Item>>,
    },
    /// The record has changed since it was read.
    Stale {
        /// The version the asker had in hand.
        yours: u64,
        /// The record as it stands.
        theirs: Box<Record>,
    },
    /// The reference would make the record its own ancestor.
    Cycle {
        /// The reference field.
        field: String,
    },
    /// The record has been merged into another.
    Merged {
        /// The one that was kept.
        into: RecordId,
    },
    /// The cursor was not made here, or for another list.
    BadCursor,
    /// The catalogue has no such kind.
    NoSuchKind(String),
    /// The list cannot be ordered or filtered by this field: it is not marked `list`.
    NotListed(String),
    /// A file, batch or list is larger than its named limit.
    TooLarge {
        /// What is too large.
        what: &'static str,
        /// The most there may be.
        most: u64,
    },
    /// Too much is waiting; ask again after so many seconds.
    Busy {
        /// Seconds.
        retry_after_s: u32,
    },
    /// The store failed; the text is for the log.
    Storage(String),
    /// Another process works on this folder.
    InUse(PathBuf),
    /// The store was written by a newer program.
    NewerStore {
        /// The store's schema.
        found: i64,
        /// The newest this program knows.
        known: i64,
    },
    /// A live process on this store holds another catalogue.
    OtherCatalogue,
    /// Code inside a write panicked; that write was undone.
    Panicked(String),
}

impl Fault {
    /// Stable code, part of the API and of locale keys.
    pub fn code(&self) -> &'static str {
        match self {
            Fault::NotFound => "not-found",
            Fault::NotAllowed => "not-allowed",
            Fault::Refused(_) => "refused",
            Fault::Invalid(_) => "invalid",
            Fault::Claimed { .. } => "claimed",
            Fault::Stale { .. } => "stale",
            Fault::Cycle { .. } => "cycle",
            Fault::Merged { .. } => "merged",
            Fault::BadCursor => "bad-cursor",
            Fault::NoSuchKind(_) => "no-such-kind",
            Fault::NotListed(_) => "not-listed",
            Fault::TooLarge { .. } => "too-large",
            Fault::Busy { .. } => "busy",
            Fault::Storage(_) => "storage",
            Fault::InUse(_) => "in-use",
            Fault::NewerStore { .. } => "newer-store",
            Fault::OtherCatalogue => "other-catalogue",
            Fault::Panicked(_) => "panicked",
        }
    }

    /// A storage fault with what was being done.
    pub(crate) fn storage(what: &str, error: impl std::fmt::Display) -> Fault {
        let what: String = what.chars().take(WHAT_CHARS).collect();
        Fault::Storage(format!("{what}: {error}"))
    }

    /// A stored value that this program cannot read.
    pub(crate) fn damaged(what: &str) -> Fault {
        Fault::Storage(format!("damaged {what}"))
    }

    /// One field is wrong.
    pub(crate) fn field(field: &str, code: &'static str) -> Fault {
        Fault::Invalid(vec![catalogue::Fault { field: field.to_owned(), code, args: Vec::new() }])
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Fault::Storage(text) | Fault::Panicked(text) => write!(f, "{}: {text}", self.code()),
            Fault::InUse(path) => write!(f, "in-use: another process works on {}", path.display()),
            Fault::NewerStore { found, known } => {
                write!(f, "newer-store: the store has schema {found}, this program knows {known}")
            }
            Fault::Claimed { field, value, .. } => write!(f, "claimed: {field} {value}"),
            Fault::Invalid(faults) => write!(f, "invalid: {faults:?}"),
            Fault::Refused(refusal) => write!(f, "refused: {refusal:?}"),
            other => f.write_str(other.code()),
        }
    }
}

impl std::error::Error for Fault {}
