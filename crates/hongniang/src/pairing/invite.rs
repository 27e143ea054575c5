//! Inviting whom a match names: the move, and a personal link to answer by. The form comes filled in from what is known;
//! who cannot be asked now is told with the number, the day and who else fits.
//!
//! Start at [`form`] and [`send`].

use axum::extract::Path;
use axum::http::header;
use axum::response::Response;
use base::id::RecordId;
use catalogue::kind::reference;
use catalogue::step::Guard;
use catalogue::value::Fault;
use catalogue::{Fields, Refusal};
use register::{Key, Reader, Record};
use serde_json::Value;

use crate::clock;
use crate::collect::fresh_cookie;
use crate::fields::{HOLDERS, demand, organization, pairing, person};
use crate::records::draft::Draft;
use crate::records::edit::{self, Form, Said};
use crate::records::posted::{Posted, Press};
use crate::records::{address, faces, key_at};
use crate::signin::{self, LINK_DAYS};
use crate::trouble::Trouble;
use crate::visit::Visit;

/// `GET /matches/{number}/invite`: the form of the move.
pub async fn form(visit: Visit, Path(number): Path<String>) -> Result<Response, Trouble> {
    let kind = visit.app.register().catalogue().kind(pairing::KIND).ok_or(Trouble::NotFound)?;
    let record = edit::found(&visit, kind, &number).await?;
    let form = form_of(&visit, &record)?;
    let mut draft = edit::draft_of_move(&visit, &form, &record);
    let (looking, of) = (visit.clone(), record.clone());
    let known = visit.app.read(move |reader| known(&looking, reader, &of)).await?;
    for (name, text) in known {
        if draft.one(name).is_empty() {
            draft.set(name, text);
        }
    }
    form.page(&visit, &draft, Said::default()).await
}

fn form_of<'a>(visit: &'a Visit, record: &'a Record) -> Result<Form<'a>, Trouble> {
    let kind = visit.app.register().catalogue().kind(pairing::KIND).ok_or(Trouble::NotFound)?;
    let mut form = edit::form_of_move(visit, kind, record, pairing::INVITE)?;
    form.action = format!("{}/invite", address(kind, &record.item.number));
    Ok(form)
}

/// What the match, its candidate and its demand already answer.
fn known(
    visit: &Visit,
    reader: &Reader<'_>,
    record: &Record,
) -> Result<Vec<(&'static str, String)>, Trouble> {
    let mut known = vec![(pairing::EFFORT, visit.t("invite.effort").to_owned())];
    if let Some(candidate) = record.fields.get(pairing::CANDIDATE).and_then(reference) {
        let found = reader.find(&visit.asker(), &Key::Id(candidate))?;
        known.extend(answering(&found));
    }
    let reasons = record.fields.get(pairing::REASONS_SHOWN).and_then(Value::as_array);
    let reasons: Vec<&str> = reasons.into_iter().flatten().filter_map(Value::as_str).collect();
    if !reasons.is_empty() {
        let reasons = reasons.join(visit.t("list.comma"));
        known.push((pairing::MESSAGE, visit.texts().fill("invite.why", &[("reasons", &reasons)])));
    }
    if let Some(asked) = record.fields.get(pairing::DEMAND).and_then(reference) {
        known.push((pairing::FIRM_TYPE, firm_type(visit, &reader.find(&visit.asker(), &Key::Id(asked))?)));
    }
    Ok(known)
}

/// Who answers for a candidate: the person, the unit itself, or the unit that holds it.
fn answering(candidate: &Record) -> Option<(&'static str, String)> {
    let id = candidate.item.id.to_string();
    match candidate.item.kind.as_str() {
        person::KIND => Some((pairing::EXPERT, id)),
        organization::KIND => Some((pairing::UNIT, id)),
        _ => {
            let held = HOLDERS.iter().find_map(|name| candidate.fields.get(*name)?.as_str());
            held.map(|holder| (pairing::UNIT, holder.to_owned()))
        }
    }
}

/// Kind and place of the firm, never its name: “湖州市德清县 · 木材加工”.
fn firm_type(visit: &Visit, asked: &Record) -> String {
    let place = asked.item.place.as_ref().map(|place| faces::place_name(place, visit.lang));
    let catalogue = visit.app.register().catalogue();
    let field = catalogue.kind(demand::KIND).and_then(|kind| kind.field(demand::INDUSTRY));
    let first = asked.fields.get(demand::INDUSTRY).and_then(|value| value.as_array()?.first());
    let industry = field.zip(first).map(|(field, value)| {
        catalogue::value::show(&field.shape, value, &catalogue.terms(), visit.lang, &|_| None)
    });
    place.into_iter().chain(industry).collect::<Vec<_>>().join(" · ")
}

/// `POST /matches/{number}/invite`: makes the move and hands out the link, shown once.
pub async fn send(visit: Visit, Path(number): Path<String>, posted: Posted) -> Result<Response, Trouble> {
    let kind = visit.app.register().catalogue().kind(pairing::KIND).ok_or(Trouble::NotFound)?;
    let record = edit::found(&visit, kind, &number).await?;
    let form = form_of(&visit, &record)?;
    if !matches!(posted.press, Press::Do(_)) {
        return form.step(&visit, posted).await;
    }
    let given = match form.read(&posted.draft).and_then(somebody) {
        Ok(given) => given,
        Err(trouble) => return form.again(&visit, posted.draft, trouble).await,
    };
    let expert = given.get(pairing::EXPERT).and_then(reference);
    let here = address(kind, &record.item.number);
    match invite(&visit, key_at(kind, &number)?, given).await {
        Ok(Some(secret)) => {
            let mut answer = edit::redirect(&visit, &format!("{here}/posted"), "notice.invited");
            if let Ok(value) = fresh_cookie(&visit, &secret).parse() {
                answer.headers_mut().append(header::SET_COOKIE, value);
            }
            Ok(answer)
        }
        Ok(None) => Ok(edit::redirect(&visit, &here, "notice.invited")),
        Err(trouble) => refused(&visit, &form, posted.draft, trouble, &record, expert).await,
    }
}

/// An invitation goes to somebody.
fn somebody(given: Fields) -> Result<Fields, Trouble> {
    let named = [pairing::EXPERT, pairing::UNIT].iter().any(|name| given.contains_key(*name));
    match named {
        true => Ok(given),
        false => Err(Trouble::Invalid(vec![Fault::new(pairing::EXPERT, "required")])),
    }
}

/// The form again; who is over the limit is told with the number, when it is free again and who else fits.
async fn refused(
    visit: &Visit,
    form: &Form<'_>,
    draft: Draft,
    trouble: Trouble,
    record: &Record,
    expert: Option<RecordId>,
) -> Result<Response, Trouble> {
    let over = matches!(&trouble, Trouble::Register(register::Fault::Refused(Refusal::Guards(guards)))
        if guards.contains(&Guard::WithinLimit));
    let (Some(expert), Some(demand)) =
        (expert.filter(|_| over), record.fields.get(pairing::DEMAND).and_then(reference))
    else {
        return form.again(visit, draft, trouble).await;
    };
    let (looking, today) = (visit.clone(), visit.app.today());
    let (found, others) = visit
        .app
        .read(move |reader| {
            let found = reader.invitations(expert, today)?;
            Ok((found, super::others(&looking, reader, &Key::Id(demand), expert)?))
        })
        .await?;
    let (sent, most) = (found.sent.to_string(), found.most.to_string());
    let day = clock::date(found.anew, visit.lang);
    let said = match found.paused {
        true => visit.t("invite.paused").to_owned(),
        false => visit.texts().fill("invite.over", &[("n", &sent), ("most", &most), ("day", &day)]),
    };
    let catalogue = visit.app.register().catalogue();
    let link = |item: register::Item| {
        let of = catalogue.kind(&item.kind)?;
        let words = visit.texts().fill("invite.other", &[("title", &item.title)]);
        Some(visit.link(&address(of, &item.number), words))
    };
    let offers = others.into_iter().filter_map(link).collect();
    let intro = vec![said];
    form.page(visit, &draft, Said { trouble: Some(trouble), intro, offers, ..Said::default() }).await
}

/// Makes the move; the secret of the expert's link, where an expert answers.
async fn invite(visit: &Visit, key: Key, given: Fields) -> Result<Option<String>, Trouble> {
    let asker = visit.must_sign_in()?;
    let secret = visit.app.secret();
    let digest = crate::secret::digest(&secret);
    let linked = visit
        .app
        .write(move |writer| {
            let moved = writer.make(&asker, &key, None, pairing::INVITE, &given, 0)?;
            let expert = moved.fields.get(pairing::EXPERT).and_then(reference);
            let about = Some(moved.item.id);
            let hand = |expert| signin::hand_out(writer, &asker, digest, (expert, about), LINK_DAYS);
            expert.map(hand).transpose()
        })
        .await?;
    Ok(linked.value.map(|()| secret))
}
