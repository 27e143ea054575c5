//! How far a demand has come: worked out from the matches, cases, visits, agreements and outcomes that name it, or a case of it.
//!
//! Goes by what stands now: a visit taken off the list takes its step back. Nobody types it. Start at `Reader::step_of`.

use base::id::RecordId;
use catalogue::Fields;
use catalogue::kind::{reference, type_within};
use serde_json::json;

use crate::fault::{Fault, Result};
use crate::fields::{
    ACCEPTED, AGREEMENT, AGREEMENT_HOLDS, ANSWERED, CASE, CONTRACT, DEMAND, DEMAND_AT_WORK, EVIDENCE, INTENT,
    LISTED, MATCH, MET, OUTCOME, OUTCOMES, PROVEN, REACHED, TALKING, VISIT,
};
use crate::reader::Reader;
use crate::reckon::Came;
use crate::record::Key;
use crate::whole::Whole;
use crate::writer::Writer;

/// Kinds whose records name a demand and carry it on.
const CARRY: [&str; 5] = [MATCH, CASE, VISIT, AGREEMENT, OUTCOME];

impl Reader<'_> {
    /// Writes into a demand how far it has come. Errors: `invalid` where someone typed something else.
    pub(crate) fn reach(&self, came: Came<'_>, after: &mut Whole) -> Result<()> {
        let found = self.step_of(after)?;
        let typed = after.fields.remove(REACHED);
        if let Some(found) = found {
            after.fields.insert(REACHED.to_owned(), json!(found));
        }
        match (came, typed) {
            (Came::Filed, Some(typed)) if found.is_none_or(|found| typed != found) => {
                Err(Fault::field(REACHED, "reckoned"))
            }
            _ => Ok(()),
        }
    }

    /// The furthest step, none where nobody has answered.
    fn step_of(&self, demand: &Whole) -> Result<Option<&'static str>> {
        let mut named = vec![(demand.row, DEMAND)];
        named.extend(self.naming(demand.row, DEMAND, CASE)?.into_iter().map(|case| (case, CASE)));
        if self.has_outcome(&named)? {
            return Ok(Some(OUTCOME));
        }
        let agreements = self.all_at(&named, AGREEMENT)?;
        for step in [CONTRACT, INTENT] {
            let signed = |(stage, of): &(String, String)| {
                type_within(of, step) && AGREEMENT_HOLDS.contains(&stage.as_str())
            };
            if agreements.iter().any(signed) {
                return Ok(Some(step));
            }
        }
        let cases = self.standing_at(demand.row, DEMAND, CASE)?;
        let met = cases.iter().any(|(stage, _)| TALKING.contains(&stage.as_str()))
            || self.all_at(&named, VISIT)?.iter().any(|(stage, _)| stage == LISTED);
        if met {
            return Ok(Some(MET));
        }
        let matches = self.standing_at(demand.row, DEMAND, MATCH)?;
        let answered = !cases.is_empty()
            || matches.iter().any(|(stage, _)| stage == ACCEPTED)
            || DEMAND_AT_WORK.contains(&demand.stage.as_str());
        Ok(answered.then_some(ANSWERED))
    }

    fn all_at(&self, named: &[(i64, &str)], kind: &str) -> Result<Vec<(String, String)>> {
        let mut all = Vec::new();
        for (row, field) in named {
            all.extend(self.standing_at(*row, field, kind)?);
        }
        Ok(all)
    }

    fn has_outcome(&self, named: &[(i64, &str)]) -> Result<bool> {
        for (row, field) in named {
            for outcome in self.naming(*row, field, OUTCOME)? {
                if self.proves(&Key::Row(outcome))? {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// Whether an outcome is listed with evidence of grade A or B.
    fn proves(&self, outcome: &Key) -> Result<bool> {
        let item = self.item(outcome)?.filter(|item| item.kind == OUTCOME && item.stage == LISTED);
        let Some(item) = item else { return Ok(false) };
        let fields = self.whole(&item)?.fields;
        Ok(fields.get(EVIDENCE).and_then(|grade| grade.as_str()).is_some_and(|grade| PROVEN.contains(&grade)))
    }

    /// Whether one of the outcomes a record names proves it.
    pub(crate) fn is_proven(&self, fields: &Fields) -> Result<bool> {
        let named = fields.get(OUTCOMES).and_then(|list| list.as_array());
        for id in named.into_iter().flatten().filter_map(reference) {
            if self.proves(&Key::Id(id))? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl Writer<'_> {
    /// Looks anew how far the demands have come that a record names, or that a case it names is about.
    pub(crate) fn reach_around(
        &mut self,
        kind: &str,
        (demands, cases): (&[RecordId], &[RecordId]),
    ) -> Result<()> {
        if !CARRY.contains(&kind) {
            return Ok(());
        }
        let mut all = demands.to_vec();
        for case in cases {
            let Some(case) = self.item(&Key::Id(*case))?.filter(|case| case.kind == CASE) else { continue };
            all.extend(self.whole(&case)?.fields.get(DEMAND).and_then(reference));
        }
        all.sort();
        all.dedup();
        for demand in all {
            if let Some(item) = self.item(&Key::Id(demand))?.filter(|item| item.kind == DEMAND) {
                self.regrade(item.row)?;
            }
        }
        Ok(())
    }
}
