//! The vault from the outside: what the collector seals, through the database, to a granted read.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod at_rest;
mod erasure;
mod exactly_once;
mod matching;
mod model;
mod reveal;
mod support;
