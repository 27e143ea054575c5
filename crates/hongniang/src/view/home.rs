//! The home page.

use super::{Link, Page, Row, ChainStep, TargetBoard, TourPanel};

/// Home.
#[derive(askama::Template)]
#[template(path = "home.html")]
pub struct HomeView {
    /// Shared parts.
    pub page: Page,
    /// Title of the installation.
    pub site: String,
    /// Sub-line.
    pub subtitle: String,
    /// Slogan.
    pub slogan: String,
    /// The way through the demonstration; none elsewhere.
    pub tour: Option<TourPanel>,
    /// Level bar: nation, province, cities, counties.
    pub levels: Vec<Link>,
    /// The five links, counted, with how many of those to be linked are.
    pub five: Vec<FiveView>,
    /// The chain from demand to outcome.
    pub chain: Vec<ChainStep>,
    /// Target boards of programmes.
    pub boards: Vec<TargetBoard>,
    /// What there is: demands, experts, societies, achievements.
    pub counts: Vec<Counted>,
    /// Newest demands.
    pub demands: Vec<Row>,
    /// Newest achievements.
    pub achievements: Vec<Row>,
    /// What is held next.
    pub events: Vec<Row>,
}

/// One of the five links of a place.
#[derive(Clone, Debug)]
pub struct FiveView {
    /// 连学会, 连城市, …
    pub label: String,
    /// Ties on record.
    pub count: String,
    /// Those ties.
    pub href: String,
    /// Ties made from sources; empty where there are none.
    pub sourced: String,
    /// Percent of those to be linked (应连尽连); empty where nobody is to be linked.
    pub coverage: String,
    /// How it is counted.
    pub coverage_href: String,
}

/// A figure that opens to its records.
#[derive(Clone)]
pub struct Counted {
    /// What is counted.
    pub label: String,
    /// The figure in words (“1,000+”).
    pub figure: String,
    /// Its records.
    pub href: String,
}
