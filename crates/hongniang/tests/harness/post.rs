//! Where messages of a house arrive: a real SMTP server, and a listener that takes what is posted to it.
//!
//! Both tell what came as it comes, so that a test waits for a message and never for a time. Start at [`Office::open`]
//! and [`Listener::open`].

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

/// What has not come by then never will.
const WAIT_MAX: Duration = Duration::from_secs(60);
/// The Python that Debian's packages belong to.
const PYTHON: &str = "/usr/bin/python3";

/// A mail server.
pub struct Office {
    child: Child,
    port: u16,
    letters: Receiver<Value>,
    folder: TempDir,
}

/// A letter that arrived.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Its `Message-ID`.
    pub id: String,
    /// To whom.
    pub to: String,
    /// Its subject, decoded.
    pub subject: String,
    /// Its text, decoded.
    pub text: String,
}

impl Office {
    /// Opens one on a free port.
    pub fn open() -> Office {
        let folder = TempDir::with_prefix("hongniang-post-").expect("a folder");
        let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/given/post_office.py");
        let mut child = Command::new(PYTHON)
            .arg(script)
            .arg(folder.path().join("mail"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 of the system, with python3-aiosmtpd");
        let said = child.stdout.take().expect("its output");
        let (tell, letters) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(said).lines().map_while(Result::ok) {
                let _ = tell.send(serde_json::from_str::<Value>(&line).expect("a line of JSON"));
            }
        });
        let first = letters.recv_timeout(WAIT_MAX).expect("aiosmtpd is installed");
        let port = first.get("port").and_then(Value::as_u64).and_then(|port| port.try_into().ok());
        Office { child, port: port.expect("its port"), letters, folder }
    }

    /// The words that make a server send its letters here.
    pub fn words(&self) -> Vec<String> {
        let smtp = format!("smtp://127.0.0.1:{}", self.port);
        ["--smtp", &smtp, "--mail-from", "红娘 <notice@kexie.example.cn>"].map(str::to_owned).to_vec()
    }

    /// The next letter.
    #[track_caller]
    pub fn letter(&self) -> Letter {
        let told = self.letters.recv_timeout(WAIT_MAX).expect("a letter");
        let text = |name: &str| told.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        Letter { id: text("id"), to: text("to"), subject: text("subject"), text: text("text") }
    }

    /// Whether addresses that begin with `refused` are unknown here.
    pub fn refuse(&self, yes: bool) {
        let mark = self.folder.path().join("refusing");
        let done = if yes { std::fs::write(mark, "") } else { std::fs::remove_file(mark) };
        done.expect("a mark");
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Something that was posted.
#[derive(Clone, Debug)]
pub struct Posted {
    /// Path and query.
    pub path: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// Its body.
    pub body: String,
}

impl Posted {
    /// A header's value.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(found, _)| found == name).map_or("", |(_, value)| value)
    }

    /// The body as JSON.
    pub fn value(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }
}

/// Listens for what is posted.
pub struct Listener {
    address: SocketAddr,
    posted: Receiver<Posted>,
    answers: Arc<Mutex<Vec<(u16, &'static str)>>>,
}

impl Listener {
    /// Listens on a free port.
    pub fn open() -> Listener {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("its address");
        let (tell, posted) = channel();
        let answers = Arc::new(Mutex::new(Vec::<(u16, &'static str)>::new()));
        let next = answers.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let Some(got) = read(&stream) else { continue };
                let mut queue = next.lock().expect("a queue");
                let (status, body) =
                    if queue.is_empty() { (200, "{\"errcode\":0,\"code\":0}") } else { queue.remove(0) };
                drop(queue);
                let answer = format!(
                    "HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                    body.len()
                );
                let _ = (&stream).write_all(answer.as_bytes());
                if tell.send(got).is_err() {
                    return;
                }
            }
        });
        Listener { address, posted, answers }
    }

    /// Its address with a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The words that allow a server to post here.
    pub fn words(&self) -> Vec<String> {
        vec!["--webhook-host".to_owned(), self.address.to_string()]
    }

    /// What the next posts are answered; afterwards all is well again.
    pub fn answer(&self, answers: &[(u16, &'static str)]) {
        self.answers.lock().expect("a queue").extend(answers);
    }

    /// The next thing posted.
    #[track_caller]
    pub fn next(&self) -> Posted {
        self.posted.recv_timeout(WAIT_MAX).expect("something posted")
    }
}

fn read(stream: &TcpStream) -> Option<Posted> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let path = line.split(' ').nth(1)?.to_owned();
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length")?.1.parse().ok()?;
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Posted { path, headers, body: String::from_utf8(body).ok()? })
}
