//! What stands beside a demand's fields, and the page of a campaign.

use super::{Link, Page, Row};

/// Beside a demand.
#[derive(Clone, Default)]
pub struct DemandSide {
    /// Who is on it and by when.
    pub promise: Option<PromiseView>,
    /// It was called for and waits to be filled in.
    pub called: Option<CalledView>,
    /// The common demand it was combined into.
    pub common: Option<Link>,
    /// Near demands, for who combines them.
    pub alike: Option<AlikeView>,
    /// Under which name it is published; empty where it is not.
    pub published_as: String,
}

/// A promise that runs.
#[derive(Clone)]
pub struct PromiseView {
    /// What was promised.
    pub what: String,
    /// Who is on it.
    pub who: String,
    /// Its last day.
    pub by: String,
    /// Days it is late.
    pub late: Option<i32>,
}

/// A demand that a firm was called on for.
#[derive(Clone)]
pub struct CalledView {
    /// The campaign.
    pub campaign: String,
    /// Its last day.
    pub until: String,
    /// That day has passed.
    pub over: bool,
    /// Whom to ask.
    pub ask: String,
    /// The form.
    pub fill: Option<Link>,
    /// Where “no demand this year” is posted.
    pub none: Option<String>,
    /// The version shown.
    pub version: u64,
}

/// Demands that read nearly the same.
#[derive(Clone)]
pub struct AlikeView {
    /// The demands.
    pub rows: Vec<Row>,
    /// Combine them with this one.
    pub combine: Link,
}

/// A campaign and how far it is.
#[derive(askama::Template)]
#[template(path = "campaign.html")]
pub struct CampaignView {
    /// Shared parts.
    pub page: Page,
    /// The programme.
    pub record: Link,
    /// Its last day in words; empty if it has none.
    pub until: String,
    /// That day has passed.
    pub over: bool,
    /// All places together.
    pub total: ProgressRow,
    /// Place by place.
    pub rows: Vec<ProgressRow>,
    /// The chosen number's list: heading, rows.
    pub chosen: Option<(String, Vec<CalledRow>)>,
    /// The list as a spreadsheet.
    pub exports: Vec<Link>,
    /// What the visitor may do here; none for who only looks.
    pub desk: Option<CampaignDesk>,
    /// What became of the last press: lines.
    pub said: Vec<String>,
}

/// How far one place is.
#[derive(Clone)]
pub struct ProgressRow {
    /// The place.
    pub place: String,
    /// Each number with its list: invited, opened, drafted, submitted, no demand.
    pub counts: Vec<(Link, usize)>,
    /// Answered.
    pub done: usize,
    /// Invited.
    pub all: usize,
}

/// One invited firm.
#[derive(Clone)]
pub struct CalledRow {
    /// Its demand.
    pub firm: Link,
    /// Place.
    pub place: String,
    /// How far it is.
    pub state: String,
    /// Whom to call.
    pub contact: String,
    /// When it was last reminded.
    pub reminded: String,
}

/// What an officer does with a campaign.
#[derive(Clone)]
pub struct CampaignDesk {
    /// Where firms are invited.
    pub invite: String,
    /// Where links are made.
    pub links: String,
    /// Where those not done are reminded.
    pub remind: String,
    /// How many are not done.
    pub waiting: usize,
    /// Places to choose from.
    pub places: Vec<(String, String)>,
    /// Labels of firms to choose from.
    pub labels: Vec<(String, String)>,
    /// What was typed.
    pub typed: String,
}
