//! Setting the second factor up and taking it away. The secret and the recovery codes are shown once, to the person who
//! sets it up; a code must confirm it before it counts.
//!
//! Start at [`form`].

use askama::Template as _;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use register::{Account, Reader, SecondFactor, Writer};

use super::account::{own, renew, renewed};
use super::policy::Owed;
use super::{entry, pages, session_cookie, totp, trail};
use crate::records::posted::Posted;
use crate::trouble::Trouble;
use crate::view::{RecoveryView, SecondOffView, SecondView};
use crate::visit::Visit;

/// `GET /account/second`: sets it up, or takes it away.
pub async fn form(visit: Visit) -> Result<Html<String>, Trouble> {
    let account = own(&visit).await?;
    match factor(&visit, account.row).await? {
        Some(factor) if factor.confirmed => off_page(&visit, &account, Vec::new()),
        Some(factor) => on_page(&visit, &account, &factor.secret, None),
        None => {
            let (secret, row) = (visit.app.draw::<{ totp::SECRET_BYTES }>(), account.row);
            let proposed = move |writer: &mut Writer<'_>| writer.propose_second_factor(row, &secret);
            visit.app.write(proposed).await?;
            on_page(&visit, &account, &secret, None)
        }
    }
}

async fn factor(visit: &Visit, account: i64) -> Result<Option<SecondFactor>, Trouble> {
    visit.app.read(move |reader: &Reader<'_>| Ok(reader.second_factor(account)?)).await
}

fn on_page(
    visit: &Visit,
    account: &Account,
    secret: &[u8],
    fault: Option<String>,
) -> Result<Html<String>, Trouble> {
    let address = totp::address(secret, visit.t("site.short"), &account.name);
    let (path, side) = totp::picture(&address).ok_or_else(|| Trouble::Internal("no picture".to_owned()))?;
    let owed = visit.signed.as_ref().and_then(|signed| visit.app.policy().owed(signed));
    let view = SecondView {
        page: visit.page(visit.t("second.set-up")),
        why: (owed == Some(Owed::Second)).then(|| visit.t("second.needed").to_owned()),
        secret: totp::grouped(&totp::letters(secret)),
        address,
        path,
        side,
        fault,
    };
    Ok(Html(view.render()?))
}

fn off_page(visit: &Visit, account: &Account, faults: Vec<String>) -> Result<Html<String>, Trouble> {
    let view = SecondOffView {
        page: visit.page(visit.t("second.take-off")),
        name: account.name.clone(),
        password: account.hash.is_some(),
        faults,
    };
    Ok(Html(view.render()?))
}

/// `POST /account/second`: confirms the one proposed, or takes the one that is there away.
pub async fn set(visit: Visit, posted: Posted) -> Result<Response, Trouble> {
    let account = own(&visit).await?;
    match factor(&visit, account.row).await?.ok_or(Trouble::SigninGone)? {
        factor if factor.confirmed => take_off(&visit, &account, &posted).await,
        factor => confirm(&visit, &account, &factor.secret, posted.draft.one("code")).await,
    }
}

async fn confirm(visit: &Visit, account: &Account, secret: &[u8], typed: &str) -> Result<Response, Trouble> {
    let Some(step) = totp::step_of(secret, &totp::cleaned(typed), visit.app.now()) else {
        let page = on_page(visit, account, secret, Some(visit.t("second.wrong").to_owned()))?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    let draw = || totp::letters(&visit.app.draw::<{ totp::RECOVERY_BYTES }>());
    let codes: Vec<String> = std::iter::repeat_with(draw).take(totp::RECOVERY_CODES).collect();
    let row = account.row;
    let digests: Vec<[u8; 32]> = codes.iter().map(|code| entry::recovery_digest(row, code)).collect();
    let token = renewed(visit, row, trail::SECOND_ON, move |writer| {
        writer.use_step(row, step)?;
        writer.set_recovery_codes(row, &digests)
    })
    .await?;
    let view = RecoveryView {
        page: visit.page(visit.t("second.recovery")),
        codes: codes.iter().map(|code| totp::grouped(code)).collect(),
    };
    Ok(([(header::SET_COOKIE, session_cookie(&token))], Html(view.render()?)).into_response())
}

/// The password, if there is one, and a code, both at once.
async fn take_off(visit: &Visit, account: &Account, posted: &Posted) -> Result<Response, Trouble> {
    let mut faults = Vec::new();
    if account.hash.is_some()
        && let Err(refused) = entry::by_password(visit, &account.name, posted.draft.one("password")).await?
    {
        faults.push(pages::told(visit, refused, "sign.password-current"));
    }
    // A code is used up by being shown, so it is not looked at when the password was wrong.
    if faults.is_empty()
        && let Err(refused) = entry::proven(visit, account.row, posted.draft.one("code")).await?
    {
        faults.push(pages::told(visit, refused, "second.wrong"));
    }
    if !faults.is_empty() {
        let page = off_page(visit, account, faults)?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let row = account.row;
    renew(visit, row, trail::SECOND_OFF, "notice.second-off", move |writer| writer.end_second_factor(row))
        .await
}
