//! Unified social credit codes (统一社会信用代码, GB 32100-2015) and the organisation code in them (GB 11714).
//!
//! Never refuses a lawful code: some early pilot regions issued codes that fail the check, so a
//! failing check is a fact about the value ([`CreditCode::check_ok`]), not an error. Start at
//! [`CreditCode::parse`].

use std::fmt;
use std::str::FromStr;

use crate::ascii::{ten_is_x, weighed};
use crate::fault::CodeError;
use crate::text::code_form;
use crate::wire::text_on_the_wire;

const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
/// 3^(i−1) mod 31 for positions 1 to 17 (GB 32100-2015).
const WEIGHTS: [u32; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
/// Weights of the eight characters of an organisation code (GB 11714).
const ORGANISATION_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
const LENGTH: usize = 18;

/// Eighteen characters of the alphabet of credit codes, upper case.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CreditCode(Box<str>);

/// What the first two characters say about the party.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PartyHint {
    /// 11 机关.
    Government,
    /// 12 事业单位: most universities and institutes.
    Institution,
    /// 13 编办直管群众团体: associations for science and technology.
    MassOrganisation,
    /// 51 社会团体: learned societies.
    Society,
    /// 52 民办非企业单位.
    PrivateNonProfit,
    /// 53 基金会.
    Foundation,
    /// 91 企业.
    Firm,
    /// 92 个体工商户.
    SoleTrader,
    /// 93 农民专业合作社.
    Cooperative,
    /// Any other registering department or kind.
    Other,
}

impl CreditCode {
    /// Reads eighteen characters, forgiving case, full width and spaces.
    ///
    /// Errors: `credit-length`, `credit-alphabet`.
    pub fn parse(text: &str) -> Result<CreditCode, CodeError> {
        let code = code_form(text);
        let found = code.chars().count();
        if found != LENGTH {
            return Err(CodeError::CreditLength { found });
        }
        match code.chars().enumerate().find(|(_, c)| !ALPHABET.contains(*c)) {
            Some((at, character)) => Err(CodeError::CreditAlphabet { character, position: at + 1 }),
            None => Ok(CreditCode(code.into())),
        }
    }

    /// The eighteen characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the last character is the check of the others; if not, ask for the certificate.
    pub fn check_ok(&self) -> bool {
        let values: Vec<u32> = self.0.chars().map(value).collect();
        let check = (31 - weighed(&values, &WEIGHTS) % 31) % 31;
        values.get(LENGTH - 1) == Some(&check)
    }

    /// Positions 9 to 17: the organisation code with its own check character.
    pub fn organisation(&self) -> &str {
        self.0.get(8..17).unwrap_or_default()
    }

    /// Whether the organisation code passes its own check (GB 11714).
    pub fn organisation_ok(&self) -> bool {
        organisation_check_ok(self.organisation())
    }

    /// What kind of party the registering department and kind suggest.
    pub fn party(&self) -> PartyHint {
        match self.0.get(..2).unwrap_or_default() {
            "11" => PartyHint::Government,
            "12" => PartyHint::Institution,
            "13" => PartyHint::MassOrganisation,
            "51" => PartyHint::Society,
            "52" => PartyHint::PrivateNonProfit,
            "53" => PartyHint::Foundation,
            "91" => PartyHint::Firm,
            "92" => PartyHint::SoleTrader,
            "93" => PartyHint::Cooperative,
            _ => PartyHint::Other,
        }
    }

    /// Positions 3 to 8: the division of the registering office, which need not be in force or even known.
    pub fn place_code(&self) -> &str {
        self.0.get(2..8).unwrap_or_default()
    }
}

/// Whether nine characters are an organisation code with a fitting check (GB 11714; hyphen and case forgiven).
pub fn organisation_check_ok(text: &str) -> bool {
    let code = code_form(text).replace('-', "");
    let values: Option<Vec<u32>> = code.chars().take(8).map(|c| c.to_digit(36)).collect();
    let Some(values) = values.filter(|values| values.len() == 8) else { return false };
    let check = match 11 - weighed(&values, &ORGANISATION_WEIGHTS) % 11 {
        11 => '0',
        other => ten_is_x(other),
    };
    code.chars().skip(8).eq([check])
}

fn value(character: char) -> u32 {
    ALPHABET.chars().zip(0..).find(|(c, _)| *c == character).map_or(0, |(_, value)| value)
}

impl fmt::Display for CreditCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for CreditCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CreditCode({self})")
    }
}

impl FromStr for CreditCode {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<CreditCode, CodeError> {
        CreditCode::parse(text)
    }
}

text_on_the_wire!(CreditCode);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FIRST: &str = "91350100M000100Y43";

    fn ok(text: &str) -> bool {
        CreditCode::parse(text).unwrap().check_ok()
    }

    #[test]
    fn published_codes_pass() {
        for code in [
            FIRST,
            "914403001922038216",
            "12100000400000624D",
            "91330100799655058B",
            "9144030071526726XG",
            "91110108551385082Q",
        ] {
            assert!(ok(code), "{code}");
            assert!(CreditCode::parse(code).unwrap().organisation_ok(), "{code}");
        }
    }

    #[test]
    fn lawful_codes_of_pilot_regions_are_kept_with_a_warning() {
        for code in ["91350100M0001TGQXM", "91350203M0001QAY9B"] {
            assert!(!ok(code), "{code}");
        }
    }

    #[test]
    fn every_substitution_and_adjacent_swap_is_detected() {
        let chars: Vec<char> = FIRST.chars().collect();
        let (mut substitutions, mut swaps) = (0, 0);
        for at in 0..LENGTH {
            for c in ALPHABET.chars().filter(|c| *c != chars[at]).take(if at == 17 { 0 } else { 30 }) {
                let mut other = chars.clone();
                other[at] = c;
                assert!(!ok(&String::from_iter(other)));
                substitutions += 1;
            }
            if at + 1 < LENGTH && chars[at] != chars[at + 1] {
                let mut other = chars.clone();
                other.swap(at, at + 1);
                assert!(!ok(&String::from_iter(other)));
                swaps += 1;
            }
        }
        // Twelve swaps among the first seventeen characters, and the one with the check character.
        assert_eq!((substitutions, swaps), (510, 13));
    }

    #[test]
    fn wrong_length_and_letters_are_named() {
        assert_eq!(CreditCode::parse("9135"), Err(CodeError::CreditLength { found: 4 }));
        assert_eq!(
            CreditCode::parse("91350100M0001O0Y43"),
            Err(CodeError::CreditAlphabet { character: 'O', position: 14 })
        );
    }

    #[test]
    fn parts_and_forgiven_writing() {
        let code = CreditCode::parse(" 9135 0100 m000 100y 43 ").unwrap();
        assert_eq!(code.to_string(), FIRST);
        assert_eq!(
            (code.party(), code.place_code(), code.organisation()),
            (PartyHint::Firm, "350100", "M000100Y4")
        );
        assert_eq!(CreditCode::parse("12100000400000624D").unwrap().party(), PartyHint::Institution);
        assert!(organisation_check_ok("M000100Y-4"));
        assert!(!organisation_check_ok("M000100Y-5"));
        assert!(!organisation_check_ok("M00"));
    }

    proptest! {
        #[test]
        fn display_reads_back(text in "[0-9A-HJ-NPQRTUWXY]{18}") {
            let code = CreditCode::parse(&text).unwrap();
            prop_assert_eq!(code.to_string().parse(), Ok(code));
        }

        #[test]
        fn any_text_is_read_or_refused(text in any::<String>()) {
            let _ = CreditCode::parse(&text);
            let _ = organisation_check_ok(&text);
        }
    }
}
