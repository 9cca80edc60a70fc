//! A split block Bloom filter (as Parquet defines it): is a key surely not in a file?

/// Bits of the filter for each key: about one false answer in a thousand. Each false answer costs
/// reading a few pages, each bit costs memory for as long as the file lives.
const BITS_PER_KEY: usize = 16;

const SALTS: [u32; 8] =
    [0x47b6_137b, 0x4497_4d91, 0x8824_ad5b, 0xa2b7_289d, 0x7054_95c7, 0x2df1_424b, 0x9efc_4947, 0x5c6b_fb31];

type Block = [u32; 8];

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bloom {
    blocks: Vec<Block>,
}

impl Bloom {
    pub(crate) fn with_capacity(keys: usize) -> Self {
        let blocks = (keys * BITS_PER_KEY).div_ceil(size_of::<Block>() * 8).max(1);
        Self { blocks: vec![[0; 8]; blocks] }
    }

    pub(crate) fn insert(&mut self, hash: u64) {
        let at = self.block(hash);
        for (word, bit) in self.blocks[at].iter_mut().zip(bits(hash)) {
            *word |= bit;
        }
    }

    pub(crate) fn may_contain(&self, hash: u64) -> bool {
        self.blocks[self.block(hash)].iter().zip(bits(hash)).all(|(word, bit)| word & bit != 0)
    }

    fn block(&self, hash: u64) -> usize {
        (((hash >> 32) * self.blocks.len() as u64) >> 32) as usize
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        self.blocks.iter().flatten().flat_map(|word| word.to_le_bytes()).collect()
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        if bytes.is_empty() || !bytes.len().is_multiple_of(size_of::<Block>()) {
            return None;
        }
        let word = |raw: &[u8]| u32::from_le_bytes([raw[0], raw[1], raw[2], raw[3]]);
        let block = |raw: &[u8]| {
            let mut block = [0; 8];
            block.iter_mut().zip(raw.chunks_exact(4)).for_each(|(to, raw)| *to = word(raw));
            block
        };
        Some(Self { blocks: bytes.chunks_exact(size_of::<Block>()).map(block).collect() })
    }
}

/// One bit of each word.
fn bits(hash: u64) -> impl Iterator<Item = u32> {
    SALTS.into_iter().map(move |salt| 1 << ((hash as u32).wrapping_mul(salt) >> 27))
}

#[cfg(test)]
mod tests;
