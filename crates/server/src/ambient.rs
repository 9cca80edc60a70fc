//! The one place that asks the machine for the time. Everything else takes a [`Clock`].

use domain::Timestamp;
use domain::time::Clock;
use std::time::{SystemTime, UNIX_EPOCH};

/// The machine's clock. It may jump, also backwards; nothing may rely on it going forward.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one sanctioned reading of the machine's clock")]
    fn now(&self) -> Timestamp {
        let millis = match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_millis()).unwrap_or(i64::MAX),
            Err(before) => -i64::try_from(before.duration().as_millis()).unwrap_or(i64::MAX),
        };
        Timestamp::from_millis(millis)
    }
}
