//! A spreadsheet coming in: headings recognised, every row read like a form, every fault listed; what is sound is
//! filed by a job whose page tells how far it is.
//!
//! The upload is kept by its hash, so nothing is sent twice. Start at [`receive`].

mod table;

use std::collections::HashMap;

use askama::Template as _;
use axum::extract::Path;
use axum::response::{Html, IntoResponse, Redirect, Response};
use base::id::RecordId;
use base::limits;
use catalogue::value::{Fault, Fields};
use catalogue::{Asker, Field, Kind, Shape};
use register::{New, Reader};
use serde_json::Value;

use super::draft::Draft;
use super::faces::type_label;
use super::posted::Posted;
use super::sheet::label_of;
use super::{key_at, kind_at};
use crate::jobs::{IMPORT, ImportOrder};
use crate::trouble::Trouble;
use crate::view::{FaultLine, ImportView};
use crate::visit::Visit;

/// Faults shown at once; the count says how many there are.
const FAULTS_SHOWN: usize = 200;

/// A workbook read against a kind.
pub struct Reading {
    /// Headings and the field each was recognised as.
    pub columns: Vec<(String, Option<String>)>,
    /// Sound rows: row number in the sheet, type and fields.
    pub sound: Vec<(usize, String, Fields)>,
    /// Faults by row number.
    pub faults: Vec<(usize, Fault)>,
}

/// Reads a stored upload against a kind, as the asker may refer to records.
pub fn read(reader: &Reader<'_>, asker: &Asker, kind: &Kind, bytes: &[u8]) -> Result<Reading, Trouble> {
    let table = table::read(bytes)?;
    let columns: Vec<(String, Option<String>)> =
        table.headings.iter().map(|heading| (heading.clone(), recognise(kind, heading))).collect();
    let mut reading = Reading { columns, sound: Vec::new(), faults: Vec::new() };
    let mut references = References { reader, asker, known: HashMap::new() };
    for (at, cells) in table.rows.iter().enumerate() {
        // Row 1 holds the headings.
        reading.row(at + 2, kind, cells, &mut references)?;
    }
    Ok(reading)
}

/// The field a heading means: its label in either language, its name, or a heading the catalogue lists.
fn recognise(kind: &Kind, heading: &str) -> Option<String> {
    let folded = base::text::fold(heading.trim());
    let same = |text: &str| base::text::fold(text) == folded;
    if ["类型", "type"].iter().any(|name| same(name)) {
        return Some("type".to_owned());
    }
    let means = |field: &&Field| {
        same(&field.name)
            || same(&field.label.zh)
            || same(&field.label.en)
            || field.columns.iter().any(|c| same(c))
    };
    kind.fields.iter().find(means).map(|field| field.name.clone())
}

impl Reading {
    fn row(
        &mut self,
        number: usize,
        kind: &Kind,
        cells: &[String],
        references: &mut References<'_>,
    ) -> Result<(), Trouble> {
        let mut draft = Draft::default();
        let mut faults = Vec::new();
        let mut type_path = kind.types.first().map(|t| t.path.clone()).unwrap_or_default();
        for ((_, name), cell) in self.columns.iter().zip(cells).filter(|(_, cell)| !cell.trim().is_empty()) {
            let Some(name) = name else { continue };
            if name == "type" {
                type_path = type_of(kind, cell).unwrap_or(type_path);
                continue;
            }
            let Some(field) = kind.field(name) else { continue };
            match &field.shape {
                Shape::Reference(kinds) => references.put(&mut draft, &mut faults, field, kinds, cell)?,
                Shape::Group(_) | Shape::File => {}
                _ => draft.add(name, term(field, references, cell)),
            }
        }
        if draft.pairs().is_empty() {
            return Ok(());
        }
        let terms = references.reader.catalogue().terms();
        let (fields, read_faults) = draft.read(kind.fields_of(&type_path), &terms);
        faults.extend(read_faults);
        let checked = references.reader.catalogue().check(&kind.name, &type_path, &fields);
        let (fields, checked) = checked.ok_or(Trouble::NotFound)?;
        faults.extend(checked);
        match faults.is_empty() {
            true => self.sound.push((number, type_path, fields)),
            false => self.faults.extend(faults.into_iter().map(|fault| (number, fault))),
        }
        Ok(())
    }
}

/// A cell may say a type as this catalogue does, or as another place calls it.
fn type_of(kind: &Kind, cell: &str) -> Option<String> {
    kind.type_called(cell).map(|of| of.path.clone())
}

/// A cell that names a term by its label becomes the term's code; yes and no become what a form posts.
fn term(field: &Field, references: &References<'_>, cell: &str) -> String {
    match &field.shape {
        Shape::Boolean if matches!(cell.trim(), "否" | "no" | "No" | "0") => String::new(),
        Shape::Boolean => "1".to_owned(),
        Shape::Code(name) => {
            let vocabularies = references.reader.catalogue().vocabularies();
            let Some(vocabulary) = vocabularies.get(name) else { return cell.to_owned() };
            let code = |item: &str| {
                let term = vocabulary.terms.iter().find(|t| t.label.zh == item || t.label.en == item);
                term.map_or_else(|| item.to_owned(), |t| t.code.clone())
            };
            cell.split(['\n', '、']).map(|item| code(item.trim())).collect::<Vec<_>>().join("\n")
        }
        _ => cell.to_owned(),
    }
}

/// Cells that name records, by number, by id, or by an exact title.
struct References<'a> {
    reader: &'a Reader<'a>,
    asker: &'a Asker,
    known: HashMap<String, Option<RecordId>>,
}

impl References<'_> {
    fn put(
        &mut self,
        draft: &mut Draft,
        faults: &mut Vec<Fault>,
        field: &Field,
        kinds: &[String],
        cell: &str,
    ) -> Result<(), Trouble> {
        for name in cell.split(['\n', '；', ';']).map(str::trim).filter(|name| !name.is_empty()) {
            match self.find(kinds, name)? {
                Some(id) => draft.add(&field.name, id.to_string()),
                None => faults.push(Fault {
                    field: field.name.clone(),
                    code: "reference-unknown",
                    args: vec![("name", name.to_owned())],
                }),
            }
        }
        Ok(())
    }

    fn find(&mut self, kinds: &[String], name: &str) -> Result<Option<RecordId>, Trouble> {
        if let Some(known) = self.known.get(name) {
            return Ok(*known);
        }
        let found = self.look_up(kinds, name)?;
        self.known.insert(name.to_owned(), found);
        Ok(found)
    }

    fn look_up(&self, kinds: &[String], name: &str) -> Result<Option<RecordId>, Trouble> {
        let number = name.split_whitespace().next().unwrap_or(name);
        for kind in kinds.iter().filter_map(|kind| self.reader.catalogue().kind(kind)) {
            if let Ok(key) = key_at(kind, number)
                && let Ok(item) = self.reader.seen(self.asker, &key)
            {
                return Ok(Some(item.id));
            }
            if let Some(item) = self.reader.titled(self.asker, &kind.name, name)? {
                return Ok(Some(item.id));
            }
        }
        Ok(None)
    }
}

/// `GET /{path}/import`.
pub async fn form(visit: Visit, Path(path): Path<String>) -> Result<Html<String>, Trouble> {
    let kind = allowed(&visit, &path)?;
    Ok(Html(view(&visit, kind).render()?))
}

fn allowed<'a>(visit: &'a Visit, path: &str) -> Result<&'a Kind, Trouble> {
    let kind = kind_at(&visit.app, path)?;
    let asker = visit.must_sign_in()?;
    match super::may_create(kind, &asker) && !asker.roles.is_empty() {
        true => Ok(kind),
        false => Err(Trouble::Register(register::Fault::NotAllowed)),
    }
}

fn view(visit: &Visit, kind: &Kind) -> ImportView {
    let label = kind.label.text(visit.lang);
    ImportView {
        page: visit.page(visit.texts().fill("import.title", &[("kind", label)])),
        kind: label.to_owned(),
        action: visit.href(&format!("/{}/import", kind.path)),
        columns: Vec::new(),
        sound: 0,
        faults: Vec::new(),
        token: String::new(),
        blank: visit.href(&format!("/{}/import/blank.xlsx", kind.path)),
        done: None,
        progress: None,
    }
}

/// `POST /{path}/import`: first the upload, answered with what was understood; then `do=import` files it.
pub async fn receive(visit: Visit, Path(path): Path<String>, posted: Posted) -> Result<Response, Trouble> {
    let kind = allowed(&visit, &path)?;
    let token = posted.draft.one("token");
    let hash = match serde_json::from_str::<Value>(posted.draft.one("file")) {
        Ok(file) => file.get("hash").and_then(Value::as_str).unwrap_or_default().to_owned(),
        Err(_) => token.to_owned(),
    };
    if hash.is_empty() {
        return Ok(Html(view(&visit, kind).render()?).into_response());
    }
    if !token.is_empty() {
        return order(&visit, kind, hash).await;
    }
    let (looking, name, asked) = (visit.clone(), kind.name.clone(), hash.clone());
    let reading = visit
        .app
        .read_long(move |reader| {
            let kind = reader.catalogue().kind(&name).ok_or(Trouble::NotFound)?;
            read(reader, &looking.asker(), kind, &super::files::read(looking.app.register(), &asked)?)
        })
        .await?;
    Ok(Html(understood(&visit, kind, &reading, hash).render()?).into_response())
}

fn understood(visit: &Visit, kind: &Kind, reading: &Reading, token: String) -> ImportView {
    let fields: Vec<&Field> = kind.fields.iter().collect();
    let column = |(heading, name): &(String, Option<String>)| {
        let label = name.as_ref().map(|name| match name.as_str() {
            "type" => visit.t("list.type").to_owned(),
            _ => label_of(&fields, name, visit.lang),
        });
        (heading.clone(), label.unwrap_or_default())
    };
    let line = |(row, fault): &(usize, Fault)| {
        let line = FaultLine {
            id: String::new(),
            label: label_of(&fields, &fault.field, visit.lang),
            text: crate::problem::sentence(visit.texts(), fault),
        };
        (*row, line)
    };
    ImportView {
        columns: reading.columns.iter().map(column).collect(),
        sound: reading.sound.len(),
        faults: reading.faults.iter().take(FAULTS_SHOWN).map(line).collect(),
        token,
        ..view(visit, kind)
    }
}

async fn order(visit: &Visit, kind: &Kind, hash: String) -> Result<Response, Trouble> {
    let session = visit.signed.clone().ok_or(Trouble::SigninNeeded)?;
    let order =
        ImportOrder { kind: kind.name.clone(), hash, person: session.person, account: session.account };
    let payload = order.write();
    let job = visit.app.write(move |writer| writer.enqueue(IMPORT, &payload)).await?.value;
    Ok(Redirect::to(&visit.href(&format!("/{}/import/{job}", kind.path))).into_response())
}

/// `GET /{path}/import/{job}`: how far it is; the page looks again by itself until it is done.
pub async fn progress(visit: Visit, Path((path, job)): Path<(String, i64)>) -> Result<Html<String>, Trouble> {
    let kind = allowed(&visit, &path)?;
    let asker = visit.asker();
    let found = visit.app.read(move |reader| Ok(reader.job(job)?)).await?.ok_or(Trouble::NotFound)?;
    let order = ImportOrder::read(&found.payload)
        .filter(|order| Some(order.person) == asker.person)
        .ok_or(Trouble::NotFound)?;
    let mut view = view(&visit, kind);
    view.token = order.hash;
    match found.state.as_str() {
        "done" => {
            let there = visit.link(&format!("/{}", kind.path), visit.t("import.see"));
            view.done = Some((usize::try_from(found.done).unwrap_or_default(), there));
        }
        "dead" => return Err(Trouble::Internal(found.error.unwrap_or_default())),
        _ => view.progress = Some(u8::try_from(found.done * 100 / found.total.max(1)).unwrap_or(99)),
    }
    Ok(Html(view.render()?))
}

/// `GET /{path}/import/blank.xlsx`: an empty workbook with the right headings.
pub async fn blank(visit: Visit, Path(path): Path<String>) -> Result<Response, Trouble> {
    let kind = allowed(&visit, &path)?;
    let wanted = |field: &&Field| !matches!(field.shape, Shape::Group(_) | Shape::File);
    let mut headings = vec![visit.t("list.type").to_owned()];
    headings.extend(kind.fields.iter().filter(wanted).map(|field| field.label.text(visit.lang).to_owned()));
    let first = kind.types.first().map(|t| type_label(kind, &t.path, visit.lang)).unwrap_or_default();
    let mut example = vec![first];
    example.resize(headings.len(), String::new());
    let sheet =
        super::export::Sheet { name: kind.label.text(visit.lang).to_owned(), headings, rows: vec![example] };
    super::export::send(&sheet, "xlsx")
}

/// The records a reading files, with ids drawn from the job so that a second try files nothing twice.
pub fn records(kind: &Kind, reading: Reading, id_of: impl Fn(usize) -> RecordId) -> Vec<New> {
    reading
        .sound
        .into_iter()
        .map(|(row, type_path, fields)| New {
            kind: kind.name.clone(),
            type_path,
            fields,
            id: Some(id_of(row)),
            ..New::default()
        })
        .take(limits::IMPORT_ROWS_MAX)
        .collect()
}
