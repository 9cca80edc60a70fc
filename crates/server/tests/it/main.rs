//! Black box: the real binary, over HTTP, with its files on a real disk.

#![allow(clippy::unwrap_used, reason = "helpers of tests panic as tests do")]
#![allow(
    unreachable_pub,
    missing_debug_implementations,
    reason = "nothing is reachable from outside of a program"
)]

mod api;
mod capture;
mod durability;
mod ledger;
mod query;
mod seal;
mod support;
mod tidy;
