//! The benchmarks, as JSON lines on standard output, with the machine they ran on in the first.
//!
//! What is measured is the release binary's own `bench` command; this only builds it, gives it a PostgreSQL and
//! passes its lines through. Never hides a failure: the others still run and the exit code says so at the end.
//! Start at [`run`].

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::cluster::Cluster;
use crate::{cargo, need, target_folder};

/// Writes of one disk measurement.
const SYNCS: usize = 500;
/// Bytes of each: a page of most databases.
const SYNC_BYTES: usize = 4096;
/// Crates a newcomer should have to compile at most.
const CRATES_AIM: usize = 250;
/// Names the evaluation data when no `--data` does.
const QUALITY_VARIABLE: &str = "HONGNIANG_QUALITY_DATA";

/// What a benchmark run was asked for.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Options {
    build: bool,
    data: Option<PathBuf>,
}

impl Options {
    /// Reads the words after `bench`.
    ///
    /// # Errors
    /// At a word it does not know.
    pub fn parse(words: &[&str]) -> Result<Options> {
        match words {
            [] => Ok(Options::default()),
            ["--build", rest @ ..] => Ok(Options { build: true, ..Options::parse(rest)? }),
            ["--data", folder, rest @ ..] => {
                Ok(Options { data: Some(folder.into()), ..Options::parse(rest)? })
            }
            [word, ..] => bail!("bench does not know {word}"),
        }
    }
}

/// Runs all benchmarks.
///
/// # Errors
/// When the release build fails; a failing benchmark is reported and makes the exit code.
pub fn run(root: &Path, options: &Options) -> Result<ExitCode> {
    let target = target_folder()?;
    println!("{}", machine(&target)?);
    let clean = if options.build { Some(CleanFolder::under(&target)) } else { None };
    let built = clean.as_ref().map_or(target.as_path(), |folder| &folder.0);
    let seconds = build(root, built)?;
    if options.build {
        println!("{}", build_line(crates(root)?, seconds));
    }
    let binary = built.join("release/hongniang");
    let failures = benchmarks(root, &binary, options);
    for failure in &failures {
        eprintln!("xtask: {failure:#}");
    }
    Ok(if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Each benchmark in turn; those that failed.
fn benchmarks(root: &Path, binary: &Path, options: &Options) -> Vec<anyhow::Error> {
    let measure = |arguments: &[&str]| measure(root, binary, arguments);
    let outcomes = [
        measure(&["pages"]),
        measure(&["signin"]),
        measure(&["writes", "--store", "sqlite"]),
        on_postgres(|url| measure(&["writes", "--store", "postgres", "--url", url])),
        measure(&["scale"]),
        measure(&["claims"]),
        quality(options, |folder| measure(&["quality", "--data", folder])),
    ];
    outcomes.into_iter().filter_map(Result::err).collect()
}

fn on_postgres(measure: impl FnOnce(&str) -> Result<()>) -> Result<()> {
    let bin = need::postgres().context("bench writes --store postgres: no PostgreSQL server found")?;
    let cluster = Cluster::start(&bin)?;
    measure(&cluster.url())
}

fn quality(options: &Options, measure: impl FnOnce(&str) -> Result<()>) -> Result<()> {
    let named = options.data.clone().or_else(|| std::env::var_os(QUALITY_VARIABLE).map(PathBuf::from));
    let Some(folder) = named else {
        println!(r#"{{"quality":null,"why":"no --data FOLDER and no {QUALITY_VARIABLE} given"}}"#);
        return Ok(());
    };
    measure(folder.to_str().context("the evaluation folder's name is not Unicode")?)
}

/// Runs `hongniang bench …`, whose lines go straight to our standard output.
fn measure(root: &Path, binary: &Path, arguments: &[&str]) -> Result<()> {
    let status =
        Command::new(binary).arg("bench").args(arguments).current_dir(root).stdin(Stdio::null()).status();
    let status = status.with_context(|| format!("cannot start {}", binary.display()))?;
    if status.success() { Ok(()) } else { bail!("bench {}: {status}", arguments.join(" ")) }
}

/// A folder for a clean build, removed with the value.
struct CleanFolder(PathBuf);

impl CleanFolder {
    fn under(target: &Path) -> CleanFolder {
        CleanFolder(target.join(format!("bench-build-{}", std::process::id())))
    }
}

impl Drop for CleanFolder {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            eprintln!("xtask: {} is left behind: {error}", self.0.display());
        }
    }
}

/// Builds the release binary into `target` and tells the seconds it took.
fn build(root: &Path, target: &Path) -> Result<f64> {
    let begun = Instant::now();
    let mut command = cargo();
    command
        .current_dir(root)
        .args(["build", "--release", "--package", "hongniang", "--target-dir"])
        .arg(target);
    let status = command.stdin(Stdio::null()).status().context("cannot start cargo")?;
    if status.success() {
        Ok(begun.elapsed().as_secs_f64())
    } else {
        bail!("the release build failed: {status}")
    }
}

/// How many crates that build compiles, our own aside.
fn crates(root: &Path) -> Result<usize> {
    let mut command = cargo();
    command.current_dir(root).args(["tree", "--package", "hongniang", "--edges", "normal,build"]);
    let output = command.args(["--prefix", "none", "--no-dedupe"]).stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        bail!("cargo tree: {}", output.status);
    }
    Ok(foreign_crates(&String::from_utf8_lossy(&output.stdout)))
}

/// Different crates of `cargo tree`; those with a path are the workspace's own.
fn foreign_crates(tree: &str) -> usize {
    let lines = tree.lines().filter(|line| !line.contains("(/"));
    lines
        .filter_map(|line| line.split(" (").next())
        .filter(|line| !line.is_empty())
        .collect::<BTreeSet<_>>()
        .len()
}

fn build_line(crates: usize, seconds: f64) -> String {
    format!(r#"{{"build":{{"crates":{crates},"crates_aim":{CRATES_AIM},"seconds":{seconds:.1}}}}}"#)
}

/// Cores, processor and what a durable write costs: where we build, and where the private PostgreSQL stands.
fn machine(target: &Path) -> Result<String> {
    let cores = std::thread::available_parallelism()?;
    let information = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let (here, temporary) = (sync_times(target)?, sync_times(&std::env::temp_dir())?);
    Ok(format!(
        r#"{{"machine":{{"cores":{cores},"fsync_us":{here},"temporary_fsync_us":{temporary},"cpu":{}}}}}"#,
        quoted(processor(&information))
    ))
}

fn processor(information: &str) -> &str {
    let named = information.lines().find_map(|line| line.strip_prefix("model name"));
    named.and_then(|rest| rest.split_once(':')).map_or("unknown", |(_, name)| name.trim())
}

/// A JSON string.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Appends and syncs 4 KiB again and again, as a write-ahead log does; microseconds as JSON.
fn sync_times(folder: &Path) -> Result<String> {
    let path = folder.join(format!("hongniang-fsync-{}", std::process::id()));
    let times = measure_syncs(&path);
    std::fs::remove_file(&path)?;
    let mut times = times?;
    times.sort_unstable();
    Ok(format!(r#"{{"p50":{},"p99":{}}}"#, percentile(&times, 50), percentile(&times, 99)))
}

fn measure_syncs(path: &Path) -> Result<Vec<u128>> {
    let mut file = File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
    let page = [0x5a_u8; SYNC_BYTES];
    let mut times = Vec::with_capacity(SYNCS);
    for _ in 0..SYNCS {
        let begun = Instant::now();
        file.write_all(&page)?;
        file.sync_data()?;
        times.push(begun.elapsed().as_micros());
    }
    Ok(times)
}

/// Nearest rank; 0 of nothing.
fn percentile(sorted: &[u128], percent: usize) -> u128 {
    let rank = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(rank).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_in_any_order() {
        let both = Options { build: true, data: Some("x".into()) };
        assert_eq!(Options::parse(&["--data", "x", "--build"]).unwrap(), both);
        assert_eq!(Options::parse(&["--build", "--data", "x"]).unwrap(), both);
        assert_eq!(Options::parse(&[]).unwrap(), Options::default());
        assert!(Options::parse(&["--data"]).is_err());
        assert!(Options::parse(&["fast"]).is_err());
    }

    #[test]
    fn percentiles_by_nearest_rank() {
        let hundred: Vec<u128> = (1..=100).collect();
        assert_eq!([50, 99].map(|percent| percentile(&hundred, percent)), [50, 99]);
        assert_eq!(percentile(&[7], 99), 7);
        assert_eq!(percentile(&[], 50), 0);
    }

    #[test]
    fn crates_are_counted_once_and_without_ours() {
        let tree = "hongniang v0.1.0 (/x/y)\nserde v1.0.1\nserde_derive v1.0.1 (proc-macro)\n\nserde v1.0.1 (*)\nsyn v2.0.0\nsyn v1.0.0\n";
        assert_eq!(foreign_crates(tree), 4);
    }

    #[test]
    fn json_survives_odd_processors() {
        assert_eq!(quoted("a \"b\" \\ \t"), r#""a \"b\" \\  ""#);
        assert_eq!(processor("x: y\nmodel name\t: Some CPU @ 2.5GHz\n"), "Some CPU @ 2.5GHz");
        assert_eq!(processor(""), "unknown");
    }
}
