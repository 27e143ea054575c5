//! The first sheet of a workbook, comma-separated text, or one JSON object a line, as headings and rows of cells.
//!
//! Keeps the number of each row as the file counts it. Knows no field. Start at [`read`].

use std::io::Cursor;

use base::limits;
use calamine::{Data, Reader as _, Sheets};
use serde_json::Value;

use crate::records::api::read_object;
use crate::trouble::Trouble;

/// Headings and rows.
#[derive(Debug, Default, PartialEq)]
pub struct Table {
    /// The first row that is not empty; of JSON, the names in the order they come.
    pub headings: Vec<String>,
    /// Every row after it that is not empty.
    pub rows: Vec<Row>,
    /// Its columns have letters, as in a spreadsheet.
    pub lettered: bool,
}

/// A row and its number in the file, from 1.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// Number.
    pub number: usize,
    /// Cells under the headings; a short row has fewer.
    pub cells: Vec<Cell>,
}

/// What stands under a heading.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell {
    /// Nothing is said.
    #[default]
    Absent,
    /// A text, perhaps empty.
    Text(String),
    /// A value of a JSON document.
    Json(Value),
}

impl Cell {
    /// As text, where it can be one.
    pub fn text(&self) -> Option<String> {
        match self {
            Cell::Text(text) | Cell::Json(Value::String(text)) => Some(text.trim().to_owned()),
            Cell::Json(Value::Number(number)) => Some(number.to_string()),
            Cell::Json(Value::Null) => Some(String::new()),
            Cell::Absent | Cell::Json(_) => None,
        }
        .filter(|text| !text.is_empty())
    }
}

/// Reads xlsx, xls, ods, csv or jsonl by what the bytes say they are.
///
/// Errors: `malformed`, `bad-encoding`, `too-deep`, `too-many-rows`.
pub fn read(bytes: &[u8]) -> Result<Table, Trouble> {
    let zipped = bytes.starts_with(b"PK\x03\x04");
    let compound = bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]);
    let table = if zipped || compound {
        of_rows(workbook(bytes)?)
    } else {
        let text = text_of(bytes)?;
        match text.trim_start().starts_with('{') {
            true => objects(text)?,
            false => of_rows(csv(text).into_iter().zip(1..).map(|(row, number)| (number, row)).collect()),
        }
    };
    match table {
        table if table.rows.len() > limits::IMPORT_ROWS_MAX => {
            Err(Trouble::TooManyRows(limits::IMPORT_ROWS_MAX))
        }
        table if table.headings.is_empty() => Err(Trouble::Malformed("no row holds any text".to_owned())),
        table => Ok(table),
    }
}

/// UTF-8 with or without its mark.
fn text_of(bytes: &[u8]) -> Result<&str, Trouble> {
    let text = std::str::from_utf8(bytes).map_err(|_| Trouble::BadEncoding)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.contains('\0') { Err(Trouble::BadEncoding) } else { Ok(text) }
}

fn of_rows(rows: Vec<(usize, Vec<String>)>) -> Table {
    let mut rows = rows.into_iter().filter(|(_, row)| row.iter().any(|cell| !cell.trim().is_empty()));
    let headings = rows.next().map(|(_, row)| row).unwrap_or_default();
    let row = |(number, row): (usize, Vec<String>)| Row {
        number,
        cells: row.into_iter().map(Cell::Text).collect(),
    };
    Table { headings, rows: rows.map(row).collect(), lettered: true }
}

fn workbook(bytes: &[u8]) -> Result<Vec<(usize, Vec<String>)>, Trouble> {
    let broken = |error: &dyn std::fmt::Display| Trouble::Malformed(error.to_string());
    let mut book: Sheets<_> =
        calamine::open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(|e| broken(&e))?;
    let sheet = book.worksheet_range_at(0).ok_or_else(|| broken(&"no sheet"))?.map_err(|e| broken(&e))?;
    // The range begins at the first cell that holds something.
    let (above, before) = sheet.start().unwrap_or_default();
    let before = vec![String::new(); usize::try_from(before).unwrap_or_default()];
    let number = usize::try_from(above).unwrap_or_default() + 1;
    let cells = |row: &[Data]| before.iter().cloned().chain(row.iter().map(cell)).collect();
    Ok((number..).zip(sheet.rows().map(cells)).collect())
}

fn cell(data: &Data) -> String {
    match data {
        Data::Empty => String::new(),
        Data::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}"),
        Data::DateTime(when) => {
            let (year, month, day, ..) = when.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        other => other.to_string(),
    }
}

/// Comma-separated text after RFC 4180.
fn csv(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(untamed(std::mem::take(&mut cell))),
            '\r' if !quoted => {}
            '\n' if !quoted => {
                row.push(untamed(std::mem::take(&mut cell)));
                rows.push(std::mem::take(&mut row));
            }
            other => cell.push(other),
        }
    }
    if !cell.is_empty() || !row.is_empty() {
        row.push(untamed(cell));
        rows.push(row);
    }
    rows
}

/// Takes off the apostrophe an export put before a text that would have started a formula.
fn untamed(cell: String) -> String {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(crate::records::export::TAMED) => rest.to_owned(),
        _ => cell,
    }
}

/// One object a line: names are headings, in the order they first come.
fn objects(text: &str) -> Result<Table, Trouble> {
    let mut table = Table::default();
    let mut places = std::collections::HashMap::new();
    for (line, number) in text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty()) {
        let object = read_object(line.as_bytes()).map_err(|trouble| match trouble {
            Trouble::Malformed(what) => Trouble::Malformed(format!("line {number}: {what}")),
            other => other,
        })?;
        let mut row = Row { number, cells: Vec::new() };
        for (name, value) in object {
            let at = *places.entry(name).or_insert_with_key(|name: &String| {
                table.headings.push(name.clone());
                table.headings.len() - 1
            });
            if row.cells.len() <= at {
                row.cells.resize(at + 1, Cell::Absent);
            }
            if let Some(cell) = row.cells.get_mut(at) {
                *cell = Cell::Json(value);
            }
        }
        table.rows.push(row);
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn texts(row: &Row) -> Vec<String> {
        row.cells.iter().map(|cell| cell.text().unwrap_or_default()).collect()
    }

    #[test]
    fn comma_separated_text_reads_as_a_table() {
        let table =
            read("\u{feff}名称,摘要\r\n甲,\"a, \"\"b\"\"\nc\"\r\n\r\n乙,'=1\r\n".as_bytes()).expect("table");
        assert_eq!(table.headings, ["名称", "摘要"]);
        let rows: Vec<_> = table.rows.iter().map(|row| (row.number, texts(row))).collect();
        let row = |cells: [&str; 2]| cells.map(str::to_owned).to_vec();
        assert_eq!(rows, [(2, row(["甲", "a, \"b\"\nc"])), (4, row(["乙", "=1"]))], "as the file counts");
    }

    #[test]
    fn objects_read_as_a_table() {
        let table = read("{\"a\":1}\n\n{\"b\":[2],\"a\":null}\n".as_bytes()).expect("table");
        assert_eq!(
            (table.headings.as_slice(), table.lettered),
            (&["a".to_owned(), "b".to_owned()][..], false)
        );
        let cells = |number, cells: Vec<Cell>| Row { number, cells };
        let (one, list) = (Cell::Json(json!(1)), Cell::Json(json!([2])));
        assert_eq!(table.rows, [cells(1, vec![one]), cells(3, vec![Cell::Json(Value::Null), list])]);
    }

    #[test]
    fn what_is_no_table_has_a_name() {
        let code = |bytes: &[u8]| read(bytes).map_or_else(|t| t.telling().code, |_| "ok");
        assert_eq!(code(b""), "malformed");
        assert_eq!(code(b"\xff\xfe"), "bad-encoding");
        assert_eq!(code(b"PK\x03\x04 not a workbook"), "malformed");
        assert_eq!(code(b"{\"a\":1}\n{"), "malformed");
        assert_eq!(code(b"{\"a\":\"\\ud800\"}"), "bad-encoding");
    }
}
