//! The groups that were appended but may not be in full tiles yet: the part of the ledger that makes
//! an append durable with one write and one sync.
//!
//! `pending/<start>.log` is a segment, `<start>` (20 decimal digits) the index of its first leaf. A segment is
//! a sequence of groups without gaps; the next segment begins where it ends. All integers are big-endian.
//!
//! ```text
//! offset  length
//!      0       4  "BLG1"
//!      4       4  n, the length of the entries
//!      8       8  index of the first leaf
//!     16       4  number of leaves, at least 1
//!     20       n  the entries, as in an entry bundle
//!   20+n      32  root of the tree that ends with this group
//!   52+n      32  SHA-256 of all the above
//!   84+n      64  Ed25519 signature by the log's key over
//!                 "bulkhead-ledger-group-v1\n" || origin || "\n" || that SHA-256
//! ```
//!
//! The signature is not a checkpoint: the log promises nothing with it. It keeps a stranger from slipping
//! leaves into a ledger that is not running, which the next start would then sign.
//!
//! Only the last group of the last segment can be torn, because each is synced before the next is written.
//! A segment goes when all its leaves are in full tiles and bundles that are synced.

use std::fs;
use std::io;
use std::path::Path;

use crate::hash::{Hash, digest};
use crate::key::{Origin, Signer, VerifierKey};
use crate::layout;
use crate::leaf;

const MAGIC: [u8; 4] = *b"BLG1";
const LABEL: &[u8] = b"bulkhead-ledger-group-v1\n";
const HEADER_LENGTH: usize = 20;
const TRAILER_LENGTH: usize = 32 + 32 + 64;

/// A group takes leaves until its entries reach this; one sync is then cheap beside the writing.
pub(crate) const GROUP_TARGET: usize = 1024 * 1024;

/// The writer goes on to the next segment when one reaches this: some thousand leaves, read in well under
/// a second at a start.
pub(crate) const SEGMENT_TARGET: u64 = 4 * 1024 * 1024;

/// The target of a segment and one group beyond it, with room for the longest leaf.
pub(crate) const MAX_SEGMENT_LENGTH: u64 = SEGMENT_TARGET + GROUP_TARGET as u64 + 2 * 65_536;

/// One group as it lies on disk.
#[derive(Debug)]
pub(crate) struct Group<'a> {
    pub(crate) first: u64,
    pub(crate) leaves: Vec<&'a [u8]>,
    pub(crate) root: Hash,
    digest: Hash,
    signature: &'a [u8],
}

impl Group<'_> {
    pub(crate) fn end(&self) -> u64 {
        self.first + self.leaves.len() as u64
    }

    pub(crate) fn is_signed_by(&self, key: &VerifierKey) -> bool {
        key.verifies(&signed_text(key.origin(), &self.digest), self.signature)
    }
}

fn signed_text(origin: &Origin, digest: &Hash) -> Vec<u8> {
    [LABEL, origin.as_str().as_bytes(), b"\n", digest.as_bytes()].concat()
}

/// What is wrong with the bytes at the place of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Broken {
    /// They end before the group does.
    Cut,
    /// They are not what was written.
    Changed,
}

/// Writes a group of leaves that are in bundle form already.
pub(crate) fn encode(
    first: u64,
    count: u32,
    entries: &[u8],
    root: Hash,
    origin: &Origin,
    signer: &Signer,
) -> Vec<u8> {
    let length = u32::try_from(entries.len()).expect("a group stops growing at its target");
    let mut group = Vec::with_capacity(HEADER_LENGTH + entries.len() + TRAILER_LENGTH);
    group.extend_from_slice(&MAGIC);
    group.extend_from_slice(&length.to_be_bytes());
    group.extend_from_slice(&first.to_be_bytes());
    group.extend_from_slice(&count.to_be_bytes());
    group.extend_from_slice(entries);
    group.extend_from_slice(root.as_bytes());
    let digest = digest(&[&group]);
    group.extend_from_slice(digest.as_bytes());
    group.extend_from_slice(&signer.sign(&signed_text(origin, &digest)));
    group
}

/// Takes the next group off `bytes`. The signature is left to [`Group::is_signed_by`].
pub(crate) fn decode<'a>(bytes: &mut &'a [u8]) -> Result<Group<'a>, Broken> {
    let (header, rest) = bytes.split_at_checked(HEADER_LENGTH).ok_or(Broken::Cut)?;
    if header[..4] != MAGIC {
        return Err(Broken::Changed);
    }
    let length = number(&header[4..8]) as usize;
    let (entries, rest) = rest.split_at_checked(length).ok_or(Broken::Cut)?;
    let (trailer, rest) = rest.split_at_checked(TRAILER_LENGTH).ok_or(Broken::Cut)?;
    let (root, digest_and_signature) = trailer.split_at(32);
    let (stated, signature) = digest_and_signature.split_at(32);
    let computed = digest(&[header, entries, root]);
    if computed.as_bytes() != stated {
        return Err(Broken::Changed);
    }
    let count = number(&header[16..20]) as usize;
    let leaves = leaf::decode_bundle(entries, count).map_err(|_| Broken::Changed)?;
    let root = Hash::new(root.try_into().expect("split off as 32 bytes"));
    *bytes = rest;
    Ok(Group { first: number(&header[8..16]), leaves, root, digest: computed, signature })
}

/// Offset and first leaf of the first intact group in `bytes` that comes after leaf `index`: what precedes it is
/// damage then, and not a torn end. The signature counts, for a leaf may hold what looks like a group.
pub(crate) fn find_group(bytes: &[u8], key: &VerifierKey, index: u64) -> Option<(usize, u64)> {
    let starts = bytes.windows(MAGIC.len()).enumerate().filter(|(_, window)| *window == MAGIC);
    starts.map(|(start, _)| start).find_map(|start| {
        let group = decode(&mut &bytes[start..]).ok()?;
        (group.first > index && group.is_signed_by(key)).then_some((start, group.first))
    })
}

fn number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

/// The starts of the segments in `directory`, ascending, and the names that are no segment's.
pub(crate) fn list(directory: &Path) -> io::Result<(Vec<u64>, Vec<String>)> {
    let (mut starts, mut strangers) = (Vec::new(), Vec::new());
    let entries = match fs::read_dir(directory.join(layout::PENDING_DIRECTORY)) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((starts, strangers)),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let name = entry?.file_name();
        match name.to_str().and_then(layout::parse_pending) {
            Some(start) => starts.push(start),
            None => strangers.push(name.to_string_lossy().into_owned()),
        }
    }
    starts.sort_unstable();
    strangers.sort_unstable();
    Ok((starts, strangers))
}

#[cfg(test)]
mod tests;
