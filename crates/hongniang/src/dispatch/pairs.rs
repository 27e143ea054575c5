//! 高校—乡镇结对: pairs of a university and a township, each counted once, with what they are for and what came of it.
//!
//! “5所高校与5个乡镇” are five pairs: the list counts ties, units beside them. What sources tell stands by itself and is not
//! added. Start at [`show`].

use std::collections::BTreeSet;

use askama::Template as _;
use axum::extract::Path;
use axum::response::{Html, Response};
use base::id::RecordId;
use catalogue::Filter;
use catalogue::kind::type_within;
use register::{Item, Order, Reader};

use crate::accounts::cell;
use crate::fields::{SOURCED, UNTIL};
use crate::fields::{belonging, body, tie};
use crate::records::export::{Sheet, send};
use crate::records::faces::place_name;
use crate::sides::{day_words, link_to, references, some, stage, text, texts};
use crate::trouble::Trouble;
use crate::view::{DeskRow, DeskTable, DeskView, Link};
use crate::visit::Visit;

/// Ties looked at.
const TIES_MAX: usize = 500;
/// Columns of the list.
const COLUMNS: [&str; 8] = [
    "pairs.university",
    "pairs.township",
    "list.place",
    "pairs.theme",
    "pairs.deliverables",
    "pairs.since",
    "pairs.until",
    "list.stage",
];

/// A pair.
struct Pair {
    university: RecordId,
    township: RecordId,
    live: bool,
    sourced: bool,
    cells: Vec<Link>,
}

async fn all(visit: &Visit) -> Result<Vec<Pair>, Trouble> {
    let looking = visit.clone();
    let gather = move |reader: &Reader<'_>| {
        let pairing = Filter::Type(belonging::PAIRING.to_owned());
        let mut found = Vec::new();
        for item in some(&looking, reader, (tie::KIND, pairing), Order::Newest, TIES_MAX)? {
            found.extend(pair(&looking, reader, &item)?);
        }
        found.sort_by_key(|pair: &Pair| pair.university);
        Ok(found)
    };
    visit.app.read(gather).await
}

/// A tie as a pair, whichever side is named first; none where it ties others.
fn pair(visit: &Visit, reader: &Reader<'_>, item: &Item) -> Result<Option<Pair>, Trouble> {
    let fields = texts(visit, reader, item)?;
    let ends: Vec<RecordId> = [tie::FROM, tie::TO].iter().flat_map(|end| references(&fields, end)).collect();
    let units = reader.seen_all(&visit.asker(), &ends)?;
    let of = |path: &str| units.iter().find(|unit| type_within(&unit.type_path, path));
    let (Some(university), Some(township)) = (of(body::UNIVERSITY), of(body::TOWNSHIP)) else {
        return Ok(None);
    };
    let place = township.place.as_ref().map(|place| place_name(place, visit.lang)).unwrap_or_default();
    Ok(Some(Pair {
        university: university.id,
        township: township.id,
        live: item.stage == belonging::LIVE,
        sourced: item.stage == SOURCED,
        cells: vec![
            link_to(visit, university, university.title.clone()),
            link_to(visit, township, township.title.clone()),
            cell(place),
            link_to(visit, item, theme(&fields, item)),
            cell(text(&fields, belonging::DELIVERABLES)),
            cell(day_words(visit, &fields, tie::SINCE)),
            cell(day_words(visit, &fields, UNTIL)),
            cell(stage(visit, item)),
        ],
    }))
}

/// What a pair is for; its heading where it says no theme.
fn theme(fields: &catalogue::Fields, item: &Item) -> String {
    let theme = text(fields, belonging::THEME);
    if theme.is_empty() { item.title.clone() } else { theme }
}

/// `GET /pairs`.
pub async fn show(visit: Visit) -> Result<Html<String>, Trouble> {
    let pairs = all(&visit).await?;
    let live = || pairs.iter().filter(|pair| pair.live);
    let counts = [
        ("pairs", live().count().to_string()),
        ("universities", live().map(|pair| pair.university).collect::<BTreeSet<_>>().len().to_string()),
        ("townships", live().map(|pair| pair.township).collect::<BTreeSet<_>>().len().to_string()),
    ];
    let counts = counts.each_ref().map(|(name, text)| (*name, text.as_str()));
    let lead = vec![visit.t("pairs.lead").to_owned(), visit.texts().fill("pairs.count", &counts)];
    let view = DeskView {
        crumb: Some(visit.link("/ties?where=type%3Dpairing", visit.t("pairs.all"))),
        lead,
        tables: tables(&visit, pairs),
        exports: visit.exports("/pairs"),
        ..DeskView::bare(visit.public_page(visit.t("pairs.title"), visit.t("pairs.lead")))
    };
    Ok(Html(view.render()?))
}

/// What is recorded, and by itself what sources tell.
fn tables(visit: &Visit, pairs: Vec<Pair>) -> Vec<DeskTable> {
    let (sourced, recorded): (Vec<Pair>, Vec<Pair>) = pairs.into_iter().partition(|pair| pair.sourced);
    let table = |key: &str, pairs: Vec<Pair>| DeskTable {
        heading: visit.t(key).to_owned(),
        note: String::new(),
        columns: COLUMNS.map(|key| visit.t(key).to_owned()).into(),
        rows: pairs.into_iter().map(|pair| DeskRow { cells: pair.cells, buttons: Vec::new() }).collect(),
        empty: visit.t("pairs.empty").to_owned(),
    };
    let told = (!sourced.is_empty()).then(|| table("pairs.sourced", sourced));
    std::iter::once(table("pairs.recorded", recorded)).chain(told).collect()
}

/// `GET /pairs.{ending}`.
pub async fn export(visit: Visit, Path(ending): Path<String>) -> Result<Response, Trouble> {
    let texts = |pair: Pair| pair.cells.into_iter().map(|cell| cell.label).collect();
    let rows = all(&visit).await?.into_iter().map(texts).collect();
    send(&Sheet::of(&visit, visit.t("pairs.title"), &COLUMNS, rows), &ending)
}
