//! One request's context: who asks, in which language, from where. Built once per request.
//!
//! Never decides access: it only carries the [`Asker`] the register built. Start at [`Visit`].

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use catalogue::{Asker, Role};
use register::SignedIn;

use crate::app::App;
use crate::locale::{self, Lang, Texts};
use crate::signin::entry::TICKET_COOKIE;
use crate::trouble::Trouble;
use crate::view::{Link, Me, Page};

/// Name of the session cookie: bound to this host and to secure transport.
pub const SESSION_COOKIE: &str = "__Host-hongniang";
/// Name of the preference cookie; set only when someone asks for large type.
pub const LARGE_COOKIE: &str = "large";
/// Name of the cookie that carries a notice over a redirect.
pub const NOTICE_COOKIE: &str = "notice";

/// The language an address asked for, put there by the shell before routing.
#[derive(Clone, Copy, Debug)]
pub struct Spoken(pub Lang);

/// A request's context.
#[derive(Clone)]
pub struct Visit {
    /// The application.
    pub app: App,
    /// Language.
    pub lang: Lang,
    /// Address without language prefix, with query.
    pub path: String,
    /// Who is signed in or came by link.
    pub signed: Option<Arc<SignedIn>>,
    /// Large type asked for.
    pub large: bool,
    /// Said once after a redirect.
    pub notice: Option<String>,
    /// Unread notices, for the bell.
    pub unread: usize,
    /// The network address the request came from, for counting tries.
    pub network: String,
    /// A few words of the browser.
    pub agent: String,
    /// Digest of the cookie of a half-done sign-in.
    pub ticket: Option<[u8; 32]>,
}

impl Visit {
    /// Who asks.
    pub fn asker(&self) -> Asker {
        self.signed.as_ref().map(|s| s.asker.clone()).unwrap_or_default()
    }

    /// Who asks; a visitor is asked to sign in.
    pub fn must_sign_in(&self) -> Result<Asker, Trouble> {
        self.signed.as_ref().map(|s| s.asker.clone()).ok_or(Trouble::SigninNeeded)
    }

    /// The texts of the language.
    pub fn texts(&self) -> &Arc<Texts> {
        self.app.texts(self.lang)
    }

    /// The text of a key.
    pub fn t<'a>(&'a self, key: &'a str) -> &'a str {
        self.texts().get(key)
    }

    /// An address in this language.
    pub fn href(&self, path: &str) -> String {
        locale::href(self.lang, path)
    }

    /// A link in this language.
    pub fn link(&self, path: &str, label: impl Into<String>) -> Link {
        Link { href: self.href(path), label: label.into(), current: false }
    }

    /// The links by which what stands at an address, its query included, leaves as a file.
    pub fn exports(&self, address: &str) -> Vec<Link> {
        const FORMATS: [(&str, &str); 3] =
            [("xlsx", "list.xlsx"), ("csv", "list.csv"), ("jsonl", "list.jsonl")];
        let (path, mark, query) = match address.split_once('?') {
            Some((path, query)) => (path, "?", query),
            None => (address, "", ""),
        };
        let link =
            |(ending, key): &(&str, &str)| self.link(&format!("{path}.{ending}{mark}{query}"), self.t(key));
        FORMATS.iter().map(link).collect()
    }

    /// The shared parts of a page.
    pub fn page(&self, title: impl Into<String>) -> Page {
        Page {
            lang: self.lang,
            texts: self.texts().clone(),
            assets: crate::assets::addresses(),
            title: title.into(),
            description: String::new(),
            path: self.path.clone(),
            origin: self.app.site().origin.clone(),
            me: self.signed.as_ref().map(|signed| self.me(signed)),
            nav: self.nav(),
            large: self.large,
            notice: self
                .notice
                .as_ref()
                .filter(|key| self.texts().has(key))
                .map(|key| self.t(key).to_owned()),
            seat: self.seat(),
            identities: self.identities(),
            public: false,
        }
    }

    /// The shared parts of a page that may be indexed and shared.
    pub fn public_page(&self, title: impl Into<String>, description: impl Into<String>) -> Page {
        Page { public: true, description: description.into(), ..self.page(title) }
    }

    fn me(&self, signed: &SignedIn) -> Me {
        let strongest = signed.asker.roles.iter().max_by_key(|grant| grant.role);
        let role = match strongest {
            None => self.t("role.link").to_owned(),
            Some(grant) => {
                let role = self.t(role_key(grant.role));
                match &grant.over {
                    catalogue::Over::Place(place) => format!("{} · {role}", place.name()),
                    _ => role.to_owned(),
                }
            }
        };
        // One more than is counted out is shown as what it is.
        let unread = match self.unread {
            0 => String::new(),
            n if n >= register::UNREAD_CAP => format!("{}+", register::UNREAD_CAP - 1),
            n => n.to_string(),
        };
        Me { name: signed.name.clone(), role, unread }
    }

    /// The band over every page while someone does another's work.
    fn seat(&self) -> Option<String> {
        let seat = self.signed.as_ref()?.seat.as_ref()?;
        let until = crate::clock::date(seat.substitute.until, self.lang);
        Some(self.texts().fill("leave.band", &[("name", &seat.name), ("until", &until)]))
    }

    fn nav(&self) -> Vec<Link> {
        const ENTRIES: [(&str, &str); 8] = [
            ("/demands", "nav.demands"),
            ("/people", "nav.experts"),
            ("/organizations", "nav.organizations"),
            ("/achievements", "nav.achievements"),
            ("/stations", "nav.stations"),
            ("/events", "nav.events"),
            ("/applications", "nav.applications"),
            ("/figures", "nav.figures"),
        ];
        let entry = |(path, key): (&str, &str)| {
            let current = self
                .path
                .strip_prefix(path)
                .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()));
            Link { href: self.href(path), label: self.t(key).to_owned(), current }
        };
        ENTRIES.into_iter().map(entry).collect()
    }

    fn identities(&self) -> Vec<Link> {
        if !self.app.site().demonstration {
            return Vec::new();
        }
        self.app.identities().iter().map(|(name, path)| self.link(path, name.clone())).collect()
    }
}

/// The key of a role's name.
pub fn role_key(role: Role) -> &'static str {
    match role {
        Role::Member => "role.member",
        Role::Admin => "role.admin",
        Role::Expert => "role.expert",
        Role::Liaison => "role.liaison",
        Role::Broker => "role.broker",
        Role::Reviewer => "role.reviewer",
        Role::Evaluator => "role.evaluator",
        Role::Officer => "role.officer",
        Role::Leader => "role.leader",
        Role::Steward => "role.steward",
    }
}

/// The value of a cookie.
pub fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value)
}

impl FromRequestParts<App> for Visit {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Visit, Trouble> {
        let path = parts.uri.path_and_query().map_or("/", |p| p.as_str());
        let mut visit = Visit::of(&parts.headers, parts.extensions.get::<Spoken>(), path, app).await?;
        if let Some(ConnectInfo(from)) = parts.extensions.get::<ConnectInfo<SocketAddr>>() {
            visit.network = from.ip().to_string();
        }
        visit.look_at_session()?;
        Ok(visit)
    }
}

impl Visit {
    /// The context of a request known by its headers, language and address.
    pub async fn of(
        headers: &HeaderMap,
        spoken: Option<&Spoken>,
        path: &str,
        app: &App,
    ) -> Result<Visit, Trouble> {
        let token = cookie(headers, SESSION_COOKIE).map(crate::secret::digest);
        let signed = match token {
            Some(token) => crate::signin::session(app, token).await?,
            None => None,
        };
        // Programs are shown no bell.
        let unread = match &signed {
            Some(signed) if !path.starts_with("/api/") => crate::notices::unread(app, signed.person).await?,
            _ => 0,
        };
        Ok(Visit {
            app: app.clone(),
            lang: spoken.map(|s| s.0).unwrap_or_default(),
            path: path.to_owned(),
            signed,
            large: cookie(headers, LARGE_COOKIE) == Some("1"),
            notice: cookie(headers, NOTICE_COOKIE).map(str::to_owned),
            unread,
            network: String::new(),
            agent: agent(headers),
            ticket: cookie(headers, TICKET_COOKIE).map(crate::secret::digest),
        })
    }

    /// Notes that the session was seen. One that still owes something opens only the page where that is given.
    fn look_at_session(&self) -> Result<(), Trouble> {
        const ALWAYS: [&str; 2] = ["/signout", "/large-type"];
        let Some(signed) = &self.signed else { return Ok(()) };
        crate::signin::note_seen(&self.app, signed, &self.network, &self.agent);
        let path = self.path.split('?').next().unwrap_or_default();
        match self.app.policy().owed(signed) {
            Some(owed) if owed.page() != path && !ALWAYS.contains(&path) => Err(Trouble::Owed(owed)),
            _ => Ok(()),
        }
    }
}

/// A browser and a system in two words, as people tell their machines apart; empty when it says neither.
fn agent(headers: &HeaderMap) -> String {
    const BROWSERS: [(&str, &str); 8] = [
        ("MicroMessenger", "WeChat"),
        ("DingTalk", "DingTalk"),
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ];
    const SYSTEMS: [(&str, &str); 7] = [
        ("HarmonyOS", "HarmonyOS"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let said = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let word = |known: &[(&str, &'static str)]| {
        known.iter().find(|(mark, _)| said.contains(mark)).map(|(_, word)| *word)
    };
    [word(&BROWSERS), word(&SYSTEMS)].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}
