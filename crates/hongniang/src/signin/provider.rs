//! Pages of signing in through the identity provider: going there, coming back, and binding who is not known yet.
//!
//! What goes out is remembered in a ticket bound to a cookie, used up when someone comes back. Nobody is known by name
//! or address, only by issuer and subject. The protocol stands in [`super::oidc`]. Start at [`go`].

use askama::Template as _;
use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use register::{Fault, Ticket, Writer};
use serde::{Deserialize, Serialize};

use super::entry::{self, Begun, Half};
use super::oidc::{Marks, Subject, Unhelpful};
use super::pages::{blocked, next_of, told};
use super::trail;
use crate::app::App;
use crate::locale::Lang;
use crate::records::edit::redirect;
use crate::records::posted::{Posted, read_pairs};
use crate::trouble::Trouble;
use crate::view::BindView;
use crate::visit::Visit;

/// A ticket of someone who was sent to the provider.
const SENT: &str = "provider";
/// A ticket of someone the provider knows and this house does not.
const UNBOUND: &str = "unbound";
/// Times one network address is sent to the provider in an hour; each leaves a row for minutes.
const SENT_MAX: u64 = 200;

/// What must come back with someone.
#[derive(Serialize, Deserialize)]
struct Sent {
    state: String,
    nonce: String,
    verifier: String,
    next: String,
    /// From the account page: bind to the account of the ticket.
    bind: bool,
    /// They read English: the provider knows one address to come back to.
    english: bool,
}

/// Someone the provider knows.
#[derive(Clone, Serialize, Deserialize)]
struct Unbound {
    issuer: String,
    subject: String,
    name: String,
    next: String,
}

/// The address the provider sends people back to; one for both languages, as providers are told one.
fn back_address(app: &App) -> String {
    format!("{}/signin/oidc/back", app.site().origin)
}

/// `GET /signin/oidc`: to the provider.
pub async fn go(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, Trouble> {
    if visit.app.provider().is_none() {
        return Err(Trouble::NotFound);
    }
    if blocked(&visit).is_some() {
        return Ok(Redirect::to(&visit.href("/signin")).into_response());
    }
    visit.app.throttle("provider", SENT_MAX, &visit).await?;
    let account = visit.signed.as_ref().and_then(|signed| signed.account);
    let bind = query.as_deref() == Some("bind=1") && account.is_some();
    let next = if bind { "/account".to_owned() } else { next_of(query)? };
    let marks = Marks { state: visit.app.secret(), nonce: visit.app.secret(), verifier: visit.app.secret() };
    let sent = Sent {
        state: marks.state.clone(),
        nonce: marks.nonce.clone(),
        verifier: marks.verifier.clone(),
        next,
        bind,
        english: visit.lang == Lang::En,
    };
    let back = back_address(&visit.app);
    let door = asked(&visit.app, move |provider| provider.door(&marks, &back)).await?;
    let ticket = Ticket { account: account.filter(|_| bind), payload: written(&sent)? };
    let cookie = entry::keep_ticket(&visit.app, SENT, ticket).await?;
    let mut answer = Redirect::to(&door).into_response();
    entry::set_cookie(answer.headers_mut(), &cookie);
    Ok(answer)
}

fn written(value: &impl Serialize) -> Result<String, Trouble> {
    serde_json::to_string(value).map_err(|error| Trouble::Internal(error.to_string()))
}

fn read<'t, T: Deserialize<'t>>(ticket: &'t Ticket) -> Result<T, Trouble> {
    serde_json::from_str(&ticket.payload).map_err(|_| Trouble::SigninGone)
}

/// Asks the provider on a thread made for waiting. Why it is of no help goes to the log; people are told what to do.
async fn asked<T: Send + 'static>(
    app: &App,
    ask: impl FnOnce(&super::oidc::Provider) -> Result<T, Unhelpful> + Send + 'static,
) -> Result<T, Trouble> {
    let asking = app.clone();
    let answer = tokio::task::spawn_blocking(move || asking.provider().map(ask)).await?;
    match answer.ok_or(Trouble::NotFound)? {
        Ok(value) => Ok(value),
        Err(Unhelpful::Down(why)) => {
            eprintln!("{}: the identity provider does not answer: {why}", app.now());
            Err(Trouble::ProviderDown)
        }
        Err(Unhelpful::Wrong(why)) => {
            eprintln!("{}: the identity provider is not believed: {why}", app.now());
            Err(Trouble::ProviderWrong)
        }
    }
}

/// `GET /signin/oidc/back`: someone comes back from the provider.
pub async fn back(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, Trouble> {
    let query = query.unwrap_or_default();
    let waiting = entry::ticket(&visit, SENT).await?.ok_or(Trouble::SigninGone)?;
    if visit.lang == Lang::Zh && read::<Sent>(&waiting)?.english {
        return Ok(Redirect::to(&format!("/en/signin/oidc/back?{query}")).into_response());
    }
    let pairs = read_pairs(query.as_bytes())?;
    let said = |name: &str| pairs.iter().find(|(found, _)| found == name).map(|(_, value)| value.clone());
    let ticket = entry::take_ticket(&visit, SENT).await?.ok_or(Trouble::SigninGone)?;
    let sent: Sent = read(&ticket)?;
    if said("state").as_deref() != Some(sent.state.as_str()) {
        return Err(Trouble::SigninGone);
    }
    let code = match (said("code"), said("error")) {
        (Some(code), None) => code,
        (_, Some(error)) if error == "access_denied" => return Err(Trouble::ProviderRefused),
        (_, error) => {
            let word: String =
                error.unwrap_or_default().chars().filter(char::is_ascii_graphic).take(60).collect();
            eprintln!("{}: the identity provider sent an error back: {word}", visit.app.now());
            return Err(Trouble::ProviderWrong);
        }
    };
    let marks = Marks { state: sent.state, nonce: sent.nonce, verifier: sent.verifier };
    let (address, now) = (back_address(&visit.app), visit.app.now());
    let subject = asked(&visit.app, move |provider| provider.redeem(&code, &marks, &address, now)).await?;
    match sent.bind {
        true => bind_here(&visit, ticket.account, subject).await,
        false => known(&visit, subject, sent.next).await,
    }
}

fn issuer(app: &App) -> Result<String, Trouble> {
    Ok(app.provider().ok_or(Trouble::NotFound)?.issuer().to_owned())
}

/// Someone known goes on; someone unknown is told so, and may bind.
async fn known(visit: &Visit, subject: Subject, next: String) -> Result<Response, Trouble> {
    let issuer = issuer(&visit.app)?;
    let (asked, of) = (issuer.clone(), subject.subject.clone());
    let account = visit
        .app
        .read(move |reader| match reader.identity(&asked, &of)? {
            Some(identity) => Ok(reader.account(identity.account)?),
            None => Ok(None),
        })
        .await?;
    if let Some(account) = account {
        return entry::go_on(visit, &account, Half { by: Begun::Provider, next, bind: None }).await;
    }
    let unbound = Unbound { issuer, subject: subject.subject, name: subject.name, next };
    let ticket = Ticket { account: None, payload: written(&unbound)? };
    let cookie = entry::keep_ticket(&visit.app, UNBOUND, ticket).await?;
    let mut answer = Redirect::to(&visit.href("/signin/bind")).into_response();
    entry::set_cookie(answer.headers_mut(), &cookie);
    Ok(answer)
}

/// Binds to the account that asked for it, if the same person still sits here.
async fn bind_here(visit: &Visit, account: Option<i64>, subject: Subject) -> Result<Response, Trouble> {
    let here = visit.signed.as_ref().and_then(|signed| signed.account);
    let account = account.filter(|account| Some(*account) == here).ok_or(Trouble::SigninGone)?;
    let (issuer, network) = (issuer(&visit.app)?, visit.network.clone());
    let bound = move |writer: &mut Writer<'_>| {
        writer.bind_identity(account, &issuer, &subject.subject, &subject.name)?;
        writer.note_signin(Some(account), trail::IDENTITY_BOUND, &network)
    };
    match visit.app.write(bound).await {
        Err(Trouble::Register(Fault::Claimed { .. })) => {
            Ok(redirect(visit, "/account", "notice.identity-taken"))
        }
        other => other.map(|_| redirect(visit, "/account", "notice.identity-bound")),
    }
}

/// `GET /signin/bind`: known to the provider, not here.
pub async fn bind_form(visit: Visit) -> Result<Html<String>, Trouble> {
    let ticket = entry::ticket(&visit, UNBOUND).await?.ok_or(Trouble::SigninGone)?;
    bind_page(&visit, &read::<Unbound>(&ticket)?, "", None)
}

fn bind_page(
    visit: &Visit,
    who: &Unbound,
    name: &str,
    fault: Option<String>,
) -> Result<Html<String>, Trouble> {
    let provider = visit.app.provider().map(|provider| provider.name().to_owned()).unwrap_or_default();
    let words = [("provider", provider.as_str()), ("name", who.name.as_str())];
    let view = BindView {
        page: visit.page(visit.t("sign.bind-title")),
        unknown: visit.texts().fill("sign.bind-unknown", &words),
        name: name.to_owned(),
        fault,
    };
    Ok(Html(view.render()?))
}

/// `POST /signin/bind`: the account whose password is shown is this person's.
pub async fn bind(visit: Visit, posted: Posted) -> Result<Response, Trouble> {
    let ticket = entry::ticket(&visit, UNBOUND).await?.ok_or(Trouble::SigninGone)?;
    let who: Unbound = read(&ticket)?;
    let name = posted.draft.one("name").trim().to_owned();
    match entry::by_password(&visit, &name, posted.draft.one("password")).await? {
        Err(refused) => {
            let fault = told(&visit, refused, "sign.wrong");
            Ok((StatusCode::UNAUTHORIZED, bind_page(&visit, &who, &name, Some(fault))?).into_response())
        }
        Ok(account) => {
            entry::take_ticket(&visit, UNBOUND).await?.ok_or(Trouble::SigninGone)?;
            let bind = Some((who.issuer, who.subject, who.name));
            entry::go_on(&visit, &account, Half { by: Begun::Password, next: who.next, bind }).await
        }
    }
}
