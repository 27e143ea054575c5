//! Sealing of the few secrets that must be read again, such as that of a second factor: ChaCha20-Poly1305 (RFC 8439).
//!
//! The key comes from the store's own secret, which lies in the same store. So a seal guards a table that leaks alone
//! (a copied table, a query too many), and not the loss of the whole store; for that the disk must be encrypted.

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use sha2::{Digest as _, Sha256};

use crate::fault::{Fault, Result};
use crate::open::Shared;

/// What the key is for; another purpose gets another key.
const PURPOSE: &[u8] = b"hongniang second factor\0";

impl Shared {
    /// Seals bytes for one owner: a nonce, then the text with its tag.
    pub(crate) fn seal(&self, owner: i64, plain: &[u8]) -> Result<Vec<u8>> {
        let nonce: [u8; NONCE_LEN] = self.draw();
        let mut text = plain.to_vec();
        let bound = Aad::from(owner.to_be_bytes());
        self.key()?
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), bound, &mut text)
            .map_err(|_| Fault::Storage("sealing".to_owned()))?;
        Ok([nonce.as_slice(), &text].concat())
    }

    /// Opens what was sealed for this owner; what was altered or is another's is damaged.
    pub(crate) fn unseal(&self, owner: i64, sealed: &[u8]) -> Result<Vec<u8>> {
        let damaged = || Fault::damaged("seal");
        let (nonce, text) = sealed.split_at_checked(NONCE_LEN).ok_or_else(damaged)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| damaged())?;
        let mut text = text.to_vec();
        let bound = Aad::from(owner.to_be_bytes());
        let plain = self.key()?.open_in_place(nonce, bound, &mut text).map_err(|_| damaged())?;
        Ok(plain.to_vec())
    }

    fn key(&self) -> Result<LessSafeKey> {
        let key = Sha256::new().chain_update(PURPOSE).chain_update(&self.secret).finalize();
        let key = UnboundKey::new(&CHACHA20_POLY1305, &key).map_err(|_| Fault::damaged("key of seals"))?;
        Ok(LessSafeKey::new(key))
    }
}
