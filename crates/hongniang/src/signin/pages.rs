//! Pages of signing in and out, personal links, and the large-type preference. What decides stands in [`entry`].

use askama::Template as _;
use axum::extract::RawQuery;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};

use super::entry::{self, Begun, Half, Refused};
use super::trail;
use crate::records::posted::{Posted, read_pairs};
use crate::trouble::Trouble;
use crate::view::{CodeView, SigninView};
use crate::visit::{LARGE_COOKIE, SESSION_COOKIE, Visit};

/// `GET /signin`.
pub async fn form(visit: Visit, RawQuery(query): RawQuery) -> Result<Html<String>, Trouble> {
    page(&visit, "", next_of(query)?, None)
}

/// Where the query says to go afterwards.
pub fn next_of(query: Option<String>) -> Result<String, Trouble> {
    let pairs = read_pairs(query.unwrap_or_default().as_bytes())?;
    let next = pairs.into_iter().find(|(name, _)| name == "next").map(|(_, value)| value).unwrap_or_default();
    Ok(safe_next(&next))
}

/// Only addresses of this house may follow a sign-in.
fn safe_next(next: &str) -> String {
    let plain = next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let inside = plain && next.starts_with('/') && !next.starts_with("//");
    if inside { next.to_owned() } else { "/work".to_owned() }
}

fn page(visit: &Visit, name: &str, next: String, fault: Option<String>) -> Result<Html<String>, Trouble> {
    let provider = visit.app.provider().map(|provider| {
        let words = visit.texts().fill("sign.provider", &[("name", provider.name())]);
        visit.link(&format!("/signin/oidc?next={}", crate::problem::encode_query(&next)), words)
    });
    let view = SigninView {
        page: visit.page(visit.t("sign.title")),
        name: name.to_owned(),
        fault,
        provider,
        next,
        blocked: blocked(visit),
    };
    Ok(Html(view.render()?))
}

/// A session cookie is kept only over https or on loopback: elsewhere say so, and what to do.
pub fn blocked(visit: &Visit) -> Option<String> {
    (!visit.app.site().cookies).then(|| visit.t("sign.blocked").to_owned())
}

/// Why nobody was let in, with the remedy; `wrong` is the key for what was typed wrongly.
pub fn told(visit: &Visit, refused: Refused, wrong: &str) -> String {
    match refused {
        Refused::Wrong => visit.t(wrong).to_owned(),
        Refused::Gone => visit.t("problem.signin-gone.detail").to_owned(),
        Refused::Locked(until) => {
            visit.texts().fill("sign.locked", &[("until", &crate::clock::minute(until, visit.lang))])
        }
    }
}

/// `POST /signin`.
pub async fn enter(visit: Visit, posted: Posted) -> Result<Response, Trouble> {
    let name = posted.draft.one("name").trim().to_owned();
    let next = safe_next(posted.draft.one("next"));
    match entry::by_password(&visit, &name, posted.draft.one("password")).await? {
        Ok(account) => entry::go_on(&visit, &account, Half { by: Begun::Password, next, bind: None }).await,
        Err(refused) => {
            let fault = told(&visit, refused, "sign.wrong");
            Ok((StatusCode::UNAUTHORIZED, page(&visit, &name, next, Some(fault))?).into_response())
        }
    }
}

/// `GET /signin/code`: the code of the second factor, after the first.
pub async fn code_form(visit: Visit) -> Result<Html<String>, Trouble> {
    entry::waiting_for_code(&visit).await?.ok_or(Trouble::SigninGone)?;
    code_page(&visit, None)
}

fn code_page(visit: &Visit, fault: Option<String>) -> Result<Html<String>, Trouble> {
    let view = CodeView { page: visit.page(visit.t("second.title")), fault };
    Ok(Html(view.render()?))
}

/// `POST /signin/code`.
pub async fn enter_by_code(visit: Visit, posted: Posted) -> Result<Response, Trouble> {
    match entry::by_code(&visit, posted.draft.one("code")).await? {
        Ok(answer) => Ok(answer),
        Err(Refused::Gone) => Err(Trouble::SigninGone),
        Err(refused) => {
            let fault = told(&visit, refused, "second.wrong");
            Ok((StatusCode::UNAUTHORIZED, code_page(&visit, Some(fault))?).into_response())
        }
    }
}

/// `POST /signout`: the session ends on the server too.
pub async fn leave(visit: Visit, headers: HeaderMap) -> Result<Response, Trouble> {
    if let Some(secret) = crate::visit::cookie(&headers, SESSION_COOKIE) {
        let digest = crate::secret::digest(secret);
        let account = visit.signed.as_ref().and_then(|signed| signed.account);
        let network = visit.network.clone();
        let left = move |writer: &mut register::Writer<'_>| {
            writer.end_session(&digest)?;
            match account {
                Some(_) => writer.note_signin(account, trail::LEFT, &network),
                None => Ok(()),
            }
        };
        visit.app.write(left).await?;
    }
    let gone = entry::no_session();
    // What a phone kept for where there is no signal goes with the session.
    let wiped = (HeaderName::from_static("clear-site-data"), "\"storage\"".to_owned());
    Ok(([(header::SET_COOKIE, gone), wiped], Redirect::to(&visit.href("/"))).into_response())
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
