//! Whom a provider's subject is here, and what a half-done sign-in remembers. Bound by issuer and subject alone: a name
//! or an address may pass to another person.

use jiff::Timestamp;

use crate::db::{Row, Sql};
use crate::fault::{Fault, Result};
use crate::reader::Reader;
use crate::writer::Writer;

/// A subject of a provider bound to an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The provider.
    pub issuer: String,
    /// The person, by the provider's own identifier.
    pub subject: String,
    /// The account.
    pub account: i64,
    /// What the provider called them when bound; for showing only.
    pub name: String,
    /// Since when.
    pub since: Timestamp,
}

/// What a half-done sign-in remembers, bound to a cookie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// The account that has shown a password, if one has.
    pub account: Option<i64>,
    /// What the caller keeps.
    pub payload: String,
}

const BY_SUBJECT: Sql =
    "select issuer, subject, account, name, since_us from identity where issuer = $1 and subject = $2";
const BY_ACCOUNT: Sql = "select issuer, subject, account, name, since_us from identity
     where account = $1 order by since_us, issuer, subject";
const BIND: Sql =
    "insert into identity (issuer, subject, account, name, since_us) values ($1, $2, $3, $4, $5)";
const UNBIND: Sql = "delete from identity where account = $1 and issuer = $2 and subject = $3";
const MAKE_TICKET: Sql =
    "insert into ticket (token, kind, account, payload, expires_us) values ($1, $2, $3, $4, $5)";
const TICKET: Sql = "select account, payload from ticket where token = $1 and kind = $2 and expires_us > $3";
const END_TICKET: Sql = "delete from ticket where token = $1";
const SWEEP_TICKETS: Sql = "delete from ticket where expires_us <= $1";

/// Statements of this room, for the proof of plans.
pub(crate) const STATEMENTS: &[Sql] =
    &[BY_SUBJECT, BY_ACCOUNT, BIND, UNBIND, MAKE_TICKET, TICKET, END_TICKET, SWEEP_TICKETS];

impl Reader<'_> {
    /// Whom a subject of a provider is bound to.
    pub fn identity(&self, issuer: &str, subject: &str) -> Result<Option<Identity>> {
        self.conn.one(BY_SUBJECT, &[issuer.into(), subject.into()])?.as_ref().map(read).transpose()
    }

    /// The identities bound to an account.
    pub fn identities_of(&self, account: i64) -> Result<Vec<Identity>> {
        self.conn.query(BY_ACCOUNT, &[account.into()])?.iter().map(read).collect()
    }

    /// A living ticket of a kind.
    pub fn ticket(&self, token_hash: &[u8], kind: &str, now: Timestamp) -> Result<Option<Ticket>> {
        let asked = [token_hash.to_vec().into(), kind.into(), now.into()];
        let Some(row) = self.conn.one(TICKET, &asked)? else { return Ok(None) };
        Ok(Some(Ticket { account: row.int_or_null(0)?, payload: row.text(1)? }))
    }
}

impl Writer<'_> {
    /// Binds a subject of a provider to an account. Errors: `claimed` when it is bound to another, `not-found`.
    pub fn bind_identity(&mut self, account: i64, issuer: &str, subject: &str, name: &str) -> Result<()> {
        self.account(account)?.ok_or(Fault::NotFound)?;
        match self.identity(issuer, subject)? {
            Some(bound) if bound.account == account => Ok(()),
            Some(_) => Err(Fault::Claimed { field: "subject".to_owned(), value: name.to_owned(), by: None }),
            None => {
                let values = [issuer.into(), subject.into(), account.into(), name.into(), self.now.into()];
                self.conn.execute(BIND, &values).map(drop)
            }
        }
    }

    /// Takes an identity off an account.
    pub fn unbind_identity(&mut self, account: i64, issuer: &str, subject: &str) -> Result<()> {
        self.conn.execute(UNBIND, &[account.into(), issuer.into(), subject.into()]).map(drop)
    }

    /// Makes a ticket.
    pub fn make_ticket(
        &mut self,
        token_hash: &[u8],
        kind: &str,
        ticket: Ticket,
        expires: Timestamp,
    ) -> Result<()> {
        let token = token_hash.to_vec();
        let values =
            [token.into(), kind.into(), ticket.account.into(), ticket.payload.into(), expires.into()];
        self.conn.execute(MAKE_TICKET, &values).map(drop)
    }

    /// Uses a ticket up; none when it is unknown, of another kind or ended.
    pub fn take_ticket(&mut self, token_hash: &[u8], kind: &str) -> Result<Option<Ticket>> {
        let ticket = self.ticket(token_hash, kind, self.now)?;
        self.conn.execute(END_TICKET, &[token_hash.to_vec().into()])?;
        Ok(ticket)
    }

    /// Forgets tickets that have ended.
    pub(crate) fn sweep_tickets(&mut self) -> Result<()> {
        self.conn.execute(SWEEP_TICKETS, &[self.now.into()]).map(drop)
    }
}

fn read(row: &Row) -> Result<Identity> {
    Ok(Identity {
        issuer: row.text(0)?,
        subject: row.text(1)?,
        account: row.int(2)?,
        name: row.text(3)?,
        since: row.time(4)?,
    })
}
