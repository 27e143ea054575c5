//! Matching: documents in, ranked and explained hits out.
//!
//! Knows words, keys and judgments; never knows what a demand or an expert is, never reads a clock, a file or
//! a table, never starts a thread, and never lets a document that the caller does not admit reach an answer.
//! Counts of words over the whole index weigh words; they name no document. The same documents and the same
//! question give the same answer, whatever the order in which the documents came.
//!
//! Start at [`Index`]; the shapes of questions and answers stand in `model`, every weight in [`weights`].

mod alike;
mod index;
mod keys;
mod meaning;
mod model;
mod query;
mod rank;
mod reasons;
mod search;
mod snippet;
mod stop;
mod subspace;
mod terms;
pub mod weights;
mod works;

pub use index::Index;
pub use meaning::{Lesson, Meaning, Placed};
pub use model::{Document, Facet, Found, Hit, Judged, Need, Piece, Reason, Signal};
