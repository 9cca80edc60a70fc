use tokio::sync::watch;

/// Says once that the server stops; streams and jobs listen.
#[derive(Debug)]
pub struct Stopping(watch::Sender<bool>);

impl Default for Stopping {
    fn default() -> Self {
        Self(watch::channel(false).0)
    }
}

impl Stopping {
    pub fn stop(&self) {
        self.0.send_replace(true);
    }

    /// Ends when the server stops.
    pub async fn stopped(&self) {
        let mut receiver = self.0.subscribe();
        // An error means that the sender is gone, which is as final.
        drop(receiver.wait_for(|stopping| *stopping).await);
    }
}
