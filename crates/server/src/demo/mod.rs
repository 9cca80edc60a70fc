//! The demo: a seeded, realistic product whose events come in over HTTP like anybody's.
//!
//! Nothing here reaches past the HTTP API: the demo is also the longest way round that a new
//! reader can follow.

mod people;
mod places;
mod sender;
mod story;
mod trickle;

pub use sender::{Sender, Target};
pub use story::{Story, StorySettings};
pub use trickle::Trickle;
