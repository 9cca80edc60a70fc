//! The embedded web app: hashed assets for ever, `index.html` for every other path that is a page.

use axum::http::{StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};

#[derive(rust_embed::RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Assets;

/// What a build without the web app says; the server itself works without it.
const NOT_BUILT: &str = "<!doctype html><title>Bulkhead</title><p>This build of Bulkhead carries no web app. \
    Build it with <code>make web</code> and compile again; the API works as it is.";

/// Serves an asset, or the app's page for a path that names none.
pub async fn serve(uri: Uri) -> Response {
    let path = uri.path().trim_start_matches('/');
    if let Some(asset) = Assets::get(path).filter(|_| path != "index.html") {
        let cache =
            if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
        let kind = asset.metadata.mimetype().to_owned();
        return ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, cache.to_owned())], asset.data)
            .into_response();
    }
    if path.rsplit('/').next().is_some_and(|name| name.contains('.')) {
        return StatusCode::NOT_FOUND.into_response();
    }
    match Assets::get("index.html") {
        Some(page) => (
            [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")],
            page.data,
        )
            .into_response(),
        None => Html(NOT_BUILT).into_response(),
    }
}
