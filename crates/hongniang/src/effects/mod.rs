//! 成效: why an outcome has its grade, asking the unit that benefits to confirm it, and the claims that do not fit together.
//!
//! The grade itself is the register's. Never raises one by hand. Start at [`grade`], [`confirm`] and [`claims`].

pub mod claims;
pub mod confirm;
pub mod follow;
pub mod grade;
