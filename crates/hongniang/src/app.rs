//! The application: the register, the index that follows it, the texts and the site, shared by all handlers.
//!
//! Never decides who may do what: it hands closures to the register and waits. Start at [`App::read`] and
//! [`App::write`].

use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use jiff::civil::Date;
use register::{Position, Reader, Register, Store, Writer, Written};

use crate::letter::Mail;
use crate::locale::{Lang, Locales, Texts};
use crate::outside::Outside;
use crate::search::Followed;
use crate::signin::oidc::Provider;
use crate::signin::policy::{Policy, PolicyName};
use crate::trouble::Trouble;

/// The clock as it comes in.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;
/// Chance as it comes in: fills the bytes.
pub type Chance = Arc<dyn Fn(&mut [u8]) + Send + Sync>;

/// What an application is made of.
pub struct Parts {
    /// The store.
    pub register: Register,
    /// Texts in both languages.
    pub locales: Locales,
    /// How the installation presents itself.
    pub site: Site,
    /// The way letters leave, if there is one.
    pub mail: Option<Mail>,
    /// The way calls to other hosts leave.
    pub outside: Outside,
    /// The clock.
    pub now: Clock,
    /// Chance.
    pub chance: Chance,
    /// What is asked of passwords and sessions.
    pub policy: PolicyName,
    /// Who else may say who someone is.
    pub provider: Option<Provider>,
}

/// How an installation is reached and what it shows of itself.
#[derive(Clone, Debug)]
pub struct Site {
    /// `https://host` without a slash at the end.
    pub origin: String,
    /// Cookies are safe here: https, or loopback.
    pub cookies: bool,
    /// It is the demonstration, on loopback: one-time identities are shown.
    pub demonstration: bool,
}

impl Site {
    /// From the public address, or the listening one.
    pub fn new(public_url: Option<String>, listen: &str, demonstration: bool) -> Site {
        let origin = public_url.unwrap_or_else(|| format!("http://{listen}"));
        let origin = origin.trim_end_matches('/').to_owned();
        let loopback = ["http://127.0.0.1", "http://localhost", "http://[::1]"].iter().any(|home| {
            origin.strip_prefix(home).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
        });
        let cookies = loopback || origin.starts_with("https://");
        Site { origin, cookies, demonstration: demonstration && loopback }
    }
}

/// The application; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    parts: Parts,
    index: Followed,
    identities: OnceLock<Vec<(String, String)>>,
}

impl App {
    /// Joins the parts; the index starts empty and is filled by [`crate::search::follow`].
    pub fn new(parts: Parts) -> App {
        let index = Followed::new(parts.register.catalogue());
        App(Arc::new(Inner { parts, index, identities: OnceLock::new() }))
    }

    /// The register, for work that is already on a thread of its own.
    pub fn register(&self) -> &Register {
        &self.0.parts.register
    }

    /// The index and how far it has followed.
    pub fn index(&self) -> &Followed {
        &self.0.index
    }

    /// How the installation presents itself.
    pub fn site(&self) -> &Site {
        &self.0.parts.site
    }

    /// The way letters leave, if the installation has a mail server.
    pub fn mail(&self) -> Option<&Mail> {
        self.0.parts.mail.as_ref()
    }

    /// The way calls to other hosts leave.
    pub fn outside(&self) -> &Outside {
        &self.0.parts.outside
    }

    /// What is asked of passwords and sessions.
    pub fn policy(&self) -> &'static Policy {
        self.0.parts.policy.policy()
    }

    /// Who else may say who someone is.
    pub fn provider(&self) -> Option<&Provider> {
        self.0.parts.provider.as_ref()
    }

    /// A code of six figures, for people to type.
    pub fn code(&self) -> String {
        let mut bytes = [0u8; 8];
        (self.0.parts.chance)(&mut bytes);
        format!("{:06}", u64::from_be_bytes(bytes) % 1_000_000)
    }

    /// The texts of a language.
    pub fn texts(&self, lang: Lang) -> &Arc<Texts> {
        self.0.parts.locales.of(lang)
    }

    /// The demonstration's identities: name and address of each one-time link.
    pub fn identities(&self) -> &[(String, String)] {
        self.0.identities.get().map(Vec::as_slice).unwrap_or_default()
    }

    /// Shows the demonstration's identities on every page from now on.
    pub fn show_identities(&self, identities: Vec<(String, String)>) {
        let _ = self.0.identities.set(identities);
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        (self.0.parts.now)()
    }

    /// Today where the installation stands (Asia/Shanghai has had no other offset since 1991).
    pub fn today(&self) -> Date {
        crate::clock::day_of(self.now())
    }

    /// A secret of 32 random bytes as 43 letters.
    pub fn secret(&self) -> String {
        crate::secret::encode(&self.draw::<32>())
    }

    /// Random bytes.
    pub fn draw<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0u8; N];
        (self.0.parts.chance)(&mut bytes);
        bytes
    }

    /// Runs a short reading closure: a page, a list, a session.
    ///
    /// On SQLite it runs where it is called: it waits for no network and no lock, and a hop to another thread and back
    /// costs more than the reading itself. On PostgreSQL it waits on a thread made for waiting.
    pub async fn read<T: Send + 'static>(
        &self,
        f: impl FnOnce(&Reader<'_>) -> Result<T, Trouble> + Send + 'static,
    ) -> Result<T, Trouble> {
        match self.register().store() {
            Store::Sqlite => self.register().read(|reader| Ok(f(reader)))?,
            Store::Postgres => self.read_long(f).await,
        }
    }

    /// Runs a reading closure that may take long (an export, a spreadsheet) on a thread of its own.
    pub async fn read_long<T: Send + 'static>(
        &self,
        f: impl FnOnce(&Reader<'_>) -> Result<T, Trouble> + Send + 'static,
    ) -> Result<T, Trouble> {
        let register = self.register().clone();
        tokio::task::spawn_blocking(move || register.read(|reader| Ok(f(reader)))).await??
    }

    /// Waits until the index has taken in a position, as far as one is asked for; gives up after a stated time.
    pub async fn reached(&self, position: Option<Position>) -> Result<(), Trouble> {
        if let Some(position) = position {
            let app = self.clone();
            tokio::task::spawn_blocking(move || app.index().wait(position)).await?;
        }
        Ok(())
    }

    /// Queues a writing closure; resolves when it is durable.
    pub async fn write<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Writer<'_>) -> register::Result<T> + Send + 'static,
    ) -> Result<Written<T>, Trouble> {
        let (done, waiting) = tokio::sync::oneshot::channel();
        self.register().write(self.now(), f, move |result| {
            let _ = done.send(result);
        });
        Ok(waiting.await??)
    }

    /// The newest position this process has acknowledged.
    pub fn position(&self) -> Position {
        self.register().position()
    }
}
