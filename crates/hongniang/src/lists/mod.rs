//! 产业目录: local industry lists, the national classes behind each term, and the records that fall under it.
//!
//! The lists are vocabularies of the catalogue; their mapping is told as a draft where it is ours. Start at [`show`].

use askama::Template as _;
use axum::response::Html;
use catalogue::{Field, Kind, Shape, Term, Vocabulary};

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
    };
    Ok(Html(view.render()?))
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
