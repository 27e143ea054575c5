//! Every weight of the ranking, in one place. Chosen by cross-validation over whole questions; holds no logic.

/// Saturation of repeated words in a document (BM25's k1).
pub const SATURATION: f32 = 1.2;
/// How much a long document is discounted, 0 to 1 (BM25's b); measured against the average of its group.
pub const LENGTH_DISCOUNT: f32 = 0.5;
/// A word in a document's title counts as often as this many in its text.
pub const DOCUMENT_TITLE: u32 = 2;

/// Weight of a word of the need's title, against a word of its text.
pub const NEED_TITLE: f32 = 4.0;
/// Weight of a word of the need's text.
pub const NEED_TEXT: f32 = 1.0;
/// Saturation of repeated words in a need.
pub const NEED_SATURATION: f32 = 8.0;

/// A word weighs its rarity (BM25's inverse document frequency) to this power.
pub const RARITY_POWER: f32 = 1.5;
/// A pair of characters that is less than this many times as frequent as chance weighs less, by the square root
/// of what it lacks: most such pairs straddle two words.
pub const COHESION_FULL: f32 = 10.0;
/// The least cohesion that is counted with.
pub const COHESION_LEAST: f32 = 0.1;

/// Weight of the words signals: `title` and `words` of the admitted document that holds most of them come to 1.
pub const WORDS: f32 = 1.0;
/// Weight of nearness in meaning.
pub const MEANING: f32 = 0.15;
/// Weight of how much of a document's rare words the need asks for.
pub const COVER: f32 = 0.4;
/// Weight of what somebody's works say of them.
pub const WORKS: f32 = 0.5;
/// So many of somebody's works speak for them, the best; one who has more is not held for better.
pub const WORKS_COUNTED: usize = 7;
/// Of a work, the share of the need's words it holds counts this much beside its meaning.
pub const WORKS_SHARE: f32 = 2.0;
/// So many works are looked at, the best by words.
pub const WORKS_READ: usize = 2_000;
/// A word is rare when at most this share of the documents hold it.
pub const RARE_SHARE: f32 = 0.0025;
/// For its meaning a word weighs its rarity to this power.
pub const MEANING_RARITY_POWER: f32 = 1.0;
/// So many documents, the best by words, keys and feedback, are compared in meaning too.
pub const CANDIDATES: usize = 1_000;
/// Weight of a shared industry.
pub const INDUSTRY: f32 = 0.25;
/// Weight of a shared discipline.
pub const DISCIPLINE: f32 = 0.15;
/// Weight of a shared place.
pub const PLACE: f32 = 0.1;
/// Weight of likeness to documents judged fit (positive) or unfit (negative).
pub const FEEDBACK: f32 = 0.5;

/// How many words of the judged documents are used on either side.
pub const FEEDBACK_TERMS: usize = 40;
/// An unfit document weighs this much of a fit one.
pub const UNFIT: f32 = 0.5;
/// Reasons of an unfit judgment that say nothing about the subject: the document drops out, its like do not.
pub const REASONS_ASIDE: &[&str] =
    &["already-known", "capacity", "conflict", "too-costly", "too-early", "too-far"];

/// Value of a shared industry by length of the shared code (GB/T 4754: division, group, class; a shared section says too little).
pub const INDUSTRY_LEVELS: &[(usize, f32)] = &[(3, 0.5), (4, 0.8), (5, 1.0)];
/// Value of a shared discipline by length of the shared code (GB/T 13745).
pub const DISCIPLINE_LEVELS: &[(usize, f32)] = &[(3, 0.4), (5, 0.8), (7, 1.0)];
/// Value of a shared place by length of the shared code without its closing pairs of zeros (GB/T 2260).
pub const PLACE_LEVELS: &[(usize, f32)] = &[(2, 0.2), (4, 0.6), (6, 1.0)];

/// A search hit holds at least this share of the query's words …
pub const SEARCH_SHARE: f32 = 0.5;
/// … or this many of them, whichever is less.
pub const SEARCH_WORDS: usize = 2;
/// … and scores at least this share of the best admitted hit.
pub const SEARCH_TAIL: f32 = 0.25;
/// Facets given for each dimension.
pub const FACETS_MAX: usize = 50;
/// Phrases given in one reason.
pub const PHRASES_MAX: usize = 5;
/// A pair of characters is shown as a word when it is this much more frequent than chance.
pub const COHESION: f32 = 3.0;
/// A longer phrase loses a first or last character that stands beside its neighbour less often than this.
pub const COHESION_EDGE: f32 = 1.0;
/// Characters of a document that are read for reasons.
pub const REASON_CHARS_MAX: usize = 20_000;
/// News this many days older than the newest hit's is no longer a reason.
pub const FRESH_DAYS: i32 = 180;
/// Documents less alike than this are not near duplicates.
pub const ALIKE_MIN: f32 = 0.4;
/// Titles with fewer words than this are not compared on their own.
pub const ALIKE_TITLE_MIN: usize = 4;
