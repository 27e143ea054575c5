//! Inviting the expert a match names: the move, and a personal link to answer by.

use axum::extract::Path;
use axum::http::header;
use axum::response::Response;
use register::Key;

use crate::collect::fresh_cookie;
use crate::fields::pairing;
use crate::records::edit::{self, Said};
use crate::records::posted::{Posted, Press};
use crate::records::{address, key_at};
use crate::signin::{self, LINK_DAYS};
use crate::trouble::Trouble;
use crate::visit::Visit;

/// `GET /matches/{number}/invite`: the form of the move.
pub async fn form(visit: Visit, Path(number): Path<String>) -> Result<Response, Trouble> {
    let kind = visit.app.register().catalogue().kind(pairing::KIND).ok_or(Trouble::NotFound)?;
    let record = edit::found(&visit, kind, &number).await?;
    let mut form = edit::form_of_move(&visit, kind, &record, pairing::INVITE)?;
    form.action = format!("{}/invite", address(kind, &record.item.number));
    let mut draft = edit::draft_of_move(&visit, &form, &record);
    if draft.one(pairing::EXPERT).is_empty()
        && let Some(candidate) = record.fields.get(pairing::CANDIDATE).and_then(|value| value.as_str())
    {
        draft.set(pairing::EXPERT, candidate.to_owned());
    }
    form.page(&visit, &draft, Said::default()).await
}

/// `POST /matches/{number}/invite`: makes the move and hands out the link, shown once.
pub async fn send(visit: Visit, Path(number): Path<String>, posted: Posted) -> Result<Response, Trouble> {
    let kind = visit.app.register().catalogue().kind(pairing::KIND).ok_or(Trouble::NotFound)?;
    let record = edit::found(&visit, kind, &number).await?;
    let mut form = edit::form_of_move(&visit, kind, &record, pairing::INVITE)?;
    form.action = format!("{}/invite", address(kind, &record.item.number));
    if !matches!(posted.press, Press::Do(_)) {
        return form.step(&visit, posted).await;
    }
    let given = match form.read(&posted.draft) {
        Ok(given) => given,
        Err(trouble) => return form.again(&visit, posted.draft, trouble).await,
    };
    let key = key_at(kind, &number)?;
    match invite(&visit, key, given).await {
        Ok(secret) => {
            let here = format!("{}/posted", address(kind, &record.item.number));
            let mut answer = edit::redirect(&visit, &here, "notice.invited");
            let cookie = fresh_cookie(&visit, &secret);
            if let Ok(value) = cookie.parse() {
                answer.headers_mut().append(header::SET_COOKIE, value);
            }
            Ok(answer)
        }
        Err(trouble) => form.again(&visit, posted.draft, trouble).await,
    }
}

async fn invite(visit: &Visit, key: Key, given: catalogue::Fields) -> Result<String, Trouble> {
    let asker = visit.must_sign_in()?;
    let secret = visit.app.secret();
    let digest = crate::secret::digest(&secret);
    visit
        .app
        .write(move |writer| {
            let moved = writer.make(&asker, &key, None, pairing::INVITE, &given, 0)?;
            let expert = moved.fields.get(pairing::EXPERT).and_then(catalogue::kind::reference);
            let expert = expert.ok_or(register::Fault::NotFound)?;
            signin::hand_out(writer, &asker, digest, (expert, Some(moved.item.id)), LINK_DAYS)
        })
        .await?;
    Ok(secret)
}
