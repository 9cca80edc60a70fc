//! Whose identifier is this? Answered from the blind indexes, without opening anybody.
//!
//! It takes no grant, because it gives no personal data out: who asks has the identifier, and gets a
//! pseudonym. The read that follows is booked, with that pseudonym among its people.

use crate::blind::EmailHash;
use crate::store;
use crate::vault::{Vault, VaultError};
use crate::{Clear, DistinctId};
use domain::{ProjectId, Pseudonym};
use rustc_hash::FxHashMap;

/// Something that may identify a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identifier {
    Email(Clear<String>),
    /// As leaked, hashed lists have it.
    EmailHash(EmailHash),
    Phone(Clear<String>),
    DistinctId(DistinctId),
}

impl Vault {
    /// For each identifier, in order, the people who have it: in a sealed field now, in an event, or
    /// as their distinct id. Empty: nobody, or the text is not of that kind.
    pub async fn find(
        &self,
        project: ProjectId,
        identifiers: &[Identifier],
    ) -> Result<Vec<Vec<Pseudonym>>, VaultError> {
        let (_, index) = self.keys(project)?;
        let hashes: Vec<_> = identifiers
            .iter()
            .map(|identifier| match identifier {
                Identifier::Email(address) => index.email(address.expose()),
                Identifier::EmailHash(hash) => Some(index.email_hash(hash)),
                Identifier::Phone(number) => index.phone(number.expose()),
                Identifier::DistinctId(id) => Some(index.distinct_id(id.expose())),
            })
            .collect();
        let mut asked: Vec<_> = hashes.iter().flatten().copied().collect();
        asked.sort_unstable();
        asked.dedup();
        let mut read = self.store.read().await?;
        let mut found = FxHashMap::<_, Vec<Pseudonym>>::default();
        for (hash, who) in store::find(&mut read, project, &asked).await? {
            found.entry(hash).or_default().push(who);
        }
        found.values_mut().for_each(|people| people.sort_unstable());
        Ok(hashes
            .into_iter()
            .map(|hash| hash.and_then(|hash| found.get(&hash)).cloned().unwrap_or_default())
            .collect())
    }
}
