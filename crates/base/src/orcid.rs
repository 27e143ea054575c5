//! ORCID iDs of researchers: sixteen characters, the last the check of ISO 7064 MOD 11-2.
//!
//! Never asks the registry whether the iD is in use. Start at [`Orcid::parse`].

use std::fmt;
use std::str::FromStr;

use crate::ascii::{digits, ten_is_x};
use crate::fault::{CodeError, quote};
use crate::text::code_form;
use crate::wire::text_on_the_wire;

/// A checked ORCID iD, kept as sixteen characters without hyphens.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Orcid(Box<str>);

impl Orcid {
    /// Reads the iD with or without hyphens or its web address. Errors: `orcid-form`, `orcid-check`.
    pub fn parse(text: &str) -> Result<Orcid, CodeError> {
        let form = || CodeError::OrcidForm { text: quote(text) };
        let code = code_form(text);
        let code = code.rsplit_once("ORCID.ORG/").map_or(code.as_str(), |(_, id)| id).replace('-', "");
        let (body, check) = code.split_at_checked(15).ok_or_else(form)?;
        let values = digits(body).ok_or_else(form)?;
        if check.len() != 1 || !check.chars().all(|c| c.is_ascii_digit() || c == 'X') {
            return Err(form());
        }
        let total = values.iter().fold(0, |total, digit| (total + digit) * 2 % 11);
        if !check.chars().eq([ten_is_x((12 - total) % 11)]) {
            return Err(CodeError::OrcidCheck { text: quote(text) });
        }
        Ok(Orcid(code.into()))
    }

    /// The web address of the iD.
    pub fn url(&self) -> String {
        format!("https://orcid.org/{self}")
    }
}

impl fmt::Display for Orcid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, character) in self.0.chars().enumerate() {
            let hyphen = if matches!(at, 4 | 8 | 12) { "-" } else { "" };
            write!(f, "{hyphen}{character}")?;
        }
        Ok(())
    }
}

impl FromStr for Orcid {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Orcid, CodeError> {
        Orcid::parse(text)
    }
}

text_on_the_wire!(Orcid);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn published_ids_pass_in_every_writing() {
        for (text, printed) in [
            ("0000-0002-1825-0097", "0000-0002-1825-0097"),
            ("000000029079593x", "0000-0002-9079-593X"),
            ("https://orcid.org/0000-0002-1825-0097", "0000-0002-1825-0097"),
        ] {
            assert_eq!(Orcid::parse(text).unwrap().to_string(), printed);
        }
        assert_eq!(
            Orcid::parse("0000-0002-1825-0097").unwrap().url(),
            "https://orcid.org/0000-0002-1825-0097"
        );
    }

    #[test]
    fn faults_are_named() {
        for (text, code) in [
            ("", "orcid-form"),
            ("0000-0002-1825-009", "orcid-form"),
            ("0000-0002-1825-009Y", "orcid-form"),
            ("0000-0002-1825-0098", "orcid-check"),
            ("0000-0002-1852-0097", "orcid-check"),
        ] {
            assert_eq!(Orcid::parse(text).unwrap_err().code(), code, "{text}");
        }
    }

    proptest! {
        #[test]
        fn exactly_one_check_character_fits(body in "[0-9]{15}") {
            let fitting: Vec<_> = "0123456789X".chars().filter_map(|c| Orcid::parse(&format!("{body}{c}")).ok()).collect();
            prop_assert_eq!(fitting.len(), 1);
            prop_assert_eq!(fitting[0].to_string().parse(), Ok(fitting[0].clone()));
        }

        #[test]
        fn any_text_is_read_or_refused(text in any::<String>()) {
            let _ = Orcid::parse(&text);
        }
    }
}
