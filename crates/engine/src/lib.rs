//! Durable event log, columnar store, reports. See ARCHITECTURE.md.
//!
//! * [`Engine`]: the whole of it, as the server holds it.
//! * [`log`]: what was answered is on disk. [`store`]: what it amounts to, in columns.
//! * [`report`]: questions and their answers.
//! * [`disk`]: all that is asked of a disk. [`fsck`]: what is wrong with one.

pub mod disk;
mod engine;
pub mod fsck;
pub mod log;
pub mod report;
pub mod store;

pub use engine::{
    AppendError, DefineError, Engine, EngineComponents, EngineSettings, Health, Maintenance, OpenError,
    ProjectDefinition, ShutdownError,
};
pub use store::Snapshot;
