//! Who belongs to an organisation: its own administrator admits, lists and removes, and hands the office on; whoever
//! belongs to it asks to join. Start at [`list`].

use askama::Template as _;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use catalogue::{Asker, Over, Role, RoleGrant};
use register::{Item, Joining, Key, Reader, Writer};

use super::invite::{handed, invite};
use super::{cell, fault_lines, heading, line, shown_in_form};
use crate::fields::organization;
use crate::records::draft::Draft;
use crate::records::edit::redirect;
use crate::records::posted::Posted;
use crate::records::{address, key_at};
use crate::trouble::Trouble;
use crate::view::{DeskButton, DeskForm, DeskRow, DeskTable, DeskView, FaultLine, Link};
use crate::visit::{Visit, role_key};

fn key(visit: &Visit, number: &str) -> Result<Key, Trouble> {
    key_at(visit.app.register().catalogue().kind(organization::KIND).ok_or(Trouble::NotFound)?, number)
}

/// The organisation, if the asker may say who belongs to it.
fn administered(reader: &Reader<'_>, me: &Asker, key: &Key) -> Result<Item, Trouble> {
    let item = reader.seen(me, key)?;
    let grant = RoleGrant { role: Role::Member, over: Over::Organization(item.id) };
    match item.kind == organization::KIND && reader.may_give(me, &grant)? {
        true => Ok(item),
        false => Err(Trouble::Register(register::Fault::NotAllowed)),
    }
}

/// What the page of an organisation offers about belonging to it.
pub fn offered(visit: &Visit, reader: &Reader<'_>, item: &Item) -> Result<Option<Link>, Trouble> {
    let Some(signed) = visit.signed.as_ref().filter(|_| item.kind == organization::KIND) else {
        return Ok(None);
    };
    let Some(kind) = reader.catalogue().kind(organization::KIND) else { return Ok(None) };
    let here = address(kind, &item.number);
    let grant = RoleGrant { role: Role::Member, over: Over::Organization(item.id) };
    if reader.may_give(&signed.asker, &grant)? {
        let waiting = reader.joinings(item.id)?.iter().filter(|of| of.decided.is_none()).count();
        let words = match waiting {
            0 => visit.t("members.title").to_owned(),
            n => visit.texts().fill("members.waiting-for-you", &[("n", &n.to_string())]),
        };
        return Ok(Some(visit.link(&format!("{here}/members"), words)));
    }
    let belongs = signed.asker.organizations.contains(&item.id);
    let may_ask = signed.account.is_some() && signed.seat.is_none() && !belongs;
    Ok(may_ask.then(|| visit.link(&format!("{here}/join"), visit.t("members.join"))))
}

/// `GET /organizations/{number}/members`.
pub async fn list(visit: Visit, Path(number): Path<String>) -> Result<Response, Trouble> {
    page(&visit, &number, &Draft::default(), Vec::new()).await
}

async fn page(
    visit: &Visit,
    number: &str,
    draft: &Draft,
    faults: Vec<FaultLine>,
) -> Result<Response, Trouble> {
    let (me, key) = (visit.must_sign_in()?, key(visit, number)?);
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let fields = vec![
        line(visit, draft, "person", "people.person", true),
        line(visit, draft, "name", "people.name", true),
    ];
    let looking = visit.clone();
    let drawn = move |reader: &Reader<'_>| {
        let item = administered(reader, &me, &key)?;
        let kind = reader.catalogue().kind(organization::KIND).ok_or(Trouble::NotFound)?;
        let back = address(kind, &item.number);
        let here = looking.href(&format!("{back}/members"));
        Ok(DeskView {
            crumb: Some(looking.link(&back, item.title.clone())),
            lead: vec![looking.t("members.lead").to_owned()],
            faults,
            tables: vec![
                waiting(&looking, reader, &item, &here)?,
                members(&looking, reader, &me, &item, &here)?,
            ],
            forms: vec![DeskForm {
                heading: looking.t("members.invite").to_owned(),
                note: looking.t("members.invite-note").to_owned(),
                action: here,
                hidden: vec![("do".to_owned(), "invite".to_owned())],
                fields,
                submit: looking.t("members.invite").to_owned(),
            }],
            ..DeskView::bare(looking.page(format!("{} · {}", looking.t("members.title"), item.title)))
        })
    };
    let view = visit.app.read(drawn).await?;
    Ok((status, Html(view.render()?)).into_response())
}

fn button(visit: &Visit, here: &str, what: &str, row: i64, key: &str) -> DeskButton {
    DeskButton {
        action: here.to_owned(),
        hidden: vec![("do".to_owned(), what.to_owned()), ("row".to_owned(), row.to_string())],
        asks: None,
        label: visit.t(key).to_owned(),
    }
}

fn who(reader: &Reader<'_>, account: i64) -> Result<[String; 2], Trouble> {
    let account = reader.account(account)?;
    Ok(account.map_or_else(Default::default, |of| [heading(reader, of.person), of.name]))
}

fn waiting(visit: &Visit, reader: &Reader<'_>, item: &Item, here: &str) -> Result<DeskTable, Trouble> {
    let mut rows = Vec::new();
    for of in reader.joinings(item.id)?.iter().filter(|of: &&Joining| of.decided.is_none()) {
        let [person, name] = who(reader, of.account)?;
        let asks = Some(("reason".to_owned(), visit.t("members.reason").to_owned()));
        let cells = [person, name, of.note.clone(), crate::clock::minute(of.at, visit.lang)];
        rows.push(DeskRow {
            cells: cells.map(cell).into(),
            buttons: vec![
                button(visit, here, "accept", of.row, "members.accept"),
                DeskButton { asks, ..button(visit, here, "refuse", of.row, "members.refuse") },
            ],
        });
    }
    let columns = ["people.person", "people.name", "members.note", "record.when"];
    Ok(DeskTable {
        heading: visit.t("members.waiting").to_owned(),
        columns: columns.map(|key| visit.t(key).to_owned()).into(),
        rows,
        empty: visit.t("members.none-waiting").to_owned(),
        ..DeskTable::default()
    })
}

fn members(
    visit: &Visit,
    reader: &Reader<'_>,
    me: &Asker,
    item: &Item,
    here: &str,
) -> Result<DeskTable, Trouble> {
    let over = Over::Organization(item.id);
    let mut rows = Vec::new();
    for account in reader.holders_over(&over)? {
        let held = reader.roles(account)?.into_iter().filter(|held| held.grant.over == over);
        let roles: Vec<Role> = held.map(|held| held.grant.role).collect();
        let [person, name] = who(reader, account)?;
        let own = reader.account(account)?.is_some_and(|of| me.person == Some(of.person));
        let words: Vec<&str> = roles.iter().map(|role| visit.t(role_key(*role))).collect();
        let mut buttons = vec![button(visit, here, "remove", account, "members.remove")];
        if !roles.contains(&Role::Admin) {
            buttons.insert(0, button(visit, here, "promote", account, "members.promote"));
            buttons.insert(1, button(visit, here, "hand-over", account, "members.hand-over"));
        }
        buttons.retain(|_| !own);
        rows.push(DeskRow {
            cells: [person, name, words.join(visit.t("list.comma"))].map(cell).into(),
            buttons,
        });
    }
    let columns = ["people.person", "people.name", "people.roles"];
    Ok(DeskTable {
        heading: visit.t("members.title").to_owned(),
        columns: columns.map(|key| visit.t(key).to_owned()).into(),
        rows,
        empty: visit.t("members.none").to_owned(),
        ..DeskTable::default()
    })
}

/// `POST /organizations/{number}/members`: invites, admits, refuses, removes, hands on.
pub async fn change(visit: Visit, Path(number): Path<String>, posted: Posted) -> Result<Response, Trouble> {
    let (me, key) = (visit.must_sign_in()?, key(&visit, &number)?);
    let what = match &posted.press {
        crate::records::posted::Press::Do(what) => what.clone(),
        _ => String::new(),
    };
    let draft = posted.draft;
    let secret = visit.app.secret();
    let digest = crate::secret::digest(&secret);
    let (given, invites) = (draft.clone(), what == "invite");
    let unit = format!("/organizations/{number}");
    let back = if what == "hand-over" { unit } else { format!("{unit}/members") };
    let done = visit
        .app
        .write(move |writer| {
            let item = match administered(writer, &me, &key) {
                Ok(item) => item,
                Err(Trouble::Register(fault)) => return Err(fault),
                Err(_) => return Err(register::Fault::NotFound),
            };
            change_one(writer, &me, &item, (&what, &given), digest).map(|()| item.title)
        })
        .await;
    let here = format!("/organizations/{number}/members");
    match done.map_err(shown_in_form) {
        Ok(title) if invites => {
            handed(&visit, &secret, ("members.sentence", draft.one("person").trim(), &title.value), &here)
        }
        Ok(_) => Ok(redirect(&visit, &back, "notice.members")),
        Err(Ok(trouble)) => {
            let mut faults = fault_lines(&visit, &trouble);
            if faults.is_empty() {
                let text = visit.t("people.name-taken").to_owned();
                faults.push(FaultLine { id: "name".into(), label: visit.t("people.name").to_owned(), text });
            }
            page(&visit, &number, &draft, faults).await
        }
        Err(Err(trouble)) => Err(trouble),
    }
}

fn change_one(
    writer: &mut Writer<'_>,
    me: &Asker,
    item: &Item,
    (what, draft): (&str, &Draft),
    digest: [u8; 32],
) -> register::Result<()> {
    let over = Over::Organization(item.id);
    let row: i64 = draft.one("row").parse().unwrap_or_default();
    match what {
        "invite" => {
            let grant = RoleGrant { role: Role::Member, over };
            invite(writer, me, digest, draft, &grant).map(drop)
        }
        "accept" => writer.decide_joining(me, item.id, row, None),
        "refuse" => writer.decide_joining(me, item.id, row, Some(draft.one("reason"))),
        "promote" => writer.grant(me, row, Role::Admin, &over),
        "hand-over" => {
            writer.grant(me, row, Role::Admin, &over)?;
            let own = me.person.map(|person| writer.accounts_of(person)).transpose()?.unwrap_or_default();
            own.iter().try_for_each(|account| writer.withdraw(me, account.row, Role::Admin, &over))
        }
        "remove" => {
            [Role::Member, Role::Admin].into_iter().try_for_each(|role| writer.withdraw(me, row, role, &over))
        }
        _ => Err(register::Fault::NotFound),
    }
}

/// `GET /organizations/{number}/join`: asking to join, and what became of it.
pub async fn ask(visit: Visit, Path(number): Path<String>) -> Result<Response, Trouble> {
    let (me, key) = (visit.must_sign_in()?, key(&visit, &number)?);
    let account = visit.signed.as_ref().and_then(|signed| signed.account);
    let account = account.ok_or(Trouble::Register(register::Fault::NotAllowed))?;
    let looking = visit.clone();
    let drawn = move |reader: &Reader<'_>| {
        let item = reader.seen(&me, &key)?;
        let row = |of: &Joining| {
            let state = match (of.decided, of.accepted) {
                (None, _) => "members.asked",
                (Some(_), true) => "members.admitted",
                (Some(_), false) => "members.refused",
            };
            let cells = [
                crate::clock::minute(of.at, looking.lang),
                looking.t(state).to_owned(),
                of.reason.clone().unwrap_or_default(),
            ];
            DeskRow { cells: cells.map(cell).into(), buttons: Vec::new() }
        };
        let mine = reader.joinings_of(account)?;
        let here = format!("/organizations/{}", item.number.path());
        let columns = ["record.when", "links.state", "members.reason"];
        Ok(DeskView {
            crumb: Some(looking.link(&here, item.title.clone())),
            lead: vec![looking.t("members.join-lead").to_owned()],
            tables: vec![DeskTable {
                heading: looking.t("members.mine").to_owned(),
                columns: columns.map(|key| looking.t(key).to_owned()).into(),
                rows: mine.iter().filter(|of| of.organization == item.id).map(row).collect(),
                empty: looking.t("members.none-mine").to_owned(),
                ..DeskTable::default()
            }],
            forms: vec![DeskForm {
                heading: looking.t("members.join").to_owned(),
                action: looking.href(&format!("{here}/join")),
                fields: vec![line(&looking, &Draft::default(), "note", "members.note", false)],
                submit: looking.t("members.join").to_owned(),
                ..DeskForm::default()
            }],
            ..DeskView::bare(looking.page(format!("{} · {}", looking.t("members.join"), item.title)))
        })
    };
    let view = visit.app.read(drawn).await?;
    Ok(Html(view.render()?).into_response())
}

/// `POST /organizations/{number}/join`.
pub async fn join(visit: Visit, Path(number): Path<String>, posted: Posted) -> Result<Response, Trouble> {
    let (me, key) = (visit.must_sign_in()?, key(&visit, &number)?);
    let account = visit.signed.as_ref().filter(|signed| signed.seat.is_none()).and_then(|s| s.account);
    let account = account.ok_or(Trouble::Register(register::Fault::NotAllowed))?;
    let note: String = posted.draft.one("note").trim().chars().take(200).collect();
    let asked = move |writer: &mut Writer<'_>| {
        let item = writer.seen(&me, &key)?;
        if item.kind != organization::KIND || me.organizations.contains(&item.id) {
            return Err(register::Fault::NotAllowed);
        }
        writer.ask_to_join(account, item.id, &note)
    };
    visit.app.write(asked).await?;
    Ok(redirect(&visit, &format!("/organizations/{number}/join"), "notice.asked-to-join"))
}
