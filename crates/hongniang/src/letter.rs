//! Letters by SMTP: one transport for the house, plain text, an id that stays the same for every try.
//!
//! Never decides whether to try again: it says what kind of failure it was. Start at [`Mail::send`].

use std::time::{Duration, SystemTime};

use anyhow::Context as _;
use jiff::Timestamp;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::PoolConfig;
use lettre::{Address, SmtpTransport, Transport as _};

/// No step of a conversation lasts longer.
const STEP_MAX: Duration = Duration::from_secs(20);
/// Answers that speak of our own standing at the mail server, not of a letter: signing in, and being asked to.
const ABOUT_US: [u16; 5] = [530, 534, 535, 538, 421];

/// The house's way to its mail server.
pub struct Mail {
    transport: SmtpTransport,
    from: Mailbox,
}

/// A letter.
pub struct Letter<'a> {
    /// Its id without the host, the same for every try.
    pub id: &'a str,
    /// To whom.
    pub to: &'a str,
    /// Its subject.
    pub subject: &'a str,
    /// Its text.
    pub text: String,
    /// When it is written.
    pub at: Timestamp,
}

/// Why a letter was not taken.
#[derive(Debug)]
pub enum Failure {
    /// The server will not take this letter, now or later.
    Refused(String),
    /// The server will not take this letter now.
    Later(String),
    /// Nothing can be sent now: no connection, or the server does not let us in.
    Outage(String),
}

impl Mail {
    /// A way to the server of an SMTP address, with the sender's mail address.
    pub fn new(url: &str, from: &str) -> anyhow::Result<Mail> {
        let builder = SmtpTransport::from_url(url).map_err(|_| {
            // The address may hold a password, so it is not repeated.
            anyhow::anyhow!("--smtp is no address such as smtps://user:password@mail.example.cn:465")
        })?;
        let from = from.parse().with_context(|| format!("--mail-from {from}: no mail address"))?;
        let pool = PoolConfig::new().max_size(1);
        Ok(Mail { transport: builder.timeout(Some(STEP_MAX)).pool_config(pool).build(), from })
    }

    /// Sends a letter; it is with the server when this returns.
    pub fn send(&self, letter: Letter<'_>) -> Result<(), Failure> {
        let to: Address = letter.to.parse().map_err(|_| Failure::Refused("no mail address".to_owned()))?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(letter.subject)
            .date(SystemTime::from(letter.at))
            .message_id(Some(format!("<{}@{}>", letter.id, self.from.email.domain())))
            .header(ContentType::TEXT_PLAIN)
            .raw_header(automatic())
            .body(letter.text)
            .map_err(|error| Failure::Refused(error.to_string()))?;
        self.transport.send(&message).map(drop).map_err(|error| failure(&error))
    }
}

/// Says to other programs that nobody sits at the other end (RFC 3834): no holiday replies, please.
fn automatic() -> HeaderValue {
    let name = HeaderName::new_from_ascii_str("Auto-Submitted");
    HeaderValue::new(name, "auto-generated".to_owned())
}

fn failure(error: &lettre::transport::smtp::Error) -> Failure {
    let said = error.to_string();
    let about_us = error.status().is_some_and(|code| ABOUT_US.contains(&u16::from(code)));
    match (error.is_permanent(), error.is_transient()) {
        _ if about_us => Failure::Outage(said),
        (true, _) => Failure::Refused(said),
        (_, true) => Failure::Later(said),
        _ => Failure::Outage(said),
    }
}

/// Whether a text is a mail address a letter can go to.
pub fn is_address(text: &str) -> bool {
    text.parse::<Address>()
        .is_ok_and(|address| address.domain().contains('.') || address.domain() == "localhost")
}
