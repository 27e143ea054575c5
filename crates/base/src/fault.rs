//! What can be wrong with a text that should be a value.
//!
//! Never holds prose for users: [`CodeError::code`] is the stable key of a message in the locales,
//! [`CodeError::fields`] what that message may quote. `Display` is English and for logs only.

use std::fmt;

/// Declares the faults once: variant, stable code, and the fields a message may quote.
macro_rules! faults {
    ($( $(#[$doc:meta])* $variant:ident = $code:literal { $( $(#[$fdoc:meta])* $field:ident : $type:ty ),* } )*) => {
        /// Why a text is not the value it should be.
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum CodeError {
            $( $(#[$doc])* $variant { $( $(#[$fdoc])* $field: $type ),* } ),*
        }

        impl CodeError {
            /// All stable codes, so that a test can ask the locales for every one of them.
            pub const CODES: &'static [&'static str] = &[$($code),*];

            /// The stable code, key of the message in the locales.
            pub fn code(&self) -> &'static str {
                match self { $( Self::$variant { .. } => $code ),* }
            }

            /// Names and values the message may quote, in the order of declaration.
            pub fn fields(&self) -> Vec<(&'static str, String)> {
                match self { $( Self::$variant { $($field),* } => vec![$( (stringify!($field), $field.to_string()) ),*] ),* }
            }
        }
    };
}

faults! {
    /// Not a UUID in hyphenated or plain hexadecimal form.
    Id = "id-form" { /// What was given.
        text: String }
    /// Not the form of a record number.
    NumberForm = "number-form" { /// What was given.
        text: String }
    /// The prefix is no place that numbers records.
    NumberPrefix = "number-prefix" { /// The prefix found.
        prefix: String }
    /// The serial is not within 1 to 999 999, or the year not within 1949 to 9999.
    NumberRange = "number-range" { /// What was given.
        text: String }
    /// The check digit does not fit: a digit was mistyped.
    NumberCheck = "number-check" { /// What was given.
        text: String }
    /// No such place code or name.
    PlaceUnknown = "place-unknown" { /// What was given.
        text: String }
    /// Several places have this name.
    PlaceAmbiguous = "place-ambiguous" { /// What was given.
        text: String, /// Full names with codes, separated by `；`.
        candidates: String }
    /// The part after `~` is not 2 to 40 characters of `a-z0-9-`, or the part before it no county or prefecture.
    PlaceArea = "place-area" { /// What was given.
        text: String }
    /// No such industry code or name.
    IndustryUnknown = "industry-unknown" { /// What was given.
        text: String }
    /// Several industries have this name.
    IndustryAmbiguous = "industry-ambiguous" { /// What was given.
        text: String, /// The codes, separated by `、`.
        candidates: String }
    /// No such discipline code or name.
    DisciplineUnknown = "discipline-unknown" { /// What was given.
        text: String }
    /// Several disciplines have this name.
    DisciplineAmbiguous = "discipline-ambiguous" { /// What was given.
        text: String, /// The codes, separated by `、`.
        candidates: String }
    /// A unified social credit code has 18 characters.
    CreditLength = "credit-length" { /// Characters found.
        found: usize }
    /// A character outside the alphabet of credit codes, such as I, O, S, V, Z.
    CreditAlphabet = "credit-alphabet" { /// The character.
        character: char, /// Its position from 1.
        position: usize }
    /// Not sixteen digits (the last may be X).
    OrcidForm = "orcid-form" { /// What was given.
        text: String }
    /// The check character does not fit.
    OrcidCheck = "orcid-check" { /// What was given.
        text: String }
    /// Neither form of a Chinese patent application number.
    PatentForm = "patent-form" { /// What was given.
        text: String }
    /// The check character does not fit.
    PatentCheck = "patent-check" { /// What was given.
        text: String }
    /// Not a year, month or day.
    DayForm = "day-form" { /// What was given.
        text: String }
    /// The form of a day, but the calendar has no such day.
    DayAbsent = "day-absent" { /// What was given.
        text: String }
    /// Not an amount of money.
    MoneyForm = "money-form" { /// What was given.
        text: String }
    /// Finer than one fen.
    MoneyPrecision = "money-precision" { /// What was given.
        text: String }
    /// Larger than can be kept.
    MoneyRange = "money-range" { /// What was given.
        text: String }
    /// Not a number with a unit.
    QuantityForm = "quantity-form" { /// What was given.
        text: String }
    /// The lower bound is above the upper bound.
    QuantityOrder = "quantity-order" { /// Lower bound.
        min: String, /// Upper bound.
        max: String }
    /// The unit is too long or begins like a number.
    QuantityUnit = "quantity-unit" { /// What was given as unit.
        unit: String }
}

impl fmt::Display for CodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())?;
        for (name, value) in self.fields() {
            write!(f, " {name}={value:?}")?;
        }
        Ok(())
    }
}

impl std::error::Error for CodeError {}

/// The beginning of a text, for error messages: foreign input may be long.
pub(crate) fn quote(text: &str) -> String {
    text.chars().take(crate::limits::CODE_CHARS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_name_their_fields() {
        let mut codes = CodeError::CODES.to_vec();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), CodeError::CODES.len());
        let fault = CodeError::CreditAlphabet { character: 'I', position: 3 };
        assert_eq!(fault.fields(), [("character", "I".into()), ("position", "3".into())]);
        assert_eq!(fault.to_string(), r#"credit-alphabet character="I" position="3""#);
    }

    #[test]
    fn foreign_input_is_quoted_in_part_only() {
        assert_eq!(quote(&"长".repeat(500)).chars().count(), crate::limits::CODE_CHARS_MAX);
    }
}
