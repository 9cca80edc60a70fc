use super::arguments::OperatorCommand;
use super::{Failure, output};
use crate::wiring::Office;
use std::process::ExitCode;

pub async fn run(command: OperatorCommand) -> Result<ExitCode, Failure> {
    let OperatorCommand::Link { place, public_url } = command;
    let mut settings = place.settings();
    settings.public_url = public_url;
    let office = Office::open_existing(&settings).await?;
    let url = office.enrolment_url(&settings).await?;
    office.close().await;
    if place.json {
        output::say_json(&serde_json::json!({ "enrolment_url": url }))?;
    } else {
        output::say(format!("{url}\n\nIt works once, within 24 hours."));
    }
    Ok(ExitCode::SUCCESS)
}
