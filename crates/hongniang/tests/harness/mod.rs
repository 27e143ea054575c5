//! A whole house for a test: the real program on a free port with a store of its own, people who hold links, a small
//! HTTP client and a browser. Everything is removed again when the values go.
//!
//! Start at [`House::open`]; visitors come from [`House::visitor`], people with a role from [`House::person`].

pub mod browser;
pub mod client;
pub mod keys;
mod loaded;
pub mod post;
pub mod screen;
pub mod seeded;
pub mod tenant;
pub mod world;

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use client::Client;
use tempfile::TempDir;

/// A server that has not answered by then never will.
const START_MAX: Duration = Duration::from_secs(60);
/// Another process may take a free port first; not so often in a row.
const PORTS_TRIED: usize = 5;
/// Names a PostgreSQL in which tests may make databases.
const POSTGRES_VARIABLE: &str = "HONGNIANG_TEST_POSTGRES";

/// Where chance starts unless told otherwise.
const SEED: u64 = 20_261_121;

/// Which store a house keeps its records in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Store {
    /// Embedded, in the data folder.
    Sqlite,
    /// A database of its own.
    Postgres,
}

impl Store {
    /// Every store, for tests that must hold on each.
    pub const ALL: [Store; 2] = [Store::Sqlite, Store::Postgres];
}

/// Someone who comes with a role: login name, role, division (empty: the whole installation), name.
pub type Holder = (&'static str, &'static str, &'static str, &'static str);

/// Now, by the clock the server under test looks at.
#[expect(clippy::disallowed_methods, reason = "the program under test runs by the clock of the machine")]
pub fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}

/// The seed of a random history: the same on every run, so that whoever changed nothing sees nothing fail;
/// `HONGNIANG_SEED` names another one.
pub fn seed() -> u64 {
    std::env::var("HONGNIANG_SEED").map_or(SEED, |seed| seed.parse().expect("HONGNIANG_SEED is a number"))
}

/// A data folder and perhaps a database, before anyone serves them.
pub struct Site {
    folder: TempDir,
    database: Option<Database>,
    links: BTreeMap<&'static str, String>,
}

/// A database that goes with the value.
struct Database {
    server: String,
    name: String,
}

/// A running server on a site.
pub struct House {
    server: Server,
    site: Site,
}

/// One process that serves a site.
pub struct Server {
    child: Child,
    address: SocketAddr,
    log: PathBuf,
}

impl Site {
    /// An empty site.
    pub fn new(store: Store) -> Site {
        let database = (store == Store::Postgres).then(Database::create);
        Site {
            folder: TempDir::with_prefix("hongniang-test-").expect("a folder"),
            database,
            links: BTreeMap::new(),
        }
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Puts a file into the data folder, such as a local kind.
    pub fn put(&self, path: &str, text: &str) {
        let path = self.folder().join(path);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        std::fs::write(path, text).expect("a file");
    }

    /// Gives people their roles; what they sign in by is the link the command prints.
    pub fn admit(&mut self, holders: &[Holder]) {
        for (login, role, place, person) in holders {
            let mut words = vec!["account", login, "--role", role, "--person", person];
            if !place.is_empty() {
                words.extend(["--place", place]);
            }
            let said = self.run(&words);
            let told = String::from_utf8_lossy(&said.stdout).into_owned();
            assert!(said.status.success(), "{words:?}: {told}{}", String::from_utf8_lossy(&said.stderr));
            self.links.insert(login, link_in(&told).unwrap_or_else(|| panic!("no link in {told:?}")));
        }
    }

    /// The path of the personal link someone was given.
    pub fn link(&self, login: &str) -> &str {
        self.links.get(login).unwrap_or_else(|| panic!("nobody was given the login {login}"))
    }

    /// Runs the program on this site with some words and tells what it answered.
    pub fn run(&self, words: &[&str]) -> Output {
        self.command(words).stdin(Stdio::null()).output().expect("the program starts")
    }

    /// Where it keeps its records, for who opens the store while nobody serves it.
    pub fn store(&self) -> register::StoreAt {
        match &self.database {
            None => register::StoreAt::Folder(self.folder().to_owned()),
            Some(database) => register::StoreAt::Postgres(database.url(), self.folder().join("objects")),
        }
    }

    /// Takes the database away from who serves it, as a failing machine would.
    pub fn lose_database(&self) {
        let database = self.database.as_ref().expect("a database");
        database.say(&format!("drop database {} with (force)", database.name));
    }

    /// Answers every clock that has run out by a moment, as the house does by itself; nobody serves it meanwhile.
    pub fn ring(&self, catalogue: catalogue::Catalogue, moment: &str) -> usize {
        use std::sync::Arc;
        let now: jiff::Timestamp = moment.parse().expect("a moment");
        let drawn = std::sync::atomic::AtomicU64::new(now.as_microsecond().unsigned_abs());
        let chance = move |bytes: &mut [u8]| {
            for part in bytes.chunks_mut(8) {
                let next = drawn.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed).to_be_bytes();
                part.copy_from_slice(&next[..part.len()]);
            }
        };
        let calendar = base::calendar::Calendar::bundled();
        let register =
            register::Register::open(&self.store(), Arc::new(catalogue), calendar, now, Arc::new(chance))
                .expect("a register");
        let today = now.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8))).date();
        let rung = register.read(|reader| reader.rung(today, 1_000)).expect("clocks");
        for rung in rung.clone() {
            register.write_now(now, move |writer| writer.ring(&rung)).expect("a move of the house");
        }
        rung.len()
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hongniang"));
        command.args(words).arg("--data").arg(self.folder());
        if let Some(database) = &self.database {
            command.arg("--postgres").arg(database.url());
        }
        command
    }

    /// Serves this site from one more process.
    pub fn serve(&self) -> Server {
        self.serve_with(&[] as &[&str])
    }

    /// Serves this site with further words of the command line.
    pub fn serve_with(&self, words: &[impl AsRef<OsStr>]) -> Server {
        self.start("serve", "serving ", words)
    }

    /// Serves this site again where it was served before, as after a power cut.
    pub fn serve_again(&self, address: SocketAddr) -> Server {
        let started = self.try_start_at(address, "serve", "serving ", &[] as &[&str]);
        started.unwrap_or_else(|said| panic!("the server did not start again: {said}"))
    }

    /// Serves this site as the demonstration; an empty one gets what was loaded before for this build.
    pub fn demonstrate(&self) -> Server {
        if self.database.is_none() && !self.folder().join("register.sqlite").exists() {
            loaded::copy_to(self.folder());
        }
        self.demonstrate_here()
    }

    /// The same, loading it where it stands.
    fn demonstrate_here(&self) -> Server {
        self.start("demo", "What to try", &[] as &[&str])
    }

    fn start(&self, verb: &str, ready: &'static str, words: &[impl AsRef<OsStr>]) -> Server {
        for _ in 0..PORTS_TRIED {
            match self.try_start(verb, ready, words) {
                Ok(server) => return server,
                Err(said) if said.contains("cannot listen") => {}
                Err(said) => panic!("the server did not start: {said}"),
            }
        }
        panic!("no free port in {PORTS_TRIED} tries")
    }

    /// A server that has said it is ready, or what it said instead.
    fn try_start(
        &self,
        verb: &str,
        ready: &'static str,
        words: &[impl AsRef<OsStr>],
    ) -> Result<Server, String> {
        self.try_start_at(free_address(), verb, ready, words)
    }

    fn try_start_at(
        &self,
        address: SocketAddr,
        verb: &str,
        ready: &'static str,
        words: &[impl AsRef<OsStr>],
    ) -> Result<Server, String> {
        let log = self.folder().join(format!("said-{}", address.port()));
        let mut child = self
            .command(&[verb, "--listen", &address.to_string()])
            .args(words)
            // Whatever a library would tell, a log of a test holds.
            .env("RUST_LOG", "trace")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(&log).expect("a file"))
            .spawn()
            .expect("the program starts");
        let said = line_with(child.stdout.take().expect("its output"), ready);
        let server = Server { child, address, log };
        match said.recv_timeout(START_MAX) {
            Ok(_) => Ok(server),
            Err(_) => Err(server.log()),
        }
    }
}

/// The first line of an output that holds a word, when it comes; the rest is read and forgotten.
pub fn line_with(output: impl Read + Send + 'static, word: &'static str) -> Receiver<String> {
    let (found, waiting) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if line.contains(word) {
                let _ = found.send(line);
            }
        }
    });
    waiting
}

impl Server {
    /// A browserless client without cookies.
    pub fn visitor(&self) -> Client {
        Client::new(self.address)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What it wrote to its log so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl House {
    /// A house with these people in it.
    pub fn open(store: Store, holders: &[Holder]) -> House {
        let mut site = Site::new(store);
        site.admit(holders);
        House::on(site)
    }

    /// A house on a site that was prepared.
    pub fn on(site: Site) -> House {
        House::with(site, &[])
    }

    /// A house on a site that was prepared, served with further options.
    pub fn with(site: Site, options: &[&str]) -> House {
        House { server: site.serve_with(options), site }
    }

    /// Someone without account or cookies.
    pub fn visitor(&self) -> Client {
        self.server.visitor()
    }

    /// Someone with a role, signed in by link.
    pub fn person(&self, login: &str) -> Client {
        let client = self.visitor();
        client.enter(self.link(login));
        client
    }

    /// Someone who was signed in before the house stood here.
    pub fn again(&self, client: &Client) -> Client {
        client.at(self.server.address)
    }

    /// The path of the personal link someone was given.
    pub fn link(&self, login: &str) -> &str {
        self.site.link(login)
    }

    /// The address of a path, for a browser.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.server.address)
    }

    /// Kills the server and serves the same site at the same address again, when `then` has been done in between.
    pub async fn dark<T>(self, then: impl AsyncFnOnce() -> T) -> (House, T) {
        let address = self.server.address;
        let site = self.close();
        let done = then().await;
        (House { server: site.serve_again(address), site }, done)
    }

    /// Lets every clock that has run out by a moment be answered, as if that day had come, and serves at the same address.
    pub fn at_the_day(self, catalogue: catalogue::Catalogue, moment: &str) -> (House, usize) {
        let address = self.server.address;
        let site = self.close();
        let rung = site.ring(catalogue, moment);
        (House { server: site.serve_again(address), site }, rung)
    }

    /// Stops serving, so that the command line may open the store.
    pub fn close(self) -> Site {
        drop(self.server);
        self.site
    }

    /// The site it stands on.
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// What the server wrote to its log so far.
    pub fn log(&self) -> String {
        self.server.log()
    }
}

/// The path of the link a command printed.
pub fn link_in(told: &str) -> Option<String> {
    let at = told.find("/l/")?;
    let path = told.get(at..)?;
    let end = path.find(|c: char| c.is_whitespace() || c == '"').unwrap_or(path.len());
    path.get(..end).map(str::to_owned)
}

/// An address nobody listens on just now.
pub fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port")
}

impl Database {
    fn create() -> Database {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let server = std::env::var(POSTGRES_VARIABLE).unwrap_or_else(|_| {
            panic!("no {POSTGRES_VARIABLE}: run `cargo xtask test`, or `cargo xtask pg -- COMMAND`")
        });
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let name = format!("hongniang_house_{}_{number}", std::process::id());
        let database = Database { server, name };
        database.say(&format!("create database {}", database.name));
        database
    }

    /// The connection string of this database: the server's, with another name.
    fn url(&self) -> String {
        let others = self.server.split_whitespace().filter(|word| !word.starts_with("dbname="));
        others.chain([format!("dbname={}", self.name).as_str()]).collect::<Vec<_>>().join(" ")
    }

    fn say(&self, statement: &str) {
        let mut psql = Command::new("psql")
            .args(["--quiet", "--no-psqlrc", "--set", "ON_ERROR_STOP=1", "--dbname", &self.server])
            .stdin(Stdio::piped())
            .spawn()
            .expect("psql, the client of PostgreSQL");
        let mut input = psql.stdin.take().expect("its input");
        writeln!(input, "{statement};").expect("psql listens");
        drop(input);
        let status = psql.wait().expect("psql ends");
        assert!(status.success(), "psql: {statement}");
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let statement = format!("drop database if exists {} with (force)", self.name);
        let mut command = Command::new("psql");
        command.args(["--quiet", "--no-psqlrc", "--dbname", &self.server, "--command", &statement]);
        let _ = command.stdin(Stdio::null()).stderr(Stdio::null()).status();
    }
}

/// The cells of a workbook's first sheet, as text.
pub fn cells(bytes: &[u8]) -> Vec<Vec<String>> {
    use calamine::Reader as _;
    let mut book = calamine::open_workbook_auto_from_rs(std::io::Cursor::new(bytes)).expect("a workbook");
    let range = book.worksheet_range_at(0).expect("a sheet").expect("cells");
    range.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect()
}

/// The catalogue as it is committed.
pub fn shipped() -> catalogue::Catalogue {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalogue");
    let mut files = Vec::new();
    gather(&folder, "catalogue", &mut files);
    let (catalogue, faults) = catalogue::Catalogue::load(files);
    assert!(faults.is_empty(), "{faults:?}");
    catalogue
}

fn gather(folder: &Path, prefix: &str, files: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = format!("{prefix}/{}", path.file_name().unwrap_or_default().to_string_lossy());
        match path.is_dir() {
            true => gather(&path, &name, files),
            false if name.ends_with(".toml") => {
                files.push((name, std::fs::read_to_string(&path).expect("a text")));
            }
            false => {}
        }
    }
}
