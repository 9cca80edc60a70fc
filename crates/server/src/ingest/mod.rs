//! What goes on at the door: the projects that events arrive for, counts of what was taken and
//! what was not, and the stream that the live view shows.

mod live;
mod projects;
mod tally;

pub use live::{LiveFeed, LiveItem};
pub use projects::{ProjectDesk, ProjectDesks};
pub use tally::{DropExample, Tally};
