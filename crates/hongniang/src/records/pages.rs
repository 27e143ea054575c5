//! Pages of a record: what it is, what I may do with it, what it is tied to, what happened.
//!
//! Only translates: the register finds, the catalogue offers, a view shows. Start at [`show`].

use askama::Template as _;
use axum::extract::{Path, RawQuery, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use base::credit::CreditCode;
use catalogue::value::Lang;
use catalogue::{Field, Kind, Layer, Shape};
use register::{Direction, Reader, Record};
use serde_json::Value;

use super::faces::{badge, demonstrated, row, type_label};
use super::list::{ListMay, Question};
use super::posted::read_pairs;
use super::sheet::checkup_view;
use super::sources::{is_source, sources};
use super::{address, key_at, kind_at};
use crate::app::App;
use crate::clock;
use crate::fields::demand::{COMMON, DRAWN_FROM};
use crate::fields::{SOURCED, pairing};
use crate::trouble::Trouble;
use crate::view::{Fact, HistoryRow, Link, LinkedGroup, OfferView, RecordView, SealedView, WhyLine};
use crate::visit::Visit;

/// Linked records shown under one heading.
const LINKED_FIRST: usize = 8;

/// `GET /{path}`: a list.
pub async fn list(
    visit: Visit,
    Path(path): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Trouble> {
    let (path, ending) = match path.split_once('.') {
        Some((path, ending)) => (path.to_owned(), Some(ending.to_owned())),
        None => (path, None),
    };
    let kind = kind_at(&visit.app, &path)?;
    let pairs = read_pairs(query.unwrap_or_default().as_bytes())?;
    let question = Question::read(kind, &pairs);
    if let Some(ending) = ending {
        return super::export::list(&visit, kind, &question, &ending).await;
    }
    let find = question.find(visit.app.register().catalogue(), kind)?;
    let asker = visit.asker();
    let told = question.told(kind, &find);
    let read = move |reader: &Reader<'_>| {
        let told = told.map(|told| reader.list(&asker, &told)).transpose()?;
        Ok((reader.list(&asker, &find)?, told.map_or(0, |told| told.count.n)))
    };
    let (found, told) = visit.app.read(read).await?;
    let may = list_may(&visit, kind);
    Ok(Html(super::list::view(&visit, kind, &question, (&found, told), may).render()?).into_response())
}

fn list_may(visit: &Visit, kind: &Kind) -> ListMay {
    let asker = visit.asker();
    let create = super::may_create(kind, &asker);
    ListMay { create: create || !kind.quick.is_empty(), import: create && !asker.roles.is_empty() }
}

/// `GET /{path}/{number}`: a record.
pub async fn show(visit: Visit, Path((path, number)): Path<(String, String)>) -> Result<Response, Trouble> {
    let kind = kind_at(&visit.app, &path)?;
    let key = key_at(kind, &number)?;
    let looking = visit.clone();
    let (view, canonical) = visit
        .app
        .read(move |reader| {
            let record = reader.find(&looking.asker(), &key)?;
            let canonical = record.item.number.path();
            Ok((view(&looking, reader, &record, None)?, canonical))
        })
        .await?;
    if canonical != number {
        return Ok(Redirect::to(&visit.href(&format!("/{path}/{canonical}"))).into_response());
    }
    Ok(Html(view.render()?).into_response())
}

/// `POST /{path}/{number}/open`: the sealed layer, its reading recorded.
pub async fn open(visit: Visit, Path((path, number)): Path<(String, String)>) -> Result<Response, Trouble> {
    let kind = kind_at(&visit.app, &path)?;
    let key = key_at(kind, &number)?;
    let (asker, opening) = (visit.asker(), key.clone());
    let opened = visit.app.write(move |writer| writer.open(&asker, &opening)).await?.value;
    let sealed = opened.ok_or(Trouble::Register(register::Fault::NotAllowed))?;
    let looking = visit.clone();
    let view = visit
        .app
        .read(move |reader| {
            let record = reader.find(&looking.asker(), &key)?;
            view(&looking, reader, &record, Some(&sealed))
        })
        .await?;
    Ok(Html(view.render()?).into_response())
}

/// A record as its reader sees it.
fn view(
    visit: &Visit,
    reader: &Reader<'_>,
    record: &Record,
    opened: Option<&catalogue::Fields>,
) -> Result<RecordView, Trouble> {
    let catalogue = visit.app.register().catalogue();
    let kind = catalogue.kind(&record.item.kind).ok_or(Trouble::NotFound)?;
    let titles = Titles::of(reader, visit, kind, &[&record.fields, opened.unwrap_or(&record.fields)])?;
    let is_public = record.subject.audience == catalogue::Audience::Public;
    let mut page = if is_public {
        visit.public_page(record.item.title.clone(), summary(kind, record))
    } else {
        visit.page(record.item.title.clone())
    };
    page.path = address(kind, &record.item.number);
    let here = address(kind, &record.item.number);
    Ok(RecordView {
        kind: visit.link(&format!("/{}", kind.path), kind.label.text(visit.lang)),
        type_label: type_label(kind, &record.item.type_path, visit.lang),
        number: record.item.number.printed(&kind.sign),
        title: record.item.title.clone(),
        stage: badge(kind, &record.item.stage, visit.lang),
        life: life(kind, (&record.item.type_path, &record.item.stage), visit.lang),
        due: record.item.due.map(|due| (clock::date(due, visit.lang), due < visit.app.today())),
        chip: demonstrated(visit, &record.item),
        facts: facts(visit, kind, record, &record.fields, &titles, |layer| layer != Layer::Sealed),
        sources: sources(visit, &record.fields),
        demand: crate::collect::side::side(visit, reader, kind, record, &titles)?,
        panels: crate::sides::panels(visit, reader, record)?,
        sealed: sealed(visit, reader, kind, record, opened, &titles)?,
        offers: offers(visit, reader, kind, record),
        edit: may_revise(visit, kind, record)
            .then(|| visit.link(&format!("{here}/edit"), visit.t("record.edit"))),
        merge: super::may_merge(visit, kind, record)
            .then(|| visit.link(&format!("{here}/merge"), visit.t("merge.action"))),
        matches: crate::pairing::offered(visit, kind, record)
            .then(|| visit.link(&format!("{here}/match"), visit.t("record.match"))),
        plan: crate::plan::offered(visit, kind, record)
            .or_else(|| crate::campaigns::offered(visit, kind, record)),
        people: people(visit, reader, kind, record)?,
        order: crate::ordering::offered(visit, kind, record),
        unfit: unfit(visit, reader, record)?,
        checkup: may_revise(visit, kind, record)
            .then(|| checkup_view(kind, &record.item.type_path, &record.fields, visit.lang))
            .flatten(),
        evidence: crate::effects::grade::panel(visit, reader, kind, record)?,
        linked: linked(visit, reader, record)?,
        history: history(visit, reader, kind, record)?,
        why: why(visit, record),
        json: format!("/api/v1{here}"),
        json_ld: if is_public { json_ld(visit, kind, record) } else { String::new() },
        page,
    })
}

/// What people have to do with a record: its links, who belongs to it.
fn people(visit: &Visit, reader: &Reader<'_>, kind: &Kind, record: &Record) -> Result<Vec<Link>, Trouble> {
    let mut found: Vec<Link> =
        crate::accounts::members::offered(visit, reader, &record.item)?.into_iter().collect();
    found.extend(crate::effects::confirm::offered(visit, kind, record));
    if super::links::offered(reader, &visit.asker(), record)? {
        let here = address(kind, &record.item.number);
        found.push(visit.link(&format!("{here}/links"), visit.t("links.title")));
    }
    found.extend(crate::casework::ways(visit, kind, record));
    found.extend(crate::casework::story::offered(visit, reader, kind, record)?);
    found.extend(crate::stations::offered(visit, kind, record));
    Ok(found)
}

/// Why a record of the reader's own did not fit, most often first: “距离太远 2”.
fn unfit(visit: &Visit, reader: &Reader<'_>, record: &Record) -> Result<Vec<(String, u64)>, Trouble> {
    let found = reader.unfit_reasons(&visit.asker(), record.item.row)?;
    let terms = visit.app.register().catalogue().terms();
    let label = |code: &str| terms.label(pairing::REASONS, code, visit.lang).to_owned();
    Ok(found.into_iter().map(|(code, times)| (label(&code), times)).collect())
}

fn may_revise(visit: &Visit, kind: &Kind, record: &Record) -> bool {
    catalogue::access::may(kind, &visit.asker(), &record.subject, &catalogue::kind::Verb::Revise).is_some()
}

fn summary(kind: &Kind, record: &Record) -> String {
    let is_text = |field: &&Field| field.layer == Layer::Open && field.shape == Shape::Text;
    let text = kind.fields.iter().filter(is_text).find_map(|field| record.fields.get(&field.name)?.as_str());
    text.unwrap_or_default().chars().take(110).collect()
}

/// The line of a record's life; what sources tell has none: it is read, not worked on.
fn life(kind: &Kind, (type_path, stage): (&str, &str), lang: Lang) -> Vec<(String, &'static str)> {
    if stage == SOURCED {
        return Vec::new();
    }
    let now = kind.stages.iter().position(|s| s.name == stage).unwrap_or(0);
    // The main line is what primary moves reach from where the type begins; stages beside it show only while a record
    // stands there.
    let mut reached = vec![kind.start_of(type_path)];
    let mut at = 0;
    while let Some(here) = reached.get(at).copied() {
        let on = kind.moves_from(here).filter(|mv| mv.primary).filter_map(|mv| mv.to.as_deref());
        for to in on {
            if !reached.contains(&to) {
                reached.push(to);
            }
        }
        at += 1;
    }
    let state = |at: usize| match at.cmp(&now) {
        std::cmp::Ordering::Less => "past",
        std::cmp::Ordering::Equal => "now",
        std::cmp::Ordering::Greater => "ahead",
    };
    let on_line =
        |(at, s): &(usize, &catalogue::Stage)| *at == now || !s.closed && reached.contains(&s.name.as_str());
    kind.stages
        .iter()
        .enumerate()
        .filter(on_line)
        .map(|(at, s)| (s.label.text(lang).to_owned(), state(at)))
        .collect()
}

/// Titles of every reference in some fields, with the addresses of their records.
pub struct Titles(std::collections::HashMap<base::id::RecordId, Link>);

impl Titles {
    /// Looks up all references of the fields at once; a record the reader may not see has no title.
    pub fn of(
        reader: &Reader<'_>,
        visit: &Visit,
        kind: &Kind,
        all: &[&catalogue::Fields],
    ) -> Result<Titles, Trouble> {
        let references = kind.fields.iter().filter(|field| matches!(field.shape, Shape::Reference(_)));
        let ids: Vec<_> = references
            .flat_map(|field| all.iter().filter_map(|fields| fields.get(&field.name)))
            .flat_map(|value| value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]))
            .filter_map(|value| catalogue::kind::reference(&value))
            .collect();
        let catalogue = visit.app.register().catalogue();
        let link = |item: register::Item| {
            let kind = catalogue.kind(&item.kind)?;
            Some((item.id, visit.link(&address(kind, &item.number), item.title)))
        };
        Ok(Titles(reader.seen_all(&visit.asker(), &ids)?.into_iter().filter_map(link).collect()))
    }

    /// The title of the record a value refers to, with its address.
    pub fn link(&self, value: &Value) -> Option<Link> {
        self.0.get(&catalogue::kind::reference(value)?).cloned()
    }
}

/// The facts of some layers, as labelled values.
pub fn facts(
    visit: &Visit,
    kind: &Kind,
    record: &Record,
    fields: &catalogue::Fields,
    titles: &Titles,
    wanted: impl Fn(Layer) -> bool,
) -> Vec<Fact> {
    let shown = |field: &&Field| wanted(field.layer) && field.name != kind.title && !is_source(field);
    kind.fields_of(&record.item.type_path)
        .filter(shown)
        .filter_map(|field| fact(visit, record, field, fields.get(&field.name)?, titles))
        .collect()
}

fn fact(visit: &Visit, record: &Record, field: &Field, value: &Value, titles: &Titles) -> Option<Fact> {
    let values: Vec<Link> = match value {
        Value::Array(items) => {
            items.iter().filter_map(|item| shown(visit, record, field, item, titles)).collect()
        }
        Value::Bool(false) | Value::Null => Vec::new(),
        single => shown(visit, record, field, single, titles).into_iter().collect(),
    };
    (!values.is_empty()).then(|| Fact {
        label: field.label.text(visit.lang).to_owned(),
        values,
        layer: if field.layer == Layer::Inside { visit.t("layer.inside").to_owned() } else { String::new() },
        long: matches!(field.shape, Shape::Text),
    })
}

fn shown(visit: &Visit, record: &Record, field: &Field, value: &Value, titles: &Titles) -> Option<Link> {
    let plain = |label: String| Some(Link { href: String::new(), label, current: false });
    let terms = visit.app.register().catalogue().terms();
    match &field.shape {
        Shape::Reference(_) => {
            titles.link(value).or_else(|| plain(visit.t("form.hidden-reference").to_owned()))
        }
        Shape::File => {
            let name = value.get("name")?.as_str()?.to_owned();
            let hash = value.get("hash")?.as_str()?;
            Some(visit.link(&format!("/files/{}/{hash}", record.item.id), name))
        }
        Shape::CreditCode => {
            let code = value.as_str()?;
            // Early codes were lawfully issued with another check character: told, never refused.
            let odd = CreditCode::parse(code).is_ok_and(|code| !code.check_ok());
            plain(if odd {
                visit.texts().fill("record.odd-credit", &[("code", code)])
            } else {
                code.to_owned()
            })
        }
        shape => plain(catalogue::value::show(shape, value, &terms, visit.lang, &|_| None)),
    }
}

fn sealed(
    visit: &Visit,
    reader: &Reader<'_>,
    kind: &Kind,
    record: &Record,
    opened: Option<&catalogue::Fields>,
    titles: &Titles,
) -> Result<Option<SealedView>, Trouble> {
    if !record.sealed {
        return Ok(None);
    }
    let here = address(kind, &record.item.number);
    let may_open = record.may_open && record.opens_until.is_none_or(|day| day >= visit.app.today());
    // Who opened it is told to the owner alone.
    let is_own = record.access.standing == catalogue::Standing::Own;
    let log = if is_own { reader.access_log(&visit.asker(), record.item.row)? } else { Vec::new() };
    let opened_facts =
        opened.map(|fields| facts(visit, kind, record, fields, titles, |layer| layer == Layer::Sealed));
    Ok(Some(SealedView {
        manage: crate::openings::offered(visit, kind, record),
        open: (may_open && opened.is_none()).then(|| visit.href(&format!("{here}/open"))),
        facts: opened_facts.unwrap_or_default(),
        log: log.into_iter().map(|seen| seen_line(visit, seen)).collect(),
    }))
}

/// Who opened the sealed layer, or was refused, and when.
pub fn seen_line(visit: &Visit, seen: register::AccessRow) -> (String, String) {
    let who = seen.reader_title.unwrap_or_else(|| visit.t("history.someone").to_owned());
    let what = if seen.opened { who } else { visit.texts().fill("record.refused", &[("who", &who)]) };
    (clock::minute(seen.at, visit.lang), what)
}

fn offers(visit: &Visit, reader: &Reader<'_>, kind: &Kind, record: &Record) -> Vec<OfferView> {
    let here = address(kind, &record.item.number);
    let offer_view = |offer: catalogue::step::Offer<'_>| {
        let access = offer.access.as_ref()?;
        Some(OfferView {
            label: offer_label(visit, reader, kind, record, &offer),
            href: visit.href(&format!("{here}/moves/{}", offer.mv.name)),
            primary: offer.mv.primary,
            against: offer.refusal.as_ref().map(|refusal| against(visit, refusal)).unwrap_or_default(),
            why: vec![access_line(visit, access)],
        })
    };
    let mut offers: Vec<OfferView> =
        super::offered(visit, kind, record).into_iter().filter_map(offer_view).collect();
    // One main button; the other ways on stand beside it.
    let main = offers.iter().position(|offer| offer.primary);
    for (at, offer) in offers.iter_mut().enumerate() {
        offer.primary = Some(at) == main;
    }
    offers
}

/// A move by its name; one that is made for its party says for whom.
fn offer_label(
    visit: &Visit,
    reader: &Reader<'_>,
    kind: &Kind,
    record: &Record,
    offer: &catalogue::step::Offer<'_>,
) -> String {
    let label = offer.mv.label.text(visit.lang);
    if !offer.behalf {
        return label.to_owned();
    }
    let party = catalogue::step::party(kind, &record.subject, offer.mv);
    let title = party.and_then(|party| reader.seen(&visit.asker(), &register::Key::Id(party)).ok());
    let party = title.map_or_else(|| visit.t("told.party").to_owned(), |item| item.title);
    visit.texts().fill("told.offer", &[("party", &party), ("move", label)])
}

/// What stands against a move, in words.
fn against(visit: &Visit, refusal: &catalogue::Refusal) -> String {
    match refusal {
        catalogue::Refusal::Guards(guards) => {
            let words: Vec<&str> =
                guards.iter().map(|guard| visit.t(crate::problem::guard_key(*guard))).collect();
            words.join(visit.t("list.comma"))
        }
        other => crate::problem::refused(visit.texts(), other),
    }
}

/// The grant that admitted, in words.
pub fn access_line(visit: &Visit, access: &catalogue::Access) -> WhyLine {
    use catalogue::Standing;
    let standing = match access.standing {
        Standing::Own => "standing.own",
        Standing::Assigned => "standing.assigned",
        Standing::Region => "standing.region",
        Standing::Node => "standing.node",
        Standing::Anyone => "standing.anyone",
    };
    let role = access.role.map(|role| visit.t(crate::visit::role_key(role)).to_owned());
    let text = match role {
        Some(role) => visit.texts().fill("why.role", &[("role", &role), ("standing", visit.t(standing))]),
        None => visit.texts().fill("why.standing", &[("standing", visit.t(standing))]),
    };
    WhyLine { yes: true, text }
}

fn why(visit: &Visit, record: &Record) -> Vec<WhyLine> {
    use catalogue::Audience;
    let audience = match record.subject.audience {
        Audience::Private => "audience.private",
        Audience::Node => "audience.node",
        Audience::Line => "audience.line",
        Audience::Network => "audience.network",
        Audience::Public => "audience.public",
    };
    let layer = |layer: &Layer| match layer {
        Layer::Open => "layer.open",
        Layer::Inside => "layer.inside",
        Layer::Sealed => "layer.sealed",
    };
    let layers: Vec<&str> =
        catalogue::access::layers(&record.access).iter().map(|l| visit.t(layer(l))).collect();
    vec![
        access_line(visit, &record.access),
        WhyLine { yes: true, text: visit.texts().fill("why.audience", &[("audience", visit.t(audience))]) },
        WhyLine {
            yes: true,
            text: visit.texts().fill("why.layers", &[("layers", &layers.join(visit.t("list.comma")))]),
        },
    ]
}

fn linked(visit: &Visit, reader: &Reader<'_>, record: &Record) -> Result<Vec<LinkedGroup>, Trouble> {
    let catalogue = visit.app.register().catalogue();
    let mut groups: Vec<LinkedGroup> = Vec::new();
    for edge in reader.edges(&visit.asker(), record.item.row, Direction::To, None, LINKED_FIRST)? {
        let Some(kind) = catalogue.kind(&edge.item.kind) else { continue };
        // What a panel tells already is not told twice.
        if crate::sides::BESIDE.contains(&(kind.name.as_str(), edge.field.as_str())) {
            continue;
        }
        let field = kind.fields.iter().find(|field| field.name == edge.field);
        let role = field.map(|field| field.label.text(visit.lang)).unwrap_or_default();
        let label = match edge.field.as_str() {
            DRAWN_FROM => visit.t("combine.common").to_owned(),
            COMMON => visit.t("combine.members").to_owned(),
            _ => format!("{} · {role}", kind.label.text(visit.lang)),
        };
        let shown = row(visit, &edge.item, &[]);
        match groups.iter_mut().find(|group| group.label == label) {
            Some(group) if group.rows.len() < LINKED_FIRST => group.rows.push(shown),
            Some(_) => {}
            None => groups.push(LinkedGroup { label, rows: vec![shown] }),
        }
    }
    Ok(groups)
}

fn history(
    visit: &Visit,
    reader: &Reader<'_>,
    kind: &Kind,
    record: &Record,
) -> Result<Vec<HistoryRow>, Trouble> {
    if record.access.standing == catalogue::Standing::Anyone {
        return Ok(Vec::new());
    }
    let words = |name: &str| match kind.moves.iter().find(|mv| mv.name == name) {
        Some(mv) => mv.label.text(visit.lang).to_owned(),
        None => visit.t(&format!("history.{}", name.split(':').next().unwrap_or_default())).to_owned(),
    };
    let changes = reader.history(&visit.asker(), record.item.row)?;
    let line = |change: register::Change| HistoryRow {
        when: clock::minute(change.at, visit.lang),
        who: who(visit, &change),
        what: words(&change.move_name),
    };
    Ok(changes.into_iter().map(line).collect())
}

/// Who made a change, and for whom; the house where nobody did.
fn who(visit: &Visit, change: &register::Change) -> String {
    let someone =
        |title: &Option<String>| title.clone().unwrap_or_else(|| visit.t("history.someone").to_owned());
    let made = match change.actor {
        Some(_) => someone(&change.actor_title),
        None => visit.t("history.house").to_owned(),
    };
    match change.behalf {
        Some(_) => {
            let mut behalf = someone(&change.behalf_title);
            for how in told_words(visit, change) {
                behalf = format!("{behalf}{}{how}", visit.t("told.comma"));
            }
            visit.texts().fill("history.behalf", &[("who", &made), ("behalf", &behalf)])
        }
        None => made,
    }
}

/// How a party told of a move, and what they said, as far as it was kept.
fn told_words(visit: &Visit, change: &register::Change) -> Vec<String> {
    let terms = visit.app.register().catalogue().vocabularies().get(super::moves::TOLD_BY);
    let by = change.told_by.as_ref().and_then(|code| terms?.terms.iter().find(|term| term.code == *code));
    let by = by.map(|term| term.label.text(visit.lang).to_owned());
    by.into_iter().chain(change.told_note.clone()).collect()
}

/// schema.org data of a public record; `<` is escaped so that the text cannot leave its element.
fn json_ld(visit: &Visit, kind: &Kind, record: &Record) -> String {
    let class = match kind.name.as_str() {
        "organization" => "Organization",
        "person" => "Person",
        "demand" => "Demand",
        _ => "CreativeWork",
    };
    let body = serde_json::json!({
        "@context": "https://schema.org",
        "@type": class,
        "name": record.item.title,
        "description": summary(kind, record),
        "identifier": record.item.number.printed(&kind.sign),
        "url": format!("{}{}", visit.app.site().origin, address(kind, &record.item.number)),
    });
    body.to_string().replace('<', "\\u003c")
}

/// `GET /files/{record}/{hash}`: an attachment of a record, if its layer may be read.
pub async fn file(
    State(app): State<App>,
    visit: Visit,
    Path((id, hash)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    super::files::send(&app, &visit, &id, &hash).await
}
