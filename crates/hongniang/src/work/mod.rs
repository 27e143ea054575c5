//! 我的事项: what waits for me, oldest promise first. Start at [`list`].

use askama::Template as _;
use axum::extract::Path;
use axum::response::{Html, Response};
use base::limits;

use crate::records::address;
use crate::records::export::{Sheet, send};
use crate::records::faces::row;
use crate::trouble::Trouble;
use crate::view::{Link, WorkRow, WorkView};
use crate::visit::Visit;

/// `GET /work`.
pub async fn list(visit: Visit) -> Result<Html<String>, Trouble> {
    let asker = visit.must_sign_in()?;
    let waiting = visit.app.read(move |reader| Ok(reader.work(&asker, limits::PAGE_ROWS_MAX)?)).await?;
    let view = WorkView {
        rows: waiting.iter().filter_map(|waiting| work_row(&visit, waiting)).collect(),
        page: visit.page(visit.t("work.title")),
        exports: visit.exports("/work"),
    };
    Ok(Html(view.render()?))
}

/// `GET /work.{ending}`: the same list as a spreadsheet.
pub async fn export(visit: Visit, Path(ending): Path<String>) -> Result<Response, Trouble> {
    let asker = visit.must_sign_in()?;
    let waiting = visit.app.read(move |reader| Ok(reader.work(&asker, limits::PAGE_ROWS_MAX)?)).await?;
    let cells = |row: WorkRow| {
        let moves: Vec<String> = row.moves.into_iter().map(|mv| mv.label).collect();
        let due = row.row.due.map(|(day, _)| day).unwrap_or_default();
        vec![
            row.row.number,
            row.row.type_label,
            row.row.title,
            row.row.stage.label,
            row.row.place,
            due,
            moves.join("、"),
        ]
    };
    let headings =
        ["list.number", "list.type", "list.title", "list.stage", "list.place", "work.due", "work.moves"];
    let rows = waiting.iter().filter_map(|waiting| work_row(&visit, waiting)).map(cells).collect();
    send(&Sheet::of(&visit, visit.t("work.title"), &headings, rows), &ending)
}

fn work_row(visit: &Visit, waiting: &register::Waiting) -> Option<WorkRow> {
    let kind = visit.app.register().catalogue().kind(&waiting.item.kind)?;
    let here = address(kind, &waiting.item.number);
    let link = |name: &String| {
        let mv = kind.moves.iter().find(|mv| mv.name == *name)?;
        Some(Link {
            href: visit.href(&format!("{here}/moves/{name}")),
            label: mv.label.text(visit.lang).to_owned(),
            current: mv.primary,
        })
    };
    let stage = kind.stages.iter().find(|stage| stage.name == waiting.item.stage);
    let promise =
        stage.and_then(|stage| stage.clocks.first()).map(|clock| clock.label.text(visit.lang).to_owned());
    Some(WorkRow {
        row: row(visit, &waiting.item, &[]),
        moves: waiting.moves.iter().filter_map(link).collect(),
        why: promise.unwrap_or_default(),
    })
}
