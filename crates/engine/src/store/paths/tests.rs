use super::*;

#[test]
fn weeks_begin_on_monday_utc() {
    let at = |text: &str| Week::of(text.parse::<jiff::Timestamp>().unwrap().as_millisecond());
    assert_eq!(at("2026-11-22T23:59:59.999Z").to_string(), "2026-W47");
    assert_eq!(at("2026-11-23T00:00:00Z").to_string(), "2026-W48");
    assert_eq!(at("1970-01-01T00:00:00Z"), Week(0));
    assert_eq!(at("1969-12-28T23:59:59Z"), Week(-1));
    assert_eq!(at("2021-01-03T12:00:00Z").to_string(), "2020-W53");
}
