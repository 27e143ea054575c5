//! The catalogue: what may be recorded, and who may do what with it at which stage.
//!
//! Never does IO, never reads the clock, never stops at the first fault: loading returns the kinds
//! that are sound and the diagnostics of those that are not. Start at [`Catalogue::load`], then
//! [`step()`] (what a move does) and [`access`] (who may read).

pub mod access;
pub mod checkup;
pub mod evidence;
pub mod filter;
pub mod indicator;
pub mod kind;
mod load;
mod near;
pub mod offices;
pub mod schema;
pub mod sheet;
pub mod step;
pub mod value;
pub mod view;
pub mod vocabulary;

pub use access::{Access, Arm, Asker, Only, Over, Role, RoleGrant, Standing, Subject};
pub use filter::{Filter, FilterRow};
pub use indicator::{Basis, Indicator, Measure};
pub use kind::{Audience, Field, Kind, Label, Layer, Move, Shape, Stage, Type};
pub use load::{Catalogue, Diagnostic, LOCAL_PREFIX};
pub use sheet::{Recognition, Sheet};
pub use step::{Facts, Offer, Refusal, Step, offers, step};
pub use value::{Fault, Fields, Lang, Terms};
pub use view::View;
pub use vocabulary::{Term, Vocabulary};
