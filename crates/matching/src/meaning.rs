//! Meaning: words that stand in the same passages lie near each other, and so do texts that use them.
//!
//! Latent semantic analysis (Deerwester et al. 1990) over the index's own texts: each title and each sentence is a
//! passage, passages × words is projected on the [`DIMENSIONS`] directions that hold most of it. Nothing is shipped
//! and nothing is learned from elsewhere. Learning reads documents in the order of their ids, so the same documents
//! give the same meaning; it is asked for by the caller and takes effect only by [`Index::install`].

use crate::index::{Entry, Index};
use crate::query::presence;
use crate::stop;
use crate::subspace::{self, Row};
use crate::terms::{Map, Term};
use crate::weights;

/// Numbers that stand for the meaning of a text.
pub const DIMENSIONS: usize = 64;
/// Passages learned from; of more, every so-manieth document is read.
const PASSAGES_MAX: usize = 60_000;
/// Shorter sentences say nothing by themselves, in characters.
const SENTENCE_LEAST: usize = 5;
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

impl Index {
    /// Learns what its words mean from the company they keep; nothing of fewer than two documents.
    pub fn learn(&self) -> Meaning {
        let passages = self.passages();
        let mut terms: Vec<Term> = passages.iter().flatten().map(|(term, _)| *term).collect();
        terms.sort_unstable();
        terms.dedup();
        terms.retain(|term| self.postings(*term).is_some_and(|p| p.slots.len() >= DOCUMENTS_LEAST));
        let numbers: Map<Term, usize> = terms.iter().enumerate().map(|(at, term)| (*term, at)).collect();
        let worths: Vec<f32> =
            terms.iter().map(|term| self.worth_to(*term, weights::MEANING_RARITY_POWER)).collect();
        let row = |passage: &Vec<(Term, u32)>| {
            let cell = |(term, count): &(Term, u32)| {
                let number = *numbers.get(term)?;
                Some((number, weigh(*count) * worths.get(number)?))
            };
            subspace::unit(passage.iter().filter_map(cell).collect())
        };
        let rows: Vec<Row> = passages.iter().map(row).collect();
        Meaning { directions: subspace::leading::<DIMENSIONS>(&rows, &terms), numbers }
    }

    /// Takes what was learned into use, for the documents here and those to come.
    pub fn install(&mut self, meaning: Meaning) {
        let directions: Vec<Option<Direction>> =
            self.slots_all().map(|entry| entry.map(|entry| self.direction_of(&meaning, entry))).collect();
        self.set_directions(directions);
        self.meaning = Some(meaning);
    }

    /// The direction of a document.
    pub(crate) fn direction_of(&self, meaning: &Meaning, entry: &Entry) -> Direction {
        self.direction_of_text(meaning, &entry.document.title, &entry.document.text)
    }

    /// The direction of a text.
    pub(crate) fn direction_of_text(&self, meaning: &Meaning, title: &str, text: &str) -> Direction {
        let weighed = stop::telling(&format!("{title}\n{text}"))
            .into_iter()
            .map(|(term, count)| (term, weigh(count) * self.worth_to(term, weights::MEANING_RARITY_POWER)));
        meaning.direction(weighed)
    }

    /// Titles and sentences, by words, in the order of ids.
    fn passages(&self) -> Vec<Vec<(Term, u32)>> {
        let mut entries: Vec<&Entry> = self.entries().map(|(_, entry)| entry).collect();
        entries.sort_by_key(|entry| entry.document.id);
        let sentences = |entry: &Entry| {
            let parts = entry.document.text.split(is_end);
            parts.filter(|part| part.trim().chars().nth(SENTENCE_LEAST - 1).is_some()).count() + 1
        };
        let all: usize = entries.iter().map(|entry| sentences(entry)).sum();
        let stride = all.div_ceil(PASSAGES_MAX).max(1);
        let mut passages = Vec::new();
        for entry in entries.into_iter().step_by(stride) {
            let parts = entry.document.text.split(is_end);
            let long = parts.filter(|part| part.trim().chars().nth(SENTENCE_LEAST - 1).is_some());
            let _ = long;
            passages.push(stop::telling(&format!("{}\n{}", entry.document.title, entry.document.text)));
        }
        passages
    }
}

/// How much a word counts that occurs so often in a passage.
fn weigh(count: u32) -> f32 {
    presence(u8::try_from(count).unwrap_or(u8::MAX), weights::SATURATION)
}

/// Whether a sentence ends here.
fn is_end(c: char) -> bool {
    matches!(c, '。' | '；' | ';' | '！' | '？' | '!' | '?' | '\n')
}
