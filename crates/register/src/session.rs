//! Sessions and throttling. Tokens come in hashed; nothing here has ever seen one.

use std::collections::BTreeSet;

use base::id::RecordId;
use catalogue::{Asker, Over, RoleGrant};
use jiff::Timestamp;

use crate::db::{Row, Sql, Value};
use crate::fault::{Fault, Result};
use crate::fields::{ORGANIZATION, PARENT};
use crate::link::Link;
use crate::reader::Reader;
use crate::record::Key;
use crate::substitute::Substitute;
use crate::writer::Writer;

/// Whose a session is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// An account, with its roles.
    Account(i64),
    /// A person come by link, without roles.
    Person(RecordId),
}

/// How a session was come by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// A personal link.
    Link,
    /// Name and password.
    Password,
    /// An identity provider.
    Provider,
}

/// A way in that was gone, and from where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The account.
    pub account: i64,
    /// How.
    pub way: Way,
    /// The second factor was shown too.
    pub proven: bool,
    /// The network address.
    pub network: String,
    /// A few words of the browser.
    pub agent: String,
}

/// A session of an account, as its holder sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The digest of its token, by which it is named; it opens nothing.
    pub token: Vec<u8>,
    /// How it was come by.
    pub way: Way,
    /// When it began.
    pub started: Timestamp,
    /// When it was last seen, to five minutes.
    pub seen: Timestamp,
    /// When it ends at the latest.
    pub expires: Timestamp,
    /// The network address it was last seen from.
    pub network: String,
    /// A few words of the browser.
    pub agent: String,
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
    /// The digest of the session's token.
    pub token: Vec<u8>,
    /// How the session was come by.
    pub way: Way,
    /// When the session began.
    pub started: Timestamp,
    /// When it was last seen, as far as written.
    pub seen: Timestamp,
    /// The address it was last seen from; empty before the first look.
    pub network: String,
    /// When the account's password was set; none without one.
    pub password_at: Option<Timestamp>,
    /// The account has a second factor.
    pub second: bool,
    /// This session has shown it.
    pub proven: bool,
    /// In whose seat, where someone stands in.
    pub seat: Option<Seat>,
}

/// Whose work someone does just now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    /// The substitution.
    pub substitute: Substitute,
    /// The heading of who is away.
    pub name: String,
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

const SESSION: Sql =
    "select s.account, s.person, s.expires_us, s.way, s.seen_us, s.network, s.factors, a.hash_us,
     f.account, s.started_us, s.link, s.stands_in from session s left join account a on a.row = s.account
     left join second_factor f on f.account = s.account and f.confirmed = 1
     where s.token = $1 and s.expires_us > $2";
const START: Sql =
    "insert into session (token, account, person, started_us, expires_us, seen_us, way, factors, network,
     agent, link) values ($1, $2, $3, $4, $5, $4, $6, $7, $8, $9, $10)";
const SEEN: Sql = "update session set seen_us = $2, network = $3, agent = $4 where token = $1";
const SESSIONS: Sql = "select token, way, started_us, seen_us, expires_us, network, agent from session
     where account = $1 and expires_us > $2 order by started_us desc, token";
const END_OF: Sql = "delete from session where account = $1 and token = $2";
const END_OTHERS: Sql = "delete from session where account = $1 and token <> $2";
const END: Sql = "delete from session where token = $1";
const END_ALL: Sql = "delete from session where account = $1";
const SWEEP_SESSIONS: Sql = "delete from session where expires_us <= $1";
const ATTEMPTS: Sql = "select count(*), max(at_us) from attempt where subject = $1 and at_us > $2";
const ATTEMPT: Sql =
    "insert into attempt (subject, at_us, chance) values ($1, $2, $3) on conflict do nothing";
const FORGIVE: Sql = "delete from attempt where subject = $1 and (at_us, chance) in
     (select at_us, chance from attempt where subject = $1 order by at_us desc, chance desc limit 1)";
const CLEAR_ATTEMPTS: Sql = "delete from attempt where subject = $1";
const SWEEP_ATTEMPTS: Sql = "delete from attempt where at_us <= $1";
const BELOW: Sql = "select r.row, r.id from edge e cross join record r
     where e.to_row = $1 and e.field = $2 and r.row = e.from_row and (r.kind || '') = $3
     order by e.from_row limit $4";

/// Statements of this room, for the proof of plans.
pub(crate) const STATEMENTS: &[Sql] = &[
    SESSION,
    START,
    SEEN,
    SESSIONS,
    END_OF,
    END_OTHERS,
    END,
    END_ALL,
    SWEEP_SESSIONS,
    ATTEMPTS,
    ATTEMPT,
    FORGIVE,
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
        let link = row.bytes_or_null(10)?.map(|digest| self.link(&digest)).transpose()?;
        let (asker, seat) = match (link, row.int_or_null(11)?) {
            // A session lives no longer than the link it came by.
            (Some(link), _) => match link.filter(|link| link.revoked.is_none()) {
                Some(link) => (self.asker_by(&link)?, None),
                None => return Ok(None),
            },
            (None, Some(seat)) => self.seated(seat, (account, person), now)?,
            (None, None) => (self.asker(account, person)?, None),
        };
        let person = asker.person.unwrap_or(person);
        Ok(Some(SignedIn {
            account,
            person,
            asker,
            name: self.heading(person)?,
            expires: row.time(2)?,
            token: token_hash.to_vec(),
            way: way_of(&row.text(3)?)?,
            seen: row.time(4)?,
            network: row.text(5)?,
            password_at: row.int_or_null(7)?.map(|_| row.time(7)).transpose()?,
            second: row.int_or_null(8)?.is_some(),
            proven: row.int(6)? > 1,
            started: row.time(9)?,
            seat,
        }))
    }

    /// Who asks from the seat of another, as long as that holds; afterwards they are back on their own.
    fn seated(
        &self,
        seat: i64,
        (account, person): (Option<i64>, RecordId),
        now: Timestamp,
    ) -> Result<(Asker, Option<Seat>)> {
        let own = self.asker(account, person)?;
        let today = crate::writer::day_of(now);
        let substitute = self.substitute(seat)?.filter(|of| of.holds(today));
        let Some(substitute) = substitute else { return Ok((own, None)) };
        let Some(asker) = self.seat(&substitute, own.person.unwrap_or(person))? else {
            return Ok((own, None));
        };
        let name = asker.behalf.map_or(Ok(String::new()), |away| self.heading(away))?;
        Ok((asker, Some(Seat { substitute, name })))
    }

    /// The heading of a person, whoever asks.
    fn heading(&self, person: RecordId) -> Result<String> {
        Ok(self.item(&Key::Id(person))?.map(|item| item.title).unwrap_or_default())
    }

    /// The sessions of an account that have not ended, the newest first.
    pub fn sessions(&self, account: i64, now: Timestamp) -> Result<Vec<Session>> {
        self.conn.query(SESSIONS, &[account.into(), now.into()])?.iter().map(read_session).collect()
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
        Ok(Asker { person: Some(person), organizations, roles, ..Asker::default() })
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
        let begun = Begun { account, ..Begun::by_link(person, expires) };
        self.begin(token_hash, begun)
    }

    /// Starts a session of an account that came by a way that was checked. Errors: `not-found`.
    pub fn enter(&mut self, entry: &Entry, token_hash: &[u8], expires: Timestamp) -> Result<()> {
        let person = self.account(entry.account)?.ok_or(Fault::NotFound)?.person;
        let (network, agent) = (entry.network.as_str(), entry.agent.as_str());
        let (account, way, proven) = (Some(entry.account), entry.way, entry.proven);
        self.begin(token_hash, Begun { account, person, expires, way, proven, network, agent, link: None })
    }

    /// Starts a session kept to what a link is about; it ends with the link at the latest.
    pub fn start_by_link(&mut self, link: &Link, token_hash: &[u8], expires: Timestamp) -> Result<()> {
        let (person, expires) = (link.person, expires.min(link.expires));
        self.begin(token_hash, Begun { link: Some(&link.digest), ..Begun::by_link(person, expires) })
    }

    fn begin(&mut self, token_hash: &[u8], begun: Begun<'_>) -> Result<()> {
        if let Some(row) = begun.account {
            self.note_entered(row)?;
        }
        let factors: i64 = if begun.proven { 2 } else { 1 };
        let values = [
            token_hash.to_vec().into(),
            begun.account.into(),
            begun.person.into(),
            self.now.into(),
            begun.expires.into(),
            way_text(begun.way).into(),
            factors.into(),
            begun.network.into(),
            begun.agent.into(),
            begun.link.map_or(Value::Null, |link| link.to_vec().into()),
        ];
        self.conn.execute(START, &values).map(drop)
    }

    /// Notes that a session was seen just now, and from where.
    pub fn note_seen(&mut self, token_hash: &[u8], network: &str, agent: &str) -> Result<()> {
        let values = [token_hash.to_vec().into(), self.now.into(), network.into(), agent.into()];
        self.conn.execute(SEEN, &values).map(drop)
    }

    /// Ends one session of an account; of another's it ends nothing. Says whether one ended.
    pub fn end_session_of(&mut self, account: i64, token_hash: &[u8]) -> Result<bool> {
        Ok(self.conn.execute(END_OF, &[account.into(), token_hash.to_vec().into()])? > 0)
    }

    /// Ends every session of an account but one.
    pub fn end_others(&mut self, account: i64, token_hash: &[u8]) -> Result<u64> {
        self.conn.execute(END_OTHERS, &[account.into(), token_hash.to_vec().into()])
    }

    /// Ends a session.
    pub fn end_session(&mut self, token_hash: &[u8]) -> Result<()> {
        self.conn.execute(END, &[token_hash.to_vec().into()]).map(drop)
    }

    /// Ends every session of an account.
    pub fn end_all(&mut self, account: i64) -> Result<()> {
        self.conn.execute(END_ALL, &[account.into()]).map(drop)
    }

    /// Notes a failed attempt of an account name or network.
    pub fn note_attempt(&mut self, subject: &str) -> Result<()> {
        let chance = i64::from(u32::from_be_bytes(self.shared.draw()));
        self.conn.execute(ATTEMPT, &[subject.into(), self.now.into(), chance.into()]).map(drop)
    }

    /// Takes the newest attempt of a subject back: it was noted before it was known to be right.
    pub fn forgive_attempt(&mut self, subject: &str) -> Result<()> {
        self.conn.execute(FORGIVE, &[subject.into()]).map(drop)
    }

    /// Forgets the failed attempts of a subject, after one that succeeded.
    pub fn clear_attempts(&mut self, subject: &str) -> Result<()> {
        self.conn.execute(CLEAR_ATTEMPTS, &[subject.into()]).map(drop)
    }

    /// Removes ended sessions, links and tickets, the trail past its time, and attempts before a moment.
    pub fn sweep(&mut self, attempts_before: Timestamp) -> Result<()> {
        self.conn.execute(SWEEP_SESSIONS, &[self.now.into()])?;
        self.sweep_links()?;
        self.sweep_tickets()?;
        self.sweep_trail()?;
        self.conn.execute(SWEEP_ATTEMPTS, &[attempts_before.into()]).map(drop)
    }
}

/// A session that begins.
struct Begun<'a> {
    account: Option<i64>,
    person: RecordId,
    expires: Timestamp,
    way: Way,
    proven: bool,
    network: &'a str,
    agent: &'a str,
    link: Option<&'a [u8]>,
}

impl Begun<'_> {
    /// A session that came by a link.
    fn by_link(person: RecordId, expires: Timestamp) -> Self {
        let (way, proven, network, agent) = (Way::Link, false, "", "");
        Begun { account: None, person, expires, way, proven, network, agent, link: None }
    }
}

fn read_session(row: &Row) -> Result<Session> {
    Ok(Session {
        token: row.bytes(0)?,
        way: way_of(&row.text(1)?)?,
        started: row.time(2)?,
        seen: row.time(3)?,
        expires: row.time(4)?,
        network: row.text(5)?,
        agent: row.text(6)?,
    })
}

fn way_text(way: Way) -> &'static str {
    match way {
        Way::Link => "link",
        Way::Password => "password",
        Way::Provider => "provider",
    }
}

fn way_of(text: &str) -> Result<Way> {
    [Way::Link, Way::Password, Way::Provider]
        .into_iter()
        .find(|way| way_text(*way) == text)
        .ok_or_else(|| Fault::damaged("way of a session"))
}
