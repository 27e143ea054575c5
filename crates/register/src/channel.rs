//! Channels: where a person wants messages, how often, and whether the address has been proven.
//!
//! Never sends anything and never makes up a code: its digest comes in. A mail address receives nothing before it is
//! proven. Start at [`Reader::channels`].

use base::id::RecordId;
use jiff::{SignedDuration, Timestamp};

use crate::db::{Row, Sql, Value};
use crate::delivery::Lane;
use crate::fault::{Fault, Result};
use crate::reader::Reader;
use crate::writer::Writer;

/// By what a message leaves the house.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Means {
    /// A letter by SMTP.
    Mail,
    /// A signed POST to a program.
    Webhook,
    /// A group robot of WeCom (企业微信).
    Wecom,
    /// A group robot of DingTalk (钉钉).
    Dingtalk,
    /// A group robot of Feishu (飞书).
    Feishu,
}

/// How often a channel is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rhythm {
    /// Each notice for itself.
    AtOnce,
    /// Bundled, in the morning of working days.
    Daily,
    /// Not at all.
    Off,
}

impl Means {
    /// Names as the store and forms write them.
    pub const NAMES: [(&'static str, Means); 5] = [
        ("mail", Means::Mail),
        ("wecom", Means::Wecom),
        ("dingtalk", Means::Dingtalk),
        ("feishu", Means::Feishu),
        ("webhook", Means::Webhook),
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        Means::NAMES.iter().find(|(_, means)| *means == self).map_or("", |(name, _)| name)
    }

    /// Of a name.
    pub fn named(name: &str) -> Option<Means> {
        Means::NAMES.iter().find(|(known, _)| *known == name).map(|(_, means)| *means)
    }

    /// The line it waits in.
    pub fn lane(self) -> Lane {
        if self == Means::Mail { Lane::Mail } else { Lane::Hook }
    }
}

impl Rhythm {
    /// Names as the store and forms write them.
    pub const NAMES: [(&'static str, Rhythm); 3] =
        [("at-once", Rhythm::AtOnce), ("daily", Rhythm::Daily), ("off", Rhythm::Off)];

    /// Its name.
    pub fn name(self) -> &'static str {
        Rhythm::NAMES.iter().find(|(_, rhythm)| *rhythm == self).map_or("", |(name, _)| name)
    }

    /// Of a name.
    pub fn named(name: &str) -> Option<Rhythm> {
        Rhythm::NAMES.iter().find(|(known, _)| *known == name).map(|(_, rhythm)| *rhythm)
    }
}

/// Where a person wants messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    /// Local number.
    pub row: i64,
    /// Whose it is.
    pub person: RecordId,
    /// By what.
    pub means: Means,
    /// A mail address, or the address to post to.
    pub address: String,
    /// What messages are signed with, where the means signs.
    pub secret: Option<String>,
    /// How often.
    pub rhythm: Rhythm,
    /// Messages are in English.
    pub english: bool,
    /// The address may be used.
    pub proven: bool,
}

/// What came of a code that was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// It is the code: the address may be used.
    Proven,
    /// It is not.
    Wrong,
    /// The code is too old, or was tried too often: another must be sent.
    Spent,
}

/// Channels of one person at most.
pub const CHANNELS_MAX: usize = 10;
/// Minutes a code works.
const CODE_MINUTES: i64 = 30;
/// Tries of one code: six figures are guessed in time, but not in five tries.
const CODE_TRIES_MAX: i64 = 5;

const OF_PERSON: Sql = "select row, person, means, address, secret, rhythm, english, proven_us from channel
     where person = $1 order by person, means, address";
const BY_ROW: Sql = "select row, person, means, address, secret, rhythm, english, proven_us from channel
     where row = $1";
const NEXT: Sql = "select coalesce(max(row), 0) + 1 from channel";
const ADD: Sql = "insert into channel (row, person, means, address, secret, rhythm, english, code, code_us,
       code_tries, proven_us, made_us)
     values ($1, $2, $3, $4, $5, $6, $7, null, null, 0, $8, $9)
     on conflict (person, means, address) do nothing";
const RHYTHM: Sql = "update channel set rhythm = $3, english = $4 where row = $1 and person = $2";
const CODE: Sql = "update channel set code = $3, code_us = $4, code_tries = 0 where row = $1 and person = $2";
const CODE_OF: Sql = "select code, code_us, code_tries from channel where row = $1 and person = $2";
const TRIED: Sql = "update channel set code_tries = code_tries + 1 where row = $1";
const PROVEN: Sql = "update channel set proven_us = $2, code = null where row = $1";
const REMOVE: Sql = "delete from channel where row = $1 and person = $2";

/// Statements of this room, for the proof of plans.
pub(crate) const STATEMENTS: &[Sql] =
    &[OF_PERSON, BY_ROW, NEXT, ADD, RHYTHM, CODE, CODE_OF, TRIED, PROVEN, REMOVE];

impl Reader<'_> {
    /// The channels of a person, in the order they were made.
    pub fn channels(&self, person: RecordId) -> Result<Vec<Channel>> {
        let rows = self.conn.query(OF_PERSON, &[person.into()])?;
        let mut channels: Vec<Channel> = rows.iter().map(read).collect::<Result<_>>()?;
        channels.sort_by_key(|channel| channel.row);
        Ok(channels)
    }

    pub(crate) fn channel(&self, row: i64) -> Result<Option<Channel>> {
        self.conn.one(BY_ROW, &[row.into()])?.as_ref().map(read).transpose()
    }
}

impl Writer<'_> {
    /// Adds a channel; its `row` is made here. A mail address is to be proven first.
    ///
    /// Errors: `claimed` when the person has it already, `too-large` past the number one person may have.
    pub fn add_channel(&mut self, new: Channel) -> Result<Channel> {
        if self.channels(new.person)?.len() >= CHANNELS_MAX {
            return Err(Fault::TooLarge { what: "channels", most: CHANNELS_MAX as u64 });
        }
        let row = self.conn.one(NEXT, &[])?.map_or(Ok(1), |row| row.int(0))?;
        let proven = new.means != Means::Mail;
        let values: [Value; 9] = [
            row.into(),
            new.person.into(),
            new.means.name().into(),
            new.address.clone().into(),
            new.secret.clone().into(),
            new.rhythm.name().into(),
            new.english.into(),
            proven.then_some(self.now).into(),
            self.now.into(),
        ];
        if self.conn.execute(ADD, &values)? == 0 {
            return Err(Fault::Claimed { field: "address".to_owned(), value: new.address, by: None });
        }
        Ok(Channel { row, proven, ..new })
    }

    /// Keeps the digest of a code that goes to the address of a channel.
    pub fn set_code(&mut self, person: RecordId, row: i64, digest: &[u8]) -> Result<()> {
        let values = [row.into(), person.into(), digest.to_vec().into(), self.now.into()];
        self.conn.execute(CODE, &values).map(drop)
    }

    /// Takes a code that was typed, by its digest. Errors: `not-found`.
    pub fn prove(&mut self, person: RecordId, row: i64, digest: &[u8]) -> Result<Proof> {
        let found = self.conn.one(CODE_OF, &[row.into(), person.into()])?.ok_or(Fault::NotFound)?;
        let Some(code) = found.bytes_or_null(0)? else { return Ok(Proof::Spent) };
        let ends = found.time(1)?.saturating_add(SignedDuration::from_mins(CODE_MINUTES));
        if ends.unwrap_or(Timestamp::MIN) < self.now || found.int(2)? >= CODE_TRIES_MAX {
            return Ok(Proof::Spent);
        }
        if code != digest {
            self.conn.execute(TRIED, &[row.into()])?;
            return Ok(Proof::Wrong);
        }
        self.conn.execute(PROVEN, &[row.into(), self.now.into()])?;
        Ok(Proof::Proven)
    }

    /// Sets how often a channel is used; what waits for a channel that is off is no longer sent.
    pub fn set_rhythm(&mut self, person: RecordId, row: i64, rhythm: Rhythm, english: bool) -> Result<()> {
        let values = [row.into(), person.into(), rhythm.name().into(), english.into()];
        if self.conn.execute(RHYTHM, &values)? == 0 {
            return Err(Fault::NotFound);
        }
        if rhythm == Rhythm::Off { self.recall(row) } else { Ok(()) }
    }

    /// Removes a channel, and what waits for it.
    pub fn remove_channel(&mut self, person: RecordId, row: i64) -> Result<()> {
        if self.conn.execute(REMOVE, &[row.into(), person.into()])? == 0 {
            return Err(Fault::NotFound);
        }
        self.recall(row)
    }
}

fn read(row: &Row) -> Result<Channel> {
    Ok(Channel {
        row: row.int(0)?,
        person: row.id(1)?,
        means: Means::named(&row.text(2)?).ok_or_else(|| Fault::damaged("channel: means"))?,
        address: row.text(3)?,
        secret: row.text_or_null(4)?,
        rhythm: Rhythm::named(&row.text(5)?).ok_or_else(|| Fault::damaged("channel: rhythm"))?,
        english: row.int(6)? == 1,
        proven: row.int_or_null(7)?.is_some(),
    })
}
