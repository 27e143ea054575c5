//! A unit or a person by what was written on paper: a credit code, an exact name, else those that come near.
//!
//! Never guesses: what leads to several, or to none, is asked back. Start at [`unit`].

use base::id::RecordId;
use base::place::Place;
use catalogue::{Asker, Filter, Over};
use register::{Find, Item, Reader};

use crate::fields::{organization, person};
use crate::trouble::Trouble;
use crate::visit::Visit;

/// Units that come near, offered to choose from.
const NEAR: usize = 6;

/// What a written name leads to.
pub enum Unit {
    /// This one.
    Known(RecordId, String),
    /// One of these, perhaps; none where nothing comes near.
    Near(Vec<Item>),
}

/// The unit of a credit code or a name.
pub fn unit(visit: &Visit, reader: &Reader<'_>, written: &str) -> Result<Unit, Trouble> {
    let (asker, written) = (visit.asker(), written.trim());
    if let Ok(code) = base::credit::CreditCode::parse(written) {
        let filter = Filter::Is(organization::CREDIT_CODE.into(), code.to_string());
        let found = reader.list(&asker, &Find::kind(organization::KIND).filter(filter).first(1))?;
        if let Some(item) = found.items.into_iter().next() {
            return Ok(Unit::Known(item.id, item.title));
        }
    }
    if let Some(item) = reader.titled(&asker, organization::KIND, written)? {
        return Ok(Unit::Known(item.id, item.title));
    }
    let kinds = [organization::KIND.to_owned()];
    Ok(Unit::Near(crate::search::items(visit, reader, written, &kinds, NEAR)?))
}

/// The person of exactly this name.
pub fn someone(visit: &Visit, reader: &Reader<'_>, written: &str) -> Result<Option<RecordId>, Trouble> {
    Ok(reader.titled(&visit.asker(), person::KIND, written.trim())?.map(|item| item.id))
}

/// Names written one after another: by commas, by the Chinese pause mark, by blanks between lines.
pub fn several(written: &str) -> Vec<String> {
    let marks: &[char] = &['、', ',', '，', ';', '；', '\n'];
    written.split(marks).map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
}

/// The place the asker's office is over, where they hold one.
pub fn office_place(asker: &Asker) -> Option<Place> {
    asker.roles.iter().find_map(|held| match &held.over {
        Over::Place(place) => Some(place.clone()),
        _ => None,
    })
}
