//! Sessions, one-time links and throttling. Tokens come in hashed; nothing here has ever seen one.

use std::collections::BTreeSet;

use base::id::RecordId;
use catalogue::{Asker, Over, RoleGrant};
use jiff::Timestamp;

use crate::db::{Row, Sql};
use crate::fault::{Fault, Result};
use crate::fields::{ORGANIZATION, PARENT};
use crate::reader::Reader;
use crate::record::Key;
use crate::writer::Writer;

/// Whose a session is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// An account, with its roles.
    Account(i64),
    /// A person come by link, without roles.
    Person(RecordId),
}

/// A person signed in.
#[derive(Clone, Debug, PartialEq)]
pub struct SignedIn {
    /// The account; none for a person come by link.
    pub account: Option<i64>,
    /// The person record.
    pub person: RecordId,
    /// Who asks, for every verb of the register.
    pub asker: Asker,
    /// The person's heading.
    pub name: String,
    /// When the session ends.
    pub expires: Timestamp,
}

/// A link that signs a person in, for all that person may do without an account.
///
/// The record is only where the link leads first: whoever holds the link is the person, and a person is not a
/// different one from record to record. Who must be kept to one record is given no link but its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The person.
    pub person: RecordId,
    /// The record it leads to; it limits nothing.
    pub record: Option<RecordId>,
    /// It works once.
    pub once: bool,
    /// It has been used.
    pub used: bool,
    /// When it ends.
    pub expires: Timestamp,
}

/// Failed attempts within a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempts {
    /// How many.
    pub n: u64,
    /// When the newest was, if any.
    pub last: Option<Timestamp>,
}

/// Organisations one person stands for at most; each is an arm of every list.
const ORGANIZATIONS_MAX: usize = 64;

const SESSION: Sql = "select account, person, expires_us from session where token = $1 and expires_us > $2";
const START: Sql = "insert into session (token, account, person, started_us, expires_us)
     values ($1, $2, $3, $4, $5)";
const END: Sql = "delete from session where token = $1";
const END_ALL: Sql = "delete from session where account = $1";
const SWEEP_SESSIONS: Sql = "delete from session where expires_us <= $1";
const LINK: Sql = "select person, record, once, used, expires_us from link where token = $1";
const MAKE_LINK: Sql =
    "insert into link (token, person, record, once, used, expires_us) values ($1, $2, $3, $4, 0, $5)";
const USE_LINK: Sql = "update link set used = used + 1 where token = $1";
const LINKS_OF: Sql =
    "select person, record, once, used, expires_us from link where record = $1 order by expires_us";
const END_LINKS: Sql = "delete from link where record = $1";
const SWEEP_LINKS: Sql = "delete from link where expires_us <= $1";
const ATTEMPTS: Sql = "select count(*), max(at_us) from attempt where subject = $1 and at_us > $2";
const ATTEMPT: Sql =
    "insert into attempt (subject, at_us, chance) values ($1, $2, $3) on conflict do nothing";
const CLEAR_ATTEMPTS: Sql = "delete from attempt where subject = $1";
const SWEEP_ATTEMPTS: Sql = "delete from attempt where at_us <= $1";
const BELOW: Sql = "select r.row, r.id from edge e cross join record r
     where e.to_row = $1 and e.field = $2 and r.row = e.from_row and (r.kind || '') = $3
     order by e.from_row limit $4";

/// Statements of this room, for the proof of plans.
pub(crate) const STATEMENTS: &[Sql] = &[
    SESSION,
    START,
    END,
    END_ALL,
    SWEEP_SESSIONS,
    LINK,
    MAKE_LINK,
    USE_LINK,
    LINKS_OF,
    END_LINKS,
    SWEEP_LINKS,
    ATTEMPTS,
    ATTEMPT,
    CLEAR_ATTEMPTS,
    SWEEP_ATTEMPTS,
    BELOW,
];

impl Reader<'_> {
    /// Who is signed in by this token, with the roles and organisations of this moment.
    pub fn session_asker(&self, token_hash: &[u8], now: Timestamp) -> Result<Option<SignedIn>> {
        let Some(row) = self.conn.one(SESSION, &[token_hash.to_vec().into(), now.into()])? else {
            return Ok(None);
        };
        let (account, person) = (row.int_or_null(0)?, row.id(1)?);
        let asker = self.asker(account, person)?;
        let person = asker.person.unwrap_or(person);
        let name = self.item(&Key::Id(person))?.map(|item| item.title).unwrap_or_default();
        Ok(Some(SignedIn { account, person, asker, name, expires: row.time(2)? }))
    }

    /// Who asks: the person, the roles of the account, and the organisations over which one is held, with all below.
    /// What a person's record says of employers and societies counts for nothing here: its owner may write it. Whose record
    /// was merged is the person of the record that was kept.
    pub fn asker(&self, account: Option<i64>, person: RecordId) -> Result<Asker> {
        let held = account.map(|row| self.roles(row)).transpose()?.unwrap_or_default();
        let record = self.item(&Key::Id(person))?;
        let person = record.as_ref().map_or(person, |item| item.id);
        let mut organizations = Vec::new();
        let mut roles = Vec::new();
        for grant in held.into_iter().map(|held| held.grant) {
            match grant.over {
                Over::Organization(id) => {
                    let below = self.with_below(&self.local(id)?)?;
                    roles.extend(
                        below
                            .iter()
                            .map(|(_, id)| RoleGrant { role: grant.role, over: Over::Organization(*id) }),
                    );
                    organizations.extend(below);
                }
                _ => roles.push(grant),
            }
        }
        let organizations: BTreeSet<RecordId> = organizations.into_iter().map(|(_, id)| id).collect();
        let organizations = organizations.into_iter().take(ORGANIZATIONS_MAX).collect();
        Ok(Asker { person: Some(person), organizations, roles, behalf: None })
    }

    /// A link, whether still good or not; `expires` and `used` say.
    pub fn link(&self, token_hash: &[u8]) -> Result<Option<Link>> {
        self.conn.one(LINK, &[token_hash.to_vec().into()])?.as_ref().map(read_link).transpose()
    }

    /// The links about a record, whether still good or not, the first to end first.
    pub fn links_of(&self, record: RecordId) -> Result<Vec<Link>> {
        self.conn.query(LINKS_OF, &[record.into()])?.iter().map(read_link).collect()
    }

    /// Failed attempts of an account name or network since a moment.
    pub fn attempts(&self, subject: &str, since: Timestamp) -> Result<Attempts> {
        let Some(row) = self.conn.one(ATTEMPTS, &[subject.into(), since.into()])? else {
            return Ok(Attempts { n: 0, last: None });
        };
        let last = row.int_or_null(1)?.map(|_| row.time(1)).transpose()?;
        Ok(Attempts { n: u64::try_from(row.int(0)?).unwrap_or_default(), last })
    }

    fn local(&self, id: RecordId) -> Result<Vec<(i64, RecordId)>> {
        Ok(self.rows(&[id])?.into_iter().map(|(id, (row, _))| (row, id)).collect())
    }

    /// These organisations and those below them, nearest first.
    fn with_below(&self, roots: &[(i64, RecordId)]) -> Result<Vec<(i64, RecordId)>> {
        let mut found: Vec<(i64, RecordId)> = roots.to_vec();
        let mut at = 0;
        while let Some((row, _)) = found.get(at).copied().filter(|_| found.len() < ORGANIZATIONS_MAX) {
            let asked = [row.into(), PARENT.into(), ORGANIZATION.into(), ORGANIZATIONS_MAX.into()];
            for row in self.conn.query(BELOW, &asked)? {
                let below = (row.int(0)?, row.id(1)?);
                if !found.contains(&below) {
                    found.push(below);
                }
            }
            at += 1;
        }
        Ok(found)
    }
}

impl Writer<'_> {
    /// Starts a session. Errors: `not-found` when there is no such account.
    pub fn start_session(&mut self, who: Who, token_hash: &[u8], expires: Timestamp) -> Result<()> {
        let (account, person) = match who {
            Who::Person(person) => (None, person),
            Who::Account(row) => (Some(row), self.account(row)?.ok_or(Fault::NotFound)?.person),
        };
        let token = token_hash.to_vec();
        let values = [token.into(), account.into(), person.into(), self.now.into(), expires.into()];
        self.conn.execute(START, &values).map(drop)
    }

    /// Ends a session.
    pub fn end_session(&mut self, token_hash: &[u8]) -> Result<()> {
        self.conn.execute(END, &[token_hash.to_vec().into()]).map(drop)
    }

    /// Ends every session of an account.
    pub fn end_all(&mut self, account: i64) -> Result<()> {
        self.conn.execute(END_ALL, &[account.into()]).map(drop)
    }

    /// Makes a link that signs a person in; `record` is where it leads first and limits nothing (see [`Link`]).
    pub fn make_link(
        &mut self,
        token_hash: &[u8],
        person: RecordId,
        record: Option<RecordId>,
        once: bool,
        expires: Timestamp,
    ) -> Result<()> {
        let values = [token_hash.to_vec().into(), person.into(), record.into(), once.into(), expires.into()];
        self.conn.execute(MAKE_LINK, &values).map(drop)
    }

    /// Uses a link; none when it is unknown, ended, or was to be used once and has been.
    pub fn use_link(&mut self, token_hash: &[u8]) -> Result<Option<Link>> {
        let link = self.link(token_hash)?;
        let Some(link) = link.filter(|link| link.expires > self.now && !(link.once && link.used)) else {
            return Ok(None);
        };
        self.conn.execute(USE_LINK, &[token_hash.to_vec().into()])?;
        Ok(Some(link))
    }

    /// Ends every link about a record.
    pub fn end_links(&mut self, record: RecordId) -> Result<()> {
        self.conn.execute(END_LINKS, &[record.into()]).map(drop)
    }

    /// Notes a failed attempt of an account name or network.
    pub fn note_attempt(&mut self, subject: &str) -> Result<()> {
        let chance = i64::from(u32::from_be_bytes(self.shared.draw()));
        self.conn.execute(ATTEMPT, &[subject.into(), self.now.into(), chance.into()]).map(drop)
    }

    /// Forgets the failed attempts of a subject, after one that succeeded.
    pub fn clear_attempts(&mut self, subject: &str) -> Result<()> {
        self.conn.execute(CLEAR_ATTEMPTS, &[subject.into()]).map(drop)
    }

    /// Removes ended sessions and links, and attempts before a moment.
    pub fn sweep(&mut self, attempts_before: Timestamp) -> Result<()> {
        self.conn.execute(SWEEP_SESSIONS, &[self.now.into()])?;
        self.conn.execute(SWEEP_LINKS, &[self.now.into()])?;
        self.conn.execute(SWEEP_ATTEMPTS, &[attempts_before.into()]).map(drop)
    }
}

fn read_link(row: &Row) -> Result<Link> {
    Ok(Link {
        person: row.id(0)?,
        record: row.id_or_null(1)?,
        once: row.int(2)? == 1,
        used: row.int(3)? > 0,
        expires: row.time(4)?,
    })
}
