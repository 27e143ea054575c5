//! Pages of signing in and out, personal links, one's account, and the large-type preference.

use askama::Template as _;
use axum::extract::{Path, RawQuery};
use axum::http::header;
use axum::response::{Html, IntoResponse, Redirect, Response};

use super::{TRIES_MAX, password, session_cookie, session_end};
use crate::records::edit::redirect;
use crate::records::posted::{Posted, read_pairs};
use crate::trouble::Trouble;
use crate::view::{AccountView, LinkView, SigninView};
use crate::visit::{LARGE_COOKIE, SESSION_COOKIE, Visit};

/// `GET /signin`.
pub async fn form(visit: Visit, RawQuery(query): RawQuery) -> Result<Html<String>, Trouble> {
    let pairs = read_pairs(query.unwrap_or_default().as_bytes())?;
    let next = pairs.into_iter().find(|(name, _)| name == "next").map(|(_, value)| value).unwrap_or_default();
    page(&visit, "", safe_next(&next), None)
}

/// Only addresses of this house may follow a sign-in.
fn safe_next(next: &str) -> String {
    let plain = next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let inside = plain && next.starts_with('/') && !next.starts_with("//");
    if inside { next.to_owned() } else { "/work".to_owned() }
}

fn page(visit: &Visit, name: &str, next: String, fault: Option<&str>) -> Result<Html<String>, Trouble> {
    let view = SigninView {
        page: visit.page(visit.t("sign.title")),
        name: name.to_owned(),
        fault: fault.map(|key| visit.t(key).to_owned()),
        next,
        blocked: blocked(visit),
    };
    Ok(Html(view.render()?))
}

/// A session cookie is kept only over https or on loopback: elsewhere say so, and what to do.
fn blocked(visit: &Visit) -> Option<String> {
    (!visit.app.site().cookies).then(|| visit.t("sign.blocked").to_owned())
}

/// `POST /signin`.
pub async fn enter(visit: Visit, posted: Posted) -> Result<Response, Trouble> {
    visit.app.throttle("signin", TRIES_MAX, &visit).await?;
    let (name, word) = (posted.draft.one("name").trim().to_owned(), posted.draft.one("password").to_owned());
    let next = safe_next(posted.draft.one("next"));
    let asked = name.clone();
    let account = visit.app.read(move |reader| Ok(reader.account_by_name(&asked)?)).await?;
    let hash = account.as_ref().and_then(|account| account.hash.clone());
    let right = tokio::task::spawn_blocking(move || password::check(&word, hash.as_deref())).await?;
    let Some(account) = account.filter(|_| right && visit.app.site().cookies) else {
        return Ok((axum::http::StatusCode::UNAUTHORIZED, page(&visit, &name, next, Some("sign.wrong"))?)
            .into_response());
    };
    let secret = visit.app.secret();
    let digest = crate::secret::digest(&secret);
    visit
        .app
        .write(move |writer| {
            let until = session_end(writer.now());
            writer.start_session(register::Who::Account(account.row), &digest, until)
        })
        .await?;
    Ok(([(header::SET_COOKIE, session_cookie(&secret))], Redirect::to(&visit.href(&next))).into_response())
}

/// `POST /signout`: the session ends on the server too.
pub async fn leave(visit: Visit, headers: axum::http::HeaderMap) -> Result<Response, Trouble> {
    if let Some(secret) = crate::visit::cookie(&headers, SESSION_COOKIE) {
        let digest = crate::secret::digest(secret);
        visit.app.write(move |writer| writer.end_session(&digest)).await?;
    }
    let gone = format!("{SESSION_COOKIE}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax");
    Ok(([(header::SET_COOKIE, gone)], Redirect::to(&visit.href("/"))).into_response())
}

/// `GET /l/{secret}`: whose link it is; nothing happens yet, so that a chat's preview uses nothing up.
pub async fn link(visit: Visit, Path(secret): Path<String>) -> Result<Html<String>, Trouble> {
    let digest = crate::secret::digest(&secret);
    let now = visit.app.now();
    let (link, name, about) = visit.app.read(move |reader| look_at(reader, &digest, now)).await?;
    let view = LinkView {
        page: visit.page(visit.t("link.title")),
        action: visit.href(&format!("/l/{secret}")),
        name,
        purpose: match &about {
            Some(title) => visit.texts().fill("link.purpose", &[("title", title)]),
            None => visit.t("link.purpose-account").to_owned(),
        },
        until: crate::clock::minute(link.expires, visit.lang),
        blocked: blocked(&visit),
    };
    Ok(Html(view.render()?))
}

/// A living link, the name of its person, and the title of what it is about.
fn look_at(
    reader: &register::Reader<'_>,
    digest: &[u8],
    now: jiff::Timestamp,
) -> Result<(register::Link, String, Option<String>), Trouble> {
    let living = |link: &register::Link| link.expires > now && !(link.once && link.used);
    let link = reader.link(digest)?.filter(living).ok_or(Trouble::LinkExpired)?;
    let me = coming(reader, link.person)?;
    let wanted: Vec<_> = std::iter::once(link.person).chain(link.record).collect();
    let titles = reader.titles(&me, &wanted)?;
    let name = titles.get(&link.person).cloned().unwrap_or_default();
    let about = link.record.and_then(|record| titles.get(&record).cloned());
    Ok((link, name, about))
}

/// Who comes by a link: the person with the roles of their account, if they have one.
fn coming(reader: &register::Reader<'_>, person: base::id::RecordId) -> register::Result<catalogue::Asker> {
    let account = reader.accounts_of(person)?.first().map(|account| account.row);
    reader.asker(account, person)
}

/// `POST /l/{secret}`: goes on as that person.
pub async fn enter_by_link(visit: Visit, Path(secret): Path<String>) -> Result<Response, Trouble> {
    if !visit.app.site().cookies {
        return Ok(link(visit, Path(secret)).await?.into_response());
    }
    let digest = crate::secret::digest(&secret);
    let session = visit.app.secret();
    let session_digest = crate::secret::digest(&session);
    let used = visit
        .app
        .write(move |writer| {
            let Some(link) = writer.use_link(&digest)? else { return Ok(None) };
            // A person who has an account comes with its roles, others with their own record alone.
            let account = writer.accounts_of(link.person)?.first().map(|account| account.row);
            let who = account.map_or(register::Who::Person(link.person), register::Who::Account);
            let until = session_end(writer.now());
            writer.start_session(who, &session_digest, until)?;
            Ok(Some(link))
        })
        .await?;
    let link = used.value.ok_or(Trouble::LinkExpired)?;
    let about = match link.record {
        Some(record) => {
            let seen = move |reader: &register::Reader<'_>| {
                let me = coming(reader, link.person)?;
                Ok(reader.seen(&me, &register::Key::Id(record)).ok())
            };
            visit.app.read(seen).await?
        }
        None => None,
    };
    let catalogue = visit.app.register().catalogue();
    let about =
        about.and_then(|item| Some(crate::records::address(catalogue.kind(&item.kind)?, &item.number)));
    let next = about.unwrap_or_else(|| if link.once { "/account".to_owned() } else { "/work".to_owned() });
    Ok(([(header::SET_COOKIE, session_cookie(&session))], Redirect::to(&visit.href(&next))).into_response())
}

/// `GET /account`.
pub async fn account(visit: Visit) -> Result<Html<String>, Trouble> {
    let name = sign_name(&visit).await?;
    account_page(&visit, name, Vec::new())
}

/// The name this visitor signs in with; none for a person come by link.
async fn sign_name(visit: &Visit) -> Result<Option<String>, Trouble> {
    let signed = visit.signed.clone().ok_or(Trouble::SigninNeeded)?;
    let Some(row) = signed.account else { return Ok(None) };
    Ok(visit.app.read(move |reader| Ok(reader.account(row)?)).await?.map(|account| account.name))
}

fn account_page(visit: &Visit, name: Option<String>, faults: Vec<&str>) -> Result<Html<String>, Trouble> {
    let view = AccountView {
        page: visit.page(visit.t("account.title")),
        choose_name: false,
        name: name.unwrap_or_default(),
        faults: faults.into_iter().map(|key| visit.t(key).to_owned()).collect(),
        links: Vec::new(),
    };
    Ok(Html(view.render()?))
}

/// `POST /account`: a new password; every other session of the account ends.
pub async fn set_account(visit: Visit, posted: Posted) -> Result<Response, Trouble> {
    let name = sign_name(&visit).await?;
    let Some(id) = visit.signed.as_ref().and_then(|signed| signed.account) else {
        return Err(Trouble::Register(register::Fault::NotAllowed));
    };
    let (word, again) = (posted.draft.one("password").to_owned(), posted.draft.one("again"));
    let mut faults = password::faults(&word, name.as_deref().unwrap_or_default());
    if word != again {
        faults.push("sign.password-differs");
    }
    if !faults.is_empty() {
        return Ok((axum::http::StatusCode::UNPROCESSABLE_ENTITY, account_page(&visit, name, faults)?)
            .into_response());
    }
    let hash = tokio::task::spawn_blocking(move || password::hash(&word)).await??;
    visit.app.write(move |writer| writer.set_password(id, &hash)).await?;
    Ok(redirect(&visit, "/work", "notice.password-set"))
}

/// `POST /large-type`: the one preference cookie, only when asked for.
pub async fn large_type(visit: Visit, posted: Posted) -> Response {
    let age = if visit.large { 0 } else { 365 * 86_400 };
    let cookie = format!("{LARGE_COOKIE}=1; Path=/; Max-Age={age}; SameSite=Lax");
    let back = safe_next(posted.draft.one("next"));
    ([(header::SET_COOKIE, cookie)], Redirect::to(&visit.href(&back))).into_response()
}

#[cfg(test)]
mod tests {
    use super::safe_next;

    #[test]
    fn only_addresses_of_this_house_follow_a_sign_in() {
        for inside in ["/demands", "/search?q=%E4%B8%AD", "/demands/330500-2026-000001-4"] {
            assert_eq!(safe_next(inside), inside);
        }
        for outside in
            ["", "//evil.example", "https://evil.example", "/\\evil.example", "/中文", "/a\r\nb: c"]
        {
            assert_eq!(safe_next(outside), "/work", "{outside:?}");
        }
    }
}
