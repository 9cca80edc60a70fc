//! Control data: projects, credentials, operators, sessions, group keys, lookup tables.
//!
//! SQLite through runtime queries whose text PostgreSQL takes as well. Secrets are stored as
//! SHA-256: they are random and at least 128 bits long, so a slow hash would add nothing.

mod database;
mod group_key;
mod lookup_table;
mod operator;
mod project;
mod secret;
mod service_account;

pub use database::{Control, ControlError};
pub use operator::{Operator, SESSION_IDLE_LIMIT_MS};
pub use project::{NewProject, Project};
pub use secret::{hash_secret, new_secret};
pub use service_account::NewServiceAccount;
