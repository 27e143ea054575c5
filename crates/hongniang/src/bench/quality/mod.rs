//! `hongniang bench quality --data FOLDER`: how well the ranking of the desks does on folders of judgments.
//!
//! What a folder measures is told by the files in it; one line of JSON comes out. Ranks with
//! [`matching::Index::rank`] exactly as the desks do; never writes anything. Start at [`run`].

mod demands;
mod files;
mod known;
mod measure;
mod peer;
mod topics;
mod works;

use std::path::Path;
use std::time::Instant;

use anyhow::{Result, bail};

/// The measures of one folder as one line of JSON. `now` is the clock, for the seconds that ranking took.
///
/// # Errors
/// A folder that holds no judgments, a file that is missing or a line that cannot be read, with its name and number.
pub fn run(folder: &Path, now: impl Fn() -> Instant) -> Result<String> {
    let has = |name: &str| folder.join(name).is_file();
    if has("achievements.jsonl") {
        return demands::run(folder, now);
    }
    if has("experts.jsonl") {
        return works::run(folder, now);
    }
    if has("candidates.csv") {
        return topics::run(folder, now);
    }
    if has("papers.jsonl") {
        return known::run(folder, now);
    }
    bail!(
        "no judgments at {}; expected achievements.jsonl with requirements.jsonl and judgments.csv, experts.jsonl \
         with papers.jsonl and judgments.csv, candidates.csv with documents.jsonl and queries.csv, or papers.jsonl",
        folder.display()
    )
}

/// The name of a folder.
fn name_of(folder: &Path) -> String {
    folder.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}
