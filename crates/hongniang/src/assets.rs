//! Style, script and pictures, from inside the program; named with a digest so that they may be kept for ever.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use axum::extract::{Path, RawQuery};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest as _, Sha256};

use crate::embedded;
use crate::trouble::Trouble;

static ADDRESSES: LazyLock<Arc<BTreeMap<String, String>>> = LazyLock::new(|| {
    let address = |(path, bytes): (&'static str, &'static [u8])| {
        let name = path.trim_start_matches("static/").to_owned();
        let digest: String = Sha256::digest(bytes).iter().take(5).map(|byte| format!("{byte:02x}")).collect();
        (name.clone(), format!("/static/{name}?v={digest}"))
    };
    Arc::new(embedded::under("static").map(address).collect())
});

/// Name → address with its digest.
pub fn addresses() -> Arc<BTreeMap<String, String>> {
    ADDRESSES.clone()
}

/// `GET /static/{name}`.
pub async fn send(Path(name): Path<String>, RawQuery(version): RawQuery) -> Result<Response, Trouble> {
    file(&name, version.is_some())
}

/// `GET /favicon.ico`.
pub async fn favicon() -> Result<Response, Trouble> {
    file("icon.svg", false)
}

/// `GET /quick-worker.js`: at the root, because a worker serves only what lies below its own address.
pub async fn worker() -> Result<Response, Trouble> {
    let mut answer = file("quick-worker.js", false)?;
    // Looked at anew each time: a phone must not go on with an old one.
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(answer)
}

/// `GET /robots.txt`: public lists and records may be read, forms need not.
pub async fn robots() -> &'static str {
    "User-agent: *\nDisallow: /api/\nDisallow: /signin\nDisallow: /l/\n"
}

fn file(name: &str, forever: bool) -> Result<Response, Trouble> {
    let path = format!("static/{name}");
    let (_, bytes) = embedded::under("static").find(|(found, _)| *found == path).ok_or(Trouble::NotFound)?;
    let kept = if forever { "public, max-age=31536000, immutable" } else { "public, max-age=3600" };
    Ok(([(header::CONTENT_TYPE, media(name)), (header::CACHE_CONTROL, kept)], bytes).into_response())
}

fn media(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("png") => "image/png",
        Some("svg") => "image/svg+xml",
        Some("webmanifest") => "application/manifest+json",
        _ => "application/octet-stream",
    }
}
