//! Lookup tables: CSV whose first column is a unique row id, replaced as a whole (mixpanel-wire.md §5).
//!
//! A table is stored beside the events, so its cells pass the same classifier, each with its
//! column's name. A row id that is personal becomes the pseudonym that events carry for it.

use crate::classify::Classifier;
use crate::wire::{Reply, WireError, inflate, json_reply};
use serde_json::json;
use std::collections::HashSet;
use std::fmt;
use vault::ProjectSealer;

/// Documented: 100 MB, unpacked.
pub const MAX_TABLE_BYTES: usize = 100 * 1024 * 1024;

/// How many bad rows an answer names.
const MAX_FAILED_RECORDS: usize = 10;

/// A table that can be stored.
#[derive(Clone, PartialEq, Eq)]
pub struct LookupTable {
    pub columns: Vec<String>,
    pub rows: usize,
    /// The swept table as CSV, with its header.
    pub csv: Vec<u8>,
    /// How many values were taken out of its cells.
    pub taken_out: usize,
}

impl fmt::Debug for LookupTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LookupTable")
            .field("columns", &self.columns.len())
            .field("rows", &self.rows)
            .field("taken_out", &self.taken_out)
            .finish_non_exhaustive()
    }
}

/// A row that cannot be taken. `index` counts from 0, without the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FailedRow {
    pub index: usize,
    pub message: &'static str,
}

/// Why a table was refused; the table that was there before stays.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LookupError {
    #[error("request exceeds max limit of {MAX_TABLE_BYTES} bytes")]
    TooLarge,
    #[error("body, not valid gzip")]
    BadGzip,
    #[error("table, missing or empty: send CSV with a header line")]
    Empty,
    #[error("header, not UTF-8 or with the same column twice")]
    BadHeader,
    #[error("some rows in the table failed validation")]
    Rows(Vec<FailedRow>),
}

/// Reads and sweeps a table.
pub fn read(
    body: &[u8],
    classifier: &Classifier,
    sealer: &ProjectSealer,
) -> Result<LookupTable, LookupError> {
    if body.len() > MAX_TABLE_BYTES {
        return Err(LookupError::TooLarge);
    }
    let body = inflate(body, MAX_TABLE_BYTES).map_err(|error| match error {
        WireError::TooLarge { .. } => LookupError::TooLarge,
        _ => LookupError::BadGzip,
    })?;
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&body);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(body);
    let columns = columns(&mut reader)?;
    let mut table = Table::begin(columns, classifier, sealer);
    let mut failed = Vec::new();
    let mut row = csv::StringRecord::new();
    let mut index = 0;
    loop {
        let result = match reader.read_record(&mut row) {
            Ok(false) => break,
            Ok(true) => table.add(&row),
            Err(_) => Err("row, not UTF-8"),
        };
        if let Err(message) = result {
            failed.push(FailedRow { index, message });
            if failed.len() == MAX_FAILED_RECORDS {
                break;
            }
        }
        index += 1;
    }
    if failed.is_empty() { Ok(table.finish()) } else { Err(LookupError::Rows(failed)) }
}

fn columns(reader: &mut csv::Reader<&[u8]>) -> Result<Vec<String>, LookupError> {
    let header = reader.headers().map_err(|_| LookupError::BadHeader)?;
    let columns: Vec<String> = header.iter().map(|column| column.trim().to_owned()).collect();
    if columns.iter().all(String::is_empty) {
        return Err(LookupError::Empty);
    }
    let mut seen = HashSet::new();
    if columns.iter().all(|column| seen.insert(column)) { Ok(columns) } else { Err(LookupError::BadHeader) }
}

/// A table while it is being swept.
struct Table<'a> {
    classifier: &'a Classifier,
    sealer: &'a ProjectSealer,
    columns: Vec<String>,
    ids: HashSet<Box<str>>,
    writer: csv::Writer<Vec<u8>>,
    rows: usize,
    taken_out: usize,
}

impl<'a> Table<'a> {
    fn begin(columns: Vec<String>, classifier: &'a Classifier, sealer: &'a ProjectSealer) -> Self {
        let mut table = Self {
            classifier,
            sealer,
            ids: HashSet::new(),
            writer: csv::Writer::from_writer(Vec::new()),
            rows: 0,
            taken_out: 0,
            columns: Vec::new(),
        };
        table.columns = columns.iter().map(|column| table.sweep(None, column)).collect();
        table.write(&table.columns.clone());
        table
    }

    fn add(&mut self, row: &csv::StringRecord) -> Result<(), &'static str> {
        if row.len() != self.columns.len() {
            return Err("row, not as many cells as the header");
        }
        let id = row.get(0).filter(|id| !id.is_empty()).ok_or("row id, missing or empty")?;
        if !self.ids.insert(id.into()) {
            return Err("row id, not unique");
        }
        let mut cells = Vec::with_capacity(row.len());
        for (at, cell) in row.iter().enumerate() {
            let column = self.columns[at].clone();
            let swept = self.sweep(Some(&column), cell);
            let is_personal_id = at == 0 && swept != cell;
            cells.push(if is_personal_id { self.sealer.pseudonym(cell).to_string() } else { swept });
        }
        self.write(&cells);
        self.rows += 1;
        Ok(())
    }

    fn sweep(&mut self, column: Option<&str>, cell: &str) -> String {
        let mut found = Vec::new();
        let swept = self.classifier.sweep_text(column, cell, &mut found);
        self.taken_out += found.len();
        swept.unwrap_or_else(|| cell.to_owned())
    }

    fn write(&mut self, cells: &[String]) {
        self.writer.write_record(cells).expect("writing to memory, rows of one length");
    }

    fn finish(self) -> LookupTable {
        let csv = self.writer.into_inner().expect("writing to memory");
        LookupTable { columns: self.columns, rows: self.rows, csv, taken_out: self.taken_out }
    }
}

/// `PUT /lookup-tables/<id>`, taken.
pub fn replaced() -> Reply {
    json_reply(200, &json!({ "code": 200, "status": "OK" }))
}

/// `GET /lookup-tables`.
pub fn list<'a>(tables: impl IntoIterator<Item = (&'a str, &'a str)>) -> Reply {
    let results: Vec<_> = tables.into_iter().map(|(id, name)| json!({ "id": id, "name": name })).collect();
    json_reply(200, &json!({ "code": 200, "status": "OK", "results": results }))
}

/// There is no table of this id.
pub fn unknown() -> Reply {
    json_reply(404, &json!({ "code": 404, "error": "Lookup table not found", "status": "Not Found" }))
}

/// The answer to a table that was refused.
pub fn refused(error: &LookupError) -> Reply {
    let (code, status) = match error {
        LookupError::TooLarge => (413, "Request Entity Too Large"),
        _ => (400, "Bad Request"),
    };
    let mut answer = json!({ "code": code, "error": error.to_string(), "status": status });
    if let LookupError::Rows(rows) = error {
        answer["failed_records"] =
            rows.iter().map(|row| json!({ "index": row.index, "message": row.message })).collect();
    }
    json_reply(code, &answer)
}

#[cfg(test)]
mod tests;
