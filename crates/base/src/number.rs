//! Numbers of records as people say them: 甬需2026-000123, with a check digit behind.
//!
//! Never counts up: the serial comes from the register. Never decides the sign of a kind: the catalogue
//! does. Start at [`Number::new`] and [`Number::parse`].

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;
use std::sync::OnceLock;

use crate::ascii::is_digits;
use crate::fault::{CodeError, quote};
use crate::limits::SERIAL_MAX;
use crate::place::Place;
use crate::text::code_form;
use crate::wire::text_on_the_wire;

/// The number of a record: unique within its kind. Made by [`Number::new`], which keeps the ranges.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct Number {
    /// The place of the series: one with a prefix.
    pub place: Place,
    /// 1949 to 9999.
    pub year: u16,
    /// 1 to 999 999.
    pub serial: u32,
}

impl Number {
    /// The number of a record of `place`, whose series it joins. Error: `number-range`.
    pub fn new(place: &Place, year: u16, serial: u32) -> Result<Number, CodeError> {
        if !(1949..=9999).contains(&year) || !(1..=SERIAL_MAX).contains(&serial) {
            return Err(CodeError::NumberRange { text: format!("{year}-{serial}") });
        }
        Ok(Number { place: series_of(place), year, serial })
    }

    /// The form of addresses and files: `330200-2026-000123-4`.
    pub fn path(&self) -> String {
        format!("{}-{:04}-{:06}-{}", self.place, self.year, self.serial, self.check())
    }

    /// The form people read, with the sign of the kind: `甬需2026-000123-4`.
    pub fn printed(&self, sign: &str) -> String {
        let prefix = prefix_of(&self.place).unwrap_or_default();
        format!("{prefix}{sign}{:04}-{:06}-{}", self.year, self.serial, self.check())
    }

    /// The check digit, ISO 7064 MOD 11,10 over place, year and serial.
    ///
    /// It finds every wrong digit. Of adjacent digits swapped it misses one pair in forty-five: only digits that
    /// differ by 1 (or 0 and 9), each such pair in one of the ten states the digits before can lead to.
    pub fn check(&self) -> u32 {
        let counted = u64::from(self.year) * 1_000_000 + u64::from(self.serial);
        let counted =
            (0..10).rev().map(|power| u32::try_from(counted / 10_u64.pow(power) % 10).unwrap_or_default());
        let place = self.place.code().chars().filter_map(|digit| digit.to_digit(10));
        check_digit(place.chain(counted))
    }

    /// Reads both forms, giving the sign of the printed one; full width, spaces, case and long dashes are forgiven.
    ///
    /// Errors: `number-form`, `number-prefix`, `number-range`, `number-check`.
    pub fn parse(text: &str) -> Result<(Number, Option<String>), CodeError> {
        if let Some(number) = stored(text) {
            return Ok((number, None));
        }
        let form = || CodeError::NumberForm { text: quote(text) };
        let code = code_form(text).replace(['–', '—', '−', '‐', '‑'], "-");
        let parts: Vec<&str> = code.split('-').collect();
        let (place, sign, year, serial, check) = match parts.as_slice() {
            [place, year, serial, check] => (series_place(place)?, None, *year, *serial, *check),
            [head, serial, check] => {
                let (prefix, sign, year) = split_head(head).ok_or_else(form)?;
                (place_of(prefix)?, Some(sign.to_owned()), year, *serial, *check)
            }
            _ => return Err(form()),
        };
        if !is_digits(year, 4) || !is_digits(serial, 6) || !is_digits(check, 1) {
            return Err(form());
        }
        let (year, serial) = (year.parse().map_err(|_| form())?, serial.parse().map_err(|_| form())?);
        let number = Number::new(&place, year, serial)?;
        match check.parse() == Ok(number.check()) {
            true => Ok((number, sign)),
            false => Err(CodeError::NumberCheck { text: quote(text) }),
        }
    }
}

/// The form numbers are stored in, read without copying: lists hold many. Anything else takes the forgiving way.
fn stored(text: &str) -> Option<Number> {
    let (place, rest) = text.split_once('-')?;
    let (year, rest) = rest.split_once('-')?;
    let (serial, check) = rest.split_once('-')?;
    if !is_digits(place, 6) || !is_digits(year, 4) || !is_digits(serial, 6) || !is_digits(check, 1) {
        return None;
    }
    let serial = serial.parse().ok().filter(|serial| *serial > 0)?;
    let number = Number { place: series_place(place).ok()?, year: year.parse().ok()?, serial };
    (check.parse() == Ok(number.check())).then_some(number)
}

/// The nearest place at or above `place` that has a prefix: 德清县 is numbered by 湖州.
pub fn series_of(place: &Place) -> Place {
    place.ancestors().into_iter().find(|place| prefix_of(place).is_some()).unwrap_or_else(Place::nation)
}

/// The one-character prefix of a place's series, where it has one of its own.
pub fn prefix_of(place: &Place) -> Option<&'static str> {
    series().prefix.get(place.code()).copied()
}

struct Series {
    prefix: HashMap<&'static str, &'static str>,
    place: HashMap<&'static str, &'static str>,
}

fn series() -> &'static Series {
    static SERIES: OnceLock<Series> = OnceLock::new();
    SERIES.get_or_init(|| {
        let rows =
            || include_str!("../data/series.csv").lines().skip(1).filter_map(|line| line.split_once(','));
        Series { prefix: rows().collect(), place: rows().map(|(place, prefix)| (prefix, place)).collect() }
    })
}

fn place_of(prefix: &str) -> Result<Place, CodeError> {
    let fault = || CodeError::NumberPrefix { prefix: quote(prefix) };
    Place::parse(series().place.get(prefix).ok_or_else(fault)?)
}

/// A place that numbers records itself; any other code would name one record twice.
fn series_place(code: &str) -> Result<Place, CodeError> {
    match series().prefix.contains_key(code) {
        true => Place::parse(code),
        false => Err(CodeError::NumberPrefix { prefix: quote(code) }),
    }
}

/// Prefix, sign and year of `甬需2026`.
fn split_head(head: &str) -> Option<(&str, &str, &str)> {
    let (words, year) = head.split_at_checked(head.len().checked_sub(4)?)?;
    let first = words.chars().next()?;
    let (prefix, sign) = words.split_at_checked(first.len_utf8())?;
    let sign_fits = !sign.is_empty() && sign.chars().all(char::is_alphabetic);
    sign_fits.then_some((prefix, sign, year))
}

/// ISO 7064 MOD 11,10: the digit that makes the whole number fit.
fn check_digit(digits: impl Iterator<Item = u32>) -> u32 {
    let product = digits.fold(10, |product, digit| {
        let sum = match (product + digit) % 10 {
            0 => 10,
            sum => sum,
        };
        sum * 2 % 11
    });
    (11 - product) % 10
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path())
    }
}

impl FromStr for Number {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Number, CodeError> {
        Number::parse(text).map(|(number, _)| number)
    }
}

text_on_the_wire!(Number);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ningbo() -> Number {
        Number::new(&"330200".parse().unwrap(), 2026, 123).unwrap()
    }

    fn check_of(text: &str) -> u32 {
        check_digit(text.chars().filter_map(|digit| digit.to_digit(10)))
    }

    #[test]
    fn check_digit_is_that_of_the_standard() {
        // The example of ISO/IEC 7064 for MOD 11,10.
        assert_eq!(check_of("0794"), 5);
    }

    #[test]
    fn both_forms_print_and_read_back() {
        let number = ningbo();
        let check = number.check();
        assert_eq!(number.path(), format!("330200-2026-000123-{check}"));
        assert_eq!(number.printed("需"), format!("甬需2026-000123-{check}"));
        for (text, sign) in [
            (number.path(), None),
            (number.printed("需"), Some("需")),
            (format!(" ３３０２００－２０２６－０００１２３－{check} "), None),
            (format!("甬 需 2026—000123—{check}"), Some("需")),
            (format!("甬d2026-000123-{check}"), Some("D")),
        ] {
            assert_eq!(Number::parse(&text), Ok((number.clone(), sign.map(str::to_owned))), "{text}");
        }
    }

    #[test]
    fn faults_are_named() {
        let wrong = (ningbo().check() + 1) % 10;
        for (text, code) in [
            (format!("330200-2026-000123-{wrong}"), "number-check"),
            (format!("甬需2026-000123-{wrong}"), "number-check"),
            ("330521-2026-000123-1".into(), "number-prefix"),
            ("火需2026-000123-1".into(), "number-prefix"),
            ("330200-2026-000000-1".into(), "number-range"),
            ("330200-1900-000001-1".into(), "number-range"),
            ("330200-2026-123-1".into(), "number-form"),
            ("甬2026-000123-1".into(), "number-form"),
            (String::new(), "number-form"),
        ] {
            assert_eq!(Number::parse(&text).unwrap_err().code(), code, "{text}");
        }
        assert!(Number::new(&Place::nation(), 2026, SERIAL_MAX).is_ok());
        assert!(Number::new(&Place::nation(), 2026, SERIAL_MAX + 1).is_err());
    }

    #[test]
    fn prefixes_are_unique_and_cover_all_provinces() {
        let series = series();
        assert_eq!(series.prefix.len(), series.place.len());
        assert!(Place::all_provinces().iter().all(|place| prefix_of(place).is_some()));
        assert!(
            series
                .place
                .iter()
                .all(|(prefix, place)| prefix.chars().count() == 1 && Place::parse(place).is_ok())
        );
    }

    #[test]
    fn small_places_join_the_series_above() {
        for (place, series) in [
            ("德清", "湖州"),
            ("余杭", "杭州"),
            ("青岛", "山东"),
            ("台州", "浙江"),
            ("深圳", "深圳"),
            ("全国", "全国"),
            ("330110~dream-town", "杭州"),
        ] {
            assert_eq!(series_of(&place.parse().unwrap()), Place::parse(series).unwrap(), "{place}");
        }
    }

    #[test]
    fn adjacent_swaps_missed_are_neighbours_in_value() {
        let (mut missed, mut all) = (0, 0);
        for serial in (1..SERIAL_MAX).step_by(97) {
            let path = Number::new(&"330200".parse().unwrap(), 2026, serial).unwrap();
            let body = format!("{}{}{:06}", path.place, path.year, serial);
            let check = path.check();
            for at in 10..15 {
                let mut bytes = body.clone().into_bytes();
                if bytes[at] != bytes[at + 1] {
                    bytes.swap(at, at + 1);
                    all += 1;
                    if check_of(&String::from_utf8(bytes.clone()).unwrap()) == check {
                        missed += 1;
                        assert!(matches!(bytes[at].abs_diff(bytes[at + 1]), 1 | 9), "{body}");
                    }
                }
            }
        }
        assert!(missed > 0 && missed * 40 < all, "{missed} of {all}");
    }

    proptest! {
        #[test]
        fn every_wrong_digit_is_found(serial in 1..=SERIAL_MAX, year in 1949u16..=9999) {
            let number = Number::new(&"330200".parse().unwrap(), year, serial).unwrap();
            let body = format!("{}{year:04}{serial:06}", number.place);
            for at in 0..body.len() {
                for digit in b'0'..=b'9' {
                    let mut bytes = body.clone().into_bytes();
                    if bytes[at] != digit {
                        bytes[at] = digit;
                        prop_assert_ne!(check_of(&String::from_utf8(bytes).unwrap()), number.check());
                    }
                }
            }
        }

        #[test]
        fn numbers_read_back(serial in 1..=SERIAL_MAX, year in 1949u16..=9999, sign in "[需果案研]|推荐|[A-Z]{1,3}") {
            let number = Number::new(&"330521".parse().unwrap(), year, serial).unwrap();
            prop_assert_eq!(number.to_string().parse(), Ok(number.clone()));
            prop_assert_eq!(Number::parse(&number.printed(&sign)), Ok((number, Some(sign))));
        }

        #[test]
        fn any_text_is_read_or_refused(text in any::<String>()) {
            let _ = Number::parse(&text);
        }
    }
}
