//! What follows a move in the same transaction: an expert joins a demand, both sides of a match learn how to reach one
//! another and get a case, whom one was referred to is suggested.
//!
//! Each is a change of its own in the history of the record it changes. Start at `Writer::follow`.

use base::day::Day;
use base::id::RecordId;
use catalogue::kind::reference;
use catalogue::step::{Effect, unconfirmed};
use catalogue::{Asker, Fields, Over, Role, RoleGrant};
use jiff::ToSpan as _;
use serde_json::{Value, json};

use crate::create::CREATE;
use crate::credits::{brokers, brought_about};
use crate::fault::Result;
use crate::fields::{
    AGREEMENT, ASKING_CONTACT, BROKERS, CANDIDATE, CANDIDATE_CONTACT, CASE, CONFIRMED_BY, CONTACTS, DEMAND,
    DOCKING, EVENT, EXPERT, EXPERTS, FIRM_NAME, FOLLOW_UP_ON, FOLLOWER, LIAISON, MATCH, NEXT_ON,
    ORGANIZATION, PARTIES, PARTY, PLACE, PROVIDER, REFERRED_BY, REFERS_PERSON, SIGNED_ON, TAKE_UP, TITLE,
    UNIT,
};
use crate::import::Places;
use crate::record::{Key, New};
use crate::whole::Whole;
use crate::writer::Writer;

/// The name of the change by which an expert joins a demand.
const JOIN: &str = "join";
/// The name of the change by which both sides of a match learn how to reach one another.
const EXCHANGE: &str = "exchange";
/// The name of the change by which an agreement learns of its case.
const OPEN_CASE: &str = "case";
/// The name of the change by which someone joins those that confirmed.
const CONFIRMED: &str = "confirmed";
/// Days after which what was signed at an event is history, and within which somebody goes on with what is not.
const SIGNED_DAYS: i64 = 180;
/// As above.
const FOLLOW_DAYS: i64 = 7;
/// Between the parts of a line that says how to reach someone.
const BETWEEN: &str = " · ";
/// Characters of a line that says how to reach someone.
const CONTACT_CHARS: usize = 400;

impl Writer<'_> {
    pub(crate) fn follow(&mut self, me: &Asker, effect: Effect, after: &Whole) -> Result<()> {
        match effect {
            Effect::JoinDemand => self.join_demand(me, after),
            Effect::OpenCase => self.open_case(me, after),
            Effect::SuggestReferred => self.suggest_referred(me, after),
            Effect::CaseOfAgreement => self.case_of_agreement(me, after),
            Effect::ConfirmParty => self.confirmed(me, after, &unconfirmed(me, &after.fields)),
            Effect::ConfirmSelf => self.confirmed(me, after, me.person.as_slice()),
            Effect::FreezeApplication => self.freeze_application(me, after),
            Effect::Score => self.count_score(me, after),
            Effect::TellOpinions => self.tell_opinions(me, after),
            Effect::RecogniseStation => self.recognise(me, after),
            Effect::ExitStation => self.exit_station(me, after),
            Effect::RevokeCertificates => self.revoke_certificates(me, after),
        }
    }

    /// What was signed at an event and is listed by somebody gets its case at once, if it has none: whoever lists it goes on with
    /// it in a week, unless someone and a day stand there already. What was signed long ago has gone on by other ways.
    pub(crate) fn case_of_signing(&mut self, me: &Asker, listed: &Whole) -> Result<()> {
        let (at_event, has_case) = (listed.fields.contains_key(EVENT), listed.fields.contains_key(CASE));
        let (Some(person), true) = (me.person, listed.kind == AGREEMENT && at_event && !has_case) else {
            return Ok(());
        };
        let signed =
            listed.fields.get(SIGNED_ON).and_then(Value::as_str).and_then(|day| Day::parse(day).ok());
        let oldest = self.today().saturating_sub(SIGNED_DAYS.days());
        if signed.is_some_and(|day| day.last() < oldest) {
            return Ok(());
        }
        let soon = self.today().saturating_add(FOLLOW_DAYS.days());
        let mut listed = listed.clone();
        listed.fields.entry(FOLLOWER).or_insert_with(|| json!(person.to_string()));
        listed.fields.entry(FOLLOW_UP_ON).or_insert_with(|| json!(soon.to_string()));
        self.case_of_agreement(me, &listed)
    }

    /// What was signed gets a case: whoever signed first asks, the second provides, and someone goes on with it by a day.
    fn case_of_agreement(&mut self, me: &Asker, after: &Whole) -> Result<()> {
        let mut fields = Fields::new();
        for (from, to) in [(TITLE, TITLE), (DEMAND, DEMAND), (PLACE, PLACE), (FOLLOWER, LIAISON)] {
            fields.extend(after.fields.get(from).map(|value| (to.to_owned(), value.clone())));
        }
        fields.extend(after.fields.get(FOLLOW_UP_ON).map(|day| (NEXT_ON.to_owned(), day.clone())));
        let parties = after.fields.get(PARTIES).and_then(Value::as_array);
        let parties = parties.into_iter().flatten().zip([PARTY, PROVIDER]);
        fields.extend(parties.map(|(party, name)| (name.to_owned(), party.clone())));
        let owner = fields.get(PARTY).and_then(reference).or(after.owner);
        let case = self.file_itself(me, CASE, DOCKING, (fields, owner))?.id;
        self.note(me, after, OPEN_CASE, |fields| {
            fields.insert(CASE.to_owned(), json!(case.to_string()));
        })
    }

    /// Whoever confirms joins those that did.
    fn confirmed(&mut self, me: &Asker, after: &Whole, who: &[RecordId]) -> Result<()> {
        self.note(me, after, CONFIRMED, |fields| {
            let list = fields.entry(CONFIRMED_BY).or_insert_with(|| Value::Array(Vec::new()));
            if let Value::Array(list) = list {
                list.extend(who.iter().map(|id| json!(id.to_string())));
            }
        })
    }

    /// Writes what followed a move into the record that was moved, as a change of its own.
    fn note(&mut self, me: &Asker, after: &Whole, name: &str, write: impl FnOnce(&mut Fields)) -> Result<()> {
        let Some(item) = self.item(&Key::Row(after.row))? else { return Ok(()) };
        let before = self.whole(&item)?;
        let mut fields = before.fields.clone();
        write(&mut fields);
        let noted = self.revised(self.kind(&after.kind)?, &before, fields)?;
        self.put(None, me.into(), name, Some(&before), &noted).map(drop)
    }

    /// Both sides of a match have said yes.
    fn open_case(&mut self, me: &Asker, after: &Whole) -> Result<()> {
        let Some(demand) = after.fields.get(DEMAND).and_then(reference) else { return Ok(()) };
        let Some(item) = self.item(&Key::Id(demand))? else { return Ok(()) };
        let demand = self.whole(&item)?;
        self.exchange(me, after, &demand)?;
        let brought = brought_about(&demand.fields, &after.fields);
        let (mut fields, owner) = case_of(after, &demand);
        fields.extend(brokers(&brought).map(|brokers| (BROKERS.to_owned(), brokers)));
        let case = self.file_itself(me, CASE, DOCKING, (fields, owner))?;
        self.credit_brokers(me, &case, &brought)?;
        // The demand of a match goes on, where it still stands to be taken up.
        self.house_makes(&Asker::default(), item.row, TAKE_UP, Fields::new())
    }

    /// Writes into the match how each side is reached.
    fn exchange(&mut self, me: &Asker, after: &Whole, demand: &Whole) -> Result<()> {
        let before = match self.item(&Key::Row(after.row))? {
            Some(item) => self.whole(&item)?,
            None => return Ok(()),
        };
        let mut fields = before.fields.clone();
        let unit = demand.fields.get(ORGANIZATION).and_then(reference);
        let unit = unit.map(|id| self.item(&Key::Id(id))).transpose()?.flatten().map(|item| item.title);
        let typed = || demand.fields.get(FIRM_NAME).and_then(Value::as_str).map(str::to_owned);
        let asking = line(unit.or_else(typed).into_iter(), &demand.fields);
        let candidate = self.reached(after)?;
        for (name, text) in [(ASKING_CONTACT, asking), (CANDIDATE_CONTACT, candidate)] {
            if !text.is_empty() {
                fields.insert(name.to_owned(), json!(text));
            }
        }
        let told = self.revised(self.kind(&after.kind)?, &before, fields)?;
        self.put(None, me.into(), EXCHANGE, Some(&before), &told).map(drop)
    }

    /// How the invited side is reached: the expert, else what was suggested, else the unit that holds it.
    fn reached(&self, after: &Whole) -> Result<String> {
        let named = [EXPERT, CANDIDATE, UNIT].into_iter();
        for id in named.filter_map(|name| after.fields.get(name).and_then(reference)) {
            let Some(item) = self.item(&Key::Id(id))? else { continue };
            let fields = self.whole(&item)?.fields;
            if CONTACTS.iter().any(|name| fields.contains_key(*name)) {
                return Ok(line([item.title].into_iter(), &fields));
            }
        }
        Ok(String::new())
    }

    /// Whom a match was referred to stands beside the same demand, with the credit of the referral.
    fn suggest_referred(&mut self, me: &Asker, after: &Whole) -> Result<()> {
        let Some(person) = after.fields.get(REFERS_PERSON).and_then(reference) else { return Ok(()) };
        let Some(item) = self.item(&Key::Id(person))? else { return Ok(()) };
        let mut fields = Fields::new();
        for name in [DEMAND, PARTY] {
            fields.extend(after.fields.get(name).map(|value| (name.to_owned(), value.clone())));
        }
        fields.extend(stands_at(after));
        let demand = after.fields.get(DEMAND).and_then(reference);
        let demand = demand.map(|id| self.item(&Key::Id(id))).transpose()?.flatten();
        let title = demand.map(|demand| format!("{} · {}", item.title, demand.title));
        fields.insert(TITLE.to_owned(), json!(title.unwrap_or(item.title)));
        fields.insert(CANDIDATE.to_owned(), json!(person.to_string()));
        let by = after.fields.get(EXPERT).or_else(|| after.fields.get(UNIT));
        fields.extend(by.map(|by| (REFERRED_BY.to_owned(), by.clone())));
        let type_path = after.type_path.clone();
        self.file_itself(me, MATCH, &type_path, (fields, after.owner)).map(drop)
    }

    /// Files a record that follows another: by the house, in the name of who made the move.
    pub(crate) fn file_itself(
        &mut self,
        me: &Asker,
        kind: &str,
        type_path: &str,
        (fields, owner): (Fields, Option<RecordId>),
    ) -> Result<Whole> {
        let new =
            New { kind: kind.to_owned(), type_path: type_path.to_owned(), fields, owner, ..New::default() };
        let house = Asker {
            person: me.person,
            roles: vec![RoleGrant { role: Role::Steward, over: Over::Node }],
            ..Asker::default()
        };
        let serial_of = |writer: &mut Self, series: &str| writer.serials(series, 1);
        let whole = self.prepare(&house, new, &mut Places::new(), serial_of)?;
        self.put(None, me.into(), CREATE, None, &whole)?;
        Ok(whole)
    }

    /// The expert of the record joins the experts of the record its demand field names, as a change of its own.
    fn join_demand(&mut self, me: &Asker, after: &Whole) -> Result<()> {
        let (demand, expert) = (after.fields.get(DEMAND).and_then(reference), after.fields.get(EXPERT));
        let (Some(demand), Some(expert)) = (demand, expert) else { return Ok(()) };
        let Some(item) = self.item(&Key::Id(demand))? else { return Ok(()) };
        let before = self.whole(&item)?;
        // One that was erased meanwhile stays erased.
        if before.fields.is_empty() {
            return Ok(());
        }
        let mut fields = before.fields.clone();
        let experts = fields.entry(EXPERTS).or_insert_with(|| Value::Array(Vec::new()));
        match experts {
            Value::Array(list) if !list.contains(expert) => list.push(expert.clone()),
            _ => return Ok(()),
        }
        let joined = self.revised(self.kind(&item.kind)?, &before, fields)?;
        self.put(None, me.into(), JOIN, Some(&before), &joined).map(drop)
    }
}

/// Where a record stands, as a field of one that follows from it: a place it was filed with may stand in no field.
fn stands_at(after: &Whole) -> Option<(String, Value)> {
    after.place.as_ref().map(|place| (PLACE.to_owned(), json!(place.to_string())))
}

/// The case two sides get, and who owns it.
fn case_of(after: &Whole, demand: &Whole) -> (Fields, Option<RecordId>) {
    let mut fields = Fields::new();
    let same = [TITLE, DEMAND, CANDIDATE, EXPERT];
    for (name, value) in same.into_iter().filter_map(|name| Some((name, after.fields.get(name)?))) {
        fields.insert(name.to_owned(), value.clone());
    }
    fields.extend(stands_at(after));
    fields.insert(MATCH.to_owned(), json!(after.id.to_string()));
    fields.extend(after.fields.get(UNIT).map(|unit| (PROVIDER.to_owned(), unit.clone())));
    fields.extend(demand.fields.get(LIAISON).map(|liaison| (LIAISON.to_owned(), liaison.clone())));
    let party = after.fields.get(PARTY).cloned().or_else(|| Some(json!(after.owner?.to_string())));
    fields.extend(party.map(|party| (PARTY.to_owned(), party)));
    (fields, after.owner)
}

/// How to reach someone, on one line.
fn line(names: impl Iterator<Item = String>, fields: &Fields) -> String {
    let told = CONTACTS.iter().filter_map(|name| fields.get(*name)?.as_str()).map(str::to_owned);
    let mut parts: Vec<String> = Vec::new();
    for part in names.chain(told) {
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    parts.join(BETWEEN).chars().take(CONTACT_CHARS).collect()
}
