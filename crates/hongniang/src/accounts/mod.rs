//! People who have an account: who they are, which roles they hold and since when, who invited them.
//!
//! Nobody gives more than they hold; every role given or taken is recorded. What may be given stands in
//! `catalogue::offices`, and the register asks it. Start at [`desk::list`].

pub mod desk;
pub mod invite;
pub mod leave;
pub mod members;
pub mod one;

use base::id::RecordId;
use base::place::Place;
use catalogue::{Asker, Over, Role, RoleGrant};
use register::{HeldRole, Key, Reader};

use crate::fields::organization;
use crate::records::draft::Draft;
use crate::records::key_at;
use crate::signin::house;
use crate::trouble::Trouble;
use crate::view::{FieldView, Link, Widget};
use crate::visit::{Visit, role_key};

/// Days an invitation works.
pub const INVITATION_DAYS: i64 = 7;

/// The row an address names.
pub fn row_of(text: &str) -> Result<i64, Trouble> {
    text.parse().map_err(|_| Trouble::NotFound)
}

/// Who looks after accounts: the steward, officers, and administrators of organisations.
pub fn must_look_after(visit: &Visit) -> Result<Asker, Trouble> {
    let me = visit.must_sign_in()?;
    let looks = |held: &RoleGrant| matches!(held.role, Role::Steward | Role::Officer | Role::Admin);
    match me.roles.iter().any(looks) {
        true => Ok(me),
        false => Err(Trouble::Register(register::Fault::NotAllowed)),
    }
}

/// Whether an account with these roles is within what the asker looks after.
pub fn sees(reader: &Reader<'_>, me: &Asker, roles: &[HeldRole]) -> Result<bool, Trouble> {
    if me.roles.iter().any(|held| held.role == Role::Steward) {
        return Ok(true);
    }
    for held in roles {
        if reader.may_give(me, &held.grant)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A role with its extent, in words.
pub fn role_words(visit: &Visit, reader: &Reader<'_>, grant: &RoleGrant) -> String {
    let over = match &grant.over {
        Over::Node => visit.t("people.everywhere").to_owned(),
        Over::Place(place) => crate::records::faces::place_name(place, visit.lang),
        Over::Organization(id) => heading(reader, *id),
    };
    format!("{over} · {}", visit.t(role_key(grant.role)))
}

/// The heading of a record, whoever asks: of people and organisations that stand in the list of accounts.
pub fn heading(reader: &Reader<'_>, id: RecordId) -> String {
    reader.seen(&house(), &Key::Id(id)).map(|item| item.title).unwrap_or_default()
}

/// A cell of plain text.
pub fn cell(text: impl Into<String>) -> Link {
    Link { href: String::new(), label: text.into(), current: false }
}

/// One line of a form.
pub fn line(visit: &Visit, draft: &Draft, name: &str, key: &str, required: bool) -> FieldView {
    let help = format!("{key}-help");
    FieldView {
        name: name.to_owned(),
        label: visit.t(key).to_owned(),
        help: if visit.texts().has(&help) { visit.t(&help).to_owned() } else { String::new() },
        ask: String::new(),
        question: String::new(),
        required,
        max: None,
        faults: Vec::new(),
        widget: Widget::Line { value: draft.one(name).to_owned(), kind: "text", list: Vec::new() },
    }
}

/// What a form for giving a role asks: the role and what it extends over.
pub fn role_fields(visit: &Visit, me: &Asker, draft: &Draft) -> Vec<FieldView> {
    let chosen = draft.one("role").to_owned();
    let options = Role::NAMES
        .iter()
        .filter(|(_, role)| may_ever_give(me, *role))
        .map(|(name, role)| ((*name).to_owned(), visit.t(role_key(*role)).to_owned(), *name == chosen));
    let choice = FieldView {
        widget: Widget::Choice { options: options.collect(), many: false },
        ..line(visit, draft, "role", "people.role", true)
    };
    vec![
        choice,
        line(visit, draft, "place", "people.place", false),
        line(visit, draft, "organization", "people.organization", false),
    ]
}

fn may_ever_give(me: &Asker, role: Role) -> bool {
    me.roles.iter().any(|held| match held.role {
        Role::Steward => true,
        Role::Officer => role != Role::Steward,
        Role::Admin => role.is_of_organizations(),
        _ => false,
    })
}

/// The role a form asks to give, with what it extends over; faults say which line to mend.
pub fn role_of(reader: &Reader<'_>, me: &Asker, draft: &Draft) -> Result<RoleGrant, Trouble> {
    let fault = |field: &'static str, code| Trouble::Invalid(vec![catalogue::Fault::new(field, code)]);
    let named = Role::NAMES.iter().find(|(name, _)| *name == draft.one("role").trim());
    let role = named.map(|(_, role)| *role).ok_or_else(|| fault("role", "required"))?;
    let (place, unit) = (draft.one("place").trim(), draft.one("organization").trim());
    let over = match (role.is_of_organizations(), place, unit) {
        (true, _, "") => return Err(fault("organization", "required")),
        (true, _, unit) => {
            let kind = reader.catalogue().kind(organization::KIND).ok_or(Trouble::NotFound)?;
            let key = key_at(kind, unit).map_err(|_| fault("organization", "reference-unknown"))?;
            let item = reader.seen(&house(), &key).map_err(|_| fault("organization", "reference-unknown"))?;
            Over::Organization(item.id)
        }
        (false, "", _) => Over::Node,
        (false, place, _) => Over::Place(Place::parse(place).map_err(|_| {
            Trouble::Invalid(vec![catalogue::Fault::new("place", "place-unknown").with("text", place)])
        })?),
    };
    let grant = RoleGrant { role, over };
    match reader.may_give(me, &grant)? {
        true => Ok(grant),
        false => Err(fault("role", "role-beyond")),
    }
}

/// Faults of a form's lines, in words.
pub fn fault_lines(visit: &Visit, trouble: &Trouble) -> Vec<crate::view::FaultLine> {
    let label = |name: &str| {
        let key = format!("people.{name}");
        if visit.texts().has(&key) { visit.t(&key).to_owned() } else { name.to_owned() }
    };
    let line = |fault: &catalogue::Fault| crate::view::FaultLine {
        id: fault.field.clone(),
        label: label(&fault.field),
        text: crate::problem::sentence(visit.texts(), fault),
    };
    trouble.faults().iter().map(line).collect()
}

/// The trouble itself, unless it is one a form can show.
pub fn shown_in_form(trouble: Trouble) -> Result<Trouble, Trouble> {
    match trouble.faults().is_empty() && trouble.telling().code != "claimed" {
        true => Err(trouble),
        false => Ok(trouble),
    }
}
