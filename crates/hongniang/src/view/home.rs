//! The home page.

use super::{CardView, Link, Page, Row};

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
    /// Level bar: nation, province, cities, counties.
    pub levels: Vec<Link>,
    /// Counted links of the five kinds: label, count, href.
    pub five: Vec<Counted>,
    /// The pilot units.
    pub pilots: Vec<CardView>,
    /// What there is: demands, experts, societies, achievements.
    pub counts: Vec<Counted>,
    /// Newest demands.
    pub demands: Vec<Row>,
    /// Newest achievements.
    pub achievements: Vec<Row>,
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
