//! What every query begins with: parameters, who asks, a slot, a view of the store; and the leaf
//! that has to be in the ledger before the first byte of an answer.

use super::error::QueryError;
use super::parameters::{FORM_BYTES_MAX, Parameters};
use crate::http::body;
use crate::http::credentials::{self, Basic, Reader};
use crate::ingest::ProjectDesk;
use crate::wiring::App;
use axum::extract::{FromRequest, OriginalUri, Request};
use axum::http::{Method, Uri};
use domain::Pseudonym;
use domain::access::{AccessGrant, AccessRecord, Action, PeopleSet, Purpose, ReadScope};
use domain::calendar::ReportZone;
use domain::expression::{self, Expression};
use engine::Snapshot;
use roaring::RoaringBitmap;
use std::sync::Arc;
use tokio::sync::OwnedSemaphorePermit;

/// The purpose of a read through the API until a project names others.
const API_PURPOSE: &str = "api";

/// Names under which an event or a profile shows ids; texts compared with them are ids.
const ID_PROPERTIES: [&str; 4] = ["distinct_id", "$distinct_id", "$user_id", "$device_id"];

/// A query that may go on.
pub struct Query {
    pub app: Arc<App>,
    pub parameters: Parameters,
    pub reader: Reader,
    pub desk: Arc<ProjectDesk>,
    pub snapshot: Snapshot,
    pub zone: ReportZone,
    pub accepts_gzip: bool,
    uri: Uri,
    path: String,
    /// Held until the answer is complete.
    _slot: OwnedSemaphorePermit,
}

impl FromRequest<Arc<App>> for Query {
    type Rejection = QueryError;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, QueryError> {
        let uri = match request.extensions().get::<OriginalUri>() {
            Some(OriginalUri(uri)) => uri.clone(),
            None => request.uri().clone(),
        };
        Self::begin(request, app, uri.clone()).await.map_err(|error| error.about(&uri))
    }
}

impl Query {
    async fn begin(request: Request, app: &Arc<App>, uri: Uri) -> Result<Self, QueryError> {
        let (parts, body) = request.into_parts();
        let form = if parts.method == Method::POST {
            body::capped(body, FORM_BYTES_MAX)
                .await
                .map_err(|_| QueryError::invalid("the form body is too large or broke off"))?
        } else {
            bytes::Bytes::new()
        };
        let parameters = Parameters::parse(uri.query(), &form);
        let basic = Basic::from_headers(&parts.headers)
            .or_else(|| parameters.get("api_secret").map(Basic::from_secret));
        let reader = credentials::reader(&app.control, basic.as_ref(), parameters.project_id()?).await?;
        let slot = Arc::clone(&app.query_slots).try_acquire_owned().map_err(|_| QueryError::too_many())?;
        let desk = app.desks.of(&reader.project).await.map_err(QueryError::internal)?;
        let snapshot = app.engine.snapshot(reader.project.id).map_err(QueryError::internal)?;
        if reader.scope == ReadScope::Identified {
            crate::jobs::vault_caught_up(app).await;
        }
        let zone = ReportZone::named(&reader.project.timezone).map_err(QueryError::internal)?;
        let accepts_gzip = parts
            .headers
            .get(axum::http::header::ACCEPT_ENCODING)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.contains("gzip"));
        Ok(Self {
            app: Arc::clone(app),
            parameters,
            reader,
            desk,
            snapshot,
            zone,
            accepts_gzip,
            path: uri.path().to_owned(),
            uri,
            _slot: slot,
        })
    }

    /// Runs the rest of a query and puts the request into the error, if there is one.
    pub fn failed(&self, error: QueryError) -> QueryError {
        error.about(&self.uri)
    }

    /// A parameter that is an expression. Ids in it become pseudonyms, so that the engine never
    /// meets a clear one.
    pub fn expression(&self, name: &'static str) -> Result<Option<Expression>, QueryError> {
        let Some(text) = self.parameters.get(name) else { return Ok(None) };
        let parsed = if name == "on" { expression::parse_on(text) } else { expression::parse(text) };
        let parsed = parsed.map_err(|error| QueryError::invalid(format!("{name}: {error}")))?;
        Ok(Some(self.with_pseudonyms(parsed)))
    }

    fn with_pseudonyms(&self, expression: Expression) -> Expression {
        expression.map_texts(&mut |compared, text| {
            let (_, property) = compared?;
            let is_id = ID_PROPERTIES.contains(&property.as_str());
            is_id.then(|| self.pseudonym(text).to_string().into())
        })
    }

    /// The pseudonym of an id that was given in clear or as a pseudonym.
    pub fn pseudonym(&self, id: &str) -> Pseudonym {
        id.parse().unwrap_or_else(|_| self.desk.sealer.pseudonym(id))
    }

    /// Writes the leaf of this read and gives the right to it.
    pub async fn grant(
        &self,
        action: Action,
        fields: Vec<String>,
        people: Option<RoaringBitmap>,
        rows: Option<u64>,
    ) -> Result<AccessGrant, QueryError> {
        let question = LedgerQuestion {
            actor: self.reader.actor.clone(),
            purpose: Purpose(API_PURPOSE.to_owned()),
            project: self.reader.project.id,
            scope: self.reader.scope,
            action,
            query: self.recorded(),
            fields,
            people,
            rows,
        };
        grant(&self.app, question).await.map_err(QueryError::unavailable)
    }

    pub fn identified(&self) -> bool {
        self.reader.scope == ReadScope::Identified
    }

    /// The question as the ledger keeps it: ids as pseudonyms, texts in expressions that could name
    /// somebody replaced.
    fn recorded(&self) -> String {
        let mut text = self.path.clone();
        let mut mark = '?';
        for (name, value) in self.parameters.iter() {
            let value = match name {
                "project_id" | "api_secret" | "api_key" | "session_id" => continue,
                "distinct_id" => self.pseudonym(value).to_string(),
                "distinct_ids" => match self.parameters.names("distinct_ids") {
                    Ok(Some(ids)) => {
                        let ids: Vec<String> = ids.iter().map(|id| self.pseudonym(id).to_string()).collect();
                        ids.join(",")
                    }
                    _ => continue,
                },
                "where" | "on" => match expression::parse(value) {
                    Ok(parsed) => self.swept(self.with_pseudonyms(parsed)).to_string(),
                    Err(_) => self.swept_text(value),
                },
                _ => self.swept_text(value),
            };
            text.push(mark);
            mark = '&';
            text.extend([name, "=", &value]);
        }
        text
    }

    fn swept(&self, expression: Expression) -> Expression {
        expression.map_texts(&mut |compared, text| {
            let name = compared.map(|(_, property)| property.as_str());
            self.app.classifier.sweep_text(name, text, &mut Vec::new()).map(Into::into)
        })
    }

    fn swept_text(&self, text: &str) -> String {
        let swept = self.app.classifier.sweep_text(None, text, &mut Vec::new());
        swept.unwrap_or_else(|| text.to_owned())
    }
}

/// What a leaf says of a read, before it has its place in time and in the ledger.
pub struct LedgerQuestion {
    pub actor: domain::access::Actor,
    pub purpose: Purpose,
    pub project: domain::ProjectId,
    pub scope: ReadScope,
    pub action: Action,
    pub query: String,
    pub fields: Vec<String>,
    pub people: Option<RoaringBitmap>,
    pub rows: Option<u64>,
}

/// Writes the leaf, and the set of people that it commits to, and gives the grant.
pub async fn grant(app: &Arc<App>, question: LedgerQuestion) -> Result<AccessGrant, String> {
    let app = Arc::clone(app);
    let written = tokio::task::spawn_blocking(move || {
        let people = question.people.map(|people| app.ledger.put_people(&people)).transpose()?;
        let record = AccessRecord {
            time: app.office.clock.now(),
            actor: question.actor,
            purpose: question.purpose,
            project: question.project,
            action: question.action,
            scope: question.scope,
            query: question.query,
            fields: question.fields,
            people: people.map(|(sha256, count)| PeopleSet { sha256, count }),
            rows: question.rows,
        };
        AccessGrant::issue(record, &app.ledger)
    });
    match written.await {
        Ok(Ok(grant)) => Ok(grant),
        Ok(Err(error)) => {
            tracing::error!(%error, "the ledger cannot be written: the read is refused");
            Err("The ledger cannot be written, so nothing is read. See /readyz".to_owned())
        }
        Err(_) => Err("The ledger's writer ended; see the server's log".to_owned()),
    }
}

/// Runs work of the processor away from the threads that serve connections.
pub async fn off_thread<T, F>(work: F) -> Result<T, QueryError>
where
    T: Send + 'static,
    F: FnOnce() -> Result<T, QueryError> + Send + 'static,
{
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(failed) => Err(QueryError::internal(failed)),
    }
}

/// Any other path below the base.
pub async fn invalid_endpoint(OriginalUri(uri): OriginalUri) -> QueryError {
    QueryError::invalid("Invalid API endpoint").about(&uri)
}
