//! Bulkhead: the product-analytics server that makes a breach of the analytics vendor a non-event.

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

fn main() -> std::process::ExitCode {
    cli::run()
}
