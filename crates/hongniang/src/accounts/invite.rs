//! Inviting someone: the person is filed or named, an account is made with one role, and a link into it is shown once.
//!
//! Only a person whose record the inviter may change is taken from the records: a link makes whoever holds it that person.
//! Start at [`form`].

use askama::Template as _;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use base::id::RecordId;
use catalogue::kind::Verb;
use catalogue::{Asker, Over, Role, RoleGrant};
use register::{Link, LinkState, Writer};

use super::{fault_lines, line, must_look_after, role_fields, role_of};
use crate::fields::person;
use crate::records::draft::Draft;
use crate::records::key_at;
use crate::records::posted::Posted;
use crate::signin;
use crate::trouble::Trouble;
use crate::view::{DeskForm, DeskView, FaultLine};
use crate::visit::Visit;

/// Characters of a sign-in name.
const NAME_CHARS: std::ops::RangeInclusive<usize> = 3..=32;
/// Characters of the handle by which a form names a link.
const HANDLE_CHARS: usize = 32;

/// `GET /accounts/invite`.
pub async fn form(visit: Visit) -> Result<Response, Trouble> {
    let me = must_look_after(&visit)?;
    let mut draft = Draft::default();
    if let Some(Over::Place(place)) =
        me.roles.iter().map(|held| &held.over).find(|over| matches!(over, Over::Place(_)))
    {
        draft.set("place", place.code().to_owned());
    }
    page(&visit, &me, &draft, Vec::new())
}

fn page(visit: &Visit, me: &Asker, draft: &Draft, faults: Vec<FaultLine>) -> Result<Response, Trouble> {
    let mut fields = vec![
        line(visit, draft, "name", "people.name", true),
        line(visit, draft, "person", "people.person", false),
        line(visit, draft, "number", "people.number", false),
    ];
    fields.extend(role_fields(visit, me, draft));
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = DeskView {
        crumb: Some(visit.link("/accounts", visit.t("people.title"))),
        lead: vec![visit.t("people.invite-lead").to_owned()],
        faults,
        forms: vec![DeskForm {
            heading: visit.t("people.who").to_owned(),
            action: visit.href("/accounts/invite"),
            fields,
            submit: visit.t("people.invite").to_owned(),
            ..DeskForm::default()
        }],
        ..DeskView::bare(visit.page(visit.t("people.invite")))
    };
    Ok((status, Html(view.render()?)).into_response())
}

/// `POST /accounts/invite`.
pub async fn send(visit: Visit, posted: Posted) -> Result<Response, Trouble> {
    let me = must_look_after(&visit)?;
    let draft = posted.draft;
    let secret = visit.app.secret();
    let digest = crate::secret::digest(&secret);
    let (asking, given) = (me.clone(), draft.clone());
    let invited = visit
        .app
        .write(move |writer| {
            let grant = match role_of(writer, &asking, &given) {
                Ok(grant) => grant,
                Err(trouble) => return Ok(Err(trouble)),
            };
            // A fault after the person was filed takes the person back too.
            invite(writer, &asking, digest, &given, &grant).map(Ok)
        })
        .await;
    let invited = invited.and_then(|written| written.value);
    match invited.map_err(super::shown_in_form) {
        Ok((row, person)) => {
            let name = draft.one("name").trim().to_owned();
            handed(&visit, &secret, ("people.sentence", &person, &name), &format!("/accounts/{row}"))
        }
        Err(Ok(trouble)) => {
            let mut faults = fault_lines(&visit, &trouble);
            if trouble.telling().code == "claimed" {
                faults.push(FaultLine {
                    id: "name".to_owned(),
                    label: visit.t("people.name").to_owned(),
                    text: visit.t("people.name-taken").to_owned(),
                });
            }
            page(&visit, &me, &draft, faults)
        }
        Err(Err(trouble)) => Err(trouble),
    }
}

/// Makes the account with its one role and its link; gives its row and the person's heading.
pub fn invite(
    writer: &mut Writer<'_>,
    me: &Asker,
    digest: [u8; 32],
    draft: &Draft,
    grant: &RoleGrant,
) -> register::Result<(i64, String)> {
    let name = draft.one("name").trim().to_owned();
    let mut faults = Vec::new();
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if !NAME_CHARS.contains(&name.chars().count()) || !name.chars().all(plain) {
        faults.push(catalogue::Fault::new("name", "sign-name"));
    }
    let (title, number) = (draft.one("person").trim(), draft.one("number").trim());
    if title.chars().count() < 2 && number.is_empty() {
        faults.push(catalogue::Fault::new("person", "required"));
    }
    if !faults.is_empty() {
        return Err(register::Fault::Invalid(faults));
    }
    let person = match number {
        "" => signin::file_person(writer, title, type_for(grant.role), place_of(grant))?,
        number => known(writer, me, number)?,
    };
    let account = writer.create_account(&name, None, person)?;
    writer.grant(me, account.row, grant.role, &grant.over)?;
    signin::hand_out(writer, me, digest, (person, None), super::INVITATION_DAYS)?;
    Ok((account.row, super::heading(writer, person)))
}

/// A person on record whom the inviter may make an account for.
fn known(writer: &Writer<'_>, me: &Asker, number: &str) -> register::Result<RecordId> {
    let fault = |code| register::Fault::Invalid(vec![catalogue::Fault::new("number", code)]);
    let kind = writer.catalogue().kind(person::KIND).ok_or(register::Fault::NotFound)?;
    let key = key_at(kind, number).map_err(|_| fault("reference-unknown"))?;
    let record = writer.find(me, &key).map_err(|_| fault("reference-unknown"))?;
    if catalogue::access::may(kind, me, &record.subject, &Verb::Revise).is_none() {
        return Err(fault("person-beyond"));
    }
    match writer.accounts_of(record.item.id)?.is_empty() {
        true => Ok(record.item.id),
        false => Err(fault("person-has-account")),
    }
}

/// What kind of person comes for a role.
fn type_for(role: Role) -> &'static str {
    match role {
        Role::Expert | Role::Reviewer => person::EXPERT,
        Role::Broker => person::BROKER,
        Role::Liaison => person::LIAISON,
        Role::Member | Role::Admin => person::CONTACT,
        Role::Evaluator | Role::Officer | Role::Leader | Role::Steward => person::OFFICER,
    }
}

fn place_of(grant: &RoleGrant) -> Option<base::place::Place> {
    match &grant.over {
        Over::Place(place) => Some(place.clone()),
        Over::Organization(_) | Over::Node => None,
    }
}

/// The page that shows a link once, with the sentence it is passed on with.
pub fn handed(
    visit: &Visit,
    secret: &str,
    (sentence, person, about): (&str, &str, &str),
    back: &str,
) -> Result<Response, Trouble> {
    let link = signin::link_address(visit, secret);
    let said = [("person", person), ("about", about), ("link", link.as_str())];
    let view = DeskView {
        crumb: Some(visit.link(back, visit.t("people.back"))),
        lead: vec![visit.texts().fill("people.handed-lead", &[("person", person)])],
        secret: Some((link.clone(), visit.texts().fill(sentence, &said))),
        ..DeskView::bare(visit.page(visit.t("people.handed")))
    };
    Ok(Html(view.render()?).into_response())
}

/// What a form calls a link: the beginning of its digest, which opens nothing.
pub fn handle(link: &Link) -> String {
    let text: String = link.digest.iter().map(|byte| format!("{byte:02x}")).collect();
    text.chars().take(HANDLE_CHARS).collect()
}

/// What became of a link, in words.
pub fn state_words(visit: &Visit, link: &Link) -> String {
    let key = match link.state(visit.app.now()) {
        LinkState::Good => "links.good",
        LinkState::Revoked => "links.revoked",
        LinkState::Answered => "links.answered",
        LinkState::Used => "links.used",
        LinkState::Expired => "links.expired",
    };
    visit.t(key).to_owned()
}
