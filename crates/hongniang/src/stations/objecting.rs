//! 提出异议: while an application is published anyone may object, by name; what they say is seen by those who handle it
//! alone. After the period the form says so and keeps what was typed.
//!
//! Start at [`form`].

use askama::Template as _;
use axum::extract::Path;
use axum::response::{Html, IntoResponse, Response};
use catalogue::{Fault, Fields};
use register::{Key, New, Record};
use serde_json::{Value, json};

use super::desk;
use crate::fields::{application, objection};
use crate::records::draft::Draft;
use crate::records::edit::{Form, Said};
use crate::records::posted::{Posted, Press};
use crate::records::sheet::Sheet;
use crate::records::{address, key_at};
use crate::signin::house;
use crate::trouble::Trouble;
use crate::view::Link;
use crate::visit::Visit;

/// Objections from one network address in an hour; a whole office may sit behind one.
const OBJECTIONS_MAX: u64 = 20;
/// Characters of a heading.
const TITLE_CHARS: usize = 110;

/// What was or is published, whoever asks: its name was told to everyone.
async fn published(visit: &Visit, number: &str) -> Result<Record, Trouble> {
    let kind = visit.app.register().catalogue().kind(application::KIND).ok_or(Trouble::NotFound)?;
    let key = key_at(kind, number)?;
    let record = visit.app.read(move |reader| Ok(reader.find(&house(), &key)?)).await?;
    match record.fields.contains_key(application::PUBLICITY_UNTIL) {
        true => Ok(record),
        false => Err(Trouble::NotFound),
    }
}

/// `GET /applications/{number}/object`.
pub async fn form(visit: Visit, Path(number): Path<String>) -> Result<Response, Trouble> {
    let record = published(&visit, &number).await?;
    form_of(&visit, &record)?.page(&visit, &Draft::default(), Said::default()).await
}

fn form_of<'a>(visit: &'a Visit, record: &'a Record) -> Result<Form<'a>, Trouble> {
    let catalogue = visit.app.register().catalogue();
    let kind = catalogue.kind(objection::KIND).ok_or(Trouble::NotFound)?;
    let of = catalogue.kind(application::KIND).ok_or(Trouble::NotFound)?;
    let here = address(of, &record.item.number);
    let needs = vec![objection::CONTENT, objection::CONTACT_NAME, objection::CONTACT_PHONE];
    let until = record.fields.get(application::PUBLICITY_UNTIL).and_then(Value::as_str).unwrap_or_default();
    let until = base::day::Day::parse(until).map(|day| crate::clock::day(&day, visit.lang));
    let intro = visit.texts().fill("object.intro", &[("until", &until.unwrap_or_default())]);
    Ok(Form {
        sheet: Sheet {
            catalogue,
            kind,
            type_path: String::new(),
            fields: kind.fields.iter().filter(|field| needs.contains(&field.name.as_str())).collect(),
            needs,
        },
        heading: visit.texts().fill("object.title", &[("title", &record.item.title)]),
        intro: vec![intro],
        action: format!("{here}/object"),
        submit: visit.t("object.action").to_owned(),
        back: here,
        checkup: false,
        questions: Vec::new(),
    })
}

/// `POST /applications/{number}/object`.
pub async fn raise(visit: Visit, Path(number): Path<String>, posted: Posted) -> Result<Response, Trouble> {
    let record = published(&visit, &number).await?;
    let form = form_of(&visit, &record)?;
    if !matches!(posted.press, Press::Do(_)) {
        return form.step(&visit, posted).await;
    }
    let filed = match form.read(&posted.draft) {
        Ok(fields) => file(&visit, &record, fields).await,
        Err(trouble) => Err(trouble),
    };
    match filed {
        Ok(filed) => receipt(&visit, &record, &filed),
        Err(trouble) => again(&visit, &form, posted.draft, trouble).await,
    }
}

/// The form once more; what is wrong with the application itself is said over it.
async fn again(visit: &Visit, form: &Form<'_>, draft: Draft, trouble: Trouble) -> Result<Response, Trouble> {
    let of_application = |fault: &&Fault| fault.field == objection::APPLICATION;
    if let Some(fault) = trouble.faults().iter().find(of_application) {
        let intro = vec![crate::problem::sentence(visit.texts(), fault)];
        let faults = trouble.faults().to_vec();
        return form.page(visit, &draft, Said { intro, faults, ..Said::default() }).await;
    }
    form.again(visit, draft, trouble).await
}

async fn file(visit: &Visit, record: &Record, mut fields: Fields) -> Result<Record, Trouble> {
    visit.app.throttle("object", OBJECTIONS_MAX, visit).await?;
    let title = visit.texts().fill("object.heading", &[("title", &record.item.title)]);
    let title: String = title.chars().take(TITLE_CHARS).collect();
    fields.insert(objection::TITLE.into(), json!(title));
    fields.insert(objection::APPLICATION.into(), json!(record.item.id.to_string()));
    let place = record.item.place.as_ref().map(|place| json!(place.code()));
    fields.extend(place.map(|place| (objection::PLACE.to_owned(), place)));
    let owner = visit.asker().person;
    let new = New { kind: objection::KIND.to_owned(), fields, owner, ..New::default() };
    let made = visit.app.write(move |writer| {
        let made = writer.create(&house(), new)?;
        writer.find(&house(), &Key::Row(made.item.row))
    });
    Ok(made.await?.value)
}

/// The number, to be asked by.
fn receipt(visit: &Visit, record: &Record, filed: &Record) -> Result<Response, Trouble> {
    let catalogue = visit.app.register().catalogue();
    let sign = catalogue.kind(objection::KIND).map(|kind| kind.sign.clone()).unwrap_or_default();
    let of = catalogue.kind(application::KIND).ok_or(Trouble::NotFound)?;
    let crumb: Link = visit.link(&address(of, &record.item.number), record.item.title.clone());
    let mut view = desk(visit, visit.t("object.done"), Some(crumb));
    let number = filed.item.number.printed(&sign);
    view.lead = vec![visit.texts().fill("object.receipt", &[("number", &number)])];
    Ok(Html(view.render()?).into_response())
}
