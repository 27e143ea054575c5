//! 评审专家: who reviews an application, who might, and naming one. Whoever is bound to a side stands there with the
//! reason and cannot be named; who has no account gets a personal link about the review alone.
//!
//! Start at [`show`].

use askama::Template as _;
use axum::extract::{Path, RawQuery};
use axum::response::{Html, IntoResponse, Response};
use base::id::RecordId;
use base::place::Place;
use catalogue::{Asker, Fields, Over, Role};
use register::{Bond, Direction, Item, Key, New, Reader, Record, Writer};
use serde_json::json;

use super::{desk, holds};
use crate::accounts::cell;
use crate::accounts::invite::handed;
use crate::fields::{application, person, review};
use crate::records::address;
use crate::records::draft::Draft;
use crate::records::edit::{found, redirect};
use crate::records::faces::{badge, row};
use crate::records::posted::{Posted, read_pairs};
use crate::signin::{LINK_DAYS, hand_out};
use crate::trouble::Trouble;
use crate::view::{DeskButton, DeskRow, DeskTable, FaultLine};
use crate::visit::Visit;

/// Candidates shown.
const CANDIDATES: usize = 16;
/// Reviews of one application shown.
const REVIEWS: usize = 20;
/// Characters of a heading.
const TITLE_CHARS: usize = 110;

/// Whether the visitor names reviewers for an application.
pub fn presides(visit: &Visit, record: &Record) -> bool {
    let late = record.item.stage == application::DRAFT;
    !late && holds(visit, &[Role::Officer, Role::Steward], record.subject.place.as_ref())
}

async fn the_application(visit: &Visit, number: &str) -> Result<Record, Trouble> {
    let kind = visit.app.register().catalogue().kind(application::KIND).ok_or(Trouble::NotFound)?;
    let record = found(visit, kind, number).await?;
    if presides(visit, &record) { Ok(record) } else { Err(Trouble::NotFound) }
}

/// `GET /applications/{number}/panel`; `?q=` looks for further people.
pub async fn show(
    visit: Visit,
    Path(number): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Trouble> {
    visit.must_sign_in()?;
    let record = the_application(&visit, &number).await?;
    let asked = Draft::new(read_pairs(query.unwrap_or_default().as_bytes())?).one("q").to_owned();
    page(&visit, record, asked, Vec::new()).await
}

async fn page(
    visit: &Visit,
    record: Record,
    asked: String,
    faults: Vec<FaultLine>,
) -> Result<Response, Trouble> {
    let looking = visit.clone();
    let drawn = move |reader: &Reader<'_>| {
        let kind = reader.catalogue().kind(application::KIND).ok_or(Trouble::NotFound)?;
        let here = address(kind, &record.item.number);
        let title = format!("{} · {}", looking.t("panel.title"), record.item.title);
        let mut view = desk(&looking, &title, Some(looking.link(&here, record.item.title.clone())));
        view.lead = vec![looking.t("panel.lead").to_owned()];
        view.faults = faults;
        view.tables = vec![named(&looking, reader, &record)?];
        if record.item.stage == application::REVIEW {
            view.tables.push(candidates(&looking, reader, &record, &asked)?);
            view.search = Some(asked);
        }
        Ok(view)
    };
    Ok(Html(visit.app.read(drawn).await?.render()?).into_response())
}

/// Those who review it.
fn named(visit: &Visit, reader: &Reader<'_>, record: &Record) -> Result<DeskTable, Trouble> {
    let kind = reader.catalogue().kind(review::KIND).ok_or(Trouble::NotFound)?;
    let edges = reader.edges(&visit.asker(), record.item.row, Direction::To, None, REVIEWS)?;
    let reviews = edges.into_iter().filter(|edge| edge.item.kind == review::KIND);
    let row = |item: Item| -> Result<DeskRow, Trouble> {
        let of = reader.find(&visit.asker(), &Key::Row(item.row))?;
        let who = of.fields.get(review::REVIEWER).and_then(catalogue::kind::reference);
        let who = who.map(|who| crate::accounts::heading(reader, who)).unwrap_or_default();
        let due = item.due.map(|due| crate::clock::date(due, visit.lang)).unwrap_or_default();
        let score = of.fields.get(review::SCORE).map(ToString::to_string).unwrap_or_default();
        let there = visit.link(&address(kind, &item.number), who);
        let stage = badge(kind, &item.stage, visit.lang).label;
        Ok(DeskRow { cells: vec![there, cell(stage), cell(score), cell(due)], buttons: Vec::new() })
    };
    let columns = ["panel.reviewer", "list.stage", "panel.score", "work.due"];
    Ok(DeskTable {
        heading: visit.t("panel.named").to_owned(),
        note: visit.t("panel.named-note").to_owned(),
        columns: columns.map(|key| visit.t(key).to_owned()).into(),
        rows: reviews.map(|edge| row(edge.item)).collect::<Result<_, _>>()?,
        empty: visit.t("panel.nobody").to_owned(),
    })
}

/// Those who might, each with what binds them, if anything does.
fn candidates(
    visit: &Visit,
    reader: &Reader<'_>,
    record: &Record,
    asked: &str,
) -> Result<DeskTable, Trouble> {
    let goal = record.fields.get(application::GOAL).and_then(|goal| goal.as_str()).unwrap_or_default();
    let query =
        if asked.trim().is_empty() { format!("{} {goal}", record.item.title) } else { asked.to_owned() };
    let kinds = [person::KIND.to_owned()];
    let mut found = crate::search::items(visit, reader, &query, &kinds, CANDIDATES)?;
    found.retain(|item| item.type_path == person::EXPERT && item.stage == person::LISTED);
    let kind = reader.catalogue().kind(application::KIND).ok_or(Trouble::NotFound)?;
    let action = visit.href(&format!("{}/panel", address(kind, &record.item.number)));
    let mut rows = Vec::new();
    for item in &found {
        let bond = reader.bond(record.item.id, item.id, None)?;
        let shown = row(visit, item, &[]);
        let button = DeskButton {
            action: action.clone(),
            hidden: vec![("person".to_owned(), item.id.to_string())],
            asks: None,
            label: visit.t("panel.name").to_owned(),
        };
        rows.push(DeskRow {
            cells: vec![
                crate::view::Link { href: shown.href, label: shown.title, current: false },
                cell(shown.place),
                cell(bond_words(visit, bond)),
            ],
            buttons: if bond.is_none() { vec![button] } else { Vec::new() },
        });
    }
    let columns = ["panel.reviewer", "list.place", "panel.bond"];
    Ok(DeskTable {
        heading: visit.t("panel.candidates").to_owned(),
        note: visit.t("panel.candidates-note").to_owned(),
        columns: columns.map(|key| visit.t(key).to_owned()).into(),
        rows,
        empty: visit.t("panel.none-found").to_owned(),
    })
}

fn bond_words(visit: &Visit, bond: Option<Bond>) -> String {
    let key = match bond {
        None => "panel.free",
        Some(Bond::Unit) => "panel.bond-unit",
        Some(Bond::Tie) => "panel.bond-tie",
        Some(Bond::Already) => "panel.bond-already",
    };
    visit.t(key).to_owned()
}

/// `POST /applications/{number}/panel`: names one and asks them.
pub async fn name(visit: Visit, Path(number): Path<String>, posted: Posted) -> Result<Response, Trouble> {
    let asker = visit.must_sign_in()?;
    let record = the_application(&visit, &number).await?;
    let person: RecordId = posted.draft.one("person").parse().map_err(|_| Trouble::NotFound)?;
    let (kind, secret) = (visit.app.register().catalogue().kind(application::KIND), visit.app.secret());
    let here = format!("{}/panel", address(kind.ok_or(Trouble::NotFound)?, &record.item.number));
    let digest = crate::secret::digest(&secret);
    let title = visit.texts().fill("panel.review-of", &[("title", &record.item.title)]);
    let about = record.clone();
    let asked = visit.app.write(move |writer| ask(writer, &asker, (&about, &title), person, digest)).await;
    match asked {
        Ok(asked) => match asked.value {
            (Some(who), title) => handed(&visit, &secret, ("links.sentence", &who, &title), &here),
            (None, _) => Ok(redirect(&visit, &here, "notice.moved")),
        },
        Err(trouble) => {
            let text = crate::problem::detail(visit.texts(), &trouble);
            let label = visit.t("panel.reviewer").to_owned();
            page(&visit, record, String::new(), vec![FaultLine { id: String::new(), label, text }]).await
        }
    }
}

/// Where a review lies: with the level that names the reviewer, so that officers nearer to the applicant do not read it.
fn level_of(me: &Asker, record: &Record) -> Option<Place> {
    let here = record.item.place.as_ref();
    let over = me.roles.iter().filter(|held| held.role == Role::Officer).find_map(|held| match &held.over {
        Over::Place(over) if here.is_some_and(|place| place.within(over)) => Some(over.clone()),
        _ => None,
    });
    over.or_else(|| here.cloned())
}

/// Files the review and asks the reviewer; gives the name of who needs a link, and the heading.
fn ask(
    writer: &mut Writer<'_>,
    me: &Asker,
    (record, title): (&Record, &str),
    person: RecordId,
    digest: [u8; 32],
) -> register::Result<(Option<String>, String)> {
    let title: String = title.chars().take(TITLE_CHARS).collect();
    let mut fields = Fields::new();
    fields.insert(review::TITLE.into(), json!(title));
    fields.insert(review::APPLICATION.into(), json!(record.item.id.to_string()));
    fields.insert(review::REVIEWER.into(), json!(person.to_string()));
    let place = level_of(me, record).map(|place| json!(place.code()));
    fields.extend(place.map(|place| (review::PLACE.to_owned(), place)));
    let made = writer.create(me, New { kind: review::KIND.to_owned(), fields, ..New::default() })?;
    writer.make(me, &Key::Row(made.item.row), None, review::ASK, &Fields::new(), 0)?;
    if !writer.accounts_of(person)?.is_empty() {
        return Ok((None, title));
    }
    hand_out(writer, me, digest, (person, Some(made.item.id)), LINK_DAYS)?;
    Ok((Some(writer.heading(person).unwrap_or_default()), title))
}
