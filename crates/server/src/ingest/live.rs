use super::DropExample;
use domain::{Event, Timestamp};
use std::sync::Arc;
use tokio::sync::broadcast;

/// Items that a slow watcher may lag behind before it misses some; it is told how many.
const LAG_MAX: usize = 1024;

/// Events shown of one request: a watcher cannot read more, and an import should not flood the view.
const SHOWN_PER_REQUEST: usize = 20;

/// One thing that came in.
#[derive(Clone, Debug)]
pub enum LiveItem {
    Accepted { event: Event, received: Timestamp },
    Dropped(DropExample),
}

/// What comes in, for those who watch. Costs nothing while nobody does.
#[derive(Debug)]
pub struct LiveFeed(broadcast::Sender<Arc<LiveItem>>);

impl Default for LiveFeed {
    fn default() -> Self {
        Self(broadcast::channel(LAG_MAX).0)
    }
}

impl LiveFeed {
    pub fn watch(&self) -> broadcast::Receiver<Arc<LiveItem>> {
        self.0.subscribe()
    }

    pub fn watched(&self) -> bool {
        self.0.receiver_count() > 0
    }

    /// The last events of a request, as many as are worth showing.
    pub fn sample(events: &[Event]) -> Vec<Event> {
        events[events.len().saturating_sub(SHOWN_PER_REQUEST)..].to_vec()
    }

    pub fn show(&self, item: LiveItem) {
        // An error means that nobody watches any more.
        drop(self.0.send(Arc::new(item)));
    }
}
