//! What is computed beside a record of an expert, a body, a firm, an event, a trip, a story: load, members, tasks, counts, clashes.
//!
//! Shows only what the visitor may read of other records; writes nothing. Start at [`panels`].

pub mod body;
mod credit;
mod event;
mod expert;
mod story;
mod trip;

use base::day::Day;
use base::limits::PAGE_ROWS_MAX;
use catalogue::kind::reference;
use catalogue::{Asker, Fields, Filter, Kind, Standing};
use register::{Find, Item, Key, Order, Reader, Record};
use serde_json::Value;

use crate::clock;
use crate::fields::{
    EXPERT, attendance, benefit, case, credit as credits, event as events, gathering, memo, organization,
    person, story as stories, task, trip as trips,
};
use crate::problem::encode_query;
use crate::records::address;
use crate::trouble::Trouble;
use crate::view::{Link, PanelView};
use crate::visit::Visit;

/// Links that a panel tells of the record they lead to: kind and field.
pub const BESIDE: [(&str, &str); 9] = [
    (memo::KIND, EXPERT),
    (benefit::KIND, EXPERT),
    (attendance::KIND, attendance::EVENT),
    (task::KIND, task::MEETING),
    (task::KIND, task::BODY),
    (trips::KIND, trips::TEAM),
    (events::KIND, gathering::BODY),
    (credits::KIND, credits::CASE),
    (credits::KIND, credits::CREDITED),
];

/// The panels of a record, as far as the visitor is concerned with it.
pub fn panels(visit: &Visit, reader: &Reader<'_>, record: &Record) -> Result<Vec<PanelView>, Trouble> {
    let found = match record.item.kind.as_str() {
        person::KIND => {
            let load = expert::panel(visit, reader, record)?;
            return Ok(load.into_iter().chain(credit::of_person(visit, reader, record)?).collect());
        }
        case::KIND => credit::of_case(visit, reader, record)?,
        organization::KIND => body::panel(visit, reader, record)?,
        events::KIND => event::panel(visit, reader, record)?,
        trips::KIND => trip::panel(visit, reader, record)?,
        stories::KIND => story::panel(visit, reader, record)?,
        _ => None,
    };
    Ok(found.into_iter().collect())
}

/// Records of a kind that the visitor may read, narrowed and ordered.
pub fn some(
    visit: &Visit,
    reader: &Reader<'_>,
    (kind, filter): (&str, Filter),
    order: Order,
    first: usize,
) -> Result<Vec<Item>, Trouble> {
    all_of(reader, &visit.asker(), Find::kind(kind).filter(filter).order(order), first)
}

/// As many of a list as are wanted, page by page.
pub fn all_of(reader: &Reader<'_>, me: &Asker, find: Find, most: usize) -> Result<Vec<Item>, Trouble> {
    let (mut find, mut found) = (find.first(most.min(PAGE_ROWS_MAX)), Vec::new());
    loop {
        let page = reader.list(me, &find)?;
        found.extend(page.items);
        match page.next.filter(|_| found.len() < most) {
            Some(next) => find = find.after(Some(next)),
            None => break,
        }
    }
    found.truncate(most);
    Ok(found)
}

/// How many there are, as far as the visitor may read them and counting goes.
pub fn count(visit: &Visit, reader: &Reader<'_>, kind: &str, filter: Filter) -> Result<String, Trouble> {
    let found = reader.list(&visit.asker(), &Find::kind(kind).filter(filter).first(1))?.count;
    Ok(if found.capped { format!("{}+", found.n) } else { found.n.to_string() })
}

/// The address of the list a filter leads to.
pub fn list_href(visit: &Visit, kind: &str, filter: &Filter) -> String {
    let kind = visit.app.register().catalogue().kind(kind);
    let text = encode_query(&filter.to_string());
    kind.map(|kind| visit.href(&format!("/{}?where={text}", kind.path))).unwrap_or_default()
}

/// The texts of an item, as far as the visitor may read them.
pub fn texts(visit: &Visit, reader: &Reader<'_>, item: &Item) -> Result<Fields, Trouble> {
    Ok(reader.find(&visit.asker(), &Key::Row(item.row))?.fields)
}

/// Any stage of a kind at which work goes on.
pub fn going(kind: &Kind) -> Filter {
    let open = kind.stages.iter().filter(|stage| !stage.closed);
    Filter::Any(open.map(|stage| Filter::Stage(stage.name.clone())).collect())
}

/// Whether the visitor works on the record: by what they are to it, not as anyone.
fn is_concerned(record: &Record) -> bool {
    record.access.standing != Standing::Anyone
}

/// Whether the visitor handles records where this one stands.
pub fn handles(visit: &Visit, record: &Record) -> bool {
    crate::collect::firm::reaches(&visit.asker(), record.item.place.as_ref())
}

/// The link to an item, by its heading or another text.
pub fn link_to(visit: &Visit, item: &Item, label: impl Into<String>) -> Link {
    let kind = visit.app.register().catalogue().kind(&item.kind);
    visit.link(&kind.map(|kind| address(kind, &item.number)).unwrap_or_default(), label)
}

/// A stage in words.
pub fn stage(visit: &Visit, item: &Item) -> String {
    let kind = visit.app.register().catalogue().kind(&item.kind);
    let found = kind.and_then(|kind| kind.stage(&item.stage));
    found.map(|stage| stage.label.text(visit.lang).to_owned()).unwrap_or_default()
}

/// A text of a record; empty where there is none.
pub fn text(fields: &Fields, name: &str) -> String {
    fields.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// A day of a record, as recorded.
pub fn day(fields: &Fields, name: &str) -> Option<Day> {
    fields.get(name)?.as_str().and_then(|text| Day::parse(text).ok())
}

/// A day of a record in words; empty where there is none.
pub fn day_words(visit: &Visit, fields: &Fields, name: &str) -> String {
    day(fields, name).map(|day| clock::day(&day, visit.lang)).unwrap_or_default()
}

/// What a field refers to, one or many.
pub fn references(fields: &Fields, name: &str) -> Vec<base::id::RecordId> {
    match fields.get(name) {
        Some(Value::Array(all)) => all.iter().filter_map(reference).collect(),
        Some(one) => reference(one).into_iter().collect(),
        None => Vec::new(),
    }
}

/// Links to what a field refers to, those the visitor may read.
pub fn referred(
    visit: &Visit,
    reader: &Reader<'_>,
    fields: &Fields,
    name: &str,
) -> Result<Vec<Link>, Trouble> {
    let items = reader.seen_all(&visit.asker(), &references(fields, name))?;
    Ok(items.iter().map(|item| link_to(visit, item, item.title.clone())).collect())
}

/// The first link, or an empty cell.
pub fn first(links: Vec<Link>) -> Link {
    links.into_iter().next().unwrap_or_else(|| crate::accounts::cell(String::new()))
}
