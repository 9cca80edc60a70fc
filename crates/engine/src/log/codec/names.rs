//! The names of a batch, numbered in the order of first use.

use super::DecodeError;
use super::bytes::{Source, put_bytes, put_varint};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// Gives names their numbers while writing.
#[derive(Debug, Default)]
pub(super) struct NameWriter<'a> {
    names: Vec<&'a str>,
    /// For each name the one that came after it last: events of a kind list the same properties
    /// in the same order, so mostly it is the next one too, found without hashing.
    followers: Vec<u32>,
    last: usize,
    numbers: FxHashMap<&'a str, u32>,
}

impl<'a> NameWriter<'a> {
    pub(super) fn put(&mut self, out: &mut Vec<u8>, name: &'a str) {
        if let Some(&follower) = self.followers.get(self.last)
            && self.names[follower as usize] == name
        {
            self.last = follower as usize;
            put_varint(out, u64::from(follower) + 1);
            return;
        }
        let fresh = self.names.len() as u32;
        let number = *self.numbers.entry(name).or_insert(fresh);
        if number == fresh {
            self.names.push(name);
            self.followers.push(0);
            out.push(0);
            put_bytes(out, name.as_bytes());
        } else {
            put_varint(out, u64::from(number) + 1);
        }
        self.followers[self.last] = number;
        self.last = number as usize;
    }
}

/// Finds names by their numbers while reading.
#[derive(Debug, Default)]
pub(super) struct NameReader(Vec<Arc<str>>);

impl NameReader {
    pub(super) fn take(&mut self, source: &mut Source<'_>) -> Result<Arc<str>, DecodeError> {
        match source.varint()? {
            0 => {
                let name: Arc<str> = source.text()?.into();
                self.0.push(Arc::clone(&name));
                Ok(name)
            }
            number => {
                let name = usize::try_from(number - 1).ok().and_then(|index| self.0.get(index));
                name.cloned().ok_or(DecodeError::Name)
            }
        }
    }
}
