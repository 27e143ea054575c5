//! 议定任务: what a meeting decided, line by line, each with who leads and by when; each becomes a task that is assigned at
//! once and told to them.
//!
//! Every fault is told at once and nothing typed is lost. Start at [`form`].

use askama::Template as _;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use base::day::Day;
use base::id::RecordId;
use catalogue::{Asker, Fault, Fields, Filter};
use register::{Key, New, Reader, Record, Writer};
use serde_json::json;

use crate::accounts::line;
use crate::fields::{event, gathering, organization, task};
use crate::records::draft::Draft;
use crate::records::edit::redirect;
use crate::records::posted::Posted;
use crate::records::{address, once};
use crate::sides::{body, handles, references};
use crate::trouble::Trouble;
use crate::view::{DeskForm, DeskView, FaultLine, FieldView, Widget};
use crate::visit::Visit;

/// Lines of the form.
const LINES: usize = 6;
/// Characters of a task.
const TITLE_CHARS: usize = 120;

/// A decision as typed.
#[derive(Clone, Debug, Default)]
struct Decision {
    at: usize,
    title: String,
    unit: String,
    due: String,
}

/// A decision whose owner was found.
struct Sound {
    at: usize,
    title: String,
    unit: RecordId,
    due: String,
}

/// The meeting, for who handles records there.
async fn meeting(visit: &Visit, number: &str) -> Result<Record, Trouble> {
    let record = super::event(visit, number).await?;
    if handles(visit, &record) { Ok(record) } else { Err(Trouble::Register(register::Fault::NotAllowed)) }
}

fn here(visit: &Visit, record: &Record) -> Result<String, Trouble> {
    let kind = visit.app.register().catalogue().kind(event::KIND).ok_or(Trouble::NotFound)?;
    Ok(address(kind, &record.item.number))
}

/// `GET /events/{number}/decisions`.
pub async fn form(visit: Visit, Path(number): Path<String>) -> Result<Response, Trouble> {
    let record = meeting(&visit, &number).await?;
    let mut draft = Draft::default();
    once::mark(&visit, &mut draft);
    page(&visit, &record, &draft, &[]).await
}

async fn page(visit: &Visit, record: &Record, draft: &Draft, faults: &[Fault]) -> Result<Response, Trouble> {
    let back = here(visit, record)?;
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let (looking, id) = (visit.clone(), record.item.id);
    let decided = visit
        .app
        .read(move |reader: &Reader<'_>| {
            body::tasks(&looking, reader, Filter::Refers(task::MEETING.to_owned(), id))
        })
        .await?;
    let decided = crate::view::DeskTable { empty: visit.t("decisions.empty").to_owned(), ..decided };
    let fields = (0..LINES).flat_map(|at| asked(visit, draft, at, faults)).collect();
    let line = |fault: &Fault| {
        let (name, at) = fault.field.rsplit_once('-').unwrap_or((&fault.field, "0"));
        let n = at.parse::<usize>().map_or(1, |at| at + 1).to_string();
        let label = visit.t(label(name));
        FaultLine {
            id: fault.field.clone(),
            label: visit.texts().fill("decisions.line", &[("n", &n), ("label", label)]),
            text: crate::problem::sentence(visit.texts(), fault),
        }
    };
    let view = DeskView {
        crumb: Some(visit.link(&back, record.item.title.clone())),
        lead: vec![visit.t("decisions.lead").to_owned()],
        faults: faults.iter().map(line).collect(),
        tables: vec![decided],
        forms: vec![DeskForm {
            heading: visit.t("decisions.form").to_owned(),
            note: visit.t("decisions.form-note").to_owned(),
            action: visit.href(&format!("{back}/decisions")),
            hidden: vec![(once::TOKEN.to_owned(), draft.one(once::TOKEN).to_owned())],
            fields,
            submit: visit.t("decisions.save").to_owned(),
        }],
        ..DeskView::bare(visit.page(format!("{} · {}", visit.t("decisions.title"), record.item.title)))
    };
    Ok((status, Html(view.render()?)).into_response())
}

fn label(name: &str) -> &'static str {
    match name {
        "unit" => "decisions.unit",
        "due" => "decisions.due",
        _ => "decisions.task",
    }
}

/// The three fields of a line.
fn asked(visit: &Visit, draft: &Draft, at: usize, faults: &[Fault]) -> Vec<FieldView> {
    let n = (at + 1).to_string();
    let field = |name: &str, kind: &'static str| {
        let id = format!("{name}-{at}");
        let key = label(name);
        let of = faults.iter().filter(|fault| fault.field == id);
        let help = if at == 0 { format!("{key}-help") } else { String::new() };
        FieldView {
            label: visit.texts().fill("decisions.line", &[("n", &n), ("label", visit.t(key))]),
            help: if visit.texts().has(&help) { visit.t(&help).to_owned() } else { String::new() },
            faults: of.map(|fault| crate::problem::sentence(visit.texts(), fault)).collect(),
            widget: Widget::Line { value: draft.one(&id).to_owned(), kind, list: Vec::new() },
            ..line(visit, draft, &id, key, false)
        }
    };
    vec![field("task", "text"), field("unit", "text"), field("due", "date")]
}

/// `POST /events/{number}/decisions`.
pub async fn keep(visit: Visit, Path(number): Path<String>, posted: Posted) -> Result<Response, Trouble> {
    let record = meeting(&visit, &number).await?;
    let typed: Vec<Decision> = (0..LINES).filter_map(|at| typed(&posted.draft, at)).collect();
    let (looking, today) = (visit.clone(), visit.app.today().to_string());
    let (sound, faults) = visit
        .app
        .read(move |reader: &Reader<'_>| {
            let (mut sound, mut faults) = (Vec::new(), Vec::new());
            for one in &typed {
                match checked(&looking, reader, one, &today)? {
                    Ok(one) => sound.push(one),
                    Err(found) => faults.extend(found),
                }
            }
            if typed.is_empty() {
                faults.push(Fault::new("task-0", "required"));
            }
            Ok((sound, faults))
        })
        .await?;
    if !faults.is_empty() {
        return page(&visit, &record, &posted.draft, &faults).await;
    }
    let token = once::id_of(&visit, &posted.draft);
    let (me, of) = (visit.asker(), record.clone());
    visit
        .app
        .write(move |writer| sound.iter().try_for_each(|one| file(writer, &me, &of, one, token)))
        .await?;
    Ok(redirect(&visit, &here(&visit, &record)?, "notice.saved"))
}

/// A line that says anything.
fn typed(draft: &Draft, at: usize) -> Option<Decision> {
    let of = |name: &str| draft.one(&format!("{name}-{at}")).trim().to_owned();
    let one = Decision { at, title: of("task"), unit: of("unit"), due: of("due") };
    (!one.title.is_empty() || !one.unit.is_empty() || !one.due.is_empty()).then_some(one)
}

/// The decision with its owner, or all that is wrong with the line.
fn checked(
    visit: &Visit,
    reader: &Reader<'_>,
    one: &Decision,
    today: &str,
) -> Result<Result<Sound, Vec<Fault>>, Trouble> {
    let fault = |name: &str, code: &'static str| Fault::new(format!("{name}-{}", one.at), code);
    let mut faults = Vec::new();
    let chars = one.title.chars().count();
    if chars < 2 {
        faults.push(fault("task", "required"));
    } else if chars > TITLE_CHARS {
        faults.push(fault("task", "too-long").with("found", chars).with("max", TITLE_CHARS));
    }
    let unit = reader.titled(&visit.asker(), organization::KIND, &one.unit)?;
    if one.unit.is_empty() {
        faults.push(fault("unit", "required"));
    } else if unit.is_none() {
        faults.push(fault("unit", "unit-unknown").with("text", &one.unit));
    }
    match Day::parse(&one.due).map(|day| day.last().to_string()) {
        _ if one.due.is_empty() => faults.push(fault("due", "required")),
        Err(_) => faults.push(fault("due", "day-form").with("text", &one.due)),
        Ok(day) if day.as_str() < today => faults.push(fault("due", "day-over")),
        Ok(_) => {}
    }
    Ok(match unit.filter(|_| faults.is_empty()) {
        Some(unit) => Ok(Sound { at: one.at, title: one.title.clone(), unit: unit.id, due: one.due.clone() }),
        None => Err(faults),
    })
}

/// Files a task and assigns it, so that its owner is told; the same form sent twice files it once.
fn file(
    writer: &mut Writer<'_>,
    me: &Asker,
    meeting: &Record,
    one: &Sound,
    token: Option<RecordId>,
) -> register::Result<()> {
    let mut fields = Fields::new();
    let mut put = |name: &str, text: String| fields.insert(name.to_owned(), json!(text));
    put(task::TITLE, one.title.clone());
    put(task::MEETING, meeting.item.id.to_string());
    put(task::UNIT, one.unit.to_string());
    put(task::DUE, one.due.clone());
    if let Some(place) = &meeting.item.place {
        put(task::PLACE, place.to_string());
    }
    if let Some(body) = references(&meeting.fields, gathering::BODY).first() {
        put(task::BODY, body.to_string());
    }
    let id = token.map(|token| once::named(token, &format!("task-{}", one.at)));
    let made = once::create(writer, me, New { kind: task::KIND.to_owned(), fields, id, ..New::default() })?;
    if made.item.stage != task::OPEN {
        writer.make(me, &Key::Row(made.item.row), None, task::ASSIGN, &Fields::new(), 0)?;
    }
    Ok(())
}
