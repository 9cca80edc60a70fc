//! The door: `/track`, `/engage`, `/groups`, `/import`. What the bytes mean is `collect`'s business;
//! here they find their project, become durable, and get their answer.

use super::body::{self, BodyError};
use super::client_address::client_address;
use super::credentials::{self, AuthError, Basic};
use crate::ingest::{DropExample, LiveFeed, LiveItem, ProjectDesk};
use crate::wiring::App;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use collect::outcome::{Outcome, in_order};
use collect::pipeline::{Processed, ProjectContext};
use collect::wire::{self, Endpoint, Head, Incoming, Limits, Refusal, Reply, Share, WireError};
use domain::{ProjectId, Timestamp};
use engine::AppendError;
use std::net::SocketAddr;
use std::sync::Arc;

/// Bodies up to this size are parsed on the spot; larger ones where they hold nobody up.
const PARSE_INLINE_BYTES_MAX: usize = 16 * 1024;

/// The same for records on their way through the pipeline, at some ten microseconds each: handing
/// a thread over costs more than a few of them.
const PROCESS_INLINE_RECORDS_MAX: usize = 50;

/// Seconds after which a client shall come back when the server cannot take anything.
const UNAVAILABLE_RETRY_S: u32 = 10;

/// Handler of all four endpoints.
pub async fn capture(
    State(app): State<Arc<App>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    let Some(endpoint) = Endpoint::from_path(request.uri().path()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let (parts, body) = request.into_parts();
    let origin = Origin::of(&app, endpoint, peer, &parts.headers, parts.uri.query());
    let (bytes, _permit) = match body::within_budget(&app, &parts.headers, body, wire::MAX_BODY_BYTES).await {
        Ok(taken) => taken,
        Err(BodyError::Overloaded) => return respond(wire::overloaded(endpoint, &Default::default(), 1)),
        Err(BodyError::TooLarge) => {
            let error = WireError::TooLarge { limit: wire::MAX_BODY_BYTES };
            return respond(wire::refused(endpoint, &Refusal { error, options: Default::default() }));
        }
        Err(BodyError::Broken) => return StatusCode::BAD_REQUEST.into_response(),
    };
    let parse = |bytes: &[u8]| wire::decode(&origin.incoming(bytes), Limits::default());
    let decoded = if bytes.len() > PARSE_INLINE_BYTES_MAX {
        tokio::task::block_in_place(|| parse(&bytes))
    } else {
        parse(&bytes)
    };
    let request = match decoded {
        Ok(request) => request,
        Err(refusal) => return respond(wire::refused(endpoint, &refusal)),
    };
    let options = request.head.options.clone();
    let count = request.records.len();
    let taken = match endpoint {
        Endpoint::Import => import(&app, &parts.headers, request).await,
        Endpoint::Track | Endpoint::Engage | Endpoint::Groups => by_token(&app, request).await,
    };
    respond(match taken {
        Ok(outcomes) => wire::reply(endpoint, &options, &in_order(count, outcomes)),
        Err(Refused::Unauthorized) => wire::unauthorized(endpoint, &options),
        Err(Refused::Overloaded { retry_after_s }) => wire::overloaded(endpoint, &options, retry_after_s),
        Err(Refused::Unavailable) => wire::unavailable(endpoint, &options, UNAVAILABLE_RETRY_S),
    })
}

/// What stands around the body.
struct Origin<'a> {
    endpoint: Endpoint,
    query: Option<&'a str>,
    headers: &'a HeaderMap,
    address: std::net::IpAddr,
    now: Timestamp,
}

impl<'a> Origin<'a> {
    fn of(
        app: &App,
        endpoint: Endpoint,
        peer: SocketAddr,
        headers: &'a HeaderMap,
        query: Option<&'a str>,
    ) -> Self {
        let address = client_address(peer, headers, &app.settings.trusted_proxies);
        Self { endpoint, query, headers, address, now: app.office.clock.now() }
    }

    fn incoming(&self, body: &'a [u8]) -> Incoming<'a> {
        let header = |name: header::HeaderName| self.headers.get(name).and_then(|value| value.to_str().ok());
        let is_one = |name: &str| self.headers.get(name).is_some_and(|value| value == "1");
        Incoming {
            endpoint: self.endpoint,
            query: self.query,
            content_type: header(header::CONTENT_TYPE),
            user_agent: header(header::USER_AGENT),
            do_not_track: is_one("dnt"),
            global_privacy_control: is_one("sec-gpc"),
            body,
            address: Some(self.address),
            now: self.now,
        }
    }
}

/// Why nothing of a request was kept, where that is not the records' fault.
enum Refused {
    Unauthorized,
    Overloaded { retry_after_s: u32 },
    Unavailable,
}

type Outcomes = Vec<(usize, Outcome)>;

/// Each record names its project; what one project may not take does not hold up another's.
async fn by_token(app: &App, request: wire::Request) -> Result<Outcomes, Refused> {
    let (head, shares) = request.by_token();
    let mut outcomes = Outcomes::new();
    for share in shares {
        let desk = match &share.token {
            Some(token) => app.desks.by_token(token).await.map_err(unavailable)?,
            None => None,
        };
        match desk {
            Some(desk) => outcomes.extend(keep(app, &desk, &head, share).await?),
            None => {
                let dropped = share.without_project();
                for reason in dropped.iter().filter_map(|(_, outcome)| outcome.reason()) {
                    app.unassigned.dropped(reason, 1);
                }
                outcomes.extend(dropped);
            }
        }
    }
    Ok(outcomes)
}

/// All records go to the project that the credentials are for.
async fn import(app: &App, headers: &HeaderMap, request: wire::Request) -> Result<Outcomes, Refused> {
    let given = &request.credentials;
    let in_parameters = given.api_secret.as_deref().or(given.api_key.as_deref()).map(Basic::from_secret);
    let basic = Basic::from_headers(headers).or(in_parameters);
    let asked = given.project_id.as_deref().map(str::parse).transpose().map_err(|_| Refused::Unauthorized)?;
    let project =
        credentials::writer(&app.control, basic.as_ref(), asked.map(ProjectId)).await.map_err(|error| {
            match error {
                AuthError::Refused => Refused::Unauthorized,
                AuthError::Control(error) => unavailable(error),
            }
        })?;
    let desk = app.desks.of(&project).await.map_err(unavailable)?;
    let (head, share) = request.whole();
    keep(app, &desk, &head, share).await
}

/// Runs the records of one project through the pipeline and makes what is left of them durable.
async fn keep(app: &App, desk: &ProjectDesk, head: &Head, share: Share) -> Result<Outcomes, Refused> {
    let context = ProjectContext {
        project: desk.project.id,
        identity_mode: desk.project.identity_mode,
        sealer: &desk.sealer,
        classifier: &app.classifier,
        policy: app.settings.ingest.privacy_policy(),
    };
    let is_large = share.len() > PROCESS_INLINE_RECORDS_MAX;
    let process = || app.pipeline.run(head, share, &context);
    let Processed { batch, outcomes, counts, examples } =
        if is_large { tokio::task::block_in_place(process) } else { process() };

    let shown = if desk.live.watched() { LiveFeed::sample(&batch.events) } else { Vec::new() };
    let events = batch.events.len() as u64;
    app.note_group_keys(desk.project.id, &batch.profiles).await.map_err(unavailable)?;
    if !batch.is_empty() {
        let received = batch.received;
        // Unless the batch becomes durable, what was sealed for it must be sealed again next time.
        let sealed = batch.sealed.clone();
        let unconfirmed = desk.sealer.unconfirmed(&sealed);
        app.engine.append(batch).await.map_err(not_appended)?;
        unconfirmed.confirm();
        desk.tally.accepted(events, received);
        for event in shown {
            desk.live.show(LiveItem::Accepted { event, received });
        }
    }
    for (reason, records) in counts.not_kept {
        desk.tally.dropped(reason, records);
    }
    for example in examples {
        let example = DropExample::from(example);
        desk.tally.example(example.clone());
        desk.live.show(LiveItem::Dropped(example));
    }
    Ok(outcomes)
}

fn not_appended(error: AppendError) -> Refused {
    match error {
        AppendError::Overloaded { retry_after_s } => Refused::Overloaded { retry_after_s },
        other => unavailable(other),
    }
}

fn unavailable(error: impl std::fmt::Display) -> Refused {
    tracing::error!(%error, "nothing can be taken at present");
    Refused::Unavailable
}

/// A reply of the wire as an HTTP response.
pub fn respond(reply: Reply) -> Response {
    let status = StatusCode::from_u16(reply.status).expect("replies have registered status codes");
    let mut response = Response::new(Body::from(reply.body.into_owned()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(reply.content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(seconds) = reply.retry_after {
        headers.insert(header::RETRY_AFTER, seconds.into());
    }
    response
}
