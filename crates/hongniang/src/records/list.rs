//! A list of one kind: its address read as a question to the register, and the answer as a page.
//!
//! The same question serves the page, the spreadsheet and the API. Start at [`Question::read`].

use catalogue::kind::Verb;
use catalogue::{Catalogue, Field, Filter, Kind, Shape, View};
use register::{Count, Find, Order, Page as Found};

use super::faces::{place_name, row, type_label};
use crate::fields::SOURCED;
use crate::fields::demand::INDUSTRY;
use crate::locale::Lang;
use crate::problem::encode_query;
use crate::trouble::Trouble;
use crate::view::{Facet, Link, ListView};
use crate::visit::Visit;

/// A question to a list, as its address asks it.
#[derive(Clone, Debug)]
pub struct Question {
    /// The kind.
    pub kind: String,
    /// `field=value` pairs in force, in order; also `type`, `stage`, `place`, and those of [`SETS`].
    pub chosen: Vec<(String, String)>,
    /// `newest`, `oldest`, `due` or a field's name, with `-` before it for the other way round.
    pub order: String,
    /// Where the page starts.
    pub after: Option<String>,
    /// Rows a page.
    pub first: usize,
}

impl Question {
    /// Reads a query string; unknown names are left for the caller's own use, values are checked when asked.
    pub fn read(kind: &Kind, pairs: &[(String, String)]) -> Question {
        let one = |name: &str| pairs.iter().find(|(found, _)| found == name).map(|(_, value)| value.clone());
        let is_filter = |name: &str| {
            matches!(name, "type" | "stage" | "place") || SETS.contains(&name) || listed(kind, name).is_some()
        };
        Question {
            kind: kind.name.clone(),
            chosen: pairs
                .iter()
                .filter(|(name, value)| is_filter(name) && !value.is_empty())
                .cloned()
                .collect(),
            order: one("order").unwrap_or_else(|| "newest".to_owned()),
            after: one("after").filter(|after| !after.is_empty()),
            first: one("first")
                .and_then(|n| n.parse().ok())
                .unwrap_or(base::limits::PAGE_ROWS)
                .clamp(1, base::limits::PAGE_ROWS_MAX),
        }
    }

    /// The register's form of it.
    pub fn find(&self, catalogue: &Catalogue, kind: &Kind) -> Result<Find, Trouble> {
        let filters: Vec<Filter> = self
            .chosen
            .iter()
            .map(|(name, value)| filter(catalogue, kind, name, value))
            .collect::<Result<_, _>>()?;
        Ok(Find {
            kind: self.kind.clone(),
            filter: (!filters.is_empty()).then_some(Filter::All(filters)),
            order: self.order(kind),
            after: self.after.clone(),
            first: self.first,
            verb: Verb::Read,
        })
    }

    /// The same question of what sources tell alone, where the list holds both: they are counted apart.
    pub fn told(&self, kind: &Kind, find: &Find) -> Option<Find> {
        let both = kind.stage(SOURCED).is_some() && !self.chosen.iter().any(|(name, _)| name == "stage");
        let sourced = Filter::Stage(SOURCED.to_owned());
        let filter = Filter::All(find.filter.iter().cloned().chain([sourced]).collect());
        both.then(|| Find { filter: Some(filter), after: None, first: 1, ..find.clone() })
    }

    fn order(&self, kind: &Kind) -> Order {
        let (name, down) = match self.order.strip_prefix('-') {
            Some(name) => (name, true),
            None => (self.order.as_str(), false),
        };
        match name {
            "oldest" => Order::Oldest,
            "due" => Order::Due,
            _ if name == "title" || listed(kind, name).is_some() => {
                if down {
                    Order::ByDesc(name.to_owned())
                } else {
                    Order::By(name.to_owned())
                }
            }
            _ => Order::Newest,
        }
    }

    /// This question's address with changes: pairs added, one removed, another order or page.
    fn address(&self, kind: &Kind, chosen: &[(String, String)], order: &str, after: Option<&str>) -> String {
        let mut query: Vec<String> =
            chosen.iter().map(|(name, value)| format!("{name}={}", encode_query(value))).collect();
        if order != "newest" {
            query.push(format!("order={order}"));
        }
        query.extend(after.map(|after| format!("after={}", encode_query(after))));
        let mark = if query.is_empty() { "" } else { "?" };
        format!("/{}{mark}{}", kind.path, query.join("&"))
    }

    fn without(&self, at: usize) -> Vec<(String, String)> {
        self.chosen
            .iter()
            .enumerate()
            .filter(|(place, _)| *place != at)
            .map(|(_, pair)| pair.clone())
            .collect()
    }

    fn with(&self, name: &str, value: &str) -> Vec<(String, String)> {
        let mut chosen: Vec<_> = self.chosen.iter().filter(|(found, _)| found != name).cloned().collect();
        chosen.push((name.to_owned(), value.to_owned()));
        chosen
    }
}

/// The listed field of a name.
pub fn listed<'k>(kind: &'k Kind, name: &str) -> Option<&'k Field> {
    kind.fields.iter().find(|field| field.list && field.name == name)
}

/// Names of whole sets in an address: a view of the catalogue, a term of a local list, a filter in its text form.
pub const SETS: [&str; 3] = ["view", "list", "where"];

fn filter(catalogue: &Catalogue, kind: &Kind, name: &str, value: &str) -> Result<Filter, Trouble> {
    let filter = match name {
        "view" => view_of(catalogue, kind, value).ok_or(Trouble::NotFound)?.filter.clone(),
        "list" => {
            let (vocabulary, term) = value.split_once('.').ok_or(Trouble::NotFound)?;
            let codes = catalogue.mapped(vocabulary, term).into_iter();
            Filter::Any(codes.map(|code| Filter::Is(INDUSTRY.to_owned(), code)).collect())
        }
        "where" => {
            let filter: Filter = value.parse().map_err(|_| Trouble::NotFound)?;
            filter.validate(kind).map_err(|_| Trouble::NotFound)?;
            filter
        }
        "type" => Filter::Type(value.to_owned()),
        "stage" => Filter::Stage(value.to_owned()),
        "place" => Filter::Place(base::place::Place::parse(value).map_err(|_| Trouble::NotFound)?),
        _ => match listed(kind, name).map(|field| &field.shape) {
            Some(Shape::Reference(_)) => {
                Filter::Refers(name.to_owned(), value.parse().map_err(|_| Trouble::NotFound)?)
            }
            _ => Filter::Is(name.to_owned(), value.to_owned()),
        },
    };
    Ok(filter)
}

fn view_of<'c>(catalogue: &'c Catalogue, kind: &Kind, name: &str) -> Option<&'c View> {
    catalogue.view(name).filter(|view| view.kind == kind.name)
}

/// What a choice reads as: “行业：木材加工”.
fn choice_label(visit: &Visit, kind: &Kind, name: &str, value: &str) -> String {
    let catalogue = visit.app.register().catalogue();
    match name {
        "view" => view_of(catalogue, kind, value)
            .map_or_else(|| value.to_owned(), |view| view.label.text(visit.lang).to_owned()),
        "list" => list_label(visit, value),
        "where" => visit.t("list.where").to_owned(),
        "type" => type_label(kind, value, visit.lang),
        "stage" => super::faces::badge(kind, value, visit.lang).label,
        "place" => {
            base::place::Place::parse(value).map_or_else(|_| value.to_owned(), |p| place_name(&p, visit.lang))
        }
        _ => listed(kind, name).map_or_else(|| value.to_owned(), |field| term_label(visit, field, value)),
    }
}

/// “宁波“246”产业集群：汽车”.
fn list_label(visit: &Visit, value: &str) -> String {
    let catalogue = visit.app.register().catalogue();
    let (name, code) = value.split_once('.').unwrap_or((value, ""));
    let list = catalogue.vocabularies().get(name);
    let list = list.map_or_else(|| name.to_owned(), |list| list.label.text(visit.lang).to_owned());
    format!("{list} · {}", catalogue.terms().label(name, code, visit.lang))
}

fn term_label(visit: &Visit, field: &Field, value: &str) -> String {
    let catalogue = visit.app.register().catalogue();
    let value = serde_json::Value::String(value.to_owned());
    catalogue::value::show(&field.shape, &value, &catalogue.terms(), visit.lang, &|_| None)
}

/// The page of a list.
pub fn view(
    visit: &Visit,
    kind: &Kind,
    question: &Question,
    (found, told): (&Found, usize),
    may: ListMay,
) -> ListView {
    let columns: Vec<&Field> = columns(kind);
    let names: Vec<&str> = columns.iter().map(|field| field.name.as_str()).collect();
    let label = kind.label.text(visit.lang).to_owned();
    ListView {
        page: visit.public_page(label.clone(), visit.t("list.description")),
        create: may.create.then(|| create_link(visit, kind)),
        import: may.import.then(|| visit.link(&format!("/{}/import", kind.path), visit.t("list.import"))),
        exports: visit.exports(&question.address(kind, &question.chosen, &question.order, None)),
        facets: facets(visit, kind, question),
        chosen: chosen(visit, kind, question),
        orders: orders(visit, kind, question),
        columns: columns.iter().map(|field| field.label.text(visit.lang).to_owned()).collect(),
        combine: (crate::combining::offered(visit, kind) && found.items.len() > 1)
            .then(|| visit.link(&format!("/{}/common", kind.path), visit.t("combine.do"))),
        ways: ways(visit, kind),
        rows: found.items.iter().map(|item| row(visit, item, &names)).collect(),
        count: count_words(visit, &found.count, told),
        next: found
            .next
            .as_ref()
            .map(|after| visit.href(&question.address(kind, &question.chosen, &question.order, Some(after)))),
        empty: kind.empty.text(visit.lang).to_owned(),
        kind: label,
    }
}

/// Other ways into the kind: entering for a firm, noting a visit.
fn ways(visit: &Visit, kind: &Kind) -> Vec<Link> {
    let behalf = crate::combining::offered(visit, kind)
        .then(|| visit.link(&format!("/{}/behalf", kind.path), visit.t("behalf.action")));
    let boards =
        crate::casework::ways_of_list(visit, kind).into_iter().chain(crate::dispatch::offered(visit, kind));
    let boards = boards.chain(crate::stations::desks(visit, kind));
    behalf.into_iter().chain(boards).collect()
}

/// Where a record is started: by visitors through the public form, if the kind has one.
fn create_link(visit: &Visit, kind: &Kind) -> Link {
    match visit.signed.is_none() && !kind.quick.is_empty() {
        true => visit.link(&format!("/{}/post", kind.path), visit.t("list.post")),
        false => visit.link(&format!("/{}/new", kind.path), visit.t("list.create")),
    }
}

/// The stages at which the visitor may read anything.
fn readable_stages<'k>(visit: &Visit, kind: &'k Kind) -> Vec<&'k catalogue::Stage> {
    let arms = catalogue::access::arms(kind, &visit.asker(), &Verb::Read);
    let read = |stage: &&catalogue::Stage| {
        arms.iter().any(|arm| arm.stages.is_empty() || arm.stages.contains(&stage.name))
    };
    kind.stages.iter().filter(read).collect()
}

/// What the reader may do with a list beside reading it.
#[derive(Clone, Copy, Debug)]
pub struct ListMay {
    /// Start a record.
    pub create: bool,
    /// Bring in a spreadsheet.
    pub import: bool,
}

/// Listed fields shown as cells: terms and quantities; place, day and the title have their own places.
fn columns(kind: &Kind) -> Vec<&Field> {
    let own = |field: &&Field| {
        let elsewhere = [kind.place.as_deref(), kind.day.as_deref(), Some(kind.title.as_str())];
        field.list
            && !elsewhere.contains(&Some(field.name.as_str()))
            && !matches!(field.shape, Shape::Reference(_))
    };
    kind.fields.iter().filter(own).take(2).collect()
}

/// How many there are; what sources tell is counted apart and never added.
fn count_words(visit: &Visit, count: &Count, told: usize) -> String {
    let recorded = count.n.saturating_sub(told);
    let (n, told_text) = (recorded.to_string(), told.to_string());
    match (count.capped, told, recorded) {
        (true, ..) => visit.texts().fill("list.count", &[("n", &format!("{}+", count.n))]),
        (false, 0, _) => visit.texts().fill("list.count", &[("n", &n)]),
        (false, _, 0) => visit.texts().fill("list.count-told", &[("told", &told_text)]),
        (false, ..) => visit.texts().fill("list.count-apart", &[("n", &n), ("told", &told_text)]),
    }
}

fn chosen(visit: &Visit, kind: &Kind, question: &Question) -> Vec<Link> {
    let removal = |(at, (name, value)): (usize, &(String, String))| {
        let href = visit.href(&question.address(kind, &question.without(at), &question.order, None));
        Link { href, label: choice_label(visit, kind, name, value), current: true }
    };
    question.chosen.iter().enumerate().map(removal).collect()
}

fn orders(visit: &Visit, kind: &Kind, question: &Question) -> Vec<Link> {
    ["newest", "oldest", "title"]
        .into_iter()
        .map(|order| Link {
            href: visit.href(&question.address(kind, &question.chosen, order, None)),
            label: visit.t(&format!("list.order-{order}")).to_owned(),
            current: question.order == order,
        })
        .collect()
}

fn facets(visit: &Visit, kind: &Kind, question: &Question) -> Vec<Facet> {
    let option = |name: &str, value: &str, label: String| Link {
        href: visit.href(&question.address(kind, &question.with(name, value), &question.order, None)),
        label,
        current: question.chosen.iter().any(|(n, v)| n == name && v == value),
    };
    let views = visit.app.register().catalogue().views().filter(|view| view.kind == kind.name);
    let views = views.map(|v| option("view", &v.name, v.label.text(visit.lang).to_owned())).collect();
    let types =
        kind.types.iter().map(|t| option("type", &t.path, t.label.text(visit.lang).to_owned())).collect();
    let stages = readable_stages(visit, kind)
        .into_iter()
        .map(|s| option("stage", &s.name, s.label.text(visit.lang).to_owned()))
        .collect();
    let mut facets = vec![
        Facet { label: visit.t("list.views").to_owned(), options: views },
        Facet { label: visit.t("list.type").to_owned(), options: types },
        Facet { label: visit.t("list.stage").to_owned(), options: stages },
    ];
    for field in kind.fields.iter().filter(|field| field.list) {
        if let Some(options) = facet_options(visit, field, visit.lang) {
            let options =
                options.into_iter().map(|(code, label)| option(&field.name, &code, label)).collect();
            facets.push(Facet { label: field.label.text(visit.lang).to_owned(), options });
        }
    }
    facets.retain(|facet| facet.options.len() > 1);
    facets
}

/// Values a listed field may be narrowed to: terms of short vocabularies, and the places of the installation.
fn facet_options(visit: &Visit, field: &Field, lang: Lang) -> Option<Vec<(String, String)>> {
    let catalogue = visit.app.register().catalogue();
    match &field.shape {
        Shape::Code(vocabulary) if !super::draft::is_long(&field.shape) => {
            let terms = &catalogue.vocabularies().get(vocabulary)?.terms;
            Some(terms.iter().map(|term| (term.code.clone(), term.label.text(lang).to_owned())).collect())
        }
        Shape::Code(vocabulary) if vocabulary == "industry" => Some(
            base::industry::Industry::all()
                .into_iter()
                .filter(|industry| industry.code().len() == 1)
                .map(|industry| (industry.code().to_owned(), industry.name().to_owned()))
                .collect(),
        ),
        _ => None,
    }
}
