//! Passwords: Argon2id with 19 MiB, two passes, one lane (OWASP's minimum for it).

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};

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
}
