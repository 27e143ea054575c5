//! Passwords: Argon2id with 19 MiB, two passes, one lane (OWASP's minimum for it).

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use base::limits::{PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN};

use crate::trouble::Trouble;

fn argon2() -> Result<Argon2<'static>, Trouble> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(|error| Trouble::Internal(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The hash of a password, with its own salt.
pub fn hash(password: &str) -> Result<String, Trouble> {
    let hashed = argon2()?.hash_password(password.as_bytes());
    hashed.map(|hash| hash.to_string()).map_err(|error| Trouble::Internal(error.to_string()))
}

/// Whether a password has this hash. Without a hash as much work is done, so that time tells nothing.
pub fn check(password: &str, hash: Option<&str>) -> bool {
    let Ok(argon2) = argon2() else { return false };
    match hash {
        Some(hash) => argon2::PasswordHash::new(hash)
            .is_ok_and(|hash| argon2.verify_password(password.as_bytes(), &hash).is_ok()),
        None => {
            let _ = argon2.hash_password(password.as_bytes());
            false
        }
    }
}

/// What is wrong with a new password: keys of the texts.
pub fn faults(password: &str, name: &str) -> Vec<&'static str> {
    let chars = password.chars().count();
    let folded = base::text::fold(password);
    let plain = ["password", "123456", "qwerty", "hongniang", "kexie", "科协", "红娘"];
    let weak =
        plain.iter().any(|word| folded.contains(word) && folded.chars().count() < word.chars().count() + 6);
    let uniform = password.chars().all(|c| password.starts_with(c));
    let checks = [
        (chars < PASSWORD_CHARS_MIN, "sign.password-short"),
        (chars > PASSWORD_CHARS_MAX, "sign.password-long"),
        (weak || uniform || folded == base::text::fold(name), "sign.password-weak"),
    ];
    checks.into_iter().filter(|(wrong, _)| *wrong).map(|(_, key)| key).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_opens_only_its_own_hash() {
        let hashed = hash("九月的雨 nine months").expect("hash");
        assert!(hashed.starts_with("$argon2id$"));
        assert!(check("九月的雨 nine months", Some(&hashed)));
        assert!(!check("九月的雨 nine month", Some(&hashed)));
        assert!(!check("anything at all", None));
    }

    #[test]
    fn weak_passwords_are_named() {
        let cases =
            [("short", 1), ("password1234", 1), ("aaaaaaaaaaaaaaaa", 1), ("九月的雨下在江南的屋檐上", 0)];
        for (password, wrong) in cases {
            assert_eq!(faults(password, "x").len(), wrong, "{password}");
        }
    }
}
