//! The collector as its clients see it: bytes in, replies and a batch out.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

mod clients;
mod identity;
mod privacy;
mod profiles;
mod replies;
mod robust;
mod support;
mod validation;
