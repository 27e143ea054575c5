//! Regions: the tile map, a unit, its five links and the cards of pilot units.

use super::{FigureView, Link, Page, Row};

/// The tile map with its table.
#[derive(askama::Template)]
#[template(path = "regions.html")]
pub struct RegionsView {
    /// Shared parts.
    pub page: Page,
    /// What may be shown.
    pub choices: Vec<Link>,
    /// The figure of the whole country.
    pub whole: FigureView,
    /// One for each provincial unit, in order of code.
    pub tiles: Vec<TileView>,
    /// The table as spreadsheets.
    pub exports: Vec<Link>,
}

/// A square of the map and a row of the table.
#[derive(Clone, Debug)]
pub struct TileView {
    /// Full name.
    pub name: String,
    /// Name for tight places.
    pub short: String,
    /// Two letters, where even that is too long.
    pub letters: &'static str,
    /// The unit's page.
    pub href: String,
    /// Column from 1.
    pub column: u8,
    /// Row from 1.
    pub row: u8,
    /// 0 to 4 by the share of the largest recorded.
    pub shade: u8,
    /// The figure.
    pub figure: FigureView,
}

/// One of the five links.
#[derive(Clone, Debug)]
pub struct LinkedView {
    /// 连学会 and so on.
    pub label: String,
    /// Ties.
    pub links: FigureView,
    /// Parties linked, each once.
    pub linked: FigureView,
    /// Out of those listed, in percent.
    pub coverage: FigureView,
}

/// A unit.
#[derive(askama::Template)]
#[template(path = "unit.html")]
pub struct UnitView {
    /// Shared parts.
    pub page: Page,
    /// The map and the places above.
    pub above: Vec<Link>,
    /// Programmes that name it as a pilot.
    pub pilot: Vec<Link>,
    /// What to know of its ground in earlier years.
    pub dated: Vec<String>,
    /// The five links.
    pub five: Vec<LinkedView>,
    /// Address of the graph.
    pub graph: String,
    /// Years to choose from.
    pub years: Vec<Link>,
    /// What was done.
    pub work: Vec<FigureView>,
    /// What sources tell beside that.
    pub told: Vec<FigureView>,
    /// Address of all its figures.
    pub all_figures: String,
    /// Stations by kind.
    pub stations: Vec<StationsView>,
    /// Newest records.
    pub shelves: Vec<ShelfView>,
    /// Places just below.
    pub below: Vec<BelowView>,
}

/// Stations of one kind.
#[derive(Clone, Debug)]
pub struct StationsView {
    /// The kind.
    pub label: String,
    /// How many are made from sources.
    pub sourced: Option<Link>,
    /// How many are recorded.
    pub recorded: Option<Link>,
}

/// Newest records of one kind.
#[derive(Clone)]
pub struct ShelfView {
    /// What they are.
    pub heading: String,
    /// The records.
    pub rows: Vec<Row>,
    /// The whole list, where there is more.
    pub all: Option<Link>,
}

/// A place below with a figure.
#[derive(Clone, Debug)]
pub struct BelowView {
    /// Its page.
    pub link: Link,
    /// What is recorded.
    pub recorded: Option<String>,
    /// What is made from sources.
    pub sourced: Option<String>,
}

/// 五连图.
#[derive(askama::Template)]
#[template(path = "links.html")]
pub struct LinksView {
    /// Shared parts.
    pub page: Page,
    /// The unit.
    pub back: Link,
    /// The drawing.
    pub graph: GraphView,
    /// The same as a list.
    pub sectors: Vec<SectorView>,
    /// The ties as spreadsheets.
    pub exports: Vec<Link>,
}

/// One of the five sectors as a list.
#[derive(Clone, Debug)]
pub struct SectorView {
    /// Element id: the term of the vocabulary.
    pub id: String,
    /// Label, counts and coverage.
    pub head: LinkedView,
    /// Who is tied.
    pub parties: Vec<PartyView>,
    /// How many ties more there are.
    pub more: Option<String>,
    /// The list of all ties of the sector.
    pub all: String,
    /// Stations that belong to the sector.
    pub stations: Option<FigureView>,
}

/// Who is tied.
#[derive(Clone, Debug)]
pub struct PartyView {
    /// Name.
    pub title: String,
    /// Its record.
    pub href: String,
    /// Where it is.
    pub place: String,
    /// The tie, called by its type.
    pub tie: Link,
    /// Since when.
    pub since: String,
    /// Only sources tell of it.
    pub sourced: bool,
}

/// The drawing; all lengths are in units of its box.
#[derive(Clone, Debug)]
pub struct GraphView {
    /// Width of the box.
    pub width: u32,
    /// Height of the box.
    pub height: u32,
    /// The plate in the middle: left, top, width, height.
    pub plate: (u32, u32, u32, u32),
    /// The name on it.
    pub centre: GraphText,
    /// The sectors.
    pub sectors: Vec<GraphSector>,
}

/// A sector as drawn.
#[derive(Clone, Debug)]
pub struct GraphSector {
    /// Its name.
    pub label: String,
    /// Its list.
    pub href: String,
    /// Side of its texts: `start` or `end`.
    pub anchor: &'static str,
    /// Where the name stands.
    pub heading: (u32, u32),
    /// Where its knot stands.
    pub hub: (u32, u32),
    /// Path from the middle; empty where nobody is tied.
    pub thread: String,
    /// Only sources tell of it.
    pub hollow: bool,
    /// Parties drawn.
    pub parties: Vec<GraphText>,
    /// How many are not drawn.
    pub rest: Option<Link>,
    /// Where that stands.
    pub last: (u32, u32),
}

/// A name with its dot and thread.
#[derive(Clone, Debug)]
pub struct GraphText {
    /// The name as it fits, and where it leads.
    pub link: Link,
    /// The whole name.
    pub full: String,
    /// Left or right end of the text, or its middle.
    pub x: u32,
    /// Its base line.
    pub y: u32,
    /// The dot.
    pub dot: (u32, u32),
    /// Path from the sector's knot.
    pub thread: String,
    /// Only sources tell of it.
    pub hollow: bool,
}

/// A pilot unit on the home page.
#[derive(Clone, Debug)]
pub struct CardView {
    /// Its name.
    pub name: String,
    /// Its page.
    pub href: String,
    /// The programme that names it.
    pub programme: Link,
    /// What it did.
    pub figures: Vec<FigureView>,
}
