//! 我的数据: what stands here about me, what I agreed to and took back, and my request to be erased.
//!
//! Taking back is as easy as agreeing and works at once, on one's own record. Start at [`show`].

use askama::Template as _;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use base::id::RecordId;
use catalogue::{Asker, Audience, Fields};
use register::{Consent, Erasure, Item, Key, SignedIn, Writer};
use serde_json::{Value, json};

use super::{ASKED, Scope, text};
use crate::accounts::{cell, line};
use crate::clock::minute;
use crate::fields::person;
use crate::locale::Lang;
use crate::records::address;
use crate::records::draft::Draft;
use crate::records::edit::redirect;
use crate::records::faces::badge;
use crate::records::posted::Posted;
use crate::trouble::Trouble;
use crate::view::{DeskButton, DeskForm, DeskRow, DeskTable, DeskView, FieldView, Link, Widget};
use crate::visit::Visit;

/// The address of the page.
const HERE: &str = "/account/data";
/// Characters of the words of a request at most.
const NOTE_CHARS_MAX: usize = 500;

/// What the page tells.
struct Told {
    about: Vec<Item>,
    consents: Vec<Consent>,
    erasure: Option<Erasure>,
}

/// `GET /account/data`.
pub async fn show(visit: Visit) -> Result<Response, Trouble> {
    page(&visit, &Draft::default(), None).await
}

async fn page(visit: &Visit, draft: &Draft, fault: Option<String>) -> Result<Response, Trouble> {
    let signed = visit.signed.clone().ok_or(Trouble::SigninNeeded)?;
    let (asker, me) = (signed.asker.clone(), signed.person);
    let told = visit
        .app
        .read(move |reader| {
            Ok(Told {
                about: reader.about(&asker, me)?,
                consents: reader.consents(me)?,
                erasure: reader.erasure_of(me)?,
            })
        })
        .await?;
    let status = if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let view = DeskView {
        lead: vec![visit.t("privacy.mine-lead").to_owned()],
        links: carried(visit),
        tables: vec![records(visit, me, &told.about), agreed(visit, &signed, &told.consents)],
        forms: request(visit, draft, told.erasure.as_ref(), fault),
        ..DeskView::bare(visit.page(visit.t("privacy.mine")))
    };
    Ok((status, Html(view.render()?)).into_response())
}

/// What can be taken along.
fn carried(visit: &Visit) -> Vec<Link> {
    let link = |ending: &str, key| visit.link(&format!("{HERE}.{ending}"), visit.t(key));
    vec![
        link("xlsx", "privacy.carry-xlsx"),
        link("json", "privacy.carry-json"),
        visit.link("/privacy", visit.t("privacy.title")),
    ]
}

/// How a record is about someone: their own, theirs, or naming them.
pub fn relation(me: RecordId, item: &Item) -> &'static str {
    match item.owner {
        _ if item.id == me => "privacy.self",
        Some(owner) if owner == me => "privacy.owned",
        _ => "privacy.named",
    }
}

fn records(visit: &Visit, me: RecordId, about: &[Item]) -> DeskTable {
    let catalogue = visit.app.register().catalogue();
    let row = |item: &Item| {
        let kind = catalogue.kind(&item.kind)?;
        let heading =
            if item.title.is_empty() { item.number.printed(&kind.sign) } else { item.title.clone() };
        Some(DeskRow {
            cells: vec![
                visit.link(&address(kind, &item.number), heading),
                cell(kind.label.text(visit.lang)),
                cell(badge(kind, &item.stage, visit.lang).label),
                cell(visit.t(relation(me, item))),
            ],
            ..DeskRow::default()
        })
    };
    DeskTable {
        heading: visit.t("privacy.records").to_owned(),
        note: visit.t("privacy.records-note").to_owned(),
        columns: ["privacy.record", "privacy.kind", "list.stage", "privacy.relation"]
            .map(|key| visit.t(key).to_owned())
            .to_vec(),
        rows: about.iter().filter_map(row).collect(),
        empty: visit.t("privacy.records-none").to_owned(),
    }
}

/// One line a thing people agree to, with how it stands and the way to change it.
fn agreed(visit: &Visit, signed: &SignedIn, consents: &[Consent]) -> DeskTable {
    // Whoever came by a link about one record does not write their own card.
    let may = signed.asker.only.is_none();
    let row = |scope: Scope| {
        let last = consents.iter().rev().find(|consent| consent.scope == scope.name());
        let stands = match last {
            None => visit.t("privacy.unsaid").to_owned(),
            Some(last) => {
                let key = if last.given { "privacy.given" } else { "privacy.taken-back" };
                let version: String = last.text.chars().take(8).collect();
                let (at, version) = (minute(last.at, visit.lang), version.as_str());
                visit.texts().fill(key, &[("at", &at), ("version", version)])
            }
        };
        let given = last.is_some_and(|last| last.given);
        // What was never said may be agreed to, and objected to.
        let offered = match (may, last) {
            (false, _) => vec![],
            (true, None) => vec![(true, "privacy.agree"), (false, "privacy.object")],
            (true, Some(_)) if given => vec![(false, "privacy.take-back")],
            (true, Some(_)) => vec![(true, "privacy.agree")],
        };
        let button = |(agree, key): (bool, &str)| DeskButton {
            action: visit.href(HERE),
            hidden: vec![(if agree { "agree" } else { "withdraw" }.to_owned(), scope.name().to_owned())],
            asks: None,
            label: visit.t(key).to_owned(),
        };
        DeskRow {
            cells: vec![cell(visit.t(scope.key())), cell(visit.t(scope.note())), cell(stands)],
            buttons: offered.into_iter().map(button).collect(),
        }
    };
    DeskTable {
        heading: visit.t("privacy.consents").to_owned(),
        note: visit.t("privacy.consents-note").to_owned(),
        columns: ["privacy.what", "privacy.effect", "privacy.stands"]
            .map(|key| visit.t(key).to_owned())
            .to_vec(),
        rows: Scope::ALL.into_iter().map(row).chain(asked(visit, consents)).collect(),
        empty: String::new(),
    }
}

/// What they were told when they asked for something without an account; it rests on no consent, so nothing is taken back.
fn asked(visit: &Visit, consents: &[Consent]) -> Option<DeskRow> {
    let last = consents.iter().rev().find(|consent| consent.scope == ASKED)?;
    let version: String = last.text.chars().take(8).collect();
    let values = [("at", minute(last.at, visit.lang)), ("version", version)];
    let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
    let stands = visit.texts().fill("privacy.told", &values);
    let cells = vec![cell(visit.t("privacy.asked-scope")), cell(visit.t("privacy.asked-note")), cell(stands)];
    Some(DeskRow { cells, ..DeskRow::default() })
}

/// The form that asks to be erased; what became of the last request stands over it.
fn request(visit: &Visit, draft: &Draft, last: Option<&Erasure>, fault: Option<String>) -> Vec<DeskForm> {
    let at = |time| minute(time, visit.lang);
    let waits = last.filter(|last| last.decided.is_none());
    if let Some(last) = waits {
        let note = visit.texts().fill("privacy.asked", &[("at", &at(last.at))]);
        let withdraw = DeskForm {
            heading: visit.t("privacy.erase").to_owned(),
            note,
            action: visit.href(HERE),
            hidden: vec![("take-back".to_owned(), "erasure".to_owned())],
            submit: visit.t("privacy.unask").to_owned(),
            ..DeskForm::default()
        };
        return vec![withdraw];
    }
    let refused = last.and_then(|last| Some((at(last.decided?), last.reason.clone()?)));
    let note = match refused {
        Some((at, reason)) => visit.texts().fill("privacy.refused", &[("at", &at), ("reason", &reason)]),
        None => visit.t("privacy.erase-note").to_owned(),
    };
    let words = FieldView {
        faults: fault.into_iter().collect(),
        max: u32::try_from(NOTE_CHARS_MAX).ok(),
        widget: Widget::Text { value: draft.one("note").to_owned(), rows: 3 },
        ..line(visit, draft, "note", "privacy.words", false)
    };
    vec![DeskForm {
        heading: visit.t("privacy.erase").to_owned(),
        note,
        action: visit.href(HERE),
        hidden: vec![("ask".to_owned(), "erasure".to_owned())],
        fields: vec![words],
        submit: visit.t("privacy.ask").to_owned(),
    }]
}

/// `POST /account/data`: agrees, takes back, asks to be erased, or thinks better of it.
pub async fn change(visit: Visit, posted: Posted) -> Result<Response, Trouble> {
    let signed = visit.signed.clone().ok_or(Trouble::SigninNeeded)?;
    // From another's seat nobody speaks for their data.
    if signed.asker.behalf.is_some() {
        return Err(Trouble::Register(register::Fault::NotAllowed));
    }
    let (me, draft) = (signed.person, &posted.draft);
    if !draft.one("ask").is_empty() {
        let note = draft.one("note").trim().to_owned();
        if base::text::chars(&note) > NOTE_CHARS_MAX {
            let most = NOTE_CHARS_MAX.to_string();
            let told = visit.texts().fill("privacy.words-long", &[("most", &most)]);
            return page(&visit, draft, Some(told)).await;
        }
        visit.app.write(move |writer| writer.ask_erasure(me, &note)).await?;
        return Ok(redirect(&visit, HERE, "notice.erasure-asked"));
    }
    if !draft.one("take-back").is_empty() {
        visit.app.write(move |writer| writer.unask_erasure(me)).await?;
        return Ok(redirect(&visit, HERE, "notice.erasure-unasked"));
    }
    let (given, named) = match draft.one("agree") {
        "" => (false, draft.one("withdraw")),
        named => (true, named),
    };
    let scope = Scope::named(named).ok_or_else(|| Trouble::Malformed("withdraw".to_owned()))?;
    let catalogue = visit.app.register().catalogue().clone();
    let told = text(visit.app.texts(Lang::Zh), &catalogue);
    let asker = signed.asker.clone();
    visit
        .app
        .write(move |writer| {
            heed(writer, &asker, me, scope, given)?;
            writer.note_consent(me, scope.name(), given, &told)
        })
        .await?;
    Ok(redirect(&visit, HERE, if given { "notice.agreed" } else { "notice.taken-back" }))
}

/// Makes the person's record say what they want.
fn heed(
    writer: &mut Writer<'_>,
    asker: &Asker,
    me: RecordId,
    scope: Scope,
    given: bool,
) -> register::Result<()> {
    let record = writer.find(asker, &Key::Id(me))?;
    let mut fields = record.fields.clone();
    match scope {
        Scope::Publish => say(&mut fields, person::CEILING, (!given).then(|| json!(Audience::Node.name()))),
        Scope::Invite => {
            let kind = writer.catalogue().kind(person::KIND);
            let has = |name: &&str| {
                kind.is_some_and(|kind| {
                    kind.fields_of(&record.item.type_path).any(|field| field.name == *name)
                })
            };
            for name in [person::PAUSED, person::NO_RANKING].into_iter().filter(|name| has(name)) {
                say(&mut fields, name, (!given).then_some(Value::Bool(true)));
            }
        }
    }
    if fields == record.fields {
        return Ok(());
    }
    writer.revise(asker, &Key::Id(me), record.item.version, fields).map(drop)
}

fn say(fields: &mut Fields, name: &str, value: Option<Value>) {
    match value {
        Some(value) => drop(fields.insert(name.to_owned(), value)),
        None => drop(fields.remove(name)),
    }
}
