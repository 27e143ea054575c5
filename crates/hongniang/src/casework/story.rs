//! 写成典型案例: the way from a case that is done to a story filled in from it.
//!
//! Offered where an outcome of grade A or B rests on the case or on its demand. Writes nothing. Start at [`offered`].

use base::id::RecordId;
use catalogue::kind::reference;
use catalogue::{Fields, Filter, Kind, Standing};
use register::{Item, Key, Order, Reader, Record};
use serde_json::Value;

use crate::fields::{case, demand, organization, outcome, story};
use crate::problem::encode_query;
use crate::records::may_create;
use crate::sides;
use crate::trouble::Trouble;
use crate::view::Link;
use crate::visit::Visit;

/// Outcomes carried into a story at most.
const OUTCOMES_MAX: usize = 20;
/// Characters of a text carried in an address; a longer one is left to be told anew.
const CARRIED_CHARS: usize = 600;

/// The way to a new story, for who may write one, from a case that is done and proven.
pub fn offered(
    visit: &Visit,
    reader: &Reader<'_>,
    kind: &Kind,
    record: &Record,
) -> Result<Option<Link>, Trouble> {
    let stories = visit.app.register().catalogue().kind(story::KIND);
    let works = kind.name == case::KIND
        && record.item.stage == case::DONE
        && record.access.standing != Standing::Anyone;
    let Some(stories) = stories.filter(|stories| works && may_create(stories, &visit.asker())) else {
        return Ok(None);
    };
    let outcomes = proven(visit, reader, record)?;
    if outcomes.is_empty() {
        return Ok(None);
    }
    let pairs = filled(visit, reader, record, &outcomes)?;
    let query: Vec<String> =
        pairs.iter().map(|(name, text)| format!("{name}={}", encode_query(text))).collect();
    Ok(Some(visit.link(&format!("/{}/new?{}", stories.path, query.join("&")), visit.t("story.write"))))
}

/// Listed outcomes of grade A or B that name the case, or the demand it is about.
fn proven(visit: &Visit, reader: &Reader<'_>, record: &Record) -> Result<Vec<Item>, Trouble> {
    let mut of = vec![Filter::Refers(outcome::CASE.to_owned(), record.item.id)];
    let about = record.fields.get(case::DEMAND).and_then(reference);
    of.extend(about.map(|id| Filter::Refers(outcome::DEMAND.to_owned(), id)));
    let grade = |grade: &str| Filter::Is(outcome::EVIDENCE.to_owned(), grade.to_owned());
    let filter = Filter::All(vec![
        Filter::Stage(outcome::LISTED.to_owned()),
        Filter::Any(outcome::PROVEN.map(grade).into()),
        Filter::Any(of),
    ]);
    sides::some(visit, reader, (outcome::KIND, filter), Order::Newest, OUTCOMES_MAX)
}

/// What is known already, so that nobody types it again.
fn filled(
    visit: &Visit,
    reader: &Reader<'_>,
    record: &Record,
    outcomes: &[Item],
) -> Result<Vec<(String, String)>, Trouble> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    let mut put = |name: &str, text: String| {
        if !text.is_empty() && text.chars().count() <= CARRIED_CHARS {
            pairs.push((name.to_owned(), text));
        }
    };
    put(story::TITLE, record.item.title.clone());
    put(story::CASES, record.item.id.to_string());
    put(story::PLACE, record.item.place.as_ref().map(ToString::to_string).unwrap_or_default());
    if let Some(party) =
        seen(visit, reader, &record.fields, case::PARTY).filter(|of| of.item.kind == organization::KIND)
    {
        put(story::PARTY, party.item.id.to_string());
    }
    if let Some(about) = seen(visit, reader, &record.fields, case::DEMAND) {
        put(story::PROBLEM, sides::text(&about.fields, demand::PROBLEM));
        for code in about.fields.get(demand::INDUSTRY).and_then(Value::as_array).into_iter().flatten() {
            put(story::INDUSTRY, code.as_str().unwrap_or_default().to_owned());
        }
    }
    for outcome in outcomes {
        put(story::OUTCOMES, outcome.id.to_string());
    }
    let told: Vec<&str> = outcomes.iter().map(|outcome| outcome.title.as_str()).collect();
    put(story::RESULTS, told.join("\n"));
    Ok(pairs)
}

/// What a field refers to, where the visitor may read it.
fn seen(visit: &Visit, reader: &Reader<'_>, fields: &Fields, name: &str) -> Option<Record> {
    let id: RecordId = fields.get(name).and_then(reference)?;
    reader.find(&visit.asker(), &Key::Id(id)).ok()
}
