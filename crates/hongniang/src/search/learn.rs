//! Learning what words mean, beside the following: in a thread of its own, while others ask and write.
//!
//! Falls due when half as many documents again are here as the last time, once nothing has come for a while. Start at [`learn`].

use std::sync::PoisonError;
use std::thread::JoinHandle;

use matching::{Meaning, Placed};

use super::State;
use crate::app::App;

/// From so many documents on there is enough to learn from.
const LEAST: usize = 500;
/// Rests without news before it begins: a second or so.
const QUIET: u32 = 10;
/// Documents placed at once while others wait.
const STEP: usize = 1_000;

/// What the following thread keeps of learning: how long it has been quiet, and whoever is at it.
#[derive(Default)]
pub struct Learning {
    quiet: u32,
    under_way: Option<JoinHandle<()>>,
    seen: usize,
}

impl Learning {
    /// Told at each rest; begins to learn where it is due.
    pub fn at_rest(&mut self, app: &App) {
        let (many, due) = {
            let state = app.index().ask();
            (state.index.len(), is_due(&state))
        };
        self.quiet = if many == self.seen { self.quiet.saturating_add(1) } else { 0 };
        self.seen = many;
        let busy = self.under_way.as_ref().is_some_and(|thread| !thread.is_finished());
        if due && !busy && self.quiet >= QUIET {
            let app = app.clone();
            let begun = std::thread::Builder::new().name("learn".into()).spawn(move || learn(&app));
            self.under_way = begun.inspect_err(|fault| eprintln!("cannot learn: {fault}")).ok();
        }
    }
}

/// Whether half as many documents again are here as when it learned last.
fn is_due(state: &State) -> bool {
    let many = state.index.len();
    many >= LEAST && many >= state.learned + state.learned / 2
}

/// Learns from the documents that are here and takes it into use, if that is due; one at a time.
pub fn learn(app: &App) {
    let _alone = app.index().learning.lock().unwrap_or_else(PoisonError::into_inner);
    if !is_due(&app.index().ask()) {
        return;
    }
    let lesson = app.index().ask().index.lesson();
    let meaning = lesson.learn();
    let placed = placed(app, &meaning);
    let mut state = app.index().state.write().unwrap_or_else(PoisonError::into_inner);
    state.learned = state.index.len();
    state.index.install(meaning, placed);
}

/// Where the documents lie, a step at a time, so that nobody waits long.
fn placed(app: &App, meaning: &Meaning) -> Vec<Placed> {
    let mut all = Vec::new();
    for from in (0..).step_by(STEP) {
        let Some(step) = app.index().ask().index.placed(meaning, from, STEP) else { break };
        all.extend(step);
    }
    all
}
