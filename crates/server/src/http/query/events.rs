//! `/events`, `/events/top`, `/events/names`.

use super::context::{Query, off_thread};
use super::error::QueryError;
use super::segmentation::{CountType, TYPES, by_event, figure, respond, run};
use axum::Json;
use axum::response::{IntoResponse, Response};
use domain::access::Action;
use domain::calendar::CivilRange;
use domain::calendar::Granularity;
use domain::report::{EventSelection, Insights, Metric, Period};
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
        let today = query.zone.date_of(query.app.office.clock.now());
        let period = Period {
            range: CivilRange::last_days(today, 2)?,
            granularity: Granularity::Day,
            zone: query.zone.clone(),
        };
        query.grant(Action::Report, Vec::new(), None, None).await?;
        let snapshot = query.snapshot.clone();
        let measurement = kind.measurement();
        let counts =
            off_thread(move || Ok(engine::report::counts_by_event(&snapshot, &period, &measurement)?)).await?;
        let mut rows: Vec<(String, f64, f64)> = counts
            .into_iter()
            .map(|(name, days)| {
                let day = |index: usize| days.get(index).copied().flatten().unwrap_or(0.0);
                (name.to_string(), day(1), day(0))
            })
            .filter(|(_, today, _)| *today > 0.0)
            .collect();
        rows.sort_by(|left, right| right.1.total_cmp(&left.1).then_with(|| left.0.cmp(&right.0)));
        rows.truncate(limit);
        let events: Vec<Value> = rows
            .into_iter()
            .map(|(name, today, yesterday)| {
                let change = if yesterday > 0.0 { (today - yesterday) / yesterday } else { 0.0 };
                json!({ "event": name, "amount": figure(today), "percent_change": change })
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
        let today = query.zone.date_of(query.app.office.clock.now());
        let period = Period {
            range: CivilRange::last_days(today, NAMES_DAYS)?,
            granularity: Granularity::Month,
            zone: query.zone.clone(),
        };
        query.grant(Action::Report, Vec::new(), None, None).await?;
        let snapshot = query.snapshot.clone();
        let measurement = kind.measurement();
        let counts =
            off_thread(move || Ok(engine::report::counts_by_event(&snapshot, &period, &measurement)?)).await?;
        let mut rows: Vec<(String, f64)> = counts
            .into_iter()
            .map(|(name, parts)| (name.to_string(), parts.into_iter().flatten().sum()))
            .filter(|(_, count)| *count > 0.0)
            .collect();
        rows.sort_by(|left, right| right.1.total_cmp(&left.1).then_with(|| left.0.cmp(&right.0)));
        rows.truncate(limit);
        let names: Vec<String> = rows.into_iter().map(|(name, _)| name).collect();
        Ok(Json(names).into_response())
    };
    answer.await.map_err(|error| query.failed(error))
}
