//! Recognising citizen numbers (公民身份号码, GB 11643) in free text, in order to refuse the text.
//!
//! Never keeps, returns or prints such a number: there is no type for it. Start at
//! [`contains_citizen_number`].

use jiff::civil::Date;

use crate::ascii::{digits, ten_is_x, weighed};
use crate::text::code_form;

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// First two digits of the provinces that issue numbers, residence permits of 81, 82 and 83 included.
const PROVINCES: std::ops::RangeInclusive<u32> = 11..=83;

/// Whether the text holds an eighteen-character citizen number: province, date of birth and check fit.
///
/// Forgives full width, lower case x, and spaces or hyphens between the characters. The fifteen-digit
/// numbers of before 1999 have no check and are not recognised.
pub fn contains_citizen_number(text: &str) -> bool {
    // White space disappears with `code_form`, so numbers written in groups become one run.
    let joined = code_form(text).replace('-', "");
    let apart = crate::text::narrow(text).to_uppercase();
    [joined, apart].iter().any(|text| runs(text).any(is_citizen_number))
}

/// Longest stretches of digits, each with an X right behind it.
fn runs(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_digit() && c != 'X').flat_map(|run| run.split_inclusive('X'))
}

fn is_citizen_number(run: &str) -> bool {
    let Some((body, check)) = run.split_at_checked(17).filter(|(_, check)| check.len() == 1) else {
        return false;
    };
    let Some(values) = digits(body) else { return false };
    let total = weighed(&values, &WEIGHTS) % 11;
    let expected = ten_is_x((12 - total) % 11);
    check.chars().eq([expected]) && province_fits(body) && birth_fits(body)
}

fn province_fits(body: &str) -> bool {
    body.get(..2).and_then(|text| text.parse().ok()).is_some_and(|code| PROVINCES.contains(&code))
}

fn birth_fits(body: &str) -> bool {
    let number = |range| body.get(range).and_then(|text: &str| text.parse::<i16>().ok());
    let (Some(year), Some(month), Some(day)) = (number(6..10), number(10..12), number(12..14)) else {
        return false;
    };
    let (Ok(month), Ok(day)) = (i8::try_from(month), i8::try_from(day)) else { return false };
    (1850..=2150).contains(&year) && Date::new(year, month, day).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_sample_of_the_standard_is_found_in_every_writing() {
        for text in [
            "11010519491231002X",
            "联系人身份证11010519491231002x，谢谢",
            "110105 19491231 002X",
            "110105-19491231-002X",
            "１１０１０５１９４９１２３１００２Ｘ",
            "编号 7，11010519491231002X",
        ] {
            assert!(contains_citizen_number(text), "{text}");
        }
    }

    #[test]
    fn other_long_numbers_are_left_alone() {
        for text in [
            "",
            "110105194912310021",
            "11010519491331002X",
            "914403001922038216",
            "12100000400000624D",
            "201711123456.7",
            "411010519491231002X",
            "甬需2026-000123-7",
            "2026年产值 8500 万元",
        ] {
            assert!(!contains_citizen_number(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_judged(text in any::<String>()) {
            let _ = contains_citizen_number(&text);
        }

        #[test]
        fn found_wherever_it_stands(before in "[^0-9０-９xXＸｘ\\s-]{0,8}", after in "[^0-9０-９xXＸｘ\\s-]{0,8}") {
            let text = format!("{before}。11010519491231002X。{after}");
            prop_assert!(contains_citizen_number(&text));
        }
    }
}
