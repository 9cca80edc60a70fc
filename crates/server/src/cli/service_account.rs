use super::arguments::ServiceAccountCommand;
use super::{Failure, output};
use crate::control::NewServiceAccount;
use crate::wiring::Office;
use serde_json::{Value, json};
use std::process::ExitCode;

pub async fn run(command: ServiceAccountCommand) -> Result<ExitCode, Failure> {
    let ServiceAccountCommand::Create { place, project, name, scope } = command;
    let office = Office::open_existing(&place.settings()).await?;
    let made = office.control.create_service_account(project, &name, scope.into()).await?;
    office.close().await;
    if place.json {
        output::say_json(&json!({ "service_account": as_json(&made) }))?;
    } else {
        output::say(format!(
            "service account  {}\n  secret         {}   (shown this once)",
            made.account.username, made.secret
        ));
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) fn as_json(made: &NewServiceAccount) -> Value {
    json!({
        "username": made.account.username,
        "secret": made.secret,
        "scope": made.account.scope,
    })
}
