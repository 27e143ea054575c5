//! Measuring: each command prints JSON lines with a ratio to a peer measured in the same run.
//!
//! Never part of the tests. The server under load has one worker thread, so that figures are per core; the load comes
//! from another thread of the same process over loopback. Start at [`run`].

mod claims;
mod load;
mod notices;
mod pages;
mod quality;
mod scale;
mod signin;
mod work;
mod writes;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use catalogue::{Over, Role};
use clap::Subcommand;

use crate::app::App;
use crate::signin::policy::PolicyName;
use crate::wiring::{self, Options};
use crate::{router, search, shell};

/// What may be measured.
#[derive(Subcommand)]
pub enum Verb {
    /// Ranking quality on a folder of judged demands and achievements.
    Quality {
        /// Folder with requirements.jsonl, achievements.jsonl and judgments.csv.
        #[arg(long)]
        data: PathBuf,
    },
    /// A list of 20 rows with session and scope, beside a bare page of the same server library.
    Pages {
        /// Seconds of load for each side.
        #[arg(long, default_value_t = 5)]
        seconds: u64,
    },
    /// What signing in costs, and a page with a session that holds many roles beside one without.
    Signin {
        /// Passwords that are checked.
        #[arg(long, default_value_t = 40)]
        passwords: usize,
        /// Seconds of load for each page.
        #[arg(long, default_value_t = 5)]
        seconds: u64,
    },
    /// Durable creates over HTTP at 64 connections.
    Writes {
        /// `sqlite` or `postgres`.
        #[arg(long, default_value = "sqlite")]
        store: String,
        /// Connection of the PostgreSQL store.
        #[arg(long)]
        url: Option<String>,
        /// Seconds of load.
        #[arg(long, default_value_t = 5)]
        seconds: u64,
    },
    /// Notices by mail through a server that is killed and started again, beside the bare mail client.
    Notices {
        /// How many.
        #[arg(long, default_value_t = 10_000)]
        notices: usize,
        /// How often the sending server is killed.
        #[arg(long, default_value_t = 5)]
        kills: usize,
        /// The mail server: a program for the system's Python that tells its port and each letter as lines of JSON.
        #[arg(long, default_value = "crates/hongniang/tests/given/post_office.py")]
        office: PathBuf,
    },
    /// Lists and pages over a million organisations and ten thousand ties of one.
    Scale {
        /// How many organisations.
        #[arg(long, default_value_t = 1_000_000)]
        organizations: usize,
        /// How many ties of the busiest one.
        #[arg(long, default_value_t = 10_000)]
        ties: usize,
    },
    /// Claims that do not fit together, among many outcomes: taken in from nothing, then changed one by one.
    Claims {
        /// How many outcomes.
        #[arg(long, default_value_t = 1_000_000)]
        outcomes: usize,
        /// How many of them are planted doubles.
        #[arg(long, default_value_t = 1_000)]
        doubles: usize,
    },
    /// 我的事项 over many open records.
    Work {
        /// How many open demands.
        #[arg(long, default_value_t = 100_000)]
        records: usize,
    },
}

/// Runs one measurement.
pub fn run(verb: Verb) -> anyhow::Result<()> {
    match verb {
        Verb::Quality { data } => print(&quality::run(&data, instant)?),
        Verb::Pages { seconds } => pages::run(seconds),
        Verb::Signin { passwords, seconds } => signin::run(passwords, seconds),
        Verb::Writes { store, url, seconds } => writes::run(&store, url, seconds),
        Verb::Notices { notices, kills, office } => notices::run(notices, kills, &office),
        Verb::Scale { organizations, ties } => scale::run(organizations, ties),
        Verb::Claims { outcomes, doubles } => claims::run(outcomes, doubles),
        Verb::Work { records } => work::run(records),
    }
}

fn print(line: &str) -> anyhow::Result<()> {
    use std::io::Write as _;
    writeln!(std::io::stdout().lock(), "{line}")?;
    Ok(())
}
fn instant() -> Instant {
    Instant::now()
}

/// A store in a folder of its own, removed when the measurement is over.
struct Bench {
    app: App,
    folder: PathBuf,
}

impl Drop for Bench {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Bench {
    /// Opens an empty store: in a folder beside the working directory, or on PostgreSQL.
    fn open(name: &str, postgres: Option<String>) -> anyhow::Result<Bench> {
        let folder = PathBuf::from(format!("target/bench-{name}-{}", std::process::id()));
        let options = Options {
            data: folder.clone(),
            postgres,
            public_url: None,
            listen: "127.0.0.1:0".to_owned(),
            demonstration: false,
            out: wiring::Out::default(),
            policy: PolicyName::Default,
            provider: None,
        };
        Ok(Bench { app: wiring::assemble(&options)?, folder })
    }

    /// A session cookie of an officer of the whole province.
    fn officer(&self) -> anyhow::Result<String> {
        let place = base::place::Place::parse("330000").map_err(|error| anyhow::anyhow!("{error}"))?;
        crate::signin::bench_session(&self.app, "bench", Role::Officer, vec![Over::Place(place)])
    }
}

/// A server on a thread of its own with one worker; stops with the process.
fn serve(app: &App, follow: bool) -> anyhow::Result<std::net::SocketAddr> {
    if follow {
        search::follow(app)?;
    }
    let service = shell::wrap(router::routes(), app.clone());
    listen(service)
}

fn listen(service: axum::Router) -> anyhow::Result<std::net::SocketAddr> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let runtime =
        Arc::new(tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?);
    std::thread::spawn(move || {
        runtime.block_on(async move {
            let service = service.into_make_service_with_connect_info::<std::net::SocketAddr>();
            match tokio::net::TcpListener::from_std(listener) {
                Ok(listener) => drop(axum::serve(listener, service).await),
                Err(error) => eprintln!("the bench server could not listen: {error}"),
            }
        });
    });
    Ok(address)
}
