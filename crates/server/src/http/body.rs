//! Bodies, capped: by size each, and by the memory that all of them together may take.

use crate::wiring::App;
use axum::body::Body;
use axum::http::{HeaderMap, header};
use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::OwnedSemaphorePermit;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyError {
    /// Too much is in memory already: come back later.
    Overloaded,
    TooLarge,
    /// The client went away or broke the protocol.
    Broken,
}

/// What a body without a stated length may take; most that have none are beacons.
const UNSTATED_BYTES: usize = 64 * 1024;

/// A body that takes longer than this is given up: it holds memory that others wait for. Ten
/// megabytes at a slow phone's pace fit in.
const READ_LIMIT: Duration = Duration::from_secs(60);

/// Reads a body of at most `limit` bytes. Its place in the memory budget is given back when the
/// permit is dropped, that is once the request is answered.
pub async fn within_budget(
    app: &App,
    headers: &HeaderMap,
    body: Body,
    limit: usize,
) -> Result<(Bytes, OwnedSemaphorePermit), BodyError> {
    let stated = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    let size: usize = stated.unwrap_or(UNSTATED_BYTES);
    if size > limit {
        return Err(BodyError::TooLarge);
    }
    // A parsed body is a few times as large as its text; the budget counts the text.
    let permits = u32::try_from(size).map_err(|_| BodyError::TooLarge)?;
    let permit =
        Arc::clone(&app.ingest_budget).try_acquire_many_owned(permits).map_err(|_| BodyError::Overloaded)?;
    Ok((capped(body, limit).await?, permit))
}

/// Reads a body of at most `limit` bytes, for as long as its client keeps sending.
pub async fn capped(body: Body, limit: usize) -> Result<Bytes, BodyError> {
    match tokio::time::timeout(READ_LIMIT, Limited::new(body, limit).collect()).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => Err(BodyError::TooLarge),
        Ok(Err(_)) | Err(_) => Err(BodyError::Broken),
    }
}
