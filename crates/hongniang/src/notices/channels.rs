//! 接收方式: by what and how often I am told outside the product. Only who has an account chooses: a personal link
//! is for one thing.

use askama::Template as _;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};
use base::id::RecordId;
use base::limits::LINE_CHARS_MAX;
use catalogue::value::Lang;
use register::{CHANNELS_MAX, Channel, Fault, Means, Proof, Rhythm};

use super::robots;
use crate::letter::{self, Letter};
use crate::outside::Refused;
use crate::records::edit::redirect;
use crate::records::posted::Posted;
use crate::trouble::Trouble;
use crate::view::{ChannelRow, ChannelsView, Choice, FaultLine};
use crate::visit::Visit;

const HERE: &str = "/notices/channels";
/// Letters with a code that one person may ask for in an hour.
const CODES_MAX: u64 = 10;

/// Whose channels these are: someone with an account.
fn owner(visit: &Visit) -> Result<RecordId, Trouble> {
    let signed = visit.signed.as_ref().ok_or(Trouble::SigninNeeded)?;
    signed.account.map(|_| signed.person).ok_or(Trouble::Register(Fault::NotAllowed))
}

/// What was typed into the form that adds a channel.
#[derive(Default)]
struct Typed {
    means: String,
    address: String,
    secret: String,
    rhythm: String,
}

/// `GET /notices/channels`.
pub async fn list(visit: Visit) -> Result<Html<String>, Trouble> {
    let typed = Typed { rhythm: Rhythm::Daily.name().to_owned(), ..Typed::default() };
    page(&visit, typed, Vec::new(), None).await
}

async fn page(
    visit: &Visit,
    typed: Typed,
    faults: Vec<FaultLine>,
    secret: Option<String>,
) -> Result<Html<String>, Trouble> {
    let person = owner(visit)?;
    let channels = visit.app.read(move |reader| Ok(reader.channels(person)?)).await?;
    let means: Vec<Means> = Means::NAMES.into_iter().map(|(_, means)| means).collect();
    let offered = means.into_iter().filter(|means| *means != Means::Mail || visit.app.mail().is_some());
    let view = ChannelsView {
        page: visit.page(visit.t("notices.channels")),
        rows: channels.iter().map(|channel| channel_row(visit, channel)).collect(),
        means: offered.map(|means| choice(visit, means.name(), means_key(means), &typed.means)).collect(),
        rhythms: rhythms(visit, &typed.rhythm),
        address: typed.address,
        secret: typed.secret,
        faults,
        new_secret: secret,
        no_mail: visit.app.mail().is_none(),
    };
    Ok(Html(view.render()?))
}

fn choice(visit: &Visit, value: &str, key: &str, chosen: &str) -> Choice {
    Choice { value: value.to_owned(), label: visit.t(key).to_owned(), chosen: value == chosen }
}

fn rhythms(visit: &Visit, chosen: &str) -> Vec<Choice> {
    Rhythm::NAMES.iter().map(|(name, rhythm)| choice(visit, name, rhythm_key(*rhythm), chosen)).collect()
}

/// The key of a means' name.
pub fn means_key(means: Means) -> &'static str {
    match means {
        Means::Mail => "notices.mail",
        Means::Wecom => "notices.wecom",
        Means::Dingtalk => "notices.dingtalk",
        Means::Feishu => "notices.feishu",
        Means::Webhook => "notices.webhook",
    }
}

fn rhythm_key(rhythm: Rhythm) -> &'static str {
    match rhythm {
        Rhythm::AtOnce => "notices.at-once",
        Rhythm::Daily => "notices.daily",
        Rhythm::Off => "notices.off",
    }
}

fn channel_row(visit: &Visit, channel: &Channel) -> ChannelRow {
    ChannelRow {
        action: visit.href(&format!("{HERE}/{}", channel.row)),
        row: channel.row,
        means: visit.t(means_key(channel.means)).to_owned(),
        address: shown(channel),
        rhythms: rhythms(visit, channel.rhythm.name()),
        proven: channel.proven,
    }
}

/// An address as it may stand on a page: that of a robot holds its key, so only its host and end are shown.
pub fn shown(channel: &Channel) -> String {
    if channel.means == Means::Mail {
        return channel.address.clone();
    }
    let rest = channel.address.split_once("//").map_or(channel.address.as_str(), |(_, rest)| rest);
    let host = rest.split(['/', '?']).next().unwrap_or(rest);
    let end: String = channel.address.chars().rev().take(4).collect::<Vec<_>>().into_iter().rev().collect();
    format!("{host}/…{end}")
}

/// `POST /notices/channels`: adds one. Every fault at once; what was typed stays.
pub async fn add(visit: Visit, posted: Posted) -> Result<Response, Trouble> {
    let person = owner(&visit)?;
    let one = |name: &str| posted.draft.one(name).trim().to_owned();
    let typed =
        Typed { means: one("means"), address: one("address"), secret: one("secret"), rhythm: one("rhythm") };
    let (new, mut faults) = checked(&visit, person, &typed);
    let having = visit.app.read(move |reader| Ok(reader.channels(person)?)).await?;
    if having.len() >= CHANNELS_MAX {
        faults.push(fault(&visit, "means", "notices.too-many"));
    }
    if having.iter().any(|channel| channel.address == new.address && channel.means == new.means) {
        faults.push(fault(&visit, "address", "notices.twice"));
    }
    if !faults.is_empty() {
        return refused(&visit, typed, faults).await;
    }
    let made = visit.app.write(move |writer| writer.add_channel(new)).await?.value;
    match made.means {
        Means::Mail => send_code(&visit, &made).await,
        // Told once: it is needed again only where it was put.
        Means::Webhook => {
            let again = Typed { rhythm: typed.rhythm, ..Typed::default() };
            Ok(page(&visit, again, Vec::new(), made.secret).await?.into_response())
        }
        _ => Ok(redirect(&visit, HERE, "notice.channel-added")),
    }
}

async fn refused(visit: &Visit, typed: Typed, faults: Vec<FaultLine>) -> Result<Response, Trouble> {
    let page = page(visit, typed, faults, None).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

fn fault(visit: &Visit, field: &str, key: &str) -> FaultLine {
    let label = match field {
        "means" => "notices.means",
        "address" => "notices.address",
        "secret" => "notices.secret",
        "code" => "notices.code",
        _ => "notices.rhythm",
    };
    FaultLine { id: field.to_owned(), label: visit.t(label).to_owned(), text: visit.t(key).to_owned() }
}

fn checked(visit: &Visit, person: RecordId, typed: &Typed) -> (Channel, Vec<FaultLine>) {
    let (means, rhythm) = (Means::named(&typed.means), Rhythm::named(&typed.rhythm));
    let mut faults = Vec::new();
    if means.is_none() || (means == Some(Means::Mail) && visit.app.mail().is_none()) {
        faults.push(fault(visit, "means", "notices.choose-means"));
    }
    if let Some(key) = means.and_then(|means| address_fault(visit, means, &typed.address)) {
        faults.push(fault(visit, "address", key));
    }
    if base::text::chars(&typed.secret) > LINE_CHARS_MAX {
        faults.push(fault(visit, "secret", "notices.secret-long"));
    }
    if rhythm.is_none() {
        faults.push(fault(visit, "rhythm", "notices.choose-rhythm"));
    }
    let means = means.unwrap_or(Means::Mail);
    let secret = match means {
        Means::Webhook => Some(visit.app.secret()),
        Means::Dingtalk | Means::Feishu => Some(typed.secret.clone()).filter(|secret| !secret.is_empty()),
        Means::Mail | Means::Wecom => None,
    };
    let channel = Channel {
        row: 0,
        person,
        means,
        address: typed.address.clone(),
        secret,
        rhythm: rhythm.unwrap_or(Rhythm::Daily),
        english: visit.lang == Lang::En,
        proven: false,
    };
    (channel, faults)
}

fn address_fault(visit: &Visit, means: Means, address: &str) -> Option<&'static str> {
    if address.is_empty() {
        return Some("notices.no-address");
    }
    if base::text::chars(address) > LINE_CHARS_MAX * 2 {
        return Some("notices.address-long");
    }
    if means == Means::Mail {
        return (!letter::is_address(address)).then_some("notices.no-mail-address");
    }
    match visit.app.outside().admits(address, robots::known_hosts(means)) {
        Ok(()) => None,
        Err(Refused::Malformed) => Some("notices.no-web-address"),
        Err(Refused::Insecure) => Some("notices.insecure"),
        Err(Refused::Stranger) if means == Means::Webhook => Some("notices.stranger"),
        Err(Refused::Stranger) => Some("notices.not-the-robot"),
    }
}

/// `POST /notices/channels/{channel}`: rhythm, trial, code, proof, removal.
pub async fn change(visit: Visit, Path(row): Path<String>, posted: Posted) -> Result<Response, Trouble> {
    let person = owner(&visit)?;
    let row: i64 = row.parse().map_err(|_| Trouble::NotFound)?;
    let channels = visit.app.read(move |reader| Ok(reader.channels(person)?)).await?;
    let channel = channels.into_iter().find(|channel| channel.row == row).ok_or(Trouble::NotFound)?;
    match posted.pressed() {
        "rhythm" => {
            let rhythm = Rhythm::named(posted.draft.one("rhythm"));
            let rhythm = rhythm.ok_or_else(|| Trouble::Malformed("rhythm".to_owned()))?;
            let english = visit.lang == Lang::En;
            visit.app.write(move |writer| writer.set_rhythm(person, row, rhythm, english)).await?;
            Ok(redirect(&visit, HERE, "notice.saved"))
        }
        "trial" => {
            visit.app.write(move |writer| writer.file_trial(person, row)).await?;
            Ok(redirect(&visit, HERE, "notice.trial"))
        }
        "code" => send_code(&visit, &channel).await,
        "prove" => prove(&visit, &channel, posted.draft.one("code")).await,
        "remove" => {
            visit.app.write(move |writer| writer.remove_channel(person, row)).await?;
            Ok(redirect(&visit, HERE, "notice.channel-removed"))
        }
        _ => Err(Trouble::Malformed("do".to_owned())),
    }
}

/// What the store keeps of a code; it differs from channel to channel.
fn digest(channel: &Channel, code: &str) -> [u8; 32] {
    crate::secret::digest(&format!("{} {} {code}", channel.row, channel.address))
}

/// Sends a code to a mail address, here and now: whoever waits for it must know at once that it could not leave.
async fn send_code(visit: &Visit, channel: &Channel) -> Result<Response, Trouble> {
    visit.app.throttle(&format!("code:{}", channel.person), CODES_MAX, visit).await?;
    let (code, row, person) = (visit.app.code(), channel.row, channel.person);
    let kept = digest(channel, &code);
    visit.app.write(move |writer| writer.set_code(person, row, &kept)).await?;
    let (app, lang, to, id) = (visit.app.clone(), visit.lang, channel.address.clone(), visit.app.secret());
    let sent = tokio::task::spawn_blocking(move || {
        let texts = app.texts(lang);
        let subject = format!("{}{}", texts.get("notices.subject-mark"), texts.get("notices.code-subject"));
        let text = texts.fill("notices.code-letter", &[("code", &code), ("url", &app.site().origin)]);
        let letter = Letter { id: &id, to: &to, subject: &subject, text, at: app.now() };
        app.mail().is_some_and(|mail| match mail.send(letter) {
            Ok(()) => true,
            Err(failure) => {
                eprintln!("{}: a code could not be sent: {failure:?}", app.now());
                false
            }
        })
    });
    match sent.await? {
        true => Ok(redirect(visit, HERE, "notice.code-sent")),
        false => refused(visit, Typed::default(), vec![fault(visit, "address", "notices.code-failed")]).await,
    }
}

async fn prove(visit: &Visit, channel: &Channel, typed: &str) -> Result<Response, Trouble> {
    let typed: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let (row, person, digest) = (channel.row, channel.person, digest(channel, &typed));
    let key = match visit.app.write(move |writer| writer.prove(person, row, &digest)).await?.value {
        Proof::Proven => return Ok(redirect(visit, HERE, "notice.proven")),
        Proof::Wrong => "notices.code-wrong",
        Proof::Spent => "notices.code-spent",
    };
    refused(visit, Typed::default(), vec![fault(visit, "code", key)]).await
}
