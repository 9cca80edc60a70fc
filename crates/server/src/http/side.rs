//! Endpoints that SDKs ask on the side. They must stay quiet (mixpanel-wire.md §5): what is not
//! offered is answered as empty, what is not wanted is acknowledged and discarded.

use super::body;
use super::capture::respond;
use crate::wiring::App;
use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use collect::side::Side;
use std::sync::Arc;

/// A recording's chunk is at most a few hundred kilobytes; larger ones the client halves.
const BODY_BYTES_MAX: usize = 20 << 20;

const PATHS: [&str; 6] =
    ["/settings", "/flags", "/flags/definitions", "/flags/{flag}/first-time-events", "/decide", "/record"];

pub fn routes() -> Router<Arc<App>> {
    super::with_and_without_slash(&PATHS, any(quiet))
}

/// Reads the body to its end, so that the client sees a complete exchange, and lets it go.
async fn quiet(request: Request) -> Response {
    let Some(side) = Side::from_path(request.uri().path()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match body::capped(request.into_body(), BODY_BYTES_MAX).await {
        Err(body::BodyError::TooLarge) => StatusCode::PAYLOAD_TOO_LARGE.into_response(),
        Ok(_) | Err(_) => respond(side.reply()),
    }
}
