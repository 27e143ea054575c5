//! Who asked to be erased, for who runs the house: what would go, and the decision, with its reason.
//!
//! Never decides by itself. For others the page does not exist. Start at [`list`].

use askama::Template as _;
use axum::response::{Html, Response};
use base::limits;
use catalogue::Asker;
use register::{Erasure, Reader};

use crate::accounts::{cell, heading};
use crate::clock::minute;
use crate::notices::pages::runs_the_house;
use crate::records::edit::redirect;
use crate::records::posted::Posted;
use crate::trouble::Trouble;
use crate::view::{DeskButton, DeskRow, DeskTable, DeskView, Link};
use crate::visit::Visit;

const HERE: &str = "/erasures";
/// The code of the change.
const ASKED: &str = "asked";

fn steward(visit: &Visit) -> Result<Asker, Trouble> {
    let asker = visit.must_sign_in()?;
    if runs_the_house(&asker) { Ok(asker) } else { Err(Trouble::NotFound) }
}

/// The way to the requests that wait, for who decides them; none where nothing waits.
pub fn offered(visit: &Visit, reader: &Reader<'_>) -> Result<Option<Link>, Trouble> {
    if !runs_the_house(&visit.asker()) {
        return Ok(None);
    }
    let waiting = reader.erasures(limits::PAGE_ROWS_MAX)?.len();
    let label = visit.texts().fill("privacy.desk-count", &[("n", &waiting.to_string())]);
    Ok((waiting > 0).then(|| visit.link(HERE, label)))
}

/// `GET /erasures`.
pub async fn list(visit: Visit) -> Result<Html<String>, Trouble> {
    steward(&visit)?;
    let looking = visit.clone();
    let rows = visit
        .app
        .read(move |reader| {
            let waiting = reader.erasures(limits::PAGE_ROWS_MAX)?;
            waiting.iter().map(|asked| row(&looking, reader, asked)).collect::<Result<Vec<_>, Trouble>>()
        })
        .await?;
    let table = DeskTable {
        heading: visit.t("privacy.waiting").to_owned(),
        note: visit.t("privacy.desk-note").to_owned(),
        columns: ["privacy.who", "privacy.when", "privacy.words", "privacy.goes"]
            .map(|key| visit.t(key).to_owned())
            .to_vec(),
        rows,
        empty: visit.t("privacy.waiting-none").to_owned(),
    };
    let view = DeskView { tables: vec![table], ..DeskView::bare(visit.page(visit.t("privacy.desk"))) };
    Ok(Html(view.render()?))
}

fn row(visit: &Visit, reader: &Reader<'_>, asked: &Erasure) -> Result<DeskRow, Trouble> {
    let (go, stay) = reader.goes_with(asked.person)?;
    let goes =
        visit.texts().fill("privacy.go-and-stay", &[("go", &go.to_string()), ("stay", &stay.to_string())]);
    let button = |what: &str, key: &str, asks: bool| DeskButton {
        action: visit.href(HERE),
        hidden: vec![("row".to_owned(), asked.row.to_string()), ("do".to_owned(), what.to_owned())],
        asks: asks.then(|| ("reason".to_owned(), visit.t("privacy.reason").to_owned())),
        label: visit.t(key).to_owned(),
    };
    Ok(DeskRow {
        cells: vec![
            cell(heading(reader, asked.person)),
            cell(minute(asked.at, visit.lang)),
            cell(asked.note.clone()),
            cell(goes),
        ],
        buttons: vec![
            button("erase", "privacy.do-erase", false),
            button("refuse", "privacy.do-refuse", true),
        ],
    })
}

/// `POST /erasures`: erases the person, or refuses with a reason.
pub async fn decide(visit: Visit, posted: Posted) -> Result<Response, Trouble> {
    let asker = steward(&visit)?;
    let row: i64 = posted.draft.one("row").parse().map_err(|_| Trouble::Malformed("row".to_owned()))?;
    let reason = posted.draft.one("reason").trim().to_owned();
    match posted.pressed() {
        "erase" => {
            let erased = move |writer: &mut register::Writer<'_>| {
                let asked = writer.erasure(row)?.ok_or(register::Fault::NotFound)?;
                writer.decide_erasure(&asker, row, None)?;
                writer.erase_person(&asker, asked.person, ASKED)
            };
            visit.app.write(erased).await?;
            Ok(redirect(&visit, HERE, "notice.erasure-done"))
        }
        // Whoever is refused is told why.
        "refuse" if reason.is_empty() => Ok(redirect(&visit, HERE, "notice.erasure-reason")),
        "refuse" => {
            visit.app.write(move |writer| writer.decide_erasure(&asker, row, Some(&reason))).await?;
            Ok(redirect(&visit, HERE, "notice.erasure-refused"))
        }
        _ => Err(Trouble::Malformed("do".to_owned())),
    }
}
