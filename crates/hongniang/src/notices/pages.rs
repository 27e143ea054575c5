//! The list of what I am told: unread first, then what I have read; and marking it read.

use askama::Template as _;
use axum::extract::{Path, RawQuery};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use base::limits::{PAGE_ROWS, PAGE_ROWS_MAX};
use catalogue::{Asker, Over, Role};
use register::Notice;

use super::words;
use crate::clock;
use crate::records::edit::redirect;
use crate::records::export::{Sheet, send};
use crate::records::posted::{Posted, read_pairs};
use crate::trouble::Trouble;
use crate::view::{Link, NoticeRow, NoticesView};
use crate::visit::Visit;

/// Notices of each half that leave as a file at most.
const EXPORT_MAX: usize = 1_000;

/// Whether someone runs the installation, and so sees what could not be delivered.
pub fn runs_the_house(asker: &Asker) -> bool {
    asker.roles.iter().any(|grant| grant.role == Role::Steward && grant.over == Over::Node)
}

/// `GET /notices`.
pub async fn list(visit: Visit, RawQuery(query): RawQuery) -> Result<Html<String>, Trouble> {
    let asker = visit.must_sign_in()?;
    let pairs = read_pairs(query.unwrap_or_default().as_bytes())?;
    let before = pairs.iter().find(|(name, _)| name == "before").and_then(|(_, row)| row.parse().ok());
    let steward = runs_the_house(&asker);
    let looking = visit.clone();
    let found = visit.app.read(move |reader| {
        // Later pages go on with what was read.
        let unread = match before {
            None => reader.unread_notices(&asker, PAGE_ROWS_MAX)?,
            Some(_) => Vec::new(),
        };
        let dead = if steward { reader.dead_deliveries()? } else { 0 };
        let erasures = crate::privacy::desk::offered(&looking, reader)?;
        Ok((unread, reader.read_notices(&asker, before, PAGE_ROWS + 1)?, dead, erasures))
    });
    let (unread, mut old, dead, erasures) = found.await?;
    let older = (old.len() > PAGE_ROWS).then(|| old.get(PAGE_ROWS - 1).map(|notice| notice.row)).flatten();
    old.truncate(PAGE_ROWS);
    let rows = |notices: &[Notice]| notices.iter().map(|notice| row(&visit, notice)).collect();
    let view = NoticesView {
        page: visit.page(visit.t("notices.title")),
        newest: unread.iter().map(|notice| notice.row).max().unwrap_or_default(),
        unread: rows(&unread),
        old: rows(&old),
        older: older.map(|row| visit.href(&format!("/notices?before={row}"))),
        exports: visit.exports("/notices"),
        channels: visit.link("/notices/channels", visit.t("notices.channels")),
        dead: steward.then(|| dead_link(&visit, dead)),
        erasures,
    };
    Ok(Html(view.render()?))
}

fn dead_link(visit: &Visit, dead: usize) -> Link {
    let label = visit.texts().fill("notices.dead-count", &[("count", &dead.to_string())]);
    visit.link("/notices/dead", label)
}

fn row(visit: &Visit, notice: &Notice) -> NoticeRow {
    let at = clock::minute(notice.at, visit.lang);
    match words::line(&visit.app, visit.lang, notice, false) {
        Some(line) => NoticeRow {
            row: notice.row,
            href: Some(line.path),
            text: line.text,
            at,
            number: line.number,
            title: line.title,
            cause: line.cause,
            stage: line.stage,
        },
        // The bell counted it: it is shown as one whose record is gone, and can be marked read.
        None => NoticeRow {
            row: notice.row,
            text: visit.t("notices.gone").to_owned(),
            at,
            ..NoticeRow::default()
        },
    }
}

/// `POST /notices`: marks one as read, or all that were shown.
pub async fn read(visit: Visit, posted: Posted) -> Result<Response, Trouble> {
    let person = visit.must_sign_in()?.person.ok_or(Trouble::SigninNeeded)?;
    let number = |name: &str| posted.draft.one(name).parse::<i64>().ok();
    match (number("row"), number("to")) {
        (Some(row), _) => {
            visit.app.write(move |writer| writer.read_notice(person, row)).await?;
            Ok(Redirect::to(&visit.href("/notices")).into_response())
        }
        (None, Some(row)) => {
            visit.app.write(move |writer| writer.read_notices_to(person, row)).await?;
            Ok(redirect(&visit, "/notices", "notice.all-read"))
        }
        _ => Err(Trouble::Malformed("row".to_owned())),
    }
}

/// `GET /notices.{ending}`.
pub async fn export(visit: Visit, Path(ending): Path<String>) -> Result<Response, Trouble> {
    let asker = visit.must_sign_in()?;
    let found = visit.app.read_long(move |reader| {
        let mut found = reader.unread_notices(&asker, EXPORT_MAX)?;
        found.extend(reader.read_notices(&asker, None, EXPORT_MAX)?);
        Ok(found)
    });
    let cells = |notice: &Notice| {
        let line = row(&visit, notice);
        let state = if notice.read.is_some() { "notices.read" } else { "notices.unread" };
        vec![line.number, line.title, line.cause, line.stage, line.at, visit.t(state).to_owned(), line.text]
    };
    let rows = found.await?.iter().map(cells).collect();
    let headings = [
        "list.number",
        "list.title",
        "notices.cause",
        "list.stage",
        "notices.at",
        "notices.state",
        "notices.text",
    ];
    send(&Sheet::of(&visit, visit.t("notices.title"), &headings, rows), &ending)
}
