//! 参会名单 and 议定任务: who takes part in an event, and what a meeting decides.
//!
//! Both are records of their own; these desks write many of them at once from one page. Start at [`attendance::show`] and
//! [`decisions::form`].

pub mod attendance;
pub mod counts;
pub mod decisions;

use register::Record;

use crate::fields::event;
use crate::records::edit;
use crate::trouble::Trouble;
use crate::visit::Visit;

/// The event an address names, for who handles it or hosts it; to others there is no such page.
async fn event(visit: &Visit, number: &str) -> Result<Record, Trouble> {
    let kind = visit.app.register().catalogue().kind(event::KIND).ok_or(Trouble::NotFound)?;
    visit.must_sign_in()?;
    let record = edit::found(visit, kind, number).await?;
    match record.access.standing {
        catalogue::Standing::Anyone => Err(Trouble::NotFound),
        _ => Ok(record),
    }
}
