//! Vocabularies: closed lists of terms, when they hold, and what they stand for in another vocabulary.
//!
//! Never reads the clock: the day comes in. A term out of its days stays readable in records that have it
//! and is no longer offered. Start at [`Vocabulary`].

use base::day::Day;
use jiff::civil::Date;

use crate::kind::Label;

/// A closed list of terms with labels, in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Vocabulary {
    /// Identifier.
    pub name: String,
    /// Name on screen.
    pub label: Label,
    /// What it is for, in words; may be empty.
    pub note: Label,
    /// The document it was taken from.
    pub source: Option<String>,
    /// From when it holds; none: from ever.
    pub valid_from: Option<Day>,
    /// The last day it holds; none: until further notice.
    pub valid_until: Option<Day>,
    /// Our own making, to be confirmed by those whose list it is.
    pub draft: bool,
    /// The vocabulary its terms stand for codes of.
    pub maps: Option<String>,
    /// The terms.
    pub terms: Vec<Term>,
}

/// One term of a vocabulary.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// Stored value.
    pub code: String,
    /// Text on screen.
    pub label: Label,
    /// Broader term.
    pub parent: Option<String>,
    /// From when it is offered; none: from ever.
    pub valid_from: Option<Day>,
    /// The last day it is offered; none: until further notice.
    pub valid_until: Option<Day>,
    /// Codes of the vocabulary that [`Vocabulary::maps`] names.
    pub maps: Vec<String>,
}

impl Vocabulary {
    /// A vocabulary without terms that holds for ever.
    pub fn new(name: &str, label: Label) -> Vocabulary {
        Vocabulary {
            name: name.to_owned(),
            label,
            note: Label::default(),
            source: None,
            valid_from: None,
            valid_until: None,
            draft: false,
            maps: None,
            terms: Vec::new(),
        }
    }

    /// The terms a form offers on a day, in order: none where the whole list does not hold.
    pub fn offered(&self, today: Date) -> impl Iterator<Item = &Term> {
        self.terms.iter().filter(move |term| self.offers(term, today))
    }

    /// Whether a form offers a term of this list on a day.
    pub fn offers(&self, term: &Term, today: Date) -> bool {
        holds(self.valid_from, self.valid_until, today) && holds(term.valid_from, term.valid_until, today)
    }
}

impl Term {
    /// A term that is always offered.
    pub fn new(code: &str, label: Label) -> Term {
        Term {
            code: code.to_owned(),
            label,
            parent: None,
            valid_from: None,
            valid_until: None,
            maps: Vec::new(),
        }
    }
}

/// Whether a date lies between two days, both counted; a month or year counts whole.
fn holds(from: Option<Day>, until: Option<Day>, today: Date) -> bool {
    from.is_none_or(|day| day.first() <= today) && until.is_none_or(|day| today <= day.last())
}
