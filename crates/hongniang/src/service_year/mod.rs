//! 年度服务记录: what an expert did in a year, computed from visits, cases and attendance, and the certificate of it with a
//! code by which anyone may check it.
//!
//! Nothing of it is typed. The certificate names only visits that everyone may read, and counts the others. Start at [`show`].

use std::collections::BTreeSet;

use askama::Template as _;
use axum::extract::{Path, RawQuery};
use axum::response::{Html, Response};
use base::day::Day;
use base::id::RecordId;
use catalogue::kind::reference;
use catalogue::{Asker, Audience, Fields, Filter, Role, Standing};
use jiff::civil::Date;
use register::{Find, Item, Key, Order, Reader, Record, Writer};
use serde_json::json;

use crate::accounts::{cell, heading};
use crate::clock;
use crate::fields::{CASE_DONE, EMPLOYER, EXPERT, attendance, case, certificate, event, person, visiting};
use crate::records::address;
use crate::records::draft::Draft;
use crate::records::edit::{found, redirect};
use crate::records::posted::{Posted, read_pairs};
use crate::sides::{all_of, day, handles, link_to, references, text};
use crate::signin::house;
use crate::trouble::Trouble;
use crate::view::{DeskForm, DeskRow, DeskTable, DeskView};
use crate::visit::Visit;

/// Records of a kind looked at for a year.
const LOOKED_AT: usize = 500;
/// Visits a certificate lists.
const LISTED_MAX: usize = 40;
/// Years shown beside this one.
const YEARS: i16 = 3;
/// A visit that everyone may read.
#[derive(Clone, Debug)]
struct Visited {
    item: Item,
    day: String,
    firm: String,
}

/// What an expert did in a year.
#[derive(Clone, Debug, Default)]
struct Year {
    visits: usize,
    firms: usize,
    cases: usize,
    events: usize,
    shown: Vec<Visited>,
}

impl Year {
    fn is_empty(&self) -> bool {
        self.visits + self.cases + self.events == 0
    }

    fn summary(&self, visit: &Visit) -> String {
        let n = [
            ("visits", self.visits.to_string()),
            ("firms", self.firms.to_string()),
            ("cases", self.cases.to_string()),
            ("events", self.events.to_string()),
        ];
        visit.texts().fill("service-year.summary", &n.each_ref().map(|(name, text)| (*name, text.as_str())))
    }

    /// The lines a certificate keeps.
    fn text(&self, visit: &Visit, name: &str, year: i16) -> String {
        let today = visit.app.today();
        let last = Date::new(year, 12, 31).unwrap_or(today).min(today);
        let (until, year) = (clock::date(last, visit.lang), year.to_string());
        let head = [("name", name), ("year", year.as_str()), ("until", until.as_str())];
        let mut lines = visit.texts().fill("service-year.head", &head);
        let mut add = |line: String| {
            lines.push('\n');
            lines.push_str(&line);
        };
        add(self.summary(visit));
        for one in &self.shown {
            let words = [("day", one.day.as_str()), ("firm", &one.firm), ("title", &one.item.title)];
            add(visit.texts().fill("service-year.line", &words));
        }
        let rest = self.visits.saturating_sub(self.shown.len());
        if rest > 0 {
            add(visit.texts().fill("service-year.more", &[("n", &rest.to_string())]));
        }
        lines
    }
}

/// The expert an address names, for the expert and for those who look after experts.
async fn expert(visit: &Visit, number: &str) -> Result<Record, Trouble> {
    let kind = visit.app.register().catalogue().kind(person::KIND).ok_or(Trouble::NotFound)?;
    let me = visit.must_sign_in()?;
    let record = found(visit, kind, number).await?;
    let looks = |role: Role| matches!(role, Role::Officer | Role::Liaison | Role::Steward);
    let keeps = me.only.is_none() && me.roles.iter().any(|held| looks(held.role));
    let is_expert = record.item.type_path == person::EXPERT;
    match is_expert && (keeps || record.access.standing == Standing::Own) {
        true => Ok(record),
        false => Err(Trouble::NotFound),
    }
}

/// Whether the visitor may have the certificate issued: the expert, and who handles records where the expert stands.
fn may_issue(visit: &Visit, record: &Record) -> bool {
    record.access.standing == Standing::Own || handles(visit, record)
}

/// The year asked for: this one, unless one of the years before is.
fn year_of(visit: &Visit, asked: &str) -> Result<i16, Trouble> {
    let this = visit.app.today().year();
    match asked {
        "" => Ok(this),
        text => {
            let year = text.parse().ok().filter(|year| (this - YEARS..=this).contains(year));
            year.ok_or(Trouble::NotFound)
        }
    }
}

/// What stands in the register of a year, whoever asks: a certificate does not depend on who issues it.
fn computed(visit: &Visit, reader: &Reader<'_>, expert: RecordId, year: i16) -> Result<Year, Trouble> {
    let me = house();
    let mut found = Year::default();
    let mut firms = BTreeSet::new();
    for (item, fields) in visits(reader, &me, expert, year)? {
        found.visits += 1;
        let firm = references(&fields, visiting::FIRM).first().copied();
        firms.extend(firm);
        if item.audience == Audience::Public && found.shown.len() < LISTED_MAX {
            let day = day(&fields, visiting::ON).map(|day| clock::day(&day, visit.lang)).unwrap_or_default();
            // A firm everyone may read; another is not named.
            let firm = firm.and_then(|firm| reader.seen(&Asker::default(), &Key::Id(firm)).ok());
            let firm = firm.map(|firm| firm.title).unwrap_or_default();
            found.shown.push(Visited { item, day, firm });
        }
    }
    found.firms = firms.len();
    let done =
        Filter::All(vec![Filter::Refers(EXPERT.to_owned(), expert), Filter::Stage(CASE_DONE.to_owned())]);
    let cases = all_of(reader, &me, Find::kind(case::KIND).filter(done), LOOKED_AT)?;
    found.cases = cases.iter().filter(|item| clock::day_of(item.changed_at).year() == year).count();
    found.events = attended(reader, &me, expert, year)?;
    Ok(found)
}

/// Visits of a year that stand in the list, in the order of their days.
fn visits(
    reader: &Reader<'_>,
    me: &Asker,
    expert: RecordId,
    year: i16,
) -> Result<Vec<(Item, Fields)>, Trouble> {
    let filter = Filter::All(vec![
        Filter::Refers(visiting::EXPERTS.to_owned(), expert),
        Filter::Stage(crate::fields::offer::LISTED.to_owned()),
        Filter::AtLeast(visiting::ON.to_owned(), year.to_string()),
        Filter::AtMost(visiting::ON.to_owned(), format!("{year}-12-31")),
    ]);
    let find = Find::kind(visiting::KIND).filter(filter).order(Order::By(visiting::ON.to_owned()));
    let with = |item: Item| Ok((item.clone(), reader.find(me, &Key::Row(item.row))?.fields));
    all_of(reader, me, find, LOOKED_AT)?.into_iter().map(with).collect()
}

/// Events of a year the expert came to, each once.
fn attended(reader: &Reader<'_>, me: &Asker, expert: RecordId, year: i16) -> Result<usize, Trouble> {
    let filter = Filter::All(vec![
        Filter::Refers(attendance::PERSON.to_owned(), expert),
        Filter::Stage(attendance::CAME.to_owned()),
    ]);
    let mut events = BTreeSet::new();
    for item in all_of(reader, me, Find::kind(attendance::KIND).filter(filter), LOOKED_AT)? {
        let fields = reader.find(me, &Key::Row(item.row))?.fields;
        let Some(id) = fields.get(attendance::EVENT).and_then(reference) else { continue };
        let held = reader.find(me, &Key::Id(id))?.fields;
        if day(&held, event::HELD).is_some_and(|day: Day| day.first().year() == year) {
            events.insert(id);
        }
    }
    Ok(events.len())
}

/// `GET /people/{number}/record`; `?year=` shows one of the years before.
pub async fn show(
    visit: Visit,
    Path(number): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Html<String>, Trouble> {
    let record = expert(&visit, &number).await?;
    let draft = Draft::new(read_pairs(query.unwrap_or_default().as_bytes())?);
    let year = year_of(&visit, draft.one("year"))?;
    let (looking, id) = (visit.clone(), record.item.id);
    let (of_year, issued) = visit
        .app
        .read(move |reader| Ok((computed(&looking, reader, id, year)?, certificates(&looking, reader, id)?)))
        .await?;
    Ok(Html(view(&visit, &record, year, &of_year, issued)?.render()?))
}

/// Where the record of a person's years stands.
fn here(visit: &Visit, record: &Record) -> Result<String, Trouble> {
    let kind = visit.app.register().catalogue().kind(person::KIND).ok_or(Trouble::NotFound)?;
    Ok(address(kind, &record.item.number))
}

fn view(
    visit: &Visit,
    record: &Record,
    year: i16,
    of_year: &Year,
    issued: DeskTable,
) -> Result<DeskView, Trouble> {
    let back = here(visit, record)?;
    let this = visit.app.today().year();
    let name = |year: i16| visit.texts().fill("service-year.year", &[("year", &year.to_string())]);
    let other = |of: &i16| visit.link(&format!("{back}/record?year={of}"), name(*of));
    let links = (this - YEARS..=this).rev().filter(|of| *of != year);
    let said =
        if of_year.is_empty() { visit.t("service-year.nothing").to_owned() } else { of_year.summary(visit) };
    let row = |one: &Visited| DeskRow {
        cells: vec![
            cell(one.day.clone()),
            cell(one.firm.clone()),
            link_to(visit, &one.item, one.item.title.clone()),
        ],
        buttons: Vec::new(),
    };
    let form = DeskForm {
        heading: visit.t("service-year.issue").to_owned(),
        note: visit.t("service-year.issue-note").to_owned(),
        action: visit.href(&format!("{back}/record")),
        hidden: vec![("year".to_owned(), year.to_string())],
        fields: Vec::new(),
        submit: visit.t("service-year.issue").to_owned(),
    };
    Ok(DeskView {
        page: visit.page(format!(
            "{} · {} · {}",
            visit.t("service-year.title"),
            record.item.title,
            name(year)
        )),
        crumb: Some(visit.link(&back, record.item.title.clone())),
        lead: vec![visit.t("service-year.lead").to_owned(), said],
        faults: Vec::new(),
        secret: None,
        links: links.map(|of| other(&of)).collect(),
        search: None,
        places: Vec::new(),
        tables: vec![
            DeskTable {
                heading: visit.t("service-year.visits").to_owned(),
                note: String::new(),
                columns: ["dispatch.days", "dispatch.to", "service-year.what"]
                    .map(|key| visit.t(key).to_owned())
                    .into(),
                rows: of_year.shown.iter().map(row).collect(),
                empty: visit.t("service-year.nothing").to_owned(),
            },
            issued,
        ],
        forms: if of_year.is_empty() || !may_issue(visit, record) { Vec::new() } else { vec![form] },
        exports: Vec::new(),
    })
}

/// Certificates of a person that the visitor may read.
fn certificates(visit: &Visit, reader: &Reader<'_>, holder: RecordId) -> Result<DeskTable, Trouble> {
    let find = Find::kind(certificate::KIND).filter(Filter::Refers(certificate::HOLDER.to_owned(), holder));
    let mut rows = Vec::new();
    for item in all_of(reader, &visit.asker(), find, LISTED_MAX)? {
        let fields = reader.find(&visit.asker(), &Key::Row(item.row))?.fields;
        let cells = vec![
            link_to(visit, &item, item.title.clone()),
            cell(text(&fields, certificate::CODE)),
            cell(crate::sides::day_words(visit, &fields, certificate::ISSUED_ON)),
            cell(crate::sides::stage(visit, &item)),
        ];
        rows.push(DeskRow { cells, buttons: Vec::new() });
    }
    Ok(DeskTable {
        heading: visit.t("service-year.issued").to_owned(),
        note: String::new(),
        columns: ["service-year.certificate", "service-year.code", "service-year.on", "list.stage"]
            .map(|key| visit.t(key).to_owned())
            .into(),
        rows,
        empty: visit.t("service-year.none").to_owned(),
    })
}

/// `POST /people/{number}/record`: the certificate of a year as it stands now; the same text is certified once.
pub async fn issue(visit: Visit, Path(number): Path<String>, posted: Posted) -> Result<Response, Trouble> {
    let record = expert(&visit, &number).await?;
    if !may_issue(&visit, &record) {
        return Err(Trouble::Register(register::Fault::NotAllowed));
    }
    let year = year_of(&visit, posted.draft.one("year"))?;
    let (looking, of) = (visit.clone(), record.clone());
    let fields = visit
        .app
        .read(move |reader| {
            let of_year = computed(&looking, reader, of.item.id, year)?;
            let issuer = issuer(&looking, reader)?;
            Ok((!of_year.is_empty()).then(|| certified(&looking, (&of, year), &of_year, issuer)))
        })
        .await?;
    let fields = fields.ok_or(Trouble::NotFound)?;
    let holder = record.item.id;
    visit.app.write(move |writer| file(writer, holder, fields)).await?;
    Ok(redirect(&visit, &format!("{}/record?year={year}", here(&visit, &record)?), "notice.created"))
}

/// Where whoever issues it works; the platform itself, where an expert asks for their own.
fn issuer(visit: &Visit, reader: &Reader<'_>) -> Result<String, Trouble> {
    let me = visit.asker();
    let office = me.roles.iter().any(|held| held.role.handles());
    let person = me.person.filter(|_| office).map(|person| reader.find(&me, &Key::Id(person)));
    let employer = person.and_then(Result::ok).and_then(|of| of.fields.get(EMPLOYER).and_then(reference));
    Ok(employer.map_or_else(|| visit.t("site.title").to_owned(), |employer| heading(reader, employer)))
}

/// What the certificate says; code, day and digest are the register's to add.
fn certified(visit: &Visit, (of, year): (&Record, i16), of_year: &Year, issuer: String) -> Fields {
    let title = [("name", of.item.title.as_str()), ("year", &year.to_string())];
    let mut fields = Fields::new();
    let mut put = |name: &str, text: String| fields.insert(name.to_owned(), json!(text));
    put(certificate::TITLE, visit.texts().fill("service-year.of", &title));
    put(certificate::HOLDER, of.item.id.to_string());
    put(certificate::ISSUER, issuer);
    put(certificate::TEXT, of_year.text(visit, &of.item.title, year));
    if let Some(place) = &of.item.place {
        put(certificate::PLACE, place.to_string());
    }
    fields
}

/// Issues a certificate, unless one with this very text still stands.
fn file(writer: &mut Writer<'_>, holder: RecordId, fields: Fields) -> register::Result<()> {
    let me = house();
    let same = Filter::All(vec![
        Filter::Refers(certificate::HOLDER.to_owned(), holder),
        Filter::Stage(certificate::ISSUED.to_owned()),
    ]);
    let find = Find::kind(certificate::KIND).filter(same).first(base::limits::PAGE_ROWS_MAX);
    for item in writer.list(&me, &find)?.items {
        let stands = writer.find(&me, &Key::Row(item.row))?.fields;
        if stands.get(certificate::TEXT) == fields.get(certificate::TEXT) {
            return Ok(());
        }
    }
    writer.issue(&me, certificate::SERVICE, fields, Some(holder)).map(drop)
}
