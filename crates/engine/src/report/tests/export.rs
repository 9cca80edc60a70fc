use super::*;
use crate::report::export::{ExportQuery, IdPlace, IdWriter, Pseudonyms, TimeUnit, open, survey, write_rows};
use crate::report::{Cancel, ReportError};
use domain::expression::parse;
use domain::id::PersonId;

fn query() -> ExportQuery {
    ExportQuery {
        range: at("2024-01-01T00:00:00Z")..at("2024-01-03T00:00:00Z"),
        events: None,
        filter: None,
        limit: None,
    }
}

fn lines(snapshot: &Snapshot, query: &ExportQuery, unit: TimeUnit) -> Vec<String> {
    let mut out = Vec::new();
    let mut ids = Pseudonyms::of(snapshot);
    for rows in open(snapshot, &grant(PROJECT), query, &Cancel::default()).unwrap() {
        let (block, rows) = rows.unwrap();
        write_rows(snapshot, &block, &rows, (unit, b'\n'), &mut ids, &mut out);
    }
    let text = String::from_utf8(out).unwrap();
    assert!(text.is_empty() || text.ends_with('\n'));
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

#[test]
fn an_event_comes_back_as_it_was() {
    let json = r#"{"a":"text \"quoted\" \\ \n é🎉","b":12,"c":-0.5,"d":3.0,"e":true,"f":null,"g":[1,"x",null],"h":{"k":{"l":[]}},"i":9007199254740993}"#;
    let mut one = event("u1", "A \"b\"", "2024-01-01T10:00:00.789Z", json);
    one.device = Some(pseudonym("d1"));
    one.user = Some(pseudonym("u1"));
    let snapshot = snapshot_of(vec![one]);
    let head = format!(
        r#"{{"event":"A \"b\"","properties":{{"time":1704103200,"distinct_id":"{u}","$device_id":"{d}","$user_id":"{u}","$insert_id":"u1-A \"b\"-2024-01-01T10:00:00.789Z","mp_processing_time_ms":1706745600000"#,
        u = pseudonym("u1"),
        d = pseudonym("d1"),
    );
    assert_eq!(lines(&snapshot, &query(), TimeUnit::Seconds), [format!("{head},{}}}", &json[1..])]);
    let millis = head.replace("1704103200,", "1704103200789,");
    assert_eq!(lines(&snapshot, &query(), TimeUnit::Milliseconds), [format!("{millis},{}}}", &json[1..])]);
}

#[test]
fn merged_ids_show_what_they_were() {
    let mut anonymous = event("d1", "A", "2024-01-01T10:00:00Z", r#"{"mp_processing_time_ms":5}"#);
    anonymous.device = Some(pseudonym("d1"));
    let mut known = event("u1", "B", "2024-01-02T10:00:00Z", "{}");
    known.device = Some(pseudonym("d1"));
    known.user = Some(pseudonym("u1"));
    let nobody = event("", "C", "2024-01-02T10:00:00Z", "{}");
    let snapshot = snapshot_of(vec![anonymous, known, nobody]);
    let lines = lines(&snapshot, &query(), TimeUnit::Seconds);
    let (u1, d1) = (pseudonym("u1"), pseudonym("d1"));
    assert!(
        lines[0].contains(&format!(r#""distinct_id":"{u1}","$distinct_id_before_identity":"{d1}""#)),
        "{}",
        lines[0]
    );
    assert_eq!(lines[0].matches("mp_processing_time_ms").count(), 1);
    assert!(lines[2].contains(r#""distinct_id":"","#), "{}", lines[2]);
    assert!(lines.iter().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()));
}

#[test]
fn filters_limits_and_what_is_touched() {
    let events = (0..20).map(|n| {
        let name = if n % 2 == 0 { "A" } else { "B" };
        event(&format!("u{}", n % 5), name, &format!("2024-01-01T10:{n:02}:00Z"), &format!("{{\"n\":{n}}}"))
    });
    let snapshot = snapshot_of(events.collect());
    let mut asked = query();
    asked.events = Some(vec!["A".into()]);
    asked.filter = Some(parse("properties[\"n\"] >= 10").unwrap());
    let touched = survey(&snapshot, &asked, &Cancel::default()).unwrap();
    assert_eq!((touched.rows, touched.people.len()), (5, 5));
    assert_eq!(lines(&snapshot, &asked, TimeUnit::Seconds).len(), 5);
    asked.limit = Some(2);
    let touched = survey(&snapshot, &asked, &Cancel::default()).unwrap();
    assert_eq!(touched.rows, 2);
    // What was surveyed is what is given out.
    let given: Vec<String> = lines(&snapshot, &asked, TimeUnit::Seconds);
    assert_eq!(given.len(), 2);
    for person in &touched.people {
        let id = snapshot.pseudonym(PersonId(person)).unwrap().to_string();
        assert!(given.iter().any(|line| line.contains(&id)));
    }
    asked.limit = Some(0);
    assert!(lines(&snapshot, &asked, TimeUnit::Seconds).is_empty());
    asked.limit = None;
    asked.events = Some(vec!["nothing".into()]);
    assert!(lines(&snapshot, &asked, TimeUnit::Seconds).is_empty());
    assert!(matches!(
        open(&snapshot, &grant(ProjectId(2)), &asked, &Cancel::default()),
        Err(ReportError::WrongProject { .. })
    ));
}

#[test]
fn ids_are_written_by_whoever_may_reveal_them() {
    struct Revealed;
    impl IdWriter for Revealed {
        fn write_id(&mut self, _: PersonId, place: IdPlace, out: &mut Vec<u8>) {
            out.extend_from_slice(match place {
                IdPlace::DeviceId => b"device",
                _ => b"ann@example.com",
            });
        }
    }
    let mut one = event("d1", "A", "2024-01-01T10:00:00Z", "{}");
    one.device = Some(pseudonym("d1"));
    let snapshot = snapshot_of(vec![one]);
    let query = query();
    let mut out = Vec::new();
    for rows in open(&snapshot, &grant(PROJECT), &query, &Cancel::default()).unwrap() {
        let (block, rows) = rows.unwrap();
        write_rows(&snapshot, &block, &rows, (TimeUnit::Seconds, b'\n'), &mut Revealed, &mut out);
    }
    let text = String::from_utf8(out).unwrap();
    assert!(text.contains(r#""distinct_id":"ann@example.com","$device_id":"device""#), "{text}");
}
