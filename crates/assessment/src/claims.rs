//! Claims that do not fit together: one outcome told twice, one file shown for several, more paid than was agreed, and
//! visits on days they cannot have been.
//!
//! An index in memory, kept up to date record by record like the board: what it finds depends on what stands in it and never on
//! the order of coming. It decides nothing; people look at both records. Never reads a table, a file or a clock.
//! Start at [`Claims::put`].
//!
//! - **Twice**: outcomes of one beneficiary and one sort, with one number or (without numbers) one heading, amount, quantity and
//!   day, told by different units, unless one of them is said to be another.
//! - **File**: one file with records that share neither a case nor an agreement.
//! - **Above**: amounts paid under an agreement come to more than it.
//! - **Future, early, far**: a visit after the day it was written down, before its case began, or of an expert who was
//!   somewhere else on that day, in another city.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{Hash, Hasher};

use base::place::Place;
use jiff::civil::Date;

/// What a record says that can clash with what another says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// An outcome.
    Outcome(Box<Outcome>),
    /// A visit.
    Visit(Visit),
    /// An agreement, and what was agreed in fen.
    Agreement {
        /// Its id.
        id: u128,
        /// Its amount.
        fen: Option<i64>,
    },
    /// A case, and when it began.
    Case {
        /// Its id.
        id: u128,
        /// The day.
        began: Option<Date>,
    },
}

/// What an outcome claims.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Its id.
    pub id: u128,
    /// Whom it benefits.
    pub firm: Option<u128>,
    /// Who tells it.
    pub by: Option<u128>,
    /// What sort it is.
    pub sort: String,
    /// The number under which it is registered elsewhere.
    pub number: Option<String>,
    /// Its heading.
    pub title: String,
    /// Its amount.
    pub fen: Option<i64>,
    /// Its quantity and its day, as they stand.
    pub told: Vec<String>,
    /// The agreement it rests on.
    pub agreement: Option<u128>,
    /// Its amount was paid under that agreement.
    pub paid: bool,
    /// The case it came of.
    pub case: Option<u128>,
    /// Digests of what is attached.
    pub files: Vec<u128>,
    /// Outcomes that read the same and are others.
    pub distinct: Vec<u128>,
}

/// What a visit claims.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Visit {
    /// The day, where it is known to the day.
    pub day: Option<Date>,
    /// The day it was written down.
    pub written: Option<Date>,
    /// Where.
    pub place: Option<Place>,
    /// Who went.
    pub experts: Vec<u128>,
    /// The case it belongs to.
    pub case: Option<u128>,
    /// Digests of what is attached.
    pub files: Vec<u128>,
}

/// What was found; ordered, so that a list of findings is the same every time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Clash {
    /// One outcome told twice.
    Twice,
    /// One file with several records.
    File,
    /// More paid than agreed.
    Above,
    /// A visit after the day it was written down.
    Future,
    /// A visit before its case began.
    Early,
    /// An expert in two cities on one day.
    Far,
}

/// Records that do not fit together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// How.
    pub clash: Clash,
    /// Which, in order.
    pub rows: Vec<u64>,
}

/// What several records have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Knot {
    Same(u128),
    File(u128),
    Under(u128),
    Began(u128),
    Day(u128, Date),
    Alone(u64),
}

impl Knot {
    /// What is wrong where records that have it do not fit.
    fn clash(self) -> Clash {
        match self {
            Knot::Same(_) => Clash::Twice,
            Knot::File(_) => Clash::File,
            Knot::Under(_) => Clash::Above,
            Knot::Alone(_) => Clash::Future,
            Knot::Began(_) => Clash::Early,
            Knot::Day(..) => Clash::Far,
        }
    }
}

/// Everything that is claimed, and what does not fit.
#[derive(Default)]
pub struct Claims {
    entries: HashMap<u64, Entry>,
    knots: HashMap<Knot, Vec<u64>>,
    agreed: HashMap<u128, (u64, Option<i64>)>,
    began: HashMap<u128, (u64, Option<Date>)>,
    found: BTreeMap<(Clash, Knot), Vec<u64>>,
}

impl Claims {
    /// Nothing claimed yet.
    pub fn new() -> Claims {
        Claims::default()
    }

    /// How many records claim something.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing is claimed.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Takes in what a record says, in place of all it said before.
    pub fn put(&mut self, row: u64, entry: Entry) {
        self.remove(row);
        let touched = knots(row, &entry);
        for knot in &touched {
            let rows = self.knots.entry(*knot).or_default();
            if let Err(at) = rows.binary_search(&row) {
                rows.insert(at, row);
            }
        }
        match &entry {
            Entry::Agreement { id, fen } => drop(self.agreed.insert(*id, (row, *fen))),
            Entry::Case { id, began } => drop(self.began.insert(*id, (row, *began))),
            Entry::Outcome(_) | Entry::Visit(_) => {}
        }
        self.entries.insert(row, entry);
        touched.into_iter().for_each(|knot| self.look(knot));
    }

    /// Takes out all that a record said.
    pub fn remove(&mut self, row: u64) {
        let Some(gone) = self.entries.remove(&row) else { return };
        match &gone {
            Entry::Agreement { id, .. } if self.agreed.get(id).is_some_and(|(of, _)| *of == row) => {
                self.agreed.remove(id);
            }
            Entry::Case { id, .. } if self.began.get(id).is_some_and(|(of, _)| *of == row) => {
                self.began.remove(id);
            }
            _ => {}
        }
        for knot in knots(row, &gone) {
            if let Some(rows) = self.knots.get_mut(&knot) {
                rows.retain(|of| *of != row);
                if rows.is_empty() {
                    self.knots.remove(&knot);
                }
            }
            self.look(knot);
        }
    }

    /// What does not fit, in the same order every time.
    pub fn findings(&self) -> Vec<Finding> {
        let found = self.found.iter();
        let mut all: Vec<Finding> =
            found.map(|((clash, _), rows)| Finding { clash: *clash, rows: rows.clone() }).collect();
        all.sort();
        all.dedup();
        all
    }

    /// Looks anew at what one thing in common says.
    fn look(&mut self, knot: Knot) {
        let rows = self.knots.get(&knot).map(Vec::as_slice).unwrap_or_default();
        // Most things are alone with what they have, and then nothing clashes.
        let alone = rows.len() < 2 && !matches!(knot, Knot::Alone(_) | Knot::Under(_));
        let clashing = if alone { Vec::new() } else { self.clashing(knot, rows) };
        match clashing.is_empty() {
            true => drop(self.found.remove(&(knot.clash(), knot))),
            false => drop(self.found.insert((knot.clash(), knot), clashing)),
        }
    }

    /// The records that clash in what they have in common.
    fn clashing(&self, knot: Knot, rows: &[u64]) -> Vec<u64> {
        match knot {
            Knot::Same(_) => self.told_twice(rows),
            Knot::File(_) => self.shown_twice(rows),
            Knot::Under(agreement) => self.above(agreement, rows),
            Knot::Began(case) => self.early(case, rows),
            Knot::Day(_, day) => self.far(day, rows),
            Knot::Alone(row) => {
                let late =
                    self.visit(row).is_some_and(|visit| visit.written.is_some() && visit.day > visit.written);
                if late { vec![row] } else { Vec::new() }
            }
        }
    }

    fn outcome(&self, row: u64) -> Option<&Outcome> {
        match self.entries.get(&row)? {
            Entry::Outcome(outcome) => Some(outcome),
            _ => None,
        }
    }

    fn visit(&self, row: u64) -> Option<&Visit> {
        match self.entries.get(&row)? {
            Entry::Visit(visit) => Some(visit),
            _ => None,
        }
    }

    /// Outcomes of which at least two are told by different units and not said to be others.
    fn told_twice(&self, rows: &[u64]) -> Vec<u64> {
        let told: Vec<(u64, &Outcome)> =
            rows.iter().filter_map(|row| Some((*row, self.outcome(*row)?))).collect();
        let clash = |one: &Outcome, other: &Outcome| {
            one.by != other.by && !one.distinct.contains(&other.id) && !other.distinct.contains(&one.id)
        };
        let twice = told
            .iter()
            .filter(|(row, one)| told.iter().any(|(other_row, other)| row != other_row && clash(one, other)));
        twice.map(|(row, _)| *row).collect()
    }

    /// Records with one file that have no case and no agreement in common.
    fn shown_twice(&self, rows: &[u64]) -> Vec<u64> {
        let of = |row: &u64| match self.entries.get(row) {
            Some(Entry::Outcome(outcome)) => (outcome.agreement, outcome.case),
            Some(Entry::Visit(visit)) => (None, visit.case),
            _ => (None, None),
        };
        let mut ties = rows.iter().map(of);
        let Some(first) = ties.next() else { return Vec::new() };
        let (mut agreement, mut case) = (first.0.is_some(), first.1.is_some());
        for next in ties {
            agreement &= next.0 == first.0;
            case &= next.1 == first.1;
        }
        if rows.len() > 1 && !agreement && !case { rows.to_vec() } else { Vec::new() }
    }

    fn above(&self, agreement: u128, rows: &[u64]) -> Vec<u64> {
        let Some((_, Some(most))) = self.agreed.get(&agreement) else { return Vec::new() };
        let paid = |row: &&u64| self.outcome(**row).is_some_and(|of| of.paid && of.fen.is_some());
        let under: Vec<u64> = rows.iter().filter(paid).copied().collect();
        let sum: i128 = under.iter().filter_map(|row| self.outcome(*row)?.fen).map(i128::from).sum();
        if sum > i128::from(*most) { under } else { Vec::new() }
    }

    fn early(&self, case: u128, rows: &[u64]) -> Vec<u64> {
        let Some((_, Some(began))) = self.began.get(&case) else { return Vec::new() };
        let early =
            |row: &&u64| self.visit(**row).and_then(|visit| visit.day).is_some_and(|day| day < *began);
        rows.iter().filter(early).copied().collect()
    }

    fn far(&self, day: Date, rows: &[u64]) -> Vec<u64> {
        let placed = |row: &u64| {
            Some((*row, city(self.visit(*row).filter(|visit| visit.day == Some(day))?.place.as_ref()?)?))
        };
        let placed: Vec<(u64, String)> = rows.iter().filter_map(placed).collect();
        let cities: BTreeSet<&String> = placed.iter().map(|(_, city)| city).collect();
        if cities.len() > 1 { placed.iter().map(|(row, _)| *row).collect() } else { Vec::new() }
    }
}

/// The prefecture a place lies in; what is wider than one is no place to be far from.
fn city(place: &Place) -> Option<String> {
    let code = place.code();
    let city = code.get(..4)?;
    (!city.ends_with("00")).then(|| city.to_owned())
}

/// What a record may have in common with others.
fn knots(row: u64, entry: &Entry) -> Vec<Knot> {
    let mut knots = Vec::new();
    match entry {
        Entry::Outcome(outcome) => {
            knots.extend(outcome.firm.map(|firm| Knot::Same(mark(firm, outcome))));
            knots.extend(outcome.agreement.map(Knot::Under));
            knots.extend(outcome.files.iter().copied().map(Knot::File));
        }
        Entry::Visit(visit) => {
            knots.push(Knot::Alone(row));
            knots.extend(visit.case.map(Knot::Began));
            knots.extend(visit.files.iter().copied().map(Knot::File));
            let day = visit.day;
            knots.extend(visit.experts.iter().filter_map(|expert| Some(Knot::Day(*expert, day?))));
        }
        Entry::Agreement { id, .. } => knots.push(Knot::Under(*id)),
        Entry::Case { id, .. } => knots.push(Knot::Began(*id)),
    }
    knots
}

/// What makes two outcomes one: the number, and without one the heading with its figures.
fn mark(firm: u128, outcome: &Outcome) -> u128 {
    let text = plain(outcome.number.as_ref().unwrap_or(&outcome.title));
    let half = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        (salt, firm, &outcome.sort, outcome.number.is_some(), &text).hash(&mut hasher);
        if outcome.number.is_none() {
            (outcome.fen, &outcome.told).hash(&mut hasher);
        }
        hasher.finish()
    };
    u128::from(half(0)) << 64 | u128::from(half(1))
}

/// Letters and figures alone, as people compare headings and numbers.
fn plain(text: &str) -> String {
    base::text::fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}
