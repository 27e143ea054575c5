//! Personal data: what is kept of people and why, what they agreed to, all of it to take along, and asking to be erased.
//!
//! The notice is made from the catalogue, so it says what the forms say. Never erases without a steward's decision. Start
//! at [`notice`]; [`mine`] is a person's own page, [`desk`] the steward's.

pub mod carry;
pub mod desk;
pub mod mine;

use askama::Template as _;
use axum::response::Html;
use base::id::RecordId;
use catalogue::kind::PURPOSES;
use catalogue::value::Lang;
use catalogue::{Catalogue, Field, Kind, Layer};
use register::Writer;

use crate::accounts::cell;
use crate::locale::Texts;
use crate::trouble::Trouble;
use crate::view::{DeskRow, DeskTable, DeskView};
use crate::visit::Visit;

/// `GET /privacy`: what is kept of people, why, and who reads it.
pub async fn notice(visit: Visit) -> Result<Html<String>, Trouble> {
    let catalogue = visit.app.register().catalogue().clone();
    let tables = catalogue.kinds().filter_map(|kind| table(&visit, &catalogue, kind)).collect();
    let page = visit.public_page(visit.t("privacy.title"), visit.t("privacy.lead"));
    let lead = vec![visit.t("privacy.lead").to_owned(), visit.t("privacy.rights").to_owned()];
    let links = match visit.signed {
        Some(_) => vec![visit.link("/account/data", visit.t("privacy.mine"))],
        None => Vec::new(),
    };
    Ok(Html(DeskView { lead, links, tables, ..DeskView::bare(page) }.render()?))
}

/// The personal data of a kind; none where it has none.
fn table(visit: &Visit, catalogue: &Catalogue, kind: &Kind) -> Option<DeskTable> {
    let rows: Vec<DeskRow> = lines(visit.texts(), visit.lang, catalogue, kind)
        .into_iter()
        .map(|line| DeskRow { cells: line.into_iter().map(cell).collect(), ..DeskRow::default() })
        .collect();
    (!rows.is_empty()).then(|| DeskTable {
        heading: kind.label.text(visit.lang).to_owned(),
        columns: ["privacy.field", "privacy.purpose", "privacy.readers"]
            .map(|key| visit.t(key).to_owned())
            .to_vec(),
        rows,
        ..DeskTable::default()
    })
}

/// What is asked about people in a kind: the field, what it is for, who reads it.
fn lines(texts: &Texts, lang: Lang, catalogue: &Catalogue, kind: &Kind) -> Vec<[String; 3]> {
    let line = |field: &catalogue::Field| {
        let purpose = catalogue.terms().label(PURPOSES, field.purpose.as_deref()?, lang);
        let readers = match field.layer {
            Layer::Open => "privacy.readers-open",
            Layer::Inside => "privacy.readers-inside",
            Layer::Sealed => "privacy.readers-sealed",
        };
        Some([field.label.text(lang).to_owned(), purpose, texts.get(readers).to_owned()])
    };
    kind.fields.iter().filter_map(line).collect()
}

/// The whole notice as one text: what somebody is told who agrees. Always Chinese, so that one text has one digest.
fn text(texts: &Texts, catalogue: &Catalogue) -> String {
    let mut told = format!("{}\n{}\n", texts.get("privacy.lead"), texts.get("privacy.rights"));
    for scope in Scope::ALL {
        told.push_str(&format!("{}：{}\n", texts.get(scope.key()), texts.get(scope.note())));
    }
    for kind in catalogue.kinds() {
        for line in lines(texts, Lang::Zh, catalogue, kind) {
            told.push_str(&format!("{}：{}\n", kind.label.zh, line.join("｜")));
        }
    }
    told
}

/// The word under which is kept that somebody was told what their contact is for, when they asked for something. That
/// they are answered rests on what they ask, not on a consent.
const ASKED: &str = "asked";

/// What stands over a form that asks whoever has no account how to reach them; none for others and other forms.
pub fn line(visit: &Visit, fields: &[&Field]) -> Option<String> {
    let asks = fields.iter().any(|field| field.purpose.is_some() && field.layer != Layer::Open);
    let known = visit.signed.as_ref().is_some_and(|signed| signed.account.is_some());
    (asks && !known).then(|| notice_line(visit))
}

/// What somebody without an account reads before they say who they are.
pub fn notice_line(visit: &Visit) -> String {
    visit.t("privacy.asked-line").to_owned()
}

/// All that somebody was told who asks for something without an account, as one text in Chinese.
pub fn told(visit: &Visit) -> String {
    let texts = visit.app.texts(Lang::Zh);
    format!("{}\n{}", texts.get("privacy.asked-line"), text(texts, visit.app.register().catalogue()))
}

/// Keeps what a person was told when they asked.
pub fn keep_told(writer: &mut Writer<'_>, person: RecordId, told: &str) -> register::Result<()> {
    writer.note_consent(person, ASKED, true, told)
}

/// What people agree to, apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scope {
    /// To stand in the public list.
    Publish,
    /// To be invited and suggested by computed order.
    Invite,
}

impl Scope {
    const ALL: [Scope; 2] = [Scope::Publish, Scope::Invite];

    /// The word it is kept under.
    fn name(self) -> &'static str {
        match self {
            Scope::Publish => "publish",
            Scope::Invite => "invite",
        }
    }

    fn named(name: &str) -> Option<Scope> {
        Scope::ALL.into_iter().find(|scope| scope.name() == name)
    }

    fn key(self) -> &'static str {
        match self {
            Scope::Publish => "privacy.publish",
            Scope::Invite => "privacy.invite",
        }
    }

    fn note(self) -> &'static str {
        match self {
            Scope::Publish => "privacy.publish-note",
            Scope::Invite => "privacy.invite-note",
        }
    }
}
