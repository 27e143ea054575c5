//! 我的消息: what people are told, in the product and by the channels they choose.
//!
//! The register files who is told; here notices get their words and leave the house. Never holds a text of a record
//! longer than it takes to send it. Start at [`start`]; the pages are `pages`, `channels` and `dead`.

pub mod channels;
pub mod dead;
mod deliver;
pub mod pages;
mod robots;
mod words;

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use base::id::RecordId;
use jiff::civil::Date;
use register::Lane;

use crate::app::App;
use crate::trouble::Trouble;

/// Rest between looks when nothing wakes a thread; commits of other processes are seen by looking.
const REST: Duration = Duration::from_secs(1);

/// Starts telling and delivering; the threads end with the process.
///
/// What this process sends begins with what a process before it left in doubt.
pub fn start(app: &App) -> anyhow::Result<()> {
    app.register().write_now(app.now(), |writer| {
        writer.begin_telling()?;
        writer.take_back_deliveries()
    })?;
    let mut lanes = Vec::new();
    for lane in Lane::ALL {
        // Without a mail server letters wait; the pages say so.
        if lane == Lane::Hook || app.mail().is_some() {
            let (wake, woken) = channel();
            let sending = app.clone();
            std::thread::Builder::new()
                .name("deliver".into())
                .spawn(move || deliver::run(&sending, lane, &woken))?;
            lanes.push(wake);
        }
    }
    let (wake, woken) = channel();
    app.register().on_commit(Arc::new(move |_| {
        let _ = wake.send(());
    }));
    let telling = app.clone();
    std::thread::Builder::new().name("tell".into()).spawn(move || tell(&telling, &woken, &lanes))?;
    Ok(())
}

/// Waits until woken or for a short rest; false when nobody can wake any more.
fn rested(woken: &Receiver<()>) -> bool {
    if woken.recv_timeout(REST) == Err(RecvTimeoutError::Disconnected) {
        return false;
    }
    while woken.try_recv().is_ok() {}
    true
}

/// Follows the feed and, once a day, the promises that ran out the day before.
fn tell(app: &App, woken: &Receiver<()>, lanes: &[Sender<()>]) {
    let mut swept = None;
    loop {
        match tell_once(app, &mut swept) {
            Ok(told) => {
                if told {
                    for lane in lanes {
                        // A lane that has ended needs no waking.
                        let _ = lane.send(());
                    }
                    continue;
                }
            }
            Err(fault) => eprintln!("{}: notices: {fault}", app.now()),
        }
        if !rested(woken) {
            return;
        }
    }
}

/// One batch; answers whether there may be more.
fn tell_once(app: &App, swept: &mut Option<Date>) -> register::Result<bool> {
    if *swept != Some(app.today()) {
        let more = app.register().write_now(app.now(), |writer| {
            writer.forget_notices()?;
            writer.tell_overdue()
        })?;
        if more.value {
            return Ok(true);
        }
        *swept = Some(app.today());
    }
    if !app.register().read(|reader| reader.untold())? {
        return Ok(false);
    }
    Ok(app.register().write_now(app.now(), |writer| writer.tell())?.value > 0)
}

/// How many notices someone has not read.
pub async fn unread(app: &App, person: RecordId) -> Result<usize, Trouble> {
    app.read(move |reader| Ok(reader.unread(person)?)).await
}
