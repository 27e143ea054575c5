//! Everything about me as a file: JSON for programs, a workbook for people.
//!
//! Holds what the asker may read, and opens the sealed layer of what is theirs, which is noted as any opening is. Never
//! holds a secret or its digest. Start at [`export`].

use std::collections::HashMap;

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use base::id::RecordId;
use catalogue::{Catalogue, Fields, Standing};
use register::{Key, Record, SignedIn, Writer};
use serde_json::{Map, Value, json};

use super::mine::relation;
use crate::records::cells::Pen;
use crate::records::export::{Sheet, send};
use crate::trouble::Trouble;
use crate::visit::Visit;

/// Lines of the sign-in trail taken along.
const EVENTS_MAX: usize = 1_000;
/// Notices taken along: the newest.
const NOTICES_MAX: usize = 500;

/// One record about a person, with every text they may have of it.
struct Carried {
    record: Record,
    fields: Fields,
    /// Who opened its sealed layer or was refused, where it is theirs.
    opened: Vec<register::AccessRow>,
}

/// `GET /account/data.{ending}`: json or xlsx.
pub async fn export(visit: Visit, Path(ending): Path<String>) -> Result<Response, Trouble> {
    let signed = visit.signed.clone().ok_or(Trouble::SigninNeeded)?;
    let own = signed.clone();
    // A write, because opening what is sealed is noted.
    let (records, beside) =
        visit.app.write(move |writer| Ok((carried(writer, &own)?, beside(writer, &own)?))).await?.value;
    let catalogue = visit.app.register().catalogue().clone();
    match ending.as_str() {
        "json" => Ok(json_file(&visit, &signed, &catalogue, &records, beside)),
        "xlsx" => send(&sheet(&visit, &catalogue, &signed, &records, &beside), "xlsx"),
        _ => Err(Trouble::NotFound),
    }
}

fn carried(writer: &mut Writer<'_>, signed: &SignedIn) -> register::Result<Vec<Carried>> {
    let asker = &signed.asker;
    let mut found = Vec::new();
    for item in writer.about(asker, signed.person)? {
        let key = Key::Row(item.row);
        let record = writer.find(asker, &key)?;
        let mut fields = record.fields.clone();
        let mine = record.access.standing == Standing::Own;
        let opened = if mine { writer.access_log(asker, item.row)? } else { Vec::new() };
        if mine && record.sealed && record.may_open {
            fields.extend(writer.open(asker, &key)?.unwrap_or_default());
        }
        found.push(Carried { record, fields, opened });
    }
    Ok(found)
}

/// What is kept of someone beside records: the account, how they are told, what they were told, agreed to and asked.
fn beside(writer: &Writer<'_>, signed: &SignedIn) -> register::Result<Map<String, Value>> {
    let me = signed.person;
    let mut told = Map::new();
    let consents = writer.consents(me)?;
    let consents = consents
        .iter()
        .map(|c| json!({ "scope": c.scope, "given": c.given, "text": c.text, "at": c.at.to_string() }));
    told.insert("consents".to_owned(), consents.collect());
    if let Some(asked) = writer.erasure_of(me)? {
        let decided = asked.decided.map(|at| at.to_string());
        told.insert(
            "erasure".to_owned(),
            json!({ "at": asked.at.to_string(), "note": asked.note, "decided": decided, "done": asked.done, "reason": asked.reason }),
        );
    }
    // By a link handed on, nobody carries off how its person signs in.
    if signed.asker.only.is_some() {
        return Ok(told);
    }
    let channels = writer.channels(me)?;
    let channels = channels
        .iter()
        .map(|c| json!({ "means": c.means.name(), "address": c.address, "rhythm": c.rhythm.name() }));
    told.insert("channels".to_owned(), channels.collect());
    let links = writer.links_for(me)?;
    let links = links
        .iter()
        .map(|l| json!({ "made": l.made.to_string(), "expires": l.expires.to_string(), "used": l.used }));
    told.insert("links".to_owned(), links.collect());
    let notices = writer.read_notices(&signed.asker, None, NOTICES_MAX)?;
    let notices = notices
        .iter()
        .map(|n| json!({ "at": n.at.to_string(), "about": n.item.as_ref().map(|i| i.id.to_string()) }));
    told.insert("notices".to_owned(), notices.collect());
    if let Some(account) = signed.account.map(|row| writer.account(row)).transpose()?.flatten() {
        let roles = writer.roles(account.row)?;
        let roles = roles.iter().map(|held| json!({ "role": held.grant.role.name(), "over": register::over_text(&held.grant.over), "since": held.since.to_string() }));
        let events = writer.signin_events(account.row, EVENTS_MAX)?;
        let events =
            events.iter().map(|e| json!({ "at": e.at.to_string(), "what": e.what, "network": e.network }));
        told.insert(
            "account".to_owned(),
            json!({ "name": account.name, "created": account.created_at.to_string(),
                "roles": roles.collect::<Vec<_>>(), "events": events.collect::<Vec<_>>() }),
        );
    }
    Ok(told)
}

fn json_file(
    visit: &Visit,
    signed: &SignedIn,
    catalogue: &Catalogue,
    records: &[Carried],
    beside: Map<String, Value>,
) -> Response {
    let record = |carried: &Carried| {
        let item = &carried.record.item;
        let sign = catalogue.kind(&item.kind).map(|kind| kind.sign.clone()).unwrap_or_default();
        let opened = carried
            .opened
            .iter()
            .map(|row| json!({ "at": row.at.to_string(), "reader": row.reader_title, "opened": row.opened }));
        json!({
            "kind": item.kind, "number": item.number.printed(&sign), "id": item.id.to_string(),
            "stage": item.stage, "relation": relation(signed.person, item).trim_start_matches("privacy."),
            "changed": item.changed_at.to_string(), "fields": carried.fields,
            "openings": opened.collect::<Vec<_>>(),
        })
    };
    let mut all = Map::new();
    all.insert("person".to_owned(), json!(signed.person.to_string()));
    all.insert("made".to_owned(), json!(visit.app.now().to_string()));
    all.insert("records".to_owned(), records.iter().map(record).collect());
    all.extend(beside);
    let name = crate::problem::encode_query(&format!("{}.json", visit.t("privacy.mine")));
    let headers = [
        (header::CONTENT_TYPE, "application/json; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename*=UTF-8''{name}")),
    ];
    (headers, Value::Object(all).to_string()).into_response()
}

/// One row a field: the record, what is asked, what stands there.
fn sheet(
    visit: &Visit,
    catalogue: &Catalogue,
    signed: &SignedIn,
    records: &[Carried],
    beside: &Map<String, Value>,
) -> Sheet {
    let named: HashMap<RecordId, String> =
        records.iter().map(|of| (of.record.item.id, of.record.item.title.clone())).collect();
    let pen = Pen { terms: catalogue.terms(), lang: visit.lang, named: &named };
    let mut rows = Vec::new();
    for carried in records {
        let item = &carried.record.item;
        let Some(kind) = catalogue.kind(&item.kind) else { continue };
        for field in kind.fields_of(&item.type_path) {
            let Some(value) = carried.fields.get(&field.name) else { continue };
            rows.push(vec![
                item.number.printed(&kind.sign),
                kind.label.text(visit.lang).to_owned(),
                visit.t(relation(signed.person, item)).to_owned(),
                field.label.text(visit.lang).to_owned(),
                pen.write(field, value),
            ]);
        }
    }
    rows.extend(beside.iter().map(|(name, value)| {
        let (empty, what) = (String::new(), visit.t("privacy.beside").to_owned());
        vec![empty.clone(), what, empty, name.clone(), value.to_string()]
    }));
    let keys = ["list.number", "privacy.record", "privacy.relation", "privacy.field", "privacy.value"];
    Sheet::of(visit, visit.t("privacy.mine"), &keys, rows)
}
