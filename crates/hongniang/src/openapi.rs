//! The description of `/api/v1` (OpenAPI 3.1), made from the table of operations and the catalogue.
//!
//! Bodies are the very schemas the register checks against. A test holds the table equal to the routes. Start at
//! [`describe`].

use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use catalogue::{Catalogue, Kind};
use serde_json::{Map, Value, json};

use crate::app::App;
use crate::trouble::Trouble;
use crate::visit::Visit;

/// One operation on the records of a kind.
struct Operation {
    method: &'static str,
    /// Address under `/api/v1`, with `{path}` for the kind.
    route: &'static str,
    id: &'static str,
    summary: &'static str,
    success: &'static str,
    answer: Answer,
    body: Option<Takes>,
    versioned: bool,
}

/// What comes back.
enum Answer {
    Page,
    Record,
    Fields,
    Nothing,
}

/// What is given.
enum Takes {
    NewRecord,
    FieldsOnly,
    Reason,
    Lose,
}

const OPERATIONS: [Operation; 8] = [
    Operation {
        method: "get",
        route: "/{path}",
        id: "list",
        summary: "A page of items the asker may read",
        success: "200",
        answer: Answer::Page,
        body: None,
        versioned: false,
    },
    Operation {
        method: "post",
        route: "/{path}",
        id: "create",
        summary: "Start a record",
        success: "201",
        answer: Answer::Record,
        body: Some(Takes::NewRecord),
        versioned: false,
    },
    Operation {
        method: "get",
        route: "/{path}/{number}",
        id: "show",
        summary: "One record with the layers the asker may read",
        success: "200",
        answer: Answer::Record,
        body: None,
        versioned: false,
    },
    Operation {
        method: "put",
        route: "/{path}/{number}",
        id: "revise",
        summary: "Replace the fields of a record",
        success: "200",
        answer: Answer::Record,
        body: Some(Takes::FieldsOnly),
        versioned: true,
    },
    Operation {
        method: "delete",
        route: "/{path}/{number}",
        id: "erase",
        summary: "Erase a record, as the law grants",
        success: "204",
        answer: Answer::Nothing,
        body: Some(Takes::Reason),
        versioned: false,
    },
    Operation {
        method: "post",
        route: "/{path}/{number}/moves/{move}",
        id: "move",
        summary: "Make a move of the catalogue",
        success: "200",
        answer: Answer::Record,
        body: Some(Takes::FieldsOnly),
        versioned: false,
    },
    Operation {
        method: "post",
        route: "/{path}/{number}/merge",
        id: "merge",
        summary: "Merge a duplicate into this record",
        success: "200",
        answer: Answer::Record,
        body: Some(Takes::Lose),
        versioned: false,
    },
    Operation {
        method: "post",
        route: "/{path}/{number}/open",
        id: "open",
        summary: "Read the sealed layer; the reading is recorded",
        success: "200",
        answer: Answer::Fields,
        body: None,
        versioned: false,
    },
];

/// `GET /api/v1/openapi.json`.
pub async fn document(State(app): State<App>) -> Response {
    axum::Json(describe(app.register().catalogue())).into_response()
}

/// The whole description.
pub fn describe(catalogue: &Catalogue) -> Value {
    let mut paths = Map::new();
    let mut schemas = shared_schemas();
    for kind in catalogue.kinds() {
        for operation in &OPERATIONS {
            let address = format!("/api/v1{}", operation.route.replace("{path}", &kind.path));
            let entry = paths.entry(address).or_insert_with(|| json!({}));
            entry[operation.method] = described(kind, operation);
        }
        for t in &kind.types {
            schemas.insert(
                fields_name(kind, &t.path),
                catalogue.schema(&kind.name, &t.path).cloned().unwrap_or_default(),
            );
        }
    }
    paths.insert("/api/v1/search".to_owned(), json!({ "get": search_operation() }));
    paths.insert("/api/v1/openapi.json".to_owned(), json!({ "get": {
        "operationId": "describe", "summary": "This description", "responses": { "200": { "description": "OpenAPI 3.1" } },
    }}));
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Hongniang 科技红娘",
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
            "description": "Records of every kind under one set of operations. Amounts, quantities, days and codes may be \
    written as people write them (60万元, 0.7 MPa, 2026年3月). Faults are problem documents (RFC 9457) with a stable code.",
        },
        "paths": paths,
        "components": { "schemas": schemas, "securitySchemes": {
            "session": { "type": "apiKey", "in": "cookie", "name": crate::visit::SESSION_COOKIE },
        }},
        "security": [{}, { "session": [] }],
    })
}

fn fields_name(kind: &Kind, type_path: &str) -> String {
    format!("{}.{type_path}", kind.name)
}

fn described(kind: &Kind, operation: &Operation) -> Value {
    let mut parameters = Vec::new();
    if operation.route.contains("{number}") {
        parameters.push(parameter(
            "number",
            "path",
            "Number in either form (330200-2026-000123-2, 甬需2026-000123-2), or id",
        ));
    }
    if operation.route.contains("{move}") {
        let names: Vec<&str> = kind.moves.iter().map(|mv| mv.name.as_str()).collect();
        parameters
            .push(json!({ "name": "move", "in": "path", "required": true, "schema": { "enum": names } }));
    }
    if operation.id == "list" {
        parameters.extend(list_parameters(kind));
    }
    if operation.versioned {
        parameters.push(parameter("If-Match", "header", "The version the change is about, as in ETag"));
    }
    let mut described = json!({
        "operationId": format!("{}-{}", operation.id, kind.path),
        "summary": operation.summary,
        "tags": [kind.name],
        "parameters": parameters,
        "responses": {
            operation.success: response(operation),
            "default": { "description": "A problem", "content": { "application/problem+json": { "schema": reference("Problem") } } },
        },
    });
    if let Some(takes) = &operation.body {
        described["requestBody"] =
            json!({ "content": { "application/json": { "schema": body_schema(kind, takes) } } });
    }
    described
}

fn parameter(name: &str, place: &str, description: &str) -> Value {
    json!({ "name": name, "in": place, "required": true, "description": description, "schema": { "type": "string" } })
}

fn list_parameters(kind: &Kind) -> Vec<Value> {
    let optional = |name: &str, description: &str| json!({ "name": name, "in": "query", "required": false, "description": description, "schema": { "type": "string" } });
    let mut all = vec![
        optional("type", "Type path; its descendants are included"),
        optional("stage", "Stage"),
        optional("place", "Division code; what lies below is included"),
        optional("order", "newest, oldest, due, title or a listed field; - before it turns it round"),
        optional("after", "Where the page starts: `next` of the page before"),
        optional("first", "Rows a page, 1 to 100"),
    ];
    let listed = kind.fields.iter().filter(|field| field.list && field.name != "place");
    all.extend(listed.map(|field| optional(&field.name, &field.label.en)));
    all
}

fn response(operation: &Operation) -> Value {
    let schema = match operation.answer {
        Answer::Page => "Page",
        Answer::Record => "Record",
        Answer::Fields => "Fields",
        Answer::Nothing => return json!({ "description": "Done" }),
    };
    json!({ "description": operation.summary, "content": { "application/json": { "schema": reference(schema) } } })
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn body_schema(kind: &Kind, takes: &Takes) -> Value {
    let any: Vec<Value> = kind.types.iter().map(|t| reference(&fields_name(kind, &t.path))).collect();
    match takes {
        Takes::NewRecord => json!({ "type": "object", "properties": {
            "type": { "enum": kind.types.iter().map(|t| t.path.as_str()).collect::<Vec<_>>() },
            "place": { "type": "string" },
            "fields": { "anyOf": any },
        }}),
        Takes::FieldsOnly => json!({ "type": "object", "properties": { "fields": { "type": "object" } } }),
        Takes::Reason => json!({ "type": "object", "properties": { "reason": { "type": "string" } } }),
        Takes::Lose => {
            json!({ "type": "object", "properties": { "lose": { "type": "string" } }, "required": ["lose"] })
        }
    }
}

fn search_operation() -> Value {
    let query = |name: &str, description: &str| json!({ "name": name, "in": "query", "required": false, "description": description, "schema": { "type": "string" } });
    json!({
        "operationId": "search",
        "summary": "Records of all kinds whose open text answers the words",
        "parameters": [
            query("q", "Words"), query("kind", "Kind"), query("key", "A key that must hold, such as industry:C20"),
            query("skip", "Rows skipped"), query("after", "A position the answer must include"),
        ],
        "responses": { "200": { "description": "Hits", "content": { "application/json": { "schema": reference("Page") } } } },
    })
}

fn shared_schemas() -> Map<String, Value> {
    let text = json!({ "type": "string" });
    let item = json!({ "type": "object", "properties": {
        "id": { "type": "string", "format": "uuid" }, "number": text, "printed": text, "kind": text, "type": text,
        "stage": text, "title": text, "place": { "type": ["string", "null"] }, "owner": { "type": ["string", "null"] },
        "day": { "type": ["string", "null"] }, "due": { "type": ["string", "null"] },
        "version": { "type": "integer", "minimum": 1 }, "values": { "type": "object" },
        "changed_at": { "type": "string", "format": "date-time" }, "links": { "type": "object" },
    }});
    let problem = json!({ "type": "object", "required": ["type", "title", "status", "code"], "properties": {
        "type": text, "title": text, "status": { "type": "integer" }, "code": text, "detail": text, "instance": text,
        "errors": { "type": "array", "items": { "type": "object", "properties": {
            "pointer": text, "code": text, "detail": text,
        }}},
    }});
    let shared = json!({
        "Item": item,
        "Record": { "allOf": [reference("Item"), { "type": "object", "properties": {
            "fields": { "type": "object" }, "sealed": { "type": "boolean" }, "may_open": { "type": "boolean" },
            "moves": { "type": "array", "items": text },
        }}]},
        "Fields": { "type": "object", "properties": { "fields": { "type": "object" } } },
        "Page": { "type": "object", "properties": {
            "items": { "type": "array", "items": reference("Item") }, "next": { "type": ["string", "null"] },
            "count": { "type": "object", "properties": { "n": { "type": "integer" }, "capped": { "type": "boolean" } } },
        }},
        "Problem": problem,
    });
    shared.as_object().cloned().unwrap_or_default()
}

/// `GET /api`: the operations, to read.
pub async fn page(visit: Visit) -> Result<Html<String>, Trouble> {
    let catalogue = visit.app.register().catalogue();
    let kinds = catalogue
        .kinds()
        .map(|kind| crate::view::ApiKind {
            name: kind.label.text(visit.lang).to_owned(),
            operations: OPERATIONS
                .iter()
                .map(|op| {
                    (
                        op.method.to_uppercase(),
                        format!("/api/v1{}", op.route.replace("{path}", &kind.path)),
                        op.summary.to_owned(),
                    )
                })
                .collect(),
            moves: kind.moves.iter().map(|mv| mv.name.clone()).collect(),
        })
        .collect();
    let view = crate::view::ApiView {
        page: visit.public_page(visit.t("api.title"), visit.t("api.description")),
        kinds,
    };
    Ok(Html(askama::Template::render(&view)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_description_is_reviewed() {
        let (catalogue, _) = Catalogue::load(crate::embedded::texts("catalogue"));
        let text = serde_json::to_string_pretty(&describe(&catalogue)).expect("json");
        insta::assert_snapshot!("openapi", text);
    }

    #[test]
    fn every_api_route_is_described() {
        let router = include_str!("router.rs");
        let routes: std::collections::BTreeSet<&str> = router
            .lines()
            .filter_map(|line| line.split('"').nth(1))
            .filter(|r| r.starts_with("/api/v1/"))
            .collect();
        let mut described: std::collections::BTreeSet<String> =
            OPERATIONS.iter().map(|op| format!("/api/v1{}", op.route)).collect();
        described.extend(["/api/v1/search".to_owned(), "/api/v1/openapi.json".to_owned()]);
        assert_eq!(routes, described.iter().map(String::as_str).collect());
    }
}
