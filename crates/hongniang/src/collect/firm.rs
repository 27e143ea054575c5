//! The firm a demand is entered for: found in the register or filed, and the person who fills it in for the firm.
//!
//! Who enters something for a firm acts for it where their office reaches, and the record says so. Never makes a
//! password: the person comes by personal link. Start at [`Standin`].

use base::id::RecordId;
use base::place::Place;
use catalogue::{Asker, Fields, Filter, Over, Role, RoleGrant};
use register::{Find, New, Writer};
use serde_json::json;

use crate::fields::{organization, person};
use crate::records::once;
use crate::signin;

/// Roles that may enter something for a firm of their region.
const MAY: [Role; 3] = [Role::Officer, Role::Liaison, Role::Broker];

/// Whether the asker's office reaches a place.
pub fn reaches(asker: &Asker, place: Option<&Place>) -> bool {
    asker.roles.iter().filter(|held| MAY.contains(&held.role)).any(|held| match &held.over {
        Over::Node => true,
        Over::Place(over) => place.is_some_and(|place| place.within(over)),
        Over::Organization(_) => false,
    })
}

/// Whether the asker may enter something for firms anywhere.
pub fn enters(asker: &Asker) -> bool {
    asker.roles.iter().any(|held| MAY.contains(&held.role))
}

/// Someone who acts for a firm: as themselves, and as one of the firm.
pub fn stand_in(asker: &Asker, firm: RecordId) -> Asker {
    Asker { organizations: vec![firm], behalf: Some(firm), ..asker.clone() }
}

/// A firm as it was named on the telephone.
#[derive(Clone, Debug, Default)]
pub struct Named {
    /// Its record, where it was picked.
    pub picked: Option<RecordId>,
    /// Its name.
    pub name: String,
    /// Its credit code.
    pub credit: String,
    /// Where it is.
    pub place: Option<Place>,
}

/// The firm in the register: as picked, by its credit code, by its exact name, or filed now.
pub fn find_or_file(writer: &mut Writer<'_>, me: &Asker, named: &Named) -> register::Result<RecordId> {
    if let Some(id) = named.picked {
        return Ok(id);
    }
    if !named.credit.is_empty() {
        let filter = Filter::Is(organization::CREDIT_CODE.into(), named.credit.clone());
        let find = Find::kind(organization::KIND).filter(filter).first(1);
        if let Some(item) = writer.list(me, &find)?.items.into_iter().next() {
            return Ok(item.id);
        }
    }
    if let Some(item) = writer.titled(me, organization::KIND, &named.name)? {
        return Ok(item.id);
    }
    let mut fields = Fields::new();
    fields.insert(organization::TITLE.into(), json!(named.name));
    if !named.credit.is_empty() {
        fields.insert(organization::CREDIT_CODE.into(), json!(named.credit));
    }
    if let Some(place) = &named.place {
        fields.insert(organization::PLACE.into(), json!(place.to_string()));
    }
    let (kind, type_path) = (organization::KIND.to_owned(), organization::FIRM.to_owned());
    Ok(writer.create(me, New { kind, type_path, fields, ..New::default() })?.item.id)
}

/// The person who fills something in for a firm: a private contact record, and an account without a password whose
/// only door is the personal link.
pub fn filler(writer: &mut Writer<'_>, firm: RecordId, name: &str) -> register::Result<RecordId> {
    let id = once::named(firm, name);
    let account = format!("link-{id}");
    if let Some(account) = writer.account_by_name(&account)? {
        return Ok(account.person);
    }
    let person = signin::file_person_as(writer, Some(id), name, person::CONTACT, None)?;
    let account = writer.create_account(&account, None, person)?;
    let held = RoleGrant { role: Role::Member, over: Over::Organization(firm) };
    writer.give(account.row, held.role, &held.over)?;
    Ok(person)
}
