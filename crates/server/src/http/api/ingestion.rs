use super::signed_in::SignedIn;
use crate::http::problem::{Problem, ProblemBody};
use crate::ingest::DropExample;
use crate::wiring::App;
use axum::Json;
use axum::extract::{Path, State};
use domain::ProjectId;
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// What was taken and what was not.
#[derive(Serialize, ToSchema)]
pub struct Ingestion {
    /// Events taken since the server started.
    accepted: u64,
    /// Records not kept since the server started.
    dropped: u64,
    /// When the project's first event happened, if there is one.
    first_event_at: Option<String>,
    reasons: Vec<Reason>,
}

#[derive(Serialize, ToSchema)]
pub struct Reason {
    reason: &'static str,
    count: u64,
    /// The last few, without any value of them.
    examples: Vec<DropExample>,
}

/// Counts at the door.
#[utoipa::path(get, path = "/api/v1/projects/{project}/ingestion", params(("project" = u32, Path)),
    responses((status = 200, body = Ingestion), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub async fn ingestion(
    State(app): State<Arc<App>>,
    who: SignedIn,
    Path(project): Path<ProjectId>,
) -> Result<Json<Ingestion>, Problem> {
    let (project, desk) = who.project(&app, project).await?;
    let counts = desk.tally.snapshot();
    let stored = app.engine.snapshot(project.id).map_err(Problem::internal)?;
    let first = stored.event_names().into_iter().map(|event| event.first_seen).min();
    let reasons = counts
        .dropped
        .iter()
        .map(|(reason, count)| Reason {
            reason,
            count: *count,
            examples: counts.examples.iter().filter(|example| example.reason == *reason).cloned().collect(),
        })
        .collect();
    Ok(Json(Ingestion {
        accepted: counts.accepted,
        dropped: counts.dropped.values().sum(),
        first_event_at: first.or(counts.first_event_at).map(|at| at.to_string()),
        reasons,
    }))
}
