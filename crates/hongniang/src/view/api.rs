//! The data interface, to read.

use super::Page;

/// The codes of problem documents, each explained at `#problem-<code>`.
pub(crate) const CODES: [&str; 30] = [
    "bad-cursor",
    "bad-encoding",
    "busy",
    "claimed",
    "code-owed",
    "csrf",
    "cycle",
    "guards",
    "internal",
    "invalid",
    "malformed",
    "method",
    "missing-year",
    "not-allowed",
    "not-found",
    "password-owed",
    "provider-down",
    "provider-refused",
    "provider-wrong",
    "second-owed",
    "signin-gone",
    "signin-needed",
    "stale",
    "storage",
    "throttled",
    "too-deep",
    "too-large",
    "unsupported-media",
    "version-needed",
    "wrong-stage",
];

/// What programs may ask for.
#[derive(askama::Template)]
#[template(path = "api.html")]
pub struct ApiView {
    /// Shared parts.
    pub page: Page,
    /// One part for each kind of record.
    pub kinds: Vec<ApiKind>,
}

impl ApiView {
    fn problem_title(&self, code: &str) -> String {
        self.page.coded("problem", &format!("{code}.title"))
    }
}

/// What programs may do with one kind.
#[derive(Clone)]
pub struct ApiKind {
    /// Name of the kind.
    pub name: String,
    /// Method, address and purpose of each operation.
    pub operations: Vec<(String, String, String)>,
    /// Names of the moves.
    pub moves: Vec<String>,
}
