//! Quantities as technical requirements state them: 0.7 MPa, ≥1.0 MPa, 50~60 ℃, 约8500亩.
//!
//! Never converts units and never rounds. Strict bounds (`>`, 大于) are kept as bounds: sources use both
//! for the same thing. Start at [`Quantity::parse`].

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::fault::{CodeError, quote};
use crate::limits::UNIT_CHARS_MAX;
use crate::text::narrow;

/// A number or range with a unit. An exact number has `min == max`; a bound has one of them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Quantity {
    /// Lower bound.
    pub min: Option<Decimal>,
    /// Upper bound.
    pub max: Option<Decimal>,
    /// Unit as written (case matters: `MPa`, `mg/L`); empty for a bare number.
    pub unit: String,
    /// Whether the source gives it as approximate.
    pub about: bool,
}

/// What stands before a lower bound; longer words first, since 不低于 holds 低于.
const AT_LEAST: [&str; 14] = [
    "不低于",
    "不小于",
    "不少于",
    "大于等于",
    "大于或等于",
    "至少",
    "≥",
    "≧",
    ">=",
    "大于",
    "高于",
    "超过",
    "多于",
    ">",
];
const AT_MOST: [&str; 15] = [
    "不高于",
    "不大于",
    "不超过",
    "不多于",
    "小于等于",
    "小于或等于",
    "至多",
    "≤",
    "≦",
    "<=",
    "小于",
    "低于",
    "少于",
    "<",
    "最多",
];
const BETWEEN: [&str; 7] = ["~", "～", "—", "–", "至", "到", "-"];

impl Quantity {
    /// A checked quantity. Errors: `quantity-form` (no bound at all), `quantity-order`, `quantity-unit`.
    pub fn new(
        min: Option<Decimal>,
        max: Option<Decimal>,
        unit: &str,
        about: bool,
    ) -> Result<Quantity, CodeError> {
        let unit = unit.trim();
        match (min, max) {
            (None, None) => return Err(CodeError::QuantityForm { text: quote(unit) }),
            (Some(low), Some(high)) if low > high => {
                return Err(CodeError::QuantityOrder { min: low.to_string(), max: high.to_string() });
            }
            _ => {}
        }
        if !unit_fits(unit) {
            return Err(CodeError::QuantityUnit { unit: quote(unit) });
        }
        Ok(Quantity { min, max, unit: unit.to_owned(), about })
    }

    /// Reads a number, bound, range (`50~60 ℃`, `10%~20%`) or tolerance (`25±2 ℃`) with its unit.
    ///
    /// Errors: `quantity-form`, `quantity-order`, `quantity-unit`.
    pub fn parse(text: &str) -> Result<Quantity, CodeError> {
        let narrowed = narrow(text);
        let (rest, about) = without_about(narrowed.trim());
        let form = || CodeError::QuantityForm { text: quote(text) };
        if let Some(rest) = AT_LEAST.iter().find_map(|word| rest.strip_prefix(word)) {
            let (number, unit) = leading_number(rest).ok_or_else(form)?;
            return Quantity::new(Some(number), None, &tail(unit), about || says_about(unit));
        }
        if let Some(rest) = AT_MOST.iter().find_map(|word| rest.strip_prefix(word)) {
            let (number, unit) = leading_number(rest).ok_or_else(form)?;
            return Quantity::new(None, Some(number), &tail(unit), about || says_about(unit));
        }
        let (number, unit) = leading_number(&rest).ok_or_else(form)?;
        if let Some((min, max, unit)) = spread(number, unit) {
            return Quantity::new(Some(min), Some(max), &tail(unit), about || says_about(unit));
        }
        let about = about || says_about(unit);
        match (unit.strip_suffix("以上"), unit.strip_suffix("以下").or_else(|| unit.strip_suffix("以内")))
        {
            (Some(unit), _) => Quantity::new(Some(number), None, &tail(unit), about),
            (_, Some(unit)) => Quantity::new(None, Some(number), &tail(unit), about),
            _ => Quantity::new(Some(number), Some(number), &tail(unit), about),
        }
    }

    /// The number, where it is one and no range or bound.
    pub fn exact(&self) -> Option<Decimal> {
        self.min.filter(|_| self.min == self.max)
    }
}

/// The two ends of a range or tolerance whose first number is read already, and the unit.
fn spread(first: Decimal, rest: &str) -> Option<(Decimal, Decimal, &str)> {
    let rest = rest.trim_start();
    if let Some(rest) = rest.strip_prefix('±') {
        let (width, unit) = leading_number(rest)?;
        return Some((first.checked_sub(width)?, first.checked_add(width)?, unit));
    }
    for word in BETWEEN {
        let Some((before, after)) = rest.split_once(word) else { continue };
        let Some((last, unit)) = leading_number(after) else { continue };
        if before.trim().is_empty() || before.trim() == unit.trim() {
            return Some((first, last, unit));
        }
    }
    None
}

/// A number at the beginning (sign and thousands commas allowed) and what follows it.
fn leading_number(text: &str) -> Option<(Decimal, &str)> {
    let text = text.trim_start();
    let unsigned = text.strip_prefix(['-', '−', '+']).unwrap_or(text);
    let end = unsigned.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').unwrap_or(unsigned.len());
    let (number, rest) = unsigned.split_at_checked(end)?;
    let mut number = plain_number(number)?;
    if text.starts_with(['-', '−']) {
        number.set_sign_negative(!number.is_zero());
    }
    Some((number, rest))
}

/// Digits with at most one point and commas between groups of three; nothing else.
pub(crate) fn plain_number(text: &str) -> Option<Decimal> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let grouped = groups.clone().next().is_none() || (1..=3).contains(&first.len());
    let digits_only = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !grouped
        || !digits_only(first)
        || !groups.all(|group| group.len() == 3 && digits_only(group))
        || !digits_only(decimals)
    {
        return None;
    }
    Decimal::from_str_exact(&text.replace(',', "")).ok()
}

/// The text without a leading 约 or 近 and a trailing 左右, and whether one stood there (or 余, 多 before a unit).
pub(crate) fn without_about(text: &str) -> (String, bool) {
    let mut rest = text.trim();
    for word in ["大约", "约", "近", "≈"] {
        rest = rest.strip_prefix(word).unwrap_or(rest).trim_start();
    }
    rest = rest.strip_suffix("左右").unwrap_or(rest).trim_end();
    let begins_with_digit = rest.starts_with(|c: char| c.is_ascii_digit());
    let without_more =
        if begins_with_digit { rest.replacen('余', "", 1).replacen('多', "", 1) } else { rest.to_owned() };
    let about = rest.len() != text.trim().len() || without_more.len() != rest.len();
    (without_more, about)
}

fn says_about(unit: &str) -> bool {
    unit.contains('余')
}

fn tail(unit: &str) -> String {
    unit.replacen('余', "", 1).trim().to_owned()
}

/// A unit does not begin as a number, range or bound does: its printed form must read back.
fn unit_fits(unit: &str) -> bool {
    let chars = unit.chars().count();
    let begins_well = !unit.starts_with(|c: char| c.is_ascii_digit() || ".,+-−±~".contains(c));
    let reads_back = |word: &str| !unit.contains(word);
    chars <= UNIT_CHARS_MAX
        && begins_well
        && !unit.chars().any(char::is_control)
        && narrow(unit) == unit
        && ["余", "多", "左右", "以上", "以下", "以内"].into_iter().all(reads_back)
        && !BETWEEN
            .iter()
            .any(|word| unit.split_once(word).is_some_and(|(_, after)| leading_number(after).is_some()))
}

impl fmt::Display for Quantity {
    /// As a Chinese paper writes it; reads back to the same value.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.about { "约" } else { "" })?;
        match (self.min, self.max) {
            (Some(min), Some(max)) if min == max => write!(f, "{min}")?,
            (Some(min), Some(max)) => write!(f, "{min}~{max}")?,
            (Some(min), None) => write!(f, "≥{min}")?,
            (None, Some(max)) => write!(f, "≤{max}")?,
            (None, None) => {}
        }
        // Latin units stand apart from the number, Chinese ones and the signs of percent and degree angle do not.
        let apart = self.unit.starts_with(|c: char| c.is_ascii_alphabetic() || "μΩ℃℉Åµ".contains(c));
        write!(f, "{}{}", if apart { " " } else { "" }, self.unit)
    }
}

impl FromStr for Quantity {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Quantity, CodeError> {
        Quantity::parse(text)
    }
}

/// The wire form: numbers as decimal text, so that 1.0 stays 1.0.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    #[serde(default)]
    min: Option<String>,
    #[serde(default)]
    max: Option<String>,
    #[serde(default)]
    unit: String,
    #[serde(default)]
    about: bool,
}

impl Serialize for Quantity {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let text = |number: Option<Decimal>| number.map(|number| number.to_string());
        Wire { min: text(self.min), max: text(self.max), unit: self.unit.clone(), about: self.about }
            .serialize(to)
    }
}

impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Quantity, D::Error> {
        let wire = Wire::deserialize(from)?;
        let number = |text: Option<String>| text.map(|text| Decimal::from_str_exact(&text)).transpose();
        let (min, max) = (number(wire.min), number(wire.max));
        let (min, max) = (min.map_err(serde::de::Error::custom)?, max.map_err(serde::de::Error::custom)?);
        Quantity::new(min, max, &wire.unit, wire.about).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_what_sources_write() {
        for (text, min, max, unit, shown) in [
            ("0.7 MPa", "0.7", "0.7", "MPa", "0.7 MPa"),
            ("≥1.0 MPa", "1.0", "", "MPa", "≥1.0 MPa"),
            ("不低于1.0MPa", "1.0", "", "MPa", "≥1.0 MPa"),
            (">= 1.0 MPa", "1.0", "", "MPa", "≥1.0 MPa"),
            ("≤0.05 mg/L", "", "0.05", "mg/L", "≤0.05 mg/L"),
            ("不超过 3 天", "", "3", "天", "≤3天"),
            ("50~60 ℃", "50", "60", "℃", "50~60 ℃"),
            ("50～60℃", "50", "60", "℃", "50~60 ℃"),
            ("50-60 ℃", "50", "60", "℃", "50~60 ℃"),
            ("-40~-20 ℃", "-40", "-20", "℃", "-40~-20 ℃"),
            ("25±2 ℃", "23", "27", "℃", "23~27 ℃"),
            ("10%~20%", "10", "20", "%", "10~20%"),
            ("3至5人", "3", "5", "人", "3~5人"),
            ("99.5%", "99.5", "99.5", "%", "99.5%"),
            ("５，０００ 吨／年", "5000", "5000", "吨/年", "5000吨/年"),
            ("100 台以上", "100", "", "台", "≥100台"),
            ("0.7", "0.7", "0.7", "", "0.7"),
        ] {
            let read = Quantity::parse(text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
            let number = |n: Option<Decimal>| n.map(|n| n.to_string()).unwrap_or_default();
            assert_eq!((number(read.min).as_str(), number(read.max).as_str()), (min, max), "{text}");
            assert_eq!(
                (read.unit.as_str(), read.to_string().as_str(), read.about),
                (unit, shown, false),
                "{text}"
            );
        }
    }

    #[test]
    fn approximate_figures_stay_approximate() {
        for (text, shown) in [
            ("约8500亩", "约8500亩"),
            ("8500余亩", "约8500亩"),
            ("1.5万余吨", "约1.5万吨"),
            ("30 家左右", "约30家"),
            ("约 50~60 ℃", "约50~60 ℃"),
        ] {
            assert_eq!(
                Quantity::parse(text).map(|q| (q.to_string(), q.about)),
                Ok((shown.into(), true)),
                "{text}"
            );
        }
    }

    #[test]
    fn faults_are_named() {
        for (text, code) in [
            ("", "quantity-form"),
            ("很多", "quantity-form"),
            ("≥ MPa", "quantity-form"),
            ("1.2.3", "quantity-form"),
            ("60~50 ℃", "quantity-order"),
            ("5 ~ MPa", "quantity-unit"),
        ] {
            assert_eq!(Quantity::parse(text).unwrap_err().code(), code, "{text}");
        }
    }

    #[test]
    fn travels_with_decimals_as_text() {
        let read = Quantity::parse("≥1.0 MPa").unwrap();
        let wire = r#"{"min":"1.0","max":null,"unit":"MPa","about":false}"#;
        assert_eq!(serde_json::to_string(&read).unwrap(), wire);
        assert_eq!(serde_json::from_str::<Quantity>(wire).unwrap(), read);
        for wrong in
            [r#"{"unit":"MPa"}"#, r#"{"min":"2","max":"1"}"#, r#"{"min":"x"}"#, r#"{"min":"1","unit":"9"}"#]
        {
            assert!(serde_json::from_str::<Quantity>(wrong).is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn display_and_wire_read_back(a in -99_999i64..99_999, b in 0i64..99_999, scale in 0u32..4, ends in 0u8..4, about: bool, unit in "MPa|℃|mg/L|%|亩|万吨|kW·h||人次") {
            let (low, high) = (Decimal::new(a, scale), Decimal::new(a + b, scale));
            let (min, max) = match ends { 0 => (Some(low), Some(low)), 1 => (Some(low), None), 2 => (None, Some(high)), _ => (Some(low), Some(high)) };
            let quantity = Quantity::new(min, max, &unit, about).unwrap();
            prop_assert_eq!(quantity.to_string().parse(), Ok(quantity.clone()));
            let wire = serde_json::to_string(&quantity).unwrap();
            prop_assert_eq!(serde_json::from_str::<Quantity>(&wire).unwrap(), quantity);
        }

        #[test]
        fn what_is_read_prints_and_reads_back(text in "[约≥≤不低于-]{0,2}[0-9]{1,3}(\\.[0-9])?[~至±余多 -]{0,2}[0-9]{0,2}.{0,6}") {
            if let Ok(read) = Quantity::parse(&text) {
                prop_assert_eq!(read.to_string().parse(), Ok(read.clone()));
            }
        }

        #[test]
        fn any_text_is_read_or_refused(text in any::<String>()) {
            let _ = Quantity::parse(&text);
        }
    }
}
