//! What follows a move in the same transaction: tasks for people, and an expert joining a demand.

use base::id::RecordId;
use catalogue::Asker;
use catalogue::kind::reference;
use catalogue::step::Effect;
use serde_json::{Value, json};

use crate::fault::Result;
use crate::fields::{DEMAND, EXPERT, EXPERTS};
use crate::record::Key;
use crate::whole::Whole;
use crate::writer::Writer;

/// The kind of jobs that tell people.
const NOTIFY: &str = "notify";
/// The name of the change by which an expert joins a demand.
const JOIN: &str = "join";

impl Writer<'_> {
    pub(crate) fn follow(
        &mut self,
        me: &Asker,
        effect: Effect,
        name: &str,
        after: &Whole,
        was: &[RecordId],
    ) -> Result<()> {
        match effect {
            Effect::NotifyOwner => self.notify(after, name, after.owner.as_slice()),
            Effect::NotifyAssigned => {
                let assigned = self.subject(after.row)?.assigned;
                let fresh: Vec<RecordId> = assigned.into_iter().filter(|id| !was.contains(id)).collect();
                self.notify(after, name, &fresh)
            }
            Effect::JoinDemand => self.join_demand(me, after),
        }
    }

    /// One job for each to be told; ids only, the text is made when it is read.
    fn notify(&mut self, about: &Whole, name: &str, whom: &[RecordId]) -> Result<()> {
        for id in whom {
            let payload = json!({
                "to": id.to_string(),
                "record": about.id.to_string(),
                "move": name,
                "stage": about.stage,
                "version": about.version,
            });
            self.enqueue(NOTIFY, &payload.to_string())?;
        }
        Ok(())
    }

    /// The expert of the record joins the experts of the record its demand field names, as a change of its own.
    fn join_demand(&mut self, me: &Asker, after: &Whole) -> Result<()> {
        let (demand, expert) = (after.fields.get(DEMAND).and_then(reference), after.fields.get(EXPERT));
        let (Some(demand), Some(expert)) = (demand, expert) else { return Ok(()) };
        let Some(item) = self.item(&Key::Id(demand))? else { return Ok(()) };
        let before = self.whole(&item)?;
        let mut fields = before.fields.clone();
        let experts = fields.entry(EXPERTS).or_insert_with(|| Value::Array(Vec::new()));
        match experts {
            Value::Array(list) if !list.contains(expert) => list.push(expert.clone()),
            _ => return Ok(()),
        }
        let joined = self.revised(self.kind(&item.kind)?, &before, fields)?;
        self.put(None, me.person, JOIN, Some(&before), &joined)
    }
}
