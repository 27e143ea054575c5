//! Values that cannot be wrong: codes with their checks, places, numbers of records, days, money,
//! quantities, the working-day calendar, and the limits everything else respects.
//!
//! Never does IO, never reads the clock, never draws chance: time and random bytes come in as
//! arguments, tables are part of the binary (`data/README.md` names their origin). Never speaks to
//! a user: what is wrong is said as a [`fault::CodeError`] whose `code()` the locales translate.
//! Start at [`place::Place`] and [`number::Number`]; every type parses what people write and prints
//! one canonical text that parses back to the same value.

mod ascii;
pub mod calendar;
pub mod citizen;
pub mod credit;
pub mod day;
pub mod discipline;
pub mod fault;
pub mod id;
pub mod industry;
pub mod limits;
pub mod money;
pub mod number;
pub mod orcid;
pub mod patent;
pub mod place;
pub mod quantity;
mod scheme;
pub mod text;
mod wire;
