//! 成效核对: claims that do not fit together, by region, the records side by side. An officer settles the shares of one outcome
//! told twice, or says that they are two and why.
//!
//! Shows a finding only to who may read every record of it and holds an office over one. Start at [`list`] and [`check`].

use askama::Template as _;
use assessment::claims::{Clash, Finding};
use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use base::place::Place;
use catalogue::kind::reference;
use catalogue::{Asker, Fields, Over, Role, Standing};
use register::{Item, Key, Reader, Record, Writer};
use serde_json::{Value, json};

use crate::accounts::{cell, heading};
use crate::fields::outcome;
use crate::records::address;
use crate::records::draft::Draft;
use crate::records::edit::redirect;
use crate::records::export::{Sheet, send};
use crate::records::faces::place_name;
use crate::records::posted::{Posted, read_pairs};
use crate::trouble::Trouble;
use crate::view::{DeskForm, DeskRow, DeskTable, DeskView, FaultLine, FieldView, Link, Widget};
use crate::visit::Visit;

/// Offices that look at claims.
const MAY: [Role; 5] = [Role::Officer, Role::Steward, Role::Liaison, Role::Leader, Role::Evaluator];
/// Findings of a page at most.
const SHOWN_MAX: usize = 200;
/// Records of one finding that are read; a file used more often is told by these.
const RECORDS_MAX: usize = 20;
/// Characters of a reason.
const REASON_CHARS: usize = 200;
/// Before the number of a record in the name of its share's input.
const SHARE: &str = "share-";

/// Findings and their records, as far as the visitor may see them.
type Shown = Vec<(Clash, Vec<Item>)>;

fn oversees(me: &Asker, item: &Item) -> bool {
    me.only.is_none()
        && me.roles.iter().filter(|held| MAY.contains(&held.role)).any(|held| match &held.over {
            Over::Node => true,
            Over::Place(over) => item.place.as_ref().is_some_and(|place| place.within(over)),
            Over::Organization(_) => false,
        })
}

/// Whether the visitor holds an office that looks at claims.
pub fn works(me: &Asker) -> bool {
    me.only.is_none()
        && me.roles.iter().any(|held| MAY.contains(&held.role) && !matches!(held.over, Over::Organization(_)))
}

/// Where the desk stands, for who works at it.
pub fn offered(visit: &Visit) -> Option<Link> {
    works(&visit.asker()).then(|| visit.link("/claims", visit.t("claims.title")))
}

fn title(visit: &Visit, clash: Clash) -> &str {
    visit.t(match clash {
        Clash::Twice => "claims.twice",
        Clash::File => "claims.file",
        Clash::Above => "claims.above",
        Clash::Future => "claims.future",
        Clash::Early => "claims.early",
        Clash::Far => "claims.far",
    })
}

/// The findings of the place the address asks for; where it asks for none that can be read, of all places.
async fn narrowed(visit: &Visit, query: Option<String>) -> Result<(Shown, Shown, Option<Place>), Trouble> {
    let draft = Draft::new(read_pairs(query.unwrap_or_default().as_bytes())?);
    let place = Place::parse(draft.one("place").trim()).ok();
    let all = shown(visit).await?;
    let within = |item: &Item| match &place {
        Some(over) => item.place.as_ref().is_some_and(|place| place.within(over)),
        None => true,
    };
    let some = all.iter().filter(|(_, items)| items.iter().any(within)).cloned().collect();
    Ok((some, all, place))
}

/// Counties and cities of the findings, and the provinces they lie in, to choose from.
fn places(visit: &Visit, all: &Shown, chosen: Option<&Place>) -> Vec<(String, String, bool)> {
    let of_items = all.iter().flat_map(|(_, items)| items).filter_map(|item| item.place.as_ref());
    let nation = Place::nation();
    let mut found: Vec<Place> =
        of_items.flat_map(Place::ancestors).filter(|place| *place != nation).collect();
    found.extend(chosen.cloned());
    found.sort_by_key(|place| place.code().to_owned());
    found.dedup();
    let option = |place: &Place| {
        let name = place_name(place, visit.lang);
        (place.code().to_owned(), name, Some(place) == chosen)
    };
    found.iter().map(option).collect()
}

async fn shown(visit: &Visit) -> Result<Shown, Trouble> {
    let me = visit.must_sign_in()?;
    if !works(&me) {
        return Err(Trouble::Register(register::Fault::NotAllowed));
    }
    // What was just put right must not be shown again.
    visit.app.reached(Some(visit.app.position())).await?;
    let findings: Vec<Finding> = visit.app.index().ask().claims.findings();
    let read = move |reader: &Reader<'_>| {
        let mut shown = Shown::new();
        for finding in findings {
            if let Some(items) = admitted(reader, &me, &finding)? {
                shown.push((finding.clash, items));
            }
            if shown.len() >= SHOWN_MAX {
                break;
            }
        }
        Ok(shown)
    };
    visit.app.read(read).await
}

/// The records of a finding; none where one may not be read, or none is of the visitor's region.
fn admitted(reader: &Reader<'_>, me: &Asker, finding: &Finding) -> Result<Option<Vec<Item>>, Trouble> {
    let mut items = Vec::new();
    for row in finding.rows.iter().take(RECORDS_MAX).filter_map(|row| i64::try_from(*row).ok()) {
        match reader.find(me, &Key::Row(row)) {
            // What a paper is a copy of is for those who may read the paper.
            Ok(record) if finding.clash == Clash::File && record.access.standing == Standing::Anyone => {
                return Ok(None);
            }
            Ok(record) => items.push(record.item),
            Err(register::Fault::NotFound) => return Ok(None),
            Err(fault) => return Err(fault.into()),
        }
    }
    Ok(items.iter().any(|item| oversees(me, item)).then_some(items))
}

fn desk(visit: &Visit, title: String) -> DeskView {
    DeskView::bare(visit.page(title))
}

/// `GET /claims`; `?place=` narrows it.
pub async fn list(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, Trouble> {
    let (shown, all, place) = narrowed(&visit, query).await?;
    let kinds = [Clash::Twice, Clash::File, Clash::Above, Clash::Future, Clash::Early, Clash::Far];
    let tables = kinds.iter().filter_map(|clash| {
        let rows: Vec<DeskRow> =
            shown.iter().filter(|(of, _)| of == clash).map(|(of, items)| row(&visit, *of, items)).collect();
        (!rows.is_empty()).then(|| DeskTable {
            heading: title(&visit, *clash).to_owned(),
            note: String::new(),
            columns: ["claims.records", "claims.place"].map(|key| visit.t(key).to_owned()).into(),
            rows,
            empty: String::new(),
        })
    });
    let mut view = desk(&visit, visit.t("claims.title").to_owned());
    view.tables = tables.collect();
    view.lead = vec![visit.t(if shown.is_empty() { "claims.none" } else { "claims.lead" }).to_owned()];
    view.places = places(&visit, &all, place.as_ref());
    view.exports = visit.exports("/claims");
    if let Some(place) = place {
        view.exports.iter_mut().for_each(|link| link.href.push_str(&format!("?place={place}")));
    }
    Ok(Html(view.render()?).into_response())
}

fn numbers(visit: &Visit, items: &[Item]) -> Vec<(String, String)> {
    let kind = |item: &Item| visit.app.register().catalogue().kind(&item.kind);
    let named = items.iter().filter_map(|item| Some((item, kind(item)?)));
    named.map(|(item, kind)| (item.number.printed(&kind.sign), address(kind, &item.number))).collect()
}

fn place_of(visit: &Visit, items: &[Item]) -> String {
    let mut places: Vec<String> = items
        .iter()
        .filter_map(|item| item.place.as_ref())
        .map(|place| place_name(place, visit.lang))
        .collect();
    places.dedup();
    places.join(visit.t("list.comma"))
}

fn row(visit: &Visit, clash: Clash, items: &[Item]) -> DeskRow {
    let titles: Vec<&str> = items.iter().map(|item| item.title.as_str()).collect();
    let records = visit.link(&check_address(clash, items), titles.join(" ／ "));
    DeskRow { cells: vec![records, cell(place_of(visit, items))], buttons: Vec::new() }
}

fn check_address(clash: Clash, items: &[Item]) -> String {
    let of: Vec<String> = items.iter().map(|item| format!("&of={}", item.id)).collect();
    format!("/claims/check?clash={}{}", code(clash), of.concat())
}

fn code(clash: Clash) -> &'static str {
    match clash {
        Clash::Twice => "twice",
        Clash::File => "file",
        Clash::Above => "above",
        Clash::Future => "future",
        Clash::Early => "early",
        Clash::Far => "far",
    }
}

/// `GET /claims.{ending}`.
pub async fn export(
    visit: Visit,
    axum::extract::Path(ending): axum::extract::Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Trouble> {
    let (shown, _, _) = narrowed(&visit, query).await?;
    let cells = |(clash, items): &(Clash, Vec<Item>)| {
        let numbers: Vec<String> = numbers(&visit, items).into_iter().map(|(number, _)| number).collect();
        let titles: Vec<&str> = items.iter().map(|item| item.title.as_str()).collect();
        let place = place_of(&visit, items);
        vec![title(&visit, *clash).to_owned(), numbers.join(" "), titles.join(" ／ "), place]
    };
    let heads = ["claims.clash", "claims.number", "claims.records", "claims.place"];
    send(&Sheet::of(&visit, visit.t("claims.title"), &heads, shown.iter().map(cells).collect()), &ending)
}

/// A finding as the address names it, with its records; there is no page for what does not clash any more.
async fn found(visit: &Visit, draft: &Draft) -> Result<(Clash, Vec<Record>), Trouble> {
    let shown = shown(visit).await?;
    let mut ids: Vec<String> = draft.all("of").map(str::to_owned).collect();
    ids.sort();
    let same = |items: &[Item]| {
        let mut known: Vec<String> = items.iter().map(|item| item.id.to_string()).collect();
        known.sort();
        known == ids
    };
    let wanted = draft.one("clash").to_owned();
    let found = shown.into_iter().find(|(clash, items)| code(*clash) == wanted && same(items));
    let (clash, items) = found.ok_or(Trouble::NotFound)?;
    let me = visit.asker();
    let read = move |reader: &Reader<'_>| {
        items
            .iter()
            .map(|item| Ok(reader.find(&me, &Key::Row(item.row))?))
            .collect::<Result<Vec<_>, Trouble>>()
    };
    Ok((clash, visit.app.read(read).await?))
}

/// `GET /claims/check`: the records of one finding side by side.
pub async fn check(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, Trouble> {
    let draft = Draft::new(read_pairs(query.unwrap_or_default().as_bytes())?);
    let (clash, records) = found(&visit, &draft).await?;
    page(&visit, clash, records, &draft, Vec::new()).await
}

async fn page(
    visit: &Visit,
    clash: Clash,
    records: Vec<Record>,
    draft: &Draft,
    faults: Vec<FaultLine>,
) -> Result<Response, Trouble> {
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let (looking, draft) = (visit.clone(), draft.clone());
    let draw = move |reader: &Reader<'_>| {
        let mut view = desk(&looking, title(&looking, clash).to_owned());
        view.crumb = Some(looking.link("/claims", looking.t("claims.title")));
        view.lead = vec![looking.t(lead(clash)).to_owned()];
        view.tables = vec![beside(&looking, reader, &records)];
        if clash == Clash::Twice {
            view.forms = vec![
                shares_form(&looking, reader, &records, &draft, &faults),
                distinct_form(&looking, &records, &draft, &faults),
            ];
        }
        view.faults = faults;
        Ok(view)
    };
    Ok((status, Html(visit.app.read(draw).await?.render()?)).into_response())
}

fn lead(clash: Clash) -> &'static str {
    match clash {
        Clash::Twice => "claims.twice-lead",
        Clash::File => "claims.file-lead",
        Clash::Above => "claims.above-lead",
        Clash::Future => "claims.future-lead",
        Clash::Early => "claims.early-lead",
        Clash::Far => "claims.far-lead",
    }
}

/// One column a record, one line a field that any of them has.
fn beside(visit: &Visit, reader: &Reader<'_>, records: &[Record]) -> DeskTable {
    let catalogue = visit.app.register().catalogue();
    let items: Vec<Item> = records.iter().map(|record| record.item.clone()).collect();
    let links = numbers(visit, &items).into_iter().map(|(number, at)| visit.link(&at, number));
    let mut rows = vec![DeskRow {
        cells: std::iter::once(cell(visit.t("claims.number"))).chain(links).collect(),
        buttons: Vec::new(),
    }];
    let Some(kind) = records.first().and_then(|record| catalogue.kind(&record.item.kind)) else {
        return DeskTable::default();
    };
    let title_of = |id: base::id::RecordId| Some(heading(reader, id)).filter(|text| !text.is_empty());
    for field in kind
        .fields
        .iter()
        .filter(|field| records.iter().any(|record| record.fields.contains_key(&field.name)))
    {
        let text = |record: &Record| {
            let value = record.fields.get(&field.name);
            value.map(|value| {
                catalogue::value::show(&field.shape, value, &catalogue.terms(), visit.lang, &title_of)
            })
        };
        let label = cell(field.label.text(visit.lang));
        let cells = records.iter().map(|record| cell(text(record).unwrap_or_default()));
        rows.push(DeskRow { cells: std::iter::once(label).chain(cells).collect(), buttons: Vec::new() });
    }
    let heads = records
        .iter()
        .enumerate()
        .map(|(at, _)| visit.texts().fill("claims.record", &[("n", &(at + 1).to_string())]));
    DeskTable {
        heading: visit.t("claims.beside").to_owned(),
        columns: std::iter::once(visit.t("claims.item").to_owned()).chain(heads).collect(),
        rows,
        ..DeskTable::default()
    }
}

/// Who tells these outcomes, each unit once.
fn tellers(records: &[Record]) -> Vec<base::id::RecordId> {
    let mut units = Vec::new();
    for unit in records.iter().filter_map(|record| reference(record.fields.get(outcome::REPORTED_BY)?)) {
        if !units.contains(&unit) {
            units.push(unit);
        }
    }
    units
}

fn line(
    visit: &Visit,
    name: String,
    label: String,
    help: &str,
    draft: &Draft,
    faults: &[FaultLine],
) -> FieldView {
    let mine = faults.iter().filter(|fault| fault.id == name).map(|fault| fault.text.clone()).collect();
    FieldView {
        label,
        help: if help.is_empty() { String::new() } else { visit.t(help).to_owned() },
        ask: String::new(),
        question: String::new(),
        required: true,
        max: u32::try_from(REASON_CHARS).ok(),
        faults: mine,
        widget: Widget::Line { value: draft.one(&name).to_owned(), kind: "text", list: Vec::new() },
        name,
    }
}

fn hidden(records: &[Record]) -> Vec<(String, String)> {
    let of = records.iter().map(|record| ("of".to_owned(), record.item.id.to_string()));
    std::iter::once(("clash".to_owned(), code(Clash::Twice).to_owned())).chain(of).collect()
}

fn shares_form(
    visit: &Visit,
    reader: &Reader<'_>,
    records: &[Record],
    draft: &Draft,
    faults: &[FaultLine],
) -> DeskForm {
    let share = |unit: base::id::RecordId| {
        let label = visit.texts().fill("claims.share-of", &[("unit", &heading(reader, unit))]);
        line(visit, format!("{SHARE}{unit}"), label, "", draft, faults)
    };
    DeskForm {
        heading: visit.t("claims.settle").to_owned(),
        note: visit.t("claims.settle-note").to_owned(),
        action: visit.href("/claims/settle"),
        hidden: hidden(records),
        fields: tellers(records).into_iter().map(share).collect(),
        submit: visit.t("claims.settle").to_owned(),
    }
}

fn distinct_form(visit: &Visit, records: &[Record], draft: &Draft, faults: &[FaultLine]) -> DeskForm {
    DeskForm {
        heading: visit.t("claims.distinct").to_owned(),
        note: visit.t("claims.distinct-note").to_owned(),
        action: visit.href("/claims/distinct"),
        hidden: hidden(records),
        fields: vec![line(
            visit,
            "reason".to_owned(),
            visit.t("claims.reason").to_owned(),
            "",
            draft,
            faults,
        )],
        submit: visit.t("claims.distinct").to_owned(),
    }
}

/// `POST /claims/settle`: the first record keeps the outcome with the shares; the others leave the lists.
pub async fn settle(visit: Visit, posted: Posted) -> Result<Response, Trouble> {
    let draft = posted.draft;
    let (clash, records) = found(&visit, &draft).await?;
    let units = tellers(&records);
    let typed = |unit: &base::id::RecordId| {
        let text = draft.one(&format!("{SHARE}{unit}")).trim().trim_end_matches(['%', '％']).to_owned();
        text.parse::<u8>().ok().filter(|percent| (1..=100).contains(percent))
    };
    let shares: Vec<(base::id::RecordId, Option<u8>)> =
        units.iter().map(|unit| (*unit, typed(unit))).collect();
    let faults = share_faults(&visit, &shares);
    if !faults.is_empty() {
        return page(&visit, clash, records, &draft, faults).await;
    }
    let shares: Vec<Value> = shares
        .iter()
        .map(|(unit, percent)| json!({ "unit": unit.to_string(), "percent": percent }))
        .collect();
    let me = visit.asker();
    let rows: Vec<i64> = records.iter().map(|record| record.item.row).collect();
    let settling = move |writer: &mut Writer<'_>| {
        let Some((keep, others)) = rows.split_first() else { return Ok(()) };
        for row in others {
            writer.make(&me, &Key::Row(*row), None, outcome::RETIRE, &Fields::new(), 0)?;
        }
        let more = [(outcome::SHARES, Value::Array(shares)), (outcome::ATTRIBUTION, json!(outcome::SHARED))];
        revise(writer, &me, *keep, more.into_iter().collect())
    };
    visit.app.write(settling).await?;
    Ok(redirect(&visit, "/claims", "notice.shares-settled"))
}

fn share_faults(visit: &Visit, shares: &[(base::id::RecordId, Option<u8>)]) -> Vec<FaultLine> {
    let fault = |id: String, text: String| FaultLine { id, label: visit.t("claims.settle").to_owned(), text };
    let missing = shares.iter().filter(|(_, percent)| percent.is_none());
    let mut faults: Vec<FaultLine> = missing
        .map(|(unit, _)| fault(format!("{SHARE}{unit}"), visit.t("claims.share-missing").to_owned()))
        .collect();
    let sum: u32 = shares.iter().filter_map(|(_, percent)| percent.map(u32::from)).sum();
    if faults.is_empty() && sum != 100 {
        let said = visit.texts().fill("fault.shares-uneven", &[("sum", &sum.to_string())]);
        faults.extend(shares.first().map(|(unit, _)| fault(format!("{SHARE}{unit}"), said)));
    }
    faults
}

/// `POST /claims/distinct`: they are two outcomes, and why.
pub async fn distinct(visit: Visit, posted: Posted) -> Result<Response, Trouble> {
    let draft = posted.draft;
    let (clash, records) = found(&visit, &draft).await?;
    let reason: String = draft.one("reason").trim().chars().take(REASON_CHARS).collect();
    if reason.is_empty() {
        let text = visit.t("claims.reason-missing").to_owned();
        let fault = FaultLine { id: "reason".to_owned(), label: visit.t("claims.reason").to_owned(), text };
        return page(&visit, clash, records, &draft, vec![fault]).await;
    }
    let me = visit.asker();
    let marking = move |writer: &mut Writer<'_>| {
        for record in records.iter().skip(1) {
            let known = record.fields.get(outcome::DISTINCT_FROM).and_then(Value::as_array).cloned();
            let mut others = known.unwrap_or_default();
            others.extend(
                records
                    .iter()
                    .map(|of| json!(of.item.id.to_string()))
                    .filter(|id| *id != json!(record.item.id.to_string())),
            );
            others.dedup();
            let more =
                [(outcome::DISTINCT_FROM, Value::Array(others)), (outcome::DISTINCTION, json!(reason))];
            revise(writer, &me, record.item.row, more.into_iter().collect())?;
        }
        Ok(())
    };
    visit.app.write(marking).await?;
    Ok(redirect(&visit, "/claims", "notice.told-apart"))
}

/// Changes some fields of a record as it stands.
fn revise(writer: &mut Writer<'_>, me: &Asker, row: i64, more: Vec<(&str, Value)>) -> register::Result<()> {
    let record = writer.find(me, &Key::Row(row))?;
    let mut fields = record.fields;
    fields.extend(more.into_iter().map(|(name, value)| (name.to_owned(), value)));
    writer.revise(me, &Key::Row(row), record.item.version, fields).map(drop)
}
