//! A number over time, kept as the steps by which it changes.
//!
//! Never holds a step of nothing, so that what was put in and taken out leaves no trace. Start at [`Curve::at`].

use std::collections::BTreeMap;

use base::day::Day;
use jiff::civil::Date;

/// Adds to what stands under a key; what comes to nothing is dropped.
///
/// Wraps beyond 128 bits, so that taking out always undoes putting in.
pub(crate) fn shift<K: Ord>(numbers: &mut BTreeMap<K, i128>, key: K, by: i128) {
    use std::collections::btree_map::Entry;
    match numbers.entry(key) {
        Entry::Vacant(vacant) if by != 0 => {
            vacant.insert(by);
        }
        Entry::Vacant(_) => {}
        Entry::Occupied(mut held) => {
            *held.get_mut() = held.get().wrapping_add(by);
            if *held.get() == 0 {
                held.remove();
            }
        }
    }
}

/// All of it added.
pub(crate) fn sum<'a>(numbers: impl Iterator<Item = &'a i128>) -> i128 {
    numbers.fold(0, |total, number| total.wrapping_add(*number))
}

/// A point in time: before all days, the beginning of a day, or its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment {
    date: Option<Date>,
    over: bool,
}

impl Moment {
    /// The end of time.
    pub const LAST: Moment = Moment { date: Some(Date::MAX), over: true };

    /// Before all other moments.
    pub const FIRST: Moment = Moment { date: None, over: false };

    /// When it is sure that a thing of this day has begun.
    fn begun(day: Option<Day>) -> Moment {
        Moment { date: day.map(|day| day.last()), over: false }
    }

    /// When it is sure that a thing that stands until this day no longer does.
    fn ended(day: Day) -> Moment {
        Moment { date: Some(day.last()), over: true }
    }

    /// The last moment that counts towards a figure of a date: things that end on it still stand.
    fn asked(date: Option<Date>) -> Moment {
        date.map_or(Moment::LAST, |date| Moment { date: Some(date), over: false })
    }
}

/// From when to when something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spell {
    pub begin: Moment,
    pub end: Option<Moment>,
}

impl Spell {
    /// The spell between two days; none if it ends before it begins.
    pub fn between(day: Option<Day>, until: Option<Day>) -> Option<Spell> {
        let (begin, end) = (Moment::begun(day), until.map(Moment::ended));
        end.is_none_or(|end| end > begin).then_some(Spell { begin, end })
    }
}

/// A number over time.
#[derive(Default)]
pub(crate) struct Curve(BTreeMap<Moment, i128>);

impl Curve {
    /// Changes it from a moment on.
    pub fn step(&mut self, at: Moment, by: i128) {
        shift(&mut self.0, at, by);
    }

    /// Changes it during a spell.
    pub fn during(&mut self, spell: Spell, by: i128) {
        self.step(spell.begin, by);
        if let Some(end) = spell.end {
            self.step(end, by.wrapping_neg());
        }
    }

    /// What it is on a date; at the end of time for none.
    pub fn at(&self, date: Option<Date>) -> i128 {
        sum(self.0.range(..=Moment::asked(date)).map(|(_, by)| by))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
