//! Who does whose work from day to day: the roles of someone away, never what is theirs as a private person.
//!
//! It begins and ends by its days; nothing has to be undone. Start at [`Reader::seat`].

use base::id::RecordId;
use catalogue::Asker;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::db::{Row, Sql};
use crate::fault::{Fault, Result};
use crate::reader::Reader;
use crate::record::{Item, Key};
use crate::writer::Writer;

/// One account does another's work for some days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Substitute {
    /// Local number.
    pub row: i64,
    /// Who is away.
    pub account: i64,
    /// Who does the work.
    pub by_account: i64,
    /// The first day.
    pub since: Date,
    /// The last day.
    pub until: Date,
    /// Who arranged it.
    pub made_by: Option<RecordId>,
    /// When it was arranged.
    pub made: Timestamp,
    /// When it was called off.
    pub revoked: Option<Timestamp>,
}

/// Something done for someone away.
#[derive(Clone, Debug, PartialEq)]
pub struct Stood {
    /// When.
    pub at: Timestamp,
    /// The move or change.
    pub move_name: String,
    /// The record, if the asker may read it.
    pub item: Option<Item>,
}

/// Substitutions shown of one account at most.
const SHOWN_MAX: usize = 50;
/// Changes looked at for the log of one substitution.
const LOGGED_MAX: usize = 200;

/// The columns of a substitution, as text for [`concat!`].
macro_rules! columns {
    () => {
        "row, account, by_account, since, until, made_by, made_us, revoked_us"
    };
}

const BY_ROW: Sql = concat!("select ", columns!(), " from substitute where row = $1");
const OF_ACCOUNT: Sql =
    concat!("select ", columns!(), " from substitute where account = $1 order by row desc limit $2");
const BY_ACCOUNT: Sql =
    concat!("select ", columns!(), " from substitute where by_account = $1 order by row desc limit $2");
const NEXT: Sql = "select coalesce(max(row), 0) + 1 from substitute";
const MAKE: Sql = "insert into substitute (row, account, by_account, since, until, made_by, made_us)
     values ($1, $2, $3, $4, $5, $6, $7)";
const REVOKE: Sql = "update substitute set revoked_us = $2 where row = $1 and revoked_us is null";
const SIT: Sql = "update session set stands_in = $2 where token = $1";
const STOOD: Sql = "select position, at_us, actor, move, record from change
     where behalf = $1 order by position desc limit $2";

/// Statements of this room, for the proof of plans.
pub(crate) const STATEMENTS: &[Sql] = &[BY_ROW, OF_ACCOUNT, BY_ACCOUNT, NEXT, MAKE, REVOKE, SIT, STOOD];

impl Substitute {
    /// Whether it holds on a day.
    pub fn holds(&self, today: Date) -> bool {
        self.revoked.is_none() && self.since <= today && today <= self.until
    }
}

impl Reader<'_> {
    /// A substitution.
    pub fn substitute(&self, row: i64) -> Result<Option<Substitute>> {
        self.conn.one(BY_ROW, &[row.into()])?.as_ref().map(read).transpose()
    }

    /// Who does, did or will do the work of an account, newest first.
    pub fn substitutes_of(&self, account: i64) -> Result<Vec<Substitute>> {
        self.conn.query(OF_ACCOUNT, &[account.into(), SHOWN_MAX.into()])?.iter().map(read).collect()
    }

    /// Whose work an account does, did or will do, newest first.
    pub fn substitutes_by(&self, account: i64) -> Result<Vec<Substitute>> {
        self.conn.query(BY_ACCOUNT, &[account.into(), SHOWN_MAX.into()])?.iter().map(read).collect()
    }

    /// Who asks from another's seat: this person, with the roles of the one who is away.
    pub(crate) fn seat(&self, of: &Substitute, person: RecordId) -> Result<Option<Asker>> {
        let Some(away) = self.account(of.account)? else { return Ok(None) };
        let seat = self.asker(Some(away.row), away.person)?;
        Ok(Some(Asker { person: Some(person), behalf: seat.person, ..seat }))
    }

    /// What was done in a substitution, newest first; records the asker may not read are left out of it.
    pub fn stood(&self, me: &Asker, of: &Substitute) -> Result<Vec<Stood>> {
        let person = |row| Ok(self.account(row)?.map(|account| account.person));
        let (Some(away), Some(by)) = (person(of.account)?, person(of.by_account)?) else {
            return Ok(Vec::new());
        };
        let mut found = Vec::new();
        for row in self.conn.query(STOOD, &[away.into(), LOGGED_MAX.into()])? {
            let at = row.time(1)?;
            if row.id_or_null(2)? != Some(by) || at < of.made {
                continue;
            }
            let item = self.item(&Key::Row(row.int(4)?))?;
            let item = item.map(|item| Ok(self.admits(me, &item)?.map(|_| item))).transpose()?.flatten();
            found.push(Stood { at, move_name: row.text(3)?, item });
        }
        Ok(found)
    }
}

impl Writer<'_> {
    /// Arranges that one account does another's work. Who may is for the caller to say.
    /// Errors: `invalid` where the days are the wrong way round or both are one and the same person.
    pub fn arrange(
        &mut self,
        me: &Asker,
        (account, by_account): (i64, i64),
        (since, until): (Date, Date),
    ) -> Result<Substitute> {
        if until < since {
            return Err(Fault::field("until", "until-before-since"));
        }
        let person = |row| Ok(self.account(row)?.ok_or(Fault::NotFound)?.person);
        if person(account)? == person(by_account)? {
            return Err(Fault::field("by", "substitute-self"));
        }
        let row = self.conn.one(NEXT, &[])?.map_or(Ok(1), |row| row.int(0))?;
        let values = [
            row.into(),
            account.into(),
            by_account.into(),
            since.to_string().into(),
            until.to_string().into(),
            me.person.into(),
            self.now.into(),
        ];
        self.conn.execute(MAKE, &values)?;
        self.substitute(row)?.ok_or(Fault::NotFound)
    }

    /// Calls a substitution off; who sits there is back on their own seat at the next request.
    pub fn call_off(&mut self, row: i64) -> Result<()> {
        match self.conn.execute(REVOKE, &[row.into(), self.now.into()])? {
            0 => Err(Fault::NotFound),
            _ => Ok(()),
        }
    }

    /// Takes another's seat in a session, or with none one's own again. Errors: `not-allowed` where the substitution is not
    /// this account's or does not hold today.
    pub fn sit(&mut self, token_hash: &[u8], account: i64, seat: Option<i64>) -> Result<()> {
        if let Some(row) = seat {
            let of = self.substitute(row)?.ok_or(Fault::NotFound)?;
            if of.by_account != account || !of.holds(self.today()) {
                return Err(Fault::NotAllowed);
            }
        }
        self.conn.execute(SIT, &[token_hash.to_vec().into(), seat.into()]).map(drop)
    }
}

fn read(row: &Row) -> Result<Substitute> {
    let day = |at| row.text(at)?.parse().map_err(|e| Fault::storage("damaged day", e));
    Ok(Substitute {
        row: row.int(0)?,
        account: row.int(1)?,
        by_account: row.int(2)?,
        since: day(3)?,
        until: day(4)?,
        made_by: row.id_or_null(5)?,
        made: row.time(6)?,
        revoked: row.int_or_null(7)?.map(|_| row.time(7)).transpose()?,
    })
}
