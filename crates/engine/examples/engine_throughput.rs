//! How fast the engine takes, writes, merges and reads events on this machine:
//! `cargo run --release --example engine_throughput [EVENTS] [DIR]`.

use domain::identity::IdentityMode;
use domain::time::FixedClock;
use domain::{Batch, Event, EventName, ProjectId, PropertyName, PropertyValue, Pseudonym, Timestamp};
use engine::disk::RealDisk;
use engine::store::Scan;
use engine::{AppendError, Engine, EngineComponents, EngineSettings, ProjectDefinition};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

const PROJECT: ProjectId = ProjectId(1);

/// Events of a batch, as `/import` clients send them.
const BATCH: u32 = 2_000;

/// Batches that are on their way at once.
const CLIENTS: u32 = 4;

const DAYS: i64 = 90;
const PEOPLE: u64 = 200_000;

type Failure = Box<dyn std::error::Error + Send + Sync>;

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args_os().skip(1);
    let events = match arguments.next() {
        Some(text) => text.to_string_lossy().parse()?,
        None => 2_000_000,
    };
    let dir = arguments
        .next()
        .map_or_else(|| std::env::temp_dir().join("bulkhead_engine_throughput"), PathBuf::from);
    if dir.try_exists()? {
        std::fs::remove_dir_all(&dir)?;
    }
    let batches = events / BATCH;
    let engine = timed("open an empty engine", 0, || open(&dir))?;
    timed("append and apply", events, || append(&engine, 0..batches))?;
    timed("scan while some are in memory", events, || scan(&engine, &Scan::everything()))?;
    timed("flush what is left", 0, || Ok(engine.flush()?))?;
    timed("append the last batches again", 20 * BATCH, || {
        append(&engine, batches.saturating_sub(20)..batches)
    })?;
    timed("merge files", events, || Ok(engine.compact()?))?;
    engine.flush()?;
    let report = engine.health();
    say(&format!("{} files, {} MB of log", report.files, report.log_bytes >> 20));
    let found = timed("scan person, time and event", events, || scan(&engine, &Scan::everything()))?;
    if found != u64::from(batches) * u64::from(BATCH) {
        return Err(format!("{found} events were found").into());
    }
    let mut one = Scan { properties: vec![PropertyName::from("plan")], ..Scan::everything() };
    timed("scan with a property", events, || scan(&engine, &one))?;
    one.events = Some(vec![event_name(7)]);
    timed("scan one event of forty", events, || scan(&engine, &one))?;
    let whole = Scan { all_properties: true, ..Scan::everything() };
    timed("scan with all properties", events, || scan(&engine, &whole))?;
    let person =
        engine.snapshot(PROJECT)?.scan(&Scan::everything()).next().ok_or("nobody is there")??.people()[0];
    let timeline = Scan { people: Some([person].into_iter().collect()), ..whole };
    timed("read one person's events", 0, || scan(&engine, &timeline))?;
    engine.shutdown()?;
    drop(engine);
    let engine = timed("open it again", 0, || open(&dir))?;
    drop(engine);
    std::fs::remove_dir_all(&dir)?;
    Ok(())
}

fn open(dir: &Path) -> Result<Engine, Failure> {
    let clock = Arc::new(FixedClock::at(Timestamp::from_seconds(1_700_000_000)));
    let engine =
        Engine::open(EngineSettings::in_dir(dir), EngineComponents { clock, disk: Arc::new(RealDisk) })?;
    engine.define_project(ProjectDefinition { id: PROJECT, identity_mode: IdentityMode::Simplified })?;
    Ok(engine)
}

fn append(engine: &Engine, batches: std::ops::Range<u32>) -> Result<(), Failure> {
    let clients = (0..CLIENTS).map(|client| {
        let (engine, mine) =
            (engine.clone(), batches.clone().skip(client as usize).step_by(CLIENTS as usize));
        std::thread::spawn(move || -> Result<(), Failure> {
            let runtime = tokio::runtime::Builder::new_current_thread().build()?;
            for number in mine {
                // Made anew at each try: a server would send 429 and forget it.
                while let Err(error) = runtime.block_on(engine.append(batch(number))) {
                    match error {
                        AppendError::Overloaded { .. } => std::thread::yield_now(),
                        error => return Err(error.into()),
                    }
                }
            }
            Ok(())
        })
    });
    for client in clients.collect::<Vec<_>>() {
        client.join().map_err(|_| "a client stopped on a panic")??;
    }
    Ok(())
}

/// Two threads, as reports do it.
fn scan(engine: &Engine, scan: &Scan) -> Result<u64, Failure> {
    let parts = engine.snapshot(PROJECT)?.scan_parts(scan, 2);
    let threads = parts.into_iter().map(|part| {
        std::thread::spawn(move || {
            part.map(|block| block.map(|block| block.len() as u64)).sum::<Result<u64, _>>()
        })
    });
    let mut rows = 0;
    for thread in threads.collect::<Vec<_>>() {
        rows += thread.join().map_err(|_| "a thread stopped on a panic")??;
    }
    Ok(rows)
}

fn pseudonym(person: u64) -> Pseudonym {
    let spread = u128::from(person).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835);
    Pseudonym(spread.to_be_bytes())
}

fn event_name(event: u64) -> EventName {
    EventName::from(format!("event {event}"))
}

/// Fifteen properties, a few of them changing with each event. The same number gives the same batch.
fn batch(number: u32) -> Batch {
    let mut random = u64::from(number) + 1;
    let mut below = |limit: u64| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) % limit
    };
    let text = |text: String| PropertyValue::String(text.into());
    let mut batch = Batch::new(PROJECT, Timestamp::from_seconds(1_700_000_000));
    for at in 0..BATCH {
        let event = below(40).min(below(40));
        let person = below(PEOPLE).min(below(PEOPLE));
        let second = below(DAYS as u64 * 86_400) as i64;
        let country = ["DE", "FR", "US", "BR", "IN", "JP"][below(6) as usize];
        let properties = vec![
            (PropertyName::from("mp_country_code"), text(country.to_owned())),
            (PropertyName::from("$city"), text(format!("city {}", below(900)))),
            (PropertyName::from("$region"), text(format!("region {}", below(90)))),
            (
                PropertyName::from("$browser"),
                text(["Chrome", "Safari", "Firefox"][below(3) as usize].to_owned()),
            ),
            (PropertyName::from("$browser_version"), PropertyValue::Int(below(30) as i64 + 90)),
            (PropertyName::from("$os"), text(["Mac OS X", "Windows", "Linux"][below(3) as usize].to_owned())),
            (
                PropertyName::from("$current_url"),
                text(format!("https://app.example.com/projects/{}", below(50_000))),
            ),
            (PropertyName::from("$referrer"), text("https://www.example.com/".to_owned())),
            (
                PropertyName::from("$screen_width"),
                PropertyValue::Int([1_440, 1_920, 2_560][below(3) as usize]),
            ),
            (
                PropertyName::from("$screen_height"),
                PropertyValue::Int([900, 1_080, 1_440][below(3) as usize]),
            ),
            (PropertyName::from("mp_lib"), text("web".to_owned())),
            (PropertyName::from("$lib_version"), text("2.83.0".to_owned())),
            (PropertyName::from("plan"), text(["free", "pro", "team"][below(3) as usize].to_owned())),
            (PropertyName::from("price"), PropertyValue::Float(below(10_000) as f64 / 100.0)),
            (PropertyName::from("trial"), PropertyValue::Bool(below(2) == 0)),
        ];
        batch.events.push(Event {
            name: event_name(event),
            time: Timestamp::from_seconds(1_690_000_000 + second),
            distinct: Some(pseudonym(person)),
            device: None,
            user: None,
            insert_id: format!(
                "{:032x}",
                u128::from(number) << 64 | u128::from(at) << 32 | u128::from(below(1 << 30))
            )
            .into(),
            properties,
        });
    }
    batch
}

fn timed<T>(what: &str, events: u32, work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    let started = Instant::now();
    let result = work()?;
    let spent: Duration = started.elapsed();
    let rate = match events {
        0 => String::new(),
        events => format!(", {:.2} M events/s", f64::from(events) / spent.as_secs_f64() / 1e6),
    };
    say(&format!("{what}: {:.0} ms{rate}", spent.as_secs_f64() * 1e3));
    Ok(result)
}

#[expect(clippy::print_stdout, reason = "a measurement is for whoever runs it")]
fn say(line: &str) {
    println!("{line}");
}
