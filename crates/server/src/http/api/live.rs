use super::signed_in::SignedIn;
use crate::http::problem::{Problem, ProblemBody};
use crate::http::query::{LedgerQuestion, grant};
use crate::ingest::LiveItem;
use crate::wiring::App;
use axum::extract::{Path, State};
use axum::response::sse::{Event as ServerSentEvent, KeepAlive, Sse};
use domain::access::{Action, Purpose, ReadScope};
use domain::{Event, ProjectId, Pseudonym, Timestamp};
use roaring::RoaringBitmap;
use serde::Serialize;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::{broadcast, mpsc};
use tokio_stream::Stream;
use tokio_stream::wrappers::ReceiverStream;
use utoipa::ToSchema;

/// Items are shown in groups: each group is one read, with one leaf in the ledger.
const GROUP_INTERVAL: Duration = Duration::from_millis(500);

/// Items of one group; what comes faster than this is beyond reading.
const GROUP_MAX: usize = 50;

/// One event as the live view shows it: `event: accepted`.
#[derive(Serialize, ToSchema)]
pub struct LiveEvent {
    id: u64,
    name: String,
    #[schema(format = DateTime)]
    time: String,
    #[schema(format = DateTime)]
    received: String,
    #[schema(value_type = Option<String>)]
    person: Option<Pseudonym>,
    place: Option<PlaceView>,
    #[schema(value_type = Object)]
    properties: PropertiesView,
}

#[derive(Serialize, ToSchema)]
pub struct PlaceView {
    country: Option<String>,
    region: Option<String>,
    city: Option<String>,
}

struct PropertiesView(domain::event::Properties);

impl Serialize for PropertiesView {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        domain::event::object::serialize(&self.0, serializer)
    }
}

/// Events as they arrive (server-sent events): `accepted`, `dropped`, `missed`.
#[utoipa::path(get, path = "/api/v1/projects/{project}/live", params(("project" = u32, Path)),
    responses((status = 200, content_type = "text/event-stream", body = LiveEvent),
        (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub async fn live(
    State(app): State<Arc<App>>,
    who: SignedIn,
    Path(project): Path<ProjectId>,
) -> Result<Sse<impl Stream<Item = Result<ServerSentEvent, Infallible>>>, Problem> {
    let (project, desk) = who.project(&app, project).await?;
    let feed = desk.live.watch();
    let (sender, receiver) = mpsc::channel(GROUP_MAX);
    tokio::spawn(async move {
        let watcher = Watcher { app, who, project: project.id };
        watcher.watch(feed, sender).await;
    });
    Ok(Sse::new(ReceiverStream::new(receiver))
        .keep_alive(KeepAlive::new().event(ServerSentEvent::default().event("ping").data("{}"))))
}

struct Watcher {
    app: Arc<App>,
    who: SignedIn,
    project: ProjectId,
}

type Outgoing = mpsc::Sender<Result<ServerSentEvent, Infallible>>;

/// Numbers items, so that a page can tell them apart.
static NEXT_ID: AtomicU64 = AtomicU64::new(1);

impl Watcher {
    /// Until the browser goes away, the session ends or the server stops.
    async fn watch(&self, mut feed: broadcast::Receiver<Arc<LiveItem>>, outgoing: Outgoing) {
        loop {
            let first = tokio::select! {
                () = outgoing.closed() => return,
                () = self.app.stopping.stopped() => return,
                item = feed.recv() => item,
            };
            let mut group = Vec::new();
            match first {
                Ok(item) => group.push(item),
                Err(broadcast::error::RecvError::Lagged(missed)) => {
                    let event = ServerSentEvent::default().event("missed").data(missed.to_string());
                    if outgoing.send(Ok(event)).await.is_err() {
                        return;
                    }
                }
                Err(broadcast::error::RecvError::Closed) => return,
            }
            while group.len() < GROUP_MAX {
                match feed.try_recv() {
                    Ok(item) => group.push(item),
                    Err(_) => break,
                }
            }
            let signed_in = self.app.control.operator_of_session(&self.who.session).await;
            if !matches!(signed_in, Ok(Some(_))) || self.show(group, &outgoing).await.is_err() {
                return;
            }
            tokio::time::sleep(GROUP_INTERVAL).await;
        }
    }

    /// One group: the leaf, then the events.
    async fn show(&self, group: Vec<Arc<LiveItem>>, outgoing: &Outgoing) -> Result<(), String> {
        let snapshot = self.app.engine.snapshot(self.project).map_err(|error| error.to_string())?;
        let mut people = RoaringBitmap::new();
        let mut rows = 0;
        for item in &group {
            if let LiveItem::Accepted { event, .. } = &**item {
                rows += 1;
                people.extend(event.distinct.and_then(|who| snapshot.person(&who)).map(|id| id.0));
            }
        }
        if rows > 0 {
            let question = LedgerQuestion {
                actor: self.who.actor(),
                purpose: Purpose("analysis".to_owned()),
                project: self.project,
                scope: ReadScope::Pseudonymous,
                action: Action::Live,
                query: format!("/api/v1/projects/{}/live", self.project),
                fields: vec!["*".to_owned()],
                people: Some(people),
                rows: Some(rows),
            };
            grant(&self.app, question).await?;
        }
        for item in group {
            let event = match &*item {
                LiveItem::Accepted { event, received } => {
                    ServerSentEvent::default().event("accepted").json_data(view(event, *received))
                }
                LiveItem::Dropped(example) => ServerSentEvent::default().event("dropped").json_data(example),
            };
            let event = event.map_err(|error| error.to_string())?;
            outgoing.send(Ok(event)).await.map_err(|error| error.to_string())?;
        }
        Ok(())
    }
}

fn view(event: &Event, received: Timestamp) -> LiveEvent {
    let text = |name: &str| {
        let value = event.properties.iter().find(|(property, _)| property.as_str() == name);
        value.and_then(|(_, value)| match value {
            domain::PropertyValue::String(text) => Some(text.to_string()),
            _ => None,
        })
    };
    let place = PlaceView { country: text("mp_country_code"), region: text("$region"), city: text("$city") };
    LiveEvent {
        id: NEXT_ID.fetch_add(1, Ordering::Relaxed),
        name: event.name.to_string(),
        time: event.time.to_string(),
        received: received.to_string(),
        person: event.distinct,
        place: place.country.is_some().then_some(place),
        properties: PropertiesView(event.properties.clone()),
    }
}
