use super::*;
use crate::report::export::Pseudonyms;
use crate::report::people::{ActivityQuery, ProfileQuery, find_profiles, write_activity};
use crate::report::{Cancel, ReportError};
use domain::expression::parse;
use domain::profile::{ProfileOperator, ProfileSubject, ProfileUpdate};

fn with_profiles() -> Snapshot {
    let mut batches = batches_of(vec![event("u2", "A", "2024-01-01T10:00:00Z", "{}")]);
    let mut batch = Batch::new(PROJECT, at("2024-02-01T00:00:00Z"));
    let subjects = [
        (ProfileSubject::Person(pseudonym("u3")), "{\"plan\":\"pro\",\"n\":1}"),
        (ProfileSubject::Person(pseudonym("u1")), "{\"plan\":\"pro\",\"n\":2}"),
        (ProfileSubject::Person(pseudonym("u2")), "{\"plan\":\"free\",\"n\":3}"),
        (ProfileSubject::Group { key: "company".into(), id: "Acme".into() }, "{\"plan\":\"pro\"}"),
    ];
    batch.profiles = subjects
        .into_iter()
        .map(|(subject, json)| ProfileUpdate {
            subject,
            time: at("2024-02-01T00:00:00Z"),
            operators: vec![ProfileOperator::Set(properties(json))],
            ignore_time: true,
        })
        .collect();
    batches.push(batch);
    Snapshot::in_memory(PROJECT, IdentityMode::Simplified, &batches)
}

fn subjects(snapshot: &Snapshot, query: &ProfileQuery) -> (Vec<String>, u64) {
    let found = find_profiles(snapshot, query, &Cancel::default()).unwrap();
    let page = found.open(snapshot, &grant(PROJECT)).unwrap();
    let names = page.profiles.iter().map(|profile| match &profile.subject {
        ProfileSubject::Person(pseudonym) => {
            String::from_utf8_lossy(&pseudonym.0).trim_end_matches('\0').to_owned()
        }
        ProfileSubject::Group { id, .. } => id.to_string(),
    });
    (names.collect(), page.total)
}

#[test]
fn profiles_by_condition_and_page() {
    let snapshot = with_profiles();
    let all = ProfileQuery { page_size: 1000, ..ProfileQuery::default() };
    assert_eq!(subjects(&snapshot, &all), (vec!["u1".into(), "u2".into(), "u3".into()], 3));
    let second = ProfileQuery { page: 1, page_size: 2, ..ProfileQuery::default() };
    assert_eq!(subjects(&snapshot, &second), (vec!["u3".into()], 3));
    let pro = parse("properties[\"plan\"] == \"pro\" and user[\"n\"] > 1").unwrap();
    let filtered = ProfileQuery { filter: Some(pro), ..all.clone() };
    assert_eq!(subjects(&snapshot, &filtered), (vec!["u1".into()], 1));
    let id = parse(&format!("properties[\"$distinct_id\"] == \"{}\"", pseudonym("u2"))).unwrap();
    let by_id = ProfileQuery { filter: Some(id), ..all.clone() };
    assert_eq!(subjects(&snapshot, &by_id), (vec!["u2".into()], 1));
    let chosen = [ProfileSubject::Person(pseudonym("u3")), ProfileSubject::Person(pseudonym("zz"))];
    let listed = ProfileQuery { subjects: Some(chosen.into_iter().collect()), ..all.clone() };
    assert_eq!(subjects(&snapshot, &listed), (vec!["u3".into()], 1));
    let groups = ProfileQuery { group_key: Some("company".into()), ..all };
    assert_eq!(subjects(&snapshot, &groups), (vec!["Acme".into()], 1));
}

#[test]
fn what_a_page_touches_is_known_before_it_is_opened() {
    let snapshot = with_profiles();
    let query = ProfileQuery { page_size: 1000, ..ProfileQuery::default() };
    let found = find_profiles(&snapshot, &query, &Cancel::default()).unwrap();
    let touched = found.touched(&snapshot);
    assert_eq!(touched.rows, 3);
    // Of u1 and u3 there was no event, so that they have no number.
    assert_eq!(touched.people, [snapshot.person(&pseudonym("u2")).unwrap().0].into_iter().collect());
    assert!(matches!(found.open(&snapshot, &grant(ProjectId(2))), Err(ReportError::WrongProject { .. })));
}

#[test]
fn activity_is_in_the_order_of_time() {
    let mut known = event("u1", "B", "2024-01-01T12:00:00Z", "{}");
    known.device = Some(pseudonym("d1"));
    known.user = Some(pseudonym("u1"));
    let mut anonymous = event("d1", "A", "2024-01-01T11:00:00Z", "{\"n\":1}");
    anonymous.device = Some(pseudonym("d1"));
    let snapshot = snapshot_of(vec![
        known,
        event("u1", "C", "2024-01-01T10:00:00Z", "{}"),
        event("u2", "A", "2024-01-01T10:30:00Z", "{}"),
        anonymous,
    ]);
    let mut query = ActivityQuery {
        people: vec![pseudonym("u1"), pseudonym("nobody")],
        range: at("2024-01-01T00:00:00Z")..at("2024-01-02T00:00:00Z"),
        filter: None,
        limit: None,
    };
    let events = |query: &ActivityQuery| {
        let mut out = b"[".to_vec();
        let mut ids = Pseudonyms::of(&snapshot);
        let touched =
            write_activity(&snapshot, &grant(PROJECT), query, &mut ids, &Cancel::default(), &mut out)
                .unwrap();
        out.push(b']');
        let events: serde_json::Value = serde_json::from_slice(&out).unwrap();
        let names: Vec<String> =
            events.as_array().unwrap().iter().map(|e| e["event"].as_str().unwrap().to_owned()).collect();
        (names, touched.rows, touched.people.len())
    };
    assert_eq!(events(&query), (vec!["C".into(), "A".into(), "B".into()], 3, 1));
    query.limit = Some(2);
    assert_eq!(events(&query).0, ["C", "A"]);
    query.filter = Some(parse("properties[\"n\"] == 1").unwrap());
    assert_eq!(events(&query).0, ["A"]);
    query.people.clear();
    assert_eq!(events(&query), (vec![], 0, 0));
}
