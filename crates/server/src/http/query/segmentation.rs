//! `/segmentation` and its relatives: one event, counted by time and perhaps by a property.

use super::context::{Query, off_thread};
use super::csv;
use super::error::QueryError;
use axum::Json;
use axum::response::{IntoResponse, Response};
use domain::access::Action;
use domain::expression::Expression;
use domain::report::{
    Aggregate, Breakdown, BreakdownKind, EventSelection, Insights, Measurement, Metric, ReportResult, Segment,
};
use engine::report::{Cancel, ReportError, insights};
use serde_json::{Map, Value, json};

/// The words of `type`.
pub const TYPES: [(&str, CountType); 3] =
    [("general", CountType::General), ("unique", CountType::Unique), ("average", CountType::Average)];

#[derive(Clone, Copy, Debug)]
pub enum CountType {
    General,
    Unique,
    Average,
}

impl CountType {
    pub fn measurement(self) -> Measurement {
        match self {
            Self::General => Measurement::Total,
            Self::Unique => Measurement::Unique,
            Self::Average => Measurement::Average,
        }
    }
}

pub async fn segmentation(query: Query) -> Result<Response, QueryError> {
    let answer = async {
        let kind = query.parameters.one_of("type", CountType::General, &TYPES)?;
        let event = one_event(&query)?;
        let mut report = report(&query, &event, kind.measurement())?;
        if let Some(on) = query.expression("on")? {
            report.breakdowns = vec![Breakdown::by(on)];
        }
        let result = run(&query, report).await?;
        let values = if result.segments(0).next().is_some() || query.parameters.get("on").is_some() {
            by_segment(&result)
        } else {
            by_event(&result, std::slice::from_ref(&event))
        };
        respond(&query, &result, values)
    };
    answer.await.map_err(|error| query.failed(error))
}

pub async fn numeric(query: Query) -> Result<Response, QueryError> {
    let answer = async {
        let kind = query.parameters.one_of("type", CountType::General, &TYPES)?;
        let event = one_event(&query)?;
        let mut report = report(&query, &event, kind.measurement())?;
        report.breakdowns = vec![Breakdown { by: required_on(&query)?, kind: BreakdownKind::NumberRanges }];
        let result = run(&query, report).await?;
        let values = by_segment(&result);
        respond(&query, &result, values)
    };
    answer.await.map_err(|error| query.failed(error))
}

pub async fn sum(query: Query) -> Result<Response, QueryError> {
    let answer = aggregate(&query, Aggregate::Sum).await;
    answer.map_err(|error| query.failed(error))
}

pub async fn average(query: Query) -> Result<Response, QueryError> {
    let answer = aggregate(&query, Aggregate::Average).await;
    answer.map_err(|error| query.failed(error))
}

/// One number a bucket. Where there is no number the documented answer is 0.
async fn aggregate(query: &Query, aggregate: Aggregate) -> Result<Response, QueryError> {
    let event = one_event(query)?;
    let of = required_on(query)?;
    let result = run(query, report(query, &event, Measurement::Number { of, aggregate })?).await?;
    let overall = result.overall(0).map(|series| series.values.as_slice()).unwrap_or_default();
    let results: Map<String, Value> = result
        .names
        .iter()
        .zip(overall)
        .map(|(name, value)| (name.clone(), figure(value.unwrap_or(0.0))))
        .collect();
    let computed_at = query.app.office.clock.now().to_string();
    Ok(Json(json!({ "status": "ok", "computed_at": computed_at, "results": results })).into_response())
}

fn required_on(query: &Query) -> Result<Expression, QueryError> {
    query.expression("on")?.ok_or_else(|| QueryError::invalid("on, missing or empty"))
}

fn one_event(query: &Query) -> Result<String, QueryError> {
    match query.parameters.names("event")?.as_deref() {
        Some([event]) => Ok(event.clone()),
        Some(_) => Err(QueryError::invalid("event must be one name; use /events for several")),
        None => Err(QueryError::invalid("event, missing or empty")),
    }
}

fn report(query: &Query, event: &str, measurement: Measurement) -> Result<Insights, QueryError> {
    let metric = Metric::new(EventSelection::one(event), measurement);
    let mut report = Insights::of(metric, query.period()?);
    report.filter = query.expression("where")?;
    if let Some(limit) = query.parameters.number("limit")? {
        report.limit = limit;
    }
    Ok(report)
}

impl From<ReportError> for QueryError {
    fn from(error: ReportError) -> Self {
        match error {
            ReportError::Read(_) | ReportError::WrongProject { .. } => Self::internal(error),
            told => Self::invalid(told.to_string()),
        }
    }
}

/// Books the question and runs it.
pub async fn run(query: &Query, report: Insights) -> Result<ReportResult, QueryError> {
    query.grant(Action::Report, Vec::new(), None, None).await?;
    let snapshot = query.snapshot.clone();
    off_thread(move || Ok(insights::run(&snapshot, report, &Cancel::default())?.result)).await
}

/// `{"<value>": {"<date>": n}}` of the segments, from the greatest to the least; without "others",
/// which the API does not know.
pub fn by_segment(result: &ReportResult) -> Map<String, Value> {
    result
        .segments(0)
        .filter_map(|series| match &series.segment {
            Segment::Values(values) => Some((values.join(" / "), dated(result, &series.values))),
            _ => None,
        })
        .collect()
}

/// `{"<event>": {"<date>": n}}`, a metric an event.
pub fn by_event(result: &ReportResult, events: &[String]) -> Map<String, Value> {
    let series = events.iter().enumerate().filter_map(|(metric, name)| {
        let overall = result.overall(metric)?;
        Some((name.clone(), dated(result, &overall.values)))
    });
    series.collect()
}

fn dated(result: &ReportResult, values: &[Option<f64>]) -> Value {
    let entries = result.names.iter().zip(values);
    Value::Object(entries.map(|(name, value)| (name.clone(), figure(value.unwrap_or(0.0)))).collect())
}

/// A whole number is written without a fraction.
pub fn figure(value: f64) -> Value {
    if value.fract() == 0.0 && value.abs() < 9e15 { json!(value as i64) } else { json!(value) }
}

/// `{"data": {"series": […], "values": {…}}, "legend_size": k}`, or the same as CSV.
pub fn respond(
    query: &Query,
    result: &ReportResult,
    values: Map<String, Value>,
) -> Result<Response, QueryError> {
    if query.parameters.get("format") == Some("csv") {
        return Ok(csv::series(&result.names, &values));
    }
    let legend_size = values.len();
    let body = json!({ "data": { "series": result.names, "values": values }, "legend_size": legend_size });
    Ok(Json(body).into_response())
}
