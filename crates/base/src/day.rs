//! Days as sources state them: 2026年3月 is data, not a missing day.
//!
//! Never reads the clock, never completes what the source left open. Start at [`Day::parse`].

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

use crate::fault::{CodeError, quote};
use crate::text::code_form;
use crate::wire::text_on_the_wire;

/// How much of a day is known; a coarser precision orders before a finer one on the same first day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precision {
    /// The year only.
    Year,
    /// Year and month.
    Month,
    /// The very day.
    Day,
}

/// A day, month or year of the Gregorian calendar, years 1000 to 9999. Ordered by its first day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day {
    first: Date,
    precision: Precision,
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

impl Day {
    /// Reads `2026`, `2026-03`, `2026-03-15`, `2026年3月`, `2026年3月15日`, `2026/3/15`, `2026.3`, `20260315`.
    ///
    /// Errors: `day-form`, `day-absent` (30 February).
    pub fn parse(text: &str) -> Result<Day, CodeError> {
        let form = || CodeError::DayForm { text: quote(text) };
        let code = code_form(text);
        let parts = parts(&code).filter(|parts| parts.len() <= 3).ok_or_else(form)?;
        let mut numbers = Vec::with_capacity(3);
        for (at, part) in parts.iter().enumerate() {
            let width_fits = if at == 0 { part.len() == 4 } else { (1..=2).contains(&part.len()) };
            if !width_fits || !part.bytes().all(|b| b.is_ascii_digit()) {
                return Err(form());
            }
            numbers.push(part.parse::<i16>().map_err(|_| form())?);
        }
        Day::from_numbers(&numbers).ok_or_else(|| CodeError::DayAbsent { text: quote(text) })
    }

    /// The very day.
    pub fn of(date: Date) -> Day {
        Day { first: date, precision: Precision::Day }
    }

    /// The month that holds a date.
    pub fn month_of(date: Date) -> Day {
        Day { first: date.first_of_month(), precision: Precision::Month }
    }

    /// The year that holds a date.
    pub fn year_of(date: Date) -> Day {
        Day { first: date.first_of_year(), precision: Precision::Year }
    }

    /// How much is known.
    pub fn precision(&self) -> Precision {
        self.precision
    }

    /// The first date it can mean.
    pub fn first(&self) -> Date {
        self.first
    }

    /// The last date it can mean.
    pub fn last(&self) -> Date {
        match self.precision {
            Precision::Year => self.first.last_of_year(),
            Precision::Month => self.first.last_of_month(),
            Precision::Day => self.first,
        }
    }

    /// Whether a date lies within what is known.
    pub fn contains(&self, date: Date) -> bool {
        (self.first()..=self.last()).contains(&date)
    }

    /// `2026年`, `2026年3月`, `2026年3月15日`.
    pub fn zh(&self) -> String {
        let (year, month, day) = (self.first.year(), self.first.month(), self.first.day());
        match self.precision {
            Precision::Year => format!("{year}年"),
            Precision::Month => format!("{year}年{month}月"),
            Precision::Day => format!("{year}年{month}月{day}日"),
        }
    }

    /// `2026`, `March 2026`, `15 March 2026`.
    pub fn en(&self) -> String {
        let name = usize::try_from(self.first.month() - 1)
            .ok()
            .and_then(|at| MONTHS.get(at))
            .copied()
            .unwrap_or_default();
        match self.precision {
            Precision::Year => format!("{}", self.first.year()),
            Precision::Month => format!("{name} {}", self.first.year()),
            Precision::Day => format!("{} {name} {}", self.first.day(), self.first.year()),
        }
    }

    fn from_numbers(numbers: &[i16]) -> Option<Day> {
        let narrow = |number: &i16| i8::try_from(*number).ok();
        let (year, month, day, precision) = match numbers {
            [year] => (*year, 1, 1, Precision::Year),
            [year, month] => (*year, narrow(month)?, 1, Precision::Month),
            [year, month, day] => (*year, narrow(month)?, narrow(day)?, Precision::Day),
            _ => return None,
        };
        let first = Date::new(year, month, day).ok().filter(|_| year >= 1000)?;
        Some(Day { first, precision })
    }
}

/// Year, month and day as written; `None` where separators mix or stand in the wrong place.
fn parts(code: &str) -> Option<Vec<&str>> {
    if let Some((year, rest)) = code.split_once('年') {
        return match rest.split_once('月') {
            None => rest.is_empty().then(|| vec![year]),
            Some((month, "")) => Some(vec![year, month]),
            Some((month, day)) => Some(vec![year, month, day.strip_suffix(['日', '号']).unwrap_or(day)]),
        };
    }
    if crate::ascii::is_digits(code, 8) {
        return Some(vec![code.get(..4)?, code.get(4..6)?, code.get(6..)?]);
    }
    let separator = ['-', '/', '.'].into_iter().find(|c| code.contains(*c));
    Some(separator.map_or_else(|| vec![code], |separator| code.split(separator).collect()))
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.first.year())?;
        if self.precision >= Precision::Month {
            write!(f, "-{:02}", self.first.month())?;
        }
        if self.precision >= Precision::Day {
            write!(f, "-{:02}", self.first.day())?;
        }
        Ok(())
    }
}

impl FromStr for Day {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Day, CodeError> {
        Day::parse(text)
    }
}

text_on_the_wire!(Day);

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn reads_what_people_write() {
        for (text, iso, zh, en) in [
            ("2026", "2026", "2026年", "2026"),
            ("2026年", "2026", "2026年", "2026"),
            ("2026-03", "2026-03", "2026年3月", "March 2026"),
            ("2026.3", "2026-03", "2026年3月", "March 2026"),
            ("２０２６年３月", "2026-03", "2026年3月", "March 2026"),
            ("2026年3月15日", "2026-03-15", "2026年3月15日", "15 March 2026"),
            ("2026 年 3 月 15 日", "2026-03-15", "2026年3月15日", "15 March 2026"),
            ("2026/3/15", "2026-03-15", "2026年3月15日", "15 March 2026"),
            ("20260315", "2026-03-15", "2026年3月15日", "15 March 2026"),
        ] {
            let day = Day::parse(text).unwrap();
            assert_eq!(
                (day.to_string().as_str(), day.zh().as_str(), day.en().as_str()),
                (iso, zh, en),
                "{text}"
            );
        }
    }

    #[test]
    fn faults_are_named() {
        for (text, code) in [
            ("", "day-form"),
            ("26-3-1", "day-form"),
            ("2026-3/1", "day-form"),
            ("2026-03-", "day-form"),
            ("2026年三月", "day-form"),
            ("2026-3-1-1", "day-form"),
            ("2026-13", "day-absent"),
            ("2026-02-30", "day-absent"),
            ("0999", "day-absent"),
        ] {
            assert_eq!(Day::parse(text).unwrap_err().code(), code, "{text}");
        }
    }

    #[test]
    fn first_and_last_span_what_is_known() {
        let month = Day::parse("2024-02").unwrap();
        assert_eq!((month.first(), month.last()), (date(2024, 2, 1), date(2024, 2, 29)));
        let year = Day::parse("2026").unwrap();
        assert_eq!((year.first(), year.last()), (date(2026, 1, 1), date(2026, 12, 31)));
        assert!(year < Day::parse("2026-01").unwrap() && year < Day::parse("2026-02-01").unwrap());
        assert!(month.contains(date(2024, 2, 29)) && !month.contains(date(2024, 3, 1)));
    }

    proptest! {
        #[test]
        fn display_zh_and_parse_agree(year in 1000i16..=9999, month in 1i8..=12, day in 1i8..=28) {
            let date = date(year, month, day);
            for day in [Day::of(date), Day::month_of(date), Day::year_of(date)] {
                prop_assert_eq!(day.to_string().parse(), Ok(day));
                prop_assert_eq!(day.zh().parse(), Ok(day));
                prop_assert!(day.contains(date));
            }
        }

        #[test]
        fn any_text_is_read_or_refused(text in any::<String>()) {
            let _ = Day::parse(&text);
        }
    }
}
