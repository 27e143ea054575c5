//! The home page: what this is, what may be done, and how much there is; every figure opens to its records.

use askama::Template as _;
use axum::response::Html;
use catalogue::{Asker, Filter};
use register::{Find, Reader};

use crate::records::faces::{place_name, row};
use crate::trouble::Trouble;
use crate::view::{Counted, HomeView, Link, Row};
use crate::visit::Visit;

/// Newest records of each kind.
const NEWEST: usize = 6;

/// The five links (五连), by the terms of the vocabulary `link`.
pub const FIVE: [&str; 5] = ["society", "city", "department", "township", "enterprise"];

/// The installation's places in the level bar until an installation sets its own.
const LEVELS: [&str; 11] = [
    "000000", "330000", "330200", "330300", "330400", "330100", "330500", "330281", "330212", "330110",
    "330521",
];

/// `GET /`.
pub async fn show(visit: Visit) -> Result<Html<String>, Trouble> {
    let looking = visit.clone();
    let view = visit.app.read(move |reader| view(&looking, reader)).await?;
    Ok(Html(view.render()?))
}

fn view(visit: &Visit, reader: &Reader<'_>) -> Result<HomeView, Trouble> {
    Ok(HomeView {
        page: visit.public_page(visit.t("site.title"), visit.t("site.slogan")),
        site: visit.t("site.title").to_owned(),
        subtitle: visit.t("site.subtitle").to_owned(),
        slogan: visit.t("site.slogan").to_owned(),
        levels: LEVELS.iter().filter_map(|code| level(visit, code)).collect(),
        five: FIVE.iter().map(|link| five(visit, reader, link)).collect::<Result<_, _>>()?,
        pilots: crate::regions::cards(visit, reader, &visit.app.index().ask().figures)?,
        counts: counts(visit, reader)?,
        demands: newest(visit, reader, "demand")?,
        achievements: newest(visit, reader, "achievement")?,
    })
}

/// The places of the installation, the nation first.
pub fn levels() -> Vec<base::place::Place> {
    LEVELS.iter().filter_map(|code| base::place::Place::parse(code).ok()).collect()
}

fn level(visit: &Visit, code: &str) -> Option<Link> {
    let place = base::place::Place::parse(code).ok()?;
    Some(visit.link(&crate::regions::address(&place), place_name(&place, visit.lang)))
}

/// Figures on the home page are what anyone may count, whoever looks: they open to the same records for all.
fn count(reader: &Reader<'_>, kind: &str, filter: Option<Filter>) -> Result<String, Trouble> {
    let find = Find { filter, ..Find::kind(kind).first(1) };
    let found = reader.list(&Asker::default(), &find)?;
    Ok(if found.count.capped { format!("{}+", found.count.n) } else { found.count.n.to_string() })
}

fn five(visit: &Visit, reader: &Reader<'_>, link: &str) -> Result<Counted, Trouble> {
    let filter = Filter::Is("link".to_owned(), link.to_owned());
    Ok(Counted {
        label: visit.t(&format!("home.link-{link}")).to_owned(),
        figure: count(reader, "tie", Some(filter))?,
        href: visit.href(&format!("/ties?link={link}")),
    })
}

fn counts(visit: &Visit, reader: &Reader<'_>) -> Result<Vec<Counted>, Trouble> {
    let society = Filter::Type("society".to_owned());
    let expert = Filter::Type("expert".to_owned());
    [
        ("home.count-demands", "demand", None, "/demands"),
        ("home.experts", "person", Some(expert), "/people?type=expert"),
        ("home.societies", "organization", Some(society), "/organizations?type=society"),
        ("home.count-achievements", "achievement", None, "/achievements"),
    ]
    .into_iter()
    .map(|(label, kind, filter, path)| {
        Ok(Counted {
            label: visit.t(label).to_owned(),
            figure: count(reader, kind, filter)?,
            href: visit.href(path),
        })
    })
    .collect()
}

fn newest(visit: &Visit, reader: &Reader<'_>, kind: &str) -> Result<Vec<Row>, Trouble> {
    let find = Find::kind(kind).first(NEWEST);
    Ok(reader.list(&Asker::default(), &find)?.items.iter().map(|item| row(visit, item, &[])).collect())
}
