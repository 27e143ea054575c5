//! Meaning: words that stand in the same documents lie near each other, and so do texts that use them.
//!
//! Latent semantic analysis (Deerwester et al. 1990) over the index's own texts: documents × words is projected on the
//! [`DIMENSIONS`] directions that hold most of it. Nothing is shipped and nothing is learned from elsewhere. Learning
//! reads documents in the order of their ids, so the same documents give the same meaning. It goes in three steps, so
//! that others may ask and write meanwhile: [`Index::lesson`], [`Lesson::learn`], [`Index::install`].

use crate::index::{Entry, Index};
use crate::query::presence;
use crate::stop;
use crate::subspace::{self, Row};
use crate::terms::{Map, Term};
use crate::weights;

/// Numbers that stand for the meaning of a text.
pub const DIMENSIONS: usize = 64;
/// Documents learned from at most.
const DOCUMENTS_MAX: usize = 60_000;
/// A word in fewer documents has no company to be known by.
const DOCUMENTS_LEAST: usize = 2;

/// What was learned: for each word its direction.
pub struct Meaning {
    numbers: Map<Term, usize>,
    directions: Vec<f32>,
}

/// The direction of a text, of length one, in 127ths; all zeros where none of its words is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Direction(Box<[i8]>);

impl Direction {
    /// The cosine of two directions, −1 to 1; 0 where either is unknown.
    pub fn cosine(&self, other: &Self) -> f32 {
        let product = |(a, b): (&i8, &i8)| i32::from(*a) * i32::from(*b);
        let length = |all: &Self| all.0.iter().map(|a| i32::from(*a).pow(2)).sum::<i32>() as f32;
        let both = (length(self) * length(other)).sqrt();
        let sum = self.0.iter().zip(&other.0).map(product).sum::<i32>() as f32;
        if both > 0.0 { sum / both } else { 0.0 }
    }
}

impl Meaning {
    /// The direction of weighted words.
    pub fn direction(&self, words: impl Iterator<Item = (Term, f32)>) -> Direction {
        let mut sum = [0.0_f32; DIMENSIONS];
        for (term, weight) in words {
            let from = self.numbers.get(&term).map(|number| number * DIMENSIONS);
            let known = from.and_then(|from| self.directions.get(from..from + DIMENSIONS));
            for (sum, value) in sum.iter_mut().zip(known.unwrap_or_default()) {
                *sum += weight * value;
            }
        }
        let length = sum.iter().map(|value| value * value).sum::<f32>().sqrt();
        let scale = if length > f32::MIN_POSITIVE { 127.0 / length } else { 0.0 };
        Direction(sum.iter().map(|value| (value * scale).round() as i8).collect())
    }
}

/// What there is to learn from, gathered quickly, so that the learning itself holds up nobody.
pub struct Lesson {
    terms: Vec<Term>,
    rows: Vec<Row>,
}

impl Lesson {
    /// Learns what words mean from the company they keep; takes its time.
    pub fn learn(self) -> Meaning {
        let numbers = self.terms.iter().enumerate().map(|(at, term)| (*term, at)).collect();
        Meaning { directions: subspace::leading::<DIMENSIONS>(&self.rows, &self.terms), numbers }
    }
}

/// Where a document lies, as it stood when it was looked at.
pub struct Placed {
    id: u64,
    stamp: u64,
    direction: Direction,
}

impl Index {
    /// What its documents have to teach, in the order of their ids; of very many every so-manieth.
    pub fn lesson(&self) -> Lesson {
        let mut entries: Vec<&Entry> = self.entries().map(|(_, entry)| entry).collect();
        entries.sort_by_key(|entry| entry.document.id);
        let stride = entries.len().div_ceil(DOCUMENTS_MAX).max(1);
        let words = |entry: &Entry| stop::telling(&whole(&entry.document.title, &entry.document.text));
        let passages: Vec<Vec<(Term, u32)>> = entries.into_iter().step_by(stride).map(words).collect();
        let mut terms: Vec<Term> = passages.iter().flatten().map(|(term, _)| *term).collect();
        terms.sort_unstable();
        terms.dedup();
        terms.retain(|term| self.postings(*term).is_some_and(|p| p.slots.len() >= DOCUMENTS_LEAST));
        let worths: Vec<f32> =
            terms.iter().map(|term| self.worth_to(*term, weights::MEANING_RARITY_POWER)).collect();
        let row = |passage: &Vec<(Term, u32)>| {
            let cell = |(term, count): &(Term, u32)| {
                let number = terms.binary_search(term).ok()?;
                Some((number, weigh(*count) * worths.get(number)?))
            };
            subspace::unit(passage.iter().filter_map(cell).collect())
        };
        let rows = passages.iter().map(row).collect();
        Lesson { terms, rows }
    }

    /// Where `many` documents lie that stand from a place of the index on; nothing once the end is reached.
    pub fn placed(&self, meaning: &Meaning, from: usize, many: usize) -> Option<Vec<Placed>> {
        let slots = from..self.slots_end().min(from.saturating_add(many));
        let place = |slot: usize| {
            let entry = self.entry(u32::try_from(slot).ok()?)?;
            let direction = self.direction_of(meaning, &entry.document.title, &entry.document.text);
            Some(Placed { id: entry.document.id, stamp: entry.stamp, direction })
        };
        (!slots.is_empty()).then(|| slots.filter_map(place).collect())
    }

    /// Takes what was learned into use: documents that still say what they said when placed get their direction, the
    /// others are placed now.
    pub fn install(&mut self, meaning: Meaning, placed: Vec<Placed>) {
        let mut known: Map<u64, Placed> = placed.into_iter().map(|placed| (placed.id, placed)).collect();
        let mut direction = |entry: &Entry| {
            let placed = known.remove(&entry.document.id).filter(|placed| placed.stamp == entry.stamp);
            let now = || self.direction_of(&meaning, &entry.document.title, &entry.document.text);
            placed.map_or_else(now, |placed| placed.direction)
        };
        let directions = self.slots_all().map(|entry| entry.map(&mut direction)).collect();
        self.set_directions(directions);
        self.meaning = Some(meaning);
    }

    /// Learns and takes into use at once.
    pub fn learn(&mut self) {
        let meaning = self.lesson().learn();
        self.install(meaning, Vec::new());
    }

    /// The direction of a text.
    pub(crate) fn direction_of(&self, meaning: &Meaning, title: &str, text: &str) -> Direction {
        let weighed = stop::telling(&whole(title, text))
            .into_iter()
            .map(|(term, count)| (term, weigh(count) * self.worth_to(term, weights::MEANING_RARITY_POWER)));
        meaning.direction(weighed)
    }
}

fn whole(title: &str, text: &str) -> String {
    format!("{title}\n{text}")
}

/// How much a word counts that occurs so often in a passage.
fn weigh(count: u32) -> f32 {
    presence(u8::try_from(count).unwrap_or(u8::MAX), weights::SATURATION)
}
