//! A form sheet: which fields of a kind are asked, and how each is drawn from a draft.
//!
//! Knows nothing of who asks: the desk chooses the fields. Start at [`Sheet::sections`].

use std::collections::HashMap;

use base::id::RecordId;
use catalogue::kind::PURPOSES;
use catalogue::value::{Fault, Terms};
use catalogue::{Catalogue, Field, Kind, Layer, Shape};
use jiff::civil::Date;

use super::draft::{Draft, is_long};
use crate::locale::{Lang, Texts};
use crate::view::{CheckupView, FaultLine, FieldView, Section, Widget};

/// The fields of one form.
pub struct Sheet<'a> {
    /// The catalogue they come from.
    pub catalogue: &'a Catalogue,
    /// The kind.
    pub kind: &'a Kind,
    /// Type of the record.
    pub type_path: String,
    /// The fields asked, in order.
    pub fields: Vec<&'a Field>,
    /// Names of fields that must be filled here.
    pub needs: Vec<&'a str>,
}

/// What a sheet is drawn with.
pub struct Drawing<'a> {
    /// What was typed.
    pub draft: &'a Draft,
    /// What is wrong with it.
    pub faults: &'a [Fault],
    /// Titles of the references in it.
    pub titles: &'a HashMap<RecordId, String>,
    /// Today: words out of their days are offered no longer.
    pub today: Date,
    /// Language.
    pub lang: Lang,
    /// Texts.
    pub texts: &'a Texts,
    /// Empty rows to offer at the end of each group.
    pub more: Option<&'a str>,
    /// What was asked back.
    pub questions: &'a [Question],
}

/// What an officer asks back about a field.
#[derive(Clone, Debug)]
pub struct Question {
    /// The field.
    pub field: String,
    /// The question.
    pub text: String,
    /// What stands in the record, as it would be typed.
    pub stood: String,
}

impl Drawing<'_> {
    /// The open question of a field: asked, and nothing new typed since.
    fn question(&self, name: &str) -> Option<&Question> {
        let question = self.questions.iter().find(|question| question.field == name)?;
        let typed = self.draft.all(name).collect::<Vec<_>>().join("、");
        (typed.is_empty() || typed == question.stood || faults_of(name, self).next().is_some())
            .then_some(question)
    }
}

impl<'a> Sheet<'a> {
    /// The vocabulary terms.
    pub fn terms(&self) -> Terms<'a> {
        self.catalogue.terms()
    }

    /// The references a draft names, to look up their titles.
    pub fn references(&self, draft: &Draft) -> Vec<RecordId> {
        let is_reference = |field: &&&Field| matches!(field.shape, Shape::Reference(_));
        let fields = self.fields.iter().filter(is_reference);
        fields
            .flat_map(|field| draft.all(&field.name).filter_map(|id| id.parse().ok()).collect::<Vec<_>>())
            .collect()
    }

    /// The sheet in sections: what was asked back and is still open first, then one per layer; while anything is open,
    /// what nobody asked about is folded, unless something is wrong with it.
    pub fn sections(&self, drawing: &Drawing<'_>) -> Vec<Section> {
        let asked: Vec<&Field> =
            self.fields.iter().copied().filter(|field| drawing.question(&field.name).is_some()).collect();
        let mut sections = self.layers(&asked, drawing);
        if !asked.is_empty() {
            for section in &mut sections {
                section.folded = section.fields.iter().all(|field| field.faults.is_empty());
            }
            let fields = asked.iter().map(|field| self.field(&field.name, field, drawing)).collect();
            let (heading, note) =
                (drawing.texts.get("form.asked").to_owned(), drawing.texts.get("form.asked-note").to_owned());
            sections.insert(0, Section { heading, note, fields, folded: false });
        }
        sections
    }

    fn layers(&self, apart: &[&Field], drawing: &Drawing<'_>) -> Vec<Section> {
        [Layer::Open, Layer::Inside, Layer::Sealed]
            .into_iter()
            .filter_map(|layer| {
                let fields: Vec<FieldView> = self
                    .fields
                    .iter()
                    .filter(|field| field.layer == layer && !apart.iter().any(|of| of.name == field.name))
                    .map(|field| self.field(&field.name, field, drawing))
                    .collect();
                (!fields.is_empty()).then(|| section(layer, self.is_public(), fields, drawing.texts))
            })
            .collect()
    }

    /// Whether records of the kind are ever for everyone.
    fn is_public(&self) -> bool {
        self.kind.stages.iter().any(|stage| stage.reach == catalogue::Audience::Public)
    }

    fn field(&self, name: &str, field: &Field, drawing: &Drawing<'_>) -> FieldView {
        FieldView {
            name: name.to_owned(),
            label: field.label.text(drawing.lang).to_owned(),
            help: self.help(field, drawing),
            ask: field.ask.text(drawing.lang).to_owned(),
            question: drawing.question(name).map(|question| question.text.clone()).unwrap_or_default(),
            required: field.required || self.needs.contains(&name),
            faults: faults_of(name, drawing)
                .map(|fault| crate::problem::sentence(drawing.texts, fault))
                .collect(),
            max: field.max.filter(|_| !field.many && matches!(field.shape, Shape::Line | Shape::Text)),
            widget: self.widget(name, field, drawing),
        }
    }

    /// The help of a field; one that asks for what not everyone reads of a person says what it is for.
    fn help(&self, field: &Field, drawing: &Drawing<'_>) -> String {
        let help = field.help.text(drawing.lang);
        let purpose = field.purpose.as_deref().filter(|_| field.layer != Layer::Open);
        let purpose = purpose.map(|code| self.terms().label(PURPOSES, code, drawing.lang));
        let Some(purpose) = purpose else { return help.to_owned() };
        let told = drawing.texts.fill("form.purpose", &[("purpose", purpose.as_str())]);
        if help.is_empty() { told } else { format!("{help} {told}") }
    }

    fn widget(&self, name: &str, field: &Field, drawing: &Drawing<'_>) -> Widget {
        let draft = drawing.draft;
        match &field.shape {
            Shape::Group(sub) => Widget::Group { rows: self.rows(name, field.many, sub, drawing) },
            Shape::Reference(_) => Widget::Reference { chosen: chosen(name, drawing), many: field.many },
            Shape::File => Widget::File { present: present(name, draft), many: field.many },
            Shape::Boolean => Widget::Check { on: !draft.one(name).is_empty() },
            Shape::Code(vocabulary) if !is_long(&field.shape) => {
                Widget::Choice { options: self.options(vocabulary, name, drawing), many: field.many }
            }
            Shape::Text => Widget::Text { value: draft.one(name).to_owned(), rows: 5 },
            Shape::Line if field.many => {
                Widget::Text { value: draft.all(name).collect::<Vec<_>>().join("\n"), rows: 3 }
            }
            shape => Widget::Line {
                value: draft.all(name).collect::<Vec<_>>().join("、"),
                kind: input_type(field),
                list: suggestions(shape),
            },
        }
    }

    fn rows(&self, name: &str, many: bool, sub: &[Field], drawing: &Drawing<'_>) -> Vec<Vec<FieldView>> {
        let typed = drawing.draft.rows_of(name);
        let wanted = if many { typed + usize::from(typed == 0 || drawing.more == Some(name)) } else { 1 };
        let row = |row: usize| {
            sub.iter()
                .map(|field| self.field(&format!("{name}.{row}.{}", field.name), field, drawing))
                .collect()
        };
        (0..wanted.min(base::limits::ITEMS_MAX)).map(row).collect()
    }

    /// The words a choice offers today, and those chosen before that are offered no longer.
    fn options(&self, vocabulary: &str, name: &str, drawing: &Drawing<'_>) -> Vec<(String, String, bool)> {
        let Some(vocabulary) = self.catalogue.vocabularies().get(vocabulary) else { return Vec::new() };
        let is_chosen = |code: &str| drawing.draft.all(name).any(|typed| typed == code);
        let options = vocabulary.terms.iter().map(|term| (term, is_chosen(&term.code)));
        options
            .filter(|(term, chosen)| *chosen || vocabulary.offers(term, drawing.today))
            .map(|(term, chosen)| (term.code.clone(), term.label.text(drawing.lang).to_owned(), chosen))
            .collect()
    }

    /// All faults with the labels of their fields, for the top of the form.
    pub fn fault_lines(&self, faults: &[Fault], lang: Lang, texts: &Texts) -> Vec<FaultLine> {
        faults
            .iter()
            .map(|fault| FaultLine {
                id: fault.field.clone(),
                label: label_of(&self.fields, &fault.field, lang),
                text: crate::problem::sentence(texts, fault),
            })
            .collect()
    }
}

/// The label of a field's path: `figures.0.value` reads “性能指标 1 · 数值”.
pub fn label_of(fields: &[&Field], path: &str, lang: Lang) -> String {
    let mut parts = path.split('.');
    let head = parts.next().unwrap_or_default();
    let Some(field) = fields.iter().find(|field| field.name == head) else { return path.to_owned() };
    let mut label = field.label.text(lang).to_owned();
    if let Some(row) = parts.next().and_then(|row| row.parse::<usize>().ok()) {
        label.push_str(&format!(" {}", row + 1));
    }
    if let (Some(name), Shape::Group(sub)) = (parts.next(), &field.shape)
        && let Some(sub) = sub.iter().find(|sub| sub.name == name)
    {
        label.push_str(&format!(" · {}", sub.label.text(lang)));
    }
    label
}

/// A 体检 as people see it.
pub fn checkup_view(
    kind: &Kind,
    type_path: &str,
    fields: &catalogue::Fields,
    lang: Lang,
) -> Option<CheckupView> {
    let found = catalogue::checkup::checkup(kind, type_path, fields)?;
    let line = |field: &&Field| {
        let ask = if field.ask.zh.is_empty() { &field.help } else { &field.ask };
        (field.name.clone(), field.label.text(lang).to_owned(), ask.text(lang).to_owned())
    };
    Some(CheckupView {
        grade: format!("{:?}", found.grade),
        answered: found.asked - found.missing.len(),
        asked: found.asked,
        b_gaps: kind.checkup.as_ref().map_or(0, |rule| rule.b_gaps),
        missing: found.missing.iter().map(line).collect(),
    })
}

fn section(layer: Layer, public: bool, fields: Vec<FieldView>, texts: &Texts) -> Section {
    let (heading, note) = match layer {
        Layer::Open if !public => ("form.shared", "form.shared-note"),
        Layer::Open => ("form.open", "form.open-note"),
        Layer::Inside => ("form.inside", "form.inside-note"),
        Layer::Sealed => ("form.sealed", "form.sealed-note"),
    };
    Section {
        heading: texts.get(heading).to_owned(),
        note: texts.get(note).to_owned(),
        fields,
        folded: false,
    }
}

fn faults_of<'d>(name: &'d str, drawing: &'d Drawing<'_>) -> impl Iterator<Item = &'d Fault> {
    drawing.faults.iter().filter(move |fault| fault.field == name)
}

fn chosen(name: &str, drawing: &Drawing<'_>) -> Vec<(String, String)> {
    let titled = |id: &str| {
        let title = id.parse().ok().and_then(|id: RecordId| drawing.titles.get(&id).cloned());
        (id.to_owned(), title.unwrap_or_else(|| drawing.texts.get("form.hidden-reference").to_owned()))
    };
    drawing.draft.all(name).map(titled).collect()
}

fn present(name: &str, draft: &Draft) -> Vec<(String, String)> {
    let named = |json: &str| {
        let file: serde_json::Value = serde_json::from_str(json).ok()?;
        Some((file.get("name")?.as_str()?.to_owned(), json.to_owned()))
    };
    draft.all(name).filter_map(named).collect()
}

fn input_type(field: &Field) -> &'static str {
    match field.name.as_str() {
        name if name.ends_with("_phone") => "tel",
        name if name.ends_with("_email") => "email",
        "website" => "url",
        _ => "text",
    }
}

fn suggestions(shape: &Shape) -> Vec<(String, String)> {
    match shape {
        Shape::Code(vocabulary) if vocabulary == "industry" => base::industry::Industry::all()
            .into_iter()
            .filter(|industry| industry.code().len() == 3)
            .map(|industry| (format!("{} {}", industry.code(), industry.name()), String::new()))
            .collect(),
        _ => Vec::new(),
    }
}
