//! Content-addressed files: each hashes to its name, and each that a leaf names is there.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::Path;

use super::{Check, Problem};
use crate::blob::{BlobHash, MAX_BLOB_LENGTH};
use crate::disk::read_if_there;
use crate::layout;

impl Check<'_> {
    pub(super) fn blobs(&mut self) {
        let files = match files_below(self.directory, layout::BLOB_DIRECTORY) {
            Ok(files) => files,
            Err(error) => {
                self.report.add(layout::BLOB_DIRECTORY, 0..0, Problem::Unreadable(error.kind()));
                return;
            }
        };
        let mut found = HashSet::new();
        for file in files {
            let hash = file.rsplit_once('/').and_then(|(_, name)| BlobHash::parse(name));
            let Some(hash) = hash.filter(|hash| layout::blob(hash) == file) else {
                self.report.unknown_files.push(file);
                continue;
            };
            found.insert(hash);
            let entry = self.references.get(&hash).copied();
            let entries = entry.map_or(0..0, |entry| entry..entry + 1);
            let bytes = self.read(&file, entries.clone(), |path| read_if_there(path, MAX_BLOB_LENGTH as u64));
            if bytes.is_some_and(|bytes| BlobHash::of(&bytes) != hash) {
                self.report.add(file, entries, Problem::Blob);
            }
        }
        let mut missing: Vec<_> = self.references.iter().filter(|(hash, _)| !found.contains(hash)).collect();
        missing.sort_unstable_by_key(|(_, entry)| **entry);
        for (hash, entry) in missing {
            self.report.add(layout::blob(hash), *entry..entry + 1, Problem::Missing);
        }
        self.report.blobs = self.references.len() as u64;
        self.report.unnamed_blobs =
            found.iter().filter(|hash| !self.references.contains_key(hash)).count() as u64;
    }
}

/// All files below `path`, relative to `directory`, in order.
pub(super) fn files_below(directory: &Path, path: &str) -> io::Result<Vec<String>> {
    let mut files = Vec::new();
    let mut unread = vec![path.to_owned()];
    while let Some(path) = unread.pop() {
        let entries = match fs::read_dir(directory.join(&path)) {
            Ok(entries) => entries,
            // A writer removes emptied directories.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        for entry in entries {
            let entry = entry?;
            let path = format!("{path}/{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() {
                unread.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files.sort_unstable();
    Ok(files)
}
