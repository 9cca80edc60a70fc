//! Forgetting a person: their key goes, and with it all that was sealed under it.
//!
//! The tombstone is durable in the journal first, then the person's rows are deleted and
//! overwritten. If the machine stops in between, the next opening finishes the work. Records of the
//! erased person that are still in the log are refused by the intake; later events with the same
//! distinct id get a new pseudonym from the sealer, once it has been told.

use crate::erasures::Erasure;
use crate::store;
use crate::vault::{Vault, VaultError, lock, off_thread};
use domain::{ProjectId, Pseudonym, Timestamp};
use std::sync::Arc;

impl Vault {
    /// Erases these people. Tell the project's sealer by
    /// [`mark_erased`](crate::ProjectSealer::mark_erased) *before*, so that no new event is given a
    /// pseudonym that is on its way out.
    pub async fn erase(
        &self,
        project: ProjectId,
        who: &[Pseudonym],
        now: Timestamp,
    ) -> Result<(), VaultError> {
        let mut write = self.store.write().await?;
        let known = store::erased_among(write.connection(), project, who).await?;
        let entries: Vec<Erasure> = who
            .iter()
            .filter(|who| !known.contains(who))
            .map(|who| Erasure { project, who: *who, at: now })
            .collect();
        let erasures = Arc::clone(&self.erasures);
        off_thread(move || lock(&erasures).append(&entries)).await??;
        store::erase(write.connection(), project, who, now).await?;
        write.commit().await?;
        Ok(self.store.flush_deleted().await?)
    }
}
