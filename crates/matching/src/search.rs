//! Search: a page of hits for what somebody typed, with counts to narrow it by.

use std::collections::BTreeMap;

use crate::index::{Entry, Index, Slot};
use crate::model::{Facet, Found, Hit, Reason, Signal};
use crate::query::{self, Finder, Weighted};
use crate::reasons::{self, Source};
use crate::terms::{self, Map};
use crate::weights;

impl Index {
    /// Documents that hold the words of `text` (all admitted ones if it is blank) and every key of `keys`, in one
    /// of `groups` (in any if empty): the hits from `skip` on, at most `first`, best first; by news, then id, where
    /// nothing was asked. Totals, facets and groups count admitted documents only.
    pub fn search(
        &self,
        text: &str,
        keys: &[String],
        admit: &dyn Fn(u64) -> bool,
        groups: &[&str],
        skip: usize,
        first: usize,
    ) -> Found {
        let asked = Weighted::every(self, text).normal();
        let sums = Finder::new(self).sums(&asked);
        let sum = |slot: Slot| sums.get(slot as usize).copied().unwrap_or(0.0);
        let admitted = |(_, entry): &(Slot, &Entry)| admit(entry.document.id);
        let mut matching: Vec<(Slot, &Entry)> =
            self.matching(text, keys).into_iter().filter(admitted).collect();
        let best = matching.iter().map(|(slot, _)| sum(*slot)).fold(0.0, f32::max);
        matching.retain(|(slot, _)| sum(*slot) >= weights::SEARCH_TAIL * best);
        let names = group_counts(&matching);
        let asked_for = |(_, entry): &(Slot, &Entry)| {
            groups.is_empty() || groups.contains(&entry.document.group.as_str())
        };
        let mut found: Vec<(Slot, &Entry)> = matching.into_iter().filter(asked_for).collect();
        let (total, facets) = (found.len(), facets(self, &found));
        let best = found.iter().map(|(slot, _)| sum(*slot)).fold(0.0, f32::max);
        let page = query::front(&mut found, skip.saturating_add(first), |(a, x), (b, y)| {
            let by_score = sum(*b).total_cmp(&sum(*a));
            by_score.then_with(|| y.document.day.cmp(&x.document.day)).then(x.document.id.cmp(&y.document.id))
        });
        let source = Source::new(text);
        let hit = |(slot, entry): (Slot, &Entry)| self.found_hit(entry, sum(slot), best, keys, &source);
        Found { hits: page.into_iter().skip(skip).map(hit).collect(), total, facets, groups: names }
    }

    /// The slots that hold enough of the words and all of the keys.
    fn matching(&self, text: &str, keys: &[String]) -> Vec<(Slot, &Entry)> {
        let terms = terms::counts(text);
        let mut held = vec![0_u32; self.slots_end()];
        for postings in terms.iter().filter_map(|(term, _)| self.postings(*term)) {
            for slot in &postings.slots {
                if let Some(count) = held.get_mut(*slot as usize) {
                    *count += 1;
                }
            }
        }
        let share = (terms.len() as f32 * weights::SEARCH_SHARE).ceil() as usize;
        let least = if text.trim().is_empty() { 0 } else { share.clamp(1, weights::SEARCH_WORDS) };
        let enough = |slot: Slot| held.get(slot as usize).is_some_and(|count| *count as usize >= least);
        let all_keys = |slot: Slot| keys.iter().all(|key| self.with_key(key).binary_search(&slot).is_ok());
        self.entries().filter(|(slot, _)| enough(*slot) && all_keys(*slot)).collect()
    }

    fn found_hit(&self, entry: &Entry, sum: f32, best: f32, keys: &[String], source: &Source) -> Hit {
        let document = &entry.document;
        let mut hit = Hit { id: document.id, ..Hit::default() };
        if sum > 0.0 {
            let weight = 1.0 / best;
            hit.score = sum * weight;
            hit.signals.push(Signal { name: "words", value: sum, weight, contribution: hit.score });
        }
        hit.reasons = reasons::of_words(self, source, source, document);
        hit.reasons.extend(keys.iter().map(|key| Reason::Key { key: key.clone() }));
        hit
    }
}

/// How many of the found carry each key, most frequent first within a dimension.
fn facets(index: &Index, found: &[(Slot, &Entry)]) -> Vec<Facet> {
    let mut is_found = vec![false; index.slots_end()];
    for (slot, _) in found {
        if let Some(mark) = is_found.get_mut(*slot as usize) {
            *mark = true;
        }
    }
    let count =
        |slots: &[Slot]| slots.iter().filter(|slot| is_found.get(**slot as usize) == Some(&true)).count();
    let dimension = |key: &str| key.split(':').next().unwrap_or_default().to_owned();
    let counted = index.keys().map(|(key, slots)| Facet { key: key.clone(), count: count(slots) });
    let mut all: Vec<Facet> = counted.filter(|facet| facet.count > 0).collect();
    all.sort_by(|a, b| {
        let by_dimension = dimension(&a.key).cmp(&dimension(&b.key));
        by_dimension.then(b.count.cmp(&a.count)).then_with(|| a.key.cmp(&b.key))
    });
    let mut given: Map<String, usize> = Map::default();
    all.retain(|facet| {
        let many = given.entry(dimension(&facet.key)).or_default();
        *many += 1;
        *many <= weights::FACETS_MAX
    });
    all
}

fn group_counts(found: &[(Slot, &Entry)]) -> Vec<(String, usize)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, entry) in found {
        *counts.entry(entry.document.group.as_str()).or_default() += 1;
    }
    counts.into_iter().map(|(name, count)| (name.to_owned(), count)).collect()
}
