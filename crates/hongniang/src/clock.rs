//! Times as people in China read them. Never asks what time it is.

use base::day::Day;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};

use crate::locale::Lang;

fn zone() -> TimeZone {
    TimeZone::fixed(Offset::constant(8))
}

/// The day of an instant at +08:00.
pub fn day_of(at: Timestamp) -> Date {
    at.to_zoned(zone()).date()
}

/// `2026年11月20日 09:30`, or `20 Nov 2026, 09:30`.
pub fn minute(at: Timestamp, lang: Lang) -> String {
    let local = at.to_zoned(zone());
    match lang {
        Lang::Zh => local.strftime("%Y年%-m月%-d日 %H:%M").to_string(),
        Lang::En => local.strftime("%-d %b %Y, %H:%M").to_string(),
    }
}

/// A date as people read it.
pub fn date(day: Date, lang: Lang) -> String {
    match lang {
        Lang::Zh => day.strftime("%Y年%-m月%-d日").to_string(),
        Lang::En => day.strftime("%-d %b %Y").to_string(),
    }
}

/// A day with precision as people read it.
pub fn day(day: &Day, lang: Lang) -> String {
    match lang {
        Lang::Zh => day.zh(),
        Lang::En => day.en(),
    }
}
