//! 参会名单: typed line by line, imported, or signed at the door; paper is as good. What is counted comes from here.
//!
//! Signing in is never asked for: who wrote a list on paper enters it as “came” at once. Start at [`show`].

use std::collections::BTreeSet;

use askama::Template as _;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use catalogue::kind::{Verb, reference};
use catalogue::{Asker, Fault, Fields};
use register::{Key, New, Record, Writer};
use serde_json::json;

use super::counts::{Counts, Listed, count, listed};
use crate::accounts::{cell, line};
use crate::fields::{EMPLOYER, attendance as a, event, gathering, organization, person};
use crate::records::draft::Draft;
use crate::records::edit::redirect;
use crate::records::export::{Sheet, send};
use crate::records::posted::Posted;
use crate::records::{address, once};
use crate::sides::{link_to, stage, text};
use crate::trouble::Trouble;
use crate::view::{DeskButton, DeskForm, DeskRow, DeskTable, DeskView, FaultLine, FieldView, Link, Widget};
use crate::visit::Visit;

/// Lines of one list taken at once.
const LINES_MAX: usize = 500;
/// Characters of a name, and of a unit or position.
const NAME_CHARS: usize = 40;
/// As above.
const CELL_CHARS: usize = 80;
/// Columns of the sheet.
const COLUMNS: [&str; 6] = [
    "attendance.name",
    "attendance.unit",
    "attendance.position",
    "attendance.part",
    "attendance.phone",
    "list.stage",
];

/// Where the desk of an event stands.
fn here(visit: &Visit, record: &Record) -> Result<String, Trouble> {
    let kind = visit.app.register().catalogue().kind(event::KIND).ok_or(Trouble::NotFound)?;
    Ok(address(kind, &record.item.number))
}

async fn all(visit: &Visit, record: &Record) -> Result<Vec<Listed>, Trouble> {
    let (me, record) = (visit.asker(), record.clone());
    visit.app.read(move |reader| listed(reader, &me, &record)).await
}

/// `GET /events/{number}/attendance`.
pub async fn show(visit: Visit, Path(number): Path<String>) -> Result<Response, Trouble> {
    let record = super::event(&visit, &number).await?;
    page(&visit, &record, &Draft::default(), Vec::new()).await
}

async fn page(
    visit: &Visit,
    record: &Record,
    draft: &Draft,
    faults: Vec<FaultLine>,
) -> Result<Response, Trouble> {
    let (all, back) = (all(visit, record).await?, here(visit, record)?);
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let counts = count(&all);
    let may_write = may_write(visit, record);
    let view = DeskView {
        crumb: Some(visit.link(&back, record.item.title.clone())),
        lead: vec![visit.t("attendance.lead").to_owned(), words(visit, &counts)],
        faults,
        links: ways(visit, may_write),
        tables: vec![table(visit, &all, &visit.href(&format!("{back}/attendance")))],
        forms: if may_write { forms(visit, record, &back, draft, &counts) } else { Vec::new() },
        exports: if all.is_empty() { Vec::new() } else { visit.exports(&format!("{back}/attendance")) },
        ..DeskView::bare(visit.page(format!("{} · {}", visit.t("attendance.title"), record.item.title)))
    };
    Ok((status, Html(view.render()?)).into_response())
}

fn words(visit: &Visit, counts: &Counts) -> String {
    let n = [
        ("listed", counts.listed.to_string()),
        ("came", counts.came.to_string()),
        ("experts", counts.experts.to_string()),
        ("firms", counts.firms.to_string()),
    ];
    visit.texts().fill("attendance.counts", &n.each_ref().map(|(name, text)| (*name, text.as_str())))
}

/// Whether the visitor writes the list: who may file attendances where the event stands, or hosts it.
fn may_write(visit: &Visit, record: &Record) -> bool {
    let hosts = host(record).is_some_and(|host| visit.asker().organizations.contains(&host));
    let may = visit.asker().only.is_none();
    may && (hosts || crate::sides::handles(visit, record))
}

fn host(record: &Record) -> Option<base::id::RecordId> {
    record.fields.get(gathering::ORGANIZER).and_then(reference)
}

fn ways(visit: &Visit, may_write: bool) -> Vec<Link> {
    match may_write {
        true => vec![visit.link("/attendances/import", visit.t("attendance.import"))],
        false => Vec::new(),
    }
}

fn table(visit: &Visit, all: &[Listed], here: &str) -> DeskTable {
    let row = |one: &Listed| DeskRow {
        cells: cells(visit, one)
            .into_iter()
            .enumerate()
            .map(|(at, text)| if at == 0 { link_to(visit, &one.item, text) } else { cell(text) })
            .collect(),
        buttons: button(visit, one, here).into_iter().collect(),
    };
    DeskTable {
        heading: visit.t("attendance.list").to_owned(),
        note: String::new(),
        columns: COLUMNS.map(|key| visit.t(key).to_owned()).into(),
        rows: all.iter().map(row).collect(),
        empty: visit.t("attendance.empty").to_owned(),
    }
}

fn cells(visit: &Visit, one: &Listed) -> Vec<String> {
    let terms = visit.app.register().catalogue().terms();
    let of = |name: &str| text(&one.fields, name);
    let part = match of(a::PART).as_str() {
        "" => String::new(),
        code => terms.label(a::PARTS, code, visit.lang).to_owned(),
    };
    vec![of(a::NAME), of(a::UNIT_NAME), of(a::POSITION), part, of(a::PHONE), stage(visit, &one.item)]
}

/// Signing in at the door, where the visitor may do it and it is not done.
fn button(visit: &Visit, one: &Listed, here: &str) -> Option<DeskButton> {
    let kind = visit.app.register().catalogue().kind(a::KIND)?;
    let subject = catalogue::Subject {
        id: one.item.id,
        kind: one.item.kind.clone(),
        type_path: one.item.type_path.clone(),
        stage: one.item.stage.clone(),
        owner: one.item.owner,
        place: one.item.place.clone(),
        audience: one.item.audience,
        assigned: Vec::new(),
    };
    let verb = Verb::Move(a::SIGN_IN.to_owned());
    let may =
        one.item.stage != a::CAME && catalogue::access::may(kind, &visit.asker(), &subject, &verb).is_some();
    may.then(|| DeskButton {
        action: here.to_owned(),
        hidden: vec![("do".to_owned(), a::SIGN_IN.to_owned()), ("row".to_owned(), one.item.row.to_string())],
        asks: None,
        label: visit.t("attendance.sign-in").to_owned(),
    })
}

fn forms(visit: &Visit, record: &Record, back: &str, draft: &Draft, counts: &Counts) -> Vec<DeskForm> {
    let action = visit.href(&format!("{back}/attendance"));
    let catalogue = visit.app.register().catalogue();
    let terms = catalogue.vocabularies().get(a::PARTS).map(|of| of.terms.as_slice()).unwrap_or_default();
    let options = terms.iter().map(|term| {
        (term.code.clone(), term.label.text(visit.lang).to_owned(), term.code == draft.one(a::PART))
    });
    let mut fields = vec![
        FieldView {
            widget: Widget::Text { value: draft.one("people").to_owned(), rows: 8 },
            ..line(visit, draft, "people", "attendance.people", true)
        },
        FieldView {
            widget: Widget::Choice { options: options.collect(), many: false },
            ..line(visit, draft, a::PART, "attendance.part", false)
        },
        FieldView {
            widget: Widget::Check { on: !draft.one(a::CAME).is_empty() },
            ..line(visit, draft, a::CAME, "attendance.all-came", false)
        },
    ];
    fields.iter_mut().for_each(|field| field.required = field.name == "people");
    let mut forms = vec![DeskForm {
        heading: visit.t("attendance.type-in").to_owned(),
        note: visit.t("attendance.type-in-note").to_owned(),
        action: action.clone(),
        hidden: vec![("do".to_owned(), "list".to_owned())],
        fields,
        submit: visit.t("attendance.save").to_owned(),
    }];
    let kind = catalogue.kind(event::KIND);
    let may_revise = kind.is_some_and(|kind| {
        catalogue::access::may(kind, &visit.asker(), &record.subject, &Verb::Revise).is_some()
    });
    if counts.listed > 0 && may_revise {
        forms.push(DeskForm {
            heading: visit.t("attendance.take").to_owned(),
            note: visit.t("attendance.take-note").to_owned(),
            action,
            hidden: vec![("do".to_owned(), "take".to_owned())],
            fields: Vec::new(),
            submit: visit.t("attendance.take-do").to_owned(),
        });
    }
    forms
}

/// `GET /events/{number}/attendance.{ending}`.
pub async fn export(
    visit: Visit,
    Path((number, ending)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let record = super::event(&visit, &number).await?;
    let rows = all(&visit, &record).await?.iter().map(|one| cells(&visit, one)).collect();
    send(&Sheet::of(&visit, visit.t("attendance.title"), &COLUMNS, rows), &ending)
}

/// `POST /events/{number}/attendance`: a list, a name signed in, or the counts taken over into the event.
pub async fn change(visit: Visit, Path(number): Path<String>, posted: Posted) -> Result<Response, Trouble> {
    let record = super::event(&visit, &number).await?;
    let notice = match posted.pressed() {
        "list" => return enter(&visit, &record, posted.draft).await,
        "take" => take(&visit, &record).await?,
        a::SIGN_IN => sign_in(&visit, &record, &posted.draft).await?,
        _ => return Err(Trouble::NotFound),
    };
    Ok(redirect(&visit, &format!("{}/attendance", here(&visit, &record)?), notice))
}

async fn sign_in(visit: &Visit, record: &Record, draft: &Draft) -> Result<&'static str, Trouble> {
    let row: i64 = draft.one("row").parse().map_err(|_| Trouble::NotFound)?;
    let all = all(visit, record).await?;
    let one = all.into_iter().find(|one| one.item.row == row).ok_or(Trouble::NotFound)?;
    let (me, given) = (visit.asker(), came_on(visit));
    visit
        .app
        .write(move |writer| writer.make(&me, &Key::Row(one.item.row), None, a::SIGN_IN, &given, 0))
        .await?;
    Ok("notice.moved")
}

fn came_on(visit: &Visit) -> Fields {
    Fields::from_iter([(a::CAME_ON.to_owned(), json!(visit.app.today().to_string()))])
}

/// Writes how many came, and from how many firms, into the event.
async fn take(visit: &Visit, record: &Record) -> Result<&'static str, Trouble> {
    let counts = count(&all(visit, record).await?);
    let people = if counts.came > 0 { counts.came } else { counts.listed };
    let mut fields = record.fields.clone();
    fields.insert(gathering::PEOPLE.to_owned(), json!(people));
    fields.insert(gathering::FIRMS.to_owned(), json!(counts.firms));
    let kind = visit.app.register().catalogue().kind(event::KIND).ok_or(Trouble::NotFound)?;
    fields.retain(|name, _| kind.field(name).is_some_and(|field| !field.by_moves));
    let (me, key, version) = (visit.asker(), Key::Row(record.item.row), record.item.version);
    visit.app.write(move |writer| writer.revise(&me, &key, version, fields)).await?;
    Ok("notice.saved")
}

/// One person of a typed list.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Typed {
    name: String,
    unit: String,
    position: String,
    phone: String,
}

/// The people of a typed list, or every line that is wrong with its number.
fn read(text: &str) -> Result<Vec<Typed>, Vec<Fault>> {
    let (mut people, mut faults) = (Vec::new(), Vec::new());
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    for (at, line) in lines {
        let mut cells = line.split(['\t', ',', '，', '；', ';']).map(|cell| cell.trim().to_owned());
        let mut next = || cells.next().unwrap_or_default();
        let one = Typed { name: next(), unit: next(), position: next(), phone: next() };
        let wrong = |code: &'static str| Fault::new("people", code).with("n", at + 1);
        let chars = |text: &str| text.chars().count();
        if chars(&one.name) < 2 || chars(&one.name) > NAME_CHARS {
            faults.push(wrong("line-name"));
        } else if [&one.unit, &one.position].iter().any(|text| chars(text) > CELL_CHARS) {
            faults.push(wrong("line-long").with("max", CELL_CHARS));
        } else {
            people.push(one);
        }
    }
    if people.len() > LINES_MAX {
        faults.push(Fault::new("people", "too-many-lines").with("max", LINES_MAX));
    }
    if people.is_empty() && faults.is_empty() {
        faults.push(Fault::new("people", "required"));
    }
    if faults.is_empty() { Ok(people) } else { Err(faults) }
}

/// Files the people of a typed list; who stands on it already is left as they are.
async fn enter(visit: &Visit, record: &Record, draft: Draft) -> Result<Response, Trouble> {
    if !may_write(visit, record) {
        return Err(Trouble::Register(register::Fault::NotAllowed));
    }
    let people = match read(draft.one("people")) {
        Ok(people) => people,
        Err(faults) => {
            let line = |fault: &Fault| FaultLine {
                id: "people".to_owned(),
                label: visit.t("attendance.people").to_owned(),
                text: crate::problem::sentence(visit.texts(), fault),
            };
            return page(visit, record, &draft, faults.iter().map(line).collect()).await;
        }
    };
    let known: BTreeSet<(String, String)> = all(visit, record)
        .await?
        .iter()
        .map(|one| (text(&one.fields, a::NAME), text(&one.fields, a::UNIT_NAME)))
        .collect();
    let (me, of) = (visit.asker(), record.clone());
    let part = draft.one(a::PART).to_owned();
    let came = (!draft.one(a::CAME).is_empty()).then(|| came_on(visit));
    let file = move |writer: &mut Writer<'_>| {
        for typed in people.iter().filter(|one| !known.contains(&(one.name.clone(), one.unit.clone()))) {
            file(writer, &me, &of, (typed, &part), came.as_ref())?;
        }
        Ok(())
    };
    visit.app.write(file).await?;
    Ok(redirect(visit, &format!("{}/attendance", here(visit, record)?), "notice.saved"))
}

/// Files one person; a unit or person that is recorded under exactly this name is named too.
fn file(
    writer: &mut Writer<'_>,
    me: &Asker,
    event: &Record,
    (typed, part): (&Typed, &str),
    came: Option<&Fields>,
) -> register::Result<()> {
    let mut fields = Fields::new();
    let mut put = |name: &str, text: &str| {
        if !text.is_empty() {
            fields.insert(name.to_owned(), json!(text));
        }
    };
    put(a::NAME, &typed.name);
    put(a::EVENT, &event.item.id.to_string());
    put(a::PART, part);
    put(a::UNIT_NAME, &typed.unit);
    put(a::POSITION, &typed.position);
    put(a::PHONE, &typed.phone);
    put(a::PLACE, &event.item.place.as_ref().map(|place| place.to_string()).unwrap_or_default());
    put(a::HOST, &host(event).map(|host| host.to_string()).unwrap_or_default());
    if let Some(unit) = writer.titled(me, organization::KIND, &typed.unit)? {
        put(a::UNIT, &unit.id.to_string());
        if let Some(found) = writer.titled(me, person::KIND, &typed.name)? {
            let employer = writer.find(me, &Key::Id(found.id))?.fields.get(EMPLOYER).and_then(reference);
            // Two people may share a name: the same unit tells them apart.
            if employer == Some(unit.id) {
                put(a::PERSON, &found.id.to_string());
            }
        }
    }
    let id = once::named(event.item.id, &format!("{}|{}", typed.name, typed.unit));
    let new = New { kind: a::KIND.to_owned(), fields, id: Some(id), ..New::default() };
    let made = once::create(writer, me, new)?;
    if let Some(given) = came.filter(|_| made.item.stage != a::CAME) {
        writer.make(me, &Key::Row(made.item.row), None, a::SIGN_IN, given, 0)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_line_by_line_and_every_wrong_line_is_told() {
        let read_names = |text: &str| {
            read(text).map(|people| people.into_iter().map(|one| (one.name, one.unit)).collect::<Vec<_>>())
        };
        let pair = |name: &str, unit: &str| (name.to_owned(), unit.to_owned());
        assert_eq!(
            read_names("甲一（虚构）\t某厂（演示）\t工程师\n\n乙二（虚构），某校（演示）"),
            Ok(vec![pair("甲一（虚构）", "某厂（演示）"), pair("乙二（虚构）", "某校（演示）")])
        );
        let long = "长".repeat(CELL_CHARS + 1);
        let faults = read(&format!("甲\n乙二,{long}\n丙三")).unwrap_err();
        assert_eq!(faults.iter().map(|fault| fault.code).collect::<Vec<_>>(), ["line-name", "line-long"]);
        assert_eq!(read("  \n").unwrap_err()[0].code, "required");
    }
}
