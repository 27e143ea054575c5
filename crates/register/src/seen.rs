//! Looking without reading texts: items by key, by ids and by title, as far as the asker may read them.

use base::id::RecordId;
use catalogue::{Asker, Catalogue};

use crate::chain;
use crate::db::Sql;
use crate::fault::{Fault, Result};
use crate::fields::TITLE;
use crate::find::{item_columns, read_item};
use crate::reader::Reader;
use crate::record::{Item, Key, Position};

/// Records of one title looked at; more share a title than anyone could tell apart.
const TITLED_MAX: usize = 8;

const TITLED: Sql = concat!(
    "select ",
    item_columns!(),
    " from key k cross join record r left join record o on o.row = r.owner ",
    "where k.kind = $1 and k.field = $2 and k.value = $3 and r.row = k.record order by k.record limit $4"
);

/// Statements of this room, for the proof of plans.
pub(crate) const STATEMENTS: &[Sql] = &[TITLED];

impl<'a> Reader<'a> {
    /// The catalogue the register was opened with.
    pub fn catalogue(&self) -> &'a Catalogue {
        &self.shared.catalogue
    }

    /// The newest position of the store, other processes' writes included.
    pub fn newest(&self) -> Result<Position> {
        Ok(chain::head(self.conn)?.position)
    }

    /// The record's item, if the asker may read it; a merged one leads to the one that was kept.
    ///
    /// Errors: `not-found`, whether absent or unreadable.
    pub fn seen(&self, me: &Asker, key: &Key) -> Result<Item> {
        let item = self.item(key)?.ok_or(Fault::NotFound)?;
        self.shown(me, vec![item])?.pop().ok_or(Fault::NotFound)
    }

    /// The items of these records that the asker may read, in the order asked.
    pub fn seen_all(&self, me: &Asker, wanted: &[RecordId]) -> Result<Vec<Item>> {
        let mut found = self.shown(me, self.items(wanted)?)?;
        found.sort_by_key(|item: &Item| wanted.iter().position(|id| *id == item.id));
        Ok(found)
    }

    /// The one record of a kind with exactly this title; none if there is none the asker may read, or several.
    pub fn titled(&self, me: &Asker, kind: &str, title: &str) -> Result<Option<Item>> {
        let key = self.shared.collator.key(title);
        let values = [kind.into(), TITLE.into(), key.into(), TITLED_MAX.into()];
        let items: Vec<Item> =
            self.conn.query(TITLED, &values)?.iter().map(read_item).collect::<Result<_>>()?;
        let items = items.into_iter().filter(|item| item.title == title).collect();
        let mut found = self.shown(me, items)?;
        Ok(if found.len() == 1 { found.pop() } else { None })
    }

    /// Those of the items that the asker may read, with the owners they may know.
    fn shown(&self, me: &Asker, items: Vec<Item>) -> Result<Vec<Item>> {
        let mut found = self.readable_of(me, items)?;
        self.owners(me, &mut found.iter_mut().map(|(item, access)| (item, &*access)).collect::<Vec<_>>())?;
        Ok(found.into_iter().map(|(item, _)| item).collect())
    }
}
