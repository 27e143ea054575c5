//! What a record must keep beyond itself, whoever writes it: the rules its kind names, each breach a fault of a field.
//!
//! Never changes anything, and never asks who writes. Start at `Reader::obeys`.

use base::money::Money;
use catalogue::kind::{Kind, reference, type_within};
use catalogue::step::Rule;
use catalogue::value::is_filled;
use catalogue::{Fault as FieldFault, Fields};

use crate::fault::{Fault, Result};
use crate::fields::{
    AGREEMENT, AMOUNT, CONTRACT, FORMS, FROM_INTENT, INTENT, REGISTRATION, SERVICE_FORM, SIGNED_ON, SUMMARY,
    TITLE,
};
use crate::reader::Reader;
use crate::record::{Item, Key};

/// Digits of the number a technology contract is registered under (national registration form).
const REGISTRATION_DIGITS: usize = 16;
/// How a letter of intent calls itself.
const INTENT_WORDS: [&str; 3] = ["意向", "letter of intent", "statement of intent"];

impl Reader<'_> {
    /// Refuses fields that break a rule of the kind: every breach at once.
    pub(crate) fn obeys(&self, kind: &Kind, type_path: &str, fields: &Fields) -> Result<()> {
        let mut found = Vec::new();
        for rule in &kind.rules {
            match rule {
                Rule::WithinAgreement => found.extend(self.above_agreement(fields)?),
                Rule::ServiceForm => found.extend(unnamed(fields)),
                Rule::ContractIsNoIntent if type_within(type_path, CONTRACT) => {
                    found.extend(no_contract(fields).into_iter().chain(self.no_intent(fields)?));
                }
                Rule::ContractIsNoIntent => {}
                Rule::RegistrationNumber => found.extend(bad_registration(fields)),
            }
        }
        if found.is_empty() { Ok(()) } else { Err(Fault::Invalid(found)) }
    }

    /// An amount above that of the agreement it was paid under.
    fn above_agreement(&self, fields: &Fields) -> Result<Option<FieldFault>> {
        let Some(agreement) = self.named(fields, AGREEMENT)? else { return Ok(None) };
        let (mine, most) = (amount(fields), amount(&self.whole(&agreement)?.fields));
        let above = mine.zip(most).filter(|(mine, most)| mine.fen > most.fen);
        Ok(above.map(|(_, most)| FieldFault::new(AMOUNT, "above-agreement").with("most", most)))
    }

    /// A contract says it came from something that is no intent.
    fn no_intent(&self, fields: &Fields) -> Result<Option<FieldFault>> {
        let of = self.named(fields, FROM_INTENT)?;
        let other = of.filter(|of| !type_within(&of.type_path, INTENT));
        Ok(other.map(|_| FieldFault::new(FROM_INTENT, "no-intent")))
    }

    fn named(&self, fields: &Fields, name: &str) -> Result<Option<Item>> {
        let named = fields.get(name).and_then(reference);
        Ok(named.map(|id| self.item(&Key::Id(id))).transpose()?.flatten())
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

fn amount(fields: &Fields) -> Option<Money> {
    serde_json::from_value(fields.get(AMOUNT)?.clone()).ok()
}
