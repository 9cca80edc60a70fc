//! What the server does by itself, beside answering.

mod vault_intake;

pub use vault_intake::vault_caught_up;

use crate::wiring::App;
use std::sync::Arc;
use tokio::task::JoinHandle;

/// The running jobs.
#[derive(Debug)]
pub struct Jobs(Vec<JoinHandle<()>>);

impl Jobs {
    pub fn start(app: &Arc<App>) -> Self {
        Self(vec![tokio::spawn(vault_intake::run(Arc::clone(app)))])
    }

    /// Waits for jobs that were told to stop.
    pub async fn finish(self) {
        for job in self.0 {
            if let Err(error) = job.await {
                tracing::error!(%error, "a job ended badly");
            }
        }
    }
}
