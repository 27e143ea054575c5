//! What a record must keep beyond itself, whoever writes it: the rules its kind names, each breach a fault of a field.
//!
//! Never changes anything, and never asks who writes. Start at `Reader::breaches`.

use base::money::Money;
use catalogue::kind::{Kind, reference};
use catalogue::step::Rule;
use catalogue::{Fault as FieldFault, Fields};

use crate::fault::{Fault, Result};
use crate::fields::{AGREEMENT, AMOUNT, USED};
use crate::reader::Reader;
use crate::record::Key;

impl Reader<'_> {
    /// Refuses fields that break a rule of the kind: every breach at once.
    pub(crate) fn obeys(&self, kind: &Kind, fields: &Fields) -> Result<()> {
        let mut found = Vec::new();
        for rule in &kind.rules {
            match rule {
                Rule::WithinAgreement => found.extend(self.above_agreement(fields)?),
                Rule::WithinBenefit => found.extend(above_benefit(fields)),
            }
        }
        if found.is_empty() { Ok(()) } else { Err(Fault::Invalid(found)) }
    }

    /// An amount above that of the agreement it was paid under.
    fn above_agreement(&self, fields: &Fields) -> Result<Option<FieldFault>> {
        let agreement = fields.get(AGREEMENT).and_then(reference);
        let agreement = agreement.map(|id| self.item(&Key::Id(id))).transpose()?.flatten();
        let Some(agreement) = agreement else { return Ok(None) };
        let (mine, most) = (amount(fields), amount(&self.whole(&agreement)?.fields));
        let above = mine.zip(most).filter(|(mine, most)| mine.fen > most.fen);
        Ok(above.map(|(_, most)| FieldFault::new(AMOUNT, "above-agreement").with("most", most)))
    }
}

/// Uses of a benefit that come to more than was granted.
fn above_benefit(fields: &Fields) -> Option<FieldFault> {
    let granted = amount(fields)?;
    let uses = fields.get(USED).and_then(|used| used.as_array());
    let used = uses.into_iter().flatten().filter_map(|one| amount(one.as_object()?));
    let sum = used.fold(0_i64, |sum, one| sum.saturating_add(one.fen));
    (sum > granted.fen).then(|| FieldFault::new(USED, "above-benefit").with("most", granted))
}

fn amount(fields: &Fields) -> Option<Money> {
    serde_json::from_value(fields.get(AMOUNT)?.clone()).ok()
}
