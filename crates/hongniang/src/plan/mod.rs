//! 方案: a programme as the page people know it by: heading, number, phases, tasks, targets, pilots, safeguards, documents.
//!
//! Shows a record of the register in another order; whoever may not read it finds nothing here either. Start at [`show`].

use askama::Template as _;
use axum::extract::Path;
use axum::response::{Html, IntoResponse, Redirect, Response};
use base::day::Day;
use base::id::RecordId;
use base::place::Place;
use catalogue::{Fields, Kind};
use register::{Reader, Record};
use serde_json::Value;

use crate::clock;
use crate::fields::programme;
use crate::figures::targets::boards;
use crate::records::faces::{place_name, row, type_label};
use crate::records::pages::Titles;
use crate::records::sources::sources;
use crate::records::{address, key_at};
use crate::trouble::Trouble;
use crate::view::{Link, PhaseView, PilotView, PlanView, Row, WorkLine};
use crate::visit::Visit;

/// `GET /programmes/{number}/plan`.
pub async fn show(visit: Visit, Path(number): Path<String>) -> Result<Response, Trouble> {
    let kind = visit.app.register().catalogue().kind(programme::KIND).ok_or(Trouble::NotFound)?;
    let key = key_at(kind, &number)?;
    let looking = visit.clone();
    let (view, here) = visit
        .app
        .read(move |reader| {
            let record = reader.find(&looking.asker(), &key)?;
            let here = record.item.number.path();
            Ok((view(&looking, reader, &record)?, here))
        })
        .await?;
    if here != number {
        return Ok(Redirect::to(&visit.href(&format!("/programmes/{here}/plan"))).into_response());
    }
    Ok(Html(view.render()?).into_response())
}

/// Where a programme's plan stands, if it has one: it names its phases.
pub fn offered(visit: &Visit, kind: &Kind, record: &Record) -> Option<Link> {
    let phased = kind.name == programme::KIND && !list(&record.fields, programme::PHASES).is_empty();
    let here = address(kind, &record.item.number);
    phased.then(|| visit.link(&format!("{here}/plan"), visit.t("plan.action")))
}

fn view(visit: &Visit, reader: &Reader<'_>, record: &Record) -> Result<PlanView, Trouble> {
    let kind = visit.app.register().catalogue().kind(&record.item.kind).ok_or(Trouble::NotFound)?;
    let (fields, here) = (&record.fields, address(kind, &record.item.number));
    let titles = Titles::of(reader, visit, kind, &[fields])?;
    let link = |name: &str| titles.link(fields.get(name)?);
    let summary = text(fields, programme::SUMMARY);
    let mut page = match record.subject.audience {
        catalogue::Audience::Public => {
            visit.public_page(record.item.title.clone(), summary.chars().take(110).collect::<String>())
        }
        _ => visit.page(record.item.title.clone()),
    };
    page.path = format!("{here}/plan");
    Ok(PlanView {
        kind: visit.link(&format!("/{}", kind.path), kind.label.text(visit.lang)),
        type_label: type_label(kind, &record.item.type_path, visit.lang),
        record: visit.link(&here, visit.t("plan.record")),
        title: record.item.title.clone(),
        document_number: text(fields, programme::DOCUMENT_NUMBER),
        lead: link(programme::LEAD),
        evaluator: link(programme::EVALUATOR),
        place: record.item.place.as_ref().map(|place| place_name(place, visit.lang)).unwrap_or_default(),
        span: span(visit, fields),
        summary,
        focus: list(fields, programme::FOCUS).iter().filter_map(|v| Some(v.as_str()?.to_owned())).collect(),
        phases: list(fields, programme::PHASES).iter().map(|phase| phase_view(visit, phase)).collect(),
        tasks: works(fields, programme::TASKS),
        boards: boards(visit, reader, &visit.app.index().ask().figures, Some(record.item.id))?,
        pilots: list(fields, programme::PILOTS).iter().filter_map(|code| pilot(visit, code)).collect(),
        safeguards: works(fields, programme::SAFEGUARDS),
        documents: documents(visit, reader, fields)?,
        sources: sources(visit, fields),
        page,
    })
}

fn documents(visit: &Visit, reader: &Reader<'_>, fields: &Fields) -> Result<Vec<Row>, Trouble> {
    let ids: Vec<RecordId> =
        list(fields, programme::POLICIES).iter().filter_map(catalogue::kind::reference).collect();
    let items = reader.seen_all(&visit.asker(), &ids)?;
    Ok(items.iter().map(|item| row(visit, item, &[])).collect())
}

fn phase_view(visit: &Visit, phase: &Value) -> PhaseView {
    let today = visit.app.today();
    let (from, until) = (day(phase, programme::SINCE), day(phase, programme::UNTIL));
    let begun = from.is_some_and(|day| day.first() <= today);
    let over = until.is_some_and(|day| day.last() < today);
    PhaseView {
        name: of(phase, programme::NAME),
        work: of(phase, programme::WORK),
        span: days(visit, from, until),
        now: begun && !over && until.is_some(),
    }
}

fn pilot(visit: &Visit, code: &Value) -> Option<PilotView> {
    let place = Place::parse(code.as_str()?).ok()?;
    let above = place.parent().map(|up| place_name(&up, visit.lang)).unwrap_or_default();
    let name = match visit.lang {
        crate::locale::Lang::Zh => place.short().into_owned(),
        crate::locale::Lang::En => place.name_en().into_owned(),
    };
    Some(PilotView { link: visit.link(&format!("/regions/{}", place.code()), name), above })
}

fn works(fields: &Fields, name: &str) -> Vec<WorkLine> {
    let line =
        |value: &Value| WorkLine { name: of(value, programme::NAME), work: of(value, programme::WORK) };
    list(fields, name).iter().map(line).collect()
}

fn list<'f>(fields: &'f Fields, name: &str) -> &'f [Value] {
    fields.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn text(fields: &Fields, name: &str) -> String {
    fields.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn of(value: &Value, name: &str) -> String {
    value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn day(value: &Value, name: &str) -> Option<Day> {
    value.get(name)?.as_str().and_then(|text| Day::parse(text).ok())
}

/// From when to when a programme or target runs, in words.
fn span(visit: &Visit, fields: &Fields) -> String {
    let day = |name: &str| fields.get(name)?.as_str().and_then(|text| Day::parse(text).ok());
    days(visit, day(programme::SINCE), day(programme::UNTIL))
}

fn days(visit: &Visit, from: Option<Day>, until: Option<Day>) -> String {
    let say = |day: Day| clock::day(&day, visit.lang);
    match (from.map(say), until.map(say)) {
        (Some(from), Some(until)) if from == until => from,
        (Some(from), Some(until)) => visit.texts().fill("plan.span", &[("from", &from), ("until", &until)]),
        (Some(from), None) => visit.texts().fill("plan.since", &[("from", &from)]),
        (None, Some(until)) => visit.texts().fill("plan.until", &[("until", &until)]),
        (None, None) => String::new(),
    }
}
