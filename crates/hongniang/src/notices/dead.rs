//! What could not be delivered, for who runs the house: why, when it is tried again, and what to do about it.

use askama::Template as _;
use axum::extract::Path;
use axum::response::{Html, Response};
use catalogue::Asker;
use register::Stuck;

use super::channels::{means_key, shown};
use super::pages::runs_the_house;
use crate::clock;
use crate::records::edit::redirect;
use crate::records::export::{Sheet, send};
use crate::records::posted::Posted;
use crate::trouble::Trouble;
use crate::view::{DeadView, StuckRow};
use crate::visit::Visit;

const HERE: &str = "/notices/dead";

/// For others this page does not exist.
fn steward(visit: &Visit) -> Result<Asker, Trouble> {
    let asker = visit.must_sign_in()?;
    if runs_the_house(&asker) { Ok(asker) } else { Err(Trouble::NotFound) }
}

/// `GET /notices/dead`.
pub async fn list(visit: Visit) -> Result<Html<String>, Trouble> {
    let rows = rows(&visit).await?;
    let (again, dead): (Vec<StuckRow>, Vec<StuckRow>) =
        rows.into_iter().partition(|row| !row.again.is_empty());
    let view = DeadView {
        page: visit.page(visit.t("notices.dead")),
        dead,
        again,
        exports: visit.exports(HERE),
        no_mail: visit.app.mail().is_none(),
    };
    Ok(Html(view.render()?))
}

async fn rows(visit: &Visit) -> Result<Vec<StuckRow>, Trouble> {
    let asker = steward(visit)?;
    let found = visit.app.read(move |reader| {
        let stuck = reader.stuck()?;
        let persons: Vec<_> = stuck.iter().map(|stuck| stuck.channel.person).collect();
        Ok((reader.titles(&asker, &persons)?, stuck))
    });
    let (names, stuck) = found.await?;
    let row = |stuck: &Stuck| StuckRow {
        row: stuck.row,
        person: names.get(&stuck.channel.person).cloned().unwrap_or_default(),
        means: visit.t(means_key(stuck.channel.means)).to_owned(),
        address: shown(&stuck.channel),
        error: stuck.error.clone(),
        tries: stuck.tries,
        made: clock::minute(stuck.made, visit.lang),
        again: stuck.again.map(|at| clock::minute(at, visit.lang)).unwrap_or_default(),
    };
    Ok(stuck.iter().map(row).collect())
}

/// `POST /notices/dead`: tries one again at once, or gives it up.
pub async fn decide(visit: Visit, posted: Posted) -> Result<Response, Trouble> {
    steward(&visit)?;
    let row: i64 = posted.draft.one("row").parse().map_err(|_| Trouble::Malformed("row".to_owned()))?;
    match posted.pressed() {
        "retry" => {
            visit.app.write(move |writer| writer.retry_delivery(row)).await?;
            Ok(redirect(&visit, HERE, "notice.retried"))
        }
        "drop" => {
            visit.app.write(move |writer| writer.drop_delivery(row)).await?;
            Ok(redirect(&visit, HERE, "notice.dropped"))
        }
        _ => Err(Trouble::Malformed("do".to_owned())),
    }
}

/// `GET /notices/dead.{ending}`.
pub async fn export(visit: Visit, Path(ending): Path<String>) -> Result<Response, Trouble> {
    let headings = [
        "notices.person",
        "notices.means",
        "notices.address",
        "notices.error",
        "notices.tries",
        "notices.made",
        "notices.again",
    ];
    let cells = |row: StuckRow| {
        vec![row.person, row.means, row.address, row.error, row.tries.to_string(), row.made, row.again]
    };
    let rows = rows(&visit).await?.into_iter().map(cells).collect();
    send(&Sheet::of(&visit, visit.t("notices.dead"), &headings, rows), &ending)
}
