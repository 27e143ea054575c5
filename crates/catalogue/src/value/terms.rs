//! Look-up of vocabulary terms: those of files, and the two classifications that `base` carries.

use std::collections::BTreeMap;

use base::discipline::Discipline;
use base::industry::Industry;

use super::{Fault, Lang, quoted};
use crate::vocabulary::{Term, Vocabulary};

/// Vocabularies that are no files: GB/T 4754 and GB/T 13745 stand in `base`.
pub const BUILT_IN: [&str; 2] = ["industry", "discipline"];

/// Look-up of vocabulary terms.
#[derive(Clone, Copy)]
pub struct Terms<'a>(pub &'a BTreeMap<String, Vocabulary>);

impl<'a> Terms<'a> {
    /// A vocabulary from a file.
    pub fn vocabulary(&self, name: &str) -> Option<&'a Vocabulary> {
        self.0.get(name)
    }

    /// A term of a vocabulary from a file.
    pub fn term(&self, vocabulary: &str, code: &str) -> Option<&'a Term> {
        self.vocabulary(vocabulary)?.terms.iter().find(|term| term.code == code)
    }

    /// Whether a vocabulary has the code, written as it is stored.
    pub fn has(&self, vocabulary: &str, code: &str) -> bool {
        match vocabulary {
            "industry" => Industry::parse(code).is_ok_and(|found| found.to_string() == code),
            "discipline" => Discipline::parse(code).is_ok_and(|found| found.to_string() == code),
            _ => self.term(vocabulary, code).is_some(),
        }
    }

    /// What a stored code is called; the code itself where the vocabulary lost it.
    pub fn label(&self, vocabulary: &str, code: &str, lang: Lang) -> String {
        let named = match vocabulary {
            "industry" => Industry::parse(code).ok().map(|found| found.name().to_owned()),
            "discipline" => Discipline::parse(code).ok().map(|found| found.name().to_owned()),
            _ => self.term(vocabulary, code).map(|term| term.label.text(lang).to_owned()),
        };
        match named {
            Some(name) if lang == Lang::En && BUILT_IN.contains(&vocabulary) => format!("{code} {name}"),
            Some(name) => name,
            None => code.to_owned(),
        }
    }

    /// A code and the codes above it, itself first.
    pub fn line(&self, vocabulary: &str, code: &str) -> Vec<String> {
        match vocabulary {
            "industry" => Industry::parse(code).map_or_else(
                |_| vec![code.to_owned()],
                |found| found.ancestors().iter().map(Industry::to_string).collect(),
            ),
            "discipline" => Discipline::parse(code).map_or_else(
                |_| vec![code.to_owned()],
                |found| found.ancestors().iter().map(Discipline::to_string).collect(),
            ),
            _ => {
                let up = |code: &String| self.term(vocabulary, code)?.parent.clone();
                std::iter::successors(Some(code.to_owned()), up)
                    .take(base::limits::PARENT_DEPTH_MAX)
                    .collect()
            }
        }
    }

    /// The stored code of what a person wrote: a code, a name in either language, or both (`C202 人造板制造`).
    pub(super) fn find(&self, vocabulary: &str, typed: &str) -> Result<String, Fault> {
        let whole = self.find_exact(vocabulary, typed);
        let first = typed.split_whitespace().next().filter(|first| *first != typed);
        match (whole, first) {
            (Err(fault), Some(first)) => self.find_exact(vocabulary, first).map_err(|_| fault),
            (whole, _) => whole,
        }
    }

    fn find_exact(&self, vocabulary: &str, typed: &str) -> Result<String, Fault> {
        match vocabulary {
            "industry" => Ok(Industry::parse(typed)?.to_string()),
            "discipline" => Ok(Discipline::parse(typed)?.to_string()),
            _ => self.find_term(vocabulary, typed),
        }
    }

    fn find_term(&self, vocabulary: &str, typed: &str) -> Result<String, Fault> {
        let terms = self.vocabulary(vocabulary).map(|found| found.terms.as_slice()).unwrap_or_default();
        let wanted = base::text::fold(typed.trim());
        let same = |text: &str| base::text::fold(text) == wanted;
        let code = terms.iter().find(|term| same(&term.code));
        let found = code.or_else(|| terms.iter().find(|term| same(&term.label.zh) || same(&term.label.en)));
        found.map(|term| term.code.clone()).ok_or_else(|| {
            let names = terms.iter().flat_map(|term| [term.label.zh.as_str(), &term.code]);
            let nearest = crate::near::nearest(typed.trim(), names).unwrap_or_default();
            Fault::new("", "code-unknown").with("text", quoted(typed)).with("nearest", nearest)
        })
    }
}
