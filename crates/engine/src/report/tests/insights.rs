use super::*;
use crate::report::{Cancel, ReportError, insights, run};
use domain::calendar::{CivilRange, Granularity, ReportZone};
use domain::report::{
    Breakdown, BreakdownKind, EventSelection, Funnel, FunnelCounting, FunnelUnit, Insights, Measurement,
    Metric, Period, Report, ReportResult, Segment, StepOrder,
};

fn period(from: &str, to: &str) -> Period {
    Period {
        range: CivilRange::parse(from, to).unwrap(),
        granularity: Granularity::Day,
        zone: ReportZone::UTC,
    }
}

fn ask(snapshot: &Snapshot, report: Insights) -> ReportResult {
    insights::run(snapshot, report, &Cancel::default()).unwrap().result
}

fn segments(result: &ReportResult) -> Vec<(String, Option<f64>)> {
    result
        .segments(0)
        .map(|series| match &series.segment {
            Segment::Values(values) => (values.join(" / "), series.total),
            other => (format!("{other:?}"), series.total),
        })
        .collect()
}

#[test]
fn an_answer_says_how_it_was_made() {
    let snapshot = snapshot_of(vec![
        event("u1", "A", "2024-01-01T10:00:00Z", "{}"),
        event("u2", "A", "2024-01-02T10:00:00Z", "{}"),
        event("u3", "A", "2024-01-03T00:00:00Z", "{}"),
        event("", "A", "2024-01-01T10:00:00Z", "{}"),
    ]);
    let report = Report::Insights(Insights::of(
        Metric::new(EventSelection::one("A"), Measurement::Total),
        period("2024-01-01", "2024-01-02"),
    ));
    let answer = run(&snapshot, &report, &Cancel::default()).unwrap();
    let how = &answer.result.how;
    assert_eq!((how.rows, how.people), (3, 2));
    assert_eq!((how.from, how.to), (at("2024-01-01T00:00:00Z"), at("2024-01-03T00:00:00Z")));
    let of = |name: &str| snapshot.person(&pseudonym(name)).unwrap().0;
    assert_eq!(answer.people, [of("u1"), of("u2")].into_iter().collect());
    assert_eq!(answer.result.overall(0).unwrap().total, Some(3.0));
}

#[test]
fn unknown_events_are_zero_and_not_any_event() {
    let snapshot = snapshot_of(vec![event("u1", "A", "2024-01-01T10:00:00Z", "{}")]);
    for (measurement, expected) in [(Measurement::Total, Some(0.0)), (Measurement::Average, None)] {
        let metric = Metric::new(EventSelection::one("nothing"), measurement);
        let result = ask(&snapshot, Insights::of(metric, period("2024-01-01", "2024-01-01")));
        assert_eq!(result.overall(0).unwrap().values, [expected]);
    }
}

#[test]
fn other_kinds_and_cancelled_questions_are_refused() {
    let snapshot = snapshot_of(vec![event("u1", "A", "2024-01-01T10:00:00Z", "{}")]);
    let funnel = Report::Funnel(Funnel {
        steps: vec![],
        window_ms: 1,
        grace_ms: 0,
        order: StepOrder::Ordered,
        counting: FunnelCounting::default(),
        unit: FunnelUnit::Person,
        exclusions: vec![],
        filter: None,
        breakdowns: vec![],
        period: period("2024-01-01", "2024-01-01"),
    });
    assert!(matches!(
        run(&snapshot, &funnel, &Cancel::default()),
        Err(ReportError::KindNotRunnable("funnel"))
    ));
    let cancel = Cancel::default();
    cancel.cancel();
    let metric = Metric::new(EventSelection::Any, Measurement::Total);
    let report = Insights::of(metric, period("2024-01-01", "2024-01-01"));
    assert!(matches!(insights::run(&snapshot, report, &cancel), Err(ReportError::Cancelled)));
}

#[test]
fn too_many_segments_are_an_error_not_a_wrong_number() {
    let events: Vec<Event> = (0..600)
        .map(|n| {
            event(&format!("u{n}"), "A", "2024-01-01T10:00:00Z", &format!("{{\"p\":\"{n}\",\"q\":{n}}}"))
        })
        .collect();
    let snapshot = snapshot_of(events);
    let metric = Metric::new(EventSelection::Any, Measurement::Total);
    let mut report = Insights::of(metric, period("2015-01-01", "2024-12-31"));
    report.breakdowns.push(Breakdown::by(domain::expression::parse("properties[\"p\"]").unwrap()));
    assert!(matches!(
        insights::run(&snapshot, report, &Cancel::default()),
        Err(ReportError::TooManySegments)
    ));
}

#[test]
fn number_ranges() {
    let events: Vec<Event> = [2000.0, 2050.5, 2100.0, 3899.0]
        .iter()
        .enumerate()
        .map(|(n, amount)| {
            event(&format!("u{n}"), "A", "2024-01-01T10:00:00Z", &format!("{{\"amount\":{amount}}}"))
        })
        .chain([event("u9", "A", "2024-01-01T10:00:00Z", "{\"amount\":\"many\"}")])
        .chain([event("u9", "B", "2024-01-01T10:00:00Z", "{\"amount\":1000000}")])
        .collect();
    let snapshot = snapshot_of(events);
    let metric = Metric::new(EventSelection::one("A"), Measurement::Total);
    let mut report = Insights::of(metric, period("2024-01-01", "2024-01-01"));
    let by = domain::expression::parse("properties[\"amount\"]").unwrap();
    report.breakdowns.push(Breakdown { by, kind: BreakdownKind::NumberRanges });
    assert_eq!(
        segments(&ask(&snapshot, report)),
        [
            ("2,000 - 2,100".to_owned(), Some(2.0)),
            ("2,100 - 2,200".to_owned(), Some(1.0)),
            ("3,800 - 3,900".to_owned(), Some(1.0)),
        ]
    );
}

#[test]
fn whole_numbers_keep_all_their_digits_in_a_breakdown() {
    let snapshot = snapshot_of(vec![
        event("u1", "A", "2024-01-01T10:00:00Z", "{\"n\":9007199254740993}"),
        event("u1", "A", "2024-01-01T11:00:00Z", "{\"n\":9007199254740992}"),
    ]);
    let metric = Metric::new(EventSelection::Any, Measurement::Total);
    let mut report = Insights::of(metric, period("2024-01-01", "2024-01-01"));
    report.breakdowns.push(Breakdown::by(domain::expression::parse("properties[\"n\"]").unwrap()));
    let names: Vec<String> = segments(&ask(&snapshot, report)).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["9007199254740992", "9007199254740993"]);
}

#[test]
fn two_breakdowns_cross_and_profiles_count() {
    let mut batches = batches_of(vec![
        event("u1", "A", "2024-01-01T10:00:00Z", "{\"p\":[\"x\",\"y\"]}"),
        event("u1", "A", "2024-01-01T11:00:00Z", "{\"p\":\"x\"}"),
        event("u2", "A", "2024-01-01T11:00:00Z", "{\"p\":\"x\"}"),
        event("", "A", "2024-01-01T11:00:00Z", "{}"),
    ]);
    batches[0].profiles = vec![domain::profile::ProfileUpdate {
        subject: domain::profile::ProfileSubject::Person(pseudonym("u1")),
        time: at("2024-01-01T00:00:00Z"),
        operators: vec![domain::profile::ProfileOperator::Set(properties("{\"plan\":\"pro\"}"))],
        ignore_time: true,
    }];
    let snapshot = Snapshot::in_memory(PROJECT, IdentityMode::Simplified, &batches);
    let parse = |text| domain::expression::parse(text).unwrap();
    let metric = Metric::new(EventSelection::Any, Measurement::Total);
    let mut report = Insights::of(metric, period("2024-01-01", "2024-01-01"));
    report.breakdowns.push(Breakdown::by(parse("properties[\"p\"]")));
    report.breakdowns.push(Breakdown::by(parse("user[\"plan\"]")));
    let row = |name: &str, figure: f64| (name.to_owned(), Some(figure));
    assert_eq!(
        segments(&ask(&snapshot, report.clone())),
        [
            row("x / pro", 2.0),
            row("(not set) / (not set)", 1.0),
            row("x / (not set)", 1.0),
            row("y / pro", 1.0)
        ]
    );
    report.filter = Some(parse("user[\"plan\"] != \"pro\""));
    assert_eq!(
        segments(&ask(&snapshot, report)),
        [row("(not set) / (not set)", 1.0), row("x / (not set)", 1.0)]
    );
}
