//! How far a campaign is: each firm that was called on, and the state its demand is in. Start at [`called`].

use base::id::RecordId;
use base::place::Place;
use catalogue::kind::reference;
use catalogue::{Asker, Filter, Over, Role};
use register::{Find, Key, Reader, Record};
use serde_json::Value;

use crate::fields::demand;
use crate::trouble::Trouble;

/// Demands read of one campaign at most.
const CALLED_MAX: usize = 2_000;

/// How far a firm is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Called on; the link was not opened.
    Invited,
    /// The link was opened.
    Opened,
    /// Something is written.
    Drafted,
    /// Handed in.
    Submitted,
    /// Said that there is no demand.
    Nothing,
}

impl State {
    /// Every state, with its name in addresses and the key of its text.
    pub const ALL: [(State, &'static str, &'static str); 5] = [
        (State::Invited, "invited", "campaign.invited"),
        (State::Opened, "opened", "campaign.opened"),
        (State::Drafted, "drafted", "campaign.drafted"),
        (State::Submitted, "submitted", "campaign.submitted"),
        (State::Nothing, "none", "campaign.none"),
    ];

    /// The key of its text.
    pub fn key(self) -> &'static str {
        State::ALL.iter().find(|(state, ..)| *state == self).map_or("", |(_, _, key)| key)
    }

    /// An answer: a demand, or that there is none.
    pub fn is_answer(self) -> bool {
        matches!(self, State::Submitted | State::Nothing)
    }
}

/// A firm that was called on.
#[derive(Clone, Debug)]
pub struct Called {
    /// Its demand.
    pub record: Record,
    /// The firm.
    pub firm: RecordId,
    /// How far it is.
    pub state: State,
    /// Its link was opened before or is open now.
    pub opened: bool,
}

impl Called {
    /// A text of its demand.
    pub fn text(&self, name: &str) -> &str {
        self.record.fields.get(name).and_then(Value::as_str).unwrap_or_default()
    }
}

/// Whether a place lies where the asker works on campaigns, or leads.
pub fn oversees(asker: &Asker, place: Option<&Place>) -> bool {
    let looks = |role| matches!(role, Role::Officer | Role::Liaison | Role::Leader | Role::Steward);
    asker.roles.iter().filter(|held| looks(held.role)).any(|held| match &held.over {
        Over::Node => true,
        Over::Place(over) => place.is_some_and(|place| place.within(over)),
        Over::Organization(_) => false,
    })
}

/// Every firm called on in a campaign, of the places the asker oversees.
pub fn called(reader: &Reader<'_>, asker: &Asker, campaign: RecordId) -> Result<Vec<Called>, Trouble> {
    let filter = Filter::Refers(demand::CAMPAIGN.into(), campaign);
    let mut find = Find::kind(demand::KIND).filter(filter).first(base::limits::PAGE_ROWS_MAX);
    let mut found = Vec::new();
    loop {
        let page = reader.list(asker, &find)?;
        for item in page.items.iter().filter(|item| oversees(asker, item.place.as_ref())) {
            found.extend(one(reader, asker, item.row)?);
        }
        match page.next.filter(|_| found.len() < CALLED_MAX) {
            Some(next) => find = find.after(Some(next)),
            None => return Ok(found),
        }
    }
}

/// A demand as the answer of a firm that was called on; none where nobody was called on for it.
fn one(reader: &Reader<'_>, asker: &Asker, row: i64) -> Result<Option<Called>, Trouble> {
    let record = reader.find(asker, &Key::Row(row))?;
    let firm = record.fields.get(demand::ORGANIZATION).and_then(reference);
    let (Some(firm), Some(_)) = (firm, record.fields.get(demand::FILLED_BY)) else {
        return Ok(None);
    };
    let links = reader.links_of(record.item.id)?;
    let opened = record.fields.contains_key(demand::OPENED) || links.iter().any(|link| link.used);
    let state = match record.item.stage.as_str() {
        demand::NONE => State::Nothing,
        demand::CALLED if record.fields.contains_key(demand::PROBLEM) => State::Drafted,
        demand::CALLED if opened => State::Opened,
        demand::CALLED => State::Invited,
        _ => State::Submitted,
    };
    Ok(Some(Called { record, firm, state, opened }))
}
