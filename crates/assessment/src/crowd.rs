//! Subjects named by entries: how many different ones there are, however often each is named.
//!
//! Never forgets that a subject is named twice: it goes when the last entry that names it goes. Start at [`Attended`]
//! for what happened in a period and [`Standing`] for what stands at a date.

use std::collections::BTreeMap;

use base::day::Day;
use jiff::civil::Date;

use crate::curve::{Curve, Moment, Spell, shift};
use crate::period::Bounds;

/// A subject, by the caller's number.
pub(crate) type Subject = u128;

/// How often each subject is named, by day and in all.
#[derive(Default)]
pub(crate) struct Attended {
    days: BTreeMap<Option<Day>, BTreeMap<Subject, i128>>,
    all: BTreeMap<Subject, i128>,
}

impl Attended {
    /// Names a subject once more or once less on a day.
    pub fn shift(&mut self, subject: Subject, day: Option<Day>, by: i128) {
        shift(&mut self.all, subject, by);
        let named = self.days.entry(day).or_default();
        shift(named, subject, by);
        if named.is_empty() {
            self.days.remove(&day);
        }
    }

    /// How many different subjects are named on days within bounds; costs as much as there are names in them,
    /// but nothing where there are no bounds.
    pub fn within(&self, bounds: &Bounds) -> usize {
        let unbounded = bounds.undated && bounds.until.is_none();
        match bounds.stretch() {
            _ if unbounded => self.all.len(),
            None => 0,
            Some(stretch) => {
                let days = self.days.range(stretch).filter(|(day, _)| bounds.holds(**day, None));
                let mut named: Vec<_> = days.flat_map(|(_, named)| named.keys()).collect();
                named.sort_unstable();
                named.dedup();
                named.len()
            }
        }
    }

    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
}

/// How many entries hold each subject over time, and how many subjects are held by any.
#[derive(Default)]
pub(crate) struct Standing {
    steps: BTreeMap<(Subject, Moment), i128>,
    held: Curve,
}

impl Standing {
    /// Holds a subject once more or once less during a spell; costs as much as there are days in the subject's spells.
    pub fn shift(&mut self, subject: Subject, spell: Spell, by: i128) {
        let before = self.presence(subject);
        shift(&mut self.steps, (subject, spell.begin), by);
        if let Some(end) = spell.end {
            shift(&mut self.steps, (subject, end), -by);
        }
        let after = self.presence(subject);
        if before != after {
            before.iter().for_each(|(at, by)| self.held.step(*at, -by));
            after.iter().for_each(|(at, by)| self.held.step(*at, *by));
        }
    }

    /// How many different subjects are held on a date; at the end of time for none.
    pub fn at(&self, date: Option<Date>) -> i128 {
        self.held.at(date)
    }

    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// The moments at which a subject comes (1) and goes (−1).
    fn presence(&self, subject: Subject) -> Vec<(Moment, i128)> {
        let mut entries = 0;
        let mut turns = Vec::new();
        for ((_, at), by) in self.steps.range((subject, Moment::FIRST)..=(subject, Moment::LAST)) {
            let held = entries > 0;
            entries += by;
            if held != (entries > 0) {
                turns.push((*at, if held { -1 } else { 1 }));
            }
        }
        turns
    }
}
