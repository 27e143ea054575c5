//! A load of HTTP/1.1 requests over kept connections, and what it measured.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::instant;

/// Connections of every load.
pub const CONNECTIONS: usize = 64;

/// What a load measured.
pub struct Measured {
    latencies: Vec<Duration>,
    took: Duration,
    bytes: usize,
}

impl Measured {
    /// Answers a second.
    pub fn per_second(&self) -> f64 {
        self.latencies.len() as f64 / self.took.as_secs_f64()
    }

    /// A latency in milliseconds; `share` of the answers were faster.
    pub fn ms(&self, share: f64) -> f64 {
        let at = (self.latencies.len().saturating_sub(1)) as f64 * share;
        let found = self.latencies.get(at.round() as usize);
        found.map_or(0.0, |latency| (latency.as_secs_f64() * 1e5).round() / 100.0)
    }

    /// The figures of a line.
    pub fn json(&self) -> Value {
        json!({
            "per_second": self.per_second().round(),
            "p50_ms": self.ms(0.5),
            "p99_ms": self.ms(0.99),
            "answers": self.latencies.len(),
            "bytes": self.bytes,
        })
    }
}

/// Puts a load on a server: `request` gives the bytes of request number n of a connection. Any status but 2xx ends it.
pub fn put(
    address: SocketAddr,
    connections: usize,
    seconds: u64,
    request: impl Fn(usize, usize) -> Vec<u8> + Send + Sync + 'static,
) -> anyhow::Result<Measured> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async move {
        let request = std::sync::Arc::new(request);
        let start = instant();
        let until = start + Duration::from_secs(seconds);
        let tasks: Vec<_> = (0..connections)
            .map(|connection| tokio::spawn(one_connection(address, connection, until, request.clone())))
            .collect();
        let (mut latencies, mut bytes) = (Vec::new(), 0);
        for task in tasks {
            let (mine, length) = task.await??;
            latencies.extend(mine);
            bytes = length;
        }
        latencies.sort_unstable();
        Ok(Measured { latencies, took: start.elapsed(), bytes })
    })
}

async fn one_connection(
    address: SocketAddr,
    connection: usize,
    until: Instant,
    request: std::sync::Arc<impl Fn(usize, usize) -> Vec<u8>>,
) -> anyhow::Result<(Vec<Duration>, usize)> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (mut latencies, mut buffer, mut length) = (Vec::new(), Vec::with_capacity(64 * 1024), 0);
    for number in 0.. {
        let start = instant();
        if start >= until {
            break;
        }
        stream.write_all(&request(connection, number)).await?;
        length = answer(&mut stream, &mut buffer).await?;
        latencies.push(start.elapsed());
    }
    Ok((latencies, length))
}

/// Reads one answer; its length in bytes.
async fn answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> anyhow::Result<usize> {
    buffer.clear();
    loop {
        if stream.read_buf(buffer).await? == 0 {
            bail!("the server closed the connection");
        }
        let Some(head) = buffer.windows(4).position(|w| w == b"\r\n\r\n") else { continue };
        let text = String::from_utf8_lossy(buffer.get(..head).unwrap_or_default()).to_ascii_lowercase();
        if !text.starts_with("http/1.1 2") {
            let body = String::from_utf8_lossy(buffer.get(head..).unwrap_or_default());
            bail!(
                "not a success: {} {}",
                text.lines().next().unwrap_or_default(),
                body.chars().take(400).collect::<String>()
            );
        }
        let line = text.lines().find_map(|line| line.strip_prefix("content-length:"));
        let body: usize = line.context("an answer without content-length")?.trim().parse()?;
        while buffer.len() < head + 4 + body {
            if stream.read_buf(buffer).await? == 0 {
                bail!("the server closed the connection within a body");
            }
        }
        return Ok(head + 4 + body);
    }
}

/// A GET request.
pub fn get(path: &str, cookie: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncookie: {cookie}\r\n\r\n").into_bytes()
}

/// A POST request with a JSON body.
pub fn post(path: &str, cookie: &str, body: &Value) -> Vec<u8> {
    let body = body.to_string();
    format!(
        "POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncookie: {cookie}\r\nsec-fetch-site: same-origin\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}
