use super::arguments::Place;
use super::{Failure, output};
use crate::ledger_sink;
use crate::wiring::Office;
use serde_json::json;
use std::process::ExitCode;

/// Checks log, store and ledger file by file. Works beside a running server, whose last writes it
/// may see half done; damage is what is still there when the server is stopped.
pub async fn run(place: Place) -> Result<ExitCode, Failure> {
    let settings = place.settings();
    let office = Office::open_existing(&settings).await?;
    let (signer, origin) = ledger_sink::identity(&office.keyring)?;
    let control = office.control.check().await?;
    office.close().await;
    let store = engine::fsck::check(&engine::disk::RealDisk, &settings.data_dir.join("engine"));
    let ledger = ledger::verify(&settings.data_dir.join("ledger"), &signer.verifier_key(&origin), &[]);
    let mut damage: Vec<String> = store.damage.iter().map(|found| format!("engine/{found}")).collect();
    damage.extend(ledger.damage.iter().map(|found| format!("ledger/{found}")));
    damage.extend(control.iter().map(|found| format!("control.db: {found}")));
    if place.json {
        output::say_json(&json!({
            "intact": damage.is_empty(), "files": store.files, "events": store.events,
            "leaves": ledger.checkpoint.as_ref().map_or(0, |checkpoint| checkpoint.size), "damage": damage,
        }))?;
    } else {
        output::say(format!("{} files, {} events in columns", store.files, store.events));
        for line in &damage {
            output::say(format!("DAMAGED  {line}"));
        }
        output::say(if damage.is_empty() { "intact" } else { "NOT INTACT" });
    }
    Ok(if damage.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
