use super::arguments::{LedgerCommand, Place};
use super::{Failure, output};
use crate::ledger_sink;
use crate::wiring::Office;
use ledger::{Reader, VerifierKey};
use serde_json::json;
use std::path::PathBuf;
use std::process::ExitCode;

pub async fn run(command: LedgerCommand) -> Result<ExitCode, Failure> {
    match command {
        LedgerCommand::Verify(place) => verify(&place).await,
        LedgerCommand::Prove { place, index } => prove(&place, index).await,
    }
}

/// The ledger's directory, and the key that its checkpoints must be signed with.
async fn locate(place: &Place) -> Result<(PathBuf, VerifierKey), Failure> {
    let settings = place.settings();
    let office = Office::open_existing(&settings).await?;
    let (signer, origin) = ledger_sink::identity(&office.keyring)?;
    office.close().await;
    Ok((settings.data_dir.join("ledger"), signer.verifier_key(&origin)))
}

async fn verify(place: &Place) -> Result<ExitCode, Failure> {
    let (directory, key) = locate(place).await?;
    let report = ledger::verify(&directory, &key, &[]);
    let size = report.checkpoint.as_ref().map_or(0, |checkpoint| checkpoint.size);
    let root = report.checkpoint.as_ref().map(|checkpoint| checkpoint.root.to_base64());
    let damage: Vec<String> = report.damage.iter().map(ToString::to_string).collect();
    if place.json {
        output::say_json(&json!({
            "intact": report.is_intact(), "leaves": size, "unpublished": report.unpublished,
            "root": root, "sets_of_people": report.blobs, "verifier_key": key.to_string(), "damage": damage,
        }))?;
    } else {
        output::say(format!("verifier key  {key}"));
        output::say(format!("leaves        {size} under the checkpoint, {} after it", report.unpublished));
        output::say(format!("root          {}", root.as_deref().unwrap_or("none")));
        for line in &damage {
            output::say(format!("DAMAGED  {line}"));
        }
        output::say(if report.is_intact() { "intact" } else { "NOT INTACT" });
    }
    Ok(if report.is_intact() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn prove(place: &Place, index: u64) -> Result<ExitCode, Failure> {
    let (directory, key) = locate(place).await?;
    let reader = Reader::open(&directory, &key)?;
    let leaf = String::from_utf8(reader.leaf(index)?)?;
    let proof = reader.prove(index)?;
    if place.json {
        output::say_json(&json!({
            "index": index, "leaf": leaf, "proof": proof.to_string(), "verifier_key": key.to_string(),
        }))?;
    } else {
        output::say(leaf);
        output::say(proof);
    }
    Ok(ExitCode::SUCCESS)
}
