//! Signing in, personal links, setting a password.

use super::{Link, Page};

/// Sign-in.
#[derive(askama::Template)]
#[template(path = "signin.html")]
pub struct SigninView {
    /// Shared parts.
    pub page: Page,
    /// Name typed before.
    pub name: String,
    /// What went wrong.
    pub fault: Option<String>,
    /// Where to go afterwards.
    pub next: String,
    /// Why signing in is impossible at this address, and the remedy.
    pub blocked: Option<String>,
}

/// A personal link was opened: go on as this person.
#[derive(askama::Template)]
#[template(path = "link.html")]
pub struct LinkView {
    /// Shared parts.
    pub page: Page,
    /// Where “go on” posts to.
    pub action: String,
    /// Whose link it is.
    pub name: String,
    /// What it is for.
    pub purpose: String,
    /// Until when it works.
    pub until: String,
    /// Said where somebody else is signed in here.
    pub other: Option<String>,
    /// Why signing in is impossible at this address, and the remedy.
    pub blocked: Option<String>,
}

/// Choosing a password and name (first steward, or after a reset).
#[derive(askama::Template)]
#[template(path = "account.html")]
pub struct AccountView {
    /// Shared parts.
    pub page: Page,
    /// Sign-in name.
    pub name: String,
    /// The name may be chosen now.
    pub choose_name: bool,
    /// What went wrong.
    pub faults: Vec<String>,
    /// My sessions and links.
    pub links: Vec<Link>,
}
