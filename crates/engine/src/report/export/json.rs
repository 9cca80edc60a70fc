//! The JSON of events, without a tree in between.

use crate::store::{Block, EventId, NOBODY, PropertyColumn, Snapshot, ValueRef};
use arrow_array::{Array, Int32Array, StringArray};
use domain::id::PersonId;
use domain::subject::PSEUDONYM_PREFIX;
use domain::{Pseudonym, Timestamp};
use std::ops::Range;

/// Unit of `time` in an export.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TimeUnit {
    /// Whole seconds, rounded down.
    #[default]
    Seconds,
    Milliseconds,
}

/// Which field an id stands in: a device's id is sealed with a prefix that its field does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdPlace {
    DistinctId,
    BeforeIdentity,
    DeviceId,
    UserId,
}

/// Writes ids: pseudonyms, or what the vault reveals.
pub trait IdWriter {
    /// Writes the id as the inside of a JSON string.
    fn write_id(&mut self, person: PersonId, place: IdPlace, out: &mut Vec<u8>);
}

/// Ids as pseudonyms.
#[derive(Debug)]
pub struct Pseudonyms<'a> {
    snapshot: &'a Snapshot,
    /// The last one written: rows of a person are neighbours.
    last: Option<(PersonId, Vec<u8>)>,
}

impl<'a> Pseudonyms<'a> {
    pub fn of(snapshot: &'a Snapshot) -> Self {
        Self { snapshot, last: None }
    }
}

impl IdWriter for Pseudonyms<'_> {
    fn write_id(&mut self, person: PersonId, _: IdPlace, out: &mut Vec<u8>) {
        if let Some((_, text)) = self.last.as_ref().filter(|(last, _)| *last == person) {
            out.extend_from_slice(text);
            return;
        }
        let start = out.len();
        if let Some(Pseudonym(bytes)) = self.snapshot.pseudonym(person) {
            out.extend_from_slice(PSEUDONYM_PREFIX.as_bytes());
            let digit = |half: u8| b"0123456789abcdef"[usize::from(half)];
            out.extend(bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]));
        }
        self.last = Some((person, out[start..].to_vec()));
    }
}

/// Properties that the engine writes itself; one of the same name in the event gives way, except
/// for the time of processing, where the event's own wins.
const PROCESSING_TIME: &str = "mp_processing_time_ms";
const FIELDS: [&str; 6] =
    ["time", "distinct_id", "$insert_id", "$device_id", "$user_id", "$distinct_id_before_identity"];

/// Writes rows of a block, each followed by `separator`. The scan must have asked for all
/// properties.
pub fn write_rows(
    snapshot: &Snapshot,
    block: &Block,
    rows: &[u32],
    (unit, separator): (TimeUnit, u8),
    ids: &mut dyn IdWriter,
    out: &mut Vec<u8>,
) {
    let properties = block.properties().iter().filter(|(name, _)| !FIELDS.contains(&name.as_str()));
    let mut columns: Vec<ColumnWriter<'_>> =
        properties.map(|(name, column)| ColumnWriter::new(name.as_str(), column, rows.len())).collect();
    let processed = block.properties().iter().find(|(name, _)| name.as_str() == PROCESSING_TIME);
    let mut event = (None, Vec::new());
    for row in rows.iter().map(|row| *row as usize) {
        write_head(snapshot, block.event(row), &mut event, out);
        let time = Timestamp::from_millis(block.times()[row]);
        write(out, &if unit == TimeUnit::Seconds { time.seconds() } else { time.millis() });
        write_ids(block, row, ids, out);
        if let Some(received) = block.received(row)
            && processed.is_none_or(|(_, column)| column.value(row) == ValueRef::Missing)
        {
            out.extend_from_slice(b",\"mp_processing_time_ms\":");
            write(out, &received.millis());
        }
        columns.iter_mut().for_each(|column| column.write(row, out));
        out.extend_from_slice(b"}}");
        out.push(separator);
    }
}

/// `{"event":"X","properties":{"time":`, made anew only where the event changes.
fn write_head(snapshot: &Snapshot, id: EventId, last: &mut (Option<EventId>, Vec<u8>), out: &mut Vec<u8>) {
    if last.0 != Some(id) {
        last.1.clear();
        last.1.extend_from_slice(b"{\"event\":");
        write(&mut last.1, snapshot.event_name(id).map_or("", |name| name.as_str()));
        last.1.extend_from_slice(b",\"properties\":{\"time\":");
        last.0 = Some(id);
    }
    out.extend_from_slice(&last.1);
}

fn write_ids(block: &Block, row: usize, ids: &mut dyn IdWriter, out: &mut Vec<u8>) {
    let mut field = |name: &str, person: Option<PersonId>, place: IdPlace, out: &mut Vec<u8>| {
        out.extend_from_slice(b",\"");
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b"\":\"");
        if let Some(person) = person {
            ids.write_id(person, place, out);
        }
        out.push(b'"');
    };
    let canonical = block.people()[row];
    let canonical = (canonical != NOBODY).then_some(PersonId(canonical));
    field("distinct_id", canonical, IdPlace::DistinctId, out);
    let own = block.distinct(row);
    if own != canonical {
        field("$distinct_id_before_identity", own, IdPlace::BeforeIdentity, out);
    }
    if let Some(device) = block.device(row) {
        field("$device_id", Some(device), IdPlace::DeviceId, out);
    }
    if let Some(user) = block.user(row) {
        field("$user_id", Some(user), IdPlace::UserId, out);
    }
    if let Some(insert_id) = block.insert_id(row) {
        out.extend_from_slice(b",\"$insert_id\":");
        write(out, insert_id.as_str());
    }
}

/// Appends as JSON. Writing numbers and text to memory cannot fail.
fn write<T: serde::Serialize + ?Sized>(out: &mut Vec<u8>, value: &T) {
    let written = serde_json::to_writer(out, value);
    debug_assert!(written.is_ok());
}

/// One property: its name is escaped once, each text of its dictionary once.
struct ColumnWriter<'a> {
    /// `,"name":`
    key: Vec<u8>,
    column: &'a PropertyColumn,
    texts: Option<(&'a StringArray, &'a Int32Array)>,
    /// Where the escaped text of a code is in `escaped`.
    known: Vec<Option<Range<u32>>>,
    escaped: Vec<u8>,
}

impl<'a> ColumnWriter<'a> {
    /// For writing about `rows` rows: a dictionary much larger than that is not worth preparing for.
    fn new(name: &str, column: &'a PropertyColumn, rows: usize) -> Self {
        let mut key = vec![b','];
        write(&mut key, name);
        key.push(b':');
        let texts = column.as_strings().filter(|(values, _)| values.len() <= rows);
        let known = texts.map_or_else(Vec::new, |(values, _)| vec![None; values.len()]);
        Self { key, column, texts, known, escaped: vec![] }
    }

    fn write(&mut self, row: usize, out: &mut Vec<u8>) {
        if let Some((values, codes)) = self.texts {
            if codes.is_valid(row) {
                let code = codes.value(row) as usize;
                let escaped = &mut self.escaped;
                let place = self.known[code].get_or_insert_with(|| {
                    let start = escaped.len() as u32;
                    write(escaped, values.value(code));
                    start..escaped.len() as u32
                });
                out.extend_from_slice(&self.key);
                out.extend_from_slice(&escaped[place.start as usize..place.end as usize]);
            }
            return;
        }
        let value = self.column.value(row);
        if value == ValueRef::Missing {
            return;
        }
        out.extend_from_slice(&self.key);
        match value {
            ValueRef::Missing | ValueRef::Null => out.extend_from_slice(b"null"),
            ValueRef::Bool(value) => write(out, &value),
            ValueRef::Int(value) => write(out, &value),
            ValueRef::Float(value) => write(out, &value),
            ValueRef::Str(text) => write(out, text),
            ValueRef::Json(json) => out.extend_from_slice(json.as_bytes()),
        }
    }
}
