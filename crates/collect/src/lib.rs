//! From the bytes of a client to pseudonymous events.
//!
//! The pipeline, lookup tables and identity step are here but joined in only once the classifier
//! and the enrichment are.
#![allow(
    dead_code,
    unused_imports,
    reason = "the pipeline that reads these fields is joined in with the classifier"
)]

mod admit;
pub mod classify;
pub mod enrich;
pub mod outcome;
pub mod side;
pub mod wire;
