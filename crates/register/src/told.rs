//! From a rule to persons: who owns a record, is assigned to it, or holds an office over its place.
//!
//! Never tells anyone of a record they may not read. Start at `people_told`.

use std::collections::HashMap;

use base::id::RecordId;
use base::limits::PARENT_DEPTH_MAX;
use catalogue::kind::By;
use catalogue::{Asker, Over, Role, Standing};

use crate::db::Sql;
use crate::fault::Result;
use crate::fields::{ORGANIZATION, PARENT};
use crate::reader::Reader;
use crate::record::{Item, Key};

/// Those who act for an organisation.
const OF_ORGANIZATION: [Role; 2] = [Role::Admin, Role::Member];

const ABOVE: Sql = "select r.row, r.id from edge e cross join record r
     where e.from_row = $1 and e.field = $2 and r.row = e.to_row order by e.to_row limit 1";

/// Statements of this room, for the proof of plans.
pub(crate) const STATEMENTS: &[Sql] = &[ABOVE];

/// Askers made once for a batch.
#[derive(Default)]
pub(crate) struct Circle(HashMap<RecordId, Asker>);

/// A person, and the account that was found with them.
type Holder = (Option<i64>, RecordId);

impl Reader<'_> {
    /// The persons meant by rules who may read the record, each once.
    pub(crate) fn people_told(
        &self,
        item: &Item,
        rules: &[By],
        circle: &mut Circle,
    ) -> Result<Vec<RecordId>> {
        let mut told: Vec<RecordId> = Vec::new();
        for rule in rules {
            for holder in self.meant(item, rule)? {
                let asker = self.asker_of(holder, circle)?;
                let Some(person) = asker.person.filter(|person| !told.contains(person)) else { continue };
                if self.admits(&asker, item)?.is_some() {
                    told.push(person);
                }
            }
        }
        Ok(told)
    }

    /// Who asks when this person comes: with the roles of the account, if there is one.
    pub fn person_asker(&self, person: RecordId) -> Result<Asker> {
        let account = self.accounts_of(person)?.first().map(|account| account.row);
        self.asker(account, person)
    }

    fn asker_of(&self, (account, person): Holder, circle: &mut Circle) -> Result<Asker> {
        if let Some(asker) = circle.0.get(&person) {
            return Ok(asker.clone());
        }
        let asker = match account {
            Some(_) => self.asker(account, person)?,
            None => self.person_asker(person)?,
        };
        circle.0.insert(person, asker.clone());
        Ok(asker)
    }

    fn meant(&self, item: &Item, rule: &By) -> Result<Vec<Holder>> {
        match (rule.standing, rule.role) {
            (Standing::Own, role) => item.owner.map_or(Ok(Vec::new()), |owner| self.people_of(owner, role)),
            (Standing::Assigned, role) => {
                let mut found = Vec::new();
                for who in self.subject(item.row)?.assigned {
                    found.extend(self.people_of(who, role)?);
                }
                Ok(found)
            }
            (Standing::Region, Some(role)) => self.office(item, role),
            (Standing::Node, Some(role)) => self.holding(role, &Over::Node),
            // What anyone may know is told to nobody in particular.
            _ => Ok(Vec::new()),
        }
    }

    /// A person is itself; an organisation is those who act for it, or for the nearest one above it.
    fn people_of(&self, who: RecordId, role: Option<Role>) -> Result<Vec<Holder>> {
        let Some(item) = self.item(&Key::Id(who))? else { return Ok(Vec::new()) };
        if item.kind != ORGANIZATION {
            return Ok(if role.is_none() { vec![(None, item.id)] } else { Vec::new() });
        }
        let mut at = Some((item.row, item.id));
        for _ in 0..PARENT_DEPTH_MAX {
            let Some((row, id)) = at else { break };
            let mut found = Vec::new();
            for role in OF_ORGANIZATION.into_iter().filter(|r| role.is_none_or(|asked| asked == *r)) {
                found.extend(self.holding(role, &Over::Organization(id))?);
            }
            if !found.is_empty() {
                return Ok(found);
            }
            let above = self.conn.one(ABOVE, &[row.into(), PARENT.into()])?;
            at = above.map(|row| Ok::<_, crate::fault::Fault>((row.int(0)?, row.id(1)?))).transpose()?;
        }
        Ok(Vec::new())
    }

    /// Those who hold the role over the smallest place with the record in it that has anyone.
    fn office(&self, item: &Item, role: Role) -> Result<Vec<Holder>> {
        // From the county up: a province is not flooded with what a county will do.
        for place in item.place.as_ref().map(|place| place.ancestors()).unwrap_or_default() {
            let found = self.holding(role, &Over::Place(place))?;
            if !found.is_empty() {
                return Ok(found);
            }
        }
        Ok(Vec::new())
    }
}
