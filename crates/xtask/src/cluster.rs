//! A private PostgreSQL that lives as long as the value that holds it.
//!
//! Listens on a socket in its own folder and on no network; only the folder's owner (and root) can open it.
//! Never touches a server that is already there, and never outlives us: a keeper process waits for the end of a
//! pipe we hold, so the cluster is stopped and removed after a panic, Ctrl-C or kill too. `fsync` stays on,
//! because what the tests prove and the benchmarks measure is durable. Start at [`Cluster::start`].

use std::os::unix::fs::{DirBuilderExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::need;

/// Longest path of a Unix socket in bytes, its closing zero aside.
const SOCKET_PATH_BYTES_MAX: usize = 107;

/// Part of the socket's name only; nothing listens on a network port.
const PORT: &str = "5432";

/// Whoever runs many tests at once, each with a pool, needs more than the default of 100.
const CONNECTIONS_MAX: u32 = 200;

/// Waits for the end of its input, which comes when we let go or die, then stops and removes the cluster.
const KEEPER: &str =
    r#"cat >/dev/null; "$1/pg_ctl" -D "$2/data" -m immediate -w stop >/dev/null 2>&1; cd /; rm -rf "$2""#;

/// A running private cluster. Dropping it stops the server and removes its folder.
pub struct Cluster {
    folder: PathBuf,
    keeper: Child,
}

/// The user the server runs as when we are root, whom PostgreSQL refuses.
#[derive(Clone, Copy)]
struct User {
    number: u32,
    group: u32,
}

impl Cluster {
    /// Makes and starts a cluster with the server programs in the folder `bin`; ready for connections on return.
    ///
    /// # Errors
    /// With the server's own words when it cannot be made or started; nothing is left behind then.
    pub fn start(bin: &Path) -> Result<Cluster> {
        let user = if need::is_root()? { Some(serving_user()?) } else { None };
        let folder = fresh_folder(user)?;
        let keeper = command(Path::new("/bin/sh"), &folder, user)
            .args(["-c", KEEPER, "keeper"])
            .args([bin, &folder])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .context("cannot start the keeper of the cluster")?;
        let cluster = Cluster { folder, keeper };
        cluster.fill(bin, user)?;
        cluster.serve(bin, user)?;
        Ok(cluster)
    }

    /// The connection string of the first database.
    pub fn url(&self) -> String {
        format!("host={} user=postgres dbname=postgres", self.folder.display())
    }

    /// The folder of the socket, which is libpq's `PGHOST`.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn fill(&self, bin: &Path, user: Option<User>) -> Result<()> {
        let mut initdb = command(&bin.join("initdb"), &self.folder, user);
        initdb.arg("-D").arg(self.folder.join("data"));
        initdb.args(["-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]);
        initdb.args(["--data-checksums", "--no-sync"]);
        succeed(&mut initdb)
    }

    fn serve(&self, bin: &Path, user: Option<User>) -> Result<()> {
        let settings = format!(
            "-c listen_addresses='' -c unix_socket_directories='{}' -c port={PORT} -c max_connections={CONNECTIONS_MAX}",
            self.folder.display()
        );
        let log = self.folder.join("log");
        let mut pg_ctl = command(&bin.join("pg_ctl"), &self.folder, user);
        pg_ctl.arg("-D").arg(self.folder.join("data")).arg("-l").arg(&log);
        pg_ctl.args(["-w", "-t", "60", "-o", &settings, "start"]);
        succeed(&mut pg_ctl).with_context(|| std::fs::read_to_string(&log).unwrap_or_default())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        if let Err(error) = self.keeper.wait() {
            eprintln!("xtask: {} may be left behind: {error}", self.folder.display());
        }
    }
}

/// The package's own user where it exists, else the one that owns nothing.
fn serving_user() -> Result<User> {
    for name in ["postgres", "nobody"] {
        if let Ok(number) = need::user_number("-u", Some(name)) {
            return Ok(User { number, group: need::user_number("-g", Some(name))? });
        }
    }
    bail!("PostgreSQL refuses to run as root, and there is no user postgres or nobody to run it as")
}

/// A new folder only its owner can enter, short enough for a socket in it.
fn fresh_folder(user: Option<User>) -> Result<PathBuf> {
    let name = format!("hongniang-pg-{}", std::process::id());
    let mut folder = std::env::temp_dir().join(&name);
    if socket_path(&folder).as_os_str().len() > SOCKET_PATH_BYTES_MAX {
        folder = Path::new("/tmp").join(&name);
    }
    std::fs::DirBuilder::new()
        .mode(0o700)
        .create(&folder)
        .with_context(|| format!("cannot make {}", folder.display()))?;
    if let Some(user) = user {
        chown(&folder, Some(user.number), Some(user.group))?;
    }
    Ok(folder)
}

fn socket_path(folder: &Path) -> PathBuf {
    folder.join(format!(".s.PGSQL.{PORT}"))
}

/// A command in the cluster's folder, as the user it belongs to, deaf to the terminal.
fn command(program: &Path, folder: &Path, user: Option<User>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder).stdin(Stdio::null());
    if let Some(user) = user {
        command.gid(user.group).uid(user.number);
    }
    command
}

/// Runs quietly; what it said is part of the error when it fails.
fn succeed(command: &mut Command) -> Result<()> {
    // Files, not pipes: the server inherits them, and a pipe would stay open as long as it serves.
    let name = command.get_program().to_string_lossy().into_owned();
    let folder = command.get_current_dir().context("a command of the cluster has a folder")?;
    let said = folder.join("said");
    let file = std::fs::File::create(&said)?;
    let status = command.stdout(file.try_clone()?).stderr(file).status();
    let status = status.with_context(|| format!("cannot start {name}"))?;
    if status.success() {
        return Ok(());
    }
    bail!("{name} failed: {status}\n{}", std::fs::read_to_string(&said).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_of_usual_length_has_room_for_the_socket() {
        let path = socket_path(Path::new("/tmp/hongniang-pg-4194304"));
        assert!(path.as_os_str().len() <= SOCKET_PATH_BYTES_MAX);
    }

    #[test]
    fn a_failing_program_is_quoted() {
        let folder = std::env::temp_dir().join(format!("hongniang-said-{}", std::process::id()));
        std::fs::create_dir(&folder).unwrap();
        let mut sh = command(Path::new("/bin/sh"), &folder, None);
        let error = succeed(sh.args(["-c", "echo no room >&2; exit 3"])).unwrap_err().to_string();
        std::fs::remove_dir_all(&folder).unwrap();
        assert!(error.contains("no room") && error.contains('3'), "{error}");
    }
}
