//! What a record must keep beyond itself, whoever writes it: the rules its kind names, each breach a fault of a field.
//!
//! Never changes anything, and never asks who writes. Start at `Reader::breaches`.

use base::id::RecordId;
use base::money::Money;
use catalogue::kind::{Kind, reference};
use catalogue::step::Rule;
use catalogue::{Fault as FieldFault, Fields};

use crate::fault::{Fault, Result};
use crate::fields::{AGREEMENT, AMOUNT};
use crate::reader::Reader;
use crate::record::Key;

impl Reader<'_> {
    /// Refuses fields of a type that break a rule of the kind: every breach at once. `own` is the record itself, if it is
    /// there already.
    pub(crate) fn obeys(
        &self,
        kind: &Kind,
        (type_path, own): (&str, Option<RecordId>),
        fields: &Fields,
    ) -> Result<()> {
        let mut found = Vec::new();
        for rule in &kind.rules {
            match rule {
                Rule::WithinAgreement => found.extend(self.above_agreement(fields)?),
                Rule::AcademicianLimit => found.extend(self.above_limit(kind, (type_path, own), fields)?),
                Rule::WithinPublicity => found.extend(self.out_of_publicity(own, fields)?),
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

fn amount(fields: &Fields) -> Option<Money> {
    serde_json::from_value(fields.get(AMOUNT)?.clone()).ok()
}
