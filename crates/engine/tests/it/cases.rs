//! Runs the worked cases in `cases/*.txt`, which say how they are written.

use crate::world::{Kept, World, at, pseudonym};
use domain::calendar::{CivilRange, ReportZone};
use domain::expression::{Expression, parse, parse_on};
use domain::profile::{ProfileOperator, ProfileSubject, ProfileUpdate};
use domain::report::{
    Aggregate, Breakdown, BreakdownKind, EventSelection, Insights, Measurement, Metric, Period, ReportResult,
    Segment, Window,
};
use domain::{Event, Timestamp};
use engine::report::{Cancel, insights};

/// An answer does not depend on where the rows are.
#[test]
fn insights_cases() {
    for kept in Kept::ALL {
        run(include_str!("cases/insights.txt"), kept);
    }
}

fn run(text: &str, kept: Kept) {
    let mut world = World::new(kept);
    let mut case = "";
    let mut answer: Option<Answer> = None;
    let mut asked = 0;
    for (number, line) in (1..).zip(text.lines()) {
        let place = || format!("{kept:?}, line {number}, case {case}: {line}");
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        if !matches!(word, "case" | "event" | "profile" | "restart" | "ask") {
            answer
                .as_mut()
                .unwrap_or_else(|| panic!("nothing was asked: {}", place()))
                .expect(line, &place());
            continue;
        }
        if let Some(answer) = answer.take() {
            answer.finish(&place());
        }
        match word {
            "case" => {
                world = World::new(kept);
                case = rest;
            }
            "event" => {
                let number = world.appended();
                world.append_events(&[event(rest, number)]);
            }
            "profile" => world.append_profile(profile(rest)),
            "restart" => world.restart(),
            _ => {
                let result = insights::run(&world.snapshot(), report(rest), &Cancel::default());
                answer = Some(Answer::new(result.unwrap_or_else(|e| panic!("{e}: {}", place())).result));
                asked += 1;
            }
        }
    }
    if let Some(answer) = answer {
        answer.finish("the end");
    }
    assert!(asked > 0);
}

/// What came out, and how much of it was expected already.
struct Answer {
    result: ReportResult,
    next: usize,
}

impl Answer {
    fn new(result: ReportResult) -> Self {
        Self { result, next: 0 }
    }

    fn expect(&mut self, line: &str, place: &str) {
        if let Some(names) = line.strip_prefix("buckets: ") {
            assert_eq!(self.result.names.join(", "), names, "{place}");
            return;
        }
        let series = self.result.series.get(self.next).unwrap_or_else(|| panic!("no such line: {place}"));
        self.next += 1;
        let segment = match &series.segment {
            Segment::All => "all".to_owned(),
            Segment::Values(values) => values.join(" / "),
            Segment::Others { segments } => format!("others {segments}"),
        };
        let values: Vec<String> = series.values.iter().map(|value| figure(*value)).collect();
        let found = format!("{} {segment}: {} = {}", series.name, values.join(" "), figure(series.total));
        assert_eq!(found, line, "{place}");
    }

    fn finish(self, place: &str) {
        let rest = &self.result.series[self.next..];
        assert!(rest.is_empty(), "not expected before {place}: {rest:?}");
    }
}

/// Ten digits: what a reader works out by hand.
fn figure(figure: Option<f64>) -> String {
    figure.map_or("-".to_owned(), |figure| ((figure * 1e10).round() / 1e10).to_string())
}

fn event(text: &str, number: usize) -> Event {
    let (text, insert_id) = text.split_once(" id ").unwrap_or((text, ""));
    let (text, json) = text.split_at(text.find('{').unwrap_or(text.len()));
    let words: Vec<&str> = text.split_whitespace().collect();
    let [who, name, time] = words[..] else { panic!("event <who> <name> <time>: {text}") };
    let (device, user) = match who.strip_prefix('@') {
        Some(who) => match who.split_once('+') {
            Some((device, user)) => (Some(pseudonym(device)), Some(pseudonym(user))),
            None => (Some(pseudonym(who)), None),
        },
        None => (None, None),
    };
    let plain = (who != "-").then(|| pseudonym(who));
    Event {
        name: name.into(),
        time: if time.len() == 5 { at(&format!("2024-01-01T{time}:00Z")) } else { at(time) },
        distinct: user.or(device).or(plain),
        device,
        user,
        insert_id: if insert_id.is_empty() { format!("made-up-{number}") } else { insert_id.into() }.into(),
        properties: if json.is_empty() { vec![] } else { crate::world::properties(json) },
    }
}

fn profile(text: &str) -> ProfileUpdate {
    let (who, json) = text.split_once(' ').expect("profile <who> <properties>");
    ProfileUpdate {
        subject: ProfileSubject::Person(pseudonym(who)),
        time: Timestamp::from_millis(0),
        operators: vec![ProfileOperator::Set(crate::world::properties(json))],
        ignore_time: true,
    }
}

fn report(text: &str) -> Insights {
    let mut parts = text.split("; ");
    let metrics: Vec<Metric> = parts.next().unwrap_or_default().split(", ").map(metric).collect();
    let mut period = Period {
        range: CivilRange::parse("2024-01-01", "2024-01-01").unwrap(),
        granularity: "day".parse().unwrap(),
        zone: ReportZone::UTC,
    };
    let mut report = Insights::of(metrics[0].clone(), period.clone());
    report.metrics = metrics;
    let (mut from, mut to) = ("", "");
    for part in parts {
        let (option, value) = part.split_once(' ').expect("an option and its value");
        match option {
            "from" => from = value,
            "to" => to = value,
            "unit" => period.granularity = value.parse().unwrap(),
            "zone" => period.zone = ReportZone::named(value).unwrap(),
            "where" => report.filter = Some(parse(value).unwrap()),
            "by" => report.breakdowns.push(Breakdown::by(parse_on(value).unwrap())),
            "ranges" => {
                let by = parse_on(value).unwrap();
                report.breakdowns.push(Breakdown { by, kind: BreakdownKind::NumberRanges });
            }
            "top" => report.limit = value.parse().unwrap(),
            "formula" => report.formulas.push(value.parse().unwrap()),
            "window" => {
                let window = match value.split_once(' ') {
                    Some(("rolling", days)) => Window::RollingDays(days.parse().unwrap()),
                    _ => Window::Cumulative,
                };
                report.metrics.iter_mut().for_each(|metric| metric.window = window);
            }
            _ => panic!("unknown option {option}"),
        }
    }
    period.range = CivilRange::parse(from, to).unwrap();
    report.period = period;
    report
}

fn metric(text: &str) -> Metric {
    let words: Vec<&str> = text.split(' ').collect();
    let (kind, property, events) = match words[..] {
        [kind, events] => (kind, "", events),
        [kind, property, events] => (kind, property, events),
        _ => panic!("<measurement> [property] <events>: {text}"),
    };
    let of = || Expression::property(property);
    let number = |aggregate| Measurement::Number { of: of(), aggregate };
    let measurement = match kind {
        "total" => Measurement::Total,
        "unique" => Measurement::Unique,
        "average" => Measurement::Average,
        "distinct" => Measurement::Distinct { of: of() },
        "sum" => number(Aggregate::Sum),
        "mean" => number(Aggregate::Average),
        "min" => number(Aggregate::Min),
        "max" => number(Aggregate::Max),
        "count" => number(Aggregate::Count),
        "p50" => number(Aggregate::Median),
        percentile => {
            let p = percentile.strip_prefix('p').and_then(|p| p.parse().ok());
            number(Aggregate::Percentile(p.unwrap_or_else(|| panic!("unknown measurement {kind}"))))
        }
    };
    let events = match events {
        "any" => EventSelection::Any,
        names => EventSelection::Named(names.split('+').map(Into::into).collect()),
    };
    Metric::new(events, measurement)
}
