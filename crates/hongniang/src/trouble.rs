//! Everything that can go wrong with a request, in one table: code, status, and the texts' key.
//!
//! A handler returns [`Trouble`]; the shell turns it into a page or a problem document (RFC 9457) in the
//! reader's language. The unexpected is logged and shown as `internal` with a fixed text.

use std::sync::Arc;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use catalogue::{Fault as FieldFault, Refusal};
use register::Fault;

use crate::signin::policy::Owed;

/// What went wrong.
#[derive(Debug)]
pub enum Trouble {
    /// The register refused, or could not.
    Register(Fault),
    /// No such page.
    NotFound,
    /// The address exists, not this way.
    Method,
    /// Not UTF-8, or a control character where text should be.
    BadEncoding,
    /// A body that is not what it says it is.
    Malformed(String),
    /// More than a limit: its bytes.
    TooLarge(usize),
    /// More rows than the limit.
    TooManyRows(usize),
    /// A text longer than a cell of a workbook holds: its characters.
    CellTooLong(usize),
    /// JSON nested deeper than the limit.
    TooDeep,
    /// A content type nobody reads here.
    UnsupportedMedia,
    /// A write that did not come from our own pages.
    Csrf,
    /// Sign in first.
    SigninNeeded,
    /// Too many tries: seconds to wait.
    Throttled(u32),
    /// Signed in, but something is owed before anything else opens.
    Owed(Owed),
    /// The identity provider does not answer.
    ProviderDown,
    /// The identity provider answers what may not be believed.
    ProviderWrong,
    /// The identity provider was told no.
    ProviderRefused,
    /// A half-done sign-in that is used up, too old, or another browser's.
    SigninGone,
    /// Faults in what was given.
    Invalid(Vec<FieldFault>),
    /// A request must say which version it changes (`If-Match`).
    VersionNeeded,
    /// What nobody expected.
    Internal(String),
}

/// How a trouble is told: its row in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Telling {
    /// Stable code; `problem.<code>.*` are its texts.
    pub code: &'static str,
    /// Status.
    pub status: StatusCode,
}

impl Trouble {
    /// Its row in the table.
    pub fn telling(&self) -> Telling {
        let (code, status) = match self {
            Trouble::Register(fault) => return of_register(fault),
            Trouble::NotFound => ("not-found", StatusCode::NOT_FOUND),
            Trouble::Method => ("method", StatusCode::METHOD_NOT_ALLOWED),
            Trouble::BadEncoding => ("bad-encoding", StatusCode::BAD_REQUEST),
            Trouble::Malformed(_) => ("malformed", StatusCode::BAD_REQUEST),
            Trouble::TooLarge(_) => ("too-large", StatusCode::PAYLOAD_TOO_LARGE),
            Trouble::TooManyRows(_) => ("too-many-rows", StatusCode::PAYLOAD_TOO_LARGE),
            Trouble::CellTooLong(_) => ("cell-too-long", StatusCode::UNPROCESSABLE_ENTITY),
            Trouble::TooDeep => ("too-deep", StatusCode::BAD_REQUEST),
            Trouble::UnsupportedMedia => ("unsupported-media", StatusCode::UNSUPPORTED_MEDIA_TYPE),
            Trouble::Csrf => ("csrf", StatusCode::FORBIDDEN),
            Trouble::SigninNeeded => ("signin-needed", StatusCode::UNAUTHORIZED),
            Trouble::Throttled(_) => ("throttled", StatusCode::TOO_MANY_REQUESTS),
            Trouble::Owed(Owed::Code) => ("code-owed", StatusCode::FORBIDDEN),
            Trouble::Owed(Owed::Password) => ("password-owed", StatusCode::FORBIDDEN),
            Trouble::Owed(Owed::Second) => ("second-owed", StatusCode::FORBIDDEN),
            Trouble::ProviderDown => ("provider-down", StatusCode::BAD_GATEWAY),
            Trouble::ProviderWrong => ("provider-wrong", StatusCode::BAD_GATEWAY),
            Trouble::ProviderRefused => ("provider-refused", StatusCode::FORBIDDEN),
            Trouble::SigninGone => ("signin-gone", StatusCode::BAD_REQUEST),
            Trouble::Invalid(_) => ("invalid", StatusCode::UNPROCESSABLE_ENTITY),
            Trouble::VersionNeeded => ("version-needed", StatusCode::PRECONDITION_REQUIRED),
            Trouble::Internal(_) => ("internal", StatusCode::INTERNAL_SERVER_ERROR),
        };
        Telling { code, status }
    }

    /// The faults of single fields it carries.
    pub fn faults(&self) -> &[FieldFault] {
        match self {
            Trouble::Invalid(faults)
            | Trouble::Register(Fault::Invalid(faults) | Fault::Refused(Refusal::Faults(faults))) => faults,
            _ => &[],
        }
    }

    /// Seconds after which to try again, where that helps.
    pub fn retry_after(&self) -> Option<u32> {
        match self {
            Trouble::Throttled(seconds) => Some(*seconds),
            Trouble::Register(Fault::Busy { retry_after_s }) => Some(*retry_after_s),
            Trouble::Register(Fault::Storage(_)) => Some(30),
            _ => None,
        }
    }
}

fn of_register(fault: &Fault) -> Telling {
    let (code, status) = match fault {
        Fault::NotFound => ("not-found", StatusCode::NOT_FOUND),
        Fault::NotAllowed => ("not-allowed", StatusCode::FORBIDDEN),
        Fault::Refused(refusal) => return of_refusal(refusal),
        Fault::Invalid(_) => ("invalid", StatusCode::UNPROCESSABLE_ENTITY),
        Fault::Claimed { .. } => ("claimed", StatusCode::CONFLICT),
        Fault::Stale { .. } => ("stale", StatusCode::PRECONDITION_FAILED),
        Fault::Cycle { .. } => ("cycle", StatusCode::UNPROCESSABLE_ENTITY),
        Fault::BadCursor => ("bad-cursor", StatusCode::BAD_REQUEST),
        Fault::Busy { .. } => ("busy", StatusCode::SERVICE_UNAVAILABLE),
        Fault::Storage(_) => ("storage", StatusCode::SERVICE_UNAVAILABLE),
        _ => ("internal", StatusCode::INTERNAL_SERVER_ERROR),
    };
    Telling { code, status }
}

fn of_refusal(refusal: &Refusal) -> Telling {
    let (code, status) = match refusal {
        Refusal::NoSuchMove => ("not-found", StatusCode::NOT_FOUND),
        Refusal::WrongStage { .. } => ("wrong-stage", StatusCode::CONFLICT),
        Refusal::NotAllowed => ("not-allowed", StatusCode::FORBIDDEN),
        Refusal::Faults(_) => ("invalid", StatusCode::UNPROCESSABLE_ENTITY),
        Refusal::Guards(_) => ("guards", StatusCode::CONFLICT),
        Refusal::Lacking(_) => ("lacking", StatusCode::CONFLICT),
        Refusal::NotYet(_) => ("not-yet", StatusCode::CONFLICT),
        Refusal::Over(_) => ("over", StatusCode::CONFLICT),
        Refusal::MissingYear(_) => ("missing-year", StatusCode::CONFLICT),
    };
    Telling { code, status }
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Trouble {
        Trouble::Register(fault)
    }
}

impl From<tokio::task::JoinError> for Trouble {
    fn from(error: tokio::task::JoinError) -> Trouble {
        Trouble::Internal(error.to_string())
    }
}

impl From<tokio::sync::oneshot::error::RecvError> for Trouble {
    fn from(_: tokio::sync::oneshot::error::RecvError) -> Trouble {
        Trouble::Internal("the writer stopped before it answered".to_owned())
    }
}

impl From<askama::Error> for Trouble {
    fn from(error: askama::Error) -> Trouble {
        Trouble::Internal(format!("a page could not be rendered: {error}"))
    }
}

/// A bare answer that carries the trouble; the shell writes its body.
impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        let mut response = self.telling().status.into_response();
        if let Some(seconds) = self.retry_after() {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}
