//! One's account: password, identities, sessions and what happened lately, on one page; and what changes them.
//!
//! Whoever changes how an account is signed in to ends its other sessions. Start at [`show`].

use askama::Template as _;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use catalogue::Over;
use register::{Account, Entry, Reader, Session, SignedIn, Way, Writer};

use super::entry;
use super::policy::Owed;
use super::{pages, password, session_cookie, trail};
use crate::app::App;
use crate::clock::minute;
use crate::records::edit::redirect;
use crate::records::posted::Posted;
use crate::trouble::Trouble;
use crate::view::{AccountView, EventLine, IdentityLine, PasswordForm, PasswordView, SessionLine};
use crate::visit::Visit;

/// Lines of the trail on the page.
const EVENTS_SHOWN: usize = 20;

/// What the page tells of an account.
struct Told {
    account: Account,
    roles: Vec<String>,
    second: Option<(jiff::Timestamp, u64)>,
    identities: Vec<register::Identity>,
    sessions: Vec<Session>,
    events: Vec<register::SigninEvent>,
}

/// The account of who is signed in; a person come by link has none.
pub fn account_row(visit: &Visit) -> Result<i64, Trouble> {
    let signed = visit.signed.as_ref().ok_or(Trouble::SigninNeeded)?;
    signed.account.ok_or(Trouble::Register(register::Fault::NotAllowed))
}

/// The account of who is signed in, as it stands now.
pub async fn own(visit: &Visit) -> Result<Account, Trouble> {
    let row = account_row(visit)?;
    visit.app.read(move |reader| Ok(reader.account(row)?)).await?.ok_or(Trouble::SigninNeeded)
}

/// `GET /account`.
pub async fn show(visit: Visit) -> Result<Html<String>, Trouble> {
    let signed = visit.signed.clone().ok_or(Trouble::SigninNeeded)?;
    let told = match signed.account {
        Some(row) => {
            let looking = visit.clone();
            Some(visit.app.read(move |reader| tell(&looking, reader, row)).await?)
        }
        None => None,
    };
    Ok(Html(view(&visit, &signed, told).render()?))
}

fn tell(visit: &Visit, reader: &Reader<'_>, row: i64) -> Result<Told, Trouble> {
    let factor = reader.second_factor(row)?.filter(|factor| factor.confirmed);
    let second = match factor {
        Some(factor) => Some((factor.since, reader.recovery_codes_left(row)?)),
        None => None,
    };
    let roles = reader.roles(row)?;
    Ok(Told {
        roles: roles.iter().map(|held| crate::accounts::role_words(visit, reader, &held.grant)).collect(),
        account: reader.account(row)?.ok_or(Trouble::SigninNeeded)?,
        second,
        identities: reader.identities_of(row)?,
        sessions: reader.sessions(row, visit.app.now())?,
        events: reader.signin_events(row, EVENTS_SHOWN)?,
    })
}

fn view(visit: &Visit, signed: &SignedIn, told: Option<Told>) -> AccountView {
    let page = visit.page(visit.t("account.title"));
    let role = page.me.as_ref().map(|me| me.role.clone()).unwrap_or_default();
    let person = signed.name.clone();
    let Some(told) = told else {
        return AccountView {
            page,
            person,
            role,
            ..AccountView::of_link(visit.page(visit.t("account.title")))
        };
    };
    let last_way = told.account.hash.is_none() && told.identities.len() < 2;
    AccountView {
        page,
        person,
        role: told.roles.join(visit.t("list.comma")),
        password_since: told.account.password_at.map(|at| {
            let words = [("name", told.account.name.as_str()), ("since", &minute(at, visit.lang))];
            visit.texts().fill("account.password-since", &words)
        }),
        password: Some(form(visit, &told.account, Vec::new())),
        second: told.second.map(|(since, left)| second_line(visit, since, left)),
        second_needed: visit.app.policy().needs_second(&signed.asker),
        provider: visit.app.provider().map(|provider| provider.name().to_owned()),
        identities: told.identities.into_iter().map(|found| identity(visit, found, !last_way)).collect(),
        sessions: living(visit, signed, told.sessions),
        events: told.events.into_iter().map(|found| event(visit, found)).collect(),
        manages: crate::accounts::must_look_after(visit).is_ok(),
        runs: crate::notices::pages::runs_the_house(&signed.asker),
    }
}

fn second_line(visit: &Visit, since: jiff::Timestamp, left: u64) -> String {
    let (since, left) = (minute(since, visit.lang), left.to_string());
    visit.texts().fill("account.second-on", &[("since", &since), ("left", &left)])
}

fn identity(visit: &Visit, found: register::Identity, may_end: bool) -> IdentityLine {
    IdentityLine {
        name: found.name,
        since: visit.texts().fill("account.identity-since", &[("since", &minute(found.since, visit.lang))]),
        issuer: found.issuer,
        subject: found.subject,
        may_end,
    }
}

/// The sessions that were not idle for too long, this one first.
fn living(visit: &Visit, signed: &SignedIn, sessions: Vec<Session>) -> Vec<SessionLine> {
    let (policy, now) = (visit.app.policy(), visit.app.now());
    let mut lines: Vec<SessionLine> = sessions
        .into_iter()
        .filter(|session| policy.lives(session.seen, now))
        .map(|session| SessionLine {
            this: session.token == signed.token,
            token: crate::secret::encode(&session.token),
            way: visit.t(way_key(session.way)).to_owned(),
            agent: session.agent,
            network: session.network,
            times: times(visit, session.started, session.seen),
        })
        .collect();
    lines.sort_by_key(|line| !line.this);
    lines
}

fn times(visit: &Visit, started: jiff::Timestamp, seen: jiff::Timestamp) -> String {
    let (started, seen) = (minute(started, visit.lang), minute(seen, visit.lang));
    visit.texts().fill("account.session-times", &[("started", &started), ("seen", &seen)])
}

fn way_key(way: Way) -> &'static str {
    match way {
        Way::Link => "account.way-link",
        Way::Password => "account.way-password",
        Way::Provider => "account.way-provider",
    }
}

fn event(visit: &Visit, found: register::SigninEvent) -> EventLine {
    EventLine {
        at: minute(found.at, visit.lang),
        what: visit.t(&format!("trail.{}", found.what)).to_owned(),
        network: found.network,
    }
}

/// Whoever has a password shows it to change it, unless a link to set it anew brought them here.
fn must_show(visit: &Visit, account: &Account) -> bool {
    let by_link = visit.signed.as_ref().is_some_and(|signed| signed.way == Way::Link);
    account.hash.is_some() && !by_link
}

fn form(visit: &Visit, account: &Account, faults: Vec<String>) -> PasswordForm {
    let strict = visit.app.policy().classes_min > 0;
    PasswordForm {
        name: account.name.clone(),
        current: must_show(visit, account),
        help: visit.t(if strict { "sign.password-help-strict" } else { "sign.password-help" }).to_owned(),
        faults,
    }
}

/// `GET /account/password`.
pub async fn password_form(visit: Visit) -> Result<Html<String>, Trouble> {
    let account = own(&visit).await?;
    password_page(&visit, &account, Vec::new())
}

fn password_page(visit: &Visit, account: &Account, faults: Vec<String>) -> Result<Html<String>, Trouble> {
    let policy = visit.app.policy();
    let owed = visit.signed.as_ref().and_then(|signed| policy.owed(signed));
    let days = policy.age_days.unwrap_or_default().to_string();
    let why =
        (owed == Some(Owed::Password)).then(|| visit.texts().fill("sign.password-old", &[("days", &days)]));
    let view = PasswordView {
        page: visit.page(visit.t("account.password")),
        why,
        password: form(visit, account, faults),
    };
    Ok(Html(view.render()?))
}

/// `POST /account/password`: every fault at once; then a new session here and none elsewhere.
pub async fn set_password(visit: Visit, posted: Posted) -> Result<Response, Trouble> {
    let account = own(&visit).await?;
    let word = posted.draft.one("password").to_owned();
    let mut faults = Vec::new();
    if must_show(&visit, &account)
        && let Err(refused) = entry::by_password(&visit, &account.name, posted.draft.one("current")).await?
    {
        faults.push(pages::told(&visit, refused, "sign.password-current"));
    }
    let context = context(&visit, &account).await?;
    let keys = visit.app.policy().faults(&word, &context);
    faults.extend(keys.into_iter().map(|key| visit.t(key).to_owned()));
    if word != posted.draft.one("again") {
        faults.push(visit.t("sign.password-differs").to_owned());
    }
    if faults.is_empty() && used_before(&visit.app, &account, &word).await? {
        let most = visit.app.policy().history.to_string();
        faults.push(visit.texts().fill("sign.password-used", &[("most", &most)]));
    }
    if !faults.is_empty() {
        let page = password_page(&visit, &account, faults)?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let hash = tokio::task::spawn_blocking(move || password::hash(&word)).await??;
    let most = visit.app.policy().history;
    let row = account.row;
    renew(&visit, row, trail::PASSWORD_SET, "notice.password-set", move |writer| {
        if most > 0 {
            writer.keep_password(row, &hash, most)?;
        }
        writer.set_password(row, &hash)
    })
    .await
}

/// Words the password must not be made of: the names of the account, its person, and what its roles extend over.
async fn context(visit: &Visit, account: &Account) -> Result<Vec<String>, Trouble> {
    let Some(signed) = visit.signed.clone() else { return Ok(Vec::new()) };
    let mut words = vec![account.name.clone(), signed.name.clone()];
    let mut units = signed.asker.organizations.clone();
    for grant in &signed.asker.roles {
        match &grant.over {
            Over::Place(place) => words.push(place.name().to_string()),
            Over::Organization(id) => units.push(*id),
            Over::Node => {}
        }
    }
    let asker = signed.asker.clone();
    let titles = visit.app.read(move |reader| Ok(reader.titles(&asker, &units)?)).await?;
    words.extend(titles.into_values());
    Ok(words)
}

/// Whether a password is one of the newest of the account; only asked where the policy wants to know.
async fn used_before(app: &App, account: &Account, word: &str) -> Result<bool, Trouble> {
    let (most, row) = (app.policy().history, account.row);
    if most == 0 {
        return Ok(false);
    }
    let mut hashes = app.read(move |reader| Ok(reader.past_passwords(row, most)?)).await?;
    hashes.extend(account.hash.clone());
    let word = word.to_owned();
    let found = move || hashes.iter().any(|hash| password::check(&word, Some(hash)));
    Ok(tokio::task::spawn_blocking(found).await?)
}

/// Makes a change of how an account is signed in to; the one session that goes on gets a new token.
pub async fn renew(
    visit: &Visit,
    account: i64,
    what: &'static str,
    notice: &str,
    change: impl FnOnce(&mut Writer<'_>) -> register::Result<()> + Send + 'static,
) -> Result<Response, Trouble> {
    let secret = renewed(visit, account, what, change).await?;
    let mut answer = redirect(visit, "/account", notice);
    entry::set_cookie(answer.headers_mut(), &session_cookie(&secret));
    Ok(answer)
}

/// As [`renew`]; gives the new token.
pub async fn renewed(
    visit: &Visit,
    account: i64,
    what: &'static str,
    change: impl FnOnce(&mut Writer<'_>) -> register::Result<()> + Send + 'static,
) -> Result<String, Trouble> {
    let (secret, policy) = (visit.app.secret(), visit.app.policy());
    let digest = crate::secret::digest(&secret);
    let way = visit.signed.as_ref().map_or(Way::Link, |signed| signed.way);
    let proven = visit.signed.as_ref().is_some_and(|signed| signed.proven) || what == trail::SECOND_ON;
    // Who has set a password goes on as someone who knows it.
    let way = if what == trail::PASSWORD_SET { Way::Password } else { way };
    let entry = Entry { account, way, proven, network: visit.network.clone(), agent: visit.agent.clone() };
    let changed = move |writer: &mut Writer<'_>| {
        change(writer)?;
        writer.end_all(account)?;
        writer.note_signin(Some(account), what, &entry.network)?;
        writer.enter(&entry, &digest, policy.session_end(writer.now()))
    };
    visit.app.write(changed).await?;
    Ok(secret)
}

/// `POST /account/sessions`: ends one of mine, or all but this one.
pub async fn end_sessions(visit: Visit, posted: Posted) -> Result<Response, Trouble> {
    let (account, network) = (account_row(&visit)?, visit.network.clone());
    let own = visit.signed.as_ref().map(|signed| signed.token.clone()).unwrap_or_default();
    let named = posted.draft.one("session").to_owned();
    let ended = move |writer: &mut Writer<'_>| {
        if named.is_empty() {
            writer.end_others(account, &own)?;
            return writer.note_signin(Some(account), trail::SESSIONS_ENDED, &network);
        }
        let now = writer.now();
        let found = writer.sessions(account, now)?;
        let found = found.into_iter().find(|session| crate::secret::encode(&session.token) == named);
        match found {
            Some(session) if writer.end_session_of(account, &session.token)? => {
                writer.note_signin(Some(account), trail::SESSION_ENDED, &network)
            }
            _ => Ok(()),
        }
    };
    visit.app.write(ended).await?;
    Ok(redirect(&visit, "/account", "notice.sessions-ended"))
}

/// `POST /account/identities`: takes an identity off, unless it is the last way in.
pub async fn unbind(visit: Visit, posted: Posted) -> Result<Response, Trouble> {
    let (account, network) = (account_row(&visit)?, visit.network.clone());
    let (issuer, subject) = (posted.draft.one("issuer").to_owned(), posted.draft.one("subject").to_owned());
    let taken = move |writer: &mut Writer<'_>| {
        let password = writer.account(account)?.is_some_and(|account| account.hash.is_some());
        if !password && writer.identities_of(account)?.len() < 2 {
            return Ok(false);
        }
        writer.unbind_identity(account, &issuer, &subject)?;
        writer.note_signin(Some(account), trail::IDENTITY_UNBOUND, &network)?;
        Ok(true)
    };
    let done = visit.app.write(taken).await?.value;
    Ok(redirect(&visit, "/account", if done { "notice.identity-unbound" } else { "notice.identity-last" }))
}
