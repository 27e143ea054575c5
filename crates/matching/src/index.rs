//! The index itself: documents, their postings, and the counts that weigh words.
//!
//! `put` and `remove` leave exactly the state that indexing the remaining documents afresh would give, up to the
//! numbering of slots, which no answer shows. Start at [`Index::put`].

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use crate::meaning::{Direction, Meaning};
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
    marks: Map<u128, Slot>,
    entries: Vec<Option<Entry>>,
    free: Vec<Slot>,
    groups: Vec<Group>,
    keys: Map<String, Vec<Slot>>,
    characters: Map<char, u32>,
    /// What was learned last, if anything.
    pub(crate) meaning: Option<Meaning>,
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
    /// Words, the title's weighted.
    pub length: u32,
    /// Different words.
    pub held: u32,
    /// Tells its words from others.
    pub stamp: u64,
    /// Where it lies among meanings, once any were learned.
    pub direction: Option<Direction>,
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
    fn set(&mut self, slot: Slot, count: u8) {
        match self.slots.binary_search(&slot) {
            Ok(at) => self.counts.iter_mut().skip(at).take(1).for_each(|place| *place = count),
            Err(at) => {
                self.slots.insert(at, slot);
                self.counts.insert(at, count);
            }
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
    ///
    /// A replacement touches only what differs: most changes of a record leave its words alone, and taking a place out
    /// of the middle of a long list of postings moves all that lie behind it.
    pub fn put(&mut self, document: Document) {
        let fresh = self.entries.len() as Slot;
        let slot = self.slot(document.id).unwrap_or_else(|| self.free.pop().unwrap_or(fresh));
        if slot == fresh {
            self.entries.push(None);
        }
        let before = self.entries.get_mut(slot as usize).and_then(Option::take);
        if let Some(entry) = &before {
            self.leave_group(entry);
        }
        let was = before.as_ref().map(|entry| &entry.document);
        self.change_keys(slot, was, Some(&document));
        let same = before
            .as_ref()
            .filter(|e| (&e.document.title, &e.document.text) == (&document.title, &document.text));
        let known = same.and_then(|entry| entry.direction.clone());
        let was_mark = was.map_or(0, |document| document.mark);
        let (length, held) = match same {
            Some(entry) => (entry.length, entry.held),
            None => self.change_terms(slot, was, Some(&document)),
        };
        let group = self.group_for(&document.group, length);
        self.slots.insert(document.id, slot);
        self.change_mark(slot, was_mark, document.mark);
        let now = || Some(self.direction_of(self.meaning.as_ref()?, &document.title, &document.text));
        let direction = known.or_else(now);
        let stamp = stamp(&document);
        if let Some(place) = self.entries.get_mut(slot as usize) {
            *place = Some(Entry { document, group, length, held, stamp, direction });
        }
    }

    /// Takes a document out; nothing happens if there is none of this id.
    pub fn remove(&mut self, id: u64) {
        let Some(slot) = self.slots.remove(&id) else { return };
        let Some(entry) = self.entries.get_mut(slot as usize).and_then(Option::take) else { return };
        self.leave_group(&entry);
        self.change_keys(slot, Some(&entry.document), None);
        self.change_terms(slot, Some(&entry.document), None);
        self.change_mark(slot, entry.document.mark, 0);
        self.free.push(slot);
    }

    /// Takes the words of a slot from those of one document to those of another; length and different words of the other.
    fn change_terms(&mut self, slot: Slot, was: Option<&Document>, is: Option<&Document>) -> (u32, u32) {
        let terms = |of: Option<&Document>| of.map(|d| document_terms(&d.title, &d.text)).unwrap_or_default();
        let (was, is) = (terms(was), terms(is));
        for (term, _) in was.iter().filter(|(term, _)| !has(&is, *term)) {
            if let Some(postings) = self.numbers.get(term).and_then(|n| self.postings.get_mut(*n as usize)) {
                postings.drop(slot);
            }
        }
        for (term, count) in &is {
            let next = self.postings.len() as u32;
            let number = *self.numbers.entry(*term).or_insert(next);
            if number == next {
                self.postings.push(Postings::default());
            }
            if let Some(postings) = self.postings.get_mut(number as usize) {
                postings.set(slot, u8::try_from(*count).unwrap_or(u8::MAX));
            }
        }
        let (old, new) = (characters_of(&was), characters_of(&is));
        for c in old.iter().filter(|c| new.binary_search(c).is_err()) {
            if let Some(count) = self.characters.get_mut(c) {
                *count = count.saturating_sub(1);
            }
        }
        for c in new.iter().filter(|c| old.binary_search(c).is_err()) {
            *self.characters.entry(*c).or_default() += 1;
        }
        (is.iter().map(|(_, count)| count).sum(), is.len() as u32)
    }

    /// Takes the keys of a slot from those of one document to those of another.
    fn change_keys(&mut self, slot: Slot, was: Option<&Document>, is: Option<&Document>) {
        let keys = |of: Option<&Document>| -> Vec<String> {
            distinct(of.map(|d| d.keys.as_slice()).unwrap_or_default()).into_iter().cloned().collect()
        };
        let (was, is) = (keys(was), keys(is));
        for key in was.iter().filter(|key| is.binary_search(key).is_err()) {
            if let Some(slots) = self.keys.get_mut(key)
                && let Ok(at) = slots.binary_search(&slot)
            {
                slots.remove(at);
            }
        }
        for key in is.into_iter().filter(|key| was.binary_search(key).is_err()) {
            let slots = self.keys.entry(key).or_default();
            if let Err(at) = slots.binary_search(&slot) {
                slots.insert(at, slot);
            }
        }
    }

    fn change_mark(&mut self, slot: Slot, was: u128, is: u128) {
        if self.marks.get(&was) == Some(&slot) {
            self.marks.remove(&was);
        }
        if is != 0 {
            self.marks.insert(is, slot);
        }
    }

    fn leave_group(&mut self, entry: &Entry) {
        if let Some(group) = self.groups.get_mut(entry.group) {
            group.documents -= 1;
            group.length -= u64::from(entry.length);
        }
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

    /// What stands at each slot, free ones too.
    pub(crate) fn slots_all(&self) -> impl Iterator<Item = Option<&Entry>> {
        self.entries.iter().map(Option::as_ref)
    }

    /// Where the documents lie among meanings, by slot.
    pub(crate) fn set_directions(&mut self, directions: Vec<Option<Direction>>) {
        for (entry, direction) in self.entries.iter_mut().zip(directions) {
            if let Some(entry) = entry {
                entry.direction = direction;
            }
        }
    }

    /// One more than the highest slot in use.
    pub(crate) fn slots_end(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn slot(&self, id: u64) -> Option<Slot> {
        self.slots.get(&id).copied()
    }

    /// Where the document stands that others call by this mark.
    pub(crate) fn marked(&self, mark: u128) -> Option<Slot> {
        self.marks.get(&mark).copied()
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
        self.worth_to(term, weights::RARITY_POWER)
    }

    /// The same, its rarity to another power.
    pub(crate) fn worth_to(&self, term: Term, power: f32) -> f32 {
        let cohesion =
            terms::characters(term).map_or(f32::MAX, |(first, second)| self.cohesion(first, second));
        let held = cohesion.clamp(weights::COHESION_LEAST, weights::COHESION_FULL) / weights::COHESION_FULL;
        self.rarity(term).powf(power) * held.sqrt()
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

/// Whether a term is among these, which stand in order.
fn has(terms: &[(Term, u32)], term: Term) -> bool {
    terms.binary_search_by_key(&term, |(known, _)| *known).is_ok()
}

fn characters_of(terms: &[(Term, u32)]) -> Vec<char> {
    let pairs = terms.iter().filter_map(|(term, _)| terms::characters(*term));
    let mut all: Vec<char> = pairs.flat_map(|(first, second)| [first, second]).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// A number that goes by title and text.
fn stamp(document: &Document) -> u64 {
    let mut hasher = DefaultHasher::new();
    (&document.title, &document.text).hash(&mut hasher);
    hasher.finish()
}

fn distinct(keys: &[String]) -> Vec<&String> {
    let mut all: Vec<&String> = keys.iter().collect();
    all.sort_unstable();
    all.dedup();
    all
}
