//! The workbench: everything a change must pass, and the private PostgreSQL to develop against.
//!
//! Never ships, never skips a check because a machine lacks something: what is missing is a failure that
//! names the command to install it. Start at [`test`] for what continuous integration runs, at [`tidy`] for
//! the rules of the house, at [`cluster`] for the database.

mod bench;
mod cluster;
mod need;
mod test;
mod tidy;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, ExitStatus};

use anyhow::{Context, Result, bail};

const USAGE: &str = "\
cargo xtask COMMAND

  test [--install]      everything continuous integration runs, stopping at the first failure;
                        --install first installs with apt-get and npm what the machine lacks
  tidy                  the rules of the house that the compiler does not know
  bench [--build] [--data FOLDER]
                        the benchmarks, as JSON lines on standard output;
                        --build first measures a clean release build,
                        --data (or HONGNIANG_QUALITY_DATA) names the evaluation data for ranking quality
  pg -- COMMAND…        runs COMMAND beside a private PostgreSQL that lives as long as it
                        (HONGNIANG_TEST_POSTGRES for tests, PGHOST and PGUSER for psql)
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match obey(&args) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("\nxtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn obey(args: &[String]) -> Result<ExitCode> {
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let root = root()?;
    match words.as_slice() {
        ["test"] => test::run(&root, test::Missing::Fails),
        ["test", "--install"] => test::run(&root, test::Missing::Installed),
        ["tidy"] => tidy::run(&root),
        ["bench", options @ ..] => bench::run(&root, &bench::Options::parse(options)?),
        ["pg", "--", program, arguments @ ..] => beside_postgres(program, arguments),
        [] | ["help" | "--help" | "-h"] => {
            print!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        _ => bail!("not a command: {}\n\n{USAGE}", args.join(" ")),
    }
}

/// The folder that holds the workspace. Cargo names this crate's folder to whatever it runs.
fn root() -> Result<PathBuf> {
    let own = std::env::var("CARGO_MANIFEST_DIR").context("start this as `cargo xtask`")?;
    let root = Path::new(&own).ancestors().nth(2).context("this crate stands in crates/ of the workspace")?;
    Ok(root.to_path_buf())
}

/// Runs one command of a developer with the variables the tests read, and passes its exit code on.
fn beside_postgres(program: &str, arguments: &[&str]) -> Result<ExitCode> {
    let cluster = cluster::Cluster::start(&need::postgres().context("no PostgreSQL server found")?)?;
    let mut command = Command::new(program);
    command.args(arguments).env(test::POSTGRES_VARIABLE, cluster.url());
    command.env("PGHOST", cluster.folder()).env("PGUSER", "postgres").env("PGDATABASE", "postgres");
    if let Some(path) = need::chromedriver() {
        command.env(test::CHROMEDRIVER_VARIABLE, path);
    }
    if let Some(path) = need::chromium() {
        command.env(test::CHROMIUM_VARIABLE, path);
    }
    if let Some(path) = need::provider() {
        command.env(test::PROVIDER_VARIABLE, path);
    }
    let status = command.status().with_context(|| format!("cannot start {program}"))?;
    Ok(passed_on(status))
}

/// The exit code of a child as our own; a child ended by a signal is a failure.
fn passed_on(status: ExitStatus) -> ExitCode {
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    code.map_or(ExitCode::FAILURE, ExitCode::from)
}

/// The cargo that runs us, so that one toolchain builds everything.
fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// The folder cargo builds into: we stand in it, as `debug/xtask`.
fn target_folder() -> Result<PathBuf> {
    let own = std::env::current_exe()?;
    Ok(own.ancestors().nth(2).context("start this as `cargo xtask`")?.to_path_buf())
}
