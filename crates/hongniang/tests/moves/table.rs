//! Who may, by the table people review and a plain reading of how someone stands to a record.

use std::collections::HashSet;

use base::place::Place;
use catalogue::{Asker, Audience, Over, Subject};

const GRANTS: &str = include_str!("../../../../catalogue/grants.csv");

/// The cells of the table that are marked.
pub struct Table(HashSet<(String, String, String, String)>);

impl Table {
    pub fn committed() -> Table {
        let mut rows = GRANTS.lines().map(|row| row.split(',').map(str::to_owned).collect::<Vec<_>>());
        let heads = rows.next().expect("headings");
        let mut cells = HashSet::new();
        for row in rows {
            for (head, _) in heads.iter().zip(&row).skip(3).filter(|(_, cell)| !cell.is_empty()) {
                cells.insert((row[0].clone(), row[1].clone(), row[2].clone(), head.clone()));
            }
        }
        Table(cells)
    }

    /// Whether the table lets someone do this to the record where it stands.
    pub fn lets(&self, who: &Asker, record: &Subject, verb: &str) -> bool {
        let cell = |standing| (record.kind.clone(), record.stage.clone(), verb.to_owned(), standing);
        standings(who, record).into_iter().any(|standing| self.0.contains(&cell(standing)))
    }

    /// Reading comes before every move.
    pub fn lets_move(&self, who: &Asker, record: &Subject, name: &str) -> bool {
        self.lets(who, record, "read") && self.lets(who, record, name)
    }
}

/// Every way in which someone stands to a record, as the table's headings write them.
fn standings(who: &Asker, record: &Subject) -> Vec<String> {
    let parties: Vec<_> = who.person.into_iter().chain(who.organizations.iter().copied()).collect();
    let (is_seen, is_public) = (record.audience >= Audience::Node, record.audience == Audience::Public);
    let mut found = Vec::new();
    let mut stand = |role: &str, standing: &str, holds: bool| {
        let mark = if role.is_empty() { "" } else { "@" };
        found.extend(holds.then(|| format!("{role}{mark}{standing}")));
    };
    stand("", "own", record.owner.is_some_and(|owner| parties.contains(&owner)));
    stand("", "assigned", record.assigned.iter().any(|id| parties.contains(id)));
    stand("", "anyone", is_public);
    for held in &who.roles {
        let role = held.role.name();
        stand(role, "anyone", is_public);
        match &held.over {
            Over::Organization(unit) => {
                stand(role, "own", record.owner == Some(*unit));
                stand(role, "assigned", record.assigned.contains(unit));
            }
            Over::Place(place) => {
                let lies = record.place.as_ref().is_some_and(|lies| is_within(lies, place));
                stand(role, "region", is_seen && lies);
            }
            Over::Node => {
                stand(role, "region", is_seen);
                stand(role, "node", is_seen);
            }
        }
    }
    found
}

/// Divisions nest by their leading digits.
fn is_within(place: &Place, region: &Place) -> bool {
    let region = region.to_string();
    place.to_string().starts_with(region.trim_end_matches("00"))
}
