//! The register: records, their edges, changes, files, accounts and jobs on SQLite or PostgreSQL; the only writer.
//!
//! Never shows anything, never ranks anything, never names a field of a particular kind: what may be recorded
//! and who may do what comes from the catalogue. All SQL of the house stands here, and only [`db`] names a driver.
//! Start at [`Register::open`], then [`Reader::list`] and [`Writer::create`].

mod account;
mod admit;
mod around;
mod behalf;
mod chain;
mod channel;
mod counts;
mod create;
mod credits;
mod db;
mod delivery;
mod derive;
mod effect;
mod erase;
mod factor;
mod fault;
mod fields;
mod file;
mod filter_sql;
mod find;
mod forget;
mod history;
mod identity;
mod import;
mod invited;
mod job;
mod joining;
mod link;
mod list;
mod merge;
mod milestones;
mod moves;
mod notice;
mod open;
mod privacy;
mod reach;
mod reader;
mod reckon;
mod record;
mod reviewing;
mod revise;
mod ring;
mod rules;
mod seal;
mod seen;
mod session;
mod sides;
mod stations;
mod substitute;
mod tied;
mod told;
mod trail;
mod verify;
mod whole;
mod why;
mod work;
mod writer;

pub use account::{Account, HeldRole, RoleChange, over_of, over_text};
pub use behalf::Told;
pub use channel::{CHANNELS_MAX, Channel, Means, Proof, Rhythm};
pub use db::{Sql, Store};
pub use delivery::{Delivery, Lane, Outcome, Parcel, Settled, Stuck};
pub use factor::SecondFactor;
pub use fault::{Fault, Result};
pub use file::FileRef;
pub use history::{AccessRow, Change, FeedRow};
pub use identity::{Identity, Ticket};
pub use invited::Invitations;
pub use job::{Job, JobCounts, JobState};
pub use joining::Joining;
pub use link::{Link, LinkState};
pub use list::{Count, Find, Order, Page};
pub use notice::{Cause, Notice, UNREAD_CAP};
pub use open::{Chance, Follower, Register, StoreAt};
pub use privacy::{Consent, Erasure};
pub use reader::Reader;
pub use record::{Direction, Doc, Edge, Item, Key, New, Position, Record, Waiting, Written};
pub use reviewing::Bond;
pub use ring::Rung;
pub use session::{Attempts, Entry, Seat, Session, SignedIn, Way, Who};
pub use stations::Certified;
pub use substitute::{Stood, Substitute};
pub use trail::SigninEvent;
pub use verify::{Break, Verdict};
pub use why::{ArmWhy, MoveWhy, Why};
pub use writer::Writer;

/// What a test needs to hold the statements against both stores; no part of the register's use.
#[doc(hidden)]
pub mod proof {
    pub use crate::db::dialect::FORKS;
    pub use crate::db::{explain_all, plan_of, schema_of};
    pub use crate::list::{Plan, plans_of};
}
