//! Who may read which of many records at once: the arms of a kind are made once, those assigned are looked up in
//! one statement, and owners are named to whom they may be named. Start at [`Reader::admitted`].

use std::collections::{HashMap, HashSet};

use base::id::RecordId;
use base::limits::PAGE_ROWS_MAX;
use catalogue::access::{arms, layers};
use catalogue::kind::{OWNER_SELF, Verb};
use catalogue::{Access, Arm, Asker, Kind, Layer, Standing, Subject};

use crate::db::{Sql, Value};
use crate::fault::Result;
use crate::find::unassigned;
use crate::reader::{Reader, among};
use crate::record::Item;
use crate::whole::Known;

const ASSIGNED: Sql = "select e.from_row, r.id from edge e cross join record r
     where (e.assigns + 0) = 1 and r.row = e.to_row and e.from_row ";

/// Beginnings that a list of values completes.
pub(crate) const OPEN_STATEMENTS: &[Sql] = &[ASSIGNED];

impl Reader<'_> {
    /// How the asker may read each item, in their order; none for those they may not.
    ///
    /// Those assigned are looked up only for items that nothing else admits.
    pub(crate) fn admitted(&self, me: &Asker, items: &[Item]) -> Result<Vec<Option<Access>>> {
        let mut ways: HashMap<&str, Vec<Arm>> = HashMap::new();
        for item in items.iter().filter(|item| self.shared.catalogue.kind(&item.kind).is_some()) {
            let kind = self.kind(&item.kind)?;
            ways.entry(&item.kind).or_insert_with(|| arms(kind, me, &Verb::Read));
        }
        let of = |item: &Item| ways.get(item.kind.as_str()).map(Vec::as_slice).unwrap_or_default();
        let mut found: Vec<Option<Access>> =
            items.iter().map(|item| access(of(item), &unassigned(item))).collect();
        let left = |(item, access): &(&Item, &mut Option<Access>)| access.is_none() && may_assign(of(item));
        let left: Vec<(&Item, &mut Option<Access>)> = items.iter().zip(&mut found).filter(left).collect();
        let rows: Vec<i64> = left.iter().map(|(item, _)| item.row).collect();
        let mut assigned = self.assigned(&rows)?;
        for (item, way) in left {
            let assigned = assigned.remove(&item.row).unwrap_or_default();
            *way = access(of(item), &Subject { assigned, ..unassigned(item) });
        }
        Ok(found)
    }

    /// How the asker may read an item.
    pub(crate) fn admits(&self, me: &Asker, item: &Item) -> Result<Option<Access>> {
        Ok(self.admitted(me, std::slice::from_ref(item))?.pop().flatten())
    }

    /// The items the asker may read, with how.
    pub(crate) fn readable_of(&self, me: &Asker, items: Vec<Item>) -> Result<Vec<(Item, Access)>> {
        let found = self.admitted(me, &items)?;
        Ok(items.into_iter().zip(found).filter_map(|(item, access)| Some((item, access?))).collect())
    }

    /// Who is assigned to these records.
    fn assigned(&self, rows: &[i64]) -> Result<HashMap<i64, Vec<RecordId>>> {
        let mut found: HashMap<i64, Vec<RecordId>> = HashMap::new();
        for part in rows.chunks(PAGE_ROWS_MAX) {
            let (list, values) = among(0, &part.iter().map(|row| Value::from(*row)).collect::<Vec<_>>());
            for row in self.conn.query(&format!("{ASSIGNED}{list}"), &values)? {
                found.entry(row.int(0)?).or_default().push(row.id(1)?);
            }
        }
        Ok(found)
    }

    /// Fills in the headings of owners the asker may read, and hides owners they may not know.
    pub(crate) fn owners(&self, me: &Asker, items: &mut [(&mut Item, &Access)]) -> Result<()> {
        let here: HashSet<RecordId> = items.iter().map(|(item, _)| item.id).collect();
        let mut wanted = Vec::new();
        for (item, access) in items.iter() {
            if knows_owner(self.kind(&item.kind)?, access) {
                wanted.extend(item.owner.filter(|owner| !here.contains(owner)));
            }
        }
        wanted.sort();
        wanted.dedup();
        let found = self.items(&wanted)?.into_iter().map(|item| (item.id, item)).collect();
        self.name_owners(me, items, &found)
    }

    /// As [`Reader::owners`], of owners that are at hand or among the items themselves.
    pub(crate) fn name_owners(
        &self,
        me: &Asker,
        items: &mut [(&mut Item, &Access)],
        known: &Known,
    ) -> Result<()> {
        let here = items.iter().map(|(item, _)| (item.id, item.title.clone()));
        let mut titles: HashMap<RecordId, String> = here.collect();
        for (item, access) in items.iter_mut() {
            if item.owner.is_some() && !knows_owner(self.kind(&item.kind)?, access) {
                item.owner = None;
            }
        }
        let owners: HashSet<RecordId> = items.iter().filter_map(|(item, _)| item.owner).collect();
        let others = known.values().filter(|item| owners.contains(&item.id)).cloned().collect();
        titles.extend(self.readable_of(me, others)?.into_iter().map(|(item, _)| (item.id, item.title)));
        for (item, _) in items {
            item.owner_title = item.owner.and_then(|owner| titles.get(&owner).cloned());
        }
        Ok(())
    }
}

fn access(ways: &[Arm], subject: &Subject) -> Option<Access> {
    let arm = ways.iter().find(|arm| arm.admits(subject))?;
    Some(arm.access())
}

fn may_assign(ways: &[Arm]) -> bool {
    ways.iter().any(|arm| arm.reach.standing() == Standing::Assigned)
}

/// Who owns a record is told with the layer of the field that says so; where no field says it, with the inside
/// layer: a firm that posts a need is not named to everyone.
fn knows_owner(kind: &Kind, access: &Access) -> bool {
    let layer = match kind.owner.as_deref() {
        Some(OWNER_SELF) => Layer::Open,
        Some(name) => kind.field(name).map_or(Layer::Inside, |field| field.layer),
        None => Layer::Inside,
    };
    layer == Layer::Open || layers(access).contains(&layer)
}
