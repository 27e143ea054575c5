//! Snippets: the stretch of a document that answers best, with the asked-for words marked.

use crate::index::Index;
use crate::model::Piece;
use crate::terms::{self, Map, Term};

impl Index {
    /// About `chars` characters of a document's text around the words of a query. Empty for an unknown id; the
    /// caller asks only for documents the reader may see.
    pub fn snippet(&self, id: u64, query: &str, chars: usize) -> Vec<Piece> {
        let Some(document) = self.document(id) else { return Vec::new() };
        let text: Vec<char> = document.text.chars().collect();
        let worths = self.marks(&document.text, query, text.len());
        let from = best_window(&worths, chars.max(1));
        let to = (from + chars.max(1)).min(text.len());
        let mut pieces = pieces(&text, &worths, from, to);
        if let Some(first) = pieces.first_mut().filter(|_| from > 0) {
            first.text.insert(0, '…');
        }
        if let Some(last) = pieces.last_mut().filter(|_| to < text.len()) {
            last.text.push('…');
        }
        pieces
    }

    /// The worth of each character: the rarity of the asked-for word it belongs to, or nothing.
    fn marks(&self, text: &str, query: &str, length: usize) -> Vec<f32> {
        let asked: Map<Term, f32> =
            terms::counts(query).into_iter().map(|(t, _)| (t, self.rarity(t))).collect();
        let mut worths = vec![0.0_f32; length];
        terms::each(text, |place| {
            if let Some(rarity) = asked.get(&place.term) {
                for worth in worths.iter_mut().take(place.end).skip(place.start) {
                    *worth = worth.max(*rarity);
                }
            }
        });
        worths
    }
}

/// Where the window of the highest worth begins, a little before its first marked word.
fn best_window(worths: &[f32], chars: usize) -> usize {
    let mut sum: f64 = worths.iter().take(chars).map(|w| f64::from(*w)).sum();
    let (mut best, mut start) = (sum, 0);
    for (at, (out, inn)) in worths.iter().zip(worths.iter().skip(chars)).enumerate() {
        sum += f64::from(*inn) - f64::from(*out);
        if sum > best + 1e-6 {
            (best, start) = (sum, at + 1);
        }
    }
    let lead = worths.iter().skip(start).take_while(|w| **w == 0.0).count();
    let before = (chars / 5).saturating_sub(lead);
    if start + chars >= worths.len() {
        worths.len().saturating_sub(chars)
    } else {
        start.saturating_sub(before)
    }
}

fn pieces(text: &[char], worths: &[f32], from: usize, to: usize) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::new();
    for (c, worth) in text.iter().zip(worths).take(to).skip(from) {
        let hit = *worth > 0.0;
        match out.last_mut() {
            Some(last) if last.hit == hit => last.text.push(*c),
            _ => out.push(Piece { text: c.to_string(), hit }),
        }
    }
    out
}
