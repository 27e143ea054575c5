//! Cards of the pilot units of the newest programme that has any, for the home page.

use base::place::Place;
use catalogue::{Asker, Filter};
use register::{Find, Key, Order, Reader, Record};
use serde_json::Value;

use super::address;
use crate::fields::programme;
use crate::figures::{Figures, Span};
use crate::records;
use crate::records::faces::place_name;
use crate::trouble::Trouble;
use crate::view::{CardView, Link};
use crate::visit::Visit;

/// What a card tells of a unit.
const TOLD: [&str; 2] = ["problems_solved", "stations"];
/// Programmes named on the page of a unit at most.
const PROGRAMMES_MAX: usize = 8;

/// The pilot units of the public programme with the latest beginning that names any, in its order.
pub fn cards(visit: &Visit, reader: &Reader<'_>, figures: &Figures) -> Result<Vec<CardView>, Trouble> {
    let Some(record) = newest(reader, &Place::nation(), 1)?.into_iter().next() else { return Ok(Vec::new()) };
    let programme = link(visit, &record);
    let card = |place: Place| CardView {
        name: place_name(&place, visit.lang),
        href: visit.href(&address(&place)),
        programme: programme.clone(),
        figures: TOLD
            .iter()
            .filter_map(|name| figures.shown(visit, name, &Span::of(place.clone())))
            .collect(),
    };
    Ok(pilots(&record).into_iter().map(card).collect())
}

/// The public programmes that have this very place among their pilots, newest first.
pub(super) fn pilot_of(visit: &Visit, reader: &Reader<'_>, place: &Place) -> Result<Vec<Link>, Trouble> {
    if *place == Place::nation() {
        return Ok(Vec::new());
    }
    let records = newest(reader, place, PROGRAMMES_MAX)?;
    let named = records.iter().filter(|record| pilots(record).contains(place));
    Ok(named.map(|record| link(visit, record)).collect())
}

/// Programmes with a pilot in a place or below it; the nation holds all.
fn newest(reader: &Reader<'_>, place: &Place, most: usize) -> Result<Vec<Record>, Trouble> {
    let anyone = Asker::default();
    let find = Find::kind(programme::KIND)
        .filter(Filter::Is(programme::PILOTS.to_owned(), place.to_string()))
        .order(Order::ByDesc(programme::SINCE.to_owned()))
        .first(most);
    let found = reader.list(&anyone, &find)?.items;
    Ok(found.iter().map(|item| reader.find(&anyone, &Key::Row(item.row))).collect::<Result<_, _>>()?)
}

fn pilots(record: &Record) -> Vec<Place> {
    let codes = record.fields.get(programme::PILOTS).and_then(Value::as_array).into_iter().flatten();
    codes.filter_map(|code| Place::parse(code.as_str()?).ok()).collect()
}

fn link(visit: &Visit, record: &Record) -> Link {
    let kind = visit.app.register().catalogue().kind(programme::KIND);
    let path = kind.map(|kind| records::address(kind, &record.item.number)).unwrap_or_default();
    visit.link(&path, record.item.title.clone())
}
