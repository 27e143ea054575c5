//! Opening a store: one process to a folder, migrations forward, one catalogue to a store; and the way in for
//! readers (a bounded pool, one snapshot each) and writers (a queue to the one writer thread).

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base::calendar::Calendar;
use base::place::Place;
use catalogue::{Catalogue, Fields, Kind};
use jiff::Timestamp;

use crate::chain;
use crate::counts::Counts;
use crate::db::dialect::{BEGIN_READ, JOIN, STRANGERS, WORDS};
use crate::db::{At, Conn, Sql, Store};
use crate::derive::{Derived, TitleOrder, derive};
use crate::fault::{Fault, Result};
use crate::reader::Reader;
use crate::record::{Position, Written};
use crate::writer::{Queue, Writer, remove_files};

/// Where a store lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreAt {
    /// A folder of its own: the database, the stored files and the lock.
    Folder(PathBuf),
    /// A PostgreSQL database (URL or `key=value` text), and the folder of stored files.
    Postgres(String, PathBuf),
}

/// Fills a slice with random bytes; salts, ids and secrets come from here and nowhere else.
pub type Chance = Arc<dyn Fn(&mut [u8]) + Send + Sync>;

/// Called after each commit with the newest position.
pub type Follower = Arc<dyn Fn(Position) + Send + Sync>;

/// The open register. Cheap to clone; the store closes with the last clone.
#[derive(Clone)]
pub struct Register(pub(crate) Arc<Open>);

/// What the clones share.
pub(crate) struct Open {
    pub(crate) shared: Arc<Shared>,
    queue: Queue,
}

/// What readers and the writer thread share.
pub(crate) struct Shared {
    pub(crate) at: At,
    pub(crate) objects: PathBuf,
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) calendar: Calendar,
    pub(crate) collator: TitleOrder,
    pub(crate) chance: Chance,
    pub(crate) secret: Vec<u8>,
    pub(crate) followers: Mutex<Vec<Follower>>,
    pub(crate) counts: Counts,
    epoch: AtomicU64,
    number: AtomicU64,
    pool: Mutex<Pool>,
    freed: Condvar,
    /// Held while the register is open, so that no second process works on the folder.
    _lock: Option<File>,
}

#[derive(Default)]
struct Pool {
    idle: Vec<Conn>,
    lent: usize,
    /// Readers that wait for one.
    waiting: usize,
}

/// Connections for readers at most; more only wait for the same cores.
const READERS_MAX: usize = 8;
/// How long a reader waits for a connection before it is told to come back.
const READER_WAIT_S: u64 = 5;
/// The newest schema this program knows; one migration each.
const SCHEMA: i64 = MIGRATIONS.len() as i64;
const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/0001.sql"),
    include_str!("../migrations/0002_clocks.sql"),
    include_str!("../migrations/0003_notices.sql"),
    include_str!("../migrations/0004_signin.sql"),
    include_str!("../migrations/0005_people.sql"),
    include_str!("../migrations/0010_privacy.sql"),
];

const SETTING: Sql = "select value from setting where name = $1";
const SET: Sql = "insert into setting (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value";
const SET_ONCE: Sql = "insert into setting (name, value) values ($1, $2) on conflict (name) do nothing";
const TABLES: Sql = "create table if not exists setting_schema (version bigint not null primary key)";
const SCHEMA_FOUND: Sql = "select coalesce(max(version), 0) from setting_schema";
const SCHEMA_DONE: Sql = "insert into setting_schema (version) values ($1)";

/// Statements of this room, for the proof of plans.
pub(crate) const STATEMENTS: &[Sql] = &[SETTING, SET, SET_ONCE, SCHEMA_FOUND, SCHEMA_DONE];

impl Register {
    /// Opens a store, making or migrating it as needed.
    ///
    /// Errors: `in-use` (another process on the folder), `newer-store`, `other-catalogue`, `storage`.
    pub fn open(
        at: &StoreAt,
        catalogue: Arc<Catalogue>,
        calendar: Calendar,
        now: Timestamp,
        chance: Chance,
    ) -> Result<Register> {
        let (at, objects, lock) = prepare(at)?;
        let conn = at.connect()?;
        migrate(&conn)?;
        join(&conn, &catalogue)?;
        let secret = settle(&conn, &catalogue, now, &chance)?;
        let position = chain::head(&conn)?.position;
        let shared = Arc::new(Shared {
            at,
            objects,
            catalogue,
            calendar,
            collator: TitleOrder::new()?,
            chance,
            secret,
            followers: Mutex::default(),
            counts: Counts::default(),
            epoch: AtomicU64::new(u64::from(position.epoch)),
            number: AtomicU64::new(position.number),
            pool: Mutex::default(),
            freed: Condvar::new(),
            _lock: lock,
        });
        remove_files(&shared, &conn)?;
        let queue = Queue::start(conn, shared.clone())?;
        Ok(Register(Arc::new(Open { shared, queue })))
    }

    /// The catalogue the register was opened with.
    pub fn catalogue(&self) -> &Arc<Catalogue> {
        &self.0.shared.catalogue
    }

    /// The working days clocks run on.
    pub fn calendar(&self) -> &Calendar {
        &self.0.shared.calendar
    }

    /// Runs a closure on one snapshot, on the calling thread.
    ///
    /// Errors: the closure's, `busy` when no connection comes free in time, `storage`.
    pub fn read<T>(&self, f: impl FnOnce(&Reader<'_>) -> Result<T>) -> Result<T> {
        let shared = &self.0.shared;
        let mut loan = shared.borrow()?;
        loan.conn()?.batch(BEGIN_READ.on(shared.at.store()))?;
        let value = f(&Reader { shared, conn: loan.conn()? })?;
        loan.conn()?.batch("commit")?;
        loan.closed = true;
        Ok(value)
    }

    /// Queues a write. The closure runs once on the writer thread, under a savepoint of its own; `done` is called
    /// there too after the commit is durable, and must be quick. Past the limit of waiting writes `done` is called
    /// at once with `busy`.
    pub fn write<T: Send + 'static>(
        &self,
        now: Timestamp,
        f: impl FnOnce(&mut Writer<'_>) -> Result<T> + Send + 'static,
        done: impl FnOnce(Result<Written<T>>) + Send + 'static,
    ) {
        self.0.queue.push(now, f, done);
    }

    /// A write that is waited for. Never call it inside another write: the writer thread would wait for itself.
    pub fn write_now<T: Send + 'static>(
        &self,
        now: Timestamp,
        f: impl FnOnce(&mut Writer<'_>) -> Result<T> + Send + 'static,
    ) -> Result<Written<T>> {
        let (tell, told) = std::sync::mpsc::sync_channel(1);
        self.write(now, f, move |result| drop(tell.send(result)));
        told.recv().map_err(|_| Fault::Storage("the writer has stopped".to_owned()))?
    }

    /// The newest position this process knows.
    pub fn position(&self) -> Position {
        self.0.shared.position()
    }

    /// Wakes a follower after each commit of this process; other processes are seen by reading the feed.
    pub fn on_commit(&self, f: Follower) {
        lock(&self.0.shared.followers).push(f);
    }

    /// Which store.
    pub fn store(&self) -> Store {
        self.0.shared.at.store()
    }
}

impl Shared {
    pub(crate) fn position(&self) -> Position {
        let epoch = u32::try_from(self.epoch.load(Ordering::Acquire)).unwrap_or(u32::MAX);
        Position { epoch, number: self.number.load(Ordering::Acquire) }
    }

    pub(crate) fn moved_to(&self, position: Position) {
        self.epoch.store(u64::from(position.epoch), Ordering::Release);
        self.number.fetch_max(position.number, Ordering::AcqRel);
    }

    /// What the tables hold beside the texts of these fields.
    pub(crate) fn derived(
        &self,
        kind: &Kind,
        type_path: &str,
        fields: &Fields,
        place: Option<&Place>,
    ) -> Derived {
        derive(kind, type_path, fields, place, &self.catalogue.terms(), &self.collator)
    }

    /// Random bytes.
    pub(crate) fn draw<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        (self.chance)(&mut bytes);
        bytes
    }

    fn borrow(&self) -> Result<Loan<'_>> {
        let mut pool = lock(&self.pool);
        let limit = Duration::from_secs(READER_WAIT_S);
        while pool.idle.is_empty() && pool.lent >= READERS_MAX {
            pool.waiting += 1;
            let (mut woken, late) =
                self.freed.wait_timeout(pool, limit).unwrap_or_else(PoisonError::into_inner);
            woken.waiting -= 1;
            if late.timed_out() {
                return Err(Fault::Busy { retry_after_s: 5 });
            }
            pool = woken;
        }
        pool.lent += 1;
        let idle = pool.idle.pop();
        drop(pool);
        let mut loan = Loan { shared: self, conn: None, closed: false };
        loan.conn = Some(idle.map_or_else(|| self.at.connect(), Ok)?);
        Ok(loan)
    }
}

/// A connection on loan; goes back to the pool when dropped, unless it broke.
struct Loan<'a> {
    shared: &'a Shared,
    conn: Option<Conn>,
    /// Its snapshot has been closed.
    closed: bool,
}

impl Loan<'_> {
    fn conn(&self) -> Result<&Conn> {
        self.conn.as_ref().ok_or_else(|| Fault::Storage("no connection".to_owned()))
    }
}

impl Drop for Loan<'_> {
    fn drop(&mut self) {
        let back = self.conn.take().filter(|conn| {
            // A closure that panicked leaves its snapshot open.
            if !self.closed {
                let _ = conn.batch("rollback");
            }
            conn.sound()
        });
        let mut pool = lock(&self.shared.pool);
        pool.lent -= 1;
        pool.idle.extend(back);
        let awaited = pool.waiting > 0;
        drop(pool);
        // Waking nobody is a system call all the same.
        if awaited {
            self.shared.freed.notify_one();
        }
    }
}

/// A poisoned lock guards plain values that stay whole; going on is right.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn prepare(at: &StoreAt) -> Result<(At, PathBuf, Option<File>)> {
    match at {
        StoreAt::Folder(folder) => {
            make_folder(folder)?;
            let lock = lock_folder(folder)?;
            let objects = folder.join("objects");
            make_folder(&objects)?;
            Ok((At::Sqlite(folder.join("register.sqlite")), objects, Some(lock)))
        }
        StoreAt::Postgres(config, objects) => {
            make_folder(objects)?;
            Ok((At::Postgres(config.clone()), objects.clone(), None))
        }
    }
}

fn make_folder(path: &Path) -> Result<()> {
    std::fs::create_dir_all(path).map_err(|e| Fault::storage("making the folder", e))
}

fn lock_folder(folder: &Path) -> Result<File> {
    let file = File::create(folder.join("lock")).map_err(|e| Fault::storage("making the lock file", e))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Fault::InUse(folder.to_owned())),
        Err(TryLockError::Error(e)) => Err(Fault::storage("locking the folder", e)),
    }
}

/// Runs the migrations the store lacks, all in one transaction under the writer lock.
fn migrate(conn: &Conn) -> Result<()> {
    conn.batch(crate::db::dialect::BEGIN_WRITE.on(conn.store()))?;
    let result = migrate_locked(conn);
    conn.batch(if result.is_ok() { "commit" } else { "rollback" })?;
    result
}

fn migrate_locked(conn: &Conn) -> Result<()> {
    conn.batch(TABLES)?;
    let found = conn.one(SCHEMA_FOUND, &[])?.map_or(Ok(0), |row| row.int(0))?;
    if found > SCHEMA {
        return Err(Fault::NewerStore { found, known: SCHEMA });
    }
    for (version, text) in (1..).zip(MIGRATIONS).filter(|(version, _)| *version > found) {
        conn.batch(&in_dialect(text, conn.store()))?;
        conn.execute(SCHEMA_DONE, &[version.into()])?;
    }
    Ok(())
}

fn in_dialect(text: &str, store: Store) -> String {
    WORDS.iter().fold(text.to_owned(), |text, (word, fork)| text.replace(word, fork.on(store)))
}

/// Joins the processes on this store, unless a live one holds another catalogue.
pub(crate) fn join(conn: &Conn, catalogue: &Catalogue) -> Result<()> {
    let mark = mark_of(&catalogue.digest());
    conn.query(JOIN.on(conn.store()), &[mark.into()])?;
    let strangers = conn.one(STRANGERS.on(conn.store()), &[mark.into()])?;
    match strangers.map_or(Ok(0), |row| row.int(0))? {
        0 => Ok(()),
        _ => Err(Fault::OtherCatalogue),
    }
}

/// A number below 2³¹ that stands for the catalogue among the processes.
fn mark_of(digest: &[u8]) -> i64 {
    digest.iter().take(3).fold(1, |sum, byte| sum << 8 | i64::from(*byte))
}

/// Keeps the secret of cursors and the epoch, made once; notes the catalogue in use. Gives the secret.
fn settle(conn: &Conn, catalogue: &Catalogue, now: Timestamp, chance: &Chance) -> Result<Vec<u8>> {
    let mut secret = [0; 32];
    chance(&mut secret);
    let hex = chain::hex(&secret);
    for (name, value) in [("secret", hex.as_str()), ("epoch", "1"), ("since", &now.to_string())] {
        conn.execute(SET_ONCE, &[name.into(), value.into()])?;
    }
    conn.execute(SET, &["catalogue".into(), chain::hex(&catalogue.digest()).into()])?;
    let kept = setting(conn, "secret")?.ok_or_else(|| Fault::damaged("setting: secret"))?;
    chain::unhex(&kept).ok_or_else(|| Fault::damaged("setting: secret"))
}

pub(crate) fn setting(conn: &Conn, name: &str) -> Result<Option<String>> {
    conn.one(SETTING, &[name.into()])?.map(|row| row.text(0)).transpose()
}

impl Reader<'_> {
    /// A setting of the store, by name.
    pub fn setting(&self, name: &str) -> Result<Option<String>> {
        setting(self.conn, name)
    }
}

impl Writer<'_> {
    /// Keeps a setting of the store.
    pub fn set(&mut self, name: &str, value: &str) -> Result<()> {
        self.conn.execute(SET, &[name.into(), value.into()]).map(drop)
    }
}
