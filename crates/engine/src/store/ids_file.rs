//! The people and what is known of their ids, on disk: two files that only grow.
//!
//! `people`: pseudonyms, 16 bytes each, in the order of their `PersonId`.
//!
//! `identity`: facts, 24 bytes each, little endian:
//!
//! ```text
//! 0   8  time, milliseconds
//! 8   4  PersonId on the left: device, anonymous id, alias
//! 12  4  PersonId on the right: user, identified id
//! 16  1  kind: 0 device of a user, 1 identify, 2 alias, 3 merge
//! 17  7  zeros
//! ```

use crate::disk::Disk;
use crate::store::append_file::{self, Extent};
use crate::store::identity::{Fact, FactKind};
use crate::store::registry::Registry;
use domain::Pseudonym;
use std::path::Path;

const PERSON: usize = 16;
const FACT: usize = 24;

pub(crate) fn encode_people(pseudonyms: &[Pseudonym]) -> Vec<u8> {
    pseudonyms.iter().flat_map(|pseudonym| pseudonym.0).collect()
}

/// How many people are in an extent of the file.
pub(crate) fn people_in(extent: Extent) -> usize {
    extent.length as usize / PERSON
}

pub(crate) fn read_people(disk: &dyn Disk, path: &Path, extent: Extent) -> Result<Registry, String> {
    let mut pseudonyms = Vec::with_capacity((extent.length as usize / PERSON).min(1 << 24));
    // Pieces are cut at multiples of a record: both lengths are powers of two.
    append_file::read(disk, path, extent, |bytes| {
        pseudonyms.extend(bytes.as_chunks::<PERSON>().0.iter().map(|&bytes| Pseudonym(bytes)));
    })
    .map_err(|what| format!("{}: {what}", path.display()))?;
    Ok(Registry::from_pseudonyms(pseudonyms))
}

pub(crate) fn encode_facts(facts: &[Fact]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(facts.len() * FACT);
    for fact in facts {
        bytes.extend_from_slice(&fact.time.to_le_bytes());
        bytes.extend_from_slice(&fact.left.to_le_bytes());
        bytes.extend_from_slice(&fact.right.to_le_bytes());
        bytes.push(fact.kind as u8);
        bytes.extend_from_slice(&[0; 7]);
    }
    bytes
}

/// Hands over the facts once all of them are known to be right.
pub(crate) fn read_facts(
    disk: &dyn Disk,
    path: &Path,
    extent: Extent,
    each: impl FnMut(Fact),
) -> Result<(), String> {
    let mut bytes = Vec::with_capacity(extent.length as usize);
    append_file::read(disk, path, extent, |piece| bytes.extend_from_slice(piece))
        .map_err(|what| format!("{}: {what}", path.display()))?;
    let (facts, rest) = bytes.as_chunks::<FACT>();
    let facts = facts.iter().map(decode).collect::<Option<Vec<_>>>().filter(|_| rest.is_empty());
    facts.ok_or_else(|| format!("{}: not facts of a known kind", path.display()))?.into_iter().for_each(each);
    Ok(())
}

fn decode(bytes: &[u8; FACT]) -> Option<Fact> {
    let mut rest = &bytes[..];
    let time = i64::from_le_bytes(rest.split_off(..8)?.try_into().ok()?);
    let left = u32::from_le_bytes(rest.split_off(..4)?.try_into().ok()?);
    let right = u32::from_le_bytes(rest.split_off(..4)?.try_into().ok()?);
    Some(Fact { time, kind: FactKind::from_number(rest[0])?, left, right })
}
