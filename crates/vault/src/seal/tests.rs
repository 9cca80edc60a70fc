use super::*;
use crate::{OpenRecordError, RecordOpener, SeededEntropy, VaultPrivateKey};
use proptest::prelude::*;
use std::collections::HashSet;

const PROJECT: ProjectId = ProjectId(7);

fn vault_key() -> VaultPrivateKey {
    VaultPrivateKey::generate(&SeededEntropy::new(1))
}

fn sealer_of(project: ProjectId) -> ProjectSealer {
    let key = PseudonymKey::from_bytes([9; 32]);
    ProjectSealer::new(project, vault_key().public(), &key, [], Arc::new(SeededEntropy::new(2)))
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

#[test]
fn pseudonyms_are_stable_and_separate() {
    let sealer = sealer_of(PROJECT);
    let who = sealer.pseudonym("u1");
    assert_eq!(who, sealer_of(PROJECT).pseudonym("u1"));
    let others = [
        sealer.pseudonym("u2"),
        sealer.pseudonym("U1"),
        sealer.pseudonym("$device:u1"),
        sealer.pseudonym(""),
        sealer.group_subject("company", "u1"),
        sealer.group_subject("companyu", "1"),
        sealer_of(ProjectId(8)).pseudonym("u1"),
    ];
    let distinct: HashSet<_> = others.iter().chain([&who]).collect();
    assert_eq!(distinct.len(), others.len() + 1);
}

#[test]
fn an_erased_id_leads_to_a_new_pseudonym_each_time() {
    let sealer = sealer_of(PROJECT);
    let mut all = HashSet::new();
    for _ in 0..4 {
        let who = sealer.pseudonym("u1");
        assert!(all.insert(who));
        sealer.mark_erased(&[who]);
    }
    let key = PseudonymKey::from_bytes([9; 32]);
    let restarted =
        ProjectSealer::new(PROJECT, vault_key().public(), &key, all.clone(), Arc::new(SeededEntropy::new(3)));
    assert_eq!(restarted.pseudonym("u1"), sealer.pseudonym("u1"));
    assert!(!all.contains(&restarted.pseudonym("u1")));
    assert_eq!(restarted.pseudonym("u2"), sealer_of(PROJECT).pseudonym("u2"));
}

#[test]
fn a_distinct_id_is_sealed_once_per_process() {
    let sealer = sealer_of(PROJECT);
    let who = sealer.pseudonym("ann@example.com");
    let record = sealer.seal_distinct_id(who, "ann@example.com").unwrap();
    assert!(sealer.seal_distinct_id(who, "ann@example.com").is_none());

    let opened = RecordOpener::new(vault_key()).open(&record).unwrap();
    assert_eq!((opened.project, opened.subject, opened.content), (PROJECT, who, Content::DistinctId));
    assert_eq!(opened.value.expose(), "ann@example.com");
}

#[test]
fn what_was_lost_on_its_way_is_sealed_again_and_nothing_else() {
    use SealedOperation::{Observe, Set};
    let sealer = sealer_of(PROJECT);
    let who = sealer.pseudonym("u1");
    let seal =
        |field: &str, operation| sealer.seal_field(who, field, operation, "\"x\"", Timestamp::default());
    let lost = [
        sealer.seal_distinct_id(who, "u1").unwrap(),
        seal("$email", Set).unwrap(),
        seal("note", Observe).unwrap(),
    ];
    let other = sealer.pseudonym("u2");
    assert!(sealer.seal_distinct_id(other, "u2").is_some() && seal("$name", Set).is_some());
    sealer.unconfirmed(&lost).confirm();
    assert!(sealer.seal_distinct_id(who, "u1").is_none() && seal("$email", Set).is_none());
    drop(sealer.unconfirmed(&lost));
    assert!(sealer.seal_distinct_id(who, "u1").is_some());
    assert!(seal("$email", Set).is_some() && seal("note", Observe).is_some());
    assert!(sealer.seal_distinct_id(other, "u2").is_none() && seal("$name", Set).is_none());
}

#[test]
fn sessions_change_and_records_open_in_any_order() {
    let sealer = sealer_of(PROJECT);
    let mut records: Vec<_> = (0..2500)
        .map(|n| {
            let id = format!("user-{n}");
            (sealer.seal_distinct_id(sealer.pseudonym(&id), &id).unwrap(), id)
        })
        .collect();
    let sessions: HashSet<_> = records.iter().map(|(record, _)| record.0[22..54].to_vec()).collect();
    assert_eq!(sessions.len(), 3, "1024 records to a session");
    records.sort_by(|(a, _), (b, _)| a.0[60..].cmp(&b.0[60..]));
    let mut opener = RecordOpener::new(vault_key());
    for (record, id) in &records {
        assert_eq!(opener.open(record).unwrap().value.expose(), id);
    }
}

#[test]
fn no_two_records_share_a_session_number() {
    let sealer = sealer_of(PROJECT);
    let records: Vec<SealedRecord> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|thread| {
                let sealer = &sealer;
                scope.spawn(move || -> Vec<_> {
                    (0..600)
                        .map(|n| format!("{thread}-{n}"))
                        .map(|id| sealer.seal_distinct_id(sealer.pseudonym(&id), &id).unwrap())
                        .collect()
                })
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let slots: HashSet<_> = records.iter().map(|record| record.0[22..56].to_vec()).collect();
    assert_eq!(slots.len(), 2400);
}

#[test]
fn a_record_opens_for_its_own_vault_only() {
    let sealer = sealer_of(PROJECT);
    let record = sealer.seal_distinct_id(sealer.pseudonym("u"), "u").unwrap();
    let other = VaultPrivateKey::generate(&SeededEntropy::new(99));
    assert_eq!(RecordOpener::new(other).open(&record), Err(OpenRecordError::Refused));
}

#[test]
fn any_altered_bit_is_refused() {
    let sealer = sealer_of(PROJECT);
    let who = sealer.pseudonym("u");
    let record = sealer
        .seal_field(who, "$email", SealedOperation::Set, "\"ann@example.com\"", Timestamp::default())
        .unwrap();
    let mut opener = RecordOpener::new(vault_key());
    assert!(opener.open(&record).is_ok());
    for bit in 0..record.0.len() * 8 {
        let mut altered = record.clone();
        altered.0[bit / 8] ^= 1 << (bit % 8);
        // The topmost bit of an X25519 point is ignored by its definition; the header binds it all the same.
        assert!(opener.open(&altered).is_err(), "bit {bit} of byte {}", bit / 8);
    }
    for length in 0..record.0.len() {
        assert!(opener.open(&SealedRecord(record.0[..length].to_vec())).is_err(), "cut to {length}");
    }
}

#[test]
fn lengths_are_blurred() {
    let sealer = sealer_of(PROJECT);
    let length = |value: &str| {
        let who = sealer.pseudonym(value);
        sealer.seal_field(who, "$name", SealedOperation::Set, value, Timestamp::default()).unwrap().0.len()
    };
    assert_eq!(length("\"Al\""), length("\"Alexander Hamil\""));
}

#[test]
fn nothing_clear_is_shown() {
    let sealer = sealer_of(PROJECT);
    let who = sealer.pseudonym("ann@example.com");
    let record = sealer.seal_distinct_id(who, "ann@example.com").unwrap();
    let opened = RecordOpener::new(vault_key()).open(&record).unwrap();
    let key = PseudonymKey::from_bytes(*b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef");
    let shown = format!(
        "{sealer:?} {record:?} {opened:?} {:?} {:?} {:?} {key:?}",
        vault_key(),
        crate::DistinctId::new("ann@example.com"),
        crate::Clear::from("ann@example.com"),
    );
    assert!(
        !shown.contains("ann")
            && !shown.contains("example")
            && !shown.contains("ABC")
            && !shown.contains("65, 66")
    );
    let private = *vault_key().to_bytes();
    assert!(!shown.contains(&format!("{:?}", &private[..4]).trim_matches(['[', ']']).to_owned()));
}

fn operations() -> impl Strategy<Value = SealedOperation> {
    proptest::sample::select(SealedOperation::ALL.to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn fields_come_back_and_never_stand_in_clear(
        field in "\\PC{0,40}",
        value in "\\PC{8,200}",
        operation in operations(),
        time in any::<i64>(),
    ) {
        let sealer = sealer_of(PROJECT);
        let who = sealer.pseudonym(&value);
        let record = sealer.seal_field(who, &field, operation, &value, Timestamp::from_millis(time)).unwrap();
        prop_assert!(!contains(&record.0, value.as_bytes()));
        let opened = RecordOpener::new(vault_key()).open(&record).unwrap();
        prop_assert_eq!(opened.content, Content::Field(operation));
        prop_assert_eq!(opened.field, field);
        prop_assert_eq!(opened.time, Timestamp::from_millis(time));
        prop_assert_eq!(opened.value.expose(), &value);
    }

    #[test]
    fn noise_is_refused_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(RecordOpener::new(vault_key()).open(&SealedRecord(bytes.clone())).is_err());
        let mut framed = bytes;
        if let Some(version) = framed.first_mut() {
            *version = crate::record::VERSION;
        }
        prop_assert!(RecordOpener::new(vault_key()).open(&SealedRecord(framed)).is_err());
    }
}
