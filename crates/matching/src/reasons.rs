//! Reasons a person can check: phrases that stand, letter for letter, in both texts.

use crate::index::Index;
use crate::model::{Document, Reason};
use crate::stop;
use crate::terms::{self, Map, Place, Set, Term};
use crate::weights;

/// A text prepared for comparing: folded characters and the terms it holds.
pub struct Source {
    folded: String,
    terms: Set<Term>,
}

impl Source {
    /// Prepares the beginning of a text.
    pub fn new(text: &str) -> Self {
        let folded: String = text.chars().take(weights::REASON_CHARS_MAX).map(terms::fold).collect();
        let mut held = Set::default();
        terms::each(&folded, |place| {
            held.insert(place.term);
        });
        Self { folded, terms: held }
    }

    fn holds(&self, phrase: &str) -> bool {
        self.folded.contains(phrase)
    }
}

/// The phrases of `text` that also stand in `source`, most telling first, none within another.
pub fn shared(index: &Index, source: &Source, text: &str) -> Vec<String> {
    let folded: Vec<char> = text.chars().take(weights::REASON_CHARS_MAX).map(terms::fold).collect();
    let mut found: Map<String, f32> = Map::default();
    for (phrase, worth) in stretches(index, source, &folded) {
        found.entry(phrase).or_insert(worth);
    }
    let mut all: Vec<(String, f32)> = found.into_iter().collect();
    all.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let mut out: Vec<String> = Vec::new();
    for (phrase, _) in all {
        if out.len() < weights::PHRASES_MAX
            && !out.iter().any(|o| o.contains(&phrase) || phrase.contains(o.as_str()))
        {
            out.push(phrase);
        }
    }
    out
}

/// Every longest stretch of shared terms, trimmed to what may be shown, with its worth.
fn stretches(index: &Index, source: &Source, folded: &[char]) -> Vec<(String, f32)> {
    let text: String = folded.iter().collect();
    let mut places: Vec<Place> = Vec::new();
    terms::each(&text, |place| places.push(place));
    places.retain(|p| source.terms.contains(&p.term));
    places.sort_by_key(|p| p.start);
    let mut out = Vec::new();
    let mut end = 0;
    for place in &places {
        if place.start >= end {
            let to = longest(source, folded, place);
            end = end.max(to.saturating_sub(1));
            out.extend(folded.get(place.start..to).and_then(|cs| readable(index, cs)));
        }
    }
    out
}

/// How far the stretch that begins at a shared term stands in the source too.
fn longest(source: &Source, folded: &[char], from: &Place) -> usize {
    let mut phrase: String = folded.get(from.start..from.end).unwrap_or_default().iter().collect();
    if !source.holds(&phrase) {
        return from.start; // the source parts the pair by a blank
    }
    if phrase.chars().any(|c| !terms::is_han(c)) {
        return from.end; // a word stands for itself; a pair across a blank is no phrase and falls to `readable`
    }
    let mut end = from.end;
    while let Some(next) = folded.get(end).filter(|c| terms::is_han(**c)) {
        phrase.push(*next);
        if !source.holds(&phrase) {
            break;
        }
        end += 1;
    }
    end
}

/// A stretch without its empty edges, and its worth; nothing if no word is left.
fn readable(index: &Index, stretch: &[char]) -> Option<(String, f32)> {
    if stretch.iter().any(|c| c.is_whitespace()) {
        return None;
    }
    let kept = trimmed(index, stretch);
    let phrase: String = kept.iter().collect();
    let telling = stop::telling(&phrase);
    let worth: f32 = telling.iter().map(|(term, _)| index.rarity(*term)).sum();
    (!telling.is_empty() && is_word(index, kept)).then_some((phrase, worth))
}

/// A stretch without particles and half words at its edges: a character goes that hardly holds to its neighbour.
fn trimmed<'a>(index: &Index, mut kept: &'a [char]) -> &'a [char] {
    let loose = |a: char, b: char| {
        terms::is_han(a) && terms::is_han(b) && index.cohesion(a, b) < weights::COHESION_EDGE
    };
    loop {
        kept = match kept {
            [first, rest @ ..] if stop::is_edge(*first) => rest,
            [rest @ .., last] if stop::is_edge(*last) => rest,
            [first, second, ..] if loose(*first, *second) => kept.get(1..).unwrap_or_default(),
            [rest @ .., before, last] if loose(*before, *last) => {
                kept.get(..rest.len() + 1).unwrap_or_default()
            }
            _ => return kept,
        }
    }
}

/// Whether this looks like a word to a reader: no bare number, no single character, no chance meeting of two.
fn is_word(index: &Index, kept: &[char]) -> bool {
    match kept {
        [] | [_] => false,
        _ if kept.iter().all(|c| c.is_ascii_digit()) => false,
        [first, second] if terms::is_han(*first) => index.cohesion(*first, *second) >= weights::COHESION,
        _ => true,
    }
}

/// The reasons that words give: phrases of both titles first, then what else both texts share.
pub fn of_words(index: &Index, title: &Source, whole: &Source, document: &Document) -> Vec<Reason> {
    let titles = shared(index, title, &document.title);
    let text = format!("{}\n{}", document.title, document.text);
    let known = |phrase: &String| titles.iter().any(|t| t.contains(phrase.as_str()));
    let words: Vec<String> =
        shared(index, whole, &text).into_iter().filter(|phrase| !known(phrase)).collect();
    let titles = (!titles.is_empty()).then_some(Reason::Title(titles));
    let words = (!words.is_empty()).then_some(Reason::Words(words));
    titles.into_iter().chain(words).collect()
}
