//! 产业目录: local industry lists, the national classes behind each term, and the records that fall under it.
//!
//! The lists are vocabularies of the catalogue; their mapping is told as a draft where it is ours. Start at [`show`].

use askama::Template as _;
use axum::extract::Path;
use axum::response::{Html, Response};
use catalogue::{Field, Kind, Shape, Term, Vocabulary};

use crate::records::export::{Sheet, send};
use crate::trouble::Trouble;
use crate::view::{Link, ListTerm, ListsView, LocalList};
use crate::visit::Visit;

/// The vocabulary local lists stand for.
const INDUSTRY: &str = "industry";
/// Kinds a term leads to, where they tell their industry.
const KINDS: [&str; 3] = ["demand", "achievement", "station"];

/// `GET /lists`.
pub async fn show(visit: Visit) -> Result<Html<String>, Trouble> {
    let catalogue = visit.app.register().catalogue();
    let kinds: Vec<&Kind> =
        KINDS.iter().filter_map(|name| catalogue.kind(name)).filter(|kind| tells_industry(kind)).collect();
    let view = ListsView {
        page: visit.public_page(visit.t("lists.title"), visit.t("lists.lead")),
        lists: catalogue.lists().map(|list| local_list(&visit, list, &kinds)).collect(),
        exports: visit.exports("/lists"),
    };
    Ok(Html(view.render()?))
}

/// `GET /lists.xlsx` and the like: a line a term.
pub async fn export(visit: Visit, Path(ending): Path<String>) -> Result<Response, Trouble> {
    const HEADS: [&str; 4] = ["lists.title", "lists.term", "lists.codes", "lists.draft"];
    let catalogue = visit.app.register().catalogue();
    let lists = catalogue.lists().map(|list| local_list(&visit, list, &[]));
    let rows = lists.flat_map(|list| {
        let (label, draft) = (list.label, if list.draft { "1" } else { "" });
        list.terms.into_iter().map(move |term| {
            let codes: Vec<String> = term.codes.iter().map(|(code, name)| format!("{code} {name}")).collect();
            vec![label.clone(), term.label, codes.join("\n"), draft.to_owned()]
        })
    });
    send(&Sheet::of(&visit, visit.t("lists.title"), &HEADS, rows.collect()), &ending)
}

fn tells_industry(kind: &Kind) -> bool {
    let tells = |field: &Field| {
        field.list && matches!(&field.shape, Shape::Code(vocabulary) if vocabulary == INDUSTRY)
    };
    kind.fields.iter().any(tells)
}

fn local_list(visit: &Visit, list: &Vocabulary, kinds: &[&Kind]) -> LocalList {
    LocalList {
        name: list.name.clone(),
        label: list.label.text(visit.lang).to_owned(),
        note: list.note.text(visit.lang).to_owned(),
        draft: list.draft,
        terms: list.terms.iter().map(|term| list_term(visit, list, term, kinds)).collect(),
    }
}

fn list_term(visit: &Visit, list: &Vocabulary, term: &Term, kinds: &[&Kind]) -> ListTerm {
    let catalogue = visit.app.register().catalogue();
    let code = |code: String| {
        let name = catalogue.terms().label(INDUSTRY, &code, crate::locale::Lang::Zh);
        (code, name)
    };
    let link = |kind: &&Kind| -> Link {
        let address = format!("/{}?list={}.{}", kind.path, list.name, term.code);
        visit.link(&address, kind.label.text(visit.lang))
    };
    ListTerm {
        label: term.label.text(visit.lang).to_owned(),
        codes: catalogue.mapped(&list.name, &term.code).into_iter().map(code).collect(),
        links: kinds.iter().map(link).collect(),
    }
}
