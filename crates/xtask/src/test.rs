//! Everything a change must pass, in the order that finds fault cheapest.
//!
//! Continuous integration runs this and nothing else. Never skips: a step that cannot run has failed. The
//! runner's own summary is the last thing a test run prints before ours. Start at [`run`].

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::cluster::Cluster;
use crate::{cargo, need, tidy};

/// Where the tests find a PostgreSQL in which they may make databases.
pub const POSTGRES_VARIABLE: &str = "HONGNIANG_TEST_POSTGRES";
/// Where the journeys find the program that drives the browser.
pub const CHROMEDRIVER_VARIABLE: &str = "HONGNIANG_TEST_CHROMEDRIVER";
/// Where the journeys find the browser.
pub const CHROMIUM_VARIABLE: &str = "HONGNIANG_TEST_CHROMIUM";

/// Where the tests find the modules of an OpenID Connect provider.
pub const PROVIDER_VARIABLE: &str = "HONGNIANG_TEST_OIDC";

/// What becomes of a machine that lacks something.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// It is told so.
    Fails,
    /// It gets it.
    Installed,
}

/// Runs every step and stops at the first that fails.
///
/// # Errors
/// What failed and what to do about it.
pub fn run(root: &Path, missing: Missing) -> Result<ExitCode> {
    let begun = Instant::now();
    step("what the machine must have", "install it and run again", || equip(missing))?;
    step("format", "`cargo fmt` writes it as it should be", || {
        succeed(cargo().current_dir(root).args(["fmt", "--all", "--check"]))
    })?;
    step("lints", "each message above names its cure; there is no #[allow] in this house", || {
        let lint = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
        succeed(cargo().current_dir(root).args(lint))
    })?;
    step("tidy", "each line above names its cure; `cargo xtask tidy` checks again", || tidy::check(root))?;
    step("examples in the documentation", "`cargo test --doc -p CRATE` repeats one crate", || {
        succeed(cargo().current_dir(root).args(["test", "--doc", "--workspace"]))
    })?;
    step(
        "tests on SQLite and PostgreSQL, journeys in Chromium",
        "`cargo xtask pg -- cargo test -p CRATE NAME` repeats one test with everything it needs",
        || tests(root),
    )?;
    println!("== all passed in {:.1} s", begun.elapsed().as_secs_f64());
    Ok(ExitCode::SUCCESS)
}

/// Names a step, times it, and adds to its failure what to do.
fn step(name: &str, remedy: &str, work: impl FnOnce() -> Result<()>) -> Result<()> {
    println!("\n== {name}");
    let begun = Instant::now();
    let outcome = work();
    let seconds = begun.elapsed().as_secs_f64();
    match outcome {
        Ok(()) => {
            println!("== {name}: passed in {seconds:.1} s");
            Ok(())
        }
        Err(error) => bail!("{name}: FAILED after {seconds:.1} s: {error:#}\nwhat to do: {remedy}"),
    }
}

fn equip(missing: Missing) -> Result<()> {
    if !need::nextest() {
        println!("note: no cargo-nextest here, `cargo test` runs the tests (`cargo install cargo-nextest`)");
    }
    let lacking = need::missing();
    match missing {
        _ if lacking.is_empty() => Ok(()),
        Missing::Installed => need::install(&lacking),
        Missing::Fails => bail!("{}", need::explain(&lacking)),
    }
}

/// Every test of the workspace, beside a private PostgreSQL and with a browser at hand.
fn tests(root: &Path) -> Result<()> {
    let (bin, chromedriver, chromium) = found()?;
    let cluster = Cluster::start(&bin)?;
    let runner: &[&str] = if need::nextest() { &["nextest", "run"] } else { &["test", "--all-targets"] };
    let mut command = cargo();
    command.current_dir(root).args(runner).args(["--workspace", "--no-fail-fast"]);
    command.env(POSTGRES_VARIABLE, cluster.url());
    command.env(PROVIDER_VARIABLE, need::provider().context("the OpenID Connect provider went away")?);
    command.env(CHROMEDRIVER_VARIABLE, chromedriver).env(CHROMIUM_VARIABLE, chromium);
    succeed(&mut command)
}

fn found() -> Result<(PathBuf, PathBuf, PathBuf)> {
    let bin = need::postgres().context("the PostgreSQL server went away")?;
    let chromedriver = need::chromedriver().context("ChromeDriver went away")?;
    Ok((bin, chromedriver, need::chromium().context("Chromium went away")?))
}

fn succeed(command: &mut Command) -> Result<()> {
    let name = command.get_args().next().unwrap_or_default().to_string_lossy().into_owned();
    let status = command.stdin(Stdio::null()).status().context("cannot start cargo")?;
    if status.success() { Ok(()) } else { bail!("cargo {name}: {status}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_step_says_what_and_what_to_do() {
        let error = step("format", "run cargo fmt", || bail!("exit 1")).unwrap_err().to_string();
        for word in ["format: FAILED", "exit 1", "what to do: run cargo fmt"] {
            assert!(error.contains(word), "{word} in {error}");
        }
    }

    #[test]
    fn an_honest_exit_code() {
        assert!(succeed(&mut Command::new("true")).is_ok());
        assert!(succeed(&mut Command::new("false")).is_err());
    }
}
