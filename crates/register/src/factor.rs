//! The second factor of an account and its recovery codes. Secrets lie sealed, recovery codes as digests; what a code
//! is and when it holds is the caller's.

use jiff::Timestamp;

use crate::db::Sql;
use crate::fault::Result;
use crate::reader::Reader;
use crate::writer::Writer;

/// A second factor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecondFactor {
    /// The secret both sides know.
    pub secret: Vec<u8>,
    /// A first code has shown that the person holds it too; before that it counts for nothing.
    pub confirmed: bool,
    /// The newest time step a code was taken for; none before and including it is taken again.
    pub step: i64,
    /// When it was proposed.
    pub since: Timestamp,
}

const FACTOR: Sql = "select sealed, confirmed, step, since_us from second_factor where account = $1";
const PROPOSE: Sql =
    "insert into second_factor (account, sealed, confirmed, step, since_us) values ($1, $2, 0, 0, $3)";
const USE_STEP: Sql = "update second_factor set step = $2, confirmed = 1 where account = $1 and step < $2";
const END: Sql = "delete from second_factor where account = $1";
const CODE: Sql = "insert into recovery_code (account, digest) values ($1, $2) on conflict do nothing";
const USE_CODE: Sql = "delete from recovery_code where account = $1 and digest = $2";
const END_CODES: Sql = "delete from recovery_code where account = $1";
const CODES_LEFT: Sql = "select count(*) from recovery_code where account = $1";

/// Statements of this room, for the proof of plans.
pub(crate) const STATEMENTS: &[Sql] =
    &[FACTOR, PROPOSE, USE_STEP, END, CODE, USE_CODE, END_CODES, CODES_LEFT];

impl Reader<'_> {
    /// The second factor of an account, confirmed or only proposed.
    pub fn second_factor(&self, account: i64) -> Result<Option<SecondFactor>> {
        let Some(row) = self.conn.one(FACTOR, &[account.into()])? else { return Ok(None) };
        Ok(Some(SecondFactor {
            secret: self.shared.unseal(account, &row.bytes(0)?)?,
            confirmed: row.int(1)? == 1,
            step: row.int(2)?,
            since: row.time(3)?,
        }))
    }

    /// How many recovery codes are left.
    pub fn recovery_codes_left(&self, account: i64) -> Result<u64> {
        let left = self.conn.one(CODES_LEFT, &[account.into()])?.map_or(Ok(0), |row| row.int(0))?;
        Ok(u64::try_from(left).unwrap_or_default())
    }
}

impl Writer<'_> {
    /// Proposes a second factor; it holds once a code of it was used. One that was there is replaced.
    pub fn propose_second_factor(&mut self, account: i64, secret: &[u8]) -> Result<()> {
        let sealed = self.shared.seal(account, secret)?;
        self.end_second_factor(account)?;
        self.conn.execute(PROPOSE, &[account.into(), sealed.into(), self.now.into()]).map(drop)
    }

    /// Takes a code's time step, which confirms the factor; false when it, or a later one, was taken before.
    pub fn use_step(&mut self, account: i64, step: i64) -> Result<bool> {
        Ok(self.conn.execute(USE_STEP, &[account.into(), step.into()])? > 0)
    }

    /// Takes the second factor away, with its recovery codes.
    pub fn end_second_factor(&mut self, account: i64) -> Result<()> {
        self.conn.execute(END, &[account.into()])?;
        self.conn.execute(END_CODES, &[account.into()]).map(drop)
    }

    /// Keeps recovery codes by their digests, in place of any before.
    pub fn set_recovery_codes(&mut self, account: i64, digests: &[[u8; 32]]) -> Result<()> {
        self.conn.execute(END_CODES, &[account.into()])?;
        for digest in digests {
            self.conn.execute(CODE, &[account.into(), digest.to_vec().into()])?;
        }
        Ok(())
    }

    /// Uses a recovery code up; false when there is none of this digest.
    pub fn use_recovery_code(&mut self, account: i64, digest: &[u8; 32]) -> Result<bool> {
        Ok(self.conn.execute(USE_CODE, &[account.into(), digest.to_vec().into()])? > 0)
    }
}
