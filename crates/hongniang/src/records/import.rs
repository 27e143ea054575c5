//! A spreadsheet coming in: headings recognised, every row read and tried, every fault listed; then all of it is filed
//! by a job whose page tells how far it is, or nothing.
//!
//! The upload is kept by its hash, so nothing is sent twice. Start at [`receive`].

pub mod columns;
pub mod plan;
pub mod table;

use askama::Template as _;
use axum::extract::Path;
use axum::response::{Html, IntoResponse, Redirect, Response};
use catalogue::value::Fault;
use catalogue::{Field, Kind, Shape};
use serde_json::Value;

use self::columns::Column;
use self::plan::{Counts, Import, Plan};
use super::export::{HEAD, Sheet, VERSION, send, type_cell};
use super::kind_at;
use super::posted::Posted;
use super::sheet::label_of;
use crate::app::App;
use crate::jobs::{IMPORT, ImportOrder};
use crate::locale::{Lang, Texts};
use crate::trouble::Trouble;
use crate::view::{FaultLine, ImportView};
use crate::visit::Visit;

/// Faults shown at once; the count says how many there are.
const FAULTS_SHOWN: usize = 200;

/// The type a text names: by path, by label in either language, or as another place calls it.
pub fn type_named<'k>(kind: &'k Kind, text: &str) -> Option<&'k str> {
    kind.type_called(text).map(|of| of.path.as_str())
}

/// The stage a text names: by name, or by label in either language.
pub fn stage_named<'k>(kind: &'k Kind, text: &str) -> Option<&'k str> {
    let folded = base::text::fold(text.trim());
    let same = |name: &str| base::text::fold(name) == folded;
    let name = kind.stages.iter().find(|s| same(&s.name));
    name.or_else(|| kind.stages.iter().find(|s| same(&s.label.zh) || same(&s.label.en)))
        .map(|s| s.name.as_str())
}

/// Where a fault stands: the column as the file calls it, or the field as the form does.
pub fn place_of(texts: &Texts, lang: Lang, kind: &Kind, plan: &Plan, fault: &Fault) -> String {
    let fields: Vec<&Field> = kind.fields.iter().collect();
    let (head, rest) = fault.field.split_once('.').unwrap_or((&fault.field, ""));
    let label = match own_label(texts, head) {
        Some(label) => label,
        None if head.is_empty() => texts.get("import.whole-row").to_owned(),
        None => label_of(&fields, &fault.field, lang),
    };
    match plan.heading(head) {
        Some(heading) if rest.is_empty() => heading,
        Some(heading) if lang == Lang::En => format!("{heading} ({label})"),
        Some(heading) => format!("{heading}（{label}）"),
        None => label,
    }
}

/// What a column of the export's own is called.
fn own_label(texts: &Texts, name: &str) -> Option<String> {
    let mut own = HEAD.iter().chain([&VERSION]);
    own.find(|(known, _)| *known == name).map(|(_, key)| texts.get(key).to_owned())
}

/// `GET /{path}/import`.
pub async fn form(visit: Visit, Path(path): Path<String>) -> Result<Html<String>, Trouble> {
    let kind = allowed(&visit, &path)?;
    Ok(Html(view(&visit, kind).render()?))
}

fn allowed<'a>(visit: &'a Visit, path: &str) -> Result<&'a Kind, Trouble> {
    let kind = kind_at(&visit.app, path)?;
    let asker = visit.must_sign_in()?;
    match super::may_create(kind, &asker) && !asker.roles.is_empty() {
        true => Ok(kind),
        false => Err(Trouble::Register(register::Fault::NotAllowed)),
    }
}

fn view(visit: &Visit, kind: &Kind) -> ImportView {
    let label = kind.label.text(visit.lang);
    ImportView {
        page: visit.page(visit.texts().fill("import.title", &[("kind", label)])),
        kind: label.to_owned(),
        action: visit.href(&format!("/{}/import", kind.path)),
        columns: Vec::new(),
        counts: Counts::default().into(),
        faulty: 0,
        faults: Vec::new(),
        failed: false,
        token: String::new(),
        blank: visit.href(&format!("/{}/import/blank.xlsx", kind.path)),
        done: None,
        progress: None,
    }
}

impl From<Counts> for [usize; 3] {
    fn from(counts: Counts) -> [usize; 3] {
        [counts.created, counts.revised, counts.unchanged]
    }
}

/// `POST /{path}/import`: first the upload, answered with what it would do; then its token, which files it.
pub async fn receive(visit: Visit, Path(path): Path<String>, posted: Posted) -> Result<Response, Trouble> {
    let kind = allowed(&visit, &path)?;
    let token = posted.draft.one("token");
    if !token.is_empty() {
        return order(&visit, kind, token).await;
    }
    let file: Value = serde_json::from_str(posted.draft.one("file")).unwrap_or_default();
    match file.get("hash").and_then(Value::as_str) {
        Some(hash) => Ok(Html(checked(&visit, kind, hash, false).await?.render()?).into_response()),
        None => Ok(Html(view(&visit, kind).render()?).into_response()),
    }
}

/// What a stored upload would do now, as a page.
async fn checked(visit: &Visit, kind: &Kind, hash: &str, failed: bool) -> Result<ImportView, Trouble> {
    let (looking, name, asked) = (visit.clone(), kind.name.clone(), hash.to_owned());
    let since = visit.app.now();
    let plan = tokio::task::spawn_blocking(move || -> Result<Plan, Trouble> {
        let app = &looking.app;
        let kind = app.register().catalogue().kind(&name).ok_or(Trouble::NotFound)?;
        let table = table::read(&super::files::read(app.register(), &asked)?)?;
        let asker = looking.asker();
        Import { app, asker: &asker, kind, lang: looking.lang, since: None }.plan(&table, |_, _| ())
    })
    .await??;
    let counts = plan.counts();
    let order = plan.faults.is_empty() && counts.created + counts.revised > 0;
    let token = if order { Token { hash: hash.to_owned(), since, counts }.write() } else { String::new() };
    Ok(ImportView { token, failed, ..understood(visit, kind, &plan) })
}

fn understood(visit: &Visit, kind: &Kind, plan: &Plan) -> ImportView {
    let fields: Vec<&Field> = kind.fields.iter().collect();
    let label = |column: &Column| {
        let own = own_label(visit.texts(), column.name());
        own.unwrap_or_else(|| label_of(&fields, column.name(), visit.lang))
    };
    let line = |(row, fault): &(usize, Fault)| {
        let line = FaultLine {
            id: String::new(),
            label: place_of(visit.texts(), visit.lang, kind, plan, fault),
            text: crate::problem::sentence(visit.texts(), fault),
        };
        (*row, line)
    };
    let columns = plan.columns.iter();
    ImportView {
        columns: columns
            .map(|(h, column)| (h.clone(), column.as_ref().map(label).unwrap_or_default()))
            .collect(),
        counts: plan.counts().into(),
        faulty: plan.faults.len(),
        faults: plan.faults.iter().take(FAULTS_SHOWN).map(line).collect(),
        ..view(visit, kind)
    }
}

/// What a page that was looked at hands on to the next: the upload, when it was read, and what it came to.
#[derive(Debug, PartialEq, Eq)]
struct Token {
    hash: String,
    since: jiff::Timestamp,
    counts: Counts,
}

impl Token {
    fn write(&self) -> String {
        let [created, revised, unchanged] = self.counts.into();
        format!("{}.{}.{created}.{revised}.{unchanged}", self.hash, self.since.as_microsecond())
    }

    fn read(text: &str) -> Option<Token> {
        let mut parts = text.split('.');
        let hash = parts.next()?.to_owned();
        let since = jiff::Timestamp::from_microsecond(parts.next()?.parse().ok()?).ok()?;
        let mut count = || parts.next()?.parse::<usize>().ok();
        let counts = Counts { created: count()?, revised: count()?, unchanged: count()? };
        Some(Token { hash, since, counts })
    }
}

async fn order(visit: &Visit, kind: &Kind, token: &str) -> Result<Response, Trouble> {
    let session = visit.signed.clone().ok_or(Trouble::SigninNeeded)?;
    let Token { hash, since, counts } = Token::read(token).ok_or(Trouble::NotFound)?;
    let (kind_name, lang) = (kind.name.clone(), visit.lang);
    let (person, account) = (session.person, session.account);
    let payload = ImportOrder { kind: kind_name, hash, person, account, lang, since, counts }.write();
    let job = visit.app.write(move |writer| writer.enqueue(IMPORT, &payload)).await?.value;
    Ok(Redirect::to(&visit.href(&format!("/{}/import/{job}", kind.path))).into_response())
}

/// `GET /{path}/import/{job}`: how far it is; the page looks again by itself until it is done. Where nothing could be
/// filed, the upload is checked again, and the page says why.
pub async fn progress(visit: Visit, Path((path, job)): Path<(String, i64)>) -> Result<Html<String>, Trouble> {
    let kind = allowed(&visit, &path)?;
    let asker = visit.asker();
    let found = visit.app.read(move |reader| Ok(reader.job(job)?)).await?.ok_or(Trouble::NotFound)?;
    let order = ImportOrder::read(&found.payload)
        .filter(|order| Some(order.person) == asker.person && order.kind == kind.name)
        .ok_or(Trouble::NotFound)?;
    let mut view = view(&visit, kind);
    match found.state.as_str() {
        "done" => {
            view.counts = order.counts.into();
            view.done = Some(visit.link(&format!("/{}", kind.path), visit.t("import.see")));
        }
        "dead" => view = checked(&visit, kind, &order.hash, true).await?,
        _ => view.progress = Some(u8::try_from(found.done * 100 / found.total.max(1)).unwrap_or(99).min(99)),
    }
    Ok(Html(view.render()?))
}

/// Files what an order asks for, all of it or nothing; `step` hears how many rows of how many were read.
///
/// Errors: why nothing was filed, in words for the log.
pub fn carry_out(
    app: &App,
    order: &ImportOrder,
    job: i64,
    step: impl FnMut(usize, usize),
) -> anyhow::Result<()> {
    let told = |trouble: Trouble| anyhow::anyhow!("{trouble:?}");
    let kind = app.register().catalogue().kind(&order.kind);
    let kind = kind.ok_or_else(|| anyhow::anyhow!("no kind {}", order.kind))?;
    let table = super::files::read(app.register(), &order.hash).and_then(|bytes| table::read(&bytes));
    let asker = app.register().read(|reader| reader.asker(order.account, order.person))?;
    let import = Import { app, asker: &asker, kind, lang: order.lang, since: Some(order.since) };
    let mut plan = import.plan(&table.map_err(told)?, step).map_err(told)?;
    if plan.faults.is_empty() && plan.counts() != order.counts {
        anyhow::bail!("the register has changed: {:?} was seen, it is {:?} now", order.counts, plan.counts());
    }
    // Done in the same write: a job that is leased twice files nothing twice.
    let last = move |writer: &mut register::Writer<'_>| {
        let open = writer.job(job)?.is_some_and(|state| state.state != "done");
        if open {
            writer.done(job)?;
        }
        Ok(open)
    };
    match import.file(&mut plan, last).map_err(told)? {
        true => Ok(()),
        false => anyhow::bail!("nothing was filed: {:?}", plan.faults),
    }
}

/// `GET /{path}/import/blank.xlsx`: an empty workbook with the right headings.
pub async fn blank(visit: Visit, Path(path): Path<String>) -> Result<Response, Trouble> {
    let kind = allowed(&visit, &path)?;
    let wanted = |field: &&Field| field.shape != Shape::File && !field.by_moves;
    let mut headings = vec![visit.t("list.type").to_owned()];
    headings.extend(kind.fields.iter().filter(wanted).map(|field| field.label.text(visit.lang).to_owned()));
    let mut example =
        vec![kind.types.first().map(|t| type_cell(kind, &t.path, visit.lang)).unwrap_or_default()];
    example.resize(headings.len(), String::new());
    let name = kind.label.text(visit.lang).to_owned();
    send(&Sheet { name, headings, rows: vec![example], ..Sheet::default() }, "xlsx")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_may_call_a_type_as_another_place_does() {
        let (catalogue, _) = catalogue::Catalogue::load(crate::embedded::texts("catalogue"));
        let kind = catalogue.kind("station").expect("stations");
        for (said, path) in [
            ("学会工作站", Some("center.society_station")),
            (" 学会服务站 ", Some("center.society_station")),
            ("center.society_station", Some("center.society_station")),
            ("Society service station", Some("center.society_station")),
            ("产业创新服务综合体", Some("center.complex")),
            ("四站联作", None),
        ] {
            assert_eq!(type_named(kind, said), path, "{said}");
        }
    }

    #[test]
    fn a_token_reads_back_and_nothing_else_does() {
        let counts = Counts { created: 1, revised: 20, unchanged: 300 };
        let token = Token { hash: "ab".to_owned(), since: jiff::Timestamp::UNIX_EPOCH, counts };
        assert_eq!(Token::read(&token.write()), Some(token));
        for wrong in ["", "ab", "ab.0.1.2", "ab.x.1.2.3", "ab.0.1.2.-3"] {
            assert_eq!(Token::read(wrong), None, "{wrong}");
        }
    }
}
