//! Our own API, described by the OpenAPI document that these handlers make.

mod about;
mod ingestion;
mod lexicon;
mod live;
mod reports;
mod session;
mod signed_in;

use crate::wiring::App;
use axum::Router;
use axum::routing::{get, post};
use std::sync::Arc;
use utoipa::OpenApi;

pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/session", post(session::sign_in).get(session::current).delete(session::sign_out))
        .route("/projects/{project}/events", get(lexicon::events))
        .route("/projects/{project}/properties", get(lexicon::properties))
        .route("/projects/{project}/properties/{name}/values", get(lexicon::values))
        .route("/projects/{project}/ingestion", get(ingestion::ingestion))
        .route("/projects/{project}/live", get(live::live))
        .route("/reports/run", post(reports::run))
        .route("/about", get(about::about))
        .fallback(|| async { super::problem::Problem::from(super::problem::Fault::NotFound) })
}

#[derive(OpenApi)]
#[openapi(
    info(title = "Bulkhead", description = "Product analytics that names nobody."),
    paths(
        session::sign_in,
        session::current,
        session::sign_out,
        lexicon::events,
        lexicon::properties,
        lexicon::values,
        ingestion::ingestion,
        live::live,
        reports::run,
        about::about,
    ),
    components(schemas(super::problem::ProblemBody, live::LiveEvent))
)]
struct Document;

/// The document as JSON text.
pub fn openapi_document() -> Result<String, serde_json::Error> {
    Document::openapi().to_pretty_json()
}
