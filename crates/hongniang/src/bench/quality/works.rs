//! Experts and papers: how well an expert's works tell which papers they know about.
//!
//! A folder with `experts.jsonl` (id, publications with title and abstract), `papers.jsonl` (id, title, abstract) and
//! `judgments.csv` (expert, paper, expertise 1–5). The measure is the weighted Kendall loss: over all pairs of papers
//! one expert rated, the sum of the differences of wrongly ordered pairs, half of it for ties, by the sum of all
//! differences; 0 perfect, 0.5 chance (Stelmakh et al. 2023). Start at [`run`].

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use matching::{Document, Index, Need};
use serde_json::{Value, json};

use super::files::{lines, read, text_of};
use super::measure::mean;

const PERSON: &str = "person";

/// Ratings by expert: paper and expertise.
type Ratings = BTreeMap<String, Vec<(String, f64)>>;

/// The measures of the folder as one line of JSON.
pub fn run(folder: &Path, now: impl Fn() -> Instant) -> Result<String> {
    let papers = papers(folder)?;
    let (index, experts) = index(folder, &papers)?;
    let ratings = ratings(folder)?;
    let start = now();
    let values: HashMap<&str, HashMap<u64, f64>> =
        papers.iter().map(|(id, need)| (id.as_str(), values(&index, need))).collect();
    let value = |expert: &str, paper: &str| {
        let number = experts.get(expert)?;
        values.get(paper)?.get(number).copied()
    };
    let (mut wrong, mut all) = (0.0, 0.0);
    for (expert, rated) in &ratings {
        for (at, (paper, rating)) in rated.iter().enumerate() {
            for (other, lower) in rated.iter().skip(at + 1) {
                let difference = rating - lower;
                let ours = value(expert, paper).unwrap_or(0.0) - value(expert, other).unwrap_or(0.0);
                all += difference.abs();
                wrong +=
                    difference.abs() * if ours == 0.0 { 0.5 } else { f64::from(ours * difference < 0.0) };
            }
        }
    }
    let seconds = now().duration_since(start).as_secs_f64();
    let name = super::name_of(folder);
    let loss = mean(wrong / if all > 0.0 { all } else { 1.0 }, 1);
    Ok(json!({"dataset": name, "loss": loss, "experts": ratings.len(), "seconds": mean(seconds, 1)})
        .to_string())
}

/// What the works of each expert say of a paper.
fn values(index: &Index, need: &Need) -> HashMap<u64, f64> {
    let hits = index.rank(need, &|_| true, &[PERSON], index.len());
    let said = |hit: &matching::Hit| {
        let works = hit.signals.iter().find(|signal| signal.name == "works");
        (hit.id, works.map_or(0.0, |signal| f64::from(signal.value)))
    };
    hits.iter().map(said).collect()
}

fn papers(folder: &Path) -> Result<Vec<(String, Need)>> {
    let name = "papers.jsonl";
    let read = |(at, line): (usize, &Value)| {
        let (title, text) = (text_of(line, "title", name, at)?, text_of(line, "abstract", name, at)?);
        Ok((text_of(line, "id", name, at)?, Need { title, text, ..Need::default() }))
    };
    lines(folder, name)?.iter().enumerate().map(read).collect()
}

/// Experts without a word of their own, their works, and the papers; the number of each expert.
fn index(folder: &Path, papers: &[(String, Need)]) -> Result<(Index, HashMap<String, u64>)> {
    let (mut index, mut experts, mut next) = (Index::new(), HashMap::new(), 0_u64);
    let mut put = |group: &str, mark: u128, by: Vec<u128>, title: &str, text: &str| {
        next += 1;
        let mark = if group == PERSON { u128::from(next) } else { mark };
        let (group, title, text) = (group.to_owned(), title.to_owned(), text.to_owned());
        index.put(Document { id: next, group, title, text, mark, by, ..Document::default() });
        next
    };
    for (at, line) in lines(folder, "experts.jsonl")?.iter().enumerate() {
        let number = put(PERSON, 0, Vec::new(), "", "");
        experts.insert(text_of(line, "id", "experts.jsonl", at)?, number);
        let works = line.get("publications").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        for work in works {
            let said = |field: &str| work.get(field).and_then(Value::as_str).unwrap_or_default();
            put("work", 0, vec![u128::from(number)], said("title"), said("abstract"));
        }
    }
    for (_, need) in papers {
        put("paper", 0, Vec::new(), &need.title, &need.text);
    }
    index.learn();
    Ok((index, experts))
}

fn ratings(folder: &Path) -> Result<Ratings> {
    let mut ratings = Ratings::new();
    for (at, line) in read(folder, "judgments.csv")?.lines().enumerate().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let [expert, paper, rating, ..] = cells.as_slice() else {
            bail!("judgments.csv, line {}: expected expert,paper,expertise", at + 1);
        };
        let rating =
            rating.parse().with_context(|| format!("judgments.csv, line {}: expertise {rating}", at + 1))?;
        ratings.entry((*expert).to_owned()).or_default().push(((*paper).to_owned(), rating));
    }
    if ratings.is_empty() {
        bail!("{}: judgments.csv holds no judgment", folder.display());
    }
    Ok(ratings)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn pairs_in_the_wrong_order_are_the_loss() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        write(
            "experts.jsonl",
            "{\"id\":\"E1\",\"publications\":[{\"title\":\"ceramic sintering\",\"abstract\":\"low temperature\"}]}\n",
        );
        write(
            "papers.jsonl",
            "{\"id\":\"P1\",\"title\":\"ceramic sintering\",\"abstract\":\"furnace\"}\n{\"id\":\"P2\",\"title\":\"graph search\",\"abstract\":\"nodes\"}\n",
        );
        let loss = |judged: &str| -> Value {
            write("judgments.csv", judged);
            let start = Instant::now();
            serde_json::from_str::<Value>(&run(folder.path(), || start).unwrap()).unwrap()["loss"].clone()
        };
        assert_eq!(loss("expert,paper,expertise\nE1,P1,5\nE1,P2,1\n"), 0.0);
        assert_eq!(loss("expert,paper,expertise\nE1,P1,1\nE1,P2,5\n"), 1.0);
        assert_eq!(loss("expert,paper,expertise\nE1,P2,1\nE1,P2,5\n"), 0.5, "a tie counts half");
        write("judgments.csv", "expert,paper,expertise\nE1,P1,high\n");
        let start = Instant::now();
        assert!(run(folder.path(), || start).unwrap_err().to_string().contains("line 2"));
    }
}
