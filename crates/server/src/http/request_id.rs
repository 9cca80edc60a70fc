//! Every request has an id: in its log lines, in the header `x-request-id`, in a problem's body.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use std::sync::atomic::{AtomicU64, Ordering};
use tracing::Instrument;

const HEADER: HeaderName = HeaderName::from_static("x-request-id");

tokio::task_local! {
    static CURRENT: String;
}

/// The id of the request being served, empty outside of one.
pub fn current() -> String {
    CURRENT.try_with(Clone::clone).unwrap_or_default()
}

/// Numbers requests within one run; the run's own mark keeps restarts apart.
#[derive(Debug)]
pub struct RequestIds {
    run: u32,
    next: AtomicU64,
}

impl RequestIds {
    pub fn new(entropy: &dyn vault::Entropy) -> Self {
        let mut run = [0; 4];
        entropy.fill(&mut run);
        Self { run: u32::from_be_bytes(run), next: AtomicU64::new(1) }
    }

    fn next(&self) -> String {
        format!("{:08x}-{}", self.run, self.next.fetch_add(1, Ordering::Relaxed))
    }
}

/// Middleware: runs the request under a new id.
pub async fn assign(
    axum::extract::State(ids): axum::extract::State<std::sync::Arc<RequestIds>>,
    request: Request,
    next: Next,
) -> Response {
    let id = ids.next();
    let span = tracing::info_span!("request", id);
    let header = HeaderValue::from_str(&id).expect("hex digits and a hyphen are a header value");
    let mut response = CURRENT.scope(id, next.run(request)).instrument(span).await;
    response.headers_mut().insert(HEADER, header);
    response
}
