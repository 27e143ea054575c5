//! The plain peer of the same run: BM25 over pairs of characters and words, question = title three times and text once.
//!
//! Robertson and Zaragoza 2009 with Lucene's defaults (k1 = 1.2, b = 0.75). Shares no code with the ranking it is held
//! against. Start at [`Peer::order`].

use std::collections::HashMap;

const K1: f64 = 1.2;
const B: f64 = 0.75;
/// Occurrences of a word of the title for each in the text.
const TITLE: f64 = 3.0;

/// Documents as counts of terms.
pub struct Peer {
    documents: Vec<HashMap<String, f64>>,
    with: HashMap<String, f64>,
    average: f64,
}

impl Peer {
    /// Over titles, numbered from 0.
    pub fn new(titles: &[String]) -> Self {
        let documents: Vec<HashMap<String, f64>> = titles.iter().map(|title| counts(title, 1.0)).collect();
        let mut with: HashMap<String, f64> = HashMap::new();
        for term in documents.iter().flat_map(|document| document.keys()) {
            *with.entry(term.clone()).or_default() += 1.0;
        }
        let length: f64 = documents.iter().flat_map(|document| document.values()).sum();
        let average = (length / documents.len().max(1) as f64).max(1.0);
        Self { documents, with, average }
    }

    /// Every document that shares a term, best first, ties by number.
    pub fn order(&self, title: &str, text: &str) -> Vec<u64> {
        let mut asked = counts(title, TITLE);
        for (term, count) in counts(text, 1.0) {
            *asked.entry(term).or_default() += count;
        }
        let mut asked: Vec<(String, f64)> = asked.into_iter().collect();
        asked.sort_by(|a, b| a.0.cmp(&b.0));
        let score = |document: &HashMap<String, f64>| -> f64 {
            let length: f64 = document.values().sum();
            let part = |(term, times): &(String, f64)| {
                let count = document.get(term)?;
                let with = self.with.get(term).copied().unwrap_or(0.0);
                let rarity = (1.0 + (self.documents.len() as f64 - with + 0.5) / (with + 0.5)).ln();
                Some(times * rarity * count / (count + K1 * (1.0 - B + B * length / self.average)))
            };
            asked.iter().filter_map(part).sum()
        };
        let scored = self.documents.iter().enumerate().map(|(at, document)| (score(document), at as u64));
        let mut all: Vec<(f64, u64)> = scored.filter(|(score, _)| *score > 0.0).collect();
        all.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        all.into_iter().map(|(_, at)| at).collect()
    }
}

/// Pairs of neighbouring characters within a run of Chinese, blanks read over; other letters and digits as words.
fn counts(text: &str, times: f64) -> HashMap<String, f64> {
    let mut counts: HashMap<String, f64> = HashMap::new();
    let plain = text.to_lowercase().replace(char::is_whitespace, "");
    let is_han = |c: char| ('\u{4E00}'..='\u{9FFF}').contains(&c);
    let characters: Vec<char> = plain.chars().collect();
    for pair in characters.windows(2) {
        if pair.iter().all(|c| is_han(*c)) {
            *counts.entry(pair.iter().collect()).or_default() += times;
        }
    }
    let words = text.split(|c: char| !c.is_alphanumeric() || is_han(c)).filter(|word| !word.is_empty());
    for word in words {
        *counts.entry(word.to_lowercase()).or_default() += times;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearer_title_comes_first() {
        let titles = ["兽用口服液", "低温烧结陶瓷", "陶瓷"].map(str::to_owned);
        assert_eq!(Peer::new(&titles).order("低温烧结", "微波陶瓷"), [1, 2]);
        assert_eq!(Peer::new(&titles).order("量子", ""), Vec::<u64>::new());
    }
}
