//! Errors of our own API: RFC 9457 problems with a stable `tag`, in one table.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// What went wrong, by who is at fault. One row of [`Fault::spec`] says all about each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    // The caller's.
    InvalidRequest,
    InvalidReport,
    NotSignedIn,
    LinkNotValid,
    CsrfHeaderMissing,
    NotFound,
    Cancelled,
    TooManyQueries,
    // Ours.
    Unavailable,
    Internal,
}

struct FaultSpec {
    status: StatusCode,
    tag: &'static str,
    title: &'static str,
}

impl Fault {
    fn spec(self) -> FaultSpec {
        let (status, tag, title) = match self {
            Self::InvalidRequest => {
                (StatusCode::BAD_REQUEST, "invalid_request", "The request cannot be read")
            }
            Self::InvalidReport => {
                (StatusCode::UNPROCESSABLE_ENTITY, "invalid_report", "The report cannot be run")
            }
            Self::NotSignedIn => (StatusCode::UNAUTHORIZED, "not_signed_in", "Sign in first"),
            Self::LinkNotValid => {
                (StatusCode::UNAUTHORIZED, "link_not_valid", "This one-time link is unknown, used or too old")
            }
            Self::CsrfHeaderMissing => {
                (StatusCode::FORBIDDEN, "csrf_header_missing", "The header x-bulkhead-csrf: 1 is missing")
            }
            Self::NotFound => (StatusCode::NOT_FOUND, "not_found", "There is nothing here"),
            Self::Cancelled => (StatusCode::REQUEST_TIMEOUT, "cancelled", "The report was cancelled"),
            Self::TooManyQueries => {
                (StatusCode::TOO_MANY_REQUESTS, "too_many_queries", "Too many reports are running")
            }
            Self::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "unavailable", "Not ready to answer"),
            Self::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "internal", "Something went wrong here"),
        };
        FaultSpec { status, tag, title }
    }
}

/// A fault with what the caller may know about this instance of it.
#[derive(Clone, Debug)]
pub struct Problem {
    fault: Fault,
    detail: Option<String>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ProblemBody {
    r#type: &'static str,
    title: &'static str,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// Stable machine code.
    tag: &'static str,
    /// To quote when asking for help; also in the header `x-request-id` and in the log.
    request_id: String,
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        Self { fault, detail: None }
    }
}

impl Fault {
    pub fn because(self, detail: impl ToString) -> Problem {
        Problem { fault: self, detail: Some(detail.to_string()) }
    }
}

impl Problem {
    /// An internal fault: the cause goes to the log, not to the caller.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        tracing::error!(%cause, "request failed");
        Fault::Internal.into()
    }
}

impl From<crate::control::ControlError> for Problem {
    fn from(error: crate::control::ControlError) -> Self {
        Self::internal(error)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let spec = self.fault.spec();
        let request_id = super::request_id::current();
        let body = ProblemBody {
            r#type: "about:blank",
            title: spec.title,
            status: spec.status.as_u16(),
            detail: self.detail,
            tag: spec.tag,
            request_id,
        };
        let mut response = (spec.status, axum::Json(body)).into_response();
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        response
    }
}
