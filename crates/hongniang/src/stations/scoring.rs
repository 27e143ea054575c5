//! Scoring by a sheet: one page with a line for each item, for a review and for an evaluation.
//!
//! Counts nothing itself: the register does, by the same sheet. Start at [`form`].

use askama::Template as _;
use axum::extract::Path;
use axum::response::{Html, IntoResponse, Response};
use catalogue::sheet::Item;
use catalogue::{Fault, Fields, Kind, Sheet};
use register::Record;
use serde_json::{Value, json};

use super::desk;
use crate::accounts::{cell, line};
use crate::fields::{evaluation, review};
use crate::records::draft::Draft;
use crate::records::edit::{self, found, redirect};
use crate::records::posted::Posted;
use crate::records::{address, moves};
use crate::trouble::Trouble;
use crate::view::{DeskForm, DeskTable, FaultLine, FieldView, Widget};
use crate::visit::Visit;

/// Height of the lines for words.
const OPINION_ROWS: u8 = 5;
/// Before the name of an item's input.
const POINTS: &str = "points.";

/// What is scored: the record, the move, and the sheet.
struct Scored {
    kind: Kind,
    record: Record,
    name: &'static str,
    sheet: Sheet,
}

/// `GET /reviews/{number}/moves/submit`.
pub async fn review_form(visit: Visit, Path(number): Path<String>) -> Result<Response, Trouble> {
    form(visit, (review::KIND, number, review::SUBMIT)).await
}

/// `POST /reviews/{number}/moves/submit`.
pub async fn review_enter(
    visit: Visit,
    Path(number): Path<String>,
    posted: Posted,
) -> Result<Response, Trouble> {
    enter(visit, (review::KIND, number, review::SUBMIT), posted).await
}

/// `GET /evaluations/{number}/moves/score`.
pub async fn evaluation_form(visit: Visit, Path(number): Path<String>) -> Result<Response, Trouble> {
    form(visit, (evaluation::KIND, number, evaluation::SCORE_MOVE)).await
}

/// `POST /evaluations/{number}/moves/score`.
pub async fn evaluation_enter(
    visit: Visit,
    Path(number): Path<String>,
    posted: Posted,
) -> Result<Response, Trouble> {
    enter(visit, (evaluation::KIND, number, evaluation::SCORE_MOVE), posted).await
}

/// The page of a sheet; where there is none, the plain form of the move.
pub async fn form(
    visit: Visit,
    (kind, number, name): (&'static str, String, &'static str),
) -> Result<Response, Trouble> {
    match scored(&visit, (kind, &number, name)).await? {
        Ok(scored) => {
            let terms = visit.app.register().catalogue().terms();
            let asked = scored.kind.fields.iter().filter(|field| field.name != review::SCORES);
            let mut draft = Draft::of_fields(asked, &scored.record.fields, &terms);
            for item in &scored.sheet.items {
                let points = scored.record.fields.get(review::SCORES);
                let points = points.and_then(|points| scored.sheet.points(item, points));
                draft.set(&input(item), points.map(|points| points.to_string()).unwrap_or_default());
            }
            page(&visit, &scored, &draft, Vec::new(), None)
        }
        Err(path) => edit::move_form(visit, Path((path, number, name.to_owned()))).await,
    }
}

/// What an address asks to be scored; the path of its kind where there is no sheet.
async fn scored(
    visit: &Visit,
    (kind, number, name): (&str, &str, &'static str),
) -> Result<Result<Scored, String>, Trouble> {
    let kind = visit.app.register().catalogue().kind(kind).ok_or(Trouble::NotFound)?;
    let record = found(visit, kind, number).await?;
    let fields = record.fields.clone();
    let sheet = visit.app.read(move |reader| Ok(reader.sheet_for(&fields)?.cloned())).await?;
    let Some(sheet) = sheet else { return Ok(Err(kind.path.clone())) };
    let offers = crate::records::offered(visit, kind, &record);
    let offer = offers.iter().find(|offer| offer.mv.name == name);
    match offer {
        Some(offer) if offer.access.is_some() => Ok(Ok(Scored { kind: kind.clone(), record, name, sheet })),
        _ => Err(Trouble::Register(register::Fault::NotAllowed)),
    }
}

fn input(item: &Item) -> String {
    format!("{POINTS}{}", item.name)
}

fn page(
    visit: &Visit,
    scored: &Scored,
    draft: &Draft,
    faults: Vec<Fault>,
    trouble: Option<&Trouble>,
) -> Result<Response, Trouble> {
    let here = address(&scored.kind, &scored.record.item.number);
    let title = &scored.record.item.title;
    let mut view = desk(visit, title, Some(visit.link(&here, title.clone())));
    let status = match (trouble, faults.is_empty()) {
        (Some(trouble), _) => trouble.telling().status,
        (None, false) => axum::http::StatusCode::UNPROCESSABLE_ENTITY,
        (None, true) => axum::http::StatusCode::OK,
    };
    view.lead = vec![visit.texts().fill(
        "scoring.lead",
        &[("pass", &scored.sheet.pass.to_string()), ("good", &scored.sheet.good.to_string())],
    )];
    view.lead.extend(scored.sheet.requires.iter().map(|of| of.label.text(visit.lang).to_owned()));
    let fields = fields(visit, scored, draft, &faults);
    let said = |fault: &Fault| crate::problem::sentence(visit.texts(), fault);
    let label = |name: &str| fields.iter().find(|field| field.name == name).map(|field| field.label.clone());
    view.faults = faults
        .iter()
        .map(|fault| FaultLine {
            id: fault.field.clone(),
            label: label(&fault.field).unwrap_or_default(),
            text: said(fault),
        })
        .collect();
    if let Some(trouble) = trouble {
        let text = crate::problem::detail(visit.texts(), trouble);
        let label = visit.t(&format!("problem.{}.title", trouble.telling().code)).to_owned();
        view.faults.insert(0, FaultLine { id: String::new(), label, text });
    }
    view.tables = material(visit, scored).into_iter().collect();
    let mv = scored.kind.move_of(scored.name).ok_or(Trouble::NotFound)?;
    view.forms = vec![DeskForm {
        heading: scored.sheet.label.text(visit.lang).to_owned(),
        action: visit.href(&format!("{here}/moves/{}", scored.name)),
        hidden: vec![("version".to_owned(), scored.record.item.version.to_string())],
        fields,
        submit: mv.label.text(visit.lang).to_owned(),
        ..DeskForm::default()
    }];
    Ok((status, Html(view.render()?)).into_response())
}

/// What is looked at while scoring: the lines fixed when the reviewer was asked, or the frozen figures.
fn material(visit: &Visit, scored: &Scored) -> Option<DeskTable> {
    let fields = &scored.record.fields;
    let pairs: Vec<(String, String)> = match fields.get(review::MATERIAL).and_then(Value::as_str) {
        Some(text) => text.lines().map(pair).collect(),
        None => {
            let rows = fields.get(evaluation::SNAPSHOT).and_then(Value::as_array)?;
            let part =
                |row: &Value, name| row.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
            rows.iter().map(|row| (part(row, "name"), part(row, "value"))).collect()
        }
    };
    Some(DeskTable {
        heading: visit.t("scoring.material").to_owned(),
        columns: vec![visit.t("check.item").to_owned(), visit.t("check.value").to_owned()],
        rows: pairs
            .into_iter()
            .map(|(label, value)| crate::view::DeskRow {
                cells: vec![cell(label), cell(value)],
                buttons: Vec::new(),
            })
            .collect(),
        ..DeskTable::default()
    })
}

fn pair(line: &str) -> (String, String) {
    let (label, value) = line.split_once('：').unwrap_or(("", line));
    (label.to_owned(), value.to_owned())
}

fn fields(visit: &Visit, scored: &Scored, draft: &Draft, faults: &[Fault]) -> Vec<FieldView> {
    let blank = |name: &str| line(visit, draft, name, "scoring.points", true);
    let told = |name: &str| {
        let of = faults.iter().filter(|fault| fault.field == name);
        of.map(|fault| crate::problem::sentence(visit.texts(), fault)).collect::<Vec<_>>()
    };
    let mut fields: Vec<FieldView> = scored
        .sheet
        .items
        .iter()
        .map(|item| {
            let name = input(item);
            let label = item.label.text(visit.lang);
            FieldView {
                label: visit
                    .texts()
                    .fill("scoring.item", &[("item", label), ("most", &item.most.to_string())]),
                faults: told(&name),
                widget: Widget::Line { value: draft.one(&name).to_owned(), kind: "number", list: Vec::new() },
                ..blank(&name)
            }
        })
        .collect();
    let mv = scored.kind.move_of(scored.name);
    let catalogue = visit.app.register().catalogue();
    for (name, needed) in
        mv.into_iter().flat_map(|mv| mv.takes.iter().map(|name| (name, mv.needs.contains(name))))
    {
        let Some(field) = scored.kind.field(name).filter(|field| field.name != review::SCORES) else {
            continue;
        };
        let widget = match &field.shape {
            catalogue::Shape::Code(list) => {
                let terms = catalogue.vocabularies().get(list);
                let option = |term: &catalogue::Term| {
                    let label = term.label.text(visit.lang).to_owned();
                    let chosen = term.code == draft.one(name) || label == draft.one(name);
                    (term.code.clone(), label, chosen)
                };
                let options = terms.map(|of| of.terms.iter().map(option).collect()).unwrap_or_default();
                Widget::Choice { options, many: false }
            }
            _ => Widget::Text { value: draft.one(name).to_owned(), rows: OPINION_ROWS },
        };
        fields.push(FieldView {
            label: field.label.text(visit.lang).to_owned(),
            help: field.help.text(visit.lang).to_owned(),
            required: needed,
            max: field.max,
            faults: told(name),
            widget,
            ..blank(name)
        });
    }
    if moves::is_for_party(visit, &scored.kind, &scored.record, scored.name) {
        fields.extend(edit::told_section(visit, draft, faults).fields);
    }
    fields
}

/// Makes the move with what was typed; nothing typed is lost.
pub async fn enter(
    visit: Visit,
    (kind, number, name): (&'static str, String, &'static str),
    posted: Posted,
) -> Result<Response, Trouble> {
    let scored = match scored(&visit, (kind, &number, name)).await? {
        Ok(scored) => scored,
        Err(path) => return edit::make(visit, Path((path, number, name.to_owned())), posted).await,
    };
    let draft = posted.draft;
    let (given, mut faults) = read(&visit, &scored, &draft);
    let told = match edit::told_of(&visit, &scored.kind, &scored.record, name, &draft) {
        Ok(told) => told,
        Err(trouble) => {
            faults.extend(trouble.faults().iter().cloned());
            None
        }
    };
    if !faults.is_empty() {
        return page(&visit, &scored, &draft, faults, None);
    }
    let version = draft.one("version").parse().ok();
    match moves::make(&visit, &scored.record, version, (name, given), told).await {
        Ok(_) => {
            let here = address(&scored.kind, &scored.record.item.number);
            Ok(redirect(&visit, &here, "notice.moved"))
        }
        Err(trouble) if trouble.faults().is_empty() => {
            page(&visit, &scored, &draft, Vec::new(), Some(&trouble))
        }
        Err(trouble) => {
            let faults = trouble.faults().to_vec();
            page(&visit, &scored, &draft, faults, None)
        }
    }
}

/// The points and the other fields, and every fault of them.
fn read(visit: &Visit, scored: &Scored, draft: &Draft) -> (Fields, Vec<Fault>) {
    let (mut rows, mut faults) = (Vec::new(), Vec::new());
    for item in &scored.sheet.items {
        let name = input(item);
        match draft.one(&name).trim().parse::<u32>() {
            Ok(points) if points <= item.most => {
                rows.push(json!({ "item": scored.sheet.code(item), "points": points }));
            }
            _ => faults.push(Fault::new(name, "points").with("most", item.most)),
        }
    }
    let mv = scored.kind.move_of(scored.name);
    let takes: Vec<&catalogue::Field> = mv
        .into_iter()
        .flat_map(|mv| &mv.takes)
        .filter(|name| *name != review::SCORES)
        .filter_map(|name| scored.kind.field(name))
        .collect();
    let terms = visit.app.register().catalogue().terms();
    let (mut given, wrong) = draft.read(takes.iter().copied(), &terms);
    faults.extend(wrong);
    let needs = mv.map(|mv| mv.needs.as_slice()).unwrap_or_default();
    let missing = needs.iter().filter(|name| *name != review::SCORES);
    let missing = missing.filter(|name| !catalogue::value::is_filled(&given, name));
    faults.extend(missing.map(|name| Fault::new(name.as_str(), "required")));
    given.insert(review::SCORES.to_owned(), json!(rows));
    (given, faults)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_without_a_label_is_all_value() {
        assert_eq!(pair("建站目标：做稳冷压"), ("建站目标".to_owned(), "做稳冷压".to_owned()));
        assert_eq!(pair("接上一行"), (String::new(), "接上一行".to_owned()));
    }
}
