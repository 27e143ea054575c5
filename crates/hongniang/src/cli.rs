//! The command line. Errors are for people: what went wrong and what to do.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use base::place::Place;
use catalogue::{Catalogue, Over, Role};
use clap::{Parser, Subcommand};

use crate::app::App;
use crate::signin::oidc::ProviderOptions;
use crate::signin::policy::PolicyName;
use crate::wiring::{self, Options, Out};
use crate::{bench, demo, folder, serve, sheets, signin, why};

/// 科技红娘 Hongniang: 科技经济融合服务平台.
#[derive(Parser)]
#[command(name = "hongniang", version, about, arg_required_else_help = true)]
struct Command {
    #[command(subcommand)]
    verb: Verb,
}

/// Where the data lies and where to listen.
#[derive(clap::Args, Clone, Debug)]
pub struct StoreArgs {
    /// Folder of the embedded store, files and local catalogue.
    #[arg(long, default_value = "data")]
    data: PathBuf,
    /// PostgreSQL instead of the embedded store: postgres://… or key=value pairs.
    #[arg(long)]
    postgres: Option<String>,
}

/// Ways out of the house.
#[derive(clap::Args, Clone, Debug)]
pub struct OutArgs {
    /// Mail server: smtps://user:password@mail.example.cn:465.
    #[arg(long, env = "HONGNIANG_SMTP", hide_env_values = true, requires = "mail_from")]
    smtp: Option<String>,
    /// Address that letters come from.
    #[arg(long, env = "HONGNIANG_MAIL_FROM")]
    mail_from: Option<String>,
    /// Host that messages may be posted to beside those of WeCom, DingTalk and Feishu; may be given several times.
    #[arg(long, value_name = "HOST[:PORT]")]
    webhook_host: Vec<String>,
}

/// How people sign in.
#[derive(clap::Args, Clone, Debug)]
struct SigninArgs {
    /// What is asked of passwords and sessions.
    #[arg(long, value_enum, default_value = "default", env = "HONGNIANG_PASSWORD_POLICY")]
    password_policy: PolicyName,
    /// Issuer of an OpenID Connect provider, exactly as it calls itself.
    #[arg(long, env = "HONGNIANG_OIDC_ISSUER", requires = "oidc_client_id")]
    oidc_issuer: Option<String>,
    /// What the provider calls this installation; its address to come back to is PUBLIC_URL/signin/oidc/back.
    #[arg(long, env = "HONGNIANG_OIDC_CLIENT_ID", requires = "oidc_issuer")]
    oidc_client_id: Option<String>,
    /// The secret the provider gave; better by the environment than on a command line others can list.
    #[arg(long, env = "HONGNIANG_OIDC_CLIENT_SECRET", hide_env_values = true)]
    oidc_client_secret: Option<String>,
    /// What people call the provider, such as 浙里办.
    #[arg(long, env = "HONGNIANG_OIDC_NAME", default_value = "统一身份认证")]
    oidc_name: String,
}

impl SigninArgs {
    fn provider(&self) -> Option<ProviderOptions> {
        Some(ProviderOptions {
            issuer: self.oidc_issuer.clone()?,
            client: self.oidc_client_id.clone()?,
            secret: self.oidc_client_secret.clone().filter(|secret| !secret.is_empty()),
            name: self.oidc_name.clone(),
        })
    }
}

#[derive(Subcommand)]
enum Verb {
    /// Load the demonstration and serve it on this machine.
    Demo {
        /// Folder of the demonstration.
        #[arg(long, default_value = "data/demo")]
        data: PathBuf,
        /// Address to listen on.
        #[arg(long, default_value = "127.0.0.1:8080")]
        listen: String,
        /// PostgreSQL instead of the embedded store; loaded if it is empty.
        #[arg(long, conflicts_with = "fresh")]
        postgres: Option<String>,
        /// Forget what the folder holds and load anew.
        #[arg(long)]
        fresh: bool,
    },
    /// Serve an installation.
    Serve {
        #[command(flatten)]
        store: StoreArgs,
        /// Address to listen on.
        #[arg(long, default_value = "127.0.0.1:8080")]
        listen: String,
        /// Address people reach it by, such as https://kexie.example.cn.
        #[arg(long)]
        public_url: Option<String>,
        #[command(flatten)]
        out: OutArgs,
        #[command(flatten)]
        signin: SigninArgs,
    },
    /// The catalogue.
    Catalogue {
        #[command(subcommand)]
        verb: CatalogueVerb,
    },
    /// Check that every change is there and nothing was altered.
    Verify {
        #[command(flatten)]
        store: StoreArgs,
    },
    /// Why someone may, or may not, read and do things with a record.
    Why {
        /// Number or id of the record.
        record: String,
        /// Sign-in name, or `visitor`.
        #[arg(long = "as")]
        who: String,
        #[command(flatten)]
        store: StoreArgs,
    },
    /// Make an account for a person and print a one-time link to set its password.
    Account {
        /// Sign-in name.
        name: String,
        /// The person's name, filed as a staff record.
        #[arg(long)]
        person: String,
        /// Role.
        #[arg(long)]
        #[arg(value_parser = role)]
        role: Role,
        /// Region of the role, a division code; without it, and without an organisation, the whole installation.
        #[arg(long, conflicts_with = "organization")]
        place: Option<String>,
        /// Organisation of the role: the id of its record.
        #[arg(long)]
        organization: Option<String>,
        /// Address people reach the installation by.
        #[arg(long, default_value = "http://127.0.0.1:8080")]
        public_url: String,
        #[command(flatten)]
        store: StoreArgs,
    },
    /// Print a one-time link by which the holder of an account sets a new password.
    Password {
        /// Sign-in name.
        name: String,
        /// Take the second factor away too: the telephone and the recovery codes are lost.
        #[arg(long)]
        forget_second_factor: bool,
        /// Address people reach the installation by.
        #[arg(long, default_value = "http://127.0.0.1:8080")]
        public_url: String,
        #[command(flatten)]
        store: StoreArgs,
    },
    /// Bring a spreadsheet in: every fault by row and column, and all of it or nothing.
    Import {
        /// Kind of the rows, such as `demand`.
        kind: String,
        /// An xlsx, xls, ods, csv or jsonl file.
        file: PathBuf,
        /// Sign-in name of who brings it; the house itself if left out.
        #[arg(long = "as")]
        who: Option<String>,
        /// Only say what it would do.
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        store: StoreArgs,
    },
    /// Write the records of a kind to a file that an import takes back.
    Export {
        /// Kind, such as `demand`.
        kind: String,
        /// A name ending in .xlsx, .csv or .jsonl.
        file: PathBuf,
        /// Only those: `all(stage=published,industry=C20)`.
        #[arg(long = "where")]
        filter: Option<String>,
        /// Sign-in name of who asks; the house itself if left out.
        #[arg(long = "as")]
        who: Option<String>,
        #[command(flatten)]
        store: StoreArgs,
    },
    /// Measure.
    Bench {
        #[command(subcommand)]
        verb: bench::Verb,
    },
}

#[derive(Subcommand)]
enum CatalogueVerb {
    /// List every fault of every file, with file, line and column.
    Check {
        /// Folder to check; the program's own catalogue if left out.
        folder: Option<PathBuf>,
    },
    /// The grants table, as comma-separated text.
    Grants,
}

/// A role by its name in the catalogue.
fn role(name: &str) -> Result<Role, String> {
    let known = Role::NAMES.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    let found = Role::NAMES.iter().find(|(known, _)| *known == name);
    found.map(|(_, role)| *role).ok_or_else(|| format!("no such role; there are {known}"))
}

/// Runs the command that was asked for.
pub fn run() -> anyhow::Result<()> {
    match Command::parse().verb {
        Verb::Demo { data, listen, postgres, fresh } => demo::run(data, listen, postgres, fresh),
        Verb::Serve { store, listen, public_url, out, signin } => {
            serve_installation(&store, &listen, public_url, out, &signin)
        }
        Verb::Catalogue { verb: CatalogueVerb::Check { folder } } => check(folder.as_deref()),
        Verb::Catalogue { verb: CatalogueVerb::Grants } => {
            print!("{}", why::grants_table(&wiring::catalogue(Path::new("data"))?));
            Ok(())
        }
        Verb::Verify { store } => verify(&store),
        Verb::Why { record, who, store } => say(&why::tell(&opened(&store, None)?, &record, &who)?),
        Verb::Account { name, person, role, place, organization, public_url, store } => {
            let over = over(place, organization)?;
            let app = opened(&store, Some(public_url))?;
            say(&signin::new_account(&app, &name, &person, role, over)?)
        }
        Verb::Password { name, forget_second_factor, public_url, store } => {
            say(&signin::reset_link(&opened(&store, Some(public_url))?, &name, forget_second_factor)?)
        }
        Verb::Import { kind, file, who, dry_run, store } => {
            say(&sheets::import(&opened(&store, None)?, &kind, &file, dry_run, who.as_deref())?)
        }
        Verb::Export { kind, file, filter, who, store } => {
            let app = opened(&store, None)?;
            say(&sheets::export(&app, &kind, &file, filter.as_deref(), who.as_deref())?)
        }
        Verb::Bench { verb } => bench::run(verb),
    }
}

/// What a role extends over.
fn over(place: Option<String>, organization: Option<String>) -> anyhow::Result<Over> {
    match (place, organization) {
        (Some(place), _) => {
            Ok(Over::Place(Place::parse(&place).with_context(|| format!("no division {place}"))?))
        }
        (None, Some(id)) => {
            Ok(Over::Organization(id.parse().with_context(|| format!("{id} is no record id"))?))
        }
        (None, None) => Ok(Over::Node),
    }
}

fn say(text: &str) -> anyhow::Result<()> {
    writeln!(std::io::stdout().lock(), "{text}")?;
    Ok(())
}

fn options(store: &StoreArgs, listen: &str, public_url: Option<String>) -> Options {
    Options {
        data: store.data.clone(),
        postgres: store.postgres.clone(),
        public_url,
        listen: listen.to_owned(),
        demonstration: false,
        out: Out::default(),
        policy: PolicyName::Default,
        provider: None,
    }
}

fn opened(store: &StoreArgs, public_url: Option<String>) -> anyhow::Result<App> {
    wiring::assemble(&options(store, "127.0.0.1:8080", public_url))
}

fn serve_installation(
    store: &StoreArgs,
    listen: &str,
    public_url: Option<String>,
    out: OutArgs,
    signin: &SigninArgs,
) -> anyhow::Result<()> {
    let out = Out { smtp: out.smtp, mail_from: out.mail_from, hosts: out.webhook_host };
    let (policy, provider) = (signin.password_policy, signin.provider());
    serve::run(&Options { out, policy, provider, ..options(store, listen, public_url) }, |app, origin| {
        say(&format!("serving {origin}"))?;
        if let Some(link) = signin::first_steward(app)? {
            say(&format!("first run: open {link} within a day to become the steward (works once)"))?;
        }
        Ok(())
    })
}

fn check(chosen: Option<&Path>) -> anyhow::Result<()> {
    let files = match chosen {
        Some(path) => {
            let mut files = Vec::new();
            folder::read_texts(path, "toml", &path.to_string_lossy(), &mut files)?;
            files
        }
        None => crate::embedded::texts("catalogue"),
    };
    let (catalogue, diagnostics) = Catalogue::load(files);
    for diagnostic in &diagnostics {
        say(&diagnostic.to_string())?;
    }
    if !diagnostics.is_empty() {
        bail!("{} faults", diagnostics.len());
    }
    say(&format!(
        "{} kinds, {} vocabularies, {} views, {} indicators, no faults",
        catalogue.kinds().count(),
        catalogue.vocabularies().len(),
        catalogue.views().count(),
        catalogue.indicators().count()
    ))
}

fn verify(store: &StoreArgs) -> anyhow::Result<()> {
    let verdict = opened(store, None)?.register().verify()?;
    for found in &verdict.breaks {
        let place = found.position.map(|position| position.to_string()).unwrap_or_default();
        say(&format!("record row {} {place}: {}", found.row, found.what))?;
    }
    say(&format!("{} changes, {} records, {} erased", verdict.changes, verdict.records, verdict.erased))?;
    if verdict.sound() { Ok(()) } else { bail!("the register does not agree with its chain of changes") }
}
