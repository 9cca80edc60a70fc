//! Mixpanel's query and export API (mixpanel-wire.md §6, §7), under both of its base paths.

mod context;
mod csv;
mod engage;
mod error;
mod events;
mod export;
mod parameters;
mod period;
mod properties;
mod reveal;
mod segmentation;
mod stream;

pub(super) use context::{LedgerQuestion, grant};
pub use engage::EngageSessions;
pub use parameters::Parameters;
pub(super) use properties::common_values;

use crate::wiring::App;
use axum::Router;
use axum::routing::{any, get};
use std::sync::Arc;

/// The documented base path, and the older one that `mixpanel-utils` calls.
const BASES: [&str; 2] = ["/api/query", "/api/2.0"];

pub fn routes() -> Router<Arc<App>> {
    let mut router = Router::new();
    for base in BASES {
        let endpoints = Router::new()
            .route("/segmentation", any(segmentation::segmentation))
            .route("/segmentation/numeric", any(segmentation::numeric))
            .route("/segmentation/sum", any(segmentation::sum))
            .route("/segmentation/average", any(segmentation::average))
            .route("/events", any(events::events))
            .route("/events/top", any(events::top))
            .route("/events/names", any(events::names))
            .route("/events/properties", any(properties::properties))
            .route("/events/properties/top", any(properties::top))
            .route("/events/properties/values", any(properties::values))
            .route("/engage", any(engage::engage))
            .route("/stream/query", any(stream::stream))
            .route("/export", get(export::export))
            .fallback(context::invalid_endpoint);
        router = router.nest(base, endpoints);
    }
    router
}
