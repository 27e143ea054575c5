//! `/api/v1`: the same records for programs, with the same rules, faults and positions.
//!
//! Versions travel as `ETag` and `If-Match`, positions as `Position`; a fault is a problem document. Only translates.

use axum::body::Bytes;
use axum::extract::{FromRequest, Path, RawQuery, Request};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base::limits;
use catalogue::{Fields, Kind};
use register::{Item, New, Position, Record, Written};
use serde_json::{Map, Value, json};

use super::list::Question;
use super::posted::read_pairs;
use super::{address, key_at, kind_at};
use crate::app::App;
use crate::trouble::Trouble;
use crate::visit::Visit;

/// Header that says up to which position an answer or a write has come.
pub const POSITION: &str = "position";

/// A JSON object body, checked for encoding, size and depth before anything reads it.
#[derive(Debug)]
pub struct Body(pub Map<String, Value>);

impl FromRequest<App> for Body {
    type Rejection = Trouble;

    async fn from_request(request: Request, app: &App) -> Result<Body, Trouble> {
        let media =
            request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let is_json = media.split(';').next().is_some_and(|m| m.trim() == "application/json");
        let is_empty = request.headers().get(header::CONTENT_LENGTH).is_some_and(|n| n == "0");
        if !is_json && !is_empty {
            return Err(Trouble::UnsupportedMedia);
        }
        let bytes =
            Bytes::from_request(request, app).await.map_err(|_| Trouble::TooLarge(limits::BODY_BYTES_MAX))?;
        read_object(&bytes).map(Body)
    }
}

/// Reads a JSON object; nothing at all reads as an empty one.
pub fn read_object(bytes: &[u8]) -> Result<Map<String, Value>, Trouble> {
    if bytes.is_empty() {
        return Ok(Map::new());
    }
    let text = std::str::from_utf8(bytes).map_err(|_| Trouble::BadEncoding)?;
    if depth(text) > limits::JSON_DEPTH_MAX {
        return Err(Trouble::TooDeep);
    }
    match serde_json::from_str(text) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(Trouble::Malformed("an object is expected".to_owned())),
        // A lone surrogate is a text no encoding can hold.
        Err(error) if error.to_string().contains("hex escape") => Err(Trouble::BadEncoding),
        Err(error) => Err(Trouble::Malformed(error.to_string())),
    }
}

/// The deepest nesting of a JSON text, brackets inside strings not counted.
fn depth(text: &str) -> usize {
    let (mut now, mut deepest, mut quoted, mut escaped) = (0usize, 0usize, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => {
                now += 1;
                deepest = deepest.max(now);
            }
            b'}' | b']' if !quoted => now = now.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// `GET /api/v1/{path}`: a page of items, with the filters and orders of the list page.
pub async fn list(
    visit: Visit,
    Path(path): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Trouble> {
    let kind = kind_at(&visit.app, &path)?;
    let pairs = read_pairs(query.unwrap_or_default().as_bytes())?;
    let find = Question::read(kind, &pairs).find(visit.app.register().catalogue(), kind)?;
    let asker = visit.asker();
    let (found, position) =
        visit.app.read(move |reader| Ok((reader.list(&asker, &find)?, reader.newest()?))).await?;
    let catalogue = visit.app.register().catalogue();
    let items: Vec<Value> =
        found.items.iter().filter_map(|i| Some(item(catalogue.kind(&i.kind)?, i))).collect();
    let body = json!({
        "items": items,
        "count": { "n": found.count.n, "capped": found.count.capped },
        "next": found.next,
    });
    Ok(with_position(axum::Json(body).into_response(), position))
}

/// An item as programs see it.
fn item(kind: &Kind, item: &Item) -> Value {
    let mut values = Map::new();
    for (name, value) in &item.keys {
        let list = values.entry(name.clone()).or_insert_with(|| Value::Array(Vec::new()));
        let read = kind.field(name).and_then(|field| catalogue::value::of_key(&field.shape, value));
        if let Value::Array(list) = list {
            list.extend(read);
        }
    }
    json!({
        "id": item.id.to_string(),
        "number": item.number.path(),
        "printed": item.number.printed(&kind.sign),
        "kind": item.kind,
        "type": item.type_path,
        "stage": item.stage,
        "title": item.title,
        "place": item.place.as_ref().map(ToString::to_string),
        "owner": item.owner.map(|id| id.to_string()),
        "day": item.day,
        "due": item.due.map(|day| day.to_string()),
        "version": item.version,
        "values": values,
        "changed_at": item.changed_at.to_string(),
        "links": { "self": format!("/api/v1{}", address(kind, &item.number)), "page": address(kind, &item.number) },
    })
}

/// A record as programs see it.
fn record(visit: &Visit, found: &Record) -> Result<Value, Trouble> {
    let kind = visit.app.register().catalogue().kind(&found.item.kind).ok_or(Trouble::NotFound)?;
    let mut body = item(kind, &found.item);
    body["fields"] = Value::Object(found.fields.clone());
    body["sealed"] = json!(found.sealed);
    body["may_open"] = json!(found.may_open);
    let offers = super::offered(visit, kind, found);
    body["moves"] = offers.iter().filter(|o| o.access.is_some()).map(|offer| json!(offer.mv.name)).collect();
    Ok(body)
}

fn etag(version: u64) -> HeaderValue {
    HeaderValue::from_str(&format!("\"{version}\"")).unwrap_or(HeaderValue::from_static("\"0\""))
}

fn with_position(mut answer: Response, position: Position) -> Response {
    if let Ok(value) = position.to_string().parse() {
        answer.headers_mut().insert(POSITION, value);
    }
    answer
}

fn answer(
    visit: &Visit,
    status: StatusCode,
    made: &Written<Record>,
    link: Option<String>,
) -> Result<Response, Trouble> {
    let kind = visit.app.register().catalogue().kind(&made.value.item.kind).ok_or(Trouble::NotFound)?;
    let location = format!("/api/v1{}", address(kind, &made.value.item.number));
    let mut body = record(visit, &made.value)?;
    if let Some(link) = link {
        body["personal_link"] = json!(link);
    }
    let mut response = (status, axum::Json(body)).into_response();
    response.headers_mut().insert(header::ETAG, etag(made.value.item.version));
    if let Ok(value) = location.parse() {
        response.headers_mut().insert(header::LOCATION, value);
    }
    Ok(with_position(response, made.position))
}

/// `GET /api/v1/{path}/{number}`.
pub async fn show(
    visit: Visit,
    Path((path, number)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let key = key_at(kind_at(&visit.app, &path)?, &number)?;
    let asker = visit.asker();
    let found = visit.app.read(move |reader| Ok(reader.find(&asker, &key)?)).await?;
    let tag = etag(found.item.version);
    if headers.get(header::IF_NONE_MATCH) == Some(&tag) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response());
    }
    Ok(([(header::ETAG, tag)], axum::Json(record(&visit, &found)?)).into_response())
}

/// `POST /api/v1/{path}`: `{type?, place?, fields}`.
pub async fn create(visit: Visit, Path(path): Path<String>, Body(body): Body) -> Result<Response, Trouble> {
    let kind = kind_at(&visit.app, &path)?;
    let new = New {
        kind: kind.name.clone(),
        type_path: text(&body, "type")
            .or_else(|| kind.types.first().map(|t| t.path.clone()))
            .unwrap_or_default(),
        place: text(&body, "place").and_then(|place| base::place::Place::parse(&place).ok()),
        fields: fields(&body)?,
        ..New::default()
    };
    let kept = visit.signed.as_ref().is_none_or(|signed| signed.asker.only.is_some());
    if kept && !kind.quick.is_empty() {
        return create_without_account(&visit, new).await;
    }
    let asker = visit.asker();
    let made = visit.app.write(move |writer| writer.create(&asker, new)).await?;
    answer(&visit, StatusCode::CREATED, &made, None)
}

/// Kinds with a public form may be filed without an account; the answer holds the poster's personal link.
async fn create_without_account(visit: &Visit, new: New) -> Result<Response, Trouble> {
    let kept = crate::collect::without_account(visit, new, None).await?;
    let link = kept.link.map(|secret| crate::signin::link_address(visit, &secret));
    answer(visit, StatusCode::CREATED, &Written { value: kept.record, position: kept.position }, link)
}

fn text(body: &Map<String, Value>, name: &str) -> Option<String> {
    body.get(name).and_then(Value::as_str).map(str::to_owned)
}

fn fields(body: &Map<String, Value>) -> Result<Fields, Trouble> {
    match body.get("fields") {
        Some(Value::Object(fields)) => Ok(fields.clone()),
        None => Ok(Fields::new()),
        Some(_) => Err(Trouble::Malformed("fields must be an object".to_owned())),
    }
}

/// Fields in canonical form: programs may write `60万元` as people do.
fn normal(visit: &Visit, kind: &Kind, given: Fields) -> Result<Fields, Trouble> {
    let terms = visit.app.register().catalogue().terms();
    let (mut canonical, mut faults) = (Fields::new(), Vec::new());
    for (name, value) in given {
        // A name the kind does not know is told by the register, together with every other fault.
        let read = kind
            .field(&name)
            .map_or(Ok(value.clone()), |field| catalogue::value::normalize(field, &terms, value));
        match read {
            Ok(value) => drop(canonical.insert(name, value)),
            Err(found) => faults.extend(found),
        }
    }
    if faults.is_empty() { Ok(canonical) } else { Err(Trouble::Invalid(faults)) }
}

/// The version a write is about, from `If-Match`.
fn if_match(headers: &HeaderMap) -> Option<u64> {
    headers
        .get(header::IF_MATCH)?
        .to_str()
        .ok()?
        .trim()
        .trim_start_matches("W/")
        .trim_matches('"')
        .parse()
        .ok()
}

/// `PUT /api/v1/{path}/{number}` with `If-Match`: replaces the fields the asker may write.
pub async fn revise(
    visit: Visit,
    Path((path, number)): Path<(String, String)>,
    headers: HeaderMap,
    Body(body): Body,
) -> Result<Response, Trouble> {
    let kind = kind_at(&visit.app, &path)?;
    let key = key_at(kind, &number)?;
    let version = if_match(&headers).ok_or(Trouble::VersionNeeded)?;
    let given = fields(&body)?;
    let asker = visit.asker();
    let made = visit.app.write(move |writer| writer.revise(&asker, &key, version, given)).await?;
    answer(&visit, StatusCode::OK, &made, None)
}

/// `POST /api/v1/{path}/{number}/moves/{move}`: `{fields?}`.
pub async fn make(
    visit: Visit,
    Path((path, number, name)): Path<(String, String, String)>,
    headers: HeaderMap,
    Body(body): Body,
) -> Result<Response, Trouble> {
    let kind = kind_at(&visit.app, &path)?;
    let key = key_at(kind, &number)?;
    let given = normal(&visit, kind, fields(&body)?)?;
    let asker = visit.asker();
    let found = visit.app.read(move |reader| Ok(reader.find(&asker, &key)?)).await?;
    let said = |name: &str| text(&body, name).unwrap_or_default();
    let told = super::moves::told(&visit, &said(super::moves::TOLD_BY), &said(super::moves::TOLD_NOTE))?;
    let value = super::moves::make(&visit, &found, if_match(&headers), (&name, given), told).await?;
    answer(&visit, StatusCode::OK, &Written { value, position: visit.app.position() }, None)
}

/// `POST /api/v1/{path}/{number}/merge`: `{lose}` names the duplicate that goes into this record.
pub async fn merge(
    visit: Visit,
    Path((path, number)): Path<(String, String)>,
    Body(body): Body,
) -> Result<Response, Trouble> {
    let kind = kind_at(&visit.app, &path)?;
    let keep = key_at(kind, &number)?;
    let lose = key_at(kind, &text(&body, "lose").unwrap_or_default())?;
    let asker = visit.asker();
    let made = visit.app.write(move |writer| writer.merge(&asker, &keep, &lose)).await?;
    answer(&visit, StatusCode::OK, &made, None)
}

/// `POST /api/v1/{path}/{number}/open`: the sealed layer; the reading is recorded.
pub async fn open(visit: Visit, Path((path, number)): Path<(String, String)>) -> Result<Response, Trouble> {
    let key = key_at(kind_at(&visit.app, &path)?, &number)?;
    let asker = visit.asker();
    let opened = visit.app.write(move |writer| writer.open(&asker, &key)).await?;
    let fields = opened.value.ok_or(Trouble::Register(register::Fault::NotAllowed))?;
    Ok(axum::Json(json!({ "fields": fields })).into_response())
}

/// `DELETE /api/v1/{path}/{number}`: `{reason}`; erases, as the law grants; the chain stays verifiable.
pub async fn erase(
    visit: Visit,
    Path((path, number)): Path<(String, String)>,
    Body(body): Body,
) -> Result<Response, Trouble> {
    let key = key_at(kind_at(&visit.app, &path)?, &number)?;
    let reason = text(&body, "reason").unwrap_or_default();
    let asker = visit.asker();
    let gone = visit.app.write(move |writer| writer.erase(&asker, &key, &reason)).await?;
    Ok(with_position(StatusCode::NO_CONTENT.into_response(), gone.position))
}

/// `GET /api/v1/search`: `q`, `kind`, `key`, `skip`, `after` (a position the answer must include).
pub async fn search(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, Trouble> {
    let asked = crate::search::pages::Asked::read(&query.unwrap_or_default())?;
    visit.app.reached(asked.after).await?;
    let looking = visit.clone();
    let body = visit
        .app
        .read(move |reader| {
            let (found, items) = crate::search::pages::hits(&looking, reader, &asked)?;
            let catalogue = looking.app.register().catalogue();
            let items: Vec<Value> =
                items.iter().filter_map(|i| Some(item(catalogue.kind(&i.kind)?, i))).collect();
            Ok(json!({ "items": items, "total": found.total }))
        })
        .await?;
    Ok(axum::Json(body).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_bodies_have_names() {
        let code = |bytes: &[u8]| read_object(bytes).map_or_else(|t| t.telling().code, |_| "ok");
        assert_eq!(code(br#"{"a":"[[[["}"#), "ok");
        assert_eq!(code(b""), "ok");
        assert_eq!(code(b"[]"), "malformed");
        assert_eq!(code(b"{\"a\":\xff}"), "bad-encoding");
        assert_eq!(code(br#"{"a":"\ud800"}"#), "bad-encoding");
        let deep = format!("{}{}", "{\"a\":".repeat(limits::JSON_DEPTH_MAX + 1), "1".to_owned());
        assert_eq!(code(deep.as_bytes()), "too-deep");
    }
}
