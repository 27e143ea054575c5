//! What is found around a record when someone would move it: other records that guards and moves ask for.
//!
//! Never looks further than a move from the record's stage asks. Start at `Reader::around`.

use base::id::RecordId;
use catalogue::kind::{Kind, Move, Want, type_within};
use catalogue::step::{Around, Guard};
use catalogue::{Asker, Fields};
use jiff::civil::Date;

use crate::db::Sql;
use crate::fault::Result;
use crate::reader::Reader;
use crate::whole::Whole;

const NAMING: Sql = "select r.stage, r.type_path from edge e cross join record r
     where e.to_row = $1 and e.field = $2 and e.from_kind = $3 and r.row = e.from_row and r.merged is null";

/// Statements of this room, for the proof of plans.
pub(crate) const STATEMENTS: &[Sql] = &[NAMING];

impl Reader<'_> {
    /// What stands against moves of the record from its stage, with what is given; `name` asks for one of them alone.
    pub(crate) fn around(
        &self,
        me: &Asker,
        kind: &Kind,
        before: &Whole,
        (name, given): (Option<&str>, &Fields),
        today: Date,
    ) -> Result<Around> {
        let mut fields = before.fields.clone();
        fields.extend(given.clone());
        let moves = kind.moves_from(&before.stage).filter(|mv| name.is_none_or(|name| mv.name == name));
        let moves: Vec<&Move> = moves.collect();
        let about = (before.row, before.id, before.owner, &fields);
        let mut around = self.around_shown(me, &moves, about)?;
        let asked = |guard: Guard| moves.iter().any(|mv| mv.when.contains(&guard));
        if asked(Guard::WithinLimit) && !self.may_be_invited(&fields, today)? {
            around.failing.push(Guard::WithinLimit);
        }
        if asked(Guard::NoConflict) && self.conflict(before.owner, &fields)? {
            around.failing.push(Guard::NoConflict);
        }
        if asked(Guard::ScoreComplete) && !self.is_scored(&fields)? {
            around.failing.push(Guard::ScoreComplete);
        }
        Ok(around)
    }

    /// The part of it a page shows beside the buttons; whom a move names is asked on its own form.
    pub(crate) fn around_shown(
        &self,
        me: &Asker,
        moves: &[&Move],
        (row, id, owner, fields): (i64, RecordId, Option<RecordId>, &Fields),
    ) -> Result<Around> {
        let mut around = Around::default();
        for (mv, want) in moves.iter().flat_map(|mv| mv.wants.iter().map(move |want| (mv, want))) {
            if self.lacks(want, row)? {
                around.lacking.push((mv.name.clone(), want.clone()));
            }
        }
        let one_side = moves.iter().any(|mv| mv.when.contains(&Guard::OneSide));
        if moves.iter().any(|mv| mv.when.contains(&Guard::Proven)) && !self.is_proven(fields)? {
            around.failing.push(Guard::Proven);
        }
        if one_side && self.both_sides(me, fields, owner)? {
            around.failing.push(Guard::OneSide);
        }
        if moves.iter().any(|mv| mv.when.contains(&Guard::ReviewerFree)) && !self.is_free(id, fields)? {
            around.failing.push(Guard::ReviewerFree);
        }
        Ok(around)
    }

    /// Whether a record still waits for those that are to name it.
    fn lacks(&self, want: &Want, row: i64) -> Result<bool> {
        let mut count: u32 = 0;
        for (stage, of_type) in self.standing_at(row, &want.field, &want.kind)? {
            let counts = want.stages.is_empty() || want.stages.contains(&stage);
            let fits = want.type_path.as_ref().is_none_or(|path| type_within(&of_type, path));
            count += u32::from(counts && fits);
        }
        Ok(count < want.least || want.most.is_some_and(|most| count > most))
    }

    /// Stages and types of the records of a kind that name a record in a field.
    pub(crate) fn standing_at(&self, row: i64, field: &str, kind: &str) -> Result<Vec<(String, String)>> {
        let found = self.conn.query(NAMING, &[row.into(), field.into(), kind.into()])?;
        found.iter().map(|found| Ok((found.text(0)?, found.text(1)?))).collect()
    }
}
