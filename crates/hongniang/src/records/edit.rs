//! Forms of a record: starting one, revising it, moving it. One way for all: draft → sheet → register → page.
//!
//! A fault re-renders the same form with what was typed and every fault at once; a stale version shows both texts.
//! Start at [`Form`].

use std::collections::HashMap;

use askama::Template as _;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use base::id::RecordId;
use catalogue::kind::Verb;
use catalogue::value::{Fault, Fields};
use catalogue::{Asker, Field, Kind, Layer, Refusal, Shape};
use register::{Find, Key, New, Record};

use super::draft::Draft;
use super::posted::{Posted, Press, read_pairs};
use super::sheet::{Drawing, Sheet, checkup_view, label_of};
use super::{address, key_at, kind_at};
use crate::fields::demand;
use crate::trouble::Trouble;
use crate::view::{FieldView, FormView, Link, PickRow, PickView, Section, StaleRow, Widget};
use crate::visit::{NOTICE_COOKIE, Visit};

/// Carried by the form of a move that is made for its party.
const FOR_PARTY: &str = "for_party";
/// Candidates a search step shows.
const CANDIDATES: usize = 12;

/// One form: its fields, where it posts to, and its words.
pub struct Form<'a> {
    /// The fields asked.
    pub sheet: Sheet<'a>,
    /// Heading.
    pub heading: String,
    /// Sentences over the form.
    pub intro: Vec<String>,
    /// Address it posts to, without language.
    pub action: String,
    /// The main button.
    pub submit: String,
    /// Where leaving goes, without language.
    pub back: String,
    /// Show 体检 beside it.
    pub checkup: bool,
    /// What an officer asked back, each beside its field.
    pub questions: Vec<super::sheet::Question>,
}

/// What a form says beside its fields.
#[derive(Default)]
pub struct Said {
    /// Faults of fields.
    pub faults: Vec<Fault>,
    /// A fault of the whole.
    pub trouble: Option<Trouble>,
    /// Both texts of a record that changed meanwhile.
    pub stale: Vec<StaleRow>,
    /// The group that gets one more row.
    pub more: Option<String>,
    /// Sentences over the form beside its own.
    pub intro: Vec<String>,
    /// Other ways out.
    pub offers: Vec<Link>,
}

impl Form<'_> {
    /// The form as a page.
    pub async fn page(&self, visit: &Visit, draft: &Draft, said: Said) -> Result<Response, Trouble> {
        let titles = self.titles(visit, draft).await?;
        let drawing = Drawing {
            draft,
            faults: &said.faults,
            titles: &titles,
            today: visit.app.today(),
            lang: visit.lang,
            texts: visit.texts(),
            more: said.more.as_deref(),
            questions: &self.questions,
        };
        let mut faults = self.sheet.fault_lines(&said.faults, visit.lang, visit.texts());
        if let Some(trouble) = &said.trouble {
            faults.insert(
                0,
                crate::view::FaultLine {
                    id: String::new(),
                    label: visit.t(&format!("problem.{}.title", trouble.telling().code)).to_owned(),
                    text: crate::problem::detail(visit.texts(), trouble),
                },
            );
        }
        let status = match (&said.trouble, said.faults.is_empty()) {
            (Some(trouble), _) => trouble.telling().status,
            (None, false) => StatusCode::UNPROCESSABLE_ENTITY,
            (None, true) => StatusCode::OK,
        };
        for line in faults.iter_mut().filter(|line| line.id == super::moves::TOLD_BY) {
            line.label = visit.t("told.by").to_owned();
        }
        let mut sections = self.sheet.sections(&drawing);
        if !draft.one(FOR_PARTY).is_empty() {
            sections.push(told_section(visit, draft, &said.faults));
        }
        let (so_far, _) = draft.read(self.sheet.fields.iter().copied(), &self.sheet.terms());
        let view = FormView {
            page: visit.page(self.heading.clone()),
            intro: self
                .intro
                .iter()
                .cloned()
                .chain(said.intro)
                .chain(crate::privacy::line(visit, &self.sheet.fields))
                .collect(),
            action: visit.href(&self.action),
            hidden: self.hidden(draft),
            sections,
            faults,
            stale: said.stale,
            offers: said.offers,
            checkup: if self.checkup {
                checkup_view(self.sheet.kind, &self.sheet.type_path, &so_far, visit.lang)
            } else {
                None
            },
            buttons: self.buttons(visit),
            back: visit.link(&self.back, visit.t("form.back")),
            multipart: self.sheet.fields.iter().any(|field| field.shape == Shape::File),
        };
        Ok((status, Html(view.render()?)).into_response())
    }

    /// The main button, and beside a 体检 one that looks again without saving.
    fn buttons(&self, visit: &Visit) -> Vec<(String, String, String)> {
        let mut buttons = vec![("do".to_owned(), "save".to_owned(), self.submit.clone())];
        if self.checkup && self.sheet.kind.checkup.is_some() {
            buttons.push(("more".to_owned(), String::new(), visit.t("checkup.again").to_owned()));
        }
        buttons
    }

    /// What travels beside the fields: the version and the type.
    fn hidden(&self, draft: &Draft) -> Vec<(String, String)> {
        let carried = |name: &str| (name.to_owned(), draft.one(name).to_owned());
        ["version", "type", FOR_PARTY, super::once::TOKEN]
            .map(carried)
            .into_iter()
            .filter(|(_, text)| !text.is_empty())
            .collect()
    }

    async fn titles(&self, visit: &Visit, draft: &Draft) -> Result<HashMap<RecordId, String>, Trouble> {
        let ids = self.sheet.references(draft);
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let asker = visit.asker();
        visit.app.read(move |reader| Ok(reader.titles(&asker, &ids)?)).await
    }

    /// Answers any button but the last: a search step, a choice, a row more or less.
    pub async fn step(&self, visit: &Visit, mut posted: Posted) -> Result<Response, Trouble> {
        let field = |name: &str| self.sheet.fields.iter().find(|field| field.name == name).copied();
        if let Press::Find(name) = &posted.press {
            let field = field(name).ok_or(Trouble::NotFound)?;
            return self.pick(visit, field, &posted.draft).await;
        }
        posted.apply(|name| field(name).is_some_and(|field| field.many));
        let more = if let Press::More(name) = &posted.press { Some(name.clone()) } else { None };
        self.page(visit, &posted.draft, Said { more, ..Said::default() }).await
    }

    /// The search step of a reference field: candidates, and everything typed so far in hidden inputs.
    async fn pick(&self, visit: &Visit, field: &Field, draft: &Draft) -> Result<Response, Trouble> {
        let Shape::Reference(kinds) = &field.shape else { return Err(Trouble::NotFound) };
        let asked = format!("q-{}", field.name);
        let query = draft.one(&asked).to_owned();
        let rows = candidates(visit, kinds, &query).await?;
        let view = PickView {
            page: visit.page(visit.texts().fill("pick.title", &[("field", field.label.text(visit.lang))])),
            action: visit.href(&self.action),
            choose: format!("pick-{}", field.name),
            find: ("find".to_owned(), field.name.clone()),
            query: (asked.clone(), query),
            rows,
            hidden: draft.pairs().iter().filter(|(name, _)| *name != asked).cloned().collect(),
        };
        Ok(Html(view.render()?).into_response())
    }

    /// The page again after the register refused; other troubles are passed on.
    pub async fn again(
        &self,
        visit: &Visit,
        mut draft: Draft,
        trouble: Trouble,
    ) -> Result<Response, Trouble> {
        let mut said = Said::default();
        match &trouble {
            Trouble::Invalid(_)
            | Trouble::Register(register::Fault::Invalid(_) | register::Fault::Refused(Refusal::Faults(_))) =>
            {
                said.faults = trouble.faults().to_vec();
                return self.page(visit, &draft, said).await;
            }
            Trouble::Register(register::Fault::Stale { theirs, .. }) => {
                said.stale = self.both_texts(visit, &draft, theirs);
                draft.set("version", theirs.item.version.to_string());
            }
            Trouble::Register(register::Fault::Claimed { by, .. }) => {
                said.offers = by.iter().flat_map(|by| self.existing(visit, &draft, by)).collect();
            }
            Trouble::Register(register::Fault::Cycle { .. } | register::Fault::Refused(_)) => {}
            _ => return Err(trouble),
        }
        said.trouble = Some(trouble);
        self.page(visit, &draft, said).await
    }

    /// A duplicate leads to the record that is there already; a record that exists itself may be merged into it.
    fn existing(&self, visit: &Visit, draft: &Draft, by: &register::Item) -> Vec<Link> {
        let there = address(self.sheet.kind, &by.number);
        let mut links =
            vec![visit.link(&there, visit.texts().fill("form.open-existing", &[("title", &by.title)]))];
        let may_merge = !catalogue::access::arms(self.sheet.kind, &visit.asker(), &Verb::Merge).is_empty();
        if may_merge && !draft.one("version").is_empty() {
            let here = self.action.rsplit('/').nth(1).unwrap_or_default();
            links.push(visit.link(&format!("{there}/merge?lose={here}"), visit.t("form.merge-into")));
        }
        links
    }

    fn both_texts(&self, visit: &Visit, draft: &Draft, theirs: &Record) -> Vec<StaleRow> {
        let terms = self.sheet.terms();
        let now = Draft::of_fields(self.sheet.fields.iter().copied(), &theirs.fields, &terms);
        let text = |draft: &Draft, name: &str| draft.all(name).collect::<Vec<_>>().join("、");
        self.sheet
            .fields
            .iter()
            .map(|field| StaleRow {
                label: field.label.text(visit.lang).to_owned(),
                theirs: text(&now, &field.name),
                yours: text(draft, &field.name),
            })
            .filter(|row| row.theirs != row.yours)
            .collect()
    }

    /// Reads the sheet: sound fields, or all faults.
    pub fn read(&self, draft: &Draft) -> Result<Fields, Trouble> {
        let (fields, mut faults) = draft.read(self.sheet.fields.iter().copied(), &self.sheet.terms());
        let checked = self.sheet.catalogue.check(&self.sheet.kind.name, &self.sheet.type_path, &fields);
        let unfilled = self.sheet.needs.iter().filter(|name| !catalogue::value::is_filled(&fields, name));
        let rules = checked.map(|(_, faults)| faults).unwrap_or_default();
        // Every fault at once; a field that could not be read is not also called empty, and fields this form does
        // not ask are none of its business.
        for fault in rules.into_iter().chain(unfilled.map(|name| Fault::new(*name, "required"))) {
            let head = fault.field.split('.').next().unwrap_or_default();
            let asked = self.sheet.fields.iter().any(|field| field.name == head);
            if asked && !faults.iter().any(|known| known.field.split('.').next() == Some(head)) {
                faults.push(fault);
            }
        }
        if faults.is_empty() { Ok(fields) } else { Err(Trouble::Invalid(faults)) }
    }
}

/// Records of some kinds that answer a query: by words if there are any, otherwise the newest.
async fn candidates(visit: &Visit, kinds: &[String], query: &str) -> Result<Vec<PickRow>, Trouble> {
    let (kinds, query, looking) = (kinds.to_vec(), query.to_owned(), visit.clone());
    visit
        .app
        .read(move |reader| {
            let asker = looking.asker();
            let items = if query.trim().is_empty() {
                newest(reader, &asker, &kinds)?
            } else {
                crate::search::items(&looking, reader, &query, &kinds, CANDIDATES)?
            };
            Ok(items.iter().map(|item| pick_row(&looking, item)).collect())
        })
        .await
}

fn newest(
    reader: &register::Reader<'_>,
    asker: &Asker,
    kinds: &[String],
) -> Result<Vec<register::Item>, Trouble> {
    let mut items = Vec::new();
    for kind in kinds {
        let find = Find::kind(kind).first(CANDIDATES);
        items.extend(reader.list(asker, &find)?.items);
    }
    items.truncate(CANDIDATES);
    Ok(items)
}

fn pick_row(visit: &Visit, item: &register::Item) -> PickRow {
    let row = super::faces::row(visit, item, &[]);
    let note = [row.type_label, row.place, row.owner, row.number].into_iter().filter(|part| !part.is_empty());
    PickRow { id: item.id.to_string(), title: row.title, note: note.collect::<Vec<_>>().join(" · ") }
}

/// A redirect that says something once on the next page.
pub fn redirect(visit: &Visit, path: &str, notice: &str) -> Response {
    let cookie = format!("{NOTICE_COOKIE}={notice}; Path=/; Max-Age=60; SameSite=Lax; HttpOnly");
    ([(axum::http::header::SET_COOKIE, cookie)], Redirect::to(&visit.href(path))).into_response()
}

/// `GET /{path}/new`: the form of a new record; `?type=` chooses its type.
pub async fn new_form(
    visit: Visit,
    Path(path): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Trouble> {
    let kind = kind_at(&visit.app, &path)?;
    may_create(&visit, kind)?;
    let mut draft = Draft::new(read_pairs(query.unwrap_or_default().as_bytes())?);
    if draft.one("type").is_empty() {
        draft.set("type", kind.types.first().map(|t| t.path.clone()).unwrap_or_default());
    }
    super::once::mark(&visit, &mut draft);
    let form = form_of_new(&visit, kind, draft.one("type"))?;
    form.page(&visit, &draft, Said::default()).await
}

/// `POST /{path}/new`.
pub async fn create(visit: Visit, Path(path): Path<String>, posted: Posted) -> Result<Response, Trouble> {
    let kind = kind_at(&visit.app, &path)?;
    may_create(&visit, kind)?;
    let type_path = posted.draft.one("type").to_owned();
    let form = form_of_new(&visit, kind, &type_path)?;
    if !matches!(posted.press, Press::Do(_)) {
        return form.step(&visit, posted).await;
    }
    let made = match form.read(&posted.draft) {
        Ok(fields) => {
            let id = super::once::id_of(&visit, &posted.draft);
            let new =
                New { kind: kind.name.clone(), type_path: type_path.clone(), fields, id, ..New::default() };
            let asker = visit.asker();
            visit.app.write(move |writer| super::once::create(writer, &asker, new)).await
        }
        Err(trouble) => Err(trouble),
    };
    match made {
        Ok(made) => filed(&visit, kind, &made.value.item).await,
        Err(trouble) => form.again(&visit, posted.draft, trouble).await,
    }
}

/// On to what was filed; to the list where it is for others to go on with.
async fn filed(visit: &Visit, kind: &Kind, item: &register::Item) -> Result<Response, Trouble> {
    let (asker, key) = (visit.asker(), Key::Id(item.id));
    let reads = visit.app.read(move |reader| Ok(reader.seen(&asker, &key).is_ok())).await?;
    Ok(match reads {
        true => redirect(visit, &address(kind, &item.number), "notice.created"),
        false => redirect(visit, &format!("/{}", kind.path), "notice.created-elsewhere"),
    })
}

fn may_create(visit: &Visit, kind: &Kind) -> Result<(), Trouble> {
    match super::may_create(kind, &visit.asker()) {
        true => Ok(()),
        false if visit.signed.is_none() => Err(Trouble::SigninNeeded),
        false => Err(Trouble::Register(register::Fault::NotAllowed)),
    }
}

/// The form of a new record of a type; a kind without types has one form.
pub fn form_of_new<'a>(visit: &'a Visit, kind: &'a Kind, type_path: &'a str) -> Result<Form<'a>, Trouble> {
    let typeless = kind.types.is_empty() && type_path.is_empty();
    if !typeless && kind.type_of(type_path).is_none() {
        return Err(Trouble::NotFound);
    }
    let asked = |field: &&Field| !field.by_moves;
    let what = match typeless {
        true => kind.label.text(visit.lang).to_owned(),
        false => super::faces::type_label(kind, type_path, visit.lang),
    };
    let heading = format!("{} · {what}", visit.t("form.new"));
    Ok(Form {
        sheet: Sheet {
            catalogue: visit.app.register().catalogue(),
            kind,
            type_path: type_path.to_owned(),
            fields: kind.fields_of(type_path).filter(asked).collect(),
            needs: Vec::new(),
        },
        heading,
        intro: Vec::new(),
        action: format!("/{}/new", kind.path),
        submit: visit.t("form.save").to_owned(),
        back: format!("/{}", kind.path),
        checkup: true,
        questions: Vec::new(),
    })
}

/// `GET /{path}/{number}/edit`: the form of a record's fields.
pub async fn edit_form(
    visit: Visit,
    Path((path, number)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let kind = kind_at(&visit.app, &path)?;
    let (record, sealed) = in_hand(&visit, kind, &number).await?;
    let form = form_of_edit(&visit, kind, &record)?;
    let mut fields = record.fields.clone();
    fields.extend(sealed);
    let mut draft = Draft::of_fields(form.sheet.fields.iter().copied(), &fields, &form.sheet.terms());
    draft.set("version", record.item.version.to_string());
    form.page(&visit, &draft, Said::default()).await
}

/// `POST /{path}/{number}/edit`.
pub async fn revise(
    visit: Visit,
    Path((path, number)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, Trouble> {
    let kind = kind_at(&visit.app, &path)?;
    let (record, _) = in_hand(&visit, kind, &number).await?;
    let form = form_of_edit(&visit, kind, &record)?;
    if !matches!(posted.press, Press::Do(_)) {
        return form.step(&visit, posted).await;
    }
    let version = posted.draft.one("version").parse().unwrap_or(0);
    let revised = match form.read(&posted.draft) {
        Ok(fields) => {
            let (asker, key) = (visit.asker(), Key::Row(record.item.row));
            let kept = kept_fields(&record, &form.sheet);
            visit.app.write(move |writer| writer.revise(&asker, &key, version, merged(kept, fields))).await
        }
        Err(trouble) => Err(trouble),
    };
    match revised {
        Ok(made) => Ok(redirect(&visit, &address(kind, &made.value.item.number), "notice.saved")),
        Err(trouble) => form.again(&visit, posted.draft, trouble).await,
    }
}

/// Fields of the record that this form does not ask stay as they are.
fn kept_fields(record: &Record, sheet: &Sheet<'_>) -> Fields {
    let asked = |name: &str| sheet.fields.iter().any(|field| field.name == name);
    record.fields.iter().filter(|(name, _)| !asked(name)).map(|(n, v)| (n.clone(), v.clone())).collect()
}

fn merged(mut kept: Fields, given: Fields) -> Fields {
    kept.extend(given);
    kept
}

/// The record, with its sealed layer where the reader may open it (which is recorded).
async fn in_hand(visit: &Visit, kind: &Kind, number: &str) -> Result<(Record, Fields), Trouble> {
    let key = key_at(kind, number)?;
    let (asker, finding) = (visit.asker(), key.clone());
    let record = visit.app.read(move |reader| Ok(reader.find(&asker, &finding)?)).await?;
    let sealed = if record.sealed && record.may_open {
        let asker = visit.asker();
        visit.app.write(move |writer| writer.open(&asker, &key)).await?.value.unwrap_or_default()
    } else {
        Fields::new()
    };
    Ok((record, sealed))
}

fn form_of_edit<'a>(visit: &'a Visit, kind: &'a Kind, record: &'a Record) -> Result<Form<'a>, Trouble> {
    catalogue::access::may(kind, &visit.asker(), &record.subject, &catalogue::kind::Verb::Revise)
        .ok_or(Trouble::Register(register::Fault::NotAllowed))?;
    let own = record.access.standing == catalogue::Standing::Own;
    let asked = |field: &&Field| match field.layer {
        Layer::Open | Layer::Inside => !field.by_moves,
        Layer::Sealed => record.may_open || (own && !record.sealed),
    };
    let here = address(kind, &record.item.number);
    Ok(Form {
        sheet: Sheet {
            catalogue: visit.app.register().catalogue(),
            kind,
            type_path: record.item.type_path.clone(),
            fields: kind.fields_of(&record.item.type_path).filter(asked).collect(),
            needs: Vec::new(),
        },
        heading: visit.texts().fill("form.edit", &[("title", &record.item.title)]),
        intro: Vec::new(),
        action: format!("{here}/edit"),
        submit: visit.t("form.save").to_owned(),
        back: here,
        checkup: true,
        questions: super::asked::questions(visit.app.register().catalogue(), kind, record),
    })
}

/// `GET /{path}/{number}/moves/{move}`: the form of a move.
pub async fn move_form(
    visit: Visit,
    Path((path, number, name)): Path<(String, String, String)>,
) -> Result<Response, Trouble> {
    let kind = kind_at(&visit.app, &path)?;
    let record = found(&visit, kind, &number).await?;
    let mut form = form_of_move(&visit, kind, &record, &name)?;
    let mut draft = draft_of_move(&visit, &form, &record);
    if super::moves::is_for_party(&visit, kind, &record, &name) {
        draft.set(FOR_PARTY, "1".to_owned());
        form.intro.push(visit.t("told.intro").to_owned());
    }
    form.page(&visit, &draft, Said::default()).await
}

/// The draft a move's form starts with.
pub fn draft_of_move(visit: &Visit, form: &Form<'_>, record: &Record) -> Draft {
    let mut draft = Draft::of_fields(form.sheet.fields.iter().copied(), &record.fields, &form.sheet.terms());
    prefill(visit, form, record, &mut draft);
    draft.set("version", record.item.version.to_string());
    draft
}

/// What the record or the visit already answers is shown, not asked: today, myself, the gaps 体检 found.
fn prefill(visit: &Visit, form: &Form<'_>, record: &Record, draft: &mut Draft) {
    for field in &form.sheet.fields {
        if draft.all(&field.name).next().is_some() {
            continue;
        }
        // Clearing is an act of its own: where a move merely takes the clearance, pressing on must not give it.
        let clearing = form.sheet.needs.contains(&field.name.as_str());
        match (field.name.as_str(), visit.signed.as_ref().and_then(|signed| signed.asker.person)) {
            ("secrecy_cleared_on" | "confirmed_on", _) if clearing => {
                draft.set(&field.name, visit.app.today().to_string())
            }
            ("secrecy_cleared_by", Some(person)) if clearing => draft.set(&field.name, person.to_string()),
            ("liaison", Some(person)) => draft.set(&field.name, person.to_string()),
            ("questions", _) => super::asked::prefill(visit, form, record, draft),
            _ => {}
        }
    }
}

/// The record an address names, as the visitor may read it.
pub async fn found(visit: &Visit, kind: &Kind, number: &str) -> Result<Record, Trouble> {
    let key = key_at(kind, number)?;
    let asker = visit.asker();
    visit.app.read(move |reader| Ok(reader.find(&asker, &key)?)).await
}

/// The form of a move: the fields it takes.
pub fn form_of_move<'a>(
    visit: &'a Visit,
    kind: &'a Kind,
    record: &'a Record,
    name: &str,
) -> Result<Form<'a>, Trouble> {
    let mv = kind.moves.iter().find(|mv| mv.name == name).ok_or(Trouble::NotFound)?;
    let here = address(kind, &record.item.number);
    // Under which name a record is published follows from its choice; nobody types it.
    let taken = |field: &&Field| mv.takes.contains(&field.name) && field.name != demand::PUBLIC_NAME;
    let answers = mv.takes.iter().any(|name| name == demand::QUESTIONS)
        && !mv.needs.iter().any(|name| name == demand::QUESTIONS);
    // The questions themselves are shown beside their fields; what answers them keeps them as they were asked.
    let taken = |field: &&Field| taken(field) && !(answers && field.name == demand::QUESTIONS);
    let to = mv.to.as_ref().map(|to| super::faces::badge(kind, to, visit.lang).label);
    Ok(Form {
        sheet: Sheet {
            catalogue: visit.app.register().catalogue(),
            kind,
            type_path: record.item.type_path.clone(),
            fields: kind.fields_of(&record.item.type_path).filter(taken).collect(),
            needs: mv.needs.iter().map(String::as_str).collect(),
        },
        heading: format!("{} · {}", mv.label.text(visit.lang), record.item.title),
        intro: to.map(|to| visit.texts().fill("form.moves-to", &[("stage", &to)])).into_iter().collect(),
        action: format!("{here}/moves/{name}"),
        submit: mv.label.text(visit.lang).to_owned(),
        back: here,
        checkup: answers,
        questions: if answers {
            super::asked::questions(visit.app.register().catalogue(), kind, record)
        } else {
            Vec::new()
        },
    })
}

/// `POST /{path}/{number}/moves/{move}`.
pub async fn make(
    visit: Visit,
    Path((path, number, name)): Path<(String, String, String)>,
    posted: Posted,
) -> Result<Response, Trouble> {
    let kind = kind_at(&visit.app, &path)?;
    let record = found(&visit, kind, &number).await?;
    let form = form_of_move(&visit, kind, &record, &name)?;
    if !matches!(posted.press, Press::Do(_)) {
        return form.step(&visit, posted).await;
    }
    let made = match form.read(&posted.draft) {
        Ok(given) => match told_of(&visit, kind, &record, &name, &posted.draft) {
            Ok(told) => {
                let version = posted.draft.one("version").parse().ok();
                super::moves::make(&visit, &record, version, (&name, given), told).await
            }
            Err(trouble) => Err(trouble),
        },
        Err(trouble) => Err(trouble),
    };
    match made {
        Ok(_) => Ok(redirect(&visit, &address(kind, &record.item.number), "notice.moved")),
        Err(trouble) => form.again(&visit, posted.draft, with_labels(kind, trouble)).await,
    }
}

/// How the party told of a move that is made for them; the form has to say it.
pub fn told_of(
    visit: &Visit,
    kind: &Kind,
    record: &Record,
    name: &str,
    draft: &Draft,
) -> Result<Option<register::Told>, Trouble> {
    if !super::moves::is_for_party(visit, kind, record, name) {
        return Ok(None);
    }
    let told =
        super::moves::told(visit, draft.one(super::moves::TOLD_BY), draft.one(super::moves::TOLD_NOTE))?;
    let missing = || Trouble::Invalid(vec![Fault::new(super::moves::TOLD_BY, "required")]);
    told.map(Some).ok_or_else(missing)
}

/// The lines that ask how the party told of it.
pub fn told_section(visit: &Visit, draft: &Draft, faults: &[Fault]) -> Section {
    let (by, note) = (super::moves::TOLD_BY, super::moves::TOLD_NOTE);
    let terms = visit.app.register().catalogue().vocabularies().get(by);
    let option = |term: &catalogue::Term| {
        (term.code.clone(), term.label.text(visit.lang).to_owned(), term.code == draft.one(by))
    };
    let options = terms.map(|of| of.terms.iter().map(option).collect()).unwrap_or_default();
    let wrong = faults.iter().filter(|fault| fault.field == by);
    let choice = FieldView {
        faults: wrong.map(|fault| crate::problem::sentence(visit.texts(), fault)).collect(),
        widget: Widget::Choice { options, many: false },
        ..crate::accounts::line(visit, draft, by, "told.by", true)
    };
    let fields = vec![choice, crate::accounts::line(visit, draft, note, "told.note", false)];
    Section { heading: visit.t("told.heading").to_owned(), note: String::new(), fields, folded: false }
}

/// Faults of fields this form does not ask are told by their labels.
fn with_labels(kind: &Kind, trouble: Trouble) -> Trouble {
    let all: Vec<&Field> = kind.fields.iter().collect();
    match trouble {
        Trouble::Register(register::Fault::Refused(Refusal::Faults(faults))) => Trouble::Invalid(
            faults
                .into_iter()
                .map(|mut fault| {
                    fault.args.push(("label", label_of(&all, &fault.field, crate::locale::Lang::Zh)));
                    fault
                })
                .collect(),
        ),
        other => other,
    }
}
