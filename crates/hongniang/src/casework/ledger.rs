//! 进企台账: who was visited when and by whom; person-times as they add up, each firm and society counted once.
//!
//! Counts what the visitor may read, whatever stage it is at; what sources tell and what left the lists stays out. Start at
//! [`show`].

use std::collections::{BTreeMap, BTreeSet, HashMap};

use askama::Template as _;
use axum::extract::{Path, RawQuery};
use axum::response::{Html, IntoResponse, Response};
use base::day::Day;
use base::id::RecordId;
use base::place::Place;
use catalogue::kind::reference;
use catalogue::{Fields, Filter, Kind};
use jiff::civil::Date;
use register::{Find, Item, Order, Reader};
use serde_json::Value;

use super::{named, notes};
use crate::clock;
use crate::fields::{SOURCED, call};
use crate::problem::encode_query;
use crate::records::address;
use crate::records::draft::Draft;
use crate::records::export::{Sheet, send};
use crate::records::faces::{badge, place_name, type_label};
use crate::records::posted::read_pairs;
use crate::trouble::Trouble;
use crate::view::{ClashView, LedgerRow, LedgerSum, LedgerView, Link};
use crate::visit::Visit;

/// Visits read at most; a county's year has some hundreds.
const VISITS_MAX: usize = 5_000;
/// Visits shown on the page; the sheet holds all.
const SHOWN_MAX: usize = 60;
/// Columns of the sheet.
const COLUMNS: [&str; 10] = [
    "ledger.number",
    "ledger.day",
    "ledger.place",
    "ledger.firm",
    "ledger.title",
    "ledger.type",
    "ledger.societies",
    "ledger.experts",
    "ledger.people",
    "ledger.stage",
];

/// What the address asks.
#[derive(Clone)]
struct Asked {
    since: Date,
    until: Date,
    place: Option<Place>,
}

impl Asked {
    /// This year in one's own place, unless said otherwise. What is no day or place is left aside.
    fn read(visit: &Visit, query: Option<String>) -> Result<Asked, Trouble> {
        let draft = Draft::new(read_pairs(query.unwrap_or_default().as_bytes())?);
        let today = visit.app.today();
        let day = |name: &str| draft.one(name).trim().parse::<Date>().ok();
        let place = match draft.pairs().iter().any(|(name, _)| name == "place") {
            true => Place::parse(draft.one("place").split_whitespace().next().unwrap_or_default()).ok(),
            false => named::office_place(&visit.asker()),
        };
        Ok(Asked {
            since: day("since").unwrap_or_else(|| today.first_of_year()),
            until: day("until").unwrap_or(today),
            place,
        })
    }

    fn find(&self) -> Find {
        let out = [SOURCED, call::RETIRED].map(|stage| Filter::Stage(stage.to_owned()));
        // A day known by its month sorts before that month's first: the text asked for is as short as may be.
        let since = self.since.to_string();
        let since = since.strip_suffix("-01").unwrap_or(&since);
        let since = since.strip_suffix("-01").unwrap_or(since).to_owned();
        let mut all = vec![
            Filter::AtLeast(call::VISITED.to_owned(), since),
            Filter::AtMost(call::VISITED.to_owned(), self.until.to_string()),
            Filter::Not(Box::new(Filter::Any(out.to_vec()))),
        ];
        all.extend(self.place.clone().map(Filter::Place));
        let order = Order::ByDesc(call::VISITED.to_owned());
        Find::kind(call::KIND).filter(Filter::All(all)).order(order).first(base::limits::PAGE_ROWS_MAX)
    }

    fn query(&self) -> String {
        let place = self.place.as_ref().map(ToString::to_string).unwrap_or_default();
        format!("?since={}&until={}&place={}", self.since, self.until, encode_query(&place))
    }
}

/// A visit as the ledger counts it.
struct Counted {
    item: Item,
    firm: Option<RecordId>,
    societies: Vec<RecordId>,
    experts: Vec<RecordId>,
    people: u64,
}

/// The visits asked for, and the titles of all they name.
struct Ledger {
    visits: Vec<Counted>,
    titles: HashMap<RecordId, String>,
    more: bool,
}

async fn read(visit: &Visit, asked: &Asked) -> Result<Ledger, Trouble> {
    visit.must_sign_in()?;
    if !notes(visit) {
        return Err(Trouble::Register(register::Fault::NotAllowed));
    }
    let (asker, find) = (visit.asker(), asked.find());
    visit
        .app
        .read_long(move |reader| {
            let (visits, more) = counted(reader, &asker, find)?;
            let named = |of: &Counted| -> Vec<RecordId> {
                of.firm.into_iter().chain(of.societies.clone()).chain(of.experts.clone()).collect()
            };
            let ids: BTreeSet<RecordId> = visits.iter().flat_map(named).collect();
            let titles = reader.titles(&asker, &ids.into_iter().collect::<Vec<_>>())?;
            Ok(Ledger { visits, titles, more })
        })
        .await
}

fn counted(
    reader: &Reader<'_>,
    asker: &catalogue::Asker,
    mut find: Find,
) -> Result<(Vec<Counted>, bool), Trouble> {
    let mut visits = Vec::new();
    loop {
        let page = reader.list(asker, &find)?;
        for item in page.items {
            // Whoever may list a visit reads its open layer, and nothing else is counted.
            let open = reader.document(item.row)?.map(|doc| doc.open).unwrap_or_default();
            visits.push(count(item, &open));
        }
        match page.next {
            None => return Ok((visits, false)),
            Some(_) if visits.len() >= VISITS_MAX => return Ok((visits, true)),
            Some(next) => find = find.after(Some(next)),
        }
    }
}

fn count(item: Item, open: &Fields) -> Counted {
    let all = |name: &str| -> Vec<RecordId> {
        open.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(reference).collect()
    };
    let experts = all(call::EXPERTS);
    let named = u64::try_from(experts.len()).unwrap_or_default();
    Counted {
        item,
        firm: open.get(call::FIRM).and_then(reference),
        societies: all(call::SOCIETIES),
        people: open.get(call::PEOPLE).and_then(Value::as_u64).unwrap_or(named).max(named),
        experts,
    }
}

/// `GET /visits/ledger`; `?since=`, `?until=` and `?place=` narrow it.
pub async fn show(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, Trouble> {
    let asked = Asked::read(&visit, query)?;
    let ledger = read(&visit, &asked).await?;
    let kind = visit.app.register().catalogue().kind(call::KIND).ok_or(Trouble::NotFound)?;
    let every: Vec<&Counted> = ledger.visits.iter().collect();
    let rows = every.iter().take(SHOWN_MAX).map(|of| row(&visit, kind, &ledger, of)).collect();
    let address = format!("/visits/ledger{}", asked.query());
    let view = LedgerView {
        page: visit.page(visit.t("ledger.title")),
        visits: visit.link("/visits", kind.label.text(visit.lang)),
        since: asked.since.to_string(),
        until: asked.until.to_string(),
        place: asked.place.as_ref().map(ToString::to_string).unwrap_or_default(),
        place_name: asked.place.as_ref().map(|place| place_name(place, visit.lang)).unwrap_or_default(),
        total: sum(visit.t("ledger.total").to_owned(), &every),
        places: grouped(&ledger.visits, |of| {
            of.item.place.as_ref().map(|place| (place.to_string(), place_name(place, visit.lang)))
        }),
        months: grouped(&ledger.visits, |of| month(of).map(|text| (text.clone(), text))),
        clashes: clashes(&visit, kind, &ledger),
        rows,
        more: ledger.more || ledger.visits.len() > SHOWN_MAX,
        exports: visit.exports(&address),
    };
    Ok(Html(view.render()?).into_response())
}

/// `GET /visits/ledger.{ending}`.
pub async fn export(
    visit: Visit,
    Path(ending): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Trouble> {
    let asked = Asked::read(&visit, query)?;
    let ledger = read(&visit, &asked).await?;
    let kind = visit.app.register().catalogue().kind(call::KIND).ok_or(Trouble::NotFound)?;
    let rows = ledger.visits.iter().map(|of| cells(&visit, kind, &ledger, of)).collect();
    send(&Sheet::of(&visit, visit.t("ledger.title"), &COLUMNS, rows), &ending)
}

fn month(of: &Counted) -> Option<String> {
    of.item.day.as_ref().and_then(|day| day.get(..7)).map(str::to_owned)
}

/// The numbers of some visits.
fn sum(label: String, of: &[&Counted]) -> LedgerSum {
    let firms: BTreeSet<RecordId> = of.iter().filter_map(|of| of.firm).collect();
    let societies: BTreeSet<RecordId> = of.iter().flat_map(|of| of.societies.clone()).collect();
    let experts: BTreeSet<RecordId> = of.iter().flat_map(|of| of.experts.clone()).collect();
    LedgerSum {
        label,
        visits: of.len(),
        people: of.iter().map(|of| of.people).sum(),
        firms: firms.len(),
        societies: societies.len(),
        experts: experts.len(),
    }
}

/// The same numbers apart by what a visit says, in order of it.
fn grouped(visits: &[Counted], by: impl Fn(&Counted) -> Option<(String, String)>) -> Vec<LedgerSum> {
    let mut groups: BTreeMap<String, (String, Vec<&Counted>)> = BTreeMap::new();
    for of in visits {
        if let Some((code, label)) = by(of) {
            groups.entry(code).or_insert_with(|| (label, Vec::new())).1.push(of);
        }
    }
    groups.into_values().map(|(label, of)| sum(label, &of)).collect()
}

/// Experts who are said to have been at two firms, or at two places, on one day.
fn clashes(visit: &Visit, kind: &Kind, ledger: &Ledger) -> Vec<ClashView> {
    let mut days: BTreeMap<(String, RecordId), Vec<&Counted>> = BTreeMap::new();
    for of in &ledger.visits {
        // Only a whole day can clash.
        let day = of.item.day.clone().filter(|day| day.parse::<Date>().is_ok());
        for expert in of.experts.iter().filter(|_| day.is_some()) {
            days.entry((day.clone().unwrap_or_default(), *expert)).or_default().push(of);
        }
    }
    let apart = |of: &Vec<&Counted>| {
        of.iter()
            .map(|of| (of.firm, of.item.place.as_ref().map(ToString::to_string)))
            .collect::<BTreeSet<_>>()
            .len()
            > 1
    };
    let clash = |((day, expert), of): ((String, RecordId), Vec<&Counted>)| ClashView {
        day: day.parse().map(|day: Day| clock::day(&day, visit.lang)).unwrap_or_default(),
        expert: ledger.title(visit, expert),
        visits: of
            .iter()
            .map(|of| visit.link(&address(kind, &of.item.number), of.item.title.clone()))
            .collect::<Vec<Link>>(),
    };
    days.into_iter().filter(|(_, of)| apart(of)).map(clash).rev().collect()
}

impl Ledger {
    /// What a record is called, as far as the visitor may know.
    fn title(&self, visit: &Visit, id: RecordId) -> String {
        self.titles.get(&id).cloned().unwrap_or_else(|| visit.t("form.hidden-reference").to_owned())
    }

    fn all(&self, visit: &Visit, ids: &[RecordId]) -> String {
        let titles: Vec<String> = ids.iter().map(|id| self.title(visit, *id)).collect();
        titles.join(visit.t("list.comma"))
    }
}

fn row(visit: &Visit, kind: &Kind, ledger: &Ledger, of: &Counted) -> LedgerRow {
    let day = of.item.day.as_ref().and_then(|day| day.parse::<Day>().ok());
    LedgerRow {
        day: day.map(|day| clock::day(&day, visit.lang)).unwrap_or_default(),
        visit: visit.link(&address(kind, &of.item.number), of.item.title.clone()),
        place: of.item.place.as_ref().map(|place| place_name(place, visit.lang)).unwrap_or_default(),
        firm: of.firm.map(|id| ledger.title(visit, id)).unwrap_or_default(),
        experts: ledger.all(visit, &of.experts),
        people: of.people,
        stage: badge(kind, &of.item.stage, visit.lang),
    }
}

fn cells(visit: &Visit, kind: &Kind, ledger: &Ledger, of: &Counted) -> Vec<String> {
    let item = &of.item;
    vec![
        item.number.printed(&kind.sign),
        item.day.clone().unwrap_or_default(),
        item.place.as_ref().map(|place| place_name(place, visit.lang)).unwrap_or_default(),
        of.firm.map(|id| ledger.title(visit, id)).unwrap_or_default(),
        item.title.clone(),
        type_label(kind, &item.type_path, visit.lang),
        ledger.all(visit, &of.societies),
        ledger.all(visit, &of.experts),
        of.people.to_string(),
        badge(kind, &item.stage, visit.lang).label,
    ]
}
