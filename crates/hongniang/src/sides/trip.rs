//! Beside a trip: whose days clash with it. Start at [`panel`].

use register::{Reader, Record};

use super::{is_concerned, link_to};
use crate::accounts::cell;
use crate::dispatch::clash;
use crate::trouble::Trouble;
use crate::view::{DeskRow, DeskTable, PanelView};
use crate::visit::Visit;

/// The clashes of a trip, where there are any.
pub fn panel(visit: &Visit, reader: &Reader<'_>, record: &Record) -> Result<Option<PanelView>, Trouble> {
    if !is_concerned(record) {
        return Ok(None);
    }
    let found = clash::of_trip(visit, reader, record)?;
    let row = |clash: &clash::Clash| DeskRow {
        cells: vec![
            link_to(visit, &clash.expert, clash.expert.title.clone()),
            clash.with.as_ref().map_or_else(
                || cell(visit.t("dispatch.away")),
                |item| link_to(visit, item, item.title.clone()),
            ),
            cell(clash.words(visit)),
        ],
        buttons: Vec::new(),
    };
    Ok((!found.is_empty()).then(|| PanelView {
        name: "clash",
        heading: visit.t("dispatch.clashes").to_owned(),
        note: visit.t("dispatch.clashes-note").to_owned(),
        tables: vec![DeskTable {
            columns: ["dispatch.expert", "dispatch.with", "dispatch.days"]
                .map(|key| visit.t(key).to_owned())
                .into(),
            rows: found.iter().map(row).collect(),
            ..DeskTable::default()
        }],
        ..PanelView::default()
    }))
}
