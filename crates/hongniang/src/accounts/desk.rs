//! The list of accounts one looks after, as a page and as a spreadsheet. Start at [`list`].

use askama::Template as _;
use axum::extract::{Path, RawQuery};
use axum::response::{Html, Response};
use register::{Account, Reader};

use super::{cell, heading, must_look_after, role_words, sees};
use crate::collect::firm::BY_LINK;
use crate::records::export::{Sheet, send};
use crate::records::posted::read_pairs;
use crate::trouble::Trouble;
use crate::view::{DeskRow, DeskTable, DeskView, Link};
use crate::visit::Visit;

/// Accounts read at a time, and shown at most: who looks for one of more searches.
const STEP: usize = 500;
const SHOWN_MAX: usize = 200;

/// One account in words.
struct Listed {
    row: i64,
    name: String,
    person: String,
    roles: Vec<String>,
    entered: String,
}

/// `GET /accounts`.
pub async fn list(visit: Visit, RawQuery(query): RawQuery) -> Result<Html<String>, Trouble> {
    let query = asked(query)?;
    let rows = listed(&visit, &query).await?;
    let row = |of: Listed| DeskRow {
        cells: vec![
            visit.link(&format!("/accounts/{}", of.row), of.name),
            cell(of.person),
            cell(of.roles.join(visit.t("list.comma"))),
            cell(of.entered),
        ],
        buttons: Vec::new(),
    };
    let table = DeskTable {
        columns: columns(&visit),
        rows: rows.into_iter().map(row).collect(),
        empty: visit.t("people.none").to_owned(),
        ..DeskTable::default()
    };
    let mut lead = vec![visit.t("people.lead").to_owned()];
    if table.rows.len() == SHOWN_MAX {
        lead.push(visit.t("people.more").to_owned());
    }
    let view = DeskView {
        lead,
        links: links(&visit),
        search: Some(query),
        tables: vec![table],
        exports: visit.exports("/accounts"),
        ..DeskView::bare(visit.page(visit.t("people.title")))
    };
    Ok(Html(view.render()?))
}

fn links(visit: &Visit) -> Vec<Link> {
    vec![
        visit.link("/accounts/invite", visit.t("people.invite")),
        visit.link("/account/leave", visit.t("leave.title")),
    ]
}

fn asked(query: Option<String>) -> Result<String, Trouble> {
    let pairs = read_pairs(query.unwrap_or_default().as_bytes())?;
    Ok(pairs.into_iter().find(|(name, _)| name == "q").map(|(_, value)| value).unwrap_or_default())
}

fn columns(visit: &Visit) -> Vec<String> {
    ["people.name", "people.person", "people.roles", "people.entered"]
        .map(|key| visit.t(key).to_owned())
        .into()
}

/// `GET /accounts.{ending}`: the same list as a spreadsheet.
pub async fn export(
    visit: Visit,
    Path(ending): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Trouble> {
    let rows = listed(&visit, &asked(query)?).await?;
    let cells = |of: Listed| vec![of.name, of.person, of.roles.join("、"), of.entered];
    let headings = ["people.name", "people.person", "people.roles", "people.entered"];
    let rows = rows.into_iter().map(cells).collect();
    send(&Sheet::of(&visit, visit.t("people.title"), &headings, rows), &ending)
}

async fn listed(visit: &Visit, query: &str) -> Result<Vec<Listed>, Trouble> {
    let me = must_look_after(visit)?;
    let (looking, query) = (visit.clone(), query.trim().to_lowercase());
    let gather = move |reader: &Reader<'_>| {
        let (mut found, mut after) = (Vec::new(), 0);
        loop {
            let part = reader.accounts(after, STEP)?;
            let Some(last) = part.last().map(|account| account.row) else { break };
            for account in part {
                let roles = reader.roles(account.row)?;
                if sees(reader, &me, &roles)? {
                    found.extend(words(&looking, reader, account, &roles, &query));
                }
                if found.len() == SHOWN_MAX {
                    return Ok(found);
                }
            }
            after = last;
        }
        Ok(found)
    };
    visit.app.read_long(gather).await
}

fn words(
    visit: &Visit,
    reader: &Reader<'_>,
    account: Account,
    roles: &[register::HeldRole],
    query: &str,
) -> Option<Listed> {
    let person = heading(reader, account.person);
    let fits = account.name.to_lowercase().contains(query) || person.to_lowercase().contains(query);
    let entered = account.entered_at.map(|at| crate::clock::minute(at, visit.lang)).unwrap_or_default();
    let by_link = account.name.starts_with(BY_LINK);
    fits.then(|| Listed {
        row: account.row,
        name: if by_link { visit.t("people.by-link").to_owned() } else { account.name },
        person,
        roles: roles.iter().map(|held| role_words(visit, reader, &held.grant)).collect(),
        entered,
    })
}
