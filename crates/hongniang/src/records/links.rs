//! The personal links of a record: who holds one, what became of it, taking it back, handing out a new one.
//!
//! Officers over the record's place see them all; whoever made one sees their own. Start at [`show`].

use askama::Template as _;
use axum::extract::Path;
use axum::response::{Html, IntoResponse, Response};
use base::id::RecordId;
use catalogue::{Asker, Kind, Over, Role};
use register::{Key, Link, LinkState, Reader, Record, Writer};

use super::edit::redirect;
use super::posted::Posted;
use super::{address, key_at, kind_at};
use crate::accounts::invite::{handed, handle, state_words};
use crate::accounts::{cell, heading};
use crate::fields::person;
use crate::signin::{self, LINK_DAYS};
use crate::trouble::Trouble;
use crate::view::{DeskButton, DeskRow, DeskTable, DeskView};
use crate::visit::Visit;

/// Whether the asker holds an office over where the record lies.
fn presides(me: &Asker, record: &Record) -> bool {
    me.roles.iter().any(|held| match (held.role, &held.over) {
        (Role::Officer | Role::Steward, Over::Node) => true,
        (Role::Officer, Over::Place(over)) => {
            record.subject.place.as_ref().is_some_and(|place| place.within(over))
        }
        _ => false,
    })
}

/// The links of a record that the asker may see.
fn seen(reader: &Reader<'_>, me: &Asker, record: &Record) -> Result<Vec<Link>, Trouble> {
    let mut links = reader.links_of(record.item.id)?;
    if !presides(me, record) {
        links.retain(|link| link.made_by.is_some() && link.made_by == me.person);
    }
    Ok(links)
}

/// The people who may be handed a link: who owns the record and who is assigned, as far as they are people without an
/// account of their own.
fn parties(reader: &Reader<'_>, record: &Record) -> Result<Vec<RecordId>, Trouble> {
    let mut found: Vec<RecordId> = Vec::new();
    for id in record.subject.owner.iter().chain(&record.subject.assigned) {
        let item = reader.seen(&signin::house(), &Key::Id(*id)).ok();
        let owned = record.subject.owner == Some(*id)
            && reader.links_of(record.item.id)?.iter().any(|l| l.person == *id);
        let is_person = item.is_some_and(|item| item.kind == person::KIND) || owned;
        if is_person && !found.contains(id) && reader.accounts_of(*id)?.is_empty() {
            found.push(*id);
        }
    }
    Ok(found)
}

/// Whether the page of a record leads to its links.
pub fn offered(reader: &Reader<'_>, me: &Asker, record: &Record) -> Result<bool, Trouble> {
    if me.person.is_none() || me.only.is_some() {
        return Ok(false);
    }
    Ok(!seen(reader, me, record)?.is_empty() || presides(me, record) && !parties(reader, record)?.is_empty())
}

/// `GET /{path}/{number}/links`.
pub async fn show(visit: Visit, Path((path, number)): Path<(String, String)>) -> Result<Response, Trouble> {
    let (kind, me) = (kind_at(&visit.app, &path)?, visit.must_sign_in()?);
    let (key, looking) = (key_at(kind, &number)?, visit.clone());
    let name = kind.name.clone();
    let drawn = move |reader: &Reader<'_>| {
        let record = reader.find(&me, &key)?;
        if !offered(reader, &me, &record)? {
            return Err(Trouble::NotFound);
        }
        let kind = reader.catalogue().kind(&name).ok_or(Trouble::NotFound)?;
        let here = address(kind, &record.item.number);
        let action = looking.href(&format!("{here}/links"));
        let links = seen(reader, &me, &record)?;
        let mut tables = vec![given(&looking, reader, kind, &links, &action)];
        if presides(&me, &record) {
            tables.push(fresh(&looking, reader, parties(reader, &record)?, &action));
        }
        Ok(DeskView {
            crumb: Some(looking.link(&here, record.item.title.clone())),
            lead: vec![looking.t("links.lead").to_owned()],
            tables,
            ..DeskView::bare(looking.page(format!("{} · {}", looking.t("links.title"), record.item.title)))
        })
    };
    Ok(Html(visit.app.read(drawn).await?.render()?).into_response())
}

fn given(visit: &Visit, reader: &Reader<'_>, kind: &Kind, links: &[Link], action: &str) -> DeskTable {
    let row = |link: &Link| {
        let mut state = state_words(visit, link);
        if let Some((at, name)) = &link.answered {
            let mv = kind.move_of(name).map_or(name.as_str(), |mv| mv.label.text(visit.lang));
            state = format!("{state} · {mv} · {}", crate::clock::minute(*at, visit.lang));
        }
        let take = DeskButton {
            action: action.to_owned(),
            hidden: vec![("revoke".to_owned(), handle(link))],
            asks: None,
            label: visit.t("links.revoke").to_owned(),
        };
        let by = link.made_by.map_or_else(|| visit.t("history.house").to_owned(), |by| heading(reader, by));
        let who = Some(heading(reader, link.person)).filter(|who| !who.is_empty());
        let cells = [
            who.unwrap_or_else(|| visit.t("collect.poster").to_owned()),
            by,
            crate::clock::minute(link.made, visit.lang),
            crate::clock::minute(link.expires, visit.lang),
            state,
        ];
        let good = link.state(visit.app.now()) == LinkState::Good;
        DeskRow { cells: cells.map(cell).into(), buttons: if good { vec![take] } else { Vec::new() } }
    };
    let columns = ["sign.link-name", "links.by", "links.made", "links.until", "links.state"];
    DeskTable {
        heading: visit.t("links.given").to_owned(),
        columns: columns.map(|key| visit.t(key).to_owned()).into(),
        rows: links.iter().map(row).collect(),
        empty: visit.t("links.none").to_owned(),
        ..DeskTable::default()
    }
}

fn fresh(visit: &Visit, reader: &Reader<'_>, parties: Vec<RecordId>, action: &str) -> DeskTable {
    let row = |id: &RecordId| {
        let who = Some(heading(reader, *id)).filter(|who| !who.is_empty());
        DeskRow {
            cells: vec![cell(who.unwrap_or_else(|| visit.t("collect.poster").to_owned()))],
            buttons: vec![DeskButton {
                action: action.to_owned(),
                hidden: vec![("person".to_owned(), id.to_string())],
                asks: None,
                label: visit.t("links.again").to_owned(),
            }],
        }
    };
    DeskTable {
        heading: visit.t("links.fresh").to_owned(),
        note: visit.t("links.fresh-note").to_owned(),
        columns: vec![visit.t("sign.link-name").to_owned()],
        rows: parties.iter().map(row).collect(),
        empty: visit.t("links.nobody").to_owned(),
    }
}

/// `POST /{path}/{number}/links`: takes one back, or hands out a new one, shown once.
pub async fn change(
    visit: Visit,
    Path((path, number)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, Trouble> {
    let (kind, me) = (kind_at(&visit.app, &path)?, visit.must_sign_in()?);
    let key = key_at(kind, &number)?;
    let secret = visit.app.secret();
    let digest = crate::secret::digest(&secret);
    let revoked = posted.draft.one("revoke").to_owned();
    let person: Option<RecordId> = posted.draft.one("person").parse().ok();
    let revokes = !revoked.is_empty();
    let done = visit.app.write(move |writer| Ok(change_one(writer, &me, &key, (&revoked, person), digest)));
    let (who, title) = done.await?.value?;
    let here = format!("{}/links", address(kind, &number_of(kind, &number)?));
    match revokes {
        true => Ok(redirect(&visit, &here, "notice.link-revoked")),
        false => handed(&visit, &secret, ("links.sentence", &who, &title), &here),
    }
}

fn number_of(kind: &Kind, text: &str) -> Result<base::number::Number, Trouble> {
    match key_at(kind, text)? {
        Key::Number(_, number) => Ok(number),
        Key::Id(_) | Key::Row(_) => Err(Trouble::NotFound),
    }
}

fn change_one(
    writer: &mut Writer<'_>,
    me: &Asker,
    key: &Key,
    (revoked, person): (&str, Option<RecordId>),
    digest: [u8; 32],
) -> Result<(String, String), Trouble> {
    let record = writer.find(me, key)?;
    let title = record.item.title.clone();
    if !revoked.is_empty() {
        let links = seen(writer, me, &record)?;
        let link = links.iter().find(|link| handle(link) == revoked).ok_or(Trouble::NotFound)?;
        writer.revoke_link(&link.digest)?;
        return Ok((heading(writer, link.person), title));
    }
    let person = person.filter(|_| me.only.is_none() && presides(me, &record)).ok_or(Trouble::NotFound)?;
    if !parties(writer, &record)?.contains(&person) {
        return Err(Trouble::NotFound);
    }
    // The owner goes on with the record for as long as it lives; whoever is asked answers once.
    let (once, until) = (record.subject.owner != Some(person), signin::days_on(writer.now(), LINK_DAYS));
    writer.hand_out(me, &digest, (person, Some(record.item.id)), once, until)?;
    Ok((heading(writer, person), title))
}
