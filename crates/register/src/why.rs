//! Why someone may or may not read a record and make its moves, from the same values the code used.

use catalogue::access::{arms, layers, may};
use catalogue::kind::Verb;
use catalogue::step::step;
use catalogue::{Access, Arm, Asker, Facts, Fields, Kind, Layer, Refusal, Subject};

use crate::fault::{Fault, Result};
use crate::reader::Reader;
use crate::record::{Item, Key};

/// One arm, tried.
#[derive(Clone, Debug, PartialEq)]
pub struct ArmWhy {
    /// The arm.
    pub arm: Arm,
    /// It admits the record's stage.
    pub stage_fits: bool,
    /// It admits the record.
    pub admits: bool,
}

/// One move, tried with nothing given.
#[derive(Clone, Debug, PartialEq)]
pub struct MoveWhy {
    /// The move.
    pub name: String,
    /// By which access it would be made.
    pub access: Option<Access>,
    /// Why it would be refused; none if it would be made.
    pub refusal: Option<Refusal>,
}

/// The whole answer.
#[derive(Clone, Debug)]
pub struct Why {
    /// The record; its heading is for who may read it, so callers check `access` before showing it.
    pub item: Item,
    /// What the rule looked at.
    pub subject: Subject,
    /// Every arm of reading.
    pub arms: Vec<ArmWhy>,
    /// How it may be read, if it may.
    pub access: Option<Access>,
    /// Layers that come with it.
    pub layers: Vec<Layer>,
    /// The sealed layer may be opened.
    pub may_open: bool,
    /// Other verbs than reading: how, if at all.
    pub revise: Option<Access>,
    /// Every move of the kind.
    pub moves: Vec<MoveWhy>,
}

impl Reader<'_> {
    /// Why the asker may or may not read the record and move it; answers for unreadable records too, so it is for
    /// the command line and for pages of records that were found. `today` is the day the moves are tried on.
    ///
    /// Errors: `not-found` only when there is no such record.
    pub fn why(&self, me: &Asker, key: &Key, today: jiff::civil::Date) -> Result<Why> {
        let item = self.item(key)?.ok_or(Fault::NotFound)?;
        let kind = self.kind(&item.kind)?;
        let subject = self.subject_of(&item)?;
        let access = may(kind, me, &subject, &Verb::Read);
        let opens = access.as_ref().map_or(Ok(None), |access| self.opens(me, &item, access))?;
        let may_open = opens.is_some_and(|until| until.is_none_or(|day| day >= today));
        let moves = self.moves_why(me, kind, &item, &subject, today)?;
        Ok(Why {
            arms: arms(kind, me, &Verb::Read).into_iter().map(|arm| tried(arm, &subject)).collect(),
            layers: access.as_ref().map(|access| layers(access).to_vec()).unwrap_or_default(),
            revise: may(kind, me, &subject, &Verb::Revise),
            item,
            subject,
            access,
            may_open,
            moves,
        })
    }

    fn moves_why(
        &self,
        me: &Asker,
        kind: &Kind,
        item: &Item,
        subject: &Subject,
        today: jiff::civil::Date,
    ) -> Result<Vec<MoveWhy>> {
        let (whole, none) = (self.whole(item)?, Fields::new());
        let around = self.around(me, kind, &whole, (None, &none), today)?;
        let tried = kind.moves.iter().map(|mv| {
            let facts = Facts {
                asker: me,
                today,
                calendar: &self.shared.calendar,
                fields: &whole.fields,
                given: &none,
                duplicates: 0,
                around: &around,
            };
            let result = step(kind, subject, &mv.name, &facts);
            Ok(MoveWhy {
                name: mv.name.clone(),
                access: may(kind, me, subject, &Verb::Move(mv.name.clone())),
                refusal: result.err(),
            })
        });
        tried.collect()
    }
}

fn tried(arm: Arm, subject: &Subject) -> ArmWhy {
    let stage_fits = arm.stages.is_empty() || arm.stages.contains(&subject.stage);
    ArmWhy { stage_fits, admits: arm.admits(subject), arm }
}
