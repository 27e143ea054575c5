//! Signing in, personal links, one's account.

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
    /// The way to the identity provider, if there is one.
    pub provider: Option<Link>,
    /// Where to go afterwards.
    pub next: String,
    /// Why signing in is impossible at this address, and the remedy.
    pub blocked: Option<String>,
}

/// The code of the second factor.
#[derive(askama::Template)]
#[template(path = "signin_code.html")]
pub struct CodeView {
    /// Shared parts.
    pub page: Page,
    /// What went wrong.
    pub fault: Option<String>,
}

/// Known to the identity provider, not here.
#[derive(askama::Template)]
#[template(path = "signin_bind.html")]
pub struct BindView {
    /// Shared parts.
    pub page: Page,
    /// Who, and that nobody here is that.
    pub unknown: String,
    /// Name typed before.
    pub name: String,
    /// What went wrong.
    pub fault: Option<String>,
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

/// One's account on one page.
#[derive(askama::Template)]
#[template(path = "account.html")]
pub struct AccountView {
    /// Shared parts.
    pub page: Page,
    /// The person's name.
    pub person: String,
    /// What the person is here.
    pub role: String,
    /// The sign-in name, and since when its password stands.
    pub password_since: Option<String>,
    /// Setting it; none for a person come by link, who has no account.
    pub password: Option<PasswordForm>,
    /// The second factor, if it is set up.
    pub second: Option<String>,
    /// It has to be.
    pub second_needed: bool,
    /// The heading of the identity provider's part, if there is one.
    pub provider: Option<String>,
    /// Identities bound.
    pub identities: Vec<IdentityLine>,
    /// Sessions, this one first.
    pub sessions: Vec<SessionLine>,
    /// What happened lately.
    pub events: Vec<EventLine>,
    /// Looks after accounts of others.
    pub manages: bool,
    /// Runs the house, and so decides who asked to be erased.
    pub runs: bool,
}

impl AccountView {
    /// Of a person come by link.
    pub fn of_link(page: Page) -> AccountView {
        AccountView {
            page,
            person: String::new(),
            role: String::new(),
            password_since: None,
            password: None,
            second: None,
            second_needed: false,
            provider: None,
            identities: Vec::new(),
            sessions: Vec::new(),
            events: Vec::new(),
            manages: false,
            runs: false,
        }
    }
}

/// Setting a password.
pub struct PasswordForm {
    /// Sign-in name.
    pub name: String,
    /// The one that stands is asked for.
    pub current: bool,
    /// What a password must be.
    pub help: String,
    /// What went wrong, all of it.
    pub faults: Vec<String>,
}

/// Setting a password, by itself.
#[derive(askama::Template)]
#[template(path = "account_password.html")]
pub struct PasswordView {
    /// Shared parts.
    pub page: Page,
    /// Why it has to be now.
    pub why: Option<String>,
    /// The form.
    pub password: PasswordForm,
}

/// An identity bound to the account.
pub struct IdentityLine {
    /// What the provider called the person.
    pub name: String,
    /// Since when.
    pub since: String,
    /// The provider.
    pub issuer: String,
    /// The provider's identifier of the person.
    pub subject: String,
    /// It is not the last way in.
    pub may_end: bool,
}

/// A session.
pub struct SessionLine {
    /// It is the one this page was asked with.
    pub this: bool,
    /// By what it is named.
    pub token: String,
    /// How it was come by.
    pub way: String,
    /// The browser.
    pub agent: String,
    /// The network address.
    pub network: String,
    /// Since when, and when last seen.
    pub times: String,
}

/// A line of the trail.
pub struct EventLine {
    /// When.
    pub at: String,
    /// What.
    pub what: String,
    /// From where.
    pub network: String,
}

/// Setting the second factor up.
#[derive(askama::Template)]
#[template(path = "account_second.html")]
pub struct SecondView {
    /// Shared parts.
    pub page: Page,
    /// Why it has to be now.
    pub why: Option<String>,
    /// The secret to type.
    pub secret: String,
    /// The address to open on a telephone.
    pub address: String,
    /// The dark squares of its picture.
    pub path: String,
    /// Squares of a side of it.
    pub side: i32,
    /// What went wrong.
    pub fault: Option<String>,
}

/// Taking the second factor away.
#[derive(askama::Template)]
#[template(path = "account_second_off.html")]
pub struct SecondOffView {
    /// Shared parts.
    pub page: Page,
    /// Sign-in name.
    pub name: String,
    /// The password is asked for.
    pub password: bool,
    /// What went wrong.
    pub faults: Vec<String>,
}

/// The recovery codes, shown once.
#[derive(askama::Template)]
#[template(path = "account_recovery.html")]
pub struct RecoveryView {
    /// Shared parts.
    pub page: Page,
    /// The codes.
    pub codes: Vec<String>,
}
