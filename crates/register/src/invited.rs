//! What stands against inviting someone: their number of the month, their pause, and what binds them to the asking side.
//!
//! Counts what changes say, never what a field claims. Start at [`Reader::invitations`] and `Reader::bound`.

use base::id::RecordId;
use base::limits::INVITATIONS_A_MONTH;
use catalogue::kind::{Kind, Verb, reference};
use catalogue::{Asker, Fields, Standing};
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::db::Sql;
use crate::fault::Result;
use crate::fields::{
    CANDIDATE, DECLINED, DEMAND, EMPLOYER, EXPERT, HOLDERS, INVITATIONS_MAX, INVITE, MATCH, ORGANIZATION,
    PARTY, PAUSED, REASON, UNFITTING,
};
use crate::reader::Reader;
use crate::record::Key;
use crate::writer::ZONE_HOURS;

/// Invitations of a person in a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Invitations {
    /// Sent since the month began.
    pub sent: u32,
    /// At most; none while the person takes none.
    pub most: u32,
    /// The person takes none for now.
    pub paused: bool,
    /// The day the count starts anew.
    pub anew: Date,
}

const SENT: Sql = "select count(*) from edge e cross join change c
     where e.to_row = $1 and e.field = $2 and e.from_kind = $3
     and c.record = e.from_row and (c.move || '') = $4 and c.at_us >= $5";
const REFUSED: Sql = "select e.from_row from edge e cross join record r cross join edge d
     where e.to_row = $1 and e.field = $2 and e.from_kind = $3 and r.row = e.from_row and (r.stage || '') = $4
     and d.from_row = e.from_row and d.field = $5 and d.to_row = $6 limit 1";
const REASONS: Sql = "select k.value, count(*) from edge e cross join record r cross join key k
     where e.to_row = $1 and e.field = $2 and e.from_kind = $3 and r.row = e.from_row and (r.stage || '') = $4
     and k.record = e.from_row and k.field = $5 and k.own >= 1 and k.value <> ''
     group by k.value order by count(*) desc, k.value";

/// Statements of this room, for the proof of plans.
pub(crate) const STATEMENTS: &[Sql] = &[SENT, REFUSED, REASONS];

impl Invitations {
    /// Whether one more may be sent.
    pub fn within(&self) -> bool {
        self.sent < self.most
    }
}

impl Reader<'_> {
    /// How many invitations a person had in the month of a day, and how many there may be.
    pub fn invitations(&self, person: RecordId, today: Date) -> Result<Invitations> {
        let first = today.first_of_month();
        let anew = today.last_of_month().tomorrow().unwrap_or(today);
        let none = Invitations { sent: 0, most: INVITATIONS_A_MONTH, paused: false, anew };
        let Some(item) = self.item(&Key::Id(person))? else { return Ok(none) };
        let zone = TimeZone::fixed(jiff::tz::offset(ZONE_HOURS));
        let since = first.to_zoned(zone).map(|at| at.timestamp().as_microsecond()).unwrap_or_default();
        let asked = [item.row.into(), EXPERT.into(), MATCH.into(), INVITE.into(), since.into()];
        let sent = self.conn.one(SENT, &asked)?.map_or(Ok(0), |row| row.int(0))?;
        let fields = self.whole(&item)?.fields;
        let own = fields.get(INVITATIONS_MAX).and_then(|most| most.as_u64()?.try_into().ok());
        let paused = fields.get(PAUSED).and_then(|paused| paused.as_bool()).unwrap_or_default();
        let most = if paused { 0 } else { own.unwrap_or(u32::MAX).min(INVITATIONS_A_MONTH) };
        Ok(Invitations { sent: u32::try_from(sent).unwrap_or(u32::MAX), most, paused, anew })
    }

    /// Whether the expert an invitation names may have one more; yes where it names none.
    pub(crate) fn may_be_invited(&self, fields: &Fields, today: Date) -> Result<bool> {
        let expert = fields.get(EXPERT).and_then(reference);
        expert.map_or(Ok(true), |expert| Ok(self.invitations(expert, today)?.within()))
    }

    /// Whether whoever is invited is bound to who asks, or has declined the same demand before. One line for each tie.
    pub(crate) fn conflict(&self, party: Option<RecordId>, fields: &Fields) -> Result<bool> {
        let asking = self.asking(party, fields)?;
        let invited = self.invited(fields)?;
        Ok(invited.iter().any(|who| asking.contains(who)) || self.has_declined(fields)?)
    }

    /// The asking side: who owns the match and the demand, the unit of the demand, and where its person works.
    fn asking(&self, party: Option<RecordId>, fields: &Fields) -> Result<Vec<RecordId>> {
        let mut found: Vec<RecordId> = party.into_iter().collect();
        found.extend(fields.get(PARTY).and_then(reference));
        if let Some(demand) = fields.get(DEMAND).and_then(reference) {
            found.extend(self.asking_side(demand)?);
        }
        Ok(found)
    }

    /// Who owns a demand, and the unit it names.
    pub(crate) fn asking_side(&self, demand: RecordId) -> Result<Vec<RecordId>> {
        let Some(item) = self.item(&Key::Id(demand))? else { return Ok(Vec::new()) };
        let unit = self.whole(&item)?.fields.get(ORGANIZATION).and_then(reference);
        Ok(item.owner.into_iter().chain(unit).collect())
    }

    /// The invited side: the expert and the expert's employer, the candidate, and the unit that holds it.
    fn invited(&self, fields: &Fields) -> Result<Vec<RecordId>> {
        let named = [EXPERT, CANDIDATE].into_iter().filter_map(|name| fields.get(name).and_then(reference));
        let mut found = Vec::new();
        for id in named {
            found.push(id);
            let Some(item) = self.item(&Key::Id(id))? else { continue };
            let whole = self.whole(&item)?;
            let units = HOLDERS.iter().chain([&EMPLOYER]);
            found.extend(units.filter_map(|name| whole.fields.get(*name).and_then(reference)));
        }
        Ok(found)
    }

    fn has_declined(&self, fields: &Fields) -> Result<bool> {
        let row = |name: &str| -> Result<Option<i64>> {
            let Some(id) = fields.get(name).and_then(reference) else { return Ok(None) };
            Ok(self.item(&Key::Id(id))?.map(|item| item.row))
        };
        let (Some(expert), Some(demand)) = (row(EXPERT)?, row(DEMAND)?) else { return Ok(false) };
        let asked =
            [expert.into(), EXPERT.into(), MATCH.into(), DECLINED.into(), DEMAND.into(), demand.into()];
        Ok(self.conn.one(REFUSED, &asked)?.is_some())
    }

    /// Why a record of the asker's own did not fit, each reason with how often: to its owner alone, and never by whom.
    pub fn unfit_reasons(&self, me: &Asker, row: i64) -> Result<Vec<(String, u64)>> {
        let item = self.item(&Key::Row(row))?;
        let own = |kind: &Kind, subject| catalogue::access::may(kind, me, subject, &Verb::Read);
        let Some(item) = item else { return Ok(Vec::new()) };
        let access = own(self.kind(&item.kind)?, &self.subject_of(&item)?);
        if access.is_none_or(|access| access.standing != Standing::Own) {
            return Ok(Vec::new());
        }
        let asked = [item.row.into(), CANDIDATE.into(), MATCH.into(), UNFITTING.into(), REASON.into()];
        let read = |row: &crate::db::Row| Ok((row.text(0)?, u64::try_from(row.int(1)?).unwrap_or_default()));
        self.conn.query(REASONS, &asked)?.iter().map(read).collect()
    }
}
