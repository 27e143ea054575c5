//! 提需求: a need posted without an account, in two lines that grow.
//!
//! The first press keeps a draft and hands out a personal link; from then on the poster owns the record through that
//! link and goes on with the ordinary forms. Start at [`start`].

pub mod behalf;
pub mod firm;
pub mod side;

use askama::Template as _;
use axum::extract::{Path, RawQuery};
use axum::http::header;
use axum::response::{Html, IntoResponse, Redirect, Response};
use base::id::RecordId;
use catalogue::value::Fields;
use catalogue::{Asker, Kind};
use register::{Key, New, Position, Record};

use crate::fields::{demand, person};
use crate::records::draft::Draft;
use crate::records::edit::{Form, Said};
use crate::records::once;
use crate::records::posted::{Posted, Press, read_pairs};
use crate::records::sheet::{Sheet, checkup_view};
use crate::records::{address, kind_at};
use crate::signin::{self, LINK_DAYS};
use crate::trouble::Trouble;
use crate::view::{Link, PostedView};
use crate::visit::{self, Visit};

/// Carries a fresh personal link over the redirect to the page that shows it; ten minutes, this path only.
const FRESH_COOKIE: &str = "fresh";

/// `GET /{path}/post`: the two lines; `?type=` chooses what is asked for.
pub async fn start(
    visit: Visit,
    Path(path): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Trouble> {
    let kind = kind_at(&visit.app, &path)?;
    let asked = Draft::new(read_pairs(query.unwrap_or_default().as_bytes())?);
    let mut draft = Draft::default();
    draft.set("type", type_of(kind, asked.one("type")).to_owned());
    once::mark(&visit, &mut draft);
    let form = form(&visit, kind, draft.one("type"))?;
    let offers = others(&visit, kind, draft.one("type"));
    form.page(&visit, &draft, Said { offers, ..Said::default() }).await
}

/// The type that was asked for, or the first.
fn type_of<'k>(kind: &'k Kind, asked: &str) -> &'k str {
    let of = kind.type_of(asked).or(kind.types.first());
    of.map(|of| of.path.as_str()).unwrap_or_default()
}

/// The other types one may post, each with its own form; what is combined from others is not posted.
fn others(visit: &Visit, kind: &Kind, chosen: &str) -> Vec<Link> {
    let posted = kind.types.iter().filter(|of| of.path != chosen && of.path != demand::COMMON_TYPE);
    let link = |of: &catalogue::kind::Type| {
        visit.link(&format!("/{}/post?type={}", kind.path, of.path), of.label.text(visit.lang))
    };
    posted.map(link).collect()
}

fn form<'a>(visit: &'a Visit, kind: &'a Kind, type_path: &'a str) -> Result<Form<'a>, Trouble> {
    if kind.quick.is_empty() {
        return Err(Trouble::NotFound);
    }
    let quick = |field: &&catalogue::Field| kind.quick.contains(&field.name);
    let told = visit.signed.is_none().then(|| crate::privacy::notice_line(visit));
    Ok(Form {
        sheet: Sheet {
            catalogue: visit.app.register().catalogue(),
            kind,
            type_path: type_path.to_owned(),
            fields: kind.fields.iter().filter(quick).collect(),
            needs: kind.quick.iter().map(String::as_str).collect(),
        },
        heading: visit.texts().fill(
            "collect.title",
            &[("kind", &crate::records::faces::type_label(kind, type_path, visit.lang))],
        ),
        intro: std::iter::once(visit.t("collect.intro").to_owned()).chain(told).collect(),
        action: format!("/{}/post", kind.path),
        submit: visit.t("collect.go-on").to_owned(),
        back: "/".to_owned(),
        checkup: true,
        questions: Vec::new(),
    })
}

/// `POST /{path}/post`: keeps the draft, hands out the link.
pub async fn keep(visit: Visit, Path(path): Path<String>, posted: Posted) -> Result<Response, Trouble> {
    let kind = kind_at(&visit.app, &path)?;
    let type_path = type_of(kind, posted.draft.one("type")).to_owned();
    let form = form(&visit, kind, &type_path)?;
    if !matches!(posted.press, Press::Do(_)) {
        return form.step(&visit, posted).await;
    }
    let kept = match form.read(&posted.draft) {
        Ok(fields) => keep_draft(&visit, kind, &type_path, fields, once::id_of(&visit, &posted.draft)).await,
        Err(trouble) => Err(trouble),
    };
    match kept {
        Ok(kept) => Ok(show_link(&visit, kind, kept)),
        Err(trouble) => form.again(&visit, posted.draft, trouble).await,
    }
}

/// A draft that was kept: the record, and the secrets of its link and of this browser's session.
pub struct Kept {
    /// The record.
    pub record: Record,
    /// Where it stands in the feed.
    pub position: Position,
    /// Secret of the personal link; none for who is signed in.
    pub link: Option<String>,
    session: Option<String>,
}

/// Posts without an account from one network address in an hour; a whole county may sit behind one.
const POSTS_MAX: u64 = 60;

async fn keep_draft(
    visit: &Visit,
    kind: &Kind,
    type_path: &str,
    fields: Fields,
    id: Option<RecordId>,
) -> Result<Kept, Trouble> {
    let type_path = type_path.to_owned();
    let new = New { kind: kind.name.clone(), type_path, fields, id, ..New::default() };
    // Whoever came by a link about another record begins anew, as if without an account.
    if let Some(signed) = visit.signed.clone().filter(|signed| signed.asker.only.is_none()) {
        let made = visit.app.write(move |writer| once::create(writer, &signed.asker, new)).await?;
        return Ok(Kept { record: made.value, position: made.position, link: None, session: None });
    }
    let told = crate::privacy::told(visit);
    without_account(visit, new, Some(told)).await
}

/// Files what someone without an account posts, and draws the secrets by which the poster owns it; `told` is what they
/// read on the way about what is kept of them.
pub async fn without_account(visit: &Visit, new: New, told: Option<String>) -> Result<Kept, Trouble> {
    visit.app.throttle("post", POSTS_MAX, visit).await?;
    let (link, session) = (visit.app.secret(), visit.app.secret());
    let digests = (crate::secret::digest(&link), crate::secret::digest(&session));
    let name = visit.t("collect.poster").to_owned();
    let made = visit
        .app
        .write(move |writer| {
            // The same form sent twice: who holds its token is the poster, and comes to the one draft again.
            let again = new.id.map(|id| (id, once::beside(id)));
            let before = again.and_then(|(id, poster)| {
                let me = Asker { person: Some(poster), ..Asker::default() };
                writer.find(&me, &Key::Id(id)).ok().map(|record| (poster, record))
            });
            let (poster, record) = match before {
                Some(before) => before,
                None => {
                    // The poster is a private contact record that owns the draft.
                    let id = again.map(|(_, poster)| poster);
                    let poster = signin::file_person_as(writer, id, &name, person::CONTACT, None)?;
                    if let Some(told) = told {
                        crate::privacy::keep_told(writer, poster, &told)?;
                    }
                    let me = Asker { person: Some(poster), ..Asker::default() };
                    (poster, writer.create(&me, new)?)
                }
            };
            signin::make_link(writer, digests.0, poster, Some(record.item.id), LINK_DAYS)?;
            signin::start_by(writer, digests.0, digests.1)?;
            Ok(record)
        })
        .await?;
    Ok(Kept { record: made.value, position: made.position, link: Some(link), session: Some(session) })
}

/// The cookie of a fresh personal link; over secure transport only, where there is one.
pub fn fresh_cookie(visit: &Visit, secret: &str) -> String {
    let secure = if visit.app.site().cookies { "; Secure" } else { "" };
    format!("{FRESH_COOKIE}={secret}; Path=/; Max-Age=600; SameSite=Lax; HttpOnly{secure}")
}

fn show_link(visit: &Visit, kind: &Kind, kept: Kept) -> Response {
    let here = address(kind, &kept.record.item.number);
    let mut answer = Redirect::to(&visit.href(&format!("{here}/posted"))).into_response();
    let mut cookies = Vec::new();
    if let Some(session) = kept.session.filter(|_| visit.app.site().cookies) {
        cookies.push(signin::session_cookie(&session));
    }
    if let Some(link) = kept.link {
        cookies.push(fresh_cookie(visit, &link));
    }
    for cookie in cookies {
        if let Ok(value) = cookie.parse() {
            answer.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    answer
}

/// `GET /{path}/{number}/posted`: the number, the personal link, and what 体检 still asks.
pub async fn posted(
    visit: Visit,
    Path((path, number)): Path<(String, String)>,
    headers: axum::http::HeaderMap,
) -> Result<Response, Trouble> {
    let kind = kind_at(&visit.app, &path)?;
    let key = crate::records::key_at(kind, &number)?;
    let asker = visit.asker();
    let record = visit.app.read(move |reader| Ok(reader.find(&asker, &key)?)).await?;
    let here = address(kind, &record.item.number);
    let link = visit::cookie(&headers, FRESH_COOKIE).map(|secret| signin::link_address(&visit, secret));
    // A poster goes on with the own record; who invited hands the link to someone else.
    let own =
        record.access.standing == catalogue::Standing::Own && kind.quick.iter().any(|name| name == "title");
    let entered = record.item.kind == demand::KIND;
    let said = |own_key, other_key, entered_key| {
        visit
            .t(match (own, entered) {
                (true, _) => own_key,
                (false, true) => entered_key,
                (false, false) => other_key,
            })
            .to_owned()
    };
    let mut next = vec![visit.link(&here, visit.t("posted.see"))];
    if own {
        next.insert(0, visit.link(&format!("{here}/edit"), visit.t("posted.complete")));
    }
    let view = PostedView {
        page: visit.page(said("posted.title", "posted.invited-title", "behalf.posted")),
        link_words: (
            said("posted.link", "posted.invited-link", "behalf.link"),
            said("posted.link-note", "posted.invited-note", "behalf.link-note"),
        ),
        after: said("posted.after-note", "posted.invited-after", "behalf.after"),
        number: record.item.number.printed(&kind.sign),
        title: record.item.title.clone(),
        link: link.unwrap_or_default(),
        next,
        checkup: checkup_view(kind, &record.item.type_path, &record.fields, visit.lang),
    };
    Ok(Html(view.render()?).into_response())
}
