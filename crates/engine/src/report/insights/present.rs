//! From what was kept to the series of the result.

use super::Answer;
use super::plan::Plan;
use super::worker::Worker;
use crate::report::measure::Cells;
use domain::report::{HowMade, Metric, RULE_SET, ReportResult, Segment, Series, Window};
use std::cmp::Ordering;

pub(super) fn answer(plan: &Plan, worker: &Worker) -> Answer {
    let report = plan.report();
    let presenter = Presenter { plan, worker };
    let segments = presenter.ranked_segments();
    let shown = segments.len().min(report.limit as usize);
    let (top, rest) = segments.split_at(shown);
    let mut rows: Vec<(Segment, Vec<usize>)> =
        top.iter().map(|at| (Segment::Values(worker.grouper.names(*at)), vec![*at])).collect();
    if !rest.is_empty() {
        rows.push((Segment::Others { segments: rest.len() as u64 }, rest.to_vec()));
    }
    let mut series = Vec::new();
    for (at, metric) in report.metrics.iter().enumerate() {
        series.push(presenter.series(at, metric, Segment::All, None));
        series.extend(
            rows.iter().map(|(segment, groups)| presenter.series(at, metric, segment.clone(), Some(groups))),
        );
    }
    // Each metric has the same rows, so that those of a formula are found by their place.
    let stride = rows.len() + 1;
    for (at, formula) in report.formulas.iter().enumerate() {
        for row in 0..stride {
            let of: Vec<&Series> =
                (0..report.metrics.len()).map(|metric| &series[metric * stride + row]).collect();
            let by_bucket = (0..of[0].values.len())
                .map(|bucket| formula.eval(&of.iter().map(|s| s.values[bucket]).collect::<Vec<_>>()));
            let calculated = Series {
                metric: report.metrics.len() + at,
                name: formula.to_string(),
                segment: of[0].segment.clone(),
                values: by_bucket.collect(),
                total: formula.eval(&of.iter().map(|s| s.total).collect::<Vec<_>>()),
            };
            series.push(calculated);
        }
    }
    let buckets = plan.buckets.as_slice()[plan.before..].to_vec();
    let instants = report.period.range.instants(&report.period.zone);
    let people = worker.people.union(&[0]);
    let how = HowMade {
        rule_set: RULE_SET,
        zone: report.period.zone.clone(),
        range: report.period.range,
        from: instants.start,
        to: instants.end,
        rewrites: plan.rewrites().to_vec(),
        rows: worker.rows,
        people: people.len(),
        fresh_to: None,
        took_ms: None,
    };
    let names = plan.buckets.names().split_off(plan.before);
    Answer { result: ReportResult { buckets, names, series, how }, people }
}

struct Presenter<'a> {
    plan: &'a Plan,
    worker: &'a Worker,
}

impl Presenter<'_> {
    /// Segments by the first metric's figure for the range, the greatest first; ties by name.
    fn ranked_segments(&self) -> Vec<usize> {
        let measurement = &self.plan.report().metrics[0].measurement;
        let cells = &self.worker.tallies[0].split;
        let mut ranked: Vec<(Option<f64>, Vec<String>, usize)> = (0..self.worker.grouper.len())
            .map(|group| {
                let figure = cells.figure(measurement, &self.range_cells(Some(&[group])));
                (figure, self.worker.grouper.names(group), group)
            })
            .collect();
        ranked.sort_by(|(left, left_name, _), (right, right_name, _)| {
            let by_figure = right.partial_cmp(left).unwrap_or(Ordering::Equal);
            by_figure.then_with(|| left_name.cmp(right_name))
        });
        ranked.into_iter().map(|(_, _, group)| group).collect()
    }

    /// The cells of all buckets of the range.
    fn range_cells(&self, groups: Option<&[usize]>) -> Vec<usize> {
        let buckets = self.plan.before..self.plan.buckets.len();
        buckets.flat_map(|bucket| self.bucket_cells(bucket, groups)).collect()
    }

    fn bucket_cells(&self, bucket: usize, groups: Option<&[usize]>) -> Vec<usize> {
        let width = self.plan.buckets.len();
        match groups {
            None => vec![bucket],
            Some(groups) => groups.iter().map(|group| group * width + bucket).collect(),
        }
    }

    fn series(&self, at: usize, metric: &Metric, segment: Segment, groups: Option<&[usize]>) -> Series {
        let tally = &self.worker.tallies[at];
        let cells = if groups.is_some() { &tally.split } else { &tally.all };
        Series {
            metric: at,
            name: metric.name.clone().unwrap_or_else(|| letter(at)),
            segment,
            values: self.by_bucket(cells, metric, groups),
            total: cells.figure(&metric.measurement, &self.range_cells(groups)),
        }
    }

    fn by_bucket(&self, cells: &Cells, metric: &Metric, groups: Option<&[usize]>) -> Vec<Option<f64>> {
        let buckets = self.plan.before..self.plan.buckets.len();
        let of_bucket = |bucket: usize| self.bucket_cells(bucket, groups);
        match metric.window {
            Window::Bucket => {
                buckets.map(|bucket| cells.figure(&metric.measurement, &of_bucket(bucket))).collect()
            }
            Window::Cumulative => {
                cells.running(&metric.measurement, &buckets.map(of_bucket).collect::<Vec<_>>())
            }
            Window::RollingDays(days) => buckets
                .map(|bucket| {
                    let first = (bucket + 1).saturating_sub(usize::from(days));
                    let window: Vec<usize> = (first..=bucket).flat_map(of_bucket).collect();
                    cells.figure(&metric.measurement, &window)
                })
                .collect(),
        }
    }
}

/// What a metric without a name is called: `A`, `B`, …
fn letter(at: usize) -> String {
    char::from(b'A' + (at % 26) as u8).to_string()
}
