//! Weighted terms and what they find: the one place where words become numbers.

use std::cmp::Ordering;

use crate::index::{Index, Slot};
use crate::stop;
use crate::terms::{self, Map, Term};
use crate::weights;

/// Terms with their weights, in the order of the terms; a document's value is the sum of weight × presence.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Weighted(pub Vec<(Term, f32)>);

impl Weighted {
    /// The terms of a text: occurrences (saturated) times rarity; words of the trade of asking weigh nothing.
    pub fn of(index: &Index, text: &str, weight: f32) -> Self {
        let k = weights::NEED_SATURATION;
        let weigh = |(term, count): (Term, u32)| {
            let count = count as f32;
            (term, weight * count * (k + 1.0) / (count + k) * index.worth(term))
        };
        Self(stop::telling(text).into_iter().map(weigh).collect())
    }

    /// Every term of a text once, stop words too: somebody typed it.
    pub fn every(index: &Index, text: &str) -> Self {
        Self(terms::counts(text).into_iter().map(|(term, _)| (term, index.rarity(term))).collect())
    }

    /// The sum of all weights, signs aside.
    pub fn sum(&self) -> f32 {
        self.0.iter().map(|(_, weight)| weight.abs()).sum()
    }

    /// All weights times a factor.
    pub fn scaled(mut self, by: f32) -> Self {
        self.0.iter_mut().for_each(|(_, weight)| *weight *= by);
        self
    }

    /// Scaled so that the weights sum to one; empty stays empty.
    pub fn normal(self) -> Self {
        let sum = self.sum();
        if sum > 0.0 { self.scaled(1.0 / sum) } else { self }
    }

    /// Both together.
    pub fn plus(&self, other: &Self) -> Self {
        let mut sums: Map<Term, f32> = Map::default();
        for (term, weight) in self.0.iter().chain(&other.0) {
            *sums.entry(*term).or_default() += weight;
        }
        let mut all: Vec<(Term, f32)> = sums.into_iter().collect();
        all.sort_unstable_by_key(|(term, _)| *term);
        Self(all)
    }

    /// The heaviest terms.
    pub fn heaviest(self, many: usize) -> Self {
        let mut all = self.0;
        all.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then(a.0.cmp(&b.0)));
        all.truncate(many);
        all.sort_unstable_by_key(|(term, _)| *term);
        Self(all)
    }
}

/// How far a count goes towards full presence, 0 to 1 (BM25 without its constant factor).
pub fn presence(count: u8, discount: f32) -> f32 {
    let count = f32::from(count);
    count / (count + discount)
}

/// Finds documents by weighted terms: a number for each slot.
pub struct Finder<'a> {
    index: &'a Index,
    discounts: Vec<f32>,
}

impl<'a> Finder<'a> {
    /// Over the documents as they stand.
    pub fn new(index: &'a Index) -> Self {
        Self { index, discounts: index.discounts() }
    }

    /// What these terms find: for each slot the sum of weight × presence.
    pub fn sums(&self, terms: &Weighted) -> Vec<f32> {
        let mut sums = vec![0.0; self.index.slots_end()];
        for (term, weight) in &terms.0 {
            let Some(postings) = self.index.postings(*term) else { continue };
            for (slot, count) in postings.slots.iter().zip(&postings.counts) {
                let slot = *slot as usize;
                if let (Some(sum), Some(discount)) = (sums.get_mut(slot), self.discounts.get(slot)) {
                    *sum += weight * presence(*count, *discount);
                }
            }
        }
        sums
    }

    /// For each slot how many of these terms it holds that few documents hold.
    pub fn rare(&self, terms: &Weighted) -> Vec<u16> {
        let most = (self.index.len() as f32 * weights::RARE_SHARE).ceil() as usize;
        let mut held = vec![0_u16; self.index.slots_end()];
        let lists = terms.0.iter().filter_map(|(term, _)| self.index.postings(*term));
        for slot in lists.filter(|list| list.slots.len() <= most).flat_map(|list| &list.slots) {
            if let Some(count) = held.get_mut(*slot as usize) {
                *count = count.saturating_add(1);
            }
        }
        held
    }

    /// The first `many` slots with a sum above zero that are wanted, best first, ties by id. Asks `wanted` no more
    /// often than needed: it may be dear.
    pub fn best(&self, sums: &[f32], wanted: &dyn Fn(Slot) -> bool, many: usize) -> Vec<Slot> {
        let mut rest: Vec<(f32, u64, Slot)> = Vec::new();
        for (slot, sum) in sums.iter().enumerate().filter(|(_, sum)| **sum > 0.0) {
            if let Some(entry) = self.index.entry(slot as Slot) {
                rest.push((*sum, entry.document.id, slot as Slot));
            }
        }
        let mut out = Vec::new();
        let mut chunk = many.saturating_mul(2).max(64);
        while !rest.is_empty() && out.len() < many {
            let taken = front(&mut rest, chunk, |a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            out.extend(
                taken
                    .into_iter()
                    .map(|(_, _, slot)| slot)
                    .filter(|slot| wanted(*slot))
                    .take(many - out.len()),
            );
            chunk = chunk.saturating_mul(4);
        }
        out
    }

    /// The highest sum of a wanted slot; none where no wanted slot has one above zero.
    pub fn top(&self, sums: &[f32], wanted: &dyn Fn(Slot) -> bool) -> Option<f32> {
        let first = self.best(sums, wanted, 1).first().copied()?;
        sums.get(first as usize).copied()
    }
}

/// Takes the first `many` out of a list by an order, sorted, without sorting the rest.
pub fn front<T>(list: &mut Vec<T>, many: usize, order: impl Fn(&T, &T) -> Ordering) -> Vec<T> {
    if many < list.len() {
        list.select_nth_unstable_by(many, &order);
        let rest = list.split_off(many);
        let mut taken = std::mem::replace(list, rest);
        taken.sort_unstable_by(&order);
        return taken;
    }
    let mut taken = std::mem::take(list);
    taken.sort_unstable_by(&order);
    taken
}
