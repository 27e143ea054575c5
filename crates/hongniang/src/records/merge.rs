//! Merging a duplicate into a record: the page that names both, and the deed.

use axum::extract::{Path, RawQuery};
use axum::response::Response;
use catalogue::kind::Verb;
use catalogue::{Field, Kind, Label, Layer, Shape};
use register::{Fault, Key, Record};

use super::draft::Draft;
use super::edit::{Form, Said, found, redirect};
use super::posted::{Posted, Press, read_pairs};
use super::sheet::Sheet;
use super::{address, key_at, kind_at};
use crate::trouble::Trouble;
use crate::visit::Visit;

/// The one field of the form: which record is the duplicate.
const LOSE: &str = "lose";

/// `GET /{path}/{number}/merge`; `?lose=NUMBER` names the duplicate already.
pub async fn form(
    visit: Visit,
    Path((path, number)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Response, Trouble> {
    let kind = kind_at(&visit.app, &path)?;
    let record = allowed(&visit, kind, &number).await?;
    let asked = Draft::new(read_pairs(query.unwrap_or_default().as_bytes())?);
    let mut draft = Draft::default();
    if let Ok(key) = key_at(kind, asked.one(LOSE)) {
        let asker = visit.asker();
        let lose = visit.app.read(move |reader| Ok(reader.seen(&asker, &key).ok())).await?;
        draft.set(LOSE, lose.map(|item| item.id.to_string()).unwrap_or_default());
    }
    let field = field(&visit, kind);
    page(&visit, kind, &record, &field).page(&visit, &draft, Said::default()).await
}

/// `POST /{path}/{number}/merge`.
pub async fn merge(
    visit: Visit,
    Path((path, number)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, Trouble> {
    let kind = kind_at(&visit.app, &path)?;
    let record = allowed(&visit, kind, &number).await?;
    let field = field(&visit, kind);
    let form = page(&visit, kind, &record, &field);
    if !matches!(posted.press, Press::Do(_)) {
        return form.step(&visit, posted).await;
    }
    let Ok(lose) = posted.draft.one(LOSE).parse() else {
        let fault = catalogue::Fault::new(LOSE, "required");
        return form.again(&visit, posted.draft, Trouble::Invalid(vec![fault])).await;
    };
    let (asker, keep) = (visit.asker(), Key::Row(record.item.row));
    match visit.app.write(move |writer| writer.merge(&asker, &keep, &Key::Id(lose))).await {
        Ok(made) => Ok(redirect(&visit, &address(kind, &made.value.item.number), "notice.merged")),
        Err(trouble) => form.again(&visit, posted.draft, trouble).await,
    }
}

async fn allowed(visit: &Visit, kind: &Kind, number: &str) -> Result<Record, Trouble> {
    let record = found(visit, kind, number).await?;
    match catalogue::access::may(kind, &visit.asker(), &record.subject, &Verb::Merge) {
        Some(_) => Ok(record),
        None => Err(Trouble::Register(Fault::NotAllowed)),
    }
}

/// A reference to a record of the same kind, asked here and stored nowhere.
fn field(visit: &Visit, kind: &Kind) -> Field {
    let label = visit.t("merge.lose").to_owned();
    Field {
        name: LOSE.to_owned(),
        label: Label { zh: label.clone(), en: label },
        shape: Shape::Reference(vec![kind.name.clone()]),
        required: true,
        layer: Layer::Open,
        ..Field::default()
    }
}

fn page<'a>(visit: &'a Visit, kind: &'a Kind, record: &'a Record, field: &'a Field) -> Form<'a> {
    let here = address(kind, &record.item.number);
    Form {
        sheet: Sheet {
            catalogue: visit.app.register().catalogue(),
            kind,
            type_path: record.item.type_path.clone(),
            fields: vec![field],
            needs: vec![LOSE],
        },
        heading: format!("{} · {}", visit.t("merge.title"), record.item.title),
        intro: vec![visit.t("merge.intro").to_owned()],
        action: format!("{here}/merge"),
        submit: visit.t("merge.do").to_owned(),
        back: here,
        checkup: false,
        questions: Vec::new(),
    }
}
