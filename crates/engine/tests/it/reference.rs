//! Insights worked out the slow and plain way, compared with the operator over random events.

use crate::world::{Kept, World, properties, pseudonym};
use domain::calendar::{CivilRange, Granularity, ReportZone};
use domain::expression::{ExprValue, Expression, PropertyScope, PropertySource, parse};
use domain::report::{
    Aggregate, Breakdown, EventFilter, EventSelection, Insights, Measurement, Metric, NOT_SET, Period,
    Segment, Window,
};
use domain::{Event, Pseudonym, Timestamp};
use engine::Snapshot;
use engine::report::{Cancel, insights};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// An event as the rules see it, after duplicates and merges.
#[derive(Clone, Debug)]
struct Seen {
    who: Option<Pseudonym>,
    event: Event,
}

impl PropertySource for Seen {
    fn property(&self, scope: PropertyScope, name: &str) -> ExprValue<'_> {
        match (scope, name) {
            (PropertyScope::User, _) => ExprValue::Undefined,
            (_, "$event_name") => ExprValue::text(self.event.name.as_str()),
            (_, "distinct_id") => {
                self.who.map_or(ExprValue::Undefined, |who| ExprValue::text(who.to_string()))
            }
            _ => self.event.properties.property(scope, name),
        }
    }
}

/// The latest arrival of each key; devices count for the user of the earliest event with both.
fn seen(events: &[Event]) -> Vec<Seen> {
    let mut latest = BTreeMap::new();
    let mut users: BTreeMap<Pseudonym, (Timestamp, Pseudonym)> = BTreeMap::new();
    for event in events {
        let key =
            (event.name.as_str().to_owned(), event.distinct, event.time, event.insert_id.as_str().to_owned());
        latest.insert(key, event.clone());
        if let (Some(device), Some(user)) = (event.device, event.user) {
            let candidate = (event.time, user);
            users.entry(device).and_modify(|first| *first = candidate.min(*first)).or_insert(candidate);
        }
    }
    latest
        .into_values()
        .map(|event| {
            let who = event.distinct.map(|id| users.get(&id).map_or(id, |(_, user)| *user));
            Seen { who, event }
        })
        .collect()
}

fn values_of(by: &Expression, row: &Seen) -> BTreeSet<String> {
    let name = |value: &ExprValue<'_>| value.to_text().map_or(NOT_SET.to_owned(), |text| text.into_owned());
    match by.eval(row) {
        ExprValue::List(items) if !items.is_empty() => items.iter().map(name).collect(),
        ExprValue::List(_) => BTreeSet::from([NOT_SET.to_owned()]),
        single => BTreeSet::from([name(&single)]),
    }
}

fn figure(measurement: &Measurement, rows: &[&Seen]) -> Option<f64> {
    let people: BTreeSet<Pseudonym> = rows.iter().filter_map(|row| row.who).collect();
    match measurement {
        Measurement::Total => Some(rows.len() as f64),
        Measurement::Unique => Some(people.len() as f64),
        Measurement::Average => (!people.is_empty()).then(|| rows.len() as f64 / people.len() as f64),
        Measurement::Distinct { of } => {
            let mut values = BTreeSet::new();
            for row in rows {
                match of.eval(*row) {
                    ExprValue::List(items) => values
                        .extend(items.iter().filter_map(|item| item.to_text().map(|text| text.into_owned()))),
                    single => values.extend(single.to_text().map(|text| text.into_owned())),
                }
            }
            Some(values.len() as f64)
        }
        Measurement::Number { of, aggregate } => {
            let mut numbers: Vec<f64> = Vec::new();
            for row in rows {
                match of.eval(*row) {
                    ExprValue::Number(number) => numbers.push(number),
                    ExprValue::List(items) => numbers.extend(items.iter().filter_map(|item| match item {
                        ExprValue::Number(number) => Some(*number),
                        _ => None,
                    })),
                    _ => {}
                }
            }
            numbers.sort_by(f64::total_cmp);
            let some = |figure: f64| (!numbers.is_empty()).then_some(figure);
            let rank = |p: f64| {
                let rank = p / 100.0 * (numbers.len().max(1) - 1) as f64;
                let at = |index: f64| numbers.get(index as usize).copied().unwrap_or(0.0);
                some(at(rank.floor()) + (at(rank.ceil()) - at(rank.floor())) * rank.fract())
            };
            match aggregate {
                Aggregate::Sum => Some(numbers.iter().sum()),
                Aggregate::Average => some(numbers.iter().sum::<f64>() / numbers.len() as f64),
                Aggregate::Min => some(*numbers.first().unwrap_or(&0.0)),
                Aggregate::Max => some(*numbers.last().unwrap_or(&0.0)),
                Aggregate::Median => rank(50.0),
                Aggregate::Percentile(p) => rank(*p),
                Aggregate::Count => Some(numbers.len() as f64),
            }
        }
    }
}

type Line = (usize, Segment, Vec<Option<f64>>, Option<f64>);

fn reference(report: &Insights, seen: &[Seen]) -> Vec<Line> {
    let zone = &report.period.zone;
    let range = report.period.range;
    let first_of = |row: &Seen| first_date(zone.date_of(row.event.time), report.period.granularity);
    let mut starts: Vec<jiff::civil::Date> = Vec::new();
    let mut day = range.from();
    while day <= range.to() {
        let first = first_date(day, report.period.granularity);
        if starts.last() != Some(&first) {
            starts.push(first);
        }
        day = day.tomorrow().unwrap();
    }
    let in_range = |row: &Seen| {
        let date = zone.date_of(row.event.time);
        range.from() <= date && date <= range.to()
    };
    let kept = |metric: &Metric, row: &Seen| {
        let of_event = match &metric.of.events {
            EventSelection::Any => true,
            EventSelection::Named(names) => names.contains(&row.event.name),
        };
        of_event && [&metric.of.filter, &report.filter].into_iter().flatten().all(|f| f.eval(row).is_true())
    };
    let line = |at: usize, segment: Segment, rows: Vec<&Seen>| {
        let metric = &report.metrics[at];
        let values = starts.iter().map(|start| {
            let within = |row: &&&Seen| match metric.window {
                Window::Bucket => in_range(row) && first_of(row) == *start,
                Window::Cumulative => in_range(row) && first_of(row) <= *start,
                Window::RollingDays(days) => {
                    let date = zone.date_of(row.event.time);
                    let first = *start - jiff::Span::new().days(i64::from(days) - 1);
                    first <= date && date <= *start
                }
            };
            let of_bucket: Vec<&Seen> = rows.iter().filter(within).copied().collect();
            figure(&metric.measurement, &of_bucket)
        });
        let all: Vec<&Seen> = rows.iter().filter(|row| in_range(row)).copied().collect();
        (at, segment, values.collect::<Vec<_>>(), figure(&metric.measurement, &all))
    };
    let mut lines = Vec::new();
    let by = report.breakdowns.first().map(|breakdown| &breakdown.by);
    let longest = report.metrics.iter().map(|m| match m.window {
        Window::RollingDays(days) => i64::from(days) - 1,
        _ => 0,
    });
    let look_back = range.from() - jiff::Span::new().days(longest.max().unwrap_or(0));
    let scanned = |row: &Seen| {
        let date = zone.date_of(row.event.time);
        look_back <= date && date <= range.to()
    };
    let mut names = BTreeSet::new();
    if let Some(by) = by {
        for row in seen.iter().filter(|row| scanned(row)) {
            if report.metrics.iter().any(|metric| kept(metric, row)) {
                names.extend(values_of(by, row));
            }
        }
    }
    let rows_of = |at: usize, name: &str| -> Vec<&Seen> {
        seen.iter()
            .filter(|row| kept(&report.metrics[at], row))
            .filter(|row| by.is_some_and(|by| values_of(by, row).contains(name)))
            .collect()
    };
    let mut ranked: Vec<(Option<f64>, String)> =
        names.into_iter().map(|name| (line(0, Segment::All, rows_of(0, &name)).3, name)).collect();
    ranked.sort_by(|left, right| right.0.partial_cmp(&left.0).unwrap().then(left.1.cmp(&right.1)));
    let (top, rest) = ranked.split_at(ranked.len().min(report.limit as usize));
    for at in 0..report.metrics.len() {
        let all: Vec<&Seen> = seen.iter().filter(|row| kept(&report.metrics[at], row)).collect();
        lines.push(line(at, Segment::All, all));
        for (_, name) in top {
            lines.push(line(at, Segment::Values(vec![name.clone()]), rows_of(at, name)));
        }
        if !rest.is_empty() {
            let rows = rest.iter().flat_map(|(_, name)| rows_of(at, name)).collect();
            lines.push(line(at, Segment::Others { segments: rest.len() as u64 }, rows));
        }
    }
    lines
}

fn first_date(date: jiff::civil::Date, granularity: Granularity) -> jiff::civil::Date {
    match granularity {
        Granularity::Week => {
            let mut monday = date;
            while monday.weekday() != jiff::civil::Weekday::Monday {
                monday = monday.yesterday().unwrap();
            }
            monday
        }
        Granularity::Month => date.first_of_month(),
        _ => date,
    }
}

fn any_event() -> impl Strategy<Value = Event> {
    let who = prop_oneof![
        3 => (0..4u8, 0..3u8).prop_map(|(d, u)| (Some(d), Some(u))),
        4 => (0..4u8).prop_map(|d| (Some(d), None)),
        4 => (0..3u8).prop_map(|u| (None, Some(u))),
        1 => Just((None, None)),
    ];
    let value = prop::sample::select(vec![
        "",
        "null",
        "\"\"",
        "\"a\"",
        "\"b\"",
        "\"pro\"",
        "1",
        "2",
        "2.5",
        "-0.25",
        "true",
        "[]",
        "[\"a\",\"b\"]",
        "[1,2.5,\"a\",null]",
        "[\"a\",\"a\"]",
        "{\"k\":1}",
    ]);
    // Properties of one kind, for which columns have fast paths.
    let texts = prop::sample::select(vec!["", "\"a\"", "\"b\"", "\"12\""]);
    let wholes = prop::sample::select(vec!["", "-1", "0", "2", "3"]);
    let fractions = prop::sample::select(vec!["", "-0.25", "2.5", "3.75"]);
    (
        who,
        prop::sample::select(vec!["A", "B", "C"]),
        // Around New Year and a change of clocks in New York, and the days before.
        prop_oneof![1_703_800_000i64..1_704_400_000, 1_709_750_000i64..1_710_200_000],
        (value.clone(), value, texts, wholes, fractions),
        0..3u8,
        0..100u32,
    )
        .prop_map(|((device, user), name, seconds, (p, q, s, i, f), insert, tie)| {
            let device = device.map(|d| pseudonym(&format!("d{d}")));
            let user = user.map(|u| pseudonym(&format!("u{u}")));
            let fields: Vec<String> = [("p", p), ("q", q), ("s", s), ("i", i), ("f", f)]
                .iter()
                .filter(|(_, value)| !value.is_empty())
                .map(|(name, value)| format!("\"{name}\":{value}"))
                .collect();
            // Coarse times make ties and duplicates.
            let seconds = if tie < 60 { seconds / 7200 * 7200 } else { seconds };
            Event {
                name: name.into(),
                time: Timestamp::from_seconds(seconds),
                distinct: user.or(device),
                device,
                user,
                insert_id: format!("i{insert}").into(),
                properties: properties(&format!("{{{}}}", fields.join(","))),
            }
        })
}

fn any_report() -> impl Strategy<Value = Insights> {
    let expression = |texts: &[&str]| {
        prop::sample::select(texts.iter().map(|text| parse(text).unwrap()).collect::<Vec<_>>())
    };
    let filter = || {
        prop::option::of(expression(&[
            "properties[\"p\"] == \"a\"",
            "properties[\"p\"] != \"a\"",
            "not (properties[\"q\"] > 1)",
            "properties[\"q\"] >= 2",
            "properties[\"p\"] == properties[\"q\"]",
            "\"a\" in properties[\"p\"]",
            "defined(properties[\"p\"]) and properties[\"q\"] < 2.5 or event[\"$event_name\"] == \"C\"",
            "properties[\"p\"] in [\"a\", 1, null]",
            "not defined(properties[\"missing\"])",
            "false",
            "properties[\"s\"] != \"a\"",
            "not defined(properties[\"s\"]) or \"1\" in properties[\"s\"]",
            "not (properties[\"i\"] > 0)",
            "properties[\"i\"] <= -1 or properties[\"f\"] >= 2.5",
            "properties[\"f\"] != 2.5",
        ]))
    };
    let of = || {
        expression(&[
            "properties[\"p\"]",
            "number(properties[\"q\"])",
            "properties[\"p\"] + properties[\"q\"]",
            "properties[\"i\"]",
            "properties[\"f\"]",
            "number(properties[\"s\"])",
        ])
    };
    let aggregate = prop::sample::select(vec![
        Aggregate::Sum,
        Aggregate::Average,
        Aggregate::Min,
        Aggregate::Max,
        Aggregate::Median,
        Aggregate::Percentile(90.0),
        Aggregate::Count,
    ]);
    let counting = (
        prop::sample::select(vec![Measurement::Total, Measurement::Unique]),
        prop::sample::select(vec![Window::Bucket, Window::Cumulative, Window::RollingDays(3)]),
    );
    let measured = prop_oneof![
        3 => counting,
        1 => Just((Measurement::Average, Window::Bucket)),
        1 => of().prop_map(|of| (Measurement::Distinct { of }, Window::Bucket)),
        3 => (of(), aggregate).prop_map(|(of, aggregate)| (Measurement::Number { of, aggregate }, Window::Bucket)),
    ];
    let events = prop::sample::select(vec![
        EventSelection::Any,
        EventSelection::one("A"),
        EventSelection::Named(vec!["B".into(), "C".into(), "nothing".into()]),
    ]);
    let metric = (measured, events, filter()).prop_map(|((measurement, window), events, filter)| Metric {
        name: None,
        of: EventFilter { events, filter },
        measurement,
        window,
    });
    (
        prop::collection::vec(metric, 1..3),
        filter(),
        prop::option::of(expression(&[
            "properties[\"p\"]",
            "event[\"$event_name\"]",
            "string(properties[\"q\"])",
            "properties[\"p\"] == \"a\"",
            "properties[\"distinct_id\"]",
            "properties[\"s\"]",
            "properties[\"i\"]",
        ])),
        prop::sample::select(vec!["UTC", "America/New_York", "Asia/Kathmandu"]),
        prop::sample::select(vec![Granularity::Day, Granularity::Week, Granularity::Month]),
        prop::sample::select(vec![
            ("2024-01-01", "2024-01-03"),
            ("2023-12-31", "2024-03-31"),
            ("2024-03-09", "2024-03-11"),
        ]),
        1..5u32,
    )
        .prop_map(|(mut metrics, filter, by, zone, granularity, (from, to), limit)| {
            if granularity != Granularity::Day {
                for metric in &mut metrics {
                    if let Window::RollingDays(_) = metric.window {
                        metric.window = Window::Bucket;
                    }
                }
            }
            let zone = ReportZone::named(zone).unwrap();
            let period = Period { range: CivilRange::parse(from, to).unwrap(), granularity, zone };
            Insights {
                metrics,
                formulas: vec![],
                filter,
                breakdowns: by.map(Breakdown::by).into_iter().collect(),
                period,
                limit,
            }
        })
}

fn same(left: Option<f64>, right: Option<f64>) -> bool {
    match (left, right) {
        (Some(left), Some(right)) => (left - right).abs() < 1e-9,
        (left, right) => left == right,
    }
}

fn compare(snapshot: &Snapshot, events: &[Event], report: Insights) -> Result<(), TestCaseError> {
    let expected = reference(&report, &seen(events));
    let result = insights::run(snapshot, report, &Cancel::default()).unwrap().result;
    prop_assert_eq!(result.series.len(), expected.len(), "{:#?}\n{:#?}", result.series, expected);
    for (series, (metric, segment, values, total)) in result.series.iter().zip(expected) {
        prop_assert_eq!(series.metric, metric);
        prop_assert_eq!(&series.segment, &segment);
        let equal = series.values.len() == values.len()
            && series.values.iter().zip(&values).all(|(left, right)| same(*left, *right))
            && same(series.total, total);
        prop_assert!(equal, "{:?}\nexpected {:?} = {:?}", series, values, total);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn the_operator_agrees_with_the_rules(
        events in prop::collection::vec(any_event(), 0..60),
        report in any_report(),
    ) {
        compare(&World::snapshot_of(&events), &events, report)?;
    }
}

proptest! {
    // Each case writes files: two threads then have something to put together.
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn so_it_does_over_files(
        events in prop::collection::vec(any_event(), 1..60),
        reports in prop::collection::vec(any_report(), 8),
    ) {
        let mut world = World::new(Kept::InFiles);
        events.chunks(10).for_each(|events| world.append_events(events));
        for report in reports {
            compare(&world.snapshot(), &events, report)?;
        }
    }
}
