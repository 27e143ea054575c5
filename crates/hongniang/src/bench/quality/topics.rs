//! Topics and authors: how well a text finds the people who work on its topic, through what they wrote.
//!
//! A folder with `documents.jsonl` (id, text, experts), `candidates.csv` (expert, topics) and `queries.csv` (document,
//! topics). Each query is a document, which is then no evidence; who shares a topic with it is relevant. The measures
//! are average precision, reciprocal rank and precision at 10, means over the queries. Start at [`run`].

use std::collections::HashMap;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use matching::{Document, Index, Need};
use serde_json::{Value, json};

use super::files::{lines, pairs, text_of};
use super::measure::{average_precision, mean, reciprocal_rank};

const PERSON: &str = "person";

/// The measures of the folder as one line of JSON.
pub fn run(folder: &Path, now: impl Fn() -> Instant) -> Result<String> {
    let candidates = pairs(folder, "candidates.csv")?;
    let queries = pairs(folder, "queries.csv")?;
    if queries.is_empty() {
        bail!("{}: queries.csv holds no query", folder.display());
    }
    let (index, documents) = index(folder, &candidates)?;
    let start = now();
    let (mut ap, mut rr, mut p10) = (0.0, 0.0, 0.0);
    for (document, topics) in &queries {
        let asked =
            *documents.get(document).with_context(|| format!("queries.csv: no document {document}"))?;
        let shares = |of: &Vec<String>| of.iter().any(|topic| topics.contains(topic));
        let relevant: Vec<bool> = candidates.iter().map(|(_, of)| shares(of)).collect();
        let fits: Vec<bool> = people(&index, asked)
            .iter()
            .map(|at| relevant.get(*at as usize).copied().unwrap_or(false))
            .collect();
        ap += average_precision(&fits, relevant.iter().filter(|fits| **fits).count());
        rr += reciprocal_rank(&fits);
        p10 += fits.iter().take(10).filter(|fits| **fits).count() as f64 / 10.0;
    }
    let seconds = now().duration_since(start).as_secs_f64();
    let (name, count) = (super::name_of(folder), queries.len());
    let measures = json!({
        "dataset": name, "ap": mean(ap, count), "rr": mean(rr, count), "p10": mean(p10, count), "queries": count,
        "seconds": mean(seconds, 1),
    });
    Ok(measures.to_string())
}

/// The candidates in order, by number; the document asked with is no evidence.
fn people(index: &Index, asked: u64) -> Vec<u64> {
    let text = index.document(asked).map(|document| document.text.clone()).unwrap_or_default();
    let need = Need { text, ..Need::default() };
    index.rank(&need, &|id| id != asked, &[PERSON], index.len()).iter().map(|hit| hit.id).collect()
}

/// Candidates under their numbers, then documents; the number of each document.
fn index(folder: &Path, candidates: &[(String, Vec<String>)]) -> Result<(Index, HashMap<String, u64>)> {
    let (mut index, mut documents) = (Index::new(), HashMap::new());
    let marks: HashMap<&str, u128> =
        candidates.iter().zip(1..).map(|((name, _), mark)| (name.as_str(), mark)).collect();
    for (at, (name, _)) in candidates.iter().enumerate() {
        let mark = marks.get(name.as_str()).copied().unwrap_or(0);
        index.put(Document { id: at as u64, group: PERSON.to_owned(), mark, ..Document::default() });
    }
    for (at, line) in lines(folder, "documents.jsonl")?.iter().enumerate() {
        let id = (candidates.len() + at) as u64;
        let text = text_of(line, "text", "documents.jsonl", at)?;
        documents.insert(text_of(line, "id", "documents.jsonl", at)?, id);
        let authors = line.get("experts").map(names).unwrap_or_default();
        let by = authors.iter().filter_map(|name| marks.get(name.as_str()).copied()).collect();
        index.put(Document { id, group: "work".to_owned(), text, by, ..Document::default() });
    }
    index.learn();
    Ok((index, documents))
}

fn names(list: &Value) -> Vec<String> {
    let all = list.as_array().map(Vec::as_slice).unwrap_or_default();
    all.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn authors_are_found_by_what_they_wrote_and_never_by_the_question() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        let line = |id: &str, text: &str, by: &str| {
            format!("{{\"id\":\"{id}\",\"text\":\"{text}\",\"experts\":[\"{by}\"]}}\n")
        };
        let texts = [
            ("D1", "ceramic sintering", "C1"),
            ("D2", "ceramic powder sintering", "C2"),
            ("D3", "graph search", "C3"),
        ];
        write("documents.jsonl", &texts.map(|(id, text, by)| line(id, text, by)).concat());
        write("candidates.csv", "expert,topics\nC1,\nC2,materials\nC3,graphs\n");
        write("queries.csv", "document,topics\nD1,materials\n");
        let start = Instant::now();
        let line: Value = serde_json::from_str(&run(folder.path(), || start).unwrap()).unwrap();
        assert_eq!(
            (line["ap"].as_f64(), line["rr"].as_f64(), line["p10"].as_f64()),
            (Some(1.0), Some(1.0), Some(0.1))
        );
        write("queries.csv", "document,topics\nD9,materials\n");
        assert!(run(folder.path(), || start).unwrap_err().to_string().contains("D9"));
    }
}
