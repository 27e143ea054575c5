//! The one closed filter: lists, saved searches, eligibility and indicators all speak it.
//!
//! [`Filter::holds`] is the pure evaluator; `register` writes the same filter as SQL and a property
//! test holds the two equal. Never looks into unlisted fields. The text form, for addresses and saved
//! searches, is `all(stage=published,industry=C20,not(due_on<2026))`: `=` is, `>` at least, `<` at most, `@` refers to;
//! `public` stands alone.

use std::fmt;
use std::str::FromStr;

use base::id::RecordId;
use base::limits::{CODE_CHARS_MAX, FILTER_NODES_MAX};
use base::place::Place;

use crate::kind::{Kind, Shape, type_within};
use crate::value::{Fault, Terms};

/// A condition on a record.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// The listed field has this value, or a descendant of this code.
    Is(String, String),
    /// The listed field's key text is at least this.
    AtLeast(String, String),
    /// The listed field's key text is at most this.
    AtMost(String, String),
    /// The type is this one or below it.
    Type(String),
    /// The stage is this one.
    Stage(String),
    /// The place is this one or below it.
    Place(Place),
    /// Everyone may read it.
    Public,
    /// The owner is this record.
    Owner(RecordId),
    /// The field refers to this record.
    Refers(String, RecordId),
    /// All hold.
    All(Vec<Filter>),
    /// One holds.
    Any(Vec<Filter>),
    /// It does not hold.
    Not(Box<Filter>),
}

/// What a filter looks at in a record.
#[derive(Clone, Copy, Debug)]
pub struct FilterRow<'r> {
    /// Type path.
    pub type_path: &'r str,
    /// Stage.
    pub stage: &'r str,
    /// Where it belongs.
    pub place: Option<&'r Place>,
    /// Whether everyone may read it.
    pub public: bool,
    /// Its owner.
    pub owner: Option<RecordId>,
    /// Key texts of listed fields with those of ancestors, as [`crate::value::keys`] makes them.
    pub keys: &'r [(String, String)],
    /// Reference fields and what they refer to.
    pub refers: &'r [(String, RecordId)],
}

impl Filter {
    /// Whether the record meets the filter. `all()` always holds, `any()` never; a bound holds if one key
    /// of the field is within it.
    pub fn holds(&self, row: &FilterRow<'_>) -> bool {
        let some_key = |field: &str, fits: &dyn Fn(&str) -> bool| {
            row.keys.iter().any(|(name, key)| name == field && fits(key))
        };
        match self {
            Filter::Is(field, value) => some_key(field, &|key| key == value),
            Filter::AtLeast(field, value) => some_key(field, &|key| key >= value.as_str()),
            Filter::AtMost(field, value) => some_key(field, &|key| key <= value.as_str()),
            Filter::Type(path) => type_within(row.type_path, path),
            Filter::Stage(stage) => row.stage == stage,
            Filter::Place(place) => row.place.is_some_and(|own| own.within(place)),
            Filter::Public => row.public,
            Filter::Owner(owner) => row.owner == Some(*owner),
            Filter::Refers(field, id) => row.refers.iter().any(|(name, to)| name == field && to == id),
            Filter::All(parts) => parts.iter().all(|part| part.holds(row)),
            Filter::Any(parts) => parts.iter().any(|part| part.holds(row)),
            Filter::Not(part) => !part.holds(row),
        }
    }

    /// Conditions and joints in it; at most [`FILTER_NODES_MAX`] are accepted.
    pub fn nodes(&self) -> usize {
        match self {
            Filter::All(parts) | Filter::Any(parts) => 1 + parts.iter().map(Filter::nodes).sum::<usize>(),
            Filter::Not(part) => 1 + part.nodes(),
            _ => 1,
        }
    }

    /// Whether the kind can answer it: its fields are listed, its types and stages exist, bounds stand on
    /// values that have an order, and it is not too large.
    pub fn validate(&self, kind: &Kind) -> Result<(), Fault> {
        if self.nodes() > FILTER_NODES_MAX {
            return Err(too_large());
        }
        self.check(kind)
    }

    /// The same with values as people type them made into key texts, which is what lists compare; a value of a
    /// field that is `lost` stays as it is.
    pub(crate) fn keyed(
        self,
        kind: &Kind,
        terms: &Terms<'_>,
        lost: &dyn Fn(&str) -> bool,
    ) -> Result<Filter, Fault> {
        let key = |name: &str, typed: String| match kind.field(name) {
            Some(field) if !lost(name) => {
                let keys = crate::value::keys(field, &crate::value::parse(field, terms, &typed)?, terms);
                keys.into_iter().next().ok_or_else(|| Fault::new(name, "required").with("text", typed))
            }
            _ => Ok(typed),
        };
        let all = |parts: Vec<Filter>| -> Result<Vec<Filter>, Fault> {
            parts.into_iter().map(|part| part.keyed(kind, terms, lost)).collect()
        };
        Ok(match self {
            Filter::Is(name, value) => key(&name, value).map(|value| Filter::Is(name, value))?,
            Filter::AtLeast(name, value) => key(&name, value).map(|value| Filter::AtLeast(name, value))?,
            Filter::AtMost(name, value) => key(&name, value).map(|value| Filter::AtMost(name, value))?,
            Filter::All(parts) => Filter::All(all(parts)?),
            Filter::Any(parts) => Filter::Any(all(parts)?),
            Filter::Not(part) => Filter::Not(Box::new(part.keyed(kind, terms, lost)?)),
            other => other,
        })
    }

    fn check(&self, kind: &Kind) -> Result<(), Fault> {
        let has =
            |name: &str, fits: fn(&Shape) -> bool| kind.field(name).is_some_and(|field| fits(&field.shape));
        let listed = |name: &str| kind.field(name).is_some_and(|field| field.list);
        let (name, fits) = match self {
            Filter::All(parts) | Filter::Any(parts) => {
                return parts.iter().try_for_each(|part| part.check(kind));
            }
            Filter::Not(part) => return part.check(kind),
            Filter::Is(name, _) => (name.as_str(), listed(name)),
            Filter::AtLeast(name, _) | Filter::AtMost(name, _) => {
                (name.as_str(), listed(name) && has(name, is_ordered))
            }
            Filter::Refers(name, _) => {
                (name.as_str(), has(name, |shape| matches!(shape, Shape::Reference(_))))
            }
            Filter::Type(path) => ("type", kind.type_of(path).is_some()),
            Filter::Stage(stage) => ("stage", kind.stage(stage).is_some()),
            Filter::Place(_) | Filter::Public | Filter::Owner(_) => return Ok(()),
        };
        if fits { Ok(()) } else { Err(Fault::new(name, "filter-field").with("name", name)) }
    }
}

fn too_large() -> Fault {
    Fault::new("", "filter-large").with("max", FILTER_NODES_MAX)
}

fn is_ordered(shape: &Shape) -> bool {
    matches!(shape, Shape::Integer | Shape::Day | Shape::Money | Shape::Quantity | Shape::Line)
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Filter::Is(field, value) => write!(f, "{}={}", escape(field), escape(value)),
            Filter::AtLeast(field, value) => write!(f, "{}>{}", escape(field), escape(value)),
            Filter::AtMost(field, value) => write!(f, "{}<{}", escape(field), escape(value)),
            Filter::Type(path) => write!(f, "type={}", escape(path)),
            Filter::Stage(stage) => write!(f, "stage={}", escape(stage)),
            Filter::Place(place) => write!(f, "place={}", escape(&place.to_string())),
            Filter::Public => f.write_str(PUBLIC),
            Filter::Owner(owner) => write!(f, "owner={owner}"),
            Filter::Refers(field, id) => write!(f, "{}@{id}", escape(field)),
            Filter::All(parts) => write_parts(f, "all", parts),
            Filter::Any(parts) => write_parts(f, "any", parts),
            Filter::Not(part) => write!(f, "not({part})"),
        }
    }
}

fn write_parts(f: &mut fmt::Formatter<'_>, word: &str, parts: &[Filter]) -> fmt::Result {
    write!(f, "{word}(")?;
    for (at, part) in parts.iter().enumerate() {
        let comma = if at > 0 { "," } else { "" };
        write!(f, "{comma}{part}")?;
    }
    f.write_str(")")
}

/// The text form of [`Filter::Public`], the one condition without a value.
const PUBLIC: &str = "public";

/// Characters that mean something in the text form; all are ASCII.
const MARKS: &str = "%(),=<>@";

fn escape(text: &str) -> String {
    let mut made = String::with_capacity(text.len());
    for c in text.chars() {
        match MARKS.contains(c) {
            true => made.push_str(&format!("%{:02X}", u32::from(c))),
            false => made.push(c),
        }
    }
    made
}

fn unescape(text: &str) -> Option<String> {
    let mut parts = text.split('%');
    let mut made = parts.next()?.to_owned();
    for part in parts {
        let code = u8::from_str_radix(part.get(..2)?, 16).ok()?;
        made.push(char::from(code));
        made.push_str(part.get(2..)?);
    }
    Some(made)
}

impl FromStr for Filter {
    type Err = Fault;

    /// Reads the text form; `filter-form` where it is none, `filter-large` where it has too many conditions.
    fn from_str(text: &str) -> Result<Filter, Fault> {
        if text.matches(['(', ',']).count() > 2 * FILTER_NODES_MAX {
            return Err(too_large());
        }
        match read(text) {
            Some((filter, "")) if filter.nodes() <= FILTER_NODES_MAX => Ok(filter),
            Some((_, "")) => Err(too_large()),
            _ => {
                let quoted: String = text.chars().take(CODE_CHARS_MAX).collect();
                Err(Fault::new("", "filter-form").with("text", quoted))
            }
        }
    }
}

/// One filter at the beginning of a text, and the rest. Depth is bounded by the count of brackets.
fn read(text: &str) -> Option<(Filter, &str)> {
    if let Some(rest) = text.strip_prefix("not(") {
        let (part, rest) = read(rest)?;
        return Some((Filter::Not(Box::new(part)), rest.strip_prefix(')')?));
    }
    for (word, join) in [("all(", Filter::All as fn(Vec<Filter>) -> Filter), ("any(", Filter::Any)] {
        if let Some(rest) = text.strip_prefix(word) {
            let (parts, rest) = read_parts(rest)?;
            return Some((join(parts), rest));
        }
    }
    let (condition, rest) = text.split_at_checked(text.find([',', ')']).unwrap_or(text.len()))?;
    Some((read_condition(condition)?, rest))
}

fn read_parts(mut text: &str) -> Option<(Vec<Filter>, &str)> {
    let mut parts = Vec::new();
    if let Some(rest) = text.strip_prefix(')') {
        return Some((parts, rest));
    }
    loop {
        let (part, rest) = read(text)?;
        parts.push(part);
        match rest.strip_prefix(',') {
            Some(rest) => text = rest,
            None => return Some((parts, rest.strip_prefix(')')?)),
        }
    }
}

fn read_condition(text: &str) -> Option<Filter> {
    if text == PUBLIC {
        return Some(Filter::Public);
    }
    let (name, value) = text.split_at_checked(text.find(['=', '<', '>', '@'])?)?;
    let mark = value.chars().next()?;
    let (name, value) = (unescape(name)?, unescape(value.get(1..)?)?);
    match (mark, name.as_str()) {
        (_, "") => None,
        ('=', "type") => Some(Filter::Type(value)),
        ('=', "stage") => Some(Filter::Stage(value)),
        ('=', "place") => Some(Filter::Place(Place::parse(&value).ok()?)),
        ('=', "owner") => Some(Filter::Owner(value.parse().ok()?)),
        ('=', _) => Some(Filter::Is(name, value)),
        ('>', _) => Some(Filter::AtLeast(name, value)),
        ('<', _) => Some(Filter::AtMost(name, value)),
        _ => Some(Filter::Refers(name, value.parse().ok()?)),
    }
}
