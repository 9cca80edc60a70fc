use super::arguments::Demo;
use super::{Failure, output, serve};
use crate::ambient::SystemClock;
use crate::control::NewProject;
use crate::demo::{Sender, Story, StorySettings, Target, Trickle};
use crate::settings::Settings;
use crate::wiring::App;
use domain::time::Clock;
use serde_json::Value;
use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

/// Records in one request: what the ingestion API takes at most.
const BATCH: usize = 2000;

/// Between two bursts of the live trickle.
const TRICKLE_INTERVAL: Duration = Duration::from_millis(700);

pub async fn run(command: Demo) -> Result<ExitCode, Failure> {
    let temporary = command.data_dir.is_none();
    let data_dir = command
        .data_dir
        .clone()
        .unwrap_or_else(|| std::env::temp_dir().join(format!("bulkhead-demo-{}", std::process::id())));
    let mut settings = Settings::load(None, serve::own_environment())?;
    settings.data_dir.clone_from(&data_dir);
    settings.listen = command.listen;
    let key_path = settings.key_path();
    let done = demonstrate(settings, &command).await;
    if temporary {
        std::fs::remove_dir_all(&data_dir).ok();
        std::fs::remove_file(&key_path).ok();
    }
    done.map(|()| ExitCode::SUCCESS)
}

async fn demonstrate(settings: Settings, command: &Demo) -> Result<(), Failure> {
    crate::telemetry::start(&crate::settings::LogSettings {
        level: Some("warn".to_owned()),
        ..settings.log.clone()
    });
    let app = App::open(settings).await?;
    let server = serve::Server::bind(Arc::clone(&app)).await?;
    let existing = app.control.projects().await?;
    match existing.first() {
        // A demo's own data directory from an earlier run: go on with it, the story is in it.
        Some(project) => {
            output::note(format!("going on with the demo in {}", app.settings.data_dir.display()));
            let target =
                Target { address: server.address(), token: project.token.clone(), secret: String::new() };
            let story = Story::new(story_settings(command));
            finish(app, server, story, Sender::new(target), command).await
        }
        None => {
            let NewProject { project, secret } =
                app.create_project("Fieldnote (demo)", "UTC", Default::default()).await?;
            let target = Target { address: server.address(), token: project.token.clone(), secret };
            let sender = Sender::new(target);
            let mut story = Story::new(story_settings(command));
            send_history(&mut story, &sender).await?;
            finish(app, server, story, sender, command).await
        }
    }
}

fn story_settings(command: &Demo) -> StorySettings {
    StorySettings { seed: command.seed, people: command.people, days: command.days, now: SystemClock.now() }
}

async fn send_history(story: &mut Story, sender: &Sender) -> Result<(), Failure> {
    let token = sender.target.token.clone();
    for batch in story.group_profiles(&token).chunks(BATCH) {
        sender.groups(batch).await?;
    }
    for batch in story.profiles(&token).chunks(BATCH) {
        sender.engage(batch).await?;
    }
    let people = story.people.clone();
    let mut waiting: Vec<Value> = Vec::with_capacity(BATCH * 2);
    let mut sent = 0;
    for (number, person) in people.iter().enumerate() {
        waiting.extend(story.life_of(person));
        while waiting.len() >= BATCH {
            let rest = waiting.split_off(BATCH);
            sender.import(&waiting).await?;
            sent += waiting.len();
            waiting = rest;
            progress(number + 1, people.len(), sent);
        }
    }
    if !waiting.is_empty() {
        sender.import(&waiting).await?;
        sent += waiting.len();
    }
    progress(people.len(), people.len(), sent);
    eprintln!();
    Ok(())
}

/// One line that is written over and over.
fn progress(people: usize, of: usize, events: usize) {
    eprint!("\rtelling the story: {:3} %  ({events} events of {people} people)", people * 100 / of.max(1));
    std::io::stderr().flush().ok();
}

async fn finish(
    app: Arc<App>,
    server: serve::Server,
    story: Story,
    sender: Sender,
    command: &Demo,
) -> Result<(), Failure> {
    if command.exit_when_seeded {
        server.stop().await;
        return Ok(app.close().await?);
    }
    let link = app.enrolment_url().await?;
    output::say("");
    output::say("  The demo is running. Open this link once to sign in:");
    output::say(format!("\n      {link}\n"));
    output::say("  Live events and an Insights chart are in the menu. Ctrl-C ends the demo.");
    let mut trickle = Trickle::new(story, command.seed, Arc::new(SystemClock));
    let trickling = tokio::spawn(async move {
        let token = sender.target.token.clone();
        loop {
            tokio::time::sleep(TRICKLE_INTERVAL).await;
            if let Err(error) = sender.track(&trickle.next(&token)).await {
                tracing::warn!(%error, "the trickle paused");
            }
        }
    });
    serve::until_asked_to_stop().await;
    trickling.abort();
    server.stop().await;
    Ok(app.close().await?)
}
