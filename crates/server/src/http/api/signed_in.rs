//! An operator with a good session, as an argument of handlers.

use crate::control::{Operator, Project};
use crate::http::problem::{Fault, Problem};
use crate::ingest::ProjectDesk;
use crate::wiring::App;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use domain::ProjectId;
use domain::access::Actor;
use std::sync::Arc;

pub const COOKIE: &str = "bulkhead_session";

/// A page of ours sets it; a form on another site cannot.
const CSRF_HEADER: &str = "x-bulkhead-csrf";

/// Proof that the request comes from an operator who signed in.
#[derive(Debug)]
pub struct SignedIn {
    pub operator: Operator,
    pub session: String,
}

impl FromRequestParts<Arc<App>> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        check_csrf(&parts.method, &parts.headers)?;
        let session = session_cookie(&parts.headers).ok_or(Fault::NotSignedIn)?;
        let operator = app.control.operator_of_session(&session).await?.ok_or(Fault::NotSignedIn)?;
        Ok(Self { operator, session })
    }
}

impl SignedIn {
    pub fn actor(&self) -> Actor {
        Actor::Operator { id: self.operator.id.0 }
    }

    /// The project, if there is one and this operator may see it: today every operator sees all.
    pub async fn project(&self, app: &App, id: ProjectId) -> Result<(Project, Arc<ProjectDesk>), Problem> {
        let project = app.control.project(id).await?.ok_or(Fault::NotFound)?;
        let desk = app.desks.of(&project).await.map_err(Problem::internal)?;
        Ok((project, desk))
    }
}

/// Requests that change something must carry the header.
pub fn check_csrf(method: &Method, headers: &HeaderMap) -> Result<(), Problem> {
    if matches!(*method, Method::GET | Method::HEAD) || headers.contains_key(CSRF_HEADER) {
        return Ok(());
    }
    Err(Fault::CsrfHeaderMissing.into())
}

fn session_cookie(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|text| text.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE)
        .map(|(_, value)| value.to_owned())
}
