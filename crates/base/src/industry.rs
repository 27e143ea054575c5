//! Industries of GB/T 4754-2017: letter, two, one and one digits (`C`, `C39`, `C392`, `C3921`).
//!
//! Never maps to other vocabularies (strategic industries, local chains): those are data of the
//! catalogue. Start at [`Industry::parse`].

use std::sync::OnceLock;

use crate::scheme::{Scheme, classified};
use crate::text::code_form;

/// One class of the national industry classification, at any of its four levels.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Industry(u16);

fn table() -> &'static Scheme {
    static TABLE: OnceLock<Scheme> = OnceLock::new();
    TABLE.get_or_init(|| Scheme::read(include_str!("../data/gbt4754.csv"), parent_code))
}

fn parent_code(code: &str) -> Option<&str> {
    match code.len() {
        3 => code.get(..1),
        4 | 5 => code.get(..code.len() - 1),
        _ => None,
    }
}

fn code_of(text: &str) -> String {
    code_form(text)
}

classified!(Industry, table, IndustryAmbiguous, IndustryUnknown);

impl Industry {
    /// 1 门类, 2 大类, 3 中类, 4 小类.
    pub fn level(&self) -> usize {
        self.ancestors().len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_those_of_the_table() {
        let count = |level| Industry::all().iter().filter(|i| i.level() == level).count();
        assert_eq!([count(1), count(2), count(3), count(4)], [20, 97, 473, 1381]);
    }

    #[test]
    fn reads_codes_and_names() {
        for (text, code) in [
            ("C", "C"),
            ("c39", "C39"),
            (" Ｃ３９２１ ", "C3921"),
            ("应用软件开发", "I6513"),
            ("制造业", "C"),
            ("科技中介服务", "M753"),
            ("三维（3D）打印技术推广服务", "M7517"),
        ] {
            assert_eq!(Industry::parse(text).map(|i| i.code()), Ok(code), "{text}");
        }
        for text in ["", "C999", "39", "炼金"] {
            assert_eq!(Industry::parse(text).unwrap_err().code(), "industry-unknown", "{text}");
        }
    }

    #[test]
    fn ancestors_stand_self_first() {
        let codes: Vec<_> =
            Industry::parse("C2021").unwrap().ancestors().iter().map(Industry::code).collect();
        assert_eq!(codes, ["C2021", "C202", "C20", "C"]);
        assert!(Industry::parse("C2021").unwrap().within(&Industry::parse("C").unwrap()));
    }

    #[test]
    fn every_code_reads_back_and_lies_below_its_parent() {
        for class in Industry::all() {
            assert_eq!(class.to_string().parse(), Ok(class));
            assert_eq!(class.parent().is_none(), class.level() == 1, "{class}");
            assert!(class.parent().is_none_or(|up| up.children().contains(&class)));
        }
    }
}
