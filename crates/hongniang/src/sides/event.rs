//! Beside an event: who came, counted from the list; how many there were of the series; what is held near it in time; what
//! a meeting decided.
//!
//! Start at [`panel`].

use catalogue::{Fields, Filter, Stage};
use jiff::ToSpan as _;
use jiff::civil::Date;
use register::{Item, Order, Reader, Record};
use serde_json::Value;

use super::{
    body, count, day, day_words, handles, is_concerned, link_to, list_href, references, some, text, texts,
};
use crate::accounts::cell;
use crate::fields::{event, gathering, task};
use crate::gatherings::counts::{self, Counts};
use crate::records::address;
use crate::records::faces::place_name;
use crate::search::ALIKE_MIN;
use crate::trouble::Trouble;
use crate::view::{DeskRow, DeskTable, Link, PanelView};
use crate::visit::Visit;

/// Events so many days before and after are looked at.
const NEAR_DAYS: i64 = 21;
/// Events looked at, and shown.
const NEAR_MAX: usize = 200;
/// As above.
const NEAR_SHOWN: usize = 6;
/// Events whose names read alike, of any time.
const ALIKE: usize = 12;

/// The panel of an event; without an office it shows the series alone.
pub fn panel(visit: &Visit, reader: &Reader<'_>, record: &Record) -> Result<Option<PanelView>, Trouble> {
    let mut figures = Vec::new();
    let mut tables = Vec::new();
    let mut actions = Vec::new();
    figures.extend(series(visit, reader, record)?);
    if is_concerned(record) {
        figures.extend(came(visit, &counts::of(visit, reader, record)?));
        let decided = Filter::Refers(task::MEETING.to_owned(), record.item.id);
        tables.push(body::tasks(visit, reader, decided)?);
        tables.push(near(visit, reader, record)?);
        actions = ways(visit, record);
    }
    let says =
        !figures.is_empty() || !actions.is_empty() || tables.iter().any(|table| !table.rows.is_empty());
    Ok(says.then(|| PanelView {
        name: "event",
        heading: visit.t("event.title").to_owned(),
        note: String::new(),
        figures,
        tables,
        actions,
    }))
}

/// How many events of the series there are: a series counts, it is no target.
fn series(visit: &Visit, reader: &Reader<'_>, record: &Record) -> Result<Option<(Link, String)>, Trouble> {
    let name = text(&record.fields, gathering::SERIES);
    let Some(field) =
        (!name.is_empty()).then(|| reader.catalogue().kind(event::KIND)?.field(gathering::SERIES)).flatten()
    else {
        return Ok(None);
    };
    let terms = reader.catalogue().terms();
    let key = catalogue::value::keys(field, &Value::from(name.as_str()), &terms).into_iter().next();
    let Some(key) = key else { return Ok(None) };
    let filter = Filter::Is(gathering::SERIES.to_owned(), key);
    // An address carries what people type, a question what is kept.
    let typed = Filter::Is(gathering::SERIES.to_owned(), name.clone());
    let href = list_href(visit, event::KIND, &typed);
    let found = count(visit, reader, event::KIND, filter)?;
    let label = visit.texts().fill("event.series", &[("name", &name)]);
    Ok(Some((Link { href, label, current: false }, visit.texts().fill("event.held", &[("n", &found)]))))
}

fn came(visit: &Visit, counts: &Counts) -> Vec<(Link, String)> {
    let figure = |key: &str, n: usize| (cell(visit.t(key)), n.to_string());
    match counts.listed {
        0 => Vec::new(),
        listed => vec![
            figure("event.listed", listed),
            figure("event.came", counts.came),
            figure("event.experts", counts.experts),
            figure("event.firms", counts.firms),
        ],
    }
}

fn ways(visit: &Visit, record: &Record) -> Vec<Link> {
    let catalogue = visit.app.register().catalogue();
    let closed = |stage: &Stage| stage.closed;
    let kind = catalogue.kind(event::KIND);
    let over = kind.and_then(|kind| kind.stage(&record.item.stage)).is_some_and(closed);
    let Some(kind) = kind.filter(|_| !over) else { return Vec::new() };
    let here = address(kind, &record.item.number);
    let mut links = vec![visit.link(&format!("{here}/attendance"), visit.t("attendance.title"))];
    let decides = record.item.type_path == gathering::MEETING || record.fields.contains_key(gathering::BODY);
    if decides && handles(visit, record) {
        links.push(visit.link(&format!("{here}/decisions"), visit.t("decisions.title")));
    }
    links
}

/// Why another event stands beside this one.
#[derive(Default)]
struct Nearness {
    same_day: bool,
    same_place: bool,
    same_trade: bool,
    alike: bool,
}

impl Nearness {
    /// A clash, or alike enough to be told: the same days at one place or of one trade, or nearly the same name.
    fn counts(&self) -> bool {
        self.alike || (self.same_day && self.same_place) || self.same_trade
    }

    fn words(&self, visit: &Visit) -> String {
        let said = [
            (self.same_day && self.same_place, "event.same-day"),
            (self.same_trade, "event.same-trade"),
            (self.alike, "event.alike"),
        ];
        let words = said.iter().filter(|(holds, _)| *holds).map(|(_, key)| visit.t(key).to_owned());
        words.collect::<Vec<_>>().join("、")
    }
}

/// Events of three weeks before and after that clash or are much alike, while this one may still be changed.
fn near(visit: &Visit, reader: &Reader<'_>, record: &Record) -> Result<DeskTable, Trouble> {
    let held = day(&record.fields, event::HELD).map(|day| (day.first(), day.last()));
    let Some((since, until)) = held.filter(|(_, last)| *last >= visit.app.today()) else {
        return Ok(DeskTable::default());
    };
    let filter = Filter::All(vec![
        Filter::AtLeast(event::HELD.to_owned(), since.saturating_sub(NEAR_DAYS.days()).to_string()),
        Filter::AtMost(event::HELD.to_owned(), until.saturating_add(NEAR_DAYS.days()).to_string()),
        Filter::Not(Box::new(Filter::Stage(gathering::RETIRED.to_owned()))),
    ]);
    let order = Order::By(event::HELD.to_owned());
    let alike = crate::search::alike(visit, record, ALIKE_MIN, ALIKE);
    let mut rows = Vec::new();
    for item in some(visit, reader, (event::KIND, filter), order, NEAR_MAX)? {
        // A part of this event, and what it is a part of, are no others.
        let fields = texts(visit, reader, &item)?;
        let parts = |fields: &Fields, id| references(fields, gathering::PARENT).contains(&id);
        let same =
            item.row == record.item.row || parts(&fields, record.item.id) || parts(&record.fields, item.id);
        if same || rows.len() == NEAR_SHOWN {
            continue;
        }
        let nearness = nearness((record, since), (&item, &fields), alike.contains(&item.row));
        if nearness.counts() {
            rows.push(near_row(visit, &item, &fields, &nearness));
        }
    }
    Ok(DeskTable {
        heading: visit.t("event.near").to_owned(),
        note: visit.t("event.near-note").to_owned(),
        columns: ["body.on", "event.name", "list.place", "event.why"]
            .map(|key| visit.t(key).to_owned())
            .into(),
        rows,
        ..DeskTable::default()
    })
}

fn near_row(visit: &Visit, item: &Item, fields: &Fields, nearness: &Nearness) -> DeskRow {
    let place = item.place.as_ref().map(|place| place_name(place, visit.lang)).unwrap_or_default();
    let cells = vec![
        cell(day_words(visit, fields, event::HELD)),
        link_to(visit, item, item.title.clone()),
        cell(place),
        cell(nearness.words(visit)),
    ];
    DeskRow { cells, buttons: Vec::new() }
}

fn nearness((record, since): (&Record, Date), (item, fields): (&Item, &Fields), alike: bool) -> Nearness {
    let there = day(fields, event::HELD).map(|day| day.first());
    let within = |days: i64| {
        there.is_some_and(|day| {
            day >= since.saturating_sub(days.days()) && day <= since.saturating_add(days.days())
        })
    };
    // One place is one county: who goes to one does not go to the other that day.
    let same_place = record.item.place.is_some() && record.item.place == item.place;
    let trades = |fields: &Fields| -> Vec<String> {
        let all = fields.get(gathering::INDUSTRY).and_then(Value::as_array);
        all.into_iter().flatten().filter_map(|code| Some(code.as_str()?.to_owned())).collect()
    };
    let mine = trades(&record.fields);
    Nearness {
        same_day: within(1),
        same_place,
        same_trade: trades(fields).iter().any(|trade| mine.contains(trade)),
        alike,
    }
}
