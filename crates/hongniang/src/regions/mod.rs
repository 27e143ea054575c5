//! 地区: the tile map of the country, the page of a unit, its five links as a graph, and cards of the pilot units.
//!
//! A unit's page and the home page show what everyone may read, whoever looks: what sources tell, what was made from
//! sources and what is recorded stand side by side and are never added. Start at [`unit::show`].

mod cards;
pub mod graph;
pub mod links;
pub mod tiles;
pub mod unit;

use base::place::Place;
use catalogue::{Asker, Filter};
use register::{Find, Reader};

use crate::problem::encode_query;
use crate::records::faces::row;
use crate::trouble::Trouble;
use crate::view::Row;
use crate::visit::Visit;

pub use cards::cards;

/// The page of a place.
pub fn address(place: &Place) -> String {
    format!("/regions/{}", encode_query(place.code()))
}

/// The place of an address: by its very code; rows of the statistics that are no place are none.
fn place_of(code: &str) -> Result<Place, Trouble> {
    let place = Place::parse(code).map_err(|_| Trouble::NotFound)?;
    if place.code() == code && !place.is_filler() { Ok(place) } else { Err(Trouble::NotFound) }
}

/// In the place or below it. The nation holds what names no place, too.
fn inside(place: &Place) -> Option<Filter> {
    (*place != Place::nation()).then(|| Filter::Place(place.clone()))
}

/// The list of a kind at a place, narrowed by `name=value` pairs.
fn listing(path: &str, place: &Place, pairs: &[(&str, &str)]) -> String {
    let mut query: Vec<String> =
        pairs.iter().map(|(name, value)| format!("{name}={}", encode_query(value))).collect();
    if *place != Place::nation() {
        query.push(format!("place={}", encode_query(place.code())));
    }
    let mark = if query.is_empty() { "" } else { "?" };
    format!("{path}{mark}{}", query.join("&"))
}

/// Records of a kind at a place that meet all of these.
fn of(kind: &str, place: &Place, filters: impl IntoIterator<Item = Filter>) -> Find {
    let all: Vec<Filter> = filters.into_iter().chain(inside(place)).collect();
    Find { filter: (!all.is_empty()).then_some(Filter::All(all)), ..Find::kind(kind) }
}

/// What anyone may read of a question, as rows, and whether there is more.
fn rows(visit: &Visit, reader: &Reader<'_>, find: &Find) -> Result<(Vec<Row>, bool), Trouble> {
    let found = reader.list(&Asker::default(), find)?;
    let rows = found.items.iter().map(|item| row(visit, item, &[])).collect();
    Ok((rows, found.next.is_some()))
}

/// How many anyone may read, in words; none where there is nothing.
fn count(reader: &Reader<'_>, find: Find) -> Result<Option<String>, Trouble> {
    let count = reader.list(&Asker::default(), &find.first(1))?.count;
    let words = if count.capped { format!("{}+", count.n) } else { count.n.to_string() };
    Ok((count.n > 0).then_some(words))
}
