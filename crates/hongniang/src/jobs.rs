//! Work that outlives a request: jobs stand in the register, one thread of each process takes them in turn.
//!
//! A job that dies with its process is leased again and files nothing twice. Start at [`work`].

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use base::id::RecordId;
use jiff::{SignedDuration, Timestamp};
use register::Job;
use serde_json::{Value, json};

use crate::app::App;
use crate::locale::Lang;
use crate::records::import;
use crate::records::import::plan::Counts;

/// Kind of a job that files the rows of a spreadsheet.
pub const IMPORT: &str = "import";

/// Name of this worker in a lease; leases end by themselves, so a name need not be unique.
const WORKER: &str = "hongniang";
/// Rest between looks when nothing wakes the worker.
const REST: Duration = Duration::from_secs(1);
/// How often what has ended is forgotten; longer than any window tries are counted in.
const SWEEP_EVERY: SignedDuration = SignedDuration::from_hours(2);
/// How often clocks that ran out are looked for: a promise ends with its day, so an hour is soon enough.
const RING_EVERY: SignedDuration = SignedDuration::from_hours(1);
/// Clocks answered in one write.
const RUNG_MAX: usize = 200;
/// What an import job is asked to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportOrder {
    /// Kind of the rows.
    pub kind: String,
    /// The stored upload.
    pub hash: String,
    /// Who ordered it; the rows are filed with this person's rights at that time.
    pub person: RecordId,
    /// The person's account, if the person has one.
    pub account: Option<i64>,
    /// The language it was looked at in.
    pub lang: Lang,
    /// When it was looked at: what has changed since is not written over.
    pub since: Timestamp,
    /// What it was seen to do; it does this or nothing.
    pub counts: Counts,
}

impl ImportOrder {
    /// As a job's payload.
    pub fn write(&self) -> String {
        let [created, revised, unchanged]: [usize; 3] = self.counts.into();
        json!({
            "kind": self.kind,
            "hash": self.hash,
            "person": self.person.to_string(),
            "account": self.account,
            "english": self.lang == Lang::En,
            "since": self.since.as_microsecond(),
            "counts": [created, revised, unchanged],
        })
        .to_string()
    }

    /// From a job's payload.
    pub fn read(payload: &str) -> Option<ImportOrder> {
        let value: Value = serde_json::from_str(payload).ok()?;
        let count = |at: usize| usize::try_from(value.get("counts")?.get(at)?.as_u64()?).ok();
        Some(ImportOrder {
            kind: value.get("kind")?.as_str()?.to_owned(),
            hash: value.get("hash")?.as_str()?.to_owned(),
            person: value.get("person").and_then(catalogue::kind::reference)?,
            account: value.get("account").and_then(Value::as_i64),
            lang: if value.get("english")?.as_bool()? { Lang::En } else { Lang::Zh },
            since: Timestamp::from_microsecond(value.get("since")?.as_i64()?).ok()?,
            counts: Counts { created: count(0)?, revised: count(1)?, unchanged: count(2)? },
        })
    }
}

/// Starts the worker; it ends with the process.
pub fn work(app: &App) -> anyhow::Result<()> {
    let (wake, woken) = channel();
    app.register().on_commit(Arc::new(move |_| {
        let _ = wake.send(());
    }));
    let working = app.clone();
    std::thread::Builder::new().name("jobs".into()).spawn(move || run(&working, &woken))?;
    Ok(())
}

fn run(app: &App, woken: &Receiver<()>) {
    let (mut swept, mut rang) = (Timestamp::MIN, Timestamp::MIN);
    loop {
        if app.now().duration_since(rang) > RING_EVERY {
            rang = app.now();
            if let Err(fault) = ring(app) {
                eprintln!("{}: clocks: {fault}", app.now());
            }
        }
        if app.now().duration_since(swept) > SWEEP_EVERY {
            swept = app.now();
            if let Err(fault) = sweep(app) {
                eprintln!("{}: sweeping: {fault}", app.now());
            }
        }
        match take(app) {
            Ok(true) => continue,
            Ok(false) => {}
            Err(fault) => eprintln!("{}: jobs: {fault}", app.now()),
        }
        if woken.recv_timeout(REST) == Err(RecvTimeoutError::Disconnected) {
            return;
        }
        while woken.try_recv().is_ok() {}
    }
}

/// Ended sessions and links, tries out of every window and openings past their time are forgotten.
fn sweep(app: &App) -> register::Result<()> {
    let old = app.now().saturating_add(-SWEEP_EVERY).unwrap_or(app.now());
    let forget = move |writer: &mut register::Writer<'_>| {
        writer.sweep(old)?;
        writer.forget_access()
    };
    app.register().write_now(app.now(), forget).map(|_| ())
}

/// The house makes the moves of clocks that have run out. One that cannot be answered is told and holds the others up no
/// longer than this round.
fn ring(app: &App) -> register::Result<()> {
    let today = app.today();
    let mut failed = 0;
    loop {
        let rung = app.register().read(|reader| reader.rung(today, RUNG_MAX + failed))?;
        let fresh: Vec<_> = rung.into_iter().skip(failed).collect();
        if fresh.is_empty() {
            return Ok(());
        }
        for clock in fresh {
            let answered = clock.clone();
            if let Err(fault) = app.register().write_now(app.now(), move |writer| writer.ring(&answered)) {
                eprintln!("{}: clock `{}` of record {}: {fault}", app.now(), clock.clock, clock.row);
                failed += 1;
            }
        }
    }
}

/// Takes one job, if there is one.
fn take(app: &App) -> register::Result<bool> {
    if !app.register().read(|reader| Ok(reader.job_counts()?.waiting > 0))? {
        return Ok(false);
    }
    let leased = app.register().write_now(app.now(), |writer| writer.lease(WORKER, 1))?.value;
    let Some(job) = leased.into_iter().next() else { return Ok(false) };
    let id = job.id;
    match file(app, &job) {
        Ok(()) => app.register().write_now(app.now(), move |writer| writer.done(id))?,
        Err(error) => {
            let words = format!("{error:#}");
            app.register().write_now(app.now(), move |writer| writer.failed(id, &words, None))?
        }
    };
    Ok(true)
}

fn file(app: &App, job: &Job) -> anyhow::Result<()> {
    let order = ImportOrder::read(&job.payload).ok_or_else(|| anyhow::anyhow!("an order nobody can read"))?;
    let id = job.id;
    import::carry_out(app, &order, id, |done, of| {
        let told = move |writer: &mut register::Writer<'_>| writer.progress(id, done as u64, of as u64);
        // Progress that is not told holds nothing up.
        let _ = app.register().write_now(app.now(), told);
    })
}
