//! Looks for clear texts in files, however they are written.

use aho_corasick::{AhoCorasick, MatchKind};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Texts that must be nowhere.
pub struct Needles {
    automaton: AhoCorasick,
    /// By pattern: the text and how it is written there.
    meanings: Vec<(String, &'static str)>,
}

impl Needles {
    pub fn new(texts: &[String]) -> Self {
        let mut patterns: Vec<Vec<u8>> = Vec::new();
        let mut meanings = Vec::new();
        for text in texts {
            for (form, bytes) in writings(text) {
                patterns.push(bytes);
                meanings.push((text.clone(), form));
            }
        }
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::LeftmostFirst)
            .build(&patterns)
            .expect("patterns of texts");
        Self { automaton, meanings }
    }

    /// Everything found below a directory, raw, decompressed and decoded.
    pub fn search(&self, directory: &Path) -> (usize, Vec<String>) {
        let mut found = Vec::new();
        let files = files_below(directory);
        for path in &files {
            let bytes = std::fs::read(path).expect("a readable file");
            let name = path.strip_prefix(directory).unwrap_or(path).display().to_string();
            self.search_bytes(&name, &bytes, &mut found);
            if let Some(inflated) = inflate(&bytes) {
                self.search_bytes(&format!("{name} (decompressed)"), &inflated, &mut found);
            }
            if path.extension().is_some_and(|extension| extension == "parquet") {
                for (column, cells) in decode_parquet(&bytes) {
                    self.search_bytes(&format!("{name} (column {column})"), &cells, &mut found);
                }
            }
        }
        (files.len(), found)
    }

    pub fn search_bytes(&self, place: &str, bytes: &[u8], found: &mut Vec<String>) {
        found.extend(self.automaton.find_iter(bytes).map(|hit| {
            let (text, form) = &self.meanings[hit.pattern().as_usize()];
            format!("{place}: {text} as {form}")
        }));
    }
}

/// A text in all the ways in which a program might write it.
fn writings(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    let bytes = text.as_bytes();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let percent: String = bytes
        .iter()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                char::from(*byte).to_string()
            }
            other => format!("%{other:02x}"),
        })
        .collect();
    let every_percent: String = bytes.iter().map(|byte| format!("%{byte:02x}")).collect();
    let escaped: String = text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
    let mut forms = vec![
        ("plain text", bytes.to_vec()),
        ("UTF-16 LE", text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("UTF-16 BE", text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
        ("hex", hex.into_bytes()),
        ("percent-encoded", percent.into_bytes()),
        ("percent-encoded throughout", every_percent.into_bytes()),
        ("form-encoded", text.replace(' ', "+").into_bytes()),
        ("JSON escapes", escaped.into_bytes()),
    ];
    // Base64 looks different by where the text begins; what depends on neighbours is left out.
    for shift in 0..3 {
        let mut padded = vec![0; shift];
        padded.extend_from_slice(bytes);
        let usable = padded.len() / 3 * 3;
        for encoded in [STANDARD_NO_PAD.encode(&padded[..usable]), URL_SAFE_NO_PAD.encode(&padded[..usable])]
        {
            let from = if shift == 0 { 0 } else { 4 };
            forms.push(("base64", encoded.as_bytes()[from..].to_vec()));
        }
    }
    // A short rest of base64 would be found by chance.
    forms.retain(|(form, bytes)| *form != "base64" || bytes.len() >= 12);
    forms.dedup_by(|left, right| left.1 == right.1);
    forms
}

pub fn files_below(directory: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(directory).expect("a readable directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files
}

#[expect(clippy::disallowed_methods, reason = "our own files, of known size")]
fn inflate(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut inflated = Vec::new();
    if bytes.starts_with(&[0x1f, 0x8b]) {
        flate2::read::GzDecoder::new(bytes).read_to_end(&mut inflated).ok()?;
        return Some(inflated);
    }
    // Compressed parts may stand anywhere: try from each magic number.
    let magic = [0x28, 0xb5, 0x2f, 0xfd];
    for at in (0..bytes.len().saturating_sub(4)).filter(|at| bytes[*at..].starts_with(&magic)) {
        if let Ok(mut decoder) = zstd::Decoder::new(&bytes[at..]) {
            decoder.read_to_end(&mut inflated).ok();
        }
    }
    (!inflated.is_empty()).then_some(inflated)
}

/// The cells of each column, as text and as bytes.
fn decode_parquet(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(bytes::Bytes::copy_from_slice(bytes))
        .and_then(|builder| builder.build())
        .expect("a Parquet file that any reader opens");
    let mut columns = Vec::new();
    for batch in reader {
        let batch = batch.expect("a readable row group");
        for (field, column) in batch.schema().fields().iter().zip(batch.columns()) {
            let mut cells = Vec::new();
            for target in [arrow_schema::DataType::Utf8, arrow_schema::DataType::Binary] {
                if let Ok(cast) = arrow_cast::cast(column, &target) {
                    for buffer in cast.to_data().buffers() {
                        cells.extend_from_slice(buffer.as_slice());
                        cells.push(0);
                    }
                }
            }
            columns.push((field.name().clone(), cells));
        }
    }
    columns
}
