//! A server of one's own for each test.

mod client;
mod needles;
mod server;

pub use client::{Answer, Client};
pub use needles::{Needles, files_below};
pub use server::TestServer;

/// Milliseconds since 1970: tests send events of the present.
#[expect(clippy::disallowed_methods, reason = "tests live in the machine's time")]
pub fn now_ms() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970");
    i64::try_from(since.as_millis()).expect("before the year 292 million")
}
