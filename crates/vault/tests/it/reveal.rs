use crate::support::{House, NOW, PROJECT, grant, profile};
use domain::ProjectId;
use domain::access::ReadScope::{Identified, Pseudonymous};
use vault::SealedOperation::{Append, Delete, Observe, Set, Unset};
use vault::{EmailHash, Vault, VaultError};

#[tokio::test]
async fn what_was_sealed_comes_back_after_a_restart() {
    let mut house = House::new().await;
    let ann = house.person("u1", &[("$email", "\"ann@example.com\""), ("$name", "\"Ann\"")]).await;
    let bob = house.person("$device:b", &[]).await;
    house.restart().await;
    assert_eq!(house.id(ann).await.as_deref(), Some("u1"));
    assert_eq!(house.id(bob).await.as_deref(), Some("$device:b"));
    let fields = house.fields(ann).await.unwrap();
    assert_eq!(profile(&fields), [("$email", "\"ann@example.com\""), ("$name", "\"Ann\"")]);
    assert_eq!(house.fields(bob).await, None);
    assert_eq!(house.id(house.sealer.pseudonym("stranger")).await, None);
}

#[tokio::test]
async fn a_grant_opens_what_it_names_and_no_more() {
    let mut house = House::new().await;
    house.keyring.create_project(ProjectId(2)).unwrap();
    let fields = [("$email", "\"a@b.c\""), ("owner.phone", "\"+4930901820\""), ("ownership", "\"x\"")];
    let ann = house.person("u1", &fields).await;
    let table: [(&[&str], &[&str]); 6] = [
        (&["*"], &["$email", "owner.phone", "ownership"]),
        (&["$email"], &["$email"]),
        (&["owner"], &["owner.phone"]),
        (&["owner.phone", "$email"], &["$email", "owner.phone"]),
        (&["email"], &[]),
        (&[], &[]),
    ];
    for (named, opened) in table {
        let before = house.vault.decryptions();
        let revealed = house.vault.reveal_fields(&grant(PROJECT, Identified, named), &[ann]).await.unwrap();
        let names: Vec<&str> =
            revealed.values().flat_map(|fields| fields.profile.keys().map(String::as_str)).collect();
        assert_eq!(names, opened, "{named:?}");
        assert_eq!(house.vault.decryptions() - before, opened.len() as u64, "nothing else was opened");
    }

    let refused = |result: Result<bool, VaultError>| matches!(result, Err(VaultError::NotGranted(_)));
    let ids =
        async |grant| house.vault.reveal_distinct_ids(&grant, &[ann]).await.map(|ids| ids.contains_key(&ann));
    assert!(refused(ids(grant(PROJECT, Pseudonymous, &["*"])).await));
    assert!(refused(ids(grant(PROJECT, Identified, &["$email"])).await));
    assert!(ids(grant(PROJECT, Identified, &["distinct_id"])).await.unwrap());
    assert!(!ids(grant(ProjectId(2), Identified, &["*"])).await.unwrap(), "another project's grant");
    let fields = house.vault.reveal_fields(&grant(PROJECT, Pseudonymous, &["*"]), &[ann]).await;
    assert!(refused(fields.map(|_| true)));
}

#[tokio::test]
async fn what_is_taken_away_is_gone() {
    let mut house = House::new().await;
    let ann =
        house.person("u1", &[("$email", "\"a@b.c\""), ("$phone", "\"+4930901820\""), ("x.y", "1")]).await;
    let seal = |field, operation, value| house.sealer.seal_field(ann, field, operation, value, NOW).unwrap();
    let records = vec![seal("$email", Unset, ""), seal("x", Unset, ""), seal("note", Observe, "\"a@b.c\"")];
    house.intake(records).await;
    let fields = house.fields(ann).await.unwrap();
    assert_eq!(profile(&fields), [("$phone", "\"+4930901820\"")]);

    let seal = |field, operation, value| house.sealer.seal_field(ann, field, operation, value, NOW).unwrap();
    let records = vec![seal("", Delete, ""), seal("$email", Append, "\"new@b.c\"")];
    house.intake(records).await;
    let fields = house.fields(ann).await.unwrap();
    assert_eq!(profile(&fields), [("$email", "[\"new@b.c\"]")]);
    assert_eq!(fields.observed["note"][0].expose(), "\"a@b.c\"", "events are no part of the profile");
    assert_eq!(house.id(ann).await.as_deref(), Some("u1"), "nor is the id");
}

#[tokio::test]
async fn a_long_history_is_folded_and_still_right() {
    let mut house = House::new().await;
    let who = house.sealer.pseudonym("u1");
    let mut expected = vec![];
    for batch in 0..5 {
        let mut records = vec![];
        for n in 0..50 {
            let value = format!("\"a{batch}-{n}@example.com\"");
            records.push(house.sealer.seal_field(who, "$emails", Append, &value, NOW).unwrap());
            expected.push(value);
        }
        house.intake(records).await;
    }
    house.restart().await;
    let before = house.vault.decryptions();
    let fields = house.fields(who).await.unwrap();
    assert_eq!(profile(&fields), [("$emails", format!("[{}]", expected.join(",")).as_str())]);
    assert!(house.vault.decryptions() - before < 128, "folded on the way");
    let hash = EmailHash::from_hex("75a5b91d0ae5a0ba8e9c5f4ea9fa56fb").unwrap();
    assert_eq!(house.vault.find(PROJECT, &[vault::Identifier::EmailHash(hash)]).await.unwrap(), [vec![]]);
    let first = vault::Identifier::Email("a0-0@example.com".into());
    assert_eq!(house.vault.find(PROJECT, &[first]).await.unwrap(), [vec![who]], "the index follows the fold");
}

#[tokio::test]
async fn a_field_cannot_grow_without_end() {
    let mut house = House::new().await;
    let who = house.sealer.pseudonym("u1");
    let value = format!("\"{}\"", "x".repeat(20_000));
    let append = |count: usize| -> Vec<_> {
        (0..count).map(|_| house.sealer.seal_field(who, "list", Append, &value, NOW).unwrap()).collect()
    };
    let (first, second) = (append(64), append(6));
    assert_eq!(house.intake(first).await.taken, 64);
    let report = house.intake(second).await;
    assert_eq!((report.taken, report.refused_full), (0, 6));
    let fields = house.fields(who).await.unwrap();
    assert_eq!(
        fields.profile["list"].expose().len(),
        64 * (value.len() + 1) + 1,
        "what was there is still there"
    );
}

#[tokio::test]
async fn groups_have_sealed_fields_too() {
    let mut house = House::new().await;
    let group = house.sealer.group_subject("company", "Acme");
    let record = house.sealer.seal_field(group, "billing", Set, "\"pay@acme.example\"", NOW).unwrap();
    house.intake(vec![record]).await;
    let fields = house.fields(group).await.unwrap();
    assert_eq!(profile(&fields), [("billing", "\"pay@acme.example\"")]);
}

#[tokio::test]
async fn another_keyring_is_refused() {
    let house = House::new().await;
    house.vault.close().await;
    let stranger = House::new().await;
    let keyring = {
        let directory = tempfile::tempdir().unwrap();
        let paths = vault::KeyringPaths::for_data_dir(&directory.path().join("data"));
        vault::Keyring::create(paths, std::sync::Arc::new(vault::SeededEntropy::new(2))).unwrap()
    };
    drop(stranger);
    let refused = Vault::open(&house.settings(), keyring).await.unwrap_err();
    assert!(refused.to_string().contains("another keyring"), "{refused}");
}
