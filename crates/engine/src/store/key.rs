//! What makes two arrivals the same event.

use crate::store::insert_id::PackedId;

/// The key of deduplication (mixpanel-wire.md §1.6), with the person before merges: a later merge
/// never makes two events one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Key<'a> {
    pub(crate) event: u32,
    pub(crate) distinct: u32,
    pub(crate) time: i64,
    pub(crate) insert_id: PackedId,
    /// The text of a long insert id.
    pub(crate) long: Option<&'a str>,
}

impl Key<'_> {
    /// Kept in files: it must not change between versions.
    pub(crate) fn hash(&self) -> u64 {
        let mut hash = mix(u64::from(self.event) << 32 | u64::from(self.distinct), self.time as u64);
        let (low, high) = self.insert_id.bytes.split_at(8);
        let word = |half: &[u8]| u64::from_le_bytes(half.try_into().expect("it is half of sixteen bytes"));
        hash = mix(hash, word(low));
        hash = mix(hash, word(high));
        mix(hash, u64::from(self.insert_id.form))
    }
}

/// Folded multiplication, as in wyhash.
fn mix(a: u64, b: u64) -> u64 {
    let product = u128::from(a ^ 0x9E37_79B9_7F4A_7C15) * u128::from(b ^ 0xD1B5_4A32_D192_ED03);
    (product as u64) ^ (product >> 64) as u64
}

/// A key that outlives its row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OwnedKey {
    pub(crate) event: u32,
    pub(crate) distinct: u32,
    pub(crate) time: i64,
    insert_id: PackedId,
    long: Option<Box<str>>,
}

impl OwnedKey {
    pub(crate) fn as_key(&self) -> Key<'_> {
        let Self { event, distinct, time, insert_id, .. } = *self;
        Key { event, distinct, time, insert_id, long: self.long.as_deref() }
    }
}

impl From<Key<'_>> for OwnedKey {
    fn from(key: Key<'_>) -> Self {
        let Key { event, distinct, time, insert_id, long } = key;
        Self { event, distinct, time, insert_id, long: long.map(Into::into) }
    }
}
