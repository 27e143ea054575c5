//! Who one is: sessions, passwords, personal links. The register keeps digests only.
//!
//! No account exists that was not made on purpose: the first run prints a one-time steward link. What an installation
//! asks of passwords and sessions is a book of [`policy`]. Start at [`session`] and [`entry`].

pub mod account;
pub mod entry;
pub mod links;
pub mod oidc;
pub mod pages;
mod password;
pub mod policy;
pub mod provider;
pub mod second;
#[cfg(test)]
mod tests;
mod totp;
mod trail;
mod weak;

use std::sync::Arc;

use base::id::RecordId;
use catalogue::{Asker, Fields, Over, Role, RoleGrant};
use jiff::{SignedDuration, Timestamp};
use register::{New, SignedIn, Who, Writer};

use crate::app::App;
use crate::trouble::Trouble;
use crate::visit::{SESSION_COOKIE, Visit};

/// Days a personal link works.
pub const LINK_DAYS: i64 = 30;
/// Tries to sign in from one network address in [`WINDOW_MINUTES`].
pub const TRIES_MAX: u64 = 10;
/// Hours a session lasts at most; a book of [`policy`] may ask for less.
const SESSION_HOURS: i64 = 12;
/// How often it is written down that a session was seen.
const SEEN_EVERY: SignedDuration = SignedDuration::from_mins(5);
/// The window tries are counted in.
const WINDOW_MINUTES: i64 = 60;

/// The house itself, where it files what nobody else may: posters' contact records, the first steward.
pub fn house() -> Asker {
    Asker { roles: vec![RoleGrant { role: Role::Steward, over: Over::Node }], ..Asker::default() }
}

/// The session of a cookie's digest, if it lives and was seen lately.
pub async fn session(app: &App, digest: [u8; 32]) -> Result<Option<Arc<SignedIn>>, Trouble> {
    let (now, policy) = (app.now(), app.policy());
    let found = app.read(move |reader| Ok(reader.session_asker(&digest, now)?)).await?;
    Ok(found.filter(|signed| policy.lives(signed.seen, now)).map(Arc::new))
}

/// Writes down that a session was seen, now and then. Nobody waits for it: what is lost is a few minutes.
pub fn note_seen(app: &App, signed: &SignedIn, network: &str, agent: &str) {
    let now = app.now();
    if !signed.network.is_empty() && now.duration_since(signed.seen) < SEEN_EVERY {
        return;
    }
    let (token, network, agent) = (signed.token.clone(), network.to_owned(), agent.to_owned());
    app.register().write(now, move |writer| writer.note_seen(&token, &network, &agent), drop);
}

/// The `Set-Cookie` of a session.
pub fn session_cookie(secret: &str) -> String {
    format!(
        "{SESSION_COOKIE}={secret}; Path=/; Max-Age={}; Secure; HttpOnly; SameSite=Lax",
        SESSION_HOURS * 3600
    )
}

/// When a session that starts now by a link ends.
pub fn session_end(now: Timestamp) -> Timestamp {
    now.saturating_add(SignedDuration::from_hours(SESSION_HOURS)).unwrap_or(now)
}

/// Makes a personal link for a person in the name of the house: about a record, or else to sign in by.
pub fn make_link(
    writer: &mut Writer<'_>,
    digest: [u8; 32],
    person: RecordId,
    about: Option<RecordId>,
    days: i64,
) -> register::Result<()> {
    writer.make_link(&digest, person, about, false, days_on(writer.now(), days))
}

/// Makes a link as someone who hands it on: with a record it is about that alone and is answered once.
pub fn hand_out(
    writer: &mut Writer<'_>,
    me: &Asker,
    digest: [u8; 32],
    about: (RecordId, Option<RecordId>),
    days: i64,
) -> register::Result<()> {
    let until = days_on(writer.now(), days);
    writer.hand_out(me, &digest, about, true, until)
}

/// Starts a session that a link just made would start.
pub fn start_by(writer: &mut Writer<'_>, link: [u8; 32], session: [u8; 32]) -> register::Result<()> {
    let until = session_end(writer.now());
    let link = writer.link(&link)?.ok_or(register::Fault::NotFound)?;
    writer.start_by_link(&link, &session, until)
}

/// The address of a personal link.
pub fn link_address(visit: &Visit, secret: &str) -> String {
    format!("{}{}", visit.app.site().origin, visit.href(&format!("/l/{secret}")))
}

/// What tries from a network address are counted under.
fn try_name(what: &str, network: &str) -> String {
    format!("{what}:{network}")
}

impl App {
    /// Counts a try; refuses when there were too many from this address.
    pub async fn throttle(&self, what: &str, most: u64, visit: &Visit) -> Result<(), Trouble> {
        let name = try_name(what, &visit.network);
        let since =
            self.now().saturating_add(SignedDuration::from_mins(-WINDOW_MINUTES)).unwrap_or(self.now());
        let counted = move |writer: &mut Writer<'_>| {
            let tries = writer.attempts(&name, since)?.n;
            writer.note_attempt(&name)?;
            Ok(tries)
        };
        match self.write(counted).await?.value >= most {
            true => Err(Trouble::Throttled(u32::try_from(WINDOW_MINUTES * 60).unwrap_or(3600))),
            false => Ok(()),
        }
    }
}

/// Days the first steward's link, and a reset link, work; once only.
const ONCE_DAYS: i64 = 1;

/// On a register without accounts: makes the first steward and gives the address of the one-time link.
pub fn first_steward(app: &App) -> anyhow::Result<Option<String>> {
    let none = app.register().read(|reader| Ok(reader.accounts(0, 1)?.is_empty()))?;
    if !none {
        return Ok(None);
    }
    let person = app.texts(crate::locale::Lang::Zh).get("sign.first-steward").to_owned();
    make_account(app, "steward", &person, Role::Steward, &Over::Node).map(Some)
}

/// Makes an account for a person filed by name, and tells the link by which the person sets a password.
pub fn new_account(app: &App, name: &str, person: &str, role: Role, over: Over) -> anyhow::Result<String> {
    make_account(app, name, person, role, &over)
}

fn make_account(app: &App, name: &str, person: &str, role: Role, over: &Over) -> anyhow::Result<String> {
    let secret = app.secret();
    let digest = crate::secret::digest(&secret);
    let (name, title, over) = (name.to_owned(), person.to_owned(), over.clone());
    app.register().write_now(app.now(), move |writer| {
        let place = match &over {
            Over::Place(place) => Some(place.clone()),
            _ => None,
        };
        let person = file_person(writer, &title, crate::fields::person::OFFICER, place)?;
        let account = writer.create_account(&name, None, person)?;
        writer.give(account.row, role, &over)?;
        writer.make_link(&digest, person, None, true, days_on(writer.now(), ONCE_DAYS))
    })?;
    Ok(format!("{}/l/{secret}", app.site().origin))
}

/// A one-time link by which the holder of an account sets a new password. Whoever has lost the second factor and its
/// recovery codes too is freed of it.
pub fn reset_link(app: &App, name: &str, forget_second: bool) -> anyhow::Result<String> {
    let secret = app.secret();
    let digest = crate::secret::digest(&secret);
    let asked = name.to_owned();
    app.register().write_now(app.now(), move |writer| {
        let account = writer.account_by_name(&asked)?.ok_or(register::Fault::NotFound)?;
        if forget_second {
            writer.end_second_factor(account.row)?;
            writer.note_signin(Some(account.row), trail::SECOND_OFF, "")?;
            end_everywhere(writer, account.row)?;
        }
        writer.make_link(&digest, account.person, None, true, days_on(writer.now(), ONCE_DAYS))
    })?;
    Ok(format!("{}/l/{secret}", app.site().origin))
}

/// Ends every session of an account, as a steward may.
pub fn end_everywhere(writer: &mut Writer<'_>, account: i64) -> register::Result<()> {
    writer.end_all(account)?;
    writer.note_signin(Some(account), trail::SESSIONS_ENDED, "")
}

/// A link of the demonstration for a person, about what the tour shows first.
pub fn demonstration_link(app: &App, person: RecordId) -> anyhow::Result<String> {
    let secret = app.secret();
    let digest = crate::secret::digest(&secret);
    app.register().write_now(app.now(), move |writer| make_link(writer, digest, person, None, ONCE_DAYS))?;
    Ok(format!("/l/{secret}"))
}

/// A session for a measurement: the `Cookie` header of who has come by link as this person.
pub fn bench_visit(app: &App, person: RecordId) -> anyhow::Result<String> {
    let secret = app.secret();
    let digest = crate::secret::digest(&secret);
    app.register().write_now(app.now(), move |writer| {
        let until = session_end(writer.now());
        writer.start_session(Who::Person(person), &digest, until)
    })?;
    Ok(format!("{SESSION_COOKIE}={secret}"))
}

/// A session for a measurement: the `Cookie` header of a new account with a role.
pub fn bench_session(app: &App, name: &str, role: Role, over: Vec<Over>) -> anyhow::Result<String> {
    let name = name.to_owned();
    let secret = app.secret();
    let digest = crate::secret::digest(&secret);
    app.register().write_now(app.now(), move |writer| {
        let person = file_person(writer, "测量员（虚构）", crate::fields::person::OFFICER, None)?;
        let account = writer.create_account(&name, None, person)?;
        over.iter().try_for_each(|over| writer.give(account.row, role, over))?;
        let until = session_end(writer.now());
        writer.start_session(Who::Account(account.row), &digest, until)
    })?;
    Ok(format!("{SESSION_COOKIE}={secret}"))
}

/// Milliseconds a password takes to be checked: the fastest, the middle and the slowest of so many.
pub fn bench_passwords(count: usize, clock: fn() -> std::time::Instant) -> anyhow::Result<[f64; 3]> {
    let hash = password::hash("九月的雨下在江南").map_err(|trouble| anyhow::anyhow!("{trouble:?}"))?;
    let mut times: Vec<f64> = (0..count.max(1))
        .map(|_| {
            let begun = clock();
            let _ = password::check("九月的雨下在江北", Some(&hash));
            (begun.elapsed().as_secs_f64() * 100_000.0).round() / 100.0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    let at = |part: usize| times.get(part).copied().unwrap_or_default();
    Ok([at(0), at(times.len() / 2), at(times.len() - 1)])
}

/// Files a person record by name; the house itself files it.
pub fn file_person(
    writer: &mut Writer<'_>,
    name: &str,
    type_path: &str,
    place: Option<base::place::Place>,
) -> register::Result<RecordId> {
    file_person_as(writer, None, name, type_path, place)
}

/// As [`file_person`], under an id decided before.
pub fn file_person_as(
    writer: &mut Writer<'_>,
    id: Option<RecordId>,
    name: &str,
    type_path: &str,
    place: Option<base::place::Place>,
) -> register::Result<RecordId> {
    let mut fields = Fields::new();
    fields.insert(crate::fields::person::NAME.into(), serde_json::json!(name));
    let kind = crate::fields::person::KIND.to_owned();
    let new = New { kind, type_path: type_path.to_owned(), fields, place, id, ..New::default() };
    Ok(writer.create(&house(), new)?.item.id)
}

/// So many days from a moment.
pub fn days_on(now: Timestamp, days: i64) -> Timestamp {
    now.saturating_add(SignedDuration::from_hours(days * 24)).unwrap_or(now)
}
