//! A record as the board takes it in: what it gives to each indicator, and what it tells as a source.
//!
//! Only public records count, so that a figure opens to the same records for whoever looks. Reads the open layer alone.
//! Start at [`Indicators`].

use assessment::{Basis, Contribution, Definition, Lane, Measure, Reported};
use base::day::Day;
use base::money::Money;
use base::quantity::Quantity;
use catalogue::indicator::{Basis as Told, Measure as Says};
use catalogue::{Audience, Catalogue, Fields, Filter, FilterRow, Indicator, Kind, Shape};
use register::Doc;
use rust_decimal::Decimal;
use serde_json::Value;

use crate::fields::{SOURCED, UNTIL, report};

/// Fen in ten thousand yuan, the unit in which sums of money are shown.
const FEN_OF_WAN: i64 = 1_000_000;

/// The indicators of the catalogue, in its order, as the board numbers them.
pub struct Indicators {
    all: Vec<Indicator>,
    counted: Vec<Counted>,
}

/// What an indicator counts.
struct Counted {
    at: usize,
    kind: String,
    filter: Option<Filter>,
    take: Take,
}

/// What a record gives to it.
enum Take {
    One,
    Amount(String),
    Subjects(String),
}

impl Indicators {
    /// Those of a catalogue.
    pub fn of(catalogue: &Catalogue) -> Indicators {
        let all: Vec<Indicator> = catalogue.indicators().cloned().collect();
        let counted = all.iter().enumerate().filter_map(|(at, indicator)| counted(at, indicator)).collect();
        Indicators { all, counted }
    }

    /// Their definitions for the board.
    pub fn definitions(&self) -> Vec<Definition> {
        self.all.iter().map(|indicator| self.definition(indicator)).collect()
    }

    fn definition(&self, indicator: &Indicator) -> Definition {
        let basis = basis_of(indicator.basis);
        let plain = |measure| Definition::Plain { measure, basis };
        match &indicator.measure {
            Says::Count { .. } => plain(Measure::Count),
            Says::Sum { .. } => plain(Measure::Sum),
            Says::Distinct { .. } => plain(Measure::Distinct),
            Says::Reported => Definition::Reported { basis },
            Says::Ratio { over, under, percent } => match (self.at(over), self.at(under)) {
                (Some(over), Some(under)) => Definition::Ratio { over, under, percent: *percent },
                _ => Definition::Reported { basis },
            },
        }
    }

    /// All of them.
    pub fn all(&self) -> &[Indicator] {
        &self.all
    }

    /// The number of a name.
    pub fn at(&self, name: &str) -> Option<usize> {
        self.all.iter().position(|indicator| indicator.name == name)
    }

    /// What a record gives; nothing where not everyone may read it.
    pub fn entry(&self, catalogue: &Catalogue, doc: &Doc) -> (Vec<Contribution>, Option<Reported>) {
        let Some(kind) = catalogue.kind(&doc.item.kind).filter(|_| doc.subject.audience == Audience::Public)
        else {
            return (Vec::new(), None);
        };
        if kind.name == report::KIND {
            return (Vec::new(), self.reported(doc));
        }
        let (keys, refers) = looked_at(catalogue, kind, &doc.open);
        let row = FilterRow {
            type_path: &doc.subject.type_path,
            stage: &doc.subject.stage,
            place: doc.subject.place.as_ref(),
            owner: doc.subject.owner,
            keys: &keys,
            refers: &refers,
            public: true,
        };
        let counts = |counted: &&Counted| {
            counted.kind == kind.name && counted.filter.as_ref().is_none_or(|filter| filter.holds(&row))
        };
        let given = self.counted.iter().filter(counts).map(|counted| counted.contribution(kind, doc));
        (given.collect(), None)
    }

    fn reported(&self, doc: &Doc) -> Option<Reported> {
        let fields = &doc.open;
        let indicator = self.at(fields.get(report::INDICATOR)?.as_str()?)?;
        let value: Quantity = serde_json::from_value(fields.get(report::VALUE)?.clone()).ok()?;
        let basis = match fields.get(report::BASIS).and_then(Value::as_str) {
            Some("cumulative") => Basis::Cumulative,
            Some("stock") => Basis::Stock,
            _ => Basis::Period,
        };
        Some(Reported {
            row: 0,
            indicator,
            place: doc.item.place.clone(),
            since: day(fields, report::SINCE),
            until: day(fields, UNTIL),
            value,
            basis,
        })
    }
}

impl Counted {
    fn contribution(&self, kind: &Kind, doc: &Doc) -> Contribution {
        let (amount, subjects) = match &self.take {
            Take::One => (Decimal::ONE, Vec::new()),
            Take::Amount(field) => (amount(kind, &doc.open, field), Vec::new()),
            Take::Subjects(field) => (Decimal::ONE, subjects(doc.open.get(field))),
        };
        Contribution {
            indicator: self.at,
            lane: if doc.item.stage == SOURCED { Lane::Sourced } else { Lane::Recorded },
            place: doc.item.place.clone(),
            day: doc.item.day.as_ref().and_then(|day| day.parse().ok()),
            until: day(&doc.open, UNTIL),
            amount,
            subjects,
        }
    }
}

fn counted(at: usize, indicator: &Indicator) -> Option<Counted> {
    let (kind, filter, take) = match &indicator.measure {
        Says::Count { kind, filter } => (kind, filter, Take::One),
        Says::Sum { kind, filter, of } => (kind, filter, Take::Amount(of.clone())),
        Says::Distinct { kind, filter, of } => (kind, filter, Take::Subjects(of.clone())),
        Says::Ratio { .. } | Says::Reported => return None,
    };
    Some(Counted { at, kind: kind.clone(), filter: filter.clone(), take })
}

/// The board's word for the catalogue's.
pub fn basis_of(basis: Told) -> Basis {
    match basis {
        Told::Period => Basis::Period,
        Told::Cumulative => Basis::Cumulative,
        Told::Stock => Basis::Stock,
    }
}

/// Keys with those of ancestors, and references.
type LookedAt = (Vec<(String, String)>, Vec<(String, base::id::RecordId)>);

fn looked_at(catalogue: &Catalogue, kind: &Kind, open: &Fields) -> LookedAt {
    let (mut keys, mut refers) = (Vec::new(), Vec::new());
    for field in &kind.fields {
        let Some(value) = open.get(&field.name) else { continue };
        if field.list {
            let found = catalogue::value::keys(field, value, &catalogue.terms());
            keys.extend(found.into_iter().map(|key| (field.name.clone(), key)));
        }
        if matches!(field.shape, Shape::Reference(_)) {
            refers.extend(references(value).map(|id| (field.name.clone(), id)));
        }
    }
    (keys, refers)
}

fn references(value: &Value) -> impl Iterator<Item = base::id::RecordId> {
    let list = value.as_array().map(Vec::as_slice).unwrap_or(std::slice::from_ref(value));
    list.iter().filter_map(catalogue::kind::reference)
}

fn subjects(value: Option<&Value>) -> Vec<u128> {
    value.into_iter().flat_map(references).map(|id| u128::from_be_bytes(*id.as_bytes())).collect()
}

/// Money in ten thousand yuan; a quantity by its lower bound, or its upper where it has no lower.
fn amount(kind: &Kind, open: &Fields, name: &str) -> Decimal {
    let (Some(field), Some(value)) = (kind.field(name), open.get(name)) else { return Decimal::ZERO };
    let found = match field.shape {
        Shape::Money => serde_json::from_value::<Money>(value.clone())
            .ok()
            .and_then(|money| Decimal::from(money.fen).checked_div(Decimal::from(FEN_OF_WAN))),
        Shape::Quantity => {
            serde_json::from_value::<Quantity>(value.clone()).ok().and_then(|q| q.min.or(q.max))
        }
        _ => value.as_i64().map(Decimal::from),
    };
    found.unwrap_or_default()
}

/// The day a field holds.
pub fn day(fields: &Fields, name: &str) -> Option<Day> {
    fields.get(name)?.as_str()?.parse().ok()
}
