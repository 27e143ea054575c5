//! What must follow a write: rows made in the same transaction, leased, retried, and laid aside when they keep failing.

use jiff::{Timestamp, ToSpan};

use crate::db::{Row, Sql};
use crate::fault::Result;
use crate::reader::Reader;
use crate::writer::Writer;

/// A job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Local number.
    pub id: i64,
    /// What is to be done.
    pub kind: String,
    /// With what, as JSON; ids only, never texts about people.
    pub payload: String,
    /// How often it has been tried before.
    pub tries: u32,
}

/// How many jobs stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JobCounts {
    /// Waiting, leased ones included.
    pub waiting: u64,
    /// Laid aside after failing too often.
    pub dead: u64,
}

/// How a job stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobState {
    /// What is to be done.
    pub kind: String,
    /// With what, as JSON.
    pub payload: String,
    /// `waiting`, `done` or `dead`.
    pub state: String,
    /// Why it failed last.
    pub error: Option<String>,
    /// Steps done.
    pub done: u64,
    /// Steps in all; 0 until the worker knows.
    pub total: u64,
}

/// Minutes a worker holds a job before another may take it.
const LEASE_MINUTES: i64 = 5;

const NEXT: Sql = "select coalesce(max(row), 0) + 1 from job";
const ENQUEUE: Sql =
    "insert into job (row, kind, payload, state, tries, run_us, worker, error, at_us, done, total)
     values ($1, $2, $3, 'waiting', 0, $4, null, null, $4, 0, 0)";
const READY: Sql = "select row, kind, payload, tries from job
     where state = 'waiting' and run_us <= $1 order by run_us, row limit $2";
const LEASE: Sql = "update job set run_us = $2, worker = $3, tries = tries + 1 where row = $1";
const DONE: Sql = "update job set state = 'done', worker = null, error = null where row = $1";
const PROGRESS: Sql = "update job set done = $2, total = $3 where row = $1";
const STATE: Sql = "select kind, payload, state, error, done, total from job where row = $1";
const RETRY: Sql = "update job set run_us = $2, error = $3, worker = null where row = $1";
const BURY: Sql = "update job set state = 'dead', error = $2, worker = null where row = $1";
const COUNTS: Sql = "select state, count(*) from job group by state order by state";

/// Statements of this room, for the proof of plans.
pub(crate) const STATEMENTS: &[Sql] =
    &[NEXT, ENQUEUE, READY, LEASE, DONE, PROGRESS, STATE, RETRY, BURY, COUNTS];

impl Reader<'_> {
    /// How many jobs stand where.
    pub fn job_counts(&self) -> Result<JobCounts> {
        let mut counts = JobCounts::default();
        for row in self.conn.query(COUNTS, &[])? {
            let n = u64::try_from(row.int(1)?).unwrap_or_default();
            match row.text(0)?.as_str() {
                "dead" => counts.dead = n,
                "done" => {}
                _ => counts.waiting += n,
            }
        }
        Ok(counts)
    }

    /// How a job stands.
    pub fn job(&self, id: i64) -> Result<Option<JobState>> {
        let Some(row) = self.conn.one(STATE, &[id.into()])? else { return Ok(None) };
        Ok(Some(JobState {
            kind: row.text(0)?,
            payload: row.text(1)?,
            state: row.text(2)?,
            error: row.text_or_null(3)?,
            done: u64::try_from(row.int(4)?).unwrap_or_default(),
            total: u64::try_from(row.int(5)?).unwrap_or_default(),
        }))
    }
}

impl Writer<'_> {
    /// Puts a job in line; it exists exactly if this write is committed.
    pub fn enqueue(&mut self, kind: &str, payload: &str) -> Result<i64> {
        let row = self.conn.one(NEXT, &[])?.map_or(Ok(1), |row| row.int(0))?;
        self.conn.execute(ENQUEUE, &[row.into(), kind.into(), payload.into(), self.now.into()])?;
        Ok(row)
    }

    /// Takes jobs that are ready; until the lease ends no other worker gets them.
    pub fn lease(&mut self, worker: &str, first: usize) -> Result<Vec<Job>> {
        let until = self.now.saturating_add(LEASE_MINUTES.minutes()).unwrap_or(Timestamp::MAX);
        let rows = self.conn.query(READY, &[self.now.into(), first.into()])?;
        let jobs: Vec<Job> = rows.iter().map(read).collect::<Result<_>>()?;
        for job in &jobs {
            self.conn.execute(LEASE, &[job.id.into(), until.into(), worker.into()])?;
        }
        Ok(jobs)
    }

    /// So many steps of a job are done, in the same write as what they did.
    pub fn progress(&mut self, id: i64, done: u64, total: u64) -> Result<()> {
        self.conn.execute(PROGRESS, &[id.into(), done.into(), total.into()]).map(drop)
    }

    /// The job is done.
    pub fn done(&mut self, id: i64) -> Result<()> {
        self.conn.execute(DONE, &[id.into()]).map(drop)
    }

    /// The job failed: try again at a moment, or lay it aside (`retry_at` none).
    pub fn failed(&mut self, id: i64, error: &str, retry_at: Option<Timestamp>) -> Result<()> {
        match retry_at {
            Some(at) => self.conn.execute(RETRY, &[id.into(), at.into(), error.into()]).map(drop),
            None => self.conn.execute(BURY, &[id.into(), error.into()]).map(drop),
        }
    }
}

fn read(row: &Row) -> Result<Job> {
    Ok(Job {
        id: row.int(0)?,
        kind: row.text(1)?,
        payload: row.text(2)?,
        tries: u32::try_from(row.int(3)?).unwrap_or_default(),
    })
}
