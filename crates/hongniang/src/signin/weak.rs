//! Passwords that are made of nothing but what everyone tries first: common words, the words of the place, runs, years.
//!
//! The list stands in `data/weak.txt`, which says where it comes from. Start at [`is_weak`].

use std::collections::HashSet;
use std::sync::LazyLock;

/// Characters of the longest entry that is looked for.
const WORD_CHARS_MAX: usize = 20;
/// A shorter word of the context (a family name, `x`) says nothing.
const CONTEXT_CHARS_MIN: usize = 2;
/// Characters beside words and runs that do not yet make a password hard to guess.
const FREE_CHARS_MAX: usize = 3;

static WEAK: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let lines = include_str!("../../data/weak.txt").lines().map(str::trim);
    lines.filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
});

/// Whether a password is made of common words, words of its context, digits, signs and repetitions, and at most
/// [`FREE_CHARS_MAX`] other characters. Letters written as digits and signs (`P@ssw0rd`) are read as letters too.
pub fn is_weak(password: &str, context: &[String]) -> bool {
    let folded = base::text::fold(password);
    let context: Vec<String> = context.iter().flat_map(|text| words_of(text)).collect();
    [plain(&folded), folded].iter().any(|form| free_chars(form, &context) <= FREE_CHARS_MAX)
}

/// A text of the context, whole and in its parts.
fn words_of(text: &str) -> Vec<String> {
    let folded = base::text::fold(text);
    let parts = folded.split(|c: char| !c.is_alphanumeric()).map(str::to_owned);
    let all = parts.chain([folded.clone()]);
    all.filter(|word| base::text::chars(word) >= CONTEXT_CHARS_MIN).collect()
}

/// Digits and signs that stand for letters, as the letters.
fn plain(folded: &str) -> String {
    let letter = |c| match c {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    };
    folded.chars().map(letter).collect()
}

/// The fewest characters that no word, digit, sign or repetition covers.
fn free_chars(text: &str, context: &[String]) -> usize {
    let chars: Vec<char> = text.chars().collect();
    // free[n]: the fewest uncovered among the first n characters.
    let mut free: Vec<usize> = vec![0];
    for end in 1..=chars.len() {
        let alone = free.last().copied().unwrap_or_default() + usize::from(!is_cheap(&chars, end - 1));
        let whole = (end.saturating_sub(WORD_CHARS_MAX)..end).filter_map(|start| {
            let word: String = chars.get(start..end)?.iter().collect();
            let known = WEAK.contains(word.as_str()) || context.contains(&word);
            known.then(|| free.get(start).copied()).flatten()
        });
        let best = whole.chain([alone]).min().unwrap_or(alone);
        free.push(best);
    }
    free.last().copied().unwrap_or_default()
}

/// A digit, a sign, or the same as, or the neighbour of, the character before.
fn is_cheap(chars: &[char], at: usize) -> bool {
    let (Some(&c), before) = (chars.get(at), at.checked_sub(1).and_then(|at| chars.get(at))) else {
        return true;
    };
    let near = before.is_some_and(|before| u32::from(c).abs_diff(u32::from(*before)) <= 1);
    c.is_numeric() || c.is_ascii_punctuation() || c.is_whitespace() || near
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_everyone_tries_is_weak_and_a_sentence_is_not() {
        let context = ["li.wangshu".to_owned(), "李望舒（虚构）".to_owned(), "德清县科协".to_owned()];
        let weak = [
            "password1234",
            "P@ssw0rd2026!",
            "kexie@20262026",
            "Zhejiang2026!!!",
            "qwertyuiop123456",
            "aaaaaaaaaaaaaaaa",
            "abcdefghijklmnop",
            "woaini5201314!",
            "wangshu.2026.li",
            "李望舒李望舒李望舒李望舒",
            "德清县科协2026！",
            "科技红娘科技红娘2026",
            "123456789012345",
        ];
        for password in weak {
            assert!(is_weak(password, &context), "{password}");
        }
        let strong = [
            "九月的雨下在江南的屋檐上",
            "correct horse battery staple",
            "竹林 7 号实验室的灯还亮着",
            "vK3mTq8ZrWx2pL",
            "nine months of rain",
        ];
        for password in strong {
            assert!(!is_weak(password, &context), "{password}");
        }
    }

    #[test]
    fn the_list_is_as_long_as_the_standard_asks() {
        assert!(WEAK.len() >= 3_000, "{} entries", WEAK.len());
        assert!(WEAK.iter().all(|word| base::text::fold(word) == *word));
    }
}
