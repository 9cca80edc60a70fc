//! Which ids are one person (mixpanel-wire.md §2.2).
//!
//! What comes out is a function of the *set* of facts: the order in which they arrive, and how
//! often, does not matter. Rows keep the id they came with; `canonical[id]` is applied when they
//! are read, so that a merge is retroactive and rewrites nothing.

mod original;
mod simplified;

use crate::store::registry::Registry;
use domain::identity::{IdentityMode, LinkKind};
use original::Clusters;
use simplified::Devices;
use std::sync::Arc;

/// A fact about two ids of a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Fact {
    pub(crate) time: i64,
    pub(crate) kind: FactKind,
    pub(crate) left: u32,
    pub(crate) right: u32,
}

/// The numbers are those of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub(crate) enum FactKind {
    /// An event carried device `left` and user `right`.
    DeviceOfUser = 0,
    Identify = 1,
    Alias = 2,
    Merge = 3,
}

impl FactKind {
    pub(crate) fn from_number(number: u8) -> Option<Self> {
        [Self::DeviceOfUser, Self::Identify, Self::Alias, Self::Merge]
            .into_iter()
            .find(|k| *k as u8 == number)
    }
}

impl From<LinkKind> for FactKind {
    fn from(kind: LinkKind) -> Self {
        match kind {
            LinkKind::Identify => Self::Identify,
            LinkKind::Alias => Self::Alias,
            LinkKind::Merge => Self::Merge,
        }
    }
}

/// The ids of one project.
#[derive(Debug)]
pub(crate) struct Identity {
    rules: Rules,
    canonical: Canonical,
    /// Facts that are in no file yet, in the order of arrival.
    unflushed: Vec<Fact>,
}

#[derive(Debug)]
enum Rules {
    Simplified(Devices),
    Original(Clusters),
}

impl Identity {
    pub(crate) fn new(mode: IdentityMode) -> Self {
        let rules = match mode {
            IdentityMode::Simplified => Rules::Simplified(Devices::default()),
            IdentityMode::Original => Rules::Original(Clusters::default()),
        };
        Self { rules, canonical: Canonical::default(), unflushed: vec![] }
    }

    /// Takes note of a fact. One that the project's mode has no rule for has no effect.
    pub(crate) fn learn(&mut self, fact: Fact, registry: &Registry) {
        if self.apply(fact, registry) {
            self.unflushed.push(fact);
        }
    }

    /// As [`Self::learn`], for a fact that is in a file.
    pub(crate) fn recall(&mut self, fact: Fact, registry: &Registry) {
        self.apply(fact, registry);
    }

    fn apply(&mut self, fact: Fact, registry: &Registry) -> bool {
        if fact.left == fact.right {
            return false;
        }
        match (&mut self.rules, fact.kind) {
            (Rules::Simplified(devices), FactKind::DeviceOfUser) => {
                devices.learn(fact, registry, &mut self.canonical)
            }
            (Rules::Original(clusters), FactKind::Identify | FactKind::Alias | FactKind::Merge) => {
                clusters.learn(fact)
            }
            _ => false,
        }
    }

    /// Facts since the last call, for the file.
    pub(crate) fn take_unflushed(&mut self) -> Vec<Fact> {
        std::mem::take(&mut self.unflushed)
    }

    /// `canonical[id]`; an id beyond its end stands for itself.
    pub(crate) fn canonical(&mut self, registry: &Registry) -> Arc<Vec<u32>> {
        if let Rules::Original(clusters) = &mut self.rules {
            clusters.resolve(registry, &mut self.canonical);
        }
        self.canonical.0.clone()
    }
}

/// Whom each id stands for. Shared with snapshots: changed in place while nobody holds it.
#[derive(Debug, Default)]
struct Canonical(Arc<Vec<u32>>);

impl Canonical {
    fn set(&mut self, id: u32, person: u32) {
        let at = id as usize;
        if self.0.get(at).copied().unwrap_or(id) == person {
            return;
        }
        let ids = Arc::make_mut(&mut self.0);
        if ids.len() <= at {
            let known = ids.len() as u32;
            ids.extend(known..=id);
        }
        ids[at] = person;
    }
}

#[cfg(test)]
mod tests;
