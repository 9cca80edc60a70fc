//! Bulkhead: the product-analytics server that makes a breach of the analytics vendor a non-event.

#![allow(missing_debug_implementations, reason = "values here are printed by no one but their own module")]
#![allow(
    unreachable_pub,
    reason = "nothing is reachable from outside of a binary; `pub` says: for the rest of it"
)]

mod ambient;
mod cli;
mod control;
mod demo;
mod http;
mod ingest;
mod jobs;
mod ledger_sink;
mod settings;
mod telemetry;
mod wiring;

/// Batches of small texts come and go by the million: the system's allocator took a fifth of ingest.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    cli::run()
}
