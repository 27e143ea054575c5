//! Assessment: definitions and entries in, figures out.
//!
//! An index in memory that follows its records one by one. Never knows what a kind, a catalogue or a record is,
//! never reads a table, a file or a clock, never adds what was counted from records to what a source tells, and
//! takes no figure typed in for one that can be counted. The same entries and the same question give the same
//! figure, whatever the order in which the entries came.
//!
//! # What counts
//!
//! - **Place.** A place holds all places below it ([`base::place::Place::ancestors`]). An entry without a place
//!   counts for the nation only.
//! - **[`Basis::Period`].** Entries whose day lies wholly in the period: a day of which the source tells only the
//!   year lies in a period that holds the whole year. An entry without a day lies only in a period without bounds.
//! - **[`Basis::Cumulative`].** Entries whose day is over by the period's end, whatever its beginning; those
//!   without a day count too.
//! - **[`Basis::Stock`].** Entries that have begun by the period's end and whose own end is not over before it:
//!   on its last day a thing still stands. Without a day it counts as begun, without an end as never ended; one
//!   that ends before it begins never stands. At the end of a period without end stands what has no end.
//! - **[`Measure::Distinct`]** counts different subjects among the entries counted, so its figures are not the sum
//!   of those of the places below.
//! - **[`Lane`]s** are never added.
//!
//! Start at [`Board`]; the shapes of questions and answers stand in `model` and `period`.

mod board;
pub mod claims;
mod crowd;
mod curve;
mod model;
mod period;
mod tally;

pub use board::Board;
pub use model::{AMOUNT_SCALE, Basis, Contribution, Definition, Lane, Measure, Reported};
pub use period::{Bounds, End, Period};
