use super::*;
use proptest::prelude::*;

fn zone(name: &str) -> ReportZone {
    ReportZone::named(name).unwrap()
}

fn buckets(name: &str, from: &str, to: &str, granularity: Granularity) -> Buckets {
    Buckets::new(CivilRange::parse(from, to).unwrap(), granularity, &zone(name)).unwrap()
}

fn millis(text: &str) -> i64 {
    text.parse::<jiff::Timestamp>().unwrap().as_millisecond()
}

/// T03
#[test]
fn a_day_on_which_clocks_go_back_has_25_hours() {
    let hours = buckets("America/New_York", "2024-11-03", "2024-11-03", Granularity::Hour);
    assert_eq!(hours.len(), 25);
    assert_eq!(hours.as_slice()[1].iso(), "2024-11-03T01:00:00-04:00");
    assert_eq!(hours.as_slice()[2].iso(), "2024-11-03T01:00:00-05:00");
    assert_eq!(hours.index(millis("2024-11-03T05:30:00Z")), Some(1));
    assert_eq!(hours.index(millis("2024-11-03T06:30:00Z")), Some(2));
    assert_eq!(hours.index(millis("2024-11-03T06:45:00Z")), Some(2));
    let names = hours.names();
    assert_eq!(
        names[..4],
        [
            "2024-11-03 00:00:00",
            "2024-11-03 01:00:00-04:00",
            "2024-11-03 01:00:00-05:00",
            "2024-11-03 02:00:00"
        ]
    );
}

#[test]
fn lengths_of_days() {
    let cases = [
        ("America/New_York", "2024-03-10", 23),
        ("America/New_York", "2024-11-03", 25),
        ("Europe/Bucharest", "2024-03-31", 23),
        ("Europe/Bucharest", "2024-10-27", 25),
        ("Asia/Kathmandu", "2024-10-27", 24),
        ("Pacific/Apia", "2011-12-29", 24),
        ("Pacific/Apia", "2011-12-31", 24),
        // Clocks are moved at midnight: the day begins at 01:00, or has 00:00 twice.
        ("America/Sao_Paulo", "2018-11-04", 23),
        ("America/Havana", "2024-11-03", 25),
        // By half an hour.
        ("Australia/Lord_Howe", "2024-04-07", 25),
        ("UTC", "2024-02-29", 24),
    ];
    for (name, date, hours) in cases {
        assert_eq!(buckets(name, date, date, Granularity::Hour).len(), hours, "{name} {date}");
    }
}

#[test]
fn a_skipped_date_has_no_bucket() {
    let days = buckets("Pacific/Apia", "2011-12-29", "2011-12-31", Granularity::Day);
    assert_eq!(days.names(), ["2011-12-29", "2011-12-31"]);
    assert_eq!(days.as_slice()[0].end, days.as_slice()[1].start);
    assert!(buckets("Pacific/Apia", "2011-12-30", "2011-12-30", Granularity::Day).is_empty());
    assert_eq!(buckets("Pacific/Apia", "2011-12-30", "2011-12-30", Granularity::Hour).index(0), None);
}

#[test]
fn first_instants() {
    let cases = [
        ("UTC", "2024-01-01", "2024-01-01T00:00:00Z"),
        ("Asia/Kathmandu", "2024-01-01", "2023-12-31T18:15:00Z"),
        ("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z"),
        ("America/Havana", "2024-11-03", "2024-11-03T04:00:00Z"),
        ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z"),
        ("Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z"),
        // The gap ran from 23:30 to 00:30: the day began in the middle of it.
        ("America/Toronto", "1919-03-31", "1919-03-31T04:30:00Z"),
    ];
    for (name, date, expected) in cases {
        assert_eq!(zone(name).start_of(date.parse().unwrap()).to_string(), expected, "{name} {date}");
    }
}

#[test]
fn weeks_begin_on_monday_and_are_cut_by_the_range() {
    let weeks = buckets("UTC", "2024-01-03", "2024-01-16", Granularity::Week);
    assert_eq!(weeks.names(), ["2024-01-01", "2024-01-08", "2024-01-15"]);
    assert_eq!(weeks.as_slice().iter().map(|week| week.whole).collect::<Vec<_>>(), [false, true, false]);
    assert_eq!(weeks.index(millis("2024-01-02T23:59:59.999Z")), None);
    assert_eq!(weeks.index(millis("2024-01-03T00:00:00Z")), Some(0));
    assert_eq!(weeks.index(millis("2024-01-16T23:59:59.999Z")), Some(2));
    assert_eq!(weeks.index(millis("2024-01-17T00:00:00Z")), None);
}

#[test]
fn months_and_quarters() {
    let months = buckets("Europe/Bucharest", "2024-01-31", "2024-04-01", Granularity::Month);
    assert_eq!(months.names(), ["2024-01-01", "2024-02-01", "2024-03-01", "2024-04-01"]);
    let quarters = buckets("UTC", "2023-12-31", "2024-06-30", Granularity::Quarter);
    assert_eq!(quarters.names(), ["2023-10-01", "2024-01-01", "2024-04-01"]);
    assert_eq!(quarters.as_slice().iter().map(|q| q.whole).collect::<Vec<_>>(), [false, true, true]);
}

#[test]
fn errors_say_what_to_do() {
    let parse = |from, to| CivilRange::parse(from, to).map(|_| ()).unwrap_err().to_string();
    assert_eq!(
        parse("2024-01-02", "2024-01-01"),
        "the range ends on 2024-01-01, before it begins on 2024-01-02; swap the two dates"
    );
    assert_eq!(parse("2024-1-2", "2024-01-01"), "not a date; write it as YYYY-MM-DD");
    assert_eq!(parse("2024-02-30", "2024-03-01"), "not a date; write it as YYYY-MM-DD");
    assert_eq!(parse("2024-01-01T", "2024-03-01"), "not a date; write it as YYYY-MM-DD");
    assert_eq!(parse("2001-01-01", "2024-01-01"), "the range has 8401 days; ask for at most 3700");
    assert_eq!(ReportZone::named("Mars/Olympus"), Err(CalendarError::UnknownZone));
    let year = CivilRange::parse("2024-01-01", "2024-12-31").unwrap();
    assert_eq!(Buckets::new(year, Granularity::Minute, &ReportZone::UTC), Err(CalendarError::TooManyBuckets));
    assert_eq!("fortnight".parse::<Granularity>(), Err(CalendarError::UnknownGranularity));
}

#[test]
fn written_and_read_again() {
    let range = CivilRange::parse("2024-01-01", "2024-01-07").unwrap();
    let json = serde_json::to_string(&range).unwrap();
    assert_eq!(json, r#"{"from":"2024-01-01","to":"2024-01-07"}"#);
    assert_eq!(serde_json::from_str::<CivilRange>(&json).unwrap(), range);
    assert!(serde_json::from_str::<CivilRange>(r#"{"from":"2024-01-02","to":"2024-01-01"}"#).is_err());
    let zone = zone("Europe/Bucharest");
    assert_eq!(serde_json::to_string(&zone).unwrap(), r#""Europe/Bucharest""#);
    assert_eq!(serde_json::from_str::<ReportZone>(r#""Europe/Bucharest""#).unwrap(), zone);
    assert_eq!(serde_json::from_str::<ReportZone>(r#""utc""#).unwrap().name(), "UTC");
    let last = CivilRange::last_days("2024-03-01".parse().unwrap(), 3).unwrap();
    assert_eq!((last.from().to_string(), last.days()), ("2024-02-28".to_owned(), 3));
}

/// The bucket's name worked out for one instant, without any table.
fn naive_name(millis: i64, granularity: Granularity, zone: &ReportZone) -> (String, i32) {
    let zoned = jiff_instant(millis).to_zoned(zone.0.clone());
    let date = zoned.date();
    let first = |date: Date| (date.to_string(), 0);
    match granularity {
        Granularity::Minute => (zoned.strftime("%Y-%m-%d %H:%M").to_string(), zoned.offset().seconds()),
        Granularity::Hour => (zoned.strftime("%Y-%m-%d %H").to_string(), zoned.offset().seconds()),
        Granularity::Day => first(date),
        Granularity::Week => {
            let mut monday = date;
            while monday.weekday() != jiff::civil::Weekday::Monday {
                monday = monday.yesterday().unwrap();
            }
            first(monday)
        }
        Granularity::Month => first(date.first_of_month()),
        Granularity::Quarter => {
            let mut month = date.first_of_month();
            while (month.month() - 1) % 3 != 0 {
                month = month.yesterday().unwrap().first_of_month();
            }
            first(month)
        }
    }
}

fn bucket_name(bucket: &Bucket, granularity: Granularity) -> (String, i32) {
    match granularity {
        Granularity::Minute => (bucket.local.strftime("%Y-%m-%d %H:%M").to_string(), bucket.offset),
        Granularity::Hour => (bucket.local.strftime("%Y-%m-%d %H").to_string(), bucket.offset),
        _ => (bucket.local.date().to_string(), 0),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn buckets_agree_with_the_naive_computation(
        name in prop::sample::select(vec![
            "UTC", "America/New_York", "Europe/Bucharest", "Asia/Kathmandu", "Pacific/Apia",
            "Australia/Lord_Howe", "America/Havana", "America/Sao_Paulo", "Africa/Casablanca",
        ]),
        start in 0..9_000i32,
        days in 1..30i32,
        granularity in prop::sample::select(Granularity::ALL.to_vec()),
        instants in prop::collection::vec(0.0..1.0f64, 20),
    ) {
        let zone = zone(name);
        let from = Date::constant(2000, 1, 1) + jiff::Span::new().days(start);
        let range = CivilRange::new(from, from + jiff::Span::new().days(days - 1)).unwrap();
        let buckets = Buckets::new(range, granularity, &zone).unwrap();
        let list = buckets.as_slice();
        prop_assert!(list.windows(2).all(|pair| pair[0].end == pair[1].start && pair[0].start < pair[0].end));
        let Range { start, end } = buckets.instants();
        let length = (end.millis() - start.millis()) as f64;
        let mut asked: Vec<i64> =
            instants.iter().map(|part| start.millis() + (part * length) as i64).collect();
        // Edges are where mistakes are.
        asked.extend(list.iter().take(60).flat_map(|b| [b.start.millis(), b.end.millis() - 1]));
        for millis in asked.into_iter().filter(|millis| *millis < end.millis()) {
            let bucket = &list[buckets.index(millis).unwrap()];
            prop_assert!(bucket.start.millis() <= millis && millis < bucket.end.millis());
            prop_assert_eq!(bucket_name(bucket, granularity), naive_name(millis, granularity, &zone));
            prop_assert!(range.from() <= zone.date_of(Timestamp::from_millis(millis)));
            prop_assert!(zone.date_of(Timestamp::from_millis(millis)) <= range.to());
        }
        prop_assert_eq!(buckets.index(start.millis() - 1), None);
        prop_assert_eq!(buckets.index(end.millis()), None);
        let names = buckets.names();
        prop_assert_eq!(names.iter().collect::<std::collections::HashSet<_>>().len(), names.len());
    }
}
