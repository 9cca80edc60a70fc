use super::arguments::Doctor;
use super::{Failure, output};
use crate::settings::Settings;
use crate::wiring::Office;
use domain::time::Clock;
use serde_json::json;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::ExitCode;

/// Before this date nobody had this program: a clock that shows it is wrong. 2026-01-01.
const CLOCK_MIN_MS: i64 = 1_767_225_600_000;

/// One thing looked at.
struct Check {
    what: &'static str,
    /// What is wrong and what to do about it.
    complaint: Option<String>,
}

pub async fn run(command: Doctor) -> Result<ExitCode, Failure> {
    let settings = command.place.settings();
    let checks = vec![
        check("data directory can be written", data_dir(&settings.data_dir)),
        check("root key is there and nobody else's", root_key(&settings)),
        check("root key is not inside the data directory", key_outside(&settings)),
        check("control data and keys open", opens(&settings).await),
        check("clock", clock()),
        check("port is free or ours", port(&command)),
    ];
    let healthy = checks.iter().all(|check| check.complaint.is_none());
    if command.place.json {
        let rows: Vec<_> =
            checks.iter().map(|check| json!({ "check": check.what, "complaint": check.complaint })).collect();
        output::say_json(&json!({ "healthy": healthy, "checks": rows }))?;
    } else {
        for check in &checks {
            match &check.complaint {
                None => output::say(format!("ok    {}", check.what)),
                Some(complaint) => output::say(format!("FAIL  {}: {complaint}", check.what)),
            }
        }
    }
    Ok(if healthy { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn check(what: &'static str, result: Result<(), String>) -> Check {
    Check { what, complaint: result.err() }
}

fn data_dir(path: &Path) -> Result<(), String> {
    let probe = path.join(".doctor");
    std::fs::write(&probe, b"probe").and_then(|()| std::fs::remove_file(&probe)).map_err(|error| {
        format!("{}: {error}; make it with `bulkhead init`, or check its owner", path.display())
    })
}

fn root_key(settings: &Settings) -> Result<(), String> {
    let path = settings.key_path();
    let metadata = std::fs::metadata(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(format!("{} has mode {mode:o}; run: chmod 600 {}", path.display(), path.display()));
    }
    Ok(())
}

fn key_outside(settings: &Settings) -> Result<(), String> {
    let whole = |path: &Path| path.canonicalize().map_err(|error| format!("{}: {error}", path.display()));
    if whole(&settings.key_path())?.starts_with(whole(&settings.data_dir)?) {
        return Err("a copy of the data would carry its key; move it and use --key-file".to_owned());
    }
    Ok(())
}

async fn opens(settings: &Settings) -> Result<(), String> {
    let office = Office::open_existing(settings).await.map_err(|error| error.to_string())?;
    let found = office.control.check().await.map_err(|error| error.to_string())?;
    office.close().await;
    found.first().map_or(Ok(()), |first| Err(first.clone()))
}

fn clock() -> Result<(), String> {
    let now = crate::ambient::SystemClock.now();
    if now.millis() < CLOCK_MIN_MS {
        return Err(format!("it shows {now}; events would get wrong times"));
    }
    Ok(())
}

fn port(command: &Doctor) -> Result<(), String> {
    match TcpListener::bind(command.listen) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            match command.place.data_dir.join("lock").try_exists() {
                Ok(true) => Ok(()),
                _ => Err(format!("{} is taken by another program; use --listen", command.listen)),
            }
        }
        Err(error) => Err(format!("{}: {error}", command.listen)),
    }
}
