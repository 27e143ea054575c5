//! Following the feed: each change of a record becomes a document of the index, in order of position.
//!
//! One thread; woken by commits of this process, and by a short rest for those of others. Never writes to the register.

use std::sync::PoisonError;
use std::time::Duration;

use base::id::RecordId;
use catalogue::kind::SearchRole;
use catalogue::{Catalogue, Field, Fields, Shape};
use matching::Document;
use register::{Doc, FeedRow, Position};
use serde_json::Value;

use super::learn::Learning;
use super::{Followed, State};
use crate::app::App;
use crate::fields::person;

/// Changes read at once.
const BATCH: usize = 500;
/// Rest between looks for commits of other processes on the same store.
const REST: Duration = Duration::from_millis(100);

/// Starts the following thread; it ends with the process.
pub fn follow(app: &App) -> anyhow::Result<()> {
    let waking = app.clone();
    app.register().on_commit(std::sync::Arc::new(move |_| waking.index().wake()));
    app.index().aim(app.register().position());
    let following = app.clone();
    std::thread::Builder::new().name("follow".into()).spawn(move || run(&following))?;
    Ok(())
}

fn run(app: &App) {
    let mut learning = Learning::default();
    loop {
        match catch_up(app) {
            Ok(0) => {
                learning.at_rest(app);
                app.index().rest();
            }
            Ok(_) => {}
            Err(fault) => {
                eprintln!("{}: the index cannot follow: {fault}", app.now());
                app.index().rest();
            }
        }
    }
}

/// Takes in one batch; answers how many changes it held.
pub fn catch_up(app: &App) -> register::Result<usize> {
    let after = app.index().position();
    let (rows, docs) = app.register().read(|reader| {
        let rows = reader.feed(after, BATCH)?;
        let docs: Vec<(i64, Option<Doc>)> = distinct(&rows)
            .into_iter()
            .map(|row| Ok((row, reader.document(row)?)))
            .collect::<register::Result<_>>()?;
        Ok((rows, docs))
    })?;
    let Some(last) = rows.last() else { return Ok(0) };
    let catalogue = app.register().catalogue();
    let documents: Vec<_> =
        docs.into_iter().map(|(row, doc)| (row, doc.map(|doc| (document(catalogue, &doc), doc)))).collect();
    app.index().take(catalogue, documents);
    app.index().reach(last.position);
    Ok(rows.len())
}

fn distinct(rows: &[FeedRow]) -> Vec<i64> {
    let mut distinct: Vec<i64> = rows.iter().map(|change| change.row).collect();
    distinct.sort_unstable();
    distinct.dedup();
    distinct
}

/// What a record may be found by: its open layer, by the search roles of its fields.
pub fn document(catalogue: &Catalogue, doc: &Doc) -> Document {
    let mut made = Document {
        id: u64::try_from(doc.item.row).unwrap_or_default(),
        group: format!("{}/{}", doc.item.kind, doc.item.type_path),
        title: doc.item.title.clone(),
        mark: mark(doc.item.id),
        ..Document::default()
    };
    let Some(kind) = catalogue.kind(&doc.item.kind) else { return made };
    for field in kind.fields_of(&doc.item.type_path) {
        if let Some(value) = doc.open.get(&field.name) {
            take_in(&mut made, field, value, catalogue);
        }
    }
    if let Some(place) = &doc.item.place {
        made.keys.extend(place.ancestors().into_iter().map(|place| format!("place:{place}")));
    }
    made.day = day_of(&doc.open, kind.day.as_deref());
    made
}

fn take_in(made: &mut Document, field: &Field, value: &Value, catalogue: &Catalogue) {
    if let Shape::Code(vocabulary) = &field.shape {
        let codes = catalogue::value::keys(field, value, &catalogue.terms());
        made.keys.extend(codes.into_iter().map(|code| format!("{vocabulary}:{code}")));
    }
    if matches!(field.search, Some(SearchRole::Text | SearchRole::Key)) {
        for text in texts(value) {
            made.text.push_str(text);
            made.text.push('\n');
        }
    }
    if field.search == Some(SearchRole::Maker) {
        let makers = texts(value).into_iter().filter_map(|text| text.parse().ok());
        made.by.extend(makers.map(mark));
    }
}

/// What the index calls a record by.
fn mark(id: RecordId) -> u128 {
    u128::from_be_bytes(*id.as_bytes())
}

fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Object(group) => group.values().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

fn day_of(fields: &Fields, name: Option<&str>) -> Option<i32> {
    let day: base::day::Day = fields.get(name?)?.as_str()?.parse().ok()?;
    let epoch = jiff::civil::date(1970, 1, 1);
    Some(day.first().since(epoch).ok()?.get_days())
}

impl Followed {
    fn position(&self) -> Position {
        self.reached.lock().unwrap_or_else(PoisonError::into_inner).position
    }

    fn aim(&self, goal: Position) {
        self.reached.lock().unwrap_or_else(PoisonError::into_inner).goal = goal;
    }

    fn wake(&self) {
        self.reached.lock().unwrap_or_else(PoisonError::into_inner).news = true;
        self.moved.notify_all();
    }

    /// Waits for news, a short while at most.
    fn rest(&self) {
        let reached = self.reached.lock().unwrap_or_else(PoisonError::into_inner);
        if let Ok((mut reached, _)) = self.moved.wait_timeout_while(reached, REST, |reached| !reached.news) {
            reached.news = false;
        }
    }

    fn take(&self, catalogue: &Catalogue, taken: Vec<(i64, Option<(Document, Doc)>)>) {
        {
            let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
            for (row, document) in taken {
                state.figures.take(catalogue, row, document.as_ref().map(|(_, doc)| doc));
                state.claim(row, document.as_ref().map(|(_, doc)| doc));
                state.replace(row, document);
            }
        }
    }

    fn reach(&self, position: Position) {
        self.reached.lock().unwrap_or_else(PoisonError::into_inner).position = position;
        self.moved.notify_all();
    }
}

impl State {
    /// What a record claims, in place of all it claimed before.
    fn claim(&mut self, row: i64, doc: Option<&Doc>) {
        let Ok(row) = u64::try_from(row) else { return };
        match doc.and_then(crate::effects::follow::entry) {
            Some(entry) => self.claims.put(row, entry),
            None => self.claims.remove(row),
        }
    }

    fn replace(&mut self, row: i64, document: Option<(Document, Doc)>) {
        let Ok(id) = u64::try_from(row) else { return };
        match document {
            Some((document, doc)) => {
                self.index.put(document);
                match is_unranked(&doc) {
                    true => self.unranked.insert(id),
                    false => self.unranked.remove(&id),
                };
                self.subjects.insert(id, doc.subject);
            }
            None => {
                self.index.remove(id);
                self.subjects.remove(&id);
                self.unranked.remove(&id);
            }
        }
    }
}

/// Whether it is a person who asked not to be ranked, or takes no invitations for now.
fn is_unranked(doc: &Doc) -> bool {
    let says = |name: &str| doc.inside.get(name).and_then(Value::as_bool).unwrap_or_default();
    doc.item.kind == person::KIND && (says(person::NO_RANKING) || says(person::PAUSED))
}
