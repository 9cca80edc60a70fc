//! From the log into the vault: each sealed record exactly once.
//!
//! The position in the log up to which records were taken is written in the same transaction as
//! what they became. After a crash the log hands over again what was not yet taken; what was, is
//! recognised by its position and skipped.

use crate::blind::{BlindHash, BlindIndex};
use crate::fold;
use crate::keyring::ProjectKeys;
use crate::open::{OpenRecordError, OpenedRecord, RecordOpener};
use crate::person::{PersonKey, Place};
use crate::plan::{Operations, Outcome, Row};
use crate::record::Content;
use crate::store::{self, IndexRow, OperationHead, PersonRow, Write};
use crate::vault::{Vault, VaultError, lock, off_thread};
use crate::{Clear, SealedOperation};
use domain::sealed::SealedRecord;
use domain::{ProjectId, Pseudonym, Timestamp};
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::Value;
use std::collections::BTreeMap;
use std::ops::AddAssign;

/// The longest value that operations on one field may add up to, in bytes of JSON. A list of a
/// thousand addresses has some 30 KB.
const MAX_FOLDED_BYTES: usize = 1 << 20;

/// The sealed records of one batch of the log.
#[derive(Clone, Debug)]
pub struct SealedBatch {
    /// Where the batch ends in the log.
    pub position: u64,
    pub project: ProjectId,
    pub records: Vec<SealedRecord>,
}

/// What became of the records. The sum of all is the number of records handed in, but for batches
/// that were taken in earlier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct IntakeReport {
    /// Written.
    pub taken: u64,
    /// They repeated what was there.
    pub unchanged: u64,
    /// Of a person who is erased.
    pub refused_erased: u64,
    /// Malformed, or of an unknown version.
    pub refused_malformed: u64,
    /// Sealed to another vault, for another project, or altered.
    pub refused_foreign: u64,
    /// Beyond what one person or one field may hold.
    pub refused_full: u64,
    /// Persons who were seen for the first time.
    pub new_persons: u64,
}

impl AddAssign for IntakeReport {
    fn add_assign(&mut self, other: Self) {
        self.taken += other.taken;
        self.unchanged += other.unchanged;
        self.refused_erased += other.refused_erased;
        self.refused_malformed += other.refused_malformed;
        self.refused_foreign += other.refused_foreign;
        self.refused_full += other.refused_full;
        self.new_persons += other.new_persons;
    }
}

impl Vault {
    /// Up to where the log has been taken in.
    pub async fn position(&self) -> Result<u64, VaultError> {
        let mut read = self.store.read().await?;
        Ok(store::position(&mut read).await?)
    }

    /// Takes in sealed records, in the order of the log: all of them or, on an error, none. Durable
    /// when it returns. Batches up to [`position`](Self::position) are skipped.
    pub async fn intake(&self, mut batches: Vec<SealedBatch>) -> Result<IntakeReport, VaultError> {
        let mut write = self.store.write().await?;
        let taken_up_to = store::position(write.connection()).await?;
        batches.retain(|batch| batch.position > taken_up_to);
        let Some(position) = batches.iter().map(|batch| batch.position).max() else {
            return Ok(IntakeReport::default());
        };

        let opener = self.opener.clone();
        // Microseconds per record, but thousands of records: not on a thread that serves requests.
        let (by_project, mut report) = off_thread(move || open_all(&mut lock(&opener), &batches)).await?;
        for (project, records) in by_project {
            report += self.take_in(&mut write, project, records).await?;
        }
        store::set_position(write.connection(), position).await?;
        write.commit().await?;
        Ok(report)
    }

    async fn take_in(
        &self,
        write: &mut Write<'_>,
        project: ProjectId,
        records: Vec<OpenedRecord>,
    ) -> Result<IntakeReport, VaultError> {
        let (keys, index) = self.keys(project)?;
        let mut report = IntakeReport::default();
        let subjects = distinct(records.iter().map(|record| record.subject));
        let erased: FxHashSet<Pseudonym> =
            store::erased_among(write.connection(), project, &subjects).await?.into_iter().collect();
        let mut persons = self.load(write, project, &keys, &records).await?;

        for record in records {
            if erased.contains(&record.subject) {
                report.refused_erased += 1;
                continue;
            }
            let person = persons.entry(record.subject).or_insert_with(|| {
                let (key, wrapped) =
                    PersonKey::create(project, record.subject, &keys.wrapping, self.entropy());
                Person { key, new: Some(wrapped), id: StoredId::None, operations: Operations::new(vec![]) }
            });
            match person.take(record) {
                Some(Outcome::Taken) => report.taken += 1,
                Some(Outcome::Unchanged) => report.unchanged += 1,
                Some(Outcome::Full) => report.refused_full += 1,
                None => report.refused_malformed += 1,
            }
        }
        for (who, person) in &mut persons {
            let dropped = self.fold_long_fields(write, project, *who, person).await?;
            report.taken -= dropped;
            report.refused_full += dropped;
        }
        report.new_persons = self.write_persons(write, project, &index, persons).await?;
        Ok(report)
    }

    async fn load(
        &self,
        write: &mut Write<'_>,
        project: ProjectId,
        keys: &ProjectKeys,
        records: &[OpenedRecord],
    ) -> Result<FxHashMap<Pseudonym, Person>, VaultError> {
        let subjects = distinct(records.iter().map(|record| record.subject));
        let with_fields: FxHashSet<Pseudonym> = records
            .iter()
            .filter(|record| record.content != Content::DistinctId)
            .map(|r| r.subject)
            .collect();
        let mut persons = FxHashMap::default();
        for row in store::persons(write.connection(), project, &subjects).await? {
            let key = PersonKey::unwrap(project, row.who, &keys.wrapping, &row.wrapped_key)
                .ok_or(VaultError::Damaged(row.who))?;
            let id = if row.sealed_id.is_some() { StoredId::There } else { StoredId::None };
            persons.insert(row.who, Person { key, new: None, id, operations: Operations::new(vec![]) });
        }
        let known: Vec<Pseudonym> = subjects
            .into_iter()
            .filter(|who| persons.contains_key(who) && with_fields.contains(who))
            .collect();
        let mut rows = FxHashMap::<Pseudonym, Vec<Row>>::default();
        for head in store::operation_heads(write.connection(), project, &known).await? {
            let OperationHead { who, sequence, field, operation, digest } = head;
            rows.entry(who).or_default().push(Row { sequence, field, operation, digest, fresh: None });
        }
        for (who, rows) in rows {
            if let Some(person) = persons.get_mut(&who) {
                person.operations = Operations::new(rows);
            }
        }
        Ok(persons)
    }

    /// Folds fields with many operations into one `Set`. Gives back how many new operations had to
    /// be dropped, because the value would have become too long.
    async fn fold_long_fields(
        &self,
        write: &mut Write<'_>,
        project: ProjectId,
        who: Pseudonym,
        person: &mut Person,
    ) -> Result<u64, VaultError> {
        let long = person.operations.long_fields();
        if long.is_empty() {
            return Ok(0);
        }
        let mut sealed = FxHashMap::default();
        for row in store::sealed_operations(write.connection(), project, &[who]).await? {
            sealed.insert(row.sequence, row.sealed);
        }
        let mut dropped = 0;
        for field in long {
            let rows = person.operations.take(&field);
            let mut folded = None;
            let mut last = Timestamp::default();
            for row in &rows {
                let (time, value) = match &row.fresh {
                    Some(fresh) => (fresh.time, parse(fresh.value.expose())),
                    None => {
                        let place = Place { sequence: row.sequence, operation: row.operation, field: &field };
                        let opened =
                            sealed.get(&row.sequence).and_then(|sealed| person.key.open_field(place, sealed));
                        let (time, value) = opened.ok_or(VaultError::Damaged(who))?;
                        (time, parse(&value))
                    }
                };
                last = time;
                folded = fold::apply(folded, row.operation, value.ok_or(VaultError::Damaged(who))?);
            }
            let Some(folded) = folded else { continue };
            let text = Clear::new(folded.to_string());
            if text.expose().len() > MAX_FOLDED_BYTES {
                let (fresh, stored): (Vec<Row>, Vec<Row>) =
                    rows.into_iter().partition(|row| row.fresh.is_some());
                dropped += fresh.len() as u64;
                person.operations.put_back(stored);
                continue;
            }
            let digest = person.key.digest(&field, SealedOperation::Set, text.expose());
            person.operations.push(SealedOperation::Set, &field, digest, last, text);
        }
        Ok(dropped)
    }

    async fn write_persons(
        &self,
        write: &mut Write<'_>,
        project: ProjectId,
        index: &BlindIndex,
        persons: FxHashMap<Pseudonym, Person>,
    ) -> Result<u64, VaultError> {
        let mut new = vec![];
        let mut operations = vec![];
        let mut entries = vec![];
        let mut removed = vec![];
        for (who, person) in persons {
            let mut found: Vec<(BlindHash, i64)> = vec![];
            let mut hashes = vec![];
            let sealed_id = match &person.id {
                StoredId::Arrived(id) => {
                    index.entries_of_id(id.expose(), &mut hashes);
                    found.extend(hashes.drain(..).map(|hash| (hash, 0)));
                    Some(person.key.close_id(id.expose(), self.entropy()))
                }
                StoredId::None | StoredId::There => None,
            };
            let (fresh, gone) = person.operations.finish();
            match (person.new, sealed_id) {
                // Nothing is known of them yet but that something was taken away.
                (Some(_), None) if fresh.is_empty() => continue,
                (Some(wrapped_key), sealed_id) => new.push(PersonRow { who, wrapped_key, sealed_id }),
                (None, Some(sealed_id)) => {
                    store::set_sealed_id(write.connection(), project, who, sealed_id).await?;
                }
                (None, None) => {}
            }
            removed.extend(gone.into_iter().map(|sequence| (who, sequence)));
            for Row { sequence, field, operation, digest, fresh } in fresh {
                let Some(fresh) = fresh else { continue };
                if let Some(value) = parse(fresh.value.expose()).filter(|_| brings_a_value(operation)) {
                    index.entries_of_field(&field, &value, &mut hashes);
                    found.extend(hashes.drain(..).map(|hash| (hash, sequence)));
                }
                let place = Place { sequence, operation, field: &field };
                let sealed = person.key.close_field(place, fresh.time, fresh.value.expose(), self.entropy());
                operations.push((OperationHead { who, sequence, field, operation, digest }, sealed));
            }
            entries.extend(found.into_iter().map(|(hash, sequence)| IndexRow { hash, who, sequence }));
        }
        let connection = write.connection();
        store::insert_persons(connection, project, &new).await?;
        store::delete_operations(connection, project, &removed).await?;
        store::insert_operations(connection, project, operations).await?;
        // In the order of the tree: half the pages to touch.
        entries.sort_unstable_by_key(|entry| entry.hash);
        store::insert_index(connection, project, &entries).await?;
        Ok(new.len() as u64)
    }
}

/// One person while records are taken in.
struct Person {
    key: PersonKey,
    /// The wrapped key of one who is not in the database yet.
    new: Option<Vec<u8>>,
    id: StoredId,
    operations: Operations,
}

enum StoredId {
    None,
    There,
    Arrived(Clear<String>),
}

impl Person {
    /// `None`: the value is not what it should be.
    fn take(&mut self, record: OpenedRecord) -> Option<Outcome> {
        let operation = match record.content {
            Content::Field(operation) => operation,
            Content::DistinctId => {
                if !matches!(self.id, StoredId::None) {
                    return Some(Outcome::Unchanged);
                }
                self.id = StoredId::Arrived(record.value);
                return Some(Outcome::Taken);
            }
        };
        let has_value = !matches!(operation, SealedOperation::Unset | SealedOperation::Delete);
        if has_value && parse(record.value.expose()).is_none() {
            return None;
        }
        let digest = self.key.digest(&record.field, operation, record.value.expose());
        Some(self.operations.apply(operation, &record.field, digest, record.time, record.value))
    }
}

fn open_all(
    opener: &mut RecordOpener,
    batches: &[SealedBatch],
) -> (BTreeMap<ProjectId, Vec<OpenedRecord>>, IntakeReport) {
    let mut report = IntakeReport::default();
    let mut by_project = BTreeMap::<ProjectId, Vec<OpenedRecord>>::new();
    for batch in batches {
        for record in &batch.records {
            match opener.open(record) {
                Ok(opened) if opened.project == batch.project => {
                    by_project.entry(batch.project).or_default().push(opened);
                }
                Ok(_) | Err(OpenRecordError::Refused) => report.refused_foreign += 1,
                Err(OpenRecordError::Malformed) => report.refused_malformed += 1,
            }
        }
    }
    (by_project, report)
}

fn distinct(who: impl Iterator<Item = Pseudonym>) -> Vec<Pseudonym> {
    let mut seen: Vec<Pseudonym> = who.collect();
    seen.sort_unstable();
    seen.dedup();
    seen
}

const fn brings_a_value(operation: SealedOperation) -> bool {
    !matches!(operation, SealedOperation::Remove | SealedOperation::Unset | SealedOperation::Delete)
}

fn parse(value: &str) -> Option<Value> {
    serde_json::from_str(value).ok()
}
