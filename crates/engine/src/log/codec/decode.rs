use super::bytes::Source;
use super::names::NameReader;
use super::{FLAG_COMPRESSED, MAX_DEPTH, VERSION, insert_id};
use crate::log::frame::MAX_PAYLOAD;
use domain::event::Properties;
use domain::identity::{IdentityLink, LinkKind};
use domain::profile::{ProfileOperator, ProfileSubject, ProfileUpdate};
use domain::sealed::SealedRecord;
use domain::{Batch, Event, EventName, ProjectId, PropertyName, PropertyValue, Pseudonym, Timestamp};
use std::io::Read;

/// Why bytes are not a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    #[error("batch format {0} is not known: use the version of bulkhead that wrote it, or a later one")]
    Version(u8),
    #[error("the batch ends early")]
    Truncated,
    #[error("bytes follow the batch")]
    Trailing,
    #[error("a number is out of range")]
    Number,
    #[error("a tag is not known")]
    Tag,
    #[error("a name's number was not given out")]
    Name,
    #[error("a text is not UTF-8")]
    Text,
    #[error("an id refers to one that is not there")]
    Id,
    #[error("a value is nested too deep")]
    TooDeep,
    #[error("the body does not decompress to its stated length")]
    Compression,
}

/// Elements that are made room for before they were seen.
const TRUSTED_COUNT: usize = 1024;

/// Reads a batch back.
pub fn decode(payload: &[u8]) -> Result<Batch, DecodeError> {
    let mut source = Source::new(payload);
    match source.byte()? {
        VERSION => {}
        version => return Err(DecodeError::Version(version)),
    }
    match source.byte()? {
        0 => Decoder::new(source.rest()).batch(),
        FLAG_COMPRESSED => {
            let length = source.varint()?;
            Decoder::new(&decompress(source.rest(), length)?).batch()
        }
        _ => Err(DecodeError::Tag),
    }
}

#[expect(clippy::disallowed_methods, reason = "capped by the stated length, which is checked")]
fn decompress(compressed: &[u8], length: u64) -> Result<Vec<u8>, DecodeError> {
    if length > MAX_PAYLOAD as u64 {
        return Err(DecodeError::Compression);
    }
    let likely = (length as usize).min(compressed.len().saturating_mul(8));
    let mut body = Vec::with_capacity(likely + 1);
    let decoder = zstd::Decoder::with_buffer(compressed).map_err(|_| DecodeError::Compression)?;
    decoder.take(length + 1).read_to_end(&mut body).map_err(|_| DecodeError::Compression)?;
    if body.len() as u64 == length { Ok(body) } else { Err(DecodeError::Compression) }
}

struct Decoder<'a> {
    source: Source<'a>,
    names: NameReader,
    /// The time read last.
    clock: i64,
    before: Identities,
}

#[derive(Clone, Copy, Default)]
struct Identities {
    distinct: Option<Pseudonym>,
    device: Option<Pseudonym>,
    user: Option<Pseudonym>,
}

impl<'a> Decoder<'a> {
    fn new(body: &'a [u8]) -> Self {
        Self {
            source: Source::new(body),
            names: NameReader::default(),
            clock: 0,
            before: Identities::default(),
        }
    }

    fn batch(mut self) -> Result<Batch, DecodeError> {
        let project = u32::try_from(self.source.varint()?).map_err(|_| DecodeError::Number)?;
        let received = self.time()?;
        let batch = Batch {
            project: ProjectId(project),
            received,
            sealed: self.list(|this| Ok(SealedRecord(this.source.bytes()?.to_vec())))?,
            links: self.list(Self::link)?,
            profiles: self.list(Self::update)?,
            events: self.list(Self::event)?,
        };
        if self.source.rest().is_empty() { Ok(batch) } else { Err(DecodeError::Trailing) }
    }

    fn list<T>(
        &mut self,
        mut element: impl FnMut(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<Vec<T>, DecodeError> {
        let count = self.source.varint()?;
        // Every element takes a byte at least.
        if count > self.source.rest().len() as u64 {
            return Err(DecodeError::Truncated);
        }
        let mut list = Vec::with_capacity((count as usize).min(TRUSTED_COUNT));
        for _ in 0..count {
            list.push(element(self)?);
        }
        Ok(list)
    }

    fn time(&mut self) -> Result<Timestamp, DecodeError> {
        self.clock = self.clock.wrapping_add(self.source.signed()?);
        Ok(Timestamp::from_millis(self.clock))
    }

    fn link(&mut self) -> Result<IdentityLink, DecodeError> {
        Ok(IdentityLink {
            time: self.time()?,
            kind: match self.source.byte()? {
                0 => LinkKind::Identify,
                1 => LinkKind::Alias,
                2 => LinkKind::Merge,
                _ => return Err(DecodeError::Tag),
            },
            left: self.source.id()?,
            right: self.source.id()?,
        })
    }

    fn update(&mut self) -> Result<ProfileUpdate, DecodeError> {
        let flags = self.source.byte()?;
        if flags > 3 {
            return Err(DecodeError::Tag);
        }
        let subject = if flags & 1 == 0 {
            ProfileSubject::Person(self.source.id()?)
        } else {
            ProfileSubject::Group { key: self.source.text()?.into(), id: self.source.text()?.into() }
        };
        Ok(ProfileUpdate {
            subject,
            time: self.time()?,
            operators: self.list(Self::operator)?,
            ignore_time: flags & 2 != 0,
        })
    }

    fn operator(&mut self) -> Result<ProfileOperator, DecodeError> {
        Ok(match self.source.byte()? {
            0 => ProfileOperator::Set(self.properties(0)?),
            1 => ProfileOperator::SetOnce(self.properties(0)?),
            2 => ProfileOperator::Add(self.properties(0)?),
            3 => ProfileOperator::Append(self.properties(0)?),
            4 => ProfileOperator::Union(self.properties(0)?),
            5 => ProfileOperator::Remove(self.properties(0)?),
            6 => ProfileOperator::Unset(self.list(Self::property_name)?),
            7 => ProfileOperator::Delete,
            _ => return Err(DecodeError::Tag),
        })
    }

    fn event(&mut self) -> Result<Event, DecodeError> {
        let name = EventName::from(self.names.take(&mut self.source)?);
        let time = self.time()?;
        let how = self.source.byte()?;
        let before = self.before;
        let distinct = self.identity(how & 3, before.distinct, None)?;
        let device = self.identity(how >> 2 & 3, before.device, distinct)?;
        let user = self.identity(how >> 4 & 3, before.user, distinct)?;
        if how >> 6 != 0 {
            return Err(DecodeError::Tag);
        }
        self.before = Identities { distinct, device, user };
        let insert_id = insert_id::take(&mut self.source)?;
        let properties = self.properties(0)?;
        Ok(Event { name, time, distinct, device, user, insert_id, properties })
    }

    fn identity(
        &mut self,
        how: u8,
        before: Option<Pseudonym>,
        distinct: Option<Pseudonym>,
    ) -> Result<Option<Pseudonym>, DecodeError> {
        match how {
            0 => Ok(None),
            1 => self.source.id().map(Some),
            2 => before.ok_or(DecodeError::Id).map(Some),
            _ => distinct.ok_or(DecodeError::Id).map(Some),
        }
    }

    fn property_name(&mut self) -> Result<PropertyName, DecodeError> {
        self.names.take(&mut self.source).map(PropertyName::from)
    }

    fn properties(&mut self, depth: usize) -> Result<Properties, DecodeError> {
        self.list(|this| Ok((this.property_name()?, this.value(depth)?)))
    }

    fn value(&mut self, depth: usize) -> Result<PropertyValue, DecodeError> {
        if depth > MAX_DEPTH {
            return Err(DecodeError::TooDeep);
        }
        Ok(match self.source.byte()? {
            0 => PropertyValue::Null,
            1 => PropertyValue::Bool(false),
            2 => PropertyValue::Bool(true),
            3 => PropertyValue::Int(self.source.signed()?),
            4 => PropertyValue::Float(f64::from_bits(u64::from_le_bytes(self.source.array()?))),
            5 => PropertyValue::String(self.source.text()?.into()),
            6 => PropertyValue::List(self.list(|this| this.value(depth + 1))?),
            7 => PropertyValue::Object(self.properties(depth + 1)?),
            _ => return Err(DecodeError::Tag),
        })
    }
}
