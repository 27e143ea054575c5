//! 我的事项: what waits for me, oldest promise first. Start at [`list`].

use askama::Template as _;
use axum::extract::Path;
use axum::response::{Html, Response};
use base::limits;
use jiff::ToSpan as _;
use jiff::civil::Date;
use register::Waiting;

use crate::records::address;
use crate::records::export::{Sheet, send};
use crate::records::faces::row;
use crate::trouble::Trouble;
use crate::view::{Link, WorkGroup, WorkRow, WorkView};
use crate::visit::Visit;

/// `GET /work`.
pub async fn list(visit: Visit) -> Result<Html<String>, Trouble> {
    let waiting = waiting(&visit).await?;
    let count = waiting.len();
    let looking = visit.clone();
    let erasures = visit.app.read(move |reader| crate::privacy::desk::offered(&looking, reader)).await?;
    let view = WorkView {
        groups: groups(&visit, &waiting),
        count,
        more: count == limits::PAGE_ROWS_MAX,
        desks: crate::effects::claims::offered(&visit).into_iter().chain(erasures).collect(),
        page: visit.page(visit.t("work.title")),
        exports: visit.exports("/work"),
    };
    Ok(Html(view.render()?))
}

/// What waits for the visitor.
async fn waiting(visit: &Visit) -> Result<Vec<Waiting>, Trouble> {
    let (asker, today) = (visit.must_sign_in()?, visit.app.today());
    visit.app.read(move |reader| Ok(reader.work(&asker, today, limits::PAGE_ROWS_MAX)?)).await
}

/// How near a promise is, nearest first, and the words for it.
const NEARNESS: [(&str, &str); 5] = [
    ("late", "work.late"),
    ("today", "work.today"),
    ("week", "work.week"),
    ("later", "work.later"),
    ("no-day", "work.no-day"),
];

fn nearness(due: Option<Date>, today: Date) -> &'static str {
    let week = today.saturating_add(7.days());
    match due {
        None => "no-day",
        Some(due) if due < today => "late",
        Some(due) if due == today => "today",
        Some(due) if due <= week => "week",
        Some(_) => "later",
    }
}

fn groups(visit: &Visit, waiting: &[Waiting]) -> Vec<WorkGroup> {
    let today = visit.app.today();
    let group = |(name, key): (&'static str, &'static str)| {
        let here = waiting.iter().filter(|waiting| nearness(waiting.item.due, today) == name);
        let rows: Vec<WorkRow> = here.filter_map(|waiting| work_row(visit, waiting)).collect();
        (!rows.is_empty()).then(|| WorkGroup { name, label: visit.t(key).to_owned(), rows })
    };
    NEARNESS.into_iter().filter_map(group).collect()
}

/// `GET /work.{ending}`: the same list as a spreadsheet.
pub async fn export(visit: Visit, Path(ending): Path<String>) -> Result<Response, Trouble> {
    let waiting = waiting(&visit).await?;
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
            row.why,
            moves.join("、"),
        ]
    };
    let headings = [
        "list.number",
        "list.type",
        "list.title",
        "list.stage",
        "list.place",
        "work.due",
        "work.why",
        "work.moves",
    ];
    let rows = waiting.iter().filter_map(|waiting| work_row(&visit, waiting)).map(cells).collect();
    send(&Sheet::of(&visit, visit.t("work.title"), &headings, rows), &ending)
}

fn work_row(visit: &Visit, waiting: &Waiting) -> Option<WorkRow> {
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
    let clock = waiting.promise.as_ref().and_then(|name| kind.clocks().find(|clock| clock.name == *name));
    let promise = clock.map(|clock| clock.label.text(visit.lang).to_owned()).unwrap_or_default();
    let why = match waiting.climbed && waiting.moves.is_empty() {
        true => visit.texts().fill("work.climbed", &[("promise", &promise)]),
        false => promise,
    };
    Some(WorkRow {
        row: row(visit, &waiting.item, &[]),
        moves: waiting.moves.iter().filter_map(link).collect(),
        why,
    })
}
