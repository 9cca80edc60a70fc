//! Files under `tile/` that the checkpoint does not need: partial ones that a killed writer left, and
//! what a running one has written ahead. As far as they speak of published leaves they must agree.

use super::blobs::files_below;
use super::tree::span;
use super::{Check, Problem};
use crate::disk::read_if_there;
use crate::hash::Hash;
use crate::layout::{self, Resource, TILE_DIRECTORY, TILE_WIDTH};
use crate::leaf::{MAX_BUNDLE_LENGTH, decode_prefix};
use crate::read::stored;

impl Check<'_> {
    pub(super) fn other_tiles(&mut self, size: u64) {
        let files = match files_below(self.directory, TILE_DIRECTORY) {
            Ok(files) => files,
            Err(error) => {
                self.report.add(TILE_DIRECTORY, 0..0, Problem::Unreadable(error.kind()));
                return;
            }
        };
        for file in files {
            let Some(other) = Resource::parse(&file) else {
                self.report.unknown_files.push(file);
                continue;
            };
            let published = layout::hashes_at(other.level.unwrap_or(0), size);
            let width = published.saturating_sub(other.index * TILE_WIDTH).min(TILE_WIDTH);
            if width == 0 || width == other.width {
                continue;
            }
            let common = Resource { width: width.min(other.width), ..other };
            let expected = stored(self.directory, &Resource { width, ..other }).ok().flatten();
            let Ok(found) = read_if_there(&self.directory.join(&file), MAX_BUNDLE_LENGTH) else { continue };
            // A writer may have removed it meanwhile; and if the other one is missing, that is said already.
            let (Some(expected), Some(found)) = (expected, found) else { continue };
            if prefix(&common, &expected) != prefix(&common, &found) {
                self.report.add(file, span(common), Problem::Tile);
            }
        }
    }
}

/// The part of a file that its first entries take.
fn prefix<'a>(resource: &Resource, bytes: &'a [u8]) -> Option<&'a [u8]> {
    let width = resource.width as usize;
    match resource.level {
        Some(_) => bytes.get(..width * Hash::LENGTH),
        None => {
            let (leaves, rest) = decode_prefix(bytes, width);
            (leaves.len() == width).then(|| &bytes[..bytes.len() - rest.len()])
        }
    }
}
