use super::arguments::LookupTableCommand;
use super::{Failure, output};
use crate::wiring::Office;
use std::process::ExitCode;

pub async fn run(command: LookupTableCommand) -> Result<ExitCode, Failure> {
    let LookupTableCommand::Create { place, project, id, name } = command;
    let office = Office::open_existing(&place.settings()).await?;
    if office.control.project(project).await?.is_none() {
        return Err(format!("there is no project {project}").into());
    }
    office.control.create_lookup_table(project, &id, &name).await?;
    office.close().await;
    output::say(format!("made; fill it with  PUT /lookup-tables/{id}"));
    Ok(ExitCode::SUCCESS)
}
