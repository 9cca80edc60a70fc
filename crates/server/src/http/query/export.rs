//! `/export`: raw events as JSON lines, streamed in constant memory (mixpanel-wire.md §7).

use super::context::{Query, off_thread};
use super::error::QueryError;
use super::reveal::RevealedIds;
use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use bytes::Bytes;
use domain::access::{AccessGrant, Action};
use engine::report::Cancel;
use engine::report::export::{self, ExportQuery, IdWriter, Pseudonyms, TimeUnit, write_rows};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::convert::Infallible;
use std::io::Write;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

/// Mixpanel's largest `limit`.
const LIMIT_MAX: u64 = 100_000;

/// Rows written between two hand-overs to the network: some hundred kilobytes.
const ROWS_PER_CHUNK: usize = 2048;

/// Chunks that may wait for a slow client; with these two numbers an export holds a few megabytes.
const CHUNKS_WAITING: usize = 4;

/// An answer of fewer rows is not worth compressing (the vendor compresses from 1,400 bytes on).
const GZIP_ROWS_MIN: u64 = 8;

/// What a stream ends with that could not be completed; clients look for it.
const BROKEN_OFF: &[u8] = b"terminated early\n";

pub async fn export(query: Query) -> Result<Response, QueryError> {
    match begin(&query).await {
        Ok((grant, question, rows)) => Ok(stream(query, grant, question, rows)),
        Err(error) => Err(query.failed(error)),
    }
}

/// Finds out whom the export touches, and writes that into the ledger.
async fn begin(query: &Query) -> Result<(AccessGrant, ExportQuery, u64), QueryError> {
    let limit = query.parameters.number::<u64>("limit")?;
    if limit.is_some_and(|limit| limit > LIMIT_MAX) {
        return Err(QueryError::invalid(format!(
            "limit is at most {LIMIT_MAX}; leave it out for all events"
        )));
    }
    let names = query.parameters.names("event")?;
    let question = ExportQuery {
        range: query.dates()?.instants(&query.zone),
        events: names.map(|names| names.into_iter().map(Into::into).collect()),
        filter: query.expression("where")?,
        limit,
    };
    let snapshot = query.snapshot.clone();
    let surveyed = question.clone();
    let touched = off_thread(move || Ok(export::survey(&snapshot, &surveyed, &Cancel::default())?)).await?;
    let grant =
        query.grant(Action::Export, vec!["*".to_owned()], Some(touched.people), Some(touched.rows)).await?;
    Ok((grant, question, touched.rows))
}

fn stream(query: Query, grant: AccessGrant, question: ExportQuery, rows: u64) -> Response {
    let gzip = query.accepts_gzip && rows >= GZIP_ROWS_MIN;
    let (sender, receiver) = mpsc::channel::<Result<Bytes, Infallible>>(CHUNKS_WAITING);
    let runtime = Handle::current();
    tokio::task::spawn_blocking(move || {
        let mut line =
            Line { sender, encoder: gzip.then(|| GzEncoder::new(Vec::new(), Compression::fast())) };
        let written = write(&query, &grant, &question, &runtime, &mut line);
        if let Err(Interrupted::Failed(cause)) = &written {
            tracing::error!(cause, leaf = grant.leaf().0, "an export broke off");
            drop(line.send(BROKEN_OFF));
        }
        if !matches!(written, Err(Interrupted::ClientGone)) {
            drop(line.finish());
        }
    });
    let mut response = Response::new(Body::from_stream(ReceiverStream::new(receiver)));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if gzip {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

enum Interrupted {
    ClientGone,
    Failed(String),
}

fn write(
    query: &Query,
    grant: &AccessGrant,
    question: &ExportQuery,
    runtime: &Handle,
    line: &mut Line,
) -> Result<(), Interrupted> {
    let failed = |cause: &dyn std::fmt::Display| Interrupted::Failed(cause.to_string());
    let snapshot = &query.snapshot;
    let unit = if query.parameters.flag("time_in_ms") { TimeUnit::Milliseconds } else { TimeUnit::Seconds };
    let selected =
        export::open(snapshot, grant, question, &Cancel::default()).map_err(|error| failed(&error))?;
    let mut buffer = Vec::new();
    for found in selected {
        let (block, rows) = found.map_err(|error| failed(&error))?;
        let mut revealed = RevealedIds::default();
        for part in rows.chunks(ROWS_PER_CHUNK) {
            if query.identified() {
                let reveal = revealed.of_rows(&query.app, grant, snapshot, &block, part);
                runtime.block_on(reveal).map_err(|error| failed(&error))?;
            }
            let mut pseudonyms = Pseudonyms::of(snapshot);
            let ids: &mut dyn IdWriter = if query.identified() { &mut revealed } else { &mut pseudonyms };
            buffer.clear();
            write_rows(snapshot, &block, part, (unit, b'\n'), ids, &mut buffer);
            line.send(&buffer)?;
        }
    }
    Ok(())
}

/// The way to the client: compressed or not, and as slow as the client is.
struct Line {
    sender: mpsc::Sender<Result<Bytes, Infallible>>,
    encoder: Option<GzEncoder<Vec<u8>>>,
}

impl Line {
    fn send(&mut self, bytes: &[u8]) -> Result<(), Interrupted> {
        let ready = match &mut self.encoder {
            None => Bytes::copy_from_slice(bytes),
            Some(encoder) => {
                encoder.write_all(bytes).expect("writing to a Vec cannot fail");
                Bytes::from(std::mem::take(encoder.get_mut()))
            }
        };
        if ready.is_empty() {
            return Ok(());
        }
        self.sender.blocking_send(Ok(ready)).map_err(|_| Interrupted::ClientGone)
    }

    fn finish(&mut self) -> Result<(), Interrupted> {
        let Some(encoder) = self.encoder.take() else { return Ok(()) };
        let rest = encoder.finish().expect("writing to a Vec cannot fail");
        self.sender.blocking_send(Ok(Bytes::from(rest))).map_err(|_| Interrupted::ClientGone)
    }
}
