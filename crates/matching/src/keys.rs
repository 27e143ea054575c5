//! Keys, `dimension:code`, and how near two of them are. Codes are hierarchical: a shared beginning is a shared ancestor.

use crate::weights;

/// The dimensions that bring a need and a document nearer.
pub const DIMENSIONS: &[Dimension] = &[
    Dimension {
        name: "industry",
        levels: weights::INDUSTRY_LEVELS,
        weight: weights::INDUSTRY,
        beside: false,
    },
    Dimension {
        name: "discipline",
        levels: weights::DISCIPLINE_LEVELS,
        weight: weights::DISCIPLINE,
        beside: false,
    },
    Dimension { name: "place", levels: weights::PLACE_LEVELS, weight: weights::PLACE, beside: true },
];

/// A dimension of keys: the lengths its codes have, and what sharing each is worth.
pub struct Dimension {
    pub name: &'static str,
    pub levels: &'static [(usize, f32)],
    pub weight: f32,
    /// Whether it counts only beside other signals: being near answers nothing.
    pub beside: bool,
}

impl Dimension {
    /// The most specific ancestor both carry, and its worth from 0 to 1.
    pub fn shared(&self, ours: &[String], theirs: &[String]) -> Option<(String, f32)> {
        let mut best: Option<(&str, f32)> = None;
        for a in ours.iter().filter_map(|key| self.code(key)) {
            for b in theirs.iter().filter_map(|key| self.code(key)) {
                if let Some(found) = self.ancestor(a, b)
                    && best.is_none_or(|(_, worth)| found.1 > worth)
                {
                    best = Some(found);
                }
            }
        }
        best.map(|(code, worth)| (format!("{}:{}", self.name, self.whole(code)), worth))
    }

    fn code<'a>(&self, key: &'a str) -> Option<&'a str> {
        let mut code = key.strip_prefix(self.name)?.strip_prefix(':')?;
        if self.name == "place" {
            while code.len() > 2 && code.len() % 2 == 0 && code.ends_with("00") {
                code = code.get(..code.len() - 2)?;
            }
        }
        Some(code)
    }

    fn ancestor<'a>(&self, a: &'a str, b: &str) -> Option<(&'a str, f32)> {
        let same = a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count();
        let (length, worth) = self.levels.iter().rev().find(|(length, _)| *length <= same)?;
        Some((a.get(..*length)?, *worth))
    }

    fn whole(&self, code: &str) -> String {
        if self.name == "place" { format!("{code:0<6}") } else { code.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(ours: &[&str], theirs: &[&str], expect: Option<&str>) {
        let owned = |keys: &[&str]| keys.iter().map(|k| (*k).to_owned()).collect::<Vec<_>>();
        let shared = DIMENSIONS.iter().find_map(|d| d.shared(&owned(ours), &owned(theirs)));
        assert_eq!(shared.as_ref().map(|(key, _)| key.as_str()), expect, "{ours:?} {theirs:?}");
    }

    #[test]
    fn the_most_specific_shared_ancestor_is_found() {
        check(&["industry:C2021"], &["industry:C2029", "industry:C20"], Some("industry:C202"));
        check(&["industry:C20"], &["industry:C20"], Some("industry:C20"));
        check(&["industry:C20"], &["industry:C21"], None);
        check(&["industry:C20"], &["industry:D44"], None);
        check(&["discipline:43010"], &["discipline:43055"], Some("discipline:430"));
        check(&["place:330502"], &["place:330500"], Some("place:330500"));
        check(&["place:330502"], &["place:330106"], Some("place:330000"));
        check(&["place:330500"], &["place:320500"], None);
        check(&["stage:open"], &["stage:open"], None);
        check(&["industry:"], &["industry:工"], None);
    }
}
