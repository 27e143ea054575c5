//! What an installation asks of passwords, sessions and second factors: two books as data, and what is wrong with a
//! new password by either, all of it at once.
//!
//! `default` follows OWASP ASVS 5.0 level 2: long, on no list of the common ones, neither made of classes nor changed
//! by the calendar. `dengbao3` is what 等保三级 reviews ask for. Start at [`Policy`].

use base::limits::{PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN};
use catalogue::{Asker, Role};
use clap::ValueEnum;
use jiff::{SignedDuration, Timestamp};
use register::SignedIn;

use super::weak;

/// The books by name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum PolicyName {
    /// OWASP ASVS 5.0 level 2.
    #[default]
    Default,
    /// 等保三级.
    Dengbao3,
}

/// One book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Of lower case, upper case, digits and all other characters, how many must be there.
    pub classes_min: usize,
    /// Days after which a password must be changed.
    pub age_days: Option<i64>,
    /// Newest passwords one may not go back to.
    pub history: usize,
    /// Wrong passwords of one name before it is locked; the network has its own limit.
    pub passwords_max: Option<u64>,
    /// Wrong codes of one account before codes are locked.
    pub codes_max: u64,
    /// Minutes wrong tries count for, and a lock lasts.
    pub lock_minutes: i64,
    /// Minutes without a request after which a session ends.
    pub idle_minutes: i64,
    /// Hours after which a session ends.
    pub session_hours: i64,
    /// Who works for the house needs a second factor.
    pub second_for_duty: bool,
}

const DEFAULT: Policy = Policy {
    classes_min: 0,
    age_days: None,
    history: 0,
    passwords_max: None,
    codes_max: 10,
    lock_minutes: 30,
    idle_minutes: 4 * 60,
    session_hours: super::SESSION_HOURS,
    second_for_duty: false,
};

const DENGBAO3: Policy = Policy {
    classes_min: 3,
    age_days: Some(90),
    history: 5,
    passwords_max: Some(5),
    codes_max: 5,
    idle_minutes: 30,
    session_hours: 8,
    second_for_duty: true,
    ..DEFAULT
};

/// What a session still owes before anything else opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owed {
    /// The code of the second factor the account has.
    Code,
    /// A new password: the old one is past its days.
    Password,
    /// A second factor.
    Second,
}

impl Owed {
    /// The page where it is given.
    pub fn page(self) -> &'static str {
        match self {
            Owed::Code => "/signin/code",
            Owed::Password => "/account/password",
            Owed::Second => "/account/second",
        }
    }
}

impl PolicyName {
    /// The book of this name.
    pub fn policy(self) -> &'static Policy {
        match self {
            PolicyName::Default => &DEFAULT,
            PolicyName::Dengbao3 => &DENGBAO3,
        }
    }
}

impl Policy {
    /// What a session still owes.
    pub fn owed(&self, signed: &SignedIn) -> Option<Owed> {
        signed.account?;
        // By when the session began: nobody loses a half-filled form to the calendar.
        let old =
            |set: Timestamp| self.age_days.is_some_and(|days| signed.started >= later(set, days * 24 * 60));
        match () {
            () if signed.second && !signed.proven => Some(Owed::Code),
            () if signed.password_at.is_some_and(old) => Some(Owed::Password),
            () if !signed.second && self.needs_second(&signed.asker) => Some(Owed::Second),
            () => None,
        }
    }

    /// Whether whoever holds these roles must have a second factor.
    pub fn needs_second(&self, asker: &Asker) -> bool {
        self.second_for_duty && asker.roles.iter().any(|grant| is_duty(grant.role))
    }

    /// Whether a session that was last seen then still lives.
    pub fn lives(&self, seen: Timestamp, now: Timestamp) -> bool {
        now < later(seen, self.idle_minutes)
    }

    /// When a session that starts now ends at the latest.
    pub fn session_end(&self, now: Timestamp) -> Timestamp {
        later(now, self.session_hours * 60)
    }

    /// From when wrong tries count.
    pub fn window_start(&self, now: Timestamp) -> Timestamp {
        later(now, -self.lock_minutes)
    }

    /// When a lock ends whose newest wrong try was then.
    pub fn lock_end(&self, last: Timestamp) -> Timestamp {
        later(last, self.lock_minutes)
    }

    /// What is wrong with a new password: keys of the texts. `context` are words it must not be made of.
    pub fn faults(&self, password: &str, context: &[String]) -> Vec<&'static str> {
        let chars = password.chars().count();
        let checks = [
            (chars < PASSWORD_CHARS_MIN, "sign.password-short"),
            (chars > PASSWORD_CHARS_MAX, "sign.password-long"),
            (classes(password) < self.classes_min, "sign.password-classes"),
            (weak::is_weak(password, context), "sign.password-weak"),
        ];
        checks.into_iter().filter(|(wrong, _)| *wrong).map(|(_, key)| key).collect()
    }
}

/// Who may change or decide what belongs to others.
fn is_duty(role: Role) -> bool {
    match role {
        Role::Member | Role::Expert | Role::Liaison | Role::Broker | Role::Reviewer | Role::Evaluator => {
            false
        }
        Role::Admin | Role::Officer | Role::Leader | Role::Steward => true,
    }
}

/// Of lower case, upper case, digits and all others, how many a password holds.
fn classes(password: &str) -> usize {
    let other = |c: char| !c.is_lowercase() && !c.is_uppercase() && !c.is_numeric();
    let found: [fn(char) -> bool; 3] = [char::is_lowercase, char::is_uppercase, char::is_numeric];
    found.iter().filter(|class| password.chars().any(class)).count()
        + usize::from(password.chars().any(other))
}

fn later(at: Timestamp, minutes: i64) -> Timestamp {
    at.saturating_add(SignedDuration::from_mins(minutes)).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_of_a_new_password_is_told_at_once() {
        let long = "很".repeat(129);
        let cases = [
            (PolicyName::Default, "九月的雨下在江南的屋檐上", vec![]),
            (PolicyName::Default, "nine months of rain", vec![]),
            (PolicyName::Default, "kexie2026", vec!["sign.password-short", "sign.password-weak"]),
            (PolicyName::Default, "aaaaaaaaaaaa", vec!["sign.password-weak"]),
            (PolicyName::Default, long.as_str(), vec!["sign.password-long", "sign.password-weak"]),
            (PolicyName::Dengbao3, "nine months of rain", vec!["sign.password-classes"]),
            (PolicyName::Dengbao3, "Nine months of rain", vec![]),
            (
                PolicyName::Dengbao3,
                "kexie",
                vec!["sign.password-short", "sign.password-classes", "sign.password-weak"],
            ),
        ];
        for (name, password, faults) in cases {
            assert_eq!(name.policy().faults(password, &[]), faults, "{name:?} {password}");
        }
    }
}
