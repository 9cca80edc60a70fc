//! Original ID merge: `$identify`, `$create_alias` and `$merge` link ids into clusters.
//!
//! Facts count in the order of (time of the event, kind, ids), not of arrival. `$identify` merges
//! only an anonymous id that is alone at that point; nothing grows beyond [`CLUSTER_LIMIT`] ids.
//! A cluster is known by its smallest pseudonym.
//!
//! A fact can change only what it is connected to, so only the parts that facts were added to are
//! worked out again, when somebody asks.

use super::{Canonical, Fact, FactKind};
use crate::store::registry::Registry;
use domain::id::PersonId;
use rustc_hash::{FxHashMap, FxHashSet};

/// Ids of a cluster at most, as documented for this mode.
pub(super) const CLUSTER_LIMIT: usize = 500;

#[derive(Debug, Default)]
pub(super) struct Clusters {
    known: FxHashSet<Fact>,
    /// Facts that name an id.
    facts_of: FxHashMap<u32, Vec<Fact>>,
    /// Ids with facts that are not worked in yet.
    dirty: Vec<u32>,
}

impl Clusters {
    /// Says whether the fact was news.
    pub(super) fn learn(&mut self, fact: Fact) -> bool {
        if !self.known.insert(fact) {
            return false;
        }
        self.facts_of.entry(fact.left).or_default().push(fact);
        self.facts_of.entry(fact.right).or_default().push(fact);
        self.dirty.push(fact.left);
        true
    }

    pub(super) fn resolve(&mut self, registry: &Registry, canonical: &mut Canonical) {
        let mut seen = FxHashSet::default();
        for start in std::mem::take(&mut self.dirty) {
            if seen.insert(start) {
                self.resolve_part(start, &mut seen, registry, canonical);
            }
        }
    }

    fn resolve_part(
        &self,
        start: u32,
        seen: &mut FxHashSet<u32>,
        registry: &Registry,
        canonical: &mut Canonical,
    ) {
        let mut ids = vec![start];
        let mut facts: Vec<Fact> = vec![];
        let mut at = 0;
        while let Some(&id) = ids.get(at) {
            at += 1;
            for fact in self.facts_of.get(&id).into_iter().flatten() {
                // Each fact is met from both sides: keep it from one.
                if fact.left == id {
                    facts.push(*fact);
                }
                for other in [fact.left, fact.right] {
                    if seen.insert(other) {
                        ids.push(other);
                    }
                }
            }
        }
        let pseudonym = |id: u32| registry.pseudonym(PersonId(id));
        facts.sort_by_cached_key(|fact| (fact.time, fact.kind, pseudonym(fact.left), pseudonym(fact.right)));

        let mut members: Vec<Vec<u32>> = ids.iter().map(|&id| vec![id]).collect();
        let mut cluster: FxHashMap<u32, usize> = ids.iter().copied().zip(0..).collect();
        for fact in facts {
            let (left, right) = (cluster[&fact.left], cluster[&fact.right]);
            let fits = members[left].len() + members[right].len() <= CLUSTER_LIMIT;
            let allowed = fact.kind != FactKind::Identify || members[left].len() == 1;
            if left == right || !fits || !allowed {
                continue;
            }
            let (large, small) =
                if members[left].len() >= members[right].len() { (left, right) } else { (right, left) };
            let moved = std::mem::take(&mut members[small]);
            for &id in &moved {
                cluster.insert(id, large);
            }
            members[large].extend(moved);
        }
        for member in members {
            if let Some(&person) = member.iter().min_by_key(|&&id| pseudonym(id)) {
                for id in member {
                    canonical.set(id, person);
                }
            }
        }
    }
}
