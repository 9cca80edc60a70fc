//! Logs: structured, to standard error. No log line takes a value from a request's body:
//! clear identifiers have no `Display`, and what handlers log are ids, counts and tags.

use crate::settings::{LogFormat, LogSettings};
use tracing_subscriber::EnvFilter;

/// Starts logging. A second call (tests in one process) keeps the first.
pub fn start(settings: &LogSettings) {
    let filter = EnvFilter::try_new(settings.level.as_deref().unwrap_or("info,sqlx=warn"))
        .unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = match settings.format {
        LogFormat::Json => builder.json().try_init(),
        LogFormat::Text => builder.with_target(false).try_init(),
    };
    drop(started);
}
