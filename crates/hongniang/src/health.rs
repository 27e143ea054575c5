//! Whether this process can answer: for load balancers and for tests that wait for the start.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::app::App;

/// `GET /health`: 200 with the position, or 503 when the store does not answer.
pub async fn check(State(app): State<App>) -> Response {
    let position = app.position().to_string();
    match app.read(|reader| Ok(reader.newest()?)).await {
        Ok(newest) => {
            let body = serde_json::json!({ "position": newest.to_string(), "acknowledged": position });
            axum::Json(body).into_response()
        }
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}
