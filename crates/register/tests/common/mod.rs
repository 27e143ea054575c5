//! Stores for tests: a folder, and a database of its own on the PostgreSQL that `cargo xtask test` starts.
#![expect(dead_code, reason = "each test binary uses the part it needs")]

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use base::id::RecordId;
use catalogue::{Asker, Catalogue, Fields, Over, Role, RoleGrant};
use jiff::Timestamp;
use register::{Chance, Key, New, Record, Register, Result, Store, StoreAt};
use serde_json::Value;

/// A store that goes with the test.
pub struct TestStore {
    pub register: Register,
    pub at: StoreAt,
    folder: tempfile::TempDir,
    database: Option<String>,
}

/// Runs a test on both stores.
pub fn on_both(test: impl Fn(&TestStore)) {
    for store in [Store::Sqlite, Store::Postgres] {
        test(&TestStore::new(store));
    }
}

pub fn now() -> Timestamp {
    "2026-11-20T01:00:00Z".parse().unwrap()
}

/// Bytes that repeat from run to run but never within one.
pub fn chance() -> Chance {
    static DRAWN: AtomicU64 = AtomicU64::new(1);
    Arc::new(|bytes: &mut [u8]| {
        for chunk in bytes.chunks_mut(8) {
            let mut x = DRAWN.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            let x = (x ^ (x >> 31)).to_be_bytes();
            chunk.iter_mut().zip(x).for_each(|(byte, x)| *byte = x);
        }
    })
}

pub fn catalogue() -> Arc<Catalogue> {
    catalogue_with(&[])
}

pub fn catalogue_with(more: &[(&str, &str)]) -> Arc<Catalogue> {
    let mut files = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/catalogue"), "catalogue", &mut files);
    files.extend(more.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())));
    let (catalogue, faults) = Catalogue::load(files);
    assert!(faults.is_empty(), "{}", faults.iter().map(|f| format!("{f}\n")).collect::<String>());
    Arc::new(catalogue)
}

fn collect(folder: &Path, prefix: &str, files: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{prefix}/{}", path.file_name().unwrap().to_string_lossy());
        match path.is_dir() {
            true => collect(&path, &name, files),
            false => files.push((name, std::fs::read_to_string(&path).unwrap())),
        }
    }
}

/// The catalogue that is shipped.
pub fn shipped() -> Arc<Catalogue> {
    let mut files = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalogue"), "catalogue", &mut files);
    files.retain(|(path, _)| path.ends_with(".toml"));
    let (catalogue, faults) = Catalogue::load(files);
    assert!(faults.is_empty(), "{}", faults.iter().map(|f| format!("{f}\n")).collect::<String>());
    Arc::new(catalogue)
}

pub fn postgres_config() -> String {
    std::env::var("HONGNIANG_TEST_POSTGRES")
        .unwrap_or_else(|_| panic!("HONGNIANG_TEST_POSTGRES is not set: run the tests by `cargo xtask test`"))
}

fn run_on_postgres(config: &str, sql: &str) {
    postgres::Client::connect(config, postgres::NoTls).unwrap().batch_execute(sql).unwrap();
}

impl TestStore {
    pub fn new(store: Store) -> TestStore {
        TestStore::with(store, catalogue())
    }

    pub fn with(store: Store, catalogue: Arc<Catalogue>) -> TestStore {
        let folder = tempfile::tempdir().unwrap();
        let (at, database) = match store {
            Store::Sqlite => (StoreAt::Folder(folder.path().to_owned()), None),
            Store::Postgres => {
                static MADE: AtomicU64 = AtomicU64::new(0);
                let made = MADE.fetch_add(1, Ordering::Relaxed);
                let name = format!("register_{}_{made}", std::process::id());
                run_on_postgres(&postgres_config(), &format!("create database {name}"));
                let config = format!("{} dbname={name}", without_database(&postgres_config()));
                (StoreAt::Postgres(config, folder.path().to_owned()), Some(name))
            }
        };
        let register =
            Register::open(&at, catalogue, base::calendar::Calendar::bundled(), now(), chance()).unwrap();
        TestStore { register, at, folder, database }
    }

    pub fn write<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut register::Writer<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.register.write_now(now(), f).map(|written| written.value)
    }

    pub fn create(&self, me: &Asker, new: New) -> Result<Record> {
        let me = me.clone();
        self.write(move |w| w.create(&me, new))
    }

    pub fn find(&self, me: &Asker, id: RecordId) -> Result<Record> {
        self.register.read(|r| r.find(me, &Key::Id(id)))
    }

    /// Runs SQL behind the register's back.
    pub fn tamper(&self, sql: &str) {
        match &self.at {
            StoreAt::Folder(folder) => {
                rusqlite::Connection::open(folder.join("register.sqlite"))
                    .unwrap()
                    .execute_batch(sql)
                    .unwrap();
            }
            StoreAt::Postgres(config, _) => run_on_postgres(config, sql),
        }
    }
}

impl Drop for TestStore {
    fn drop(&mut self) {
        if let Some(name) = &self.database {
            run_on_postgres(&postgres_config(), &format!("drop database {name} with (force)"));
        }
    }
}

fn without_database(config: &str) -> String {
    let parts: Vec<&str> = config.split_whitespace().filter(|part| !part.starts_with("dbname=")).collect();
    parts.join(" ")
}

pub fn fields(value: Value) -> Fields {
    match value {
        Value::Object(fields) => fields,
        other => panic!("not fields: {other}"),
    }
}

pub fn new(kind: &str, type_path: &str, value: Value) -> New {
    New { kind: kind.to_owned(), type_path: type_path.to_owned(), fields: fields(value), ..New::default() }
}

pub fn steward() -> Asker {
    Asker { roles: vec![RoleGrant { role: Role::Steward, over: Over::Node }], ..Asker::default() }
}

pub fn officer(place: &str) -> Asker {
    let over = Over::Place(place.parse().unwrap());
    Asker { roles: vec![RoleGrant { role: Role::Officer, over }], ..Asker::default() }
}

pub fn visitor() -> Asker {
    Asker::default()
}

pub fn person(id: RecordId) -> Asker {
    Asker { person: Some(id), ..Asker::default() }
}

pub fn member(id: RecordId, organization: RecordId) -> Asker {
    Asker { person: Some(id), organizations: vec![organization], ..Asker::default() }
}
