//! Distinct texts of one column of a chunk, numbered in the order of first sight.

use arrow_array::{Array, StringArray};
use arrow_buffer::{Buffer, OffsetBuffer, ScalarBuffer};
use rustc_hash::{FxHashMap, FxHasher};
use std::hash::Hasher;

const END: u32 = u32::MAX;

#[derive(Clone, Debug)]
pub(crate) struct Dictionary {
    offsets: Vec<i32>,
    bytes: Vec<u8>,
    /// Hash of a text → the last code with that hash; `chain` leads on to the earlier ones.
    lookup: FxHashMap<u64, u32>,
    chain: Vec<u32>,
    /// Once sealed: all texts, in place of the above.
    sealed: Option<StringArray>,
}

impl Default for Dictionary {
    fn default() -> Self {
        Self { offsets: vec![0], bytes: vec![], lookup: FxHashMap::default(), chain: vec![], sealed: None }
    }
}

impl Dictionary {
    /// The code of the text, and how many bytes were added for it.
    pub(crate) fn code(&mut self, text: &str) -> (u32, usize) {
        let mut hasher = FxHasher::default();
        hasher.write(text.as_bytes());
        let slot = self.lookup.entry(hasher.finish()).or_insert(END);
        let mut code = *slot;
        while code != END {
            let at = code as usize;
            if &self.bytes[self.offsets[at] as usize..self.offsets[at + 1] as usize] == text.as_bytes() {
                return (code, 0);
            }
            code = self.chain[at];
        }
        let code = self.chain.len() as u32;
        self.chain.push(*slot);
        *slot = code;
        self.bytes.extend_from_slice(text.as_bytes());
        self.offsets.push(self.bytes.len() as i32);
        (code, text.len() + 32)
    }

    pub(crate) fn len(&self) -> usize {
        self.sealed.as_ref().map_or(self.chain.len(), Array::len)
    }

    /// Length of all texts together.
    pub(crate) fn bytes(&self) -> usize {
        self.sealed.as_ref().map_or(self.bytes.len(), |texts| texts.value_data().len())
    }

    pub(crate) fn get(&self, code: u32) -> &str {
        let at = code as usize;
        match &self.sealed {
            Some(texts) => texts.value(at),
            None => {
                let raw = &self.bytes[self.offsets[at] as usize..self.offsets[at + 1] as usize];
                std::str::from_utf8(raw).expect("only whole texts are added")
            }
        }
    }

    pub(crate) fn texts(&self) -> StringArray {
        match &self.sealed {
            Some(texts) => texts.clone(),
            None => array(self.offsets.clone(), self.bytes.clone()),
        }
    }

    /// Drops what only adding needs.
    pub(crate) fn seal(&mut self) {
        if self.sealed.is_none() {
            let texts = array(std::mem::take(&mut self.offsets), std::mem::take(&mut self.bytes));
            self.sealed = Some(texts);
            self.lookup = FxHashMap::default();
            self.chain = vec![];
        }
    }
}

fn array(offsets: Vec<i32>, bytes: Vec<u8>) -> StringArray {
    StringArray::new(OffsetBuffer::new(ScalarBuffer::from(offsets)), Buffer::from_vec(bytes), None)
}
