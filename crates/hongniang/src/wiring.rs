//! Where the clock, chance and threads enter, and the parts are joined into an [`App`].
//!
//! The only place that may ask the machine for the time or for randomness. Start at [`assemble`].

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use base::calendar::Calendar;
use catalogue::Catalogue;
use jiff::Timestamp;
use register::{Register, StoreAt};

use crate::app::{App, Parts, Site};
use crate::embedded;
use crate::letter::Mail;
use crate::locale::Locales;
use crate::outside::Outside;
use crate::signin::oidc::{Provider, ProviderOptions};
use crate::signin::policy::PolicyName;

/// What an installation is started with.
#[derive(Clone, Debug)]
pub struct Options {
    /// Folder of the embedded store, of files, and of the local catalogue.
    pub data: PathBuf,
    /// PostgreSQL instead of the embedded store.
    pub postgres: Option<String>,
    /// Address people reach it by; none means the listening address.
    pub public_url: Option<String>,
    /// Address to listen on.
    pub listen: String,
    /// Show the identities of the demonstration (only on loopback).
    pub demonstration: bool,
    /// Ways out of the house.
    pub out: Out,
    /// What is asked of passwords and sessions.
    pub policy: PolicyName,
    /// Who else may say who someone is.
    pub provider: Option<ProviderOptions>,
}

/// Ways out of the house.
#[derive(Clone, Debug, Default)]
pub struct Out {
    /// The mail server, such as `smtps://user:password@mail.example.cn:465`.
    pub smtp: Option<String>,
    /// The address letters come from.
    pub mail_from: Option<String>,
    /// Hosts that may be called beside those of the group robots.
    pub hosts: Vec<String>,
}

impl Out {
    /// The way letters leave; none where no server is named.
    fn mail(&self) -> anyhow::Result<Option<Mail>> {
        match (&self.smtp, &self.mail_from) {
            (None, _) => Ok(None),
            (Some(_), None) => anyhow::bail!("--smtp needs --mail-from, the address letters come from"),
            (Some(smtp), Some(from)) => Mail::new(smtp, from).map(Some),
        }
    }
}

/// Now, from the machine's clock.
#[expect(clippy::disallowed_methods, reason = "the one place where the clock enters")]
pub fn now() -> Timestamp {
    Timestamp::now()
}

/// Fills the bytes with chance from the operating system.
pub fn chance(bytes: &mut [u8]) {
    // Without chance no token is safe: better to stop than to go on with guessable ones.
    if getrandom::fill(bytes).is_err() {
        std::process::abort();
    }
}

/// The catalogue of the program and the local one of the data folder; every fault of every file at once.
pub fn catalogue(data: &std::path::Path) -> anyhow::Result<Catalogue> {
    let mut files = embedded::texts("catalogue");
    files.extend(local_files(&data.join("catalogue"))?);
    let (catalogue, diagnostics) = Catalogue::load(files);
    if diagnostics.is_empty() {
        return Ok(catalogue);
    }
    let lines: Vec<String> = diagnostics.iter().map(ToString::to_string).collect();
    anyhow::bail!("the catalogue has {} faults:\n{}", lines.len(), lines.join("\n"))
}

fn local_files(folder: &std::path::Path) -> anyhow::Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    if folder.is_dir() {
        crate::folder::read_texts(folder, "toml", "local", &mut files)?;
    }
    Ok(files)
}

/// The working days of the program, and those of `DATA/calendar/*.csv`: a new year is announced each November. The
/// demonstration brings a provisional next year, so that its clocks can always run.
fn calendar(options: &Options) -> anyhow::Result<Calendar> {
    let mut years = Vec::new();
    if options.demonstration {
        years.extend(embedded::texts("demo/calendar"));
    }
    let folder = options.data.join("calendar");
    if folder.is_dir() {
        crate::folder::read_texts(&folder, "csv", "calendar", &mut years)?;
    }
    years.into_iter().try_fold(Calendar::bundled(), |calendar, (path, text)| {
        calendar.with_year(&text).map_err(|fault| anyhow::anyhow!("{path}: {fault}"))
    })
}

/// Opens the store and joins everything.
pub fn assemble(options: &Options) -> anyhow::Result<App> {
    std::fs::create_dir_all(&options.data)
        .with_context(|| format!("cannot create {}", options.data.display()))?;
    let catalogue = Arc::new(catalogue(&options.data)?);
    let at = match &options.postgres {
        Some(url) => StoreAt::Postgres(url.clone(), options.data.join("objects")),
        None => StoreAt::Folder(options.data.clone()),
    };
    let register = Register::open(&at, catalogue, calendar(options)?, now(), Arc::new(chance))?;
    let locales = Locales::load(embedded::text("locales/zh.toml"), embedded::text("locales/en.toml"))?;
    let site = Site::new(options.public_url.clone(), &options.listen, options.demonstration);
    let provider = options.provider.clone().map(Provider::new).transpose()?;
    let (mail, outside) = (options.out.mail()?, Outside::new(&options.out.hosts)?);
    let (now, chance, policy) = (Arc::new(now), Arc::new(chance), options.policy);
    Ok(App::new(Parts { register, locales, site, mail, outside, now, chance, policy, provider }))
}
