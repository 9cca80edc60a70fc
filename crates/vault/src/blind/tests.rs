use super::*;
use serde_json::json;

fn index() -> BlindIndex {
    BlindIndex::new(&SecretKey::from_bytes([3; 32]))
}

fn entries(field: &str, value: &Value) -> Vec<BlindHash> {
    let mut found = vec![];
    index().entries_of_field(field, value, &mut found);
    found
}

#[test]
fn an_address_is_found_by_itself_and_by_its_digests_in_any_writing() {
    let found = entries("$email", &json!(" Ann@Example.com"));
    assert_eq!(found.len(), 4);
    assert!(found.contains(&index().email("ann@example.COM").unwrap()));
    let hex = |digest: &[u8]| digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let digests = [
        hex(&Md5::digest("ann@example.com")),
        hex(&Sha1::digest("ann@example.com")),
        hex(&Sha256::digest("ann@example.com")),
    ];
    for digest in digests.iter().flat_map(|digest| [digest.clone(), digest.to_uppercase()]) {
        assert!(found.contains(&index().email_hash(&EmailHash::from_hex(&digest).unwrap())), "{digest}");
    }
}

#[test]
fn identifiers_are_found_wherever_they_stand() {
    let table = [
        ("$email", json!("ann@example.com"), 4),
        ("contact", json!("ann@example.com"), 4),
        ("contact", json!(["ann@example.com", "bob@example.com", 7, null]), 8),
        ("account", json!({"owner": {"mail": "ann@example.com", "plan": "pro"}}), 4),
        ("$phone", json!("030 901820"), 1),
        ("user.Mobile", json!(4930901820_u64), 1),
        ("note", json!("+49 30 901820"), 1),
        ("note", json!("030 901820"), 0),
        ("$name", json!("Ann"), 0),
        ("n", json!(4930901820_u64), 0),
    ];
    for (field, value, count) in table {
        assert_eq!(entries(field, &value).len(), count, "{field} {value}");
    }
    assert_eq!(entries("note", &json!("+49 30 901820")), entries("$phone", &json!("0049-30-901820")));
}

#[test]
fn ids_are_taken_as_sent_and_as_addresses() {
    let mut found = vec![];
    index().entries_of_id("Ann@example.com", &mut found);
    assert_eq!(found.len(), 5);
    assert!(found.contains(&index().distinct_id("Ann@example.com")));
    assert!(!found.contains(&index().distinct_id("ann@example.com")));
    assert!(found.contains(&index().email("ann@example.com").unwrap()));
}

#[test]
fn kinds_and_keys_are_separate() {
    let other = BlindIndex::new(&SecretKey::from_bytes([4; 32]));
    assert_ne!(index().email("ann@example.com"), other.email("ann@example.com"));
    assert_ne!(index().email("ann@example.com"), Some(index().distinct_id("ann@example.com")));
}

#[test]
fn only_digests_are_taken_for_digests() {
    for text in ["", "ann@example.com", "abc", &"g".repeat(32), &"a".repeat(33), &"ä".repeat(16)] {
        assert_eq!(EmailHash::from_hex(text), None, "{text}");
    }
}
