//! Ranking: who and what answers a need, with the values that say why.
//!
//! Score = title + words + shared keys + feedback, where feedback looks for what the documents have in common that
//! somebody judged (Rocchio's idea). Reading the best hits the same way, unjudged, was measured and made answers worse.
//! Start at [`Index::rank`].

use crate::index::{self, Entry, Index, Slot};
use crate::keys::DIMENSIONS;
use crate::model::{Hit, Need, Reason, Signal};
use crate::query::{self, Scores, Weighted};
use crate::reasons::{self, Source};
use crate::terms::Term;
use crate::weights;

/// More candidates than asked for are compared in full, so that rounding cannot decide who is among them.
const MARGIN: usize = 32;

impl Index {
    /// The best admitted documents for a need, in one of `groups` (any if empty), at most `first`, best first,
    /// ties by id. Documents judged unfit are left out, and so is whatever nothing speaks for.
    pub fn rank(&self, need: &Need, admit: &dyn Fn(u64) -> bool, groups: &[&str], first: usize) -> Vec<Hit> {
        let unfit = |id: u64| need.judged.iter().any(|j| j.id == id && !j.fits);
        let asked = |entry: &Entry| groups.is_empty() || groups.contains(&entry.document.group.as_str());
        let wanted = |entry: &Entry| asked(entry) && !unfit(entry.document.id) && admit(entry.document.id);
        let question = Question::new(self, need, admit);
        let admitted = |slot: Slot| self.entry(slot).is_some_and(wanted);
        let best = question.scores.best(&admitted, first.saturating_add(MARGIN));
        let mut hits = question.hits(best, first);
        question.explain(&mut hits);
        hits
    }
}

/// A need under way: its weighted words and what they found so far.
struct Question<'a> {
    index: &'a Index,
    need: &'a Need,
    title: Weighted,
    words: Weighted,
    feedback: Weighted,
    fits: Vec<&'a Entry>,
    scores: Scores<'a>,
}

impl<'a> Question<'a> {
    fn new(index: &'a Index, need: &'a Need, admit: &dyn Fn(u64) -> bool) -> Self {
        let title = Weighted::of(index, &need.title, weights::NEED_TITLE);
        let words = Weighted::of(index, &need.text, weights::NEED_TEXT);
        let all = (title.sum() + words.sum()).max(f32::MIN_POSITIVE);
        let (title, words) = (title.scaled(1.0 / all), words.scaled(1.0 / all));
        let judged = |fits: bool| {
            let kept = need
                .judged
                .iter()
                .filter(move |j| j.fits == fits && (fits || about_subject(j.reason.as_deref())));
            kept.filter(|j| admit(j.id)).filter_map(|j| index.entry(index.slot(j.id)?)).collect::<Vec<_>>()
        };
        let (fits, unfit) = (judged(true), judged(false));
        let feedback = feedback(index, &fits, &unfit);
        let mut scores = Scores::new(index);
        scores.add(&title.plus(&words).scaled(weights::WORDS));
        scores.add(&feedback.clone().scaled(weights::FEEDBACK));
        let mut question = Self { index, need, title, words, feedback, fits, scores };
        question.add_keys();
        question
    }

    /// Adds the worth of shared keys; of those that answer nothing alone, only where something else speaks.
    fn add_keys(&mut self) {
        if self.need.keys.is_empty() {
            return;
        }
        for dimension in DIMENSIONS {
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
            for (sum, worth) in self.scores.sums.iter_mut().zip(worths) {
                if !dimension.beside || *sum > 0.0 {
                    *sum += worth * dimension.weight;
                }
            }
        }
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
        hits.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.id.cmp(&b.id)));
        hits.truncate(first);
        hits
    }

    fn hit(&self, slot: Slot) -> Option<Hit> {
        let entry = self.index.entry(slot)?;
        let value = |terms: &Weighted| self.scores.value(terms, slot);
        let mut values = vec![
            ("title", value(&self.title), weights::WORDS),
            ("words", value(&self.words), weights::WORDS),
        ];
        values.extend(
            shared_keys(&self.need.keys, &entry.document.keys)
                .map(|(name, worth, _, weight)| (name, worth, weight)),
        );
        values.push(("feedback", value(&self.feedback), weights::FEEDBACK));
        values.retain(|(_, value, _)| *value != 0.0);
        let signal = |(name, value, weight)| Signal { name, value, weight, contribution: value * weight };
        let signals: Vec<Signal> = values.into_iter().map(signal).collect();
        let score: f32 = signals.iter().map(|s| s.contribution).sum();
        let alone = |s: &Signal| s.value > 0.0 && !DIMENSIONS.iter().any(|d| d.beside && d.name == s.name);
        let speaks = signals.iter().any(alone);
        (speaks && score > 0.0).then_some(Hit { id: entry.document.id, score, signals, reasons: Vec::new() })
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
            hit.reasons.extend(self.likeness(document));
            let fresh = |day: &i32| newest.is_some_and(|n| n.saturating_sub(*day) <= weights::FRESH_DAYS);
            hit.reasons.extend(document.day.filter(fresh).map(|day| Reason::Fresh { day }));
        }
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

/// The words of the fits, less those of the unfits.
fn feedback(index: &Index, fits: &[&Entry], unfit: &[&Entry]) -> Weighted {
    let liked = centroid(index, fits).heaviest(weights::FEEDBACK_TERMS).normal();
    let disliked = centroid(index, unfit).heaviest(weights::FEEDBACK_TERMS).normal();
    liked.plus(&disliked.scaled(-weights::UNFIT))
}
