//! The table of the source documents, `catalogue/mission.csv`: one row per thing they name.
//!
//! Knows no page and no language of the reader but the two the table is written in; what is done is what the table
//! names a page for. Start at [`rows`].

use std::sync::LazyLock;

use crate::embedded;
use crate::locale::Lang;

/// The groups of the table, in its order: the letter every row's number begins with.
pub const GROUPS: [&str; 21] =
    ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "N", "O", "P", "Q", "R", "S", "T", "U"];

/// A row of the table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Number: the letter of its group and its place there, as `L4`.
    pub row: String,
    /// The document, a term of the vocabulary `source_document`.
    pub source: String,
    /// What one gets, in Chinese.
    pub zh: String,
    /// What one gets, in English.
    pub en: String,
    /// The figure the document gives, with its unit; may be empty.
    pub figure: String,
    /// The part of the catalogue that holds it: a type, view, field or tie; may be empty.
    pub by: String,
    /// Address of the page that does it; empty where nothing does yet.
    pub page: String,
}

impl Entry {
    /// What one gets.
    pub fn text(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }

    /// Whether a page does it.
    pub fn done(&self) -> bool {
        !self.page.is_empty()
    }

    /// Whether its number begins with this letter.
    pub fn in_group(&self, letter: &str) -> bool {
        self.row.starts_with(letter)
    }
}

/// All rows, in the order of the table.
pub fn rows() -> &'static [Entry] {
    static ROWS: LazyLock<Vec<Entry>> = LazyLock::new(|| read(embedded::text("catalogue/mission.csv")));
    &ROWS
}

/// Whether a row of this number stands in the table.
pub fn has(number: &str) -> bool {
    rows().iter().any(|entry| entry.row == number)
}

/// Rows of comma-separated text whose first line names the columns.
fn read(text: &str) -> Vec<Entry> {
    text.lines().skip(1).filter(|line| !line.is_empty()).map(|line| entry(cells(line))).collect()
}

fn entry(cells: Vec<String>) -> Entry {
    let mut cells = cells.into_iter();
    let mut next = || cells.next().unwrap_or_default();
    Entry { row: next(), source: next(), zh: next(), en: next(), figure: next(), by: next(), page: next() }
}

/// The cells of a line; a cell in quotes may hold commas, and quotes written twice.
fn cells(line: &str) -> Vec<String> {
    let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => cell.extend(letters.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(std::mem::take(&mut cell)),
            other => cell.push(other),
        }
    }
    cells.push(cell);
    cells
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::locale::Locales;

    #[test]
    fn a_quoted_cell_may_hold_commas_and_quotes() {
        let check = |line: &str, expect: &[&str]| assert_eq!(cells(line), expect, "{line}");
        check("A1,x,,", &["A1", "x", "", ""]);
        check(r#"A2,"a, ""b""",c"#, &["A2", r#"a, "b""#, "c"]);
    }

    #[test]
    fn four_hundred_and_thirty_rows_stand_in_the_order_of_their_numbers() {
        let place = |entry: &Entry| {
            let group = GROUPS.iter().position(|letter| entry.in_group(letter)).expect("a known group");
            (group, entry.row[1..].parse::<usize>().expect("a number"))
        };
        let places: Vec<(usize, usize)> = rows().iter().map(place).collect();
        assert_eq!(places.len(), 430);
        assert_eq!(rows()[0].row, "A1");
        assert_eq!(rows()[429].row, "U12");
        for pair in places.windows(2) {
            let next = if pair[0].0 == pair[1].0 { (pair[0].0, pair[0].1 + 1) } else { (pair[0].0 + 1, 1) };
            assert_eq!(pair[1], next, "after {:?}", pair[0]);
        }
    }

    #[test]
    fn every_row_says_what_one_gets_in_both_languages_and_where_it_comes_from() {
        let locales = Locales::load(embedded::text("locales/zh.toml"), embedded::text("locales/en.toml"))
            .expect("locales");
        for entry in rows() {
            assert!(!entry.zh.is_empty() && !entry.en.is_empty(), "{}", entry.row);
            assert!(entry.page.is_empty() || entry.page.starts_with('/'), "{} leads to no page", entry.row);
            for lang in [Lang::Zh, Lang::En] {
                assert!(locales.of(lang).has(&format!("source.{}", entry.source)), "{}", entry.source);
            }
        }
        let sources: BTreeSet<&str> = rows().iter().map(|entry| entry.source.as_str()).collect();
        assert_eq!(sources.len(), 5, "{sources:?}");
    }
}
