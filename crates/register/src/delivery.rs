//! Deliveries: each message on its way out, filed with its notices, leased to one worker, retried, laid aside.
//!
//! A message keeps one id for all its tries, so that whoever receives it twice can tell. Before a worker sends, it
//! stands in the store as `sending`: after a crash only such a one is in doubt, and it is sent again by the same id.
//! Never opens a connection. Start at [`Writer::next_deliveries`].

use base::calendar::Calendar;
use base::id::RecordId;
use catalogue::Asker;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::channel::{Channel, Rhythm};
use crate::db::{Row, Sql, Store};
use crate::fault::{Fault, Result};
use crate::notice::Notice;
use crate::reader::Reader;
use crate::writer::Writer;

/// A line that messages wait in; each is served by a thread of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Letters.
    Mail,
    /// Programs and group robots.
    Hook,
}

/// A message that was leased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Local number.
    pub row: i64,
    /// Its channel.
    pub channel: Channel,
    /// Its id, the same for every try: 32 hexadecimal digits.
    pub message: String,
    /// Which try this is, from 1.
    pub tries: u32,
    /// When it was filed.
    pub made: Timestamp,
}

/// What a message tells, as far as its reader may know it now.
#[derive(Clone, Debug, PartialEq)]
pub struct Parcel {
    /// The notices whose records the person may read.
    pub notices: Vec<Notice>,
    /// It was filed without any: a trial.
    pub trial: bool,
}

/// What came of a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was taken.
    Sent,
    /// Nothing was left to say.
    Dropped,
    /// It was not taken: the channel rests until then; never again if none.
    Failed(String, Option<Timestamp>),
    /// Nothing leaves by this lane just now: all of it rests until then, and the try does not count.
    Outage(String, Timestamp),
}

/// A try that is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// The message.
    pub row: i64,
    /// Its channel.
    pub channel: i64,
    /// What came of it.
    pub outcome: Outcome,
}

/// A message that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stuck {
    /// Local number.
    pub row: i64,
    /// Its channel.
    pub channel: Channel,
    /// How often it was tried.
    pub tries: u32,
    /// Why it failed last.
    pub error: String,
    /// When it was filed.
    pub made: Timestamp,
    /// When it is tried again; none for one laid aside.
    pub again: Option<Timestamp>,
}

impl Lane {
    /// Every lane.
    pub const ALL: [Lane; 2] = [Lane::Mail, Lane::Hook];

    fn name(self) -> &'static str {
        match self {
            Lane::Mail => "mail",
            Lane::Hook => "hook",
        }
    }
}

/// States from which a message is taken.
const DUE: [&str; 2] = ["waiting", "retrying"];
/// Minutes a worker holds a message before another process may take it; longer than any try lasts.
const LEASE_MINUTES: i64 = 5;
/// Ready messages looked at to find some of different channels.
const LOOKED_AT: usize = 64;
/// Messages that failed shown at most.
const STUCK_MAX: usize = 500;
/// When the bundles of the day leave: before the morning's work begins.
const DIGEST_HOUR: i8 = 8;
const DIGEST_MINUTE: i8 = 30;
/// Days looked at for a working day; no holiday is as long.
const HOLIDAY_DAYS_MAX: usize = 30;

const NEXT: Sql = "select coalesce(max(row), 0) + 1 from delivery";
const OPEN: Sql = "select row from delivery
     where channel = $1 and state = 'waiting' and run_us = $2 order by channel, state, run_us, row limit 1";
const ADD: Sql =
    "insert into delivery (row, channel, lane, message, state, tries, run_us, worker, error, at_us)
     values ($1, $2, $3, $4, 'waiting', 0, $5, null, null, $6)";
const CARRY: Sql =
    "insert into parcel (delivery, notice) values ($1, $2) on conflict (delivery, notice) do nothing";
const EMPTY: Sql = "select count(*) from (select 1 from parcel where delivery = $1 limit 1) as n";
const READY: Sql = "select row, channel, message, tries, at_us from delivery
     where lane = $1 and state = $2 and run_us <= $3 order by run_us, row limit $4";
const DUE_NOW: Sql = "select count(*) from (select 1 from delivery
     where lane = $1 and state = $2 and run_us <= $3 limit 1) as n";
const SENDING: Sql = "update delivery set state = 'sending', tries = tries + 1, run_us = $2, worker = $3
     where row = $1";
const LATE: Sql = "update delivery set state = 'retrying', worker = null
     where lane = $1 and state = 'sending' and run_us <= $2";
const TAKE_BACK: Sql = "update delivery set state = 'retrying', worker = null, run_us = $2
     where lane = $1 and state = 'sending'";
const END: Sql = "update delivery set state = $3, error = null, worker = null, run_us = $4
     where row = $1 and state = 'sending' and worker = $2";
const FAIL: Sql = "update delivery set state = $3, error = $4, run_us = $5, worker = null
     where row = $1 and state = 'sending' and worker = $2";
const UNTRIED: Sql = "update delivery set state = 'retrying', error = $3, run_us = $4, worker = null,
       tries = tries - 1
     where row = $1 and state = 'sending' and worker = $2";
const REST_CHANNEL: Sql = "update delivery set run_us = $3
     where channel = $1 and state = $2 and run_us < $3";
const REST_LANE: Sql = "update delivery set run_us = $3 where lane = $1 and state = $2 and run_us < $3";
const STUCK: Sql = "select row, channel, tries, error, at_us, run_us from delivery
     where lane = $1 and state = $2 order by run_us, row limit $3";
const DEAD: Sql = "select count(*) from
     (select 1 from delivery where lane = $1 and state = 'dead' limit $2) as n";
const AGAIN: Sql = "update delivery set state = 'retrying', tries = 0, run_us = $2
     where row = $1 and (state = 'dead' or state = 'retrying')";
const DROP: Sql = "update delivery set state = 'dropped'
     where row = $1 and (state = 'dead' or state = 'retrying')";
const WITHDRAW: Sql = "update delivery set state = 'dropped' where channel = $1 and state = $2";
const FORGET_PARCELS: Sql =
    "delete from parcel where delivery in (select row from delivery where at_us < $1)";
const FORGET: Sql = "delete from delivery where at_us < $1";

/// Statements of this room, for the proof of plans.
pub(crate) const STATEMENTS: &[Sql] = &[
    NEXT,
    OPEN,
    ADD,
    CARRY,
    EMPTY,
    READY,
    DUE_NOW,
    SENDING,
    LATE,
    TAKE_BACK,
    END,
    FAIL,
    UNTRIED,
    REST_CHANNEL,
    REST_LANE,
    STUCK,
    DEAD,
    AGAIN,
    DROP,
    WITHDRAW,
    FORGET_PARCELS,
    FORGET,
];

impl Reader<'_> {
    /// What a message tells its reader now.
    pub fn parcel(&self, me: &Asker, delivery: i64) -> Result<Parcel> {
        let carried = self.conn.one(EMPTY, &[delivery.into()])?.map_or(Ok(0), |row| row.int(0))?;
        let notices = self.carried(me, delivery)?;
        let notices = notices.into_iter().filter(|notice| notice.item.is_some()).collect();
        Ok(Parcel { notices, trial: carried == 0 })
    }

    /// Whether a message of a lane is to be sent by now, or has been in the air for too long.
    pub fn deliveries_due(&self, lane: Lane, now: Timestamp) -> Result<bool> {
        for state in DUE.into_iter().chain(["sending"]) {
            let row = self.conn.one(DUE_NOW, &[lane.name().into(), state.into(), now.into()])?;
            if row.map_or(Ok(0), |row| row.int(0))? > 0 {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Messages that failed: those laid aside first, then those that will be tried again.
    pub fn stuck(&self) -> Result<Vec<Stuck>> {
        let mut found = Vec::new();
        for state in ["dead", "retrying"] {
            for lane in Lane::ALL {
                let values = [lane.name().into(), state.into(), STUCK_MAX.into()];
                for row in self.conn.query(STUCK, &values)? {
                    found.extend(self.read_stuck(&row, state)?);
                }
            }
        }
        found.truncate(STUCK_MAX);
        Ok(found)
    }

    fn read_stuck(&self, row: &Row, state: &str) -> Result<Option<Stuck>> {
        let Some(channel) = self.channel(row.int(1)?)? else { return Ok(None) };
        Ok(Some(Stuck {
            row: row.int(0)?,
            channel,
            tries: tries_of(row.int(2)?),
            error: row.text_or_null(3)?.unwrap_or_default(),
            made: row.time(4)?,
            again: (state != "dead").then(|| row.time(5)).transpose()?,
        }))
    }

    /// How many messages have been laid aside, up to a cap.
    pub fn dead_deliveries(&self) -> Result<usize> {
        let mut dead = 0;
        for lane in Lane::ALL {
            let row = self.conn.one(DEAD, &[lane.name().into(), STUCK_MAX.into()])?;
            dead += usize::try_from(row.map_or(Ok(0), |row| row.int(0))?).unwrap_or_default();
        }
        Ok(dead)
    }
}

impl Writer<'_> {
    /// Files a notice for every channel of the person, alone or with others of the same morning.
    pub(crate) fn send_on(&mut self, person: RecordId, notice: i64) -> Result<()> {
        for channel in self.channels(person)?.into_iter().filter(|channel| channel.proven) {
            let delivery = match channel.rhythm {
                Rhythm::Off => continue,
                Rhythm::AtOnce => self.file_delivery(&channel, self.now)?,
                Rhythm::Daily => {
                    let at = next_digest(&self.shared.calendar, self.now);
                    match self.conn.one(OPEN, &[channel.row.into(), at.into()])? {
                        Some(row) => row.int(0)?,
                        None => self.file_delivery(&channel, at)?,
                    }
                }
            };
            self.conn.execute(CARRY, &[delivery.into(), notice.into()])?;
        }
        Ok(())
    }

    /// Files a message that only says that the channel works. Errors: `not-found`.
    pub fn file_trial(&mut self, person: RecordId, channel: i64) -> Result<()> {
        let found = self.channel(channel)?.filter(|found| found.person == person && found.proven);
        self.file_delivery(&found.ok_or(Fault::NotFound)?, self.now).map(drop)
    }

    fn file_delivery(&mut self, channel: &Channel, at: Timestamp) -> Result<i64> {
        let row = self.conn.one(NEXT, &[])?.map_or(Ok(1), |row| row.int(0))?;
        let message = crate::chain::hex(&self.shared.draw::<16>());
        let lane = channel.means.lane().name();
        let values =
            [row.into(), channel.row.into(), lane.into(), message.into(), at.into(), self.now.into()];
        self.conn.execute(ADD, &values)?;
        Ok(row)
    }

    /// Settles the tries that are over and leases the next messages of a lane, each of another channel.
    pub fn next_deliveries(
        &mut self,
        lane: Lane,
        worker: &str,
        settled: &[Settled],
        first: usize,
    ) -> Result<Vec<Delivery>> {
        for one in settled {
            self.settle(lane, worker, one)?;
        }
        self.conn.execute(LATE, &[lane.name().into(), self.now.into()])?;
        let mut leased: Vec<Delivery> = Vec::new();
        for state in DUE {
            let values = [lane.name().into(), state.into(), self.now.into(), LOOKED_AT.into()];
            for row in self.conn.query(READY, &values)? {
                let channel = row.int(1)?;
                if leased.len() < first && leased.iter().all(|other| other.channel.row != channel) {
                    leased.extend(self.lease_delivery(&row, worker)?);
                }
            }
        }
        Ok(leased)
    }

    fn lease_delivery(&mut self, row: &Row, worker: &str) -> Result<Option<Delivery>> {
        let Some(channel) = self.channel(row.int(1)?)? else { return Ok(None) };
        let until = self.now.saturating_add(SignedDuration::from_mins(LEASE_MINUTES)).unwrap_or(self.now);
        self.conn.execute(SENDING, &[row.int(0)?.into(), until.into(), worker.into()])?;
        Ok(Some(Delivery {
            row: row.int(0)?,
            channel,
            message: row.text(2)?,
            tries: tries_of(row.int(3)? + 1),
            made: row.time(4)?,
        }))
    }

    fn settle(&mut self, lane: Lane, worker: &str, settled: &Settled) -> Result<()> {
        let (row, now) = (settled.row.into(), self.now.into());
        match &settled.outcome {
            Outcome::Sent => self.conn.execute(END, &[row, worker.into(), "sent".into(), now])?,
            Outcome::Dropped => self.conn.execute(END, &[row, worker.into(), "dropped".into(), now])?,
            Outcome::Failed(error, None) => {
                self.conn.execute(FAIL, &[row, worker.into(), "dead".into(), error.as_str().into(), now])?
            }
            Outcome::Failed(error, Some(at)) => {
                let values = [row, worker.into(), "retrying".into(), error.as_str().into(), (*at).into()];
                self.conn.execute(FAIL, &values)?;
                for state in DUE {
                    let rest = [settled.channel.into(), state.into(), (*at).into()];
                    self.conn.execute(REST_CHANNEL, &rest)?;
                }
                0
            }
            Outcome::Outage(error, at) => {
                let values = [row, worker.into(), error.as_str().into(), (*at).into()];
                self.conn.execute(UNTRIED, &values)?;
                for state in DUE {
                    let rest = [lane.name().into(), state.into(), (*at).into()];
                    self.conn.execute(REST_LANE, &rest)?;
                }
                0
            }
        };
        Ok(())
    }

    /// Takes back what a process that is gone was sending. A folder has one process, so all of it; on PostgreSQL
    /// another may be alive, and leases end by themselves.
    pub fn take_back_deliveries(&mut self) -> Result<()> {
        if self.conn.store() == Store::Sqlite {
            for lane in Lane::ALL {
                self.conn.execute(TAKE_BACK, &[lane.name().into(), self.now.into()])?;
            }
        }
        Ok(())
    }

    /// Tries a message that failed again, at once and as if for the first time. Errors: `not-found`.
    pub fn retry_delivery(&mut self, row: i64) -> Result<()> {
        match self.conn.execute(AGAIN, &[row.into(), self.now.into()])? {
            0 => Err(Fault::NotFound),
            _ => Ok(()),
        }
    }

    /// Gives a message that failed up. Errors: `not-found`.
    pub fn drop_delivery(&mut self, row: i64) -> Result<()> {
        match self.conn.execute(DROP, &[row.into()])? {
            0 => Err(Fault::NotFound),
            _ => Ok(()),
        }
    }

    /// What waits for a channel is no longer sent.
    pub(crate) fn recall(&mut self, channel: i64) -> Result<()> {
        for state in ["waiting", "retrying", "dead"] {
            self.conn.execute(WITHDRAW, &[channel.into(), state.into()])?;
        }
        Ok(())
    }

    pub(crate) fn forget_deliveries(&mut self, before: Timestamp) -> Result<()> {
        self.conn.execute(FORGET_PARCELS, &[before.into()])?;
        self.conn.execute(FORGET, &[before.into()]).map(drop)
    }
}

fn tries_of(count: i64) -> u32 {
    u32::try_from(count).unwrap_or_default()
}

/// The next morning of a working day at which bundles leave. In a year nobody has announced, ordinary weekdays count:
/// a bundle is no promise.
fn next_digest(calendar: &Calendar, now: Timestamp) -> Timestamp {
    let zone = TimeZone::fixed(jiff::tz::offset(8));
    let works = |day: Date| {
        let ordinary = !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        calendar.is_working(day).unwrap_or(ordinary)
    };
    let today = now.to_zoned(zone.clone()).date();
    let days = today.series(jiff::Span::new().days(1)).take(HOLIDAY_DAYS_MAX).filter(|day| works(*day));
    let mut mornings = days.filter_map(|day| {
        let morning = day.at(DIGEST_HOUR, DIGEST_MINUTE, 0, 0).to_zoned(zone.clone()).ok()?;
        Some(morning.timestamp())
    });
    mornings.find(|morning| *morning > now).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bundles_leave_on_the_morning_of_a_working_day() {
        for (now, morning) in [
            ("2026-09-23T08:29:59+08:00", "2026-09-23T08:30:00+08:00"),
            ("2026-09-23T08:30:00+08:00", "2026-09-24T08:30:00+08:00"),
            // Mid-autumn: off from Friday to Sunday.
            ("2026-09-24T18:00:00+08:00", "2026-09-28T08:30:00+08:00"),
            // Nobody has announced 2031: a Saturday is a Saturday.
            ("2031-11-21T18:00:00+08:00", "2031-11-24T08:30:00+08:00"),
        ] {
            let at = |text: &str| text.parse::<Timestamp>().expect("a time");
            assert_eq!(next_digest(&Calendar::bundled(), at(now)), at(morning), "{now}");
        }
    }
}
