//! Near duplicates: which documents say nearly the same.

use crate::index::{Index, Slot};
use crate::terms::{self, Term};
use crate::weights;

impl Index {
    /// Admitted documents much like this one, and the share of different words both hold (Dice: twice the shared
    /// over the sum of both; of the whole texts or of the titles, whichever is more), most alike first, ties by id.
    /// Nothing below [`weights::ALIKE_MIN`].
    pub fn alike(
        &self,
        title: &str,
        text: &str,
        admit: &dyn Fn(u64) -> bool,
        groups: &[&str],
        first: usize,
    ) -> Vec<(u64, f32)> {
        let ours = Words::of(title, text);
        let mut slots = self.sharing(&ours.title);
        slots.extend(self.sharing(&ours.whole));
        slots.sort_unstable();
        slots.dedup();
        let mut out: Vec<(u64, f32)> = Vec::new();
        for document in slots.iter().filter_map(|slot| Some(&self.entry(*slot)?.document)) {
            let asked = groups.is_empty() || groups.contains(&document.group.as_str());
            if asked && admit(document.id) {
                let share = ours.share(&Words::of(&document.title, &document.text));
                out.extend((share >= weights::ALIKE_MIN).then_some((document.id, share)));
            }
        }
        out.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        out.truncate(first);
        out
    }

    /// The documents that may reach [`weights::ALIKE_MIN`] by the number of terms they share.
    fn sharing(&self, terms: &[Term]) -> Vec<Slot> {
        let mut counts = vec![0_u32; self.slots_end()];
        for postings in terms.iter().filter_map(|term| self.postings(*term)) {
            for slot in &postings.slots {
                if let Some(count) = counts.get_mut(*slot as usize) {
                    *count += 1;
                }
            }
        }
        // Dice ≥ m needs shared ≥ m/(2−m) of our own terms, however short the other text is.
        let least =
            (weights::ALIKE_MIN / (2.0 - weights::ALIKE_MIN) * terms.len() as f32).ceil().max(1.0) as u32;
        counts
            .iter()
            .enumerate()
            .filter(|(_, count)| **count >= least)
            .map(|(slot, _)| slot as Slot)
            .collect()
    }
}

/// The different terms of a document, sorted.
struct Words {
    title: Vec<Term>,
    whole: Vec<Term>,
}

impl Words {
    fn of(title: &str, text: &str) -> Self {
        let head = terms::counts(title);
        let whole = terms::merged(&head, 1, &terms::counts(text));
        let bare = |counts: Vec<(Term, u32)>| counts.into_iter().map(|(term, _)| term).collect();
        Self { title: bare(head), whole: bare(whole) }
    }

    fn share(&self, other: &Self) -> f32 {
        let long = self.title.len().min(other.title.len()) >= weights::ALIKE_TITLE_MIN;
        let titles = if long { dice(&self.title, &other.title) } else { 0.0 };
        dice(&self.whole, &other.whole).max(titles)
    }
}

fn dice(a: &[Term], b: &[Term]) -> f32 {
    let shared = a.iter().filter(|term| b.binary_search(term).is_ok()).count();
    2.0 * shared as f32 / ((a.len() + b.len()).max(1) as f32)
}
