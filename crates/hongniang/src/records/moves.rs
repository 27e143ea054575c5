//! Making a move: the slow facts are gathered first against a stated version, then the register decides and writes.

use catalogue::Fields;
use catalogue::step::Guard;
use register::{Key, Record};

use crate::trouble::Trouble;
use crate::visit::Visit;

/// Makes a move on a record as the visitor. `version` is the one the visitor had in hand.
pub async fn make(
    visit: &Visit,
    record: &Record,
    version: Option<u64>,
    name: &str,
    given: Fields,
) -> Result<Record, Trouble> {
    let kind = visit.app.register().catalogue().kind(&record.item.kind).ok_or(Trouble::NotFound)?;
    let asks = kind.moves.iter().any(|mv| mv.name == name && mv.when.contains(&Guard::NotDuplicate));
    let duplicates = if asks { crate::search::duplicates(&visit.app, record) } else { 0 };
    // Duplicates were counted against this version: if it has gone, the guard must be asked again.
    let version = version.or(asks.then_some(record.item.version));
    let (asker, key, name) = (visit.asker(), Key::Row(record.item.row), name.to_owned());
    let made =
        visit.app.write(move |writer| writer.make(&asker, &key, version, &name, &given, duplicates)).await?;
    Ok(made.value)
}
