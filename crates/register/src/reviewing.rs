//! Reviews of applications: whether a reviewer is free of both sides, what is put before them, what their points come
//! to, and what the applicant is told once it is decided.
//!
//! Never tells who reviewed. Start at [`Reader::bond`].

use base::id::RecordId;
use catalogue::kind::reference;
use catalogue::value::show;
use catalogue::{Asker, Fields, Lang, Layer, Sheet};
use serde_json::{Value, json};

use crate::fault::Result;
use crate::fields::{
    ACADEMICIANS, APPLICATION, CONTACTS, DOCUMENTS, EMPLOYER, FILE, HOST, MATERIAL, MEMBERSHIP, OPINION,
    OPINIONS, PAPERS, PARENT, PARTNERS, REVIEW, REVIEWER, SCORE, SCORES, SHEET, STATION, SUBMITTED,
    WITHDRAWN,
};
use crate::reader::Reader;
use crate::record::Key;
use crate::whole::Whole;
use crate::writer::Writer;

/// Changes the house makes: what a reviewer is to see is fixed, points are counted, the applicant is told.
const FREEZE: &str = "freeze";
const COUNT: &str = "count";
const TELL: &str = "tell-applicant";
/// Characters of what is put before a reviewer, and of the opinions told.
const MATERIAL_CHARS: usize = 20_000;
const OPINIONS_CHARS: usize = 8_000;

/// What binds a reviewer to an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bond {
    /// The reviewer is, or works for, one of the units that apply.
    Unit,
    /// A live tie joins the reviewer, or where they work, to one of them.
    Tie,
    /// The reviewer has this application before them already.
    Already,
}

impl Reader<'_> {
    /// What binds a person to an application they might review; none where nothing is recorded. `own` is the review
    /// that is asked about, if there is one already.
    pub fn bond(
        &self,
        application: RecordId,
        person: RecordId,
        own: Option<RecordId>,
    ) -> Result<Option<Bond>> {
        let items = (self.item(&Key::Id(application))?, self.item(&Key::Id(person))?);
        let (Some(application), Some(person)) = items else { return Ok(None) };
        let sides = self.applying(&self.whole(&application)?)?;
        let employer = self.whole(&person)?.fields.get(EMPLOYER).and_then(reference);
        let mut reviewing = vec![person.id];
        reviewing.extend(employer);
        if reviewing.iter().any(|who| sides.contains(who)) {
            return Ok(Some(Bond::Unit));
        }
        let tied = self.tied(person.row)?;
        // Thousands belong to one society; that alone binds nobody.
        if tied.iter().any(|to| to.tie_type != MEMBERSHIP && sides.contains(&to.id)) {
            return Ok(Some(Bond::Tie));
        }
        for review in self.namers(application.row, APPLICATION, REVIEW)? {
            let other = Some(review.id) != own && review.stage != WITHDRAWN;
            if other && self.names(review.row, REVIEWER)? == Some(person.id) {
                return Ok(Some(Bond::Already));
            }
        }
        Ok(None)
    }

    /// Whether the reviewer a review names is free.
    pub(crate) fn is_free(&self, own: RecordId, fields: &Fields) -> Result<bool> {
        let named = |name| fields.get(name).and_then(reference);
        let (Some(application), Some(person)) = (named(APPLICATION), named(REVIEWER)) else {
            return Ok(true);
        };
        Ok(self.bond(application, person, Some(own))?.is_none())
    }

    /// All who apply: owner, host, partners, the academicians named, and the units above.
    fn applying(&self, application: &Whole) -> Result<Vec<RecordId>> {
        let mut found: Vec<RecordId> = application.owner.into_iter().collect();
        for name in [HOST, PARTNERS, ACADEMICIANS] {
            found.extend(all_of(application.fields.get(name)));
        }
        for id in found.clone() {
            let Some(item) = self.item(&Key::Id(id))? else { continue };
            found.extend(self.whole(&item)?.fields.get(PARENT).and_then(reference));
        }
        Ok(found)
    }

    fn names(&self, row: i64, field: &str) -> Result<Option<RecordId>> {
        let Some(item) = self.item(&Key::Row(row))? else { return Ok(None) };
        Ok(self.whole(&item)?.fields.get(field).and_then(reference))
    }

    /// The sheet a review or an evaluation is scored by: that of the application's type, or of the station's.
    pub fn sheet_for(&self, fields: &Fields) -> Result<Option<&Sheet>> {
        let catalogue = &self.shared.catalogue;
        for (name, is_application) in [(APPLICATION, true), (STATION, false)] {
            let Some(id) = fields.get(name).and_then(reference) else { continue };
            let Some(item) = self.item(&Key::Id(id))? else { continue };
            if !is_application {
                return Ok(catalogue.sheet_of(&item.type_path));
            }
            let asked = self.kind(&item.kind)?.type_of(&item.type_path);
            let asked = asked.and_then(|of| of.recognition.as_ref());
            return Ok(asked.and_then(|asked| catalogue.sheet(&asked.sheet)));
        }
        Ok(None)
    }

    /// Whether the points given fill the sheet; where there is no sheet, nothing is asked.
    pub(crate) fn is_scored(&self, fields: &Fields) -> Result<bool> {
        let Some(sheet) = self.sheet_for(fields)? else { return Ok(true) };
        Ok(sheet.score(fields.get(SCORES).unwrap_or(&Value::Null)).is_some())
    }

    /// Some fields of a record as lines, `label：value`, in the order of its form.
    pub(crate) fn lines(&self, whole: &Whole, wanted: impl Fn(&catalogue::Field) -> bool) -> Result<String> {
        let (kind, terms) = (self.kind(&whole.kind)?, self.shared.catalogue.terms());
        let title = |id: RecordId| self.item(&Key::Id(id)).ok().flatten().map(|item| item.title);
        let mut lines = Vec::new();
        for field in kind.fields_of(&whole.type_path).filter(|field| wanted(field)) {
            let Some(value) = whole.fields.get(&field.name) else { continue };
            let shown = show(&field.shape, value, &terms, Lang::Zh, &title);
            if !shown.is_empty() {
                lines.push(format!("{}：{shown}", field.label.zh));
            }
        }
        Ok(lines.join("\n"))
    }
}

impl Writer<'_> {
    /// What the reviewer is to look at, written into the review as it stands now.
    pub(crate) fn freeze_application(&mut self, me: &Asker, review: &Whole) -> Result<()> {
        let Some(application) = review.fields.get(APPLICATION).and_then(reference) else { return Ok(()) };
        let Some(item) = self.item(&Key::Id(application))? else { return Ok(()) };
        let application = self.whole(&item)?;
        let shown = |field: &catalogue::Field| {
            let is_contact = CONTACTS.contains(&field.name.as_str());
            field.layer != Layer::Sealed && !field.by_moves && !is_contact && field.name != DOCUMENTS
        };
        let material = cut(self.lines(&application, shown)?, MATERIAL_CHARS);
        let rows = application.fields.get(DOCUMENTS).and_then(Value::as_array).cloned().unwrap_or_default();
        let papers: Vec<Value> = rows.iter().filter_map(|row| row.get(FILE)).cloned().collect();
        let mut more = Fields::new();
        more.insert(MATERIAL.to_owned(), json!(material));
        if !papers.is_empty() {
            more.insert(PAPERS.to_owned(), json!(papers));
        }
        self.note_on(me, review.row, FREEZE, more)
    }

    /// What the points come to, by the sheet they were given on.
    pub(crate) fn count_score(&mut self, me: &Asker, after: &Whole) -> Result<()> {
        let scores = after.fields.get(SCORES).unwrap_or(&Value::Null);
        let counted = self.sheet_for(&after.fields)?;
        let counted = counted.and_then(|sheet| Some((sheet.name.clone(), sheet.score(scores)?.total)));
        let Some((sheet, total)) = counted else { return Ok(()) };
        let mut more = Fields::new();
        more.insert(SHEET.to_owned(), json!(sheet));
        more.insert(SCORE.to_owned(), json!(total));
        self.note_on(me, after.row, COUNT, more)
    }

    /// Mean score and opinions of an application, without names, written into it.
    pub(crate) fn tell_opinions(&mut self, me: &Asker, application: &Whole) -> Result<()> {
        let (mut scores, mut opinions) = (Vec::new(), Vec::new());
        for review in self.namers(application.row, APPLICATION, REVIEW)? {
            let Some(item) = self.item(&Key::Row(review.row))?.filter(|_| review.stage == SUBMITTED) else {
                continue;
            };
            let fields = self.whole(&item)?.fields;
            scores.extend(fields.get(SCORE).and_then(Value::as_u64));
            opinions.extend(fields.get(OPINION).and_then(Value::as_str).map(str::to_owned));
        }
        let count = u64::try_from(scores.len()).unwrap_or_default();
        let mut more = Fields::new();
        if count > 0 {
            let mean = (scores.iter().sum::<u64>() * 2 + count) / (count * 2);
            more.insert(SCORE.to_owned(), json!(mean));
        }
        let numbered = opinions.iter().enumerate().map(|(at, text)| format!("{}. {text}", at + 1));
        let told = cut(numbered.collect::<Vec<_>>().join("\n\n"), OPINIONS_CHARS);
        if !told.is_empty() {
            more.insert(OPINIONS.to_owned(), json!(told));
        }
        if more.is_empty() { Ok(()) } else { self.note_on(me, application.row, TELL, more) }
    }

    /// More fields on a record, by the house, as a change of its own.
    pub(crate) fn note_on(&mut self, me: &Asker, row: i64, name: &str, more: Fields) -> Result<()> {
        let Some(item) = self.item(&Key::Row(row))? else { return Ok(()) };
        let before = self.whole(&item)?;
        let mut fields = before.fields.clone();
        fields.extend(more);
        let after = self.revised(self.kind(&item.kind)?, &before, fields)?;
        self.put(None, me.into(), name, Some(&before), &after).map(drop)
    }
}

/// The records a field names, one or many.
pub(crate) fn all_of(value: Option<&Value>) -> Vec<RecordId> {
    match value {
        Some(Value::Array(items)) => items.iter().filter_map(reference).collect(),
        Some(one) => reference(one).into_iter().collect(),
        None => Vec::new(),
    }
}

fn cut(text: String, chars: usize) -> String {
    if text.chars().count() <= chars { text } else { text.chars().take(chars).collect() }
}
