//! `/lookup-tables`: list, and replace one whole.

use super::body::{self, BodyError};
use super::capture::respond;
use super::credentials::{self, AuthError, Basic, Reader};
use crate::http::query::Parameters;
use crate::wiring::App;
use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use axum::routing::{get, put};
use collect::lookup::{self, LookupError, MAX_TABLE_BYTES};
use collect::wire::{self, Endpoint};
use std::sync::Arc;

pub fn routes() -> Router<Arc<App>> {
    super::with_and_without_slash(&["/lookup-tables"], get(list))
        .merge(super::with_and_without_slash(&["/lookup-tables/{id}"], put(replace)))
}

/// Tables hold what events are joined with: the same forms of answer as `/import`.
fn refused(error: &AuthError) -> Response {
    let options = wire::ReplyOptions { strict: true, ..Default::default() };
    match error {
        AuthError::Refused => respond(wire::unauthorized(Endpoint::Import, &options)),
        AuthError::Control(cause) => unavailable(cause),
    }
}

fn unavailable(cause: impl std::fmt::Display) -> Response {
    tracing::error!(%cause, "a lookup table could not be read or written");
    let options = wire::ReplyOptions { strict: true, ..Default::default() };
    respond(wire::unavailable(Endpoint::Import, &options, 10))
}

async fn reader(app: &App, headers: &HeaderMap, uri: &Uri) -> Result<Reader, AuthError> {
    let parameters = Parameters::parse(uri.query(), b"");
    let project = parameters.project_id().map_err(|_| AuthError::Refused)?;
    credentials::reader(&app.control, Basic::from_headers(headers).as_ref(), project).await
}

async fn list(State(app): State<Arc<App>>, headers: HeaderMap, uri: Uri) -> Response {
    let reader = match reader(&app, &headers, &uri).await {
        Ok(reader) => reader,
        Err(error) => return refused(&error),
    };
    match app.control.lookup_tables(reader.project.id).await {
        Ok(tables) => {
            respond(lookup::list(tables.iter().map(|table| (table.id.as_str(), table.name.as_str()))))
        }
        Err(error) => unavailable(error),
    }
}

async fn replace(State(app): State<Arc<App>>, Path(id): Path<String>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let reader = match reader(&app, &parts.headers, &parts.uri).await {
        Ok(reader) => reader,
        Err(error) => return refused(&error),
    };
    let desk = match app.desks.of(&reader.project).await {
        Ok(desk) => desk,
        Err(error) => return unavailable(error),
    };
    let (bytes, _permit) = match body::within_budget(&app, &parts.headers, body, MAX_TABLE_BYTES).await {
        Ok(taken) => taken,
        Err(BodyError::TooLarge) => return respond(lookup::refused(&LookupError::TooLarge)),
        Err(BodyError::Overloaded) => {
            return respond(wire::overloaded(Endpoint::Import, &Default::default(), 1));
        }
        Err(BodyError::Broken) => return respond(lookup::refused(&LookupError::Empty)),
    };
    let table = tokio::task::block_in_place(|| lookup::read(&bytes, &app.classifier, &desk.sealer));
    let csv = match table.map(|table| String::from_utf8(table.csv)) {
        Ok(Ok(csv)) => csv,
        Ok(Err(error)) => return unavailable(error),
        Err(error) => return respond(lookup::refused(&error)),
    };
    match app.control.replace_lookup_table(reader.project.id, &id, &csv).await {
        Ok(true) => respond(lookup::replaced()),
        Ok(false) => respond(lookup::unknown()),
        Err(error) => unavailable(error),
    }
}
