//! A list as a file: the same filters as on the page, everything of each record that the asker may read but what is
//! sealed, so that it comes back as it went.
//!
//! xlsx and csv hold what people read, number first; jsonl holds the canonical values. csv and jsonl leave page by page
//! and have no limit; a workbook is made whole, of at most `limits::EXPORT_BOOK_ROWS_MAX` rows. Cells never start a
//! formula: text that begins with `= + - @` or a tab is written as text (xlsx) or after an apostrophe (csv). Start at
//! [`Leaving`].

use std::collections::HashMap;
use std::io::Write;

use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use base::id::RecordId;
use base::limits;
use catalogue::access::layers;
use catalogue::kind::{Verb, reference};
use catalogue::{Asker, Field, Kind, Layer, Shape};
use futures_util::stream;
use register::{Find, Key, Reader, Record};
use rust_xlsxwriter::{Format as Style, Workbook};
use serde_json::{Map, Value};

use super::cells::Pen;
use super::faces::{badge, type_label};
use super::import::{stage_named, type_named};
use super::list::Question;
use crate::app::App;
use crate::locale::Lang;
use crate::problem::encode_query;
use crate::trouble::Trouble;
use crate::visit::Visit;

/// What a text of a csv must not begin with, and the apostrophe that keeps it from it.
pub const TAMED: [char; 7] = ['=', '+', '-', '@', '\t', '\r', '\''];
/// Characters of a cell at most, as spreadsheet programs have it.
const CELL_CHARS_MAX: usize = 32_767;
/// Columns before the fields: name and the key of the heading.
pub const HEAD: [(&str, &str); 3] =
    [("number", "list.number"), ("type", "list.type"), ("stage", "list.stage")];
/// The last column, by which a sheet that comes back late is noticed.
pub const VERSION: (&str, &str) = ("version", "list.version");

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A workbook.
    Xlsx,
    /// Comma-separated text.
    Csv,
    /// A JSON object a line.
    Jsonl,
}

impl Format {
    /// The format of a file's ending.
    pub fn of(ending: &str) -> Option<Format> {
        match ending {
            "xlsx" => Some(Format::Xlsx),
            "csv" => Some(Format::Csv),
            "jsonl" => Some(Format::Jsonl),
            _ => None,
        }
    }

    fn ending(self) -> &'static str {
        match self {
            Format::Xlsx => "xlsx",
            Format::Csv => "csv",
            Format::Jsonl => "jsonl",
        }
    }

    fn media(self) -> &'static str {
        match self {
            Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Format::Csv => "text/csv; charset=utf-8",
            Format::Jsonl => "application/jsonl; charset=utf-8",
        }
    }
}

/// A list on its way out.
#[derive(Clone)]
pub struct Leaving {
    /// The application.
    pub app: App,
    /// Who asks.
    pub asker: Asker,
    /// Language of headings and terms.
    pub lang: Lang,
    /// Which records, from which on.
    pub find: Find,
}

/// `GET /{path}.xlsx`, `.csv` and `.jsonl`: everything the list's filters let through.
pub async fn list(
    visit: &Visit,
    kind: &Kind,
    question: &Question,
    ending: &str,
) -> Result<Response, Trouble> {
    let format = Format::of(ending).ok_or(Trouble::NotFound)?;
    let leaving = Leaving {
        app: visit.app.clone(),
        asker: visit.asker(),
        lang: visit.lang,
        find: Find { first: limits::PAGE_ROWS_MAX, ..question.find(visit.app.register().catalogue(), kind)? },
    };
    let name = kind.label.text(visit.lang).to_owned();
    if format == Format::Xlsx {
        let sheet = tokio::task::spawn_blocking(move || leaving.sheet()).await??;
        return Ok(sent(&name, format, Body::from(xlsx(&sheet)?)));
    }
    // The first page is read before the answer begins, so that what is wrong with the question is told as such.
    let (first, rest) = leaving.piece(format, true).await?;
    let later = stream::unfold(rest, move |rest| async move {
        match rest?.piece(format, false).await {
            Ok((bytes, rest)) => Some((Ok(bytes), rest)),
            Err(trouble) => Some((Err(std::io::Error::other(format!("{trouble:?}"))), None)),
        }
    });
    let pieces = stream::StreamExt::chain(stream::iter([Ok(first)]), later);
    Ok(sent(&name, format, Body::from_stream(pieces)))
}

fn sent(name: &str, format: Format, body: Body) -> Response {
    let name = encode_query(&format!("{name}.{}", format.ending())).replace('/', "%2F");
    let headers = [
        (header::CONTENT_TYPE, format.media().to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename*=UTF-8''{name}")),
    ];
    (headers, body).into_response()
}

impl Leaving {
    /// Writes the whole list; how many records it holds.
    pub fn write(self, format: Format, to: &mut impl Write) -> anyhow::Result<usize> {
        if format == Format::Xlsx {
            let sheet = self.sheet().map_err(told)?;
            to.write_all(&xlsx(&sheet).map_err(told)?)?;
            return Ok(sheet.rows.len());
        }
        let (mut count, mut next) = (0, Some(self));
        while let Some(leaving) = next {
            let (bytes, records, rest) = leaving
                .app
                .register()
                .read(|reader| Ok(leaving.encoded(reader, format, count == 0)))?
                .map_err(told)?;
            to.write_all(&bytes)?;
            count += records;
            next = rest;
        }
        Ok(count)
    }

    /// One page as bytes, and what is left.
    async fn piece(self, format: Format, first: bool) -> Result<(Vec<u8>, Option<Leaving>), Trouble> {
        let app = self.app.clone();
        let (bytes, _, rest) = app.read_long(move |reader| self.encoded(reader, format, first)).await?;
        Ok((bytes, rest))
    }

    fn encoded(
        &self,
        reader: &Reader<'_>,
        format: Format,
        first: bool,
    ) -> Result<(Vec<u8>, usize, Option<Leaving>), Trouble> {
        let kind = self.kind()?;
        let fields = fields(kind, &self.asker);
        let (records, rest) = self.page(reader)?;
        let mut bytes = Vec::new();
        if format == Format::Jsonl {
            for record in &records {
                bytes.extend(object(kind, &fields, record).to_string().into_bytes());
                bytes.push(b'\n');
            }
            return Ok((bytes, records.len(), rest));
        }
        if first {
            bytes.extend("\u{feff}".bytes());
            bytes.extend(csv_line(&self.headings(&fields)).into_bytes());
        }
        for row in self.rows(reader, kind, &fields, &records)? {
            bytes.extend(csv_line(&row).into_bytes());
        }
        Ok((bytes, records.len(), rest))
    }

    /// The whole list as a table of texts. Error: `too-many-rows`.
    fn sheet(self) -> Result<Sheet, Trouble> {
        let app = self.app.clone();
        let kind = self.kind()?;
        let fields = fields(kind, &self.asker);
        let mut sheet = Sheet {
            name: kind.label.text(self.lang).to_owned(),
            names: Vec::new(),
            headings: self.headings(&fields),
            rows: Vec::new(),
        };
        let mut next = Some(self.clone());
        while let Some(leaving) = next {
            let read = |reader: &Reader<'_>| -> Result<_, Trouble> {
                let (records, rest) = leaving.page(reader)?;
                Ok((leaving.rows(reader, kind, &fields, &records)?, rest))
            };
            let (rows, rest) = app.register().read(|reader| Ok(read(reader)))??;
            sheet.rows.extend(rows);
            next = rest;
            if sheet.rows.len() + usize::from(next.is_some()) > limits::EXPORT_BOOK_ROWS_MAX {
                return Err(Trouble::TooManyRows(limits::EXPORT_BOOK_ROWS_MAX));
            }
        }
        Ok(sheet)
    }

    fn kind(&self) -> Result<&Kind, Trouble> {
        self.app.register().catalogue().kind(&self.find.kind).ok_or(Trouble::NotFound)
    }

    fn headings(&self, fields: &[&Field]) -> Vec<String> {
        let texts = self.app.texts(self.lang);
        let head = HEAD.iter().map(|(_, key)| texts.get(key).to_owned());
        let body = fields.iter().map(|field| field.label.text(self.lang).to_owned());
        head.chain(body).chain([texts.get(VERSION.1).to_owned()]).collect()
    }

    fn page(&self, reader: &Reader<'_>) -> Result<(Vec<Record>, Option<Leaving>), Trouble> {
        let page = reader.list(&self.asker, &self.find)?;
        let records = page.items.iter().map(|item| reader.find(&self.asker, &Key::Row(item.row)));
        let records = records.collect::<register::Result<Vec<_>>>()?;
        let after = |next| Leaving { find: self.find.clone().after(Some(next)), ..self.clone() };
        Ok((records, page.next.map(after)))
    }

    fn rows(
        &self,
        reader: &Reader<'_>,
        kind: &Kind,
        fields: &[&Field],
        records: &[Record],
    ) -> Result<Vec<Vec<String>>, Trouble> {
        let named = names(reader, &self.asker, fields, records)?;
        let pen = Pen { terms: reader.catalogue().terms(), lang: self.lang, named: &named };
        let row = |record: &Record| {
            let item = &record.item;
            let mut row = vec![
                item.number.printed(&kind.sign),
                type_cell(kind, &item.type_path, self.lang),
                stage_cell(kind, &item.stage, self.lang),
            ];
            row.extend(fields.iter().map(|field| {
                record.fields.get(&field.name).map(|value| pen.write(field, value)).unwrap_or_default()
            }));
            row.push(item.version.to_string());
            row
        };
        Ok(records.iter().map(row).collect())
    }
}

/// What a trouble is to the command line.
fn told(trouble: Trouble) -> anyhow::Error {
    match trouble {
        Trouble::TooManyRows(most) => {
            anyhow::anyhow!("a workbook holds {most} rows: narrow the list by --where, or write csv or jsonl")
        }
        other => anyhow::anyhow!("{other:?}"),
    }
}

/// The fields that leave: in form order, without what is sealed, and without what this asker reads of no record.
fn fields<'k>(kind: &'k Kind, asker: &Asker) -> Vec<&'k Field> {
    let arms = catalogue::access::arms(kind, asker, &Verb::Read);
    let inside = arms.iter().any(|arm| layers(&arm.access()).contains(&Layer::Inside));
    let leaves = |field: &&Field| field.layer == Layer::Open || field.layer == Layer::Inside && inside;
    kind.fields.iter().filter(leaves).collect()
}

/// A record as programs read it: its fields by name, beside its number, type, stage and version.
fn object(kind: &Kind, fields: &[&Field], record: &Record) -> Value {
    let mut object = Map::new();
    object.insert("number".into(), record.item.number.printed(&kind.sign).into());
    object.insert("type".into(), record.item.type_path.as_str().into());
    object.insert("stage".into(), record.item.stage.as_str().into());
    for field in fields {
        if let Some(value) = record.fields.get(&field.name) {
            object.insert(field.name.clone(), value.clone());
        }
    }
    object.insert("version".into(), record.item.version.into());
    Value::Object(object)
}

/// The label, where it names this type and no other.
pub fn type_cell(kind: &Kind, path: &str, lang: Lang) -> String {
    let label = type_label(kind, path, lang);
    if type_named(kind, &label) == Some(path) { label } else { path.to_owned() }
}

fn stage_cell(kind: &Kind, stage: &str, lang: Lang) -> String {
    let label = badge(kind, stage, lang).label;
    if stage_named(kind, &label) == Some(stage) { label } else { stage.to_owned() }
}

/// How records that these refer to are written: number and title, of those the asker may read.
pub fn names(
    reader: &Reader<'_>,
    asker: &Asker,
    fields: &[&Field],
    records: &[Record],
) -> Result<HashMap<RecordId, String>, Trouble> {
    let mut ids = Vec::new();
    for record in records {
        for field in fields {
            if let Some(value) = record.fields.get(&field.name) {
                references(&field.shape, value, &mut ids);
            }
        }
    }
    ids.sort();
    ids.dedup();
    let mut named = HashMap::new();
    for some in ids.chunks(limits::PAGE_ROWS_MAX) {
        for item in reader.seen_all(asker, some)? {
            if let Some(kind) = reader.catalogue().kind(&item.kind) {
                named.insert(item.id, format!("{} {}", item.number.printed(&kind.sign), item.title));
            }
        }
    }
    // One that was merged is found under the record that was kept, and stays what it is by its id.
    named.retain(|id, _| ids.binary_search(id).is_ok());
    Ok(named)
}

fn references(shape: &Shape, value: &Value, ids: &mut Vec<RecordId>) {
    match (shape, value) {
        (_, Value::Array(items)) => items.iter().for_each(|item| references(shape, item, ids)),
        (Shape::Reference(_), id) => ids.extend(reference(id)),
        (Shape::Group(sub), Value::Object(row)) => {
            for field in sub {
                if let Some(value) = row.get(&field.name) {
                    references(&field.shape, value, ids);
                }
            }
        }
        _ => {}
    }
}

/// A table of texts that leaves whole: headings and rows.
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

/// Sends a table.
pub fn send(sheet: &Sheet, ending: &str) -> Result<Response, Trouble> {
    let format = Format::of(ending).ok_or(Trouble::NotFound)?;
    let bytes = match format {
        Format::Xlsx => xlsx(sheet)?,
        Format::Csv => {
            let rows = std::iter::once(&sheet.headings).chain(&sheet.rows).map(|row| csv_line(row));
            format!("\u{feff}{}", rows.collect::<String>()).into_bytes()
        }
        Format::Jsonl => {
            let object = |row: &Vec<String>| -> Value {
                sheet.names.iter().cloned().zip(row.iter().map(|cell| Value::from(cell.as_str()))).collect()
            };
            sheet.rows.iter().map(|row| format!("{}\n", object(row))).collect::<String>().into_bytes()
        }
    };
    Ok(sent(&sheet.name, format, Body::from(bytes)))
}

fn xlsx(sheet: &Sheet) -> Result<Vec<u8>, Trouble> {
    if sheet.rows.iter().flatten().any(|cell| base::text::chars(cell) > CELL_CHARS_MAX) {
        return Err(Trouble::CellTooLong(CELL_CHARS_MAX));
    }
    let write = || -> Result<Vec<u8>, rust_xlsxwriter::XlsxError> {
        let mut book = Workbook::new();
        let page = book.add_worksheet();
        page.set_name(sheet.name.chars().take(31).collect::<String>())?;
        let bold = Style::new().set_bold();
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

/// A line of comma-separated text; the first bears the mark by which spreadsheet programs recognise UTF-8.
fn csv_line(cells: &[String]) -> String {
    let mut line = cells.iter().map(|cell| quoted(cell)).collect::<Vec<_>>().join(",");
    line.push_str("\r\n");
    line
}

fn quoted(cell: &str) -> String {
    let tame = if cell.starts_with(TAMED) { format!("'{cell}") } else { cell.to_owned() };
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
