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
    let mut text = String::new();
    let health = app.engine.health();
    let mut gauge = |name: &str, help: &str, value: f64| {
        // Writing to a String cannot fail.
        drop(write!(text, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}\n"));
    };
    gauge(
        "bulkhead_hot_rows",
        "Events in memory that are not in a Parquet file yet.",
        health.hot_rows as f64,
    );
    gauge("bulkhead_files", "Parquet files in the manifests.", health.files as f64);
    gauge("bulkhead_log_bytes", "Bytes of the durable log on disk.", health.log_bytes as f64);
    gauge("bulkhead_ledger_leaves", "Leaves in the ledger of reads.", app.ledger.status().size as f64);
    text.push_str("# HELP bulkhead_events_accepted_total Events made durable since the start.\n");
    text.push_str("# TYPE bulkhead_events_accepted_total counter\n");
    let desks = app.desks.all();
    for desk in &desks {
        let counts = desk.tally.snapshot();
        let project = desk.project.id;
        drop(writeln!(text, "bulkhead_events_accepted_total{{project=\"{project}\"}} {}", counts.accepted));
    }
    text.push_str("# HELP bulkhead_records_dropped_total Records not kept since the start, by reason.\n");
    text.push_str("# TYPE bulkhead_records_dropped_total counter\n");
    for desk in &desks {
        let project = desk.project.id;
        for (reason, count) in desk.tally.snapshot().dropped {
            drop(writeln!(
                text,
                "bulkhead_records_dropped_total{{project=\"{project}\",reason=\"{reason}\"}} {count}"
            ));
        }
    }
    for (reason, count) in app.unassigned.snapshot().dropped {
        drop(writeln!(text, "bulkhead_records_dropped_total{{project=\"\",reason=\"{reason}\"}} {count}"));
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response()
}
