//! A batch as bytes: the payload of a frame.
//!
//! ```text
//! offset  bytes
//!      0      1  version, 1
//!      1      1  flags; bit 0: the body is compressed with zstd. Other bits are zero
//!      2         not compressed: the body
//!                compressed: varint, the body's length; the zstd frame
//! ```
//!
//! Parts of the body:
//!
//! ```text
//! varint   unsigned LEB128, at most 10 bytes
//! signed   varint of a number in zigzag form
//! bytes    varint, that many bytes
//! text     bytes, in UTF-8
//! name     varint: 0 and a text that takes the next number, or a number; numbers begin at 1 and are
//!          shared by the names of events and properties of the batch
//! time     signed: milliseconds since the time written before it (wrapping)
//! id       16 bytes of a pseudonym
//! list X   varint, that many X
//! value    1 byte and what belongs to it: 0 null, 1 false, 2 true, 3 signed integer,
//!          4 IEEE 754 binary64 (8 bytes, little-endian), 5 text, 6 list of value, 7 properties
//! properties   list of (name, value)
//!
//! body     varint project; signed received, since 1970;
//!          list of sealed; list of link; list of update; list of event; nothing more
//! sealed   bytes
//! link     time; 1 byte kind (0 identify, 1 alias, 2 merge); id left; id right
//! update   1 byte: bit 0 subject is a group, bit 1 ignore time; subject; time; list of operator
//! subject  id of a person, or text key and text id of a group
//! operator 1 byte and what belongs to it: 0 set, 1 set once, 2 add, 3 append, 4 union, 5 remove: properties;
//!          6 unset: list of name; 7 delete
//! event    name; time; ids; insert id; properties
//! ids      1 byte: bits 0–1 distinct, 2–3 device, 4–5 user; for each in this order
//!          0 none, 1 an id follows, 2 as in the event before, 3 as this event's distinct
//! insert   1 byte form and what belongs to it: 0 text; 16 bytes written as 1 lower-case hex, 2 upper-case hex,
//!          3 lower-case UUID, 4 upper-case UUID
//! ```
//!
//! Times go through the whole body in order; the first is relative to *received*. Decoding trusts
//! nothing: it ends in an error for any bytes that `encode` did not write, allocates no more than a
//! small multiple of what it has read, and does not recurse past [`MAX_DEPTH`].

mod bytes;
mod decode;
mod encode;
mod insert_id;
mod names;

pub use decode::{DecodeError, decode};
pub use encode::{EncodeError, Encoded, encode};

const VERSION: u8 = 1;
const FLAG_COMPRESSED: u8 = 1;

/// Bodies shorter than this stay as they are: a single event gains little, and its latency counts.
const COMPRESS_FROM: usize = 4 << 10;

/// The level that costs least; the log is short-lived.
const COMPRESSION_LEVEL: i32 = 1;

/// Lists and objects may lie this deep in each other. The wire allows 3; JSON parsers stop at 128.
pub const MAX_DEPTH: usize = 128;

#[cfg(test)]
pub(super) mod tests;
