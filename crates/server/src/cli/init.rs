use super::arguments::Init;
use super::{Failure, output};
use crate::control::NewServiceAccount;
use crate::wiring::Office;
use serde_json::json;
use std::process::ExitCode;

pub async fn run(command: Init) -> Result<ExitCode, Failure> {
    let mut settings = command.place.settings();
    settings.public_url = command.public_url;
    let office = Office::open(&settings).await?;
    if let Some(first) = office.control.projects().await?.first() {
        return Err(format!(
            "{} is initialised already (project {}); use `bulkhead project create` for another project",
            settings.data_dir.display(),
            first.id
        )
        .into());
    }
    let made =
        office.create_project(&command.project, &command.timezone, command.identity_mode.into()).await?;
    let account =
        office.control.create_service_account(made.project.id, "default", command.scope.into()).await?;
    let enrolment_url = office.enrolment_url(&settings).await?;
    office.close().await;
    if command.place.json {
        output::say_json(&json!({
            "project": super::project::as_json(&made),
            "service_account": super::service_account::as_json(&account),
            "enrolment_url": enrolment_url,
        }))?;
    } else {
        say(&settings, &made, &account, &enrolment_url);
    }
    Ok(ExitCode::SUCCESS)
}

fn say(
    settings: &crate::settings::Settings,
    made: &crate::control::NewProject,
    account: &NewServiceAccount,
    enrolment_url: &str,
) {
    let NewServiceAccount { account, secret } = account;
    output::say(format!(
        "Made {} (root key: {}; keep a copy elsewhere, without it nothing sealed can be opened).

project           {} \"{}\"
  token           {}   (for SDKs: it can write and nothing else)
  secret          {}   (shown this once)
service account   {}
  secret          {}   (shown this once)

Next:  bulkhead serve --data-dir {}
Then sign in once at  {}",
        settings.data_dir.display(),
        settings.key_path().display(),
        made.project.id,
        made.project.name,
        made.project.token,
        made.secret,
        account.username,
        secret,
        settings.data_dir.display(),
        enrolment_url,
    ));
}
