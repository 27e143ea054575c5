//! Known items: whether a paper's own title or keywords bring up its abstract.
//!
//! A folder with `papers.jsonl` (id, title, abstract, keywords). It guards the reading of Chinese text and is easy: the
//! measure is the reciprocal rank, a mean over the papers. Start at [`run`].

use std::path::Path;
use std::time::Instant;

use anyhow::{Result, bail};
use matching::{Document, Index, Need};
use serde_json::{Value, json};

use super::files::{lines, text_of};
use super::measure::mean;

/// The measures of the folder as one line of JSON.
pub fn run(folder: &Path, now: impl Fn() -> Instant) -> Result<String> {
    let papers = lines(folder, "papers.jsonl")?;
    if papers.is_empty() {
        bail!("{}: papers.jsonl holds no paper", folder.display());
    }
    let mut index = Index::new();
    for (at, line) in papers.iter().enumerate() {
        let text = text_of(line, "abstract", "papers.jsonl", at)?;
        index.put(Document { id: at as u64, group: "paper".to_owned(), text, ..Document::default() });
    }
    index.learn();
    let start = now();
    let (mut by_title, mut by_keywords, mut by_three) = (0.0, 0.0, 0.0);
    for (at, line) in papers.iter().enumerate() {
        let keywords = keywords(line);
        let rank = |title: String| found_at(&index, at as u64, title);
        by_title += rank(text_of(line, "title", "papers.jsonl", at)?);
        by_keywords += rank(keywords.join("，"));
        by_three += rank(keywords.iter().take(3).copied().collect::<Vec<_>>().join("，"));
    }
    let seconds = now().duration_since(start).as_secs_f64();
    let (name, count) = (super::name_of(folder), papers.len());
    let rr = json!({"title": mean(by_title, count), "keywords": mean(by_keywords, count), "three": mean(by_three, count)});
    Ok(json!({"dataset": name, "mrr": rr, "queries": count, "seconds": mean(seconds, 1)}).to_string())
}

fn keywords(line: &Value) -> Vec<&str> {
    let all = line.get("keywords").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    all.iter().filter_map(Value::as_str).collect()
}

/// One over the rank of a paper; 0 where it is not among the first hundred.
fn found_at(index: &Index, id: u64, title: String) -> f64 {
    let hits = index.rank(&Need { title, ..Need::default() }, &|_| true, &[], 100);
    hits.iter().position(|hit| hit.id == id).map_or(0.0, |rank| 1.0 / (rank as f64 + 1.0))
}
