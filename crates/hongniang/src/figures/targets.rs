//! Targets with how far they are: each measured by its own indicator, place and span, by nothing else.
//!
//! What stood before the span is not poured in; what only sources tell is kept apart. Start at [`boards`].

use assessment::{Lane, Period};
use base::id::RecordId;
use base::place::Place;
use base::quantity::Quantity;
use catalogue::{Asker, Fields};
use jiff::civil::Date;
use register::{Find, Key, Reader, Record};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::Value;

use super::entry::day;
use super::{Figures, Span, figure_text};
use crate::clock;
use crate::fields::{SOURCED, UNTIL, target};
use crate::records::address;
use crate::trouble::Trouble;
use crate::view::{TargetBoard, TargetView};
use crate::visit::Visit;

/// Targets read for a page at most.
const TARGETS_MAX: usize = 60;

/// The public targets by programme, those of the house before those of the sources; only of one programme if asked.
pub fn boards(
    visit: &Visit,
    reader: &Reader<'_>,
    figures: &Figures,
    of: Option<RecordId>,
) -> Result<Vec<TargetBoard>, Trouble> {
    let anyone = Asker::default();
    let filter = of.map(|id| catalogue::Filter::Refers(target::PROGRAMME.to_owned(), id));
    let found = reader.list(&anyone, &Find { filter, ..Find::kind(target::KIND).first(TARGETS_MAX) })?;
    let mut boards: Vec<(Option<RecordId>, TargetBoard)> = Vec::new();
    for item in found.items.iter().rev() {
        let record = reader.find(&anyone, &Key::Row(item.row))?;
        let programme = record.fields.get(target::PROGRAMME).and_then(catalogue::kind::reference);
        let shown = view(visit, figures, &record);
        match boards.iter_mut().find(|(known, _)| *known == programme) {
            Some((_, board)) => board.targets.extend(shown),
            None => {
                let board = board(visit, reader, programme, &record)?;
                boards.push((programme, TargetBoard { targets: shown.into_iter().collect(), ..board }));
            }
        }
    }
    let mut boards: Vec<TargetBoard> = boards.into_iter().map(|(_, board)| board).collect();
    boards.sort_by_key(|board| board.sourced);
    Ok(boards)
}

fn board(
    visit: &Visit,
    reader: &Reader<'_>,
    programme: Option<RecordId>,
    of: &Record,
) -> Result<TargetBoard, Trouble> {
    let named = match programme.map(Key::Id) {
        Some(key) => reader.seen(&Asker::default(), &key).ok(),
        None => None,
    };
    let heading = match named {
        Some(item) => {
            let kind = visit.app.register().catalogue().kind(&item.kind).ok_or(Trouble::NotFound)?;
            visit.link(&address(kind, &item.number), item.title)
        }
        None => visit.link("/targets", visit.t("figures.other-targets")),
    };
    Ok(TargetBoard { heading, sourced: of.item.stage == SOURCED, targets: Vec::new() })
}

fn view(visit: &Visit, figures: &Figures, record: &Record) -> Option<TargetView> {
    let fields = &record.fields;
    let kind = visit.app.register().catalogue().kind(target::KIND)?;
    let name = fields.get(target::INDICATOR)?.as_str()?;
    let value: Quantity = serde_json::from_value(fields.get(target::VALUE)?.clone()).ok()?;
    let (since, until) = (day(fields, target::SINCE), day(fields, UNTIL));
    let period = Period { from: since.map(|d| d.first()), until: until.map(|d| d.last()) };
    let place = record.item.place.clone().unwrap_or_else(Place::nation);
    let span = Span { place, period };
    let asked = value.min.or(value.max)?;
    let share_of = |lane| share(figures.amount(name, lane, &span).unwrap_or_default(), asked);
    Some(TargetView {
        label: record.item.title.clone(),
        href: visit.href(&address(kind, &record.item.number)),
        value: value.to_string(),
        span: [since, until]
            .iter()
            .flatten()
            .map(|day| clock::day(day, visit.lang))
            .collect::<Vec<_>>()
            .join(" — "),
        scope: fields.get(target::SCOPE).and_then(Value::as_str).unwrap_or_default().to_owned(),
        growth: growth(visit, fields, asked),
        figure: figures.shown(visit, name, &span)?,
        recorded_share: share_of(Lane::Recorded),
        sourced_share: share_of(Lane::Sourced),
        time_share: time_share(&span.period, visit.app.today()),
    })
}

/// “基期 445.4亿元 的 2.25 倍”.
fn growth(visit: &Visit, fields: &Fields, asked: Decimal) -> String {
    let base: Option<Quantity> =
        fields.get(target::BASE).and_then(|base| serde_json::from_value(base.clone()).ok());
    let times = base.as_ref().and_then(|base| asked.checked_div(base.min.or(base.max)?));
    let said = |(base, times): (Quantity, Decimal)| {
        let (base, times) = (base.to_string(), figure_text(times));
        visit.texts().fill("figures.growth", &[("base", &base), ("times", &times)])
    };
    base.zip(times).map(said).unwrap_or_default()
}

/// Percent of a whole, at most 100.
pub fn share(part: Decimal, whole: Decimal) -> u8 {
    let percent = part.checked_mul(Decimal::ONE_HUNDRED).and_then(|part| part.checked_div(whole));
    percent.and_then(|percent| percent.round().to_u8()).map_or(0, |percent| percent.min(100))
}

fn time_share(period: &Period, today: Date) -> u8 {
    let (Some(from), Some(until)) = (period.from, period.until) else { return 0 };
    let days = |to: Date| to.since(from).map(|span| i64::from(span.get_days())).unwrap_or_default();
    share(Decimal::from(days(today.min(until)).max(0)), Decimal::from(days(until).max(1)))
}
