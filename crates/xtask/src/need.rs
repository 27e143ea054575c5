//! What the machine must have before the tests can run, and how to get it.
//!
//! Looks for programs by running or finding them, never by asking a package manager, so a self-built
//! PostgreSQL counts. Never decides to go on without something. Start at [`missing`].

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::test::{CHROMEDRIVER_VARIABLE, CHROMIUM_VARIABLE};

/// One thing the tests cannot do without.
pub struct Need {
    /// What it is for a reader.
    pub what: &'static str,
    /// Debian packages that bring it.
    packages: &'static [&'static str],
    is_there: fn() -> bool,
}

const NEEDS: [Need; 7] = [
    Need {
        what: "PostgreSQL server programs (initdb, pg_ctl, postgres)",
        packages: &["postgresql"],
        is_there: || postgres().is_some(),
    },
    Need { what: "Chromium (chromium)", packages: &["chromium"], is_there: || chromium().is_some() },
    Need {
        what: "ChromeDriver (chromedriver)",
        packages: &["chromium-driver"],
        is_there: || chromedriver().is_some(),
    },
    Need {
        what: "a font with Chinese characters (fc-list :lang=zh)",
        packages: &["fontconfig", "fonts-noto-cjk"],
        is_there: has_chinese_font,
    },
    Need {
        what: "aiosmtpd, a mail server, for the Python of the system (/usr/bin/python3)",
        packages: &["python3-aiosmtpd"],
        is_there: has_mail_server,
    },
    Need {
        what: "Node.js with npm (node, npm)",
        packages: &["nodejs", "npm"],
        is_there: || ["node", "npm"].iter().all(|program| answers(Path::new(program))),
    },
    Need {
        what: "the OpenID Connect provider of the tests (`npm ci` in a folder beside the build)",
        packages: &[],
        is_there: || provider().is_some(),
    },
];

/// What names the provider of the tests and every version of what it needs, from the workspace's root.
const PROVIDER: &str = "crates/hongniang/tests/given/oidc";
/// Its files that npm reads.
const PROVIDER_FILES: [&str; 2] = ["package.json", "package-lock.json"];

/// The modules of the OpenID Connect provider, if what is installed is what the lock names.
pub fn provider() -> Option<PathBuf> {
    let folder = provider_folder().ok()?;
    let lock = |folder: &Path| std::fs::read(folder.join("package-lock.json")).ok();
    let same = lock(&folder)? == lock(&crate::root().ok()?.join(PROVIDER))?;
    let modules = folder.join("node_modules");
    // npm writes this file last.
    (same && modules.join(".package-lock.json").is_file()).then_some(modules)
}

fn provider_folder() -> Result<PathBuf> {
    Ok(crate::target_folder()?.join("oidc-provider"))
}

/// Installs what the lock names and runs none of its scripts.
fn install_provider() -> Result<()> {
    let (from, folder) = (crate::root()?.join(PROVIDER), provider_folder()?);
    std::fs::create_dir_all(&folder)?;
    for name in PROVIDER_FILES {
        std::fs::copy(from.join(name), folder.join(name)).with_context(|| format!("cannot copy {name}"))?;
    }
    let words = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
    println!("$ npm {} (in {})", words.join(" "), folder.display());
    let status = Command::new("npm").args(words).current_dir(&folder).stdin(Stdio::null()).status();
    let status = status.context("cannot start npm")?;
    if status.success() { Ok(()) } else { bail!("npm failed: {status}") }
}

/// What this machine lacks.
pub fn missing() -> Vec<&'static Need> {
    NEEDS.iter().filter(|need| !(need.is_there)()).collect()
}

/// The folder of the newest PostgreSQL server programs: Debian's own place first, then the search path.
pub fn postgres() -> Option<PathBuf> {
    let mut debian: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .collect();
    debian.sort_by_key(|bin| std::cmp::Reverse(major(bin)));
    debian.into_iter().chain(search_path()).find(|bin| has_server(bin))
}

/// `15` of `/usr/lib/postgresql/15/bin`.
fn major(bin: &Path) -> u32 {
    let folder = bin.parent().and_then(Path::file_name).and_then(|name| name.to_str());
    folder.and_then(|name| name.parse().ok()).unwrap_or(0)
}

/// A link to a removed server, or a server without its `initdb`, is no server.
fn has_server(bin: &Path) -> bool {
    bin.join("postgres").is_file() && answers(&bin.join("initdb")) && answers(&bin.join("pg_ctl"))
}

fn answers(program: &Path) -> bool {
    let mut command = Command::new(program);
    command.arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// The browser of the journeys.
pub fn chromium() -> Option<PathBuf> {
    named_or_found(CHROMIUM_VARIABLE, "chromium")
}

/// The program that drives the browser.
pub fn chromedriver() -> Option<PathBuf> {
    named_or_found(CHROMEDRIVER_VARIABLE, "chromedriver")
}

/// What the developer named in the variable the tests read, else the program on the search path.
fn named_or_found(variable: &str, program: &str) -> Option<PathBuf> {
    let named = std::env::var_os(variable).map(PathBuf::from);
    named.or_else(|| on_path(program)).filter(|path| path.is_file())
}

/// Whether `cargo nextest` is there; it is faster, not needed.
pub fn nextest() -> bool {
    on_path("cargo-nextest").is_some()
}

fn on_path(program: &str) -> Option<PathBuf> {
    search_path().into_iter().map(|folder| folder.join(program)).find(|path| path.is_file())
}

fn search_path() -> Vec<PathBuf> {
    std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect()).unwrap_or_default()
}

/// Without one, pages are boxes and pictures of them prove nothing.
fn has_chinese_font() -> bool {
    let listed = Command::new("fc-list").arg(":lang=zh").stdin(Stdio::null()).output();
    listed.is_ok_and(|output| output.status.success() && !output.stdout.is_empty())
}

/// Letters are sent to a real server, never to a stand-in.
fn has_mail_server() -> bool {
    let mut command = Command::new("/usr/bin/python3");
    command.args(["-c", "import aiosmtpd"]).stdin(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// What the machine lacks and the one command that brings it, for a reader.
pub fn explain(missing: &[&Need]) -> String {
    let lines: Vec<String> = missing.iter().map(|need| format!("  - {}", need.what)).collect();
    let packages = packages(missing);
    let debian = match packages.is_empty() {
        true => String::new(),
        false => format!(
            "on Debian or Ubuntu:\n  sudo apt-get update && sudo apt-get install -y --no-install-recommends {}\n",
            packages.join(" ")
        ),
    };
    format!(
        "this machine lacks:\n{}\n{debian}(let `cargo xtask test --install` bring it all)",
        lines.join("\n")
    )
}

fn packages(missing: &[&Need]) -> Vec<&'static str> {
    missing.iter().flat_map(|need| need.packages.iter().copied()).collect()
}

/// Installs what is missing and looks again.
///
/// # Errors
/// When apt-get is absent or fails, and when something is still missing afterwards.
pub fn install(missing: &[&Need]) -> Result<()> {
    let packages = packages(missing);
    if !packages.is_empty() {
        if on_path("apt-get").is_none() {
            bail!("no apt-get here to install with; {}", explain(missing));
        }
        apt_get(&["update"])?;
        let mut arguments = vec!["install", "-y", "--no-install-recommends"];
        arguments.extend(packages);
        apt_get(&arguments)?;
    }
    if provider().is_none() {
        install_provider()?;
    }
    let still = self::missing();
    if still.is_empty() { Ok(()) } else { bail!("installed, yet {}", explain(&still)) }
}

fn apt_get(arguments: &[&str]) -> Result<()> {
    let mut line = vec!["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"];
    if !is_root()? {
        line.insert(0, "sudo");
    }
    line.extend(arguments);
    println!("$ {}", line.join(" "));
    let (program, rest) = line.split_first().context("a command has a program")?;
    let status = Command::new(program).args(rest).stdin(Stdio::null()).status();
    let status = status.with_context(|| format!("cannot start {program}"))?;
    if status.success() { Ok(()) } else { bail!("`{}` failed: {status}", line.join(" ")) }
}

/// Whether we run as root, who may install but whom PostgreSQL refuses to serve.
pub fn is_root() -> Result<bool> {
    Ok(user_number("-u", None)? == 0)
}

/// The number `id` tells: `-u` of a user, `-g` of its group; of ourselves without a name.
pub fn user_number(which: &str, name: Option<&str>) -> Result<u32> {
    let output =
        Command::new("id").arg(which).args(name).stdin(Stdio::null()).output().context("cannot start id")?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.trim().parse().with_context(|| format!("no such user: {}", name.unwrap_or("ourselves")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_version_wins_by_number() {
        let mut bins = [Path::new("/x/9.6/bin"), Path::new("/x/9/bin"), Path::new("/x/15/bin")];
        bins.sort_by_key(|bin| std::cmp::Reverse(major(bin)));
        assert_eq!(bins.map(major), [15, 9, 0]);
    }

    #[test]
    fn a_folder_without_initdb_is_no_server() {
        assert!(!has_server(Path::new("/nowhere")));
    }

    #[test]
    fn the_explanation_names_thing_and_command() {
        let all: Vec<&Need> = NEEDS.iter().collect();
        let text = explain(&all);
        for word in [
            "chromedriver",
            "initdb",
            "install -y",
            "postgresql chromium chromium-driver",
            "fonts-noto-cjk",
            "python3-aiosmtpd",
            "nodejs npm",
        ] {
            assert!(text.contains(word), "{word} in {text}");
        }
    }
}
