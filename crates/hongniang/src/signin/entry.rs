//! From what someone shows to a session: tries are counted, locks kept, a second factor is asked for, and only then is
//! there a session, always with a new token.
//!
//! Never renders a page. Start at [`by_password`].

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use jiff::{SignedDuration, Timestamp};
use register::{Account, Entry, Reader, Ticket, Way, Writer};
use serde::{Deserialize, Serialize};

use super::policy::{Owed, Policy};
use super::{TRIES_MAX, password, session_cookie, totp, trail};
use crate::app::App;
use crate::trouble::Trouble;
use crate::visit::{SESSION_COOKIE, Visit};

/// Name of the cookie that holds a half-done sign-in.
pub const TICKET_COOKIE: &str = "__Host-hongniang-step";
/// Minutes a half-done sign-in waits.
pub const TICKET_MINUTES: i64 = 10;
/// A ticket that waits for the code of a second factor.
const CODE: &str = "code";

/// What waits for a code: how far the sign-in came, and what follows it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Half {
    /// How it was begun.
    pub by: Begun,
    /// Where to go afterwards.
    pub next: String,
    /// An identity to bind once signed in: issuer, subject, name.
    pub bind: Option<(String, String, String)>,
}

/// How a sign-in was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Begun {
    /// By a personal link.
    Link,
    /// By name and password.
    Password,
    /// By the identity provider.
    Provider,
}

impl From<Begun> for Way {
    fn from(begun: Begun) -> Way {
        match begun {
            Begun::Link => Way::Link,
            Begun::Password => Way::Password,
            Begun::Provider => Way::Provider,
        }
    }
}

/// Why nobody was let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Name, password or code is wrong.
    Wrong,
    /// Too many wrong ones: until then nothing is looked at.
    Locked(Timestamp),
    /// There is no half-done sign-in, or no longer.
    Gone,
}

/// The name and password someone typed; the account, if they are right.
pub async fn by_password(visit: &Visit, name: &str, word: &str) -> Result<Result<Account, Refused>, Trouble> {
    let (app, policy) = (&visit.app, visit.app.policy());
    app.throttle("signin", TRIES_MAX, visit).await?;
    // By the name's digest: people type passwords into the wrong field.
    let subject = format!("name:{}", crate::secret::encode(&crate::secret::digest(name)));
    let (asked, tried, now) = (name.to_owned(), subject.clone(), app.now());
    let looked = move |reader: &Reader<'_>| {
        let lock = policy.passwords_max.map(|most| lock(reader, policy, &tried, most, now)).transpose()?;
        Ok((reader.account_by_name(&asked)?, lock.flatten()))
    };
    let (account, lock) = app.read(looked).await?;
    if let Some(until) = lock {
        return Ok(Err(Refused::Locked(until)));
    }
    let (hash, word) = (account.as_ref().and_then(|account| account.hash.clone()), word.to_owned());
    let right = tokio::task::spawn_blocking(move || password::check(&word, hash.as_deref())).await?;
    match account {
        Some(account) if right && app.site().cookies => {
            let network = visit.network.clone();
            let forgiven = move |writer: &mut Writer<'_>| {
                writer.clear_attempts(&subject)?;
                // The network's try was a right one: an office that shares an address is not shut out by its own.
                writer.forgive_attempt(&super::try_name("signin", &network))
            };
            app.write(forgiven).await?;
            Ok(Ok(account))
        }
        account => {
            Ok(Err(wrong(visit, account.map(|account| account.row), subject, policy.passwords_max).await?))
        }
    }
}

/// Notes a wrong try in the trail and, where tries are limited, for the lock.
async fn wrong(
    visit: &Visit,
    account: Option<i64>,
    subject: String,
    most: Option<u64>,
) -> Result<Refused, Trouble> {
    let (policy, network) = (visit.app.policy(), visit.network.clone());
    let noted = move |writer: &mut Writer<'_>| {
        writer.note_signin(account, trail::FAILED, &network)?;
        let Some(most) = most else { return Ok(Refused::Wrong) };
        writer.note_attempt(&subject)?;
        let until = lock(writer, policy, &subject, most, writer.now())?;
        if until.is_some() {
            writer.note_signin(account, trail::LOCKED, &network)?;
        }
        Ok(until.map_or(Refused::Wrong, Refused::Locked))
    };
    Ok(visit.app.write(noted).await?.value)
}

/// Until when a subject is locked, if it is.
fn lock(
    reader: &Reader<'_>,
    policy: &Policy,
    subject: &str,
    most: u64,
    now: Timestamp,
) -> register::Result<Option<Timestamp>> {
    let tries = reader.attempts(subject, policy.window_start(now))?;
    Ok(tries.last.filter(|_| tries.n >= most).map(|last| policy.lock_end(last)).filter(|until| *until > now))
}

/// Goes on with an account that showed its first factor: to the code if there is a second, else in.
pub async fn go_on(visit: &Visit, account: &Account, half: Half) -> Result<Response, Trouble> {
    let row = account.row;
    let second =
        move |reader: &Reader<'_>| Ok(reader.second_factor(row)?.is_some_and(|found| found.confirmed));
    if !visit.app.read(second).await? {
        return finish(visit, row, half, false).await;
    }
    let payload = serde_json::to_string(&half).map_err(|error| Trouble::Internal(error.to_string()))?;
    let cookie = keep_ticket(&visit.app, CODE, Ticket { account: Some(row), payload }).await?;
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to(&visit.href(Owed::Code.page()))).into_response())
}

/// Who is to show a code here, and what follows: by the ticket of a half-done sign-in, or by a session that came by link.
pub async fn waiting_for_code(visit: &Visit) -> Result<Option<(i64, Half)>, Trouble> {
    let owing = visit.signed.as_ref().filter(|signed| signed.second && !signed.proven);
    if let Some(account) = owing.and_then(|signed| signed.account) {
        let next = "/account".to_owned();
        return Ok(Some((account, Half { by: Begun::Link, next, bind: None })));
    }
    let ticket = ticket(visit, CODE).await?;
    let half = ticket.as_ref().and_then(|ticket| serde_json::from_str(&ticket.payload).ok());
    Ok(ticket.and_then(|ticket| ticket.account).zip(half))
}

/// The code someone typed; in, if it holds and was never taken before.
pub async fn by_code(visit: &Visit, typed: &str) -> Result<Result<Response, Refused>, Trouble> {
    let Some((account, half)) = waiting_for_code(visit).await? else { return Ok(Err(Refused::Gone)) };
    if let Err(refused) = proven(visit, account, typed).await? {
        return Ok(Err(refused));
    }
    finish(visit, account, half, true).await.map(Ok)
}

/// Whether a code of an account's second factor, or a recovery code, holds; it is used up by this.
pub async fn proven(visit: &Visit, account: i64, typed: &str) -> Result<Result<(), Refused>, Trouble> {
    let (policy, network, typed) = (visit.app.policy(), visit.network.clone(), totp::cleaned(typed));
    let subject = format!("code:{account}");
    let shown = move |writer: &mut Writer<'_>| {
        if let Some(until) = lock(writer, policy, &subject, policy.codes_max, writer.now())? {
            return Ok(Err(Refused::Locked(until)));
        }
        if take_code(writer, account, &typed, &network)? {
            writer.clear_attempts(&subject)?;
            return Ok(Ok(()));
        }
        writer.note_signin(Some(account), trail::FAILED, &network)?;
        writer.note_attempt(&subject)?;
        let until = lock(writer, policy, &subject, policy.codes_max, writer.now())?;
        if until.is_some() {
            writer.note_signin(Some(account), trail::LOCKED, &network)?;
        }
        Ok(Err(until.map_or(Refused::Wrong, Refused::Locked)))
    };
    Ok(visit.app.write(shown).await?.value)
}

fn take_code(writer: &mut Writer<'_>, account: i64, typed: &str, network: &str) -> register::Result<bool> {
    if typed.len() != totp::DIGITS {
        let used = writer.use_recovery_code(account, &recovery_digest(account, typed))?;
        if used {
            writer.note_signin(Some(account), trail::RECOVERY_USED, network)?;
        }
        return Ok(used);
    }
    let Some(factor) = writer.second_factor(account)? else { return Ok(false) };
    match totp::step_of(&factor.secret, typed, writer.now()) {
        Some(step) => writer.use_step(account, step),
        None => Ok(false),
    }
}

/// What is kept of a recovery code: the account is part of it, so one code never serves two.
pub fn recovery_digest(account: i64, code: &str) -> [u8; 32] {
    crate::secret::digest(&format!("recovery {account} {code}"))
}

/// Lets an account in: a new session, the old one of this browser gone, an identity bound if one waited.
pub async fn finish(visit: &Visit, account: i64, half: Half, proven: bool) -> Result<Response, Trouble> {
    let (app, policy) = (&visit.app, visit.app.policy());
    let (secret, old) = (app.secret(), visit.signed.as_ref().map(|signed| signed.token.clone()));
    let digest = crate::secret::digest(&secret);
    let way = half.by.into();
    let entry = Entry { account, way, proven, network: visit.network.clone(), agent: visit.agent.clone() };
    let (ticket, bind) = (visit.ticket, half.bind);
    let entered = move |writer: &mut Writer<'_>| {
        if let Some(old) = old {
            writer.end_session(&old)?;
        }
        if let Some(ticket) = ticket {
            writer.take_ticket(&ticket, CODE)?;
        }
        if let Some((issuer, subject, name)) = bind {
            writer.bind_identity(account, &issuer, &subject, &name)?;
            writer.note_signin(Some(account), trail::IDENTITY_BOUND, &entry.network)?;
        }
        writer.enter(&entry, &digest, policy.session_end(writer.now()))?;
        writer.note_signin(Some(account), trail::entered(entry.way), &entry.network)
    };
    app.write(entered).await?;
    let next = owed_after(app, digest).await?.map_or(half.next, |owed| owed.page().to_owned());
    let mut answer = Redirect::to(&visit.href(&next)).into_response();
    set_cookie(answer.headers_mut(), &session_cookie(&secret));
    set_cookie(answer.headers_mut(), &no_ticket());
    Ok(answer)
}

async fn owed_after(app: &App, digest: [u8; 32]) -> Result<Option<Owed>, Trouble> {
    let (policy, now) = (app.policy(), app.now());
    let signed = app.read(move |reader| Ok(reader.session_asker(&digest, now)?)).await?;
    Ok(signed.and_then(|signed| policy.owed(&signed)))
}

/// Adds a `Set-Cookie`.
pub fn set_cookie(headers: &mut HeaderMap, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        headers.append(header::SET_COOKIE, value);
    }
}

/// Keeps a ticket; the cookie that holds it.
pub async fn keep_ticket(app: &App, kind: &'static str, ticket: Ticket) -> Result<String, Trouble> {
    let secret = app.secret();
    let digest = crate::secret::digest(&secret);
    let kept = move |writer: &mut Writer<'_>| {
        let until = writer.now().saturating_add(SignedDuration::from_mins(TICKET_MINUTES));
        writer.make_ticket(&digest, kind, ticket, until.unwrap_or(writer.now()))
    };
    app.write(kept).await?;
    let age = TICKET_MINUTES * 60;
    Ok(format!("{TICKET_COOKIE}={secret}; Path=/; Max-Age={age}; Secure; HttpOnly; SameSite=Lax"))
}

/// The cookie that forgets a ticket.
pub fn no_ticket() -> String {
    format!("{TICKET_COOKIE}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax")
}

/// The cookie that forgets a session.
pub fn no_session() -> String {
    format!("{SESSION_COOKIE}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax")
}

/// The living ticket of this browser, left where it is.
pub async fn ticket(visit: &Visit, kind: &'static str) -> Result<Option<Ticket>, Trouble> {
    let Some(digest) = visit.ticket else { return Ok(None) };
    let now = visit.app.now();
    visit.app.read(move |reader| Ok(reader.ticket(&digest, kind, now)?)).await
}

/// The living ticket of this browser, used up.
pub async fn take_ticket(visit: &Visit, kind: &'static str) -> Result<Option<Ticket>, Trouble> {
    let Some(digest) = visit.ticket else { return Ok(None) };
    Ok(visit.app.write(move |writer| writer.take_ticket(&digest, kind)).await?.value)
}
