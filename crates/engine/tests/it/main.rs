//! The engine as the server sees it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod cases;
mod reference;
mod world;
