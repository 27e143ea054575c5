//! Amounts of money in fen, as contracts and reports state them: 60万元, 约1.7亿元.
//!
//! Never rounds: what is finer than one fen is refused. Never converts currencies: renminbi only.
//! Start at [`Money::parse`].

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Serialize};

use crate::fault::{CodeError, quote};
use crate::quantity::{plain_number, without_about};
use crate::text::code_form;

/// Fen in one yuan.
const YUAN: i64 = 100;
/// Fen in 万元.
const WAN: i64 = 10_000 * YUAN;
/// Fen in 亿元.
const YI: i64 = 10_000 * WAN;
/// Units people write, longest first; a number alone is yuan.
const UNITS: [(&str, i64); 12] = [
    ("亿元", YI),
    ("亿", YI),
    ("千万元", 1000 * WAN),
    ("百万元", 100 * WAN),
    ("万元", WAN),
    ("万", WAN),
    ("千元", 1000 * YUAN),
    ("人民币元", YUAN),
    ("元整", YUAN),
    ("元", YUAN),
    ("分", 1),
    ("", YUAN),
];

/// An amount of renminbi, not negative when read from text; `about` keeps the source's 约, 余 or 左右.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// Hundredths of a yuan.
    pub fen: i64,
    /// Whether the source gives it as approximate.
    #[serde(default)]
    pub about: bool,
}

impl Money {
    /// An exact amount of fen.
    pub fn of_fen(fen: i64) -> Money {
        Money { fen, about: false }
    }

    /// Reads `60万元`, `约1.7亿元`, `6,000元`, `￥600`, `1.5万余元`, or a number of yuan.
    ///
    /// Errors: `money-form`, `money-precision` (finer than a fen), `money-range`.
    pub fn parse(text: &str) -> Result<Money, CodeError> {
        let form = || CodeError::MoneyForm { text: quote(text) };
        let code = code_form(text);
        let (code, about) = without_about(&code);
        let code = code.trim_start_matches("人民币").trim_start_matches(['¥', '￥']);
        let end = code.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').unwrap_or(code.len());
        let (number, unit) = code.split_at_checked(end).ok_or_else(form)?;
        let number = plain_number(number).ok_or_else(form)?;
        let (_, scale) = UNITS.iter().find(|(name, _)| *name == unit).ok_or_else(form)?;
        let range = || CodeError::MoneyRange { text: quote(text) };
        let fen = number.checked_mul(Decimal::from(*scale)).ok_or_else(range)?;
        if !fen.is_integer() {
            return Err(CodeError::MoneyPrecision { text: quote(text) });
        }
        Ok(Money { fen: fen.to_i64().ok_or_else(range)?, about })
    }

    /// Yuan with two decimals and no unit, for sheets and papers: `600000.00`.
    pub fn exact(&self) -> String {
        format!("{:.2}", Decimal::new(self.fen, 2))
    }
}

impl fmt::Display for Money {
    /// In 亿元 or 万元 where that is exact with at most four decimals, else in 元; reads back to the same value.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let about = if self.about { "约" } else { "" };
        let fits =
            |unit: i64| self.fen.unsigned_abs() >= unit.unsigned_abs() && self.fen % (unit / 10_000) == 0;
        let (unit, name) =
            [(YI, "亿元"), (WAN, "万元")].into_iter().find(|(unit, _)| fits(*unit)).unwrap_or((YUAN, "元"));
        let number = Decimal::from(self.fen) / Decimal::from(unit);
        write!(f, "{about}{}{name}", number.normalize())
    }
}

impl FromStr for Money {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Money, CodeError> {
        Money::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_what_sources_write() {
        for (text, fen, about, shown) in [
            ("60万元", 60_000_000, false, "60万元"),
            ("约1.7亿元", 17_000_000_000, true, "约1.7亿元"),
            ("6000元", 600_000, false, "6000元"),
            ("600000", 60_000_000, false, "60万元"),
            ("640 万元", 640_000_000, false, "640万元"),
            ("６４０万", 640_000_000, false, "640万元"),
            ("￥1,234.56", 123_456, false, "1234.56元"),
            ("1.5万余元", 1_500_000, true, "约1.5万元"),
            ("近300万元", 300_000_000, true, "约300万元"),
            ("30万元左右", 30_000_000, true, "约30万元"),
            ("0", 0, false, "0元"),
            ("12345.67元", 1_234_567, false, "12345.67元"),
        ] {
            let money = Money::parse(text).unwrap();
            assert_eq!((money.fen, money.about, money.to_string().as_str()), (fen, about, shown), "{text}");
        }
        assert_eq!(Money::parse("60万元").unwrap().exact(), "600000.00");
    }

    #[test]
    fn faults_are_named() {
        for (text, code) in [
            ("", "money-form"),
            ("面议", "money-form"),
            ("60万美元", "money-form"),
            ("-5元", "money-form"),
            ("1.2.3", "money-form"),
            ("0.001元", "money-precision"),
            ("99999999999999亿元", "money-range"),
        ] {
            assert_eq!(Money::parse(text).unwrap_err().code(), code, "{text}");
        }
    }

    #[test]
    fn travels_as_an_object() {
        let money = Money::parse("约60万元").unwrap();
        assert_eq!(serde_json::to_string(&money).unwrap(), r#"{"fen":60000000,"about":true}"#);
        assert_eq!(serde_json::from_str::<Money>(r#"{"fen":60000000}"#).unwrap(), Money::of_fen(60_000_000));
        assert!(serde_json::from_str::<Money>(r#"{"fen":1,"euro":2}"#).is_err());
    }

    proptest! {
        #[test]
        fn display_and_exact_read_back(fen in 0..=i64::MAX, shift in 0u32..18, about: bool) {
            let money = Money { fen: fen / 10i64.pow(shift) * 10i64.pow(shift), about };
            prop_assert_eq!(money.to_string().parse(), Ok(money));
            prop_assert_eq!(money.exact().parse::<Money>().map(|m| m.fen), Ok(money.fen));
        }

        #[test]
        fn any_text_is_read_or_refused(text in any::<String>()) {
            let _ = Money::parse(&text);
        }
    }
}
