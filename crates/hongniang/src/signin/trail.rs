//! The words of the trail of signing in; each is told by `trail.<word>` of the texts.

use register::Way;

/// A wrong password or code.
pub const FAILED: &str = "failed";
/// Too many of them.
pub const LOCKED: &str = "locked";
/// Signed out.
pub const LEFT: &str = "left";
/// A new password.
pub const PASSWORD_SET: &str = "password-set";
/// A second factor was set up.
pub const SECOND_ON: &str = "second-on";
/// The second factor was taken away.
pub const SECOND_OFF: &str = "second-off";
/// A recovery code was used up.
pub const RECOVERY_USED: &str = "recovery-used";
/// An identity of the provider was bound.
pub const IDENTITY_BOUND: &str = "identity-bound";
/// An identity of the provider was taken off.
pub const IDENTITY_UNBOUND: &str = "identity-unbound";
/// One session was ended from elsewhere.
pub const SESSION_ENDED: &str = "session-ended";
/// All sessions, or all but one, were ended.
pub const SESSIONS_ENDED: &str = "sessions-ended";

/// The word of an entry.
pub fn entered(way: Way) -> &'static str {
    match way {
        Way::Link => "entered-link",
        Way::Password => "entered-password",
        Way::Provider => "entered-provider",
    }
}
