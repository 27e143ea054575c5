//! Substitution during leave: who does whose work from day to day, taking the seat, and the log both see.
//!
//! Set by the person, or by a steward or officer who could give each role the person holds. Start at [`show`].

use askama::Template as _;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use catalogue::Asker;
use register::{Reader, Substitute, Writer};

use super::{cell, fault_lines, heading, line, shown_in_form};
use crate::records::address;
use crate::records::draft::Draft;
use crate::records::edit::redirect;
use crate::records::posted::Posted;
use crate::trouble::Trouble;
use crate::view::{DeskButton, DeskForm, DeskRow, DeskTable, DeskView, FaultLine, FieldView, Widget};
use crate::visit::{SESSION_COOKIE, Visit};

/// Whose leave the page is about: one's own account, or one looked after.
fn account_of(visit: &Visit, row: Option<i64>) -> Result<(Asker, i64), Trouble> {
    let me = visit.must_sign_in()?;
    let own = visit.signed.as_ref().and_then(|signed| signed.account);
    let refused = Trouble::Register(register::Fault::NotAllowed);
    // From another's seat nobody hands that seat on.
    match (row.or(own), me.behalf) {
        (Some(account), None) => Ok((me, account)),
        _ => Err(refused),
    }
}

/// Refuses unless the account is the asker's, or each of its roles is theirs to give.
fn may_arrange(reader: &Reader<'_>, me: &Asker, account: i64) -> register::Result<()> {
    let person = reader.account(account)?.ok_or(register::Fault::NotFound)?.person;
    if me.person == Some(person) {
        return Ok(());
    }
    let roles = reader.roles(account)?;
    let mut all = !roles.is_empty();
    for held in &roles {
        all &= reader.may_give(me, &held.grant)?;
    }
    if all { Ok(()) } else { Err(register::Fault::NotFound) }
}

/// `GET /account/leave`.
pub async fn show(visit: Visit) -> Result<Response, Trouble> {
    page(&visit, None, &Draft::default(), Vec::new()).await
}

/// `GET /accounts/leave/{row}`.
pub async fn show_of(visit: Visit, Path(row): Path<String>) -> Result<Response, Trouble> {
    let row = super::row_of(&row)?;
    page(&visit, Some(row), &Draft::default(), Vec::new()).await
}

async fn page(
    visit: &Visit,
    row: Option<i64>,
    draft: &Draft,
    faults: Vec<FaultLine>,
) -> Result<Response, Trouble> {
    let (me, account) = account_of(visit, row)?;
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let action = visit.href(&place(row));
    let form = DeskForm {
        heading: visit.t("leave.arrange").to_owned(),
        note: visit.t("leave.note").to_owned(),
        action: action.clone(),
        fields: vec![
            line(visit, draft, "by", "people.by", true),
            day(visit, draft, "since"),
            day(visit, draft, "until"),
        ],
        submit: visit.t("leave.arrange").to_owned(),
        ..DeskForm::default()
    };
    let (looking, own) = (visit.clone(), row.is_none());
    let drawn = move |reader: &Reader<'_>| {
        may_arrange(reader, &me, account)?;
        let mut tables = vec![arranged(&looking, reader, reader.substitutes_of(account)?, &action, false)?];
        let others = reader.substitutes_by(account)?;
        if own {
            tables.push(arranged(&looking, reader, others.clone(), &action, true)?);
        }
        let all = reader.substitutes_of(account)?.into_iter().chain(others);
        tables.push(log(&looking, reader, &me, all)?);
        let person = reader.account(account)?.map(|of| heading(reader, of.person)).unwrap_or_default();
        Ok(DeskView {
            lead: vec![looking.t("leave.lead").to_owned()],
            faults,
            tables,
            forms: vec![form],
            ..DeskView::bare(looking.page(format!("{} · {person}", looking.t("leave.title"))))
        })
    };
    let view = visit.app.read(drawn).await?;
    Ok((status, Html(view.render()?)).into_response())
}

fn place(row: Option<i64>) -> String {
    row.map_or_else(|| "/account/leave".to_owned(), |row| format!("/accounts/leave/{row}"))
}

fn day(visit: &Visit, draft: &Draft, name: &str) -> FieldView {
    let field = line(visit, draft, name, &format!("people.{name}"), true);
    let value = match draft.one(name) {
        "" => visit.app.today().to_string(),
        typed => typed.to_owned(),
    };
    FieldView { widget: Widget::Line { value, kind: "date", list: Vec::new() }, ..field }
}

fn arranged(
    visit: &Visit,
    reader: &Reader<'_>,
    all: Vec<Substitute>,
    action: &str,
    theirs: bool,
) -> Result<DeskTable, Trouble> {
    let today = visit.app.today();
    let sits = visit.signed.as_ref().and_then(|signed| signed.seat.as_ref()).map(|seat| seat.substitute.row);
    let mut rows = Vec::new();
    for of in all {
        let other = reader.account(if theirs { of.account } else { of.by_account })?;
        let who = other.map(|of| heading(reader, of.person)).unwrap_or_default();
        let state = match of.revoked {
            Some(_) => "leave.called-off",
            None if today > of.until => "leave.over",
            None if today < of.since => "leave.ahead",
            None => "leave.now",
        };
        let button = |name: &str, key: &str, action: String| DeskButton {
            action,
            hidden: vec![(name.to_owned(), of.row.to_string())],
            asks: None,
            label: visit.t(key).to_owned(),
        };
        let open = of.revoked.is_none() && today <= of.until;
        let buttons = match theirs {
            true if of.holds(today) && sits.is_none() => {
                vec![button("seat", "leave.sit", visit.href("/account/seat"))]
            }
            false if open => vec![button("revoke", "leave.call-off", action.to_owned())],
            _ => Vec::new(),
        };
        let days = format!(
            "{} – {}",
            crate::clock::date(of.since, visit.lang),
            crate::clock::date(of.until, visit.lang)
        );
        rows.push(DeskRow { cells: [who, days, visit.t(state).to_owned()].map(cell).into(), buttons });
    }
    let columns = ["people.person", "leave.days", "links.state"];
    Ok(DeskTable {
        heading: visit.t(if theirs { "leave.theirs" } else { "leave.mine" }).to_owned(),
        columns: columns.map(|key| visit.t(key).to_owned()).into(),
        rows,
        empty: visit.t("leave.none").to_owned(),
        ..DeskTable::default()
    })
}

/// What was done from other people's seats; both sides see the same.
fn log(
    visit: &Visit,
    reader: &Reader<'_>,
    me: &Asker,
    all: impl Iterator<Item = Substitute>,
) -> Result<DeskTable, Trouble> {
    let mut rows = Vec::new();
    for of in all {
        let name = |row| Ok::<_, Trouble>(reader.account(row)?.map(|of| heading(reader, of.person)));
        let who = visit.texts().fill(
            "history.behalf",
            &[
                ("who", &name(of.by_account)?.unwrap_or_default()),
                ("behalf", &name(of.account)?.unwrap_or_default()),
            ],
        );
        for stood in reader.stood(me, &of)? {
            let found =
                stood.item.as_ref().and_then(|item| Some((reader.catalogue().kind(&item.kind)?, item)));
            let record = found.map_or_else(
                || cell(visit.t("form.hidden-reference")),
                |(kind, item)| visit.link(&address(kind, &item.number), item.title.clone()),
            );
            let known = found.and_then(|(kind, _)| kind.move_of(&stood.move_name));
            let what = known.map_or_else(
                || {
                    visit
                        .t(&format!("history.{}", stood.move_name.split(':').next().unwrap_or_default()))
                        .to_owned()
                },
                |mv| mv.label.text(visit.lang).to_owned(),
            );
            let when = crate::clock::minute(stood.at, visit.lang);
            rows.push(DeskRow {
                cells: vec![cell(when), cell(who.clone()), cell(what), record],
                buttons: Vec::new(),
            });
        }
    }
    let columns = ["record.when", "record.who", "record.what", "people.record"];
    Ok(DeskTable {
        heading: visit.t("leave.log").to_owned(),
        columns: columns.map(|key| visit.t(key).to_owned()).into(),
        rows,
        empty: visit.t("leave.no-log").to_owned(),
        ..DeskTable::default()
    })
}

/// `POST /account/leave`.
pub async fn change(visit: Visit, posted: Posted) -> Result<Response, Trouble> {
    arrange(visit, None, posted).await
}

/// `POST /accounts/leave/{row}`.
pub async fn change_of(visit: Visit, Path(row): Path<String>, posted: Posted) -> Result<Response, Trouble> {
    let row = super::row_of(&row)?;
    arrange(visit, Some(row), posted).await
}

async fn arrange(visit: Visit, row: Option<i64>, posted: Posted) -> Result<Response, Trouble> {
    let (me, account) = account_of(&visit, row)?;
    let (draft, given) = (posted.draft.clone(), posted.draft);
    let done = visit
        .app
        .write(move |writer| {
            may_arrange(writer, &me, account)?;
            match given.one("revoke").parse::<i64>() {
                Ok(revoked) => call_off(writer, account, revoked),
                Err(_) => begin(writer, &me, account, &given),
            }
        })
        .await;
    match done.map_err(shown_in_form) {
        Ok(_) => Ok(redirect(&visit, &place(row), "notice.leave")),
        Err(Ok(trouble)) => page(&visit, row, &draft, fault_lines(&visit, &trouble)).await,
        Err(Err(trouble)) => Err(trouble),
    }
}

fn call_off(writer: &mut Writer<'_>, account: i64, row: i64) -> register::Result<()> {
    let of = writer.substitute(row)?.filter(|of| of.account == account);
    of.ok_or(register::Fault::NotFound).and_then(|of| writer.call_off(of.row))
}

fn begin(writer: &mut Writer<'_>, me: &Asker, account: i64, draft: &Draft) -> register::Result<()> {
    let by = writer.account_by_name(draft.one("by").trim())?;
    let (since, until) = (draft.one("since").trim().parse(), draft.one("until").trim().parse());
    let mut faults = Vec::new();
    if by.is_none() {
        faults.push(catalogue::Fault::new("by", "no-account"));
    }
    for (name, day) in [("since", since.is_err()), ("until", until.is_err())] {
        if day {
            faults.push(catalogue::Fault::new(name, "day-form").with("text", draft.one(name)));
        }
    }
    match (by, since, until) {
        (Some(by), Ok(since), Ok(until)) => writer.arrange(me, (account, by.row), (since, until)).map(drop),
        _ => Err(register::Fault::Invalid(faults)),
    }
}

/// `POST /account/seat`: takes the seat of who is away, or one's own again.
pub async fn sit(visit: Visit, headers: HeaderMap, posted: Posted) -> Result<Response, Trouble> {
    let refused = || Trouble::Register(register::Fault::NotAllowed);
    let account = visit.signed.as_ref().and_then(|signed| signed.account).ok_or_else(refused)?;
    let session = crate::visit::cookie(&headers, SESSION_COOKIE).map(crate::secret::digest);
    let session = session.ok_or(Trouble::SigninNeeded)?;
    let seat = posted.draft.one("seat").parse::<i64>().ok();
    visit.app.write(move |writer| writer.sit(&session, account, seat)).await?;
    let notice = if seat.is_some() { "notice.seat-taken" } else { "notice.seat-left" };
    Ok(redirect(&visit, "/work", notice))
}
