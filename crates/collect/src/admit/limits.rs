//! The numbers of mixpanel-wire.md §1.6.

/// What a record may hold.
#[derive(Debug)]
pub(crate) struct Shape {
    /// Bytes of the record as compact JSON.
    pub(crate) record_bytes: usize,
    pub(crate) properties: usize,
    /// Of a nested object.
    pub(crate) keys: usize,
    /// Of a list.
    pub(crate) items: usize,
    /// Bytes of a list or an object as compact JSON.
    pub(crate) composite_bytes: usize,
    /// Objects in one another.
    pub(crate) objects: usize,
    /// Lists and objects in one another. Lists have no documented limit of depth; this one keeps
    /// the parser's stack small and is twice what any client sends.
    pub(crate) containers: usize,
}

pub(crate) const EVENT_SHAPE: Shape = Shape {
    record_bytes: 1024 * 1024,
    properties: 254,
    keys: 254,
    items: 254,
    composite_bytes: 8 * 1024,
    objects: 3,
    containers: 8,
};

pub(crate) const PROFILE_SHAPE: Shape = Shape {
    record_bytes: 1024 * 1024,
    properties: 2000,
    keys: 2000,
    items: usize::MAX,
    composite_bytes: 256 * 1024,
    objects: 3,
    containers: 8,
};

/// Strings, names and ids, in units of UTF-16: the browser library counts so, and the vendor says
/// bytes in one place and characters in another.
pub(crate) const TEXT_UNITS: usize = 255;

/// How long an event may take to `/track`. Older ones belong to `/import`.
pub(crate) const TRACK_AGE_MS: i64 = 5 * 24 * 60 * 60 * 1000;

/// A client's clock may be ahead by less than this; its events then get the time of arrival.
pub(crate) const FUTURE_MS: i64 = 60 * 60 * 1000;

/// 1971-01-01T00:00:00Z, the oldest time that `/import` takes.
pub(crate) const EARLIEST_MS: i64 = 365 * 24 * 60 * 60 * 1000;

/// From this size on a time is in milliseconds: as seconds it would be the year 5138.
pub(crate) const FIRST_MILLISECONDS: f64 = 1e11;

pub(crate) const INSERT_ID_BYTES: usize = 36;

/// Values that a client's mistake produces, as distinct id or `$insert_id`.
pub(crate) const BANNED_IDS: [&str; 17] = [
    "00000000-0000-0000-0000-000000000000",
    "anon",
    "anonymous",
    "nil",
    "none",
    "null",
    "n/a",
    "na",
    "undefined",
    "unknown",
    "<nil>",
    "0",
    "-1",
    "true",
    "false",
    "[]",
    "{}",
];
