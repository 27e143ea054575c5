//! One record, and the match page.

use super::{Badge, Link, Page, Row, SourceChip, WhyLine};

/// A record.
#[derive(askama::Template)]
#[template(path = "record.html")]
pub struct RecordView {
    /// Shared parts.
    pub page: Page,
    /// Kind and its list.
    pub kind: Link,
    /// Type.
    pub type_label: String,
    /// Printed number.
    pub number: String,
    /// Heading.
    pub title: String,
    /// Stage now.
    pub stage: Badge,
    /// The main line of life: label, and `past`, `now` or `ahead`.
    pub life: Vec<(String, &'static str)>,
    /// When the running clock ends: its words, and whether that day has passed.
    pub due: Option<(String, bool)>,
    /// Demonstration or source chip.
    pub chip: Option<String>,
    /// Facts the reader may see.
    pub facts: Vec<Fact>,
    /// The rows of the source documents it was taken from.
    pub sources: Vec<SourceChip>,
    /// What a demand says beside its fields.
    pub demand: Option<super::DemandSide>,
    /// What is computed beside it.
    pub panels: Vec<super::PanelView>,
    /// What the sealed layer says about itself, if there is one.
    pub sealed: Option<SealedView>,
    /// What I may do now.
    pub offers: Vec<OfferView>,
    /// Change the fields.
    pub edit: Option<Link>,
    /// Merge a duplicate into it.
    pub merge: Option<Link>,
    /// The match page.
    pub matches: Option<Link>,
    /// The same programme as a plan.
    pub plan: Option<Link>,
    /// Its personal links, its members, asking to belong: what people have to do with it.
    pub people: Vec<Link>,
    /// The form that orders it.
    pub order: Option<Link>,
    /// To its owner: why it did not fit, and how often.
    pub unfit: Vec<(String, u64)>,
    /// 体检, for those who may revise.
    pub checkup: Option<CheckupView>,
    /// Why an outcome has its grade of evidence.
    pub evidence: Option<GradeView>,
    /// Linked records, by the field that links.
    pub linked: Vec<LinkedGroup>,
    /// What happened.
    pub history: Vec<HistoryRow>,
    /// Why the reader sees this.
    pub why: Vec<WhyLine>,
    /// The same thing for programs.
    pub json: String,
    /// Structured data of the page, already serialised and safe inside a script element; empty if not public.
    pub json_ld: String,
}

/// A labelled fact.
#[derive(Clone)]
pub struct Fact {
    /// Label.
    pub label: String,
    /// Values; an empty `href` is plain text.
    pub values: Vec<Link>,
    /// Said beside the label when the fact is not for everyone: “仅办理人员可见”.
    pub layer: String,
    /// Long text, set as paragraphs.
    pub long: bool,
}

/// The sealed layer.
#[derive(Clone)]
pub struct SealedView {
    /// Opened now (after asking): the facts.
    pub facts: Vec<Fact>,
    /// Address to post to for opening it; none if the reader may not.
    pub open: Option<String>,
    /// Who has opened it, for the owner: time, name.
    pub log: Vec<(String, String)>,
    /// Where the owner opens it to others.
    pub manage: Option<Link>,
}

/// A move as a button.
#[derive(Clone)]
pub struct OfferView {
    /// Verb.
    pub label: String,
    /// Its form.
    pub href: String,
    /// The main one.
    pub primary: bool,
    /// What stands against it; empty if nothing.
    pub against: String,
    /// Why it is offered or refused.
    pub why: Vec<WhyLine>,
}

/// 需求体检.
#[derive(Clone)]
pub struct CheckupView {
    /// A, B or C.
    pub grade: String,
    /// Answered of asked.
    pub answered: usize,
    /// How many are asked.
    pub asked: usize,
    /// What is missing: element id of its field (for a link), label, question.
    pub missing: Vec<(String, String, String)>,
    /// How many gaps still make grade B, for the page's script.
    pub b_gaps: usize,
}

/// The grade of evidence of an outcome.
#[derive(Clone)]
pub struct GradeView {
    /// A, B, C or D.
    pub letter: String,
    /// The grade in words.
    pub words: String,
    /// The question that the lines answer.
    pub heading: String,
    /// What there is and what is missing.
    pub lines: Vec<WhyLine>,
    /// What would raise it.
    pub next: String,
}

/// Records tied to this one.
#[derive(Clone)]
pub struct LinkedGroup {
    /// Name of the tie.
    pub label: String,
    /// The records.
    pub rows: Vec<Row>,
}

/// One change.
#[derive(Clone)]
pub struct HistoryRow {
    /// Day and time.
    pub when: String,
    /// Who.
    pub who: String,
    /// What.
    pub what: String,
}

/// 对接页: a demand and who fits it.
#[derive(askama::Template)]
#[template(path = "match.html")]
pub struct MatchView {
    /// Shared parts.
    pub page: Page,
    /// The demand.
    pub demand: Row,
    /// Its public summary.
    pub problem: String,
    /// Its figures: label, value.
    pub figures: Vec<(String, String)>,
    /// Experts, societies, achievements … each a group, in the order of practice.
    pub groups: Vec<MatchGroup>,
    /// May say 合适 / 不合适.
    pub may_judge: bool,
    /// Where a judgement is posted.
    pub action: String,
    /// Reason codes of 不合适.
    pub reasons: Vec<(String, String)>,
    /// Already judged: label of the verdict and the row.
    pub judged: Vec<(String, Row)>,
    /// Put forward and not judged yet.
    pub waiting: Vec<WaitingView>,
    /// Where a broker puts someone forward.
    pub put_forward: Option<String>,
    /// This page as a spreadsheet.
    pub exports: Vec<Link>,
}

/// Somebody put forward by a person.
#[derive(Clone)]
pub struct WaitingView {
    /// The candidate.
    pub row: Row,
    /// Its record id.
    pub id: String,
    /// Who did and when; leads to the match.
    pub said: Link,
    /// Why.
    pub reasons: Vec<String>,
}

/// Candidates of one kind.
#[derive(Clone)]
pub struct MatchGroup {
    /// 专家, 学会, 成果 …
    pub label: String,
    /// Best first.
    pub hits: Vec<HitView>,
}

/// One candidate.
#[derive(Clone)]
pub struct HitView {
    /// The candidate.
    pub row: Row,
    /// Its record id.
    pub id: String,
    /// 0 to 100: the width of the thread.
    pub score: u8,
    /// Three plain reasons a person can check.
    pub reasons: Vec<String>,
    /// Signals: name, share 0–100, exact value in words.
    pub signals: Vec<(String, u8, String)>,
    /// The verdict already given (合适), with the invitation's form.
    pub fits: Option<OfferView>,
}

impl HitView {
    /// Width of the thread in pixels, 1 to 6: the score, drawn.
    pub fn thread(&self) -> String {
        format!("{:.1}", 1.0 + f32::from(self.score.min(100)) / 20.0)
    }
}
