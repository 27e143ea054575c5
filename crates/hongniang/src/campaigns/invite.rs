//! Calling on firms: a draft for each, filled in from the register, and the links that leave once as a spreadsheet.
//!
//! Only digests of links are kept: who lost the sheet makes new links, and the old ones end. Start at [`invite`].

use std::collections::BTreeSet;

use base::id::RecordId;
use catalogue::{Asker, Fields, Filter};
use register::{Find, Key, New, Reader, Record, Writer};
use serde_json::{Value, json};

use super::progress::{Called, called, oversees};
use crate::collect::firm;
use crate::fields::{demand, organization};
use crate::records::key_at;
use crate::signin::{self, LINK_DAYS};
use crate::trouble::Trouble;
use crate::visit::Visit;

/// Firms called on by one press at most.
pub const INVITED_MAX: usize = 500;
/// Characters of a heading.
const TITLE_CHARS: usize = 80;
/// What a draft takes over from the firm's record.
const CARRIED: [(&str, &str); 6] = [
    (organization::TITLE, demand::FIRM_NAME),
    (organization::CREDIT_CODE, demand::CREDIT_CODE),
    (organization::CONTACT_NAME, demand::CONTACT_NAME),
    (organization::CONTACT_PHONE, demand::CONTACT_PHONE),
    (organization::CONTACT_EMAIL, demand::CONTACT_EMAIL),
    (organization::INDUSTRY, demand::INDUSTRY),
];

/// Whom to call on, as an officer said it.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Credit codes, numbers or exact names, one a line.
    pub lines: Vec<String>,
    /// All firms of this place.
    pub place: Option<base::place::Place>,
    /// Of them those with this label.
    pub label: String,
}

/// The firms that are meant, and the lines that lead to none.
pub fn meant(
    visit: &Visit,
    reader: &Reader<'_>,
    wanted: &Wanted,
) -> Result<(Vec<RecordId>, Vec<String>), Trouble> {
    let asker = visit.asker();
    let (mut firms, mut unknown) = (Vec::new(), Vec::new());
    for line in &wanted.lines {
        match by_line(visit, reader, &asker, line)? {
            Some(id) => firms.push(id),
            None => unknown.push(line.clone()),
        }
    }
    if let Some(place) = &wanted.place {
        let mut filters = vec![Filter::Type(organization::FIRM.into()), Filter::Place(place.clone())];
        if !wanted.label.is_empty() {
            filters.push(Filter::Is(organization::LABELS.into(), wanted.label.clone()));
        }
        let mut find =
            Find::kind(organization::KIND).filter(Filter::All(filters)).first(base::limits::PAGE_ROWS_MAX);
        loop {
            let page = reader.list(&asker, &find)?;
            // What sources tell and what has left the lists is nobody to call on.
            let open = |stage: &str| matches!(stage, "proposed" | "listed" | "preparing");
            firms.extend(page.items.iter().filter(|item| open(&item.stage)).map(|item| item.id));
            match page.next.filter(|_| firms.len() < INVITED_MAX) {
                Some(next) => find = find.after(Some(next)),
                None => break,
            }
        }
    }
    let mut seen = BTreeSet::new();
    firms.retain(|id| seen.insert(*id));
    firms.truncate(INVITED_MAX);
    Ok((firms, unknown))
}

/// One firm by credit code, number or exact name.
fn by_line(
    visit: &Visit,
    reader: &Reader<'_>,
    asker: &Asker,
    line: &str,
) -> Result<Option<RecordId>, Trouble> {
    let kind = visit.app.register().catalogue().kind(organization::KIND).ok_or(Trouble::NotFound)?;
    if let Ok(code) = base::credit::CreditCode::parse(line) {
        let filter = Filter::Is(organization::CREDIT_CODE.into(), code.to_string());
        let found = reader.list(asker, &Find::kind(organization::KIND).filter(filter).first(1))?;
        if let Some(item) = found.items.into_iter().next() {
            return Ok(Some(item.id));
        }
    }
    if let Ok(key) = key_at(kind, line)
        && let Ok(item) = reader.seen(asker, &key)
    {
        return Ok(Some(item.id));
    }
    Ok(reader.titled(asker, organization::KIND, line)?.map(|item| item.id))
}

/// What became of an invitation.
#[derive(Clone, Copy, Debug, Default)]
pub struct Invited {
    /// Called on now.
    pub new: usize,
    /// Called on before.
    pub before: usize,
    /// Out of the officer's region.
    pub outside: usize,
}

/// Calls on firms: a draft for each that was not called on before. Titles are the campaign's until the firm writes its own.
pub fn invite(
    writer: &mut Writer<'_>,
    me: &Asker,
    campaign: &Record,
    firms: &[RecordId],
) -> register::Result<Invited> {
    let before = called(writer, me, campaign.item.id)
        .map_err(|trouble| register::Fault::Storage(format!("{trouble:?}")))?;
    let before: BTreeSet<RecordId> = before.into_iter().map(|called| called.firm).collect();
    let mut invited = Invited::default();
    for id in firms {
        let found = writer.find(me, &Key::Id(*id))?;
        if before.contains(id) {
            invited.before += 1;
        } else if !oversees(me, found.item.place.as_ref()) || !firm::reaches(me, found.item.place.as_ref()) {
            invited.outside += 1;
        } else {
            call(writer, me, campaign, &found)?;
            invited.new += 1;
        }
    }
    Ok(invited)
}

/// Calls on one firm that was not called on before.
pub fn call_on(
    writer: &mut Writer<'_>,
    me: &Asker,
    campaign: &Record,
    firm: RecordId,
) -> register::Result<Record> {
    let found = writer.find(me, &Key::Id(firm))?;
    call(writer, me, campaign, &found)
}

/// The draft of one firm, owned by it.
fn call(
    writer: &mut Writer<'_>,
    me: &Asker,
    campaign: &Record,
    firm_found: &Record,
) -> register::Result<Record> {
    let id = firm_found.item.id;
    let mut fields = Fields::new();
    for (from, to) in CARRIED {
        if let Some(value) = firm_found.fields.get(from) {
            fields.insert(to.to_owned(), value.clone());
        }
    }
    let title: String =
        format!("{} · {}", campaign.item.title, firm_found.item.title).chars().take(TITLE_CHARS).collect();
    fields.insert(demand::TITLE.into(), json!(title));
    if let Some(place) = &firm_found.item.place {
        fields.insert(demand::PLACE.into(), json!(place.to_string()));
    }
    fields.insert(demand::CAMPAIGN.into(), json!(campaign.item.id.to_string()));
    fields.insert(demand::INTAKE.into(), json!("online"));
    fields.insert(demand::ORGANIZATION.into(), json!(id.to_string()));
    let contact = fields.get(demand::CONTACT_NAME).and_then(Value::as_str).unwrap_or(&firm_found.item.title);
    fields.insert(demand::FILLED_BY.into(), json!(contact));
    let standing = firm::stand_in(me, id);
    let kind = writer.catalogue().kind(demand::KIND).ok_or(register::Fault::NotFound)?;
    let type_path = kind.types.first().map(|of| of.path.clone()).unwrap_or_default();
    let new = New { kind: demand::KIND.to_owned(), type_path, fields, owner: Some(id), ..New::default() };
    let made = writer.create(&standing, new)?;
    writer.make(&standing, &Key::Row(made.item.row), None, demand::CALL, &Fields::new(), 0)
}

/// Makes a fresh link for each firm that has not answered; the ones before end. With a reminder, its day is noted.
pub fn links(
    writer: &mut Writer<'_>,
    me: &Asker,
    waiting: &[(Called, [u8; 32])],
    remind: bool,
) -> register::Result<()> {
    let today = writer.today().to_string();
    for (called, digest) in waiting {
        let person = firm::filler(writer, called.firm, called.text(demand::FILLED_BY))?;
        let id = called.record.item.id;
        if remind {
            let mut given = Fields::new();
            given.insert(demand::REMINDED.into(), json!(today));
            // The link that was opened ends now; that it was opened stays known.
            if called.opened {
                given.insert(demand::OPENED.into(), json!(today));
            }
            writer.make(me, &Key::Id(id), None, demand::REMIND, &given, 0)?;
        }
        writer.end_links(id)?;
        signin::make_link(writer, *digest, person, Some(id), LINK_DAYS)?;
    }
    Ok(())
}
