use serde::{Deserialize, Serialize};
use std::fmt;

/// A place in the log: the end of a frame, counted in bytes over all segments there ever were.
/// Grows with every frame and is never given out twice. Between frames of different segments
/// there are gaps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LogPosition(pub u64);

impl LogPosition {
    /// Before everything.
    pub const START: Self = Self(0);
}

impl fmt::Display for LogPosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
