//! `/stream/query`: the events of some people in the order of time.

use super::context::{Query, off_thread};
use super::error::QueryError;
use super::reveal::RevealedIds;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::access::{AccessGrant, Action};
use domain::id::PersonId;
use engine::Snapshot;
use engine::report::Cancel;
use engine::report::export::{IdPlace, IdWriter, Pseudonyms};
use engine::report::people::{ActivityQuery, write_activity};
use roaring::RoaringBitmap;
use std::sync::Arc;

/// People of one stream: it is read by a person.
const PEOPLE_MAX: usize = 1000;

pub async fn stream(query: Query) -> Result<Response, QueryError> {
    answer(&query).await.map_err(|error| query.failed(error))
}

async fn answer(query: &Query) -> Result<Response, QueryError> {
    let ids = query
        .parameters
        .names("distinct_ids")?
        .ok_or_else(|| QueryError::invalid("distinct_ids, missing or empty"))?;
    if ids.len() > PEOPLE_MAX {
        return Err(QueryError::invalid(format!("distinct_ids has at most {PEOPLE_MAX} entries")));
    }
    let question = ActivityQuery {
        people: ids.iter().map(|id| query.pseudonym(id)).collect(),
        range: query.dates()?.instants(&query.zone),
        filter: query.expression("where")?,
        limit: query.parameters.number("limit")?,
    };
    let people: RoaringBitmap =
        question.people.iter().filter_map(|who| query.snapshot.person(who)).map(|id| id.0).collect();
    let grant =
        Arc::new(query.grant(Action::ActivityStream, vec!["*".to_owned()], Some(people), None).await?);
    let events = if query.identified() {
        // Which ids stand in the events is known once these are found: a first pass notes them.
        let (noted, _) = write(query, &grant, &question, |_| NotedIds::default()).await?;
        let mut revealed = RevealedIds::default();
        let reveal = revealed.of_people(&query.app, &grant, &query.snapshot, noted.0);
        reveal.await.map_err(QueryError::internal)?;
        write(query, &grant, &question, move |_| revealed).await?.1
    } else {
        write(query, &grant, &question, PseudonymText::of).await?.1
    };
    let body = [br#"{"status":"ok","results":{"events":["#.as_slice(), &events, b"]}}"].concat();
    Ok(([(header::CONTENT_TYPE, "application/json")], body).into_response())
}

/// Writes the events, with ids by the writer that `ids` makes; gives that back too.
async fn write<W, F>(
    query: &Query,
    grant: &Arc<AccessGrant>,
    question: &ActivityQuery,
    ids: F,
) -> Result<(W, Vec<u8>), QueryError>
where
    W: IdWriter + Send + 'static,
    F: FnOnce(&Snapshot) -> W + Send + 'static,
{
    let (snapshot, grant, question) = (query.snapshot.clone(), Arc::clone(grant), question.clone());
    off_thread(move || {
        let mut writer = ids(&snapshot);
        let mut events = Vec::new();
        write_activity(&snapshot, &grant, &question, &mut writer, &Cancel::default(), &mut events)?;
        Ok((writer, events))
    })
    .await
}

/// Notes whose ids are asked for, and writes none.
#[derive(Default)]
struct NotedIds(RoaringBitmap);

impl IdWriter for NotedIds {
    fn write_id(&mut self, person: PersonId, _: IdPlace, _: &mut Vec<u8>) {
        self.0.insert(person.0);
    }
}

/// [`Pseudonyms`] that own the view that they read.
struct PseudonymText(Snapshot);

impl PseudonymText {
    fn of(snapshot: &Snapshot) -> Self {
        Self(snapshot.clone())
    }
}

impl IdWriter for PseudonymText {
    fn write_id(&mut self, person: PersonId, place: IdPlace, out: &mut Vec<u8>) {
        Pseudonyms::of(&self.0).write_id(person, place, out);
    }
}
