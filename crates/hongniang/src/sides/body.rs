//! Beside a unit: a body's or team's members with their terms, meetings and tasks; a firm's liaison officers and advisers.
//!
//! Start at [`panel`].

use catalogue::Filter;
use catalogue::kind::type_within;
use register::{Direction, Edge, Item, Order, Reader, Record};

use super::{count, day_words, first, handles, link_to, list_href, referred, some, stage, text, texts};
use crate::accounts::cell;
use crate::fields::{UNTIL, belonging, body, event, gathering, organization, task, tie, trip};
use crate::trouble::Trouble;
use crate::view::{DeskRow, DeskTable, Link, PanelView};
use crate::visit::Visit;

/// Members, meetings or tasks shown at most.
const SHOWN: usize = 40;
/// Ties of a unit looked at.
const TIES_MAX: usize = 200;

/// The panel of a body, a team or a firm; none for other units, and none where there is nothing to say.
pub fn panel(visit: &Visit, reader: &Reader<'_>, record: &Record) -> Result<Option<PanelView>, Trouble> {
    let of = |path: &str| type_within(&record.item.type_path, path);
    let panel = match () {
        () if of(organization::FIRM) => firm(visit, reader, record)?,
        () if of(body::TEAM) => team(visit, reader, record)?,
        () if is_body(&record.item.type_path) => meets(visit, reader, record)?,
        () => return Ok(None),
    };
    let says = !panel.actions.is_empty() || panel.tables.iter().any(|table| !table.rows.is_empty());
    Ok(says.then_some(panel))
}

/// Whether units of this type meet and decide.
pub fn is_body(type_path: &str) -> bool {
    [body::BODY, body::COMMITTEE, body::STANDING].iter().any(|path| type_within(type_path, path))
}

/// Where a unit stands, for the forms it leads to.
fn place_of(record: &Record) -> String {
    record.item.place.as_ref().map(|place| place.to_string()).unwrap_or_default()
}

/// Ties to a unit of some types, newest first.
fn ties(visit: &Visit, reader: &Reader<'_>, record: &Record, types: &[&str]) -> Result<Vec<Item>, Trouble> {
    let edges = reader.edges(&visit.asker(), record.item.row, Direction::To, Some(tie::TO), TIES_MAX)?;
    let wanted = |edge: &Edge| edge.item.kind == tie::KIND && types.contains(&edge.item.type_path.as_str());
    Ok(edges.into_iter().filter(wanted).map(|edge| edge.item).take(SHOWN).collect())
}

/// Who belongs: name, post, term; those whose term is over stand last.
fn members(
    visit: &Visit,
    reader: &Reader<'_>,
    record: &Record,
    (heading, types): (&str, &[&str]),
) -> Result<DeskTable, Trouble> {
    let mut rows: Vec<(bool, DeskRow)> = Vec::new();
    for item in ties(visit, reader, record, types)? {
        let fields = texts(visit, reader, &item)?;
        let over = super::day(&fields, UNTIL).is_some_and(|day| day.last() < visit.app.today());
        let ended = over || item.stage != belonging::LIVE && item.stage != crate::fields::SOURCED;
        let role = text(&fields, belonging::ROLE);
        let terms = visit.app.register().catalogue().terms();
        let role = match role.as_str() {
            "" => String::new(),
            code => terms.label(belonging::ROLES, code, visit.lang).to_owned(),
        };
        let state = if over { visit.t("body.over").to_owned() } else { stage(visit, &item) };
        let cells = vec![
            first(referred(visit, reader, &fields, tie::FROM)?),
            link_to(visit, &item, if role.is_empty() { item.title.clone() } else { role }),
            cell(day_words(visit, &fields, tie::SINCE)),
            cell(day_words(visit, &fields, UNTIL)),
            cell(state),
        ];
        rows.push((ended, DeskRow { cells, buttons: Vec::new() }));
    }
    rows.sort_by_key(|(ended, _)| *ended);
    Ok(DeskTable {
        heading: visit.t(heading).to_owned(),
        columns: ["body.who", "body.role", "body.since", "body.until", "list.stage"]
            .map(|key| visit.t(key).to_owned())
            .into(),
        rows: rows.into_iter().map(|(_, row)| row).collect(),
        ..DeskTable::default()
    })
}

/// A body that meets: members, meetings, tasks.
fn meets(visit: &Visit, reader: &Reader<'_>, record: &Record) -> Result<PanelView, Trouble> {
    let id = record.item.id;
    let of_body = || Filter::Refers(task::BODY.to_owned(), id);
    let at = |name: &str| Filter::All(vec![of_body(), Filter::Stage(name.to_owned())]);
    let mut figures = Vec::new();
    for (key, filter) in [("body.tasks-open", at(task::OPEN)), ("body.tasks-done", at(task::DONE))] {
        let href = list_href(visit, task::KIND, &filter);
        let n = count(visit, reader, task::KIND, filter)?;
        figures.push((Link { href, label: visit.t(key).to_owned(), current: false }, n));
    }
    let mut actions = Vec::new();
    if handles(visit, record) {
        let place = place_of(record);
        let meeting = format!("/events/new?type={}&body={id}&place={place}", gathering::MEETING);
        actions.push(
            visit.link(
                &format!("/ties/new?type={}&to={id}&place={place}", belonging::POST),
                visit.t("body.add"),
            ),
        );
        actions.push(visit.link(&meeting, visit.t("body.new-meeting")));
        actions.push(visit.link(&format!("/tasks/new?body={id}&place={place}"), visit.t("body.new-task")));
    }
    Ok(PanelView {
        name: "body",
        heading: visit.t("body.title").to_owned(),
        note: String::new(),
        figures,
        tables: vec![
            members(visit, reader, record, ("body.members", &[belonging::POST, belonging::MEMBERSHIP]))?,
            meetings(visit, reader, record)?,
            tasks(visit, reader, of_body())?,
        ],
        actions,
    })
}

fn meetings(visit: &Visit, reader: &Reader<'_>, record: &Record) -> Result<DeskTable, Trouble> {
    let filter = Filter::Refers(gathering::BODY.to_owned(), record.item.id);
    let newest = Order::ByDesc(event::HELD.to_owned());
    let mut rows = Vec::new();
    for item in some(visit, reader, (event::KIND, filter), newest, SHOWN)? {
        let fields = texts(visit, reader, &item)?;
        let decided = Filter::Refers(task::MEETING.to_owned(), item.id);
        let decided = count(visit, reader, task::KIND, decided)?;
        let cells = vec![
            cell(day_words(visit, &fields, event::HELD)),
            link_to(visit, &item, item.title.clone()),
            cell(decided),
        ];
        rows.push(DeskRow { cells, buttons: Vec::new() });
    }
    Ok(DeskTable {
        heading: visit.t("body.meetings").to_owned(),
        columns: ["body.on", "body.meeting", "body.decided"].map(|key| visit.t(key).to_owned()).into(),
        rows,
        ..DeskTable::default()
    })
}

/// Tasks, earliest due day first; one whose day has passed says so.
pub fn tasks(visit: &Visit, reader: &Reader<'_>, filter: Filter) -> Result<DeskTable, Trouble> {
    let mut rows = Vec::new();
    for item in some(visit, reader, (task::KIND, filter), Order::Due, SHOWN)? {
        let fields = texts(visit, reader, &item)?;
        let late = item.due.is_some_and(|due| due < visit.app.today());
        let state = stage(visit, &item);
        let state = if late { format!("{state} · {}", visit.t("work.late")) } else { state };
        let cells = vec![
            link_to(visit, &item, item.title.clone()),
            first(referred(visit, reader, &fields, task::UNIT)?),
            cell(day_words(visit, &fields, task::DUE)),
            cell(state),
        ];
        rows.push(DeskRow { cells, buttons: Vec::new() });
    }
    Ok(DeskTable {
        heading: visit.t("body.tasks").to_owned(),
        columns: ["body.task", "body.unit", "body.due", "list.stage"]
            .map(|key| visit.t(key).to_owned())
            .into(),
        rows,
        ..DeskTable::default()
    })
}

/// A service team: members, supporting units, trips.
fn team(visit: &Visit, reader: &Reader<'_>, record: &Record) -> Result<PanelView, Trouble> {
    let id = record.item.id;
    let of_team = Filter::Refers(trip::TEAM.to_owned(), id);
    let mut rows = Vec::new();
    for item in some(visit, reader, (trip::KIND, of_team), Order::ByDesc(trip::STARTS.to_owned()), SHOWN)? {
        let fields = texts(visit, reader, &item)?;
        let cells = vec![
            cell(day_words(visit, &fields, trip::STARTS)),
            link_to(visit, &item, item.title.clone()),
            first(referred(visit, reader, &fields, trip::FIRM)?),
            cell(stage(visit, &item)),
        ];
        rows.push(DeskRow { cells, buttons: Vec::new() });
    }
    let trips = DeskTable {
        heading: visit.t("body.trips").to_owned(),
        columns: ["dispatch.days", "dispatch.what", "dispatch.to", "list.stage"]
            .map(|key| visit.t(key).to_owned())
            .into(),
        rows,
        ..DeskTable::default()
    };
    let mut actions = Vec::new();
    if handles(visit, record) {
        let place = place_of(record);
        let add = |of: &str| format!("/ties/new?type={of}&to={id}&place={place}");
        actions.push(visit.link(&add(belonging::MEMBERSHIP), visit.t("body.add")));
        actions.push(visit.link(&add(belonging::SUPPORT), visit.t("body.add-support")));
        actions.push(visit.link(&format!("/trips/new?team={id}"), visit.t("dispatch.new")));
        actions.push(visit.link("/dispatch", visit.t("dispatch.title")));
    }
    Ok(PanelView {
        name: "team",
        heading: visit.t("body.team").to_owned(),
        tables: vec![
            members(visit, reader, record, ("body.members", &[belonging::POST, belonging::MEMBERSHIP]))?,
            members(visit, reader, record, ("body.supporters", &[belonging::SUPPORT]))?,
            trips,
        ],
        actions,
        ..PanelView::default()
    })
}

/// A firm: the liaison officers and advisers who look after it.
fn firm(visit: &Visit, reader: &Reader<'_>, record: &Record) -> Result<PanelView, Trouble> {
    let place = place_of(record);
    let add = |of: &str| format!("/ties/new?type={of}&to={}&place={place}", record.item.id);
    let actions = match handles(visit, record) {
        true => vec![
            visit.link(&add(belonging::FIRM_LIAISON), visit.t("firm.add-liaison")),
            visit.link(&add(belonging::FIRM_ADVISER), visit.t("firm.add-adviser")),
        ],
        false => Vec::new(),
    };
    Ok(PanelView {
        name: "contact",
        heading: visit.t("firm.title").to_owned(),
        tables: vec![
            members(visit, reader, record, ("firm.liaisons", &[belonging::FIRM_LIAISON]))?,
            members(visit, reader, record, ("firm.advisers", &[belonging::FIRM_ADVISER]))?,
        ],
        actions,
        ..PanelView::default()
    })
}
