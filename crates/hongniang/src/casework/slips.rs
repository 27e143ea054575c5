//! 意向登记: the slips signed at an event go into one table; each becomes an intent with a case, someone who goes on with it
//! and a day.
//!
//! All faults of all slips at once, and nothing typed is lost; a table sent twice files each slip once. Start at [`show`].

use askama::Template as _;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use base::id::RecordId;
use base::place::Place;
use catalogue::kind::reference;
use catalogue::value::{self, Fault};
use catalogue::{Asker, Fields, Filter, Kind};
use jiff::ToSpan as _;
use register::{Find, Key, New, Reader, Record, Writer};
use serde_json::{Value, json};

use super::named::{self, Unit};
use super::oversees;
use crate::collect::firm::{self, Named};
use crate::fields::{agreement, case, event};
use crate::records::draft::Draft;
use crate::records::edit::redirect;
use crate::records::posted::{Posted, Press};
use crate::records::{address, key_at, once};
use crate::trouble::Trouble;
use crate::view::{FaultLine, Link, SlipCell, SlipFiled, SlipsView};
use crate::visit::Visit;

/// The group of inputs.
const SLIP: &str = "slip";
/// Slips a fresh page has room for, and those one press adds.
const ROOM: usize = 5;
/// Slips taken at once.
const SLIPS_MAX: usize = base::limits::ITEMS_MAX;
/// Slips of an event that are shown.
const SHOWN_MAX: usize = base::limits::PAGE_ROWS_MAX;
/// Days until one goes on with a slip, unless another day is written.
const FOLLOW_DAYS: i64 = 14;
/// Ticked where units that stand in no list are to be filed.
const NEW_UNITS: &str = "new_units";
/// The columns: input, and the key of its heading.
const COLUMNS: [(&str, &str); 6] = [
    (FIRM, "slips.firm"),
    (PARTNER, "slips.partner"),
    (agreement::TITLE, "slips.content"),
    (agreement::AMOUNT, "slips.amount"),
    (agreement::FOLLOWER, "slips.follower"),
    (agreement::FOLLOW_UP, "slips.follow-up"),
];
const FIRM: &str = "firm";
const PARTNER: &str = "partner";
/// What somebody wrote from paper; the others stand there from the beginning.
const WRITTEN: [&str; 4] = [FIRM, PARTNER, agreement::TITLE, agreement::AMOUNT];

/// The way to the slips of an event, for who handles agreements there.
pub fn offered(visit: &Visit, kind: &Kind, record: &Record) -> Option<Link> {
    let open = kind.stage(&record.item.stage).is_some_and(|stage| !stage.closed);
    let here = address(kind, &record.item.number);
    let works = open && oversees(&visit.asker(), record.item.place.as_ref());
    works.then(|| visit.link(&format!("{here}/slips"), visit.t("slips.action")))
}

async fn event_of(visit: &Visit, number: &str) -> Result<Record, Trouble> {
    let kind = kind_of(visit, event::KIND)?;
    let (asker, key) = (visit.must_sign_in()?, key_at(kind, number)?);
    let record = visit.app.read(move |reader| Ok(reader.find(&asker, &key)?)).await?;
    offered(visit, kind, &record).map(|_| record).ok_or(Trouble::NotFound)
}

fn kind_of<'v>(visit: &'v Visit, name: &str) -> Result<&'v Kind, Trouble> {
    visit.app.register().catalogue().kind(name).ok_or(Trouble::NotFound)
}

/// `GET /events/{number}/slips`.
pub async fn show(visit: Visit, Path(number): Path<String>) -> Result<Response, Trouble> {
    let of = event_of(&visit, &number).await?;
    let mut draft = Draft::default();
    once::mark(&visit, &mut draft);
    page(&visit, &of, &draft, ROOM, &[]).await
}

/// `POST /events/{number}/slips`.
pub async fn receive(visit: Visit, Path(number): Path<String>, posted: Posted) -> Result<Response, Trouble> {
    let of = event_of(&visit, &number).await?;
    let draft = posted.draft;
    let rows = draft.rows_of(SLIP).min(SLIPS_MAX);
    if !matches!(posted.press, Press::Do(_)) {
        return page(&visit, &of, &draft, rows + ROOM, &[]).await;
    }
    let (looking, typed) = (visit.clone(), draft.clone());
    let (slips, faults) = visit.app.read(move |reader| read_all(&looking, reader, &typed, rows)).await?;
    if !faults.is_empty() {
        return page(&visit, &of, &draft, rows, &faults).await;
    }
    let (asker, about) = (visit.asker(), About::of(&of, &visit, &draft));
    match visit.app.write(move |writer| file_all(writer, &asker, &about, slips)).await {
        Ok(_) => {
            let here = format!("{}/slips", address(kind_of(&visit, event::KIND)?, &of.item.number));
            Ok(redirect(&visit, &here, "notice.slips"))
        }
        Err(trouble) if !trouble.faults().is_empty() => {
            let faults = trouble.faults().to_vec();
            page(&visit, &of, &draft, rows, &faults).await
        }
        Err(trouble) => Err(trouble),
    }
}

/// A unit as the slip names it.
enum Party {
    Known(RecordId),
    New(String),
}

/// One slip, read and found sound.
struct Slip {
    at: usize,
    parties: Vec<Party>,
    title: String,
    amount: Option<Value>,
    follower: RecordId,
    follow_up: Value,
}

/// Every slip something is written on, and every fault of all of them.
fn read_all(
    visit: &Visit,
    reader: &Reader<'_>,
    draft: &Draft,
    rows: usize,
) -> Result<(Vec<Slip>, Vec<Fault>), Trouble> {
    let (mut slips, mut faults) = (Vec::new(), Vec::new());
    for at in 0..rows {
        let text = |name: &str| draft.one(&input(at, name)).trim();
        if WRITTEN.iter().all(|name| text(name).is_empty()) {
            continue;
        }
        slips.extend(read_one(visit, reader, draft, at, &mut faults)?);
    }
    if slips.is_empty() && faults.is_empty() {
        faults.push(Fault::new(input(0, FIRM), "no-slip"));
    }
    Ok((slips, faults))
}

fn read_one(
    visit: &Visit,
    reader: &Reader<'_>,
    draft: &Draft,
    at: usize,
    faults: &mut Vec<Fault>,
) -> Result<Option<Slip>, Trouble> {
    let before = faults.len();
    let text = |name: &str| draft.one(&input(at, name)).trim().to_owned();
    let mut parties = Vec::new();
    for (name, needed) in [(FIRM, true), (PARTNER, false)] {
        let written = text(name);
        match party(visit, reader, &written, !draft.one(NEW_UNITS).is_empty())? {
            _ if written.is_empty() && needed => faults.push(Fault::new(input(at, name), "required")),
            _ if written.is_empty() => {}
            Ok(party) => parties.push(party),
            Err(fault) => faults.push(Fault { field: input(at, name), ..fault }),
        }
    }
    let follower = follower(visit, reader, &text(agreement::FOLLOWER))?;
    if follower.is_none() {
        let code = if text(agreement::FOLLOWER).is_empty() { "required" } else { "who" };
        let fault = Fault::new(input(at, agreement::FOLLOWER), code);
        faults.push(fault.with("name", text(agreement::FOLLOWER)));
    }
    let title = value_of(visit, agreement::TITLE, &text(agreement::TITLE), (at, true), faults)?;
    let amount = value_of(visit, agreement::AMOUNT, &text(agreement::AMOUNT), (at, false), faults)?;
    let day = value_of(visit, agreement::FOLLOW_UP, &text(agreement::FOLLOW_UP), (at, true), faults)?;
    if faults.len() > before {
        return Ok(None);
    }
    let title = title.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned();
    let (Some(follower), Some(follow_up)) = (follower, day) else { return Ok(None) };
    Ok(Some(Slip { at, parties, title, amount, follower, follow_up }))
}

fn input(at: usize, name: &str) -> String {
    format!("{SLIP}.{at}.{name}")
}

/// A value of a field of agreements, in canonical form.
fn value_of(
    visit: &Visit,
    name: &str,
    text: &str,
    (at, needed): (usize, bool),
    faults: &mut Vec<Fault>,
) -> Result<Option<Value>, Trouble> {
    let kind = kind_of(visit, agreement::KIND)?;
    let field = kind.field(name).ok_or(Trouble::NotFound)?;
    if text.is_empty() {
        faults.extend(needed.then(|| Fault::new(input(at, name), "required")));
        return Ok(None);
    }
    let catalogue = visit.app.register().catalogue();
    let parsed = value::parse(field, &catalogue.terms(), text);
    let checked = parsed.map_err(|fault| vec![fault]).and_then(|value| {
        let fields = Fields::from_iter([(name.to_owned(), value.clone())]);
        let found = catalogue.check(&kind.name, agreement::INTENT, &fields).map(|(_, faults)| faults);
        let of_field = found.unwrap_or_default().into_iter().filter(|fault| fault.field == name);
        let of_field: Vec<Fault> = of_field.collect();
        if of_field.is_empty() { Ok(value) } else { Err(of_field) }
    });
    match checked {
        Ok(value) => Ok(Some(value)),
        Err(found) => {
            faults.extend(found.into_iter().map(|fault| Fault { field: input(at, name), ..fault }));
            Ok(None)
        }
    }
}

fn party(
    visit: &Visit,
    reader: &Reader<'_>,
    written: &str,
    files_new: bool,
) -> Result<Result<Party, Fault>, Trouble> {
    Ok(match named::unit(visit, reader, written)? {
        Unit::Known(id, _) => Ok(Party::Known(id)),
        Unit::Near(_) if files_new => Ok(Party::New(written.to_owned())),
        Unit::Near(near) => {
            let nearest = near.into_iter().next().map(|item| item.title).unwrap_or_default();
            let code = if nearest.is_empty() { "no-unit" } else { "no-unit-near" };
            Err(Fault::new("", code).with("name", written).with("near", nearest))
        }
    })
}

/// Who goes on with it: the visitor by their own name, else the one person of that name.
fn follower(visit: &Visit, reader: &Reader<'_>, written: &str) -> Result<Option<RecordId>, Trouble> {
    match &visit.signed {
        Some(signed) if signed.name == written => Ok(Some(signed.person)),
        _ if written.is_empty() => Ok(None),
        _ => named::someone(visit, reader, written),
    }
}

/// What all slips of a table share.
struct About {
    event: RecordId,
    place: Option<Place>,
    held: Option<Value>,
    /// The table's own id, from which that of each slip follows.
    table: Option<RecordId>,
}

impl About {
    fn of(record: &Record, visit: &Visit, draft: &Draft) -> About {
        About {
            event: record.item.id,
            place: record.item.place.clone(),
            held: record.fields.get(event::HELD).cloned(),
            table: once::id_of(visit, draft),
        }
    }
}

/// Files every slip: the intent, listed at once, since its paper lies there; and the case that follows it.
fn file_all(writer: &mut Writer<'_>, me: &Asker, about: &About, slips: Vec<Slip>) -> register::Result<()> {
    for slip in slips {
        let id = about.table.map(|table| once::named(table, &input(slip.at, SLIP)));
        if let Some(Ok(_)) = id.map(|id| writer.find(me, &Key::Id(id))) {
            continue;
        }
        file(writer, me, about, slip, id)?;
    }
    Ok(())
}

fn file(
    writer: &mut Writer<'_>,
    me: &Asker,
    about: &About,
    slip: Slip,
    id: Option<RecordId>,
) -> register::Result<()> {
    let mut parties = Vec::new();
    for party in slip.parties {
        let id = match party {
            Party::Known(id) => id,
            Party::New(name) => firm::find_or_file(
                writer,
                me,
                &Named { name, place: about.place.clone(), ..Named::default() },
            )?,
        };
        parties.push(json!(id.to_string()));
    }
    let mut fields = Fields::new();
    fields.insert(agreement::TITLE.into(), json!(slip.title));
    fields.insert(agreement::PARTIES.into(), Value::Array(parties));
    fields.insert(agreement::EVENT.into(), json!(about.event.to_string()));
    fields.extend(slip.amount.map(|amount| (agreement::AMOUNT.to_owned(), amount)));
    fields.extend(about.held.clone().map(|held| (agreement::SIGNED.to_owned(), held)));
    let place = about.place.as_ref().map(|place| json!(place.to_string()));
    fields.extend(place.map(|place| (agreement::PLACE.to_owned(), place)));
    let (kind, type_path) = (agreement::KIND.to_owned(), agreement::INTENT.to_owned());
    fields.insert(agreement::FOLLOWER.into(), json!(slip.follower.to_string()));
    fields.insert(agreement::FOLLOW_UP.into(), slip.follow_up);
    let made = writer.create(me, New { kind, type_path, fields, id, ..New::default() })?;
    // Listing what was signed at an event opens its case.
    writer.make(me, &Key::Row(made.item.row), None, agreement::LIST, &Fields::new(), 0).map(drop)
}

async fn page(
    visit: &Visit,
    of: &Record,
    draft: &Draft,
    rows: usize,
    faults: &[Fault],
) -> Result<Response, Trouble> {
    let kind = kind_of(visit, event::KIND)?;
    let here = address(kind, &of.item.number);
    let (looking, id) = (visit.clone(), of.item.id);
    let filed = visit.app.read(move |reader| filed(&looking, reader, id)).await?;
    let view = SlipsView {
        page: visit.page(visit.texts().fill("slips.title", &[("title", &of.item.title)])),
        record: visit.link(&here, of.item.title.clone()),
        action: visit.href(&format!("{here}/slips")),
        hidden: vec![(once::TOKEN.to_owned(), draft.one(once::TOKEN).to_owned())],
        faults: faults.iter().map(|fault| fault_line(visit, fault)).collect(),
        headings: COLUMNS.iter().map(|(_, key)| visit.t(key).to_owned()).collect(),
        rows: (0..rows.clamp(1, SLIPS_MAX)).map(|at| cells(visit, draft, at, faults)).collect(),
        new_units: !draft.one(NEW_UNITS).is_empty(),
        filed,
    };
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, Html(view.render()?)).into_response())
}

fn fault_line(visit: &Visit, fault: &Fault) -> FaultLine {
    let mut parts = fault.field.split('.').skip(1);
    let row = parts.next().and_then(|at| at.parse::<usize>().ok()).map_or(0, |at| at + 1);
    let column = COLUMNS.iter().find(|(name, _)| Some(*name) == parts.clone().next());
    let column = column.map(|(_, key)| visit.t(key)).unwrap_or_default();
    let label = visit.texts().fill("slips.place", &[("row", &row.to_string()), ("column", column)]);
    FaultLine { id: fault.field.clone(), label, text: crate::problem::sentence(visit.texts(), fault) }
}

fn cells(visit: &Visit, draft: &Draft, at: usize, faults: &[Fault]) -> Vec<SlipCell> {
    let me = visit.signed.as_ref().map(|signed| signed.name.clone()).unwrap_or_default();
    let day = visit.app.today().saturating_add(FOLLOW_DAYS.days()).to_string();
    let fresh = !draft.pairs().iter().any(|(name, _)| name.starts_with(&input(at, "")));
    let cell = |(name, key): &(&str, &str)| {
        let id = input(at, name);
        let stands = match *name {
            agreement::FOLLOWER if fresh => me.clone(),
            agreement::FOLLOW_UP if fresh => day.clone(),
            _ => draft.one(&id).to_owned(),
        };
        let row = (at + 1).to_string();
        let of_cell = faults.iter().filter(|fault| fault.field == id);
        SlipCell {
            faults: of_cell.map(|fault| crate::problem::sentence(visit.texts(), fault)).collect(),
            label: visit.texts().fill("slips.place", &[("row", &row), ("column", visit.t(key))]),
            heading: visit.t(key).to_owned(),
            value: stands,
            name: id,
        }
    };
    COLUMNS.iter().map(cell).collect()
}

/// What was signed at the event so far, the newest first.
fn filed(visit: &Visit, reader: &Reader<'_>, id: RecordId) -> Result<Vec<SlipFiled>, Trouble> {
    let (asker, kind) = (visit.asker(), kind_of(visit, agreement::KIND)?);
    let find = Find::kind(agreement::KIND)
        .filter(Filter::Refers(agreement::EVENT.into(), id))
        .filter(Filter::Type(agreement::INTENT.into()))
        .first(SHOWN_MAX);
    let mut rows = Vec::new();
    for item in reader.list(&asker, &find)?.items {
        let record = reader.find(&asker, &Key::Row(item.row))?;
        rows.push(filed_row(visit, reader, kind, &record)?);
    }
    Ok(rows)
}

fn filed_row(visit: &Visit, reader: &Reader<'_>, kind: &Kind, record: &Record) -> Result<SlipFiled, Trouble> {
    let asker = visit.asker();
    let ids = |name: &str| -> Vec<RecordId> {
        let value = record.fields.get(name).cloned().unwrap_or_default();
        value.as_array().cloned().unwrap_or_else(|| vec![value]).iter().filter_map(reference).collect()
    };
    let titles = |ids: Vec<RecordId>| -> Result<Vec<String>, Trouble> {
        let found = reader.titles(&asker, &ids)?;
        Ok(ids.iter().filter_map(|id| found.get(id).cloned()).collect())
    };
    let show = |name: &str| {
        let (field, value) = (kind.field(name)?, record.fields.get(name)?);
        let terms = visit.app.register().catalogue().terms();
        Some(value::show(&field.shape, value, &terms, visit.lang, &|_| None))
    };
    let about = ids(agreement::CASE).first().and_then(|id| reader.seen(&asker, &Key::Id(*id)).ok());
    let cases = kind_of(visit, case::KIND)?;
    Ok(SlipFiled {
        agreement: visit.link(&address(kind, &record.item.number), record.item.title.clone()),
        parties: titles(ids(agreement::PARTIES))?.join(visit.t("list.comma")),
        amount: show(agreement::AMOUNT).unwrap_or_default(),
        about: about.map(|item| visit.link(&address(cases, &item.number), item.number.printed(&cases.sign))),
        follower: titles(ids(agreement::FOLLOWER))?.join(visit.t("list.comma")),
        follow_up: show(agreement::FOLLOW_UP).unwrap_or_default(),
    })
}
