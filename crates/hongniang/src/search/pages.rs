//! The search page: hits of all kinds, narrowed by kind and code, each with the passage that answers.

use askama::Template as _;
use axum::extract::RawQuery;
use axum::response::Html;
use base::limits;
use register::{Item, Position, Reader};

use super::{Arms, read_items};
use crate::problem::encode_query;
use crate::records::faces::{place_name, row};
use crate::records::posted::read_pairs;
use crate::trouble::Trouble;
use crate::view::{Facet, Link, Mark, Row, SearchView};
use crate::visit::Visit;

/// Characters of a passage.
const SNIPPET_CHARS: usize = 90;
/// Values shown of a facet.
const FACET_FIRST: usize = 8;

/// A question to search, as its address asks it.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// The words.
    pub query: String,
    /// Kind wanted, or empty.
    pub kind: String,
    /// Keys that must hold: `industry:C20`.
    pub keys: Vec<String>,
    /// Rows skipped.
    pub skip: usize,
    /// A position the answer must include.
    pub after: Option<Position>,
}

impl Asked {
    /// Reads a query string.
    pub fn read(query: &str) -> Result<Asked, Trouble> {
        let mut asked = Asked::default();
        for (name, value) in read_pairs(query.as_bytes())? {
            match name.as_str() {
                "q" => asked.query = value.chars().take(limits::QUERY_CHARS_MAX).collect(),
                "kind" => asked.kind = value,
                "key" => asked.keys.push(value),
                "skip" => asked.skip = value.parse::<usize>().unwrap_or(0).min(limits::COUNT_CAP),
                "after" => asked.after = value.parse().ok(),
                _ => {}
            }
        }
        Ok(asked)
    }

    fn address(&self, kind: &str, keys: &[String], skip: usize) -> String {
        let mut query = format!("/search?q={}", encode_query(&self.query));
        if !kind.is_empty() {
            query.push_str(&format!("&kind={}", encode_query(kind)));
        }
        for key in keys {
            query.push_str(&format!("&key={}", encode_query(key)));
        }
        if skip > 0 {
            query.push_str(&format!("&skip={skip}"));
        }
        query
    }
}

/// What the index answered, kept so that its lock is held no longer than the question.
struct Answer {
    found: matching::Found,
    snippets: Vec<Vec<Mark>>,
}

/// `GET /search`.
pub async fn search(visit: Visit, RawQuery(query): RawQuery) -> Result<Html<String>, Trouble> {
    let asked = Asked::read(&query.unwrap_or_default())?;
    visit.app.reached(asked.after).await?;
    let looking = visit.clone();
    let view = visit.app.read(move |reader| view(&looking, reader, &asked)).await?;
    Ok(Html(view.render()?))
}

/// The hits of a question, with their items.
pub fn hits(
    visit: &Visit,
    reader: &Reader<'_>,
    asked: &Asked,
) -> Result<(matching::Found, Vec<Item>), Trouble> {
    let (answer, items) = answered(visit, reader, asked)?;
    Ok((answer.found, items))
}

fn answered(visit: &Visit, reader: &Reader<'_>, asked: &Asked) -> Result<(Answer, Vec<Item>), Trouble> {
    let answer = ask(visit, asked);
    let rows: Vec<i64> = answer.found.hits.iter().filter_map(|hit| i64::try_from(hit.id).ok()).collect();
    let items = read_items(reader, &visit.asker(), &rows)?;
    Ok((answer, items))
}

fn view(visit: &Visit, reader: &Reader<'_>, asked: &Asked) -> Result<SearchView, Trouble> {
    let (Answer { found, snippets }, items) = answered(visit, reader, asked)?;
    let shown = |item: &Item| {
        let at = found.hits.iter().position(|hit| i64::try_from(hit.id) == Ok(item.row));
        Row {
            snippet: at.and_then(|at| snippets.get(at).cloned()).unwrap_or_default(),
            ..row(visit, item, &[])
        }
    };
    let more = asked.skip + found.hits.len() < found.total.min(limits::COUNT_CAP);
    Ok(SearchView {
        page: visit.page(visit.texts().fill("search.title", &[("query", &asked.query)])),
        groups: groups(visit, asked, &found),
        facets: facets(visit, asked, &found),
        chosen: chosen(visit, asked),
        rows: items.iter().map(shown).collect(),
        count: visit.texts().fill("list.count", &[("n", &found.total.to_string())]),
        next: more
            .then(|| visit.href(&asked.address(&asked.kind, &asked.keys, asked.skip + limits::PAGE_ROWS))),
        exports: Vec::new(),
        building: visit.app.index().building(),
        query: asked.query.clone(),
    })
}

fn ask(visit: &Visit, asked: &Asked) -> Answer {
    let arms = Arms::of(visit.app.register().catalogue(), &visit.asker());
    let state = visit.app.index().ask();
    let admit = |row: u64| state.admits(&arms, row);
    let groups = groups_of(visit, &asked.kind);
    let groups: Vec<&str> = groups.iter().map(String::as_str).collect();
    let found = state.index.search(&asked.query, &asked.keys, &admit, &groups, asked.skip, limits::PAGE_ROWS);
    let mark = |piece: matching::Piece| Mark { text: piece.text, hit: piece.hit };
    let snippet = |hit: &matching::Hit| {
        state.index.snippet(hit.id, &asked.query, SNIPPET_CHARS).into_iter().map(mark).collect()
    };
    let snippets = found.hits.iter().map(snippet).collect();
    Answer { found, snippets }
}

/// The index groups (`kind/type`) of a kind, also one without types; empty, where no kind is asked for, means all.
fn groups_of(visit: &Visit, kind: &str) -> Vec<String> {
    if kind.is_empty() {
        return Vec::new();
    }
    let known = visit.app.register().catalogue().kind(kind);
    let types = known.into_iter().flat_map(|kind| &kind.types).map(|of| of.path.as_str());
    std::iter::once("").chain(types).map(|of| format!("{kind}/{of}")).collect()
}

fn groups(visit: &Visit, asked: &Asked, found: &matching::Found) -> Vec<Link> {
    let catalogue = visit.app.register().catalogue();
    let mut links: Vec<Link> = catalogue
        .kinds()
        .filter_map(|kind| {
            let of_kind = |(group, _): &&(String, usize)| group.split('/').next() == Some(kind.name.as_str());
            let n: usize = found.groups.iter().filter(of_kind).map(|(_, n)| n).sum();
            (n > 0).then(|| Link {
                href: visit.href(&asked.address(&kind.name, &asked.keys, 0)),
                label: format!("{} {n}", kind.label.text(visit.lang)),
                current: asked.kind == kind.name,
            })
        })
        .collect();
    links.insert(
        0,
        Link {
            href: visit.href(&asked.address("", &asked.keys, 0)),
            label: visit.t("search.all").to_owned(),
            current: asked.kind.is_empty(),
        },
    );
    links
}

fn facets(visit: &Visit, asked: &Asked, found: &matching::Found) -> Vec<Facet> {
    let facet = |dimension: &str, label: &str| {
        let wanted = |facet: &&matching::Facet| {
            let (found, code) = facet.key.split_once(':').unwrap_or_default();
            found == dimension && is_coarse(dimension, code) && !asked.keys.contains(&facet.key)
        };
        let option = |facet: &matching::Facet| {
            let mut keys = asked.keys.clone();
            keys.push(facet.key.clone());
            Link {
                href: visit.href(&asked.address(&asked.kind, &keys, 0)),
                label: format!("{} {}", key_label(visit, &facet.key), facet.count),
                current: false,
            }
        };
        Facet {
            label: visit.t(label).to_owned(),
            options: found.facets.iter().filter(wanted).take(FACET_FIRST).map(option).collect(),
        }
    };
    let mut facets = vec![facet("industry", "search.industry"), facet("place", "search.place")];
    facets.retain(|facet| !facet.options.is_empty());
    facets
}

/// Facets are read at one level: divisions of industry, counties and cities.
fn is_coarse(dimension: &str, code: &str) -> bool {
    match dimension {
        "industry" => code.len() == 3,
        _ => code.len() == 6 && !code.ends_with("0000"),
    }
}

/// What a key reads as.
pub fn key_label(visit: &Visit, key: &str) -> String {
    let (dimension, code) = key.split_once(':').unwrap_or_default();
    match dimension {
        "place" => {
            base::place::Place::parse(code).map_or_else(|_| code.to_owned(), |p| place_name(&p, visit.lang))
        }
        "industry" => {
            base::industry::Industry::parse(code).map_or_else(|_| code.to_owned(), |i| i.name().to_owned())
        }
        "discipline" => base::discipline::Discipline::parse(code)
            .map_or_else(|_| code.to_owned(), |d| d.name().to_owned()),
        _ => code.to_owned(),
    }
}

fn chosen(visit: &Visit, asked: &Asked) -> Vec<Link> {
    let removal = |key: &String| {
        let keys: Vec<String> = asked.keys.iter().filter(|other| *other != key).cloned().collect();
        Link {
            href: visit.href(&asked.address(&asked.kind, &keys, 0)),
            label: key_label(visit, key),
            current: true,
        }
    };
    asked.keys.iter().map(removal).collect()
}
