//! The one writer: a thread that takes waiting writes in groups, a savepoint each, one durable commit for all.
//!
//! A write that fails or panics is rolled back to its savepoint and reported; a commit that fails fails every write
//! of its group, and nothing is acknowledged. Start at [`Queue::push`].

use std::ops::Deref;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use base::id::RecordId;
use base::limits::WAITING_WRITES_MAX;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::chain::{self, Head};
use crate::db::Conn;
use crate::db::dialect::BEGIN_WRITE;
use crate::fault::{Fault, Result};
use crate::open::{Shared, lock};
use crate::reader::Reader;
use crate::record::{Position, Written};

/// Writes of one commit at most: bounds how long the first of them waits.
const GROUP_MAX: usize = 256;
/// Seconds after which a refused write may be tried again.
const RETRY_AFTER_S: u32 = 2;
/// Hours east of UTC: days are counted in China's one zone.
pub(crate) const ZONE_HOURS: i8 = 8;

/// Before the first write of a group.
const SAVEPOINT: &str = "savepoint one";
/// Between two writes, in one round trip; the commit closes the last.
const NEXT_SAVEPOINT: &str = "release savepoint one; savepoint one";

/// What a writing closure holds: everything a reader has, and the verbs that change.
pub struct Writer<'a> {
    reader: Reader<'a>,
    pub(crate) now: Timestamp,
    pub(crate) head: &'a mut Head,
}

impl<'a> Deref for Writer<'a> {
    type Target = Reader<'a>;

    fn deref(&self) -> &Reader<'a> {
        &self.reader
    }
}

impl Writer<'_> {
    /// When this write happens.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The day this write happens, in China.
    pub fn today(&self) -> Date {
        day_of(self.now)
    }

    /// A new id.
    pub fn draw_id(&self) -> RecordId {
        RecordId::new(u64::try_from(self.now.as_millisecond()).unwrap_or_default(), self.shared.draw())
    }

    pub(crate) fn next_row(&mut self) -> i64 {
        self.head.row += 1;
        self.head.row
    }
}

/// The day of a moment, in China.
pub(crate) fn day_of(moment: Timestamp) -> Date {
    moment.to_zoned(TimeZone::fixed(jiff::tz::offset(ZONE_HOURS))).date()
}

/// Told after the commit: what the write gave, or why there is none.
type Tell = Box<dyn FnOnce(Result<Position>) + Send>;
/// A waiting write: runs once, says whether it stands, and what to tell afterwards.
type Task = Box<dyn FnOnce(&mut Writer<'_>) -> (bool, Tell) + Send>;

struct Waiting {
    now: Timestamp,
    task: Task,
    /// Told instead when the task could not be run at all.
    refuse: Tell,
}

/// The way to the writer thread.
pub(crate) struct Queue {
    sender: Option<Sender<Waiting>>,
    waiting: Arc<AtomicUsize>,
    thread: Option<JoinHandle<()>>,
}

impl Queue {
    pub(crate) fn start(conn: Conn, shared: Arc<Shared>) -> Result<Queue> {
        let (sender, receiver) = channel();
        let waiting = Arc::new(AtomicUsize::new(0));
        let desk = Desk { conn: Some(conn), shared, waiting: waiting.clone() };
        let thread = std::thread::Builder::new()
            .name("register-writer".to_owned())
            .spawn(move || desk.serve(&receiver))
            .map_err(|e| Fault::storage("starting the writer", e))?;
        Ok(Queue { sender: Some(sender), waiting, thread: Some(thread) })
    }

    pub(crate) fn push<T: Send + 'static>(
        &self,
        now: Timestamp,
        f: impl FnOnce(&mut Writer<'_>) -> Result<T> + Send + 'static,
        done: impl FnOnce(Result<Written<T>>) + Send + 'static,
    ) {
        if self.waiting.fetch_add(1, Ordering::AcqRel) >= WAITING_WRITES_MAX {
            self.waiting.fetch_sub(1, Ordering::AcqRel);
            return done(Err(Fault::Busy { retry_after_s: RETRY_AFTER_S }));
        }
        // Exactly one of task and refusal calls `done`; both need it, so it lies between them.
        let done = Arc::new(std::sync::Mutex::new(Some(done)));
        let other = done.clone();
        let tell = move |result| {
            if let Some(done) = lock(&done).take() {
                done(result);
            }
        };
        let refuse = move |result: Result<Position>| {
            if let (Some(done), Err(fault)) = (lock(&other).take(), result) {
                done(Err(fault));
            }
        };
        let waiting = Waiting { now, task: Box::new(move |w| run(w, f, tell)), refuse: Box::new(refuse) };
        let sent = self.sender.as_ref().map(|sender| sender.send(waiting));
        if let Some(Err(unsent)) = sent {
            (unsent.0.refuse)(Err(Fault::Storage("the writer has stopped".to_owned())));
        }
    }
}

impl Drop for Queue {
    fn drop(&mut self) {
        self.sender.take();
        // Dropped on the writer thread itself (by a callback that held the last clone) there is nothing to wait for.
        let own = self.thread.as_ref().is_some_and(|t| t.thread().id() == std::thread::current().id());
        if let Some(thread) = self.thread.take().filter(|_| !own) {
            drop(thread.join());
        }
    }
}

/// Runs one write's closure; a panic is a fault of that write alone.
fn run<T: Send + 'static>(
    writer: &mut Writer<'_>,
    f: impl FnOnce(&mut Writer<'_>) -> Result<T>,
    tell: impl FnOnce(Result<Written<T>>) + Send + 'static,
) -> (bool, Tell) {
    let result = catch_unwind(AssertUnwindSafe(|| f(writer)))
        .unwrap_or_else(|panic| Err(Fault::Panicked(panic_text(panic.as_ref()))));
    let stands = result.is_ok();
    let tell = move |committed: Result<Position>| {
        tell(result.and_then(|value| committed.map(|position| Written { value, position })));
    };
    (stands, Box::new(tell))
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|s| (*s).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_owned())
}

/// The writer thread's own.
struct Desk {
    conn: Option<Conn>,
    shared: Arc<Shared>,
    waiting: Arc<AtomicUsize>,
}

impl Desk {
    fn serve(mut self, receiver: &Receiver<Waiting>) {
        while let Ok(first) = receiver.recv() {
            let mut group = vec![first];
            group.extend(receiver.try_iter().take(GROUP_MAX - 1));
            let size = group.len();
            self.commit(group);
            self.waiting.fetch_sub(size, Ordering::AcqRel);
        }
    }

    /// One group: begin, run each under a savepoint, commit, tell.
    fn commit(&mut self, group: Vec<Waiting>) {
        let begun = self.begin();
        let (Some(conn), Ok(mut head)) = (self.conn.as_ref(), begun.clone()) else {
            let fault = begun.err().unwrap_or_else(|| Fault::Storage("no connection".to_owned()));
            return group.into_iter().for_each(|waiting| (waiting.refuse)(Err(fault.clone())));
        };
        let mut tells: Vec<Tell> = Vec::with_capacity(group.len());
        let mut broken = None;
        for waiting in group {
            if broken.is_some() {
                tells.push(waiting.refuse);
                continue;
            }
            let (tell, result) = self.one(conn, &mut head, waiting);
            tells.push(tell);
            broken = result.err();
        }
        let committed = broken.map_or_else(|| conn.batch("commit"), Err).map(|()| head.position);
        if committed.is_ok() && head.files_gone {
            // What is left over, if this fails, is removed when the store is opened again.
            drop(remove_files(&self.shared, conn));
        }
        self.tell(tells, committed);
    }

    /// Runs one write; an error is one of the store that spoils the whole group.
    fn one(&self, conn: &Conn, head: &mut Head, waiting: Waiting) -> (Tell, Result<()>) {
        let before = head.clone();
        let reader = Reader { shared: &self.shared, conn };
        let mut writer = Writer { reader, now: waiting.now, head };
        let (stands, tell) = (waiting.task)(&mut writer);
        if stands {
            return (tell, conn.batch(NEXT_SAVEPOINT));
        }
        *head = before;
        (tell, conn.batch("rollback to savepoint one"))
    }

    fn begin(&mut self) -> Result<Head> {
        if self.conn.is_none() {
            let conn = self.shared.at.connect()?;
            crate::open::join(&conn, &self.shared.catalogue)?;
            self.conn = Some(conn);
        }
        let conn = self.conn.as_ref().ok_or_else(|| Fault::Storage("no connection".to_owned()))?;
        let begun = conn.batch(BEGIN_WRITE.on(conn.store()));
        let begun = begun.and_then(|()| conn.batch(SAVEPOINT)).and_then(|()| chain::head(conn));
        if begun.is_err() {
            self.recover();
        }
        begun
    }

    fn tell(&mut self, tells: Vec<Tell>, committed: Result<Position>) {
        match &committed {
            Ok(position) => self.shared.moved_to(*position),
            Err(_) => self.recover(),
        }
        for tell in tells {
            // A callback that panics must not take the writer with it.
            drop(catch_unwind(AssertUnwindSafe(|| tell(committed.clone()))));
        }
        let followers = lock(&self.shared.followers).clone();
        if let Ok(position) = committed {
            followers.iter().for_each(|f| drop(catch_unwind(AssertUnwindSafe(|| f(position)))));
        }
    }

    /// Leaves the failed transaction; a connection that cannot even do that is given up.
    fn recover(&mut self) {
        let left = self.conn.as_ref().is_some_and(|conn| conn.batch("rollback").is_ok() && conn.sound());
        if !left {
            self.conn = None;
        }
    }
}

/// Removes the files no record names any more, in writes of their own.
pub(crate) fn remove_files(shared: &Shared, conn: &Conn) -> Result<()> {
    loop {
        conn.batch(BEGIN_WRITE.on(conn.store()))?;
        let removed = shared.remove_gone(conn);
        conn.batch(if removed.is_ok() { "commit" } else { "rollback" })?;
        if removed? == 0 {
            return Ok(());
        }
    }
}
