use super::bytes::{put_bytes, put_signed, put_varint};
use super::names::NameWriter;
use super::{COMPRESS_FROM, COMPRESSION_LEVEL, FLAG_COMPRESSED, MAX_DEPTH, VERSION, insert_id};
use crate::log::frame::MAX_PAYLOAD;
use domain::event::Properties;
use domain::identity::{IdentityLink, LinkKind};
use domain::profile::{ProfileOperator, ProfileSubject, ProfileUpdate};
use domain::{Batch, Event, PropertyValue, Pseudonym, Timestamp};
use std::cell::RefCell;
use zstd::bulk::Compressor;

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EncodeError {
    #[error("the batch is larger than {} bytes: send less at once", MAX_PAYLOAD)]
    TooLarge,
    #[error("a property is nested deeper than {} levels", MAX_DEPTH)]
    TooDeep,
}

/// A batch ready for the log.
#[derive(Debug)]
pub struct Encoded {
    pub payload: Vec<u8>,
    /// Length of the body before compression.
    pub body_length: usize,
}

/// Bytes that the body of a common event takes, for a first guess.
const EVENT_GUESS: usize = 256;

/// Writes a batch as bytes.
pub fn encode(batch: &Batch) -> Result<Encoded, EncodeError> {
    let guess = 64 + batch.events.len() * EVENT_GUESS;
    let mut encoder = Encoder {
        out: Vec::with_capacity(guess),
        names: NameWriter::default(),
        clock: 0,
        before: Identities::default(),
    };
    encoder.out.extend([VERSION, 0]);
    encoder.batch(batch)?;
    let mut payload = encoder.out;
    let body_length = payload.len() - 2;
    if body_length > MAX_PAYLOAD {
        return Err(EncodeError::TooLarge);
    }
    if body_length >= COMPRESS_FROM
        && let Some(compressed) = compress(&payload[2..])
    {
        payload = compressed;
    }
    Ok(Encoded { payload, body_length })
}

thread_local! {
    /// Setting one up takes longer than compressing a small batch.
    static COMPRESSOR: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
}

/// The whole payload with the body compressed, if that makes it shorter.
fn compress(body: &[u8]) -> Option<Vec<u8>> {
    COMPRESSOR.with_borrow_mut(|slot| {
        if slot.is_none() {
            *slot = Compressor::new(COMPRESSION_LEVEL).ok();
        }
        let compressed = slot.as_mut()?.compress(body).ok()?;
        let mut payload = Vec::with_capacity(compressed.len() + 12);
        payload.extend([VERSION, FLAG_COMPRESSED]);
        put_varint(&mut payload, body.len() as u64);
        payload.extend_from_slice(&compressed);
        (payload.len() < body.len() + 2).then_some(payload)
    })
}

struct Encoder<'a> {
    out: Vec<u8>,
    names: NameWriter<'a>,
    /// The time written last.
    clock: i64,
    before: Identities,
}

#[derive(Clone, Copy, Default)]
struct Identities {
    distinct: Option<Pseudonym>,
    device: Option<Pseudonym>,
    user: Option<Pseudonym>,
}

impl<'a> Encoder<'a> {
    fn batch(&mut self, batch: &'a Batch) -> Result<(), EncodeError> {
        put_varint(&mut self.out, u64::from(batch.project.0));
        self.time(batch.received);
        put_varint(&mut self.out, batch.sealed.len() as u64);
        for sealed in &batch.sealed {
            put_bytes(&mut self.out, &sealed.0);
        }
        put_varint(&mut self.out, batch.links.len() as u64);
        for link in &batch.links {
            self.link(link);
        }
        put_varint(&mut self.out, batch.profiles.len() as u64);
        for update in &batch.profiles {
            self.update(update)?;
        }
        put_varint(&mut self.out, batch.events.len() as u64);
        for event in &batch.events {
            self.event(event)?;
        }
        Ok(())
    }

    fn time(&mut self, time: Timestamp) {
        put_signed(&mut self.out, time.millis().wrapping_sub(self.clock));
        self.clock = time.millis();
    }

    fn link(&mut self, link: &IdentityLink) {
        self.time(link.time);
        self.out.push(match link.kind {
            LinkKind::Identify => 0,
            LinkKind::Alias => 1,
            LinkKind::Merge => 2,
        });
        self.out.extend_from_slice(&link.left.0);
        self.out.extend_from_slice(&link.right.0);
    }

    fn update(&mut self, update: &'a ProfileUpdate) -> Result<(), EncodeError> {
        let is_group = matches!(update.subject, ProfileSubject::Group { .. });
        self.out.push(u8::from(is_group) | u8::from(update.ignore_time) << 1);
        match &update.subject {
            ProfileSubject::Person(person) => self.out.extend_from_slice(&person.0),
            ProfileSubject::Group { key, id } => {
                put_bytes(&mut self.out, key.as_bytes());
                put_bytes(&mut self.out, id.as_bytes());
            }
        }
        self.time(update.time);
        put_varint(&mut self.out, update.operators.len() as u64);
        update.operators.iter().try_for_each(|operator| self.operator(operator))
    }

    fn operator(&mut self, operator: &'a ProfileOperator) -> Result<(), EncodeError> {
        let (tag, properties) = match operator {
            ProfileOperator::Set(properties) => (0, properties),
            ProfileOperator::SetOnce(properties) => (1, properties),
            ProfileOperator::Add(properties) => (2, properties),
            ProfileOperator::Append(properties) => (3, properties),
            ProfileOperator::Union(properties) => (4, properties),
            ProfileOperator::Remove(properties) => (5, properties),
            ProfileOperator::Unset(names) => {
                self.out.push(6);
                put_varint(&mut self.out, names.len() as u64);
                for name in names {
                    self.names.put(&mut self.out, name.as_str());
                }
                return Ok(());
            }
            ProfileOperator::Delete => {
                self.out.push(7);
                return Ok(());
            }
        };
        self.out.push(tag);
        self.properties(properties, 0)
    }

    fn event(&mut self, event: &'a Event) -> Result<(), EncodeError> {
        self.names.put(&mut self.out, event.name.as_str());
        self.time(event.time);
        let now = Identities { distinct: event.distinct, device: event.device, user: event.user };
        let distinct = how_written(now.distinct, self.before.distinct, None);
        let device = how_written(now.device, self.before.device, now.distinct);
        let user = how_written(now.user, self.before.user, now.distinct);
        self.out.push(distinct | device << 2 | user << 4);
        for (how, id) in [(distinct, now.distinct), (device, now.device), (user, now.user)] {
            if let (1, Some(id)) = (how, id) {
                self.out.extend_from_slice(&id.0);
            }
        }
        self.before = now;
        insert_id::put(&mut self.out, &event.insert_id);
        self.properties(&event.properties, 0)
    }

    fn properties(&mut self, properties: &'a Properties, depth: usize) -> Result<(), EncodeError> {
        put_varint(&mut self.out, properties.len() as u64);
        for (name, value) in properties {
            self.names.put(&mut self.out, name.as_str());
            self.value(value, depth)?;
        }
        Ok(())
    }

    fn value(&mut self, value: &'a PropertyValue, depth: usize) -> Result<(), EncodeError> {
        if depth > MAX_DEPTH {
            return Err(EncodeError::TooDeep);
        }
        match value {
            PropertyValue::Null => self.out.push(0),
            PropertyValue::Bool(value) => self.out.push(1 + u8::from(*value)),
            PropertyValue::Int(value) => {
                self.out.push(3);
                put_signed(&mut self.out, *value);
            }
            PropertyValue::Float(value) => {
                self.out.push(4);
                self.out.extend_from_slice(&value.to_bits().to_le_bytes());
            }
            PropertyValue::String(text) => {
                self.out.push(5);
                put_bytes(&mut self.out, text.as_bytes());
            }
            PropertyValue::List(values) => {
                self.out.push(6);
                put_varint(&mut self.out, values.len() as u64);
                for value in values {
                    self.value(value, depth + 1)?;
                }
            }
            PropertyValue::Object(properties) => {
                self.out.push(7);
                self.properties(properties, depth + 1)?;
            }
        }
        Ok(())
    }
}

/// How an id is told: 0 there is none, 1 in full, 2 as in the event before, 3 as this event's distinct.
fn how_written(id: Option<Pseudonym>, before: Option<Pseudonym>, distinct: Option<Pseudonym>) -> u8 {
    match id {
        None => 0,
        Some(_) if id == distinct => 3,
        Some(_) if id == before => 2,
        Some(_) => 1,
    }
}
