//! Demands and achievements: how well needs find what people judged to fit them.
//!
//! A folder with `requirements.jsonl` (id, title, content), `achievements.jsonl` (id, title_terms) and
//! `judgments.csv` (requirement, achievement, level 1–4); more demands, unjudged, may stand in
//! `requirements_unlabelled.jsonl`. Demands lie in the index beside the achievements, as in a register, and teach it
//! what words mean; only achievements answer. A pair judged more than once counts with its mean level, rounded half
//! up; level 3 and 4 are relevant; a requirement without a relevant achievement is not counted. Start at [`run`].

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use matching::{Document, Index, Need};
use serde_json::{Value, json};

use super::files::{lines, read, text_of};
use super::measure::{average_precision, mean, ndcg, reciprocal_rank};
use super::peer::Peer;

/// From this level on a pair counts as relevant.
const RELEVANT: u32 = 3;
const GROUP: &str = "achievement";
/// A question is clearly worse off that loses so much of its nDCG@10.
const HURT: f64 = 0.2;
const UNJUDGED: &str = "requirements_unlabelled.jsonl";

/// Levels by requirement, then by achievement.
type Levels = BTreeMap<String, HashMap<u64, u32>>;

/// The measures of one folder as one line of JSON. `now` is the clock, for the seconds that ranking took.
///
/// # Errors
/// A file that is missing or a line that cannot be read, with its name and number; no judgment at all.
pub fn run(folder: &Path, now: impl Fn() -> Instant) -> Result<String> {
    let (mut index, numbers) = achievements(folder)?;
    let mut needs = requirements(folder, "requirements.jsonl")?;
    let judged_needs = needs.len();
    if folder.join(UNJUDGED).is_file() {
        needs.extend(requirements(folder, UNJUDGED)?);
    }
    take_in(&mut index, numbers.len() as u64, &needs);
    needs.truncate(judged_needs);
    let levels = judgments(folder, &numbers)?;
    let titles: Vec<String> =
        (0..numbers.len() as u64).filter_map(|id| Some(index.document(id)?.title.clone())).collect();
    let peer = Peer::new(&titles);
    let plain: Vec<Vec<u64>> = needs.iter().map(|(_, need)| peer.order(&need.title, &need.text)).collect();
    let start = now();
    let mut sums = Measures::default();
    let mut queries = 0_u32;
    let mut gains = Vec::new();
    for ((id, need), plain) in needs.iter().zip(&plain) {
        let Some(judged) = levels.get(id).filter(|of| of.values().any(|level| *level >= RELEVANT)) else {
            continue;
        };
        let hits = index.rank(need, &|_| true, &[GROUP], index.len());
        let ids: Vec<u64> = hits.iter().map(|hit| hit.id).collect();
        let (ours, plain) = (measure(&ids, judged), measure(plain, judged));
        gains.push(ours.ndcg10 - plain.ndcg10);
        sums.add(&ours);
        queries += 1;
    }
    if queries == 0 {
        bail!("{}: no requirement has an achievement judged {RELEVANT} or higher", folder.display());
    }
    let seconds = now().duration_since(start).as_secs_f64();
    let name = folder.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    Ok(sums.line(&name, queries, seconds, &gains))
}

/// Sums, later means, of the measures over requirements.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Measures {
    ndcg10: f64,
    mrr: f64,
    map: f64,
    p5: f64,
    corpus_r10: f64,
    corpus_r100: f64,
    corpus_mrr: f64,
}

impl Measures {
    fn add(&mut self, one: &Self) {
        self.ndcg10 += one.ndcg10;
        self.mrr += one.mrr;
        self.map += one.map;
        self.p5 += one.p5;
        self.corpus_r10 += one.corpus_r10;
        self.corpus_r100 += one.corpus_r100;
        self.corpus_mrr += one.corpus_mrr;
    }

    fn line(&self, dataset: &str, queries: u32, seconds: f64, gains: &[f64]) -> String {
        let mean = |sum: f64| mean(sum, queries as usize);
        json!({
            "dataset": dataset,
            "judged": {"ndcg10": mean(self.ndcg10), "mrr": mean(self.mrr), "map": mean(self.map), "p5": mean(self.p5)},
            "corpus": {"r10": mean(self.corpus_r10), "r100": mean(self.corpus_r100), "mrr": mean(self.corpus_mrr)},
            "queries": queries,
            "seconds": (seconds * 1000.0).round() / 1000.0,
            "against_bm25": against(gains),
        })
        .to_string()
    }
}

/// How the ranking does beside plain BM25 of the same run: the mean gain in nDCG@10 with the half width of its 95 %
/// interval (normal, paired by question), and the share of questions that lose [`HURT`] or more.
fn against(gains: &[f64]) -> Value {
    let count = gains.len().max(1) as f64;
    let gain = gains.iter().sum::<f64>() / count;
    let variance = gains.iter().map(|one| (one - gain).powi(2)).sum::<f64>() / (count - 1.0).max(1.0);
    let half = 1.96 * (variance / count).sqrt();
    let hurt = gains.iter().filter(|one| **one <= -HURT).count();
    json!({"gain": mean(gain, 1), "half_width": mean(half, 1), "hurt": mean(hurt as f64, gains.len())})
}

/// All measures of one answer, which is in order of rank; judged achievements that it lacks come last, by id.
fn measure(answer: &[u64], judged: &HashMap<u64, u32>) -> Measures {
    let relevant = judged.values().filter(|level| **level >= RELEVANT).count();
    let mut order: Vec<u64> = answer.iter().copied().filter(|id| judged.contains_key(id)).collect();
    let mut rest: Vec<u64> = judged.keys().copied().filter(|id| !order.contains(id)).collect();
    rest.sort_unstable();
    order.extend(rest);
    let level = |id: &u64| judged.get(id).copied().unwrap_or(0);
    let levels: Vec<u32> = order.iter().map(level).collect();
    let fits: Vec<bool> = levels.iter().map(|l| *l >= RELEVANT).collect();
    let corpus: Vec<bool> = answer.iter().map(|id| level(id) >= RELEVANT).collect();
    let within = |list: &[bool], many: usize| list.iter().take(many).filter(|fit| **fit).count() as f64;
    Measures {
        ndcg10: ndcg(&levels, 10),
        mrr: reciprocal_rank(&fits),
        map: average_precision(&fits, relevant),
        p5: within(&fits, 5) / 5.0,
        corpus_r10: within(&corpus, 10) / relevant.max(1) as f64,
        corpus_r100: within(&corpus, 100) / relevant.max(1) as f64,
        corpus_mrr: reciprocal_rank(&corpus),
    }
}

/// The achievements, indexed, and the number each id stands under.
fn achievements(folder: &Path) -> Result<(Index, HashMap<String, u64>)> {
    let mut index = Index::new();
    let mut numbers = HashMap::new();
    for (at, line) in lines(folder, "achievements.jsonl")?.iter().enumerate() {
        numbers.insert(text_of(line, "id", "achievements.jsonl", at)?, at as u64);
        let title = text_of(line, "title_terms", "achievements.jsonl", at)?;
        index.put(Document { id: at as u64, group: GROUP.to_owned(), title, ..Document::default() });
    }
    Ok((index, numbers))
}

/// The demands as documents, and what all texts teach.
fn take_in(index: &mut Index, after: u64, needs: &[(String, Need)]) {
    for (at, (_, need)) in needs.iter().enumerate() {
        let (title, text) = (need.title.clone(), need.text.clone());
        let id = after + at as u64;
        index.put(Document { id, group: "demand".to_owned(), title, text, ..Document::default() });
    }
    index.learn();
}

fn requirements(folder: &Path, name: &str) -> Result<Vec<(String, Need)>> {
    let read = |(at, line): (usize, &Value)| {
        let (title, text) = (text_of(line, "title", name, at)?, text_of(line, "content", name, at)?);
        Ok((text_of(line, "id", name, at)?, Need { title, text, ..Need::default() }))
    };
    lines(folder, name)?.iter().enumerate().map(read).collect()
}

fn judgments(folder: &Path, numbers: &HashMap<String, u64>) -> Result<Levels> {
    let mut sums: BTreeMap<(String, u64), (u32, u32)> = BTreeMap::new();
    for (at, line) in read(folder, "judgments.csv")?.lines().enumerate().skip(1) {
        let mut cells = line.split(',');
        let (Some(need), Some(achievement), Some(level)) = (cells.next(), cells.next(), cells.next()) else {
            bail!("judgments.csv, line {}: expected requirement,achievement,level", at + 1);
        };
        let number = numbers
            .get(achievement)
            .with_context(|| format!("judgments.csv, line {}: no achievement {achievement}", at + 1))?;
        let level: u32 =
            level.parse().with_context(|| format!("judgments.csv, line {}: level {level}", at + 1))?;
        let sum = sums.entry((need.to_owned(), *number)).or_default();
        *sum = (sum.0 + level, sum.1 + 1);
    }
    let mut levels = Levels::new();
    for ((need, achievement), (sum, count)) in sums {
        levels.entry(need).or_default().insert(achievement, (2 * sum + count) / (2 * count));
    }
    Ok(levels)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn measures_follow_their_definitions() {
        let judged = HashMap::from([(1, 4), (2, 1), (3, 3)]);
        let best = measure(&[1, 9, 3, 2], &judged);
        assert_eq!((best.ndcg10, best.mrr, best.map, best.p5), (1.0, 1.0, 1.0, 0.4));
        assert_eq!((best.corpus_r10, best.corpus_r100, best.corpus_mrr), (1.0, 1.0, 1.0));
        let worst = measure(&[2], &judged);
        assert_eq!((worst.mrr, worst.corpus_r10, worst.corpus_mrr), (0.5, 0.0, 0.0));
        let late = measure(&[9, 2, 3, 1], &judged);
        let expect = (3.0 / 3_f64.log2() + 7.0 / 2.0) / (7.0 + 3.0 / 3_f64.log2());
        assert!((late.ndcg10 - expect).abs() < 1e-12, "{late:?}");
        assert!((late.map - (0.5 + 2.0 / 3.0) / 2.0).abs() < 1e-12, "{late:?}");
    }

    /// The judged set may not be shipped: where it does not stand beside the project, this says so and passes.
    #[test]
    fn demands_find_what_people_judged_to_fit() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/bdci2019");
        if !folder.is_dir() {
            println!("not measured: no judged demands at {}", folder.display());
            return;
        }
        let line: Value = serde_json::from_str(&run(&folder, Instant::now).unwrap()).unwrap();
        assert!(line["judged"]["ndcg10"].as_f64().is_some_and(|measured| measured >= 0.65), "{line}");
    }

    #[test]
    fn a_folder_is_measured_and_a_missing_one_named() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        write("requirements.jsonl", "{\"id\":\"R1\",\"title\":\"微波介质陶瓷\",\"content\":\"低温烧结\"}\n");
        write(
            "achievements.jsonl",
            "{\"id\":\"A1\",\"title_terms\":\"兽用 口服液\"}\n{\"id\":\"A2\",\"title_terms\":\"低温 烧结 介质 陶瓷\"}\n",
        );
        write("judgments.csv", "requirement,achievement,level,source\nR1,A2,2,a\nR1,A2,3,b\nR1,A1,1,a\n");
        let start = Instant::now();
        let line: Value = serde_json::from_str(&run(folder.path(), || start).unwrap()).unwrap();
        assert_eq!(line["judged"]["ndcg10"], 1.0);
        assert_eq!(line["corpus"]["r10"], 1.0);
        assert_eq!(line["queries"], 1);
        let error = super::super::run(&folder.path().join("none"), || start).unwrap_err().to_string();
        assert!(error.contains("none") && error.contains("judgments.csv"), "{error}");
        write("judgments.csv", "requirement,achievement,level\nR1,A7,2\n");
        assert!(run(folder.path(), || start).unwrap_err().to_string().contains("A7"));
    }
}
