//! Codes of a second factor: RFC 6238 with HMAC-SHA-1, thirty seconds, six digits, one step of drift to each side.
//!
//! The secret and the clock are arguments; that a code is taken once is the register's. Start at [`step_of`].

use jiff::Timestamp;
use ring::hmac::{HMAC_SHA1_FOR_LEGACY_USE_ONLY, Key, sign};

/// Bytes of a secret: those of the hash, as the RFC advises.
pub const SECRET_BYTES: usize = 20;
/// Seconds of a step.
const STEP_S: i64 = 30;
/// Steps a clock may be off, to each side.
const DRIFT: i64 = 1;
/// Digits of a code.
pub const DIGITS: usize = 6;
/// One above the greatest code.
const CODES: u32 = 1_000_000;
/// Recovery codes made at a time.
pub const RECOVERY_CODES: usize = 10;
/// Bytes of a recovery code: 120 random bits need no slow hash.
pub const RECOVERY_BYTES: usize = 15;

const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The step a moment lies in.
pub fn step_at(now: Timestamp) -> i64 {
    now.as_second().div_euclid(STEP_S)
}

/// The code of a step.
pub fn code(secret: &[u8], step: i64) -> String {
    let tag = sign(&Key::new(HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret), &step.to_be_bytes());
    let bytes = tag.as_ref();
    let at = usize::from(bytes.last().copied().unwrap_or_default() & 15);
    let word = bytes.iter().skip(at).take(4).fold(0u32, |word, byte| word << 8 | u32::from(*byte));
    format!("{:0DIGITS$}", (word & 0x7fff_ffff) % CODES)
}

/// The step a typed code is of, if it holds now.
pub fn step_of(secret: &[u8], typed: &str, now: Timestamp) -> Option<i64> {
    let here = step_at(now);
    (here - DRIFT..=here + DRIFT).find(|step| code(secret, *step) == typed)
}

/// What was typed, without what people put between: `123 456`, full-width digits, small letters.
pub fn cleaned(typed: &str) -> String {
    let folded = base::text::fold(typed);
    folded.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_uppercase()
}

/// Bytes in the letters of RFC 4648 §6, without padding.
pub fn letters(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 8 / 5 + 1);
    for chunk in bytes.chunks(5) {
        let word =
            chunk.iter().fold(0u64, |word, byte| word << 8 | u64::from(*byte)) << (8 * (5 - chunk.len()));
        for place in 0..(chunk.len() * 8).div_ceil(5) {
            let letter = LETTERS.get((word >> (35 - 5 * place) & 31) as usize);
            text.push(letter.map_or('A', |l| char::from(*l)));
        }
    }
    text
}

/// A text in groups of four, as people copy it.
pub fn grouped(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let groups: Vec<String> = chars.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join(" ")
}

/// The address an authenticator reads: who issues it, whose it is, the secret.
pub fn address(secret: &[u8], issuer: &str, name: &str) -> String {
    let (issuer, name) = (crate::problem::encode_query(issuer), crate::problem::encode_query(name));
    format!("otpauth://totp/{issuer}:{name}?secret={}&issuer={issuer}", letters(secret))
}

/// A text as a QR code: the path of its dark squares and the length of a side with its margin.
pub fn picture(text: &str) -> Option<(String, i32)> {
    /// Light squares around the code, as its standard asks.
    const MARGIN: i32 = 4;
    let code = qrcodegen::QrCode::encode_text(text, qrcodegen::QrCodeEcc::Medium).ok()?;
    let squares = (0..code.size()).flat_map(|y| (0..code.size()).map(move |x| (x, y)));
    let dark = squares.filter(|(x, y)| code.get_module(*x, *y));
    let path = dark.map(|(x, y)| format!("M{},{}h1v1h-1z", x + MARGIN, y + MARGIN)).collect();
    Some((path, code.size() + 2 * MARGIN))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vectors of RFC 6238, appendix B, for SHA-1; six of their eight digits.
    #[test]
    fn codes_are_those_of_the_rfc() {
        let vectors = [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ];
        for (seconds, eight) in vectors {
            let at = Timestamp::from_second(seconds).expect("a moment");
            assert_eq!(code(b"12345678901234567890", step_at(at)), &eight[2..], "{seconds}");
        }
    }

    #[test]
    fn a_code_holds_one_step_before_and_after() {
        let (secret, now) = ([7; SECRET_BYTES], Timestamp::from_second(1_800_000_000).expect("a moment"));
        let here = step_at(now);
        for (drift, holds) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
            let found = step_of(&secret, &code(&secret, here + drift), now);
            assert_eq!(found, holds.then_some(here + drift), "{drift}");
        }
    }

    #[test]
    fn letters_are_those_of_the_rfc_and_what_people_type_is_understood() {
        for (bytes, text) in [("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foobar", "MZXW6YTBOI")] {
            assert_eq!(letters(bytes.as_bytes()), text);
        }
        assert_eq!(cleaned(" １23-456 "), "123456");
        assert_eq!(cleaned("mzxw 6ytb"), "MZXW6YTB");
        assert_eq!(grouped("MZXW6YTBOI"), "MZXW 6YTB OI");
    }

    #[test]
    fn a_picture_holds_the_whole_address() {
        let address = address(&[1; SECRET_BYTES], "科技红娘", "li");
        assert!(address.starts_with("otpauth://totp/%E7%A7%91"), "{address}");
        let (path, side) = picture(&address).expect("a picture");
        assert!(side > 40 && path.matches('M').count() > 300, "{side}");
    }
}
