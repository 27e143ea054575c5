//! Works: what people made speaks for them, be they found by their own words or not.
//!
//! Each work that answers the need gives its makers how much of the need it holds and how near its meaning lies; of
//! each maker the best few count (Stelmakh et al. 2023 take three, votes after Macdonald and Ounis 2006 all).
//! A work that is not admitted speaks for nobody.

use crate::index::{Entry, Index, Slot};
use crate::meaning::Direction;
use crate::query::Finder;
use crate::terms::Map;
use crate::weights;

/// What works say of their makers.
#[derive(Default)]
pub struct Works {
    /// For each slot 0 to 1.
    pub values: Vec<f32>,
    /// The best work of each maker.
    pub best: Map<Slot, Slot>,
}

impl Works {
    /// Of the works that hold most of the need: `shares` is for each slot how much of the need's words it holds.
    pub fn of(
        index: &Index,
        finder: &Finder<'_>,
        shares: &[f32],
        direction: Option<&Direction>,
        admit: &dyn Fn(u64) -> bool,
    ) -> Self {
        let is_work = |entry: &Entry| !entry.document.by.is_empty() && admit(entry.document.id);
        let wanted = |slot: Slot| index.entry(slot).is_some_and(is_work);
        let mut said: Map<Slot, Vec<(f32, Slot)>> = Map::default();
        for slot in finder.best(shares, &wanted, weights::WORKS_READ) {
            let Some(entry) = index.entry(slot) else { continue };
            let share = shares.get(slot as usize).copied().unwrap_or(0.0);
            let near = direction.zip(entry.direction.as_ref()).map_or(0.0, |(a, b)| a.cosine(b).max(0.0));
            let value = (weights::WORKS_SHARE * share + near) / (weights::WORKS_SHARE + 1.0);
            for maker in entry.document.by.iter().filter_map(|mark| index.marked(*mark)) {
                said.entry(maker).or_default().push((value, slot));
            }
        }
        Self::gathered(index, said)
    }

    fn gathered(index: &Index, said: Map<Slot, Vec<(f32, Slot)>>) -> Self {
        let mut works = Self { values: vec![0.0; index.slots_end()], best: Map::default() };
        let id = |slot: Slot| index.entry(slot).map(|entry| entry.document.id);
        for (maker, mut all) in said {
            all.sort_by(|a, b| b.0.total_cmp(&a.0).then(id(a.1).cmp(&id(b.1))));
            let counted = all.iter().take(weights::WORKS_COUNTED).map(|(value, _)| value);
            if let Some(place) = works.values.get_mut(maker as usize) {
                *place = counted.sum::<f32>() / weights::WORKS_COUNTED as f32;
            }
            works.best.extend(all.first().map(|(_, work)| (maker, *work)));
        }
        works
    }
}
