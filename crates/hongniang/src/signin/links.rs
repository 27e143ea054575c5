//! Opening a personal link: what it is for, or why it works no more and whom to ask.
//!
//! Looking at it uses nothing up, so that a chat's preview does no harm. A link about a record starts a session kept to
//! it; any other signs its person in. Start at [`show`].

use askama::Template as _;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use base::id::RecordId;
use register::{Key, Link, LinkState, Reader, Way, Who, Writer};

use super::{house, session_cookie, session_end, trail};
use crate::trouble::Trouble;
use crate::view::{LinkView, ProblemView};
use crate::visit::{SESSION_COOKIE, Visit};

/// A link and the words that go with it.
struct Looked {
    link: Link,
    state: LinkState,
    /// Its person.
    name: String,
    /// What it is about.
    title: Option<String>,
    /// Who handed it out.
    maker: Option<String>,
    /// The move it was answered by, in words.
    answer: String,
    /// What it is about is not its person's, nor anything they were asked about.
    astray: bool,
}

/// `GET /l/{secret}`.
pub async fn show(visit: Visit, Path(secret): Path<String>) -> Result<Response, Trouble> {
    let looked = look(&visit, &secret).await?;
    let looked = match looked {
        Some(looked) if looked.state == LinkState::Good && !looked.astray => looked,
        closed => return closed_page(&visit, closed),
    };
    let other = visit.signed.as_ref().filter(|signed| signed.person != looked.link.person);
    let view = LinkView {
        page: visit.page(visit.t("link.title")),
        action: visit.href(&format!("/l/{secret}")),
        other: other
            .map(|signed| visit.texts().fill("link.other", &[("me", &signed.name), ("name", &looked.name)])),
        name: looked.name,
        purpose: match &looked.title {
            Some(title) => visit.texts().fill("link.purpose", &[("title", title)]),
            None => visit.t("link.purpose-account").to_owned(),
        },
        until: crate::clock::minute(looked.link.expires, visit.lang),
        blocked: super::pages::blocked(&visit),
    };
    Ok(Html(view.render()?).into_response())
}

/// What a secret leads to. An unknown one is looked for just as long as a known one.
async fn look(visit: &Visit, secret: &str) -> Result<Option<Looked>, Trouble> {
    let (digest, now, lang) = (crate::secret::digest(secret), visit.app.now(), visit.lang);
    let words = move |reader: &Reader<'_>| {
        let link = reader.link(&digest)?;
        let nobody = RecordId::new(0, [0; 10]);
        let of = |id: Option<RecordId>| id.unwrap_or(nobody);
        let (who, about, by) = (
            of(link.as_ref().map(|link| link.person)),
            link.as_ref().and_then(|link| link.record),
            link.as_ref().and_then(|link| link.made_by),
        );
        let own = link.as_ref().map_or_else(|| reader.asker(None, who), |link| reader.asker_by(link))?;
        let heading = |me: &catalogue::Asker, id: Option<RecordId>| reader.seen(me, &Key::Id(of(id))).ok();
        let (name, item, maker) = (heading(&own, Some(who)), heading(&own, about), heading(&house(), by));
        let Some(link) = link else { return Ok(None) };
        let answer = item.as_ref().zip(link.answered.as_ref()).map(|(item, (_, name))| {
            let mv = reader.catalogue().kind(&item.kind).and_then(|kind| kind.move_of(name));
            mv.map_or_else(|| name.clone(), |mv| mv.label.text(lang).to_owned())
        });
        Ok(Some(Looked {
            astray: astray(reader, &own, &link)?,
            state: link.state(now),
            link,
            name: name.map(|item| item.title).unwrap_or_default(),
            title: item.map(|item| item.title),
            maker: maker.map(|item| item.title),
            answer: answer.unwrap_or_default(),
        }))
    };
    visit.app.read(words).await
}

/// Whether a link about a record leads its person to something that is another's.
fn astray(reader: &Reader<'_>, own: &catalogue::Asker, link: &Link) -> Result<bool, Trouble> {
    let Some(about) = link.record.filter(|_| link.confined) else { return Ok(false) };
    match reader.find(own, &Key::Id(about)) {
        Ok(record) => Ok(record.access.standing == catalogue::Standing::Anyone),
        Err(register::Fault::NotFound) => Ok(true),
        Err(fault) => Err(fault.into()),
    }
}

/// Why a link works no more, and whom to ask. Nothing that was filed is lost by it, and the page says so.
fn closed_page(visit: &Visit, looked: Option<Looked>) -> Result<Response, Trouble> {
    let someone = visit.t("link.someone").to_owned();
    let maker = looked.as_ref().and_then(|looked| looked.maker.clone()).unwrap_or(someone);
    let title = looked.as_ref().and_then(|looked| looked.title.clone()).unwrap_or_default();
    let minute = |at| crate::clock::minute(at, visit.lang);
    let fill = |key: &str, more: &[(&str, &str)]| {
        let all: Vec<(&str, &str)> =
            more.iter().copied().chain([("maker", maker.as_str()), ("title", title.as_str())]).collect();
        visit.texts().fill(key, &all)
    };
    let (code, heading, detail) = match looked.as_ref().map(|looked| (looked.state, looked)) {
        Some((LinkState::Good, looked)) if looked.astray => {
            ("link-not-yours", "link.not-yours", fill("link.not-yours-detail", &[]))
        }
        Some((LinkState::Revoked, _)) => ("link-revoked", "link.revoked", fill("link.revoked-detail", &[])),
        Some((LinkState::Answered, looked)) => {
            let when = looked.link.answered.as_ref().map(|(at, _)| minute(*at)).unwrap_or_default();
            let more = [("when", when.as_str()), ("answer", looked.answer.as_str())];
            ("link-answered", "link.answered", fill("link.answered-detail", &more))
        }
        Some((LinkState::Used, _)) => ("link-used", "link.used", fill("link.used-detail", &[])),
        Some((_, looked)) => {
            let until = minute(looked.link.expires);
            ("link-expired", "link.expired", fill("link.expired-detail", &[("until", until.as_str())]))
        }
        None => ("link-unknown", "link.unknown", fill("link.unknown-detail", &[])),
    };
    let answered = code == "link-answered";
    let status = if answered { StatusCode::OK } else { StatusCode::GONE };
    let view = ProblemView {
        page: visit.page(visit.t(heading)),
        status: status.as_u16(),
        code: code.to_owned(),
        detail,
        faults: Vec::new(),
        next: vec![visit.link("/", visit.t("nav.home")), visit.link("/signin", visit.t("nav.signin"))],
    };
    Ok((status, Html(view.render()?)).into_response())
}

/// `POST /l/{secret}`: goes on as that person, or keeps to that record.
pub async fn enter(
    visit: Visit,
    Path(secret): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    if !visit.app.site().cookies {
        return show(visit, Path(secret)).await;
    }
    if let Some(looked) = look(&visit, &secret).await?.filter(|l| l.state == LinkState::Good && l.astray) {
        return closed_page(&visit, Some(looked));
    }
    let digest = crate::secret::digest(&secret);
    let session = visit.app.secret();
    let begun = crate::secret::digest(&session);
    let before = crate::visit::cookie(&headers, SESSION_COOKIE).map(crate::secret::digest);
    let network = visit.network.clone();
    let used =
        visit.app.write(move |writer| begin(writer, &digest, &begun, before.as_ref(), &network)).await?;
    let Some(link) = used.value else {
        let looked = look(&visit, &secret).await?;
        let mut answer = closed_page(&visit, looked)?;
        *answer.status_mut() = StatusCode::GONE;
        return Ok(answer);
    };
    let next = match (about(&visit, &link).await?, link.once) {
        (Some(about), _) => about,
        (None, true) => "/account".to_owned(),
        (None, false) => "/work".to_owned(),
    };
    Ok(([(header::SET_COOKIE, session_cookie(&session))], Redirect::to(&visit.href(&next))).into_response())
}

/// Uses the link and starts its session; the session of whoever sat here before ends.
fn begin(
    writer: &mut Writer<'_>,
    digest: &[u8],
    session: &[u8],
    before: Option<&[u8; 32]>,
    network: &str,
) -> register::Result<Option<Link>> {
    let Some(link) = writer.use_link(digest)? else { return Ok(None) };
    if let Some(before) = before {
        writer.end_session(before)?;
    }
    let until = session_end(writer.now());
    if link.confined {
        writer.start_by_link(&link, session, until)?;
        return Ok(Some(link));
    }
    // A person who has an account comes with its roles, others with their own records alone.
    let account = writer.accounts_of(link.person)?.first().map(|account| account.row);
    let who = account.map_or(Who::Person(link.person), Who::Account);
    writer.start_session(who, session, until)?;
    if account.is_some() {
        writer.note_signin(account, trail::entered(Way::Link), network)?;
    }
    Ok(Some(link))
}

/// The address of the record a link is about.
async fn about(visit: &Visit, link: &Link) -> Result<Option<String>, Trouble> {
    let (link, Some(record)) = (link.clone(), link.record) else { return Ok(None) };
    let seen = move |reader: &Reader<'_>| {
        let me = reader.asker_by(&link)?;
        Ok(reader.seen(&me, &Key::Id(record)).ok())
    };
    let item = visit.app.read(seen).await?;
    let catalogue = visit.app.register().catalogue();
    Ok(item.and_then(|item| Some(crate::records::address(catalogue.kind(&item.kind)?, &item.number))))
}
