//! Counts remembered: the same question at the same position of the feed has the same count.
//!
//! Counting up to the cap is most of the cost of a long list, and few writes lie between two looks at it. The position
//! is read in the snapshot that is counted, so this holds on both stores and for other processes' writes too.

use std::collections::HashMap;
use std::sync::Mutex;

use crate::db::{Conn, Sql};
use crate::fault::Result;
use crate::list::Count;
use crate::open::lock;

/// Questions remembered at most; past it all are forgotten and the busy ones come back by themselves.
const QUESTIONS_MAX: usize = 1_024;

const AT: Sql = "select coalesce(max(position), 0) from change";

/// Statements of this room, for the proof of plans.
pub(crate) const STATEMENTS: &[Sql] = &[AT];

/// What was counted at one position.
#[derive(Default)]
pub(crate) struct Counts(Mutex<Known>);

#[derive(Default)]
struct Known {
    at: i64,
    counts: HashMap<String, Count>,
}

impl Counts {
    /// The count of a question, counted only if nobody has since the last change.
    pub(crate) fn of(
        &self,
        conn: &Conn,
        question: String,
        count: impl FnOnce() -> Result<Count>,
    ) -> Result<Count> {
        let at = conn.one(AT, &[])?.map_or(Ok(0), |row| row.int(0))?;
        if let Some(known) = self.known(at, &question) {
            return Ok(known);
        }
        let counted = count()?;
        self.keep(at, question, counted);
        Ok(counted)
    }

    fn known(&self, at: i64, question: &str) -> Option<Count> {
        let known = lock(&self.0);
        (known.at == at).then(|| known.counts.get(question).copied()).flatten()
    }

    /// A reader of an older snapshot keeps nothing.
    fn keep(&self, at: i64, question: String, count: Count) {
        let mut known = lock(&self.0);
        if at > known.at || known.counts.len() >= QUESTIONS_MAX {
            known.counts.clear();
            known.at = known.at.max(at);
        }
        if at == known.at {
            known.counts.insert(question, count);
        }
    }
}
