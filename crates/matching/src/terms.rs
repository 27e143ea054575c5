//! Text to terms: pairs of neighbouring Chinese characters, and whole words of letters and digits.
//!
//! Full-width forms and case are folded one character to one, so that positions in the folded text are
//! positions in the text itself. Blanks between Chinese characters carry no meaning and are read over; any other
//! sign parts. A single Chinese character is a term only where it stands alone. No dictionary: nothing to ship,
//! nothing to age, and new trade words are found on the day they appear.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, DefaultHasher};

/// A map whose hashes are the same in every run.
pub type Map<K, V> = HashMap<K, V, BuildHasherDefault<DefaultHasher>>;

/// A set whose hashes are the same in every run.
pub type Set<T> = HashSet<T, BuildHasherDefault<DefaultHasher>>;

/// A term: below 2^63 one or two Chinese characters, above it the FNV-1a hash of a word.
pub type Term = u64;

/// Where a term stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// What stands there.
    pub term: Term,
    /// Its first character, counted in characters.
    pub start: usize,
    /// One past its last character.
    pub end: usize,
}

/// One character folded: full-width to plain, upper to lower case.
pub fn fold(c: char) -> char {
    let plain = match c {
        '\u{3000}' => ' ',
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        _ => c,
    };
    plain.to_lowercase().next().unwrap_or(plain)
}

/// Whether a character is written without blanks between words (Han, kana, hangul).
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' | '\u{3007}' | '\u{3040}'..='\u{30FF}'
        | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// The term of two neighbouring Chinese characters.
pub fn pair(first: char, second: char) -> Term {
    (u64::from(u32::from(first)) << 21) | u64::from(u32::from(second))
}

/// The two characters of a pair; none for words and single characters.
pub fn characters(term: Term) -> Option<(char, char)> {
    let second = char::from_u32((term & 0x1F_FFFF) as u32).filter(|c| *c != '\0')?;
    (term >> 63 == 0).then_some(())?;
    Some((char::from_u32((term >> 21) as u32)?, second))
}

fn word(letters: impl Iterator<Item = char>) -> Term {
    let step = |hash: u64, c: char| (hash ^ u64::from(u32::from(c))).wrapping_mul(0x0000_0100_0000_01B3);
    letters.fold(0xCBF2_9CE4_8422_2325, step) | (1 << 63)
}

/// All terms of a text in their order; `each` is called once for each occurrence.
pub fn each(text: &str, mut each: impl FnMut(Place)) {
    let mut before: Option<(char, usize, bool)> = None; // the last Chinese character, its place, and whether it is in a pair
    let mut letters = String::new();
    let mut from = 0;
    let mut end = 0;
    for (at, c) in text.chars().map(fold).enumerate() {
        end = at + 1;
        if !is_han(c) && c.is_alphanumeric() {
            if letters.is_empty() {
                from = at;
            }
            letters.push(c);
            close_single(&mut before, &mut each);
            continue;
        }
        close_word(&mut letters, from, at, &mut each);
        if is_han(c) {
            let paired = before.is_some();
            if let Some((first, start, _)) = before {
                each(Place { term: pair(first, c), start, end });
            }
            before = Some((c, at, paired));
        } else if !c.is_whitespace() {
            close_single(&mut before, &mut each);
        }
    }
    close_word(&mut letters, from, end, &mut each);
    close_single(&mut before, &mut each);
}

fn close_word(letters: &mut String, start: usize, end: usize, each: &mut impl FnMut(Place)) {
    if !letters.is_empty() {
        each(Place { term: word(letters.chars()), start, end });
        letters.clear();
    }
}

fn close_single(before: &mut Option<(char, usize, bool)>, each: &mut impl FnMut(Place)) {
    if let Some((c, start, false)) = before.take() {
        each(Place { term: pair(c, '\0'), start, end: start + 1 });
    }
}

/// How often each term occurs, in the order of the terms.
pub fn counts(text: &str) -> Vec<(Term, u32)> {
    let mut all = Vec::with_capacity(text.len() / 3);
    each(text, |place| all.push(place.term));
    tally(all)
}

/// How often each term occurs in a list, in the order of the terms.
pub fn tally(mut all: Vec<Term>) -> Vec<(Term, u32)> {
    all.sort_unstable();
    let mut out: Vec<(Term, u32)> = Vec::with_capacity(all.len());
    for term in all {
        match out.last_mut() {
            Some((last, count)) if *last == term => *count += 1,
            _ => out.push((term, 1)),
        }
    }
    out
}

/// Two sorted counts added, the first taken `times` times.
pub fn merged(first: &[(Term, u32)], times: u32, second: &[(Term, u32)]) -> Vec<(Term, u32)> {
    let mut all: Vec<(Term, u32)> =
        first.iter().map(|(t, n)| (*t, n * times)).chain(second.iter().copied()).collect();
    all.sort_unstable_by_key(|(term, _)| *term);
    all.dedup_by(|later, kept| {
        let same = later.0 == kept.0;
        if same {
            kept.1 += later.1;
        }
        same
    });
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let folded: Vec<char> = text.chars().map(fold).collect();
        let mut out = Vec::new();
        each(text, |p| out.push(folded[p.start..p.end].iter().collect()));
        out
    }

    #[test]
    fn terms_are_pairs_and_words() {
        let check = |text: &str, expect: &[&str]| assert_eq!(shown(text), expect, "{text}");
        check("介质陶瓷", &["介质", "质陶", "陶瓷"]);
        check("３Ｄ打印 MIM", &["3d", "打印", "mim"]);
        check("铝、镁合金", &["铝", "镁合", "合金"]);
        check("氧 化", &["氧 化"]);
        check("PC终端A", &["pc", "终端", "a"]);
        check("，。 ", &[]);
        check("", &[]);
    }

    #[test]
    fn blanks_do_not_part_chinese() {
        assert_eq!(counts("北斗 卫星"), counts("北斗卫星"));
        assert_ne!(counts("北斗，卫星"), counts("北斗卫星"));
    }

    #[test]
    fn pairs_give_their_characters_back() {
        assert_eq!(characters(pair('陶', '瓷')), Some(('陶', '瓷')));
        assert_eq!(characters(pair('铝', '\0')), None);
        assert_eq!(characters(word("mim".chars())), None);
    }
}
