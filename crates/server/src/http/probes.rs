//! `/healthz`, `/readyz`, `/metrics`: for those who keep the server running.

use crate::wiring::App;
use axum::Json;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::json;
use std::fmt::Write;
use std::sync::Arc;

pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
}

/// 200 once the server can take and answer; otherwise 503 and what is in the way.
async fn ready(State(app): State<Arc<App>>) -> Response {
    let complaints = app.complaints().await;
    let status = if complaints.is_empty() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let warnings = app.warnings();
    (status, Json(json!({ "ready": complaints.is_empty(), "complaints": complaints, "warnings": warnings })))
        .into_response()
}

/// Counts in Prometheus' text format.
async fn metrics(State(app): State<Arc<App>>) -> Response {
    let health = app.engine.health();
    let mut page = Page::default();
    page.gauge("bulkhead_hot_rows", "Events in memory that are not in a Parquet file yet.", health.hot_rows);
    page.gauge("bulkhead_files", "Parquet files in the manifests.", health.files);
    page.gauge("bulkhead_log_bytes", "Bytes of the durable log on disk.", health.log_bytes);
    page.gauge("bulkhead_ledger_leaves", "Leaves in the ledger of reads.", app.ledger.status().size);
    let desks = app.desks.all();
    page.counter("bulkhead_events_accepted_total", "Events made durable since the start.");
    for desk in &desks {
        let project = desk.project.id;
        page.line(format_args!(
            "bulkhead_events_accepted_total{{project=\"{project}\"}} {}",
            desk.tally.snapshot().accepted
        ));
    }
    page.counter("bulkhead_records_dropped_total", "Records not kept since the start, by reason.");
    let by_project = desks.iter().map(|desk| (desk.project.id.to_string(), desk.tally.snapshot()));
    for (project, counts) in by_project.chain([(String::new(), app.unassigned.snapshot())]) {
        for (reason, count) in counts.dropped {
            page.line(format_args!(
                "bulkhead_records_dropped_total{{project=\"{project}\",reason=\"{reason}\"}} {count}"
            ));
        }
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], page.0).into_response()
}

/// Prometheus' text format, line by line.
#[derive(Default)]
struct Page(String);

impl Page {
    fn gauge(&mut self, name: &str, help: &str, value: u64) {
        self.line(format_args!("# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}"));
    }

    fn counter(&mut self, name: &str, help: &str) {
        self.line(format_args!("# HELP {name} {help}\n# TYPE {name} counter"));
    }

    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        writeln!(self.0, "{line}").expect("writing to a String cannot fail");
    }
}
