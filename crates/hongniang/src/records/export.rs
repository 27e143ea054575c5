//! A list as a spreadsheet: the same filters, the same columns a form asks, so that it comes back as it went.
//!
//! Cells never start a formula: text that begins with `= + - @` or a tab is written as text (xlsx) or quoted by an
//! apostrophe (csv). Start at [`list`].

use axum::http::header;
use axum::response::{IntoResponse, Response};
use base::limits;
use catalogue::{Field, Kind, Layer};
use register::{Find, Key, Reader, Record};
use rust_xlsxwriter::{Format, Workbook};
use serde_json::Value;

use super::draft::Draft;
use super::faces::{badge, type_label};
use super::list::Question;
use crate::problem::encode_query;
use crate::trouble::Trouble;
use crate::visit::Visit;

/// A table that leaves: headings and rows of text.
#[derive(Debug, Default)]
pub struct Sheet {
    /// Name of the sheet and file.
    pub name: String,
    /// Identifiers of the columns, for programs.
    pub names: Vec<String>,
    /// Headings.
    pub headings: Vec<String>,
    /// Rows, as long as the headings.
    pub rows: Vec<Vec<String>>,
}

impl Sheet {
    /// A sheet whose columns are called by keys of the texts.
    pub fn of(visit: &Visit, name: &str, keys: &[&str], rows: Vec<Vec<String>>) -> Sheet {
        let last = |key: &&str| key.rsplit('.').next().unwrap_or(key).to_owned();
        Sheet {
            name: name.to_owned(),
            names: keys.iter().map(last).collect(),
            headings: keys.iter().map(|key| visit.t(key).to_owned()).collect(),
            rows,
        }
    }
}

/// `GET /{path}.xlsx` and `.csv`: everything the list's filters let through.
pub async fn list(
    visit: &Visit,
    kind: &Kind,
    question: &Question,
    ending: &str,
) -> Result<Response, Trouble> {
    let (looking, find, name) = (visit.clone(), question.find(kind)?, kind.name.clone());
    let sheet = visit
        .app
        .read_long(move |reader| {
            let kind = looking.app.register().catalogue().kind(&name).ok_or(Trouble::NotFound)?;
            sheet(&looking, reader, kind, find)
        })
        .await?;
    send(&sheet, ending)
}

fn sheet(visit: &Visit, reader: &Reader<'_>, kind: &Kind, mut find: Find) -> Result<Sheet, Trouble> {
    let asker = visit.asker();
    let fields: Vec<&Field> = kind.fields.iter().filter(|field| field.layer != Layer::Sealed).collect();
    let mut sheet = Sheet {
        name: kind.label.text(visit.lang).to_owned(),
        headings: ["list.number", "list.type", "list.stage"]
            .iter()
            .map(|key| visit.t(key).to_owned())
            .collect(),
        ..Sheet::default()
    };
    sheet.headings.extend(fields.iter().map(|field| field.label.text(visit.lang).to_owned()));
    find.first = limits::PAGE_ROWS_MAX;
    loop {
        let page = reader.list(&asker, &find)?;
        for item in &page.items {
            let record = reader.find(&asker, &Key::Row(item.row))?;
            sheet.rows.push(row(visit, reader, kind, &fields, &record)?);
        }
        match page.next {
            Some(next) if sheet.rows.len() < limits::IMPORT_ROWS_MAX => find.after = Some(next),
            _ => return Ok(sheet),
        }
    }
}

fn row(
    visit: &Visit,
    reader: &Reader<'_>,
    kind: &Kind,
    fields: &[&Field],
    record: &Record,
) -> Result<Vec<String>, Trouble> {
    let terms = visit.app.register().catalogue().terms();
    let draft = Draft::of_fields(fields.iter().copied(), &record.fields, &terms);
    let mut cells = vec![
        record.item.number.printed(&kind.sign),
        type_label(kind, &record.item.type_path, visit.lang),
        badge(kind, &record.item.stage, visit.lang).label,
    ];
    for field in fields {
        cells.push(cell(visit, reader, field, &draft)?);
    }
    Ok(cells)
}

/// A cell: what a form's input would hold; references by their printed numbers, which come back as references.
fn cell(visit: &Visit, reader: &Reader<'_>, field: &Field, draft: &Draft) -> Result<String, Trouble> {
    use catalogue::Shape;
    let catalogue = visit.app.register().catalogue();
    match &field.shape {
        Shape::Reference(_) => {
            let ids: Vec<_> = draft.all(&field.name).filter_map(|id| id.parse().ok()).collect();
            let items = reader.seen_all(&visit.asker(), &ids)?;
            let name = |item: &register::Item| {
                let kind = catalogue.kind(&item.kind)?;
                Some(format!("{} {}", item.number.printed(&kind.sign), item.title))
            };
            Ok(items.iter().filter_map(name).collect::<Vec<_>>().join("\n"))
        }
        Shape::Group(_) => {
            let prefix = format!("{}.", field.name);
            let parts = draft.pairs().iter().filter(|(name, _)| name.starts_with(&prefix));
            Ok(parts.map(|(_, text)| text.as_str()).collect::<Vec<_>>().join("；"))
        }
        Shape::File => Ok(String::new()),
        _ => Ok(draft.all(&field.name).collect::<Vec<_>>().join("\n")),
    }
}

/// Sends a table as xlsx, csv or, where its columns have identifiers, one JSON object a line.
pub fn send(sheet: &Sheet, ending: &str) -> Result<Response, Trouble> {
    let (media, bytes) = match ending {
        "xlsx" => ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx(sheet)?),
        "csv" => ("text/csv; charset=utf-8", csv(sheet)),
        "jsonl" if !sheet.names.is_empty() => ("application/jsonl; charset=utf-8", jsonl(sheet)),
        _ => return Err(Trouble::NotFound),
    };
    let name = encode_query(&format!("{}.{ending}", sheet.name)).replace('/', "%2F");
    let headers = [
        (header::CONTENT_TYPE, media.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename*=UTF-8''{name}")),
    ];
    Ok((headers, bytes).into_response())
}

fn xlsx(sheet: &Sheet) -> Result<Vec<u8>, Trouble> {
    let write = || -> Result<Vec<u8>, rust_xlsxwriter::XlsxError> {
        let mut book = Workbook::new();
        let page = book.add_worksheet();
        page.set_name(sheet.name.chars().take(31).collect::<String>())?;
        let bold = Format::new().set_bold();
        for (column, heading) in (0u16..).zip(&sheet.headings) {
            page.write_string_with_format(0, column, heading, &bold)?;
            page.set_column_width(column, 18)?;
        }
        for (row, cells) in (1u32..).zip(&sheet.rows) {
            for (column, cell) in (0u16..).zip(cells) {
                page.write_string(row, column, cell)?;
            }
        }
        page.set_freeze_panes(1, 0)?;
        book.save_to_buffer()
    };
    write().map_err(|error| Trouble::Internal(format!("a workbook could not be written: {error}")))
}

/// Comma-separated, with the mark by which spreadsheet programs recognise UTF-8.
fn csv(sheet: &Sheet) -> Vec<u8> {
    let line = |cells: &[String]| cells.iter().map(|cell| quoted(cell)).collect::<Vec<_>>().join(",");
    let mut text = String::from("\u{feff}");
    for row in std::iter::once(&sheet.headings).chain(&sheet.rows) {
        text.push_str(&line(row));
        text.push_str("\r\n");
    }
    text.into_bytes()
}

fn jsonl(sheet: &Sheet) -> Vec<u8> {
    let object = |row: &Vec<String>| -> Value {
        sheet.names.iter().cloned().zip(row.iter().map(|cell| Value::from(cell.as_str()))).collect()
    };
    sheet.rows.iter().map(|row| format!("{}\n", object(row))).collect::<String>().into_bytes()
}

fn quoted(cell: &str) -> String {
    let tame =
        if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() };
    if tame.contains([',', '"', '\n', '\r']) { format!("\"{}\"", tame.replace('"', "\"\"")) } else { tame }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_starts_a_formula() {
        for start in ["=1+1", "+1", "-1", "@x", "\tx"] {
            assert!(quoted(start).trim_start_matches('"').starts_with('\''), "{start:?}");
        }
        assert_eq!(quoted("a,\"b\""), "\"a,\"\"b\"\"\"");
    }
}
