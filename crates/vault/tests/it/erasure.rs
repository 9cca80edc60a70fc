use crate::support::{House, NOW, PROJECT, profile};
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use vault::SealedOperation::Set;
use vault::{DistinctId, Identifier};

#[tokio::test]
async fn an_erased_person_cannot_be_revealed_even_from_an_older_database() {
    let mut house = House::new().await;
    let mut people = vec![];
    for n in 0..20 {
        people
            .push(house.person(&format!("user-{n}"), &[("$email", &format!("\"a{n}@example.com\""))]).await);
    }
    house.restart().await;
    house.vault.close().await;
    let database = house.settings().database;
    let backup = house.data_dir().join("backup.db");
    std::fs::copy(&database, &backup).unwrap();
    house.restart().await;

    let gone = &people[..7];
    house.sealer.mark_erased(gone);
    house.vault.erase(PROJECT, gone, NOW).await.unwrap();
    for restored in [false, true] {
        if restored {
            house.vault.close().await;
            std::fs::copy(&backup, &database).unwrap();
        }
        house.restart().await;
        for (n, who) in people.iter().enumerate() {
            let found =
                house.vault.find(PROJECT, &[Identifier::Email(format!("a{n}@example.com").into())]).await;
            if n < 7 {
                assert_eq!(
                    (house.id(*who).await, house.fields(*who).await),
                    (None, None),
                    "restored: {restored}"
                );
                assert_eq!(found.unwrap(), [vec![]], "restored: {restored}");
            } else {
                assert_eq!(house.id(*who).await, Some(format!("user-{n}")), "restored: {restored}");
                assert_eq!(found.unwrap(), [vec![*who]], "restored: {restored}");
            }
        }
        let mut erased = house.vault.erased(PROJECT).await.unwrap();
        erased.sort();
        let mut expected = gone.to_vec();
        expected.sort();
        assert_eq!(erased, expected, "restored: {restored}");
    }
}

#[tokio::test]
async fn a_lost_journal_is_written_again_from_the_database() {
    let mut house = House::new().await;
    let ann = house.person("u1", &[]).await;
    house.vault.erase(PROJECT, &[ann], NOW).await.unwrap();
    house.vault.close().await;
    let journal = house.settings().erasures;
    let before = std::fs::read(&journal).unwrap();
    std::fs::remove_file(&journal).unwrap();
    house.restart().await;
    assert_eq!(std::fs::read(&journal).unwrap(), before);
}

/// report-semantics.md, I08.
#[tokio::test]
async fn the_same_id_later_is_someone_new() {
    let mut house = House::new().await;
    let old = house.person("u1", &[("$name", "\"Ann\"")]).await;
    let late = house.sealer.seal_field(old, "$name", Set, "\"late\"", NOW).unwrap();
    house.sealer.mark_erased(&[old]);
    house.vault.erase(PROJECT, &[old], NOW).await.unwrap();
    house.vault.erase(PROJECT, &[old], NOW).await.unwrap();

    let report = house.intake(vec![late]).await;
    assert_eq!((report.refused_erased, report.taken), (1, 0), "it was still in the log");
    let new = house.person("u1", &[("$email", "\"ann@example.com\"")]).await;
    assert_ne!(new, old);
    house.restart().await;
    assert_eq!(house.sealer.pseudonym("u1"), new);
    assert_eq!(house.id(new).await.as_deref(), Some("u1"));
    assert_eq!(profile(&house.fields(new).await.unwrap()), [("$email", "\"ann@example.com\"")]);
    assert_eq!((house.id(old).await, house.fields(old).await), (None, None));
    let by_id = Identifier::DistinctId(DistinctId::new("u1"));
    assert_eq!(house.vault.find(PROJECT, &[by_id]).await.unwrap(), [vec![new]]);
}

#[tokio::test]
async fn the_key_itself_leaves_no_trace_in_the_files() {
    let mut house = House::new().await;
    let ann = house.person("u1", &[("$email", "\"ann@example.com\"")]).await;
    house.person("u2", &[("$email", "\"bob@example.com\"")]).await;
    let options = SqliteConnectOptions::new().filename(house.settings().database).read_only(true);
    let mut direct = SqliteConnection::connect_with(&options).await.unwrap();
    let (wrapped, sealed): (Vec<u8>, Vec<u8>) = sqlx::query_as(
        "SELECT wrapped_key, sealed FROM person JOIN sealed_operation USING (project, pseudonym) WHERE pseudonym = $1",
    )
    .bind(ann.0.to_vec())
    .fetch_one(&mut direct)
    .await
    .unwrap();
    direct.close().await.unwrap();

    let is_there = |needle: &[u8]| {
        let mut files = std::fs::read_dir(house.data_dir()).unwrap();
        files.any(|file| {
            let content = std::fs::read(file.unwrap().path()).unwrap();
            content.windows(16).any(|window| window == &needle[..16])
        })
    };
    assert!(is_there(&wrapped) && is_there(&sealed));
    house.vault.erase(PROJECT, &[ann], NOW).await.unwrap();
    assert!(!is_there(&wrapped) && !is_there(&sealed));
}
