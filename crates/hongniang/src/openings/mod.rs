//! 保密开放: whom the owner of a record lets see its sealed layer, until when and what for, and who saw it.
//!
//! An opening is a tie from the record to a person or an organisation; it shows nothing by itself, each reading is asked
//! for and recorded. The owner alone sees these pages. Start at [`show`].

use askama::Template as _;
use axum::extract::Path;
use axum::response::{Html, Response};
use base::day::Day;
use base::id::RecordId;
use catalogue::{Field, Kind, Label, Shape, Standing};
use jiff::ToSpan as _;
use jiff::civil::Date;
use register::{Direction, Edge, Key, New, Reader, Record};
use serde_json::{Value, json};

use crate::clock;
use crate::fields::{UNTIL, organization, person, tie};
use crate::records::draft::Draft;
use crate::records::edit::{Form, Said, found, redirect};
use crate::records::once;
use crate::records::posted::{Posted, Press};
use crate::records::sheet::Sheet;
use crate::records::{address, key_at, kind_at, pages};
use crate::trouble::Trouble;
use crate::view::{Link, OpeningRow, OpeningsView};
use crate::visit::Visit;

/// Days an opening lasts unless the owner says otherwise.
const USUAL_DAYS: i32 = 30;
/// Openings shown of one record.
const SHOWN: usize = 100;
/// Characters of a tie's heading.
const TITLE_CHARS: usize = 80;

/// Where the openings of a record stand; none unless it is the visitor's own and the kind has a sealed layer.
pub fn offered(visit: &Visit, kind: &Kind, record: &Record) -> Option<Link> {
    let seals = kind.fields.iter().any(|field| field.layer == catalogue::Layer::Sealed);
    let own = record.access.standing == Standing::Own;
    let here = address(kind, &record.item.number);
    (seals && own).then(|| visit.link(&format!("{here}/openings"), visit.t("openings.action")))
}

/// `GET /{path}/{number}/openings`.
pub async fn show(
    visit: Visit,
    Path((path, number)): Path<(String, String)>,
) -> Result<Html<String>, Trouble> {
    let kind = kind_at(&visit.app, &path)?;
    let record = own(&visit, kind, &number).await?;
    let looking = visit.clone();
    let here = address(kind, &record.item.number);
    let read = move |reader: &Reader<'_>| {
        let asker = looking.asker();
        let log = reader.access_log(&asker, record.item.row)?;
        Ok(OpeningsView {
            page: looking.page(looking.texts().fill("openings.title", &[("title", &record.item.title)])),
            record: looking.link(&here, looking.t("openings.back")),
            add: looking.link(&format!("{here}/openings/new"), looking.t("openings.add")),
            rows: rows(&looking, reader, &record, &here)?,
            log: log.into_iter().map(|seen| pages::seen_line(&looking, seen)).collect(),
        })
    };
    Ok(Html(visit.app.read(read).await?.render()?))
}

/// The record, if it is the visitor's own; to others there is no such page.
async fn own(visit: &Visit, kind: &Kind, number: &str) -> Result<Record, Trouble> {
    let record = found(visit, kind, number).await?;
    match record.access.standing {
        Standing::Own => Ok(record),
        _ => Err(Trouble::NotFound),
    }
}

fn rows(visit: &Visit, reader: &Reader<'_>, record: &Record, here: &str) -> Result<Vec<OpeningRow>, Trouble> {
    let edges = reader.edges(&visit.asker(), record.item.row, Direction::To, Some(tie::FROM), SHOWN)?;
    edges
        .into_iter()
        .filter(|edge| edge.item.kind == tie::KIND && edge.item.type_path == tie::OPENING)
        .map(|edge| row(visit, reader, &edge, here))
        .collect()
}

fn row(visit: &Visit, reader: &Reader<'_>, edge: &Edge, here: &str) -> Result<OpeningRow, Trouble> {
    let (asker, catalogue) = (visit.asker(), visit.app.register().catalogue());
    let opening = reader.find(&asker, &Key::Row(edge.item.row))?;
    let to = opening.fields.get(tie::TO).and_then(catalogue::kind::reference);
    let to =
        to.map(|id| reader.seen_all(&asker, &[id])).transpose()?.and_then(|items| items.into_iter().next());
    let who = to.and_then(|item| {
        let kind = catalogue.kind(&item.kind)?;
        Some(visit.link(&address(kind, &item.number), item.title))
    });
    let day = |text: &Option<String>| text.as_ref().and_then(|text| Day::parse(text).ok());
    let until = day(&edge.until);
    let ended = catalogue
        .kind(tie::KIND)
        .and_then(|kind| kind.stage(&edge.item.stage))
        .is_none_or(|stage| stage.closed);
    let over = until.as_ref().is_some_and(|day| day.last() < visit.app.today());
    let state = match (ended, over) {
        (true, _) => "openings.ended",
        (false, true) => "openings.over",
        (false, false) => "openings.live",
    };
    let words = |day: Option<Day>| day.map(|day| clock::day(&day, visit.lang)).unwrap_or_default();
    Ok(OpeningRow {
        who: who.unwrap_or_else(|| Link {
            href: String::new(),
            label: visit.t("form.hidden-reference").to_owned(),
            current: false,
        }),
        since: words(day(&edge.since)),
        until: words(until),
        purpose: opening.fields.get(tie::PURPOSE).and_then(Value::as_str).unwrap_or_default().to_owned(),
        state: visit.t(state).to_owned(),
        end: (!ended).then(|| visit.href(&format!("{here}/openings/{}/end", edge.item.number.path()))),
    })
}

/// The fields of the form: whom it is opened to is a person or an organisation.
fn asked(visit: &Visit) -> Result<Vec<Field>, Trouble> {
    let kind = visit.app.register().catalogue().kind(tie::KIND).ok_or(Trouble::NotFound)?;
    let field = |name: &str| kind.field(name).cloned().ok_or(Trouble::NotFound);
    let parties = Shape::Reference(vec![person::KIND.to_owned(), organization::KIND.to_owned()]);
    let label = |key: &str| Label {
        zh: visit.app.texts(crate::locale::Lang::Zh).get(key).to_owned(),
        en: visit.app.texts(crate::locale::Lang::En).get(key).to_owned(),
    };
    Ok(vec![
        Field { shape: parties, label: label("openings.to"), ..field(tie::TO)? },
        field(UNTIL)?,
        field(tie::PURPOSE)?,
    ])
}

fn form<'a>(visit: &'a Visit, of: &Kind, record: &Record, fields: &'a [Field]) -> Result<Form<'a>, Trouble> {
    let catalogue = visit.app.register().catalogue();
    let here = address(of, &record.item.number);
    Ok(Form {
        sheet: Sheet {
            catalogue,
            kind: catalogue.kind(tie::KIND).ok_or(Trouble::NotFound)?,
            type_path: tie::OPENING.to_owned(),
            fields: fields.iter().collect(),
            needs: vec![tie::TO, UNTIL, tie::PURPOSE],
        },
        heading: visit.texts().fill("openings.new", &[("title", &record.item.title)]),
        intro: vec![visit.t("openings.intro").to_owned()],
        action: format!("{here}/openings/new"),
        submit: visit.t("openings.do").to_owned(),
        back: format!("{here}/openings"),
        checkup: false,
        questions: Vec::new(),
    })
}

/// `GET /{path}/{number}/openings/new`.
pub async fn new_form(
    visit: Visit,
    Path((path, number)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let kind = kind_at(&visit.app, &path)?;
    let record = own(&visit, kind, &number).await?;
    let fields = asked(&visit)?;
    let mut draft = Draft::default();
    once::mark(&visit, &mut draft);
    let last: Date = visit.app.today().checked_add(USUAL_DAYS.days()).unwrap_or(visit.app.today());
    draft.set(UNTIL, last.to_string());
    form(&visit, kind, &record, &fields)?.page(&visit, &draft, Said::default()).await
}

/// `POST /{path}/{number}/openings/new`.
pub async fn open(
    visit: Visit,
    Path((path, number)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, Trouble> {
    let kind = kind_at(&visit.app, &path)?;
    let record = own(&visit, kind, &number).await?;
    let fields = asked(&visit)?;
    let form = form(&visit, kind, &record, &fields)?;
    if !matches!(posted.press, Press::Do(_)) {
        return form.step(&visit, posted).await;
    }
    let made = match form.read(&posted.draft).and_then(|given| in_days(&visit, given)) {
        Ok(given) => file(&visit, &record, given, once::id_of(&visit, &posted.draft)).await,
        Err(trouble) => Err(trouble),
    };
    match made {
        Ok(()) => {
            Ok(redirect(&visit, &format!("{}/openings", address(kind, &record.item.number)), "notice.opened"))
        }
        Err(trouble) => form.again(&visit, posted.draft, trouble).await,
    }
}

/// An opening ends on a day that is not over yet.
fn in_days(visit: &Visit, given: catalogue::Fields) -> Result<catalogue::Fields, Trouble> {
    let until = given.get(UNTIL).and_then(Value::as_str).and_then(|text| Day::parse(text).ok());
    match until {
        Some(day) if day.last() < visit.app.today() => {
            Err(Trouble::Invalid(vec![catalogue::Fault::new(UNTIL, "day-over")]))
        }
        _ => Ok(given),
    }
}

async fn file(
    visit: &Visit,
    record: &Record,
    mut fields: catalogue::Fields,
    id: Option<RecordId>,
) -> Result<(), Trouble> {
    let (asker, from, owner) = (visit.asker(), record.item.id, record.item.owner);
    let (title, place) = (record.item.title.clone(), record.item.place.clone());
    fields.insert(tie::FROM.into(), json!(from.to_string()));
    fields.insert(tie::SINCE.into(), json!(visit.app.today().to_string()));
    let write = move |writer: &mut register::Writer<'_>| {
        let to = fields.get(tie::TO).and_then(catalogue::kind::reference);
        let name = to.map(|to| writer.titles(&asker, &[to])).transpose()?;
        let name = name.and_then(|names| names.into_values().next()).unwrap_or_default();
        let title: String = format!("{title} · {name}").chars().take(TITLE_CHARS).collect();
        fields.insert(tie::TITLE.into(), json!(title));
        let new =
            New { kind: tie::KIND.to_owned(), type_path: tie::OPENING.to_owned(), fields, place, owner, id };
        once::create(writer, &asker, new).map(drop)
    };
    visit.app.write(write).await.map(drop)
}

/// `POST /{path}/{number}/openings/{tie}/end`: from now on it opens nothing.
pub async fn end(
    visit: Visit,
    Path((path, number, opening)): Path<(String, String, String)>,
) -> Result<Response, Trouble> {
    let kind = kind_at(&visit.app, &path)?;
    let record = own(&visit, kind, &number).await?;
    let ties = visit.app.register().catalogue().kind(tie::KIND).ok_or(Trouble::NotFound)?;
    let key = key_at(ties, &opening)?;
    let (asker, from, today) = (visit.asker(), record.item.id, visit.app.today().to_string());
    let write = move |writer: &mut register::Writer<'_>| {
        let tie_found = writer.find(&asker, &key)?;
        if tie_found.fields.get(tie::FROM).and_then(catalogue::kind::reference) != Some(from) {
            return Err(register::Fault::NotFound);
        }
        let mut given = catalogue::Fields::new();
        given.insert(UNTIL.into(), json!(today));
        writer.make(&asker, &key, None, tie::END, &given, 0).map(drop)
    };
    visit.app.write(write).await?;
    Ok(redirect(&visit, &format!("{}/openings", address(kind, &record.item.number)), "notice.opening-ended"))
}
