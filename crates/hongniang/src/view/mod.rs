//! What pages are made of: plain values that a template turns into HTML.
//!
//! Never reads the register, decides nothing about access: a desk fills a view, askama renders it. The
//! template of a view stands under `templates/` by the view's name. Start at [`Page`], the part all share.

mod api;
mod casework;
mod compare;
mod demand;
mod desk;
mod figures;
mod form;
mod home;
mod notices;
mod openings;
mod plan;
mod record;
mod regions;
mod rows;
#[cfg(test)]
pub(crate) mod samples;
mod sign;
#[cfg(test)]
mod tests;
mod tour;

pub use api::*;
pub use casework::*;
pub use compare::*;
pub use demand::*;
pub use desk::*;
pub use figures::*;
pub use form::*;
pub use home::*;
pub use notices::*;
pub use openings::*;
pub use plan::*;
pub use record::*;
pub use regions::*;
pub use rows::*;
pub use sign::*;
pub use tour::*;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::locale::{self, Lang, Texts};

/// What every page has: language, address, person, navigation.
#[derive(Clone)]
pub struct Page {
    /// Language of the page.
    pub lang: Lang,
    /// All texts of that language.
    pub texts: Arc<Texts>,
    /// Heading and `<title>`.
    pub title: String,
    /// One sentence for a shared link's card; empty for pages that are not public.
    pub description: String,
    /// Address without the language prefix, with its query.
    pub path: String,
    /// `https://host` as people reach it, for cards and canonical links.
    pub origin: String,
    /// Who is signed in.
    pub me: Option<Me>,
    /// Main entries; only those whose rooms work.
    pub nav: Vec<Link>,
    /// Large type (大字版) asked for.
    pub large: bool,
    /// Said once after a redirect: “已提交”.
    pub notice: Option<String>,
    /// Whose work the reader does just now, and till when.
    pub seat: Option<String>,
    /// The demonstration's identity bar; empty elsewhere.
    pub identities: Vec<Link>,
    /// The page may be indexed by search engines.
    pub public: bool,
    /// Name of a file under `static/` to its address with a digest, for [`Page::asset`].
    pub assets: Arc<BTreeMap<String, String>>,
}

/// Who is signed in.
#[derive(Clone)]
pub struct Me {
    /// Name as shown.
    pub name: String,
    /// Role and region in words.
    pub role: String,
    /// Unread notices: empty, a number, or `99+`.
    pub unread: String,
}

/// A link with its text.
#[derive(Clone, Debug)]
pub struct Link {
    /// Address, language prefix included.
    pub href: String,
    /// Text.
    pub label: String,
    /// It is where the reader stands, or the chosen one.
    pub current: bool,
}

impl Page {
    /// The text of a key.
    pub fn t<'a>(&'a self, key: &'a str) -> &'a str {
        self.texts.get(key)
    }

    /// The text of a key with its one placeholder `{}` filled.
    pub fn tf(&self, key: &str, value: &dyn std::fmt::Display) -> String {
        self.texts.get(key).replace("{}", &value.to_string())
    }

    /// The text of a key made of a prefix and a code: `grade` and `A`.
    pub fn coded(&self, prefix: &str, code: &str) -> String {
        self.texts.get(&format!("{prefix}.{code}")).to_owned()
    }

    /// An address with this page's language prefix.
    pub fn href(&self, path: &str) -> String {
        locale::href(self.lang, path)
    }

    /// The address of a file under `static/`; it changes with the file, so it may be cached for ever.
    pub fn asset(&self, name: &str) -> String {
        self.assets.get(name).cloned().unwrap_or_else(|| format!("/static/{name}"))
    }

    /// This page in the other language.
    pub fn other_language(&self) -> String {
        locale::href(locale::other(self.lang), &self.path)
    }

    /// The canonical address of this page.
    pub fn canonical(&self) -> String {
        self.address_in(self.lang)
    }

    /// The whole address of this page in a language.
    pub fn address_in(&self, lang: Lang) -> String {
        format!("{}{}", self.origin, locale::href(lang, &self.path))
    }
}

/// The answer to a question that could not be met: what, why, what to do next. Also every error page.
#[derive(askama::Template)]
#[template(path = "problem.html")]
pub struct ProblemView {
    /// Shared parts.
    pub page: Page,
    /// HTTP status.
    pub status: u16,
    /// Stable code, such as `not-found`.
    pub code: String,
    /// What happened, in plain words.
    pub detail: String,
    /// Every single fault with its place.
    pub faults: Vec<FaultLine>,
    /// What to do next.
    pub next: Vec<Link>,
}

/// One fault of an input, with the place it stands.
#[derive(Clone, Debug)]
pub struct FaultLine {
    /// Element id of the field; empty where there is none.
    pub id: String,
    /// Label of the field.
    pub label: String,
    /// What is wrong and how to mend it.
    pub text: String,
}

/// A record's stage as a badge; the tone is never the only sign.
#[derive(Clone, Debug, Default)]
pub struct Badge {
    /// Name of the stage.
    pub label: String,
    /// `quiet`, `open`, `wait` or `done`.
    pub tone: &'static str,
}

/// One explained step of “为什么”.
#[derive(Clone, Debug)]
pub struct WhyLine {
    /// Whether it admitted.
    pub yes: bool,
    /// The grant, guard, layer, clock or score in words.
    pub text: String,
}
