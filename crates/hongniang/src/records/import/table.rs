//! The first sheet of a workbook, or comma-separated text, as headings and rows of text. Knows no field.

use std::io::Cursor;

use base::limits;
use calamine::{Data, Reader as _, Sheets};

use crate::trouble::Trouble;

/// Headings and rows.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The first row that is not empty.
    pub headings: Vec<String>,
    /// Every row after it.
    pub rows: Vec<Vec<String>>,
}

/// Reads xlsx, xls, ods or csv by what the bytes say they are.
pub fn read(bytes: &[u8]) -> Result<Table, Trouble> {
    let zipped = bytes.starts_with(b"PK\x03\x04");
    let compound = bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]);
    let mut rows = if zipped || compound { workbook(bytes)? } else { csv(bytes)? };
    if rows.len() > limits::IMPORT_ROWS_MAX {
        return Err(Trouble::TooLarge(limits::UPLOAD_BYTES_MAX));
    }
    rows.retain(|row| row.iter().any(|cell| !cell.trim().is_empty()));
    if rows.is_empty() {
        return Err(Trouble::Malformed("no row holds any text".to_owned()));
    }
    Ok(Table { headings: rows.remove(0), rows })
}

fn workbook(bytes: &[u8]) -> Result<Vec<Vec<String>>, Trouble> {
    let broken = |error: &dyn std::fmt::Display| Trouble::Malformed(error.to_string());
    let mut book: Sheets<_> =
        calamine::open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(|e| broken(&e))?;
    let sheet = book.worksheet_range_at(0).ok_or_else(|| broken(&"no sheet"))?.map_err(|e| broken(&e))?;
    Ok(sheet.rows().map(|row| row.iter().map(cell).collect()).collect())
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

/// Comma-separated text after RFC 4180, in UTF-8 with or without its mark.
fn csv(bytes: &[u8]) -> Result<Vec<Vec<String>>, Trouble> {
    let text = std::str::from_utf8(bytes).map_err(|_| Trouble::BadEncoding)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.contains('\0') {
        return Err(Trouble::BadEncoding);
    }
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
    Ok(rows)
}

/// Takes off the apostrophe an export put before a text that would have started a formula.
fn untamed(cell: String) -> String {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@', '\t']) => rest.to_owned(),
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comma_separated_text_reads_as_a_table() {
        let table =
            read("\u{feff}名称,摘要\r\n甲,\"a, \"\"b\"\"\nc\"\r\n\r\n乙,'=1\r\n".as_bytes()).expect("table");
        assert_eq!(table.headings, ["名称", "摘要"]);
        assert_eq!(table.rows, [vec!["甲", "a, \"b\"\nc"], vec!["乙", "=1"]]);
    }

    #[test]
    fn what_is_no_table_has_a_name() {
        let code = |bytes: &[u8]| read(bytes).map_or_else(|t| t.telling().code, |_| "ok");
        assert_eq!(code(b""), "malformed");
        assert_eq!(code(b"\xff\xfe"), "bad-encoding");
        assert_eq!(code(b"PK\x03\x04 not a workbook"), "malformed");
    }
}
