//! 代为登记: an officer, a liaison officer or a broker enters a demand that a firm told by telephone or in person.
//!
//! The firm owns it from the start, the record says who entered it, and the firm's contact gets a personal link to go
//! on by. Start at [`form`].

use axum::extract::RawQuery;
use axum::http::header;
use axum::response::Response;
use base::id::RecordId;
use base::place::Place;
use catalogue::kind::reference;
use catalogue::{Asker, Fault, Fields, Kind};
use register::{Key, New, Record, Writer};
use serde_json::{Value, json};

use super::firm::{self, Named};
use super::fresh_cookie;
use crate::fields::demand;
use crate::records::draft::Draft;
use crate::records::edit::{Form, Said, redirect};
use crate::records::posted::{Posted, Press, read_pairs};
use crate::records::sheet::Sheet;
use crate::records::{address, once};
use crate::signin::{self, LINK_DAYS};
use crate::trouble::Trouble;
use crate::visit::Visit;

/// What is asked about the call itself.
const ABOUT: [&str; 7] = [
    demand::TOLD_BY,
    demand::ORGANIZATION,
    demand::FIRM_NAME,
    demand::CREDIT_CODE,
    demand::CONTACT_NAME,
    demand::CONTACT_PHONE,
    demand::CONTACT_EMAIL,
];
/// What it cannot go on without.
const NEEDS: [&str; 6] = [
    demand::TOLD_BY,
    demand::TITLE,
    demand::PROBLEM,
    demand::PLACE,
    demand::CONTACT_NAME,
    demand::CONTACT_PHONE,
];

/// `GET /demands/behalf`; `?type=` chooses the type.
pub async fn form(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, Trouble> {
    let kind = kind(&visit)?;
    let mut draft = Draft::new(read_pairs(query.unwrap_or_default().as_bytes())?);
    if draft.one("type").is_empty() {
        draft.set("type", kind.types.first().map(|t| t.path.clone()).unwrap_or_default());
    }
    once::mark(&visit, &mut draft);
    sheet(&visit, kind, draft.one("type"))?.page(&visit, &draft, Said::default()).await
}

fn kind(visit: &Visit) -> Result<&Kind, Trouble> {
    match firm::enters(&visit.must_sign_in()?) {
        true => visit.app.register().catalogue().kind(demand::KIND).ok_or(Trouble::NotFound),
        false => Err(Trouble::Register(register::Fault::NotAllowed)),
    }
}

fn sheet<'a>(visit: &'a Visit, kind: &'a Kind, type_path: &'a str) -> Result<Form<'a>, Trouble> {
    kind.type_of(type_path).ok_or(Trouble::NotFound)?;
    let asked = |field: &&catalogue::Field| {
        ABOUT.contains(&field.name.as_str())
            || !field.by_moves && field.layer != catalogue::Layer::Sealed && field.name != "ceiling"
    };
    Ok(Form {
        sheet: Sheet {
            catalogue: visit.app.register().catalogue(),
            kind,
            type_path: type_path.to_owned(),
            fields: kind.fields_of(type_path).filter(asked).collect(),
            needs: NEEDS.to_vec(),
        },
        heading: visit.t("behalf.title").to_owned(),
        intro: vec![visit.t("behalf.intro").to_owned()],
        action: format!("/{}/behalf", kind.path),
        submit: visit.t("behalf.do").to_owned(),
        back: format!("/{}", kind.path),
        checkup: true,
        questions: Vec::new(),
    })
}

/// `POST /demands/behalf`.
pub async fn enter(visit: Visit, posted: Posted) -> Result<Response, Trouble> {
    let kind = kind(&visit)?;
    let type_path = posted.draft.one("type").to_owned();
    let form = sheet(&visit, kind, &type_path)?;
    if !matches!(posted.press, Press::Do(_)) {
        return form.step(&visit, posted).await;
    }
    let entered = match read(&form, &posted.draft) {
        Ok(fields) => {
            let id = once::id_of(&visit, &posted.draft);
            let new = New {
                kind: demand::KIND.to_owned(),
                type_path: type_path.clone(),
                fields,
                id,
                ..New::default()
            };
            file(&visit, new).await
        }
        Err(trouble) => Err(trouble),
    };
    match entered {
        Ok((record, secret)) => Ok(shown(&visit, kind, &record, &secret)),
        Err(trouble) => form.again(&visit, posted.draft, trouble).await,
    }
}

/// The fields, with a firm that is picked or named.
fn read(form: &Form<'_>, draft: &Draft) -> Result<Fields, Trouble> {
    let fields = form.read(draft);
    let named =
        !draft.one(demand::ORGANIZATION).is_empty() || !draft.one(demand::FIRM_NAME).trim().is_empty();
    match (fields, named) {
        (fields, true) => fields,
        (Ok(_), false) => Err(Trouble::Invalid(vec![Fault::new(demand::ORGANIZATION, "required")])),
        (Err(Trouble::Invalid(mut faults)), false) => {
            faults.push(Fault::new(demand::ORGANIZATION, "required"));
            Err(Trouble::Invalid(faults))
        }
        (fields, false) => fields,
    }
}

/// To the page that shows the link of the firm's contact once.
fn shown(visit: &Visit, kind: &Kind, record: &Record, secret: &str) -> Response {
    let here = format!("{}/posted", address(kind, &record.item.number));
    let mut answer = redirect(visit, &here, "notice.entered");
    if let Ok(value) = fresh_cookie(visit, secret).parse() {
        answer.headers_mut().append(header::SET_COOKIE, value);
    }
    answer
}

async fn file(visit: &Visit, new: New) -> Result<(Record, String), Trouble> {
    let asker = visit.must_sign_in()?;
    let secret = visit.app.secret();
    let digest = crate::secret::digest(&secret);
    let made = visit.app.write(move |writer| enter_for(writer, &asker, new, digest)).await?;
    Ok((made.value, secret))
}

fn text(fields: &Fields, name: &str) -> String {
    fields.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// A broker stays with what they entered: by nothing else could they read it, or hand its link on, before it is public.
fn broker(asker: &Asker) -> Option<RecordId> {
    asker.person.filter(|_| !asker.roles.iter().any(|held| held.role.handles()))
}

/// Files and submits the demand for the firm, and makes the link of its contact; a form sent twice only makes the
/// link anew.
fn enter_for(
    writer: &mut Writer<'_>,
    asker: &Asker,
    mut new: New,
    digest: [u8; 32],
) -> register::Result<Record> {
    let named = Named {
        picked: new.fields.get(demand::ORGANIZATION).and_then(reference),
        name: text(&new.fields, demand::FIRM_NAME),
        credit: text(&new.fields, demand::CREDIT_CODE),
        place: Place::parse(&text(&new.fields, demand::PLACE)).ok(),
    };
    if !firm::reaches(asker, named.place.as_ref()) {
        return Err(register::Fault::Invalid(vec![Fault::new(demand::PLACE, "out-of-region")]));
    }
    let firm = firm::find_or_file(writer, asker, &named)?;
    let name = text(&new.fields, demand::CONTACT_NAME);
    let person = firm::filler(writer, firm, &name)?;
    let me = firm::stand_in(asker, firm);
    new.owner = Some(firm);
    new.fields.insert(demand::ORGANIZATION.into(), json!(firm.to_string()));
    new.fields.insert(demand::FILLED_BY.into(), json!(name));
    if let Some(broker) = broker(asker) {
        new.fields.insert(demand::BROKER.into(), json!(broker.to_string()));
    }
    let before = new.id.and_then(|id| writer.find(&me, &Key::Id(id)).ok());
    let record = match before {
        Some(before) => before,
        None => {
            let made = writer.create(&me, new)?;
            writer.make(&me, &Key::Row(made.item.row), None, demand::SUBMIT, &Fields::new(), 0)?
        }
    };
    writer.end_links(record.item.id)?;
    signin::make_link(writer, digest, person, Some(record.item.id), LINK_DAYS)?;
    Ok(record)
}
