//! The recorder: what a tenant's people ask of the house, by every link and form they are shown and by every route for
//! every record of theirs.
//!
//! Reads are asked as they are recorded; writes are recorded and made later, by their own people, in `replay`.
//! Start at [`Recorder::record`].

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::SocketAddr;

use catalogue::Catalogue;
use serde_json::{Value, json};

use super::page;
use super::routes::{self, Route};
use crate::harness::client::{Answer, Client};
use crate::harness::tenant::{Comer, Held, Tenant};

/// Pages of one route about no record of the tenant's that are walked, for each who walks.
const ALIKE_MAX: usize = 1;
const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";
/// A hash nobody stored.
const NO_HASH: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// A request, and by whom it was first made.
#[derive(Clone, Debug)]
pub struct Asked {
    pub by: &'static str,
    pub route: Route,
    pub path: String,
    pub content: &'static str,
    pub body: String,
    pub version: String,
    /// The number of the tenant's record it is about, if it is about one.
    pub about: Option<usize>,
}

pub struct Recorder<'t> {
    pub address: SocketAddr,
    pub tenant: &'t Tenant,
    pub catalogue: &'t Catalogue,
    pub routes: Vec<Route>,
    pub asked: Vec<Asked>,
    /// Routes of which one request was answered as it should be.
    pub answered: BTreeSet<Route>,
    /// Marks of layers seen on the tenant's own pages.
    pub seen: BTreeSet<&'static str>,
    /// Values of parameters that are of no record.
    pub values: BTreeMap<&'static str, String>,
    known: BTreeSet<(String, String)>,
}

/// Asks as someone; nothing is kept between two requests.
pub fn ask(address: SocketAddr, who: &Comer, asked: &Asked, path: &str) -> Answer {
    let headers =
        [("cookie", who.cookie.as_str()), ("content-type", asked.content), ("if-match", &asked.version)];
    let given: Vec<(&str, &str)> = headers.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    Client::new(address).send(asked.route.method, path, &given, asked.body.as_bytes())
}

impl<'t> Recorder<'t> {
    pub fn new(
        address: SocketAddr,
        tenant: &'t Tenant,
        catalogue: &'t Catalogue,
        values: BTreeMap<&'static str, String>,
    ) -> Self {
        let (asked, answered, seen, known) = Default::default();
        Recorder { address, tenant, catalogue, routes: routes::all(), asked, answered, seen, values, known }
    }

    /// Records everything.
    pub fn record(&mut self) {
        for (at, held) in self.tenant.held.iter().enumerate() {
            self.for_programs(at, held);
        }
        for comer in &self.tenant.comers {
            if matches!(comer.name, "officer" | "member" | "invited") {
                self.walk(comer);
            }
        }
        for route in self.routes.clone() {
            self.generic(&route);
        }
    }

    /// Notes a request once; gives it where it is new and the house has a route for it.
    fn note(
        &mut self,
        by: &'static str,
        method: &str,
        path: &str,
        content: &'static str,
        body: String,
    ) -> Option<Asked> {
        let route = routes::of(&self.routes, method, path)?.clone();
        let mark = if method == "GET" { String::new() } else { format!("{method} {body}") };
        if !self.known.insert((path.to_owned(), mark)) {
            return None;
        }
        let bare = path.split('?').next().unwrap_or_default();
        let about = self.tenant.held.iter().position(|held| is_about(bare, held));
        let asked = Asked { by, route, path: path.to_owned(), content, body, version: String::new(), about };
        self.asked.push(asked.clone());
        Some(asked)
    }

    /// A read, asked of the house by each until someone is answered.
    fn read(&mut self, path: &str) {
        let Some(asked) = self.note("officer", "GET", path, "", String::new()) else { return };
        for comer in &self.tenant.comers {
            if matches!(comer.name, "officer" | "member" | "invited") {
                let answer = ask(self.address, comer, &asked, path);
                self.look_at(&asked, &answer);
                if answer.status == 200 {
                    return;
                }
            }
        }
    }

    fn look_at(&mut self, asked: &Asked, answer: &Answer) {
        assert!(answer.status < 500, "{}: {}", asked.path, answer.text());
        if answer.status == 200 || (asked.route.method != "GET" && answer.status < 400) {
            self.answered.insert(asked.route.clone());
        }
        let (text, marks) = (answer.text(), self.tenant.marks);
        self.seen
            .extend([marks.open, marks.inside, marks.sealed].into_iter().filter(|mark| text.contains(mark)));
    }

    /// A route with everything of the tenant's filled in for its parameters.
    fn generic(&mut self, route: &Route) {
        let names = route.parameters();
        let one = |name: &str| self.values.get(name).cloned();
        let of_record = ["number", "record", "move", "hash", "path"];
        if let Some(name) = names.iter().find(|name| !of_record.contains(name) && one(name).is_none()) {
            panic!("say what stands for {{{name}}} of {} in the replay of twins", route.template);
        }
        let paths: Vec<String> = match names.iter().any(|name| matches!(*name, "number" | "record")) {
            true => self.tenant.held.iter().flat_map(|held| self.filled(route, held)).collect(),
            false => {
                let kinds = self.catalogue.kinds().filter(|_| names.contains(&"path"));
                let kinds: Vec<&str> = kinds.map(|kind| kind.path.as_str()).collect();
                let kinds = if kinds.is_empty() { vec![""] } else { kinds };
                let fill = |kind: &str| route.filled(&|name| one(name).unwrap_or_else(|| kind.to_owned()));
                kinds.into_iter().map(fill).collect()
            }
        };
        for path in paths {
            let is_api = path.starts_with("/api/");
            match route.method {
                "GET" => self.read(&path),
                method
                    if self.asked.iter().any(|asked| asked.path == path && asked.route.method == method) => {}
                method if is_api => drop(self.note("officer", method, &path, JSON, "{}".to_owned())),
                method => drop(self.note("officer", method, &path, FORM, String::new())),
            }
            if route.method == "GET" && route.template == "/{path}" {
                for ending in ["csv", "xlsx", "jsonl"] {
                    self.read(&format!("{path}.{ending}"));
                }
            }
        }
    }

    /// The addresses of a route for a record: one for each move that leaves its stage where it asks for one.
    fn filled(&self, route: &Route, held: &Held) -> Vec<String> {
        let record = &held.record;
        let kind = self.catalogue.kind(&record.kind).expect("a kind");
        let first = route.template.trim_start_matches("/api/v1").split('/').nth(1).unwrap_or_default();
        if !first.starts_with('{')
            && first != record.path
            && self.catalogue.kinds().any(|kind| kind.path == first)
        {
            return Vec::new();
        }
        let leaving = kind.moves.iter().filter(|mv| mv.from.contains(&record.stage));
        let moves: Vec<&str> = match route.parameters().contains(&"move") {
            true => leaving.map(|mv| mv.name.as_str()).collect(),
            false => vec![""],
        };
        let fill = |mv: &str| {
            route.filled(&|name| match name {
                "path" => record.path.clone(),
                "number" => record.number.clone(),
                "record" => record.id.to_string(),
                "hash" => record.file.clone().unwrap_or_else(|| NO_HASH.to_owned()),
                "move" => mv.to_owned(),
                other => self.values[other].clone(),
            })
        };
        moves.into_iter().map(fill).collect()
    }

    /// Writes as programs make them, with what the record needs.
    fn for_programs(&mut self, at: usize, held: &Held) {
        let (tenant, catalogue) = (self.tenant, self.catalogue);
        let (record, kind) = (&held.record, catalogue.kind(&held.record.kind).expect("a kind"));
        let (all, one) =
            (format!("/api/v1/{}", record.path), format!("/api/v1/{}/{}", record.path, record.number));
        let mut note = |method: &str, path: &str, body: Value, version: &str| {
            if self.note("member", method, path, JSON, body.to_string()).is_some() {
                let last = self.asked.last_mut().expect("the one just noted");
                last.version = version.to_owned();
            }
        };
        let mut fields = record.fields.clone();
        note("POST", &all, json!({ "type": record.type_path, "fields": fields }), "");
        fields.insert(kind.title.clone(), json!(format!("{}改过", tenant.marks.open)));
        note("PUT", &one, json!({ "fields": fields }), &format!("\"{}\"", record.version));
        let mut others = tenant.held.iter().enumerate().rev();
        let other = others.find(|(of, other)| *of != at && other.record.kind == record.kind);
        if let Some((_, other)) = other {
            note("POST", &format!("{one}/merge"), json!({ "lose": other.record.number }), "");
        }
        let reference =
            tenant.held.iter().find(|held| held.record.kind == "person").map(|held| held.record.id);
        for mv in kind.moves.iter().filter(|mv| mv.from.contains(&record.stage)) {
            let filled = |name: &String| {
                Some((name.clone(), sample(kind.field(name)?, reference, catalogue, tenant.place)?))
            };
            let given: serde_json::Map<String, Value> = mv.takes.iter().filter_map(filled).collect();
            note("POST", &format!("{one}/moves/{}", mv.name), json!({ "fields": given }), "");
        }
        note("POST", &format!("{one}/open"), json!({}), "");
        note("DELETE", &one, json!({ "reason": "withdrawn-consent" }), "");
    }

    /// Follows every link from the house's door and the tenant's records, and notes every form.
    fn walk(&mut self, comer: &Comer) {
        let word = crate::harness::client::encode(self.tenant.marks.open);
        let mut ahead: VecDeque<String> =
            ["/", "/work", "/notices", "/account", "/demands/post"].map(str::to_owned).into();
        ahead.push_back(format!("/search?q={word}"));
        ahead.extend(self.catalogue.kinds().map(|kind| format!("/{}?first=100", kind.path)));
        ahead.extend(
            self.tenant.held.iter().map(|held| format!("/{}/{}", held.record.path, held.record.number)),
        );
        let (mut been, mut alike) = (BTreeSet::new(), BTreeMap::<String, usize>::new());
        while let Some(path) = ahead.pop_front() {
            let Some(route) = routes::of(&self.routes, "GET", &path).cloned() else { continue };
            let asks: Vec<&str> =
                path.split(['?', '&']).skip(1).filter_map(|pair| pair.split('=').next()).collect();
            // Two conditions of a list say no more than each of them, and lists have very many.
            let bare = path.split('?').next().unwrap_or_default();
            let ours = self.tenant.held.iter().find(|held| is_about(bare, held));
            let of = ours.map_or(route.template.as_str(), |_| bare);
            let times = alike.entry(format!("{of} {asks:?}")).or_default();
            *times += 1;
            if *times > ALIKE_MAX || asks.len() > 1 || !been.insert(path.clone()) {
                continue;
            }
            drop(self.note(comer.name, "GET", &path, "", String::new()));
            let get = Route { method: "GET", ..route.clone() };
            let asked = Asked {
                by: comer.name,
                route: get,
                path: path.clone(),
                content: "",
                body: String::new(),
                version: String::new(),
                about: None,
            };
            let answer = ask(self.address, comer, &asked, &path);
            self.look_at(&asked, &answer);
            let is_page = answer.header("content-type").is_some_and(|kind| kind.starts_with("text/html"));
            if answer.status != 200 || !is_page {
                continue;
            }
            let text = answer.text();
            ahead.extend(page::links(&text));
            for form in page::forms(&text) {
                self.note(comer.name, "POST", &form.action, FORM, form.body);
            }
        }
    }
}

/// Whether an address is that of a record or of something about it. Numbers recur from kind to kind.
fn is_about(bare: &str, held: &Held) -> bool {
    let (record, mut parts) = (&held.record, bare.split('/'));
    let named = parts.any(|part| part == record.path)
        && parts.next().is_some_and(|next| next.starts_with(&record.number));
    named || bare.contains(&record.id.to_string())
}

/// A value for a move made by a program; references name a person of the tenant.
fn sample(
    field: &catalogue::Field,
    person: Option<base::id::RecordId>,
    catalogue: &Catalogue,
    place: &str,
) -> Option<Value> {
    use catalogue::Shape;
    let one = match &field.shape {
        Shape::Line | Shape::Text => json!("1"),
        Shape::Integer => json!(1),
        Shape::Boolean => json!(true),
        Shape::Day => json!(crate::harness::seeded::DAY),
        Shape::Place => json!(place),
        Shape::Code(name) => json!(catalogue.vocabularies().get(name)?.terms.first()?.code),
        Shape::Reference(kinds) if kinds.iter().any(|kind| kind == "person") => json!(person?.to_string()),
        Shape::Group(fields) => {
            let parts = fields.iter().filter(|part| part.required);
            let parts = parts.map(|part| Some((part.name.clone(), sample(part, person, catalogue, place)?)));
            Value::Object(parts.collect::<Option<_>>()?)
        }
        _ => return None,
    };
    Some(if field.many { json!([one]) } else { one })
}
