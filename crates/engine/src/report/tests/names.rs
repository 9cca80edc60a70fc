use super::*;
use crate::report::names::{Common, TopEvent, common_events, property_values, top_events};
use crate::report::{Cancel, ReportError};
use domain::calendar::{CivilRange, ReportZone};
use domain::report::Measurement;

fn snapshot() -> Snapshot {
    snapshot_of(vec![
        event("u1", "A", "2024-01-01T10:00:00Z", "{\"p\":\"x\"}"),
        event("u1", "A", "2024-01-01T11:00:00Z", "{\"p\":[\"y\",\"x\",\"x\"]}"),
        event("u1", "B", "2024-01-01T11:00:00Z", "{}"),
        event("u2", "B", "2024-01-02T11:00:00Z", "{\"p\":\"y\"}"),
        event("u2", "B", "2024-01-02T12:00:00Z", "{\"p\":null}"),
        event("u2", "B", "2024-01-02T13:00:00Z", "{\"p\":5}"),
        event("u3", "C", "2024-01-02T13:00:00Z", "{}"),
    ])
}

fn range() -> (CivilRange, ReportZone) {
    (CivilRange::parse("2024-01-01", "2024-01-02").unwrap(), ReportZone::UTC)
}

fn common(name: &str, figure: f64) -> Common {
    Common { name: name.into(), figure }
}

#[test]
fn events_of_today_against_yesterday() {
    let today = ("2024-01-02".parse().unwrap(), ReportZone::UTC);
    let top = |measurement, limit| {
        top_events(&snapshot(), measurement, today.clone(), limit, &Cancel::default()).unwrap()
    };
    let b = TopEvent { event: "B".into(), amount: 3.0, change: Some(2.0) };
    let c = TopEvent { event: "C".into(), amount: 1.0, change: None };
    assert_eq!(top(Measurement::Total, 10), [b.clone(), c.clone()]);
    assert_eq!(top(Measurement::Total, 1), [b]);
    let b = TopEvent { event: "B".into(), amount: 1.0, change: Some(0.0) };
    assert_eq!(top(Measurement::Unique, 10), [b, c]);
}

#[test]
fn events_by_how_common_they_are() {
    let names = |measurement, limit| {
        common_events(&snapshot(), measurement, range(), limit, &Cancel::default()).unwrap()
    };
    assert_eq!(names(Measurement::Total, 10), [common("B", 4.0), common("A", 2.0), common("C", 1.0)]);
    assert_eq!(names(Measurement::Unique, 2), [common("B", 2.0), common("A", 1.0)]);
}

#[test]
fn values_by_how_common_they_are() {
    let snapshot = snapshot();
    let cancel = Cancel::default();
    let here = grant(PROJECT);
    let values = |event: Option<&str>, limit| {
        let of = (event.map(Into::into), "p");
        property_values(&snapshot, &here, of, range(), limit, &cancel).unwrap()
    };
    assert_eq!(values(None, 10), [common("x", 2.0), common("y", 2.0), common("5", 1.0)]);
    assert_eq!(values(Some("B"), 10), [common("5", 1.0), common("y", 1.0)]);
    assert_eq!(values(None, 1), [common("x", 2.0)]);
    assert!(values(Some("nothing"), 10).is_empty());
    let elsewhere = grant(ProjectId(2));
    assert!(matches!(
        property_values(&snapshot, &elsewhere, (None, "p"), range(), 10, &cancel),
        Err(ReportError::WrongProject { .. })
    ));
}
