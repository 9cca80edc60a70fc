//! The truth about one project's files. What it does not list does not count.
//!
//! An [`envelope`](super::envelope) of kind `BHMANIF1`; its content is the JSON of [`Manifest`],
//! bitmaps as hex digits of the portable roaring format. It is small (a hundred bytes per file of
//! events, the names of events and properties) and replaced whole. One replacement takes files
//! out, puts files in, says which of their rows are superseded, and moves the position in the log
//! up to which everything is in them: batches up to it are never applied again, batches after it
//! always are. That is the exactly-once point.

use crate::disk::Disk;
use crate::log::LogPosition;
use crate::store::append_file::Extent;
use crate::store::envelope;
use crate::store::event_file::FileEntry;
use crate::store::lexicon::Entry;
use crate::store::profiles::file::ProfileFile;
use domain::ProjectId;
use domain::identity::IdentityMode;
use roaring::RoaringBitmap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::path::Path;
use std::sync::Arc;

const KIND: &[u8; 8] = b"BHMANIF1";

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Manifest {
    pub(crate) project: ProjectId,
    pub(crate) identity_mode: IdentityMode,
    /// Everything up to here is in the files.
    pub(crate) position: LogPosition,
    /// No file of events has this number or a higher one.
    pub(crate) next_file: u64,
    pub(crate) people: Extent,
    pub(crate) identity: Extent,
    pub(crate) profiles: ProfileFile,
    pub(crate) files: Vec<ListedFile>,
    pub(crate) lexicon: Vec<Arc<Entry>>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ListedFile {
    #[serde(flatten)]
    pub(crate) entry: FileEntry,
    /// Rows that do not count any more.
    #[serde(default, skip_serializing_if = "is_empty", with = "hex_bitmap")]
    pub(crate) deleted: Arc<RoaringBitmap>,
}

impl Manifest {
    pub(crate) fn new(project: ProjectId, identity_mode: IdentityMode) -> Self {
        Self {
            project,
            identity_mode,
            position: LogPosition::START,
            next_file: 1,
            people: Extent::default(),
            identity: Extent::default(),
            profiles: ProfileFile::default(),
            files: vec![],
            lexicon: vec![],
        }
    }

    pub(crate) fn load(disk: &dyn Disk, path: &Path) -> Result<Self, String> {
        let content = envelope::read(disk, path, KIND).map_err(|error| error.to_string())?;
        serde_json::from_slice(&content).map_err(|error| format!("its content is not a manifest: {error}"))
    }

    /// The commit: once it returns, this is the truth.
    pub(crate) fn commit(&self, disk: &dyn Disk, path: &Path) -> std::io::Result<()> {
        let content = serde_json::to_vec(self).expect("a manifest is JSON");
        envelope::replace(disk, path, KIND, &content)
    }
}

fn is_empty(bitmap: &Arc<RoaringBitmap>) -> bool {
    bitmap.is_empty()
}

mod hex_bitmap {
    use super::*;
    use serde::de::Error;
    use std::fmt::Write;

    pub(super) fn serialize<S: Serializer>(
        bitmap: &Arc<RoaringBitmap>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let mut bytes = vec![];
        bitmap.serialize_into(&mut bytes).map_err(serde::ser::Error::custom)?;
        let mut text = String::with_capacity(bytes.len() * 2);
        for byte in bytes {
            write!(text, "{byte:02x}").map_err(serde::ser::Error::custom)?;
        }
        serializer.serialize_str(&text)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Arc<RoaringBitmap>, D::Error> {
        let text = String::deserialize(deserializer)?;
        let digits = text.as_bytes().chunks(2).map(|pair| {
            let pair = std::str::from_utf8(pair).map_err(D::Error::custom)?;
            u8::from_str_radix(pair, 16).map_err(D::Error::custom)
        });
        let bytes = digits.collect::<Result<Vec<u8>, _>>()?;
        RoaringBitmap::deserialize_from(&bytes[..]).map(Arc::new).map_err(D::Error::custom)
    }
}
