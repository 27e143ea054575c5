//! One account: its roles, what was given and taken and by whom, and its invitations. Start at [`show`].

use askama::Template as _;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use catalogue::{Asker, Role, RoleGrant};
use register::{Account, Link, LinkState, Reader, over_of, over_text};

use super::invite::{handed, handle, state_words};
use super::{cell, fault_lines, heading, must_look_after, role_fields, role_of, role_words, sees};
use crate::records::draft::Draft;
use crate::records::edit::redirect;
use crate::records::posted::Posted;
use crate::signin;
use crate::trouble::Trouble;
use crate::view::{DeskButton, DeskForm, DeskRow, DeskTable, DeskView, FaultLine};
use crate::visit::Visit;

/// The account of a row, if the asker looks after it.
fn account(reader: &Reader<'_>, me: &Asker, row: i64) -> Result<Account, Trouble> {
    let account = reader.account(row)?.ok_or(Trouble::NotFound)?;
    match sees(reader, me, &reader.roles(row)?)? {
        true => Ok(account),
        false => Err(Trouble::NotFound),
    }
}

/// Whether every role of the account is the asker's to give: a link into it hands them all out.
fn gives_all(reader: &Reader<'_>, me: &Asker, account: &Account) -> Result<bool, Trouble> {
    let own = catalogue::offices::is_own(me, account.person);
    for held in reader.roles(account.row)? {
        if !reader.may_give(me, &held.grant)? {
            return Ok(false);
        }
    }
    Ok(!own && account.hash.is_none())
}

/// `GET /accounts/{row}`.
pub async fn show(visit: Visit, Path(row): Path<String>) -> Result<Response, Trouble> {
    let row = super::row_of(&row)?;
    page(&visit, row, &Draft::default(), Vec::new()).await
}

async fn page(visit: &Visit, row: i64, draft: &Draft, faults: Vec<FaultLine>) -> Result<Response, Trouble> {
    let me = must_look_after(visit)?;
    let fields = role_fields(visit, &me, draft);
    let (looking, faulty) = (visit.clone(), !faults.is_empty());
    let drawn = move |reader: &Reader<'_>| {
        let account = account(reader, &me, row)?;
        let here = looking.href(&format!("/accounts/{row}"));
        let give = DeskForm {
            heading: looking.t("people.give").to_owned(),
            action: format!("{here}/roles"),
            fields,
            submit: looking.t("people.give").to_owned(),
            ..DeskForm::default()
        };
        let own = catalogue::offices::is_own(&me, account.person);
        let tables = vec![
            roles(&looking, reader, &me, &account)?,
            changes(&looking, reader, row)?,
            invitations(&looking, reader, &me, &account)?,
        ];
        Ok(DeskView {
            crumb: Some(looking.link("/accounts", looking.t("people.title"))),
            lead: if own { vec![looking.t("people.own").to_owned()] } else { Vec::new() },
            faults,
            links: vec![looking.link(&format!("/accounts/leave/{row}"), looking.t("leave.title"))],
            tables,
            forms: if own { Vec::new() } else { vec![give] },
            ..DeskView::bare(looking.page(format!("{} · {}", heading(reader, account.person), account.name)))
        })
    };
    let view = visit.app.read(drawn).await?;
    let status = if faulty { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, Html(view.render()?)).into_response())
}

fn roles(visit: &Visit, reader: &Reader<'_>, me: &Asker, account: &Account) -> Result<DeskTable, Trouble> {
    let mut rows = Vec::new();
    for held in reader.roles(account.row)? {
        let laid_down = me.person == Some(account.person) && me.behalf.is_none();
        let take = DeskButton {
            action: visit.href(&format!("/accounts/{}/roles", account.row)),
            hidden: vec![
                ("take".to_owned(), held.grant.role.name().to_owned()),
                ("over".to_owned(), over_text(&held.grant.over)),
            ],
            asks: None,
            label: visit.t(if laid_down { "people.lay-down" } else { "people.take" }).to_owned(),
        };
        let may = laid_down || reader.may_give(me, &held.grant)?;
        rows.push(DeskRow {
            cells: vec![
                cell(role_words(visit, reader, &held.grant)),
                cell(crate::clock::minute(held.since, visit.lang)),
            ],
            buttons: if may { vec![take] } else { Vec::new() },
        });
    }
    Ok(DeskTable {
        heading: visit.t("people.roles").to_owned(),
        columns: vec![visit.t("people.role").to_owned(), visit.t("people.since").to_owned()],
        rows,
        empty: visit.t("people.no-role").to_owned(),
        ..DeskTable::default()
    })
}

fn changes(visit: &Visit, reader: &Reader<'_>, row: i64) -> Result<DeskTable, Trouble> {
    let line = |of: register::RoleChange| {
        let what = if of.given { "people.given" } else { "people.taken" };
        let by = of.by.map_or_else(|| visit.t("people.by-house").to_owned(), |by| heading(reader, by));
        let cells = [
            crate::clock::minute(of.at, visit.lang),
            visit.t(what).to_owned(),
            role_words(visit, reader, &of.grant),
            by,
        ];
        DeskRow { cells: cells.map(cell).into(), buttons: Vec::new() }
    };
    let columns = ["record.when", "record.what", "people.role", "record.who"];
    Ok(DeskTable {
        heading: visit.t("people.changes").to_owned(),
        columns: columns.map(|key| visit.t(key).to_owned()).into(),
        rows: reader.role_changes(row)?.into_iter().map(line).collect(),
        empty: visit.t("people.no-change").to_owned(),
        ..DeskTable::default()
    })
}

/// Links by which the person may enter the account; only while it has no password a new one may be made.
fn invitations(
    visit: &Visit,
    reader: &Reader<'_>,
    me: &Asker,
    account: &Account,
) -> Result<DeskTable, Trouble> {
    let here = visit.href(&format!("/accounts/{}/invitation", account.row));
    let now = visit.app.now();
    let line = |link: &Link| {
        let take = DeskButton {
            action: here.clone(),
            hidden: vec![("revoke".to_owned(), handle(link))],
            asks: None,
            label: visit.t("links.revoke").to_owned(),
        };
        let good = link.state(now) == LinkState::Good;
        let cells = [
            crate::clock::minute(link.made, visit.lang),
            crate::clock::minute(link.expires, visit.lang),
            state_words(visit, link),
        ];
        DeskRow { cells: cells.map(cell).into(), buttons: if good { vec![take] } else { Vec::new() } }
    };
    let mut rows: Vec<DeskRow> =
        reader.links_for(account.person)?.iter().filter(|link| !link.confined).map(line).collect();
    if gives_all(reader, me, account)? {
        let again = DeskButton {
            action: here.clone(),
            hidden: vec![("again".to_owned(), "1".to_owned())],
            asks: None,
            label: visit.t("links.again").to_owned(),
        };
        rows.push(DeskRow { cells: ["", "", ""].map(cell).into(), buttons: vec![again] });
    }
    let columns = ["links.made", "links.until", "links.state"];
    Ok(DeskTable {
        heading: visit.t("people.invitations").to_owned(),
        columns: columns.map(|key| visit.t(key).to_owned()).into(),
        rows,
        empty: visit.t("people.no-invitation").to_owned(),
        ..DeskTable::default()
    })
}

/// `POST /accounts/{row}/roles`: gives a role, or takes one.
pub async fn change(visit: Visit, Path(row): Path<String>, posted: Posted) -> Result<Response, Trouble> {
    let row = super::row_of(&row)?;
    let me = must_look_after(&visit)?;
    let draft = posted.draft;
    let (asking, given) = (me.clone(), draft.clone());
    let taken = draft.one("take").to_owned();
    // Who took the one role by which they looked after this account sees it no more.
    let back = if taken.is_empty() { format!("/accounts/{row}") } else { "/accounts".to_owned() };
    let changed =
        visit.app.write(move |writer| Ok(change_role(writer, &asking, row, &taken, &given))).await?.value;
    match changed.map_err(super::shown_in_form) {
        Ok(()) => Ok(redirect(&visit, &back, "notice.roles")),
        Err(Ok(trouble)) => page(&visit, row, &draft, fault_lines(&visit, &trouble)).await,
        Err(Err(trouble)) => Err(trouble),
    }
}

fn change_role(
    writer: &mut register::Writer<'_>,
    me: &Asker,
    row: i64,
    taken: &str,
    draft: &Draft,
) -> Result<(), Trouble> {
    account(writer, me, row)?;
    if taken.is_empty() {
        let RoleGrant { role, over } = role_of(writer, me, draft)?;
        return Ok(writer.grant(me, row, role, &over)?);
    }
    let named = Role::NAMES.iter().find(|(name, _)| *name == taken);
    let role = named.map(|(_, role)| *role).ok_or(Trouble::NotFound)?;
    let over = over_of(draft.one("over")).map_err(|_| Trouble::NotFound)?;
    Ok(writer.withdraw(me, row, role, &over)?)
}

/// `POST /accounts/{row}/invitation`: a new link into an account that has no password yet, or the end of one.
pub async fn invitation(visit: Visit, Path(row): Path<String>, posted: Posted) -> Result<Response, Trouble> {
    let row = super::row_of(&row)?;
    let me = must_look_after(&visit)?;
    let secret = visit.app.secret();
    let digest = crate::secret::digest(&secret);
    let wanted = posted.draft.one("revoke").to_owned();
    let revokes = !wanted.is_empty();
    let done = visit
        .app
        .write(move |writer| {
            Ok(account(writer, &me, row).and_then(|account| {
                if revokes {
                    let links = writer.links_for(account.person)?;
                    let link = links.iter().find(|link| !link.confined && handle(link) == wanted);
                    let link = link.ok_or(Trouble::NotFound)?;
                    writer.revoke_link(&link.digest)?;
                } else if !gives_all(writer, &me, &account)? {
                    return Err(Trouble::Register(register::Fault::NotAllowed));
                } else {
                    let who = (account.person, None);
                    signin::hand_out(writer, &me, digest, who, super::INVITATION_DAYS)?;
                }
                Ok((heading(writer, account.person), account.name))
            }))
        })
        .await?
        .value;
    let (person, name) = done?;
    let here = format!("/accounts/{row}");
    match revokes {
        true => Ok(redirect(&visit, &here, "notice.link-revoked")),
        false => handed(&visit, &secret, ("people.sentence", &person, &name), &here),
    }
}
