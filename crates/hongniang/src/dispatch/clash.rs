//! Days of trips, and who is wanted at two places on one day.
//!
//! Looks only at trips the visitor may read, and at days experts said they are away. Pure but for reading. Start at
//! [`clashes`].

use std::collections::HashMap;

use base::day::Day;
use base::id::RecordId;
use catalogue::{Fields, Filter};
use jiff::ToSpan as _;
use jiff::civil::Date;
use register::{Item, Key, Order, Reader, Record};
use serde_json::Value;

use crate::clock;
use crate::fields::{away, trip};
use crate::sides::{day, references, some};
use crate::trouble::Trouble;
use crate::visit::Visit;

/// Trips read for one board.
const TRIPS_MAX: usize = 300;
/// A trip that began so long ago is over.
const DAYS_LONGEST: i64 = 31;

/// A trip with its days.
#[derive(Clone, Debug)]
pub struct Going {
    /// The trip.
    pub item: Item,
    /// What the visitor may read of it.
    pub fields: Fields,
    /// Who goes.
    pub experts: Vec<RecordId>,
    /// First day.
    pub since: Date,
    /// Last day.
    pub until: Date,
}

/// An expert who is wanted elsewhere, or away, on a day of a trip.
#[derive(Clone, Debug)]
pub struct Clash {
    /// Who.
    pub expert: Item,
    /// The other trip; none where the expert said they are away.
    pub with: Option<Item>,
    /// The first day they share.
    pub since: Date,
    /// The last.
    pub until: Date,
}

impl Clash {
    /// The days in words.
    pub fn words(&self, visit: &Visit) -> String {
        span(visit, self.since, self.until)
    }
}

/// Days in words.
pub fn span(visit: &Visit, since: Date, until: Date) -> String {
    let say = |day| clock::date(day, visit.lang);
    match since == until {
        true => say(since),
        false => visit.texts().fill("plan.span", &[("from", &say(since)), ("until", &say(until))]),
    }
}

/// The trips that are planned, agreed or made and touch some days, earliest first.
pub fn going(visit: &Visit, reader: &Reader<'_>, since: Date, until: Date) -> Result<Vec<Going>, Trouble> {
    let from = since.saturating_sub(DAYS_LONGEST.days()).to_string();
    let filter = Filter::All(vec![
        Filter::AtLeast(trip::STARTS.to_owned(), from),
        Filter::AtMost(trip::STARTS.to_owned(), until.to_string()),
        Filter::Not(Box::new(Filter::Stage(trip::CANCELLED.to_owned()))),
    ]);
    let order = Order::By(trip::STARTS.to_owned());
    let mut found = Vec::new();
    for item in some(visit, reader, (trip::KIND, filter), order, TRIPS_MAX)? {
        let record = reader.find(&visit.asker(), &Key::Row(item.row))?;
        found.extend(of_record(&record).filter(|going| going.until >= since && going.since <= until));
    }
    Ok(found)
}

/// A trip with its days; none where it says no day.
fn of_record(record: &Record) -> Option<Going> {
    let since = day(&record.fields, trip::STARTS)?;
    let until = day(&record.fields, trip::ENDS).map_or(since.last(), |day| day.last());
    Some(Going {
        experts: references(&record.fields, trip::EXPERTS),
        fields: record.fields.clone(),
        item: record.item.clone(),
        since: since.first(),
        until: until.max(since.first()),
    })
}

/// The clashes of each of some trips, by the row of the trip.
pub fn clashes(
    visit: &Visit,
    reader: &Reader<'_>,
    trips: &[Going],
) -> Result<HashMap<i64, Vec<Clash>>, Trouble> {
    let mut experts: Vec<RecordId> = trips.iter().flat_map(|going| going.experts.clone()).collect();
    experts.sort_unstable();
    experts.dedup();
    let mut found: HashMap<i64, Vec<Clash>> = HashMap::new();
    for id in experts {
        let Ok(person) = reader.find(&visit.asker(), &Key::Id(id)) else { continue };
        let days = days_away(&person.fields);
        let of: Vec<&Going> = trips.iter().filter(|going| going.experts.contains(&id)).collect();
        for going in &of {
            let others = of.iter().filter(|other| other.item.row != going.item.row);
            let others = others.map(|other| (Some(other.item.clone()), other.since, other.until));
            let away = days.iter().map(|(since, until)| (None, *since, *until));
            for (with, since, until) in others.chain(away) {
                let (since, until) = (since.max(going.since), until.min(going.until));
                if since <= until {
                    let clash = Clash { expert: person.item.clone(), with, since, until };
                    found.entry(going.item.row).or_default().push(clash);
                }
            }
        }
    }
    Ok(found)
}

/// The days a person said they are away, as far as the visitor may read them.
fn days_away(fields: &Fields) -> Vec<(Date, Date)> {
    let one = |row: &Value| {
        let day = |name: &str| row.get(name)?.as_str().and_then(|text| Day::parse(text).ok());
        Some((day(away::SINCE)?.first(), day(away::UNTIL)?.last()))
    };
    let rows = fields.get(away::AWAY).and_then(Value::as_array);
    rows.into_iter().flatten().filter_map(one).collect()
}

/// The clashes of one trip.
pub fn of_trip(visit: &Visit, reader: &Reader<'_>, record: &Record) -> Result<Vec<Clash>, Trouble> {
    let Some(this) = of_record(record).filter(|_| record.item.stage != trip::CANCELLED) else {
        return Ok(Vec::new());
    };
    let trips = going(visit, reader, this.since, this.until)?;
    let mut all = clashes(visit, reader, &trips)?;
    Ok(all.remove(&record.item.row).unwrap_or_default())
}
