//! The ledger of credits: beside a case, who has which part in it and what is left; beside a person, their parts and what came
//! of each.
//!
//! Says what is recorded, and never who deserves what. Start at [`of_case`] and [`of_person`].

use catalogue::kind::{Verb, type_within};
use catalogue::{Fields, Filter, Lang, Shape, Standing};
use register::{Direction, Item, Key, Order, Reader, Record};
use serde_json::Value;

use super::{
    day_words, first, is_concerned, link_to, list_href, references, referred, some, stage, text, texts,
};
use crate::accounts::cell;
use crate::clock;
use crate::fields::{agreement, case, credit, outcome, person};
use crate::problem::encode_query;
use crate::trouble::Trouble;
use crate::view::{DeskRow, DeskTable, Link, PanelView};
use crate::visit::Visit;

/// Credits shown; the list has all.
const SHOWN: usize = 40;
/// What names a case, looked at.
const LOOKED_AT: usize = 60;
/// All of a case.
const WHOLE: i64 = 100;

/// The ledger of a case, for those who work on it.
pub fn of_case(visit: &Visit, reader: &Reader<'_>, record: &Record) -> Result<Option<PanelView>, Trouble> {
    if !is_concerned(record) {
        return Ok(None);
    }
    let about = Filter::Refers(credit::CASE.to_owned(), record.item.id);
    let found = some(visit, reader, (credit::KIND, about.clone()), Order::Newest, SHOWN)?;
    let settled = reader.settled_on(&record.item)?;
    let actions: Vec<Link> = add(visit, record).filter(|_| settled.is_none()).into_iter().collect();
    // An order of a service is seldom anyone's introduction.
    let is_order = record.item.type_path == case::ORDER;
    if found.is_empty() && (actions.is_empty() || is_order) {
        return Ok(None);
    }
    let shared = reader.shared(record.item.row)?;
    let percent = |n: i64| format!("{n}%");
    let all = Link { href: list_href(visit, credit::KIND, &about), ..cell(visit.t("credit.shared")) };
    let note = match settled {
        None => visit.t("credit.note").to_owned(),
        Some(day) => visit.texts().fill("credit.settled", &[("day", &clock::date(day, visit.lang))]),
    };
    Ok(Some(PanelView {
        name: "credit",
        heading: visit.t("credit.title").to_owned(),
        note,
        figures: vec![
            (all.clone(), percent(shared)),
            (
                Link { label: visit.t("credit.left").to_owned(), ..all.clone() },
                percent(WHOLE.saturating_sub(shared).max(0)),
            ),
        ],
        tables: vec![ledger(visit, reader, &found)?],
        actions,
    }))
}

fn ledger(visit: &Visit, reader: &Reader<'_>, found: &[Item]) -> Result<DeskTable, Trouble> {
    let row = |item: &Item| -> Result<DeskRow, Trouble> {
        let fields = texts(visit, reader, item)?;
        let cells = vec![
            first(referred(visit, reader, &fields, credit::CREDITED)?),
            link_to(visit, item, part(visit, &fields)),
            cell(share(&fields)),
            cell(day_words(visit, &fields, credit::PROPOSED_ON)),
            cell(standing(visit, item, &fields)),
        ];
        Ok(DeskRow { cells, buttons: Vec::new() })
    };
    let columns = ["credit.who", "credit.part", "credit.share", "credit.proposed", "list.stage"];
    Ok(DeskTable {
        columns: columns.map(|key| visit.t(key).to_owned()).into(),
        rows: found.iter().map(row).collect::<Result<_, _>>()?,
        ..DeskTable::default()
    })
}

/// Where a credit stands, with the day it was agreed.
fn standing(visit: &Visit, item: &Item, fields: &Fields) -> String {
    let (words, day) = (stage(visit, item), day_words(visit, fields, credit::AGREED_ON));
    if item.stage == credit::AGREED { format!("{words} · {day}") } else { words }
}

fn part(visit: &Visit, fields: &Fields) -> String {
    let terms = visit.app.register().catalogue().terms();
    terms.label(credit::CONTRIBUTION, &text(fields, credit::CONTRIBUTION), visit.lang)
}

fn share(fields: &Fields) -> String {
    fields.get(credit::SHARE).and_then(Value::as_i64).map(|share| format!("{share}%")).unwrap_or_default()
}

/// The form of a new credit of a case, with what is known: the name of whoever may enter but their own.
fn add(visit: &Visit, record: &Record) -> Option<Link> {
    let asker = visit.asker();
    let kind = visit.app.register().catalogue().kind(credit::KIND)?;
    if asker.only.is_some() || catalogue::access::arms(kind, &asker, &Verb::Create).is_empty() {
        return None;
    }
    let place = record.item.place.as_ref().map(|place| place.to_string()).unwrap_or_default();
    let mut href = format!(
        "/{}/new?{}={}&title={}&place={place}",
        kind.path,
        credit::CASE,
        record.item.id,
        encode_query(&record.item.title)
    );
    let for_all =
        record.access.standing == Standing::Own || asker.roles.iter().any(|held| held.role.handles());
    if let Some(me) = asker.person.filter(|_| !for_all) {
        href.push_str(&format!("&{}={me}", credit::CREDITED));
    }
    Some(visit.link(&href, visit.t("credit.add")))
}

/// The credits of a person that the visitor may read, each with the contract and the outcomes it led to.
pub fn of_person(visit: &Visit, reader: &Reader<'_>, record: &Record) -> Result<Option<PanelView>, Trouble> {
    let about = Filter::Refers(credit::CREDITED.to_owned(), record.item.id);
    let found = some(visit, reader, (credit::KIND, about.clone()), Order::Newest, SHOWN)?;
    if record.item.type_path == person::CONTACT || found.is_empty() {
        return Ok(None);
    }
    let rows = found.iter().map(|item| of_one(visit, reader, item)).collect::<Result<_, _>>()?;
    let columns =
        ["credit.case", "credit.part", "credit.share", "list.stage", "credit.contract", "credit.evidence"];
    let all = Link { href: list_href(visit, credit::KIND, &about), ..cell(visit.t("credit.count")) };
    Ok(Some(PanelView {
        name: "credit",
        heading: visit.t("credit.title").to_owned(),
        note: visit.t("credit.person-note").to_owned(),
        figures: vec![(all, found.len().to_string())],
        tables: vec![DeskTable {
            columns: columns.map(|key| visit.t(key).to_owned()).into(),
            rows,
            ..DeskTable::default()
        }],
        actions: Vec::new(),
    }))
}

fn of_one(visit: &Visit, reader: &Reader<'_>, item: &Item) -> Result<DeskRow, Trouble> {
    let fields = texts(visit, reader, item)?;
    let (amounts, grades) = led_to(visit, reader, &fields)?;
    let about = first(referred(visit, reader, &fields, credit::CASE)?);
    let cells = vec![
        // A case may be read no more, and the credit for it still stands.
        if about.label.is_empty() { cell(item.title.clone()) } else { about },
        link_to(visit, item, part(visit, &fields)),
        cell(share(&fields)),
        cell(standing(visit, item, &fields)),
        cell(amounts),
        cell(grades),
    ];
    Ok(DeskRow { cells, buttons: Vec::new() })
}

/// The amounts of the contracts of a case and the grades of its outcomes, as far as the visitor may read them.
fn led_to(visit: &Visit, reader: &Reader<'_>, fields: &Fields) -> Result<(String, String), Trouble> {
    let me = visit.asker();
    let Some(case) = references(fields, credit::CASE).into_iter().next() else {
        return Ok(Default::default());
    };
    let Ok(case) = reader.seen(&me, &Key::Id(case)) else { return Ok(Default::default()) };
    let (mut amounts, mut grades) = (Vec::new(), Vec::new());
    for edge in reader.edges(&me, case.row, Direction::To, Some(credit::CASE), LOOKED_AT)? {
        let item = edge.item;
        let is_contract = item.kind == agreement::KIND && type_within(&item.type_path, credit::CONTRACT);
        if !is_contract && item.kind != outcome::KIND {
            continue;
        }
        let fields = texts(visit, reader, &item)?;
        if is_contract {
            amounts.extend(fields.get(agreement::AMOUNT).map(|amount| money(visit, amount)));
        } else {
            grades.extend(
                Some(text(&fields, outcome::EVIDENCE).to_uppercase()).filter(|code| !code.is_empty()),
            );
        }
    }
    grades.sort();
    let comma = visit.t("list.comma");
    Ok((amounts.join(comma), grades.join(comma)))
}

fn money(visit: &Visit, amount: &Value) -> String {
    let lang: Lang = visit.lang;
    catalogue::value::show(&Shape::Money, amount, &visit.app.register().catalogue().terms(), lang, &|_| None)
}
