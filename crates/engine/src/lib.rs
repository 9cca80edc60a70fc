//! See ARCHITECTURE.md.

pub mod disk;
pub mod log;
pub mod report;
pub mod store;
