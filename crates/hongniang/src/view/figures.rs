//! Figures: what is counted beside what is told, targets, and the chain from demand to outcome.

use super::{Link, Page};

/// A figure of one place: told by sources and counted from records, never added.
#[derive(Clone, Debug, Default)]
pub struct FigureView {
    /// What is counted.
    pub label: String,
    /// Its unit; may be empty.
    pub unit: String,
    /// The scope of the definition.
    pub note: String,
    /// The figure's own page.
    pub href: String,
    /// What sources tell, newest first.
    pub told: Vec<ToldView>,
    /// What is counted from records; none where nothing is counted or can be divided.
    pub recorded: Option<String>,
    /// The records counted.
    pub recorded_href: Option<String>,
    /// Records made from what sources tell; drawn hollow.
    pub sourced: Option<String>,
    /// Those records.
    pub sourced_href: Option<String>,
}

/// One figure as a source tells it.
#[derive(Clone, Debug)]
pub struct ToldView {
    /// The number, with “about”.
    pub text: String,
    /// Of when.
    pub when: String,
    /// The record that names the source.
    pub href: String,
}

/// A target with how far it is.
#[derive(Clone, Debug)]
pub struct TargetView {
    /// What is to be reached.
    pub label: String,
    /// Its record.
    pub href: String,
    /// The value asked for, in words.
    pub value: String,
    /// From when to when.
    pub span: String,
    /// What counts and what does not.
    pub scope: String,
    /// How many times the base it asks for; empty where there is none.
    pub growth: String,
    /// The figure within the target's own span and place.
    pub figure: FigureView,
    /// How much of the value is recorded, in percent, at most 100.
    pub recorded_share: u8,
    /// How much sources tell of, in percent, at most 100; drawn hollow.
    pub sourced_share: u8,
    /// How much of the time has gone, in percent.
    pub time_share: u8,
}

/// Targets of one programme.
#[derive(Clone, Debug)]
pub struct TargetBoard {
    /// The programme.
    pub heading: Link,
    /// It is told by sources.
    pub sourced: bool,
    /// Its targets.
    pub targets: Vec<TargetView>,
}

/// One step of the chain, with its share of the widest.
#[derive(Clone, Debug)]
pub struct ChainStep {
    /// The figure.
    pub figure: FigureView,
    /// Width of the bar in percent of the first.
    pub share: u8,
    /// How many of a hundred of the step before came so far; none for the first.
    pub rate: Option<String>,
    /// Fewest came to this one.
    pub breaks: bool,
}

/// The chain in one place.
#[derive(Clone, Debug)]
pub struct PlaceChain {
    /// The place.
    pub place: String,
    /// The figure of each step, and its page.
    pub cells: Vec<Link>,
    /// The step where it breaks; empty where it does not.
    pub breaks: String,
}

/// A bar of a small chart, with the table row behind it.
#[derive(Clone, Debug)]
pub struct BarView {
    /// A place or a month.
    pub label: String,
    /// Where it leads; empty if nowhere.
    pub href: String,
    /// What is recorded.
    pub recorded: String,
    /// What is made from sources.
    pub sourced: String,
    /// Height or width in percent of the largest recorded.
    pub share: u8,
    /// The same of what is sourced.
    pub sourced_share: u8,
}

/// 目标成效.
#[derive(askama::Template)]
#[template(path = "figures.html")]
pub struct FiguresView {
    /// Shared parts.
    pub page: Page,
    /// The place shown.
    pub place: String,
    /// Places to choose from.
    pub places: Vec<Link>,
    /// Years to choose from.
    pub years: Vec<Link>,
    /// The chain.
    pub chain: Vec<ChainStep>,
    /// The same in the places below.
    pub below: Vec<PlaceChain>,
    /// Target boards.
    pub boards: Vec<TargetBoard>,
    /// Every indicator of which something is told or counted here.
    pub figures: Vec<FigureView>,
    /// The table as spreadsheets.
    pub exports: Vec<Link>,
}

/// One indicator.
#[derive(askama::Template)]
#[template(path = "figure.html")]
pub struct IndicatorView {
    /// Shared parts.
    pub page: Page,
    /// The place shown.
    pub place: String,
    /// Places above and below.
    pub places: Vec<Link>,
    /// Years to choose from.
    pub years: Vec<Link>,
    /// The figure.
    pub figure: FigureView,
    /// How it is counted, in words.
    pub how: Vec<String>,
    /// By place below.
    pub by_place: Vec<BarView>,
    /// By month of the year shown.
    pub by_month: Vec<BarView>,
    /// Regions and months as spreadsheets.
    pub exports: Vec<Link>,
    /// The parts of a ratio.
    pub parts: Vec<FigureView>,
}
