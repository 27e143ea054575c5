//! Reading digits without indexing: small pure functions under the parsers.
//!
//! Never sees more than the bytes handed over, never panics on short input.

/// The values of the ASCII digits of `text`; `None` if any other character stands in it.
pub(crate) fn digits(text: &str) -> Option<Vec<u32>> {
    text.chars().map(|c| c.to_digit(10)).collect()
}

/// Whether `text` is made of `count` ASCII digits.
pub(crate) fn is_digits(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|b| b.is_ascii_digit())
}

/// Σ value × weight over the shorter of both.
pub(crate) fn weighed(values: &[u32], weights: &[u32]) -> u32 {
    values.iter().zip(weights).map(|(value, weight)| value * weight).sum()
}

/// Check characters of ISO 7064 MOD 11-2 and its relatives: 10 is written X.
pub(crate) fn ten_is_x(value: u32) -> char {
    char::from_digit(value, 10).unwrap_or('X')
}
