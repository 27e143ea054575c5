//! What a record must keep beyond itself, whoever writes it: the rules its kind names, each breach a fault of a field.
//!
//! A rule is looked at where something it looks at was written: old records stand in nobody's way. Never changes anything.
//! Start at `Reader::obeys`.

use base::id::RecordId;
use base::money::Money;
use catalogue::kind::{Kind, reference, type_within};
use catalogue::step::Rule;
use catalogue::value::is_filled;
use catalogue::{Asker, Fault as FieldFault, Fields};
use serde_json::Value;

use crate::fault::{Fault, Result};
use crate::fields::{
    ACHIEVED_ON, AGREEMENT, AMOUNT, CLOSED_AMOUNT, CONTRACT, DISTINCT_FROM, FIRM, FORMS, FROM_INTENT, INTENT,
    NUMBER, OUTCOME, PAID_UNDER, PERCENT, QUANTITY, REGISTRATION, RETIRED, SERVICE_FORM, SHARES, SIGNED_ON,
    SUMMARY, TITLE, UNIT, USED,
};
use crate::reader::Reader;
use crate::record::{Item, Key};

/// Digits of the number a technology contract is registered under (national registration form).
const REGISTRATION_DIGITS: usize = 16;
/// How a letter of intent calls itself.
const INTENT_WORDS: [&str; 3] = ["意向", "letter of intent", "statement of intent"];

/// What is about to be written.
pub(crate) struct Draft<'a> {
    /// The record; drawn anew for one that is filed.
    pub(crate) id: RecordId,
    pub(crate) type_path: &'a str,
    /// The fields as they stood; none of a record that is filed.
    pub(crate) before: Option<&'a Fields>,
    pub(crate) fields: &'a Fields,
}

impl Draft<'_> {
    /// Whether something a rule looks at was written; one that names no fields always looks.
    fn touches(&self, rule: Rule) -> bool {
        let changed = |before: &Fields, name: &str| before.get(name) != self.fields.get(name);
        let looks = rule.fields();
        self.before.is_none_or(|before| looks.is_empty() || looks.iter().any(|name| changed(before, name)))
    }

    fn refers(&self, name: &str) -> Option<RecordId> {
        self.fields.get(name).and_then(reference)
    }
}

impl Reader<'_> {
    /// Refuses fields that break a rule of the kind: every breach at once. Another record is named to who may read it.
    pub(crate) fn obeys(&self, me: &Asker, kind: &Kind, draft: &Draft<'_>) -> Result<()> {
        let mut found = Vec::new();
        for rule in kind.rules.iter().filter(|rule| draft.touches(**rule)) {
            match rule {
                Rule::WithinAgreement => found.extend(self.above_agreement(draft)?),
                Rule::ClaimedOnce => found.extend(self.claimed_elsewhere(me, kind, draft)?),
                Rule::WholeShares => found.extend(uneven_shares(draft.fields)),
                Rule::ServiceForm => found.extend(unnamed(draft.fields)),
                Rule::ContractIsNoIntent if type_within(draft.type_path, CONTRACT) => {
                    found.extend(no_contract(draft.fields));
                    found.extend(self.no_intent(draft)?);
                }
                Rule::ContractIsNoIntent => {}
                Rule::WithinBenefit => found.extend(above_benefit(draft.fields)),
                Rule::AcademicianLimit => found.extend(self.above_limit(kind, draft)?),
                Rule::WithinPublicity => found.extend(self.out_of_publicity(draft)?),
                Rule::BeforeContract => found.extend(self.after_contract(me, draft)?),
                Rule::SharesOfCase => found.extend(self.above_whole(me, draft)?),
                Rule::RegistrationNumber => found.extend(bad_registration(draft.fields)),
            }
        }
        if found.is_empty() { Ok(()) } else { Err(Fault::Invalid(found)) }
    }

    /// An amount above that of the agreement it was paid under, with what other outcomes say was paid under it. Revenue that
    /// came of the work is nothing paid under its contract.
    fn above_agreement(&self, draft: &Draft<'_>) -> Result<Option<FieldFault>> {
        let agreement = draft.refers(AGREEMENT).filter(|_| is_paid(draft.type_path));
        let agreement = agreement.map(|id| self.item(&Key::Id(id))).transpose()?.flatten();
        let (Some(agreement), Some(mine)) = (agreement, amount(draft.fields)) else { return Ok(None) };
        let Some(most) = amount(&self.whole(&agreement)?.fields) else { return Ok(None) };
        let mut others: i64 = 0;
        for item in self.outcomes_naming(agreement.row, AGREEMENT, draft.id)? {
            let paid = if is_paid(&item.type_path) { amount(&self.whole(&item)?.fields) } else { None };
            others = others.saturating_add(paid.map_or(0, |paid| paid.fen));
        }
        if mine.fen.saturating_add(others) <= most.fen {
            return Ok(None);
        }
        let at = if draft.fields.contains_key(AMOUNT) { AMOUNT } else { CLOSED_AMOUNT };
        let fault = match others {
            0 => FieldFault::new(at, "above-agreement"),
            fen => FieldFault::new(at, "above-agreement-sum").with("others", Money { fen, about: false }),
        };
        Ok(Some(fault.with("most", most)))
    }

    /// The same outcome of the same unit, as another record tells it.
    fn claimed_elsewhere(&self, me: &Asker, kind: &Kind, draft: &Draft<'_>) -> Result<Option<FieldFault>> {
        let firm = draft.refers(FIRM).map(|id| self.item(&Key::Id(id))).transpose()?.flatten();
        let Some(firm) = firm else { return Ok(None) };
        let at = if draft.fields.contains_key(NUMBER) { NUMBER } else { TITLE };
        for item in self.outcomes_naming(firm.row, FIRM, draft.id)? {
            let likely = item.type_path == draft.type_path
                && (at == NUMBER || Some(plain(&item.title)) == text(draft.fields, TITLE));
            if !likely {
                continue;
            }
            let other = self.whole(&item)?.fields;
            if names(draft.fields, item.id) || names(&other, draft.id) || !same(draft.fields, &other) {
                continue;
            }
            return Ok(Some(match self.admits(me, &item)? {
                Some(_) => {
                    FieldFault::new(at, "claimed-elsewhere").with("number", item.number.printed(&kind.sign))
                }
                None => FieldFault::new(at, "claimed-unseen"),
            }));
        }
        Ok(None)
    }

    /// A contract says it came from something that is no intent.
    fn no_intent(&self, draft: &Draft<'_>) -> Result<Option<FieldFault>> {
        let of = draft.refers(FROM_INTENT).map(|id| self.item(&Key::Id(id))).transpose()?.flatten();
        let other = of.filter(|of| !type_within(&of.type_path, INTENT));
        Ok(other.map(|_| FieldFault::new(FROM_INTENT, "no-intent")))
    }

    /// The outcomes that name a record, but for one and those that were taken out of use.
    fn outcomes_naming(&self, row: i64, field: &str, but: RecordId) -> Result<Vec<Item>> {
        let mut found = Vec::new();
        for row in self.naming(row, field, OUTCOME)? {
            let item = self.item(&Key::Row(row))?;
            found.extend(item.filter(|item| item.row == row && item.id != but && item.stage != RETIRED));
        }
        Ok(found)
    }
}

/// Those a form of service asks for and nobody named.
fn unnamed(fields: &Fields) -> Vec<FieldFault> {
    let chosen = fields.get(SERVICE_FORM).and_then(|form| form.as_str());
    let asked = FORMS.iter().find(|(form, _)| Some(*form) == chosen).map(|(_, asked)| *asked);
    let missing = asked.unwrap_or_default().iter().filter(|name| !is_filled(fields, name));
    missing.map(|name| FieldFault::new(*name, "service-form")).collect()
}

/// What keeps a record from being a contract: no day, no amount, or words that say it is an intent.
fn no_contract(fields: &Fields) -> Vec<FieldFault> {
    let says = |name: &&str| {
        let text = fields.get(*name).and_then(|text| text.as_str()).unwrap_or_default().to_lowercase();
        INTENT_WORDS.iter().any(|word| text.contains(word))
    };
    let said =
        [TITLE, SUMMARY].into_iter().filter(says).map(|name| FieldFault::new(name, "intent-no-contract"));
    let missing = [SIGNED_ON, AMOUNT].into_iter().filter(|name| !is_filled(fields, name));
    said.chain(missing.map(|name| FieldFault::new(name, "contract-needs"))).collect()
}

fn bad_registration(fields: &Fields) -> Option<FieldFault> {
    let number = fields.get(REGISTRATION)?.as_str()?;
    let sound = number.len() == REGISTRATION_DIGITS && number.bytes().all(|byte| byte.is_ascii_digit());
    let shown = number.chars().count();
    (!sound).then(|| FieldFault::new(REGISTRATION, "registration-number").with("n", shown))
}

/// Whether the amount of such an outcome was paid under its agreement.
fn is_paid(type_path: &str) -> bool {
    PAID_UNDER.iter().any(|of| type_within(type_path, of))
}

/// One outcome told twice: by its number, and without one by its heading, amount, quantity and day.
fn same(one: &Fields, other: &Fields) -> bool {
    match (text(one, NUMBER), text(other, NUMBER)) {
        (Some(one), Some(other)) => one == other,
        _ => {
            text(one, TITLE) == text(other, TITLE)
                && [AMOUNT, QUANTITY, ACHIEVED_ON].iter().all(|name| one.get(*name) == other.get(*name))
        }
    }
}

fn names(fields: &Fields, id: RecordId) -> bool {
    let listed = fields.get(DISTINCT_FROM).and_then(Value::as_array);
    listed.into_iter().flatten().filter_map(reference).any(|named| named == id)
}

fn text(fields: &Fields, name: &str) -> Option<String> {
    fields.get(name)?.as_str().map(plain)
}

/// Letters and figures alone, as people compare headings and numbers.
fn plain(text: &str) -> String {
    base::text::fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Shares that do not come to a hundred, or name a unit twice.
fn uneven_shares(fields: &Fields) -> Option<FieldFault> {
    let shares = fields.get(SHARES).and_then(Value::as_array).filter(|shares| !shares.is_empty())?;
    let sum: i64 = shares.iter().filter_map(|share| share.get(PERCENT)?.as_i64()).sum();
    let units: Vec<&Value> = shares.iter().filter_map(|share| share.get(UNIT)).collect();
    let twice =
        units.iter().enumerate().any(|(at, unit)| units.iter().skip(at + 1).any(|other| other == unit));
    (sum != 100 || twice).then(|| FieldFault::new(SHARES, "shares-uneven").with("sum", sum))
}

fn amount(fields: &Fields) -> Option<Money> {
    serde_json::from_value(fields.get(AMOUNT).or_else(|| fields.get(CLOSED_AMOUNT))?.clone()).ok()
}

/// Uses of a benefit that come to more than was granted.
fn above_benefit(fields: &Fields) -> Option<FieldFault> {
    let granted = amount(fields)?;
    let uses = fields.get(USED).and_then(|used| used.as_array());
    let used = uses.into_iter().flatten().filter_map(|one| amount(one.as_object()?));
    let sum = used.fold(0_i64, |sum, one| sum.saturating_add(one.fen));
    (sum > granted.fen).then(|| FieldFault::new(USED, "above-benefit").with("most", granted))
}
