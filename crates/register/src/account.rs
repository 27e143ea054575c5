//! Accounts and the roles they hold. Hashes of passwords come in ready; nothing here knows a password.

use base::id::RecordId;
use catalogue::offices::{is_own, may_give};
use catalogue::{Asker, Over, Role, RoleGrant};
use jiff::Timestamp;

use crate::db::{Row, Sql, Value};
use crate::fault::{Fault, Result};
use crate::fields::ORGANIZATION;
use crate::reader::Reader;
use crate::record::Key;
use crate::writer::Writer;

/// An account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Local number.
    pub row: i64,
    /// The name to sign in with, unique.
    pub name: String,
    /// The password's hash, as the caller made it; none cannot sign in by password.
    pub hash: Option<String>,
    /// The person record.
    pub person: RecordId,
    /// When it was made.
    pub created_at: Timestamp,
    /// When the password was set; none without one.
    pub password_at: Option<Timestamp>,
    /// When the person last signed in, if known.
    pub entered_at: Option<Timestamp>,
}

/// A role given or taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleChange {
    /// The role and where it holds.
    pub grant: RoleGrant,
    /// It was given; otherwise taken.
    pub given: bool,
    /// Who did; none on the command line.
    pub by: Option<RecordId>,
    /// When.
    pub at: Timestamp,
}

/// A role an account holds, and since when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldRole {
    /// The role and where it holds.
    pub grant: RoleGrant,
    /// Since when.
    pub since: Timestamp,
}

const BY_NAME: Sql =
    "select row, name, hash, person, created_us, hash_us, entered_us from account where name = $1";
const BY_ROW: Sql =
    "select row, name, hash, person, created_us, hash_us, entered_us from account where row = $1";
const BY_PERSON: Sql = "select row, name, hash, person, created_us, hash_us, entered_us from account where person = $1 order by row";
const ALL: Sql = "select row, name, hash, person, created_us, hash_us, entered_us from account where row > $1 order by row limit $2";
const NEXT: Sql = "select coalesce(max(row), 0) + 1 from account";
const INSERT: Sql = "insert into account (row, name, hash, person, created_us, hash_us)
     values ($1, $2, $3, $4, $5, $6)";
const SET_HASH: Sql = "update account set hash = $2, hash_us = $3 where row = $1";
const ROLES: Sql = "select role, over, at_us from role_grant where account = $1 order by role, over";
const GIVE: Sql = "insert into role_grant (account, role, over, at_us) values ($1, $2, $3, $4)
     on conflict (account, role, over) do nothing";
const REVOKE: Sql = "delete from role_grant where account = $1 and role = $2 and over = $3";
const PAST: Sql = "select hash from past_password where account = $1 order by at_us desc limit $2";
const KEEP_PAST: Sql = "insert into past_password (account, at_us, hash) values ($1, $2, $3)
     on conflict (account, at_us) do update set hash = excluded.hash";
const PRUNE_PAST: Sql = "delete from past_password where account = $1 and at_us < (select min(at_us) from
     (select at_us from past_password where account = $1 order by at_us desc limit $2) as kept)";
const ENTERED: Sql = "update account set entered_us = $2 where row = $1";
const HELD_OVER: Sql = "select account from role_grant where over = $1 order by account";
const NEXT_CHANGE: Sql = "select coalesce(max(row), 0) + 1 from role_change";
const CHANGE: Sql = "insert into role_change (row, account, role, over, given, given_by, at_us)
     values ($1, $2, $3, $4, $5, $6, $7)";
const CHANGES: Sql = "select role, over, given, given_by, at_us from role_change where account = $1 order by row desc limit $2";
const HOLDERS: Sql = "select account from role_grant where role = $1 order by account";
const HOLDING: Sql = "select a.row, a.person from role_grant g cross join account a
     where g.over = $1 and g.role = $2 and a.row = g.account order by g.account";

/// Statements of this room, for the proof of plans.
pub(crate) const STATEMENTS: &[Sql] = &[
    BY_NAME,
    BY_ROW,
    BY_PERSON,
    ALL,
    NEXT,
    INSERT,
    SET_HASH,
    ROLES,
    GIVE,
    REVOKE,
    PAST,
    KEEP_PAST,
    PRUNE_PAST,
    ENTERED,
    NEXT_CHANGE,
    CHANGE,
    CHANGES,
    HELD_OVER,
    HOLDERS,
    HOLDING,
];

/// Changes of roles shown of one account at most.
const CHANGES_MAX: usize = 200;

impl Reader<'_> {
    /// The account of a name.
    pub fn account_by_name(&self, name: &str) -> Result<Option<Account>> {
        self.conn.one(BY_NAME, &[name.into()])?.as_ref().map(read).transpose()
    }

    /// The account of a row.
    pub fn account(&self, row: i64) -> Result<Option<Account>> {
        self.conn.one(BY_ROW, &[row.into()])?.as_ref().map(read).transpose()
    }

    /// The accounts of a person.
    pub fn accounts_of(&self, person: RecordId) -> Result<Vec<Account>> {
        self.conn.query(BY_PERSON, &[person.into()])?.iter().map(read).collect()
    }

    /// Accounts after a row, in order of making.
    pub fn accounts(&self, after: i64, first: usize) -> Result<Vec<Account>> {
        self.conn.query(ALL, &[after.into(), first.into()])?.iter().map(read).collect()
    }

    /// Hashes of the newest passwords that were kept, newest first.
    pub fn past_passwords(&self, account: i64, first: usize) -> Result<Vec<String>> {
        let rows = self.conn.query(PAST, &[account.into(), first.into()])?;
        rows.iter().map(|row| row.text(0)).collect()
    }

    /// The roles an account holds.
    pub fn roles(&self, account: i64) -> Result<Vec<HeldRole>> {
        let read = |row: &Row| {
            let grant = RoleGrant { role: role_of(&row.text(0)?)?, over: over_of(&row.text(1)?)? };
            Ok(HeldRole { grant, since: row.time(2)? })
        };
        self.conn.query(ROLES, &[account.into()])?.iter().map(read).collect()
    }

    /// The roles an account was given and lost, newest first.
    pub fn role_changes(&self, account: i64) -> Result<Vec<RoleChange>> {
        let read = |row: &Row| {
            let grant = RoleGrant { role: role_of(&row.text(0)?)?, over: over_of(&row.text(1)?)? };
            Ok(RoleChange { grant, given: row.int(2)? == 1, by: row.id_or_null(3)?, at: row.time(4)? })
        };
        self.conn.query(CHANGES, &[account.into(), CHANGES_MAX.into()])?.iter().map(read).collect()
    }

    /// Accounts that hold any role over an organisation, its place or the whole installation.
    pub fn holders_over(&self, over: &Over) -> Result<Vec<i64>> {
        let rows = self.conn.query(HELD_OVER, &[over_text(over).into()])?;
        let mut found: Vec<i64> = rows.iter().map(|row| row.int(0)).collect::<Result<_>>()?;
        found.dedup();
        Ok(found)
    }

    /// Whether the asker may give a role over this extent, or take it, as far as the extent alone says.
    pub fn may_give(&self, me: &Asker, grant: &RoleGrant) -> Result<bool> {
        let place = match &grant.over {
            Over::Organization(id) => {
                let item = self.item(&Key::Id(*id))?.filter(|item| item.kind == ORGANIZATION);
                let Some(item) = item else { return Ok(false) };
                item.place
            }
            Over::Place(_) | Over::Node => None,
        };
        Ok(may_give(me, grant.role, &grant.over, place.as_ref()))
    }

    /// Accounts that hold a role anywhere.
    pub fn holders(&self, role: Role) -> Result<Vec<i64>> {
        self.conn.query(HOLDERS, &[role.name().into()])?.iter().map(|row| row.int(0)).collect()
    }

    /// Accounts that hold a role over exactly this, with their persons.
    pub(crate) fn holding(&self, role: Role, over: &Over) -> Result<Vec<(Option<i64>, RecordId)>> {
        let rows = self.conn.query(HOLDING, &[over_text(over).into(), role.name().into()])?;
        rows.iter().map(|row| Ok((Some(row.int(0)?), row.id(1)?))).collect()
    }
}

impl Writer<'_> {
    /// Makes an account for a person. Errors: `claimed` when the name is taken, `not-found` when there is no such person.
    pub fn create_account(&mut self, name: &str, hash: Option<String>, person: RecordId) -> Result<Account> {
        if self.account_by_name(name)?.is_some() {
            return Err(Fault::Claimed { field: "name".to_owned(), value: name.to_owned(), by: None });
        }
        if self.rows(&[person])?.is_empty() {
            return Err(Fault::NotFound);
        }
        let row = self.conn.one(NEXT, &[])?.map_or(Ok(1), |row| row.int(0))?;
        let (now, password_at) = (self.now, hash.as_ref().map(|_| self.now));
        let values =
            [row.into(), name.into(), hash.clone().into(), person.into(), now.into(), password_at.into()];
        self.conn.execute(INSERT, &values)?;
        Ok(Account {
            row,
            name: name.to_owned(),
            hash,
            person,
            created_at: now,
            password_at,
            entered_at: None,
        })
    }

    /// Sets the hash of a password; every session of the account ends.
    pub fn set_password(&mut self, account: i64, hash: &str) -> Result<()> {
        if self.conn.execute(SET_HASH, &[account.into(), hash.into(), self.now.into()])? == 0 {
            return Err(Fault::NotFound);
        }
        self.end_all(account)
    }

    /// Keeps the hash of a password among the newest few, so that one can tell whoever goes back to it.
    pub fn keep_password(&mut self, account: i64, hash: &str, most: usize) -> Result<()> {
        self.conn.execute(KEEP_PAST, &[account.into(), self.now.into(), hash.into()])?;
        self.conn.execute(PRUNE_PAST, &[account.into(), most.into()]).map(drop)
    }

    /// Gives an account a role in the name of the house; giving twice is giving once.
    pub fn give(&mut self, account: i64, role: Role, over: &Over) -> Result<()> {
        self.set_role(None, account, (role, over), true)
    }

    /// Takes a role away in the name of the house; the next request no longer has it.
    pub fn revoke(&mut self, account: i64, role: Role, over: &Over) -> Result<()> {
        self.set_role(None, account, (role, over), false)
    }

    /// Gives an account a role as the asker. Errors: `not-allowed` for more than the asker may give, and for the asker's own
    /// account; `not-found`.
    pub fn grant(&mut self, me: &Asker, account: i64, role: Role, over: &Over) -> Result<()> {
        let person = self.person_of(account)?;
        if is_own(me, person) || !self.may_give(me, &RoleGrant { role, over: over.clone() })? {
            return Err(Fault::NotAllowed);
        }
        self.set_role(me.person, account, (role, over), true)
    }

    /// Takes a role from an account as the asker; one's own may be laid down. Errors: `not-allowed`, also for the last
    /// steward; `not-found`.
    pub fn withdraw(&mut self, me: &Asker, account: i64, role: Role, over: &Over) -> Result<()> {
        let laid_down = me.person == Some(self.person_of(account)?) && me.behalf.is_none();
        if !laid_down && !self.may_give(me, &RoleGrant { role, over: over.clone() })? {
            return Err(Fault::NotAllowed);
        }
        let mut stewards = self.holders(Role::Steward)?;
        stewards.dedup();
        if role == Role::Steward && stewards == [account] {
            return Err(Fault::field("role", "last-steward"));
        }
        self.set_role(me.person, account, (role, over), false)
    }

    /// The person of an account, whose record may have been merged.
    fn person_of(&self, account: i64) -> Result<RecordId> {
        let person = self.account(account)?.ok_or(Fault::NotFound)?.person;
        Ok(self.item(&Key::Id(person))?.map_or(person, |item| item.id))
    }

    fn set_role(
        &mut self,
        by: Option<RecordId>,
        account: i64,
        (role, over): (Role, &Over),
        given: bool,
    ) -> Result<()> {
        let (name, text) = (role.name(), over_text(over));
        let held: [Value; 3] = [account.into(), name.into(), text.as_str().into()];
        let changed = match given {
            true => {
                let values: Vec<Value> = held.into_iter().chain([self.now.into()]).collect();
                self.conn.execute(GIVE, &values)?
            }
            false => self.conn.execute(REVOKE, &held)?,
        };
        if changed == 0 {
            return Ok(());
        }
        let row = self.conn.one(NEXT_CHANGE, &[])?.map_or(Ok(1), |row| row.int(0))?;
        let (by, now) = (by.into(), self.now.into());
        let values = [row.into(), account.into(), name.into(), text.into(), given.into(), by, now];
        self.conn.execute(CHANGE, &values).map(drop)
    }

    /// Notes that someone signed in to an account.
    pub(crate) fn note_entered(&mut self, account: i64) -> Result<()> {
        self.conn.execute(ENTERED, &[account.into(), self.now.into()]).map(drop)
    }
}

fn read(row: &Row) -> Result<Account> {
    Ok(Account {
        row: row.int(0)?,
        name: row.text(1)?,
        hash: row.text_or_null(2)?,
        person: row.id(3)?,
        created_at: row.time(4)?,
        password_at: row.int_or_null(5)?.map(|_| row.time(5)).transpose()?,
        entered_at: row.int_or_null(6)?.map(|_| row.time(6)).transpose()?,
    })
}

fn role_of(text: &str) -> Result<Role> {
    let named = Role::NAMES.into_iter().find(|(name, _)| *name == text);
    named.map(|(_, role)| role).ok_or_else(|| Fault::damaged("role"))
}

/// An extent as tables and forms write it: `node`, `place 330521`, `organization ID`.
pub fn over_text(over: &Over) -> String {
    match over {
        Over::Place(place) => format!("place {}", place.code()),
        Over::Organization(id) => format!("organization {id}"),
        Over::Node => "node".to_owned(),
    }
}

/// An extent read back.
pub fn over_of(text: &str) -> Result<Over> {
    let damaged = || Fault::damaged("reach of a role");
    match text.split_once(' ') {
        None if text == "node" => Ok(Over::Node),
        Some(("place", code)) => code.parse().map(Over::Place).map_err(|_| damaged()),
        Some(("organization", id)) => id.parse().map(Over::Organization).map_err(|_| damaged()),
        _ => Err(damaged()),
    }
}
