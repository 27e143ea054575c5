//! What follows the recognition of a station: it is listed, its academicians are stationed there, a certificate is issued;
//! and what follows its exit. Certificates are found by their code alone.
//!
//! Start at `Writer::recognise` and [`Reader::certificate`].

use base::id::RecordId;
use catalogue::kind::{Kind, reference};
use catalogue::sheet::Limit;
use catalogue::step::{Around, by_itself};
use catalogue::{Asker, Facts, Fault as FieldFault, Fields};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::chain::hex;
use crate::db::Sql;
use crate::fault::{Fault, Result};
use crate::fields::{
    ACADEMICIAN, ACADEMICIANS, APPLICATION, CERTIFICATE, CODE, DIGEST, EXIT, FROM, FROM_APPLICATION, HOLDER,
    HOST, ISSUED, ISSUED_ON, ISSUER, LEADING, LEVEL, LIST, PARTNERS, PERSON, PLACE, PUBLICITY,
    PUBLICITY_UNTIL, RAISED_ON, REASON, RECOGNISED_BY, RECOGNISED_ON, RECOGNITION, RETIRED, REVOKE,
    REVOKED_ON, ROLE, SINCE, SOURCE, STATION, STATIONED, TEXT, TIE, TITLE, TO, UNDER_WAY, UNTIL,
};
use crate::reader::Reader;
use crate::record::{Item, Key};
use crate::reviewing::all_of;
use crate::rules::Draft;
use crate::tied::TiedTo;
use crate::whole::Whole;
use crate::writer::Writer;

/// What an application learns of its recognition.
const ENTER: &str = "enter";
/// Characters of a heading.
const TITLE_CHARS: usize = 80;
/// Characters a code is made of: none that is read as another.
const ALPHABET: [char; 32] = [
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J', 'K', 'M',
    'N', 'P', 'Q', 'R', 'S', 'T', 'V', 'W', 'X', 'Y', 'Z',
];
/// Characters of a code, and those of each of its groups.
const CODE_CHARS: usize = 12;
const GROUP_CHARS: usize = 4;

const BY_CODE: Sql = "select record from claim where kind = $1 and field = $2 and value = $3";

/// Statements of this room, for the proof of plans.
pub(crate) const STATEMENTS: &[Sql] = &[BY_CODE];

/// A certificate as anyone who has its code may see it.
#[derive(Clone, Debug)]
pub struct Certified {
    /// The certificate.
    pub item: Item,
    /// Its fields; none of them is closed.
    pub fields: Fields,
    /// Whom or what it is of.
    pub holder: Option<Item>,
}

impl Reader<'_> {
    /// The certificate of a code, however it was typed; whoever has the code may ask.
    pub fn certificate(&self, typed: &str) -> Result<Option<Certified>> {
        let code = grouped(typed.chars().map(|c| c.to_ascii_uppercase()).map(unmistaken));
        let asked = [CERTIFICATE.into(), CODE.into(), code.as_str().into()];
        let Some(row) = self.conn.one(BY_CODE, &asked)? else { return Ok(None) };
        let Some(item) = self.item(&Key::Row(row.int(0)?))? else { return Ok(None) };
        let fields = self.whole(&item)?.fields;
        let holder = fields.get(HOLDER).and_then(reference);
        let holder = holder.map(|holder| self.item(&Key::Id(holder))).transpose()?.flatten();
        Ok((!fields.is_empty()).then_some(Certified { item, fields, holder }))
    }

    /// Academicians who would have more stations of a type than its file allows.
    pub(crate) fn above_limit(&self, kind: &Kind, draft: &Draft<'_>) -> Result<Vec<FieldFault>> {
        let fields = draft.fields;
        let (people, limited, here) = match kind.name.as_str() {
            TIE => match self.stationing(fields)? {
                Some((field, person, station)) => {
                    let limited = self.limited(&station.type_path);
                    (vec![(field, person)], limited, Some(station.id))
                }
                None => return Ok(Vec::new()),
            },
            _ => {
                let asked = kind.type_of(draft.type_path).and_then(|of| of.recognition.as_ref());
                let limited = asked.and_then(|asked| self.limited(&asked.station));
                let named = all_of(fields.get(ACADEMICIANS));
                (named.into_iter().map(|person| (ACADEMICIANS, person)).collect(), limited, None)
            }
        };
        let Some((of_type, limit)) = limited else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        for (field, person) in people {
            let Some(item) = self.item(&Key::Id(person))? else { continue };
            let Some(most) = self.most_of(&item, limit)? else { continue };
            if self.stations_of(&item, &of_type, Some(draft.id), here)? >= most {
                let fault = FieldFault::new(field, "academician-limit");
                found.push(fault.with("name", &item.title).with("most", most));
            }
        }
        Ok(found)
    }

    fn limited(&self, station: &str) -> Option<(String, Limit)> {
        let asked = self.shared.catalogue.recognition_of(station)?;
        Some((asked.station.clone(), asked.limit?))
    }

    /// The person and the station a tie joins, and the field that names the person.
    fn stationing(&self, fields: &Fields) -> Result<Option<(&'static str, RecordId, Item)>> {
        let end = |name: &str| -> Result<Option<Item>> {
            let id = fields.get(name).and_then(reference);
            id.map_or(Ok(None), |id| self.item(&Key::Id(id)))
        };
        let (Some(from), Some(to)) = (end(FROM)?, end(TO)?) else { return Ok(None) };
        Ok(match (from.kind.as_str(), to.kind.as_str()) {
            (PERSON, STATION) => Some((FROM, from.id, to)),
            (STATION, PERSON) => Some((TO, to.id, from)),
            _ => None,
        })
    }

    /// How many stations a person may have; none where they are no academician.
    fn most_of(&self, person: &Item, limit: Limit) -> Result<Option<u32>> {
        let fields = self.whole(person)?.fields;
        let says = |name: &str| fields.get(name).and_then(Value::as_str);
        Ok(match (says(ACADEMICIAN), says(SOURCE)) {
            (Some(RETIRED), _) => Some(limit.retired),
            (Some(_), _) | (None, Some(ACADEMICIAN)) => Some(limit.serving),
            _ => None,
        })
    }

    /// Stations of a type where a person is stationed, and applications under way that name them.
    fn stations_of(
        &self,
        person: &Item,
        of_type: &str,
        own: Option<RecordId>,
        here: Option<RecordId>,
    ) -> Result<u32> {
        let counts = |to: &TiedTo| {
            to.kind == STATION
                && catalogue::kind::type_within(&to.type_path, of_type)
                && to.stage != RETIRED
                && Some(to.tie) != own
                && Some(to.id) != here
        };
        let mut found: Vec<RecordId> =
            self.tied(person.row)?.into_iter().filter(counts).map(|to| to.id).collect();
        for application in self.namers(person.row, ACADEMICIANS, APPLICATION)? {
            if Some(application.id) != own && UNDER_WAY.contains(&application.stage.as_str()) {
                found.push(application.id);
            }
        }
        found.sort();
        found.dedup();
        Ok(u32::try_from(found.len()).unwrap_or(u32::MAX))
    }

    /// An objection to what is not published, or not any more; `own` is the objection, if it is there already.
    pub(crate) fn out_of_publicity(&self, draft: &Draft<'_>) -> Result<Option<FieldFault>> {
        let fields = draft.fields;
        let application = fields.get(APPLICATION).and_then(reference);
        let application = application.map(|id| self.item(&Key::Id(id))).transpose()?.flatten();
        let Some(application) = application else { return Ok(None) };
        let until = self.whole(&application)?.fields.get(PUBLICITY_UNTIL).cloned();
        let day = |value: Option<&Value>| base::day::Day::parse(value?.as_str()?).ok().map(|day| day.last());
        let Some(until) = day(until.as_ref()) else {
            return Ok(Some(FieldFault::new(APPLICATION, "not-published")));
        };
        let over = draft.before.is_none() && application.stage != PUBLICITY;
        let late = over || day(fields.get(RAISED_ON)).is_some_and(|raised| raised > until);
        Ok(late.then(|| FieldFault::new(APPLICATION, "publicity-over").with("until", until)))
    }
}

impl Writer<'_> {
    /// The station of an application is listed, those it is for are stationed, and its certificate is issued.
    pub(crate) fn recognise(&mut self, me: &Asker, application: &Whole) -> Result<()> {
        self.tell_opinions(me, application)?;
        let asked = self.kind(&application.kind)?.type_of(&application.type_path);
        let Some(asked) = asked.and_then(|of| of.recognition.clone()) else { return Ok(()) };
        let fields = self.station_of(application, &asked.station)?;
        let station = self.file_itself(me, STATION, &asked.station, (fields, None))?;
        self.house_makes(me, station.row, LIST, Fields::new())?;
        for person in all_of(application.fields.get(ACADEMICIANS)) {
            self.station_at(me, person, &station)?;
        }
        let certificate = self.recognition_of(me, application, &station)?;
        let mut more = Fields::new();
        more.insert(STATION.to_owned(), json!(station.id.to_string()));
        more.insert(CERTIFICATE.to_owned(), json!(certificate.id.to_string()));
        self.note_on(me, application.row, ENTER, more)
    }

    fn station_of(&self, application: &Whole, type_path: &str) -> Result<Fields> {
        let (kind, told) = (self.kind(STATION)?, &application.fields);
        let from = self.kind(&application.kind)?;
        let mut fields = Fields::new();
        // What both call alike is taken over as it is; what only moves write of an application is of its own.
        for field in kind.fields_of(type_path) {
            let own = from.field(&field.name).is_some_and(|of| of.by_moves);
            if own && ![LEVEL, RECOGNISED_BY].contains(&field.name.as_str()) {
                continue;
            }
            let alias = FROM_APPLICATION.iter().find(|(_, to)| *to == field.name).map(|(from, _)| *from);
            let value = told.get(&field.name).or_else(|| told.get(alias?));
            fields.extend(value.map(|value| (field.name.clone(), value.clone())));
        }
        let today = self.today().to_string();
        for name in [RECOGNISED_ON, SINCE] {
            fields.insert(name.to_owned(), json!(today));
        }
        Ok(fields)
    }

    fn station_at(&mut self, me: &Asker, person: RecordId, station: &Whole) -> Result<()> {
        let Some(person) = self.item(&Key::Id(person))? else { return Ok(()) };
        let named = station.fields.get(TITLE).and_then(Value::as_str).unwrap_or_default();
        let mut fields = Fields::new();
        fields.insert(TITLE.to_owned(), json!(heading(&format!("{} · {named}", person.title))));
        fields.insert(FROM.to_owned(), json!(person.id.to_string()));
        fields.insert(TO.to_owned(), json!(station.id.to_string()));
        fields.insert(ROLE.to_owned(), json!(LEADING));
        fields.insert(SINCE.to_owned(), json!(self.today().to_string()));
        let place = station.place.as_ref().map(|place| json!(place.code()));
        fields.extend(place.map(|place| (PLACE.to_owned(), place)));
        self.file_itself(me, TIE, STATIONED, (fields, station.owner)).map(drop)
    }

    fn recognition_of(&mut self, me: &Asker, application: &Whole, station: &Whole) -> Result<Whole> {
        const CERTIFIED: [&str; 7] = [TITLE, HOST, PARTNERS, PLACE, LEVEL, RECOGNISED_BY, RECOGNISED_ON];
        let text = self.lines(station, |field| CERTIFIED.contains(&field.name.as_str()))?;
        let kind = self.kind(STATION)?;
        let named = kind.type_of(&station.type_path).map(|of| of.label.zh.clone()).unwrap_or_default();
        let label = self.kind(CERTIFICATE)?.type_of(RECOGNITION).map(|of| of.label.zh.clone());
        let mut fields = Fields::new();
        let title = format!("{named}{}", label.unwrap_or_default());
        fields.insert(TITLE.to_owned(), json!(heading(&title)));
        fields.insert(HOLDER.to_owned(), json!(station.id.to_string()));
        fields.insert(TEXT.to_owned(), json!(format!("{text}\n{}", station.number.printed(&kind.sign))));
        let issuer = application.fields.get(RECOGNISED_BY).cloned();
        fields.extend(issuer.map(|issuer| (ISSUER.to_owned(), issuer)));
        let place = station.place.as_ref().map(|place| json!(place.code()));
        fields.extend(place.map(|place| (PLACE.to_owned(), place)));
        self.certify(me, RECOGNITION, (fields, station.owner))
    }

    /// Issues a certificate: `title`, `holder`, `text` and perhaps `issuer` and `place` come in; code, day and digest are
    /// added. Who owns it may be said.
    pub fn issue(
        &mut self,
        me: &Asker,
        type_path: &str,
        fields: Fields,
        owner: Option<RecordId>,
    ) -> Result<RecordId> {
        Ok(self.certify(me, type_path, (fields, owner))?.id)
    }

    fn certify(
        &mut self,
        me: &Asker,
        type_path: &str,
        (mut fields, owner): (Fields, Option<RecordId>),
    ) -> Result<Whole> {
        let text = fields.get(TEXT).and_then(Value::as_str).unwrap_or_default();
        let digest = hex(&Sha256::digest(text.as_bytes()));
        let drawn = self.shared.draw::<CODE_CHARS>();
        let code = drawn.iter().filter_map(|byte| ALPHABET.get(usize::from(byte % 32)).copied());
        fields.insert(CODE.to_owned(), json!(grouped(code)));
        fields.insert(DIGEST.to_owned(), json!(digest));
        fields.insert(ISSUED_ON.to_owned(), json!(self.today().to_string()));
        self.file_itself(me, CERTIFICATE, type_path, (fields, owner))
    }

    /// The station an evaluation is about leaves the list, for the reason the evaluation gives.
    pub(crate) fn exit_station(&mut self, me: &Asker, evaluation: &Whole) -> Result<()> {
        let Some(station) = evaluation.fields.get(STATION).and_then(reference) else { return Ok(()) };
        let Some(item) = self.item(&Key::Id(station))? else { return Ok(()) };
        let mut more = Fields::new();
        more.insert(UNTIL.to_owned(), json!(self.today().to_string()));
        more.extend(evaluation.fields.get(REASON).map(|reason| (REASON.to_owned(), reason.clone())));
        self.house_makes(me, item.row, EXIT, more)
    }

    /// Certificates of a record are revoked, for the reason the record gives.
    pub(crate) fn revoke_certificates(&mut self, me: &Asker, holder: &Whole) -> Result<()> {
        for certificate in self.namers(holder.row, HOLDER, CERTIFICATE)? {
            if certificate.stage != ISSUED {
                continue;
            }
            let mut more = Fields::new();
            more.insert(REVOKED_ON.to_owned(), json!(self.today().to_string()));
            more.extend(holder.fields.get(REASON).map(|reason| (REASON.to_owned(), reason.clone())));
            self.house_makes(me, certificate.row, REVOKE, more)?;
        }
        Ok(())
    }

    /// A move the house makes on a record because of another, with fields it writes; nothing where the record does not
    /// stand to be moved so.
    pub(crate) fn house_makes(&mut self, me: &Asker, row: i64, name: &str, more: Fields) -> Result<()> {
        let Some(item) = self.item(&Key::Row(row))? else { return Ok(()) };
        let (kind, before) = (self.kind(&item.kind)?, self.whole(&item)?);
        let subject = self.subject_of(&item)?;
        let mut fields = before.fields.clone();
        fields.extend(more);
        let facts = Facts {
            asker: me,
            today: self.today(),
            calendar: &self.shared.calendar,
            fields: &fields,
            given: &Fields::new(),
            duplicates: 0,
            around: Around::CLEAR,
        };
        let Some(step) = by_itself(kind, &subject, name, &facts) else { return Ok(()) };
        let step = step.map_err(Fault::Refused)?;
        let effects = step.effects.clone();
        let after = self.stepped(kind, &before, step)?;
        self.put(None, me.into(), name, Some(&before), &after)?;
        effects.into_iter().try_for_each(|effect| self.follow(me, effect, &after))
    }
}

/// A code in its groups; what is no letter or digit is left out.
fn grouped(code: impl Iterator<Item = char>) -> String {
    let chars: Vec<char> = code.filter(char::is_ascii_alphanumeric).take(CODE_CHARS).collect();
    chars.chunks(GROUP_CHARS).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// Letters that stand in no code are read as the digits they look like.
fn unmistaken(typed: char) -> char {
    match typed {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    }
}

fn heading(text: &str) -> String {
    text.chars().take(TITLE_CHARS).collect()
}
