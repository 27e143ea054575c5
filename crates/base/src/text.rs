//! Cleaning and folding of texts people type or paste.
//!
//! Never changes the meaning of a text: [`clean`] only trims and unifies line ends, [`fold`] is for
//! comparing and finding, never for storing. Start at [`clean`].

use std::fmt;

/// Why a text cannot be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextFault {
    /// A control character other than line feed and tab.
    Control {
        /// Its code point, such as `U+0000`.
        character: String,
        /// Its position in characters from 1.
        position: usize,
    },
    /// A code point Unicode reserves as no character.
    NonCharacter {
        /// Its code point, such as `U+FFFE`.
        character: String,
        /// Its position in characters from 1.
        position: usize,
    },
    /// More characters than allowed.
    TooLong {
        /// Characters found.
        found: usize,
        /// Characters allowed.
        max: usize,
    },
}

impl TextFault {
    /// All stable codes, so that a test can ask the locales for every one of them.
    pub const CODES: &'static [&'static str] = &["text-control", "text-noncharacter", "text-long"];

    /// The stable code, key of the message in the locales.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Control { .. } => "text-control",
            Self::NonCharacter { .. } => "text-noncharacter",
            Self::TooLong { .. } => "text-long",
        }
    }

    /// Names and values the message may quote.
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Control { character, position } | Self::NonCharacter { character, position } => {
                vec![("character", character.clone()), ("position", position.to_string())]
            }
            Self::TooLong { found, max } => vec![("found", found.to_string()), ("max", max.to_string())],
        }
    }
}

impl fmt::Display for TextFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?}", self.code(), self.fields())
    }
}

impl std::error::Error for TextFault {}

/// The text trimmed, with line ends as `\n`; refuses control characters (but `\n` and `\t`) and non-characters.
///
/// Byte-order marks at either end are dropped: spreadsheets and editors leave them behind.
pub fn clean(text: &str) -> Result<String, TextFault> {
    let unified = text.replace("\r\n", "\n").replace('\r', "\n");
    for (at, c) in unified.chars().enumerate() {
        let (character, position) = (format!("U+{:04X}", u32::from(c)), at + 1);
        if c.is_control() && c != '\n' && c != '\t' {
            return Err(TextFault::Control { character, position });
        }
        if is_noncharacter(c) {
            return Err(TextFault::NonCharacter { character, position });
        }
    }
    Ok(unified.trim_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}').to_owned())
}

/// As [`clean`], refusing more than `max` characters.
pub fn clean_within(text: &str, max: usize) -> Result<String, TextFault> {
    let text = clean(text)?;
    match chars(&text) {
        found if found > max => Err(TextFault::TooLong { found, max }),
        _ => Ok(text),
    }
}

/// Characters (Unicode scalar values) of a text: the measure of all text limits.
pub fn chars(text: &str) -> usize {
    text.chars().count()
}

/// Full-width ASCII forms and the ideographic space as their half-width twins; nothing else changes.
pub fn narrow(text: &str) -> String {
    text.chars().map(narrow_char).collect()
}

/// [`narrow`] and lower case, for search and for headings of spreadsheets.
pub fn fold(text: &str) -> String {
    text.chars().map(narrow_char).flat_map(char::to_lowercase).collect()
}

/// [`narrow`], upper case, without white space: how codes are compared.
pub(crate) fn code_form(text: &str) -> String {
    text.chars()
        .map(narrow_char)
        .filter(|c| !c.is_whitespace() && *c != '\u{FEFF}')
        .flat_map(char::to_uppercase)
        .collect()
}

fn narrow_char(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => c,
    }
}

fn is_noncharacter(c: char) -> bool {
    let point = u32::from(c);
    (0xFDD0..=0xFDEF).contains(&point) || point & 0xFFFE == 0xFFFE
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn cleans_what_forms_and_sheets_send() {
        for (given, expected) in [
            ("  胶合板\r\n强度\t不足　", "胶合板\n强度\t不足"),
            ("\u{FEFF}名称", "名称"),
            ("a\rb", "a\nb"),
            ("", ""),
            ("👩‍🔬", "👩‍🔬"),
        ] {
            assert_eq!(clean(given).as_deref(), Ok(expected));
        }
    }

    #[test]
    fn refuses_what_no_text_holds() {
        for (given, code, position) in [
            ("a\0", "text-control", 2),
            ("\u{1b}[31m", "text-control", 1),
            ("\u{7f}", "text-control", 1),
            ("\u{85}x", "text-control", 1),
            ("好\u{FFFE}", "text-noncharacter", 2),
            ("\u{FDD0}", "text-noncharacter", 1),
            ("\u{1FFFF}", "text-noncharacter", 1),
        ] {
            let fault = clean(given).expect_err(given);
            assert_eq!(fault.code(), code, "{given:?}");
            assert!(fault.fields().contains(&("position", position.to_string())), "{fault}");
        }
    }

    #[test]
    fn length_is_counted_in_characters_just_below_and_above() {
        assert_eq!(clean_within("红娘", 2).as_deref(), Ok("红娘"));
        assert_eq!(clean_within("科技红娘", 3), Err(TextFault::TooLong { found: 4, max: 3 }));
    }

    #[test]
    fn folds_width_and_case() {
        assert_eq!(fold("ＡＢＣ　１２３（Ｘ）"), "abc 123(x)");
        assert_eq!(narrow("ｍｇ／Ｌ"), "mg/L");
        assert_eq!(code_form(" ９１ a b\t"), "91AB");
    }

    proptest! {
        #[test]
        fn cleaning_twice_changes_nothing(text in any::<String>()) {
            if let Ok(once) = clean(&text) {
                prop_assert_eq!(clean(&once), Ok(once.clone()));
            }
        }
    }
}
