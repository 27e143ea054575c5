//! Asking the unit that benefits: a personal link about one outcome, by which somebody there confirms it or objects.
//!
//! The link keeps to that outcome and is answered once. Never answers for the unit. Start at [`form`].

use askama::Template as _;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use base::id::RecordId;
use catalogue::Kind;
use catalogue::kind::reference;
use register::{Key, Reader, Record};

use crate::accounts::heading;
use crate::accounts::invite::handed;
use crate::collect::firm;
use crate::fields::{organization, outcome};
use crate::records::posted::Posted;
use crate::records::{address, key_at};
use crate::signin::{self, LINK_DAYS};
use crate::trouble::Trouble;
use crate::view::{DeskForm, DeskView, FaultLine, FieldView, Link, Widget};
use crate::visit::Visit;

/// Characters of the name of who is asked.
const NAME_CHARS: usize = 40;

/// Where an outcome leads to asking its unit, for who handles it.
pub fn offered(visit: &Visit, kind: &Kind, record: &Record) -> Option<Link> {
    asked(visit, kind, record)?;
    let here = address(kind, &record.item.number);
    Some(visit.link(&format!("{here}/confirmation"), visit.t("confirm.action")))
}

/// The unit to be asked, where there is one, it has not confirmed, and the visitor's office reaches the outcome.
fn asked(visit: &Visit, kind: &Kind, record: &Record) -> Option<RecordId> {
    let me = visit.asker();
    let handles = me.only.is_none() && firm::reaches(&me, record.subject.place.as_ref());
    let open = [outcome::PROPOSED, outcome::LISTED].contains(&record.item.stage.as_str());
    let waits = kind.name == outcome::KIND && open && !record.fields.contains_key(outcome::CONFIRMED_ON);
    record.fields.get(outcome::FIRM).and_then(reference).filter(|_| handles && waits)
}

/// The outcome and its unit; to who may not ask there is no such page.
async fn found(visit: &Visit, number: &str) -> Result<(Record, RecordId), Trouble> {
    let kind = visit.app.register().catalogue().kind(outcome::KIND).ok_or(Trouble::NotFound)?;
    let (key, me) = (key_at(kind, number)?, visit.must_sign_in()?);
    let record = visit.app.read(move |reader| Ok(reader.find(&me, &key)?)).await?;
    let unit = asked(visit, kind, &record).ok_or(Trouble::NotFound)?;
    Ok((record, unit))
}

/// `GET /outcomes/{number}/confirmation`.
pub async fn form(visit: Visit, Path(number): Path<String>) -> Result<Response, Trouble> {
    let (record, unit) = found(&visit, &number).await?;
    let (me, looking) = (visit.asker(), visit.clone());
    let draw = move |reader: &Reader<'_>| {
        let contact = reader.find(&me, &Key::Id(unit)).ok();
        let contact =
            contact.and_then(|of| of.fields.get(organization::CONTACT_NAME)?.as_str().map(str::to_owned));
        Ok(view(&looking, &record, &heading(reader, unit), &contact.unwrap_or_default(), false))
    };
    Ok(Html(visit.app.read(draw).await?.render()?).into_response())
}

fn view(visit: &Visit, record: &Record, unit: &str, name: &str, missing: bool) -> DeskView {
    let label = visit.t("confirm.who").to_owned();
    let fault = missing.then(|| visit.t("confirm.who-missing").to_owned());
    let faults =
        fault.iter().map(|text| FaultLine { id: "who".to_owned(), label: label.clone(), text: text.clone() });
    let here = format!("/outcomes/{}", record.item.number.path());
    DeskView {
        crumb: Some(visit.link(&here, record.item.title.clone())),
        lead: vec![visit.texts().fill("confirm.lead", &[("unit", unit)])],
        faults: faults.collect(),
        forms: vec![DeskForm {
            heading: visit.t("confirm.heading").to_owned(),
            action: visit.href(&format!("{here}/confirmation")),
            fields: vec![FieldView {
                name: "who".to_owned(),
                label,
                help: visit.t("confirm.who-help").to_owned(),
                ask: String::new(),
                question: String::new(),
                required: true,
                max: u32::try_from(NAME_CHARS).ok(),
                faults: fault.into_iter().collect(),
                widget: Widget::Line { value: name.to_owned(), kind: "text", list: Vec::new() },
            }],
            submit: visit.t("confirm.make").to_owned(),
            ..DeskForm::default()
        }],
        ..DeskView::bare(visit.page(visit.t("confirm.action")))
    }
}

/// `POST /outcomes/{number}/confirmation`: the link, shown once.
pub async fn send(visit: Visit, Path(number): Path<String>, posted: Posted) -> Result<Response, Trouble> {
    let (record, unit) = found(&visit, &number).await?;
    let name: String = posted.draft.one("who").trim().chars().take(NAME_CHARS).collect();
    let unit_title = visit.app.read(move |reader| Ok(heading(reader, unit))).await?;
    if name.is_empty() {
        let page = view(&visit, &record, &unit_title, "", true);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page.render()?)).into_response());
    }
    let (me, secret, id) = (visit.asker(), visit.app.secret(), record.item.id);
    let (digest, who) = (crate::secret::digest(&secret), name.clone());
    let made = visit.app.write(move |writer| {
        let person = firm::filler(writer, unit, &who)?;
        writer.hand_out(&me, &digest, (person, Some(id)), true, signin::days_on(writer.now(), LINK_DAYS))
    });
    made.await?;
    let back = format!("/outcomes/{}", record.item.number.path());
    handed(&visit, &secret, ("confirm.sentence", &name, &record.item.title), &back)
}
