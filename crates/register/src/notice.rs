//! Notices: who is told what, filed once each while following the feed, and once for each promise that is overdue.
//!
//! A notice and the follower's place in the feed are written in one transaction, so that none is lost or doubled,
//! however many processes follow. Never holds a text of a record. Start at [`Writer::tell`].

use base::id::RecordId;
use catalogue::Asker;
use catalogue::kind::By;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::db::{Row, Sql};
use crate::fault::{Fault, Result};
use crate::reader::Reader;
use crate::record::{Item, Key, Position};
use crate::told::Circle;
use crate::writer::Writer;

/// Why someone is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A move of the catalogue was made.
    Moved(String),
    /// A clock has run out: its name and the day it was due.
    Overdue(String, Date),
}

/// One thing a person is told.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// Local number.
    pub row: i64,
    /// The record, as far as the person may read it now; none if no longer.
    pub item: Option<Item>,
    /// Why.
    pub cause: Cause,
    /// When.
    pub at: Timestamp,
    /// When it was read.
    pub read: Option<Timestamp>,
}

/// Unread notices are counted up to here: more is “99+”.
pub const UNREAD_CAP: usize = 100;
/// Changes told in one write: the writer must not be held long.
const BATCH: usize = 100;
/// Days for which notices, and what became of them, are kept.
const KEPT_DAYS: i64 = 400;
/// The follower of the feed, and the sweep of overdue promises, as the table `cursor` calls them.
const FEED: &str = "notices";
const SWEEP: &str = "overdue";

const CURSOR: Sql = "select epoch, position from cursor where name = $1";
const START: Sql =
    "insert into cursor (name, epoch, position) values ($1, $2, $3) on conflict (name) do nothing";
const ADVANCE: Sql = "update cursor set epoch = $2, position = $3 where name = $1";
const MADE: Sql = "select c.position, c.epoch, c.record, c.move, c.actor from change c
     where c.position > $1 order by c.position limit $2";
const LATE: Sql = "select record, name, due from deadline where due = $1 order by record";
const NEXT: Sql = "select coalesce(max(row), 0) + 1 from notice";
const FILE: Sql = "insert into notice (row, person, record, cause, key, position, at_us, read_us)
     values ($1, $2, $3, $4, $5, $6, $7, null) on conflict (key) do nothing";
const UNREAD: Sql = "select row, record, cause, at_us, read_us from notice
     where person = $1 and read_us is null order by row desc limit $2";
const OLD: Sql = "select row, record, cause, at_us, read_us from notice
     where person = $1 and row < $2 and read_us is not null order by row desc limit $3";
const COUNT: Sql = "select count(*) from
     (select 1 from notice where person = $1 and read_us is null limit $2) as n";
const READ_ONE: Sql = "update notice set read_us = $3 where row = $2 and person = $1 and read_us is null";
const READ_ALL: Sql = "update notice set read_us = $3 where person = $1 and row <= $2 and read_us is null";
const CARRIED: Sql = "select n.row, n.record, n.cause, n.at_us, n.read_us from parcel p cross join notice n
     where p.delivery = $1 and n.row = p.notice order by p.notice";
const FORGET: Sql = "delete from notice where at_us < $1";

/// Statements of this room, for the proof of plans.
pub(crate) const STATEMENTS: &[Sql] = &[
    CURSOR, START, ADVANCE, MADE, LATE, NEXT, FILE, UNREAD, OLD, COUNT, READ_ONE, READ_ALL, CARRIED, FORGET,
];

impl Cause {
    fn write(&self) -> String {
        match self {
            Cause::Moved(name) => format!("move {name}"),
            Cause::Overdue(clock, due) => format!("overdue {clock} {due}"),
        }
    }

    fn read(text: &str) -> Result<Cause> {
        let words: Vec<&str> = text.split(' ').collect();
        match words.as_slice() {
            ["move", name] => Ok(Cause::Moved((*name).to_owned())),
            ["overdue", clock, due] => {
                let due = due.parse().map_err(|e| Fault::storage("damaged notice", e))?;
                Ok(Cause::Overdue((*clock).to_owned(), due))
            }
            _ => Err(Fault::damaged("notice: cause")),
        }
    }
}

impl Reader<'_> {
    /// How many notices of a person are unread, up to [`UNREAD_CAP`].
    pub fn unread(&self, person: RecordId) -> Result<usize> {
        let row = self.conn.one(COUNT, &[person.into(), UNREAD_CAP.into()])?;
        Ok(usize::try_from(row.map_or(Ok(0), |row| row.int(0))?).unwrap_or_default())
    }

    /// The unread notices of the asker, newest first.
    pub fn unread_notices(&self, me: &Asker, first: usize) -> Result<Vec<Notice>> {
        let Some(person) = me.person else { return Ok(Vec::new()) };
        self.notices_of(me, &self.conn.query(UNREAD, &[person.into(), first.into()])?)
    }

    /// The notices the asker has read, newest first, before a row.
    pub fn read_notices(&self, me: &Asker, before: Option<i64>, first: usize) -> Result<Vec<Notice>> {
        let Some(person) = me.person else { return Ok(Vec::new()) };
        let values = [person.into(), before.unwrap_or(i64::MAX).into(), first.into()];
        self.notices_of(me, &self.conn.query(OLD, &values)?)
    }

    /// What a message tells, as far as its reader may know it now.
    pub(crate) fn carried(&self, me: &Asker, delivery: i64) -> Result<Vec<Notice>> {
        self.notices_of(me, &self.conn.query(CARRIED, &[delivery.into()])?)
    }

    fn notices_of(&self, me: &Asker, rows: &[Row]) -> Result<Vec<Notice>> {
        rows.iter().map(|row| self.notice_of(me, row)).collect()
    }

    fn notice_of(&self, me: &Asker, row: &Row) -> Result<Notice> {
        let item = match self.seen(me, &Key::Row(row.int(1)?)) {
            Err(Fault::NotFound) => None,
            found => Some(found?),
        };
        Ok(Notice {
            row: row.int(0)?,
            item,
            cause: Cause::read(&row.text(2)?)?,
            at: row.time(3)?,
            read: row.int_or_null(4)?.map(|_| row.time(4)).transpose()?,
        })
    }

    /// Whether there are changes nobody has been told of yet.
    pub fn untold(&self) -> Result<bool> {
        let newest = self.newest()?;
        Ok(self.place_in(FEED)?.is_some_and(|told| told.number < newest.number))
    }

    fn place_in(&self, name: &str) -> Result<Option<Position>> {
        let Some(row) = self.conn.one(CURSOR, &[name.into()])? else { return Ok(None) };
        let epoch = u32::try_from(row.int(0)?).map_err(|e| Fault::storage("damaged epoch", e))?;
        let number = u64::try_from(row.int(1)?).map_err(|e| Fault::storage("damaged position", e))?;
        Ok(Some(Position { epoch, number }))
    }
}

impl Writer<'_> {
    /// Starts telling from now on, if nobody has: what lies before was never promised to anyone.
    pub fn begin_telling(&mut self) -> Result<()> {
        let head = self.newest()?;
        let started = [(FEED, head.epoch, head.number), (SWEEP, 0, number_of(self.today()))];
        for (name, epoch, number) in started {
            self.conn.execute(START, &[name.into(), i64::from(epoch).into(), number.into()])?;
        }
        Ok(())
    }

    /// Tells a batch of changes; answers how many changes it held.
    pub fn tell(&mut self) -> Result<usize> {
        let Some(after) = self.place_in(FEED)? else { return Ok(0) };
        let rows = self.conn.query(MADE, &[after.number.into(), BATCH.into()])?;
        let mut circle = Circle::default();
        for row in &rows {
            self.tell_change(row, &mut circle)?;
        }
        if let Some(last) = rows.last() {
            self.conn.execute(ADVANCE, &[FEED.into(), last.int(1)?.into(), last.int(0)?.into()])?;
        }
        Ok(rows.len())
    }

    fn tell_change(&mut self, row: &Row, circle: &mut Circle) -> Result<()> {
        let Some(item) = self.item(&Key::Row(row.int(2)?))? else { return Ok(()) };
        let (name, actor, position) = (row.text(3)?, row.id_or_null(4)?, row.int(0)?);
        let Some(kind) = self.catalogue().kind(&item.kind) else { return Ok(()) };
        let tells: Vec<By> = kind.move_of(&name).map(|mv| mv.tells.clone()).unwrap_or_default();
        let told = self.people_told(&item, &tells, circle)?;
        for person in told.into_iter().filter(|person| Some(*person) != actor) {
            let key = format!("{position} {person}");
            self.file_notice(person, item.row, &Cause::Moved(name.clone()), &key, position)?;
        }
        Ok(())
    }

    /// Tells who is to know of promises whose day has passed since the last sweep, one day of them; answers whether
    /// there may be more.
    pub fn tell_overdue(&mut self) -> Result<bool> {
        let Some(swept) = self.place_in(SWEEP)? else { return Ok(false) };
        let today = number_of(self.today());
        if swept.number >= today {
            return Ok(false);
        }
        let day = day_of(swept.number);
        let mut circle = Circle::default();
        for row in self.conn.query(LATE, &[day.to_string().into()])? {
            self.tell_late(&row, day, &mut circle)?;
        }
        self.conn.execute(ADVANCE, &[SWEEP.into(), 0_i64.into(), (swept.number + 1).into()])?;
        Ok(swept.number + 1 < today)
    }

    fn tell_late(&mut self, row: &Row, due: Date, circle: &mut Circle) -> Result<()> {
        let (Some(item), clock) = (self.item(&Key::Row(row.int(0)?))?, row.text(1)?) else { return Ok(()) };
        let Some(kind) = self.catalogue().kind(&item.kind) else { return Ok(()) };
        let climbs = kind.clocks().find(|found| found.name == clock).map(|found| found.climbs.clone());
        let position = i64::try_from(self.newest()?.number).unwrap_or(i64::MAX);
        for person in self.people_told(&item, &climbs.unwrap_or_default(), circle)? {
            let key = format!("overdue {} {clock} {due} {person}", item.row);
            self.file_notice(person, item.row, &Cause::Overdue(clock.clone(), due), &key, position)?;
        }
        Ok(())
    }

    fn file_notice(
        &mut self,
        person: RecordId,
        record: i64,
        cause: &Cause,
        key: &str,
        position: i64,
    ) -> Result<()> {
        let row = self.conn.one(NEXT, &[])?.map_or(Ok(1), |row| row.int(0))?;
        let values = [
            row.into(),
            person.into(),
            record.into(),
            cause.write().into(),
            key.into(),
            position.into(),
            self.now.into(),
        ];
        match self.conn.execute(FILE, &values)? {
            0 => Ok(()),
            _ => self.send_on(person, row),
        }
    }

    /// Marks a notice of a person as read.
    pub fn read_notice(&mut self, person: RecordId, row: i64) -> Result<()> {
        self.conn.execute(READ_ONE, &[person.into(), row.into(), self.now.into()]).map(drop)
    }

    /// Marks the notices of a person up to a row as read: those that were shown, none that came since.
    pub fn read_notices_to(&mut self, person: RecordId, row: i64) -> Result<()> {
        self.conn.execute(READ_ALL, &[person.into(), row.into(), self.now.into()]).map(drop)
    }

    /// Forgets notices and messages older than they are kept.
    pub fn forget_notices(&mut self) -> Result<()> {
        let before = self.now.saturating_sub(SignedDuration::from_hours(24 * KEPT_DAYS)).unwrap_or(self.now);
        self.forget_deliveries(before)?;
        self.conn.execute(FORGET, &[before.into()]).map(drop)
    }
}

/// Days since 1970, as the sweep counts them.
fn number_of(day: Date) -> u64 {
    let days = day.since(Date::constant(1970, 1, 1)).map_or(0, |span| span.get_days());
    u64::try_from(days).unwrap_or_default()
}

fn day_of(number: u64) -> Date {
    let days = i64::try_from(number).unwrap_or_default();
    Date::constant(1970, 1, 1).saturating_add(SignedDuration::from_hours(24 * days))
}
