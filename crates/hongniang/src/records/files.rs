//! Attachments: sent only to who may read the layer that holds them, always as a download.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use base::id::RecordId;
use catalogue::Fields;
use register::Key;
use serde_json::Value;

use crate::app::App;
use crate::problem::encode_query;
use crate::trouble::Trouble;
use crate::visit::Visit;

/// Sends the file of a record that has this hash.
pub async fn send(app: &App, visit: &Visit, id: &str, hash: &str) -> Result<Response, Trouble> {
    let key = Key::Id(id.parse::<RecordId>().map_err(|_| Trouble::NotFound)?);
    let (asker, finding) = (visit.asker(), key.clone());
    let record = app.read(move |reader| Ok(reader.find(&asker, &finding)?)).await?;
    let mut name = name_of(&record.fields, hash);
    // A file of the sealed layer is opened like any sealed text: allowed to few, and recorded.
    if name.is_none() && record.sealed && record.may_open {
        let asker = visit.asker();
        let sealed = app.write(move |writer| writer.open(&asker, &key)).await?.value;
        name = name_of(&sealed.unwrap_or_default(), hash);
    }
    let name = name.ok_or(Trouble::NotFound)?;
    let register = app.register().clone();
    let wanted = hash.to_owned();
    let bytes = tokio::task::spawn_blocking(move || read(&register, &wanted)).await??;
    let attachment = format!("attachment; filename*=UTF-8''{}", encode_query(&name).replace('/', "%2F"));
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, attachment),
    ];
    Ok((headers, bytes).into_response())
}

/// The bytes of a stored file.
pub fn read(register: &register::Register, hash: &str) -> Result<Vec<u8>, Trouble> {
    let path = register.file(hash).ok_or(Trouble::NotFound)?;
    std::fs::read(&path).map_err(|error| Trouble::Internal(format!("{}: {error}", path.display())))
}

/// The name under which some field holds the file.
fn name_of(fields: &Fields, hash: &str) -> Option<String> {
    fn named(value: &Value, hash: &str) -> Option<String> {
        match value {
            Value::Array(items) => items.iter().find_map(|item| named(item, hash)),
            Value::Object(file) if file.get("hash").and_then(Value::as_str) == Some(hash) => {
                file.get("name")?.as_str().map(str::to_owned)
            }
            _ => None,
        }
    }
    fields.values().find_map(|value| named(value, hash))
}
