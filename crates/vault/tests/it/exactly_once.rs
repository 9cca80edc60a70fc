//! The log hands records over again after a crash; each must count once.

use crate::support::{House, NOW, PROJECT, profile};
use domain::sealed::SealedRecord;
use domain::{ProjectId, Pseudonym};
use std::future::poll_fn;
use std::path::Path;
use std::pin::pin;
use std::task::Poll;
use vault::SealedOperation::{Add, Append};
use vault::{IntakeReport, SealedBatch, Vault, VaultSettings};

fn batch(position: u64, records: Vec<SealedRecord>) -> SealedBatch {
    SealedBatch { position, project: PROJECT, records }
}

/// Ten people, each with an id and two operations that would show if they were done twice.
fn records(house: &House, round: usize) -> Vec<SealedRecord> {
    let mut records = vec![];
    for n in 0..10 {
        let id = format!("user-{n}");
        let who = house.sealer.pseudonym(&id);
        records.extend(house.sealer.seal_distinct_id(who, &id));
        records.push(house.sealer.seal_field(who, "list", Append, &round.to_string(), NOW).unwrap());
        records.push(house.sealer.seal_field(who, "sum", Add, "1", NOW).unwrap());
    }
    records
}

async fn state(vault: &Vault, who: Pseudonym) -> Vec<String> {
    let grant = crate::support::everything();
    let mut fields = vault.reveal_fields(&grant, &[who]).await.unwrap();
    let fields = fields.remove(&who).unwrap_or_default();
    profile(&fields).into_iter().map(|(_, value)| value.to_owned()).collect()
}

#[tokio::test]
async fn repeated_positions_are_skipped() {
    let house = House::new().await;
    let first = batch(100, records(&house, 0));
    let second = batch(200, records(&house, 1));
    let taken = house.vault.intake(vec![first.clone()]).await.unwrap();
    assert_eq!(taken, IntakeReport { taken: 30, new_persons: 10, ..IntakeReport::default() });
    assert_eq!(house.vault.intake(vec![first.clone()]).await.unwrap(), IntakeReport::default());
    let taken = house.vault.intake(vec![first.clone(), second.clone()]).await.unwrap();
    assert_eq!(taken, IntakeReport { taken: 20, ..IntakeReport::default() });
    assert_eq!(house.vault.intake(vec![first, second]).await.unwrap(), IntakeReport::default());
    assert_eq!(house.vault.position().await.unwrap(), 200);
    assert_eq!(state(&house.vault, house.sealer.pseudonym("user-3")).await, ["[0,1]", "2"]);
}

#[tokio::test]
async fn an_interrupted_intake_is_whole_or_never_was_and_can_be_repeated() {
    let house = House::new().await;
    let who = house.sealer.pseudonym("user-3");
    let mut interruptions = 0;
    let mut list = vec![];
    for round in 0..24 {
        let old = (100 * round as u64, list.clone());
        list.push(round.to_string());
        let new = (100 * (round as u64 + 1), list.clone());
        let next = batch(new.0, records(&house, round));

        let copy = tempfile::tempdir().unwrap();
        let look = || copy_files(&house.data_dir(), copy.path());
        if interrupted_after(round / 2 + 1, house.vault.intake(vec![next.clone()]), look).await.is_none() {
            interruptions += 1;
            // What a machine that stopped right then would find on its disk.
            let database = copy.path().join("vault.db");
            let settings = VaultSettings { database, erasures: copy.path().join("erased") };
            let found = Vault::open(&settings, house.keyring.clone()).await.unwrap();
            check_and_repeat(&found, who, &old, &new, &next).await;
            found.close().await;
        }
        check_and_repeat(&house.vault, who, &old, &new, &next).await;
    }
    assert!(interruptions > 0);
}

/// The vault is in the old state or in the new one, and after the batch came again in the new one.
async fn check_and_repeat(
    vault: &Vault,
    who: Pseudonym,
    old: &(u64, Vec<String>),
    new: &(u64, Vec<String>),
    next: &SealedBatch,
) {
    let as_fields = |list: &[String]| match list.len() {
        0 => vec![],
        count => vec![format!("[{}]", list.join(",")), count.to_string()],
    };
    let found = (vault.position().await.unwrap(), state(vault, who).await);
    let expected = if found.0 == new.0 { new } else { old };
    assert_eq!(found, (expected.0, as_fields(&expected.1)));
    vault.intake(vec![next.clone()]).await.unwrap();
    assert_eq!((vault.position().await.unwrap(), state(vault, who).await), (new.0, as_fields(&new.1)));
}

#[tokio::test]
async fn what_cannot_be_taken_is_counted_and_holds_nothing_up() {
    let house = House::new().await;
    let who = house.sealer.pseudonym("u1");
    let good = house.sealer.seal_distinct_id(who, "u1").unwrap();
    let mut altered = house.sealer.seal_field(who, "x", Append, "1", NOW).unwrap();
    *altered.0.last_mut().unwrap() ^= 1;
    let not_json = house.sealer.seal_field(who, "y", Append, "no json", NOW).unwrap();
    let noise = SealedRecord(vec![1, 2, 3]);
    let report =
        house.vault.intake(vec![batch(100, vec![altered, noise, not_json, good.clone()])]).await.unwrap();
    let expected = IntakeReport {
        taken: 1,
        new_persons: 1,
        refused_foreign: 1,
        refused_malformed: 2,
        ..IntakeReport::default()
    };
    assert_eq!(report, expected);

    house.keyring.create_project(ProjectId(2)).unwrap();
    let elsewhere = SealedBatch { position: 200, project: ProjectId(2), records: vec![good] };
    let report = house.vault.intake(vec![elsewhere]).await.unwrap();
    assert_eq!(report, IntakeReport { refused_foreign: 1, ..IntakeReport::default() });
}

#[tokio::test]
async fn records_of_a_project_without_keys_stay_in_the_log() {
    let house = House::new().await;
    let unknown = SealedBatch { position: 100, project: ProjectId(9), records: vec![] };
    assert_eq!(house.vault.intake(vec![unknown]).await.unwrap(), IntakeReport::default());

    let other = House::new().await;
    other.keyring.create_project(ProjectId(9)).unwrap();
    let sealer = other.vault.project_sealer(ProjectId(9)).await.unwrap();
    let record = sealer.seal_distinct_id(sealer.pseudonym("u1"), "u1").unwrap();
    let batch = SealedBatch { position: 200, project: ProjectId(9), records: vec![record] };
    // Same seed, same vault key; but this keyring does not know the project yet.
    assert!(house.vault.intake(vec![batch.clone()]).await.is_err());
    assert_eq!(house.vault.position().await.unwrap(), 100);
    house.keyring.create_project(ProjectId(9)).unwrap();
    assert_eq!(house.vault.intake(vec![batch]).await.unwrap().taken, 1);
}

/// Polls a future so many times, looks at what is on disk, and drops it.
async fn interrupted_after<T>(
    polls: usize,
    future: impl Future<Output = T>,
    look: impl FnOnce(),
) -> Option<T> {
    let mut future = pin!(future);
    let mut left = polls;
    let mut look = Some(look);
    poll_fn(move |context| {
        if left == 0 {
            look.take().expect("ready only once")();
            return Poll::Ready(None);
        }
        left -= 1;
        future.as_mut().poll(context).map(Some)
    })
    .await
}

fn copy_files(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        // The shared-memory index does not survive a machine.
        if !entry.file_name().to_string_lossy().ends_with("-shm") {
            std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}
