//! Clocks that have run out: the house makes the move they name.
//!
//! A clock that rings is answered once: the move leaves the stage, or the clock is wound. Never asks who may: nobody asked.
//! Start at [`Writer::ring`].

use catalogue::step::{Around, lapse};
use catalogue::{Asker, Facts, Fields};
use jiff::civil::Date;

use crate::db::{Row, Sql};
use crate::fault::{Fault, Result};
use crate::reader::Reader;
use crate::record::Key;
use crate::whole::Hand;
use crate::writer::Writer;

/// A clock that ran out before today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rung {
    /// The record.
    pub row: i64,
    /// The clock.
    pub clock: String,
}

const RUNG: Sql =
    "select record, name from deadline where rings = 1 and due < $1 order by due, record, name limit $2";
const SILENCE: Sql = "update deadline set rings = 0 where record = $1 and name = $2";

/// Statements of this room, for the proof of plans.
pub(crate) const STATEMENTS: &[Sql] = &[RUNG, SILENCE];

impl Reader<'_> {
    /// Clocks that ran out before a day and have not been answered, longest ago first.
    pub fn rung(&self, today: Date, first: usize) -> Result<Vec<Rung>> {
        let read = |row: &Row| Ok(Rung { row: row.int(0)?, clock: row.text(1)? });
        self.conn.query(RUNG, &[today.to_string().into(), first.into()])?.iter().map(read).collect()
    }
}

impl Writer<'_> {
    /// Makes the move of a clock that ran out; nothing where the record went on meanwhile. A clock the catalogue no longer
    /// knows is silenced. Errors: those of a move, such as a calendar that lacks a year.
    pub fn ring(&mut self, rung: &Rung) -> Result<()> {
        let today = self.today();
        if !self.rung_still(rung, today)? {
            return Ok(());
        }
        let item = self.item(&Key::Row(rung.row))?.ok_or(Fault::NotFound)?;
        let (kind, before) = (self.kind(&item.kind)?, self.whole(&item)?);
        let subject = self.subject_of(&item)?;
        let house = Asker::default();
        let facts = Facts {
            asker: &house,
            today,
            calendar: &self.shared.calendar,
            fields: &before.fields,
            given: &Fields::new(),
            duplicates: 0,
            around: Around::CLEAR,
        };
        let Some(lapsed) = lapse(kind, &subject, &rung.clock, &facts) else {
            let values = [rung.row.into(), rung.clock.as_str().into()];
            return self.conn.execute(SILENCE, &values).map(drop);
        };
        let (name, step) = lapsed.map_err(Fault::Refused)?;
        let effects = step.effects.clone();
        let after = self.stepped(kind, &before, step)?;
        self.put(None, Hand::default(), &name, Some(&before), &after)?;
        for effect in effects {
            self.follow(&house, effect, &after)?;
        }
        Ok(())
    }

    fn rung_still(&self, rung: &Rung, today: Date) -> Result<bool> {
        let item = self.item(&Key::Row(rung.row))?;
        let Some(item) = item.filter(|item| item.row == rung.row) else { return Ok(false) };
        let clocks = self.whole(&item)?.clocks;
        Ok(clocks.iter().any(|clock| clock.rings && clock.name == rung.clock && clock.due < today))
    }
}
