//! A server of one's own for each test.

mod client;
mod server;

pub use client::{Answer, Client};
pub use server::TestServer;
