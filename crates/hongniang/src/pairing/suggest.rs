//! A broker puts someone forward for a demand, and says why. The record names the broker and the moment; who judges and
//! invites stays with the asking side and its officers.
//!
//! Start at [`form`] and [`put_forward`].

use axum::extract::{Path, RawQuery};
use axum::response::Response;
use catalogue::kind::Verb;
use catalogue::{Fields, Role};
use register::{New, Reader, Record};
use serde_json::json;

use super::{TITLE_CHARS, heading_of};
use crate::fields::{demand, pairing};
use crate::records::draft::Draft;
use crate::records::edit::{self, Form, Said};
use crate::records::posted::{Posted, Press, read_pairs};
use crate::records::{kind_at, once};
use crate::trouble::Trouble;
use crate::visit::Visit;

/// What a broker says; the rest follows from the demand.
const ASKED: [&str; 2] = [pairing::CANDIDATE, pairing::REASONS_SHOWN];

/// Whether the visitor may put someone forward: a broker, for a demand that is still open.
pub fn offered(visit: &Visit, record: &Record) -> bool {
    let (asker, catalogue) = (visit.asker(), visit.app.register().catalogue());
    let broker = asker.only.is_none() && asker.roles.iter().any(|held| held.role == Role::Broker);
    let handles = asker.roles.iter().any(|held| held.role.handles());
    let demands = catalogue.kind(demand::KIND).and_then(|kind| kind.stage(&record.item.stage));
    let open = demands.is_some_and(|stage| !stage.closed && stage.reach == catalogue::Audience::Public);
    let kind = catalogue.kind(pairing::KIND).filter(|_| broker && open && !handles);
    kind.is_some_and(|kind| !catalogue::access::arms(kind, &asker, &Verb::Create).is_empty())
}

/// `GET /demands/{number}/suggest`: `?candidate=` names who it is.
pub async fn form(
    visit: Visit,
    Path(number): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Trouble> {
    let record = open_demand(&visit, &number).await?;
    let mut draft = Draft::new(read_pairs(query.unwrap_or_default().as_bytes())?);
    once::mark(&visit, &mut draft);
    form_of(&visit, &record, &number)?.page(&visit, &draft, Said::default()).await
}

/// `POST /demands/{number}/suggest`.
pub async fn put_forward(
    visit: Visit,
    Path(number): Path<String>,
    posted: Posted,
) -> Result<Response, Trouble> {
    let record = open_demand(&visit, &number).await?;
    let form = form_of(&visit, &record, &number)?;
    if !matches!(posted.press, Press::Do(_)) {
        return form.step(&visit, posted).await;
    }
    let made = match form.read(&posted.draft) {
        Ok(fields) => {
            let (asker, id) = (visit.asker(), once::id_of(&visit, &posted.draft));
            let new = suggestion(&visit, &record, fields).await?;
            visit.app.write(move |writer| once::create(writer, &asker, New { id, ..new })).await
        }
        Err(trouble) => Err(trouble),
    };
    match made {
        Ok(_) => Ok(edit::redirect(&visit, &format!("/demands/{number}/match"), "notice.put-forward")),
        Err(trouble) => form.again(&visit, posted.draft, trouble).await,
    }
}

async fn open_demand(visit: &Visit, number: &str) -> Result<Record, Trouble> {
    visit.must_sign_in()?;
    let record = edit::found(visit, kind_at(&visit.app, "demands")?, number).await?;
    match offered(visit, &record) {
        true => Ok(record),
        false => Err(Trouble::Register(register::Fault::NotAllowed)),
    }
}

fn form_of<'a>(visit: &'a Visit, record: &Record, number: &str) -> Result<Form<'a>, Trouble> {
    let kind = visit.app.register().catalogue().kind(pairing::KIND).ok_or(Trouble::NotFound)?;
    let mut form = edit::form_of_new(visit, kind, "")?;
    form.sheet.fields.retain(|field| ASKED.contains(&field.name.as_str()));
    form.sheet.needs = ASKED.to_vec();
    form.heading = visit.texts().fill("suggest.title", &[("title", &record.item.title)]);
    form.intro = vec![visit.t("suggest.lead").to_owned()];
    form.action = format!("/demands/{number}/suggest");
    form.submit = visit.t("suggest.send").to_owned();
    form.back = format!("/demands/{number}/match");
    form.checkup = false;
    Ok(form)
}

/// The match as it is filed: what was typed, and what the demand says.
async fn suggestion(visit: &Visit, record: &Record, mut fields: Fields) -> Result<New, Trouble> {
    let candidate = fields.get(pairing::CANDIDATE).and_then(catalogue::kind::reference);
    let asker = visit.asker();
    let named = move |reader: &Reader<'_>| Ok(reader.titles(&asker, candidate.as_slice())?);
    let name = visit.app.read(named).await?.into_values().next().unwrap_or_default();
    fields.insert(pairing::TITLE.into(), json!(heading_of(&name, &record.item.title, TITLE_CHARS)));
    fields.insert(pairing::DEMAND.into(), json!(record.item.id.to_string()));
    Ok(New { kind: pairing::KIND.to_owned(), fields, place: record.item.place.clone(), ..New::default() })
}
