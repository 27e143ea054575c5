//! The shapes of documents, questions and answers. Holds no rule.

/// What can be found: one record as far as its readers may see it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// The caller's number of the record; a second `put` with the same id replaces the first.
    pub id: u64,
    /// What it is one of, for tabs and filters: `person`, `organization`, `achievement`.
    pub group: String,
    /// Its title or name.
    pub title: String,
    /// All other words it may be found by.
    pub text: String,
    /// `dimension:code`, ancestors included: `industry:C20`, `industry:C202`, `place:330500`.
    pub keys: Vec<String>,
    /// Days since 1970-01-01 of its last news.
    pub day: Option<i32>,
    /// The name by which other documents call it; 0 if none does.
    pub mark: u128,
    /// The marks of those whose work it is.
    pub by: Vec<u128>,
}

/// What somebody looks for, with what they already said about earlier answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Need {
    /// The question in one line; its words count more than those of the text.
    pub title: String,
    /// The question at length.
    pub text: String,
    /// Keys that bring a document nearer; none of them is a condition.
    pub keys: Vec<String>,
    /// Answers somebody has judged already.
    pub judged: Vec<Judged>,
}

/// One judgment of an earlier answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judged {
    /// The document judged.
    pub id: u64,
    /// Whether it fits.
    pub fits: bool,
    /// The code of the reason given, if any; see [`crate::weights::REASONS_ASIDE`].
    pub reason: Option<String>,
}

/// The answer to a search.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// The asked-for page of hits, best first.
    pub hits: Vec<Hit>,
    /// How many admitted documents match, in the asked-for groups.
    pub total: usize,
    /// How many of those carry each key; most frequent first within a dimension.
    pub facets: Vec<Facet>,
    /// How many admitted documents match in every group, whichever groups were asked for; by name.
    pub groups: Vec<(String, usize)>,
}

/// A key and how many matching documents carry it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facet {
    /// `dimension:code`.
    pub key: String,
    /// Admitted matching documents, at least 1.
    pub count: usize,
}

/// A document that answers, with the values that put it at its place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hit {
    /// The document.
    pub id: u64,
    /// 0 to 1 within the answer: exactly the sum of the contributions; the best hit has 1 (but for rounding).
    pub score: f32,
    /// The values used, in a fixed order; signals that say nothing are left out.
    pub signals: Vec<Signal>,
    /// What a person can check, strongest first.
    pub reasons: Vec<Reason>,
}

/// One value that went into a score.
#[derive(Clone, Debug, PartialEq)]
pub struct Signal {
    /// `title`, `words`, `meaning`, `cover`, `works`, `industry`, `discipline`, `place` or `feedback`.
    pub name: &'static str,
    /// 0 to 1; `feedback` −1 to 1.
    pub value: f32,
    /// The weight of [`crate::weights`], scaled so that the best hit of the answer has score 1.
    pub weight: f32,
    /// `value × weight`.
    pub contribution: f32,
}

/// A reason a person can check against both texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Phrases that stand in both titles.
    Title(Vec<String>),
    /// Phrases that stand in both texts.
    Words(Vec<String>),
    /// The most specific key both carry.
    Key {
        /// `dimension:code`.
        key: String,
    },
    /// The smallest place that holds both.
    Near {
        /// `place:code`.
        key: String,
    },
    /// A document judged fit that it resembles, and the phrases they share.
    Like {
        /// The judged document.
        id: u64,
        /// Phrases that stand in both.
        words: Vec<String>,
    },
    /// The work of theirs that answers best, and the phrases it shares with the need.
    Work {
        /// The work.
        id: u64,
        /// Phrases that stand in both.
        words: Vec<String>,
    },
    /// It has recent news, measured against the newest hit of the answer.
    Fresh {
        /// Days since 1970-01-01.
        day: i32,
    },
}

/// A stretch of a snippet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The text as it stands in the document; `…` where it was cut.
    pub text: String,
    /// Whether the query asks for these words.
    pub hit: bool,
}
