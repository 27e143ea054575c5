//! 对照: the source documents row by row, each with the page that does it; what nothing does yet says so.
//!
//! Every total is counted from the table. Holds no row of its own. Start at [`show`].

pub mod table;

use askama::Template as _;
use axum::extract::{Path, RawQuery};
use axum::response::{Html, Response};

use self::table::{Entry, GROUPS};
use crate::records::export::{Sheet, send};
use crate::records::posted::read_pairs;
use crate::records::sources::document_name;
use crate::trouble::Trouble;
use crate::view::{CompareGroup, CompareRow, CompareView, Link, Tally};
use crate::visit::Visit;

/// The columns of the file, by their texts.
const COLUMNS: [&str; 7] = [
    "compare.row",
    "compare.source",
    "compare.zh",
    "compare.en",
    "compare.figure",
    "compare.by",
    "compare.page",
];

/// Which rows are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Done,
    Open,
}

impl State {
    const ALL: [State; 2] = [State::Done, State::Open];

    fn name(self) -> &'static str {
        match self {
            State::Done => "done",
            State::Open => "open",
        }
    }

    fn label(self) -> &'static str {
        match self {
            State::Done => "compare.done",
            State::Open => "compare.open",
        }
    }
}

/// The filters in force.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Choice {
    source: Option<String>,
    state: Option<State>,
}

impl Choice {
    /// Reads a query; a document or state nobody knows is a page that does not exist.
    fn read(query: Option<String>) -> Result<Choice, Trouble> {
        let mut choice = Choice::default();
        for (name, value) in read_pairs(query.unwrap_or_default().as_bytes())? {
            match name.as_str() {
                "source" if !value.is_empty() => choice.source = Some(known_source(value)?),
                "state" if !value.is_empty() => {
                    let state = State::ALL.into_iter().find(|state| state.name() == value);
                    choice.state = Some(state.ok_or(Trouble::NotFound)?);
                }
                _ => {}
            }
        }
        Ok(choice)
    }

    fn of_document(&self, entry: &Entry) -> bool {
        self.source.as_ref().is_none_or(|source| *source == entry.source)
    }

    fn keeps(&self, entry: &Entry) -> bool {
        self.of_document(entry) && self.state.is_none_or(|state| (state == State::Done) == entry.done())
    }

    fn address(&self) -> String {
        let source = self.source.as_ref().map(|source| format!("source={source}"));
        let state = self.state.map(|state| format!("state={}", state.name()));
        let query: Vec<String> = source.into_iter().chain(state).collect();
        let mark = if query.is_empty() { "" } else { "?" };
        format!("/compare{mark}{}", query.join("&"))
    }
}

fn known_source(source: String) -> Result<String, Trouble> {
    match table::rows().iter().any(|entry| entry.source == source) {
        true => Ok(source),
        false => Err(Trouble::NotFound),
    }
}

/// `GET /compare`.
pub async fn show(visit: Visit, RawQuery(query): RawQuery) -> Result<Html<String>, Trouble> {
    let choice = Choice::read(query)?;
    Ok(Html(view(&visit, &choice).render()?))
}

/// `GET /compare.{ending}`: the same rows as a file.
pub async fn export(
    visit: Visit,
    Path(ending): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Trouble> {
    let choice = Choice::read(query)?;
    let cells = |entry: &Entry| {
        let Entry { row, source, zh, en, figure, by, page } = entry.clone();
        vec![row, document_name(&visit, &source), zh, en, figure, by, page]
    };
    let rows = table::rows().iter().filter(|entry| choice.keeps(entry)).map(cells).collect();
    send(&Sheet::of(&visit, visit.t("compare.title"), &COLUMNS, rows), &ending)
}

fn view(visit: &Visit, choice: &Choice) -> CompareView {
    let all: Vec<&Entry> = table::rows().iter().filter(|entry| choice.of_document(entry)).collect();
    CompareView {
        page: visit.public_page(visit.t("compare.title"), visit.t("compare.description")),
        total: tally(all.iter().copied()),
        groups: GROUPS.iter().filter_map(|letter| group(visit, choice, letter, &all)).collect(),
        sources: sources(visit, choice),
        states: states(visit, choice),
        exports: visit.exports(&choice.address()),
    }
}

/// A group with what the filters leave of it; none where its documents name nothing of it.
fn group(visit: &Visit, choice: &Choice, letter: &str, all: &[&Entry]) -> Option<CompareGroup> {
    let within = || all.iter().copied().filter(|entry| entry.in_group(letter));
    within().next().map(|_| CompareGroup {
        letter: letter.to_owned(),
        label: visit.t(&format!("compare.group-{}", letter.to_lowercase())).to_owned(),
        tally: tally(within()),
        rows: within().filter(|entry| choice.keeps(entry)).map(|entry| row(visit, entry)).collect(),
    })
}

fn tally<'e>(entries: impl Iterator<Item = &'e Entry>) -> Tally {
    entries.fold(Tally::default(), |tally, entry| Tally {
        rows: tally.rows + 1,
        done: tally.done + usize::from(entry.done()),
    })
}

fn row(visit: &Visit, entry: &Entry) -> CompareRow {
    CompareRow {
        row: entry.row.clone(),
        text: entry.text(visit.lang).to_owned(),
        source: document_name(visit, &entry.source),
        figure: entry.figure.clone(),
        page: entry.done().then(|| visit.link(&entry.page, page_name(visit, &entry.page))),
    }
}

/// What a page is called: its kind's name where it is a list of one.
fn page_name<'v>(visit: &'v Visit, page: &str) -> &'v str {
    let first = page.trim_start_matches('/').split(['/', '?', '#', '.']).next().unwrap_or_default();
    match visit.app.register().catalogue().by_path(first) {
        Some(kind) => kind.label.text(visit.lang),
        None => visit.t("compare.see"),
    }
}

fn sources(visit: &Visit, choice: &Choice) -> Vec<Link> {
    let mut known: Vec<&str> = Vec::new();
    for entry in table::rows() {
        if !known.contains(&entry.source.as_str()) {
            known.push(&entry.source);
        }
    }
    let link = |source: Option<&str>, label: String| {
        let other = Choice { source: source.map(str::to_owned), ..choice.clone() };
        Link { current: other == *choice, ..visit.link(&other.address(), label) }
    };
    let all = link(None, visit.t("compare.all").to_owned());
    std::iter::once(all)
        .chain(known.into_iter().map(|source| link(Some(source), document_name(visit, source))))
        .collect()
}

fn states(visit: &Visit, choice: &Choice) -> Vec<Link> {
    let link = |state: Option<State>| {
        let other = Choice { state, ..choice.clone() };
        let label = visit.t(state.map_or("compare.all", State::label));
        Link { current: other == *choice, ..visit.link(&other.address(), label) }
    };
    std::iter::once(None).chain(State::ALL.map(Some)).map(link).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_read_and_written_alike_and_what_nobody_knows_is_not_found() {
        for query in ["", "source=plan_2020_10", "state=open", "source=four_cities&state=done"] {
            let choice = Choice::read(Some(query.to_owned())).expect(query);
            let expect = if query.is_empty() { "/compare".to_owned() } else { format!("/compare?{query}") };
            assert_eq!(choice.address(), expect);
        }
        for query in ["source=nobody", "state=half"] {
            assert_eq!(
                Choice::read(Some(query.to_owned())).map_err(|trouble| trouble.telling().code),
                Err("not-found")
            );
        }
    }

    #[test]
    fn done_and_open_share_the_rows_between_them() {
        let count = |query: &str| {
            let choice = Choice::read(Some(query.to_owned())).expect(query);
            table::rows().iter().filter(|entry| choice.keeps(entry)).count()
        };
        for source in ["", "source=plan_2020_10&", "source=ningbo_services&"] {
            let [done, open, all] =
                ["state=done", "state=open", ""].map(|state| count(&format!("{source}{state}")));
            assert_eq!(done + open, all, "{source}");
            assert!(all > 0, "{source}");
        }
    }
}
