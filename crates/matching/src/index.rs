//! The index itself: documents, their postings, and the counts that weigh words.
//!
//! `put` and `remove` leave exactly the state that indexing the remaining documents afresh would give, up to the
//! numbering of slots, which no answer shows. Start at [`Index::put`].

use crate::model::Document;
use crate::terms::{self, Map, Term};
use crate::weights;

/// A place in the index; reused after a removal.
pub(crate) type Slot = u32;

/// Documents that can be searched, ranked, compared and quoted.
#[derive(Default)]
pub struct Index {
    numbers: Map<Term, u32>,
    postings: Vec<Postings>,
    slots: Map<u64, Slot>,
    entries: Vec<Option<Entry>>,
    free: Vec<Slot>,
    groups: Vec<Group>,
    keys: Map<String, Vec<Slot>>,
    characters: Map<char, u32>,
}

/// The documents that hold a term, by slot, and how often (titles weighted), at most 255.
#[derive(Default)]
pub(crate) struct Postings {
    pub slots: Vec<Slot>,
    pub counts: Vec<u8>,
}

pub(crate) struct Entry {
    pub document: Document,
    pub group: usize,
    pub length: u32,
}

/// A group of documents and what its lengths are measured against.
struct Group {
    name: String,
    documents: u64,
    length: u64,
}

impl Group {
    /// The average length of its documents, at least 1.
    fn average(&self) -> f32 {
        (self.length as f32 / self.documents.max(1) as f32).max(1.0)
    }
}

impl Postings {
    /// How often the term stands in the document of this slot.
    pub fn count(&self, slot: Slot) -> Option<u8> {
        let at = self.slots.binary_search(&slot).ok()?;
        self.counts.get(at).copied()
    }

    fn add(&mut self, slot: Slot, count: u8) {
        if let Err(at) = self.slots.binary_search(&slot) {
            self.slots.insert(at, slot);
            self.counts.insert(at, count);
        }
    }

    fn drop(&mut self, slot: Slot) {
        if let Ok(at) = self.slots.binary_search(&slot) {
            self.slots.remove(at);
            self.counts.remove(at);
        }
    }
}

impl Index {
    /// An empty index.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many documents it holds.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// The document of an id. The caller decides who may see it.
    pub fn document(&self, id: u64) -> Option<&Document> {
        Some(&self.entry(*self.slots.get(&id)?)?.document)
    }

    /// Adds a document, or replaces the one with its id.
    pub fn put(&mut self, document: Document) {
        self.remove(document.id);
        let slot = self.free.pop().unwrap_or(self.entries.len() as Slot);
        let terms = document_terms(&document.title, &document.text);
        for (term, count) in &terms {
            let next = self.postings.len() as u32;
            let number = *self.numbers.entry(*term).or_insert(next);
            if number == next {
                self.postings.push(Postings::default());
            }
            if let Some(postings) = self.postings.get_mut(number as usize) {
                postings.add(slot, u8::try_from(*count).unwrap_or(u8::MAX));
            }
        }
        for c in characters_of(&terms) {
            *self.characters.entry(c).or_default() += 1;
        }
        for key in distinct(&document.keys) {
            let slots = self.keys.entry(key.clone()).or_default();
            if let Err(at) = slots.binary_search(&slot) {
                slots.insert(at, slot);
            }
        }
        let length = terms.iter().map(|(_, count)| count).sum();
        let group = self.group_for(&document.group, length);
        self.slots.insert(document.id, slot);
        if slot as usize == self.entries.len() {
            self.entries.push(None);
        }
        if let Some(place) = self.entries.get_mut(slot as usize) {
            *place = Some(Entry { document, group, length });
        }
    }

    /// Takes a document out; nothing happens if there is none of this id.
    pub fn remove(&mut self, id: u64) {
        let Some(slot) = self.slots.remove(&id) else { return };
        let Some(entry) = self.entries.get_mut(slot as usize).and_then(Option::take) else { return };
        let terms = document_terms(&entry.document.title, &entry.document.text);
        for (term, _) in &terms {
            if let Some(postings) = self.numbers.get(term).and_then(|n| self.postings.get_mut(*n as usize)) {
                postings.drop(slot);
            }
        }
        for c in characters_of(&terms) {
            if let Some(count) = self.characters.get_mut(&c) {
                *count = count.saturating_sub(1);
            }
        }
        for key in distinct(&entry.document.keys) {
            if let Some(slots) = self.keys.get_mut(key)
                && let Ok(at) = slots.binary_search(&slot)
            {
                slots.remove(at);
            }
        }
        if let Some(group) = self.groups.get_mut(entry.group) {
            group.documents -= 1;
            group.length -= u64::from(entry.length);
        }
        self.free.push(slot);
    }

    fn group_for(&mut self, name: &str, length: u32) -> usize {
        let at = self.groups.iter().position(|g| g.name == name).unwrap_or(self.groups.len());
        if at == self.groups.len() {
            self.groups.push(Group { name: name.to_owned(), documents: 0, length: 0 });
        }
        if let Some(group) = self.groups.get_mut(at) {
            group.documents += 1;
            group.length += u64::from(length);
        }
        at
    }

    pub(crate) fn entry(&self, slot: Slot) -> Option<&Entry> {
        self.entries.get(slot as usize)?.as_ref()
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = (Slot, &Entry)> {
        self.entries.iter().enumerate().filter_map(|(at, e)| Some((at as Slot, e.as_ref()?)))
    }

    /// One more than the highest slot in use.
    pub(crate) fn slots_end(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn slot(&self, id: u64) -> Option<Slot> {
        self.slots.get(&id).copied()
    }

    /// Every key and the slots that carry it, in no fixed order.
    pub(crate) fn keys(&self) -> impl Iterator<Item = (&String, &[Slot])> {
        self.keys.iter().map(|(key, slots)| (key, slots.as_slice()))
    }

    pub(crate) fn with_key(&self, key: &str) -> &[Slot] {
        self.keys.get(key).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn postings(&self, term: Term) -> Option<&Postings> {
        let postings = self.postings.get(*self.numbers.get(&term)? as usize)?;
        (!postings.slots.is_empty()).then_some(postings)
    }

    /// BM25's inverse document frequency; the highest of all for a term no document holds.
    pub(crate) fn rarity(&self, term: Term) -> f32 {
        let with = self.postings(term).map_or(0, |p| p.slots.len()) as f32;
        (1.0 + (self.len() as f32 - with + 0.5) / (with + 0.5)).ln()
    }

    /// How much more often two characters stand together in a document than chance would have it.
    pub(crate) fn cohesion(&self, first: char, second: char) -> f32 {
        let with = |c| self.characters.get(&c).copied().unwrap_or(0).max(1) as f32;
        let together = self.postings(terms::pair(first, second)).map_or(0, |p| p.slots.len()) as f32;
        together * self.len() as f32 / (with(first) * with(second))
    }

    /// What one occurrence of a term is worth in a question: rarity, less for pairs that hardly hold together.
    pub(crate) fn worth(&self, term: Term) -> f32 {
        let cohesion =
            terms::characters(term).map_or(f32::MAX, |(first, second)| self.cohesion(first, second));
        let held = cohesion.clamp(weights::COHESION_LEAST, weights::COHESION_FULL) / weights::COHESION_FULL;
        self.rarity(term).powf(weights::RARITY_POWER) * held.sqrt()
    }

    /// What BM25 adds to a count in its denominator, for every slot.
    pub(crate) fn discounts(&self) -> Vec<f32> {
        let averages: Vec<f32> = self.groups.iter().map(Group::average).collect();
        let of = |e: &Entry| discount(e.length, averages.get(e.group).copied().unwrap_or(1.0));
        self.entries.iter().map(|e| e.as_ref().map_or(1.0, of)).collect()
    }
}

fn discount(length: u32, average: f32) -> f32 {
    let b = weights::LENGTH_DISCOUNT;
    weights::SATURATION * (1.0 - b + b * length as f32 / average)
}

/// The terms of a document and how often it holds them, its title counting more.
pub(crate) fn document_terms(title: &str, text: &str) -> Vec<(Term, u32)> {
    terms::merged(&terms::counts(title), weights::DOCUMENT_TITLE, &terms::counts(text))
}

fn characters_of(terms: &[(Term, u32)]) -> Vec<char> {
    let pairs = terms.iter().filter_map(|(term, _)| terms::characters(*term));
    let mut all: Vec<char> = pairs.flat_map(|(first, second)| [first, second]).collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn distinct(keys: &[String]) -> Vec<&String> {
    let mut all: Vec<&String> = keys.iter().collect();
    all.sort_unstable();
    all.dedup();
    all
}
