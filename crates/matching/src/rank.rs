//! Ranking: who and what answers a need, with the values that say why.
//!
//! Words, shared keys and feedback say which documents are looked at closely; of those also the meaning and how much
//! of the document the need covers are weighed. Words and feedback are measured against the admitted document that
//! has most of them, so that weights mean the same in a short question and in a long one. Feedback looks for what
//! the documents have in common that somebody judged (Rocchio's idea). Start at [`Index::rank`].

use crate::index::{self, Entry, Index, Slot};
use crate::keys::DIMENSIONS;
use crate::meaning::Direction;
use crate::model::{Hit, Need, Reason, Signal};
use crate::query::{self, Finder, Weighted};
use crate::reasons::{self, Source};
use crate::terms::{Map, Term};
use crate::weights;
use crate::works::Works;

impl Index {
    /// The best admitted documents for a need, in one of `groups` (any if empty), at most `first`, best first,
    /// ties by id. Documents judged unfit are left out, and so is whatever no word, key or judgment speaks for.
    pub fn rank(&self, need: &Need, admit: &dyn Fn(u64) -> bool, groups: &[&str], first: usize) -> Vec<Hit> {
        let unfit = |id: u64| need.judged.iter().any(|j| j.id == id && !j.fits);
        let asked = |entry: &Entry| groups.is_empty() || groups.contains(&entry.document.group.as_str());
        let wanted = |entry: &Entry| asked(entry) && !unfit(entry.document.id) && admit(entry.document.id);
        let admitted = |slot: Slot| self.entry(slot).is_some_and(wanted);
        let question = Question::new(self, need, admit, &admitted);
        let candidates = question.candidates(&admitted, first.max(weights::CANDIDATES));
        let mut hits = question.hits(candidates, first);
        question.explain(&mut hits);
        hits
    }
}

/// A need under way: what each signal says of each slot.
struct Question<'a> {
    index: &'a Index,
    need: &'a Need,
    finder: Finder<'a>,
    parts: Vec<Part>,
    /// Rare words of the need that each slot holds.
    rare: Vec<u16>,
    direction: Option<Direction>,
    fits: Vec<&'a Entry>,
    /// The best work of each maker.
    works: Map<Slot, Slot>,
}

/// What one signal says of each slot.
struct Part {
    name: &'static str,
    weight: f32,
    values: Vec<f32>,
    /// It counts only beside others.
    beside: bool,
}

impl Part {
    fn value(&self, slot: Slot) -> f32 {
        self.values.get(slot as usize).copied().unwrap_or(0.0)
    }
}

impl<'a> Question<'a> {
    fn new(
        index: &'a Index,
        need: &'a Need,
        admit: &dyn Fn(u64) -> bool,
        admitted: &dyn Fn(Slot) -> bool,
    ) -> Self {
        let finder = Finder::new(index);
        let title = Weighted::of(index, &need.title, weights::NEED_TITLE);
        let words = Weighted::of(index, &need.text, weights::NEED_TEXT);
        let both = title.plus(&words);
        let judged = |fits: bool| judged(index, need, admit, fits);
        let fits = judged(true);
        let mut question = Self {
            index,
            need,
            parts: Vec::new(),
            rare: finder.rare(&both),
            direction: index
                .meaning
                .as_ref()
                .map(|meaning| index.direction_of(meaning, &need.title, &need.text)),
            fits,
            works: Map::default(),
            finder,
        };
        question.hear_words(&title, &words, admit, admitted);
        question.hear_keys();
        question.hear_judgments(&judged(false), admitted);
        question
    }

    /// What title and text find, against the admitted document that has most of both.
    fn hear_words(
        &mut self,
        title: &Weighted,
        words: &Weighted,
        admit: &dyn Fn(u64) -> bool,
        admitted: &dyn Fn(Slot) -> bool,
    ) {
        let all = title.sum() + words.sum();
        let (title, words) = (self.finder.sums(title), self.finder.sums(words));
        let both: Vec<f32> = title.iter().zip(&words).map(|(a, b)| a + b).collect();
        let top = self.finder.top(&both, admitted).unwrap_or(1.0);
        let shares = scaled(both, all.max(f32::MIN_POSITIVE).recip());
        let works = Works::of(self.index, &self.finder, &shares, self.direction.as_ref(), admit);
        self.works = works.best;
        self.add("works", weights::WORKS, works.values, false);
        for (name, values) in [("title", title), ("words", words)] {
            self.add(name, weights::WORDS, scaled(values, 1.0 / top), false);
        }
    }

    /// The worth of shared keys.
    fn hear_keys(&mut self) {
        for dimension in DIMENSIONS.iter().filter(|_| !self.need.keys.is_empty()) {
            let mut worths = vec![0.0_f32; self.index.slots_end()];
            for (key, slots) in self.index.keys() {
                let shared = dimension.shared(&self.need.keys, std::slice::from_ref(key));
                let worth = shared.map_or(0.0, |(_, worth)| worth);
                for slot in slots.iter().filter(|_| worth > 0.0) {
                    if let Some(best) = worths.get_mut(*slot as usize) {
                        *best = best.max(worth);
                    }
                }
            }
            self.add(dimension.name, dimension.weight, worths, dimension.beside);
        }
    }

    /// The words of the fits, less those of the unfits.
    fn hear_judgments(&mut self, unfit: &[&Entry], admitted: &dyn Fn(Slot) -> bool) {
        if self.fits.is_empty() && unfit.is_empty() {
            return;
        }
        let heard = |entries: &[&Entry]| {
            let found = self.finder.sums(&centroid(self.index, entries).heaviest(weights::FEEDBACK_TERMS));
            let top = self.finder.top(&found, admitted).unwrap_or(1.0);
            scaled(found, 1.0 / top)
        };
        let (liked, disliked) = (heard(&self.fits), heard(unfit));
        let both = |(liked, disliked): (&f32, &f32)| (liked - weights::UNFIT * disliked).max(-1.0);
        let values = liked.iter().zip(&disliked).map(both).collect();
        self.add("feedback", weights::FEEDBACK, values, false);
    }

    fn add(&mut self, name: &'static str, weight: f32, values: Vec<f32>, beside: bool) {
        self.parts.push(Part { name, weight, values, beside });
    }

    /// The slots worth a closer look.
    fn candidates(&self, admitted: &dyn Fn(Slot) -> bool, many: usize) -> Vec<Slot> {
        let mut sums = vec![0.0_f32; self.index.slots_end()];
        for beside in [false, true] {
            for part in self.parts.iter().filter(|part| part.beside == beside) {
                for (sum, value) in sums.iter_mut().zip(&part.values) {
                    if !beside || *sum > 0.0 {
                        *sum += part.weight * value;
                    }
                }
            }
        }
        self.finder.best(&sums, admitted, many)
    }

    /// The signals of each slot, and the order they make.
    fn hits(&self, slots: Vec<Slot>, first: usize) -> Vec<Hit> {
        let mut hits: Vec<Hit> = slots.into_iter().filter_map(|slot| self.hit(slot)).collect();
        let top = hits.iter().map(|hit| hit.score).fold(f32::MIN_POSITIVE, f32::max);
        for hit in &mut hits {
            for signal in &mut hit.signals {
                signal.weight /= top;
                signal.contribution = signal.value * signal.weight;
            }
            hit.score = hit.signals.iter().map(|signal| signal.contribution).sum();
        }
        query::front(&mut hits, first, |a, b| b.score.total_cmp(&a.score).then(a.id.cmp(&b.id)))
    }

    fn hit(&self, slot: Slot) -> Option<Hit> {
        let entry = self.index.entry(slot)?;
        if !self.parts.iter().any(|part| !part.beside && part.value(slot) > 0.0) {
            return None;
        }
        let heard = self.parts.iter().map(|part| (part.name, part.value(slot), part.weight));
        let near = self.direction.as_ref().zip(entry.direction.as_ref()).map_or(0.0, |(a, b)| a.cosine(b));
        let rare = self.rare.get(slot as usize).copied().unwrap_or(0);
        let cover = f32::from(rare) / entry.held.max(1) as f32;
        let close = [("meaning", near.max(0.0), weights::MEANING), ("cover", cover, weights::COVER)];
        let signal = |(name, value, weight)| Signal { name, value, weight, contribution: value * weight };
        let signals: Vec<Signal> =
            heard.chain(close).filter(|(_, value, _)| *value != 0.0).map(signal).collect();
        let score: f32 = signals.iter().map(|s| s.contribution).sum();
        (score > 0.0).then_some(Hit { id: entry.document.id, score, signals, reasons: Vec::new() })
    }

    fn explain(&self, hits: &mut [Hit]) {
        let title = Source::new(&self.need.title);
        let whole = Source::new(&format!("{}\n{}", self.need.title, self.need.text));
        let newest = hits.iter().filter_map(|hit| self.index.document(hit.id)?.day).max();
        for hit in hits {
            let Some(document) = self.index.document(hit.id) else { continue };
            hit.reasons = reasons::of_words(self.index, &title, &whole, document);
            hit.reasons.extend(shared_keys(&self.need.keys, &document.keys).map(
                |(name, _, key, _)| match name {
                    "place" => Reason::Near { key },
                    _ => Reason::Key { key },
                },
            ));
            hit.reasons.extend(self.work(hit.id, &whole));
            hit.reasons.extend(self.likeness(document));
            let fresh = |day: &i32| newest.is_some_and(|n| n.saturating_sub(*day) <= weights::FRESH_DAYS);
            hit.reasons.extend(document.day.filter(fresh).map(|day| Reason::Fresh { day }));
        }
    }

    /// The work of theirs that answers best, by the words both hold.
    fn work(&self, id: u64, whole: &Source) -> Option<Reason> {
        let work = &self.index.entry(*self.works.get(&self.index.slot(id)?)?)?.document;
        let words = reasons::shared(self.index, whole, &format!("{}\n{}", work.title, work.text));
        (!words.is_empty()).then_some(Reason::Work { id: work.id, words })
    }

    /// The fit it resembles most, by the words both hold.
    fn likeness(&self, document: &crate::Document) -> Option<Reason> {
        let text = format!("{}\n{}", document.title, document.text);
        let others = self.fits.iter().filter(|fit| fit.document.id != document.id);
        let shared = others.map(|fit| {
            let source = Source::new(&format!("{}\n{}", fit.document.title, fit.document.text));
            (fit.document.id, reasons::shared(self.index, &source, &text))
        });
        let length = |words: &Vec<String>| words.iter().map(|w| w.chars().count()).sum::<usize>();
        let (id, words) = shared.max_by_key(|(id, words)| (length(words), std::cmp::Reverse(*id)))?;
        (!words.is_empty()).then_some(Reason::Like { id, words })
    }
}

/// Whether an unfit judgment says something about the subject.
fn about_subject(reason: Option<&str>) -> bool {
    reason.is_none_or(|code| !weights::REASONS_ASIDE.contains(&code))
}

/// Name, worth, key and weight of each dimension in which both share an ancestor.
fn shared_keys<'a>(
    ours: &'a [String],
    theirs: &'a [String],
) -> impl Iterator<Item = (&'static str, f32, String, f32)> {
    DIMENSIONS.iter().filter_map(|d| {
        let (key, worth) = d.shared(ours, theirs)?;
        Some((d.name, worth, key, d.weight))
    })
}

/// What documents have in common: for each term its average presence times its worth.
fn centroid(index: &Index, entries: &[&Entry]) -> Weighted {
    let share = 1.0 / entries.len().max(1) as f32;
    let of = |entry: &Entry| {
        let terms = index::document_terms(&entry.document.title, &entry.document.text);
        let weigh = |(term, count): (Term, u32)| {
            let count = u8::try_from(count).unwrap_or(u8::MAX);
            (term, share * query::presence(count, weights::SATURATION) * index.worth(term))
        };
        Weighted(terms.into_iter().map(weigh).collect()).normal()
    };
    entries.iter().fold(Weighted::default(), |sum, entry| sum.plus(&of(entry)))
}

/// Judged documents that are admitted; of the unfit only those whose reason speaks of the subject.
fn judged<'a>(index: &'a Index, need: &Need, admit: &dyn Fn(u64) -> bool, fits: bool) -> Vec<&'a Entry> {
    let kept = need.judged.iter().filter(|j| j.fits == fits && (fits || about_subject(j.reason.as_deref())));
    kept.filter(|j| admit(j.id)).filter_map(|j| index.entry(index.slot(j.id)?)).collect()
}

fn scaled(mut values: Vec<f32>, by: f32) -> Vec<f32> {
    values.iter_mut().for_each(|value| *value *= by);
    values
}
