//! Personal links. One kind lets a person in who has an account or is to have one; the other is about one record, keeps to
//! it, and may be answered once.
//!
//! Tokens come in hashed; the digest is what a link is known by here. Start at [`Link::state`].

use base::id::RecordId;
use catalogue::{Asker, Only};
use jiff::{SignedDuration, Timestamp};

use crate::db::{Row, Sql};
use crate::fault::{Fault, Result};
use crate::fields::{ORGANIZATION, PERSON};
use crate::reader::Reader;
use crate::record::Key;
use crate::writer::Writer;

/// A link, whatever became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What it is known by: the digest of its token.
    pub digest: Vec<u8>,
    /// The person.
    pub person: RecordId,
    /// The record it leads to.
    pub record: Option<RecordId>,
    /// It keeps to that record and what hangs on it.
    pub confined: bool,
    /// It works once: is opened once, or if confined answered once.
    pub once: bool,
    /// It has been opened.
    pub used: bool,
    /// Who handed it out; none is the house.
    pub made_by: Option<RecordId>,
    /// When it was made.
    pub made: Timestamp,
    /// When it was taken back.
    pub revoked: Option<Timestamp>,
    /// The move it was answered by, and when.
    pub answered: Option<(Timestamp, String)>,
    /// When it ends.
    pub expires: Timestamp,
}

/// What became of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkState {
    /// It works.
    Good,
    /// It was taken back.
    Revoked,
    /// It was answered.
    Answered,
    /// It was used.
    Used,
    /// Its days are over.
    Expired,
}

/// Records a link reaches at most, its own included.
const REACHED_MAX: usize = 64;
/// Days for which a link that ended still says why.
const KEPT_DAYS: i64 = 180;
/// Links shown of one record or person at most.
const SHOWN_MAX: usize = 100;

/// The columns of a link, as text for [`concat!`].
macro_rules! columns {
    () => {
        "token, person, record, confined, once, used, made_by, made_us, revoked_us, answered_us, answer, expires_us"
    };
}

const BY_TOKEN: Sql = concat!("select ", columns!(), " from link where token = $1");
const OF_RECORD: Sql =
    concat!("select ", columns!(), " from link where record = $1 order by made_us desc, token limit $2");
const OF_PERSON: Sql =
    concat!("select ", columns!(), " from link where person = $1 order by made_us desc, token limit $2");
const MAKE: Sql =
    "insert into link (token, person, record, confined, once, used, made_by, made_us, expires_us)
     values ($1, $2, $3, $4, $5, 0, $6, $7, $8)";
const USE: Sql = "update link set used = used + 1 where token = $1";
const REVOKE: Sql = "update link set revoked_us = $2 where token = $1 and revoked_us is null";
const REVOKE_OF: Sql = "update link set revoked_us = $2 where record = $1 and revoked_us is null";
const ANSWER: Sql = "update link set answered_us = $3, answer = $4 where record = $1 and person = $2
     and confined = 1 and once = 1 and answered_us is null and revoked_us is null";
const CARRY_RECORD: Sql = "update link set record = $2 where record = $1";
const CARRY_PERSON: Sql = "update link set person = $2 where person = $1";
const SWEEP: Sql = "delete from link where expires_us <= $1";
// What refers to a record and what it refers to hang on it; people and organisations do not, they are parties.
const HANGING: Sql = "select r.id from edge e cross join record r
     where e.to_row = $1 and r.row = e.from_row and (r.kind || '') <> $2 and (r.kind || '') <> $3
     order by e.field desc, e.from_row desc limit $4";
const HANGED_ON: Sql = "select r.id from edge e cross join record r
     where e.from_row = $1 and r.row = e.to_row and (r.kind || '') <> $2 and (r.kind || '') <> $3
     order by e.field desc, e.to_row desc limit $4";

/// Statements of this room, for the proof of plans.
pub(crate) const STATEMENTS: &[Sql] = &[
    BY_TOKEN,
    OF_RECORD,
    OF_PERSON,
    MAKE,
    USE,
    REVOKE,
    REVOKE_OF,
    ANSWER,
    CARRY_RECORD,
    CARRY_PERSON,
    SWEEP,
    HANGING,
    HANGED_ON,
];

impl Link {
    /// What became of it by now.
    pub fn state(&self, now: Timestamp) -> LinkState {
        match self {
            _ if self.revoked.is_some() => LinkState::Revoked,
            _ if self.answered.is_some() => LinkState::Answered,
            _ if self.once && self.used && !self.confined => LinkState::Used,
            _ if self.expires <= now => LinkState::Expired,
            _ => LinkState::Good,
        }
    }
}

impl Reader<'_> {
    /// A link, whether still good or not; [`Link::state`] says.
    pub fn link(&self, token_hash: &[u8]) -> Result<Option<Link>> {
        self.conn.one(BY_TOKEN, &[token_hash.to_vec().into()])?.as_ref().map(read).transpose()
    }

    /// The links about a record, newest first. Who may see them is for the caller to say.
    pub fn links_of(&self, record: RecordId) -> Result<Vec<Link>> {
        self.conn.query(OF_RECORD, &[record.into(), SHOWN_MAX.into()])?.iter().map(read).collect()
    }

    /// The links of a person, newest first. Who may see them is for the caller to say.
    pub fn links_for(&self, person: RecordId) -> Result<Vec<Link>> {
        self.conn.query(OF_PERSON, &[person.into(), SHOWN_MAX.into()])?.iter().map(read).collect()
    }

    /// Who asks by this link: the person, as belonging to the organisations they belong to but without any office, kept to
    /// the record and what hangs on it.
    pub(crate) fn asker_by(&self, link: &Link) -> Result<Asker> {
        let person = self.item(&Key::Id(link.person))?.map_or(link.person, |item| item.id);
        let account = self.accounts_of(person)?.first().map(|account| account.row);
        let mut asker = self.asker(account, person)?;
        asker.roles.retain(|held| held.role.is_of_organizations());
        let records = link.record.map_or(Ok(Vec::new()), |record| self.reached(record))?;
        let handed = link.made_by.is_some_and(|by| by != person);
        let only = Only { records, answered: link.once && link.answered.is_some(), handed };
        Ok(Asker { only: Some(only), ..asker })
    }

    /// The asker with what hangs on their record by now: something may just have been filed.
    pub fn kept(&self, me: &Asker) -> Result<Asker> {
        let mut me = me.clone();
        if let Some(only) = &mut me.only
            && let Some(record) = only.records.first()
        {
            only.records = self.reached(*record)?;
        }
        Ok(me)
    }

    fn reached(&self, record: RecordId) -> Result<Vec<RecordId>> {
        let Some(item) = self.item(&Key::Id(record))? else { return Ok(Vec::new()) };
        let mut found = vec![item.id];
        for sql in [HANGED_ON, HANGING] {
            let asked = [item.row.into(), PERSON.into(), ORGANIZATION.into(), REACHED_MAX.into()];
            for row in self.conn.query(sql, &asked)? {
                let id = row.id(0)?;
                if !found.contains(&id) {
                    found.push(id);
                }
            }
        }
        found.truncate(REACHED_MAX);
        Ok(found)
    }
}

impl Writer<'_> {
    /// Makes a link in the name of the house. With a record it is about that record alone.
    pub fn make_link(
        &mut self,
        token_hash: &[u8],
        person: RecordId,
        record: Option<RecordId>,
        once: bool,
        expires: Timestamp,
    ) -> Result<()> {
        self.hand_out(&Asker::default(), token_hash, (person, record), once, expires)
    }

    /// Makes a link as someone who hands it on.
    pub fn hand_out(
        &mut self,
        me: &Asker,
        token_hash: &[u8],
        (person, record): (RecordId, Option<RecordId>),
        once: bool,
        expires: Timestamp,
    ) -> Result<()> {
        let values = [
            token_hash.to_vec().into(),
            person.into(),
            record.into(),
            record.is_some().into(),
            once.into(),
            me.person.into(),
            self.now.into(),
            expires.into(),
        ];
        self.conn.execute(MAKE, &values).map(drop)
    }

    /// Uses a link; none unless it is good.
    pub fn use_link(&mut self, token_hash: &[u8]) -> Result<Option<Link>> {
        let link = self.link(token_hash)?;
        let Some(link) = link.filter(|link| link.state(self.now) == LinkState::Good) else {
            return Ok(None);
        };
        self.conn.execute(USE, &[token_hash.to_vec().into()])?;
        Ok(Some(link))
    }

    /// Takes a link back; sessions it started end at their next request. Errors: `not-found`.
    pub fn revoke_link(&mut self, token_hash: &[u8]) -> Result<()> {
        match self.conn.execute(REVOKE, &[token_hash.to_vec().into(), self.now.into()])? {
            0 => Err(Fault::NotFound),
            _ => Ok(()),
        }
    }

    /// Takes every link about a record back.
    pub fn end_links(&mut self, record: RecordId) -> Result<()> {
        self.conn.execute(REVOKE_OF, &[record.into(), self.now.into()]).map(drop)
    }

    /// Notes that the links of this asker about this record have been answered, by which move.
    pub(crate) fn answer_links(&mut self, me: &Asker, record: RecordId, name: &str) -> Result<()> {
        let about = me.only.as_ref().and_then(|only| only.records.first());
        let (Some(person), true) = (me.person, about == Some(&record)) else { return Ok(()) };
        let values = [record.into(), person.into(), self.now.into(), name.into()];
        self.conn.execute(ANSWER, &values).map(drop)
    }

    /// Links about a record that was merged, or of a person whose record was, go with it.
    pub(crate) fn carry_links(&mut self, from: RecordId, to: RecordId) -> Result<()> {
        for sql in [CARRY_RECORD, CARRY_PERSON] {
            self.conn.execute(sql, &[from.into(), to.into()])?;
        }
        Ok(())
    }

    pub(crate) fn sweep_links(&mut self) -> Result<()> {
        let before = self.now.saturating_add(SignedDuration::from_hours(-24 * KEPT_DAYS)).unwrap_or(self.now);
        self.conn.execute(SWEEP, &[before.into()]).map(drop)
    }
}

fn read(row: &Row) -> Result<Link> {
    let moment = |at| row.int_or_null(at)?.map(|_| row.time(at)).transpose();
    let answered = moment(9)?;
    let answer = row.text_or_null(10)?.unwrap_or_default();
    Ok(Link {
        digest: row.bytes(0)?,
        person: row.id(1)?,
        record: row.id_or_null(2)?,
        confined: row.int(3)? == 1,
        once: row.int(4)? == 1,
        used: row.int(5)? > 0,
        made_by: row.id_or_null(6)?,
        made: row.time(7)?,
        revoked: moment(8)?,
        answered: answered.map(|at| (at, answer)),
        expires: row.time(11)?,
    })
}
