use super::*;
use crate::expression::{Expression, parse};

fn period() -> Period {
    Period {
        range: CivilRange::parse("2024-01-01", "2024-01-07").unwrap(),
        granularity: Granularity::Day,
        zone: ReportZone::UTC,
    }
}

fn insights() -> Insights {
    Insights::of(Metric::new(EventSelection::one("A"), Measurement::Total), period())
}

fn round_trip(report: &Report) {
    let json = serde_json::to_string(report).unwrap();
    assert_eq!(&serde_json::from_str::<Report>(&json).unwrap(), report, "{json}");
    assert!(json.starts_with(&format!("{{\"kind\":\"{}\"", report.kind())), "{json}");
}

#[test]
fn reports_travel_as_json() {
    let of = EventFilter { events: EventSelection::one("B"), filter: Some(parse("1 < 2").unwrap()) };
    let step = |name: &str| Step {
        name: Some(name.into()),
        of: EventFilter { events: EventSelection::one(name), filter: None },
    };
    let mut full = insights();
    full.metrics.push(Metric {
        name: Some("p90".into()),
        of: of.clone(),
        measurement: Measurement::Number {
            of: parse("properties[\"x\"]").unwrap(),
            aggregate: Aggregate::Percentile(90.0),
        },
        window: Window::RollingDays(7),
    });
    full.formulas.push("A / B".parse().unwrap());
    full.filter = Some(parse("properties[\"plan\"] == \"pro\"").unwrap());
    full.breakdowns.push(Breakdown { by: parse("user[\"x\"]").unwrap(), kind: BreakdownKind::NumberRanges });
    round_trip(&Report::Insights(full));
    round_trip(&Report::Funnel(Funnel {
        steps: vec![step("A"), step("B")],
        window_ms: 86_400_000,
        grace_ms: 2000,
        order: StepOrder::Any,
        counting: FunnelCounting::Uniques(Reentry::Optimized),
        unit: FunnelUnit::Group("company".into()),
        exclusions: vec![Exclusion { of: of.clone(), after_step: Some(0), effect: ExclusionEffect::Remove }],
        filter: None,
        breakdowns: vec![Breakdown::by(Expression::property("country"))],
        period: period(),
    }));
    round_trip(&Report::Retention(Retention {
        birth: of.clone(),
        returning: EventFilter::default(),
        counting: RetentionKind::Recurring,
        periods: RetentionPeriods::Rolling,
        rule: ReturnRule::OnOrAfter,
        offsets: 11,
        breakdowns: vec![],
        period: period(),
    }));
    round_trip(&Report::Flow(Flow {
        anchor: of.clone(),
        steps_before: 1,
        steps_after: 4,
        events: EventSelection::Any,
        collapse_repeats: true,
        session_gap_ms: 1_800_000,
        breakdowns: vec![],
        period: period(),
        limit: 10,
    }));
    let cohort = Cohort {
        name: "Active".into(),
        description: String::new(),
        rule: CohortRule::All(vec![
            CohortRule::Did { of, at_least: 3, last_days: 30 },
            CohortRule::Not(Box::new(CohortRule::Profile(parse("user[\"plan\"] == \"free\"").unwrap()))),
        ]),
    };
    let json = serde_json::to_string(&cohort).unwrap();
    assert_eq!(serde_json::from_str::<Cohort>(&json).unwrap(), cohort);
}

#[test]
fn a_short_report_is_enough() {
    let json = r#"{"kind":"insights","metrics":[{"measurement":{"kind":"unique"}}],
        "period":{"range":{"from":"2024-01-01","to":"2024-01-02"},"zone":"Europe/Bucharest"}}"#;
    let Report::Insights(report) = serde_json::from_str(json).unwrap() else { panic!("not insights") };
    assert_eq!(report.metrics[0].of.events, EventSelection::Any);
    assert_eq!((report.limit, report.period.granularity), (DEFAULT_LIMIT, Granularity::Day));
}

#[test]
fn problems_are_named() {
    let mut no_metric = insights();
    no_metric.metrics.clear();
    let mut many = insights();
    many.metrics = vec![many.metrics[0].clone(); MAX_METRICS + 1];
    let mut no_event = insights();
    no_event.metrics[0].of.events = EventSelection::Named(vec![]);
    let mut percentile = insights();
    percentile.metrics[0].measurement =
        Measurement::Number { of: Expression::property("x"), aggregate: Aggregate::Percentile(f64::NAN) };
    let mut window = insights();
    window.metrics[0].measurement = Measurement::Average;
    window.metrics[0].window = Window::Cumulative;
    let mut rolling = insights();
    rolling.metrics[0].window = Window::RollingDays(7);
    rolling.period.granularity = Granularity::Week;
    let mut breakdowns = insights();
    breakdowns.breakdowns = vec![Breakdown::by(Expression::property("x")); MAX_BREAKDOWNS + 1];
    let mut formula = insights();
    formula.formulas.push("A / B".parse().unwrap());
    let cases = [
        (no_metric, ReportProblem::NoMetric),
        (many, ReportProblem::TooManyMetrics),
        (no_event, ReportProblem::NoEvent),
        (percentile, ReportProblem::BadPercentile),
        (window, ReportProblem::WindowNotCounting),
        (rolling, ReportProblem::BadRollingWindow),
        (breakdowns, ReportProblem::TooManyBreakdowns),
        (formula, ReportProblem::FormulaWithoutMetric),
    ];
    for (report, problem) in cases {
        assert_eq!(report.normalise(), Err(problem));
    }
}

#[test]
fn normal_form_is_canonical_and_stable() {
    let mut report = insights();
    report.limit = 0;
    report.filter = Some(parse("properties[\"a\"] == 1").unwrap());
    report.metrics[0].of.events = EventSelection::Named(vec!["B".into(), "A".into(), "B".into()]);
    report.metrics.push(Metric {
        of: EventFilter {
            events: EventSelection::Any,
            filter: Some(parse("properties[\"b\"] == 2").unwrap()),
        },
        ..report.metrics[0].clone()
    });
    let normal = report.normalise().unwrap();
    assert_eq!(
        normal.rewrites(),
        ["give the report's filter to each metric", "name each event once", "keep the limit in bounds"]
    );
    let filters: Vec<_> =
        normal.get().metrics.iter().map(|m| m.of.filter.as_ref().unwrap().to_string()).collect();
    assert_eq!(filters, ["properties[\"a\"] == 1", "properties[\"a\"] == 1 and properties[\"b\"] == 2"]);
    assert_eq!(normal.get().metrics[0].of.events, EventSelection::Named(vec!["A".into(), "B".into()]));
    assert_eq!(normal.get().limit, 1);
    let again = normal.get().clone().normalise().unwrap();
    assert_eq!(again.get(), normal.get());
    assert!(again.rewrites().is_empty());

    let mut idle = insights();
    idle.filter = Some(Expression::Boolean(true));
    assert_eq!(idle.normalise().unwrap().get(), insights().normalise().unwrap().get());
}

/// T09
#[test]
fn formulas() {
    let formula: Formula = "A / B".parse().unwrap();
    let ratios =
        [(10.0, 5.0), (0.0, 0.0), (5.0, 0.0), (15.0, 5.0)].map(|(a, b)| formula.eval(&[Some(a), Some(b)]));
    assert_eq!(ratios, [Some(2.0), None, None, Some(3.0)]);
    assert_eq!(formula.eval(&[Some(1.0), None]), None);
    let longer: Formula = "100*(A-C)/number(A)".parse().unwrap();
    assert_eq!(longer.to_string(), "100 * (A - C) / number(A)");
    assert_eq!(longer.to_string().parse::<Formula>().unwrap(), longer);
    assert_eq!(longer.metrics_needed(), 3);
    for wrong in ["1 + 2", "user[\"A\"]", "properties[\"plan\"]", "AB + 1"] {
        assert!(wrong.parse::<Formula>().is_err(), "{wrong}");
    }
}

#[test]
fn figures_that_are_whole_are_written_whole() {
    let series = Series {
        metric: 0,
        name: "A".into(),
        segment: Segment::Others { segments: 2 },
        values: vec![Some(3.0), Some(0.5), None],
        total: Some(-2.0),
    };
    assert_eq!(
        serde_json::to_string(&series).unwrap(),
        r#"{"metric":0,"name":"A","segment":{"others":{"segments":2}},"values":[3,0.5,null],"total":-2}"#
    );
}
