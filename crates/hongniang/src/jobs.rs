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
use sha2::{Digest as _, Sha256};

use crate::app::App;
use crate::records::import;

/// Kind of a job that files the rows of a spreadsheet.
pub const IMPORT: &str = "import";

/// Name of this worker in a lease; leases end by themselves, so a name need not be unique.
const WORKER: &str = "hongniang";
/// Rest between looks when nothing wakes the worker.
const REST: Duration = Duration::from_secs(1);
/// How often what has ended is forgotten; longer than any window tries are counted in.
const SWEEP_EVERY: SignedDuration = SignedDuration::from_hours(2);
/// Rows filed in one write.
const ROWS_A_WRITE: usize = 500;

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
}

impl ImportOrder {
    /// As a job's payload.
    pub fn write(&self) -> String {
        json!({ "kind": self.kind, "hash": self.hash, "person": self.person.to_string(), "account": self.account }).to_string()
    }

    /// From a job's payload.
    pub fn read(payload: &str) -> Option<ImportOrder> {
        let value: Value = serde_json::from_str(payload).ok()?;
        Some(ImportOrder {
            kind: value.get("kind")?.as_str()?.to_owned(),
            hash: value.get("hash")?.as_str()?.to_owned(),
            person: value.get("person").and_then(catalogue::kind::reference)?,
            account: value.get("account").and_then(Value::as_i64),
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
    let mut swept = Timestamp::MIN;
    loop {
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
    let stored = crate::records::files::read(app.register(), &order.hash);
    let bytes = stored.map_err(|trouble| anyhow::anyhow!("the upload is gone: {trouble:?}"))?;
    let (asker, records) = app.register().read(|reader| {
        let asker = reader.asker(order.account, order.person)?;
        let kind = reader.catalogue().kind(&order.kind).ok_or(register::Fault::NotFound)?.clone();
        let read = import::read(reader, &asker, &kind, &bytes);
        let reading = read.map_err(|trouble| register::Fault::Storage(format!("{trouble:?}")))?;
        Ok((asker, import::records(&kind, reading, |row| id_of(job.id, &order.hash, row))))
    })?;
    let (of, id) = (records.len(), job.id);
    for (chunk, rows) in records.chunks(ROWS_A_WRITE).enumerate() {
        let (rows, me, kind) = (rows.to_vec(), asker.clone(), order.kind.clone());
        let done = (chunk * ROWS_A_WRITE + rows.len()) as u64;
        app.register().write_now(app.now(), move |writer| {
            writer.import_keys(&me, &kind, rows)?;
            writer.progress(id, done, of as u64)
        })?;
    }
    Ok(())
}

/// The id of a row: the same for every try of the same job, and for no other.
fn id_of(job: i64, hash: &str, row: usize) -> RecordId {
    let digest = Sha256::digest(format!("import/{job}/{hash}/{row}"));
    let mut random = [0u8; 10];
    for (to, from) in random.iter_mut().zip(digest.iter()) {
        *to = *from;
    }
    RecordId::new(0, random)
}
