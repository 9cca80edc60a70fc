use super::signed_in::SignedIn;
use crate::http::problem::{Fault, Problem, ProblemBody};
use crate::http::query::{LedgerQuestion, common_values, grant};
use crate::wiring::App;
use axum::Json;
use axum::extract::{Path, Query, State};
use domain::access::{Action, Purpose, ReadScope};
use domain::calendar::ReportZone;
use domain::schema::Sensitivity;
use domain::{EventName, ProjectId};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// Values offered for a filter when nobody says how many.
const VALUES_LIMIT: usize = 50;

#[derive(Serialize, ToSchema)]
pub struct Events {
    /// The most frequent first.
    events: Vec<EventView>,
}

#[derive(Serialize, ToSchema)]
pub struct EventView {
    name: String,
    count: u64,
    #[schema(format = DateTime)]
    first_seen: String,
    #[schema(format = DateTime)]
    last_seen: String,
}

/// Events of a project.
#[utoipa::path(get, path = "/api/v1/projects/{project}/events", params(("project" = u32, Path)),
    responses((status = 200, body = Events), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub async fn events(
    State(app): State<Arc<App>>,
    who: SignedIn,
    Path(project): Path<ProjectId>,
) -> Result<Json<Events>, Problem> {
    let (project, _) = who.project(&app, project).await?;
    let snapshot = app.engine.snapshot(project.id).map_err(Problem::internal)?;
    let mut events: Vec<EventView> = snapshot
        .event_names()
        .into_iter()
        .map(|event| EventView {
            name: event.name.to_string(),
            count: event.count,
            first_seen: event.first_seen.to_string(),
            last_seen: event.last_seen.to_string(),
        })
        .collect();
    events.sort_by(|left, right| right.count.cmp(&left.count).then_with(|| left.name.cmp(&right.name)));
    Ok(Json(Events { events }))
}

#[derive(Deserialize, IntoParams)]
pub struct OfEvent {
    /// Only properties (or values) seen with this event.
    event: Option<String>,
    limit: Option<usize>,
}

#[derive(Serialize, ToSchema)]
pub struct PropertiesOfEvent {
    properties: Vec<PropertyView>,
}

#[derive(Serialize, ToSchema)]
pub struct PropertyView {
    name: String,
    kinds: Vec<&'static str>,
    /// `plain`, `coarse`, `personal`, `identifier` or `secret`.
    #[schema(value_type = String)]
    sensitivity: Sensitivity,
    count: u64,
}

/// Properties of a project's events.
#[utoipa::path(get, path = "/api/v1/projects/{project}/properties", params(("project" = u32, Path), OfEvent),
    responses((status = 200, body = PropertiesOfEvent), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub async fn properties(
    State(app): State<Arc<App>>,
    who: SignedIn,
    Path(project): Path<ProjectId>,
    Query(of): Query<OfEvent>,
) -> Result<Json<PropertiesOfEvent>, Problem> {
    let (project, _) = who.project(&app, project).await?;
    let snapshot = app.engine.snapshot(project.id).map_err(Problem::internal)?;
    let rows = match of.event.as_deref().map(|name| snapshot.event_id(name)) {
        None => snapshot.property_names(None),
        Some(Some(id)) => snapshot.property_names(Some(id)),
        Some(None) => Vec::new(),
    };
    let mut properties: Vec<PropertyView> = rows
        .into_iter()
        .map(|row| PropertyView {
            sensitivity: app.classifier.sensitivity_of(row.name.as_str()),
            kinds: row.kinds.iter().map(|kind| kind.as_str()).collect(),
            count: row.count,
            name: row.name.to_string(),
        })
        .collect();
    properties.sort_by(|left, right| right.count.cmp(&left.count).then_with(|| left.name.cmp(&right.name)));
    Ok(Json(PropertiesOfEvent { properties }))
}

#[derive(Serialize, ToSchema)]
pub struct Values {
    values: Vec<String>,
}

/// The most frequent values of a property.
#[utoipa::path(get, path = "/api/v1/projects/{project}/properties/{name}/values",
    params(("project" = u32, Path), ("name" = String, Path), OfEvent),
    responses((status = 200, body = Values), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub async fn values(
    State(app): State<Arc<App>>,
    who: SignedIn,
    Path((project, name)): Path<(ProjectId, String)>,
    Query(of): Query<OfEvent>,
) -> Result<Json<Values>, Problem> {
    let (project, _) = who.project(&app, project).await?;
    let question = LedgerQuestion {
        actor: who.actor(),
        purpose: Purpose("analysis".to_owned()),
        project: project.id,
        scope: ReadScope::Pseudonymous,
        action: Action::PropertyValues,
        query: format!("/api/v1/projects/{}/properties/values", project.id),
        fields: vec![name.clone()],
        people: None,
        rows: None,
    };
    let grant = grant(&app, question).await.map_err(|cause| Fault::Unavailable.because(cause))?;
    let snapshot = app.engine.snapshot(project.id).map_err(Problem::internal)?;
    let zone = ReportZone::named(&project.timezone).map_err(Problem::internal)?;
    let event = of.event.map(EventName::from);
    let limit = of.limit.unwrap_or(VALUES_LIMIT);
    let found = common_values(&snapshot, grant, (event, name), (&zone, app.office.clock.now()), limit);
    let values = found.await.map_err(|_| Problem::from(Fault::Internal))?;
    Ok(Json(Values { values }))
}
