//! 走访速记: a visit on one small screen, within a minute: which firm, which day, who came along, a few lines, what is next.
//!
//! Works without scripts. The inputs keep their names, and a note carries a UUID of its own, so that one that was kept on a
//! phone without signal is filed once however often it is sent. Start at [`form`].

use askama::Template as _;
use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use base::id::RecordId;
use base::limits;
use catalogue::kind::reference;
use catalogue::value::Fault;
use catalogue::{Asker, Fields, Filter, Kind, Refusal};
use register::{Find, Key, New, Reader, Record, Writer};
use serde_json::json;

use super::named::{self, Unit};
use super::notes;
use crate::accounts::line;
use crate::collect::firm::{self, Named};
use crate::fields::{call, case, organization};
use crate::records::draft::Draft;
use crate::records::posted::{Posted, Press, read_pairs};
use crate::records::sheet::{Drawing, Sheet};
use crate::records::{address, key_at, once};
use crate::trouble::Trouble;
use crate::view::{FaultLine, FieldView, Link, QuickView, Widget};
use crate::visit::Visit;

/// What is asked of the visit itself, in order.
const ASKED: [&str; 6] =
    [call::VISITED, call::PEOPLE, call::MINUTES, call::NEXT_STEP, call::NEXT_ON, call::PHOTOS];
/// The firm as it is typed, and the one that was chosen among those that come near.
const FIRM_NAME: &str = "firm_name";
/// Names of those who came along.
const EXPERT_NAMES: &str = "expert_names";
/// Chosen where the unit is in no list yet.
const AS_NEW: &str = "new";
/// Firms suggested while one types.
const SUGGESTED: usize = 40;
/// Characters of a heading.
const TITLE_CHARS: usize = 100;

fn kind(visit: &Visit) -> Result<&Kind, Trouble> {
    visit.must_sign_in()?;
    match notes(visit) {
        true => visit.app.register().catalogue().kind(call::KIND).ok_or(Trouble::NotFound),
        false => Err(Trouble::Register(register::Fault::NotAllowed)),
    }
}

/// `GET /visits/quick`; `?case=` and `?firm=` name what it is about, `?saved=` the visit just filed.
pub async fn form(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, Trouble> {
    let kind = kind(&visit)?;
    let asked = Draft::new(read_pairs(query.unwrap_or_default().as_bytes())?);
    let mut draft = Draft::default();
    draft.set(once::ONCE, once::fresh(&visit));
    draft.set(call::VISITED, visit.app.today().to_string());
    draft.set(call::PEOPLE, "1".to_owned());
    let (looking, numbers) = (visit.clone(), asked.clone());
    let (draft, saved) = visit
        .app
        .read(move |reader| {
            let draft = prefilled(&looking, reader, draft, &numbers)?;
            let saved = key_at(kind_of(&looking, call::KIND)?, numbers.one("saved")).ok();
            let saved = saved.and_then(|key| reader.seen(&looking.asker(), &key).ok());
            Ok((draft, saved))
        })
        .await?;
    let saved = saved.map(|item| visit.link(&address(kind, &item.number), item.title));
    page(&visit, kind, &draft, Shown { saved, ..Shown::default() }).await
}

fn kind_of<'v>(visit: &'v Visit, name: &str) -> Result<&'v Kind, Trouble> {
    visit.app.register().catalogue().kind(name).ok_or(Trouble::NotFound)
}

/// What a case or a firm already answers.
fn prefilled(
    visit: &Visit,
    reader: &Reader<'_>,
    mut draft: Draft,
    numbers: &Draft,
) -> Result<Draft, Trouble> {
    let asker = visit.asker();
    let seen = |id: Option<RecordId>| id.and_then(|id| reader.seen(&asker, &Key::Id(id)).ok());
    if let Ok(key) = key_at(kind_of(visit, case::KIND)?, numbers.one(call::CASE)) {
        let about = reader.find(&asker, &key)?;
        draft.set(call::CASE, about.item.id.to_string());
        let of = |name: &str| about.fields.get(name).and_then(reference);
        let firm = seen(of(case::PARTY)).filter(|item| item.kind == organization::KIND);
        draft.set(FIRM_NAME, firm.map(|item| item.title).unwrap_or_default());
        draft.set(EXPERT_NAMES, seen(of(case::EXPERT)).map(|item| item.title).unwrap_or_default());
    }
    if let Ok(key) = key_at(kind_of(visit, organization::KIND)?, numbers.one(call::FIRM)) {
        draft.set(FIRM_NAME, reader.seen(&asker, &key)?.title);
    }
    Ok(draft)
}

/// What the page shows beside the form.
#[derive(Default)]
struct Shown {
    faults: Vec<Fault>,
    /// Units that come near what was typed, where one is to be chosen.
    near: Option<Vec<register::Item>>,
    saved: Option<Link>,
}

async fn page(visit: &Visit, kind: &Kind, draft: &Draft, shown: Shown) -> Result<Response, Trouble> {
    let (looking, about) = (visit.clone(), draft.one(call::CASE).parse::<RecordId>().ok());
    let (firms, about) = visit
        .app
        .read(move |reader| {
            let filter = Filter::All(vec![Filter::Type(organization::FIRM.into()), Filter::Public]);
            let find = Find::kind(organization::KIND).filter(near_office(&looking, filter)).first(SUGGESTED);
            let firms = reader.list(&looking.asker(), &find)?.items;
            let about = about.and_then(|id| reader.seen(&looking.asker(), &Key::Id(id)).ok());
            Ok((firms, about))
        })
        .await?;
    let sheet = sheet(visit, kind);
    let drawing = Drawing {
        draft,
        faults: &shown.faults,
        titles: &std::collections::HashMap::new(),
        today: visit.app.today(),
        lang: visit.lang,
        texts: visit.texts(),
        more: None,
        questions: &[],
    };
    let fields = sheet.sections(&drawing).into_iter().flat_map(|section| section.fields);
    let mut fields: Vec<FieldView> = fields.map(for_a_phone).collect();
    fields.sort_by_key(|field| ASKED.iter().position(|name| *name == field.name));
    let suggested = firms.into_iter().map(|item| (item.title, String::new())).collect();
    let status = if shown.faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let case_kind = kind_of(visit, case::KIND)?;
    let view = QuickView {
        page: visit.page(visit.t("quick.title")),
        action: visit.href("/visits/quick"),
        hidden: [once::ONCE, call::CASE].map(|name| (name.to_owned(), draft.one(name).to_owned())).into(),
        about: about.map(|item| visit.link(&address(case_kind, &item.number), item.title)),
        saved: shown.saved,
        who: visit.asker().person.map(|id| whose(&id.to_string())).unwrap_or_default(),
        most: limits::UPLOAD_BYTES_MAX,
        again: visit.link("/visits/quick", visit.t("quick.again")),
        faults: fault_lines(visit, &sheet, &shown.faults),
        firm: firm_field(visit, draft, &shown.faults, suggested),
        near: shown.near.as_ref().map(|near| near_field(visit, draft, near)),
        experts: line(visit, draft, EXPERT_NAMES, "quick.experts", false),
        fields,
    };
    Ok((status, Html(view.render()?)).into_response())
}

/// `GET /visits/quick/offline`: the same form as anyone sees it, which a phone keeps for where there is no signal. It knows
/// nobody, so that nothing of a person is kept with it.
pub async fn offline(visit: Visit) -> Result<Response, Trouble> {
    let nobody = Visit { signed: None, unread: 0, notice: None, ..visit };
    let kind = nobody.app.register().catalogue().kind(call::KIND).ok_or(Trouble::NotFound)?;
    let mut draft = Draft::default();
    draft.set(call::PEOPLE, "1".to_owned());
    page(&nobody, kind, &draft, Shown::default()).await
}

/// Whose notes a phone holds, in a word that names nobody.
fn whose(person: &str) -> String {
    crate::secret::digest(&format!("notes of {person}"))
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// A day is picked rather than typed, as long as what stands there is one; a small screen has no room for help.
fn for_a_phone(mut field: FieldView) -> FieldView {
    field.help.clear();
    if let Widget::Line { value, kind, .. } = &mut field.widget {
        let is_day = [call::VISITED, call::NEXT_ON].contains(&field.name.as_str());
        if is_day && (value.is_empty() || value.parse::<jiff::civil::Date>().is_ok()) {
            *kind = "date";
        }
        if field.name == call::PEOPLE {
            *kind = "number";
        }
    }
    if let Widget::Text { rows, .. } = &mut field.widget {
        *rows = 4;
    }
    field
}

/// Of an office over a place the firms there.
fn near_office(visit: &Visit, filter: Filter) -> Filter {
    match named::office_place(&visit.asker()) {
        Some(place) => Filter::All(vec![filter, Filter::Place(place)]),
        None => filter,
    }
}

fn sheet<'a>(visit: &'a Visit, kind: &'a Kind) -> Sheet<'a> {
    Sheet {
        catalogue: visit.app.register().catalogue(),
        kind,
        type_path: call::SERVICE.to_owned(),
        fields: kind.fields_of(call::SERVICE).filter(|field| ASKED.contains(&field.name.as_str())).collect(),
        needs: vec![call::VISITED, call::MINUTES],
    }
}

fn fault_lines(visit: &Visit, sheet: &Sheet<'_>, faults: &[Fault]) -> Vec<FaultLine> {
    let mut lines = sheet.fault_lines(faults, visit.lang, visit.texts());
    for line in lines.iter_mut().filter(|line| line.id == FIRM_NAME) {
        line.label = visit.t("quick.firm").to_owned();
    }
    lines
}

fn firm_field(visit: &Visit, draft: &Draft, faults: &[Fault], list: Vec<(String, String)>) -> FieldView {
    let of_firm = faults.iter().filter(|fault| fault.field == FIRM_NAME);
    let value = draft.one(FIRM_NAME).to_owned();
    FieldView {
        faults: of_firm.map(|fault| crate::problem::sentence(visit.texts(), fault)).collect(),
        widget: Widget::Line { value, kind: "text", list },
        ..line(visit, draft, FIRM_NAME, "quick.firm", true)
    }
}

/// Those that come near what was typed, and the way to file a new one.
fn near_field(visit: &Visit, draft: &Draft, near: &[register::Item]) -> FieldView {
    let chosen = draft.one(call::FIRM);
    let option = |item: &register::Item| {
        let place = item.place.as_ref().map(|place| crate::records::faces::place_name(place, visit.lang));
        let label = [Some(item.title.clone()), place].into_iter().flatten().collect::<Vec<_>>().join(" · ");
        (item.id.to_string(), label, item.id.to_string() == chosen)
    };
    let mut options: Vec<(String, String, bool)> = near.iter().map(option).collect();
    let new = visit.texts().fill("quick.as-new", &[("name", draft.one(FIRM_NAME).trim())]);
    options.push((AS_NEW.to_owned(), new, chosen == AS_NEW));
    FieldView {
        widget: Widget::Choice { options, many: false },
        ..line(visit, draft, call::FIRM, "quick.near", true)
    }
}

/// Which firm was meant.
enum Meant {
    Known(RecordId, String),
    New(String),
    /// Asked back, with those that come near where a name was typed.
    Ask(Option<Vec<register::Item>>, Fault),
}

fn meant(visit: &Visit, reader: &Reader<'_>, draft: &Draft) -> Result<Meant, Trouble> {
    let name = draft.one(FIRM_NAME).trim().to_owned();
    let chosen = draft.one(call::FIRM).parse::<RecordId>().ok();
    if let Some(item) = chosen.and_then(|id| reader.seen(&visit.asker(), &Key::Id(id)).ok()) {
        return Ok(Meant::Known(item.id, item.title));
    }
    if name.is_empty() {
        return Ok(Meant::Ask(None, Fault::new(FIRM_NAME, "required")));
    }
    Ok(match named::unit(visit, reader, &name)? {
        Unit::Known(id, title) => Meant::Known(id, title),
        Unit::Near(_) if draft.one(call::FIRM) == AS_NEW => Meant::New(name),
        Unit::Near(near) => Meant::Ask(Some(near), Fault::new(FIRM_NAME, "which-unit").with("name", name)),
    })
}

/// Those who came along: who is known, and the names of who is not.
type Along = (Vec<RecordId>, Vec<String>);

fn along(visit: &Visit, reader: &Reader<'_>, draft: &Draft) -> Result<Along, Trouble> {
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for name in named::several(draft.one(EXPERT_NAMES)) {
        match named::someone(visit, reader, &name)? {
            Some(id) if known.contains(&id) => {}
            Some(id) => known.push(id),
            None => unknown.push(name),
        }
    }
    Ok((known, unknown))
}

/// `POST /visits/quick`.
pub async fn note(visit: Visit, posted: Posted) -> Result<Response, Trouble> {
    let kind = kind(&visit)?;
    let draft = posted.draft;
    if !matches!(posted.press, Press::Do(_)) {
        return page(&visit, kind, &draft, Shown::default()).await;
    }
    let (looking, typed) = (visit.clone(), draft.clone());
    let (meant, along) = visit
        .app
        .read(move |reader| Ok((meant(&looking, reader, &typed)?, along(&looking, reader, &typed)?)))
        .await?;
    let (fields, mut faults) = read(&visit, kind, &draft)?;
    let mut near = None;
    if let Meant::Ask(of, fault) = &meant {
        faults.insert(0, fault.clone());
        near.clone_from(of);
    }
    if !faults.is_empty() {
        return page(&visit, kind, &draft, Shown { faults, near, saved: None }).await;
    }
    let about = draft.one(call::CASE).parse::<RecordId>().ok();
    let note = Note { fields, meant, along, about, id: once::id_of_note(&visit, &draft) };
    let (asker, words) = (visit.asker(), Words::of(&visit));
    match visit.app.write(move |writer| file(writer, &asker, note, &words)).await {
        Ok(made) => {
            let there = format!("/visits/quick?saved={}", made.value.item.number.path());
            Ok(Redirect::to(&visit.href(&there)).into_response())
        }
        Err(trouble) if !trouble.faults().is_empty() => {
            let faults = trouble.faults().to_vec();
            page(&visit, kind, &draft, Shown { faults, ..Shown::default() }).await
        }
        Err(trouble) => Err(trouble),
    }
}

/// The fields as typed, and every fault in them, a day that has not come among them.
fn read(visit: &Visit, kind: &Kind, draft: &Draft) -> Result<(Fields, Vec<Fault>), Trouble> {
    let sheet = sheet(visit, kind);
    let (fields, mut faults) = draft.read(sheet.fields.iter().copied(), &sheet.terms());
    let told = |faults: &[Fault], name: &str| faults.iter().any(|fault| fault.field == name);
    for name in sheet.needs.iter().filter(|name| !catalogue::value::is_filled(&fields, name)) {
        if !told(&faults, name) {
            faults.push(Fault::new(*name, "required"));
        }
    }
    let checked = sheet.catalogue.check(&kind.name, &sheet.type_path, &fields);
    let more = checked.map(|(_, faults)| faults).unwrap_or_default();
    let bounds = catalogue::value::bounds(kind, &sheet.type_path, &fields, visit.app.today());
    for fault in more.into_iter().chain(bounds) {
        if ASKED.contains(&fault.field.as_str()) && !told(&faults, &fault.field) {
            faults.push(fault);
        }
    }
    Ok((fields, faults))
}

/// A note, ready to be filed.
struct Note {
    fields: Fields,
    meant: Meant,
    along: Along,
    about: Option<RecordId>,
    id: Option<RecordId>,
}

/// The words a filed note says by itself.
struct Words {
    title: String,
    along: String,
}

impl Words {
    fn of(visit: &Visit) -> Words {
        Words { title: visit.t("quick.heading").to_owned(), along: visit.t("quick.along").to_owned() }
    }
}

/// Files the note once; a visit that others took part in is sent round for them to confirm, and its case goes on from there.
fn file(writer: &mut Writer<'_>, me: &Asker, note: Note, words: &Words) -> register::Result<Record> {
    if let Some(Ok(before)) = note.id.map(|id| writer.find(me, &Key::Id(id))) {
        return Ok(before);
    }
    let Note { mut fields, meant, along: (known, unknown), about, id } = note;
    let (firm, name) = match meant {
        Meant::Known(id, name) => (id, name),
        Meant::New(name) => (file_firm(writer, me, &name)?, name),
        Meant::Ask(_, fault) => return Err(register::Fault::Invalid(vec![fault])),
    };
    let title: String = words.title.replace("{name}", &name).chars().take(TITLE_CHARS).collect();
    fields.insert(call::TITLE.into(), json!(title));
    fields.insert(call::FIRM.into(), json!(firm.to_string()));
    let place = writer.seen(me, &Key::Id(firm)).ok().and_then(|item| item.place);
    if let Some(place) = place.or_else(|| named::office_place(me)) {
        fields.insert(call::PLACE.into(), json!(place.to_string()));
    }
    if !unknown.is_empty() {
        let minutes = fields.get(call::MINUTES).and_then(|text| text.as_str()).unwrap_or_default();
        let along = words.along.replace("{names}", &unknown.join("、"));
        fields.insert(call::MINUTES.into(), json!(format!("{minutes}\n{along}")));
    }
    if !known.is_empty() {
        let all: Vec<String> = known.iter().map(ToString::to_string).collect();
        fields.insert(call::EXPERTS.into(), json!(all));
    }
    if let Some(about) = about {
        fields.insert(call::CASE.into(), json!(about.to_string()));
    }
    let next = [case::NEXT_ON, case::NEXT_STEP].map(|name| fields.get(name).cloned());
    let (kind, type_path) = (call::KIND.to_owned(), call::SERVICE.to_owned());
    let made = writer.create(me, New { kind, type_path, fields, id, ..New::default() })?;
    if about.is_some() || !known.is_empty() {
        writer.make(me, &Key::Row(made.item.row), None, call::SEND_MINUTES, &Fields::new(), 0)?;
    }
    if let (Some(about), [Some(day), Some(step)]) = (about, next) {
        go_on(writer, me, about, day, step)?;
    }
    writer.find(me, &Key::Row(made.item.row))
}

fn file_firm(writer: &mut Writer<'_>, me: &Asker, name: &str) -> register::Result<RecordId> {
    let named = Named { name: name.to_owned(), place: named::office_place(me), ..Named::default() };
    firm::find_or_file(writer, me, &named)
}

/// The case is looked at next on the day the visit says, where the visitor may say so.
fn go_on(
    writer: &mut Writer<'_>,
    me: &Asker,
    about: RecordId,
    day: serde_json::Value,
    step: serde_json::Value,
) -> register::Result<()> {
    let given = Fields::from_iter([(case::NEXT_ON.to_owned(), day), (case::NEXT_STEP.to_owned(), step)]);
    match writer.make(me, &Key::Id(about), None, case::FOLLOW, &given, 0) {
        Err(register::Fault::Refused(
            Refusal::WrongStage { .. } | Refusal::NotAllowed | Refusal::MissingYear(_),
        )) => Ok(()),
        made => made.map(drop),
    }
}
