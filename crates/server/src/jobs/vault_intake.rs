//! Takes sealed records from the log into the vault, in order. The log keeps what the vault has
//! not taken, so nothing is lost while the vault is closed, busy or broken.

use crate::wiring::App;
use engine::log::LogPosition;
use std::sync::Arc;
use std::time::Duration;
use vault::SealedBatch;

/// Between two looks at the log when there was nothing to take: a profile just sent can be
/// revealed a moment later.
const IDLE: Duration = Duration::from_millis(50);

/// How long an identified reader waits for the vault at most.
const CATCHING_UP_LIMIT: Duration = Duration::from_secs(2);

const CATCHING_UP_POLL: Duration = Duration::from_millis(20);

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

/// Waits until the vault has taken in what was sealed so far, for a while: an identified reader
/// who has just written should not see their own people as pseudonyms.
pub async fn vault_caught_up(app: &App) {
    let caught_up = async {
        while !matches!(is_behind(app).await, Ok(false)) {
            tokio::time::sleep(CATCHING_UP_POLL).await;
        }
    };
    // Late is no error: who is not known yet is shown as a pseudonym.
    drop(tokio::time::timeout(CATCHING_UP_LIMIT, caught_up).await);
}

async fn is_behind(app: &App) -> Result<bool, String> {
    let position = app.vault.position().await.map_err(|error| error.to_string())?;
    let engine = app.engine.clone();
    let read = tokio::task::spawn_blocking(move || engine.sealed_records(LogPosition(position), 1));
    let waiting = read.await.map_err(|error| error.to_string())?.map_err(|error| error.to_string())?;
    Ok(!waiting.is_empty())
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
