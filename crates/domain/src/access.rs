//! Who reads what, and why. Anything that can be traced to a person is read through an
//! [`AccessGrant`], which the reading function takes as an argument: no grant, no compile.
//! Getting one writes the leaf first.

use crate::{ProjectId, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;

/// One who acts, as the ledger names them.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Actor {
    ServiceAccount {
        username: String,
    },
    /// The project's own secret, used as a user name by older clients.
    ProjectSecret,
    Operator {
        id: u32,
    },
    /// A command typed on the host.
    CommandLine,
    /// Bulkhead itself, such as a scheduled delivery.
    System {
        job: String,
    },
}

/// Why data was read.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Purpose(pub String);

/// What kind of read it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    Export,
    Engage,
    ActivityStream,
    Live,
    PropertyValues,
    Report,
    Reveal,
}

/// Whether identifiers are given back in clear.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadScope {
    #[default]
    Pseudonymous,
    Identified,
}

/// Which people a read touched: the hash of a roaring bitmap of `PersonId`s that the ledger keeps
/// beside its tiles, and how many are in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeopleSet {
    pub sha256: String,
    pub count: u64,
}

/// The content of a leaf for a read. It holds no personal data: what was asked is recorded with
/// every literal that could name somebody already pseudonymised or replaced.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AccessRecord {
    pub time: Timestamp,
    pub actor: Actor,
    pub purpose: Purpose,
    pub project: ProjectId,
    pub action: Action,
    pub scope: ReadScope,
    /// The question in words that can be run again: path and parameters.
    pub query: String,
    /// Names of the fields given out, sorted; `*` where all of them were.
    pub fields: Vec<String>,
    /// `None`: an aggregate that singles out nobody.
    pub people: Option<PeopleSet>,
    pub rows: Option<u64>,
}

/// Where leaves go. `append` returns once the leaf is durable.
pub trait LeafSink {
    type Error;

    fn append(&self, record: &AccessRecord) -> Result<LeafIndex, Self::Error>;
}

/// Place of a leaf in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LeafIndex(pub u64);

impl fmt::Display for LeafIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The right to one read, which is already in the ledger. There is no other way to make one.
#[derive(Debug)]
pub struct AccessGrant {
    record: AccessRecord,
    leaf: LeafIndex,
}

impl AccessGrant {
    /// Writes the leaf; the grant exists only once that is durable.
    pub fn issue<S: LeafSink>(record: AccessRecord, ledger: &S) -> Result<Self, S::Error> {
        let leaf = ledger.append(&record)?;
        Ok(Self { record, leaf })
    }

    pub fn record(&self) -> &AccessRecord {
        &self.record
    }

    pub fn leaf(&self) -> LeafIndex {
        self.leaf
    }

    pub fn project(&self) -> ProjectId {
        self.record.project
    }
}
