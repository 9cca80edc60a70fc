//! The numbers of `make bench`: the release binary, over HTTP, client on the same machine.
//!
//! Prints what it saw and judges nothing. Everything is made from a fixed seed; the only wall clock
//! is the monotonic one of the measurements.

#![allow(
    unreachable_pub,
    missing_debug_implementations,
    reason = "nothing is reachable from outside of a program"
)]

mod events;
mod http;
mod process;
mod report;

use events::Events;
use http::Connection;
use process::Server;
use report::Report;
use std::time::{Duration, Instant};

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Events of one `/import` request.
const IMPORT_BATCH: usize = 2000;

/// Connections that import at the same time: enough to keep parsing while a group is synced.
const IMPORT_CONNECTIONS: usize = 4;

const TRACK_CONNECTIONS: usize = 64;

const TRACK_SECONDS: u64 = 10;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let binary = std::env::args().nth(1).ok_or("usage: bench BINARY [EVENTS]")?;
    let total: usize = match std::env::args().nth(2) {
        Some(text) => text.parse()?,
        None => 2_000_000,
    };
    let mut report = Report::new(&binary)?;
    let mut server = Server::start(&binary).await?;
    report.line(
        "ready after start",
        format!("{:.0} ms", server.ready_after.as_secs_f64() * 1000.0),
        "≤ 1000 ms",
    );
    tokio::time::sleep(Duration::from_secs(2)).await;
    report.line("idle memory", format!("{} MB", server.memory_mb()?), "≤ 150 MB");

    import(&server, total, &mut report).await?;
    report.line("peak memory after import", format!("{} MB", server.peak_memory_mb()?), "");
    track(&server, &mut report).await?;
    export(&server, total, &mut report).await?;
    report.line("peak memory after all", format!("{} MB", server.peak_memory_mb()?), "");
    report.line("bytes on disk an event", format!("{:.1}", server.disk_bytes()? as f64 / total as f64), "");
    report.print();
    server.stop()?;
    Ok(())
}

/// Durable ingest: batches of 2,000 events, each answered after its fsync.
async fn import(server: &Server, total: usize, report: &mut Report) -> Result<(), Failure> {
    let bodies = Events::new(7, &server.token).import_bodies(total, IMPORT_BATCH);
    let bytes: usize = bodies.iter().map(bytes::Bytes::len).sum();
    let started = Instant::now();
    let parts = http::share(bodies, IMPORT_CONNECTIONS);
    let mut tasks = Vec::new();
    for part in parts {
        let mut connection = Connection::open(server.address).await?;
        let authorization = server.import_authorization();
        tasks.push(tokio::spawn(async move {
            let mut waits = 0_u64;
            for body in part {
                loop {
                    let answer = connection.post("/import?strict=1", &authorization, body.clone()).await?;
                    match answer.status {
                        200 => break,
                        429 => {
                            waits += 1;
                            tokio::time::sleep(Duration::from_millis(200)).await;
                        }
                        status => return Err(format!("{status}: {}", answer.text()).into()),
                    }
                }
            }
            Ok::<u64, Failure>(waits)
        }));
    }
    let mut waits = 0;
    for task in tasks {
        waits += task.await??;
    }
    let seconds = started.elapsed().as_secs_f64();
    report.line(
        "import, batches of 2,000, ~15 properties",
        format!(
            "{:.0} events/s ({:.0} MB/s, {waits} waits)",
            total as f64 / seconds,
            bytes as f64 / seconds / 1e6
        ),
        "≥ 100,000 events/s",
    );
    Ok(())
}

/// Single events on many connections.
async fn track(server: &Server, report: &mut Report) -> Result<(), Failure> {
    let bodies = Events::new(8, &server.token).track_bodies(20_000);
    let end = Instant::now() + Duration::from_secs(TRACK_SECONDS);
    let mut tasks = Vec::new();
    for part in http::share(bodies, TRACK_CONNECTIONS) {
        let mut connection = Connection::open(server.address).await?;
        tasks.push(tokio::spawn(async move {
            let mut took = Vec::new();
            for body in part.iter().cycle() {
                let started = Instant::now();
                if started > end {
                    break;
                }
                let answer = connection.post("/track?ip=1", "", body.clone()).await?;
                if answer.status != 200 {
                    return Err(format!("{}: {}", answer.status, answer.text()).into());
                }
                took.push(started.elapsed());
            }
            Ok::<Vec<Duration>, Failure>(took)
        }));
    }
    let mut took = Vec::new();
    for task in tasks {
        took.extend(task.await??);
    }
    took.sort();
    let at = |share: f64| took[((took.len() - 1) as f64 * share) as usize].as_secs_f64() * 1000.0;
    report.line(
        "track, single events, 64 connections",
        format!("{:.0} requests/s", took.len() as f64 / TRACK_SECONDS as f64),
        "≥ 10,000/s",
    );
    report.line("  p50 / p99", format!("{:.1} / {:.1} ms", at(0.5), at(0.99)), "p99 ≤ 50 ms");
    Ok(())
}

/// The raw export, read as fast as it comes.
async fn export(server: &Server, total: usize, report: &mut Report) -> Result<(), Failure> {
    let mut connection = Connection::open(server.address).await?;
    let path = "/api/2.0/export?from_date=2026-01-01&to_date=2026-06-30";
    let started = Instant::now();
    let (status, lines, bytes) = connection.count_lines(path, &server.read_authorization()).await?;
    let seconds = started.elapsed().as_secs_f64();
    if status != 200 || lines < total {
        return Err(format!("the export gave {lines} of {total} events (status {status})").into());
    }
    report.line(
        "export, pseudonymous",
        format!("{:.0} events/s ({:.0} MB/s)", lines as f64 / seconds, bytes as f64 / seconds / 1e6),
        "≥ 200,000 events/s",
    );
    Ok(())
}
