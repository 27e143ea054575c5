//! Making a move: the slow facts are gathered first against a stated version, then the register decides and writes.

use catalogue::Fields;
use catalogue::step::Guard;
use register::{Key, Record};
use serde_json::Value;

use crate::fields::demand;
use crate::trouble::Trouble;
use crate::visit::Visit;

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

/// Makes a move on a record as the visitor. `version` is the one the visitor had in hand.
pub async fn make(
    visit: &Visit,
    record: &Record,
    version: Option<u64>,
    name: &str,
    given: Fields,
) -> Result<Record, Trouble> {
    let kind = visit.app.register().catalogue().kind(&record.item.kind).ok_or(Trouble::NotFound)?;
    let given = signed(record, name, given);
    let asks = kind.moves.iter().any(|mv| mv.name == name && mv.when.contains(&Guard::NotDuplicate));
    let duplicates = if asks { crate::search::duplicates(&visit.app, record) } else { 0 };
    // Duplicates were counted against this version: if it has gone, the guard must be asked again.
    let version = version.or(asks.then_some(record.item.version));
    let (asker, key, name) = (visit.asker(), Key::Row(record.item.row), name.to_owned());
    let made =
        visit.app.write(move |writer| writer.make(&asker, &key, version, &name, &given, duplicates)).await?;
    Ok(made.value)
}
