//! Giving clear values back: only against a grant, which is in the ledger before it exists.

use crate::fold;
use crate::keyring::ProjectKeys;
use crate::person::{PersonKey, Place};
use crate::store::{self, PersonRow};
use crate::vault::{Vault, VaultError};
use crate::{Clear, DistinctId, SealedOperation};
use domain::Pseudonym;
use domain::access::{AccessGrant, ReadScope};
use rustc_hash::FxHashMap;
use serde_json::Value;
use std::collections::BTreeMap;

/// What a grant's list of fields says when distinct ids are given out.
pub const DISTINCT_ID_FIELD: &str = "distinct_id";
/// What it says when all fields are.
const ALL_FIELDS: &str = "*";

/// The sealed fields of one person or group, as they are now. Values are JSON text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RevealedFields {
    pub profile: BTreeMap<String, Clear<String>>,
    /// Values that stood in events, oldest first.
    pub observed: BTreeMap<String, Vec<Clear<String>>>,
}

impl Vault {
    /// The distinct ids of those people, as they were sent. The grant must be of `identified` scope
    /// and name `distinct_id` or `*` among its fields. Who is unknown or erased is not in the answer.
    pub async fn reveal_distinct_ids(
        &self,
        grant: &AccessGrant,
        who: &[Pseudonym],
    ) -> Result<FxHashMap<Pseudonym, DistinctId>, VaultError> {
        check_scope(grant)?;
        if !names(grant, |field| field == DISTINCT_ID_FIELD) {
            return Err(VaultError::NotGranted("its fields do not name distinct_id"));
        }
        let (keys, _) = self.keys(grant.project())?;
        let mut read = self.store.read().await?;
        let mut ids = FxHashMap::default();
        for row in store::persons(&mut read, grant.project(), who).await? {
            let Some(sealed) = &row.sealed_id else { continue };
            let id = unwrap(grant, &keys, &row)?.open_id(sealed).ok_or(VaultError::Damaged(row.who))?;
            self.count_decryption();
            ids.insert(row.who, DistinctId::new(id));
        }
        Ok(ids)
    }

    /// The sealed fields of those people or groups, folded. The grant must be of `identified` scope;
    /// only fields that it names are opened, where naming a field includes what is nested in it.
    pub async fn reveal_fields(
        &self,
        grant: &AccessGrant,
        who: &[Pseudonym],
    ) -> Result<FxHashMap<Pseudonym, RevealedFields>, VaultError> {
        check_scope(grant)?;
        let (keys, _) = self.keys(grant.project())?;
        let mut read = self.store.read().await?;
        let mut persons = FxHashMap::default();
        for row in store::persons(&mut read, grant.project(), who).await? {
            persons.insert(row.who, unwrap(grant, &keys, &row)?);
        }
        let mut folded = FxHashMap::<Pseudonym, Folding>::default();
        for row in store::sealed_operations(&mut read, grant.project(), who).await? {
            if !names(grant, |field| is_named_by(&row.field, field)) {
                continue;
            }
            let damaged = || VaultError::Damaged(row.who);
            let key = persons.get(&row.who).ok_or_else(damaged)?;
            let place = Place { sequence: row.sequence, operation: row.operation, field: &row.field };
            let (_, value) = key.open_field(place, &row.sealed).ok_or_else(damaged)?;
            self.count_decryption();
            let value = serde_json::from_str(&value).map_err(|_| damaged())?;
            folded.entry(row.who).or_default().take(row.field, row.operation, value);
        }
        Ok(folded.into_iter().map(|(who, folding)| (who, folding.finish())).collect())
    }
}

#[derive(Default)]
struct Folding {
    profile: BTreeMap<String, Option<Value>>,
    observed: BTreeMap<String, Vec<Clear<String>>>,
}

impl Folding {
    fn take(&mut self, field: String, operation: SealedOperation, value: Value) {
        if operation == SealedOperation::Observe {
            self.observed.entry(field).or_default().push(Clear::new(value.to_string()));
        } else {
            let field = self.profile.entry(field).or_default();
            *field = fold::apply(field.take(), operation, value);
        }
    }

    fn finish(self) -> RevealedFields {
        let present = |(field, value): (String, Option<Value>)| Some((field, Clear::new(value?.to_string())));
        RevealedFields {
            profile: self.profile.into_iter().filter_map(present).collect(),
            observed: self.observed,
        }
    }
}

fn unwrap(grant: &AccessGrant, keys: &ProjectKeys, row: &PersonRow) -> Result<PersonKey, VaultError> {
    PersonKey::unwrap(grant.project(), row.who, &keys.wrapping, &row.wrapped_key)
        .ok_or(VaultError::Damaged(row.who))
}

fn check_scope(grant: &AccessGrant) -> Result<(), VaultError> {
    match grant.record().scope {
        ReadScope::Identified => Ok(()),
        ReadScope::Pseudonymous => Err(VaultError::NotGranted("its scope is pseudonymous")),
    }
}

fn names(grant: &AccessGrant, is_it: impl Fn(&str) -> bool) -> bool {
    grant.record().fields.iter().any(|field| field == ALL_FIELDS || is_it(field))
}

fn is_named_by(field: &str, named: &str) -> bool {
    field.strip_prefix(named).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}
