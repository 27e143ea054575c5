//! Forms: creating, revising and moving a record, and importing a spreadsheet.

use super::{CheckupView, FaultLine, Link, Page};

/// A form rendered from the catalogue.
#[derive(askama::Template)]
#[template(path = "form.html")]
pub struct FormView {
    /// Shared parts.
    pub page: Page,
    /// Sentences over the form.
    pub intro: Vec<String>,
    /// Where it posts to (multipart if any field is a file).
    pub action: String,
    /// Carried along: version, token, type.
    pub hidden: Vec<(String, String)>,
    /// Fields, in sections.
    pub sections: Vec<Section>,
    /// All faults, at the top and linked.
    pub faults: Vec<FaultLine>,
    /// Someone changed the record meanwhile: both texts.
    pub stale: Vec<StaleRow>,
    /// 体检 beside the form.
    pub checkup: Option<CheckupView>,
    /// Other ways out of a fault: the record that already has a unique value, merging into it.
    pub offers: Vec<Link>,
    /// Buttons: name, value, text; the first is the main one.
    pub buttons: Vec<(String, String, String)>,
    /// Leave without doing anything.
    pub back: Link,
    /// Some field takes a file.
    pub multipart: bool,
}

/// A group of fields with a heading.
#[derive(Clone)]
pub struct Section {
    /// Heading; empty for none.
    pub heading: String,
    /// One line under it, e.g. who may see these.
    pub note: String,
    /// The fields.
    pub fields: Vec<FieldView>,
    /// Folded at first (`<details>`).
    pub folded: bool,
}

/// One field.
#[derive(Clone)]
pub struct FieldView {
    /// Name of the input; also its element id.
    pub name: String,
    /// Label.
    pub label: String,
    /// Help.
    pub help: String,
    /// The question 体检 asks when it is missing; empty if it asks none.
    pub ask: String,
    /// What an officer asked back about it; empty if nothing is open.
    pub question: String,
    /// Must be filled.
    pub required: bool,
    /// Characters at most, where there is such a limit: the page counts along.
    pub max: Option<u32>,
    /// Faults of this field.
    pub faults: Vec<String>,
    /// The input.
    pub widget: Widget,
}

impl FieldView {
    /// Element ids of the help and the faults, for `aria-describedby`; empty if there are none.
    pub fn described(&self) -> String {
        let help = (!self.help.is_empty()).then(|| format!("{}-help", self.name));
        let faults = (!self.faults.is_empty()).then(|| format!("{}-fault", self.name));
        help.into_iter().chain(faults).collect::<Vec<_>>().join(" ")
    }
}

/// How a field is filled.
#[derive(Clone)]
pub enum Widget {
    /// One line; `list` names a datalist or is empty; `kind` is the input's type (text, date, tel, email).
    Line {
        /// Text.
        value: String,
        /// Input type.
        kind: &'static str,
        /// Suggestions.
        list: Vec<(String, String)>,
    },
    /// Several lines.
    Text {
        /// Text.
        value: String,
        /// Height.
        rows: u8,
    },
    /// One or some of a few terms: value, label, chosen.
    Choice {
        /// Terms.
        options: Vec<(String, String, bool)>,
        /// Several may be chosen.
        many: bool,
    },
    /// Yes or no.
    Check {
        /// Ticked.
        on: bool,
    },
    /// References: chosen (id, title), and a search step.
    Reference {
        /// Chosen.
        chosen: Vec<(String, String)>,
        /// Several may be chosen.
        many: bool,
    },
    /// A file: what is there already (name, json value).
    File {
        /// Present files.
        present: Vec<(String, String)>,
        /// Several may be given.
        many: bool,
    },
    /// Repeating groups; one empty row at the end, a button adds more.
    Group {
        /// Rows of sub-fields.
        rows: Vec<Vec<FieldView>>,
    },
}

/// One field of a stale form.
#[derive(Clone)]
pub struct StaleRow {
    /// Label.
    pub label: String,
    /// What stands now.
    pub theirs: String,
    /// What was typed.
    pub yours: String,
}

/// After a public form or an invitation: the number and the personal link.
#[derive(askama::Template)]
#[template(path = "posted.html")]
pub struct PostedView {
    /// Shared parts.
    pub page: Page,
    /// Printed number.
    pub number: String,
    /// Heading.
    pub title: String,
    /// The personal link, shown once.
    pub link: String,
    /// Whose link it is, and what it is for.
    pub link_words: (String, String),
    /// What happens next.
    pub after: String,
    /// Where to go on.
    pub next: Vec<Link>,
    /// Its 体检.
    pub checkup: Option<CheckupView>,
}

/// A spreadsheet coming in.
#[derive(askama::Template)]
#[template(path = "import.html")]
pub struct ImportView {
    /// Shared parts.
    pub page: Page,
    /// Name of the kind.
    pub kind: String,
    /// Where it posts to.
    pub action: String,
    /// Headings and the field each was recognised as (empty: not recognised).
    pub columns: Vec<(String, String)>,
    /// Records it makes, changes, and leaves as they are.
    pub counts: [usize; 3],
    /// How many faults there are; not all of them may be shown.
    pub faulty: usize,
    /// Faults: row number, then the line.
    pub faults: Vec<(usize, FaultLine)>,
    /// It was to be filed, and nothing was.
    pub failed: bool,
    /// Token of the kept upload, to go on with; none where something is faulty or nothing is to be done.
    pub token: String,
    /// The template workbook.
    pub blank: String,
    /// After it is done: where they are.
    pub done: Option<Link>,
    /// A long import is under way: percent.
    pub progress: Option<u8>,
}
