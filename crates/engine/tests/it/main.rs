//! The engine as the server sees it.

mod cases;
mod world;
