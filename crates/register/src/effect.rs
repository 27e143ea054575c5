//! What follows a move in the same transaction: an expert joins a demand.

use catalogue::Asker;
use catalogue::kind::reference;
use catalogue::step::Effect;
use serde_json::Value;

use crate::fault::Result;
use crate::fields::{DEMAND, EXPERT, EXPERTS};
use crate::record::Key;
use crate::whole::Whole;
use crate::writer::Writer;

/// The name of the change by which an expert joins a demand.
const JOIN: &str = "join";

impl Writer<'_> {
    pub(crate) fn follow(&mut self, me: &Asker, effect: Effect, after: &Whole) -> Result<()> {
        match effect {
            Effect::JoinDemand => self.join_demand(me, after),
        }
    }

    /// The expert of the record joins the experts of the record its demand field names, as a change of its own.
    fn join_demand(&mut self, me: &Asker, after: &Whole) -> Result<()> {
        let (demand, expert) = (after.fields.get(DEMAND).and_then(reference), after.fields.get(EXPERT));
        let (Some(demand), Some(expert)) = (demand, expert) else { return Ok(()) };
        let Some(item) = self.item(&Key::Id(demand))? else { return Ok(()) };
        let before = self.whole(&item)?;
        // One that was erased meanwhile stays erased.
        if before.fields.is_empty() {
            return Ok(());
        }
        let mut fields = before.fields.clone();
        let experts = fields.entry(EXPERTS).or_insert_with(|| Value::Array(Vec::new()));
        match experts {
            Value::Array(list) if !list.contains(expert) => list.push(expert.clone()),
            _ => return Ok(()),
        }
        let joined = self.revised(self.kind(&item.kind)?, &before, fields)?;
        self.put(None, me.into(), JOIN, Some(&before), &joined).map(drop)
    }
}
