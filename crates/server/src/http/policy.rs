//! Headers that belong to whole groups of answers: cross-origin permission for SDKs, a strict
//! policy for pages.

use super::problem::{Fault, Problem};
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use collect::side::cors_headers;
use std::any::Any;

/// Scripts, styles and data from here and nowhere else; nobody may frame the pages.
const CONTENT_POLICY: &str = "default-src 'self'; img-src 'self' data:; font-src 'self'; object-src 'none'; \
     base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Lets the web pages of customers call the wire's endpoints (mixpanel-wire.md §1.4); answers
/// preflights itself. Errors get the same headers.
pub async fn cross_origin(request: Request, next: Next) -> Response {
    let origin = text(&request, header::ORIGIN);
    let is_preflight = request.method() == Method::OPTIONS;
    let asked = text(&request, header::ACCESS_CONTROL_REQUEST_HEADERS);
    let mut response =
        if is_preflight { StatusCode::NO_CONTENT.into_response() } else { next.run(request).await };
    let granted = cors_headers(origin.as_deref(), is_preflight.then_some(asked.as_deref()));
    for (name, value) in granted {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().append(name, value);
        }
    }
    response
}

fn text(request: &Request, name: HeaderName) -> Option<String> {
    request.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

/// What every page and every answer of our own API carries.
pub async fn page_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, CONTENT_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// A handler panicked: one request fails, and the log says where.
pub fn panicked(cause: Box<dyn Any + Send + 'static>) -> Response {
    let text = cause.downcast_ref::<&str>().copied().unwrap_or("no message");
    tracing::error!(cause = text, "a handler panicked");
    Problem::from(Fault::Internal).into_response()
}
