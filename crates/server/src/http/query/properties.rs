//! `/events/properties` and its relatives: the values of one event's properties.

use super::context::{Query, off_thread};
use super::error::QueryError;
use super::segmentation::{CountType, TYPES, by_segment, respond, run};
use axum::Json;
use axum::response::{IntoResponse, Response};
use domain::access::{AccessGrant, Action};
use domain::calendar::{CivilRange, ReportZone};
use domain::expression::Expression;
use domain::report::{Breakdown, EventSelection, Insights, MAX_LIMIT, Metric};
use domain::{EventName, Timestamp};
use engine::Snapshot;
use engine::report::{Cancel, names};
use serde_json::{Map, Value, json};

/// Values given when nobody says how many; Mixpanel's.
const VALUES_LIMIT: usize = 255;

/// Days that values are looked for in.
const VALUES_DAYS: u32 = 366;

/// Properties given when nobody says how many; Mixpanel's.
const TOP_LIMIT: usize = 10;

pub async fn properties(query: Query) -> Result<Response, QueryError> {
    let answer = async {
        let event = query.parameters.required("event")?;
        let name = query.parameters.required("name")?;
        let kind = query.parameters.one_of("type", CountType::General, &TYPES)?;
        let wanted = query.parameters.names("values")?;
        let metric = Metric::new(EventSelection::one(event), kind.measurement());
        let mut report = Insights::of(metric, query.period_or_interval()?);
        report.breakdowns = vec![Breakdown::by(Expression::property(name))];
        report.filter = query.expression("where")?;
        let limit = query.parameters.number("limit")?.unwrap_or(VALUES_LIMIT);
        // Wanted values may be rare: take all, then choose.
        report.limit = if wanted.is_some() { MAX_LIMIT } else { u32::try_from(limit).unwrap_or(MAX_LIMIT) };
        let result = run(&query, report).await?;
        let mut values = by_segment(&result);
        if let Some(wanted) = wanted {
            values.retain(|value, _| wanted.contains(value));
        }
        respond(&query, &result, values)
    };
    answer.await.map_err(|error| query.failed(error))
}

/// How many of the event's occurrences have each property.
pub async fn top(query: Query) -> Result<Response, QueryError> {
    let answer = async {
        let event = query.parameters.required("event")?.to_owned();
        let limit = query.parameters.number("limit")?.unwrap_or(TOP_LIMIT);
        query.grant(Action::Report, Vec::new(), None, None).await?;
        let mut rows = match query.snapshot.event_id(&event) {
            Some(id) => query.snapshot.property_names(Some(id)),
            None => Vec::new(),
        };
        rows.sort_by(|left, right| right.count.cmp(&left.count).then_with(|| left.name.cmp(&right.name)));
        rows.truncate(limit);
        let counts: Map<String, Value> =
            rows.into_iter().map(|row| (row.name.to_string(), json!({ "count": row.count }))).collect();
        Ok(Json(counts).into_response())
    };
    answer.await.map_err(|error| query.failed(error))
}

/// The most frequent values of one property.
pub async fn values(query: Query) -> Result<Response, QueryError> {
    let answer = async {
        let event = EventName::from(query.parameters.required("event")?);
        let name = query.parameters.required("name")?.to_owned();
        let limit = query.parameters.number("limit")?.unwrap_or(VALUES_LIMIT);
        let grant = query.grant(Action::PropertyValues, vec![name.clone()], None, None).await?;
        let values = common_values(
            &query.snapshot,
            grant,
            (Some(event), name),
            (&query.zone, query.app.office.clock.now()),
            limit,
        );
        let values: Vec<String> = values.await?;
        Ok(Json(values).into_response())
    };
    answer.await.map_err(|error| query.failed(error))
}

/// Values of a property over the last year, the most frequent first.
pub async fn common_values(
    snapshot: &Snapshot,
    grant: AccessGrant,
    (event, name): (Option<EventName>, String),
    (zone, now): (&ReportZone, Timestamp),
    limit: usize,
) -> Result<Vec<String>, QueryError> {
    let range = CivilRange::last_days(zone.date_of(now), VALUES_DAYS)?;
    let (snapshot, zone) = (snapshot.clone(), zone.clone());
    off_thread(move || {
        let found = names::property_values(
            &snapshot,
            &grant,
            (event, &name),
            (range, zone),
            limit,
            &Cancel::default(),
        )?;
        Ok(found.into_iter().map(|common| common.name).collect())
    })
    .await
}
