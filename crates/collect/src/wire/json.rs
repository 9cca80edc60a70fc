//! JSON text to records, straight into the types of the domain: no tree in between.
//!
//! The strict parser goes first. Only where it refuses is the text mended and parsed again, so that
//! clean batches pay nothing for the others.

mod event;
mod names;
mod scalar;
mod update;
mod value;

use super::{Defect, Endpoint, IncomingEvent, IncomingUpdate, Record, WireError, text};
pub(crate) use scalar::address as parse_address;

use event::EventReader;
use names::Names;
use scalar::{Object, ObjectReader};
use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;
use update::UpdateReader;

/// The records in a payload: one object, a list of them, or one object per line.
pub(super) fn records(
    json: &str,
    endpoint: Endpoint,
    by_line: bool,
    limit: usize,
) -> Result<Vec<Record>, WireError> {
    let mut batch = BatchReader { endpoint, limit, names: Names::default(), failure: None };
    if !by_line || json.starts_with('[') {
        match batch.whole(json).or_else(|error| match error {
            WireError::BadJson => batch.whole(&text::mend_json(json)),
            other => Err(other),
        }) {
            Err(WireError::BadJson) if is_by_line(json) => {}
            result => return result,
        }
    }
    batch.lines(json)
}

/// Whether this can be one object per line, without a header that says so.
fn is_by_line(json: &str) -> bool {
    json.starts_with('{') && json.lines().skip(1).any(|line| line.trim_start().starts_with('{'))
}

/// What the records of one request share.
struct BatchReader {
    endpoint: Endpoint,
    limit: usize,
    names: Names,
    /// Why the parser was stopped, where it was not by a mistake in the JSON.
    failure: Option<WireError>,
}

impl BatchReader {
    fn whole(&mut self, json: &str) -> Result<Vec<Record>, WireError> {
        self.failure = None;
        let mut deserializer = serde_json::Deserializer::from_str(json);
        let records = Payload(self).deserialize(&mut deserializer);
        let records = records.and_then(|records| deserializer.end().map(|()| records));
        records.map_err(|_| self.failure.unwrap_or(WireError::BadJson))
    }

    /// A line that is no JSON is one bad record, not a bad batch.
    fn lines(&mut self, json: &str) -> Result<Vec<Record>, WireError> {
        let mut records = Vec::new();
        for line in json.lines().map(str::trim).filter(|line| !line.is_empty()) {
            if records.len() == self.limit {
                return Err(WireError::TooManyRecords { limit: self.limit });
            }
            let record = self.line(line).or_else(|_| self.line(&text::mend_json(line)));
            records.push(record.unwrap_or_else(|_| self.broken(Defect::NotJson)));
        }
        Ok(records)
    }

    fn line(&mut self, line: &str) -> serde_json::Result<Record> {
        let mut deserializer = serde_json::Deserializer::from_str(line);
        let record = OneRecord(self).deserialize(&mut deserializer)?;
        deserializer.end()?;
        Ok(record)
    }

    fn broken(&self, defect: Defect) -> Record {
        if self.endpoint.takes_events() {
            Record::Event(IncomingEvent { defect: Some(defect), ..Default::default() })
        } else {
            Record::Update(IncomingUpdate { defect: Some(defect), ..Default::default() })
        }
    }

    fn read_object<'de, A: MapAccess<'de>>(&mut self, map: A) -> Result<Record, A::Error> {
        if self.endpoint.takes_events() {
            EventReader(&mut self.names).read(map).map(Record::Event)
        } else {
            UpdateReader(&mut self.names).read(map).map(Record::Update)
        }
    }
}

/// The whole of a payload.
struct Payload<'b>(&'b mut BatchReader);

impl<'de> DeserializeSeed<'de> for Payload<'_> {
    type Value = Vec<Record>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Payload<'_> {
    type Value = Vec<Record>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or a list of objects")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        Ok(vec![self.0.read_object(map)?])
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut records = Vec::new();
        while let Some(record) = list.next_element_seed(OneRecord(self.0))? {
            if records.len() == self.0.limit {
                self.0.failure = Some(WireError::TooManyRecords { limit: self.0.limit });
                return Err(A::Error::custom("too many records"));
            }
            records.push(record);
        }
        Ok(records)
    }
}

/// One element of the list, or the content of one line.
struct OneRecord<'b>(&'b mut BatchReader);

impl<'de> DeserializeSeed<'de> for OneRecord<'_> {
    type Value = Record;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Record, D::Error> {
        let Self(batch) = self;
        match Object(RecordReader(batch)).deserialize(deserializer)? {
            Some(record) => Ok(record),
            None => Ok(batch.broken(Defect::NotAnObject)),
        }
    }
}

struct RecordReader<'b>(&'b mut BatchReader);

impl<'de> ObjectReader<'de> for RecordReader<'_> {
    type Output = Record;

    fn read<A: MapAccess<'de>>(self, map: A) -> Result<Record, A::Error> {
        self.0.read_object(map)
    }
}

/// Passes over the value of a key that means nothing to us.
fn skip<'de, A: MapAccess<'de>>(map: &mut A) -> Result<(), A::Error> {
    map.next_value::<IgnoredAny>().map(|_| ())
}
