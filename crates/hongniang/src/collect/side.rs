//! What a demand's page says beside its fields: who is on it and until when an answer was promised, what a firm that was
//! called on may do, what it was combined into, and under which name it is published.
//!
//! Reads only what the visitor may read, but for the campaign's own telephone. Start at [`side`].

use catalogue::{Kind, Standing};
use jiff::civil::Date;
use register::{Key, Reader, Record};
use serde_json::Value;

use super::firm;
use crate::clock;
use crate::fields::{UNTIL, demand, organization};
use crate::records::address;
use crate::records::pages::Titles;
use crate::signin;
use crate::trouble::Trouble;
use crate::view::{CalledView, DemandSide, PromiseView};
use crate::visit::Visit;

/// Beside a demand's fields; none for other kinds.
pub fn side(
    visit: &Visit,
    reader: &Reader<'_>,
    kind: &Kind,
    record: &Record,
    titles: &Titles,
) -> Result<Option<DemandSide>, Trouble> {
    if kind.name != demand::KIND {
        return Ok(None);
    }
    Ok(Some(DemandSide {
        promise: promise(visit, kind, record, titles),
        called: called(visit, reader, kind, record)?,
        common: record.fields.get(demand::COMMON).and_then(|value| titles.link(value)),
        alike: crate::combining::alike(visit, reader, kind, record)?,
        published_as: published_as(visit, record),
    }))
}

/// “某企业（德清县）”, or the firm's own name where it chose so.
fn published_as(visit: &Visit, record: &Record) -> String {
    if record.subject.audience != catalogue::Audience::Public {
        return String::new();
    }
    let named = record.fields.get(demand::PUBLIC_NAME).and_then(Value::as_str);
    let place = record.item.place.as_ref();
    let place = place.map(|place| crate::records::faces::place_name(place, visit.lang)).unwrap_or_default();
    match named {
        Some(name) => name.to_owned(),
        None if place.is_empty() => visit.t("side.a-firm").to_owned(),
        None => visit.texts().fill("side.a-firm-of", &[("place", &place)]),
    }
}

/// Who is on it, by when something was promised, and how late that is; for all who see more than the public text.
fn promise(visit: &Visit, kind: &Kind, record: &Record, titles: &Titles) -> Option<PromiseView> {
    let due = record.item.due.filter(|_| record.access.standing != Standing::Anyone)?;
    let stage = kind.stage(&record.item.stage)?;
    let what = stage.clocks.first()?.label.text(visit.lang).to_owned();
    let liaison = record.fields.get(demand::LIAISON).and_then(|value| titles.link(value));
    let place = record.item.place.as_ref();
    let place = place.map(|place| crate::records::faces::place_name(place, visit.lang)).unwrap_or_default();
    let who = liaison.map(|link| link.label);
    let who = who.unwrap_or_else(|| visit.texts().fill("side.officers", &[("place", &place)]));
    Some(PromiseView { what, who, by: clock::date(due, visit.lang), late: days_late(due, visit.app.today()) })
}

/// Days since a promise ran out; none while it runs.
fn days_late(due: Date, today: Date) -> Option<i32> {
    let late = today.since(due).map(|span| span.get_days()).unwrap_or_default();
    (late > 0).then_some(late)
}

/// What a firm that was called on reads first: whose call, until when, whom to ask.
fn called(
    visit: &Visit,
    reader: &Reader<'_>,
    kind: &Kind,
    record: &Record,
) -> Result<Option<CalledView>, Trouble> {
    let campaign = record.fields.get(demand::CAMPAIGN).and_then(catalogue::kind::reference);
    let (Some(campaign), demand::CALLED) = (campaign, record.item.stage.as_str()) else { return Ok(None) };
    // How to reach those who call is told to whom they call on, though it is no public contact.
    let Ok(programme) = reader.find(&signin::house(), &Key::Id(campaign)) else { return Ok(None) };
    let text = |name: &str| programme.fields.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let until = text(UNTIL).parse::<base::day::Day>().ok();
    let ask = [organization::CONTACT_NAME, organization::CONTACT_PHONE].map(text).join(" ");
    let here = address(kind, &record.item.number);
    let own = record.access.standing == Standing::Own;
    let handles = own || firm::reaches(&visit.asker(), record.item.place.as_ref());
    Ok(Some(CalledView {
        campaign: programme.item.title.clone(),
        until: until.as_ref().map(|day| clock::day(day, visit.lang)).unwrap_or_default(),
        over: until.is_some_and(|day| day.last() < visit.app.today()),
        ask: ask.trim().to_owned(),
        fill: handles.then(|| visit.link(&format!("{here}/edit"), visit.t("called.fill"))),
        none: handles.then(|| visit.href(&format!("{here}/moves/none"))),
        version: record.item.version,
    }))
}

#[cfg(test)]
mod tests {
    use super::days_late;
    use jiff::civil::date;

    #[test]
    fn a_promise_is_late_from_the_day_after() {
        let due = date(2026, 11, 20);
        let days = [
            (date(2026, 11, 19), None),
            (due, None),
            (date(2026, 11, 21), Some(1)),
            (date(2027, 1, 1), Some(42)),
        ];
        for (today, late) in days {
            assert_eq!(days_late(due, today), late, "{today}");
        }
    }
}
