//! What kinds share: lives (`lives/NAME.toml`) and parts (`parts/NAME.toml`), read before any kind.
//!
//! Never has records of its own: a kind that names a life or part has it as if it had written it out.

use std::collections::BTreeMap;

use super::diagnostic::Diagnostic;
use super::kind::Draft;
use super::source::Word;

/// Lives and parts by name, the faulty ones included: a fault there is told once.
#[derive(Default)]
pub(super) struct Shared {
    pub lives: BTreeMap<String, Draft>,
    pub parts: BTreeMap<String, Draft>,
}

impl Shared {
    pub fn life_names(&self) -> Vec<&str> {
        self.lives.keys().map(String::as_str).collect()
    }

    pub fn part_names(&self) -> Vec<&str> {
        self.parts.keys().map(String::as_str).collect()
    }

    /// Whether the kind names a life that is not there or at fault.
    pub fn life_is_lost(&self, draft: &Draft) -> bool {
        let named = draft.life.as_ref();
        named.is_some_and(|word| self.lives.get(&word.text).is_none_or(|life| life.faulty))
    }

    /// Whether the kind shares something at fault. What follows from a faulty life is then dropped from what was
    /// found where the kind names it.
    pub fn faults_of(&self, draft: &Draft, found: &mut Vec<Diagnostic>) -> bool {
        let lost = draft.life.as_ref().filter(|_| self.life_is_lost(draft));
        if let Some(Word { mark, .. }) = lost {
            found.retain(|fault| {
                (fault.line, fault.column) != (mark.line, mark.column) || *fault.file != *mark.file
            });
        }
        let mut parts = draft.parts.iter().filter_map(|name| self.parts.get(name));
        lost.is_some() || parts.any(|part| part.faulty)
    }
}
