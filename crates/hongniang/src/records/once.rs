//! A form that is sent twice files one record: the token it carries decides the record's id beforehand.
//!
//! The token is drawn when the form is shown and bound to who sends it, so nobody can take the id of another's record.
//! Start at [`token`] and [`id_of`].

use base::id::RecordId;
use register::{Fault, Key, New, Record, Writer};

use super::draft::Draft;
use crate::visit::Visit;

/// The hidden input.
pub const TOKEN: &str = "token";
/// Characters of a token's chance at least.
const CHANCE_MIN: usize = 40;

/// A fresh token: when it was drawn, and chance.
pub fn token(visit: &Visit) -> String {
    format!("{}.{}", visit.app.now().as_millisecond(), visit.app.secret())
}

/// Gives a draft a token, if it has none yet.
pub fn mark(visit: &Visit, draft: &mut Draft) {
    if draft.one(TOKEN).is_empty() {
        draft.set(TOKEN, token(visit));
    }
}

/// The id of the record that a form with this token files for this visitor; none where it carries no sound token.
pub fn id_of(visit: &Visit, draft: &Draft) -> Option<RecordId> {
    let (drawn, chance) = draft.one(TOKEN).split_once('.')?;
    let drawn: u64 = drawn.parse().ok()?;
    let now = u64::try_from(visit.app.now().as_millisecond()).unwrap_or_default();
    if chance.len() < CHANCE_MIN || drawn > now {
        return None;
    }
    let who = visit.asker().person.map(|id| id.to_string()).unwrap_or_default();
    Some(drawn_from(drawn, &format!("form:{drawn}:{chance}:{who}")))
}

/// The hidden input of a form that may have been filled in without signal: a UUID of the page's own making.
pub const ONCE: &str = "once";

/// A fresh UUID for such a form.
pub fn fresh(visit: &Visit) -> String {
    let now = u64::try_from(visit.app.now().as_millisecond()).unwrap_or_default();
    RecordId::new(now, visit.app.draw()).to_string()
}

/// The id of the record that a note with this UUID files for this visitor. A UUID that tells its time (version 7) keeps it;
/// of others the time is left at nought, so that the same note gives the same id whenever it comes.
pub fn id_of_note(visit: &Visit, draft: &Draft) -> Option<RecordId> {
    let token: RecordId = draft.one(ONCE).trim().parse().ok()?;
    let now = u64::try_from(visit.app.now().as_millisecond()).unwrap_or_default();
    let told = token.as_bytes().get(6).is_some_and(|byte| byte >> 4 == 7) && token.millis() <= now;
    let who = visit.asker().person.map(|id| id.to_string()).unwrap_or_default();
    Some(drawn_from(if told { token.millis() } else { 0 }, &format!("note:{token}:{who}")))
}

/// The id of whoever is filed together with a record, such as the poster of a draft.
pub fn beside(id: RecordId) -> RecordId {
    drawn_from(id.millis(), &format!("beside:{id}"))
}

/// The id of whoever is known to a record by a name, such as the contact of a firm.
pub fn named(id: RecordId, name: &str) -> RecordId {
    drawn_from(id.millis(), &format!("named:{id}:{}", name.trim()))
}

fn drawn_from(drawn: u64, text: &str) -> RecordId {
    let digest = crate::secret::digest(text);
    let mut random = [0; 10];
    random.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
    RecordId::new(drawn, random)
}

/// Files a record, or finds the one that the same form filed before.
pub fn create(writer: &mut Writer<'_>, me: &catalogue::Asker, new: New) -> register::Result<Record> {
    match new.id.map(|id| writer.find(me, &Key::Id(id))) {
        Some(Ok(before)) => Ok(before),
        Some(Err(Fault::NotFound)) => {
            match new.id.map(|id| writer.filed_before(me, id)).transpose()?.flatten() {
                Some(before) => Ok(before),
                None => writer.create(me, new),
            }
        }
        _ => writer.create(me, new),
    }
}
