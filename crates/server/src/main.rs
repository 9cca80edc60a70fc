//! Bulkhead: the product-analytics server that makes a breach of the analytics vendor a non-event.

mod ambient;
mod cli;
mod control;
mod http;
mod ingest;
mod jobs;
mod settings;
mod telemetry;
mod wiring;

fn main() -> std::process::ExitCode {
    cli::run()
}
