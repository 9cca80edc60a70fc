//! Profiles on disk: a file of records to which changed profiles are added; the last record of a
//! subject counts. Where each is, is kept in memory. When more than half of the file is out of
//! date, it is written anew under the next number.
//!
//! A record, in little endian:
//!
//! ```text
//! 0  4  length of what follows the checksum
//! 4  4  CRC32C of it
//! 8  1  bit 0: a group; bit 1: deleted
//! 9  …  person: pseudonym, 16 bytes
//!       group: 2 bytes length, key, 4 bytes length, id
//! …  …  unless deleted: the update that sets all of it, in the codec of the log
//! ```

use crate::disk::{Disk, DiskFile};
use crate::log::codec;
use crate::store::append_file::Extent;
use crate::store::profiles::Profile;
use crate::store::scan::ReadError;
use domain::profile::{ProfileOperator, ProfileSubject, ProfileUpdate};
use domain::{Batch, ProjectId, Pseudonym, Timestamp};
use serde::{Deserialize, Serialize};
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

const HEADER: usize = 8;
const GROUP: u8 = 1;
const DELETED: u8 = 2;

/// Read at once when many profiles are read.
const WINDOW: usize = 1 << 20;

/// The file as the manifest knows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ProfileFile {
    pub(crate) number: u64,
    pub(crate) extent: Extent,
}

/// Where a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) offset: u64,
    pub(crate) length: u32,
}

/// Adds the record of a profile, or of its deletion. Fails if the profile is too large to be kept.
pub(crate) fn encode(
    out: &mut Vec<u8>,
    subject: &ProfileSubject,
    profile: Option<&Profile>,
) -> Result<(), codec::EncodeError> {
    let mut body = vec![if profile.is_some() { 0 } else { DELETED }];
    match subject {
        ProfileSubject::Person(pseudonym) => body.extend_from_slice(&pseudonym.0),
        ProfileSubject::Group { key, id } => {
            body[0] |= GROUP;
            body.extend_from_slice(&(key.len() as u16).to_le_bytes());
            body.extend_from_slice(key.as_bytes());
            body.extend_from_slice(&(id.len() as u32).to_le_bytes());
            body.extend_from_slice(id.as_bytes());
        }
    }
    if let Some(profile) = profile {
        let mut batch = Batch::new(ProjectId(0), Timestamp::default());
        batch.profiles.push(ProfileUpdate {
            subject: ProfileSubject::Person(Pseudonym([0; 16])),
            time: profile.last_seen.unwrap_or_default(),
            operators: vec![ProfileOperator::Set(profile.properties.clone())],
            ignore_time: profile.last_seen.is_none(),
        });
        body.extend_from_slice(&codec::encode(&batch)?.payload);
    }
    out.extend_from_slice(&(body.len() as u32).to_le_bytes());
    out.extend_from_slice(&crc32c::crc32c(&body).to_le_bytes());
    out.extend_from_slice(&body);
    Ok(())
}

/// The length of a record's body, from its header.
fn body_length(header: &[u8]) -> usize {
    u32::from_le_bytes([header[0], header[1], header[2], header[3]]) as usize
}

/// Whose record it is, whether it deletes, and the rest. `None`: damaged.
fn subject_of(record: &[u8]) -> Option<(ProfileSubject, bool, &[u8])> {
    let (header, body) = record.split_at_checked(HEADER)?;
    let checksum = u32::from_le_bytes(header[4..].try_into().ok()?);
    if body.len() != body_length(header) || crc32c::crc32c(body) != checksum {
        return None;
    }
    let (&flags, mut rest) = body.split_first()?;
    let subject = if flags & GROUP == 0 {
        ProfileSubject::Person(Pseudonym(rest.split_off(..16)?.try_into().ok()?))
    } else {
        let length = u16::from_le_bytes(rest.split_off(..2)?.try_into().ok()?);
        let key = std::str::from_utf8(rest.split_off(..usize::from(length))?).ok()?.into();
        let length = u32::from_le_bytes(rest.split_off(..4)?.try_into().ok()?);
        let id = std::str::from_utf8(rest.split_off(..length as usize)?).ok()?.into();
        ProfileSubject::Group { key, id }
    };
    Some((subject, flags & DELETED != 0, rest))
}

fn decode(record: &[u8]) -> Option<Profile> {
    let (subject, _, payload) = subject_of(record)?;
    let update = codec::decode(payload).ok()?.profiles.pop()?;
    let properties = update.operators.into_iter().find_map(|operator| match operator {
        ProfileOperator::Set(properties) => Some(properties),
        _ => None,
    })?;
    Some(Profile { subject, properties, last_seen: (!update.ignore_time).then_some(update.time) })
}

/// An open file of profiles; removed once it was replaced and nobody reads it.
#[derive(Debug)]
pub(crate) struct ProfileReader {
    disk: Arc<dyn Disk>,
    path: PathBuf,
    file: OnceLock<Box<dyn DiskFile>>,
    replaced: AtomicBool,
}

impl ProfileReader {
    pub(crate) fn new(disk: Arc<dyn Disk>, path: PathBuf) -> Self {
        Self { disk, path, file: OnceLock::new(), replaced: AtomicBool::new(false) }
    }

    pub(crate) fn set_replaced(&self) {
        self.replaced.store(true, Ordering::Release);
    }

    fn file(&self) -> io::Result<&dyn DiskFile> {
        if self.file.get().is_none() {
            // Two may open it at once: one of the handles is dropped.
            let _ = self.file.set(self.disk.open_read(&self.path)?);
        }
        self.file.get().map(|file| &**file).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    /// The bytes of a record.
    pub(crate) fn record(&self, place: Place) -> Result<Vec<u8>, ReadError> {
        let mut record = vec![0; place.length as usize];
        let read = self.file().and_then(|file| file.read_exact_at(&mut record, place.offset));
        read.map_err(|source| self.failed(source))?;
        Ok(record)
    }

    pub(crate) fn get(&self, place: Place) -> Result<Profile, ReadError> {
        let record = self.record(place)?;
        decode(&record).ok_or_else(|| self.damaged(place.offset))
    }

    /// The profiles at these places, in the order of the file.
    pub(crate) fn get_many(
        self: &Arc<Self>,
        mut places: Vec<Place>,
    ) -> impl Iterator<Item = Result<Profile, ReadError>> + use<> {
        places.sort_unstable();
        let reader = self.clone();
        let (mut start, mut window) = (0u64, Vec::new());
        places.into_iter().map(move |place| {
            let end = place.offset + u64::from(place.length);
            if place.offset < start || end > start + window.len() as u64 {
                window.resize(WINDOW.max(place.length as usize), 0);
                start = place.offset;
                let read = reader.file().and_then(|file| file.read_up_to(&mut window, start));
                window.truncate(read.map_err(|source| reader.failed(source))?);
            }
            let from = (place.offset - start) as usize;
            let record = window.get(from..from + place.length as usize);
            record.and_then(decode).ok_or_else(|| reader.damaged(place.offset))
        })
    }

    /// Goes through the records of an extent; stops with what is wrong at the first damaged one.
    pub(crate) fn index(
        &self,
        extent: Extent,
        mut each: impl FnMut(ProfileSubject, bool, Place),
    ) -> Result<(), String> {
        if extent.length == 0 {
            return Ok(());
        }
        let file = self.file().map_err(|error| error.to_string())?;
        let (mut offset, mut start, mut window) = (0u64, 0u64, Vec::new());
        while offset < extent.length {
            let rest = (extent.length - offset) as usize;
            let mut have = window.get((offset - start) as usize..).unwrap_or_default();
            let need = if have.len() < HEADER { HEADER } else { HEADER + body_length(have) };
            if need > rest {
                return Err(format!("the record at byte {offset} goes beyond the end"));
            }
            if have.len() < need {
                window.resize(need.max(WINDOW).min(rest), 0);
                start = offset;
                file.read_exact_at(&mut window, start).map_err(|error| error.to_string())?;
                have = &window;
                if have.len() < HEADER + body_length(have) {
                    continue;
                }
            }
            let length = HEADER + body_length(have);
            let Some((subject, deleted, _)) = subject_of(&have[..length]) else {
                return Err(format!("the record at byte {offset} is damaged"));
            };
            each(subject, deleted, Place { offset, length: length as u32 });
            offset += length as u64;
        }
        Ok(())
    }

    fn damaged(&self, offset: u64) -> ReadError {
        let what = format!("the profile at byte {offset} cannot be read");
        ReadError::Damaged { file: self.path.display().to_string(), what }
    }

    fn failed(&self, source: io::Error) -> ReadError {
        ReadError::Disk { file: self.path.display().to_string(), source: Arc::new(source) }
    }
}

impl Drop for ProfileReader {
    fn drop(&mut self) {
        if self.replaced.load(Ordering::Acquire)
            && let Err(error) = self.disk.remove(&self.path)
        {
            // It is unlisted and goes at the next start.
            tracing::warn!(file = %self.path.display(), %error, "cannot remove replaced profiles");
        }
    }
}
