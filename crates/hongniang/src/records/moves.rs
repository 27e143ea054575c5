//! Making a move: the slow facts are gathered first against a stated version, then the register decides and writes.

use catalogue::step::Guard;
use catalogue::{Fields, Kind};
use register::{Key, Record, Told};
use serde_json::Value;

use crate::fields::demand;
use crate::trouble::Trouble;
use crate::visit::Visit;

/// The vocabulary of how a party told of what somebody else enters for them.
pub const TOLD_BY: &str = "told_by";
/// The remark beside it.
pub const TOLD_NOTE: &str = "told_note";
/// Characters of the remark.
const NOTE_CHARS: usize = 200;

/// Whether the visitor would make this move for its party.
pub fn is_for_party(visit: &Visit, kind: &Kind, record: &Record, name: &str) -> bool {
    super::offered(visit, kind, record).iter().any(|offer| offer.mv.name == name && offer.behalf)
}

/// How the party told of it, as it was typed; none where nothing was said. Errors: `invalid` for a word nobody knows.
pub fn told(visit: &Visit, by: &str, note: &str) -> Result<Option<Told>, Trouble> {
    let terms = visit.app.register().catalogue().vocabularies().get(TOLD_BY);
    let known = terms.is_some_and(|of| of.terms.iter().any(|term| term.code == by));
    match (by, known) {
        ("", _) => Ok(None),
        (_, false) => {
            Err(Trouble::Invalid(vec![catalogue::Fault::new(TOLD_BY, "code-unknown").with("text", by)]))
        }
        _ => Ok(Some(Told { by: by.to_owned(), note: note.trim().chars().take(NOTE_CHARS).collect() })),
    }
}

/// Under which name a demand is published follows from what was chosen: the firm's own, or none.
fn signed(record: &Record, name: &str, mut given: Fields) -> Fields {
    if record.item.kind != demand::KIND || name != demand::PUBLISH {
        return given;
    }
    given.remove(demand::PUBLIC_NAME);
    if given.get(demand::SHOWS_FIRM).and_then(Value::as_str) == Some(demand::NAMED) {
        let typed = record.fields.get(demand::FIRM_NAME).and_then(Value::as_str).map(str::to_owned);
        if let Some(firm) = typed.or_else(|| record.item.owner_title.clone()) {
            given.insert(demand::PUBLIC_NAME.into(), Value::String(firm));
        }
    }
    given
}

/// Makes a move on a record as the visitor. `version` is the one the visitor had in hand; `told` is how its party told of
/// it, where it is made for them.
pub async fn make(
    visit: &Visit,
    record: &Record,
    version: Option<u64>,
    (name, given): (&str, Fields),
    told: Option<Told>,
) -> Result<Record, Trouble> {
    let kind = visit.app.register().catalogue().kind(&record.item.kind).ok_or(Trouble::NotFound)?;
    let given = signed(record, name, given);
    let asks = kind.moves.iter().any(|mv| mv.name == name && mv.when.contains(&Guard::NotDuplicate));
    let duplicates = if asks { crate::search::duplicates(&visit.app, record) } else { 0 };
    // Duplicates were counted against this version: if it has gone, the guard must be asked again.
    let version = version.or(asks.then_some(record.item.version));
    let (asker, key, name) = (visit.asker(), Key::Row(record.item.row), name.to_owned());
    let making = move |writer: &mut register::Writer<'_>| {
        writer.make_told(&asker, &key, version, (&name, &given), duplicates, told.as_ref())
    };
    let made = visit.app.write(making).await?;
    Ok(made.value)
}
