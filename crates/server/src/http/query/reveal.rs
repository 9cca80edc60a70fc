//! Ids for readers who may see them: revealed by the vault against the grant of the read.

use crate::wiring::App;
use domain::Pseudonym;
use domain::access::AccessGrant;
use domain::id::PersonId;
use engine::Snapshot;
use engine::report::export::{IdPlace, IdWriter};
use engine::store::{Block, NOBODY};
use rustc_hash::{FxHashMap, FxHashSet};
use vault::VaultError;

/// A device counts for a person under this prefix, which its own field does not have.
const DEVICE_PREFIX: &str = "$device:";

/// Ids revealed at once: more make the vault's answer large, fewer make its questions many.
const REVEAL_BATCH: usize = 4096;

/// Clear ids of some people, for as long as they are being written.
#[derive(Default)]
pub struct RevealedIds {
    /// As JSON text without its quotation marks; whom the vault does not know stays a pseudonym.
    known: FxHashMap<u32, String>,
}

impl std::fmt::Debug for RevealedIds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RevealedIds({})", self.known.len())
    }
}

impl RevealedIds {
    /// Asks the vault for all ids that stand in these rows.
    pub async fn of_rows(
        &mut self,
        app: &App,
        grant: &AccessGrant,
        snapshot: &Snapshot,
        block: &Block,
        rows: &[u32],
    ) -> Result<(), VaultError> {
        let mut wanted = FxHashSet::default();
        for row in rows.iter().map(|row| *row as usize) {
            let canonical = block.people()[row];
            wanted.extend((canonical != NOBODY).then_some(canonical));
            wanted.extend(
                [block.distinct(row), block.device(row), block.user(row)]
                    .into_iter()
                    .flatten()
                    .map(|id| id.0),
            );
        }
        self.of_people(app, grant, snapshot, wanted).await
    }

    /// Asks the vault for the ids of these people that are not known yet.
    pub async fn of_people(
        &mut self,
        app: &App,
        grant: &AccessGrant,
        snapshot: &Snapshot,
        people: impl IntoIterator<Item = u32>,
    ) -> Result<(), VaultError> {
        let unknown = people.into_iter().filter(|id| !self.known.contains_key(id));
        let ids: Vec<(u32, Pseudonym)> =
            unknown.filter_map(|id| Some((id, snapshot.pseudonym(PersonId(id))?))).collect();
        for part in ids.chunks(REVEAL_BATCH) {
            let asked: Vec<Pseudonym> = part.iter().map(|(_, pseudonym)| *pseudonym).collect();
            let clear = app.vault.reveal_distinct_ids(grant, &asked).await?;
            for (id, pseudonym) in part {
                let text = match clear.get(pseudonym) {
                    Some(found) => inside_of_json(found.expose()),
                    None => pseudonym.to_string(),
                };
                self.known.insert(*id, text);
            }
        }
        Ok(())
    }
}

/// A text as it stands between the quotation marks of JSON.
fn inside_of_json(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

impl IdWriter for RevealedIds {
    fn write_id(&mut self, person: PersonId, place: IdPlace, out: &mut Vec<u8>) {
        let Some(text) = self.known.get(&person.0) else { return };
        let text = match place {
            IdPlace::DeviceId => text.strip_prefix(DEVICE_PREFIX).unwrap_or(text),
            IdPlace::DistinctId | IdPlace::BeforeIdentity | IdPlace::UserId => text,
        };
        out.extend_from_slice(text.as_bytes());
    }
}
