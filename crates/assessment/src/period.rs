//! Spans of days asked for, and which days a basis admits in them: the one place where that is decided.
//!
//! Never completes a day: 2026年 lies in no month. Start at [`Bounds::of`].

use std::ops::Bound;

use base::day::Day;
use jiff::civil::Date;

use crate::model::{Basis, Reported};

/// A span of days asked for, both ends included; an absent end is open. No day lies in one that ends before it begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Period {
    /// The first date.
    pub from: Option<Date>,
    /// The last date; the figures of a stock are of this one.
    pub until: Option<Date>,
}

impl Period {
    /// Without bounds.
    pub fn all() -> Period {
        Period::default()
    }

    /// Everything up to a date, itself included.
    pub fn up_to(date: Date) -> Period {
        Period { from: None, until: Some(date) }
    }

    /// From one date to another, both included.
    pub fn between(from: Date, until: Date) -> Period {
        Period { from: Some(from), until: Some(until) }
    }

    /// The year, month or day that a day with its precision is.
    pub fn of(day: Day) -> Period {
        Period::between(day.first(), day.last())
    }

    /// A calendar year; none outside −9999 to 9999.
    pub fn year(year: i16) -> Option<Period> {
        Some(Period::of(Day::year_of(Date::new(year, 1, 1).ok()?)))
    }

    /// A month (1 to 12) of a year; none where there is no such month.
    pub fn month(year: i16, month: i8) -> Option<Period> {
        Some(Period::of(Day::month_of(Date::new(year, month, 1).ok()?)))
    }

    /// Whether a told figure is of days in the period; one without days only where the period has no bounds.
    pub(crate) fn meets(&self, told: &Reported) -> bool {
        match told.span() {
            (None, None) => *self == Period::all(),
            (since, until) => {
                let some_day = not_after(self.from, self.until);
                some_day && not_after(since, self.until) && not_after(self.from, until)
            }
        }
    }
}

/// Whether a span that begins on one date reaches one that ends on the other; an absent date is open.
fn not_after(begin: Option<Date>, end: Option<Date>) -> bool {
    begin.zip(end).is_none_or(|(begin, end)| begin <= end)
}

/// A stretch of days, ordered with their absence first.
pub(crate) type Stretch = (Bound<Option<Day>>, Bound<Option<Day>>);

/// What a list of records must ask for to show exactly those a figure counts.
///
/// Said in days and their order alone, so that a store that keeps days as text (`2026`, `2026-03`, `2026-03-15`,
/// ordered as text) can ask it: at least `from`, at most `until`, none of `except`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The day is not ordered before this.
    pub from: Option<Day>,
    /// The day is not ordered after this.
    pub until: Option<Day>,
    /// Days that begin before `until` but may lie after it: its month and its year, where they go on.
    pub except: Vec<Day>,
    /// Whether records without a day belong to it.
    pub undated: bool,
    /// What is asked of the day a record ends.
    pub end: End,
}

/// What is asked of the day a record ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Nothing.
    Any,
    /// That there is none.
    None,
    /// That there is none, or it is not ordered before `from`, or it is one of `or`.
    Standing {
        /// The date at which it must stand.
        from: Day,
        /// The month and the year of that date, which are not over before it.
        or: [Day; 2],
    },
}

impl Bounds {
    /// The bounds of a basis in a period.
    pub fn of(basis: Basis, period: &Period) -> Bounds {
        let counts_from_the_first = basis != Basis::Period;
        let from = period.from.filter(|_| !counts_from_the_first);
        Bounds {
            from: from.map(coarsest),
            until: period.until.map(Day::of),
            except: period.until.map(going_on).unwrap_or_default(),
            undated: counts_from_the_first || *period == Period::all(),
            end: match basis {
                Basis::Period | Basis::Cumulative => End::Any,
                Basis::Stock => period.until.map_or(End::None, standing_at),
            },
        }
    }

    /// Whether a record with this day and this end is counted.
    pub fn holds(&self, day: Option<Day>, end: Option<Day>) -> bool {
        let begins = day.map_or(self.undated, |day| {
            self.from.is_none_or(|from| day >= from)
                && self.until.is_none_or(|until| day <= until)
                && !self.except.contains(&day)
        });
        begins && self.end.holds(end)
    }

    /// The stretch in which all days that hold lie; none where it is empty.
    pub(crate) fn stretch(&self) -> Option<Stretch> {
        let lower = match self.from {
            Some(from) => Bound::Included(Some(from)),
            None if self.undated => Bound::Unbounded,
            None => Bound::Excluded(None),
        };
        let upper = self.until.map_or(Bound::Unbounded, |until| Bound::Included(Some(until)));
        let empty = self.from.zip(self.until).is_some_and(|(from, until)| from > until);
        (!empty).then_some((lower, upper))
    }
}

impl End {
    /// Whether the end of a record is as asked.
    fn holds(&self, end: Option<Day>) -> bool {
        match (self, end) {
            (End::Any, _) | (_, None) => true,
            (End::None, Some(_)) => false,
            (End::Standing { from, or }, Some(end)) => end >= *from || or.contains(&end),
        }
    }
}

/// The largest of year, month and day that begins on a date: ordered before all others that do.
fn coarsest(date: Date) -> Day {
    let larger = [Day::year_of(date), Day::month_of(date)];
    larger.into_iter().find(|day| day.first() == date).unwrap_or(Day::of(date))
}

/// The month and the year of a date, where it is not their last.
fn going_on(date: Date) -> Vec<Day> {
    let larger = [Day::month_of(date), Day::year_of(date)];
    larger.into_iter().filter(|day| day.last() > date).collect()
}

fn standing_at(date: Date) -> End {
    End::Standing { from: Day::of(date), or: [Day::month_of(date), Day::year_of(date)] }
}
