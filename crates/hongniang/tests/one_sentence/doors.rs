//! Five doors to the same records: the list page, the spreadsheet, the list and the search for programs, and a record
//! by its number. Each is read to its last page.

use serde_json::Value;

use crate::harness::client::{Answer, Client, encode};
use crate::harness::world::text;

/// Pages no list of a history needs.
const PAGES_MAX: usize = 200;

/// The address of a list with its conditions.
pub fn address(path: &str, conditions: &[(String, String)], more: &str) -> String {
    let said: Vec<String> =
        conditions.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
    let mark = if said.is_empty() || more.is_empty() { "" } else { "&" };
    format!("{path}?{}{mark}{more}", said.join("&"))
}

/// Numbers on the pages of a list, following “next” links.
pub fn pages(who: &Client, list: &str, path: &str) -> Vec<String> {
    let (mut numbers, mut next) = (Vec::new(), Some(list.to_owned()));
    for _ in 0..PAGES_MAX {
        let Some(here) = next else { return numbers };
        let page = who.get(&here).is(200).text();
        let mark = format!("class=\"row-title\" href=\"/{path}/");
        numbers
            .extend(page.split(&mark).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned));
        let link = page.split("rel=\"next\" href=\"").nth(1).and_then(|rest| rest.split('"').next());
        next = link.map(|link| link.replace("&#38;", "&").replace("&amp;", "&"));
    }
    panic!("{list} has no end")
}

/// Numbers in a list for programs, which must count them right on every page.
pub fn items(who: &Client, list: &str) -> Vec<String> {
    let (mut numbers, mut counts, mut after) = (Vec::new(), Vec::new(), String::new());
    for _ in 0..PAGES_MAX {
        let page = who.get(&format!("{list}{after}")).is(200).value();
        numbers.extend(numbers_of(&page));
        counts.push(page["count"]["n"].as_u64().unwrap_or_default());
        match page["next"].as_str() {
            Some(next) => after = format!("&after={}", encode(next)),
            None => {
                assert!(
                    counts.iter().all(|n| *n == numbers.len() as u64),
                    "{list}: {counts:?} for {}",
                    numbers.len()
                );
                return numbers;
            }
        }
    }
    panic!("{list} has no end")
}

/// Numbers a search finds, which must tell how many on every page.
pub fn hits(who: &Client, question: &str) -> Vec<String> {
    let mut numbers = Vec::new();
    for _ in 0..PAGES_MAX {
        let page = who.get(&format!("{question}&skip={}", numbers.len())).is(200).value();
        let found = numbers_of(&page);
        let total = page["total"].as_u64();
        if found.is_empty() {
            assert_eq!(total, Some(numbers.len() as u64), "{question}");
            return numbers;
        }
        numbers.extend(found);
    }
    panic!("{question} has no end")
}

fn numbers_of(page: &Value) -> Vec<String> {
    let items = page["items"].as_array().cloned().unwrap_or_default();
    items.iter().map(|item| text(item, "number")).collect()
}

/// Lines of a spreadsheet behind its headings: the printed number, and the whole line.
pub fn lines(sheet: &Answer) -> Vec<(String, String)> {
    let (mut lines, mut line, mut is_quoted) = (Vec::new(), String::new(), false);
    for c in sheet.text().chars() {
        is_quoted ^= c == '"';
        match c {
            '\n' if !is_quoted => lines.push(std::mem::take(&mut line)),
            _ => line.push(c),
        }
    }
    let first = |line: String| (line.split(',').next().unwrap_or_default().to_owned(), line);
    lines.into_iter().skip(1).map(first).collect()
}
