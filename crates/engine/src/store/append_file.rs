//! Files that only grow. How much of one counts, and its checksum, is in the manifest: bytes
//! beyond that are of a flush that did not come to its end, and are cut off by the next one.

use crate::disk::Disk;
use serde::{Deserialize, Serialize};
use std::io;
use std::path::Path;

/// Read at once while checking a whole file.
const READ: usize = 1 << 20;

/// As much of a file as counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Extent {
    pub(crate) length: u64,
    /// CRC32C of those bytes.
    pub(crate) checksum: u32,
}

impl Extent {
    /// The extent with more bytes at its end.
    pub(crate) fn with(self, bytes: &[u8]) -> Self {
        Self {
            length: self.length + bytes.len() as u64,
            checksum: crc32c::crc32c_append(self.checksum, bytes),
        }
    }
}

/// Adds bytes behind the extent and makes them durable (the name of a new file not yet).
pub(crate) fn append(disk: &dyn Disk, path: &Path, extent: Extent, bytes: &[u8]) -> io::Result<Extent> {
    if bytes.is_empty() {
        return Ok(extent);
    }
    let file = if extent.length == 0 {
        super::envelope::remove_if_there(disk, path)?;
        disk.create(path)?
    } else {
        disk.open(path)?
    };
    match file.length()? {
        length if length < extent.length => {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                format!("{} is shorter than the manifest says", path.display()),
            ));
        }
        length if length > extent.length => file.truncate(extent.length)?,
        _ => {}
    }
    file.append_all(bytes)?;
    file.sync()?;
    Ok(extent.with(bytes))
}

/// Reads the extent in pieces and checks it. `each` sees bytes before they are known to be right.
pub(crate) fn read(
    disk: &dyn Disk,
    path: &Path,
    extent: Extent,
    mut each: impl FnMut(&[u8]),
) -> Result<(), String> {
    if extent.length == 0 {
        return Ok(());
    }
    let file = disk.open_read(path).map_err(|error| error.to_string())?;
    let mut seen = Extent::default();
    let mut buffer = vec![0; READ.min(extent.length as usize)];
    while seen.length < extent.length {
        let piece = buffer.len().min((extent.length - seen.length) as usize);
        let read = file.read_up_to(&mut buffer[..piece], seen.length).map_err(|error| error.to_string())?;
        if read < piece {
            return Err(format!("it ends at byte {}, not {}", seen.length + read as u64, extent.length));
        }
        each(&buffer[..piece]);
        seen = seen.with(&buffer[..piece]);
    }
    if seen.checksum == extent.checksum { Ok(()) } else { Err("its checksum does not match".to_owned()) }
}
