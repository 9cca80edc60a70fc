//! The write-only half: what the collector holds.
//!
//! A [`ProjectSealer`] makes pseudonyms and seals values to the vault's public key. It has no way
//! to open what it sealed; `session` says why. What a dump of its memory does give: the project's
//! pseudonym key (guessed ids can be tested against pseudonyms), keyed digests of recent values
//! together with their key (guessed values can be tested against those), and whatever requests
//! were being read at that moment.

use crate::pseudonym::Pseudonyms;
use crate::record::{Content, Header, write_body};
use crate::repeats::{FieldMemory, Recent};
use crate::session::{RecordKey, Session};
use crate::{Entropy, PseudonymKey, SealedOperation, VaultPublicKey};
use domain::sealed::SealedRecord;
use domain::{ProjectId, Pseudonym, Timestamp};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Why something could not be made ready for sealing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    #[error("the vault's public key is not a point of the curve; restore the keyring file")]
    InvalidPublicKey,
}

/// Pseudonymises and seals for one project. Shared by all requests.
#[derive(Debug)]
pub struct ProjectSealer {
    project: ProjectId,
    vault: VaultPublicKey,
    entropy: Arc<dyn Entropy>,
    pseudonyms: Pseudonyms,
    session: Mutex<Option<Session>>,
    ids: Mutex<Recent<Pseudonym, ()>>,
    fields: Mutex<FieldMemory>,
}

impl ProjectSealer {
    /// `erased`: the project's erased pseudonyms, which are never given to anyone again.
    pub fn new(
        project: ProjectId,
        vault: VaultPublicKey,
        key: &PseudonymKey,
        erased: impl IntoIterator<Item = Pseudonym>,
        entropy: Arc<dyn Entropy>,
    ) -> Self {
        Self {
            project,
            vault,
            pseudonyms: Pseudonyms::new(project, key, erased),
            session: Mutex::new(None),
            ids: Mutex::new(Recent::new()),
            fields: Mutex::new(FieldMemory::new(&*entropy)),
            entropy,
        }
    }

    pub fn project(&self) -> ProjectId {
        self.project
    }

    /// The pseudonym of a distinct id, which is taken as it was sent.
    pub fn pseudonym(&self, id: &str) -> Pseudonym {
        self.pseudonyms.person(id)
    }

    /// Under whom the sealed fields of a group's profile are kept.
    pub fn group_subject(&self, key: &str, id: &str) -> Pseudonym {
        self.pseudonyms.group(key, id)
    }

    /// Seals the distinct id itself, so that an identified read can give it back. `None`: it was
    /// sealed before by this process.
    pub fn seal_distinct_id(&self, who: Pseudonym, clear: &str) -> Option<SealedRecord> {
        if !lock(&self.ids).remember(who) {
            return None;
        }
        Some(self.seal(Content::DistinctId, who, "", clear, Timestamp::default()))
    }

    /// Seals what happens to one field; `value` is JSON text (empty for `Unset` and `Delete`).
    /// `None`: it repeats the last thing sealed for this field and would change nothing.
    pub fn seal_field(
        &self,
        who: Pseudonym,
        field: &str,
        operation: SealedOperation,
        value: &str,
        time: Timestamp,
    ) -> Option<SealedRecord> {
        if !lock(&self.fields).is_news(who, field, operation, value) {
            return None;
        }
        Some(self.seal(Content::Field(operation), who, field, value, time))
    }

    /// To be held while these records are on their way to the log. Unless it is
    /// [confirmed](Unconfirmed::confirm), they count as lost when it goes (the append failed, or the
    /// client hung up and the request was dropped), and what they held is sealed again when it next comes.
    pub fn unconfirmed(&self, records: &[SealedRecord]) -> Unconfirmed<'_> {
        Unconfirmed { sealer: self, records: records.to_vec() }
    }

    fn forget_sealed(&self, lost: &[SealedRecord]) {
        for record in lost {
            match Header::read(&record.0) {
                Some((Header { content: Content::Field(operation), subject, field, .. }, ..)) => {
                    lock(&self.fields).forget(subject, field, operation);
                }
                Some((Header { content: Content::DistinctId, subject, .. }, ..)) => {
                    lock(&self.ids).forget(&subject);
                }
                None => {}
            }
        }
    }

    /// From now on these people's ids lead to new pseudonyms.
    pub fn mark_erased(&self, who: &[Pseudonym]) {
        self.pseudonyms.mark_erased(who);
    }

    fn seal(
        &self,
        content: Content,
        who: Pseudonym,
        field: &str,
        value: &str,
        time: Timestamp,
    ) -> SealedRecord {
        let right = self.next_record_key();
        let header = Header {
            content,
            project: self.project,
            subject: who,
            session: right.session,
            number: right.number,
            field,
        };
        SealedRecord(right.seal(header.write(), &mut write_body(time, value)))
    }

    fn next_record_key(&self) -> RecordKey {
        let mut session = lock(&self.session);
        if let Some(key) = session.as_mut().and_then(Session::next) {
            return key;
        }
        let fresh = session.insert(Session::begin(self.project, &self.vault, &*self.entropy));
        fresh.next().expect("a fresh session has records left")
    }
}

/// Sealed records that are not known to be durable yet.
#[derive(Debug)]
#[must_use = "dropped at once, the records count as lost and are sealed again"]
pub struct Unconfirmed<'a> {
    sealer: &'a ProjectSealer,
    records: Vec<SealedRecord>,
}

impl Unconfirmed<'_> {
    /// They are in the log.
    pub fn confirm(mut self) {
        self.records.clear();
    }
}

impl Drop for Unconfirmed<'_> {
    fn drop(&mut self) {
        self.sealer.forget_sealed(&self.records);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
