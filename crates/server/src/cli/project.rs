use super::arguments::ProjectCommand;
use super::{Failure, output};
use crate::control::NewProject;
use crate::wiring::Office;
use serde_json::{Value, json};
use std::process::ExitCode;

pub async fn run(command: ProjectCommand) -> Result<ExitCode, Failure> {
    match command {
        ProjectCommand::Create { place, name, timezone, identity_mode } => {
            let office = Office::open_existing(&place.settings()).await?;
            let made = office.create_project(&name, &timezone, identity_mode.into()).await?;
            office.close().await;
            if place.json {
                output::say_json(&json!({ "project": as_json(&made) }))?;
            } else {
                output::say(format!(
                    "project {} \"{}\"\n  token   {}\n  secret  {}   (shown this once)",
                    made.project.id, made.project.name, made.project.token, made.secret
                ));
            }
        }
        ProjectCommand::List { place } => {
            let office = Office::open_existing(&place.settings()).await?;
            let projects = office.control.projects().await?;
            office.close().await;
            if place.json {
                let rows: Vec<Value> = projects
                    .iter()
                    .map(|p| json!({"id": p.id, "name": p.name, "token": p.token, "timezone": p.timezone}))
                    .collect();
                output::say_json(&json!({ "projects": rows }))?;
            } else {
                for project in projects {
                    output::say(format!(
                        "{}\t{}\t{}\t{}",
                        project.id, project.name, project.token, project.timezone
                    ));
                }
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) fn as_json(made: &NewProject) -> Value {
    json!({
        "id": made.project.id,
        "name": made.project.name,
        "token": made.project.token,
        "secret": made.secret,
    })
}
