//! Whether an asker belongs to both sides of a record: to who asks and to whom or what is put beside it.
//!
//! Opens nothing and hides nothing; it only lets the guard `one-side` say no. Start at [`Reader::both_sides`].

use base::id::RecordId;
use catalogue::access::opposed;
use catalogue::kind::reference;
use catalogue::{Asker, Fields};

use crate::fault::Result;
use crate::fields::{CANDIDATE, DEMAND, EMPLOYER, EXPERT, ORGANIZATION, PERSON};
use crate::reader::Reader;
use crate::record::Key;

impl Reader<'_> {
    /// Whether the asker belongs to both sides of a record.
    pub(crate) fn both_sides(&self, me: &Asker, fields: &Fields, owner: Option<RecordId>) -> Result<bool> {
        let named = |field| fields.get(field).and_then(reference);
        let mut asking: Vec<RecordId> = owner.into_iter().collect();
        if let Some(demand) = named(DEMAND) {
            asking.extend(self.side(demand, ORGANIZATION)?);
        }
        let mut offering = Vec::new();
        for one in [CANDIDATE, EXPERT].into_iter().filter_map(named) {
            offering.push(one);
            offering.extend(self.side(one, EMPLOYER)?);
        }
        Ok(opposed(me, &asking, &offering))
    }

    /// Who owns a record, and whom a field of it names.
    fn side(&self, id: RecordId, field: &str) -> Result<Vec<RecordId>> {
        let Some(item) = self.item(&Key::Id(id))? else { return Ok(Vec::new()) };
        // A person owns themselves; what they say of employers counts, of anything else it does not.
        let said = self.whole(&item)?.fields.get(field).and_then(reference);
        let said = said.filter(|_| field != EMPLOYER || item.kind == PERSON);
        Ok(item.owner.into_iter().chain(said).collect())
    }
}
