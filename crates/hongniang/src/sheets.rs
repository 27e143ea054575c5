//! Lists in and out by the command line: the code of the pages, with faults and counts as lines of text.
//!
//! Holds no rule of its own. Start at [`export`] and [`import`].

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use anyhow::{Context as _, anyhow, bail};
use base::limits;
use catalogue::{Asker, Filter, Kind};
use register::Find;

use crate::app::App;
use crate::locale::Lang;
use crate::problem;
use crate::records::export::{Format, Leaving};
use crate::records::import::plan::{Counts, Import, Plan};
use crate::records::import::{place_of, table};
use crate::signin;
use crate::trouble::Trouble;

/// Who asks: the holder of a sign-in name; the house itself, a steward, where none is given.
fn asker(app: &App, name: Option<&str>) -> anyhow::Result<Asker> {
    let Some(name) = name else { return Ok(signin::house()) };
    let found = app.register().read(|reader| match reader.account_by_name(name)? {
        Some(account) => reader.asker(Some(account.row), account.person).map(Some),
        None => Ok(None),
    })?;
    found.with_context(|| format!("no account is named {name}"))
}

/// The kind of a name, or of its part of the address.
fn kind<'a>(app: &'a App, name: &str) -> anyhow::Result<&'a Kind> {
    let catalogue = app.register().catalogue();
    let found = catalogue.kind(name).or_else(|| catalogue.by_path(name));
    found.with_context(|| {
        let names: Vec<&str> = catalogue.kinds().map(|kind| kind.name.as_str()).collect();
        format!("no kind {name}; there are {}", names.join(", "))
    })
}

/// Writes the records of a kind to a file, as far as the asker may read them; says how many.
pub fn export(
    app: &App,
    name: &str,
    file: &Path,
    filter: Option<&str>,
    who: Option<&str>,
) -> anyhow::Result<String> {
    let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let format = Format::of(ending).context("the file's name ends in .xlsx, .csv or .jsonl")?;
    let kind = kind(app, name)?;
    let mut find = Find::kind(&kind.name).first(limits::PAGE_ROWS_MAX);
    if let Some(text) = filter {
        let of_text = |fault: catalogue::Fault| anyhow!("--where {text}: {}", fault.code);
        let filter: Filter = text.parse().map_err(of_text)?;
        filter.validate(kind).map_err(of_text)?;
        find = find.filter(filter);
    }
    let asker = asker(app, who)?;
    let mut to = BufWriter::new(File::create(file).with_context(|| file.display().to_string())?);
    let count = Leaving { app: app.clone(), asker, lang: Lang::Zh, find }.write(format, &mut to)?;
    to.flush()?;
    Ok(format!("{count} of {} written to {}", kind.name, file.display()))
}

/// Files what a file holds, all of it or nothing; with `dry_run` only says what it would do.
pub fn import(
    app: &App,
    name: &str,
    file: &Path,
    dry_run: bool,
    who: Option<&str>,
) -> anyhow::Result<String> {
    let bytes = std::fs::read(file).with_context(|| file.display().to_string())?;
    let (kind, asker) = (kind(app, name)?, asker(app, who)?);
    let import = Import { app, asker: &asker, kind, lang: Lang::Zh, since: None };
    let table = table::read(&bytes).map_err(|trouble| told(app, &trouble))?;
    let mut plan = import.plan(&table, |_, _| ()).map_err(|trouble| told(app, &trouble))?;
    let counts = plan.counts();
    refused(app, kind, &plan)?;
    if !dry_run && counts.created + counts.revised > 0 {
        import.file(&mut plan, |_| Ok(true)).map_err(|trouble| told(app, &trouble))?;
        refused(app, kind, &plan)?;
    }
    let Counts { created, revised, unchanged } = counts;
    let would = if dry_run { "would be " } else { "" };
    Ok(format!("{would}{created} created, {revised} revised, {unchanged} unchanged"))
}

/// Every fault as a line, if there is one.
fn refused(app: &App, kind: &Kind, plan: &Plan) -> anyhow::Result<()> {
    if plan.faults.is_empty() {
        return Ok(());
    }
    let texts = app.texts(Lang::Zh);
    let mut out = std::io::stdout().lock();
    for (row, fault) in &plan.faults {
        let place = place_of(texts, Lang::Zh, kind, plan, fault);
        writeln!(out, "{row}\t{place}\t{}", problem::sentence(texts, fault))?;
    }
    bail!("{} faults; nothing was filed", plan.faults.len())
}

fn told(app: &App, trouble: &Trouble) -> anyhow::Error {
    let texts = app.texts(Lang::Zh);
    match trouble {
        Trouble::Register(fault) => anyhow!("{fault}"),
        Trouble::Internal(what) => anyhow!("{what}"),
        other => anyhow!("{}", problem::detail(texts, other)),
    }
}
