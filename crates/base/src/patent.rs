//! Chinese patent application numbers, before and after October 2003.
//!
//! Never says whether an application exists or what became of it. Start at [`PatentApplication::parse`].

use std::fmt;
use std::str::FromStr;

use crate::ascii::{digits, is_digits, ten_is_x, weighed};
use crate::fault::{CodeError, quote};
use crate::text::code_form;
use crate::wire::text_on_the_wire;

/// Weights of the digits before the point; the older, shorter number uses the first eight.
const WEIGHTS: [u32; 12] = [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5];

/// What an application asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PatentKind {
    /// 发明.
    Invention,
    /// 实用新型.
    UtilityModel,
    /// 外观设计.
    Design,
    /// PCT 发明 entering China.
    PctInvention,
    /// PCT 实用新型 entering China.
    PctUtilityModel,
}

/// An application number: `201711123456.7` (4 year, 1 kind, 7 serial) or `98101234.5` (2 year, 1 kind, 5 serial).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PatentApplication(Box<str>);

impl PatentApplication {
    /// Reads either form, with or without `CN`, `ZL`, the point and the check character, which is computed
    /// where it is missing. Errors: `patent-form`, `patent-check`.
    pub fn parse(text: &str) -> Result<PatentApplication, CodeError> {
        let form = || CodeError::PatentForm { text: quote(text) };
        let code = code_form(text);
        let code = code.strip_prefix("CN").or_else(|| code.strip_prefix("ZL")).unwrap_or(&code);
        let (body, given) = split(code).ok_or_else(form)?;
        if kind_of(body).is_none() || !year_fits(body) {
            return Err(form());
        }
        let values = digits(body).ok_or_else(form)?;
        let check = ten_is_x(weighed(&values, &WEIGHTS) % 11);
        if given.is_some_and(|given| given != check) {
            return Err(CodeError::PatentCheck { text: quote(text) });
        }
        Ok(PatentApplication(body.into()))
    }

    /// The year of application, four digits.
    pub fn year(&self) -> u16 {
        let old = self.0.len() == 8;
        let digits = self.0.get(..if old { 2 } else { 4 }).and_then(|year| year.parse().ok()).unwrap_or(0);
        match old {
            true if digits >= 85 => 1900 + digits,
            true => 2000 + digits,
            false => digits,
        }
    }

    /// What the application asks for.
    pub fn kind(&self) -> PatentKind {
        kind_of(&self.0).unwrap_or(PatentKind::Invention)
    }
}

/// Digits before the point and the check character after it, if any.
fn split(code: &str) -> Option<(&str, Option<char>)> {
    let (body, check) = match code.split_once('.') {
        Some((body, check)) => (body, Some(check)),
        None if matches!(code.len(), 9 | 13) => {
            code.split_at_checked(code.len() - 1).map(|(b, c)| (b, Some(c)))?
        }
        None => (code, None),
    };
    let check = match check {
        Some(check) if check.len() == 1 => {
            Some(check.chars().next().filter(|c| c.is_ascii_digit() || *c == 'X')?)
        }
        Some(_) => return None,
        None => None,
    };
    (is_digits(body, 12) || is_digits(body, 8)).then_some((body, check))
}

fn kind_of(body: &str) -> Option<PatentKind> {
    match body.chars().nth(if body.len() == 8 { 2 } else { 4 })? {
        '1' => Some(PatentKind::Invention),
        '2' => Some(PatentKind::UtilityModel),
        '3' => Some(PatentKind::Design),
        '8' => Some(PatentKind::PctInvention),
        '9' => Some(PatentKind::PctUtilityModel),
        _ => None,
    }
}

/// The law came into force in 1985; the long form in October 2003.
fn year_fits(body: &str) -> bool {
    match body.len() {
        8 => matches!(body.get(..2), Some(year) if year >= "85" || year <= "03"),
        _ => matches!(body.get(..4), Some(year) if ("2003"..="2999").contains(&year)),
    }
}

impl fmt::Display for PatentApplication {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let values = digits(&self.0).unwrap_or_default();
        write!(f, "{}.{}", self.0, ten_is_x(weighed(&values, &WEIGHTS) % 11))
    }
}

impl FromStr for PatentApplication {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<PatentApplication, CodeError> {
        PatentApplication::parse(text)
    }
}

text_on_the_wire!(PatentApplication);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_both_forms() {
        for (text, printed, year, kind) in [
            ("201711123456.7", "201711123456.7", 2017, PatentKind::Invention),
            ("ZL 2017 1 1123456.7", "201711123456.7", 2017, PatentKind::Invention),
            ("CN2017111234567", "201711123456.7", 2017, PatentKind::Invention),
            ("201711123456", "201711123456.7", 2017, PatentKind::Invention),
            ("98201234", "98201234.9", 1998, PatentKind::UtilityModel),
            ("03801234", "03801234.0", 2003, PatentKind::PctInvention),
        ] {
            let read = PatentApplication::parse(text).unwrap();
            assert_eq!(
                (read.to_string().as_str(), read.year(), read.kind()),
                (printed, year, kind),
                "{text}"
            );
        }
    }

    #[test]
    fn faults_are_named() {
        for (text, code) in [
            ("201711123456.8", "patent-check"),
            ("CN107123456A", "patent-form"),
            ("201741123456", "patent-form"),
            ("199911123456", "patent-form"),
            ("50101234", "patent-form"),
            ("201711123456.", "patent-form"),
            ("201711123456.77", "patent-form"),
            ("", "patent-form"),
            ("专利", "patent-form"),
        ] {
            assert_eq!(PatentApplication::parse(text).unwrap_err().code(), code, "{text}");
        }
    }

    proptest! {
        #[test]
        fn display_reads_back(text in "20(0[4-9]|[1-9][0-9])[12389][0-9]{7}|(8[5-9]|9[0-9]|0[0-3])[12389][0-9]{5}") {
            let read = PatentApplication::parse(&text).unwrap();
            prop_assert_eq!(read.to_string().parse(), Ok(read));
        }

        #[test]
        fn any_text_is_read_or_refused(text in any::<String>()) {
            let _ = PatentApplication::parse(&text);
        }
    }
}
