//! 方案: a programme as people know it.

use super::{Link, Page, Row, SourceChip, TargetBoard};

/// A programme's plan.
#[derive(askama::Template)]
#[template(path = "plan.html")]
pub struct PlanView {
    /// Shared parts.
    pub page: Page,
    /// Kind and its list.
    pub kind: Link,
    /// Type.
    pub type_label: String,
    /// The record itself.
    pub record: Link,
    /// Heading.
    pub title: String,
    /// 文号.
    pub document_number: String,
    /// Who leads it.
    pub lead: Option<Link>,
    /// Who evaluates it.
    pub evaluator: Option<Link>,
    /// Where.
    pub place: String,
    /// From when to when.
    pub span: String,
    /// Summary, in lines.
    pub summary: String,
    /// Fields of focus.
    pub focus: Vec<String>,
    /// Phases, in order.
    pub phases: Vec<PhaseView>,
    /// Key tasks, in order.
    pub tasks: Vec<WorkLine>,
    /// The board of targets.
    pub boards: Vec<TargetBoard>,
    /// Pilot units.
    pub pilots: Vec<PilotView>,
    /// Safeguards.
    pub safeguards: Vec<WorkLine>,
    /// The documents it stands on.
    pub documents: Vec<Row>,
    /// Where it was taken from.
    pub sources: Vec<SourceChip>,
}

/// A phase.
#[derive(Clone)]
pub struct PhaseView {
    /// Name.
    pub name: String,
    /// What is done.
    pub work: String,
    /// From when to when; may be empty.
    pub span: String,
    /// It is under way today.
    pub now: bool,
}

/// A task or a safeguard.
#[derive(Clone)]
pub struct WorkLine {
    /// Name.
    pub name: String,
    /// What is done; may be empty.
    pub work: String,
}

/// A pilot unit.
#[derive(Clone)]
pub struct PilotView {
    /// Its page.
    pub link: Link,
    /// The place above it.
    pub above: String,
}
