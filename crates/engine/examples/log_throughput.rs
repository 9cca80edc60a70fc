//! How fast the durable log is on this machine: `cargo run --release --example log_throughput [DIR]`.

use domain::{Batch, Event, ProjectId, PropertyValue, Pseudonym, Timestamp};
use engine::disk::RealDisk;
use engine::log::{Answers, Log, LogPosition, LogSettings, codec};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let dir =
        std::env::args_os().nth(1).map_or_else(|| std::env::temp_dir().join("log_throughput"), PathBuf::from);
    measure_codec()?;
    measure_appends(&dir, 1, 500, 2_000)?;
    measure_appends(&dir, 16, 50, 2_000)?;
    measure_appends(&dir, 64, 2_000, 1)?;
    Ok(())
}

fn measure_codec() -> Result<(), Box<dyn std::error::Error>> {
    const ROUNDS: u32 = 200;
    let batch = batch(0, 2_000);
    let started = Instant::now();
    let mut encoded = codec::encode(&batch)?;
    for _ in 1..ROUNDS {
        encoded = codec::encode(&batch)?;
    }
    let encoding = started.elapsed();
    let started = Instant::now();
    for _ in 0..ROUNDS {
        assert_eq!(codec::decode(&encoded.payload)?.events.len(), 2_000);
    }
    let decoding = started.elapsed();
    let rate = |spent: Duration| f64::from(ROUNDS) * 2_000.0 / spent.as_secs_f64() / 1e6;
    report(&format!(
        "codec, one thread: encode {:.2} M events/s, decode {:.2} M events/s; {} bytes an event, {} before compression",
        rate(encoding),
        rate(decoding),
        encoded.payload.len() / 2_000,
        encoded.body_length / 2_000,
    ));
    Ok(())
}

/// Each thread appends and waits, over and over.
fn measure_appends(
    dir: &Path,
    threads: u32,
    rounds: u32,
    events: u32,
) -> Result<(), Box<dyn std::error::Error>> {
    if dir.try_exists()? {
        std::fs::remove_dir_all(dir)?;
    }
    let (log, _) = Log::open(dir, LogSettings::default(), Arc::new(RealDisk))?;
    let log = log.start(|_: Vec<(LogPosition, Batch)>, answers: Answers| answers.release())?;
    let batches: Vec<Vec<Batch>> = (0..threads)
        .map(|thread| (0..rounds).map(|round| batch(thread * rounds + round, events)).collect())
        .collect();
    let started = Instant::now();
    let mut waits: Vec<Duration> = std::thread::scope(|scope| {
        let log = &log;
        let workers: Vec<_> = batches
            .into_iter()
            .map(|batches| {
                scope.spawn(move || {
                    let wait = |batch| {
                        let started = Instant::now();
                        log.append(batch).and_then(|appended| appended.wait()).map(|_| started.elapsed())
                    };
                    batches.into_iter().map(wait).collect::<Result<Vec<_>, _>>()
                })
            })
            .collect();
        workers
            .into_iter()
            .map(|worker| worker.join().expect("a worker does not panic"))
            .collect::<Result<Vec<_>, _>>()
    })?
    .concat();
    let spent = started.elapsed();
    waits.sort_unstable();
    let percentile = |percent: usize| waits[(waits.len() - 1) * percent / 100].as_secs_f64() * 1e3;
    report(&format!(
        "{threads} threads, batches of {events}: {:.0} events/s; answered after p50 {:.2} ms, p99 {:.2} ms; {} bytes",
        f64::from(threads * rounds * events) / spent.as_secs_f64(),
        percentile(50),
        percentile(99),
        log.size(),
    ));
    drop(log);
    std::fs::remove_dir_all(dir)?;
    Ok(())
}

/// A batch as an SDK sends it: 15 properties, a few hundred people, ids that do not repeat.
fn batch(number: u32, events: u32) -> Batch {
    let mut batch = Batch::new(ProjectId(1), Timestamp::from_millis(1_700_000_000_000));
    let text = |text: &str| PropertyValue::String(text.into());
    for index in 0..events {
        let mixed =
            u128::from(number * events + index + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835);
        let person = Pseudonym([(mixed >> 64) as u8; 16]);
        batch.events.push(Event {
            name: ["Viewed page", "Signed up", "Opened project", "Paid"][index as usize % 4].into(),
            time: Timestamp::from_millis(1_700_000_000_000 + i64::from(index) * 137),
            distinct: Some(person),
            device: Some(person),
            user: None,
            insert_id: format!("{mixed:032x}").into(),
            properties: vec![
                ("$browser".into(), text(["Chrome", "Firefox", "Safari"][(mixed >> 9) as usize % 3])),
                ("$browser_version".into(), PropertyValue::Int((mixed >> 20) as i64 % 140)),
                ("$os".into(), text(["Windows", "Mac OS X", "Linux"][(mixed >> 30) as usize % 3])),
                ("$screen_width".into(), PropertyValue::Int((mixed >> 40) as i64 % 2560)),
                ("$screen_height".into(), PropertyValue::Int((mixed >> 50) as i64 % 1440)),
                (
                    "$current_url".into(),
                    PropertyValue::String(format!("https://example.com/p/{}", mixed as u16).into()),
                ),
                ("$referrer".into(), text("https://www.google.com/")),
                ("$referring_domain".into(), text("www.google.com")),
                ("$city".into(), text(["Berlin", "Lyon", "Turin", "Leeds"][(mixed >> 60) as usize % 4])),
                ("$region".into(), text("Region")),
                ("mp_country_code".into(), text(["DE", "FR", "IT", "GB"][(mixed >> 60) as usize % 4])),
                ("mp_lib".into(), text("web")),
                ("plan".into(), text(["free", "team", "enterprise"][(mixed >> 70) as usize % 3])),
                ("amount".into(), PropertyValue::Float((mixed >> 80) as u16 as f64 / 100.0)),
                ("trial".into(), PropertyValue::Bool(mixed & 1 == 0)),
            ],
        });
    }
    batch
}

#[expect(clippy::print_stdout, reason = "printing is what this program is for")]
fn report(line: &str) {
    println!("{line}");
}
