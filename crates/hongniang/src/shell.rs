//! What surrounds every handler: language of the address, same-origin writes, security headers, and troubles told.
//!
//! No rule of the field stands here. Start at [`wrap`].

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use tower::ServiceExt as _;
use tower_http::compression::CompressionLayer;

use crate::app::App;
use crate::locale::Lang;
use crate::trouble::Trouble;
use crate::visit::{self, NOTICE_COOKIE, SESSION_COOKIE, Spoken, Visit};

/// Scripts and styles only from ourselves, no frames around us, nothing sent elsewhere.
const CONTENT_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'";

const HEADERS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()"),
];

/// Puts the shell around the routes.
pub fn wrap(routes: Router<App>, app: App) -> Router {
    let inside = routes
        .fallback(|| async { Trouble::NotFound })
        .method_not_allowed_fallback(|| async { Trouble::Method })
        .layer(middleware::from_fn_with_state(app.clone(), guarded))
        .with_state(app);
    // The language must be known before routing, so the routes stand behind one more router.
    let speaking = move |request: Request| inside.clone().oneshot(spoken(request));
    Router::new().fallback(speaking).layer(CompressionLayer::new().gzip(true))
}

/// Takes `/en` off the address and remembers it.
fn spoken(mut request: Request) -> Request {
    let lang = match strip_english(request.uri()) {
        Some(uri) => {
            *request.uri_mut() = uri;
            Lang::En
        }
        None => Lang::Zh,
    };
    request.extensions_mut().insert(Spoken(lang));
    request
}

fn strip_english(uri: &Uri) -> Option<Uri> {
    let rest = uri.path_and_query()?.as_str().strip_prefix("/en")?;
    match rest.chars().next() {
        None => Some(Uri::from_static("/")),
        Some('/') => rest.parse().ok(),
        Some('?') => format!("/{rest}").parse().ok(),
        Some(_) => None,
    }
}

async fn guarded(State(app): State<App>, request: Request, next: Next) -> Response {
    let told = Told::of(&request);
    let answer = match same_origin(&request, &app) {
        true => next.run(request).await,
        false => Trouble::Csrf.into_response(),
    };
    let mut answer = match answer.extensions().get::<Arc<Trouble>>().cloned() {
        Some(trouble) => told.tell(&app, &trouble, answer).await,
        None => answer,
    };
    if told.noticed {
        clear_notice(&mut answer);
    }
    secure(answer.headers_mut());
    answer
}

/// A write must come from our own pages: browsers say so themselves; a program without cookies says nothing and may.
fn same_origin(request: &Request, app: &App) -> bool {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return true;
    }
    let headers = request.headers();
    let said = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    match (said(&HeaderName::from_static("sec-fetch-site")), said(&header::ORIGIN)) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => {
            origin == app.site().origin
                || said(&header::HOST)
                    .is_some_and(|host| origin.split_once("://").is_some_and(|(_, from)| from == host))
        }
        (None, None) => visit::cookie(headers, SESSION_COOKIE).is_none(),
    }
}

fn secure(headers: &mut HeaderMap) {
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

fn clear_notice(answer: &mut Response) {
    let gone = format!("{NOTICE_COOKIE}=; Path=/; Max-Age=0; SameSite=Lax; HttpOnly");
    if let Ok(value) = gone.parse() {
        answer.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// An address as a log may hold it: never what was asked, nor the secret of a personal link.
fn loggable(path: &str) -> &str {
    let path = path.split('?').next().unwrap_or_default();
    match path.find("/l/") {
        Some(at) => path.get(..at + 3).unwrap_or_default(),
        None => path,
    }
}

/// What must be remembered of a request to tell its trouble.
struct Told {
    headers: HeaderMap,
    spoken: Option<Spoken>,
    path: String,
    api: bool,
    noticed: bool,
}

impl Told {
    fn of(request: &Request) -> Told {
        let path = request.uri().path_and_query().map_or("/", |p| p.as_str()).to_owned();
        Told {
            headers: request.headers().clone(),
            spoken: request.extensions().get::<Spoken>().copied(),
            api: path.starts_with("/api/"),
            noticed: visit::cookie(request.headers(), NOTICE_COOKIE).is_some()
                && request.method() == Method::GET,
            path,
        }
    }

    async fn tell(&self, app: &App, trouble: &Trouble, bare: Response) -> Response {
        if let Trouble::Internal(what) | Trouble::Register(register::Fault::Storage(what)) = trouble {
            eprintln!("{} {}: {what}", app.now(), loggable(&self.path));
        }
        let (mut parts, _) = bare.into_parts();
        let visit = Visit::of(&self.headers, self.spoken.as_ref(), &self.path, app).await.ok();
        let (media, body) = match (self.api, visit) {
            (false, Some(visit)) => ("text/html; charset=utf-8", crate::problem::page(&visit, trouble)),
            (_, visit) => {
                let lang = visit.map(|v| v.lang).unwrap_or_default();
                ("application/problem+json", crate::problem::document(app.texts(lang), trouble, &self.path))
            }
        };
        parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
        parts.headers.remove(header::CONTENT_LENGTH);
        Response::from_parts(parts, Body::from(body))
    }
}
