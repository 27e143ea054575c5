//! A small HTTP/1.1 client: one connection a request, cookies kept, nothing hidden.
//!
//! Never follows a redirect by itself and never judges a status: tests do. Writes say that they come from our own
//! pages, as a browser does; [`Client::bare`] leaves that out.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// No answer takes longer.
const ANSWER_MAX: Duration = Duration::from_secs(60);

/// Someone who asks.
pub struct Client {
    address: SocketAddr,
    cookies: RefCell<BTreeMap<String, String>>,
    own_pages: bool,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// Body, chunks joined.
    pub body: Vec<u8>,
}

impl Client {
    /// Without cookies.
    pub fn new(address: SocketAddr) -> Client {
        Client { address, cookies: RefCell::default(), own_pages: true }
    }

    /// The same person through a program that says nothing about where a write comes from.
    pub fn bare(&self) -> Client {
        Client { address: self.address, cookies: self.cookies.clone(), own_pages: false }
    }

    /// The same person at another server of the same house.
    pub fn at(&self, address: SocketAddr) -> Client {
        Client { address, cookies: self.cookies.clone(), own_pages: self.own_pages }
    }

    /// `GET`.
    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], &[])
    }

    /// A form as browsers post it without files.
    pub fn post(&self, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let body: Vec<String> =
            pairs.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
        self.send(
            "POST",
            path,
            &[("content-type", "application/x-www-form-urlencoded")],
            body.join("&").as_bytes(),
        )
    }

    /// A form with one file.
    pub fn post_file(&self, path: &str, name: &str, file: &str, bytes: &[u8]) -> Answer {
        const MARK: &str = "--------a-mark-no-file-holds";
        let mut body = format!(
            "--{MARK}\r\ncontent-disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\n\
             content-type: application/octet-stream\r\n\r\n"
        )
        .into_bytes();
        body.extend(bytes);
        body.extend(format!("\r\n--{MARK}--\r\n").bytes());
        self.send("POST", path, &[("content-type", &format!("multipart/form-data; boundary={MARK}"))], &body)
    }

    /// JSON with any method, and further headers.
    pub fn json(&self, method: &str, path: &str, body: &Value, headers: &[(&str, &str)]) -> Answer {
        let mut all = vec![("content-type", "application/json")];
        all.extend(headers);
        self.send(method, path, &all, body.to_string().as_bytes())
    }

    /// Goes where a redirect says, until there is none.
    pub fn follow(&self, answer: Answer) -> Answer {
        let mut answer = answer;
        for _ in 0..5 {
            match answer.header("location").map(str::to_owned) {
                Some(to) if (300..400).contains(&answer.status) => answer = self.get(&to),
                _ => return answer,
            }
        }
        panic!("redirects without end")
    }

    /// Signs in by a personal link: opens it, and goes on.
    pub fn enter(&self, link: &str) {
        let shown = self.get(link);
        assert_eq!(shown.status, 200, "{link}: {}", shown.text());
        let entered = self.post(link, &[]);
        assert_eq!(entered.status, 303, "{link}: {}", entered.text());
        assert!(self.cookies.borrow().keys().any(|name| name.starts_with("__Host-")), "no session by {link}");
    }

    /// A request as it is given.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n", self.address);
        let cookies =
            self.cookies.borrow().iter().map(|(n, v)| format!("{n}={v}")).collect::<Vec<_>>().join("; ");
        if !cookies.is_empty() {
            head.push_str(&format!("cookie: {cookies}\r\n"));
        }
        if self.own_pages && !headers.iter().any(|(name, _)| *name == "sec-fetch-site") {
            head.push_str("sec-fetch-site: same-origin\r\n");
        }
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if !headers.iter().any(|(name, _)| *name == "content-length") && !matches!(method, "GET" | "HEAD") {
            head.push_str(&format!("content-length: {}\r\n", body.len()));
        }
        head.push_str("\r\n");
        let answer = exchange(self.address, head.as_bytes(), body);
        let answer = answer.unwrap_or_else(|error| panic!("{method} {path}: {error}"));
        self.keep(&answer);
        answer
    }

    fn keep(&self, answer: &Answer) {
        for (_, line) in answer.headers.iter().filter(|(name, _)| name == "set-cookie") {
            let gone = line.contains("Max-Age=0");
            let Some((name, value)) = line.split(';').next().and_then(|pair| pair.split_once('=')) else {
                continue;
            };
            let mut cookies = self.cookies.borrow_mut();
            match gone {
                true => drop(cookies.remove(name)),
                false => drop(cookies.insert(name.to_owned(), value.to_owned())),
            }
        }
    }
}

fn exchange(address: SocketAddr, head: &[u8], body: &[u8]) -> std::io::Result<Answer> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(ANSWER_MAX))?;
    stream.write_all(head)?;
    // A server that refuses a large body answers before it has read it all.
    let sent = stream.write_all(body);
    let mut bytes = Vec::new();
    match stream.read_to_end(&mut bytes) {
        Err(error) if bytes.is_empty() => return Err(sent.err().unwrap_or(error)),
        _ => {}
    }
    answer(&bytes).ok_or_else(|| std::io::Error::other("not an answer"))
}

fn answer(bytes: &[u8]) -> Option<Answer> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = std::str::from_utf8(bytes.get(..end)?).ok()?;
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let rest = bytes.get(end + 4..)?;
    let chunked = headers.iter().any(|(name, value)| name == "transfer-encoding" && value == "chunked");
    let body = if chunked { joined(rest)? } else { rest.to_vec() };
    Some(Answer { status, headers, body })
}

fn joined(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|window| window == b"\r\n")?;
        let size = usize::from_str_radix(std::str::from_utf8(rest.get(..end)?).ok()?, 16).ok()?;
        if size == 0 {
            return Some(body);
        }
        body.extend(rest.get(end + 2..end + 2 + size)?);
        rest = rest.get(end + 4 + size..)?;
    }
}

impl Answer {
    /// A header's first value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    pub fn value(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {} {}", self.status, self.text()))
    }

    /// The stable code of a problem document.
    pub fn code(&self) -> String {
        self.value().get("code").and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    /// Where a redirect leads.
    pub fn location(&self) -> &str {
        self.header("location").unwrap_or_else(|| panic!("no location: {} {}", self.status, self.text()))
    }

    /// This answer, if it has the status.
    #[track_caller]
    pub fn is(self, status: u16) -> Answer {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }
}

/// A text as part of an address or form.
pub fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
