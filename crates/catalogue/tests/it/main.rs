//! The catalogue through its public face: loading, access, filters, values, moves, and what is shipped.
#![expect(clippy::unwrap_used, clippy::panic, reason = "what the tests prepare is known to be sound")]

mod access;
mod figures;
mod filter;
mod load;
mod mission;
mod share;
mod shared;
mod shipped;
mod step;
mod value;
mod vocabulary;
