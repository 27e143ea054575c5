//! 技术合同登记表（草稿）: what the register knows of a contract, in the order of the form; the rest is left to be filled in.
//!
//! The form is data (`catalogue/forms/contract_registration.toml`), since its rules change. It is no official form and
//! carries no red head. Start at [`show`].

use anyhow::Context as _;
use askama::Template as _;
use axum::extract::Path;
use axum::response::{Html, IntoResponse, Response};
use catalogue::kind::{reference, type_within};
use catalogue::{Kind, Layer, Standing, value};
use register::{Key, Reader, Record};
use serde::Deserialize;
use serde_json::Value;

use crate::fields::{agreement, organization};
use crate::locale::Lang;
use crate::records::export::{Sheet, send};
use crate::records::faces::type_label;
use crate::records::{address, key_at};
use crate::trouble::Trouble;
use crate::view::{Link, RegistrationLine, RegistrationView};
use crate::visit::Visit;

/// Where the form stands.
const FORM: &str = "catalogue/forms/contract_registration.toml";
/// Columns of the sheet.
const COLUMNS: [&str; 4] =
    ["registration.group", "registration.item", "registration.value", "registration.note"];
/// Whose fields a line may ask for beside the contract's, by the order in which the parties stand.
const PARTIES: [&str; 2] = ["buyer", "seller"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    zh: String,
    en: String,
}

impl Words {
    fn text(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FormFile {
    label: Words,
    notes: Vec<Words>,
    groups: Vec<Group>,
    natures: Vec<Nature>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    label: Words,
    lines: Vec<Line>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    zh: String,
    en: String,
    /// A field of the contract, `type`, or `buyer.FIELD`, `seller.FIELD`.
    from: Option<String>,
    note: Option<Words>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nature {
    #[serde(rename = "type")]
    of: String,
    zh: String,
    en: String,
}

fn form() -> anyhow::Result<FormFile> {
    toml::from_str(crate::embedded::text(FORM)).context(FORM)
}

/// The way to the sheet, for who reads all of a contract.
pub fn offered(visit: &Visit, kind: &Kind, record: &Record) -> Option<Link> {
    let here = address(kind, &record.item.number);
    let is_contract = type_within(&record.item.type_path, agreement::CONTRACT);
    let reads = catalogue::access::layers(&record.access).contains(&Layer::Inside);
    let works = is_contract && reads && record.access.standing != Standing::Anyone;
    works.then(|| visit.link(&format!("{here}/registration"), visit.t("registration.action")))
}

/// A contract with those who signed it first and second.
struct Signed {
    record: Record,
    parties: Vec<Option<Record>>,
}

async fn signed(visit: &Visit, number: &str) -> Result<Signed, Trouble> {
    let kind = visit.app.register().catalogue().kind(agreement::KIND).ok_or(Trouble::NotFound)?;
    let (asker, key) = (visit.must_sign_in()?, key_at(kind, number)?);
    let read = move |reader: &Reader<'_>| {
        let record = reader.find(&asker, &key)?;
        let all =
            record.fields.get(agreement::PARTIES).and_then(Value::as_array).cloned().unwrap_or_default();
        let party = |value: &Value| reader.find(&asker, &Key::Id(reference(value)?)).ok();
        Ok(Signed { parties: all.iter().take(PARTIES.len()).map(party).collect(), record })
    };
    let signed = visit.app.read(read).await?;
    offered(visit, kind, &signed.record).map(|_| signed).ok_or(Trouble::NotFound)
}

/// `GET /agreements/{number}/registration`.
pub async fn show(visit: Visit, Path(number): Path<String>) -> Result<Response, Trouble> {
    let of = signed(&visit, &number).await?;
    let form = form().map_err(told)?;
    let kind = visit.app.register().catalogue().kind(agreement::KIND).ok_or(Trouble::NotFound)?;
    let here = address(kind, &of.record.item.number);
    let groups: Vec<(String, Vec<RegistrationLine>)> = lines(&visit, &form, &of);
    let view = RegistrationView {
        page: visit.page(form.label.text(visit.lang)),
        record: visit.link(&here, of.record.item.title.clone()),
        notes: form.notes.iter().map(|note| note.text(visit.lang).to_owned()).collect(),
        open: groups.iter().flat_map(|(_, lines)| lines).filter(|line| line.value.is_empty()).count(),
        groups,
        exports: visit.exports(&format!("{here}/registration")),
    };
    Ok(Html(view.render()?).into_response())
}

/// `GET /agreements/{number}/registration.{ending}`.
pub async fn export(
    visit: Visit,
    Path((number, ending)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let of = signed(&visit, &number).await?;
    let form = form().map_err(told)?;
    let rows = lines(&visit, &form, &of).into_iter().flat_map(|(group, lines)| {
        lines.into_iter().map(move |line| vec![group.clone(), line.label, line.value, line.note])
    });
    send(&Sheet::of(&visit, form.label.text(visit.lang), &COLUMNS, rows.collect()), &ending)
}

fn told(error: anyhow::Error) -> Trouble {
    Trouble::Register(register::Fault::Storage(format!("{error:#}")))
}

/// The lines of the form, filled in as far as the register goes.
fn lines(visit: &Visit, form: &FormFile, of: &Signed) -> Vec<(String, Vec<RegistrationLine>)> {
    let line = |line: &Line| RegistrationLine {
        label: if visit.lang == Lang::Zh { line.zh.clone() } else { line.en.clone() },
        value: line.from.as_ref().and_then(|from| known(visit, form, of, from)).unwrap_or_default(),
        note: line.note.as_ref().map(|note| note.text(visit.lang).to_owned()).unwrap_or_default(),
    };
    let group = |group: &Group| {
        (group.label.text(visit.lang).to_owned(), group.lines.iter().map(line).collect::<Vec<_>>())
    };
    form.groups.iter().map(group).collect()
}

/// What the register knows of a line.
fn known(visit: &Visit, form: &FormFile, of: &Signed, from: &str) -> Option<String> {
    let catalogue = visit.app.register().catalogue();
    let Some((party, name)) = from.split_once('.') else {
        let kind = catalogue.kind(agreement::KIND)?;
        return match from {
            "type" => Some(type_label(kind, &of.record.item.type_path, visit.lang)),
            name => field(visit, kind, &of.record, name),
        };
    };
    let at = PARTIES.iter().position(|known| *known == party)?;
    let unit = of.parties.get(at)?.as_ref()?;
    match name {
        "nature" => {
            let nature = form.natures.iter().find(|nature| type_within(&unit.item.type_path, &nature.of))?;
            Some(if visit.lang == Lang::Zh { nature.zh.clone() } else { nature.en.clone() })
        }
        organization::PLACE => unit.item.place.as_ref().map(ToString::to_string),
        name => field(visit, catalogue.kind(organization::KIND)?, unit, name),
    }
}

fn field(visit: &Visit, kind: &Kind, record: &Record, name: &str) -> Option<String> {
    let (field, value) = (kind.field(name)?, record.fields.get(name)?);
    let terms = visit.app.register().catalogue().terms();
    Some(value::show(&field.shape, value, &terms, visit.lang, &|_| None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_form_asks_for_a_field_that_stands_in_the_catalogue() {
        let (catalogue, _) = catalogue::Catalogue::load(crate::embedded::texts("catalogue"));
        let (contract, unit) =
            (catalogue.kind("agreement").unwrap(), catalogue.kind("organization").unwrap());
        let form = form().unwrap();
        for from in form.groups.iter().flat_map(|group| &group.lines).filter_map(|line| line.from.as_deref())
        {
            let stands = match from.split_once('.') {
                Some((party, "nature")) => PARTIES.contains(&party),
                Some((party, name)) => PARTIES.contains(&party) && unit.field(name).is_some(),
                None => from == "type" || contract.field(from).is_some(),
            };
            assert!(stands, "{from}");
        }
        for nature in &form.natures {
            assert!(unit.type_of(&nature.of).is_some(), "{}", nature.of);
        }
    }
}
