//! Beside an expert: how much they carry just now, what was said and promised, what they were granted.
//!
//! Memos are for those who keep them, never for the expert's own page as others see it. Start at [`panel`].

use base::money::Money;
use catalogue::{Filter, Over, Role, Shape, Standing};
use register::{Item, Order, Reader, Record};
use serde_json::{Value, json};

use super::{count, day_words, going, link_to, list_href, some, stage, text, texts};
use crate::accounts::cell;
use crate::collect::firm::enters;
use crate::fields::{EXPERT, benefit, case, memo, person, trip, visiting};
use crate::trouble::Trouble;
use crate::view::{DeskRow, DeskTable, Link, PanelView};
use crate::visit::Visit;

/// Memos and benefits shown; the lists have all.
const SHOWN: usize = 6;

/// The panel of an expert, for the expert and for those who look after experts there.
pub fn panel(visit: &Visit, reader: &Reader<'_>, record: &Record) -> Result<Option<PanelView>, Trouble> {
    let is_expert = record.item.type_path == person::EXPERT;
    // A county looks after experts from anywhere; what it reads of others' memos, the grants say.
    let keeps = enters(&visit.asker()) && visit.asker().only.is_none();
    if !is_expert || !(keeps || record.access.standing == Standing::Own) {
        return Ok(None);
    }
    let memos = if keeps { memos(visit, reader, record)? } else { DeskTable::default() };
    Ok(Some(PanelView {
        name: "expert",
        heading: visit.t("expert.load").to_owned(),
        note: visit.t("expert.load-note").to_owned(),
        figures: load(visit, reader, record)?,
        tables: vec![memos, benefits(visit, reader, record)?],
        actions: actions(visit, record, keeps),
    }))
}

/// Cases that go on, visits of the year, trips ahead, invitations of the month.
fn load(visit: &Visit, reader: &Reader<'_>, record: &Record) -> Result<Vec<(Link, String)>, Trouble> {
    let (catalogue, id) = (visit.app.register().catalogue(), record.item.id);
    let today = visit.app.today();
    let mut figures = Vec::new();
    let refers = |field: &str| Filter::Refers(field.to_owned(), id);
    let open = |kind: &str, field: &str| {
        let kind = catalogue.kind(kind)?;
        Some((kind.name.clone(), Filter::All(vec![refers(field), going(kind)])))
    };
    let year = Filter::AtLeast(visiting::ON.to_owned(), today.year().to_string());
    let visits = Some((visiting::KIND.to_owned(), Filter::All(vec![refers(visiting::EXPERTS), year])));
    let asked = [
        ("expert.cases", open(case::KIND, EXPERT)),
        ("expert.visits", visits),
        ("expert.trips", open(trip::KIND, trip::EXPERTS)),
    ];
    for (key, question) in asked {
        let Some((kind, filter)) = question else { continue };
        let href = list_href(visit, &kind, &filter);
        let found = count(visit, reader, &kind, filter)?;
        figures.push((Link { href, label: visit.t(key).to_owned(), current: false }, found));
    }
    let invitations = reader.invitations(id, today)?;
    let words = [("sent", invitations.sent.to_string()), ("most", invitations.most.to_string())];
    let words = words.each_ref().map(|(name, text)| (*name, text.as_str()));
    let said = match invitations.paused {
        true => visit.t("expert.paused").to_owned(),
        false => visit.texts().fill("expert.sent-of", &words),
    };
    figures.push((cell(visit.t("expert.invitations")), said));
    Ok(figures)
}

fn memos(visit: &Visit, reader: &Reader<'_>, record: &Record) -> Result<DeskTable, Trouble> {
    let about = Filter::Refers(EXPERT.to_owned(), record.item.id);
    let newest = Order::ByDesc(memo::ON.to_owned());
    let found = some(visit, reader, (memo::KIND, about), newest, SHOWN)?;
    let row = |item: &Item| -> Result<DeskRow, Trouble> {
        let fields = texts(visit, reader, item)?;
        let next = text(&fields, memo::NEXT);
        let next = if next.is_empty() { text(&fields, memo::PROMISES) } else { next };
        let due = item.due.map(|due| crate::clock::date(due, visit.lang)).unwrap_or_default();
        let late = item.due.is_some_and(|due| due < visit.app.today());
        let due = if late { format!("{} {due}", visit.t("work.late")) } else { due };
        let cells = vec![
            cell(day_words(visit, &fields, memo::ON)),
            link_to(visit, item, item.title.clone()),
            cell(next),
            cell(due),
            cell(stage(visit, item)),
        ];
        Ok(DeskRow { cells, buttons: Vec::new() })
    };
    Ok(DeskTable {
        heading: visit.t("expert.memos").to_owned(),
        note: visit.t("expert.memos-note").to_owned(),
        columns: ["expert.on", "expert.subject", "expert.next", "expert.follow-up", "list.stage"]
            .map(|key| visit.t(key).to_owned())
            .into(),
        rows: found.iter().map(row).collect::<Result<_, _>>()?,
        empty: String::new(),
    })
}

fn benefits(visit: &Visit, reader: &Reader<'_>, record: &Record) -> Result<DeskTable, Trouble> {
    let about = Filter::Refers(EXPERT.to_owned(), record.item.id);
    let found = some(visit, reader, (benefit::KIND, about), Order::Newest, SHOWN)?;
    let row = |item: &Item| -> Result<DeskRow, Trouble> {
        let fields = texts(visit, reader, item)?;
        let granted = fields.get(benefit::AMOUNT).and_then(money).unwrap_or_default();
        let uses = fields.get(benefit::USED).and_then(Value::as_array);
        let used = uses.into_iter().flatten().filter_map(|one| money(one.get(benefit::AMOUNT)?));
        let used = used.fold(0_i64, i64::saturating_add);
        let words = |fen: i64| cell(money_words(visit, fen));
        let cells = vec![
            link_to(visit, item, item.title.clone()),
            words(granted),
            words(used),
            words(granted.saturating_sub(used)),
            cell(day_words(visit, &fields, benefit::VALID)),
            cell(stage(visit, item)),
        ];
        Ok(DeskRow { cells, buttons: Vec::new() })
    };
    let columns = [
        "expert.benefit",
        "expert.granted",
        "expert.used",
        "expert.left",
        "expert.valid-until",
        "list.stage",
    ];
    Ok(DeskTable {
        heading: visit.t("expert.benefits").to_owned(),
        note: String::new(),
        columns: columns.map(|key| visit.t(key).to_owned()).into(),
        rows: found.iter().map(row).collect::<Result<_, _>>()?,
        empty: String::new(),
    })
}

/// Hundredths of a yuan.
fn money(value: &Value) -> Option<i64> {
    serde_json::from_value::<Money>(value.clone()).ok().map(|money| money.fen)
}

fn money_words(visit: &Visit, fen: i64) -> String {
    let terms = visit.app.register().catalogue().terms();
    let value = json!(Money { fen, about: false });
    catalogue::value::show(&Shape::Money, &value, &terms, visit.lang, &|_| None)
}

/// The place the visitor works for.
fn own_place(visit: &Visit) -> Option<String> {
    visit.asker().roles.iter().filter(|held| held.role.handles()).find_map(|held| match &held.over {
        Over::Place(place) => Some(place.to_string()),
        Over::Organization(_) | Over::Node => None,
    })
}

/// What may be entered about an expert, filled in as far as it is known; and the record of a year.
fn actions(visit: &Visit, record: &Record, keeps: bool) -> Vec<Link> {
    let year =
        visit.link(&format!("/people/{}/record", record.item.number.path()), visit.t("service-year.title"));
    if !keeps {
        return vec![year];
    }
    let (id, today) = (record.item.id, visit.app.today());
    let place = own_place(visit).or_else(|| record.item.place.as_ref().map(|place| place.to_string()));
    let place = place.unwrap_or_default();
    let by = visit.asker().person.map(|person| person.to_string()).unwrap_or_default();
    let mut links = vec![visit.link(
        &format!("/memos/new?type={}&expert={id}&noted_on={today}&place={place}&by={by}", memo::FOLLOW),
        visit.t("expert.new-memo"),
    )];
    let grants = |role: Role| matches!(role, Role::Officer | Role::Liaison);
    if visit.asker().roles.iter().any(|held| grants(held.role)) {
        let benefit = format!("/benefits/new?expert={id}&granted_on={today}&place={place}");
        links.push(visit.link(&benefit, visit.t("expert.new-benefit")));
        links.push(visit.link(&format!("/trips/new?experts={id}"), visit.t("expert.new-trip")));
    }
    links.push(year);
    links
}
