//! 预约下单: a listed service is ordered on one form, and the order is a case its provider answers.
//!
//! A member orders for their unit, who came by link for themselves, officers, liaison officers and brokers for the unit
//! they name. Samples and papers lie sealed and are opened to the provider alone. Start at [`form`].

use axum::extract::Path;
use axum::response::Response;
use base::id::RecordId;
use catalogue::{Asker, Fields, Kind, Role};
use register::{New, Record, Writer};
use serde_json::json;

use crate::fields::{case, offer, tie};
use crate::records::address;
use crate::records::draft::Draft;
use crate::records::edit::{self, Form, Said};
use crate::records::posted::{Posted, Press};
use crate::records::sheet::Sheet;
use crate::trouble::Trouble;
use crate::view::Link;
use crate::visit::Visit;

/// Characters of the heading of an order.
const TITLE_CHARS: usize = 160;

/// The way to order a service, where it may be ordered.
pub fn offered(visit: &Visit, kind: &Kind, record: &Record) -> Option<Link> {
    let here = address(kind, &record.item.number);
    // Who came by a link about something else keeps to that.
    let free = visit.asker().only.is_none();
    (free && is_orderable(record)).then(|| visit.link(&format!("{here}/order"), visit.t("order.action")))
}

fn is_orderable(record: &Record) -> bool {
    let yes = record.fields.get(offer::ORDERABLE).and_then(|value| value.as_bool()).unwrap_or_default();
    record.item.kind == offer::KIND && record.item.stage == offer::LISTED && yes
}

/// `GET /services/{number}/order`.
pub async fn form(visit: Visit, Path(number): Path<String>) -> Result<Response, Trouble> {
    let asker = visit.must_sign_in()?;
    let service = ordered(&visit, &number).await?;
    form_of(&visit, &asker, &service)?.page(&visit, &Draft::default(), Said::default()).await
}

/// `POST /services/{number}/order`.
pub async fn place(visit: Visit, Path(number): Path<String>, posted: Posted) -> Result<Response, Trouble> {
    let asker = visit.must_sign_in()?;
    let service = ordered(&visit, &number).await?;
    let form = form_of(&visit, &asker, &service)?;
    if !matches!(posted.press, Press::Do(_)) {
        return form.step(&visit, posted).await;
    }
    let placed = match form.read(&posted.draft) {
        Ok(fields) => {
            let (new, opening) = (new(&visit, &asker, &service, fields), visit.t("order.opening").to_owned());
            visit.app.write(move |writer| file(writer, &asker, new, &opening)).await
        }
        Err(trouble) => Err(trouble),
    };
    match placed {
        Ok(placed) => {
            let there = address(form.sheet.kind, &placed.value.item.number);
            Ok(edit::redirect(&visit, &there, "notice.ordered"))
        }
        Err(trouble) => form.again(&visit, posted.draft, trouble).await,
    }
}

/// The service an address names, if it may be ordered.
async fn ordered(visit: &Visit, number: &str) -> Result<Record, Trouble> {
    let kind = visit.app.register().catalogue().kind(offer::KIND).ok_or(Trouble::NotFound)?;
    let record = edit::found(visit, kind, number).await?;
    if is_orderable(&record) { Ok(record) } else { Err(Trouble::NotFound) }
}

/// Whether the asker orders for others: by an office, and for no unit of their own.
fn is_for_others(asker: &Asker) -> bool {
    let office = |role: Role| matches!(role, Role::Officer | Role::Liaison | Role::Broker | Role::Steward);
    asker.organizations.is_empty() && asker.roles.iter().any(|held| office(held.role))
}

fn form_of<'a>(visit: &'a Visit, asker: &Asker, service: &'a Record) -> Result<Form<'a>, Trouble> {
    let catalogue = visit.app.register().catalogue();
    let kind = catalogue.kind(case::KIND).ok_or(Trouble::NotFound)?;
    let mut asked = vec![case::WISH, case::WANTED, case::CONTACT_NAME, case::CONTACT_PHONE];
    let mut needs = vec![case::WISH, case::CONTACT_NAME, case::CONTACT_PHONE];
    match is_for_others(asker) {
        true => {
            asked.push(case::PARTY);
            needs.push(case::PARTY);
        }
        // Only who owns what is sealed opens it to the provider.
        false => asked.push(case::SAMPLES),
    }
    let of = catalogue.kind(offer::KIND).ok_or(Trouble::NotFound)?;
    let here = address(of, &service.item.number);
    Ok(Form {
        sheet: Sheet {
            catalogue,
            kind,
            type_path: case::ORDER.to_owned(),
            fields: kind
                .fields_of(case::ORDER)
                .filter(|field| asked.contains(&field.name.as_str()))
                .collect(),
            needs,
        },
        heading: visit.texts().fill("order.title", &[("title", &service.item.title)]),
        intro: vec![visit.t("order.intro").to_owned()],
        action: format!("{here}/order"),
        submit: visit.t("order.place").to_owned(),
        back: here,
        checkup: false,
        questions: Vec::new(),
    })
}

/// The order as a case: of the asker's unit, else of the unit named, else of the asker.
fn new(visit: &Visit, asker: &Asker, service: &Record, mut fields: Fields) -> New {
    let title = visit.texts().fill("order.case", &[("title", &service.item.title)]);
    let title: String = title.chars().take(TITLE_CHARS).collect();
    fields.insert(case::TITLE.into(), json!(title));
    fields.insert(case::SERVICE.into(), json!(service.item.id.to_string()));
    let provider = service.fields.get(offer::PROVIDER).cloned();
    fields.extend(provider.map(|provider| (case::PROVIDER.to_owned(), provider)));
    let own: Option<RecordId> = asker.organizations.first().copied().or(asker.person);
    if let (None, Some(own)) = (fields.get(case::PARTY), own) {
        fields.insert(case::PARTY.into(), json!(own.to_string()));
    }
    // A unit's order belongs where the unit is; a person who came by link has no place but that of the service.
    let personal = asker.organizations.is_empty() && !is_for_others(asker);
    let place = service.item.place.clone().filter(|_| personal);
    New { kind: case::KIND.to_owned(), type_path: case::ORDER.to_owned(), fields, place, ..New::default() }
}

/// Files the order; what lies sealed in it is opened to the provider by a tie, as any owner would.
fn file(writer: &mut Writer<'_>, me: &Asker, new: New, opening: &str) -> register::Result<Record> {
    let provider = new.fields.get(case::PROVIDER).cloned();
    let sealed = new.fields.contains_key(case::SAMPLES);
    let made = writer.create(me, new)?;
    if let Some(provider) = provider.filter(|_| sealed) {
        let mut fields = Fields::new();
        fields.insert(tie::TITLE.into(), json!(opening));
        fields.insert(tie::FROM.into(), json!(made.item.id.to_string()));
        fields.insert(tie::TO.into(), provider);
        let (kind, type_path) = (tie::KIND.to_owned(), tie::OPENING.to_owned());
        writer
            .create(me, New { kind, type_path, fields, place: made.item.place.clone(), ..New::default() })?;
    }
    Ok(made)
}
