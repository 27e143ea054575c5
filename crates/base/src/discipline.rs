//! Disciplines of GB/T 13745-2009 with later amendments: three, two and two digits (`520`, `52020`, `5202010`).
//!
//! Never vouches for a row the origin recovered from remarks: see `data/README.md`. Start at
//! [`Discipline::parse`].

use std::sync::OnceLock;

use crate::scheme::{Scheme, classified};
use crate::text::code_form;

/// One class of the national discipline classification, at any of its three levels.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Discipline(u16);

fn table() -> &'static Scheme {
    static TABLE: OnceLock<Scheme> = OnceLock::new();
    TABLE.get_or_init(|| Scheme::read(include_str!("../data/gbt13745.csv"), parent_code))
}

fn parent_code(code: &str) -> Option<&str> {
    match code.len() {
        5 => code.get(..3),
        7 => code.get(..5),
        _ => None,
    }
}

/// The standard writes `520.2010`; the table `5202010`.
fn code_of(text: &str) -> String {
    code_form(text).replace('.', "")
}

classified!(Discipline, table, DisciplineAmbiguous, DisciplineUnknown);

impl Discipline {
    /// 1 一级学科, 2 二级学科, 3 三级学科.
    pub fn level(&self) -> usize {
        self.ancestors().len()
    }

    /// The code as the standard prints it: `520`, `520.20`, `520.2010`.
    pub fn dotted(&self) -> String {
        match self.code().split_at_checked(3) {
            Some((first, rest)) if !rest.is_empty() => format!("{first}.{rest}"),
            _ => self.code().to_owned(),
        }
    }

    /// Whether the origin of the table lacks a name: such rows only hold the tree together.
    pub fn is_unnamed(&self) -> bool {
        self.name() == self.code()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_those_of_the_table() {
        let count = |level| Discipline::all().iter().filter(|d| d.level() == level).count();
        assert_eq!([count(1), count(2), count(3)], [62, 758, 2823]);
        let unnamed: Vec<_> =
            Discipline::all().into_iter().filter(Discipline::is_unnamed).map(|d| d.dotted()).collect();
        assert_eq!(unnamed, ["190.35", "460.55"]);
    }

    #[test]
    fn reads_codes_and_names() {
        for (text, code) in [
            ("110", "110"),
            ("520.20", "52020"),
            ("５２０２０", "52020"),
            ("人工智能", "52020"),
            ("林学", "220"),
            ("材料科学", "430"),
        ] {
            assert_eq!(Discipline::parse(text).map(|d| d.code()), Ok(code), "{text}");
        }
        assert_eq!(Discipline::parse("占星").unwrap_err().code(), "discipline-unknown");
    }

    #[test]
    fn every_code_reads_back_and_has_its_parents() {
        for class in Discipline::all() {
            assert_eq!(class.to_string().parse(), Ok(class));
            assert_eq!(class.dotted().parse(), Ok(class));
            assert_eq!(class.level(), class.code().len() / 2, "{class}");
        }
    }
}
