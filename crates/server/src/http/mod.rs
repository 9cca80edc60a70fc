//! HTTP: one router, one file a subject.

mod api;
mod body;
mod capture;
mod client_address;
mod credentials;
mod lookup_tables;
mod policy;
mod probes;
mod problem;
mod query;
mod request_id;
mod side;
mod web_app;

pub use api::openapi_document;
pub use query::EngageSessions;
pub use request_id::RequestIds;

use crate::wiring::App;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::{any, get};
use std::sync::Arc;
use tower_http::catch_panic::CatchPanicLayer;

/// Everything that the server answers.
pub fn router(app: Arc<App>) -> Router {
    let wire = Router::new()
        .merge(with_and_without_slash(&["/track", "/engage", "/groups", "/import"], any(capture::capture)))
        .merge(side::routes())
        .merge(lookup_tables::routes())
        .layer(middleware::from_fn(policy::cross_origin));
    let pages = Router::new()
        .nest("/api/v1", api::routes())
        .fallback(get(web_app::serve))
        .layer(middleware::from_fn(policy::page_headers));
    Router::new()
        .merge(wire)
        .merge(query::routes())
        .merge(probes::routes())
        .merge(pages)
        // Every handler that reads a body caps it itself.
        .layer(DefaultBodyLimit::disable())
        .layer(CatchPanicLayer::custom(policy::panicked))
        .layer(middleware::from_fn_with_state(Arc::clone(&app.request_ids), request_id::assign))
        .with_state(app)
}

/// `/x` and `/x/` are the same path to Mixpanel's clients.
fn with_and_without_slash(
    paths: &[&str],
    handler: axum::routing::MethodRouter<Arc<App>>,
) -> Router<Arc<App>> {
    paths.iter().fold(Router::new(), |router, path| {
        router.route(path, handler.clone()).route(&format!("{path}/"), handler.clone())
    })
}
