//! The register: records, their edges, changes, files, accounts and jobs on SQLite or PostgreSQL; the only writer.
//!
//! Never shows anything, never ranks anything, never names a field of a particular kind: what may be recorded
//! and who may do what comes from the catalogue. All SQL of the house stands here, and only [`db`] names a driver.
//! Start at [`Register::open`], then [`Reader::list`] and [`Writer::create`].

mod account;
mod admit;
mod chain;
mod counts;
mod create;
mod db;
mod derive;
mod effect;
mod erase;
mod fault;
mod fields;
mod file;
mod filter_sql;
mod find;
mod history;
mod import;
mod invited;
mod job;
mod list;
mod merge;
mod moves;
mod open;
mod reader;
mod record;
mod revise;
mod ring;
mod seen;
mod session;
mod verify;
mod whole;
mod why;
mod work;
mod writer;

pub use account::{Account, HeldRole};
pub use db::{Sql, Store};
pub use fault::{Fault, Result};
pub use file::FileRef;
pub use history::{AccessRow, Change, FeedRow};
pub use invited::Invitations;
pub use job::{Job, JobCounts, JobState};
pub use list::{Count, Find, Order, Page};
pub use open::{Chance, Follower, Register, StoreAt};
pub use reader::Reader;
pub use record::{Direction, Doc, Edge, Item, Key, New, Position, Record, Waiting, Written};
pub use ring::Rung;
pub use session::{Attempts, Link, SignedIn, Who};
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
