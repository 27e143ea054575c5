//! The chain of changes: each digest covers the one before and a canonical header, never a text.
//!
//! `digest = sha256(digest before ‖ header)`, and a layer stands in the header as `sha256(salt ‖ body)`; so erasing
//! salt and body leaves every digest as it was.

use catalogue::kind::{Audience, Layer};
use sha2::{Digest, Sha256};

use crate::db::{Conn, Sql};
use crate::fault::{Fault, Result};
use crate::record::Position;

const HEAD: Sql =
    "select position, epoch, digest from change where position = (select max(position) from change)";
const LAST_ROW: Sql = "select coalesce(max(row), 0) from record";

/// Statements of this room, for the proof of plans.
pub(crate) const STATEMENTS: &[Sql] = &[HEAD, LAST_ROW];

/// The end of the chain.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    pub(crate) position: Position,
    pub(crate) digest: Vec<u8>,
    /// The newest row of `record`.
    pub(crate) row: i64,
    /// Files are left that no record names any more.
    pub(crate) files_gone: bool,
}

/// One change as it is hashed.
pub(crate) struct Header<'a> {
    pub(crate) position: Position,
    pub(crate) id: String,
    pub(crate) version: u64,
    pub(crate) name: &'a str,
    pub(crate) actor: String,
    pub(crate) at_us: i64,
    pub(crate) stage: &'a str,
    pub(crate) audience: i64,
    pub(crate) type_path: &'a str,
    pub(crate) owner: String,
    pub(crate) place: &'a str,
    pub(crate) layers: &'a str,
    /// For whom it was made; a change without one is hashed without it.
    pub(crate) behalf: Option<String>,
    /// How the party told of it; hashed as `behalf` is.
    pub(crate) told_by: Option<String>,
}

impl Header<'_> {
    /// The digest of this change after the one before.
    pub(crate) fn digest(&self, before: &[u8]) -> Vec<u8> {
        let mut hash = Sha256::new();
        hash.update(before);
        for part in self.parts() {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        hash.finalize().to_vec()
    }

    fn parts(&self) -> Vec<String> {
        let mut parts = vec![
            self.position.to_string(),
            self.id.clone(),
            self.version.to_string(),
            self.name.to_owned(),
            self.actor.clone(),
            self.at_us.to_string(),
            self.stage.to_owned(),
            self.audience.to_string(),
            self.type_path.to_owned(),
            self.owner.clone(),
            self.place.to_owned(),
            self.layers.to_owned(),
        ];
        parts.extend(self.behalf.clone());
        parts.extend(self.told_by.clone());
        parts
    }
}

/// Where the chain ends now.
pub(crate) fn head(conn: &Conn) -> Result<Head> {
    let row = conn.one(LAST_ROW, &[])?.map_or(Ok(0), |row| row.int(0))?;
    let epoch = crate::open::setting(conn, "epoch")?.and_then(|text| text.parse().ok());
    let epoch: u32 = epoch.ok_or_else(|| Fault::damaged("setting: epoch"))?;
    let Some(last) = conn.one(HEAD, &[])? else {
        return Ok(Head {
            position: Position { epoch, number: 0 },
            digest: Vec::new(),
            row,
            files_gone: false,
        });
    };
    let number = u64::try_from(last.int(0)?).map_err(|e| Fault::storage("damaged position", e))?;
    Ok(Head { position: Position { epoch, number }, digest: last.bytes(2)?, row, files_gone: false })
}

/// What a layer is known by in the chain.
pub(crate) fn layer_hash(salt: &[u8], body: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(salt);
    hash.update(body.as_bytes());
    hex(&hash.finalize())
}

/// A keyed digest (HMAC, RFC 2104) of a text; the key has at most 64 bytes.
pub(crate) fn sealed(key: &[u8], text: &str) -> Vec<u8> {
    let pad = |with: u8| (0..64).map(|at| key.get(at).copied().unwrap_or(0) ^ with).collect::<Vec<u8>>();
    let inner = Sha256::new().chain_update(pad(0x36)).chain_update(text).finalize();
    Sha256::new().chain_update(pad(0x5c)).chain_update(inner).finalize().to_vec()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let digit = |n: u8| DIGITS.get(usize::from(n)).copied().unwrap_or('0');
    bytes.iter().flat_map(|b| [digit(b >> 4), digit(b & 15)]).collect()
}

pub(crate) fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        text.chars().map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect();
    let digits = digits.filter(|d| d.len() % 2 == 0)?;
    Some(digits.chunks(2).map(|pair| pair.iter().fold(0, |sum, d| sum << 4 | d)).collect())
}

/// Layers as numbers in the store.
pub(crate) fn layer_number(layer: Layer) -> i64 {
    match layer {
        Layer::Open => 0,
        Layer::Inside => 1,
        Layer::Sealed => 2,
    }
}

pub(crate) fn layer_of(number: i64) -> Result<Layer> {
    match number {
        0 => Ok(Layer::Open),
        1 => Ok(Layer::Inside),
        2 => Ok(Layer::Sealed),
        _ => Err(Fault::damaged("layer")),
    }
}

/// Audiences as numbers in the store; their order is that of the numbers.
pub(crate) fn audience_number(audience: Audience) -> i64 {
    match audience {
        Audience::Private => 0,
        Audience::Node => 1,
        Audience::Line => 2,
        Audience::Network => 3,
        Audience::Public => 4,
    }
}

pub(crate) fn audience_of(number: i64) -> Result<Audience> {
    match number {
        0 => Ok(Audience::Private),
        1 => Ok(Audience::Node),
        2 => Ok(Audience::Line),
        3 => Ok(Audience::Network),
        4 => Ok(Audience::Public),
        _ => Err(Fault::damaged("audience")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hmac_is_that_of_rfc_4231() {
        // Test case 2 of RFC 4231.
        let mac = hex(&sealed(b"Jefe", "what do ya want for nothing?"));
        assert_eq!(mac, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }

    #[test]
    fn hex_reads_back() {
        let bytes: Vec<u8> = (0..=255).collect();
        assert_eq!(unhex(&hex(&bytes)), Some(bytes));
        assert_eq!(unhex("0g"), None);
        assert_eq!(unhex("abc"), None);
    }
}
