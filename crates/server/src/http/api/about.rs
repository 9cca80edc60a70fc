use crate::wiring::App;
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// What this is, and whose data it builds on.
#[derive(Serialize, ToSchema)]
pub struct About {
    version: &'static str,
    attributions: Vec<AttributionView>,
    licences_url: &'static str,
}

#[derive(Serialize, ToSchema)]
pub struct AttributionView {
    text: &'static str,
    url: &'static str,
}

/// Version and attributions.
#[utoipa::path(get, path = "/api/v1/about", responses((status = 200, body = About)))]
pub async fn about(State(app): State<Arc<App>>) -> Json<About> {
    let attributions = app
        .enricher
        .attributions()
        .into_iter()
        .map(|from| AttributionView { text: from.text, url: from.url })
        .collect();
    Json(About { version: env!("CARGO_PKG_VERSION"), attributions, licences_url: "/licences.txt" })
}
