//! 归并: several demands that ask the same become one common demand of their industry; each keeps its owner and its page.
//!
//! Merging duplicates is another thing (`records::merge`): there one record is given up, here none is. Start at [`form`].

use std::collections::BTreeSet;

use axum::extract::RawQuery;
use axum::response::Response;
use catalogue::kind::{Verb, reference};
use catalogue::{Asker, Fields, Kind};
use register::{Key, New, Reader, Record, Writer};
use serde_json::{Value, json};

use crate::collect::firm::enters;
use crate::fields::demand;
use crate::records::draft::Draft;
use crate::records::edit::{Form, Said, redirect};
use crate::records::posted::{Posted, Press, read_pairs};
use crate::records::sheet::Sheet;
use crate::records::{address, key_at, once};
use crate::search::ALIKE_MIN;
use crate::trouble::Trouble;
use crate::view::{AlikeView, Row};
use crate::visit::Visit;

/// Demands combined at once at most, as the field that names them allows.
const MEMBERS_MAX: usize = 60;
/// Near demands shown beside one.
const ALIKE: usize = 5;
/// The figures set side by side.
const FIGURES: [&str; 5] =
    [demand::PRESENT, demand::WANTED, demand::CONDITIONS, demand::VOLUME, demand::PROBLEM];
/// What is asked of a common demand.
const ASKED: [&str; 14] = [
    demand::TITLE,
    demand::PROBLEM,
    demand::PRESENT,
    demand::WANTED,
    demand::CONDITIONS,
    demand::VOLUME,
    demand::BUDGET,
    demand::DUE,
    demand::PLACE,
    demand::INDUSTRY,
    demand::CONTACT_NAME,
    demand::CONTACT_PHONE,
    demand::DRAWN_FROM,
    demand::FIRMS,
];

/// Whether the visitor combines demands at all.
pub fn offered(visit: &Visit, kind: &Kind) -> bool {
    kind.name == demand::KIND && enters(&visit.asker())
}

/// Demands that read nearly the same as this one, among those the visitor may read.
pub fn alike(
    visit: &Visit,
    reader: &Reader<'_>,
    kind: &Kind,
    record: &Record,
) -> Result<Option<AlikeView>, Trouble> {
    if !offered(visit, kind) || record.item.type_path == demand::COMMON_TYPE {
        return Ok(None);
    }
    let rows = crate::search::alike(visit, record, ALIKE_MIN, ALIKE);
    let items = crate::search::read_items(reader, &visit.asker(), &rows)?;
    let rows: Vec<Row> = items.iter().map(|item| crate::records::faces::row(visit, item, &[])).collect();
    let numbers =
        std::iter::once(&record.item).chain(&items).map(|item| format!("of={}", item.number.path()));
    let combine = format!("/{}/common?{}", kind.path, numbers.collect::<Vec<_>>().join("&"));
    Ok((!rows.is_empty())
        .then(|| AlikeView { combine: visit.link(&combine, visit.t("combine.these")), rows }))
}

fn kind(visit: &Visit) -> Result<&Kind, Trouble> {
    let kind = visit.app.register().catalogue().kind(demand::KIND).ok_or(Trouble::NotFound)?;
    visit.must_sign_in()?;
    match offered(visit, kind) {
        true => Ok(kind),
        false => Err(Trouble::Register(register::Fault::NotAllowed)),
    }
}

/// `GET /demands/common?of=NUMBER&of=NUMBER`: the form of the common demand, filled in from its members.
pub async fn form(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, Trouble> {
    let kind = kind(&visit)?;
    let asked = Draft::new(read_pairs(query.unwrap_or_default().as_bytes())?);
    let keys: Vec<Key> =
        asked.all("of").filter_map(|number| key_at(kind, number).ok()).take(MEMBERS_MAX).collect();
    let asker = visit.asker();
    let members = visit
        .app
        .read(move |reader| {
            Ok(keys.iter().filter_map(|key| reader.find(&asker, key).ok()).collect::<Vec<_>>())
        })
        .await?;
    let mut draft = filled(&visit, kind, &members);
    once::mark(&visit, &mut draft);
    let mut said = Said::default();
    if members.len() < 2 {
        said.faults.push(catalogue::Fault::new(demand::DRAWN_FROM, "two-needed"));
    }
    sheet(&visit, kind)?.page(&visit, &draft, said).await
}

/// The members' words as a first draft: what each asks, line by line; what they share, once.
fn filled(visit: &Visit, kind: &Kind, members: &[Record]) -> Draft {
    let terms = visit.app.register().catalogue().terms();
    let mut draft = Draft::default();
    let typed = |record: &Record, name: &str| {
        let typed = Draft::of_fields(kind.field(name), &record.fields, &terms);
        typed.all(name).map(str::to_owned).collect::<Vec<_>>()
    };
    for name in FIGURES {
        let lines: Vec<String> = members
            .iter()
            .flat_map(|member| typed(member, name))
            .enumerate()
            .map(|(at, text)| format!("{}. {text}", at + 1))
            .collect();
        let joined =
            lines.join(if name == demand::PROBLEM || name == demand::CONDITIONS { "\n" } else { "；" });
        if !joined.is_empty() {
            draft.set(name, joined);
        }
    }
    for code in members.iter().flat_map(|member| typed(member, demand::INDUSTRY)).collect::<BTreeSet<_>>() {
        draft.add(demand::INDUSTRY, code);
    }
    if let Some(first) = members.first() {
        draft.set(demand::TITLE, visit.texts().fill("combine.name", &[("title", &first.item.title)]));
    }
    if let Some(place) = shared_place(members) {
        draft.set(demand::PLACE, place);
    }
    let firms: BTreeSet<_> = members
        .iter()
        .map(|member| (member.item.owner, member.item.owner.is_none().then_some(member.item.row)))
        .collect();
    if firms.len() > 1 {
        draft.set(demand::FIRMS, firms.len().to_string());
    }
    members.iter().for_each(|member| draft.add(demand::DRAWN_FROM, member.item.id.to_string()));
    draft
}

/// The smallest place that holds all members.
fn shared_place(members: &[Record]) -> Option<String> {
    let places: Vec<_> = members.iter().filter_map(|member| member.item.place.clone()).collect();
    let all = |over: &base::place::Place| places.iter().all(|place| place.within(over));
    places.first()?.ancestors().into_iter().find(all).map(|place| place.to_string())
}

fn sheet<'a>(visit: &'a Visit, kind: &'a Kind) -> Result<Form<'a>, Trouble> {
    let of_type = kind.type_of(demand::COMMON_TYPE).ok_or(Trouble::NotFound)?;
    Ok(Form {
        sheet: Sheet {
            catalogue: visit.app.register().catalogue(),
            kind,
            type_path: of_type.path.clone(),
            fields: kind
                .fields_of(demand::COMMON_TYPE)
                .filter(|field| ASKED.contains(&field.name.as_str()))
                .collect(),
            needs: vec![
                demand::PROBLEM,
                demand::PLACE,
                demand::CONTACT_NAME,
                demand::CONTACT_PHONE,
                demand::DRAWN_FROM,
            ],
        },
        heading: visit.t("combine.title").to_owned(),
        intro: vec![visit.t("combine.intro").to_owned()],
        action: format!("/{}/common", kind.path),
        submit: visit.t("combine.do").to_owned(),
        back: format!("/{}", kind.path),
        checkup: true,
        questions: Vec::new(),
    })
}

/// `POST /demands/common`.
pub async fn combine(visit: Visit, posted: Posted) -> Result<Response, Trouble> {
    let kind = kind(&visit)?;
    let form = sheet(&visit, kind)?;
    if !matches!(posted.press, Press::Do(_)) {
        return form.step(&visit, posted).await;
    }
    let made = match form.read(&posted.draft).and_then(enough) {
        Ok(fields) => {
            let (asker, id) = (visit.asker(), once::id_of(&visit, &posted.draft));
            visit.app.write(move |writer| file(writer, &asker, fields, id)).await
        }
        Err(trouble) => Err(trouble),
    };
    match made {
        Ok(made) => Ok(redirect(&visit, &address(kind, &made.value.item.number), "notice.combined")),
        Err(trouble) => form.again(&visit, posted.draft, trouble).await,
    }
}

fn enough(fields: Fields) -> Result<Fields, Trouble> {
    match fields.get(demand::DRAWN_FROM).and_then(Value::as_array).map_or(0, Vec::len) {
        0 | 1 => Err(Trouble::Invalid(vec![catalogue::Fault::new(demand::DRAWN_FROM, "two-needed")])),
        _ => Ok(fields),
    }
}

/// Files and submits the common demand; every member is led to it by a move of its own, so that its owner is told.
pub fn file(
    writer: &mut Writer<'_>,
    me: &Asker,
    fields: Fields,
    id: Option<base::id::RecordId>,
) -> register::Result<Record> {
    if let Some(Ok(before)) = id.map(|id| writer.find(me, &Key::Id(id))) {
        return Ok(before);
    }
    let members = fields.get(demand::DRAWN_FROM).and_then(Value::as_array).cloned().unwrap_or_default();
    let (kind, type_path) = (demand::KIND.to_owned(), demand::COMMON_TYPE.to_owned());
    let made = writer.create(me, New { kind, type_path, fields, id, ..New::default() })?;
    let common = writer.make(me, &Key::Row(made.item.row), None, demand::SUBMIT, &Fields::new(), 0)?;
    let mut given = Fields::new();
    given.insert(demand::COMMON.into(), json!(common.item.id.to_string()));
    let demands = writer.catalogue().kind(demand::KIND).ok_or(register::Fault::NotFound)?;
    for member in members.iter().filter_map(reference) {
        let found = writer.find(me, &Key::Id(member))?;
        // One that the officer may read and not handle is drawn from, and left as it stands.
        let verb = Verb::Move(demand::COMBINE.to_owned());
        if catalogue::access::may(demands, me, &found.subject, &verb).is_some() {
            writer.make(me, &Key::Id(member), None, demand::COMBINE, &given, 0)?;
        }
    }
    Ok(common)
}
