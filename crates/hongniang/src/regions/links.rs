//! 五连图: who a region is tied to, in five sectors, as a list and as a graph of the same.
//!
//! Reads at most [`SECTOR_MAX`] ties of a sector, whatever a region holds; the rest stands in the list of ties.
//! Start at [`show`].

use std::collections::HashMap;

use askama::Template as _;
use axum::extract::Path;
use axum::response::Html;
use base::id::RecordId;
use base::place::{Level, Place};
use catalogue::{Asker, Filter};
use register::{Item, Key, Order, Reader};

use super::unit::five;
use super::{address, graph, listing, of, place_of};
use crate::clock;
use crate::fields::{SOURCED, organization, tie};
use crate::figures::{Figures, Span};
use crate::home::FIVE;
use crate::records;
use crate::records::faces::{place_name, row};
use crate::trouble::Trouble;
use crate::view::{LinkedView, LinksView, PartyView, SectorView};
use crate::visit::Visit;

/// Ties read of a sector: two hundred in all, which a page shows within its time.
const SECTOR_MAX: usize = 40;
/// Associations of a level looked through for the one of the place.
const ASSOCIATIONS_MAX: usize = 20;
/// The indicator beside the societies.
const STATIONS: &str = "society_stations";

/// Who stands in the middle.
struct Centre {
    id: Option<RecordId>,
    name: String,
    href: String,
}

/// A tie with its ends.
struct Tie {
    item: Item,
    from: Option<RecordId>,
    to: Option<RecordId>,
}

/// The ties of a sector that are shown, and how many more there are.
struct Read {
    ties: Vec<Tie>,
    more: Option<String>,
}

/// `GET /regions/{code}/links`.
pub async fn show(visit: Visit, Path(code): Path<String>) -> Result<Html<String>, Trouble> {
    let place = place_of(&code)?;
    let looking = visit.clone();
    let view = visit.app.read(move |reader| view(&looking, reader, &place)).await?;
    Ok(Html(view.render()?))
}

fn view(visit: &Visit, reader: &Reader<'_>, place: &Place) -> Result<LinksView, Trouble> {
    let name = place_name(place, visit.lang);
    let centre = centre(visit, reader, place)?;
    let read: Vec<Read> = FIVE.iter().map(|link| read(reader, place, link)).collect::<Result<_, _>>()?;
    let parties = parties(reader, &read)?;
    let state = visit.app.index().ask();
    let heads = five(visit, &state.figures, place).into_iter().zip(FIVE).zip(&read);
    let sectors: Vec<SectorView> = heads
        .map(|((head, link), read)| {
            let shown = sector(visit, &centre, (&parties, type_of(link)), read);
            with_head(visit, &state.figures, place, (head, link), (shown, read.more.clone()))
        })
        .collect();
    let title = visit.texts().fill("regions.links-title", &[("place", &name)]);
    Ok(LinksView {
        page: visit.public_page(title, visit.t("regions.links-description")),
        back: visit.link(&address(place), name),
        graph: graph::drawn(visit.texts(), (&centre.name, &centre.href), &sectors),
        sectors,
        exports: visit.exports(&listing("/ties", place, &[])),
    })
}

/// The type of organisation a sector is about.
fn type_of(link: &str) -> &str {
    match link {
        "city" => organization::ASSOCIATION,
        "enterprise" => organization::FIRM,
        link => link,
    }
}

/// The association of the place itself, or the place.
fn centre(visit: &Visit, reader: &Reader<'_>, place: &Place) -> Result<Centre, Trouble> {
    let own = || Centre { id: None, name: place_name(place, visit.lang), href: visit.href(&address(place)) };
    let level = match place.level() {
        Level::Nation => "national",
        Level::Province => "provincial",
        Level::Prefecture => "municipal",
        Level::County => "county",
        Level::Township | Level::Area => return Ok(own()),
    };
    let association = Filter::Type(organization::ASSOCIATION.to_owned());
    let level = Filter::Is(organization::LEVEL.to_owned(), level.to_owned());
    let find =
        of(organization::KIND, place, [association, level]).order(Order::Oldest).first(ASSOCIATIONS_MAX);
    let found = reader.list(&Asker::default(), &find)?.items;
    let here =
        |item: &&Item| item.place.as_ref() == Some(place) && item.type_path == organization::ASSOCIATION;
    Ok(found.iter().find(here).map_or_else(own, |item| Centre {
        id: Some(item.id),
        name: item.title.clone(),
        href: row(visit, item, &[]).href,
    }))
}

/// The public ties of a sector with their ends: the newest recorded, then what sources tell, in their order.
fn read(reader: &Reader<'_>, place: &Place, link: &str) -> Result<Read, Trouble> {
    let anyone = Asker::default();
    let is = Filter::Is(tie::LINK.to_owned(), link.to_owned());
    let sourced = Filter::Stage(SOURCED.to_owned());
    let recorded = of(tie::KIND, place, [is.clone(), Filter::Not(Box::new(sourced.clone()))]);
    let recorded = reader.list(&anyone, &recorded.first(SECTOR_MAX))?;
    let sourced = of(tie::KIND, place, [is, sourced]).order(Order::Oldest).first(SECTOR_MAX);
    let sourced = reader.list(&anyone, &sourced)?;
    let (n, capped) = (recorded.count.n + sourced.count.n, recorded.count.capped || sourced.count.capped);
    let items = recorded.items.into_iter().chain(sourced.items).take(SECTOR_MAX);
    let ties: Vec<Tie> = items.map(|item| with_ends(reader, item)).collect::<Result<_, _>>()?;
    let beyond = n.saturating_sub(ties.len());
    Ok(Read { more: (beyond > 0).then(|| format!("{beyond}{}", if capped { "+" } else { "" })), ties })
}

fn with_ends(reader: &Reader<'_>, item: Item) -> Result<Tie, Trouble> {
    let record = reader.find(&Asker::default(), &Key::Row(item.row))?;
    let end = |name: &str| record.fields.get(name).and_then(catalogue::kind::reference);
    Ok(Tie { from: end(tie::FROM), to: end(tie::TO), item })
}

/// The records at the ends of all ties, those anyone may read, asked for at once.
fn parties(reader: &Reader<'_>, read: &[Read]) -> Result<HashMap<RecordId, Item>, Trouble> {
    let ties = read.iter().flat_map(|read| &read.ties);
    let mut ids: Vec<RecordId> = ties.flat_map(|tie| [tie.from, tie.to]).flatten().collect();
    ids.sort_unstable();
    ids.dedup();
    let found = reader.seen_all(&Asker::default(), &ids)?;
    Ok(found.into_iter().map(|item| (item.id, item)).collect())
}

/// Who a sector leads to, each party once; recorded before told by sources.
fn sector(
    visit: &Visit,
    centre: &Centre,
    (parties, wanted): (&HashMap<RecordId, Item>, &str),
    read: &Read,
) -> Vec<PartyView> {
    let mut found: Vec<PartyView> = Vec::new();
    let mut known: HashMap<RecordId, usize> = HashMap::new();
    for tie in &read.ties {
        let other = other_end(centre, parties, wanted, tie);
        let sourced = tie.item.stage == SOURCED;
        if let Some(party) = other.and_then(|id| known.get(&id)).and_then(|at| found.get_mut(*at)) {
            party.sourced &= sourced;
            continue;
        }
        if let Some(id) = other {
            known.insert(id, found.len());
        }
        found.push(party(visit, tie, other.and_then(|id| parties.get(&id)), sourced));
    }
    found.sort_by_key(|party| party.sourced);
    found
}

/// The end of a tie a sector is about: of its type, if one is and does not stand in the middle; else the second.
fn other_end(
    centre: &Centre,
    parties: &HashMap<RecordId, Item>,
    wanted: &str,
    tie: &Tie,
) -> Option<RecordId> {
    let mut ends = [tie.to, tie.from].into_iter().flatten().filter(|id| centre.id != Some(*id));
    let fits = |id: &RecordId| {
        let found = parties.get(id);
        found.is_some_and(|item| item.type_path.split('.').next() == Some(wanted))
    };
    ends.clone().find(fits).or_else(|| ends.next())
}

/// The party of a tie; the tie itself where not everyone may read who is at its other end.
fn party(visit: &Visit, tie: &Tie, other: Option<&Item>, sourced: bool) -> PartyView {
    let catalogue = visit.app.register().catalogue();
    let kind = catalogue.kind(tie::KIND);
    let path = kind.map(|kind| records::address(kind, &tie.item.number)).unwrap_or_default();
    let of_type = kind.map(|kind| records::faces::type_label(kind, &tie.item.type_path, visit.lang));
    let day = tie.item.day.as_ref().and_then(|day| day.parse().ok());
    let shown = other.map(|item| row(visit, item, &[]));
    PartyView {
        title: shown.as_ref().map_or_else(|| tie.item.title.clone(), |row| row.title.clone()),
        href: shown.as_ref().map_or_else(|| visit.href(&path), |row| row.href.clone()),
        place: shown.map(|row| row.place).unwrap_or_default(),
        tie: visit.link(&path, of_type.unwrap_or_default()),
        since: day.map(|day| clock::day(&day, visit.lang)).unwrap_or_default(),
        sourced,
    }
}

fn with_head(
    visit: &Visit,
    figures: &Figures,
    place: &Place,
    (head, link): (LinkedView, &str),
    (parties, more): (Vec<PartyView>, Option<String>),
) -> SectorView {
    let all = visit.href(&listing("/ties", place, &[(tie::LINK, link)]));
    let stations = || figures.shown(visit, STATIONS, &Span::of(place.clone()));
    SectorView {
        id: link.to_owned(),
        head,
        parties,
        more,
        all,
        stations: if link == "society" { stations() } else { None },
    }
}
