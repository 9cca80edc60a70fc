//! Where things lie: pure functions from what is wanted to a path relative to the ledger's directory.
//!
//! The paths of [`checkpoint`], [`tile`] and [`entries`] are those of C2SP tlog-tiles, so the directory
//! can be served by any static file server. The writer, the reader, the verifier and third parties share them.

use crate::blob::BlobHash;

/// Hashes in a full tile, and entries in a full bundle. Fixed by tlog-tiles.
pub const TILE_WIDTH: u64 = 256;

/// How many tree levels a tile spans: 2^8 = [`TILE_WIDTH`].
pub const TILE_HEIGHT: u32 = 8;

/// The directory of the groups that may not be in full tiles yet. Not part of tlog-tiles.
pub const PENDING_DIRECTORY: &str = "pending";

/// Content-addressed files that leaves refer to. Not part of tlog-tiles.
pub const BLOB_DIRECTORY: &str = "blob";

/// Where tiles and entry bundles lie.
pub const TILE_DIRECTORY: &str = "tile";

/// Files under construction; renamed to their place when whole. Emptied at every start.
pub const TEMPORARY_DIRECTORY: &str = "tmp";

/// Held locked by the one process that writes.
pub const LOCK_FILE: &str = "lock";

/// The signed tree head.
pub fn checkpoint() -> &'static str {
    "checkpoint"
}

/// A tile of hashes: `tile/<L>/<N>[.p/<W>]`. A `width` of 256 is the full tile.
pub fn tile(level: u8, index: u64, width: u64) -> String {
    format!("{TILE_DIRECTORY}/{level}/{}{}", tile_index(index), partial_suffix(width))
}

/// A bundle of entries: `tile/entries/<N>[.p/<W>]`.
pub fn entries(index: u64, width: u64) -> String {
    format!("{TILE_DIRECTORY}/entries/{}{}", tile_index(index), partial_suffix(width))
}

/// A blob: `blob/<hh>/<sha256>`, `hh` being the first two hexadecimal digits.
pub fn blob(hash: &BlobHash) -> String {
    let hex = hash.to_string();
    format!("{BLOB_DIRECTORY}/{}/{hex}", &hex[..2])
}

/// The pending segment whose first group begins at leaf `start`.
pub fn pending(start: u64) -> String {
    format!("{PENDING_DIRECTORY}/{start:020}.log")
}

/// The inverse of [`pending`] for a bare file name.
pub fn parse_pending(name: &str) -> Option<u64> {
    let digits = name.strip_suffix(".log")?;
    let start = digits.parse().ok()?;
    (digits.len() == 20 && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(start)
}

/// A tile or an entry bundle, as its path names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Resource {
    /// `None` for an entry bundle.
    pub level: Option<u8>,
    pub index: u64,
    /// 1 to 256.
    pub width: u64,
}

impl Resource {
    pub fn path(&self) -> String {
        match self.level {
            Some(level) => tile(level, self.index, self.width),
            None => entries(self.index, self.width),
        }
    }

    /// Accepts exactly the paths that [`Resource::path`] yields.
    pub fn parse(path: &str) -> Option<Self> {
        let rest = path.strip_prefix("tile/")?;
        let (level, rest) = rest.split_once('/')?;
        let level = if level == "entries" { None } else { Some(level.parse().ok()?) };
        let (index, width) = match rest.split_once(".p/") {
            Some((index, width)) => (index, width.parse().ok()?),
            None => (rest, TILE_WIDTH),
        };
        let index = index.split('/').try_fold(0_u64, |sum, part| {
            let digits: u64 = part.strip_prefix('x').unwrap_or(part).parse().ok()?;
            sum.checked_mul(1000)?.checked_add(digits)
        })?;
        let resource = Self { level, index, width };
        // One spelling only: a second path for the same tile would be a file nobody checks.
        ((1..=TILE_WIDTH).contains(&width) && resource.path() == path).then_some(resource)
    }
}

/// How many hashes the rightmost, partial tile of `level` holds in a tree of `size` leaves; 0: there is none.
pub fn partial_width(level: u8, size: u64) -> u64 {
    hashes_at(level, size) % TILE_WIDTH
}

/// How many full tiles `level` has in a tree of `size` leaves.
pub fn full_tiles(level: u8, size: u64) -> u64 {
    hashes_at(level, size) / TILE_WIDTH
}

/// How many levels of tiles a tree of `size` leaves has.
pub fn levels(size: u64) -> u8 {
    (0..8).take_while(|level| hashes_at(*level, size) > 0).count() as u8
}

/// How many hashes `level` has in a tree of `size` leaves, over all its tiles.
pub fn hashes_at(level: u8, size: u64) -> u64 {
    size.checked_shr(TILE_HEIGHT * u32::from(level)).unwrap_or(0)
}

/// 1234067 is `x001/x234/067`: no directory has more than 1,000 names, none is also a file.
fn tile_index(index: u64) -> String {
    let mut path = format!("{:03}", index % 1000);
    let mut rest = index / 1000;
    while rest > 0 {
        path = format!("x{:03}/{path}", rest % 1000);
        rest /= 1000;
    }
    path
}

fn partial_suffix(width: u64) -> String {
    if width == TILE_WIDTH { String::new() } else { format!(".p/{width}") }
}

#[cfg(test)]
mod tests;
