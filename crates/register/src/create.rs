//! Filing a new record: grant, schema, place and owner, number, first stage and its clock.

use std::borrow::Cow;

use base::id::RecordId;
use base::number::{Number, series_of};
use base::place::Place;
use catalogue::access::{layers, may};
use catalogue::kind::{OWNER_SELF, Verb, reference};
use catalogue::step::{Effect, Started, audience, clocks_of};
use catalogue::{Access, Asker, Fields, Kind, Layer, Standing};

use crate::credits::name_broker;
use crate::db::Sql;
use crate::derive::place_of;
use crate::fault::{Fault, Result};
use crate::fields::{CREDIT, DEMAND, PARTY, STOOD_IN};
use crate::find::shows;
use crate::import::Places;
use crate::reckon::Came;
use crate::record::{Key, New, Record};
use crate::revise::not_writable;
use crate::rules::Draft;
use crate::whole::{Known, Whole};
use crate::writer::Writer;

const NEXT: Sql = "insert into series (name, next) values ($1, $2 + 1)
     on conflict (name) do update set next = series.next + $2 returning next";

/// Statements of this room, for the proof of plans.
pub(crate) const STATEMENTS: &[Sql] = &[NEXT];

/// The name of the change that files a record.
pub(crate) const CREATE: &str = "create";

impl Writer<'_> {
    /// Files a new record.
    ///
    /// Errors: `no-such-kind`, `not-allowed`, `invalid` (all faults at once), `claimed`, `cycle`.
    pub fn create(&mut self, me: &Asker, new: New) -> Result<Record> {
        let serial_of = |writer: &mut Self, series: &str| writer.serials(series, 1);
        let whole = self.prepare(me, new, &mut Places::new(), serial_of)?;
        let known = self.put(Some(me), me.into(), CREATE, None, &whole)?;
        self.filed(me, &whole, &known)
    }

    /// The record just filed, made from what was written rather than read back. Who may not read it afterwards is
    /// shown its open layer, as anyone's.
    fn filed(&self, me: &Asker, whole: &Whole, known: &Known) -> Result<Record> {
        let (kind, derived) = (self.kind(&whole.kind)?, self.derived(whole)?);
        let assigned = derived.edges.iter().filter(|edge| edge.assigns).map(|edge| edge.to).collect();
        let subject = whole.subject(assigned);
        let access = may(kind, me, &subject, &Verb::Read);
        let access = access.unwrap_or(Access { standing: Standing::Anyone, role: None, open: true });
        let mut item = whole.item(&derived, self.now);
        item.keys.retain(|(field, value)| !value.is_empty() && shows(kind, field, layers(&access)));
        self.name_owners(me, &mut [(&mut item, &access)], known)?;
        let layer = |name: &str| kind.field(name).map_or(Layer::Inside, |field| field.layer);
        let sealed = whole.fields.keys().any(|name| layer(name) == Layer::Sealed);
        let opens = if sealed { self.opens(me, &item, &access)? } else { None };
        let mut fields = whole.fields.clone();
        fields.retain(|name, _| layer(name) != Layer::Sealed && layers(&access).contains(&layer(name)));
        Ok(Record {
            around: self.around_shown(
                me,
                &kind.moves_from(&whole.stage).collect::<Vec<_>>(),
                (whole.row, whole.id, whole.owner, &whole.fields),
            )?,
            item,
            subject,
            access,
            fields,
            sealed,
            may_open: opens.is_some(),
            opens_until: opens.flatten(),
        })
    }

    /// Checks everything that needs no other record but the owner, and gives the record its row and number.
    pub(crate) fn prepare(
        &mut self,
        me: &Asker,
        new: New,
        owners: &mut Places,
        serial_of: impl FnOnce(&mut Self, &str) -> Result<u32>,
    ) -> Result<Whole> {
        let kind = self.kind(&new.kind)?;
        let mut fields = self.checked(kind, &new.type_path, &new.fields)?;
        left_to_moves(me, kind, &fields)?;
        name_broker(me, kind, &mut fields);
        self.date(kind, &mut fields);
        let id = new.id.unwrap_or_else(|| self.draw_id());
        self.obeys(me, kind, &Draft { id, type_path: &new.type_path, before: None, fields: &fields })?;
        let start = kind.start_of(&new.type_path).to_owned();
        let asking = match new.kind.as_str() {
            CREDIT => self.crediting_party(me, &fields)?,
            _ => self.asking_party(kind, &fields)?,
        };
        let owner = owner_of(kind, &fields, id).or(new.owner).or(asking).or(me.person);
        let place = place_of(kind, &fields).or(new.place);
        let place = self.settle_place(place, owner.filter(|owner| *owner != id), owners)?;
        let whole = Whole {
            row: 0,
            id,
            kind: new.kind,
            number: self.number(&place, 1)?,
            type_path: new.type_path,
            audience: audience(kind, &start, &fields),
            clocks: self.start_clocks(kind, &start, &fields)?,
            place,
            owner,
            stage: start.clone(),
            version: 1,
            merged: None,
            fields,
            created_at: self.now,
        };
        self.allow_create(me, kind, &whole)?;
        let mut whole = self.reckoned(kind, Came::Filed, whole)?;
        let serial = serial_of(self, &series(&whole))?;
        whole.number = self.number(&whole.place, serial)?;
        whole.row = self.next_row();
        Ok(whole)
    }

    /// A match belongs to the side that asks: whose demand it is, and nobody else can say yes for it.
    fn asking_party(&self, kind: &Kind, fields: &Fields) -> Result<Option<RecordId>> {
        let joins = kind.moves.iter().any(|mv| mv.then.contains(&Effect::JoinDemand));
        let Some(demand) = fields.get(DEMAND).and_then(reference).filter(|_| joins) else { return Ok(None) };
        let side = self.asking_side(demand)?;
        match fields.get(PARTY).and_then(reference) {
            Some(party) if !side.contains(&party) => Err(Fault::field(PARTY, "not-asking-side")),
            _ => Ok(side.first().copied()),
        }
    }

    /// A day that is not asked is the day of filing.
    fn date(&self, kind: &Kind, fields: &mut Fields) {
        let day = kind.day.as_ref().and_then(|name| kind.field(name)).filter(|field| field.by_moves);
        if let Some(day) = day {
            fields.entry(&day.name).or_insert_with(|| self.today().to_string().into());
        }
    }

    fn allow_create(&self, me: &Asker, kind: &Kind, whole: &Whole) -> Result<()> {
        let derived = self.derived(whole)?;
        let assigned = derived.edges.iter().filter(|e| e.assigns).map(|e| e.to).collect();
        let about = me.only.as_ref().and_then(|only| only.records.first());
        let hangs = derived.edges.iter().any(|edge| about == Some(&edge.to));
        let me = &joined_by(me, hangs, whole.id);
        may(kind, me, &whole.subject(assigned), &Verb::Create).map(drop).ok_or(Fault::NotAllowed)
    }

    /// The fields in canonical form, or all their faults at once.
    pub(crate) fn checked(&self, kind: &Kind, type_path: &str, fields: &Fields) -> Result<Fields> {
        let checked = self.shared.catalogue.check(&kind.name, type_path, fields);
        let (fields, mut faults) = checked.ok_or_else(|| Fault::field("type", "unknown-type"))?;
        faults.extend(catalogue::value::bounds(kind, type_path, &fields, self.today()));
        if faults.is_empty() { Ok(fields) } else { Err(Fault::Invalid(faults)) }
    }

    /// Where a record belongs: as said, else where its owner does.
    fn settle_place(
        &self,
        said: Option<Place>,
        owner: Option<RecordId>,
        owners: &mut Places,
    ) -> Result<Option<Place>> {
        let (None, Some(owner)) = (&said, owner) else { return Ok(said) };
        if let Some(place) = owners.get(&owner) {
            return Ok(place.clone());
        }
        let Some(item) = self.item(&Key::Id(owner))? else { return Ok(None) };
        owners.insert(owner, item.place.clone());
        Ok(item.place)
    }

    fn number(&self, place: &Option<Place>, serial: u32) -> Result<Number> {
        let year = u16::try_from(self.today().year()).unwrap_or_default();
        let nation = Place::nation();
        Number::new(place.as_ref().unwrap_or(&nation), year, serial)
            .map_err(|_| Fault::TooLarge { what: "series", most: u64::from(base::limits::SERIAL_MAX) })
    }

    /// Takes `count` serials of a series; gives the first.
    pub(crate) fn serials(&mut self, series: &str, count: u32) -> Result<u32> {
        let row = self.conn.one(NEXT, &[series.into(), i64::from(count).into()])?;
        let next = row.map_or(Ok(0), |row| row.int(0))?;
        u32::try_from(next - i64::from(count)).map_err(|e| Fault::storage("damaged series", e))
    }

    fn start_clocks(&self, kind: &Kind, start: &str, fields: &Fields) -> Result<Vec<Started>> {
        let clocks = clocks_of(kind, start, fields, self.today(), &self.shared.calendar);
        clocks.map_err(|missing| Fault::Refused(catalogue::Refusal::MissingYear(missing.0)))
    }

    /// A record just written, shown to who wrote it even if the grants do not let them read it afterwards:
    /// then with the open layer only.
    pub(crate) fn find_own(&self, me: &Asker, key: &Key) -> Result<Record> {
        match self.find(me, key) {
            Err(Fault::NotFound) => self.receipt(me, key),
            found => found,
        }
    }
}

/// Whoever came by a link begins only what hangs on its record: that is then within the link's reach.
fn joined_by(me: &Asker, hangs: bool, id: RecordId) -> Cow<'_, Asker> {
    let mut me = Cow::Borrowed(me);
    if me.only.is_some() && hangs {
        me.to_mut().only.iter_mut().for_each(|only| only.records.push(id));
    }
    me
}

/// The series a record is numbered in: kind, place with a prefix, year.
pub(crate) fn series(whole: &Whole) -> String {
    let place = series_of(&whole.number.place);
    format!("{} {} {}", whole.kind, place.code(), whole.number.year)
}

/// The owner by rule of the kind: the record itself, or whom a field names.
pub(crate) fn owner_of(kind: &Kind, fields: &Fields, id: RecordId) -> Option<RecordId> {
    match kind.owner.as_deref()? {
        OWNER_SELF => Some(id),
        name => reference(fields.get(name)?),
    }
}

/// What moves write (who cleared it, who was invited) is not given by whoever files a record, unless they handle
/// records themselves: an officer brings in a spreadsheet of what was decided on paper.
fn left_to_moves(me: &Asker, kind: &Kind, fields: &Fields) -> Result<()> {
    if me.roles.iter().any(|held| held.role.handles()) {
        return Ok(());
    }
    let stood_in = |name: &str| me.behalf.is_some() && STOOD_IN.contains(&name);
    let by_moves = |name: &&String| kind.field(name).is_some_and(|field| field.by_moves) && !stood_in(name);
    not_writable(fields.keys().filter(by_moves))
}
