//! Sending: each lane takes what is due, sends it, and says in the next write what came of it.
//!
//! A message stands in the store as being sent before it is sent, and its answer is filed with the next lease: one
//! commit a message. Killed in between, a lane leaves in doubt only what it held, one letter or a handful of calls;
//! those go out again by the same id. Start at [`run`].

use std::sync::mpsc::Receiver;

use catalogue::value::Lang;
use jiff::{SignedDuration, Timestamp};
use register::{Delivery, Lane, Means, Outcome, Settled};

use super::words::{self, Message};
use super::{rested, robots};
use crate::app::App;
use crate::letter::{Failure, Letter};

/// Rests after each failed try of a channel, in minutes; after the last the message is laid aside.
const REST_MINUTES: [i64; 6] = [1, 5, 30, 120, 360, 1_440];
/// Minutes all letters rest when the mail server cannot be reached.
const OUTAGE_MINUTES: i64 = 5;
/// Messages in the air at once: letters share one connection, calls go to different addresses.
const LETTERS: usize = 1;
const CALLS: usize = 8;

/// Serves a lane until the process ends.
pub fn run(app: &App, lane: Lane, woken: &Receiver<()>) {
    let worker = app.secret();
    let mut settled = Vec::new();
    loop {
        match round(app, lane, &worker, &mut settled) {
            Ok(true) => continue,
            Ok(false) => {}
            Err(fault) => eprintln!("{}: deliveries: {fault}", app.now()),
        }
        if !rested(woken) {
            return;
        }
    }
}

/// Files what came of the messages before, takes the next and sends them; answers whether there were any.
fn round(app: &App, lane: Lane, worker: &str, settled: &mut Vec<Settled>) -> register::Result<bool> {
    let now = app.now();
    if settled.is_empty() && !app.register().read(|reader| reader.deliveries_due(lane, now))? {
        return Ok(false);
    }
    let (by, over) = (worker.to_owned(), settled.clone());
    let many = if lane == Lane::Mail { LETTERS } else { CALLS };
    let leased = app.register().write_now(now, move |w| w.next_deliveries(lane, &by, &over, many))?.value;
    settled.clear();
    let outcomes: Vec<Outcome> = match leased.as_slice() {
        [one] => vec![deliver(app, one)],
        several => std::thread::scope(|scope| {
            let threads: Vec<_> = several.iter().map(|one| scope.spawn(|| deliver(app, one))).collect();
            let died = || failed("the sender died".to_owned(), 1, now);
            threads.into_iter().map(|thread| thread.join().unwrap_or_else(|_| died())).collect()
        }),
    };
    let settle =
        |(one, outcome): (&Delivery, Outcome)| Settled { row: one.row, channel: one.channel.row, outcome };
    settled.extend(leased.iter().zip(outcomes).map(settle));
    Ok(!leased.is_empty())
}

/// Sends one message, with the words of this moment.
fn deliver(app: &App, delivery: &Delivery) -> Outcome {
    let (person, row) = (delivery.channel.person, delivery.row);
    let found = app.register().read(|reader| {
        let me = reader.person_asker(person)?;
        let name = reader.titles(&me, &[person])?.remove(&person).unwrap_or_default();
        Ok((reader.parcel(&me, row)?, name))
    });
    let (parcel, name) = match found {
        Ok(found) => found,
        Err(fault) => return failed(fault.to_string(), delivery.tries, app.now()),
    };
    let lang = if delivery.channel.english { Lang::En } else { Lang::Zh };
    match words::message(app, lang, &parcel.notices, parcel.trial) {
        None => Outcome::Dropped,
        Some(message) if delivery.channel.means == Means::Mail => post_letter(app, delivery, &message, &name),
        Some(message) => call(app, delivery, &message),
    }
}

fn post_letter(app: &App, delivery: &Delivery, message: &Message, name: &str) -> Outcome {
    let texts = app.texts(message.lang);
    let subject = format!("{}{}", texts.get("notices.subject-mark"), message.subject);
    let letter = Letter {
        id: &delivery.message,
        to: &delivery.channel.address,
        subject: &subject,
        text: message.letter(&app.site().origin, name, texts),
        at: app.now(),
    };
    let Some(mail) = app.mail() else { return outage("no mail server is set up".to_owned(), app.now()) };
    match mail.send(letter) {
        Ok(()) => Outcome::Sent,
        Err(Failure::Refused(said)) => Outcome::Failed(said, None),
        Err(Failure::Later(said)) => failed(said, delivery.tries, app.now()),
        Err(Failure::Outage(said)) => outage(said, app.now()),
    }
}

fn call(app: &App, delivery: &Delivery, message: &Message) -> Outcome {
    let means = delivery.channel.means;
    // What an installation named before it may have taken back since.
    if app.outside().admits(&delivery.channel.address, robots::known_hosts(means)).is_err() {
        return Outcome::Failed("the host is not one this installation calls".to_owned(), None);
    }
    let call = robots::call(delivery, message, &app.site().origin, app.texts(message.lang), app.now());
    let answer = match app.outside().post(&call.address, &call.headers, &call.body) {
        Err(said) => return failed(said, delivery.tries, app.now()),
        Ok(answer) => answer,
    };
    match answer.status {
        200..300 => match robots::refusal(means, &answer.body) {
            None => Outcome::Sent,
            Some(said) => failed(said, delivery.tries, app.now()),
        },
        408 | 425 | 429 | 500.. => failed(format!("HTTP {}", answer.status), delivery.tries, app.now()),
        status => Outcome::Failed(format!("HTTP {status}"), None),
    }
}

/// A try that failed and may be repeated: after a rest that grows with the tries, until there were too many.
fn failed(said: String, tries: u32, now: Timestamp) -> Outcome {
    Outcome::Failed(said, rest_after(tries).and_then(|minutes| in_minutes(now, minutes)))
}

fn outage(said: String, now: Timestamp) -> Outcome {
    Outcome::Outage(said, in_minutes(now, OUTAGE_MINUTES).unwrap_or(now))
}

fn rest_after(tries: u32) -> Option<i64> {
    REST_MINUTES.get(usize::try_from(tries).ok()?.checked_sub(1)?).copied()
}

fn in_minutes(now: Timestamp, minutes: i64) -> Option<Timestamp> {
    now.checked_add(SignedDuration::from_mins(minutes)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rests_grow_and_end() {
        let rests: Vec<_> = (1..=8).map(rest_after).collect();
        let grown = [1, 5, 30, 120, 360, 1_440].map(Some);
        assert_eq!(rests, [grown.as_slice(), &[None, None]].concat());
    }
}
