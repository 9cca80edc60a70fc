use super::signed_in::SignedIn;
use crate::http::problem::{Fault, Problem, ProblemBody};
use crate::http::query::{LedgerQuestion, grant};
use crate::wiring::App;
use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use domain::ProjectId;
use domain::access::{Action, Purpose, ReadScope};
use domain::calendar::{CivilRange, Granularity, ReportZone};
use domain::expression::{self, Expression};
use domain::report::{
    Aggregate, Breakdown, EventSelection, Insights, Measurement, Metric, Period, ReportResult, Segment,
};
use engine::report::{Cancel, ReportError, insights};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
pub struct RunReport {
    project: u32,
    report: ReportView,
}

/// A report of any kind; today Insights.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ReportView {
    Insights(InsightsView),
}

#[derive(Deserialize, Serialize, ToSchema)]
pub struct InsightsView {
    metrics: Vec<MetricView>,
    /// Expressions such as `properties["plan"]`.
    #[serde(default)]
    breakdowns: Vec<String>,
    #[serde(default)]
    filter: Option<String>,
    range: RangeView,
    #[serde(default)]
    granularity: GranularityView,
    /// Segments shown; the others are summed up.
    #[serde(default)]
    limit: Option<u32>,
}

#[derive(Deserialize, Serialize, ToSchema)]
pub struct MetricView {
    /// Names of events; none means any.
    #[serde(default)]
    events: Vec<String>,
    measurement: MeasurementView,
    #[serde(default)]
    filter: Option<String>,
}

#[derive(Deserialize, Serialize, ToSchema)]
pub struct MeasurementView {
    kind: MeasurementKind,
    /// Name of the property that is measured, for all but the first three kinds.
    #[serde(default)]
    property: Option<String>,
}

#[derive(Deserialize, Serialize, ToSchema, Clone, Copy)]
#[serde(rename_all = "snake_case")]
pub enum MeasurementKind {
    Total,
    Unique,
    Average,
    Sum,
    Mean,
    Median,
    P90,
    Min,
    Max,
    Distinct,
}

#[derive(Deserialize, Serialize, ToSchema)]
#[serde(untagged)]
pub enum RangeView {
    /// Both inclusive, in the project's time zone.
    Dates {
        #[schema(format = Date)]
        from: String,
        #[schema(format = Date)]
        to: String,
    },
    /// Up to today.
    LastDays { last_days: u32 },
}

#[derive(Deserialize, Serialize, ToSchema, Clone, Copy, Default)]
#[serde(rename_all = "snake_case")]
pub enum GranularityView {
    Minute,
    Hour,
    #[default]
    Day,
    Week,
    Month,
    Quarter,
}

#[derive(Serialize, ToSchema)]
pub struct ReportAnswer {
    buckets: Vec<BucketView>,
    series: Vec<SeriesView>,
    made: MadeView,
}

#[derive(Serialize, ToSchema)]
pub struct BucketView {
    /// With the offset of the project's zone at that time.
    start: String,
    /// False while the bucket's time is not over.
    complete: bool,
}

#[derive(Serialize, ToSchema)]
pub struct SeriesView {
    metric: usize,
    /// One value for each breakdown; empty for all rows together.
    breakdown: Vec<String>,
    /// True for the sum of the segments beyond the limit.
    others: bool,
    values: Vec<Option<f64>>,
    /// Over the whole range, never the sum of the buckets of unique people.
    total: Option<f64>,
}

/// How the answer was made.
#[derive(Serialize, ToSchema)]
pub struct MadeView {
    rules: &'static str,
    zone: String,
    range: MadeRange,
    /// Time of the last event that is in the answer's project.
    freshness: Option<String>,
    rows: u64,
    people: u64,
    took_ms: u64,
}

#[derive(Serialize, ToSchema)]
pub struct MadeRange {
    from: String,
    to: String,
}

/// Run a report.
#[utoipa::path(post, path = "/api/v1/reports/run", request_body = RunReport,
    responses((status = 200, body = ReportAnswer), (status = 400, body = ProblemBody),
        (status = 401, body = ProblemBody), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub async fn run(
    State(app): State<Arc<App>>,
    who: SignedIn,
    request: Result<Json<RunReport>, JsonRejection>,
) -> Result<Json<ReportAnswer>, Problem> {
    let Json(request) = request.map_err(|error| Fault::InvalidRequest.because(error.body_text()))?;
    let (project, _) = who.project(&app, ProjectId(request.project)).await?;
    let zone = ReportZone::named(&project.timezone).map_err(Problem::internal)?;
    let question = serde_json::to_string(&request.report).map_err(Problem::internal)?;
    let ReportView::Insights(view) = request.report;
    let started = app.office.clock.now();
    let today = zone.date_of(started);
    let report = view.into_report(zone, today)?;
    let slot = Arc::clone(&app.query_slots).try_acquire_owned().map_err(|_| Fault::TooManyQueries)?;
    let swept = app.classifier.sweep_text(None, &question, &mut Vec::new());
    let question = LedgerQuestion {
        actor: who.actor(),
        purpose: Purpose("analysis".to_owned()),
        project: project.id,
        scope: ReadScope::Pseudonymous,
        action: Action::Report,
        query: swept.unwrap_or(question),
        fields: Vec::new(),
        people: None,
        rows: None,
    };
    grant(&app, question).await.map_err(|cause| Fault::Unavailable.because(cause))?;
    let snapshot = app.engine.snapshot(project.id).map_err(Problem::internal)?;
    let cancel = Cancel::default();
    let _cancel_when_client_goes = CancelOnDrop(cancel.clone());
    let last = snapshot.event_names().into_iter().map(|event| event.last_seen).max();
    let running = tokio::task::spawn_blocking(move || {
        let _slot = slot;
        insights::run(&snapshot, report, &cancel)
    });
    let result = match running.await.map_err(Problem::internal)? {
        Ok(answer) => answer.result,
        Err(ReportError::Cancelled) => return Err(Fault::Cancelled.into()),
        Err(broken @ (ReportError::Read(_) | ReportError::WrongProject { .. })) => {
            return Err(Problem::internal(broken));
        }
        Err(told) => return Err(Fault::InvalidReport.because(told)),
    };
    let now = app.office.clock.now();
    let took_ms = u64::try_from(now.millis() - started.millis()).unwrap_or(0);
    Ok(Json(answer(result, now, last, took_ms)))
}

/// Dropped with its handler when the client goes away: the report then stops at its next block.
struct CancelOnDrop(Cancel);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

impl InsightsView {
    fn into_report(self, zone: ReportZone, today: jiff::civil::Date) -> Result<Insights, Problem> {
        let range = match self.range {
            RangeView::Dates { from, to } => CivilRange::parse(&from, &to),
            RangeView::LastDays { last_days } => CivilRange::last_days(today, last_days),
        };
        let range = range.map_err(|error| Fault::InvalidReport.because(error))?;
        let period = Period { range, granularity: self.granularity.into(), zone };
        let metrics: Vec<Metric> =
            self.metrics.into_iter().map(MetricView::into_metric).collect::<Result<_, _>>()?;
        let first = metrics.first().cloned().ok_or_else(|| Fault::InvalidReport.because("add a metric"))?;
        let mut report = Insights::of(first, period);
        report.metrics = metrics;
        report.filter = self.filter.as_deref().map(parse).transpose()?;
        report.breakdowns =
            self.breakdowns.iter().map(|text| parse_on(text).map(Breakdown::by)).collect::<Result<_, _>>()?;
        report.limit = self.limit.unwrap_or(report.limit);
        Ok(report)
    }
}

impl MetricView {
    fn into_metric(self) -> Result<Metric, Problem> {
        let events = if self.events.is_empty() {
            EventSelection::Any
        } else {
            EventSelection::Named(self.events.into_iter().map(Into::into).collect())
        };
        let mut metric = Metric::new(events, self.measurement.into_measurement()?);
        metric.of.filter = self.filter.as_deref().map(parse).transpose()?;
        Ok(metric)
    }
}

impl MeasurementView {
    fn into_measurement(self) -> Result<Measurement, Problem> {
        let property = self.property;
        let of = || match &property {
            Some(name) => Ok(Expression::property(name.as_str())),
            None => Err(Fault::InvalidReport.because("this measurement needs a property")),
        };
        let number = |aggregate| Ok(Measurement::Number { of: of()?, aggregate });
        match self.kind {
            MeasurementKind::Total => Ok(Measurement::Total),
            MeasurementKind::Unique => Ok(Measurement::Unique),
            MeasurementKind::Average => Ok(Measurement::Average),
            MeasurementKind::Sum => number(Aggregate::Sum),
            MeasurementKind::Mean => number(Aggregate::Average),
            MeasurementKind::Median => number(Aggregate::Median),
            MeasurementKind::P90 => number(Aggregate::Percentile(90.0)),
            MeasurementKind::Min => number(Aggregate::Min),
            MeasurementKind::Max => number(Aggregate::Max),
            MeasurementKind::Distinct => Ok(Measurement::Distinct { of: of()? }),
        }
    }
}

impl From<GranularityView> for Granularity {
    fn from(view: GranularityView) -> Self {
        match view {
            GranularityView::Minute => Self::Minute,
            GranularityView::Hour => Self::Hour,
            GranularityView::Day => Self::Day,
            GranularityView::Week => Self::Week,
            GranularityView::Month => Self::Month,
            GranularityView::Quarter => Self::Quarter,
        }
    }
}

fn parse(text: &str) -> Result<Expression, Problem> {
    expression::parse(text).map_err(|error| Fault::InvalidReport.because(error))
}

fn parse_on(text: &str) -> Result<Expression, Problem> {
    expression::parse_on(text).map_err(|error| Fault::InvalidReport.because(error))
}

fn answer(
    result: ReportResult,
    now: domain::Timestamp,
    last: Option<domain::Timestamp>,
    took_ms: u64,
) -> ReportAnswer {
    let buckets = result
        .buckets
        .iter()
        .map(|bucket| BucketView { start: bucket.iso(), complete: bucket.end <= now })
        .collect();
    let has_segments = result.series.iter().any(|series| series.segment != Segment::All);
    let series = result
        .series
        .into_iter()
        // With a breakdown the whole is the segments; without one it is all there is.
        .filter(|series| !has_segments || series.segment != Segment::All)
        .map(|series| {
            let (breakdown, others) = match series.segment {
                Segment::All => (Vec::new(), false),
                Segment::Values(values) => (values, false),
                Segment::Others { segments } => (vec![segments.to_string()], true),
            };
            SeriesView {
                metric: series.metric,
                breakdown,
                others,
                values: series.values,
                total: series.total,
            }
        })
        .collect();
    let how = result.how;
    let made = MadeView {
        rules: how.rule_set,
        zone: how.zone.name().to_owned(),
        range: MadeRange { from: how.range.from().to_string(), to: how.range.to().to_string() },
        freshness: last.map(|at| at.to_string()),
        rows: how.rows,
        people: how.people,
        took_ms,
    };
    ReportAnswer { buckets, series, made }
}
