//! 证书查验: whoever has the code sees what was certified and whether it still stands.
//!
//! Tells nothing without a code. Start at [`show`].

use askama::Template as _;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use catalogue::{Fields, Kind};
use register::Certified;
use serde_json::Value;

use super::desk;
use crate::accounts::{cell, line};
use crate::fields::certificate;
use crate::records::draft::Draft;
use crate::records::posted::Posted;
use crate::trouble::Trouble;
use crate::view::{DeskForm, DeskRow, DeskTable, DeskView};
use crate::visit::Visit;

/// `GET /check`.
pub async fn form(visit: Visit) -> Result<Response, Trouble> {
    let mut view = desk(&visit, visit.t("check.title"), None);
    view.lead = vec![visit.t("check.lead").to_owned()];
    view.forms = vec![asking(&visit, "")];
    Ok(Html(view.render()?).into_response())
}

/// `POST /check`: to the page of the code.
pub async fn look(visit: Visit, posted: Posted) -> Response {
    let typed: String =
        posted.draft.one("code").chars().filter(char::is_ascii_alphanumeric).take(40).collect();
    let there = if typed.is_empty() { "/check".to_owned() } else { format!("/check/{typed}") };
    Redirect::to(&visit.href(&there)).into_response()
}

/// `GET /check/{code}`.
pub async fn show(visit: Visit, Path(code): Path<String>) -> Result<Response, Trouble> {
    let asked = code.clone();
    let found = visit.app.read(move |reader| Ok(reader.certificate(&asked)?)).await?;
    let mut view = desk(&visit, visit.t("check.title"), None);
    let status = match &found {
        Some(found) => {
            tell(&visit, &mut view, found)?;
            StatusCode::OK
        }
        None => {
            view.lead = vec![visit.t("check.none").to_owned()];
            StatusCode::NOT_FOUND
        }
    };
    view.forms = vec![asking(&visit, if found.is_some() { "" } else { &code })];
    Ok((status, Html(view.render()?)).into_response())
}

fn asking(visit: &Visit, typed: &str) -> DeskForm {
    let draft = Draft::new(vec![("code".to_owned(), typed.to_owned())]);
    DeskForm {
        heading: visit.t("check.form").to_owned(),
        action: visit.href("/check"),
        fields: vec![line(visit, &draft, "code", "check.code", true)],
        submit: visit.t("check.look").to_owned(),
        ..DeskForm::default()
    }
}

fn tell(visit: &Visit, view: &mut DeskView, found: &Certified) -> Result<(), Trouble> {
    let catalogue = visit.app.register().catalogue();
    let kind = catalogue.kind(certificate::KIND).ok_or(Trouble::NotFound)?;
    let said = |name: &str| text(&found.fields, name);
    let revoked = found.item.stage == certificate::REVOKED;
    // What the holder has become since is told beside what was certified.
    let gone = found.holder.as_ref().is_some_and(|holder| {
        let of = catalogue.kind(&holder.kind).and_then(|of| of.stage(&holder.stage));
        of.is_some_and(|stage| stage.closed)
    });
    view.lead = vec![match (revoked, gone) {
        (true, _) => visit.texts().fill(
            "check.revoked",
            &[("day", &said(certificate::REVOKED_ON)), ("reason", &said(certificate::REASON))],
        ),
        (false, true) => visit.t("check.gone").to_owned(),
        (false, false) => visit.t("check.valid").to_owned(),
    }];
    let label = |name: &str| kind.field(name).map(|field| field.label.text(visit.lang).to_owned());
    let row = |name: &str| {
        let value = said(name);
        (!value.is_empty()).then(|| DeskRow {
            cells: vec![cell(label(name).unwrap_or_default()), cell(value)],
            buttons: Vec::new(),
        })
    };
    let named = [certificate::CODE, certificate::ISSUED_ON, certificate::ISSUER];
    let mut rows: Vec<DeskRow> = named.into_iter().filter_map(row).collect();
    rows.extend(certified(kind, &said(certificate::TEXT)));
    rows.extend(row(certificate::DIGEST));
    view.tables = vec![DeskTable {
        heading: found.item.title.clone(),
        columns: vec![visit.t("check.item").to_owned(), visit.t("check.value").to_owned()],
        rows,
        ..DeskTable::default()
    }];
    Ok(())
}

/// The frozen lines: `label：value`; a line without a label is the number.
fn certified(kind: &Kind, text: &str) -> Vec<DeskRow> {
    let row = |line: &str| {
        let (label, value) = line.split_once('：').unwrap_or(("", line));
        let label = if label.is_empty() { kind.label.zh.as_str() } else { label };
        DeskRow { cells: vec![cell(label), cell(value)], buttons: Vec::new() }
    };
    text.lines().filter(|line| !line.is_empty()).map(row).collect()
}

fn text(fields: &Fields, name: &str) -> String {
    fields.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}
