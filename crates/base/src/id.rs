//! The identity of a record: drawn before the write, kept for ever, travels between installations.
//!
//! Never draws time or chance itself; never means anything but identity. Start at [`RecordId::new`].

use std::fmt;
use std::str::FromStr;

use crate::fault::{CodeError, quote};
use crate::wire::text_on_the_wire;

/// Sixteen bytes in the layout of UUID version 7 (RFC 9562): ids made later sort later, to the millisecond.
///
/// Printed in lower case with hyphens; ids of other versions made elsewhere are read as they are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordId([u8; 16]);

impl RecordId {
    /// Makes an id from milliseconds since 1970 (the lowest 48 bits count) and ten random bytes (74 bits count).
    pub fn new(millis: u64, random: [u8; 10]) -> RecordId {
        let [_, _, t0, t1, t2, t3, t4, t5] = millis.to_be_bytes();
        let [r0, r1, r2, r3, r4, r5, r6, r7, r8, r9] = random;
        let (version, variant) = (0x70 | (r0 & 0x0F), 0x80 | (r2 & 0x3F));
        RecordId([t0, t1, t2, t3, t4, t5, version, r1, variant, r3, r4, r5, r6, r7, r8, r9])
    }

    /// The sixteen bytes, in order of printing.
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// The id of sixteen stored bytes.
    pub fn from_bytes(bytes: [u8; 16]) -> RecordId {
        RecordId(bytes)
    }

    /// Milliseconds since 1970 when the id was made; meaningful for version 7 only.
    pub fn millis(&self) -> u64 {
        self.0.iter().take(6).fold(0, |sum, byte| sum << 8 | u64::from(*byte))
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, byte) in self.0.iter().enumerate() {
            let hyphen = if matches!(at, 4 | 6 | 8 | 10) { "-" } else { "" };
            write!(f, "{hyphen}{byte:02x}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RecordId({self})")
    }
}

impl FromStr for RecordId {
    type Err = CodeError;

    /// Reads the hyphenated form in either case.
    fn from_str(text: &str) -> Result<RecordId, CodeError> {
        let fault = || CodeError::Id { text: quote(text) };
        let hyphens_stand =
            text.bytes().enumerate().all(|(at, b)| matches!(at, 8 | 13 | 18 | 23) == (b == b'-'));
        if text.len() != 36 || !hyphens_stand || text.contains('+') {
            return Err(fault());
        }
        let plain: String = text.chars().filter(|c| *c != '-').collect();
        let value = u128::from_str_radix(&plain, 16).map_err(|_| fault())?;
        Ok(RecordId(value.to_be_bytes()))
    }
}

text_on_the_wire!(RecordId);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn layout_is_that_of_rfc_9562() {
        let id =
            RecordId::new(0x017F_22E2_79B0, [0x0C, 0xC3, 0x18, 0xC4, 0xDC, 0x0C, 0x0C, 0x07, 0x39, 0x8F]);
        assert_eq!(id.to_string(), "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
        assert_eq!(id.millis(), 0x017F_22E2_79B0);
        assert_eq!("017F22E2-79B0-7CC3-98C4-DC0C0C07398F".parse(), Ok(id));
        assert_eq!(serde_json::to_string(&id).unwrap(), "\"017f22e2-79b0-7cc3-98c4-dc0c0c07398f\"");
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "017f22e279b07cc398c4dc0c0c07398f",
            "017f22e2-79b0-7cc3-98c4-dc0c0c07398g",
            "+17f22e2-79b0-7cc3-98c4-dc0c0c07398f",
            "红娘",
        ] {
            assert_eq!(text.parse::<RecordId>().unwrap_err().code(), "id-form", "{text}");
        }
    }

    proptest! {
        #[test]
        fn display_reads_back_and_time_sorts(a in 0u64..1 << 48, b in 0u64..1 << 48, random in any::<[u8; 10]>()) {
            let (x, y) = (RecordId::new(a, random), RecordId::new(b, random));
            prop_assert_eq!(x.to_string().parse(), Ok(x));
            prop_assert_eq!(a.cmp(&b), x.cmp(&y));
            prop_assert_eq!(RecordId::from_bytes(*x.as_bytes()), x);
        }

        #[test]
        fn any_text_is_read_or_refused(text in any::<String>()) {
            let _: Result<RecordId, _> = text.parse();
        }
    }
}
