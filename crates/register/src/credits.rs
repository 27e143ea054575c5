//! Who has which part in a case (贡献登记): settled before the contract and bearing no change afterwards, together no more than
//! a hundred; what brokers did by their work alone is proposed by the house when the case is opened.
//!
//! Never decides who gets what. Start at [`Reader::shared`].

use base::id::RecordId;
use catalogue::kind::{Kind, reference};
use catalogue::step::Effect;
use catalogue::{Asker, Fault as FieldFault, Fields, Role};
use jiff::civil::Date;
use serde_json::{Value, json};

use crate::db::Sql;
use crate::fault::{Fault, Result};
use crate::fields::{
    BROKER, CASE, CONTRIBUTION, CREDIT, CREDITED, FOUND_DEMAND, FOUND_SUPPLY, PARTY, PLACE, SHARE, TALKS,
    TITLE, WITHDRAWN,
};
use crate::reader::Reader;
use crate::record::{Item, Key};
use crate::rules::Draft;
use crate::whole::Whole;
use crate::writer::{Writer, day_of};

/// All of a case.
const WHOLE: i64 = 100;

const STAGES: Sql = "select at_us, stage from change where record = $1 order by position";

/// Statements of this room, for the proof of plans.
pub(crate) const STATEMENTS: &[Sql] = &[STAGES];

impl Reader<'_> {
    /// What the credits of a case come to, those that are only proposed included, whoever may read them.
    pub fn shared(&self, case: i64) -> Result<i64> {
        self.shared_but(case, None)
    }

    /// The day from which the credits of a case bear no change; none while it is before its contract.
    pub fn settled_on(&self, case: &Item) -> Result<Option<Date>> {
        if is_before_contract(case) {
            return Ok(None);
        }
        for row in self.conn.query(STAGES, &[case.row.into()])? {
            if !TALKS.contains(&row.text(1)?.as_str()) {
                return Ok(Some(day_of(row.time(0)?)));
            }
        }
        Ok(None)
    }

    fn shared_but(&self, case: i64, but: Option<RecordId>) -> Result<i64> {
        let mut sum: i64 = 0;
        for credit in self.namers(case, CASE, CREDIT)? {
            let item = self.item(&Key::Row(credit.row))?;
            let counts = |item: &Item| item.stage != WITHDRAWN && Some(item.id) != but;
            if let Some(item) = item.filter(counts) {
                let share = self.whole(&item)?.fields.get(SHARE).and_then(Value::as_i64);
                sum = sum.saturating_add(share.unwrap_or_default());
            }
        }
        Ok(sum)
    }

    /// The case a draft names. Of one its writer may not read nothing is told: writing the reference refuses that.
    fn case_named(&self, me: &Asker, fields: &Fields) -> Result<Option<(Item, bool)>> {
        let Some(id) = fields.get(CASE).and_then(reference) else { return Ok(None) };
        let Some(case) = self.item(&Key::Id(id))? else { return Ok(None) };
        let reads = self.admits(me, &case)?.is_some();
        Ok(Some((case, reads)))
    }

    /// A case whose contract is signed, or which is over: who has which part in it bears no change.
    pub(crate) fn after_contract(&self, me: &Asker, draft: &Draft<'_>) -> Result<Option<FieldFault>> {
        for fields in [Some(draft.fields), draft.before].into_iter().flatten() {
            let Some((case, reads)) = self.case_named(me, fields)? else { continue };
            let Some(day) = self.settled_on(&case)? else { continue };
            match (reads, draft.before) {
                (true, _) => return Ok(Some(self.settled(&case, day)?)),
                (false, Some(_)) => return Ok(Some(FieldFault::new(CASE, "after-contract-unseen"))),
                (false, None) => {}
            }
        }
        Ok(None)
    }

    fn settled(&self, case: &Item, day: Date) -> Result<FieldFault> {
        let stage = self.kind(&case.kind)?.stage(&case.stage).map(|stage| stage.label.clone());
        let (zh, en) = stage.map(|label| (label.zh, label.en)).unwrap_or_default();
        Ok(FieldFault::new(CASE, "after-contract").with("day", day).with("stage", zh).with("stage_en", en))
    }

    /// A share that, with those others have or ask for, is more than the whole.
    pub(crate) fn above_whole(&self, me: &Asker, draft: &Draft<'_>) -> Result<Option<FieldFault>> {
        let Some((case, reads)) = self.case_named(me, draft.fields)? else { return Ok(None) };
        let share = draft.fields.get(SHARE).and_then(Value::as_i64);
        let Some(share) = share.filter(|_| reads || draft.before.is_some()) else { return Ok(None) };
        let left = WHOLE.saturating_sub(self.shared_but(case.row, Some(draft.id))?);
        Ok((share > left).then(|| FieldFault::new(SHARE, "above-whole").with("left", left.max(0))))
    }

    /// Whose part it is: the side that asks in the case, and nobody else agrees to it.
    pub(crate) fn crediting_party(&self, me: &Asker, fields: &Fields) -> Result<Option<RecordId>> {
        let Some((case, true)) = self.case_named(me, fields)? else { return Ok(None) };
        let owner = self.whole(&case)?.owner;
        match fields.get(PARTY).and_then(reference) {
            Some(party) if Some(party) != owner => Err(Fault::field(PARTY, "not-asking-side")),
            _ => Ok(owner),
        }
    }
}

/// Whoever puts someone forward as a broker is named in the record by that.
pub(crate) fn name_broker(me: &Asker, kind: &Kind, fields: &mut Fields) {
    let joins = kind.moves.iter().any(|mv| mv.then.contains(&Effect::JoinDemand));
    let holds = |role: Role| me.roles.iter().any(|held| held.role == role);
    let handles = me.roles.iter().any(|held| held.role.handles());
    if let Some(person) = me.person.filter(|_| joins && holds(Role::Broker) && !handles) {
        fields.insert(BROKER.to_owned(), json!(person.to_string()));
    }
}

/// Brokers who brought a case about, each with the part their work says: who entered the demand, who put the supply
/// forward.
pub(crate) fn brought_about(demand: &Fields, pairing: &Fields) -> Vec<(Value, &'static str)> {
    let by = |fields: &Fields, part| fields.get(BROKER).map(|broker| (broker.clone(), part));
    [by(demand, FOUND_DEMAND), by(pairing, FOUND_SUPPLY)].into_iter().flatten().collect()
}

/// The brokers a case is opened with, each once.
pub(crate) fn brokers(brought: &[(Value, &'static str)]) -> Option<Value> {
    let mut found: Vec<Value> = Vec::new();
    for (broker, _) in brought {
        if !found.contains(broker) {
            found.push(broker.clone());
        }
    }
    (!found.is_empty()).then_some(Value::Array(found))
}

impl Writer<'_> {
    /// What brokers did for a case that has just been opened stands in its ledger, without a share: that is settled by people.
    pub(crate) fn credit_brokers(
        &mut self,
        me: &Asker,
        case: &Whole,
        brought: &[(Value, &'static str)],
    ) -> Result<()> {
        for (broker, part) in brought {
            let mut fields = Fields::new();
            for name in [TITLE, PLACE] {
                fields.extend(case.fields.get(name).map(|value| (name.to_owned(), value.clone())));
            }
            fields.insert(CASE.to_owned(), json!(case.id.to_string()));
            fields.insert(CREDITED.to_owned(), broker.clone());
            fields.insert(CONTRIBUTION.to_owned(), json!(part));
            self.file_itself(me, CREDIT, "", (fields, case.owner))?;
        }
        Ok(())
    }
}

fn is_before_contract(case: &Item) -> bool {
    TALKS.contains(&case.stage.as_str())
}
