use super::signed_in::{COOKIE, SignedIn, check_csrf};
use crate::control::SESSION_IDLE_LIMIT_MS;
use crate::http::problem::{Fault, Problem, ProblemBody};
use crate::wiring::App;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
pub struct SignIn {
    /// From behind the `#` of the one-time link.
    code: String,
}

/// Who is signed in, and what they may see.
#[derive(Serialize, ToSchema)]
pub struct Session {
    operator: OperatorView,
    projects: Vec<ProjectView>,
    server: ServerView,
}

#[derive(Serialize, ToSchema)]
pub struct OperatorView {
    id: u32,
    name: String,
}

#[derive(Serialize, ToSchema)]
pub struct ProjectView {
    id: u32,
    name: String,
    /// What SDKs send.
    token: String,
    timezone: String,
}

#[derive(Serialize, ToSchema)]
pub struct ServerView {
    version: &'static str,
    /// The address that SDKs use.
    address: String,
}

/// Sign in with the one-time link.
#[utoipa::path(post, path = "/api/v1/session", request_body = SignIn,
    responses((status = 200, body = Session), (status = 401, body = ProblemBody)))]
pub async fn sign_in(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Json(request): Json<SignIn>,
) -> Result<Response, Problem> {
    check_csrf(&Method::POST, &headers)?;
    let session = app.control.sign_in(request.code.trim()).await?.ok_or(Fault::LinkNotValid)?;
    let operator = app.control.operator_of_session(&session).await?.ok_or(Fault::NotSignedIn)?;
    let body = view(&app, &SignedIn { operator, session: session.clone() }).await?;
    let mut response = Json(body).into_response();
    response.headers_mut().insert(header::SET_COOKIE, cookie(&app, &session, SESSION_IDLE_LIMIT_MS / 1000));
    Ok(response)
}

/// The present session.
#[utoipa::path(get, path = "/api/v1/session",
    responses((status = 200, body = Session), (status = 401, body = ProblemBody)))]
pub async fn current(State(app): State<Arc<App>>, who: SignedIn) -> Result<Json<Session>, Problem> {
    view(&app, &who).await.map(Json)
}

/// Sign out.
#[utoipa::path(delete, path = "/api/v1/session", responses((status = 204)))]
pub async fn sign_out(State(app): State<Arc<App>>, who: SignedIn) -> Result<Response, Problem> {
    app.control.sign_out(&who.session).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    response.headers_mut().insert(header::SET_COOKIE, cookie(&app, "", 0));
    Ok(response)
}

async fn view(app: &App, who: &SignedIn) -> Result<Session, Problem> {
    let projects = app.control.projects().await?;
    Ok(Session {
        operator: OperatorView { id: who.operator.id.0, name: who.operator.name.clone() },
        projects: projects
            .into_iter()
            .map(|project| ProjectView {
                id: project.id.0,
                name: project.name,
                token: project.token,
                timezone: project.timezone,
            })
            .collect(),
        server: ServerView { version: env!("CARGO_PKG_VERSION"), address: app.settings.base_url() },
    })
}

/// Out of reach of scripts, sent to our own pages only, and over TLS only where there is TLS.
fn cookie(app: &App, session: &str, max_age_s: i64) -> HeaderValue {
    let secure = if app.settings.base_url().starts_with("https:") { "; Secure" } else { "" };
    let text = format!("{COOKIE}={session}; Path=/; HttpOnly; SameSite=Strict; Max-Age={max_age_s}{secure}");
    HeaderValue::from_str(&text).expect("hex digits and attributes are a header value")
}
