//! 广泛征集: a campaign calls on firms, each with a draft filled in from the register and a link of its own; how far each
//! county is, and who is to be reminded.
//!
//! The answers are demands: their stages, grants and clocks stand in the catalogue. Start at [`show`].

mod invite;
mod progress;

use std::collections::BTreeMap;

use askama::Template as _;
use axum::extract::{Path, RawQuery};
use axum::response::{Html, IntoResponse, Response};
use base::day::Day;
use base::place::Place;
use catalogue::Kind;
use register::{Reader, Record};
use serde_json::Value;

use crate::clock;
use crate::collect::firm::enters;
use crate::fields::{UNTIL, demand, programme};
use crate::records::draft::Draft;
use crate::records::edit::redirect;
use crate::records::export::{Sheet, send};
use crate::records::faces::place_name;
use crate::records::import::table;
use crate::records::posted::{Posted, read_pairs};
use crate::records::{address, files, key_at};
use crate::signin::link_address;
use crate::trouble::Trouble;
use crate::view::{CalledRow, CampaignDesk, CampaignView, Link, ProgressRow};
use crate::visit::Visit;
use invite::Wanted;
pub use invite::call_on;
use progress::{Called, State, called, oversees};

/// Labels of the spreadsheet's columns.
const COLUMNS: [&str; 8] = [
    "campaign.firm",
    "campaign.credit",
    "campaign.place",
    "campaign.contact",
    "campaign.phone",
    "campaign.state",
    "campaign.reminded",
    "campaign.number",
];
/// Those of the sheet that is sent on.
const LETTERS: [&str; 6] = [
    "campaign.firm",
    "campaign.place",
    "campaign.contact",
    "campaign.phone",
    "campaign.link",
    "campaign.sentence",
];

/// Where a campaign's progress stands, for who works on it.
pub fn offered(visit: &Visit, kind: &Kind, record: &Record) -> Option<Link> {
    // What sources tell, and what has left the lists, calls on nobody.
    let runs = kind.stage(&record.item.stage).is_some_and(|stage| !stage.closed);
    let is_campaign = kind.name == programme::KIND && record.item.type_path == programme::CAMPAIGN && runs;
    let works = visit.asker().roles.iter().any(|held| !held.role.is_of_organizations());
    let here = address(kind, &record.item.number);
    (is_campaign && works).then(|| visit.link(&format!("{here}/campaign"), visit.t("campaign.action")))
}

/// What the address asks: a place, a state.
#[derive(Clone, Default)]
struct Asked {
    place: Option<Place>,
    state: Option<State>,
    chosen: bool,
}

impl Asked {
    fn read(query: Option<String>) -> Result<Asked, Trouble> {
        let draft = Draft::new(read_pairs(query.unwrap_or_default().as_bytes())?);
        let place = Some(draft.one("place")).filter(|text| !text.is_empty());
        let place = place.map(|text| Place::parse(text).map_err(|_| Trouble::NotFound)).transpose()?;
        let state =
            State::ALL.iter().find(|(_, name, _)| *name == draft.one("state")).map(|(state, ..)| *state);
        let chosen = place.is_some() || !draft.one("state").is_empty();
        Ok(Asked { place, state, chosen })
    }

    fn admits(&self, called: &Called) -> bool {
        let place = self.place.as_ref();
        self.state.is_none_or(|state| called.state == state)
            && place.is_none_or(|over| called.record.item.place.as_ref() == Some(over))
    }

    fn query(&self) -> String {
        let state = self.state.and_then(|state| State::ALL.iter().find(|(of, ..)| *of == state));
        let place = self.place.as_ref().map(|place| format!("place={place}"));
        let state = state.map(|(_, name, _)| format!("state={name}"));
        let pairs: Vec<String> = place.into_iter().chain(state).collect();
        if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
    }
}

/// A campaign as the visitor may see it; to who does not work on campaigns there is no such page.
async fn campaign(visit: &Visit, number: &str) -> Result<Record, Trouble> {
    let kind = visit.app.register().catalogue().kind(programme::KIND).ok_or(Trouble::NotFound)?;
    let key = key_at(kind, number)?;
    let asker = visit.must_sign_in()?;
    let record = visit.app.read(move |reader| Ok(reader.find(&asker, &key)?)).await?;
    offered(visit, kind, &record).map(|_| record).ok_or(Trouble::NotFound)
}

async fn all_called(visit: &Visit, record: &Record) -> Result<Vec<Called>, Trouble> {
    let (asker, id) = (visit.asker(), record.item.id);
    visit.app.read(move |reader| called(reader, &asker, id)).await
}

/// `GET /programmes/{number}/campaign`; `?place=` and `?state=` open a number to its list.
pub async fn show(
    visit: Visit,
    Path(number): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Trouble> {
    let record = campaign(&visit, &number).await?;
    let all = all_called(&visit, &record).await?;
    let view = view(&visit, &record, &all, &Asked::read(query)?, "")?;
    Ok(Html(view.render()?).into_response())
}

/// `GET /programmes/{number}/campaign.{ending}`.
pub async fn export(
    visit: Visit,
    Path((number, ending)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Response, Trouble> {
    let record = campaign(&visit, &number).await?;
    let asked = Asked::read(query)?;
    let all = all_called(&visit, &record).await?;
    let rows = all.iter().filter(|called| asked.admits(called)).map(|called| cells(&visit, called)).collect();
    send(&Sheet::of(&visit, visit.t("campaign.sheet"), &COLUMNS, rows), &ending)
}

fn cells(visit: &Visit, called: &Called) -> Vec<String> {
    let item = &called.record.item;
    let text = |name: &str| called.text(name).to_owned();
    let sign = visit.app.register().catalogue().kind(demand::KIND).map(|kind| kind.sign.clone());
    vec![
        text(demand::FIRM_NAME),
        text(demand::CREDIT_CODE),
        item.place.as_ref().map(|place| place_name(place, visit.lang)).unwrap_or_default(),
        text(demand::CONTACT_NAME),
        text(demand::CONTACT_PHONE),
        visit.t(called.state.key()).to_owned(),
        text(demand::REMINDED),
        item.number.printed(&sign.unwrap_or_default()),
    ]
}

fn until(record: &Record) -> Option<Day> {
    record.fields.get(UNTIL).and_then(Value::as_str).and_then(|text| Day::parse(text).ok())
}

fn view(
    visit: &Visit,
    record: &Record,
    all: &[Called],
    asked: &Asked,
    typed: &str,
) -> Result<CampaignView, Trouble> {
    let kind = visit.app.register().catalogue().kind(programme::KIND).ok_or(Trouble::NotFound)?;
    let here = address(kind, &record.item.number);
    let mut places: BTreeMap<String, (Place, Vec<&Called>)> = BTreeMap::new();
    for called in all {
        if let Some(place) = &called.record.item.place {
            places.entry(place.to_string()).or_insert_with(|| (place.clone(), Vec::new())).1.push(called);
        }
    }
    let over = until(record).is_some_and(|day| day.last() < visit.app.today());
    let every: Vec<&Called> = all.iter().collect();
    let list = asked.chosen.then(|| {
        let rows: Vec<CalledRow> = all
            .iter()
            .filter(|called| asked.admits(called))
            .map(|called| called_row(visit, called))
            .collect();
        let words = visit.texts().fill("campaign.list", &[("n", &rows.len().to_string())]);
        (words, rows)
    });
    Ok(CampaignView {
        page: visit.page(visit.texts().fill("campaign.title", &[("title", &record.item.title)])),
        record: visit.link(&here, visit.t("campaign.record")),
        until: until(record).map(|day| clock::day(&day, visit.lang)).unwrap_or_default(),
        over,
        total: progress_row(visit, &here, visit.t("campaign.all"), None, &every),
        rows: places
            .values()
            .map(|(place, of)| progress_row(visit, &here, &place_name(place, visit.lang), Some(place), of))
            .collect(),
        chosen: list,
        exports: visit.exports(&format!("{here}/campaign{}", asked.query())),
        desk: enters(&visit.asker()).then(|| desk(visit, &here, all, typed)),
        said: Vec::new(),
    })
}

fn progress_row(
    visit: &Visit,
    here: &str,
    label: &str,
    place: Option<&Place>,
    of: &[&Called],
) -> ProgressRow {
    let count = |state: &(State, &str, &str)| {
        let (state, name, key) = *state;
        let at = place.map(|place| format!("&place={place}")).unwrap_or_default();
        let link = visit.link(&format!("{here}/campaign?state={name}{at}#list"), visit.t(key));
        (link, of.iter().filter(|called| called.state == state).count())
    };
    ProgressRow {
        place: label.to_owned(),
        counts: State::ALL.iter().map(count).collect(),
        done: of.iter().filter(|called| called.state.is_answer()).count(),
        all: of.len(),
    }
}

fn called_row(visit: &Visit, called: &Called) -> CalledRow {
    let item = &called.record.item;
    let catalogue = visit.app.register().catalogue();
    let href = catalogue.kind(demand::KIND).map(|kind| address(kind, &item.number)).unwrap_or_default();
    let contact = [demand::CONTACT_NAME, demand::CONTACT_PHONE].map(|name| called.text(name));
    let reminded = called.text(demand::REMINDED).parse::<Day>().ok();
    CalledRow {
        firm: visit.link(&href, called.text(demand::FIRM_NAME)),
        place: item.place.as_ref().map(|place| place_name(place, visit.lang)).unwrap_or_default(),
        state: visit.t(called.state.key()).to_owned(),
        contact: contact.join(" ").trim().to_owned(),
        reminded: reminded.map(|day| clock::day(&day, visit.lang)).unwrap_or_default(),
    }
}

fn desk(visit: &Visit, here: &str, all: &[Called], typed: &str) -> CampaignDesk {
    let labels = visit.app.register().catalogue().vocabularies().get("org_label");
    let labels = labels.map(|list| list.terms.as_slice()).unwrap_or_default();
    let mut places = Vec::new();
    for held in &visit.asker().roles {
        if let catalogue::Over::Place(place) = &held.over {
            let below = place.children().into_iter().filter(|below| below.children().is_empty());
            places.extend(std::iter::once(place.clone()).chain(below));
        }
    }
    CampaignDesk {
        invite: visit.href(&format!("{here}/campaign/invite")),
        links: visit.href(&format!("{here}/campaign/links")),
        remind: visit.href(&format!("{here}/campaign/remind")),
        waiting: all.iter().filter(|called| !called.state.is_answer()).count(),
        places: places.iter().map(|place| (place.to_string(), place_name(place, visit.lang))).collect(),
        labels: labels
            .iter()
            .map(|term| (term.code.clone(), term.label.text(visit.lang).to_owned()))
            .collect(),
        typed: typed.to_owned(),
    }
}

/// `POST /programmes/{number}/campaign/invite`: lines that lead to no firm are shown again, the others are called on.
pub async fn receive(visit: Visit, Path(number): Path<String>, posted: Posted) -> Result<Response, Trouble> {
    let record = campaign(&visit, &number).await?;
    if !enters(&visit.asker()) {
        return Err(Trouble::Register(register::Fault::NotAllowed));
    }
    let wanted = wanted(&visit, &posted.draft)?;
    let looking = visit.clone();
    let (firms, unknown) =
        visit.app.read(move |reader: &Reader<'_>| invite::meant(&looking, reader, &wanted)).await?;
    let (asker, of) = (visit.asker(), record.clone());
    let invited = visit.app.write(move |writer| invite::invite(writer, &asker, &of, &firms)).await?.value;
    let all = all_called(&visit, &record).await?;
    let mut view = view(&visit, &record, &all, &Asked::default(), &unknown.join("\n"))?;
    let n = |count: usize| count.to_string();
    view.said.push(visit.texts().fill(
        "campaign.said",
        &[("new", &n(invited.new)), ("before", &n(invited.before)), ("outside", &n(invited.outside))],
    ));
    if !unknown.is_empty() {
        view.said.push(visit.texts().fill("campaign.unknown", &[("n", &n(unknown.len()))]));
    }
    Ok(Html(view.render()?).into_response())
}

/// What was typed, and the first column of an uploaded sheet that holds codes or names.
fn wanted(visit: &Visit, draft: &Draft) -> Result<Wanted, Trouble> {
    let mut lines: Vec<String> = draft
        .all("firms")
        .flat_map(|text| text.lines().map(|line| line.trim().to_owned()).collect::<Vec<_>>())
        .filter(|line| !line.is_empty())
        .collect();
    let file: Value = serde_json::from_str(draft.one("file")).unwrap_or_default();
    if let Some(hash) = file.get("hash").and_then(Value::as_str) {
        let bytes = files::read(visit.app.register(), hash)?;
        lines.extend(codes(&table::read(&bytes)?));
    }
    lines.truncate(invite::INVITED_MAX);
    let place = Some(draft.one("place")).filter(|text| !text.is_empty());
    let place = place.and_then(|text| Place::parse(text).ok());
    let asker = visit.asker();
    if place.as_ref().is_some_and(|place| !oversees(&asker, Some(place))) {
        return Err(Trouble::Register(register::Fault::NotAllowed));
    }
    Ok(Wanted { lines, place, label: draft.one("label").to_owned() })
}

/// Of each row the credit code, or the name where it has none.
fn codes(table: &table::Table) -> Vec<String> {
    let column = |words: &[&str]| {
        table.headings.iter().position(|heading| words.iter().any(|word| heading.contains(word)))
    };
    let (code, name) = (column(&["信用代码", "redit code"]), column(&["名称", "企业", "单位", "ame", "irm"]));
    let first = code.or(name).unwrap_or(0);
    let cell = |row: &table::Row, at: Option<usize>| {
        let text = at.and_then(|at| row.cells.get(at)).and_then(table::Cell::text).unwrap_or_default();
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    };
    let rows = table.rows.iter();
    rows.filter_map(|row| cell(row, Some(first)).or_else(|| cell(row, name))).collect()
}

/// `POST /programmes/{number}/campaign/links`: fresh links of all who have not answered, once, as a spreadsheet.
pub async fn links(visit: Visit, Path(number): Path<String>) -> Result<Response, Trouble> {
    letters(visit, number, false).await
}

/// `POST /programmes/{number}/campaign/remind`: as the links, each with a sentence to send, and who was reminded when.
pub async fn remind(visit: Visit, Path(number): Path<String>) -> Result<Response, Trouble> {
    letters(visit, number, true).await
}

async fn letters(visit: Visit, number: String, reminded: bool) -> Result<Response, Trouble> {
    let record = campaign(&visit, &number).await?;
    let asker = visit.asker();
    let reaches = |called: &Called| crate::collect::firm::reaches(&asker, called.record.item.place.as_ref());
    let all = all_called(&visit, &record).await?;
    let waiting: Vec<Called> =
        all.into_iter().filter(|called| !called.state.is_answer() && reaches(called)).collect();
    if waiting.is_empty() {
        let kind = visit.app.register().catalogue().kind(programme::KIND).ok_or(Trouble::NotFound)?;
        let here = format!("{}/campaign", address(kind, &record.item.number));
        return Ok(redirect(&visit, &here, "notice.nobody-waits"));
    }
    let secrets: Vec<String> = waiting.iter().map(|_| visit.app.secret()).collect();
    let rows = waiting
        .iter()
        .zip(&secrets)
        .map(|(called, secret)| letter(&visit, &record, called, secret))
        .collect();
    let with: Vec<(Called, [u8; 32])> =
        waiting.into_iter().zip(secrets.iter().map(|secret| crate::secret::digest(secret))).collect();
    let me = visit.asker();
    visit.app.write(move |writer| invite::links(writer, &me, &with, reminded)).await?;
    send(&Sheet::of(&visit, visit.t("campaign.letters"), &LETTERS, rows), "xlsx")
}

/// One firm's row: whom to send it to, the link, and a sentence ready to send.
fn letter(visit: &Visit, record: &Record, called: &Called, secret: &str) -> Vec<String> {
    let link = link_address(visit, secret);
    let text = |name: &str| called.text(name).to_owned();
    let day = until(record).map(|day| clock::day(&day, visit.lang)).unwrap_or_default();
    let sentence = visit.texts().fill(
        if day.is_empty() { "campaign.letter" } else { "campaign.letter-until" },
        &[
            ("firm", called.text(demand::FIRM_NAME)),
            ("campaign", &record.item.title),
            ("until", &day),
            ("link", &link),
        ],
    );
    let place = called.record.item.place.as_ref();
    vec![
        text(demand::FIRM_NAME),
        place.map(|place| place_name(place, visit.lang)).unwrap_or_default(),
        text(demand::CONTACT_NAME),
        text(demand::CONTACT_PHONE),
        link,
        sentence,
    ]
}
