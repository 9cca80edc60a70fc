//! `/events`, `/events/top`, `/events/names`.

use super::context::{Query, off_thread};
use super::error::QueryError;
use super::segmentation::{CountType, TYPES, by_event, figure, respond, run};
use axum::Json;
use axum::response::{IntoResponse, Response};
use domain::access::Action;
use domain::calendar::CivilRange;
use domain::report::{EventSelection, Insights, Metric};
use engine::report::{Cancel, names};
use serde_json::{Value, json};

/// Names listed when nobody says how many; Mixpanel's.
const NAMES_LIMIT: usize = 255;

/// Events on the list of today's most frequent; Mixpanel's.
const TOP_LIMIT: usize = 100;

/// Days that `/events/names` looks back; Mixpanel's.
const NAMES_DAYS: u32 = 31;

pub async fn events(query: Query) -> Result<Response, QueryError> {
    let answer = async {
        let events =
            query.parameters.names("event")?.ok_or_else(|| QueryError::invalid("event, missing or empty"))?;
        let kind = query.parameters.one_of("type", CountType::General, &TYPES)?;
        let metric = |name: &String| Metric::new(EventSelection::one(name.as_str()), kind.measurement());
        let period = query.period_or_interval()?;
        let mut report = Insights::of(Metric::new(EventSelection::Any, kind.measurement()), period);
        report.metrics = events.iter().map(metric).collect();
        report.filter = query.expression("where")?;
        let result = run(&query, report).await?;
        let values = by_event(&result, &events);
        respond(&query, &result, values)
    };
    answer.await.map_err(|error| query.failed(error))
}

/// Today's events against yesterday's.
pub async fn top(query: Query) -> Result<Response, QueryError> {
    let answer = async {
        let kind = query.parameters.one_of("type", CountType::General, &TYPES)?;
        let limit = query.parameters.number("limit")?.unwrap_or(TOP_LIMIT);
        let zone = query.zone.clone();
        let today = zone.date_of(query.app.office.clock.now());
        query.grant(Action::Report, Vec::new(), None, None).await?;
        let snapshot = query.snapshot.clone();
        let found = off_thread(move || {
            Ok(names::top_events(&snapshot, kind.measurement(), (today, zone), limit, &Cancel::default())?)
        });
        let events: Vec<Value> = found
            .await?
            .into_iter()
            .map(|top| {
                // The API has no word for "nothing yesterday"; the vendor answers 0.
                let change = top.change.unwrap_or(0.0);
                json!({ "event": top.event, "amount": figure(top.amount), "percent_change": change })
            })
            .collect();
        let kind = query.parameters.get("type").unwrap_or("general");
        Ok(Json(json!({ "events": events, "type": kind })).into_response())
    };
    answer.await.map_err(|error| query.failed(error))
}

/// Names of the last 31 days, the most frequent first.
pub async fn names(query: Query) -> Result<Response, QueryError> {
    let answer = async {
        let kind = query.parameters.one_of("type", CountType::General, &TYPES)?;
        let limit = query.parameters.number("limit")?.unwrap_or(NAMES_LIMIT);
        let zone = query.zone.clone();
        let range = CivilRange::last_days(zone.date_of(query.app.office.clock.now()), NAMES_DAYS)?;
        query.grant(Action::Report, Vec::new(), None, None).await?;
        let snapshot = query.snapshot.clone();
        let found = off_thread(move || {
            let common =
                names::common_events(&snapshot, kind.measurement(), (range, zone), limit, &Cancel::default());
            Ok(common?)
        });
        let names: Vec<String> = found.await?.into_iter().map(|common| common.name).collect();
        Ok(Json(names).into_response())
    };
    answer.await.map_err(|error| query.failed(error))
}
