//! Working days of China: weekdays, less the holidays and plus the weekends worked instead, as the
//! State Council's office announces them each November for the next year.
//!
//! Never guesses a year nobody has announced: the answer is then [`MissingYear`]. Start at
//! [`Calendar::bundled`]; a new year is added from text by [`Calendar::with_year`].

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::civil::{Date, Weekday};

use crate::limits::WORKING_DAYS_MAX;

/// The announced years and their exceptions from the ordinary week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    years: BTreeSet<i16>,
    /// Announced days: `true` worked, `false` off, with the name of the holiday.
    days: BTreeMap<Date, (bool, String)>,
}

/// The schedule of a year is not known: it must be added before a deadline can be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MissingYear(
    /// The year that is missing.
    pub i16,
);

impl MissingYear {
    /// The stable code, key of the message in the locales.
    pub fn code(&self) -> &'static str {
        "calendar-year-missing"
    }
}

impl fmt::Display for MissingYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} year={}", self.code(), self.0)
    }
}

impl std::error::Error for MissingYear {}

/// A line of a year's text that cannot be read; line 0 means the text as a whole names no year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarFault {
    /// The line from 1.
    pub line: usize,
    /// What stands there.
    pub text: String,
}

impl CalendarFault {
    /// The stable code, key of the message in the locales.
    pub fn code(&self) -> &'static str {
        "calendar-line"
    }
}

impl fmt::Display for CalendarFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} line={} text={:?}", self.code(), self.line, self.text)
    }
}

impl std::error::Error for CalendarFault {}

const BUNDLED: [&str; 3] = [
    include_str!("../data/workdays/2024.csv"),
    include_str!("../data/workdays/2025.csv"),
    include_str!("../data/workdays/2026.csv"),
];

impl Calendar {
    /// The years announced when this was built.
    pub fn bundled() -> Calendar {
        let empty = Calendar { years: BTreeSet::new(), days: BTreeMap::new() };
        // A fault in a bundled text would leave its year missing; a test reads them all.
        BUNDLED.iter().fold(empty, |calendar, text| calendar.clone().with_year(text).unwrap_or(calendar))
    }

    /// Adds (or replaces) a year from lines `year,2027`, `off,FROM,TO,NAME`, `on,FROM,TO,NAME`; `#` begins a remark.
    ///
    /// All days must lie in that year; the first line that cannot be read is the error.
    pub fn with_year(mut self, text: &str) -> Result<Calendar, CalendarFault> {
        let year = stated_year(text).ok_or(CalendarFault { line: 0, text: String::new() })?;
        self.days.retain(|day, _| day.year() != year);
        for (at, line) in text.lines().enumerate().filter(|(_, line)| is_entry(line)) {
            let fault = || CalendarFault { line: at + 1, text: crate::fault::quote(line) };
            let (worked, first, last, name) = entry(line).ok_or_else(fault)?;
            if first.year() != year || last.year() != year || first > last {
                return Err(fault());
            }
            let days = first.series(jiff::Span::new().days(1)).take_while(|day| *day <= last);
            self.days.extend(days.map(|day| (day, (worked, name.to_owned()))));
        }
        self.years.insert(year);
        Ok(self)
    }

    /// The years known, ascending.
    pub fn years(&self) -> Vec<i16> {
        self.years.iter().copied().collect()
    }

    /// Whether a date is worked.
    pub fn is_working(&self, date: Date) -> Result<bool, MissingYear> {
        if !self.years.contains(&date.year()) {
            return Err(MissingYear(date.year()));
        }
        let ordinary = !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        Ok(self.days.get(&date).map_or(ordinary, |(worked, _)| *worked))
    }

    /// The holiday a date is off for.
    pub fn holiday(&self, date: Date) -> Option<&str> {
        self.days.get(&date).filter(|(worked, _)| !worked).map(|(_, name)| name.as_str())
    }

    /// The `count`-th working day after a date, the date itself not counted (Civil Code, article 201); for 0
    /// the date itself. More than [`WORKING_DAYS_MAX`] counts as that many.
    pub fn add_working_days(&self, date: Date, count: u32) -> Result<Date, MissingYear> {
        let mut left = count.min(WORKING_DAYS_MAX);
        let mut day = date;
        while left > 0 {
            // The last day of the calendar has no tomorrow; its year cannot be known either.
            day = day.tomorrow().map_err(|_| MissingYear(day.year()))?;
            if self.is_working(day)? {
                left -= 1;
            }
        }
        Ok(day)
    }
}

fn is_entry(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && !line.starts_with('#') && !line.starts_with("year,")
}

fn stated_year(text: &str) -> Option<i16> {
    text.lines().find_map(|line| line.trim().strip_prefix("year,"))?.trim().parse().ok()
}

fn entry(line: &str) -> Option<(bool, Date, Date, &str)> {
    let cells: Vec<&str> = line.split(',').map(str::trim).collect();
    let [kind, first, last, name] = cells.as_slice() else { return None };
    let worked = match *kind {
        "on" => true,
        "off" => false,
        _ => return None,
    };
    Some((worked, first.parse().ok()?, last.parse().ok()?, name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn the_bundled_years_have_the_announced_lengths() {
        let calendar = Calendar::bundled();
        assert_eq!(calendar.years(), [2024, 2025, 2026]);
        let worked = |year| {
            date(year, 1, 1)
                .series(jiff::Span::new().days(1))
                .take_while(|d| d.year() == year)
                .filter(|d| calendar.is_working(*d) == Ok(true))
                .count()
        };
        // 52 weeks give 260 to 262 weekdays; 11 holidays by law until 2024, 13 since 2025.
        assert_eq!([worked(2024), worked(2025), worked(2026)], [251, 248, 248]);
    }

    #[test]
    fn announced_days_override_the_week() {
        let calendar = Calendar::bundled();
        for (day, worked) in [
            (date(2026, 2, 14), true),
            (date(2026, 2, 16), false),
            (date(2026, 2, 23), false),
            (date(2026, 2, 28), true),
            (date(2026, 10, 10), true),
            (date(2026, 10, 7), false),
            (date(2025, 10, 8), false),
            (date(2026, 11, 20), true),
            (date(2026, 11, 21), false),
        ] {
            assert_eq!(calendar.is_working(day), Ok(worked), "{day}");
        }
        assert_eq!(calendar.holiday(date(2026, 9, 26)), Some("中秋节"));
    }

    #[test]
    fn deadlines_count_working_days_after_the_first() {
        let calendar = Calendar::bundled();
        for (from, count, expected) in [
            (date(2026, 3, 2), 10, date(2026, 3, 16)),
            (date(2026, 2, 13), 1, date(2026, 2, 14)),
            (date(2026, 2, 13), 2, date(2026, 2, 24)),
            (date(2026, 3, 2), 0, date(2026, 3, 2)),
        ] {
            assert_eq!(calendar.add_working_days(from, count), Ok(expected), "{from} + {count}");
        }
    }

    #[test]
    fn an_unknown_year_is_named_and_can_be_added() {
        let calendar = Calendar::bundled();
        assert_eq!(calendar.add_working_days(date(2026, 12, 28), 10), Err(MissingYear(2027)));
        let calendar = calendar.with_year("# 演示\nyear,2027\noff,2027-01-01,2027-01-03,元旦\n").unwrap();
        assert_eq!(calendar.add_working_days(date(2026, 12, 30), 2), Ok(date(2027, 1, 4)));
    }

    #[test]
    fn faulty_texts_name_their_line() {
        for (text, line) in [
            ("", 0),
            ("year,x", 0),
            ("year,2027\noff,2027-01-01", 2),
            ("year,2027\n\nhalf,2027-01-01,2027-01-01,x", 3),
            ("year,2027\noff,2026-12-31,2027-01-01,元旦", 2),
            ("year,2027\noff,2027-01-03,2027-01-01,元旦", 2),
        ] {
            assert_eq!(Calendar::bundled().with_year(text).unwrap_err().line, line, "{text}");
        }
    }

    proptest! {
        #[test]
        fn one_more_day_is_the_next_working_day(from in 0i32..800, count in 0u32..50) {
            let calendar = Calendar::bundled();
            let from = date(2024, 1, 1).saturating_add(jiff::Span::new().days(from));
            let (a, b) = (calendar.add_working_days(from, count).unwrap(), calendar.add_working_days(from, count + 1).unwrap());
            prop_assert!(a < b && calendar.is_working(b) == Ok(true));
            prop_assert_eq!(calendar.add_working_days(a, 1), Ok(b));
        }
    }
}
