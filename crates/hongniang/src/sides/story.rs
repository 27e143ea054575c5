//! Beside a story: what it rests on, its cases, agreements and outcomes, as far as the reader may read them.
//!
//! Start at [`panel`].

use catalogue::{Filter, Kind};
use register::{Item, Order, Reader, Record};

use super::{day_words, link_to, references, referred, some, stage, text, texts};
use crate::accounts::cell;
use crate::fields::{agreement, case, outcome, story};
use crate::trouble::Trouble;
use crate::view::{DeskRow, DeskTable, Link, PanelView};
use crate::visit::Visit;

/// Records of a sort shown at most.
const SHOWN: usize = 20;

/// The panel of a story; none where the reader may read nothing of it.
pub fn panel(visit: &Visit, reader: &Reader<'_>, record: &Record) -> Result<Option<PanelView>, Trouble> {
    let outcomes = reader.seen_all(&visit.asker(), &references(&record.fields, story::OUTCOMES))?;
    let tables = vec![
        cases(visit, reader, record)?,
        agreements(visit, reader, record, &outcomes)?,
        proofs(visit, reader, &outcomes)?,
    ];
    Ok(tables.iter().any(|table| !table.rows.is_empty()).then(|| PanelView {
        name: "story",
        heading: visit.t("story.rests").to_owned(),
        note: visit.t("story.rests-note").to_owned(),
        tables,
        ..PanelView::default()
    }))
}

fn table(visit: &Visit, kind: &str, columns: &[&str], rows: Vec<Vec<Link>>) -> DeskTable {
    let label = |kind: &Kind| kind.label.text(visit.lang).to_owned();
    DeskTable {
        heading: visit.app.register().catalogue().kind(kind).map(label).unwrap_or_default(),
        columns: columns.iter().map(|key| visit.t(key).to_owned()).collect(),
        rows: rows.into_iter().map(|cells| DeskRow { cells, buttons: Vec::new() }).collect(),
        ..DeskTable::default()
    }
}

fn cases(visit: &Visit, reader: &Reader<'_>, record: &Record) -> Result<DeskTable, Trouble> {
    let items = reader.seen_all(&visit.asker(), &references(&record.fields, story::CASES))?;
    let rows =
        items.iter().map(|item| vec![link_to(visit, item, item.title.clone()), cell(stage(visit, item))]);
    Ok(table(visit, case::KIND, &["list.title", "list.stage"], rows.collect()))
}

/// Those signed under its cases, and those its outcomes rest on.
fn agreements(
    visit: &Visit,
    reader: &Reader<'_>,
    record: &Record,
    outcomes: &[Item],
) -> Result<DeskTable, Trouble> {
    let of = references(&record.fields, story::CASES).into_iter();
    let of: Vec<Filter> = of.map(|case| Filter::Refers(agreement::CASE.to_owned(), case)).collect();
    let mut items = match of.is_empty() {
        true => Vec::new(),
        false => some(visit, reader, (agreement::KIND, Filter::Any(of)), Order::Newest, SHOWN)?,
    };
    for outcome in outcomes {
        let named = references(&texts(visit, reader, outcome)?, outcome::AGREEMENT);
        let more = reader.seen_all(&visit.asker(), &named)?;
        items.extend(more);
    }
    items.sort_by_key(|item| item.row);
    items.dedup_by_key(|item| item.row);
    let mut rows = Vec::new();
    for item in &items {
        let fields = texts(visit, reader, item)?;
        rows.push(vec![
            link_to(visit, item, item.title.clone()),
            cell(day_words(visit, &fields, agreement::SIGNED)),
            cell(stage(visit, item)),
        ]);
    }
    Ok(table(visit, agreement::KIND, &["list.title", "story.signed", "list.stage"], rows))
}

fn proofs(visit: &Visit, reader: &Reader<'_>, outcomes: &[Item]) -> Result<DeskTable, Trouble> {
    let terms = visit.app.register().catalogue().terms();
    let mut rows = Vec::new();
    for item in outcomes {
        let fields = texts(visit, reader, item)?;
        let grade = terms.label(outcome::EVIDENCE, &text(&fields, outcome::EVIDENCE), visit.lang).to_owned();
        let firm = referred(visit, reader, &fields, outcome::FIRM)?;
        rows.push(vec![
            link_to(visit, item, item.title.clone()),
            super::first(firm),
            cell(day_words(visit, &fields, outcome::ACHIEVED_ON)),
            cell(grade),
        ]);
    }
    let columns = ["list.title", "story.firm", "story.achieved", "story.evidence"];
    Ok(table(visit, outcome::KIND, &columns, rows))
}
