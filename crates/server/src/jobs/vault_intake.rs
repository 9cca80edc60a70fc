//! Takes sealed records from the log into the vault, in order. The log keeps what the vault has
//! not taken, so nothing is lost while the vault is closed, busy or broken.

use crate::wiring::App;
use engine::log::LogPosition;
use std::sync::Arc;
use std::time::Duration;
use vault::SealedBatch;

/// Between two looks at the log when there was nothing to take: a profile just sent can be
/// revealed a moment later.
const IDLE: Duration = Duration::from_millis(200);

/// After a failure, which is logged each time.
const AFTER_FAILURE: Duration = Duration::from_secs(5);

/// Batches of the log taken in one transaction.
const BATCHES: usize = 256;

/// Until the server stops; then once more to the end of the log.
pub async fn run(app: Arc<App>) {
    loop {
        let pause = match take(&app).await {
            Ok(0) => IDLE,
            Ok(_) => Duration::ZERO,
            Err(error) => {
                tracing::error!(error, "the vault takes nothing in; the log keeps what it is to take");
                AFTER_FAILURE
            }
        };
        tokio::select! {
            () = app.stopping.stopped() => break,
            () = tokio::time::sleep(pause) => {}
        }
    }
    while matches!(take(&app).await, Ok(taken) if taken > 0) {}
}

/// One transaction's worth; how many batches it was.
async fn take(app: &App) -> Result<usize, String> {
    let position = app.vault.position().await.map_err(|error| error.to_string())?;
    let engine = app.engine.clone();
    let read = tokio::task::spawn_blocking(move || engine.sealed_records(LogPosition(position), BATCHES));
    let batches = read.await.map_err(|error| error.to_string())?.map_err(|error| error.to_string())?;
    let Some((last, ..)) = batches.last() else { return Ok(0) };
    let last = *last;
    let count = batches.len();
    let sealed = batches
        .into_iter()
        .map(|(position, project, records)| SealedBatch { position: position.0, project, records })
        .collect();
    let report = app.vault.intake(sealed).await.map_err(|error| error.to_string())?;
    let refused = report.refused_malformed + report.refused_foreign + report.refused_full;
    if refused > 0 {
        tracing::warn!(refused, ?report, "sealed records were refused by the vault");
    }
    app.engine.sealed_consumed(last);
    Ok(count)
}
