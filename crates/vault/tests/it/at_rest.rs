//! What the database is worth to one who has it, or who changes it.

use crate::support::{House, NOW, PROJECT, everything};
use domain::Pseudonym;
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use vault::SealedOperation::Set;
use vault::VaultError;

/// Runs a statement on one person's rows behind the vault's back.
async fn tamper(house: &House, who: Pseudonym, statement: &'static str) {
    let options = SqliteConnectOptions::new().filename(house.settings().database);
    let mut direct = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::query(statement).bind(who.0.to_vec()).execute(&mut direct).await.unwrap();
    direct.close().await.unwrap();
}

#[tokio::test]
async fn a_value_moved_elsewhere_does_not_open() {
    // Each moves a sealed box to where it does not belong.
    let swaps = [
        ("another field", "UPDATE sealed_operation SET field = 'other' WHERE pseudonym = $1"),
        ("another operation", "UPDATE sealed_operation SET operation = 4 WHERE pseudonym = $1"),
        ("another place in the order", "UPDATE sealed_operation SET sequence = 99 WHERE pseudonym = $1"),
        (
            "another person",
            "UPDATE sealed_operation SET sealed = (SELECT sealed FROM sealed_operation WHERE pseudonym <> $1)
             WHERE pseudonym = $1",
        ),
        (
            "another person's key",
            "UPDATE person SET wrapped_key = (SELECT wrapped_key FROM person WHERE pseudonym <> $1)
             WHERE pseudonym = $1",
        ),
        ("nothing", "UPDATE sealed_operation SET sealed = zeroblob(length(sealed)) WHERE pseudonym = $1"),
    ];
    for (what, statement) in swaps {
        let mut house = House::new().await;
        let ann = house.person("u1", &[("$email", "\"ann@example.com\"")]).await;
        house.person("u2", &[("$email", "\"bob@example.com\"")]).await;
        tamper(&house, ann, statement).await;
        let result = house.vault.reveal_fields(&everything(), &[ann]).await;
        assert!(matches!(result, Err(VaultError::Damaged(who)) if who == ann), "{what}: {result:?}");
    }
}

#[tokio::test]
async fn an_id_moved_to_another_person_does_not_open() {
    let mut house = House::new().await;
    let ann = house.person("u1", &[]).await;
    house.person("u2", &[]).await;
    let swap = "UPDATE person SET sealed_id = (SELECT sealed_id FROM person WHERE pseudonym <> $1) WHERE pseudonym = $1";
    tamper(&house, ann, swap).await;
    let result = house.vault.reveal_distinct_ids(&everything(), &[ann]).await;
    assert!(matches!(result, Err(VaultError::Damaged(who)) if who == ann));
}

#[tokio::test]
async fn nothing_clear_is_shown_and_errors_echo_nothing() {
    let mut house = House::new().await;
    let ann = house.person("ann@example.com", &[("$email", "\"ann@example.com\"")]).await;
    let ids = house.vault.reveal_distinct_ids(&everything(), &[ann]).await.unwrap();
    let fields = house.vault.reveal_fields(&everything(), &[ann]).await.unwrap();
    let asked = vault::Identifier::Email("ann@example.com".into());
    let shown = format!("{:?} {:?} {ids:?} {fields:?} {asked:?}", house.vault, house.keyring);
    assert!(!shown.contains("ann@") && !shown.contains("example.com"), "{shown}");

    tamper(&house, ann, "UPDATE sealed_operation SET sealed = zeroblob(64) WHERE pseudonym = $1").await;
    let error = house.vault.reveal_fields(&everything(), &[ann]).await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains("example"));
}

#[tokio::test]
async fn the_same_value_looks_different_each_time() {
    let house = House::new().await;
    let seal =
        |id| house.sealer.seal_field(house.sealer.pseudonym(id), "$name", Set, "\"Ann\"", NOW).unwrap();
    let (one, other) = (seal("u1"), seal("u2"));
    assert_ne!(one.0[one.0.len() - 48..], other.0[other.0.len() - 48..]);
    let report = house
        .vault
        .intake(vec![vault::SealedBatch { position: 1, project: PROJECT, records: vec![one, other] }])
        .await
        .unwrap();
    assert_eq!(report.taken, 2);
    let options = SqliteConnectOptions::new().filename(house.settings().database).read_only(true);
    let mut direct = SqliteConnection::connect_with(&options).await.unwrap();
    let (boxes, digests): (i64, i64) =
        sqlx::query_as("SELECT COUNT(DISTINCT sealed), COUNT(DISTINCT digest) FROM sealed_operation")
            .fetch_one(&mut direct)
            .await
            .unwrap();
    assert_eq!((boxes, digests), (2, 2), "equal values of two people show no equality");
}
