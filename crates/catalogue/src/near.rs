//! The nearest known name to a mistyped one.
//!
//! Never guesses far: more than a third of the characters wrong is no suggestion.

/// The known name with the fewest edits, if it is near enough to be meant.
pub(crate) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let within = (name.chars().count() / 3).clamp(1, 4);
    known
        .into_iter()
        .map(|candidate| (edits(name, candidate), candidate))
        .filter(|(distance, _)| *distance <= within)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Edits between two short names: insertions, deletions, substitutions and swaps of neighbours
/// (optimal string alignment).
fn edits(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let cell = |row: &[usize], at: usize| row.get(at).copied().unwrap_or(usize::MAX / 2);
    let mut above: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let changed = cell(&row, j) + usize::from(x != y);
            let mut best = changed.min(cell(&row, j + 1) + 1).min(cell(&next, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                best = best.min(cell(&above, j - 1) + 1);
            }
            next.push(best);
        }
        above = std::mem::replace(&mut row, next);
    }
    cell(&row, b.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_suggested_and_far_ones_are_not() {
        let known = ["label", "layer", "title", "problem"];
        for (name, expect) in [
            ("lable", Some("label")),
            ("lables", Some("label")),
            ("layr", Some("layer")),
            ("problme", Some("problem")),
            ("budget", None),
            ("", None),
        ] {
            assert_eq!(nearest(name, known), expect, "{name}");
        }
        assert_eq!(edits("kitten", "sitting"), 3);
        assert_eq!(edits("", "四字"), 2);
    }
}
