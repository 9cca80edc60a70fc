//! Errors in the query API's documented shape: `{"request": "/api/2.0/…", "error": "…"}`.

use crate::http::credentials::AuthError;
use axum::Json;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

#[derive(Debug)]
pub struct QueryError {
    status: StatusCode,
    message: String,
    retry_after_s: Option<u64>,
    /// Path and query as they came, once known; ids in it are the caller's own words.
    request: Option<String>,
}

impl QueryError {
    fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), retry_after_s: None, request: None }
    }

    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    pub fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Invalid credentials")
    }

    pub fn too_many() -> Self {
        let mut error =
            Self::new(StatusCode::TOO_MANY_REQUESTS, "Too many queries are running. Try again in a moment.");
        error.retry_after_s = Some(1);
        error
    }

    pub fn unavailable(message: impl Into<String>) -> Self {
        let mut error = Self::new(StatusCode::SERVICE_UNAVAILABLE, message);
        error.retry_after_s = Some(5);
        error
    }

    /// Puts path and query, as they came, into the error.
    pub fn about(mut self, uri: &Uri) -> Self {
        self.request.get_or_insert_with(|| uri.path_and_query().map_or(String::new(), ToString::to_string));
        self
    }

    /// The cause goes to the log, not to the caller.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        tracing::error!(%cause, "query failed");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "An error occurred; the server's log says more")
    }
}

impl From<AuthError> for QueryError {
    fn from(error: AuthError) -> Self {
        match error {
            AuthError::Refused => Self::unauthorized(),
            AuthError::Control(error) => Self::internal(error),
        }
    }
}

impl From<crate::control::ControlError> for QueryError {
    fn from(error: crate::control::ControlError) -> Self {
        Self::internal(error)
    }
}

impl IntoResponse for QueryError {
    fn into_response(self) -> Response {
        let body = Json(json!({ "request": self.request.unwrap_or_default(), "error": self.message }));
        let mut response = (self.status, body).into_response();
        if let Some(seconds) = self.retry_after_s {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        if self.status == StatusCode::UNAUTHORIZED {
            let challenge = header::HeaderValue::from_static("Basic realm=\"bulkhead\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}
